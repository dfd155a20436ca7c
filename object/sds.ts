/**
 * sds.c: growable byte strings.
 *
 * In C an sds is a pointer to the first byte; a header of 1, 3, 5, 9 or 17 bytes, depending on the
 * size, lies before it:
 *
 *     [len][alloc][flags] b y t e s ... \0       type 5: one byte for flags and len
 *                         ^ the sds
 *
 * Here it is an object around a Buffer. The header exists for the account of memory only, so that
 * the growth steps and the sizes that MEMORY USAGE, CLIENT LIST and maxmemory see are C's:
 *
 *     sds { flags: SDS_TYPE_8, len: 5, alloc: 9, buf: [h e l l o . . . . .] }
 *
 * Two kinds of strings exist in this program. Most are immutable JavaScript strings with one char
 * code 0-255 a byte (keys, arguments, short values); the functions that in C build or take apart
 * text work on those and return a new string. What grows in place (query buffers, the value of
 * APPEND and SETRANGE, the AOF buffer) is an {@link sds}: its functions change the object they are
 * given and return that same object, so that code reads `s = sdscatlen(s, ...)` as in C, and no
 * reference goes stale.
 *
 * The bytes lie in blocks of the arena, which have the size of C's allocation: header and terminating zero are left
 * unused. A block goes back when its string is freed, and keeps the object for the next string that gets it.
 *
 * Who calls in: everybody. Whom it calls: zmalloc for the account, the arena for the bytes.
 * What differs from C: no terminating zero (the account still counts its byte); the printf family
 * is template strings.
 */
import { arenaGive, arenaTake, type ArenaBlock } from './arena.ts';
import { ledger, jemalloc_good_size, ledger_alloc, ledger_free } from './zmalloc.ts';

/** Above this size a growing string gets this much spare room, below it doubles. */
export const SDS_MAX_PREALLOC = 1024 * 1024;

export const SDS_TYPE_5 = 0;
export const SDS_TYPE_8 = 1;
export const SDS_TYPE_16 = 2;
export const SDS_TYPE_32 = 3;
export const SDS_TYPE_64 = 4;

/** Given as the initial content: leave the bytes as they are. */
export const SDS_NOINIT: unique symbol = Symbol('SDS_NOINIT');

/** A growable byte string: the first `len` bytes of `buf`. */
export class sds {
  /** A block from the arena, or memory of its own; maybe longer than `alloc`. */
  buf: Buffer;
  /** Bytes in use. */
  len: number;
  /** Bytes of room, those in use included. */
  alloc: number;
  /** SDS_TYPE_*: which header C would have, for the account. */
  flags: number;
  constructor(buf: Buffer, len: number, alloc: number, flags: number) {
    this.buf = buf;
    this.len = len;
    this.alloc = alloc;
    this.flags = flags;
  }
}

/** What a string that was given up points to: whoever still uses it finds nothing, and not the bytes of another. */
const NO_BYTES = Buffer.alloc(0);

/**
 * The bytes in use.
 * @own inline function of sds.h
 */
export function sdslen(s: sds): number {
  return s.len;
}

/**
 * The bytes that can be appended without a new allocation.
 * @own inline function of sds.h
 */
export function sdsavail(s: sds): number {
  return s.alloc - s.len;
}

/**
 * Sets the bytes in use; they must be there.
 * @own inline function of sds.h
 */
export function sdssetlen(s: sds, newlen: number): void {
  s.len = newlen;
}

/**
 * Adds to the bytes in use; they must be there.
 * @own inline function of sds.h
 */
export function sdsinclen(s: sds, inc: number): void {
  s.len += inc;
}

/**
 * The bytes that the string can hold: in use and spare.
 * @own inline function of sds.h
 */
export function sdsalloc(s: sds): number {
  return s.alloc;
}

/**
 * Bytes of the header of a type.
 *
 * @c sds.c:44
 * @cstatic
 */
export function sdsHdrSize(type: number): number {
  switch (type) {
    case SDS_TYPE_5:
      return 1;
    case SDS_TYPE_8:
      return 3;
    case SDS_TYPE_16:
      return 5;
    case SDS_TYPE_32:
      return 9;
    case SDS_TYPE_64:
      return 17;
  }
  return 0;
}

