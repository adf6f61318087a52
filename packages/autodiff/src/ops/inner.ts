// The operations that only derivatives are written with

export { cofactorsOf } from './determinants.ts';
export { place, scatter } from './indexing.ts';
export { shareOfNorm } from './norm.ts';
export { share } from './piecewise.ts';
export { product } from './product.ts';
export { embed } from './slice.ts';
export { inverseMills, polygamma } from './special.ts';
export { mirror } from './trigonometric.ts';
export { diagonal, diagonalMatrix } from './vectors.ts';
