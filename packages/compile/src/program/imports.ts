import type { Call, F64, ModuleBuilder, Statement } from '@steepest/wasm';
import type { PlanNode } from '../plan/node.ts';
import type { Plan } from '../plan/schedule.ts';
import { entryCode } from './entry-code.ts';
import {
  hasCode,
  type KernelCalls,
  type KernelName,
  kernelParameters,
  kernelsOf,
} from './operations.ts';

/** What a program calls outside its module. */
export interface Imports {
  readonly kernels: KernelCalls;
  /** `host<k>`: operations that their rule's `value` computes. */
  readonly operations: ReadonlyMap<PlanNode, Call<Statement>>;
  /** `entry<k>`: entries that their rule's `entry` computes. */
  readonly entries: ReadonlyMap<PlanNode, Call<F64>>;
}

/** Imports come before functions, so the whole plan is looked through for what it needs. */
export function declareImports(module: ModuleBuilder, { phases }: Plan): Imports {
  const kernels: Partial<Record<KernelName, Call<Statement>>> = {};
  const operations = new Map<PlanNode, Call<Statement>>();
  const entries = new Map<PlanNode, Call<F64>>();
  for (const step of phases.flatMap(({ steps }) => steps)) {
    for (const node of step.kind === 'loop' ? step.nodes : [step.node]) {
      for (const name of kernelsOf(node)) {
        kernels[name] ??= module.importAction(name, kernelParameters[name]);
      }
      if (step.kind === 'call' && !hasCode(node)) {
        const parameters = Array.from({ length: node.inputs.length + 2 }, () => 'i32' as const);
        operations.set(node, module.importAction(`host${operations.size}`, parameters));
      } else if (node.kind === 'elementwise' && entryCode(node) === undefined) {
        const parameters = node.inputs.map(() => 'f64' as const);
        entries.set(node, module.import(`entry${entries.size}`, parameters, 'f64'));
      }
    }
  }
  return { kernels: kernels as KernelCalls, operations, entries };
}
