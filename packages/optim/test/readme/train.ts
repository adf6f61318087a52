import {
  add,
  FlatMatrix,
  matmul,
  type Operand,
  squaredError,
  type Value,
} from '@steepest/autodiff';
import { adam, chain, clipByGlobalNorm, cosine, train, warmUp } from '@steepest/optim';

const x = new FlatMatrix(4, 1, [0, 1, 2, 3]);
const y = new FlatMatrix(4, 1, [1, 3, 5, 7]); // 2x + 1
const rate = warmUp(cosine(0.3, { steps: 380 }), { steps: 20 });

const run = train({
  loss: ({ w, b }: { w: Value; b: Value }, batch: { x: Operand; y: Operand }) =>
    squaredError(add(matmul(batch.x, w), b), batch.y),
  params: { w: new FlatMatrix(1, 1), b: 0 },
  data: { x, y }, // or minibatches(features, { size: 32 }) of @steepest/datasets
  optimizer: chain(clipByGlobalNorm(1), adam({ rate })),
  epochs: 400,
  reportEvery: 100,
});
for await (const { step, loss } of run) console.log(step, loss.toFixed(4));
const { params } = await run;
console.log(params.w.get(0, 0).toFixed(3), params.b.toFixed(3)); // 2.000 1.000
