import { FlatMatrix } from '@steepest/autodiff';
import { isPlain } from '@steepest/ground';

/**
 * Where two pieces of plain data differ in structure: undefined, or a sentence. An empty array in
 * `expected` stands for a list of any length.
 */
export function difference(expected: unknown, found: unknown, place: string): string | undefined {
  if (expected instanceof FlatMatrix || found instanceof FlatMatrix) {
    return describe(expected) === describe(found) ? undefined : mismatch(expected, found, place);
  }
  if (Array.isArray(expected) && Array.isArray(found)) {
    if (expected.length === 0) return undefined;
    if (expected.length !== found.length) return mismatch(expected, found, place);
    return first(expected, (item, i) => difference(item, found[i], `${place}[${i}]`));
  }
  if (isPlain(expected) && isPlain(found)) {
    const unknownKey = Object.keys(found).find((key) => !Object.hasOwn(expected, key));
    if (unknownKey !== undefined) return `${place} has an unknown entry ${unknownKey}`;
    return first(Object.keys(expected), (key) =>
      difference(expected[key], found[key], place === '' ? key : `${place}.${key}`),
    );
  }
  return describe(expected) === describe(found) ? undefined : mismatch(expected, found, place);
}

function first<T>(items: readonly T[], find: (item: T, i: number) => string | undefined) {
  for (let i = 0; i < items.length; i++) {
    const found = find(items[i], i);
    if (found !== undefined) return found;
  }
  return undefined;
}

function mismatch(expected: unknown, found: unknown, place: string): string {
  return `${place === '' ? 'the root' : place} should be ${describe(expected)} and is ${describe(found)}`;
}

function describe(x: unknown): string {
  if (x instanceof FlatMatrix) return `a ${x.rows}×${x.columns} matrix`;
  if (Array.isArray(x)) return `a list of ${x.length}`;
  if (x === null) return 'null';
  if (x === undefined) return 'missing';
  return isPlain(x) ? 'an object' : `a ${typeof x}`;
}
