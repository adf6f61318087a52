import { listOf, type Option, text } from '@steepest/ground';

/** The name of a column, as an option or an argument. */
export const columnName: Option<string, 'optional'> = text(undefined, {
  expected: 'the name of a column',
  sample: "'age'",
});

/** A list of names of columns. */
export const columnNames: Option<readonly string[], 'optional'> = listOf(columnName);
