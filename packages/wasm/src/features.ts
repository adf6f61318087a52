import type { V128 } from './code.ts';
import { webAssembly } from './host.ts';
import { store, storeF64 } from './memory.ts';
import { moduleBuilder } from './module.ts';
import { f64, i32 } from './scalar.ts';
import { f64x2, v128 } from './vector.ts';

/** What this runtime's WebAssembly has. */
export interface Features {
  readonly simd: boolean;
  readonly relaxedSimd: boolean;
  readonly threads: boolean;
}

let known: Features | undefined;

/** The runtime's features, found once by compiling tiny modules: a page's policy may forbid that. */
export function features(): Features {
  known ??= {
    simd: compiles(storing(one)),
    relaxedSimd: compiles(storing(f64x2.relaxedMadd(one, one, one))),
    threads: typeof SharedArrayBuffer !== 'undefined' && compiles(sharing()),
  };
  return known;
}

const one: V128 = v128.twice(1);

function storing(value: V128): Uint8Array {
  const module = moduleBuilder();
  module.define('probe', {}, () => store(i32.const(0), value));
  return module.bytes();
}

function sharing(): Uint8Array {
  const module = moduleBuilder({ shared: true });
  module.define('probe', {}, () => storeF64(i32.const(0), f64.const(1)));
  return module.bytes();
}

function compiles(bytes: Uint8Array): boolean {
  if (webAssembly === undefined || !webAssembly.validate(bytes)) return false;
  try {
    return new webAssembly.Module(bytes) !== undefined;
  } catch {
    return false;
  }
}
