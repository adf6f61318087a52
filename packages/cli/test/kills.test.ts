import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { transformSync } from 'oxc-transform';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type World, world } from './world.ts';

const kills = Number(process.env.STEEPEST_KILLS ?? 30);
const atOnce = 6;

/** Saves one version after the other until it is killed. */
const saving = `import { writeWhole } from './write.mjs';
for (let i = 1; ; i++) {
  await writeWhole(process.argv[2], JSON.stringify({ version: i, body: (i + ',').repeat(20_000) }));
  process.stdout.write(i + '\\n');
}
`;
let here: World;

beforeAll(() => {
  here = world();
  // Stripped of its types once: thirty processes start in a quarter of the time.
  const source = readFileSync(new URL('../src/data/write.ts', import.meta.url), 'utf8');
  writeFileSync(here.path('write.mjs'), transformSync('write.ts', source).code);
  writeFileSync(here.path('killed.mjs'), saving);
});
afterAll(() => here.end());

/** Kills a saving process at some moment after its first save; the last version that it reported. */
function killed(file: string, delay: number): Promise<number> {
  const child = spawn(process.execPath, [here.path('killed.mjs'), file]);
  let told = '';
  child.stdout.on('data', (piece: Buffer) => {
    if (told === '') setTimeout(() => child.kill('SIGKILL'), delay);
    told += piece.toString();
  });
  return new Promise((resolve) => {
    child.on('close', () => resolve(Number(told.trimEnd().split('\n').at(-1))));
  });
}

test(`what was said to be saved is there after ${kills} kills`, {
  timeout: 60_000 + kills * 1000,
}, async () => {
  const one = async (k: number) => {
    const file = here.path(`saved-${k}.json`);
    const reported = await killed(file, ((k * 7919) % 400) / 10);
    const { version, body } = JSON.parse(readFileSync(file, 'utf8')) as {
      version: number;
      body: string;
    };
    expect(version).toBeGreaterThanOrEqual(reported);
    expect(body).toBe(`${version},`.repeat(20_000));
  };
  const runners = Array.from({ length: atOnce }, async (_, r) => {
    for (let k = r; k < kills; k += atOnce) await one(k);
  });
  await Promise.all(runners);
});
