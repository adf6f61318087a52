import { FlatMatrix, matmulLeft } from '@steepest/autodiff';

/** The summed softmax loss, class 0 scoring 0, with its derivatives over the entries of theta. */
export interface Curvature {
  readonly gradient: FlatMatrix;
  readonly hessian: FlatMatrix;
}

/** Columns of mean 0 and deviation 1 (after a column of ones, with an intercept) without constants. */
export function standardizedRows(x: FlatMatrix, intercept: boolean): FlatMatrix {
  const { rows, columns, data } = x;
  const kept: { j: number; mean: number; deviation: number }[] = [];
  for (let j = 0; j < columns; j++) {
    let mean = 0;
    if (intercept) for (let i = 0; i < rows; i++) mean += data[i * columns + j] / rows;
    let square = 0;
    for (let i = 0; i < rows; i++) square += (data[i * columns + j] - mean) ** 2;
    const deviation = Math.sqrt(square / rows);
    if (deviation > 1e-13 * Math.abs(mean)) kept.push({ j, mean, deviation });
  }
  const first = intercept ? 1 : 0;
  const result = new FlatMatrix(rows, kept.length + first);
  for (let i = 0, to = 0; i < rows; i++) {
    if (intercept) result.data[to++] = 1;
    for (const { j, mean, deviation } of kept) {
      result.data[to++] = (data[i * columns + j] - mean) / deviation;
    }
  }
  return result;
}

/** Σ [log(1 + Σₖ e^tₖ) − t_y] for scores n×(K−1), class 0 having score 0. */
export function lossOf(scores: FlatMatrix, y: readonly number[]): number {
  const { columns, data } = scores;
  let loss = 0;
  for (let i = 0; i < y.length; i++) {
    let top = 0;
    for (let a = 0; a < columns; a++) top = Math.max(top, data[i * columns + a]);
    let total = Math.exp(-top);
    for (let a = 0; a < columns; a++) total += Math.exp(data[i * columns + a] - top);
    loss += top + Math.log(total) - (y[i] === 0 ? 0 : data[i * columns + y[i] - 1]);
  }
  return loss;
}

/** Gradient Xᵀ(P − Y) and Hessian Σ xxᵀ ⊗ (diag p − ppᵀ); entry (j, a) of theta is j (K−1) + a. */
export function curvatureOf(x: FlatMatrix, scores: FlatMatrix, y: readonly number[]): Curvature {
  const others = scores.columns;
  const p = probabilities(scores);
  const residual = new FlatMatrix(p.rows, others, p.data.slice());
  for (let i = 0; i < p.rows; i++) if (y[i] > 0) residual.data[i * others + y[i] - 1] -= 1;
  const gradient = matmulLeft(x, residual);
  const hessian = new FlatMatrix(x.columns * others, x.columns * others);
  for (let a = 0; a < others; a++) {
    for (let b = a; b < others; b++) {
      const block = matmulLeft(x, weighted(x, p, a, b));
      for (let j = 0; j < x.columns; j++) {
        for (let l = 0; l < x.columns; l++) {
          const value = block.get(j, l);
          hessian.set(j * others + a, l * others + b, value);
          hessian.set(l * others + b, j * others + a, value);
        }
      }
    }
  }
  return { gradient: new FlatMatrix(x.columns * others, 1, gradient.data), hessian };
}

function probabilities(scores: FlatMatrix): FlatMatrix {
  const { rows, columns, data } = scores;
  const p = new FlatMatrix(rows, columns);
  for (let i = 0; i < rows; i++) {
    let top = 0;
    for (let a = 0; a < columns; a++) top = Math.max(top, data[i * columns + a]);
    let total = Math.exp(-top);
    for (let a = 0; a < columns; a++) total += Math.exp(data[i * columns + a] - top);
    for (let a = 0; a < columns; a++) {
      p.data[i * columns + a] = Math.exp(data[i * columns + a] - top) / total;
    }
  }
  return p;
}

function weighted(x: FlatMatrix, p: FlatMatrix, a: number, b: number): FlatMatrix {
  const result = new FlatMatrix(x.rows, x.columns, x.data.slice());
  for (let i = 0; i < x.rows; i++) {
    const pa = p.data[i * p.columns + a];
    const weight = a === b ? pa * oneMinus(p, i, a) : -pa * p.data[i * p.columns + b];
    for (let j = 0; j < x.columns; j++) result.data[i * x.columns + j] *= weight;
  }
  return result;
}

/** 1 − p_a as the sum of all other classes, which keeps its digits where p_a is nearly 1. */
function oneMinus(p: FlatMatrix, i: number, a: number): number {
  let others = 0;
  let total = 0;
  for (let b = 0; b < p.columns; b++) {
    total += p.data[i * p.columns + b];
    if (b !== a) others += p.data[i * p.columns + b];
  }
  return others + Math.max(0, 1 - total);
}
