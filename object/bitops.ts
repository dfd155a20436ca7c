/**
 * bitops.c: strings as arrays of bits, and as arrays of integers of any width.
 *
 * Bit 0 is the highest bit of the first byte, and an integer has its highest bit first. So a u5 of 23 (10111) at
 * offset 7 lies like this:
 *
 *     byte        0         1
 *              +--------+--------+
 *              |00000001|01110000|
 *              +--------+--------+
 *     offset    0      7 8  11
 *
 *     SETBIT   ─► setbitCommand ─► getBitOffsetFromArgument, lookupStringForBitCommand
 *     BITCOUNT ─► bitcountCommand ─► getObjectReadOnlyString, redisPopcount
 *     BITFIELD ─► bitfieldCommand ─► bitfieldGeneric ─► checkSignedBitfieldOverflow, setSignedBitfield, ...
 *
 * Who calls in: call(). Whom it calls: db, object, networking.
 * What differs from C: an integer is a number up to 53 bits, and a bigint only where it is larger than that; bytes move
 * as many bits at a time as they hold, where C takes bit by bit; words have 32 bits, where C takes 64. A read-only value
 * is a latin1 string or bytes, of which only the part that is looked at is turned into bytes.
 *
 * @packageDocumentation
 */
import {
  addReply,
  addReplyArrayLen,
  addReplyError,
  addReplyErrorObject,
  addReplyLongLong,
  addReplyNull,
  cstr,
} from '../networking/networking.ts';
import { STDOUT_FILENO, posix } from '../posix/posix.ts';
import {
  dbAdd,
  dbDelete,
  dbUnshareStringValue,
  lookupKeyRead,
  lookupKeyReadOrReply,
  lookupKeyWrite,
  setKey,
  signalModifiedKey,
} from '../server/db.ts';
import { serverAssert } from '../server/debug.ts';
import { notifyKeyspaceEvent } from '../server/notify.ts';
import { mustObeyClient } from '../server/server.ts';
import {
  NOTIFY_GENERIC,
  NOTIFY_STRING,
  OBJ_STRING,
  server,
  shared,
  type client,
  type robj,
} from '../server/server.h.ts';
import {
  checkType,
  createObject,
  decrRefCount,
  getDecodedObject,
  getLongFromObjectOrReply,
  getLongLongFromObjectOrReply,
  llAdd,
  llMul,
  objPtrSds,
  objPtrString,
} from './object.ts';
import { sds, sdsgrowzero, sdslen, sdsnewlen } from './sds.ts';
import { normalizeInt, strcasecmp, string2ll } from './util.ts';

/* ------------------ Helpers and low level bit functions ------------------ */

/** How many bits of each byte value are set. */
const bitsinbyte = makeBitsInByte();

/** From so many bytes on it pays to look at them as words. */
const WORDS_PAY_FROM = 64;

/**
 * The table of set bits by byte value: those of a byte are those of its half, and the lowest one.
 *
 * @own C writes the 256 numbers down
 */
export function makeBitsInByte(): Uint8Array {
  const table = new Uint8Array(256);
  for (let i = 1; i < 256; i++) table[i] = table[i >> 1] + (i & 1);
  return table;
}

/**
 * How many of the bits of the first `count` bytes of `s` are set.
 *
 * @c bitops.c:40
 */
export function redisPopcount(s: Uint8Array, count: number): number {
  let bits = 0;
  let p = 0;

  if (count >= WORDS_PAY_FROM) {
    // Words begin at multiples of four bytes of the memory.
    while ((s.byteOffset + p) & 3) {
      bits += bitsinbyte[s[p++]];
      count--;
    }

    const p4 = new Int32Array(s.buffer, s.byteOffset + p, count >> 2);
    let w = 0;
    while (count >= 28) {
      let aux1 = p4[w];
      let aux2 = p4[w + 1];
      let aux3 = p4[w + 2];
      let aux4 = p4[w + 3];
      let aux5 = p4[w + 4];
      let aux6 = p4[w + 5];
      let aux7 = p4[w + 6];
      w += 7;
      count -= 28;

      // Each pair of bits becomes the number of those set in it, then each four of bits.
      aux1 = aux1 - ((aux1 >>> 1) & 0x55555555);
      aux1 = (aux1 & 0x33333333) + ((aux1 >>> 2) & 0x33333333);
      aux2 = aux2 - ((aux2 >>> 1) & 0x55555555);
      aux2 = (aux2 & 0x33333333) + ((aux2 >>> 2) & 0x33333333);
      aux3 = aux3 - ((aux3 >>> 1) & 0x55555555);
      aux3 = (aux3 & 0x33333333) + ((aux3 >>> 2) & 0x33333333);
      aux4 = aux4 - ((aux4 >>> 1) & 0x55555555);
      aux4 = (aux4 & 0x33333333) + ((aux4 >>> 2) & 0x33333333);
      aux5 = aux5 - ((aux5 >>> 1) & 0x55555555);
      aux5 = (aux5 & 0x33333333) + ((aux5 >>> 2) & 0x33333333);
      aux6 = aux6 - ((aux6 >>> 1) & 0x55555555);
      aux6 = (aux6 & 0x33333333) + ((aux6 >>> 2) & 0x33333333);
      aux7 = aux7 - ((aux7 >>> 1) & 0x55555555);
      aux7 = (aux7 & 0x33333333) + ((aux7 >>> 2) & 0x33333333);
      // Then each byte; seven times 8 are 56, and the product adds up four of those in its highest byte.
      bits +=
        Math.imul(
          ((aux1 + (aux1 >>> 4)) & 0x0f0f0f0f) +
            ((aux2 + (aux2 >>> 4)) & 0x0f0f0f0f) +
            ((aux3 + (aux3 >>> 4)) & 0x0f0f0f0f) +
            ((aux4 + (aux4 >>> 4)) & 0x0f0f0f0f) +
            ((aux5 + (aux5 >>> 4)) & 0x0f0f0f0f) +
            ((aux6 + (aux6 >>> 4)) & 0x0f0f0f0f) +
            ((aux7 + (aux7 >>> 4)) & 0x0f0f0f0f),
          0x01010101,
        ) >>> 24;
    }
    p += w * 4;
  }

  while (count-- > 0) bits += bitsinbyte[s[p++]];
  return bits;
}

