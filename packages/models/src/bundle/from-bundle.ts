import { FlatMatrix } from '@steepest/autodiff';
import { type FittedPreparation, preparationFromJSON } from '@steepest/datasets';
import type { Family } from '../families/family.ts';
import { families } from '../families/index.ts';
import { noPenalty } from '../families/penalty.ts';
import type { Problem } from '../families/problem.ts';
import { problemOf } from '../families/regression.ts';
import { fittedOf, namesOfClasses } from '../fit/fitted.ts';
import type { Fitted } from '../fit/model.ts';
import { confusionOf } from '../metrics/confusion.ts';
import { type Metrics, printable } from '../metrics/measure.ts';
import type { Bundle } from './format.ts';
import { fromJsonNumber } from './number.ts';
import { checked, wrong } from './schema.ts';

/** `families`: those of one's own that a model may be of, beside the library's. */
export interface BundleOptions {
  readonly families?: readonly Family[];
}

/**
 * Brings a model back from the plain value that `toBundle` gave. Executes nothing; checks every field
 * and throws a TypeError that names the first that is wrong, unknown keys among them.
 *
 * ```ts
 * const fitted = fromBundle(JSON.parse(text));
 * fitted.predict([{ petal_length: '4.7', petal_width: 1.4 }]);
 * ```
 */
export function fromBundle(json: unknown, options: BundleOptions = {}): Fitted {
  const known = [...(options?.families ?? []), ...families];
  const bundle = checked(json, known);
  const problem = problemFrom(bundle.problem, known);
  const preparation =
    bundle.preparation === undefined ? undefined : preparationFrom(bundle.preparation);
  const { names, target, weights, analyticWeights, classWeights, offset, exposure, training } =
    bundle;
  if (preparation !== undefined && !same(preparation.names, names)) {
    throw wrong('names', 'they differ from the columns that the preparation makes');
  }
  const classes = classesFrom(bundle, problem);
  if (classWeights !== undefined && classWeights.length !== classes?.length) {
    throw wrong('classWeights', 'there must be one for each class');
  }
  const reading = {
    preparation,
    target,
    classes,
    weights,
    analyticWeights,
    ...(classWeights && { classWeights }),
    offset,
    exposure,
  };
  const { gap, condition } = training;
  try {
    return fittedOf({
      problem,
      params: paramsFrom(bundle, problem),
      reading,
      names,
      converged: training.converged,
      ending: training.ending,
      certificate: {
        objective: fromJsonNumber(training.objective),
        gradientNorm: fromJsonNumber(training.gradientNorm),
        decrement: fromJsonNumber(training.decrement),
        farthest: fromJsonNumber(training.farthest),
        gap: gap === undefined ? undefined : fromJsonNumber(gap),
        condition: condition === undefined ? undefined : fromJsonNumber(condition),
      },
      metrics: metricsFrom(problem, training.metrics, namesOfClasses(problem, reading)),
      warnings: training.warnings,
      seed: training.seed,
      report: undefined,
    });
  } catch (error) {
    // The steps of the preparation give another number of columns than it says.
    if (error instanceof RangeError) throw wrong('preparation', error.message);
    throw error;
  }
}

function problemFrom(saved: Bundle['problem'], known: readonly Family[]): Problem {
  const { kind, l2, intercept, outputs, classes } = saved;
  const penalty = { ...noPenalty, l2, ...saved.penalty };
  const family = familyFrom(saved, known);
  if (!family.perClass) {
    if (outputs !== 1) {
      throw wrong('problem.outputs', `expected 1 for a ${kind} problem, got ${outputs}`);
    }
    if (classes !== undefined) {
      throw wrong('problem.classes', `a ${kind} problem declares none`);
    }
    return problemOf(family, { penalty, intercept, classes: undefined });
  }
  if (outputs < 2 || (classes !== undefined && classes.length !== outputs)) {
    throw wrong('problem.classes', `expected ${outputs} names, got ${classes?.length ?? 'none'}`);
  }
  if (classes !== undefined && new Set(classes).size < classes.length) {
    throw wrong('problem.classes', 'a class is named twice');
  }
  return problemOf(family, { penalty, intercept, classes: classes ?? outputs });
}

function familyFrom({ kind, settings }: Bundle['problem'], known: readonly Family[]): Family {
  const family = known.find((one) => one.kind === kind) as Family; // the schema knows no other kind
  const names = Object.keys(family.settings ?? {});
  if (!same(Object.keys(settings ?? {}).sort(), [...names].sort())) {
    throw wrong('problem.settings', `a ${kind} problem has ${names.join(', ') || 'none'}`);
  }
  if (settings === undefined || family.of === undefined) return family;
  try {
    return family.of(settings);
  } catch (error) {
    throw wrong('problem.settings', error instanceof Error ? error.message : String(error));
  }
}

function preparationFrom(saved: unknown): FittedPreparation {
  let preparation: FittedPreparation;
  try {
    preparation = preparationFromJSON(saved);
  } catch (error) {
    throw wrong('preparation', error instanceof Error ? error.message : String(error));
  }
  // What came back must be all that was there: anything else in it is unknown.
  if (same(JSON.parse(JSON.stringify(preparation.toJSON())), saved)) return preparation;
  throw wrong('preparation', 'it holds something that is no part of a preparation');
}

function classesFrom({ classes }: Bundle, problem: Problem): readonly string[] | undefined {
  if (classes === undefined) return undefined;
  const expected = problem.family.target.classes === undefined ? 0 : Math.max(2, problem.outputs);
  if (classes.length !== expected || new Set(classes).size < expected) {
    throw wrong('classes', `expected ${expected} different labels, got ${classes.length}`);
  }
  return classes;
}

function paramsFrom({ params, names }: Bundle, { outputs }: Problem): Fitted['params'] {
  const sizes = { w: names.length * outputs, b: outputs };
  for (const leaf of ['w', 'b'] as const) {
    if (params[leaf].length === sizes[leaf]) continue;
    throw wrong(`params.${leaf}`, `expected ${sizes[leaf]} numbers, got ${params[leaf].length}`);
  }
  const b = params.b.map(fromJsonNumber);
  return {
    w: new FlatMatrix(names.length, outputs, params.w.map(fromJsonNumber)),
    b: outputs === 1 ? b[0] : new FlatMatrix(1, outputs, b),
  };
}

function metricsFrom(
  { family }: Problem,
  saved: Bundle['training']['metrics'],
  classes: readonly string[],
): Metrics {
  const { rows, confusion, ...values } = saved;
  const square = confusion?.every((row) => row.length === classes.length) ?? true;
  if (confusion !== undefined && !(square && confusion.length === classes.length)) {
    throw wrong('training.metrics.confusion', `expected ${classes.length} rows and columns`);
  }
  const measures = Object.entries(values).map(([name, value]) => {
    if (Object.hasOwn(family.measures, name)) return [name, fromJsonNumber(value)] as const;
    throw wrong(`training.metrics.${name}`, `no measure of a ${family.kind} problem`);
  });
  return printable({
    rows,
    ...Object.fromEntries(measures),
    ...(confusion && { confusion: confusionOf(classes, confusion) }),
  });
}

/** Whether two JSON values are equal, whatever the order of their keys. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const keys = Object.keys(a);
  return (
    Array.isArray(a) === Array.isArray(b) &&
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && same(a[key as never], b[key as never]))
  );
}
