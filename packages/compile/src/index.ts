// Calling
export { compile } from './compile.ts';
export { explain } from './explain.ts';
// Data
export { pin } from './memory/pin.ts';
export type { CompileOptions } from './options.ts';
export { SparseMatrix } from './sparse.ts';
// Training
export {
  type CompiledTraining,
  compileTraining,
  type TrainingOptions,
  type TrainingState,
} from './training/training.ts';
export { type Moments, type Rate, type Update, updates } from './training/updates.ts';
