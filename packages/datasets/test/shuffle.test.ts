import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, it } from 'vitest';
import { below } from '../src/random/shuffle.ts';

it("draws the numbers of pure-rand's uniformInt", () => {
  const sizes = [1, 2, 3, 7, 100, 65_536, 1_000_003, 2 ** 31 - 1, 2 ** 31];
  for (const size of sizes) {
    const [ours, theirs] = [xoroshiro128plus(size), xoroshiro128plus(size)];
    for (let k = 0; k < 2000; k++) {
      expect(below(ours, size)).toBe(uniformInt(theirs, 0, size - 1));
    }
  }
});
