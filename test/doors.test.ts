import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, test } from 'vitest';
import { randomFrom, tryDoor } from './doors/judge.ts';
import { rooms } from './doors/rooms.ts';

// A run tries some of the wrong calls of each door, the same ones each time; test/doors/run.ts all.
const limit = 20;
const clean = [
  'ground',
  'autodiff',
  'optim',
  'datasets',
  'compile',
  'models',
  'inference',
  'report',
  'sql',
] as const;

// Some wrong calls are right ones: a model saved as '3' is a file of that name.
const home = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'doors-'));

beforeAll(() => process.chdir(folder));

afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

test.each(clean)('every function that %s exports is tried', (room) => {
  const { exported, doors, others } = rooms[room];
  const tried = doors.map(({ name }) => name.replace(/\W.*$/, ''));
  const names = Object.keys(exported).filter((name) => /^[a-zA-Z]/.test(name));
  expect(names.filter((name) => ![...tried, ...others].includes(name))).toEqual([]);
});

it.each(clean)(
  'a call of %s with one thing wrong works or says what to do',
  { timeout: 120_000 },
  async (room) => {
    const random = randomFrom(1);
    const found: string[] = [];
    for (const door of rooms[room].doors) {
      const { findings } = await tryDoor(door, limit, random);
      found.push(...findings.map((f) => `${f.door}: ${f.what}: ${f.fault}: ${f.message}`));
    }
    expect(found).toEqual([]);
  },
);
