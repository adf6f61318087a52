import { type I32, i32, type Locals, memory, type Statement, until } from '@steepest/wasm';

/** Copies without a call, which would take longer than the copy. */
export function copyUnrolled(locals: Locals, from: I32, to: I32, bytes: number): Statement {
  if (bytes > 512) return copyWords(locals, from, to, bytes);
  const words: Statement[] = [];
  let offset = 0;
  for (; offset + 16 <= bytes; offset += 16) {
    words.push(memory.store(to, memory.load(from, offset), offset));
  }
  for (; offset + 8 <= bytes; offset += 8) {
    words.push(memory.storeF64(to, memory.loadF64(from, offset), offset));
  }
  if (offset < bytes) words.push(memory.storeI32(to, memory.loadI32(from, offset), offset));
  return words;
}

/** Copies in a loop, or by one instruction where that is worth its call. */
export function copyWords(locals: Locals, from: I32, to: I32, bytes: number): Statement {
  if (bytes > 4096) return memory.copy(to, from, i32.const(bytes));
  const [source, target, end] = Array.from({ length: 3 }, () => locals.local('i32'));
  const start = [source.set(from), target.set(to)];
  if (bytes <= 512) return [start, copyUnrolled(locals, source, target, bytes)];
  return [
    start,
    end.set(i32.add(source, i32.const(bytes & -16))),
    until(source, end, 16, [
      memory.store(target, memory.load(source)),
      target.set(i32.add(target, i32.const(16))),
    ]),
    copyUnrolled(locals, source, target, bytes & 15),
  ];
}
