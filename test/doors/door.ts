/** A public function, or a method of what one returns, and a call of it that works. */
export interface Door {
  readonly name: string;
  /** Fresh arguments of a call that works. */
  readonly args: () => unknown[] | Promise<unknown[]>;
  readonly run: (...args: never[]) => unknown;
  /** How deep into its arguments wrong values are put; 3 unless said. Less for what the library made. */
  readonly depth?: number;
  /** Which arguments are looked at by nothing, or may be anything at all. */
  readonly open?: (path: string) => boolean;
}

const settings = new WeakSet<object>();

/** Marks an object as settings: there, unknown names must be refused. */
export function s<T extends object>(given: T): T {
  settings.add(given);
  return given;
}

export function isSettings(x: unknown): boolean {
  return typeof x === 'object' && x !== null && settings.has(x);
}
