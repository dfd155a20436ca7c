/**
 * zipmap.c: small hashes as Redis kept them before version 2.6. They are made no more, but stand in files and dumps of that
 * time, which are converted when they are loaded.
 *
 *     foo => bar, hello => world
 *
 *     +----+---+-----+---+---+-----+---+-------+---+---+-------+------+
 *     |  2 | 3 | foo | 3 | 0 | bar | 5 | hello | 5 | 0 | world | 0xff |
 *     +----+---+-----+---+---+-----+---+-------+---+---+-------+------+
 *       |    |         |   |                                     end
 *       |    |         |   bytes free behind the value, after it became shorter
 *       |    length of the key and of the value: one byte below 254, else 254 and u32 le
 *       number of pairs; 254: count them
 *
 * A position `p` is an offset, 0 is C's NULL, and a function that changes the zipmap returns the block that holds it from then
 * on, as in listpack.ts.
 *
 * Who calls in: rdb when it loads what an old version wrote. Whom it calls: zmalloc.
 * What differs from C: offsets for pointers; keys and values are latin1 strings.
 *
 * @packageDocumentation
 */
import { zmalloc_bytes, zrealloc_bytes } from '../object/zmalloc.ts';

/** From this on a length has five bytes, of which this is the first; and the number of pairs is not known. */
export const ZIPMAP_BIGLEN = 254;
/** The byte behind the last pair. */
export const ZIPMAP_END = 255;
/** So many bytes behind a value are given back. */
export const ZIPMAP_VALUE_MAX_FREE = 4;

/** What functions tell besides what they return: C's pointers to integers. */
export class zipmapOut {
  /** All bytes of the zipmap. */
  totlen = 0;
  /** Whether the key was there, before it was set or deleted. */
  found = false;
}

/** A pair, as zipmapNext() finds it. */
export class zipmapPair {
  key = '';
  value = '';
}

/**
 * How many bytes a length has.
 *
 * @own macro ZIPMAP_LEN_BYTES of zipmap.c
 */
export function ZIPMAP_LEN_BYTES(len: number): number {
  return len < ZIPMAP_BIGLEN ? 1 : 5;
}

/**
 * A new, empty zipmap.
 *
 * @c zipmap.c:96
 */
export function zipmapNew(): Buffer {
  const zm = zmalloc_bytes(2);
  zm[0] = 0;
  zm[1] = ZIPMAP_END;
  return zm;
}

/**
 * The length that stands at `p`.
 *
 * @c zipmap.c:105
 * @cstatic
 */
export function zipmapDecodeLength(zm: Buffer, p: number): number {
  const len = zm[p];
  if (len < ZIPMAP_BIGLEN) return len;
  return (zm[p + 1] | (zm[p + 2] << 8) | (zm[p + 3] << 16) | (zm[p + 4] << 24)) >>> 0;
}

/**
 * How many bytes the length at `p` has.
 *
 * @c zipmap.c:114
 * @cstatic
 */
export function zipmapGetEncodedLengthSize(zm: Buffer, p: number): number {
  return zm[p] < ZIPMAP_BIGLEN ? 1 : 5;
}

/**
 * Writes a length to `p`. Returns how many bytes it has, which is all that it does with null for `zm`.
 *
 * @c zipmap.c:120
 * @cstatic
 */
export function zipmapEncodeLength(zm: Buffer | null, p: number, len: number): number {
  if (zm === null) return ZIPMAP_LEN_BYTES(len);
  if (len < ZIPMAP_BIGLEN) {
    zm[p] = len;
    return 1;
  }
  zm[p] = ZIPMAP_BIGLEN;
  zm.writeUInt32LE(len, p + 1);
  return 5;
}

/**
 * Searches for a key; null for it finds nothing. Returns where its pair begins, or 0. `out`, if any, is told the bytes of the
 * whole zipmap, for which all of it is walked over.
 *
 * @c zipmap.c:142
 * @cstatic
 */
