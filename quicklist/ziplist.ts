/**
 * ziplist.c: a list of strings and integers in one block of bytes, as Redis kept it before the listpack. It is made no more,
 * but stands in files and dumps of earlier versions, which are converted when they are loaded.
 *
 *     +---------+----------------+----------+---------+-----+-----------+------+
 *     |  bytes  | where the last | elements | entry 0 | ... | entry n-1 | 0xff |
 *     |  u32 le | entry begins   |  u16 le  |         |     |           | end  |
 *     |         | u32 le         |          |         |     |           |      |
 *     +---------+----------------+----------+---------+-----+-----------+------+
 *                                                |
 *          +-----------------------------+-------+----------+----------------------+
 *          | length of the entry before  | encoding, length | bytes of the string, |
 *          | it: 1 byte below 254, else  |                  | or of the integer    |
 *          | 0xfe and u32 le             |                  |                      |
 *          +-----------------------------+------------------+----------------------+
 *
 *     00llllll                      a string of up to 63 bytes
 *     01llllll llllllll             a string of up to 16383 bytes, high bits first
 *     10000000 u32 be               a longer string
 *     11000000 / 11010000 / 11100000 / 11110000     an integer of 16 / 32 / 64 / 24 bits, little endian
 *     11111110                      an integer of 8 bits
 *     11110001 .. 11111101          the integers 0 .. 12
 *
 * When an entry grows beyond 253 bytes, the entry behind it needs four bytes more to say so, and may thereby itself pass 253
 * bytes: __ziplistCascadeUpdate() follows that. Such a field is never made smaller again. 65535 elements means: count them.
 *
 * A position `p` is an offset, 0 is C's NULL, and a function that changes the ziplist returns the block that holds it from
 * then on, as in listpack.ts.
 *
 * Who calls in: rdb, t_hash, t_zset and quicklist when they load what an old version wrote. Whom it calls: zmalloc, util.
 * What differs from C: as in listpack.ts, offsets for pointers, and values as strings, numbers and bigints.
 *
 * @packageDocumentation
 */
import { assert } from '../object/redisassert.ts';
import { normalizeInt, rand, string2ll } from '../object/util.ts';
import { zfree_bytes, zmalloc_bytes, zrealloc_bytes } from '../object/zmalloc.ts';
import { STDOUT_FILENO, posix } from '../posix/posix.ts';

/** Where ziplistPush() puts the new entry. */
export const ZIPLIST_HEAD = 0;
export const ZIPLIST_TAIL = 1;

/** The byte behind the last entry. */
export const ZIP_END = 255;
/** From this on the length of the entry before has five bytes, of which this is the first. */
export const ZIP_BIG_PREVLEN = 254;

export const ZIP_STR_MASK = 0xc0;
export const ZIP_INT_MASK = 0x30;
export const ZIP_STR_06B = 0 << 6;
export const ZIP_STR_14B = 1 << 6;
export const ZIP_STR_32B = 2 << 6;
export const ZIP_INT_16B = 0xc0 | (0 << 4);
export const ZIP_INT_32B = 0xc0 | (1 << 4);
export const ZIP_INT_64B = 0xc0 | (2 << 4);
export const ZIP_INT_24B = 0xc0 | (3 << 4);
export const ZIP_INT_8B = 0xfe;

/** Small integers are the low bits of their encoding, less one. */
export const ZIP_INT_IMM_MASK = 0x0f;
export const ZIP_INT_IMM_MIN = 0xf1;
export const ZIP_INT_IMM_MAX = 0xfd;

const INT24_MAX = 0x7fffff;
const INT24_MIN = -INT24_MAX - 1;
const UINT16_MAX = 0xffff;
const UINT32_MAX = 0xffffffff;
const RAND_MAX = 0x7fffffff;

/** Bytes before the first entry, and behind the last. */
export const ZIPLIST_HEADER_SIZE = 10;
export const ZIPLIST_END_SIZE = 1;

/** No ziplist is made to grow beyond this. */
export const ZIPLIST_MAX_SAFETY_SIZE = 1 << 30;

/** What zipEncodingLenSize() returns for an encoding that does not exist. */
export const ZIP_ENCODING_SIZE_INVALID = 0xff;

/** A value out of a ziplist: the string, or the integer if `sval` is null. */
export class ziplistEntry {
  sval: string | null = null;
  lval: number | bigint = 0;
}

/** What is known of an entry; not the form in which it is stored. */
export class zlentry {
  /** Bytes of the length of the entry before, and that length. */
  prevrawlensize = 0;
  prevrawlen = 0;
  /** Bytes of encoding and length, and of what follows: the string, or the integer, none for 0 to 12. */
  lensize = 0;
  len = 0;
  /** prevrawlensize + lensize. */
  headersize = 0;
  /** ZIP_STR_* or ZIP_INT_*, or a small integer. */
  encoding = 0;
  /** Where the entry begins. */
  p = 0;
}

/** An integer and its shortest encoding. */
export class zipInteger {
  value: number | bigint;
  encoding: number;
  constructor(value: number | bigint, encoding: number) {
    this.value = value;
    this.encoding = encoding;
  }
}

/** Whatever owns a ziplist and can do without. */
export interface ziplistOwner {
  entry: Buffer | null;
}

/**
 * A look at one entry, for ziplistValidateIntegrity(): where it is, what the header says about the number of entries, and what
 * the caller wants to have at hand. False: the ziplist is not valid.
 */
export type ziplistValidateEntryCB<T> = (
  zl: Buffer,
  p: number,
  head_count: number,
  userdata: T,
) => boolean;

/**
 * Whether an encoding is one of strings: those do not begin with two set bits.
 *
 * @own macro ZIP_IS_STR of ziplist.c
 */
export function ZIP_IS_STR(enc: number): boolean {
  return (enc & ZIP_STR_MASK) < ZIP_STR_MASK;
}

/**
 * The bytes of the whole ziplist, as its header says.
 *
 * @own macro ZIPLIST_BYTES of ziplist.c
 */
export function ZIPLIST_BYTES(zl: Buffer): number {
  return zl.readUInt32LE(0);
}

/**
 * Where the last entry begins; where the end byte is, if there is none.
 *
 * @own macro ZIPLIST_TAIL_OFFSET of ziplist.c
 */
