import { escaped } from '../document/html.ts';
import { six } from '../document/numbers.ts';

/** A number as people read it; the whole of it is in `value`, for programs. */
export function figure(name: string, x: number, text: string = six(x)): string {
  return `<data class="n" data-name="${escaped(name)}" value="${x}">${escaped(minus(text))}</data>`;
}

/** With the sign of typography. */
function minus(text: string): string {
  return text.replace(/^-(?=[\d.])/, '−').replace('e-', 'e−');
}

/** A part of the page under its heading. */
export function section(title: string, ...parts: readonly string[]): string {
  const body = parts.filter((part) => part !== '');
  return body.length === 0
    ? ''
    : `<section>\n<h2>${escaped(title)}</h2>\n${body.join('\n')}\n</section>`;
}

export function paragraph(text: string, kind: string = 'note'): string {
  return `<p class="${kind}">${escaped(text)}</p>`;
}

/** Rows of cells that are HTML already, the first of each a name. */
export function grid(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = header.map((name) => `<th scope="col">${escaped(name)}</th>`).join('');
  const body = rows.map(([name, ...cells]) => {
    const others = cells.map((cell) => `<td>${cell}</td>`).join('');
    return `<tr><th scope="row">${name}</th>${others}</tr>`;
  });
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table></div>`;
}

/** Facts, each under its name; values are HTML already. */
export function facts(entries: readonly (readonly [name: string, value: string])[]): string {
  const lines = entries.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${value}</dd>`);
  return `<dl>\n${lines.join('\n')}\n</dl>`;
}

/** Pictures beside each other. */
export function pictures(...figures: readonly string[]): string {
  const drawn = figures.filter((one) => one !== '');
  return drawn.length === 0 ? '' : `<div class="pictures">\n${drawn.join('\n')}\n</div>`;
}
