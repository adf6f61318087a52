/** How long the loop computes before it lets timers, aborts and the screen have their turn. */
const sliceMilliseconds = 12;

/** Lets the event loop run when the time slice is used up, at next to no cost before. */
export class Slices {
  private end: number;
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
    this.end = now() + sliceMilliseconds;
  }

  get due(): boolean {
    return this.now() >= this.end;
  }

  async breathe(): Promise<void> {
    await nextTask();
    this.end = this.now() + sliceMilliseconds;
  }
}

// Timers of 0 ms wait for 4 ms in browsers; a message does not.
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') {
      setImmediate(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    const receiver: { onmessage?: () => void; close(): void } = port1;
    receiver.onmessage = () => {
      receiver.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
