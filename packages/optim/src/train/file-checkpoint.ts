import { createHash } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { refusal, settle } from '@steepest/ground';
import {
  type Checkpoint,
  CheckpointError,
  type CheckpointSettings,
  checkpointSpec,
  type Saved,
} from './checkpoint.ts';

/**
 * A checkpoint in a file. Each save writes a new file beside it, syncs and renames it, so that a
 * process killed at any moment leaves a complete checkpoint, the old one or the new; a digest tells
 * damage from data. `every`: steps between saves, an epoch's unless given.
 *
 * Loading rejects with a CheckpointError that names the file if it is damaged; a missing file starts
 * a fresh run. Two runs at once must not share a file.
 *
 * ```ts
 * await train({ …, checkpoint: fileCheckpoint('run.checkpoint', { every: 500 }) });
 * ```
 */
export function fileCheckpoint(path: string, settings: CheckpointSettings = {}): Checkpoint {
  if (typeof path !== 'string' || path === '') {
    throw refusal('fileCheckpoint', 'the path must be a text', path, "try 'run.checkpoint'");
  }
  const { every } = settle('fileCheckpoint', settings, checkpointSpec);
  const file = resolve(path);
  return { every, load: () => load(file), save: (saved) => save(file, saved) };
}

const firstLine = /^steepest checkpoint sha256 ([0-9a-f]{64})$/;

async function load(file: string): Promise<Saved | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CheckpointError(
      `fileCheckpoint: ${file} cannot be read: ${(error as Error).message}`,
    );
  }
  const end = text.indexOf('\n');
  const digest = firstLine.exec(text.slice(0, Math.max(end, 0)))?.[1];
  const body = text.slice(end + 1);
  if (digest === undefined) {
    throw new CheckpointError(
      `fileCheckpoint: ${file} is not a checkpoint of Steepest; choose another path, or remove it`,
    );
  }
  if (digest !== digestOf(body)) {
    throw new CheckpointError(
      `fileCheckpoint: ${file} is damaged or cut off; restore a copy of it, or remove it to start ` +
        'from the beginning',
    );
  }
  return JSON.parse(body) as Saved;
}

async function save(file: string, saved: Saved): Promise<void> {
  const body = JSON.stringify(saved);
  const fresh = join(dirname(file), `.${basename(file)}.new`);
  try {
    const handle = await open(fresh, 'w');
    try {
      await handle.writeFile(`steepest checkpoint sha256 ${digestOf(body)}\n${body}`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw new CheckpointError(
      `fileCheckpoint: ${file} cannot be saved: ${(error as Error).message}`,
    );
  }
  await syncDirectory(dirname(file));
}

// Makes the rename itself survive a power cut; some systems cannot open a directory.
async function syncDirectory(directory: string): Promise<void> {
  try {
    const handle = await open(directory, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // The rename is still atomic.
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
