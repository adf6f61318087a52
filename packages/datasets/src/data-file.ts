/**
 * Where a file that ships with the package lies. This module stands at the root of src because the
 * build joins modules into files at the root of dist: from both, the data is one folder up.
 */
export function dataFile(name: string): URL {
  return new URL(`../data/${name}`, import.meta.url);
}
