/** Σ weight xᵢxⱼ for pairs of columns, each computed once: those of columns that were asked for. */
export class PairSums {
  readonly #x: readonly Float64Array[];
  readonly #ones: Float64Array;
  readonly #weights: Float64Array;
  /** Where a column is among those that were asked for; its sums with the ones before it. */
  readonly #place = new Map<number, number>();
  readonly #sums: Float64Array[] = [];

  constructor(x: readonly Float64Array[], ones: Float64Array, weights: Float64Array) {
    this.#x = x;
    this.#ones = ones;
    this.#weights = weights;
  }

  /** The matrix of the intercept and the chosen columns, over n. */
  fill(matrix: Float64Array, chosen: Int32Array, n: number, intercept: boolean): void {
    const places = [...(intercept ? [-1] : []), ...chosen].map((j) => this.#placeOf(j));
    const first = intercept ? 0 : 1;
    const size = chosen.length + 1;
    for (let r = 0; r < places.length; r++) {
      for (let s = 0; s <= r; s++) {
        const high = Math.max(places[r], places[s]);
        const value = this.#sums[high][Math.min(places[r], places[s])] / n;
        matrix[(r + first) * size + s + first] = value;
        matrix[(s + first) * size + r + first] = value;
      }
    }
  }

  /** −1 is the column of ones. */
  #placeOf(column: number): number {
    let place = this.#place.get(column);
    if (place !== undefined) return place;
    place = this.#sums.length;
    this.#place.set(column, place);
    const weighted = (column < 0 ? this.#ones : this.#x[column]).map(
      (value, i) => value * this.#weights[i],
    );
    this.#sums.push(new Float64Array(place + 1));
    for (const [other, at] of this.#place) {
      const x = other < 0 ? this.#ones : this.#x[other];
      let sum = 0;
      for (let i = 0; i < x.length; i++) sum += x[i] * weighted[i];
      this.#sums[place][at] = sum;
    }
    return place;
  }
}
