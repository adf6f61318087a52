import { isoText } from '../date-format.ts';
import { unknownColumn } from '../nearest.ts';
import {
  nothingSeen,
  type Proposal,
  proposalOf,
  type Seen,
  see,
  seeText,
} from '../schema/infer.ts';
import type { Warning } from '../warning.ts';
import type { RowHandler } from './row-handler.ts';
import { FineTime, Spelled } from './spelled.ts';

/** How a survey of typed cells is made. */
export interface SurveyOptions {
  readonly operation: string;
  readonly file: string | undefined;
  readonly unit: 'line' | 'row';
  readonly target: string | undefined;
  readonly maxLevels: number;
  readonly limit: number | undefined;
}

/** Rows of typed cells in, a proposal of a schema out; what has a type keeps it. */
export class TypedSurvey implements RowHandler {
  readonly refusesNested = false;
  readonly #options: SurveyOptions;
  readonly #seen: Seen[] = [];
  #rows = 0;
  #at = 1;
  readonly #how: Parameters<typeof see>[2];

  constructor(options: SurveyOptions) {
    this.#options = options;
    this.#how = { comma: false, maxLevels: options.maxLevels, line: () => this.#at };
  }

  names(found: readonly string[]): readonly string[] {
    for (const name of found) this.#seen.push(nothingSeen(name));
    return found;
  }

  wants(): boolean {
    return true;
  }

  another(name: string): boolean {
    this.#seen.push(nothingSeen(name));
    return true;
  }

  row(values: readonly unknown[], at: number): boolean {
    this.#at = at;
    this.#rows++;
    for (let i = 0; i < values.length; i++) this.#see(this.#seen[i], values[i]);
    return this.#rows !== this.#options.limit;
  }

  #see(seen: Seen, value: unknown): void {
    if (value === null || value === undefined || Number.isNaN(value)) return;
    if (typeof value === 'string') seeText(seen, value, this.#how);
    else if (value instanceof Date) see(seen, isoText(value.getTime()), this.#how);
    else if (value instanceof Spelled || value instanceof FineTime)
      see(seen, value.text, this.#how);
    else if (typeof value === 'object') seen.nested ??= this.#at;
    else see(seen, String(value), this.#how);
  }

  end(notes: readonly Warning[]): Proposal {
    const { target, file, operation, maxLevels, unit } = this.#options;
    const names = this.#seen.map(({ name }) => name);
    if (target !== undefined && !names.includes(target)) {
      throw unknownColumn(operation, target, names, { file });
    }
    return proposalOf(this.#seen, { rows: this.#rows, maxLevels, target, notes, unit });
  }
}
