import {
  atom,
  binding,
  bracketed,
  call,
  latexName,
  latexWithin,
  type Notation,
  within,
} from '../primitive/notation.ts';

const { matrixProduct, power, postfix } = binding;

/** `A @ B`, with a transposed factor `Aᵀ @ B` or `A @ Bᵀ`. */
export function matrixNotation(left: '' | 'ᵀ', right: '' | 'ᵀ'): Notation {
  const marked = (mark: '' | 'ᵀ') => (mark === '' ? '' : '^{\\top}');
  return {
    text: (a, b) => ({
      text: `${within(left === '' ? matrixProduct : postfix, a)}${left} @ ${within(right === '' ? power : postfix, b)}${right}`,
      binding: matrixProduct,
    }),
    latex: (a, b) => ({
      text: `${latexWithin(left === '' ? matrixProduct : postfix, a)}${marked(left)} ${latexWithin(right === '' ? power : postfix, b)}${marked(right)}`,
      binding: matrixProduct,
    }),
  };
}

/** `Aᵀ` */
export const transposeNotation: Notation = {
  text: (x) => ({ text: `${within(postfix, x)}ᵀ`, binding: power }),
  latex: (x) => ({ text: `${latexWithin(postfix, x)}^{\\top}`, binding: power }),
};

const latexReductions: ReadonlyMap<string, string> = new Map([
  ['max', '\\max'],
  ['min', '\\min'],
]);

/** `sum(x)`, `sum(x, axis 0)` */
export function reductionNotation(name: string, axis: 0 | 1 | undefined): Notation {
  const along = axis === undefined ? '' : `, axis ${axis}`;
  const symbol = latexReductions.get(name) ?? latexName(name);
  return {
    text: (x) => atom(`${name}(${x.text}${along})`),
    latex: ({ text }) => atom(symbol + below(axis) + bracketed('(', text, ')')),
  };
}

/** ‖x‖ */
export function normNotation(axis: 0 | 1 | undefined): Notation {
  return {
    text: reductionNotation('norm', axis).text,
    latex: ({ text }) => atom(bracketed('\\lVert ', text, '\\rVert ') + below(axis)),
  };
}

function below(axis: 0 | 1 | undefined): string {
  return axis === undefined ? '' : `_{${axis}}`;
}

/** `reshape(x, 3×2)` */
export function sizedNotation(name: string, rows: number, columns: number): Notation {
  return {
    text: ({ text }) => atom(`${name}(${text}, ${rows}×${columns})`),
    latex: call(name, `${latexName(name)}_{${rows} \\times ${columns}}`).latex,
  };
}

/** `x[0:1, 0:3]` */
export function indexNotation(ranges: string): Notation {
  return {
    text: (x) => ({ text: `${within(postfix, x)}[${ranges}]`, binding: postfix }),
    latex: (x) => ({ text: `${latexWithin(postfix, x)}_{${ranges}}`, binding: power }),
  };
}

/** `[a; b]` one below the other, `[a, b]` side by side. */
export function blockNotation(axis: 0 | 1): Notation {
  return {
    text: (...parts) => atom(`[${parts.map(({ text }) => text).join(axis === 0 ? '; ' : ', ')}]`),
    latex: (...parts) => {
      const between = axis === 0 ? ' \\\\ ' : ' & ';
      const blocks = parts.map(({ text }) => text).join(between);
      return atom(`\\begin{bmatrix} ${blocks} \\end{bmatrix}`);
    },
  };
}
