import {
  broadcastTo,
  cumsum,
  logSoftmax,
  reshape,
  softmax,
  toFlatMatrix,
  type Value,
} from '../src/index.ts';

/** A value with the shape that numpy would give it: vectors are n×1 columns. */
export interface Ranked {
  readonly value: Value;
  readonly shape: readonly number[];
}

/** The case needs something that a library of matrices does not have. */
export class NotOffered extends Error {}

/** The sizes of the matrix that holds an array of this shape. */
export function asMatrix(shape: readonly number[]): readonly [number, number] {
  if (shape.length > 2) throw new NotOffered(`${shape.length} dimensions`);
  return [shape[0] ?? 1, shape[1] ?? 1];
}

export function shaped(value: Value, shape: readonly number[]): Ranked {
  const [rows, columns] = asMatrix(shape);
  if (value.rows !== rows || value.columns !== columns) {
    throw new Error(`expected ${rows}×${columns}, got ${value.rows}×${value.columns}`);
  }
  return { value, shape };
}

export function ranked(x: Value | number, rank: number): Ranked {
  const value = typeof x === 'number' ? toFlatMatrix(x) : x;
  return { value, shape: [value.rows, value.columns].slice(0, rank) };
}

/** The operand as it lines up beside one of higher rank: a vector is a row beside a matrix. */
export function atRank({ value, shape }: Ranked, rank: number): Value {
  if (rank > 2) throw new NotOffered(`${rank} dimensions`);
  return shape.length === 1 && rank === 2 ? reshape(value, [1, shape[0]]) : value;
}

type Along = (x: Value, options: { axis?: 0 | 1 }) => Value;
type Options = Readonly<Record<string, unknown>>;

function axesOf({ shape }: Ranked, { axis }: Options): number[] {
  if (axis === undefined || axis === null) return shape.map((_, i) => i);
  const axes = Array.isArray(axis) ? (axis as number[]) : [axis as number];
  return axes.map((i) => (i < 0 ? i + shape.length : i));
}

/** A reduction over an axis, several or all; without keepdims the reduced axes disappear. */
export function reduced(reduction: Along, x: Ranked, options: Options): Ranked {
  const axes = axesOf(x, options);
  const all = axes.length === x.shape.length;
  const value = all ? reduction(x.value, {}) : reduction(x.value, { axis: axes[0] as 0 | 1 });
  const kept = x.shape.map((size, i) => (axes.includes(i) ? 1 : size));
  const left = options.keepdims === true ? kept : x.shape.filter((_, i) => !axes.includes(i));
  return shaped(reshape(value, asMatrix(left)), left);
}

const shapeKeeping: Readonly<Record<string, Along>> = {
  softmax,
  logsoftmax: logSoftmax,
  cumsum,
};

/** An operation along one axis (the last without) that keeps the shape. */
export function alongAxis(op: string, x: Ranked, { axis = -1 }: Options): Ranked {
  const along = (axis as number) < 0 ? (axis as number) + x.shape.length : (axis as number);
  return shaped(shapeKeeping[op](x.value, { axis: Math.max(along, 0) as 0 | 1 }), x.shape);
}

export function stretched(x: Ranked, shape: readonly number[]): Ranked {
  return shaped(broadcastTo(atRank(x, shape.length), asMatrix(shape)), shape);
}
