import {
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
} from '@steepest/wasm';
import { advance, entry } from './addresses.ts';
import type { Arithmetic } from './arithmetic.ts';
import { entries } from './entries/index.ts';
import { entryBuilder } from './entry-builder.ts';

const rowParameters = { x: 'i32', out: 'i32', rows: 'i32', columns: 'i32' } as const;

/** Sums and extremes of rows, columns and whole arrays; softmax and its logarithm's normalizer. */
export function defineReductions(module: ModuleBuilder, arithmetic: Arithmetic): void {
  defineSums(module);
  defineExtremes(module);
  defineNormalizers(module, arithmetic);
}

// Four pairs of sums, added in a fixed order.
function defineSums(module: ModuleBuilder): void {
  const sum = module.defineValue('sum', { x: 'i32', count: 'i32' }, 'f64', ({ x, count }, f) => {
    const sums = Array.from({ length: 4 }, () => f.local('v128'));
    const [wideEnd, pairEnd] = [f.local('i32'), f.local('i32')];
    const addPair = (k: number) => sums[k].set(f64x2.add(sums[k], memory.load(x, 16 * k)));
    const all = f64x2.add(f64x2.add(sums[0], sums[1]), f64x2.add(sums[2], sums[3]));
    return [
      pairEnd.set(entry(x, i32.and(count, i32.const(-2)))),
      wideEnd.set(entry(x, i32.and(count, i32.const(-8)))),
      until(x, wideEnd, 64, [0, 1, 2, 3].map(addPair)),
      until(x, pairEnd, 16, addPair(0)),
      when(i32.and(count, i32.const(1)), sums[1].set(f64x2.add(sums[1], memory.loadLow(x)))),
      sums[0].set(all),
      sumOfLanes(sums[0]),
    ];
  });

  module.define('sumOfRows', rowParameters, ({ x, out, rows, columns }, f) => {
    const end = f.local('i32');
    return [
      end.set(entry(out, rows)),
      until(out, end, 8, [
        memory.storeF64(out, sum(x, columns)),
        advance(x, i32.shl(columns, i32.const(3))),
      ]),
    ];
  });

  // out += the sum of the rows
  module.define('addColumnSums', rowParameters, ({ x, out, rows, columns }, f) => {
    const [row, at, pairEnd] = [f.local('i32'), f.local('i32'), f.local('i32')];
    return [
      pairEnd.set(entry(out, i32.and(columns, i32.const(-2)))),
      until(row, rows, 1, [
        at.set(out),
        until(at, pairEnd, 16, [
          memory.store(at, f64x2.add(memory.load(at), memory.load(x))),
          advance(x, 16),
        ]),
        when(i32.and(columns, i32.const(1)), [
          memory.storeF64(at, f64.add(memory.loadF64(at), memory.loadF64(x))),
          advance(x, 8),
        ]),
      ]),
    ];
  });
}

// Math.max and Math.min of each row, from ∓∞.
function defineExtremes(module: ModuleBuilder): void {
  for (const [name, start, larger] of [
    ['maxOfRows', Number.NEGATIVE_INFINITY, f64x2.max],
    ['minOfRows', Number.POSITIVE_INFINITY, f64x2.min],
  ] as const) {
    module.define(name, rowParameters, ({ x, out, rows, columns }, f) => {
      const extreme = f.local('v128');
      const [end, pairEnd] = [f.local('i32'), f.local('i32')];
      return [
        end.set(entry(out, rows)),
        until(out, end, 8, [
          extreme.set(v128.twice(start)),
          pairEnd.set(entry(x, i32.and(columns, i32.const(-2)))),
          until(x, pairEnd, 16, extreme.set(larger(extreme, memory.load(x)))),
          when(i32.and(columns, i32.const(1)), [
            extreme.set(larger(extreme, memory.loadTwice(x))),
            advance(x, 8),
          ]),
          memory.storeLow(out, larger(extreme, swapped(extreme))),
        ]),
      ];
    });
  }
}

