// The WebAssembly kernels against plain loops, and against one read of the data.

import {
  f64x2,
  memory as inMemory,
  moduleBuilder,
  sumOfLanes,
  until,
  type V128,
  v128,
  webAssembly,
} from '@steepest/wasm';
import {
  advance,
  createKernels,
  type EntryBuilder,
  entries,
  entry,
  entryBuilder,
  exactOrder,
  float64,
  gemmScratchBytes,
  rowProducts,
} from '../packages/compile/src/kernels/index.ts';
import { defineMap, mapEntries } from '../packages/compile/test/kernels-map.ts';
import {
  entryNamed,
  largestError,
  plainFunctions,
  reference,
} from '../packages/compile/test/kernels-reference.ts';
import { measure, report, type Timing } from './measure.ts';

const wasm = webAssembly!;
type Run = (...numbers: number[]) => number;

function run(bytes: Uint8Array, memory: object): Readonly<Record<string, Run>> {
  const { exports } = new wasm.Instance(new wasm.Module(bytes), { env: { memory } });
  return exports as Record<string, Run>;
}

/** A memory with room for so many float64, filled with numbers between −1 and 1. */
function filled(count: number) {
  const memory = new wasm.Memory({
    initial: Math.ceil((8 * count + gemmScratchBytes) / 65536) + 1,
  });
  const data = new Float64Array(memory.buffer);
  for (let k = 0; k < count; k++) data[k] = ((k * 7919) % 2003) / 1001.5 - 1;
  return { memory, data, kernels: createKernels(memory) };
}

/** One pass over the numbers with eight sums: what reading them costs. */
function reading(memory: object): Run {
  const module = moduleBuilder();
  module.defineValue('read', { x: 'i32', count: 'i32' }, 'f64', ({ x, count }, f) => {
    const sums = Array.from({ length: 8 }, () => f.local('v128'));
    const end = f.local('i32');
    const total = sums.reduce<V128>((a, b) => f64x2.add(a, b), v128.twice(0));
    return [
      end.set(entry(x, count)),
      until(
        x,
        end,
        128,
        sums.map((sum, k) => sum.set(f64x2.add(sum, inMemory.load(x, 16 * k)))),
      ),
      sums[0].set(total),
      sumOfLanes(sums[0]),
    ];
  });
  return run(module.bytes(), memory).read;
}

function matrixTimesColumn(rows: number, columns: number): void {
  const size = rows * columns;
  const { memory, kernels } = filled(size + 2 * rows + 2 * columns);
  const read = reading(memory);
  const [x, w, out, sum] = [0, size, size + columns, size + columns + rows].map((k) => 8 * k);
  const { rowsTimesColumn, addTransposedTimesColumn } = kernels;
  const tiled = (tile: number) => () => {
    for (let i = 0; i < rows; i += tile) {
      const count = Math.min(tile, rows - i);
      rowsTimesColumn(x + 8 * i * columns, w, out, count, columns);
      addTransposedTimesColumn(x + 8 * i * columns, out, sum, count, columns);
    }
  };
  report(
    `${rows}×${columns}, float64`,
    measure([
      { name: 'one read of X', run: () => read(x, size) },
      { name: 'X·w', run: () => rowsTimesColumn(x, w, out, rows, columns) },
      { name: 'Xᵀ·r', run: () => addTransposedTimesColumn(x, out, sum, rows, columns) },
      { name: 'X·w, Xᵀ·r by tiles of 64', run: tiled(64) },
      { name: 'X·w, Xᵀ·r by tiles of 128', run: tiled(128) },
      { name: 'X·w, Xᵀ·r by tiles of 256', run: tiled(256) },
      { name: 'X·w, Xᵀ·r by tiles of 512', run: tiled(512) },
    ]),
  );
}

