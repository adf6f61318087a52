import {
  abs,
  add,
  type Concrete,
  FlatMatrix,
  matmul,
  mean,
  mul,
  type Operand,
  square,
  sum,
  toFlatMatrix,
  type Value,
} from '@steepest/autodiff';
import {
  boolean,
  nonNegative,
  type Option,
  option,
  refusal,
  type Spec,
  settle,
} from '@steepest/ground';
import { isFamily } from '../expect.ts';
import type { Batch, Column, Params, Weights } from './batch.ts';
import type { Family } from './family.ts';
import {
  factorsOption,
  fromGlmnet,
  type Glmnet,
  glmnetOption,
  noPenalty,
  type Penalty,
  penaltyText,
  refuseMixed,
} from './penalty.ts';
import type { ClassOptions, PenaltyOptions, Problem } from './problem.ts';

/**
 * A problem of a family, whose rows are seen through the scores x·w + b alone. Throws a TypeError for
 * options that it does not have, a RangeError for a negative l2 and for fewer than two classes.
 *
 * ```ts
 * regression(gamma, { l2: 0.1 }); // gamma: a Family, thirty lines of one's own
 * await fit(regression(gamma), train);
 * ```
 */
export function regression(family: Family, options: ClassOptions = {}): Problem {
  if (!isFamily(family)) {
    const advice = 'write { kind, name, risk, loss, mean, target, measures }';
    throw refusal('regression', 'expected a family', family, advice);
  }
  return problemOf(family, checked(family, options));
}

/** What a problem is made of, once its options are settled. */
export interface Settings {
  readonly penalty: Penalty;
  readonly intercept: boolean;
  readonly classes: ClassOptions['classes'];
}

/** The problem of a family with settled options. */
export function problemOf(family: Family, settings: Settings): Problem {
  const { penalty, intercept, classes } = settings;
  const { kind } = family;
  const perClass = family.perClass === true;
  const { l1, l2, group } = penalty;
  const outputs = perClass ? countOf(classes) : 1;
  const scoresOf = (params: Weights, x: Operand, offset?: Operand): Value => {
    const t = matmul(x, params?.w);
    const shifted = intercept ? add(t, params.b) : t;
    return offset === undefined ? shifted : add(shifted, offset);
  };
  const scores = (params: Params, x: Concrete, offset?: Column): FlatMatrix =>
    toFlatMatrix(scoresOf(params, x, offset));
  const risk = (params: Weights, batch: Batch): Value => {
    checkRows(kind, batch);
    const each = family.loss(scoresOf(params, batch.x, batch.offset), batch.y);
    return mean(batch.weights === undefined ? each : mul(batch.weights, each));
  };
  return {
    family,
    kind,
    name: nameOf(family, penalty),
    objective: objectiveText(family, penalty),
    l2,
    penalty,
    intercept,
    outputs,
    classes: typeof classes === 'object' ? classes : undefined,
    forClasses: (found) => problemOf(family, { ...settings, classes: checkedClasses(kind, found) }),
    withPenalty: (other) => problemOf(family, { ...settings, penalty: other }),
    init(columns) {
      if (outputs === 0) {
        throw new TypeError(
          `${kind}Regression: the classes are not known yet; name them ({ classes: 3 }), or fit a table`,
        );
      }
      return {
        w: new FlatMatrix(columns, outputs),
        b: perClass ? new FlatMatrix(1, outputs) : 0,
      };
    },
    risk,
    loss(params, batch) {
      if (penalty.standardize || penalty.factors !== undefined || group > 0) {
        throw new TypeError(
          `${kind}Regression: this penalty depends on the columns of the rows, which a batch does not tell; fit without an optimizer, or use risk`,
        );
      }
      let total = risk(params, batch);
      if (l1 > 0) total = add(total, mul(l1, sum(abs(params.w))));
      return l2 === 0 ? total : add(total, mul(l2 / 2, sum(square(params.w))));
    },
    scores,
    predict: (params, x, offset) => family.mean(scores(params, x, offset)),
  };
}

/** Groups of columns by name, as a setting. */
export const groupsOption: Option<readonly (readonly string[])[], 'optional'> = option<
  readonly (readonly string[])[]
>({
  expected: 'a list of groups of column names',
  accepts: (x) => Array.isArray(x) && x.every(isNames),
  sample: "[['a', 'b'], ['c']]",
});

