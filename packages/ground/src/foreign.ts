/** What other libraries and other parts of this one call a setting, and where it stands if not here. */
interface Meaning {
  /** Our names for it, the likeliest first. */
  readonly ours: readonly string[];
  /** Their names, without case and underscores. */
  readonly theirs: string;
  readonly elsewhere?: string;
}

const meanings: readonly Meaning[] = [
  {
    ours: ['rate'],
    theirs: 'lr learningrate eta eta0 stepsize learningrateinit alpha rate',
    elsewhere: 'the learning rate is set in the optimizer: adam({ rate: 0.01 })',
  },
  { ours: ['decay'], theirs: 'momentum beta rho alpha mu weightdecay decayrate' },
  { ours: ['b1'], theirs: 'beta1 betas' },
  { ours: ['b2'], theirs: 'beta2' },
  { ours: ['epsilon'], theirs: 'eps delta' },
  { ours: ['factor'], theirs: 'gamma decayrate' },
  {
    ours: ['maxSteps', 'steps', 'trials', 'epochs'],
    theirs:
      'maxiter maxiterations iterations niter numiterations maxsteps steps maxnit maxfun nsteps',
    elsewhere: 'write stop: { steps: 1000 } where the run is started',
  },
  {
    ours: ['epochs', 'maxSteps'],
    theirs: 'nepochs numepochs epoch epochs passes maxepochs',
    elsewhere: 'epochs are given to train or fit',
  },
  {
    ours: ['batchSize', 'size'],
    theirs: 'batchsize batch bs minibatchsize size',
    elsewhere:
      'the size of a batch is given to minibatches({ size: 32 }) or to fit({ batchSize: 32 })',
  },
  { ours: ['tolerance', 'gradientNorm'], theirs: 'tol gtol ftol xtol rtol atol gradtol' },
  { ours: ['seed'], theirs: 'randomstate randomseed rng prngkey key random seed' },
  { ours: ['optimizer', 'method'], theirs: 'solver algorithm optimizer method stepper' },
  { ours: ['l2', 'decay'], theirs: 'alpha lambda regparam ridge penaltystrength l2' },
  { ours: ['l1'], theirs: 'lasso lambda1 l1ratio' },
  {
    ours: ['l2'],
    theirs: 'c',
    elsewhere: 'the penalty is set in the problem: logisticRegression({ l2: 0.01 })',
  },
  { ours: ['intercept'], theirs: 'fitintercept bias withbias addintercept' },
  { ours: ['weights'], theirs: 'sampleweight sampleweights weight' },
  { ours: ['patience', 'noProgress'], theirs: 'niternochange earlystopping patience' },
  { ours: ['validation'], theirs: 'validationdata validationsplit validationfraction valsize' },
  {
    ours: ['onReport', 'onProgress'],
    theirs: 'callback callbacks verbose disp progress onstep onepoch',
  },
  { ours: ['memory'], theirs: 'maxcor history historysize m' },
  { ours: ['threads'], theirs: 'njobs workers numthreads nthreads' },
  { ours: ['test'], theirs: 'testsize testfraction holdout' },
  { ours: ['train'], theirs: 'trainsize trainfraction' },
  { ours: ['k'], theirs: 'nsplits splits folds nfolds' },
  { ours: ['delimiter'], theirs: 'sep separator' },
  { ours: ['decimal'], theirs: 'decimalmark decimalpoint' },
  { ours: ['missing', 'tokens'], theirs: 'navalues nullvalues na nan' },
  { ours: ['columns', 'features'], theirs: 'usecols columns features select' },
  { ours: ['limit'], theirs: 'nrows rows maxrows top' },
  { ours: ['schema'], theirs: 'dtype dtypes types schema' },
  { ours: ['dropFirst'], theirs: 'drop dropfirst' },
  { ours: ['unknown'], theirs: 'handleunknown' },
  { ours: ['last'], theirs: 'droplast dropremainder' },
  { ours: ['jacobian', 'valueAndGradient'], theirs: 'jac grad gradient fprime' },
];

/** A name in one spelling: batch_size and batchSize are the same. */
export function spelled(name: string): string {
  return name.toLowerCase().replace(/[_\-\s]/g, '');
}

/** Our name among `known` for what others call `name`; or else where such a thing is set. */
export function foreignName(
  name: string,
  known: readonly string[],
): { readonly ours?: string | undefined; readonly elsewhere?: string | undefined } {
  const word = spelled(name);
  const fitting = meanings.filter(({ theirs }) => theirs.split(' ').includes(word));
  const ours = fitting.flatMap((meaning) => meaning.ours).find((own) => known.includes(own));
  const elsewhere = fitting.find((meaning) => meaning.elsewhere !== undefined)?.elsewhere;
  return { ours, elsewhere };
}
