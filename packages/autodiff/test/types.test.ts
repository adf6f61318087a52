import type { Matrix } from 'ml-matrix';
import { describe, expectTypeOf, it } from 'vitest';
import {
  type Argument,
  add,
  derivative,
  exp,
  type FlatMatrix,
  type GradientOf,
  grad,
  type HessianOf,
  hessian,
  hvp,
  type JacobianOf,
  jacobian,
  jvp,
  matmul,
  mul,
  numericGrad,
  type Operand,
  square,
  sum,
  type Value,
  valueAndGrad,
  vjp,
} from '../src/index.ts';

// Only the types are looked at; nothing here is called.
const quoted = (_: () => unknown): void => {};

declare const m: Matrix;
declare const v: Value;

interface Layer {
  w: Value;
  b: number;
}

describe('the type of a gradient', () => {
  it('is FlatMatrix for any matrix, and number for a number', () => {
    quoted(() => {
      const g = grad((x: Value) => sum(square(x)));
      expectTypeOf(g(m)).toEqualTypeOf<FlatMatrix>();
      expectTypeOf(g(2)).toEqualTypeOf<number>();
      expectTypeOf(g(v)).toEqualTypeOf<Value>();
    });
  });

  it('is inferred for a function without annotations', () => {
    quoted(() => {
      expectTypeOf(grad((x) => sum(square(x)))(m)).toEqualTypeOf<FlatMatrix>();
      grad((x) => {
        expectTypeOf(x).toEqualTypeOf<Value>();
        return sum(x);
      });
      numericGrad((x) => sum(x))(m);
      derivative((x) => {
        expectTypeOf(x).toEqualTypeOf<Value>();
        return x;
      });
    });
  });

  it('has the structure of the argument: objects, interfaces, tuples, arrays, readonly', () => {
    quoted(() => {
      const g = grad((p: { w: Value; b: number }) => sum(mul(p.w, p.b)));
      expectTypeOf(g({ w: m, b: 2 })).toEqualTypeOf<{ w: FlatMatrix; b: number }>();
      const layer = grad((p: Layer) => sum(mul(p.w, p.b)));
      expectTypeOf(layer({ w: m, b: 2 })).toEqualTypeOf<{ w: FlatMatrix; b: number }>();
      const layers = grad((p: readonly Layer[]) => sum(p[0].w));
      expectTypeOf(layers([{ w: m, b: 2 }])).toEqualTypeOf<{ w: FlatMatrix; b: number }[]>();
      const pair = grad(([a, b]: readonly [Value, Value]) => sum(add(a, b)));
      expectTypeOf(pair([m, 2])).toEqualTypeOf<[FlatMatrix, number]>();
      const deep = grad((p: { readonly layers: { readonly w: Value }[]; name: string }) =>
        sum(p.layers[0].w),
      );
      expectTypeOf(deep({ layers: [{ w: m }], name: 'net' })).toEqualTypeOf<{
        layers: { w: FlatMatrix }[];
        name: string;
      }>();
    });
  });

  it('refuses arguments that do not fit the function', () => {
    quoted(() => {
      const g = grad((p: Layer, _t: Value, _rate: number) => sum(p.w));
      g({ w: m, b: 1 }, m, 0.1);
      // @ts-expect-error b is missing
      g({ w: m }, m, 0.1);
      // @ts-expect-error w is no matrix
      g({ w: 'w', b: 1 }, m, 0.1);
      // @ts-expect-error the rest is missing
      g({ w: m, b: 1 });
      // @ts-expect-error a rate is a number
      g({ w: m, b: 1 }, m, 'fast');
      // @ts-expect-error a function that returns a string has no gradient
      grad((_x: Value) => 'text');
    });
  });
});

