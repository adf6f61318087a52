// Parquet, in browsers too: needs hyparquet, which is installed beside this package
export { readParquet } from './parquet/read-parquet.ts';
export type { ParquetSource, RandomAccess } from './parquet/source.ts';
