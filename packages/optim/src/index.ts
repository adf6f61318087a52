// The loop

export { type MinimizeOptions, minimize, type Placed } from './minimize/minimize.ts';
export type { BatchSource, FixedBatch } from './train/data.ts';
export {
  type FixedBatchesSettings,
  type FixedSource,
  fixedBatches,
} from './train/fixed-batches.ts';
export type {
  NoProgress,
  RunOptions,
  StopRules,
  TrainOptions,
  ValidationOptions,
} from './train/options.ts';
export type { Reason } from './train/reasons.ts';
export type { Report } from './train/report.ts';
export type { Result, ResultFacts } from './train/result.ts';
export { train } from './train/train.ts';
export type { Training } from './train/training.ts';

// Checkpoints

export {
  type Checkpoint,
  CheckpointError,
  memoryCheckpoint,
  type RunFacts,
  type Saved,
} from './train/checkpoint.ts';
export { decode, encode, type Json } from './train/encode.ts';

// Places: where the rows are

export type { Answer, Ask } from './place/ask.ts';
export { drive } from './place/drive.ts';
export { interpreted } from './place/interpreted.ts';
export type { Engine, Errand, Place, Problem, Standing, Stretch } from './place/place.ts';

// Optimizers

export { adabelief } from './steppers/adabelief.ts';
export { type AdagradSettings, adagrad } from './steppers/adagrad.ts';
export { type AdamSettings, adam } from './steppers/adam.ts';
export { adamax } from './steppers/adamax.ts';
export { type AdamwSettings, adamw } from './steppers/adamw.ts';
export { type AmsgradSettings, amsgrad } from './steppers/amsgrad.ts';
export { type ArmijoSettings, armijo, type RateState } from './steppers/armijo.ts';
export { type DescentSettings, gradientDescent, sgd } from './steppers/gradient-descent.ts';
export { type LbfgsSettings, type LbfgsState, lbfgs } from './steppers/lbfgs.ts';
export { type LionSettings, lion } from './steppers/lion.ts';
export {
  type MomentumSettings,
  momentum,
  type NesterovSettings,
  nesterov,
} from './steppers/momentum.ts';
export { type NadamSettings, nadam } from './steppers/nadam.ts';
export { type PolyakStepSettings, polyakStep } from './steppers/polyak-step.ts';
export { radam } from './steppers/radam.ts';
export { type RmspropSettings, rmsprop } from './steppers/rmsprop.ts';

// Methods of second order, for whole objectives

export {
  type BarzilaiBorweinSettings,
  type BarzilaiBorweinState,
  barzilaiBorwein,
} from './steppers/barzilai-borwein.ts';
export { type BfgsState, bfgs } from './steppers/bfgs.ts';
export { type Bound, type LbfgsbSettings, type LbfgsbState, lbfgsb } from './steppers/lbfgsb.ts';
export type { LineSearchSettings } from './steppers/line-search.ts';
export { newton } from './steppers/newton.ts';
export { type NewtonCgSettings, type NewtonCgState, newtonCg } from './steppers/newton-cg.ts';

// Methods without a rate to tune

export { type AdgdState, adgd } from './steppers/adgd.ts';
export { type DogSettings, type DogState, dog } from './steppers/dog.ts';
export { type ProdigySettings, type ProdigyState, prodigy } from './steppers/prodigy.ts';
export {
  type ScheduleFreeAdamwSettings,
  type ScheduleFreeAdamwState,
  type ScheduleFreeSettings,
  type ScheduleFreeState,
  scheduleFree,
  scheduleFreeAdamw,
} from './steppers/schedule-free.ts';

// Penalties and constraints

export {
  type ConstrainedResult,
  type Constraints,
  minimizeSubjectTo,
} from './minimize/constrained.ts';
export { l2Ball } from './penalties/ball.ts';
export { box, nonNegative } from './penalties/box.ts';
export { elasticNet } from './penalties/elastic-net.ts';
export { type Grouping, groupLasso } from './penalties/group.ts';
export { l1 } from './penalties/l1.ts';
export type { Penalty } from './penalties/penalty.ts';
export { l1Ball, simplex } from './penalties/simplex.ts';
export { type FistaSettings, type FistaState, fista } from './steppers/fista.ts';
export { type IstaSettings, ista, proximal } from './steppers/proximal.ts';
export { type ProximalNewtonSettings, proximalNewton } from './steppers/proximal-newton.ts';

