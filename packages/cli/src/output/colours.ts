import type { createColors } from 'picocolors';

/** How text is coloured, or left alone where output is no terminal. */
export type Colors = ReturnType<typeof createColors>;
