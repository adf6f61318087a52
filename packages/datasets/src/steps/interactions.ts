import { boolean, got, listOf, required, type Spec, settle, text } from '@steepest/ground';
import { CsvError, quoted } from '../error.ts';
import { record, texts, wrong } from '../schema/json.ts';
import type { FactColumn } from './facts.ts';
import {
  columnsByName,
  type FittedStep,
  type Frame,
  type FrameColumn,
  ownScale,
  rowName,
} from './frame.ts';
import { asking } from './frame-facts.ts';
import type { Step } from './step.ts';

export interface InteractionsOptions {
  /** Products by the names of their columns, joined by colons: `['age:dose', 'age:sex']`. */
  readonly terms: readonly string[];
  /** Leaves out the first level of every label column, as beside an intercept and the columns themselves. */
  readonly dropFirst?: boolean | undefined;
}

const spec = {
  terms: required(
    listOf(text(undefined, { expected: 'columns joined by colons', sample: "'age:sex'" }), {
      least: 1,
    }),
  ),
  dropFirst: boolean(true),
} satisfies Spec<InteractionsOptions>;

/** A number column, or a label column with the levels that have an indicator. */
interface Factor {
  readonly name: string;
  readonly levels?: readonly string[];
  /** All levels that training saw, the left out one among them. */
  readonly known?: readonly string[];
}
type Term = readonly Factor[];

/**
 * Adds products of columns, `a:b`, after the columns themselves: of numbers their product, of a label an
 * indicator for each level but the first, named `a:kind=u`, and of two labels one for each pair: those of
 * R's model.matrix(~ a * kind). The columns stay: put it before oneHot(). Throws for a column that is not
 * there; while applying a CsvError for labels that training did not see ('unknown-category') and holes.
 *
 * @example
 * prepare([interactions({ terms: ['dose:sex'] }), oneHot({ dropFirst: true })])
 */
export function interactions(options: InteractionsOptions): Step {
  const { terms, dropFirst } = settle('interactions', options, spec);
  return asking('interactions', function* (facts) {
    const factors = terms.map((term) => columnsOf(term, facts.columns));
    const labels = [...new Set(factors.flat().filter(({ kind }) => kind === 'label'))];
    const open = labels.filter(({ declared }) => !declared);
    const counts = yield* got(facts.counts(open.map(({ name }) => name)));
    const factorOf = (column: FactColumn): Factor => {
      const { name, kind, levels = [] } = column;
      if (kind === 'number') return { name };
      const rows = counts[open.indexOf(column)];
      const known = rows === undefined ? levels : levels.filter((_, code) => rows[code] > 0);
      return { name, known, levels: dropFirst ? known.slice(1) : known };
    };
    return interactionsStep(factors.map((term) => term.map(factorOf)));
  });
}

/** The columns of a term; a name with colons of its own is found too. */
function columnsOf(term: string, columns: readonly FactColumn[]): FactColumn[] {
  const parts = term.split(':');
  const found: FactColumn[] = [];
  for (let from = 0; from < parts.length; ) {
    let to = parts.length;
    let column: FactColumn | undefined;
    for (; to > from && column === undefined; to--) {
      const name = parts.slice(from, to).join(':');
      column = columns.find((other) => other.name === name);
    }
    if (column === undefined || column.kind === 'date') {
      const what = column === undefined ? 'is not among the features' : 'holds dates';
      throw new TypeError(
        `interactions: the column ${quoted(column?.name ?? parts[from])} of ${quoted(term)} ${what}; give numbers or labels that are features`,
      );
    }
    found.push(column);
    from = to + 1;
  }
  if (found.length > 1 && new Set(found).size === found.length) return found;
  throw new TypeError(
    `interactions: ${quoted(term)} must join two different columns or more; for powers take polynomial()`,
  );
}

