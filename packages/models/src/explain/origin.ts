/**
 * The raw column that a prepared one was made of, by its name: 'plan=basic', 'age^2' and 'day.month' are
 * of plan, age and day. A product of columns, and a column of no known origin, stand for themselves.
 */
export function originOfColumn(name: string, features: readonly string[]): string {
  if (features.includes(name)) return name;
  const sources = features.filter(
    (feature) => name.startsWith(feature) && /^[=^.]/.test(name.slice(feature.length)),
  );
  const longest = sources.sort((a, b) => b.length - a.length)[0];
  return longest === undefined || name.slice(longest.length).includes('*') ? name : longest;
}
