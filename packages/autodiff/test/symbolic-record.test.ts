import { describe, expect, it } from 'vitest';
import {
  add,
  derivative,
  exp,
  FlatMatrix,
  grad,
  greater,
  item,
  matmul,
  mul,
  type Operand,
  record,
  shaped,
  sin,
  square,
  squaredError,
  sum,
  type Value,
  valueAndGrad,
  where,
} from '../src/index.ts';

const X = new FlatMatrix(3, 2, [1, 2, -0.5, 3, 4, -1]);
const y = new FlatMatrix(3, 1, [1, -1, 0.5]);
const w = new FlatMatrix(2, 1, [0.3, -0.2]);

interface Params {
  w: Value;
  b: Value;
}

const loss = (p: Params, x: Value, t: Value) => squaredError(add(matmul(x, p.w), p.b), t);

describe('record', () => {
  it('gives a graph that evaluates to what the function returns', () => {
    const graph = record((x: Value) => mul(x, exp(x)))(1);
    expect(graph.evaluate(2).to1DArray()).toEqual([2 * Math.exp(2)]);
  });

  it('records derivatives, so that they evaluate like the derivatives themselves', () => {
    const graph = record(valueAndGrad(loss))({ w, b: 0 }, X, y);
    const { value, gradient } = graph.evaluate({ w, b: 0.5 }, X, y);
    const direct = valueAndGrad(loss)({ w, b: 0.5 }, X, y);
    expect(value).toBeInstanceOf(FlatMatrix);
    expect((value as FlatMatrix).data[0]).toBeCloseTo(direct.value, 12);
    expect((gradient as { w: FlatMatrix }).w.sub(direct.gradient.w).norm()).toBeLessThan(1e-12);
  });

  it('takes shapes in the place of samples', () => {
    const graph = record((x: Value) => sum(square(x)))(shaped(2, 1));
    expect(graph.operations).toBe(2);
    expect(graph.evaluate(w).data[0]).toBeCloseTo(0.13, 12);
    expect(record((p: Params) => add(p.w, p.b))({ w: shaped(2, 1), b: 1 }).inputs).toHaveLength(2);
  });

  it('names inputs by letters, by their keys, or as told', () => {
    const names = (graph: { inputs: readonly { name: string }[] }) =>
      graph.inputs.map(({ name }) => name);
    expect(names(record((a: Value, b: Value) => add(a, b))(1, 2))).toEqual(['x', 'y']);
    expect(names(record(loss)({ w, b: 0 }, X, y))).toEqual(['w', 'b', 'x', 'y']);
    expect(names(record(loss, { names: ['p', 'X', 'y'] })({ w, b: 0 }, X, y))).toEqual([
      'p.w',
      'p.b',
      'X',
      'y',
    ]);
    const deep = record((p: { layers: Params[] }) => p.layers[0].w)({ layers: [{ w, b: 0 }] });
    expect(names(deep)).toEqual(['layers[0].w', 'layers[0].b']);
    expect(names(record((p: Value[]) => p[1])([1, 2]))).toEqual(['x[0]', 'x[1]']);
  });

  it('shares equal operations, also with operands swapped and small constants made anew', () => {
    const graph = record((x: Value, t: Value) => mul(add(exp(x), t), add(t, exp(x))), {
      simplify: false,
    })(1, 2);
    expect(graph.operations).toBe(3);
    expect(graph.treeOperations).toBe(5);
    const constants = record((x: Value) => add(mul(2, x), mul(2, x)), { simplify: false })(1);
    expect(constants.operations).toBe(2);
  });

  it('counts the operations of a tree with 2³⁰ leaves at once', () => {
    const doubled = (x: Value) => {
      for (let k = 0; k < 30; k++) x = mul(x, sin(x));
      return x;
    };
    const graph = record(doubled, { simplify: false })(1);
    expect(graph.operations).toBe(60);
    expect(graph.treeOperations).toBe(2 * (2 ** 30 - 1));
    expect(() => graph.evaluateNaively(1)).toThrow(/would take .* operations; evaluate takes 60/);
  });

  it('handles chains of 100 000 operations', { timeout: 60_000 }, () => {
    const chain = (x: Operand) => {
      let y = x as Value;
      for (let k = 0; k < 100_000; k++) y = sin(y);
      return y;
    };
    const graph = record(grad(chain), { simplify: 'exact' })(1);
    expect(graph.evaluate(1).data[0]).toBe(grad(chain)(1));
    expect(record(chain)(1).evaluateNaively(1).operations).toBe(100_000);
  });

  it('refuses host branches on symbolic values and names where', () => {
    const branching = (x: Value) => (item(x) > 0 ? x : exp(x));
    expect(() => record(branching)(1)).toThrow(/where\(condition, a, b\)/);
    expect(() => record((x: Value) => ((x as unknown as number) > 0 ? x : exp(x)))(1)).toThrow(
      /where\(condition, a, b\)/,
    );
    expect(() => record(grad(branching))(1)).toThrow(/where\(condition, a, b\)/);
    const choosing = record((x: Value) => where(greater(x, 0), x, exp(x)))(1);
    expect(choosing.evaluate(-1).data[0]).toBe(Math.exp(-1));
  });

  it('can be differentiated after recording', () => {
    const graph = record((x: Value) => mul(x, sin(x)))(1);
    expect(grad(graph.evaluate)(2)).toBe(grad((x: Value) => mul(x, sin(x)))(2));
    expect(derivative(graph.evaluate)(2)).toBe(derivative((x: Value) => mul(x, sin(x)))(2));
  });

  it('keeps a value of a surrounding derivative as it is', () => {
    const f = (x: Value) => {
      const graph = record((z: Value) => mul(z, square(x)))(1);
      return graph.evaluate(x);
    };
    expect(grad(f)(2)).toBe(12);
  });

  it('refuses arguments of another structure, shape or fixed part', () => {
    const graph = record((p: Params, indices: Int32Array) => sum(mul(indices.length, p.w)))(
      { w, b: 0 },
      Int32Array.of(1, 2),
    );
    const indices = Int32Array.of(1, 2);
    expect(graph.evaluate({ w, b: 0 }, indices).data[0]).toBeCloseTo(0.2, 12);
    expect(() => graph.evaluate({ w: y, b: 0 }, indices)).toThrow(
      'evaluate: w was recorded as 2×1, it is 3×1 here; record the function once for each shape',
    );
    expect(() => graph.evaluate({ w } as never, indices)).toThrow(/differ .* at b \(argument 1\)/);
    expect(() => graph.evaluate({ w, b: 0 }, Int32Array.of(1))).toThrow(/argument 2 is/);
    expect(() => (graph.evaluate as (p: unknown) => unknown)({ w, b: 0 })).toThrow(/is missing/);
  });

  it('gives results that are nobody else’s', () => {
    const graph = record((x: Value) => ({ a: x, b: x, c: y }))(w);
    const { a, b, c } = graph.evaluate(w) as Record<string, FlatMatrix>;
    for (const matrix of [a, b, c]) matrix.set(0, 0, 99);
    expect(w.get(0, 0)).toBe(0.3);
    expect(y.get(0, 0)).toBe(1);
    expect(a).not.toBe(b);
  });

  it('refuses shapes that do not fit while recording', () => {
    expect(() => record((a: Value, b: Value) => matmul(a, b))(X, y)).toThrow(/matmul: 3×2 and 3×1/);
  });
});
