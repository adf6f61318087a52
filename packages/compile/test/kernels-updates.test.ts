import { expect, it } from 'vitest';
import { arena, numbers } from './kernels-arena.ts';

const counts = [0, 1, 2, 3, 8, 33];

it('sgdStep is w ← w − rate · g, bit for bit', () => {
  for (const count of counts) {
    const { kernels, put, take } = arena();
    const [w, g] = [numbers(count, 1), numbers(count, 2)];
    const at = put(w);
    kernels.sgdStep(at, put(g), count, 0.1);
    expect(take(at, count)).toEqual(w.map((x, k) => x + -0.1 * g[k]));
  }
});

it('momentumStep is v ← decay · v + g, w ← w − rate · v, bit for bit over many steps', () => {
  for (const count of counts) {
    const { kernels, put, take } = arena();
    const [w, v, g] = [numbers(count, 1), numbers(count, 2), numbers(count, 3)];
    const [wAt, vAt, gAt] = [put(w), put(v), put(g)];
    for (let step = 0; step < 20; step++) {
      kernels.momentumStep(wAt, vAt, gAt, count, 0.05, 0.9);
      for (let k = 0; k < count; k++) {
        v[k] = 0.9 * v[k] + g[k];
        w[k] -= 0.05 * v[k];
      }
    }
    expect(take(wAt, count)).toEqual(w);
    expect(take(vAt, count)).toEqual(v);
  }
});

it('adamStep is the loop of the adam stepper, bit for bit, and leaves w where m is 0', () => {
  const [rate, b1, b2, epsilon] = [0.01, 0.9, 0.999, 1e-8];
  for (const count of counts) {
    const { kernels, put, take } = arena();
    const [w, m, s] = [numbers(count, 1), new Float64Array(count), new Float64Array(count)];
    const [wAt, mAt, sAt] = [put(w), put(m), put(s)];
    for (let t = 1; t <= 20; t++) {
      const g = numbers(count, t).map((x, k) => (k % 3 === 2 ? 0 : x));
      const [c1, root] = [1 - b1 ** t, Math.sqrt(1 - b2 ** t)];
      kernels.adamStep(wAt, mAt, sAt, put(g), count, rate, b1, b2, epsilon, c1, root);
      for (let k = 0; k < count; k++) {
        m[k] = b1 * m[k] + (1 - b1) * g[k];
        s[k] = b2 * s[k] + (1 - b2) * (g[k] * g[k]);
        const size = Math.sqrt(s[k]) / root + epsilon;
        w[k] += -rate * (m[k] === 0 ? 0 : m[k] / c1 / size);
      }
    }
    expect(take(wAt, count)).toEqual(w);
    expect(take(mAt, count)).toEqual(m);
    expect(take(sAt, count)).toEqual(s);
  }
});
