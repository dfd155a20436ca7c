/**
 * db.c: the keyspace. Finding, adding, replacing and deleting keys, the commands that do not care for a value's type, ends
 * of keys, and where in a command line its keys stand.
 *
 *     server.db[0] ─► redisDb.dict      'foo' ─► robj {OBJ_STRING, EMBSTR, 'bar'}
 *                     redisDb.expires   'foo' ─► 1700000000123          the end, Unix time in ms; absent: none
 *                     redisDb.watched_keys, blocking_keys, ...
 *
 * A look-up goes by lookupKey(), which is where a key past its end disappears, the value's age is set back, and hits and
 * misses are counted:
 *
 *     lookupKeyRead ─► lookupKeyReadWithFlags ──┐
 *     lookupKeyWrite ─► lookupKeyWriteWithFlags ┴─► lookupKey ─► dictFind, expireIfNeeded ─► deleteExpiredKeyAndPropagate
 *
 * Memory: while a key is in a database, its name and its object are in the account (see object.ts). The functions here
 * that put keys in, take them out and replace values keep it: dbAccountAdd(), dbAccountRemove().
 *
 * Who calls in: every command. Whom it calls: dict, object, expire and evict for the ages, multi for WATCH, blocked for
 * those who wait for a key, notify; the types to copy and scan a value.
 * What differs from C: the account; names are JavaScript strings, so that the key of the main dictionary, of the expires and of
 * the argument are one; no modules, slots of a cluster or tracking have to be told of changes.
 *
 * @packageDocumentation
 */
import {
  addReply,
  addReplyArrayLen,
  addReplyBulk,
  addReplyBulkLongLong,
  addReplyDeferredLen,
  addReplyError,
  addReplyErrorObject,
  addReplyLongLong,
  addReplyNull,
  addReplyOrErrorObject,
  addReplyStatus,
  checkClientPauseTimeoutAndReturnIfPaused,
  setDeferredArrayLen,
} from '../networking/networking.ts';
import {
  listAddNodeTail,
  listCreate,
  listDelNode,
  listFirst,
  listLength,
  listNextNode,
  listNodeValue,
  listRelease,
  listSetFreeMethod,
  type list,
} from '../object/adlist.ts';
import {
  DICT_OK,
  dictAddOrFind,
  dictAddRaw,
  dictDelete,
  dictEmpty,
  dictFind,
  dictFreeUnlinkedEntry,
  dictGetFairRandomKey,
  dictGetKey,
  dictGetSafeIterator,
  dictGetSignedIntegerVal,
  dictGetVal,
  dictNext,
  dictReleaseIterator,
  dictScan,
  dictSetSignedIntegerVal,
  dictSetVal,
  dictSize,
  dictUnlink,
  type dict,
  type dictEntry,
} from '../object/dict.ts';
import {
  createRawStringObject,
  createStringObject,
  createStringObjectFromLongDouble,
  createStringObjectFromLongLong,
  decrRefCount,
  decrRefCountVoid,
  dupStringObject,
  getDecodedObject,
  getIntFromObjectOrReply,
  getLongFromObjectOrReply,
  incrRefCount,
  objPtrSds,
  objPtrString,
  objectAllocSize,
} from '../object/object.ts';
import { intsetGet } from '../object/intset.ts';
import { ld_from_number } from '../object/longdouble.ts';
import { sds, sdsStringAllocSize, sdscmp } from '../object/sds.ts';
import { streamDup } from '../object/t_stream.ts';
import { setTypeDup } from '../object/t_set.ts';
import { hashTypeDup } from '../object/t_hash.ts';
import { zsetDup } from '../object/t_zset.ts';
import { atoi, isspace, strcasecmp, string2ll, stringmatchlen, strtoull } from '../object/util.ts';
import { ledger } from '../object/zmalloc.ts';
import { EINVAL, posix } from '../posix/posix.ts';
import { lpFirst, lpGet, lpNext } from '../quicklist/listpack.ts';
import { listTypeDup } from '../quicklist/t_list.ts';
import { blockClient, signalKeyAsReady } from './blocked.ts';
import { serverAssert, serverAssertWithInfo, serverPanic } from './debug.ts';
import { LFUDecrAndReturn, LFUGetTimeInMinutes, LFULogIncr, LRU_CLOCK } from './evict.ts';
import { flushSlaveKeysWithExpireList, rememberSlaveKeyWithExpire } from './expire.ts';
import { latencyAddSampleIfNeeded, latencyEndMonitor, latencyStartMonitor } from './latency.ts';
import { emptyDbAsync, freeObjAsync } from './lazyfree.ts';
import { touchAllWatchedKeysInDb, touchWatchedKey } from './multi.ts';
import { notifyKeyspaceEvent } from './notify.ts';
import {
  psubscribeCommand,
  publishCommand,
  punsubscribeCommand,
  spublishCommand,
  ssubscribeCommand,
  subscribeCommand,
  sunsubscribeCommand,
  unsubscribeCommand,
} from './pubsub.ts';
import {
  abortShutdown,
  alsoPropagate,
  forceCommandPropagation,
  hasActiveChildProcess,
  mstime,
  prepareForShutdown,
} from './server.ts';
import {
  BLOCKED_SHUTDOWN,
  BLOCKED_STREAM,
  CLIENT_DENY_BLOCKING,
  CLIENT_MASTER,
  CMD_CHANNEL_PATTERN,
  CMD_CHANNEL_PUBLISH,
  CMD_CHANNEL_SUBSCRIBE,
  CMD_CHANNEL_UNSUBSCRIBE,
  CMD_KEY_ACCESS,
  CMD_KEY_INCOMPLETE,
  CMD_KEY_NOT_KEY,
  CMD_KEY_OW,
  CMD_KEY_RO,
  CMD_KEY_RW,
  CMD_KEY_UPDATE,
  CMD_KEY_VARIABLE_FLAGS,
  C_ERR,
  C_OK,
  EMPTYDB_ASYNC,
  EMPTYDB_NOFUNCTIONS,
  EMPTYDB_NO_FLAGS,
  GET_KEYSPEC_INCLUDE_NOT_KEYS,
  GET_KEYSPEC_RETURN_PARTIAL,
  KSPEC_BS_INDEX,
  KSPEC_BS_INVALID,
  KSPEC_BS_KEYWORD,
  KSPEC_FK_KEYNUM,
  KSPEC_FK_RANGE,
  LOOKUP_NOEXPIRE,
  LOOKUP_NONE,
  LOOKUP_NONOTIFY,
  LOOKUP_NOSTATS,
  LOOKUP_NOTOUCH,
  LOOKUP_WRITE,
  MAXMEMORY_FLAG_LFU,
  NOTIFY_EXPIRED,
  NOTIFY_GENERIC,
  NOTIFY_KEY_MISS,
  NOTIFY_NEW,
  OBJ_ENCODING_HT,
  OBJ_ENCODING_RAW,
  OBJ_ENCODING_SKIPLIST,
  OBJ_HASH,
  OBJ_LIST,
  OBJ_SET,
  OBJ_STREAM,
  OBJ_STRING,
  OBJ_ZSET,
  PROPAGATE_AOF,
  PROPAGATE_REPL,
  SETKEY_ALREADY_EXIST,
  SETKEY_DOESNT_EXIST,
  SETKEY_KEEPTTL,
  SETKEY_NO_SIGNAL,
  SHUTDOWN_FORCE,
  SHUTDOWN_NOFLAGS,
  SHUTDOWN_NOSAVE,
  SHUTDOWN_NOW,
  SHUTDOWN_SAVE,
  keyReference,
  server,
  shared,
  type client,
  type getKeysResult,
  type redisCommand,
  type redisCommandProc,
  type redisDb,
  type robj,
  type zset,
} from './server.h.ts';

/* ------------------------ The account of memory ------------------------ */

/**
 * Puts a key's name and its value's object into the account.
 *
 * @own sdsdup() of the name, and the object's allocation, in C
 */
export function dbAccountAdd(key: string, val: robj): void {
  ledger.used += sdsStringAllocSize(key.length) + objectAllocSize(val);
}

/**
 * Takes a value's object off the account, before its key goes; the name is left to the dictionary's destructor.
 *
 * @own decrRefCount() of the last reference in C
 */
export function dbAccountRemove(val: robj): void {
  ledger.used -= objectAllocSize(val);
}

/**
 * Takes the objects of all values of a database off the account, before they are released.
 *
 * @own decrRefCount() of each in C
 */
export function dbAccountEmpty(d: dict<string, robj>): void {
  for (let table = 0; table <= 1; table++) {
    const buckets = d.ht_table[table];
    if (buckets === null) continue;
    for (let de of buckets) {
      for (; de !== null; de = de.next) dbAccountRemove(de.v);
    }
  }
}

/* ------------------------------- DB API ------------------------------- */

/** Flags of expireIfNeeded(): delete even in a replica; only tell, do not delete. */
export const EXPIRE_FORCE_DELETE_EXPIRED = 1;
export const EXPIRE_AVOID_DELETE_EXPIRED = 2;

/**
 * Notes an access in the LFU field of a value: decay, a chance to grow, and the present minute.
 *
 * @c db.c:54
 */
export function updateLFU(val: robj): void {
  let counter = LFUDecrAndReturn(val);
  counter = LFULogIncr(counter);
  val.lru = (LFUGetTimeInMinutes() << 8) | counter;
}

