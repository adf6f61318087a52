import { listed } from '../error.ts';
import type { Values } from '../table/table.ts';
import {
  type CellContext,
  type Cells,
  controlRefusal,
  DROPPED,
  emptyCells,
  missingRefusal,
  REFUSED,
  STORED,
} from './cells.ts';
import { hasControl, parseDecimal, trimBlanks } from './decimal.ts';
import { missingTest } from './missing.ts';
import { Store } from './store.ts';
import { sharedCells, storedCells } from './stored-cells.ts';

/** Collects labels as codes; levels that are not declared are sorted at the end. */
export function categoryCells({ column, policy }: CellContext): Cells {
  const declared = column.type === 'category' ? column.levels : undefined;
  const tokens = column.type === 'category' ? column.missing?.tokens : undefined;
  const isMissing = missingTest(tokens);
  const codeOf = new Map<string, number>((declared ?? []).map((level, code) => [level, code]));
  const codes = new Store(Int32Array);

  function read(raw: string): number {
    const label = trimBlanks(raw);
    const known = codeOf.get(label);
    if (known !== undefined) return known;
    if (isMissing(raw)) return policy === 'error' ? REFUSED : policy === 'drop' ? DROPPED : -1;
    if (declared !== undefined || hasControl(label)) return REFUSED;
    codeOf.set(label, codeOf.size);
    return codeOf.size - 1;
  }
  return {
    // An empty label may be declared as a level, which comes before its being missing.
    lane: { kind: 'label', empty: codeOf.has('') ? 'ask' : emptyCells(isMissing(''), policy) },
    ...storedCells(codes, read),
    sharing: {
      ...sharedCells(codes),
      ...(declared === undefined
        ? {
            labels: () => [...codeOf.keys()],
            translate(labels, rows) {
              const mine = Int32Array.from(labels, read);
              const { values } = codes;
              for (let k = 0; k < rows.length; k += 2) {
                for (let i = rows[k]; i < rows[k + 1]; i++) {
                  if (values[i] >= 0) values[i] = mine[values[i]];
                }
              }
            },
          }
        : {}),
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
        return { type: 'category', codes: codes.first(rows), levels: declared };
      const found = [...codeOf.keys()];
      const levels = sortedLevels(found);
      const rank = new Map(levels.map((level, i) => [level, i]));
      const moved = Int32Array.from(found, (level) => rank.get(level)!);
      return {
        type: 'category',
        codes: codes.first(rows).map((c) => (c < 0 ? -1 : moved[c])),
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
  const values = new Store(Int8Array);

  function read(raw: string): number {
    const word = exact ? trimBlanks(raw) : trimBlanks(raw).toLowerCase();
    if (yes.has(word)) return 1;
    if (no.has(word)) return 0;
    if (!isMissing(raw) || policy === 'error') return REFUSED;
    return policy === 'drop' ? DROPPED : -1;
  }
  const emptyWord = yes.has('') || no.has('');
  return {
    lane: { kind: 'label', empty: emptyWord ? 'ask' : emptyCells(isMissing(''), policy) },
    ...storedCells(values, read),
    sharing: sharedCells(values),
    explain(raw) {
      if (isMissing(raw)) return missingRefusal;
      return {
        reason: 'not-a-boolean',
        problem: `is neither ${listed([...yes])} nor ${listed([...no])}`,
        advice: 'correct the cell, or declare the words: boolean({ true: […], false: […] })',
      };
    },
    finish: (rows) => ({ type: 'boolean', values: values.first(rows) }),
  };
}

/** Collects texts as they are. */
export function textCells({ column, policy }: CellContext): Cells {
  const isMissing = missingTest(column.type === 'text' ? column.missing?.tokens : undefined, []);
  const values: (string | null)[] = [];

  function read(raw: string): number | string | null {
    if (hasControl(raw)) return REFUSED;
    if (!isMissing(raw)) return raw;
    return policy === 'error' ? REFUSED : policy === 'drop' ? DROPPED : null;
  }
  return {
    lane: { kind: 'text', empty: 'ask' },
    read,
    put(row, raw) {
      const text = read(raw);
      if (typeof text === 'number') return text;
      values[row] = text;
      return STORED;
    },
    append(row, staged) {
      const texts = staged.values as readonly (string | null)[];
      for (let i = staged.from, at = row; i < staged.to; i++, at++) values[at] = texts[i];
    },
    reserve() {},
    explain: (raw) => (isMissing(raw) ? missingRefusal : controlRefusal),
    finish: (rows) => ({ type: 'text', values: values.slice(0, rows) }),
  };
}
