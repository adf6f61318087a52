// Two interleaved half-moons, told apart by a network with one hidden layer of 16 units.
import {
  add,
  checkGrad,
  equal,
  FlatMatrix,
  greater,
  item,
  logisticLoss,
  matmul,
  mean,
  type Operand,
  tanh,
  type Value,
  valueAndGrad,
} from '@steepest/autodiff';
import { compile } from '@steepest/compile';
import { minibatches } from '@steepest/datasets';
import { train } from '@steepest/optim';
import ndarray from 'ndarray';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { makeOptimizer } from './optimizers.ts';
import type { Options } from './options.ts';
import { printLossCurve } from './show/chart.ts';
import { check, checkAtMost, short } from './show/check.ts';
import { title } from './show/table.ts';

interface Network<T> {
  readonly hidden: { readonly w: T; readonly b: T };
  readonly out: { readonly w: T; readonly b: T };
}

interface Batch {
  readonly x: Operand;
  readonly y: Operand;
}

const units = 16;

function logits(net: Network<Value>, x: Operand): Value {
  const hidden = tanh(add(matmul(x, net.hidden.w), net.hidden.b));
  return add(matmul(hidden, net.out.w), net.out.b);
}

const loss = (net: Network<Value>, { x, y }: Batch) => logisticLoss(logits(net, x), y);

/** Points on two half-circles that reach into each other, with some noise; y says which. */
function twoMoons(count: number, random: RandomGenerator): { x: FlatMatrix; y: FlatMatrix } {
  const x = new FlatMatrix(count, 2);
  const y = new FlatMatrix(count, 1);
  for (let i = 0; i < count; i++) {
    const upper = i % 2;
    const angle = Math.PI * uniformFloat64(random);
    const noise = () => 0.3 * (uniformFloat64(random) - 0.5);
    x.set(i, 0, (upper ? Math.cos(angle) : 1 - Math.cos(angle)) + noise());
    x.set(i, 1, (upper ? Math.sin(angle) : 0.5 - Math.sin(angle)) + noise());
    y.set(i, 0, upper);
  }
  return { x, y };
}

/** Small starting weights, uniform in ±1/√inputs. */
function init(random: RandomGenerator): Network<FlatMatrix> {
  const weights = (rows: number, columns: number) =>
    new FlatMatrix(
      rows,
      columns,
      Array.from(
        { length: rows * columns },
        () => (2 * uniformFloat64(random) - 1) / Math.sqrt(rows),
      ),
    );
  return {
    hidden: { w: weights(2, units), b: new FlatMatrix(1, units) },
    out: { w: weights(units, 1), b: new FlatMatrix(1, 1) },
  };
}

function accuracy(net: Network<FlatMatrix>, { x, y }: { x: FlatMatrix; y: FlatMatrix }): number {
  const says = greater(logits(net, x), 0);
  return item(mean(equal(says, y)));
}

export async function run(options: Options): Promise<void> {
  const { optimizer = 'adam', rate, epochs = 60, batch = 32, seed = 1, plain } = options;
  const random = xoroshiro128plus(seed);
  const [training, test] = [twoMoons(400, random), twoMoons(400, random)];
  const start = init(random);

  title(
    `Two moons: 400 points, one hidden layer of ${units}, ${optimizer}, minibatches of ${batch}`,
  );
  const faults = checkGrad(loss)(start, training);
  checkAtMost('the gradient agrees with numeric differentiation', faults.maxRelativeError, 1e-6);

  const view = (m: FlatMatrix) => ndarray(m.data, [m.rows, m.columns]);
  const eager = valueAndGrad(loss);
  const compiled = compile(eager);
  const result = await train({
    loss,
    params: start,
    data: minibatches({ x: view(training.x), y: view(training.y) }, { size: batch }),
    optimizer: makeOptimizer(optimizer, rate),
    epochs,
    seed,
    valueAndGradient: plain ? eager : compiled,
  });
  printLossCurve(
    result.history.map((report) => report.loss),
    0,
    'log₁₀ of the training loss, epoch by epoch',
  );
  const [before, after] = [accuracy(start, test), accuracy(result.params, test)];
  console.log(
    `  test accuracy ${short(before)} before, ${short(after)} after ${result.epochs} epochs`,
  );
  check(
    'it learned to tell the moons apart',
    after > 0.97 || Object.values(options).some((value) => value !== undefined),
    `${short(100 * after)} % of new points`,
  );
}
