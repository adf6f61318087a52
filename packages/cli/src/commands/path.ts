import { crossValidatePath } from '@steepest/models';
import { problemOf } from '../fitting/families.ts';
import { prepared } from '../fitting/prepared.ts';
import { plain } from '../fitting/sureness.ts';
import type { Io } from '../io.ts';
import { grid, six } from '../output/grid.ts';
import { headOf, type Output } from '../output/output.ts';
import { coefficientsText } from '../output/train-text.ts';
import { UsageError } from '../usage/errors.ts';
import type { Given } from '../usage/given.ts';

/** steepest path: strengths of a penalty, judged by cross-validation. */
export async function run(given: Given, io: Io): Promise<Output> {
  const alpha = shareOf(given.text('penalty') ?? 'l1');
  const k = given.number('cv', { least: 2, whole: true, example: '5' }) ?? 5;
  const seed = given.number('seed', { least: 0, whole: true, example: '1' }) ?? 1;
  const { path, train, family, roles } = await prepared(given, io);
  const judged = await crossValidatePath(problemOf(family, {}), train, {
    ...roles,
    alpha,
    folds: { k, seed },
    signal: io.signal,
  });
  const facts = {
    ...headOf('path'),
    data: path,
    target: roles.target,
    penalty: judged.path.penalty,
    how: judged.how,
    by: judged.by.measure,
    points: judged.points.map(({ lambda, df, mean, standardError }) => ({
      lambda,
      df,
      mean,
      standardError,
    })),
    lambdaMin: judged.lambdaMin,
    lambda1se: judged.lambda1se,
    coefficients: plain(judged.path.at(judged.lambda1se)),
  };
  const { points } = facts;
  const every = Math.ceil(points.length / 25);
  const rows = points.filter(
    ({ lambda }, i) => i % every === 0 || lambda === facts.lambdaMin || lambda === facts.lambda1se,
  );
  return {
    facts,
    text: (colours) =>
      `${colours.bold(`${facts.penalty}, ${facts.how}`)}\n${grid([
        ['lambda', 'columns', facts.by, 'std. error', ''],
        ...rows.map(({ lambda, df, mean, standardError }) => [
          six(lambda),
          String(df),
          six(mean),
          six(standardError),
          lambda === facts.lambdaMin
            ? 'best'
            : lambda === facts.lambda1se
              ? 'within one standard error'
              : '',
        ]),
      ])}\n\n${colours.bold(`Coefficients at lambda = ${six(facts.lambda1se)}`)}\n${coefficientsText(facts)}\n`,
  };
}

/** l1 is all of it, l2 none, elastic=0.5 half. */
function shareOf(text: string): number {
  if (text === 'l1') return 1;
  if (text === 'l2') return 0;
  const [, share] = /^elastic=(.+)$/.exec(text) ?? [];
  const alpha = Number(share);
  if (alpha >= 0 && alpha <= 1) return alpha;
  throw new UsageError(
    `--penalty must be l1, l2 or elastic=SHARE, got ${JSON.stringify(text)}; try l1`,
  );
}
