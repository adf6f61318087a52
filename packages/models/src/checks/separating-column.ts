import { argument, listOf, option, required, text } from '@steepest/ground';
import { expectList } from '../expect.ts';
/** A column of raw or prepared numbers, by name. */
export interface NamedColumn {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

const namedColumn = option<NamedColumn>({
  expected: 'a column { name, values }',
  accepts: (x) => {
    const { name, values } = (x ?? {}) as Partial<NamedColumn>;
    const isList = Number.isSafeInteger(values?.length);
    const odd = Array.isArray(values) && values.some((value) => typeof value !== 'number');
    return typeof name === 'string' && isList && !odd;
  },
  sample: "{ name: 'a', values: [1, 2] }",
});

/**
 * A column one threshold on which tells a class from all others, in words; undefined if there is
 * none. The first that leaves a gap, or else one at whose threshold both sides may lie.
 *
 * ```ts
 * separatingColumn([{ name: 'x', values: [1, 2, 5] }], [0, 0, 1], ['no', 'yes'])?.column; // 'x'
 * ```
 */
export function separatingColumn(
  columns: readonly NamedColumn[],
  codes: ArrayLike<number>,
  classes: readonly string[],
): { readonly column: string; readonly message: string } | undefined {
  expectList('separatingColumn', 'codes', codes);
  argument('separatingColumn', 'columns', columns, required(listOf(namedColumn)));
  argument('separatingColumn', 'classes', classes, required(listOf(text())));
  for (const touching of [false, true]) {
    for (const { name, values } of columns) {
      for (let k = 0; k < classes.length; k++) {
        const ends = rangesOf(values, codes, k);
        const message = sentence(name, classes, k, ends, touching);
        if (message !== undefined) return { column: name, message };
        if (classes.length === 2) break;
      }
    }
  }
  return undefined;
}

interface Ranges {
  readonly within: readonly [low: number, high: number];
  readonly outside: readonly [low: number, high: number];
}

function rangesOf(values: ArrayLike<number>, codes: ArrayLike<number>, k: number): Ranges {
  const within: [number, number] = [Infinity, -Infinity];
  const outside: [number, number] = [Infinity, -Infinity];
  for (let i = 0; i < codes.length; i++) {
    const ends = codes[i] === k ? within : outside;
    if (values[i] < ends[0]) ends[0] = values[i];
    if (values[i] > ends[1]) ends[1] = values[i];
  }
  return { within, outside };
}

function sentence(
  column: string,
  classes: readonly string[],
  k: number,
  { within, outside }: Ranges,
  touching: boolean,
): string | undefined {
  if (within[0] > within[1] || outside[0] > outside[1]) return undefined; // a class without rows
  const spread = Math.max(within[1], outside[1]) > Math.min(within[0], outside[0]);
  const apart = (a: number, b: number) => (touching ? a <= b && spread : a < b);
  const others = classes.length === 2 ? `"${classes[1 - k]}"` : 'all others';
  const from = (below: string, low: number, above: string, high: number) =>
    `"${column}" alone separates them: it is at most ${short(low)} for ${below} and at least ${short(high)} for ${above}`;
  if (apart(within[1], outside[0])) return from(`"${classes[k]}"`, within[1], others, outside[0]);
  if (apart(outside[1], within[0])) return from(others, outside[1], `"${classes[k]}"`, within[0]);
  return undefined;
}

function short(x: number): string {
  return String(Number(x.toPrecision(6)));
}
