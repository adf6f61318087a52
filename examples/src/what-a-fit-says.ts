// What a statistician asks of a fit: twenty-one days of a plant that oxidizes ammonia (Brownlee, 1965), as
// R's lm, sandwich and anova answer.
import { asTraining } from '@steepest/datasets';
import { bundled } from '@steepest/datasets/node';
import { explain, fit, linearRegression } from '@steepest/models';
import {
  compareModels,
  diagnostics,
  predictions,
  sideBySide,
  summary,
} from '@steepest/models/inference';
import { check, checkAtMost } from './show/check.ts';
import { title } from './show/table.ts';

export async function run(): Promise<void> {
  const table = asTraining(await bundled('stackloss').read());
  const fitted = await fit(linearRegression(), table);
  const found = summary(fitted, table);
  title('Ammonia lost through the stack, by air flow, water temperature and acid');
  show(found);
  const [, air] = found.estimates;
  checkAtMost("the p-value of air flow is R's", Math.abs(air.pValue / 5.799025e-5 - 1), 1e-6);

  title('Does it need more than the air flow?');
  const alone = await fit(linearRegression(), table, { features: ['AIRFLOW'] });
  const compared = compareModels([summary(alone, table), found]);
  show(compared);
  const p = compared.models[1].test?.pValue ?? 1;
  checkAtMost("so says F, as in R's anova", Math.abs(p / 0.007281 - 1), 1e-3);

  title('Errors that do not trust the variance to be the same');
  show(
    sideBySide([found, summary(fitted, table, { errors: 'HC3' })], {
      headings: ['classical', 'HC3'],
      stars: true,
    }),
  );

  title('Days that stand out');
  const rows = diagnostics(fitted, table);
  show(rows);
  const farthest = rows.cooksDistance.indexOf(Math.max(...rows.cooksDistance));
  check('day 21 does, as in every book', farthest === 20, `day ${farthest + 1}`);

  title('A day to come');
  const day = { AIRFLOW: 60, WATERTEMP: 20, ACIDCONC: 85 };
  const next = predictions(found, [day], { interval: 'prediction' });
  show(next);
  show(explain(fitted, day));
}

function show(printed: object): void {
  console.log(String(printed).replace(/^(?=.)/gm, '  '));
  console.log();
}
