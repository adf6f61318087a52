// The cheap gradient principle (Griewank & Walther, Evaluating Derivatives, 2008): reverse mode gets
// all d derivatives for a small multiple of the function's own cost; forward mode needs d passes.
import {
  FlatMatrix,
  grad,
  item,
  jvp,
  logSumExp,
  mul,
  square,
  type Value,
} from '@steepest/autodiff';
import { check, checkAtMost } from './show/check.ts';
import { printTable, title } from './show/table.ts';

let calls = 0;
const f = (x: Value) => {
  calls++;
  return logSumExp(mul(0.5, square(x)));
};

function point(d: number): FlatMatrix {
  return new FlatMatrix(
    d,
    1,
    Array.from({ length: d }, (_, i) => Math.sin(i)),
  );
}

/** One pass of forward mode per input. */
function forwardGradient(x: FlatMatrix): number[] {
  return Array.from({ length: x.rows }, (_, i) => {
    const direction = new FlatMatrix(x.rows, 1);
    direction.set(i, 0, 1);
    return item(jvp(f)(x, direction).tangent);
  });
}

/** The median time of a call, in microseconds. */
function microseconds(work: () => unknown): number {
  const times: number[] = [];
  const started = performance.now();
  while (performance.now() - started < 120 || times.length < 3) {
    const before = performance.now();
    work();
    times.push((performance.now() - before) * 1000);
  }
  return times.sort((a, b) => a - b)[times.length >> 1];
}

export function run(): void {
  title('The time of one gradient as the number of inputs d grows (µs)');
  const rows = [4, 16, 64, 256].map((d) => {
    const x = point(d);
    const value = microseconds(() => f(x));
    const reverse = microseconds(() => grad(f)(x));
    const forward = microseconds(() => forwardGradient(x));
    return { d, value, reverse, forward };
  });
  printTable(
    ['d', 'f itself', 'reverse', 'forward', 'forward / reverse'],
    rows.map((r) => [r.d, r.value, r.reverse, r.forward, r.forward / r.reverse]),
  );
  const x = point(64);
  calls = 0;
  const reverse = grad(f)(x).to1DArray();
  const reverseCalls = calls;
  const forward = forwardGradient(x);
  const error = Math.max(...forward.map((e, i) => Math.abs(e - reverse[i])));
  checkAtMost('both give the same gradient', error, 1e-15);
  check('reverse mode runs f once', reverseCalls === 1, `${reverseCalls} call`);
  const forwardCalls = calls - reverseCalls;
  check('forward mode runs it once per input', forwardCalls === 64, `${forwardCalls} calls`);
}
