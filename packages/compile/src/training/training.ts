import {
  type Argument,
  type GradientOf,
  type Operand,
  type Tree,
  type Value,
  valueAndGrad,
} from '@steepest/autodiff';
import type { AnyFunction } from '../calling/recorded.ts';
import { batchOf, checkOrder, rowsOf } from './batches.ts';
import { StepProgram } from './step-program.ts';
import type { Update } from './updates.ts';

/** Parameters and optimizer state: what a step starts from, and what it returns. */
export interface TrainingState<P, S> {
  readonly params: P;
  readonly state: S;
  /** How many steps were taken: schedules go on from there. */
  readonly step: number;
}

export interface TrainingOptions<S> {
  readonly update: Update<S>;
  /** Rows of a minibatch. */
  readonly batchRows: number;
}

/** Training compiled with its optimizer: many steps in one call. */
export interface CompiledTraining<P, B, S> {
  /** The state before the first step. */
  start<X extends Argument<P>>(params: X): TrainingState<GradientOf<X>, S>;
  /**
   * One step for each `batchRows` row numbers in `order` (the last batch may be smaller): the rows
   * of the data are gathered, the gradient computed and the update made. Returns the next state and
   * the loss of every batch, before its step.
   */
  run<X>(
    from: TrainingState<X, S>,
    data: Argument<B>,
    order: Int32Array,
  ): TrainingState<X, S> & { readonly losses: Float64Array };
}

/**
 * Compiles a loss together with its optimizer, so that an epoch of minibatches is one call.
 *
 * The steps are those of the plain loop (gradient of the loss at the gathered rows, then the
 * update), to rounding. Matrices and index arrays of the data with as many rows as most of its
 * entries are gathered by rows; whatever else the data holds is passed whole. Throws a TypeError
 * that names the reason where the loss cannot be recorded; a RangeError for a row that is not there.
 *
 * ```ts
 * const training = compileTraining(loss, { update: updates.momentum({ rate: 0.1 }), batchRows: 32 });
 * const { params, losses } = training.run(training.start(params0), { X, y }, order);
 * ```
 */
export function compileTraining<P, B, S>(
  loss: (params: P, batch: B) => Operand,
  options: TrainingOptions<S>,
): CompiledTraining<P, B, S> {
  const { update, batchRows } = options;
  if (!(Number.isInteger(batchRows) && batchRows > 0)) {
    throw new RangeError(
      `compileTraining: batchRows must be a whole number from 1, not ${batchRows}`,
    );
  }
  const gradient = valueAndGrad(loss as never) as unknown as (
    params: P,
    batch: B,
  ) => { value: Value; gradient: Tree };
  const step = (from: { params: P; state: S; rate: Value }, batch: B) => {
    const here = gradient(from.params, batch);
    const [params, state] = update.step(here.gradient, from.state, from.params, from.rate);
    return { params, state, value: here.value };
  };
  const programs: StepProgram[] = [];
  const programOf = (args: unknown[], rows: number): StepProgram => {
    const known = programs.find((program) => program.fits(args));
    const program = known ?? new StepProgram(step as AnyFunction, args, rows);
    if (known === undefined && programs.unshift(program) > 8) programs.pop()?.dispose();
    return program;
  };
  return {
    start: (params) => ({ params: params as never, state: update.init(params), step: 0 }),
    run<X>(from: TrainingState<X, S>, data: Argument<B>, order: Int32Array) {
      const rows = rowsOf(data);
      checkOrder(order, rows);
      const steps = Math.ceil(order.length / batchRows);
      const losses = new Float64Array(steps);
      const rates = Float64Array.from({ length: steps }, (_, k) => update.rate(from.step + k));
      const full = Math.floor(order.length / batchRows);
      let { params, state } = from;
      const advance = (first: number, count: number, height: number): void => {
        if (count === 0) return;
        const batch = batchOf(data, rows, height);
        const before = { params, state, rate: rates[first] };
        const program = programOf([before, batch], height);
        const at = first * batchRows;
        const numbers = order.subarray(at, at + count * height);
        const after = program.run([before, batch], data, rows, numbers, {
          rates: rates.subarray(first, first + count),
          losses: losses.subarray(first, first + count),
        });
        ({ params, state } = after as { params: X; state: S });
      };
      advance(0, full, batchRows);
      advance(full, steps - full, order.length - full * batchRows);
      return { params, state, step: from.step + steps, losses };
    },
  };
}
