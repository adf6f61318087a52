import type { Primitive } from '@steepest/autodiff';

/** An operation that only plans have: entries stay as they are. */
function identity(name: string): Primitive {
  return {
    name,
    entry: (x) => x,
    shape: ({ rows, columns }) => [rows, columns],
    value: (x) => x,
    partials: [null],
    samples: [],
  };
}

/** Entries in float32 as float64. */
export const promote: { readonly primitive: Primitive } = { primitive: identity('promote') };

/** Entries written out at a larger size: what a view says of a node, as a node of its own. */
export const stretch: { readonly primitive: Primitive } = { primitive: identity('stretch') };
