import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { kept } from '../readme/examples.ts';
import { allExamples, needsNode } from './readmes.ts';
import { bundlePage } from './vite.ts';

const app = inject('app');
const chromium = ['chromium', 'chromium-browser', 'google-chrome']
  .flatMap((name) => (process.env.PATH ?? '').split(delimiter).map((path) => join(path, name)))
  .find((file) => existsSync(file));
if (chromium === undefined)
  console.warn('left out: no chromium on the PATH to run the packages in');

/** What of playwright-core is used here; it is installed in the user's project only. */
interface Playwright {
  readonly chromium: {
    launch(options: { executablePath: string; args: string[] }): Promise<Browser>;
  };
}
interface Browser {
  newPage(): Promise<Page>;
  close(): Promise<void>;
}
interface Page {
  goto(url: string): Promise<unknown>;
  evaluate<T>(expression: string): Promise<T>;
}

interface Outcome {
  readonly printed: readonly (readonly unknown[])[];
  readonly error?: string;
}

const nanLine = `
import { grad, log, NaNError, withNaNCheck } from '@steepest/autodiff';
try {
  withNaNCheck(() => grad((x) => log(x))(-1));
} catch (error) {
  console.log(error instanceof NaNError, error.source === undefined);
}`;

/** Runs every module of a list when the page is asked to. */
function mainOf(names: readonly string[]): string {
  return `const programs = [${names.map((name) => `() => import('./${name}.ts')`).join(', ')}];
globalThis.runAll = async () => {
  const outcomes = [];
  for (const program of programs) {
    const printed = [];
    console.log = (...parts) => printed.push(parts);
    let error;
    await program().catch((thrown) => (error = String(thrown?.stack ?? thrown)));
    outcomes.push({ printed, error });
  }
  return outcomes;
};`;
}

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };

/** Serves a folder to this machine. */
async function serve(folder: string): Promise<{ server: Server; url: string }> {
  const server = createServer(({ url = '/' }, response) => {
    const file = join(folder, url === '/' ? 'index.html' : new URL(url, 'http://page').pathname);
    if (!existsSync(file)) return void response.writeHead(404).end();
    response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream');
    response.end(readFileSync(file));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

describe.skipIf(chromium === undefined)('in a browser, the installed packages', () => {
  const examples = allExamples().filter((example) => !needsNode(example));
  let outcomes: Outcome[] = [];
  const closing: (() => unknown)[] = [];

  beforeAll(async () => {
    const programs = [...examples, { name: 'nan-line', code: nanLine }];
    const dist = bundlePage(app, 'page', {
      'main.ts': mainOf(programs.map(({ name }) => name)),
      ...Object.fromEntries(programs.map(({ name, code }) => [`${name}.ts`, code])),
    });
    const { server, url } = await serve(dist);
    closing.push(() => server.close());
    const entry = pathToFileURL(join(app, 'node_modules/playwright-core/index.mjs')).href;
    const playwright = (await import(/* @vite-ignore */ entry)) as Playwright;
    const browser = await playwright.chromium.launch({
      executablePath: chromium as string,
      args: ['--no-sandbox'],
    });
    closing.push(() => browser.close());
    const page = await browser.newPage();
    await page.goto(url);
    outcomes = await page.evaluate('runAll()');
  });
  afterAll(() => Promise.all(closing.map((close) => close())));

  test.each(examples.map((example, i) => [example.name, example, i] as const))(
    "run the README's example %s",
    (_, example, i) => {
      expect(outcomes[i].error).toBeUndefined();
      const printed = outcomes[i].printed.map((parts) => format(...parts));
      expect(kept(example, printed)).toEqual(example.promised);
    },
  );

  test('claim no line of NaN where bundling made one file of all code', () => {
    const { printed, error } = outcomes[examples.length];
    expect(error).toBeUndefined();
    expect(printed).toEqual([[true, expect.any(Boolean)]]);
  });
});
