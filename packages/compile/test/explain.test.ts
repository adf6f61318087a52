import {
  add,
  FlatMatrix,
  item,
  logisticLoss,
  matmul,
  mean,
  square,
  sub,
  sum,
  type Value,
  valueAndGrad,
} from '@steepest/autodiff';
import { expect, test } from 'vitest';
import { explain } from '../src/index.ts';
import { randomMatrix } from './agreement.ts';

interface Parameters {
  readonly w: Value;
}
interface Batch {
  readonly X: Value;
  readonly y: Value;
}

test('the gradient of logistic regression is one pipeline that reads X once', () => {
  const loss = ({ w }: Parameters, { X, y }: Batch) => logisticLoss(matmul(X, w), y);
  const step = valueAndGrad(loss);
  const batch = { X: randomMatrix(1000, 10), y: new FlatMatrix(1000, 1) };
  expect(explain(step)({ w: randomMatrix(10, 1) }, batch)).toMatchInlineSnapshot(`
    "arguments: w 10×1, X 1000×10 by rows, y 1000×1 by rows
    rows: 1000 in 2 tiles of 512, 88 bytes read and 48 operations per row
    pipeline 1, tile by tile:
      rowsTimesColumn           r1 = matmul(X, w)
      loop                      r2 = softplus(r1)
                                r3 = mul(y, r1)
                                r4 = sub(r2, r3)
                                s1 += sum(r4)
                                r5 = mul(-0.001, y)
                                r6 = sigmoid(r1)
                                r7 = mul(0.001, r6)
                                r8 = add(r5, r7)
      addTransposedTimesColumn  s2 += matmulLeft(X, r8)
    once:
      loop                      c1 = div(s1, 1000)
    results: value = c1, gradient.w = s2
    memory: program 128 bytes, tile 8192 bytes"
  `);
});

test('a total that feeds rows again starts a second pipeline', () => {
  const centred = (_: Value, x: Value) => mean(square(sub(x, mean(x, { axis: 0 }))), { axis: 0 });
  expect(explain(centred)(randomMatrix(1, 1), randomMatrix(300, 3))).toMatchInlineSnapshot(`
    "arguments: y 300×3 by rows
    rows: 300 in one tile, 48 bytes read and 12 operations per row
    pipeline 1, tile by tile:
      loop                      s1 += sum(y, axis 0)
    once:
      loop                      c1 = div(s1, 300)
    pipeline 2, tile by tile:
      loop                      r1 = sub(y, c1)
                                r2 = square(r1)
                                s2 += sum(r2, axis 0)
    once:
      loop                      c2 = div(s2, 300)
    results: the result = c2
    memory: program 144 bytes, tile 0 bytes"
  `);
});

test('the reason is given where the function itself is called', () => {
  const branching = (x: Value) => (item(x) > 0 ? square(x) : x);
  expect(explain(branching)(randomMatrix(1, 1))).toMatchInlineSnapshot(
    `"not compiled: record: a 1×1 value has no number yet while the function is recorded, and JavaScript's if and while need one; write where(condition, a, b) to choose between values"`,
  );
});

test('explain says why a structure of arguments has no program', () => {
  const why = explain((x: unknown) => (x === null ? 1 : 0));
  const loop: { inner?: unknown } = {};
  loop.inner = loop;
  expect(why(loop)).toBe('not compiled: an argument holds itself');
  expect(why({ table: [new Map()] })).toBe(
    'not compiled: an argument holds an object of Map, whose contents may change unseen',
  );
});

test('an argument is named by its key, whatever that is, unless it shares it', () => {
  const f = explain((p: Record<string, Value>, [x]: Value[], q: { a: Value }) =>
    sum(add(add(p.a, p['a "key"']), add(x, q.a))),
  );
  const m = () => new FlatMatrix(2, 1);
  const [line] = f({ a: m(), 'a "key"': m() }, [m()], { a: m() }).split('\n');
  expect(line).toMatchInlineSnapshot(
    `"arguments: a 2×1, a "key" 2×1, x 2×1 by rows, y 2×1 by rows"`,
  );
});
