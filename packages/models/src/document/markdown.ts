import type { Document, Part } from './document.ts';

/** A document as Markdown with pipe tables. */
export function toMarkdown({ title, parts }: Document): string {
  return [`**${escaped(title)}**`, ...parts.map(partOf).filter((part) => part !== '')].join('\n\n');
}

function partOf(part: Part): string {
  if (part.kind === 'notes') return part.lines.map((line) => `${escaped(line)}  `).join('\n');
  if (part.kind === 'facts') {
    return part.entries.map(([name, value]) => `- ${escaped(name)}: ${escaped(value)}`).join('\n');
  }
  const { caption, header, rows } = part;
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
  return [
    ...(caption === undefined ? [] : [`${escaped(caption)}\n`]),
    line(header),
    `| ${header.map((_, j) => (j === 0 ? '---' : '---:')).join(' | ')} |`,
    ...rows.map(line),
  ].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>|#]/g, '\\$&');
}
