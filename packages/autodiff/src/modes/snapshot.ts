import { DerivativeError } from '../primitive/derivative-error.ts';
import { FlatMatrix } from '../values/flat-matrix.ts';
import { formatShape } from '../values/shape.ts';
import type { Tape } from './tape.ts';

/** A tape's outside matrices (its roots and constants), to tell later whether one has changed. */
export class Snapshot {
  readonly #sums = new Map<FlatMatrix, number>();

  constructor(tape: Tape) {
    for (const node of tape.nodes) {
      if (node.primitive === null) this.#keep(node.primal);
      node.inputs.forEach((input, i) => {
        if (!tape.owns(input)) this.#keep(node.primals[i]);
      });
    }
  }

  #keep(x: unknown): void {
    if (x instanceof FlatMatrix && !this.#sums.has(x)) this.#sums.set(x, checksum(x.data));
  }

  /** Throws where a matrix differs from what it was. */
  check(): void {
    for (const [x, sum] of this.#sums) {
      if (checksum(x.data) !== sum) {
        throw new DerivativeError(
          `pullback: a ${formatShape(x)} matrix that the function used was changed between vjp ` +
            'and pullback; change a copy instead (x.clone())',
        );
      }
    }
  }
}

// FNV-1a over 32-bit words.
function checksum(data: Float64Array): number {
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length * 2);
  let hash = 0x811c9dc5;
  for (let i = 0; i < words.length; i++) hash = Math.imul(hash ^ words[i], 0x01000193);
  return hash;
}
