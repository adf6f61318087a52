// Calling
export { compile } from './compile.ts';
export { explain } from './explain.ts';
// Data
export { allocate } from './memory/allocate.ts';
export { hold, pin } from './memory/pin.ts';
export type { CompileOptions } from './options.ts';
export { SparseMatrix } from './sparse.ts';
// Training
export { compiled } from './training/engine.ts';
