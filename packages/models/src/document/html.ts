import type { Document, Part } from './document.ts';

/** A document as HTML that needs no style sheet; every text is escaped. */
export function toHtml({ title, parts }: Document): string {
  return [`<section><h4>${escaped(title)}</h4>`, ...parts.map(partOf), '</section>'].join('\n');
}

function partOf(part: Part): string {
  if (part.kind === 'notes') return part.lines.map((line) => `<p>${escaped(line)}</p>`).join('\n');
  if (part.kind === 'facts') {
    const rows = part.entries.map(
      ([name, value]) => `<tr><th scope="row">${escaped(name)}</th><td>${escaped(value)}</td></tr>`,
    );
    return ['<table>', ...rows, '</table>'].join('\n');
  }
  const { caption, header, rows } = part;
  const right = ' style="text-align:right"';
  const cell = (text: string, j: number) =>
    j === 0 ? `<th scope="row">${escaped(text)}</th>` : `<td${right}>${escaped(text)}</td>`;
  const head = header.map(
    (name, j) => `<th scope="col"${j === 0 ? '' : right}>${escaped(name)}</th>`,
  );
  return [
    '<table>',
    ...(caption === undefined ? [] : [`<caption>${escaped(caption)}</caption>`]),
    `<thead><tr>${head.join('')}</tr></thead>`,
    '<tbody>',
    ...rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`),
    '</tbody></table>',
  ].join('\n');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Text that HTML takes as such. */
export function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (sign) => entities[sign]);
}
