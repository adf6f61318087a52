import type { Expression } from '../expression/expression.ts';
import type { Words } from '../expression/words.ts';

type Part = 'elapsed' | 'year' | 'month' | 'weekday' | 'hour';

const day = 86_400_000;

/**
 * A part of a time in milliseconds since 1970 in UTC, in arithmetic that every engine has, so that all of
 * them count as JavaScript does (Hinnant 2013, civil_from_days).
 */
export function datePart(
  words: Words,
  time: Expression,
  part: Part,
  origin: number,
): { readonly value: Expression; readonly cycle?: readonly [number, number] } {
  const number = (x: number): Expression => words.number(x);
  const over = (x: Expression, by: number): Expression => words.floor(words.div(x, number(by)));
  const rest = (x: Expression, of: Expression, by: number): Expression =>
    words.sub(x, words.mul(of, number(by)));
  if (part === 'elapsed') {
    return { value: words.div(words.sub(time, number(origin)), number(day)) };
  }
  const days = over(time, day);
  if (part === 'hour') {
    return { value: over(rest(time, days, day), 3_600_000), cycle: [0, 23] };
  }
  if (part === 'weekday') {
    // 1970-01-01 was a Thursday.
    const fromMonday = words.add(days, number(3));
    const week = over(fromMonday, 7);
    return { value: words.add(rest(fromMonday, week, 7), number(1)), cycle: [1, 7] };
  }
  const z = words.add(days, number(719_468));
  const era = over(z, 146_097);
  const dayOfEra = rest(z, era, 146_097);
  const leaps = words.sub(
    words.add(over(dayOfEra, 1460), over(dayOfEra, 146_096)),
    over(dayOfEra, 36_524),
  );
  const yearOfEra = over(words.sub(dayOfEra, leaps), 365);
  const before = words.sub(
    words.add(words.mul(yearOfEra, number(365)), over(yearOfEra, 4)),
    over(yearOfEra, 100),
  );
  const dayOfYear = words.sub(dayOfEra, before);
  // Months from March on, 0 to 11.
  const fromMarch = over(words.add(words.mul(number(5), dayOfYear), number(2)), 153);
  const isEarly = words.less(fromMarch, number(10));
  const month = words.add(fromMarch, words.choose(isEarly, number(3), number(-9)));
  if (part === 'month') return { value: month, cycle: [1, 12] };
  const year = words.add(yearOfEra, words.mul(era, number(400)));
  return { value: words.add(year, words.choose(isEarly, number(0), number(1))) };
}
