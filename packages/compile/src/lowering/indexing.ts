import { gather, innerOperations, pick } from '@steepest/autodiff';
import { f64, type I32, i32, memory, type Statement, until } from '@steepest/wasm';
import type { OperationNode } from '../plan/node.ts';
import { all, indexAddress, tile, times } from '../program/target.ts';
import { byRows, type Lowered, type Lowering, type Site, sameRows, total } from './lowering.ts';
import { addition } from './reductions.ts';

const { place, scatter } = innerOperations;

/** Whether the arguments hold an index for each row of the batch. */
function oneIndexPerRow({ indices }: OperationNode, rows: number): boolean {
  return indices !== undefined && 'leaf' in indices && indices.length === rows;
}

/** Row by row: the row of the input, its index, the row of the result. */
function byIndex(
  { target, node, rows }: Site,
  body: (x: I32, index: I32, to: I32, result: I32) => Statement,
): Statement {
  const { locals } = target;
  const [x, at, end, to, result] = Array.from({ length: 5 }, () => locals.local('i32'));
  const [input] = node.inputs;
  const step = (pointer: typeof x, bytes: number) =>
    pointer.set(i32.add(pointer, i32.const(bytes)));
  return [
    x.set(tile(target, input)),
    to.set(tile(target, node)),
    result.set(to),
    at.set(indexAddress(target, node)),
    end.set(i32.add(at, i32.shl(rows.code, i32.const(2)))),
    until(at, end, 4, [
      body(x, memory.loadI32(at), to, result),
      step(x, 8 * input.columns),
      step(to, 8 * node.columns),
    ]),
  ];
}

/** The row of the result from the row of the input, and its index. */
const rowFromRow: Lowering['rowwise'] = (node, given, rows) =>
  oneIndexPerRow(node, rows) ? byRows('tile') : sameRows(node, given, rows);

const picking: Lowering = {
  rowwise: rowFromRow,
  indexLimit: ({ inputs: [x] }) => x.columns,
  emit: (site) =>
    byIndex(site, (x, index, to) => [
      memory.storeF64(to, memory.loadF64(i32.add(x, i32.shl(index, i32.const(3))))),
    ]),
};

const placing: Lowering = {
  rowwise: rowFromRow,
  indexLimit: ({ columns }) => columns,
  emit: (site) => [
    memory.fill(
      tile(site.target, site.node),
      i32.const(0),
      times(site.rows, 8 * site.node.columns).code,
    ),
    byIndex(site, (x, index, to) =>
      memory.storeF64(i32.add(to, i32.shl(index, i32.const(3))), memory.loadF64(x)),
    ),
  ],
};

const gathering: Lowering = {
  rowwise: (node, _, rows) => (oneIndexPerRow(node, rows) ? byRows('whole') : undefined),
  indexLimit: ({ inputs: [x] }) => x.rows,
  emit: (site) => {
    const { node, target } = site;
    const bytes = 8 * node.columns;
    const table = all(target, node.inputs[0]);
    return byIndex(site, (_, index, to) =>
      memory.copy(to, i32.add(table, i32.mul(index, i32.const(bytes))), i32.const(bytes)),
    );
  },
};

// Adds to zeros, or to the rows before.
const scattering: Lowering = {
  rowwise: (node, [given], rows) =>
    given && node.inputs[0].rows === rows ? total('tile') : undefined,
  indexLimit: ({ rows }) => rows,
  accumulates: addition,
  emit: (site) => {
    const { node, target } = site;
    const { columns } = node;
    const column = target.locals.local('i32');
    return byIndex(site, (x, index, _, result) => {
      const row = i32.add(result, i32.mul(index, i32.const(8 * columns)));
      const to = i32.add(row, column);
      const sum = f64.add(memory.loadF64(to), memory.loadF64(i32.add(x, column)));
      return [
        column.set(i32.const(0)),
        until(column, i32.const(8 * columns), 8, memory.storeF64(to, sum)),
      ];
    });
  },
};

/** Operations at row or class numbers, and their transposes. */
export const indexing: readonly Lowered[] = [
  [pick, picking],
  [place, placing],
  [gather, gathering],
  [scatter, scattering],
];
