import { type Cells, DROPPED, REFUSED, type SharedCells, STORED } from './cells.ts';
import type { Store } from './store.ts';

type AnyStore = Store<Float64Array> | Store<Int32Array> | Store<Int8Array>;

/** How a column of numbers or codes keeps what `read` makes of a raw cell, unless that is a fate. */
export function storedCells(
  store: AnyStore,
  read: (raw: string) => number,
): Pick<Cells, 'read' | 'put' | 'append' | 'reserve'> {
  return {
    read,
    put(row, raw) {
      const value = read(raw);
      if (value === REFUSED || value === DROPPED) return value;
      store.put(row, value);
      return STORED;
    },
    append: (row, staged) => store.append(row, staged),
    reserve: (rows) => store.reserve(rows),
  };
}

/** How threads share such a column. */
export function sharedCells(store: AnyStore): SharedCells {
  return {
    share: (rows) => store.share(rows),
    use: (buffer) => store.use(buffer),
    stored: (rows) => store.values.subarray(0, rows),
  };
}
