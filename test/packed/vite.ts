import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A page of the user's project, bundled by Vite: the folder of what it made. */
export function bundlePage(
  app: string,
  name: string,
  sources: Readonly<Record<string, string>>,
): string {
  const folder = join(app, name);
  mkdirSync(folder, { recursive: true });
  const page = '<!doctype html><script type="module" src="/main.ts"></script>';
  for (const [file, text] of Object.entries({ 'index.html': page, ...sources })) {
    writeFileSync(join(folder, file), text);
  }
  const vite = join(app, 'node_modules/vite/bin/vite.js');
  const args = [vite, 'build', folder, '--logLevel', 'warn', '--target', 'esnext'];
  execFileSync(process.execPath, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  return join(folder, 'dist');
}

/** The files beside the page, and their sizes in bytes. */
export function assets(dist: string): { name: string; bytes: number }[] {
  const folder = join(dist, 'assets');
  return readdirSync(folder).map((name) => ({ name, bytes: statSync(join(folder, name)).size }));
}
