import {
  add,
  addition,
  mul,
  multiplication,
  neg,
  negation,
  sub,
  subtraction,
} from '../../ops/arithmetic.ts';
import type { Rewrite } from '../../primitive/primitive.ts';
import { constantAnd, covers, inputsOf, isConstant, uniform } from '../../primitive/term.ts';
import type { Value } from '../../values/operand.ts';
import { sameShape } from '../../values/shape.ts';

/** a + 0, a + (−b), 2 a + a, (a + 1) + 1 */
export const simplerSum: Rewrite = (a, b) => sumOf(a, b) ?? sumOf(b, a);

/** 0 − b, a − (−b), 2 a − a, (a + 1) − 1 */
export const simplerDifference: Rewrite = (a, b) => {
  const c = uniform(b);
  if (isConstant(a, 0)) return neg(b);
  if (c === 0) return a;
  const [rest, d] = offsetOf(a) ?? [];
  if (c !== undefined && rest !== undefined) return add(rest, (d as number) - c);
  if (c !== undefined && c < 0) return add(a, -c);
  const inner = inputsOf(b, negation);
  if (inner !== undefined) return add(a, inner[0]);
  return likeTerms(a, b, -1);
};

/** −(a − b) = b − a */
export const simplerNegation: Rewrite = (x) => {
  const terms = inputsOf(x, subtraction);
  return terms && sub(terms[1], terms[0]);
};

/** m and y, where x is m · y for a number m. */
function termOf(x: Value): readonly [number, Value] {
  const inner = inputsOf(x, negation);
  if (inner !== undefined) return [-1, inner[0]];
  const [c, y] = constantAnd(x, multiplication) ?? [];
  const m = c && uniform(c);
  return m !== undefined && y !== undefined && covers(y, x) ? [m, y] : [1, x];
}

/** y and c, where x is y + c for a number c. */
function offsetOf(x: Value): readonly [Value, number] | undefined {
  const [a, b] = inputsOf(x, addition) ?? inputsOf(x, subtraction) ?? [];
  if (a === undefined) return undefined;
  const [c, d] = [uniform(a), uniform(b)];
  if (inputsOf(x, subtraction) !== undefined) return d === undefined ? undefined : [a, -d];
  if (d !== undefined) return [a, d];
  return c === undefined ? undefined : [b, c];
}

function sumOf(a: Value, b: Value): Value | undefined {
  const c = uniform(b);
  if (c === 0) return a;
  const [rest, d] = offsetOf(a) ?? [];
  if (c !== undefined && rest !== undefined) return add(rest, c + (d as number));
  if (c !== undefined && c < 0) return sub(a, -c);
  const inner = inputsOf(b, negation);
  if (inner !== undefined) return sub(a, inner[0]);
  return likeTerms(a, b, 1);
}

// m x ± n x = (m ± n) x, and m x ± m y = m (x ± y)
function likeTerms(a: Value, b: Value, sign: 1 | -1): Value | undefined {
  const [m, x] = termOf(a);
  const [n, y] = termOf(b);
  if (x === y) return isConstant(x) ? undefined : mul(m + sign * n, x);
  if (Math.abs(m) !== Math.abs(n) || Math.abs(m) === 1 || !sameShape(x, y)) return undefined;
  if (m === sign * n) return mul(m, add(x, y));
  return m > 0 ? mul(m, sub(x, y)) : mul(-m, sub(y, x));
}
