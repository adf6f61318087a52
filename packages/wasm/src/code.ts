declare const kind: unique symbol;

/**
 * Instructions in the order in which they run. Pieces nest as they were composed and are flattened
 * once, when the module is written. Code that stands in two places runs twice: to use a result
 * again, keep it in a local.
 */
export interface Code extends ReadonlyArray<number | Code> {}

/** Code that leaves one value of the type on the stack; the mark exists only for the compiler. */
export type I32 = Code & { readonly [kind]?: 'i32' };
export type I64 = Code & { readonly [kind]?: 'i64' };
export type F64 = Code & { readonly [kind]?: 'f64' };
export type V128 = Code & { readonly [kind]?: 'v128' };

/** Code that leaves nothing on the stack. */
export type Statement = Code & { readonly [kind]?: 'nothing' };

/** The value types by name, and their bytes in the binary format. */
export const valueTypes = { i32: 0x7f, i64: 0x7e, f64: 0x7c, v128: 0x7b } as const;
export type TypeName = keyof typeof valueTypes;
export interface Expressions {
  i32: I32;
  i64: I64;
  f64: F64;
  v128: V128;
}

/** A variable of a function: used as it stands, it reads the variable. */
export type Local<T extends Code> = T & {
  set(value: T): Statement;
  /** Sets, and leaves the value on the stack. */
  tee(value: T): T;
};

/** Statements, one after the other. */
export function sequence(...statements: Statement[]): Statement {
  return statements;
}

/** Statements, then a value. */
export function after<T extends Code>(statement: Statement, value: T): T {
  return [statement, value] as Code as T;
}

/** All bytes, in order. */
export function flatten(code: Code, bytes: number[] = []): number[] {
  for (const part of code) {
    if (typeof part === 'number') bytes.push(part);
    else flatten(part, bytes);
  }
  return bytes;
}
