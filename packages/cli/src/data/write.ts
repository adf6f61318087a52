import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file that takes its place only when it is whole. */
export interface NewFile {
  write(text: string): Promise<void>;
  /** Flushes it and puts it in the place of what was there. */
  keep(): Promise<void>;
  /** Removes what was written. */
  drop(): Promise<void>;
}

/** Begins a file under a temporary name beside its own. */
export async function newFile(path: string): Promise<NewFile> {
  const target = await realpath(path).catch(() => path);
  const there = await stat(target).catch(() => undefined);
  if (there?.isDirectory()) throw new Error(`${path} is a directory; name a file`);
  const temporary = `${target}.${process.pid}.tmp`;
  const file = await open(temporary, 'w', there === undefined ? 0o666 : there.mode & 0o7777);
  let isOpen = true;
  const close = async () => {
    if (isOpen) await file.close();
    isOpen = false;
  };
  return {
    write: async (text) => void (await file.write(text)),
    keep: async () => {
      await file.sync();
      await close();
      await rename(temporary, target);
      await syncFolder(dirname(target));
    },
    drop: async () => {
      await close();
      await rm(temporary, { force: true });
    },
  };
}

/** Writes a whole file, or leaves what was there. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const file = await newFile(path);
  try {
    await file.write(text);
    await file.keep();
  } catch (error) {
    await file.drop();
    throw error;
  }
}

/** Makes the new name itself survive a power cut; some systems cannot open a folder. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
