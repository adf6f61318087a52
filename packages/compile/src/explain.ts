import { isCallable, refusal } from '@steepest/ground';
import type { AnyFunction } from './calling/recorded.ts';
import { skeletonOf } from './calling/skeleton.ts';
import { compile, compiledBehind } from './compile.ts';
import type { Entry } from './compiled.ts';
import { loweringOf } from './lowering/index.ts';
import { type ComputedNode, isSource, type PlanNode, rowBytes } from './plan/node.ts';
import { nodesOf, type Phase } from './plan/schedule.ts';
import { accumulates } from './program/accumulation.ts';
import { interleavedAt } from './program/interleaved.ts';
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
  if (!isCallable(f)) {
    throw refusal('explain', 'it takes a function', f, 'write explain(f)(...samples)');
  }
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
  const parts = plan.labels.all.flatMap(({ node, label }) => {
    if (node.kind !== 'input') return [];
    const how = label === 'rows' ? ' by rows' : '';
    const form = { double: '', single: ' float32', sparse: ' sparse' }[node.form];
    return [`${node.name} ${node.rows}×${node.columns}${form}${how}`];
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
    const within = interleavedAt(phase, k - 1) !== undefined;
    nodesOf(step).forEach((node, i) => {
      const how = meansOf(node, i === 0, within);
      const adds = kind === 'pipeline' && accumulates(node);
      lines.push(`  ${how.padEnd(26)}${name(node)} ${adds ? '+=' : '='} ${text(node, name)}`);
    });
  });
  return lines;
}

/** What computes a node of a step; said once for a loop, but for what the host computes in it. */
function meansOf(node: ComputedNode, isFirst: boolean, within: boolean): string {
  const lowering = loweringOf(node);
  if (node.kind === 'operation') {
    const [kernel] = lowering?.kernels?.(node) ?? [];
    return kernel ?? (lowering?.emit === undefined ? 'host' : 'code');
  }
  const byHost = node.kind === 'entries' && lowering?.entry?.(node) === undefined;
  const loop = !isFirst ? '' : within ? 'loop within it' : 'loop';
  if (!byHost) return loop;
  return loop === '' ? 'host, entry by entry' : `${loop}, host`;
}

function text(node: ComputedNode, name: (node: PlanNode) => string): string {
  const details: string[] = [];
  if (node.kind === 'reduction' && node.axis !== undefined) details.push(`axis ${node.axis}`);
  if (node.kind === 'operation') {
    const { indices } = node;
    if (indices !== undefined)
      details.push('leaf' in indices ? `argument ${indices.leaf}` : 'indices');
    details.push(...(loweringOf(node)?.details?.(node) ?? []));
  }
  return `${node.name}(${[...node.inputs.map(name), ...details].join(', ')})`;
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
    names.set(node, isSource(node) ? node.name : `${letters[label]}${++counts[label]}`);
  }
  return names;
}

/** What one row reads from outside its tile, once for every pipeline. */
function bytesReadPerRow({ plan }: Program): number {
  let bytes = 0;
  for (const { kind, stage, steps } of plan.phases) {
    if (kind !== 'pipeline') continue;
    const read = new Set<PlanNode>();
    for (const node of steps.flatMap(nodesOf)) {
      for (const input of node.inputs) {
        const made = plan.labels.of.get(input);
        const outside = isSource(input) || made?.stage !== stage;
        if (outside && made?.label === 'rows' && input.rows > 1) read.add(input);
      }
      if (node.kind === 'operation' && node.indices !== undefined) bytes += 4;
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
    for (const node of steps.flatMap(nodesOf)) {
      const { columns } = node.kind === 'reduction' ? node.inputs[0] : node;
      operations += loweringOf(node)?.cost?.(node) ?? columns;
    }
  }
  return operations;
}
