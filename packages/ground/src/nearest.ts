/** The names closest to `wanted`, nearest first: what a misspelt name was probably meant to be. */
export function nearest(wanted: string, names: readonly string[], count = 3): string[] {
  const target = wanted.trim().toLowerCase();
  return names
    .slice(0, 2000)
    .map((name) => ({ name, distance: editDistance(target, name.trim().toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(2, name.length / 2))
    .filter(({ name, distance }) => distance < Math.max(name.length, target.length)) // something in common
    .sort((a, b) => a.distance - b.distance)
    .filter(({ distance }, _, [first]) => distance === 0 || first.distance > 0)
    .slice(0, count)
    .map(({ name }) => name);
}

/** Levenshtein's distance: single-character insertions, deletions and replacements from a to b. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 20 || a.length > 100) return Number.POSITIVE_INFINITY;
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replace, previous[j] + 1, current[j - 1] + 1));
    }
    previous = current;
  }
  return previous[b.length];
}
