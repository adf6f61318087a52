// Questions that are answered at once or later

export { type Asking, answered, atOnce, got, type Later } from './asking.ts';

// Settings: one spec beside each written-out interface

// Words of messages
export { nearest } from './nearest.ts';
export {
  advised,
  argument,
  either,
  type Mode,
  type Option,
  option,
  refusal,
  required,
  type Wording,
} from './option.ts';
export { type Door, nested, type Settled, type Spec, settle } from './settle.ts';
export { isCallable, isPlain, isThenable, show } from './show.ts';
// What a setting may be
export {
  anything,
  boolean,
  callback,
  finite,
  fraction,
  infinite,
  listOf,
  nonNegative,
  oneOf,
  positive,
  seed,
  share,
  signal,
  text,
  wholeNumber,
} from './values.ts';
