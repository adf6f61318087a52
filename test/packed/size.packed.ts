import { expect, inject, test } from 'vitest';
import { assets, bundlePage } from './vite.ts';

const app = inject('app');

// What was measured, with some room: of autodiff ml-matrix is 49 kB, of datasets csv-parse 24.
test.each([
  ['autodiff', 'grad', 85],
  ['optim', 'minimize', 160],
  ['models', 'rSquared', 5],
  ['models', 'brierScore', 5],
  ['models', 'accuracy', 5],
  ['datasets', 'standardize', 55],
  ['wasm', 'features', 6],
])('@steepest/%s: %s alone is one file of at most %i kB', (name, exported, most) => {
  const main = `import { ${exported} } from '@steepest/${name}';\nconsole.log(${exported});\n`;
  const made = assets(bundlePage(app, `size-${exported}`, { 'main.ts': main }));
  expect(made).toHaveLength(1);
  expect(made[0].bytes / 1000).toBeLessThan(most);
});
