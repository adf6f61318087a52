import { FlatMatrix } from '@steepest/autodiff';
import { allocate } from '@steepest/compile';
import type { Blocks } from './blocks.ts';
import type { Block } from './row-sums.ts';

/** Rows of a block of a sample: all have this many, so that one program serves samples of any size. */
const height = 2048;

/** As many rows as so many blocks hold. */
export function wholeBlocks(rows: number): number {
  return height * Math.ceil(rows / height);
}

/**
 * Some rows of a block, `count` of them, a whole number of blocks. Scattered: one at a seemingly random place
 * in each of as many stretches, so that neither an order nor a period of the rows is taken for a rule; the
 * same in every run. Otherwise rows that lie together, in blocks at equal distances: they are not copied.
 */
export function someRows(block: Block, count: number, scattered: boolean): Blocks {
  const { rows, columns } = block.x;
  const blocks = count / height;
  const known = Array.from({ length: blocks }, (_, k) =>
    scattered
      ? partOf(block, (m) => gathered(m, placesIn(rows, count, k * height)))
      : partOf(block, (m) => rowsFrom(m, Math.floor((k * (rows - height)) / (blocks - 1)))),
  );
  return { rows: count, columns, known };
}

/** The numbers of the rows that `someRows` takes, block by block. */
export function samplePlaces(rows: number, count: number, scattered: boolean): Uint32Array[] {
  const blocks = count / height;
  return Array.from({ length: blocks }, (_, k) => {
    if (scattered) return placesIn(rows, count, k * height);
    const from = Math.floor((k * (rows - height)) / (blocks - 1));
    return Uint32Array.from({ length: height }, (_, i) => from + i);
  });
}

function partOf({ x, y, weights, offset }: Block, take: (matrix: FlatMatrix) => FlatMatrix): Block {
  return {
    x: take(x),
    y: take(y),
    ...(weights && { weights: take(weights) }),
    ...(offset && { offset: take(offset) }),
  };
}

/** Where `height` of the scattered rows lie, from the `first` on. */
function placesIn(rows: number, count: number, first: number): Uint32Array {
  const places = new Uint32Array(height);
  for (let k = 0, state = first + 1; k < height; k++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    places[k] = Math.min(rows - 1, Math.floor(((first + k + state / 2 ** 32) * rows) / count));
  }
  return places;
}

/** `height` rows, not copied. */
function rowsFrom({ columns, data }: FlatMatrix, from: number): FlatMatrix {
  return new FlatMatrix(height, columns, data.subarray(from * columns, (from + height) * columns));
}

function gathered({ columns, data }: FlatMatrix, places: Uint32Array): FlatMatrix {
  const result = allocate(places.length * columns);
  for (let k = 0, to = 0; k < places.length; k++) {
    for (let from = places[k] * columns, end = from + columns; from < end; from++) {
      result[to++] = data[from];
    }
  }
  return new FlatMatrix(places.length, columns, result);
}
