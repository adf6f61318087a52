import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { kept } from '../readme/examples.ts';
import { allExamples, stripped } from './readmes.ts';

const app = inject('app');
const runner = fileURLToPath(new URL('../readme/run.mjs', import.meta.url));

interface Outcome {
  readonly printed: readonly string[];
  readonly error?: string;
}

/** Runs programs of the user's project, in its folder. */
function run(programs: readonly { name: string; code: string }[]): Outcome[] {
  const files = programs.map(({ name, code }) => {
    const file = join(app, `${name}.js`);
    writeFileSync(file, stripped(name, code));
    return file;
  });
  const { stdout, stderr } = spawnSync(process.execPath, [runner, ...files], {
    cwd: app,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Outcome);
}

describe('in Node, the installed packages', () => {
  const examples = allExamples();
  let outcomes: Outcome[] = [];
  beforeAll(() => {
    outcomes = run(examples);
  });

  test.each(examples.map((example, i) => [example.name, example, i] as const))(
    "run the README's example %s",
    (_, example, i) => {
      expect(outcomes[i].error).toBeUndefined();
      expect(kept(example, outcomes[i].printed)).toEqual(example.promised);
    },
  );

  test('hold every data file that they name', () => {
    const code = `
      import { bundledSchemas } from '@steepest/datasets';
      import { bundled } from '@steepest/datasets/node';
      for (const name of Object.keys(bundledSchemas)) {
        console.log(name, (await bundled(name).read()).rows > 4);
      }`;
    const [{ printed, error }] = run([{ name: 'data-files', code }]);
    expect(error).toBeUndefined();
    expect(printed.length).toBeGreaterThan(3);
    for (const line of printed) expect(line).toMatch(/ true$/);
  });

  test('compute on threads, to the bits of one', () => {
    const code = `
      import { FlatMatrix, logisticLoss, matmul, valueAndGrad } from '@steepest/autodiff';
      import { compile } from '@steepest/compile';
      import { threads } from '@steepest/compile/threads';
      const [n, d] = [20_000, 64];
      const X = new FlatMatrix(n, d, Float64Array.from({ length: n * d }, (_, k) => Math.sin(k)));
      const y = new FlatMatrix(n, 1, Float64Array.from({ length: n }, (_, i) => i % 2));
      const step = valueAndGrad((w, X, y) => logisticLoss(matmul(X, w), y));
      const w = new FlatMatrix(d, 1, new Float64Array(d).fill(0.1));
      const pool = threads(2);
      const shared = compile(step, { threads: pool });
      const alone = compile(step)(w, X, y).gradient.to1DArray();
      const all = [];
      for (let k = 0; k < 20; k++) all.push(...shared(w, X, y).gradient.to1DArray());
      await new Promise((resolve) => setTimeout(resolve, 300)); // the worker has started, or died
      all.push(...shared(w, X, y).gradient.to1DArray());
      console.log(pool !== undefined, all.every((e, k) => e === alone[k % d]));`;
    const [{ printed, error }] = run([{ name: 'two-threads', code }]);
    expect(error).toBeUndefined();
    expect(printed).toEqual(['true true']);
  });

  test("name the user's line where NaN is born", () => {
    const code = `import { grad, log, sqrt, sub, withNaNCheck } from '@steepest/autodiff';
import { minimize } from '@steepest/optim';
const said = (work) => Promise.resolve().then(() => withNaNCheck(work)).catch(({ source }) => console.log(source));
await said(() => grad((x) => log(x))(-1)); // 4
const loss = (x) => {
  const root = sqrt(x); // 6
  return sub(root, 1);
};
await said(() => minimize(loss, -1));`;
    const [{ printed }] = run([{ name: 'nan-line', code }]);
    const lines = printed.map((source) => /nan-line\.js:(\d+):\d+$/.exec(source)?.[1]);
    expect(lines).toEqual(['4', '6']);
  });

  test('type-check as a user sees them', () => {
    mkdirSync(join(app, 'types'), { recursive: true });
    for (const { name, code } of examples) {
      writeFileSync(join(app, `types/${name}.ts`), `${code}export {};\n`);
    }
    const options = { strict: true, noEmit: true, target: 'es2023', lib: ['es2023', 'dom'] };
    const tsc = createRequire(import.meta.url).resolve('typescript/package.json');
    // The packages' own declarations ask for no types of Node; what a program imports itself does.
    const alone = examples.filter(({ code }) => !code.includes("from 'node:"));
    const files = (some: typeof examples) => some.map(({ name }) => `types/${name}.ts`);
    for (const { module, types, programs } of [
      { module: 'nodenext', types: ['node'], programs: examples },
      { module: 'nodenext', types: [], programs: alone },
      { module: 'preserve', types: [], programs: alone },
    ]) {
      const compilerOptions = { ...options, module, types };
      const config = { compilerOptions, files: files(programs) };
      writeFileSync(join(app, 'tsconfig.json'), JSON.stringify(config));
      const args = [tsc.replace('package.json', 'bin/tsc'), '-p', app];
      const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
      expect(stdout).toBe('');
      expect(status).toBe(0);
    }
  });
});