/**
 * The value of a key, or null. On the way: a key past its end is deleted (in a replica only with LOOKUP_WRITE on a
 * writable one, otherwise it just counts as missing), the value's age is set back, hits and misses are counted, a
 * miss fires the event keymiss. The LOOKUP_* flags leave out one or the other; LOOKUP_WRITE counts and tells nothing.
 *
 * @c db.c:87
 */
export function lookupKey(db: redisDb, key: robj, flags: number): robj | null {
  const de = dictFind(db.dict, objPtrString(key));
  let val: robj | null = null;
  if (de !== null) {
    val = dictGetVal(de);
    // A read-only replica that deleted by itself would no longer be the same as its master.
    const is_ro_replica = server.masterhost !== null && server.repl_slave_ro !== 0;
    let expire_flags = 0;
    if (flags & LOOKUP_WRITE && !is_ro_replica) expire_flags |= EXPIRE_FORCE_DELETE_EXPIRED;
    if (flags & LOOKUP_NOEXPIRE) expire_flags |= EXPIRE_AVOID_DELETE_EXPIRED;
    if (expireIfNeeded(db, key, expire_flags)) val = null;
  }

  if (val !== null) {
    // While a child saves, C would have to copy the page that the lru field is on.
    if (!hasActiveChildProcess() && !(flags & LOOKUP_NOTOUCH)) {
      if (server.maxmemory_policy & MAXMEMORY_FLAG_LFU) updateLFU(val);
      else val.lru = LRU_CLOCK();
    }

    if (!(flags & (LOOKUP_NOSTATS | LOOKUP_WRITE))) server.stat_keyspace_hits++;
  } else {
    if (!(flags & (LOOKUP_NONOTIFY | LOOKUP_WRITE))) {
      notifyKeyspaceEvent(NOTIFY_KEY_MISS, 'keymiss', key, db.id);
    }
    if (!(flags & (LOOKUP_NOSTATS | LOOKUP_WRITE))) server.stat_keyspace_misses++;
  }

  return val;
}

/**
 * The value of a key that is going to be read, or null.
 *
 * @c db.c:147
 */
export function lookupKeyReadWithFlags(db: redisDb, key: robj, flags: number): robj | null {
  serverAssert(!(flags & LOOKUP_WRITE));
  return lookupKey(db, key, flags);
}

/**
 * The value of a key that is going to be read, or null; the common case without flags.
 *
 * @c db.c:154
 */
export function lookupKeyRead(db: redisDb, key: robj): robj | null {
  return lookupKeyReadWithFlags(db, key, LOOKUP_NONE);
}

/**
 * The value of a key that is going to be changed, or null.
 *
 * @c db.c:164
 */
export function lookupKeyWriteWithFlags(db: redisDb, key: robj, flags: number): robj | null {
  return lookupKey(db, key, flags | LOOKUP_WRITE);
}

/**
 * The value of a key that is going to be changed, or null; the common case without flags.
 *
 * @c db.c:168
 */
export function lookupKeyWrite(db: redisDb, key: robj): robj | null {
  return lookupKeyWriteWithFlags(db, key, LOOKUP_NONE);
}

/**
 * lookupKeyRead() in the client's database; a missing key has `reply` replied.
 *
 * @c db.c:172
 */
export function lookupKeyReadOrReply(c: client, key: robj, reply: robj): robj | null {
  const o = lookupKeyRead(c.db, key);
  if (o === null) addReplyOrErrorObject(c, reply);
  return o;
}

/**
 * lookupKeyWrite() in the client's database; a missing key has `reply` replied.
 *
 * @c db.c:178
 */
export function lookupKeyWriteOrReply(c: client, key: robj, reply: robj): robj | null {
  const o = lookupKeyWrite(c.db, key);
  if (o === null) addReplyOrErrorObject(c, reply);
  return o;
}

/**
 * Adds a key that must not exist, and tells those who wait for it. The database takes over the caller's reference to the
 * value.
 *
 * @c db.c:188
 */
export function dbAdd(db: redisDb, key: robj, val: robj): void {
  const copy = objPtrString(key);
  const de = dictAddRaw(db.dict, copy, null);
  serverAssertWithInfo(null, key, de !== null);
  dictSetVal(db.dict, de!, val);
  dbAccountAdd(copy, val);
  signalKeyAsReady(db, key, val.type);
  notifyKeyspaceEvent(NOTIFY_NEW, 'new', key, db.id);
}

/**
 * Adds a key while a file is loaded: without events, and without complaint if it exists. Whether it was added; only then
 * does the database take over the caller's reference to the value.
 *
 * @c db.c:209
 */
export function dbAddRDBLoad(db: redisDb, key: string, val: robj): boolean {
  const de = dictAddRaw(db.dict, key, null);
  if (de === null) return false;
  dictSetVal(db.dict, de, val);
  dbAccountAdd(key, val);
  return true;
}

/**
 * Gives a key that must exist another value, and releases the old one; its end stays. The database takes over the
 * caller's reference to the value.
 *
 * @c db.c:222
 */
export function dbOverwrite(db: redisDb, key: robj, val: robj): void {
  const de = dictFind(db.dict, objPtrString(key));

  serverAssertWithInfo(null, key, de !== null);
  const old = dictGetVal(de!);
  if (server.maxmemory_policy & MAXMEMORY_FLAG_LFU) val.lru = old.lru;
  // Who waits in XREADGROUP has to be told that the stream is gone.
  if (old.type === OBJ_STREAM) signalKeyAsReady(db, key, old.type);
  // C keeps a copy of the entry to release it by; the old value is enough.
  dictSetVal(db.dict, de!, val);
  ledger.used += objectAllocSize(val) - objectAllocSize(old);

  let aux: robj | null = old;
  if (server.lazyfree_lazy_server_del) {
    freeObjAsync(key, old, db.id);
    aux = null;
  }
  db.dict.type.valDestructor!(db.dict, aux as robj);
}

/**
 * Gives a key a value, whether it exists or not: takes a reference of its own to the value, removes the key's end unless
 * SETKEY_KEEPTTL, and tells who watches it unless SETKEY_NO_SIGNAL. With SETKEY_ALREADY_EXIST or SETKEY_DOESNT_EXIST the
 * caller says what it found out before. `c` is null when no client does this.
 *
 * @c db.c:261
 */
export function setKey(c: client | null, db: redisDb, key: robj, val: robj, flags: number): void {
  let keyfound = false;

  if (flags & SETKEY_ALREADY_EXIST) keyfound = true;
  else if (!(flags & SETKEY_DOESNT_EXIST)) keyfound = lookupKeyWrite(db, key) !== null;

  if (!keyfound) dbAdd(db, key, val);
  else dbOverwrite(db, key, val);
  incrRefCount(val);
  if (!(flags & SETKEY_KEEPTTL)) removeExpire(db, key);
  if (!(flags & SETKEY_NO_SIGNAL)) signalModifiedKey(c, db, key);
}

/**
 * The name of a random key as a new object, or null if there is none. Keys past their end are passed over and deleted.
 *
 * @c db.c:283
 */
export function dbRandomKey(db: redisDb): robj | null {
  let maxtries = 100;
  const allvolatile = dictSize(db.dict) === dictSize(db.expires);

  while (true) {
    const de = dictGetFairRandomKey(db.dict);
    if (de === null) return null;

    const key = dictGetKey(de);
    const keyobj = createStringObject(key);
    if (dictFind(db.expires, key)) {
      if (allvolatile && server.masterhost && --maxtries === 0) {
        // A replica does not delete: if all its keys are past their end, none would ever be good enough.
        return keyobj;
      }
      if (expireIfNeeded(db, keyobj, 0)) {
        decrRefCount(keyobj);
        continue;
      }
    }
    return keyobj;
  }
}

/**
 * Deletes a key with its value and its end. Whether there was one, as 1 or 0. With `async` the value may be released
 * later.
 *
 * @c db.c:319
 * @cstatic
 */
export function dbGenericDelete(db: redisDb, key: robj, async: boolean): number {
  const name = objPtrString(key);
  // The entry of the expires owns nothing: the name belongs to the main dictionary.
  if (dictSize(db.expires) > 0) dictDelete(db.expires, name);
  const de = dictUnlink(db.dict, name);
  if (de !== null) {
    const val = dictGetVal(de);
    dbAccountRemove(val);
    // Who waits in XREADGROUP has to be told that the stream is gone.
    if (val.type === OBJ_STREAM) signalKeyAsReady(db, key, val.type);
    if (async) {
      freeObjAsync(key, val, db.id);
      // The dictionary's destructor ignores null.
      dictSetVal(db.dict, de, null as unknown as robj);
    }
    dictFreeUnlinkedEntry(db.dict, de);
    return 1;
  } else {
    return 0;
  }
}

/**
 * Deletes a key and releases its value at once. 1, or 0 if there was none.
 *
 * @c db.c:344
 */
export function dbSyncDelete(db: redisDb, key: robj): number {
  return dbGenericDelete(db, key, false);
}

/**
 * Deletes a key; a large value is released later. 1, or 0 if there was none.
 *
 * @c db.c:350
 */
export function dbAsyncDelete(db: redisDb, key: robj): number {
  return dbGenericDelete(db, key, true);
}

/**
 * Deletes a key on behalf of a command, as lazyfree-lazy-server-del says. 1, or 0 if there was none.
 *
 * @c db.c:356
 */
export function dbDelete(db: redisDb, key: robj): number {
  return dbGenericDelete(db, key, server.lazyfree_lazy_server_del !== 0);
}

