import { isPlain } from '@steepest/ground';
import { isLeaf } from './lift.ts';
import type { Operand } from './operand.ts';

/**
 * A nested structure of parameters: arrays and plain objects whose leaves are matrices and
 * numbers. Whatever else it holds (strings, functions, typed arrays) passes through unchanged.
 */
export type Tree = unknown;

/** A leaf's place in its tree, as code would write it: `layers[0].w`; empty for the tree itself. */
export type Path = string;

type Part =
  | { readonly kind: 'leaf' }
  | { readonly kind: 'array'; readonly items: readonly Part[] }
  | {
      readonly kind: 'object';
      readonly keys: readonly string[];
      readonly items: readonly Part[];
      /** Made by Object.create(null). */
      readonly bare: boolean;
    }
  | { readonly kind: 'other'; readonly value: unknown };

type Keys = readonly (string | number)[];

const leafPart: Part = { kind: 'leaf' };

/** A tree holds itself, or is deeper than any structure of parameters. */
export class DepthError extends TypeError {
  override name = 'DepthError';
}

/** No structure of parameters is as deep: one that is holds itself. */
const deepest = 1000;

/**
 * What is left of a tree without its leaves: the one walker of trees.
 *
 * ```ts
 * const { def, leaves } = flattenTree({ w, b: 0 });
 * def.unflatten(leaves.map((leaf) => mul(2, leaf))); // { w: 2 w, b: 0 }
 * ```
 */
export class TreeDef<T = unknown> {
  /** How many leaves it has. */
  readonly size: number;
  readonly #root: Part;
  readonly #isLeaf: (x: unknown) => boolean;
  #paths: Path[] | undefined;

  private constructor(root: Part, size: number, isLeafHere: (x: unknown) => boolean) {
    this.#root = root;
    this.size = size;
    this.#isLeaf = isLeafHere;
  }

  /**
   * The structure of a tree; appends its leaves, in order, to `leaves`. With `isLeafHere`, other
   * values count as leaves than matrices and numbers. Throws a TypeError for a tree that holds itself.
   */
  static of<T>(
    tree: T,
    leaves: unknown[] = [],
    isLeafHere: (x: unknown) => boolean = isLeaf,
  ): TreeDef<T> {
    const before = leaves.length;
    const root = partOf(tree, leaves, isLeafHere, 0);
    return new TreeDef(root, leaves.length - before, isLeafHere);
  }

  /**
   * The leaves of another tree of this structure, in the same order; what it has beyond that is not
   * looked at. Throws a TypeError that names the place where a leaf or a member is missing.
   */
  flatten(tree: Tree, operation = 'flatten'): Operand[] {
    const leaves: unknown[] = [];
    const keys: (string | number)[] = [];
    this.#collect(this.#root, tree, leaves, { operation, keys });
    return leaves as Operand[];
  }

