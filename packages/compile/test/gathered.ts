import { FlatMatrix } from '@steepest/autodiff';
import type { BatchSource } from '@steepest/optim';

/** Shuffled batches of rows of the data's matrices and index arrays, which an engine may gather. */
export function gathered<B extends object>(data: B, rows: number, size: number): BatchSource<B> {
  const order = (random: { next(): number }): Int32Array => {
    const drawn = Int32Array.from({ length: rows }, (_, i) => i);
    for (let i = rows - 1; i > 0; i--) {
      const j = (random.next() >>> 0) % (i + 1);
      [drawn[i], drawn[j]] = [drawn[j], drawn[i]];
    }
    return drawn;
  };
  return {
    rows,
    batchesPerEpoch: Math.ceil(rows / size),
    batchRows: size,
    data,
    order,
    *epoch(random) {
      const drawn = order(random);
      for (let at = 0; at < rows; at += size) {
        const part = drawn.subarray(at, at + size);
        const members = Object.entries(data).map(([key, x]) => [key, rowsOf(x, part)]);
        yield Object.fromEntries(members) as B;
      }
    },
  };
}

function rowsOf(x: unknown, rows: Int32Array): unknown {
  if (x instanceof Int32Array) return rows.map((row) => x[row]);
  const { columns, data } = x as FlatMatrix;
  const result = new FlatMatrix(rows.length, columns);
  rows.forEach((row, i) => {
    result.data.set(data.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return result;
}