/**
 * The smallest header type for a string of that many bytes.
 *
 * @c sds.c:60
 * @cstatic
 */
export function sdsReqType(string_size: number): number {
  if (string_size < 1 << 5) return SDS_TYPE_5;
  if (string_size < 1 << 8) return SDS_TYPE_8;
  if (string_size < 1 << 16) return SDS_TYPE_16;
  if (string_size < 2 ** 32) return SDS_TYPE_32;
  return SDS_TYPE_64;
}

/**
 * The most bytes that a header type can tell of.
 *
 * @c sds.c:76
 * @cstatic
 */
export function sdsTypeMaxSize(type: number): number {
  if (type === SDS_TYPE_5) return (1 << 5) - 1;
  if (type === SDS_TYPE_8) return (1 << 8) - 1;
  if (type === SDS_TYPE_16) return (1 << 16) - 1;
  if (type === SDS_TYPE_32) return 2 ** 32 - 1;
  return Number.MAX_SAFE_INTEGER;
}

/**
 * What the allocator hands out in C for a fresh sds of `len` bytes. Whoever holds an immutable
 * string where C holds an sds accounts for this much.
 *
 * @own immutable strings are JavaScript strings here, which nobody accounts for by themselves
 */
export function sdsStringAllocSize(len: number): number {
  // An empty string gets a type 8 header, because it is likely to grow.
  const type = len === 0 ? SDS_TYPE_8 : sdsReqType(len);
  return jemalloc_good_size(sdsHdrSize(type) + len + 1);
}

/**
 * What the allocator holds for this sds: header, room and terminating zero, rounded to a size
 * class.
 *
 * @own zmalloc_size(sdsAllocPtr(s)) in C
 */
export function sdsMallocSize(s: sds): number {
  return jemalloc_good_size(sdsHdrSize(s.flags) + s.alloc + 1);
}

/**
 * The content as a latin1 string.
 *
 * @own the bridge between the two kinds of strings
 */
export function sdsToString(s: sds): string {
  return s.buf.latin1Slice(0, s.len);
}

/**
 * A block of the arena for `size` bytes, or null when there is no memory for it. With `trymalloc` false the process's
 * handler for that case is called before. The account is the caller's business.
 *
 * @own s_malloc_usable() of sdsalloc.h for a Buffer
 */
export function sdsNewBuffer(size: number, trymalloc: boolean): Buffer | null {
  if (size < SDS_MAX_PREALLOC) return arenaTake(ledger.arena, jemalloc_good_size(size));
  // V8 throws when the size is beyond its limit or the system refuses the memory.
  try {
    return arenaTake(ledger.arena, jemalloc_good_size(size));
  } catch {
    if (!trymalloc) ledger.oom_handler(size);
    return null;
  }
}

/**
 * Gives `s` a new room of `alloc` bytes with the header `type` and moves its content, if another block is needed at all.
 * Updates the account. Returns false, and changes nothing, when there is no memory.
 *
 * @own realloc() or malloc+memcpy+free in the functions that resize
 */
export function sdsMoveTo(s: sds, alloc: number, type: number): boolean {
  const size = sdsHdrSize(type) + alloc + 1;
  if (jemalloc_good_size(size) !== s.buf.length) {
    const buf = sdsNewBuffer(size, false);
    if (buf === null) return false;
    s.buf.copy(buf, 0, 0, s.len);
    arenaGive(ledger.arena, s.buf as ArenaBlock);
    s.buf = buf;
  }
  ledger_free(sdsHdrSize(s.flags) + s.alloc + 1);
  ledger_alloc(size);
  s.alloc = alloc;
  s.flags = type;
  return true;
}

/**
 * A new sds of `initlen` bytes copied from `init`, zeroed if that is null, or left as they come if
 * it is SDS_NOINIT. The rest of the allocator's size class becomes spare room. null when there is
 * no memory, which with `trymalloc` goes without calling the handler for it.
 *
 * @c sds.c:103
 */
