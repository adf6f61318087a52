// TensorFlow.js, float32. node tfjs.mjs cpu|wasm
import * as tf from '@tensorflow/tfjs';
import { attempt, entries, labels, time } from './timing.mjs';

const backend = process.argv[2];
if (backend === 'wasm') {
  const { setThreadsCount, setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(
    new URL('./node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url).pathname,
  );
  setThreadsCount(2);
}
await tf.setBackend(backend);
await tf.ready();
const library = `tfjs ${backend} (float32)`;

await attempt('full', library, async () => {
  const [n, d] = [200_000, 64];
  const x = tf.tensor2d(entries(n * d), [n, d]);
  const y = tf.tensor2d(labels(n), [n, 1]);
  const w = tf.tensor2d(entries(d), [d, 1]);
  await time('full', library, () => {
    const gradient = tf.tidy(() => {
      const residual = tf.div(tf.sub(tf.sigmoid(tf.matMul(x, w)), y), n);
      return tf.matMul(x, residual, true, false);
    });
    gradient.dataSync();
    gradient.dispose();
  });
  tf.dispose([x, y, w]);
});

await attempt('minibatch', library, async () => {
  const [n, d, size] = [100_000, 32, 32];
  const x = tf.tensor2d(entries(n * d), [n, d]);
  const y = tf.tensor2d(labels(n), [n, 1]);
  const order = Int32Array.from({ length: n }, (_, i) => (i * 7919) % n);
  let w = tf.tensor2d(entries(d), [d, 1]);
  let v = tf.zeros([d, 1]);
  let step = 0;
  await time('minibatch', library, () => {
    const from = (step++ * size) % (n - size);
    const [nextW, nextV] = tf.tidy(() => {
      const rows = tf.tensor1d(order.subarray(from, from + size), 'int32');
      const [xb, yb] = [tf.gather(x, rows), tf.gather(y, rows)];
      const residual = tf.div(tf.sub(tf.sigmoid(tf.matMul(xb, w)), yb), size);
      const velocity = tf.add(tf.mul(v, 0.9), tf.matMul(xb, residual, true, false));
      return [tf.sub(w, tf.mul(velocity, 0.1)), velocity];
    });
    tf.dispose([w, v]);
    [w, v] = [nextW, nextV];
  });
});

await attempt('network', library, async () => {
  const x = tf.tensor2d(entries(128 * 784), [128, 784]);
  const classes = tf.oneHot(
    tf.tensor1d(
      Int32Array.from({ length: 128 }, (_, i) => i % 10),
      'int32',
    ),
    10,
  );
  const shapes = [
    [784, 128],
    [1, 128],
    [128, 10],
    [1, 10],
  ];
  const params = shapes.map(([r, c]) =>
    tf.variable(
      tf.tensor2d(
        entries(r * c).map((e) => e / 10),
        [r, c],
      ),
    ),
  );
  const loss = () => {
    const hidden = tf.relu(tf.add(tf.matMul(x, params[0]), params[1]));
    const logits = tf.add(tf.matMul(hidden, params[2]), params[3]);
    return tf.losses.softmaxCrossEntropy(classes, logits);
  };
  await time('network', library, () => {
    tf.tidy(() => {
      const { grads } = tf.variableGrads(loss);
      for (const p of params) p.assign(tf.sub(p, tf.mul(grads[p.name], 0.01)));
    });
    params[3].dataSync();
  });
});
