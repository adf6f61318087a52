import { reshape, slice } from '../src/index.ts';
import { asMatrix, type Ranked, shaped } from './ranked.ts';

/** `x[spec, …]`: an integer drops its axis, `["slice", from, to]` keeps it. */
export function indexed(x: Ranked, specs: readonly unknown[]): Ranked {
  const kept: number[] = [];
  const ranges = x.shape.map((size, i) => {
    const spec = specs[i];
    const fromEnd = (k: number) => (k < 0 ? k + size : k);
    if (typeof spec === 'number') return [fromEnd(spec), fromEnd(spec) + 1] as const;
    const [, from, to] = (spec ?? ['slice', null, null]) as [string, number | null, number | null];
    const range = [fromEnd(from ?? 0), fromEnd(to ?? size)] as const;
    kept.push(range[1] - range[0]);
    return range;
  });
  const part = slice(x.value, ranges[0] ?? [0, 1], ranges[1] ?? [0, 1]);
  return shaped(reshape(part, asMatrix(kept)), kept);
}
