import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { escaped } from '../document/html.ts';

const { document } = parseHTML('<!doctype html><html><body></body></html>');

/** A plot as SVG in a figure, with what it shows in words for those who do not see it. */
export function picture(
  { title, says }: { readonly title: string; readonly says: string },
  options: Plot.PlotOptions,
): string {
  const drawn = Plot.plot({
    document,
    className: 'plot',
    width: 440,
    height: 300,
    marginLeft: 52,
    marginBottom: 40,
    ...options,
  }) as unknown as { readonly outerHTML: string };
  const svg = drawn.outerHTML
    .replaceAll(/<style>[\s\S]*?<\/style>/g, '')
    .replace('<svg ', `<svg role="img" aria-label="${escaped(says)}" `)
    .replaceAll(/ (d|x|y|x1|x2|y1|y2|cx|cy|r|width|height|transform)="[^"]*"/g, rounded);
  return `<figure><figcaption>${escaped(title)}</figcaption>${svg}</figure>`;
}

/** A tenth of a pixel is as fine as anybody sees. */
function rounded(attribute: string): string {
  return attribute.replaceAll(/-?\d+\.\d\d+(e-\d+)?/g, (digits) =>
    String(Math.round(Number(digits) * 10) / 10),
  );
}
