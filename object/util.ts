/**
 * util.c: conversions between numbers and text, glob matching, random bytes, paths.
 *
 * Text is a latin1 string, one char code 0-255 a byte. A 64-bit integer is a number while it is
 * within +-(2^53 - 1), and a bigint beyond, always and in every function: so two equal integers are
 * ===. The parsers return null where C returns 0 with the value untouched.
 *
 * The file also holds what C takes from libc and JavaScript does not have in the same form: the
 * ctype tests of the C locale, strcasecmp(), strtoll(), strtod() (from longdouble.ts), and
 * random().
 *
 * Who calls in: everybody. Whom it calls: longdouble for floating point, posix for files and random
 * bytes, zmalloc for the state of random().
 * What differs from C: results are returned as strings instead of written to buffers; random bytes
 * come from the system and not from a hash of a seed and a counter; random(), rand() and the
 * Mersenne Twister are one generator.
 */
import {
  EBADF,
  EEXIST,
  EINVAL,
  EISDIR,
  ENAMETOOLONG,
  ENOTDIR,
  O_NONBLOCK,
  O_RDONLY,
  posix,
  S_ISDIR,
  S_ISREG,
} from '../posix/posix.ts';
import {
  ld_format_a,
  ld_format_f,
  ld_format_g,
  ld_isinf,
  ld_isnan,
  LD_FINITE,
  type longdouble,
  printf_g,
  strtod,
  strtold,
} from './longdouble.ts';
import { sdstrim } from './sds.ts';
import { ledger } from './zmalloc.ts';

export { strtod, strtold } from './longdouble.ts';

/** Room in C for the longest text of a long double. Longer text is not read as one. */
export const MAX_LONG_DOUBLE_CHARS = 5 * 1024;
/** Room in C for %f of any double. */
export const MAX_DOUBLE_CHARS = 400;
/** Room in C for d2string(). */
export const MAX_D2STRING_CHARS = 128;
/** Room in C for a 64-bit integer as text, with the terminating zero. */
export const LONG_STR_SIZE = 21;

/** ld2string: %.17Lg. */
export const LD_STR_AUTO = 0;
/** ld2string: %.17Lf without trailing zeros. */
export const LD_STR_HUMAN = 1;
/** ld2string: %La. */
export const LD_STR_HEX = 2;

const PATH_MAX = 4096;
const LLONG_MAX = 0x7fffffffffffffffn;
const LLONG_MIN = -0x8000000000000000n;
const ULLONG_MAX = 0xffffffffffffffffn;

/* ---- what C has in libc ---- */

/**
 * isspace() of the C locale, for a char code.
 * @own libc
 */
export function isspace(c: number): boolean {
  return c === 0x20 || (c >= 0x09 && c <= 0x0d);
}

/**
 * isprint() of the C locale, for a char code: ASCII from the space to the tilde.
 * @own libc
 */
export function isprint(c: number): boolean {
  return c >= 0x20 && c < 0x7f;
}

/**
 * isdigit(), for a char code.
 * @own libc
 */
export function isdigit(c: number): boolean {
  return c >= 0x30 && c <= 0x39;
}

/**
 * tolower() of the C locale, for a char code.
 * @own libc
 */
export function tolower(c: number): number {
  return c >= 0x41 && c <= 0x5a ? c + 32 : c;
}

/**
 * toupper() of the C locale, for a char code.
 * @own libc
 */
export function toupper(c: number): number {
  return c >= 0x61 && c <= 0x7a ? c - 32 : c;
}

/**
 * Compares without regard to the case of ASCII letters: negative, 0 or positive.
 * @own libc
 */
export function strcasecmp(a: string, b: string): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const d = tolower(a.charCodeAt(i)) - tolower(b.charCodeAt(i));
    if (d !== 0) return d;
  }
  return Math.sign(a.length - b.length);
}

/**
 * strcasecmp() of the first `n` bytes.
 * @own libc
 */
export function strncasecmp(a: string, b: string, n: number): number {
  for (let i = 0; i < n; i++) {
    if (i >= a.length) return i >= b.length ? 0 : -1;
    if (i >= b.length) return 1;
    const d = tolower(a.charCodeAt(i)) - tolower(b.charCodeAt(i));
    if (d !== 0) return d;
  }
  return 0;
}

/**
 * strcoll() in the locale C: compares by the values of the bytes, up to the first zero byte.
 * @own libc
 */
