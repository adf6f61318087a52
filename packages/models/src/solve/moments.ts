import { FlatMatrix } from '@steepest/autodiff';
import { type Asking, answered, got, type Later } from '@steepest/ground';
import type { Family } from '../families/family.ts';
import { type Blocks, eachBlock } from './blocks.ts';
import { type Block, rowSums } from './row-sums.ts';

/** Where each column lies and how far it spreads: x = shift + scale · (a column of mean 0 and deviation 1). */
export interface Moments {
  /** The means; 0 where columns must not be shifted. */
  readonly shift: Float64Array;
  /** The deviations about the shift; 1 for a column of one value. */
  readonly scale: Float64Array;
  /** Whether every entry is a finite number. */
  readonly finite: boolean;
}

/** From so many entries on, sums are compiled: below, that costs more than it saves. */
export const many = 1e5;

/**
 * Means and deviations in one pass, about the first row, so that a column far from 0 keeps its digits.
 * Without `centred`, root mean squares about 0.
 */
export function momentsOf(family: Family, blocks: Blocks, centred: boolean): Later<Moments> {
  return answered(asked(family, blocks, centred));
}

function* asked(family: Family, blocks: Blocks, centred: boolean): Asking<Moments> {
  const { rows, columns } = blocks;
  // Blocks that are read are too small for threads to pay.
  const entries = blocks.read === undefined ? rows * columns : 0;
  const sums = rowSums(family, rows * columns > many, entries);
  let first: FlatMatrix | undefined;
  const total = new Float64Array(columns);
  const squares = new Float64Array(columns);
  yield* got(
    eachBlock(
      blocks,
      ({ x }) => {
        first ??= new FlatMatrix(1, columns, centred ? x.data.slice(0, columns) : undefined);
        const part = sums.moments({ shift: first }, { x });
        for (let j = 0; j < columns; j++) {
          total[j] += part.total.data[j];
          squares[j] += part.squares.data[j];
        }
      },
      () => undefined,
    ),
  );
  const from = first?.data ?? new Float64Array(columns);
  const shift = new Float64Array(columns);
  const scale = new Float64Array(columns).fill(1);
  const careful: number[] = [];
  for (let j = 0; j < columns; j++) {
    const mean = centred ? total[j] / rows : 0;
    const square = squares[j] / rows - mean * mean;
    shift[j] = from[j] + mean;
    // Where squares leave the range of numbers, or differences that of the sum, once more and slower.
    if (Number.isFinite(square) && square > 1e-6 * mean * mean && square > 1e-280) {
      scale[j] = Math.sqrt(square);
    } else careful.push(j);
  }
  if (careful.length === 0) return { shift, scale, finite: true };
  const spreads = yield* carefulDeviations(blocks, careful, shift);
  careful.forEach((j, k) => {
    if (spreads.deviations[k] > 0) scale[j] = spreads.deviations[k];
    else shift[j] = from[j];
  });
  return { shift, scale, finite: spreads.finite };
}

/** The deviations of some columns about a shift, by scaled squares; 0 where rounding alone is left. */
function* carefulDeviations(
  blocks: Blocks,
  columns: readonly number[],
  about: Float64Array,
): Asking<{ readonly deviations: Float64Array; readonly finite: boolean }> {
  const largest = new Float64Array(columns.length);
  let finite = true;
  const measure = ({ x: { data, columns: d } }: Block): void => {
    columns.forEach((j, k) => {
      for (let i = j; i < data.length; i += d) {
        if (data[i] - data[i] !== 0) finite = false;
        largest[k] = Math.max(largest[k], Math.abs(data[i] - about[j]));
      }
    });
  };
  yield* got(eachBlock(blocks, measure, () => undefined));
  const deviations = new Float64Array(columns.length);
  const spread = columns.map((j, k) => largest[k] > 4 * Number.EPSILON * Math.abs(about[j]));
  if (!finite || !spread.includes(true)) return { deviations, finite };
  const add = ({ x: { data, columns: d } }: Block): void => {
    columns.forEach((j, k) => {
      if (!spread[k]) return;
      for (let i = j; i < data.length; i += d) {
        deviations[k] += ((data[i] - about[j]) / largest[k]) ** 2;
      }
    });
  };
  yield* got(eachBlock(blocks, add, () => undefined));
  return {
    deviations: deviations.map((sum, k) => largest[k] * Math.sqrt(sum / blocks.rows)),
    finite,
  };
}
