import { type Labelled, type Labels, labelled } from './label.ts';
import {
  type ComputedNode,
  type EntriesNode,
  isSource,
  type OperationNode,
  type PlanNode,
  type ReductionNode,
  type View,
} from './node.ts';

/** A loop over entries that computes several nodes at once. */
export interface LoopStep {
  readonly kind: 'loop';
  readonly rows: number;
  readonly columns: number;
  readonly nodes: readonly LoopNode[];
}

/** One thing to do: a loop, or one operation. */
export type Step = LoopStep | { readonly kind: 'call'; readonly node: OperationNode };

/** What is computed entry by entry, inside a loop with others. */
export type LoopNode = EntriesNode | ReductionNode;

/** Steps that run once (fixed), or once for every tile of rows (pipeline). */
export interface Phase {
  readonly kind: 'fixed' | 'pipeline';
  readonly stage: number;
  readonly steps: readonly Step[];
}

export interface Plan {
  readonly labels: Labels;
  /** In the order in which they run. */
  readonly phases: readonly Phase[];
  readonly outputs: readonly View[];
}

/** The steps that compute the outputs; leaves before `firstLeaves` are parameters. */
export function planned(outputs: readonly View[], firstLeaves: number): Plan {
  const labels = labelled(outputs, firstLeaves);
  const last = Math.max(0, ...labels.all.map(({ stage }) => stage));
  const phases: Phase[] = [];
  for (let stage = 0; stage <= last; stage++) {
    for (const kind of ['pipeline', 'fixed'] as const) {
      const members = labels.all.filter(
        (made) =>
          !isSource(made.node) &&
          made.stage === stage &&
          (made.label === 'fixed') === (kind === 'fixed'),
      );
      if (members.length > 0) phases.push({ kind, stage, steps: stepsOf(members) });
    }
  }
  return { labels, phases, outputs };
}

/** The nodes that a step computes. */
export function nodesOf(step: Step): readonly ComputedNode[] {
  return step.kind === 'loop' ? step.nodes : [step.node];
}

function inLoop(node: PlanNode): node is LoopNode {
  return node.kind === 'entries' || node.kind === 'reduction';
}

/** The sizes over which a node's loop runs; equal ones can share a loop. */
function spaceOf(node: PlanNode): string {
  const { rows, columns } = node.kind === 'reduction' ? node.inputs[0] : node;
  return `${rows}×${columns}`;
}

function shareLoop(producer: PlanNode, consumer: PlanNode): boolean {
  return (
    inLoop(producer) &&
    producer.kind !== 'reduction' &&
    inLoop(consumer) &&
    spaceOf(producer) === spaceOf(consumer)
  );
}

/**
 * Levels such that whatever is on one level depends on lower ones, or on nodes of the same loop:
 * first as early as possible, then entries move down to their consumers so that loops merge.
 */
function stepsOf(members: readonly Labelled[]): Step[] {
  const level = new Map<PlanNode, number>();
  const consumers = new Map<PlanNode, PlanNode[]>();
  for (const { node } of members) {
    let least = 0;
    for (const input of node.inputs) {
      const below = level.get(input);
      if (below === undefined) continue;
      least = Math.max(least, shareLoop(input, node) ? below : below + 1);
      consumers.get(input)?.push(node);
    }
    level.set(node, least);
    consumers.set(node, []);
  }
  for (const { node } of [...members].reverse()) {
    const users = consumers.get(node) as PlanNode[];
    if (!inLoop(node) || users.length === 0) continue;
    const latest = users.map(
      (user) => (level.get(user) as number) - (shareLoop(node, user) ? 0 : 1),
    );
    level.set(node, Math.max(level.get(node) as number, Math.min(...latest)));
  }
  const top = Math.max(...level.values());
  const steps: Step[] = [];
  for (let k = 0; k <= top; k++) {
    const here = members.map(({ node }) => node).filter((node) => level.get(node) === k);
    steps.push(...loopsOf(here.filter(inLoop)));
    for (const node of here) if (node.kind === 'operation') steps.push({ kind: 'call', node });
  }
  return steps;
}

function loopsOf(nodes: readonly LoopNode[]): Step[] {
  const loops = new Map<string, LoopNode[]>();
  for (const node of nodes) {
    const space = spaceOf(node);
    loops.set(space, [...(loops.get(space) ?? []), node]);
  }
  return [...loops].map(([space, members]) => {
    const [rows, columns] = space.split('×').map(Number);
    return { kind: 'loop', rows, columns, nodes: members };
  });
}
