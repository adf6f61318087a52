import { isCallable } from '@steepest/ground';
import { describe } from '../values/lift.ts';

/** Refuses what is not a function where it is given, not where the result is called. */
export function expectFunction(operation: string, f: unknown): void {
  if (isCallable(f)) return;
  throw new TypeError(
    `${operation}: expected a function, got ${describe(f)}; write ` +
      `${operation}((x) => …), and call the result with x`,
  );
}
