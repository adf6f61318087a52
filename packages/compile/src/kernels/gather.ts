import { i32, type ModuleBuilder, memory, type Statement, until, when } from '@steepest/wasm';
import { advance } from './addresses.ts';

/** Copies of rows that indices name: the rows of a shuffled minibatch. */
export function defineGather(module: ModuleBuilder): void {
  for (const [name, bytes] of [
    ['gatherRows', 8],
    ['gatherRows32', 4],
  ] as const) {
    module.define(
      name,
      { source: 'i32', indices: 'i32', out: 'i32', count: 'i32', columns: 'i32' },
      ({ source, indices, out, count, columns }, f) => {
        const [end, row, size, from] = Array.from({ length: 4 }, () => f.local('i32'));
        const [wideEnd, pairEnd] = [f.local('i32'), f.local('i32')];
        const whole = (width: number) => i32.add(out, i32.and(size, i32.const(-width)));
        const remaining = (width: 4 | 8, copied: Statement) =>
          when(i32.and(size, i32.const(width)), [
            copied,
            advance(from, width),
            advance(out, width),
          ]);
        return [
          size.set(i32.mul(columns, i32.const(bytes))),
          end.set(i32.add(indices, i32.shl(count, i32.const(2)))),
          until(indices, end, 4, [
            row.set(memory.loadI32(indices)),
            from.set(i32.add(source, i32.mul(row, size))),
            wideEnd.set(whole(64)),
            pairEnd.set(whole(16)),
            until(out, wideEnd, 64, [
              [0, 16, 32, 48].map((k) => memory.store(out, memory.load(from, k), k)),
              advance(from, 64),
            ]),
            until(out, pairEnd, 16, [memory.store(out, memory.load(from)), advance(from, 16)]),
            remaining(8, memory.storeF64(out, memory.loadF64(from))),
            remaining(4, memory.storeI32(out, memory.loadI32(from))),
          ]),
        ];
      },
    );
  }
}
