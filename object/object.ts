/**
 * object.c: values and arguments with their types, encodings and reference counts; OBJECT and MEMORY.
 *
 *     robj { type: OBJ_STRING, encoding: OBJ_ENCODING_INT,    ptr: 10 }              a number, or a bigint beyond ±(2^53-1)
 *     robj { type: OBJ_STRING, encoding: OBJ_ENCODING_EMBSTR, ptr: 'hello' }         at most 44 bytes; never written into
 *     robj { type: OBJ_STRING, encoding: OBJ_ENCODING_RAW,    ptr: 'a long ...' }    as it came in
 *     robj { type: OBJ_STRING, encoding: OBJ_ENCODING_RAW,    ptr: sds }             once it was written into
 *
 * Bytes are latin1 strings, one char code a byte. A RAW value stays such a string until the first write in place:
 * dbUnshareStringValue() then turns it into an sds, which grows as in C. Whoever reads the bytes of an object goes
 * through objPtrString(), objPtrLen() and objPtrSds(), which know the forms.
 *
 * The account of memory. Arguments come and go by the million, so an object by itself is not accounted for. Its
 * bytes (objectAllocSize) enter the account when the keyspace takes it, in dbAdd() and its sisters, and leave it when
 * the keyspace lets go. An sds keeps its own account from sdsnewlen() to sdsfree(), wherever it is.
 *
 *     list     QUICKLIST            quicklist            set     INTSET, HT             Buffer, dict
 *     hash     LISTPACK, HT         Buffer, dict         zset    LISTPACK, SKIPLIST     Buffer, zset
 *     stream   STREAM               stream
 *
 * Who calls in: everybody. Whom it calls: sds, util and longdouble for the bytes, the structures of the types, evict for the
 * clocks, networking for the replies.
 * What differs from C: the account as said; a freed object is handed out again (takeObject, giveObject); functions that fill an
 * argument return the value, or null where C returns C_ERR; modules and jemalloc do not exist.
 *
 * @packageDocumentation
 */
import {
  dictCreate,
  dictFind,
  dictGetIterator,
  dictGetKey,
  dictGetVal,
  dictMetadataSize,
  dictNext,
  dictRelease,
  dictReleaseIterator,
  dictSize,
  dictSlots,
  type dict,
} from './dict.ts';
import { ld_from_bigint, ld_from_number, type longdouble } from './longdouble.ts';
import {
  sds,
  sdsMallocSize,
  sdsRemoveFreeSpace,
  sdsStringAllocSize,
  sdsToString,
  sdsavail,
  sdsfree,
  sdslen,
  sdsnewlen,
} from './sds.ts';
import {
  LD_STR_AUTO,
  LD_STR_HUMAN,
  MAX_LONG_DOUBLE_CHARS,
  ld2string,
  ll2string,
  normalizeInt,
  sdigits10,
  strcasecmp,
  strcoll,
  string2d,
  string2l,
  string2ld,
  string2ll,
} from './util.ts';
import { intsetNew } from './intset.ts';
import { listLength } from './adlist.ts';
import {
  SIZEOF_STREAM,
  SIZEOF_STREAMCG,
  SIZEOF_STREAMCONSUMER,
  SIZEOF_STREAMID,
  SIZEOF_STREAMNACK,
  type stream,
  type streamCG,
  type streamConsumer,
} from './stream.h.ts';
import { freeStream, streamNew } from './t_stream.ts';
import {
  SIZEOF_ZSET,
  SIZEOF_ZSKIPLIST,
  SIZEOF_ZSKIPLISTLEVEL,
  SIZEOF_ZSKIPLISTNODE,
  zslCreate,
  zslFree,
} from './t_zset.ts';
import { raxIterator, raxNext, raxSeek, raxSize, raxStart, raxStop, type rax } from './rax.ts';
import {
  ZMALLOC_LIB,
  jemalloc_good_size,
  jemalloc_purge,
  zfree,
  zfree_bytes,
  zmalloc,
  zmalloc_used_memory,
} from './zmalloc.ts';
import {
  addReply,
  addReplyBulkCString,
  addReplyDouble,
  addReplyError,
  addReplyErrorFormat,
  addReplyErrorObject,
  addReplyHelp,
  addReplyLongLong,
  addReplyMapLen,
  addReplyNull,
  addReplyOrErrorObject,
  addReplySubcommandSyntaxError,
  addReplyVerbatim,
} from '../networking/networking.ts';
import { lpBytes, lpFree, lpNew } from '../quicklist/listpack.ts';
import {
  SIZEOF_QUICKLIST,
  SIZEOF_QUICKLISTNODE,
  quicklistCreate,
  quicklistRelease,
  type quicklist,
} from '../quicklist/quicklist.ts';
import { lookupKeyReadWithFlags } from '../server/db.ts';
import { serverAssert, serverAssertWithInfo, serverPanic } from '../server/debug.ts';
import {
  LFUDecrAndReturn,
  LFUGetTimeInMinutes,
  LRU_CLOCK,
  estimateObjectIdleTime,
} from '../server/evict.ts';
import { setDictType, zsetDictType } from '../server/server.ts';
import {
  AOF_OFF,
  CLIENT_TYPE_MASTER,
  CLIENT_TYPE_NORMAL,
  CLIENT_TYPE_PUBSUB,
  LFU_INIT_VAL,
  LOOKUP_NONOTIFY,
  LOOKUP_NOTOUCH,
  LRU_CLOCK_MAX,
  LRU_CLOCK_RESOLUTION,
  MAXMEMORY_FLAG_LFU,
  MAXMEMORY_FLAG_NO_SHARED_INTEGERS,
  OBJ_ENCODING_EMBSTR,
  OBJ_ENCODING_HT,
  OBJ_ENCODING_INT,
  OBJ_ENCODING_INTSET,
  OBJ_ENCODING_LISTPACK,
  OBJ_ENCODING_QUICKLIST,
  OBJ_ENCODING_RAW,
  OBJ_ENCODING_SKIPLIST,
  OBJ_ENCODING_STREAM,
  OBJ_FIRST_SPECIAL_REFCOUNT,
  OBJ_HASH,
  OBJ_LIST,
  OBJ_SET,
  OBJ_SHARED_INTEGERS,
  OBJ_SHARED_REFCOUNT,
  OBJ_STATIC_REFCOUNT,
  OBJ_STREAM,
  OBJ_STRING,
  OBJ_ZSET,
  ZSKIPLIST_MAXLEVEL,
  redisMemOverhead,
  redisMemOverheadDb,
  robj,
  server,
  shared,
  zset,
  type client,
  type robjPtr,
} from '../server/server.h.ts';

/** sizeof(robj): what MEMORY USAGE counts for the object itself. */
export const SIZEOF_ROBJ = 16;
/** sizeof(struct sdshdr8), the header inside an embedded string object. */
const SIZEOF_SDSHDR8 = 3;
/** sizeof(dictEntry). */
export const SIZEOF_DICTENTRY = 24;
/** sizeof(void *). */
const SIZEOF_POINTER = 8;
/** sizeof(raxNode) without its data. */
const SIZEOF_RAXNODE = 4;
/** sizeof(dict). */
const SIZEOF_DICT = 56;

/** The largest and smallest long long; a long is the same. */
export const LLONG_MAX = 9223372036854775807n;
export const LLONG_MIN = -9223372036854775808n;
const INT_MAX = 2147483647;
const INT_MIN = -2147483648;

/* ------------------------- The forms of ptr ------------------------- */

/**
 * The bytes of a string object as a latin1 string, whatever its encoding. Copies when the object holds an sds.
 *
 * @own in C ptr is always an sds; here a string object has four forms
 */
export function objPtrString(o: robj): string {
  const ptr = o.ptr;
  if (typeof ptr === 'string') return ptr;
  if (ptr instanceof sds) return sdsToString(ptr);
  return ll2string(ptr as number | bigint);
}

/**
 * The number of bytes of a string object, without making the string.
 *
 * @own sdslen(o->ptr) for the forms that ptr has here
 */