// Penalized least squares from a Gram matrix

export {
  type CoordinateDescentOptions,
  coordinateDescent,
  type Strengths,
} from './coordinate-descent/coordinate-descent.ts';
export type { Minimum } from './coordinate-descent/minimum.ts';
export type { Group } from './coordinate-descent/quadratic.ts';

// Least squares of residuals

export { type LeastSquaresOfOptions, leastSquaresOf } from './least-squares/least-squares-of.ts';
export type { LeastSquaresEnd, LeastSquaresResult } from './least-squares/result.ts';

// Minima as operations, and what a loss is like

export { type Analysis, type AnalyzeOptions, analyze } from './analyze/analyze.ts';
export type { Advice, DecayingRate, RateAdvice } from './analyze/rates.ts';
export { type ArgminOptions, argmin } from './minimize/argmin.ts';

// Their parts

export { copyOf, entrywise, zerosLike } from './leaves.ts';
export type { Rate } from './rate.ts';
export {
  type Arrival,
  type Evaluation,
  type FormulaPoint,
  type Kind,
  LineSearchError,
  type Point,
  type Skip,
  type Stepper,
} from './stepper.ts';
export { type AccumulatedState, accumulateGradients } from './steppers/accumulate-gradients.ts';
export { byRootOfSum, type SquaresSettings, type SquaresState } from './steppers/adagrad.ts';
export { byMoments, type MomentsSettings, type MomentsState } from './steppers/adam.ts';
export { byLargestGradient, type LargestGradientState } from './steppers/adamax.ts';
export { type AdaptiveClipSettings, adaptiveClip } from './steppers/adaptive-clip.ts';
export {
  byLargestMoment,
  type LargestMomentSettings,
  type LargestMomentState,
} from './steppers/amsgrad.ts';
export {
  type AverageState,
  type ExponentialAverageSettings,
  exponentialAverage,
  type PolyakAverageSettings,
  polyakAverage,
} from './steppers/average.ts';
export { chain } from './steppers/chain.ts';
export { clipByGlobalNorm, clipByValue } from './steppers/clip.ts';
export { decayWeights } from './steppers/decay-weights.ts';
export { freeze, type GroupsState, groups } from './steppers/groups.ts';
export { type BySignSettings, bySign, type LionState } from './steppers/lion.ts';
export { type LookaheadSettings, type LookaheadState, lookahead } from './steppers/lookahead.ts';
export { type Mask, masked } from './steppers/masked.ts';
export {
  type AccumulateSettings,
  accumulate,
  nesterovMomentum,
  type VelocityState,
} from './steppers/momentum.ts';
export { type SmoothSettings, type SmoothState, smooth } from './steppers/moving-average.ts';
export { byNesterovMoments, type NesterovMomentsSettings } from './steppers/nadam.ts';
export { type PlateauSettings, type PlateauState, reduceOnPlateau } from './steppers/plateau.ts';
export {
  byRootOfMean,
  type MeanSquareSettings,
  type MeanSquareState,
} from './steppers/rmsprop.ts';
export { type RememberedState, sag, saga } from './steppers/saga.ts';
export { descend, scale } from './steppers/scale.ts';
export { type SkipSettings, type SkipState, skipNotFinite } from './steppers/skip-not-finite.ts';
export { type SvrgSettings, type SvrgState, svrg } from './steppers/svrg.ts';
export { unweighted } from './steppers/unweighted.ts';

// Schedules

export { piecewise, product, restart, sequence, warmUp } from './schedules/compose.ts';
export {
  constant,
  cosine,
  exponential,
  inverseSqrt,
  inverseTime,
  linear,
  polynomial,
  stairs,
} from './schedules/decay.ts';
export { type OneCycleSettings, oneCycle } from './schedules/one-cycle.ts';
export type { Schedule } from './schedules/schedule.ts';
