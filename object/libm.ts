/**
 * Sine, cosine and arc sine as C's libm gives them.
 *
 * A distance between two places ends up in replies and, with STOREDIST, in scores with all their digits. The functions of
 * V8 are off by the last bit in two to four of a hundred cases, those of glibc in one of some hundreds. These here round
 * the true value to the nearest double in all but one of many thousand cases, so that they agree with C but where that
 * rounds wrongly.
 *
 * A result is worked out as the sum of a double and a much smaller one. The angle is brought to within π/4 of zero, and
 * then to within 1/256 of a multiple i/128 of which sine and cosine are known to twice the precision:
 *
 *     sin(i/128 + t) = S[i] + C[i] t + (S[i] (cos t - 1) + C[i] (sin t - t))
 *                             ──┬─
 *                       exact, in two doubles; all behind it is small, so that plain doubles do
 *
 * Who calls in: geohash_helper. Whom it calls: nobody. There is no C file of this name: libc has these functions.
 *
 * @packageDocumentation
 */

/** The grid of known angles: so many a radian. */
const GRID = 128;
/** Beyond this angle V8 answers: half of a double's bits no longer hold the number of quarter turns. */
const MAX_ANGLE = 1e5;

/** π/2 in three parts, the first two of 33 bits, so that their products with a number of quarter turns are exact. */
const PIO2_1 = 1.5707963267341256;
const PIO2_2 = 6.077100506303966e-11;
const PIO2_3 = 2.0222662487959506e-21;
/** π/2 as a double and what is left. */
const PIO2_HI = 1.5707963267948966;
const PIO2_LO = 6.123233995736766e-17;
const TWO_OVER_PI = 0.6366197723675814;

/** Multiplied by this, a double splits into two of 26 bits. */
const SPLITTER = 134217729;

/** Sines and cosines of i/128, each as a double and what is left: S[4i], S[4i+1], C[4i+2], C[4i+3]. */
const table = makeTable();

/**
 * Sine and cosine of the multiples of 1/128 up to π/4, in integers of 160 bits behind the point: those of 1/128 by their
 * series, the others by the addition theorem.
 *
 * @own see the table
 */
export function makeTable(): Float64Array {
  const bits = 160n;
  const one = 1n << bits;
  const square = one / BigInt(GRID * GRID);
  let term = one / BigInt(GRID);
  let sin1 = 0n;
  let cos1 = 0n;
  for (let n = 1n; term !== 0n; n += 2n) {
    sin1 += n % 4n === 1n ? term : -term;
    term = ((term * square) >> bits) / ((n + 1n) * (n + 2n));
  }
  term = one;
  for (let n = 0n; term !== 0n; n += 2n) {
    cos1 += n % 4n === 0n ? term : -term;
    term = ((term * square) >> bits) / ((n + 1n) * (n + 2n));
  }

  const out = new Float64Array(4 * (Math.ceil((Math.PI / 4) * GRID) + 1));
  const scale = 2 ** 160;
  let s = 0n;
  let c = one;
  for (let i = 0; i < out.length; i += 4) {
    out[i] = Number(s) / scale;
    out[i + 1] = Number(s - BigInt(out[i] * scale)) / scale;
    out[i + 2] = Number(c) / scale;
    out[i + 3] = Number(c - BigInt(out[i + 2] * scale)) / scale;
    const next = (s * cos1 + c * sin1) >> bits;
    c = (c * cos1 - s * sin1) >> bits;
    s = next;
  }
  return out;
}

/**
 * What the product `p` = a * b lost in rounding.
 *
 * @own Dekker's product: there is no fused multiplication
 */
export function productError(a: number, b: number, p: number): number {
  let t = SPLITTER * a;
  const ah = t - (t - a);
  const al = a - ah;
  t = SPLITTER * b;
  const bh = t - (t - b);
  const bl = b - bh;
  return ah * bh - p + ah * bl + al * bh + al * bl;
}

/**
 * sin(r + rl) - ref, for |r| up to a little above π/4 and an `rl` below the last bit of r. With a `ref` of 0 that is the
 * sine; with one that is nearly the sine, what is left of it, precisely.
 *
 * @own see the file's head
 */