/**
 * The offset of the first bit of the first `count` bytes of `s` that is `bit` (0 or 1). Behind the end lie zeroes: if
 * there is no clear bit, the answer is count*8. If there is no set bit, it is -1.
 *
 * @c bitops.c:101
 */
export function redisBitpos(s: Uint8Array, count: number, bit: number): number {
  let c = 0;
  let found = false;

  if (count >= WORDS_PAY_FROM) {
    // Byte by byte up to where a word begins.
    const skipbyte = bit ? 0 : 0xff;
    while ((s.byteOffset + c) & 3) {
      if (s[c] !== skipbyte) {
        found = true;
        break;
      }
      c++;
    }

    // Words in which there is nothing to be found.
    if (!found) {
      const skipval = bit ? 0 : -1;
      const l = new Int32Array(s.buffer, s.byteOffset + c, (count - c) >> 2);
      let w = 0;
      while (w < l.length && l[w] === skipval) w++;
      c += w * 4;
    }
  } else {
    const skipval = bit ? 0 : 0xff;
    while (c < count && s[c] === skipval) c++;
  }

  // What comes next, with zeroes behind the end, as one number in the order of the bits.
  let word = 0;
  for (let j = 0; j < 4; j++) word = (word << 8) | (c + j < count ? s[c + j] : 0);

  if (bit === 1 && word === 0) return -1;
  return c * 8 + Math.clz32(bit ? word : ~word);
}

/**
 * Writes the lowest `bits` bits of `value` (1 to 64) at bit `offset` of `p`, where there is room for them. A negative
 * value stands for its two's complement.
 *
 * @c bitops.c:209
 */
export function setUnsignedBitfield(
  p: Uint8Array,
  offset: number,
  bits: number,
  value: number | bigint,
): void {
  // The operators of numbers have 32 bits: a wider one is written as two.
  if (bits > 32) {
    const high =
      typeof value === 'number'
        ? Math.floor(value / 4294967296)
        : Number(BigInt.asIntN(32, value >> 32n));
    setUnsignedBitfield(p, offset, bits - 32, high);
    offset += bits - 32;
    bits = 32;
  }
  const word = typeof value === 'number' ? value | 0 : Number(BigInt.asIntN(32, value));

  let byte = Math.floor(offset / 8);
  let room = 8 - (offset & 7);
  while (bits > 0) {
    // Bits of this byte that are written, and those to the right of them that stay.
    const n = bits < room ? bits : room;
    const rest = room - n;
    const mask = ((1 << n) - 1) << rest;
    p[byte] = (p[byte] & ~mask) | (((word >>> (bits - n)) << rest) & mask);
    bits -= n;
    byte++;
    room = 8;
  }
}

/**
 * Writes the signed `value` as an integer of `bits` bits (1 to 64) at bit `offset` of `p`.
 *
 * @c bitops.c:224
 */
export function setSignedBitfield(
  p: Uint8Array,
  offset: number,
  bits: number,
  value: number | bigint,
): void {
  setUnsignedBitfield(p, offset, bits, value);
}

/**
 * The unsigned integer of `bits` bits (1 to 64) at bit `offset` of `p`: a bigint if it is above 2^53-1.
 *
 * @c bitops.c:229
 */
export function getUnsignedBitfield(p: Uint8Array, offset: number, bits: number): number | bigint {
  if (bits > 53) {
    const high = getUnsignedBitfield(p, offset, bits - 32);
    const low = getUnsignedBitfield(p, offset + bits - 32, 32);
    return normalizeInt((BigInt(high) << 32n) | BigInt(low));
  }

  let byte = Math.floor(offset / 8);
  const room = 8 - (offset & 7);
  let value = p[byte] & (0xff >> (8 - room));
  if (bits <= room) return value >> (room - bits);

  // A product leaves more than 32 bits whole, which a shift does not.
  let left = bits - room;
  while (left >= 8) {
    value = value * 256 + p[++byte];
    left -= 8;
  }
  if (left > 0) value = value * (1 << left) + (p[++byte] >> (8 - left));
  return value;
}

/**
 * The signed integer of `bits` bits (1 to 64) at bit `offset` of `p`: a bigint if it is beyond ±(2^53-1).
 *
 * @c bitops.c:243
 */