export function loadInteractions(state: unknown): FittedStep {
  const { terms } = record(state, 'interactions');
  if (!Array.isArray(terms)) throw wrong('interactions.terms', 'a list', terms);
  return interactionsStep(
    terms.map((term, i) => {
      if (!Array.isArray(term)) throw wrong(`interactions.terms[${i}]`, 'a list', term);
      return term.map((factor, k): Factor => {
        const path = `interactions.terms[${i}][${k}]`;
        const { name, levels, known } = record(factor, path);
        if (typeof name !== 'string') throw wrong(`${path}.name`, 'text', name);
        if (levels === undefined) return { name };
        return {
          name,
          levels: texts(levels, `${path}.levels`),
          known: texts(known, `${path}.known`),
        };
      });
    }),
  );
}

function interactionsStep(terms: readonly Term[]): FittedStep {
  const names = terms.flatMap((term) => namesOf(term));
  return {
    step: 'interactions',
    state: { terms },
    apply(frame) {
      const columns = columnsByName(frame);
      const added = terms.flatMap((term) => {
        const factors = term.map((factor) => piecesOf(factor, columns.get(factor.name), frame));
        return productsOf(factors, frame.rows);
      });
      return {
        ...frame,
        columns: [
          ...frame.columns,
          ...added.map((values, k) => ({ kind: 'number' as const, name: names[k], values })),
        ],
      };
    },
    rescale(scales) {
      const moved = scales.find(
        ({ name, shift, scale }) =>
          (shift !== 0 || scale !== 1) && terms.some((term) => term.some((f) => f.name === name)),
      );
      if (moved !== undefined) {
        throw new TypeError(
          `toRawScale: products of the rescaled column "${moved.name}" have no raw scale of their own; put interactions() before the scaling`,
        );
      }
      return [...scales, ...names.map(ownScale)];
    },
  };
}

function namesOf(term: Term): string[] {
  return term.reduce<string[]>((before, { name, levels }) => {
    const own = levels === undefined ? [name] : levels.map((level) => `${name}=${level}`);
    // As in R the first factor goes round the fastest.
    return before.length === 0 ? own : own.flatMap((b) => before.map((a) => `${a}:${b}`));
  }, []);
}

function productsOf(factors: readonly Float64Array[][], rows: number): Float64Array[] {
  const product = (a: Float64Array, b: Float64Array) =>
    Float64Array.from({ length: rows }, (_, i) => a[i] * b[i]);
  return factors.reduce((before, own) => own.flatMap((b) => before.map((a) => product(a, b))));
}

/** A number column as it is, a label column as the indicators of its levels. */
function piecesOf(factor: Factor, column: FrameColumn | undefined, frame: Frame): Float64Array[] {
  const { name, levels, known = [] } = factor;
  if (levels === undefined && column?.kind === 'number') return [column.values];
  if (levels === undefined || column?.kind !== 'label') {
    throw new TypeError(
      `interactions: the column ${quoted(name)} no longer holds ${levels === undefined ? 'numbers' : 'labels'}; put interactions() before the step that changes it`,
    );
  }
  const places = column.levels.map((level) => levels.indexOf(level));
  const isKnown = column.levels.map((level) => known.includes(level));
  const pieces = levels.map(() => new Float64Array(frame.rows));
  column.codes.forEach((code, i) => {
    if (code < 0 || !isKnown[code]) throw refused(name, column.levels[code], i, frame);
    if (places[code] >= 0) pieces[places[code]][i] = 1;
  });
  return pieces;
}

function refused(name: string, label: string | undefined, i: number, frame: Frame): CsvError {
  const hole = label === undefined;
  return new CsvError({
    operation: 'interactions',
    reason: hole ? 'missing' : 'unknown-category',
    file: frame.file,
    column: name,
    ...(label !== undefined && { raw: label }),
    problem: hole
      ? `${rowName(frame, i)} of the table has no label`
      : `${rowName(frame, i)} of the table holds ${quoted(label)}, which training did not see`,
    advice: hole ? 'put impute() before interactions()' : 'leave such rows out',
  });
}
