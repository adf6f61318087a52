// Reading CSV files from disk, beside pandas' default read, each in fresh processes, in one run.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(tmpdir(), 'steepest-bench-csv');
const rows = 200_000;
const width = 33;

// A linear congruential generator: the same files in every run.
let state = 1;
const next = (): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
};
/** About normal, with all the digits that a double has. */
const normal = (): number => next() + next() + next() + next() - 2 + next() * 1e-9;

interface Kind {
  readonly header: string;
  readonly row: () => string;
  readonly rows: number;
  /** Options for the two readers, as source. */
  readonly ours: string;
  readonly pandas: string;
}

const names = (count: number): string[] => Array.from({ length: count }, (_, j) => `x${j}`);
const cells = (count: number, cell: (j: number) => string): string[] =>
  Array.from({ length: count }, (_, j) => cell(j));
const plain = { header: names(width).join(','), rows, pandas: '', ours: '{}' };
const labels = ['low', 'middle', 'high', 'very high'];

const kinds: Readonly<Record<string, Kind>> = {
  numbers: { ...plain, row: () => cells(width, () => String(normal())).join(',') },
  'integers with categories': {
    ...plain,
    row: () =>
      cells(width, (j) =>
        j % 8 === 7 ? labels[Math.floor(next() * 4)] : String(Math.floor(next() * 1e5)),
      ).join(','),
    ours: `{ schema: (names) => defineSchema(names.map((n, j) => [n, j % 8 === 7 ? category() : number()])) }`,
  },
  '2 % holes': {
    ...plain,
    row: () => cells(width, () => (next() < 0.02 ? '' : String(normal()))).join(','),
    ours: `{ missing: 'keep' }`,
  },
  'one quoted column': {
    ...plain,
    row: () => cells(width, (j) => (j === 3 ? `"${normal()}"` : String(normal()))).join(','),
  },
  CRLF: { ...plain, row: () => `${cells(width, () => String(normal())).join(',')}\r` },
  '2000 columns': {
    ...plain,
    header: names(2000).join(','),
    rows: 3300,
    row: () => cells(2000, () => String(normal())).join(','),
  },
  'decimal commas': {
    ...plain,
    header: names(width).join(';'),
    row: () => cells(width, () => String(normal()).replace('.', ',')).join(';'),
    ours: `{ delimiter: ';', decimal: ',' }`,
    pandas: `, sep=';', decimal=','`,
  },
  'a column of text': {
    ...plain,
    row: () =>
      cells(width, (j) => (j === 5 ? `item ${Math.floor(next() * 1e6)}` : String(normal()))).join(
        ',',
      ),
    ours: `{ schema: (names) => defineSchema(names.map((n, j) => [n, j === 5 ? text() : number()])) }`,
  },
};

function fileOf(name: string, { header, row, rows: count }: Kind): string {
  const path = join(folder, `${name.replaceAll(' ', '-').replace('%', 'percent')}.csv`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const part = `${path}.part`;
  writeFileSync(part, `${header}${row().endsWith('\r') ? '\r' : ''}\n`);
  for (let done = 0; done < count; ) {
    const lines = Array.from({ length: Math.min(1000, count - done) }, row);
    done += lines.length;
    writeFileSync(part, `${lines.join('\n')}\n`, { flag: 'a' });
  }
  renameSync(part, path);
  return path;
}

const entry = new URL('../packages/datasets/src/node.ts', import.meta.url).href;
const hook = new URL('../tools/ts.mjs', import.meta.url).href;

/** Seconds of the first read in a process and the best of two more; peak memory in MB. */
interface Reading {
  readonly first: number;
  readonly best: number;
  readonly peak: number;
  readonly table: number;
}

function ours(path: string, options: string): Reading {
  const source = `
    import { category, defineSchema, number, readCsv, text } from ${JSON.stringify(entry)};
    const seconds = [], path = ${JSON.stringify(path)};
    const before = process.resourceUsage().maxRSS;
    let peak = 0, table = 0;
    for (let k = 0; k < 3; k++) {
      const start = performance.now();
      const read = await readCsv(path, ${options});
      seconds.push((performance.now() - start) / 1000);
      if (k === 0) {
        peak = (process.resourceUsage().maxRSS - before) / 1024;
        for (const c of read.columns.values()) table += (c.values ?? c.codes).byteLength ?? 0;
      }
    }
    console.log(JSON.stringify({ first: seconds[0], best: Math.min(...seconds.slice(1)), peak, table: table / 2 ** 20 }));`;
  return run(process.execPath, ['--import', hook, '--input-type=module', '-e', source]) as Reading;
}

function pandas(path: string, options: string): Reading | undefined {
  const source = `
import json, resource, time
import pandas as pd
seconds = []
for k in range(2):
    start = time.time(); pd.read_csv(${JSON.stringify(path)}${options}); seconds.append(time.time() - start)
print(json.dumps({'first': seconds[0], 'best': min(seconds), 'peak': 0, 'table': 0}))`;
  return run('/usr/bin/python3', ['-c', source]);
}

function run(command: string, args: readonly string[]): Reading | undefined {
  const { stdout, status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) return JSON.parse(stdout) as Reading;
  console.log(
    `  ${command}: left out, ${stderr?.trim().split('\n').at(-1) ?? 'it cannot be started'}`,
  );
  return undefined;
}

console.log(
  `Reading CSV files (${fileURLToPath(new URL('.', import.meta.url))}), seconds; ratios to pandas' better read`,
);
const wanted = (process.env.BENCH_CSV ?? Object.keys(kinds).join()).split(',');
for (const [name, kind] of Object.entries(kinds)) {
  if (!wanted.includes(name)) continue;
  const path = fileOf(name, kind);
  const theirs = pandas(path, kind.pandas);
  const { first, best, peak, table } = ours(path, kind.ours);
  const ratio = (seconds: number): string =>
    theirs === undefined ? '' : ` (${(seconds / theirs.best).toFixed(2)} ×)`;
  console.log(
    `  ${name.padEnd(26)} ${(statSync(path).size / 1e6).toFixed(0).padStart(4)} MB` +
      `  pandas ${theirs?.best.toFixed(2) ?? '–'}` +
      `  cold ${first.toFixed(2)}${ratio(first)}  warm ${best.toFixed(2)}${ratio(best)}` +
      `  memory: table ${table.toFixed(0)} + ${(peak - table).toFixed(0)} MB`,
  );
}
