import { isCallable, isPlain, isThenable, refusal } from '@steepest/ground';

/** Throws a TypeError unless the argument is a problem. */
export function expectProblem(operation: string, x: unknown): void {
  const problem = x as Readonly<Record<string, unknown>> | null | undefined;
  const fits =
    isFamily(problem?.family) &&
    [problem?.l2, problem?.outputs].every(Number.isFinite) &&
    ['init', 'loss', 'risk', 'scores', 'predict'].every((name) => isCallable(problem?.[name]));
  if (fits) return;
  const advice =
    typeof x === 'function' && x.name !== ''
      ? `call it: ${x.name}()`
      : 'write logisticRegression()';
  throw refusal(operation, 'expected a problem such as logisticRegression()', x, advice);
}

/** Whether a value is a family: what `regression` makes problems of. */
export function isFamily(x: unknown): boolean {
  if (!isPlain(x) || !isPlain(x.target) || !isPlain(x.measures)) return false;
  const { check, codes, classes } = x.target;
  return (
    typeof x.kind === 'string' &&
    [x.loss, x.mean, check, ...Object.values(x.measures)].every(isCallable) &&
    (x.separable === undefined || isPlain(x.separable)) &&
    (x.ratio === undefined || typeof x.ratio === 'string') &&
    [codes, classes, x.logLikelihood, x.least, x.decrement].every(
      (f) => f === undefined || isCallable(f),
    )
  );
}

/** Throws a TypeError unless the argument is a fitted model. */
export function expectFitted(operation: string, x: unknown): void {
  const fitted = x as Readonly<Record<string, unknown>> | null | undefined;
  const fits =
    typeof fitted === 'object' &&
    fitted !== null &&
    [fitted.params, fitted.reading, fitted.metrics, fitted.certificate].every(isObject) &&
    Array.isArray(fitted.warnings) &&
    Array.isArray(fitted.names);
  if (!fits) {
    const advice = isThenable(x) ? 'await it: await fit(…)' : 'pass what await fit(…) gives';
    throw refusal(operation, 'expected a fitted model', x, advice);
  }
  expectProblem(operation, fitted.problem);
}

/** Throws a TypeError unless the argument is a list of numbers. */
export function expectList(operation: string, name: string, x: unknown): void {
  const list = x as ArrayLike<unknown> | null | undefined;
  if (typeof x === 'object' && Number.isSafeInteger(list?.length)) return;
  throw refusal(operation, `${name} must be a list of numbers`, x, 'pass an array');
}

function isObject(x: unknown): boolean {
  return typeof x === 'object' && x !== null;
}
