import {
  add,
  concat,
  cos,
  div,
  exp,
  FlatMatrix,
  matmul,
  mul,
  type Operand,
  pow,
  prod,
  sin,
  slice,
  square,
  sub,
  sum,
  type Value,
} from '@steepest/autodiff';

/** A problem of Moré, Garbow & Hillstrom, *Testing unconstrained optimization software* (1981). */
export interface MghProblem {
  readonly name: string;
  readonly residuals: (x: Value) => Operand;
  readonly start: readonly number[];
  /** The least sums of squares that the paper lists, to its six digits. */
  readonly minima: readonly number[];
}

/** How far above the nearest of its minima, as a share of it or of 1e-6. */
export function nearness({ minima }: Pick<MghProblem, 'minima'>, value: number): number {
  return Math.min(...minima.map((f) => Math.abs(value - f) / Math.max(1e-6, f)));
}

const at = (x: Value, i: number): Value => slice(x, [i, i + 1]);
const column = (entries: ArrayLike<number>): FlatMatrix =>
  new FlatMatrix(entries.length, 1, [...Array.from(entries)]);
const range = (n: number, f: (i: number) => number): number[] =>
  Array.from({ length: n }, (_, i) => f(i + 1));
const stack = (...parts: Operand[]): Value => concat(parts as Value[]);
/** The matrix with entries f(i, j), counted from 1. */
const matrix = (rows: number, columns: number, f: (i: number, j: number) => number): FlatMatrix =>
  new FlatMatrix(
    rows,
    columns,
    range(rows, (i) => i).flatMap((i) => range(columns, (j) => f(i, j))),
  );

function rosenbrock(n: number): MghProblem {
  const odd = matrix(n / 2, n, (i, j) => Number(j === 2 * i - 1));
  const even = matrix(n / 2, n, (i, j) => Number(j === 2 * i));
  return {
    name: `rosenbrock ${n}`,
    residuals: (x) => {
      const [a, b] = [matmul(odd, x), matmul(even, x)];
      return stack(mul(10, sub(b, square(a))), sub(1, a));
    },
    start: range(n, (i) => (i % 2 === 1 ? -1.2 : 1)),
    minima: [0],
  };
}

function powellSingular(n: number): MghProblem {
  const every = (k: number) => matrix(n / 4, n, (i, j) => Number(j === 4 * (i - 1) + k));
  const [one, two, three, four] = [every(1), every(2), every(3), every(4)];
  return {
    name: `powell singular ${n}`,
    residuals: (x) => {
      const [a, b, c, d] = [matmul(one, x), matmul(two, x), matmul(three, x), matmul(four, x)];
      return stack(
        add(a, mul(10, b)),
        mul(Math.sqrt(5), sub(c, d)),
        square(sub(b, mul(2, c))),
        mul(Math.sqrt(10), square(sub(a, d))),
      );
    },
    start: range(n, (i) => [1, 3, -1, 0][i % 4]),
    minima: [0],
  };
}

function watson(n: number, minimum: number): MghProblem {
  const slopes = matrix(29, n, (i, j) => (j === 1 ? 0 : (j - 1) * (i / 29) ** (j - 2)));
  const powers = matrix(29, n, (i, j) => (i / 29) ** (j - 1));
  return {
    name: `watson ${n}`,
    residuals: (x) =>
      stack(
        sub(sub(matmul(slopes, x), square(matmul(powers, x))), 1),
        at(x, 0),
        sub(sub(at(x, 1), square(at(x, 0))), 1),
      ),
    start: range(n, () => 0),
    minima: [minimum],
  };
}

const penalty1 = (n: number, minimum: number): MghProblem => ({
  name: `penalty I ${n}`,
  residuals: (x) => stack(mul(Math.sqrt(1e-5), sub(x, 1)), sub(sum(square(x)), 0.25)),
  start: range(n, (i) => i),
  minima: [minimum],
});

function penalty2(n: number, minimum: number): MghProblem {
  const root = Math.sqrt(1e-5);
  const targets = column(range(n - 1, (i) => Math.exp((i + 1) / 10) + Math.exp(i / 10)));
  const falling = column(range(n, (j) => n - j + 1));
  return {
    name: `penalty II ${n}`,
    residuals: (x) => {
      const e = exp(div(x, 10));
      const [later, earlier] = [slice(e, [1, n]), slice(e, [0, n - 1])];
      return stack(
        sub(at(x, 0), 0.2),
        mul(root, sub(add(later, earlier), targets)),
        mul(root, sub(later, Math.exp(-0.1))),
        sub(sum(mul(falling, square(x))), 1),
      );
    },
    start: range(n, () => 0.5),
    minima: [minimum],
  };
}

function variablyDimensioned(n: number): MghProblem {
  const numbers = column(range(n, (j) => j));
  return {
    name: `variably dimensioned ${n}`,
    residuals: (x) => {
      const s = sum(mul(numbers, sub(x, 1)));
      return stack(sub(x, 1), s, square(s));
    },
    start: range(n, (j) => 1 - j / n),
    minima: [0],
  };
}

