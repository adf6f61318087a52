import {
  type Call,
  choose,
  f64,
  f64x2,
  type I32,
  i32,
  type Locals,
  type ModuleBuilder,
  memory,
  type Statement,
  until,
  v128,
  when,
  whileTrue,
} from '@steepest/wasm';
import { advance, entry, type Names } from './addresses.ts';
import type { Arithmetic } from './arithmetic.ts';
import { definePacking, tileSize } from './pack.ts';
import { float32, float64 } from './precision.ts';
import { type KernelName, signatures } from './signatures.ts';

// One packed panel of A (depth × 4, 8 KiB) stays in the first cache while all panels of B
// (depth × columns, at most 512 KiB) stream from the second.
const blockDepth = 256;
const blockColumns = 256;

const panelBytes = blockDepth * tileSize * 8;
const edgeBytes = tileSize * tileSize * 8;

/** Bytes of scratch memory, aligned to 16, that a matrix product needs. */
export const gemmScratchBytes: number = edgeBytes + panelBytes + blockDepth * blockColumns * 8;

/** C (+)= A·B, Aᵀ·B, A·Bᵀ on row-major arrays; the first two also for A in float32. */
export function defineGemm(module: ModuleBuilder, arithmetic: Arithmetic): void {
  const wide = definePacking(module, float64);
  const narrow = definePacking(module, float32);
  const tile = defineTile(module, arithmetic);
  const edge = defineEdge(module, tile);
  const both = { tile, edge };
  for (const [precision, packing] of [
    [float64, wide],
    [float32, narrow],
  ] as const) {
    const { suffix, shift } = precision;
    const rows = { ...both, aShift: shift, packA: packing.transposed, packB: wide.neighbours };
    defineProduct(module, `multiply${suffix}`, rows);
    const left = { ...rows, packA: packing.neighbours };
    defineProduct(module, `multiplyTransposedLeft${suffix}`, { ...left, aTransposed: true });
  }
  const right = { ...both, aShift: 3, packA: wide.transposed, packB: wide.transposed } as const;
  defineProduct(module, 'multiplyTransposedRight', { ...right, bTransposed: true });
}

// The sums of 4×4 entries of C stay in eight registers over the whole depth. One step a round:
// where there are several, V8 moves all their loads to the front, runs out of registers, and takes
// twice as long.
function defineTile(module: ModuleBuilder, { madd }: Arithmetic): Call<Statement> {
  const parameters = {
    a: 'i32',
    b: 'i32',
    depth: 'i32',
    c: 'i32',
    stride: 'i32',
    add: 'i32',
  } as const;
  return module.define('gemmTile', parameters, ({ a, b, depth, c, stride, add }, f) => {
    const sums = Array.from({ length: 8 }, () => f.local('v128'));
    const [b0, b1, factor] = [f.local('v128'), f.local('v128'), f.local('v128')];
    const end = f.local('i32');
    const round: Statement = [
      b0.set(memory.load(b)),
      b1.set(memory.load(b, 16)),
      [0, 1, 2, 3].map((i) => [
        factor.set(memory.loadTwice(a, 8 * i)),
        sums[2 * i].set(madd(factor, b0, sums[2 * i])),
        sums[2 * i + 1].set(madd(factor, b1, sums[2 * i + 1])),
      ]),
      advance(b, 32),
    ];
    const write = (k: 0 | 1, row: number) => {
      const sum = sums[2 * row + k];
      return memory.store(c, choose(add, f64x2.add(memory.load(c, 16 * k), sum), sum), 16 * k);
    };
    return [
      sums.map((sum) => sum.set(v128.twice(0))),
      end.set(i32.add(a, i32.shl(depth, i32.const(5)))),
      until(a, end, 32, round),
      [0, 1, 2, 3].map((row) => [write(0, row), write(1, row), advance(c, stride)]),
    ];
  });
}

// A tile at the right or lower edge of C is computed aside; only the part inside is taken over.
function defineEdge(module: ModuleBuilder, tile: Call<Statement>): Call<Statement> {
  const parameters = {
    a: 'i32',
    b: 'i32',
    depth: 'i32',
    c: 'i32',
    stride: 'i32',
    add: 'i32',
    rows: 'i32',
    columns: 'i32',
    aside: 'i32',
  } as const;
  return module.define('gemmEdge', parameters, (p, f) => {
    const { a, b, depth, c, stride, add, rows, columns, aside } = p;
    const [i, j] = [f.local('i32'), f.local('i32')];
    const value = memory.loadF64(entry(aside, j));
    const target = entry(c, j);
    return [
      tile(a, b, depth, aside, i32.const(8 * tileSize), i32.const(0)),
      until(i, rows, 1, [
        j.set(i32.const(0)),
        until(j, columns, 1, [
          when(
            add,
            memory.storeF64(target, f64.add(memory.loadF64(target), value)),
            memory.storeF64(target, value),
          ),
        ]),
        advance(aside, 8 * tileSize),
        advance(c, stride),
      ]),
    ];
  });
}

