import {
  type F64,
  f64,
  f64x2,
  type I32,
  i32,
  type Local,
  type Locals,
  type ModuleBuilder,
  memory,
  type Statement,
  sumOfLanes,
  until,
  type V128,
  v128,
  when,
  whileTrue,
} from '../wasm/index.ts';
import { advance, entry, type Names } from './addresses.ts';
import type { Arithmetic } from './arithmetic.ts';

/** How entries of X lie in memory: float64, or float32 that is promoted as it is read. */
interface Entries {
  readonly bytes: 4 | 8;
  pair(address: I32, offset?: number): V128;
  single(address: I32, offset?: number): F64;
}

const doubles: Entries = { bytes: 8, pair: memory.load, single: memory.loadF64 };
const floats: Entries = {
  bytes: 4,
  pair: (address, offset) => f64x2.promoteLow(memory.loadLow(address, offset)),
  single: (address, offset) => memory.loadF32(address, offset),
};

/** The matrix–vector products, for X in float64 and in float32. */
export function defineGemv(module: ModuleBuilder, arithmetic: Arithmetic): void {
  for (const [suffix, entries] of [
    ['', doubles],
    ['32', floats],
  ] as const) {
    const columnProduct = { x: 'i32', w: 'i32', out: 'i32', rows: 'i32', columns: 'i32' } as const;
    module.define(`rowsTimesColumn${suffix}`, columnProduct, (p, f) =>
      rowsTimesColumn(p, f, entries, arithmetic),
    );
    const transposed = { x: 'i32', r: 'i32', out: 'i32', rows: 'i32', columns: 'i32' } as const;
    module.define(`addTransposedTimesColumn${suffix}`, transposed, (p, f) =>
      addTransposedTimesColumn(p, f, entries, arithmetic),
    );
  }
}

// One row after the other, as memory likes it, with four sums: one alone would wait for each
// addition.
function rowsTimesColumn(
  { x, w, out, rows, columns }: Names<'x' | 'w' | 'out' | 'rows' | 'columns'>,
  f: Locals,
  { bytes, pair, single }: Entries,
  { madd }: Arithmetic,
): Statement {
  const sums = [f.local('v128'), f.local('v128'), f.local('v128'), f.local('v128')];
  const total = f.local('f64');
  const at = f.local('i32');
  const end = f.local('i32');
  const wideEnd = f.local('i32');
  const pairEnd = f.local('i32');
  const addPair = (k: number) =>
    sums[k].set(madd(pair(x, 2 * k * bytes), memory.load(at, 16 * k), sums[k]));
  return [
    end.set(entry(out, rows)),
    wideEnd.set(entry(w, i32.and(columns, i32.const(-8)))),
    pairEnd.set(entry(w, i32.and(columns, i32.const(-2)))),
    until(out, end, 8, [
      sums.map((sum) => sum.set(v128.twice(0))),
      at.set(w),
      until(at, wideEnd, 64, [[0, 1, 2, 3].map(addPair), advance(x, 8 * bytes)]),
      until(at, pairEnd, 16, [addPair(0), advance(x, 2 * bytes)]),
      sums[0].set(f64x2.add(f64x2.add(sums[0], sums[1]), f64x2.add(sums[2], sums[3]))),
      total.set(sumOfLanes(sums[0])),
      when(i32.and(columns, i32.const(1)), [
        total.set(f64.add(total, f64.mul(single(x), memory.loadF64(at)))),
        advance(x, bytes),
      ]),
      memory.storeF64(out, total),
    ]),
  ];
}

// Eight rows at once: out is read and written once for eight rows of X.
function addTransposedTimesColumn(
  { x, r, out, rows, columns }: Names<'x' | 'r' | 'out' | 'rows' | 'columns'>,
  f: Locals,
  entries: Entries,
  arithmetic: Arithmetic,
): Statement {
  const end = f.local('i32');
  const outEnds = [f.local('i32'), f.local('i32'), f.local('i32')];
  const stride = f.local('i32');
  const at = f.local('i32');
  const pointers = Array.from({ length: 8 }, () => f.local('i32'));
  const factors = Array.from({ length: 8 }, () => f.local('v128'));
  const { bytes } = entries;
  const group = (count: number): Statement => {
    const step = (width: 1 | 2 | 4): Statement =>
      until(at, outEnds[width >> 1], 8 * width, [
        addRows(at, pointers.slice(0, count), factors, width, entries, arithmetic),
        pointers.slice(0, count).map((pointer) => advance(pointer, width * bytes)),
      ]);
    return [
      pointers
        .slice(0, count)
        .map((pointer, q) => [
          pointer.set(q === 0 ? x : i32.add(pointers[q - 1], stride)),
          factors[q].set(memory.loadTwice(r, 8 * q)),
        ]),
      at.set(out),
      step(4),
      step(2),
      step(1),
      x.set(pointers[count - 1]),
      advance(r, 8 * count),
    ];
  };
  return [
    stride.set(i32.mul(columns, i32.const(bytes))),
    [-1, -2, -4].map((mask, k) => outEnds[k].set(entry(out, i32.and(columns, i32.const(mask))))),
    end.set(entry(r, i32.and(rows, i32.const(-8)))),
    whileTrue(i32.ne(r, end), group(8)),
    end.set(entry(r, i32.and(rows, i32.const(7)))),
    whileTrue(i32.ne(r, end), group(1)),
  ];
}

// out += Σ row · factor at some columns, the products summed pairwise.
function addRows(
  out: Local<I32>,
  rows: readonly Local<I32>[],
  factors: readonly V128[],
  width: 1 | 2 | 4,
  { pair, single, bytes }: Entries,
  { madd }: Arithmetic,
): Statement {
  if (width === 1) {
    const products = rows.map((row, q) => f64.mul(single(row), f64x2.extract(factors[q], 0)));
    return memory.storeF64(out, f64.add(memory.loadF64(out), pairwise(f64.add, products)));
  }
  return Array.from({ length: width / 2 }, (_, k) => {
    const term = (q: number) => pair(rows[q], 2 * k * bytes);
    const pairs: V128[] = [];
    for (let q = 0; q < rows.length; q += 2) {
      const first = f64x2.mul(term(q), factors[q]);
      pairs.push(q + 1 < rows.length ? madd(term(q + 1), factors[q + 1], first) : first);
    }
    const sum = pairwise(f64x2.add, pairs);
    return memory.store(out, f64x2.add(memory.load(out, 16 * k), sum), 16 * k);
  });
}

function pairwise<T>(add: (a: T, b: T) => T, terms: readonly T[]): T {
  if (terms.length === 1) return terms[0];
  const half = terms.length >> 1;
  return add(pairwise(add, terms.slice(0, half)), pairwise(add, terms.slice(half)));
}
