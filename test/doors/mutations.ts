import { isSettings } from './door.ts';

/** One thing that is wrong with a call. */
export interface Mutation {
  readonly what: string;
  readonly path: string;
  /** Nothing can work with it: the call has to throw. */
  readonly must: boolean;
  /** The arguments with the wrong thing in them. */
  change(args: unknown[]): unknown[];
}

class Foo {}
const cyclic = (): object => {
  const made: Record<string, unknown> = { a: 1 };
  made.self = made;
  return made;
};

/** Values of wrong kinds; made anew for each call. */
const values: readonly (readonly [name: string, make: () => unknown, impossible?: true])[] = [
  ['undefined', () => undefined],
  ['null', () => null],
  ['NaN', () => Number.NaN],
  ['Infinity', () => Number.POSITIVE_INFINITY],
  ['-1', () => -1],
  ['0', () => 0],
  ['0.5', () => 0.5],
  ['7', () => 7],
  ["''", () => ''],
  ["'wrong'", () => 'wrong'],
  ["'3'", () => '3'],
  ['true', () => true],
  ['Symbol', () => Symbol('wrong'), true],
  ['10n', () => 10n],
  ['[]', () => []],
  ["[1, 'a', null]", () => [1, 'a', null]],
  ['[[]]', () => [[]]],
  ['sparse array', () => Object.assign(new Array(2), { 1: 1 })],
  ['{}', () => ({})],
  ['{ wrong: 1 }', () => ({ wrong: 1 })],
  ['cyclic object', cyclic],
  ['object without prototype', () => Object.create(null)],
  ['() => undefined', () => () => undefined],
  ["() => 'wrong'", () => () => 'wrong'],
  ['async () => 1', () => async () => 1],
  ['class Foo', () => Foo],
  ['new Foo', () => new Foo()],
  ['promise', () => Promise.resolve(1)],
  ['Map', () => new Map([['a', 1]])],
  ['Date', () => new Date(0)],
  ['regular expression', () => /wrong/],
  ['Float64Array', () => Float64Array.of(1, Number.NaN)],
  ['ArrayBuffer', () => new ArrayBuffer(8)],
  ['number-like object', () => ({ valueOf: () => 3 })],
  ['array-like object', () => ({ length: 2 })],
  ['matrix-like object', () => ({ rows: 2, columns: 2 })],
];

const unknownNames = ['wrong', 'lr', '__wrong__', 'constructor', 'zu lang und krumm'];

/** Everything that can be done wrong to a call with these arguments, one thing at a time. */
export function mutationsOf(args: readonly unknown[], deepest = 3): Mutation[] {
  const found: Mutation[] = [];
  const visit = (
    value: unknown,
    keys: readonly (string | number)[],
    depth: number,
    inSettings: boolean,
  ): void => {
    const path = pathText(keys);
    for (const [what, make, impossible] of values) {
      found.push({
        what: `${path} = ${what}`,
        path,
        must: impossible === true && (keys.length === 1 || inSettings),
        change: (own) => replaced(own, keys, make()) as unknown[],
      });
    }
    if (isSettings(value)) {
      for (const name of unknownNames) {
        found.push({
          what: `${path} with the unknown name ${name}`,
          path,
          must: true,
          change: (own) => replaced(own, [...keys, name], 1) as unknown[],
        });
      }
    }
    const members = membersOf(value);
    if (depth === 0 || members === undefined) return;
    for (const key of members) {
      found.push({
        what: `${path} without ${key}`,
        path: pathText([...keys, key]),
        must: false,
        change: (own) => removed(own, [...keys, key]) as unknown[],
      });
      visit(
        (value as Record<string | number, unknown>)[key],
        [...keys, key],
        depth - 1,
        isSettings(value),
      );
    }
  };
  args.forEach((arg, i) => {
    visit(arg, [i], deepest, false);
    found.push({
      what: `only ${i} arguments`,
      path: `${i}`,
      must: false,
      change: (own) => own.slice(0, i),
    });
  });
  return found;
}

function membersOf(value: unknown): (string | number)[] | undefined {
  if (Array.isArray(value)) return value.length > 4 ? [0] : value.map((_, i) => i);
  if (typeof value !== 'object' || value === null) return undefined;
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && !isSettings(value)) return undefined;
  return Object.keys(value).slice(0, 25);
}

function replaced(tree: unknown, keys: readonly (string | number)[], value: unknown): unknown {
  if (keys.length === 0) return value;
  const [key, ...rest] = keys;
  const copy: Record<string | number, unknown> = shallow(tree);
  const member = Object.hasOwn(copy, key) ? copy[key] : undefined;
  Object.defineProperty(copy, key, {
    value: replaced(member, rest, value),
    enumerable: true,
    configurable: true,
    writable: true,
  });
  return copy;
}

function removed(tree: unknown, keys: readonly (string | number)[]): unknown {
  const [key, ...rest] = keys;
  const copy: Record<string | number, unknown> = shallow(tree);
  if (rest.length > 0) copy[key] = removed(copy[key], rest);
  else if (Array.isArray(copy)) copy.splice(key as number, 1);
  else delete copy[key];
  return copy;
}

function shallow(tree: unknown): Record<string | number, unknown> {
  return (Array.isArray(tree) ? [...tree] : { ...(tree as object) }) as never;
}

function pathText(keys: readonly (string | number)[]): string {
  return keys.map((key, i) => (i === 0 ? `#${key}` : `.${key}`)).join('');
}
