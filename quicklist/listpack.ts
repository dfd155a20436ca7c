/**
 * listpack.c: a list of strings and integers in one block of bytes, which can be walked both ways.
 *
 *     +-------------+----------+-------------+-----+-------------+------+
 *     | total bytes | elements |  element 0  | ... | element n-1 | 0xff |
 *     |    u32 le   |  u16 le  |             |     |             | EOF  |
 *     +-------------+----------+-------------+-----+-------------+------+
 *                                    |
 *         +------------------+-------+--------------+-----------------------------+
 *         | encoding, length | bytes of the string  | backlen: the length of what |
 *         | or whole integer | (strings only)       | lies left of it, 1-5 bytes  |
 *         +------------------+----------------------+-----------------------------+
 *
 *     0xxxxxxx                     the integers 0..127
 *     10xxxxxx bytes               a string of up to 63 bytes
 *     110xxxxx xxxxxxxx            a signed integer of 13 bits, high bits first
 *     1110xxxx xxxxxxxx bytes      a string of up to 4095 bytes, high bits first
 *     11110000 u32le bytes         a string of up to 2^32 - 1 bytes
 *     11110001 .. 11110100         a signed little-endian integer of 16, 24, 32, 64 bits
 *
 * The backlen has 7 bits a byte, the highest ones first, and is read from its end: a set high bit says that there is
 * more to the left. So lpPrev() steps over an element without knowing where it begins.
 *
 * The number of elements is 65535 when it is that or more; it must be counted then. Strings that are exactly the text of
 * a 64-bit integer are stored as integers.
 *
 * A position `p` is the offset of an element from the start of the same block. 0 stands for C's NULL: the header lies there.
 * Every function that changes a listpack returns the block that holds it from then on, and the one passed in must not
 * be used any more. The block is as long as the allocator's size class; what is used of it says the header.
 *
 * Who calls in: quicklist, hashes, sorted sets, streams. Whom it calls: zmalloc for the blocks, util for rand().
 * What differs from C: offsets instead of pointers, so that functions which look at an element are passed the block too;
 * an element comes as a string, number or bigint; a listpack that would pass 4 GB fails an assertion instead of giving
 * NULL.
 *
 * @packageDocumentation
 */
import { assert } from '../object/redisassert.ts';
import { LONG_STR_SIZE, ll2string, rand } from '../object/util.ts';
import { zfree_bytes, zmalloc_bytes, zrealloc_bytes } from '../object/zmalloc.ts';
import { STDOUT_FILENO, posix } from '../posix/posix.ts';

/** Where lpInsert() puts the new element, seen from the one at `p`. */
export const LP_BEFORE = 0;
export const LP_AFTER = 1;
export const LP_REPLACE = 2;

/** Bytes in the header: the total length and the number of elements. */
export const LP_HDR_SIZE = 6;
/** The number of elements that says: count them. */
export const LP_HDR_NUMELE_UNKNOWN = 0xffff;
/** Bytes of the longest integer, the encoding byte included. */
export const LP_MAX_INT_ENCODING_LEN = 9;
/** Bytes of the longest backlen. */
export const LP_MAX_BACKLEN_SIZE = 5;

export const LP_ENCODING_7BIT_UINT = 0;
export const LP_ENCODING_7BIT_UINT_ENTRY_SIZE = 2;
export const LP_ENCODING_6BIT_STR = 0x80;
export const LP_ENCODING_13BIT_INT = 0xc0;
export const LP_ENCODING_13BIT_INT_ENTRY_SIZE = 3;
export const LP_ENCODING_12BIT_STR = 0xe0;
export const LP_ENCODING_32BIT_STR = 0xf0;
export const LP_ENCODING_16BIT_INT = 0xf1;
export const LP_ENCODING_16BIT_INT_ENTRY_SIZE = 4;
export const LP_ENCODING_24BIT_INT = 0xf2;
export const LP_ENCODING_24BIT_INT_ENTRY_SIZE = 5;
export const LP_ENCODING_32BIT_INT = 0xf3;
export const LP_ENCODING_32BIT_INT_ENTRY_SIZE = 6;
export const LP_ENCODING_64BIT_INT = 0xf4;
export const LP_ENCODING_64BIT_INT_ENTRY_SIZE = 10;

/** The byte behind the last element. */
export const LP_EOF = 0xff;

/** No listpack is made to grow beyond this. */
export const LISTPACK_MAX_SAFETY_SIZE = 1 << 30;

const UINT32_MAX = 0xffffffff;
const UINT64_MAX = 2 ** 64;
const LLONG_MAX = 2n ** 63n - 1n;
const LLONG_MIN = -(2n ** 63n);
const RAND_MAX = 0x7fffffff;

/** Up to so many bytes a loop beats the call of a built-in function. */
const LOOP_UP_TO = 16;

/** A position that a function reads and moves: C's `unsigned char **p`. */
export class lpPos {
  p = 0;
}

/** A value out of a listpack: the string, or the integer if `sval` is null. */
export class listpackEntry {
  sval: string | null = null;
  lval: number | bigint = 0;
}

/** What lpGetWithSize() finds out about an element without making a string of it. */
export class lpRef {
  /** Where the bytes of a string begin, and how many they are. */
  value = 0;
  count = 0;
  /** Bytes of the element: encoding, content, and backlen. Only set when asked for, and the encoding is known. */
  entry_size = 0;
}

/** A string that is stored as an integer: C's intenc and enclen. */
export class lpIntenc {
  value: number | bigint;
  enclen: number;
  constructor(value: number | bigint, enclen: number) {
    this.value = value;
    this.enclen = enclen;
  }
}

/** Whatever owns a listpack and can do without: a node of a quicklist. */
export interface lpOwner {
  entry: Buffer | null;
}

/**
 * A look at one element, for lpValidateIntegrity(): where it is, what the header says about the number of elements, and
 * what the caller wants to have at hand. False: the listpack is not valid.
 */
export type listpackValidateEntryCB<T> = (
  lp: Buffer,
  p: number,
  head_count: number,
  userdata: T,
) => boolean;

/* ---- bytes ---- */

/**
 * The 32 bits at `p`, the lowest first, as an unsigned number.
 *
 * @own the memory access of several macros
 */
export function lpReadU32(lp: Buffer, p: number): number {
  return (lp[p] | (lp[p + 1] << 8) | (lp[p + 2] << 16) | (lp[p + 3] << 24)) >>> 0;
}

/**
 * The bytes of the whole listpack, as its header says.
 *
 * @own macro lpGetTotalBytes of listpack.c
 */
export function lpGetTotalBytes(lp: Buffer): number {
  return (lp[0] | (lp[1] << 8) | (lp[2] << 16) | (lp[3] << 24)) >>> 0;
}

/**
 * The number of elements that the header has; LP_HDR_NUMELE_UNKNOWN: it does not know.
 *
 * @own macro lpGetNumElements of listpack.c
 */
export function lpGetNumElements(lp: Buffer): number {
  return lp[4] | (lp[5] << 8);
}

/**
 * Writes the total length into the header.
 *
 * @own macro lpSetTotalBytes of listpack.c
 */
