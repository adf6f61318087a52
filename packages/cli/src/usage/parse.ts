import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isPlain } from '@steepest/ground';
import type { Command } from './commands.ts';
import { UsageError } from './errors.ts';
import { Given, unknown } from './given.ts';
import { type OptionName, type OptionText, options } from './options.ts';

type Values = Map<string, string | true>;

/** The arguments of a command, checked by name; its own come before those of a --config file. */
export function parse(command: Command, args: readonly string[]): Given {
  const { positionals, values } = tokensOf(command, args);
  const config = values.get('config');
  const all =
    typeof config === 'string' ? new Map([...fromFile(command, config), ...values]) : values;
  if (positionals.length > command.most && !all.has('help')) {
    const extra = positionals[command.most];
    throw new UsageError(
      `${JSON.stringify(extra)} is one argument too many; quote names with blanks`,
    );
  }
  return new Given(positionals, all);
}

function tokensOf(command: Command, args: readonly string[]) {
  const known = Object.fromEntries(
    command.options.map((name) => {
      const { value, short }: OptionText = options[name];
      const type = value === undefined ? ('boolean' as const) : ('string' as const);
      return [name, { type, ...(short === undefined ? {} : { short }) }];
    }),
  );
  const { tokens } = parseArgs({
    args: [...args],
    options: known,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const positionals: string[] = [];
  const values: Values = new Map();
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const { rawName, value } = token;
    const name = expectOption(command, token.name, rawName);
    if (values.has(name)) throw new UsageError(`${rawName} is given twice; give it once`);
    values.set(name, valueFor(name, rawName, value));
  }
  return { positionals, values };
}

function expectOption(command: Command, name: string, written: string): OptionName {
  const found = command.options.find((each) => each === name);
  if (found !== undefined) return found;
  throw new UsageError(
    `${written}: ${unknown(
      `--${name}`,
      command.options.map((each) => `--${each}`),
    )}`,
  );
}

function valueFor(name: OptionName, written: string, value: string | undefined): string | true {
  const { value: wanted }: OptionText = options[name];
  if (wanted === undefined) {
    if (value === undefined) return true;
    throw new UsageError(`${written} takes no value, got ${JSON.stringify(value)}; leave it out`);
  }
  if (value !== undefined && value !== '') return value;
  throw new UsageError(`${written} needs a value; for example --${name} ${wanted}`);
}

/** The options of a JSON file: { "target": "y", "features": ["a", "b"], "keep": true }. */
function fromFile(command: Command, path: string): Values {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--config ${path}: ${problem}; give a JSON file like { "target": "y" }`);
  }
  if (!isPlain(json))
    throw new UsageError(`--config ${path}: give an object like { "target": "y" }`);
  const values: Values = new Map();
  for (const [key, value] of Object.entries(json)) {
    const name = expectOption(command, key, `--config ${path}: ${key}`);
    if (value === false) continue;
    const text = Array.isArray(value)
      ? value.join(',')
      : value === true
        ? undefined
        : String(value);
    values.set(name, valueFor(name, `--config ${path}: ${name}`, text));
  }
  return values;
}
