/** The objective along a search direction: φ(t) = f(x + t d), and its slope φ′(t). */
export interface Trial {
  readonly rate: number;
  readonly value: number;
  readonly slope: number;
}

/** c₁ and c₂ of the Wolfe conditions, and how many trials a search may take. */
export interface WolfeSettings {
  readonly decrease: number;
  readonly curvature: number;
  readonly trials: number;
}

// Near a minimum, values agree to the last digits and only slopes still tell the way: within this
// share of |φ(0)| a value counts as no larger (approximate Wolfe condition, Hager & Zhang, 2005).
const roundingShare = 1e-14;

/**
 * A rate t that satisfies the strong Wolfe conditions φ(t) ≤ φ(0) + c₁ t φ′(0), |φ′(t)| ≤ c₂|φ′(0)|
 * (Nocedal & Wright, 2006, algorithms 3.5 and 3.6), or, if the trials run out, the best one that
 * decreases φ; undefined if none does. Values that are not finite count as too far. Yields the rates
 * that it wants to try, and is given the trials.
 */
export function* strongWolfe<T extends Trial>(
  start: Trial,
  first: number,
  settings: WolfeSettings,
): Generator<number, T | undefined, T> {
  const slack = roundingShare * Math.abs(start.value);
  let best: T | undefined;
  let left = settings.trials;
  function* at(rate: number): Generator<number, T, T> {
    left--;
    const trial = yield rate;
    const better = trial.value < (best?.value ?? start.value);
    if (better && Number.isFinite(trial.slope)) best = trial;
    return trial;
  }
  const tooHigh = (t: Trial) =>
    !(t.value <= start.value + settings.decrease * t.rate * start.slope) &&
    !(t.value <= start.value + slack && t.slope <= (2 * settings.decrease - 1) * start.slope);
  const flat = (t: Trial) => Math.abs(t.slope) <= -settings.curvature * start.slope;

  // Between `low`, which decreases enough, and `high`, which does not or lies beyond a minimum.
  function* zoom(from: Trial, to: Trial): Generator<number, T | undefined, T> {
    let low = from;
    let high = to;
    while (left > 0) {
      const trial = yield* at(between(low, high));
      if (trial.rate === low.rate || trial.rate === high.rate) break;
      if (tooHigh(trial) || trial.value > low.value + slack) high = trial;
      else {
        if (flat(trial)) return trial;
        if (trial.slope * (high.rate - low.rate) >= 0) high = low;
        low = trial;
      }
    }
    return best;
  }

  let previous = start;
  let rate = first;
  while (left > 0) {
    const trial = yield* at(rate);
    if (tooHigh(trial) || !Number.isFinite(trial.slope)) return yield* zoom(previous, trial);
    if (previous !== start && trial.value > previous.value + slack)
      return yield* zoom(previous, trial);
    if (flat(trial)) return trial;
    if (trial.slope >= 0) return yield* zoom(trial, previous);
    rate = further(previous, trial);
    previous = trial;
  }
  return best;
}

/** Where the cubic through two trials is least, kept away from both ends. */
function between(a: Trial, b: Trial): number {
  const width = b.rate - a.rate;
  const guess = cubicMinimum(a, b);
  const margin = 0.1 * Math.abs(width);
  const lowest = Math.min(a.rate, b.rate) + margin;
  const highest = Math.max(a.rate, b.rate) - margin;
  if (guess >= lowest && guess <= highest) return guess;
  if (guess < lowest) return lowest;
  return guess > highest ? highest : a.rate + width / 2;
}

/** Beyond b, where the cubic through both is least; by growing strides, so that few are needed. */
function further(a: Trial, b: Trial): number {
  const width = b.rate - a.rate;
  const guess = cubicMinimum(a, b);
  if (!(guess > b.rate)) return b.rate + 4 * width;
  return Math.min(Math.max(guess, b.rate + 1.1 * width), b.rate + 9 * width);
}

// Nocedal & Wright, 2006, (3.59)
function cubicMinimum(a: Trial, b: Trial): number {
  const width = b.rate - a.rate;
  const d1 = a.slope + b.slope - (3 * (b.value - a.value)) / width;
  const d2 = Math.sign(width) * Math.sqrt(d1 * d1 - a.slope * b.slope);
  return b.rate - (width * (b.slope + d2 - d1)) / (b.slope - a.slope + 2 * d2);
}
