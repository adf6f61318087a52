import type { FlatMatrix } from '@steepest/autodiff';
import {
  f64x2,
  i32,
  memory,
  moduleBuilder,
  sumOfLanes,
  until,
  v128,
  webAssembly,
} from '@steepest/wasm';
import { commonEngine } from '../packages/compile/src/memory/engine.ts';
import type { Contender } from './measure.ts';

/** A plain SIMD sum over what is pinned: one read of X, the limit of full-batch work. */
export function reading(x: FlatMatrix): Contender {
  const engine = commonEngine();
  if (engine === undefined || webAssembly === undefined) throw new Error('bench: needs SIMD');
  const module = moduleBuilder();
  module.defineValue('total', { x: 'i32', bytes: 'i32' }, 'f64', (p, f) => {
    const sums = [0, 1, 2, 3].map(() => f.local('v128'));
    const end = f.local('i32');
    const loop = [
      end.set(i32.add(p.x, p.bytes)),
      until(
        p.x,
        end,
        64,
        sums.map((sum, k) => sum.set(f64x2.add(sum, memory.load(p.x, 16 * k)))),
      ),
      sums[0].set(f64x2.add(f64x2.add(sums[0], sums[1]), f64x2.add(sums[2], sums[3]))),
    ];
    return [sums.map((sum) => sum.set(v128.twice(0))), loop, sumOfLanes(sums[0])] as never;
  });
  const { exports } = new webAssembly.Instance(new webAssembly.Module(module.bytes()), {
    env: { memory: engine.memory },
  });
  const total = exports.total as (address: number, bytes: number) => number;
  const address = engine.pinned(x.data) as number;
  return { name: 'read of X', run: () => total(address, x.data.byteLength) };
}