export function lpSetTotalBytes(lp: Buffer, v: number): void {
  lp[0] = v & 0xff;
  lp[1] = (v >>> 8) & 0xff;
  lp[2] = (v >>> 16) & 0xff;
  lp[3] = v >>> 24;
}

/**
 * Writes the number of elements into the header. As in C there is no check: the caller keeps to 16 bits.
 *
 * @own macro lpSetNumElements of listpack.c
 */
export function lpSetNumElements(lp: Buffer, v: number): void {
  lp[4] = v & 0xff;
  lp[5] = (v >> 8) & 0xff;
}

/**
 * Moves `len` bytes within the block; the two places may overlap.
 *
 * @own memmove()
 */
export function lpMove(lp: Buffer, dst: number, src: number, len: number): void {
  if (len > LOOP_UP_TO) lp.copyWithin(dst, src, src + len);
  else if (dst > src) for (let i = len - 1; i >= 0; i--) lp[dst + i] = lp[src + i];
  else for (let i = 0; i < len; i++) lp[dst + i] = lp[src + i];
}

/**
 * Writes a string or bytes to `p`.
 *
 * @own memcpy()
 */
export function lpCopyIn(lp: Buffer, p: number, s: string | Uint8Array): void {
  const len = s.length;
  if (typeof s !== 'string') {
    if (len > LOOP_UP_TO) lp.set(s, p);
    else for (let i = 0; i < len; i++) lp[p + i] = s[i];
  } else if (len > LOOP_UP_TO) lp.latin1Write(s, p, len);
  else for (let i = 0; i < len; i++) lp[p + i] = s.charCodeAt(i);
}

/**
 * The `len` bytes at `p` as a latin1 string.
 *
 * @own C refers to the bytes
 */
export function lpCopyOut(lp: Buffer, p: number, len: number): string {
  // A call out of the runtime's compiled code takes longer than to put a short string together, but only if that is one call.
  switch (len) {
    case 0:
      return '';
    case 1:
      return String.fromCharCode(lp[p]);
    case 2:
      return String.fromCharCode(lp[p], lp[p + 1]);
    case 3:
      return String.fromCharCode(lp[p], lp[p + 1], lp[p + 2]);
    case 4:
      return String.fromCharCode(lp[p], lp[p + 1], lp[p + 2], lp[p + 3]);
    case 5:
      return String.fromCharCode(lp[p], lp[p + 1], lp[p + 2], lp[p + 3], lp[p + 4]);
    case 6:
      return String.fromCharCode(lp[p], lp[p + 1], lp[p + 2], lp[p + 3], lp[p + 4], lp[p + 5]);
    case 7:
      return String.fromCharCode(
        lp[p],
        lp[p + 1],
        lp[p + 2],
        lp[p + 3],
        lp[p + 4],
        lp[p + 5],
        lp[p + 6],
      );
    case 8:
      return String.fromCharCode(
        lp[p],
        lp[p + 1],
        lp[p + 2],
        lp[p + 3],
        lp[p + 4],
        lp[p + 5],
        lp[p + 6],
        lp[p + 7],
      );
    case 9:
      return String.fromCharCode(
        lp[p],
        lp[p + 1],
        lp[p + 2],
        lp[p + 3],
        lp[p + 4],
        lp[p + 5],
        lp[p + 6],
        lp[p + 7],
        lp[p + 8],
      );
    case 10:
      return String.fromCharCode(
        lp[p],
        lp[p + 1],
        lp[p + 2],
        lp[p + 3],
        lp[p + 4],
        lp[p + 5],
        lp[p + 6],
        lp[p + 7],
        lp[p + 8],
        lp[p + 9],
      );
    case 11:
      return String.fromCharCode(
        lp[p],
        lp[p + 1],
        lp[p + 2],
        lp[p + 3],
        lp[p + 4],
        lp[p + 5],
        lp[p + 6],
        lp[p + 7],
        lp[p + 8],
        lp[p + 9],
        lp[p + 10],
      );
    case 12:
      return String.fromCharCode(
        lp[p],
        lp[p + 1],
        lp[p + 2],
        lp[p + 3],
        lp[p + 4],
        lp[p + 5],
        lp[p + 6],
        lp[p + 7],
        lp[p + 8],
        lp[p + 9],
        lp[p + 10],
        lp[p + 11],
      );
    case 13:
      return String.fromCharCode(
        lp[p],
        lp[p + 1],
        lp[p + 2],
        lp[p + 3],
        lp[p + 4],
        lp[p + 5],
        lp[p + 6],
        lp[p + 7],
        lp[p + 8],
        lp[p + 9],
        lp[p + 10],
        lp[p + 11],
        lp[p + 12],
      );
    case 14:
      return String.fromCharCode(
        lp[p],
        lp[p + 1],
        lp[p + 2],
        lp[p + 3],
        lp[p + 4],
        lp[p + 5],
        lp[p + 6],
        lp[p + 7],
        lp[p + 8],
        lp[p + 9],
        lp[p + 10],
        lp[p + 11],
        lp[p + 12],
        lp[p + 13],
      );
    case 15:
      return String.fromCharCode(
        lp[p],
        lp[p + 1],
        lp[p + 2],
        lp[p + 3],
        lp[p + 4],
        lp[p + 5],
        lp[p + 6],
        lp[p + 7],
        lp[p + 8],
        lp[p + 9],
        lp[p + 10],
        lp[p + 11],
        lp[p + 12],
        lp[p + 13],
        lp[p + 14],
      );
    case 16:
      return String.fromCharCode(
        lp[p],
        lp[p + 1],
        lp[p + 2],
        lp[p + 3],
        lp[p + 4],
        lp[p + 5],
        lp[p + 6],
        lp[p + 7],
        lp[p + 8],
        lp[p + 9],
        lp[p + 10],
        lp[p + 11],
        lp[p + 12],
        lp[p + 13],
        lp[p + 14],
        lp[p + 15],
      );
    default:
      return lp.latin1Slice(p, p + len);
  }
}

/**
 * Whether the bytes at `p` are those of `s`.
 *
 * @own memcmp()
 */
export function lpBytesEqual(lp: Buffer, p: number, s: string): boolean {
  const len = s.length;
  for (let i = 0; i < len; i++) if (lp[p + i] !== s.charCodeAt(i)) return false;
  return true;
}

/**
 * Fails unless `p` lies behind the header and before the end.
 *
 * @own macro ASSERT_INTEGRITY of listpack.c
 */
export function ASSERT_INTEGRITY(lp: Buffer, p: number): void {
  assert(p >= LP_HDR_SIZE && p < lpGetTotalBytes(lp), 'p within listpack');
}

/**
 * Fails unless an element of `len` bytes at `p` lies behind the header and before the end.
 *
 * @own macro ASSERT_INTEGRITY_LEN of listpack.c
 */
export function ASSERT_INTEGRITY_LEN(lp: Buffer, p: number, len: number): void {
  assert(p >= LP_HDR_SIZE && p + len < lpGetTotalBytes(lp), 'element within listpack');
}

