import { describe, expect, it } from 'vitest';
import {
  add,
  cos,
  derivative,
  exp,
  FlatMatrix,
  grad,
  hessian,
  hvp,
  item,
  jacobian,
  jvp,
  matmul,
  mul,
  pow,
  record,
  sin,
  square,
  stopGradient,
  sub,
  sum,
  tanh,
  type Value,
  valueAndGrad,
  vjp,
} from '../src/index.ts';
import { closeTo, column, entries, matrix } from './matrices.ts';

const A = matrix([
  [2, -1],
  [0.5, 3],
]);
const x = column(0.7, -1.2);

describe('a value that outlives its derivative', () => {
  const x = new FlatMatrix(2, 1, [3, 4]);
  const used = /^mul: a 2×1 value was kept after the derivative .* had ended; return it from/;

  it('is refused, whichever mode made it', () => {
    let kept: Value = x;
    const f = (t: Value) => {
      kept = square(t);
      return sum(kept);
    };
    for (const run of [
      () => grad(f)(x),
      () => vjp(f)(x),
      () => jacobian(f)(x),
      () => jvp(f)(x, x),
      () => hvp(f)(x, x),
      () => record(f)(x),
    ]) {
      run();
      expect(() => mul(2, kept)).toThrow(used);
    }
  });

  it('is refused after a function that threw, and inside another derivative', () => {
    let kept: Value = x;
    const failing = (t: Value): Value => {
      kept = t;
      throw new Error('stop');
    };
    expect(() => grad(failing)(x)).toThrow('stop');
    expect(() => mul(2, kept)).toThrow(used);
    expect(() => grad((t: Value) => sum(mul(kept, t)))(x)).toThrow(used);
  });

  it('still tells its number', () => {
    let kept: Value = x;
    grad((t: Value) => {
      kept = sum(square(t));
      return kept;
    })(x);
    expect(item(kept)).toBe(25);
  });

  it('may be used by a pullback that is called while the outer derivative runs', () => {
    const f = (t: Value) => sum(vjp((s: Value) => mul(s, t))(t).pullback(t));
    expect(grad(f)(x)).toEqual(new FlatMatrix(2, 1, [6, 8]));
  });
});

describe('nested derivatives', () => {
  it('do not confuse their perturbations', () => {
    // Siskind & Pearlmutter, Perturbation confusion, 2005: d/dx (x · d/dy (x + y)) = 1, not 2.
    const inner = (a: Value) => mul(a, derivative((y: Value) => add(a, y))(1));
    expect(derivative(inner)(1)).toBe(1);
    expect(grad((a: Value) => mul(a, grad((y: Value) => add(a, y))(a)))(1)).toBe(1);
    expect(derivative((a: Value) => mul(a, grad((y: Value) => mul(a, y))(a)))(3)).toBe(6);
    expect(grad((a: Value) => mul(a, derivative((y: Value) => mul(a, y))(a)))(3)).toBe(6);
  });

  const orders: readonly [string, (f: (x: Value) => Value) => (x: Value) => Value][] = [
    ['grad', (f) => (at) => grad(f)(at)],
    ['derivative', (f) => (at) => derivative(f)(at)],
    ['jvp', (f) => (at) => jvp(f)(at, 1).tangent],
    ['vjp', (f) => (at) => vjp(f)(at).pullback(1)],
    ['jacobian', (f) => (at) => jacobian(f)(at)],
    ['hvp of the integral', (f) => (at) => hvp((t: Value) => mul(f(t), 1))(at, 0.5)],
  ];
  for (const [first, d1] of orders.slice(0, 5)) {
    for (const [second, d2] of orders.slice(0, 5)) {
      it(`${first} of ${second} of ${first}: sin‴ = −cos`, () => {
        const third = d1(d2(d1((t) => sin(t))));
        expect(entries(third(column(0.7)))[0]).toBeCloseTo(-Math.cos(0.7), 14);
      });
    }
  }

  it('go as deep as one likes: the sixth derivative of exp(2x)', () => {
    let f = (t: Value): Value => exp(mul(2, t));
    for (let i = 0; i < 6; i++) {
      const below = f;
      f = (t) => grad(below)(t);
    }
    expect(entries(f(column(0.3)))[0]).toBeCloseTo(64 * Math.exp(0.6), 10);
  });

  it('give the gradient of a Hessian-vector product', () => {
    // f = Σ x⁴: hvp = 12 x² v, its sum differentiates to 24 x v.
    const f = (at: Value) => sum(pow(at, 4));
    const v = column(1, 2);
    closeTo(grad((at: Value) => sum(hvp(f)(at, v)))(x), column(24 * 0.7, 48 * -1.2), 1e-14);
    closeTo(grad((d: Value) => sum(hvp(f)(x, d)))(v), column(12 * 0.49, 12 * 1.44), 1e-14);
  });

  it('give the gradient of a Hessian and of a Jacobian', () => {
    closeTo(
      grad((at: Value) => sum(hessian((t: Value) => sum(pow(t, 4)))(at)))(x),
      column(24 * 0.7, 24 * -1.2),
      1e-14,
    );
    closeTo(
      grad((at: Value) => sum(jacobian((t: Value) => square(t))(at)))(x),
      column(2, 2),
      1e-14,
    );
    closeTo(
      jacobian((at: Value) => grad((t: Value) => sum(exp(t)))(at))(x),
      hessian((t: Value) => sum(exp(t)))(x),
      1e-15,
    );
  });

  it('reach captured variables', () => {
    const penalty = (w: Value) => sum(square(grad((z: Value) => sum(tanh(mul(z, w))))(x)));
    const step = 2 ** -17;
    const numeric = entries(x).map((_, k) => {
      const moved = (h: number) =>
        entries(penalty(column(...entries(x).map((t, i) => t + (i === k ? h : 0)))))[0];
      return (moved(step) - moved(-step)) / (2 * step);
    });
    closeTo(grad(penalty)(x), column(...numeric), 1e-8);
  });

  it('stop where stopGradient says', () => {
    expect(grad((t: Value) => grad((s: Value) => mul(stopGradient(square(t)), s))(t))(3)).toBe(0);
  });

  it('can be recorded, and the recording differentiated', () => {
    const graph = record((t: Value) => grad((s: Value) => sum(sin(s)))(t))(x);
    closeTo(
      jacobian((t: Value) => graph.evaluate(t))(x),
      column(-Math.sin(0.7), Math.sin(1.2))
        .mmul(matrix([[1, 0]]))
        .mul(0)
        .add(
          matrix([
            [-Math.sin(0.7), 0],
            [0, Math.sin(1.2)],
          ]),
        ),
      1e-15,
    );
    expect(entries(cos(x))[0]).toBeCloseTo(entries(graph.evaluate(x))[0], 15);
  });
});

