// A small WebAssembly assembler: expressions in, bytes out. `f64x2.add(a, b)` is the code that
// computes a + b; a module is a list of named functions over one imported memory.
export {
  after,
  type Code,
  type F64,
  flatten,
  type I32,
  type I64,
  type Local,
  type Statement,
  sequence,
  type TypeName,
  type V128,
} from './code.ts';
export { choose, doWhile, leave, until, when, whileTrue } from './control.ts';
export { type Features, features } from './features.ts';
export { type WasmHost, type WasmInstance, type WasmMemory, webAssembly } from './host.ts';
export * as memory from './memory.ts';
export {
  type Call,
  type Locals,
  type ModuleBuilder,
  maximumPages,
  moduleBuilder,
} from './module.ts';
export { f64, i32, i64 } from './scalar.ts';
export { f32x4, f64x2, highHalves, i64x2, lowHalves, sumOfLanes, v128 } from './vector.ts';
