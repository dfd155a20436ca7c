/**
 * t_hash.c: hashes and their commands.
 *
 *     robj OBJ_HASH, LISTPACK   ptr: listpack  | field | value | field | value | ...      in the order of their first HSET
 *     robj OBJ_HASH, HT         ptr: dict<string, string>
 *
 *     HSET h f 1           LISTPACK   f 1
 *     HSET h g <65 bytes>  HT         more than hash-max-listpack-value bytes in a field or value,
 *                                     or more than hash-max-listpack-entries fields; and never back
 *
 *     HSET ─► hashTypeLookupWriteOrCreate ─► hashTypeTryConversion ─► hashTypeSet for each pair
 *     HGET ─► addHashFieldToReply ─► hashTypeGetValue ─► hashTypeGetFromListpack, hashTypeGetFromHashTable
 *     HGETALL ─► genericHgetallCommand ─► hashTypeNext ─► addHashIteratorCursorToReply
 *
 * Fields and values go in as latin1 strings. Out of a listpack comes a number or bigint where an integer lies there.
 *
 * Who calls in: call(), and whoever reads hashes: sort, db, debug. Whom it calls: listpack, dict, db, networking.
 * What differs from C: what C returns in three arguments (string, length, integer) is one value, whose JavaScript type tells
 * what it is; strings are never copied, only accounted for where a table takes them over, so the HASH_SET_TAKE_* flags of
 * hashTypeSet() make no difference.
 *
 * @packageDocumentation
 */
import {
  addReply,
  addReplyArrayLen,
  addReplyBulkCBuffer,
  addReplyBulkLongLong,
  addReplyBulkSds,
  addReplyError,
  addReplyErrorArity,
  addReplyErrorObject,
  addReplyLongLong,
  addReplyMapLen,
  addReplyNull,
  rewriteClientCommandArgument,
} from '../networking/networking.ts';
import {
  listpackEntry,
  lpAppend,
  lpBytes,
  lpDeleteRangeWithEntry,
  lpFind,
  lpFirst,
  lpFree,
  lpGetValue,
  lpLength,
  lpNext,
  lpPos,
  lpRandomPair,
  lpRandomPairs,
  lpRandomPairsUnique,
  lpReplace,
  lpSafeToAdd,
} from '../quicklist/listpack.ts';
import {
  dbAdd,
  dbDelete,
  lookupKeyRead,
  lookupKeyReadOrReply,
  lookupKeyWrite,
  lookupKeyWriteOrReply,
  parseScanCursorOrReply,
  scanGenericCommand,
  signalModifiedKey,
} from '../server/db.ts';
import { serverAssert, serverLogHexDump, serverPanic } from '../server/debug.ts';
import { notifyKeyspaceEvent } from '../server/notify.ts';
import { hashDictType, htNeedsResize, sdsReplyDictType } from '../server/server.ts';
import {
  C_ERR,
  C_OK,
  LL_WARNING,
  NOTIFY_GENERIC,
  NOTIFY_HASH,
  OBJ_ENCODING_HT,
  OBJ_ENCODING_LISTPACK,
  OBJ_HASH,
  OBJ_HASH_KEY,
  OBJ_HASH_VALUE,
  hashTypeIterator,
  server,
  shared,
  type client,
  type robj,
} from '../server/server.h.ts';
import {
  DICT_OK,
  dictAdd,
  dictCreate,
  dictDelete,
  dictExpand,
  dictFind,
  dictFreeUnlinkedEntry,
  dictGetFairRandomKey,
  dictGetIterator,
  dictGetKey,
  dictGetVal,
  dictNext,
  dictRelease,
  dictReleaseIterator,
  dictResize,
  dictSetVal,
  dictSize,
  dictUnlink,
  type dict,
} from './dict.ts';
import { ld_add, ld_from_bigint, ld_from_number, ld_isinf, ld_isnan } from './longdouble.ts';
import {
  checkType,
  createHashObject,
  createObject,
  createRawStringObject,
  createStringObject,
  createStringObjectFromLongLong,
  decrRefCount,
  getLongDoubleFromObjectOrReply,
  getLongFromObjectOrReply,
  getLongLongFromObjectOrReply,
  llAdd,
  objPtrLen,
  objPtrString,
  sdsEncodedObject,
} from './object.ts';
import { sdsStringAllocSize, sdsfromlonglong } from './sds.ts';
import { LD_STR_HUMAN, ld2string, sdigits10, strcasecmp, string2ld, string2ll } from './util.ts';
import { zfree, zmalloc, zmalloc_bytes } from './zmalloc.ts';

/* ------------------------------- Hash type ------------------------------- */

/**
 * Turns a listpack into a table if one of the arguments `start`..`end` of `argv`, which are about to be put in, is too long
 * for it, or all together would make it too large.
 *
 * @c t_hash.c:40
 */
