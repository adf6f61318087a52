import {
  f64,
  type I32,
  i32,
  type ModuleBuilder,
  memory,
  type Statement,
  until,
} from '../wasm/index.ts';
import { advance, entry } from './addresses.ts';

/**
 * Products with a matrix in compressed sparse rows: row i has values[k] in column columns[k] for
 * starts[i] ≤ k < starts[i + 1]. Columns and starts are 32-bit integers.
 */
export function defineSparse(module: ModuleBuilder): void {
  const matrix = { values: 'i32', columns: 'i32', starts: 'i32' } as const;
  const vectors = { out: 'i32', rows: 'i32' } as const;

  // out = X·w. Two sums, so that additions do not wait for one another.
  module.define('csrTimesColumn', { ...matrix, w: 'i32', ...vectors }, (p, f) => {
    const { values, columns, starts, w, out, rows } = p;
    const [end, rowEnd, pairEnd, first] = Array.from({ length: 4 }, () => f.local('i32'));
    const sums = [f.local('f64'), f.local('f64')];
    const addTerm = (k: number): Statement => {
      const factor = memory.loadF64(entry(w, memory.loadI32(columns, 4 * k)));
      return sums[k].set(f64.add(sums[k], f64.mul(memory.loadF64(values, 8 * k), factor)));
    };
    const columnsUpTo = (k: I32) => i32.add(columns, i32.shl(i32.sub(k, first), i32.const(2)));
    return [
      first.set(memory.loadI32(starts)),
      columns.set(i32.add(columns, i32.shl(first, i32.const(2)))),
      values.set(entry(values, first)),
      end.set(entry(out, rows)),
      until(out, end, 8, [
        sums.map((sum) => sum.set(f64.const(0))),
        rowEnd.set(columnsUpTo(memory.loadI32(starts, 4))),
        pairEnd.set(i32.add(columns, i32.and(i32.sub(rowEnd, columns), i32.const(-8)))),
        until(columns, pairEnd, 8, [addTerm(0), addTerm(1), advance(values, 16)]),
        until(columns, rowEnd, 4, [addTerm(0), advance(values, 8)]),
        memory.storeF64(out, f64.add(sums[0], sums[1])),
        advance(starts, 4),
        first.set(memory.loadI32(starts)),
      ]),
    ];
  });

  // out += Xᵀ·r, term by term: columns of a row may repeat.
  module.define('addCsrTransposedTimesColumn', { ...matrix, r: 'i32', ...vectors }, (p, f) => {
    const { values, columns, starts, r, out, rows } = p;
    const [end, rowEnd, first, target] = Array.from({ length: 4 }, () => f.local('i32'));
    const factor = f.local('f64');
    const term = f64.mul(memory.loadF64(values), factor);
    return [
      first.set(memory.loadI32(starts)),
      columns.set(i32.add(columns, i32.shl(first, i32.const(2)))),
      values.set(entry(values, first)),
      end.set(entry(r, rows)),
      until(r, end, 8, [
        factor.set(memory.loadF64(r)),
        rowEnd.set(
          i32.add(columns, i32.shl(i32.sub(memory.loadI32(starts, 4), first), i32.const(2))),
        ),
        until(columns, rowEnd, 4, [
          target.set(entry(out, memory.loadI32(columns))),
          memory.storeF64(target, f64.add(memory.loadF64(target), term)),
          advance(values, 8),
        ]),
        advance(starts, 4),
        first.set(memory.loadI32(starts)),
      ]),
    ];
  });
}
