// What every peer script shares: the workloads' data, and a timer that prints one line of JSON.
let state = 1;
function next() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32 - 0.5;
}

export const entries = (n) => Float32Array.from({ length: n }, next);
export const labels = (n) => entries(n).map((e) => (e > 0 ? 1 : 0));

/** Runs `work` (which may return a promise) for about a second; prints its median. */
export async function time(workload, library, work) {
  for (let i = 0; i < 3; i++) await work();
  const times = [];
  const started = performance.now();
  while (times.length < 5 || (performance.now() - started < 1000 && times.length < 2000)) {
    const before = performance.now();
    await work();
    times.push((performance.now() - before) / 1000);
  }
  times.sort((a, b) => a - b);
  console.log(JSON.stringify({ workload, library, median: times[times.length >> 1] }));
}

/** A peer that cannot do a workload says so, and the next one follows. */
export async function attempt(workload, library, work) {
  try {
    await work();
  } catch (error) {
    const message = String(error?.message ?? error).split('\n')[0];
    console.log(JSON.stringify({ workload, library, failed: message.slice(0, 120) }));
  }
}
