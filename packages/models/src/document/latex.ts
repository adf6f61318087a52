import type { Document, Part } from './document.ts';

/** A document as LaTeX: tables with the rules of the booktabs package. */
export function toLatex({ title, parts }: Document): string {
  const written = parts.map(partOf).filter((part) => part !== '');
  return [`\\noindent\\textbf{${escaped(title)}}`, ...written].join('\n\n');
}

function partOf(part: Part): string {
  if (part.kind === 'notes') return part.lines.map((line) => `${escaped(line)}\\\\`).join('\n');
  if (part.kind === 'facts') {
    const lines = part.entries.map(([name, value]) => `${escaped(name)} & ${escaped(value)} \\\\`);
    return ['\\begin{tabular}{ll}', ...lines, '\\end{tabular}'].join('\n');
  }
  const { caption, header, rows, rules = [] } = part;
  const line = (cells: readonly string[]) => `${cells.map(escaped).join(' & ')} \\\\`;
  return [
    ...(caption === undefined ? [] : [`${escaped(caption)}\n`]),
    `\\begin{tabular}{l${'r'.repeat(header.length - 1)}}`,
    '\\toprule',
    line(header),
    '\\midrule',
    ...rows.flatMap((row, i) => (rules.includes(i) ? ['\\midrule', line(row)] : [line(row)])),
    '\\bottomrule',
    '\\end{tabular}',
  ].join('\n');
}

const signs: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '²': '\\textsuperscript{2}',
  χ: '$\\chi$',
  φ: '$\\varphi$',
  β: '$\\beta$',
  σ: '$\\sigma$',
  Σ: '$\\Sigma$',
  '√': '$\\surd$',
  '−': '$-$',
  '·': '$\\cdot$',
  '≥': '$\\geq$',
  '≤': '$\\leq$',
  '…': '\\dots{}',
};

function escaped(text: string): string {
  const safe = text.replaceAll(
    /[\\~^<>|²χφβσΣ√−·≥≤…]|[&%$#_{}]/g,
    (sign) => signs[sign] ?? `\\${sign}`,
  );
  // A minus, not a hyphen, before a number.
  return safe.replaceAll(/(^|\s|\()-(?=[\d.])/g, '$1$-$');
}