export function _sdsnewlen(
  init: string | Uint8Array | null | typeof SDS_NOINIT,
  initlen: number,
  trymalloc: boolean,
): sds | null {
  let type = sdsReqType(initlen);
  // Empty strings are mostly made to be appended to, for which type 5 is no good.
  if (type === SDS_TYPE_5 && initlen === 0) type = SDS_TYPE_8;
  const hdrlen = sdsHdrSize(type);
  let usable = jemalloc_good_size(hdrlen + initlen + 1) - hdrlen - 1;
  if (usable > sdsTypeMaxSize(type)) usable = sdsTypeMaxSize(type);
  // Type 5 cannot remember that it has spare room.
  if (type === SDS_TYPE_5) usable = initlen;

  const buf = sdsNewBuffer(hdrlen + usable + 1, trymalloc);
  if (buf === null) return null;
  ledger_alloc(hdrlen + usable + 1);
  if (init === null) buf.fill(0, 0, initlen);
  else if (typeof init === 'string') buf.latin1Write(init, 0, initlen);
  else if (init !== SDS_NOINIT) buf.set(init.length === initlen ? init : init.subarray(0, initlen));
  const block = buf as ArenaBlock;
  const head = block.head;
  // The header that lies in the block, as in C; if it has not gone elsewhere with its string.
  if (head instanceof sds && head.buf === buf) {
    head.len = initlen;
    head.alloc = usable;
    head.flags = type;
    return head;
  }
  const s = new sds(buf, initlen, usable, type);
  block.head = s;
  return s;
}

/**
 * A new sds of `initlen` bytes from `init` (null: zeroes; SDS_NOINIT: whatever is there). Out of
 * memory ends in the handler for it, and if that returns, in an exception.
 *
 * @c sds.c:168
 */
export function sdsnewlen(
  init: string | Uint8Array | null | typeof SDS_NOINIT,
  initlen: number,
): sds {
  const s = _sdsnewlen(init, initlen, false);
  if (s === null) throw new RangeError('sdsnewlen: out of memory');
  return s;
}

/**
 * As sdsnewlen(), but null when there is no memory.
 *
 * @c sds.c:172
 */
export function sdstrynewlen(
  init: string | Uint8Array | null | typeof SDS_NOINIT,
  initlen: number,
): sds | null {
  return _sdsnewlen(init, initlen, true);
}

/**
 * A new sds without content.
 *
 * @c sds.c:178
 */
export function sdsempty(): sds {
  return sdsnewlen('', 0);
}

/**
 * A new sds with the bytes of a latin1 string; null counts as empty.
 *
 * @c sds.c:183
 */
export function sdsnew(init: string | null): sds {
  return init === null ? sdsnewlen('', 0) : sdsnewlen(init, init.length);
}

/**
 * A copy, with the room that a new string of the length gets.
 *
 * @c sds.c:189
 */
export function sdsdup(s: sds): sds {
  return sdsnewlen(s.buf, s.len);
}

/**
 * Gives the string up: takes it off the account. The object must not be used afterwards. null is
 * ignored.
 *
 * @c sds.c:194
 */
export function sdsfree(s: sds | null): void {
  if (s === null) return;
  ledger_free(sdsHdrSize(s.flags) + s.alloc + 1);
  const block = s.buf as ArenaBlock;
  arenaGive(ledger.arena, block);
  // A block of a run keeps its header: a value that takes the place of another needs no new object. Large ones go to the collector.
  if (block.run === null || ledger.arena.poison) s.buf = NO_BYTES;
  s.len = 0;
  s.alloc = 0;
}

/**
 * Cuts the string at its first zero byte, if it has one.
 *
 * @c sds.c:213
 */
export function sdsupdatelen(s: sds): void {
  const reallen = s.buf.indexOf(0);
  if (reallen !== -1 && reallen < s.len) s.len = reallen;
}

/**
 * Empties the string and keeps its room.
 *
 * @c sds.c:222
 */
export function sdsclear(s: sds): void {
  s.len = 0;
}