export function hashTypeTryConversion(o: robj, argv: robj[], start: number, end: number): void {
  let sum = 0;

  if (o.encoding !== OBJ_ENCODING_LISTPACK) return;

  for (let i = start; i <= end; i++) {
    if (!sdsEncodedObject(argv[i])) continue;
    const len = objPtrLen(argv[i]);
    if (len > server.hash_max_listpack_value) {
      hashTypeConvert(o, OBJ_ENCODING_HT);
      return;
    }
    sum += len;
  }
  if (!lpSafeToAdd(o.ptr as Buffer, sum)) hashTypeConvert(o, OBJ_ENCODING_HT);
}

/**
 * The value of a field in a listpack: a string, or a number or bigint where an integer lies there. null: no such field.
 *
 * @c t_hash.c:62
 */
export function hashTypeGetFromListpack(o: robj, field: string): string | number | bigint | null {
  serverAssert(o.encoding === OBJ_ENCODING_LISTPACK);

  const zl = o.ptr as Buffer;
  let fptr = lpFirst(zl);
  if (fptr === 0) return null;
  fptr = lpFind(zl, fptr, field, 1);
  if (fptr === 0) return null;
  const vptr = lpNext(zl, fptr);
  serverAssert(vptr !== 0);
  return lpGetValue(zl, vptr);
}

/**
 * The value of a field in a table, or null.
 *
 * @c t_hash.c:93
 */
export function hashTypeGetFromHashTable(o: robj, field: string): string | null {
  serverAssert(o.encoding === OBJ_ENCODING_HT);

  const de = dictFind(o.ptr as dict<string, string>, field);
  if (de === null) return null;
  return dictGetVal(de);
}

/**
 * The value of a field: a string, or a number or bigint where an integer lies in a listpack. null: no such field.
 *
 * @c t_hash.c:112
 */
export function hashTypeGetValue(o: robj, field: string): string | number | bigint | null {
  if (o.encoding === OBJ_ENCODING_LISTPACK) {
    return hashTypeGetFromListpack(o, field);
  } else if (o.encoding === OBJ_ENCODING_HT) {
    return hashTypeGetFromHashTable(o, field);
  } else {
    serverPanic('Unknown hash encoding');
  }
}

/**
 * The value of a field as a new string object, or null.
 *
 * @c t_hash.c:134
 */
export function hashTypeGetValueObject(o: robj, field: string): robj | null {
  const value = hashTypeGetValue(o, field);
  if (value === null) return null;
  if (typeof value === 'string') return createStringObject(value);
  else return createStringObjectFromLongLong(value);
}

/**
 * Bytes of the value of a field; 0 if there is no such field.
 *
 * @c t_hash.c:147
 */
export function hashTypeGetValueLength(o: robj, field: string): number {
  const value = hashTypeGetValue(o, field);
  if (value === null) return 0;
  return typeof value === 'string' ? value.length : sdigits10(value);
}

/**
 * Whether there is such a field.
 *
 * @c t_hash.c:161
 */
export function hashTypeExists(o: robj, field: string): boolean {
  return hashTypeGetValue(o, field) !== null;
}

/* How hashTypeSet() gets its strings: to keep, or to copy if it needs to. */
export const HASH_SET_TAKE_FIELD = 1 << 0;
export const HASH_SET_TAKE_VALUE = 1 << 1;
export const HASH_SET_COPY = 0;

/**
 * Sets a field. A listpack becomes a table if field or value is too long for it, or there are too many fields then. `flags`
 * (HASH_SET_*) say to whom the strings belong. Returns 1 if the field was there and has a new value now, 0 if it was added.
 *
 * @c t_hash.c:190
 */
export function hashTypeSet(o: robj, field: string, value: string, flags: number): number {
  // A string never changes, so that it can have more than one owner.
  void flags;
  let update = 0;

  // The commands have seen to it with hashTypeTryConversion(), but for a sum that they work out themselves.
  if (o.encoding === OBJ_ENCODING_LISTPACK) {
    if (
      field.length > server.hash_max_listpack_value ||
      value.length > server.hash_max_listpack_value
    ) {
      hashTypeConvert(o, OBJ_ENCODING_HT);
    }
  }

  if (o.encoding === OBJ_ENCODING_LISTPACK) {
    let zl = o.ptr as Buffer;
    let fptr = lpFirst(zl);
    if (fptr !== 0) {
      fptr = lpFind(zl, fptr, field, 1);
      if (fptr !== 0) {
        const vptr = new lpPos();
        vptr.p = lpNext(zl, fptr);
        serverAssert(vptr.p !== 0);
        update = 1;
        zl = lpReplace(zl, vptr, value);
      }
    }

    if (!update) {
      zl = lpAppend(zl, field);
      zl = lpAppend(zl, value);
    }
    o.ptr = zl;

    if (hashTypeLength(o) > server.hash_max_listpack_entries) hashTypeConvert(o, OBJ_ENCODING_HT);
  } else if (o.encoding === OBJ_ENCODING_HT) {
    const d = o.ptr as dict<string, string>;
    const de = dictFind(d, field);
    if (de !== null) {
      zfree(sdsStringAllocSize(dictGetVal(de).length));
      zmalloc(sdsStringAllocSize(value.length));
      dictSetVal(d, de, value);
      update = 1;
    } else {
      zmalloc(sdsStringAllocSize(field.length));
      zmalloc(sdsStringAllocSize(value.length));
      dictAdd(d, field, value);
    }
  } else {
    serverPanic('Unknown hash encoding');
  }
  return update;
}

