import { promote, stretch } from '../plan/own.ts';
import { inLoop, type Lowered } from './lowering.ts';

/** What only plans compute. */
export const own: readonly Lowered[] = [
  [promote, inLoop((_, x) => x)],
  [stretch, inLoop((_, x) => x)],
];