export function strcoll(a: string, b: string): number {
  let i = 0;
  for (;;) {
    const ca = i < a.length ? a.charCodeAt(i) : 0;
    const cb = i < b.length ? b.charCodeAt(i) : 0;
    if (ca !== cb || ca === 0) return ca - cb;
    i++;
  }
}

/**
 * A 64-bit integer in the form in which they are kept: as number if it is exact, else as bigint.
 * @own C has one type for both
 */
export function normalizeInt(x: bigint): number | bigint {
  const n = Number(x);
  return Number.isSafeInteger(n) ? n : x;
}

/**
 * The integer at the start of `s` in a base from 2 to 36, or by its prefix with base 0 (0x, 0,
 * decimal), after white space and a sign. `end` is where it ends, 0 if there is none.
 *
 * @own the common half of strtoll() and strtoull()
 */
export function scanInteger(s: string, base: number): { value: bigint; end: number } {
  let p = 0;
  while (p < s.length && isspace(s.charCodeAt(p))) p++;
  let negative = false;
  if (s[p] === '-' || s[p] === '+') {
    negative = s[p] === '-';
    p++;
  }
  const prefixed =
    s[p] === '0' && (s[p + 1] === 'x' || s[p + 1] === 'X') && /^[0-9a-f]$/i.test(s.charAt(p + 2));
  if ((base === 0 || base === 16) && prefixed) {
    base = 16;
    p += 2;
  } else if (base === 0) {
    base = s[p] === '0' ? 8 : 10;
  }
  const start = p;
  let value = 0n;
  for (; p < s.length; p++) {
    const c = tolower(s.charCodeAt(p));
    const digit = isdigit(c) ? c - 0x30 : c >= 0x61 && c <= 0x7a ? c - 0x61 + 10 : 36;
    if (digit >= base) break;
    value = value * BigInt(base) + BigInt(digit);
  }
  if (p === start) return { value: 0n, end: 0 };
  return { value: negative ? -value : value, end: p };
}

/**
 * strtoll(): the integer at the start of `s`, where it ends (0: there is none), and whether it was
 * out of range and therefore clamped.
 * @own libc
 */
export function strtoll(
  s: string,
  base: number,
): { value: number | bigint; end: number; erange: boolean } {
  const { value, end } = scanInteger(s, base);
  if (value > LLONG_MAX) return { value: LLONG_MAX, end, erange: true };
  if (value < LLONG_MIN) return { value: LLONG_MIN, end, erange: true };
  return { value: normalizeInt(value), end, erange: false };
}

/**
 * strtoull(): as strtoll(), unsigned. A minus sign is accepted and wraps, as C has it: -1 is 2^64 -
 * 1.
 * @own libc
 */
export function strtoull(
  s: string,
  base: number,
): { value: number | bigint; end: number; erange: boolean } {
  const { value, end } = scanInteger(s, base);
  if (value > ULLONG_MAX || value < -ULLONG_MAX) return { value: ULLONG_MAX, end, erange: true };
  return { value: normalizeInt(BigInt.asUintN(64, value)), end, erange: false };
}

/**
 * atoi(): the decimal number at the start of `s` as a signed 32-bit integer, 0 if there is none.
 * @own libc
 */
export function atoi(s: string): number {
  return Number(BigInt.asIntN(32, BigInt(strtoll(s, 10).value)));
}

/**
 * Restarts random(), rand() and randomULong() from a seed, of which 32 bits count.
 * @own libc; also stands for srand() and init_genrand64()
 */
export function srandom(seed: number): void {
  const state = ledger.random_state;
  // SplitMix32 spreads the seed, so that near seeds give unlike sequences and the state is never
  // all zero.
  let x = seed | 0;
  for (let i = 0; i < 4; i++) {
    x = (x + 0x9e3779b9) | 0;
    let z = x;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    state[i] = z ^ (z >>> 16);
  }
  state[3] |= 1;
}

/**
 * 32 random bits as a number from 0 to 2^32 - 1. Not for secrets. The generator is xoshiro128**;
 * its state belongs to the current server, so that a simulation can be replayed.
 *
 * @own macro randomULong of dict.h
 */
export function randomULong(): number {
  const s = ledger.random_state;
  const m = Math.imul(s[1], 5);
  const result = Math.imul((m << 7) | (m >>> 25), 9) >>> 0;
  const t = s[1] << 9;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = (s[3] << 11) | (s[3] >>> 21);
  return result;
}