/**
 * Removes a field. Whether it was there.
 *
 * @c t_hash.c:269
 */
export function hashTypeDelete(o: robj, field: string): boolean {
  let deleted = false;

  if (o.encoding === OBJ_ENCODING_LISTPACK) {
    const zl = o.ptr as Buffer;
    const first = lpFirst(zl);
    if (first !== 0) {
      const fptr = new lpPos();
      fptr.p = lpFind(zl, first, field, 1);
      if (fptr.p !== 0) {
        // The field, and the value behind it.
        o.ptr = lpDeleteRangeWithEntry(zl, fptr, 2);
        deleted = true;
      }
    }
  } else if (o.encoding === OBJ_ENCODING_HT) {
    const d = o.ptr as dict<string, string>;
    if (dictDelete(d, field) === DICT_OK) {
      deleted = true;

      if (htNeedsResize(d)) dictResize(d);
    }
  } else {
    serverPanic('Unknown hash encoding');
  }
  return deleted;
}

/**
 * The number of fields.
 *
 * @c t_hash.c:301
 */
export function hashTypeLength(o: robj): number {
  if (o.encoding === OBJ_ENCODING_LISTPACK) {
    return Math.trunc(lpLength(o.ptr as Buffer) / 2);
  } else if (o.encoding === OBJ_ENCODING_HT) {
    return dictSize(o.ptr as dict<string, string>);
  } else {
    serverPanic('Unknown hash encoding');
  }
}

/**
 * Begins a walk over the pairs: in their order in a listpack, in none in a table. Until it is released, the hash must not be
 * changed, nor a field of a table be looked for, because that may move others.
 *
 * @c t_hash.c:314
 */
export function hashTypeInitIterator(subject: robj): hashTypeIterator {
  const hi = new hashTypeIterator(subject);

  if (hi.encoding === OBJ_ENCODING_LISTPACK) {
    hi.fptr = 0;
    hi.vptr = 0;
  } else if (hi.encoding === OBJ_ENCODING_HT) {
    hi.di = dictGetIterator(subject.ptr as dict<string, string>);
  } else {
    serverPanic('Unknown hash encoding');
  }
  return hi;
}

/**
 * Ends a walk.
 *
 * @c t_hash.c:330
 */
export function hashTypeReleaseIterator(hi: hashTypeIterator): void {
  if (hi.encoding === OBJ_ENCODING_HT) dictReleaseIterator(hi.di!);
}

/**
 * Goes to the next pair. C_OK, or C_ERR at the end.
 *
 * @c t_hash.c:338
 */
export function hashTypeNext(hi: hashTypeIterator): number {
  if (hi.encoding === OBJ_ENCODING_LISTPACK) {
    const zl = hi.subject.ptr as Buffer;
    let fptr = hi.fptr;
    let vptr = hi.vptr;

    if (fptr === 0) {
      serverAssert(vptr === 0);
      fptr = lpFirst(zl);
    } else {
      serverAssert(vptr !== 0);
      fptr = lpNext(zl, vptr);
    }
    if (fptr === 0) return C_ERR;

    vptr = lpNext(zl, fptr);
    serverAssert(vptr !== 0);

    hi.fptr = fptr;
    hi.vptr = vptr;
  } else if (hi.encoding === OBJ_ENCODING_HT) {
    if ((hi.de = dictNext(hi.di!)) === null) return C_ERR;
  } else {
    serverPanic('Unknown hash encoding');
  }
  return C_OK;
}

/**
 * The field (`what` OBJ_HASH_KEY) or the value (OBJ_HASH_VALUE) of the pair at which the walk over a listpack stands: a
 * string, or a number or bigint where an integer lies there.
 *
 * @c t_hash.c:375
 */
export function hashTypeCurrentFromListpack(
  hi: hashTypeIterator,
  what: number,
): string | number | bigint {
  serverAssert(hi.encoding === OBJ_ENCODING_LISTPACK);

  const zl = hi.subject.ptr as Buffer;
  return lpGetValue(zl, what & OBJ_HASH_KEY ? hi.fptr : hi.vptr);
}

/**
 * The same for a table: always a string.
 *
 * @c t_hash.c:392
 */
export function hashTypeCurrentFromHashTable(hi: hashTypeIterator, what: number): string {
  serverAssert(hi.encoding === OBJ_ENCODING_HT);

  if (what & OBJ_HASH_KEY) return dictGetKey(hi.de!);
  else return dictGetVal(hi.de!);
}

/**
 * The field or the value, as `what` says, of the pair at which a walk stands.
 *
 * @c t_hash.c:412
 */
export function hashTypeCurrentObject(
  hi: hashTypeIterator,
  what: number,
): string | number | bigint {
  if (hi.encoding === OBJ_ENCODING_LISTPACK) {
    return hashTypeCurrentFromListpack(hi, what);
  } else if (hi.encoding === OBJ_ENCODING_HT) {
    return hashTypeCurrentFromHashTable(hi, what);
  } else {
    serverPanic('Unknown hash encoding');
  }
}

