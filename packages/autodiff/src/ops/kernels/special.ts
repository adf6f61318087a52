/**
 * erf(x) = 2/√π ∫₀ˣ e^−t² dt. Taylor's series up to 1, Kummer's (all terms positive) up to 2.5, and
 * Laplace's continued fraction of erfc beyond (Abramowitz & Stegun 7.1.5, 7.1.6, 7.1.14).
 */
export function erfOf(x: number): number {
  const size = Math.abs(x);
  if (!(size < 6)) return Number.isNaN(x) ? x : Math.sign(x);
  if (size <= 1) return x === 0 ? x : taylor(x);
  const value = size <= 2.5 ? kummer(size) : 1 - complement(size);
  return x < 0 ? -value : value;
}

const twoOverRootPi = 2 / Math.sqrt(Math.PI);

function taylor(x: number): number {
  let power = x;
  let total = x;
  for (let n = 1; n < 30; n++) {
    power *= (-x * x) / n;
    total += power / (2 * n + 1);
  }
  return twoOverRootPi * total;
}

function kummer(x: number): number {
  let term = x;
  let total = x;
  for (let n = 1; term > total * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return twoOverRootPi * Math.exp(-x * x) * total;
}

function complement(x: number): number {
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * laplace(x));
}

/** e^−x² / (√π erfc x) for x ≥ 1: x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …))). */
function laplace(x: number): number {
  let fraction = x;
  // what is left after n terms is some e^(−4x √(n/2))
  for (let n = Math.ceil(20 + 200 / (x * x)); n > 0; n--) fraction = x + n / 2 / fraction;
  return fraction;
}

/** log Φ(x), Φ the normal distribution function; by Laplace's fraction below −√2, where Φ underflows. */
export function logNormalCdfOf(x: number): number {
  const size = Math.abs(x) / Math.SQRT2;
  if (!(size < Infinity)) return Math.min(x, 0);
  if (size < 1) return Math.log((1 + erfOf(x / Math.SQRT2)) / 2);
  const half = -(x * x) / 2; // size² would double the error of the division
  const scale = 2 * Math.sqrt(Math.PI) * laplace(size);
  return x > 0 ? Math.log1p(-Math.exp(half) / scale) : half - Math.log(scale);
}

/** φ(x)/Φ(x), the slope of log Φ: Laplace's fraction itself below −√2. */
export function inverseMillsOf(x: number): number {
  if (x <= -Math.SQRT2) return x === -Infinity ? Infinity : Math.SQRT2 * laplace(-x / Math.SQRT2);
  if (!(x < Infinity)) return Math.min(x, 0);
  return Math.exp((-x * x) / 2 - logNormalCdfOf(x)) / Math.sqrt(2 * Math.PI);
}

// ζ(k) − 1 for k = 2, 3, …
const zetaMinus1 = [
  0.6449340668482264, 0.2020569031595943, 0.08232323371113819, 0.03692775514336993,
  0.01734306198444914, 0.008349277381922827, 0.00407735619794434, 0.0020083928260822143,
  0.0009945751278180853, 0.0004941886041194645, 0.0002460865533080483, 0.00012271334757848915,
  6.124813505870483e-5, 3.058823630702049e-5, 1.528225940865187e-5, 7.637197637899763e-6,
  3.81729326499984e-6, 1.908212716553939e-6, 9.539620338727962e-7, 4.769329867878064e-7,
  2.38450502727733e-7, 1.1921992596531106e-7, 5.960818905125948e-8, 2.980350351465228e-8,
  1.4901554828365043e-8, 7.45071178983543e-9, 3.725334024788457e-9, 1.862659723513049e-9,
];
const eulerGamma = 0.5772156649015329;

/** B₂, B₄, … */
const bernoulli = [
  1 / 6,
  -1 / 30,
  1 / 42,
  -1 / 30,
  5 / 66,
  -691 / 2730,
  7 / 6,
  -3617 / 510,
  43867 / 798,
  -174611 / 330,
];

/**
 * log|Γ(x)|. Its Taylor series about 2 near the zeros at 1 and 2, the recurrence Γ(x + 1) = x Γ(x)
 * up to 10, Stirling's series beyond, reflection below ½ (A&S 6.1.33, 6.1.15, 6.1.41, 6.1.17).
 */
