import {
  type Asking,
  answered,
  argument,
  callback,
  got,
  isCallable,
  type Later,
  listOf,
  option,
  refusal,
  required,
  type Spec,
  settle,
} from '@steepest/ground';
import { chooseFeatures } from '../checks.ts';
import { columnName, columnNames } from '../column-names.ts';
import { type Features, featuresOf } from '../features.ts';
import type { Schema } from '../schema/schema.ts';
import type { Facts } from '../steps/facts.ts';
import type { FittedStep, Frame, Note } from '../steps/frame.ts';
import type { Step } from '../steps/step.ts';
import { expectTable } from '../table/expect-table.ts';
import { type DiskTable, isOnDisk } from '../table/on-disk.ts';
import { sliceRows } from '../table/rows.ts';
import type { Table, Train, Values } from '../table/table.ts';
import type { Warning } from '../warning.ts';
import { isLearnable, type Learnable, learnable } from './learnable.ts';
import { type NumberRow, numberRow } from './number-row.ts';
import { type RawCoefficients, rawScale } from './raw-scale.ts';
import { type RawRow, rowTable } from './row.ts';
import { type TargetCode, targetCode, toFeatures } from './to-features.ts';
import { toFrame } from './to-frame.ts';
import { type SparseFeatures, shareOf, toSparse } from './to-sparse.ts';

/** Steps that have not seen data yet. */
export interface Preparation {
  /**
   * Learns from training rows, and from no others: see `split` and `asTraining`. Rows that are not in
   * memory are gone through once for each step, some at a time.
   */
  fit(train: Train): FittedPreparation;
  fit(train: Train<DiskTable> | Learnable): Promise<FittedPreparation>;
}

/** Steps with all that they learned; plain data inside, so it can be saved with a model. */
export interface FittedPreparation {
  readonly schema: Schema;
  /** The raw columns that go in, in order. */
  readonly features: readonly string[];
  readonly target: string | undefined;
  readonly classes: readonly string[] | undefined;
  /** The columns that come out, in order. */
  readonly names: readonly string[];
  readonly warnings: readonly Warning[];
  /** The features of a table, rows × names; y too, if the table has the target column. */
  apply(table: Table, options?: ApplyOptions): Features;
  /** The features without their zeros: memory for one-hot columns is by rows, however many levels there are. */
  applySparse(table: Table, options?: Pick<ApplyOptions, 'rowNumber'>): SparseFeatures;
  /**
   * The largest share of a table's prepared entries that can be other than 0: columns of a one-hot step that
   * no later step changes have one 1 a row together, others count as full.
   */
  share(table: Table): number;
  /** The features of one raw row, 1 × names. Throws a CsvError that names the column. */
  applyRow(row: RawRow): Features;
  /** The same linear model for raw columns; throws if a step is not affine in each column. */
  toRawScale(coefficients: ArrayLike<number>, intercept?: number): RawCoefficients;
  toJSON(): SavedPreparation;
}

/** Where features are written. */
export interface ApplyOptions {
  /** Makes the arrays of x and y: `allocate` of `@steepest/compile`, so that they lie where it reads them. */
  readonly allocate?: ((length: number) => Float64Array) | undefined;
  /** The number of a row, from 0, where these are some rows of many: what messages call it. */
  readonly rowNumber?: ((i: number) => number) | undefined;
}

const applySpec = {
  allocate: callback('(length) => Float64Array'),
  rowNumber: callback('(i) => number'),
} satisfies Spec<ApplyOptions>;
const sparseSpec = { rowNumber: callback('(i) => number') } satisfies Spec<
  Pick<ApplyOptions, 'rowNumber'>
>;

/** A fitted preparation as JSON; `preparationFromJSON` checks it and brings it back. */
export interface SavedPreparation {
  readonly format: 'steepest-preparation';
  readonly version: 1;
  readonly schema: Schema;
  readonly features: readonly string[];
  readonly target?: string;
  readonly classes?: readonly string[];
  readonly names: readonly string[];
  readonly steps: readonly { readonly step: string; readonly state: unknown }[];
}

/** Which columns become features: all that are neither text, nor the target, nor excluded, unless listed. */
export interface PrepareOptions {
  readonly features?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  /** The schema's target unless named. */
  readonly target?: string | undefined;
}

const prepareSpec = {
  features: columnNames,
  exclude: columnNames,
  target: columnName,
} satisfies Spec<PrepareOptions>;

const stepOption = option<Step>({
  expected: 'a step',
  accepts: (x) => {
    const { step, fit } = (x ?? {}) as Partial<Step>;
    return typeof step === 'string' && isCallable(fit);
  },
  sample: 'standardize()',
  advice: (x) => (typeof x === 'function' && x.name !== '' ? `call it: ${x.name}()` : undefined),
});

/**
 * Declares how raw columns become features; the steps run in order. Features are all columns that are
 * not text and not the target (dates only beside a dates() step), unless they are listed; the target is the schema's, unless it is named.
 *
 * @example
 * const fitted = prepare([impute('mean'), standardize(), oneHot()]).fit(train);
 * const { x, y, names } = fitted.apply(test);
 */