/**
 * Whether a listpack (null: none yet) may take `add` more bytes without passing 1 GB.
 *
 * @c listpack.c:145
 */
export function lpSafeToAdd(lp: Buffer | null, add: number): boolean {
  const len = lp !== null ? lpGetTotalBytes(lp) : 0;
  return len + add <= LISTPACK_MAX_SAFETY_SIZE;
}

/**
 * A string as a signed 64-bit integer, or null if it is not exactly the text that such an integer is printed as: so that
 * the integer can be stored and the string had back from it.
 *
 * @c listpack.c:176
 */
export function lpStringToInt64(s: string | Uint8Array): number | bigint | null {
  const slen = s.length;
  if (slen === 0 || slen >= LONG_STR_SIZE) return null;

  // Most strings are refused by their first character.
  let c = typeof s === 'string' ? s.charCodeAt(0) : s[0];
  let plen = 1;
  const negative = c === 0x2d;
  if (negative) {
    if (slen === 1) return null;
    c = typeof s === 'string' ? s.charCodeAt(1) : s[1];
    plen = 2;
  } else if (c === 0x30) {
    return slen === 1 ? 0 : null;
  }

  // A leading zero is refused, minus zero too.
  if (c < 0x31 || c > 0x39) return null;
  let v = c - 0x30;
  while (plen < slen) {
    c = typeof s === 'string' ? s.charCodeAt(plen) : s[plen];
    if (c < 0x30 || c > 0x39) return null;
    v = v * 10 + (c - 0x30);
    plen++;
  }
  // Rounding brings no v of more than 2^53 below it, so every number that may be inexact goes on to the slow way.
  if (v <= Number.MAX_SAFE_INTEGER) return negative ? -v : v;

  const big = BigInt(typeof s === 'string' ? s : String.fromCharCode(...s));
  return big > LLONG_MAX || big < LLONG_MIN ? null : big;
}

/* ---- making and freeing ---- */

/**
 * A new, empty listpack in a block of `capacity` bytes or what is needed at least. lpShrinkToFit() gives back what was not
 * used.
 *
 * @c listpack.c:242
 */
export function lpNew(capacity: number): Buffer {
  const lp = zmalloc_bytes(capacity > LP_HDR_SIZE + 1 ? capacity : LP_HDR_SIZE + 1);
  lpSetTotalBytes(lp, LP_HDR_SIZE + 1);
  lpSetNumElements(lp, 0);
  lp[LP_HDR_SIZE] = LP_EOF;
  return lp;
}

/**
 * Gives the block back.
 *
 * @c listpack.c:252
 */
export function lpFree(lp: Buffer): void {
  zfree_bytes(lp);
}

/**
 * Makes the block no longer than needed. Returns it, or the smaller one.
 *
 * @c listpack.c:257
 */
export function lpShrinkToFit(lp: Buffer): Buffer {
  const size = lpGetTotalBytes(lp);
  if (size < lp.length) return zrealloc_bytes(lp, size);
  return lp;
}

/* ---- encoding ---- */

/**
 * How many bytes the shortest encoding of an integer has, from 1 to 9; the number says which encoding it is.
 *
 * @c listpack.c:267
 * @cstatic
 */
export function lpEncodeIntegerGetType(v: number | bigint): number {
  // A bigint is beyond 53 bits.
  if (typeof v === 'bigint') return LP_MAX_INT_ENCODING_LEN;
  if (v >= 0 && v <= 127) return 1;
  if (v >= -4096 && v <= 4095) return 2;
  if (v >= -32768 && v <= 32767) return 3;
  if (v >= -8388608 && v <= 8388607) return 4;
  if (v >= -2147483648 && v <= 2147483647) return 5;
  return LP_MAX_INT_ENCODING_LEN;
}

/**
 * Writes an integer in the encoding of `enclen` bytes, which lpEncodeIntegerGetType() found, to `p`.
 *
 * @own the copy out of C's intenc
 */
export function lpEncodeInteger(lp: Buffer, p: number, v: number | bigint, enclen: number): void {
  if (enclen === LP_MAX_INT_ENCODING_LEN) {
    lp[p] = LP_ENCODING_64BIT_INT;
    let lo: number;
    let hi: number;
    if (typeof v === 'number') {
      hi = Math.floor(v / 0x100000000);
      lo = v - hi * 0x100000000;
    } else {
      hi = Number(BigInt.asIntN(32, v >> 32n));
      lo = Number(v & 0xffffffffn);
    }
    lp[p + 1] = lo & 0xff;
    lp[p + 2] = (lo >>> 8) & 0xff;
    lp[p + 3] = (lo >>> 16) & 0xff;
    lp[p + 4] = lo >>> 24;
    lp[p + 5] = hi & 0xff;
    lp[p + 6] = (hi >>> 8) & 0xff;
    lp[p + 7] = (hi >>> 16) & 0xff;
    lp[p + 8] = hi >>> 24;
    return;
  }
  // What is left fits in 32 bits.
  const n = v as number;
  switch (enclen) {
    case 1:
      lp[p] = n;
      return;
    case 2:
      lp[p] = ((n >> 8) & 0x1f) | LP_ENCODING_13BIT_INT;
      lp[p + 1] = n & 0xff;
      return;
    case 3:
      lp[p] = LP_ENCODING_16BIT_INT;
      break;
    case 4:
      lp[p] = LP_ENCODING_24BIT_INT;
      lp[p + 3] = (n >> 16) & 0xff;
      break;
    default:
      lp[p] = LP_ENCODING_32BIT_INT;
      lp[p + 3] = (n >> 16) & 0xff;
      lp[p + 4] = (n >> 24) & 0xff;
  }
  lp[p + 1] = n & 0xff;
  lp[p + 2] = (n >> 8) & 0xff;
}

/**
 * Finds out how a string is to be stored: as the integer that is returned, with the bytes that its encoding has; or, null,
 * as a string.
 *
 * @c listpack.c:329
 * @cstatic
 */
export function lpEncodeGetType(ele: string | Uint8Array): lpIntenc | null {
  const v = lpStringToInt64(ele);
  if (v === null) return null;
  return new lpIntenc(v, lpEncodeIntegerGetType(v));
}

/**
 * How many bytes a string of `size` bytes has with its encoding and length.
 *
 * @own part of lpEncodeGetType
 */
export function lpStringEnclen(size: number): number {
  if (size < 64) return 1 + size;
  if (size < 4096) return 2 + size;
  return 5 + size;
}

/**
 * How many bytes the backlen of an element has whose encoding and content are `l` bytes. C's limits are one below what the
 * bits could hold, from the second byte on.
 *
 * @c listpack.c:347
 * @cstatic
 */
export function lpEncodeBacklen(l: number): number {
  if (l <= 127) return 1;
  if (l < 16383) return 2;
  if (l < 2097151) return 3;
  if (l < 268435455) return 4;
  return 5;
}

/**
 * Writes the backlen of `l` in its `size` bytes, which lpEncodeBacklen() found, to `p`.
 *
 * @own the half of lpEncodeBacklen that writes
 */
