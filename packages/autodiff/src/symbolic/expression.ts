import type { Primitive } from '../primitive/primitive.ts';
import { Term } from '../primitive/term.ts';
import { leaked } from '../primitive/tracer.ts';
import type { Value } from '../values/operand.ts';
import { formatShape, type Sized } from '../values/shape.ts';

/** Where expressions come from: it turns an operation on expressions into another one. */
export interface Recorder {
  readonly level: number;
  /** Whether the run is over: nothing more can be recorded. */
  readonly ended: boolean;
  operation(primitive: Primitive, inputs: readonly Value[]): Value;
}

/**
 * A value of symbolic mode: an input of the recorded function, or an operation on other values.
 * Its inputs are expressions of the same recording, constants (`FlatMatrix`), or values of a
 * surrounding derivative that the function captured.
 */
export class Expression extends Term {
  readonly recorder: Recorder;
  /** Counts up in the order of recording: inputs have smaller numbers than what uses them. */
  readonly id: number;
  readonly primitive: Primitive | null;
  readonly inputs: readonly Value[];
  /** Of an input; empty for operations. */
  readonly name: string;

  constructor(
    recorder: Recorder,
    id: number,
    size: Sized,
    primitive: Primitive | null,
    inputs: readonly Value[],
    name = '',
  ) {
    super(size.rows, size.columns, recorder.level);
    this.recorder = recorder;
    this.id = id;
    this.primitive = primitive;
    this.inputs = inputs;
    this.name = name;
  }

  trace(primitive: Primitive, inputs: readonly Value[]): Value {
    if (this.recorder.ended) throw leaked(primitive, this);
    return this.recorder.operation(primitive, inputs);
  }

  lower(): never {
    throw new TypeError(
      `record: a ${formatShape(this)} value has no number yet while the function is recorded, and ` +
        "JavaScript's if and while need one; write where(condition, a, b) to choose between values",
    );
  }

  override [Symbol.toPrimitive](): never {
    throw new TypeError(
      `record: a ${formatShape(this)} value has no number yet, so JavaScript's operators, if and ` +
        'while cannot use it; write add(x, 1), less(x, 1), …, and where(condition, a, b) to choose',
    );
  }

  override get(): never {
    throw new TypeError(
      'record: get has no number to return yet; use slice(x, [i, i + 1], [j, j + 1]) for an entry',
    );
  }
}
