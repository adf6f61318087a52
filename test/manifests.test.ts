import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

// What can be known without packing; npm run test:packed installs and uses the packages.

const folder = new URL('../packages/', import.meta.url);

/** A file, or one for Node and one for every other runtime. */
type Exported = string | { readonly node: string; readonly default: string };

interface Manifest {
  readonly version: string;
  readonly sideEffects: false | readonly string[];
  readonly exports: Readonly<Record<string, Exported>>;
  readonly publishConfig: { readonly exports: Readonly<Record<string, unknown>> };
  readonly files: readonly string[];
}

const packages = readdirSync(folder).map((name) => {
  const root = new URL(`${name}/`, folder);
  const text = readFileSync(new URL('package.json', root), 'utf8');
  return { name, root, manifest: JSON.parse(text) as Manifest };
});

test.each(packages)('$name exports from dist what it exports from src', ({ root, manifest }) => {
  const distOf = (source: string): unknown => {
    expect(existsSync(new URL(source, root)), source).toBe(true);
    const stem = /^\.\/src\/([\w-]+)\.ts$/.exec(source)?.[1];
    if (stem === undefined) return source;
    return { types: `./dist/${stem}.d.ts`, default: `./dist/${stem}.js` };
  };
  const built = Object.entries(manifest.exports).map(([path, source]) => [
    path,
    typeof source === 'string'
      ? distOf(source)
      : { node: distOf(source.node), ...(distOf(source.default) as object) },
  ]);
  expect(manifest.publishConfig.exports).toEqual(Object.fromEntries(built));
  expect(manifest.files).toEqual(expect.arrayContaining(['dist', 'src']));
  // A file that is loaded for its effect is named, where it is written and where it is built.
  const { sideEffects } = manifest;
  const ofSource = (sideEffects || []).filter((file) => file.startsWith('./src/'));
  const both = ofSource.map((file) => file.replace('/src/', '/dist/').replace(/ts$/, 'js'));
  expect([...ofSource, ...both]).toEqual(sideEffects || []);
});

test.each(packages)(
  '$name addresses files from where the build leaves them',
  ({ root, manifest }) => {
    const names = readdirSync(new URL('src/', root), { recursive: true, encoding: 'utf8' });
    for (const name of names.filter((file) => file.endsWith('.ts'))) {
      const code = readFileSync(new URL(`src/${name}`, root), 'utf8').replaceAll(
        /^ *(\*|\/\/).*$/gm,
        '',
      );
      for (const [, path] of code.matchAll(/new URL\([`'"]([^`'"]+)[`'"], import\.meta\.url\)/g)) {
        // Modules are joined at the root of dist: only one at the root of src keeps its distance.
        expect(name, path).not.toContain('/');
        const top = /^\.\.\/([\w-]+)\//.exec(path)?.[1];
        expect(manifest.files, `${fileURLToPath(root)}: ${path}`).toContain(top);
      }
    }
  },
);

test('all packages have one version', () => {
  expect(new Set(packages.map(({ manifest }) => manifest.version)).size).toBe(1);
});
