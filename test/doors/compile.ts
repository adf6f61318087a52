import * as autodiff from '../../packages/autodiff/src/index.ts';
import * as compiling from '../../packages/compile/src/index.ts';
import { threads } from '../../packages/compile/src/threads.ts';
import type { Door } from './door.ts';
import { s } from './door.ts';

const { FlatMatrix, mean, square, matmul, sub } = autodiff;
type Value = autodiff.Value;
const X = () => new FlatMatrix(4, 2, [1, 2, 3, 4, 5, 6, 7, 9]);
const loss = (w: Value, x: Value) => mean(square(sub(matmul(x, w), 1)));
const w = () => new FlatMatrix(2, 1, [0.1, 0.2]);
const all = compiling as unknown as Readonly<Record<string, (...args: never[]) => unknown>>;
const door = (
  name: string,
  args: () => unknown[],
  run: Door['run'] = all[name.split(' ')[0]],
  open?: Door['open'],
): Door => ({
  name,
  args,
  run,
  ...(open === undefined ? {} : { open }),
});

export const compileDoors: Door[] = [
  door(
    'compile',
    () => [
      loss,
      s({ tileRows: 2, programs: 2, streamBytes: 100_000, relaxed: false, threads: undefined }),
    ],
    (...given: never[]) => (all.compile(...given) as (...x: unknown[]) => unknown)(w(), X()),
  ),
  door(
    'compile(f)',
    () => [w(), X()],
    (...given: never[]) => (compiling.compile(loss) as (...x: never[]) => unknown)(...given),
  ),
  door(
    'compile(grad(f))',
    () => [w(), X()],
    (...given: never[]) =>
      (compiling.compile(autodiff.grad(loss)) as unknown as (...x: never[]) => unknown)(...given),
  ),
  door(
    'explain',
    () => [loss],
    (f: never) => (compiling.explain(f) as (...x: unknown[]) => unknown)(w(), X()),
  ),
  door(
    'explain(f)',
    () => [w(), X()],
    (...given: never[]) => (compiling.explain(loss) as (...x: never[]) => unknown)(...given),
    // It says in its text what the function cannot take.
    () => true,
  ),
  door('allocate', () => [4]),
  door('pin', () => [{ X: X() }]),
  door('hold', () => [{ X: X() }]),
  door(
    'SparseMatrix',
    () => [2, 10, [3, 4], [7, 9], [0, 1, 2]],
    (...given: never[]) => new (compiling.SparseMatrix as new (...x: never[]) => unknown)(...given),
  ),
  door(
    'threads',
    () => [1],
    (count: never) => threads(count)?.close?.(),
  ),
  door('compiled', () => [s({ tileRows: 2, programs: 2 })]),
];

export const compileOthers: readonly string[] = [];
