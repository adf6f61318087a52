import { type Fault, quoted } from '../error.ts';
import { hasControl } from './decimal.ts';

/** A fault of a record in words; the reader adds the place. */
export type Saying = Pick<Fault, 'reason' | 'problem' | 'advice'>;

export const emptyFile: Saying = {
  reason: 'empty-file',
  problem: 'the file is empty',
  advice: 'give a header line and data',
};

export const noRows: Saying = {
  reason: 'no-data-rows',
  problem: 'there is a header and no row',
  advice: 'add data',
};

export const blankLine: Saying = {
  reason: 'blank-line',
  problem: 'the line is blank',
  advice: 'remove it',
};

/** Whether a line of this text has no content. */
export function isBlank(text: string): boolean {
  return /^[ \t]*$/.test(text);
}

/** A row of another length than the header. */
export function ragged(names: readonly string[], fields: readonly string[]): Saying {
  const broken = fields.some(hasControl);
  const count = `${fields.length} ${fields.length === 1 ? 'field' : 'fields'}`;
  const also = broken ? ', and a control character' : '';
  return {
    reason: broken ? 'control-character' : 'ragged-row',
    problem: `got ${count}, expected ${names.length}${also}`,
    advice: raggedAdvice(names, fields),
  };
}

function raggedAdvice(names: readonly string[], fields: readonly string[]): string {
  if (fields.length < names.length) return 'fill the row up, or remove it';
  if (fields.slice(names.length).every(isBlank)) {
    return 'remove the delimiter at the end, or name its column in the header';
  }
  return names.length === 1
    ? 'remove lines above the header, such as a title, or pass the right delimiter'
    : 'quote fields that hold the delimiter (a decimal comma, thousands?), or pass the right delimiter';
}

/** Another number of fields than of names in the options. */
export function wrongCount(names: readonly string[], fields: readonly string[]): Saying {
  return {
    reason: 'ragged-row',
    problem: `got ${fields.length} fields, expected ${names.length}, as the option names has`,
    advice: 'give one name per field, or pass the right delimiter',
  };
}

export function wrongDelimiter(found: string, used: string): Saying {
  return {
    reason: 'delimiter',
    problem: `the fields of the header seem to be separated by ${shown(found)}, expected ${shown(used)}`,
    advice: `pass delimiter: ${shown(found)}`,
  };
}

/** Excel takes a first line such as `sep=;` for a note on the delimiter, and hides it. */
export function excelNote(text: string): Saying | undefined {
  const used = /^sep=([;,\t|])$/i.exec(text)?.[1];
  if (used === undefined) return undefined;
  return {
    reason: 'delimiter',
    problem: `got ${quoted(text)}, expected the header`,
    advice: `remove the line, and pass delimiter: ${shown(used)}`,
  };
}

export function badQuote(reason: 'malformed-quote' | 'unterminated-quote'): Saying {
  return reason === 'unterminated-quote'
    ? { reason, problem: 'a quote opens and never closes', advice: 'close it' }
    : {
        reason,
        problem: 'a quote stands inside a field, or text follows a closing quote',
        advice: 'put the whole field in quotes and double the quotes inside it',
      };
}

export function tooLarge(limit: number): Saying {
  return {
    reason: 'field-too-large',
    problem: `a field is longer than ${limit} bytes`,
    advice: 'look for a quote that is never closed, or raise maxFieldSize',
  };
}

/** A delimiter as it is written in a program. */
function shown(delimiter: string): string {
  return delimiter === '\t' ? "'\\t'" : `'${delimiter}'`;
}
