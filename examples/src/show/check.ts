import pc from 'picocolors';

/** A claim of an example did not hold. */
export class FailedCheck extends Error {
  override name = 'FailedCheck';
}

/** Prints a claim with the figure behind it; throws where it does not hold. */
export function check(claim: string, holds: boolean, figure: string): void {
  console.log(`  ${holds ? pc.green('✓') : pc.red('✗')} ${claim} ${pc.dim(`(${figure})`)}`);
  if (!holds) throw new FailedCheck(`${claim}: ${figure}`);
}

/** Checks that a figure is at most a limit. */
export function checkAtMost(claim: string, figure: number, limit: number): void {
  check(claim, figure <= limit, `${short(figure)}, at most ${short(limit)}`);
}

/** A number in a few characters. */
export function short(x: number): string {
  if (x === 0 || !Number.isFinite(x)) return String(x);
  const size = Math.abs(x);
  if (size < 1e-3 || size >= 1e6) return x.toExponential(1);
  return String(Number(x.toPrecision(4)));
}
