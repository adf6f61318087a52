import { webAssembly } from '@steepest/wasm';
import { laneModule } from './emit-lane.ts';
import type { Machine } from './machine.ts';
import { twin } from './twin.ts';

const pageBytes = 65536;
let compiled: object | undefined;
let refused = false;

/** The compiled module, for threads that would compile it again; undefined where there is none. */
export function laneCode(): object | undefined {
  if (compiled !== undefined || refused || webAssembly === undefined) return compiled;
  try {
    compiled = new webAssembly.Module(laneModule());
  } catch {
    refused = true; // a page's policy may forbid it
  }
  return compiled;
}

/** The lane over a memory of `bytes`: in WebAssembly where the host has it, otherwise its twin. */
export function laneMachine(bytes: number, given?: object): Machine {
  const code = given ?? laneCode();
  if (code === undefined || webAssembly === undefined) return twin(bytes);
  const pages = (n: number): number => Math.ceil(n / pageBytes);
  const memory = new webAssembly.Memory({ initial: pages(bytes) });
  const { exports } = new webAssembly.Instance(code, { env: { memory } });
  return {
    run: exports.run as Machine['run'],
    buffer: () => memory.buffer,
    grow(wanted) {
      const more = pages(wanted) - memory.buffer.byteLength / pageBytes;
      if (more > 0) memory.grow(more);
    },
  };
}
