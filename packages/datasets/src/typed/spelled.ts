/** A number as it is written, where a double might not keep it. */
export class Spelled {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A time that is finer than milliseconds, in ISO 8601; a column of dates does not keep it. */
export class FineTime {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}
