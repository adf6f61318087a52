// The operations that only derivatives are written with

export { share } from './choice.ts';
export { cofactorsOf } from './determinants.ts';
export { place, scatter } from './indexing.ts';
export { diagonal, diagonalMatrix } from './linear.ts';
export { product } from './product.ts';
export { shareOfNorm } from './reductions.ts';
export { embed } from './shaping.ts';
export { polygamma } from './special.ts';
export { mirror } from './trigonometric.ts';
