import { add } from '../ops/arithmetic.ts';
import { DerivativeError, notDifferentiable } from '../primitive/derivative-error.ts';
import { locallyConstant, type Primitive, partialOf } from '../primitive/primitive.ts';
import { asDerivativeOf, watching } from '../primitive/watch.ts';
import type { Value } from '../values/operand.ts';
import { formatShape } from '../values/shape.ts';
import { type Node, type Tape, writesOf } from './tape.ts';

/**
 * The backward pass: from cotangents of some values to those of all nodes, by index; undefined
 * where nothing flows. One loop over the tape from its end, so chains of any length are fine.
 *
 * Invariant: when a node's turn comes, all that used it have had theirs, and its cotangent is whole.
 */
export function sweep(
  tape: Tape,
  ends: readonly Value[],
  seeds: readonly Value[],
): (Value | undefined)[] {
  const cotangents: (Value | undefined)[] = new Array(tape.nodes.length);
  let last = -1;
  ends.forEach((end, i) => {
    if (!tape.owns(end)) return;
    last = Math.max(last, end.index);
    accumulate(cotangents, end.index, seeds[i]);
  });
  for (let k = last; k >= 0; k--) {
    const cotangent = cotangents[k];
    const node = tape.nodes[k];
    if (cotangent !== undefined && node.primitive !== null)
      pullBack(tape, node, cotangent, cotangents);
  }
  return cotangents;
}

function pullBack(
  tape: Tape,
  node: Node,
  cotangent: Value,
  cotangents: (Value | undefined)[],
): void {
  const { primitive, primals } = node;
  if (primitive === null) return;
  if (writesOf(primals) !== node.writes) throw changedValue(node);
  if (watching.current === undefined) pullInputs(tape, node, primitive, cotangent, cotangents);
  else {
    const origin = { primitive, source: node.source };
    asDerivativeOf(origin, () => pullInputs(tape, node, primitive, cotangent, cotangents));
  }
}

function pullInputs(
  tape: Tape,
  { primal, inputs, primals }: Node,
  primitive: Primitive,
  cotangent: Value,
  cotangents: (Value | undefined)[],
): void {
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i];
    if (!tape.owns(input)) continue;
    const partial = partialOf(primitive, i);
    if (partial === locallyConstant) continue;
    if (partial === null) throw notDifferentiable('reverse mode', primitive);
    accumulate(cotangents, input.index, partial(primal, ...primals).pull(cotangent));
  }
}

function accumulate(cotangents: (Value | undefined)[], index: number, more: Value): void {
  const sum = cotangents[index];
  cotangents[index] = sum === undefined ? more : add(sum, more);
}

/** The error for a saved value that f itself wrote to. */
export function changedValue(node: Node): DerivativeError {
  return new DerivativeError(
    `reverse mode: a value that ${node.primitive?.name} (${formatShape(node)}) was computed from ` +
      'was changed before the backward pass could use it; change a copy instead (x.clone())',
  );
}
