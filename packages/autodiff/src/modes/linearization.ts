import { add } from '../ops/arithmetic.ts';
import { DerivativeError, notDifferentiable } from '../primitive/derivative-error.ts';
import type { LinearMap, Partial, Primitive, Slope } from '../primitive/primitive.ts';
import { asDerivativeOf, watching } from '../primitive/watch.ts';
import { filled } from '../values/flat-matrix.ts';
import { lift } from '../values/lift.ts';
import type { Operand, Value } from '../values/operand.ts';
import { formatShape } from '../values/shape.ts';
import { TreeDef } from '../values/tree-def.ts';
import { linearMap, movingRule, pulled } from './rules.ts';
import { type Node, Tape, writesOf } from './tape.ts';

/** A run of a function: its result, and its derivative at the point where it ran. */
export interface Linearized {
  /** The structure of the argument in which it is differentiated, and of the result. */
  readonly from: TreeDef;
  readonly to: TreeDef;
  readonly leaves: readonly Operand[];
  /** What the function returned. */
  readonly output: unknown;
  readonly tape: Tape;
  readonly at: Linearization;
}

/** Runs f once on x, recording it; `operation` is named by errors. */
export function linearized<P, R extends unknown[]>(
  operation: string,
  f: (x: P, ...rest: R) => unknown,
  x: unknown,
  rest: R,
): Linearized {
  const tape = new Tape();
  const leaves: Operand[] = [];
  const from = TreeDef.of(x, leaves);
  const roots = leaves.map((leaf) => tape.root(lift(leaf, operation)));
  let output: unknown;
  try {
    output = f(from.unflatten(roots) as P, ...rest);
  } finally {
    tape.ended = true;
  }
  const results: Operand[] = [];
  const to = TreeDef.of(output, results);
  const ends = results.map((leaf) => lift(leaf, operation));
  return { from, to, leaves, output, tape, at: new Linearization(operation, tape, roots, ends) };
}

/**
 * The derivative of a recorded run at its point, as one linear map from roots to ends: for grad,
 * vjp, jacobian and hessian alike.
 */
export class Linearization {
  readonly roots: readonly Node[];
  readonly ends: readonly Value[];
  readonly #operation: string;
  readonly #tape: Tape;
  /** By node and input, where they are kept for more directions than one. */
  #maps: (readonly (LinearMap | undefined)[] | undefined)[] | undefined;
  /** Which nodes the ends depend on. */
  #needed: readonly boolean[] | undefined;

  constructor(operation: string, tape: Tape, roots: readonly Node[], ends: readonly Value[]) {
    this.#operation = operation;
    this.#tape = tape;
    this.roots = roots;
    this.ends = ends;
  }

  /** Asks every rule once, for all directions to come; costs the memory of the slopes. */
  keep(): this {
    this.#maps ??= new Array(this.#tape.nodes.length);
    return this;
  }

