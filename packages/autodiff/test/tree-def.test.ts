import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FlatMatrix, flattenTree, isPlainObject, leavesOf, TreeDef } from '../src/index.ts';

const matrix = fc
  .array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 4 })
  .map((entries) => new FlatMatrix(entries.length, 1, entries));
const key = fc.constantFrom('w', 'b', 'layers', '2', 'a key', '__proto__', 'constructor');
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    fc.double({ noNaN: true }),
    matrix,
    fc.constantFrom('relu', null, undefined, true),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 3 }),
  ),
}));

/** Follows a path as JavaScript would. */
function at(path: string, root: unknown): unknown {
  const access = path === '' || path.startsWith('[') ? `root${path}` : `root.${path}`;
  return new Function('root', `return ${access}`)(root);
}

describe('TreeDef', () => {
  it('gives a tree back from its leaves, and its leaves from the tree', () => {
    fc.assert(
      fc.property(tree, (x) => {
        const { leaves, def } = flattenTree(x);
        expect(def.size).toBe(leaves.length);
        expect(def.unflatten(leaves)).toEqual(x);
        expect(def.flatten(x)).toEqual(leaves);
        const found: unknown[] = [];
        expect(def.fits(x, found)).toBe(true);
        expect(found).toEqual(leaves);
      }),
    );
  });

  it('names the place of every leaf as code would write it', () => {
    fc.assert(
      fc.property(tree, (x) => {
        for (const { path, leaf } of leavesOf(x)) {
          if (!path.includes('__proto__')) expect(at(path, x)).toBe(leaf);
        }
      }),
    );
  });

  it('fits what has the same keys in the same order and the same other values, and nothing else', () => {
    const def = TreeDef.of({ w: 1, b: [2, 'relu'] });
    expect(def.fits({ w: 5, b: [new FlatMatrix(2, 2), 'relu'] })).toBe(true);
    expect(def.fits({ b: [2, 'relu'], w: 1 })).toBe(false);
    expect(def.fits({ w: 1, b: [2, 'tanh'] })).toBe(false);
    expect(def.fits({ w: 1, b: [2, 'relu', 3] })).toBe(false);
    expect(def.fits({ w: 1 })).toBe(false);
    expect(def.fits({ w: 1, b: [2, 'relu'], c: 3 })).toBe(false);
    expect(def.fits({ w: 'one', b: [2, 'relu'] })).toBe(false);
    expect(def.fits(null)).toBe(false);
  });

  it('asks of each leaf what the caller wants to know of it', () => {
    const def = TreeDef.of([new FlatMatrix(2, 1), 3]);
    const columns = (x: unknown, i: number) =>
      i === 0 ? x instanceof FlatMatrix && x.columns === 1 : typeof x === 'number';
    expect(def.fits([new FlatMatrix(5, 1), 3], [], columns)).toBe(true);
    expect(def.fits([new FlatMatrix(5, 2), 3], [], columns)).toBe(false);
    expect(def.fits([new FlatMatrix(5, 1), new FlatMatrix(1, 1)], [], columns)).toBe(false);
  });

  it('reads the leaves of another tree in its own order, and says where one is missing', () => {
    const def = TreeDef.of({ layers: [{ w: 1, b: 2 }] });
    expect(def.flatten({ layers: [{ b: 20, w: 10 }] })).toEqual([10, 20]);
    expect(() => def.flatten({ layers: [{ w: 10 }] }, 'step')).toThrow(
      new TypeError('step: the structures differ at layers[0].b: there is nothing beside it'),
    );
  });

  it('takes other leaves where it is told to', () => {
    const ids = Int32Array.of(1, 2);
    const leaves: unknown[] = [];
    const def = TreeDef.of({ ids, w: 1 }, leaves, (x) => ArrayBuffer.isView(x) || x === 1);
    expect(leaves).toEqual([ids, 1]);
    expect(def.pathOf(0)).toBe('ids');
    expect(TreeDef.of({ ids, w: 1 }).others()).toEqual([['ids', ids]]);
  });

  it('refuses a tree that holds itself', () => {
    const loop: { inner?: unknown } = {};
    loop.inner = loop;
    expect(() => flattenTree(loop)).toThrow(/nests deeper than 1000 levels; does it hold itself/);
  });

  it('takes objects without a prototype for plain ones', () => {
    const bare = Object.assign(Object.create(null), { w: 1 });
    expect([{}, bare, [], new Map(), null, 1].map(isPlainObject)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(Object.getPrototypeOf(TreeDef.of(bare).unflatten([2]))).toBe(null);
  });
});
