import { FlatMatrix, logisticLoss, matmul, type Value, valueAndGrad } from '@steepest/autodiff';
import { compile, pin } from '@steepest/compile';

const loss = (w: Value, batch: { X: Value; y: Value }) => logisticLoss(matmul(batch.X, w), batch.y);
const step = compile(valueAndGrad(loss));

const X = new FlatMatrix(4, 2, [1, 0.5, 1, -0.5, 1, 2, 1, -1]);
const y = new FlatMatrix(4, 1, [1, 0, 1, 0]);
const batch = pin({ X, y }); // copied once: the data will not change

let w = new FlatMatrix(2, 1);
for (let k = 0; k < 100; k++) {
  const { gradient } = step(w, batch);
  w = new FlatMatrix(
    2,
    1,
    w.data.map((e, i) => e - 0.5 * gradient.data[i]),
  );
}
console.log(step(w, batch).value.toFixed(4)); // 0.0629
