import { type Command, commands } from './commands.ts';
import { type OptionText, options } from './options.ts';

/** The text of `steepest --help`. */
export function overview(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(
    ([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`,
  );
  return `steepest: from a file to a model that predicts

Usage: steepest COMMAND [options]

${lines.join('\n')}

steepest COMMAND --help tells of each. Files may be .csv, .tsv, .jsonl (also with .gz), .parquet, .sqlite.
Exit codes: 0 done, 1 data or model refused, 2 the command line is wrong, 130 interrupted.
`;
}

/** The text of `steepest COMMAND --help`. */
export function helpOf(name: string, command: Command): string {
  const shown = command.options.map((each): [string, string] => {
    const { value, short, help }: OptionText = options[each];
    const names = `${short === undefined ? '    ' : `-${short}, `}--${each}`;
    return [value === undefined ? names : `${names} ${value}`, help];
  });
  const width = Math.max(...shown.map(([left]) => left.length));
  return `steepest ${name}: ${command.summary}

Usage: steepest ${name} ${command.arguments} [options]

${shown.map(([left, help]) => `  ${left.padEnd(width)}  ${help}`).join('\n')}

Examples:
${command.examples.map((each) => `  ${each}`).join('\n')}
`;
}
