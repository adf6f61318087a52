import { add, div, mul, neg, sub } from '../../ops/arithmetic.ts';
import type { Simplification } from '../../primitive/primitive.ts';
import { constantAnd, covers, inputsOf, isConstant, uniform } from '../../primitive/term.ts';
import type { Value } from '../../values/operand.ts';
import { sameShape } from '../../values/shape.ts';

/** a + 0, a + (−b), 2 a + a, (a + 1) + 1 */
export const ofSum: Simplification = { algebraic: (a, b) => sumOf(a, b) ?? sumOf(b, a) };

/** a − 0, 0 − b, a − (−b), 2 a − a, (a + 1) − 1 */
export const ofDifference: Simplification = {
  exact: (a, b) => (Object.is(uniform(b), 0) ? a : undefined),
  algebraic: (a, b) => {
    const c = uniform(b);
    if (isConstant(a, 0)) return neg(b);
    if (c === 0) return a;
    const [rest, d] = offsetOf(a) ?? [];
    if (c !== undefined && rest !== undefined) return add(rest, (d as number) - c);
    if (c !== undefined && c < 0) return add(a, -c);
    const inner = inputsOf(b, neg.primitive);
    if (inner !== undefined) return add(a, inner[0]);
    return likeTerms(a, b, -1);
  },
};

/** −(−x), −(c x), −(c/x), −(a − b) = b − a */
export const ofNegation: Simplification = {
  exact: (x) => {
    const inner = inputsOf(x, neg.primitive);
    if (inner !== undefined) return inner[0];
    const [c, y] = constantAnd(x, mul.primitive) ?? [];
    if (c !== undefined) return mul(neg(c), y as Value);
    const [d, z] = constantAnd(x, div.primitive) ?? [];
    return d && div(neg(d), z as Value);
  },
  algebraic: (x) => {
    const terms = inputsOf(x, sub.primitive);
    return terms && sub(terms[1], terms[0]);
  },
};

/** m and y, where x is m · y for a number m. */
function termOf(x: Value): readonly [number, Value] {
  const inner = inputsOf(x, neg.primitive);
  if (inner !== undefined) return [-1, inner[0]];
  const [c, y] = constantAnd(x, mul.primitive) ?? [];
  const m = c && uniform(c);
  return m !== undefined && y !== undefined && covers(y, x) ? [m, y] : [1, x];
}

/** y and c, where x is y + c for a number c. */
function offsetOf(x: Value): readonly [Value, number] | undefined {
  const [a, b] = inputsOf(x, add.primitive) ?? inputsOf(x, sub.primitive) ?? [];
  if (a === undefined) return undefined;
  const [c, d] = [uniform(a), uniform(b)];
  if (inputsOf(x, sub.primitive) !== undefined) return d === undefined ? undefined : [a, -d];
  if (d !== undefined) return [a, d];
  return c === undefined ? undefined : [b, c];
}

function sumOf(a: Value, b: Value): Value | undefined {
  const c = uniform(b);
  if (c === 0) return a;
  const [rest, d] = offsetOf(a) ?? [];
  if (c !== undefined && rest !== undefined) return add(rest, c + (d as number));
  if (c !== undefined && c < 0) return sub(a, -c);
  const inner = inputsOf(b, neg.primitive);
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