/**
 * Makes sure that `addlen` bytes can be written after the content. If there is not enough room, it
 * grows to what is needed, rounded up to a size class; with `greedy` to twice that (or a megabyte
 * more, above that size), so that many small appends cost few moves. Returns `s`; its length does
 * not change.
 *
 * @c sds.c:239
 */
export function _sdsMakeRoomFor(s: sds, addlen: number, greedy: boolean): sds {
  if (s.alloc - s.len >= addlen) return s;

  const len = s.len;
  let newlen = len + addlen;
  if (greedy) {
    if (newlen < SDS_MAX_PREALLOC) newlen *= 2;
    else newlen += SDS_MAX_PREALLOC;
  }
  let type = sdsReqType(newlen);

  // Whoever appends will do so again, and type 5 would have to be moved each time.
  if (type === SDS_TYPE_5) type = SDS_TYPE_8;

  const hdrlen = sdsHdrSize(type);
  let usable = jemalloc_good_size(hdrlen + newlen + 1) - hdrlen - 1;
  if (usable > sdsTypeMaxSize(type)) usable = sdsTypeMaxSize(type);
  // C returns NULL here, but with the real allocator the process has ended by then.
  if (!sdsMoveTo(s, usable, type)) throw new RangeError('sdsMakeRoomFor: out of memory');
  return s;
}

/**
 * Makes room for at least `addlen` more bytes, generously.
 *
 * @c sds.c:294
 */
export function sdsMakeRoomFor(s: sds, addlen: number): sds {
  return _sdsMakeRoomFor(s, addlen, true);
}

/**
 * Makes room for `addlen` more bytes and hardly any more.
 *
 * @c sds.c:299
 */
export function sdsMakeRoomForNonGreedy(s: sds, addlen: number): sds {
  return _sdsMakeRoomFor(s, addlen, false);
}

/**
 * Gives the spare room back. The header shrinks only if the string gets short. Returns `s`.
 *
 * @c sds.c:309
 */
export function sdsRemoveFreeSpace(s: sds): sds {
  const oldtype = s.flags;
  const len = s.len;
  if (s.alloc === len) return s;

  const type = sdsReqType(len);
  // C keeps the wider header of a long string, since realloc() in place is worth more than a few
  // bytes.
  sdsMoveTo(s, len, oldtype === type || type > SDS_TYPE_8 ? oldtype : type);
  return s;
}

/**
 * Makes the room exactly `size` bytes, less or more than now; content beyond that is cut off.
 * Returns `s`.
 *
 * @c sds.c:348
 */
export function sdsResize(s: sds, size: number): sds {
  const oldtype = s.flags;
  if (s.alloc === size) return s;
  if (size < s.len) s.len = size;

  let type = sdsReqType(size);
  // A string that is resized once is likely to be resized again: not type 5.
  if (type === SDS_TYPE_5) type = SDS_TYPE_8;
  if (type < oldtype && type > SDS_TYPE_8) type = oldtype;
  sdsMoveTo(s, size, type);
  return s;
}

/**
 * All the bytes that C asked the allocator for: header, room and terminating zero.
 *
 * @c sds.c:398
 */
export function sdsAllocSize(s: sds): number {
  return sdsHdrSize(s.flags) + s.alloc + 1;
}

/**
 * Takes `incr` bytes, which the caller wrote behind the content, into the content; a negative
 * `incr` cuts from the right. Throws when the room or the content is smaller than that, where C
 * asserts.
 *
 * @c sds.c:432
 */
export function sdsIncrLen(s: sds, incr: number): void {
  const len = s.len + incr;
  if (len < 0 || len > s.alloc) throw new RangeError('sdsIncrLen: out of bounds');
  s.len = len;
}

/**
 * Makes the string at least `len` bytes long; the new ones are zero. Returns `s`.
 *
 * @c sds.c:478
 */
export function sdsgrowzero(s: sds, len: number): sds {
  const curlen = s.len;

  if (len <= curlen) return s;
  sdsMakeRoomFor(s, len - curlen);
  s.buf.fill(0, curlen, len);
  s.len = len;
  return s;
}

/**
 * Appends the first `len` bytes of `t`. Returns `s`.
 *
 * @c sds.c:496
 */
