/** Something a reader of the data should know that did not stop it; the library never prints one. */
export interface Warning {
  readonly kind:
    | 'precision'
    | 'underflow'
    | 'leading-zeros'
    | 'trailing-blank-lines'
    | 'header-spaces'
    | 'header-numbers'
    | 'header-invisible'
    | 'imputed'
    | 'constant-column'
    | 'unknown-category'
    | 'rows-in-order';
  readonly message: string;
  readonly column?: string;
  readonly line?: number;
  readonly count?: number;
}