export function objPtrLen(o: robj): number {
  const ptr = o.ptr;
  if (typeof ptr === 'string') return ptr.length;
  if (ptr instanceof sds) return sdslen(ptr);
  return sdigits10(ptr as number | bigint);
}

/**
 * The growable bytes of a RAW object, to write into. Turns the form of a string into that of an sds; the caller made
 * sure that nobody else holds the object. An object of the keyspace must come through dbUnshareStringValue(), which
 * keeps the account right.
 *
 * @own a RAW object holds an immutable string until the first write
 */
export function objPtrSds(o: robj): sds {
  const ptr = o.ptr;
  if (ptr instanceof sds) return ptr;
  serverAssert(o.encoding === OBJ_ENCODING_RAW);
  const s = sdsnewlen(ptr as string, (ptr as string).length);
  o.ptr = s;
  return s;
}

/**
 * The bytes that the allocator of C would hold for the object while it is a value of the keyspace, without those that
 * keep an account of their own (an sds, a collection). A shared object costs nothing.
 *
 * @own C's allocator counts for itself
 */
export function objectAllocSize(o: robj): number {
  if (o.refcount === OBJ_SHARED_REFCOUNT) return 0;
  const ptr = o.ptr;
  if (typeof ptr !== 'string') return SIZEOF_ROBJ;
  if (o.encoding === OBJ_ENCODING_EMBSTR) {
    return jemalloc_good_size(SIZEOF_ROBJ + SIZEOF_SDSHDR8 + ptr.length + 1);
  }
  return SIZEOF_ROBJ + sdsStringAllocSize(ptr.length);
}

/**
 * `a + b` as C adds two long long: exact, and wrapped to 64 bits. A number where it fits, else a bigint.
 *
 * @own 64 bit arithmetic
 */
export function llAdd(a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return normalizeInt(BigInt.asIntN(64, BigInt(a) + BigInt(b)));
}

/**
 * `a * b` as C multiplies two long long: exact, and wrapped to 64 bits. A number where it fits, else a bigint.
 *
 * @own 64 bit arithmetic
 */
export function llMul(a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (Number.isSafeInteger(product)) return product;
  }
  return normalizeInt(BigInt.asIntN(64, BigInt(a) * BigInt(b)));
}

/** How many freed objects wait to be handed out again. */
const FREE_OBJECTS_MAX = 4096;

/**
 * An object with refcount 1: one that was freed before, if there is any. Every command makes some for its arguments, and
 * what it stores stays; a collector would have to move all of them.
 *
 * @own zmalloc(sizeof(robj))
 */
export function takeObject(type: number, encoding: number, lru: number, ptr: robjPtr): robj {
  const o = server.free_objects.pop();
  if (o === undefined) return new robj(type, encoding, lru, ptr);
  o.type = type;
  o.encoding = encoding;
  o.lru = lru;
  o.refcount = 1;
  o.ptr = ptr;
  return o;
}

/**
 * Takes an object back that nobody refers to any more; its refcount is 0 until it is handed out again. With
 * {@link Arena.poison} it is made useless instead, which shows who still uses it.
 *
 * @own zfree(o)
 */
export function giveObject(o: robj): void {
  o.refcount = 0;
  // What it pointed to must not live on because of it.
  o.ptr = null;
  if (server.ledger.arena.poison) o.encoding = -1;
  else if (server.free_objects.length < FREE_OBJECTS_MAX) server.free_objects.push(o);
}

/* ------------------- Creation and parsing of objects ------------------- */

/**
 * A new object of `type` with encoding RAW around `ptr`, refcount 1. Its lru field starts at the LRU clock, or with
 * an LFU policy at the present minute and the initial counter.
 *
 * @c object.c:42
 */
export function createObject(type: number, ptr: robjPtr): robj {
  return takeObject(
    type,
    OBJ_ENCODING_RAW,
    server.maxmemory_policy & MAXMEMORY_FLAG_LFU
      ? (LFUGetTimeInMinutes() << 8) | LFU_INIT_VAL
      : LRU_CLOCK(),
    ptr,
  );
}

/**
 * Marks a fresh object as shared for ever: its refcount is never touched again. Returns it.
 *
 * @c object.c:70
 */
export function makeObjectShared(o: robj): robj {
  serverAssert(o.refcount === 1);
  o.refcount = OBJ_SHARED_REFCOUNT;
  return o;
}

/**
 * A RAW string object. A latin1 string is kept as it is; bytes are copied into an sds, which is for what is about to
 * be written into.
 *
 * @c object.c:78
 */
export function createRawStringObject(s: string | Uint8Array): robj {
  return createObject(OBJ_STRING, typeof s === 'string' ? s : sdsnewlen(s, s.length));
}

/**
 * An EMBSTR string object; the caller sees to it that `s` is at most 44 bytes.
 *
 * @c object.c:85
 */
export function createEmbeddedStringObject(s: string): robj {
  return takeObject(
    OBJ_STRING,
    OBJ_ENCODING_EMBSTR,
    server.maxmemory_policy & MAXMEMORY_FLAG_LFU
      ? (LFUGetTimeInMinutes() << 8) | LFU_INIT_VAL
      : LRU_CLOCK(),
    s,
  );
}

/** Up to here a string lies in one 64 byte allocation with its object: 16 for the object, 3 header, 44, a zero. */
export const OBJ_ENCODING_EMBSTR_SIZE_LIMIT = 44;

/**
 * A string object for a latin1 string: EMBSTR up to 44 bytes, RAW above.
 *
 * @c object.c:120
 */
export function createStringObject(s: string): robj {
  if (s.length <= OBJ_ENCODING_EMBSTR_SIZE_LIMIT) return createEmbeddedStringObject(s);
  else return createRawStringObject(s);
}

/**
 * A string object for a 64 bit integer: the shared one of a small number, else a new INT one. With `valueobj` (the
 * object goes into the keyspace) small numbers are not shared when an LRU or LFU policy needs a lru field for each key.
 *
 * @c object.c:149
 */
export function createStringObjectFromLongLongWithOptions(
  value: number | bigint,
  valueobj: boolean,
): robj {
  if (server.maxmemory === 0 || !(server.maxmemory_policy & MAXMEMORY_FLAG_NO_SHARED_INTEGERS)) {
    valueobj = false;
  }

  if (typeof value === 'number' && value >= 0 && value < OBJ_SHARED_INTEGERS && !valueobj) {
    const o = shared.integers[value];
    incrRefCount(o);
    return o;
  }
  // A long is as wide as a long long, so that every value can be INT encoded.
  const o = createObject(OBJ_STRING, value);
  o.encoding = OBJ_ENCODING_INT;
  return o;
}

/**
 * A string object for an integer, shared whenever there is a shared one.
 *
 * @c object.c:177
 */
export function createStringObjectFromLongLong(value: number | bigint): robj {
  return createStringObjectFromLongLongWithOptions(value, false);
}

/**
 * A string object for an integer that becomes a value of the keyspace: shared only if the maxmemory policy has no
 * use for its lru field.
 *
 * @c object.c:185
 */
export function createStringObjectFromLongLongForValue(value: number | bigint): robj {
  return createStringObjectFromLongLongWithOptions(value, true);
}

/**
 * A string object with a long double in decimal; `humanfriendly` as %.17Lf without trailing zeroes, else %.17Lg.
 *
 * @c object.c:195
 */
export function createStringObjectFromLongDouble(
  value: longdouble,
  humanfriendly: boolean | number,
): robj {
  return createStringObject(ld2string(value, humanfriendly ? LD_STR_HUMAN : LD_STR_AUTO));
}

/**
 * An unshared copy of a string object with the same encoding, refcount 1, even of a shared integer.
 *
 * @c object.c:209
 */
export function dupStringObject(o: robj): robj {
  serverAssert(o.type === OBJ_STRING);

  switch (o.encoding) {
    case OBJ_ENCODING_RAW: {
      const ptr = o.ptr;
      // The copy of an immutable string is the string itself.
      if (typeof ptr === 'string') return createRawStringObject(ptr);
      const s = ptr as sds;
      return createRawStringObject(s.buf.subarray(0, s.len));
    }
    case OBJ_ENCODING_EMBSTR:
      return createEmbeddedStringObject(o.ptr as string);
    case OBJ_ENCODING_INT: {
      const d = createObject(OBJ_STRING, o.ptr);
      d.encoding = OBJ_ENCODING_INT;
      return d;
    }
    default:
      serverPanic('Wrong encoding.');
  }
}

