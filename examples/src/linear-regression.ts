// Least squares as an optimization problem: how far diabetes has progressed after a year, from ten
// measurements (Efron et al., Least angle regression, 2004).
import { prepare, split, standardize } from '@steepest/datasets';
import { bundled } from '@steepest/datasets/node';
import { fit, leastSquares, linearRegression } from '@steepest/models';
import type { Options } from './options.ts';
import { checkAtMost } from './show/check.ts';
import { title } from './show/table.ts';
import { printTraining, trainingOptions } from './training.ts';

export async function run(options: Options): Promise<void> {
  title('Linear regression: diabetes progression');
  const patients = await bundled('diabetes').read();
  const { train, test } = split(patients, { train: 0.8, test: 0.2, seed: options.seed ?? 1 });
  const preparation = prepare([standardize()]).fit(train);
  const problem = linearRegression();

  const training = trainingOptions(options, { optimizer: 'nesterov', rate: 0.1, epochs: 2000 });
  const fitted = await fit(problem, train, { preparation, ...training.fit });

  const { x, y } = preparation.apply(train);
  const optimum = leastSquares(x, y).objective;
  printTraining({
    fitted,
    train,
    test,
    preparation,
    training,
    optimum,
    optimumBy: 'Householder QR',
  });
  if (training.isDefault) {
    const excess = (fitted.certificate.objective - optimum) / optimum;
    checkAtMost('gradient steps reach the exact least-squares solution', excess, 1e-12);
  }
}
