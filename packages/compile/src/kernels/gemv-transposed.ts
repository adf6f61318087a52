import {
  choose,
  f64,
  i32,
  type Locals,
  memory,
  type Statement,
  until,
  when,
  whileTrue,
} from '@steepest/wasm';
import { advance, entry, type Names } from './addresses.ts';
import type { Arithmetic } from './arithmetic.ts';
import type { Precision } from './precision.ts';

// Rows that are done at once: 8 to 64, as many as 128 KiB hold.
const chunkBytes = 2 ** 17;
const [fewestRows, mostRows] = [8, 64];

/**
 * out += Xᵀ·r. The sums of twelve columns stay in registers while they run down a chunk of rows,
 * which is then still in the cache for the next twelve. Each sum takes the rows in their order:
 * without relaxed arithmetic it is the plain loop's, bit for bit. (Eight rows at once with the sums
 * in memory was up to a third slower.)
 */
export function addTransposedTimesColumn(
  { x, w: r, out, rows, columns }: Names<'x' | 'w' | 'out' | 'rows' | 'columns'>,
  f: Locals,
  { bytes, pair, single }: Precision,
  { madd }: Arithmetic,
): Statement {
  const [end, chunk, chunkEnd, stride] = Array.from({ length: 4 }, () => f.local('i32'));
  const [corner, at, target, factorAt, left] = Array.from({ length: 5 }, () => f.local('i32'));
  const sums = Array.from({ length: 6 }, () => f.local('v128'));
  const factor = f.local('v128');
  const total = f.local('f64');
  const downRows = (body: Statement): Statement => [
    at.set(corner),
    factorAt.set(r),
    until(factorAt, chunkEnd, 8, [body, advance(at, stride)]),
  ];
  const strip = (pairs: number): Statement => {
    const inUse = sums.slice(0, pairs);
    return whileTrue(i32.geU(left, i32.const(2 * pairs)), [
      inUse.map((sum, k) => sum.set(memory.load(target, 16 * k))),
      downRows([
        factor.set(memory.loadTwice(factorAt)),
        inUse.map((sum, k) => sum.set(madd(pair(at, 2 * k * bytes), factor, sum))),
      ]),
      inUse.map((sum, k) => memory.store(target, sum, 16 * k)),
      advance(corner, 2 * pairs * bytes),
      advance(target, 16 * pairs),
      left.set(i32.sub(left, i32.const(2 * pairs))),
    ]);
  };
  const lastColumn: Statement = [
    total.set(memory.loadF64(target)),
    downRows(total.set(f64.add(total, f64.mul(single(at), memory.loadF64(factorAt))))),
    memory.storeF64(target, total),
  ];
  const limited = (limit: number, compare: typeof i32.ltU) =>
    chunk.set(choose(compare(chunk, i32.const(limit)), i32.const(limit), chunk));
  return [
    stride.set(i32.mul(columns, i32.const(bytes))),
    chunk.set(i32.divU(i32.const(chunkBytes), i32.or(stride, i32.const(1)))),
    limited(mostRows, i32.gtU),
    limited(fewestRows, i32.ltU),
    end.set(entry(r, rows)),
    whileTrue(i32.ne(r, end), [
      chunkEnd.set(entry(r, chunk)),
      when(i32.ltU(i32.sub(end, r), i32.shl(chunk, i32.const(3))), chunkEnd.set(end)),
      corner.set(x),
      target.set(out),
      left.set(columns),
      [6, 4, 2, 1].map(strip),
      when(left, lastColumn),
      advance(x, i32.mul(stride, chunk)),
      r.set(chunkEnd),
    ]),
  ];
}
