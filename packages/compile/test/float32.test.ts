import {
  add,
  crossEntropy,
  FlatMatrix,
  logisticLoss,
  matmul,
  mean,
  relu,
  square,
  sub,
  type Value,
  valueAndGrad,
} from '@steepest/autodiff';
import { sgd, train } from '@steepest/optim';
import { expect, test } from 'vitest';
import { compile, compiled, explain, pin } from '../src/index.ts';
import { expectAgreement, expectClose, randomMatrix } from './agreement.ts';
import { gathered } from './gathered.ts';

/** An ndarray over float32, which holds a matrix's entries after rounding. */
function single({ rows, columns, data }: FlatMatrix, offset = 0) {
  const entries = new Float32Array(offset + data.length);
  entries.set(data, offset);
  return { data: entries, shape: [rows, columns], stride: [columns, 1], offset };
}

const loss = (w: Value, X: Value, y: Value) => logisticLoss(matmul(X, w), y);
const labels = (rows: number) =>
  new FlatMatrix(
    rows,
    1,
    randomMatrix(rows, 1, 2).data.map((e) => (e > 0 ? 1 : 0)),
  );

test('gradients over float32 features are those of the rounded features', () => {
  for (const rows of [1, 2, 65, 1000]) {
    for (const columns of [1, 2, 5, 8]) {
      const X = single(randomMatrix(rows, columns), 3);
      const w = randomMatrix(columns, 1, 4);
      expectAgreement(valueAndGrad(loss), [w, X, labels(rows)], { tileRows: 64, scale: 1 });
    }
  }
});

test('layers, entries and whole products of float32 features', () => {
  const X = single(randomMatrix(200, 7));
  const network = (p: { W: Value; V: Value }, x: Value) =>
    mean(square(relu(matmul(relu(matmul(x, p.W)), p.V))));
  const params = { W: randomMatrix(7, 6, 2), V: randomMatrix(6, 3, 3) };
  expectAgreement(valueAndGrad(network), [params, X], { tileRows: 64, scale: 1 });
  const centred = (w: Value, x: Value) => matmul(sub(x, mean(x, { axis: 0 })), w);
  expectAgreement(centred, [randomMatrix(7, 2), X], { tileRows: 64, scale: 1 });
  expectAgreement((_: Value, x: Value) => add(x, 0), [0, X]);
});

test('it reads half the bytes, pinned or not', () => {
  const X = single(randomMatrix(1000, 10));
  const w = randomMatrix(10, 1);
  const step = compile(valueAndGrad(loss));
  const plain = valueAndGrad(loss)(w, X as unknown as Value, labels(1000));
  expectClose(step(w, X as unknown as Value, labels(1000)), plain, 1);
  pin(X);
  expectClose(step(w, X as unknown as Value, labels(1000)), plain, 1);
  expect(explain(step)(w, X as unknown as Value, labels(1000))).toContain('48 bytes read');
});

test('training gathers float32 rows', async () => {
  const data = {
    X: single(randomMatrix(150, 5)),
    k: Int32Array.from({ length: 150 }, (_, i) => i % 3),
  };
  const objective = (W: Value, batch: { X: Value; k: Int32Array }) =>
    crossEntropy(matmul(batch.X, W), batch.k);
  const rounded = { ...data, X: new FlatMatrix(150, 5, Float64Array.from(data.X.data)) };
  const [a, b] = await Promise.all(
    [data as never, rounded].map((given) =>
      train({
        loss: objective,
        params: randomMatrix(5, 3),
        data: gathered(given as typeof rounded, 150, 40),
        optimizer: sgd({ rate: 0.5 }),
        epochs: 3,
        engine: compiled(),
      }),
    ),
  );
  expect([a.engine?.why, b.engine?.why]).toEqual([undefined, undefined]);
  expectClose([a.params, a.value], [b.params, b.value], 1);
});
