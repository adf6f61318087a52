import { FlatMatrix, square, sum, type Value } from '@steepest/autodiff';
import { momentum, train } from '@steepest/optim';
import { fileCheckpoint } from '@steepest/optim/node';

const options = {
  loss: (w: Value) => sum(square(w)),
  params: new FlatMatrix(2, 1, [3, 4]),
  optimizer: momentum({ rate: 0.01 }),
  checkpoint: fileCheckpoint('run.checkpoint', { every: 10 }),
};
await train({ ...options, epochs: 25 }); // or killed at any moment
const { steps, reason } = await train({ ...options, epochs: 50 });
console.log(steps, reason); // 50 epochLimit, with the bits of a run that was never interrupted
