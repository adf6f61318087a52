import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FlatMatrix, mul } from '@steepest/autodiff';
import { afterAll, describe, expect, test } from 'vitest';
import {
  adam,
  amsgrad,
  type Checkpoint,
  chain,
  clipByValue,
  cosine,
  decayWeights,
  type Engine,
  encode,
  masked,
  memoryCheckpoint,
  minimize,
  momentum,
  nesterov,
  polyakAverage,
  type Result,
  rmsprop,
  type Stepper,
  train,
  warmUp,
} from '../../src/index.ts';
import { fileCheckpoint } from '../../src/node.ts';
import { shuffledBatches } from '../support/minibatches.ts';
import { striding } from '../support/places.ts';
import { breastCancer, logistic, logisticLoss, rosenbrock } from '../support/problems.ts';

const directory = mkdtempSync(join(tmpdir(), 'steepest-'));
afterAll(() => rmSync(directory, { recursive: true }));
let files = 0;
const freshFile = () => join(directory, `run-${files++}.checkpoint`);

const options = {
  loss: logisticLoss,
  params: logistic.params,
  data: shuffledBatches(breastCancer, 50),
  optimizer: adam({ rate: 0.01 }) as Stepper,
  seed: 5,
};

/** Parameters and state, bit for bit. */
const bitsOf = ({ params, state, steps }: Result<unknown>) =>
  JSON.stringify(encode([params, state, steps]));

describe('a resumed run continues bit for bit', () => {
  const optimizers: Stepper[] = [
    momentum({ rate: warmUp(cosine(0.1, { steps: 100 }), { steps: 20 }) }),
    amsgrad({ rate: 0.01 }),
    chain(adam({ rate: 0.01 }), polyakAverage({ from: 3 })),
  ];
  for (const optimizer of optimizers) {
    test(`with ${optimizer.name}, stopped anywhere in an epoch`, async () => {
      const whole = await train({
        ...options,
        optimizer,
        epochs: 4,
        validation: { data: breastCancer, patience: 50 },
      });
      for (const steps of [1, 11, 12, 13, 30]) {
        const checkpoint = memoryCheckpoint({ every: 7 });
        const run = {
          ...options,
          optimizer,
          checkpoint,
          validation: { data: breastCancer, patience: 50 },
        };
        expect((await train({ ...run, stop: { steps } })).steps).toBe(steps);
        const resumed = await train({ ...run, epochs: 4 });
        expect(bitsOf(resumed)).toBe(bitsOf(whole));
        expect(resumed.validation).toEqual(whole.validation);
        expect(resumed.value).toBe(whole.value);
      }
    });
  }

  test('with lbfgs on a whole objective', async () => {
    const whole = await minimize(rosenbrock.loss, rosenbrock.params);
    const checkpoint = memoryCheckpoint();
    await minimize(rosenbrock.loss, rosenbrock.params, { maxSteps: 9, checkpoint });
    const resumed = await minimize(rosenbrock.loss, rosenbrock.params, { checkpoint });
    expect(bitsOf(resumed)).toBe(bitsOf(whole));
    expect(resumed.converged).toBe(true);
  });

  test('from a file, after an abort, and a finished run stays finished', async () => {
    const whole = await train({ ...options, epochs: 3 });
    const checkpoint = fileCheckpoint(freshFile());
    const controller = new AbortController();
    const stopped = await train({
      ...options,
      epochs: 3,
      checkpoint,
      signal: controller.signal,
      reportEvery: 1,
      onReport: ({ step }) => step === 17 && controller.abort(),
    });
    expect(stopped).toMatchObject({ reason: 'aborted', steps: 17 });
    expect(bitsOf(await train({ ...options, epochs: 3, checkpoint }))).toBe(bitsOf(whole));
    const again = await train({ ...options, epochs: 3, checkpoint });
    expect(bitsOf(again)).toBe(bitsOf(whole));
    expect(again).toMatchObject({ reason: 'epochLimit', evaluations: whole.evaluations });
    expect(again.seconds).toBeGreaterThan(0);
  });
});

