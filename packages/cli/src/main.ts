#!/usr/bin/env node
// The process of `steepest`: its streams, its signals, its exit code.
import { run } from './run.ts';

const controller = new AbortController();
let interruptions = 0;
process.on('SIGINT', () => {
  // The first ends the work at its next step; who presses again wants out.
  if (++interruptions > 1) process.exit(130);
  controller.abort(new Error('interrupted'));
});

// A reader such as `head` may close the pipe before everything is printed.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await run(process.argv.slice(2), {
  print: (text) =>
    new Promise((resolve) => {
      process.stdout.write(text, () => resolve());
    }),
  say: (text) => void process.stderr.write(`${text}\n`),
  stdin: process.stdin,
  colours: process.stdout.isTTY && process.env.NO_COLOR === undefined,
  watched: process.stderr.isTTY,
  signal: controller.signal,
});
