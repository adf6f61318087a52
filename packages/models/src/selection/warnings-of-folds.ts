import type { Warning } from '../checks/warning.ts';

/** What the fits of folds warn of, each kind (of the same columns) once, with the folds that it is of. */
export function warningsOfFolds(folds: readonly (readonly Warning[])[]): Warning[] {
  const found = new Map<string, { readonly first: Warning; readonly folds: number[] }>();
  folds.forEach((warnings, k) => {
    for (const warning of warnings) {
      const key = JSON.stringify([warning.kind, warning.columns ?? []]);
      const own = found.get(key);
      if (own === undefined) found.set(key, { first: warning, folds: [k + 1] });
      else if (own.folds.at(-1) !== k + 1) own.folds.push(k + 1);
    }
  });
  return [...found.values()].map(({ first, folds: own }) => ({
    ...first,
    message:
      own.length === folds.length
        ? `in every fold: ${first.message}`
        : `in fold ${own.join(', ')}: ${first.message}`,
  }));
}
