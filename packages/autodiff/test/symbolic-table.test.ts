import { describe, expect, it } from 'vitest';
import {
  apply,
  FlatMatrix,
  grad,
  mul,
  primitivesOf,
  record,
  recordOf,
  table as records,
  sum,
  type Value,
} from '../src/index.ts';
import { type Primitive, ruleOf, type Sample } from '../src/primitive/primitive.ts';
import { algebra } from '../src/symbolic/algebra/table.ts';

function matrices(sample: Sample): FlatMatrix[] {
  return sample.map((rows) => new FlatMatrix(rows.length, rows[0].length, rows.flat()));
}

/** Σ weights · op(x), so that every entry of the result has another cotangent. */
function weighted(primitive: Primitive, inputs: readonly FlatMatrix[]) {
  const [rows, columns] = primitive.shape(...inputs);
  const weights = new FlatMatrix(
    rows,
    columns,
    Array.from({ length: rows * columns }, (_, k) => 0.5 + 0.25 * k),
  );
  return (xs: Value[]) => sum(mul(weights, apply(primitive, ...xs)));
}

function largestGap(a: readonly FlatMatrix[], b: readonly FlatMatrix[]): number {
  const gaps = a.map((x, i) =>
    Math.max(...x.data.map((entry, k) => Math.abs(entry - b[i].data[k]) / (1 + Math.abs(entry)))),
  );
  return Math.max(...gaps);
}

function readable(text: string): void {
  expect(text).not.toBe('');
  expect(text).not.toMatch(/undefined|\[object|NaN/);
}

const table = records.flatMap(primitivesOf);
it('finds what simplifies an operation in one place', () => {
  for (const primitive of table) {
    const twice = primitive.simplify !== undefined && algebra.has(recordOf(primitive));
    expect(twice, primitive.name).toBe(false);
  }
});

const named = table.map((primitive) => {
  const parameters = JSON.stringify(primitive.parameters) ?? '';
  return [`${primitive.name}${parameters}`, primitive] as const;
});

describe.each(named)('%s in symbolic mode', (_, primitive) => {
  const points = primitive.samples.map(matrices);

  it('evaluates to the same bits as without recording', () => {
    for (const inputs of points) {
      const f = (...xs: Value[]) => apply(primitive, ...xs);
      const expected = apply(primitive, ...inputs) as FlatMatrix;
      for (const simplify of [false, 'exact'] as const) {
        const result = record(f, { simplify })(...inputs).evaluate(...inputs);
        expect([result.rows, result.columns]).toEqual([expected.rows, expected.columns]);
        expect(result.to1DArray()).toEqual(expected.to1DArray());
      }
      const result = record(f)(...inputs).evaluate(...inputs);
      expect(largestGap([result], [expected])).toBeLessThan(1e-12);
    }
  });

  it('prints as text, LaTeX and DOT', () => {
    for (const inputs of points) {
      for (const simplify of [false, 'exact', 'algebraic'] as const) {
        const graph = record((...xs: Value[]) => apply(primitive, ...xs), { simplify })(...inputs);
        readable(graph.toString());
        readable(graph.toLatex());
        readable(graph.toDot());
      }
    }
  });
});

const differentiable = named.filter(([, primitive]) =>
  primitive.samples[0].every((_, i) => ruleOf(primitive, i) !== null),
);

describe.each(differentiable)('the gradient of %s in symbolic mode', (_, primitive) => {
  const points = primitive.samples.map(matrices);

  it('is the same recorded as direct', () => {
    for (const inputs of points) {
      const gradient = grad(weighted(primitive, inputs));
      const expected = gradient(inputs) as FlatMatrix[];
      const plain = record(gradient, { simplify: false })(inputs);
      const results = plain.evaluate(inputs) as FlatMatrix[];
      expect(results.map((x) => x.to1DArray())).toEqual(expected.map((x) => x.to1DArray()));
      for (const simplify of ['exact', 'algebraic'] as const) {
        const graph = record(gradient, { simplify })(inputs);
        expect(largestGap(graph.evaluate(inputs) as FlatMatrix[], expected)).toBeLessThan(1e-12);
        expect(graph.operations).toBeLessThanOrEqual(plain.operations);
        readable(graph.toString());
        readable(graph.toLatex());
      }
    }
  });

  it('can be taken of a recording', () => {
    for (const inputs of points) {
      const f = weighted(primitive, inputs);
      const graph = record(f)(inputs);
      const expected = grad(f)(inputs) as FlatMatrix[];
      const results = grad(graph.evaluate)(inputs) as FlatMatrix[];
      expect(largestGap(results, expected)).toBeLessThan(1e-12);
    }
  });
});
