import { record, shaped } from '@steepest/autodiff';
import { followed } from './followed.ts';
import type { AnyFunction, Recorded, Role } from './recorded.ts';
import { filledIn, type Leaf, type MatrixLike, type Skeleton, sizeOf } from './skeleton.ts';
import { isArray, standIn, standInLike, wholeNumbers } from './stand-ins.ts';

/**
 * Records f with every matrix and number as an input. Where f needs to read some of them while it
 * runs, further attempts hand out columns of whole numbers as row or class numbers (one of them,
 * then all: weights may be whole, too), and last all numbers as they are. Returns the reason where f
 * cannot be recorded.
 */
export function recordCall(
  f: AnyFunction,
  skeleton: Skeleton,
  leaves: readonly Leaf[],
  firstLeaves: number,
): Recorded | string {
  const whole = leaves.map((leaf, i) => (i < firstLeaves ? undefined : wholeNumbers(leaf)));
  const values = leaves.map((leaf): Role => (isArray(leaf) ? 'indices' : 'value'));
  const withIndices = (chosen: (leaf: number) => boolean): Role[] =>
    values.map((role, i) => (whole[i] && chosen(i) ? 'indices' : role));
  const attempts = [
    values,
    ...leaves.flatMap((_, k) => (whole[k] ? [withIndices((i) => i === k)] : [])),
    withIndices(() => true),
  ];
  const numbersFixed = (roles: Role[]): Role[] =>
    roles.map((role, i) => (typeof leaves[i] === 'number' ? 'fixed' : role));
  attempts.push(...attempts.map(numbersFixed));
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
  const samples = leaves.filter((_, i) => roles[i] === 'value').map(sampleOf);
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

/** What a recording needs of a leaf: that it is a number, or its size. */
function sampleOf(leaf: Leaf): unknown {
  if (typeof leaf === 'number') return leaf;
  const [rows, columns] = sizeOf(leaf as MatrixLike);
  return shaped(rows, columns);
}
