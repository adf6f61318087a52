import type { FittedPreparation } from '@steepest/datasets';
import { originOfColumn } from '../explain/origin.ts';
import type { Estimation } from './estimation.ts';

/** A raw column with its coefficients, by their places among those of one score. */
export interface Term {
  readonly column: string;
  readonly places: readonly number[];
  /** Whether its coefficients are those of labels, against the first. */
  readonly labels: boolean;
  readonly truth: boolean;
}

/** The columns of a model, the intercept left out. */
export function termsOf({ units, fitted }: Estimation): Term[] {
  const { preparation } = fitted.reading;
  const features = preparation?.features ?? [];
  const groups = new Map<string, number[]>();
  units.names.forEach((name, at) => {
    if (units.intercept && at === 0) return;
    const column = originOfColumn(name, features);
    groups.set(column, [...(groups.get(column) ?? []), at]);
  });
  return Array.from(groups, ([column, places]) => ({
    column,
    places,
    labels: places.every((at) => units.names[at].startsWith(`${column}=`)),
    truth: typeIn(preparation, column) === 'boolean',
  }));
}

function typeIn(preparation: FittedPreparation | undefined, column: string): string | undefined {
  return preparation?.schema.columns.find(({ name }) => name === column)?.type;
}