/** Value and gradient of the mean logistic loss, from kernels: the chain alone, and after X·w. */
function logisticStep(rows: number, columns: number): void {
  const size = rows * columns;
  const { memory, data, kernels } = filled(size + 3 * rows + 2 * columns);
  const read = reading(memory);
  const [w, sum] = [8 * size, 8 * (size + columns)];
  const [y, t, r] = [1, 2, 3].map((k) => sum + 8 * columns + 8 * (k - 1) * rows);
  data.fill(1, y / 8, y / 8 + rows);
  const { chain, chained } = run(logisticChains(), memory);
  const step = (tile: number, within: boolean) => () => {
    for (let i = 0; i < rows; i += tile) {
      const count = Math.min(tile, rows - i);
      const x = 8 * i * columns;
      if (within) chained(x, w, y + 8 * i, r, count, columns);
      else {
        kernels.rowsTimesColumn(x, w, t, count, columns);
        chain(t, y + 8 * i, r, count);
      }
      kernels.addTransposedTimesColumn(x, r, sum, count, columns);
    }
  };
  report(
    `Logistic loss and gradient, ${rows}×${columns}`,
    measure([
      { name: 'one read of X', run: () => read(0, size) },
      { name: 'softplus and sigmoid alone', run: () => chain(t, y, r, rows) },
      { name: 'a loop each, tiles of 128', run: step(128, false) },
      { name: 'a loop each, tiles of 512', run: step(512, false) },
      { name: 'chain within X·w, tiles of 128', run: step(128, true) },
      { name: 'chain within X·w, tiles of 512', run: step(512, true) },
    ]),
  );
}

// r = σ(t) − y, and Σ softplus(t) − y t
function logisticChains(): Uint8Array {
  const module = moduleBuilder();
  const round = (b: EntryBuilder, t: V128, y: V128) => {
    const loss = f64x2.sub(entries.softplus(b, t), f64x2.mul(y, t));
    return [b.let(f64x2.sub(entries.sigmoid(b, t), y)), b.let(loss)];
  };
  module.define('chain', { t: 'i32', y: 'i32', r: 'i32', count: 'i32' }, (p, f) =>
    mapEntries(f, exactOrder, [p.t, p.y], [p.r, p.t], p.count, round),
  );
  const names = { x: 'i32', w: 'i32', y: 'i32', r: 'i32', rows: 'i32', columns: 'i32' } as const;
  module.define('chained', names, (p, f) => {
    const b = entryBuilder(f, exactOrder);
    const total = f.local('v128');
    const loop = rowProducts(f, exactOrder, float64, p, (products, count) => {
      const [residual, loss] = round(b, b.let(products), b.let(inMemory.load(p.y)));
      const store = count === 2 ? inMemory.store : inMemory.storeLow;
      return [
        b.statements(),
        total.set(f64x2.add(total, loss)),
        [store(p.r, residual), advance(p.y, 16), advance(p.r, 16)],
      ];
    });
    return [b.setup(), loop, inMemory.store(p.r, total)];
  });
  return module.bytes();
}

/** Products with a sparse matrix of 0.1 % non-zeros, in the time of one non-zero. */
function sparseProducts(rows: number, columns: number): void {
  const perRow = columns / 1000;
  const count = rows * perRow;
  const { memory, kernels } = filled(2 * count + rows + 2 * columns + rows);
  const [values, places, starts] = [0, 8 * count, 12 * count];
  const indices = new Int32Array(memory.buffer, places, count + rows + 1);
  for (let k = 0; k < count; k++) indices[k] = (k * 48271) % columns;
  for (let i = 0; i <= rows; i++) indices[count + i] = i * perRow;
  const w = 8 * Math.ceil((starts + 4 * (rows + 1)) / 8);
  const [sum, out] = [w + 8 * columns, w + 16 * columns];
  const timings = measure([
    { name: 'X·w', run: () => kernels.csrTimesColumn(values, places, starts, w, out, rows) },
    {
      name: 'Xᵀ·r',
      run: () => kernels.addCsrTransposedTimesColumn(values, places, starts, out, sum, rows),
    },
  ]);
  report(`Sparse ${rows}×${columns}, ${perRow} non-zeros a row`, timings);
  const each = timings.map(({ best }) => ((best / count) * 1e9).toFixed(2));
  console.log(`  ns per non-zero: ${each.join(', ')}`);
}