export function lpStoreBacklen(lp: Buffer, p: number, l: number, size: number): void {
  switch (size) {
    case 1:
      lp[p] = l;
      return;
    case 2:
      lp[p] = l >> 7;
      lp[p + 1] = (l & 127) | 128;
      return;
    default: {
      // From the end, where the lowest bits stand; the byte that is read last has its high bit clear.
      let q = p + size;
      while (--q > p) {
        lp[q] = (l & 127) | 128;
        l = Math.floor(l / 128);
      }
      lp[p] = l;
    }
  }
}

/**
 * The backlen whose last byte stands at `p`. 2^64, which is no length, if it has more than 5 bytes.
 *
 * @c listpack.c:386
 * @cstatic
 */
export function lpDecodeBacklen(lp: Buffer, p: number): number {
  let val = lp[p] & 127;
  let scale = 128;
  while (lp[p] & 128) {
    p--;
    if (scale > 0x10000000) return UINT64_MAX;
    val += (lp[p] & 127) * scale;
    scale *= 128;
  }
  return val;
}

/**
 * Writes a string with its encoding and length to `p`; there is room.
 *
 * @c listpack.c:403
 * @cstatic
 */
export function lpEncodeString(lp: Buffer, p: number, s: string | Uint8Array): void {
  const len = s.length;
  if (len < 64) {
    lp[p] = len | LP_ENCODING_6BIT_STR;
    lpCopyIn(lp, p + 1, s);
  } else if (len < 4096) {
    lp[p] = (len >> 8) | LP_ENCODING_12BIT_STR;
    lp[p + 1] = len & 0xff;
    lpCopyIn(lp, p + 2, s);
  } else {
    lp[p] = LP_ENCODING_32BIT_STR;
    lp[p + 1] = len & 0xff;
    lp[p + 2] = (len >>> 8) & 0xff;
    lp[p + 3] = (len >>> 16) & 0xff;
    lp[p + 4] = len >>> 24;
    lpCopyIn(lp, p + 5, s);
  }
}

/**
 * The bytes of the element at `p` without its backlen; 0 if there is no such encoding. The bytes that hold the length
 * must lie within the listpack: see lpCurrentEncodedSizeBytes().
 *
 * @c listpack.c:428
 * @cstatic
 */
export function lpCurrentEncodedSizeUnsafe(lp: Buffer, p: number): number {
  const b = lp[p];
  if (b < LP_ENCODING_6BIT_STR) return 1;
  if (b < LP_ENCODING_13BIT_INT) return 1 + (b & 0x3f);
  if (b < LP_ENCODING_12BIT_STR) return 2;
  if (b < LP_ENCODING_32BIT_STR) return 2 + (((b & 0xf) << 8) | lp[p + 1]);
  switch (b) {
    case LP_ENCODING_16BIT_INT:
      return 3;
    case LP_ENCODING_24BIT_INT:
      return 4;
    case LP_ENCODING_32BIT_INT:
      return 5;
    case LP_ENCODING_64BIT_INT:
      return 9;
    case LP_ENCODING_32BIT_STR:
      return 5 + lpReadU32(lp, p + 1);
    case LP_EOF:
      return 1;
    default:
      return 0;
  }
}

/**
 * How many bytes of the element at `p` hold encoding and length; 0 if there is no such encoding.
 *
 * @c listpack.c:446
 * @cstatic
 */
export function lpCurrentEncodedSizeBytes(lp: Buffer, p: number): number {
  const b = lp[p];
  if (b < LP_ENCODING_12BIT_STR) return 1;
  if (b < LP_ENCODING_32BIT_STR) return 2;
  if (b === LP_ENCODING_32BIT_STR) return 5;
  if (b <= LP_ENCODING_64BIT_INT || b === LP_EOF) return 1;
  return 0;
}

/* ---- walking ---- */

/**
 * The position behind the element at `p`, which may be that of the EOF byte. There must be an element at `p`.
 *
 * @c listpack.c:464
 */
export function lpSkip(lp: Buffer, p: number): number {
  const entrylen = lpCurrentEncodedSizeUnsafe(lp, p);
  return p + entrylen + lpEncodeBacklen(entrylen);
}

/**
 * The element to the right of that at `p`; 0 if there is none. Fails when the bytes there are corrupt, like all functions
 * that return an element.
 *
 * @c listpack.c:474
 */
export function lpNext(lp: Buffer, p: number): number {
  assert(p !== 0, 'p');
  p = lpSkip(lp, p);
  if (lp[p] === LP_EOF) return 0;
  lpAssertValidEntry(lp, lpBytes(lp), p);
  return p;
}

/**
 * The element to the left of that at `p`, which may be the EOF byte; 0 if there is none.
 *
 * @c listpack.c:485
 */
export function lpPrev(lp: Buffer, p: number): number {
  assert(p !== 0, 'p');
  if (p === LP_HDR_SIZE) return 0;
  const prevlen = lpDecodeBacklen(lp, p - 1);
  p -= prevlen + lpEncodeBacklen(prevlen);
  lpAssertValidEntry(lp, lpBytes(lp), p);
  return p;
}

/**
 * The first element; 0 if there is none.
 *
 * @c listpack.c:498
 */
export function lpFirst(lp: Buffer): number {
  const p = LP_HDR_SIZE;
  if (lp[p] === LP_EOF) return 0;
  lpAssertValidEntry(lp, lpBytes(lp), p);
  return p;
}

/**
 * The last element; 0 if there is none.
 *
 * @c listpack.c:507
 */
export function lpLast(lp: Buffer): number {
  return lpPrev(lp, lpGetTotalBytes(lp) - 1);
}

/**
 * The number of elements. They are counted when the header does not know, and the header is told if they are few enough
 * again.
 *
 * @c listpack.c:517
 */
export function lpLength(lp: Buffer): number {
  const numele = lpGetNumElements(lp);
  if (numele !== LP_HDR_NUMELE_UNKNOWN) return numele;

  let count = 0;
  let p = lpFirst(lp);
  while (p) {
    count++;
    p = lpNext(lp, p);
  }

  if (count < LP_HDR_NUMELE_UNKNOWN) lpSetNumElements(lp, count);
  return count;
}

/* ---- reading ---- */

/**
 * The element at `p`. An integer is returned as such. Of a string `ref` is told where it lies, and null is returned; without
 * `ref` the string itself is. `with_size`: `ref` is told the size of the whole element in any case. An encoding that does not exist
 * reads as the integer 12345678900000000 and the odd byte on top, as a hint.
 *
 * @c listpack.c:572
 * @cstatic
 */
