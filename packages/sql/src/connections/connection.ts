import type { Dialect } from '../dialects/dialect.ts';

/** A row of a result. */
export type Cells = readonly unknown[];

/** A connection in a transaction that sees the same rows all the time, where the engine has that. */
export interface Session {
  /** The rows of a result, each as a list of cells. */
  query(text: string, signal?: AbortSignal): Promise<readonly Cells[]>;
  /** Gives the connection back. */
  end(): Promise<void>;
}

/** A database: how it is asked, and in which words. */
export interface Database {
  readonly dialect: Dialect;
  /** What errors call it. */
  readonly name: string;
  /** Whether all queries of a session see the same rows. */
  readonly snapshots: boolean;
  open(): Promise<Session>;
}

/** A cell as a number: NULL is NaN, which stands for what an engine could not compute. */
export function numberOfCell(cell: unknown): number {
  if (typeof cell === 'number') return cell;
  if (cell === null || cell === undefined) return Number.NaN;
  if (typeof cell === 'bigint') return Number(cell);
  const text = String(cell);
  const infinite = /^([+-]?)inf(inity)?$/i.exec(text);
  if (infinite !== null) return infinite[1] === '-' ? -Infinity : Infinity;
  return Number(text);
}

/** Stops a query when the signal aborts; the error is then the signal's reason. */
export async function cancellable<T>(
  signal: AbortSignal | undefined,
  cancel: () => void,
  run: () => Promise<T>,
): Promise<T> {
  if (signal === undefined) return run();
  signal.throwIfAborted();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const found = await run();
    signal.throwIfAborted();
    return found;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