/**
 * The same as a string in any case.
 *
 * @c t_hash.c:427
 */
export function hashTypeCurrentObjectNewSds(hi: hashTypeIterator, what: number): string {
  const value = hashTypeCurrentObject(hi, what);
  if (typeof value === 'string') return value;
  return sdsfromlonglong(value);
}

/**
 * The hash of a key that is about to be written to: the one that is there, or a new one. null: an error has been replied,
 * because the value is no hash.
 *
 * @c t_hash.c:437
 */
export function hashTypeLookupWriteOrCreate(c: client, key: robj): robj | null {
  let o = lookupKeyWrite(c.db, key);
  if (checkType(c, o, OBJ_HASH)) return null;

  if (o === null) {
    o = createHashObject();
    dbAdd(c.db, key, o);
  }
  return o;
}

/**
 * Converts a listpack to the encoding `enc`: a table, large enough from the start. Panics when a field is there twice.
 *
 * @c t_hash.c:449
 */
export function hashTypeConvertListpack(o: robj, enc: number): void {
  serverAssert(o.encoding === OBJ_ENCODING_LISTPACK);

  if (enc === OBJ_ENCODING_LISTPACK) {
    // It is one already.
  } else if (enc === OBJ_ENCODING_HT) {
    const hi = hashTypeInitIterator(o);
    const d = dictCreate(hashDictType);

    dictExpand(d, hashTypeLength(o));

    while (hashTypeNext(hi) !== C_ERR) {
      const key = hashTypeCurrentObjectNewSds(hi, OBJ_HASH_KEY);
      const value = hashTypeCurrentObjectNewSds(hi, OBJ_HASH_VALUE);
      zmalloc(sdsStringAllocSize(key.length));
      zmalloc(sdsStringAllocSize(value.length));
      if (dictAdd(d, key, value) !== DICT_OK) {
        const zl = o.ptr as Buffer;
        serverLogHexDump(
          LL_WARNING,
          'listpack with dup elements dump',
          zl.subarray(0, lpBytes(zl)),
        );
        serverPanic('Listpack corruption detected');
      }
    }
    hashTypeReleaseIterator(hi);
    lpFree(o.ptr as Buffer);
    o.encoding = OBJ_ENCODING_HT;
    o.ptr = d;
  } else {
    serverPanic('Unknown hash encoding');
  }
}

/**
 * Converts a hash to the encoding `enc`. A table stays one: to ask for anything else is a mistake.
 *
 * @c t_hash.c:489
 */
export function hashTypeConvert(o: robj, enc: number): void {
  if (o.encoding === OBJ_ENCODING_LISTPACK) {
    hashTypeConvertListpack(o, enc);
  } else if (o.encoding === OBJ_ENCODING_HT) {
    serverPanic('A hash table cannot be converted');
  } else {
    serverPanic('Unknown hash encoding');
  }
}

/**
 * A copy of a hash, in the same encoding, with a reference count of 1.
 *
 * @c t_hash.c:504
 */
export function hashTypeDup(o: robj): robj {
  serverAssert(o.type === OBJ_HASH);

  let hobj: robj;
  if (o.encoding === OBJ_ENCODING_LISTPACK) {
    const zl = o.ptr as Buffer;
    const sz = lpBytes(zl);
    const new_zl = zmalloc_bytes(sz);
    zl.copy(new_zl, 0, 0, sz);
    hobj = createObject(OBJ_HASH, new_zl);
    hobj.encoding = OBJ_ENCODING_LISTPACK;
  } else if (o.encoding === OBJ_ENCODING_HT) {
    const d = dictCreate(hashDictType);
    dictExpand(d, dictSize(o.ptr as dict<string, string>));

    const hi = hashTypeInitIterator(o);
    while (hashTypeNext(hi) !== C_ERR) {
      const field = hashTypeCurrentFromHashTable(hi, OBJ_HASH_KEY);
      const value = hashTypeCurrentFromHashTable(hi, OBJ_HASH_VALUE);
      zmalloc(sdsStringAllocSize(field.length));
      zmalloc(sdsStringAllocSize(value.length));
      dictAdd(d, field, value);
    }
    hashTypeReleaseIterator(hi);

    hobj = createObject(OBJ_HASH, d);
    hobj.encoding = OBJ_ENCODING_HT;
  } else {
    serverPanic('Unknown hash encoding');
  }
  return hobj;
}

/**
 * What an entry holds, as a string.
 *
 * @c t_hash.c:545
 */
export function hashSdsFromListpackEntry(e: listpackEntry): string {
  return e.sval !== null ? e.sval : sdsfromlonglong(e.lval);
}

/**
 * Replies what an entry holds.
 *
 * @c t_hash.c:550
 */
export function hashReplyFromListpackEntry(c: client, e: listpackEntry): void {
  if (e.sval !== null) addReplyBulkCBuffer(c, e.sval);
  else addReplyBulkLongLong(c, e.lval);
}

/**
 * Fills `key`, and `val` if it is not null, with a pair by chance of a hash that has `hashsize` fields, at least one.
 *
 * @c t_hash.c:561
 */
