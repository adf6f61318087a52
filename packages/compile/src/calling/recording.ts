import {
  type Expression,
  FlatMatrix,
  openIndices,
  type Primitive,
  record,
  shaped,
  type Value,
} from '@steepest/autodiff';
import type { AnyFunction, Recorded, Role } from './recorded.ts';
import { type Leaf, type MatrixLike, type Skeleton, sizeOf } from './skeleton.ts';
import { isArray, unread } from './stand-ins.ts';

/**
 * Records f with every matrix and number as an input, and every index array as indices that are not
 * known yet; where f needs the numbers among its arguments while it runs, with these as they are.
 * Returns the reason where f cannot be recorded: it reads a matrix or an index array, so that
 * another one might have led it another way.
 */
export function recordCall(
  f: AnyFunction,
  skeleton: Skeleton,
  leaves: readonly Leaf[],
): Recorded | string {
  const roles = leaves.map((leaf): Role => (isArray(leaf) ? 'indices' : 'value'));
  const first = attempt(f, skeleton, leaves, roles);
  if (typeof first !== 'string' || !leaves.some((leaf) => typeof leaf === 'number')) return first;
  const fixed = roles.map((role, i) => (typeof leaves[i] === 'number' ? 'fixed' : role));
  return attempt(f, skeleton, leaves, fixed);
}

function attempt(
  f: AnyFunction,
  skeleton: Skeleton,
  leaves: readonly Leaf[],
  roles: readonly Role[],
): Recorded | string {
  const leafOfIndices = new Map<Int32Array, number>();
  const known = new Map<Primitive, FlatMatrix>();
  const samples = leaves.filter((_, i) => roles[i] === 'value').map(sampleOf);
  let result: unknown;
  // The last input takes part in nothing: it is there to reach the recording by.
  const called = (...inputs: Expression[]): unknown => {
    const { recorder } = inputs[inputs.length - 1];
    const follow = (x: Value): Value => {
      if (!(x instanceof FlatMatrix)) return x;
      const primitive = knownMatrix(x);
      known.set(primitive, x);
      return recorder.operation(primitive, []);
    };
    const open = (standIn: object, length: number, leaf: number): void => {
      leafOfIndices.set(openIndices(standIn, length, `leaf ${leaf}`, follow), leaf);
    };
    let next = 0;
    const given = leaves.map((leaf, i) => {
      if (roles[i] === 'fixed') return leaf;
      if (roles[i] === 'indices') {
        const array = unread(leaf as Int32Array);
        open(array, (leaf as Int32Array).length, i);
        return array;
      }
      const input = inputs[next++];
      // A vector may hold numbers or indices: f's use of it decides.
      if (typeof leaf !== 'number' && (input.rows === 1 || input.columns === 1)) {
        open(input, input.rows * input.columns, i);
      }
      return input;
    });
    result = f(...(skeleton.tree.unflatten(given) as never[]));
    return result;
  };
  const names = namesOf(skeleton).filter((_, i) => roles[i] === 'value');
  try {
    const recording = record(called as AnyFunction, { simplify: 'exact', names });
    const graph = recording(...([...samples, 0] as never[])) as Recorded['graph'];
    return { graph, result, roles, leafOfIndices, known };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A matrix as an operation without inputs. */
function knownMatrix(value: FlatMatrix): Primitive {
  return {
    name: 'known',
    shape: () => [value.rows, value.columns],
    value: () => value,
    partials: [],
    samples: [],
  };
}

/** The key of each leaf in its object; nothing where it has none or shares it. */
function namesOf({ tree, kinds }: Skeleton): (string | undefined)[] {
  const names = kinds.map((_, leaf) => lastKey(tree.pathOf(leaf)));
  return names.map((name, i) => (names.indexOf(name) === i ? name : undefined));
}

/** The key that a path ends with; undefined where it ends with a number. */
function lastKey(path: string): string | undefined {
  const [, name, quoted] = /([\w$]+)$|\[("(?:[^"\\]|\\.)*")\]$/.exec(path) ?? [];
  return quoted === undefined ? name : (JSON.parse(quoted) as string);
}

/** What a recording needs of a leaf: that it is a number, or its size. */
function sampleOf(leaf: Leaf): unknown {
  if (typeof leaf === 'number') return leaf;
  const [rows, columns] = sizeOf(leaf as MatrixLike);
  return shaped(rows, columns);
}
