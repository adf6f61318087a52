// What the examples that train a model have in common: options from the command line, and the report.
import { checkGrad, valueAndGrad } from '@steepest/autodiff';
import type { FittedPreparation, Table, Test, Train } from '@steepest/datasets';
import { evaluate, type FitOptions, type Fitted } from '@steepest/models';
import { makeOptimizer, type OptimizerName } from './optimizers.ts';
import type { Options } from './options.ts';
import { printLossCurve } from './show/chart.ts';
import { checkAtMost, short } from './show/check.ts';
import { startProgress } from './show/progress.ts';
import { printTable } from './show/table.ts';

interface Defaults {
  readonly optimizer: OptimizerName;
  readonly rate?: number;
  readonly epochs: number;
}

export interface TrainingChoice {
  readonly fit: FitOptions;
  /** Whether the command line changed nothing: then the example's claims must hold. */
  readonly isDefault: boolean;
  readonly optimizer: OptimizerName;
  readonly batch: number | undefined;
  /** The losses on the way, filled while training runs. */
  readonly losses: number[];
}

/** The options of `fit`, from the command line's and the example's own, with a progress bar. */
export function trainingOptions(options: Options, defaults: Defaults): TrainingChoice {
  const { optimizer = defaults.optimizer, epochs = defaults.epochs, batch, seed = 1 } = options;
  const rate = options.rate ?? (options.optimizer === undefined ? defaults.rate : undefined);
  const losses: number[] = [];
  const progress = startProgress(epochs);
  return {
    fit: {
      optimizer: makeOptimizer(optimizer, rate),
      epochs,
      seed,
      // The gradient on a minibatch says nothing about the objective's: then only epochs count.
      ...(batch === undefined ? { stop: { gradientNorm: 1e-8 } } : { batchSize: batch }),
      ...(options.plain && { differentiate: valueAndGrad }),
      onReport: ({ epoch, loss }) => {
        losses.push(loss);
        progress.to(epoch, `loss ${short(loss)}`);
        if (epoch >= epochs) progress.end();
      },
    },
    isDefault: Object.values(options).every((value) => value === undefined),
    optimizer,
    batch,
    losses,
  };
}

interface Trained {
  readonly fitted: Fitted;
  readonly train: Train<Table>;
  readonly test: Test<Table>;
  readonly preparation: FittedPreparation;
  readonly training: TrainingChoice;
  readonly optimum: number;
  /** The method that found the optimum. */
  readonly optimumBy: string;
}

/** Prints data, objective, optimizer, loss curve, coefficients, test metrics, and how good it is. */
export function printTraining(trained: Trained): void {
  const { fitted, train, test, preparation, training, optimum, optimumBy } = trained;
  const { report, problem, certificate } = fitted;
  const whole = training.batch === undefined || training.batch >= train.rows;
  const rows = whole ? 'all rows' : `${training.batch} rows`;
  console.log(`  data       ${train.rows} rows to learn from, ${test.rows} to test on`);
  console.log(`  objective  ${problem.objective}`);
  console.log(`  optimizer  ${training.optimizer}, ${rows} per step`);
  // Means over minibatches seen on the way can lie below the lowest value of the objective.
  if (whole) {
    printLossCurve(training.losses, optimum, 'log₁₀ of the distance to the lowest loss');
  } else {
    printLossCurve(training.losses, 0, 'log₁₀ of the training loss, epoch by epoch');
  }
  console.log(String(report).replace(/^/gm, '  '));

  for (const { output, names, values, intercept } of fitted.coefficients) {
    const largest = names
      .map((name, j) => [name, values[j]] as const)
      .sort(([, a], [, b]) => Math.abs(b) - Math.abs(a))
      .slice(0, 10);
    console.log(`\n  coefficients in raw units${output === undefined ? '' : ` of ${output}`}`);
    printTable(['column', 'coefficient'], [['(intercept)', intercept], ...largest]);
    if (names.length > largest.length) console.log(`  … and ${names.length - 10} smaller ones`);
  }
  console.log('\n  on the test rows');
  console.log(String(evaluate(fitted, test)).replace(/^/gm, '    '));
  for (const { kind, message } of fitted.warnings) console.log(`  warning: ${kind}: ${message}`);

  console.log();
  const { x, y } = preparation.apply(train);
  const batch = { x, y };
  const start = problem.init(preparation.names.length);
  checkAtMost(
    'the gradient agrees with numeric differentiation',
    checkGrad(problem.loss)(start, batch).maxRelativeError,
    1e-7,
  );
  const excess = certificate.objective - optimum;
  console.log(
    `  objective ${certificate.objective.toPrecision(12)}, lowest (by ${optimumBy}) ` +
      `${optimum.toPrecision(12)}: ${short(excess)} above`,
  );
}