/**
 * An empty list, QUICKLIST encoded.
 *
 * @c object.c:230
 */
export function createQuicklistObject(): robj {
  const l = quicklistCreate();
  const o = createObject(OBJ_LIST, l);
  o.encoding = OBJ_ENCODING_QUICKLIST;
  return o;
}

/**
 * An empty set, HT encoded.
 *
 * @c object.c:237
 */
export function createSetObject(): robj {
  const d = dictCreate(setDictType);
  const o = createObject(OBJ_SET, d);
  o.encoding = OBJ_ENCODING_HT;
  return o;
}

/**
 * An empty set, INTSET encoded.
 *
 * @c object.c:244
 */
export function createIntsetObject(): robj {
  const is = intsetNew();
  const o = createObject(OBJ_SET, is);
  o.encoding = OBJ_ENCODING_INTSET;
  return o;
}

/**
 * An empty hash, LISTPACK encoded.
 *
 * @c object.c:251
 */
export function createHashObject(): robj {
  const zl = lpNew(0);
  const o = createObject(OBJ_HASH, zl);
  o.encoding = OBJ_ENCODING_LISTPACK;
  return o;
}

/**
 * An empty sorted set, SKIPLIST encoded: a skiplist by score, and a dictionary from member to node.
 *
 * @c object.c:258
 */
export function createZsetObject(): robj {
  zmalloc(SIZEOF_ZSET);
  const zs = new zset(dictCreate(zsetDictType), zslCreate());
  const o = createObject(OBJ_ZSET, zs);
  o.encoding = OBJ_ENCODING_SKIPLIST;
  return o;
}

/**
 * An empty sorted set, LISTPACK encoded.
 *
 * @c object.c:269
 */
export function createZsetListpackObject(): robj {
  const lp = lpNew(0);
  const o = createObject(OBJ_ZSET, lp);
  o.encoding = OBJ_ENCODING_LISTPACK;
  return o;
}

/**
 * An empty stream.
 *
 * @c object.c:276
 */
export function createStreamObject(): robj {
  const s = streamNew();
  const o = createObject(OBJ_STREAM, s);
  o.encoding = OBJ_ENCODING_STREAM;
  return o;
}

/**
 * Releases what a string object points to: an sds leaves the account. Immutable strings need nothing.
 *
 * @c object.c:290
 */
export function freeStringObject(o: robj): void {
  if (o.encoding === OBJ_ENCODING_RAW && o.ptr instanceof sds) sdsfree(o.ptr);
}

/**
 * Releases a list.
 *
 * @c object.c:296
 */
export function freeListObject(o: robj): void {
  if (o.encoding === OBJ_ENCODING_QUICKLIST) quicklistRelease(o.ptr as quicklist);
  else serverPanic('Unknown list encoding type');
}

/**
 * Releases a set.
 *
 * @c object.c:304
 */
export function freeSetObject(o: robj): void {
  switch (o.encoding) {
    case OBJ_ENCODING_HT:
      dictRelease(o.ptr as dict<string, null>);
      break;
    case OBJ_ENCODING_INTSET:
      zfree_bytes(o.ptr as Buffer);
      break;
    default:
      serverPanic('Unknown set encoding type');
  }
}

/**
 * Releases a sorted set.
 *
 * @c object.c:317
 */
export function freeZsetObject(o: robj): void {
  switch (o.encoding) {
    case OBJ_ENCODING_SKIPLIST: {
      const zs = o.ptr as zset;
      dictRelease(zs.dict);
      zslFree(zs.zsl);
      zfree(SIZEOF_ZSET);
      break;
    }
    case OBJ_ENCODING_LISTPACK:
      zfree_bytes(o.ptr as Buffer);
      break;
    default:
      serverPanic('Unknown sorted set encoding');
  }
}

/**
 * Releases a hash.
 *
 * @c object.c:334
 */
export function freeHashObject(o: robj): void {
  switch (o.encoding) {
    case OBJ_ENCODING_HT:
      dictRelease(o.ptr as dict<string, string>);
      break;
    case OBJ_ENCODING_LISTPACK:
      lpFree(o.ptr as Buffer);
      break;
    default:
      serverPanic('Unknown hash encoding type');
  }
}

/**
 * Releases a stream.
 *
 * @c object.c:354
 */
export function freeStreamObject(o: robj): void {
  freeStream(o.ptr as stream);
}

/**
 * Takes one more reference, unless the object is shared for ever. Panics on an object that must not be kept.
 *
 * @c object.c:358
 */
export function incrRefCount(o: robj): void {
  if (o.refcount < OBJ_FIRST_SPECIAL_REFCOUNT) {
    o.refcount++;
  } else if (o.refcount === OBJ_STATIC_REFCOUNT) {
    serverPanic('You tried to retain an object allocated in the stack');
  }
}

/**
 * Gives one reference back; the last one releases the content. The object must not be used after that: its refcount
 * is 0 then, and the next call panics, where in C the memory would be gone.
 *
 * @c object.c:370
 */
export function decrRefCount(o: robj): void {
  if (o.refcount === 1) {
    switch (o.type) {
      case OBJ_STRING:
        freeStringObject(o);
        break;
      case OBJ_LIST:
        freeListObject(o);
        break;
      case OBJ_SET:
        freeSetObject(o);
        break;
      case OBJ_ZSET:
        freeZsetObject(o);
        break;
      case OBJ_HASH:
        freeHashObject(o);
        break;
      case OBJ_STREAM:
        freeStreamObject(o);
        break;
      default:
        serverPanic('Unknown object type');
    }
    giveObject(o);
  } else {
    if (o.refcount <= 0) serverPanic('decrRefCount against refcount <= 0');
    if (o.refcount !== OBJ_SHARED_REFCOUNT) o.refcount--;
  }
}

/**
 * decrRefCount() for tables of free methods.
 *
 * @c object.c:563
 */
export function decrRefCountVoid(o: robj): void {
  decrRefCount(o);
}

/**
 * Whether the value has another type than `type`; then the WRONGTYPE error has been replied. A missing key (null)
 * fits every type.
 *
 * @c object.c:567
 */
export function checkType(c: client, o: robj | null, type: number): boolean {
  if (o !== null && o.type !== type) {
    addReplyErrorObject(c, shared.wrongtypeerr);
    return true;
  }
  return false;
}

/**
 * The integer that the bytes are, if they are exactly the decimal form of a 64 bit one, else null.
 *
 * @c object.c:576
 */
export function isSdsRepresentableAsLongLong(s: string): number | bigint | null {
  return string2ll(s);
}

/**
 * The integer that a string object is, if it is one, else null.
 *
 * @c object.c:580
 */
export function isObjectRepresentableAsLongLong(o: robj): number | bigint | null {
  serverAssertWithInfo(null, o, o.type === OBJ_STRING);
  if (o.encoding === OBJ_ENCODING_INT) return o.ptr as number | bigint;
  else return isSdsRepresentableAsLongLong(objPtrString(o));
}

/**
 * Gives back the spare room of a RAW value if it is more than a tenth of its length.
 *
 * @c object.c:594
 */
export function trimStringObjectIfNeeded(o: robj): void {
  if (o.encoding === OBJ_ENCODING_RAW && o.ptr instanceof sds) {
    if (sdsavail(o.ptr) > Math.trunc(sdslen(o.ptr) / 10)) o.ptr = sdsRemoveFreeSpace(o.ptr);
  }
}

/**
 * Encodes a string that is to be stored as tightly as possible: as a shared integer, as an INT, as an EMBSTR; or leaves
 * it. Returns the object to use from now on: `o` itself, or another, for which the reference to `o` has been given
 * back. An object that others hold is left as it is.
 *
 * @c object.c:603
 */
