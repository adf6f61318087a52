import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * The environment for a peer: NumPy's OpenBLAS with the kernels of the machine at hand, whatever
 * this process was told to use.
 */
export function peerEnvironment(): NodeJS.ProcessEnv {
  const { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...rest } = process.env;
  return rest;
}

/** The Pythons on the PATH that have these modules, each once. */
export function pythonsWith(...modules: string[]): string[] {
  const names = (process.env.PATH ?? '').split(delimiter).map((path) => join(path, 'python3'));
  const files = [...new Set(names.filter(existsSync).map((file) => realpathSync(file)))];
  const script = `import sys, ${modules.join(', ')}; print(sys.executable)`;
  const found = files.map((file) => {
    const { status, stdout } = spawnSync(file, ['-c', script], { encoding: 'utf8' });
    return status === 0 ? stdout.trim() : undefined;
  });
  return [...new Set(found.filter((file) => file !== undefined))];
}
