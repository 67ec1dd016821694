/**
 * DynamoDB's numbers: decimals with up to 38 significant digits between 1E-130 and 9.99..E+125.
 * Kept as their shortest plain text, so that equal numbers are equal strings. Arithmetic is exact,
 * with a fast path for integers that a double holds.
 */
import { validation } from './errors.ts';

const DIGITS_MAX = 38;
const EXPONENT_MAX = 125;
const EXPONENT_MIN = -130;
/** Texts of up to this length keep their order as doubles. */
const DOUBLE_TEXT_MAX = 15;
const PATTERN = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/**
 * The normalised text of a number ("1e3" and "1000.0" are "1000").
 * @throws ValidationException if it is not a number, or too precise, too large or too small.
 */
export function normaliseNumber(text: string): string {
  const short = Number(text);
  if (Number.isSafeInteger(short) && text.length <= 16 && String(short) === text) return text;
  const decimal = parse(text);
  if (decimal.digits.length > DIGITS_MAX) {
    throw validation('Attempting to store more than 38 significant digits in a Number');
  }
  if (decimal.digits !== '' && decimal.point - 1 > EXPONENT_MAX) {
    throw validation(
      'Number overflow. Attempting to store a number with magnitude larger than supported range',
    );
  }
  if (decimal.digits !== '' && decimal.point - 1 < EXPONENT_MIN) {
    throw validation(
      'Number underflow. Attempting to store a number with magnitude smaller than supported range',
    );
  }
  return textOf(decimal);
}

/** The order of two normalised numbers. */
export function compareNumbers(left: string, right: string): number {
  if (left === right) return 0;
  if (left.length <= DOUBLE_TEXT_MAX && right.length <= DOUBLE_TEXT_MAX) {
    return Number(left) - Number(right);
  }
  const a = parse(left);
  const b = parse(right);
  if (signOf(a) !== signOf(b)) return signOf(a) - signOf(b);
  const magnitude =
    a.point !== b.point
      ? a.point - b.point
      : a.digits < b.digits
        ? -1
        : a.digits > b.digits
          ? 1
          : 0;
  return a.negative ? -magnitude : magnitude;
}

/** `left + sign * right`. @throws ValidationException if the result is out of range. */
export function addNumbers(left: string, right: string, sign: 1 | -1): string {
  if (left.length <= DOUBLE_TEXT_MAX && right.length <= DOUBLE_TEXT_MAX) {
    const a = Number(left);
    const b = Number(right);
    if (Number.isInteger(a) && Number.isInteger(b)) return String(a + sign * b + 0);
  }
  const a = parse(left);
  const b = parse(right);
  const scale = Math.max(a.digits.length - a.point, b.digits.length - b.point, 0);
  const sum = scaled(a, scale) + BigInt(sign) * scaled(b, scale);
  return normaliseNumber(`${sum}e-${scale}`);
}

/**
 * The size of a normalised number in bytes: one, one for every two significant digits or part of
 * it, and one for a minus sign. AWS documents this as approximate; both local servers count so.
 */
export function numberSize(text: string): number {
  let digits = 0;
  let zeros = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 48 || code > 57) continue;
    if (code === 48) {
      if (digits > 0) zeros++;
    } else {
      digits += zeros + 1;
      zeros = 0;
    }
  }
  return ((digits + 1) >> 1) + 1 + (text.charCodeAt(0) === 45 ? 1 : 0);
}

/** 0.DIGITS * 10^point, with no zeros at either end of the digits. Zero has no digits. */
interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly point: number;
}

function parse(text: string): Decimal {
  const match = PATTERN.exec(text);
  const whole = match?.[2] ?? '';
  const fraction = match?.[3] ?? '';
  if (!match || whole.length + fraction.length === 0) {
    throw validation(
      `The parameter cannot be converted to a numeric value${text === '' ? '' : `: ${text}`}`,
    );
  }
  const all = whole + fraction;
  const digits = all.replace(/^0+/, '');
  const leading = all.length - digits.length;
  return {
    negative: match[1] === '-',
    digits: digits.replace(/0+$/, ''),
    point: whole.length - leading + Number(match[4] ?? 0),
  };
}

function signOf(decimal: Decimal): number {
  return decimal.digits === '' ? 0 : decimal.negative ? -1 : 1;
}

function scaled(decimal: Decimal, scale: number): bigint {
  if (decimal.digits === '') return 0n;
  const value =
    BigInt(decimal.digits) * 10n ** BigInt(decimal.point - decimal.digits.length + scale);
  return decimal.negative ? -value : value;
}

function textOf({ negative, digits, point }: Decimal): string {
  if (digits === '') return '0';
  const sign = negative ? '-' : '';
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits.padEnd(point, '0');
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
