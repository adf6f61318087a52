// A file larger than the memory that a program may take: fitted, judged and predicted from disk.
import { mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { category, defineSchema, number, split } from '@steepest/datasets';
import { openCsv } from '@steepest/datasets/node';
import { evaluate, fit, logisticRegression } from '@steepest/models';
import { checkAtMost } from './show/check.ts';
import { title } from './show/table.ts';

const [blocks, blockRows] = [40, 1500];

/** Numbers as if drawn from −1 … 1. */
const entry = (k: number): number => {
  const x = Math.sin(12.9898 * k + 0.7) * 43758.5453;
  return 2 * (x - Math.floor(x)) - 1;
};

export async function run(): Promise<void> {
  title('A file larger than memory');
  const folder = mkdtempSync(join(tmpdir(), 'larger-'));
  try {
    const path = join(folder, 'visits.csv');
    write(path);
    const schema = defineSchema(
      { seconds: number(), pages: number(), device: category(), bought: category(['no', 'yes']) },
      { target: 'bought' },
    );
    // The first call reads the file into columns beside it; the next ones find them there.
    const table = await openCsv(path, { schema });
    const { train, test } = split(table, { train: 0.8, test: 0.2, seed: 1 });
    const fitted = await fit(logisticRegression(), train);
    console.log(`${table.rows} rows, ${(statSync(path).size / 1e6).toFixed(1)} MB`);
    console.log(String(fitted));
    const metrics = await evaluate(fitted, test);
    console.log(`\non the test rows\n${metrics}\n`);
    const [seconds, pages] = fitted.coefficients[0].values;
    checkAtMost('the coefficient of pages is found', Math.abs(pages / 0.8 - 1), 0.1);
    checkAtMost('and that of seconds', Math.abs(seconds / 0.004 - 1), 0.1);
    table.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Visits to a shop, some at a time: a file of any size is written so. */
function write(path: string): void {
  const file = openSync(path, 'w');
  writeSync(file, 'seconds,pages,device,bought\n');
  for (let block = 0; block < blocks; block++) {
    const lines = Array.from({ length: blockRows }, (_, k) => {
      const i = 4 * (block * blockRows + k);
      const [seconds, pages] = [300 + 290 * entry(i), Math.round(6 + 5 * entry(i + 1))];
      const score = 0.004 * seconds + 0.8 * pages - 6;
      const bought = (entry(i + 2) + 1) / 2 < 1 / (1 + Math.exp(-score));
      const device = entry(i + 3) > 0 ? 'phone' : 'desk';
      return `${seconds.toFixed(3)},${pages},${device},${bought ? 'yes' : 'no'}\n`;
    });
    writeSync(file, lines.join(''));
  }
}
