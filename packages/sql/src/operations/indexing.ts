import { gather, innerOperations, pick } from '@steepest/autodiff';
import type { Sql, Written } from './operation.ts';

const indices = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** The entry of the row at its index. */
const picking: Sql = {
  row: ({ e, inputs: [x], index }) => [e.pick(index(x.columns), x.row)],
};

/** The entry at its index, zeros elsewhere. */
const placing: Sql = {
  row: ({ e, node, inputs: [x], index }) => {
    const at = index(node.columns);
    const zero = e.number(0);
    return indices(node.columns).map((j) => e.choose(e.equal(at, e.number(j)), x.row[0], zero));
  },
};

/** The row of a matrix that the row's index names. */
const gathering: Sql = {
  row: ({ e, inputs: [x], index }) => {
    const at = index(x.rows);
    return indices(x.columns).map((j) =>
      e.pick(
        at,
        indices(x.rows).map((i) => x.at(i, j)),
      ),
    );
  },
};

/** What a row adds at its index. */
const scattering: Sql = {
  total: ({ e, node, inputs: [x], index }) => {
    const at = index(node.rows);
    const zero = e.number(0);
    return indices(node.rows).flatMap((i) =>
      x.row.map((entry) => e.choose(e.equal(at, e.number(i)), entry, zero)),
    );
  },
};

/** Operations at row or class numbers, and their transposes. */
export const indexing: readonly Written[] = [
  [pick, picking],
  [innerOperations.place, placing],
  [gather, gathering],
  [innerOperations.scatter, scattering],
];
