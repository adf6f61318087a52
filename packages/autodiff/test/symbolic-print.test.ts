import { describe, expect, it } from 'vitest';
import {
  abs,
  add,
  div,
  dot,
  exp,
  grad,
  greater,
  hvp,
  log,
  logisticLoss,
  matmul,
  mean,
  mul,
  neg,
  norm,
  pow,
  record,
  relu,
  shaped,
  sigmoid,
  sin,
  sqrt,
  square,
  sub,
  sum,
  tanh,
  transpose,
  type Value,
  valueAndGrad,
  where,
} from '../src/index.ts';

const vector = shaped(3, 1);
const matrix = shaped(3, 3);
const slope = (f: (x: Value) => Value) => record(grad(f))(1);
const gradient = (f: (x: Value) => Value) => record(grad(f))(vector);
const written = (f: (x: Value, y: Value, z: Value) => Value) =>
  record(f, { simplify: false })(1, 1, 1).toString();

interface Line {
  w: Value;
  b: Value;
}
const meanSquare = ({ w, b }: Line, X: Value, y: Value) =>
  mean(square(sub(add(matmul(X, w), b), y)));

describe('the printed derivative', () => {
  it('of a formula of one number is what a person would write', () => {
    expect(slope((x) => mul(x, exp(x))).toString()).toMatchInlineSnapshot(`"exp(x) + x * exp(x)"`);
    expect(slope((x) => sub(mul(2, pow(x, 3)), 1)).toString()).toMatchInlineSnapshot(`"6 * x^2"`);
    expect(slope((x) => pow(x, 5)).toString()).toMatchInlineSnapshot(`"5 * x^4"`);
    expect(slope((x) => log(x)).toString()).toMatchInlineSnapshot(`"1 / x"`);
    expect(slope((x) => sigmoid(x)).toString()).toMatchInlineSnapshot(`"sigmoid(x) * sigmoid(-x)"`);
    expect(slope((x) => div(1, x)).toString()).toMatchInlineSnapshot(`"-1 / x^2"`);
    expect(slope((x) => tanh(x)).toString()).toMatchInlineSnapshot(`"1 / cosh(x)^2"`);
    expect(slope((x) => sqrt(x)).toString()).toMatchInlineSnapshot(`"0.5 / sqrt(x)"`);
    expect(slope((x) => exp(neg(square(x)))).toString()).toMatchInlineSnapshot(
      `"-2 * exp(-x^2) * x"`,
    );
    expect(slope((x) => sin(sin(sin(x)))).toString()).toMatchInlineSnapshot(
      `"cos(sin(sin(x))) * cos(sin(x)) * cos(x)"`,
    );
    expect(slope((x) => mul(x, log(x))).toString()).toMatchInlineSnapshot(`"log(x) + 1"`);
  });

  it('of a function of vectors and matrices too', () => {
    const quadratic = (x: Value, A: Value) => dot(x, matmul(A, x));
    const options = { names: ['x', 'A'] };
    expect(record(grad(quadratic), options)(vector, matrix).toString()).toMatchInlineSnapshot(
      `"A @ x + Aᵀ @ x"`,
    );
    expect(
      record(hvp(quadratic), { names: ['x', 'v', 'A'] })(vector, vector, matrix).toString(),
    ).toMatchInlineSnapshot(`"A @ v + Aᵀ @ v"`);
    expect(gradient((x) => sum(square(x))).toString()).toMatchInlineSnapshot(`"2 * x"`);
    expect(gradient((x) => dot(x, x)).toString()).toMatchInlineSnapshot(`"2 * x"`);
    expect(gradient((x) => sum(abs(x))).toString()).toMatchInlineSnapshot(`"sign(x)"`);
    expect(gradient((x) => norm(x)).toString()).toMatchInlineSnapshot(`"x / norm(x)"`);
    expect(gradient((x) => sum(relu(x))).toString()).toMatchInlineSnapshot(`"x > 0"`);
    expect(gradient((x) => sum(x)).toString()).toMatchInlineSnapshot(`"[1; 1; 1]"`);
    expect(gradient((x) => sum(where(greater(x, 0), log(x), x))).toString()).toMatchInlineSnapshot(
      `"where(x > 0, 0, 1) + where(x > 0, 1, 0) / x"`,
    );
  });

  it('of a loss names the parameters, and shares what is repeated if asked to', () => {
    const sample = [{ w: shaped(2, 1), b: 1 }, shaped(100, 2), shaped(100, 1)] as const;
    const graph = record(valueAndGrad(meanSquare), { names: [undefined, 'X', 'y'] })(...sample);
    expect(graph.toString()).toMatchInlineSnapshot(`
      "value = mean((X @ w + b - y)^2)
      gradient.w = 0.02 * Xᵀ @ (X @ w + b - y)
      gradient.b = 0.02 * sum(X @ w + b - y)"
    `);
    expect(graph.toString({ share: true })).toMatchInlineSnapshot(`
      "let t1 = X @ w + b - y
      value = mean(t1^2)
      gradient.w = 0.02 * Xᵀ @ t1
      gradient.b = 0.02 * sum(t1)"
    `);
    expect(graph.toLatex({ share: true })).toMatchInlineSnapshot(`
      "\\begin{aligned}
      t_{1} &= X w + b - y \\\\
      \\mathrm{value} &= \\operatorname{mean}(t_{1}^{2}) \\\\
      \\mathrm{gradient.w} &= 0.02 X^{\\top} t_{1} \\\\
      \\mathrm{gradient.b} &= 0.02 \\operatorname{sum}(t_{1})
      \\end{aligned}"
    `);
    const logistic = (w: Value, X: Value, y: Value) => logisticLoss(matmul(X, w), y);
    expect(
      record(grad(logistic), { names: ['w', 'X', 'y'] })(
        shaped(2, 1),
        shaped(100, 2),
        shaped(100, 1),
      ).toString(),
    ).toMatchInlineSnapshot(`"0.01 * Xᵀ @ (sigmoid(X @ w) - y)"`);
  });
});

