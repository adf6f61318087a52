import {
  add,
  FlatMatrix,
  logisticLoss,
  matmul,
  mean,
  mul,
  pow,
  slice,
  square,
  sub,
  sum,
  tanh,
  type Value,
} from '../../packages/autodiff/src/index.ts';
import {
  type BatchSource,
  fixedBatches,
  minimize,
  type Stepper,
  train,
} from '../../packages/optim/src/index.ts';

/** A problem with a budget: what a method makes of it is one number, the lower the better. */
export interface Problem {
  readonly name: string;
  /** What the number is, after how much work. */
  readonly measure: string;
  /** How many steps the budget allows, for schedules. */
  readonly steps: number;
  score(optimizer: Stepper): Promise<number>;
  /** What L-BFGS makes of it, where it can: it wants the whole objective. */
  lbfgs?(optimizer: Stepper): Promise<number>;
}

type Random = Pick<Parameters<BatchSource<unknown>['epoch']>[0], 'next'>;

/** A congruential generator (Numerical Recipes): for the problems themselves. */
const seeded = (seed: number): Random => {
  let state = seed >>> 0;
  return {
    next: () => {
      state = (Math.imul(1664525, state) + 1013904223) >>> 0;
      return state;
    },
  };
};

// Drawn numbers: uniform, normal, and heavy-tailed.

const uniform = (random: Random): number => (random.next() >>> 0) / 2 ** 32;
const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - uniform(random))) * Math.cos(2 * Math.PI * uniform(random));
/** Symmetric with tails |x|^(−1.5): infinite variance. */
const heavy = (random: Random): number =>
  Math.sign(uniform(random) - 0.5) * ((1 - uniform(random)) ** (-1 / 1.5) - 1);

const matrixOf = (rows: number, columns: number, draw: (i: number, j: number) => number) =>
  new FlatMatrix(
    rows,
    columns,
    Array.from({ length: rows * columns }, (_, k) => draw(Math.floor(k / columns), k % columns)),
  );

const seeds = [1, 2, 3];
const geometricMean = (scores: readonly number[]): number =>
  Math.exp(scores.reduce((total, x) => total + Math.log(Math.max(x, 1e-16)), 0) / scores.length);

interface Rows {
  readonly x: FlatMatrix;
  readonly y: FlatMatrix;
}

/** Shuffled batches of rows. */
export function batchesOf(data: Rows, size: number): BatchSource<Rows> {
  const { rows } = data.x;
  const chosen = (m: FlatMatrix, indices: readonly number[]) =>
    matrixOf(indices.length, m.columns, (i, j) => m.get(indices[i], j));
  return {
    rows,
    batchesPerEpoch: Math.ceil(rows / size),
    *epoch(random) {
      const order = Array.from({ length: rows }, (_, i) => i);
      for (let i = rows - 1; i > 0; i--) {
        const j = Math.floor(uniform(random) * (i + 1));
        [order[i], order[j]] = [order[j], order[i]];
      }
      for (let from = 0; from < rows; from += size) {
        const part = order.slice(from, from + size);
        yield { x: chosen(data.x, part), y: chosen(data.y, part) };
      }
    },
  };
}

// Whole objectives.

function whole(
  name: string,
  f: (x: Value) => Value,
  start: FlatMatrix,
  evaluations: number,
  least: number,
): Problem {
  const score = async (method: Stepper): Promise<number> => {
    // Gradients are what is counted: a line search pays for its trials, a Hessian for one question.
    const result = await minimize(f, start, { method, tolerance: 1e-12, maxSteps: evaluations });
    const spent = result.evaluations.gradients;
    // Of a run that looked more often than allowed, only the steps within the budget count.
    if (spent <= evaluations) return Math.max(result.value - least, 1e-16);
    const share = Math.floor((result.steps * evaluations) / spent);
    const again = await minimize(f, start, { method, tolerance: 1e-12, maxSteps: share });
    return Math.max(again.value - least, 1e-16);
  };
  return {
    name,
    measure: `f − f* after ${evaluations} gradients`,
    steps: evaluations,
    score,
    lbfgs: score,
  };
}

const curvatures = (n: number, condition: number) =>
  matrixOf(n, 1, (i) => condition ** (-i / (n - 1)));

const valley = (x: Value): Value => {
  const [a, b] = [slice(x, [0, 1]), slice(x, [1, 2])];
  return add(square(sub(1, a)), mul(100, square(sub(b, square(a)))));
};

const bowl =
  (n: number, condition: number) =>
  (x: Value): Value =>
    // Reflected, so that its axes are none of the parameters'.
    mul(0.5, sum(mul(curvatures(n, condition), square(reflected(sub(x, 1))))));
