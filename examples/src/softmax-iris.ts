// Several classes: which of three species is an iris, from four lengths (Fisher, 1936)?
import { prepare, split, standardize } from '@steepest/datasets';
import { bundled } from '@steepest/datasets/node';
import { fit, softmaxRegression } from '@steepest/models';
import type { Options } from './options.ts';
import { checkAtMost } from './show/check.ts';
import { title } from './show/table.ts';
import { printTraining, trainingOptions } from './training.ts';

export async function run(options: Options): Promise<void> {
  title('Softmax regression: three species of iris');
  const flowers = await bundled('iris').read();
  const shares = { train: 0.7, test: 0.3, seed: options.seed ?? 1, stratify: 'species' } as const;
  const { train, test } = split(flowers, shares);
  const preparation = prepare([standardize()]).fit(train);
  const problem = softmaxRegression({ classes: 3, l2: 0.001 });

  const training = trainingOptions(options, { optimizer: 'lbfgs', epochs: 500 });
  const fitted = await fit(problem, train, { preparation, ...training.fit });

  const best = await fit(problem, train, { preparation, stop: { gradientNorm: 1e-11 } });
  const optimum = best.certificate.objective;
  printTraining({ fitted, train, test, preparation, training, optimum, optimumBy: 'L-BFGS' });
  const p = fitted.predict(test);
  const sums = p.to2DArray().map((row) => row.reduce((total, each) => total + each, 0));
  checkAtMost('probabilities add up to 1', Math.max(...sums.map((s) => Math.abs(s - 1))), 1e-15);
  if (training.isDefault) {
    checkAtMost('the minimum is reached', (fitted.certificate.objective - optimum) / optimum, 1e-9);
  }
}
