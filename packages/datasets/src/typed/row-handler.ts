/** Takes the rows of a file whose cells have types of their own. */
export interface RowHandler {
  /** The names of the file's first row; gives back those that rows are to be ordered by. */
  names(found: readonly string[], at: number): readonly string[];
  /** Whether a column of lists or structs is an error, or only noted. */
  readonly refusesNested: boolean;
  /** Whether the cells of a column are looked at, once the names are told. */
  wants(name: string): boolean;
  /** A name that was not among them: whether it is one of them from now on. May throw. */
  another(name: string, at: number): boolean;
  /** The cells of a row, undefined where it has none, and its line or number; false if no more are wanted. */
  row(values: readonly unknown[], at: number): boolean;
}
