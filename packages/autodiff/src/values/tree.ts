import { Tracer } from '../primitive/tracer.ts';
import { isMatrix, isNdArray } from './lift.ts';
import type { Operand } from './operand.ts';

/**
 * A nested structure of parameters: arrays and plain objects whose leaves are matrices and
 * numbers. Whatever else it holds (strings, functions, typed arrays) passes through unchanged.
 */
export type Tree = unknown;

/** Whether a value is a leaf of a tree: a matrix, a tracer, an ndarray or a number. */
export function isLeaf(x: unknown): x is Operand {
  return typeof x === 'number' || x instanceof Tracer || isMatrix(x) || isNdArray(x);
}

function isPlainObject(x: unknown): x is Record<string, unknown> {
  if (typeof x !== 'object' || x === null) return false;
  const prototype: unknown = Object.getPrototypeOf(x);
  return prototype === Object.prototype || prototype === null;
}

/** A leaf's place in its tree, as code would write it: `layers[0].w`; empty for the tree itself. */
export type Path = string;

function written(keys: readonly (string | number)[]): Path {
  return keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
    return path === '' ? key : `${path}.${key}`;
  }, '');
}

/**
 * The same structure with every leaf replaced; further trees of the same structure give `change`
 * their leaves in the same places. Throws where they lack one.
 *
 * ```ts
 * mapTree((w, g) => sub(w, mul(0.1, g)), params, gradient);
 * ```
 */
export function mapTree<T>(change: (...leaves: never[]) => unknown, tree: T, ...others: Tree[]): T {
  const keys: (string | number)[] = [];
  const walk = (x: unknown, rest: readonly unknown[]): unknown => {
    if (isLeaf(x)) {
      expectAll(isLeaf, rest, keys);
      return (change as (...leaves: unknown[]) => unknown)(x, ...rest);
    }
    if (Array.isArray(x)) {
      expectAll(Array.isArray, rest, keys);
      return x.map((item, i) => {
        const beside = rest.map((other) => (other as unknown[])[i]);
        return below(i, () => walk(item, beside));
      });
    }
    if (!isPlainObject(x)) return x;
    expectAll(isPlainObject, rest, keys);
    const result = Object.create(Object.getPrototypeOf(x)) as Record<string, unknown>;
    for (const key of Object.keys(x)) {
      const beside = rest.map((other) => (other as Record<string, unknown>)[key]);
      define(
        result,
        key,
        below(key, () => walk(x[key], beside)),
      );
    }
    return result;
  };
  const below = (key: string | number, work: () => unknown): unknown => {
    keys.push(key);
    const result = work();
    keys.pop();
    return result;
  };
  return walk(tree, others) as T;
}

function expectAll(
  accepts: (x: unknown) => boolean,
  others: readonly unknown[],
  keys: readonly (string | number)[],
): void {
  for (const other of others) {
    if (accepts(other)) continue;
    const place = keys.length === 0 ? 'the root' : written(keys);
    const found = other === undefined ? 'nothing' : typeof other;
    throw new TypeError(`mapTree: the structures differ at ${place}: there is ${found} beside it`);
  }
}

// A key named __proto__ must become an entry, not a prototype.
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') {
    target[key] = value;
    return;
  }
  const plain = { enumerable: true, configurable: true, writable: true };
  Object.defineProperty(target, key, { value, ...plain });
}

function visit(
  x: unknown,
  keys: (string | number)[],
  see: (leaf: Operand, keys: readonly (string | number)[]) => void,
): void {
  if (isLeaf(x)) {
    see(x, keys);
    return;
  }
  if (!Array.isArray(x) && !isPlainObject(x)) return;
  const entries = Array.isArray(x) ? x.entries() : Object.entries(x);
  for (const [key, item] of entries) {
    keys.push(key);
    visit(item, keys, see);
    keys.pop();
  }
}

/** The leaves in order, each with its path. */
export function leavesOf(tree: Tree): { path: Path; leaf: Operand }[] {
  const found: { path: Path; leaf: Operand }[] = [];
  visit(tree, [], (leaf, keys) => void found.push({ path: written(keys), leaf }));
  return found;
}

/** The leaves in order, without the cost of their paths. */
export function leafList(tree: Tree): Operand[] {
  const found: Operand[] = [];
  visit(tree, [], (leaf) => void found.push(leaf));
  return found;
}

/** The structure with its leaves replaced, in order, by `leaves`. */
export function withLeaves<T>(tree: T, leaves: readonly unknown[]): T {
  let next = 0;
  return mapTree(() => leaves[next++], tree);
}
