/** Where this library's own files lie: `/…/packages/autodiff/src/`. */
const here: string = decodeURI(new URL('.', import.meta.url).pathname);

interface StackErrors {
  stackTraceLimit?: number;
  new (): Error;
}

/**
 * The place in the user's source that is being run, as `file:line:column`: the innermost frame that
 * belongs neither to this library nor to the runtime. undefined where the engine does not tell.
 */
export function sourceLine(): string | undefined {
  const Errors: StackErrors = Error;
  const limit = Errors.stackTraceLimit;
  Errors.stackTraceLimit = 60;
  const { stack = '' } = new Error();
  if (limit !== undefined) Errors.stackTraceLimit = limit;
  for (const line of stack.split('\n')) {
    const frame = /(?:file:\/\/)?((?:[a-z]+:)?[^\s()@]*:\d+:\d+)\)?$/i.exec(line.trim())?.[1];
    if (frame === undefined || frame.startsWith('node:')) continue;
    if (!frame.includes(here)) return frame;
  }
  return undefined;
}