export function tryObjectEncoding(o: robj): robj {
  serverAssertWithInfo(null, o, o.type === OBJ_STRING);

  if (!sdsEncodedObject(o)) return o;

  // Who else holds this object may not expect the encoding to change.
  if (o.refcount > 1) return o;

  // 20 digits are the most that a 64 bit integer has.
  const len = objPtrLen(o);
  let s: string;
  if (len <= 20) {
    s = objPtrString(o);
    const value = string2l(s);
    if (value !== null) {
      // An LRU or LFU policy needs a lru field for each key, which a shared object cannot offer.
      if (
        (server.maxmemory === 0 ||
          !(server.maxmemory_policy & MAXMEMORY_FLAG_NO_SHARED_INTEGERS)) &&
        typeof value === 'number' &&
        value >= 0 &&
        value < OBJ_SHARED_INTEGERS
      ) {
        decrRefCount(o);
        incrRefCount(shared.integers[value]);
        return shared.integers[value];
      } else if (o.encoding === OBJ_ENCODING_RAW) {
        freeStringObject(o);
        o.encoding = OBJ_ENCODING_INT;
        o.ptr = value;
        return o;
      } else if (o.encoding === OBJ_ENCODING_EMBSTR) {
        decrRefCount(o);
        return createStringObjectFromLongLongForValue(value);
      }
    }
  }

  // A short string that came in the RAW encoding takes less as EMBSTR.
  if (len <= OBJ_ENCODING_EMBSTR_SIZE_LIMIT) {
    if (o.encoding === OBJ_ENCODING_EMBSTR) return o;
    const emb = createEmbeddedStringObject(objPtrString(o));
    decrRefCount(o);
    return emb;
  }

  // What is long stays RAW; at least it should not keep much spare room.
  trimStringObjectIfNeeded(o);
  return o;
}

/**
 * Whether the string is held as bytes, not as a number.
 *
 * @own macro sdsEncodedObject of server.h
 */
export function sdsEncodedObject(o: robj): boolean {
  return o.encoding === OBJ_ENCODING_RAW || o.encoding === OBJ_ENCODING_EMBSTR;
}

/**
 * A reference to a string object that holds bytes: `o` itself, or for an INT a new object with the digits. The caller
 * gives the reference back.
 *
 * @c object.c:684
 */
export function getDecodedObject(o: robj): robj {
  if (sdsEncodedObject(o)) {
    incrRefCount(o);
    return o;
  }
  if (o.type === OBJ_STRING && o.encoding === OBJ_ENCODING_INT) {
    return createStringObject(ll2string(o.ptr as number | bigint));
  } else {
    serverPanic('Unknown encoding type');
  }
}

/** Compare by bytes, or in the order of the locale. */
const REDIS_COMPARE_BINARY = 1 << 0;
const REDIS_COMPARE_COLL = 1 << 1;

/**
 * Compares two string objects of any encoding, by their bytes or with strcoll(): negative, 0, positive.
 *
 * @c object.c:713
 */
export function compareStringObjectsWithFlags(a: robj, b: robj, flags: number): number {
  serverAssertWithInfo(null, a, a.type === OBJ_STRING && b.type === OBJ_STRING);

  if (a === b) return 0;
  const astr = objPtrString(a);
  const bstr = objPtrString(b);
  if (flags & REDIS_COMPARE_COLL) return strcoll(astr, bstr);
  // One char code is one byte, so that the order of strings is the order of memcmp().
  return astr < bstr ? -1 : astr > bstr ? 1 : 0;
}

/**
 * compareStringObjectsWithFlags() by bytes.
 *
 * @c object.c:746
 */
export function compareStringObjects(a: robj, b: robj): number {
  return compareStringObjectsWithFlags(a, b, REDIS_COMPARE_BINARY);
}

/**
 * compareStringObjectsWithFlags() in the order of the locale.
 *
 * @c object.c:751
 */
export function collateStringObjects(a: robj, b: robj): number {
  return compareStringObjectsWithFlags(a, b, REDIS_COMPARE_COLL);
}

/**
 * Whether two string objects have the same bytes; quick when both are integers.
 *
 * @c object.c:759
 */
export function equalStringObjects(a: robj, b: robj): boolean {
  if (a.encoding === OBJ_ENCODING_INT && b.encoding === OBJ_ENCODING_INT) {
    return a.ptr === b.ptr;
  } else {
    return compareStringObjects(a, b) === 0;
  }
}

/**
 * The number of bytes of a string object; for an INT its digits and sign.
 *
 * @c object.c:770
 */
export function stringObjectLen(o: robj): number {
  serverAssertWithInfo(null, o, o.type === OBJ_STRING);
  if (sdsEncodedObject(o)) return objPtrLen(o);
  else return sdigits10(o.ptr as number | bigint);
}

/**
 * The double that a string object spells; 0 for null. null when it spells none.
 *
 * @c object.c:779
 */
export function getDoubleFromObject(o: robj | null): number | null {
  if (o === null) return 0;
  serverAssertWithInfo(null, o, o.type === OBJ_STRING);
  if (sdsEncodedObject(o)) return string2d(objPtrString(o));
  else if (o.encoding === OBJ_ENCODING_INT) return Number(o.ptr);
  else serverPanic('Unknown string encoding');
}

/**
 * As getDoubleFromObject(); null means that an error has been replied: `msg`, or the usual one.
 *
 * @c object.c:799
 */
export function getDoubleFromObjectOrReply(
  c: client,
  o: robj | null,
  msg: string | null,
): number | null {
  const value = getDoubleFromObject(o);
  if (value === null) {
    addReplyError(c, msg !== null ? msg : 'value is not a valid float');
    return null;
  }
  return value;
}

/**
 * The long double that a string object spells; 0 for null. null when it spells none.
 *
 * @c object.c:813
 */
export function getLongDoubleFromObject(o: robj | null): longdouble | null {
  if (o === null) return ld_from_number(0);
  serverAssertWithInfo(null, o, o.type === OBJ_STRING);
  // Nothing so long is read as a number; it is not turned into a string for that.
  if (sdsEncodedObject(o)) {
    return objPtrLen(o) >= MAX_LONG_DOUBLE_CHARS ? null : string2ld(objPtrString(o));
  } else if (o.encoding === OBJ_ENCODING_INT)
    return ld_from_bigint(BigInt(o.ptr as number | bigint));
  else serverPanic('Unknown string encoding');
}

/**
 * As getLongDoubleFromObject(); null means that an error has been replied: `msg`, or the usual one.
 *
 * @c object.c:833
 */
export function getLongDoubleFromObjectOrReply(
  c: client,
  o: robj | null,
  msg: string | null,
): longdouble | null {
  const value = getLongDoubleFromObject(o);
  if (value === null) {
    addReplyError(c, msg !== null ? msg : 'value is not a valid float');
    return null;
  }
  return value;
}

/**
 * The 64 bit integer that a string object is; 0 for null. null when it is none.
 *
 * @c object.c:847
 */
export function getLongLongFromObject(o: robj | null): number | bigint | null {
  if (o === null) return 0;
  serverAssertWithInfo(null, o, o.type === OBJ_STRING);
  // No integer has more than 20 characters; a long value is not turned into a string for that.
  if (sdsEncodedObject(o)) return objPtrLen(o) > 20 ? null : string2ll(objPtrString(o));
  else if (o.encoding === OBJ_ENCODING_INT) return o.ptr as number | bigint;
  else serverPanic('Unknown string encoding');
}

/**
 * As getLongLongFromObject(); null means that an error has been replied: `msg`, or the usual one.
 *
 * @c object.c:866
 */
export function getLongLongFromObjectOrReply(
  c: client,
  o: robj | null,
  msg: string | null,
): number | bigint | null {
  const value = getLongLongFromObject(o);
  if (value === null) {
    addReplyError(c, msg !== null ? msg : 'value is not an integer or out of range');
    return null;
  }
  return value;
}

/**
 * The long that a string object is, as a number: beyond 2^53 the nearest double. null means that an error has been
 * replied. (A long is as wide as a long long, so that C's second error cannot come about.)
 *
 * @c object.c:880
 */
