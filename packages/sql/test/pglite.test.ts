import { battery } from './support/battery.ts';
import { installed } from './support/engines.ts';

battery('pglite', installed('pglite'), 20);
