import {
  abs,
  add,
  atan,
  concat,
  div,
  exp,
  FlatMatrix,
  greater,
  log,
  matmul,
  mean,
  mul,
  neg,
  type Operand,
  pow,
  reshape,
  slice,
  sqrt,
  sub,
  sum,
  transpose,
  type Value,
  where,
} from '@steepest/autodiff';

/** An expression of the reference cases: a number, a name, or [op, ...arguments]. */
export type Ast = number | string | readonly unknown[];
export type Names = Readonly<Record<string, Operand>>;

const operations: Readonly<Record<string, (...args: Operand[]) => Value>> = {
  add,
  sub,
  mul,
  div,
  pow,
  neg,
  abs,
  exp,
  log,
  sqrt,
  atan,
  matmul,
  mean: (x) => mean(x),
  sum: (x) => sum(x),
  gt: greater,
  where,
};

/**
 * The value of an expression. Vectors are columns; an index along the second axis of a matrix gives
 * its column.
 */
export function evaluate(ast: Ast, names: Names): Operand {
  if (typeof ast === 'number') return ast;
  if (ast === 'pi') return Math.PI;
  if (typeof ast === 'string') return names[ast];
  const [name, ...args] = ast as [string, ...Ast[]];
  if (name === 'let') {
    const [bound, value, body] = args as [string, Ast, Ast];
    return evaluate(body, { ...names, [bound]: evaluate(value, names) });
  }
  if (name === 'list') throw new Error('a list stands only inside stack or concat');
  if (name === 'stack' || name === 'concat') {
    const parts = (args[0] as readonly Ast[]).slice(1) as Ast[];
    return concat(parts.map((part) => asValue(evaluate(part, names))));
  }
  if (name === 'reshape') {
    const { shape } = args.at(-1) as unknown as { shape: number[] };
    return reshape(evaluate(args[0], names), [shape[0], shape[1] ?? 1]);
  }
  if (name === 'index') return indexed(asValue(evaluate(args[0], names)), args.slice(1));
  return operations[name](...args.map((arg) => evaluate(arg, names)));
}

function asValue(x: Operand): Value {
  return typeof x === 'number' ? new FlatMatrix(1, 1, [x]) : add(x, 0);
}

function indexed(x: Value, specs: readonly Ast[]): Value {
  const [rows, columns] = [0, 1].map((axis): [number, number] => {
    const spec = specs[axis];
    const size = axis === 0 ? x.rows : x.columns;
    if (spec === undefined) return [0, size];
    if (typeof spec === 'number') return [spec, spec + 1];
    const [, from, to] = spec as [string, number | null, number | null];
    return [from ?? 0, to ?? size];
  });
  const picked = slice(x, rows, columns);
  return picked.rows === 1 && picked.columns > 1 ? transpose(picked) : picked;
}
