import type { FlatMatrix } from '@steepest/autodiff';
import { expectFitted } from '../expect.ts';
import { isSparse, type Penalty } from '../families/penalty.ts';
import type { Fitted } from '../fit/model.ts';
import { measuresIn } from '../metrics/measure.ts';
import { version } from '../version.ts';
import type { Bundle, SavedPenalty } from './format.ts';
import { toJsonNumber } from './number.ts';

/**
 * A fitted model as a plain value that JSON can hold; `fromBundle` brings it back, to the last bit.
 *
 * ```ts
 * const text = JSON.stringify(toBundle(fitted));
 * fromBundle(JSON.parse(text)).predict(rows); // the same numbers
 * ```
 */
export function toBundle(fitted: Fitted): Bundle {
  expectFitted('toBundle', fitted);
  const { problem, params, reading, certificate } = fitted;
  const { preparation, target, classes, weights, analyticWeights, offset, exposure } = reading;
  const { confusion } = fitted.metrics;
  const measures = measuresIn(fitted.metrics).map(
    ([name, value]) => [name, toJsonNumber(value)] as const,
  );
  return {
    format: 'steepest-model',
    version: 1,
    versions: { models: version },
    problem: {
      kind: problem.kind,
      ...(problem.family.settings && { settings: problem.family.settings }),
      l2: problem.l2,
      ...(isSparse(problem.penalty) && { penalty: savedPenalty(problem.penalty) }),
      intercept: problem.intercept,
      outputs: problem.outputs,
      ...(problem.classes && { classes: problem.classes }),
    },
    ...(preparation && { preparation: preparation.toJSON() }),
    target,
    ...(classes && { classes }),
    ...(weights === undefined ? {} : { weights }),
    ...(analyticWeights === undefined ? {} : { analyticWeights }),
    ...(reading.classWeights && { classWeights: reading.classWeights }),
    ...(offset === undefined ? {} : { offset }),
    ...(exposure === undefined ? {} : { exposure }),
    names: fitted.names,
    params: { w: entriesOf(params.w), b: entriesOf(params.b) },
    training: {
      converged: fitted.converged,
      ending: fitted.ending,
      objective: toJsonNumber(certificate.objective),
      gradientNorm: toJsonNumber(certificate.gradientNorm),
      decrement: toJsonNumber(certificate.decrement),
      farthest: toJsonNumber(certificate.farthest),
      ...(certificate.condition === undefined
        ? {}
        : { condition: toJsonNumber(certificate.condition) }),
      ...(certificate.gap === undefined ? {} : { gap: toJsonNumber(certificate.gap) }),
      seed: fitted.seed,
      warnings: fitted.warnings,
      metrics: {
        rows: fitted.metrics.rows,
        ...Object.fromEntries(measures),
        ...(confusion && { confusion: confusion.counts }),
      },
    },
  };
}

function entriesOf(x: number | FlatMatrix): Bundle['params']['w'] {
  return typeof x === 'number' ? [toJsonNumber(x)] : Array.from(x.data, toJsonNumber);
}

function savedPenalty({ l1, group, groups, standardize, factors, glmnet }: Penalty): SavedPenalty {
  return {
    ...(l1 > 0 && { l1 }),
    ...(group > 0 && { group }),
    ...(groups && { groups }),
    ...(standardize && { standardize }),
    ...(factors && { factors }),
    ...(glmnet && { glmnet }),
  };
}