export function getLongFromObjectOrReply(
  c: client,
  o: robj | null,
  msg: string | null,
): number | null {
  const value = getLongLongFromObjectOrReply(c, o, msg);
  return value === null ? null : Number(value);
}

/**
 * The long that a string object is, if it lies in `min`..`max`. null means that an error has been replied.
 *
 * @c object.c:896
 */
export function getRangeLongFromObjectOrReply(
  c: client,
  o: robj | null,
  min: number,
  max: number,
  msg: string | null,
): number | null {
  const value = getLongFromObjectOrReply(c, o, msg);
  if (value === null) return null;
  if (value < min || value > max) {
    if (msg !== null) addReplyError(c, msg);
    else {
      addReplyErrorFormat(
        c,
        `value is out of range, value must between ${ll2string(min)} and ${ll2string(max)}`,
      );
    }
    return null;
  }
  return value;
}

/**
 * The long that a string object is, if it is not negative. null means that an error has been replied.
 *
 * @c object.c:909
 */
export function getPositiveLongFromObjectOrReply(
  c: client,
  o: robj | null,
  msg: string | null,
): number | null {
  return getRangeLongFromObjectOrReply(
    c,
    o,
    0,
    Number(LLONG_MAX),
    msg !== null ? msg : 'value is out of range, must be positive',
  );
}

/**
 * The 32 bit integer that a string object is. null means that an error has been replied.
 *
 * @c object.c:917
 */
export function getIntFromObjectOrReply(
  c: client,
  o: robj | null,
  msg: string | null,
): number | null {
  return getRangeLongFromObjectOrReply(c, o, INT_MIN, INT_MAX, msg);
}

/**
 * The name of an encoding, as OBJECT ENCODING tells it.
 *
 * @c object.c:927
 */
export function strEncoding(encoding: number): string {
  switch (encoding) {
    case OBJ_ENCODING_RAW:
      return 'raw';
    case OBJ_ENCODING_INT:
      return 'int';
    case OBJ_ENCODING_HT:
      return 'hashtable';
    case OBJ_ENCODING_QUICKLIST:
      return 'quicklist';
    case OBJ_ENCODING_LISTPACK:
      return 'listpack';
    case OBJ_ENCODING_INTSET:
      return 'intset';
    case OBJ_ENCODING_SKIPLIST:
      return 'skiplist';
    case OBJ_ENCODING_EMBSTR:
      return 'embstr';
    case OBJ_ENCODING_STREAM:
      return 'stream';
    default:
      return 'unknown';
  }
}

/* ------------------------ Memory introspection ------------------------ */

/**
 * About how many bytes a radix tree keyed by stream ids takes: 16 for each key, and a fixed amount for each node, which
 * stands for its children, its data pointer and its padding.
 *
 * @c object.c:959
 */
export function streamRadixTreeMemoryUsage<V>(r: rax<V>): number {
  let size = r.numele * SIZEOF_STREAMID;
  size += r.numnodes * SIZEOF_RAXNODE;
  size += r.numnodes * SIZEOF_POINTER * 30;
  return size;
}

/** How many elements of a collection MEMORY USAGE looks at unless told. */
const OBJ_COMPUTE_SIZE_DEF_SAMPLES = 5;

/**
 * The bytes that the value of `key` takes in memory. Of a collection, the first `sample_size` elements (or nodes) are
 * measured, and the rest is taken to be like them; strings and one-block encodings are exact.
 *
 * @c object.c:973
 */
export function objectComputeSize(
  key: robj,
  o: robj,
  sample_size: number | bigint,
  dbid: number,
): number {
  // Only a module would want to know these.
  void key;
  void dbid;
  let asize = 0;
  let elesize = 0;
  let samples = 0;

  if (o.type === OBJ_STRING) {
    if (o.encoding === OBJ_ENCODING_INT) {
      asize = SIZEOF_ROBJ;
    } else if (o.encoding === OBJ_ENCODING_RAW) {
      const ptr = o.ptr;
      asize =
        (ptr instanceof sds ? sdsMallocSize(ptr) : sdsStringAllocSize(objPtrLen(o))) + SIZEOF_ROBJ;
    } else if (o.encoding === OBJ_ENCODING_EMBSTR) {
      asize = jemalloc_good_size(SIZEOF_ROBJ + SIZEOF_SDSHDR8 + objPtrLen(o) + 1);
    } else {
      serverPanic('Unknown string encoding');
    }
  } else if (o.type === OBJ_LIST) {
    if (o.encoding === OBJ_ENCODING_QUICKLIST) {
      const ql = o.ptr as quicklist;
      let node = ql.head;
      asize = SIZEOF_ROBJ + SIZEOF_QUICKLIST;
      while (node !== null) {
        elesize += SIZEOF_QUICKLISTNODE + node.entry!.length;
        samples++;
        node = node.next;
        if (samples >= sample_size) break;
      }
      if (samples) asize += Math.trunc((elesize / samples) * ql.len);
    } else {
      serverPanic('Unknown list encoding');
    }
  } else if (o.type === OBJ_SET) {
    if (o.encoding === OBJ_ENCODING_HT) {
      const d = o.ptr as dict<string, null>;
      const di = dictGetIterator(d);
      asize = SIZEOF_ROBJ + SIZEOF_DICT + SIZEOF_POINTER * dictSlots(d);
      for (let de = dictNext(di); de !== null && samples < sample_size; de = dictNext(di)) {
        elesize += SIZEOF_DICTENTRY + sdsStringAllocSize(dictGetKey(de).length);
        samples++;
      }
      dictReleaseIterator(di);
      if (samples) asize += Math.trunc((elesize / samples) * dictSize(d));
    } else if (o.encoding === OBJ_ENCODING_INTSET) {
      asize = SIZEOF_ROBJ + (o.ptr as Buffer).length;
    } else {
      serverPanic('Unknown set encoding');
    }
  } else if (o.type === OBJ_ZSET) {
    if (o.encoding === OBJ_ENCODING_LISTPACK) {
      asize = SIZEOF_ROBJ + (o.ptr as Buffer).length;
    } else if (o.encoding === OBJ_ENCODING_SKIPLIST) {
      const d = (o.ptr as zset).dict;
      const zsl = (o.ptr as zset).zsl;
      let znode = zsl.header.forward(0);
      asize = SIZEOF_ROBJ + SIZEOF_ZSET + SIZEOF_ZSKIPLIST + SIZEOF_DICT;
      asize += SIZEOF_POINTER * dictSlots(d);
      asize += zskiplistNodeAllocSize(ZSKIPLIST_MAXLEVEL);
      while (znode !== null && samples < sample_size) {
        elesize += sdsStringAllocSize(znode.ele!.length);
        elesize += SIZEOF_DICTENTRY + zskiplistNodeAllocSize(znode.height);
        samples++;
        znode = znode.forward(0);
      }
      if (samples) asize += Math.trunc((elesize / samples) * dictSize(d));
    } else {
      serverPanic('Unknown sorted set encoding');
    }
  } else if (o.type === OBJ_HASH) {
    if (o.encoding === OBJ_ENCODING_LISTPACK) {
      asize = SIZEOF_ROBJ + (o.ptr as Buffer).length;
    } else if (o.encoding === OBJ_ENCODING_HT) {
      const d = o.ptr as dict<string, string>;
      const di = dictGetIterator(d);
      asize = SIZEOF_ROBJ + SIZEOF_DICT + SIZEOF_POINTER * dictSlots(d);
      for (let de = dictNext(di); de !== null && samples < sample_size; de = dictNext(di)) {
        elesize +=
          sdsStringAllocSize(dictGetKey(de).length) + sdsStringAllocSize(dictGetVal(de).length);
        elesize += SIZEOF_DICTENTRY;
        samples++;
      }
      dictReleaseIterator(di);
      if (samples) asize += Math.trunc((elesize / samples) * dictSize(d));
    } else {
      serverPanic('Unknown hash encoding');
    }
  } else if (o.type === OBJ_STREAM) {
    const s = o.ptr as stream;
    asize = SIZEOF_ROBJ + SIZEOF_STREAM;
    asize += streamRadixTreeMemoryUsage(s.rax);

    // The last listpack is often not full yet, so that it counts by itself, and the others by the average of the first.
    const ri = new raxIterator<Buffer>();
    raxStart(ri, s.rax);
    raxSeek(ri, '^', '');
    let lpsize = 0;
    while (samples < sample_size && raxNext(ri)) {
      lpsize += lpBytes(ri.data!);
      samples++;
    }
    if (s.rax.numele <= samples) {
      asize += lpsize;
    } else {
      if (samples) lpsize = Math.trunc(lpsize / samples);
      asize += lpsize * (s.rax.numele - 1);
      // There is one: the tree has more than were sampled.
      raxSeek(ri, '$', '');
      raxNext(ri);
      asize += lpBytes(ri.data!);
    }
    raxStop(ri);

    // Groups with their pending entries, and their consumers.
    if (s.cgroups !== null) {
      const gi = new raxIterator<streamCG>();
      raxStart(gi, s.cgroups);
      raxSeek(gi, '^', '');
      while (raxNext(gi)) {
        const cg = gi.data!;
        asize += SIZEOF_STREAMCG;
        asize += streamRadixTreeMemoryUsage(cg.pel);
        asize += SIZEOF_STREAMNACK * raxSize(cg.pel);

        const cri = new raxIterator<streamConsumer>();
        raxStart(cri, cg.consumers);
        raxSeek(cri, '^', '');
        while (raxNext(cri)) {
          const consumer = cri.data!;
          asize += SIZEOF_STREAMCONSUMER;
          asize += consumer.name.length;
          // What is in this tree was counted with that of the group.
          asize += streamRadixTreeMemoryUsage(consumer.pel);
        }
        raxStop(cri);
      }
      raxStop(gi);
    }
  } else {
    serverPanic('Unknown object type');
  }
  return asize;
}