  /** The ends as values one level down. */
  values(): Value[] {
    return this.ends.map((end) => this.#tape.primal(end));
  }

  /** Tangents of the roots (undefined: zero) → tangents of the ends. */
  push(tangents: readonly (Value | undefined)[]): Value[] {
    const { nodes } = this.#tape;
    const found: (Value | undefined)[] = new Array(nodes.length);
    this.roots.forEach((root, i) => {
      found[root.index] = tangents[i];
    });
    this.#needed ??= neededFor(this.#tape, this.ends);
    for (const node of nodes) {
      if (node.primitive === null || !this.#needed[node.index]) continue;
      const { primitive, source } = node;
      asDerivativeOf({ primitive, source }, () => this.#pushInputs(node, primitive, found));
    }
    return this.ends.map((end) => (this.#tape.owns(end) && found[end.index]) || zerosLike(end));
  }

  /**
   * Cotangents of the ends (undefined: zero) → cotangents of the roots. One loop over the tape from
   * its end, so chains of any length are fine.
   *
   * Invariant: when a node's turn comes, all that used it have had theirs, and its cotangent is whole.
   */
  pull(cotangents: readonly (Value | undefined)[]): Value[] {
    const { nodes } = this.#tape;
    const found: (Value | undefined)[] = new Array(nodes.length);
    let last = -1;
    for (let i = 0; i < this.ends.length; i++) {
      const end = this.ends[i];
      const seed = cotangents[i];
      if (seed === undefined || !this.#tape.owns(end)) continue;
      last = Math.max(last, end.index);
      found[end.index] = plus(found[end.index], seed);
    }
    for (let k = last; k >= 0; k--) {
      const cotangent = found[k];
      const node = nodes[k];
      if (cotangent === undefined || node.primitive === null) continue;
      const { primitive, source } = node;
      if (watching.current === undefined) this.#pullInputs(node, primitive, cotangent, found);
      else {
        const pull = () => this.#pullInputs(node, primitive, cotangent, found);
        asDerivativeOf({ primitive, source }, pull);
      }
    }
    return this.roots.map((root) => found[root.index] ?? zerosLike(root));
  }

  #pullInputs(
    node: Node,
    primitive: Primitive,
    cotangent: Value,
    found: (Value | undefined)[],
  ): void {
    const kept = this.#maps && this.#mapsOf(node, primitive);
    if (kept === undefined) expectUnchanged(node);
    const { primal: result, inputs, primals } = node;
    for (let i = 0; i < inputs.length; i++) {
      const input = inputs[i];
      if (!this.#tape.owns(input)) continue;
      let share: Value | undefined;
      if (kept !== undefined) share = kept[i]?.pull(cotangent);
      else {
        const rule = this.#rule(primitive, i);
        if (rule !== undefined) share = pulled(primitive, result, primals, i, rule, cotangent);
      }
      if (share !== undefined) found[input.index] = plus(found[input.index], share);
    }
  }

  #pushInputs(node: Node, primitive: Primitive, found: (Value | undefined)[]): void {
    const maps = this.#mapsOf(node, primitive);
    node.inputs.forEach((input, i) => {
      const tangent = this.#tape.owns(input) ? found[input.index] : undefined;
      const change = tangent && maps[i]?.push(tangent);
      if (change !== undefined) found[node.index] = plus(found[node.index], change);
    });
  }

  /** The derivative of a node with respect to each input; undefined where that moves nothing. */
  #mapsOf(node: Node, primitive: Primitive): readonly (LinearMap | undefined)[] {
    const known = this.#maps?.[node.index];
    if (known !== undefined) return known;
    expectUnchanged(node);
    const maps = node.inputs.map((input, i) => {
      if (!this.#tape.owns(input)) return undefined;
      const rule = this.#rule(primitive, i);
      return rule === undefined
        ? undefined
        : linearMap(primitive, node.primal, node.primals, i, rule);
    });
    if (this.#maps !== undefined) this.#maps[node.index] = maps;
    return maps;
  }

  #rule(primitive: Primitive, index: number): Partial | Slope | undefined {
    const rule = movingRule(primitive, index);
    if (rule === null) throw notDifferentiable(this.#operation, primitive);
    return rule;
  }
}

function neededFor(tape: Tape, ends: readonly Value[]): readonly boolean[] {
  const needed = new Array<boolean>(tape.nodes.length).fill(false);
  for (const end of ends) if (tape.owns(end)) needed[end.index] = true;
  for (let k = tape.nodes.length - 1; k >= 0; k--) {
    const { primitive, inputs } = tape.nodes[k];
    if (!needed[k] || primitive === null) continue;
    inputs.forEach((input, i) => {
      if (tape.owns(input) && movingRule(primitive, i) !== undefined) needed[input.index] = true;
    });
  }
  return needed;
}

function plus(sum: Value | undefined, more: Value): Value {
  return sum === undefined ? more : add(sum, more);
}

function zerosLike({ rows, columns }: Value): Value {
  return filled(rows, columns, 0);
}

function expectUnchanged(node: Node): void {
  if (writesOf(node.primals) === node.writes) return;
  throw new DerivativeError(
    `reverse mode: a value that ${node.primitive?.name} (${formatShape(node)}) was computed from ` +
      'was changed before the backward pass could use it; change a copy instead (x.clone())',
  );
}