export function hashTypeRandomElement(
  hashobj: robj,
  hashsize: number,
  key: listpackEntry,
  val: listpackEntry | null,
): void {
  if (hashobj.encoding === OBJ_ENCODING_HT) {
    const de = dictGetFairRandomKey(hashobj.ptr as dict<string, string>)!;
    key.sval = dictGetKey(de);
    if (val !== null) val.sval = dictGetVal(de);
  } else if (hashobj.encoding === OBJ_ENCODING_LISTPACK) {
    lpRandomPair(hashobj.ptr as Buffer, hashsize, key, val);
  } else {
    serverPanic('Unknown hash encoding');
  }
}

/* ------------------------------- Commands ------------------------------- */

/**
 * HSETNX key field value: replies 1 if the field was not there and has been set, else 0.
 *
 * @c t_hash.c:584
 */
export function hsetnxCommand(c: client): void {
  const o = hashTypeLookupWriteOrCreate(c, c.argv[1]);
  if (o === null) return;

  if (hashTypeExists(o, objPtrString(c.argv[2]))) {
    addReply(c, shared.czero);
  } else {
    hashTypeTryConversion(o, c.argv, 2, 3);
    hashTypeSet(o, objPtrString(c.argv[2]), objPtrString(c.argv[3]), HASH_SET_COPY);
    addReply(c, shared.cone);
    signalModifiedKey(c, c.db, c.argv[1]);
    notifyKeyspaceEvent(NOTIFY_HASH, 'hset', c.argv[1], c.db.id);
    server.dirty++;
  }
}

/**
 * HSET key field value [field value ...], which replies how many fields were added, and HMSET, which replies OK.
 *
 * @c t_hash.c:600
 */
export function hsetCommand(c: client): void {
  let created = 0;

  if (c.argc % 2 === 1) {
    addReplyErrorArity(c);
    return;
  }

  const o = hashTypeLookupWriteOrCreate(c, c.argv[1]);
  if (o === null) return;
  hashTypeTryConversion(o, c.argv, 2, c.argc - 1);

  for (let i = 2; i < c.argc; i += 2) {
    const field = objPtrString(c.argv[i]);
    const value = objPtrString(c.argv[i + 1]);
    if (!hashTypeSet(o, field, value, HASH_SET_COPY)) created++;
  }

  // One function has two names, and the second letter tells which it was: S or s of HSET.
  const letter = objPtrString(c.argv[0]).charCodeAt(1);
  if (letter === 0x73 || letter === 0x53) addReplyLongLong(c, created);
  else addReply(c, shared.ok);
  signalModifiedKey(c, c.db, c.argv[1]);
  notifyKeyspaceEvent(NOTIFY_HASH, 'hset', c.argv[1], c.db.id);
  server.dirty += (c.argc - 2) / 2;
}

/**
 * HINCRBY key field increment: adds to an integer, 0 if there is none, and replies the sum.
 *
 * @c t_hash.c:629
 */
export function hincrbyCommand(c: client): void {
  const incr = getLongLongFromObjectOrReply(c, c.argv[3], null);
  if (incr === null) return;
  const o = hashTypeLookupWriteOrCreate(c, c.argv[1]);
  if (o === null) return;
  const field = objPtrString(c.argv[2]);
  const current = hashTypeGetValue(o, field);
  let oldvalue: number | bigint | null;
  if (typeof current === 'string') {
    oldvalue = string2ll(current);
    if (oldvalue === null) {
      addReplyError(c, 'hash value is not an integer');
      return;
    }
  } else {
    oldvalue = current !== null ? current : 0;
  }

  const value = llAdd(oldvalue, incr);
  // Two of one sign have a sum of that sign, unless it wrapped around.
  if ((incr < 0 && oldvalue < 0 && value >= 0) || (incr > 0 && oldvalue > 0 && value < 0)) {
    addReplyError(c, 'increment or decrement would overflow');
    return;
  }
  hashTypeSet(o, field, sdsfromlonglong(value), HASH_SET_TAKE_VALUE);
  addReplyLongLong(c, value);
  signalModifiedKey(c, c.db, c.argv[1]);
  notifyKeyspaceEvent(NOTIFY_HASH, 'hincrby', c.argv[1], c.db.id);
  server.dirty++;
}

/**
 * HINCRBYFLOAT key field increment: adds to a number, 0 if there is none, as a long double, and replies the sum.
 *
 * @c t_hash.c:664
 */
export function hincrbyfloatCommand(c: client): void {
  const incr = getLongDoubleFromObjectOrReply(c, c.argv[3], null);
  if (incr === null) return;
  const o = hashTypeLookupWriteOrCreate(c, c.argv[1]);
  if (o === null) return;
  const field = objPtrString(c.argv[2]);
  const current = hashTypeGetValue(o, field);
  let value = ld_from_number(0);
  if (typeof current === 'string') {
    const number = string2ld(current);
    if (number === null) {
      addReplyError(c, 'hash value is not a float');
      return;
    }
    value = number;
  } else if (current !== null) {
    value = ld_from_bigint(BigInt(current));
  }

  value = ld_add(value, incr);
  if (ld_isnan(value) || ld_isinf(value)) {
    addReplyError(c, 'increment would produce NaN or Infinity');
    return;
  }

  const buf = ld2string(value, LD_STR_HUMAN);
  hashTypeSet(o, field, buf, HASH_SET_TAKE_VALUE);
  addReplyBulkCBuffer(c, buf);
  signalModifiedKey(c, c.db, c.argv[1]);
  notifyKeyspaceEvent(NOTIFY_HASH, 'hincrbyfloat', c.argv[1], c.db.id);
  server.dirty++;

  // Another machine might add or print a little differently: it gets the result.
  const newobj = createRawStringObject(buf);
  rewriteClientCommandArgument(c, 0, shared.hset);
  rewriteClientCommandArgument(c, 3, newobj);
  decrRefCount(newobj);
}

