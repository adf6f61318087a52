// node --import ./tools/ts.mjs bench/file-to-model/ours.ts FILE
const started = performance.now();
const { split } = await import('@steepest/datasets');
const { readCsv } = await import('@steepest/datasets/node');
const { evaluate, fit, logisticRegression } = await import('@steepest/models');
const imported = performance.now();

const table = await readCsv(process.argv[2]);
const read = performance.now();
const { train, test } = split(table, { train: 0.8, test: 0.2, seed: 1 });
const fitted = await fit(logisticRegression({ l2: 1e-3 }), train, { target: 'y' });
const fittedAt = performance.now();
const { accuracy, logLoss } = evaluate(fitted, test);

const times = { import: imported - started, read: read - imported, fit: fittedAt - read };
console.log(JSON.stringify({ ...times, judge: performance.now() - fittedAt, accuracy, logLoss }));