export function getSignedBitfield(p: Uint8Array, offset: number, bits: number): number | bigint {
  const value = getUnsignedBitfield(p, offset, bits);

  // The highest bit is the sign, and goes into all bits above it.
  if (typeof value === 'number' && bits <= 32) return (value << (32 - bits)) >> (32 - bits);
  if (typeof value === 'number' && bits <= 53) {
    return value >= 2 ** (bits - 1) ? value - 2 ** bits : value;
  }
  return normalizeInt(BigInt.asIntN(bits, BigInt(value)));
}

/** What BITFIELD does with a result that does not fit: keeps the low bits. */
export const BFOVERFLOW_WRAP = 0;
/** Takes the nearest value that fits. */
export const BFOVERFLOW_SAT = 1;
/** Leaves the field as it is, and replies a null. */
export const BFOVERFLOW_FAIL = 2;

/** A variable that a function fills: C's pointer to an integer. */
export class intResult {
  value: number | bigint = 0;
}

/**
 * 2^bits - 1, the highest unsigned integer of `bits` bits.
 *
 * @own an expression in C
 */
export function lowBits(bits: number): number | bigint {
  return bits <= 53 ? 2 ** bits - 1 : normalizeInt((1n << BigInt(bits)) - 1n);
}

/**
 * Whether `value + incr` is beyond an unsigned integer of `bits` bits (1 to 63): 1 above, -1 below, 0 not. If so, `limit`
 * (unless null) gets what `owtype` makes of it: BFOVERFLOW_SAT the bound, BFOVERFLOW_WRAP the low bits (then the result
 * is 1 in both cases), BFOVERFLOW_FAIL nothing. `value` is that of 64 unsigned bits, `incr` that of 64 signed ones.
 *
 * @c bitops.c:288
 */
export function checkUnsignedBitfieldOverflow(
  value: number | bigint,
  incr: number | bigint,
  bits: number,
  owtype: number,
  limit: intResult | null,
): number {
  const max = lowBits(bits);
  const maxincr = llAdd(max, -value);
  const minincr = -value;
  let result: number;

  if (value > max || (incr > 0 && incr > maxincr)) {
    if (limit !== null && owtype === BFOVERFLOW_SAT) limit.value = max;
    result = 1;
  } else if (incr < 0 && incr < minincr) {
    if (limit !== null && owtype === BFOVERFLOW_SAT) limit.value = 0;
    result = -1;
  } else {
    return 0;
  }
  if (limit === null || owtype !== BFOVERFLOW_WRAP) return result;

  const res = llAdd(value, incr);
  if (typeof res === 'number' && bits <= 32) limit.value = (res << (32 - bits)) >>> (32 - bits);
  else limit.value = normalizeInt(BigInt.asUintN(bits, BigInt(res)));
  return 1;
}

/**
 * Whether `value + incr` is beyond a signed integer of `bits` bits (1 to 64): 1 above, -1 below, 0 not. `limit` gets what
 * it gets from checkUnsignedBitfieldOverflow().
 *
 * @c bitops.c:325
 */
export function checkSignedBitfieldOverflow(
  value: number | bigint,
  incr: number | bigint,
  bits: number,
  owtype: number,
  limit: intResult | null,
): number {
  const max = lowBits(bits - 1);
  const min = llAdd(-max, -1);

  // Near -2^63 the difference to max wraps around, so that SET with SAT gives max there. So it does in C.
  const maxincr = llAdd(max, -value);
  const minincr = llAdd(min, -value);
  let result: number;

  if (
    value > max ||
    (bits !== 64 && incr > maxincr) ||
    (value >= 0 && incr > 0 && incr > maxincr)
  ) {
    if (limit !== null && owtype === BFOVERFLOW_SAT) limit.value = max;
    result = 1;
  } else if (
    value < min ||
    (bits !== 64 && incr < minincr) ||
    (value < 0 && incr < 0 && incr < minincr)
  ) {
    if (limit !== null && owtype === BFOVERFLOW_SAT) limit.value = min;
    result = -1;
  } else {
    return 0;
  }
  if (limit === null || owtype !== BFOVERFLOW_WRAP) return result;

  // The sum of 64 bits, of which the low ones count, the highest of these as the sign.
  const c = llAdd(value, incr);
  if (typeof c === 'number' && bits <= 32) limit.value = (c << (32 - bits)) >> (32 - bits);
  else limit.value = normalizeInt(BigInt.asIntN(bits, BigInt(c)));
  return 1;
}

/**
 * Prints the first `count` bytes of `p` to standard output as bits, a bar behind each byte. Nobody calls it: it is
 * there to be called from a debugger.
 *
 * @c bitops.c:382
 */
export function printBits(p: Uint8Array, count: number): void {
  let text = '';
  for (let j = 0; j < count; j++) text += p[j].toString(2).padStart(8, '0') + '|';
  const line = Buffer.from(text + '\n', 'latin1');
  posix.write(STDOUT_FILENO, line, 0, line.length);
}

/* ---------------------- Commands on the bits of strings ---------------------- */

export const BITOP_AND = 0;
export const BITOP_OR = 1;
export const BITOP_XOR = 2;
export const BITOP_NOT = 3;

export const BITFIELDOP_GET = 0;
export const BITFIELDOP_SET = 1;
export const BITFIELDOP_INCRBY = 2;

