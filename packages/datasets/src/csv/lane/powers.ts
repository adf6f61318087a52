/** Powers of ten from 10^−342 to 10^308: beyond them every double is 0 or infinite. */
export const lowestPower = -342;
export const highestPower = 308;

let known: BigUint64Array | undefined;

/**
 * The 128 leading bits of 5^q, high half first, for every q in order (Lemire 2021, "Number parsing at a
 * gigabyte per second", section 5): cut off where q ≥ 0; for q < 0 the reciprocal, rounded up.
 */
export function powersOfFive(): BigUint64Array {
  if (known !== undefined) return known;
  const table = new BigUint64Array(2 * (highestPower - lowestPower + 1));
  const put = (q: number, bits: bigint): void => {
    const at = 2 * (q - lowestPower);
    table[at] = bits >> 64n;
    table[at + 1] = BigInt.asUintN(64, bits);
  };
  let power = 1n;
  let length = 1; // how many bits the power has
  for (let q = 0; q <= -lowestPower; q++) {
    if (q > 0) {
      power *= 5n;
      length += 2;
      if (power >> BigInt(length) > 0n) length++;
      // 2^(length − 1) < 5^q < 2^length, so the quotient has 128 bits.
      put(-q, (1n << BigInt(length + 127)) / power + 1n);
    }
    if (q > highestPower) continue;
    const shift = BigInt(length - 128);
    put(q, shift > 0n ? power >> shift : power << -shift);
  }
  known = table;
  return table;
}
