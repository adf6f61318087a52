// Read and write

export { type BundledColumns, type BundledName, bundledSchemas } from './bundled.ts';
export {
  chooseFeatures,
  constantColumns,
  refuseConstantColumns,
  refuseTooFewRows,
} from './checks.ts';
export { missingTokens } from './csv/missing.ts';
export { parseCsv, readCsv } from './csv/read.ts';
export type { InferredOptions } from './csv/read-inferred.ts';
export type { RecordOptions } from './csv/record-reader.ts';
export type { Source, WebStream } from './csv/source.ts';
export type { ReadOptions } from './csv/table-reader.ts';
export type { Encoding } from './csv/transcode.ts';
export { writeCsv } from './csv/write.ts';
export { CsvError, type Reason } from './error.ts';
export { type Features, featuresOf } from './features.ts';
export { parseJsonLines, readJsonLines } from './json/read-json-lines.ts';
// Labels and checks
export { type BinaryTarget, binaryTarget, type EncodedTarget, encodeTarget } from './labels.ts';
// Batches
export { minibatches } from './minibatches.ts';
export type {
  Batch,
  BatchSource,
  DiskBatchOptions,
  Examples,
  GatheredSource,
  MinibatchOptions,
} from './minibatches-in-memory.ts';
export { preparationFromJSON } from './prepare/json.ts';
export type { Learnable } from './prepare/learnable.ts';
// Prepare features
export {
  type ApplyOptions,
  type FittedPreparation,
  type Preparation,
  prepare,
  type SavedPreparation,
} from './prepare/prepare.ts';
export type { RawCoefficients } from './prepare/raw-scale.ts';
export type { RawRow } from './prepare/row.ts';
export type { SparseFeatures } from './prepare/to-sparse.ts';
export { permutation, type Seed } from './random/shuffle.ts';
export type { InferredTable } from './reading/infer-options.ts';
export type { ReadProgress, TableOptions } from './reading/options.ts';
export type {
  BooleanColumn,
  CategoryColumn,
  Column,
  DateColumn,
  IgnoredColumn,
  Missing,
  MissingPolicy,
  NumberColumn,
  TextColumn,
} from './schema/column.ts';
// Declare columns
export { boolean, category, date, ignored, number, text } from './schema/column.ts';
export { formatSchema } from './schema/format.ts';
export { type InferOptions, inferSchema, inferSchemaOf, type Proposal } from './schema/infer.ts';
export { schemaFromJSON } from './schema/json.ts';
export type { Columns, NamedColumn, NumberColumns, Row, RowOf, Schema } from './schema/schema.ts';
export { columnOf, defineSchema } from './schema/schema.ts';
export type { SqliteConnection } from './sqlite/connection.ts';
export { readSqlite, type Selection } from './sqlite/read-sqlite.ts';
export { type DatePart, type DatesOptions, dates } from './steps/dates.ts';
export type { Extremes, FactColumn, Facts } from './steps/facts.ts';
export type { FittedStep, Frame, FrameColumn } from './steps/frame.ts';
export { type HashingOptions, hashing } from './steps/hashing.ts';
export { type Filling, impute } from './steps/impute.ts';
export { type InteractionsOptions, interactions } from './steps/interactions.ts';
export { intercept } from './steps/intercept.ts';
export { minMax } from './steps/min-max.ts';
export { type OneHotOptions, oneHot } from './steps/one-hot.ts';
export { type PolynomialOptions, polynomial } from './steps/polynomial.ts';
export { type RandomFourierOptions, randomFourier } from './steps/random-fourier.ts';
export { type SplinesOptions, splines } from './steps/splines.ts';
export { type StandardizeOptions, standardize } from './steps/standardize.ts';
export type { Step } from './steps/step.ts';
export { type ColumnSummary, type Description, describe } from './table/describe.ts';
export { type DiskTable, isOnDisk, type Scanned } from './table/on-disk.ts';
export { head, select, sliceRows, takeRows } from './table/rows.ts';
// Hold rows out

export { type Fold, type FoldOptions, foldRows, kFold, type RowsOfFold } from './table/k-fold.ts';
export { asTraining, type Split, type SplitOptions, split } from './table/split.ts';
export type {
  BooleanValues,
  CategoryValues,
  DateValues,
  NumberValues,
  Role,
  Table,
  Test,
  TextValues,
  Train,
  Validation,
  Values,
} from './table/table.ts';
// Look at tables
export { cellAt, columnValues, numbers, rowAt } from './table/table.ts';
export type { InferredTypedOptions } from './typed/read-typed.ts';
export type { Warning } from './warning.ts';
