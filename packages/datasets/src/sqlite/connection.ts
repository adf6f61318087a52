import { isCallable, refusal, show } from '@steepest/ground';

/** An open SQLite database: of node:sqlite, better-sqlite3, sql.js, or what prepares statements as they do. */
export interface SqliteConnection {
  prepare(sql: string): unknown;
}

/** The rows that a query gives, whoever runs it. */
export interface QueryRows {
  /** The names of the result's columns; undefined where only its rows tell them. */
  readonly names: readonly string[] | undefined;
  /** Rows as lists in the order of the names, or as objects. */
  rows(): Iterable<readonly unknown[] | Readonly<Record<string, unknown>>>;
  /** Frees what the statement holds. */
  close(): void;
}

/** What statements of the three libraries have, some of it each. */
interface Statement {
  iterate?(): Iterable<readonly unknown[] | Readonly<Record<string, unknown>>>;
  columns?(): readonly { readonly name: string }[];
  setReadBigInts?(on: boolean): void;
  setReturnArrays?(on: boolean): void;
  safeIntegers?(on: boolean): void;
  raw?(on: boolean): void;
  step?(): boolean;
  get?(params: null, config: { readonly useBigInt: boolean }): readonly unknown[];
  getColumnNames?(): readonly string[];
  free?(): void;
}

/** Whether something may be an open database. */
export function isConnection(x: unknown): x is SqliteConnection {
  return isCallable((x as { readonly prepare?: unknown } | null | undefined)?.prepare);
}

/** Prepares a query whose integers come whole and whose rows come one after the other. */
export function prepared(operation: string, connection: SqliteConnection, sql: string): QueryRows {
  const statement = connection.prepare(sql) as Statement | null | undefined;
  if (isCallable(statement?.step) && isCallable(statement.getColumnNames)) {
    return stepped(statement as Required<Statement>);
  }
  if (!isCallable(statement?.iterate)) {
    throw refusal(
      operation,
      'expected a connection whose statements have iterate() or step()',
      connection,
      `its prepare() gives ${show(statement)}; pass one of node:sqlite, better-sqlite3 or sql.js`,
    );
  }
  statement.setReadBigInts?.(true);
  statement.safeIntegers?.(true);
  const names = statement.columns?.().map(({ name }) => name);
  if (names !== undefined) {
    if (isCallable(statement.setReturnArrays)) statement.setReturnArrays(true);
    else statement.raw?.(true);
  }
  return { names, rows: () => statement.iterate!(), close() {} };
}

/** A statement of sql.js, which is stepped by hand. */
function stepped(statement: Required<Statement>): QueryRows {
  return {
    names: statement.getColumnNames(),
    *rows() {
      while (statement.step()) yield statement.get(null, { useBigInt: true });
    },
    close: () => statement.free(),
  };
}
