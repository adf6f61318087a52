/** A number in JSON, which has no −0, NaN and infinities: these are given by name. */
export type JsonNumber = number | '-0' | 'NaN' | 'Infinity' | '-Infinity';

/** Finite numbers as they are (JSON prints the shortest text that reads back to the same double). */
export function toJsonNumber(x: number): JsonNumber {
  if (Object.is(x, -0)) return '-0';
  return Number.isFinite(x) ? x : (String(x) as JsonNumber);
}

/** The same double, to the last bit. */
export function fromJsonNumber(x: JsonNumber): number {
  return typeof x === 'number' ? x : Number(x);
}
