import { refusal } from '@steepest/ground';
import type { Problem } from '../families/problem.ts';

/** The measures of which more is better; of all others less is. */
const moreIsBetter: ReadonlySet<string> = new Set([
  'accuracy',
  'areaUnderCurve',
  'averagePrecision',
  'balancedAccuracy',
  'f1Score',
  'matthewsCorrelation',
  'rSquared',
  'topKAccuracy',
]);

/** What stands for the whole model, by preference: proper scores first. */
const preferred = ['logLoss', 'poissonDeviance', 'meanSquaredError', 'meanAbsoluteError'];

/** A measure of the family, and whether less or more of it is better. */
export interface JudgedBy {
  readonly measure: string;
  readonly best: 'lowest' | 'highest';
}

/** What to judge by; throws for a measure that the family does not have. */
export function judgedBy(
  operation: string,
  { family, name }: Problem,
  by: string | undefined,
  best: 'lowest' | 'highest' | undefined,
): JudgedBy {
  const measures = Object.keys(family.measures);
  const measure = by ?? preferred.find((one) => measures.includes(one)) ?? measures[0];
  if (measure === undefined || !measures.includes(measure)) {
    const advice = `${name} has ${measures.join(', ')}`;
    throw refusal(operation, 'by must be a measure of the family', by, advice);
  }
  return { measure, best: best ?? (moreIsBetter.has(measure) ? 'highest' : 'lowest') };
}

/** By how much a figure falls short: less is better, whatever the measure. */
export function shortfall({ best }: JudgedBy, figure: number): number {
  return best === 'lowest' ? figure : -figure;
}
