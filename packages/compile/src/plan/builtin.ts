import * as autodiff from '@steepest/autodiff';

const { grad, record, shaped, sum } = autodiff;
type Value = autodiff.Value;
type Primitive = autodiff.Primitive;

let known: ReadonlySet<Primitive> | undefined;

/**
 * Whether a rule is the library's own, so that its name says what it computes: anyone may define
 * a primitive of the same name that computes something else.
 */
export function isBuiltin(primitive: Primitive): boolean {
  // Rules with parameters are made when they are used, and only the library makes such rules.
  if (primitive.parameters !== undefined) return true;
  known ??= new Set(collected());
  return known.has(primitive);
}

const unary = [
  'neg square reciprocal exp expm1 log log1p sqrt sigmoid softplus logSigmoid sinh cosh tanh',
  'abs relu sign stopGradient sin cos tan asin acos atan erf lgamma transpose',
].flatMap((names) => names.split(' '));
const binary = [
  'add sub mul div pow xlogy maximum minimum greater greaterEqual less lessEqual equal atan2',
  'matmul matmulLeft matmulRight',
].flatMap((names) => names.split(' '));

/** The primitives behind the public operations, and those that only occur in derivatives. */
function* collected(): Generator<Primitive> {
  const operations = autodiff as unknown as Record<string, (...x: Value[]) => Value>;
  const calls: ((x: Value, y: Value) => Value)[] = [
    ...unary.map((name) => (x: Value) => operations[name](x)),
    ...binary.map((name) => (x: Value, y: Value) => operations[name](x, y)),
    (x, y) => autodiff.where(x, x, y),
    (x, y) => grad((u: Value) => sum(autodiff.maximum(u, autodiff.square(y))))(x) as Value,
    (x, y) => grad((u: Value) => sum(autodiff.mul(autodiff.exp(u), y)))(x) as Value,
  ];
  for (const call of calls) {
    const graph = record(call, { simplify: false })(shaped(2, 2) as Value, shaped(2, 2) as Value);
    for (const { primitive } of graph.nodes) {
      if (primitive !== null && primitive.parameters === undefined) yield primitive;
    }
  }
}
