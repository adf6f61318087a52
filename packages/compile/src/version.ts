/** The version of this package, as package.json says it: a fact of checkpoints. */
export const version = '0.1.0';
