import { apply } from '../primitive/apply.ts';
import type { Parametric } from '../primitive/definition.ts';
import { op } from '../primitive/op.ts';
import { inputsOf } from '../primitive/term.ts';
import { FlatMatrix } from '../values/flat-matrix.ts';
import type { Operand } from '../values/operand.ts';
import { checkedShape, formatShape, type Shape, ShapeError } from '../values/shape.ts';
import { ofShape } from './by-shape.ts';
import { sizedNotation } from './notation-matrices.ts';

/**
 * The same entries, row by row, in another shape.
 *
 * ```ts
 * reshape(new FlatMatrix(2, 2, [1, 2, 3, 4]), [4, 1]); // a column of 1, 2, 3, 4
 * ```
 */
export const reshape: Parametric<[shape: Shape]> = op({
  name: 'reshape',
  of: (given: Shape) => {
    const [rows, columns] = checkedShape('reshape', given);
    return {
      parameters: { rows, columns },
      print: sizedNotation('reshape', rows, columns),
      shape: (x) => {
        if (x.rows * x.columns === rows * columns) return [rows, columns];
        throw new ShapeError(
          `reshape: ${formatShape(x)} has ${x.rows * x.columns} entries, ` +
            `${rows}×${columns} would need ${rows * columns}`,
        );
      },
      value: (x) => new FlatMatrix(rows, columns, x.data.slice()),
      simplify: {
        exact: (x) => {
          if (x.rows === rows && x.columns === columns) return x;
          const inner = inputsOf(x, reshape.primitive);
          return inner && reshape(inner[0], [rows, columns]);
        },
      },
      partials: [
        (_, x) => ({
          push: (tangent) => reshape(tangent, [rows, columns]),
          pull: (cotangent) => reshape(cotangent, [x.rows, x.columns]),
        }),
      ],
      samples: [
        [
          [
            [0.5, -1.25, 2],
            [1.5, 0.25, -0.75],
          ],
        ],
      ],
    };
  },
  examples: [[[3, 2]]],
  call: (of) => {
    const byShape = ofShape(of);
    return (x: Operand, shape: Shape) => apply(byShape(shape), x);
  },
});
