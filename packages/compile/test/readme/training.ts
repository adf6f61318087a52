import { add, FlatMatrix, matmul, squaredError, type Value } from '@steepest/autodiff';
import { compileTraining, pin, updates } from '@steepest/compile';

const X = new FlatMatrix(
  1000,
  1,
  Float64Array.from({ length: 1000 }, (_, i) => i / 1000),
);
const y = new FlatMatrix(
  1000,
  1,
  X.data.map((x) => 3 * x - 1),
);
const data = pin({ X, y });

const training = compileTraining(
  (p: { w: Value; b: Value }, batch: typeof data) =>
    squaredError(add(matmul(batch.X, p.w), p.b), batch.y),
  { update: updates.momentum({ rate: 0.05 }), batchRows: 32 },
);
const order = Int32Array.from({ length: 1000 }, (_, i) => (i * 7) % 1000);
let at = training.start({ w: new FlatMatrix(1, 1), b: new FlatMatrix(1, 1) });
for (let epoch = 0; epoch < 30; epoch++) at = training.run(at, data, order); // one call each
const { w, b } = at.params;
console.log(w.data[0].toFixed(3), b.data[0].toFixed(3)); // 3.000 -1.000
