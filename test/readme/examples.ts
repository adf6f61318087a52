/** A ```ts block of a README that says what it prints. */
export interface Example {
  /** `optim-2`: the second of @steepest/optim's README. */
  readonly name: string;
  readonly code: string;
  /** What its calls of console.log print, one text for each call in the order of the calls. */
  readonly promised: readonly string[];
  /** Whether a comment follows every call; the others print what they like. */
  readonly complete: boolean;
}

/**
 * The examples of a README. Where a console.log is followed by a comment, on its line or on the next
 * ones, the comment is what it prints: " | " stands between the rounds of a loop, "…" for any text.
 * Blocks that promise nothing are fragments to read, and are left out.
 */
export function examplesOf(readme: string, name: string): Example[] {
  return [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)]
    .map(([, code], i) => ({ name: `${name}-${i + 1}`, code, ...promises(code) }))
    .filter(({ promised }) => promised.length > 0);
}

function promises(code: string): { promised: string[]; complete: boolean } {
  const lines = code.split('\n');
  const calls = lines.flatMap((line, i) => {
    const call = /\bconsole\.log\(.*\);(?: \/\/ (.*))?$/.exec(line);
    if (call === null) return [];
    const text = call[1] === undefined ? [] : [call[1]];
    for (let next = i + 1; /^\s*\/\/ /.test(lines[next] ?? ''); next++) {
      text.push(lines[next].replace(/^\s*\/\/ /, ''));
    }
    return [text.length > 0 ? text.join('\n').split(' | ') : []];
  });
  return { promised: calls.flat(), complete: calls.every((texts) => texts.length > 0) };
}

/** What was printed, in the words of the promise as far as it was kept: equal if all of it was. */
export function kept({ promised, complete }: Example, printed: readonly string[]): string[] {
  if (complete) {
    return printed.map((text, i) => (fits(promised[i], text) ? promised[i] : text.trimEnd()));
  }
  const found: string[] = [];
  for (const text of printed) {
    if (fits(promised[found.length], text)) found.push(promised[found.length]);
  }
  return found;
}

function fits(promise: string | undefined, text: string): boolean {
  if (promise === undefined) return false;
  const parts = promise.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^]*')}$`).test(text.trimEnd());
}