/**
 * Replies the value of a field of a hash (null: there is no hash), or a null.
 *
 * @c t_hash.c:712
 * @cstatic
 */
export function addHashFieldToReply(c: client, o: robj | null, field: string): void {
  if (o === null) {
    addReplyNull(c);
    return;
  }

  const value = hashTypeGetValue(o, field);
  if (value !== null) {
    if (typeof value === 'string') addReplyBulkCBuffer(c, value);
    else addReplyBulkLongLong(c, value);
  } else {
    addReplyNull(c);
  }
}

/**
 * HGET key field: replies the value.
 *
 * @c t_hash.c:733
 */
export function hgetCommand(c: client): void {
  const o = lookupKeyReadOrReply(c, c.argv[1], shared.null[c.resp]);
  if (o === null || checkType(c, o, OBJ_HASH)) return;

  addHashFieldToReply(c, o, objPtrString(c.argv[2]));
}

/**
 * HMGET key field [field ...]: replies the values, a null for each that is missing.
 *
 * @c t_hash.c:742
 */
export function hmgetCommand(c: client): void {
  // A key that does not exist is a hash without fields.
  const o = lookupKeyRead(c.db, c.argv[1]);
  if (checkType(c, o, OBJ_HASH)) return;

  addReplyArrayLen(c, c.argc - 2);
  for (let i = 2; i < c.argc; i++) addHashFieldToReply(c, o, objPtrString(c.argv[i]));
}

/**
 * HDEL key field [field ...]: replies how many were removed. The key goes with its last field.
 *
 * @c t_hash.c:757
 */
export function hdelCommand(c: client): void {
  let deleted = 0;
  let keyremoved = false;

  const o = lookupKeyWriteOrReply(c, c.argv[1], shared.czero);
  if (o === null || checkType(c, o, OBJ_HASH)) return;

  for (let j = 2; j < c.argc; j++) {
    if (hashTypeDelete(o, objPtrString(c.argv[j]))) {
      deleted++;
      if (hashTypeLength(o) === 0) {
        dbDelete(c.db, c.argv[1]);
        keyremoved = true;
        break;
      }
    }
  }
  if (deleted) {
    signalModifiedKey(c, c.db, c.argv[1]);
    notifyKeyspaceEvent(NOTIFY_HASH, 'hdel', c.argv[1], c.db.id);
    if (keyremoved) notifyKeyspaceEvent(NOTIFY_GENERIC, 'del', c.argv[1], c.db.id);
    server.dirty += deleted;
  }
  addReplyLongLong(c, deleted);
}

/**
 * HLEN key: replies the number of fields.
 *
 * @c t_hash.c:785
 */
export function hlenCommand(c: client): void {
  const o = lookupKeyReadOrReply(c, c.argv[1], shared.czero);
  if (o === null || checkType(c, o, OBJ_HASH)) return;

  addReplyLongLong(c, hashTypeLength(o));
}

/**
 * HSTRLEN key field: replies the bytes of the value.
 *
 * @c t_hash.c:794
 */
export function hstrlenCommand(c: client): void {
  const o = lookupKeyReadOrReply(c, c.argv[1], shared.czero);
  if (o === null || checkType(c, o, OBJ_HASH)) return;
  addReplyLongLong(c, hashTypeGetValueLength(o, objPtrString(c.argv[2])));
}

/**
 * Replies the field or the value, as `what` says, of the pair at which a walk stands.
 *
 * @c t_hash.c:802
 * @cstatic
 */
export function addHashIteratorCursorToReply(c: client, hi: hashTypeIterator, what: number): void {
  if (hi.encoding === OBJ_ENCODING_LISTPACK) {
    const value = hashTypeCurrentFromListpack(hi, what);
    if (typeof value === 'string') addReplyBulkCBuffer(c, value);
    else addReplyBulkLongLong(c, value);
  } else if (hi.encoding === OBJ_ENCODING_HT) {
    addReplyBulkCBuffer(c, hashTypeCurrentFromHashTable(hi, what));
  } else {
    serverPanic('Unknown hash encoding');
  }
}

/**
 * HKEYS, HVALS and HGETALL: replies all fields, all values, or both, as `flags` (OBJ_HASH_*) say; both as a map.
 *
 * @c t_hash.c:821
 */
