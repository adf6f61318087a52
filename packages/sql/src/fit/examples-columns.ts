import { shaped } from '@steepest/autodiff';
import type { Expression } from '../expression/expression.ts';
import type { Words } from '../expression/words.ts';
import type { RowMatrices } from '../loss/recorded.ts';

/** What a row of a problem is made of, in the words of an engine. */
export interface RowParts {
  readonly x: readonly Expression[];
  readonly y: Expression;
  readonly weights?: Expression | undefined;
  readonly offset?: Expression | undefined;
}

type Member = keyof RowParts;

/** The rows of a problem as a function sees them: x n×d, all else n×1. */
export class ExampleColumns implements RowMatrices {
  readonly #parts: (words: Words) => RowParts;
  readonly #members: readonly Member[];
  readonly #columns: number;
  readonly #made = new WeakMap<Words, RowParts>();

  constructor(parts: (words: Words) => RowParts, members: readonly Member[], columns: number) {
    this.#parts = parts;
    this.#members = members;
    this.#columns = columns;
  }

  /** The same with some of its members only. */
  only(...members: readonly Member[]): ExampleColumns {
    const there = this.#members.filter((member) => members.includes(member));
    return new ExampleColumns((words) => this.of(words), there, this.#columns);
  }

  of(words: Words): RowParts {
    const known = this.#made.get(words);
    if (known !== undefined) return known;
    const made = this.#parts(words);
    this.#made.set(words, made);
    return made;
  }

  shapes(rows: number): Readonly<Record<string, unknown>> {
    return Object.fromEntries(
      this.#members.map((member) => [member, shaped(rows, member === 'x' ? this.#columns : 1)]),
    );
  }

  expressions(member: number, words: Words): readonly Expression[] {
    const part = this.of(words)[this.#members[member]];
    return Array.isArray(part) ? (part as readonly Expression[]) : [part as Expression];
  }
}
