import { add } from '../ops/arithmetic.ts';
import { notDifferentiable } from '../primitive/derivative-error.ts';
import { type LinearMap, locallyConstant, partialOf } from '../primitive/primitive.ts';
import { asDerivativeOf, type Origin } from '../primitive/watch.ts';
import { filled } from '../values/flat-matrix.ts';
import type { Value } from '../values/operand.ts';
import { changedValue } from './sweep.ts';
import { type Node, type Tape, writesOf } from './tape.ts';

/** One input of one node, with the derivative of the node with respect to it. */
interface Link {
  readonly node: Node;
  readonly origin: Origin;
  readonly input: number;
  readonly map: LinearMap;
}

/**
 * The derivative of a recorded run at its point, as one linear map from roots to ends: the rules
 * are asked once, then any number of directions go through in either direction.
 */
export class Linearization {
  readonly #tape: Tape;
  readonly #roots: readonly Node[];
  readonly #ends: readonly Value[];
  /** In the order of the tape; only what the ends depend on. */
  readonly #links: readonly Link[];

  constructor(tape: Tape, roots: readonly Node[], ends: readonly Value[]) {
    this.#tape = tape;
    this.#roots = roots;
    this.#ends = ends;
    this.#links = linksTo(tape, ends);
  }

  /** Tangents of the roots (undefined: zero) → tangents of the ends. */
  push(tangents: readonly (Value | undefined)[]): Value[] {
    const found: (Value | undefined)[] = new Array(this.#tape.nodes.length);
    this.#roots.forEach((root, i) => {
      found[root.index] = tangents[i];
    });
    for (const { node, origin, input, map } of this.#links) {
      const tangent = found[input];
      if (tangent === undefined) continue;
      const more = asDerivativeOf(origin, () => map.push(tangent));
      found[node.index] = plus(found[node.index], more);
    }
    return this.#ends.map((end) => (this.#tape.owns(end) && found[end.index]) || zerosLike(end));
  }

  /** Cotangents of the ends (undefined: zero) → cotangents of the roots. */
  pull(cotangents: readonly (Value | undefined)[]): Value[] {
    const found: (Value | undefined)[] = new Array(this.#tape.nodes.length);
    this.#ends.forEach((end, i) => {
      const seed = cotangents[i];
      if (this.#tape.owns(end) && seed !== undefined) {
        found[end.index] = plus(found[end.index], seed);
      }
    });
    for (let k = this.#links.length - 1; k >= 0; k--) {
      const { node, origin, input, map } = this.#links[k];
      const cotangent = found[node.index];
      if (cotangent === undefined) continue;
      const more = asDerivativeOf(origin, () => map.pull(cotangent));
      found[input] = plus(found[input], more);
    }
    return this.#roots.map((root) => found[root.index] ?? zerosLike(root));
  }
}

function linksTo(tape: Tape, ends: readonly Value[]): Link[] {
  const needed = new Array<boolean>(tape.nodes.length).fill(false);
  for (const end of ends) if (tape.owns(end)) needed[end.index] = true;
  const links: Link[] = [];
  for (let k = tape.nodes.length - 1; k >= 0; k--) {
    const node = tape.nodes[k];
    const { primitive, inputs, primals } = node;
    if (!needed[k] || primitive === null) continue;
    if (writesOf(primals) !== node.writes) throw changedValue(node);
    const origin = { primitive, source: node.source };
    inputs.forEach((input, i) => {
      if (!tape.owns(input)) return;
      const partial = partialOf(primitive, i);
      if (partial === locallyConstant) return;
      if (partial === null) throw notDifferentiable('jacobian', primitive);
      needed[input.index] = true;
      const map = asDerivativeOf(origin, () => partial(node.primal, ...primals));
      links.push({ node, origin, input: input.index, map });
    });
  }
  return links.reverse();
}

function plus(sum: Value | undefined, more: Value): Value {
  return sum === undefined ? more : add(sum, more);
}

function zerosLike({ rows, columns }: Value): Value {
  return filled(rows, columns, 0);
}