function products(rows: number, depth: number, columns: number): void {
  const [aSize, bSize, cSize] = [rows * depth, depth * columns, rows * columns];
  const { data, kernels } = filled(aSize + bSize + cSize);
  const [a, b, c] = [0, aSize, aSize + bSize];
  const scratch = 8 * Math.ceil((c + cSize) / 2) * 2;
  const sizes = [8 * a, 8 * b, 8 * c, rows, columns, depth] as const;
  const timings = measure([
    { name: 'A·B by a plain loop', run: () => plainProduct(data, rows, depth, columns) },
    {
      name: 'A·B',
      run: () => kernels.multiply(...sizes, depth, columns, columns, 0, scratch),
    },
    {
      name: 'Aᵀ·B',
      run: () => kernels.multiplyTransposedLeft(...sizes, rows, columns, columns, 0, scratch),
    },
    {
      name: 'A·Bᵀ',
      run: () => kernels.multiplyTransposedRight(...sizes, depth, depth, columns, 0, scratch),
    },
  ]);
  report(`C = A·B, ${rows}×${depth} · ${depth}×${columns}`, timings);
  const rate = ({ best }: Timing) => (2 * rows * depth * columns) / best / 1e9;
  console.log(`  GFLOP/s: ${timings.map((timing) => rate(timing).toFixed(1)).join(', ')}`);
}

function plainProduct(data: Float64Array, rows: number, depth: number, columns: number): void {
  const b = rows * depth;
  const c = b + depth * columns;
  data.fill(0, c, c + rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < depth; k++) {
      const x = data[i * depth + k];
      for (let j = 0; j < columns; j++) data[c + i * columns + j] += x * data[b + k * columns + j];
    }
  }
}

/** Nanoseconds an entry, beside Math's, and the largest error over the points of the tests. */
function functions(): void {
  const count = 1024;
  const memory = new wasm.Memory({ initial: 1 });
  const data = new Float64Array(memory.buffer);
  console.log('\nFunctions of one entry: ns, ns by Math, ratio; largest error in ulp');
  for (const [name, plain] of Object.entries(plainFunctions)) {
    const module = moduleBuilder();
    defineMap(module, exactOrder, 'map', 1, entryNamed(name));
    const { map } = run(module.bytes(), memory);
    const error = largestError(name, reference[name], exactOrder).error;
    for (let k = 0; k < count; k++) {
      const x = Math.sin(k) * 4;
      data[k] = name.startsWith('log') && name !== 'logSigmoid' ? Math.abs(x) : x;
    }
    const [vector, scalar] = measure([
      { name: 'kernel', run: () => map(0, 8 * count, count) },
      { name: 'Math', run: () => mapPlain(plain, data, count) },
    ]).map(({ best }) => (best / count) * 1e9);
    const columns = [vector, scalar, scalar / vector, error].map((x) => x.toFixed(2).padStart(7));
    console.log(`  ${name.padEnd(10)} ${columns.join('  ')}`);
  }
}

function mapPlain(f: (x: number) => number, data: Float64Array, count: number): void {
  for (let k = 0; k < count; k++) data[count + k] = f(data[k]);
}

matrixTimesColumn(200_000, 64);
matrixTimesColumn(5_000, 64);
matrixTimesColumn(256, 32);
logisticStep(200_000, 64);
logisticStep(5_000, 64);
sparseProducts(10_000, 100_000);
products(128, 784, 128);
products(784, 128, 128);
products(32, 32, 32);
functions();
