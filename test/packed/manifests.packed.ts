import { execFile } from 'node:child_process';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, inject, test } from 'vitest';

const app = inject('app');
const run = promisify(execFile);
const tool = (path: string): string => join(app, 'node_modules', path);

describe.each(inject('tarballs').map((file) => [basename(file), file]))('%s', (_, file) => {
  test('is a package as publint wants it', async () => {
    await run(process.execPath, [tool('publint/src/cli.js'), file, '--strict'], { cwd: app });
  });

  test('gives its types where its code is, says attw', async () => {
    const attw = tool('@arethetypeswrong/cli/dist/index.js');
    await run(process.execPath, [attw, '--profile', 'esm-only', file], { cwd: app });
  });
});
