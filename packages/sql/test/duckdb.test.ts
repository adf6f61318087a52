import { battery } from './support/battery.ts';
import { installed } from './support/engines.ts';

battery('duckdb', installed('duckdb'), 60, 'all');
