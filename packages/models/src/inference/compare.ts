import { oneOf, refusal, type Spec, settle } from '@steepest/ground';
import type { Document } from '../document/document.ts';
import { probability, six, threePlaces } from '../document/numbers.ts';
import { type Printed, printed } from '../document/printed.ts';
import { RowwiseQr } from '../solve/block-qr.ts';
import type { Summary, Test } from './figures.ts';
import { originOf } from './memory.ts';
import { entryOf, type Sample, sizeOf } from './sample.ts';
import { chiSquareTest, fTest, waldTest } from './tests.ts';

export interface CompareOptions {
  /**
   * F where a scale is estimated (that of the largest model), the likelihood ratio otherwise; Wald's, by
   * the larger model's covariance, where its errors are robust.
   */
  readonly test?: 'F' | 'likelihood ratio' | 'Wald';
}

const spec = {
  test: oneOf(['F', 'likelihood ratio', 'Wald']),
} satisfies Spec<CompareOptions>;

/** Models of the same rows, the smallest first, each but that against the one before it. */
export interface Comparison extends Printed {
  readonly test: NonNullable<CompareOptions['test']>;
  readonly models: readonly ComparedModel[];
}

export interface ComparedModel {
  readonly summary: Summary;
  /** Its coefficients that the model before it lacks, by their names. */
  readonly added: readonly string[];
  readonly degreesOfFreedom: number;
  readonly deviance: number;
  /** That the model before it is as good; undefined for the first. */
  readonly test: Test | undefined;
}

/**
 * Whether larger models say more than smaller ones, as R's anova does: by F, by the likelihood ratio, by
 * Wald's test. Takes summaries in any order.
 *
 * Throws, where R compares all the same: models of other rows, targets, weights, offsets or families, and
 * models that are not nested (each column of the smaller one must be a combination of the larger one's).
 *
 * ```ts
 * console.log(String(compareModels([summary(small, train), summary(large, train)])));
 * ```
 */
export function compareModels(
  models: readonly Summary[],
  options: CompareOptions = {},
): Comparison {
  const { test: wanted } = settle('compareModels', options, spec);
  if (!Array.isArray(models) || models.length < 2) {
    const advice = 'write compareModels([summary(a, train), summary(b, train)])';
    throw refusal('compareModels', 'expected two summaries at least', models, advice);
  }
  for (const one of models) {
    if (typeof one === 'object' && one !== null && Array.isArray(one.estimates)) continue;
    throw refusal('compareModels', 'expected summaries', one, 'pass what summary(…) gave');
  }
  const ordered: readonly Summary[] = [...models].sort(
    (a, b) => a.estimates.length - b.estimates.length,
  );
  const largest = ordered[ordered.length - 1];
  const test = wanted ?? suited(largest);
  if (test !== 'Wald' && ordered.some(({ errors }) => errors !== undefined)) {
    throw new TypeError(
      `compareModels: the errors are robust, and ${test} tests are not; ask for test: 'Wald', or for summaries with the model's errors`,
    );
  }
  if (test === 'likelihood ratio' && largest.logLikelihood === undefined) {
    throw new TypeError(
      "compareModels: with an estimated dispersion there is no likelihood; ask for test: 'F'",
    );
  }
  if (test === 'F' && !largest.dispersion.estimated) {
    throw new TypeError(
      "compareModels: F is for an estimated scale; ask for test: 'likelihood ratio', or for summaries with dispersion: 'estimated'",
    );
  }
  const compared = ordered.map((summary, i): ComparedModel => {
    const { degreesOfFreedom, deviance } = summary;
    const smaller = ordered[i - 1];
    const alone = { summary, added: [], degreesOfFreedom, deviance, test: undefined } as const;
    if (smaller === undefined) return alone;
    refuse(smaller, summary);
    const names = smaller.estimates.map((e) => nameOf(e));
    const added = summary.estimates
      .map((e) => nameOf(e))
      .filter((name: string) => !names.includes(name));
    return { ...alone, added, test: tested(test, smaller, summary, largest, added) };
  });
  return printed({ test, models: compared }, documentOf);
}

function suited({ errors, dispersion }: Summary): NonNullable<CompareOptions['test']> {
  if (errors !== undefined) return 'Wald';
  return dispersion.estimated ? 'F' : 'likelihood ratio';
}

function nameOf({ name, output }: Summary['estimates'][number]): string {
  return output === undefined ? name : `${output}: ${name}`;
}

