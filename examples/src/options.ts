import { parseArgs } from 'node:util';
import type { Example } from './catalog.ts';
import { isOptimizerName, type OptimizerName, optimizerNames } from './optimizers.ts';

/** What the command line may set; undefined: the example's own choice. */
export interface Options {
  readonly optimizer?: OptimizerName | undefined;
  readonly rate?: number | undefined;
  readonly epochs?: number | undefined;
  readonly batch?: number | undefined;
  readonly seed?: number | undefined;
  /** Gradients operation by operation, instead of compiled. */
  readonly plain?: boolean | undefined;
}

/** The command line asks for something that does not exist. */
export class OptionError extends Error {
  override name = 'OptionError';
}

interface Parsed {
  readonly name: string | undefined;
  readonly list: boolean;
  readonly help: boolean;
  readonly options: Options;
  /** The options that were given. */
  readonly given: readonly (keyof Options)[];
}

const flags = {
  optimizer: { type: 'string' },
  rate: { type: 'string' },
  epochs: { type: 'string' },
  batch: { type: 'string' },
  seed: { type: 'string' },
  plain: { type: 'boolean' },
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Reads the arguments; throws an OptionError that says what was expected. */
export function parse(args: readonly string[], names: readonly string[]): Parsed {
  const { values, positionals } = read(args);
  const [name] = positionals;
  if (positionals.length > 1) {
    throw new OptionError(`one example at a time: ${positionals.join(', ')} were given`);
  }
  if (name !== undefined && !names.includes(name)) {
    throw new OptionError(`there is no example "${name}"; one of: ${names.join(', ')}`);
  }
  const options: Options = {
    optimizer: optimizerFrom(values.optimizer),
    rate: numberFrom('rate', values.rate, (x) => x > 0, 'a positive number'),
    epochs: numberFrom('epochs', values.epochs, isCount, 'a whole number from 1'),
    batch: numberFrom('batch', values.batch, isCount, 'a whole number from 1'),
    seed: numberFrom('seed', values.seed, Number.isSafeInteger, 'a whole number'),
    plain: values.plain,
  };
  const given = (Object.keys(options) as (keyof Options)[]).filter(
    (key) => options[key] !== undefined,
  );
  return { name, list: values.list, help: values.help, options, given };
}

function read(args: readonly string[]) {
  try {
    return parseArgs({ args: negativesJoined(args), options: flags, allowPositionals: true });
  } catch (error) {
    const [sentence] = (error as Error).message.split(/[.\n]/);
    throw new OptionError(`${sentence}; see --help`);
  }
}

/** `--rate -1` as `--rate=-1`: it is a number that is refused with its reason, not an option `-1`. */
function negativesJoined(args: readonly string[]): string[] {
  return args.flatMap((arg, i) => {
    const isValue = (at: number) =>
      /^-[\d.]/.test(args[at] ?? '') && /^--\w+$/.test(args[at - 1] ?? '');
    if (isValue(i)) return [];
    return isValue(i + 1) ? [`${arg}=${args[i + 1]}`] : [arg];
  });
}

const isCount = (x: number): boolean => Number.isSafeInteger(x) && x >= 1;

function numberFrom(
  flag: string,
  text: string | undefined,
  accepts: (x: number) => boolean,
  expected: string,
): number | undefined {
  if (text === undefined) return undefined;
  const x = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(x) || !accepts(x)) {
    throw new OptionError(`--${flag} must be ${expected}, not "${text}"`);
  }
  return x;
}

function optimizerFrom(text: string | undefined): OptimizerName | undefined {
  if (text === undefined || isOptimizerName(text)) return text;
  throw new OptionError(`--optimizer must be one of ${optimizerNames.join(', ')}, not "${text}"`);
}

export function listText(catalog: Readonly<Record<string, Example>>): string {
  const width = Math.max(...Object.keys(catalog).map((name) => name.length));
  return Object.entries(catalog)
    .map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`)
    .join('\n');
}

export function helpText(
  catalog: Readonly<Record<string, Example>>,
  mainJob: readonly string[],
): string {
  return `npm start [-- NAME] [options]

Without a name: ${mainJob.join(', then ')}.

${listText(catalog)}

Options of the examples that train a model:
  --optimizer NAME  ${optimizerNames.join(', ')}
  --rate NUMBER     the learning rate
  --epochs COUNT    how often the training data is gone through, at most
  --batch COUNT     examples per step; without it, every step sees all of them
  --seed NUMBER     for splitting, shuffling and starting values
  --plain           gradients operation by operation, instead of compiled

  --list            the examples, a line each
  --help            this text`;
}
