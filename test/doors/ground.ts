import * as ground from '../../packages/ground/src/index.ts';
import type { Door } from './door.ts';
import { s } from './door.ts';

const rate = ground.required(ground.positive());

export const groundDoors: Door[] = [
  {
    name: 'settle',
    args: () => [s({ rate: 0.1, deep: s({ steps: 3 }) })],
    run: (given: never) =>
      ground.settle<{ rate: number; deep?: { steps?: number } }, never>('settle', given, {
        rate,
        deep: ground.nested({ steps: ground.wholeNumber() }),
      } as never),
  },
  {
    name: 'argument',
    args: () => [0.1],
    run: (given: never) => ground.argument('argument', 'rate', given, rate),
  },
  { name: 'show', args: () => [1], run: ground.show, open: () => true },
  { name: 'isCallable', args: () => [1], run: ground.isCallable, open: () => true },
  { name: 'isPlain', args: () => [1], run: ground.isPlain, open: () => true },
  { name: 'isThenable', args: () => [1], run: ground.isThenable, open: () => true },
];

/** What packages write their own doors with: wrong uses do not compile. */
export const groundOthers = Object.keys(ground).filter(
  (name) => !groundDoors.some((door) => door.name === name),
);