function trigonometric(n: number, minima: readonly number[]): MghProblem {
  const numbers = column(range(n, (j) => j));
  return {
    name: `trigonometric ${n}`,
    residuals: (x) => sub(add(sub(n, sum(cos(x))), mul(numbers, sub(1, cos(x)))), sin(x)),
    start: range(n, () => 1 / n),
    minima,
  };
}

const brownAlmostLinear = (n: number): MghProblem => ({
  name: `brown almost linear ${n}`,
  residuals: (x) => stack(sub(add(slice(x, [0, n - 1]), sum(x)), n + 1), sub(prod(x), 1)),
  start: range(n, () => 0.5),
  minima: [0, 1],
});

const innerPoints = (n: number): number[] => range(n, (i) => i / (n + 1));

function discreteBoundaryValue(n: number): MghProblem {
  const t = innerPoints(n);
  const h = 1 / (n + 1);
  const second = matrix(n, n, (i, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0));
  return {
    name: `discrete boundary value ${n}`,
    residuals: (x) =>
      add(matmul(second, x), mul((h * h) / 2, pow(add(x, column(t.map((ti) => ti + 1))), 3))),
    start: t.map((ti) => ti * (ti - 1)),
    minima: [0],
  };
}

function discreteIntegralEquation(n: number): MghProblem {
  const t = innerPoints(n);
  const h = 1 / (n + 1);
  const kernel = matrix(n, n, (i, j) =>
    j <= i ? (1 - t[i - 1]) * t[j - 1] : t[i - 1] * (1 - t[j - 1]),
  );
  return {
    name: `discrete integral equation ${n}`,
    residuals: (x) =>
      add(x, mul(h / 2, matmul(kernel, pow(add(x, column(t.map((ti) => ti + 1))), 3)))),
    start: t.map((ti) => ti * (ti - 1)),
    minima: [0],
  };
}

function broydenTridiagonal(n: number): MghProblem {
  const neighbours = matrix(n, n, (i, j) => (j === i - 1 ? 1 : j === i + 1 ? 2 : 0));
  return {
    name: `broyden tridiagonal ${n}`,
    residuals: (x) => add(sub(mul(sub(3, mul(2, x)), x), matmul(neighbours, x)), 1),
    start: range(n, () => -1),
    minima: [0],
  };
}

function broydenBanded(n: number): MghProblem {
  const band = matrix(n, n, (i, j) => Number(j !== i && j >= i - 5 && j <= i + 1));
  return {
    name: `broyden banded ${n}`,
    residuals: (x) =>
      sub(add(mul(x, add(2, mul(5, square(x)))), 1), matmul(band, mul(x, add(1, x)))),
    start: range(n, () => -1),
    minima: [0],
  };
}

function linear(n: number, m: number): readonly MghProblem[] {
  const full = matrix(m, n, (i, j) => (i === j ? 1 - 2 / m : -2 / m));
  const one = matrix(m, n, (i, j) => i * j);
  const zeros = matrix(m, n, (i, j) =>
    i === 1 || i === m || j === 1 || j === n ? 0 : (i - 1) * j,
  );
  const start = range(n, () => 1);
  return [
    {
      name: `linear full rank ${n}`,
      residuals: (x) => sub(matmul(full, x), 1),
      start,
      minima: [m - n],
    },
    {
      name: `linear rank 1 ${n}`,
      residuals: (x) => sub(matmul(one, x), 1),
      start,
      minima: [(m * (m - 1)) / (2 * (2 * m + 1))],
    },
    {
      name: `linear rank 1 with zeros ${n}`,
      residuals: (x) => sub(matmul(zeros, x), 1),
      start,
      minima: [(m * m + 3 * m - 6) / (2 * (2 * m - 3))],
    },
  ];
}

function chebyquad(n: number, minima: readonly number[]): MghProblem {
  const integrals = column(range(n, (i) => (i % 2 === 0 ? -1 / (i * i - 1) : 0)));
  return {
    name: `chebyquad ${n}`,
    residuals: (x) => {
      // Shifted Chebyshev polynomials by their recurrence.
      const z = sub(mul(2, x), 1);
      let [before, here]: Operand[] = [1, z];
      const means: Operand[] = [div(sum(z), n)];
      for (let i = 2; i <= n; i++) {
        [before, here] = [here, sub(mul(2, mul(z, here)), before)];
        means.push(div(sum(here), n));
      }
      return sub(stack(...means), integrals);
    },
    start: range(n, (j) => j / (n + 1)),
    minima,
  };
}

const meyerData = [
  34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307,
  2872,
];

