import { i32 } from '@steepest/wasm';
import { float64, rowProducts } from '../kernels/index.ts';
import { isFloat32, isSource, isSparse, rowBytes } from '../plan/node.ts';
import { addressOf } from '../program/target.ts';
import type { Between } from './lowering.ts';

/** Bytes of X above which its rows come from memory, so that there is something to wait for. */
const leastBytes = 16 * 1024 * 1024;
/** Shorter rows, and those in float32, take too little time to hide anything in. */
const leastColumns = 32;

/** X·w, with code after each two of its rows that is computed while the next ones are read. */
export const betweenRows: Between = {
  pays: ({ inputs: [x], columns }) =>
    columns === 1 &&
    isSource(x) &&
    !isSparse(x) &&
    !isFloat32(x) &&
    x.columns >= leastColumns &&
    rowBytes(x) * x.rows > leastBytes,
  emit: (target, { inputs: [a, b] }, finish) => {
    const { locals, arithmetic, tile } = target;
    const [x, w, columns] = Array.from({ length: 3 }, () => locals.local('i32'));
    const { code: rows } = (tile as NonNullable<typeof tile>).rows;
    return [
      x.set(addressOf(target, a, 'tile')),
      w.set(addressOf(target, b, 'whole')),
      columns.set(i32.const(a.columns)),
      rowProducts(locals, arithmetic, float64, { x, w, rows, columns }, finish),
    ];
  },
};