/**
 * A random number from 0 to 2^31 - 1. Not for secrets.
 * @own libc
 */
export function random(): number {
  return randomULong() >>> 1;
}

/**
 * A random number from 0 to 2^31 - 1, from the same generator as random().
 * @own libc
 */
export function rand(): number {
  return randomULong() >>> 1;
}

/* ---- util.c ---- */

/**
 * Whether `string`, from index `s` on, matches the glob `pattern`, from index `p` on: `*`, `?`,
 * `[a-z]`, `[^a]`, and a backslash before any of these. `nocase`: the case of ASCII letters does
 * not count. The odd ends of C are kept: a bracket need not be closed, a backslash may be the last
 * character, bytes above 127 are negative in ranges.
 *
 * @c util.c:53
 */
export function stringmatchlen(
  pattern: string,
  string: string,
  nocase: boolean,
  p = 0,
  s = 0,
): boolean {
  const plen = pattern.length;
  const slen = string.length;
  while (p < plen && s < slen) {
    switch (pattern.charCodeAt(p)) {
      case 0x2a: // *
        while (p < plen && pattern.charCodeAt(p + 1) === 0x2a) p++;
        if (p + 1 === plen) return true;
        while (s < slen) {
          if (stringmatchlen(pattern, string, nocase, p + 1, s)) return true;
          s++;
        }
        return false;
      case 0x3f: // ?
        s++;
        break;
      case 0x5b: {
        // [
        p++;
        const not = pattern.charCodeAt(p) === 0x5e;
        if (not) p++;
        const sc = string.charCodeAt(s);
        let match = false;
        for (;;) {
          const pc = pattern.charCodeAt(p);
          if (pc === 0x5c && plen - p >= 2) {
            p++;
            if (pattern.charCodeAt(p) === sc) match = true;
          } else if (pc === 0x5d) {
            break;
          } else if (p >= plen) {
            // No closing bracket: the class ends with the pattern.
            p--;
            break;
          } else if (plen - p >= 3 && pattern.charCodeAt(p + 1) === 0x2d) {
            // A char is signed in C.
            let start = (pc << 24) >> 24;
            let end = (pattern.charCodeAt(p + 2) << 24) >> 24;
            let c = (sc << 24) >> 24;
            if (start > end) {
              const t = start;
              start = end;
              end = t;
            }
            if (nocase) {
              start = tolower(start);
              end = tolower(end);
              c = tolower(c);
            }
            p += 2;
            if (c >= start && c <= end) match = true;
          } else if (!nocase) {
            if (pc === sc) match = true;
          } else if (tolower(pc) === tolower(sc)) {
            match = true;
          }
          p++;
        }
        if (match === not) return false;
        s++;
        break;
      }
      default: {
        if (pattern.charCodeAt(p) === 0x5c && plen - p >= 2) p++;
        const pc = pattern.charCodeAt(p);
        const sc = string.charCodeAt(s);
        if (!nocase) {
          if (pc !== sc) return false;
        } else if (tolower(pc) !== tolower(sc)) {
          return false;
        }
        s++;
        break;
      }
    }
    p++;
    if (s >= slen) {
      while (pattern.charCodeAt(p) === 0x2a) p++;
      break;
    }
  }
  return p >= plen && s >= slen;
}

/**
 * stringmatchlen() for whole strings.
 *
 * @c util.c:173
 */
export function stringmatch(pattern: string, string: string, nocase: boolean): boolean {
  return stringmatchlen(pattern, string, nocase);
}

/**
 * An amount of memory as text: digits and a unit (b; k, m, g by 1000; kb, mb, gb by 1024; in any
 * case), as bytes. `err` is 1 if there is a minus sign, an unknown unit, or too many digits. Too
 * big amounts wrap at 2^64, as in C; no digits at all count as 0.
 *
 * @c util.c:201
 */
export function memtoull(p: string): { value: number | bigint; err: number } {
  const zero = p.indexOf('\0');
  if (zero !== -1) p = p.slice(0, zero);
  if (p[0] === '-') return { value: 0, err: 1 };
  let u = 0;
  while (isdigit(p.charCodeAt(u))) u++;
  let mul;
  switch (p.slice(u).toLowerCase()) {
    case '':
    case 'b':
      mul = 1;
      break;
    case 'k':
      mul = 1000;
      break;
    case 'kb':
      mul = 1024;
      break;
    case 'm':
      mul = 1000 * 1000;
      break;
    case 'mb':
      mul = 1024 * 1024;
      break;
    case 'g':
      mul = 1000 * 1000 * 1000;
      break;
    case 'gb':
      mul = 1024 * 1024 * 1024;
      break;
    default:
      return { value: 0, err: 1 };
  }
  // C has room for that many digits.
  if (u >= 128) return { value: 0, err: 1 };
  const val = BigInt(strtoull(p.slice(0, u), 10).value);
  return { value: normalizeInt(BigInt.asUintN(64, val * BigInt(mul))), err: 0 };
}