export function ZIPLIST_TAIL_OFFSET(zl: Buffer): number {
  return zl.readUInt32LE(4);
}

/**
 * The number of entries that the header has; 65535: it does not know.
 *
 * @own macro ZIPLIST_LENGTH of ziplist.c
 */
export function ZIPLIST_LENGTH(zl: Buffer): number {
  return zl.readUInt16LE(8);
}

/**
 * Writes the total length into the header.
 *
 * @own macro ZIPLIST_BYTES of ziplist.c, assigned to
 */
export function setZIPLIST_BYTES(zl: Buffer, v: number): void {
  zl.writeUInt32LE(v, 0);
}

/**
 * Writes into the header where the last entry begins.
 *
 * @own macro ZIPLIST_TAIL_OFFSET of ziplist.c, assigned to
 */
export function setZIPLIST_TAIL_OFFSET(zl: Buffer, v: number): void {
  zl.writeUInt32LE(v, 4);
}

/**
 * Writes the number of entries into the header.
 *
 * @own macro ZIPLIST_LENGTH of ziplist.c, assigned to
 */
export function setZIPLIST_LENGTH(zl: Buffer, v: number): void {
  zl.writeUInt16LE(v & UINT16_MAX, 8);
}

/**
 * Where the first entry begins, or the end byte is.
 *
 * @own macro ZIPLIST_ENTRY_HEAD of ziplist.c
 */
export function ZIPLIST_ENTRY_HEAD(zl: Buffer): number {
  void zl;
  return ZIPLIST_HEADER_SIZE;
}

/**
 * Where the last entry begins, or the end byte is.
 *
 * @own macro ZIPLIST_ENTRY_TAIL of ziplist.c
 */
export function ZIPLIST_ENTRY_TAIL(zl: Buffer): number {
  return ZIPLIST_TAIL_OFFSET(zl);
}

/**
 * Where the end byte is.
 *
 * @own macro ZIPLIST_ENTRY_END of ziplist.c
 */
export function ZIPLIST_ENTRY_END(zl: Buffer): number {
  return ZIPLIST_BYTES(zl) - ZIPLIST_END_SIZE;
}

/**
 * Adds `incr` to the number of entries, unless that is unknown. Entries are added one at a time, so 65535 is met exactly.
 *
 * @own macro ZIPLIST_INCR_LENGTH of ziplist.c
 */
export function ZIPLIST_INCR_LENGTH(zl: Buffer, incr: number): void {
  const len = ZIPLIST_LENGTH(zl);
  if (len < UINT16_MAX) setZIPLIST_LENGTH(zl, len + incr);
}

/**
 * Whether a ziplist (null: none yet) may take `add` more bytes without passing 1 GB.
 *
 * @c ziplist.c:273
 */
export function ziplistSafeToAdd(zl: Buffer | null, add: number): boolean {
  const len = zl !== null ? ziplistBlobLen(zl) : 0;
  return len + add <= ZIPLIST_MAX_SAFETY_SIZE;
}

/* ---- encoding ---- */

/**
 * The encoding that the byte at `p` says: of a string without the bits of the length.
 *
 * @own macro ZIP_ENTRY_ENCODING of ziplist.c
 */
export function ZIP_ENTRY_ENCODING(zl: Buffer, p: number): number {
  const encoding = zl[p];
  return encoding < ZIP_STR_MASK ? encoding & ZIP_STR_MASK : encoding;
}

/**
 * How many bytes hold encoding and length; ZIP_ENCODING_SIZE_INVALID if there is no such encoding.
 *
 * @c ziplist.c:321
 * @cstatic
 */
export function zipEncodingLenSize(encoding: number): number {
  switch (encoding) {
    case ZIP_INT_16B:
    case ZIP_INT_32B:
    case ZIP_INT_24B:
    case ZIP_INT_64B:
    case ZIP_INT_8B:
    case ZIP_STR_06B:
      return 1;
    case ZIP_STR_14B:
      return 2;
    case ZIP_STR_32B:
      return 5;
    default:
      return encoding >= ZIP_INT_IMM_MIN && encoding <= ZIP_INT_IMM_MAX
        ? 1
        : ZIP_ENCODING_SIZE_INVALID;
  }
}

/**
 * How many bytes an integer of this encoding has behind it. The encoding must exist.
 *
 * @c ziplist.c:342
 * @cstatic
 */
export function zipIntSize(encoding: number): number {
  switch (encoding) {
    case ZIP_INT_8B:
      return 1;
    case ZIP_INT_16B:
      return 2;
    case ZIP_INT_24B:
      return 3;
    case ZIP_INT_32B:
      return 4;
    case ZIP_INT_64B:
      return 8;
    default:
      // The integers from 0 to 12.
      return 0;
  }
}

/**
 * Writes encoding and length of an entry to `p`; with null for `zl` it only says how many bytes they have, which is returned in
 * any case. `encoding` of a string is found out from its length `rawlen`; 0 will do for it.
 *
 * @c ziplist.c:369
 */
export function zipStoreEntryEncoding(
  zl: Buffer | null,
  p: number,
  encoding: number,
  rawlen: number,
): number {
  if (!ZIP_IS_STR(encoding)) {
    if (zl !== null) zl[p] = encoding;
    return 1;
  }
  if (rawlen <= 0x3f) {
    if (zl !== null) zl[p] = ZIP_STR_06B | rawlen;
    return 1;
  }
  if (rawlen <= 0x3fff) {
    if (zl !== null) {
      zl[p] = ZIP_STR_14B | (rawlen >> 8);
      zl[p + 1] = rawlen & 0xff;
    }
    return 2;
  }
  if (zl !== null) {
    zl[p] = ZIP_STR_32B;
    zl.writeUInt32BE(rawlen, p + 1);
  }
  return 5;
}

/**
 * Fills in `lensize` and `len` of an entry from its encoding and the bytes at `p`, where the encoding stands. `lensize` becomes
 * 0 if there is no such encoding.
 *
 * @own macro ZIP_DECODE_LENGTH of ziplist.c
 */
