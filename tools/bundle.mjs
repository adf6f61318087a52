// Joins each package's compiled modules into one file per entry: loading eighty small files takes
// longer than running them. Types stay as the compiler wrote them.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { pureCalls } from './pure-calls.mjs';

const packages = fileURLToPath(new URL('../packages/', import.meta.url));

for (const name of readdirSync(packages)) {
  const root = join(packages, name);
  if (!existsSync(join(root, 'package.json'))) continue;
  const { publishConfig } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const exported = [...new Set(modulesOf(publishConfig.exports))];
  const compiled = readdirSync(join(root, 'dist'), { recursive: true });
  // A worker is started by its address, so it stays a file of its own.
  const workers = compiled.filter((file) => /(^|[-/])worker\.js$/.test(file));
  const entries = [...exported.map((file) => basename(file)), ...workers];
  // Flat, as the modules that address it end up: beside it, whatever folders they came from.
  const input = Object.fromEntries(
    entries.map((file) => [basename(file, '.js'), join(root, 'dist', file)]),
  );
  const bundle = await rolldown({
    input,
    external: [/^[^./]/],
    platform: 'neutral',
    plugins: [pureCalls],
  });
  await bundle.write({
    dir: join(root, 'bundled'),
    sourcemap: true,
    chunkFileNames: 'shared-[hash].js',
  });
  await bundle.close();
  for (const file of compiled) {
    if (/\.js(\.map)?$/.test(file)) rmSync(join(root, 'dist', file));
  }
  for (const file of readdirSync(join(root, 'bundled'), { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const from = join(file.parentPath, file.name);
    renameSync(from, from.replace(join(root, 'bundled'), join(root, 'dist')));
  }
  rmSync(join(root, 'bundled'), { recursive: true });
}

/** The modules of a manifest's exports, under whatever conditions they stand. */
function modulesOf(target) {
  if (typeof target === 'string') return target.endsWith('.js') ? [target] : [];
  return Object.values(target).flatMap(modulesOf);
}
