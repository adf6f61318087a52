import { open, readFile, rename, rm } from 'node:fs/promises';
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
 * whole, so that a crash leaves the old file or the new one.
 *
 * ```ts
 * await saveModel('tumours.json', fitted);
 * ```
 */
export async function saveModel(path: string, fitted: Fitted): Promise<void> {
  expectPath('saveModel', path);
  const text = `${JSON.stringify(toBundle(fitted), null, 1)}\n`;
  const temporary = `${path}.${process.pid}-${++files}.tmp`;
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
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
