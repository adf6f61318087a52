import { apply } from '../primitive/apply.ts';
import type { Primitive } from '../primitive/primitive.ts';
import { leaked, newLevel, Tracer } from '../primitive/tracer.ts';
import { watching } from '../primitive/watch.ts';
import { FlatMatrix } from '../values/flat-matrix.ts';
import type { Value } from '../values/operand.ts';

/** The operations of one forward run, in the order in which they happened. */
export class Tape {
  readonly level: number = newLevel();
  readonly nodes: Node[] = [];
  /** Whether the run is over: nothing more can be recorded. */
  ended = false;

  root(primal: Value): Node {
    return new Node(this, primal, null, [], []);
  }

  owns(x: Value): x is Node {
    return x instanceof Node && x.tape === this;
  }

  /** The value one level down. */
  primal(x: Value): Value {
    return this.owns(x) ? x.primal : x;
  }
}

/** A value of reverse mode, with the operation that made it; a root has none. */
export class Node extends Tracer {
  readonly tape: Tape;
  readonly index: number;
  readonly primal: Value;
  readonly primitive: Primitive | null;
  readonly inputs: readonly Value[];
  readonly primals: readonly Value[];
  /** How often the primals had been written to: a later write would spoil the backward pass. */
  readonly writes: number;
  readonly source: string | undefined;

  constructor(
    tape: Tape,
    primal: Value,
    primitive: Primitive | null,
    inputs: readonly Value[],
    primals: readonly Value[],
  ) {
    super(primal.rows, primal.columns, tape.level);
    this.tape = tape;
    this.index = tape.nodes.length;
    this.primal = primal;
    this.primitive = primitive;
    this.inputs = inputs;
    this.primals = primals;
    this.writes = writesOf(primals);
    this.source = watching.current?.source();
    tape.nodes.push(this);
  }

  trace(primitive: Primitive, inputs: readonly Value[]): Value {
    if (this.tape.ended) throw leaked(primitive, this);
    const primals = new Array<Value>(inputs.length);
    for (let i = 0; i < inputs.length; i++) primals[i] = this.tape.primal(inputs[i]);
    return new Node(this.tape, apply(primitive, ...primals), primitive, inputs, primals);
  }

  lower(): Value {
    return this.primal;
  }
}

export function writesOf(values: readonly Value[]): number {
  let writes = 0;
  for (const x of values) if (x instanceof FlatMatrix) writes += x.writes;
  return writes;
}
