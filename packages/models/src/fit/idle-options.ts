import type { Problem } from '../problems/problem.ts';
import type { TableOptions } from './training-set.ts';

const roles = ['target', 'features', 'preparation', 'positive', 'weights', 'exposure'] as const;

/** Throws for an option that could have no effect here, so that none is passed over in silence. */
export function refuseIdleOptions(problem: Problem, options: TableOptions, isTable: boolean): void {
  const given = roles.filter((name) => options[name] !== undefined);
  const no = (name: string, why: string) => new TypeError(`fit: the option ${name} ${why}`);
  if (!isTable && given.length > 0) {
    throw no(given[0], 'is for tables; ready features come as { x, y, weights, offset, names }');
  }
  if (options.preparation !== undefined && options.features !== undefined) {
    throw no('features', 'has no effect beside a preparation; write prepare(steps, { features })');
  }
  if (options.positive !== undefined && problem.kind !== 'logistic') {
    throw no('positive', `is for logistic regression, this is ${problem.name}`);
  }
  if (options.exposure !== undefined && problem.kind !== 'poisson') {
    throw no('exposure', `is for Poisson regression, this is ${problem.name}`);
  }
}