export function lpGetWithSize(
  lp: Buffer,
  p: number,
  ref: lpRef | null,
  with_size: boolean,
): string | number | bigint | null {
  assert(p !== 0, 'p');
  const b = lp[p];
  let value: number;
  let count: number;

  if (b < LP_ENCODING_6BIT_STR) {
    if (with_size) ref!.entry_size = LP_ENCODING_7BIT_UINT_ENTRY_SIZE;
    return b;
  } else if (b < LP_ENCODING_13BIT_INT) {
    count = b & 0x3f;
    value = p + 1;
  } else if (b < LP_ENCODING_12BIT_STR) {
    if (with_size) ref!.entry_size = LP_ENCODING_13BIT_INT_ENTRY_SIZE;
    // Shifted up and down again, the sign bit fills what is left of it; below as well.
    return ((((b & 0x1f) << 8) | lp[p + 1]) << 19) >> 19;
  } else if (b < LP_ENCODING_32BIT_STR) {
    count = ((b & 0xf) << 8) | lp[p + 1];
    value = p + 2;
  } else if (b === LP_ENCODING_32BIT_STR) {
    count = lpReadU32(lp, p + 1);
    value = p + 5;
  } else if (b === LP_ENCODING_16BIT_INT) {
    if (with_size) ref!.entry_size = LP_ENCODING_16BIT_INT_ENTRY_SIZE;
    return ((lp[p + 1] | (lp[p + 2] << 8)) << 16) >> 16;
  } else if (b === LP_ENCODING_24BIT_INT) {
    if (with_size) ref!.entry_size = LP_ENCODING_24BIT_INT_ENTRY_SIZE;
    return ((lp[p + 1] | (lp[p + 2] << 8) | (lp[p + 3] << 16)) << 8) >> 8;
  } else if (b === LP_ENCODING_32BIT_INT) {
    if (with_size) ref!.entry_size = LP_ENCODING_32BIT_INT_ENTRY_SIZE;
    return lp[p + 1] | (lp[p + 2] << 8) | (lp[p + 3] << 16) | (lp[p + 4] << 24);
  } else if (b === LP_ENCODING_64BIT_INT) {
    if (with_size) ref!.entry_size = LP_ENCODING_64BIT_INT_ENTRY_SIZE;
    const lo = lpReadU32(lp, p + 1);
    const hi = lp[p + 5] | (lp[p + 6] << 8) | (lp[p + 7] << 16) | (lp[p + 8] << 24);
    const n = hi * 0x100000000 + lo;
    // Also when it was rounded, n is not safe: rounding brings nothing below 2^53.
    if (Number.isSafeInteger(n)) return n;
    return (BigInt(hi) << 32n) | BigInt(lo);
  } else {
    return 12345678900000000n + BigInt(b);
  }

  if (ref === null) return lpCopyOut(lp, value, count);
  ref.value = value;
  ref.count = count;
  if (!with_size) return null;
  const enclen = value - p + count;
  ref.entry_size = enclen + lpEncodeBacklen(enclen);
  return null;
}

/**
 * The element at `p`, see lpGetWithSize(): with `ref`, strings are only located.
 *
 * @c listpack.c:662
 */
export function lpGet(lp: Buffer, p: number, ref: lpRef | null): string | number | bigint | null {
  return lpGetWithSize(lp, p, ref, false);
}

/**
 * The element at `p`: an integer as a number or bigint, a string as a latin1 string. With `ref`, strings are only located, and null is
 * returned for them.
 *
 * @c listpack.c:671
 */
export function lpGetValue<R extends lpRef | null = null>(
  lp: Buffer,
  p: number,
  ref: R | null = null,
): R extends lpRef ? number | bigint | null : string | number | bigint {
  return lpGet(lp, p, ref) as R extends lpRef ? number | bigint | null : string | number | bigint;
}

/**
 * The element at `p` as a string, integers by their text.
 *
 * @own lpGet() of C with the buffer for the text of integers
 */
export function lpGetString(lp: Buffer, p: number): string {
  const value = lpGet(lp, p, null) as string | number | bigint;
  return typeof value === 'string' ? value : ll2string(value);
}

/**
 * How many bytes the string at `p` has; -1 if it is an integer there.
 *
 * @own lpGet() of C when only the length is looked at
 */
export function lpStrlen(lp: Buffer, p: number): number {
  const b = lp[p];
  if (b < LP_ENCODING_6BIT_STR) return -1;
  if (b < LP_ENCODING_13BIT_INT) return b & 0x3f;
  if (b < LP_ENCODING_12BIT_STR) return -1;
  if (b < LP_ENCODING_32BIT_STR) return ((b & 0xf) << 8) | lp[p + 1];
  return b === LP_ENCODING_32BIT_STR ? lpReadU32(lp, p + 1) : -1;
}

/**
 * Where the bytes of the string at `p` begin. What is there must be a string.
 *
 * @own lpGet() of C when only the place is looked at
 */
export function lpStrOffset(lp: Buffer, p: number): number {
  return p + lpCurrentEncodedSizeBytes(lp, p);
}

/**
 * Searches from the element at `p` on for one that is equal to `s`, and leaves `skip` elements out after each that was
 * compared. Returns the element, or 0.
 *
 * @c listpack.c:686
 */
export function lpFind(lp: Buffer, p: number, s: string, skip: number): number {
  const slen = s.length;
  let skipcnt = 0;
  // What the text reads as an integer is found out when the first integer is met, and then kept.
  let vencoding = 0;
  let vll: number | bigint | null = null;
  const ref = new lpRef();
  const lp_bytes = lpBytes(lp);

  assert(p !== 0, 'p');
  while (p) {
    if (skipcnt === 0) {
      const ll = lpGetWithSize(lp, p, ref, true);
      if (ll === null) {
        assert(p >= LP_HDR_SIZE && p + ref.entry_size < lp_bytes, 'element within listpack');
        if (slen === ref.count && lpBytesEqual(lp, ref.value, s)) return p;
      } else {
        if (vencoding === 0) {
          vll = slen >= 32 || slen === 0 ? null : lpStringToInt64(s);
          vencoding = 1;
        }
        if (ll === vll) return p;
      }

      skipcnt = skip;
      p += ref.entry_size;
    } else {
      skipcnt--;
      // Without the checks of lpNext(): what follows looks at the place anyway.
      p = lpSkip(lp, p);
    }

    // Up to 8 bytes behind p are read without a further look, so near the end the whole element is examined.
    if (p + 8 >= lp_bytes) lpAssertValidEntry(lp, lp_bytes, p);
    else assert(p >= LP_HDR_SIZE && p < lp_bytes, 'p within listpack');
    if (lp[p] === LP_EOF) break;
  }

  return 0;
}

/* ---- changing ---- */

/**
 * Inserts the string `elestr`, or the integer `eleint` whose encoding has `size` bytes, before or after the element at `p`
 * or in its place; with neither the element is deleted. `p` may be the EOF byte for LP_BEFORE.
 *
 * `newp`, if any, is told where the new element stands; after a deletion, where the one to the right of it does, or 0.
 * Returns the block that holds the listpack now. Fails when it would have 4 GB.
 *
 * @c listpack.c:780
 */