/**
 * The index of the first byte of `s` that occurs in `chars`, or -1.
 *
 * @c util.c:259
 */
export function mempbrk(s: string, chars: string): number {
  for (let j = 0; j < s.length; j++) {
    if (chars.includes(s[j])) return j;
  }
  return -1;
}

/**
 * The string with every byte that occurs in `from` replaced by the one at the same place in `to`.
 *
 * @c util.c:271
 */
export function memmapchars(s: string, from: string, to: string): string {
  let out = '';
  for (let j = 0; j < s.length; j++) {
    const i = from.indexOf(s[j]);
    out += i === -1 ? s[j] : to[i];
  }
  return out;
}

/**
 * How many decimal digits an unsigned 64-bit number has.
 *
 * @c util.c:285
 */
export function digits10(v: number | bigint): number {
  if (typeof v === 'bigint') return v.toString().length;
  if (v < 10) return 1;
  if (v < 100) return 2;
  if (v < 1000) return 3;
  if (v < 1000000000000) {
    if (v < 100000000) {
      if (v < 1000000) {
        if (v < 10000) return 4;
        return v >= 100000 ? 6 : 5;
      }
      return v >= 10000000 ? 8 : 7;
    }
    if (v < 10000000000) return v >= 1000000000 ? 10 : 9;
    return v >= 100000000000 ? 12 : 11;
  }
  return 12 + digits10(Math.floor(v / 1000000000000));
}

/**
 * How many characters a signed 64-bit number has in decimal, the minus sign included.
 *
 * @c util.c:306
 */
export function sdigits10(v: number | bigint): number {
  return v < 0 ? digits10(-v) + 1 : digits10(v);
}

/**
 * A signed 64-bit number in decimal.
 *
 * @c util.c:320
 */
export function ll2string(svalue: number | bigint): string {
  return String(svalue);
}

/**
 * An unsigned 64-bit number in decimal.
 *
 * @c util.c:356
 */
export function ull2string(value: number | bigint): string {
  return String(value);
}

/**
 * A string as a signed 64-bit integer, or null if it is not exactly the text that ll2string() gives
 * for one: no space, no plus, no leading zeros, no minus zero, nothing out of range.
 *
 * @c util.c:403
 */
export function string2ll(s: string): number | bigint | null {
  const slen = s.length;
  if (slen === 0 || slen >= LONG_STR_SIZE) return null;

  let plen = 0;
  const negative = s.charCodeAt(0) === 0x2d;
  if (negative) {
    plen++;
    // charCodeAt() beyond the end is NaN, which fails all that follows.
  } else if (slen === 1 && s.charCodeAt(0) === 0x30) {
    return 0;
  }

  // The first digit is 1-9: zero was dealt with.
  let d = s.charCodeAt(plen) - 0x30;
  if (!(d >= 1 && d <= 9)) return null;
  let v = d;
  plen++;
  while (plen < slen) {
    d = s.charCodeAt(plen) - 0x30;
    if (!(d >= 0 && d <= 9)) return null;
    v = v * 10 + d;
    plen++;
  }
  // Rounding can bring v down to 2^53 at least, so that the test finds every number that may be
  // inexact.
  if (v <= Number.MAX_SAFE_INTEGER) return negative ? -v : v;

  const big = BigInt(s);
  if (big > LLONG_MAX || big < LLONG_MIN) return null;
  return big;
}

/**
 * A string as an unsigned 64-bit integer, or null. More lenient than string2ll(): what that refuses
 * is read by strtoull(), with leading space, plus and zeros, and even a minus sign that wraps (-01
 * is 2^64 - 1).
 *
 * @c util.c:474
 */
export function string2ull(s: string): number | bigint | null {
  // C measures with strlen().
  const zero = s.indexOf('\0');
  if (zero !== -1) s = s.slice(0, zero);
  const ll = string2ll(s);
  if (ll !== null) return ll < 0 ? null : ll;
  const r = strtoull(s, 10);
  if (r.erange || s.length === 0 || r.end !== s.length) return null;
  return r.value;
}

