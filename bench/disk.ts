// Learning from a file of 2 GB in fresh processes: what each stage takes, and the memory that is resident
// all along. `STEEPEST_DISK_MEGABYTES=200 npm run bench -- disk` takes a smaller file.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { largeFile } from './disk/make-file.ts';

const limit = 300;
const stage = fileURLToPath(new URL('./disk/stage.ts', import.meta.url));
const loader = ['--import', new URL('../tools/ts.mjs', import.meta.url).href];
const { path, megabytes } = largeFile(Number(process.env.STEEPEST_DISK_MEGABYTES ?? 2000));

/** Resident megabytes of a process; undefined where the system does not tell. */
function resident(pid: number): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  } catch {
    return undefined;
  }
}

interface Told {
  readonly seconds: number;
  readonly peak: number;
  readonly says: string;
}

async function run(name: string): Promise<Told & { readonly curve: readonly number[] }> {
  const child = spawn(process.execPath, [...loader, stage, name, path]);
  const curve: number[] = [];
  const timer = setInterval(() => {
    const now = resident(child.pid ?? 0);
    if (now !== undefined && now > 0) curve.push(now);
  }, 100);
  let [out, errors] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const status = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(timer);
  if (status !== 0) throw new Error(errors);
  return { ...(JSON.parse(out) as Told), curve };
}

/** A curve in so many signs, of heights from 0 to the limit. */
function drawn(curve: readonly number[], width = 48): string {
  const signs = '▁▂▃▄▅▆▇█';
  return Array.from({ length: Math.min(width, curve.length) }, (_, k) => {
    const from = Math.floor((k * curve.length) / Math.min(width, curve.length));
    const to = Math.floor(((k + 1) * curve.length) / Math.min(width, curve.length));
    const most = Math.max(...curve.slice(from, Math.max(to, from + 1)));
    return signs[Math.min(7, Math.floor((8 * most) / limit))];
  }).join('');
}

console.log(
  `\nA file of ${megabytes.toFixed(0)} MB, every stage in a fresh process; resident memory from 0 to ${limit} MB`,
);
for (const name of ['open', 'fit', 'evaluate', 'predict', 'minibatches']) {
  const { seconds, peak, says, curve } = await run(name);
  const verdict = peak < limit ? '' : `  MORE THAN ${limit} MB`;
  console.log(
    `  ${name.padEnd(12)} ${seconds.toFixed(1).padStart(6)} s  peak ${peak.toFixed(0).padStart(4)} MB${verdict}  ${drawn(curve)}  ${says}`,
  );
}
