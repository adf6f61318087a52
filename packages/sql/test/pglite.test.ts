import { battery } from './support/battery.ts';

battery('pglite', 20);
