import { boolean, got, type Spec, settle } from '@steepest/ground';
import { columnNames } from '../column-names.ts';
import { numberColumns } from './facts.ts';
import type { FittedStep, Note } from './frame.ts';
import { asking } from './frame-facts.ts';
import { loadRescaling, type Rescaling, rescaleStep } from './rescaling.ts';
import type { Step } from './step.ts';

/** `centre: false` keeps 0 where it is, for models through the origin. */
export interface StandardizeOptions {
  readonly columns?: readonly string[] | undefined;
  readonly centre?: boolean | undefined;
}

const standardizeSpec = {
  columns: columnNames,
  centre: boolean(true),
} satisfies Spec<StandardizeOptions>;

/**
 * Centres each number column on its mean and divides it by its population standard deviation (the
 * divisor is n, as in scikit-learn). A constant column becomes 0, with a warning. With `centre: false`
 * a column is divided by its root mean square, and not shifted.
 *
 * @example
 * prepare([standardize()])
 * prepare([standardize({ columns: ['age'] })])
 * prepare([standardize({ centre: false })]) // for a model without an intercept
 */
export function standardize(options: StandardizeOptions = {}): Step {
  const { columns, centre } = settle('standardize', options, standardizeSpec);
  return asking('standardize', function* (facts, note) {
    const names = numberColumns(facts, 'standardize', columns);
    const found = yield* got(facts.moments(names));
    return rescaleStep(
      'standardize',
      names.map((name, k) => {
        const { mean, deviation } = found[k];
        if (centre) return scaleOrWarn({ name, shift: mean, scale: deviation }, note);
        return { name, shift: 0, scale: Math.hypot(mean, deviation) || 1 };
      }),
    );
  });
}

export function loadStandardize(state: unknown): FittedStep {
  return loadRescaling('standardize', state);
}

/** Scale 1 instead of 0, and a note, where a column holds one value only. */
export function scaleOrWarn(rule: Rescaling, note: Note): Rescaling {
  if (rule.scale > 0) return rule;
  note({
    kind: 'constant-column',
    column: rule.name,
    message: `the column "${rule.name}" holds one value only in the training rows; it carries no information`,
  });
  return { ...rule, scale: 1 };
}
