import { isCallable, refusal } from '@steepest/ground';
import type { Kind, Stepper } from '../stepper.ts';

/** Whether a value is a stepper, as far as can be seen from outside. */
export function isStepper(x: unknown): x is Stepper {
  const { name, init, update, step, search, ...rest } = (x ?? {}) as Partial<Stepper>;
  const steps = [update, step, search].filter((method) => method !== undefined);
  const {
    numbers,
    rate,
    learningRate,
    settings,
    answer,
    penalty,
    stationarity,
    reach,
    confirm,
    metric,
  } = rest;
  const optional = [
    numbers,
    rate,
    learningRate,
    answer,
    penalty,
    stationarity,
    reach,
    confirm,
    metric,
  ];
  return (
    typeof name === 'string' &&
    isCallable(init) &&
    steps.length > 0 &&
    [...steps, ...optional].every((method) => method === undefined || isCallable(method)) &&
    (settings === undefined || isCallable(settings))
  );
}

/** A stepper that was given to an operation as `what`, or an error that says what to write. */
export function expectStepper(operation: string, what: string, given: unknown): Stepper {
  if (isStepper(given)) {
    if (given.skip === undefined) return given;
    throw new TypeError(
      `${operation}: ${given.name} must go around the whole optimizer; write skipNotFinite(${operation}(…), …)`,
    );
  }
  throw refusal(operation, `${what} must be a stepper`, given, stepperAdvice(given));
}

/** What to write in the place of something that is no stepper. */
export function stepperAdvice(given: unknown): string {
  if (Array.isArray(given)) return 'pass steppers one by one, not in an array: chain(a, b)';
  if (typeof given === 'function') return `call it: ${given.name || 'adam'}({ … })`;
  return 'write a stepper such as adam({ rate: 0.01 })';
}

/** What a stepper does in a chain: a descent, unless it says otherwise. */
export function kindOf({ kind = 'descent' }: Stepper): Kind {
  return kind;
}

/** A stepper that makes a change by itself, or an error that says what is missing. */
export function expectDescent(operation: string, stepper: Stepper): Stepper {
  const kind = kindOf(stepper);
  if (kind === 'descent') return stepper;
  throw new TypeError(
    kind === 'direction'
      ? `${operation}: ${stepper.name} makes no step, only a direction; end it with a descent: ` +
          `chain(${stepper.name}, descend(0.01))`
      : `${operation}: ${stepper.name} only acts on a change that was made; put it behind a descent: ` +
          `chain(sgd({ rate: 0.1 }), ${stepper.name})`,
  );
}

/** A stepper that looks at no other place, or an error: its search would see the wrong objective. */
export function expectNoSearch(operation: string, stepper: Stepper, reason: string): void {
  if (stepper.search === undefined) return;
  throw new TypeError(
    `${operation}: ${stepper.name} searches, and ${reason}; use an optimizer with a rate, such as ` +
      'adam({ rate: 0.01 })',
  );
}

/**
 * What a chain of these links does as a whole. Throws a TypeError where their order means something
 * else than it says: two descents, a direction behind the descent, a link before it that acts on
 * the change, an average that is not last.
 */
export function kindOfChain(links: readonly Stepper[]): Kind {
  const first = kindOf(links[0]);
  let kind: Kind = first === 'after' ? 'after' : 'direction';
  let descent: Stepper | undefined;
  let average: Stepper | undefined;
  for (const link of links) {
    const next = kindOf(link);
    if (average !== undefined) {
      throw new TypeError(
        `chain: ${average.name} hands out an average and must be the last link, but ${link.name} ` +
          'comes after it; put it at the end',
      );
    }
    if (next === 'direction' && kind !== 'direction') {
      throw new TypeError(
        `chain: ${link.name} acts on the gradient, but stands behind ` +
          `${descent?.name ?? links[0].name}, which ${descent === undefined ? 'acts on' : 'makes'} ` +
          'the change; put it before',
      );
    }
    if (next === 'descent') {
      if (descent !== undefined) {
        throw new TypeError(
          `chain: ${descent.name} and ${link.name} both make a step, and a chain makes one; keep one ` +
            'of them, or take the other one’s direction (accumulate for momentum, byMoments for adam)',
        );
      }
      if (kind === 'after') {
        throw new TypeError(
          `chain: ${links[0].name} acts on the change, but ${link.name}, which makes it, stands ` +
            'behind it; put it after',
        );
      }
      descent = link;
      kind = 'descent';
    }
    if (next === 'after' && kind === 'direction') {
      throw new TypeError(
        `chain: ${link.name} acts on the change, but no link before it makes one; put a descent ` +
          'before it: descend(0.01)',
      );
    }
    if (link.answer !== undefined) average = link;
  }
  return kind;
}
