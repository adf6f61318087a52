import { Presets, SingleBar } from 'cli-progress';

/** A progress bar on a terminal; nothing where output is not one. */
export interface Progress {
  to(step: number, note: string): void;
  end(): void;
}

export function startProgress(total: number): Progress {
  if (!process.stderr.isTTY) return { to: () => {}, end: () => {} };
  const bar = new SingleBar(
    {
      format: '  {bar} {percentage}%  {note}',
      hideCursor: true,
      clearOnComplete: true,
      stream: process.stderr,
    },
    Presets.shades_classic,
  );
  bar.start(total, 0, { note: '' });
  return { to: (step, note) => bar.update(step, { note }), end: () => bar.stop() };
}
