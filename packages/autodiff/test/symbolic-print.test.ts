import { describe, expect, it } from 'vitest';
import {
  abs,
  add,
  cosh,
  div,
  dot,
  exp,
  FlatMatrix,
  gather,
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
  reshape,
  shaped,
  sigmoid,
  sin,
  slice,
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

describe('LaTeX', () => {
  it('uses fractions, powers, roots and Greek letters', () => {
    const f = (x: Value, lambda: Value) => [
      div(exp(x), add(1, exp(x))),
      sqrt(mul(lambda, pow(x, 5))),
      mul(sigmoid(x), log(div(x, 2))),
      mul(2, mul(x, 3)),
      abs(mul(1e-12, x)),
      where(greater(x, 0), x, 0),
      mul(square(cosh(x)), greater(x, lambda)),
    ];
    const graph = record(f, { names: ['x_1', 'lambda'], simplify: false })(1, 1);
    expect(graph.toLatex()).toMatchInlineSnapshot(`
      "\\begin{aligned}
      \\mathrm{[0]} &= \\frac{e^{x_{1}}}{1 + e^{x_{1}}} \\\\
      \\mathrm{[1]} &= \\sqrt{\\lambda x_{1}^{5}} \\\\
      \\mathrm{[2]} &= \\sigma(x_{1}) \\log\\left(\\frac{x_{1}}{2}\\right) \\\\
      \\mathrm{[3]} &= 2 x_{1} \\cdot 3 \\\\
      \\mathrm{[4]} &= \\lvert 1 \\cdot 10^{-12} x_{1}\\rvert  \\\\
      \\mathrm{[5]} &= \\begin{cases} x_{1} & x_{1} > 0 \\\\ 0 & \\text{otherwise} \\end{cases} \\\\
      \\mathrm{[6]} &= \\cosh(x_{1})^{2} [x_{1} > \\lambda]
      \\end{aligned}"
    `);
    const product = (A: Value, b: Value) => matmul(transpose(A), b);
    expect(record(product, { names: ['A', 'b'] })(matrix, vector).toLatex()).toBe('A^{\\top} b');
  });
});

describe('constants and shapes', () => {
  it('print literally where small, by size where large', () => {
    const A = new FlatMatrix(2, 2, [1, 2, 3, 4]);
    expect(record((x: Value) => matmul(A, x))(shaped(2, 1)).toString()).toBe('[1, 2; 3, 4] @ x');
    const large = FlatMatrix.from1DArray(
      10,
      10,
      Array.from({ length: 100 }, (_, k) => k),
    );
    const text = record((x: Value) => matmul(large, x))(shaped(10, 1)).toString();
    expect(text).toBe('const(10×10) @ x');
    expect(record(grad((x: Value) => sum(x)))(shaped(10, 10)).toString()).toBe('ones(10×10)');
    expect(record((x: Value) => mul(1 / 3, x))(1).toString()).toBe('0.333333 * x');
  });

  it('print what an operation depends on beside its operands', () => {
    const f = (x: Value) => [
      sum(x, { axis: 0 }),
      slice(x, [0, 1], [1, 3]),
      reshape(x, [1, 9]),
      gather(x, [2, 0, 2]),
    ];
    expect(record(f)(matrix).toString()).toMatchInlineSnapshot(`
      "[0] = sum(x, axis 0)
      [1] = x[0:1, 1:3]
      [2] = reshape(x, 1×9)
      [3] = gather[indices (2, 0, 2)](x)"
    `);
  });

  it('do not print the stretching of a number', () => {
    const f = (x: Value, s: Value) => mul(sub(x, s), 2);
    expect(record(grad((x: Value, s: Value) => sum(mul(f(x, s), s))))(vector, 1).toString()).toBe(
      'broadcastTo(2 * y, 3×1)',
    );
  });
});

describe('long expressions', () => {
  const repeated = (x: Value) => {
    for (let k = 0; k < 30; k++) x = mul(x, sin(x));
    return x;
  };

  it('are printed with names for what they repeat', () => {
    const text = record(repeated)(1).toString();
    expect(text.split('\n')).toHaveLength(30);
    expect(text.split('\n')[1]).toBe('let t2 = t1 * sin(t1)');
  });

  it('do not take names that inputs have', () => {
    const text = record(repeated, { names: ['t2'] })(1).toString();
    expect(text.split('\n').slice(0, 2)).toEqual([
      'let t1 = t2 * sin(t2)',
      'let t3 = t1 * sin(t1)',
    ]);
  });

  it('of a hundred thousand operations print', () => {
    const chain = (x: Value) => {
      for (let k = 0; k < 100_000; k++) x = sin(x);
      return x;
    };
    expect(record(chain)(1).toString().length).toBeLessThan(1e6);
  });
});

describe('DOT', () => {
  it('has a node for everything and an edge for each use', () => {
    const graph = record(grad((x: Value) => mul(x, exp(x))))(1);
    const lines = graph.toDot().split('\n');
    expect(lines[0]).toBe('digraph {');
    expect(lines.at(-1)).toBe('}');
    const nodes = lines.flatMap((line) => /^ {2}(\w+) \[/.exec(line)?.[1] ?? []);
    const edges = lines.flatMap((line) => {
      const [, from, to] = /^ {2}(\w+) -> (\w+);$/.exec(line) ?? [];
      return from === undefined ? [] : [[from, to]];
    });
    expect(nodes).toHaveLength(graph.nodes.length + 1);
    expect(new Set(nodes).size).toBe(nodes.length);
    expect(edges).toHaveLength(graph.nodes.reduce((n, node) => n + node.inputs.length, 0) + 1);
    for (const [from, to] of edges) {
      expect(nodes).toContain(from);
      expect(nodes).toContain(to);
    }
    expect(graph.toDot()).toContain('[shape=box, label="x\\n1×1"]');
  });

  it('quotes names that hold quotes and backslashes', () => {
    const text = record((x: Value) => exp(x), { names: ['a"b\\'] })(1).toDot();
    expect(text).toContain('label="a\\"b\\\\\\n1×1"');
  });
});
