import { parentPort, workerData } from 'node:worker_threads';
import { type SegmentJob, takeSegments, word } from './segments.ts';

const job = workerData as SegmentJob;

if (Atomics.compareExchange(job.control, word.joined, 0, 1) === 0) {
  const segments = takeSegments(job);
  for (;;) {
    const { done, value } = segments.next();
    if (done) {
      parentPort?.postMessage(value);
      break;
    }
    if (value >= 0) Atomics.wait(job.control, word.turn, value, 1000);
  }
}