export function ZIP_DECODE_LENGTH(zl: Buffer, p: number, e: zlentry): void {
  e.lensize = zipEncodingLenSize(e.encoding);
  switch (e.lensize) {
    case ZIP_ENCODING_SIZE_INVALID:
      e.lensize = 0;
      e.len = 0;
      return;
    case 2:
      e.len = ((zl[p] & 0x3f) << 8) | zl[p + 1];
      return;
    case 5:
      e.len = zl.readUInt32BE(p + 1);
      return;
    default:
      e.len = e.encoding === ZIP_STR_06B ? zl[p] & 0x3f : zipIntSize(e.encoding);
  }
}

/**
 * Writes the length of the entry before to `p`, in five bytes although one might do. With null for `zl` it only returns the five.
 *
 * @c ziplist.c:444
 */
export function zipStorePrevEntryLengthLarge(zl: Buffer | null, p: number, len: number): number {
  if (zl !== null) {
    zl[p] = ZIP_BIG_PREVLEN;
    zl.writeUInt32LE(len, p + 1);
  }
  return 5;
}

/**
 * Writes the length of the entry before to `p`. Returns how many bytes that takes, which is all that it does with null for `zl`.
 *
 * @c ziplist.c:457
 */
export function zipStorePrevEntryLength(zl: Buffer | null, p: number, len: number): number {
  if (zl === null) return len < ZIP_BIG_PREVLEN ? 1 : 5;
  if (len >= ZIP_BIG_PREVLEN) return zipStorePrevEntryLengthLarge(zl, p, len);
  zl[p] = len;
  return 1;
}

/**
 * How many bytes at `p` hold the length of the entry before.
 *
 * @own macro ZIP_DECODE_PREVLENSIZE of ziplist.c
 */
export function ZIP_DECODE_PREVLENSIZE(zl: Buffer, p: number): number {
  return zl[p] < ZIP_BIG_PREVLEN ? 1 : 5;
}

/**
 * The length of the entry before, which stands at `p`.
 *
 * @own macro ZIP_DECODE_PREVLEN of ziplist.c
 */
export function ZIP_DECODE_PREVLEN(zl: Buffer, p: number): number {
  return zl[p] < ZIP_BIG_PREVLEN ? zl[p] : zl.readUInt32LE(p + 1);
}

/**
 * By how many bytes the entry at `p` grows if the one before it gets a length of `len`: -4, 0 or 4.
 *
 * @c ziplist.c:514
 */
export function zipPrevLenByteDiff(zl: Buffer, p: number, len: number): number {
  return zipStorePrevEntryLength(null, 0, len) - ZIP_DECODE_PREVLENSIZE(zl, p);
}

/**
 * The integer that a string is the text of, with its shortest encoding; null if it is none.
 *
 * @c ziplist.c:522
 */
export function zipTryEncoding(entry: string): zipInteger | null {
  if (entry.length >= 32 || entry.length === 0) return null;
  const value = string2ll(entry);
  if (value === null) return null;
  let encoding = ZIP_INT_64B;
  if (value >= 0 && value <= 12) encoding = ZIP_INT_IMM_MIN + Number(value);
  else if (value >= -0x80 && value <= 0x7f) encoding = ZIP_INT_8B;
  else if (value >= -0x8000 && value <= 0x7fff) encoding = ZIP_INT_16B;
  else if (value >= INT24_MIN && value <= INT24_MAX) encoding = ZIP_INT_24B;
  else if (value >= -0x80000000 && value <= 0x7fffffff) encoding = ZIP_INT_32B;
  return new zipInteger(value, encoding);
}

/**
 * Writes an integer in its encoding to `p`, behind the byte of the encoding.
 *
 * @c ziplist.c:549
 */
export function zipSaveInteger(
  zl: Buffer,
  p: number,
  value: number | bigint,
  encoding: number,
): void {
  if (encoding === ZIP_INT_64B) {
    zl.writeBigInt64LE(BigInt(value), p);
    return;
  }
  // The integers from 0 to 12 have no bytes to write.
  const size = zipIntSize(encoding);
  if (size > 0) zl.writeIntLE(Number(value), p, size);
}

/**
 * Reads an integer of this encoding at `p`, behind the byte of the encoding.
 *
 * @c ziplist.c:579
 */
export function zipLoadInteger(zl: Buffer, p: number, encoding: number): number | bigint {
  if (encoding === ZIP_INT_64B) return normalizeInt(zl.readBigInt64LE(p));
  if (encoding >= ZIP_INT_IMM_MIN && encoding <= ZIP_INT_IMM_MAX) {
    return (encoding & ZIP_INT_IMM_MASK) - 1;
  }
  return zl.readIntLE(p, zipIntSize(encoding));
}

/* ---- entries ---- */

/**
 * Fills in `e` with all that is known of the entry at `p`, which must be valid. Fails if it has no encoding.
 *
 * @c ziplist.c:616
 * @cstatic
 */
export function zipEntry(zl: Buffer, p: number, e: zlentry): void {
  e.prevrawlensize = ZIP_DECODE_PREVLENSIZE(zl, p);
  e.prevrawlen = ZIP_DECODE_PREVLEN(zl, p);
  e.encoding = ZIP_ENTRY_ENCODING(zl, p + e.prevrawlensize);
  ZIP_DECODE_LENGTH(zl, p + e.prevrawlensize, e);
  assert(e.lensize !== 0, 'e->lensize != 0');
  e.headersize = e.prevrawlensize + e.lensize;
  e.p = p;
}

/**
 * Fills in `e` with all that is known of the entry at `p`, of which nothing may be true, in a ziplist of `zlbytes` bytes. False if
 * it, or with `validate_prevlen` the entry before it, would lie outside, or has no encoding.
 *
 * @c ziplist.c:629
 * @cstatic
 */
