import { type Argument, FlatMatrix, hvp, type Operand, type Value } from '@steepest/autodiff';
import { type Spec, seed as seedOption, settle, wholeNumber } from '@steepest/ground';
import { flatten, unflatten } from '../vectors.ts';
import { randomColumn, type Spectrum, spectrum } from './lanczos.ts';
import { type Advice, bestRates, type RateAdvice, stepsFor } from './rates.ts';

/** How closely to look; all of it may be left out. */
export interface AnalyzeOptions {
  /** The most products with the Hessian that are taken (100); each costs a few gradients. */
  readonly products?: number | undefined;
  /** Of the direction that the search begins with (1). */
  readonly seed?: number | undefined;
}

const analyzeSpec = {
  products: wholeNumber(2, 100),
  seed: seedOption(1),
} satisfies Spec<AnalyzeOptions>;

/** The curvature of a loss at a point, and what follows from it. Prints as a table. */
export interface Analysis {
  /** L, the largest eigenvalue of the Hessian: rates above 2/L make gradient descent diverge. */
  readonly largest: number;
  /** μ, the smallest; below 0 the loss is not convex here. */
  readonly smallest: number;
  /** L/μ; Infinity where μ is 0 to rounding, NaN where it is below. */
  readonly condition: number;
  /** Products with the Hessian that were taken. */
  readonly products: number;
  /** Whether both ends have settled; if not, L is at least and μ at most what is said. */
  readonly settled: boolean;
  /** The best fixed settings of three methods; undefined where μ ≤ 0. */
  readonly advice: RateAdvice | undefined;
  toString(): string;
}

/** Below this share of the largest, an eigenvalue is 0 to rounding. */
const flatShare = 1e-13;

/**
 * The largest and the smallest curvature of a loss at `params`, by Lanczos' method on Hessian-vector
 * products, and the fixed rates that are best for it, with how fast they will be. Exact for quadratics;
 * elsewhere it holds near the minimum, if that is where `params` are.
 *
 * `data` is what the loss takes as its second argument. Throws what the loss throws, and a TypeError for
 * options that do not exist.
 *
 * ```ts
 * const { largest, condition, advice } = analyze(loss, params, data);
 * train({ loss, params, data, optimizer: sgd(advice.gradientDescent.settings) });
 * ```
 */
export function analyze<P = Value, X extends Argument<P> = Argument<P>, B = undefined>(
  loss: (params: P, batch: B) => Operand,
  params: X & Argument<P>,
  ...[data, options = {}]: undefined extends B
    ? [data?: B, options?: AnalyzeOptions]
    : [data: B, options?: AnalyzeOptions]
): Analysis {
  const { products, seed } = settle('analyze', options, analyzeSpec);
  const product = hvp(loss as (params: P, batch: unknown) => Operand);
  const n = flatten(params as never).rows;
  const search = spectrum({ most: products, first: randomColumn(n, seed), both: true });
  let turn = search.next();
  while (!turn.done) {
    const along = unflatten(new FlatMatrix(n, 1, turn.value), params) as never;
    turn = search.next(flatten(product(params as never, along, data) as never).data);
  }
  return analysisOf(turn.value);
}

function analysisOf(found: Spectrum): Analysis {
  const { largest, smallest, products, settled } = found;
  const flat = Math.abs(smallest) <= flatShare * Math.abs(largest);
  const condition = flat ? Infinity : smallest < 0 ? Number.NaN : largest / smallest;
  const advice = smallest > 0 && !flat ? bestRates(smallest, largest) : undefined;
  return {
    largest,
    smallest,
    condition,
    products,
    settled,
    advice,
    toString: () => printed({ largest, smallest, condition, products, settled, advice }),
  };
}

function printed({
  largest,
  smallest,
  condition,
  products,
  settled,
  advice,
}: Omit<Analysis, 'toString'>): string {
  const counted = `from ${products} products with the Hessian`;
  const bounds = settled ? '' : ', which have not settled: the condition is at least this';
  const head = `curvature from ${short(smallest)} to ${short(largest)}, ${counted}${bounds}`;
  const limit = `rates above 2/L = ${short(2 / largest)} make gradient descent diverge`;
  if (advice === undefined) {
    const why =
      smallest < 0 && Number.isNaN(condition)
        ? 'the loss is not convex here, so no rate can be promised'
        : 'the loss is flat in some direction, so no rate of convergence can be promised';
    return [head, limit, why].join('\n');
  }
  const row = (
    name: string,
    { settings, factor }: Advice<{ readonly rate: number; readonly decay?: number }>,
  ): string =>
    name.padEnd(18) +
    short(settings.rate).padEnd(12) +
    (settings.decay === undefined ? '' : short(settings.decay)).padEnd(10) +
    short(factor).padEnd(12) +
    String(stepsFor(1e-6, factor));
  return [
    head,
    `condition ${short(condition)}; ${limit}`,
    `${'best fixed'.padEnd(18)}${'rate'.padEnd(12)}${'decay'.padEnd(10)}${'factor'.padEnd(12)}steps to 1e-6`,
    row('gradient descent', advice.gradientDescent),
    row('momentum', advice.momentum),
    row('nesterov', advice.nesterov),
  ].join('\n');
}

function short(x: number): string {
  return String(Number(x.toPrecision(5)));
}
