import { FlatMatrix } from '@steepest/autodiff';
import { type Asking, answered, got } from '@steepest/ground';
import type { Answer, Ask, Engine, Place } from '@steepest/optim';
import type { Batch, Params } from '../families/batch.ts';
import type { Problem } from '../families/problem.ts';
import { affineOf } from '../fit/affine.ts';
import type { Affine } from '../solve/row-sums.ts';
import { type Sums, unitOf } from '../solve/sums.ts';

/** A batch that says how many rows and columns there are, without their entries. */
export function standingFor(rows: number, columns: number): Batch {
  const none = { shape: [rows, columns], stride: [0, 0], offset: 0, data: Float64Array.of(0) };
  return { x: none, y: { ...none, shape: [rows, 1] } };
}

/**
 * The engine of whole-batch runs on rows that are not in memory: value, gradient and curvature of the
 * objective are sums over them, wherever they are.
 */
export function rowsEngine(
  problem: Problem,
  sums: Sums,
  why = 'the rows are not in memory',
): Engine {
  const place: Place<Params> = {
    answer: (params, ask) => answered(answering(problem, sums, params, ask)),
    why,
  };
  return { name: 'sums over the rows', place: () => place as never };
}

function* answering(
  problem: Problem,
  sums: Sums,
  params: Params,
  { curvature, along }: Ask<Params>,
): Asking<Answer<Params>> {
  const { l2 } = problem;
  const at = affineOf(problem, params);
  const { value, gradient } = yield* got(sums.gradient(at));
  const squares = params.w.data.reduce((sum, w) => sum + w * w, 0);
  const toParams = (
    sum: { readonly w: FlatMatrix; readonly b: FlatMatrix },
    of: FlatMatrix,
  ): Params => ({
    w: new FlatMatrix(
      sum.w.rows,
      sum.w.columns,
      sum.w.data.map((v, k) => v / sums.rows + l2 * of.data[k]),
    ),
    b: interceptOf(
      problem,
      sum.b.data.map((v) => v / sums.rows),
      params.b,
    ),
  });
  return {
    value: value / sums.rows + (l2 / 2) * squares,
    gradient: toParams(gradient, params.w),
    ...(along && {
      along: toParams(yield* got(sums.along(at, affineOf(problem, along))), along.w),
    }),
    ...(curvature && { curvature: yield* hessian(problem, sums, at) }),
  };
}

/** A derivative by b, 0 where b is not learned. */
function interceptOf({ intercept }: Problem, sum: Float64Array, like: Params['b']): Params['b'] {
  const b = intercept ? sum : sum.map(() => 0);
  return typeof like === 'number' ? b[0] : new FlatMatrix(1, b.length, b);
}

/** The Hessian by the entries of w, row by row, and of b after them. */
function* hessian(problem: Problem, sums: Sums, at: Affine): Asking<FlatMatrix> {
  const { outputs, intercept, l2 } = problem;
  const d = sums.columns;
  const size = (d + 1) * outputs;
  const scores = Array.from({ length: outputs }, (_, k) => k);
  const pairs = scores.flatMap((f) => scores.slice(f).map((g) => ({ f, g })));
  const found = yield* got(
    sums.curvature(
      at,
      pairs.map(({ f, g }) => ({ a: unitOf(1, outputs, f), c: unitOf(outputs, 1, g) })),
    ),
  );
  const h = new FlatMatrix(size, size);
  for (const [k, { f, g }] of pairs.entries()) {
    const { ww, wb, bb } = found[k];
    const put = (i: number, j: number, value: number): void => {
      h.set(i * outputs + f, j * outputs + g, value / sums.rows);
      h.set(j * outputs + g, i * outputs + f, value / sums.rows);
    };
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) put(i, j, ww.data[i * d + j]);
      if (intercept) {
        put(i, d, wb.data[i]);
        put(d, i, wb.data[i]);
      }
    }
    if (intercept) put(d, d, bb.data[0]);
  }
  for (let k = 0; k < d * outputs; k++) h.set(k, k, h.get(k, k) + l2);
  return h;
}
