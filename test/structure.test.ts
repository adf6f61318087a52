import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What each room may import beside itself and, in files named node.ts, Node's own modules. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'packages/ground': [],
  'packages/wasm': [],
  'packages/autodiff': ['@steepest/ground', 'ml-matrix'],
  'packages/optim': ['@steepest/autodiff', '@steepest/ground', 'pure-rand'],
  'packages/datasets': [
    '@steepest/ground',
    '@steepest/wasm',
    'csv-parse',
    'hyparquet',
    'hyparquet-compressors',
    'ndarray',
    'pure-rand',
  ],
  'packages/compile': [
    '@steepest/autodiff',
    '@steepest/ground',
    '@steepest/optim',
    '@steepest/wasm',
  ],
  'packages/models': [
    '@observablehq/plot',
    '@steepest/autodiff',
    '@steepest/compile',
    '@steepest/datasets',
    '@steepest/ground',
    '@steepest/optim',
    '@stdlib/math-base-special-betainc',
    '@stdlib/math-base-special-gammainc',
    '@stdlib/stats-base-dists-chisquare-quantile',
    '@stdlib/stats-base-dists-normal-cdf',
    '@stdlib/stats-base-dists-normal-quantile',
    '@stdlib/stats-base-dists-t-cdf',
    '@stdlib/stats-base-dists-t-quantile',
    'linkedom',
    'pure-rand',
    'valibot',
  ],
  'packages/sql': [
    '@steepest/autodiff',
    '@steepest/compile',
    '@steepest/datasets',
    '@steepest/ground',
    '@steepest/models',
    '@steepest/optim',
  ],
  'packages/cli': [
    '@steepest/autodiff',
    '@steepest/compile',
    '@steepest/datasets',
    '@steepest/ground',
    '@steepest/models',
    '@steepest/optim',
    '@steepest/sql',
    'cli-progress',
    'picocolors',
  ],
};
const rooms = Object.keys(allowed).filter((room) => existsSync(join(root, room, 'src')));

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

function sources(room: string): string[] {
  const folder = join(root, room, 'src');
  const names = readdirSync(folder, { recursive: true }) as string[];
  return names.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const statements = text.matchAll(
    /^\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm,
  );
  const found = [...statements].map(([, type, specifier]) => ({
    specifier,
    typeOnly: type !== undefined,
  }));
  const dynamic = text.matchAll(/\bimport\('([^']+)'\)/g);
  return [...found, ...[...dynamic].map(([, specifier]) => ({ specifier, typeOnly: false }))];
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The files that a file needs when it runs, itself included. */
function reachable(start: string): Set<string> {
  const found = new Set([start]);
  for (const file of found) {
    for (const { specifier, typeOnly } of importsOf(file)) {
      if (specifier.startsWith('.') && !typeOnly) found.add(resolve(dirname(file), specifier));
    }
  }
  return found;
}

test.each(rooms)('%s imports only what its place in the house allows', (room) => {
  const strangers = sources(room).flatMap((file) =>
    importsOf(file)
      .filter(({ specifier }) => !/^(\.|#|node:)/.test(specifier))
      .filter(({ specifier }) => !allowed[room].includes(packageName(specifier)))
      .map(({ specifier }) => `${relative(root, file)} → ${specifier}`),
  );
  expect(strangers).toEqual([]);
});

test.each(rooms)('%s has no import cycles, types included', (room) => {
  const files = sources(room);
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      const cycle = [...path.slice(path.indexOf(file)), file];
      cycles.push(cycle.map((f) => relative(root, f)).join(' → '));
      return;
    }
    if (done.has(file)) return;
    for (const { specifier } of importsOf(file)) {
      if (specifier.startsWith('.')) visit(resolve(dirname(file), specifier), [...path, file]);
    }
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(cycles).toEqual([]);
});

test.each(rooms)("%s runs in a browser: its main entry reaches none of Node's modules", (room) => {
  const ofNode = [...reachable(join(root, room, 'src/index.ts'))].flatMap((file) =>
    importsOf(file)
      .filter(({ specifier, typeOnly }) => specifier.startsWith('node:') && !typeOnly)
      .map(({ specifier }) => `${relative(root, file)} → ${specifier}`),
  );
  expect(ofNode).toEqual([]);
});

test('the main entry of models loads neither distribution functions nor plots, which take as long as all else', () => {
  const loaded = [...reachable(join(root, 'packages/models/src/index.ts'))].flatMap((file) =>
    importsOf(file).filter(({ specifier }) => /^(@stdlib|@observablehq|linkedom)/.test(specifier)),
  );
  expect(loaded).toEqual([]);
});

test('nothing is random without a seed', () => {
  const files = [...rooms, 'examples'].flatMap(sources);
  const unseeded = files.filter((file) => readFileSync(file, 'utf8').includes('Math.random('));
  expect(files.length).toBeGreaterThan(50);
  expect(unseeded).toEqual([]);
});
