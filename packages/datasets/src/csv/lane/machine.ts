/** The lane's code over its own memory; `layout.ts` says what lies where. */
export interface Machine {
  /** Takes lines between two addresses into the stages, from `row` on; returns an `ending`, and more in the frame. */
  readonly run: (at: number, end: number, row: number, mostRows: number) => number;
  readonly buffer: () => ArrayBuffer | SharedArrayBuffer;
  /** Makes the memory at least so large; its buffer is another one then. */
  grow(bytes: number): void;
}
