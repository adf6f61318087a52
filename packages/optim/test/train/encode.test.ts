import { FlatMatrix } from '@steepest/autodiff';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode, encode } from '../../src/index.ts';

const anyNumber = fc.oneof(
  fc.double(),
  fc.constantFrom(-0, NaN, Infinity, -Infinity, Number.MIN_VALUE, Number.MAX_VALUE),
);
const anyMatrix = fc
  .array(anyNumber, { maxLength: 30 })
  .map((entries) => new FlatMatrix(entries.length, 1, entries));
const anyKey = fc.oneof(fc.string(), fc.constantFrom('__proto__', '$matrix', '$entries', 'w'));
const { tree: plainData } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    anyNumber,
    anyMatrix,
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(anyKey, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

test('plain data comes back from JSON with every bit: −0, NaN and infinities too', () => {
  fc.assert(
    fc.property(plainData, (value) => {
      expect(decode(JSON.parse(JSON.stringify(encode(value))))).toStrictEqual(value);
    }),
    { numRuns: 300 },
  );
});

test('matrices keep their bytes, the payload of NaN included', () => {
  const bytes = new Float64Array(new BigUint64Array([0x7ff8dead0000beefn, 1n << 63n]).buffer);
  const back = decode(encode(new FlatMatrix(1, 2, bytes))) as FlatMatrix;
  expect(new BigUint64Array(back.data.buffer)).toEqual(new BigUint64Array(bytes.buffer));
  const large = new FlatMatrix(
    300,
    100,
    Float64Array.from({ length: 30_000 }, (_, i) => 1 / i),
  );
  expect(decode(encode(large))).toEqual(large);
});

test('what is not plain data is refused, naming its place', () => {
  expect(() => encode({ a: [1, { f: () => 1 }] })).toThrow(
    'encode: the value.a[1].f is the function f, which is not plain data',
  );
  expect(() => encode(new Map())).toThrow('the value is an object of Map');
});

test('JSON of another making is refused', () => {
  for (const wrong of [
    { $number: 'ten' },
    { $matrix: [1], base64: '' },
    { $matrix: [1, 1], base64: 'AAAA' },
    { $matrix: [2, 2], base64: 'AAAAAAAAAAA=' },
    { $entries: [['a']] },
    { $entries: 3 },
  ]) {
    expect(() => decode(wrong)).toThrow();
  }
});
