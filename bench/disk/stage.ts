// One stage of learning from a large file, in a process of its own; prints what it took.
import { FlatMatrix } from '@steepest/autodiff';
import { compiled } from '@steepest/compile';
import {
  category,
  defineSchema,
  minibatches,
  type NamedColumn,
  number,
  prepare,
  split,
  standardize,
} from '@steepest/datasets';
import { openCsv } from '@steepest/datasets/node';
import { evaluate, fit, logisticRegression } from '@steepest/models';
import { loadModel, saveModel } from '@steepest/models/node';
import { adam, train } from '@steepest/optim';

const [stage = 'open', path = ''] = process.argv.slice(2);
const columns = Array.from({ length: 32 }, (_, j): [string, NamedColumn] => {
  const name = `x${j}`;
  return [name, { name, ...number() }];
});
const schema = defineSchema([...columns, ['y', category(['0', '1'])]], { target: 'y' });
const problem = logisticRegression({ l2: 0.01 });
const model = `${path}.model.json`;

const started = performance.now();
const says = await run();
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ seconds, peak: process.resourceUsage().maxRSS / 1024, says }));

async function run(): Promise<string> {
  const table = await openCsv(path, { schema });
  if (stage === 'open') return `${table.rows} rows × ${table.names.length} columns`;
  const parts = split(table, { train: 0.8, test: 0.2, seed: 1 });
  if (stage === 'fit') {
    const fitted = await fit(problem, parts.train);
    await saveModel(model, fitted);
    return `${fitted.ending}; above the minimum about ${fitted.certificate.decrement.toExponential(1)}`;
  }
  if (stage === 'minibatches') {
    const preparation = await prepare([standardize()]).fit(parts.train);
    const result = await train({
      loss: problem.loss,
      params: { w: new FlatMatrix(32, 1), b: 0 },
      data: minibatches(parts.train, { size: 1024, preparation }) as never,
      optimizer: adam({ rate: 0.01 }),
      epochs: 1,
      engine: compiled(),
    });
    return `${result.steps} steps, loss ${result.value?.toFixed(4)}`;
  }
  const fitted = await loadModel(model);
  if (stage === 'evaluate') {
    const { rows, accuracy = 0, areaUnderCurve = 0 } = await evaluate(fitted, parts.test);
    return `${rows} rows, accuracy ${accuracy.toFixed(4)}, area under the curve ${areaUnderCurve.toFixed(4)}`;
  }
  const { data } = await fitted.predict(table);
  return `${data.length} probabilities`;
}
