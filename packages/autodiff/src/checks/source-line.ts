/** This module's own address: in the workspace, in an installed package, or in a user's bundle. */
const here: string = place(String(import.meta.url));

/** The folder that holds this library's packages side by side; none inside a user's bundle. */
const packages: string | undefined = /^(.*\/(?:packages|@steepest)\/)autodiff\/(?:src|dist)\//.exec(
  here,
)?.[1];

interface StackErrors {
  stackTraceLimit?: number;
  new (): Error;
}

/**
 * The place in the user's source that is being run, as `file:line:column`: the innermost frame that
 * belongs neither to this library nor to the runtime, nor to another package as long as there is one
 * of the user's own. undefined where the engine does not tell, and where a bundler has put the
 * library and the user's code into one file.
 */
export function sourceLine(): string | undefined {
  const Errors: StackErrors = Error;
  const limit = Errors.stackTraceLimit;
  Errors.stackTraceLimit = 60;
  const { stack = '' } = new Error();
  if (limit !== undefined) Errors.stackTraceLimit = limit;
  return userFrame(stack, here, packages);
}

/** The user's frame of a stack, in the formats of V8, Firefox and Safari. */
export function userFrame(
  stack: string,
  library: string,
  folder: string | undefined,
): string | undefined {
  let another: string | undefined;
  for (const line of stack.split('\n')) {
    const frame = frameOf(line.trim());
    if (frame === undefined || /^node:|^<anonymous>|\/node_modules\/@steepest\//.test(frame)) {
      continue;
    }
    if (frame.startsWith(`${library}:`) || ofPackage(frame, folder)) continue;
    if (!frame.includes('/node_modules/')) return frame;
    another ??= frame;
  }
  return another;
}

/** Whether a frame lies in the source or the output of one of the packages in a folder. */
function ofPackage(frame: string, folder: string | undefined): boolean {
  return (
    folder !== undefined &&
    frame.startsWith(folder) &&
    /^[^/]+\/(?:src|dist)\//.test(frame.slice(folder.length))
  );
}

/** `file:line:column` of a line of a stack. */
function frameOf(line: string): string | undefined {
  const form = line.endsWith(')')
    ? /^at [^(]*\((.*:\d+:\d+)\)$/ // V8, in a function
    : /^(?:at (?:async )?|[^@:]*@)?(.*:\d+:\d+)$/; // V8 without one; the others: name@file
  const frame = form.exec(line)?.[1];
  return frame === undefined ? undefined : place(frame);
}

/** An address as stacks show it: a path for a file; without the query that a server adds. */
function place(address: string): string {
  const path = address.replace(/^file:\/\//, '').replace(/\?[^:]*/, '');
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