describe('a checkpoint of another run is refused:', () => {
  const saved = async (): Promise<Checkpoint> => {
    const checkpoint = memoryCheckpoint();
    await train({ ...options, stop: { steps: 5 }, checkpoint });
    return checkpoint;
  };
  const { x, y } = breastCancer;
  const cases: [string, Partial<typeof options> & { engine?: Engine }, string][] = [
    ['another seed', { seed: 6 }, 'its seed is 5, here it is 6'],
    [
      'another batch size',
      { data: shuffledBatches(breastCancer, 60) },
      'number of batches per epoch is 12, here it is 10',
    ],
    [
      'another optimizer',
      { optimizer: nesterov({ rate: 1 }) },
      'its optimizer is adam, here it is nesterov',
    ],
    [
      'other settings of the same optimizer',
      { optimizer: adam({ rate: 0.01, epsilon: 1e-6 }) },
      'made with other settings of adam: its byMoments.epsilon is 1e-8, here it is 0.000001; train as',
    ],
    [
      'another rate',
      { optimizer: adam({ rate: 0.02 }) },
      'other settings of adam: its rate (or another number) at step 0 is 0.01, here it is 0.02',
    ],
    [
      'another schedule',
      { optimizer: adam({ rate: (step) => (step < 50 ? 0.01 : 0.001) }) },
      'at step 100 is 0.01, here it is 0.001',
    ],
    [
      'another engine',
      { engine: striding().engine },
      'its engine is interpreted, here it is striding 1',
    ],
    [
      'other parameters',
      { params: { w: new FlatMatrix(29, 1), b: 0 } },
      'params.w should be a 29×1 matrix and is a 30×1 matrix',
    ],
    [
      'other data of the same size',
      { data: shuffledBatches({ x: new FlatMatrix(569, 30), y }, 50) },
      'made with other data or another loss',
    ],
    [
      'another number of rows',
      { data: { ...shuffledBatches({ x, y }, 50), rows: 568 } },
      'its number of rows is 569, here it is 568',
    ],
    [
      'another loss',
      { loss: (p, b) => mul(2, logisticLoss(p, b)) },
      'made with other data or another loss',
    ],
  ];
  for (const [name, change, message] of cases) {
    test(name, async () => {
      const checkpoint = await saved();
      await expect(train({ ...options, ...change, epochs: 1, checkpoint })).rejects.toThrow(
        message,
      );
    });
  }

  for (const steps of [12, 24]) {
    for (const [name, change] of cases.slice(-3)) {
      if (name === 'another number of rows') continue;
      test(`${name}, saved at the end of an epoch`, async () => {
        const checkpoint = memoryCheckpoint();
        await train({ ...options, stop: { steps }, checkpoint });
        const run = train({ ...options, ...change, epochs: 4, checkpoint });
        await expect(run).rejects.toThrow('made with other data or another loss');
      });
    }
  }

  test('another mask or setting within a chain', async () => {
    const checkpoint = memoryCheckpoint();
    const decayed = (leaf: string) =>
      chain(
        masked(decayWeights(0.1), (path) => path === leaf),
        clipByValue(1),
        momentum({ rate: 0.1 }),
      );
    await train({ ...options, optimizer: decayed('w'), stop: { steps: 5 }, checkpoint });
    const run = train({ ...options, optimizer: decayed('b'), epochs: 1, checkpoint });
    await expect(run).rejects.toThrow('its masked(decayWeights).leaves is "w", here it is "b"');
  });

  test('another structure of state under the same name', async () => {
    const checkpoint = memoryCheckpoint();
    await train({ ...options, optimizer: rmsprop(), stop: { steps: 5 }, checkpoint });
    await expect(
      train({ ...options, optimizer: rmsprop({ centred: true }), epochs: 1, checkpoint }),
    ).rejects.toThrow('does not fit the parameters and the optimizer');
  });

  test('another version', async () => {
    const checkpoint = await saved();
    const load = async () => ({ ...(await checkpoint.load())!, version: 1 as unknown as 2 });
    await expect(
      train({ ...options, epochs: 1, checkpoint: { ...checkpoint, load } }),
    ).rejects.toThrow('not of a format that this version reads');
  });

  test('impossible counts', async () => {
    const checkpoint = await saved();
    const load = async () => {
      const saved = (await checkpoint.load())!;
      return { ...saved, progress: { ...(saved.progress as object), step: -1 } };
    };
    await expect(
      train({ ...options, epochs: 1, checkpoint: { ...checkpoint, load } }),
    ).rejects.toThrow('step is -1');
  });
});

describe('a file of a checkpoint', () => {
  test('that is cut off or changed anywhere is refused, naming the file', async () => {
    const file = freshFile();
    await train({ ...options, stop: { steps: 3 }, checkpoint: fileCheckpoint(file) });
    const text = readFileSync(file, 'utf8');
    const broken = [
      '',
      text.slice(0, 10),
      text.slice(0, -1),
      text.slice(0, text.length / 2),
      text.replace('"step":3', '"step":4'),
      `${text} `,
    ];
    for (const body of broken) {
      writeFileSync(file, body);
      const run = train({ ...options, epochs: 1, checkpoint: fileCheckpoint(file) });
      await expect(run).rejects.toThrow(file);
    }
  });

  test('leaves no other files behind, and cannot be a directory', async () => {
    const file = freshFile();
    await train({ ...options, epochs: 2, checkpoint: fileCheckpoint(file, { every: 1 }) });
    expect(readdirSync(directory).filter((name) => name.includes('.new'))).toEqual([]);
    await expect(fileCheckpoint(directory).load()).rejects.toThrow('cannot be read');
    await expect(
      train({ ...options, epochs: 1, checkpoint: fileCheckpoint(join(directory, 'none', 'x')) }),
    ).rejects.toThrow('cannot be saved');
    expect(() => fileCheckpoint('')).toThrow('fileCheckpoint: the path must be a text');
  });
});
