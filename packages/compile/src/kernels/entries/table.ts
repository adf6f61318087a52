import type { V128 } from '@steepest/wasm';
import type { EntryBuilder } from '../entry-builder.ts';

/**
 * The code of a primitive for a pair of entries: the operands' pairs → the result's. It may use an
 * operand as often as it likes after naming it with `let`.
 */
export type Entry = (b: EntryBuilder, ...operands: V128[]) => V128;

/** Entries by the name of what they compute. */
export type EntryTable<Name extends string> = Readonly<Record<Name, Entry>>;
