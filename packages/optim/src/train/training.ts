import type { Report } from './report.ts';
import type { Result } from './result.ts';

/**
 * A run that starts when it is awaited or iterated: `await` gives its result, `for await` its
 * reports. Leaving the iteration early ends the run with the reason 'aborted'; its result can still
 * be awaited.
 */
export class Training<P> implements Promise<Result<P>>, AsyncIterable<Report> {
  readonly [Symbol.toStringTag]: string = 'Training';
  readonly #reports: AsyncGenerator<Report, void>;
  #result: Result<P> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #ended: Promise<Result<P>> | undefined;

  constructor(
    loop: (
      settle: (result: Result<P>) => void,
      fail: (error: unknown) => void,
    ) => AsyncGenerator<Report, void>,
  ) {
    this.#reports = loop(
      (result) => {
        this.#result = result;
      },
      (error) => {
        this.#failure = { error };
      },
    );
  }

  [Symbol.asyncIterator](): AsyncGenerator<Report, void> {
    return this.#reports;
  }

  // biome-ignore lint/suspicious/noThenProperty: being awaitable is its purpose; a Promise cannot wait to start
  then<A = Result<P>, B = never>(
    fulfilled?: ((result: Result<P>) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#end().then(fulfilled, rejected);
  }

  catch<B = never>(
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<Result<P> | B> {
    return this.#end().catch(rejected);
  }

  finally(done?: (() => void) | null): Promise<Result<P>> {
    return this.#end().finally(done);
  }

  #end(): Promise<Result<P>> {
    this.#ended ??= this.#drain();
    return this.#ended;
  }

  async #drain(): Promise<Result<P>> {
    for (let turn = await this.#reports.next(); !turn.done; ) turn = await this.#reports.next();
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#result !== undefined) return this.#result;
    throw new Error('train: the run ended without a result; it was ended before it began');
  }
}
