import type { OperationRecord } from '../primitive/primitive.ts';
import * as operations from './index.ts';

/** The record of every operation of the library, in no particular order. */
export const table: readonly OperationRecord[] = [
  ...Object.values<object>(operations),
  ...Object.values<object>(operations.innerOperations),
].flatMap((operation) =>
  'primitive' in operation ? [operation.primitive as OperationRecord] : [],
);
