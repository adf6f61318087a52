// npm run bench [-- NAME …]: timings beside other ways of doing the same, in one run, as ratios.
const benches: Readonly<Record<string, () => Promise<unknown>>> = {
  /** Gradients and matrix products without compilation. */
  eager: () => import('./eager.ts'),
  /** Compiled training, against one read of the data from memory. */
  engine: () => import('./engine.ts'),
  /** The same workloads in TensorFlow.js, jax-js and NumPy. */
  peers: () => import('./peers.ts'),
  /** The engine's kernels one by one. */
  kernels: () => import('./kernels.ts'),
  /** Import of the built package and a first gradient. */
  startup: () => import('./startup.ts'),
  /** A large CSV file to a judged model in whole processes, beside pandas with scikit-learn. */
  'file-to-model': () => import('./file-to-model.ts'),
  /** Fits to the certified minimum, beside scikit-learn. */
  fit: () => import('./fit.ts'),
  /** Softmax on digits and a sparse logistic regression, beside scikit-learn's solvers. */
  classifiers: () => import('./classifiers.ts'),
  /** A whole minimization beside SciPy. */
  minimize: () => import('./minimize.ts'),
  /** Optimizers by problems: what each makes of the same budget. */
  methods: () => import('./methods.ts'),
  /** A file of 2 GB: a fit, an evaluation, predictions and minibatches, with the memory that they take. */
  disk: () => import('./disk.ts'),
  /** Lasso paths beside R's glmnet and scikit-learn. */
  path: () => import('./path.ts'),
  /** Queries made from a loss beside those written by hand, and fits in databases. */
  sql: () => import('./sql.ts'),
  /** Reading CSV files. */
  csv: () => import('./csv.ts'),
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(
    `there is no benchmark "${unknown.join('", "')}"; one of: ${Object.keys(benches).join(', ')}`,
  );
  process.exitCode = 1;
} else {
  for (const name of names.length > 0 ? names : Object.keys(benches)) await benches[name]();
}
