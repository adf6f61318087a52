/** One contender: `run` does the work once; whatever it returns is kept from being optimized away. */
export interface Contender {
  readonly name: string;
  readonly run: () => unknown;
}

/** The seconds that one run of a contender takes: the fastest and the median of its rounds. */
export interface Timing {
  readonly name: string;
  readonly best: number;
  readonly median: number;
}

let kept: unknown;

/**
 * Times contenders in turn (A B C, A B C, …), so that a slow moment of the machine meets them all.
 * Each round repeats a contender for about `roundSeconds`.
 */
export function measure(
  contenders: readonly Contender[],
  { rounds = 15, roundSeconds = 0.02 }: { rounds?: number; roundSeconds?: number } = {},
): Timing[] {
  const repeats = contenders.map(({ run }) => {
    const started = performance.now();
    let count = 0;
    while (performance.now() - started < 150) {
      kept = run();
      count++;
    }
    return Math.max(1, Math.round((count * roundSeconds) / 0.15));
  });
  const seconds: number[][] = contenders.map(() => []);
  for (let round = 0; round < rounds; round++) {
    contenders.forEach(({ run }, i) => {
      const started = performance.now();
      for (let k = 0; k < repeats[i]; k++) kept = run();
      seconds[i].push((performance.now() - started) / 1000 / repeats[i]);
    });
  }
  return contenders.map(({ name }, i) => {
    const sorted = seconds[i].sort((a, b) => a - b);
    return { name, best: sorted[0], median: sorted[sorted.length >> 1] };
  });
}

/** Prints medians, and each contender's ratio to the first. */
export function report(title: string, timings: readonly Timing[]): void {
  console.log(`\n${title}`);
  const width = Math.max(...timings.map(({ name }) => name.length));
  const [reference] = timings;
  for (const { name, median, best } of timings) {
    const ratio = (median / reference.median).toFixed(2);
    console.log(
      `  ${name.padEnd(width)}  ${formatSeconds(median).padStart(9)}  (best ${formatSeconds(best)})  ` +
        `${ratio} × ${reference.name}`,
    );
  }
}

function formatSeconds(seconds: number): string {
  if (seconds < 1e-3) return `${(seconds * 1e6).toFixed(2)} µs`;
  return seconds < 1 ? `${(seconds * 1e3).toFixed(2)} ms` : `${seconds.toFixed(2)} s`;
}

export function keptResult(): unknown {
  return kept;
}
