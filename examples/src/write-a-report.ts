// A page about a fit, to show to somebody who runs no programs: benign or malignant, by four measurements.
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { split } from '@steepest/datasets';
import { bundled } from '@steepest/datasets/node';
import { evaluate, fit, logisticRegression } from '@steepest/models';
import { reportOf } from '@steepest/models/report';
import { check } from './show/check.ts';

export async function run(): Promise<void> {
  const table = await bundled('breast_cancer').read();
  const { train, test } = split(table, { train: 0.75, test: 0.25, seed: 1, stratify: 'target' });
  const features = ['mean_radius', 'mean_texture', 'mean_smoothness', 'mean_concavity'] as const;
  const fitted = await fit(logisticRegression(), train, { features });
  const page = reportOf(fitted, {
    table: train,
    test,
    title: 'Benign or malignant?',
    command: 'npm start -- write-a-report',
  });
  const file = join(tmpdir(), 'steepest-report.html');
  await writeFile(file, page);
  console.log(`  ${file}: open it in a browser, ${Math.round(page.length / 1000)} kB\n`);
  const { accuracy } = evaluate(fitted, test);
  check(
    'its accuracy is that of evaluate, to the last digit',
    page.includes(`data-name="metrics.accuracy" value="${accuracy}"`),
    String(accuracy),
  );
}