/**
 * Prepares a string value for being written into: the object to write into, whose ptr is an sds, and which is what the
 * key holds. That is `o`, the value that a look-up just gave, or if others hold it or it is not RAW, a copy.
 *
 * @c db.c:387
 */
export function dbUnshareStringValue(db: redisDb, key: robj, o: robj): robj {
  serverAssert(o.type === OBJ_STRING);
  if (o.refcount !== 1 || o.encoding !== OBJ_ENCODING_RAW) {
    const decoded = getDecodedObject(o);
    const bytes = decoded.ptr;
    o = createRawStringObject(
      bytes instanceof sds ? bytes.buf.subarray(0, bytes.len) : objPtrString(decoded),
    );
    objPtrSds(o);
    decrRefCount(decoded);
    dbOverwrite(db, key, o);
  } else if (typeof o.ptr === 'string') {
    // An sds has an account of its own, the immutable string that it replaces was in the keyspace's.
    ledger.used -= sdsStringAllocSize(o.ptr.length);
    objPtrSds(o);
  }
  return o;
}

/**
 * Removes all keys from database `dbnum` of the array, or from all of them if that is -1; with `async` they are released
 * later. `callback` is called now and then while this goes on. Returns how many keys there were.
 *
 * @c db.c:404
 */
export function emptyDbStructure(
  dbarray: redisDb[],
  dbnum: number,
  async: boolean,
  callback: ((d: dict<string, unknown>) => void) | null,
): number {
  let removed = 0;
  let startdb: number;
  let enddb: number;

  if (dbnum === -1) {
    startdb = 0;
    enddb = server.dbnum - 1;
  } else {
    startdb = enddb = dbnum;
  }

  for (let j = startdb; j <= enddb; j++) {
    removed += dictSize(dbarray[j].dict);
    if (async) {
      emptyDbAsync(dbarray[j]);
    } else {
      dbAccountEmpty(dbarray[j].dict);
      dictEmpty(dbarray[j].dict, callback as ((d: dict<string, robj>) => void) | null);
      dictEmpty(
        dbarray[j].expires,
        callback as ((d: dict<string, number | bigint>) => void) | null,
      );
    }
    dbarray[j].avg_ttl = 0;
    dbarray[j].expires_cursor = 0;
  }

  return removed;
}

/**
 * Removes all data from one database of the server, or from all if `dbnum` is -1. EMPTYDB_ASYNC releases it later. Returns
 * how many keys there were; -1 with errno EINVAL for a database that does not exist.
 *
 * @c db.c:448
 */
export function emptyData(
  dbnum: number,
  flags: number,
  callback: ((d: dict<string, unknown>) => void) | null,
): number {
  const async = (flags & EMPTYDB_ASYNC) !== 0;

  if (dbnum < -1 || dbnum >= server.dbnum) {
    posix.errno = EINVAL;
    return -1;
  }

  // While the keys are still there, so that it can be seen which of the watched ones exist.
  signalFlushedDb(dbnum, async);

  const removed = emptyDbStructure(server.db, dbnum, async, callback);

  if (dbnum === -1) flushSlaveKeysWithExpireList();

  return removed;
}

/**
 * Makes database `id` the client's. C_OK, or C_ERR if there is no such database.
 *
 * @c db.c:529
 */
export function selectDb(c: client, id: number): number {
  if (id < 0 || id >= server.dbnum) return C_ERR;
  c.db = server.db[id];
  return C_OK;
}

/**
 * The number of keys in all databases.
 *
 * @c db.c:536
 */
export function dbTotalServerKeyCount(): number {
  let total = 0;
  for (let j = 0; j < server.dbnum; j++) total += dictSize(server.db[j].dict);
  return total;
}

/* --------------------- Hooks for key space changes --------------------- */

/**
 * To be called whenever a key was changed: fails the transactions of those who watch it. `c` is null when no client
 * changed it.
 *
 * @c db.c:556
 */
export function signalModifiedKey(c: client | null, db: redisDb, key: robj): void {
  // Who changed it makes no difference to WATCH.
  void c;
  touchWatchedKey(db, key);
}

/**
 * To be called before database `dbid` (-1: all) is emptied.
 *
 * @c db.c:561
 */
export function signalFlushedDb(dbid: number, async: boolean): void {
  void async;
  let startdb: number;
  let enddb: number;
  if (dbid === -1) {
    startdb = 0;
    enddb = server.dbnum - 1;
  } else {
    startdb = enddb = dbid;
  }

  for (let j = startdb; j <= enddb; j++) {
    scanDatabaseForDeletedStreams(server.db[j], null);
    touchAllWatchedKeysInDb(server.db[j], null);
  }
}

/* ------------- Type agnostic commands operating on the key space ------------- */

/**
 * The EMPTYDB_* flags for FLUSHALL and FLUSHDB: from their argument SYNC or ASYNC, or else from
 * lazyfree-lazy-user-flush. null when a syntax error has been replied.
 *
 * @c db.c:595
 */
export function getFlushCommandFlags(c: client): number | null {
  if (c.argc === 2 && !strcasecmp(objPtrString(c.argv[1]), 'sync')) {
    return EMPTYDB_NO_FLAGS;
  } else if (c.argc === 2 && !strcasecmp(objPtrString(c.argv[1]), 'async')) {
    return EMPTYDB_ASYNC;
  } else if (c.argc === 1) {
    return server.lazyfree_lazy_user_flush ? EMPTYDB_ASYNC : EMPTYDB_NO_FLAGS;
  } else {
    addReplyErrorObject(c, shared.syntaxerr);
    return null;
  }
}

/**
 * Empties all databases, with the EMPTYDB_* flags, and counts the keys as changes.
 *
 * @c db.c:611
 */
export function flushAllDataAndResetRDB(flags: number): void {
  server.dirty += emptyData(-1, flags, null);
}

/**
 * FLUSHDB [ASYNC | SYNC]: empties the client's database.
 *
 * @c db.c:632
 */
export function flushdbCommand(c: client): void {
  const flags = getFlushCommandFlags(c);
  if (flags === null) return;
  server.dirty += emptyData(c.db.id, flags | EMPTYDB_NOFUNCTIONS, null);

  // An empty database has no changes to count, but the command has to go out all the same.
  forceCommandPropagation(c, PROPAGATE_REPL | PROPAGATE_AOF);

  addReply(c, shared.ok);
}

/**
 * FLUSHALL [ASYNC | SYNC]: empties all databases.
 *
 * @c db.c:657
 */
export function flushallCommand(c: client): void {
  const flags = getFlushCommandFlags(c);
  if (flags === null) return;
  flushAllDataAndResetRDB(flags | EMPTYDB_NOFUNCTIONS);

  // Empty databases have no changes to count, but the command has to go out all the same.
  forceCommandPropagation(c, PROPAGATE_REPL | PROPAGATE_AOF);

  addReply(c, shared.ok);
}

/**
 * Deletes the keys argv[1..] and replies how many there were; `lazy` releases large values later.
 *
 * @c db.c:671
 */
export function delGenericCommand(c: client, lazy: boolean): void {
  let numdel = 0;

  for (let j = 1; j < c.argc; j++) {
    expireIfNeeded(c.db, c.argv[j], 0);
    const deleted = lazy ? dbAsyncDelete(c.db, c.argv[j]) : dbSyncDelete(c.db, c.argv[j]);
    if (deleted) {
      signalModifiedKey(c, c.db, c.argv[j]);
      notifyKeyspaceEvent(NOTIFY_GENERIC, 'del', c.argv[j], c.db.id);
      server.dirty++;
      numdel++;
    }
  }
  addReplyLongLong(c, numdel);
}

/**
 * DEL key [key ...]: releases as lazyfree-lazy-user-del says.
 *
 * @c db.c:689
 */
export function delCommand(c: client): void {
  delGenericCommand(c, server.lazyfree_lazy_user_del !== 0);
}

/**
 * UNLINK key [key ...]: releases later.
 *
 * @c db.c:693
 */
export function unlinkCommand(c: client): void {
  delGenericCommand(c, true);
}

/**
 * EXISTS key [key ...]: how many of the arguments name keys; one named twice counts twice.
 *
 * @c db.c:699
 */
export function existsCommand(c: client): void {
  let count = 0;

  for (let j = 1; j < c.argc; j++) {
    if (lookupKeyReadWithFlags(c.db, c.argv[j], LOOKUP_NOTOUCH)) count++;
  }
  addReplyLongLong(c, count);
}

/**
 * SELECT index: makes that database the client's.
 *
 * @c db.c:709
 */
export function selectCommand(c: client): void {
  const id = getIntFromObjectOrReply(c, c.argv[1], null);
  if (id === null) return;

  if (server.cluster_enabled && id !== 0) {
    addReplyError(c, 'SELECT is not allowed in cluster mode');
    return;
  }
  if (selectDb(c, id) === C_ERR) {
    addReplyError(c, 'DB index is out of range');
  } else {
    addReply(c, shared.ok);
  }
}

/**
 * RANDOMKEY: replies the name of some key, null if there is none.
 *
 * @c db.c:726
 */
export function randomkeyCommand(c: client): void {
  const key = dbRandomKey(c.db);
  if (key === null) {
    addReplyNull(c);
    return;
  }

  addReplyBulk(c, key);
  decrRefCount(key);
}

/**
 * KEYS pattern: replies the names of all keys that match.
 *
 * @c db.c:738
 */
