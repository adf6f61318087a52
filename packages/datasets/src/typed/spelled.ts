/** A number as it is written, where a double might not keep it. */
export class Spelled {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}
