// Calling
export { type CompileOptions, compile } from './compile.ts';
export { explain } from './explain.ts';
// Data
export { pin } from './memory/pin.ts';
