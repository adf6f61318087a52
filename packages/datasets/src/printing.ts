/** How a value looks to people. */
export interface Looks {
  readonly text: () => string;
  readonly html?: () => string;
}

/**
 * The same object, which String, console.log in Node and Deno, and notebooks print for people. The
 * methods are not enumerable: a copy by spreading has to be given them anew.
 */
export function printing<T extends object>(value: T, { text, html }: Looks): T {
  const methods: Record<PropertyKey, () => unknown> = {
    toString: text,
    [Symbol.for('nodejs.util.inspect.custom')]: text,
    [Symbol.for('Jupyter.display')]: () => ({
      'text/plain': text(),
      ...(html === undefined ? {} : { 'text/html': html() }),
    }),
  };
  for (const key of Reflect.ownKeys(methods)) {
    Object.defineProperty(value, key, { value: methods[key], configurable: true, writable: true });
  }
  return value;
}
