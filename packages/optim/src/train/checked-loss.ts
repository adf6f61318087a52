import { isLeaf, type Operand } from '@steepest/autodiff';
import { show } from '@steepest/ground';

/** A loss whose result is checked where it is returned, so that the error names the loss. */
export function checkedLoss<P, B>(
  operation: string,
  what: string,
  loss: (params: P, batch: B) => Operand,
): (params: P, batch: B) => Operand {
  return (params, batch) => {
    const found: unknown = loss(params, batch);
    if (typeof found === 'number') return found;
    if (isLeaf(found)) {
      const [rows, columns] = sizeOf(found as Exclude<Operand, number>);
      if (rows === 1 && columns === 1) return found;
      throw new TypeError(
        `${operation}: ${what} must return a single number (1×1), it returned ` +
          `${rows}×${columns}; take the sum or the mean`,
      );
    }
    throw new TypeError(
      `${operation}: ${what} must return a single number (1×1), it returned ${show(found)}` +
        remedyFor(found),
    );
  };
}

function sizeOf(x: Exclude<Operand, number>): readonly [number, number] {
  if ('rows' in x) return [x.rows, x.columns];
  const [rows = 1, columns = 1] = x.shape;
  return [rows, columns];
}

function remedyFor(found: unknown): string {
  if (found === undefined) return '; is a return missing?';
  if (typeof (found as { then?: unknown } | null)?.then !== 'function') return '';
  return '; is it an async function? Fetch the data before, the loss itself must not wait';
}
