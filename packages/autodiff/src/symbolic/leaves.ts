import { atom, binding, latexName, type Printed } from '../primitive/notation.ts';
import { uniform } from '../primitive/term.ts';
import { FlatMatrix } from '../values/flat-matrix.ts';
import type { Value } from '../values/operand.ts';
import { formatShape } from '../values/shape.ts';

/** Constants with more entries than this are printed by their size. */
const mostEntries = 9;

const greek = new Set(
  'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega'.split(
    ' ',
  ),
);

/** A number with at most six significant digits. */
function shortNumber(x: number): string {
  return String(Number(x.toPrecision(6)));
}

function signed(text: string): Printed {
  return { text, binding: text.startsWith('-') ? binding.product : binding.atom };
}

/** A constant as text: `2`, `[1, 2; 3, 4]`, `ones(100×10)`, `const(100×10)`. */
export function constantText(x: Value): Printed {
  const size = formatShape(x);
  if (!(x instanceof FlatMatrix)) return atom(`captured(${size})`);
  if (x.rows === 1 && x.columns === 1) return signed(shortNumber(x.data[0]));
  const rows = shortRows(x, shortNumber);
  if (rows !== undefined) return atom(`[${rows.map((row) => row.join(', ')).join('; ')}]`);
  const number = uniform(x);
  if (number === undefined) return atom(`const(${size})`);
  if (number === 0) return atom(`zeros(${size})`);
  return atom(number === 1 ? `ones(${size})` : `filled(${size}, ${shortNumber(number)})`);
}

/** A constant in LaTeX. */
export function constantLatex(x: Value): Printed {
  const size = `${x.rows} \\times ${x.columns}`;
  if (!(x instanceof FlatMatrix)) return atom(`${latexName('captured')}_{${size}}`);
  if (x.rows === 1 && x.columns === 1) return signed(latexNumber(x.data[0]));
  const rows = shortRows(x, latexNumber);
  if (rows !== undefined) {
    const blocks = rows.map((row) => row.join(' & ')).join(' \\\\ ');
    return atom(`\\begin{bmatrix} ${blocks} \\end{bmatrix}`);
  }
  const number = uniform(x);
  if (number === undefined) return atom(`${latexName('const')}_{${size}}`);
  return atom(`\\mathbf{${latexNumber(number)}}_{${size}}`);
}

function shortRows(x: FlatMatrix, write: (entry: number) => string): string[][] | undefined {
  if (x.data.length > mostEntries || x.data.length === 0) return undefined;
  return Array.from({ length: x.rows }, (_, i) =>
    Array.from(x.data.subarray(i * x.columns, (i + 1) * x.columns), write),
  );
}

function latexNumber(x: number): string {
  if (Number.isNaN(x)) return '\\text{NaN}';
  if (!Number.isFinite(x)) return x > 0 ? '\\infty' : '-\\infty';
  const [digits, exponent] = shortNumber(x).split('e');
  return exponent === undefined ? digits : `${digits} \\cdot 10^{${Number(exponent)}}`;
}

/** A name in LaTeX: Greek letters by name, a number at the end as index, words upright. */
export function latexVariable(name: string): string {
  const [, word, index] = /^([A-Za-z]+)_?(\d*)$/.exec(name) ?? ['', name, ''];
  const plain = word.length === 1 || greek.has(word);
  if (!plain) return `\\mathrm{${name.replaceAll(/[\\{}_$&%#^~]/g, (c) => `\\${c}`)}}`;
  const letter = word.length === 1 ? word : `\\${word}`;
  return index === '' ? letter : `${letter}_{${index}}`;
}