export function prepare(steps: readonly Step[], options: PrepareOptions = {}): Preparation {
  argument('prepare', 'steps', steps, required(listOf(stepOption)));
  const settled = settle('prepare', options, prepareSpec);
  const fit = (train: Train | Train<DiskTable> | Learnable): Later<FittedPreparation> => {
    if (isOnDisk(train) || isLearnable(train)) {
      return Promise.resolve().then(() => answered(fitting(steps, settled, learnable(train))));
    }
    expectTable('fit', train);
    return answered(fitting(steps, settled, learnable(train as Table)));
  };
  return { fit: fit as Preparation['fit'] };
}

type Task = Pick<PrepareOptions, 'features' | 'exclude' | 'target'>;

function* fitting(
  steps: readonly Step[],
  settled: Task,
  train: Learnable,
): Asking<FittedPreparation> {
  if (train.role !== 'train') {
    throw new TypeError(
      `prepare: fit takes training rows only, this table is ${train.role ?? 'not split'}; use split(), or asTraining(table)`,
    );
  }
  if (train.rows === 0) throw new RangeError('prepare: there are no training rows to fit on');
  const target = settled.target ?? train.schema.target;
  const asked = new Set(settled.features);
  const usable = train.names.filter(
    (name) => name === target || asked.has(name) || isFeature(train.type(name), steps),
  );
  const features = chooseFeatures(
    usable,
    { target, features: settled.features, exclude: settled.exclude },
    train.file,
  );
  const warnings: Warning[] = [];
  let facts = yield* got(train.facts(features));
  const fitted: FittedStep[] = [];
  for (const step of steps) {
    const done = yield* learned(step, facts, (warning) => warnings.push(warning));
    if (!isCallable(done?.apply) || !isCallable(done.rescale)) {
      const advice = 'return { step, state, apply, rescale }';
      throw refusal(
        'prepare',
        `the fit of the step ${step.step} must give a fitted step`,
        done,
        advice,
      );
    }
    facts = facts.after(done);
    fitted.push(done);
  }
  refuseTwins(facts.columns);
  const code =
    target === undefined
      ? undefined
      : targetCode(target, train.type(target), yield* got(train.levels(target)));
  return fittedPreparation({
    schema: train.schema,
    features,
    target: code,
    names: facts.columns.map((column) => column.name),
    steps: fitted,
    warnings,
  });
}

function* learned(step: Step, facts: Facts, note: Note): Asking<FittedStep> {
  if (facts.frame !== undefined) return step.fit(facts.frame, note);
  if (step.learn !== undefined) return yield* step.learn(facts, note);
  throw new TypeError(
    `prepare: the step ${step.step} learns from tables in memory alone; give it learn(facts, note), or fit on some rows: asTraining(table.slice(0, 10000))`,
  );
}

/** Texts are no features unless asked for, and dates only where a step reads them. */
function isFeature(type: Values['type'] | undefined, steps: readonly Step[]): boolean {
  if (type === 'date') return steps.some(({ step }) => step === 'dates');
  return type !== 'text';
}

/** Two prepared columns of one name could not be told apart in a report of coefficients. */
function refuseTwins(columns: Facts['columns']): void {
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name)) {
      throw new TypeError(
        `prepare: two prepared columns are called "${name}"; rename the raw column, or take a step away`,
      );
    }
    seen.add(name);
  }
}

/** The parts of a fitted preparation, from `fit` or from a file. */
export interface Parts {
  readonly schema: Schema;
  readonly features: readonly string[];
  readonly target: TargetCode | undefined;
  readonly names: readonly string[];
  readonly steps: readonly FittedStep[];
  readonly warnings: readonly Warning[];
}

export function fittedPreparation(parts: Parts): FittedPreparation {
  const { schema, features, target, names, steps, warnings } = parts;
  let short: { readonly of: NumberRow | undefined } | undefined;
  const run = (table: Table, rowNumber: ApplyOptions['rowNumber']): Frame =>
    steps.reduce<Frame>((frame, step) => step.apply(frame), {
      ...toFrame(table, features, schema),
      rowNumber,
    });
  const apply = (table: Table, options: ApplyOptions = {}): Features => {
    expectTable('apply', table);
    const { allocate, rowNumber } = settle('apply', options, applySpec);
    return toFeatures(run(table, rowNumber), table, target, allocate);
  };
  return {
    schema,
    features,
    target: target?.name,
    classes: target?.classes,
    names,
    warnings,
    apply,
    applySparse(table, options = {}) {
      expectTable('applySparse', table);
      const { rowNumber } = settle('applySparse', options, sparseSpec);
      return toSparse(run(table, rowNumber));
    },
    share(table) {
      expectTable('share', table);
      return shareOf(run(sliceRows(table, 0, 0), undefined));
    },
    applyRow(row) {
      short ??= { of: numberRow(schema, features, steps) };
      const plain = typeof row === 'object' && row !== null && !Array.isArray(row);
      const data = plain ? short.of?.(row) : undefined;
      return data === undefined
        ? apply(rowTable(schema, features, row))
        : featuresOf({ data, names, rows: 1, classes: target?.classes });
    },
    toRawScale: (coefficients, intercept = 0) => rawScale(steps, features, coefficients, intercept),
    toJSON: () => ({
      format: 'steepest-preparation',
      version: 1,
      schema,
      features,
      ...(target === undefined ? {} : { target: target.name }),
      ...(target?.classes === undefined ? {} : { classes: target.classes }),
      names,
      steps: steps.map(({ step, state }) => ({ step, state })),
    }),
  };
}
