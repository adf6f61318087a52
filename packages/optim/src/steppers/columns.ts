import { FlatMatrix, type Tree } from '@steepest/autodiff';
import type { Answer, Ask } from '../place/ask.ts';
import type { Arrival, Point, Stepper } from '../stepper.ts';
import { flatten, unflatten } from '../vectors.ts';

/** A question about the objective at a column of parameters. */
export interface ColumnAsk extends Omit<Ask<never>, 'over' | 'along'> {
  readonly x: Float64Array;
  readonly along?: Float64Array;
}

export interface ColumnAnswer {
  readonly value: number;
  readonly gradient: Float64Array | undefined;
  readonly curvature: FlatMatrix | undefined;
  readonly along: Float64Array | undefined;
}

/** A search over columns: yields what it asks, returns the change and the next state. */
export type ColumnSearch<S> = Generator<
  ColumnAsk,
  readonly [change: Float64Array, state: S],
  ColumnAnswer
>;

/** A method of second order, stated over columns: all entries of all leaves, one below the other. */
export interface ColumnMethod<S> {
  readonly name: string;
  readonly settings: NonNullable<Stepper['settings']>;
  init(x: Float64Array): S;
  search(
    gradient: Float64Array,
    state: S,
    x: Float64Array,
    at: { readonly value: number; readonly step: number },
  ): ColumnSearch<S>;
  learningRate?(state: S): number | undefined;
  /** The length of the full quasi-Newton step from here, by the state's own model. */
  reach?(gradient: Float64Array, state: S, x: Float64Array): number;
  /** See `Stepper.confirm`. */
  confirm?(
    gradient: Float64Array,
    state: S,
    x: Float64Array,
    at: Arrival,
  ): Generator<ColumnAsk, readonly [settled: boolean, state: S], ColumnAnswer>;
}

/** All entries as one column: a single matrix's own, which methods read but never write. */
function columnIn(tree: unknown): Float64Array {
  return tree instanceof FlatMatrix ? tree.data : flatten(tree as Tree).data;
}

// A gradient that is the number 0 is there as well.
function entriesOfAll(tree: unknown): Float64Array | undefined {
  return tree === undefined ? undefined : columnIn(tree);
}

/** A column's entries in the structure of the parameters; a single matrix shares them. */
function shaped<P>(x: Float64Array, params: P): P {
  if (!(params instanceof FlatMatrix)) return unflatten(new FlatMatrix(x.length, 1, x), params);
  return new FlatMatrix(params.rows, params.columns, x) as P;
}

/** The stepper of a method over columns, for parameters of any structure. */
export function overColumns<S>(method: ColumnMethod<S>): Stepper<S> {
  const { reach, confirm, ...rest } = method;
  return {
    ...rest,
    whole: true,
    init: (params: Tree) => method.init(flatten(params).data.slice()),
    ...(reach && {
      reach: <P>(gradient: P, state: S, params: P) =>
        reach(columnIn(gradient), state, columnIn(params)),
    }),
    ...(confirm && {
      *confirm<P>(
        gradient: P,
        state: S,
        params: P,
        at: Arrival,
      ): Generator<readonly [P, Ask<P>], readonly [boolean, S], Answer<P>> {
        const [g, x] = [columnIn(gradient), columnIn(params)];
        return yield* asked(confirm(g, state, x, at), params);
      },
    }),
    *search<P>(
      gradient: P,
      state: S,
      params: P,
      at: Point<P>,
    ): Generator<readonly [P, Ask<P>], readonly [P, S], Answer<P>> {
      const inner = method.search(columnIn(gradient), state, columnIn(params), at);
      const [change, next] = yield* asked(inner, params);
      return [shaped(change, params), next];
    },
  };
}

/** The questions of a search over columns, as questions about parameters of the structure of `like`. */
function* asked<P, R>(
  inner: Generator<ColumnAsk, R, ColumnAnswer>,
  like: P,
): Generator<readonly [P, Ask<P>], R, Answer<P>> {
  let turn = inner.next();
  while (!turn.done) {
    const { x, along, ...rest } = turn.value;
    const ask = { over: 'batch', ...rest, along: along && shaped(along, like) } as const;
    const answer: Answer<P> = yield [shaped(x, like), ask];
    turn = inner.next({
      value: answer.value,
      gradient: entriesOfAll(answer.gradient),
      curvature: answer.curvature,
      along: entriesOfAll(answer.along),
    });
  }
  return turn.value;
}
