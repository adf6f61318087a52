const splitter = 2 ** 27 + 1;

/**
 * start + Σ sign aᵢbᵢ as if in twice the working precision: Dot2 of Ogita, Rump and Oishi, "Accurate
 * sum and dot product" (2005), with Dekker's product, because there is no fused multiply-add here.
 */
export class Accumulator {
  private high = 0;
  private low = 0;

  add(x: number): void {
    const sum = this.high + x;
    const part = sum - this.high;
    this.low += this.high - (sum - part) + (x - part);
    this.high = sum;
  }

  addProduct(a: number, b: number): void {
    const product = a * b;
    const aHigh = splitter * a - (splitter * a - a);
    const bHigh = splitter * b - (splitter * b - b);
    const aLow = a - aHigh;
    const bLow = b - bHigh;
    this.add(product);
    this.low += aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
  }

  get value(): number {
    return this.high + this.low;
  }
}
