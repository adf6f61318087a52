import { leavesOf, type Path, type Tree } from '@steepest/autodiff';
import { show } from '../checks.ts';
import { zerosLike } from '../leaves.ts';
import { type Point, type Stepper, takeStep } from '../stepper.ts';

import { stateless } from './part.ts';
import { pointFor, replaced, subtree } from './subtree.ts';

/** The states of a group's stepper, by the groups' names. */
export type GroupsState<G> = { readonly [K in keyof G]: G[K] extends Stepper<infer S> ? S : never };

/**
 * Different steppers for different parameters: `choose` names each leaf's group. Reports the first
 * group's learning rate. Throws a RangeError at a leaf whose group does not exist.
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
  const names = Object.keys(steppers);
  if (names.length === 0) throw new TypeError('groups: expected at least one group, got none');
  const inGroup = (name: string) => (path: Path) => choose(path) === name;
  const states = (make: (name: string) => unknown) =>
    Object.fromEntries(names.map((name) => [name, make(name)])) as GroupsState<G>;
  return {
    name: `groups(${names.map((name) => `${name}: ${steppers[name].name}`).join(', ')})`,
    init(params: Tree) {
      for (const { path } of leavesOf(params)) checkGroup(path, choose(path), names);
      return states((name) => steppers[name].init(subtree(params, inGroup(name))));
    },
    step<P>(gradient: P, state: GroupsState<G>, params: P, at: Point<P>) {
      let change = gradient;
      const next = states((name) => {
        const chosen = inGroup(name);
        const [part, partState] = takeStep(
          steppers[name],
          subtree(gradient, chosen),
          state[name],
          subtree(params, chosen),
          pointFor(at, params, chosen),
        );
        change = replaced(change, part);
        return partState;
      });
      return [change, next];
    },
    learningRate(state) {
      for (const name of names) {
        const rate = steppers[name].learningRate?.(state[name]);
        if (rate !== undefined) return rate;
      }
      return undefined;
    },
    answer: (state, params) =>
      names.reduce((answer, name) => {
        const part = steppers[name].answer?.(state[name], subtree(answer, inGroup(name)));
        return part === undefined ? answer : replaced(answer, part);
      }, params),
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
  return stateless('freeze', (gradient) => zerosLike(gradient));
}

function checkGroup(path: Path, group: unknown, names: readonly string[]): void {
  if (typeof group === 'string' && names.includes(group)) return;
  throw new RangeError(
    `groups: ${path === '' ? 'the parameter' : path} was put into ${show(group)}, but the groups ` +
      `are ${names.map((name) => JSON.stringify(name)).join(', ')}`,
  );
}
