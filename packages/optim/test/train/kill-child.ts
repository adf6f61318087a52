// Trains with a checkpoint in the file of its first argument until it is done or killed.
import { writeFileSync } from 'node:fs';
import { adam, encode, train } from '../../src/index.ts';
import { fileCheckpoint } from '../../src/node.ts';
import { shuffledBatches } from '../support/minibatches.ts';
import { breastCancer, logistic, logisticLoss } from '../support/problems.ts';

const [file, answer] = process.argv.slice(2);
const { params, state, steps } = await train({
  loss: logisticLoss,
  params: logistic.params,
  data: shuffledBatches(breastCancer, 20),
  optimizer: adam({ rate: 0.01 }),
  epochs: 12,
  seed: 3,
  validation: { data: breastCancer, patience: 100 },
  checkpoint: fileCheckpoint(file, { every: 5 }),
  reportEvery: 10,
  onReport: ({ step }) => console.log(step),
});
writeFileSync(answer, JSON.stringify(encode({ params, state, steps })));
