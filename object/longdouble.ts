/**
 * The long double of x86: C's printf, strtold and addition on 80-bit numbers, exactly.
 *
 * INCRBYFLOAT and HINCRBYFLOAT compute in `long double`, and clients see its 64 bits of precision
 * in the reply. JavaScript has nothing between a double and a BigInt, so a number is kept as the
 * three fields of the x87 format,
 *
 *     value = (-1)^sign * mant * 2^exp        2^63 <= mant < 2^64, but for zero and subnormal numbers
 *                                             -16445 <= exp <= 16320
 *
 * and every operation works on exact integers, then rounds once, to the nearest, ties to even. The
 * same integers give printf()'s digits of a double, for the cases in which toFixed() and
 * toExponential() round a tie the other way.
 *
 * Who calls in: util.ts and through it the string, hash and sorted set commands. Whom it calls:
 * nobody.
 * There is no C file of this name: the compiler and libc do this for C.
 */

export const LD_FINITE = 0;
export const LD_INF = 1;
export const LD_NAN = 2;

/** Bits of the mantissa. */
const LD_MANT_BITS = 64;
/** Exponents of the last bit of the mantissa: of the smallest and of the biggest numbers. */
const LD_MIN_EXP = -16445;
const LD_MAX_EXP = 16320;

/** An x87 extended number. Never changed once made. */
export class longdouble {
  /** 1 for negative numbers, negative zero included. */
  readonly sign: number;
  readonly mant: bigint;
  readonly exp: number;
  /** LD_FINITE, LD_INF or LD_NAN. */
  readonly kind: number;
  constructor(sign: number, mant: bigint, exp: number, kind: number) {
    this.sign = sign;
    this.mant = mant;
    this.exp = exp;
    this.kind = kind;
  }
}

/**
 * The number of bits of a non-negative integer.
 * @own BigInt has no such function
 */
export function bitLength(x: bigint): number {
  if (x === 0n) return 0;
  const hex = x.toString(16);
  return hex.length * 4 - (Math.clz32(Number.parseInt(hex[0], 16)) - 28);
}

/**
 * Rounds `q * 2^e` (`sticky`: and a little more) to `bits` bits whose last one is worth at least
 * 2^minexp: to the nearest, ties to even. Returns mantissa and exponent. With `sticky`, `q` must
 * have more than `bits` bits.
 *
 * @own what the hardware does at the end of each operation
 */
export function roundMantissa(
  q: bigint,
  e: number,
  sticky: boolean,
  bits: number,
  minexp: number,
): { mant: bigint; exp: number } {
  const exp = Math.max(e + bitLength(q) - bits, minexp);
  const shift = exp - e;
  if (shift <= 0) return { mant: q << BigInt(-shift), exp };
  const s = BigInt(shift);
  let mant = q >> s;
  const rem = q - (mant << s);
  const half = 1n << (s - 1n);
  if (rem > half || (rem === half && (sticky || (mant & 1n) === 1n))) mant++;
  // All ones became one more bit.
  if (mant >> BigInt(bits) !== 0n) return { mant: mant >> 1n, exp: exp + 1 };
  return { mant, exp };
}

/**
 * The long double nearest to `q * 2^e` (`sticky`: and a little more); infinite if it is too big.
 * @own see roundMantissa
 */
export function ld_round(sign: number, q: bigint, e: number, sticky: boolean): longdouble {
  if (q === 0n && !sticky) return new longdouble(sign, 0n, 0, LD_FINITE);
  const r = roundMantissa(q, e, sticky, LD_MANT_BITS, LD_MIN_EXP);
  if (r.mant === 0n) return new longdouble(sign, 0n, 0, LD_FINITE);
  if (r.exp > LD_MAX_EXP) return new longdouble(sign, 0n, 0, LD_INF);
  return new longdouble(sign, r.mant, r.exp, LD_FINITE);
}

/**
 * A double as long double; always exact.
 * @own a cast in C
 */