describe('parentheses', () => {
  it('stand where precedence needs them, and nowhere else', () => {
    expect(written((x, y, z) => mul(add(x, y), z))).toBe('(x + y) * z');
    expect(written((x, y, z) => add(mul(x, y), z))).toBe('x * y + z');
    expect(written((x, y, z) => sub(x, sub(y, z)))).toBe('x - (y - z)');
    expect(written((x, y, z) => sub(sub(x, y), z))).toBe('x - y - z');
    expect(written((x, y, z) => div(x, mul(y, z)))).toBe('x / (y * z)');
    expect(written((x, y, z) => div(div(x, y), z))).toBe('x / y / z');
    expect(written((x, y) => pow(neg(x), y))).toBe('(-x)^y');
    expect(written((x, y) => neg(pow(x, y)))).toBe('-x^y');
    expect(written((x, y, z) => pow(x, add(y, z)))).toBe('x^(y + z)');
    expect(written((x, y, z) => pow(pow(x, y), z))).toBe('(x^y)^z');
    expect(written((x, y) => sub(x, neg(y)))).toBe('x - (-y)');
    expect(written((x, y) => neg(add(x, y)))).toBe('-(x + y)');
    expect(written((x, y) => mul(x, greater(y, 0)))).toBe('x * (y > 0)');
    expect(written((x) => square(sin(x)))).toBe('sin(x)^2');
    expect(written((x) => mul(x, -2))).toBe('x * (-2)');
    expect(written((x) => pow(x, -2))).toBe('x^(-2)');
  });

  it('keep products of entries and products of matrices apart', () => {
    const f = (A: Value, x: Value, s: Value) => [
      mul(x, matmul(A, x)),
      mul(s, matmul(A, x)),
      matmul(mul(s, A), x),
      matmul(A, matmul(A, x)),
      matmul(transpose(add(A, A)), x),
    ];
    const graph = record(f, { names: ['A', 'x', 's'], simplify: false })(matrix, vector, 1);
    expect(graph.toString()).toMatchInlineSnapshot(`
      "[0] = x * (A @ x)
      [1] = s * A @ x
      [2] = (s * A) @ x
      [3] = A @ (A @ x)
      [4] = (A + A)ᵀ @ x"
    `);
    expect(graph.toLatex()).toMatchInlineSnapshot(`
      "\\begin{aligned}
      \\mathrm{[0]} &= x \\odot (A x) \\\\
      \\mathrm{[1]} &= s A x \\\\
      \\mathrm{[2]} &= (s A) x \\\\
      \\mathrm{[3]} &= A (A x) \\\\
      \\mathrm{[4]} &= (A + A)^{\\top} x
      \\end{aligned}"
    `);
  });
});
