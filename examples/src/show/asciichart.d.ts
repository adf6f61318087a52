declare module 'asciichart' {
  /** One or more series as lines of a chart with a labelled vertical axis. */
  export function plot(
    series: readonly number[] | readonly (readonly number[])[],
    config?: { height?: number; format?: (x: number) => string },
  ): string;
}
