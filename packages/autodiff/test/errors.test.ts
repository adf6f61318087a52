import { describe, expect, it } from 'vitest';
import {
  add,
  broadcastTo,
  checkGrad,
  cholesky,
  clip,
  concat,
  cumsum,
  customDerivative,
  derivative,
  det,
  dot,
  FlatMatrix,
  gather,
  grad,
  greater,
  hessian,
  hingeLoss,
  huberLoss,
  hvp,
  inverse,
  item,
  jacobian,
  jvp,
  logisticLoss,
  matmul,
  max,
  mean,
  mul,
  numericGrad,
  type Operand,
  pad,
  pick,
  poissonLoss,
  prod,
  record,
  reshape,
  shaped,
  slice,
  softmax,
  solve,
  square,
  squaredError,
  stack,
  sum,
  toFlatMatrix,
  trace,
  type Value,
  valueAndGrad,
  vjp,
  withNaNCheck,
} from '../src/index.ts';
import { column, matrix } from './matrices.ts';

const x = column(1, 2, 3);
const A = matrix([
  [1, 2],
  [2, 4],
]);

/** Every message: what was done, what was found, and where there is one, the next move. */
const messages: readonly [claim: string, run: () => unknown, message: RegExp][] = [
  [
    'grad of a function that returns a column',
    () => grad((t: Value) => square(t))(x),
    /^grad: .*single number \(1×1\).*3×1; use jacobian, or sum the result$/,
  ],
  [
    'grad of a function that returns a structure',
    () => grad((() => ({})) as never)(x),
    /^grad: .*it returned an object of Object$/,
  ],
  [
    'grad of a function that returns nothing',
    () => grad((() => undefined) as never)(x),
    /^grad: .*it returned undefined; is a return missing\?$/,
  ],
  [
    'derivative at a column',
    () => derivative((t) => t)(x),
    /^derivative: x must be a single number, it is 3×1; use jvp/,
  ],
  [
    'grad through a comparison',
    () => grad((t: Value) => sum(greater(t, 1)))(x),
    /^grad: greater has no derivative.*stopGradient.*where/,
  ],
  [
    'jvp through a comparison',
    () => jvp((t: Value) => greater(t, 1))(x, x),
    /^forward mode: greater has no derivative.*stopGradient/,
  ],
  ['jvp along another shape', () => jvp((t: Value) => t)(x, 1), /^jvp: x is 3×1, its tangent 1×1$/],
  [
    'jvp along another structure',
    () => jvp((t: { a: Value }) => t.a)({ a: x }, {} as never),
    /^jvp: x has 1 .*the tangent 0; give a direction.*jvp\(f\)\(x, direction\)$/,
  ],
  [
    'a pullback of another shape',
    () => vjp((t: Value) => t)(x).pullback(1),
    /^pullback: the value is 3×1, the cotangent 1×1$/,
  ],
  [
    'numericGrad of a recorded value',
    () => grad((t: Value) => sum(numericGrad((s: Operand) => sum(s))(t)))(x),
    /^numericGrad: .*cannot be differentiated.*use grad/,
  ],
  [
    'numericGrad with an unknown method',
    () => numericGrad((t: Operand) => t, { method: 'best' as never }),
    /^numericGrad: method must be one of "forward", "central", "richardson", got "best"/,
  ],
  [
    'numericGrad with a step of 0',
    () => numericGrad((t: Operand) => t, { step: 0 }),
    /step must be a positive number, got 0/,
  ],
  [
    'matmul of sizes that do not fit',
    () => matmul(x, x),
    /^matmul: 3×1 and 3×1 do not fit.*1 ≠ 3$/,
  ],
  ['add of sizes that do not fit', () => add(x, A), /^add: the shapes 3×1 and 2×2 do not fit/],
  [
    'dot of vectors of two lengths',
    () => dot(x, column(1)),
    /^dot: the vectors have 3 and 1 entries$/,
  ],
  ['dot of matrices', () => dot(A, A), /^dot: needs a vector .*got 2×2$/],
  ['trace of a column', () => trace(x), /square matrix or a vector, got 3×1|square/],
  [
    'solve with a singular matrix',
    () => solve(A, column(1, 1)),
    /^solve: the 2×2 matrix is singular/,
  ],
  ['inverse of a singular matrix', () => inverse(A), /^inverse: .*singular/],
  ['inverse of a rectangle', () => inverse(x), /^inverse: needs a square matrix, got 3×1$/],
  ['det of a rectangle', () => det(x), /^det: needs a square matrix, got 3×1$/],
  [
    'cholesky of an indefinite matrix',
    () =>
      cholesky(
        matrix([
          [1, 2],
          [2, 1],
        ]),
      ),
    /^cholesky: .*not positive definite/,
  ],
  [
    'solve with right-hand sides of another length',
    () => solve(A, x),
    /^solve: A is 2×2, B is 3×1/,
  ],
  [
    'reshape to another number of entries',
    () => reshape(x, [2, 2]),
    /^reshape: 3×1 has 3 entries, 2×2 would need 4$/,
  ],
  ['slice beyond the end', () => slice(x, [2, 5]), /^slice: rows 2 to 5 .*3 rows$/],
  [
    'pad by a negative number',
    () => pad(x, -1, 0),
    /^pad: .*whole numbers from 0, got -1 and 0; write pad/,
  ],
  ['concat of nothing', () => concat([]), /^concat: needs at least one value/],
  [
    'concat along a third axis',
    () => concat([x], { axis: 2 as 1 }),
    /^concat: the axis must be 0 .* or 1 .*, got 2$/,
  ],
  [
    'concat of widths that differ',
    () => concat([x, A]),
    /^concat: 3×1 and 2×2 do not fit together/,
  ],
  ['stack of columns', () => stack([x]), /^stack: every value must be 1×1, one is 3×1; use concat/],
  ['sum along a third axis', () => sum(x, { axis: 2 as 1 }), /^sum: the axis must be 0 .*got 2$/],
  ['sum along axis −1', () => sum(x, { axis: -1 as 1 }), /^sum: the axis must be 0 .*got -1$/],
  ['mean along a third axis', () => mean(x, { axis: 2 as 1 }), /^mean: the axis must be/],
  ['prod along a third axis', () => prod(x, { axis: 2 as 1 }), /^prod: the axis must be/],
  ['cumsum along a third axis', () => cumsum(x, { axis: 2 as 1 }), /^cumsum: the axis must be/],
  [
    'gather along a third axis',
    () => gather(x, [0], { axis: 2 as 1 }),
    /^gather: the axis must be/,
  ],
  ['softmax along a third axis', () => softmax(x, { axis: 2 as 1 }), /the axis must be/],
  [
    'cumsum of a matrix without an axis',
    () => cumsum(A),
    /^cumsum: a 2×2 matrix needs \{ axis: 0 \}/,
  ],
  [
    'softmax of a matrix without an axis',
    () => softmax(A),
    /^softmax: a 2×2 matrix needs \{ axis: 1 \}/,
  ],
  ['max of nothing', () => max(new FlatMatrix(0, 3)), /^max: there are no entries in a 0×3 value$/],
  ['mean of nothing', () => mean(new FlatMatrix(0, 3)), /^mean: there are no entries/],
  [
    'broadcastTo a size that does not fit',
    () => broadcastTo(x, [2, 2]),
    /^broadcastTo: 3×1 does not stretch to 2×2/,
  ],
  [
    'gather beyond the end',
    () => gather(x, [3]),
    /^gather: index 0 is 3, but there are only 3 rows$/,
  ],
  ['gather of a fraction', () => gather(x, [0.5]), /^gather: index 0 is 0.5; indices are whole/],
  ['gather of a negative index', () => gather(x, [-1]), /^gather: index 0 is -1/],
  [
    'gather by what is being differentiated',
    () => grad((t: Value) => sum(gather(x, t as never)))(x),
    /^gather: the indices are being differentiated/,
  ],
  [
    'pick with too few indices',
    () => pick(A, [0]),
    /^pick: 2×2 needs one index per row, 1 were given$/,
  ],
  [
    'clip with limits the wrong way round',
    () => clip(x, 1, -1),
    /^clip: the lower limit 1 is not below/,
  ],
  [
    'a loss of shapes that stretch',
    () => squaredError(x, column(1)),
    /^squaredError: the predictions are 3×1, the targets 1×1.*same shape/,
  ],
  [
    'huberLoss with a negative delta',
    () => huberLoss(-1),
    /^huberLoss: delta must be a positive number, got -1; try 1/,
  ],
  ...[grad, valueAndGrad, jvp, vjp, hvp, hessian, jacobian, derivative, numericGrad, record].map(
    (transform): [string, () => unknown, RegExp] => [
      `${transform.name} of a number`,
      () => (transform as (f: unknown) => unknown)(3),
      new RegExp(`^${transform.name}: expected a function, got number 3; write`),
    ],
  ),
  [
    'grad of an async function',
    () => grad((async (t: Value) => sum(t)) as never)(x),
    /^grad: .*it returned an object of Promise; is it an async function\?/,
  ],
  [
    'logisticLoss of labels −1/1',
    () => logisticLoss(x, column(0, -1, 1)),
    /^logisticLoss: the target at \[1, 0\] is -1; .*map labels −1\/1 by \(y \+ 1\) \/ 2$/,
  ],
  [
    'logisticLoss of classes, while differentiated',
    () => grad((t: Value) => logisticLoss(t, column(0, 1, 2)))(x),
    /^logisticLoss: the target at \[2, 0\] is 2; /,
  ],
  [
    'hingeLoss of labels 0/1',
    () => hingeLoss(x, column(1, 0, 1)),
    /^hingeLoss: the target at \[1, 0\] is 0; .*map labels 0\/1 by 2 y − 1$/,
  ],
  [
    'poissonLoss of negative counts',
    () => poissonLoss(x, column(1, 0, -3)),
    /^poissonLoss: the target at \[2, 0\] is -3; .*counts of at least 0/,
  ],
  [
    'FlatMatrix of strings',
    () => new FlatMatrix(2, 1, ['1', 'b'] as never),
    /^FlatMatrix: entry 0 is "1", which is not a number; convert it/,
  ],
  [
    'FlatMatrix of rows beside their number',
    () => new FlatMatrix(1, 1, [[1]] as never),
    /^FlatMatrix: entry 0 is an array.*write toFlatMatrix\(\[\[1, 2\], \[3, 4\]\]\)/,
  ],
  [
    'FlatMatrix of nested arrays',
    () => new (FlatMatrix as unknown as new (rows: unknown) => unknown)([[1, 2]]),
    /^FlatMatrix: .*write toFlatMatrix\(\[\[1, 2\], \[3, 4\]\]\) for nested arrays$/,
  ],
  [
    'toFlatMatrix of ragged rows',
    () => toFlatMatrix([[1, 2], [3]]),
    /^toFlatMatrix: row 1 is of 1, row 0 has 2 entries; all rows/,
  ],
  [
    'an operation on nested arrays, which trees take apart',
    () => sum([[1, 2]] as never),
    /^sum: expected a matrix.*an array of 1; write new FlatMatrix.*toFlatMatrix\(/,
  ],
  ['item of a column', () => item(x), /^item: needs a 1×1 value, got 3×1; take sum\(x\).*slice\(/],
  [
    'FlatMatrix with too few entries',
    () => new FlatMatrix(2, 2, [1]),
    /^FlatMatrix: 2×2 needs 4 entries, 1 were given$/,
  ],
  [
    'FlatMatrix with a fraction of a row',
    () => new FlatMatrix(1.5, 2),
    /^FlatMatrix: the sizes must be whole numbers, not 1.5×2$/,
  ],
];

describe('the error for', () => {
  for (const [claim, run, message] of messages) {
    it(claim, () => expect(run).toThrow(message));
  }

  const strangers: readonly [unknown, string][] = [
    ['1', 'string 1'],
    [undefined, 'undefined'],
    [null, 'null'],
    [[1, 2], 'an array of 2'],
    [true, 'boolean true'],
    [() => 1, 'a function'],
    [{ rows: 1 }, 'an object of Object'],
    [new Map(), 'an object of Map'],
    [new Float64Array(2), 'an object of Float64Array'],
    [10n, 'bigint 10'],
  ];
  for (const [stranger, name] of strangers) {
    it(`operations given ${name}`, () => {
      const given = stranger as Operand;
      const expected = `expected a matrix, a number or an ndarray, got ${name}`;
      for (const run of [
        () => add(given, 1),
        () => add(1, given),
        () => matmul(x, given),
        () => sum(given),
        () => softmax(given),
        () => slice(given, [0, 1]),
        () => concat([x, given]),
        () => squaredError(x, given),
        () => cumsum(given),
        () => pick(given, [0]),
      ]) {
        expect(run).toThrow(TypeError);
        expect(run).toThrow(expected);
      }
    });
  }
});

describe('a value that is being differentiated', () => {
  const inside = (use: (t: Value & Record<string, never>) => unknown) => () =>
    grad((t: Value) => {
      use(t as never);
      return sum(t);
    })(x);

  it('says what to write for JavaScript operators', () => {
    expect(inside((t) => (t as never as number) * 2)).toThrow(
      /operators: write add\(x, 1\), mul\(x, 2\)/,
    );
    expect(inside((t) => (t as never as number) < 2)).toThrow(/item\(x\) gives its number/);
    expect(inside((t) => `${t}`)).toThrow(/being differentiated/);
  });

  it('says what to write for the methods of ml-matrix', () => {
    const uses: [string, RegExp][] = [
      ['mmul', /mmul: .*use matmul\(x, y\)/],
      ['get', /get: .*slice\(x, \[i, i \+ 1\], \[j, j \+ 1\]\).*item/],
      ['set', /set: .*concat or where/],
      ['to2DArray', /to2DArray: .*item\(x\)/],
      ['transpose', /transpose: .*transpose\(x\)/],
      ['getRow', /getRow: .*slice/],
      ['clone', /clone: .*never change/],
    ];
    for (const [method, message] of uses) {
      expect(inside((t) => (t as unknown as Record<string, () => unknown>)[method]())).toThrow(
        message,
      );
    }
    expect(inside((t) => [...(t as never as number[])])).toThrow(/cannot be spread/);
  });
});

describe('a matrix that f used and that is changed afterwards', () => {
  it('is noticed in the backward pass, where it was changed by set', () => {
    const a = column(1, 2, 3);
    const f = (t: Value) => {
      const product = mul(t, a);
      a.set(0, 0, 5);
      return sum(product);
    };
    expect(() => grad(f)(x)).toThrow(
      /^reverse mode: a value that mul \(3×1\) .*changed.*x\.clone\(\)/,
    );
  });

  it('is noticed by a pullback, however it was changed', () => {
    const a = column(1, 2, 3);
    const { pullback } = vjp((t: Value) => mul(t, a))(x);
    pullback(column(1, 1, 1));
    a.data[1] = 7;
    expect(() => pullback(column(1, 1, 1))).toThrow(
      /^pullback: a 3×1 matrix .*changed.*x\.clone\(\)/,
    );
  });
});

describe('a call by someone who has not heard of the types', () => {
  // biome-ignore lint/suspicious/noExplicitAny: as plain JavaScript calls it
  const any = (value: unknown): any => value;
  const calls: readonly [string, () => unknown, RegExp][] = [
    ['sum(x, 0)', () => sum(x, any(0)), /^sum: the options must be an object, got 0; write sum\(x/],
    ['sum(x, { dim })', () => sum(x, any({ dim: 0 })), /^sum: unknown option dim; .*known: axis/],
    ['gather(x, 1)', () => gather(x, any(1)), /^gather: the indices must be a list .*got 1; write/],
    ['slice(x, 1)', () => slice(x, any(1)), /^slice: the rows must be \[from, to\], got 1; write/],
    [
      'concat(x)',
      () => concat(any(x)),
      /^concat: the values must be in an array, got .*concat\(\[/,
    ],
    [
      'reshape(x, 4)',
      () => reshape(x, any(4)),
      /^reshape: the shape must be .*, got 4; write \[2, 3/,
    ],
    [
      'withNaNCheck(3)',
      () => withNaNCheck(any(3)),
      /^withNaNCheck: expected a function, got number 3/,
    ],
    [
      'checkGrad(f, { tol })',
      () => checkGrad(any(sum), any({ tol: 1 })),
      /^checkGrad: unknown option tol; did you mean tolerance\?/,
    ],
    [
      "record(f, { simplify: 'all' })",
      () => record(any(sum), any({ simplify: 'all' })),
      /^record: simplify must be one of "algebraic", "exact", false, got "all"/,
    ],
    [
      'customDerivative(3)',
      () => customDerivative(any(3)),
      /^customDerivative: expected a function/,
    ],
    [
      'shaped(-1)',
      () => shaped(-1, any(undefined)),
      /^shaped: the shape must be \[rows, columns\]/,
    ],
  ];
  for (const [call, run, message] of calls) {
    it(`${call} is refused at its own door`, () => expect(run).toThrow(message));
  }
});
