import { binaryTarget, encodeTarget } from '@steepest/datasets';
import { codeTarget, zeroOneTarget } from '../checks/target-checks.ts';
import { quotedList } from '../checks/warning.ts';
import { classCodes, numbersOf } from '../fit/columns.ts';
import type { Target } from './family.ts';

/** A target that is a number; what else it must be is for the checks to say. */
export function numberTarget(...checks: readonly Target['check'][]): Target {
  return {
    check: (y, facts) => checks.flatMap((check) => check(y, facts)),
    codes: (table, name) => numbersOf(table, name),
  };
}

/** Two labels: the second counts as 1, or the one that `positive` names. */
export const twoLabels: Target = {
  check: zeroOneTarget,
  codes: classCodes,
  classes: (table, name, { positive }) =>
    binaryTarget(table, name, positive === undefined ? {} : { positive }).classes,
};

/** As many labels as the problem has classes; those of the training rows where it names none. */
export const manyLabels: Target = {
  check: codeTarget,
  codes: classCodes,
  classes(table, name, { outputs, classes: declared }) {
    if (declared !== undefined) return declared;
    const { classes } = encodeTarget(table, name, { operation: 'fit' });
    if (outputs === 0 || classes.length === outputs) return classes;
    throw new RangeError(
      `fit: the problem was declared with ${outputs} classes, the column "${name}" has ` +
        `${classes.length}: ${quotedList(classes)}; leave { classes } out, or name them`,
    );
  },
};
