import {
  CsvError,
  type Features,
  type FittedPreparation,
  type Preparation,
} from '@steepest/datasets';
import { type Asking, got } from '@steepest/ground';
import type { Warning } from '../checks/warning.ts';
import type { Problem } from '../families/problem.ts';
import { ExamplesInMemory } from '../rows/in-memory.ts';
import type { RowExamples, Rows } from '../rows/rows.ts';
import type { Moments } from '../solve/moments.ts';
import { type ClassWeights, weightsOfClasses } from './class-weights.ts';
import { numbersOf } from './columns.ts';
import {
  defaultFeatures,
  defaultPreparation,
  refuseAsFeature,
  refuseFilledTarget,
  refuseHoles,
} from './preparation.ts';
import { type Examples, fromExamples, type Reading, type TableOptions } from './training-set.ts';

/** Training rows as a problem sees them, and how they are read. */
export interface ReadData {
  /** With the classes that the rows tell, where it declared none. */
  readonly problem: Problem;
  readonly reading: Reading;
  /** The prepared columns. */
  readonly names: readonly string[];
  readonly examples: RowExamples;
  /** Of the prepared columns. */
  readonly moments: Moments;
  /** What is odd about the raw columns. */
  notes(): Asking<readonly Warning[]>;
}

/** Training rows, read as the options say. Throws for rows that are not training data. */
export function* readRows(given: Problem, all: Rows, options: TableOptions): Asking<ReadData> {
  if (all.role !== 'train') {
    throw new TypeError(
      `fit: learns from training rows only, this table is ${all.role ?? 'not split'}; use split(), or asTraining(table)`,
    );
  }
  const weights = options.weights ?? options.analyticWeights;
  const rows = weights === undefined ? all : yield* got(all.counted(weights));
  const own = yield* ownPreparation(rows, options.preparation);
  const target = options.target ?? own?.target ?? rows.schema.target;
  if (target === undefined) {
    throw new TypeError(
      "fit: the table has no target; name one: fit(problem, table, { target: 'y' })",
    );
  }
  for (const name of [...(options.exclude ?? []), ...(options.features ?? [])]) {
    if (rows.type(name) === undefined) yield* got(rows.column(name)); // which says what is there
  }
  const column = yield* got(rows.column(target));
  refuseFilledTarget(rows, target);
  const classWeights = function* (
    wanted: ClassWeights,
    problem: Problem,
    classes: readonly string[],
  ): Asking<readonly number[]> {
    if (column.rows !== rows.rows) {
      throw new TypeError(
        'fit: classWeights are not offered for rows that are elsewhere; give them a column of weights',
      );
    }
    const own = weights === undefined ? undefined : yield* got(rows.column(weights));
    const numbers = own && weights !== undefined ? numbersOf(own, weights) : undefined;
    return weightsOfClasses(wanted, problem, classes, column, target, numbers);
  };
  const learned = function* (): Asking<ReadData> {
    const byDefault = (): Preparation =>
      defaultPreparation(rows, { ...options, target, intercept: given.intercept });
    const preparation = own ?? (yield* got(rows.fit(byDefault())));
    refuseAsFeature(preparation, target, options);
    const { outputs, classes: declared } = given;
    const classes = given.family.target.classes?.(column, target, {
      positive: options.positive,
      outputs,
      classes: declared,
    });
    const problem = classes !== undefined && outputs === 0 ? given.forClasses(classes) : given;
    const reading: Reading = {
      preparation,
      target,
      classes,
      weights: options.weights,
      analyticWeights: options.analyticWeights,
      ...(options.classWeights !== undefined && {
        classWeights: yield* classWeights(options.classWeights, problem, classes ?? []),
      }),
      offset: options.offset,
      exposure: options.exposure,
    };
    const examples = yield* got(rows.examples(problem, reading));
    return {
      problem,
      reading,
      names: preparation.names,
      examples,
      moments: yield* got(examples.moments(problem.intercept)),
      notes: () => got(rows.notes(preparation.features)),
    };
  };
  try {
    return yield* learned();
  } catch (error) {
    // Where a hole ends reading, and nothing was to fill it, all holes are told.
    const isHole = error instanceof CsvError && error.reason === 'missing';
    if (isHole && own === undefined) {
      yield* refuseHoles(rows, defaultFeatures(rows, { ...options, target }));
    }
    throw error;
  }
}

function* ownPreparation(
  rows: Rows,
  given: Preparation | FittedPreparation | undefined,
): Asking<FittedPreparation | undefined> {
  if (given === undefined) return undefined;
  return 'apply' in given ? given : yield* got(rows.fit(given));
}

/** Numbers that are prepared already. */
export function readyExamples(given: Problem, data: Examples | Features): ReadData {
  const set = fromExamples(given, data);
  const { problem, reading, names } = set;
  const examples = new ExamplesInMemory(set);
  const moments = examples.moments(problem.intercept);
  return { problem, reading, names, examples, moments, notes: () => got([]) };
}
