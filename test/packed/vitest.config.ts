import { defineConfig } from 'vitest/config';
import { Summary } from '../../tools/vitest-summary.ts';

// npm run test:packed, after a build.
export default defineConfig({
  test: {
    include: ['test/packed/*.packed.ts'],
    globalSetup: ['test/packed/install.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', new Summary()],
  },
});