export function logGammaOf(x: number): number {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? x : Number.POSITIVE_INFINITY;
  if (x < 0.5) {
    if (Number.isInteger(x)) return Number.POSITIVE_INFINITY;
    return Math.log(Math.PI / Math.abs(sinPi(x))) - logGammaOf(1 - x);
  }
  if (x < 1.5) return aboutTwo(x - 1) - Math.log1p(x - 1);
  if (x >= 10) return stirling(x);
  let shift = 1;
  let at = x;
  while (at > 2.5) shift *= --at;
  return aboutTwo(at - 2) + Math.log(shift);
}

/** log Γ(2 + z) for |z| ≤ ½. */
function aboutTwo(z: number): number {
  let power = -z;
  let total = 0;
  for (let k = 0; k < zetaMinus1.length; k++) {
    power *= -z;
    total += (zetaMinus1[k] * power) / (k + 2);
  }
  return z * (1 - eulerGamma) + total;
}

function stirling(x: number): number {
  let total = 0;
  let power = x;
  for (let k = 0; k < bernoulli.length; k++) {
    total += bernoulli[k] / ((2 * k + 2) * (2 * k + 1) * power);
    power *= x * x;
  }
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + total;
}

// sin(πx) without losing the digits of a large x.
function sinPi(x: number): number {
  return Math.sin(Math.PI * (x - 2 * Math.round(x / 2)));
}

/**
 * The (order + 1)-th derivative of log Γ: digamma (0), trigamma (1), … By recurrence up to 15, then
 * the asymptotic series; reflection below 0 (A&S 6.4.6, 6.4.11, 6.4.7).
 */
export function polygammaOf(order: number, x: number): number {
  if (Number.isNaN(x) || x === Number.NEGATIVE_INFINITY) return Number.NaN;
  if (x <= 0 && Number.isInteger(x)) {
    if (order % 2 === 1) return Number.POSITIVE_INFINITY;
    return x === 0 ? -1 / x : Number.NaN;
  }
  if (x < 0) {
    const mirrored = polygammaOf(order, 1 - x);
    return (order % 2 === 0 ? mirrored : -mirrored) - Math.PI * cotangentDerivative(order, x);
  }
  const sign = order % 2 === 0 ? -1 : 1;
  let factorial = 1;
  for (let k = 2; k <= order; k++) factorial *= k;
  let total = 0;
  let at = x;
  for (; at < 15 + order; at++) total += sign * factorial * at ** -(order + 1);
  return total + asymptotic(order, at, sign, factorial);
}

function asymptotic(order: number, x: number, sign: number, factorial: number): number {
  const square = x * x;
  if (order === 0) {
    let total = Math.log(x) - 0.5 / x;
    let power = square;
    for (let k = 0; k < bernoulli.length; k++, power *= square) {
      total -= bernoulli[k] / ((2 * k + 2) * power);
    }
    return total;
  }
  // (m−1)!/xᵐ + m!/(2xᵐ⁺¹) + Σ B₂ₖ (2k+m−1)!/((2k)! x²ᵏ⁺ᵐ)
  let total = factorial / order / x ** order + factorial / 2 / x ** (order + 1);
  let ratio = (factorial * (order + 1)) / 2;
  for (let k = 1; k <= bernoulli.length; k++) {
    total += (bernoulli[k - 1] * ratio) / x ** (2 * k + order);
    ratio *= ((2 * k + order) * (2 * k + order + 1)) / ((2 * k + 1) * (2 * k + 2));
  }
  return sign * total;
}

/** The derivative of cot(πx) of an order: a polynomial in c = cot(πx), since c′ = −π(1 + c²). */
function cotangentDerivative(order: number, x: number): number {
  // Coefficients of 1, c, c², …
  let polynomial = [0, 1];
  for (let n = 0; n < order; n++) {
    const next = new Array<number>(polynomial.length + 1).fill(0);
    for (let k = 1; k < polynomial.length; k++) {
      const slope = -Math.PI * k * polynomial[k];
      next[k - 1] += slope;
      next[k + 1] += slope;
    }
    polynomial = next;
  }
  const c = 1 / Math.tan(Math.PI * (x - Math.round(x)));
  return polynomial.reduceRight((total, coefficient) => total * c + coefficient, 0);
}
