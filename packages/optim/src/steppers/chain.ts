import { add, isLeaf, mul, type Operand, type Tree } from '@steepest/autodiff';
import { refusal } from '@steepest/ground';
import type { FormulaPoint, Point, Stepper } from '../stepper.ts';
import { type Search, searchStep, takeStep } from '../take-step.ts';
import { expectStepper, kindOf, kindOfChain } from './compose.ts';
import { each } from './each.ts';

/**
 * Steppers one after another: each gets the previous one's change where the first gets the
 * gradient. Its state is the tuple of theirs; chaining is associative up to the nesting of states.
 *
 * Directions come first (clipping, weight decay, momentum), then exactly one descent, then what acts
 * on the change (averages, last). Throws a TypeError without links, at a link that is no stepper and at
 * any other order, which would mean something else. Without a descent it is a direction itself.
 *
 * ```ts
 * chain(clipByGlobalNorm(1), accumulate(0.9), descend(0.01));
 * ```
 */
export function chain<S extends readonly unknown[]>(
  ...parts: { [K in keyof S]: Stepper<S[K]> }
): Stepper<S> {
  const links = (parts as readonly unknown[]).map((part, i) =>
    expectStepper('chain', `link ${i + 1}`, part),
  );
  if (links.length === 0) throw new TypeError('chain: expected at least one stepper, got none');
  return {
    name: links.length === 1 ? links[0].name : `chain(${links.map((l) => l.name).join(', ')})`,
    kind: kindOfChain(links),
    settings: (params) =>
      links.map((link) => ({ name: link.name, settings: link.settings?.(params) ?? null })),
    init: (params) => links.map((link) => link.init(params)) as unknown as S,
    numbers: joinedNumbers(links),
    ...steps<S>(links),
    ...facts<S>(links),
  };
}

/** The numbers of the links, one after the other: asked for at every step, so by a plain loop. */
function joinedNumbers(links: readonly Stepper[]): (step: number) => readonly number[] {
  const numbered = links.filter((link) => link.numbers !== undefined);
  return (step) => {
    if (numbered.length === 1) return numbered[0].numbers?.(step) ?? [];
    const all: number[] = [];
    for (const link of numbered) {
      const numbers: unknown = link.numbers?.(step);
      if (!Array.isArray(numbers)) {
        throw refusal(
          'chain',
          `numbers of ${link.name} must return a list`,
          numbers,
          'write () => [rate]',
        );
      }
      for (const x of numbers) all.push(x);
    }
    return all;
  };
}

/** How a chain steps: as its links do, and as a search as soon as one of them searches. */
function steps<S extends readonly unknown[]>(
  links: readonly Stepper[],
): Pick<Stepper<S>, 'update' | 'step' | 'search'> {
  const isAfter = links.map((link) => kindOf(link) === 'after');
  const metricAfter = (i: number, states: readonly unknown[], numbersOf: NumbersOf) =>
    metricOf(links.slice(0, i), states, numbersOf);
  const seenBy = <P>(i: number, next: readonly unknown[], at: Point<P>): Point<P> => {
    if (!isAfter[i]) return at;
    const metric = metricAfter(i, next, numbersAt(at.step));
    return metric === undefined ? at : { ...at, metric };
  };
  const numbersAt =
    (step: number): NumbersOf =>
    (i) =>
      links[i].numbers?.(step) ?? [];

  function* search<P>(gradient: P, state: S, params: P, at: Point<P>): Search<P, S> {
    let change = gradient;
    const next: unknown[] = [];
    for (let i = 0; i < links.length; i++) {
      const place = seenBy(i, next, at);
      const pair = yield* searchStep(links[i], change, state[i], params, place);
      change = pair[0];
      next.push(pair[1]);
    }
    return [change, next as unknown as S];
  }
  if (links.some((link) => link.search)) return { search };

  function step<P>(gradient: P, state: S, params: P, at: Point<P>): readonly [P, S] {
    let change = gradient;
    const next: unknown[] = [];
    for (let i = 0; i < links.length; i++) {
      const pair = takeStep(links[i], change, state[i], params, seenBy(i, next, at));
      change = pair[0];
      next.push(pair[1]);
    }
    return [change, next as unknown as S];
  }
  if (!links.every((link) => link.update)) return { step };

  function update(
    gradient: Tree,
    state: S,
    params: Tree,
    numbers: readonly Operand[],
    at: FormulaPoint,
  ): readonly [Tree, unknown] {
    const share = shares(links, numbers);
    let change = gradient;
    const next: unknown[] = [];
    links.forEach((link, i) => {
      const metric = isAfter[i] ? metricAfter(i, next, share) : undefined;
      const place = metric === undefined ? at : { ...at, metric };
      const pair = link.update?.(change, state[i], params, share(i), place);
      [change] = pair as readonly [Tree, unknown];
      next.push(pair?.[1]);
    });
    return [change, next];
  }
  return { step, update };
}