export function lpInsert(
  lp: Buffer,
  elestr: string | Uint8Array | null,
  eleint: number | bigint | null,
  size: number,
  p: number,
  where: number,
  newp: lpPos | null,
): Buffer {
  // Most integers in the entries of a stream are a byte that is its own encoding, and go the short way: in the place of another one, or
  // behind all others.
  if (size === 1 && eleint !== null) {
    if (where === LP_REPLACE && lp[p] < LP_ENCODING_6BIT_STR) {
      lp[p] = eleint as number;
      if (newp !== null) newp.p = p;
      return lp;
    }
    if (
      where === LP_BEFORE &&
      lp[p] === LP_EOF &&
      p + LP_ENCODING_7BIT_UINT_ENTRY_SIZE < lp.length
    ) {
      lp[p] = eleint as number;
      lp[p + 1] = size;
      const end = p + size + lpEncodeBacklen(size);
      lp[end] = LP_EOF;
      lpSetTotalBytes(lp, end + 1);
      const num_elements = lpGetNumElements(lp);
      if (num_elements !== LP_HDR_NUMELE_UNKNOWN) lpSetNumElements(lp, num_elements + 1);
      return lp;
    }
  }

  const del = elestr === null && eleint === null;
  // A deletion replaces by nothing.
  if (del) where = LP_REPLACE;

  // Behind an element is before the next one, which may be the EOF byte.
  if (where === LP_AFTER) {
    p = lpSkip(lp, p);
    where = LP_BEFORE;
    ASSERT_INTEGRITY(lp, p);
  }

  let enclen = size;
  if (elestr !== null) {
    const intenc = lpEncodeGetType(elestr);
    if (intenc === null) enclen = lpStringEnclen(size);
    else {
      eleint = intenc.value;
      enclen = intenc.enclen;
    }
  }

  const backlen_size = del ? 0 : lpEncodeBacklen(enclen);
  const old_listpack_bytes = lpGetTotalBytes(lp);
  let replaced_len = 0;
  if (where === LP_REPLACE) {
    replaced_len = lpCurrentEncodedSizeUnsafe(lp, p);
    replaced_len += lpEncodeBacklen(replaced_len);
    ASSERT_INTEGRITY_LEN(lp, p, replaced_len);
  }

  const new_listpack_bytes = old_listpack_bytes + enclen + backlen_size - replaced_len;
  assert(new_listpack_bytes <= UINT32_MAX, 'new_listpack_bytes <= UINT32_MAX');

  // More room is needed before the elements move, less after they did.
  if (new_listpack_bytes > lp.length) lp = zrealloc_bytes(lp, new_listpack_bytes);

  const from = p + replaced_len;
  const to = p + enclen + backlen_size;
  if (from === old_listpack_bytes - 1) lp[to] = LP_EOF;
  else if (from !== to) lpMove(lp, to, from, old_listpack_bytes - from);

  if (new_listpack_bytes < old_listpack_bytes) lp = zrealloc_bytes(lp, new_listpack_bytes);

  if (newp !== null) newp.p = del && lp[p] === LP_EOF ? 0 : p;
  if (!del) {
    if (eleint !== null) lpEncodeInteger(lp, p, eleint, enclen);
    else if (elestr !== null) lpEncodeString(lp, p, elestr);
    lpStoreBacklen(lp, p + enclen, enclen, backlen_size);
  }

  if (where !== LP_REPLACE || del) {
    const num_elements = lpGetNumElements(lp);
    // A number that is unknown stays so when elements are deleted, until somebody counts.
    if (num_elements !== LP_HDR_NUMELE_UNKNOWN) {
      lpSetNumElements(lp, del ? num_elements - 1 : num_elements + 1);
    }
  }
  lpSetTotalBytes(lp, new_listpack_bytes);
  return lp;
}

/**
 * Inserts a string, see lpInsert().
 *
 * @c listpack.c:929
 */
export function lpInsertString(
  lp: Buffer,
  s: string | Uint8Array,
  p: number,
  where: number,
  newp: lpPos | null,
): Buffer {
  return lpInsert(lp, s, null, s.length, p, where, newp);
}

/**
 * Inserts an integer, see lpInsert().
 *
 * @c listpack.c:937
 */
export function lpInsertInteger(
  lp: Buffer,
  lval: number | bigint,
  p: number,
  where: number,
  newp: lpPos | null,
): Buffer {
  const enclen = lpEncodeIntegerGetType(lval);
  return lpInsert(lp, null, lval, enclen, p, where, newp);
}

/**
 * Inserts a string before all others.
 *
 * @c listpack.c:946
 */
export function lpPrepend(lp: Buffer, s: string | Uint8Array): Buffer {
  const p = lpFirst(lp);
  if (!p) return lpAppend(lp, s);
  return lpInsert(lp, s, null, s.length, p, LP_BEFORE, null);
}

/**
 * Inserts an integer before all others.
 *
 * @c listpack.c:953
 */
export function lpPrependInteger(lp: Buffer, lval: number | bigint): Buffer {
  const p = lpFirst(lp);
  if (!p) return lpAppendInteger(lp, lval);
  return lpInsertInteger(lp, lval, p, LP_BEFORE, null);
}

/**
 * Inserts a string behind all others.
 *
 * @c listpack.c:962
 */
export function lpAppend(lp: Buffer, ele: string | Uint8Array): Buffer {
  const eofptr = lpGetTotalBytes(lp) - 1;
  return lpInsert(lp, ele, null, ele.length, eofptr, LP_BEFORE, null);
}

/**
 * Inserts an integer behind all others.
 *
 * @c listpack.c:969
 */
export function lpAppendInteger(lp: Buffer, lval: number | bigint): Buffer {
  const eofptr = lpGetTotalBytes(lp) - 1;
  return lpInsertInteger(lp, lval, eofptr, LP_BEFORE, null);
}

/**
 * Puts a string in the place of the element at `pos.p`, which afterwards is where the string stands.
 *
 * @c listpack.c:978
 */
export function lpReplace(lp: Buffer, pos: lpPos, s: string | Uint8Array): Buffer {
  return lpInsert(lp, s, null, s.length, pos.p, LP_REPLACE, pos);
}

/**
 * Puts an integer in the place of the element at `pos.p`, which afterwards is where the integer stands.
 *
 * @c listpack.c:986
 */
export function lpReplaceInteger(lp: Buffer, pos: lpPos, lval: number | bigint): Buffer {
  return lpInsertInteger(lp, lval, pos.p, LP_REPLACE, pos);
}

/**
 * Deletes the element at `p`. `newp`, if any, is told where the next one stands; 0 if there is none.
 *
 * @c listpack.c:994
 */
export function lpDelete(lp: Buffer, p: number, newp: lpPos | null): Buffer {
  return lpInsert(lp, null, null, 0, p, LP_REPLACE, newp);
}

/**
 * Deletes up to `num` elements from that at `pos.p` on. `pos.p` becomes the element behind them, or 0.
 *
 * @c listpack.c:999
 */
export function lpDeleteRangeWithEntry(lp: Buffer, pos: lpPos, num: number): Buffer {
  const bytes = lpBytes(lp);
  let deleted = 0;
  const eofptr = bytes - 1;
  const first = pos.p;
  let tail = first;

  if (num === 0) return lp;

  // The number of elements may be wrong in corrupt data, so the end is looked for.
  while (num--) {
    deleted++;
    tail = lpSkip(lp, tail);
    if (lp[tail] === LP_EOF) break;
    lpAssertValidEntry(lp, bytes, tail);
  }

  lpMove(lp, first, tail, eofptr - tail + 1);
  lpSetTotalBytes(lp, bytes - (tail - first));
  const numele = lpGetNumElements(lp);
  if (numele !== LP_HDR_NUMELE_UNKNOWN) lpSetNumElements(lp, numele - deleted);
  lp = lpShrinkToFit(lp);

  pos.p = lp[first] === LP_EOF ? 0 : first;
  return lp;
}

