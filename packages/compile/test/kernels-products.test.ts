import { f64x2, memory as inMemory, moduleBuilder, webAssembly } from '@steepest/wasm';
import { describe, expect, it } from 'vitest';
import type { Kernels } from '../src/kernels/index.ts';
import {
  advance,
  exactOrder,
  float64,
  gemmScratchBytes,
  rowProducts,
} from '../src/kernels/index.ts';
import { arena, numbers } from './kernels-arena.ts';

const sizes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 23, 64, 65, 130];

/** Equal but for rounding; NaN and infinities exactly. */
function expectClose(actual: Float64Array, expected: Float64Array, scale: number): void {
  for (let k = 0; k < expected.length; k++) {
    const [a, e] = [actual[k], expected[k]];
    const close = Object.is(a, e) || a === e || Math.abs(a - e) <= 1e-15 * (scale + 4);
    if (!close) expect.fail(`entry ${k}: ${a}, expected ${e}`);
  }
}

function matrixTimesColumn(x: ArrayLike<number>, w: Float64Array, rows: number): Float64Array {
  const columns = w.length;
  const out = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[i] += x[i * columns + j] * w[j];
  }
  return out;
}

describe('matrix times column', () => {
  it('X·w is close to, and += Xᵀ·r exactly, the plain sum at every remainder of rows and columns', () => {
    for (const rows of sizes) {
      for (const columns of sizes) {
        const { kernels, put, take } = arena();
        const x = numbers(rows * columns, rows + 100 * columns);
        const w = numbers(columns, 1);
        const out = put(numbers(rows, 2));
        kernels.rowsTimesColumn(put(x), put(w), out, rows, columns);
        expectClose(take(out, rows), matrixTimesColumn(x, w, rows), columns);

        const r = numbers(rows, 3);
        const start = numbers(columns, 4);
        const expected = start.slice();
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < columns; j++) expected[j] += x[i * columns + j] * r[i];
        }
        const sum = put(start);
        kernels.addTransposedTimesColumn(put(x), put(r), sum, rows, columns);
        expect(take(sum, columns)).toEqual(expected);
      }
    }
  });

  it('wide rows are taken in smaller chunks, without a difference', () => {
    const { kernels, put, take } = arena();
    const [rows, columns] = [37, 3001];
    const [x, r] = [numbers(rows * columns, 1), numbers(rows, 2)];
    const expected = new Float64Array(columns);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) expected[j] += x[i * columns + j] * r[i];
    }
    const sum = put(new Float64Array(columns));
    kernels.addTransposedTimesColumn(put(x), put(r), sum, rows, columns);
    expect(take(sum, columns)).toEqual(expected);
  });

  it('float32 features give the sums of their float64 values, bit for bit', () => {
    for (const rows of sizes) {
      for (const columns of sizes) {
        const { kernels, put, put32, take } = arena();
        const narrow = Float32Array.from(numbers(rows * columns, 7));
        const x = put(Float64Array.from(narrow));
        const x32 = put32(narrow);
        const w = put(numbers(columns, 1));
        const [out, out32] = [put(new Float64Array(rows)), put(new Float64Array(rows))];
        kernels.rowsTimesColumn(x, w, out, rows, columns);
        kernels.rowsTimesColumn32(x32, w, out32, rows, columns);
        expect(take(out32, rows)).toEqual(take(out, rows));

        const r = put(numbers(rows, 3));
        const [sum, sum32] = [put(numbers(columns, 4)), put(numbers(columns, 4))];
        kernels.addTransposedTimesColumn(x, r, sum, rows, columns);
        kernels.addTransposedTimesColumn32(x32, r, sum32, rows, columns);
        expect(take(sum32, columns)).toEqual(take(sum, columns));
      }
    }
  });

  it('a chain after X·w gets the products of the kernel, two and two', () => {
    const module = moduleBuilder();
    const parameters = { x: 'i32', w: 'i32', out: 'i32', rows: 'i32', columns: 'i32' } as const;
    module.define('negatedProducts', parameters, (p, f) =>
      rowProducts(f, exactOrder, float64, p, (products, count) => [
        (count === 2 ? inMemory.store : inMemory.storeLow)(p.out, f64x2.neg(products)),
        advance(p.out, 16),
      ]),
    );
    const binary = new webAssembly!.Module(module.bytes());
    for (const rows of sizes) {
      for (const columns of sizes) {
        const { memory, kernels, put, take } = arena();
        const { exports } = new webAssembly!.Instance(binary, { env: { memory } });
        const negated = exports.negatedProducts as Kernels['rowsTimesColumn'];
        const [x, w] = [put(numbers(rows * columns, 1)), put(numbers(columns, 2))];
        const [plain, chained] = [put(new Float64Array(rows)), put(new Float64Array(rows))];
        kernels.rowsTimesColumn(x, w, plain, rows, columns);
        negated(x, w, chained, rows, columns);
        expect(take(chained, rows)).toEqual(take(plain, rows).map((v) => -v));
      }
    }
  });

  it('NaN and infinities reach exactly the rows and columns that they touch', () => {
    const { kernels, put, take } = arena();
    const [rows, columns] = [11, 13];
    const x = numbers(rows * columns, 5);
    x[3 * columns + 12] = Number.NaN;
    x[9 * columns + 2] = Number.POSITIVE_INFINITY;
    const [out, sum] = [put(new Float64Array(rows)), put(new Float64Array(columns))];
    const at = put(x);
    kernels.rowsTimesColumn(at, put(new Float64Array(columns).fill(1)), out, rows, columns);
    kernels.addTransposedTimesColumn(at, put(new Float64Array(rows).fill(1)), sum, rows, columns);
    const special = (values: Float64Array) =>
      Array.from(values).flatMap((v, k) => (Number.isFinite(v) ? [] : [[k, v]]));
    expect(special(take(out, rows))).toEqual([
      [3, Number.NaN],
      [9, Number.POSITIVE_INFINITY],
    ]);
    expect(special(take(sum, columns))).toEqual([
      [2, Number.POSITIVE_INFINITY],
      [12, Number.NaN],
    ]);
  });
});