export function zipEntrySafe(
  zl: Buffer,
  zlbytes: number,
  p: number,
  e: zlentry,
  validate_prevlen: boolean,
): boolean {
  const zlfirst = ZIPLIST_HEADER_SIZE;
  const zllast = zlbytes - ZIPLIST_END_SIZE;

  // What is looked at must have been found to lie inside before.
  if (p < zlfirst || p > zllast) return false;
  e.prevrawlensize = ZIP_DECODE_PREVLENSIZE(zl, p);
  if (p + e.prevrawlensize > zllast) return false;

  e.encoding = ZIP_ENTRY_ENCODING(zl, p + e.prevrawlensize);
  e.lensize = zipEncodingLenSize(e.encoding);
  if (e.lensize === ZIP_ENCODING_SIZE_INVALID) return false;
  if (p + e.prevrawlensize + e.lensize > zllast) return false;

  e.prevrawlen = ZIP_DECODE_PREVLEN(zl, p);
  ZIP_DECODE_LENGTH(zl, p + e.prevrawlensize, e);
  e.headersize = e.prevrawlensize + e.lensize;
  if (p + e.headersize + e.len > zllast) return false;
  if (validate_prevlen && p - e.prevrawlen < zlfirst) return false;

  e.p = p;
  return true;
}

/**
 * The bytes of the entry at `p`, which may be corrupt: that fails.
 *
 * @c ziplist.c:692
 * @cstatic
 */
export function zipRawEntryLengthSafe(zl: Buffer, zlbytes: number, p: number): number {
  const e = new zlentry();
  assert(zipEntrySafe(zl, zlbytes, p, e, false), 'zipEntrySafe(zl, zlbytes, p, &e, 0)');
  return e.headersize + e.len;
}

/**
 * The bytes of the entry at `p`, which is valid.
 *
 * @c ziplist.c:699
 * @cstatic
 */
export function zipRawEntryLength(zl: Buffer, p: number): number {
  const e = new zlentry();
  zipEntry(zl, p, e);
  return e.headersize + e.len;
}

/**
 * Fails unless the entry at `p` lies within the ziplist.
 *
 * @c ziplist.c:706
 * @cstatic
 */
export function zipAssertValidEntry(zl: Buffer, zlbytes: number, p: number): void {
  const e = new zlentry();
  assert(zipEntrySafe(zl, zlbytes, p, e, true), 'zipEntrySafe(zl, zlbytes, p, &e, 1)');
}

/* ---- ziplists ---- */

/**
 * A new, empty ziplist.
 *
 * @c ziplist.c:712
 */
export function ziplistNew(): Buffer {
  const bytes = ZIPLIST_HEADER_SIZE + ZIPLIST_END_SIZE;
  const zl = zmalloc_bytes(bytes);
  setZIPLIST_BYTES(zl, bytes);
  setZIPLIST_TAIL_OFFSET(zl, ZIPLIST_HEADER_SIZE);
  setZIPLIST_LENGTH(zl, 0);
  zl[bytes - 1] = ZIP_END;
  return zl;
}

/**
 * Makes the block one of `len` bytes, and the last of them the end byte. Returns the block.
 *
 * @c ziplist.c:723
 */
export function ziplistResize(zl: Buffer, len: number): Buffer {
  assert(len < UINT32_MAX, 'len < UINT32_MAX');
  zl = zrealloc_bytes(zl, len);
  setZIPLIST_BYTES(zl, len);
  zl[len - 1] = ZIP_END;
  return zl;
}

/**
 * The entry at `p` got another length: writes that into the entry behind it, and, where the field there must grow from one byte to
 * five, so on to the entry behind that. Fields that could be smaller stay as they are: else entries of about 254 bytes would
 * make them grow and shrink all the time. Returns the block.
 *
 * @c ziplist.c:751
 */
export function __ziplistCascadeUpdate(zl: Buffer, p: number): Buffer {
  const cur = new zlentry();
  // Of the last entry that changed: its length, the bytes that this takes, and where it is.
  let prevlen: number;
  let prevlensize: number;
  let prevoffset: number;
  let rawlen: number;
  const curlen = ZIPLIST_BYTES(zl);
  let extra = 0;
  let cnt = 0;
  const delta = 4;
  const tail = ZIPLIST_TAIL_OFFSET(zl);

  if (zl[p] === ZIP_END) return zl;

  zipEntry(zl, p, cur);
  const firstentrylen = cur.headersize + cur.len;
  prevlen = firstentrylen;
  prevlensize = zipStorePrevEntryLength(null, 0, prevlen);
  prevoffset = p;
  p += prevlen;

  // First it is found out how many entries must grow.
  while (zl[p] !== ZIP_END) {
    assert(zipEntrySafe(zl, curlen, p, cur, false), 'zipEntrySafe(zl, curlen, p, &cur, 0)');

    if (cur.prevrawlen === prevlen) break;

    if (cur.prevrawlensize >= prevlensize) {
      if (cur.prevrawlensize === prevlensize) zipStorePrevEntryLength(zl, p, prevlen);
      else zipStorePrevEntryLengthLarge(zl, p, prevlen);
      break;
    }

    // 0: this one was the first entry until now.
    assert(
      cur.prevrawlen === 0 || cur.prevrawlen + delta === prevlen,
      'cur.prevrawlen == 0 || cur.prevrawlen + delta == prevlen',
    );

    rawlen = cur.headersize + cur.len;
    prevlen = rawlen + delta;
    prevlensize = zipStorePrevEntryLength(null, 0, prevlen);
    prevoffset = p;
    p += rawlen;
    extra += delta;
    cnt++;
  }

  if (extra === 0) return zl;

  // The last entry moves by what the entries before it grow, and not by its own growth.
  setZIPLIST_TAIL_OFFSET(zl, tail + (tail === prevoffset ? extra - delta : extra));

  // What does not change moves to the end,
  const offset = p;
  zl = ziplistResize(zl, curlen + extra);
  zl.copyWithin(p + extra, p, curlen - 1);
  p = offset + extra;

  // and the entries that grow move one by one, the last of them first.
  while (cnt) {
    zipEntry(zl, prevoffset, cur);
    rawlen = cur.headersize + cur.len;
    zl.copyWithin(
      p - (rawlen - cur.prevrawlensize),
      prevoffset + cur.prevrawlensize,
      prevoffset + rawlen,
    );
    p -= rawlen + delta;
    if (cur.prevrawlen === 0) zipStorePrevEntryLength(zl, p, firstentrylen);
    else zipStorePrevEntryLength(zl, p, cur.prevrawlen + delta);
    prevoffset -= cur.prevrawlen;
    cnt--;
  }
  return zl;
}

