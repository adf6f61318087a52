import { describe, lift } from '../values/lift.ts';
import type { Operand, Value } from '../values/operand.ts';
import { formatShape, ShapeError, type Sized, sameShape } from '../values/shape.ts';
import { isLeaf, leavesOf, type Path, withLeaves } from '../values/tree.ts';
import { Expression, type Recorder } from './expression.ts';

/** What a function was recorded with: its inputs in order, and whatever is no input. */
export interface Signature {
  readonly inputs: readonly Expression[];
  /** The place of each input among the arguments, such as `[0].w`. */
  readonly paths: readonly Path[];
  /** Strings, index arrays, functions, … that the recorded function saw. */
  readonly fixed: ReadonlyMap<Path, unknown>;
}

/**
 * The size of an input, in the place of a sample: what `record` needs to know of it.
 *
 * ```ts
 * record((x: Value) => sum(square(x)))(shaped(3, 1)).toString(); // sum(x^2)
 * ```
 */
export function shaped(rows: number, columns: number): Sized {
  return { rows, columns };
}

function isShape(x: unknown): x is Sized {
  if (typeof x !== 'object' || x === null || isLeaf(x)) return false;
  const { rows, columns } = x as Partial<Sized>;
  return Object.keys(x).length === 2 && typeof rows === 'number' && typeof columns === 'number';
}

/** The arguments with every leaf replaced by a named input of the recording. */
export function asInputs<A extends readonly unknown[]>(
  recorder: Recorder & { input(name: string, size: Sized): Expression },
  args: A,
  names: readonly (string | undefined)[],
): { traced: A; signature: Signature } {
  const fixed = new Map<Path, unknown>();
  // A shape becomes an expression first, so that it counts as a leaf like all others.
  const marked = walk(args, '', fixed, (size) => new Expression(recorder, -1, size, null, []));
  const leaves = leavesOf(marked);
  const paths = leaves.map(({ path }) => path);
  const labels = namesOf(paths, names);
  const inputs = leaves.map(({ leaf }, i) => recorder.input(labels[i], lift(leaf, 'record')));
  return { traced: withLeaves(marked, inputs) as A, signature: { inputs, paths, fixed } };
}

/** The leaves of arguments that must have the recorded structure and shapes. */
export function leavesLike(
  { inputs, paths, fixed }: Signature,
  args: readonly unknown[],
): readonly Value[] {
  const others = new Map<Path, unknown>();
  walk(args, '', others, () => undefined);
  const leaves = leavesOf(args);
  for (let i = 0; i < Math.max(paths.length, leaves.length); i++) {
    if (leaves[i]?.path !== paths[i]) {
      const place = paths[i] ?? leaves[i].path;
      throw new ShapeError(
        `evaluate: the arguments differ from the recorded ones at ${described(place)}: ` +
          `${paths.length} matrices and numbers were recorded, ${leaves.length} given`,
      );
    }
  }
  for (const [path, value] of others) checkFixed(path, value, fixed);
  for (const path of fixed.keys()) {
    if (!others.has(path)) {
      throw new TypeError(`evaluate: ${described(path)} is missing, it was recorded with a value`);
    }
  }
  return leaves.map(({ leaf }, i) => valueLike(inputs[i], leaf));
}

function valueLike(input: Expression, leaf: Operand): Value {
  const value = lift(leaf, 'evaluate');
  if (sameShape(value, input)) return value;
  throw new ShapeError(
    `evaluate: ${input.name} was recorded as ${formatShape(input)}, it is ${formatShape(value)} ` +
      'here; record the function once for each shape',
  );
}

function checkFixed(path: Path, value: unknown, fixed: ReadonlyMap<Path, unknown>): void {
  if (!sameFixed(value, fixed.get(path))) {
    throw new TypeError(
      `evaluate: ${described(path)} is ${describe(value)}, not the one it was recorded with; only ` +
        'matrices and numbers are inputs, so record the function again',
    );
  }
}

function sameFixed(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (!ArrayBuffer.isView(a) || !ArrayBuffer.isView(b)) return false;
  return a.constructor === b.constructor && String(a) === String(b);
}

function described(path: Path): string {
  const [, index, rest] = /^\[(\d+)\]\.?(.*)$/.exec(path) ?? ['', '0', ''];
  return rest === '' ? `argument ${Number(index) + 1}` : `${rest} (argument ${Number(index) + 1})`;
}

/** The structure with its shapes replaced; everything that is neither leaf nor shape is noted. */
function walk(
  x: unknown,
  path: Path,
  fixed: Map<Path, unknown>,
  ofShape: (size: Sized) => unknown,
): unknown {
  if (isLeaf(x)) return x;
  if (isShape(x)) return ofShape(x);
  if (Array.isArray(x)) return x.map((item, i) => walk(item, `${path}[${i}]`, fixed, ofShape));
  if (isPlainObject(x)) {
    const entries = Object.entries(x).map(([key, item]) => [
      key,
      walk(item, path === '' ? key : `${path}.${key}`, fixed, ofShape),
    ]);
    return Object.fromEntries(entries);
  }
  fixed.set(path, x);
  return x;
}

function isPlainObject(x: unknown): x is Record<string, unknown> {
  if (typeof x !== 'object' || x === null) return false;
  const prototype: unknown = Object.getPrototypeOf(x);
  return prototype === Object.prototype || prototype === null;
}

const letters = ['x', 'y', 'z', 'u', 'v', 'w'];

/** A name for each input: the given one, the next letter, or its path in a structure. */
function namesOf(paths: readonly Path[], names: readonly (string | undefined)[]): string[] {
  const taken = new Set<string>(names.filter((name) => name !== undefined));
  let next = 0;
  const fresh = (): string => {
    for (;;) {
      const name = letters[next] ?? `x${next - letters.length + 1}`;
      next++;
      if (!taken.has(name)) return name;
    }
  };
  const prefixes = new Map<string, string>();
  return paths.map((path) => {
    const [, index, rest] = /^\[(\d+)\](.*)$/.exec(path) as unknown as [string, string, string];
    const given = names[Number(index)];
    if (given === undefined && rest.startsWith('.') && !taken.has(rest.slice(1))) {
      taken.add(rest.slice(1));
      return rest.slice(1);
    }
    const prefix = given ?? prefixes.get(index) ?? fresh();
    prefixes.set(index, prefix);
    taken.add(prefix + rest);
    return prefix + rest;
  });
}
