import {
  abs,
  add,
  crossEntropy,
  exp,
  logSoftmax,
  logSumExp,
  matmul,
  max,
  maximum,
  mean,
  mul,
  neg,
  norm,
  relu,
  sigmoid,
  sin,
  softmax,
  softplus,
  square,
  sub,
  sum,
  tanh,
  type Value,
  where,
} from '@steepest/autodiff';
import fc from 'fast-check';
import { randomMatrix } from './random.ts';

export interface Parameters {
  readonly W: Value;
  readonly V: Value;
  readonly b: Value;
  readonly s: Value;
}
export type Batch = { readonly X: Value; readonly y: Value };
type Layer = (h: Value, p: Parameters, batch: Batch) => Value;

/** Steps that keep an n×k value n×k; each uses the parameters or the data in another way. */
const layers: Readonly<Record<string, Layer>> = {
  'product and bias': (h, p) => add(matmul(h, p.V), p.b),
  tanh: (h) => tanh(h),
  relu: (h) => relu(h),
  sigmoid: (h) => sigmoid(h),
  softplus: (h) => softplus(neg(h)),
  'scaled by a number': (h, p) => mul(p.s, h),
  'against the labels': (h, _, { y }) => mul(sub(h, y), 0.5),
  softmax: (h) => softmax(h, { axis: 1 }),
  logSoftmax: (h) => mul(0.1, logSoftmax(h, { axis: 1 })),
  'centred by batch means': (h) => sub(h, mean(h, { axis: 0 })),
  'divided by a total': (h) => mul(h, tanh(mean(square(h)))),
  'largest of the row': (h) => sub(h, max(h, { axis: 1 })),
  'by cases': (h, p) => where(sub(h, abs(h)), mul(0.1, h), mul(p.s, h)),
  'no kernel': (h) => sin(h),
  'largest of two': (h, p) => maximum(h, mul(p.s, p.b)),
  'row norms': (h) => add(h, norm(h, { axis: 1 })),
};
const ends: Readonly<Record<string, (h: Value, batch: Batch) => Value>> = {
  'mean square': (h) => mean(square(h)),
  sum: (h) => mul(1e-2, sum(h)),
  'log of sums': (h) => mean(logSumExp(h, { axis: 1 })),
  exp: (h) => mean(exp(mul(0.1, h))),
  'cross-entropy': (h, { X }) =>
    crossEntropy(
      h,
      Array.from({ length: X.rows }, (_, i) => i % h.columns),
    ),
};

/** One random loss: which layers, over how many rows and columns. */
export interface RandomLoss {
  readonly rows: number;
  readonly depth: number;
  readonly width: number;
  readonly steps: readonly string[];
  readonly end: string;
  readonly seed: number;
}

/** Random losses over some of these numbers of rows, without the layers and ends named. */
export function randomLosses(
  rows: readonly number[],
  without: readonly string[] = [],
): fc.Arbitrary<RandomLoss> {
  const allowed = (names: readonly string[]) => names.filter((name) => !without.includes(name));
  return fc.record({
    rows: fc.constantFrom(...rows),
    depth: fc.integer({ min: 1, max: 5 }),
    width: fc.integer({ min: 1, max: 6 }),
    steps: fc.array(fc.constantFrom(...allowed(Object.keys(layers))), {
      minLength: 1,
      maxLength: 6,
    }),
    end: fc.constantFrom(...allowed(Object.keys(ends))),
    seed: fc.nat(1000),
  });
}

/** The loss, parameters and data that belong to it. */
export function madeOf({ rows, depth, width, steps, end, seed }: RandomLoss): {
  readonly loss: (p: Parameters, batch: Batch) => Value;
  readonly parameters: Parameters;
  readonly batch: Batch;
} {
  const loss = (p: Parameters, batch: Batch): Value => {
    let h = matmul(batch.X, p.W) as Value;
    for (const step of steps) h = layers[step](h, p, batch);
    return ends[end](h, batch);
  };
  const parameters = {
    W: randomMatrix(depth, width, seed),
    V: randomMatrix(width, width, seed + 1),
    b: randomMatrix(1, width, seed + 2),
    s: 0.75 as unknown as Value,
  };
  const batch = { X: randomMatrix(rows, depth, seed + 3), y: randomMatrix(rows, 1, seed + 4) };
  return { loss, parameters, batch };
}
