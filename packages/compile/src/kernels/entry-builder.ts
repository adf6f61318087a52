import { f64x2, type Local, type Locals, type Statement, type V128, v128 } from '@steepest/wasm';
import type { Arithmetic } from './arithmetic.ts';

/**
 * Where an expression over entries is built: pairs of float64, straight-line code. The loop around
 * it runs `setup()` once before, and `statements()` in each round.
 */
export interface EntryBuilder extends Arithmetic {
  /** Computes a value now and gives it a name, so that it may be used more than once. */
  let(value: V128): V128;
  /** A value that is the same in every round, computed before the loop. */
  once(value: V128): V128;
  /** A number in both lanes, set before the loop. */
  constant(value: number): V128;
  /** Sixteen bytes of two equal 64-bit integers, set before the loop. */
  bits(value: bigint): V128;
  /**
   * What several primitives compute from one named operand, computed once a round: eˣ of softplus
   * and sigmoid, say.
   */
  shared<T>(operand: V128, what: string, compute: () => T): T;
  /** What `let` has collected since the last call. The next call starts a round of its own. */
  statements(): Statement;
  /** What comes before the loop; complete when all rounds have been built. */
  setup(): Statement;
}

const double = new DataView(new ArrayBuffer(8));

/** A builder that keeps its values in locals of the given function. */
export function entryBuilder(locals: Locals, arithmetic: Arithmetic): EntryBuilder {
  const names = new Set<V128>();
  const constants = new Map<bigint, V128>();
  const parts = new Map<V128, Map<string, unknown>>();
  const setup: Statement[] = [];
  let statements: Statement[] = [];

  function name(value: V128, list: Statement[]): V128 {
    if (names.has(value)) return value;
    const local: Local<V128> = locals.local('v128');
    list.push(local.set(value));
    names.add(local);
    return local;
  }

  function bits(value: bigint): V128 {
    const known = constants.get(value);
    if (known !== undefined) return known;
    double.setBigUint64(0, BigInt.asUintN(64, value));
    const local = name(v128.twice(double.getFloat64(0)), setup);
    constants.set(value, local);
    return local;
  }

  return {
    ...arithmetic,
    let: (value) => name(value, statements),
    once: (value) => name(value, setup),
    bits,
    constant(value) {
      double.setFloat64(0, value);
      return bits(double.getBigUint64(0));
    },
    shared<T>(operand: V128, what: string, compute: () => T): T {
      const known = parts.get(operand) ?? new Map<string, unknown>();
      parts.set(operand, known);
      if (!known.has(what)) known.set(what, compute());
      return known.get(what) as T;
    },
    statements() {
      parts.clear();
      const taken = statements;
      statements = [];
      return taken;
    },
    setup: () => setup,
  };
}

/** 1 where the mask has ones, 0 elsewhere. */
export function oneWhere(b: EntryBuilder, mask: V128): V128 {
  return v128.and(mask, b.constant(1));
}

/** Whether either operand is NaN. */
export function unordered(x: V128, y: V128): V128 {
  return v128.or(f64x2.ne(x, x), f64x2.ne(y, y));
}
