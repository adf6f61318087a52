import {
  add,
  cholesky,
  crossEntropy,
  customDerivative,
  exp,
  FlatMatrix,
  gather,
  grad,
  hessian,
  hvp,
  inverse,
  jacobian,
  jvp,
  logisticLoss,
  matmul,
  mean,
  mul,
  square,
  squaredError,
  sub,
  sum,
  tanh,
  transpose,
  type Value,
  valueAndGrad,
} from '@steepest/autodiff';
import { Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { compile, explain } from '../src/index.ts';
import { commonEngine } from '../src/memory/engine.ts';
import { expectAgreement, expectClose, randomMatrix, reasonOf } from './agreement.ts';

const X = randomMatrix(300, 4, 1);
const y = new FlatMatrix(
  300,
  1,
  randomMatrix(300, 1, 2).data.map((e) => (e > 0 ? 1 : 0)),
);
const loss = (p: { w: Value; b: Value }, batch: { X: Value; y: Value }) =>
  logisticLoss(add(matmul(batch.X, p.w), p.b), batch.y);

describe('results have the form of the function’s own', () => {
  test('numbers stay numbers, structures stay structures', () => {
    const step = compile(valueAndGrad(loss));
    const params = { w: randomMatrix(4, 1), b: 0.5 };
    const result = step(params, { X, y });
    expect(typeof result.value).toBe('number');
    expect(typeof result.gradient.b).toBe('number');
    expect(result.gradient.w).toBeInstanceOf(FlatMatrix);
    expectClose(result, valueAndGrad(loss)(params, { X, y }));
  });

  test('matrices of ml-matrix and ndarrays go in, FlatMatrix comes out', () => {
    const predict = compile((w: Value, x: Value) => tanh(matmul(x, w)));
    const w = randomMatrix(4, 2);
    const expected = tanh(matmul(X, w));
    expectClose(predict(w, new Matrix(X.to2DArray()) as unknown as Value), expected);
    const view = { data: X.data, shape: [300, 4], stride: [4, 1], offset: 0 };
    expectClose(predict(w, view as unknown as Value), expected);
  });

  test('every call returns memory of its own', () => {
    const double = compile((x: FlatMatrix) => mul(2, x));
    const first = double(X);
    first.data.fill(7);
    expect(double(X).data[0]).toBe(2 * X.data[0]);
    expect(X.data[0]).not.toBe(7);
  });

  test('results that do not depend on data, and arguments that are results', () => {
    const f = (a: Value, b: Value) => ({ a, sum: sum(b), none: new FlatMatrix(2, 1, [1, 2]), b });
    expectAgreement(f, [randomMatrix(2, 2), X], { scale: 300 });
    expectAgreement(
      grad((p: { u: Value; v: Value }) => sum(p.u)),
      [{ u: X, v: y }],
    );
  });
});

describe('it composes with the transformations', () => {
  const params = { w: randomMatrix(4, 1), b: 0.5 };
  const plain = valueAndGrad(loss)(params, { X, y });

  test('valueAndGrad(compile(loss)) and compile(valueAndGrad(compile(loss))) agree', () => {
    expectClose(valueAndGrad(compile(loss))(params, { X, y }), plain);
    const both = compile(valueAndGrad(compile(loss)));
    expect(reasonOf(both, [params, { X, y }])).toBeUndefined();
    expectClose(both(params, { X, y }), plain);
  });

  test('a derivative through a compiled loss is its compiled gradient, bit for bit', () => {
    const through = valueAndGrad(compile(loss));
    const direct = compile(valueAndGrad(loss));
    for (let k = 0; k < 3; k++) {
      const at = { w: randomMatrix(4, 1, k), b: k };
      expectClose(through(at, { X, y }), direct(at, { X, y }), 0, 0);
    }
  });

  test('forward mode, higher derivatives and other results go through it, too', () => {
    const f = (w: Value, x: Value) => mean(square(tanh(matmul(x, w))));
    const [w, v] = [randomMatrix(4, 1), randomMatrix(4, 1, 9)];
    expectClose(hessian(compile(f))(w, X), hessian(f)(w, X), 1);
    expectClose(hvp(compile(f))(w, v, X), hvp(f)(w, v, X), 1);
    expectClose(jvp(compile(f))(w, v, X), jvp(f)(w, v, X), 1);
    const predict = (u: Value, x: Value) => tanh(matmul(x, u));
    expectClose(jacobian(compile(predict))(w, X), jacobian(predict)(w, X), 1);
    const inner = compile((u: Value) => sum(mul(u, u)));
    const outer = (u: Value, x: Value) => add(inner(u), mean(matmul(x, u)));
    expectClose(
      grad(outer)(w, X),
      grad((u: Value) => add(sum(mul(u, u)), mean(matmul(X, u))))(w),
      1,
    );
    expectClose(grad((x: Value) => compile(f)(w, x))(X), grad((x: Value) => f(w, x))(X), 1);
  });

  test('second derivatives', () => {
    const f = (w: Value, x: Value) => mean(square(tanh(matmul(x, w))));
    const curvature = (w: Value, x: Value, v: Value) =>
      grad((u: Value) => sum(mul(v, grad(f)(u, x) as Value)))(w);
    expectAgreement(curvature, [randomMatrix(4, 1), X, randomMatrix(4, 1, 9)], { scale: 1 });
  });
});

describe('what the function reads while it runs', () => {
  test('class numbers may change from call to call, as matrices and as arrays', () => {
    const step = valueAndGrad((W: Value, batch: { X: Value; classes: Value | Int32Array }) =>
      crossEntropy(matmul(batch.X, W), batch.classes as FlatMatrix),
    );
    const compiled = compile(step);
    const W = randomMatrix(4, 3);
    for (const shift of [0, 1, 2]) {
      const classes = Int32Array.from({ length: 300 }, (_, i) => (i * i + shift) % 3);
      for (const given of [classes, new FlatMatrix(300, 1, classes)]) {
        const batch = { X, classes: given };
        expect(reasonOf(compiled, [W, batch])).toBeUndefined();
        expectClose(compiled(W, batch), step(W, batch), 1);
      }
    }
    const wrong = { X, classes: new Int32Array(300).fill(3) };
    expect(() => compiled(W, wrong)).toThrow('only 3 columns');
  });

  test('rows of a table are looked up, and their gradient is scattered', () => {
    const step = valueAndGrad((table: Value, rows: Int32Array) =>
      mean(square(gather(table, rows))),
    );
    const rows = Int32Array.from({ length: 500 }, (_, i) => (i * 7) % 20);
    expectAgreement(step, [randomMatrix(20, 3), rows], { tileRows: 64 });
    expect(reasonOf(compile(step), [randomMatrix(20, 3), rows])).toBeUndefined();
  });

  test('a number that steers the computation is part of the program, until it changes too often', () => {
    const power = compile((x: Value, times: number) => {
      let result = x;
      for (let k = 1; k < times; k++) result = mul(result, x);
      return result;
    });
    for (let times = 1; times < 20; times++) {
      const expected = X.data.map((e) => e ** times);
      expectClose(power(X, times), new FlatMatrix(300, 4, expected), 1e-3);
    }
    expect(reasonOf(power, [X, 99])).toContain('keeps changing');
  });

  test('errors are those of the function', () => {
    const step = compile(valueAndGrad(loss));
    expect(() => step({ w: randomMatrix(3, 1), b: 0 }, { X, y })).toThrow('matmul');
    const positive = compile((a: Value) => cholesky(a));
    expectClose(positive(new FlatMatrix(1, 1, [4])), new FlatMatrix(1, 1, [2]));
    expect(() => positive(new FlatMatrix(1, 1, [-4]))).toThrow('cholesky');
  });
});

describe('whatever has no kernel is computed by its rule', () => {
  test('decompositions between products over rows', () => {
    const ridge = (scale: Value, batch: { X: Value; y: Value }) => {
      const gram = matmul(transpose(batch.X), batch.X);
      const w = matmul(inverse(add(exp(scale), gram)), scale);
      return mean(square(sub(matmul(batch.X, w), batch.y)));
    };
    expectAgreement(ridge, [randomMatrix(4, 1), { X, y }], { tileRows: 64 });
    expectAgreement(valueAndGrad(ridge), [randomMatrix(4, 1), { X, y }], { scale: 1e-3 });
  });

  test('a primitive of the user’s own that has the name of another', () => {
    const own = Object.defineProperty((x: Value) => mul(x, x), 'name', { value: 'exp' });
    const strange = customDerivative(own, (_: Value, x: Value) => ({
      push: (t: Value) => mul(x, t),
      pull: (c: Value) => mul(x, c),
    }));
    expectAgreement((_: Value, x: Value) => add(strange(x), exp(x)), [y, X]);
  });

  test('what the function captures is read once', () => {
    const captured = new FlatMatrix(300, 1, y.data.slice());
    const f = compile((w: Value) => squaredError(matmul(X, w), captured));
    const w = randomMatrix(4, 1);
    expectClose(f(w), squaredError(matmul(X, w), y));
    captured.data.fill(0);
    expectClose(f(w), squaredError(matmul(X, w), y));
  });
});

describe('programs', () => {
  test('as many as asked for are kept, and the memory of others returns', () => {
    const f = (w: Value, x: Value) => matmul(x, w);
    const compiled = compile(f, { programs: 2 });
    const w = randomMatrix(4, 1);
    const used = [1, 2].map(() => {
      for (let rows = 1; rows < 20; rows++) {
        const x = randomMatrix(rows, 4);
        expectClose(compiled(w, x), f(w, x));
      }
      return commonEngine()?.usedBytes;
    });
    expect(used[1]).toBe(used[0]);
  });

  test('fused multiply-add, where there is any, stays within rounding', () => {
    const step = compile(valueAndGrad(loss), { relaxed: true });
    const params = { w: randomMatrix(4, 1), b: 0.5 };
    expectClose(step(params, { X, y }), valueAndGrad(loss)(params, { X, y }), 1);
  });

  test('objects whose contents may change unseen are left to the function', () => {
    const f = (_: Value, options: { when: Date }) => mul(options.when.getTime(), 1);
    expect(explain(f)(X, { when: new Date(0) })).toContain('an object of Date');
    expect((compile(f)(X, { when: new Date(7) }) as FlatMatrix).data[0]).toBe(7);
  });

  test('a function that calls its own compiled form ends', () => {
    const halve = compile((x: Value): Value => mul(0.5, x));
    const outer = compile((x: Value) => add(halve(x), 1));
    expect((outer(new FlatMatrix(1, 1, [4])) as FlatMatrix).data[0]).toBe(3);
  });
});