/**
 * The bit offset that an argument is, or null when an error has been replied: no integer, negative, or in a byte beyond
 * proto-max-bulk-len, which does not hold for the master and the AOF. With `hash` and `bits` above 0, `#n` is the n-th
 * integer of that width. Beyond 2^53 the offset is the nearest double: no string is that long.
 *
 * @c bitops.c:414
 */
export function getBitOffsetFromArgument(
  c: client,
  o: robj,
  hash: boolean,
  bits: number,
): number | null {
  const err = 'bit offset is not an integer or out of range';
  const p = objPtrString(o);
  const usehash = hash && bits > 0 && p.startsWith('#');

  let loffset = string2ll(usehash ? p.slice(1) : p);
  if (loffset === null) {
    addReplyError(c, err);
    return null;
  }

  if (usehash) loffset = llMul(loffset, bits);

  const offset = Number(loffset);
  if (offset < 0 || (!mustObeyClient(c) && Math.floor(offset / 8) >= server.proto_max_bulk_len)) {
    addReplyError(c, err);
    return null;
  }
  return offset;
}

/**
 * The type that an argument of BITFIELD is: i1 to i64, u1 to u63. Returns the number of bits, negative for a signed
 * type, or 0 when an error has been replied.
 *
 * @c bitops.c:450
 */
export function getBitfieldTypeFromArgument(c: client, o: robj): number {
  // What stands behind a zero byte does not count.
  const p = cstr(objPtrString(o));
  const err =
    'Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.';
  const sign = p.startsWith('i');

  // A reply cannot say an integer above 2^63-1, hence no u64.
  const llbits = sign || p.startsWith('u') ? string2ll(p.slice(1)) : null;
  if (llbits === null || llbits < 1 || llbits > (sign ? 64 : 63)) {
    addReplyError(c, err);
    return 0;
  }
  return sign ? -Number(llbits) : Number(llbits);
}

/**
 * The value of argv[1] to write bits into: a RAW object with an sds that reaches up to bit `maxbit`, made or filled up
 * with zeroes if need be, in which case `dirty` (unless null) gets 1, else 0. null when an error has been replied
 * because the value is no string.
 *
 * @c bitops.c:481
 */
export function lookupStringForBitCommand(
  c: client,
  maxbit: number,
  dirty: intResult | null,
): robj | null {
  const byte = Math.floor(maxbit / 8);
  let o = lookupKeyWrite(c.db, c.argv[1]);
  if (checkType(c, o, OBJ_STRING)) return null;
  if (dirty !== null) dirty.value = 0;

  if (o === null) {
    o = createObject(OBJ_STRING, sdsnewlen(null, byte + 1));
    dbAdd(c.db, c.argv[1], o);
    if (dirty !== null) dirty.value = 1;
  } else {
    o = dbUnshareStringValue(c.db, c.argv[1], o);
    const s = objPtrSds(o);
    const oldlen = sdslen(s);
    o.ptr = sdsgrowzero(s, byte + 1);
    if (dirty !== null && oldlen !== sdslen(s)) dirty.value = 1;
  }
  return o;
}

/**
 * The bytes of a string object, to look at: a latin1 string, or if it holds an sds, the bytes of that, which is no copy.
 * null for null.
 *
 * @c bitops.c:513
 */
export function getObjectReadOnlyString(o: robj | null): string | Uint8Array | null {
  serverAssert(o === null || o.type === OBJ_STRING);
  if (o === null) return null;
  const ptr = o.ptr;
  if (ptr instanceof sds) return ptr.buf.subarray(0, ptr.len);
  return objPtrString(o);
}

/**
 * Byte `i` of what getObjectReadOnlyString() gave; it must be there.
 *
 * @own a latin1 string is not indexed as bytes are
 */
export function byteAt(p: string | Uint8Array, i: number): number {
  return typeof p === 'string' ? p.charCodeAt(i) : p[i];
}

/**
 * The bytes from `start` to before `end` of what getObjectReadOnlyString() gave: copied from a string, else no copy.
 *
 * @own a latin1 string is not memory
 */
export function bytesOf(p: string | Uint8Array, start: number, end: number): Uint8Array {
  if (typeof p !== 'string') return p.subarray(start, end);
  return Buffer.from(start === 0 && end === p.length ? p : p.slice(start, end), 'latin1');
}

/**
 * SETBIT key offset 0|1: replies what the bit was.
 *
 * @c bitops.c:532
 */
export function setbitCommand(c: client): void {
  const err = 'bit is not an integer or out of range';

  const bitoffset = getBitOffsetFromArgument(c, c.argv[2], false, 0);
  if (bitoffset === null) return;

  const on = getLongFromObjectOrReply(c, c.argv[3], err);
  if (on === null) return;

  if (on !== 0 && on !== 1) {
    addReplyError(c, err);
    return;
  }

  const dirty = new intResult();
  const o = lookupStringForBitCommand(c, bitoffset, dirty);
  if (o === null) return;

  const buf = objPtrSds(o).buf;
  const byte = Math.floor(bitoffset / 8);
  const bit = 7 - (bitoffset & 7);
  const bitval = (buf[byte] >> bit) & 1;

  // A bit that stays what it is changes nothing, unless the string has become longer for it.
  if (dirty.value || bitval !== on) {
    buf[byte] = (buf[byte] & ~(1 << bit)) | (on << bit);
    signalModifiedKey(c, c.db, c.argv[1]);
    notifyKeyspaceEvent(NOTIFY_STRING, 'setbit', c.argv[1], c.db.id);
    server.dirty++;
  }

  addReply(c, bitval ? shared.cone : shared.czero);
}

