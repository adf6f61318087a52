import { battery } from './support/battery.ts';
import { installed } from './support/engines.ts';

battery('sqlite', installed('sqlite'), 60);
