import {
  type I32,
  i32,
  type Local,
  type Locals,
  type ModuleBuilder,
  memory,
  type Statement,
  type TypeName,
  until,
  type V128,
  when,
} from '@steepest/wasm';
import {
  type Arithmetic,
  advance,
  type Entry,
  type EntryBuilder,
  entry,
  entryBuilder,
} from '../src/kernels/index.ts';

/** What a loop over entries computes in each round, from one pair of entries of each source. */
export type Round = (b: EntryBuilder, ...sources: V128[]) => readonly V128[];

/**
 * targets[j][k] = round(sources[0][k], …)[j] for all k < count. The pointers move on to the end. A
 * target may be a source: each round reads before it writes.
 */
export function mapEntries(
  locals: Locals,
  arithmetic: Arithmetic,
  sources: readonly Local<I32>[],
  targets: readonly Local<I32>[],
  count: I32,
  round: Round,
): Statement {
  const b = entryBuilder(locals, arithmetic);
  const lead = targets[0];
  const end = locals.local('i32');
  const pairs = round(b, ...sources.map((source) => b.let(memory.load(source)))).map(b.let);
  const pairRound = b.statements();
  const lasts = round(b, ...sources.map((source) => b.let(memory.loadLow(source)))).map(b.let);
  const lastRound = b.statements();
  const others = [...new Set([...sources, ...targets])].filter((pointer) => pointer !== lead);
  return [
    b.setup(),
    end.set(entry(lead, i32.and(count, i32.const(-2)))),
    until(lead, end, 16, [
      pairRound,
      targets.map((target, j) => memory.store(target, pairs[j])),
      others.map((pointer) => advance(pointer, 16)),
    ]),
    when(i32.and(count, i32.const(1)), [
      lastRound,
      targets.map((target, j) => memory.storeLow(target, lasts[j])),
    ]),
  ];
}

/** A whole-array kernel (operand pointers…, out, count) of a primitive's entry. */
export function defineMap(
  module: ModuleBuilder,
  arithmetic: Arithmetic,
  name: string,
  operands: number,
  entryOf: Entry,
): void {
  const names = Array.from({ length: operands }, (_, k) => `x${k}`);
  const parameters: Record<string, TypeName> = Object.fromEntries(
    [...names, 'out', 'count'].map((key) => [key, 'i32' as const]),
  );
  module.define(name, parameters, (p, f) => {
    const pointers = p as Readonly<Record<string, Local<I32>>>;
    const sources = names.map((key) => pointers[key]);
    return mapEntries(f, arithmetic, sources, [pointers.out], pointers.count, (b, ...xs) => [
      entryOf(b, ...xs),
    ]);
  });
}