interface Orientation {
  name: 'multiply' | 'multiplyTransposedLeft' | 'multiplyTransposedRight';
  left: boolean;
  right: boolean;
}
const orientations: readonly Orientation[] = [
  { name: 'multiply', left: false, right: false },
  { name: 'multiplyTransposedLeft', left: true, right: false },
  { name: 'multiplyTransposedRight', left: false, right: true },
];

/** One product with strides wider than the rows, against three nested loops. */
function compareProduct(
  { name, left, right }: Orientation,
  [rows, columns, depth]: readonly number[],
  add: 0 | 1,
  wider = 3,
): void {
  const { kernels, put, take } = arena();
  const aStride = (left ? rows : depth) + wider;
  const bStride = (right ? depth : columns) + wider;
  const cStride = columns + wider;
  const a = numbers((left ? depth : rows) * aStride, 11);
  const b = numbers((right ? columns : depth) * bStride, 12);
  const c = numbers(rows * cStride, 13);
  const expected = c.slice();
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let total = add ? c[i * cStride + j] : 0;
      for (let k = 0; k < depth; k++) {
        const x = left ? a[k * aStride + i] : a[i * aStride + k];
        total += x * (right ? b[j * bStride + k] : b[k * bStride + j]);
      }
      expected[i * cStride + j] = total;
    }
  }
  const at = put(c);
  const scratch = put(new Float64Array(gemmScratchBytes / 8));
  const kernel: Kernels['multiply'] = kernels[name];
  kernel(put(a), put(b), at, rows, columns, depth, aStride, bStride, cStride, add, scratch);
  expectClose(take(at, c.length), expected, depth);
}

it.each(['multiply', 'multiplyTransposedLeft'] as const)(
  '%s gives the same bits for A in float32',
  (name) => {
    const { kernels, put, put32, take } = arena();
    for (const [rows, columns, depth] of [
      [1, 1, 1],
      [7, 6, 5],
      [9, 10, 300],
    ]) {
      const narrow = Float32Array.from(numbers(rows * depth, 1));
      const b = put(numbers(depth * columns, 2));
      const [c, c32] = [
        put(new Float64Array(rows * columns)),
        put(new Float64Array(rows * columns)),
      ];
      const scratch = put(new Float64Array(gemmScratchBytes / 8));
      const rest = [name === 'multiply' ? depth : rows, columns, columns, 0, scratch] as const;
      kernels[name](put(Float64Array.from(narrow)), b, c, rows, columns, depth, ...rest);
      kernels[`${name}32`](put32(narrow), b, c32, rows, columns, depth, ...rest);
      expect(take(c32, rows * columns)).toEqual(take(c, rows * columns));
    }
  },
);

describe.each(orientations)('$name', (orientation) => {
  it('is the plain sum at every remainder of the tile, and leaves the rest of C alone', () => {
    for (const rows of [0, 1, 2, 3, 4, 5, 8, 11]) {
      for (const columns of [0, 1, 2, 3, 4, 6, 9]) {
        for (const depth of [0, 1, 2, 3, 4, 5, 10]) {
          compareProduct(orientation, [rows, columns, depth], 0);
          compareProduct(orientation, [rows, columns, depth], 1);
        }
      }
    }
  });

  it('is the plain sum beyond the block sizes', () => {
    compareProduct(orientation, [9, 263, 521], 1);
    compareProduct(orientation, [37, 513, 257], 0, 0);
  });
});
