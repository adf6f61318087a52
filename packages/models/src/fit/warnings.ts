import { CsvError, type Reason } from '@steepest/datasets';
import { type Asking, got } from '@steepest/ground';
import type { Separation, Warning, WarningKind } from '../checks/warning.ts';
import { penalizes } from '../families/penalty.ts';
import type { ReadData } from './read-rows.ts';

/**
 * What to warn of in fitting a problem to these rows. Without a penalty, what leaves no single
 * solution is thrown as a CsvError unless `allow` lists their kind.
 */
export function* warningsOf(
  { problem, examples, names }: ReadData,
  allow: readonly WarningKind[],
): Asking<Warning[]> {
  if (problem.intercept && names.includes('(intercept)')) {
    throw new RangeError(
      'fit: the features have an intercept column and the problem adds another; leave intercept() out, ' +
        'or pass { intercept: false } to the problem',
    );
  }
  const penalized = penalizes(problem.penalty);
  const design = yield* got(examples.design());
  const fewRows = design.filter(({ kind }) => kind === 'too-few-rows');
  if (!penalized) refuse(fewRows, allow);
  const target = yield* got(examples.target());
  refuse(target, allow);
  if (!penalized) refuse(design, allow);
  return [...design.map((warning) => (penalized ? settled(warning) : warning)), ...target];
}

const refusable: readonly WarningKind[] = [
  'too-few-rows',
  'constant-column',
  'rank-deficient',
  'constant-target',
];

function refuse(warnings: readonly Warning[], allow: readonly WarningKind[]): void {
  const first = warnings.find(({ kind }) => refusable.includes(kind) && !allow.includes(kind));
  if (first === undefined) return;
  const column = first.columns?.[0];
  throw new CsvError({
    operation: 'fit',
    reason: first.kind as Reason, // each refusable kind is a reason of datasets too
    ...(column === undefined ? {} : { column }),
    problem: first.message,
    advice: `${advice(first.kind)} (allow: ['${first.kind}'] fits all the same)`,
  });
}

function advice(kind: WarningKind): string {
  if (kind === 'too-few-rows') return 'add data, leave features out, or ask for a penalty, l2';
  if (kind === 'constant-target') return 'is it the right column?';
  return 'leave it out, or ask for a penalty, l2';
}

function settled(warning: Warning): Warning {
  return { ...warning, message: `${warning.message} (the penalty settles it)` };
}

/** Whether the data leaves a problem without a penalty without a minimum. */
export function* separationOf({ problem, examples }: ReadData): Asking<Separation> {
  const { family, penalty } = problem;
  if (penalizes(penalty) || family.separable === undefined) return 'none';
  return yield* got(examples.separation());
}

/** The warning that no finite estimate exists, naming a column that separates alone if there is one. */
export function* separableWarning(
  { problem: { family }, examples }: ReadData,
  found: Separation,
  labels: readonly string[],
): Asking<Warning> {
  if (found === 'not checked') {
    return {
      kind: 'not-checked',
      message:
        'whether the data is separable, so that no finite estimate exists, was not checked, for its cost; watch for growing coefficients',
    };
  }
  const because = `no finite maximum-likelihood estimate exists, because ${family.separable?.because(found)}`;
  const grow = 'the coefficients grow for as long as training runs';
  const alone = labels.length === 0 ? undefined : yield* got(examples.alone?.(labels));
  return {
    kind: 'separable',
    message: `${because}; ${grow}${alone === undefined ? '' : `; ${alone.message}`}; ask for a penalty, l2`,
    ...(alone === undefined ? {} : { columns: [alone.column] }),
  };
}
