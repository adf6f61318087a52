import type { Scanned } from '../table/on-disk.ts';
import { takeRows } from '../table/rows.ts';
import type { Table, Values } from '../table/table.ts';

type Read = (from: number, to: number) => Promise<Table>;

/** The rows of a part, in the order of the file. */
export interface Places {
  /** Reads the file in blocks, the next one while one is worked on, and keeps the rows of the part. */
  each(size: number, read: Read): AsyncIterable<Scanned>;
}

/** Where the rows of the file are in a part: a row may be there more than once. */
export function placesInFile(order: Int32Array, rows: number): Places {
  // A list for each row of the file, without a list: the first place, and from each place the next.
  const first = new Int32Array(rows).fill(-1);
  let next: Int32Array | undefined; // where rows are there more than once
  for (let place = order.length - 1; place >= 0; place--) {
    const later = first[order[place]];
    if (later >= 0) next ??= new Int32Array(order.length).fill(-1);
    if (next !== undefined) next[place] = later;
    first[order[place]] = place;
  }
  const within = (from: number, to: number) => {
    const numbers: number[] = [];
    const at: number[] = [];
    for (let row = from; row < to; row++) {
      for (let place = first[row]; place >= 0; place = next?.[place] ?? -1) {
        numbers.push(row - from);
        at.push(place);
      }
    }
    return { numbers, at };
  };
  const holdsSome = (from: number, to: number): boolean => {
    for (let row = from; row < to; row++) if (first[row] >= 0) return true;
    return false;
  };
  return {
    async *each(size, read) {
      const starts: number[] = [];
      for (let from = 0; from < rows; from += size) {
        if (holdsSome(from, Math.min(from + size, rows))) starts.push(from);
      }
      const ahead = (k: number): Promise<Table> => {
        const found = read(starts[k], Math.min(starts[k] + size, rows));
        found.catch(() => {}); // whoever asks for the block is told
        return found;
      };
      let coming = starts.length > 0 ? ahead(0) : undefined;
      for (let k = 0; coming !== undefined; k++) {
        const block: Table = await coming;
        coming = k + 1 < starts.length ? ahead(k + 1) : undefined;
        const { numbers, at } = within(starts[k], starts[k] + block.rows);
        const table = isSorted(numbers) ? kept(block, numbers) : takeRows(block, numbers);
        yield { table, at: Int32Array.from(at) };
      }
    },
  };
}

/** Some rows of a block in ascending order, moved to its front. */
function kept(block: Table, numbers: readonly number[]): Table {
  const rows = numbers.length;
  if (rows === block.rows) return block;
  const columns = new Map<string, Values>();
  for (const [name, column] of block.columns) columns.set(name, front(column, numbers));
  return { ...block, rows, columns };
}

function front(column: Values, numbers: readonly number[]): Values {
  if (column.type === 'text') return { ...column, values: numbers.map((i) => column.values[i]) };
  const cells = column.type === 'category' ? column.codes : column.values;
  for (let k = 0; k < numbers.length; k++) cells[k] = cells[numbers[k]];
  const found = cells.subarray(0, numbers.length);
  return (
    column.type === 'category' ? { ...column, codes: found } : { ...column, values: found }
  ) as Values;
}

/** Whether every number is above the one before. */
export function isSorted(numbers: ArrayLike<number>): boolean {
  for (let i = 1; i < numbers.length; i++) if (!(numbers[i] > numbers[i - 1])) return false;
  return true;
}
