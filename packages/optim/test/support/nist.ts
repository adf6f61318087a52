import { readdirSync, readFileSync } from 'node:fs';
import { FlatMatrix, type Operand, slice, square, sub, sum, type Value } from '@steepest/autodiff';
import { type Ast, evaluate } from './ast.ts';
import { readCase } from './reference.ts';

export interface NistCase {
  readonly name: string;
  readonly csv: string;
  readonly lhs_ast: Ast;
  readonly rhs_ast: Ast;
  readonly parameters: readonly string[];
  readonly start1: readonly number[];
  readonly start2: readonly number[];
  readonly certified: {
    readonly parameters: readonly number[];
    readonly std_devs: readonly number[];
    readonly rss: number;
  };
  readonly check: {
    readonly rss_at_start1: number;
    readonly rss_at_start2: number;
    readonly grad_at_start2: readonly number[];
  };
}

const directory = new URL('../cases/data/nist-nonlinear/', import.meta.url);

export const nistCases: readonly NistCase[] = readdirSync(directory)
  .filter((file) => file.endsWith('.json'))
  .sort()
  .map((file) => readCase<NistCase>(`nist-nonlinear/${file}`));

/** The sum of squared residuals, of the parameters as a column. */
export function objectiveOf(problem: NistCase): (b: Value) => Operand {
  const residuals = residualsOf(problem);
  return (b) => sum(square(residuals(b)));
}

/** Observed less predicted, of the parameters as a column. */
export function residualsOf({ csv, lhs_ast, rhs_ast, parameters }: NistCase): (b: Value) => Value {
  const data = columnsOf(readFileSync(new URL(csv, directory), 'utf8'));
  return (b) => {
    const names: Record<string, Operand> = { ...data };
    parameters.forEach((name, i) => {
      names[name] = slice(b, [i, i + 1]);
    });
    return sub(evaluate(lhs_ast, names), evaluate(rhs_ast, names));
  };
}

function columnsOf(csv: string): Record<string, FlatMatrix> {
  const [header, ...lines] = csv.trim().split(/\r?\n/);
  const rows = lines.map((line) => line.split(',').map(Number));
  return Object.fromEntries(
    header.split(',').map((name, j) => [
      name,
      new FlatMatrix(
        rows.length,
        1,
        rows.map((row) => row[j]),
      ),
    ]),
  );
}

/** The digits in which the worst parameter agrees with the certified ones, at most 11. */
export function digitsOf({ certified }: NistCase, found: ArrayLike<number>): number {
  const digits = certified.parameters.map(
    (b, i) => -Math.log10(Math.abs(found[i] - b) / Math.abs(b)),
  );
  return Math.min(11, ...digits.map((lre) => (Number.isNaN(lre) ? -Infinity : lre)));
}
