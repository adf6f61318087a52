import { expectFunction } from '../primitive/callable.ts';
import type { Primitive } from '../primitive/primitive.ts';
import { type Origin, type Watch, watching } from '../primitive/watch.ts';
import type { FlatMatrix } from '../values/flat-matrix.ts';
import { formatShape } from '../values/shape.ts';
import { sourceLine } from './source-line.ts';

/** An operation made NaN out of numbers. */
export class NaNError extends Error {
  override name = 'NaNError';
  /** The operation that returned NaN. */
  readonly operation: string;
  readonly pass: 'forward' | 'backward';
  /** In the backward pass: the operation whose derivative was being computed. */
  readonly derivativeOf: string | undefined;
  /** The line of the user's source that called the operation, where the engine tells. */
  readonly source: string | undefined;

  constructor(
    primitive: Primitive,
    inputs: readonly FlatMatrix[],
    result: FlatMatrix,
    origin: Origin | undefined,
    source: string | undefined,
  ) {
    const { name: operation } = primitive;
    const place = source === undefined ? '' : ` (called at ${source})`;
    const where =
      origin === undefined
        ? `in the forward pass${place}`
        : `in the backward pass, in the derivative of ${origin.primitive.name}${place}`;
    super(
      `${operation} returned NaN ${where}: ` +
        `${operation}(${inputs.map(shortly).join(', ')}) → ${shortly(result)}; ` +
        remedyOf(origin?.primitive ?? primitive),
    );
    this.operation = operation;
    this.pass = origin === undefined ? 'forward' : 'backward';
    this.derivativeOf = origin?.primitive.name;
    this.source = source;
  }
}

function remedyOf({ name, remedy }: Primitive): string {
  return remedy ?? `guard the input of ${name} inside where`;
}

let active = 0;

const firstNaN: Watch = {
  origin: undefined,
  source: sourceLine,
  evaluated(primitive, inputs, result) {
    if (!hasNaN(result) || inputs.some(hasNaN)) return;
    const { origin } = firstNaN;
    // A rule runs where the library runs it; the line that matters is the one of its operation.
    const source = origin === undefined ? sourceLine() : origin.source;
    throw new NaNError(primitive, inputs, result, origin, source);
  },
};

/**
 * Runs `work` and throws a NaNError at the first operation that makes NaN out of numbers: it names
 * the operation, the pass, the operands and the line of your source.
 *
 * Costs nothing when off. Works for asynchronous work too: the check stays on until its promise
 * settles, for whatever else runs in the meantime as well. A run of `train` starts at once then, and
 * is awaited; to iterate it, write the loop into an async function and check that.
 *
 * ```ts
 * withNaNCheck(() => grad((x: Value) => sum(log(x)))(new FlatMatrix(1, 1, [-1])));
 * // NaNError: log returned NaN in the forward pass (called at model.ts:3:47): log(1×1 [-1]) → …
 * ```
 */
export function withNaNCheck<T>(work: () => T): T {
  expectFunction('withNaNCheck', work);
  begin();
  let result: T;
  try {
    result = work();
  } catch (error) {
    end();
    throw error;
  }
  if (isPromise(result)) return result.finally(end) as T;
  end();
  return result;
}

// Counted, since asynchronous pieces of work end in any order.
function begin(): void {
  active++;
  watching.current = firstNaN;
}

function end(): void {
  active--;
  if (active === 0) watching.current = undefined;
}

/** A promise, or what waits and can be awaited like one: a run of `train`. */
function isPromise(x: unknown): x is Promise<unknown> {
  const { then, finally: after } = (x ?? {}) as Partial<Promise<unknown>>;
  return typeof then === 'function' && typeof after === 'function';
}

function hasNaN({ data }: FlatMatrix): boolean {
  for (let k = 0; k < data.length; k++) if (Number.isNaN(data[k])) return true;
  return false;
}

/** A matrix in one short line; around its first NaN where it is long. */
function shortly(x: FlatMatrix): string {
  const { data } = x;
  const first = Math.max(0, data.findIndex(Number.isNaN) - 2);
  const some = Array.from(
    data.subarray(first, first + 5),
    (value) => `${Number(value.toPrecision(5))}`,
  );
  const before = first > 0 ? '…, ' : '';
  const after = first + 5 < data.length ? ', …' : '';
  return `${formatShape(x)} [${before}${some.join(', ')}${after}]`;
}
