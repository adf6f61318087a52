import {
  appendFileSync,
  existsSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleFile } from '../file-to-model/make-file.ts';

/** The rows of the example file over and over, until there are so many megabytes. */
export function largeFile(megabytes: number): { path: string; megabytes: number } {
  const path = join(tmpdir(), `steepest-large-${megabytes}.csv`);
  if (!existsSync(path)) {
    const rows = readFileSync(exampleFile().path);
    const header = rows.indexOf(10) + 1;
    const part = `${path}.part`;
    writeFileSync(part, rows);
    while (statSync(part).size < megabytes * 1e6) appendFileSync(part, rows.subarray(header));
    renameSync(part, path);
  }
  return { path, megabytes: statSync(path).size / 1e6 };
}
