import { expect, it } from 'vitest';
import {
  choose,
  f64,
  f64x2,
  features,
  flatten,
  i32,
  i64,
  i64x2,
  leave,
  memory,
  moduleBuilder,
  sequence,
  until,
  v128,
  webAssembly,
  when,
} from '../src/index.ts';

const wasm = webAssembly!;

function instance(bytes: Uint8Array, env: Record<string, unknown> = {}) {
  const pages = new wasm.Memory({ initial: 1 });
  const module = new wasm.Module(bytes);
  const { exports } = new wasm.Instance(module, { env: { memory: pages, ...env } });
  return { pages, exports: exports as Record<string, (...numbers: number[]) => number> };
}

it('a function reads like its formula and runs', () => {
  const module = moduleBuilder();
  module.defineValue('hypotenuse', { a: 'f64', b: 'f64' }, 'f64', ({ a, b }) =>
    f64.sqrt(f64.add(f64.mul(a, a), f64.mul(b, b))),
  );
  expect(instance(module.bytes()).exports.hypotenuse(3, 4)).toBe(5);
});

it('constants of every size come out as they went in', () => {
  const values = [0, 1, -1, 63, 64, -64, -65, 127, 128, 8191, 8192, 2 ** 31 - 1, -(2 ** 31)];
  const module = moduleBuilder();
  values.forEach((value, k) => {
    module.defineValue(`i${k}`, {}, 'i32', () => i32.const(value));
    module.defineValue(`f${k}`, {}, 'f64', () => f64.const(value / 7));
  });
  const { exports } = instance(module.bytes());
  values.forEach((value, k) => {
    expect(exports[`i${k}`]()).toBe(value);
    expect(exports[`f${k}`]()).toBe(value / 7);
  });
});

it('loops, branches and more than 127 locals', () => {
  const module = moduleBuilder();
  module.defineValue('sumOfOdd', { count: 'i32' }, 'i32', ({ count }, f) => {
    const locals = Array.from({ length: 200 }, () => f.local('i32'));
    const [k, total] = [locals[0], locals[199]];
    const odd = i32.and(k, i32.const(1));
    return [
      until(k, count, 1, sequence(when(odd, total.set(i32.add(total, k))))),
      choose(i32.eqz(count), i32.const(-1), total),
    ];
  });
  const { exports } = instance(module.bytes());
  expect([0, 1, 2, 10].map((n) => exports.sumOfOdd(n))).toEqual([-1, 0, 1, 25]);
});

it('functions call one another and those of the host', () => {
  const module = moduleBuilder();
  const cosine = module.import('cos', ['f64'], 'f64');
  const square = module.defineValue('square', { x: 'f64' }, 'f64', ({ x }) => f64.mul(x, x));
  module.defineValue('both', { x: 'f64' }, 'f64', ({ x }) => square(cosine(x)));
  expect(() => module.import('sin', ['f64'], 'f64')).toThrow('import sin: imports come before');
  expect(instance(module.bytes(), { cos: Math.cos }).exports.both(2)).toBe(Math.cos(2) ** 2);
});

it('vectors of two, with bits and shifts', () => {
  const module = moduleBuilder();
  module.define('run', {}, (_, f) => {
    const x = f.local('v128');
    const power = i64x2.shl(f64x2.add(x, v128.twice(1.5 * 2 ** 52 + 1023)), i32.const(52));
    return [
      x.set(memory.load(i32.const(0))),
      memory.store(i32.const(16), power),
      memory.store(i32.const(32), v128.bitselect(x, v128.twice(9), f64x2.gt(x, v128.twice(1)))),
      memory.store(i32.const(48), i64x2.splat(i64.const(-(2n ** 63n)))),
    ];
  });
  const { pages, exports } = instance(module.bytes());
  const data = new Float64Array(pages.buffer);
  data.set([3, -5]);
  exports.run();
  expect([...data.slice(2, 8)]).toEqual([8, 1 / 32, 3, 9, -0, -0]);
});

it('the same definitions give the same bytes', () => {
  const build = () => {
    const module = moduleBuilder({ shared: true });
    module.define('one', { at: 'i32' }, ({ at }) => memory.storeF64(at, f64.const(1)));
    return module.bytes();
  };
  expect(build()).toEqual(build());
  expect(flatten([1, [2, [3], []], 4])).toEqual([1, 2, 3, 4]);
});

it('a module over shared memory runs where there are threads', () => {
  if (!features().threads) return;
  const module = moduleBuilder({ shared: true });
  module.define('one', { at: 'i32' }, ({ at }) => memory.storeF64(at, f64.const(1)));
  const pages = new wasm.Memory({ initial: 1, maximum: 4, shared: true });
  const { exports } = new wasm.Instance(new wasm.Module(module.bytes()), {
    env: { memory: pages },
  });
  (exports.one as (at: number) => void)(8);
  expect(new Float64Array(pages.buffer)[1]).toBe(1);
});

it('this runtime has SIMD', () => {
  expect(features().simd).toBe(true);
});

it('64-bit integers: leading and trailing zeros, and what two halves make', () => {
  const module = moduleBuilder();
  const at = i32.const(0);
  module.defineValue('zeros', { shift: 'i32' }, 'i32', ({ shift }) => {
    const bit = i64.shl(i64.const(1n), i64.extendU(shift));
    return i32.add(i32.mul(i32.wrap(i64.clz(bit)), i32.const(100)), i32.wrap(i64.ctz(bit)));
  });
  module.define('flip', {}, () => memory.storeI64(at, i64.xor(memory.loadI64(at), i64.const(-1n))));
  module.defineValue('byte', { address: 'i32' }, 'i32', ({ address }) => memory.loadByte(address));
  module.defineValue('negative', { a: 'i32' }, 'i32', ({ a }) =>
    i64.ltS(i64.extendS(a), i64.const(0n)),
  );
  const { exports, pages } = instance(module.bytes());
  const shifts = [0, 1, 31, 32, 63];
  expect(shifts.map((s) => exports.zeros(s))).toEqual(shifts.map((s) => (63 - s) * 100 + s));
  new Uint8Array(pages.buffer).set([1, 2, 255]);
  exports.flip();
  expect([0, 1, 2, 3].map((k) => exports.byte(k))).toEqual([254, 253, 0, 255]);
  expect([exports.negative(-5), exports.negative(5)]).toEqual([1, 0]);
});

it('a function may be left early, from any depth', () => {
  const module = moduleBuilder();
  module.defineValue('firstSquareFrom', { least: 'i32' }, 'i32', ({ least }, f) => {
    const k = f.local('i32');
    return [
      until(
        k,
        i32.const(1000),
        1,
        when(i32.geU(i32.mul(k, k), least), when(i32.const(1), leave(k))),
      ),
      i32.const(-1),
    ];
  });
  const { exports } = instance(module.bytes());
  expect([0, 10, 99, 10 ** 7].map((least) => exports.firstSquareFrom(least))).toEqual([
    0, 4, 10, -1,
  ]);
});
