import { FineTime, Spelled } from '../typed/spelled.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** How values are made from what a file holds: exactly, or as what is refused later. */
export const parsers = {
  timestampFromMilliseconds: (time: bigint | number): Date => new Date(Number(time)),
  timestampFromMicroseconds: (time: bigint | number): Date | FineTime => fine(BigInt(time), 3),
  timestampFromNanoseconds: (time: bigint | number): Date | FineTime => fine(BigInt(time), 6),
  dateFromDays: (days: number): Date => new Date(days * 86_400_000),
  /** Text, or the bytes themselves where they are none. */
  stringFromBytes(bytes: Uint8Array | undefined): string | Uint8Array | undefined {
    if (bytes === undefined) return undefined;
    try {
      return utf8.decode(bytes);
    } catch {
      return bytes;
    }
  },
};

/** A time counted in units of 10⁻³⁻ᵈ seconds. */
function fine(time: bigint, digits: number): Date | FineTime {
  const unit = 10n ** BigInt(digits);
  const rest = ((time % unit) + unit) % unit;
  const milliseconds = (time - rest) / unit;
  if (rest === 0n) return new Date(Number(milliseconds));
  const start = new Date(Number(milliseconds)).toISOString().slice(0, -1);
  return new FineTime(`${start}${String(rest).padStart(digits, '0')}Z`);
}

/** The decimal number that an unscaled integer stands for, spelled as it would be written. */
export function decimalOf(unscaled: unknown, scale: number): unknown {
  if (unscaled === null || unscaled === undefined) return unscaled;
  const integer = unscaled instanceof Uint8Array ? bigEndian(unscaled) : BigInt(unscaled as bigint);
  if (scale === 0) return integer;
  const digits = String(integer < 0n ? -integer : integer).padStart(scale + 1, '0');
  const whole = digits.slice(0, -scale);
  const part = digits.slice(-scale).replace(/0+$/, '');
  return new Spelled(`${integer < 0n ? '-' : ''}${whole}${part === '' ? '' : `.${part}`}`);
}

/** A signed integer of bytes, the most significant one first. */
function bigEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(8 * bytes.length, value);
}
