import { trimBlanks } from './decimal.ts';

/**
 * Cells that mean 'no value' where nothing else is declared, in any case: the marks that R, pandas,
 * SQL and spreadsheets write. Under the policy 'error' they are refused by name.
 */
export const missingTokens: readonly string[] = [
  '',
  'na',
  'n/a',
  '#n/a',
  '<na>',
  'nan',
  '-nan',
  'null',
  'nil',
  'none',
  '?',
];

/** A test whether a raw cell is missing: the declared tokens exactly, or the usual ones in any case. */
export function missingTest(
  tokens: readonly string[] | undefined,
  usual: readonly string[] = missingTokens,
): (raw: string) => boolean {
  const exact = tokens !== undefined;
  const set = new Set(tokens ?? usual);
  let longest = 0;
  for (const token of set) longest = Math.max(longest, token.length);
  return (raw) => {
    if (raw.length > longest + 200) return false; // nobody pads a token by more; spares a 10 MB trim
    const text = trimBlanks(raw);
    if (text.length > longest) return false;
    return set.has(exact ? text : text.toLowerCase());
  };
}
