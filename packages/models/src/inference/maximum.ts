import { applyQ, pivotedQr, solveR } from '@steepest/optim/linear-algebra';
import { scaleColumns } from '../exact/design.ts';
import { RowwiseQr } from '../solve/block-qr.ts';
import { lowerRoot } from '../solve/sums.ts';
import { type AtPoint, at, countOf, entryOf, freeOf, type Sample, sizeOf } from './sample.ts';

/** A maximum of likelihood, and (AᵀWA)⁻¹ there, row by row, W the expected information. */
export interface Maximum extends AtPoint {
  readonly inverse: Float64Array;
}

/** A condition on the coefficients: direction · theta = value. */
export interface Fixed {
  readonly direction: Float64Array;
  readonly value: number;
}

/** A step of Fisher scoring, and its length in standard errors. */
interface Scoring {
  readonly step: Float64Array;
  readonly size: number;
  readonly inverse: Float64Array;
}

const mostRounds = 100;

/**
 * The maximum by Fisher scoring, which is Newton's method for canonical families; from a point near by it
 * takes two or three rounds. Each is a weighted least-squares problem min ‖√W (A δ − slope/W)‖ by QR, so
 * that A's condition number is not squared; steps that would raise the loss are halved.
 */
export function maximum(
  operation: string,
  sample: Sample,
  start: Float64Array,
  fixed?: Fixed,
): Maximum {
  let here = at(sample, start);
  let last = Infinity;
  for (let round = 0; ; round++) {
    const free = scoring(operation, sample, here);
    const { step, size, inverse } = fixed === undefined ? free : held(free, here.theta, fixed);
    // Near it each round is far shorter than the one before, until only rounding moves.
    const near = sample.family.quadratic === true || size < 1e-3;
    if (size <= 1e-14 || (near && !(size < last / 2))) return { ...here, inverse };
    if (round === mostRounds) {
      throw new RangeError(
        `${operation}: no maximum of likelihood was found in ${mostRounds} rounds; is there a finite one?`,
      );
    }
    const from = here;
    // A move of so few standard errors changes nothing of the inverse, and the next one nothing at all.
    if (fixed === undefined && size <= 1e-10 * unitOf(sample, from)) {
      return { ...at(sample, moved(from.theta, step, 1)), inverse };
    }
    last = size;
    let rate = 1;
    do {
      here = at(sample, moved(from.theta, step, rate));
      rate /= 2;
    } while (!near && !(here.loss <= from.loss + rising(from, fixed)) && rate > 1e-9);
  }
}

/** The standard deviation of a loss's slopes: 1 where no scale is estimated. */
function unitOf(sample: Sample, { loss }: AtPoint): number {
  return sample.family.quadratic ? Math.sqrt((2 * loss) / countOf(sample)) : 1;
}

/** To meet a condition the loss may rise in the first round: then any finite one will do. */
function rising({ theta, loss }: AtPoint, fixed: Fixed | undefined): number {
  if (fixed === undefined) return 1e-12 * Math.abs(loss);
  const gap = Math.abs(dot(fixed.direction, theta) - fixed.value);
  return gap > 1e-9 * (1 + Math.abs(fixed.value)) ? Number.MAX_VALUE : 1e-12 * Math.abs(loss);
}

function moved(theta: Float64Array, step: Float64Array, rate: number): Float64Array {
  return theta.map((value, j) => value + rate * step[j]);
}

/** The step among those that meet the condition: δ + M c (value − c·(θ + δ)) / (cᵀM c), M the inverse. */
function held(
  { step, size, inverse }: Scoring,
  theta: Float64Array,
  { direction, value }: Fixed,
): Scoring {
  const along = times(inverse, direction);
  const spread = dot(direction, along);
  const gap = value - dot(direction, theta) - dot(direction, step);
  const total = step.map((change, j) => change + (along[j] * gap) / spread);
  // What is left of the step without the condition: towards it, and along it.
  const toward = (gap + dot(direction, step)) / Math.sqrt(spread);
  const rest = size * size - dot(direction, step) ** 2 / spread;
  return { step: total, size: Math.hypot(toward, Math.sqrt(Math.max(0, rest))), inverse };
}

/** M v for a square M, row by row. */
export function times(m: Float64Array, v: ArrayLike<number>): Float64Array {
  const size = v.length;
  const result = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) result[i] += m[i * size + j] * v[j];
  }
  return result;
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j] * b[j];
  return sum;
}

function scoring(operation: string, sample: Sample, here: AtPoint): Scoring {
  const [free, one] = [freeOf(sample), sizeOf(sample)];
  const size = free * one;
  const { slopes, information } = here;
  const { frequency } = sample;
  const qr = new RowwiseQr(size + 1);
  const root = new Float64Array(free * free);
  const right = new Float64Array(free);
  const row = new Float64Array(one);
  for (let i = 0; i < sample.x.rows; i++) {
    const weight = Math.sqrt(frequency?.[i] ?? 1);
    const from = i * free * free;
    lowerRoot(root, free, (f, g) => information[from + f * free + g]);
    // L right = −slope: with A = Lᵀ ⊗ x the normal equations are those of the likelihood.
    for (let f = 0; f < free; f++) {
      let sum = -slopes[i * free + f];
      for (let k = 0; k < f; k++) sum -= root[f * free + k] * right[k];
      // A row without curvature has no say; 0/0 must not spread.
      right[f] = root[f * free + f] === 0 ? 0 : sum / root[f * free + f];
    }
    for (let j = 0; j < one; j++) row[j] = weight * entryOf(sample, i, j);
    for (let f = 0; f < free; f++) {
      qr.add((k) => {
        if (k === size) return weight * right[f];
        if (free === 1) return root[0] * row[k];
        const g = Math.floor(k / one);
        return root[g * free + f] * row[k - g * one];
      });
    }
  }
  return solved(operation, qr, size);
}

/** The step and the inverse from R of [√W A | √W slope/W]. */
function solved(operation: string, rows: RowwiseQr, size: number): Scoring {
  const whole = rows.r();
  const data = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    data.set(whole.data.subarray(j * whole.rows, j * whole.rows + size), j * size);
  }
  const right = whole.data.slice(size * whole.rows, size * whole.rows + size);
  const matrix = { data, rows: size, columns: size };
  const lengths = scaleColumns(matrix);
  const qr = pivotedQr(matrix);
  if (qr.rank < size) {
    throw new RangeError(
      `${operation}: ${size} coefficients, but the rows tell only ${qr.rank} apart; leave dependent columns out`,
    );
  }
  const length = Math.hypot(...right);
  applyQ(qr, right);
  const step = new Float64Array(size);
  solveR(qr, right).forEach((value, k) => {
    step[qr.pivots[k]] = value / lengths[qr.pivots[k]];
  });
  const inverse = new Float64Array(size * size);
  for (let k = 0; k < size; k++) {
    const unit = new Float64Array(size);
    unit[k] = 1;
    const column = solveR(qr, unit);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        inverse[qr.pivots[i] * size + qr.pivots[j]] += column[i] * column[j];
      }
    }
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) inverse[i * size + j] /= lengths[i] * lengths[j];
  }
  return { step, size: length, inverse };
}
