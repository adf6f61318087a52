import { max, min, sum } from '@steepest/autodiff';
import type { Expression } from '../expression/expression.ts';
import type { Words } from '../expression/words.ts';
import type { Fold, Written } from './operation.ts';

type Pair = (e: Words, a: Expression, b: Expression) => Expression;
const pairs =
  (pair: Pair): Fold['row'] =>
  (e, x) =>
    x.reduce((a, b) => pair(e, a, b));

/** What makes one value of those of a row, of a column, of all. */
export const reductions: readonly Written[] = [
  [sum, { fold: { over: 'sum', row: (e, x) => e.sum(x), value: sum } }],
  [max, { fold: { over: 'max', row: pairs((e, a, b) => e.greatest(a, b)), value: max } }],
  [min, { fold: { over: 'min', row: pairs((e, a, b) => e.least(a, b)), value: min } }],
];
