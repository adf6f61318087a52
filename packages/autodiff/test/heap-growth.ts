import { FlatMatrix, grad, matmul, mul, squaredError, sub, type Value } from '../src/index.ts';

// Prints how much of the heap is in use before and after 100 000 gradient steps.

const X = new FlatMatrix(
  8,
  3,
  Array.from({ length: 24 }, (_, k) => Math.sin(k)),
);
const y = new FlatMatrix(
  8,
  1,
  Array.from({ length: 8 }, (_, k) => Math.cos(k)),
);
const gradient = grad((w: Value) => squaredError(matmul(X, w), y));

let w = new FlatMatrix(3, 1);
function steps(count: number): number {
  for (let i = 0; i < count; i++) w = sub(w, mul(0.01, gradient(w)));
  globalThis.gc?.();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}

const before = steps(5000);
const after = steps(100_000);
console.log(JSON.stringify({ before, after, norm: w.norm() }));
