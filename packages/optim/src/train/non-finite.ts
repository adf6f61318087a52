import { leavesOf, type Tree, toFlatMatrix } from '@steepest/autodiff';
import { short } from './format.ts';
import type { Ending } from './reasons.ts';

/** The place of the first entry that is NaN or infinite. */
export interface BadEntry {
  readonly path: string;
  readonly value: number;
}

export function firstBadEntry(tree: Tree): BadEntry | undefined {
  for (const { path, leaf } of leavesOf(tree)) {
    const value = toFlatMatrix(leaf).data.find((x) => !Number.isFinite(x));
    if (value !== undefined) return { path, value };
  }
  return undefined;
}

/** The ending 'nonFinite', naming what went wrong, where, at which step and rate. */
export function nonFinite(found: {
  readonly value: number;
  readonly gradient: Tree;
  readonly params: Tree;
  readonly step: number;
  readonly rate: number | undefined;
}): Ending {
  const { value, step, rate } = found;
  const inParams = firstBadEntry(found.params);
  const inGradient = firstBadEntry(found.gradient);
  let what = `the loss is ${value}`;
  if (inParams !== undefined)
    what = `${inParams.path === '' ? '' : 'the parameter '}${name(inParams)} became ${inParams.value}`;
  else if (inGradient !== undefined) {
    const loss = Number.isFinite(value) ? '' : ` and ${what}`;
    what = `the gradient of ${name(inGradient)} is ${inGradient.value}${loss}`;
  } else what += ` while ${largest(found.params)}`;
  const at =
    rate === undefined ? `at step ${step}` : `at step ${step}, learning rate ${short(rate)}`;
  const advice =
    step === 0
      ? 'start where the loss is finite, and check the data for missing values'
      : 'lower the learning rate, standardize the data, or clip the gradient';
  return { reason: 'nonFinite', message: `${what} ${at}; ${advice}` };
}

function name({ path }: BadEntry): string {
  return path === '' ? 'the parameter' : path;
}

function largest(tree: Tree): string {
  const leaves = leavesOf(tree);
  let size = 0;
  let place = '';
  for (const { path, leaf } of leaves) {
    for (const x of toFlatMatrix(leaf).data) {
      if (Math.abs(x) < size) continue;
      size = Math.abs(x);
      place = path;
    }
  }
  if (place !== '') return `the largest parameter is ${place}, ${short(size)}`;
  const single = typeof leaves[0]?.leaf === 'number';
  return `the parameter${single ? "'s size" : "'s largest entry"} is ${short(size)}`;
}
