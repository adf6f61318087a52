// Calling
export { type CompileOptions, compile } from './compile.ts';
// Data
export { pin } from './memory/pin.ts';