/**
 * What the allocator of C gives for a skiplist node of so many levels.
 *
 * @own zmalloc_size() of a node
 */
export function zskiplistNodeAllocSize(level: number): number {
  return jemalloc_good_size(SIZEOF_ZSKIPLISTNODE + level * SIZEOF_ZSKIPLISTLEVEL);
}

/**
 * `a / b` in the arithmetic of C's float, which shows in the digits of the ratios.
 *
 * @own float arithmetic
 */
export function floatRatio(a: number, b: number): number {
  return Math.fround(Math.fround(a) / Math.fround(b));
}

/**
 * Works out where the memory goes, for MEMORY STATS, MEMORY DOCTOR and INFO: bytes, ratios, and the overhead of each
 * database that has keys.
 *
 * @c object.c:1137
 */
export function getMemoryOverheadData(): redisMemOverhead {
  let mem_total = 0;
  let mem = 0;
  const zmalloc_used = zmalloc_used_memory();
  const mh = new redisMemOverhead();
  const stats = server.cron_malloc_stats;

  mh.total_allocated = zmalloc_used;
  mh.startup_allocated = server.initial_memory_usage;
  mh.peak_allocated = server.stat_peak_memory;
  mh.total_frag = floatRatio(stats.process_rss, stats.zmalloc_used);
  mh.total_frag_bytes = stats.process_rss - stats.zmalloc_used;
  mh.allocator_frag = floatRatio(stats.allocator_active, stats.allocator_allocated);
  mh.allocator_frag_bytes = stats.allocator_active - stats.allocator_allocated;
  mh.allocator_rss = floatRatio(stats.allocator_resident, stats.allocator_active);
  mh.allocator_rss_bytes = stats.allocator_resident - stats.allocator_active;
  mh.rss_extra = floatRatio(stats.process_rss, stats.allocator_resident);
  mh.rss_extra_bytes = stats.process_rss - stats.allocator_resident;

  mem_total += server.initial_memory_usage;

  // Replicas and backlog share one buffer; what exceeds the backlog's setting is counted as the replicas'.
  if (listLength(server.slaves) && server.repl_buffer_mem > server.repl_backlog_size) {
    mh.clients_slaves = server.repl_buffer_mem - server.repl_backlog_size;
    mh.repl_backlog = server.repl_backlog_size;
  } else {
    mh.clients_slaves = 0;
    mh.repl_backlog = server.repl_buffer_mem;
  }
  if (server.repl_backlog !== null && server.repl_backlog.blocks_index !== null) {
    const index = server.repl_backlog.blocks_index;
    mh.repl_backlog += index.numnodes * SIZEOF_RAXNODE + raxSize(index) * SIZEOF_POINTER;
  }
  mem_total += mh.repl_backlog;
  mem_total += mh.clients_slaves;

  // To ask every client would take long: updateClientMemUsage() keeps the sums up to date.
  mh.clients_normal =
    server.stat_clients_type_memory[CLIENT_TYPE_MASTER] +
    server.stat_clients_type_memory[CLIENT_TYPE_PUBSUB] +
    server.stat_clients_type_memory[CLIENT_TYPE_NORMAL];
  mem_total += mh.clients_normal;

  mh.cluster_links = server.stat_cluster_links_memory;
  mem_total += mh.cluster_links;

  mem = 0;
  if (server.aof_state !== AOF_OFF) mem += sdsMallocSize(server.aof_buf);
  mh.aof_buffer = mem;
  mem_total += mem;

  for (let j = 0; j < server.dbnum; j++) {
    const db = server.db[j];
    const keyscount = dictSize(db.dict);
    if (keyscount === 0) continue;

    const mhdb = new redisMemOverheadDb();
    mh.total_keys += keyscount;
    mhdb.dbid = j;

    mem =
      keyscount * SIZEOF_DICTENTRY + dictSlots(db.dict) * SIZEOF_POINTER + keyscount * SIZEOF_ROBJ;
    mhdb.overhead_ht_main = mem;
    mem_total += mem;

    mem = dictSize(db.expires) * SIZEOF_DICTENTRY + dictSlots(db.expires) * SIZEOF_POINTER;
    mhdb.overhead_ht_expires = mem;
    mem_total += mem;

    mem = keyscount * dictMetadataSize(db.dict);
    mhdb.overhead_ht_slot_to_keys = mem;
    mem_total += mem;

    mh.db.push(mhdb);
    mh.num_dbs++;
  }

  mh.overhead_total = mem_total;
  // Arguments in flight are counted as memory of their clients, but are not in the account: never below zero.
  mh.dataset = Math.max(0, zmalloc_used - mem_total);
  mh.peak_perc = floatRatio(Math.fround(zmalloc_used) * 100, mh.peak_allocated);

  // What was there before the first key is left out of the following.
  let net_usage = 1;
  if (zmalloc_used > mh.startup_allocated) net_usage = zmalloc_used - mh.startup_allocated;
  mh.dataset_perc = floatRatio(Math.fround(mh.dataset) * 100, net_usage);
  mh.bytes_per_key = mh.total_keys ? Math.trunc(net_usage / mh.total_keys) : 0;

  return mh;
}

/**
 * The text of MEMORY DOCTOR: what is odd about the memory of this server, in words.
 *
 * @c object.c:1265
 */
