import {
  concat,
  diag,
  dot,
  gather,
  grad,
  matmul,
  matmulLeft,
  outer,
  pad,
  pick,
  reshape,
  solve,
  stack,
  transpose,
  type Value,
} from '../src/index.ts';
import { indexed } from './ast-indexing.ts';
import { elementwiseOps, reductionOps, scalarOps, squareOps } from './ast-operations.ts';
import {
  alongAxis,
  asMatrix,
  atRank,
  NotOffered,
  type Ranked,
  ranked,
  reduced,
  shaped,
  stretched,
} from './ranked.ts';

/** A number, a name, or an operation with its operands and options. */
export type Ast = number | string | Operation;
interface Operation extends ReadonlyArray<AstOperand> {}
type Options = Readonly<Record<string, unknown>>;
type AstOperand = Ast | Options | null;

export type Scope = Readonly<Record<string, Ranked>>;

/** The value of a reference expression, computed with the library's operations. */
export function evaluate(ast: Ast, scope: Scope): Ranked {
  if (typeof ast === 'number') return ranked(ast, 0);
  if (typeof ast === 'string') return named(ast, scope);
  const [op, ...operands] = ast as readonly [string, ...AstOperand[]];
  const options = optionsOf(operands);
  const parts = operands.filter((part) => part !== options) as Ast[];
  switch (op) {
    case 'let': {
      const [name, value, body] = parts;
      return evaluate(body, { ...scope, [name as string]: evaluate(value, scope) });
    }
    case 'iterate':
      return iterated(parts, scope);
    case 'grad':
      return gradient(parts, scope);
    case 'index':
      return indexed(evaluate(parts[0], scope), operands.slice(1));
    case 'concat':
    case 'stack':
      return joined(op, parts[0], options, scope);
    default:
      return applied(
        op,
        parts.map((part) => evaluate(part, scope)),
        options,
      );
  }
}

function optionsOf(operands: readonly AstOperand[]): Options {
  const last = operands.at(-1);
  return typeof last === 'object' && last !== null && !Array.isArray(last) ? (last as Options) : {};
}

function named(name: string, scope: Scope): Ranked {
  if (name === 'pi') return ranked(Math.PI, 0);
  const found = scope[name];
  if (found === undefined) throw new Error(`unknown name ${name}`);
  return found;
}

/** `["fn", name, body]` as a function. */
function functionOf(ast: Ast, scope: Scope): (x: Ranked) => Ranked {
  const [, name, body] = ast as readonly [string, string, Ast];
  return (x) => evaluate(body, { ...scope, [name]: x });
}

function iterated([count, fn, init]: readonly Ast[], scope: Scope): Ranked {
  const f = functionOf(fn, scope);
  let x = evaluate(init, scope);
  for (let i = 0; i < (count as number); i++) x = f(x);
  return x;
}

function gradient([fn, at]: readonly Ast[], scope: Scope): Ranked {
  const f = functionOf(fn, scope);
  const { value, shape } = evaluate(at, scope);
  return shaped(grad((x: Value) => f(shaped(x, shape)).value)(value), shape);
}

function joined(op: string, list: Ast, { axis = 0 }: Options, scope: Scope): Ranked {
  const parts = (list as readonly Ast[]).slice(1).map((part) => evaluate(part as Ast, scope));
  const values = parts.map(({ value }) => value);
  if (op === 'stack') {
    if (parts.some(({ shape }) => shape.length > 0)) throw new NotOffered('stack of vectors');
    return ranked(stack(values), 1);
  }
  const rank = parts[0].shape.length;
  const along = (axis as number) < 0 ? (axis as number) + rank : axis;
  return ranked(concat(values, { axis: along as 0 | 1 }), rank);
}

function applied(op: string, inputs: readonly Ranked[], options: Options): Ranked {
  const elementwise = elementwiseOps[op];
  if (elementwise !== undefined) {
    const rank = Math.max(...inputs.map(({ shape }) => shape.length));
    return ranked(elementwise(...inputs.map((input) => atRank(input, rank))), rank);
  }
  const [x, y] = inputs;
  const reduction = reductionOps[op];
  if (reduction !== undefined) return reduced(reduction, x, options);
  const ofSquare = squareOps[op];
  if (ofSquare !== undefined) return ranked(ofSquare(x.value), 2);
  const toScalar = scalarOps[op];
  if (toScalar !== undefined) return ranked(toScalar(x.value), 0);
  switch (op) {
    case 'softmax':
    case 'logsoftmax':
    case 'cumsum':
      return alongAxis(op, x, options);
    case 'matmul':
      return product(x, y);
    case 'dot':
      return ranked(dot(x.value, y.value), 0);
    case 'outer':
      return ranked(outer(x.value, y.value), 2);
    case 'transpose':
      return x.shape.length < 2 ? x : ranked(transpose(x.value), 2);
    case 'diag':
      return ranked(diag(x.value), x.shape.length === 1 ? 2 : 1);
    case 'solve':
      return ranked(solve(x.value, y.value), y.shape.length);
    case 'gather':
      return gathered(x, y, options);
    case 'pick':
      return ranked(pick(x.value, indicesOf(y)), 1);
    case 'reshape':
      return shaped(
        reshape(x.value, asMatrix(options.shape as number[])),
        options.shape as number[],
      );
    case 'broadcast':
      return stretched(x, options.shape as number[]);
    case 'pad':
      return ranked(pad(x.value, sizeOf(y, options.before), sizeOf(inputs[2], options.after)), 1);
    default:
      throw new Error(`unknown operation ${op}`);
  }
}

function sizeOf(x: Ranked | undefined, option: unknown): number {
  return x === undefined ? (option as number) : indicesOf(x)[0];
}

function product(a: Ranked, b: Ranked): Ranked {
  const ranks = `${a.shape.length}${b.shape.length}`;
  if (ranks === '22') return ranked(matmul(a.value, b.value), 2);
  if (ranks === '21') return ranked(matmul(a.value, b.value), 1);
  if (ranks === '12') return ranked(matmulLeft(b.value, a.value), 1);
  if (ranks === '11') return ranked(dot(a.value, b.value), 0);
  throw new Error(`matmul of ranks ${ranks}`);
}

function indicesOf({ value }: Ranked): number[] {
  return Array.from((value as unknown as { data: Float64Array }).data);
}

function gathered(x: Ranked, indices: Ranked, { axis = 0 }: Options): Ranked {
  const rank = x.shape.length;
  const along = (axis as number) < 0 ? (axis as number) + rank : (axis as number);
  if (indices.shape.length > 1) throw new NotOffered('gather with a matrix of indices');
  const result = gather(x.value, indicesOf(indices), { axis: along as 0 | 1 });
  if (indices.shape.length === 1) return ranked(result, rank);
  const left = x.shape.filter((_, i) => i !== along);
  return shaped(reshape(result, asMatrix(left)), left);
}