export function ld_from_number(x: number): longdouble {
  if (Number.isNaN(x)) return new longdouble(0, 0n, 0, LD_NAN);
  const sign = x < 0 || Object.is(x, -0) ? 1 : 0;
  if (x === Infinity || x === -Infinity) return new longdouble(sign, 0n, 0, LD_INF);
  const d = decompose(Math.abs(x));
  return ld_round(sign, d.mant, d.exp, false);
}

/**
 * A 64-bit integer as long double; always exact.
 * @own a cast in C
 */
export function ld_from_bigint(x: bigint): longdouble {
  return ld_round(x < 0n ? 1 : 0, x < 0n ? -x : x, 0, false);
}

/**
 * The double nearest to a long double.
 * @own a cast in C
 */
export function ld_to_number(a: longdouble): number {
  if (a.kind === LD_NAN) return NaN;
  if (a.kind === LD_INF) return a.sign === 1 ? -Infinity : Infinity;
  const x = mantissaToNumber(a.mant, a.exp, false);
  return a.sign === 1 ? -x : x;
}

/**
 * The double nearest to `q * 2^e` (`sticky`: and a little more).
 * @own see roundMantissa
 */
export function mantissaToNumber(q: bigint, e: number, sticky: boolean): number {
  if (q === 0n) return 0;
  const r = roundMantissa(q, e, sticky, 53, -1074);
  if (r.exp > 971) return Infinity;
  return Number(r.mant) * 2 ** r.exp;
}

/**
 * A positive finite double as integer and exponent of two.
 * @own frexp() in C
 */
export function decompose(x: number): { mant: bigint; exp: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const hi = view.getUint32(0);
  const biased = (hi >>> 20) & 0x7ff;
  const frac = (BigInt(hi & 0xfffff) << 32n) | BigInt(view.getUint32(4));
  if (biased === 0) return { mant: frac, exp: -1074 };
  return { mant: frac | (1n << 52n), exp: biased - 1075 };
}

/**
 * The sum, rounded once. Infinities of opposite sign, and anything with a NaN, give NaN.
 * @own the operator + in C
 */
export function ld_add(a: longdouble, b: longdouble): longdouble {
  if (a.kind === LD_NAN) return a;
  if (b.kind === LD_NAN) return b;
  if (a.kind === LD_INF) {
    if (b.kind === LD_INF && a.sign !== b.sign) return new longdouble(1, 0n, 0, LD_NAN);
    return a;
  }
  if (b.kind === LD_INF) return b;
  const e = Math.min(a.exp, b.exp);
  let x = a.mant << BigInt(a.exp - e);
  let y = b.mant << BigInt(b.exp - e);
  if (a.sign === 1) x = -x;
  if (b.sign === 1) y = -y;
  const sum = x + y;
  // Only the sum of two negative zeros is a negative zero.
  if (sum === 0n) return new longdouble(a.sign & b.sign, 0n, 0, LD_FINITE);
  return ld_round(sum < 0n ? 1 : 0, sum < 0n ? -sum : sum, e, false);
}

/**
 * Whether the number is a NaN.
 * @own isnan() in C
 */
export function ld_isnan(a: longdouble): boolean {
  return a.kind === LD_NAN;
}

/**
 * Whether the number is infinite, either way.
 * @own isinf() in C
 */
export function ld_isinf(a: longdouble): boolean {
  return a.kind === LD_INF;
}

/** What scanFloat() found: a number is `mant * 10^exp10 * 2^exp2`. */
export class scannedFloat {
  /** LD_FINITE, LD_INF or LD_NAN; -1 when there was no number. */
  kind = -1;
  sign = 0;
  mant = 0n;
  exp10 = 0;
  exp2 = 0;
  /** Whether exponents are of ten (text as Number() reads it) or of two. */
  hex = false;
  /** Where the number ends. */
  end = 0;
}

