// Sets the workspace up when it needs it, then runs one task. Needs nothing but Node and npm.
//   node tools/task.mjs <task> [arguments for the task...]
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const bin = (pkg, file) => join(root, 'node_modules', pkg, file);

const build = [['tools/clean.mjs'], [bin('typescript', 'bin/tsc'), '-b'], ['tools/bundle.mjs']];
const tasks = {
  setup: [],
  start: [['--import', './tools/ts.mjs', 'examples/src/main.ts']],
  test: [[bin('vitest', 'vitest.mjs'), 'run']],
  'test:engines': [
    [bin('vitest', 'vitest.mjs'), 'run', '--config', 'packages/sql/test/servers/vitest.config.ts'],
  ],
  'test:kills': [[bin('vitest', 'vitest.mjs'), 'run', 'packages/cli/test/kills.test.ts']],
  'test:packed': [
    ...build,
    [bin('vitest', 'vitest.mjs'), 'run', '--config', 'test/packed/vitest.config.ts'],
  ],
  build,
  typecheck: [[bin('typescript', 'bin/tsc'), '-b']],
  lint: [[bin('@biomejs/biome', 'bin/biome'), 'check']],
  format: [[bin('@biomejs/biome', 'bin/biome'), 'check', '--write']],
  bench: [['--import', './tools/ts.mjs', 'bench/main.ts']],
};

const [name = 'start', ...rest] = process.argv.slice(2);
// npm start -- train data.csv --target y: the command line of packages/cli, from this clone.
const commands = 'inspect train predict evaluate explain path check compare export'.split(' ');
const isCommand = name === 'start' && commands.includes(rest[0]);
if (isCommand)
  tasks.start = [['--import', join(root, 'tools/ts.mjs'), join(root, 'packages/cli/src/main.ts')]];
if (name === 'pnpm') {
  const [cmd, args] = findPnpm();
  run(cmd, [...args, ...rest]);
  process.exit(0);
}
const steps = tasks[name];
if (!steps) fail(`unknown task "${name}"; one of: ${Object.keys(tasks).join(', ')}`);
if (name === 'test:kills') process.env.STEEPEST_KILLS = '1000';
checkNode();
setUp(name === 'setup');
if (name === 'test' || name === 'test:engines') setUpEngines();
for (const [i, args] of steps.entries()) {
  // Files are named from where npm was called.
  const cwd = isCommand ? (process.env.INIT_CWD ?? root) : root;
  run(process.execPath, i === steps.length - 1 ? [...args, ...rest] : args, { cwd });
}

function checkNode() {
  const min = /(\d+)\.(\d+)/.exec(manifest.engines.node).slice(1).map(Number);
  const have = process.versions.node.split('.').map(Number);
  if (have[0] < min[0] || (have[0] === min[0] && have[1] < min[1])) {
    fail(`Node ${manifest.engines.node} is needed; this is ${process.version}`);
  }
}

function setUp(force) {
  const stampFile = join(root, 'node_modules', '.setup-stamp');
  const fresh =
    !force &&
    existsSync(join(root, 'node_modules', '.modules.yaml')) &&
    existsSync(stampFile) &&
    readFileSync(stampFile, 'utf8') === fingerprint();
  if (fresh) return;
  const [cmd, args] = findPnpm();
  console.error(`[setup] installing dependencies with ${manifest.packageManager} ...`);
  run(cmd, [...args, 'install', '--frozen-lockfile', '--trust-lockfile', '--prefer-offline'], {
    stdio: ['ignore', 2, 2],
  });
  writeFileSync(stampFile, fingerprint());
}

/**
 * The databases that the tests of packages/sql run, in a folder of their own: nothing else downloads
 * them. Where they cannot be had, those tests say that they were left out.
 */
function setUpEngines() {
  const folder = join(root, 'packages/sql/test/engines');
  const stampFile = join(folder, 'node_modules', '.setup-stamp');
  const stamp = createHash('sha256').update(`${process.platform}-${process.arch}`);
  for (const file of ['package.json', 'pnpm-lock.yaml']) {
    stamp.update(readFileSync(join(folder, file)));
  }
  const wanted = stamp.digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return;
  const [cmd, args] = findPnpm();
  console.error('[setup] installing the databases for the tests of packages/sql ...');
  const shell = process.platform === 'win32' && cmd !== process.execPath;
  const install = ['install', '--ignore-workspace', '--frozen-lockfile', '--trust-lockfile'];
  const r = spawnSync(cmd, [...args, ...install, '--prefer-offline'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 2],
    shell,
    timeout: 180_000,
  });
  if (r.status === 0) writeFileSync(stampFile, wanted);
  else console.error('[setup] they could not be installed; their tests are left out');
}

/** What the installed tree depends on: the lockfile, every manifest, and the platform. */
function fingerprint() {
  const h = createHash('sha256').update(`${process.platform}-${process.arch}`);
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json'];
  for (const dir of ['packages', 'examples', 'bench']) {
    files.push(`${dir}/package.json`);
    for (const d of readdirSync(join(root, dir), { withFileTypes: true })) {
      if (!d.isDirectory() || d.name === 'node_modules') continue;
      const manifest = `${dir}/${d.name}/package.json`;
      files.push(manifest);
      if (existsSync(join(root, manifest)))
        h.update(String(existsSync(join(root, dir, d.name, 'node_modules'))));
    }
  }
  for (const f of files) {
    const path = join(root, f);
    if (existsSync(path)) h.update(f).update(readFileSync(path));
  }
  return h.digest('hex');
}

/** The pinned pnpm: the one that runs us, the one on the PATH, or one that npm fetches. */
function findPnpm() {
  const version = manifest.packageManager.replace(/^pnpm@|\+.*$/g, '');
  const probe = spawnSync('pnpm', ['--version'], {
    encoding: 'utf8',
    cwd: dirname(root),
    shell: process.platform === 'win32',
  });
  if (probe.status === 0 && probe.stdout.trim() === version) return ['pnpm', []];
  const npm = process.env.npm_execpath;
  if (npm && /npm-cli\.c?js$/.test(npm))
    return [process.execPath, [npm, 'exec', '--yes', `--package=pnpm@${version}`, '--', 'pnpm']];
  return ['npx', ['--yes', `pnpm@${version}`]];
}

function run(cmd, args, options = {}) {
  const shell = process.platform === 'win32' && cmd !== process.execPath;
  const r = spawnSync(cmd, args, { cwd: root, stdio: 'inherit', shell, ...options });
  if (r.error) fail(`cannot run ${cmd}: ${r.error.message}`);
  if (r.signal) process.kill(process.pid, r.signal);
  if (r.status !== 0) process.exit(r.status ?? 1);
}

function fail(message) {
  console.error(`[task] ${message}`);
  process.exit(1);
}