export function sdscatlen(s: sds, t: string | Uint8Array, len: number): sds {
  const curlen = s.len;

  sdsMakeRoomFor(s, len);
  if (typeof t === 'string') s.buf.latin1Write(t, curlen, len);
  else s.buf.set(t.length === len ? t : t.subarray(0, len), curlen);
  s.len = curlen + len;
  return s;
}

/**
 * Appends a latin1 string. Returns `s`.
 *
 * @c sds.c:511
 */
export function sdscat(s: sds, t: string): sds {
  return sdscatlen(s, t, t.length);
}

/**
 * Appends another sds. Returns `s`.
 *
 * @c sds.c:519
 */
export function sdscatsds(s: sds, t: sds): sds {
  return sdscatlen(s, t.buf, t.len);
}

/**
 * Replaces the content by the first `len` bytes of `t`. Returns `s`.
 *
 * @c sds.c:525
 */
export function sdscpylen(s: sds, t: string | Uint8Array, len: number): sds {
  if (s.alloc < len) sdsMakeRoomFor(s, len - s.len);
  if (typeof t === 'string') s.buf.latin1Write(t, 0, len);
  else s.buf.set(t.length === len ? t : t.subarray(0, len));
  s.len = len;
  return s;
}

/**
 * Replaces the content by a latin1 string. Returns `s`.
 *
 * @c sds.c:538
 */
export function sdscpy(s: sds, t: string): sds {
  return sdscpylen(s, t, t.length);
}

/**
 * The decimal text of a signed 64-bit number.
 *
 * @c sds.c:549
 */
export function sdsll2str(value: number | bigint): string {
  return String(value);
}

/**
 * The decimal text of an unsigned 64-bit number.
 *
 * @c sds.c:591
 */
export function sdsull2str(v: number | bigint): string {
  return String(v);
}

/**
 * The decimal text of a signed 64-bit number.
 *
 * @c sds.c:623
 */
export function sdsfromlonglong(value: number | bigint): string {
  return sdsll2str(value);
}

/**
 * The string without the bytes at both ends that occur in `cset`. Zero bytes go, too: strchr() in C
 * also finds the terminating zero of the set.
 *
 * @c sds.c:822
 */
export function sdstrim(s: string, cset: string): string {
  let sp = 0;
  let ep = s.length - 1;
  while (sp < s.length && (cset.includes(s[sp]) || s[sp] === '\0')) sp++;
  while (ep > sp && (cset.includes(s[ep]) || s[ep] === '\0')) ep--;
  return s.slice(sp, ep + 1);
}

/**
 * Keeps `len` bytes from `start` on; what lies beyond the content is ignored. The room stays.
 *
 * @c sds.c:840
 */
export function sdssubstr(s: sds, start: number, len: number): void {
  const oldlen = s.len;
  if (start >= oldlen || start < 0) start = len = 0;
  if (len > oldlen - start) len = oldlen - start;

  if (len > 0 && start > 0) s.buf.copyWithin(0, start, start + len);
  s.len = len;
}

/**
 * Keeps the bytes from `start` to `end`, both included; negative indexes count from the end (-1 is
 * the last). With `start` behind `end` nothing is left.
 *
 * @c sds.c:873
 */
export function sdsrange(s: sds, start: number, end: number): void {
  const len = s.len;
  if (len === 0) return;
  if (start < 0) start = len + start;
  if (end < 0) end = len + end;
  const newlen = start > end ? 0 : end - start + 1;
  sdssubstr(s, start, newlen);
}

/**
 * The string with the ASCII letters in lower case, as tolower() has it in the C locale.
 *
 * @c sds.c:885
 */
export function sdstolower(s: string): string {
  // toLowerCase() would also change the upper half of latin1.
  return s.replace(/[A-Z]+/g, (m) => m.toLowerCase());
}

/**
 * The string with the ASCII letters in upper case, as toupper() has it in the C locale.
 *
 * @c sds.c:892
 */
export function sdstoupper(s: string): string {
  return s.replace(/[a-z]+/g, (m) => m.toUpperCase());
}

/**
 * Compares byte by byte: negative, 0 or positive as `s1` comes before, equals or comes after `s2`.
 * A prefix comes before the longer string.
 *
 * @c sds.c:909
 */
