import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  asTraining,
  binaryTarget,
  CsvError,
  category,
  chooseFeatures,
  defineSchema,
  intercept,
  type NamedColumn,
  number,
  numbers,
  prepare,
  readCsv,
  refuseConstantColumns,
  refuseTooFewRows,
  type Table,
} from '../src/index.ts';
import { leastSquares } from './least-squares.ts';

interface Outcome {
  outcome: 'accept' | 'reject';
  reason?: string;
  line?: number;
  line_any?: number[];
  column?: string;
  header?: string[];
  rows?: number[][];
  row_count?: number;
  columns?: number;
  sum_of_all?: number;
  dropped_rows?: number;
  fit?: { intercept: number; coefficients: number[] };
  classes?: string[];
  positive?: string;
  max_seconds?: number;
  max_message_chars?: number;
}

interface Case {
  id: string;
  task: { type: 'table' | 'linear' | 'logistic'; target?: string; features?: string[] };
  options: { delimiter?: string; decimal?: ',' | '.'; header?: boolean; missing?: 'drop' | 'mean' };
  file?: string;
  generate?: {
    parts?: { text?: string; repeat?: string; count?: number }[];
    header?: { repeat: string; from: number; count: number; join: string };
    rows?: { text: string; count: number };
  };
  expect: Outcome;
  also_accepted?: Outcome[];
  why: string;
}

const folder = new URL('../../../test/cases/csv/', import.meta.url);
const cases: Case[] = JSON.parse(readFileSync(new URL('tables.json', folder), 'utf8'));

function bytesOf(testCase: Case): Uint8Array {
  if (testCase.file !== undefined) return readFileSync(new URL(testCase.file, folder));
  const { parts = [], header, rows } = testCase.generate ?? {};
  let made = parts
    .map(({ text, repeat, count }) => text ?? (repeat ?? '').repeat(count ?? 1))
    .join('');
  if (header !== undefined) {
    const name = (_: unknown, i: number): string =>
      header.repeat.replaceAll('{i}', String(i + header.from));
    made += `${Array.from({ length: header.count }, name).join(header.join)}\n`;
  }
  for (let i = 0; i < (rows?.count ?? 0); i++) {
    made += `${rows?.text.replaceAll('{i}', String(i)).replaceAll('{2*i+1}', String(2 * i + 1))}\n`;
  }
  return new TextEncoder().encode(made);
}

/** Runs a case the way a trainer would: read, choose features, check, fit. */
async function run({ task, options }: Case, bytes: Uint8Array): Promise<Outcome> {
  if (task.type === 'table') {
    const table = await readCsv([bytes], options);
    return {
      outcome: 'accept',
      header: [...table.names],
      rows: rowsOf(table, table.names),
      dropped_rows: table.droppedRows,
    };
  }
  const target = task.target!;
  let features: string[] = [];
  const table = await readCsv([bytes], {
    ...options,
    schema: (names) => {
      features = chooseFeatures(names, { target, features: task.features });
      const label = task.type === 'logistic' ? category() : number();
      const pairs: [string, NamedColumn][] = features.map((name) => [name, { name, ...number() }]);
      return defineSchema<Record<string, NamedColumn>>(
        [...pairs, [target, { name: target, ...label }]],
        { others: 'ignore', target },
      );
    },
  });
  refuseTooFewRows(table.rows, features.length + 1);
  if (task.type === 'logistic') {
    const { classes, positive } = binaryTarget(table, target);
    return { outcome: 'accept', classes: [...classes], positive };
  }
  const prepared = prepare([intercept()], { features }).fit(asTraining(table)).apply(table);
  refuseConstantColumns(prepared);
  const [constant, ...coefficients] = leastSquares(prepared);
  return {
    outcome: 'accept',
    header: [...features, target],
    rows: rowsOf(table, [...features, target]),
    fit: { intercept: constant, coefficients },
  };
}

function rowsOf(table: Table, names: readonly string[]): number[][] {
  const columns = names.map((name) => numbers(table, name));
  return Array.from({ length: table.rows }, (_, i) => columns.map((column) => column[i]));
}

function matches(found: Outcome | CsvError, wanted: Outcome): void {
  if (found instanceof CsvError) {
    expect(found.message).toMatch(/;/);
    expect([wanted.outcome, wanted.reason]).toEqual(['reject', found.reason]);
    if (wanted.line !== undefined)
      expect([wanted.line, ...(wanted.line_any ?? [])]).toContain(found.line);
    if (wanted.column !== undefined) expect(found.column).toBe(wanted.column);
    if (wanted.line !== undefined) expect(found.message).toContain(`line ${found.line}`);
    if (wanted.column !== undefined) expect(found.message).toContain(wanted.column);
    expect(found.message.length).toBeLessThan(wanted.max_message_chars ?? 500);
    return;
  }
  expect(wanted.outcome).toBe('accept');
  for (const key of ['header', 'rows', 'dropped_rows', 'classes', 'positive'] as const) {
    if (wanted[key] !== undefined) expect(found[key]).toEqual(wanted[key]);
  }
  if (wanted.fit !== undefined) {
    expect(found.fit?.intercept).toBeCloseTo(wanted.fit.intercept, 8);
    wanted.fit.coefficients.forEach((c, j) => {
      expect(found.fit?.coefficients[j]).toBeCloseTo(c, 8);
    });
  }
}

// What is done here, and accepted too: a header of numbers cannot be told from a row of data, so it is
// refused; UTF-16 is read where a byte order mark says so.
const otherwise: readonly string[] = ['numeric-like-header', 'utf16le'];

describe('every reference case does what it describes', () => {
  test.each(cases.map((testCase) => [testCase.id, testCase] as const))(
    '%s',
    async (_, testCase) => {
      const bytes = bytesOf(testCase);
      const start = performance.now();
      const found = await run(testCase, bytes).catch((error: unknown) => {
        if (error instanceof CsvError) return error;
        throw error;
      });
      expect((performance.now() - start) / 1000).toBeLessThan(testCase.expect.max_seconds ?? 1);
      const { expect: first, also_accepted: others = [] } = testCase;
      const wanted = otherwise.includes(testCase.id) ? others[0] : first;
      matches(found, wanted);
    },
  );
});
