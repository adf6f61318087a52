import { nearest } from '@steepest/ground';
import { CsvError, listed, quoted } from './error.ts';

/** The error for a name that no column has, with the names it might have meant. */
export function unknownColumn(
  operation: string,
  name: string,
  names: readonly string[],
  where: { file?: string | undefined; line?: number | undefined } = {},
): CsvError {
  const near = nearest(name, names);
  return new CsvError({
    ...where,
    operation,
    reason: 'unknown-column',
    column: name,
    problem: `there is no column ${quoted(name)}`,
    advice:
      near.length > 0
        ? `did you mean ${near.map(quoted).join(' or ')}?`
        : `the columns are ${listed(names)}`,
  });
}
