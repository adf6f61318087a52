import { expect } from 'vitest';
import { CsvError, type ReadOptions, readCsv, type Table } from '../src/index.ts';

/** All that reading a file comes to: the table to the last bit, or the error with its place. */
export type Outcome = Record<string, unknown>;

/** Reads the bytes in chunks of these sizes, over and over. */
export async function outcomeOf(
  bytes: Uint8Array,
  options: ReadOptions,
  sizes: readonly number[] = [bytes.length + 1],
): Promise<Outcome> {
  const chunks: Uint8Array[] = [];
  for (let at = 0, k = 0; at < bytes.length; k++) {
    const size = sizes[k % sizes.length];
    chunks.push(bytes.slice(at, at + size));
    at += size;
  }
  return outcome(() => readCsv(chunks, options));
}

export async function outcome(read: () => Table | Promise<Table>): Promise<Outcome> {
  try {
    return described(await read());
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { reason, line, column, raw, message } = error;
    return { reason, line, column, raw, message };
  }
}

function described({ columns, file: _, ...rest }: Table): Outcome {
  const cells = [...columns].map(([name, column]) => {
    const { values, codes, ...others } = { values: [], codes: [], ...column };
    // Object.is tells −0 from 0; Vitest's toEqual does not inside of typed arrays.
    const shown = Array.from([...values, ...codes], (v) => (Object.is(v, -0) ? '−0' : v));
    return { name, ...others, shown };
  });
  return { ...rest, cells };
}

/** Demands the same; a field that is too long is refused before its record, with other faults, is whole. */
export function sameOutcome(found: Outcome, wanted: Outcome, message?: string): void {
  const early = [found, wanted].some(({ reason }) => reason === 'field-too-large');
  if (early && found.reason !== wanted.reason) expect(found.line, message).toBe(wanted.line);
  else expect(found, message).toEqual(wanted);
}
