// The WebAssembly kernels against plain loops, and against one read of the data.
import { readFileSync } from 'node:fs';
import {
  createKernels,
  defineMap,
  entries,
  entry,
  exactOrder,
  gemmScratchBytes,
} from '../packages/compile/src/kernels/index.ts';
import {
  f64x2,
  memory as inMemory,
  moduleBuilder,
  sumOfLanes,
  until,
  type V128,
  v128,
  webAssembly,
} from '../packages/compile/src/wasm/index.ts';
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
  const { memory, data, kernels } = filled(size + 2 * rows + 2 * columns);
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
      { name: 'X·w by a plain loop', run: () => plainColumn(data, rows, columns, w / 8, out / 8) },
    ]),
  );
}

function plainColumn(data: Float64Array, rows: number, columns: number, w: number, out: number) {
  for (let i = 0; i < rows; i++) {
    let total = 0;
    for (let j = 0; j < columns; j++) total += data[i * columns + j] * data[w + j];
    data[out + i] = total;
  }
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

const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const plainFunctions: Readonly<Record<string, (x: number) => number>> = {
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softplus,
  logSigmoid: (x) => -softplus(-x),
  tanh: Math.tanh,
  sinh: Math.sinh,
  cosh: Math.cosh,
};

/** Nanoseconds an entry, beside Math's, and the largest error over the points of the tests. */
function functions(): void {
  const count = 1024;
  const path = '../packages/compile/test/kernels-reference.json';
  const reference = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
  const memory = new wasm.Memory({ initial: 1 });
  const data = new Float64Array(memory.buffer);
  console.log('\nFunctions of one entry: ns, ns by Math, ratio; largest error in ulp');
  for (const [name, plain] of Object.entries(plainFunctions)) {
    const module = moduleBuilder();
    defineMap(module, exactOrder, 'map', 1, entries[name]);
    const { map } = run(module.bytes(), memory);
    const error = largestError(data, map, reference[name]);
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

function largestError(data: Float64Array, map: Run, lines: readonly string[]): number {
  const bits = new BigUint64Array(data.buffer);
  const { length } = lines;
  lines.forEach((line, k) => {
    bits[k] = BigInt(`0x${line.slice(0, 16)}`);
  });
  map(0, 8 * length, length);
  const worst = lines.map((line, k) => {
    const value = bits[length + k];
    const nearest = BigInt(`0x${line.slice(17, 33)}`);
    // Neighbouring numbers have neighbouring bits.
    return Math.abs(Number(BigInt.asIntN(64, value - nearest)) - signed(nearest, line.slice(34)));
  });
  return Math.max(...worst);
}

// Bits of a negative number grow with its size.
const signed = (nearest: bigint, rest: string) =>
  (Number(rest) / 1000) * (nearest >> 63n === 1n ? -1 : 1);

matrixTimesColumn(200_000, 64);
matrixTimesColumn(5_000, 64);
matrixTimesColumn(256, 32);
products(128, 784, 128);
products(784, 128, 128);
products(32, 32, 32);
functions();
