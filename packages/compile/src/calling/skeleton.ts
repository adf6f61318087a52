import { DepthError, FlatMatrix, isLeaf, TreeDef } from '@steepest/autodiff';
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
export interface Skeleton {
  readonly tree: TreeDef;
  readonly kinds: readonly LeafKind[];
  /** Whether a leaf is what stands in this place, by the number of leaves before it. */
  readonly accepts: (x: unknown, leaf: number) => boolean;
}

/** What calls of one program have in common at a leaf. */
export type LeafKind =
  | { readonly kind: 'number' }
  | {
      readonly kind: 'matrix';
      readonly rows: number;
      readonly columns: number;
      readonly form: Form;
    }
  | { readonly kind: 'indices'; readonly length: number };

/** Why a structure that holds itself has no skeleton. */
export const holdsItself = 'an argument holds itself';

/** The skeleton of a structure and its leaves, in order; or the reason why it has none. */
export function skeletonOf(x: unknown): { skeleton: Skeleton; leaves: Leaf[] } | string {
  const found = callTree(x);
  if (found === undefined) return holdsItself;
  const { tree, leaves } = found;
  if (leaves.some((leaf) => typeof leaf === 'object' && isTracer(leaf))) {
    return 'an argument is being differentiated or recorded';
  }
  for (const [, other] of tree.others()) {
    if (typeof other !== 'object' || other === null) continue;
    const name = other.constructor?.name ?? 'no class';
    return `an argument holds an object of ${name}, whose contents may change unseen`;
  }
  const kinds = leaves.map(kindOf);
  return { skeleton: { tree, kinds, accepts: (leaf, i) => isOfKind(leaf, kinds[i]) }, leaves };
}

/** The structure of arguments and their leaves; undefined where it holds itself. */
function callTree(x: unknown): { tree: TreeDef; leaves: Leaf[] } | undefined {
  const leaves: Leaf[] = [];
  try {
    return { tree: TreeDef.of(x, leaves, isCallLeaf), leaves };
  } catch (error) {
    if (error instanceof DepthError) return undefined;
    throw error;
  }
}

/** How many leaves a structure of arguments has. */
export function leafCount(x: unknown): number {
  return TreeDef.of(x, [], isCallLeaf).size;
}

/** Whether a structure has this skeleton; puts its leaves, in order, into `leaves`, which is empty. */
export function fits({ tree, accepts }: Skeleton, x: unknown, leaves: Leaf[]): boolean {
  return tree.fits(x, leaves, accepts);
}

function isCallLeaf(x: unknown): x is Leaf {
  return isLeaf(x) || isIndexArray(x);
}

function kindOf(x: Leaf): LeafKind {
  if (typeof x === 'number') return { kind: 'number' };
  if (isIndexArray(x)) return { kind: 'indices', length: x.length };
  const [rows, columns] = sizeOf(x);
  return { kind: 'matrix', rows, columns, form: formOf(x) };
}

function isOfKind(x: unknown, kind: LeafKind): boolean {
  if (kind.kind === 'matrix') return isMatrixOf(x, kind.rows, kind.columns, kind.form);
  if (kind.kind === 'number') return typeof x === 'number';
  return isIndexArray(x) && x.length === kind.length;
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
