import { apply } from '../primitive/apply.ts';
import { type Binary, binary, elementwise, type Unary, unary } from '../primitive/elementwise.ts';
import { atom, binding, bracketed, call, infix, type Notation } from '../primitive/notation.ts';
import { locallyConstant, type Primitive, withRecord } from '../primitive/primitive.ts';
import { inputsOf, uniform } from '../primitive/term.ts';
import { FlatMatrix } from '../values/flat-matrix.ts';
import type { Concrete, Operand, Value } from '../values/operand.ts';
import { broadcastShape, type Sized } from '../values/shape.ts';
import { negation } from './arithmetic.ts';
import { stretchTo, sumTo } from './broadcast.ts';
import { column, columns } from './samples.ts';

const aroundZero = [column(-2, -0.5, 0.5, 3)];
const apart = [columns([0.5, -2, 1], [0.7, -3, 0.2])];

/** A question about entries: 1 for yes, 0 for no, and no derivative. */
function comparison(
  name: string,
  [text, latex]: readonly [string, string],
  holds: (a: number, b: number) => boolean,
): Primitive {
  return elementwise({
    name,
    print: infix(text, latex, binding.comparison),
    entry: (a, b) => (holds(a, b) ? 1 : 0),
    slopes: [null, null],
    samples: apart,
  });
}

/** A comparison has no derivative to stop, so that it is printed as it is. */
function quietly(notation: Notation): Notation {
  return {
    text: (x) => (x.binding === binding.comparison ? x : notation.text(x)),
    latex: (x) => (x.binding === binding.comparison ? x : notation.latex(x)),
  };
}

const isGreater = comparison('greater', ['>', '>'], (a, b) => a > b);
const isGreaterOrEqual = comparison('greaterEqual', ['>=', '\\ge'], (a, b) => a >= b);
const isLess = comparison('less', ['<', '<'], (a, b) => a < b);
const isLessOrEqual = comparison('lessEqual', ['<=', '\\le'], (a, b) => a <= b);
const isEqual = comparison('equal', ['=', '='], (a, b) => a === b);

const stopping: Primitive = {
  name: 'stopGradient',
  print: quietly(call('stopGradient')),
  shape: (x) => [x.rows, x.columns],
  value: (x) => new FlatMatrix(x.rows, x.columns, x.data.slice()),
  partials: [locallyConstant],
  simplify: { exact: (x) => (inputsOf(x, stopping) === undefined ? undefined : x) },
  samples: aroundZero,
};

const signum = elementwise({
  name: 'sign',
  print: call('sign'),
  entry: (x) => (x > 0 ? 1 : x < 0 ? -1 : x),
  slopes: [0],
  samples: aroundZero,
});

const absolute: Primitive = elementwise({
  name: 'abs',
  print: {
    text: call('abs').text,
    latex: ({ text }) => atom(bracketed('\\lvert ', text, '\\rvert ')),
  },
  entry: Math.abs,
  slopes: [(_, x) => sign(x)],
  simplify: {
    exact: (x) => {
      if (inputsOf(x, absolute) !== undefined) return x;
      const inner = inputsOf(x, negation);
      return inner && abs(inner[0]);
    },
  },
  samples: aroundZero,
});

const rectifier: Primitive = elementwise({
  name: 'relu',
  entry: (x) => Math.max(x, 0),
  slopes: [(_, x) => stopGradient(greater(x, 0))],
  simplify: { exact: (x) => (inputsOf(x, rectifier) === undefined ? undefined : x) },
  samples: aroundZero,
});

/** The share of a in max(a, b): 1 where it is larger, ½ at a tie. */
const sharing = elementwise({
  name: 'share',
  entry: (a, b) => (a > b ? 1 : a === b ? 0.5 : a < b ? 0 : Number.NaN),
  slopes: [locallyConstant, locallyConstant],
  samples: apart,
});
export const share: Binary = binary(sharing);

const larger = elementwise({
  name: 'maximum',
  print: call('maximum', '\\max'),
  entry: (a, b) => Math.max(a, b),
  slopes: [(_, a, b) => share(a, b), (_, a, b) => share(b, a)],
  simplify: { exact: (a, b) => (a === b ? a : undefined) },
  samples: apart,
});

const smaller = elementwise({
  name: 'minimum',
  print: call('minimum', '\\min'),
  entry: (a, b) => Math.min(a, b),
  slopes: [(_, a, b) => share(b, a), (_, a, b) => share(a, b)],
  simplify: { exact: (a, b) => (a === b ? a : undefined) },
  samples: apart,
});

