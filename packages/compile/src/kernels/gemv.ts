import type { ModuleBuilder } from '@steepest/wasm';
import type { Arithmetic } from './arithmetic.ts';
import { addTransposedTimesColumn } from './gemv-transposed.ts';
import { float32, float64 } from './precision.ts';
import { rowsTimesColumn } from './row-products.ts';

/** The matrix–vector products, for X in float64 and in float32. */
export function defineGemv(module: ModuleBuilder, arithmetic: Arithmetic): void {
  for (const precision of [float64, float32]) {
    const { suffix } = precision;
    const columnProduct = { x: 'i32', w: 'i32', out: 'i32', rows: 'i32', columns: 'i32' } as const;
    module.define(`rowsTimesColumn${suffix}`, columnProduct, (p, f) =>
      rowsTimesColumn(f, arithmetic, precision, p),
    );
    const transposed = { x: 'i32', r: 'i32', out: 'i32', rows: 'i32', columns: 'i32' } as const;
    module.define(`addTransposedTimesColumn${suffix}`, transposed, (p, f) =>
      addTransposedTimesColumn(p, f, precision, arithmetic),
    );
  }
}
