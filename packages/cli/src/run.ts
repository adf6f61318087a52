import { createColors } from 'picocolors';
import type { Io } from './io.ts';
import { jsonOf } from './output/output.ts';
import { type Command, commands } from './usage/commands.ts';
import { UsageError } from './usage/errors.ts';
import { unknown } from './usage/given.ts';
import { helpOf, overview } from './usage/help.ts';
import { parse } from './usage/parse.ts';
import { version } from './version.ts';

/**
 * One call of the command line, in any process: writes what it answers by `io`, and resolves to the exit
 * code: 0, 1 for data or a model that was refused, 2 for a wrong command line, 130 for an interruption.
 *
 * ```ts
 * const code = await run(['train', 'data.csv', '--target', 'y'], io);
 * ```
 */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const [name = '--help', ...rest] = args;
  try {
    return await answer(name, rest, io);
  } catch (error) {
    if (io.signal.aborted) {
      io.say('steepest: interrupted; what was not said to be saved is not');
      return 130;
    }
    io.say(`steepest${Object.hasOwn(commands, name) ? ` ${name}` : ''}: ${await oneLine(error)}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function answer(name: string, rest: readonly string[], io: Io): Promise<number> {
  if (name === '--version') return await said(`${version}\n`, io);
  if (name === '--help' || name === '-h' || name === 'help') return await said(overview(), io);
  const command = commandOf(name);
  const given = parse(command, rest);
  if (given.has('help')) return await said(helpOf(name, command), io);
  const { run } = await command.load();
  const output = await run(given, io);
  if (output === undefined) return 0;
  if (given.has('json')) await io.print(jsonOf(output.facts));
  else await io.print(output.text(createColors(io.colours)));
  return output.interrupted ? 130 : 0;
}

async function said(text: string, io: Io): Promise<number> {
  await io.print(text);
  return 0;
}

function commandOf(name: string): Command {
  if (Object.hasOwn(commands, name)) return commands[name];
  throw new UsageError(`${unknown(name, Object.keys(commands))}`);
}

/** What went wrong, where, and what to do, on one line. */
async function oneLine(error: unknown): Promise<string> {
  return (await sentence(error)).replaceAll(/\s*\n\s*/g, ' ');
}

async function sentence(error: unknown): Promise<string> {
  if (error instanceof UsageError) return error.message;
  const { CsvError } = await import('@steepest/datasets'); // --help does without
  if (!(error instanceof CsvError)) return error instanceof Error ? error.message : String(error);
  const { file, line, row, column, problem, advice } = error;
  const place = [file, line ?? row, column].filter((part) => part !== undefined);
  return `${place.length === 0 ? '' : `${place.join(':')}: `}${problem}; ${advice}`;
}
