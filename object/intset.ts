/**
 * intset.c: a set of integers as a sorted array, for small sets in which every member is an integer.
 *
 *     byte   0             4            8
 *          | encoding u32 | length u32 | contents: `length` integers of `encoding` bytes, ascending |
 *
 *     encoding 2, 4 or 8: the narrowest that holds every member that ever was in the set
 *
 *     {5, 300, -2}     02 00 00 00   03 00 00 00   fe ff   05 00   2c 01
 *     + 65536          04 00 00 00   04 00 00 00   fe ff ff ff   05 00 00 00   2c 01 00 00   00 00 01 00
 *
 * All numbers are little endian. Membership is a binary search. A member that is too wide for the present encoding makes
 * the whole array wider; it is beyond all others then, so its place is one of the two ends. The array never gets narrower.
 *
 * Who calls in: t_set, and who reads sets without it. Whom it calls: zmalloc for the block, util for random().
 * What differs from C: the block is as long as its size class, so that only the header tells where the array ends;
 * whether intsetAdd() and intsetRemove() did anything shows in the length. A member is a number, or a bigint beyond
 * ±(2^53-1), which compare with each other as they are.
 *
 * @packageDocumentation
 */
import { rand } from './util.ts';
import { zmalloc_bytes, zrealloc_bytes } from './zmalloc.ts';

/** A set: C's bytes, in a block of zmalloc_bytes(). */
export type intset = Buffer;

/** sizeof(intset): the header. */
export const SIZEOF_INTSET = 8;

export const INTSET_ENC_INT16 = 2;
export const INTSET_ENC_INT32 = 4;
export const INTSET_ENC_INT64 = 8;

/** 2^32, to put the halves of a 64 bit number together and to take it apart. */
const TWO_32 = 4294967296;

/**
 * The unsigned 32 bit number at `offset`.
 *
 * @own the fields of C's struct, and half a number of 64 bits
 */
export function intsetU32(is: intset, offset: number): number {
  return (
    (is[offset] | (is[offset + 1] << 8) | (is[offset + 2] << 16) | (is[offset + 3] << 24)) >>> 0
  );
}

/**
 * Writes the low 32 bits of an integer at `offset`.
 *
 * @own the fields of C's struct, and half a number of 64 bits
 */
export function intsetSetU32(is: intset, offset: number, value: number): void {
  is[offset] = value;
  is[offset + 1] = value >> 8;
  is[offset + 2] = value >> 16;
  is[offset + 3] = value >> 24;
}

/**
 * The narrowest encoding that can hold `v`.
 *
 * @c intset.c:46
 * @cstatic
 */
export function _intsetValueEncoding(v: number | bigint): number {
  if (v < -2147483648 || v > 2147483647) return INTSET_ENC_INT64;
  else if (v < -32768 || v > 32767) return INTSET_ENC_INT32;
  else return INTSET_ENC_INT16;
}

/**
 * The member at index `pos` of contents that have the encoding `enc`, which need not be the header's.
 *
 * @c intset.c:56
 * @cstatic
 */
export function _intsetGetEncoded(is: intset, pos: number, enc: number): number | bigint {
  const p = SIZEOF_INTSET + pos * enc;
  if (enc === INTSET_ENC_INT64) {
    const high = intsetU32(is, p + 4) | 0;
    const value = high * TWO_32 + intsetU32(is, p);
    // Within 53 bits the sum is exact, and no bigint has to be made.
    return Number.isSafeInteger(value) ? value : is.readBigInt64LE(p);
  } else if (enc === INTSET_ENC_INT32) {
    return intsetU32(is, p) | 0;
  } else {
    return ((is[p] | (is[p + 1] << 8)) << 16) >> 16;
  }
}

/**
 * The member at index `pos`, which must exist.
 *
 * @c intset.c:77
 * @cstatic
 */
export function _intsetGet(is: intset, pos: number): number | bigint {
  // The encoding fits in the first byte of its field.
  return _intsetGetEncoded(is, pos, is[0]);
}

/**
 * Writes `value` at index `pos` in the encoding of the header, which must be wide enough.
 *
 * @c intset.c:82
 * @cstatic
 */
export function _intsetSet(is: intset, pos: number, value: number | bigint): void {
  const encoding = is[0];
  const p = SIZEOF_INTSET + pos * encoding;
  if (typeof value === 'bigint') {
    is.writeBigInt64LE(value, p);
  } else if (encoding === INTSET_ENC_INT64) {
    intsetSetU32(is, p, value % TWO_32);
    intsetSetU32(is, p + 4, Math.floor(value / TWO_32));
  } else if (encoding === INTSET_ENC_INT32) {
    intsetSetU32(is, p, value);
  } else {
    is[p] = value;
    is[p + 1] = value >> 8;
  }
}

/**
 * An empty set with the narrowest encoding.
 *
 * @c intset.c:98
 */
export function intsetNew(): intset {
  const is = zmalloc_bytes(SIZEOF_INTSET);
  intsetSetU32(is, 0, INTSET_ENC_INT16);
  intsetSetU32(is, 4, 0);
  return is;
}

/**
 * Makes room for exactly `len` members in the encoding of the header. Returns the block that holds the set from now on;
 * the length in it is unchanged.
 *
 * @c intset.c:106
 * @cstatic
 */
export function intsetResize(is: intset, len: number): intset {
  return zrealloc_bytes(is, SIZEOF_INTSET + len * is[0]);
}

/**
 * Looks for `value`: its index if it is there. If not, a negative number, ~index of the place where it belongs.
 *
 * @c intset.c:117
 * @cstatic
 */