/**
 * Deletes up to `num` elements from index `index` on, which counts from the end when it is negative.
 *
 * @c listpack.c:1038
 */
export function lpDeleteRange(lp: Buffer, index: number, num: number): Buffer {
  const numele = lpGetNumElements(lp);

  if (num === 0) return lp;
  const p = lpSeek(lp, index);
  if (p === 0) return lp;

  if (numele !== LP_HDR_NUMELE_UNKNOWN && index < 0) index = numele + index;
  if (numele !== LP_HDR_NUMELE_UNKNOWN && numele - index <= num) {
    // All to the end: the EOF byte moves here, nothing has to be walked over.
    lp[p] = LP_EOF;
    lpSetTotalBytes(lp, p + 1);
    lpSetNumElements(lp, index);
    lp = lpShrinkToFit(lp);
  } else {
    const pos = new lpPos();
    pos.p = p;
    lp = lpDeleteRangeWithEntry(lp, pos, num);
  }
  return lp;
}

/**
 * Joins the listpacks of two owners into one, the first one's elements before the second one's. The larger block grows to
 * hold it, its owner has it from then on, and the other one has null. Returns the merged listpack, or null when there are not
 * two different ones.
 *
 * @c listpack.c:1080
 */
export function lpMerge(first: lpOwner, second: lpOwner): Buffer | null {
  const one = first.entry;
  const two = second.entry;
  if (one === null || two === null) return null;
  if (one === two) return null;

  const first_bytes = lpBytes(one);
  const first_len = lpLength(one);
  const second_bytes = lpBytes(two);
  const second_len = lpLength(two);

  // The larger one stays where it is, and the other one is copied behind or before it.
  const append = first_bytes >= second_bytes;
  let target = append ? one : two;
  const source = append ? two : one;
  const target_bytes = append ? first_bytes : second_bytes;
  const source_bytes = append ? second_bytes : first_bytes;

  // One header and one EOF byte are left over.
  const lpbytes = first_bytes + second_bytes - LP_HDR_SIZE - 1;
  assert(lpbytes < UINT32_MAX, 'lpbytes < UINT32_MAX');
  const lplength = Math.min(first_len + second_len, LP_HDR_NUMELE_UNKNOWN);

  target = zrealloc_bytes(target, lpbytes);
  if (append) {
    source.copy(target, target_bytes - 1, LP_HDR_SIZE, source_bytes);
  } else {
    lpMove(target, source_bytes - 1, LP_HDR_SIZE, target_bytes - LP_HDR_SIZE);
    source.copy(target, 0, 0, source_bytes - 1);
  }

  lpSetNumElements(target, lplength);
  lpSetTotalBytes(target, lpbytes);

  if (append) {
    zfree_bytes(two);
    second.entry = null;
    first.entry = target;
  } else {
    zfree_bytes(one);
    first.entry = null;
    second.entry = target;
  }
  return target;
}

/**
 * The bytes of the listpack; the block may be longer.
 *
 * @c listpack.c:1163
 */
export function lpBytes(lp: Buffer): number {
  return lpGetTotalBytes(lp);
}

/**
 * The element of index `index`, which counts from the end when it is negative; 0 if there is none. It is walked to from the
 * nearer end.
 *
 * @c listpack.c:1172
 */
export function lpSeek(lp: Buffer, index: number): number {
  let forward = true;
  const numele = lpGetNumElements(lp);
  if (numele !== LP_HDR_NUMELE_UNKNOWN) {
    if (index < 0) index = numele + index;
    if (index < 0) return 0;
    if (index >= numele) return 0;
    if (index > numele >> 1) {
      forward = false;
      index -= numele;
    }
  } else if (index < 0) {
    // Only the sign says where to begin when the number is not known.
    forward = false;
  }

  if (forward) {
    let ele = lpFirst(lp);
    while (index > 0 && ele) {
      ele = lpNext(lp, ele);
      index--;
    }
    return ele;
  } else {
    let ele = lpLast(lp);
    while (index < -1 && ele) {
      ele = lpPrev(lp, ele);
      index++;
    }
    return ele;
  }
}

/* ---- validation ---- */

/**
 * lpFirst() without a look at the element: to be followed by lpValidateNext().
 *
 * @c listpack.c:1217
 */
export function lpValidateFirst(lp: Buffer): number {
  if (lp[LP_HDR_SIZE] === LP_EOF) return 0;
  return LP_HDR_SIZE;
}

/**
 * Examines the element at `p` of a listpack of `lpbytes` bytes, of which nothing else may be true. Returns the position
 * behind it, which may be that of the EOF byte; 0 if `p` is the EOF byte; -1 if something is wrong, also for a `p` of 0.
 *
 * @c listpack.c:1226
 */
export function lpValidateNext(lp: Buffer, p: number, lpbytes: number): number {
  const last = lpbytes - 1;
  // Before p is read.
  if (p < LP_HDR_SIZE || p > last) return -1;
  if (lp[p] === LP_EOF) return 0;

  // The length must be readable,
  const lenbytes = lpCurrentEncodedSizeBytes(lp, p);
  if (lenbytes === 0) return -1;
  if (p + lenbytes > last) return -1;

  // the element must lie within the listpack,
  let entrylen = lpCurrentEncodedSizeUnsafe(lp, p);
  const encodedBacklen = lpEncodeBacklen(entrylen);
  entrylen += encodedBacklen;
  if (p + entrylen > last) return -1;
  p += entrylen;

  // and the length at its end must be that at its beginning.
  const prevlen = lpDecodeBacklen(lp, p - 1);
  if (prevlen + encodedBacklen !== entrylen) return -1;
  return p;
}

/**
 * Fails unless the element at `p` lies within the listpack.
 *
 * @c listpack.c:1275
 * @cstatic
 */
export function lpAssertValidEntry(lp: Buffer, lpbytes: number, p: number): void {
  assert(lpValidateNext(lp, p, lpbytes) !== -1, 'lpValidateNext(lp, &p, lpbytes)');
}

/**
 * Whether `size` bytes, which came from outside, are a listpack: its header and end, and with `deep` each element, to which
 * `entry_cb` may then object.
 *
 * @c listpack.c:1282
 */
export function lpValidateIntegrity<T = null>(
  lp: Buffer,
  size: number,
  deep: boolean | number,
  entry_cb: listpackValidateEntryCB<T> | null,
  cb_userdata: T = null as T,
): boolean {
  // The header must be readable, and the end,
  if (size < LP_HDR_SIZE + 1) return false;
  // the length in the header right,
  const bytes = lpGetTotalBytes(lp);
  if (bytes !== size) return false;
  // and the end an end.
  if (lp[size - 1] !== LP_EOF) return false;
  if (!deep) return true;

  let count = 0;
  const numele = lpGetNumElements(lp);
  let p = LP_HDR_SIZE;
  while (p && lp[p] !== LP_EOF) {
    const prev = p;
    // This comes first, so that the callback sees no element that is corrupt.
    p = lpValidateNext(lp, p, bytes);
    if (p === -1) return false;
    if (entry_cb !== null && !entry_cb(lp, prev, numele, cb_userdata)) return false;
    count++;
  }

  // An EOF byte in the middle is no end.
  if (p !== size - 1) return false;
  return numele === LP_HDR_NUMELE_UNKNOWN || numele === count;
}

