// Everything of the main entry, plus files
export * from './index.ts';
export { bundled, type Bundled } from './node/bundled.ts';
export { readCsv, readCsvFile, inferSchema } from './node/read.ts';