describe('the type of', () => {
  it('valueAndGrad is a number beside a gradient', () => {
    quoted(() => {
      const found = valueAndGrad((p: Layer) => sum(p.w))({ w: m, b: 1 });
      expectTypeOf(found).toEqualTypeOf<{
        value: number;
        gradient: { w: FlatMatrix; b: number };
      }>();
    });
  });

  it('operations is FlatMatrix for numbers, Value for tracers', () => {
    quoted(() => {
      expectTypeOf(exp(m)).toEqualTypeOf<FlatMatrix>();
      expectTypeOf(exp(v)).toEqualTypeOf<Value>();
      expectTypeOf(add(m, 1)).toEqualTypeOf<FlatMatrix>();
      expectTypeOf(add(m, v)).toEqualTypeOf<Value>();
    });
  });

  it('jvp and vjp have the structure of the result', () => {
    quoted(() => {
      const f = (x: Value) => ({ double: mul(2, x), all: [sum(x)] });
      const { value, tangent } = jvp(f)(m, m);
      expectTypeOf(tangent).toEqualTypeOf<{ double: FlatMatrix; all: FlatMatrix[] }>();
      expectTypeOf(value).toEqualTypeOf<{ double: FlatMatrix; all: FlatMatrix[] }>();
      const traced = jvp(f)(m, v);
      expectTypeOf(traced.value.double).toEqualTypeOf<FlatMatrix>();
      expectTypeOf(traced.tangent).toEqualTypeOf<{ double: Value; all: Value[] }>();
      const g = (p: { layers: readonly Layer[]; name: string }) => mul(2, p.layers[0].w);
      const layers = { layers: [{ w: m, b: 1 }], name: 'net' };
      expectTypeOf(jvp(g)(layers, layers).tangent).toEqualTypeOf<FlatMatrix>();
      expectTypeOf(vjp(g)(layers).value).toEqualTypeOf<FlatMatrix>();
      expectTypeOf(vjp(g)({ layers: [{ w: v, b: 1 }], name: '' }).value).toEqualTypeOf<Value>();
      expectTypeOf(vjp((x: Value) => square(x))(2).value).toEqualTypeOf<FlatMatrix>();
      expectTypeOf(vjp((x: Value) => square(x))(v).value).toEqualTypeOf<Value>();
      const { pullback } = vjp(f)(m);
      expectTypeOf(pullback).parameter(0).toEqualTypeOf<{ double: Operand; all: Operand[] }>();
      expectTypeOf(pullback({ double: m, all: [1] })).toEqualTypeOf<FlatMatrix>();
    });
  });

  it('Jacobians and Hessians are matrices in the structure of x', () => {
    quoted(() => {
      expectTypeOf(jacobian((x: Value) => square(x))(m)).toEqualTypeOf<FlatMatrix>();
      expectTypeOf(jacobian((x: Value) => square(x))(2)).toEqualTypeOf<FlatMatrix>();
      expectTypeOf(jacobian((p: Layer) => p.w)({ w: m, b: 1 })).toEqualTypeOf<{
        w: FlatMatrix;
        b: FlatMatrix;
      }>();
      expectTypeOf(jacobian((p: Layer) => [p.w] as const)({ w: m, b: 1 })).toEqualTypeOf<
        [{ w: FlatMatrix; b: FlatMatrix }]
      >();
      expectTypeOf(hessian((x: Value) => sum(x))(m)).toEqualTypeOf<FlatMatrix>();
      expectTypeOf(hessian((x: Value) => sum(x))(2)).toEqualTypeOf<number>();
      expectTypeOf(hessian((p: Layer) => sum(p.w))({ w: m, b: 1 })).toEqualTypeOf<FlatMatrix>();
      expectTypeOf(hvp((p: Layer) => sum(p.w))({ w: m, b: 1 }, { w: m, b: 1 })).toEqualTypeOf<{
        w: FlatMatrix;
        b: number;
      }>();
    });
  });

  it('the helpers can be named in signatures', () => {
    expectTypeOf<Argument<Layer>>().toEqualTypeOf<{ w: Operand; b: Operand }>();
    expectTypeOf<GradientOf<{ w: Matrix; b: number }>>().toEqualTypeOf<{
      w: FlatMatrix;
      b: number;
    }>();
    expectTypeOf<HessianOf<number>>().toEqualTypeOf<number>();
    expectTypeOf<JacobianOf<Value, number>>().toEqualTypeOf<FlatMatrix>();
    quoted(() => matmul(m, v));
  });
});
