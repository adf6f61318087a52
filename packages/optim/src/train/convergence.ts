/** How fast a run converges. */
export interface Convergence {
  /**
   * What a step multiplied the gradient's norm by, on average over the later half of the run so far;
   * undefined before there are enough reports.
   */
  readonly measured: number | undefined;
  /**
   * What a step of this method multiplies the distance to the minimum by in the long run, by the
   * curvature of the loss; undefined for methods without a fixed rate and where the loss is not
   * strictly convex.
   */
  readonly predicted: number | undefined;
}

/** A gradient smaller than this share of the largest is rounding. */
const floor = 1e-13;

/** The factor by which gradients shrink: by least squares of ln ‖g‖ over the later half of the steps. */
export function measuredFactor(
  reports: readonly { readonly step: number; readonly gradientNorm: number }[],
): number | undefined {
  const largest = reports.reduce((most, { gradientNorm }) => Math.max(most, gradientNorm), 0);
  const least = floor * largest;
  const end = reports.findIndex(({ gradientNorm }) => !(gradientNorm > least));
  const seen = end < 0 ? reports : reports.slice(0, end);
  const half = seen.slice(seen.length >> 1);
  if (half.length < 3) return undefined;
  const mean = (of: (report: (typeof half)[number]) => number) =>
    half.reduce((sum, report) => sum + of(report), 0) / half.length;
  const [step, height] = [mean((r) => r.step), mean((r) => Math.log(r.gradientNorm))];
  const across = mean((r) => (r.step - step) ** 2);
  const along = mean((r) => (r.step - step) * (Math.log(r.gradientNorm) - height));
  return across > 0 ? Math.exp(along / across) : undefined;
}
