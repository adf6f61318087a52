/** A number as a reader wants it: six significant digits, no trailing zeros. */
export function six(x: number): string {
  return String(Number(x.toPrecision(6)));
}

/** A statistic: three places after the point, or six digits where that says less. */
export function threePlaces(x: number): string {
  if (!Number.isFinite(x)) return String(x);
  return Math.abs(x) < 1e6 && (Math.abs(x) >= 0.1 || Math.abs(x) < 1e-9)
    ? Math.abs(x) < 1e-9
      ? '0.000'
      : x.toFixed(3)
    : String(Number(x.toPrecision(4)));
}

/** A p-value: three significant digits; what the distribution functions cannot tell from 0 as a bound. */
export function probability(p: number): string {
  if (p === 0) return '< 1e-290';
  if (p >= 0.0995) return p.toFixed(3);
  return p >= 1e-4 ? String(Number(p.toPrecision(3))) : p.toExponential(2);
}

/** 95% for 0.95. */
export function percent(level: number): string {
  return `${Number((100 * level).toPrecision(6))}%`;
}
