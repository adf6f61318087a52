/** The version of this package, as package.json says it: written into every bundle. */
export const version = '0.1.0';
