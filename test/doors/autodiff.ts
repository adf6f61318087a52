import * as autodiff from '../../packages/autodiff/src/index.ts';
import type { Door } from './door.ts';
import { s } from './door.ts';

const { FlatMatrix, mul, sum, square, exp, matmul } = autodiff;
type Value = autodiff.Value;

const m = (rows = 2, columns = 2) =>
  new FlatMatrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, (_, i) => 0.2 + i / 9),
  );
const positiveDefinite = () => new FlatMatrix(2, 2, [2, 0.5, 0.5, 1]);
const f = (x: Value) => sum(mul(x, exp(x)));

const unary =
  'abs acos asin atan cos cosh erf exp expm1 lgamma log log1p logNormalCdf logSigmoid neg reciprocal relu sigmoid sign sin sinh softplus sqrt square stopGradient tan tanh transpose trace det diag inverse logDet cholesky toFlatMatrix';
const binary =
  'absoluteError add atan2 div equal greater greaterEqual less lessEqual logisticLoss matmul matmulLeft matmulRight maximum minimum mul poissonLoss pow solve squaredError sub xlogy';
const reductions = 'cumsum logSoftmax logSumExp max mean min norm prod softmax sum variance';

const all = autodiff as unknown as Readonly<Record<string, (...args: never[]) => unknown>>;
const each = (names: string, args: () => unknown[]): Door[] =>
  names.split(' ').map((name) => ({ name, args, run: all[name] }));

const door = (
  name: string,
  args: () => unknown[],
  run: Door['run'] = all[name.split(' ')[0]],
  open?: Door['open'],
): Door => ({ name, args, run, ...(open === undefined ? {} : { open }) });

/** A mode of differentiation, called with a wrong function, and the derivative with wrong arguments. */
const mode = (name: string, rest: () => unknown[] = () => []): Door[] => [
  door(
    name,
    () => [f, ...rest().slice(0, 0)],
    (g: never) =>
      (all[name] as unknown as (g: never) => (...x: unknown[]) => unknown)(g)(
        { a: m(), b: 2 }.a,
        ...rest(),
      ),
  ),
  door(
    `${name}(f)`,
    () => [m(), ...rest()],
    (...args: unknown[]) =>
      (all[name] as unknown as (g: unknown) => (...x: unknown[]) => unknown)(f)(...args),
  ),
];