export function getMemoryDoctorReport(): string {
  let empty = false; // Nothing or hardly anything is stored.
  let big_peak = false; // The peak is much higher than what is used now.
  let high_frag = false; // High fragmentation.
  let high_alloc_frag = false; // High fragmentation inside the allocator.
  let high_proc_rss = false; // High overhead of the process.
  let high_alloc_rss = false; // High overhead of the allocator.
  let big_slave_buf = false; // The replicas' buffers are too big.
  let big_client_buf = false; // The clients' buffers are too big.
  let num_reports = 0;
  const mh = getMemoryOverheadData();

  if (mh.total_allocated < 1024 * 1024 * 5) {
    empty = true;
    num_reports++;
  } else {
    if (floatRatio(mh.peak_allocated, mh.total_allocated) > 1.5) {
      big_peak = true;
      num_reports++;
    }

    if (mh.total_frag > 1.4 && mh.total_frag_bytes > 10 << 20) {
      high_frag = true;
      num_reports++;
    }

    if (mh.allocator_frag > 1.1 && mh.allocator_frag_bytes > 10 << 20) {
      high_alloc_frag = true;
      num_reports++;
    }

    if (mh.allocator_rss > 1.1 && mh.allocator_rss_bytes > 10 << 20) {
      high_alloc_rss = true;
      num_reports++;
    }

    if (mh.rss_extra > 1.1 && mh.rss_extra_bytes > 10 << 20) {
      high_proc_rss = true;
      num_reports++;
    }

    // More than 200k a client on average.
    const numslaves = listLength(server.slaves);
    const numclients = listLength(server.clients) - numslaves;
    if (mh.clients_normal / numclients > 1024 * 200) {
      big_client_buf = true;
      num_reports++;
    }

    // More than 10 MB for the replicas together.
    if (numslaves > 0 && mh.clients_slaves > 1024 * 1024 * 10) {
      big_slave_buf = true;
      num_reports++;
    }
  }

  let s: string;
  if (num_reports === 0) {
    s =
      "Hi Sam, I can't find any memory issue in your instance. " +
      'I can only account for what occurs on this base.\n';
  } else if (empty) {
    s =
      'Hi Sam, this instance is empty or is using very little memory, ' +
      "my issues detector can't be used in these conditions. " +
      'Please, leave for your mission on Earth and fill it with some data. ' +
      'The new Sam and I will be back to our programming as soon as I ' +
      'finished rebooting.\n';
  } else {
    s = 'Sam, I detected a few issues in this Redis instance memory implants:\n\n';
    if (big_peak) {
      s +=
        ' * Peak memory: In the past this instance used more than 150% the memory that is currently using. The allocator is normally not able to release memory after a peak, so you can expect to see a big fragmentation ratio, however this is actually harmless and is only due to the memory peak, and if the Redis instance Resident Set Size (RSS) is currently bigger than expected, the memory will be used as soon as you fill the Redis instance with more data. If the memory peak was only occasional and you want to try to reclaim memory, please try the MEMORY PURGE command, otherwise the only other option is to shutdown and restart the instance.\n\n';
    }
    if (high_frag) {
      s += ` * High total RSS: This instance has a memory fragmentation and RSS overhead greater than 1.4 (this means that the Resident Set Size of the Redis process is much larger than the sum of the logical allocations Redis performed). This problem is usually due either to a large peak memory (check if there is a peak memory entry above in the report) or may result from a workload that causes the allocator to fragment memory a lot. If the problem is a large peak memory, then there is no issue. Otherwise, make sure you are using the Jemalloc allocator and not the default libc malloc. Note: The currently used allocator is "${ZMALLOC_LIB}".\n\n`;
    }
    if (high_alloc_frag) {
      s +=
        " * High allocator fragmentation: This instance has an allocator external fragmentation greater than 1.1. This problem is usually due either to a large peak memory (check if there is a peak memory entry above in the report) or may result from a workload that causes the allocator to fragment memory a lot. You can try enabling 'activedefrag' config option.\n\n";
    }
    if (high_alloc_rss) {
      s +=
        ' * High allocator RSS overhead: This instance has an RSS memory overhead is greater than 1.1 (this means that the Resident Set Size of the allocator is much larger than the sum what the allocator actually holds). This problem is usually due to a large peak memory (check if there is a peak memory entry above in the report), you can try the MEMORY PURGE command to reclaim it.\n\n';
    }
    if (high_proc_rss) {
      s +=
        ' * High process RSS overhead: This instance has non-allocator RSS memory overhead is greater than 1.1 (this means that the Resident Set Size of the Redis process is much larger than the RSS the allocator holds). This problem may be due to Lua scripts or Modules.\n\n';
    }
    if (big_slave_buf) {
      s +=
        ' * Big replica buffers: The replica output buffers in this instance are greater than 10MB for each replica (on average). This likely means that there is some replica instance that is struggling receiving data, either because it is too slow or because of networking issues. As a result, data piles on the master output buffers. Please try to identify what replica is not receiving data correctly and why. You can use the INFO output in order to check the replicas delays and the CLIENT LIST command to check the output buffers of each replica.\n\n';
    }
    if (big_client_buf) {
      s +=
        ' * Big client buffers: The clients output buffers in this instance are greater than 200K per client (on average). This may result from different causes, like Pub/Sub clients subscribed to channels bot not receiving data fast enough, so that data piles on the Redis instance output buffer, or clients sending commands with large replies or very large sequences of commands in the same pipeline. Please use the CLIENT LIST command in order to investigate the issue if it causes problems in your instance, or to understand better why certain clients are using a big amount of memory.\n\n';
    }
    s += "I'm here to keep you safe, Sam. I want to help you.\n";
  }
  return s;
}

/**
 * Sets the lru field of a value from what is known of its use elsewhere: `lfu_freq` 0..255 with an LFU policy,
 * otherwise `lru_idle`, counted in units of `lru_multiplier` milliseconds back from `lru_clock`. Negative ones are
 * ignored. Whether the field was set.
 *
 * @c object.c:1382
 */
export function objectSetLRUOrLFU(
  val: robj,
  lfu_freq: number,
  lru_idle: number,
  lru_clock: number,
  lru_multiplier: number,
): boolean {
  if (server.maxmemory_policy & MAXMEMORY_FLAG_LFU) {
    if (lfu_freq >= 0) {
      serverAssert(lfu_freq <= 255);
      val.lru = (LFUGetTimeInMinutes() << 8) | lfu_freq;
      return true;
    }
  } else if (lru_idle >= 0) {
    lru_idle = Math.trunc((lru_idle * lru_multiplier) / LRU_CLOCK_RESOLUTION);
    let lru_abs = lru_clock - lru_idle;
    // The clock wraps: a time before its last zero is one near its end.
    if (lru_abs < 0) lru_abs += LRU_CLOCK_MAX;
    // The field has 24 bits; C's bit field cuts the rest off.
    val.lru = lru_abs & LRU_CLOCK_MAX;
    return true;
  }
  return false;
}

/* -------------------- The OBJECT and MEMORY commands -------------------- */

/**
 * Looks a key up for OBJECT, which must leave no trace in the lru field and fire no event.
 *
 * @c object.c:1414
 */
export function objectCommandLookup(c: client, key: robj): robj | null {
  return lookupKeyReadWithFlags(c.db, key, LOOKUP_NOTOUCH | LOOKUP_NONOTIFY);
}

/**
 * As objectCommandLookup(); a missing key has `reply` replied.
 *
 * @c object.c:1418
 */
export function objectCommandLookupOrReply(c: client, key: robj, reply: robj): robj | null {
  const o = objectCommandLookup(c, key);
  if (o === null) addReplyOrErrorObject(c, reply);
  return o;
}

/**
 * OBJECT HELP | REFCOUNT key | ENCODING key | IDLETIME key | FREQ key.
 *
 * @c object.c:1426
 */