/** A number in C's syntax at the start of a text: space, sign, then one of the four forms. */
const FLOAT_SYNTAX =
  /^[ \t-\r]*([+-]?)(?:(inf(?:inity)?)|(nan(?:\([0-9a-z_]*\))?)|0x([0-9a-f]+\.?[0-9a-f]*|\.[0-9a-f]+)(?:p([+-]?[0-9]+))?|([0-9]+\.?[0-9]*|\.[0-9]+)(?:e([+-]?[0-9]+))?)/i;

/**
 * Finds the number at the start of `s` the way strtod() does: decimal, hexadecimal (0x1.8p3), inf,
 * infinity, nan, after optional white space and sign. If there is none, `kind` is -1 and `end` 0.
 *
 * @own the parsing half of strtod() and strtold()
 */
export function scanFloat(s: string): scannedFloat {
  const out = new scannedFloat();
  const m = FLOAT_SYNTAX.exec(s);
  if (m === null) return out;
  out.end = m[0].length;
  out.sign = m[1] === '-' ? 1 : 0;
  if (m[2] !== undefined) {
    out.kind = LD_INF;
    return out;
  }
  if (m[3] !== undefined) {
    out.kind = LD_NAN;
    return out;
  }
  out.kind = LD_FINITE;
  out.hex = m[4] !== undefined;
  const text = out.hex ? m[4] : m[6];
  const exponent = out.hex ? m[5] : m[7];
  const dot = text.indexOf('.');
  const digits = dot === -1 ? text : text.slice(0, dot) + text.slice(dot + 1);
  const fraction = dot === -1 ? 0 : text.length - dot - 1;
  // An exponent of a million overflows or underflows whatever the digits are: they are fewer.
  let e = exponent === undefined ? 0 : Number(exponent);
  if (e > 1e15) e = 1e15;
  if (e < -1e15) e = -1e15;
  out.mant = BigInt((out.hex ? '0x' : '') + digits);
  if (out.hex) out.exp2 = e - 4 * fraction;
  else out.exp10 = e - fraction;
  return out;
}

/**
 * Reads a long double from the start of `s`. `end` is where the number ends (0: there is none),
 * `erange` whether it was too big (then infinite) or too small (then zero or subnormal).
 *
 * @own strtold() of libc
 */
export function strtold(s: string): { value: longdouble; end: number; erange: boolean } {
  const f = scanFloat(s);
  const { sign, end } = f;
  if (f.kind === -1) return { value: new longdouble(0, 0n, 0, LD_FINITE), end: 0, erange: false };
  if (f.kind !== LD_FINITE || f.mant === 0n) {
    return { value: new longdouble(sign, 0n, 0, f.kind), end, erange: false };
  }
  // Far out of range: do not compute a power of ten that long.
  const magnitude = f.hex
    ? (bitLength(f.mant) + f.exp2) * 0.30103
    : bitLength(f.mant) * 0.30103 + f.exp10;
  if (magnitude > 5000) return { value: new longdouble(sign, 0n, 0, LD_INF), end, erange: true };
  if (magnitude < -5000)
    return { value: new longdouble(sign, 0n, 0, LD_FINITE), end, erange: true };

  let value: longdouble;
  let inexact = false;
  if (f.hex) {
    value = ld_round(sign, f.mant, f.exp2, false);
    inexact =
      value.kind === LD_FINITE &&
      value.exp > f.exp2 &&
      value.mant << BigInt(value.exp - f.exp2) !== f.mant;
  } else if (f.exp10 >= 0) {
    value = ld_round(sign, f.mant * 10n ** BigInt(f.exp10), 0, false);
  } else {
    // Enough bits of the quotient for any rounding; what is cut off is remembered in one bit.
    const den = 10n ** BigInt(-f.exp10);
    const k = Math.max(0, 130 - bitLength(f.mant) + bitLength(den));
    const num = f.mant << BigInt(k);
    const q = num / den;
    inexact = q * den !== num;
    value = ld_round(sign, q, -k, inexact);
  }
  const tiny = value.kind === LD_FINITE && value.mant < 1n << 63n;
  return { value, end, erange: value.kind === LD_INF || (tiny && (inexact || value.mant === 0n)) };
}

