// jax-js with jit, float32, on its WebAssembly back end.
globalThis.navigator ??= {};
const { defaultDevice, init, jit, nn, numpy: np } = await import('@jax-js/jax');

import { attempt, entries, labels, time } from './timing.mjs';

await init('wasm');
defaultDevice('wasm');
const library = 'jax-js jit (float32)';
const array = (data, shape) => np.array(data).reshape(shape);

await attempt('full', library, async () => {
  const [n, d] = [200_000, 64];
  const x = array(entries(n * d), [n, d]);
  const y = array(labels(n), [n, 1]);
  const w = array(entries(d), [d, 1]);
  const gradient = jit((w, x, y) => {
    const residual = nn
      .sigmoid(np.matmul(x.ref, w))
      .sub(y)
      .mul(1 / n);
    return np.matmul(np.transpose(x), residual);
  });
  await time('full', library, async () => (await gradient(w.ref, x.ref, y.ref).data())[0]);
});

await attempt('minibatch', library, async () => {
  const [d, size] = [32, 32];
  const [data, target] = [entries(100_000 * d), labels(100_000)];
  let w = array(entries(d), [d, 1]);
  let v = np.zeros([d, 1]);
  const update = jit((w, v, x, y) => {
    const residual = nn
      .sigmoid(np.matmul(x.ref, w.ref))
      .sub(y)
      .mul(1 / size);
    const velocity = v.mul(0.9).add(np.matmul(np.transpose(x), residual));
    return [w.sub(velocity.ref.mul(0.1)), velocity];
  });
  let step = 0;
  await time('minibatch', library, async () => {
    // Gathered by hand: rows far apart, as a shuffle has them.
    const [xb, yb] = [new Float32Array(size * d), new Float32Array(size)];
    for (let i = 0; i < size; i++) {
      const row = (step++ * 7919) % 100_000;
      xb.set(data.subarray(row * d, (row + 1) * d), i * d);
      yb[i] = target[row];
    }
    [w, v] = update(w, v, array(xb, [size, d]), array(yb, [size, 1]));
    await w.ref.data();
  });
});
