import { type Option, share } from '@steepest/ground';

/** How often an interval holds what it is for, between 0 and 1; 0.95 unless given. */
export const levelOption: Option<number, 'filled'> = share(0.95);