/**
 * Deletes up to `num` entries from that at `p` on. Returns the block.
 *
 * @c ziplist.c:850
 */
export function __ziplistDelete(zl: Buffer, p: number, num: number): Buffer {
  let deleted = 0;
  let nextdiff = 0;
  const first = new zlentry();
  const tail = new zlentry();
  let zlbytes = ZIPLIST_BYTES(zl);

  zipEntry(zl, p, first);
  for (let i = 0; zl[p] !== ZIP_END && i < num; i++) {
    p += zipRawEntryLengthSafe(zl, zlbytes, p);
    deleted++;
  }

  assert(p >= first.p, 'p >= first.p');
  const totlen = p - first.p;
  if (totlen > 0) {
    let set_tail: number;
    if (zl[p] !== ZIP_END) {
      // The entry behind them is told the length of the one before them. If it needs four bytes more for that, they are there: one
      // of the deleted had them.
      nextdiff = zipPrevLenByteDiff(zl, p, first.prevrawlen);
      p -= nextdiff;
      assert(p >= first.p && p < zlbytes - 1, 'p >= first.p && p<zl+zlbytes-1');
      zipStorePrevEntryLength(zl, p, first.prevrawlen);

      set_tail = ZIPLIST_TAIL_OFFSET(zl) - totlen;

      // If that entry is the last one, its own growth does not move it.
      assert(zipEntrySafe(zl, zlbytes, p, tail, true), 'zipEntrySafe(zl, zlbytes, p, &tail, 1)');
      if (zl[p + tail.headersize + tail.len] !== ZIP_END) set_tail += nextdiff;

      zl.copyWithin(first.p, p, zlbytes - 1);
    } else {
      set_tail = first.p - first.prevrawlen;
    }

    const offset = first.p;
    zlbytes -= totlen - nextdiff;
    zl = ziplistResize(zl, zlbytes);
    p = offset;

    ZIPLIST_INCR_LENGTH(zl, -deleted);

    assert(
      set_tail >= 0 && set_tail <= zlbytes - ZIPLIST_END_SIZE,
      'set_tail <= zlbytes - ZIPLIST_END_SIZE',
    );
    setZIPLIST_TAIL_OFFSET(zl, set_tail);

    if (nextdiff !== 0) zl = __ziplistCascadeUpdate(zl, p);
  }
  return zl;
}

/**
 * Inserts a string, which may become an integer, before the entry or end byte at `p`. Returns the block.
 *
 * @c ziplist.c:926
 */
export function __ziplistInsert(zl: Buffer, p: number, s: string): Buffer {
  const curlen = ZIPLIST_BYTES(zl);
  const slen = s.length;
  let prevlen = 0;
  const tail = new zlentry();

  // The entry before it is that which was before p.
  if (zl[p] !== ZIP_END) {
    prevlen = ZIP_DECODE_PREVLEN(zl, p);
  } else {
    const ptail = ZIPLIST_ENTRY_TAIL(zl);
    if (zl[ptail] !== ZIP_END) prevlen = zipRawEntryLengthSafe(zl, curlen, ptail);
  }

  const integer = zipTryEncoding(s);
  const encoding = integer !== null ? integer.encoding : 0;
  let reqlen = integer !== null ? zipIntSize(encoding) : slen;
  reqlen += zipStorePrevEntryLength(null, 0, prevlen);
  reqlen += zipStoreEntryEncoding(null, 0, encoding, slen);

  // The entry behind must hold the length of this one. A field there of five bytes is kept if the whole would shrink otherwise.
  let forcelarge = false;
  let nextdiff = zl[p] !== ZIP_END ? zipPrevLenByteDiff(zl, p, reqlen) : 0;
  if (nextdiff === -4 && reqlen < 4) {
    nextdiff = 0;
    forcelarge = true;
  }

  const newlen = curlen + reqlen + nextdiff;
  const atEnd = zl[p] === ZIP_END;
  zl = ziplistResize(zl, newlen);

  if (!atEnd) {
    zl.copyWithin(p + reqlen, p - nextdiff, curlen - 1);

    if (forcelarge) zipStorePrevEntryLengthLarge(zl, p + reqlen, reqlen);
    else zipStorePrevEntryLength(zl, p + reqlen, reqlen);

    setZIPLIST_TAIL_OFFSET(zl, ZIPLIST_TAIL_OFFSET(zl) + reqlen);

    // If the entry behind is the last one, its own growth does not move it.
    assert(
      zipEntrySafe(zl, newlen, p + reqlen, tail, true),
      'zipEntrySafe(zl, newlen, p+reqlen, &tail, 1)',
    );
    if (zl[p + reqlen + tail.headersize + tail.len] !== ZIP_END) {
      setZIPLIST_TAIL_OFFSET(zl, ZIPLIST_TAIL_OFFSET(zl) + nextdiff);
    }
  } else {
    setZIPLIST_TAIL_OFFSET(zl, p);
  }

  if (nextdiff !== 0) zl = __ziplistCascadeUpdate(zl, p + reqlen);

  p += zipStorePrevEntryLength(zl, p, prevlen);
  p += zipStoreEntryEncoding(zl, p, encoding, slen);
  if (integer === null) zl.latin1Write(s, p, slen);
  else zipSaveInteger(zl, p, integer.value, encoding);
  ZIPLIST_INCR_LENGTH(zl, 1);
  return zl;
}

/**
 * Joins the ziplists of two owners into one, the first one's entries before the second one's. The one with more entries grows to
 * hold it, its owner has it from then on, and the other one has null. Returns the merged ziplist, or null when there are not two
 * different ones.
 *
 * @c ziplist.c:1040
 */
