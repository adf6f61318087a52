import { option } from '@steepest/ground';
import { type CivilTime, civilTime, dayLength, dayNumber, daysIn } from './dates.ts';

/** How the cells of a date column are read and written; times are milliseconds since 1970 in UTC. */
export interface DateFormat {
  /** The time that a trimmed cell spells; NaN if it spells none. */
  parse(text: string): number;
  write(time: number): string;
}

const units = ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond'] as const;
type Unit = (typeof units)[number];

interface Token {
  readonly unit: Unit;
  readonly digits: string;
  readonly width: number;
}

const tokens: ReadonlyMap<string, Token> = new Map([
  ['YYYY', { unit: 'year', digits: '\\d{4}', width: 4 }],
  ['MM', { unit: 'month', digits: '\\d{2}', width: 2 }],
  ['M', { unit: 'month', digits: '\\d{1,2}', width: 1 }],
  ['DD', { unit: 'day', digits: '\\d{2}', width: 2 }],
  ['D', { unit: 'day', digits: '\\d{1,2}', width: 1 }],
  ['HH', { unit: 'hour', digits: '\\d{2}', width: 2 }],
  ['H', { unit: 'hour', digits: '\\d{1,2}', width: 1 }],
  ['mm', { unit: 'minute', digits: '\\d{2}', width: 2 }],
  ['ss', { unit: 'second', digits: '\\d{2}', width: 2 }],
  ['SSS', { unit: 'millisecond', digits: '\\d{3}', width: 3 }],
]);

/** Whether a text is a format: each unit once and none without the larger ones, no other letters but T and Z. */
function isFormat(format: unknown): boolean {
  if (typeof format !== 'string') return false;
  const parts = partsOf(format);
  const found = parts.flatMap((part) => tokens.get(part)?.unit ?? []);
  const largest = units.slice(0, found.length);
  return (
    found.length > 0 &&
    largest.every((unit) => found.includes(unit)) &&
    parts.every((part, i) => {
      const token = tokens.get(part);
      if (token === undefined) return /^(?:[^\p{L}\d]|[TZ])$/u.test(part);
      return token.width > 1 || !tokens.has(parts[i + 1]); // digits of unknown number, then digits
    })
  );
}

export const dateFormat: ReturnType<typeof option<string>> = option<string>({
  expected: 'a date format of YYYY, MM or M, DD or D, HH or H, mm, ss, SSS',
  accepts: isFormat,
  sample: "'DD.MM.YYYY' or 'MM/DD/YYYY HH:mm'",
});

function partsOf(format: string): string[] {
  return format.match(/YYYY|MM?|DD?|HH?|mm|ss|SSS|./gsu) ?? [];
}

/** The time of these units, NaN where there is no such day or time. */
function timeOf(given: Partial<Record<Unit, number>>): number {
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0 } = given;
  const exists =
    month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) && hour < 24 && minute < 60;
  if (!exists || second >= 60) return Number.NaN;
  const clock = ((hour * 60 + minute) * 60 + second) * 1000 + millisecond;
  return dayNumber(year, month, day) * dayLength + clock;
}

const iso =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,3})0*)?)?(?:Z|([+-])(\d\d)(?::?(\d\d))?)?)?$/;

/** ISO 8601: a date, or a date and a time with or without an offset; a time without one is in UTC. */
export const isoDates: DateFormat = {
  parse(text) {
    const found = text.length < 40 ? iso.exec(text) : null;
    if (found === null) return Number.NaN;
    const [year, month, day, hour, minute, second] = found
      .slice(1, 7)
      .map((part) => Number(part ?? 0));
    const millisecond = Number((found[7] ?? '').padEnd(3, '0'));
    const [offsetHours, offsetMinutes] = [Number(found[9] ?? 0), Number(found[10] ?? 0)];
    if (offsetHours > 23 || offsetMinutes > 59) return Number.NaN;
    const offset = (offsetHours * 60 + offsetMinutes) * (found[8] === '-' ? -60_000 : 60_000);
    return timeOf({ year, month, day, hour, minute, second, millisecond }) - offset;
  },
  write: isoText,
};

/** A time as ISO 8601 in UTC, without what is 0: a date, or a date with minutes, seconds, milliseconds. */
export function isoText(time: number): string {
  const { year, month, day, hour, minute, second, millisecond } = civilTime(time);
  const date = `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`;
  if (time % dayLength === 0) return date;
  const seconds = second === 0 && millisecond === 0 ? '' : `:${padded(second, 2)}`;
  const rest = millisecond === 0 ? '' : `.${padded(millisecond, 3)}`;
  return `${date}T${padded(hour, 2)}:${padded(minute, 2)}${seconds}${rest}Z`;
}

function padded(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

/** Dates of a stated format, ISO 8601 without one. */
export function datesOf(format: string | undefined): DateFormat {
  if (format === undefined) return isoDates;
  const parts = partsOf(format);
  const inOrder = parts.flatMap((part) => tokens.get(part)?.unit ?? []);
  const pattern = parts.map((part) => {
    const token = tokens.get(part);
    return token === undefined ? part.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&') : `(${token.digits})`;
  });
  const whole = new RegExp(`^${pattern.join('')}$`);
  return {
    parse(text) {
      const found = text.length < 200 ? whole.exec(text) : null;
      if (found === null) return Number.NaN;
      const given: Partial<Record<Unit, number>> = {};
      for (let i = 0; i < inOrder.length; i++) given[inOrder[i]] = Number(found[i + 1]);
      return timeOf(given);
    },
    write(time) {
      const civil: CivilTime = civilTime(time);
      return parts
        .map((part) => {
          const token = tokens.get(part);
          return token === undefined ? part : padded(civil[token.unit], token.width);
        })
        .join('');
    },
  };
}