  /** The tree with these leaves, in order; what is no leaf stays what it was. */
  unflatten(leaves: readonly unknown[]): T {
    if (this.#root.kind === 'leaf') return leaves[0] as T;
    return built(this.#root, leaves, { next: 0 }) as T;
  }

  /**
   * Whether a tree has exactly this structure: the same keys in the same order, and the same values
   * in the place of what is no leaf. Appends its leaves to `leaves` (up to where it does not fit);
   * `accepts` may ask more of each, given the number of leaves before it.
   */
  fits(
    tree: Tree,
    leaves: unknown[] = [],
    accepts: (x: unknown, leaf: number) => boolean = this.#isLeaf,
  ): boolean {
    return fitsPart(this.#root, tree, leaves, accepts);
  }

  /** The place of a leaf, counted from 0, as code would write it. */
  pathOf(leaf: number): Path {
    if (this.#paths === undefined) {
      const paths: Path[] = [];
      eachEnd(this.#root, [], ({ kind }, keys) => {
        if (kind === 'leaf') paths.push(written(keys));
      });
      this.#paths = paths;
    }
    return this.#paths[leaf];
  }

  /** What is no leaf (strings, functions, null, …), each with its place. */
  others(): [Path, unknown][] {
    const found: [Path, unknown][] = [];
    eachEnd(this.#root, [], (part, keys) => {
      if (part.kind === 'other') found.push([written(keys), part.value]);
    });
    return found;
  }

  #collect(
    part: Part,
    x: unknown,
    leaves: unknown[],
    at: { readonly operation: string; readonly keys: (string | number)[] },
  ): void {
    switch (part.kind) {
      case 'leaf':
        if (!this.#isLeaf(x)) throw differing(at.operation, at.keys, x);
        leaves.push(x);
        return;
      case 'array': {
        if (!Array.isArray(x)) throw differing(at.operation, at.keys, x);
        const { items } = part;
        for (let i = 0; i < items.length; i++) {
          at.keys.push(i);
          this.#collect(items[i], x[i], leaves, at);
          at.keys.pop();
        }
        return;
      }
      case 'object': {
        if (!isPlain(x)) throw differing(at.operation, at.keys, x);
        const { keys, items } = part;
        for (let i = 0; i < keys.length; i++) {
          at.keys.push(keys[i]);
          const member = Object.hasOwn(x, keys[i]) ? x[keys[i]] : undefined;
          this.#collect(items[i], member, leaves, at);
          at.keys.pop();
        }
      }
    }
  }
}

/** The leaves of a tree, in order, and its structure. */
export function flattenTree<T>(tree: T): { leaves: Operand[]; def: TreeDef<T> } {
  const leaves: Operand[] = [];
  return { def: TreeDef.of(tree, leaves), leaves };
}

function partOf(
  x: unknown,
  leaves: unknown[],
  isLeafHere: (x: unknown) => boolean,
  depth: number,
): Part {
  if (isLeafHere(x)) {
    leaves.push(x);
    return leafPart;
  }
  if (depth > deepest) {
    throw new DepthError(
      `TreeDef: a structure of parameters nests deeper than ${deepest} levels; does it hold itself?`,
    );
  }
  if (Array.isArray(x)) {
    const items: Part[] = [];
    // A hole is a member, too: map would pass over it.
    for (let i = 0; i < x.length; i++) {
      items.push(partOf(x[i], leaves, isLeafHere, depth + 1));
    }
    return { kind: 'array', items };
  }
  if (!isPlain(x)) return { kind: 'other', value: x };
  const keys = Object.keys(x);
  const items = keys.map((key) => partOf(x[key], leaves, isLeafHere, depth + 1));
  return { kind: 'object', keys, items, bare: Object.getPrototypeOf(x) === null };
}

function built(part: Part, leaves: readonly unknown[], at: { next: number }): unknown {
  if (part.kind === 'leaf') return leaves[at.next++];
  if (part.kind === 'other') return part.value;
  if (part.kind === 'array') return part.items.map((item) => built(item, leaves, at));
  const { keys, items } = part;
  const result: Record<string, unknown> = part.bare ? Object.create(null) : {};
  for (let i = 0; i < keys.length; i++) define(result, keys[i], built(items[i], leaves, at));
  return result;
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

function fitsPart(
  part: Part,
  x: unknown,
  leaves: unknown[],
  accepts: (x: unknown, leaf: number) => boolean,
): boolean {
  switch (part.kind) {
    case 'leaf':
      if (!accepts(x, leaves.length)) return false;
      leaves.push(x);
      return true;
    case 'array': {
      const { items } = part;
      if (!Array.isArray(x) || x.length !== items.length) return false;
      for (let i = 0; i < items.length; i++) {
        if (!fitsPart(items[i], x[i], leaves, accepts)) return false;
      }
      return true;
    }
    case 'object': {
      if (!isPlain(x)) return false;
      const { keys, items } = part;
      let k = 0;
      for (const key in x) {
        if (k >= keys.length || key !== keys[k]) return false;
        if (!fitsPart(items[k], x[key], leaves, accepts)) return false;
        k++;
      }
      return k === keys.length;
    }
    case 'other':
      return Object.is(part.value, x);
  }
}

function eachEnd(
  part: Part,
  keys: (string | number)[],
  see: (part: Part, keys: Keys) => void,
): void {
  if (part.kind === 'leaf' || part.kind === 'other') {
    see(part, keys);
    return;
  }
  part.items.forEach((item, i) => {
    keys.push(part.kind === 'object' ? part.keys[i] : i);
    eachEnd(item, keys, see);
    keys.pop();
  });
}

function written(keys: Keys): Path {
  return keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
    return path === '' ? key : `${path}.${key}`;
  }, '');
}

function differing(operation: string, keys: Keys, other: unknown): TypeError {
  const place = keys.length === 0 ? 'the root' : written(keys);
  const found = other === undefined ? 'nothing' : typeof other;
  return new TypeError(
    `${operation}: the structures differ at ${place}: there is ${found} beside it`,
  );
}
