import { concat, cumsum, innerOperations, reshape, slice, transpose } from '@steepest/autodiff';
import { type I32, i32, memory, type Statement, until } from '@steepest/wasm';
import { copyWords } from '../kernels/copies.ts';
import { broadcast, isOne, type OperationNode, parametersOf, whole } from '../plan/node.ts';
import { all, knownCount, tile, times } from '../program/target.ts';
import { byRows, type Lowered, type Lowering, type Site, sameRows } from './lowering.ts';
import { isTransposed } from './transposed.ts';

const { embed } = innerOperations;

interface Ranges {
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
}

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
  // Whole rows of both lie one behind the other: one copy, whose call would otherwise be made for each.
  if (width === fromStride && width === toStride) {
    return memory.copy(to, from, i32.mul(rows.code, i32.const(8 * width)));
  }
  return [
    source.set(from),
    at.set(to),
    end.set(i32.add(at, i32.mul(rows.code, i32.const(8 * toStride)))),
    until(at, end, 8 * toStride, [
      copyWords(locals, source, at, 8 * width),
      source.set(i32.add(source, i32.const(8 * fromStride))),
    ]),
  ];
}

const reshaping: Lowering = {
  plan: ({ builder, primitive, views: [x], size }) => {
    if (x.rows === size[0] && x.columns === size[1]) return x;
    if (isOne(x.node)) return broadcast(x.node, size);
    return whole(builder.operation(primitive, [builder.settled(x)], size));
  },
  emit: ({ target, node }) => {
    const bytes = i32.const(8 * node.rows * node.columns);
    return memory.copy(all(target, node), all(target, node.inputs[0]), bytes);
  },
};

const transposing: Lowering = {
  plan: ({ builder, primitive, views: [x], size }) => {
    const { node } = x;
    if (isOne(node)) return broadcast(node, size);
    if (isTransposed(node) && x.rows === node.rows && x.columns === node.columns) {
      return whole(node.inputs[0]);
    }
    const turned = builder.operation(primitive, [node], [node.columns, node.rows]);
    return broadcast(turned, size);
  },
  // Written row by row: down a column of the input.
  emit: ({ target, node }) => {
    const { locals } = target;
    const [from, row, at, end, rowEnd] = Array.from({ length: 5 }, () => locals.local('i32'));
    const [x] = node.inputs;
    return [
      row.set(all(target, x)),
      at.set(all(target, node)),
      end.set(i32.add(at, i32.const(8 * node.rows * node.columns))),
      until(row, i32.add(all(target, x), i32.const(8 * x.columns)), 8, [
        from.set(row),
        rowEnd.set(i32.add(at, i32.const(8 * node.columns))),
        until(at, rowEnd, 8, [
          memory.storeF64(at, memory.loadF64(from)),
          from.set(i32.add(from, i32.const(8 * x.columns))),
        ]),
      ]),
    ];
  },
};

const slicing: Lowering = {
  plan: ({ builder, primitive, views: [x], size }) => {
    if (x.rows === size[0] && x.columns === size[1]) return x;
    return whole(builder.operation(primitive, [builder.settled(x)], size));
  },
  rowwise: (node, given, rows) => {
    const [top, bottom] = parametersOf<Ranges>(node).rows;
    return top === 0 && bottom === rows ? sameRows(node, given, rows) : undefined;
  },
  emit: (site) => {
    const { target, node } = site;
    const [x] = node.inputs;
    const { rows, columns } = parametersOf<Ranges>(node);
    const first = target.tile === undefined ? rows[0] * x.columns : 0;
    const from = i32.add(tile(target, x), i32.const(8 * (first + columns[0])));
    return copyRows(site, from, x.columns, tile(target, node), node.columns, node.columns);
  },
  details: (node) => {
    const { rows, columns } = parametersOf<Ranges>(node);
    return [rows.join('–'), columns.join('–')];
  },
};

const embedding: Lowering = {
  rowwise: (node, given, rows) => {
    const { top } = parametersOf<{ readonly top: number }>(node);
    return top === 0 ? sameRows(node, given, rows) : undefined;
  },
  emit: (site) => {
    const { target, node, rows } = site;
    const [x] = node.inputs;
    const { top, left } = parametersOf<{ readonly top: number; readonly left: number }>(node);
    const first = target.tile === undefined ? top * node.columns : 0;
    const to = i32.add(tile(target, node), i32.const(8 * (first + left)));
    const bytes = times(target.tile === undefined ? knownCount(node.rows) : rows, 8 * node.columns);
    const copied = { ...site, rows: target.tile === undefined ? knownCount(x.rows) : rows };
    return [
      memory.fill(tile(target, node), i32.const(0), bytes.code),
      copyRows(copied, tile(target, x), x.columns, to, node.columns, x.columns),
    ];
  },
};

const axisOf = (node: OperationNode): 0 | 1 => parametersOf<{ readonly axis: 0 | 1 }>(node).axis;

const concatenating: Lowering = {
  rowwise: (node, given) => {
    if (axisOf(node) === 0 || !given.includes(true)) return undefined;
    return byRows(...node.inputs.map(() => 'tile' as const));
  },
  emit: (site) => {
    const { target, node } = site;
    const axis = axisOf(node);
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
};

/** Operations that move whole rows, or go along them. */
export const shaping: readonly Lowered[] = [
  [reshape, reshaping],
  [transpose, transposing],
  [slice, slicing],
  [embed, embedding],
  [concat, concatenating],
  [
    cumsum,
    {
      // Computed by the host, on the rows at hand.
      rowwise: (node, given, rows) =>
        axisOf(node) === 1 ? sameRows(node, given, rows) : undefined,
    },
  ],
];
