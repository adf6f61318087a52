import { battery } from './support/battery.ts';

battery('duckdb', 60);
