import { nearest } from '@steepest/ground';
import { UsageError } from './errors.ts';
import type { OptionName } from './options.ts';

/** The arguments and options of one call; each question checks what it answers. */
export class Given {
  readonly positionals: readonly string[];
  readonly #values: ReadonlyMap<string, string | true>;

  constructor(positionals: readonly string[], values: ReadonlyMap<string, string | true>) {
    this.positionals = positionals;
    this.#values = values;
  }

  has(name: OptionName): boolean {
    return this.#values.has(name);
  }

  text(name: OptionName): string | undefined {
    const value = this.#values.get(name);
    return value === true ? undefined : value;
  }

  /** What must be given. */
  needed(name: OptionName, example: string): string {
    const value = this.text(name);
    if (value !== undefined) return value;
    throw new UsageError(`--${name} is needed; for example --${name} ${example}`);
  }

  list(name: OptionName): string[] | undefined {
    return this.text(name)
      ?.split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '');
  }

  /** A number within bounds, whole where asked. */
  number(
    name: OptionName,
    { least = -Infinity, below = Infinity, whole = false, example }: Bounds,
  ): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (value >= least && value < below && (!whole || Number.isSafeInteger(value))) return value;
    const range = [
      ...(least > -Infinity ? [`at least ${least}`] : []),
      ...(below < Infinity ? [`less than ${below}`] : []),
    ].join(' and ');
    const kind = `a ${whole ? 'whole ' : ''}number${range === '' ? '' : ` ${range}`}`;
    throw new UsageError(`--${name} must be ${kind}, got ${JSON.stringify(text)}; try ${example}`);
  }

  /** One of some words. */
  word<W extends string>(name: OptionName, words: readonly W[]): W | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const word = words.find((each) => each === text);
    if (word !== undefined) return word;
    throw new UsageError(`--${name}: ${unknown(text, words)}`);
  }

  /** A command line that asks the same again, options of a config file among them. */
  line(command: string): string {
    const quoted = (word: string) =>
      /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
    const asked = [...this.#values].flatMap(([name, value]) =>
      value === true ? [`--${name}`] : [`--${name}`, quoted(value)],
    );
    return ['steepest', command, ...this.positionals.map(quoted), ...asked].join(' ');
  }

  argument(i: number, what: string): string {
    const value = this.positionals[i];
    if (value !== undefined) return value;
    throw new UsageError(`${what} is missing; see --help`);
  }
}

interface Bounds {
  readonly least?: number;
  readonly below?: number;
  readonly whole?: boolean;
  readonly example: string;
}

/** 'there is no "adm"; did you mean adam?', or all there are. */
export function unknown(wanted: string, names: readonly string[]): string {
  const [meant] = nearest(wanted, names, 1);
  const advice = meant === undefined ? `there are ${names.join(', ')}` : `did you mean ${meant}?`;
  return `there is no ${JSON.stringify(wanted)}; ${advice}`;
}