export function objectCommand(c: client): void {
  const sub = objPtrString(c.argv[1]);
  let o: robj | null;

  if (c.argc === 2 && !strcasecmp(sub, 'help')) {
    addReplyHelp(c, [
      'ENCODING <key>',
      '    Return the kind of internal representation used in order to store the value',
      '    associated with a <key>.',
      'FREQ <key>',
      '    Return the access frequency index of the <key>. The returned integer is',
      '    proportional to the logarithm of the recent access frequency of the key.',
      'IDLETIME <key>',
      '    Return the idle time of the <key>, that is the approximated number of',
      '    seconds elapsed since the last access to the key.',
      'REFCOUNT <key>',
      '    Return the number of references of the value associated with the specified',
      '    <key>.',
    ]);
  } else if (!strcasecmp(sub, 'refcount') && c.argc === 3) {
    if ((o = objectCommandLookupOrReply(c, c.argv[2], shared.null[c.resp])) === null) return;
    addReplyLongLong(c, o.refcount);
  } else if (!strcasecmp(sub, 'encoding') && c.argc === 3) {
    if ((o = objectCommandLookupOrReply(c, c.argv[2], shared.null[c.resp])) === null) return;
    addReplyBulkCString(c, strEncoding(o.encoding));
  } else if (!strcasecmp(sub, 'idletime') && c.argc === 3) {
    if ((o = objectCommandLookupOrReply(c, c.argv[2], shared.null[c.resp])) === null) return;
    if (server.maxmemory_policy & MAXMEMORY_FLAG_LFU) {
      addReplyError(
        c,
        'An LFU maxmemory policy is selected, idle time not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.',
      );
      return;
    }
    addReplyLongLong(c, Math.trunc(estimateObjectIdleTime(o) / 1000));
  } else if (!strcasecmp(sub, 'freq') && c.argc === 3) {
    if ((o = objectCommandLookupOrReply(c, c.argv[2], shared.null[c.resp])) === null) return;
    if (!(server.maxmemory_policy & MAXMEMORY_FLAG_LFU)) {
      addReplyError(
        c,
        'An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.',
      );
      return;
    }
    // The counter in the object is that of the last access; since then it may have decayed.
    addReplyLongLong(c, LFUDecrAndReturn(o));
  } else {
    addReplySubcommandSyntaxError(c);
  }
}

/**
 * MEMORY HELP | USAGE key [SAMPLES count] | STATS | MALLOC-STATS | DOCTOR | PURGE.
 *
 * @c object.c:1483
 */
export function memoryCommand(c: client): void {
  const sub = objPtrString(c.argv[1]);

  if (!strcasecmp(sub, 'help') && c.argc === 2) {
    addReplyHelp(c, [
      'DOCTOR',
      '    Return memory problems reports.',
      'MALLOC-STATS',
      '    Return internal statistics report from the memory allocator.',
      'PURGE',
      '    Attempt to purge dirty pages for reclamation by the allocator.',
      'STATS',
      '    Return information about the memory usage of the server.',
      'USAGE <key> [SAMPLES <count>]',
      '    Return memory in bytes used by <key> and its value. Nested values are',
      '    sampled up to <count> times (default: 5, 0 means sample all).',
    ]);
  } else if (!strcasecmp(sub, 'usage') && c.argc >= 3) {
    let samples: number | bigint = OBJ_COMPUTE_SIZE_DEF_SAMPLES;
    for (let j = 3; j < c.argc; j++) {
      if (!strcasecmp(objPtrString(c.argv[j]), 'samples') && j + 1 < c.argc) {
        const n = getLongLongFromObjectOrReply(c, c.argv[j + 1], null);
        if (n === null) return;
        if (n < 0) {
          addReplyErrorObject(c, shared.syntaxerr);
          return;
        }
        samples = n === 0 ? LLONG_MAX : n;
        j++; // The option's argument.
      } else {
        addReplyErrorObject(c, shared.syntaxerr);
        return;
      }
    }
    // Not by lookupKey(): an expired key that still occupies memory has a size, too.
    const de = dictFind(c.db.dict, objPtrString(c.argv[2]));
    if (de === null) {
      addReplyNull(c);
      return;
    }
    let usage = objectComputeSize(c.argv[2], dictGetVal(de), samples, c.db.id);
    usage += sdsStringAllocSize(dictGetKey(de).length);
    usage += SIZEOF_DICTENTRY;
    usage += dictMetadataSize(c.db.dict);
    addReplyLongLong(c, usage);
  } else if (!strcasecmp(sub, 'stats') && c.argc === 2) {
    const mh = getMemoryOverheadData();

    addReplyMapLen(c, 27 + mh.num_dbs);

    addReplyBulkCString(c, 'peak.allocated');
    addReplyLongLong(c, mh.peak_allocated);

    addReplyBulkCString(c, 'total.allocated');
    addReplyLongLong(c, mh.total_allocated);

    addReplyBulkCString(c, 'startup.allocated');
    addReplyLongLong(c, mh.startup_allocated);

    addReplyBulkCString(c, 'replication.backlog');
    addReplyLongLong(c, mh.repl_backlog);

    addReplyBulkCString(c, 'clients.slaves');
    addReplyLongLong(c, mh.clients_slaves);

    addReplyBulkCString(c, 'clients.normal');
    addReplyLongLong(c, mh.clients_normal);

    addReplyBulkCString(c, 'cluster.links');
    addReplyLongLong(c, mh.cluster_links);

    addReplyBulkCString(c, 'aof.buffer');
    addReplyLongLong(c, mh.aof_buffer);

    addReplyBulkCString(c, 'lua.caches');
    addReplyLongLong(c, mh.lua_caches);

    addReplyBulkCString(c, 'functions.caches');
    addReplyLongLong(c, mh.functions_caches);

    for (let j = 0; j < mh.num_dbs; j++) {
      addReplyBulkCString(c, `db.${mh.db[j].dbid}`);
      addReplyMapLen(c, 3);

      addReplyBulkCString(c, 'overhead.hashtable.main');
      addReplyLongLong(c, mh.db[j].overhead_ht_main);

      addReplyBulkCString(c, 'overhead.hashtable.expires');
      addReplyLongLong(c, mh.db[j].overhead_ht_expires);

      addReplyBulkCString(c, 'overhead.hashtable.slot-to-keys');
      addReplyLongLong(c, mh.db[j].overhead_ht_slot_to_keys);
    }

    addReplyBulkCString(c, 'overhead.total');
    addReplyLongLong(c, mh.overhead_total);

    addReplyBulkCString(c, 'keys.count');
    addReplyLongLong(c, mh.total_keys);

    addReplyBulkCString(c, 'keys.bytes-per-key');
    addReplyLongLong(c, mh.bytes_per_key);

    addReplyBulkCString(c, 'dataset.bytes');
    addReplyLongLong(c, mh.dataset);

    addReplyBulkCString(c, 'dataset.percentage');
    addReplyDouble(c, mh.dataset_perc);

    addReplyBulkCString(c, 'peak.percentage');
    addReplyDouble(c, mh.peak_perc);

    addReplyBulkCString(c, 'allocator.allocated');
    addReplyLongLong(c, server.cron_malloc_stats.allocator_allocated);

    addReplyBulkCString(c, 'allocator.active');
    addReplyLongLong(c, server.cron_malloc_stats.allocator_active);

    addReplyBulkCString(c, 'allocator.resident');
    addReplyLongLong(c, server.cron_malloc_stats.allocator_resident);

    addReplyBulkCString(c, 'allocator-fragmentation.ratio');
    addReplyDouble(c, mh.allocator_frag);

    addReplyBulkCString(c, 'allocator-fragmentation.bytes');
    addReplyLongLong(c, mh.allocator_frag_bytes);

    addReplyBulkCString(c, 'allocator-rss.ratio');
    addReplyDouble(c, mh.allocator_rss);

    addReplyBulkCString(c, 'allocator-rss.bytes');
    addReplyLongLong(c, mh.allocator_rss_bytes);

    addReplyBulkCString(c, 'rss-overhead.ratio');
    addReplyDouble(c, mh.rss_extra);

    addReplyBulkCString(c, 'rss-overhead.bytes');
    addReplyLongLong(c, mh.rss_extra_bytes);

    // The whole overhead of the resident set, fragmentation included, under the name that it always had.
    addReplyBulkCString(c, 'fragmentation');
    addReplyDouble(c, mh.total_frag);

    addReplyBulkCString(c, 'fragmentation.bytes');
    addReplyLongLong(c, mh.total_frag_bytes);
  } else if (!strcasecmp(sub, 'malloc-stats') && c.argc === 2) {
    addReplyBulkCString(c, 'Stats not supported for the current allocator');
  } else if (!strcasecmp(sub, 'doctor') && c.argc === 2) {
    addReplyVerbatim(c, getMemoryDoctorReport(), 'txt');
  } else if (!strcasecmp(sub, 'purge') && c.argc === 2) {
    if (jemalloc_purge() === 0) addReply(c, shared.ok);
    else addReplyError(c, 'Error purging dirty pages');
  } else {
    addReplySubcommandSyntaxError(c);
  }
}
