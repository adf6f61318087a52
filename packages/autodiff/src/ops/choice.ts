import type { Ternary, Unary } from '../primitive/definition.ts';
import { atom, binding, call, type Notation } from '../primitive/notation.ts';
import { op } from '../primitive/op.ts';
import { locallyConstant } from '../primitive/primitive.ts';
import { inputsOf, uniform } from '../primitive/term.ts';
import { FlatMatrix } from '../values/flat-matrix.ts';
import { broadcastShape, type Sized } from '../values/shape.ts';
import { stretchTo, sumTo } from './broadcast.ts';
import { column } from './samples.ts';

/** A comparison has no derivative to stop, so that it is printed as it is. */
function quietly(notation: Notation): Notation {
  return {
    text: (x) => (x.binding === binding.comparison ? x : notation.text(x)),
    latex: (x) => (x.binding === binding.comparison ? x : notation.latex(x)),
  };
}

/** x itself, as a constant: nothing is differentiated through it. `mul(stopGradient(scale), x)` */
export const stopGradient: Unary = op({
  name: 'stopGradient',
  print: quietly(call('stopGradient')),
  shape: (x) => [x.rows, x.columns],
  value: (x: FlatMatrix) => new FlatMatrix(x.rows, x.columns, x.data.slice()),
  partials: [locallyConstant],
  simplify: {
    exact: (x) => (inputsOf(x, stopGradient.primitive) === undefined ? undefined : x),
  },
  samples: [column(-2, -0.5, 0.5, 3)],
});

/**
 * Entries of a where the condition is not 0, of b elsewhere. The side that was not taken gets a
 * derivative of exactly 0, even where its own is infinite or NaN.
 *
 * ```ts
 * where(greater(x, 0), log(x), 0); // gradient 0, not NaN, at x = 0
 * ```
 */
export const where: Ternary = op({
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
  // Only the chosen entry passes anything on: the other side gets exact zeros.
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
});

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
