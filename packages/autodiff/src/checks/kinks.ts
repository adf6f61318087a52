/** The slopes to the left and to the right of a point where they differ. */
export interface OneSided {
  readonly left: number;
  readonly right: number;
}

/**
 * The one-sided slopes of a function of one number where it has a kink at x, undefined where it is
 * smooth: one-sided quotients differ by h f″ there, less and less as h shrinks; at a kink they keep
 * their distance.
 */
export function kinkAt(f: (x: number) => number, x: number): OneSided | undefined {
  const scale = Math.max(1, Math.abs(x));
  const wide = oneSided(f, x, scale * 2 ** -12);
  const narrow = oneSided(f, x, scale * 2 ** -18);
  const apart = Math.abs(narrow.right - narrow.left);
  if (!Number.isFinite(apart)) return undefined;
  const size = Math.abs(narrow.left) + Math.abs(narrow.right);
  const rounding = (Math.abs(f(x)) * Number.EPSILON * 8) / (scale * 2 ** -18);
  const noise = Math.max(1e-4 * size, 1e3 * rounding);
  const keepsDistance = apart > 0.5 * Math.abs(wide.right - wide.left);
  return keepsDistance && apart > noise ? narrow : undefined;
}

function oneSided(f: (x: number) => number, x: number, h: number): OneSided {
  const here = f(x);
  return { left: (here - f(x - h)) / h, right: (f(x + h) - here) / h };
}
