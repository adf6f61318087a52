/** An estimate and where it would fall if rows were drawn again. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  /** How often such intervals hold what they are for. */
  readonly level: number;
  /** How it was made. */
  readonly method: 'Wilson' | 'DeLong' | 'normal' | 'bootstrap';
}

export interface LevelOptions {
  /** How often the interval shall hold what it is for, between 0 and 1; 0.95 unless given. */
  readonly level?: number | undefined;
}
