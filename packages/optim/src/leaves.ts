import {
  briefEntries,
  FlatMatrix,
  isLeaf,
  leavesOf,
  mapTree,
  type Tree,
  toFlatMatrix,
} from '@steepest/autodiff';
import { isCallable, isPlain, refusal } from '@steepest/ground';

// `entrywise` and `entriesOf` walk trees themselves, the one place beside TreeDef: every interpreted
// step calls them several times. Built on TreeDef, a formula over two trees of two layers takes
// 1.04 µs for 0.65 µs, over two single matrices 160 ns for 122; reading entries 318 ns for 218.

/** Writes one leaf's entries, given the entries of the same leaf in up to three trees. */
type Fill = (out: Float64Array, a: Float64Array, b: Float64Array, c: Float64Array) => void;

/** No structure of parameters is as deep: one that is holds itself. */
const deepest = 1000;

const nothing = new Float64Array(0);

/**
 * A new tree of a's structure, filled leaf by leaf: the one way in which steppers compute. `fill`
 * holds the loop over the entries, so each formula compiles to a loop of its own; numbers come as
 * arrays of one entry. Throws a TypeError where b or c lack a leaf of a.
 *
 * ```ts
 * entrywise((out, v, g) => { for (let i = 0; i < out.length; i++) out[i] = v[i] + g[i]; }, v, g);
 * ```
 */
export function entrywise<T>(fill: Fill, a: T, b?: Tree, c?: Tree): T {
  if (typeof fill !== 'function') {
    throw refusal('entrywise', 'expected a function', fill, 'write (out, a) => { out[0] = a[0]; }');
  }
  const partner = (y: unknown, tree: Tree, { rows, columns }: FlatMatrix): Float64Array => {
    if (tree === undefined) return nothing;
    const found = y instanceof FlatMatrix ? y : matrixOf(y);
    if (found?.rows !== rows || found.columns !== columns) throw mismatch(a, b, c);
    return found.data;
  };
  const walk = (x: unknown, y: unknown, z: unknown, depth: number): unknown => {
    if (x instanceof FlatMatrix) {
      const out = new FlatMatrix(x.rows, x.columns, briefEntries(x.data.length));
      fill(out.data, x.data, partner(y, b, x), partner(z, c, x));
      return out;
    }
    if (typeof x === 'number') {
      const one = new FlatMatrix(1, 1, [x]);
      const out = new Float64Array(1);
      fill(out, one.data, partner(y, b, one), partner(z, c, one));
      return out[0];
    }
    if (isLeaf(x)) return walk(toFlatMatrix(x), y, z, depth);
    if (depth > deepest) throw tooDeep('entrywise');
    return mapMembers(x, (member, key) =>
      walk(member, memberOf(y, key), memberOf(z, key), depth + 1),
    );
  };
  expectTree('entrywise', a);
  try {
    return walk(a, b, c, 0) as T;
  } catch (error) {
    // Whether it is a class is too slow to be asked at every step.
    if (!isCallable(fill)) {
      throw refusal(
        'entrywise',
        'expected a function',
        fill,
        'write (out, a) => { out[0] = a[0]; }',
      );
    }
    throw error;
  }
}

/** The entries of every leaf, in order; matrices share their memory, numbers come as copies. */
export function entriesOf(tree: Tree, operation = 'entriesOf'): Float64Array[] {
  const found: Float64Array[] = [];
  const walk = (x: unknown, depth: number): void => {
    if (depth > deepest) throw tooDeep(operation);
    if (x instanceof FlatMatrix) found.push(x.data);
    else if (typeof x === 'number') found.push(Float64Array.of(x));
    else if (isLeaf(x)) found.push(toFlatMatrix(x).data);
    else if (Array.isArray(x)) for (const member of x) walk(member, depth + 1);
    else if (isPlain(x)) for (const key of Object.keys(x)) walk(x[key], depth + 1);
  };
  walk(tree, 0);
  return found;
}

/** The same structure with zeros at every leaf. */
export function zerosLike<T>(tree: T): T {
  expectTree('zerosLike', tree);
  return entrywise(() => {}, tree);
}

/** A copy that shares no memory with anything; matrices of every kind become FlatMatrix. */
export function copyOf<T>(tree: T): T {
  expectTree('copyOf', tree);
  return mapTree((leaf: unknown) => {
    if (typeof leaf === 'number') return leaf;
    const { rows, columns, data } = toFlatMatrix(leaf);
    return new FlatMatrix(rows, columns, data.slice());
  }, tree);
}

function expectTree(operation: string, tree: unknown): void {
  if (typeof tree !== 'symbol' && typeof tree !== 'function') return;
  const expected = 'expected a matrix, a number or a structure of them';
  throw refusal(operation, expected, tree, `write ${operation}({ w, b: 0 })`);
}

function tooDeep(operation: string): TypeError {
  return new TypeError(
    `${operation}: a structure of parameters nests deeper than ${deepest} levels; does it hold itself?`,
  );
}

function matrixOf(x: unknown): FlatMatrix | undefined {
  if (typeof x === 'number') return new FlatMatrix(1, 1, [x]);
  return isLeaf(x) ? toFlatMatrix(x) : undefined;
}

/** Arrays and plain objects with their members changed; all else as it is. */
export function mapMembers(
  x: unknown,
  change: (member: unknown, key: string | number) => unknown,
): unknown {
  if (Array.isArray(x)) return x.map(change);
  if (!isPlain(x)) return x;
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(x)) {
    const value = change(x[key], key);
    if (key !== '__proto__') result[key] = value;
    else Object.defineProperty(result, key, { value, enumerable: true, writable: true });
  }
  return result;
}

/** A member of an array or an object; undefined where there is none. */
export function memberOf(x: unknown, key: string | number): unknown {
  if (typeof x !== 'object' || x === null || !Object.hasOwn(x, key)) return undefined;
  return (x as Record<string | number, unknown>)[key];
}

function mismatch(a: Tree, ...others: Tree[]): TypeError {
  for (const other of others) {
    if (other === undefined) continue;
    const found = new Map(leavesOf(other).map(({ path, leaf }) => [path, toFlatMatrix(leaf)]));
    for (const { path, leaf } of leavesOf(a)) {
      const expected = toFlatMatrix(leaf);
      const given = found.get(path);
      const fits = given?.rows === expected.rows && given.columns === expected.columns;
      found.delete(path);
      if (fits) continue;
      const place = path === '' ? 'the root' : path;
      const size = given === undefined ? 'nothing' : `${given.rows}×${given.columns}`;
      return new TypeError(
        `stepper: the structures differ at ${place}: beside ${expected.rows}×${expected.columns} ` +
          `there is ${size}; gradient, state and params must have the same leaves`,
      );
    }
    for (const path of found.keys()) {
      return new TypeError(
        `stepper: the structures differ: only one of them has ${path}; gradient, state and ` +
          'params must have the same leaves',
      );
    }
  }
  return new TypeError('stepper: gradient, state and params must have the same leaves');
}
