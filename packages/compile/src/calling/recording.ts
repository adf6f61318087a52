import { type ExpressionGraph, FlatMatrix, record, toFlatMatrix } from '@steepest/autodiff';
import { filledIn, type Leaf, type Skeleton } from './skeleton.ts';

/** What a leaf of the arguments is to the program. */
export type Role = 'value' | 'indices' | 'fixed';

/** A function recorded once, and how the leaves of a call enter it. */
export interface Recorded {
  readonly graph: ExpressionGraph<unknown[], unknown>;
  readonly roles: readonly Role[];
  /** Which leaf an array of indices, or a matrix of them, stood for while recording. */
  readonly standIns: ReadonlyMap<unknown, number>;
  readonly indexContents: readonly (Int32Array | undefined)[];
  /** Constants that hold given entries, one a row, where row or class numbers say. */
  readonly placed: ReadonlyMap<unknown, Placed>;
}

/** Zeros, but for one entry in each row, in the column that a leaf of indices says. */
export interface Placed {
  readonly leaf: number;
  readonly entries: FlatMatrix;
}

export type AnyFunction = (...args: never[]) => unknown;

/**
 * Records f with every matrix and number as an input. Where f needs to read some of them while it
 * runs, the second attempt hands out row and class numbers, the third all numbers, as they are.
 * Returns the reason where f cannot be recorded.
 */
export function recordCall(
  f: AnyFunction,
  skeleton: Skeleton,
  leaves: readonly Leaf[],
  firstLeaves: number,
): Recorded | string {
  const whole = leaves.map((leaf, i) => (i < firstLeaves ? undefined : wholeNumbers(leaf)));
  const attempts: Role[][] = [leaves.map((leaf) => (isArray(leaf) ? 'indices' : 'value'))];
  const numbersFixed = (roles: Role[]): Role[] =>
    roles.map((role, i) => (typeof leaves[i] === 'number' ? 'fixed' : role));
  const withIndices = attempts[0].map((role, i): Role => (whole[i] ? 'indices' : role));
  attempts.push(withIndices, numbersFixed(attempts[0]), numbersFixed(withIndices));
  let reason = '';
  const tried = new Set<string>();
  for (const roles of attempts) {
    const key = String(roles);
    if (tried.has(key)) continue;
    tried.add(key);
    const result = attempt(f, skeleton, leaves, roles, whole);
    if (typeof result !== 'string') return result;
    reason = result;
  }
  return reason;
}

function attempt(
  f: AnyFunction,
  skeleton: Skeleton,
  leaves: readonly Leaf[],
  roles: readonly Role[],
  whole: readonly (Int32Array | undefined)[],
): Recorded | string {
  const contents = leaves.map((leaf, i) =>
    roles[i] === 'indices' ? (whole[i] ?? wholeNumbers(leaf)) : undefined,
  );
  if (roles.some((role, i) => role === 'indices' && contents[i] === undefined)) {
    return 'an array among the arguments holds other numbers than row and class numbers';
  }
  try {
    const first = run(f, skeleton, leaves, roles, contents, 0);
    if (!roles.includes('indices')) return first;
    return followed(first, run(f, skeleton, leaves, roles, contents, 1));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function run(
  f: AnyFunction,
  skeleton: Skeleton,
  leaves: readonly Leaf[],
  roles: readonly Role[],
  contents: readonly (Int32Array | undefined)[],
  turn: 0 | 1,
): Recorded {
  const standIns = new Map<unknown, number>();
  const indexContents: (Int32Array | undefined)[] = [];
  const samples = leaves.filter((_, i) => roles[i] === 'value');
  const called = (...values: unknown[]): unknown => {
    let next = 0;
    const given = leaves.map((leaf, i) => {
      if (roles[i] === 'value') return values[next++];
      if (roles[i] === 'fixed') return leaf;
      const numbers = standIn(contents[i] as Int32Array, i, turn);
      indexContents[i] = numbers;
      const stand = standInLike(leaf, numbers);
      standIns.set(stand, i);
      return stand;
    });
    return f(...(filledIn(skeleton, given) as never[]));
  };
  const names = namesOf(skeleton, leaves).filter((_, i) => roles[i] === 'value');
  const graph = record(called, { simplify: 'exact', names })(...samples) as Recorded['graph'];
  return { graph, roles, standIns, indexContents, placed: new Map() };
}

/** The key of each leaf in its object; nothing where it has none or shares it. */
function namesOf(skeleton: Skeleton, leaves: readonly Leaf[]): (string | undefined)[] {
  const names: (string | undefined)[] = [];
  const walk = (s: Skeleton, name: string | undefined): void => {
    if (s.kind === 'array') for (const item of s.items) walk(item, undefined);
    else if (s.kind === 'object') s.items.forEach((item, i) => void walk(item, s.keys[i]));
    else if (s.kind !== 'other') names.push(name);
  };
  walk(skeleton, undefined);
  return leaves.map((_, i) => (names.indexOf(names[i]) === i ? names[i] : undefined));
}

/** The whole numbers from 0 in a vector or an index array; undefined where it holds others. */
function wholeNumbers(leaf: Leaf): Int32Array | undefined {
  if (typeof leaf === 'number') return undefined;
  let entries: ArrayLike<number>;
  if (isArray(leaf)) {
    entries = leaf;
  } else {
    const matrix = toFlatMatrix(leaf);
    if (matrix.columns !== 1 && matrix.rows !== 1) return undefined;
    entries = matrix.data;
  }
  const result = new Int32Array(entries.length);
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i];
    if (!Number.isInteger(entry) || entry < 0 || entry > 0x7fffffff) return undefined;
    result[i] = entry;
  }
  return result;
}

