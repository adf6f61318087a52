import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { schemas } from '../src/index.ts';
import { callsOf, timeless } from './transcript.ts';
import { customers, type World, world } from './world.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const before = process.cwd();
let here: World;

beforeAll(() => {
  here = world();
  writeFileSync(here.path('customers.csv'), customers(400));
  process.chdir(here.folder); // the transcript names its files by no folder
});
afterAll(() => {
  process.chdir(before);
  here.end();
});

test.each(callsOf(readme).map((call) => [call.command, call] as const))(
  'prints what the README says: %s',
  async (_, { lines, args, promised }) => {
    const file = readFileSync('customers.csv', 'utf8');
    const stdin = lines === undefined ? '' : file.split('\n').slice(0, lines).join('\n');
    const { out, err } = await here.steepest(args, stdin);
    expect(err).toBe('');
    expect(timeless(out)).toBe(promised);
  },
);

test('the README names every command, and the schemas that there are', () => {
  for (const name of Object.keys(schemas)) expect(readme).toContain(`| \`${name}\` `);
  expect(readme).toContain(`.length); // ${Object.keys(schemas).length}`);
});
