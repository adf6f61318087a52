import { FlatMatrix } from '@steepest/autodiff';
import type { Engine } from '../memory/engine.ts';
import type { OperationNode } from '../plan/node.ts';
import type { ProgramModule } from './module.ts';

/** What a program's module imports beside memory: kernels, and what only the host can compute. */
export function importsOf(engine: Engine, module: ProgramModule): Record<string, unknown> {
  const { kernels, hostOperations, hostEntries } = module;
  const imports: Record<string, unknown> = {};
  for (const name of kernels) imports[name] = engine.kernels[name];
  hostOperations.forEach((node, k) => {
    imports[`host${k}`] = hostOperation(engine, node);
  });
  hostEntries.forEach((node, k) => {
    imports[`entry${k}`] = node.primitive.entry;
  });
  return imports;
}

/** An operation without a kernel: its rule's value, on the rows at hand. */
function hostOperation(
  engine: Engine,
  node: OperationNode,
): (rows: number, to: number, ...inputs: number[]) => void {
  const { inputs, columns, primitive } = node;
  return (rows, to, ...addresses) => {
    const whole = rows === node.rows;
    const values = inputs.map((input, i) => {
      const height = whole ? input.rows : rows;
      // Copies: a rule may keep or return what it was given.
      const data = engine.numbers(addresses[i] >>> 0, height * input.columns).slice();
      return new FlatMatrix(height, input.columns, data);
    });
    const { data } = primitive.value(...values);
    engine.numbers(to >>> 0, rows * columns).set(data);
  };
}
