// A new operation, defined through the same door as the library's own: the Gaussian bump e^(−x²).
// One slope is the whole rule: every mode and every order of derivative follows.
import {
  checkGrad,
  definePrimitive,
  derivative,
  exp,
  FlatMatrix,
  grad,
  mul,
  neg,
  record,
  square,
  sum,
  type Value,
} from '@steepest/autodiff';
import { check, checkAtMost } from './show/check.ts';
import { title } from './show/table.ts';

const bump = definePrimitive({
  name: 'bump',
  entry: (x) => Math.exp(-x * x),
  slopes: [(y, x) => mul(mul(-2, x), y)],
});

/** The same function composed of the library's operations. */
const composed = (x: Value) => exp(neg(square(x)));

export function run(): void {
  title('bump(x) = e^(−x²), defined by its value and its slope −2x bump(x)');
  const x = new FlatMatrix(4, 1, [-1.5, -0.2, 0, 0.9]);
  console.log(`  symbolic: ${record(grad((x: Value) => bump(x)))(1)}`);
  const mine = grad((x: Value) => sum(bump(x)))(x).to1DArray();
  const theirs = grad((x: Value) => sum(composed(x)))(x).to1DArray();
  checkAtMost(
    'reverse mode agrees with the composed function',
    Math.max(...mine.map((e, i) => Math.abs(e - theirs[i]))),
    1e-15,
  );
  const second = (f: (x: Value) => Value) => derivative(derivative(f) as (x: Value) => Value)(0.7);
  checkAtMost('so does the second derivative', Math.abs(second(bump) - second(composed)), 1e-15);
  checkAtMost(
    'numeric differentiation finds no fault',
    checkGrad((x: Value) => sum(bump(x)))(x).maxRelativeError,
    1e-8,
  );

  const wrong = definePrimitive({
    name: 'wrongBump',
    entry: (x) => Math.exp(-x * x),
    slopes: [(y, x) => mul(mul(-2.002, x), y)],
  });
  const error = checkGrad((x: Value) => sum(wrong(x)))(x).maxRelativeError;
  check(
    'a slope that is 0.1 % off is caught',
    error > 5e-4,
    `relative error ${error.toExponential(1)}`,
  );
}
