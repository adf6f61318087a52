import { asTraining, split, type Table, type Train } from '@steepest/datasets';
import {
  anything,
  callback,
  oneOf,
  refusal,
  required,
  type Spec,
  seed,
  settle,
  signal as signalOption,
  text,
  wholeNumber,
} from '@steepest/ground';
import { type Printed, printed } from '../document/printed.ts';
import type { Problem } from '../families/problem.ts';
import { fit } from '../fit/fit.ts';
import type { FitOptions } from '../fit/options.ts';
import {
  type Candidate,
  drawnCandidates,
  everyCandidate,
  expectSpace,
  type SearchSpace,
} from './candidates.ts';
import { crossValidate } from './cross-validate.ts';
import type { FoldsOption } from './fold-plan.ts';
import { type JudgedBy, judgedBy, shortfall } from './judged-by.ts';
import { searchDocument } from './search-document.ts';
import { keyOf, type SearchState, type Trial, trialsOf } from './search-state.ts';
import type { CandidateOf, Proposed, Search, SearchOptions } from './search-types.ts';

const spec = {
  over: required(anything()),
  folds: anything(),
  method: oneOf(['grid', 'random', 'halving'], 'grid'),
  count: wholeNumber(1, undefined, 10_000),
  seed: seed(1),
  factor: wholeNumber(2, undefined, 100),
  by: text(),
  best: oneOf(['lowest', 'highest']),
  complexity: callback('(candidate) => number'),
  state: anything(),
  onTrial: callback('(state) => …'),
  signal: signalOption(),
} satisfies Spec<SearchOptions>;

/**
 * Cross-validates candidates, the same folds for each, and fits the best of them to all rows. `propose`
 * makes of a candidate a problem, or `{ problem, …options of its fit }`: steps of a preparation, too.
 * Rejects for a space that is none, and where no candidate could be fitted; a single one that cannot is a
 * failed trial.
 *
 * 'halving' judges all candidates on rows / factorˢ rows first, the best 1/factor of them on factor times
 * as many, and so on until all rows are taken (Jamieson and Talwalkar, 2016; its samples hold each other).
 *
 * ```ts
 * const over = { l2: { from: 1e-4, to: 1, log: true } } as const;
 * const found = await search(({ l2 }) => logisticRegression({ l2 }), train, { over, method: 'random' });
 * found.fitted.predict(rows); // of the best, fitted to all of train
 * ```
 */
export async function search<S extends SearchSpace>(
  propose: (candidate: CandidateOf<S>) => Problem | Proposed,
  table: Train<Table> | Table,
  options: SearchOptions & { readonly over: S },
): Promise<Search> {
  if (typeof propose !== 'function') {
    const advice = 'write ({ l2 }) => logisticRegression({ l2 })';
    throw refusal('search', 'expected a function from a candidate to a problem', propose, advice);
  }
  const settled = settle<SearchOptions, typeof spec>('search', options, spec, {
    example: 'search(({ l2 }) => logisticRegression({ l2 }), train, { over: { l2: [0.01, 0.1] } })',
  });
  const { over, method, folds, signal } = settled;
  expectSpace(over);
  const count = countOf(settled);
  const factor = factorOf(settled);
  const candidates =
    method === 'grid' ? everyCandidate(over, 10_000) : drawnCandidates(over, count, settled.seed);
  const proposed = (candidate: Candidate): Proposed => {
    const made = propose(candidate as CandidateOf<S>);
    return 'problem' in made ? made : { problem: made };
  };
  const by = judgedBy('search', proposed(candidates[0]).problem, settled.by, settled.best);
  const asked = JSON.stringify({
    over,
    method,
    candidates: candidates.length,
    factor: method === 'halving' ? factor : undefined,
    seed: settled.seed,
    by,
    folds: typeof folds === 'object' ? { ...folds } : folds,
    rows: table?.rows,
  });
  const trials = [...trialsOf(settled.state, asked)];
  const state = (): SearchState => ({ search: 1, asked, trials: [...trials] });
  const done = new Map(trials.map((trial) => [keyOf(trial.candidate, trial.stage), trial]));

  const trialOf = async (candidate: Candidate, stage: number, rows: Table): Promise<Trial> => {
    const known = done.get(keyOf(candidate, stage));
    if (known !== undefined) return known;
    if (signal?.aborted) {
      throw new Error(
        `search: ended by its signal after ${trials.length} trials; pass the state that onTrial was given, and it goes on`,
      );
    }
    const trial = await judged(proposed(candidate), candidate, stage, rows, folds, by);
    trials.push(trial);
    settled.onTrial?.(state());
    return trial;
  };

  const stages = method === 'halving' ? stagesOf(candidates.length, factor) : 1;
  let left = candidates;
  let last: Trial[] = [];
  for (let stage = 0; stage < stages; stage++) {
    const rows = someRows(table, factor ** (stages - 1 - stage), settled.seed);
    last = [];
    for (const candidate of left) last.push(await trialOf(candidate, stage, rows));
    const ranked = rankedBy(by, last);
    if (ranked.length === 0)
      throw new RangeError(`search: no candidate has a figure: ${last[0].failed}`);
    const few = Math.max(1, Math.ceil(left.length / factor));
    if (stage < stages - 1) left = ranked.slice(0, few).map(({ candidate }) => candidate);
  }
  const ranked = rankedBy(by, last);
  const chosen = simplest(
    by,
    ranked,
    settled.complexity as ((of: Candidate) => number) | undefined,
  );
  const { problem, ...fitting } = proposed(chosen.candidate);
  const fitted = await fit(problem, asTraining(table), fitting as FitOptions);
  return printed<Omit<Search, keyof Printed>>(
    {
      how: inWords(method, candidates.length, stages),
      by,
      chosen,
      best: ranked[0],
      trials,
      fitted,
      state: state(),
    },
    searchDocument,
  );
}