/** How an orientation reads its matrices, and what multiplies the packed panels. */
interface Orientation {
  readonly tile: Call<Statement>;
  readonly edge: Call<Statement>;
  readonly packA: Call<Statement>;
  readonly packB: Call<Statement>;
  /** The logarithm of the bytes of an entry of A. */
  readonly aShift: 2 | 3;
  readonly aTransposed?: true;
  readonly bTransposed?: true;
}

type ProductName = Extract<KernelName, `multiply${string}`>;

function defineProduct(module: ModuleBuilder, name: ProductName, how: Orientation): void {
  module.define(name, signatures[name], (p, f) => {
    const { rows, columns, depth, aStride, bStride, cStride, add, scratch } = p;
    const [k, width, size] = [f.local('i32'), f.local('i32'), f.local('i32')];
    const column = f.local('i32');
    const inBlock = { ...p, k, width, size, column };
    return [
      when(i32.eqz(depth), when(i32.eqz(add), clear(p, f))),
      aStride.set(i32.shl(aStride, i32.const(how.aShift))),
      bStride.set(i32.shl(bStride, i32.const(3))),
      cStride.set(i32.shl(cStride, i32.const(3))),
      whileTrue(i32.ne(k, depth), [
        size.set(smaller(i32.sub(depth, k), blockDepth)),
        column.set(i32.const(0)),
        whileTrue(i32.ne(column, columns), [
          width.set(smaller(i32.sub(columns, column), blockColumns)),
          block(inBlock, f, scratch, rows, how),
          column.set(i32.add(column, width)),
        ]),
        k.set(i32.add(k, size)),
        add.set(i32.const(1)),
      ]),
    ];
  });
}

type Block = Names<
  'a' | 'b' | 'c' | 'aStride' | 'bStride' | 'cStride' | 'add' | 'k' | 'size' | 'column' | 'width'
>;

// Packs the block of B, then row by row of tiles the panel of A, and multiplies.
function block(
  { a, b, c, aStride, bStride, cStride, add, k, size, column, width }: Block,
  f: Locals,
  scratch: I32,
  rows: I32,
  { tile, edge, packA, packB, aShift, aTransposed, bTransposed }: Orientation,
): Statement {
  const [i, j, high, wide, panel] = Array.from({ length: 5 }, () => f.local('i32'));
  const aPanel = i32.add(scratch, i32.const(edgeBytes));
  const bPanels = i32.add(scratch, i32.const(edgeBytes + panelBytes));
  const nextPanel = advance(panel, i32.shl(size, i32.const(5)));
  // The address of entry (row, column) of a matrix as stored.
  const at = (base: I32, stride: I32, row: I32, col: I32, shift = 3) =>
    i32.add(i32.add(base, i32.mul(row, stride)), i32.shl(col, i32.const(shift)));
  const across = (body: Statement): Statement => [
    panel.set(bPanels),
    j.set(i32.const(0)),
    whileTrue(i32.ltU(j, width), [
      wide.set(smaller(i32.sub(width, j), tileSize)),
      body,
      nextPanel,
      j.set(i32.add(j, i32.const(tileSize))),
    ]),
  ];
  const bColumn = i32.add(column, j);
  const target = at(c, cStride, i, bColumn);
  const fromA = aTransposed ? at(a, aStride, k, i, aShift) : at(a, aStride, i, k, aShift);
  const fromB = bTransposed ? at(b, bStride, bColumn, k) : at(b, bStride, k, bColumn);
  return [
    across(packB(fromB, bStride, panel, wide, size)),
    i.set(i32.const(0)),
    whileTrue(i32.ltU(i, rows), [
      high.set(smaller(i32.sub(rows, i), tileSize)),
      packA(fromA, aStride, aPanel, high, size),
      across(
        when(
          i32.eq(i32.add(high, wide), i32.const(2 * tileSize)),
          tile(aPanel, panel, size, target, cStride, add),
          edge(aPanel, panel, size, target, cStride, add, high, wide, scratch),
        ),
      ),
      i.set(i32.add(i, i32.const(tileSize))),
    ]),
  ];
}

function clear(
  { c, rows, columns, cStride }: Names<'c' | 'rows' | 'columns' | 'cStride'>,
  f: Locals,
): Statement {
  const row = f.local('i32');
  const start = i32.add(c, i32.mul(row, i32.shl(cStride, i32.const(3))));
  return until(row, rows, 1, memory.fill(start, i32.const(0), i32.shl(columns, i32.const(3))));
}

/** A count, but no more than the limit. */
function smaller(count: I32, limit: number): I32 {
  return choose(i32.ltU(count, i32.const(limit)), count, i32.const(limit));
}
