import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { transformSync } from 'oxc-transform';
import { type Example, examplesOf } from '../readme/examples.ts';

const root = new URL('../../', import.meta.url);

/** The examples of all READMEs. */
export function allExamples(): Example[] {
  const names = readdirSync(new URL('packages/', root));
  const folders = [['root', '.'], ...names.map((name) => [name, `packages/${name}`])];
  return folders
    .map(([name, folder]) => ({ name, readme: new URL(`${folder}/README.md`, root) }))
    .filter(({ readme }) => existsSync(readme))
    .flatMap(({ name, readme }) => examplesOf(readFileSync(readme, 'utf8'), name));
}

/** Whether an example reads files or starts threads, which browsers do in other ways. */
export function needsNode({ code }: Example): boolean {
  return /from '(node:|@steepest\/\w+\/(node|threads)')/.test(code);
}

/** TypeScript without its types. */
export function stripped(name: string, code: string): string {
  return transformSync(`${name}.ts`, code, { typescript: { onlyRemoveTypeImports: true } }).code;
}
