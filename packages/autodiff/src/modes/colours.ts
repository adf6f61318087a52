import type { FlatMatrix } from '../values/flat-matrix.ts';

/**
 * Columns in groups of which no two have a non-zero in the same row, so that one direction serves a
 * whole group (Curtis, Powell & Reid, On the estimation of sparse Jacobian matrices, 1974): greedily,
 * the fullest columns first.
 */
export function structurallyOrthogonal({ rows, columns, data }: FlatMatrix): number[][] {
  const rowsOf = Array.from({ length: columns }, (_, j) => {
    const own: number[] = [];
    for (let i = 0; i < rows; i++) if (data[i * columns + j] !== 0) own.push(i);
    return own;
  });
  const order = rowsOf.map((_, j) => j).sort((a, b) => rowsOf[b].length - rowsOf[a].length);
  const groups: { readonly columns: number[]; readonly taken: Uint8Array }[] = [];
  for (const j of order) {
    let group = groups.find(({ taken }) => rowsOf[j].every((i) => taken[i] === 0));
    if (group === undefined) {
      group = { columns: [], taken: new Uint8Array(rows) };
      groups.push(group);
    }
    group.columns.push(j);
    for (const i of rowsOf[j]) group.taken[i] = 1;
  }
  return groups.map((group) => group.columns);
}