/**
 * GETBIT key offset: 0 beyond the end.
 *
 * @c bitops.c:579
 */
export function getbitCommand(c: client): void {
  const bitoffset = getBitOffsetFromArgument(c, c.argv[2], false, 0);
  if (bitoffset === null) return;

  const o = lookupKeyReadOrReply(c, c.argv[1], shared.czero);
  if (o === null || checkType(c, o, OBJ_STRING)) return;

  const byte = Math.floor(bitoffset / 8);
  const bit = 7 - (bitoffset & 7);
  let bitval = 0;
  const ptr = o.ptr;
  if (ptr instanceof sds) {
    if (byte < ptr.len) bitval = ptr.buf[byte] & (1 << bit);
  } else {
    const s = objPtrString(o);
    if (byte < s.length) bitval = s.charCodeAt(byte) & (1 << bit);
  }

  addReply(c, bitval ? shared.cone : shared.czero);
}

/**
 * BITOP AND|OR|XOR|NOT destkey key [key ...]: stores the result under destkey, or deletes that if the result is empty.
 * A string that is shorter than the longest one, or missing, counts as filled up with zeroes. Replies the length.
 *
 * @c bitops.c:607
 */
export function bitopCommand(c: client): void {
  const opname = objPtrString(c.argv[1]);
  const targetkey = c.argv[2];
  let op: number;

  if (!strcasecmp(opname, 'and')) op = BITOP_AND;
  else if (!strcasecmp(opname, 'or')) op = BITOP_OR;
  else if (!strcasecmp(opname, 'xor')) op = BITOP_XOR;
  else if (!strcasecmp(opname, 'not')) op = BITOP_NOT;
  else {
    addReplyErrorObject(c, shared.syntaxerr);
    return;
  }

  if (op === BITOP_NOT && c.argc !== 4) {
    addReplyError(c, 'BITOP NOT must be called with a single source key.');
    return;
  }

  const numkeys = c.argc - 3;
  const objects: (robj | null)[] = [];
  const src: Uint8Array[] = [];
  let maxlen = 0;
  let minlen = 0;
  for (let j = 0; j < numkeys; j++) {
    const o = lookupKeyRead(c.db, c.argv[j + 3]);
    if (o === null) {
      objects.push(null);
      src.push(new Uint8Array(0));
      minlen = 0;
      continue;
    }
    if (checkType(c, o, OBJ_STRING)) {
      for (const object of objects) if (object !== null) decrRefCount(object);
      return;
    }
    const object = getDecodedObject(o);
    const p = getObjectReadOnlyString(object)!;
    const len = p.length;
    objects.push(object);
    src.push(bytesOf(p, 0, len));
    if (len > maxlen) maxlen = len;
    if (j === 0 || len < minlen) minlen = len;
  }

  let res: sds | null = null;
  if (maxlen) {
    res = sdsnewlen(null, maxlen);
    const out = res.buf;
    let j = 0;

    // As far as there is data of all strings, whole words are taken, in multiples of 32 bytes.
    if (minlen >= 32 && numkeys <= 16 && src.every(isWordAligned)) {
      j = minlen - (minlen % 32);
      const words = j / 4;
      const lres = new Int32Array(out.buffer, out.byteOffset, words);
      out.set(src[0].subarray(0, j));
      for (let i = 1; i < numkeys; i++) {
        const lp = new Int32Array(src[i].buffer, src[i].byteOffset, words);
        if (op === BITOP_AND) for (let w = 0; w < words; w++) lres[w] &= lp[w];
        else if (op === BITOP_OR) for (let w = 0; w < words; w++) lres[w] |= lp[w];
        else for (let w = 0; w < words; w++) lres[w] ^= lp[w];
      }
      if (op === BITOP_NOT) for (let w = 0; w < words; w++) lres[w] = ~lres[w];
    }

    // The rest byte by byte.
    const first = src[0];
    for (; j < maxlen; j++) {
      let output = first.length <= j ? 0 : first[j];
      if (op === BITOP_NOT) output = ~output;
      for (let i = 1; i < numkeys; i++) {
        const byte = src[i].length <= j ? 0 : src[i][j];
        if (op === BITOP_AND) {
          output &= byte;
          if (output === 0) break;
        } else if (op === BITOP_OR) {
          output |= byte;
          if (output === 0xff) break;
        } else {
          output ^= byte;
        }
      }
      out[j] = output;
    }
  }
  for (const object of objects) if (object !== null) decrRefCount(object);

  if (res !== null) {
    const o = createObject(OBJ_STRING, res);
    setKey(c, c.db, targetkey, o, 0);
    notifyKeyspaceEvent(NOTIFY_STRING, 'set', targetkey, c.db.id);
    decrRefCount(o);
    server.dirty++;
  } else if (dbDelete(c.db, targetkey)) {
    signalModifiedKey(c, c.db, targetkey);
    notifyKeyspaceEvent(NOTIFY_GENERIC, 'del', targetkey, c.db.id);
    server.dirty++;
  }
  addReplyLongLong(c, maxlen);
}