export function keysCommand(c: client): void {
  const pattern = objPtrString(c.argv[1]);
  let numkeys = 0;
  const replylen = addReplyDeferredLen(c);

  const di = dictGetSafeIterator(c.db.dict);
  const allkeys = pattern === '*';
  let de: dictEntry<string, robj> | null;
  while ((de = dictNext(di)) !== null) {
    const key = dictGetKey(de);

    if (allkeys || stringmatchlen(pattern, key, false)) {
      const keyobj = createStringObject(key);
      if (!keyIsExpired(c.db, keyobj)) {
        addReplyBulk(c, keyobj);
        numkeys++;
      }
      decrRefCount(keyobj);
    }
  }
  dictReleaseIterator(di);
  setDeferredArrayLen(c, replylen, numkeys);
}

/** What scanCallback() gets: where to put what it finds, and the value whose dictionary is scanned; null: the keyspace. */
export interface ScanData {
  keys: list<robj>;
  o: robj | null;
}

/**
 * Appends the name in a dictionary's entry to the list; of a hash the value too, of a sorted set the score.
 *
 * @c db.c:767
 */
export function scanCallback(pd: ScanData, de: dictEntry<string, unknown>): void {
  const { keys, o } = pd;
  const key = createStringObject(dictGetKey(de));
  let val: robj | null = null;

  if (o === null || o.type === OBJ_SET) {
    // The name is all there is.
  } else if (o.type === OBJ_HASH) {
    val = createStringObject(dictGetVal(de) as string);
  } else if (o.type === OBJ_ZSET) {
    const score = (o.ptr as zset).score(de as dictEntry<string, number>);
    val = createStringObjectFromLongDouble(ld_from_number(score), false);
  } else {
    serverPanic('Type not handled in SCAN callback.');
  }

  listAddNodeTail(keys, key);
  if (val !== null) listAddNodeTail(keys, val);
}

/**
 * The cursor in a SCAN command's argument, from 0 to 2^64-1; null when an error has been replied.
 *
 * @c db.c:800
 */
export function parseScanCursorOrReply(c: client, o: robj): number | bigint | null {
  // strtoul() and not getLongLongFromObject(), since a cursor has no sign; with its ways: a sign is read all the same,
  // and nothing at all is 0.
  const s = objPtrString(o);
  const { value, end, erange } = strtoull(s, 10);
  if (isspace(s.charCodeAt(0)) || (end < s.length && s.charCodeAt(end) !== 0) || erange) {
    addReplyError(c, 'invalid cursor');
    return null;
  }
  return value;
}

/**
 * SCAN, SSCAN, HSCAN, ZSCAN: over the keys of the client's database (`o` null) or the elements of a set, hash or sorted
 * set, from a cursor on. Replies the next cursor and names, with the values of a hash and the scores of a sorted set. Each
 * call looks at about COUNT buckets; MATCH and TYPE filter what it found there. What is not in a hash table is small, and
 * comes in one go.
 *
 * @c db.c:826
 */
export function scanGenericCommand(c: client, o: robj | null, cursor: number | bigint): void {
  const keys = listCreate<robj>();
  let count = 10;
  let pat = '';
  let typename: string | null = null;
  let use_pattern = false;

  serverAssert(o === null || o.type === OBJ_SET || o.type === OBJ_HASH || o.type === OBJ_ZSET);

  // The first option stands behind the cursor, before which there may be a key.
  let i = o === null ? 2 : 3;

  cleanup: {
    // Step 1: the options.
    while (i < c.argc) {
      const j = c.argc - i;
      const opt = objPtrString(c.argv[i]);
      if (!strcasecmp(opt, 'count') && j >= 2) {
        const n = getLongFromObjectOrReply(c, c.argv[i + 1], null);
        if (n === null) break cleanup;
        count = n;

        if (count < 1) {
          addReplyErrorObject(c, shared.syntaxerr);
          break cleanup;
        }

        i += 2;
      } else if (!strcasecmp(opt, 'match') && j >= 2) {
        pat = objPtrString(c.argv[i + 1]);

        // "*" matches all: as if there were no pattern.
        use_pattern = pat !== '*';

        i += 2;
      } else if (!strcasecmp(opt, 'type') && o === null && j >= 2) {
        typename = objPtrString(c.argv[i + 1]);
        i += 2;
      } else {
        addReplyErrorObject(c, shared.syntaxerr);
        break cleanup;
      }
    }

    // Step 2: walk the collection.
    let ht: dict<string, unknown> | null = null;
    if (o === null) {
      ht = c.db.dict as dict<string, unknown>;
    } else if (o.type === OBJ_SET && o.encoding === OBJ_ENCODING_HT) {
      ht = o.ptr as dict<string, unknown>;
    } else if (o.type === OBJ_HASH && o.encoding === OBJ_ENCODING_HT) {
      ht = o.ptr as dict<string, unknown>;
      count *= 2; // Names and values.
    } else if (o.type === OBJ_ZSET && o.encoding === OBJ_ENCODING_SKIPLIST) {
      ht = (o.ptr as zset).dict as dict<string, unknown>;
      count *= 2; // Names and scores.
    }

    if (ht !== null) {
      // In a sparse table not much is found: ten times COUNT buckets are enough.
      let maxiterations = count * 10;
      const privdata: ScanData = { keys, o };
      do {
        cursor = dictScan(ht, cursor, scanCallback, null, privdata);
      } while (cursor && maxiterations-- && listLength(keys) < count);
    } else if (o!.type === OBJ_SET) {
      let pos = 0;
      for (;;) {
        const ll = intsetGet(o!.ptr as Buffer, pos++);
        if (ll === null) break;
        listAddNodeTail(keys, createStringObjectFromLongLong(ll));
      }
      cursor = 0;
    } else if (o!.type === OBJ_HASH || o!.type === OBJ_ZSET) {
      const lp = o!.ptr as Buffer;
      let p = lpFirst(lp);
      while (p) {
        listAddNodeTail(keys, createStringObject(String(lpGet(lp, p, null))));
        p = lpNext(lp, p);
      }
      cursor = 0;
    } else {
      serverPanic('Not handled encoding in SCAN.');
    }

    // Step 3: filter.
    let node = listFirst(keys);
    while (node !== null) {
      let kobj = listNodeValue(node);
      let nextnode = listNextNode(node);
      let filter = false;

      if (use_pattern) {
        if (!stringmatchlen(pat, objPtrString(kobj), false)) filter = true;
      }

      if (!filter && o === null && typename !== null) {
        const typecheck = lookupKeyReadWithFlags(c.db, kobj, LOOKUP_NOTOUCH);
        const type = getObjectTypeName(typecheck);
        if (strcasecmp(typename, type)) filter = true;
      }

      if (!filter && o === null && expireIfNeeded(c.db, kobj, 0)) filter = true;

      if (filter) {
        decrRefCount(kobj);
        listDelNode(keys, node);
      }

      // Behind the name stands the value or score, which goes with it. Only names are matched.
      if (o !== null && (o.type === OBJ_ZSET || o.type === OBJ_HASH)) {
        node = nextnode;
        serverAssert(node !== null, 'node');
        nextnode = listNextNode(node!);
        if (filter) {
          kobj = listNodeValue(node!);
          decrRefCount(kobj);
          listDelNode(keys, node!);
        }
      }
      node = nextnode;
    }

    // Step 4: reply.
    addReplyArrayLen(c, 2);
    addReplyBulkLongLong(c, cursor);

    addReplyArrayLen(c, listLength(keys));
    while ((node = listFirst(keys)) !== null) {
      const kobj = listNodeValue(node);
      addReplyBulk(c, kobj);
      decrRefCount(kobj);
      listDelNode(keys, node);
    }
  }

  listSetFreeMethod(keys, decrRefCountVoid);
  listRelease(keys);
}

/**
 * SCAN cursor [MATCH pattern] [COUNT count] [TYPE type].
 *
 * @c db.c:1015
 */
export function scanCommand(c: client): void {
  const cursor = parseScanCursorOrReply(c, c.argv[1]);
  if (cursor === null) return;
  scanGenericCommand(c, null, cursor);
}

/**
 * DBSIZE: replies the number of keys, those past their end included.
 *
 * @c db.c:1021
 */
export function dbsizeCommand(c: client): void {
  addReplyLongLong(c, dictSize(c.db.dict));
}

/**
 * The name of a value's type, as TYPE tells it; "none" for no value.
 *
 * @c db.c:1029
 */
export function getObjectTypeName(o: robj | null): string {
  if (o === null) return 'none';
  switch (o.type) {
    case OBJ_STRING:
      return 'string';
    case OBJ_LIST:
      return 'list';
    case OBJ_SET:
      return 'set';
    case OBJ_ZSET:
      return 'zset';
    case OBJ_HASH:
      return 'hash';
    case OBJ_STREAM:
      return 'stream';
    default:
      return 'unknown';
  }
}

/**
 * TYPE key: replies the name of its value's type.
 *
 * @c db.c:1051
 */
export function typeCommand(c: client): void {
  const o = lookupKeyReadWithFlags(c.db, c.argv[1], LOOKUP_NOTOUCH);
  addReplyStatus(c, getObjectTypeName(o));
}

/**
 * SHUTDOWN [NOSAVE | SAVE] [NOW] [FORCE] | ABORT. Ends the process, or blocks the client until that has happened or
 * failed.
 *
 * @c db.c:1057
 */
