import { boolean, type Spec, settle, wholeNumber } from '@steepest/ground';
import { columnNames } from '../column-names.ts';
import { record, wrong } from '../schema/json.ts';
import { numberColumns } from './facts.ts';
import { type FittedStep, type NumericColumn, numericColumns, ownScale } from './frame.ts';
import { asking } from './frame-facts.ts';
import type { Step } from './step.ts';

/** A product of powers: the factors' names and exponents, all exponents at least 1. */
type Term = readonly (readonly [name: string, power: number])[];

/** The products and powers of number columns that `polynomial` adds. */
export interface PolynomialOptions {
  /** The highest total degree, 2 unless said. */
  readonly degree?: number | undefined;
  /** Products of different columns too, unless false. */
  readonly interactions?: boolean | undefined;
  /** Powers of single columns too, unless false: then only products of different columns are added. */
  readonly powers?: boolean | undefined;
  readonly columns?: readonly string[] | undefined;
  /** The most columns that may be added; 10 000 unless said. */
  readonly limit?: number | undefined;
}

const polynomialSpec = {
  degree: wholeNumber(2, 2, 20),
  interactions: boolean(true),
  powers: boolean(true),
  columns: columnNames,
  limit: wholeNumber(1, 10_000),
} satisfies Spec<PolynomialOptions>;

/**
 * Adds powers (`x^2`) and products (`x*z`) of number columns up to a total degree, after the columns
 * themselves. Throws a RangeError if they would be more than `limit`.
 *
 * @example
 * prepare([polynomial({ degree: 2 }), standardize()]) // x, z → x, z, x^2, x*z, z^2
 * prepare([polynomial({ degree: 3, interactions: false })]) // x → x, x^2, x^3
 */
export function polynomial(options: PolynomialOptions = {}): Step {
  const settled = settle('polynomial', options, polynomialSpec);
  const { degree, interactions, powers, limit } = settled;
  return asking('polynomial', function* (facts) {
    const names = numberColumns(facts, 'polynomial', settled.columns);
    const terms: Term[] = [];
    for (let total = 2; total <= degree; total++) {
      const products = interactions
        ? termsOf(names, total, 0)
        : names.map((name): Term => [[name, total]]);
      for (const term of products) {
        if (!powers && term.some(([, power]) => power > 1)) continue;
        if (terms.push(term) > limit) {
          throw new RangeError(
            `polynomial: ${names.length} columns to degree ${degree} give more than ${limit} terms; choose columns, or raise limit`,
          );
        }
      }
    }
    return polynomialStep(terms);
  });
}

export function loadPolynomial(state: unknown): FittedStep {
  const { terms } = record(state, 'polynomial');
  if (!Array.isArray(terms)) throw wrong('polynomial.terms', 'a list', terms);
  for (const [i, term] of terms.entries()) {
    const valid =
      Array.isArray(term) &&
      term.length > 0 &&
      term.every(
        (factor) =>
          Array.isArray(factor) &&
          factor.length === 2 &&
          typeof factor[0] === 'string' &&
          Number.isInteger(factor[1]) &&
          factor[1] >= 1 &&
          factor[1] <= 20,
      );
    if (!valid) throw wrong(`polynomial.terms[${i}]`, 'a list of names with powers', term);
  }
  return polynomialStep(terms);
}

function polynomialStep(terms: readonly Term[]): FittedStep {
  return {
    step: 'polynomial',
    state: { terms },
    apply(frame) {
      const names = [...new Set(terms.flatMap((term) => term.map(([name]) => name)))];
      const factors = numericColumns(frame, 'polynomial', names);
      const byName = new Map(factors.map(({ name, values: own }) => [name, own]));
      const added = terms.map((term): NumericColumn => {
        const values = new Float64Array(frame.rows).fill(1);
        for (const [name, power] of term) {
          const factor = byName.get(name)!;
          for (let i = 0; i < values.length; i++) values[i] *= factor[i] ** power;
        }
        return { kind: 'number', name: termName(term), values };
      });
      return { ...frame, columns: [...frame.columns, ...added] };
    },
    rescale(scales) {
      const moved = new Set(
        scales.filter((s) => s.shift !== 0 || s.scale !== 1).map((s) => s.name),
      );
      const added = terms.map((term) => {
        const factor = term.find(([name]) => moved.has(name));
        if (factor !== undefined) {
          throw new TypeError(
            `toRawScale: "${termName(term)}" is a product of the rescaled column "${factor[0]}", so its coefficient has no raw scale of its own; put polynomial() before the scaling`,
          );
        }
        const name = termName(term);
        return ownScale(name);
      });
      return [...scales, ...added];
    },
  };
}

function termName(term: Term): string {
  return term.map(([name, power]) => (power === 1 ? name : `${name}^${power}`)).join('*');
}

/** All products of exactly this total degree of the names from `start` on, in lexical order. */
function* termsOf(names: readonly string[], total: number, start: number): Generator<Term> {
  if (total === 0) {
    yield [];
    return;
  }
  for (let i = start; i < names.length; i++) {
    for (let power = total; power >= 1; power--) {
      for (const rest of termsOf(names, total - power, i + 1)) yield [[names[i], power], ...rest];
    }
  }
}
