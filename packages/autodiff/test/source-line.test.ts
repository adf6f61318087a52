import { describe, expect, it } from 'vitest';
import { userFrame } from '../src/checks/source-line.ts';

const installed = '/home/me/app/node_modules/@steepest/autodiff/dist/index.js';
const beside = '/home/me/app/node_modules/@steepest/';

describe('the line of the user', () => {
  it('is the innermost frame outside the installed packages and the runtime', () => {
    const stack = `Error
    at sourceLine (file://${installed}:10:20)
    at log (file://${installed}:400:7)
    at step (file://${beside}optim/dist/index.js:3:4)
    at node:internal/process/task_queues:95:5
    at loss (file:///home/me/app/src/my%20model.ts:7:12)
    at async file:///home/me/app/src/main.ts:9:1`;
    expect(userFrame(stack, installed, beside)).toBe('/home/me/app/src/my model.ts:7:12');
  });

  it('is found where a package manager keeps every package in a folder of its own', () => {
    const store = '/home/me/app/node_modules/.pnpm';
    const autodiff = `${store}/@steepest+autodiff@0.1.0/node_modules/@steepest/autodiff/dist/index.js`;
    const stack = `Error
    at log (file://${autodiff}:400:7)
    at step (file://${store}/@steepest+optim@0.1.0/node_modules/@steepest/optim/dist/index.js:3:4)
    at Function.runs [as loss] (file://${store}/helpful@1.0.0/node_modules/helpful/index.js:3:4)
    at file:///home/me/app/(new)/main.ts:9:1`;
    const folder = autodiff.replace(/autodiff\/dist.*/, '');
    expect(userFrame(stack, autodiff, folder)).toBe('/home/me/app/(new)/main.ts:9:1');
  });

  it('is a line of another package where all the code lies in packages', () => {
    const stack = `Error
    at log (file://${installed}:400:7)
    at file:///home/me/app/node_modules/helpful/index.js:3:4`;
    expect(userFrame(stack, installed, beside)).toBe(
      '/home/me/app/node_modules/helpful/index.js:3:4',
    );
  });

  it('is told by Firefox and Safari too, from the files that a development server makes', () => {
    const deps = 'http://localhost:5173/node_modules/.vite/deps/@steepest_autodiff.js';
    const stack = `sourceLine@${deps}?v=1f:10:20
apply/<@${deps}?v=1f:11:2
${deps}?v=1f:12:2
loss@http://localhost:5173/src/main.ts?t=17:3:9
http://localhost:5173/src/main.ts:20:1`;
    expect(userFrame(stack, deps, undefined)).toBe('http://localhost:5173/src/main.ts:3:9');
  });

  it('is not claimed where library and user share one file', () => {
    const bundle = 'http://localhost/assets/index-1f.js';
    expect(userFrame(`log@${bundle}:1:20\nloss@${bundle}:1:9`, bundle, undefined)).toBeUndefined();
  });
});
