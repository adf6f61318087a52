import {
  binding,
  latexWithin,
  type Notation,
  type Printed,
  type PrintedOperand,
  unsigned,
  within,
} from '../primitive/notation.ts';

const { product, matrixProduct, power, postfix } = binding;

function isNumber({ rows, columns }: PrintedOperand): boolean {
  return rows === 1 && columns === 1;
}

/** Entries times a matrix product need brackets, (A x) ∘ y; a number times it does not. */
function leastFor(left: PrintedOperand): number {
  return isNumber(left) ? product : power;
}

function right(left: PrintedOperand, operand: PrintedOperand): number {
  return operand.binding === matrixProduct ? leastFor(left) : product;
}

/** `a * b`, a b, or a ⊙ b where both are larger than a number. */
export const timesNotation: Notation = {
  text: (a, b) => {
    const left = within(product, a);
    if (b.denominator !== undefined) return ofProduct(`${left} / ${b.denominator}`);
    return ofProduct(`${left} * ${unsigned(within(right(a, b), b))}`);
  },
  latex: (a, b) => {
    if (b.denominator !== undefined) return ofProduct(`\\frac{${a.text}}{${b.denominator}}`);
    const left = latexWithin(product, a);
    const other = unsigned(latexWithin(right(a, b), b));
    if (!isNumber(a) && !isNumber(b)) return ofProduct(`${left} \\odot ${other}`);
    return ofProduct(`${left} ${/^\d/.test(other) ? '\\cdot ' : ''}${other}`);
  },
};

/** `a / b` */
export const fractionNotation: Notation = {
  text: (a, b) => ofProduct(`${within(product, a)} / ${unsigned(within(power, b))}`),
  latex: (a, b) => ofProduct(`\\frac{${a.text}}{${b.text}}`),
};

/** `1 / x` */
export const reciprocalNotation: Notation = {
  text: (x) => {
    const denominator = unsigned(within(power, x));
    return { ...ofProduct(`1 / ${denominator}`), denominator };
  },
  latex: (x) => ({ ...ofProduct(`\\frac{1}{${x.text}}`), denominator: x.text }),
};

/** `-x` */
export const minusNotation: Notation = {
  text: (x) => ofProduct(`-${unsigned(within(product, x))}`),
  latex: (x) => ofProduct(`-${unsigned(latexWithin(product, x))}`),
};

/** `x^y` */
export const powerNotation: Notation = {
  text: (x, y) => raised(`${within(postfix, x)}^${within(postfix, y)}`),
  latex: (x, y) => raised(`${latexWithin(postfix, x)}^{${y.text}}`),
};

/** `x^2` */
export const squareNotation: Notation = {
  text: (x) => raised(`${within(postfix, x)}^2`),
  latex: (x) => raised(`${latexWithin(postfix, x)}^{2}`),
};

function ofProduct(text: string): Printed {
  return { text, binding: product };
}

function raised(text: string): Printed {
  return { text, binding: power };
}