export function shutdownCommand(c: client): void {
  let flags = SHUTDOWN_NOFLAGS;
  let abort = false;
  for (let i = 1; i < c.argc; i++) {
    const arg = objPtrString(c.argv[i]);
    if (!strcasecmp(arg, 'nosave')) {
      flags |= SHUTDOWN_NOSAVE;
    } else if (!strcasecmp(arg, 'save')) {
      flags |= SHUTDOWN_SAVE;
    } else if (!strcasecmp(arg, 'now')) {
      flags |= SHUTDOWN_NOW;
    } else if (!strcasecmp(arg, 'force')) {
      flags |= SHUTDOWN_FORCE;
    } else if (!strcasecmp(arg, 'abort')) {
      abort = true;
    } else {
      addReplyErrorObject(c, shared.syntaxerr);
      return;
    }
  }
  if ((abort && flags !== SHUTDOWN_NOFLAGS) || (flags & SHUTDOWN_NOSAVE && flags & SHUTDOWN_SAVE)) {
    addReplyErrorObject(c, shared.syntaxerr);
    return;
  }

  if (abort) {
    if (abortShutdown() === C_OK) addReply(c, shared.ok);
    else addReplyError(c, 'No shutdown in progress.');
    return;
  }

  if (!(flags & SHUTDOWN_NOW) && c.flags_hi & CLIENT_DENY_BLOCKING) {
    addReplyError(c, "SHUTDOWN without NOW or ABORT isn't allowed for DENY BLOCKING client");
    return;
  }

  blockClient(c, BLOCKED_SHUTDOWN);
  if (prepareForShutdown(flags) === C_OK) posix.exit(0);
  // Here the shutdown goes on, and the client waits, or it failed, and the client has been told.
}

/**
 * Moves the value and the end of argv[1] to the name argv[2]; with `nx` only if that is free. Replies OK, or for RENAMENX
 * 1 or 0; an error if there is no such key.
 *
 * @c db.c:1118
 */
export function renameGenericCommand(c: client, nx: boolean): void {
  let samekey = false;

  // Nothing is to be done then, but a missing key is an error all the same.
  if (sdscmp(objPtrString(c.argv[1]), objPtrString(c.argv[2])) === 0) samekey = true;

  const o = lookupKeyWriteOrReply(c, c.argv[1], shared.nokeyerr);
  if (o === null) return;

  if (samekey) {
    addReply(c, nx ? shared.czero : shared.ok);
    return;
  }

  incrRefCount(o);
  const expire = getExpire(c.db, c.argv[1]);
  if (lookupKeyWrite(c.db, c.argv[2]) !== null) {
    if (nx) {
      decrRefCount(o);
      addReply(c, shared.czero);
      return;
    }
    dbDelete(c.db, c.argv[2]);
  }
  dbAdd(c.db, c.argv[2], o);
  if (expire !== -1) setExpire(c, c.db, c.argv[2], expire);
  dbDelete(c.db, c.argv[1]);
  signalModifiedKey(c, c.db, c.argv[1]);
  signalModifiedKey(c, c.db, c.argv[2]);
  notifyKeyspaceEvent(NOTIFY_GENERIC, 'rename_from', c.argv[1], c.db.id);
  notifyKeyspaceEvent(NOTIFY_GENERIC, 'rename_to', c.argv[2], c.db.id);
  server.dirty++;
  addReply(c, nx ? shared.cone : shared.ok);
}

/**
 * RENAME key newkey.
 *
 * @c db.c:1160
 */
export function renameCommand(c: client): void {
  renameGenericCommand(c, false);
}

/**
 * RENAMENX key newkey.
 *
 * @c db.c:1164
 */
export function renamenxCommand(c: client): void {
  renameGenericCommand(c, true);
}

/**
 * MOVE key db: replies 1, or 0 if there is no such key or the other database has one.
 *
 * @c db.c:1168
 */
export function moveCommand(c: client): void {
  if (server.cluster_enabled) {
    addReplyError(c, 'MOVE is not allowed in cluster mode');
    return;
  }

  const src = c.db;
  const srcid = c.db.id;

  const dbid = getIntFromObjectOrReply(c, c.argv[2], null);
  if (dbid === null) return;

  if (selectDb(c, dbid) === C_ERR) {
    addReplyError(c, 'DB index is out of range');
    return;
  }
  const dst = c.db;
  selectDb(c, srcid);

  if (src === dst) {
    addReplyErrorObject(c, shared.sameobjecterr);
    return;
  }

  const o = lookupKeyWrite(c.db, c.argv[1]);
  if (o === null) {
    addReply(c, shared.czero);
    return;
  }
  const expire = getExpire(c.db, c.argv[1]);

  if (lookupKeyWrite(dst, c.argv[1]) !== null) {
    addReply(c, shared.czero);
    return;
  }
  dbAdd(dst, c.argv[1], o);
  if (expire !== -1) setExpire(c, dst, c.argv[1], expire);
  incrRefCount(o);

  dbDelete(src, c.argv[1]);
  signalModifiedKey(c, src, c.argv[1]);
  signalModifiedKey(c, dst, c.argv[1]);
  notifyKeyspaceEvent(NOTIFY_GENERIC, 'move_from', c.argv[1], src.id);
  notifyKeyspaceEvent(NOTIFY_GENERIC, 'move_to', c.argv[1], dst.id);

  server.dirty++;
  addReply(c, shared.cone);
}

/**
 * COPY source destination [DB destination-db] [REPLACE]: replies 1, or 0 if there is no such key or the other exists.
 *
 * @c db.c:1230
 */
export function copyCommand(c: client): void {
  let replace = false;
  let remove = false;

  const src = c.db;
  let dst = c.db;
  const srcid = c.db.id;
  let dbid = c.db.id;
  for (let j = 3; j < c.argc; j++) {
    const additional = c.argc - j - 1;
    const arg = objPtrString(c.argv[j]);
    if (!strcasecmp(arg, 'replace')) {
      replace = true;
    } else if (!strcasecmp(arg, 'db') && additional >= 1) {
      const id = getIntFromObjectOrReply(c, c.argv[j + 1], null);
      if (id === null) return;
      dbid = id;

      if (selectDb(c, dbid) === C_ERR) {
        addReplyError(c, 'DB index is out of range');
        return;
      }
      dst = c.db;
      selectDb(c, srcid);
      j++; // The option's argument.
    } else {
      addReplyErrorObject(c, shared.syntaxerr);
      return;
    }
  }

  if (server.cluster_enabled === 1 && (srcid !== 0 || dbid !== 0)) {
    addReplyError(c, 'Copying to another database is not allowed in cluster mode');
    return;
  }

  const key = c.argv[1];
  const newkey = c.argv[2];
  if (src === dst && sdscmp(objPtrString(key), objPtrString(newkey)) === 0) {
    addReplyErrorObject(c, shared.sameobjecterr);
    return;
  }

  const o = lookupKeyRead(c.db, key);
  if (o === null) {
    addReply(c, shared.czero);
    return;
  }
  const expire = getExpire(c.db, key);

  if (lookupKeyWrite(dst, newkey) !== null) {
    if (replace) {
      remove = true;
    } else {
      addReply(c, shared.czero);
      return;
    }
  }

  let newobj: robj;
  switch (o.type) {
    case OBJ_STRING:
      newobj = dupStringObject(o);
      break;
    case OBJ_LIST:
      newobj = listTypeDup(o);
      break;
    case OBJ_SET:
      newobj = setTypeDup(o);
      break;
    case OBJ_ZSET:
      newobj = zsetDup(o);
      break;
    case OBJ_HASH:
      newobj = hashTypeDup(o);
      break;
    case OBJ_STREAM:
      newobj = streamDup(o);
      break;
    default:
      addReplyError(c, 'unknown type object');
      return;
  }

  if (remove) dbDelete(dst, newkey);

  dbAdd(dst, newkey, newobj);
  if (expire !== -1) setExpire(c, dst, newkey, expire);

  signalModifiedKey(c, dst, c.argv[2]);
  notifyKeyspaceEvent(NOTIFY_GENERIC, 'copy_to', c.argv[2], dst.id);

  server.dirty++;
  addReply(c, shared.cone);
}

/**
 * Signals the keys of a database that somebody waits for and that are there, after its contents were exchanged.
 *
 * @c db.c:1336
 */
export function scanDatabaseForReadyKeys(db: redisDb): void {
  const di = dictGetSafeIterator(db.blocking_keys);
  for (let de = dictNext(di); de !== null; de = dictNext(di)) {
    const key = dictGetKey(de);
    const kde = dictFind(db.dict, objPtrString(key));
    if (kde !== null) signalKeyAsReady(db, key, dictGetVal(kde).type);
  }
  dictReleaseIterator(di);
}

/**
 * Signals the keys that somebody waits for and that are streams in `emptied`, but not in the database that replaces it
 * (null: it is emptied), so that those who wait in XREADGROUP are told.
 *
 * @c db.c:1353
 */
export function scanDatabaseForDeletedStreams(
  emptied: redisDb,
  replaced_with: redisDb | null,
): void {
  if (!server.blocked_clients_by_type[BLOCKED_STREAM]) return;

  const di = dictGetSafeIterator(emptied.blocking_keys);
  for (let de = dictNext(di); de !== null; de = dictNext(di)) {
    const key = dictGetKey(de);
    const name = objPtrString(key);
    let was_stream = false;
    let is_stream = false;

    const kde = dictFind(emptied.dict, name);
    if (kde !== null) was_stream = dictGetVal(kde).type === OBJ_STREAM;
    if (replaced_with !== null) {
      const rde = dictFind(replaced_with.dict, name);
      if (rde !== null) is_stream = dictGetVal(rde).type === OBJ_STREAM;
    }
    if (was_stream && !is_stream) signalKeyAsReady(emptied, key, OBJ_STREAM);
  }
  dictReleaseIterator(di);
}

