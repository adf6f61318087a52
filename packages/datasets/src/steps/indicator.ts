import type { NumericColumn } from './frame.ts';

/** Columns of 0 and 1 of which at most one is 1 in each row. */
export interface Indicators {
  /** Which of them is 1 in each row; −1 for none. */
  readonly at: Int32Array;
}

/** The column that is 1 where its group is at its place; laid out only for a step that asks. */
export class IndicatorColumn implements NumericColumn {
  readonly kind = 'number';
  readonly name: string;
  readonly group: Indicators;
  readonly place: number;
  #values: Float64Array | undefined;

  constructor(name: string, group: Indicators, place: number) {
    this.name = name;
    this.group = group;
    this.place = place;
  }

  get values(): Float64Array {
    if (this.#values !== undefined) return this.#values;
    const { at } = this.group;
    const values = new Float64Array(at.length);
    for (let i = 0; i < at.length; i++) if (at[i] === this.place) values[i] = 1;
    this.#values = values;
    return values;
  }
}
