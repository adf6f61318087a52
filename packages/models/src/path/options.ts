import type { CompileOptions } from '@steepest/compile';
import {
  anything,
  boolean,
  listOf,
  nonNegative,
  oneOf,
  share as openShare,
  positive,
  type Spec,
  settle,
  signal,
  wholeNumber,
} from '@steepest/ground';
import {
  type Factors,
  factorsOption,
  type Glmnet,
  glmnetOption,
  share,
} from '../families/penalty.ts';
import { groupsOption } from '../families/regression.ts';
import { tableSpec } from '../fit/known-options.ts';
import type { TableOptions } from '../fit/training-set.ts';

/** Which penalties a path goes through, and how exactly. All of it may be left out. */
export interface PathOptions extends TableOptions {
  /** In glmnet's conventions, in the place of alpha, group, standardize and factors. */
  readonly penalty?: Glmnet | undefined;
  /** The share of l1 (of groups, with `group`) in λ; the rest is l2. 1, unless given, is the lasso. */
  readonly alpha?: number | undefined;
  /** Columns made of one raw column become 0 together: see `group` of a problem (false). */
  readonly group?: boolean | undefined;
  readonly groups?: readonly (readonly string[])[] | undefined;
  /** Whether coefficients count times the deviation of their column (false: those of prepared columns). */
  readonly standardize?: boolean | undefined;
  readonly factors?: Factors | undefined;
  /** The values of λ; unless given, `count` of them. */
  readonly lambdas?: readonly number[] | undefined;
  /** How many values, from the least at which all coefficients are 0 (100). */
  readonly count?: number | undefined;
  /** The last value as a share of the first: 1e-4, or 1e-2 for more columns than rows. */
  readonly ratio?: number | undefined;
  /**
   * What the duality gap of every point may be, as a share of the null model's. Unless given as small as
   * rounding allows; more than 1e-10 is not converged then.
   */
  readonly tolerance?: number | undefined;
  /** 'glmnet' ends where it would: 0.999 of the deviance explained, or hardly more than the point before. */
  readonly stop?: 'glmnet' | undefined;
  /** Threads for passes over many rows: `threads(2)` of `@steepest/compile/threads`. */
  readonly threads?: CompileOptions['threads'];
  readonly signal?: AbortSignal | undefined;
}

const pathSpec = {
  ...tableSpec,
  penalty: glmnetOption,
  alpha: share,
  group: boolean(false),
  groups: groupsOption,
  standardize: boolean(false),
  factors: factorsOption,
  lambdas: listOf(nonNegative()),
  count: wholeNumber(1, 100),
  ratio: openShare(),
  tolerance: positive(),
  stop: oneOf(['glmnet']),
  threads: anything(),
  signal: signal(),
} satisfies Spec<PathOptions>;

/** The options of a path, checked and with what they are unless given. */
export interface SettledPath extends PathOptions {
  readonly count: number;
}

/** Throws for options that a path does not have, and for values that they cannot have. */
export function settledPath(options: PathOptions): SettledPath {
  return settle('path', options, pathSpec, {
    example: 'path(problem, train, { count: 50 })',
    foreign: {
      lambda: 'a path has several: lambdas: [0.1, 0.01]; for one of them use fit',
      l1: 'the path chooses it: λ alpha; alpha is the share of l1',
      l2: 'the path chooses it: λ (1 − alpha); alpha is the share of l1',
    },
  });
}
