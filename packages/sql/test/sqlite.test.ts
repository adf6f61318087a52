import { battery } from './support/battery.ts';

battery('sqlite', 60);
