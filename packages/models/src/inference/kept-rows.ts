import { toFlatMatrix } from '@steepest/autodiff';
import type { Table } from '@steepest/datasets';
import { numbersOf } from '../fit/columns.ts';
import type { Fitted } from '../fit/model.ts';
import { type Examples, isTable } from '../fit/training-set.ts';

/** Which of the rows count: those whose weight is not 0. `kept` is undefined where all do. */
export function keptRows(
  { reading }: Fitted,
  data: Table | Examples,
): { readonly kept: readonly number[] | undefined; readonly rows: number } {
  const rows = isTable(data) ? data.rows : toFlatMatrix(data.y).rows;
  const weights = weightsOf(data, reading.weights ?? reading.analyticWeights);
  if (weights === undefined || !weights.includes(0)) return { kept: undefined, rows };
  return { kept: [...weights.keys()].filter((i) => weights[i] !== 0), rows };
}

function weightsOf(data: Table | Examples, column: string | undefined): Float64Array | undefined {
  if (isTable(data)) return column === undefined ? undefined : numbersOf(data, column);
  const weights = data.weights ?? data.analyticWeights;
  return weights === undefined ? undefined : toFlatMatrix(weights).data;
}
