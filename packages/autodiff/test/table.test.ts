import { describe, expect, it } from 'vitest';
import {
  apply,
  concat,
  cumsum,
  exp,
  FlatMatrix,
  gather,
  hessian,
  jacobian,
  jvp,
  locallyConstant,
  matmulLeft,
  max,
  numericJacobian,
  type Primitive,
  pick,
  primitivesOf,
  record,
  recordOf,
  table as records,
  reshape,
  shaped,
  slice,
  sum,
  type Value,
  vjp,
} from '../src/index.ts';
import { ruleOf } from '../src/primitive/primitive.ts';
import { closeTo, inner, matrix, randomLike } from './matrices.ts';

const table = records.flatMap(primitivesOf);

/** Has a rule that says more than "constant" for this input. */
function moves(primitive: Primitive, input: number): boolean {
  return !['string', 'object'].includes(typeof ruleOf(primitive, input));
}

function label({ name, parameters }: Primitive): string {
  return parameters === undefined ? name : `${name} ${JSON.stringify(parameters)}`;
}

for (const primitive of table) {
  describe(label(primitive), () => {
    primitive.samples.forEach((sample, k) => {
      const inputs = sample.map(matrix);
      const of = (i: number) => (x: Value) =>
        apply(primitive, ...inputs.map((input, j) => (i === j ? x : input)));
      const smooth = inputs.map((_, i) => i).filter((i) => moves(primitive, i));

      describe(`at sample ${k}`, () => {
        it('returns a FlatMatrix of the shape that it announces, its inputs untouched', () => {
          const before = inputs.map(({ data }) => data.slice());
          const result = apply(primitive, ...inputs);
          expect(result).toBeInstanceOf(FlatMatrix);
          expect([result.rows, result.columns]).toEqual(primitive.shape(...inputs));
          for (const i of smooth) {
            vjp(of(i))(inputs[i]).pullback(randomLike(result, 1));
            jvp(of(i))(inputs[i], randomLike(inputs[i], 2));
          }
          expect(inputs.map(({ data }) => data)).toEqual(before);
          for (const { data } of inputs)
            expect((result as FlatMatrix).data.buffer).not.toBe(data.buffer);
        });

        if (primitive.entry !== undefined) {
          it('computes entry by entry what `entry` says', () => {
            const result = apply(primitive, ...inputs) as FlatMatrix;
            for (let i = 0; i < result.rows; i++) {
              for (let j = 0; j < result.columns; j++) {
                const entries = inputs.map((x) =>
                  x.get(x.rows === 1 ? 0 : i, x.columns === 1 ? 0 : j),
                );
                expect(result.get(i, j)).toBe(primitive.entry?.(...entries));
              }
            }
          });
        }

        for (const i of smooth) {
          const x = inputs[i];
          it(`pushes and pulls one linear map of input ${i}`, () => {
            const { value, pullback } = vjp(of(i))(x);
            const u = randomLike(x, 3);
            const v = randomLike(value as FlatMatrix, 4);
            const pulled = pullback(v) as FlatMatrix;
            expect([pulled.rows, pulled.columns]).toEqual([x.rows, x.columns]);
            const pushed = jvp(of(i))(x, u).tangent as FlatMatrix;
            closeTo(inner(pushed, v), inner(u, pulled), 1e-13);
          });

          it(`agrees with difference quotients in input ${i}`, () => {
            const exact = jacobian(of(i))(x);
            const numeric = numericJacobian(of(i), { method: 'richardson' })(x);
            closeTo(exact, numeric, 1e-9);
          });

          it(`has a derivative that is differentiable in input ${i}`, () => {
            const v = randomLike(of(i)(x) as FlatMatrix, 5);
            const gradient = (at: Value) => vjp(of(i))(at).pullback(v);
            const second = jacobian(gradient)(x);
            closeTo(second, numericJacobian(gradient, { method: 'richardson' })(x), 1e-8);
            closeTo(second, second.transpose(), 1e-12);
            const change = randomLike(x, 6);
            const along = (at: Value) => jvp(of(i))(at, change).tangent;
            closeTo(jacobian(along)(x), numericJacobian(along, { method: 'richardson' })(x), 1e-8);
          });
        }

        if (smooth.length > 1) {
          it('has mixed second derivatives that do not depend on the order', () => {
            const v = randomLike(apply(primitive, ...inputs) as FlatMatrix, 7);
            const f = (xs: Value[]) => inner(apply(primitive, ...xs), v);
            const whole = hessian(f)(inputs);
            closeTo(whole, whole.transpose(), 1e-12);
          });
        }
      });
    });
  });
}

describe('the table', () => {
  it('holds the record of every primitive, once, whatever its parameters', () => {
    expect(new Set(records).size).toBe(records.length);
    for (const primitive of table) expect(records).toContain(recordOf(primitive));
  });

  it('leads from every primitive that is applied to the record of the operation called', () => {
    const applied = (f: (x: Value) => Value) => {
      const found = record(f, { simplify: false })(shaped(3, 3)).nodes.at(-1)?.primitive;
      return found && recordOf(found);
    };
    expect(applied(exp)).toBe(exp.primitive);
    expect(applied((x) => gather(x, [1]))).toBe(gather.primitive);
    expect(applied((x) => gather(x, [2, 0]))).toBe(gather.primitive);
    expect(applied((x) => pick(x, [2, 0, 1]))).toBe(pick.primitive);
    expect(applied((x) => slice(x, [0, 1]))).toBe(slice.primitive);
    expect(applied((x) => reshape(x, [9, 1]))).toBe(reshape.primitive);
    expect(applied((x) => concat([x, x], { axis: 1 }))).toBe(concat.primitive);
    expect(applied((x) => cumsum(x, { axis: 1 }))).toBe(cumsum.primitive);
    for (const axis of [0, 1] as const) {
      expect(applied((x) => sum(x, { axis }))).toBe(sum.primitive);
      expect(applied((x) => max(x, { axis }))).toBe(max.primitive);
    }
    expect(applied((x) => matmulLeft(new FlatMatrix(3, 2), x))).toBe(matmulLeft.primitive);
  });

  it('has a sample for every primitive, and a rule or a word for every input', () => {
    for (const primitive of table) {
      expect(primitive.samples.length, primitive.name).toBeGreaterThan(0);
      const { slopes, partials } = primitive;
      if (typeof partials === 'function') continue;
      expect([slopes, partials].filter((rules) => rules === undefined)).toHaveLength(1);
      const rules = slopes ?? partials ?? [];
      for (const sample of primitive.samples) expect(rules.length).toBe(sample.length);
      for (const rule of rules) {
        expect(['function', 'number', locallyConstant, null]).toContain(
          rule === null || rule === locallyConstant ? rule : typeof rule,
        );
      }
    }
  });
});