async function judged(
  { problem, ...fitting }: Proposed,
  candidate: Candidate,
  stage: number,
  rows: Table,
  folds: FoldsOption['folds'],
  { measure }: JudgedBy,
): Promise<Trial> {
  const place = { candidate, stage, rows: rows.rows };
  try {
    const { measures } = await crossValidate(problem, rows, { ...fitting, folds });
    const { mean, standardError, folds: each } = measures[measure];
    if (Number.isFinite(mean)) return { ...place, mean, standardError, folds: each };
    return failed(place, `the measure ${measure} is ${mean}`);
  } catch (error) {
    // Data that allow no model are a result; a wrong argument is a mistake of every candidate.
    if (!(error instanceof RangeError || isDataError(error))) throw error;
    return failed(place, (error as Error).message);
  }
}

function failed(place: Pick<Trial, 'candidate' | 'stage' | 'rows'>, why: string): Trial {
  return { ...place, mean: null, standardError: null, folds: [], failed: why };
}

function isDataError(error: unknown): boolean {
  return error instanceof Error && error.name === 'CsvError';
}

/** The trials with a figure, the best first; of equals, the earlier. */
function rankedBy(by: JudgedBy, trials: readonly Trial[]): Trial[] {
  const figure = ({ mean }: Trial) => shortfall(by, mean!);
  return trials.filter(({ mean }) => mean !== null).sort((a, b) => figure(a) - figure(b));
}

/** The one-standard-error rule; the best where nothing is said about complexity. */
function simplest(
  by: JudgedBy,
  ranked: readonly Trial[],
  complexity: ((candidate: Candidate) => number) | undefined,
): Trial {
  const [best] = ranked;
  if (complexity === undefined) return best;
  const bound = shortfall(by, best.mean!) + best.standardError!;
  const good = ranked.filter(({ mean }) => shortfall(by, mean!) <= bound);
  return good.reduce((a, b) => (complexity(b.candidate) < complexity(a.candidate) ? b : a));
}

/** One row in so many, of each class the same share where the schema's target is a label. */
function someRows(table: Train<Table> | Table, share: number, seed: number): Table {
  if (share === 1) return table;
  const { target } = table.schema;
  const type = target === undefined ? undefined : table.columns.get(target)?.type;
  const stratify = type === 'category' || type === 'boolean' ? { stratify: target } : {};
  const parts = { train: 1 / share, test: 1 - 1 / share, seed, ...stratify };
  return split(table, parts).train;
}

function stagesOf(candidates: number, factor: number): number {
  return Math.max(1, Math.ceil(Math.log(candidates) / Math.log(factor) - 1e-9));
}

function countOf({ method, count }: Pick<SearchOptions, 'method' | 'count'>): number {
  if (method !== 'grid' || count === undefined) return count ?? 20;
  throw new TypeError("search: count has no effect with a grid; take method: 'random'");
}

function factorOf({ method, factor }: Pick<SearchOptions, 'method' | 'factor'>): number {
  if (method === 'halving' || factor === undefined) return factor ?? 3;
  throw new TypeError(`search: factor has no effect with method: '${method}'; take 'halving'`);
}

function inWords(method: string | undefined, candidates: number, stages: number): string {
  if (method === 'grid') return `a grid of ${candidates} candidates`;
  const drawn = `${candidates} candidates, drawn`;
  return method === 'random' ? drawn : `${drawn}, halved in ${stages} stages`;
}