/**
 * Reads a double from the start of `s`. `end` is where the number ends (0: there is none), `erange`
 * whether it was too big (then infinite) or too small (then zero or subnormal and not exact).
 *
 * @own strtod() of libc
 */
export function strtod(s: string): { value: number; end: number; erange: boolean } {
  // Up to 15 digits and nothing else are the usual case, and exact.
  const slen = s.length;
  const from = s.charCodeAt(0) === 0x2d ? 1 : 0;
  if (slen > from && slen <= 15) {
    let n = 0;
    let i = from;
    while (i < slen) {
      const d = s.charCodeAt(i) - 0x30;
      if (d < 0 || d > 9) break;
      n = n * 10 + d;
      i++;
    }
    if (i === slen) return { value: from === 1 ? -n : n, end: slen, erange: false };
  }

  const f = scanFloat(s);
  if (f.kind === -1) return { value: 0, end: 0, erange: false };
  let value: number;
  if (f.kind === LD_NAN) return { value: NaN, end: f.end, erange: false };
  if (f.kind === LD_INF)
    return { value: f.sign === 1 ? -Infinity : Infinity, end: f.end, erange: false };
  if (f.hex) {
    const bits = bitLength(f.mant);
    if (bits + f.exp2 < -1100) value = 0;
    else if (bits + f.exp2 > 1100) value = f.mant === 0n ? 0 : Infinity;
    else value = mantissaToNumber(f.mant, f.exp2, false);
  } else {
    // Number() rounds decimal text as strtod() does.
    value = Math.abs(Number(s.slice(0, f.end).trim()));
  }
  const erange = value === Infinity || (value < 2 ** -1022 && f.mant !== 0n);
  return { value: f.sign === 1 ? -value : value, end: f.end, erange };
}

/**
 * `mant * 2^exp` as an integer count of 10^-prec, rounded to the nearest, ties to even. `prec` may
 * be negative.
 *
 * @own the digits of printf()
 */
export function scaleToDecimal(mant: bigint, exp: number, prec: number): bigint {
  let num = mant;
  let den = 1n;
  if (prec >= 0) num *= 10n ** BigInt(prec);
  else den = 10n ** BigInt(-prec);
  if (exp >= 0) num <<= BigInt(exp);
  else den <<= BigInt(-exp);
  const q = num / den;
  const twice = (num - q * den) * 2n;
  return twice > den || (twice === den && (q & 1n) === 1n) ? q + 1n : q;
}

/**
 * The text of %.<prec>f for `mant * 2^exp`, without a sign.
 * @own printf() of libc
 */
export function formatFixed(mant: bigint, exp: number, prec: number): string {
  const digits = scaleToDecimal(mant, exp, prec)
    .toString()
    .padStart(prec + 1, '0');
  if (prec === 0) return digits;
  return `${digits.slice(0, -prec)}.${digits.slice(-prec)}`;
}

/**
 * The text of %.<prec>g for `mant * 2^exp`, without a sign: `prec` significant digits, trailing
 * zeros dropped, and an exponent if that is below -4 or not below `prec`.
 * @own printf() of libc
 */
export function formatGeneral(mant: bigint, exp: number, prec: number): string {
  if (prec === 0) prec = 1;
  if (mant === 0n) return '0';
  // The decimal exponent may be one off either way: the length of the digits tells.
  let x = Math.floor((bitLength(mant) - 1 + exp) * 0.30102999566398114);
  let digits = scaleToDecimal(mant, exp, prec - 1 - x).toString();
  while (digits.length !== prec) {
    if (digits.length > prec) x++;
    else x--;
    digits = scaleToDecimal(mant, exp, prec - 1 - x).toString();
  }
  return layoutGeneral(digits, x, prec);
}

/**
 * Puts significant digits, the first of which is worth 10^x, into the form of %g.
 * @own printf() of libc
 */
