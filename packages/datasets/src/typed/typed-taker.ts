import type { Cells } from '../csv/cells.ts';
import { DROPPED, missingRefusal, REFUSED, STORED } from '../csv/cells.ts';
import { parseDecimal, type Refusal } from '../csv/decimal.ts';
import { isoText } from '../date-format.ts';
import { quoted } from '../error.ts';
import type { Taker } from '../reading/table-builder.ts';
import type { MissingPolicy } from '../schema/column.ts';
import type { NamedColumn } from '../schema/schema.ts';
import { FineTime, Spelled } from './spelled.ts';

/** What a value comes to in a column: a code or number, text for its collector, a hole, or a refusal. */
type Judged =
  | { readonly is: 'stored'; readonly value: number }
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'hole' }
  | ({ readonly is: 'refused' } & Refusal);

const hole = { is: 'hole' } as const;

/**
 * Takes values that have a type of their own (JSON, Parquet, databases) into a column: numbers, texts,
 * truth values, dates, null. A type is never changed in silence: a text is no number, whatever it spells,
 * and a label or a text is what a value looks like when written. Everything else is as for raw text, by
 * the same collectors.
 */
export function typedTaker(
  cells: Cells,
  column: NamedColumn,
  policy: MissingPolicy,
): Taker<unknown> {
  const { type } = column;
  const takesText =
    type === 'text' ||
    type === 'category' ||
    type === 'date' ||
    (type === 'boolean' && (column.true !== undefined || column.false !== undefined));
  const isPlainNumber = type === 'number' && cells.lane.kind === 'number';
  const one = { values: new Float64Array(1), from: 0, to: 1 };
  const nothing = { values: [null], from: 0, to: 1 };

  function store(row: number, value: number): typeof STORED {
    one.values[0] = value;
    cells.append(row, one);
    return STORED;
  }

  function judge(value: unknown): Judged {
    if (value === null || value === undefined || Number.isNaN(value)) return hole;
    if (typeof value === 'string') return judgeText(value);
    if (typeof value === 'boolean') {
      if (type === 'boolean') return { is: 'stored', value: value ? 1 : 0 };
      if (type === 'text' || type === 'category') return { is: 'text', text: String(value) };
      return refused(type, `${value}, a truth value`, 'declare the column boolean()');
    }
    if (value instanceof Date) return judgeDate(value.getTime());
    if (value instanceof FineTime) {
      return takesText && type !== 'boolean'
        ? { is: 'text', text: value.text }
        : refused(type, `the time ${value.text}`, 'declare the column text() or ignored()');
    }
    if (typeof value === 'number' || typeof value === 'bigint' || value instanceof Spelled) {
      return judgeNumber(value);
    }
    const isBytes = value instanceof Uint8Array;
    const what = isBytes ? 'bytes' : Array.isArray(value) ? 'a list' : 'an object';
    const other = isBytes ? 'write them as text' : 'write its parts as columns of their own';
    return {
      is: 'refused',
      reason: 'nested-value',
      problem: `got ${what}, which is no cell of a table`,
      advice: `declare the column ignored(), or ${other}`,
    };
  }

  function judgeText(text: string): Judged {
    const counts = isHole(cells.read(text)) || cells.explain(text).reason === 'missing';
    if (takesText || counts) return { is: 'text', text };
    return refused(
      type,
      `the text ${quoted(text)}`,
      (type === 'number' && Number.isNaN(parseDecimal(text))) || type !== 'number'
        ? 'correct it, declare the column category() or text(), or the cell as a missing token'
        : 'write it as a number, or declare the column category() or text()',
    );
  }

  function judgeNumber(value: number | bigint | Spelled): Judged {
    const text =
      value instanceof Spelled ? value.text : Object.is(value, -0) ? '-0' : String(value);
    if (type === 'date') {
      const advice = 'write dates in ISO 8601, or declare the column number()';
      return refused(type, `the number ${text}`, advice);
    }
    if (type === 'boolean' && !takesText) {
      const advice = "declare the words: boolean({ true: ['1'], false: ['0'] })";
      return refused(type, `the number ${text}`, advice);
    }
    if (type === 'number' && typeof value === 'bigint' && BigInt(Number(value)) !== value) {
      return {
        is: 'refused',
        reason: 'precision',
        problem: `got the integer ${text}, which a double does not keep`,
        advice: 'if it is an identifier, declare the column text() or category()',
      };
    }
    return { is: 'text', text };
  }

  function judgeDate(time: number): Judged {
    if (Number.isNaN(time)) return hole;
    if (type === 'date') return { is: 'stored', value: time };
    const text = isoText(time);
    if (type === 'text' || type === 'category') return { is: 'text', text };
    return refused(type, `the date ${text}`, 'declare the column date()');
  }

  return {
    put(row, value) {
      if (isPlainNumber && typeof value === 'number' && value - value === 0) {
        return store(row, value);
      }
      if (takesText && typeof value === 'string') return cells.put(row, value);
      const judged = judge(value);
      if (judged.is === 'text') return cells.put(row, judged.text);
      if (judged.is === 'stored') return store(row, judged.value);
      if (judged.is === 'refused' || policy === 'error') return REFUSED;
      if (policy === 'drop') return DROPPED;
      if (type === 'number' || type === 'date') return store(row, Number.NaN);
      if (type !== 'text') return store(row, -1);
      cells.append(row, nothing);
      return STORED;
    },
    explain(value) {
      const judged = judge(value);
      if (judged.is === 'refused') {
        const { reason, problem, advice } = judged;
        return { reason, problem, advice, raw: rawOf(value) };
      }
      if (judged.is === 'text') {
        const { problem, ...others } = cells.explain(judged.text);
        const raw = judged.text;
        return { ...others, raw, problem: `got ${quoted(raw)}, which ${problem}` };
      }
      const { reason, problem, advice } = missingRefusal;
      const what = value === undefined ? 'nothing' : String(value);
      return { reason, advice, raw: '', problem: `got ${what}, which ${problem}` };
    },
  };
}

const isHole = (value: unknown): boolean =>
  value === null || value === DROPPED || Number.isNaN(value);

/** What a column of this type refuses. */
function refused(type: NamedColumn['type'], what: string, advice: string): Judged {
  const [reason, kind] =
    type === 'number'
      ? (['not-a-number', 'a number'] as const)
      : type === 'date'
        ? (['not-a-date', 'a date'] as const)
        : (['not-a-boolean', 'true or false'] as const);
  return { is: 'refused', reason, problem: `got ${what}, which is not ${kind}`, advice };
}

function rawOf(value: unknown): string {
  if (value instanceof Spelled || value instanceof FineTime) return value.text;
  return value instanceof Date ? isoText(value.getTime()) : String(value);
}
