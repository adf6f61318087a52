import type { Primitive, Value } from './primitive.ts';

let lastLevel = 0;

/** A level above all that exist: derivatives nested inside get higher ones, so they never mix. */
export function newLevel(): number {
  return ++lastLevel;
}

/** A value that records how it is used, so that a derivative can be taken. */
export abstract class Tracer implements Value {
  readonly rows: number;
  readonly columns: number;
  readonly level: number;

  constructor(rows: number, columns: number, level: number) {
    this.rows = rows;
    this.columns = columns;
    this.level = level;
  }

  /** Applies a primitive of which this is the highest-level input. */
  abstract trace(primitive: Primitive, inputs: readonly Value[]): Value;

  /** The value one level down; throws where there is none. */
  abstract lower(): Value;

  /** `x + 1` or `x < 1` would drop the derivative in silence. */
  [Symbol.toPrimitive](): never {
    throw new TypeError(
      `a ${this.rows}×${this.columns} value that is being differentiated cannot be used with ` +
        "JavaScript's operators: write add(x, 1), mul(x, 2), …; " +
        'item(x) gives its number where an if or a loop needs it',
    );
  }

  get(): never {
    throw new TypeError(
      'get: this value is being differentiated; use slice(x, [i, i + 1], [j, j + 1]) for an ' +
        'entry, or item(x) for the number of a 1×1 value in an if or a loop',
    );
  }
}