export function zipmapLookupRaw(zm: Buffer, key: string | null, out: zipmapOut | null): number {
  let p = 1;
  let k = 0;
  while (zm[p] !== ZIPMAP_END) {
    let l = zipmapDecodeLength(zm, p);
    const llen = zipmapEncodeLength(null, 0, l);
    if (
      key !== null &&
      k === 0 &&
      l === key.length &&
      zm.latin1Slice(p + llen, p + llen + l) === key
    ) {
      if (out === null) return p;
      k = p;
    }
    p += llen + l;
    // The value, the byte before it that says how many are free, and those.
    l = zipmapDecodeLength(zm, p);
    p += zipmapEncodeLength(null, 0, l);
    p += l + 1 + zm[p];
  }
  if (out !== null) out.totlen = p + 1;
  return k;
}

/**
 * How many bytes a pair has whose key and value have `klen` and `vlen`, with none free.
 *
 * @c zipmap.c:172
 * @cstatic
 */
export function zipmapRequiredLength(klen: number, vlen: number): number {
  let l = klen + vlen + 3;
  if (klen >= ZIPMAP_BIGLEN) l += 4;
  if (vlen >= ZIPMAP_BIGLEN) l += 4;
  return l;
}

/**
 * The bytes of the key at `p` with its length.
 *
 * @c zipmap.c:182
 * @cstatic
 */
export function zipmapRawKeyLength(zm: Buffer, p: number): number {
  const l = zipmapDecodeLength(zm, p);
  return zipmapEncodeLength(null, 0, l) + l;
}

/**
 * The bytes of the value at `p` with its length and what is free behind it.
 *
 * @c zipmap.c:189
 * @cstatic
 */
export function zipmapRawValueLength(zm: Buffer, p: number): number {
  const l = zipmapDecodeLength(zm, p);
  const used = zipmapEncodeLength(null, 0, l);
  return used + zm[p + used] + 1 + l;
}

/**
 * The bytes of the pair at `p`.
 *
 * @c zipmap.c:201
 * @cstatic
 */
export function zipmapRawEntryLength(zm: Buffer, p: number): number {
  const l = zipmapRawKeyLength(zm, p);
  return l + zipmapRawValueLength(zm, p + l);
}

/**
 * Makes the block one of `len` bytes, and the last of them the end byte. Returns the block.
 *
 * @c zipmap.c:206
 * @cstatic
 */
export function zipmapResize(zm: Buffer, len: number): Buffer {
  zm = zrealloc_bytes(zm, len);
  zm[len - 1] = ZIPMAP_END;
  return zm;
}

/**
 * Sets a key to a value. `update`, if any, is told whether the key was there before. Returns the block.
 *
 * @c zipmap.c:215
 */
export function zipmapSet(zm: Buffer, key: string, val: string, update: zipmapOut | null): Buffer {
  const reqlen = zipmapRequiredLength(key.length, val.length);
  let freelen = reqlen;
  const out = update ?? new zipmapOut();
  let p = zipmapLookupRaw(zm, key, out);
  let zmlen = out.totlen;
  out.found = p !== 0;
  if (p === 0) {
    // The pair begins where the end byte was.
    zm = zipmapResize(zm, zmlen + reqlen);
    p = zmlen - 1;
    zmlen += reqlen;
    if (zm[0] < ZIPMAP_BIGLEN) zm[0]++;
  } else {
    freelen = zipmapRawEntryLength(zm, p);
    if (freelen < reqlen) {
      // What is behind the pair moves, so that it can grow where it is.
      zm = zipmapResize(zm, zmlen - freelen + reqlen);
      zm.copyWithin(p + reqlen, p + freelen, zmlen - 1);
      zmlen = zmlen - freelen + reqlen;
      freelen = reqlen;
    }
  }

  // A few bytes may stay free, many may not.
  const empty = freelen - reqlen;
  let vempty = empty;
  if (empty >= ZIPMAP_VALUE_MAX_FREE) {
    zm.copyWithin(p + reqlen, p + freelen, zmlen - 1);
    zmlen -= empty;
    zm = zipmapResize(zm, zmlen);
    vempty = 0;
  }

  p += zipmapEncodeLength(zm, p, key.length);
  zm.latin1Write(key, p, key.length);
  p += key.length;
  p += zipmapEncodeLength(zm, p, val.length);
  zm[p++] = vempty;
  zm.latin1Write(val, p, val.length);
  return zm;
}

/**
 * Deletes a key. `deleted`, if any, is told whether it was there. Returns the block.
 *
 * @c zipmap.c:285
 */
