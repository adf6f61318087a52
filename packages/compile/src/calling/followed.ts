import { FlatMatrix } from '@steepest/autodiff';
import { indicesOf, leafOfIndices, type Placed, type Recorded, sameEntries } from './recorded.ts';

/**
 * The recording where two turns with different row and class numbers agree in everything but
 * them; the reason where they do not, because f used the numbers in a way that is not followed.
 */
export function followed(one: Recorded, other: Recorded): Recorded | string {
  const unfollowed = 'row or class numbers among the arguments steer the computation itself';
  const a = one.graph.nodes;
  const b = other.graph.nodes;
  if (a.length !== b.length) return unfollowed;
  const partner = new Map<unknown, unknown>();
  const placed = new Map<unknown, Placed>();
  for (let k = 0; k < a.length; k++) {
    partner.set(a[k], b[k]);
    if (a[k].primitive?.name !== b[k].primitive?.name) return unfollowed;
    const indices = [a[k], b[k]].map((node) => indicesOf(node.primitive?.parameters));
    const leaves = [one, other].map((r, i) => leafOfIndices(r, indices[i]));
    if (leaves[0] !== leaves[1] || !sameParameters(a[k], b[k], leaves[0] !== undefined)) {
      return unfollowed;
    }
    for (let i = 0; i < a[k].inputs.length; i++) {
      const [x, y] = [a[k].inputs[i], b[k].inputs[i]];
      if (placed.has(x)) continue;
      if (partner.has(x) ? partner.get(x) === y : sameConstant(x, y, one, other)) continue;
      const found = placedEntries(x, y, one, other);
      if (found === undefined) return unfollowed;
      placed.set(x, found);
    }
  }
  return { ...one, placed };
}

// A derivative through `pick` starts from numbers that are known, so it is computed while
// recording: the entries that were placed by both turns' indices are recognized in its result.
function placedEntries(x: unknown, y: unknown, one: Recorded, other: Recorded): Placed | undefined {
  if (!(x instanceof FlatMatrix && y instanceof FlatMatrix)) return undefined;
  for (const [leaf, indices] of one.indexContents.entries()) {
    const others = other.indexContents[leaf];
    if (indices?.length !== x.rows || others === undefined) continue;
    const entries = entriesAt(x, indices);
    const same = entries !== undefined && entriesAt(y, others);
    if (same && sameEntries(entries.data, same.data)) return { leaf, entries };
  }
  return undefined;
}

/** The entry of each row at its index, where all others are zero. */
function entriesAt(x: FlatMatrix, indices: Int32Array): FlatMatrix | undefined {
  const entries = new FlatMatrix(x.rows, 1);
  for (let i = 0, k = 0; i < x.rows; i++) {
    for (let j = 0; j < x.columns; j++, k++) {
      if (j === indices[i]) entries.data[i] = x.data[k];
      else if (x.data[k] !== 0) return undefined;
    }
  }
  return entries;
}

function sameParameters(
  a: { readonly primitive: { readonly parameters?: unknown } | null },
  b: { readonly primitive: { readonly parameters?: unknown } | null },
  follows: boolean,
): boolean {
  const text = (x: unknown): string =>
    JSON.stringify(x, (key, value: unknown) =>
      key === 'indices' ? (follows ? 0 : String(value)) : value,
    );
  return text(a.primitive?.parameters) === text(b.primitive?.parameters);
}

function sameConstant(x: unknown, y: unknown, one: Recorded, other: Recorded): boolean {
  const leaf = one.standIns.get(x);
  if (leaf !== undefined || other.standIns.has(y)) return leaf === other.standIns.get(y);
  if (x === y) return true;
  return x instanceof FlatMatrix && y instanceof FlatMatrix && sameEntries(x.data, y.data);
}
