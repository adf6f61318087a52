import { listed } from '../error.ts';
import type { Values } from '../table/table.ts';
import {
  type CellContext,
  type Cells,
  DROPPED,
  doubled,
  firstLength,
  missingRefusal,
  REFUSED,
  STORED,
} from './cells.ts';
import { hasControl, parseDecimal, type Refusal, trimBlanks } from './decimal.ts';
import { missingTest } from './missing.ts';

/** Collects labels as codes; levels that are not declared are sorted at the end. */
export function categoryCells({ column, policy }: CellContext): Cells {
  const declared = column.type === 'category' ? column.levels : undefined;
  const tokens = column.type === 'category' ? column.missing?.tokens : undefined;
  const isMissing = missingTest(tokens);
  const codeOf = new Map<string, number>((declared ?? []).map((level, code) => [level, code]));
  let codes = new Int32Array(firstLength);

  return {
    put(row, raw) {
      const label = trimBlanks(raw);
      let code = codeOf.get(label);
      if (code === undefined) {
        if (isMissing(raw)) {
          if (policy === 'error') return REFUSED;
          if (policy === 'drop') return DROPPED;
          code = -1;
        } else {
          if (declared !== undefined || hasControl(label)) return REFUSED;
          code = codeOf.size;
          codeOf.set(label, code);
        }
      }
      if (row === codes.length) codes = doubled(codes, (length) => new Int32Array(length));
      codes[row] = code;
      return STORED;
    },
    explain(raw) {
      if (isMissing(raw)) return missingRefusal;
      if (hasControl(raw)) return controlRefusal;
      return {
        reason: 'unknown-category',
        problem: `is none of the declared levels ${listed(declared ?? [])}`,
        advice: 'correct the cell, or add the level to the schema',
      };
    },
    finish(rows): Values {
      if (declared !== undefined)
        return { type: 'category', codes: codes.slice(0, rows), levels: declared };
      const found = [...codeOf.keys()];
      const levels = sortedLevels(found);
      const rank = new Map(levels.map((level, i) => [level, i]));
      const moved = Int32Array.from(found, (level) => rank.get(level)!);
      return {
        type: 'category',
        codes: codes.slice(0, rows).map((c) => (c < 0 ? -1 : moved[c])),
        levels,
      };
    },
  };
}

/** Levels in numeric order if all of them are numbers, otherwise in the order of their code units. */
export function sortedLevels(levels: readonly string[]): string[] {
  const numeric = levels.every((level) => Number.isFinite(parseDecimal(level)));
  return numeric
    ? [...levels].sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1))
    : [...levels].sort();
}

/** Collects truth values. */
export function booleanCells({ column, policy }: CellContext): Cells {
  const declared = column.type === 'boolean' ? column : undefined;
  const exact = declared?.true !== undefined || declared?.false !== undefined;
  const yes = new Set(declared?.true ?? ['true']);
  const no = new Set(declared?.false ?? ['false']);
  const isMissing = missingTest(declared?.missing?.tokens);
  let values = new Int8Array(firstLength);

  return {
    put(row, raw) {
      const word = exact ? trimBlanks(raw) : trimBlanks(raw).toLowerCase();
      let value = -1;
      if (yes.has(word)) value = 1;
      else if (no.has(word)) value = 0;
      else if (!isMissing(raw) || policy === 'error') return REFUSED;
      else if (policy === 'drop') return DROPPED;
      if (row === values.length) values = doubled(values, (length) => new Int8Array(length));
      values[row] = value;
      return STORED;
    },
    explain(raw) {
      if (isMissing(raw)) return missingRefusal;
      return {
        reason: 'not-a-boolean',
        problem: `is neither ${listed([...yes])} nor ${listed([...no])}`,
        advice: 'correct the cell, or declare the words: boolean({ true: […], false: […] })',
      };
    },
    finish: (rows) => ({ type: 'boolean', values: values.slice(0, rows) }),
  };
}

/** Collects texts as they are. */
export function textCells({ column, policy }: CellContext): Cells {
  const isMissing = missingTest(column.type === 'text' ? column.missing?.tokens : undefined, []);
  const values: (string | null)[] = [];
  return {
    put(row, raw) {
      if (hasControl(raw)) return REFUSED;
      const hole = isMissing(raw);
      if (hole && policy === 'error') return REFUSED;
      if (hole && policy === 'drop') return DROPPED;
      values[row] = hole ? null : raw;
      return STORED;
    },
    explain: (raw) => (isMissing(raw) ? missingRefusal : controlRefusal),
    finish: (rows) => ({ type: 'text', values: values.slice(0, rows) }),
  };
}

const controlRefusal: Refusal = {
  reason: 'control-character',
  problem: 'holds a control character',
  advice: 'remove it; a NUL often means that the file is UTF-16 or not text at all',
};
