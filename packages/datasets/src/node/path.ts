import { fileURLToPath } from 'node:url';
import { refusal } from '@steepest/ground';

/** What messages call the file at a path or a file: URL; throws for what is neither. */
export function pathName(operation: string, path: unknown): string {
  if (typeof path === 'string' && path !== '') return path;
  if (path instanceof URL) {
    if (path.protocol === 'file:') return fileURLToPath(path);
    throw new TypeError(
      `${operation}: got a URL of ${path.protocol}, expected file:; fetch it, and pass the body of the response`,
    );
  }
  throw refusal(operation, 'expected the path of a file', path, "write 'data.csv', or a file: URL");
}

/** The result, or an error that names the file where the system could not read it. */
export async function readable<T>(operation: string, name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const code = (error as { readonly code?: unknown } | null)?.code;
    if (typeof code !== 'string' || (error as { syscall?: unknown }).syscall === undefined) {
      throw error;
    }
    const why = code === 'ENOENT' ? 'there is no such file (ENOENT)' : (error as Error).message;
    throw new Error(`${operation}: ${name} cannot be read: ${why}; check the path`, {
      cause: error,
    });
  }
}

/** The options with the file's name, unless they say another; what is no options at all is refused later. */
export function withFile<O extends { readonly file?: string }>(file: string, options: O): O {
  return typeof options === 'object' && options !== null ? { file, ...options } : options;
}
