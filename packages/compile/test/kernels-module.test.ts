import { features, maximumPages, webAssembly } from '@steepest/wasm';
import { expect, it } from 'vitest';
import { createKernels, kernelBytes } from '../src/kernels/index.ts';

it('the same options give the same bytes', () => {
  expect(kernelBytes()).toEqual(kernelBytes());
  expect(kernelBytes({ shared: true })).not.toEqual(kernelBytes());
  expect(kernelBytes().length).toBeLessThan(20_000);
});

it('the module without relaxed arithmetic asks for nothing but SIMD', () => {
  expect(webAssembly!.validate(kernelBytes())).toBe(true);
  expect(webAssembly!.validate(kernelBytes({ relaxed: true }))).toBe(features().relaxedSimd);
});

it('kernels run over shared memory and over memory that grows', () => {
  const limits = { initial: 1, maximum: maximumPages };
  for (const shared of [false, true]) {
    if (shared && !features().threads) continue;
    const memory = new webAssembly!.Memory({ ...limits, shared });
    const kernels = createKernels(memory, { shared });
    memory.grow(1);
    const address = 65536 + 8;
    const numbers = new Float64Array(memory.buffer, address, 7);
    numbers.set([1, 2, 4, 1, 1, 1]);
    kernels.rowsTimesColumn(address, address + 24, address + 48, 1, 3);
    expect(numbers[6]).toBe(7);
  }
});

it('an array may end where the addresses end', () => {
  const memory = new webAssembly!.Memory({ initial: 1, maximum: 1 });
  const kernels = createKernels(memory);
  new Float64Array(memory.buffer, 65536 - 24, 3).set([1, 2, 4]);
  new Float64Array(memory.buffer, 64, 3).fill(1);
  kernels.rowsTimesColumn(65536 - 24, 64, 0, 1, 3);
  expect(new Float64Array(memory.buffer, 0, 1)[0]).toBe(7);
  expect(() => kernels.rowsTimesColumn(65536 - 16, 64, 0, 1, 3)).toThrow(
    'memory access out of bounds',
  );
});
