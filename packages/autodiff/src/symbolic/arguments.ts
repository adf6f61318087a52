import { describe, isLeaf, lift } from '../values/lift.ts';
import type { Operand, Value } from '../values/operand.ts';
import { checkedShape, formatShape, ShapeError, type Sized, sameShape } from '../values/shape.ts';
import { flattenTree, type Path, TreeDef } from '../values/tree-def.ts';
import type { Expression } from './expression.ts';

/** What a function was recorded with: its inputs in order, and whatever is no input. */
export interface Signature {
  readonly def: TreeDef;
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
  const [m, n] = checkedShape('shaped', [rows, columns]);
  return { rows: m, columns: n };
}

function isShape(x: unknown): x is Sized {
  if (typeof x !== 'object' || x === null || isLeaf(x)) return false;
  const { rows, columns } = x as Partial<Sized>;
  return Object.keys(x).length === 2 && typeof rows === 'number' && typeof columns === 'number';
}

/** The arguments with every leaf replaced by a named input of the recording. */
export function asInputs<A extends readonly unknown[]>(
  recorder: { input(name: string, size: Sized): Expression },
  args: A,
  names: readonly (string | undefined)[],
): { traced: A; signature: Signature } {
  const leaves: (Operand | Sized)[] = [];
  const def = TreeDef.of(args, leaves, (x) => isLeaf(x) || isShape(x));
  const paths = leaves.map((_, i) => def.pathOf(i));
  const labels = namesOf(paths, names);
  const inputs = leaves.map((leaf, i) =>
    recorder.input(labels[i], isShape(leaf) ? leaf : lift(leaf as Operand, 'record')),
  );
  const fixed = new Map(def.others());
  return { traced: def.unflatten(inputs), signature: { def, inputs, paths, fixed } };
}

/** The leaves of arguments that must have the recorded structure and shapes. */
export function leavesLike(signature: Signature, args: readonly unknown[]): readonly Value[] {
  const { def, inputs } = signature;
  const leaves: Operand[] = [];
  if (def.fits(args, leaves, isLeaf)) return leaves.map((leaf, i) => valueLike(inputs[i], leaf));
  return alike(signature, args).map((leaf, i) => valueLike(inputs[i], leaf));
}

/** The leaves of arguments that are not the very same, but may be as good; throws where they are not. */
function alike({ paths, fixed }: Signature, args: readonly unknown[]): Operand[] {
  const { leaves, def } = flattenTree(args);
  for (let i = 0; i < Math.max(paths.length, leaves.length); i++) {
    const path = i < leaves.length ? def.pathOf(i) : undefined;
    if (path !== paths[i]) {
      const place = paths[i] ?? (path as Path);
      throw new ShapeError(
        `evaluate: the arguments differ from the recorded ones at ${described(place)}: ` +
          `${paths.length} matrices and numbers were recorded, ${leaves.length} given`,
      );
    }
  }
  const others = new Map(def.others());
  for (const [path, value] of others) checkFixed(path, value, fixed);
  for (const path of fixed.keys()) {
    if (!others.has(path)) {
      throw new TypeError(`evaluate: ${described(path)} is missing, it was recorded with a value`);
    }
  }
  return leaves;
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
