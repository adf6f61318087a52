import {
  f64,
  f64x2,
  i32,
  type Locals,
  type ModuleBuilder,
  memory,
  type Statement,
  sumOfLanes,
  until,
  v128,
  when,
} from '../wasm/index.ts';
import { advance, entry, type Names } from './addresses.ts';
import type { Arithmetic } from './arithmetic.ts';
import { addTransposedTimesColumn } from './gemv-transposed.ts';
import { float32, float64, type Precision } from './precision.ts';

/** The matrix–vector products, for X in float64 and in float32. */
export function defineGemv(module: ModuleBuilder, arithmetic: Arithmetic): void {
  for (const precision of [float64, float32]) {
    const { suffix } = precision;
    const columnProduct = { x: 'i32', w: 'i32', out: 'i32', rows: 'i32', columns: 'i32' } as const;
    module.define(`rowsTimesColumn${suffix}`, columnProduct, (p, f) =>
      rowsTimesColumn(p, f, precision, arithmetic),
    );
    const transposed = { x: 'i32', r: 'i32', out: 'i32', rows: 'i32', columns: 'i32' } as const;
    module.define(`addTransposedTimesColumn${suffix}`, transposed, (p, f) =>
      addTransposedTimesColumn(p, f, precision, arithmetic),
    );
  }
}

// One row after the other, as memory likes it, with four sums: one alone would wait for each
// addition.
function rowsTimesColumn(
  { x, w, out, rows, columns }: Names<'x' | 'w' | 'out' | 'rows' | 'columns'>,
  f: Locals,
  { bytes, pair, single }: Precision,
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
