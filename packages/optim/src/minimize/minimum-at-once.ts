import {
  type FlatMatrix,
  hessian,
  item,
  type Operand,
  type Value,
  valueAndGrad,
} from '@steepest/autodiff';
import type { Answer, Ask } from '../place/ask.ts';
import { drive } from '../place/drive.ts';
import { newton } from '../steppers/newton.ts';
import { norm, plus } from '../vectors.ts';

/**
 * A minimum by Newton's method without a pause, for where an operation must have its value at once. Throws an Error
 * that names the operation where the gradient does not get within the tolerance.
 */
export function minimumAtOnce(
  operation: string,
  f: (x: Value) => Operand,
  start: FlatMatrix,
  tolerance: number,
  maxSteps: number,
): FlatMatrix {
  const evaluate = valueAndGrad(f);
  const method = newton();
  let x = start;
  let state = method.init(x);
  let here = evaluate(x);
  const curved = hessian(f);
  const answer = (params: FlatMatrix, ask: Ask<FlatMatrix>): Answer<FlatMatrix> => ({
    ...(ask.gradient ? evaluate(params) : { value: item(f(params)) }),
    ...(ask.curvature && { curvature: curved(params) as FlatMatrix }),
  });
  for (let step = 0; step < maxSteps; step++) {
    if (norm(here.gradient) <= tolerance) return x;
    const at = { step, value: here.value, gradient: here.gradient };
    const found = drive(method.search!(here.gradient, state, x, at), answer);
    const [change, next] = found as Exclude<typeof found, Promise<unknown>>;
    x = plus(x, change);
    state = next;
    here = evaluate(x);
  }
  if (norm(here.gradient) <= tolerance) return x;
  throw new Error(
    `${operation}: the inner minimum was not found in ${maxSteps} steps, the gradient's norm is ` +
      `${norm(here.gradient)}; begin nearer to it, or give a larger tolerance or maxSteps`,
  );
}
