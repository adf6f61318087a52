import type { Door } from './door.ts';
import { type Mutation, mutationsOf } from './mutations.ts';

/** A call that ended as no call may end. */
export interface Finding {
  readonly door: string;
  readonly what: string;
  readonly fault:
    | 'inner error'
    | 'no error'
    | 'hang'
    | 'slow'
    | 'nameless error'
    | 'broken example';
  readonly message: string;
}

/** What JavaScript itself says, as opposed to the library. */
const inner =
  /Cannot (read|set|convert|destructure|mix|access|add|assign|redefine|define|delete|create|perform)|is not (a function|iterable|a constructor|defined|extensible|async iterable)|is read-only|read only|Invalid (array|typed array|string|count|time|date|code point|atomic)|Maximum call stack|Converting circular|JSON at position|is not valid JSON|Unexpected (token|end|identifier)|must be of type|The "\w+" argument|undefined is not|null is not|BigInt value|called on (null|incompatible)|Reduce of empty|out of bounds|Array buffer allocation|offset is out|Do not know how|Method .* called|in operator|Class constructor|Symbol value|not a valid (URL|array length)|ERR_|^E[A-Z]{3,}:|WebAssembly\.|Incompatible receiver|Found non-callable/;

/** An error of the library begins with the operation. */
const named = /^[a-zA-Z_$][\w$.]*(\([^)]*\))?(\.[\w$]+)*: ./;

const patience = 4000; // milliseconds, of which a call may take half

/** Calls a door with one thing wrong at a time; at most `limit` of them, drawn by `random`. */
export async function tryDoor(
  door: Door,
  limit: number,
  random: () => number,
): Promise<{ calls: number; findings: Finding[] }> {
  const findings: Finding[] = [];
  const note = (what: string, fault: Finding['fault'], message = '') =>
    findings.push({ door: door.name, what, fault, message: message.slice(0, 200) });
  const right = await outcome(door, await door.args());
  if (right !== undefined) note('the example', 'broken example', String(right));
  const chosen = drawn(mutationsOf(await door.args(), door.depth), limit, random);
  for (const mutation of chosen) {
    const args = mutation.change(await door.args());
    const began = performance.now();
    const error = await outcome(door, args);
    const seconds = (performance.now() - began) / 1000;
    if (seconds > patience / 2000 && error !== 'hang') note(mutation.what, 'slow', `${seconds} s`);
    if (error === 'hang') note(mutation.what, 'hang');
    else if (error === undefined) {
      if (mutation.must && !(door.open?.(mutation.path) ?? false)) note(mutation.what, 'no error');
    } else judge(error, mutation, note);
  }
  return { calls: chosen.length, findings };
}

function judge(
  error: unknown,
  { what }: Mutation,
  note: (what: string, fault: Finding['fault'], message: string) => void,
): void {
  const message = error instanceof Error ? error.message : `thrown: ${String(error)}`;
  if (!(error instanceof Error) || inner.test(message)) note(what, 'inner error', message);
  else if (!named.test(message)) note(what, 'nameless error', message);
}

/** What a call threw or rejected with; undefined if it worked. */
async function outcome(door: Door, args: unknown[]): Promise<unknown> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, patience, 'hang');
  });
  try {
    const result = (door.run as (...given: unknown[]) => unknown)(...args);
    const isLater = typeof (result as { then?: unknown } | undefined)?.then === 'function';
    if (!isLater) return undefined;
    const end = await Promise.race([Promise.resolve(result).then(() => 'done'), late]);
    return end === 'hang' ? 'hang' : undefined;
  } catch (error) {
    return error ?? new Error(`thrown: ${String(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

function drawn<T>(items: T[], limit: number, random: () => number): T[] {
  if (items.length <= limit) return items;
  for (let i = 0; i < limit; i++) {
    const j = i + Math.floor(random() * (items.length - i));
    [items[i], items[j]] = [items[j], items[i]];
  }
  return items.slice(0, limit);
}

/** Numbers in [0, 1) from a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
