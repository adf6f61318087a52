import { nonNegative, positive, wholeNumber } from '../checks.ts';
import { knownOptions } from '../known-options.ts';
import type { Schedule } from './schedule.ts';

/**
 * The same rate at every step: η(t) = rate. Throws a RangeError unless rate ≥ 0.
 *
 * ```ts
 * constant(0.1)(1000); // 0.1
 * ```
 */
export function constant(rate: number): Schedule {
  nonNegative('constant', 'rate', rate);
  return () => rate;
}

/**
 * A straight line from one rate to another, then level:
 * η(t) = from + (to − from) · min(t, steps)/steps.
 *
 * ```ts
 * linear({ from: 0, to: 0.1, steps: 5 })(1); // 0.02
 * ```
 */
export function linear(line: { from: number; to: number; steps: number }): Schedule {
  knownOptions('linear', line, { from: true, to: true, steps: true });
  return polynomial({ ...line, power: 1 });
}

/**
 * A power of the remaining way, then level (Optax, polynomial_schedule):
 * η(t) = (from − to)(1 − min(max(t − begin, 0), steps)/steps)^power + to.
 *
 * ```ts
 * polynomial({ from: 1, to: 0, power: 2, steps: 10 })(5); // 0.25
 * ```
 */
export function polynomial(curve: {
  from: number;
  to: number;
  power: number;
  steps: number;
  begin?: number;
}): Schedule {
  const known = { from: true, to: true, power: true, steps: true, begin: true } as const;
  knownOptions('polynomial', curve, known);
  const { from, to, power, steps, begin = 0 } = curve;
  nonNegative('polynomial', 'from', from);
  nonNegative('polynomial', 'to', to);
  positive('polynomial', 'power', power);
  wholeNumber('polynomial', 'steps', steps);
  wholeNumber('polynomial', 'begin', begin, 0);
  return (step) => {
    const done = Math.min(Math.max(step - begin, 0), steps);
    return (from - to) * (1 - done / steps) ** power + to;
  };
}

/**
 * Falls by `factor` every `steps` steps, smoothly, or in stairs; never beyond `limit`
 * (Optax, exponential_decay; with steps = 1 also PyTorch's ExponentialLR):
 * η(t) = rate · factor^((t − begin)/steps), the exponent rounded down for stairs.
 *
 * ```ts
 * exponential(1, { factor: 0.5, steps: 10 })(20); // 0.25
 * ```
 */
export function exponential(
  rate: number,
  decay: { factor: number; steps?: number; begin?: number; stairs?: boolean; limit?: number },
): Schedule {
  const known = { factor: true, steps: true, begin: true, stairs: true, limit: true } as const;
  knownOptions('exponential', decay, known);
  const { factor, steps = 1, begin = 0, stairs = false, limit } = decay;
  nonNegative('exponential', 'rate', rate);
  positive('exponential', 'factor', factor);
  wholeNumber('exponential', 'steps', steps);
  wholeNumber('exponential', 'begin', begin, 0);
  return (step) => {
    if (step <= begin) return rate;
    const exponent = (step - begin) / steps;
    const value = rate * factor ** (stairs ? Math.floor(exponent) : exponent);
    if (limit === undefined) return value;
    return factor < 1 ? Math.max(value, limit) : Math.min(value, limit);
  };
}

/**
 * Stairs: the rate is multiplied by `factor` every `every` steps (PyTorch, StepLR):
 * η(t) = rate · factor^⌊t/every⌋.
 *
 * ```ts
 * stairs(1, { every: 10, factor: 0.1 })(25); // 0.01
 * ```
 */
export function stairs(rate: number, fall: { every: number; factor: number }): Schedule {
  knownOptions('stairs', fall, { every: true, factor: true });
  wholeNumber('stairs', 'every', fall.every);
  return exponential(rate, { factor: fall.factor, steps: fall.every, stairs: true });
}

/**
 * Falls like 1/t: η(t) = rate / (1 + decay · t/steps), which lets stochastic gradient descent
 * converge (Robbins & Monro, 1951; this form: Bottou, 2012).
 *
 * ```ts
 * inverseTime(1, { decay: 0.5 })(2); // 0.5
 * ```
 */
export function inverseTime(rate: number, fall: { decay?: number; steps?: number } = {}): Schedule {
  knownOptions('inverseTime', fall, { decay: true, steps: true });
  const { decay = 1, steps = 1 } = fall;
  nonNegative('inverseTime', 'rate', rate);
  nonNegative('inverseTime', 'decay', decay);
  wholeNumber('inverseTime', 'steps', steps);
  return (step) => rate / (1 + (decay * step) / steps);
}

/**
 * Falls like 1/√t: η(t) = rate / √(1 + decay · t/steps), the rate of online learning
 * (Zinkevich, 2003).
 *
 * ```ts
 * inverseSqrt(1)(3); // 0.5
 * ```
 */
export function inverseSqrt(rate: number, fall: { decay?: number; steps?: number } = {}): Schedule {
  knownOptions('inverseSqrt', fall, { decay: true, steps: true });
  const { decay = 1, steps = 1 } = fall;
  nonNegative('inverseSqrt', 'rate', rate);
  nonNegative('inverseSqrt', 'decay', decay);
  wholeNumber('inverseSqrt', 'steps', steps);
  return (step) => rate / Math.sqrt(1 + (decay * step) / steps);
}

/**
 * Half a cosine from `rate` to alpha · rate, then level (Loshchilov & Hutter, 2017; Optax,
 * cosine_decay_schedule): η(t) = rate ((1 − alpha) ½(1 + cos(π min(t, steps)/steps)) + alpha).
 *
 * ```ts
 * cosine(0.1, { steps: 20 })(10); // 0.05
 * ```
 */
export function cosine(rate: number, wave: { steps: number; alpha?: number }): Schedule {
  knownOptions('cosine', wave, { steps: true, alpha: true });
  const { steps, alpha = 0 } = wave;
  nonNegative('cosine', 'rate', rate);
  nonNegative('cosine', 'alpha', alpha);
  wholeNumber('cosine', 'steps', steps);
  return (step) => {
    const fall = 0.5 * (1 + Math.cos((Math.PI * Math.min(step, steps)) / steps));
    return rate * ((1 - alpha) * fall + alpha);
  };
}