/** Whole numbers of the same range in another order, different in every place on the two turns. */
function standIn(contents: Int32Array, leaf: number, turn: 0 | 1): Int32Array {
  let top = 1;
  for (const entry of contents) top = Math.max(top, entry);
  const result = new Int32Array(contents.length);
  let state = (leaf + 1) * 0x9e3779b1;
  for (let i = 0; i < result.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    result[i] = ((state >>> 8) + turn) % (top + 1);
  }
  return result;
}

function standInLike(leaf: Leaf, numbers: Int32Array): unknown {
  if (isArray(leaf)) {
    const Kind = leaf.constructor as new (entries: ArrayLike<number>) => unknown;
    return new Kind(numbers);
  }
  const { rows, columns } = toFlatMatrix(leaf);
  return new FlatMatrix(rows, columns, numbers);
}

function isArray(leaf: Leaf): leaf is Exclude<Leaf, number | FlatMatrix> & Int32Array {
  return ArrayBuffer.isView(leaf);
}

/**
 * The recording where two turns with different row and class numbers agree in everything but
 * them; the reason where they do not, because f used the numbers in a way that is not followed.
 */
function followed(one: Recorded, other: Recorded): Recorded | string {
  const unfollowed = 'row or class numbers among the arguments steer the computation itself';
  const a = one.graph.nodes;
  const b = other.graph.nodes;
  if (a.length !== b.length) return unfollowed;
  const partner = new Map<unknown, unknown>();
  const placed = new Map<unknown, Placed>();
  for (let k = 0; k < a.length; k++) {
    partner.set(a[k], b[k]);
    if (a[k].primitive?.name !== b[k].primitive?.name) return unfollowed;
    const indices = [a[k], b[k]].map((node) => indicesOf(node.primitive?.parameters));
    const leaves = [one, other].map((r, i) => leafOfIndices(r, indices[i]));
    if (leaves[0] !== leaves[1] || !sameParameters(a[k], b[k], leaves[0] !== undefined)) {
      return unfollowed;
    }
    for (let i = 0; i < a[k].inputs.length; i++) {
      const [x, y] = [a[k].inputs[i], b[k].inputs[i]];
      if (placed.has(x)) continue;
      if (partner.has(x) ? partner.get(x) === y : sameConstant(x, y, one, other)) continue;
      const found = placedEntries(x, y, one, other);
      if (found === undefined) return unfollowed;
      placed.set(x, found);
    }
  }
  return { ...one, placed };
}

// A derivative through `pick` starts from numbers that are known, so it is computed while
// recording: the entries that were placed by both turns' indices are recognized in its result.
function placedEntries(x: unknown, y: unknown, one: Recorded, other: Recorded): Placed | undefined {
  if (!(x instanceof FlatMatrix && y instanceof FlatMatrix)) return undefined;
  for (const [leaf, indices] of one.indexContents.entries()) {
    const others = other.indexContents[leaf];
    if (indices?.length !== x.rows || others === undefined) continue;
    const entries = entriesAt(x, indices);
    const same = entries !== undefined && entriesAt(y, others);
    if (same && sameEntries(entries.data, same.data)) return { leaf, entries };
  }
  return undefined;
}

/** The entry of each row at its index, where all others are zero. */
function entriesAt(x: FlatMatrix, indices: Int32Array): FlatMatrix | undefined {
  const entries = new FlatMatrix(x.rows, 1);
  for (let i = 0, k = 0; i < x.rows; i++) {
    for (let j = 0; j < x.columns; j++, k++) {
      if (j === indices[i]) entries.data[i] = x.data[k];
      else if (x.data[k] !== 0) return undefined;
    }
  }
  return entries;
}

/** The row or class numbers among a primitive's parameters. */
export function indicesOf(parameters: unknown): Int32Array | undefined {
  const indices = (parameters as { indices?: unknown } | undefined)?.indices;
  return indices instanceof Int32Array ? indices : undefined;
}

/** The leaf whose stand-in has these contents; undefined for a constant of the function. */
export function leafOfIndices(
  { indexContents }: Recorded,
  indices: Int32Array | undefined,
): number | undefined {
  if (indices === undefined) return undefined;
  const hits = indexContents.flatMap((contents, leaf) =>
    contents !== undefined && sameEntries(contents, indices) ? [leaf] : [],
  );
  return hits.length === 1 ? hits[0] : undefined;
}

function sameParameters(
  a: { readonly primitive: { readonly parameters?: unknown } | null },
  b: { readonly primitive: { readonly parameters?: unknown } | null },
  follows: boolean,
): boolean {
  const text = (x: unknown): string =>
    JSON.stringify(x, (key, value: unknown) =>
      key === 'indices' ? (follows ? 0 : String(value)) : value,
    );
  return text(a.primitive?.parameters) === text(b.primitive?.parameters);
}

function sameConstant(x: unknown, y: unknown, one: Recorded, other: Recorded): boolean {
  const leaf = one.standIns.get(x);
  if (leaf !== undefined || other.standIns.has(y)) return leaf === other.standIns.get(y);
  if (x === y) return true;
  return x instanceof FlatMatrix && y instanceof FlatMatrix && sameEntries(x.data, y.data);
}

function sameEntries(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}