/**
 * A string as a C long, which has 64 bits: the same as string2ll().
 *
 * @c util.c:492
 */
export function string2l(s: string): number | bigint | null {
  return string2ll(s);
}

/**
 * A string as a long double, or null if it is not one as a whole, begins with space, is NaN, or is
 * out of range.
 *
 * @c util.c:512
 */
export function string2ld(s: string): longdouble | null {
  const slen = s.length;
  if (slen === 0 || slen >= MAX_LONG_DOUBLE_CHARS) return null;

  const { value, end, erange } = strtold(s);
  if (
    isspace(s.charCodeAt(0)) ||
    end !== slen ||
    (erange && (ld_isinf(value) || (value.kind === LD_FINITE && value.mant === 0n))) ||
    ld_isnan(value)
  ) {
    return null;
  }
  return value;
}

/**
 * A string as a double, or null if it is not one as a whole, begins with space, is NaN, or is out
 * of range.
 *
 * @c util.c:542
 */
export function string2d(s: string): number | null {
  const slen = s.length;
  const { value, end, erange } = strtod(s);
  if (
    slen === 0 ||
    isspace(s.charCodeAt(0)) ||
    end !== slen ||
    (erange && (value === Infinity || value === -Infinity || value === 0)) ||
    Number.isNaN(value)
  ) {
    return null;
  }
  return value;
}

/**
 * A double that has no fraction and is within +-2^62, as an integer; null for any other.
 *
 * @c util.c:558
 */
export function double2ll(d: number): number | bigint | null {
  if (!(d >= -4611686018427387904 && d <= 4611686018427387904)) return null;
  if (Math.trunc(d) !== d) return null;
  // Adding 0 makes minus zero plain.
  return Number.isSafeInteger(d) ? d + 0 : BigInt(d);
}

/**
 * A double as text that strtod() reads back as the same: an integer if it is one within +-2^62,
 * else %.17g; nan, inf, -inf, 0, -0.
 *
 * @c util.c:591
 */
export function d2string(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (value === Infinity || value === -Infinity) return value < 0 ? '-inf' : 'inf';
  if (value === 0) return 1.0 / value < 0 ? '-0' : '0';
  const lvalue = double2ll(value);
  return lvalue !== null ? ll2string(lvalue) : printf_g(value, 17);
}

/**
 * The text of a number without the zeros, and then the point, at its end; as it is if it has no
 * point.
 *
 * @c util.c:618
 */
export function trimDoubleString(buf: string): string {
  if (!buf.includes('.')) return buf;
  let len = buf.length;
  while (buf[len - 1] === '0') len--;
  if (buf[len - 1] === '.') len--;
  return buf.slice(0, len);
}

/**
 * A long double as text: LD_STR_AUTO as %.17Lg, LD_STR_HUMAN as %.17Lf without trailing zeros (and
 * no minus zero), LD_STR_HEX as %La, which loses nothing. Infinities are inf and -inf in all of
 * them.
 *
 * @c util.c:640
 */
export function ld2string(value: longdouble, mode: number): string {
  if (ld_isinf(value)) return value.sign === 0 ? 'inf' : '-inf';
  if (mode === LD_STR_AUTO) return ld_format_g(value, 17);
  if (mode === LD_STR_HEX) return ld_format_a(value);
  const text = trimDoubleString(ld_format_f(value, 17));
  return text === '-0' ? '0' : text;
}

/**
 * Fills the first `len` bytes of `p` with random bytes that nobody can guess.
 *
 * @c util.c:698
 */
export function getRandomBytes(p: Uint8Array, len: number): void {
  posix.getrandom(p, 0, len);
}

/**
 * `len` random characters out of 0-9a-f: run ids, replication ids, node names.
 *
 * @c util.c:766
 */
export function getRandomHexChars(len: number): string {
  const p = new Uint8Array(len);
  getRandomBytes(p, len);
  let out = '';
  for (let j = 0; j < len; j++) out += '0123456789abcdef'[p[j] & 0x0f];
  return out;
}

/**
 * The absolute path of a file name, which is first trimmed of white space. Only `../` at its start
 * is resolved. null if there is no working directory.
 *
 * @c util.c:781
 */