const penaltySpec = {
  l2: nonNegative(0),
  l1: nonNegative(0),
  group: nonNegative(0),
  groups: groupsOption,
  factors: factorsOption,
  standardize: boolean(false),
  penalty: glmnetOption,
  intercept: boolean(true),
} satisfies Spec<PenaltyOptions>;

const classSpec = {
  ...penaltySpec,
  classes: option<number | readonly string[]>({
    expected: 'the number of classes or their names, two at least',
    accepts: (x) =>
      Array.isArray(x)
        ? x.length >= 2 && x.every((name) => typeof name === 'string')
        : Number.isSafeInteger(x) && Number(x) >= 2,
    sample: "['no', 'yes']",
  }),
} satisfies Spec<ClassOptions>;

function checked({ kind, perClass }: Family, options: ClassOptions): Settings {
  const operation = `${kind}Regression`;
  const { intercept, classes, penalty, ...terms } = perClass
    ? settle(operation, options, classSpec)
    : {
        ...settle<PenaltyOptions, typeof penaltySpec>(operation, options, penaltySpec),
        classes: undefined,
      };
  return {
    penalty: penaltyFrom(operation, terms, penalty, perClass),
    intercept,
    classes: checkedClasses(kind, classes),
  };
}

function checkedClasses(kind: string, classes: ClassOptions['classes']): ClassOptions['classes'] {
  if (typeof classes === 'object' && new Set(classes).size < classes.length) {
    throw new RangeError(`${kind}Regression: a class is named twice; names must differ`);
  }
  return classes;
}

function penaltyFrom(
  operation: string,
  terms: Omit<Penalty, 'glmnet'>,
  byGlmnet: Glmnet | undefined,
  perClass: true | undefined,
): Penalty {
  if (byGlmnet === undefined) {
    const penalty = { ...terms, glmnet: false };
    refuseMixed(operation, penalty, perClass);
    return penalty;
  }
  const given = (['l1', 'l2', 'group', 'groups', 'factors', 'standardize'] as const).find(
    (name) => terms[name] !== noPenalty[name],
  );
  if (given !== undefined) {
    throw new TypeError(
      `${operation}: ${given} has no effect beside a penalty; say all of it in glmnet()`,
    );
  }
  if (byGlmnet.lambda === undefined) {
    throw new TypeError(
      `${operation}: the penalty needs a strength; write glmnet({ lambda: 0.1 }), or use path()`,
    );
  }
  return fromGlmnet(byGlmnet, byGlmnet.lambda);
}

function isNames(x: unknown): boolean {
  return Array.isArray(x) && x.length > 0 && x.every((name) => typeof name === 'string');
}

/** The name that people have for a penalty, where the family has none of its own. */
function nameOf({ name, penalized }: Family, penalty: Penalty): string {
  const { l1, l2, group } = penalty;
  if (group > 0) return `${name} with a group lasso`;
  if (l1 > 0) return `${name} with ${l2 > 0 ? 'an elastic net' : 'a lasso'}`;
  return l2 > 0 ? (penalized ?? name) : name;
}

function countOf(classes: ClassOptions['classes']): number {
  return typeof classes === 'object' ? classes.length : (classes ?? 0);
}

/** The penalty follows the mean at once: after 't = x·w + b' it would look like a part of t. */
function objectiveText({ risk, where }: Family, penalty: Penalty): string {
  const { terms, values } = penaltyText(penalty);
  return [`${risk}${terms}`, ...(where === undefined ? [] : [where]), ...values].join(', ');
}

/** Stretching one number over all rows would be a silent mistake: every column must have n rows. */
function checkRows(kind: string, batch: Batch): void {
  const [rows] = sizeOf(batch?.x, `${kind}Regression`);
  for (const name of ['y', 'weights', 'offset'] as const) {
    const column = batch[name];
    if (column === undefined) continue;
    const [height, width] = sizeOf(column, `${kind}Regression`);
    if (height !== rows || width !== 1) {
      throw new RangeError(
        `${kind}Regression: ${name} is ${height}×${width}, expected ${rows}×1, one entry per row of x`,
      );
    }
  }
}

function sizeOf(x: Batch['x'], what: string): readonly [rows: number, columns: number] {
  if (typeof x !== 'object' || x === null || !('rows' in x || Array.isArray(x.shape))) {
    throw refusal(what, 'expected a matrix', x, 'pass { x: n×d, y: n×1 }');
  }
  if ('rows' in x) return [x.rows, x.columns];
  return [x.shape[0] ?? 1, x.shape[1] ?? 1];
}
