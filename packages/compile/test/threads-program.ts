// A program that uses threads and then has nothing more to do.
import { matmul, square, sum, type Value, valueAndGrad } from '@steepest/autodiff';
import { compile } from '../src/index.ts';
import { threads } from '../src/threads.ts';
import { randomMatrix } from './random.ts';

const loss = (w: Value, x: Value) => sum(square(matmul(x, w)));
const step = compile(valueAndGrad(loss), { threads: threads(2) });
const { value } = step(randomMatrix(8, 1), randomMatrix(20_000, 8));
console.log(value > 0 ? 'done' : 'wrong');