export function genericHgetallCommand(c: client, flags: number): void {
  let count = 0;
  const both = flags === (OBJ_HASH_KEY | OBJ_HASH_VALUE);

  const emptyResp = both ? shared.emptymap[c.resp] : shared.emptyarray;
  const o = lookupKeyReadOrReply(c, c.argv[1], emptyResp);
  if (o === null || checkType(c, o, OBJ_HASH)) return;

  const length = hashTypeLength(o);
  if (both) addReplyMapLen(c, length);
  else addReplyArrayLen(c, length);

  const hi = hashTypeInitIterator(o);
  while (hashTypeNext(hi) !== C_ERR) {
    if (flags & OBJ_HASH_KEY) {
      addHashIteratorCursorToReply(c, hi, OBJ_HASH_KEY);
      count++;
    }
    if (flags & OBJ_HASH_VALUE) {
      addHashIteratorCursorToReply(c, hi, OBJ_HASH_VALUE);
      count++;
    }
  }

  hashTypeReleaseIterator(hi);

  // The number that was announced has been kept.
  if (both) count /= 2;
  serverAssert(count === length);
}

/**
 * HKEYS key: replies all fields.
 *
 * @c t_hash.c:859
 */
export function hkeysCommand(c: client): void {
  genericHgetallCommand(c, OBJ_HASH_KEY);
}

/**
 * HVALS key: replies all values.
 *
 * @c t_hash.c:863
 */
export function hvalsCommand(c: client): void {
  genericHgetallCommand(c, OBJ_HASH_VALUE);
}

/**
 * HGETALL key: replies all fields with their values.
 *
 * @c t_hash.c:867
 */
export function hgetallCommand(c: client): void {
  genericHgetallCommand(c, OBJ_HASH_KEY | OBJ_HASH_VALUE);
}

/**
 * HEXISTS key field: replies 1 or 0.
 *
 * @c t_hash.c:871
 */
export function hexistsCommand(c: client): void {
  const o = lookupKeyReadOrReply(c, c.argv[1], shared.czero);
  if (o === null || checkType(c, o, OBJ_HASH)) return;

  addReply(c, hashTypeExists(o, objPtrString(c.argv[2])) ? shared.cone : shared.czero);
}

/**
 * HSCAN key cursor [MATCH pattern] [COUNT count]: replies the next cursor and some pairs.
 *
 * @c t_hash.c:879
 */
export function hscanCommand(c: client): void {
  const cursor = parseScanCursorOrReply(c, c.argv[2]);
  if (cursor === null) return;
  const o = lookupKeyReadOrReply(c, c.argv[1], shared.emptyscan);
  if (o === null || checkType(c, o, OBJ_HASH)) return;
  scanGenericCommand(c, o, cursor);
}

/**
 * Replies the first `count` of `keys`, each followed by its value if `vals` is not null: in RESP3 as a pair.
 *
 * @c t_hash.c:889
 * @cstatic
 */
export function hrandfieldReplyWithListpack(
  c: client,
  count: number,
  keys: listpackEntry[],
  vals: listpackEntry[] | null,
): void {
  for (let i = 0; i < count; i++) {
    if (vals !== null && c.resp > 2) addReplyArrayLen(c, 2);
    hashReplyFromListpackEntry(c, keys[i]);
    if (vals !== null) hashReplyFromListpackEntry(c, vals[i]);
  }
}

/** HRANDFIELD removes from a copy, if the hash is less than this many times as large as what is asked for. */
const HRANDFIELD_SUB_STRATEGY_MUL = 3;

/** Pairs that are drawn from a listpack at a time, so that a large count does not need much memory. */
const HRANDFIELD_RANDOM_SAMPLE_LIMIT = 1000;

/**
 * As many new entries as asked for.
 *
 * @own zmalloc() of an array of them in hrandfieldWithCountCommand
 */
export function hrandfieldEntries(count: number): listpackEntry[] {
  const entries: listpackEntry[] = [];
  for (let i = 0; i < count; i++) entries.push(new listpackEntry());
  return entries;
}

/**
 * HRANDFIELD key count [WITHVALUES]: replies `l` different fields by chance, or if it is negative, -l that may repeat;
 * `withvalues` with their values.
 *
 * @c t_hash.c:916
 */