/**
 * Exchanges the contents of two databases: clients see the other one from now on. What belongs to the clients (keys they
 * watch or wait for) stays with the number. C_OK, or C_ERR if there is no such database.
 *
 * @c db.c:1391
 */
export function dbSwapDatabases(id1: number, id2: number): number {
  if (id1 < 0 || id1 >= server.dbnum || id2 < 0 || id2 >= server.dbnum) return C_ERR;
  if (id1 === id2) return C_OK;
  const db1 = server.db[id1];
  const db2 = server.db[id2];

  // A transaction must fail if a key that it watches is another now.
  touchAllWatchedKeysInDb(db1, db2);
  touchAllWatchedKeysInDb(db2, db1);

  // Who waits in XREADGROUP for a stream that goes is told.
  scanDatabaseForDeletedStreams(db1, db2);
  scanDatabaseForDeletedStreams(db2, db1);

  const aux_dict = db1.dict;
  const aux_expires = db1.expires;
  const aux_avg_ttl = db1.avg_ttl;
  const aux_expires_cursor = db1.expires_cursor;

  db1.dict = db2.dict;
  db1.expires = db2.expires;
  db1.avg_ttl = db2.avg_ttl;
  db1.expires_cursor = db2.expires_cursor;

  db2.dict = aux_dict;
  db2.expires = aux_expires;
  db2.avg_ttl = aux_avg_ttl;
  db2.expires_cursor = aux_expires_cursor;

  // Keys came into being for those who wait in either database; dbAdd(), which signals that as a rule, was not called.
  scanDatabaseForReadyKeys(db1);
  scanDatabaseForReadyKeys(db2);
  return C_OK;
}

/**
 * SWAPDB index1 index2.
 *
 * @c db.c:1486
 */
export function swapdbCommand(c: client): void {
  if (server.cluster_enabled) {
    addReplyError(c, 'SWAPDB is not allowed in cluster mode');
    return;
  }

  const id1 = getIntFromObjectOrReply(c, c.argv[1], 'invalid first DB index');
  if (id1 === null) return;

  const id2 = getIntFromObjectOrReply(c, c.argv[2], 'invalid second DB index');
  if (id2 === null) return;

  if (dbSwapDatabases(id1, id2) === C_ERR) {
    addReplyError(c, 'DB index is out of range');
    return;
  } else {
    server.dirty++;
    addReply(c, shared.ok);
  }
}

/* ------------------------------ Expires API ------------------------------ */

/**
 * Takes the end of an existing key away. Whether it had one.
 *
 * @c db.c:1520
 */
export function removeExpire(db: redisDb, key: robj): boolean {
  const name = objPtrString(key);
  // An end without a key would never go away again.
  serverAssertWithInfo(null, key, dictFind(db.dict, name) !== null);
  return dictDelete(db.expires, name) === DICT_OK;
}

/**
 * Gives an existing key an end: `when` is a Unix time in ms. `c` is the client whose command does it, or null.
 *
 * @c db.c:1531
 */
export function setExpire(c: client | null, db: redisDb, key: robj, when: number | bigint): void {
  // The name is shared with the main dictionary.
  const kde = dictFind(db.dict, objPtrString(key));
  serverAssertWithInfo(null, key, kde !== null);
  const de = dictAddOrFind(db.expires, dictGetKey(kde!));
  dictSetSignedIntegerVal(de, when);

  const writable_slave = server.masterhost !== null && server.repl_slave_ro === 0;
  if (c !== null && writable_slave && !(c.flags & CLIENT_MASTER)) {
    rememberSlaveKeyWithExpire(db, key);
  }
}

/**
 * When the key ends, Unix time in ms, a bigint beyond 2^53; -1 if it has no end.
 *
 * @c db.c:1547
 */
export function getExpire(db: redisDb, key: robj): number | bigint {
  let de: dictEntry<string, number | bigint> | null;
  if (dictSize(db.expires) === 0 || (de = dictFind(db.expires, objPtrString(key))) === null) {
    return -1;
  }

  // What has an end is also a key.
  serverAssertWithInfo(null, key, dictFind(db.dict, objPtrString(key)) !== null);
  return dictGetSignedIntegerVal(de);
}

/**
 * Deletes a key because it is past its end: counts it, fires the event, and has DEL or UNLINK propagated.
 *
 * @c db.c:1561
 */
export function deleteExpiredKeyAndPropagate(db: redisDb, keyobj: robj): void {
  const expire_latency = latencyStartMonitor();
  if (server.lazyfree_lazy_expire) dbAsyncDelete(db, keyobj);
  else dbSyncDelete(db, keyobj);
  latencyAddSampleIfNeeded('expire-del', latencyEndMonitor(expire_latency));
  notifyKeyspaceEvent(NOTIFY_EXPIRED, 'expired', keyobj, db.id);
  signalModifiedKey(null, db, keyobj);
  propagateDeletion(db, keyobj, server.lazyfree_lazy_expire);
  server.stat_expiredkeys++;
}

/**
 * Queues a DEL (`lazy`: UNLINK) of the key for replicas and AOF, which leave it to the master to decide when a key is
 * past its end. Within a command the queue goes out with it; who calls this elsewhere calls propagatePendingCommands()
 * when it is done.
 *
 * @c db.c:1594
 */
export function propagateDeletion(db: redisDb, key: robj, lazy: number): void {
  const argv = [lazy ? shared.unlink : shared.del, key];
  incrRefCount(argv[0]);
  incrRefCount(argv[1]);

  // This goes out even from within something whose own effects are not propagated.
  const prev_replication_allowed = server.replication_allowed;
  server.replication_allowed = 1;
  alsoPropagate(db.id, argv, 2, PROPAGATE_AOF | PROPAGATE_REPL);
  server.replication_allowed = prev_replication_allowed;

  decrRefCount(argv[0]);
  decrRefCount(argv[1]);
}

/**
 * Whether the key is past its end. Never while loading.
 *
 * @c db.c:1614
 */
export function keyIsExpired(db: redisDb, key: robj): boolean {
  const when = getExpire(db, key);
  let now: number;

  if (when < 0) return false; // No end.

  if (server.loading) return false;

  // Within one command time stands still, so that a key cannot be there at its first look-up and gone at its second.
  if (server.fixed_time_expire > 0) now = server.mstime;
  else now = mstime();

  return now > when;
}

/**
 * Whether the key is past its end; if so it is deleted, as a rule. Not in a replica, unless EXPIRE_FORCE_DELETE_EXPIRED;
 * not with EXPIRE_AVOID_DELETE_EXPIRED; not while clients are paused. For the commands of its master, a replica takes no
 * key to be past its end.
 *
 * @c db.c:1680
 */
export function expireIfNeeded(db: redisDb, key: robj, flags: number): boolean {
  if (!keyIsExpired(db, key)) return false;

  if (server.masterhost !== null) {
    if (server.current_client === server.master) return false;
    if (!(flags & EXPIRE_FORCE_DELETE_EXPIRED)) return true;
  }

  if (flags & EXPIRE_AVOID_DELETE_EXPIRED) return true;

  // After the pause either this server deletes it, or a failover has made another one decide.
  if (checkClientPauseTimeoutAndReturnIfPaused()) return true;

  deleteExpiredKeyAndPropagate(db, key);
  return true;
}

/* ----------------- API to get key arguments from commands ----------------- */

/**
 * Makes room for `numkeys` entries in the result and returns them. May be called again to make more room; entries that
 * were there stay.
 *
 * @c db.c:1727
 */
export function getKeysPrepareResult(result: getKeysResult, numkeys: number): keyReference[] {
  while (result.keys.length < numkeys) result.keys.push(new keyReference(0, 0));
  return result.keys;
}

/**
 * The CMD_KEY_* flags that any key spec of the command has; with `inv` those that at least one lacks.
 *
 * @c db.c:1754
 */
export function getAllKeySpecsFlags(cmd: redisCommand, inv: boolean): number {
  let flags = 0;
  for (let j = 0; j < cmd.key_specs_num; j++) {
    const spec = cmd.key_specs[j];
    flags |= inv ? ~spec.flags : spec.flags;
  }
  return flags;
}

/**
 * Finds the keys in a command line by the command's key specs. Fills `result` and returns their number; -1 when a spec
 * cannot tell or the arguments make no sense. GET_KEYSPEC_INCLUDE_NOT_KEYS: also arguments that only look like keys;
 * GET_KEYSPEC_RETURN_PARTIAL: passes over such specs.
 *
 * @c db.c:1770
 */
