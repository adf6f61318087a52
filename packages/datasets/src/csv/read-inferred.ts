import { settle } from '@steepest/ground';
import { unknownColumn } from '../nearest.ts';
import {
  type InferenceOptions,
  type InferredTable,
  inferenceSpec,
} from '../reading/infer-options.ts';
import { nameOf } from '../reading/options.ts';
import type { Column } from '../schema/column.ts';
import { inferSchemaOf, proposalOf } from '../schema/infer.ts';
import { defineSchema, type Schema } from '../schema/schema.ts';
import { printed } from '../table/printed.ts';
import type { Table, Values } from '../table/table.ts';
import { type Guess, guessNothing, guessNumbers } from './guess-cells.ts';
import { type ReadOptions, TableReader } from './table-reader.ts';

/** How a file is read without a schema that is known before: by what `inferSchema` would propose. */
export interface InferredOptions
  extends Omit<ReadOptions, 'schema' | 'missing' | 'columns'>,
    InferenceOptions {
  readonly schema: 'infer';
}

/** Whether the schema is to be inferred while reading. */
export function isInferred(options: ReadOptions | InferredOptions): options is InferredOptions {
  return options?.schema === 'infer';
}

/** Warnings about lines and names, which `inferSchema` tells too. */
const ofRecords: readonly string[] = [
  'trailing-blank-lines',
  'header-spaces',
  'header-numbers',
  'header-invisible',
];

/** How much of a file is looked at before types are guessed, in bytes. */
const sampleBytes = 64 * 1024;

/**
 * Reads as inferSchema and then readCsv would: once under the guess that the columns go on as they
 * begin, and again only the columns where that was wrong. `open` gives the bytes from the start, twice.
 */
export async function readInferred(
  open: () => AsyncIterable<Uint8Array>,
  given: InferredOptions,
): Promise<InferredTable> {
  const { schema: _, target: __, maxLevels: ___, ...options } = given;
  const operation = nameOf(given);
  const { target, maxLevels } = settle(
    operation,
    { target: given.target, maxLevels: given.maxLevels },
    inferenceSpec,
  );
  let numeric: ReadonlySet<string> = await sampled(open(), options);
  let names: readonly string[] = [];
  const guesses = new Map<string, Guess>();
  const found = new Map<string, Values>();
  const pass = async (wanted?: ReadonlySet<string>): Promise<Table> => {
    const schema = (all: readonly string[]): Schema<Record<string, Column>> => {
      names = all;
      if (target !== undefined && !all.includes(target)) {
        throw unknownColumn(operation, target, all, { file: options.file, line: 1 });
      }
      return defineSchema<Record<string, Column>>(
        all.map((name): [string, Column] => {
          if (wanted?.has(name) === false) return [name, { type: 'ignored' }];
          if (!numeric.has(name)) return [name, { type: 'text' }];
          return [name, { type: 'number', missing: { policy: 'keep' } }];
        }),
      );
    };
    const reader = new TableReader({ ...options, schema }, operation, (context) => {
      const guess = numeric.has(context.column.name)
        ? guessNumbers(context)
        : guessNothing(context, maxLevels);
      guesses.set(context.column.name, guess);
      return guess;
    });
    for await (const chunk of open()) if (!reader.push(chunk)) break;
    const table = reader.end();
    for (const [name, values] of table.columns) found.set(name, values);
    return table;
  };
  const table = await pass();
  const surprised = new Set([...guesses].flatMap(([name, g]) => (g.surprised ? [name] : [])));
  if (surprised.size > 0) {
    numeric = new Set();
    await pass(surprised);
  }
  const { rows, warnings } = table;
  const seen = names.map((name) => guesses.get(name)!.seen(found.get(name)!));
  const proposal = proposalOf(seen, {
    rows,
    maxLevels,
    target,
    notes: warnings.filter(({ kind }) => ofRecords.includes(kind)),
  });
  const columns = new Map<string, Values>();
  for (const column of proposal.schema.columns) {
    const values = guesses.get(column.name)!.decided(column, found.get(column.name)!);
    if (values !== undefined) columns.set(column.name, values);
  }
  const kept = warnings.filter(({ column }) => column === undefined || !surprised.has(column));
  const { schema } = proposal;
  return printed({
    ...table,
    schema,
    names: [...columns.keys()],
    columns,
    warnings: kept,
    proposal,
  });
}

/** The columns whose cells are all numbers at the beginning of a file; none if that cannot be read alone. */
async function sampled(
  bytes: AsyncIterable<Uint8Array>,
  options: Pick<ReadOptions, 'delimiter' | 'decimal' | 'header' | 'names' | 'encoding'>,
): Promise<ReadonlySet<string>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    parts.push(chunk.slice(0, sampleBytes - length));
    length += parts[parts.length - 1].length;
    if (length >= sampleBytes) break;
  }
  const sample = new Uint8Array(length);
  parts.reduce((at, part) => {
    sample.set(part, at);
    return at + part.length;
  }, 0);
  const whole = length < sampleBytes ? length : sample.lastIndexOf(10) + 1;
  const { delimiter, decimal, header, names, encoding } = options;
  const asked = Object.fromEntries(
    Object.entries({ delimiter, decimal, header, names, encoding }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  try {
    const { schema } = inferSchemaOf(sample.subarray(0, whole), asked);
    return new Set(schema.columns.flatMap(({ name, type }) => (type === 'number' ? [name] : [])));
  } catch {
    return new Set(); // the whole will be refused where the beginning is, with its place
  }
}
