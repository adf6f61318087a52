// The cheap gradient principle (Griewank & Walther, Evaluating Derivatives, 2008): reverse mode gets
// all d derivatives for a small multiple of the function's own cost; forward mode needs d passes.
import { FlatMatrix, grad, jvp, logSumExp, mul, square, sum, type Value } from '@steepest/autodiff';
import { check, checkAtMost } from './show/check.ts';
import { printTable, title } from './show/table.ts';

const f = (x: Value) => logSumExp(mul(0.5, square(x)));

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
    return jvp(f)(x, direction).tangent.get(0, 0);
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
  const reverse = grad(f)(x).to1DArray();
  const error = Math.max(...forwardGradient(x).map((e, i) => Math.abs(e - reverse[i])));
  checkAtMost('both give the same gradient', error, 1e-15);
  const ratio = rows.map((r) => r.forward / r.reverse);
  check(
    'forward mode falls behind as d grows',
    ratio[3] > 5 * ratio[0],
    `${ratio[3].toFixed(0)} × at d = 256`,
  );
  const total = sum(grad(f)(x)).get(0, 0);
  check('the gradient is finite', Number.isFinite(total), String(total));
}
