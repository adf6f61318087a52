/** The types of columns on disk, in NumPy's words; of texts, where each ends in the bytes beside. */
export const formats = {
  number: { descr: '<f8', bytes: 8 },
  date: { descr: '<f8', bytes: 8 },
  text: { descr: '<f8', bytes: 8 },
  category: { descr: '<i4', bytes: 4 },
  boolean: { descr: '|i1', bytes: 1 },
  bytes: { descr: '|u1', bytes: 1 },
} as const;

export type DiskFormat = keyof typeof formats;
export type DiskType = Exclude<DiskFormat, 'bytes'>;

/** What every header here takes, so that the length can be written when it is known. */
export const headerBytes = 128;

/** The header of an .npy file (format 1.0) of one dimension. */
export function npyHeader(type: DiskFormat, rows: number): Uint8Array {
  const header = new Uint8Array(headerBytes).fill(32);
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, headerBytes - 10, 0]);
  const { descr } = formats[type];
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${rows},), }`;
  header.set(new TextEncoder().encode(text), 10);
  header[headerBytes - 1] = 10;
  return header;
}
