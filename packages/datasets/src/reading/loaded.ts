/**
 * A package that is loaded when it is first used. Throws an Error that says what to install where it is
 * not there.
 */
export async function loaded<T>(
  operation: string,
  name: string,
  load: () => Promise<T>,
  install = `npm install ${name}`,
): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw new Error(`${operation}: needs ${name}, which cannot be loaded; ${install}`, {
      cause: error,
    });
  }
}
