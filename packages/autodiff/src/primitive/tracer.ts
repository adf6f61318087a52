import type { Value } from '../values/operand.ts';
import { formatShape } from '../values/shape.ts';
import { DerivativeError } from './derivative-error.ts';
import type { Primitive } from './primitive.ts';

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

/** The error for a value that outlived the run in which it stood for something. */
export function leaked({ name }: Primitive, x: Value): DerivativeError {
  return new DerivativeError(
    `${name}: a ${formatShape(x)} value was kept after the derivative or the recording in which it ` +
      'was computed had ended; return it from the function (valueAndGrad, vjp, record), or keep ' +
      'its number, item(x), instead',
  );
}

/** What to write in the place of ml-matrix's methods, which work on numbers only. */
const instead: Readonly<Record<string, string>> = {
  set: 'concat or where, which return new values',
  mmul: 'matmul(x, y)',
  add: 'add(x, y)',
  sub: 'sub(x, y)',
  mul: 'mul(x, y)',
  div: 'div(x, y)',
  neg: 'neg(x)',
  pow: 'pow(x, y)',
  exp: 'exp(x)',
  log: 'log(x)',
  sqrt: 'sqrt(x)',
  abs: 'abs(x)',
  sum: 'sum(x)',
  mean: 'mean(x)',
  max: 'max(x)',
  min: 'min(x)',
  norm: 'norm(x)',
  dot: 'dot(x, y)',
  trace: 'trace(x)',
  transpose: 'transpose(x)',
  diag: 'diag(x)',
  repeat: 'broadcastTo(x, [rows, columns])',
  getRow: 'slice(x, [i, i + 1])',
  getColumn: 'slice(x, [0, x.rows], [j, j + 1])',
  getRowVector: 'slice(x, [i, i + 1])',
  getColumnVector: 'slice(x, [0, x.rows], [j, j + 1])',
  subMatrix: 'slice(x, [top, bottom], [left, right])',
  clone: 'x itself: operations never change their inputs',
  to1DArray: 'slice for a part, or item(x) for the number of a 1×1 value',
  to2DArray: 'slice for a part, or item(x) for the number of a 1×1 value',
  toJSON: 'item(x) for the number of a 1×1 value',
};

for (const [method, operation] of Object.entries(instead)) {
  Object.defineProperty(Tracer.prototype, method, {
    value: () => {
      throw new TypeError(
        `${method}: this value is being differentiated, and ml-matrix's methods know nothing of ` +
          `that; use ${operation}`,
      );
    },
  });
}

Object.defineProperty(Tracer.prototype, Symbol.iterator, {
  value: () => {
    throw new TypeError(
      'this value is being differentiated and cannot be spread or looped over; use slice(x, …) ' +
        'for its entries and x.rows, x.columns for its size',
    );
  },
});
