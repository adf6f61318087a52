import {
  definePrimitive,
  gather,
  grad,
  matmul,
  mul,
  pick,
  recordOf,
  sigmoid,
  sin,
  sum,
  table,
  tanh,
  transpose,
  type Value,
  valueAndGrad,
} from '@steepest/autodiff';
import { expect, test, vi } from 'vitest';
import { compile, explain } from '../src/index.ts';
import { loweringOfRecord } from '../src/lowering/index.ts';
import { expectAgreement, randomMatrix, reasonOf } from './agreement.ts';

// An entry, or a part of one, that is lost by mistake shows here.
test('every operation of the library has the lowering that it is known to have', () => {
  const lines = table.map((record) => {
    const parts = Object.keys(loweringOfRecord(record) ?? {});
    return `${record.name}: ${parts.length === 0 ? 'host' : parts.join(' ')}`;
  });
  expect(lines.sort().join('\n')).toMatchInlineSnapshot(`
    "abs: entry
    acos: host
    add: entry
    asin: host
    atan2: host
    atan: host
    broadcastTo: plan
    cholesky: host
    cofactors: host
    concat: rowwise emit
    cos: host
    cosh: entry
    cumsum: rowwise
    det: host
    diagonal: host
    diagonalMatrix: host
    div: plan entry
    embed: rowwise emit
    equal: entry
    erf: host
    exp: entry
    expm1: entry
    gather: rowwise indexLimit emit
    greater: entry
    greaterEqual: entry
    inverse: host
    inverseMills: host
    less: entry
    lessEqual: entry
    lgamma: host
    log1p: entry
    log: entry
    logDet: host
    logNormalCdf: host
    logSigmoid: entry
    logSumExp: plan
    matmul: plan rowwise sparseLeft kernels emit between cost
    matmulLeft: plan rowwise sparseLeft accumulates kernels emit cost
    matmulRight: plan rowwise kernels emit cost
    max: plan accumulates
    maximum: entry
    mean: plan
    min: plan accumulates
    minimum: entry
    mirror: host
    mul: plan entry
    neg: entry
    norm: plan
    pick: rowwise indexLimit emit
    place: rowwise indexLimit emit
    polygamma: host
    pow: entry
    product: plan entry
    reciprocal: entry
    relu: entry
    reshape: plan emit
    scatter: rowwise indexLimit accumulates emit
    share: entry
    shareOfNorm: host
    sigmoid: entry
    sign: entry
    sin: host
    sinh: entry
    slice: plan rowwise emit details
    softplus: entry
    solve: host
    sqrt: entry
    square: entry
    stopGradient: plan
    sub: entry
    sum: plan accumulates
    tan: host
    tanh: entry
    transpose: plan emit
    where: entry
    xlogy: entry"
  `);
});

test('a lowering belongs to the record of an operation, whatever its parameters or its name', () => {
  const shapes = (f: (x: Value, ids: Int32Array) => Value) =>
    explain(f as never)(...([randomMatrix(4, 2), Int32Array.of(0, 1, 1, 0)] as never[]));
  expect(shapes((x, ids) => gather(x, ids))).toContain('code ');
  expect(shapes((x, ids) => pick(x, ids))).toContain('code ');
  const named = definePrimitive({
    name: 'sigmoid',
    entry: (x: number) => 2 * x,
    slopes: [2],
  });
  expectAgreement((x: Value) => named(x), [randomMatrix(3, 2)]);
  expect(explain((x: Value) => mul(2, named(x)))(randomMatrix(3, 2))).toMatchInlineSnapshot(`
    "arguments: x 3×2 by rows
    rows: 3 in one tile, 16 bytes read and 4 operations per row
    pipeline 1, tile by tile:
      loop, host                r1 = sigmoid(x)
                                r2 = mul(2, r1)
    results: the result = r2
    memory: program 64 bytes, tile 0 bytes"
  `);
});

test('explain shows what the host computes', () => {
  const f = (x: Value) => sum(tanh(sin(sigmoid(x))));
  expect(explain(f)(randomMatrix(300, 2))).toMatchInlineSnapshot(`
    "arguments: x 300×2 by rows
    rows: 300 in one tile, 16 bytes read and 8 operations per row
    pipeline 1, tile by tile:
      loop                      r1 = sigmoid(x)
      host, entry by entry      r2 = sin(r1)
                                r3 = tanh(r2)
                                s1 += sum(r3)
    results: the result = s1
    memory: program 32 bytes, tile 0 bytes"
  `);
});

test('the transpose of any size has code', () => {
  for (const [rows, columns] of [
    [1, 1],
    [1, 5],
    [3, 2],
    [70, 3],
  ]) {
    const f = (x: Value) => ({ t: transpose(x), s: sum(mul(transpose(x), 2)) });
    expectAgreement(f, [randomMatrix(rows, columns)], { scale: rows * columns });
  }
  const text = explain((x: Value) => transpose(x))(randomMatrix(3, 2));
  expect(text).toContain('code ');
});

test('values of another copy of autodiff are named as such', async () => {
  vi.resetModules();
  const other = await import('@steepest/autodiff');
  expect(other.matmul).not.toBe(matmul);
  const loss = (w: Value, x: Value) => other.sum(other.matmul(x as never, w as never)) as Value;
  const args = [randomMatrix(2, 1), randomMatrix(5, 2)] as const;
  expect(() => grad(loss as never)(...(args as unknown as [never]))).toThrow(
    'another copy of @steepest/autodiff',
  );
  const compiled = compile(other.valueAndGrad(loss as never) as never) as (...args: unknown[]) => {
    value: number;
  };
  const { value } = compiled(...args);
  expect(value).toBe(
    (valueAndGrad((w: Value, x: Value) => sum(matmul(x, w)))(...args) as { value: number }).value,
  );
  expect(reasonOf(compiled as never, args)).toContain('another copy of @steepest/autodiff');
  expect(() => loweringOfRecord(recordOf(other.gather.primitive as never))).toThrow(
    'gather comes from another copy of @steepest/autodiff',
  );
});