export function zipmapDel(zm: Buffer, key: string, deleted: zipmapOut | null): Buffer {
  const out = deleted ?? new zipmapOut();
  const p = zipmapLookupRaw(zm, key, out);
  out.found = p !== 0;
  if (p !== 0) {
    const zmlen = out.totlen;
    const freelen = zipmapRawEntryLength(zm, p);
    zm.copyWithin(p, p + freelen, zmlen - 1);
    zm = zipmapResize(zm, zmlen - freelen);
    if (zm[0] < ZIPMAP_BIGLEN) zm[0]--;
  }
  return zm;
}

/**
 * Where zipmapNext() begins.
 *
 * @c zipmap.c:304
 */
export function zipmapRewind(zm: Buffer): number {
  void zm;
  return 1;
}

/**
 * Fills in `pair`, if any, from the pair at `p`. Returns where the next one begins, to be called with again; 0 if there was none
 * at `p` any more.
 *
 * @c zipmap.c:319
 */
export function zipmapNext(zm: Buffer, p: number, pair: zipmapPair | null): number {
  if (zm[p] === ZIPMAP_END) return 0;
  if (pair !== null) {
    const klen = zipmapDecodeLength(zm, p);
    const key = p + ZIPMAP_LEN_BYTES(klen);
    pair.key = zm.latin1Slice(key, key + klen);
  }
  p += zipmapRawKeyLength(zm, p);
  if (pair !== null) {
    const vlen = zipmapDecodeLength(zm, p);
    const value = p + ZIPMAP_LEN_BYTES(vlen) + 1;
    pair.value = zm.latin1Slice(value, value + vlen);
  }
  return p + zipmapRawValueLength(zm, p);
}

/**
 * The value of a key; null if it is not there.
 *
 * @c zipmap.c:338
 */
export function zipmapGet(zm: Buffer, key: string): string | null {
  let p = zipmapLookupRaw(zm, key, null);
  if (p === 0) return null;
  p += zipmapRawKeyLength(zm, p);
  const vlen = zipmapDecodeLength(zm, p);
  const value = p + ZIPMAP_LEN_BYTES(vlen) + 1;
  return zm.latin1Slice(value, value + vlen);
}

/**
 * Whether a key is there.
 *
 * @c zipmap.c:349
 */
export function zipmapExists(zm: Buffer, key: string): boolean {
  return zipmapLookupRaw(zm, key, null) !== 0;
}

/**
 * The number of pairs. They are counted when the first byte does not know, and it is told if they are few enough again.
 *
 * @c zipmap.c:354
 */
export function zipmapLen(zm: Buffer): number {
  if (zm[0] < ZIPMAP_BIGLEN) return zm[0];
  let len = 0;
  let p = zipmapRewind(zm);
  while ((p = zipmapNext(zm, p, null)) !== 0) len++;
  if (len < ZIPMAP_BIGLEN) zm[0] = len;
  return len;
}

/**
 * The bytes of the zipmap; the block may be longer.
 *
 * @c zipmap.c:371
 */
export function zipmapBlobLen(zm: Buffer): number {
  const out = new zipmapOut();
  zipmapLookupRaw(zm, null, out);
  return out.totlen;
}

/**
 * Whether `size` bytes, which came from outside, are a zipmap with at least one pair: the end byte, and with `deep` each pair.
 *
 * @c zipmap.c:380
 */
export function zipmapValidateIntegrity(zm: Buffer, size: number, deep: boolean | number): boolean {
  if (size < 2) return false;
  const last = size - 1;
  if (zm[last] !== ZIPMAP_END) return false;
  if (!deep) return true;

  let count = 0;
  let p = 1;
  while (zm[p] !== ZIPMAP_END) {
    // Each length must be readable, and what it is the length of must lie inside.
    let s = zipmapGetEncodedLengthSize(zm, p);
    if (p + s > last) return false;
    let l = zipmapDecodeLength(zm, p);
    p += s + l;
    if (p > last) return false;

    s = zipmapGetEncodedLengthSize(zm, p);
    if (p + s > last) return false;
    l = zipmapDecodeLength(zm, p);
    p += s;
    const e = zm[p++];
    p += l + e;
    count++;
    if (p > last) return false;
  }

  if (count === 0) return false;
  return zm[0] === ZIPMAP_BIGLEN || zm[0] === count;
}
