import {
  atom,
  call,
  type Notation,
  type Printed,
  type PrintedOperand,
} from '../primitive/notation.ts';
import type { Primitive } from '../primitive/primitive.ts';
import type { Value } from '../values/operand.ts';
import type { Expression } from './expression.ts';
import { constantLatex, constantText, latexVariable } from './leaves.ts';

export interface PrintOptions {
  /**
   * Whether a subexpression that is used more than once gets a name (`let t1 = …`). Without, only
   * where copying it would print more than a thousand operations.
   */
  readonly share?: boolean;
}

/** Expressions whose text is longer than this get a name of their own where names are allowed. */
const longestText = 2000;

/** One of the two ways to print, or both: what differs between text and LaTeX. */
export interface Style {
  readonly form: keyof Notation;
  variable(name: string): string;
  constant(x: Value): Printed;
  definition(name: string, text: string): string;
}

export const textStyle: Style = {
  form: 'text',
  variable: (name) => name,
  constant: constantText,
  definition: (name, text) => `let ${name} = ${text}`,
};

export const latexStyle: Style = {
  form: 'latex',
  variable: latexVariable,
  constant: constantLatex,
  definition: (name, text) => `${latexVariable(name)} &= ${text}`,
};

/** The definitions that shared subexpressions need, and the results in order. */
export interface Printout {
  readonly definitions: string[];
  readonly results: string[];
}

/** Prints operations as they come: what uses an expression comes after it. */
export class Printer {
  readonly #style: Style;
  readonly #uses: ReadonlyMap<Value, number> | undefined;
  readonly #taken: Set<string>;
  readonly definitions: string[] = [];
  #count = 0;

  /** With `uses` (how often each expression is used), what is used more than once gets a name. */
  constructor(
    style: Style,
    inputs: readonly Expression[],
    uses: ReadonlyMap<Value, number> | undefined,
  ) {
    this.#style = style;
    this.#uses = uses;
    this.#taken = new Set(inputs.map(({ name }) => name));
  }

  input(input: Expression): PrintedOperand {
    return sized(atom(this.#style.variable(input.name)), input);
  }

  constant(x: Value): PrintedOperand {
    return sized(this.#style.constant(x), x);
  }

  operation(primitive: Primitive, inputs: PrintedOperand[], node: Expression): PrintedOperand {
    const notation = primitive.print ?? call(describedName(primitive));
    const printed = notation[this.#style.form](...inputs);
    if (this.#uses === undefined) return sized(printed, node);
    const shared = (this.#uses.get(node) ?? 0) > 1 || printed.text.length > longestText;
    if (!shared) return sized(printed, node);
    const name = this.#name();
    this.definitions.push(this.#style.definition(name, printed.text));
    return sized(atom(this.#style.variable(name)), node);
  }

  #name(): string {
    do this.#count++;
    while (this.#taken.has(`t${this.#count}`));
    return `t${this.#count}`;
  }
}

function sized({ text, binding, denominator }: Printed, x: Value): PrintedOperand {
  const { rows, columns } = x;
  const operand = { text, binding, rows, columns };
  return denominator === undefined ? operand : { ...operand, denominator };
}

/** `cumsum[axis 0, reversed false]` */
function describedName({ name, parameters }: Primitive): string {
  if (typeof parameters !== 'object' || parameters === null) return name;
  const parts = Object.entries(parameters).map(([key, x]) => `${key} ${shortList(x)}`);
  return parts.length === 0 ? name : `${name}[${parts.join(', ')}]`;
}

function shortList(x: unknown): string {
  if (!Array.isArray(x) && !ArrayBuffer.isView(x)) return String(x);
  const entries = Array.from(x as ArrayLike<unknown>);
  const shown = entries.slice(0, 6).map(String).join(', ');
  return entries.length > 6 ? `(${shown}, … ${entries.length} in all)` : `(${shown})`;
}