/** x − 2u(uᵀx) with a unit vector u of many sines. */
const reflected = (x: Value): Value => {
  const u = matrixOf(x.rows, 1, (i) => Math.sin(1 + 7 * i));
  const length = u.data.reduce((total, ui) => total + ui * ui, 0);
  return sub(x, mul(u, mul(2 / length, sum(mul(u, x)))));
};

// Sums over rows, by minibatches.

interface SumSettings<P> {
  readonly name: string;
  readonly loss: (p: P, batch: Rows) => Value;
  readonly start: P;
  readonly data: Rows;
  readonly size: number;
  readonly passes: number;
  /** What is reported of the parameters at the end; the excess of the loss over all rows unless given. */
  readonly judged?: (p: P) => number;
  readonly measure?: string;
  readonly least?: number;
  /** How many seeds are run (3). */
  readonly draws?: number;
}

function sumOfRows<P>(s: SumSettings<P>): Problem {
  const { loss, start, data, size, passes } = s;
  const value = (p: P) => (loss(p, data) as FlatMatrix).get(0, 0);
  let least = s.least;
  const excess = async (p: P): Promise<number> => {
    if (s.judged) return s.judged(p);
    least ??= (await minimize((q: never) => loss(q as P, data), start as never, { maxSteps: 5000 }))
      .value;
    return value(p) - least;
  };
  const steps = Math.ceil(data.x.rows / size) * passes;
  return {
    name: s.name,
    measure: s.measure ?? `f − f* after ${passes} passes, ${size} rows a step`,
    steps,
    async score(optimizer) {
      const scores: number[] = [];
      for (const seed of seeds.slice(0, s.draws)) {
        const run = async (most: number) =>
          train({
            loss: loss as never,
            params: start as never,
            data: fixedBatches(batchesOf(data, size)) as never,
            optimizer,
            stop: { steps: most },
            seed,
          });
        let result = await run(steps);
        const { gradients } = result.evaluations;
        if (gradients > 1.01 * steps) result = await run(Math.floor((steps * steps) / gradients));
        if (result.reason === 'nonFinite') return Infinity;
        scores.push(await excess(result.params as P));
      }
      return geometricMean(scores);
    },
    async lbfgs(method) {
      const run = async (maxSteps: number) =>
        minimize((p: never) => loss(p as P, data), start as never, { method, maxSteps });
      let most = passes;
      let result = await run(most);
      while (result.evaluations.gradients > passes && most > 1) result = await run(--most);
      return excess(result.params as P);
    },
  };
}

// A stream of noisy gradients that never comes again.

function stream(
  name: string,
  n: number,
  condition: number,
  steps: number,
  draw: (random: Random) => number,
  draws: number,
): Problem {
  const f = bowl(n, condition);
  const source: BatchSource<FlatMatrix> = {
    rows: steps,
    batchesPerEpoch: steps,
    *epoch(random) {
      for (let k = 0; k < steps; k++) yield matrixOf(n, 1, () => draw(random));
    },
  };
  return {
    name,
    measure: `f − f* after ${steps} gradients with noise`,
    steps,
    async score(optimizer) {
      const scores: number[] = [];
      for (const seed of seeds.slice(0, draws)) {
        const { params, reason } = await train({
          loss: (w: Value, noise: FlatMatrix) => add(f(w), sum(mul(noise, w))),
          params: new FlatMatrix(n, 1),
          data: source,
          optimizer,
          epochs: 1,
          seed,
        });
        if (reason === 'nonFinite') return Infinity;
        scores.push((f(params) as FlatMatrix).get(0, 0));
      }
      return geometricMean(scores);
    },
  };
}

let random = seeded(11);

/** Rows under a logistic model, of correlated columns. */
function logisticRows(n: number, d: number, spread: number): Rows {
  const truth = matrixOf(d, 1, () => normal(random));
  const x = matrixOf(n, d, (_, j) => normal(random) * spread ** (-j / (d - 1)));
  const scores = matmul(x, truth) as FlatMatrix;
  const y = matrixOf(n, 1, (i) =>
    uniform(random) < 1 / (1 + Math.exp(-scores.get(i, 0))) ? 1 : 0,
  );
  return { x, y };
}

const linear = (w: Value, { x }: Rows): Value => matmul(x, w);
const logistic =
  (l2: number) =>
  (w: Value, batch: Rows): Value =>
    add(logisticLoss(linear(w, batch), batch.y), mul(l2 / 2, sum(square(w))));
const squares = (w: Value, batch: Rows): Value => mean(square(sub(linear(w, batch), batch.y)));

type Layers = { a: Value; b: Value; c: Value };
const network = (p: Layers, { x, y }: Rows): Value =>
  mean(square(sub(matmul(tanh(add(matmul(x, p.a), p.b)), p.c), y)));
