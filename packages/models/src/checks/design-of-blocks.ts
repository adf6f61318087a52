import type { FlatMatrix } from '@steepest/autodiff';
import { type Asking, answered, got, type Later } from '@steepest/ground';
import { pivotedQr } from '@steepest/optim/linear-algebra';
import { scaleColumns } from '../exact/design.ts';
import { RowwiseQr } from '../solve/block-qr.ts';
import { type Blocks, eachBlock } from '../solve/blocks.ts';
import {
  clearlyTold,
  constantWarnings,
  dependentColumns,
  factored,
  fewRows,
  rowWarnings,
  tolerance,
  tooFew,
} from './design-checks.ts';
import type { Warning } from './warning.ts';

interface Design {
  readonly names: readonly string[];
  readonly intercept: boolean;
  /** Rows by their numbers. */
  some(rows: ArrayLike<number>): FlatMatrix;
}

/** What `designWarnings` says of the prepared columns, for rows that pass by in blocks. */
export function designOfBlocks(blocks: Blocks, design: Design): Later<Warning[]> {
  return answered(asked(blocks, design));
}

function* asked(blocks: Blocks, { names, intercept, some }: Design): Asking<Warning[]> {
  const { rows, columns } = blocks;
  const warnings = rowWarnings(rows, columns + (intercept ? 1 : 0));
  const facts = yield* got(ranges(blocks));
  const isConstant = (j: number): boolean => intercept && facts.low[j] === facts.high[j];
  warnings.push(...constantWarnings(names.filter((_, j) => isConstant(j))));
  if (tooFew(warnings)) return warnings;
  const kept = names.map((_, j) => j).filter((j) => !isConstant(j));
  const few = fewRows(columns);
  if (rows > 2 * few) {
    const stride = Math.floor(rows / few);
    const part = some(Uint32Array.from({ length: Math.ceil(rows / stride) }, (_, i) => i * stride));
    const { data, rows: found } = part;
    const told = factored({ data, rows: found, columns, names }, kept, intercept, 1);
    if (clearlyTold(told)) return warnings;
  }
  // The factors of R are those of all rows.
  const qr = new RowwiseQr(kept.length);
  const mean = facts.total.map((sum) => (intercept ? sum / rows : 0));
  yield* got(
    eachBlock(
      blocks,
      ({ x }) => {
        for (let from = 0; from < x.data.length; from += columns) {
          qr.add((k) => x.data[from + kept[k]] - mean[kept[k]]);
        }
      },
      () => undefined,
    ),
  );
  const r = qr.r();
  scaleColumns(r);
  const told = kept.map((j) => names[j]);
  return [...warnings, ...dependentColumns(pivotedQr(r, tolerance), told, intercept)];
}

function ranges(blocks: Blocks) {
  const low = new Float64Array(blocks.columns).fill(Infinity);
  const high = new Float64Array(blocks.columns).fill(-Infinity);
  const total = new Float64Array(blocks.columns);
  return eachBlock(
    blocks,
    ({ x: { data, columns } }) => {
      for (let from = 0; from < data.length; from += columns) {
        for (let j = 0; j < columns; j++) {
          const value = data[from + j];
          if (value < low[j]) low[j] = value;
          if (value > high[j]) high[j] = value;
          total[j] += value;
        }
      }
    },
    () => ({ low, high, total }),
  );
}
