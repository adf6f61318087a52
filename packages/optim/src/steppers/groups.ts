import { add, leavesOf, type Operand, type Path, type Tree, where } from '@steepest/autodiff';
import { argument, callback, refusal, required, show } from '@steepest/ground';
import { zerosLike } from '../leaves.ts';
import type { FormulaPoint, Point, Stepper } from '../stepper.ts';
import { takeStep } from '../take-step.ts';
import { expectDescent, expectNoSearch, expectStepper } from './compose.ts';
import { each } from './each.ts';
import { replaced, type Subtree, subtree } from './subtree.ts';

/** The states of a group's stepper, by the groups' names. */
export type GroupsState<G> = { readonly [K in keyof G]: G[K] extends Stepper<infer S> ? S : never };

/**
 * Different optimizers for different parameters: `choose` names each leaf's group. Reports the first
 * group's learning rate. Throws a TypeError for a group that makes no step or that searches (its
 * search would not see the others move), a RangeError at a leaf whose group does not exist.
 *
 * ```ts
 * groups({ slow: sgd({ rate: 0.001 }), fast: adam({ rate: 0.1 }), fixed: freeze() },
 *   (path) => (path === 'b' ? 'fast' : 'slow'));
 * ```
 */
export function groups<G extends Readonly<Record<string, Stepper>>>(
  steppers: G,
  choose: (path: Path) => keyof G,
): Stepper<GroupsState<G>> {
  const names = namesOf(steppers);
  argument('groups', 'choose', choose, required(callback("(path) => 'name'")));
  const part = (tree: Tree, name: string): Subtree =>
    subtree(tree, (path) => choose(path) === name);
  const states = (make: (name: string) => unknown) =>
    Object.fromEntries(names.map((name) => [name, make(name)])) as GroupsState<G>;
  const all = (method: keyof Stepper) => names.every((name) => steppers[name][method]);
  const some = (method: keyof Stepper) => names.some((name) => steppers[name][method]);
  const first = <T>(tell: (name: string) => T | undefined): T | undefined =>
    names.map(tell).find((told) => told !== undefined);
  return {
    name: `groups(${names.map((name) => `${name}: ${steppers[name].name}`).join(', ')})`,
    kind: 'descent',
    settings: (params) =>
      Object.fromEntries(
        names.map((name) => {
          const leaves = part(params, name);
          const { settings } = steppers[name];
          return [name, { leaves: Object.keys(leaves), of: settings?.(leaves) ?? null }];
        }),
      ),
    init(params: Tree) {
      for (const { path } of leavesOf(params)) checkGroup(path, choose(path), names);
      return states((name) => steppers[name].init(part(params, name)));
    },
    numbers: (step) => names.flatMap((name) => steppers[name].numbers?.(step) ?? []),
    ...(all('update') && {
      update(
        gradient: Tree,
        state: GroupsState<G>,
        params: Tree,
        numbers: readonly Operand[],
        at: FormulaPoint,
      ): readonly [Tree, unknown] {
        let change = gradient;
        let left = numbers;
        const next = states((name) => {
          const count = steppers[name].numbers?.(0).length ?? 0;
          const share = left.slice(0, count);
          left = left.slice(count);
          const g = part(gradient, name);
          const seen = { ...at, gradient: part(at.gradient, name) };
          const pair = steppers[name].update?.(g, state[name], part(params, name), share, seen);
          change = replaced(change, pair?.[0] as Subtree);
          return pair?.[1];
        });
        return [change, next];
      },
    }),
    step<P>(gradient: P, state: GroupsState<G>, params: P, at: Point<P>) {
      let change = gradient;
      const next = states((name) => {
        const g = part(gradient, name);
        const seen = { ...at, gradient: part(at.gradient, name) };
        const [u, s] = takeStep(steppers[name], g, state[name], part(params, name), seen);
        change = replaced(change, u);
        return s;
      });
      return [change, next];
    },
    ...(some('penalty') && {
      penalty: (params: Tree) =>
        names.reduce<Operand>((sum, name) => {
          const more = steppers[name].penalty?.(part(params, name));
          return more === undefined ? sum : add(sum, more);
        }, 0),
    }),
    ...(some('stationarity') && {
      stationarity: (gradient: Tree, params: Tree): Tree =>
        names.reduce((all, name) => {
          const own = steppers[name].stationarity?.(part(gradient, name), part(params, name));
          return own === undefined ? all : replaced(all, own as Subtree);
        }, gradient),
    }),
    ...(some('whole') && { whole: true as const }),
    ...(some('rate') && { rate: (step: number) => first((name) => steppers[name].rate?.(step)) }),
    ...(some('learningRate') && {
      learningRate: (state: GroupsState<G>) =>
        first((name) => steppers[name].learningRate?.(state[name])),
    }),
    ...(some('answer') && {
      answer: <P>(state: GroupsState<G>, params: P): P =>
        names.reduce((answer, name) => {
          const own = steppers[name].answer?.(state[name], part(answer, name));
          return own === undefined ? answer : replaced(answer, own);
        }, params),
    }),
  };
}

/**
 * No change at all, for parameters that stay as they are: u = 0.
 *
 * ```ts
 * groups({ head: adam(), body: freeze() }, (path) => (path === 'head' ? 'head' : 'body'));
 * ```
 */
export function freeze(): Stepper<null> {
  return {
    name: 'freeze',
    kind: 'descent',
    init: () => null,
    update: (gradient, state) => [each((g) => where(0, g, 0), gradient), state],
    step: (gradient, state) => [zerosLike(gradient), state],
  };
}

function namesOf(steppers: Readonly<Record<string, Stepper>>): readonly string[] {
  if (typeof steppers !== 'object' || steppers === null || Array.isArray(steppers)) {
    const advice = 'write groups({ slow: sgd({ rate: 0.001 }), fast: adam() }, choose)';
    throw refusal('groups', 'the groups must be an object of steppers by name', steppers, advice);
  }
  const names = Object.keys(steppers);
  if (names.length === 0) throw new TypeError('groups: expected at least one group, got none');
  for (const name of names) {
    const stepper = expectStepper('groups', `the group ${name}`, steppers[name]);
    expectDescent('groups', stepper);
    expectNoSearch('groups', stepper, 'would not see the other groups move');
  }
  return names;
}

function checkGroup(path: Path, group: unknown, names: readonly string[]): void {
  if (typeof group === 'string' && names.includes(group)) return;
  throw new RangeError(
    `groups: ${path === '' ? 'the parameter' : path} was put into ${show(group)}, but the groups ` +
      `are ${names.map((name) => JSON.stringify(name)).join(', ')}`,
  );
}
