import { leavesOf, valueAndGrad } from '@steepest/autodiff';
import type { AnyFunction, Recorded } from './calling/recorded.ts';
import { recordCall } from './calling/recording.ts';
import {
  fits,
  formsOf,
  type Leaf,
  leafCount,
  type Skeleton,
  skeletonOf,
} from './calling/skeleton.ts';
import { resultOf, type Template, Templates } from './calling/template.ts';
import { differentiated } from './differentiated.ts';
import { commonEngine, type Engine, MemoryError } from './memory/engine.ts';
import { liesInShared, sharedEngine } from './memory/shared.ts';
import type { Chosen } from './options.ts';
import { planned } from './plan/schedule.ts';
import { translate } from './plan/translate.ts';
import { Program } from './program/program.ts';

/** What stands behind calls of one structure and shape. */
export interface Entry {
  readonly skeleton: Skeleton;
  /** What the program runs in; undefined where there is none. */
  readonly engine: Engine | undefined;
  /** Numbers that the program holds as they are, by leaf. */
  readonly fixed: readonly (readonly [leaf: number, value: Leaf])[];
  /** Absent where f itself is called, for the reason given. */
  readonly compiled?: {
    readonly program: Program;
    readonly template: Template;
    /** The place of each result, such as `gradient.w`. */
    readonly results: readonly string[];
  };
  readonly reason?: string;
}

/** Programs that differ in a number only, before f is called instead. */
const mostSteered = 8;

/** The programs of one compiled function, the last used first. */
export class Compiled {
  readonly #f: AnyFunction;
  readonly #options: Chosen;
  readonly #entries: Entry[] = [];
  /** Those of the call that an entry was found for last. */
  #leaves: readonly Leaf[] = [];
  readonly #templates = new Templates();
  #steered = 0;

  readonly #differentiable: boolean;
  /** f's value and gradient, for derivatives that are taken through this function. */
  #both: Compiled | undefined;

  constructor(f: AnyFunction, options: Chosen, differentiable = true) {
    this.#f = f;
    this.#options = options;
    this.#differentiable = differentiable;
  }

  call(args: never[]): unknown {
    const entry = this.entryOf(args);
    if (entry?.compiled === undefined) return this.#left(args, entry);
    const { program, template } = entry.compiled;
    const results = ran(program, this.#leaves);
    return results === undefined ? this.#f(...args) : resultOf(template, results);
  }

  /** What no program stands behind: derivatives through this function, or the function itself. */
  #left(args: never[], entry: Entry | undefined): unknown {
    if (entry !== undefined || !this.#differentiable) return this.#f(...args);
    this.#both ??= new Compiled(
      valueAndGrad(this.#f as never) as AnyFunction,
      this.#options,
      false,
    );
    const both = this.#both;
    return differentiated(this.#f, args, (given) => both.ran(given));
  }

  /** The result for these arguments; undefined where no program can compute it. */
  ran(args: never[]): unknown {
    const entry = this.entryOf(args);
    if (entry?.compiled === undefined) return undefined;
    const results = ran(entry.compiled.program, this.#leaves);
    return results && resultOf(entry.compiled.template, results);
  }

  /** The entry for these arguments, made on first sight; undefined where there can be none. */
  entryOf(args: never[]): Entry | undefined {
    const entries = this.#entries;
    for (let k = 0; k < entries.length; k++) {
      const entry = entries[k];
      if (!this.#fits(entry, args)) continue;
      if (k > 0) {
        entries.splice(k, 1);
        entries.unshift(entry);
      }
      return entry;
    }
    const made = this.#make(args);
    if (made === undefined) return undefined;
    entries.unshift(made);
    for (const old of entries.splice(this.#options.programs)) old.compiled?.program.dispose();
    this.#fits(made, args);
    return made;
  }

  #fits(entry: Entry, args: never[]): boolean {
    const leaves: Leaf[] = [];
    if (!fits(entry.skeleton, args, leaves)) return false;
    for (const [leaf, value] of entry.fixed) if (!Object.is(leaves[leaf], value)) return false;
    if (engineFor(this.#options, leaves) !== entry.engine) return false;
    this.#leaves = leaves;
    return true;
  }

  #make(args: never[]): Entry | undefined {
    const found = skeletonOf(args);
    if (typeof found === 'string') return undefined;
    const { skeleton, leaves } = found;
    const engine = engineFor(this.#options, leaves);
    if (engine === undefined) {
      return {
        skeleton,
        engine,
        fixed: [],
        reason: 'this runtime has no WebAssembly with SIMD, or forbids it',
      };
    }
    const firstLeaves = leafCount(args[0]);
    const recorded = recordCall(this.#f, skeleton, leaves);
    if (typeof recorded === 'string') return { skeleton, engine, fixed: [], reason: recorded };
    if (recorded.roles.includes('fixed') && ++this.#steered > mostSteered) {
      const reason = 'a number among the arguments steers the computation and keeps changing';
      return { skeleton, engine, fixed: [], reason };
    }
    const template = this.#templates.of(this.#f, skeleton, leaves, firstLeaves, recorded);
    if (typeof template === 'string') return { skeleton, engine, fixed: [], reason: template };
    return this.#compiled(engine, skeleton, leaves, firstLeaves, recorded, template);
  }

  #compiled(
    engine: Engine,
    skeleton: Skeleton,
    leaves: readonly Leaf[],
    firstLeaves: number,
    recorded: Recorded,
    template: Template,
  ): Entry {
    const fixed = leaves.flatMap((leaf, i) =>
      recorded.roles[i] === 'fixed' ? [[i, leaf] as const] : [],
    );
    try {
      const { outputs } = translate(recorded, formsOf(leaves));
      const plan = planned(outputs, firstLeaves);
      const program = new Program(plan, engine, this.#options);
      const results = leavesOf(recorded.graph.outputs).map(({ path }) => path);
      return { skeleton, engine, fixed, compiled: { program, template, results } };
    } catch (error) {
      return {
        skeleton,
        engine,
        fixed,
        reason: error instanceof Error ? error.message : String(error),
      };
    }
  }
}

/** The results of a program; undefined where it cannot run on these leaves. */
function ran(program: Program, leaves: readonly Leaf[]): Float64Array[] | undefined {
  try {
    return program.run(leaves);
  } catch (error) {
    if (error instanceof MemoryError) return undefined;
    throw error;
  }
}

/** The engine of programs with these options on such leaves; undefined where there can be none. */
export function engineFor(
  { threads, relaxed }: Chosen,
  leaves: readonly Leaf[],
): Engine | undefined {
  if (threads !== undefined) return threads.engine;
  return !relaxed && liesInShared(leaves) ? sharedEngine() : commonEngine(relaxed);
}
