// Which model, how strong a penalty, and where to draw the line: decided by rows that were held out.
import { asTraining, prepare, type Step, splines, split, standardize } from '@steepest/datasets';
import { bundled } from '@steepest/datasets/node';
import {
  calibrated,
  crossValidate,
  crossValidatePath,
  evaluate,
  leastCost,
  linearRegression,
  logisticRegression,
  platt,
  search,
} from '@steepest/models';
import { check, checkAtMost } from './show/check.ts';
import { title } from './show/table.ts';

export async function run(): Promise<void> {
  const diabetes = asTraining(await bundled('diabetes').read());
  title('Is a curve worth it? A straight line or splines of the body mass index, five folds');
  const found = await search(
    ({ df, l2 }) => {
      const curves: readonly Step[] = df === 1 ? [] : [splines({ columns: ['bmi'], df })];
      return {
        problem: linearRegression({ l2 }),
        preparation: prepare([...curves, standardize()]),
      };
    },
    diabetes,
    {
      over: { df: [1, 3, 5], l2: [0.001, 0.01, 0.1] },
      complexity: ({ df }: { readonly df: number }) => df,
    },
  );
  show(found);
  const { chosen, best } = found;
  check(
    'the least complex within one standard error of the best is taken',
    chosen.mean! <= best.mean! + best.standardError!,
    `df ${chosen.candidate.df}`,
  );

  title('How many columns does it need? The lasso, as cv.glmnet judges it');
  const lasso = await crossValidatePath(linearRegression(), diabetes, { count: 40 });
  show(lasso);
  const [least, simple] = [lasso.lambdaMin, lasso.lambda1se].map(
    (lambda) => lasso.points.find((point) => point.lambda === lambda)!.df,
  );
  check('one standard error buys a smaller model', simple < least, `${simple} of ${least} columns`);

  title('Where to draw the line, if a missed tumour costs ten false alarms');
  const tumours = await bundled('breast_cancer').read();
  const parts = split(tumours, { train: 0.7, test: 0.3, seed: 1, stratify: 'target' });
  const problem = logisticRegression({ l2: 0.1 }); // 0 is malignant, 1 benign
  const judged = await crossValidate(problem, parts.train, { positive: '0' });
  show(judged);
  const { predicted, y } = judged.heldOut;
  const calibrator = platt(predicted, y);
  const p = calibrated(calibrator, predicted);
  const { threshold, cost } = leastCost(p, y, { falsePositive: 1, falseNegative: 10 });
  console.log(
    `  call it malignant from ${threshold.toFixed(3)} on: ${cost.toFixed(3)} per patient`,
  );
  checkAtMost('that is less than at one half', cost, costAtHalf(p, y.data));
  const { logLoss = Infinity } = evaluate(judged.folds[0].fitted, parts.test);
  const { mean, standardError } = judged.measures.logLoss;
  checkAtMost('rows never seen agree with the folds', Math.abs(logLoss - mean), 4 * standardError);
}

function costAtHalf(p: Float64Array, y: Float64Array): number {
  const paid = p.reduce((sum, value, i) => {
    const called = value >= 0.5 ? 1 : 0;
    return sum + (called === y[i] ? 0 : called === 1 ? 1 : 10);
  }, 0);
  return paid / p.length;
}

function show(printed: object): void {
  console.log(String(printed).replace(/^(?=.)/gm, '  '));
  console.log();
}