describe('results', () => {
  it('of a pullback do not depend on how often it is called', () => {
    const { value, pullback } = vjp((at: Value) => matmul(A, square(at)))(x);
    const u = column(1, -2);
    const first = entries(pullback(u));
    expect(entries(pullback(column(5, 5)))).not.toEqual(first);
    expect(entries(pullback(u))).toEqual(first);
    closeTo(value, matmul(A, square(x)), 0);
  });

  it('are never the inputs, nor each other', () => {
    const a = column(1, 2);
    const { value, gradient } = valueAndGrad((p: { a: Value; b: Value }) => sum(add(p.a, p.b)))({
      a,
      b: a,
    });
    expect(value).toBe(6);
    gradient.a.set(0, 0, 99);
    expect(entries(gradient.b)).toEqual([1, 1]);
    const kept = vjp((at: Value) => at)(a);
    (kept.value as FlatMatrix).set(0, 0, 99);
    const pulled = kept.pullback(a);
    pulled.set(0, 0, 99);
    const pushed = jvp((at: Value) => [at, at] as const)(a, a);
    (pushed.tangent[0] as FlatMatrix).set(0, 0, 99);
    expect(entries(pushed.tangent[1])).toEqual([1, 2]);
    const constant = grad((at: Value) => sum(mul(0, at)))(a);
    constant.set(0, 0, 99);
    const blocks = jacobian((p: { a: Value; b: Value }) => sub(p.a, p.b))({ a, b: a });
    blocks.a.set(0, 0, 99);
    expect(entries(blocks.b)).toEqual([-1, 0, 0, -1].map((t) => t + 0));
    expect(entries(a)).toEqual([1, 2]);
  });

  it('are zeros of the right shape where f does not depend on x', () => {
    expect(entries(grad(() => 3)(x))).toEqual([0, 0]);
    expect(entries(jvp(() => column(1, 2, 3))(x, x).tangent)).toEqual([0, 0, 0]);
    expect(jacobian(() => column(1, 2, 3))(x)).toMatchObject({ rows: 3, columns: 2 });
    expect(entries(hessian(() => 3)(x))).toEqual([0, 0, 0, 0]);
    expect(entries(hvp((at: Value) => sum(at))(x, x))).toEqual([0, 0]);
    expect(derivative(() => 3)(1)).toBe(0);
  });
});
