import { describe, expect, it } from 'vitest';
import {
  abs,
  add,
  cosh,
  div,
  exp,
  grad,
  greater,
  log,
  matmul,
  mul,
  pow,
  record,
  shaped,
  sigmoid,
  sqrt,
  square,
  transpose,
  type Value,
  where,
} from '../src/index.ts';

const vector = shaped(3, 1);
const matrix = shaped(3, 3);

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
