/** The command line itself is wrong: exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** What was asked cannot be done with this data or this model: exit code 1. */
export class Refusal extends Error {
  override name = 'Refusal';
}
