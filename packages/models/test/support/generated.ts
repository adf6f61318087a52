/** Whole-number recipes of the reference paths: test/cases/path/README.md. */
export interface Recurrence {
  readonly seed: number;
  readonly n: number;
  readonly p: number;
  readonly blocks: number;
  readonly c: number;
  readonly k: Readonly<Record<string, number>>;
  readonly m?: number;
  readonly a?: number;
  readonly d?: number;
  readonly constant?: Readonly<Record<string, number>>;
  readonly checksum: number;
}

/** Columns x1 … xp and the target; throws where the checksum is another. */
export function generated(recipe: Recurrence, family: 'gaussian' | 'binomial' | 'poisson') {
  const { seed, n, p, blocks, c, k, m = 0, a = 0, d = 1, constant = {} } = recipe;
  let state = seed;
  const draw = () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state >>> 16;
  };
  const g = () => draw() + draw() + draw() + draw() - 131070;
  const names = Array.from({ length: p }, (_, j) => `x${j + 1}`);
  const columns = names.map(() => new Float64Array(n));
  const y = new Float64Array(n);
  let checksum = 0;
  const see = (whole: number) => {
    checksum = (Math.imul(31, checksum) + whole) >>> 0;
  };
  for (let i = 0; i < n; i++) {
    const f = Array.from({ length: blocks }, g);
    let e = 0;
    names.forEach((name, j) => {
      const v = constant[name] ?? g() + c * (f[j % blocks] ?? 0);
      see(v);
      columns[j][i] = v / 65536;
      e += (k[name] ?? 0) * v;
    });
    if (family === 'poisson') {
      const t = Math.min(65535, Math.max(0, a + Math.floor(e / d)));
      for (let draws = 0; draws < 12; draws++) if (draw() < t) y[i]++;
      see(y[i]);
    } else {
      const u = e + m * g();
      y[i] = family === 'gaussian' ? u / 65536 : u > 0 ? 1 : 0;
      see(family === 'gaussian' ? u : y[i]);
    }
  }
  if (checksum !== recipe.checksum) throw new Error(`checksum ${checksum}, not ${recipe.checksum}`);
  return { names, columns, y };
}
