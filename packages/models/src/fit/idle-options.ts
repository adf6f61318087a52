import type { Problem } from '../families/problem.ts';
import type { TableOptions } from './training-set.ts';

const roles = [
  'target',
  'features',
  'exclude',
  'preparation',
  'positive',
  'weights',
  'analyticWeights',
  'classWeights',
  'exposure',
] as const;

/** Throws for an option that could have no effect here, so that none is passed over in silence. */
export function refuseIdleOptions(
  problem: Problem,
  options: TableOptions,
  isTable: boolean,
  operation = 'fit',
): void {
  const given = roles.filter((name) => options[name] !== undefined);
  const no = (name: string, why: string) =>
    new TypeError(`${operation}: the option ${name} ${why}`);
  if (!isTable && given.length > 0) {
    throw no(given[0], 'is for tables; ready features come as { x, y, weights, offset, names }');
  }
  if (options.preparation !== undefined && options.features !== undefined) {
    throw no('features', 'has no effect beside a preparation; write prepare(steps, { features })');
  }
  if (options.weights !== undefined && options.analyticWeights !== undefined) {
    throw no('analyticWeights', 'is instead of weights, not beside it');
  }
  if (options.exclude !== undefined) {
    const beside = options.preparation !== undefined ? 'a preparation' : 'features';
    if (beside === 'a preparation' || options.features !== undefined) {
      throw no('exclude', `has no effect beside ${beside}; list the features without it`);
    }
  }
  const { target, perClass, rate } = problem.family;
  if (options.positive !== undefined && (target.classes === undefined || perClass)) {
    throw no('positive', `is for two labels, as of logistic regression, this is ${problem.name}`);
  }
  if (options.classWeights !== undefined && target.classes === undefined) {
    throw no('classWeights', `is for targets of labels, this is ${problem.name}`);
  }
  if (options.exposure !== undefined && !rate) {
    throw no(
      'exposure',
      `is for rates, as of Poisson regression, this is ${problem.name}; what is added to the scores as it is, is an offset`,
    );
  }
}