export const autodiffDoors: Door[] = [
  ...each(unary, () => [positiveDefinite()]),
  ...each(binary, () => [m(), m()]),
  ...each('dot outer', () => [m(2, 1), m(2, 1)]),
  ...each('hingeLoss', () => [m(2, 1), new FlatMatrix(2, 1, [1, -1])]),
  ...each(reductions, () => [m(), s({ axis: 0 })]),
  ...each('derivative', () => [(x: Value) => exp(x)]),
  ...mode('grad'),
  ...mode('valueAndGrad'),
  ...mode('jacobian'),
  ...mode('hessian'),
  ...mode('checkGrad'),
  ...mode('compareModes'),
  ...mode('numericGrad'),
  ...mode('numericJacobian'),
  ...mode('jvp', () => [m()]),
  ...mode('hvp', () => [m()]),
  ...mode('record'),
  door(
    'grad(f) of a tree',
    () => [{ w: m(), b: 1, list: [m()] }, m()],
    (...args: unknown[]) =>
      (
        autodiff.grad((p: { w: Value; b: Value; list: Value[] }, x: Value) =>
          // What is missing from the structure reaches the operations: their errors are the library's.
          sum(mul(matmul(x, p?.w), mul(p?.b, p?.list?.[0]))),
        ) as (...x: unknown[]) => unknown
      )(...args),
  ),
  door(
    'derivative(f)',
    () => [2],
    (...args: unknown[]) =>
      (autodiff.derivative((x: Value) => exp(x)) as (...x: unknown[]) => unknown)(...args),
  ),
  door(
    'vjp',
    () => [f],
    (g: never) =>
      (autodiff.vjp(g) as unknown as (x: unknown) => { pullback(c: unknown): unknown })(
        m(),
      ).pullback(1),
  ),
  door(
    'vjp(f)',
    () => [m(), 1],
    (x: never, c: never) =>
      autodiff
        .vjp((v: Value) => f(v))(x)
        .pullback(c),
  ),
  door(
    'naiveDerivative',
    () => [(x: Value) => mul(x, exp(x))],
    (g: never) => (autodiff.naiveDerivative(g) as unknown as (x: unknown) => unknown)(1),
  ),
  door(
    'naiveDerivative(f)',
    () => [1],
    (x: never) =>
      (
        autodiff.naiveDerivative((v: Value) => mul(v, exp(v))) as unknown as (x: unknown) => unknown
      )(x),
  ),
  door(
    'numericGrad',
    () => [f, s({ method: 'central', step: 1e-5 })],
    (g: never, o: never) => (autodiff.numericGrad(g, o) as unknown as (x: unknown) => unknown)(m()),
  ),
  door(
    'numericJacobian',
    () => [f, s({ method: 'central', step: 1e-5 })],
    (g: never, o: never) =>
      (autodiff.numericJacobian(g, o) as unknown as (x: unknown) => unknown)(m()),
  ),
  door(
    'checkGrad',
    () => [f, s({ tolerance: 1e-6 })],
    (g: never, o: never) => (autodiff.checkGrad(g, o) as unknown as (x: unknown) => unknown)(m()),
  ),
  door(
    'record',
    () => [(x: Value) => exp(x), s({ names: ['x'], simplify: 'exact' })],
    (g: never, o: never) => (autodiff.record(g, o) as unknown as (x: unknown) => unknown)(m()),
  ),
  door(
    'record().toString',
    () => [s({})],
    (o: never) =>
      autodiff
        .record((x: Value) => exp(x))(m())
        .toString(o),
  ),
  door(
    'record().evaluate',
    () => [m()],
    (x: never) =>
      autodiff
        .record((v: Value) => exp(v))(m())
        .evaluate(x),
  ),
  door(
    'record().map',
    () => [{ input: () => 1, constant: () => 2, operation: () => 3 }],
    (v: never) =>
      autodiff
        .record((x: Value) => exp(x))(m())
        .map(v),
  ),
  door('briefEntries', () => [4]),
  door('broadcastTo', () => [1, [2, 3]]),
  door('clip', () => [m(), 0, 1]),
  door('concat', () => [[m(), m()], s({ axis: 1 })]),
  door('crossEntropy', () => [m(), [0, 1]]),
  door(
    'huberLoss',
    () => [1],
    (delta: never) => autodiff.huberLoss(delta)(m(), m()),
  ),
  door(
    'huberLoss()',
    () => [m(), m()],
    (...args: unknown[]) => (autodiff.huberLoss() as (...x: unknown[]) => unknown)(...args),
  ),
  door(
    'customDerivative',
    () => [
      (x: Value) => exp(x),
      (y: Value) => ({
        push: (d: Value) => autodiff.mul(y, d),
        pull: (c: Value) => autodiff.mul(y, c),
      }),
    ],
    (...args: never[]) => {
      const custom = (autodiff.customDerivative as (...x: never[]) => (x: Value) => Value)(...args);
      return autodiff.grad((x: Value) => sum(custom(x)))(m());
    },
  ),
  door(
    'customDerivative()',
    () => [m()],
    (x: never) =>
      (
        autodiff.customDerivative(
          (v: Value) => exp(v),
          () => ({ push: (d: Value) => d, pull: (c: Value) => c }),
        ) as (x: never) => unknown
      )(x),
  ),
  door(
    'definePrimitive',
    () => [
      s({
        name: 'cube',
        entry: (x: number) => x ** 3,
        slopes: [(_: unknown, x: Value) => mul(3, square(x))],
      }),
    ],
    (d: never) =>
      autodiff.grad((x: Value) =>
        sum((autodiff.definePrimitive(d) as unknown as (x: Value) => Value)(x)),
      )(m()),
  ),
  door(
    'definePrimitive of parts',
    () => [
      s({
        name: 'twice',
        shape: ({ rows, columns }: { rows: number; columns: number }) => [rows, columns],
        value: (x: autodiff.FlatMatrix) =>
          new FlatMatrix(
            x.rows,
            x.columns,
            x.data.map((v) => 2 * v),
          ),
        partials: [() => ({ push: (d: Value) => mul(2, d), pull: (c: Value) => mul(2, c) })],
      }),
    ],
    (d: never) =>
      autodiff.grad((x: Value) =>
        sum((autodiff.definePrimitive(d) as unknown as (x: Value) => Value)(x)),
      )(m()),
  ),
  door('gather', () => [m(3, 2), [0, 2], s({ axis: 0 })]),
  door('pick', () => [m(3, 2), [0, 1, 1]]),
  door('pad', () => [m(), 1, 1]),
  door('reshape', () => [m(), [4, 1]]),
  door('slice', () => [m(3, 2), [0, 2], [0, 1]]),
  door('stack', () => [[1, 2]]),
  door('where', () => [autodiff.greater(m(), 0.5), m(), m()]),
  door(
    'isLeaf',
    () => [1],
    undefined,
    () => true,
  ),
  door('item', () => [m(1, 1)]),
  door(
    'leavesOf',
    () => [{ w: m(), b: 1 }],
    undefined,
    () => true,
  ),
  door(
    'mapTree',
    () => [(x: Value) => square(x), { w: m(), b: 1 }, { w: m(), b: 1 }],
    undefined,
    () => true,
  ),
  door(
    'withLeaves',
    () => [{ w: m(), b: 1 }, [1, 2]],
    undefined,
    () => true,
  ),
  door('shaped', () => [2, 3]),
  door('withNaNCheck', () => [() => 1]),
  door(
    'gnvp',
    () => [(x: Value) => exp(x), (t: Value) => sum(square(t))],
    (...given: never[]) =>
      (autodiff.gnvp as (...x: never[]) => (...x: unknown[]) => unknown)(...given)(m(), m()),
  ),
  door(
    'gnvp(f)',
    () => [m(), m()],
    (...given: unknown[]) =>
      (autodiff.gnvp((x: Value) => exp(x)) as (...x: unknown[]) => unknown)(...given),
  ),
  door(
    'sparseJacobian',
    () => [
      (x: Value) => exp(x),
      autodiff.toFlatMatrix([
        [1, 0],
        [0, 1],
      ]),
    ],
    (...given: never[]) =>
      (autodiff.sparseJacobian as (...x: never[]) => (x: unknown) => unknown)(...given)(m(2, 1)),
  ),
  door(
    'sparseJacobian(f)',
    () => [m(2, 1)],
    (x: never) =>
      autodiff.sparseJacobian(
        (v: Value) => exp(v),
        autodiff.toFlatMatrix([
          [1, 0],
          [0, 1],
        ]),
      )(x),
  ),
  door(
    'flattenTree',
    () => [{ w: m(), b: 1 }],
    undefined,
    () => true,
  ),
  door(
    'TreeDef.flatten',
    () => [{ w: m(), b: 1 }],
    (tree: never) => autodiff.flattenTree({ w: m(), b: 1 }).def.flatten(tree),
  ),
  door(
    'TreeDef.fits',
    () => [{ w: m(), b: 1 }],
    (tree: never) => autodiff.flattenTree({ w: m(), b: 1 }).def.fits(tree),
    () => true,
  ),
  door(
    'isPlainObject',
    () => [{}],
    undefined,
    () => true,
  ),
  door(
    'FlatMatrix',
    () => [2, 2, [1, 2, 3, 4]],
    (...args: never[]) => new (FlatMatrix as new (...given: never[]) => unknown)(...args),
  ),
  door(
    'FlatMatrix.get',
    () => [0, 1],
    (...args: never[]) => (m().get as (...x: never[]) => unknown)(...args),
  ),
];

/** Exported for `instanceof`, types, or made by the library only. */
export const autodiffOthers = [
  'DepthError',
  'DerivativeError',
  'Expression',
  'NaNError',
  'ShapeError',
  'SingularError',
  'locallyConstant',
  // Tables, and what compilers call once for each operation with primitives of the library's making.
  'innerOperations',
  'table',
  'apply',
  'openIndices',
  'primitivesOf',
  'recordOf',
];
