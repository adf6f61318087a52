import {
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
import { boolean, nonNegative, option, refusal, type Spec, settle } from '@steepest/ground';
import { isFamily } from '../expect.ts';
import type { Batch, Column, Params, Weights } from './batch.ts';
import type { Family } from './family.ts';
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
  const { kind } = family;
  const perClass = family.perClass === true;
  const { l2, intercept, classes } = checked(family, options);
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
    name: l2 > 0 ? (family.penalized ?? family.name) : family.name,
    objective: objectiveText(family, l2),
    l2,
    intercept,
    outputs,
    classes: typeof classes === 'object' ? classes : undefined,
    forClasses: (found) => regression(family, { ...options, classes: found }),
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
    loss: (params, batch) =>
      l2 === 0 ? risk(params, batch) : add(risk(params, batch), mul(l2 / 2, sum(square(params.w)))),
    scores,
    predict: (params, x, offset) => family.mean(scores(params, x, offset)),
  };
}

const penaltySpec = {
  l2: nonNegative(0),
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

interface Settings {
  readonly l2: number;
  readonly intercept: boolean;
  readonly classes: ClassOptions['classes'];
}

function checked({ kind, perClass }: Family, options: ClassOptions): Settings {
  const operation = `${kind}Regression`;
  if (!perClass) {
    const { l2, intercept } = settle<PenaltyOptions, typeof penaltySpec>(
      operation,
      options,
      penaltySpec,
    );
    return { l2, intercept, classes: undefined };
  }
  const settled = settle(operation, options, classSpec);
  const { classes } = settled;
  if (typeof classes === 'object' && new Set(classes).size < classes.length) {
    throw new RangeError(`${operation}: a class is named twice; names must differ`);
  }
  return settled;
}

function countOf(classes: ClassOptions['classes']): number {
  return typeof classes === 'object' ? classes.length : (classes ?? 0);
}

/** The penalty follows the mean at once: after 't = x·w + b' it would look like a part of t. */
function objectiveText({ risk, where }: Family, l2: number): string {
  const penalized = l2 === 0 ? risk : `${risk} + (l2/2) Σ w²`;
  const given = [...(where === undefined ? [] : [where]), ...(l2 === 0 ? [] : [`l2 = ${l2}`])];
  return [penalized, ...given].join(', ');
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
