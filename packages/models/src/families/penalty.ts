import { boolean, nonNegative, type Option, option, type Spec, settle } from '@steepest/ground';

/** A factor for each column: by its name (1 for the others), or in the order of the columns. */
export type Factors = readonly number[] | Readonly<Record<string, number>>;

/** What an objective adds to the mean loss; numbers of 0 add nothing. */
export interface Penalty {
  /** λ of λ Σ|w|. */
  readonly l1: number;
  /** λ of (λ/2) Σ w². */
  readonly l2: number;
  /** λ of λ Σ √m ‖w_g‖₂ over groups of m columns. */
  readonly group: number;
  /** The groups by the names of their prepared columns; unless given, those made of one raw column. */
  readonly groups: readonly (readonly string[])[] | undefined;
  /** w counts times the deviation of its column, so that units change nothing. */
  readonly standardize: boolean;
  readonly factors: Factors | undefined;
  /** As glmnet has it: the factors scaled to a mean of 1, and l2 over the deviation of a squared loss's target. */
  readonly glmnet: boolean;
}

export const noPenalty: Penalty = {
  l1: 0,
  l2: 0,
  group: 0,
  groups: undefined,
  standardize: false,
  factors: undefined,
  glmnet: false,
};

/** Whether there are kinks, or other units than those of the columns: proximal Newton's to solve. */
export function isSparse({ l1, group, standardize, factors, glmnet }: Penalty): boolean {
  return l1 > 0 || group > 0 || standardize || factors !== undefined || glmnet;
}

/** Whether anything is added to the mean loss: then a minimum exists, and is one for dependent columns too. */
export function penalizes({ l1, l2, group }: Penalty): boolean {
  return l1 > 0 || l2 > 0 || group > 0;
}

/** λ and α as R's glmnet has them, and what else it lets one choose. */
export interface GlmnetSettings {
  /** The strength; `path` has many of them and takes none here. */
  readonly lambda?: number | undefined;
  /** The share of l1: 1, unless given, is the lasso, 0 is ridge. */
  readonly alpha?: number | undefined;
  /** Whether coefficients count times the deviations of their columns (true). */
  readonly standardize?: boolean | undefined;
  /** How much each column is penalized, scaled to a mean of 1 (all alike). */
  readonly penaltyFactor?: Factors | undefined;
}

/** A penalty in glmnet's conventions: what `glmnet()` gives. */
export interface Glmnet {
  readonly convention: 'glmnet';
  readonly lambda: number | undefined;
  readonly alpha: number;
  readonly standardize: boolean;
  readonly penaltyFactor: Factors | undefined;
}

export const share: Option<number, 'optional'> = option<number>({
  expected: 'a number from 0 to 1',
  accepts: (x) => typeof x === 'number' && x >= 0 && x <= 1,
  sample: '1',
  advice: '1 is the lasso, 0 ridge',
});

export const factorsOption: Option<Factors, 'optional'> = option<Factors>({
  expected: 'a number of at least 0 for each column',
  accepts: (x) =>
    typeof x === 'object' &&
    x !== null &&
    Object.values(x).every((v) => typeof v === 'number' && v >= 0 && v < Infinity),
  sample: '{ age: 0 }',
});

const glmnetSpec = {
  lambda: nonNegative(),
  alpha: share,
  standardize: boolean(true),
  penaltyFactor: factorsOption,
} satisfies Spec<GlmnetSettings>;

/**
 * A penalty in the conventions of R's glmnet (Friedman, Hastie and Tibshirani, 2010), for the same numbers:
 * lambda (alpha Σ s|w| + (1 − alpha)/2 Σ s²w²), s the deviations (divisor n, by weights) of the columns, beside the
 * mean loss, RSS/(2n) for least squares. As glmnet does and does not say, for those the quadratic part is
 * divided by the deviation of the target. Throws a RangeError for an alpha outside [0, 1].
 *
 * ```ts
 * fit(linearRegression({ penalty: glmnet({ lambda: 0.1, alpha: 0.5 }) }), train);
 * path(logisticRegression(), train, { penalty: glmnet({ alpha: 0.5 }) });
 * ```
 */
export function glmnet(settings: GlmnetSettings = {}): Glmnet {
  const { lambda, alpha = 1, standardize, penaltyFactor } = settle('glmnet', settings, glmnetSpec);
  return { convention: 'glmnet', lambda, alpha, standardize, penaltyFactor };
}

/** What `glmnet()` gave, as a setting. */
export const glmnetOption: Option<Glmnet, 'optional'> = option<Glmnet>({
  expected: 'what glmnet() gives',
  accepts: (x) => (x as Glmnet | undefined)?.convention === 'glmnet',
  sample: 'glmnet({ lambda: 0.1 })',
});

/** The penalty of glmnet's λ and α. */
export function fromGlmnet({ alpha, standardize, penaltyFactor }: Glmnet, lambda: number): Penalty {
  return {
    ...noPenalty,
    l1: lambda * alpha,
    l2: lambda * (1 - alpha),
    standardize,
    factors: penaltyFactor,
    glmnet: true,
  };
}

/** The penalty as a formula, to follow the risk; and what its letters are. */
export function penaltyText(penalty: Penalty): {
  readonly terms: string;
  readonly values: string[];
} {
  const { l1, l2, group, standardize, factors, glmnet: byGlmnet } = penalty;
  const u = `${factors === undefined ? '' : 'c '}${standardize ? 's' : ''}`;
  const parts = [
    ...(l1 > 0 ? [`l1 Σ ${u}|w|`] : []),
    ...(group > 0 ? [`group Σ √m ‖${standardize ? 's' : ''}w‖ over groups of m columns`] : []),
    ...(l2 > 0 ? [`(l2/2) Σ ${u.replace('s', 's²')}w²`] : []),
  ];
  const values = [
    ...(l1 > 0 ? [`l1 = ${l1}`] : []),
    ...(group > 0 ? [`group = ${group}`] : []),
    ...(l2 > 0 ? [`l2 = ${l2}`] : []),
    ...(standardize ? ['s the deviations of the columns'] : []),
    ...(factors === undefined ? [] : ['c their factors']),
    ...(byGlmnet ? ["glmnet's conventions"] : []),
  ];
  return { terms: parts.map((part) => ` + ${part}`).join(''), values };
}

/** Throws where two parts of a penalty do not go together. */
export function refuseMixed(
  operation: string,
  { l1, group, groups, factors }: Penalty,
  perClass: true | undefined,
): void {
  if (group === 0 && groups !== undefined) {
    throw new TypeError(`${operation}: groups need a strength; write group: 0.1 beside them`);
  }
  if (group > 0 && perClass) {
    throw new TypeError(`${operation}: groups are offered for one score, not for classes; use l1`);
  }
  if (group > 0 && l1 > 0) {
    throw new TypeError(
      `${operation}: group and l1 together are not offered; ask for one of them, l2 goes with both`,
    );
  }
  if (group > 0 && factors !== undefined) {
    throw new TypeError(`${operation}: factors are for l1 and l2, not for groups; leave them out`);
  }
}