function tested(
  test: NonNullable<CompareOptions['test']>,
  smaller: Summary,
  larger: Summary,
  largest: Summary,
  added: readonly string[],
): Test {
  const more = smaller.degreesOfFreedom - larger.degreesOfFreedom;
  if (test === 'F') {
    const gain = (smaller.deviance - larger.deviance) / more;
    return fTest(gain / largest.dispersion.value, more, largest.degreesOfFreedom);
  }
  if (test === 'likelihood ratio') {
    return chiSquareTest(2 * (larger.logLikelihood! - smaller.logLikelihood!), more);
  }
  if (added.length !== more) {
    throw new RangeError(
      `compareModels: Wald's test is of coefficients that only the larger model has, but the smaller one's differ in more than those; use the same preparation for both`,
    );
  }
  const chosen = [...larger.estimates.keys()].filter((at) =>
    added.includes(nameOf(larger.estimates[at])),
  );
  const judge = larger.statistic === 't' ? larger.degreesOfFreedom : Infinity;
  const values = larger.estimates.map(({ estimate }) => estimate);
  return waldTest(values, larger.covariance, chosen, judge);
}

function refuse(smaller: Summary, larger: Summary): void {
  const no = (why: string) => new RangeError(`compareModels: ${why}`);
  if (smaller.kind !== larger.kind) {
    throw no(`${smaller.model} and ${larger.model} have other likelihoods; compare one kind`);
  }
  if (smaller.dispersion.estimated !== larger.dispersion.estimated) {
    throw no('one estimates a dispersion and the other does not; ask both for the same');
  }
  if (smaller.target !== larger.target) {
    throw no(`they have other targets, ${smaller.target} and ${larger.target}`);
  }
  if (smaller.estimates.length === larger.estimates.length) {
    throw no(
      'they have as many coefficients, so that neither holds the other; compare their AIC instead',
    );
  }
  const [a, b] = [originOf(smaller), originOf(larger)];
  const few = smaller.count === larger.count;
  const [small, large] = [a?.estimation.sample, b?.estimation.sample];
  const rows = small === undefined || large === undefined ? few : sameRows(small, large);
  if (!rows) {
    throw no(
      `they were fitted to other rows (${smaller.count} and ${larger.count}), weights or offsets; their deviances are of different things: fit both to the rows that are whole in both`,
    );
  }
  const nested =
    small === undefined || large === undefined
      ? smaller.estimates.every((e) => larger.estimates.some((f) => nameOf(f) === nameOf(e)))
      : within(small, large);
  if (!nested) {
    throw no(
      'they are not nested: the smaller model has columns that are no combination of those of the larger one; compare their AIC instead',
    );
  }
}

function sameRows(a: Sample, b: Sample): boolean {
  return (
    same(a.y.data, b.y.data) &&
    same(a.frequency, b.frequency) &&
    same(a.precision, b.precision) &&
    same(a.offset, b.offset)
  );
}

function same(a: Float64Array | undefined, b: Float64Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/** Whether every column of the one is a combination of the other's: what QR leaves of it is rounding. */
function within(small: Sample, large: Sample): boolean {
  const [p, q] = [sizeOf(large), sizeOf(small)];
  const qr = new RowwiseQr(p + q);
  for (let i = 0; i < large.x.rows; i++) {
    qr.add((j) => (j < p ? entryOf(large, i, j) : entryOf(small, i, j - p)));
  }
  const { data, rows } = qr.r();
  for (let j = p; j < p + q; j++) {
    const column = data.subarray(j * rows, (j + 1) * rows);
    const rest = Math.hypot(...column.subarray(p, j + 1));
    if (rest > 1e-7 * Math.hypot(...column)) return false;
  }
  return true;
}

function documentOf({ test, models }: Omit<Comparison, keyof Printed>): Document {
  const letter = models.some((one) => one.test?.degreesOfFreedom.length === 2) ? 'F' : 'χ²';
  const [{ summary: first }] = models;
  return {
    title: `${first.model} of ${first.target}: ${models.length} models compared`,
    parts: [
      {
        kind: 'grid',
        header: [
          '',
          'residual df',
          first.rSquared === undefined ? 'deviance' : 'RSS',
          'df',
          letter,
          'p-value',
        ],
        rows: models.map(({ added, degreesOfFreedom, deviance, test }, i) => [
          i === 0 ? `${i + 1}. ${formula(first)}` : `${i + 1}. + ${added.join(' + ')}`,
          six(degreesOfFreedom),
          six(deviance),
          test === undefined ? '' : six(test.degreesOfFreedom[0]),
          test === undefined ? '' : threePlaces(test.statistic),
          test === undefined ? '' : probability(test.pValue),
        ]),
      },
      { kind: 'notes', lines: [noteOf(test)] },
    ],
  };
}

function formula({ estimates }: Summary): string {
  const names = [...new Set(estimates.map(({ name }) => name))];
  return names.join(' + ');
}

function noteOf(test: Comparison['test']): string {
  if (test === 'F') return 'F tests, with the dispersion of the largest model.';
  return test === 'Wald'
    ? "Wald's tests, by the covariance of the larger model of each pair."
    : 'Likelihood-ratio tests.';
}