// Only the chosen entry passes anything on: the other side gets exact zeros.
const selection: Primitive = {
  name: 'where',
  print: {
    text: call('where').text,
    latex: (condition, a, b) =>
      atom(
        `\\begin{cases} ${a.text} & ${condition.text} \\\\ ${b.text} & \\text{otherwise} \\end{cases}`,
      ),
  },
  shape: commonShape,
  value: selected,
  entry: (condition, a, b) => (condition !== 0 ? a : b),
  simplify: {
    exact: (condition, a, b) => {
      const [c, p, q] = [uniform(condition), uniform(a), uniform(b)];
      if (a === b || (p !== undefined && Object.is(p, q))) return a;
      return c === undefined ? undefined : c !== 0 ? a : b;
    },
  },
  partials: [
    locallyConstant,
    (result, condition, a) => ({
      push: (tangent) => where(condition, stretchTo(tangent, result), 0),
      pull: (cotangent) => sumTo(where(condition, cotangent, 0), a.rows, a.columns),
    }),
    (result, condition, _a, b) => ({
      push: (tangent) => where(condition, 0, stretchTo(tangent, result)),
      pull: (cotangent) => sumTo(where(condition, 0, cotangent), b.rows, b.columns),
    }),
  ],
  samples: [
    [
      [[1], [0]],
      [[0.5], [-2]],
      [[3], [1.5]],
    ],
    [[[1, 0]], [[0.5], [-2]], [[0.3]]],
  ],
};

function commonShape(condition: Sized, a: Sized, b: Sized): readonly [number, number] {
  const [rows, columns] = broadcastShape('where', a, b);
  return broadcastShape('where', condition, { rows, columns });
}

function selected(condition: FlatMatrix, a: FlatMatrix, b: FlatMatrix): FlatMatrix {
  const [rows, columns] = commonShape(condition, a, b);
  const size = { rows, columns };
  const choose = (stretchTo(condition, size) as FlatMatrix).data;
  const yes = (stretchTo(a, size) as FlatMatrix).data;
  const no = (stretchTo(b, size) as FlatMatrix).data;
  const result = new FlatMatrix(rows, columns);
  for (let k = 0; k < choose.length; k++) result.data[k] = choose[k] !== 0 ? yes[k] : no[k];
  return result;
}

/** 1 where a > b, else 0; not differentiable. `where(greater(x, 0), a, b)` */
export const greater: Binary = binary(isGreater);

/** 1 where a ≥ b, else 0; not differentiable. `greaterEqual(x, 0)` */
export const greaterEqual: Binary = binary(isGreaterOrEqual);

/** 1 where a < b, else 0; not differentiable. `less(x, 0)` */
export const less: Binary = binary(isLess);

/** 1 where a ≤ b, else 0; not differentiable. `lessEqual(x, 0)` */
export const lessEqual: Binary = binary(isLessOrEqual);

/** 1 where a = b, else 0; not differentiable. `mean(equal(predicted, y))` */
export const equal: Binary = binary(isEqual);

/** x itself, as a constant: nothing is differentiated through it. `mul(stopGradient(scale), x)` */
export const stopGradient: Unary = unary(stopping);

/** −1, 0 or 1; its derivative counts as 0 everywhere. `sign(x)` */
export const sign: Unary = unary(signum);

/** |x|; its derivative at 0 is 0. `sum(abs(w))` */
export const abs: Unary = unary(absolute);

/** max(x, 0); its derivative at 0 is 0. `relu(add(matmul(x, w), b))` */
export const relu: Unary = unary(rectifier);

/** The larger of two entries; at a tie both get half of the derivative. `maximum(a, b)` */
export const maximum: Binary = binary(larger);

/** The smaller of two entries; at a tie both get half of the derivative. `minimum(a, b)` */
export const minimum: Binary = binary(smaller);

/** x limited to [low, high]; half a derivative exactly at a limit. `clip(x, -1, 1)` */
export const clip = ((x: Operand, low: Operand, high: Operand) => {
  if (typeof low === 'number' && typeof high === 'number' && !(low <= high)) {
    throw new RangeError(`clip: the lower limit ${low} is not below the upper limit ${high}`);
  }
  return minimum(maximum(x, low), high);
}) as {
  (x: Concrete, low: Concrete, high: Concrete): FlatMatrix;
  (x: Operand, low: Operand, high: Operand): Value;
};

/**
 * Entries of a where the condition is not 0, of b elsewhere. The side that was not taken gets a
 * derivative of exactly 0, even where its own is infinite or NaN.
 *
 * ```ts
 * where(greater(x, 0), log(x), 0); // gradient 0, not NaN, at x = 0
 * ```
 */
export const where = withRecord(
  (condition: Operand, a: Operand, b: Operand) => apply(selection, condition, a, b),
  selection,
) as {
  (condition: Concrete, a: Concrete, b: Concrete): FlatMatrix;
  (condition: Operand, a: Operand, b: Operand): Value;
  readonly primitive: Primitive;
};