export function layoutGeneral(digits: string, x: number, prec: number): string {
  const sig = digits.replace(/0+$/, '');
  if (x < -4 || x >= prec) {
    const mantissa = sig.length > 1 ? `${sig[0]}.${sig.slice(1)}` : sig;
    const e = String(Math.abs(x)).padStart(2, '0');
    return `${mantissa}e${x < 0 ? '-' : '+'}${e}`;
  }
  if (x < 0) return `0.${'0'.repeat(-x - 1)}${sig}`;
  if (sig.length <= x + 1) return sig.padEnd(x + 1, '0');
  return `${sig.slice(0, x + 1)}.${sig.slice(x + 1)}`;
}

/**
 * The text that printf("%.<prec>Lf") gives.
 * @own printf() of libc
 */
export function ld_format_f(a: longdouble, prec: number): string {
  const sign = a.sign === 1 ? '-' : '';
  if (a.kind !== LD_FINITE) return sign + (a.kind === LD_INF ? 'inf' : 'nan');
  return sign + formatFixed(a.mant, a.exp, prec);
}

/**
 * The text that printf("%.<prec>Lg") gives.
 * @own printf() of libc
 */
export function ld_format_g(a: longdouble, prec: number): string {
  const sign = a.sign === 1 ? '-' : '';
  if (a.kind !== LD_FINITE) return sign + (a.kind === LD_INF ? 'inf' : 'nan');
  return sign + formatGeneral(a.mant, a.exp, prec);
}

/**
 * printf("%La") as glibc prints the 64-bit mantissa: the first digit holds four bits of it, so that
 * 1 is 0x8p-3.
 * @own printf() of libc
 */
export function ld_format_a(a: longdouble): string {
  const sign = a.sign === 1 ? '-' : '';
  if (a.kind !== LD_FINITE) return sign + (a.kind === LD_INF ? 'inf' : 'nan');
  if (a.mant === 0n) return `${sign}0x0p+0`;
  const hex = a.mant.toString(16).padStart(16, '0');
  const rest = hex.slice(1).replace(/0+$/, '');
  const e = a.exp + 60;
  return `${sign}0x${hex[0]}${rest === '' ? '' : '.' + rest}p${e < 0 ? '-' : '+'}${String(Math.abs(e))}`;
}

/**
 * The text that printf("%.<prec>f") gives for a double.
 * @own printf() of libc; toFixed() rounds ties up and fails beyond 10^21
 */
export function printf_f(x: number, prec: number): string {
  if (Number.isNaN(x)) return 'nan';
  const sign = x < 0 || Object.is(x, -0) ? '-' : '';
  if (x === Infinity || x === -Infinity) return sign + 'inf';
  const d = decompose(Math.abs(x));
  return sign + formatFixed(d.mant, d.exp, prec);
}

/**
 * printf("%.<prec>g") of a double, `prec` at most 99.
 * @own printf() of libc; toExponential() rounds ties up
 */
export function printf_g(x: number, prec: number): string {
  if (Number.isNaN(x)) return 'nan';
  const sign = x < 0 || Object.is(x, -0) ? '-' : '';
  if (x === Infinity || x === -Infinity) return sign + 'inf';
  if (x === 0) return sign + '0';
  // These have at most 16 digits, and no exponent as long as there are not more digits than asked for.
  if (prec >= 16 && Number.isSafeInteger(x)) return String(x);
  if (prec === 0) prec = 1;
  const abs = Math.abs(x);
  // V8 is much faster than the integers. It differs only in ties, and a tie has a 5 as its next and
  // last digit.
  const next = abs.toExponential(prec);
  if (next[prec + 1] === '5' || prec === 1) {
    const d = decompose(abs);
    return sign + formatGeneral(d.mant, d.exp, prec);
  }
  const text = abs.toExponential(prec - 1);
  const e = text.indexOf('e');
  return sign + layoutGeneral(text[0] + text.slice(2, e), Number(text.slice(e + 1)), prec);
}