export function hrandfieldWithCountCommand(c: client, l: number, withvalues: boolean): void {
  let count = l;
  let uniq = true;

  const hash = lookupKeyReadOrReply(c, c.argv[1], shared.emptyarray);
  if (hash === null || checkType(c, hash, OBJ_HASH)) return;
  let size = hashTypeLength(hash);

  if (l < 0) {
    count = -l;
    uniq = false;
  }

  if (count === 0) {
    addReply(c, shared.emptyarray);
    return;
  }

  // Case 1: they may repeat, or it is one. Draw and reply. Only here the order matters, and is by chance.
  if (!uniq || count === 1) {
    if (withvalues && c.resp === 2) addReplyArrayLen(c, count * 2);
    else addReplyArrayLen(c, count);
    if (hash.encoding === OBJ_ENCODING_HT) {
      while (count--) {
        const de = dictGetFairRandomKey(hash.ptr as dict<string, string>)!;
        if (withvalues && c.resp > 2) addReplyArrayLen(c, 2);
        addReplyBulkCBuffer(c, dictGetKey(de));
        if (withvalues) addReplyBulkCBuffer(c, dictGetVal(de));
      }
    } else if (hash.encoding === OBJ_ENCODING_LISTPACK) {
      const limit = count > HRANDFIELD_RANDOM_SAMPLE_LIMIT ? HRANDFIELD_RANDOM_SAMPLE_LIMIT : count;
      const keys = hrandfieldEntries(limit);
      const vals = withvalues ? hrandfieldEntries(limit) : null;
      while (count) {
        const sample_count = count > limit ? limit : count;
        count -= sample_count;
        lpRandomPairs(hash.ptr as Buffer, sample_count, keys, vals);
        hrandfieldReplyWithListpack(c, sample_count, keys, vals);
      }
    }
    return;
  }

  const reply_size = count < size ? count : size;
  // RESP3 has pairs in an array, RESP2 fields and values in turn.
  if (withvalues && c.resp === 2) addReplyArrayLen(c, reply_size * 2);
  else addReplyArrayLen(c, reply_size);

  // Case 2: all of them.
  if (count >= size) {
    const hi = hashTypeInitIterator(hash);
    while (hashTypeNext(hi) !== C_ERR) {
      if (withvalues && c.resp > 2) addReplyArrayLen(c, 2);
      addHashIteratorCursorToReply(c, hi, OBJ_HASH_KEY);
      if (withvalues) addHashIteratorCursorToReply(c, hi, OBJ_HASH_VALUE);
    }
    hashTypeReleaseIterator(hi);
    return;
  }

  if (count * HRANDFIELD_SUB_STRATEGY_MUL > size) {
    // Case 3: a good part of the hash. Take all and remove by chance, since drawing would hit the same ones again and again.
    const d = dictCreate(sdsReplyDictType);
    dictExpand(d, size);
    const hi = hashTypeInitIterator(hash);

    while (hashTypeNext(hi) !== C_ERR) {
      const key = hashTypeCurrentObjectNewSds(hi, OBJ_HASH_KEY);
      const value = withvalues ? hashTypeCurrentObjectNewSds(hi, OBJ_HASH_VALUE) : null;
      serverAssert(dictAdd(d, key, value) === DICT_OK);
    }
    serverAssert(dictSize(d) === size);
    hashTypeReleaseIterator(hi);

    while (size > count) {
      const de = dictGetFairRandomKey(d)!;
      dictUnlink(d, dictGetKey(de));
      dictFreeUnlinkedEntry(d, de);
      size--;
    }

    const di = dictGetIterator(d);
    for (let de = dictNext(di); de !== null; de = dictNext(di)) {
      if (withvalues && c.resp > 2) addReplyArrayLen(c, 2);
      addReplyBulkSds(c, dictGetKey(de));
      if (withvalues) addReplyBulkSds(c, dictGetVal(de)!);
    }

    dictReleaseIterator(di);
    dictRelease(d);
  } else {
    // Case 4: few compared to the hash. Draw until there are enough different ones.
    if (hash.encoding === OBJ_ENCODING_LISTPACK) {
      // To reach one element of a listpack is a walk: the numbers are drawn first, and then one walk finds them all.
      const keys = hrandfieldEntries(count);
      const vals = withvalues ? hrandfieldEntries(count) : null;
      serverAssert(lpRandomPairsUnique(hash.ptr as Buffer, count, keys, vals) === count);
      hrandfieldReplyWithListpack(c, count, keys, vals);
      return;
    }

    let added = 0;
    const key = new listpackEntry();
    const value = new listpackEntry();
    const d = dictCreate(sdsReplyDictType);
    dictExpand(d, count);
    while (added < count) {
      hashTypeRandomElement(hash, size, key, withvalues ? value : null);

      if (dictAdd(d, hashSdsFromListpackEntry(key), null) !== DICT_OK) continue;
      added++;

      // The value is replied at once, so that the table of those seen does not have to keep it.
      if (withvalues && c.resp > 2) addReplyArrayLen(c, 2);
      hashReplyFromListpackEntry(c, key);
      if (withvalues) hashReplyFromListpackEntry(c, value);
    }

    dictRelease(d);
  }
}

/**
 * HRANDFIELD key [count [WITHVALUES]]: replies a field by chance.
 *
 * @c t_hash.c:1112
 */
export function hrandfieldCommand(c: client): void {
  if (c.argc >= 3) {
    const l = getLongFromObjectOrReply(c, c.argv[2], null);
    if (l === null) return;
    let withvalues = false;
    if (c.argc > 4 || (c.argc === 4 && strcasecmp(objPtrString(c.argv[3]), 'withvalues'))) {
      addReplyErrorObject(c, shared.syntaxerr);
      return;
    } else if (c.argc === 4) {
      withvalues = true;
    }
    hrandfieldWithCountCommand(c, l, withvalues);
    return;
  }

  const hash = lookupKeyReadOrReply(c, c.argv[1], shared.null[c.resp]);
  if (hash === null || checkType(c, hash, OBJ_HASH)) return;

  const ele = new listpackEntry();
  hashTypeRandomElement(hash, hashTypeLength(hash), ele, null);
  hashReplyFromListpackEntry(c, ele);
}
