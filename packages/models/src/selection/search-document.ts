import type { Document } from '../document/document.ts';
import type { Printed } from '../document/printed.ts';
import { measureInWords } from '../metrics/measure.ts';
import { shortfall } from './judged-by.ts';
import type { Trial } from './search-state.ts';
import type { Search } from './search-types.ts';

const mostPrinted = 30;

/** What a search prints: its trials, the last stage first, the best of each first. */
export function searchDocument({
  how,
  by,
  chosen,
  best,
  trials,
}: Omit<Search, keyof Printed>): Document {
  const names = Object.keys(chosen.candidate);
  const key = ({ mean }: Trial) => (mean === null ? Infinity : shortfall(by, mean));
  const sorted = [...trials].sort((a, b) => b.stage - a.stage || key(a) - key(b));
  const lines = sorted
    .slice(0, mostPrinted)
    .map((trial) => [
      trial === chosen ? 'chosen' : trial === best ? 'best' : '',
      ...names.map((name) => short(trial.candidate[name])),
      String(trial.rows),
      trial.mean === null ? 'failed' : short(trial.mean),
      trial.standardError === null ? '' : short(trial.standardError),
    ]);
  const failed = trials.filter((trial) => trial.failed !== undefined);
  return {
    title: `search: ${how}, by ${measureInWords(by.measure)} (the ${by.best})`,
    parts: [
      { kind: 'grid', header: ['', ...names, 'rows', 'mean', 'standard error'], rows: lines },
      {
        kind: 'notes',
        lines: [
          ...(trials.length > mostPrinted ? [`… and ${trials.length - mostPrinted} more`] : []),
          ...failed
            .slice(0, 5)
            .map((trial) => `failed: ${JSON.stringify(trial.candidate)}: ${trial.failed}`),
        ],
      },
    ],
  };
}

function short(value: unknown): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(5))) : String(value);
}
