// Compiles and drops programs, and prints how many bytes of the process and of the engine that took.
import { matmul, mul, square, sum, type Value, valueAndGrad } from '@steepest/autodiff';
import { compile } from '../src/index.ts';
import { commonEngine } from '../src/memory/engine.ts';
import { randomMatrix } from './random.ts';

const [w, X] = [randomMatrix(3, 1), randomMatrix(20, 3)];

function dropped(from: number, to: number): void {
  for (let k = from; k < to; k++) {
    const loss = (v: Value, x: Value) => mul(k, sum(square(matmul(x, v))));
    compile(valueAndGrad(loss))(w, X);
  }
}

async function bytes(): Promise<readonly [number, number]> {
  for (let i = 0; i < 5; i++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return [process.memoryUsage().rss, commonEngine()?.usedBytes ?? 0];
}

async function done(programs: number): Promise<void> {
  const step = 250;
  for (let k = 0; k < programs; k += step) {
    dropped(k, k + step);
    await bytes();
  }
}

const programs = Number(process.argv[2]);
await done(500);
const [before, usedBefore] = await bytes();
await done(programs);
const [after, usedAfter] = await bytes();
console.log(JSON.stringify({ process: after - before, engine: usedAfter - usedBefore }));
