// Prints by how many bytes the heap grew between training step 20 000 and 100 000.
import { FlatMatrix, square, sum, type Value } from '@steepest/autodiff';
import { adam, minimize } from '../../src/index.ts';

const collect = (globalThis as { gc?: () => void }).gc ?? (() => {});
let early = 0;
const result = await minimize((x: Value) => sum(square(x)), new FlatMatrix(50, 1).add(1), {
  method: adam({ rate: 1e-9 }),
  maxSteps: 100_000,
  onReport: ({ step }) => {
    if (step !== 20_000) return;
    collect();
    early = process.memoryUsage().heapUsed;
  },
});
collect();
console.log(process.memoryUsage().heapUsed - early, result.steps);
