// Maximum likelihood as an optimization problem: is a tumour benign, from thirty measurements of its
// cells (Wisconsin Diagnostic Breast Cancer, 1995)?
import { prepare, split, standardize } from '@steepest/datasets';
import { bundled } from '@steepest/datasets/node';
import { fit, logisticRegression } from '@steepest/models';
import type { Options } from './options.ts';
import { checkAtMost } from './show/check.ts';
import { title } from './show/table.ts';
import { printTraining, trainingOptions } from './training.ts';

export async function run(options: Options): Promise<void> {
  title('Logistic regression: benign (1) or malignant (0)');
  const biopsies = await bundled('breast_cancer').read();
  const shares = { train: 0.8, test: 0.2, seed: options.seed ?? 1, stratify: 'target' } as const;
  const { train, test } = split(biopsies, shares);
  const preparation = prepare([standardize()]).fit(train);
  const problem = logisticRegression({ l2: 0.01 });

  const training = trainingOptions(options, { optimizer: 'nesterov', rate: 0.5, epochs: 1500 });
  const fitted = await fit(problem, train, { preparation, ...training.fit });

  // The minimum to all digits, by another method: with a penalty, its distance is certified.
  const best = await fit(problem, train, { preparation, stop: { gradientNorm: 1e-11 } });
  const optimum = best.certificate.objective;
  printTraining({ fitted, train, test, preparation, training, optimum, optimumBy: 'L-BFGS' });
  if (training.isDefault) {
    checkAtMost('the minimum is certified', best.certificate.gap ?? Infinity, 1e-15);
    checkAtMost(
      'gradient steps reach it',
      (fitted.certificate.objective - optimum) / optimum,
      1e-9,
    );
  }
}
