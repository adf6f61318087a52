/** One option of the command line, as --help shows it. */
export interface OptionText {
  /** What stands for its value; none for a switch. */
  readonly value?: string;
  readonly short?: string;
  readonly help: string;
}

export type OptionName =
  | 'batch'
  | 'bootstrap'
  | 'checkpoint'
  | 'config'
  | 'cv'
  | 'delimiter'
  | 'epochs'
  | 'errors'
  | 'exclude'
  | 'family'
  | 'features'
  | 'format'
  | 'help'
  | 'json'
  | 'keep'
  | 'offset'
  | 'optimizer'
  | 'optimizers'
  | 'out'
  | 'penalty'
  | 'proba'
  | 'quiet'
  | 'rate'
  | 'report'
  | 'resume'
  | 'row'
  | 'save'
  | 'schema'
  | 'seed'
  | 'split-by'
  | 'spreadsheet-safe'
  | 'table'
  | 'target'
  | 'test'
  | 'test-file'
  | 'to'
  | 'version'
  | 'weights';

/** Every option there is; a command names those it takes. */
export const options: Readonly<Record<OptionName, OptionText>> = {
  batch: { value: 'rows', help: 'rows per step; with an optimizer' },
  bootstrap: { value: 'n', help: 'intervals of metrics by n bootstraps, in place of closed forms' },
  checkpoint: {
    value: 'run.ckpt',
    help: 'keep the place of a run here, so that --resume goes on from it',
  },
  config: { value: 'options.json', help: 'options from a JSON file; those given here come first' },
  cv: { value: 'folds', help: 'judge by cross-validation too' },
  delimiter: { value: 'c', help: 'what stands between cells of a CSV file; "\\t" for tabs' },
  epochs: { value: 'n', help: 'passes over the rows; with an optimizer' },
  errors: { help: 'standard errors for large files too, where they take as long as the fit' },
  exclude: { value: 'a,b', help: 'columns to leave out' },
  family: {
    value: 'name',
    help: 'linear, logistic, softmax, poisson, gamma, probit; by the target unless given',
  },
  features: { value: 'a,b', help: 'the columns to learn from; all but the target unless given' },
  format: { value: 'name', help: 'csv, tsv, jsonl, parquet or sqlite; by the ending unless given' },
  help: { short: 'h', help: 'this text' },
  json: { help: 'one JSON object on standard output, and nothing else there' },
  keep: { help: 'the columns of the input, too' },
  offset: { value: 'column', help: 'a column that is added to the scores as it is' },
  optimizer: {
    value: 'name',
    help: 'train by sgd, momentum, adam, … in place of the exact solver',
  },
  optimizers: { value: 'a,b', help: 'the optimizers to compare' },
  out: { value: 'file', short: 'o', help: 'write here; standard output unless given' },
  penalty: {
    value: 'l2=0.01',
    help: 'or l1=0.01, or elastic=0.01,0.5 (strength, share of l1); auto: an l2 by cross-validation',
  },
  proba: { help: 'the probability of every class, beside the label' },
  quiet: { short: 'q', help: 'no progress, no report' },
  rate: { value: '0.1', help: 'the learning rate of the optimizer' },
  resume: { help: 'go on from --checkpoint' },
  row: {
    value: 'file.csv:17',
    help: 'how each column contributed to the prediction for this line',
  },
  report: { value: 'report.html', help: 'a page to show to a colleague: one file, with pictures' },
  save: { value: 'model.json', help: 'keep the model here' },
  schema: {
    value: 'schema.json',
    help: 'the columns and their types; inspect writes it where there is none',
  },
  seed: { value: '1', help: 'decides what is drawn at random' },
  'split-by': {
    value: 'column',
    help: 'hold out whole groups of this column; time:COLUMN: the latest rows',
  },
  'spreadsheet-safe': {
    help: "put ' before labels that a spreadsheet would execute (= + - @); not done unless asked",
  },
  table: { value: 'name', help: 'the table of a database' },
  target: { value: 'column', short: 't', help: 'the column to predict' },
  test: { value: '0.2', help: 'the share of rows held out to judge the model; 0 for none' },
  'test-file': { value: 'file', help: 'rows to judge the model by, in place of --test' },
  to: { value: 'postgres', help: 'the SQL of postgres, duckdb, sqlite, clickhouse or spark' },
  version: { help: 'the version' },
  weights: { value: 'column', help: 'how often each row occurred' },
};

/** The options that every command takes. */
export const everywhere: readonly OptionName[] = ['config', 'json', 'help'];
/** How a data file is read. */
export const reading: readonly OptionName[] = ['schema', 'format', 'delimiter', 'table'];