export function getKeysUsingKeySpecs(
  cmd: redisCommand,
  argv: robj[],
  argc: number,
  search_flags: number,
  result: getKeysResult,
): number {
  let k = 0;

  for (let j = 0; j < cmd.key_specs_num; j++) {
    const spec = cmd.key_specs[j];
    serverAssert(spec.begin_search_type !== KSPEC_BS_INVALID);
    if (spec.flags & CMD_KEY_NOT_KEY && !(search_flags & GET_KEYSPEC_INCLUDE_NOT_KEYS)) continue;

    invalid_spec: {
      let first = 0;
      let last: number;
      let step: number;
      if (spec.begin_search_type === KSPEC_BS_INDEX) {
        first = spec.bs.index.pos;
      } else if (spec.begin_search_type === KSPEC_BS_KEYWORD) {
        const startfrom = spec.bs.keyword.startfrom;
        const start_index = startfrom > 0 ? startfrom : argc + startfrom;
        const end_index = startfrom > 0 ? argc - 1 : 1;
        for (let i = start_index; i !== end_index; i = start_index <= end_index ? i + 1 : i - 1) {
          if (i >= argc || i < 1) break;
          if (!strcasecmp(objPtrString(argv[i]), spec.bs.keyword.keyword)) {
            first = i + 1;
            break;
          }
        }
        // The keyword is not there: nor are keys behind it.
        if (!first) continue;
      } else {
        break invalid_spec;
      }

      if (spec.find_keys_type === KSPEC_FK_RANGE) {
        const range = spec.fk.range;
        step = range.keystep;
        if (range.lastkey >= 0) {
          last = first + range.lastkey;
        } else if (!range.limit) {
          last = argc + range.lastkey;
        } else {
          serverAssert(range.lastkey === -1);
          last = first + (Math.trunc((argc - first) / range.limit) + range.lastkey);
        }
      } else if (spec.find_keys_type === KSPEC_FK_KEYNUM) {
        const keynum = spec.fk.keynum;
        step = keynum.keystep;
        // C looks at the bare index here; what counts is whether the argument is there.
        if (keynum.keynumidx >= argc || first + keynum.keynumidx >= argc) break invalid_spec;

        const numkeys = string2ll(objPtrString(argv[first + keynum.keynumidx]));
        if (numkeys === null || numkeys < 0) break invalid_spec;

        first += keynum.firstkey;
        last = first + Number(numkeys) - 1;
      } else {
        break invalid_spec;
      }

      // Out of bounds: a syntax error, which is for the command to report.
      if (last >= argc || last < first || first >= argc) break invalid_spec;

      const keys = getKeysPrepareResult(result, k + (last - first + 1));

      for (let i = first; i <= last; i += step) {
        keys[k].pos = i;
        keys[k++].flags = spec.flags;
      }

      // An incomplete spec found some, but there are more.
      if (spec.flags & CMD_KEY_INCOMPLETE) break invalid_spec;

      continue;
    }

    if (search_flags & GET_KEYSPEC_RETURN_PARTIAL) {
      continue;
    } else {
      result.numkeys = 0;
      return -1;
    }
  }

  result.numkeys = k;
  return k;
}

/**
 * Finds the keys in a command line, with the flags that say how the command uses each: by the key specs if these are
 * reliable, else by the command's own function. Fills `result` and returns their number; -1 when the arguments make
 * no sense.
 *
 * @c db.c:1896
 */
export function getKeysFromCommandWithSpecs(
  cmd: redisCommand,
  argv: robj[],
  argc: number,
  search_flags: number,
  result: getKeysResult,
): number {
  // Does any spec stand for real keys?
  const has_keyspec = getAllKeySpecsFlags(cmd, true) & CMD_KEY_NOT_KEY;
  // Does it depend on the arguments what is done with the keys?
  const has_varflags = getAllKeySpecsFlags(cmd, false) & CMD_KEY_VARIABLE_FLAGS;

  if (has_keyspec && !has_varflags) {
    const ret = getKeysUsingKeySpecs(cmd, argv, argc, search_flags, result);
    if (ret >= 0) return ret;
  }

  if (cmd.getkeys_proc !== null) return cmd.getkeys_proc(cmd, argv, argc, result);
  return 0;
}

/**
 * Whether the command may have keys.
 *
 * @c db.c:1931
 */
export function doesCommandHaveKeys(cmd: redisCommand): boolean {
  return cmd.getkeys_proc !== null || (getAllKeySpecsFlags(cmd, true) & CMD_KEY_NOT_KEY) !== 0;
}

/** Where in a command line channels stand, and what the command does with them. */
export interface ChannelSpecs {
  proc: redisCommandProc;
  /** CMD_CHANNEL_* */
  flags: number;
  /** Index of the first channel. */
  start: number;
  /** Number of channels; -1: all that follow. */
  count: number;
}

/**
 * The entry of a command in C's table commands_with_channels, or null.
 *
 * @own the table names functions of modules that may not be loaded yet when this one is
 */
export function commands_with_channels(cmd: redisCommand): ChannelSpecs | null {
  switch (cmd.proc) {
    case subscribeCommand:
    case ssubscribeCommand:
      return { proc: cmd.proc, flags: CMD_CHANNEL_SUBSCRIBE, start: 1, count: -1 };
    case unsubscribeCommand:
    case sunsubscribeCommand:
      return { proc: cmd.proc, flags: CMD_CHANNEL_UNSUBSCRIBE, start: 1, count: -1 };
    case psubscribeCommand:
      return {
        proc: cmd.proc,
        flags: CMD_CHANNEL_PATTERN | CMD_CHANNEL_SUBSCRIBE,
        start: 1,
        count: -1,
      };
    case punsubscribeCommand:
      return {
        proc: cmd.proc,
        flags: CMD_CHANNEL_PATTERN | CMD_CHANNEL_UNSUBSCRIBE,
        start: 1,
        count: -1,
      };
    case publishCommand:
    case spublishCommand:
      return { proc: cmd.proc, flags: CMD_CHANNEL_PUBLISH, start: 1, count: 1 };
    default:
      return null;
  }
}

/**
 * Whether the command deals with channels in one of the ways `flags` (CMD_CHANNEL_*).
 *
 * @c db.c:1961
 */
export function doesCommandHaveChannelsWithFlags(cmd: redisCommand, flags: number): boolean {
  const spec = commands_with_channels(cmd);
  return spec !== null && (spec.flags & flags) !== 0;
}

/**
 * Finds the channels in a command line. Fills `result` as for keys, with CMD_CHANNEL_* flags, and returns their number.
 *
 * @c db.c:1988
 */
export function getChannelsFromCommand(
  cmd: redisCommand,
  argv: robj[],
  argc: number,
  result: getKeysResult,
): number {
  void argv;
  const spec = commands_with_channels(cmd);
  if (spec === null) return 0;
  const start = spec.start;
  let stop = spec.count === -1 ? argc : start + spec.count;
  if (stop > argc) stop = argc;
  let count = 0;
  const keys = getKeysPrepareResult(result, stop - start);
  for (let i = start; i < stop; i++) {
    keys[count].pos = i;
    keys[count++].flags = spec.flags;
  }
  result.numkeys = count;
  return count;
}

/**
 * Finds the keys in a command line by the old triple of first, last and step, which most commands have. Fills `result`,
 * without flags, and returns their number; 0 also when an argument is missing.
 *
 * @c db.c:2023
 */
export function getKeysUsingLegacyRangeSpec(
  cmd: redisCommand,
  argv: robj[],
  argc: number,
  result: getKeysResult,
): number {
  void argv;
  let i = 0;

  if (cmd.legacy_range_key_spec.begin_search_type === KSPEC_BS_INVALID) {
    result.numkeys = 0;
    return 0;
  }

  const first = cmd.legacy_range_key_spec.bs.index.pos;
  let last = cmd.legacy_range_key_spec.fk.range.lastkey;
  if (last >= 0) last += first;
  const step = cmd.legacy_range_key_spec.fk.range.keystep;

  if (last < 0) last = argc + last;

  const count = last - first + 1;
  const keys = getKeysPrepareResult(result, count);

  for (let j = first; j <= last; j += step) {
    if (j >= argc || j < first) {
      // With a variable number of arguments, nobody has checked yet that they are there: it is for the command to
      // complain.
      if (cmd.arity < 0) {
        result.numkeys = 0;
        return 0;
      } else {
        serverPanic(
          'Redis built-in command declared keys positions not matching the arity requirements.',
        );
      }
    }
    keys[i].pos = j;
    keys[i++].flags = 0;
  }
  result.numkeys = i;
  return i;
}

/**
 * Finds the keys in a command line: by the command's own function, or by the old triple. Fills `result`, in which the
 * flags cannot be relied upon, and returns their number.
 *
 * @c db.c:2078
 */
export function getKeysFromCommand(
  cmd: redisCommand,
  argv: robj[],
  argc: number,
  result: getKeysResult,
): number {
  if (cmd.getkeys_proc !== null) {
    return cmd.getkeys_proc(cmd, argv, argc, result);
  } else {
    return getKeysUsingLegacyRangeSpec(cmd, argv, argc, result);
  }
}

/**
 * Empties a result, whose entries must not be used any more.
 *
 * @c db.c:2089
 */
export function getKeysFreeResult(result: getKeysResult): void {
  result.keys.length = 0;
  result.numkeys = 0;
}

/**
 * Finds the keys of commands of the form COMMAND [destkey] numkeys key [key ...] options: `storeKeyOfs` is the index of
 * destkey (0: there is none), `keyCountOfs` that of numkeys, `firstKeyOfs` that of the first key, `keyStep` the distance
 * between keys. Fills `result`, without flags, destkey last, and returns their number; 0 when numkeys makes no sense.
 *
 * @c db.c:2107
 */
