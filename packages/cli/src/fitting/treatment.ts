import type { FittedPreparation } from '@steepest/datasets';
import { isPlain } from '@steepest/ground';
import { six } from '../output/grid.ts';

/** What happened to a raw column, step by step, in words. */
export interface Treatment {
  readonly name: string;
  readonly type: string;
  readonly how: string;
}

/** What a preparation does to each of its raw columns, from its own saved text. */
export function treatments(preparation: FittedPreparation): Treatment[] {
  const { steps } = preparation.toJSON();
  const said = new Map<string, string[]>(preparation.features.map((name) => [name, []]));
  for (const { step, state } of steps) {
    for (const entry of entriesOf(state)) {
      const own =
        said.get(String(entry.name)) ?? said.get(String(entry.name).replace(/\.[a-z]+$/, ''));
      own?.push(inWords(step, entry));
    }
  }
  return preparation.features.map((name) => ({
    name,
    type: preparation.schema.columns.find((column) => column.name === name)?.type ?? 'number',
    how: said.get(name)?.join(', ') || 'as it is',
  }));
}

/** Steps keep a list with an entry for each column. */
function entriesOf(state: unknown): Readonly<Record<string, unknown>>[] {
  if (!isPlain(state)) return [];
  return Object.values(state).flatMap((list) => (Array.isArray(list) ? list.filter(isPlain) : []));
}

function inWords(step: string, entry: Readonly<Record<string, unknown>>): string {
  const { shift, scale, value, levels } = entry;
  if (step === 'standardize' && typeof shift === 'number' && typeof scale === 'number') {
    return `standardized: (x − ${six(shift)}) / ${six(scale)}`;
  }
  if (step === 'impute')
    return `holes become ${typeof value === 'number' ? six(value) : String(value)}`;
  if (step === 'one-hot' && Array.isArray(levels)) {
    const [first, ...rest] = levels.map(String);
    const shown =
      rest.length > 6
        ? `${rest.slice(0, 6).join(', ')} and ${rest.length - 6} more`
        : rest.join(', ');
    return `one column each for ${shown}, against ${first}`;
  }
  return step === 'dates' ? 'days since the earliest' : step;
}