export function intsetSearch(is: intset, value: number | bigint): number {
  let min = 0;
  let max = intsetU32(is, 4) - 1;

  if (max === -1) return ~0;
  // Ascending and descending series of additions are common: look at the ends first.
  if (value > _intsetGet(is, max)) return ~(max + 1);
  if (value < _intsetGet(is, 0)) return ~0;

  while (max >= min) {
    const mid = (min + max) >>> 1;
    const cur = _intsetGet(is, mid);
    if (value > cur) min = mid + 1;
    else if (value < cur) max = mid - 1;
    else return mid;
  }
  return ~min;
}

/**
 * Makes the set as wide as `value` needs, which it is not yet, and puts `value` in. Returns the block that holds the set
 * from now on.
 *
 * @c intset.c:159
 * @cstatic
 */
export function intsetUpgradeAndAdd(is: intset, value: number | bigint): intset {
  const curenc = is[0];
  const newenc = _intsetValueEncoding(value);
  const len = intsetU32(is, 4);
  // Too wide for the others means smaller than all if it is negative, else larger than all.
  const prepend = value < 0 ? 1 : 0;

  intsetSetU32(is, 0, newenc);
  is = intsetResize(is, len + 1);

  // From the back, because a member's new place covers the old ones of its successors.
  for (let pos = len - 1; pos >= 0; pos--) {
    _intsetSet(is, pos + prepend, _intsetGetEncoded(is, pos, curenc));
  }

  if (prepend === 1) _intsetSet(is, 0, value);
  else _intsetSet(is, len, value);
  intsetSetU32(is, 4, len + 1);
  return is;
}

/**
 * Moves the members from index `from` to the end so that they begin at index `to`. The length stays as it is; there must
 * be room.
 *
 * @c intset.c:184
 * @cstatic
 */
export function intsetMoveTail(is: intset, from: number, to: number): void {
  const encoding = is[0];
  const end = SIZEOF_INTSET + intsetU32(is, 4) * encoding;
  is.copyWithin(SIZEOF_INTSET + to * encoding, SIZEOF_INTSET + from * encoding, end);
}

/**
 * Adds `value`. Returns the block that holds the set from now on; if `value` was there already, it is the same and the
 * length has not changed.
 *
 * @c intset.c:206
 */
export function intsetAdd(is: intset, value: number | bigint): intset {
  if (_intsetValueEncoding(value) > is[0]) return intsetUpgradeAndAdd(is, value);

  const found = intsetSearch(is, value);
  if (found >= 0) return is;

  const pos = ~found;
  const len = intsetU32(is, 4);
  is = intsetResize(is, len + 1);
  if (pos < len) intsetMoveTail(is, pos, pos + 1);

  _intsetSet(is, pos, value);
  intsetSetU32(is, 4, len + 1);
  return is;
}

/**
 * Takes `value` out. Returns the block that holds the set from now on; if `value` was not there, the length has not
 * changed. The encoding stays.
 *
 * @c intset.c:236
 */
export function intsetRemove(is: intset, value: number | bigint): intset {
  if (_intsetValueEncoding(value) > is[0]) return is;
  const pos = intsetSearch(is, value);
  if (pos < 0) return is;

  const len = intsetU32(is, 4);
  if (pos < len - 1) intsetMoveTail(is, pos + 1, pos);
  is = intsetResize(is, len - 1);
  intsetSetU32(is, 4, len - 1);
  return is;
}

/**
 * Whether `value` is a member.
 *
 * @c intset.c:256
 */
export function intsetFind(is: intset, value: number | bigint): boolean {
  return _intsetValueEncoding(value) <= is[0] && intsetSearch(is, value) >= 0;
}

/**
 * A member by chance, each with the same probability. Throws on an empty set, where C asserts.
 *
 * @c intset.c:262
 */
export function intsetRandom(is: intset): number | bigint {
  const len = intsetU32(is, 4);
  if (len === 0) throw new Error('intsetRandom: the set is empty');
  return _intsetGet(is, rand() % len);
}

/**
 * The member at index `pos` in ascending order, or null beyond the end.
 *
 * @c intset.c:270
 */
export function intsetGet(is: intset, pos: number): number | bigint | null {
  if (pos < intsetU32(is, 4)) return _intsetGet(is, pos);
  return null;
}

/**
 * The number of members.
 *
 * @c intset.c:279
 */
export function intsetLen(is: intset): number {
  return intsetU32(is, 4);
}

/**
 * Bytes of header and members: what the set takes in a dump. The block may be longer.
 *
 * @c intset.c:284
 */
export function intsetBlobLen(is: intset): number {
  return SIZEOF_INTSET + intsetU32(is, 4) * intsetU32(is, 0);
}

/**
 * Whether the first `size` bytes of `p`, which may come from anywhere, are a set that is not empty: a known encoding, and
 * exactly as many members as the size says. With `deep` also whether the members are ascending and different.
 *
 * @c intset.c:291
 */
export function intsetValidateIntegrity(p: Buffer, size: number, deep: boolean): boolean {
  if (size < SIZEOF_INTSET) return false;

  const record_size = intsetU32(p, 0);
  if (
    record_size !== INTSET_ENC_INT64 &&
    record_size !== INTSET_ENC_INT32 &&
    record_size !== INTSET_ENC_INT16
  ) {
    return false;
  }

  const count = intsetU32(p, 4);
  if (SIZEOF_INTSET + count * record_size !== size) return false;

  if (count === 0) return false;

  if (!deep) return true;

  let prev = _intsetGet(p, 0);
  for (let i = 1; i < count; i++) {
    const cur = _intsetGet(p, i);
    if (cur <= prev) return false;
    prev = cur;
  }
  return true;
}
