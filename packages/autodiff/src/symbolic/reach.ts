import type { Value } from '../values/operand.ts';
import { Expression, type Recorder } from './expression.ts';

/** Whether a value is an expression of this recording. */
export function isOwn(x: Value, recorder: Recorder): x is Expression {
  return x instanceof Expression && x.recorder === recorder;
}

/** The expressions that some values depend on, inputs before what uses them. */
export function reachable(ends: readonly Value[], recorder: Recorder): readonly Expression[] {
  const found = new Set<Expression>();
  const waiting = ends.filter((end) => isOwn(end, recorder));
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (found.has(node)) continue;
    found.add(node);
    for (const input of node.inputs) if (isOwn(input, recorder)) waiting.push(input);
  }
  // Ids count up in the order of recording, in which nothing can use what does not exist yet.
  return [...found].sort((a, b) => a.id - b.id);
}
