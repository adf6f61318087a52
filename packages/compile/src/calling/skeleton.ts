import { FlatMatrix, isLeaf, isPlainObject } from '@steepest/autodiff';
import { SparseMatrix } from '../sparse.ts';

/** One matrix, number or index array among the arguments of a call. */
export type Leaf = number | FlatMatrix | MatrixLike | SingleMatrix | IndexArray;

/** A matrix of another class than FlatMatrix, or an ndarray. */
export interface MatrixLike {
  readonly rows?: number;
  readonly columns?: number;
  readonly shape?: readonly number[];
}

/** Features in float32: half the memory; all arithmetic is in float64. */
export interface SingleMatrix {
  readonly data: Float32Array;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
}

/** Class numbers and row numbers: what `pick` and `gather` take beside matrices. */
export type IndexArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** How the entries of a matrix are given: in float64, in float32, or those that are not zero. */
export type Form = 'double' | 'single' | 'sparse';

/** What all calls of one program have in common: structure, shapes, and whatever is no leaf. */
export type Skeleton =
  | { readonly kind: 'number' }
  | {
      readonly kind: 'matrix';
      readonly rows: number;
      readonly columns: number;
      readonly form: Form;
    }
  | { readonly kind: 'indices'; readonly length: number }
  | { readonly kind: 'array'; readonly items: readonly Skeleton[] }
  | { readonly kind: 'object'; readonly keys: readonly string[]; readonly items: Skeleton[] }
  | { readonly kind: 'other'; readonly value: unknown };

/** Deeper structures hold themselves. */
const mostLevels = 1000;

/** The skeleton of a structure, or the reason why it has none. */
export function skeletonOf(x: unknown, level = 0): Skeleton | string {
  if (level > mostLevels) return 'an argument holds itself';
  if (typeof x === 'number') return { kind: 'number' };
  if (isLeaf(x)) {
    if (isTracer(x as object)) return 'an argument is being differentiated or recorded';
    const [rows, columns] = sizeOf(x as MatrixLike);
    return { kind: 'matrix', rows, columns, form: formOf(x as object) };
  }
  if (isIndexArray(x)) return { kind: 'indices', length: x.length };
  if (Array.isArray(x)) {
    const items = allSkeletons(x, level);
    return typeof items === 'string' ? items : { kind: 'array', items };
  }
  if (isPlainObject(x)) {
    const keys = Object.keys(x);
    const items = allSkeletons(
      keys.map((key) => x[key]),
      level,
    );
    return typeof items === 'string' ? items : { kind: 'object', keys, items };
  }
  if (typeof x === 'object' && x !== null) {
    return `an argument holds an object of ${x.constructor?.name ?? 'no class'}, whose contents may change unseen`;
  }
  return { kind: 'other', value: x };
}

function allSkeletons(items: readonly unknown[], level: number): Skeleton[] | string {
  const found: Skeleton[] = [];
  for (const item of items) {
    const skeleton = skeletonOf(item, level + 1);
    if (typeof skeleton === 'string') return skeleton;
    found.push(skeleton);
  }
  return found;
}

/** Whether a structure has this skeleton; appends its leaves, in order, to `leaves`. */
export function fits(skeleton: Skeleton, x: unknown, leaves: Leaf[]): boolean {
  switch (skeleton.kind) {
    case 'number':
      if (typeof x !== 'number') return false;
      leaves.push(x);
      return true;
    case 'matrix':
      if (!isMatrixOf(x, skeleton.rows, skeleton.columns, skeleton.form)) return false;
      leaves.push(x as Leaf);
      return true;
    case 'indices':
      if (!isIndexArray(x) || x.length !== skeleton.length) return false;
      leaves.push(x);
      return true;
    case 'array': {
      const { items } = skeleton;
      if (!Array.isArray(x) || x.length !== items.length) return false;
      for (let i = 0; i < items.length; i++) if (!fits(items[i], x[i], leaves)) return false;
      return true;
    }
    case 'object':
      return isPlainObject(x) && fitsObject(skeleton.keys, skeleton.items, x, leaves);
    case 'other':
      return Object.is(skeleton.value, x);
  }
}

function fitsObject(
  keys: readonly string[],
  items: readonly Skeleton[],
  x: Record<string, unknown>,
  leaves: Leaf[],
): boolean {
  let k = 0;
  for (const key in x) {
    if (k >= keys.length || key !== keys[k] || !fits(items[k], x[key], leaves)) return false;
    k++;
  }
  return k === keys.length;
}

/** The structure of a skeleton with these leaves. */
export function filledIn(skeleton: Skeleton, leaves: readonly unknown[]): unknown {
  let next = 0;
  const walk = (s: Skeleton): unknown => {
    if (s.kind === 'array') return s.items.map(walk);
    if (s.kind === 'object') {
      const entries = s.keys.map((key, i) => [key, walk(s.items[i])] as const);
      return Object.fromEntries(entries);
    }
    return s.kind === 'other' ? s.value : leaves[next++];
  };
  return walk(skeleton);
}

function isMatrixOf(x: unknown, rows: number, columns: number, form: Form): boolean {
  if (x instanceof FlatMatrix) return form === 'double' && x.rows === rows && x.columns === columns;
  if (typeof x !== 'object' || x === null || !isLeaf(x) || isTracer(x)) return false;
  const size = sizeOf(x as MatrixLike);
  return size[0] === rows && size[1] === columns && formOf(x) === form;
}

/** Rows and columns of a matrix, or of an ndarray, whose one dimension is a column. */
export function sizeOf(x: MatrixLike): readonly [number, number] {
  if (typeof x.rows === 'number') return [x.rows, x.columns as number];
  const [rows = 1, columns = 1] = x.shape as readonly number[];
  return [rows, columns];
}

/** Whether a matrix is an ndarray over a Float32Array, row by row and without gaps. */
export function isSingle(x: object): x is SingleMatrix {
  const { data, shape, stride } = x as Partial<SingleMatrix>;
  if (!(data instanceof Float32Array) || shape === undefined || stride === undefined) return false;
  const [rows = 1, columns = 1] = shape;
  const [down = 1, right = 1] = stride;
  return (right === 1 || columns === 1) && (down === columns || rows === 1);
}

export function formOf(x: object): Form {
  if (x instanceof SparseMatrix) return 'sparse';
  return isSingle(x) ? 'single' : 'double';
}

/** The form of each leaf that is a matrix. */
export function formsOf(leaves: readonly Leaf[]): (Form | undefined)[] {
  return leaves.map((x) =>
    typeof x === 'number' || ArrayBuffer.isView(x) ? undefined : formOf(x),
  );
}

/** The entries of a matrix in float32, in order. */
export function singleEntries({ data, shape, offset }: SingleMatrix): Float32Array {
  const [rows = 1, columns = 1] = shape;
  return data.subarray(offset, offset + rows * columns);
}

/** The first rows of a matrix in float32, without a copy. */
export function firstSingleRows(x: SingleMatrix, rows: number): SingleMatrix {
  const [, ...rest] = x.shape;
  return { data: x.data, shape: [rows, ...rest], stride: x.stride, offset: x.offset };
}

/** Whether a leaf stands for a value that another transformation follows. */
export function isTracer(x: object): boolean {
  return 'lower' in x && 'level' in x;
}

function isIndexArray(x: unknown): x is IndexArray {
  if (!ArrayBuffer.isView(x) || x instanceof DataView) return false;
  return !(x instanceof BigInt64Array || x instanceof BigUint64Array);
}
