import { readdirSync, readFileSync } from 'node:fs';
import {
  asTraining,
  category,
  defineSchema,
  number,
  parseCsv,
  type Table,
} from '@steepest/datasets';
import {
  type FitOptions,
  type Fitted,
  fit,
  linearRegression,
  logisticRegression,
  type Problem,
  poissonRegression,
  softmaxRegression,
} from '../../src/index.ts';

/** A case of reference, as test/cases/inference has them; its README says what each figure is. */
export interface InferenceCase {
  readonly id: string;
  readonly family: 'linear' | 'logistic' | 'poisson' | 'softmax';
  readonly csv: string;
  readonly n: number;
  readonly target: string;
  readonly positive?: string;
  readonly negative?: string;
  readonly classes?: readonly string[];
  readonly features: readonly Feature[];
  readonly intercept: boolean;
  readonly weights: string | null;
  readonly offset: { readonly column: string; readonly transform: 'log' | 'none' } | null;
  // biome-ignore lint/suspicious/noExplicitAny: figures by name, compared one by one
  readonly [figure: string]: any;
}

interface Feature {
  readonly column: string;
  readonly kind: 'number' | 'category';
  readonly levels?: readonly string[];
}

export const caseFolder: URL = new URL('../../../../test/cases/inference/', import.meta.url);

export function casesIn(folder: URL): InferenceCase[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
}

const problems = {
  linear: linearRegression,
  logistic: logisticRegression,
  poisson: poissonRegression,
  softmax: softmaxRegression,
};

/** The case's rows as a training table, and the fit of its model, or of that of some of its columns. */
export async function fitted(
  found: InferenceCase,
  folder: URL,
  columns: readonly string[] = found.features.map(({ column }) => column),
): Promise<{ table: ReturnType<typeof asTraining<Table>>; model: Fitted }> {
  const { target, classes, positive, negative, weights, offset, intercept, family } = found;
  const features = found.features.filter(({ column }) => columns.includes(column));
  const text = readFileSync(new URL(found.csv, folder), 'utf8');
  const header = text.slice(0, text.indexOf('\n')).split(',');
  const declared = Object.fromEntries([
    ...found.features.map(
      ({ column, kind, levels = [] }) =>
        [column, kind === 'number' ? number() : category([...levels])] as const,
    ),
    ...[weights, offset?.column].flatMap((name) => (name ? [[name, number()] as const] : [])),
    [
      target,
      classes !== undefined
        ? category([...classes])
        : positive !== undefined
          ? category([negative ?? '', positive])
          : family === 'logistic'
            ? category(['0', '1'])
            : number(),
    ],
  ]);
  const chosen = header.filter((name) => Object.hasOwn(declared, name));
  const schema = defineSchema(Object.fromEntries(chosen.map((name) => [name, declared[name]])), {
    target,
  });
  const lines = text
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const kept = lines.map((cells) => chosen.map((name) => cells[header.indexOf(name)]).join(','));
  const table = asTraining(parseCsv(`${kept.join('\n')}\n`, { schema }) as Table);
  const problem: Problem = problems[family]({
    intercept,
    ...(classes === undefined ? {} : { classes }),
  });
  const options: FitOptions = {
    features: features.map(({ column }) => column),
    ...(weights === null ? {} : { analyticWeights: weights }),
    ...(offset === null
      ? {}
      : offset.transform === 'log' && family === 'poisson'
        ? { exposure: offset.column }
        : { offset: offset.column }),
  };
  return { table, model: await fit(problem, table, options) };
}
