import { closeSync, existsSync, openSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entries } from '../data.ts';

const [rows, columns] = [200_000, 32];

/**
 * A CSV file of 200 000 rows: 32 numbers of up to 17 digits on different scales, and a label 0 or 1
 * drawn from a logistic model of them. Kept in the folder for temporary files.
 */
export function exampleFile(): { path: string; megabytes: number } {
  const path = join(tmpdir(), 'steepest-file-to-model.csv');
  if (!existsSync(path)) write(path);
  return { path, megabytes: statSync(path).size / 1e6 };
}

function write(path: string): void {
  const file = openSync(path, 'w');
  const names = Array.from({ length: columns }, (_, j) => `x${j}`);
  writeSync(file, `${names.join(',')},y\n`);
  const weights = entries(columns, 2);
  const shift = names.map((_, j) => j - 10);
  for (let start = 0; start < rows; start += 1000) {
    const lines = Array.from({ length: 1000 }, () => {
      const x = entries(columns, 4);
      const score = x.reduce((sum, e, j) => sum + e * weights[j], 0);
      const chance = entries(1)[0] + 0.5;
      const cells = Array.from(x, (e, j) => String((e + shift[j]) * 10 ** ((j % 7) - 3)));
      return `${cells.join(',')},${chance < 1 / (1 + Math.exp(-score)) ? 1 : 0}\n`;
    });
    writeSync(file, lines.join(''));
  }
  closeSync(file);
}
