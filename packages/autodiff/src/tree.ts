import { isMatrix, isNdArray } from './lift.ts';
import type { Operand } from './primitive.ts';
import { Tracer } from './tracer.ts';

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

function member(path: Path, key: string): Path {
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
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
  const walk = (x: unknown, rest: unknown[], path: Path): unknown => {
    if (isLeaf(x)) {
      for (const other of rest) if (!isLeaf(other)) throw mismatch(path, other);
      return (change as (...leaves: unknown[]) => unknown)(x, ...rest);
    }
    if (Array.isArray(x)) {
      for (const other of rest) if (!Array.isArray(other)) throw mismatch(path, other);
      return x.map((item, i) =>
        walk(
          item,
          rest.map((other) => (other as unknown[])[i]),
          `${path}[${i}]`,
        ),
      );
    }
    if (isPlainObject(x)) {
      for (const other of rest) if (!isPlainObject(other)) throw mismatch(path, other);
      const result = Object.create(Object.getPrototypeOf(x)) as Record<string, unknown>;
      for (const key of Object.keys(x)) {
        const others = rest.map((other) => (other as Record<string, unknown>)[key]);
        define(result, key, walk(x[key], others, member(path, key)));
      }
      return result;
    }
    return x;
  };
  return walk(tree, others, '') as T;
}

// A key named __proto__ must become an entry, not a prototype.
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else {
    target[key] = value;
  }
}

function mismatch(path: Path, other: unknown): TypeError {
  const place = path === '' ? 'the root' : path;
  const found = other === undefined ? 'nothing' : typeof other;
  return new TypeError(`mapTree: the structures differ at ${place}: there is ${found} beside it`);
}

/** The leaves in order, each with its path. */
export function leavesOf(tree: Tree): { path: Path; leaf: Operand }[] {
  const found: { path: Path; leaf: Operand }[] = [];
  const walk = (x: unknown, path: Path): void => {
    if (isLeaf(x)) found.push({ path, leaf: x });
    else if (Array.isArray(x)) x.forEach((item, i) => void walk(item, `${path}[${i}]`));
    else if (isPlainObject(x)) for (const key of Object.keys(x)) walk(x[key], member(path, key));
  };
  walk(tree, '');
  return found;
}

/** The structure with its leaves replaced, in order, by `leaves`. */
export function withLeaves<T>(tree: T, leaves: readonly unknown[]): T {
  let next = 0;
  return mapTree(() => leaves[next++], tree);
}
