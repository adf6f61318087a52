import { apply } from '../primitive/apply.ts';
import type { Value } from '../values/operand.ts';
import type { Expression, Recorder } from './expression.ts';
import { isOwn } from './reach.ts';

/** A use of an operation that waits for the values of its inputs. */
interface Pending {
  readonly node: Expression;
  readonly inputs: Value[];
}

/**
 * The value of an expression by computing every use of every subexpression anew, as if the
 * expression had been written out in full; `count` is called once per operation.
 */
export function evaluateTree(
  end: Value,
  recorder: Recorder,
  inputValue: (input: Expression) => Value,
  count: () => void,
): Value {
  if (!isOwn(end, recorder)) return end;
  if (end.primitive === null) return inputValue(end);
  const pending: Pending[] = [{ node: end, inputs: [] }];
  for (;;) {
    const top = pending[pending.length - 1];
    if (top.inputs.length < top.node.inputs.length) {
      const next = top.node.inputs[top.inputs.length];
      if (!isOwn(next, recorder)) top.inputs.push(next);
      else if (next.primitive === null) top.inputs.push(inputValue(next));
      else pending.push({ node: next, inputs: [] });
      continue;
    }
    count();
    const value = top.node.primitive === null ? top.node : apply(top.node.primitive, ...top.inputs);
    pending.pop();
    if (pending.length === 0) return value;
    pending[pending.length - 1].inputs.push(value);
  }
}
