import type { Stepper } from '../../packages/optim/src/index.ts';
import * as optim from '../../packages/optim/src/index.ts';
import type { Problem } from './problems.ts';

const { accumulate, chain, descend } = optim;

/** A method: with a rate, it is given the best of a grid; with none, it runs as it is. */
export interface Contestant {
  readonly name: string;
  readonly tuned: boolean;
  make(rate: number, steps: number): Stepper;
}

const tuned = (name: string, make: Contestant['make']): Contestant => ({ name, tuned: true, make });
const untuned = (name: string, make: () => Stepper): Contestant => ({ name, tuned: false, make });

export const contestants: readonly Contestant[] = [
  tuned('adam', (rate) => optim.adam({ rate })),
  untuned('lbfgs', () => optim.lbfgs()),
  tuned('sgd', (rate) => optim.sgd({ rate })),
  tuned('momentum', (rate) => optim.momentum({ rate })),
  tuned('nesterov', (rate) => optim.nesterov({ rate })),
  tuned('adagrad', (rate) => optim.adagrad({ rate })),
  tuned('rmsprop', (rate) => optim.rmsprop({ rate })),
  tuned('amsgrad', (rate) => optim.amsgrad({ rate })),
  tuned('adamw', (rate) => optim.adamw({ rate })),
  tuned('adamax', (rate) => optim.adamax({ rate })),
  tuned('nadam', (rate) => optim.nadam({ rate })),
  tuned('radam', (rate) => optim.radam({ rate })),
  tuned('adabelief', (rate) => optim.adabelief({ rate })),
  tuned('lion', (rate) => optim.lion({ rate })),
  tuned('scheduleFree', (rate) => optim.scheduleFree({ rate })),
  tuned('scheduleFreeAdamw', (rate) => optim.scheduleFreeAdamw({ rate })),
  tuned('adam, lookahead', (rate) => chain(optim.adam({ rate }), optim.lookahead())),
  tuned('sgd, lookahead', (rate) => chain(optim.sgd({ rate }), optim.lookahead())),
  tuned('momentum, lookahead', (rate) => chain(optim.momentum({ rate }), optim.lookahead())),
  tuned('momentum, plateau', (rate) =>
    chain(accumulate(0.9), optim.reduceOnPlateau({ window: 50, patience: 2 }), descend(rate)),
  ),
  tuned('momentum, one cycle', (rate, steps) =>
    optim.momentum({ rate: optim.oneCycle(rate, { steps }) }),
  ),
  tuned('adam, one cycle', (rate, steps) => optim.adam({ rate: optim.oneCycle(rate, { steps }) })),
  tuned('adaptive clip, sgd', (rate) => chain(optim.adaptiveClip(0.1), descend(rate))),
  tuned('adaptive clip, momentum', (rate) =>
    chain(optim.adaptiveClip(0.1), optim.momentum({ rate })),
  ),
  tuned('sgd, polyak average', (rate) => chain(optim.sgd({ rate }), optim.polyakAverage())),
  tuned('adam, exponential average', (rate) =>
    chain(optim.adam({ rate }), optim.exponentialAverage(0.99)),
  ),
  tuned('svrg', (rate) => chain(optim.svrg({ every: 1000 }), descend(rate))),
  tuned('saga', (rate) => chain(optim.saga(), descend(rate))),
  tuned('sag', (rate) => chain(optim.sag(), descend(rate))),
  tuned('adamw 0.1', (rate) => optim.adamw({ rate, decay: 0.1 })),
  untuned('dog', () => optim.dog()),
  untuned('prodigy', () => optim.prodigy()),
  untuned('polyak step', () => optim.polyakStep({ maxRate: 100, share: 0.5 })),
  untuned('adgd', () => optim.adgd()),
  untuned('armijo', () => optim.armijo()),
  untuned('barzilai–borwein', () => optim.barzilaiBorwein()),
  untuned('bfgs', () => optim.bfgs()),
  untuned('newton', () => optim.newton()),
  untuned('newton–cg', () => optim.newtonCg()),
];

/** The grid of rates: half powers of ten. */
export const rates: readonly number[] = Array.from({ length: 10 }, (_, k) => 10 ** (-3.5 + k / 2));

/** What a method makes of a problem, at each rate if it has one; Infinity where it cannot run. */
export async function scoresOf(
  problem: Problem,
  { name, tuned, make }: Contestant,
  grid: readonly number[],
): Promise<number[]> {
  const judge = name === 'lbfgs' ? problem.lbfgs : problem.score;
  const scores: number[] = [];
  for (const rate of tuned ? grid : [Number.NaN]) {
    try {
      const score = (await judge?.(make(rate, problem.steps))) ?? Number.NaN;
      scores.push(Number.isNaN(score) ? Infinity : score);
    } catch (error) {
      // Methods for whole objectives do not run on minibatches, those for fixed batches on nothing else.
      if (!/minibatches|batches change/.test(String(error))) throw error;
      scores.push(Infinity);
    }
  }
  return scores;
}
