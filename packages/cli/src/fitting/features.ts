import {
  dates,
  impute,
  oneHot,
  type Preparation,
  prepare,
  standardize,
  type Table,
  type Values,
} from '@steepest/datasets';
import { Refusal } from '../usage/errors.ts';
import { unknown } from '../usage/given.ts';

/** A column that the model does not learn from, and why. */
export interface LeftOut {
  readonly name: string;
  readonly why: string;
}

export interface ChosenFeatures {
  readonly features: readonly string[];
  readonly leftOut: readonly LeftOut[];
  readonly preparation: Preparation;
}

export interface FeatureOptions {
  readonly target: string;
  readonly features: readonly string[] | undefined;
  readonly exclude: readonly string[] | undefined;
  /** Columns with a part of their own: weights, offset, groups. */
  readonly others: readonly string[];
}

/** What is learned from, and how it becomes numbers: holes filled, dates counted, numbers standardized. */
export function featuresFor(table: Table, options: FeatureOptions): ChosenFeatures {
  const { target, exclude = [], others } = options;
  for (const name of [...(options.features ?? []), ...exclude, ...others]) {
    if (!table.columns.has(name))
      throw new Refusal(`${table.file ?? 'the file'}: ${unknown(name, table.names)}`);
  }
  const leftOut: LeftOut[] = [];
  const wanted = (options.features ?? table.names).filter(
    (name) => name !== target && !others.includes(name),
  );
  const features = wanted.filter((name) => {
    const why = reason(name, table.columns.get(name), exclude, options.features !== undefined);
    if (why !== undefined) leftOut.push({ name, why });
    return why === undefined;
  });
  if (features.length === 0) {
    throw new Refusal(
      `${table.file ?? 'the file'}: no column is left to learn from; list some by --features`,
    );
  }
  const types = features.map((name) => table.columns.get(name)?.type);
  const holes = features.some((name) => hasHoles(table.columns.get(name)));
  const steps = [
    ...(types.includes('date') ? [dates()] : []),
    ...(holes ? [impute('median')] : []),
    standardize(),
    oneHot({ dropFirst: true }),
  ];
  return { features, leftOut, preparation: prepare(steps, { features }) };
}

function reason(
  name: string,
  column: Values | undefined,
  exclude: readonly string[],
  listed: boolean,
): string | undefined {
  if (exclude.includes(name)) return 'excluded';
  if (column?.type === 'text') return 'text; declare it a category by --schema to use it';
  return !listed && column !== undefined && isConstant(column) ? 'constant' : undefined;
}

function hasHoles(column: Values | undefined): boolean {
  switch (column?.type) {
    case 'number':
    case 'date':
      return column.values.some(Number.isNaN);
    case 'category':
      return column.codes.some((code) => code < 0);
    case 'boolean':
      return column.values.some((value) => value < 0);
    default:
      return false;
  }
}

/** Whether all cells are alike; the first that differs ends the search. */
function isConstant(column: Values): boolean {
  const cells = column.type === 'category' ? column.codes : column.values;
  for (let i = 1; i < cells.length; i++) if (!Object.is(cells[i], cells[0])) return false;
  return true;
}