/**
 * Whether the element at `p` is equal to `s`; the EOF byte is to nothing.
 *
 * @c listpack.c:1332
 */
export function lpCompare(lp: Buffer, p: number, s: string): boolean {
  if (lp[p] === LP_EOF) return false;
  // A string need not be made to be compared.
  const ref = new lpRef();
  const sz = lpGet(lp, p, ref);
  if (sz === null) return ref.count === s.length && lpBytesEqual(lp, ref.value, s);

  const sval = lpStringToInt64(s);
  return sval !== null && sz === sval;
}

/* ---- random elements ---- */

/** One choice of lpRandomPairs(): of the element of this index, as the answer of this number. */
export class rand_pick {
  index: number;
  order: number;
  constructor(index: number, order: number) {
    this.index = index;
    this.order = order;
  }
}

/**
 * Orders choices by their index, for sort().
 *
 * @c listpack.c:1353
 * @cstatic
 */
export function uintCompare(a: rand_pick, b: rand_pick): number {
  return a.index - b.index;
}

/**
 * Stores a value into `dest`.
 *
 * @c listpack.c:1358
 * @cstatic
 */
export function lpSaveValue(val: string | number | bigint, dest: listpackEntry): void {
  if (typeof val === 'string') {
    dest.sval = val;
    dest.lval = 0;
  } else {
    dest.sval = null;
    dest.lval = val;
  }
}

/**
 * One pair of key and value by chance; `total_count` is the number of pairs. `val` is null when it is not wanted.
 *
 * @c listpack.c:1368
 */
export function lpRandomPair(
  lp: Buffer,
  total_count: number,
  key: listpackEntry,
  val: listpackEntry | null,
): void {
  assert(total_count !== 0, 'total_count');

  // Keys have the even indexes.
  const r = (rand() % total_count) * 2;
  let p = lpSeek(lp, r);
  assert(p !== 0, '(p = lpSeek(lp, r))');
  lpSaveValue(lpGetValue(lp, p), key);

  if (val === null) return;
  p = lpNext(lp, p);
  assert(p !== 0, '(p = lpNext(lp, p))');
  lpSaveValue(lpGetValue(lp, p), val);
}

/**
 * `count` pairs by chance, the same one maybe several times, in an order by chance, into the first entries of `keys` and
 * `vals`, which exist. `vals` is null when they are not wanted.
 *
 * @c listpack.c:1389
 */
export function lpRandomPairs(
  lp: Buffer,
  count: number,
  keys: listpackEntry[],
  vals: listpackEntry[] | null,
): void {
  const picks: rand_pick[] = [];
  const total_size = Math.floor(lpLength(lp) / 2);
  assert(total_size !== 0, 'total_size');

  for (let i = 0; i < count; i++) picks.push(new rand_pick((rand() % total_size) * 2, i));

  // In the order of their indexes they are found in one walk.
  picks.sort(uintCompare);

  let lpindex = count > 0 ? picks[0].index : 0;
  let pickindex = 0;
  let p = lpSeek(lp, lpindex);
  while (p && pickindex < count) {
    const key = lpGetValue(lp, p);
    p = lpNext(lp, p);
    assert(p !== 0, '(p = lpNext(lp, p))');
    const value = lpGetValue(lp, p);
    while (pickindex < count && lpindex === picks[pickindex].index) {
      const storeorder = picks[pickindex].order;
      lpSaveValue(key, keys[storeorder]);
      if (vals !== null) lpSaveValue(value, vals[storeorder]);
      pickindex++;
    }
    lpindex += 2;
    p = lpNext(lp, p);
  }
}

/**
 * Up to `count` pairs by chance, none of them twice, in the order of the listpack, into the first entries of `keys` and
 * `vals`. `vals` is null when they are not wanted. Returns how many they are.
 *
 * @c listpack.c:1442
 */
export function lpRandomPairsUnique(
  lp: Buffer,
  count: number,
  keys: listpackEntry[],
  vals: listpackEntry[] | null,
): number {
  const total_size = Math.floor(lpLength(lp) / 2);
  let index = 0;
  if (count > total_size) count = total_size;

  // In one walk: a pair is taken with the chance of those still wanted among those still to come, which makes the chance of
  // all of them equal.
  let p = lpFirst(lp);
  let picked = 0;
  let remaining = count;
  while (picked < count && p) {
    const randomDouble = rand() / RAND_MAX;
    const threshold = remaining / (total_size - index);
    if (randomDouble <= threshold) {
      lpSaveValue(lpGetValue(lp, p), keys[picked]);
      p = lpNext(lp, p);
      assert(p !== 0, '(p = lpNext(lp, p))');
      if (vals !== null) lpSaveValue(lpGetValue(lp, p), vals[picked]);
      remaining--;
      picked++;
    } else {
      p = lpNext(lp, p);
      assert(p !== 0, '(p = lpNext(lp, p))');
    }
    p = lpNext(lp, p);
    index++;
  }
  return picked;
}

/**
 * Prints a listpack element by element to standard output, for DEBUG LISTPACK. An address is the offset here.
 *
 * @c listpack.c:1480
 */
export function lpRepr(lp: Buffer): void {
  let index = 0;
  let text = `{total bytes ${lpBytes(lp)}} {num entries ${lpLength(lp)}}\n`;

  let p = lpFirst(lp);
  while (p) {
    const encoded_size_bytes = lpCurrentEncodedSizeBytes(lp, p);
    const encoded_size = lpCurrentEncodedSizeUnsafe(lp, p);
    const back_len = lpEncodeBacklen(encoded_size);
    const total = encoded_size + back_len;
    text +=
      `{\n\taddr: 0x${p.toString(16).padStart(8, '0')},\n\tindex: ${String(index).padStart(2)},\n` +
      `\toffset: ${p},\n\thdr+entrylen+backlen: ${String(total).padStart(2)},\n` +
      `\thdrlen: ${String(encoded_size_bytes).padStart(3)},\n\tbacklen: ${String(back_len).padStart(2)},\n` +
      `\tpayload: ${encoded_size - encoded_size_bytes}\n\tbytes: `;
    for (let i = 0; i < total; i++) text += `${lp[p + i].toString(16).padStart(2, '0')}|`;

    const vstr = lpGetString(lp, p);
    text += `\n\t[str]${vstr.length > 40 ? `${vstr.slice(0, 40)}...` : vstr}\n}\n`;
    index++;
    p = lpNext(lp, p);
  }
  const out = Buffer.from(`${text}{end}\n\n`, 'latin1');
  posix.write(STDOUT_FILENO, out, 0, out.length);
}