export function sdscmp(s1: string | sds, s2: string | sds): number {
  if (typeof s1 === 'string' && typeof s2 === 'string') {
    // One char code a byte, so that the order of JavaScript is memcmp's.
    return s1 === s2 ? 0 : s1 < s2 ? -1 : 1;
  }
  const b1 = typeof s1 === 'string' ? Buffer.from(s1, 'latin1') : s1.buf.subarray(0, s1.len);
  const b2 = typeof s2 === 'string' ? Buffer.from(s2, 'latin1') : s2.buf.subarray(0, s2.len);
  return Buffer.compare(b1, b2);
}

/**
 * Splits at every occurrence of `sep`, from left to right; empty tokens are kept. An empty string
 * or an empty separator gives no tokens, where C returns NULL.
 *
 * @c sds.c:937
 */
export function sdssplitlen(s: string, sep: string): string[] {
  if (sep.length < 1 || s.length <= 0) return [];
  return s.split(sep);
}

/**
 * The bytes as a quoted string: backslash and double quote with a backslash before, the usual
 * letters for newline, return, tab, bell and backspace, and \xHH for all else that is not printable
 * ASCII.
 *
 * @c sds.c:999
 */
export function sdscatrepr(s: string): string {
  let out = '"';
  for (let i = 0; i < s.length; i++) {
    const c = s.charCodeAt(i);
    switch (c) {
      case 0x5c: // backslash
      case 0x22: // "
        out += '\\' + s[i];
        break;
      case 0x0a:
        out += '\\n';
        break;
      case 0x0d:
        out += '\\r';
        break;
      case 0x09:
        out += '\\t';
        break;
      case 0x07:
        out += '\\a';
        break;
      case 0x08:
        out += '\\b';
        break;
      default:
        if (c >= 0x20 && c < 0x7f) out += s[i];
        else out += (c < 16 ? '\\x0' : '\\x') + c.toString(16);
        break;
    }
  }
  return out + '"';
}

/**
 * Whether a string needs quoting to survive sdssplitargs(): it has a quote, a backslash, a space or
 * something unprintable in it.
 *
 * @c sds.c:1031
 */
export function sdsneedsrepr(s: string): boolean {
  for (let i = 0; i < s.length; i++) {
    const c = s.charCodeAt(i);
    // Above the space and below DEL is what isprint() accepts and isspace() does not.
    if (c === 0x5c || c === 0x22 || c <= 0x20 || c >= 0x7f) return true;
  }
  return false;
}

/**
 * Whether a char code is a hexadecimal digit. NaN, which charCodeAt() gives beyond the end, is
 * none.
 *
 * @c sds.c:1046
 */
export function is_hex_digit(c: number): boolean {
  return (c >= 0x30 && c <= 0x39) || (c >= 0x61 && c <= 0x66) || (c >= 0x41 && c <= 0x46);
}

/**
 * The value 0-15 of a hexadecimal digit's char code; 0 for anything else.
 *
 * @c sds.c:1053
 */
export function hex_digit_to_int(c: number): number {
  if (c >= 0x30 && c <= 0x39) return c - 0x30;
  if (c >= 0x61 && c <= 0x66) return c - 0x61 + 10;
  if (c >= 0x41 && c <= 0x46) return c - 0x41 + 10;
  return 0;
}

/**
 * Splits a line into arguments at white space, the way redis-cli and the configuration file do:
 *
 *     set foo "a\tb\x00\"c"  'it\'s'        ──►  [set] [foo] [a<TAB>b<NUL>"c] [it's]
 *
 * In double quotes \n \r \t \b \a and \xHH are the bytes they name and a backslash makes any other
 * character itself; in single quotes only \' is special. A quoted part may begin in the middle of
 * an argument, but must be followed by white space or the end. A zero byte ends the line. Returns
 * an empty array for a blank line, null when a quote is not closed or something follows it
 * directly.
 *
 * @c sds.c:1094
 */
