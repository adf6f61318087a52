import {
  listOf,
  option,
  refusal,
  required,
  type Spec,
  settle,
  text,
  wholeNumber,
} from '@steepest/ground';
import type { NdArray } from 'ndarray';
import ndarray from 'ndarray';

/** Prepared numbers: x is rows × columns over `data`, one row-major buffer without gaps. */
export interface Features {
  readonly x: NdArray<Float64Array>;
  /** rows × 1: numbers, or class codes where there are `classes`; rows × 0 if the table has no target. */
  readonly y: NdArray<Float64Array>;
  /** y if there is a target. */
  readonly target?: NdArray<Float64Array>;
  /** The labels that the codes 0, 1, … in y stand for. */
  readonly classes?: readonly string[];
  readonly data: Float64Array;
  readonly rows: number;
  readonly columns: number;
  /** The name of each column of x. */
  readonly names: readonly string[];
}

/** The buffers that features are laid over. */
export interface FeatureParts {
  readonly data: Float64Array;
  readonly names: readonly string[];
  readonly rows: number;
  readonly y?: Float64Array | undefined;
  readonly classes?: readonly string[] | undefined;
}

const float64 = option<Float64Array>({
  expected: 'a Float64Array',
  accepts: (x) => x instanceof Float64Array,
  sample: 'Float64Array.of(1, 2)',
});
const partsSpec = {
  data: required(float64),
  names: required(listOf(text())),
  rows: required(wholeNumber(0)),
  y: float64,
  classes: listOf(text()),
} satisfies Spec<FeatureParts>;

/** The features, or a TypeError that says how to make some. */
export function expectFeatures(operation: string, x: Features): Features {
  const fits =
    x?.data instanceof Float64Array &&
    Array.isArray(x.names) &&
    Number.isSafeInteger(x.rows) &&
    x.columns === x.names.length &&
    x.data.length >= x.rows * x.columns;
  if (fits) return x;
  throw refusal(operation, 'expected features', x, 'pass what a preparation’s apply returns');
}

/**
 * Features over buffers at hand, which are not copied: `data` is rows × names.length, row-major.
 *
 * @example
 * featuresOf({ data: Float64Array.of(1, 2, 3, 4), names: ['a', 'b'], rows: 2 }).x.get(1, 0) // 3
 * featuresOf({ data, names, rows, y }) // with a target, one number per row
 */
export function featuresOf(parts: FeatureParts): Features {
  const { data, names, rows, classes } = settle('featuresOf', parts, partsSpec);
  if (data.length !== rows * names.length) {
    throw new RangeError(
      `featuresOf: data holds ${data.length} numbers, expected ${rows} rows × ${names.length} names; pass one row after the other`,
    );
  }
  const columns = names.length;
  const y = ndarray(parts.y ?? new Float64Array(0), [rows, parts.y === undefined ? 0 : 1]);
  return {
    x: ndarray(data, [rows, columns]),
    y,
    ...(parts.y === undefined ? {} : { target: y }),
    ...(classes === undefined ? {} : { classes }),
    data,
    rows,
    columns,
    names,
  };
}
