/** A call in the README's transcript, and what it prints. */
export interface Call {
  /** What is before the | of a pipe: the first lines of a file. */
  readonly lines: number | undefined;
  readonly args: readonly string[];
  readonly promised: string;
  readonly command: string;
}

/** The calls of all ```console blocks. */
export function callsOf(readme: string): Call[] {
  const blocks = [...readme.matchAll(/```console\n([\s\S]*?)```/g)].map(([, block]) => block);
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((text): Call => {
        const [command] = text.split('\n', 1);
        const [, lines, args] = /^(?:head -(\d+) customers\.csv \| )?steepest (.*)$/.exec(command)!; // as the README writes
        return {
          command,
          lines: lines === undefined ? undefined : Number(lines),
          args: args.split(' '),
          promised: timeless(text.slice(command.length + 1)),
        };
      }),
  );
}

/** What was printed, without its times and without what is rounding alone. */
export function timeless(text: string): string {
  return text
    .replaceAll(/\d+\.\d\d s\b/g, '0.00 s')
    .replaceAll(/\d\.\de-\d\d/g, '1e-15')
    .replaceAll(/ +$/gm, '')
    .trimEnd();
}
