import { mapBinary } from '../../primitive/map.ts';
import { FlatMatrix } from '../../values/flat-matrix.ts';

// The operations that gradients consist of have loops of their own: a call per entry through
// mapBinary, which serves every function, costs three times as much.

function sameShape(a: FlatMatrix, b: FlatMatrix): boolean {
  return a.rows === b.rows && a.columns === b.columns;
}

export function addEntries(a: FlatMatrix, b: FlatMatrix): FlatMatrix {
  if (!sameShape(a, b)) return mapBinary((x, y) => x + y, a, b);
  const result = new FlatMatrix(a.rows, a.columns);
  const [to, x, y] = [result.data, a.data, b.data];
  for (let k = 0; k < to.length; k++) to[k] = x[k] + y[k];
  return result;
}

export function subtractEntries(a: FlatMatrix, b: FlatMatrix): FlatMatrix {
  if (!sameShape(a, b)) return mapBinary((x, y) => x - y, a, b);
  const result = new FlatMatrix(a.rows, a.columns);
  const [to, x, y] = [result.data, a.data, b.data];
  for (let k = 0; k < to.length; k++) to[k] = x[k] - y[k];
  return result;
}

export function multiplyEntries(a: FlatMatrix, b: FlatMatrix): FlatMatrix {
  if (!sameShape(a, b)) return mapBinary((x, y) => x * y, a, b);
  const result = new FlatMatrix(a.rows, a.columns);
  const [to, x, y] = [result.data, a.data, b.data];
  for (let k = 0; k < to.length; k++) to[k] = x[k] * y[k];
  return result;
}

/** a · b, and 0 where either is exactly 0. */
export function zeroSafeProduct(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : a * b;
}

export function multiplyZeroSafe(a: FlatMatrix, b: FlatMatrix): FlatMatrix {
  if (!sameShape(a, b)) return mapBinary(zeroSafeProduct, a, b);
  const result = new FlatMatrix(a.rows, a.columns);
  const [to, x, y] = [result.data, a.data, b.data];
  for (let k = 0; k < to.length; k++) to[k] = x[k] === 0 || y[k] === 0 ? 0 : x[k] * y[k];
  return result;
}
