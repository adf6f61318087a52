import { f64, type I32, i32, memory, type Statement, until } from '@steepest/wasm';
import { type PlanNode, parametersOf } from '../plan/node.ts';
import { addressOf, type Count, indexAddress, knownCount, type Target, times } from './target.ts';

/** What one operation needs to write its code. */
export interface Site {
  readonly target: Target;
  readonly node: PlanNode;
  /** The rows that this operation sees of an input that is read by rows. */
  readonly rows: Count;
}

export const tile = (target: Target, node: PlanNode): I32 => addressOf(target, node, 'tile');
export const all = (target: Target, node: PlanNode): I32 => addressOf(target, node, 'whole');

/** Operations that move whole rows, or entries of rows by their number. */
export const rowOperations: Readonly<Record<string, (site: Site) => Statement>> = {
  reshape: ({ target, node }) => {
    const bytes = i32.const(8 * node.rows * node.columns);
    return memory.copy(all(target, node), all(target, node.inputs[0]), bytes);
  },
  slice: (site) => {
    const { target, node } = site;
    const [x] = node.inputs;
    const { rows, columns } = parametersOf<Record<'rows' | 'columns', [number, number]>>(node);
    const first = target.tile === undefined ? rows[0] * x.columns : 0;
    const from = i32.add(tile(target, x), i32.const(8 * (first + columns[0])));
    return copyRows(site, from, x.columns, tile(target, node), node.columns, node.columns);
  },
  embed: (site) => {
    const { target, node, rows } = site;
    const [x] = node.inputs;
    const { top, left } = parametersOf<{ top: number; left: number }>(node);
    const first = target.tile === undefined ? top * node.columns : 0;
    const to = i32.add(tile(target, node), i32.const(8 * (first + left)));
    const bytes = times(target.tile === undefined ? knownCount(node.rows) : rows, 8 * node.columns);
    const copied = { ...site, rows: target.tile === undefined ? knownCount(x.rows) : rows };
    return [
      memory.fill(tile(target, node), i32.const(0), bytes.code),
      copyRows(copied, tile(target, x), x.columns, to, node.columns, x.columns),
    ];
  },
  concat: (site) => {
    const { target, node } = site;
    const { axis } = parametersOf<{ axis: 0 | 1 }>(node);
    let offset = 0;
    return node.inputs.map((part) => {
      const to = i32.add(tile(target, node), i32.const(8 * offset));
      offset += axis === 0 ? part.rows * part.columns : part.columns;
      if (axis === 1) {
        return copyRows(site, tile(target, part), part.columns, to, node.columns, part.columns);
      }
      return memory.copy(to, tile(target, part), i32.const(8 * part.rows * part.columns));
    });
  },
  pick: (site) =>
    byIndex(site, (x, index, to) => [
      memory.storeF64(to, memory.loadF64(i32.add(x, i32.shl(index, i32.const(3))))),
    ]),
  place: (site) => [
    memory.fill(
      tile(site.target, site.node),
      i32.const(0),
      times(site.rows, 8 * site.node.columns).code,
    ),
    byIndex(site, (x, index, to) =>
      memory.storeF64(i32.add(to, i32.shl(index, i32.const(3))), memory.loadF64(x)),
    ),
  ],
  // Adds to zeros, or to the rows before.
  scatter: (site) => {
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
  gather: (site) => {
    const { node, target } = site;
    const bytes = 8 * node.columns;
    const table = all(target, node.inputs[0]);
    return byIndex(site, (_, index, to) =>
      memory.copy(to, i32.add(table, i32.mul(index, i32.const(bytes))), i32.const(bytes)),
    );
  },
};

/** Copies the first `width` entries of each row; strides in entries. */
function copyRows(
  { target, rows }: Site,
  from: I32,
  fromStride: number,
  to: I32,
  toStride: number,
  width: number,
): Statement {
  const { locals } = target;
  const [source, end, at] = [locals.local('i32'), locals.local('i32'), locals.local('i32')];
  const bytes = i32.const(8 * width);
  return [
    source.set(from),
    at.set(to),
    end.set(i32.add(at, i32.mul(rows.code, i32.const(8 * toStride)))),
    until(at, end, 8 * toStride, [
      memory.copy(at, source, bytes),
      source.set(i32.add(source, i32.const(8 * fromStride))),
    ]),
  ];
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
