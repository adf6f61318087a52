import type { Value } from '../values/operand.ts';
import { formatShape } from '../values/shape.ts';
import type { Expression } from './expression.ts';
import { constantText } from './leaves.ts';

/** The graph in Graphviz' language: inputs as boxes, operations as ellipses, sizes below names. */
export function toDot(
  nodes: readonly Expression[],
  ends: readonly Value[],
  names: readonly string[],
): string {
  const ids = new Map<Value, string>();
  const lines: string[] = [];
  const place = (x: Value, shape: string, label: string): string => {
    const id = `n${ids.size}`;
    ids.set(x, id);
    lines.push(`  ${id} [shape=${shape}, label=${quoted(`${label}\n${formatShape(x)}`)}];`);
    return id;
  };
  const idOf = (x: Value): string => {
    return ids.get(x) ?? place(x, 'plaintext', constantText(x).text);
  };
  for (const node of nodes) {
    const inputs = node.inputs.map(idOf);
    const id =
      node.primitive === null
        ? place(node, 'box', node.name)
        : place(node, 'ellipse', node.primitive.name);
    for (const input of inputs) lines.push(`  ${input} -> ${id};`);
  }
  ends.forEach((end, i) => {
    const from = idOf(end);
    lines.push(`  out${i} [shape=plaintext, label=${quoted(names[i])}];`, `  ${from} -> out${i};`);
  });
  return `digraph {\n${lines.join('\n')}\n}`;
}

function quoted(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  return `"${escaped}"`;
}
