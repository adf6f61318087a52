import type { IndexArray, Leaf } from './skeleton.ts';

/**
 * An index array of the same class and length whose entries are not known: reading one throws, since
 * other entries might lead the function another way.
 */
export function unread(array: IndexArray): object {
  const { length, byteLength, BYTES_PER_ELEMENT } = array;
  const prototype = Object.getPrototypeOf(array) as object;
  const facts: Readonly<Record<PropertyKey, unknown>> = {
    length,
    byteLength,
    BYTES_PER_ELEMENT,
    constructor: array.constructor,
    [Symbol.toStringTag]: array[Symbol.toStringTag],
  };
  const refuse = (): never => {
    throw new TypeError(
      'the function reads row or class numbers among its arguments by itself, so others might lead ' +
        'it another way; pick, gather and crossEntropy take them as they are',
    );
  };
  return new Proxy(Object.create(prototype) as object, {
    get: (_, key) => {
      if (key in facts) return facts[key];
      const reads = key in prototype || (typeof key === 'string' && /^\d+$/.test(key));
      return reads ? refuse() : undefined;
    },
    has: (_, key) => key in facts || refuse(),
    ownKeys: refuse,
    getOwnPropertyDescriptor: refuse,
  });
}

export function isArray(leaf: Leaf): leaf is IndexArray {
  return ArrayBuffer.isView(leaf);
}