/**
 * Whether the bytes begin at a multiple of four of their memory, so that they can be looked at as words.
 *
 * @own USE_ALIGNED_ACCESS of C
 */
export function isWordAligned(p: Uint8Array): boolean {
  return (p.byteOffset & 3) === 0;
}

/**
 * BITCOUNT key [start end [BYTE | BIT]]: how many bits are set, between two bytes or bits, both included, negative ones
 * counted from the end.
 *
 * @c bitops.c:796
 */
export function bitcountCommand(c: client): void {
  const o = lookupKeyReadOrReply(c, c.argv[1], shared.czero);
  if (o === null || checkType(c, o, OBJ_STRING)) return;
  const p = getObjectReadOnlyString(o)!;
  const strlen = p.length;
  let start: number;
  let end: number;
  let first_byte_neg_mask = 0;
  let last_byte_neg_mask = 0;

  if (c.argc === 4 || c.argc === 5) {
    let totlen = strlen;
    let isbit = false;
    const from = getLongLongFromObjectOrReply(c, c.argv[2], null);
    if (from === null) return;
    const to = getLongLongFromObjectOrReply(c, c.argv[3], null);
    if (to === null) return;
    if (from < 0 && to < 0 && from > to) {
      addReply(c, shared.czero);
      return;
    }
    if (c.argc === 5) {
      const unit = objPtrString(c.argv[4]);
      if (!strcasecmp(unit, 'bit')) isbit = true;
      else if (strcasecmp(unit, 'byte')) {
        addReplyErrorObject(c, shared.syntaxerr);
        return;
      }
    }
    if (isbit) totlen *= 8;
    // What lies beyond 2^53 is out of every string anyway.
    start = Number(from);
    end = Number(to);
    if (start < 0) start = totlen + start;
    if (end < 0) end = totlen + end;
    if (start < 0) start = 0;
    if (end < 0) end = 0;
    if (end >= totlen) end = totlen - 1;
    if (isbit && start <= end) {
      // The bits of the first and of the last byte that are not in the range.
      first_byte_neg_mask = ~((1 << (8 - (start & 7))) - 1) & 0xff;
      last_byte_neg_mask = (1 << (7 - (end & 7))) - 1;
      start = Math.floor(start / 8);
      end = Math.floor(end / 8);
    }
  } else if (c.argc === 2) {
    start = 0;
    end = strlen - 1;
  } else {
    addReplyErrorObject(c, shared.syntaxerr);
    return;
  }

  // Here `end` is a byte of the string, or -1 if that is empty.
  if (start > end) {
    addReply(c, shared.czero);
  } else {
    const bytes = end - start + 1;
    let count = redisPopcount(bytesOf(p, start, end + 1), bytes);
    if (first_byte_neg_mask !== 0 || last_byte_neg_mask !== 0) {
      // Whole bytes were counted: the bits beside the range are taken off again.
      const firstlast = new Uint8Array(2);
      if (first_byte_neg_mask !== 0) firstlast[0] = byteAt(p, start) & first_byte_neg_mask;
      if (last_byte_neg_mask !== 0) firstlast[1] = byteAt(p, end) & last_byte_neg_mask;
      count -= redisPopcount(firstlast, 2);
    }
    addReplyLongLong(c, count);
  }
}

/**
 * BITPOS key 0|1 [start [end [BYTE | BIT]]]: the offset of the first such bit, from the start of the string, or -1. With
 * no `end`, zeroes follow the string, so that a clear bit is always found if `start` is in the string.
 *
 * @c bitops.c:877
 */
