import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../src/run.ts';

/** What one call of the command line did. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A folder of its own for a test file, and the command line in this process. */
export interface World {
  readonly folder: string;
  path(name: string): string;
  steepest(args: readonly string[], stdin?: string, signal?: AbortSignal): Promise<Outcome>;
  end(): void;
}

export function world(): World {
  const folder = mkdtempSync(join(tmpdir(), 'steepest-cli-'));
  return {
    folder,
    path: (name) => join(folder, name),
    end: () => rmSync(folder, { recursive: true, force: true }),
    async steepest(args, stdin = '', signal = new AbortController().signal) {
      const [out, err]: [string[], string[]] = [[], []];
      const code = await run(args, {
        print: async (text) => void out.push(text),
        say: (text) => void err.push(`${text}\n`),
        stdin: bytes(stdin),
        colours: false,
        watched: false,
        signal,
      });
      return { code, out: out.join(''), err: err.join('') };
    },
  };
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  const all = new TextEncoder().encode(text);
  // In pieces that cut records anywhere.
  for (let i = 0; i < all.length; i += 100_003) yield all.subarray(i, i + 100_003);
}

/** Customers of whom some left: holes, labels, dates, by plain formulas. */
export function customers(rows: number): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const age = 20 + ((i * 37) % 50);
    const plan = ['basic', 'gold', 'premium, annual'][(i * 7) % 3];
    const day = String(1 + ((i * 11) % 28)).padStart(2, '0');
    const left = ((i * 31) % 97) / 97 < 1 / (1 + Math.exp((age - 45) / 12)) ? 'yes' : 'no';
    const cells = [i % 9 === 4 ? '' : age, plan.includes(',') ? `"${plan}"` : plan];
    return [...cells, `2024-03-${day}`, 100 + ((i * 53) % 40), left].join(',');
  });
  return `age,plan,since,calls,left\n${lines.join('\n')}\n`;
}
