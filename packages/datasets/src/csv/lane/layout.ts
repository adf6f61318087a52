// Where things lie in the lane's memory, in bytes. The WebAssembly program and its twin both use it.

/** What a run is told, and what it leaves. */
export const frame = {
  /** The first byte of the line at which the run stopped. */
  at: 0,
  /** Staged rows, lines taken (a dropped row is one too), questions. */
  rows: 4,
  lines: 8,
  asks: 12,
  /** The first column's description, and the end of the last one's. */
  columns: 16,
  columnsEnd: 20,
  delimiter: 24,
  point: 28,
  asksStart: 32,
  mostAsks: 36,
} as const;

/** 10^0 … 10^7, and the powers of five, as 64-bit integers. */
export const tens = 64;
export const fives = 128;
export const columnsStart: number = fives + 16 * 651;

/** A column's description. */
export const column = {
  kind: 0,
  /** What an empty cell does. */
  empty: 4,
  /** Known labels: slots of a label's bytes and its code. */
  labels: 8,
  /** Where its staged cells begin. */
  stage: 12,
  bytes: 16,
} as const;

export const kinds = {
  /** Decimal numbers, staged as float64. */
  number: 0,
  /** Labels, staged as int32 codes; those of more than 15 bytes are asked about. */
  label: 1,
  /** Every cell is asked about. */
  each: 2,
  /** Not read; a cell is asked about if its bytes are not ASCII. */
  skip: 3,
} as const;

export const emptyCell = {
  /** Asked about. */
  ask: 0,
  /** A hole: NaN or −1. */
  hole: 1,
  /** The row is left out. */
  drop: 2,
  /** The line is for the reference. */
  stop: 3,
} as const;

/** A cell that the host must judge. */
export const ask = {
  /** The staged row; −1 minus the next one if this row was left out. */
  row: 0,
  /** The line within the run, and where it begins. */
  line: 4,
  lineStart: 8,
  /** The address of the column's description. */
  column: 12,
  from: 16,
  to: 20,
  bytes: 24,
} as const;

/**
 * Known labels per column; a slot is sixteen bytes of text, filled up with zeros, then a code. A text of
 * zeros marks a free slot.
 */
export const labelSlots = 1024;
export const slotBytes = 24;
export const slotCode = 16;
export const mostLabelBytes = 15;
/** How far a label may lie behind its own slot. */
export const mostProbes = 8;
/**
 * The slot of a label is the upper bits of (second word xor first times this) times this (Fibonacci
 * hashing, Knuth 6.4).
 */
export const hashFactor = 0x9e3779b97f4a7c15n;
export const hashShift = 54n;

/** No cell is longer; the reference takes lines that have longer ones. */
export const longestCell = 1000;
/** Bytes that must be readable behind a text: it is read eight at a time. */
export const padding = 16;

/** How a run ended. */
export const ending = {
  /** At the end of the text, or with full stages. */
  done: 0,
  /** At a line that is not for the lane. */
  stopped: 1,
} as const;
