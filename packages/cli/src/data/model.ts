import { stat } from 'node:fs/promises';
import type { Fitted } from '@steepest/models';
import { loadModel, saveModel } from '@steepest/models/node';
import { Refusal } from '../usage/errors.ts';

/** Loads a model; says in one line what is wrong with a file that holds none. */
export async function readModel(path: string): Promise<Fitted> {
  await expectFile(path);
  return await loadModel(path);
}

/** Keeps a model; a folder is refused before anything is computed, by `expectNoFolder`. */
export async function writeModel(path: string, fitted: Fitted): Promise<void> {
  await saveModel(path, fitted);
}

/** Refuses a folder where a file is to be read. */
export async function expectFile(path: string): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there === undefined) throw new Refusal(`${path}: there is no such file; look at its name and folder`);
  if (there.isDirectory()) throw new Refusal(`${path} is a directory; name a file in it`);
}

/** Refuses a folder where a file is to be written, before hours of work are lost. */
export async function expectNoFolder(path: string | undefined): Promise<void> {
  if (path === undefined) return;
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory()) throw new Refusal(`${path} is a directory; name a file, such as model.json`);
}
