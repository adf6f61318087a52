import type { AnyFunction } from './calling/recorded.ts';
import { skeletonOf } from './calling/skeleton.ts';
import { compile, compiledBehind } from './compile.ts';
import type { Entry } from './compiled.ts';
import { type PlanNode, parametersOf, rowBytes } from './plan/node.ts';
import { isReduction, type Phase, type Step } from './plan/schedule.ts';
import { hasCode, kernelsOf } from './program/operations.ts';
import { productBefore } from './program/products.ts';
import type { Program } from './program/program.ts';

/**
 * What a compiled function does with these arguments, as text: pipelines, tiles, kernels, results
 * and memory; or the reason why it calls the function itself.
 *
 * r: computed row by row, s: a sum (or maximum) over all rows, c: computed once.
 *
 * ```ts
 * console.log(explain(valueAndGrad(loss))({ w }, { X, y }));
 * ```
 */
export function explain<A extends unknown[]>(
  f: (...args: A) => unknown,
): (...samples: A) => string {
  const compiled = compiledBehind(f as AnyFunction) ?? compiledBehind(compile(f as AnyFunction));
  return (...samples) => {
    const entry = compiled?.entryOf(samples as unknown[] as never[]);
    if (entry === undefined) return `not compiled: ${String(skeletonOf(samples))}`;
    if (entry.compiled === undefined) return `not compiled: ${entry.reason}`;
    return described(entry.compiled);
  };
}

function described({ program, results }: NonNullable<Entry['compiled']>): string {
  const { plan } = program;
  const names = namesOf(program);
  const name = (node: PlanNode): string => names.get(node) as string;
  const lines = [inputsLine(program), tilesLine(program)];
  for (const phase of plan.phases) lines.push(...phaseLines(phase, name));
  const ends = plan.outputs.map(({ node, rows, columns }, i) => {
    const stretched = node.rows !== rows || node.columns !== columns;
    const path = results[i] === '' ? 'the result' : results[i];
    return `${path} = ${name(node)}${stretched ? ` stretched to ${rows}×${columns}` : ''}`;
  });
  lines.push(`results: ${ends.join(', ')}`, memoryLine(program));
  return lines.join('\n');
}

function inputsLine({ plan }: Program): string {
  const inputs = plan.labels.all.filter(({ node }) => node.kind === 'input');
  const parts = inputs.map(({ node, label }) => {
    const how = label === 'rows' ? ' by rows' : '';
    const single = node.single ? ' float32' : node.sparse ? ' sparse' : '';
    return `${node.name} ${node.rows}×${node.columns}${single}${how}`;
  });
  return `arguments: ${parts.join(', ')}`;
}

function tilesLine(program: Program): string {
  const { labels } = program.plan;
  if (!program.plan.phases.some(({ kind }) => kind === 'pipeline'))
    return 'no rows: all is computed once';
  const { tileRows } = program.layout;
  const tiles = Math.ceil(labels.rows / tileRows);
  const many = tiles === 1 ? 'one tile' : `${tiles} tiles of ${tileRows}`;
  return (
    `rows: ${labels.rows} in ${many}, ${bytesReadPerRow(program)} bytes read and ` +
    `${operationsPerRow(program)} operations per row`
  );
}

function phaseLines(phase: Phase, name: (node: PlanNode) => string): string[] {
  const { kind, stage, steps } = phase;
  const title = kind === 'pipeline' ? `pipeline ${stage}, tile by tile:` : 'once:';
  const lines = [title];
  steps.forEach((step, k) => {
    const means = productBefore(phase, k - 1) === undefined ? meansOf(step) : 'loop within it';
    const nodes = step.kind === 'loop' ? step.nodes : [step.node];
    nodes.forEach((node, i) => {
      const how = i === 0 ? means : '';
      const accumulates = kind === 'pipeline' && name(node).startsWith('s');
      lines.push(
        `  ${how.padEnd(26)}${name(node)} ${accumulates ? '+=' : '='} ${text(node, name)}`,
      );
    });
  });
  return lines;
}

/** What computes a step. */
function meansOf(step: Step): string {
  if (step.kind === 'loop') return 'loop';
  const [kernel] = kernelsOf(step.node);
  return kernel ?? (hasCode(step.node) ? 'code' : 'host');
}

function text(node: PlanNode, name: (node: PlanNode) => string): string {
  const details = node.axis === undefined ? [] : [`axis ${node.axis}`];
  const { indices } = node;
  if (indices !== undefined)
    details.push('leaf' in indices ? `argument ${indices.leaf}` : 'indices');
  else if (node.name === 'slice') {
    const { rows, columns } = parametersOf<Record<'rows' | 'columns', [number, number]>>(node);
    details.push(`${rows.join('–')}`, `${columns.join('–')}`);
  }
  return `${node.name.replace(/^own\./, '')}(${[...node.inputs.map(name), ...details].join(', ')})`;
}

function memoryLine({ layout, windows }: Program): string {
  const { staticBytes, tileBytes } = layout;
  const own = staticBytes === 0 ? 'none' : `${staticBytes} bytes`;
  const parts =
    windows === undefined ? '' : `, rows that are not pinned: ${windows.rows} at a time`;
  return `memory: program ${own}, tile ${tileBytes} bytes${parts}`;
}

function namesOf({ plan }: Program): Map<PlanNode, string> {
  const letters = { rows: 'r', total: 's', fixed: 'c' } as const;
  const counts = { rows: 0, total: 0, fixed: 0 };
  const names = new Map<PlanNode, string>();
  for (const { node, label } of plan.labels.all) {
    const source = node.kind === 'input' || node.kind === 'constant';
    names.set(node, source ? node.name : `${letters[label]}${++counts[label]}`);
  }
  return names;
}

/** What one row reads from outside its tile, once for every pipeline. */
function bytesReadPerRow({ plan }: Program): number {
  let bytes = 0;
  for (const { kind, stage, steps } of plan.phases) {
    if (kind !== 'pipeline') continue;
    const read = new Set<PlanNode>();
    for (const step of steps) {
      for (const node of step.kind === 'loop' ? step.nodes : [step.node]) {
        for (const input of node.inputs) {
          const made = plan.labels.of.get(input);
          const outside =
            input.kind === 'input' || input.kind === 'constant' || made?.stage !== stage;
          if (outside && made?.label === 'rows' && input.rows > 1) read.add(input);
        }
        if (node.indices !== undefined) bytes += 4;
      }
    }
    for (const node of read) bytes += rowBytes(node);
  }
  return bytes;
}

/** Additions, multiplications and entries of functions. */
function operationsPerRow({ plan }: Program): number {
  let operations = 0;
  for (const { kind, steps } of plan.phases) {
    if (kind !== 'pipeline') continue;
    for (const step of steps) {
      for (const node of step.kind === 'loop' ? step.nodes : [step.node]) operations += cost(node);
    }
  }
  return operations;
}

function cost(node: PlanNode): number {
  const [a, b] = node.inputs;
  switch (node.name) {
    case 'matmul':
      return 2 * a.columns * b.columns;
    case 'matmulRight':
      return 2 * a.columns * b.rows;
    case 'matmulLeft':
      return 2 * a.columns * b.columns;
    default:
      return isReduction(node) ? a.columns : node.columns;
  }
}
