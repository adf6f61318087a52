import { FlatMatrix, type Tree } from '@steepest/autodiff';
import type { Answer, Ask } from '../place/ask.ts';
import type { Point, Stepper } from '../stepper.ts';
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
}

// A gradient that is the number 0 is there as well.
function entriesOfAll(tree: unknown): Float64Array | undefined {
  return tree === undefined ? undefined : flatten(tree as Tree).data;
}

/** The stepper of a method over columns, for parameters of any structure. */
export function overColumns<S>(method: ColumnMethod<S>): Stepper<S> {
  const { reach, ...rest } = method;
  return {
    ...rest,
    whole: true,
    init: (params: Tree) => method.init(flatten(params).data.slice()),
    ...(reach && {
      reach: <P>(gradient: P, state: S, params: P) =>
        reach(flatten(gradient as Tree).data, state, flatten(params as Tree).data),
    }),
    *search<P>(
      gradient: P,
      state: S,
      params: P,
      at: Point<P>,
    ): Generator<readonly [P, Ask<P>], readonly [P, S], Answer<P>> {
      const like = (x: Float64Array): P => unflatten(new FlatMatrix(x.length, 1, x), params);
      const inner = method.search(
        flatten(gradient as Tree).data,
        state,
        flatten(params as Tree).data,
        at,
      );
      let turn = inner.next();
      while (!turn.done) {
        const { x, along, ...rest } = turn.value;
        const ask = { over: 'batch', ...rest, along: along && like(along) } as const;
        const answer: Answer<P> = yield [like(x), ask];
        turn = inner.next({
          value: answer.value,
          gradient: entriesOfAll(answer.gradient),
          curvature: answer.curvature,
          along: entriesOfAll(answer.along),
        });
      }
      const [change, next] = turn.value;
      return [like(change), next];
    },
  };
}
