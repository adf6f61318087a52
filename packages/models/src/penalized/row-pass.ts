import {
  add,
  type FlatMatrix,
  matmul,
  mul,
  sub,
  sum,
  type Value,
  valueAndGrad,
} from '@steepest/autodiff';
import { type CompileOptions, compile } from '@steepest/compile';
import type { Family } from '../families/family.ts';
import type { Affine, Block } from '../solve/row-sums.ts';

/** Sums over rows: of losses, their gradient, and squared decrements (0 where the family tells none). */
export type RowPass = (
  at: Affine,
  block: Block,
) => {
  readonly value: number;
  readonly gradient: { readonly w: FlatMatrix; readonly b: FlatMatrix };
  readonly decrement: FlatMatrix;
};

const kept = new WeakMap<Family, Map<unknown, RowPass>>();

/** One pass over the rows; compiled ones are kept, so that a second path of one shape compiles nothing. */
export function rowPass(
  family: Family,
  fast: boolean,
  threads: CompileOptions['threads'],
): RowPass {
  const key = fast ? (threads ?? 'alone') : 'plain';
  const passes = kept.get(family) ?? new Map<unknown, RowPass>();
  kept.set(family, passes);
  let pass = passes.get(key);
  if (pass === undefined) {
    const f = passOf(family);
    pass = fast ? (compile(f as never, { threads }) as unknown as RowPass) : f;
    passes.set(key, pass);
  }
  return pass;
}

function passOf(family: Family): RowPass {
  const scores = ({ w, b, shift }: { w: Value; b: Value; shift?: Value }, { x, offset }: Block) => {
    const t = add(matmul(shift === undefined ? x : sub(x, shift), w), b);
    return offset === undefined ? t : add(t, offset);
  };
  const weighed = (rows: Value, { weights }: Block): Value =>
    sum(weights === undefined ? rows : mul(weights, rows));
  return ((at: Affine, block: Block) => {
    const { w, b, shift } = at;
    const risk = (p: { w: Value; b: Value }) =>
      weighed(family.loss(scores({ ...p, ...(shift && { shift }) }, block), block.y), block);
    const decrements = family.decrement?.(scores(at, block), block.y);
    return {
      ...valueAndGrad(risk)({ w, b }),
      decrement: decrements === undefined ? sum(mul(0, b)) : weighed(decrements, block),
    };
  }) as unknown as RowPass;
}
