import { defineConfig } from 'vitest/config';
import { Summary } from '../../../../tools/vitest-summary.ts';

// npm run test:engines
export default defineConfig({
  test: {
    include: ['packages/sql/test/servers/*.engines.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', new Summary()],
  },
});
