// A chain of k functions. The naive symbolic derivative copies every inner function into every
// factor of the chain rule: O(k²) operations. Sharing them costs O(k).
import { grad, naiveDerivative, record, sin, type Value } from '@steepest/autodiff';
import { check } from './show/check.ts';
import { printTable, title } from './show/table.ts';

const lengths = [10, 20, 40, 80, 160];

function chain(k: number): (x: Value) => Value {
  return (x) => {
    let y = x;
    for (let i = 0; i < k; i++) y = sin(y);
    return y;
  };
}

function milliseconds(work: () => unknown): number {
  work();
  const repeats = 20;
  const started = performance.now();
  for (let i = 0; i < repeats; i++) work();
  return (performance.now() - started) / repeats;
}

export function run(): void {
  title('The derivative of sin(sin(…sin(x))), k deep');
  const rows = lengths.map((k) => {
    const naive = naiveDerivative(chain(k))(0.5);
    const shared = record(grad(chain(k)))(0.5);
    return {
      k,
      naive: naive.operations,
      shared: shared.operations,
      naiveTime: milliseconds(() => naive.evaluate(0.5)),
      sharedTime: milliseconds(() => shared.evaluate(0.5)),
    };
  });
  printTable(
    ['k', 'naive operations', 'shared operations', 'naive ms', 'shared ms'],
    rows.map((r) => [r.k, r.naive, r.shared, r.naiveTime, r.sharedTime]),
  );
  const [short, long] = [rows[3], rows[4]];
  const naiveGrowth = long.naive / short.naive;
  const sharedGrowth = long.shared / short.shared;
  check(
    'twice the length costs four times as much, naively',
    naiveGrowth > 3.5,
    `${naiveGrowth.toFixed(2)} ×`,
  );
  check('and twice as much with sharing', sharedGrowth < 2.2, `${sharedGrowth.toFixed(2)} ×`);
}
