import { hessian, hvp, item, type Operand, toFlatMatrix, valueAndGrad } from '@steepest/autodiff';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { rowsOf } from '../train/data.ts';
import { plus, times } from '../vectors.ts';
import type { Answer, Ask } from './ask.ts';
import type { Place, Problem } from './place.ts';

/** What is asked of a loss on one batch. */
type OnBatch<P, B> = (params: P, ask: Ask<P>, batch: B) => Answer<P>;

/**
 * The place that every run can have: the loss is called as it is, on one batch or on all of them. An
 * engine passes on to it what it does not answer itself.
 *
 * ```ts
 * interpreted(problem).answer(params, { over: 'batch', gradient: true }, batch); // { value, gradient }
 * ```
 */
export function interpreted<P, B>(problem: Problem<P, B>): Place<P, B> {
  const { source, whole } = problem;
  const onBatch = answering(problem);
  return {
    answer(params, ask, batch) {
      if (ask.over === 'batch' || whole) return onBatch(params, ask, batch);
      if (source.data !== undefined) return onBatch(params, ask, source.data);
      // The same order each time, so that the answers compare.
      const batches = source.batches ?? source.epoch(xoroshiro128plus(0));
      return meanOf(onBatch, params, ask, batches);
    },
  };
}

function answering<P, B>({ loss, valueAndGradient }: Problem<P, B>): OnBatch<P, B> {
  const both = valueAndGradient ?? (valueAndGrad(loss) as unknown as (p: P, b: B) => Answer<P>);
  const f = loss as (params: unknown, batch: B) => Operand;
  const [hessianOf, productOf] = [hessian(f), hvp(f)];
  return (params, ask, batch) => {
    const { gradient, curvature, along } = ask;
    const first = gradient ? both(params, batch) : { value: item(loss(params, batch)) };
    if (curvature === undefined && along === undefined) return first;
    if (curvature === 'gaussNewton') {
      throw new TypeError(
        'train: the Gauss–Newton part of the curvature needs residuals, and a loss hides them; ask ' +
          'for curvature: true',
      );
    }
    const at = params as never;
    return {
      ...first,
      ...(curvature && { curvature: toFlatMatrix(hessianOf(at, batch)) }),
      ...(along !== undefined && { along: productOf(at, along as never, batch) as P }),
    };
  };
}

/** The mean over batches, each weighted by its rows: the objective, if the loss is a mean over rows. */
function meanOf<P, B>(
  onBatch: OnBatch<P, B>,
  params: P,
  ask: Ask<P>,
  batches: Iterable<B>,
): Answer<P> {
  let total = 0;
  let sum: Answer<P> | undefined;
  for (const batch of batches) {
    const weight = rowsOf(batch) || 1;
    total += weight;
    const part = scaled(weight, onBatch(params, ask, batch));
    sum = sum === undefined ? part : both(sum, part);
  }
  if (sum === undefined) throw new RangeError('train: an epoch of the data yields no batch');
  return scaled(1 / total, sum);
}

function scaled<P>(factor: number, answer: Answer<P>): Answer<P> {
  return joined(answer, answer, (x) => times(factor, x));
}

function both<P>(a: Answer<P>, b: Answer<P>): Answer<P> {
  return joined(a, b, plus);
}

function joined<P>(a: Answer<P>, b: Answer<P>, join: <T>(x: T, y: T) => T): Answer<P> {
  const each = <T>(x: T | undefined, y: T | undefined) =>
    x === undefined || y === undefined ? undefined : join(x, y);
  return {
    value: join(a.value, b.value),
    gradient: each(a.gradient, b.gradient),
    curvature: each(a.curvature, b.curvature),
    along: each(a.along, b.along),
  };
}
