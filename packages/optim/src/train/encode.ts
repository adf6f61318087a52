import { FlatMatrix } from '@steepest/autodiff';
import { argument, isPlain, required, show, text } from '@steepest/ground';

/** What JSON can hold. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/**
 * Plain data (numbers, strings, booleans, null, matrices, arrays, plain objects) as JSON that gives
 * back every bit: matrices as base64 of their little-endian bytes, −0, NaN and ±∞ by name. Throws a
 * TypeError at anything else, naming its place.
 *
 * ```ts
 * decode(JSON.parse(JSON.stringify(encode({ w: new FlatMatrix(1, 1, [-0]) })))); // { w: [-0] }
 * ```
 */
export function encode(value: unknown, place = 'the value'): Json {
  return encoded(value, argument('encode', 'place', place, required(text())), 0);
}

/** No state is as deep: one that is holds itself. */
const deepest = 1000;

function tooDeep(operation: string): TypeError {
  return new TypeError(
    `${operation}: the value nests deeper than ${deepest} levels; does it hold itself?`,
  );
}

function encoded(value: unknown, place: string, depth: number): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') {
    if (Number.isFinite(value) && !Object.is(value, -0)) return value;
    return { $number: Object.is(value, -0) ? '-0' : String(value) };
  }
  if (value instanceof FlatMatrix) {
    return { $matrix: [value.rows, value.columns], base64: toBase64(value.data) };
  }
  if (depth > deepest) throw tooDeep('encode');
  if (Array.isArray(value)) {
    return value.map((item, i) => encoded(item, `${place}[${i}]`, depth + 1));
  }
  if (isPlain(value)) {
    const entries = Object.keys(value)
      .filter((key) => value[key] !== undefined)
      .map((key) => [key, encoded(value[key], `${place}.${key}`, depth + 1)] as const);
    // A key that JSON readers or this format treat specially is kept out of the object's keys.
    const special = entries.some(([key]) => key.startsWith('$') || key === '__proto__');
    return special ? { $entries: entries } : Object.fromEntries(entries);
  }
  throw new TypeError(
    `encode: ${place} is ${show(value)}, which is not plain data; state may hold numbers, strings, ` +
      'booleans, null, FlatMatrix, arrays and plain objects',
  );
}

/** What `encode` was given. Throws a TypeError where the JSON is not of its making. */
export function decode(json: unknown): unknown {
  return decoded(json, 0);
}

function decoded(json: unknown, depth: number): unknown {
  if (depth > deepest) throw tooDeep('decode');
  if (json === null || ['boolean', 'number', 'string'].includes(typeof json)) return json;
  if (Array.isArray(json)) return json.map((item) => decoded(item, depth + 1));
  if (!isPlain(json)) throw new TypeError(`decode: expected JSON, got ${show(json)}`);
  if ('$number' in json) return specialNumber(json.$number);
  if ('$matrix' in json) return matrix(json.$matrix, json.base64);
  if ('$entries' in json) return fromEntries(json.$entries, depth);
  return Object.fromEntries(Object.keys(json).map((key) => [key, decoded(json[key], depth + 1)]));
}

function specialNumber(name: unknown): number {
  if (name === '-0') return -0;
  if (name === 'NaN' || name === 'Infinity' || name === '-Infinity') return Number(name);
  throw new TypeError(
    `decode: $number must be '-0', 'NaN', 'Infinity' or '-Infinity', got ${show(name)}`,
  );
}

function matrix(size: unknown, base64: unknown): FlatMatrix {
  if (
    !Array.isArray(size) ||
    size.length !== 2 ||
    !size.every(isSize) ||
    typeof base64 !== 'string'
  ) {
    throw new TypeError(
      'decode: a matrix needs $matrix, [rows, columns] in whole numbers, and base64, a text',
    );
  }
  return new FlatMatrix(Number(size[0]), Number(size[1]), fromBase64(base64));
}

function fromEntries(entries: unknown, depth: number): unknown {
  if (!Array.isArray(entries)) throw new TypeError('decode: $entries must be a list');
  return Object.fromEntries(
    entries.map((entry: unknown) => {
      if (Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string') {
        return [entry[0], decoded(entry[1], depth + 1)] as const;
      }
      throw new TypeError('decode: an entry must be a pair of a key and a value');
    }),
  );
}

function isSize(n: unknown): n is number {
  return Number.isSafeInteger(n) && (n as number) >= 0;
}

const chunk = 0x2000;

function toBase64(data: Float64Array): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  let text = '';
  for (let i = 0; i < bytes.length; i += chunk) {
    text += String.fromCharCode(...bytes.subarray(i, i + chunk));
  }
  return btoa(text);
}

function fromBase64(base64: string): Float64Array {
  let text: string;
  try {
    text = atob(base64);
  } catch {
    throw new TypeError(`decode: the entries of a matrix must be base64, got ${show(base64)}`);
  }
  if (text.length % 8 !== 0) throw new TypeError('decode: a matrix is cut off');
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return new Float64Array(bytes.buffer);
}
