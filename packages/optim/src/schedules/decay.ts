import {
  argument,
  boolean,
  nonNegative,
  positive,
  required,
  type Spec,
  settle,
  wholeNumber,
} from '@steepest/ground';
import type { Schedule } from './schedule.ts';

/**
 * The same rate at every step: η(t) = rate. Throws a RangeError unless rate ≥ 0.
 *
 * ```ts
 * constant(0.1)(1000); // 0.1
 * ```
 */
export function constant(rate: number): Schedule {
  rateOf('constant', rate);
  return () => rate;
}

/** From one rate to another, in so many steps. */
export interface LinearSettings {
  readonly from: number;
  readonly to: number;
  readonly steps: number;
}

const linearSpec = {
  from: required(nonNegative()),
  to: required(nonNegative()),
  steps: required(wholeNumber(1, 100)),
} satisfies Spec<LinearSettings>;

/**
 * A straight line from one rate to another, then level:
 * η(t) = from + (to − from) · min(t, steps)/steps.
 *
 * ```ts
 * linear({ from: 0, to: 0.1, steps: 5 })(1); // 0.02
 * ```
 */
export function linear(line: LinearSettings): Schedule {
  return curveOf({ ...settle('linear', line, linearSpec), power: 1, begin: 0 });
}

/** The same, bent by a power, after a level beginning (0 steps unless given). */
export interface PolynomialSettings extends LinearSettings {
  readonly power: number;
  readonly begin?: number | undefined;
}

const polynomialSpec = {
  ...linearSpec,
  power: required(positive(2)),
  begin: wholeNumber(0, 0),
} satisfies Spec<PolynomialSettings>;

/**
 * A power of the remaining way, then level (Optax, polynomial_schedule):
 * η(t) = (from − to)(1 − min(max(t − begin, 0), steps)/steps)^power + to.
 *
 * ```ts
 * polynomial({ from: 1, to: 0, power: 2, steps: 10 })(5); // 0.25
 * ```
 */
export function polynomial(curve: PolynomialSettings): Schedule {
  return curveOf(settle('polynomial', curve, polynomialSpec));
}

function curveOf(curve: PolynomialSettings & { readonly begin: number }): Schedule {
  const { from, to, power, steps, begin } = curve;
  return (step) => {
    const done = Math.min(Math.max(step - begin, 0), steps);
    return (from - to) * (1 - done / steps) ** power + to;
  };
}

/** A factor for every so many steps (1), after a level beginning (0), smoothly or in stairs. */
export interface ExponentialSettings {
  readonly factor: number;
  readonly steps?: number | undefined;
  readonly begin?: number | undefined;
  readonly stairs?: boolean | undefined;
  readonly limit?: number | undefined;
}

const exponentialSpec = {
  factor: required(positive(0.5)),
  steps: wholeNumber(1, 1),
  begin: wholeNumber(0, 0),
  stairs: boolean(false),
  limit: nonNegative(),
} satisfies Spec<ExponentialSettings>;

/**
 * Falls by `factor` every `steps` steps, smoothly, or in stairs; never beyond `limit`
 * (Optax, exponential_decay; with steps = 1 also PyTorch's ExponentialLR):
 * η(t) = rate · factor^((t − begin)/steps), the exponent rounded down for stairs.
 *
 * ```ts
 * exponential(1, { factor: 0.5, steps: 10 })(20); // 0.25
 * ```
 */
export function exponential(rate: number, decay: ExponentialSettings): Schedule {
  rateOf('exponential', rate);
  const { factor, steps, begin, stairs, limit } = settle('exponential', decay, exponentialSpec);
  return (step) => {
    if (step <= begin) return rate;
    const exponent = (step - begin) / steps;
    const value = rate * factor ** (stairs ? Math.floor(exponent) : exponent);
    if (limit === undefined) return value;
    return factor < 1 ? Math.max(value, limit) : Math.min(value, limit);
  };
}

/** A factor for every so many steps. */
export interface StairsSettings {
  readonly every: number;
  readonly factor: number;
}

const stairsSpec = {
  every: required(wholeNumber(1, 30)),
  factor: required(positive(0.1)),
} satisfies Spec<StairsSettings>;

/**
 * Stairs: the rate is multiplied by `factor` every `every` steps (PyTorch, StepLR):
 * η(t) = rate · factor^⌊t/every⌋.
 *
 * ```ts
 * stairs(1, { every: 10, factor: 0.1 })(25); // 0.01
 * ```
 */
export function stairs(rate: number, fall: StairsSettings): Schedule {
  rateOf('stairs', rate);
  const { factor, every } = settle('stairs', fall, stairsSpec);
  return exponential(rate, { factor, steps: every, stairs: true });
}

/** How fast the rate falls (1), in units of so many steps (1). */
export interface InverseSettings {
  readonly decay?: number | undefined;
  readonly steps?: number | undefined;
}

const inverseSpec = {
  decay: nonNegative(1),
  steps: wholeNumber(1, 1),
} satisfies Spec<InverseSettings>;

/**
 * Falls like 1/t: η(t) = rate / (1 + decay · t/steps), which lets stochastic gradient descent
 * converge (Robbins & Monro, 1951; this form: Bottou, 2012).
 *
 * ```ts
 * inverseTime(1, { decay: 0.5 })(2); // 0.5
 * ```
 */
export function inverseTime(rate: number, fall: InverseSettings = {}): Schedule {
  rateOf('inverseTime', rate);
  const { decay, steps } = settle('inverseTime', fall, inverseSpec);
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
export function inverseSqrt(rate: number, fall: InverseSettings = {}): Schedule {
  rateOf('inverseSqrt', rate);
  const { decay, steps } = settle('inverseSqrt', fall, inverseSpec);
  return (step) => rate / Math.sqrt(1 + (decay * step) / steps);
}

/** The steps of half a wave, and the share of the rate at its end (0). */
export interface CosineSettings {
  readonly steps: number;
  readonly alpha?: number | undefined;
}

const cosineSpec = {
  steps: required(wholeNumber(1, 100)),
  alpha: nonNegative(0),
} satisfies Spec<CosineSettings>;

/**
 * Half a cosine from `rate` to alpha · rate, then level (Loshchilov & Hutter, 2017; Optax,
 * cosine_decay_schedule): η(t) = rate ((1 − alpha) ½(1 + cos(π min(t, steps)/steps)) + alpha).
 *
 * ```ts
 * cosine(0.1, { steps: 20 })(10); // 0.05
 * ```
 */
export function cosine(rate: number, wave: CosineSettings): Schedule {
  rateOf('cosine', rate);
  const { steps, alpha } = settle('cosine', wave, cosineSpec);
  return (step) => {
    const fall = 0.5 * (1 + Math.cos((Math.PI * Math.min(step, steps)) / steps));
    return rate * ((1 - alpha) * fall + alpha);
  };
}

function rateOf(operation: string, rate: number): number {
  return argument(operation, 'rate', rate, required(nonNegative(0.1)));
}
