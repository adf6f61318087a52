import type { Call, F64, ModuleBuilder, Statement } from '@steepest/wasm';
import { type KernelName, parametersOfKernel } from '../kernels/index.ts';
import { loweringOf } from '../lowering/index.ts';
import type { KernelCalls } from '../lowering/lowering.ts';
import type { EntriesNode, OperationNode } from '../plan/node.ts';
import { nodesOf, type Plan } from '../plan/schedule.ts';

/** What a program calls outside its module. */
export interface Imports {
  readonly kernels: KernelCalls;
  /** `host<k>`: operations that their rule's `value` computes. */
  readonly operations: ReadonlyMap<OperationNode, Call<Statement>>;
  /** `entry<k>`: entries that their rule's `entry` computes. */
  readonly entries: ReadonlyMap<EntriesNode, Call<F64>>;
}

/** Imports come before functions, so the whole plan is looked through for what it needs. */
export function declareImports(module: ModuleBuilder, { phases }: Plan): Imports {
  const kernels: Partial<Record<KernelName, Call<Statement>>> = {};
  const operations = new Map<OperationNode, Call<Statement>>();
  const entries = new Map<EntriesNode, Call<F64>>();
  for (const node of phases.flatMap(({ steps }) => steps).flatMap(nodesOf)) {
    const lowering = loweringOf(node);
    if (node.kind === 'operation') {
      for (const name of lowering?.kernels?.(node) ?? []) {
        kernels[name] ??= module.importAction(name, parametersOfKernel(name));
      }
      if (lowering?.emit !== undefined) continue;
      const parameters = Array.from({ length: node.inputs.length + 2 }, () => 'i32' as const);
      operations.set(node, module.importAction(`host${operations.size}`, parameters));
    } else if (node.kind === 'entries' && lowering?.entry?.(node) === undefined) {
      const parameters = node.inputs.map(() => 'f64' as const);
      entries.set(node, module.import(`entry${entries.size}`, parameters, 'f64'));
    }
  }
  return { kernels: kernels as KernelCalls, operations, entries };
}
