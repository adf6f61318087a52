/** A learning rate (or another factor) for each step, counted from 0. */
export type Schedule = (step: number) => number;
