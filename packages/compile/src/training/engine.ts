import type { Engine, Place, Problem } from '@steepest/optim';
import { type Leaf, skeletonOf } from '../calling/skeleton.ts';
import { engineFor } from '../compiled.ts';
import { type CompileOptions, chosen } from '../options.ts';
import { version } from '../version.ts';
import { placeOf } from './place.ts';

/**
 * Training as WebAssembly: `train({ …, engine: compiled() })`, `minimize(f, x0, { engine: compiled() })`.
 *
 * A stretch of steps is one call: rows gathered, gradient, optimizer with all its links. Optimizers
 * without a formula in operations (line searches) run interpreted around compiled gradients, and so
 * does what cannot be recorded; the result says why. Matrices of the data are taken over once, when
 * the run begins, and must not change while it runs. Results agree with those of the interpreted
 * loop to rounding. Takes the options
 * of `compile`, and throws as it does for one that is none.
 *
 * ```ts
 * await train({ loss, params, data, optimizer: adam(), epochs: 20, engine: compiled() });
 * ```
 */
export function compiled(options: CompileOptions = {}): Engine {
  const settled = chosen('compiled', options);
  return {
    name: `compile ${version}`,
    place: <P, B>(problem: Problem<P, B>): Place<P, B> | string => {
      const engine = engineFor(settled, leavesIn(problem.source.data));
      if (engine === undefined) return 'this runtime has no WebAssembly with SIMD';
      return placeOf(problem, engine, settled);
    },
  };
}

function leavesIn(data: unknown): readonly Leaf[] {
  const found = skeletonOf(data);
  return typeof found === 'string' ? [] : found.leaves;
}
