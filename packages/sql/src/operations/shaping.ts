import { concat, cumsum, innerOperations, slice } from '@steepest/autodiff';
import type { OperationNode } from '@steepest/compile/plan';
import type { Sql, Written } from './operation.ts';

interface Ranges {
  readonly columns: readonly [number, number];
}

const parametersOf = <T>({ primitive }: OperationNode): T => primitive.parameters as T;

const slicing: Sql = {
  row: ({ node, inputs: [x] }) => x.row.slice(...parametersOf<Ranges>(node).columns),
};

const embedding: Sql = {
  row: ({ e, node, inputs: [x] }) => {
    const { left } = parametersOf<{ readonly left: number }>(node);
    const row = Array.from({ length: node.columns }, () => e.number(0));
    row.splice(left, x.row.length, ...x.row);
    return row;
  },
};

const runningSums: Sql = {
  row: ({ e, node, inputs: [x] }) => {
    const { reversed } = parametersOf<{ readonly reversed: boolean }>(node);
    const terms = reversed ? [...x.row].reverse() : x.row;
    const sums = terms.map((_, k) => e.sum(terms.slice(0, k + 1)));
    return reversed ? sums.reverse() : sums;
  },
};

/** What moves the entries of a row, or goes along them. */
export const shaping: readonly Written[] = [
  [slice, slicing],
  [innerOperations.embed, embedding],
  [concat, { row: ({ inputs }) => inputs.flatMap((x) => x.row) }],
  [cumsum, runningSums],
];
