import {
  type Asking,
  finite as finiteOption,
  got,
  listOf,
  oneOf,
  type Spec,
  settle,
  wholeNumber,
} from '@steepest/ground';
import { columnNames } from '../column-names.ts';
import { quoted } from '../error.ts';
import { finite, record, wrong } from '../schema/json.ts';
import { type Facts, numberColumns } from './facts.ts';
import {
  type FittedStep,
  type NumericColumn,
  numericColumns,
  ownScale,
  replaced,
} from './frame.ts';
import { asking } from './frame-facts.ts';
import { columnsOf, evaluatorOf, type SplineBasis } from './spline-basis.ts';
import type { Step } from './step.ts';

export interface SplinesOptions {
  /** 'natural', cubic and straight beyond the ends, unless said; 'b' has all B-splines but the first. */
  readonly kind?: 'natural' | 'b' | undefined;
  /** How many columns each becomes; 4 for natural splines, 6 for others unless said. */
  readonly df?: number | undefined;
  /** Of the pieces of B-splines; 3 unless said. */
  readonly degree?: number | undefined;
  /** Interior knots, for one column; quantiles of the training rows unless given. */
  readonly knots?: readonly number[] | undefined;
  readonly columns?: readonly string[] | undefined;
}

const spec = {
  kind: oneOf(['natural', 'b'], 'natural'),
  df: wholeNumber(1, undefined, 1000),
  degree: wholeNumber(1, undefined, 10),
  knots: listOf(finiteOption()),
  columns: columnNames,
} satisfies Spec<SplinesOptions>;

interface State {
  readonly columns: readonly (SplineBasis & { readonly name: string })[];
}

/**
 * Replaces each number column by a basis of splines, `ns(x)1` …, for curves of any shape in a linear model:
 * the values of R's splines::ns and bs, without the constant. Knots are at quantiles of the training rows,
 * ends at their extremes; beyond those natural splines go on as lines, others as their polynomials. Throws
 * where rows have fewer different values than knots.
 *
 * @example
 * prepare([splines({ columns: ['age'], df: 5 }), standardize()])
 */
export function splines(options: SplinesOptions = {}): Step {
  const settled = settle('splines', options, spec);
  const { kind, degree, df, knots } = settled;
  const natural = kind === 'natural';
  if (natural && degree !== undefined) {
    throw new TypeError("splines: natural splines are cubic; degree is for kind: 'b'");
  }
  if (df !== undefined && knots !== undefined) {
    throw new TypeError('splines: df has no effect beside knots; leave one of them out');
  }
  const own = degree ?? 3;
  const least = natural ? 1 : own;
  const count = (df ?? (natural ? 4 : own + 3)) - least;
  if (count < 0) {
    throw new RangeError(`splines: df must be at least the degree, ${own}, got ${df}`);
  }
  return asking('splines', function* (facts) {
    const names = numberColumns(facts, 'splines', settled.columns);
    if (knots !== undefined && names.length !== 1) {
      throw new TypeError(
        `splines: knots are for one column, and there are ${names.length}; name it: columns: ['x']`,
      );
    }
    const found = yield* got(facts.extremes(names));
    const shares = Array.from({ length: count }, (_, k) => (k + 1) / (count + 1));
    const places = knots === undefined && count > 0 ? yield* quantiles(facts, names, shares) : [];
    return splinesStep({
      columns: names.map((name, k) => {
        const { low, high } = found[k];
        const inner = [...(knots ?? places[k] ?? [])].sort((a, b) => a - b);
        const line = [low, ...inner, high];
        if (!line.every((knot, i) => i === 0 || knot > line[i - 1])) {
          throw new RangeError(
            `splines: the knots of ${quoted(name)} must rise between its ends, got ${line.map((v) => Number(v.toPrecision(6))).join(', ')}; take a smaller df, or give knots`,
          );
        }
        return { name, natural, degree: own, knots: inner, ends: [low, high] };
      }),
    });
  });
}

function* quantiles(
  facts: Facts,
  names: readonly string[],
  shares: readonly number[],
): Asking<readonly (readonly number[])[]> {
  if (facts.quantiles !== undefined) return yield* got(facts.quantiles(names, shares));
  throw new TypeError('splines: these rows tell no quantiles; give knots');
}

export function loadSplines(state: unknown): FittedStep {
  const { columns } = record(state, 'splines');
  if (!Array.isArray(columns)) throw wrong('splines.columns', 'a list', columns);
  return splinesStep({
    columns: columns.map((column, i) => {
      const path = `splines.columns[${i}]`;
      const { name, natural, degree, knots, ends } = record(column, path);
      if (typeof name !== 'string') throw wrong(`${path}.name`, 'text', name);
      if (typeof natural !== 'boolean') throw wrong(`${path}.natural`, 'true or false', natural);
      if (!Number.isSafeInteger(degree) || Number(degree) < 1 || Number(degree) > 10) {
        throw wrong(`${path}.degree`, 'a whole number from 1 to 10', degree);
      }
      if (natural && degree !== 3) throw wrong(`${path}.degree`, '3', degree);
      const list = (x: unknown, at: string): number[] => {
        if (!Array.isArray(x)) throw wrong(at, 'a list', x);
        return x.map((value, k) => finite(value, `${at}[${k}]`));
      };
      const inner = list(knots, `${path}.knots`);
      const [low, high, ...more] = list(ends, `${path}.ends`);
      const line = [low, ...inner, high];
      const rises = line.every((knot, k) => k === 0 || knot > line[k - 1]);
      if (high === undefined || more.length > 0 || !rises) {
        throw wrong(`${path}.knots`, 'numbers that rise between two ends', line);
      }
      return { name, natural, degree: Number(degree), knots: inner, ends: [low, high] };
    }),
  });
}

function splinesStep(state: State): FittedStep {
  const bases = new Map(
    state.columns.map((column) => {
      const prefix = column.natural ? 'ns' : 'bs';
      const count = columnsOf(column);
      const names = Array.from({ length: count }, (_, k) => `${prefix}(${column.name})${k + 1}`);
      return [column.name, { names, of: evaluatorOf(column) }];
    }),
  );
  return {
    step: 'splines',
    state,
    apply(frame) {
      numericColumns(frame, 'splines', [...bases.keys()]);
      return replaced(frame, (column) => {
        const basis = bases.get(column.name);
        if (basis === undefined || column.kind !== 'number') return column;
        const made = basis.names.map(
          (name): NumericColumn => ({ kind: 'number', name, values: new Float64Array(frame.rows) }),
        );
        column.values.forEach((x, i) => {
          const row = Number.isNaN(x) ? undefined : basis.of(x);
          made.forEach(({ values }, k) => {
            values[i] = row?.[k] ?? Number.NaN; // a hole stays one
          });
        });
        return made;
      });
    },
    rescale: (scales) =>
      scales.flatMap((scale) => {
        const basis = bases.get(scale.name);
        if (basis === undefined) return [scale];
        return basis.names.map(ownScale);
      }),
  };
}
