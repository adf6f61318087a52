import { CsvError, type Reason } from '@steepest/datasets';
import type { Caution, CautionKind } from '../checks/caution.ts';
import { designCautions } from '../checks/design-checks.ts';
import { separatingColumn } from '../checks/separating-column.ts';
import { type Separation, separation } from '../checks/separation.ts';
import { targetCautions } from '../checks/target-checks.ts';
import { zeroCountSeparation } from '../checks/zero-counts.ts';
import type { Problem } from '../problems/problem.ts';
import type { TrainingSet } from './training-set.ts';

/**
 * What is doubtful about fitting a problem to these rows. Without a penalty, doubts that leave no
 * single solution are thrown as a CsvError unless `allow` lists their kind.
 */
export function doubtsOf(
  problem: Problem,
  { batch, names, reading }: TrainingSet,
  allow: readonly CautionKind[],
): Caution[] {
  const { x, y } = batch;
  if (y.rows !== x.rows || y.columns !== 1) {
    throw new RangeError(
      `fit: y is ${y.rows}×${y.columns}, expected ${x.rows}×1, one per row of x`,
    );
  }
  if (x.rows === 0) throw new RangeError('fit: there are no rows to learn from');
  if (problem.intercept && names.includes('(intercept)')) {
    throw new RangeError(
      'fit: the features have an intercept column and the problem adds another; leave intercept() out, ' +
        'or pass { intercept: false } to the problem',
    );
  }
  const design = designCautions(
    { data: x.data, rows: x.rows, columns: x.columns, names },
    problem.intercept,
  );
  const fewRows = design.filter(({ kind }) => kind === 'too-few-rows');
  if (problem.l2 === 0) refuse(fewRows, allow);
  const target = targetCautions(problem, y.data, reading.target);
  refuse(target, allow);
  if (problem.l2 === 0) refuse(design, allow);
  return [...design.map((caution) => (problem.l2 > 0 ? settled(caution) : caution)), ...target];
}

const refusable: readonly CautionKind[] = [
  'too-few-rows',
  'constant-column',
  'rank-deficient',
  'constant-target',
];

function refuse(cautions: readonly Caution[], allow: readonly CautionKind[]): void {
  const first = cautions.find(({ kind }) => refusable.includes(kind) && !allow.includes(kind));
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

function advice(kind: CautionKind): string {
  if (kind === 'too-few-rows') return 'add data, leave features out, or ask for a penalty, l2';
  if (kind === 'constant-target') return 'is it the right column?';
  return 'leave it out, or ask for a penalty, l2';
}

function settled(caution: Caution): Caution {
  return { ...caution, message: `${caution.message} (the penalty settles it)` };
}

/** Whether the data leaves a problem without a penalty without a minimum. */
export function separationOf(problem: Problem, { batch }: TrainingSet): Separation {
  const { kind, l2, intercept } = problem;
  if (l2 > 0 || kind === 'linear') return 'none';
  if (kind === 'poisson') return zeroCountSeparation(batch.x, batch.y.data, { intercept });
  return separation(batch.x, batch.y.data, { intercept });
}

/** The warning that no finite estimate exists, naming a column that separates alone if there is one. */
export function separableCaution(
  problem: Problem,
  found: Separation,
  set: TrainingSet,
  labels: readonly string[],
): Caution {
  if (found === 'not checked') {
    return {
      kind: 'not-checked',
      message:
        'whether the data is separable, so that no finite estimate exists, was not checked, for its cost; watch for growing coefficients',
    };
  }
  const none = 'no finite maximum-likelihood estimate exists, because';
  const grow = 'the coefficients grow for as long as training runs';
  if (problem.kind === 'poisson') {
    const how = 'a combination of columns occurs with counts of 0 only';
    return { kind: 'separable', message: `${none} ${how}; ${grow}; ask for a penalty, l2` };
  }
  const alone = separatingColumn(set.readable, set.batch.y.data, labels);
  const how = `the classes are separated ${found === 'complete' ? 'completely' : 'up to rows on the boundary'}`;
  return {
    kind: 'separable',
    message: `${none} ${how}; ${grow}${alone === undefined ? '' : `; ${alone.message}`}; ask for a penalty, l2`,
    ...(alone === undefined ? {} : { columns: [alone.column] }),
  };
}