/** What a chain says about itself, from what its links say. */
function facts<S extends readonly unknown[]>(links: readonly Stepper[]): Partial<Stepper<S>> {
  const some = (method: keyof Stepper) => links.some((link) => link[method] !== undefined);
  const last = <T>(tell: (link: Stepper, i: number) => T | undefined): T | undefined => {
    for (let i = links.length - 1; i >= 0; i--) {
      const told = tell(links[i], i);
      if (told !== undefined) return told;
    }
    return undefined;
  };
  const descent = links.findIndex((link) => kindOf(link) === 'descent');
  return {
    ...(some('whole') && { whole: true as const }),
    ...(some('rate') && { rate: (step: number) => last((link) => link.rate?.(step)) }),
    ...(some('learningRate') && {
      learningRate: (state: S) => last((link, i) => link.learningRate?.(state[i])),
    }),
    ...(some('answer') && {
      answer: <P>(state: S, params: P): P =>
        links.reduce((answer, link, i) => link.answer?.(state[i], answer) ?? answer, params),
    }),
    ...(some('penalty') && {
      penalty: (params: Tree) =>
        links.reduce<Operand>((sum, link) => {
          const more = link.penalty?.(params);
          return more === undefined ? sum : add(sum, more);
        }, 0),
    }),
    ...(some('stationarity') && {
      stationarity: (gradient: Tree, params: Tree) =>
        links.reduce((g, link) => link.stationarity?.(g, params) ?? g, gradient),
    }),
    ...(links[descent]?.metric && {
      metric: (state: S, numbers: readonly Operand[]) =>
        metricOf(links.slice(0, descent + 1), state, shares(links, numbers))?.() ?? 1,
    }),
  };
}

type NumbersOf = (link: number) => readonly Operand[];

/** Each link's share of a chain's numbers. */
function shares(links: readonly Stepper[], numbers: readonly Operand[]): NumbersOf {
  const counts = links.map((link) => link.numbers?.(0).length ?? 0);
  return (i) => {
    const from = counts.slice(0, i).reduce((sum, count) => sum + count, 0);
    return numbers.slice(from, from + counts[i]);
  };
}

/** By what links multiply together; undefined where their descent cannot tell. */
function metricOf(
  links: readonly Stepper[],
  states: readonly unknown[],
  numbersOf: NumbersOf,
): (() => Operand | Tree) | undefined {
  const descent = links.find((link) => kindOf(link) === 'descent');
  if (descent?.metric === undefined) return undefined;
  return () =>
    links
      .map((link, i) => link.metric?.(states[i], numbersOf(i)))
      .filter((factor) => factor !== undefined)
      .reduce(product, 1);
}

function product(a: Operand | Tree, b: Operand | Tree): Operand | Tree {
  if (a === 1) return b;
  if (isLeaf(a)) return isLeaf(b) ? mul(a, b) : each((x) => mul(a, x), b);
  return isLeaf(b) ? each((x) => mul(x, b), a) : each(mul, a, b);
}
