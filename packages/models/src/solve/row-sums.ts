import {
  abs,
  add,
  type FlatMatrix,
  grad,
  matmul,
  matmulLeft,
  max,
  mul,
  square,
  sub,
  sum,
  type Value,
  valueAndGrad,
} from '@steepest/autodiff';
import { type CompileOptions, compile } from '@steepest/compile';
import { usualThreads } from '@steepest/compile/threads';
import type { Family } from '../families/family.ts';

/** Rows of a problem: x n×d, all else n×1. */
export interface Block {
  readonly x: FlatMatrix;
  readonly y: FlatMatrix;
  readonly weights?: FlatMatrix;
  readonly offset?: FlatMatrix;
}

/** Scores (x − shift) w + b: w d×K, b 1×K, shift 1×d. */
export interface Affine {
  readonly w: FlatMatrix;
  readonly b: FlatMatrix;
  readonly shift?: FlatMatrix;
}

/** Sums over the rows of a block, w by w, w by b and b by b. */
export interface CurvatureSums {
  readonly ww: FlatMatrix;
  readonly wb: FlatMatrix;
  readonly bb: FlatMatrix;
}

/** What the solver asks of a block: sums over its rows, that add up over blocks. */
export interface RowSums {
  /** Σ weight · loss, and its gradient by w (d×K) and b (1×K). */
  gradient(at: Affine, block: Block): { value: number; gradient: { w: FlatMatrix; b: FlatMatrix } };
  /** Σ weight · h x xᵀ, h = aᵀ(∂²loss/∂t²)c, for a 1×K and c K×1. */
  curvature(at: Affine & { a: FlatMatrix; c: FlatMatrix }, block: Block): CurvatureSums;
  /** The second derivative of Σ weight · loss along v, by w and b. */
  along(at: Affine & { v: Affine }, block: Block): { w: FlatMatrix; b: FlatMatrix };
  /** (x − shift) w + b + offset: n×K. */
  scores(at: Affine, block: Pick<Block, 'x' | 'offset'>): FlatMatrix;
  /** What is predicted for each row: n×K. */
  means(at: Affine, block: Pick<Block, 'x' | 'offset'>): FlatMatrix;
  /** The largest |(x − shift) w + b| of all rows and scores: 1×1. */
  farthest(at: Affine, block: Pick<Block, 'x'>): FlatMatrix;
  /** Σ (x − shift) and Σ (x − shift)², 1×d. */
  moments(
    at: { shift: FlatMatrix },
    block: Pick<Block, 'x'>,
  ): { total: FlatMatrix; squares: FlatMatrix };
  /** Each row's weight · (∂²loss/∂t²) a, n×K, for a 1×K. */
  rows(at: Affine & { a: FlatMatrix }, block: Block): FlatMatrix;
}

const plain = new WeakMap<Family, RowSums>();
const compiled = new WeakMap<Family, RowSums>();
const shared = new WeakMap<Family, RowSums>();

/** From so many entries on, two threads pay: a gradient takes as long as it takes to wake one twenty times. */
const large = 2e6;

/**
 * The sums of a family, compiled where that is `fast`, by two threads where there are many entries. Compiled
 * ones are kept, so that a second fit of one shape compiles nothing.
 */
export function rowSums(family: Family, fast: boolean, entries = 0): RowSums {
  const several = fast && entries >= large;
  const known = several ? shared : fast ? compiled : plain;
  let sums = known.get(family);
  if (sums === undefined) {
    const threads = several ? usualThreads() : undefined;
    const options: CompileOptions = threads === undefined ? {} : { threads };
    sums = sumsOf(family, fast ? (f) => compile(f as never, options) as never : (f) => f);
    known.set(family, sums);
  }
  return sums;
}

function sumsOf(family: Family, made: <F>(f: F) => F): RowSums {
  const ofColumns = ({ shift }: Pick<Affine, 'shift'>, x: FlatMatrix): Value =>
    shift === undefined ? x : sub(x, shift);
  const shifted = (at: Affine, { x, offset }: Pick<Block, 'x' | 'offset'>): Value => {
    const t = add(matmul(ofColumns(at, x), at.w), at.b);
    return offset === undefined ? t : add(t, offset);
  };
  const weighed = (rows: Value, { weights }: Block): Value =>
    weights === undefined ? rows : mul(weights, rows);
  const total = (t: Value, block: Block): Value => sum(weighed(family.loss(t, block.y), block));
  const slopes = (t: Value, block: Block): Value =>
    grad((scores: Value) => total(scores, block))(t as FlatMatrix);
  const curved = (t: Value, v: Value, block: Block): Value =>
    grad((scores: Value) => sum(mul(slopes(scores, block), v)))(t as FlatMatrix);
  const down = { axis: 0 } as const;
  return {
    gradient: made(({ w, b, shift }: Affine, block: Block) =>
      valueAndGrad((p: { w: Value; b: Value }) =>
        total(shifted({ ...(shift && { shift }), ...p } as Affine, block), block),
      )({ w, b }),
    ),
    curvature: made((at: Affine & { a: FlatMatrix; c: FlatMatrix }, block: Block) => {
      const x = ofColumns(at, block.x);
      const t = shifted(at, block);
      const h = matmul(curved(t, at.a, block), at.c);
      return { ww: matmulLeft(x, mul(h, x)), wb: matmulLeft(x, h), bb: sum(h, down) };
    }) as RowSums['curvature'],
    along: made((at: Affine & { v: Affine }, block: Block) => {
      const x = ofColumns(at, block.x);
      const u = add(matmul(x, at.v.w), at.v.b);
      const q = curved(shifted(at, block), u, block);
      return { w: matmulLeft(x, q), b: sum(q, down) };
    }) as RowSums['along'],
    scores: made(shifted) as RowSums['scores'],
    means: made((at: Affine, block: Pick<Block, 'x' | 'offset'>) =>
      family.mean(shifted(at, block) as FlatMatrix),
    ),
    farthest: made((at: Affine, block: Pick<Block, 'x'>) =>
      max(abs(shifted(at, block))),
    ) as RowSums['farthest'],
    moments: made(({ shift }: { shift: FlatMatrix }, { x }: Pick<Block, 'x'>) => {
      const moved = sub(x, shift);
      return { total: sum(moved, down), squares: sum(square(moved), down) };
    }) as RowSums['moments'],
    rows: made((at: Affine & { a: FlatMatrix }, block: Block) =>
      curved(shifted(at, block), at.a, block),
    ) as RowSums['rows'],
  };
}