const layers = (hidden: number): Layers => ({
  a: matrixOf(2, hidden, () => normal(random)),
  b: matrixOf(1, hidden, () => normal(random)),
  c: matrixOf(hidden, 1, () => normal(random) / Math.sqrt(hidden)),
});
const surface = (n: number): Rows => {
  const x = matrixOf(n, 2, () => 2 * uniform(random) - 1);
  return { x, y: matrixOf(n, 1, (i) => Math.sin(3 * x.get(i, 0)) * Math.cos(2 * x.get(i, 1))) };
};

/** Words that occur in 1 of k + 1 rows. */
const words = (n: number, d: number): Rows => {
  const x = matrixOf(n, d, (_, j) => (uniform(random) < 1 / (1 + j) ? 1 : 0));
  const truth = matrixOf(d, 1, () => 2 * normal(random));
  const scores = matmul(x, truth) as FlatMatrix;
  const y = matrixOf(n, 1, (i) =>
    uniform(random) < 1 / (1 + Math.exp(-scores.get(i, 0))) ? 1 : 0,
  );
  return { x, y };
};

const fits = (): Rows => {
  const x = matrixOf(400, 20, (_, j) => normal(random) * 3 ** (-j / 10));
  return {
    x,
    y: matmul(
      x,
      matrixOf(20, 1, () => normal(random)),
    ) as FlatMatrix,
  };
};

/** A network that is trained on few rows with noise, and judged by others. */
function noisyLabels(draws: number): Problem {
  const few = surface(60);
  const y = matrixOf(60, 1, (i) => few.y.get(i, 0) + 0.3 * normal(random));
  const others = surface(1000);
  return sumOfRows({
    name: 'network, noisy labels',
    loss: network,
    start: layers(40),
    data: { x: few.x, y },
    size: 10,
    passes: 200,
    draws,
    judged: (p) => (network(p, others) as FlatMatrix).get(0, 0),
    measure: 'squared error on 1000 other rows after 200 passes',
  });
}

const powerFour = (x: Value): Value =>
  sum(
    pow(
      reflected(
        sub(
          x,
          matrixOf(x.rows, 1, (i) => 1 + Math.sin(i)),
        ),
      ),
      4,
    ),
  );
const sphere = (x: Value): Value => mul(0.5, sum(square(sub(x, 1))));
const zeros = (n: number): FlatMatrix => new FlatMatrix(n, 1);

/** The problems, each made anew with so many seeds to average over. */
const makers: Readonly<Record<string, (draws: number) => Problem>> = {
  valley: () => whole('valley', valley, new FlatMatrix(2, 1, [-1.2, 1]), 300, 0),
  'ill-conditioned bowl': () => whole('ill-conditioned bowl', bowl(50, 1e4), zeros(50), 300, 0),
  sphere: () => whole('sphere', sphere, zeros(1000), 3, 0),
  'power four': () => whole('power four', powerFour, zeros(100), 20, 0),
  'logistic rows': (draws) =>
    sumOfRows({
      name: 'logistic rows',
      loss: logistic(1e-3),
      start: zeros(20),
      data: logisticRows(2000, 20, 10),
      size: 20,
      passes: 5,
      draws,
    }),
  'long sum': (draws) =>
    sumOfRows({
      name: 'long sum',
      loss: logistic(1e-3),
      start: zeros(20),
      data: logisticRows(600, 20, 6),
      size: 1,
      passes: 9,
      draws,
    }),
  'longer sum': (draws) =>
    sumOfRows({
      name: 'longer sum',
      loss: logistic(1e-3),
      start: zeros(20),
      data: logisticRows(1000, 20, 8),
      size: 1,
      passes: 9,
      draws,
    }),
  'rows that fit exactly': (draws) =>
    sumOfRows({
      name: 'rows that fit exactly',
      loss: squares,
      start: zeros(20),
      data: fits(),
      size: 10,
      passes: 15,
      least: 0,
      draws,
    }),
  'rare words': (draws) =>
    sumOfRows({
      name: 'rare words',
      loss: logistic(1e-5),
      start: zeros(100),
      data: words(2000, 100),
      size: 10,
      passes: 3,
      draws,
    }),
  network: (draws) =>
    sumOfRows({
      name: 'network',
      loss: network,
      start: layers(16),
      data: surface(300),
      size: 20,
      passes: 60,
      draws,
      least: 0,
    }),
  'network, noisy labels': noisyLabels,
  'noisy stream': (draws) => stream('noisy stream', 20, 100, 1000, normal, draws),
  'heavy-tailed stream': (draws) =>
    stream('heavy-tailed stream', 20, 100, 1000, (r) => 3 * heavy(r), draws),
};

export const problemNames: readonly string[] = Object.keys(makers);

/** The problem of this name, its data drawn from one seed whatever was made before. */
export function problemOf(name: string, draws = 3): Problem {
  random = seeded(11);
  return makers[name](draws);
}
