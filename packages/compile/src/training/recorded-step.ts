import {
  add,
  leavesOf,
  mapTree,
  type Operand,
  square,
  sum,
  type Tree,
  type Value,
  valueAndGrad,
} from '@steepest/autodiff';
import type { Standing, Stepper } from '@steepest/optim';
import type { AnyFunction } from '../calling/recorded.ts';
import { recordCall } from '../calling/recording.ts';
import { formsOf, type Leaf, type Skeleton, skeletonOf } from '../calling/skeleton.ts';
import type { PlanNode } from '../plan/node.ts';
import { type Plan, planned } from '../plan/schedule.ts';
import { settledOutputs, translate } from '../plan/translate.ts';

/** A step cannot be compiled, for the reason that the message gives. */
export class NotRecorded extends Error {
  override name = 'NotRecorded';
}

/** What a step starts from: the first argument of what is recorded. */
export interface Before {
  readonly params: Tree;
  readonly state: unknown;
  readonly numbers: readonly Operand[];
}

/** One step as a plan: what its arguments are, and which nodes are what it returns. */
export interface RecordedStep {
  readonly plan: Plan;
  readonly skeleton: Skeleton;
  readonly leaves: readonly Leaf[];
  /** Leaves of parameters and state, which the step replaces; of these and the step's numbers. */
  readonly fedLeaves: number;
  readonly firstLeaves: number;
  /** What becomes of the parameters and the state, leaf by leaf. */
  readonly next: readonly PlanNode[];
  /** Of these: the parameters. */
  readonly moved: readonly PlanNode[];
  readonly value: PlanNode;
  /** Σ g² */
  readonly squares: PlanNode;
}

/** The arguments of a step. */
export function beforeOf(by: Stepper, { params, state, step }: Standing<unknown>): Before {
  return { params: params as Tree, state, numbers: by.numbers?.(step) ?? [] };
}

/**
 * Records the gradient of a loss together with an optimizer's formula. Throws a NotRecorded where
 * one of them cannot be recorded.
 */
export function recordedStep(
  loss: AnyFunction,
  by: Stepper,
  from: Standing<unknown>,
  sample: unknown,
): RecordedStep {
  const before = beforeOf(by, from);
  const args = [before, sample];
  const found = skeletonOf(args);
  if (typeof found === 'string') throw new NotRecorded(found);
  const { skeleton, leaves } = found;
  const firstLeaves = leavesOf(before).length;
  const fedLeaves = firstLeaves - before.numbers.length;
  const recorded = recordCall(stepOf(loss, by), skeleton, leaves);
  if (typeof recorded === 'string') throw new NotRecorded(recorded);
  if (recorded.roles.slice(0, firstLeaves).includes('fixed')) {
    throw new NotRecorded('a number among the parameters or the state steers the computation');
  }
  const ends = leavesOf(recorded.graph.outputs).map(({ leaf }) => leaf as Value);
  const kept = leavesOf([before.params, before.state]).map(({ leaf }) => leaf as Value | number);
  const sizes = (x: Value | number): string =>
    typeof x === 'number' ? '1×1' : `${x.rows}×${x.columns}`;
  if (ends.length !== kept.length + 2 || kept.some((x, i) => sizes(x) !== sizes(ends[i]))) {
    throw new NotRecorded(`the state of ${by.name} changes its structure from step to step`);
  }
  const plan = planned(settledOutputs(translate(recorded, formsOf(leaves))), firstLeaves);
  const nodes = plan.outputs.map(({ node }) => node);
  return {
    plan,
    skeleton,
    leaves,
    fedLeaves,
    firstLeaves,
    next: nodes.slice(0, fedLeaves),
    moved: nodes.slice(0, leavesOf(before.params).length),
    value: nodes[fedLeaves],
    squares: nodes[fedLeaves + 1],
  };
}

/** The step as a function: its gradient, what the optimizer makes of it, and what to report. */
function stepOf(loss: AnyFunction, by: Stepper): AnyFunction {
  const both = valueAndGrad(loss as never) as unknown as (
    params: Tree,
    batch: unknown,
  ) => { readonly value: Value; readonly gradient: Tree };
  const step = ({ params, state, numbers }: Before, batch: unknown) => {
    const here = both(params, batch);
    const update = by.update as NonNullable<Stepper['update']>;
    const [change, next] = update(here.gradient, state, params, numbers, here);
    const moved = mapTree((x: Value, dx: Value) => add(x, dx), params, change);
    const { penalty, stationarity } = by;
    const value = penalty === undefined ? here.value : add(here.value, penalty(params));
    const small = stationarity?.(here.gradient, params) ?? here.gradient;
    return [moved, next, value, squaresOf(small)];
  };
  return step as AnyFunction;
}

function squaresOf(tree: Tree): Operand {
  const parts = leavesOf(tree).map(({ leaf }) => sum(square(leaf as Value)));
  return parts.reduce((total: Operand, part) => (total === 0 ? part : add(total, part)), 0);
}
