import {
  FlatMatrix,
  gather,
  item,
  logisticLoss,
  matmul,
  mean,
  mul,
  shaped,
  square,
  sub,
  sum,
  type Value,
  valueAndGrad,
} from '@steepest/autodiff';
import { expect, test } from 'vitest';
import { isSource, type LabelledPlan, planOf } from '../src/plan.ts';

const printed = ({ nodes }: LabelledPlan): string[] => {
  const letter = (node: (typeof nodes)[number]['node']) =>
    isSource(node) ? node.name : `n${node.id}`;
  return nodes
    .filter(({ node }) => !isSource(node))
    .map(({ node, label }) => `${label}: n${node.id} = ${node.name}(${node.inputs.map(letter)})`);
};
const loss = (w: Value, { X, y }: { X: Value; y: Value }) => logisticLoss(matmul(X, w), y);

test('a gradient is rows and totals, whatever the number of rows, without data', () => {
  const rows = 10_000_000;
  const plan = planOf(valueAndGrad(loss) as never)(shaped(3, 1), {
    X: shaped(rows, 3),
    y: shaped(rows, 1),
  });
  expect(plan.rows).toBe(rows);
  expect(plan.results.map(({ path }) => path)).toEqual(['value', 'gradient']);
  expect(printed(plan)).toMatchInlineSnapshot(`
    [
      "rows: n3 = matmul(X,x)",
      "rows: n4 = softplus(n3)",
      "rows: n5 = mul(y,n3)",
      "rows: n6 = sub(n4,n5)",
      "total: n7 = sum(n6)",
      "fixed: n9 = div(n7,10000000)",
      "rows: n11 = mul(-1e-7,y)",
      "rows: n12 = sigmoid(n3)",
      "rows: n14 = mul(1e-7,n12)",
      "rows: n15 = add(n11,n14)",
      "total: n16 = matmulLeft(X,n15)",
    ]
  `);
});

test('a total that rows depend on is a stage of its own', () => {
  const centred = (_: Value, x: Value) => mean(square(sub(x, mean(x, { axis: 0 }))));
  const { nodes } = planOf(centred as never)(shaped(1, 1), shaped(300, 3));
  const stages = nodes.filter(({ label }) => label === 'total').map(({ stage }) => stage);
  expect(stages).toEqual([1, 2]);
});

test('samples may be matrices and index arrays, which stay open', () => {
  const f = (E: Value, ids: Int32Array) => sum(mul(gather(E, ids), 2));
  const { nodes } = planOf(f as never)(new FlatMatrix(4, 2), Int32Array.of(1, 2, 3));
  const found = nodes.find(({ node }) => node.kind === 'operation')?.node;
  expect(found).toMatchObject({ name: 'gather', indices: { leaf: 1, length: 3 } });
});

test('what cannot be recorded says why', () => {
  const branching = (x: Value) => (item(x) > 0 ? square(x) : x);
  expect(() => planOf(branching as never)(shaped(1, 1))).toThrow('planOf: record: a 1×1 value');
  expect(() => planOf(3 as never)).toThrow('planOf: it takes a function, got 3');
});

test('it needs no WebAssembly', async () => {
  const host = globalThis as { WebAssembly?: unknown };
  const { WebAssembly } = host;
  delete host.WebAssembly;
  try {
    const plan = planOf(valueAndGrad(loss) as never)(shaped(3, 1), {
      X: shaped(100, 3),
      y: shaped(100, 1),
    });
    expect(plan.nodes.length).toBeGreaterThan(5);
  } finally {
    host.WebAssembly = WebAssembly;
  }
});
