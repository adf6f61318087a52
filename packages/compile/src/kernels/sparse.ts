import {
  f64,
  f64x2,
  type I32,
  i32,
  type Locals,
  type ModuleBuilder,
  memory,
  type Statement,
  until,
  type V128,
  when,
} from '@steepest/wasm';
import { advance, entry, type Names } from './addresses.ts';
import { signatures } from './signatures.ts';

/**
 * Products with a matrix in compressed sparse rows: row i has values[k] in column columns[k] for
 * starts[i] ≤ k < starts[i + 1]. Columns and starts are 32-bit integers.
 */
export function defineSparse(module: ModuleBuilder): void {
  // out = X·w. Two sums, so that additions do not wait for one another.
  module.define('csrTimesColumn', signatures.csrTimesColumn, (p, f) => {
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
  module.define('addCsrTransposedTimesColumn', signatures.addCsrTransposedTimesColumn, (p, f) => {
    const { values, columns, starts, w: r, out, rows } = p;
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

  // out = X·W, W with `width` columns: row i is the sum of values[k] (row columns[k] of W).
  module.define('csrTimesMatrix', signatures.csrTimesMatrix, (p, f) => {
    const { columns, values, w, out, width } = p;
    const rowBytes = f.local('i32');
    const source = f.local('i32');
    return [
      rowBytes.set(i32.shl(width, i32.const(3))),
      eachRow(
        f,
        p,
        memory.fill(out, i32.const(0), rowBytes),
        [
          source.set(i32.add(w, i32.mul(memory.loadI32(columns), rowBytes))),
          addMultiple(f, memory.loadTwice(values), source, out, width),
        ],
        advance(out, rowBytes),
      ),
    ];
  });

  // out += Xᵀ·R, R with `width` columns, term by term.
  module.define('addCsrTransposedTimesMatrix', signatures.addCsrTransposedTimesMatrix, (p, f) => {
    const { columns, values, w: r, out, width } = p;
    const rowBytes = f.local('i32');
    const target = f.local('i32');
    return [
      rowBytes.set(i32.shl(width, i32.const(3))),
      eachRow(
        f,
        p,
        [],
        [
          target.set(i32.add(out, i32.mul(memory.loadI32(columns), rowBytes))),
          addMultiple(f, memory.loadTwice(values), r, target, width),
        ],
        advance(r, rowBytes),
      ),
    ];
  });
}

/** Goes through the rows, and within each through its values: all pointers of the matrix move on. */
function eachRow(
  locals: Locals,
  p: Names<'values' | 'columns' | 'starts' | 'rows'>,
  begin: Statement,
  term: Statement,
  finish: Statement,
): Statement {
  const { values, columns, starts, rows } = p;
  const [first, rowEnd] = [locals.local('i32'), locals.local('i32')];
  return [
    first.set(memory.loadI32(starts)),
    columns.set(i32.add(columns, i32.shl(first, i32.const(2)))),
    values.set(entry(values, first)),
    until(rows, i32.const(0), -1, [
      begin,
      first.set(i32.sub(memory.loadI32(starts, 4), memory.loadI32(starts))),
      rowEnd.set(i32.add(columns, i32.shl(first, i32.const(2)))),
      until(columns, rowEnd, 4, [term, advance(values, 8)]),
      advance(starts, 4),
      finish,
    ]),
  ];
}

/** to += factor · from, for so many entries. */
function addMultiple(locals: Locals, factor: V128, from: I32, to: I32, width: I32): Statement {
  const [a, b, pairEnd] = Array.from({ length: 3 }, () => locals.local('i32'));
  const scale = locals.local('v128');
  return [
    scale.set(factor),
    a.set(from),
    b.set(to),
    pairEnd.set(entry(a, i32.and(width, i32.const(-2)))),
    until(a, pairEnd, 16, [
      memory.store(b, f64x2.add(memory.load(b), f64x2.mul(memory.load(a), scale))),
      advance(b, 16),
    ]),
    when(
      i32.and(width, i32.const(1)),
      memory.storeLow(b, f64x2.add(memory.loadLow(b), f64x2.mul(memory.loadLow(a), scale))),
    ),
  ];
}