export function ziplistMerge(first: ziplistOwner, second: ziplistOwner): Buffer | null {
  const one = first.entry;
  const two = second.entry;
  if (one === null || two === null) return null;
  if (one === two) return null;

  const first_bytes = ZIPLIST_BYTES(one);
  const first_len = ZIPLIST_LENGTH(one);
  const second_bytes = ZIPLIST_BYTES(two);
  const second_len = ZIPLIST_LENGTH(two);

  const append = first_len >= second_len;
  let target = append ? one : two;
  const source = append ? two : one;
  const target_bytes = append ? first_bytes : second_bytes;
  const source_bytes = append ? second_bytes : first_bytes;

  // One header and one end byte are left over.
  const zlbytes = first_bytes + second_bytes - ZIPLIST_HEADER_SIZE - ZIPLIST_END_SIZE;
  const zllength = Math.min(first_len + second_len, UINT16_MAX);
  assert(zlbytes < UINT32_MAX, 'zlbytes < UINT32_MAX');

  const first_offset = ZIPLIST_TAIL_OFFSET(one);
  const second_offset = ZIPLIST_TAIL_OFFSET(two);

  target = zrealloc_bytes(target, zlbytes);
  if (append) {
    source.copy(target, target_bytes - ZIPLIST_END_SIZE, ZIPLIST_HEADER_SIZE, source_bytes);
  } else {
    target.copyWithin(source_bytes - ZIPLIST_END_SIZE, ZIPLIST_HEADER_SIZE, target_bytes);
    source.copy(target, 0, 0, source_bytes - ZIPLIST_END_SIZE);
  }

  setZIPLIST_BYTES(target, zlbytes);
  setZIPLIST_LENGTH(target, zllength);
  setZIPLIST_TAIL_OFFSET(
    target,
    first_bytes - ZIPLIST_END_SIZE + (second_offset - ZIPLIST_HEADER_SIZE),
  );

  // The first entry of the second one still says that there is none before it.
  target = __ziplistCascadeUpdate(target, first_offset);

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
 * Inserts a string at ZIPLIST_HEAD or ZIPLIST_TAIL. Returns the block.
 *
 * @c ziplist.c:1143
 */
export function ziplistPush(zl: Buffer, s: string, where: number): Buffer {
  const p = where === ZIPLIST_HEAD ? ZIPLIST_ENTRY_HEAD(zl) : ZIPLIST_ENTRY_END(zl);
  return __ziplistInsert(zl, p, s);
}

/**
 * The entry of index `index`, which counts from the end when it is negative; 0 if there is none.
 *
 * @c ziplist.c:1152
 */
export function ziplistIndex(zl: Buffer, index: number): number {
  let p: number;
  const zlbytes = ZIPLIST_BYTES(zl);
  if (index < 0) {
    index = -index - 1;
    p = ZIPLIST_ENTRY_TAIL(zl);
    if (zl[p] !== ZIP_END) {
      const prevlensize = ZIP_DECODE_PREVLENSIZE(zl, p);
      assert(
        p + prevlensize < zlbytes - ZIPLIST_END_SIZE,
        'p + prevlensize < zl + zlbytes - ZIPLIST_END_SIZE',
      );
      let prevlen = ZIP_DECODE_PREVLEN(zl, p);
      while (prevlen > 0 && index-- > 0) {
        p -= prevlen;
        assert(
          p >= ZIPLIST_HEADER_SIZE && p < zlbytes - ZIPLIST_END_SIZE,
          'p >= zl + ZIPLIST_HEADER_SIZE && p < zl + zlbytes - ZIPLIST_END_SIZE',
        );
        prevlen = ZIP_DECODE_PREVLEN(zl, p);
      }
    }
  } else {
    p = ZIPLIST_ENTRY_HEAD(zl);
    while (index-- > 0) {
      p += zipRawEntryLengthSafe(zl, zlbytes, p);
      if (zl[p] === ZIP_END) break;
    }
  }
  if (zl[p] === ZIP_END || index > 0) return 0;
  zipAssertValidEntry(zl, zlbytes, p);
  return p;
}

/**
 * The entry behind that at `p`; 0 if there is none, or if `p` is the end byte, as it may be after ziplistDelete().
 *
 * @c ziplist.c:1194
 */
export function ziplistNext(zl: Buffer, p: number): number {
  const zlbytes = ZIPLIST_BYTES(zl);
  if (zl[p] === ZIP_END) return 0;
  p += zipRawEntryLength(zl, p);
  if (zl[p] === ZIP_END) return 0;
  zipAssertValidEntry(zl, zlbytes, p);
  return p;
}

/**
 * The entry before that at `p`, which may be the end byte; 0 if there is none.
 *
 * @c ziplist.c:1215
 */
export function ziplistPrev(zl: Buffer, p: number): number {
  if (zl[p] === ZIP_END) {
    p = ZIPLIST_ENTRY_TAIL(zl);
    return zl[p] === ZIP_END ? 0 : p;
  } else if (p === ZIPLIST_ENTRY_HEAD(zl)) {
    return 0;
  } else {
    const prevlen = ZIP_DECODE_PREVLEN(zl, p);
    assert(prevlen > 0, 'prevlen > 0');
    p -= prevlen;
    zipAssertValidEntry(zl, ZIPLIST_BYTES(zl), p);
    return p;
  }
}

/**
 * The value of the entry at `p`: a string, or an integer. null if `p` is 0 or the end byte.
 *
 * @c ziplist.c:1240
 */
export function ziplistGet(zl: Buffer, p: number): string | number | bigint | null {
  if (p === 0 || zl[p] === ZIP_END) return null;
  const entry = new zlentry();
  zipEntry(zl, p, entry);
  const content = p + entry.headersize;
  if (ZIP_IS_STR(entry.encoding)) return zl.latin1Slice(content, content + entry.len);
  return zipLoadInteger(zl, content, entry.encoding);
}

/**
 * Inserts a string before the entry or end byte at `p`. Returns the block.
 *
 * @c ziplist.c:1260
 */
export function ziplistInsert(zl: Buffer, p: number, s: string): Buffer {
  return __ziplistInsert(zl, p, s);
}

/**
 * Deletes the entry at `p`. Returns the block, in which the next entry, or the end byte, is then at the same `p`.
 *
 * @c ziplist.c:1267
 */
export function ziplistDelete(zl: Buffer, p: number): Buffer {
  return __ziplistDelete(zl, p, 1);
}

/**
 * Deletes up to `num` entries from index `index` on. Returns the block.
 *
 * @c ziplist.c:1280
 */
export function ziplistDeleteRange(zl: Buffer, index: number, num: number): Buffer {
  const p = ziplistIndex(zl, index);
  return p === 0 ? zl : __ziplistDelete(zl, p, num);
}

/**
 * Puts a string in the place of the entry at `p`, without moving anything if it has the same size. Returns the block.
 *
 * @c ziplist.c:1287
 */
export function ziplistReplace(zl: Buffer, p: number, s: string): Buffer {
  const slen = s.length;
  const entry = new zlentry();
  zipEntry(zl, p, entry);

  const integer = zipTryEncoding(s);
  const encoding = integer !== null ? integer.encoding : 0;
  let reqlen = integer !== null ? zipIntSize(encoding) : slen;
  reqlen += zipStoreEntryEncoding(null, 0, encoding, slen);

  if (reqlen === entry.lensize + entry.len) {
    p += entry.prevrawlensize;
    p += zipStoreEntryEncoding(zl, p, encoding, slen);
    if (integer === null) zl.latin1Write(s, p, slen);
    else zipSaveInteger(zl, p, integer.value, encoding);
  } else {
    zl = ziplistDelete(zl, p);
    zl = ziplistInsert(zl, p, s);
  }
  return zl;
}

/**
 * Whether the entry at `p` is equal to `s`; the end byte is to nothing.
 *
 * @c ziplist.c:1323
 */
export function ziplistCompare(zl: Buffer, p: number, s: string): boolean {
  if (zl[p] === ZIP_END) return false;
  const entry = new zlentry();
  zipEntry(zl, p, entry);
  const content = p + entry.headersize;
  if (ZIP_IS_STR(entry.encoding)) {
    return entry.len === s.length && zl.latin1Slice(content, content + entry.len) === s;
  }
  // The encodings are not compared: somebody else may have chosen a longer one.
  const integer = zipTryEncoding(s);
  return integer !== null && zipLoadInteger(zl, content, entry.encoding) === integer.value;
}

/**
 * Searches from the entry at `p` on for one that is equal to `vstr`, and leaves `skip` entries out after each that was compared.
 * Returns the entry, or 0.
 *
 * @c ziplist.c:1350
 */
export function ziplistFind(zl: Buffer, p: number, vstr: string, skip: number): number {
  let skipcnt = 0;
  // What the text reads as an integer is found out when the first integer is met.
  let encoded = false;
  let vll: zipInteger | null = null;
  const zlbytes = ziplistBlobLen(zl);
  const e = new zlentry();

  while (zl[p] !== ZIP_END) {
    assert(zipEntrySafe(zl, zlbytes, p, e, true), 'zipEntrySafe(zl, zlbytes, p, &e, 1)');
    const q = p + e.prevrawlensize + e.lensize;

    if (skipcnt === 0) {
      if (ZIP_IS_STR(e.encoding)) {
        if (e.len === vstr.length && zl.latin1Slice(q, q + e.len) === vstr) return p;
      } else {
        if (!encoded) {
          vll = zipTryEncoding(vstr);
          encoded = true;
        }
        if (vll !== null && zipLoadInteger(zl, q, e.encoding) === vll.value) return p;
      }
      skipcnt = skip;
    } else {
      skipcnt--;
    }
    p = q + e.len;
  }
  return 0;
}

/**
 * The number of entries. They are counted when the header does not know, and the header is told if they are few enough again.
 *
 * @c ziplist.c:1410
 */
export function ziplistLen(zl: Buffer): number {
  let len = ZIPLIST_LENGTH(zl);
  if (len < UINT16_MAX) return len;
  len = 0;
  let p = ZIPLIST_HEADER_SIZE;
  const zlbytes = ZIPLIST_BYTES(zl);
  while (zl[p] !== ZIP_END) {
    p += zipRawEntryLengthSafe(zl, zlbytes, p);
    len++;
  }
  if (len < UINT16_MAX) setZIPLIST_LENGTH(zl, len);
  return len;
}

/**
 * The bytes of the ziplist; the block may be longer.
 *
 * @c ziplist.c:1429
 */
export function ziplistBlobLen(zl: Buffer): number {
  return ZIPLIST_BYTES(zl);
}

/**
 * Prints a ziplist entry by entry to standard output, for DEBUG ZIPLIST. An address is the offset here.
 *
 * @c ziplist.c:1433
 */
export function ziplistRepr(zl: Buffer): void {
  let index = 0;
  const entry = new zlentry();
  const zlbytes = ziplistBlobLen(zl);
  let text =
    `{total bytes ${ZIPLIST_BYTES(zl)}} {num entries ${ZIPLIST_LENGTH(zl)}}\n` +
    `{tail offset ${ZIPLIST_TAIL_OFFSET(zl)}}\n`;

  let p = ZIPLIST_ENTRY_HEAD(zl);
  while (zl[p] !== ZIP_END) {
    assert(zipEntrySafe(zl, zlbytes, p, entry, true), 'zipEntrySafe(zl, zlbytes, p, &entry, 1)');
    const total = entry.headersize + entry.len;
    text +=
      `{\n\taddr 0x${p.toString(16).padStart(8, '0')},\n\tindex ${String(index).padStart(2)},\n` +
      `\toffset ${String(p).padStart(5)},\n\thdr+entry len: ${String(total).padStart(5)},\n` +
      `\thdr len${String(entry.headersize).padStart(2)},\n\tprevrawlen: ${String(entry.prevrawlen).padStart(5)},\n` +
      `\tprevrawlensize: ${String(entry.prevrawlensize).padStart(2)},\n\tpayload ${String(entry.len).padStart(5)}\n\tbytes: `;
    for (let i = 0; i < total; i++) text += `${zl[p + i].toString(16).padStart(2, '0')}|`;
    p += entry.headersize;
    if (ZIP_IS_STR(entry.encoding)) {
      const shown = zl.latin1Slice(p, p + Math.min(entry.len, 40));
      text += `\n\t[str]${shown}${entry.len > 40 ? '...' : ''}`;
    } else {
      text += `\n\t[int]${zipLoadInteger(zl, p, entry.encoding)}`;
    }
    text += '\n}\n';
    p += entry.len;
    index++;
  }
  const out = Buffer.from(`${text}{end}\n\n`, 'latin1');
  posix.write(STDOUT_FILENO, out, 0, out.length);
}

/**
 * Whether `size` bytes, which came from outside, are a ziplist: its header and end, and with `deep` each entry, to which `entry_cb`
 * may then object.
 *
 * @c ziplist.c:1495
 */
export function ziplistValidateIntegrity<T = null>(
  zl: Buffer,
  size: number,
  deep: boolean | number,
  entry_cb: ziplistValidateEntryCB<T> | null,
  cb_userdata: T = null as T,
): boolean {
  // The header must be readable, and the end,
  if (size < ZIPLIST_HEADER_SIZE + ZIPLIST_END_SIZE) return false;
  // the length in the header right,
  const bytes = ZIPLIST_BYTES(zl);
  if (bytes !== size) return false;
  // the end an end,
  if (zl[size - ZIPLIST_END_SIZE] !== ZIP_END) return false;
  // and the last entry inside.
  if (ZIPLIST_TAIL_OFFSET(zl) > size - ZIPLIST_END_SIZE) return false;
  if (!deep) return true;

  let count = 0;
  const header_count = ZIPLIST_LENGTH(zl);
  let p = ZIPLIST_ENTRY_HEAD(zl);
  let prev = 0;
  let prev_raw_size = 0;
  const e = new zlentry();
  while (zl[p] !== ZIP_END) {
    if (!zipEntrySafe(zl, size, p, e, true)) return false;
    if (e.prevrawlen !== prev_raw_size) return false;
    if (entry_cb !== null && !entry_cb(zl, p, header_count, cb_userdata)) return false;
    prev_raw_size = e.headersize + e.len;
    prev = p;
    p += prev_raw_size;
    count++;
  }

  // An end byte in the middle is no end.
  if (p !== bytes - ZIPLIST_END_SIZE) return false;
  if (prev !== 0 && prev !== ZIPLIST_ENTRY_TAIL(zl)) return false;
  return header_count === UINT16_MAX || count === header_count;
}

/* ---- random entries ---- */

/**
 * One pair of key and value by chance; `total_count` is the number of pairs. `val` is null when it is not wanted.
 *
 * @c ziplist.c:1562
 */
export function ziplistRandomPair(
  zl: Buffer,
  total_count: number,
  key: ziplistEntry,
  val: ziplistEntry | null,
): void {
  assert(total_count !== 0, 'total_count');

  // Keys have the even indexes.
  const r = (rand() % total_count) * 2;
  let p = ziplistIndex(zl, r);
  let ret = ziplistGet(zl, p);
  assert(ret !== null, 'ret != 0');
  ziplistSaveValue(ret, key);

  if (val === null) return;
  p = ziplistNext(zl, p);
  ret = ziplistGet(zl, p);
  assert(ret !== null, 'ret != 0');
  ziplistSaveValue(ret, val);
}

/** One choice of ziplistRandomPairs(): of the entry of this index, as the answer of this number. */
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
 * @c ziplist.c:1583
 */
export function uintCompare(a: rand_pick, b: rand_pick): number {
  return a.index - b.index;
}

/**
 * Stores a value into `dest`.
 *
 * @c ziplist.c:1588
 * @cstatic
 */
export function ziplistSaveValue(val: string | number | bigint, dest: ziplistEntry): void {
  if (typeof val === 'string') {
    dest.sval = val;
    dest.lval = 0;
  } else {
    dest.sval = null;
    dest.lval = val;
  }
}

/**
 * `count` pairs by chance, the same one maybe several times, in an order by chance, into the first entries of `keys` and `vals`,
 * which exist. `vals` is null when they are not wanted.
 *
 * @c ziplist.c:1598
 */
export function ziplistRandomPairs(
  zl: Buffer,
  count: number,
  keys: ziplistEntry[],
  vals: ziplistEntry[] | null,
): void {
  const picks: rand_pick[] = [];
  const total_size = Math.floor(ziplistLen(zl) / 2);
  assert(total_size !== 0, 'total_size');

  for (let i = 0; i < count; i++) picks.push(new rand_pick((rand() % total_size) * 2, i));

  // In the order of their indexes they are found in one walk.
  picks.sort(uintCompare);

  let zipindex = count > 0 ? picks[0].index : 0;
  let pickindex = 0;
  let p = ziplistIndex(zl, zipindex);
  while (pickindex < count) {
    const key = ziplistGet(zl, p);
    if (key === null) break;
    p = ziplistNext(zl, p);
    const value = ziplistGet(zl, p);
    assert(value !== null, 'ziplistGet(p, &value, &vlen, &vlval)');
    while (pickindex < count && zipindex === picks[pickindex].index) {
      const storeorder = picks[pickindex].order;
      ziplistSaveValue(key, keys[storeorder]);
      if (vals !== null) ziplistSaveValue(value, vals[storeorder]);
      pickindex++;
    }
    zipindex += 2;
    p = ziplistNext(zl, p);
  }
}

/**
 * Up to `count` pairs by chance, none of them twice, in the order of the ziplist, into the first entries of `keys` and `vals`.
 * `vals` is null when they are not wanted. Returns how many they are.
 *
 * @c ziplist.c:1650
 */
export function ziplistRandomPairsUnique(
  zl: Buffer,
  count: number,
  keys: ziplistEntry[],
  vals: ziplistEntry[] | null,
): number {
  const total_size = Math.floor(ziplistLen(zl) / 2);
  let index = 0;
  if (count > total_size) count = total_size;

  // A pair is taken with the chance of those still wanted among those still to come.
  let p = ziplistIndex(zl, 0);
  let picked = 0;
  let remaining = count;
  while (picked < count && p) {
    const randomDouble = rand() / RAND_MAX;
    const threshold = remaining / (total_size - index);
    if (randomDouble <= threshold) {
      const key = ziplistGet(zl, p);
      assert(key !== null, 'ziplistGet(p, &key, &klen, &klval)');
      ziplistSaveValue(key, keys[picked]);
      p = ziplistNext(zl, p);
      assert(p !== 0, 'p');
      if (vals !== null) {
        const value = ziplistGet(zl, p);
        assert(value !== null, 'ziplistGet(p, &key, &klen, &klval)');
        ziplistSaveValue(value, vals[picked]);
      }
      remaining--;
      picked++;
    } else {
      p = ziplistNext(zl, p);
      assert(p !== 0, 'p');
    }
    p = ziplistNext(zl, p);
    index++;
  }
  return picked;
}