export function bitposCommand(c: client): void {
  let start: number;
  let end: number;
  let end_given = false;
  let first_byte_neg_mask = 0;
  let last_byte_neg_mask = 0;

  const bit = getLongFromObjectOrReply(c, c.argv[2], null);
  if (bit === null) return;
  if (bit !== 0 && bit !== 1) {
    addReplyError(c, 'The bit argument must be 1 or 0.');
    return;
  }

  // A key that is missing holds zeroes without end.
  const o = lookupKeyRead(c.db, c.argv[1]);
  if (o === null) {
    addReplyLongLong(c, bit ? -1 : 0);
    return;
  }
  if (checkType(c, o, OBJ_STRING)) return;
  const p = getObjectReadOnlyString(o)!;
  const strlen = p.length;

  if (c.argc === 4 || c.argc === 5 || c.argc === 6) {
    let totlen = strlen;
    let isbit = false;
    const from = getLongLongFromObjectOrReply(c, c.argv[3], null);
    if (from === null) return;
    if (c.argc === 6) {
      const unit = objPtrString(c.argv[5]);
      if (!strcasecmp(unit, 'bit')) isbit = true;
      else if (strcasecmp(unit, 'byte')) {
        addReplyErrorObject(c, shared.syntaxerr);
        return;
      }
    }
    start = Number(from);
    if (c.argc >= 5) {
      const to = getLongLongFromObjectOrReply(c, c.argv[4], null);
      if (to === null) return;
      end = Number(to);
      end_given = true;
    } else {
      end = totlen - 1;
    }
    if (isbit) totlen *= 8;
    if (start < 0) start = totlen + start;
    if (end < 0) end = totlen + end;
    if (start < 0) start = 0;
    if (end < 0) end = 0;
    if (end >= totlen) end = totlen - 1;
    if (isbit && start <= end) {
      // The bits of the first and of the last byte that are not in the range.
      first_byte_neg_mask = ~((1 << (8 - (start & 7))) - 1) & 0xff;
      last_byte_neg_mask = (1 << (7 - (end & 7))) - 1;
      start = Math.floor(start / 8);
      end = Math.floor(end / 8);
    }
  } else if (c.argc === 3) {
    start = 0;
    end = strlen - 1;
  } else {
    addReplyErrorObject(c, shared.syntaxerr);
    return;
  }

  // An empty range holds neither a 0 nor a 1.
  if (start > end) {
    addReplyLongLong(c, -1);
    return;
  }

  let bytes = end - start + 1;
  let pos = -1;
  const tmpchar = new Uint8Array(1);
  result: {
    if (first_byte_neg_mask) {
      // What is not in the range is made the other bit, so that it is not found.
      let byte = byteAt(p, start);
      byte = bit ? byte & ~first_byte_neg_mask : byte | first_byte_neg_mask;
      if (last_byte_neg_mask && bytes === 1) {
        byte = bit ? byte & ~last_byte_neg_mask : byte | last_byte_neg_mask;
      }
      tmpchar[0] = byte;
      pos = redisBitpos(tmpchar, 1, bit);
      if (bytes === 1 || (pos !== -1 && pos !== 8)) break result;
      start++;
      bytes--;
    }

    // The whole bytes: all, or all but a last one of which some bits are not in the range.
    const curbytes = bytes - (last_byte_neg_mask ? 1 : 0);
    if (curbytes > 0) {
      pos = redisBitpos(bytesOf(p, start, start + curbytes), curbytes, bit);
      if (bytes === curbytes || (pos !== -1 && pos !== curbytes * 8)) break result;
      start += curbytes;
      bytes -= curbytes;
    }
    const byte = byteAt(p, end);
    tmpchar[0] = bit ? byte & ~last_byte_neg_mask : byte | last_byte_neg_mask;
    pos = redisBitpos(tmpchar, 1, bit);
  }

  // The zero behind the range does not count if the user has said where the range ends.
  if (end_given && bit === 0 && pos === bytes * 8) {
    addReplyLongLong(c, -1);
    return;
  }
  // What was skipped comes before.
  if (pos !== -1) pos += start * 8;
  addReplyLongLong(c, pos);
}

export const BITFIELD_FLAG_NONE = 0;
/** GET is the only operation that is allowed. */
export const BITFIELD_FLAG_READONLY = 1 << 0;

/** One operation of BITFIELD. */
export class bitfieldOp {
  /** Where the integer begins, in bits. */
  offset: number;
  /** The value of SET, the increment of INCRBY. */
  i64: number | bigint;
  /** BITFIELDOP_*. */
  opcode: number;
  /** BFOVERFLOW_*. */
  owtype: number;
  /** The width of the integer. */
  bits: number;
  /** Whether the integer is a signed one. */
  sign: boolean;
  constructor(
    offset: number,
    i64: number | bigint,
    opcode: number,
    owtype: number,
    bits: number,
    sign: boolean,
  ) {
    this.offset = offset;
    this.i64 = i64;
    this.opcode = opcode;
    this.owtype = owtype;
    this.bits = bits;
    this.sign = sign;
  }
}

/**
 * BITFIELD, and with BITFIELD_FLAG_READONLY in `flags` BITFIELD_RO: reads all operations first, so that an error in one
 * of them leaves the value as it is, then replies the results in an array.
 *
 * @c bitops.c:1030
 */
