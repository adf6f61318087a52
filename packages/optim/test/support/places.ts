import type { Answer, Engine, Errand, Place, Problem, Standing, Stretch } from '../../src/index.ts';
import { interpreted, type Stepper } from '../../src/index.ts';
import { takeStep } from '../../src/take-step.ts';
import { measure } from '../../src/train/measure.ts';
import { allFinite, plus } from '../../src/vectors.ts';
import { type Batch, rowsOf } from './minibatches.ts';

/** A place that answers like the interpreted one, but later. */
export const later: Engine = {
  name: 'later',
  place<P, B>(problem: Problem<P, B>): Place<P, B> {
    const place = interpreted(problem);
    return {
      why: 'it answers later',
      answer: async (params, ask, batch) => {
        await new Promise((resolve) => setImmediate(resolve));
        return place.answer(params, ask, batch);
      },
    };
  },
};

/** An engine that counts its errands. */
export interface Strides {
  readonly engine: Engine;
  /** How many steps each stretch took. */
  readonly lengths: number[];
  ends: number;
}

/**
 * An engine that takes many steps in one call, by the plain loop: as a compiled one does, but with the
 * bits of the interpreted run.
 */
export function striding(): Strides {
  const strides: Strides = { lengths: [], ends: 0, engine: { name: 'striding 1', place } };
  function place<P, B>(problem: Problem<P, B>): Place<P, B> | string {
    if (problem.optimizer.search) return `${problem.optimizer.name} searches`;
    const { answer } = interpreted(problem);
    return {
      answer,
      steps(by, from, errand) {
        const stretch = stretchOf(problem, by, from, errand);
        strides.lengths.push(stretch.losses.length);
        return stretch;
      },
      end: () => {
        strides.ends++;
      },
    };
  }
  return strides;
}

function stretchOf<P, B>(
  problem: Problem<P, B>,
  by: Stepper,
  from: Standing<P>,
  { steps, order, tolerance = -1 }: Errand,
): Stretch<P> {
  const { source } = problem;
  const { answer } = interpreted(problem);
  const [losses, norms]: number[][] = [[], []];
  const height = source.batchRows ?? 0;
  let { params, state, step } = from;
  for (let k = 0; k < steps; k++, step++) {
    const rows = order?.subarray(k * height, (k + 1) * height);
    const batch = rows === undefined ? source.data : rowsOf(source.data as Batch, rows);
    const ask = { over: 'batch', gradient: true } as const;
    const { value, gradient } = answer(params, ask, batch as B) as Required<Answer<P>>;
    const { value: total, norm: length } = measure(by, value, gradient, params);
    if (!Number.isFinite(total + length) || length <= tolerance) break;
    const [change, next] = takeStep(by, gradient, state, params, { step, value, gradient });
    const moved = plus(params, change);
    if (!allFinite(moved)) break;
    params = moved;
    state = next;
    losses.push(total);
    norms.push(length);
  }
  const [l, n] = [losses, norms].map((list) => Float64Array.from(list));
  return { params, state, losses: l, gradientNorms: n };
}
