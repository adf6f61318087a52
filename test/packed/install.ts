import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The user's project, and the packed packages in it. */
    app: string;
    tarballs: string[];
  }
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const manifest = new URL('./app/package.json', import.meta.url);
const windows = process.platform === 'win32';

/** Packs every package and installs all of them into a new project outside the workspace. */
export default function install({ provide }: TestProject): () => void {
  const app = mkdtempSync(join(tmpdir(), 'steepest-packed-'));
  const packed = join(app, 'packed');
  mkdirSync(packed);
  const pack = ['-r', '--filter', './packages/*', 'pack', '--pack-destination', packed];
  execFileSync(process.execPath, ['tools/task.mjs', 'pnpm', ...pack], { cwd: root });
  const tarballs = readdirSync(packed).map((file) => join(packed, file));

  const ours = tarballs.map((file) => [nameOf(file), `file:${file}`]);
  const project = JSON.parse(readFileSync(manifest, 'utf8')) as object;
  const text = JSON.stringify({ ...project, dependencies: Object.fromEntries(ours) }, null, 2);
  writeFileSync(join(app, 'package.json'), text);
  const npm = ['install', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'];
  execFileSync(windows ? 'npm.cmd' : 'npm', npm, { cwd: app, stdio: 'inherit', shell: windows });

  provide('app', app);
  provide('tarballs', tarballs);
  return () => rmSync(app, { recursive: true });
}

/** `@steepest/optim` of `steepest-optim-0.1.0.tgz`. */
function nameOf(tarball: string): string {
  return `@steepest/${/steepest-([a-z]+)-[\d.]+\.tgz$/.exec(tarball)?.[1]}`;
}
