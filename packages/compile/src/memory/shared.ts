import { features } from '@steepest/wasm';
import type { Leaf } from '../calling/skeleton.ts';
import { Engine } from './engine.ts';

let made: Engine | undefined;

/** Whether this runtime can share memory between threads. */
export function canShare(): boolean {
  return features().threads && features().simd;
}

/** The engine of all threads, whose growth detaches no array. */
export function sharedEngine(): Engine {
  made ??= new Engine(true, false);
  return made;
}

/** Whether one of a call's matrices lies in the memory of that engine. */
export function liesInShared(leaves: readonly Leaf[]): boolean {
  const engine = made;
  if (engine === undefined) return false;
  return leaves.some(
    (leaf) =>
      typeof leaf === 'object' &&
      'data' in leaf &&
      ArrayBuffer.isView(leaf.data) &&
      engine.lends(leaf.data),
  );
}
