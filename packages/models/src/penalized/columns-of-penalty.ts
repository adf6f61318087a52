import type { FlatMatrix } from '@steepest/autodiff';
import { argument, required } from '@steepest/ground';
import { type Factors, factorsOption, type Penalty } from '../families/penalty.ts';

/** Each column's deviation, divisor n, by weights of mean 1; 0 for a column of one value. */
export function deviationsOf(x: FlatMatrix, weights: FlatMatrix | undefined): Float64Array {
  const { rows, columns, data } = x;
  const mean = new Float64Array(columns);
  const square = new Float64Array(columns);
  const varies = new Uint8Array(columns);
  // About the first row, so that a column far from 0 keeps its digits.
  for (let i = 1; i < rows; i++) {
    const weight = (weights?.data[i] ?? 1) / rows;
    for (let j = 0; j < columns; j++) {
      const away = data[i * columns + j] - data[j];
      if (away === 0) continue;
      varies[j] = 1;
      mean[j] += weight * away;
      square[j] += weight * away * away;
    }
  }
  return square.map((value, j) =>
    varies[j] === 1 ? Math.sqrt(Math.max(0, value - mean[j] ** 2)) : 0,
  );
}

/** How much each column counts: 1 unless said; throws where names or the number do not fit. */
export function factorsOf(
  operation: string,
  { factors, glmnet }: Penalty,
  names: readonly string[],
): Float64Array {
  const found = new Float64Array(names.length).fill(1);
  if (factors === undefined) return found;
  argument(operation, 'factors', factors, required(factorsOption));
  if (isList(factors)) {
    if (factors.length !== names.length) {
      throw new RangeError(
        `${operation}: there are ${factors.length} factors for ${names.length} columns; give one for each, or { name: factor }`,
      );
    }
    found.set(factors);
  } else {
    for (const [name, factor] of Object.entries(factors)) {
      const j = names.indexOf(name);
      if (j < 0) throw noColumn(operation, 'factors', name, names);
      found[j] = factor;
    }
  }
  const sum = found.reduce((total, factor) => total + factor, 0);
  if (glmnet && sum > 0) return found.map((factor) => (factor * names.length) / sum);
  return found;
}

/**
 * The groups as places of columns: those listed by name, and for the others the columns that come from
 * one raw column, `plan=a`, `plan=b`.
 */
export function groupsOf(
  operation: string,
  { groups }: Penalty,
  names: readonly string[],
  raw: readonly string[],
): number[][] {
  const listed = (groups ?? []).map((group) =>
    group.map((name) => {
      const j = names.indexOf(name);
      if (j < 0) throw noColumn(operation, 'groups', name, names);
      return j;
    }),
  );
  const seen = new Set<number>();
  for (const j of listed.flat()) {
    if (seen.has(j)) {
      throw new RangeError(
        `${operation}: the column "${names[j]}" is in two groups; list it in one of them`,
      );
    }
    seen.add(j);
  }
  const byColumn = new Map<string, number[]>();
  names.forEach((name, j) => {
    if (seen.has(j)) return;
    const origin = raw.find((column) => name.startsWith(`${column}=`)) ?? name;
    byColumn.set(origin, [...(byColumn.get(origin) ?? []), j]);
  });
  return [...listed, ...byColumn.values()];
}

function noColumn(
  operation: string,
  option: string,
  name: string,
  names: readonly string[],
): RangeError {
  return new RangeError(
    `${operation}: ${option} name "${name}", which is no column; the columns are ${names.slice(0, 8).join(', ')}`,
  );
}

function isList(factors: Factors): factors is readonly number[] {
  return Array.isArray(factors);
}
