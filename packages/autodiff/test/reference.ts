import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FlatMatrix, grad, hessian, hvp, jacobian, jvp, type Value, vjp } from '../src/index.ts';
import { type Ast, evaluate, type Scope } from './ast.ts';
import { asMatrix, NotOffered, type Ranked, shaped } from './ranked.ts';
import { judge, type Tensor } from './tensors.ts';

export interface Case {
  readonly id: string;
  readonly title: string;
  readonly ast: Ast;
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly wrt: readonly string[];
  readonly value?: Tensor;
  readonly gradient?: Readonly<Record<string, Tensor>> | null;
  readonly jacobian?: Readonly<Record<string, Tensor>>;
  readonly hessian?: Readonly<Record<string, Tensor>>;
  readonly hvp?: { readonly wrt: string; readonly v: Tensor; readonly result: Tensor };
  readonly jvp?: { readonly tangents: Readonly<Record<string, Tensor>>; readonly result: Tensor };
  readonly vjp?: { readonly cotangent: Tensor; readonly result: Readonly<Record<string, Tensor>> };
  readonly subgradient?: Readonly<
    Record<string, { accept_lo: Tensor; accept_hi: Tensor; sum?: number }>
  >;
  readonly accept_nan?: Readonly<Record<string, readonly number[]>>;
  readonly accept_ball?: Readonly<Record<string, number>>;
  readonly expect_error?: string;
  readonly optional?: boolean;
  readonly tolerance?: { readonly rtol: number; readonly atol: number };
}

type Parameters = Record<string, Value>;

/** The cases of a file in `cases/`. */
export function casesIn(file: string): Case[] {
  const text = readFileSync(new URL(`./cases/${file}`, import.meta.url), 'utf8');
  return JSON.parse(text) as Case[];
}

function matrixOf({ shape, data }: Tensor): FlatMatrix {
  return new FlatMatrix(...asMatrix(shape), data.map(Number));
}

/** The case as a function of the inputs that it is differentiated in. */
function functionOf({ ast, inputs }: Case): (moved: Parameters) => Ranked {
  const fixed: Record<string, Ranked> = {};
  for (const [name, input] of Object.entries(inputs)) {
    fixed[name] = shaped(matrixOf(input), input.shape);
  }
  return (moved) => {
    const scope: Record<string, Ranked> = { ...fixed };
    for (const [name, value] of Object.entries(moved)) {
      scope[name] = shaped(value, inputs[name].shape);
    }
    return evaluate(ast, scope as Scope);
  };
}

/** Makes a test of every case; returns those that could not be run, filled as the tests run. */
export function testCases(cases: readonly Case[]): ReadonlySet<string> {
  const notOffered = new Set<string>();
  for (const one of cases) {
    it(`${one.id}: ${one.title}`, () => {
      try {
        check(one);
      } catch (error) {
        if (!(error instanceof NotOffered)) throw error;
        expect(one.optional, `${one.id} needs ${error.message}`).toBe(true);
        notOffered.add(one.id);
      }
    }, 60_000); // one case takes 100 000 steps
  }
  return notOffered;
}

function check(one: Case): void {
  const { inputs, wrt, tolerance = { rtol: 1e-10, atol: 1e-12 } } = one;
  const f = functionOf(one);
  if (one.expect_error !== undefined) {
    expect(() => {
      const result = f({}).value as FlatMatrix;
      if (result.data.some(Number.isFinite)) return;
      throw new Error('not finite');
    }).toThrow();
    return;
  }
  const at: Parameters = Object.fromEntries(wrt.map((name) => [name, matrixOf(inputs[name])]));
  const only = (name: string) => (x: Value) => f({ ...at, [name]: x }).value;
  if (one.value !== undefined) judge('value', f({}).value, one.value, tolerance);
  for (const [name, expected] of Object.entries(one.gradient ?? {})) {
    const exceptions = {
      subgradient: one.subgradient?.[name],
      acceptNaN: one.accept_nan?.[name],
      ball: one.accept_ball?.[name],
    };
    const reverse = grad((x: Parameters) => f(x).value)(at)[name];
    judge(`gradient of ${name}`, reverse, expected, tolerance, exceptions);
    const forward = jacobian(only(name))(at[name]);
    judge(`Jacobian of ${name}`, forward, expected, tolerance, exceptions);
    judge(`forward ${name}`, pushed(only(name), at[name]), expected, tolerance, exceptions);
  }
  for (const [name, expected] of Object.entries(one.jacobian ?? {})) {
    judge(`Jacobian of ${name}`, jacobian(only(name))(at[name]), expected, tolerance);
  }
  for (const [name, expected] of Object.entries(one.hessian ?? {})) {
    judge(`Hessian of ${name}`, hessian(only(name))(at[name]), expected, tolerance);
  }
  if (one.hvp !== undefined) {
    const { wrt: name, v, result } = one.hvp;
    judge('hvp', hvp(only(name))(at[name], matrixOf(v)), result, tolerance);
  }
  if (one.jvp !== undefined) {
    const tangents = Object.fromEntries(
      wrt.map((name) => [name, matrixOf(one.jvp!.tangents[name])]),
    );
    const { tangent } = jvp((x: Parameters) => f(x).value)(at, tangents);
    judge('jvp', tangent, one.jvp.result, tolerance);
  }
  if (one.vjp !== undefined) {
    const { pullback } = vjp((x: Parameters) => f(x).value)(at);
    const pulled = pullback(matrixOf(one.vjp.cotangent));
    for (const [name, expected] of Object.entries(one.vjp.result)) {
      judge(`vjp of ${name}`, pulled[name], expected, tolerance);
    }
  }
}

/** The gradient by forward mode, one pass per entry. */
function pushed(f: (x: Value) => Value, x: Value): FlatMatrix {
  const result = new FlatMatrix(x.rows, x.columns);
  for (let k = 0; k < result.data.length; k++) {
    const unit = new FlatMatrix(x.rows, x.columns);
    unit.data[k] = 1;
    result.data[k] = (jvp(f)(x, unit).tangent as FlatMatrix).data[0];
  }
  return result;
}