export function sinKernel(r: number, rl: number, ref: number): number {
  const i = (Math.abs(r) * GRID + 0.5) | 0;
  const positive = r >= 0;
  const t = positive ? r - i / GRID : -r - i / GRID;
  const tl = positive ? rl : -rl;
  const sh = table[4 * i];
  const ch = table[4 * i + 2];
  const tt = t * t;
  // sin t - t and cos t - 1; the next term of each is below 2^-75 of the result.
  const sint = t * tt * (-1 / 6 + tt * (1 / 120 + tt * (-1 / 5040)));
  const cost = tt * (-0.5 + tt * (1 / 24 + tt * (-1 / 720)));
  const a = ch * t;
  const rest =
    productError(ch, t, a) +
    (table[4 * i + 1] + (table[4 * i + 3] * t + ch * sint + (sh * cost + (ch - sh * t) * tl)));
  const hi = sh + a;
  const lo = a - (hi - sh) + rest;
  if (i === 0) {
    // There is nothing but a, to which the rest is not small enough to be added to it in one step only.
    return positive ? a - ref + rest : -(a + ref + rest);
  }
  return positive ? hi - ref + lo : -(hi + ref + lo);
}

/**
 * cos(r + rl), for |r| up to a little above π/4 and an `rl` below the last bit of r.
 *
 * @own see the file's head
 */
export function cosKernel(r: number, rl: number): number {
  const i = (Math.abs(r) * GRID + 0.5) | 0;
  const positive = r >= 0;
  const t = positive ? r - i / GRID : -r - i / GRID;
  const tl = positive ? rl : -rl;
  const sh = table[4 * i];
  const ch = table[4 * i + 2];
  const tt = t * t;
  const sint = t * tt * (-1 / 6 + tt * (1 / 120 + tt * (-1 / 5040)));
  const cost = tt * (-0.5 + tt * (1 / 24 + tt * (-1 / 720)));
  const a = -sh * t;
  const rest =
    productError(-sh, t, a) +
    (table[4 * i + 3] - (table[4 * i + 1] * t + sh * sint - (ch * cost - (sh + ch * t) * tl)));
  const hi = ch + a;
  return hi + (a - (hi - ch) + rest);
}

/**
 * The sine, or with `quarter` 1 the cosine, of an angle in radians.
 *
 * @own the common half of sin() and cos()
 */
export function sinOrCos(x: number, quarter: number): number {
  const n = (x * TWO_OVER_PI + (x < 0 ? -0.5 : 0.5)) | 0;
  // Exact up to the last part, whose product is rounded.
  const a = x - n * PIO2_1;
  const b = n * PIO2_2;
  const r1 = a - b;
  const r1l = a - r1 - b;
  const c = n * PIO2_3 - r1l;
  const r = r1 - c;
  const rl = r1 - r - c;
  switch ((n + quarter) & 3) {
    case 0:
      return sinKernel(r, rl, 0);
    case 1:
      return cosKernel(r, rl);
    case 2:
      return -sinKernel(r, rl, 0);
    default:
      return -cosKernel(r, rl);
  }
}

/**
 * The sine of an angle in radians, NaN if that is not finite.
 *
 * @own sin() of libm
 */
export function sin(x: number): number {
  const abs = Math.abs(x);
  // The smallest angles are their own sines.
  if (abs < 1e-8) return x;
  return abs > MAX_ANGLE ? Math.sin(x) : sinOrCos(x, 0);
}

/**
 * The cosine of an angle in radians, NaN if that is not finite.
 *
 * @own cos() of libm
 */
export function cos(x: number): number {
  return Math.abs(x) > MAX_ANGLE ? Math.cos(x) : sinOrCos(x, 1);
}

/**
 * The arc sine, from -π/2 to π/2; NaN if |x| is above 1. A first guess is put right by how far its sine is from x.
 *
 * @own asin() of libm
 */
export function asin(x: number): number {
  const abs = Math.abs(x);
  // NaN, and what is its own arc sine.
  if (!(abs >= 1e-8)) return x;
  if (abs > 1) return NaN;
  if (abs <= 0.5) {
    const guess = Math.asin(x);
    return guess - sinKernel(guess, 0, x) / Math.cos(guess);
  }

  // asin x = π/2 - 2 asin s, where s is the root of (1 - x) / 2.
  const z = (1 - abs) / 2;
  const s = Math.sqrt(z);
  if (s === 0) return x * PIO2_HI;
  const ss = s * s;
  const sl = (z - ss - productError(s, s, ss)) / (2 * s);
  const guess = Math.asin(s);
  const correction = (sl - sinKernel(guess, 0, s)) / Math.cos(guess);
  const hi = PIO2_HI - 2 * guess;
  const lo = PIO2_HI - hi - 2 * guess;
  const result = hi + (lo + (PIO2_LO - 2 * correction));
  return x < 0 ? -result : result;
}
