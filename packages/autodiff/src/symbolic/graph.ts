import { boolean, isCallable, refusal, type Spec, settle } from '@steepest/ground';
import { ownCopies, valuesOf } from '../modes/results.ts';
import { apply } from '../primitive/apply.ts';
import type { PrintedOperand } from '../primitive/notation.ts';
import type { Primitive } from '../primitive/primitive.ts';
import type { Concrete, Value } from '../values/operand.ts';
import { leavesOf, withLeaves } from '../values/tree.ts';
import { leavesLike, type Signature } from './arguments.ts';
import { toDot } from './dot.ts';
import type { Expression, Recorder } from './expression.ts';
import { latexVariable } from './leaves.ts';
import { evaluateTree } from './naive.ts';
import {
  latexStyle,
  Printer,
  type PrintOptions,
  type Printout,
  type Style,
  textStyle,
} from './print.ts';
import { isOwn, reachable } from './reach.ts';
import type { ArgumentsWith, Evaluate, Naive, WithLeaves } from './types.ts';

/** What `map` makes of each kind of node, from what it made of the node's inputs. */
export interface Visitor<T> {
  input(input: Expression): T;
  /** A matrix that the function used, or a value that it captured from a surrounding derivative. */
  constant(value: Value): T;
  operation(primitive: Primitive, inputs: T[], node: Expression): T;
}

/** More operations than anyone waits for. */
const longestTree = 1e9;

/** With more operations than this, a formula is printed with names for what it repeats. */
const longestFormula = 1000;

/**
 * A recorded function: its inputs, its results, and the operations in between, each of them once.
 *
 * ```ts
 * const graph = record(grad((x: Value) => mul(x, exp(x))))(1);
 * graph.evaluate(2); // 3 e²
 * ```
 */
export class ExpressionGraph<A extends readonly unknown[] = never[], Y = unknown> {
  /** One per matrix or number among the arguments, used or not. */
  readonly inputs: readonly Expression[];
  /** f's result, with expressions (or constants) in the place of its matrices and numbers. */
  readonly outputs: WithLeaves<Y, Value>;
  /** What the outputs depend on: inputs stand before the operations that use them. */
  readonly nodes: readonly Expression[];
  /** How many operations one evaluation runs. */
  readonly operations: number;
  readonly #recorder: Recorder;
  readonly #signature: Signature;
  readonly #ends: readonly Value[];
  readonly #positions: ReadonlyMap<Value, number>;

  constructor(recorder: Recorder, signature: Signature, outputs: WithLeaves<Y, Value>) {
    this.#recorder = recorder;
    this.#signature = signature;
    this.#ends = valuesOf(outputs, 'record');
    this.inputs = signature.inputs;
    this.outputs = withLeaves(outputs, this.#ends);
    this.nodes = reachable(this.#ends, recorder);
    this.#positions = new Map(this.nodes.map((node, position) => [node, position]));
    this.operations = this.nodes.filter((node) => node.primitive !== null).length;
  }

  /** How many operations there would be if every use of a value computed it anew. */
  get treeOperations(): number {
    const counts = this.#fold<number>({
      input: () => 0,
      constant: () => 0,
      operation: (_, inputs) => inputs.reduce((total, count) => total + count, 1),
    });
    return counts.reduce((total, count) => total + count, 0);
  }

