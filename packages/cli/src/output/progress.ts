import type { Report } from '@steepest/optim';
import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  readonly to: (report: Report) => void;
  readonly end: () => void;
}

/** A bar with epoch, loss, examples per second and time left, where someone looks. */
export function startProgress(watched: boolean, epochs: number): Progress {
  if (!watched) return { to: () => {}, end: () => {} };
  const bar = new SingleBar(
    {
      format: '  {bar} epoch {value}/{total}, loss {loss}{speed}, {eta_formatted} left',
      hideCursor: true,
      clearOnComplete: true,
      stream: process.stderr,
    },
    Presets.shades_classic,
  );
  bar.start(epochs, 0, { loss: '', speed: '' });
  return {
    to: ({ epoch, loss, examplesPerSecond: speed }) =>
      bar.update(Math.floor(epoch), {
        loss: loss.toPrecision(6),
        speed: speed === undefined ? '' : `, ${Math.round(speed)} examples/s`,
      }),
    end: () => bar.stop(),
  };
}
