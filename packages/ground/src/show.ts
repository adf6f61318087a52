const longest = 60;

/** How a value that was given is printed in a message: short, on one line, and never throwing. */
export function show(x: unknown): string {
  try {
    return shown(x);
  } catch {
    return 'an object that cannot be read';
  }
}

function shown(x: unknown): string {
  if (typeof x === 'string') return JSON.stringify(clipped(x));
  if (typeof x === 'bigint') return `the bigint ${clipped(String(x))}`;
  if (Object.is(x, -0)) return '-0';
  if (typeof x === 'function') return functionShown(x);
  if (typeof x !== 'object' || x === null) return String(x);
  if (isThenable(x)) return 'a promise (await it)';
  if (Array.isArray(x)) return x.length === 0 ? 'an empty array' : `an array of ${x.length}`;
  if (isPlain(x)) {
    const names = Object.keys(x);
    const few = names.slice(0, 4).map(clipped).join(', ');
    if (names.length === 0) return 'an empty object';
    return `an object with ${few}${names.length > 4 ? ', …' : ''}`;
  }
  return `an object of ${clipped(x.constructor?.name || 'no class')}`;
}

function functionShown(f: { readonly name: string }): string {
  const kind = isCallable(f) ? 'function' : 'class';
  return typeof f.name === 'string' && f.name !== ''
    ? `the ${kind} ${clipped(f.name)}`
    : `a ${kind}`;
}

/** An object with Object's own prototype (of any realm), or with none. */
export function isPlain(x: unknown): x is Record<string, unknown> {
  if (typeof x !== 'object' || x === null || Array.isArray(x)) return false;
  const prototype: unknown = Object.getPrototypeOf(x);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Whether a value can be called: a function that is no class. */
export function isCallable(x: unknown): x is (...args: never[]) => unknown {
  return typeof x === 'function' && !/^class\b/.test(Function.prototype.toString.call(x));
}

/** Whether a value has yet to be awaited. */
export function isThenable(x: unknown): x is PromiseLike<unknown> {
  return typeof (x as PromiseLike<unknown> | null | undefined)?.then === 'function';
}

function clipped(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
