import { hvp, item, type Operand, valueAndGrad } from '@steepest/autodiff';
import {
  type Answer,
  type Ask,
  type Errand,
  interpreted,
  type Place,
  type Problem,
  type Standing,
  type Stepper,
  type Stretch,
} from '@steepest/optim';
import type { AnyFunction } from '../calling/recorded.ts';
import { compile } from '../compile.ts';
import { type Engine, MemoryError } from '../memory/engine.ts';
import type { Chosen } from '../options.ts';
import { DataError, HeldData } from './data.ts';
import { NotRecorded } from './recorded-step.ts';
import { StepProgram, type Steps } from './step-program.ts';

/** A place whose gradients are compiled, and whose steps are where they can be. */
export function placeOf<P, B>(
  problem: Problem<P, B>,
  engine: Engine,
  options: Chosen,
): Place<P, B> {
  const { loss, source, whole } = problem;
  const rows = source.rows;
  const gathers = !whole && source.data !== undefined && source.batchRows !== undefined;
  let held: HeldData | undefined;
  let why = whyInterpreted(problem);
  if (whole || (gathers && why === undefined)) {
    try {
      held = new HeldData(engine, source.data, rows);
    } catch (error) {
      why ??= reasonOf(error);
    }
  }
  const asked = new Questions(problem, options, held?.batch as B | undefined);
  const end = (): void => held?.release();
  const answer = asked.answer.bind(asked);
  if (why !== undefined || held === undefined) return { answer, why: why as string, end };
  const steps = new StepPrograms(loss as AnyFunction, held, engine, options);
  try {
    // Made now, so that a loss that cannot be recorded is known before the run begins.
    const standing = {
      params: problem.params,
      state: problem.optimizer.init(problem.params as never),
      step: 0,
    };
    steps.of(problem.optimizer, standing, whole ? undefined : source.batchRows);
  } catch (error) {
    return { answer, why: reasonOf(error), end };
  }
  return {
    answer,
    steps: (by, from, errand) => steps.run(by, from, errand, source.batchRows) as Stretch<P>,
    end() {
      steps.dispose();
      end();
    },
  };
}

/** Why steps must be interpreted, as far as the problem itself tells. */
function whyInterpreted<P, B>({ optimizer, whole, source }: Problem<P, B>): string | undefined {
  const { name, update, search } = optimizer;
  if (search !== undefined) return `${name} looks at other places on its way`;
  if (update === undefined) return `${name} has no formula in operations (update)`;
  if (whole || (source.order !== undefined && source.data !== undefined)) return undefined;
  return 'the data comes batch by batch, without an order of rows';
}

/** What an error says about steps that cannot be compiled; other errors go on. */
function reasonOf(error: unknown): string {
  const known = [NotRecorded, DataError, MemoryError];
  if (known.some((kind) => error instanceof kind)) return (error as Error).message;
  throw error;
}

/** Single questions: compiled where they are about the value, the gradient and products on a batch. */
class Questions<P, B> {
  readonly #problem: Problem<P, B>;
  readonly #gradient: (params: P, batch: B) => Answer<P>;
  readonly #value: (params: P, batch: B) => unknown;
  readonly #product: (at: { readonly params: P; readonly along: P }, batch: B) => P;
  /** The whole data, in the engine's memory. */
  readonly #held: B | undefined;
  #other: Place<P, B> | undefined;

  constructor(problem: Problem<P, B>, options: Chosen, held: B | undefined) {
    this.#problem = problem;
    this.#held = held;
    this.#gradient = compile(valueAndGrad(problem.loss as never) as never, options);
    this.#value = compile(problem.loss as never, options);
    const product = hvp(problem.loss as (params: P, batch: B) => Operand) as (
      ...args: never[]
    ) => unknown;
    this.#product = compile(
      ({ params, along }: { readonly params: P; readonly along: P }, batch: B) =>
        product(params as never, along as never, batch as never) as P,
      options,
    );
  }

  answer(params: P, ask: Ask<P>, batch: B): Answer<P> | Promise<Answer<P>> {
    const { source, whole } = this.#problem;
    const { over, gradient, curvature, along } = ask;
    const isAll = batch === source.data;
    if (curvature !== undefined || (over === 'all' && !whole && !isAll)) {
      this.#other ??= interpreted(this.#problem);
      return this.#other.answer(params, ask, batch);
    }
    const data = isAll && this.#held !== undefined ? this.#held : batch;
    const first = gradient ? this.#gradient(params, data) : this.#valueAt(params, data);
    if (along === undefined) return first;
    return { ...first, along: this.#product({ params, along }, data) };
  }

  #valueAt(params: P, data: B): Answer<P> {
    const value = this.#value(params, data);
    return { value: typeof value === 'number' ? value : item(value as never) };
  }
}

/** The programs of a run's steps, by the rows of their batches. */
class StepPrograms {
  readonly #loss: AnyFunction;
  readonly #data: HeldData;
  readonly #engine: Engine;
  readonly #options: Chosen;
  readonly #programs = new Map<number | undefined, StepProgram>();

  constructor(loss: AnyFunction, data: HeldData, engine: Engine, options: Chosen) {
    this.#loss = loss;
    this.#data = data;
    this.#engine = engine;
    this.#options = options;
  }

  of(by: Stepper, from: Standing<unknown>, height: number | undefined): StepProgram {
    const known = this.#programs.get(height);
    if (known?.fits(by, from)) return known;
    known?.dispose();
    const options = { ...this.#options, height };
    const made = new StepProgram(this.#loss, by, from, this.#data, this.#engine, options);
    this.#programs.set(height, made);
    return made;
  }

  /** An errand: the batches of full height, then a last one with fewer rows. */
  run(
    by: Stepper,
    from: Standing<unknown>,
    { steps, order = noRows, tolerance = -1 }: Errand,
    batchRows: number | undefined,
  ): Stretch<unknown> {
    if (batchRows === undefined || order.length === 0) {
      return this.of(by, from, undefined).run(from, { steps, order: noRows, tolerance });
    }
    this.#data.checkOrder(order);
    const full = Math.min(steps, Math.floor(order.length / batchRows));
    const rows = order.subarray(0, full * batchRows);
    const first = this.#stretch(by, from, batchRows, { steps: full, order: rows, tolerance });
    const rest = order.subarray(full * batchRows);
    if (full === steps || first.losses.length < full || rest.length === 0) return first;
    const { params, state } = first;
    const on = { params, state, step: from.step + full };
    const last = this.#stretch(by, on, rest.length, { steps: 1, order: rest, tolerance });
    return {
      params: last.params,
      state: last.state,
      losses: joined(first.losses, last.losses),
      gradientNorms: joined(first.gradientNorms, last.gradientNorms),
    };
  }

  #stretch(by: Stepper, from: Standing<unknown>, height: number, steps: Steps): Stretch<unknown> {
    if (steps.steps === 0) {
      const { params, state } = from;
      return { params, state, losses: new Float64Array(0), gradientNorms: new Float64Array(0) };
    }
    return this.of(by, from, height).run(from, steps);
  }

  dispose(): void {
    for (const program of this.#programs.values()) program.dispose();
    this.#programs.clear();
  }
}

const noRows = new Int32Array(0);

function joined(a: Float64Array, b: Float64Array): Float64Array {
  const result = new Float64Array(a.length + b.length);
  result.set(a);
  result.set(b, a.length);
  return result;
}