function swapped(pair: V128): V128 {
  return v128.shuffle(pair, pair, [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7]);
}

/**
 * The largest entry is taken out first, so that no power overflows: Σ eˣ = eᵐ Σ eˣ⁻ᵐ.
 */
function defineNormalizers(module: ModuleBuilder, arithmetic: Arithmetic): void {
  // m + log Σ eˣ⁻ᵐ; m itself where it is infinite or NaN.
  module.define('logSumExpOfRows', rowParameters, ({ x, out, rows, columns }, f) => {
    const b = entryBuilder(f, arithmetic);
    const { loop, top, total } = powersOfRow(f, arithmetic, x, columns);
    const end = f.local('i32');
    const value = b.let(f64x2.add(top, entries.log(b, total)));
    const finite = f64x2.eq(f64x2.sub(top, top), b.constant(0));
    const result = b.let(v128.bitselect(value, top, finite));
    const body = b.statements();
    return [
      b.setup(),
      end.set(entry(out, rows)),
      loop.setup,
      until(out, end, 8, [loop.row, body, memory.storeLow(out, result)]),
    ];
  });

  // eˣ⁻ᵐ / Σ eˣ⁻ᵐ
  module.define('softmaxOfRows', rowParameters, ({ x, out, rows, columns }, f) => {
    const { loop, total } = powersOfRow(f, arithmetic, x, columns, out);
    const [row, pairEnd, back] = [f.local('i32'), f.local('i32'), f.local('i32')];
    return [
      loop.setup,
      until(row, rows, 1, [
        back.set(out),
        loop.row,
        out.set(back),
        pairEnd.set(entry(out, i32.and(columns, i32.const(-2)))),
        until(out, pairEnd, 16, memory.store(out, f64x2.div(memory.load(out), total))),
        when(i32.and(columns, i32.const(1)), [
          memory.storeLow(out, f64x2.div(memory.loadLow(out), total)),
          advance(out, 8),
        ]),
      ]),
    ];
  });
}

/** Code that leaves a row's largest entry and Σ eˣ⁻ᵐ in both lanes, and the powers in `out`. */
function powersOfRow(
  f: Locals,
  arithmetic: Arithmetic,
  x: Local<I32>,
  columns: I32,
  out?: Local<I32>,
): { loop: { setup: Statement; row: Statement }; top: V128; total: V128 } {
  const b = entryBuilder(f, arithmetic);
  const [top, total] = [f.local('v128'), f.local('v128')];
  const [start, pairEnd] = [f.local('i32'), f.local('i32')];
  const isOdd = i32.and(columns, i32.const(1));
  const power = b.let(entries.exp(b, f64x2.sub(memory.load(x), top)));
  const pairRound = b.statements();
  // A last single entry beside −∞, whose power is 0.
  const single = memory.loadLane0(x, v128.twice(Number.NEGATIVE_INFINITY));
  const lastPower = b.let(entries.exp(b, f64x2.sub(single, top)));
  const lastRound = b.statements();
  const add = (value: V128) => total.set(f64x2.add(total, value));
  const row: Statement = [
    start.set(x),
    pairEnd.set(entry(x, i32.and(columns, i32.const(-2)))),
    top.set(v128.twice(Number.NEGATIVE_INFINITY)),
    until(x, pairEnd, 16, top.set(f64x2.max(top, memory.load(x)))),
    when(isOdd, top.set(f64x2.max(top, memory.loadTwice(x)))),
    top.set(f64x2.max(top, swapped(top))),
    x.set(start),
    total.set(v128.twice(0)),
    until(x, pairEnd, 16, [
      pairRound,
      add(power),
      out === undefined ? [] : [memory.store(out, power), advance(out, 16)],
    ]),
    when(isOdd, [
      lastRound,
      add(lastPower),
      out === undefined ? [] : memory.storeLow(out, lastPower),
      advance(x, 8),
    ]),
    total.set(f64x2.add(total, swapped(total))),
  ];
  return { loop: { setup: b.setup(), row }, top, total };
}