const osborne2Data = [
  1.366, 1.191, 1.112, 1.013, 0.991, 0.885, 0.831, 0.847, 0.786, 0.725, 0.746, 0.679, 0.608, 0.655,
  0.616, 0.606, 0.602, 0.626, 0.651, 0.724, 0.649, 0.649, 0.694, 0.644, 0.624, 0.661, 0.612, 0.558,
  0.533, 0.495, 0.5, 0.423, 0.395, 0.375, 0.372, 0.391, 0.396, 0.405, 0.428, 0.429, 0.523, 0.562,
  0.607, 0.653, 0.672, 0.708, 0.633, 0.668, 0.645, 0.632, 0.591, 0.559, 0.597, 0.625, 0.739, 0.71,
  0.729, 0.72, 0.636, 0.581, 0.428, 0.292, 0.162, 0.098, 0.054,
];

/** e^(−(t − centre)² width) */
const bump = (t: FlatMatrix, width: Value, centre: Value): Value =>
  exp(mul(-1, mul(width, square(sub(t, centre)))));

/** Those of the 35 problems, in several sizes, that the reference cases beside them do not hold. */
export const moreMgh: readonly MghProblem[] = [
  rosenbrock(2),
  rosenbrock(10),
  rosenbrock(100),
  {
    name: 'powell badly scaled',
    residuals: (x) => stack(sub(mul(1e4, prod(x)), 1), sub(sum(exp(mul(-1, x))), 1.0001)),
    start: [0, 1],
    minima: [0],
  },
  {
    name: 'brown badly scaled',
    residuals: (x) => stack(sub(at(x, 0), 1e6), sub(at(x, 1), 2e-6), sub(prod(x), 2)),
    start: [1, 1],
    minima: [0],
  },
  {
    name: 'beale',
    residuals: (x) =>
      stack(
        ...[1.5, 2.25, 2.625].map((y, i) => sub(y, mul(at(x, 0), sub(1, pow(at(x, 1), i + 1))))),
      ),
    start: [1, 1],
    minima: [0],
  },
  {
    name: 'jennrich and sampson',
    residuals: (x) => {
      const i = column(range(10, (k) => k));
      const both = add(exp(mul(i, at(x, 0))), exp(mul(i, at(x, 1))));
      return sub(column(range(10, (k) => 2 + 2 * k)), both);
    },
    start: [0.3, 0.4],
    minima: [124.362],
  },
  {
    name: 'meyer',
    residuals: (x) => {
      const t = column(range(16, (i) => 45 + 5 * i));
      return sub(mul(at(x, 0), exp(div(at(x, 1), add(t, at(x, 2))))), column(meyerData));
    },
    start: [0.02, 4000, 250],
    minima: [87.9458],
  },
  powellSingular(4),
  {
    name: 'wood',
    residuals: (x) =>
      stack(
        mul(10, sub(at(x, 1), square(at(x, 0)))),
        sub(1, at(x, 0)),
        mul(Math.sqrt(90), sub(at(x, 3), square(at(x, 2)))),
        sub(1, at(x, 2)),
        mul(Math.sqrt(10), sub(add(at(x, 1), at(x, 3)), 2)),
        div(sub(at(x, 1), at(x, 3)), Math.sqrt(10)),
      ),
    start: [-3, -1, -3, -1],
    minima: [0],
  },
  {
    name: 'brown and dennis',
    residuals: (x) => {
      const t = column(range(20, (i) => i / 5));
      const left = sub(add(at(x, 0), mul(t, at(x, 1))), exp(t));
      const right = sub(add(at(x, 2), mul(at(x, 3), sin(t))), cos(t));
      return add(square(left), square(right));
    },
    start: [25, 5, -5, -1],
    minima: [85822.2],
  },
  {
    name: 'osborne 2',
    residuals: (x) => {
      const t = column(range(65, (i) => (i - 1) / 10));
      const terms = [
        mul(at(x, 0), exp(mul(-1, mul(t, at(x, 4))))),
        ...[1, 2, 3].map((k) => mul(at(x, k), bump(t, at(x, 4 + k), at(x, 7 + k)))),
      ];
      return sub(
        column(osborne2Data),
        terms.reduce<Operand>((a, b) => add(a, b), 0),
      );
    },
    start: [1.3, 0.65, 0.65, 0.7, 0.6, 3, 5, 7, 2, 4.5, 5.5],
    minima: [4.01377e-2],
  },
  watson(6, 2.28767e-3),
  watson(12, 4.72238e-10),
  penalty1(4, 2.24997e-5),
  penalty1(10, 7.08765e-5),
  penalty2(4, 9.37629e-6),
  penalty2(10, 2.9366e-4),
  variablyDimensioned(10),
  variablyDimensioned(100),
  trigonometric(10, [0, 2.79506e-5]),
  trigonometric(100, [0]),
  brownAlmostLinear(10),
  brownAlmostLinear(40),
  discreteBoundaryValue(10),
  discreteBoundaryValue(100),
  discreteIntegralEquation(10),
  discreteIntegralEquation(100),
  broydenTridiagonal(10),
  broydenTridiagonal(100),
  broydenBanded(10),
  broydenBanded(100),
  ...linear(10, 20),
  ...linear(5, 10),
  chebyquad(5, [0]),
  chebyquad(7, [0]),
  chebyquad(8, [3.51687e-3]),
  chebyquad(9, [0]),
];
