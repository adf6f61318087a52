import { argument, positive } from '@steepest/ground';
import { mul, neg, square, sub } from '../ops/arithmetic.ts';
import { mean } from '../ops/averages.ts';
import { exp } from '../ops/exponential.ts';
import { type Indices, pick } from '../ops/indexing.ts';
import { softplus } from '../ops/logistic.ts';
import { abs, minimum, relu } from '../ops/piecewise.ts';
import { logSoftmax } from '../ops/softmax.ts';
import { FlatMatrix } from '../values/flat-matrix.ts';
import { lift } from '../values/lift.ts';
import type { Concrete, Operand, Value } from '../values/operand.ts';
import { formatShape, ShapeError } from '../values/shape.ts';
import { checkTargets, counts, probabilities, signs, type Targets } from './targets.ts';

/** A loss of n×k predictions against n×k targets: the mean over all entries → 1×1. */
export interface Loss {
  (prediction: Concrete, target: Concrete): FlatMatrix;
  (prediction: Operand, target: Operand): Value;
}

/**
 * Rows stretching in silence turn n losses into n² (n×1 against 1×n): shapes must be equal. Targets
 * are checked where they are numbers; tracers and symbols have none to look at.
 */
function loss(
  name: string,
  entries: (prediction: Value, target: Value) => Value,
  targets?: Targets,
): Loss {
  return ((prediction: Operand, target: Operand) => {
    const p = lift(prediction, name);
    const t = lift(target, name);
    if (p.rows !== t.rows || p.columns !== t.columns) {
      throw new ShapeError(
        `${name}: the predictions are ${formatShape(p)}, the targets ${formatShape(t)}; ` +
          'they must have the same shape (reshape one of them)',
      );
    }
    if (targets !== undefined && t instanceof FlatMatrix) checkTargets(name, targets, t);
    return mean(entries(p, t));
  }) as Loss;
}

/** mean (p − y)². `squaredError(matmul(X, w), y)` */
export const squaredError: Loss = loss('squaredError', (p, y) => square(sub(p, y)));

/** mean |p − y|. `absoluteError(matmul(X, w), y)` */
export const absoluteError: Loss = loss('absoluteError', (p, y) => abs(sub(p, y)));

/**
 * mean log(1 + eᵗ) − y t: the negative log-likelihood of labels y in {0, 1} (or probabilities)
 * under logits t. Throws a RangeError at other targets. `logisticLoss(matmul(X, w), y)`
 */
export const logisticLoss: Loss = loss(
  'logisticLoss',
  (t, y) => sub(softplus(t), mul(y, t)),
  probabilities,
);

/**
 * mean eᵗ − y t: the negative log-likelihood of counts y under log-rates t, without the constant
 * log y!. Throws a RangeError at negative targets. `poissonLoss(matmul(X, w), y)`
 */
export const poissonLoss: Loss = loss('poissonLoss', (t, y) => sub(exp(t), mul(y, t)), counts);

/**
 * mean max(0, 1 − y t) for labels y in {−1, 1} and scores t. Throws a RangeError at other targets.
 * `hingeLoss(matmul(X, w), y)`
 */
export const hingeLoss: Loss = loss('hingeLoss', (t, y) => relu(sub(1, mul(y, t))), signs);

/**
 * Huber's loss (1964): r²/2 up to |r| = δ, then δ|r| − δ²/2. Written as m (|r| − m/2) with
 * m = min(|r|, δ).
 *
 * ```ts
 * huberLoss(1.5)(matmul(X, w), y);
 * ```
 */
export function huberLoss(delta = 1): Loss {
  argument('huberLoss', 'delta', delta, positive(1));
  return loss('huberLoss', (p, y) => {
    const size = abs(sub(p, y));
    const m = minimum(size, delta);
    return mul(m, sub(size, mul(0.5, m)));
  });
}

/**
 * The mean cross-entropy of integer classes (counted from 0) under logits n×K: −mean log
 * softmax(T)[i, class i].
 *
 * ```ts
 * crossEntropy(matmul(X, W), classes);
 * ```
 */
export const crossEntropy = ((logits: Operand, classes: Indices) =>
  neg(mean(pick(logSoftmax(logits, { axis: 1 }), classes)))) as {
  (logits: Concrete, classes: Indices): FlatMatrix;
  (logits: Operand, classes: Indices): Value;
};
