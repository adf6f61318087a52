/** A column of the table that is read, as the innermost query sees it. */
export interface Column extends Facts {
  readonly kind: 'column';
  readonly text: string;
  /** What it is called further out. */
  readonly alias: string;
}

/** A number of the function's own. */
export interface Numeral extends Facts {
  readonly kind: 'number';
  readonly value: number;
}

/** A number that is known when the query is asked: an entry of a value that has no rows. */
export interface Slot extends Facts {
  readonly kind: 'slot';
  readonly slot: number;
}

/** A call, an operator, a CASE: pieces of text with expressions in between. */
export interface Call extends Facts {
  readonly kind: 'call';
  readonly pieces: readonly string[];
  readonly args: readonly Expression[];
  /** How closely it binds, and how closely each argument must, to need no parentheses. */
  readonly binding: number;
  readonly needs: readonly number[];
}

/** One number for each row of the table. Equal expressions are one object. */
export type Expression = Column | Numeral | Slot | Call;

interface Facts {
  readonly id: number;
  /** Of computing it once, arguments aside: an arithmetic operation is 1. */
  readonly cost: number;
  readonly sign: Sign;
  /** Whether it is a number wherever the columns are (but for overflow). */
  readonly tame: boolean;
  /** Whether it is a truth, not a number. */
  readonly truth: boolean;
}

export type Sign = 'positive' | 'notNegative' | 'any';

/** What is known of a new expression beside its text. */
export type Known = Partial<Pick<Facts, 'cost' | 'sign' | 'tame' | 'truth'>>;

/** From loosest to tightest. */
export const binding = {
  any: 0,
  or: 1,
  and: 2,
  comparison: 3,
  sum: 4,
  product: 5,
  sign: 6,
  atom: 9,
} as const;

/** Makes expressions; equal ones are one. */
export class Expressions {
  readonly #known = new Map<string, Expression>();
  readonly #aliases = new Map<string, string>();
  #count = 0;

  /** `alias` is quoted; another one is made of it where it is taken by another text. */
  column(text: string, wanted: string, known: Known = {}): Column {
    let alias = wanted;
    for (let k = 2; (this.#aliases.get(alias) ?? text) !== text; k++) {
      alias = `${wanted.slice(0, -1)} ${k}${wanted.at(-1)}`;
    }
    this.#aliases.set(alias, text);
    return this.#shared(`column ${text}`, (id) => ({
      ...facts(id, { cost: 0, tame: true, ...known }),
      kind: 'column',
      text,
      alias,
    })) as Column;
  }

  number(value: number): Numeral {
    const key = `number ${Object.is(value, -0) ? '-0' : value}`;
    const sign = value > 0 ? 'positive' : value === 0 ? 'notNegative' : 'any';
    const known = { cost: 0, sign, tame: Number.isFinite(value) } as const;
    return this.#shared(key, (id) => ({ ...facts(id, known), kind: 'number', value })) as Numeral;
  }

  slot(slot: number): Slot {
    const known = { cost: 0, tame: true };
    return this.#shared(`slot ${slot}`, (id) => ({
      ...facts(id, known),
      kind: 'slot',
      slot,
    })) as Slot;
  }

  call(
    pieces: readonly string[],
    args: readonly Expression[],
    [own, ...needs]: readonly number[],
    known: Known = {},
  ): Call {
    const key = `${pieces.join('?')} ${args.map(({ id }) => id)}`;
    return this.#shared(key, (id) => ({
      ...facts(id, known),
      kind: 'call',
      pieces,
      args,
      binding: own,
      needs: args.map((_, i) => needs[i] ?? needs.at(-1) ?? binding.any),
    })) as Call;
  }

  #shared(key: string, make: (id: number) => Expression): Expression {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = make(this.#count++);
    this.#known.set(key, made);
    return made;
  }
}

function facts(id: number, { cost = 1, sign = 'any', tame = false, truth = false }: Known): Facts {
  return { id, cost, sign, tame, truth };
}

/** The number that an expression is, where it is one. */
export function numberOf(x: Expression): number | undefined {
  return x.kind === 'number' ? x.value : undefined;
}