  /**
   * The recorded function at other arguments of the recorded structure and shapes; throws where
   * they differ. Every node runs once, by the same operations as the function itself, so
   * `grad(graph.evaluate)` works.
   */
  readonly evaluate: Evaluate<A, Y> = ((...args: readonly unknown[]) => {
    const inputValue = this.#valuesOf(args);
    const results = this.#fold<Value>({
      input: inputValue,
      constant: (value) => value,
      operation: (primitive, inputs) => apply(primitive, ...inputs),
    });
    return ownCopies(withLeaves(this.outputs, results), args, this.#ends);
  }) as Evaluate<A, Y>;

  /**
   * The same values as `evaluate`, but every use of a subexpression computes it anew, as formulas
   * that copy their parts do; with the number of operations that this took.
   */
  evaluateNaively(...args: ArgumentsWith<A, Concrete>): Naive<Y> {
    const expected = this.treeOperations;
    if (expected > longestTree) {
      throw new RangeError(
        `evaluateNaively: this would take ${expected} operations; evaluate takes ${this.operations}`,
      );
    }
    const inputValue = this.#valuesOf(args);
    let operations = 0;
    const results = this.#ends.map((end) =>
      evaluateTree(end, this.#recorder, inputValue, () => operations++),
    );
    const value = ownCopies(withLeaves(this.outputs, results), args, this.#ends);
    return { value: value as Naive<Y>['value'], operations };
  }

  /** Something for every node, in order, from what its inputs gave; in the structure of f's result. */
  map<T>(visitor: Visitor<T>): WithLeaves<Y, T> {
    const members = [visitor?.input, visitor?.constant, visitor?.operation];
    if (!members.every(isCallable)) {
      const advice = 'write { input, constant, operation }, each a function';
      throw refusal('map', 'expected a visitor', visitor, advice);
    }
    return withLeaves(this.outputs, this.#fold(visitor)) as WithLeaves<Y, T>;
  }

  /**
   * The results as formulas, one line each: `exp(x) + x * exp(x)`; with `{ share: true }`, or where
   * they would be long, after a line `let t1 = …` for each subexpression that they use repeatedly.
   */
  toString(options: PrintOptions = {}): string {
    const { definitions, results } = this.#printed(textStyle, options);
    const lines = results.map((text, i) =>
      results.length === 1 ? text : `${this.#names[i]} = ${text}`,
    );
    return [...definitions, ...lines].join('\n');
  }

  /** The results in LaTeX's mathematics: `e^{x} + x e^{x}`; several of them as `aligned` lines. */
  toLatex(options: PrintOptions = {}): string {
    const { definitions, results } = this.#printed(latexStyle, options);
    if (results.length === 1 && definitions.length === 0) return results[0];
    const lines = results.map((text, i) =>
      results.length === 1 ? text : `${latexVariable(this.#names[i])} &= ${text}`,
    );
    return `\\begin{aligned}\n${[...definitions, ...lines].join(' \\\\\n')}\n\\end{aligned}`;
  }

  /** The graph in Graphviz' language, with names and sizes. */
  toDot(): string {
    return toDot(this.nodes, this.#ends, this.#names);
  }

  /** Where each result stands in f's result: `gradient.w`; `result` where there is one only. */
  get #names(): string[] {
    return leavesOf(this.outputs).map(({ path }) => path || 'result');
  }

  #printed(style: Style, options: PrintOptions): Printout {
    const given = settle('toString', options, { share: boolean() } satisfies Spec<PrintOptions>);
    const share = given.share ?? this.treeOperations > longestFormula;
    const printer = new Printer(style, this.inputs, share ? this.#uses() : undefined);
    const results = this.#fold<PrintedOperand>(printer).map(({ text }) => text);
    return { definitions: printer.definitions, results };
  }

  #uses(): ReadonlyMap<Value, number> {
    const uses = new Map<Value, number>();
    const used = (x: Value): unknown => uses.set(x, (uses.get(x) ?? 0) + 1);
    for (const node of this.nodes) node.inputs.forEach(used);
    this.#ends.forEach(used);
    return uses;
  }

  #fold<T>(visitor: Visitor<T>): T[] {
    const made: T[] = [];
    const of = (x: Value): T => {
      return isOwn(x, this.#recorder)
        ? made[this.#positions.get(x) as number]
        : visitor.constant(x);
    };
    for (const node of this.nodes) {
      const { primitive } = node;
      made.push(
        primitive === null
          ? visitor.input(node)
          : visitor.operation(primitive, node.inputs.map(of), node),
      );
    }
    return this.#ends.map(of);
  }

  #valuesOf(args: readonly unknown[]): (input: Expression) => Value {
    const leaves = leavesLike(this.#signature, args);
    const values = new Map(this.inputs.map((input, i) => [input, leaves[i]]));
    return (input) => values.get(input) as Value;
  }
}