export function bitfieldGeneric(c: client, flags: number): void {
  const ops: bitfieldOp[] = [];
  let owtype = BFOVERFLOW_WRAP;
  let readonly = true;
  let highest_write_offset = 0;

  for (let j = 2; j < c.argc; j++) {
    const remargs = c.argc - j - 1;
    const subcmd = objPtrString(c.argv[j]);
    let opcode: number;
    let i64: number | bigint | null = 0;

    if (!strcasecmp(subcmd, 'get') && remargs >= 2) opcode = BITFIELDOP_GET;
    else if (!strcasecmp(subcmd, 'set') && remargs >= 3) opcode = BITFIELDOP_SET;
    else if (!strcasecmp(subcmd, 'incrby') && remargs >= 3) opcode = BITFIELDOP_INCRBY;
    else if (!strcasecmp(subcmd, 'overflow') && remargs >= 1) {
      // Holds for the operations behind it.
      const owtypename = objPtrString(c.argv[j + 1]);
      j++;
      if (!strcasecmp(owtypename, 'wrap')) owtype = BFOVERFLOW_WRAP;
      else if (!strcasecmp(owtypename, 'sat')) owtype = BFOVERFLOW_SAT;
      else if (!strcasecmp(owtypename, 'fail')) owtype = BFOVERFLOW_FAIL;
      else {
        addReplyError(c, 'Invalid OVERFLOW type specified');
        return;
      }
      continue;
    } else {
      addReplyErrorObject(c, shared.syntaxerr);
      return;
    }

    const type = getBitfieldTypeFromArgument(c, c.argv[j + 1]);
    if (type === 0) return;
    const sign = type < 0;
    const bits = sign ? -type : type;

    const bitoffset = getBitOffsetFromArgument(c, c.argv[j + 2], true, bits);
    if (bitoffset === null) return;

    if (opcode !== BITFIELDOP_GET) {
      readonly = false;
      if (highest_write_offset < bitoffset + bits - 1) highest_write_offset = bitoffset + bits - 1;
      i64 = getLongLongFromObjectOrReply(c, c.argv[j + 3], null);
      if (i64 === null) return;
    }

    ops.push(new bitfieldOp(bitoffset, i64, opcode, owtype, bits, sign));

    j += opcode === BITFIELDOP_GET ? 2 : 3;
  }

  let o: robj | null;
  const dirty = new intResult();
  if (readonly) {
    o = lookupKeyRead(c.db, c.argv[1]);
    if (o !== null && checkType(c, o, OBJ_STRING)) return;
  } else {
    if (flags & BITFIELD_FLAG_READONLY) {
      addReplyError(c, 'BITFIELD_RO only supports the GET subcommand');
      return;
    }

    // The string is made as long as the farthest operation needs it, before the first of them.
    o = lookupStringForBitCommand(c, highest_write_offset, dirty);
    if (o === null) return;
  }

  addReplyArrayLen(c, ops.length);

  let changes = 0;
  const wrapped = new intResult();
  for (let j = 0; j < ops.length; j++) {
    const thisop = ops[j];

    if (thisop.opcode === BITFIELDOP_SET || thisop.opcode === BITFIELDOP_INCRBY) {
      const p = objPtrSds(o!).buf;
      let newval: number | bigint;
      let retval: number | bigint;
      let overflow: number;

      if (thisop.sign) {
        const oldval = getSignedBitfield(p, thisop.offset, thisop.bits);

        if (thisop.opcode === BITFIELDOP_INCRBY) {
          overflow = checkSignedBitfieldOverflow(
            oldval,
            thisop.i64,
            thisop.bits,
            thisop.owtype,
            wrapped,
          );
          newval = overflow ? wrapped.value : llAdd(oldval, thisop.i64);
          retval = newval;
        } else {
          newval = thisop.i64;
          overflow = checkSignedBitfieldOverflow(newval, 0, thisop.bits, thisop.owtype, wrapped);
          if (overflow) newval = wrapped.value;
          retval = oldval;
        }

        // An operation that fails writes nothing.
        if (!(overflow && thisop.owtype === BFOVERFLOW_FAIL)) {
          addReplyLongLong(c, retval);
          setSignedBitfield(p, thisop.offset, thisop.bits, newval);

          if (dirty.value || oldval !== newval) changes++;
        } else {
          addReplyNull(c);
        }
      } else {
        const oldval = getUnsignedBitfield(p, thisop.offset, thisop.bits);

        if (thisop.opcode === BITFIELDOP_INCRBY) {
          newval = llAdd(oldval, thisop.i64);
          overflow = checkUnsignedBitfieldOverflow(
            oldval,
            thisop.i64,
            thisop.bits,
            thisop.owtype,
            wrapped,
          );
          if (overflow) newval = wrapped.value;
          retval = newval;
        } else {
          // A negative number is one above 2^63, which no unsigned type can hold.
          newval = thisop.i64 < 0 ? BigInt.asUintN(64, BigInt(thisop.i64)) : thisop.i64;
          overflow = checkUnsignedBitfieldOverflow(newval, 0, thisop.bits, thisop.owtype, wrapped);
          if (overflow) newval = wrapped.value;
          retval = oldval;
        }

        if (!(overflow && thisop.owtype === BFOVERFLOW_FAIL)) {
          addReplyLongLong(c, retval);
          setUnsignedBitfield(p, thisop.offset, thisop.bits, newval);

          if (dirty.value || oldval !== newval) changes++;
        } else {
          addReplyNull(c);
        }
      }
    } else {
      // An integer may reach beyond the end: the nine bytes that one can lie in are copied, with zeroes behind the end.
      const buf = new Uint8Array(9);
      const src = getObjectReadOnlyString(o);
      const byte = Math.floor(thisop.offset / 8);
      for (let i = 0; i < 9; i++) {
        if (src === null || i + byte >= src.length) break;
        buf[i] = byteAt(src, i + byte);
      }

      const offset = thisop.offset & 7;
      if (thisop.sign) addReplyLongLong(c, getSignedBitfield(buf, offset, thisop.bits));
      else addReplyLongLong(c, getUnsignedBitfield(buf, offset, thisop.bits));
    }
  }

  if (changes) {
    signalModifiedKey(c, c.db, c.argv[1]);
    notifyKeyspaceEvent(NOTIFY_STRING, 'setbit', c.argv[1], c.db.id);
    server.dirty += changes;
  }
}

/**
 * BITFIELD key [GET type offset | [OVERFLOW WRAP|SAT|FAIL] SET type offset value | INCRBY type offset increment ...].
 *
 * @c bitops.c:1259
 */
export function bitfieldCommand(c: client): void {
  bitfieldGeneric(c, BITFIELD_FLAG_NONE);
}

/**
 * BITFIELD_RO key [GET type offset ...].
 *
 * @c bitops.c:1263
 */
export function bitfieldroCommand(c: client): void {
  bitfieldGeneric(c, BITFIELD_FLAG_READONLY);
}
