// Optimizers are chains of parts. Momentum is two of them; a new method is a line.
import { FlatMatrix, mul, square, sub, sum, type Value } from '@steepest/autodiff';
import {
  accumulate,
  chain,
  clipByGlobalNorm,
  cosine,
  decayWeights,
  descend,
  momentum,
  train,
  warmUp,
} from '@steepest/optim';
import { check, checkAtMost } from './show/check.ts';
import { title } from './show/table.ts';

// A bowl that is a hundred times steeper in one direction than in the other, lowest at (1, −2).
const steepness = new FlatMatrix(2, 1, [1, 100]);
const lowest = new FlatMatrix(2, 1, [1, -2]);
const bowl = (w: Value) => mul(0.5, sum(mul(steepness, square(sub(w, lowest)))));
const start = new FlatMatrix(2, 1, [-3, 4]);

export async function run(): Promise<void> {
  title('momentum is chain(accumulate(0.9), descend(rate))');
  const steps = { steps: 40 };
  const named = await train({
    loss: bowl,
    params: start,
    optimizer: momentum({ rate: 0.005, decay: 0.9 }),
    stop: steps,
  });
  const chained = await train({
    loss: bowl,
    params: start,
    optimizer: chain(accumulate(0.9), descend(0.005)),
    stop: steps,
  });
  const difference = sub(named.params, chained.params);
  check(
    'both take the same steps, to the last bit',
    difference.to1DArray().every((x) => x === 0),
    `after ${named.steps} steps`,
  );

  title('A method of our own: clipped gradients, momentum, a warm-up and a cosine');
  const own = chain(
    clipByGlobalNorm(10),
    accumulate(0.9),
    descend(warmUp(cosine(0.01, { steps: 600 }), { steps: 20 })),
  );
  const result = await train({
    loss: bowl,
    params: start,
    optimizer: own,
    stop: { steps: 600, gradientNorm: 1e-8 },
  });
  console.log(indented(String(result)));
  const gap = Math.max(...sub(result.params, lowest).to1DArray().map(Math.abs));
  checkAtMost('it ends at the lowest point', gap, 1e-4);

  title('Decoupled weight decay pulls towards zero, beside the gradient');
  const decayed = await train({
    loss: bowl,
    params: start,
    optimizer: chain(decayWeights(0.5), descend(0.01)),
    stop: { steps: 3000 },
  });
  // The fixed point: a (w − c) + λ w = 0.
  const expected = [1 / 1.5, -200 / 100.5];
  const error = Math.max(...decayed.params.to1DArray().map((x, i) => Math.abs(x - expected[i])));
  checkAtMost('it rests where both forces balance', error, 1e-6);
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}
