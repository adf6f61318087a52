// Which measurements does a diagnosis need? A lasso lets coefficients go to exactly 0, the more the stronger
// it is: one fit for each strength, from nothing to nearly everything, each certified by its duality gap.
import { split } from '@steepest/datasets';
import { bundled } from '@steepest/datasets/node';
import { evaluate, logisticRegression, path } from '@steepest/models';
import { check, checkAtMost } from './show/check.ts';
import { title } from './show/table.ts';

export async function run(): Promise<void> {
  const table = await bundled('breast_cancer').read();
  const shares = { train: 0.7, test: 0.3, seed: 1, stratify: 'target' } as const;
  const { train, test } = split(table, shares);

  title('Benign or malignant: thirty measurements, strength by strength');
  const lasso = await path(logisticRegression(), train, { count: 40, ratio: 1e-3 });
  console.log(String(lasso));
  console.log(lasso.plot({ height: 16 }));

  const largest = Math.max(...lasso.points.map(({ gap }) => gap / lasso.nullRisk));
  checkAtMost(
    'no point is farther above its minimum, as a share of the null model',
    largest,
    1e-10,
  );
  const few = lasso.points.findLast(({ df }) => df > 0 && df <= 8);
  const sparse = few && evaluate(lasso.at(few.lambda), test).areaUnderCurve;
  check(
    'eight of them tell nearly as much as all',
    (sparse ?? 0) > 0.97,
    `AUC ${sparse?.toFixed(3)}`,
  );
}
