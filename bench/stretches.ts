import type { FlatMatrix } from '@steepest/autodiff';
import { compiled } from '@steepest/compile';
import type { Place, Standing, Stepper, Stretch } from '@steepest/optim';

/** What an epoch of steps needs. */
interface Training<P, B, S> {
  readonly loss: (params: P, batch: B) => unknown;
  readonly params: unknown;
  readonly data: object;
  readonly rows: number;
  readonly batchRows: number;
  readonly order: Int32Array;
  readonly optimizer: Stepper<S>;
}

/** An epoch of steps by the engine's own call: a place's `steps`, without the loop around it. */
export function stretches<P, B, S>(training: Training<P, B, S>, options = {}): () => void {
  const { loss, params, data, rows, batchRows, order } = training;
  const optimizer = training.optimizer as unknown as Stepper;
  const steps = Math.ceil(order.length / batchRows);
  const source = {
    data,
    rows,
    batchRows,
    batchesPerEpoch: steps,
    order: () => order,
    epoch: () => [],
  };
  const problem = { loss, params, source, whole: false, optimizer, valueAndGradient: undefined };
  const place = compiled(options).place(problem as never) as Place<unknown>;
  if (place.steps === undefined) throw new Error(`bench: ${place.why}`);
  let at: Standing<unknown> = { params, state: optimizer.init(params as FlatMatrix), step: 0 };
  return () => {
    const after = place.steps?.(optimizer, at, { steps, order }) as Stretch<unknown>;
    at = { params: after.params, state: after.state, step: at.step + steps };
  };
}
