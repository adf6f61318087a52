/** An expression as printed, with how tightly its outermost operator binds. */
export interface Printed {
  readonly text: string;
  readonly binding: number;
}

/** How one operation is written, as text and in LaTeX, from its printed operands. */
export interface Notation {
  text(...operands: Printed[]): Printed;
  latex(...operands: Printed[]): Printed;
}