export function genericGetKeys(
  storeKeyOfs: number,
  keyCountOfs: number,
  firstKeyOfs: number,
  keyStep: number,
  argv: robj[],
  argc: number,
  result: getKeysResult,
): number {
  const num = atoi(objPtrString(argv[keyCountOfs]));
  if (num < 1 || num > Math.trunc((argc - firstKeyOfs) / keyStep)) {
    result.numkeys = 0;
    return 0;
  }

  const numkeys = storeKeyOfs ? num + 1 : num;
  const keys = getKeysPrepareResult(result, numkeys);
  result.numkeys = numkeys;

  for (let i = 0; i < num; i++) {
    keys[i].pos = firstKeyOfs + i * keyStep;
    keys[i].flags = 0;
  }

  if (storeKeyOfs) {
    keys[num].pos = storeKeyOfs;
    keys[num].flags = 0;
  }
  return result.numkeys;
}

/**
 * The keys of SINTERCARD: numkeys and they come first. Fills `result` and returns their number.
 *
 * @c db.c:2137
 */
export function sintercardGetKeys(
  cmd: redisCommand,
  argv: robj[],
  argc: number,
  result: getKeysResult,
): number {
  void cmd;
  return genericGetKeys(0, 1, 2, 1, argv, argc, result);
}

/**
 * The keys of ZUNIONSTORE, ZINTERSTORE and ZDIFFSTORE, see genericGetKeys().
 *
 * @c db.c:2142
 */
export function zunionInterDiffStoreGetKeys(
  cmd: redisCommand,
  argv: robj[],
  argc: number,
  result: getKeysResult,
): number {
  void cmd;
  return genericGetKeys(1, 2, 3, 1, argv, argc, result);
}

/**
 * The keys of ZUNION, ZINTER, ZDIFF and ZINTERCARD, see genericGetKeys().
 *
 * @c db.c:2147
 */
export function zunionInterDiffGetKeys(
  cmd: redisCommand,
  argv: robj[],
  argc: number,
  result: getKeysResult,
): number {
  void cmd;
  return genericGetKeys(0, 1, 2, 1, argv, argc, result);
}

/**
 * The keys of LMPOP, see genericGetKeys().
 *
 * @c db.c:2162
 */
export function lmpopGetKeys(
  cmd: redisCommand,
  argv: robj[],
  argc: number,
  result: getKeysResult,
): number {
  void cmd;
  return genericGetKeys(0, 1, 2, 1, argv, argc, result);
}

/**
 * The keys of BLMPOP and BZMPOP, see genericGetKeys().
 *
 * @c db.c:2167
 */
export function blmpopGetKeys(
  cmd: redisCommand,
  argv: robj[],
  argc: number,
  result: getKeysResult,
): number {
  void cmd;
  return genericGetKeys(0, 2, 3, 1, argv, argc, result);
}

/**
 * The keys of ZMPOP, see genericGetKeys().
 *
 * @c db.c:2172
 */
export function zmpopGetKeys(
  cmd: redisCommand,
  argv: robj[],
  argc: number,
  result: getKeysResult,
): number {
  void cmd;
  return genericGetKeys(0, 1, 2, 1, argv, argc, result);
}

/**
 * The keys of BZMPOP, as blmpopGetKeys() finds them too, see genericGetKeys().
 *
 * @c db.c:2177
 */
export function bzmpopGetKeys(
  cmd: redisCommand,
  argv: robj[],
  argc: number,
  result: getKeysResult,
): number {
  void cmd;
  return genericGetKeys(0, 2, 3, 1, argv, argc, result);
}

/**
 * The key of SORT_RO: those of BY and GET are not in the command line. Fills `result` and returns 1.
 *
 * @c db.c:2192
 */
export function sortROGetKeys(
  cmd: redisCommand,
  argv: robj[],
  argc: number,
  result: getKeysResult,
): number {
  void cmd;
  void argv;
  void argc;
  const keys = getKeysPrepareResult(result, 1);
  keys[0].pos = 1;
  keys[0].flags = CMD_KEY_RO | CMD_KEY_ACCESS;
  result.numkeys = 1;
  return 1;
}

/**
 * The keys of SORT: that which is sorted, and that of the last STORE. Fills `result` and returns how many.
 *
 * @c db.c:2213
 */
export function sortGetKeys(
  cmd: redisCommand,
  argv: robj[],
  argc: number,
  result: getKeysResult,
): number {
  void cmd;
  let found_store = 0;
  const keys = getKeysPrepareResult(result, 2);
  keys[0].pos = 1;
  keys[0].flags = CMD_KEY_RO | CMD_KEY_ACCESS;

  for (let i = 2; i < argc; i++) {
    const arg = objPtrString(argv[i]);
    // The arguments of the other options are passed over.
    if (!strcasecmp(arg, 'limit')) {
      i += 2;
    } else if (!strcasecmp(arg, 'store') && i + 1 < argc) {
      found_store = 1;
      keys[1].pos = i + 1;
      keys[1].flags = CMD_KEY_OW | CMD_KEY_UPDATE;
    } else if (!strcasecmp(arg, 'get') || !strcasecmp(arg, 'by')) {
      i += 1;
    }
  }
  result.numkeys = 1 + found_store;
  return result.numkeys;
}

/**
 * The keys of GEORADIUS and GEORADIUSBYMEMBER: the sorted set, and that of the last STORE or STOREDIST. Fills `result`,
 * without flags, and returns how many.
 *
 * @c db.c:2295
 */
export function georadiusGetKeys(
  cmd: redisCommand,
  argv: robj[],
  argc: number,
  result: getKeysResult,
): number {
  void cmd;
  let stored_key = -1;
  for (let i = 5; i < argc; i++) {
    const arg = objPtrString(argv[i]);
    if ((!strcasecmp(arg, 'store') || !strcasecmp(arg, 'storedist')) && i + 1 < argc) {
      stored_key = i + 1;
      i++;
    }
  }
  const num = 1 + (stored_key === -1 ? 0 : 1);

  const keys = getKeysPrepareResult(result, num);
  keys[0].pos = 1;
  keys[0].flags = 0;
  if (num > 1) {
    keys[1].pos = stored_key;
    keys[1].flags = 0;
  }
  result.numkeys = num;
  return num;
}

/**
 * The keys of XREAD and XREADGROUP: the first half of what comes after STREAMS, which is sought behind the other options, since a group or a
 * key may be called so, too. Fills `result`, without flags, and returns their number; 0 when the syntax is wrong.
 *
 * @c db.c:2336
 */
export function xreadGetKeys(
  cmd: redisCommand,
  argv: robj[],
  argc: number,
  result: getKeysResult,
): number {
  void cmd;
  let num = 0;

  let streams_pos = -1;
  for (let i = 1; i < argc; i++) {
    const arg = objPtrString(argv[i]);
    if (!strcasecmp(arg, 'block') || !strcasecmp(arg, 'count')) {
      i++;
    } else if (!strcasecmp(arg, 'group')) {
      i += 2;
    } else if (!strcasecmp(arg, 'noack')) {
      // It has no argument.
    } else if (!strcasecmp(arg, 'streams')) {
      streams_pos = i;
      break;
    } else {
      break;
    }
  }
  if (streams_pos !== -1) num = argc - streams_pos - 1;

  if (streams_pos === -1 || num === 0 || num % 2 !== 0) {
    result.numkeys = 0;
    return 0;
  }
  // There is an id for each key.
  num /= 2;

  const keys = getKeysPrepareResult(result, num);
  for (let i = streams_pos + 1; i < argc - num; i++) {
    keys[i - streams_pos - 1].pos = i;
    keys[i - streams_pos - 1].flags = 0;
  }
  result.numkeys = num;
  return num;
}

/**
 * The key of SET, with flags that depend on whether GET is among the options. Fills `result` and returns 1.
 *
 * @c db.c:2384
 */
export function setGetKeys(
  cmd: redisCommand,
  argv: robj[],
  argc: number,
  result: getKeysResult,
): number {
  void cmd;
  const keys = getKeysPrepareResult(result, 1);
  keys[0].pos = 1;
  result.numkeys = 1;

  for (let i = 3; i < argc; i++) {
    if (!strcasecmp(objPtrString(argv[i]), 'get')) {
      keys[0].flags = CMD_KEY_RW | CMD_KEY_ACCESS | CMD_KEY_UPDATE;
      return 1;
    }
  }

  keys[0].flags = CMD_KEY_OW | CMD_KEY_UPDATE;
  return 1;
}

/**
 * The key of BITFIELD: only read when GET is all that is asked of it, and written to otherwise, also when the syntax is
 * wrong. Fills `result` and returns 1.
 *
 * @c db.c:2409
 */
export function bitfieldGetKeys(
  cmd: redisCommand,
  argv: robj[],
  argc: number,
  result: getKeysResult,
): number {
  void cmd;
  let readonly = true;
  const keys = getKeysPrepareResult(result, 1);
  keys[0].pos = 1;
  result.numkeys = 1;

  for (let i = 2; i < argc; i++) {
    const remargs = argc - i - 1;
    const arg = objPtrString(argv[i]);
    if (!strcasecmp(arg, 'get') && remargs >= 2) {
      i += 2;
    } else if ((!strcasecmp(arg, 'set') || !strcasecmp(arg, 'incrby')) && remargs >= 3) {
      readonly = false;
      break;
    } else if (!strcasecmp(arg, 'overflow') && remargs >= 1) {
      i += 1;
    } else {
      readonly = false;
      break;
    }
  }

  if (readonly) {
    keys[0].flags = CMD_KEY_RO | CMD_KEY_ACCESS;
  } else {
    keys[0].flags = CMD_KEY_RW | CMD_KEY_ACCESS | CMD_KEY_UPDATE;
  }
  return 1;
}
