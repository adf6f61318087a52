// Everything of the main entry, plus files
export * from './index.ts';
export { type Bundled, bundled } from './node/bundled.ts';
export { type OpenOptions, openCsv } from './node/open-csv.ts';
export { inferSchema, readCsv, readCsvFile, readJsonLines } from './node/read.ts';
export { readParquet } from './node/read-parquet.ts';
export { readSqlite } from './node/read-sqlite.ts';
export { type FileFormat, type ReadTableOptions, readTable } from './node/read-table.ts';
export type { ParquetSource, RandomAccess } from './parquet/source.ts';
