import { readdirSync } from 'node:fs';
import { FlatMatrix, type Operand, square, sum, type Value } from '@steepest/autodiff';
import { type Ast, evaluate } from './ast.ts';
import { readCase } from './reference.ts';

export interface MghCase {
  readonly id: string;
  readonly residual_ast: Ast;
  readonly data: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly data: readonly number[] }>
  >;
  readonly x0: readonly number[];
  readonly minima: readonly { readonly f: number; readonly type: string }[];
  readonly scipy_bfgs: { readonly evaluations: number };
  readonly check: {
    readonly f_at_x0: number;
    readonly grad_at_x0: readonly number[];
    readonly x_check: readonly number[];
    readonly f_at_x_check: number;
    readonly grad_at_x_check: readonly number[];
  };
}

export const mghCases: readonly MghCase[] = readdirSync(
  new URL('../cases/data/mgh', import.meta.url),
)
  .sort()
  .map((file) => readCase<MghCase>(`mgh/${file}`));

/** Σr², the residuals being the case's expression. */
export function objectiveOf(problem: MghCase): (x: Value) => Operand {
  const residuals = residualsOf(problem);
  return (x) => sum(square(residuals(x)));
}

export function residualsOf({ residual_ast, data }: MghCase): (x: Value) => Operand {
  const constants: Record<string, FlatMatrix> = {};
  for (const [name, { shape, data: entries }] of Object.entries(data)) {
    constants[name] = new FlatMatrix(shape[0], shape[1] ?? 1, entries);
  }
  return (x) => evaluate(residual_ast, { ...constants, x });
}

/** The grade of the cases' solved_rule, and which minimum it is about. */
export function gradeOf({ minima }: MghCase, value: number): string {
  for (const [rule, floor] of [
    ['tight', 1e-6],
    ['loose', 1e-3],
  ] as const) {
    for (const { f, type } of minima) {
      if (Math.abs(value - f) <= 1e-6 * Math.max(floor, Math.abs(f))) return `${rule} (${type})`;
    }
  }
  return 'not solved';
}
