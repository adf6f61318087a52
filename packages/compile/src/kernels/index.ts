/**
 * The kernels: fixed functions over float64 arrays in linear memory, and the code of entries from
 * which programs fuse their own loops.
 *
 * **Kernels.** `createKernels(memory, { shared, relaxed })` instantiates one module over a memory.
 * Pointers are byte addresses (aligned to 8), counts are numbers of entries, matrices are row-major.
 * `signatures` says what each takes.
 *
 * **Entries.** `entries[name](b, ...operands)` is the code of the primitive of that name for a pair
 * of entries (f64x2). A loop makes an `entryBuilder(f, arithmetic)`, builds its round, takes
 * `b.statements()` into its body and puts `b.setup()` before it. Use `b.let(value)` for what is needed
 * twice, `b.once` for what does not change in the loop (a scalar operand:
 * `b.once(memory.loadTwice(p.scale))`), `b.constant(2)` for numbers. A last single entry is read with
 * `memory.loadLow` and written with `memory.storeLow`. Code that primitives share (e^−|x| of softplus
 * and sigmoid) is shared between the operations of one round on the same named operand.
 *
 * **X·w and what follows.** `rowProducts(f, arithmetic, float64, { x, w, rows, columns }, finish)` is
 * X·w with the code of `finish` after every two rows, for a chain of entries on the products.
 *
 * Arithmetic, comparisons, choices and sqrt are JavaScript's bit for bit; exp, expm1, log, log1p,
 * sigmoid, softplus, logSigmoid, tanh, sinh, cosh err by less than 2 units in the last place (the
 * tests hold each to its own, smaller bound), with exact special values. `powerEntry(exponent)` has
 * the powers that need no logarithm. Everything else is left to the host.
 */
export { advance, entry } from './addresses.ts';
export { type Arithmetic, exactOrder, relaxed } from './arithmetic.ts';
export { type Entry, entries, powerEntry } from './entries/index.ts';
export { type EntryBuilder, entryBuilder } from './entry-builder.ts';
export {
  createKernels,
  gemmScratchBytes,
  type KernelOptions,
  kernelBytes,
} from './kernels.ts';
export { float32, float64, type Precision } from './precision.ts';
export { type RowProducts, rowProducts } from './row-products.ts';
export {
  type KernelName,
  type Kernels,
  parametersOfKernel,
  type Signatures,
  signatures,
} from './signatures.ts';
