import { moduleBuilder, webAssembly } from '@steepest/wasm';
import type { Arithmetic, Entry } from '../src/kernels/index.ts';
import { defineMap } from './kernels-map.ts';

const wasm = webAssembly!;

/** An entry's values, by a program that holds nothing else. */
export function evaluated(
  entry: Entry,
  operands: readonly Float64Array[],
  arithmetic: Arithmetic,
): Float64Array {
  const module = moduleBuilder();
  defineMap(module, arithmetic, 'map', operands.length, entry);
  const count = operands[0].length;
  const bytes = 8 * count * (operands.length + 1);
  const memory = new wasm.Memory({ initial: Math.ceil(bytes / 65536) });
  const numbers = new Float64Array(memory.buffer);
  operands.forEach((values, k) => {
    numbers.set(values, k * count);
  });
  const { exports } = new wasm.Instance(new wasm.Module(module.bytes()), { env: { memory } });
  const addresses = [...operands.keys(), operands.length].map((k) => 8 * count * k);
  (exports.map as (...numbers: number[]) => void)(...addresses, count);
  return numbers.slice(operands.length * count, (operands.length + 1) * count);
}
