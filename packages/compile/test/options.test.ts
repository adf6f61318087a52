import { logisticLoss, matmul, type Value, valueAndGrad } from '@steepest/autodiff';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type CompileOptions, compile } from '../src/index.ts';
import { expectAgreement, randomMatrix } from './agreement.ts';

const loss = (w: Value, X: Value, y: Value) => logisticLoss(matmul(X, w), y);
const step = valueAndGrad(loss);

afterEach(() => {
  vi.resetModules();
  vi.restoreAllMocks();
});

describe('options are checked when compile is called', () => {
  test.each<[unknown, string]>([
    [{ tileRows: '3' }, 'compile: tileRows must be a whole number from 1, got "3"'],
    [{ tileRows: 0.5 }, 'compile: tileRows must be a whole number from 1, got 0.5'],
    [{ tileRows: 0 }, 'got 0'],
    [{ programs: 0 }, 'compile: programs must be a whole number from 1, got 0'],
    [{ streamBytes: -1 }, 'compile: streamBytes must be a number of at least 0 or Infinity'],
    [{ streamBytes: NaN }, 'got NaN'],
    [{ threads: 1.5 }, 'compile: threads must be threads or a whole number from 1 to 64, got 1.5'],
    [{ threads: true }, 'got true; try threads(2)'],
    [{ relaxed: 1 }, 'compile: relaxed must be true or false, got 1'],
    [{ tilerows: 3 }, 'compile: unknown option tilerows; did you mean tileRows?'],
    [3, 'compile: the options must be an object, got 3'],
  ])('%j', (options, message) => {
    expect(() => compile(step, options as CompileOptions)).toThrow(message);
  });

  test('what is compiled is a function', () => {
    expect(() => compile({} as never)).toThrow('compile: it takes a function, got an empty object');
  });

  test('any whole number of rows makes a tile', () => {
    const [w, X] = [randomMatrix(3, 1), randomMatrix(200, 3)];
    const y = randomMatrix(200, 1).data.map((e) => (e > 0 ? 1 : 0));
    const labels = Object.assign(randomMatrix(200, 1), { data: y });
    for (const tileRows of [1, 2, 3, 7, 199, 1000]) {
      expectAgreement(step, [w, X, labels], { tileRows, scale: 1 });
    }
  });
});

test('threads by their number want an import, and then work', async () => {
  const [fresh] = await Promise.all([import('../src/index.ts')]);
  expect(() => fresh.compile(step, { threads: 2 })).toThrow(
    "import { threads } from '@steepest/compile/threads' and threads: threads(2)",
  );
  await import('../src/threads.ts');
  const [w, X] = [randomMatrix(12, 1), randomMatrix(30_000, 12)];
  const y = randomMatrix(30_000, 1, 5);
  const squared = (v: Value, x: Value, t: Value) => logisticLoss(matmul(x, v), t);
  for (let i = 0; i < y.data.length; i++) y.data[i] = y.data[i] > 0 ? 1 : 0;
  const alone = fresh.compile(valueAndGrad(squared));
  const together = fresh.compile(valueAndGrad(squared), { threads: 2 });
  expect(together(w, X, y)).toEqual(alone(w, X, y));
  expect(() => fresh.compile(step, { threads: 2, relaxed: true })).toThrow(
    'relaxed must be false with threads',
  );
});

test('where a policy forbids WebAssembly, the function itself is called', async () => {
  vi.resetModules();
  const host = globalThis as unknown as { WebAssembly: { Module: unknown; CompileError: unknown } };
  const { Module, CompileError } = host.WebAssembly;
  host.WebAssembly.Module = class {
    constructor() {
      throw new (CompileError as ErrorConstructor)('Wasm code generation disallowed by embedder');
    }
  };
  try {
    const fresh = await import('../src/index.ts');
    const { threads } = await import('../src/threads.ts');
    const args = [randomMatrix(3, 1), randomMatrix(20, 3), randomMatrix(20, 1)] as const;
    args[2].data.fill(1);
    expect(fresh.compile(step)(...args)).toEqual(step(...args));
    expect(fresh.explain(step)(...args)).toContain('has no WebAssembly with SIMD, or forbids it');
    expect(threads(2)).toBeUndefined();
    expect(fresh.compile(step, { threads: threads(2) })(...args)).toEqual(step(...args));
  } finally {
    host.WebAssembly.Module = Module;
  }
});
