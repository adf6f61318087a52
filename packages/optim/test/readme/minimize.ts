import { add, mul, square, sub, type Value } from '@steepest/autodiff';
import { minimize } from '@steepest/optim';

const valley = ({ x, y }: { x: Value; y: Value }) =>
  add(square(sub(1, x)), mul(100, square(sub(y, square(x)))));

const result = await minimize(valley, { x: -1.2, y: 1 });
console.log(String(result)); // converged: gradientSmall, the gradient norm …
console.log(result.params.x.toFixed(6), result.params.y.toFixed(6)); // 1.000000 1.000000