export function sdssplitargs(line: string): string[] | null {
  const zero = line.indexOf('\0');
  const end = zero === -1 ? line.length : zero;
  const vector: string[] = [];
  let p = 0;

  for (;;) {
    while (p < end && isspace(line.charCodeAt(p))) p++;
    if (p >= end) return vector;

    let inq = false; // inside "..."
    let insq = false; // inside '...'
    let done = false;
    let current = '';
    while (!done) {
      const ch = p < end ? line[p] : '';
      if (inq) {
        if (
          ch === '\\' &&
          p + 3 < end &&
          line[p + 1] === 'x' &&
          is_hex_digit(line.charCodeAt(p + 2)) &&
          is_hex_digit(line.charCodeAt(p + 3))
        ) {
          current += String.fromCharCode(
            hex_digit_to_int(line.charCodeAt(p + 2)) * 16 +
              hex_digit_to_int(line.charCodeAt(p + 3)),
          );
          p += 3;
        } else if (ch === '\\' && p + 1 < end) {
          p++;
          let c = line[p];
          switch (c) {
            case 'n':
              c = '\n';
              break;
            case 'r':
              c = '\r';
              break;
            case 't':
              c = '\t';
              break;
            case 'b':
              c = '\b';
              break;
            case 'a':
              c = '\x07';
              break;
          }
          current += c;
        } else if (ch === '"') {
          // The closing quote ends the argument: nothing but white space may follow.
          if (p + 1 < end && !isspace(line.charCodeAt(p + 1))) return null;
          done = true;
        } else if (ch === '') {
          return null;
        } else {
          current += ch;
        }
      } else if (insq) {
        if (ch === '\\' && p + 1 < end && line[p + 1] === "'") {
          p++;
          current += "'";
        } else if (ch === "'") {
          if (p + 1 < end && !isspace(line.charCodeAt(p + 1))) return null;
          done = true;
        } else if (ch === '') {
          return null;
        } else {
          current += ch;
        }
      } else {
        switch (ch) {
          case ' ':
          case '\n':
          case '\r':
          case '\t':
          case '':
            done = true;
            break;
          case '"':
            inq = true;
            break;
          case "'":
            insq = true;
            break;
          default:
            current += ch;
            break;
        }
      }
      if (p < end) p++;
    }
    vector.push(current);
  }
}

/**
 * The string with every character that occurs in `from` replaced by the one at the same place in
 * `to`.
 *
 * @c sds.c:1213
 */
export function sdsmapchars(s: string, from: string, to: string): string {
  let out = '';
  for (let j = 0; j < s.length; j++) {
    const i = from.indexOf(s[j]);
    out += i === -1 ? s[j] : to[i];
  }
  return out;
}

/**
 * The strings in one, with `sep` between them.
 *
 * @c sds.c:1229
 */
export function sdsjoin(argv: readonly string[], sep: string): string {
  return argv.join(sep);
}

/**
 * The strings in one, with `sep` between them.
 *
 * @c sds.c:1241
 */
export function sdsjoinsds(argv: readonly string[], sep: string): string {
  return argv.join(sep);
}

/**
 * Fills in a template: `{name}` becomes what `cb_func` returns for the name, `{{` a brace. null
 * when a brace is not closed or the callback returns null.
 *
 * @c sds.c:1267
 */
export function sdstemplate(
  template: string,
  cb_func: (varname: string) => string | null,
): string | null {
  let res = '';
  let p = 0;

  while (p < template.length) {
    let sv = template.indexOf('{', p);
    if (sv === -1) {
      res += template.slice(p);
      break;
    }
    res += template.slice(p, sv);
    sv++;
    if (sv >= template.length) return null;
    if (template[sv] === '{') {
      p = sv + 1;
      res += '{';
      continue;
    }
    const ev = template.indexOf('}', sv);
    if (ev === -1) return null;
    const value = cb_func(template.slice(sv, ev));
    if (value === null) return null;
    res += value;
    p = ev + 1;
  }
  return res;
}

/**
 * Whether isspace() of the C locale accepts a char code.
 *
 * @own libc; util.ts has it for the others, but imports this module
 */
export function isspace(c: number): boolean {
  return c === 0x20 || (c >= 0x09 && c <= 0x0d);
}