export function getAbsolutePath(filename: string): string | null {
  let relpath = sdstrim(filename, ' \r\n\t');
  if (relpath[0] === '/') return relpath;

  const cwd = posix.getcwd();
  if (cwd === '') return null;
  let abspath = cwd;
  if (!abspath.endsWith('/')) abspath += '/';

  // For each ../ leave the last directory; above the root is the root.
  while (relpath.startsWith('../')) {
    relpath = relpath.slice(3);
    if (abspath.length > 1)
      abspath = abspath.slice(0, abspath.lastIndexOf('/', abspath.length - 2) + 1);
  }
  return abspath + relpath;
}

/**
 * Seconds west of Greenwich of the local standard time: daylight saving is not in it.
 *
 * @c util.c:830
 */
export function getTimeZone(): number {
  const now = Math.floor(posix.gettimeofday() / 1000000);
  // libc has this ready in `timezone`. Of the offsets in the halves of a year, the smaller is the
  // standard one.
  const half_year = 182 * 24 * 3600;
  return -Math.min(posix.localtime(now).tm_gmtoff, posix.localtime(now + half_year).tm_gmtoff) || 0;
}

/**
 * Whether a path is a mere file name: it has no slash, nor a backslash.
 *
 * @c util.c:847
 */
export function pathIsBaseName(path: string): boolean {
  return !path.includes('/') && !path.includes('\\');
}

/**
 * Whether there is a regular file of that name.
 *
 * @c util.c:851
 */
export function fileExist(filename: string): boolean {
  const statbuf = posix.stat(filename);
  return statbuf !== null && S_ISREG(statbuf.st_mode);
}

/**
 * Whether there is a directory of that name.
 *
 * @c util.c:856
 */
export function dirExists(dname: string): boolean {
  const statbuf = posix.stat(dname);
  return statbuf !== null && S_ISDIR(statbuf.st_mode);
}

/**
 * Makes a directory unless it is there. 0, or -1 with posix.errno: ENOTDIR if there is something
 * else of that name.
 *
 * @c util.c:861
 */
export function dirCreateIfMissing(dname: string): number {
  if (posix.mkdir(dname, 0o755) !== 0) {
    if (posix.errno !== EEXIST) return -1;
    if (!dirExists(dname)) {
      posix.errno = ENOTDIR;
      return -1;
    }
  }
  return 0;
}

/**
 * Removes a directory with all that is in it. 0, or -1 with posix.errno at the first thing that
 * resists.
 *
 * @c util.c:873
 */
export function dirRemove(dname: string): number {
  const names = posix.readdir(dname);
  if (names === null) return -1;

  for (const name of names) {
    const full_path = `${dname}/${name}`;
    const fd = posix.open(full_path, O_RDONLY | O_NONBLOCK, 0);
    if (fd === -1) return -1;
    const stat_entry = posix.fstat(fd);
    posix.close(fd);
    if (stat_entry === null) return -1;

    if (S_ISDIR(stat_entry.st_mode)) {
      if (dirRemove(full_path) === -1) return -1;
    } else if (posix.unlink(full_path) !== 0) {
      return -1;
    }
  }
  return posix.rmdir(dname) !== 0 ? -1 : 0;
}

/**
 * `path` and `filename` with a slash between them.
 *
 * @c util.c:923
 */
export function makePath(path: string, filename: string): string {
  return `${path}/${filename}`;
}

/**
 * Syncs the directory that a file is in, so that a file just created or renamed there is still
 * there after a crash. 0, or -1 with posix.errno. Systems that cannot open or sync directories are
 * taken to have done it.
 *
 * @c util.c:935
 */
export function fsyncFileDir(filename: string): number {
  if (filename.length > PATH_MAX) {
    posix.errno = ENAMETOOLONG;
    return -1;
  }
  const dir_fd = posix.open(dirname(filename), O_RDONLY, 0);
  if (dir_fd === -1) return posix.errno === EISDIR ? 0 : -1;
  if (posix.fsync(dir_fd) === -1 && posix.errno !== EBADF && posix.errno !== EINVAL) {
    const save_errno = posix.errno;
    posix.close(dir_fd);
    posix.errno = save_errno;
    return -1;
  }
  posix.close(dir_fd);
  return 0;
}

/**
 * The directory part of a path; `.` if it has none.
 * @own libc
 */
export function dirname(path: string): string {
  const p = path.replace(/\/+$/, '');
  if (p === '') return path === '' ? '.' : '/';
  const slash = p.lastIndexOf('/');
  if (slash === -1) return '.';
  return p.slice(0, slash).replace(/\/+$/, '') || '/';
}
