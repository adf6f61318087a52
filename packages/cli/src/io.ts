/** Everything that a command may touch of the process that runs it. */
export interface Io {
  /** Writes to standard output; resolves once more may be written. */
  readonly print: (text: string) => Promise<void>;
  /** Writes a line of progress or trouble to standard error. */
  readonly say: (text: string) => void;
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Whether standard output takes colours. */
  readonly colours: boolean;
  /** Whether someone looks at standard error while we work. */
  readonly watched: boolean;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}
