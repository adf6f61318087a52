// node --import ./tools/ts.mjs test/doors/run.ts optim [limit] [name of a door]: what is found, door by door
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomFrom, tryDoor } from './judge.ts';
import { rooms } from './rooms.ts';

process.chdir(mkdtempSync(join(tmpdir(), 'doors-'))); // a wrong path may be written to

const [room, limit = 'all', only = ''] = process.argv.slice(2);
const { doors } = rooms[room as keyof typeof rooms];
const random = randomFrom(1);
let total = 0;
let all = 0;
for (const door of doors.filter(({ name }) => name.startsWith(only))) {
  const began = performance.now();
  const tried = await tryDoor(
    door,
    limit === 'all' ? Number.POSITIVE_INFINITY : Number(limit),
    random,
  );
  const { calls, findings } = tried;
  total += findings.length;
  all += calls;
  const took = (performance.now() - began).toFixed(0);
  console.log(`${door.name}: ${findings.length} of ${calls} calls, ${took} ms`);
  for (const { what, fault, message } of findings) console.log(`  ${what}: ${fault}: ${message}`);
}
console.log(`${room}: ${total} of ${all} calls`);
process.exit(0); // runs that hang would keep the process
