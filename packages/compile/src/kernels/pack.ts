import {
  type Call,
  highHalves,
  type I32,
  i32,
  type Local,
  lowHalves,
  type ModuleBuilder,
  memory,
  type Statement,
  until,
  when,
} from '@steepest/wasm';
import { advance, entry, type Names } from './addresses.ts';
import type { Precision } from './precision.ts';

/** Rows of a tile of the matrix product, and its columns. */
export const tileSize = 4;

/** The two ways of packing a panel of four lines for the matrix product. */
export interface Packing {
  /** Four neighbours of each of `depth` rows. */
  neighbours: Call<Statement>;
  /** One entry of each of four rows, `depth` times: a transposition. */
  transposed: Call<Statement>;
}

/**
 * A panel holds, for each of `depth` steps of the inner sum, the four entries that meet there, so
 * that the tile reads one address after the other whatever the orientation was. Missing lines
 * become zeros.
 */
export function definePacking(module: ModuleBuilder, precision: Precision): Packing {
  const { suffix, bytes, pair, single } = precision;
  const parameters = { from: 'i32', stride: 'i32', to: 'i32', lines: 'i32', depth: 'i32' } as const;
  const neighbours = module.define(`packNeighbours${suffix}`, parameters, (p, f) => {
    const { from, stride, to, lines, depth } = p;
    const end = f.local('i32');
    const [k, line] = [f.local('i32'), f.local('i32')];
    return [
      end.set(i32.add(to, i32.shl(depth, i32.const(5)))),
      when(
        i32.eq(lines, i32.const(tileSize)),
        until(to, end, 32, [
          memory.store(to, pair(from)),
          memory.store(to, pair(from, 2 * bytes), 16),
          advance(from, stride),
        ]),
        scattered(p, [k, line], single, stride, i32.const(bytes)),
      ),
    ];
  });
  const transposed = module.define(`packTransposed${suffix}`, parameters, (p, f) => {
    const { from, stride, to, lines, depth } = p;
    const rows = [from, f.local('i32'), f.local('i32'), f.local('i32')];
    const [end, pairEnd, k, line] = Array.from({ length: 4 }, () => f.local('i32'));
    const pairs = rows.map(() => f.local('v128'));
    return when(
      i32.eq(lines, i32.const(tileSize)),
      [
        rows.slice(1).map((row, i) => row.set(i32.add(rows[i], stride))),
        end.set(i32.add(to, i32.shl(depth, i32.const(5)))),
        pairEnd.set(i32.add(to, i32.shl(i32.and(depth, i32.const(-2)), i32.const(5)))),
        until(to, pairEnd, 64, [
          rows.map((row, i) => pairs[i].set(pair(row))),
          memory.store(to, lowHalves(pairs[0], pairs[1])),
          memory.store(to, lowHalves(pairs[2], pairs[3]), 16),
          memory.store(to, highHalves(pairs[0], pairs[1]), 32),
          memory.store(to, highHalves(pairs[2], pairs[3]), 48),
          rows.map((row) => advance(row, 2 * bytes)),
        ]),
        until(
          to,
          end,
          32,
          rows.map((row, i) => memory.storeF64(to, single(row), 8 * i)),
        ),
      ],
      scattered(p, [k, line], single, i32.const(bytes), stride),
    );
  });
  return { neighbours, transposed };
}

// Fewer than four lines, at the edge of the matrix: entry by entry.
function scattered(
  { from, to, lines, depth }: Names<'from' | 'to' | 'lines' | 'depth'>,
  [k, line]: readonly Local<I32>[],
  single: Precision['single'],
  deeper: I32,
  across: I32,
): Statement {
  const source = i32.add(from, i32.add(i32.mul(k, deeper), i32.mul(line, across)));
  return [
    memory.fill(to, i32.const(0), i32.shl(depth, i32.const(5))),
    k.set(i32.const(0)),
    until(k, depth, 1, [
      line.set(i32.const(0)),
      until(line, lines, 1, memory.storeF64(entry(to, line), single(source))),
      advance(to, 32),
    ]),
  ];
}
