import type { Sized } from '../values/shape.ts';

/** An expression as printed, with how tightly its outermost operator binds. */
export interface Printed {
  readonly text: string;
  readonly binding: number;
  /** Of 1/x: x, so that a product with it can be printed as a quotient. */
  readonly denominator?: string;
}

/** An operand as printed, with its size. */
export interface PrintedOperand extends Printed, Sized {}

/** How one operation is written, as text and in LaTeX, from its printed operands. */
export interface Notation {
  text(...operands: PrintedOperand[]): Printed;
  latex(...operands: PrintedOperand[]): Printed;
}

/** How tightly operators bind; what binds less tightly than its surroundings is put in brackets. */
export const binding = {
  comparison: 1,
  sum: 2,
  product: 3,
  matrixProduct: 4,
  power: 5,
  postfix: 6,
  atom: 7,
} as const;

/** The operand as text, in parentheses where it binds less tightly than `least`. */
export function within(least: number, { text, binding }: Printed): string {
  return binding < least ? `(${text})` : text;
}

/** The operand in LaTeX, in parentheses where it binds less tightly; a comparison as Iverson's [x > 0]. */
export function latexWithin(least: number, operand: Printed): string {
  if (operand.binding >= least) return operand.text;
  const [open, close] = operand.binding === binding.comparison ? '[]' : '()';
  return bracketed(open, operand.text, close);
}

/** Brackets that grow with what they hold. */
export function bracketed(open: string, text: string, close: string): string {
  const tall = /\\(frac|begin|sum|left)/.test(text);
  return tall ? `\\left${open}${text}\\right${close}` : `${open}${text}${close}`;
}

export function atom(text: string): Printed {
  return { text, binding: binding.atom };
}

/** A function call: `name(a, b)`, in LaTeX with the function's own symbol. */
export function call(name: string, symbol: string = latexName(name)): Notation {
  return {
    text: (...operands) => atom(`${name}(${operands.map(({ text }) => text).join(', ')})`),
    latex: (...operands) => {
      return atom(symbol + bracketed('(', operands.map(({ text }) => text).join(', '), ')'));
    },
  };
}

/** A function that LaTeX has no symbol for. */
export function latexName(name: string): string {
  return `\\operatorname{${name}}`;
}

/** An operator between two operands that is the same in text and, but for its symbol, in LaTeX. */
export function infix(
  symbol: string,
  latexSymbol: string,
  level: number,
  right: number = level + 1,
): Notation {
  return {
    text: (a, b) => ({
      text: `${within(level, a)} ${symbol} ${unsigned(within(right, b))}`,
      binding: level,
    }),
    latex: (a, b) => ({
      text: `${latexWithin(level, a)} ${latexSymbol} ${unsigned(latexWithin(right, b))}`,
      binding: level,
    }),
  };
}

/** A right operand that starts with a sign is put in parentheses: a − (−b). */
export function unsigned(text: string): string {
  return text.startsWith('-') ? `(${text})` : text;
}
