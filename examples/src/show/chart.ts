import { plot } from 'asciichart';

/**
 * Prints how a loss fell: one line chart of log₁₀(loss − floor), so that a steady rate of
 * convergence is a straight line.
 */
export function printLossCurve(losses: readonly number[], floor: number, label: string): void {
  const gaps = losses
    .filter(Number.isFinite)
    .map((loss) => Math.log10(Math.max(loss - floor, 1e-16)));
  if (!(Math.max(...gaps) > Math.min(...gaps))) {
    console.log(`  ${label}: no curve, there are not two finite losses that differ`);
    return;
  }
  console.log(`  ${label}`);
  const chart = plot(thinned(gaps, 60), {
    height: 8,
    format: (x) => x.toFixed(1).padStart(7),
  });
  console.log(chart);
}

/** At most `count` of the values, evenly spread, first and last included. */
function thinned(values: readonly number[], count: number): number[] {
  if (values.length <= count) return [...values];
  const step = (values.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, i) => values[Math.round(i * step)]);
}
