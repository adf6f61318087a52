import { isPlain } from '@steepest/ground';
import type { Stepper } from '../stepper.ts';
import { encode, type Json } from './encode.ts';

/** Steps at which the numbers of two optimizers are compared: schedules cannot be, but their values. */
const sampled = [0, 1, 2, 5, 10, 100, 1000, 10_000, 100_000];

/** Everything that an optimizer's steps depend on, as JSON. */
export function settingsOf(optimizer: Stepper, params: unknown): Json {
  return {
    settings: optimizer.settings?.(params) ?? null,
    numbers: sampled.map((step) => numbersAt(optimizer, step)),
  };
}

function numbersAt(optimizer: Stepper, step: number): Json {
  try {
    return encode(optimizer.numbers?.(step) ?? []);
  } catch {
    // A schedule may well end before the step.
    return [];
  }
}

/** Where two optimizers of one name differ: undefined, or a sentence. */
export function otherSettings(saved: Json, here: Json): string | undefined {
  const [a, b] = [saved, here].map((x) => (isPlain(x) ? x : {}) as Record<string, Json>);
  const setting = difference(a.settings, b.settings, '');
  if (setting !== undefined) return setting;
  for (const [i, step] of sampled.entries()) {
    const [x, y] = [a.numbers, b.numbers].map((list) => (list as Json[][])?.[i] ?? []);
    const k = x.findIndex((number, k) => JSON.stringify(number) !== JSON.stringify(y[k]));
    if (k >= 0)
      return `its rate (or another number) at step ${step} is ${x[k]}, here it is ${y[k]}`;
  }
  return undefined;
}

function difference(a: Json | undefined, b: Json | undefined, place: string): string | undefined {
  if (JSON.stringify(a) === JSON.stringify(b)) return undefined;
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) {
    return first(a.keys(), (i) => difference(a[i], b[i], place));
  }
  if (isPlain(a) && isPlain(b)) {
    // A link of a chain stands under its name, which says more than its number.
    const name = a.name === b.name && typeof a.name === 'string' ? a.name : undefined;
    return first(Object.keys({ ...a, ...b }), (key) => {
      const inside = name !== undefined && key === 'settings' ? name : key;
      const below = place === '' ? inside : `${place}.${inside}`;
      return difference(a[key] as Json, b[key] as Json, below);
    });
  }
  return `its ${place} is ${JSON.stringify(a)}, here it is ${JSON.stringify(b)}`;
}

function first<T>(items: Iterable<T>, find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
