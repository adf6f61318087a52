// Allocates and drops arrays, all but a view of one, and prints the engine's bytes during and after.
import { FlatMatrix, matmul } from '@steepest/autodiff';
import { allocate, compile } from '../src/index.ts';
import { sharedEngine } from '../src/memory/shared.ts';

const engine = sharedEngine();
const kept = allocate(100_000).fill(1).subarray(0, 100_000);
const product = compile(matmul);
const ones = (data: Float64Array) => new FlatMatrix(data.length, 1, data);
const row = new FlatMatrix(1, 100_000, allocate(100_000).fill(1));
product(row, ones(kept));
const before = engine.usedBytes;

function dropped(): number {
  for (let k = 0; k < 200; k++) product(row, ones(allocate(100_000).fill(k)));
  return engine.usedBytes - before;
}

const during = dropped();
for (let k = 0; k < 50; k++) {
  // What a compiled function was called with last, it keeps until the next call.
  product(row, ones(kept));
  globalThis.gc?.();
  await new Promise((resolve) => setTimeout(resolve, 10));
}
const after = engine.usedBytes - before;
const { data } = product(row, ones(kept)) as FlatMatrix;
console.log(JSON.stringify({ during, after, sum: data[0] }));
