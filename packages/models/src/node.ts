import { open, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { refusal } from '@steepest/ground';
import { type BundleOptions, fromBundle } from './bundle/from-bundle.ts';
import { toBundle } from './bundle/to-bundle.ts';
import type { Fitted } from './fit/model.ts';

// Everything of the main entry, plus files
export * from './index.ts';

/** Counts files, so that two of one name may be written at a time. */
let files = 0;

/**
 * Writes a model to a JSON file: to a temporary file beside it first, which is renamed once it is
 * whole, so that a crash leaves the old file or the new one; what a killed save left behind, the next
 * one removes. A file that is there keeps its mode, a link stays one. Throws an Error of the file
 * system, a TypeError for what is no fitted model.
 *
 * ```ts
 * await saveModel('tumours.json', fitted);
 * ```
 */
export async function saveModel(path: string, fitted: Fitted): Promise<void> {
  expectPath('saveModel', path);
  const text = `${JSON.stringify(toBundle(fitted), null, 1)}\n`;
  const target = await realpath(path).catch(() => path);
  const mode = await stat(target).then(
    ({ mode }) => mode & 0o7777,
    () => undefined,
  );
  await removeLeftovers(target);
  const temporary = `${target}.${process.pid}-${++files}.tmp`;
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(text);
      if (mode !== undefined) await file.chmod(mode); // the umask does not apply to what was there
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Temporary files of this path whose process is gone. */
async function removeLeftovers(path: string): Promise<void> {
  const name = basename(path);
  const beside = await readdir(dirname(path)).catch(() => []);
  for (const entry of beside) {
    const [, pid] = entry.startsWith(`${name}.`)
      ? (/^\.(\d+)-\d+\.tmp$/.exec(entry.slice(name.length)) ?? [])
      : [];
    if (pid !== undefined && !isRunning(Number(pid))) {
      await rm(join(dirname(path), entry), { force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Reads a model from a file that `saveModel` wrote. Executes nothing; throws an Error that names the
 * file and the field where something is wrong.
 *
 * ```ts
 * const fitted = await loadModel('tumours.json');
 * ```
 */
export async function loadModel(path: string, options: BundleOptions = {}): Promise<Fitted> {
  expectPath('loadModel', path);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const problem = error instanceof Error ? error.message : String(error);
    throw new Error(`loadModel: ${path} cannot be read: ${problem}`, { cause: error });
  });
  try {
    return fromBundle(JSON.parse(text), options);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new Error(`loadModel: ${path}: ${problem}`, { cause: error });
  }
}

function expectPath(operation: string, path: unknown): void {
  if (typeof path === 'string' && path !== '') return;
  throw refusal(operation, 'expected the path of a file', path, "write 'model.json'");
}
