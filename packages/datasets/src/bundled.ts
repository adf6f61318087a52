import { type CategoryColumn, category, type NumberColumn, number } from './schema/column.ts';
import { defineSchema, type Schema } from './schema/schema.ts';

type Numbers<N extends string> = { readonly [K in N]: NumberColumn };
type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9';

const flower = ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'] as const;
const patient = ['age', 'sex', 'bmi', 'bp', 's1', 's2', 's3', 's4', 's5', 's6', 'target'] as const;
const stack = ['AIRFLOW', 'WATERTEMP', 'ACIDCONC', 'STACKLOSS'] as const;
const nucleus = [
  'radius',
  'texture',
  'perimeter',
  'area',
  'smoothness',
  'compactness',
  'concavity',
  'concave_points',
  'symmetry',
  'fractal_dimension',
] as const;
type Nucleus = (typeof nucleus)[number];
const digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

/** The column types of each file that ships with the package. */
export interface BundledColumns {
  readonly iris: Numbers<(typeof flower)[number]> & {
    readonly species: CategoryColumn<'setosa' | 'versicolor' | 'virginica', 'error'>;
  };
  readonly breast_cancer: Numbers<`mean_${Nucleus}` | `${Nucleus}_error` | `worst_${Nucleus}`> & {
    readonly target: CategoryColumn<'0' | '1', 'error'>;
  };
  readonly diabetes: Numbers<(typeof patient)[number]>;
  readonly digits: Numbers<`pixel_${Digit}_${Digit}`> & {
    readonly digit: CategoryColumn<Digit, 'error'>;
  };
  readonly stackloss: Numbers<(typeof stack)[number]>;
}

/** The name of a bundled file. */
export type BundledName = keyof BundledColumns;

/** The schemas of the bundled CSV files; data/SOURCES.md tells where each comes from, and its licence. */
export const bundledSchemas: { readonly [N in BundledName]: Schema<BundledColumns[N]> } = {
  /** 150 flowers, lengths in cm; which of three species? */
  iris: defineSchema(
    { ...columns(flower), species: category(['setosa', 'versicolor', 'virginica']) },
    { target: 'species' },
  ),
  /** 569 biopsies; target 0 is malignant, 1 benign. */
  breast_cancer: defineSchema(
    {
      ...columns(nucleus.map((name) => `mean_${name}` as const)),
      ...columns(nucleus.map((name) => `${name}_error` as const)),
      ...columns(nucleus.map((name) => `worst_${name}` as const)),
      target: category(['0', '1']),
    },
    { target: 'target' },
  ),
  /** 442 patients in raw units; the target is a measure of progression one year later. */
  diabetes: defineSchema(columns(patient), { target: 'target' }),
  /** 1797 images of 8 × 8 pixels, 0 to 16; which digit? */
  digits: defineSchema(
    {
      ...columns(pixelNames()),
      digit: category(digits),
    },
    { target: 'digit' },
  ),
  /** 21 days of a plant that oxidizes ammonia; the target is the loss through the stack. */
  stackloss: defineSchema(columns(stack), { target: 'STACKLOSS' }),
};

function columns<N extends string>(names: readonly N[]): Numbers<N> {
  return Object.fromEntries(names.map((name) => [name, number()])) as Numbers<N>;
}

function pixelNames(): `pixel_${Digit}_${Digit}`[] {
  const side = digits.slice(0, 8);
  return side.flatMap((row) => side.map((column) => `pixel_${row}_${column}` as const));
}
