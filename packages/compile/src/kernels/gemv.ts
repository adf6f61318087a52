import type { ModuleBuilder } from '@steepest/wasm';
import type { Arithmetic } from './arithmetic.ts';
import { addTransposedTimesColumn } from './gemv-transposed.ts';
import { float32, float64 } from './precision.ts';
import { rowsTimesColumn } from './row-products.ts';
import { signatures } from './signatures.ts';

/** The matrix–vector products, for X in float64 and in float32. */
export function defineGemv(module: ModuleBuilder, arithmetic: Arithmetic): void {
  for (const precision of [float64, float32]) {
    const { suffix } = precision;
    const plain = `rowsTimesColumn${suffix}` as const;
    module.define(plain, signatures[plain], (p, f) => rowsTimesColumn(f, arithmetic, precision, p));
    const transposed = `addTransposedTimesColumn${suffix}` as const;
    module.define(transposed, signatures[transposed], (p, f) =>
      addTransposedTimesColumn(p, f, precision, arithmetic),
    );
  }
}
