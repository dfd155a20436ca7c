/**
 * t_string.c: the commands of strings.
 *
 *     SET  ─► setCommand ─► parseExtendedStringArgumentsOrReply
 *                        └► setGenericCommand ─► lookupKeyWrite, setKey, setExpire, notifyKeyspaceEvent
 *     GET  ─► getCommand ─► getGenericCommand ─► lookupKeyReadOrReply, addReplyBulk
 *     INCR ─► incrCommand ─► incrDecrCommand: writes the number into the object that is there, if nobody shares it
 *
 * The value of SET is the very object that came in as argument. A command whose effect depends on time or on rounding
 * rewrites its argument vector, so that replicas and AOF (and the slow log) get it in a form that always does the same:
 * SET k v EX 10 becomes SET k v PXAT <ms>, INCRBYFLOAT becomes SET with the result.
 *
 * Who calls in: call(). Whom it calls: db, object, networking.
 * What differs from C: SETRANGE checks its offset in wide arithmetic (in C an offset near 2^63 wraps around the check).
 *
 * @packageDocumentation
 */
import {
  addReply,
  addReplyArrayLen,
  addReplyBulk,
  addReplyBulkCBuffer,
  addReplyBulkCString,
  addReplyDeferredLen,
  addReplyError,
  addReplyErrorArity,
  addReplyErrorExpireTime,
  addReplyErrorObject,
  addReplyLongLong,
  addReplyMapLen,
  addReplyNull,
  replaceClientCommandVector,
  rewriteClientCommandArgument,
  rewriteClientCommandVector,
  setDeferredArrayLen,
} from '../networking/networking.ts';
import {
  dbAdd,
  dbAsyncDelete,
  dbOverwrite,
  dbSyncDelete,
  dbUnshareStringValue,
  lookupKeyRead,
  lookupKeyReadOrReply,
  lookupKeyWrite,
  removeExpire,
  setExpire,
  setKey,
  signalModifiedKey,
} from '../server/db.ts';
import { serverAssert } from '../server/debug.ts';
import { checkAlreadyExpired } from '../server/expire.ts';
import { notifyKeyspaceEvent } from '../server/notify.ts';
import { mstime, mustObeyClient } from '../server/server.ts';
import {
  C_ERR,
  C_OK,
  NOTIFY_GENERIC,
  NOTIFY_STRING,
  OBJ_ENCODING_INT,
  OBJ_SHARED_INTEGERS,
  OBJ_STRING,
  SETKEY_ALREADY_EXIST,
  SETKEY_DOESNT_EXIST,
  SETKEY_KEEPTTL,
  UNIT_MILLISECONDS,
  UNIT_SECONDS,
  server,
  shared,
  type client,
  type robj,
} from '../server/server.h.ts';
import { ld_add, ld_isinf, ld_isnan } from './longdouble.ts';
import {
  LLONG_MAX,
  LLONG_MIN,
  checkType,
  createObject,
  createStringObject,
  createStringObjectFromLongDouble,
  createStringObjectFromLongLong,
  createStringObjectFromLongLongForValue,
  decrRefCount,
  getDecodedObject,
  getLongDoubleFromObjectOrReply,
  getLongFromObjectOrReply,
  getLongLongFromObjectOrReply,
  incrRefCount,
  llAdd,
  llMul,
  objPtrLen,
  objPtrSds,
  objPtrString,
  stringObjectLen,
  tryObjectEncoding,
} from './object.ts';
import { sds, sdscatlen, sdsgrowzero, sdslen, sdsnewlen } from './sds.ts';
import { strcasecmp } from './util.ts';

/* --------------------------- String commands --------------------------- */

/**
 * Whether a string of `size` bytes is allowed: C_OK, or C_ERR when an error has been replied. What comes from the master
 * or the AOF is always allowed.
 *
 * @c t_string.c:40
 * @cstatic
 */
export function checkStringLength(c: client, size: number): number {
  if (!mustObeyClient(c) && size > server.proto_max_bulk_len) {
    addReplyError(c, 'string exceeds maximum allowed size (proto-max-bulk-len)');
    return C_ERR;
  }
  return C_OK;
}

/* The options of SET and GETEX. */
export const OBJ_NO_FLAGS = 0;
/** Set only if the key does not exist. */
export const OBJ_SET_NX = 1 << 0;
/** Set only if the key exists. */
export const OBJ_SET_XX = 1 << 1;
/** A time in seconds from now is given. */
export const OBJ_EX = 1 << 2;
/** A time in ms from now is given. */
export const OBJ_PX = 1 << 3;
/** The end of the key stays. */
export const OBJ_KEEPTTL = 1 << 4;
/** Reply the value that was there. */
export const OBJ_SET_GET = 1 << 5;
/** A Unix time in seconds is given. */
export const OBJ_EXAT = 1 << 6;
/** A Unix time in ms is given. */
export const OBJ_PXAT = 1 << 7;
/** The end of the key is taken away. */
export const OBJ_PERSIST = 1 << 8;

/**
 * SET and its relatives SETEX, PSETEX, SETNX: gives `key` the value `val` as the OBJ_* flags say. `expire` is the time as
 * the user wrote it, in `unit`s, or null. Replies `ok_reply` (null: OK), or if NX or XX forbids it, `abort_reply`
 * (null: a null); with OBJ_SET_GET the old value instead of either.
 *
 * @c t_string.c:78
 */
export function setGenericCommand(
  c: client,
  flags: number,
  key: robj,
  val: robj,
  expire: robj | null,
  unit: number,
  ok_reply: robj | null,
  abort_reply: robj | null,
): void {
  let milliseconds: number | bigint | null = 0;
  let setkey_flags = 0;

  if (
    expire !== null &&
    (milliseconds = getExpireMillisecondsOrReply(c, expire, flags, unit)) === null
  ) {
    return;
  }

  if (flags & OBJ_SET_GET) {
    if (getGenericCommand(c) === C_ERR) return;
  }

  const found = lookupKeyWrite(c.db, key) !== null;

  if ((flags & OBJ_SET_NX && found) || (flags & OBJ_SET_XX && !found)) {
    if (!(flags & OBJ_SET_GET)) {
      addReply(c, abort_reply !== null ? abort_reply : shared.null[c.resp]);
    }
    return;
  }

  setkey_flags |= flags & OBJ_KEEPTTL ? SETKEY_KEEPTTL : 0;
  setkey_flags |= found ? SETKEY_ALREADY_EXIST : SETKEY_DOESNT_EXIST;

  setKey(c, c.db, key, val, setkey_flags);
  server.dirty++;
  notifyKeyspaceEvent(NOTIFY_STRING, 'set', key, c.db.id);

  if (expire !== null) {
    setExpire(c, c.db, key, milliseconds);
    // Replicas and AOF get an absolute time.
    const milliseconds_obj = createStringObjectFromLongLong(milliseconds);
    rewriteClientCommandVector(c, [shared.set, key, val, shared.pxat, milliseconds_obj]);
    decrRefCount(milliseconds_obj);
    notifyKeyspaceEvent(NOTIFY_GENERIC, 'expire', key, c.db.id);
  }

  if (!(flags & OBJ_SET_GET)) {
    addReply(c, ok_reply !== null ? ok_reply : shared.ok);
  }

  // GET is of no use to replicas and AOF; with a time the vector has been rewritten without it.
  if (flags & OBJ_SET_GET && expire === null) {
    const argv: robj[] = [];
    for (let j = 0; j < c.argc; j++) {
      // It may have been given more than once.
      if (j >= 3 && !strcasecmp(objPtrString(c.argv[j]), 'get')) continue;
      argv.push(c.argv[j]);
      incrRefCount(c.argv[j]);
    }
    replaceClientCommandVector(c, argv);
  }
}

/**
 * The time `expire` of a SET or GETEX as a Unix time in ms: `unit` says what it counts, OBJ_EX and OBJ_PX in `flags` that
 * it counts from now. null when an error has been replied: no integer, not positive, or too large.
 *
 * @c t_string.c:155
 * @cstatic
 */
export function getExpireMillisecondsOrReply(
  c: client,
  expire: robj,
  flags: number,
  unit: number,
): number | bigint | null {
  let milliseconds = getLongLongFromObjectOrReply(c, expire, null);
  if (milliseconds === null) return null;

  if (milliseconds <= 0 || (unit === UNIT_SECONDS && milliseconds > LLONG_MAX / 1000n)) {
    addReplyErrorExpireTime(c);
    return null;
  }

  if (unit === UNIT_SECONDS) milliseconds = llMul(milliseconds, 1000);

  if (flags & OBJ_PX || flags & OBJ_EX) milliseconds = llAdd(milliseconds, mstime());

  // The sum wrapped around.
  if (milliseconds <= 0) {
    addReplyErrorExpireTime(c);
    return null;
  }

  return milliseconds;
}

export const COMMAND_GET = 0;
export const COMMAND_SET = 1;

/** What parseExtendedStringArgumentsOrReply() found: OBJ_* flags, UNIT_*, and the time as it was written. */
export class stringArguments {
  flags = OBJ_NO_FLAGS;
  unit = UNIT_SECONDS;
  expire: robj | null = null;
}

/**
 * Reads the options of SET (COMMAND_SET: NX XX GET KEEPTTL) or GETEX (COMMAND_GET: PERSIST), and of both (EX EXAT PX PXAT
 * with a time), into `args`. C_OK, or C_ERR when a syntax error has been replied.
 *
 * @c t_string.c:200
 */
export function parseExtendedStringArgumentsOrReply(
  c: client,
  args: stringArguments,
  command_type: number,
): number {
  let j = command_type === COMMAND_GET ? 2 : 3;
  for (; j < c.argc; j++) {
    const opt = objPtrString(c.argv[j]);
    const next = j === c.argc - 1 ? null : c.argv[j + 1];
    const flags = args.flags;

    if (!strcasecmp(opt, 'nx') && !(flags & OBJ_SET_XX) && command_type === COMMAND_SET) {
      args.flags |= OBJ_SET_NX;
    } else if (!strcasecmp(opt, 'xx') && !(flags & OBJ_SET_NX) && command_type === COMMAND_SET) {
      args.flags |= OBJ_SET_XX;
    } else if (!strcasecmp(opt, 'get') && command_type === COMMAND_SET) {
      args.flags |= OBJ_SET_GET;
    } else if (
      !strcasecmp(opt, 'keepttl') &&
      !(flags & (OBJ_PERSIST | OBJ_EX | OBJ_EXAT | OBJ_PX | OBJ_PXAT)) &&
      command_type === COMMAND_SET
    ) {
      args.flags |= OBJ_KEEPTTL;
    } else if (
      !strcasecmp(opt, 'persist') &&
      command_type === COMMAND_GET &&
      !(flags & (OBJ_EX | OBJ_EXAT | OBJ_PX | OBJ_PXAT | OBJ_KEEPTTL))
    ) {
      args.flags |= OBJ_PERSIST;
    } else if (
      !strcasecmp(opt, 'ex') &&
      !(flags & (OBJ_KEEPTTL | OBJ_PERSIST | OBJ_EXAT | OBJ_PX | OBJ_PXAT)) &&
      next !== null
    ) {
      args.flags |= OBJ_EX;
      args.expire = next;
      j++;
    } else if (
      !strcasecmp(opt, 'px') &&
      !(flags & (OBJ_KEEPTTL | OBJ_PERSIST | OBJ_EX | OBJ_EXAT | OBJ_PXAT)) &&
      next !== null
    ) {
      args.flags |= OBJ_PX;
      args.unit = UNIT_MILLISECONDS;
      args.expire = next;
      j++;
    } else if (
      !strcasecmp(opt, 'exat') &&
      !(flags & (OBJ_KEEPTTL | OBJ_PERSIST | OBJ_EX | OBJ_PX | OBJ_PXAT)) &&
      next !== null
    ) {
      args.flags |= OBJ_EXAT;
      args.expire = next;
      j++;
    } else if (
      !strcasecmp(opt, 'pxat') &&
      !(flags & (OBJ_KEEPTTL | OBJ_PERSIST | OBJ_EX | OBJ_EXAT | OBJ_PX)) &&
      next !== null
    ) {
      args.flags |= OBJ_PXAT;
      args.unit = UNIT_MILLISECONDS;
      args.expire = next;
      j++;
    } else {
      addReplyErrorObject(c, shared.syntaxerr);
      return C_ERR;
    }
  }
  return C_OK;
}

/**
 * SET key value [NX | XX] [GET] [KEEPTTL | EX seconds | PX ms | EXAT unix-seconds | PXAT unix-ms].
 *
 * @c t_string.c:286
 */
export function setCommand(c: client): void {
  const args = new stringArguments();

  if (parseExtendedStringArgumentsOrReply(c, args, COMMAND_SET) !== C_OK) return;

  c.argv[2] = tryObjectEncoding(c.argv[2]);
  setGenericCommand(c, args.flags, c.argv[1], c.argv[2], args.expire, args.unit, null, null);
}

/**
 * SETNX key value: replies 1 or 0.
 *
 * @c t_string.c:299
 */
export function setnxCommand(c: client): void {
  c.argv[2] = tryObjectEncoding(c.argv[2]);
  setGenericCommand(c, OBJ_SET_NX, c.argv[1], c.argv[2], null, 0, shared.cone, shared.czero);
}

/**
 * SETEX key seconds value.
 *
 * @c t_string.c:304
 */
export function setexCommand(c: client): void {
  c.argv[3] = tryObjectEncoding(c.argv[3]);
  setGenericCommand(c, OBJ_EX, c.argv[1], c.argv[3], c.argv[2], UNIT_SECONDS, null, null);
}

/**
 * PSETEX key milliseconds value.
 *
 * @c t_string.c:309
 */
export function psetexCommand(c: client): void {
  c.argv[3] = tryObjectEncoding(c.argv[3]);
  setGenericCommand(c, OBJ_PX, c.argv[1], c.argv[3], c.argv[2], UNIT_MILLISECONDS, null, null);
}

/**
 * Replies the value of argv[1], or a null if there is none. C_OK, or C_ERR when an error has been replied because the
 * value is no string.
 *
 * @c t_string.c:314
 */
export function getGenericCommand(c: client): number {
  const o = lookupKeyReadOrReply(c, c.argv[1], shared.null[c.resp]);
  if (o === null) return C_OK;

  if (checkType(c, o, OBJ_STRING)) return C_ERR;

  addReplyBulk(c, o);
  return C_OK;
}

/**
 * GET key: replies the value.
 *
 * @c t_string.c:328
 */
export function getCommand(c: client): void {
  getGenericCommand(c);
}

/**
 * GETEX key [PERSIST | EX seconds | PX ms | EXAT unix-seconds | PXAT unix-ms]: GET that also sets or removes the key's
 * end. It goes to replicas and AOF as PEXPIREAT, PERSIST, DEL or UNLINK, or not at all.
 *
 * @c t_string.c:352
 */
export function getexCommand(c: client): void {
  const args = new stringArguments();

  if (parseExtendedStringArgumentsOrReply(c, args, COMMAND_GET) !== C_OK) return;
  const { flags, expire } = args;

  const o = lookupKeyReadOrReply(c, c.argv[1], shared.null[c.resp]);
  if (o === null) return;

  if (checkType(c, o, OBJ_STRING)) return;

  let milliseconds: number | bigint | null = 0;
  if (
    expire !== null &&
    (milliseconds = getExpireMillisecondsOrReply(c, expire, flags, args.unit)) === null
  ) {
    return;
  }

  // Before the key is possibly deleted.
  addReplyBulk(c, o);

  if ((flags & OBJ_PXAT || flags & OBJ_EXAT) && checkAlreadyExpired(milliseconds)) {
    // An absolute time may have passed already.
    const deleted = server.lazyfree_lazy_expire
      ? dbAsyncDelete(c.db, c.argv[1])
      : dbSyncDelete(c.db, c.argv[1]);
    serverAssert(deleted !== 0);
    const aux = server.lazyfree_lazy_expire ? shared.unlink : shared.del;
    rewriteClientCommandVector(c, [aux, c.argv[1]]);
    signalModifiedKey(c, c.db, c.argv[1]);
    notifyKeyspaceEvent(NOTIFY_GENERIC, 'del', c.argv[1], c.db.id);
    server.dirty++;
  } else if (expire !== null) {
    setExpire(c, c.db, c.argv[1], milliseconds);
    const milliseconds_obj = createStringObjectFromLongLong(milliseconds);
    rewriteClientCommandVector(c, [shared.pexpireat, c.argv[1], milliseconds_obj]);
    decrRefCount(milliseconds_obj);
    signalModifiedKey(c, c.db, c.argv[1]);
    notifyKeyspaceEvent(NOTIFY_GENERIC, 'expire', c.argv[1], c.db.id);
    server.dirty++;
  } else if (flags & OBJ_PERSIST) {
    if (removeExpire(c.db, c.argv[1])) {
      signalModifiedKey(c, c.db, c.argv[1]);
      rewriteClientCommandVector(c, [shared.persist, c.argv[1]]);
      notifyKeyspaceEvent(NOTIFY_GENERIC, 'persist', c.argv[1], c.db.id);
      server.dirty++;
    }
  }
}

/**
 * GETDEL key: GET, and the key is gone.
 *
 * @c t_string.c:412
 */
export function getdelCommand(c: client): void {
  if (getGenericCommand(c) === C_ERR) return;
  const deleted = server.lazyfree_lazy_user_del
    ? dbAsyncDelete(c.db, c.argv[1])
    : dbSyncDelete(c.db, c.argv[1]);
  if (deleted) {
    const aux = server.lazyfree_lazy_user_del ? shared.unlink : shared.del;
    rewriteClientCommandVector(c, [aux, c.argv[1]]);
    signalModifiedKey(c, c.db, c.argv[1]);
    notifyKeyspaceEvent(NOTIFY_GENERIC, 'del', c.argv[1], c.db.id);
    server.dirty++;
  }
}

/**
 * GETSET key value: replies the old value.
 *
 * @c t_string.c:426
 */
export function getsetCommand(c: client): void {
  if (getGenericCommand(c) === C_ERR) return;
  c.argv[2] = tryObjectEncoding(c.argv[2]);
  setKey(c, c.db, c.argv[1], c.argv[2], 0);
  notifyKeyspaceEvent(NOTIFY_STRING, 'set', c.argv[1], c.db.id);
  server.dirty++;

  // What it does to the data is what SET does.
  rewriteClientCommandArgument(c, 0, shared.set);
}

/**
 * SETRANGE key offset value: writes over the value from `offset` on, and fills a gap before that with zero bytes. Replies
 * the length of the result.
 *
 * @c t_string.c:437
 */
export function setrangeCommand(c: client): void {
  const value = c.argv[3];
  const len = objPtrLen(value);

  const offset = getLongFromObjectOrReply(c, c.argv[2], null);
  if (offset === null) return;

  if (offset < 0) {
    addReplyError(c, 'offset is out of range');
    return;
  }

  let o = lookupKeyWrite(c.db, c.argv[1]);
  if (o === null) {
    // To write nothing does not create a key.
    if (len === 0) {
      addReply(c, shared.czero);
      return;
    }

    if (checkStringLength(c, offset + len) !== C_OK) return;

    o = createObject(OBJ_STRING, sdsnewlen(null, offset + len));
    dbAdd(c.db, c.argv[1], o);
  } else {
    if (checkType(c, o, OBJ_STRING)) return;

    // To write nothing changes nothing.
    const olen = stringObjectLen(o);
    if (len === 0) {
      addReplyLongLong(c, olen);
      return;
    }

    if (checkStringLength(c, offset + len) !== C_OK) return;

    o = dbUnshareStringValue(c.db, c.argv[1], o);
  }

  const s = sdsgrowzero(objPtrSds(o), offset + len);
  const bytes = value.ptr;
  if (bytes instanceof sds) s.buf.set(bytes.buf.subarray(0, len), offset);
  else s.buf.latin1Write(objPtrString(value), offset, len);
  signalModifiedKey(c, c.db, c.argv[1]);
  notifyKeyspaceEvent(NOTIFY_STRING, 'setrange', c.argv[1], c.db.id);
  server.dirty++;
  addReplyLongLong(c, sdslen(s));
}

/**
 * GETRANGE key start end (and SUBSTR): the bytes from `start` to `end`, both included, negative ones counted from the
 * end of the value.
 *
 * @c t_string.c:497
 */
export function getrangeCommand(c: client): void {
  const from = getLongLongFromObjectOrReply(c, c.argv[2], null);
  if (from === null) return;
  const to = getLongLongFromObjectOrReply(c, c.argv[3], null);
  if (to === null) return;
  const o = lookupKeyReadOrReply(c, c.argv[1], shared.emptybulk);
  if (o === null || checkType(c, o, OBJ_STRING)) return;

  const strlen = objPtrLen(o);

  if (from < 0 && to < 0 && from > to) {
    addReply(c, shared.emptybulk);
    return;
  }
  // What lies beyond 2^53 is out of every string anyway.
  let start = Number(from);
  let end = Number(to);
  if (start < 0) start = strlen + start;
  if (end < 0) end = strlen + end;
  if (start < 0) start = 0;
  if (end < 0) end = 0;
  if (end >= strlen) end = strlen - 1;

  if (start > end || strlen === 0) {
    addReply(c, shared.emptybulk);
  } else {
    // Only the part that was asked for is copied.
    const ptr = o.ptr;
    if (ptr instanceof sds) addReplyBulkCBuffer(c, ptr.buf.subarray(start, end + 1));
    else addReplyBulkCBuffer(c, objPtrString(o).slice(start, end + 1));
  }
}

/**
 * MGET key [key ...]: the values, a null for what is missing or no string.
 *
 * @c t_string.c:538
 */
export function mgetCommand(c: client): void {
  addReplyArrayLen(c, c.argc - 1);
  for (let j = 1; j < c.argc; j++) {
    const o = lookupKeyRead(c.db, c.argv[j]);
    if (o === null) {
      addReplyNull(c);
    } else {
      if (o.type !== OBJ_STRING) {
        addReplyNull(c);
      } else {
        addReplyBulk(c, o);
      }
    }
  }
}

/**
 * MSET and, with `nx`, MSETNX: sets all the pairs; MSETNX only if none of the keys exists.
 *
 * @c t_string.c:556
 */
export function msetGenericCommand(c: client, nx: boolean): void {
  if (c.argc % 2 === 0) {
    addReplyErrorArity(c);
    return;
  }

  if (nx) {
    for (let j = 1; j < c.argc; j += 2) {
      if (lookupKeyWrite(c.db, c.argv[j]) !== null) {
        addReply(c, shared.czero);
        return;
      }
    }
  }

  for (let j = 1; j < c.argc; j += 2) {
    c.argv[j + 1] = tryObjectEncoding(c.argv[j + 1]);
    setKey(c, c.db, c.argv[j], c.argv[j + 1], 0);
    notifyKeyspaceEvent(NOTIFY_STRING, 'set', c.argv[j], c.db.id);
  }
  server.dirty += (c.argc - 1) / 2;
  addReply(c, nx ? shared.cone : shared.ok);
}

/**
 * MSET key value [key value ...].
 *
 * @c t_string.c:584
 */
export function msetCommand(c: client): void {
  msetGenericCommand(c, false);
}

/**
 * MSETNX key value [key value ...]: replies 1 or 0.
 *
 * @c t_string.c:588
 */
export function msetnxCommand(c: client): void {
  msetGenericCommand(c, true);
}

/**
 * Adds `incr` to the integer at argv[1], which starts at 0, and replies the result.
 *
 * @c t_string.c:592
 */
export function incrDecrCommand(c: client, incr: number | bigint): void {
  const o = lookupKeyWrite(c.db, c.argv[1]);
  if (checkType(c, o, OBJ_STRING)) return;
  const oldvalue = getLongLongFromObjectOrReply(c, o, null);
  if (oldvalue === null) return;

  const value = llAdd(oldvalue, incr);
  // Two of one sign have a sum of that sign, unless it wrapped around.
  if ((incr < 0 && oldvalue < 0 && value >= 0) || (incr > 0 && oldvalue > 0 && value < 0)) {
    addReplyError(c, 'increment or decrement would overflow');
    return;
  }

  if (
    o !== null &&
    o.refcount === 1 &&
    o.encoding === OBJ_ENCODING_INT &&
    (value < 0 || value >= OBJ_SHARED_INTEGERS)
  ) {
    o.ptr = value;
  } else {
    const newobj = createStringObjectFromLongLongForValue(value);
    if (o !== null) dbOverwrite(c.db, c.argv[1], newobj);
    else dbAdd(c.db, c.argv[1], newobj);
  }
  signalModifiedKey(c, c.db, c.argv[1]);
  notifyKeyspaceEvent(NOTIFY_STRING, 'incrby', c.argv[1], c.db.id);
  server.dirty++;
  addReplyLongLong(c, value);
}

/**
 * INCR key: adds 1 and replies the result.
 *
 * @c t_string.c:628
 */
export function incrCommand(c: client): void {
  incrDecrCommand(c, 1);
}

/**
 * DECR key: subtracts 1 and replies the result.
 *
 * @c t_string.c:632
 */
export function decrCommand(c: client): void {
  incrDecrCommand(c, -1);
}

/**
 * INCRBY key increment: replies the result.
 *
 * @c t_string.c:636
 */
export function incrbyCommand(c: client): void {
  const incr = getLongLongFromObjectOrReply(c, c.argv[2], null);
  if (incr === null) return;
  incrDecrCommand(c, incr);
}

/**
 * DECRBY key decrement: replies the result.
 *
 * @c t_string.c:643
 */
export function decrbyCommand(c: client): void {
  const incr = getLongLongFromObjectOrReply(c, c.argv[2], null);
  if (incr === null) return;
  // The one number whose negative does not fit into 64 bits.
  if (incr === LLONG_MIN) {
    addReplyError(c, 'decrement would overflow');
    return;
  }
  // 0 has a negative of its own in JavaScript, which must not get into a reply.
  incrDecrCommand(c, incr === 0 ? 0 : -incr);
}

/**
 * INCRBYFLOAT key increment: adds in long double arithmetic and replies the result, which goes to replicas and AOF as SET.
 *
 * @c t_string.c:655
 */
export function incrbyfloatCommand(c: client): void {
  const o = lookupKeyWrite(c.db, c.argv[1]);
  if (checkType(c, o, OBJ_STRING)) return;
  const oldvalue = getLongDoubleFromObjectOrReply(c, o, null);
  if (oldvalue === null) return;
  const incr = getLongDoubleFromObjectOrReply(c, c.argv[2], null);
  if (incr === null) return;

  const value = ld_add(oldvalue, incr);
  if (ld_isnan(value) || ld_isinf(value)) {
    addReplyError(c, 'increment would produce NaN or Infinity');
    return;
  }
  const newobj = createStringObjectFromLongDouble(value, true);
  if (o !== null) dbOverwrite(c.db, c.argv[1], newobj);
  else dbAdd(c.db, c.argv[1], newobj);
  signalModifiedKey(c, c.db, c.argv[1]);
  notifyKeyspaceEvent(NOTIFY_STRING, 'incrbyfloat', c.argv[1], c.db.id);
  server.dirty++;
  addReplyBulk(c, newobj);

  // Another machine might add or print a little differently: it gets the result.
  rewriteClientCommandArgument(c, 0, shared.set);
  rewriteClientCommandArgument(c, 2, newobj);
  rewriteClientCommandArgument(c, 3, shared.keepttl);
}

/**
 * APPEND key value: replies the new length.
 *
 * @c t_string.c:688
 */
export function appendCommand(c: client): void {
  let totlen: number;

  let o = lookupKeyWrite(c.db, c.argv[1]);
  if (o === null) {
    c.argv[2] = tryObjectEncoding(c.argv[2]);
    dbAdd(c.db, c.argv[1], c.argv[2]);
    incrRefCount(c.argv[2]);
    totlen = stringObjectLen(c.argv[2]);
  } else {
    if (checkType(c, o, OBJ_STRING)) return;

    const append = c.argv[2];
    const len = objPtrLen(append);
    totlen = stringObjectLen(o) + len;
    if (checkStringLength(c, totlen) !== C_OK) return;

    o = dbUnshareStringValue(c.db, c.argv[1], o);
    const bytes = append.ptr;
    const s = sdscatlen(objPtrSds(o), bytes instanceof sds ? bytes.buf : objPtrString(append), len);
    totlen = sdslen(s);
  }
  signalModifiedKey(c, c.db, c.argv[1]);
  notifyKeyspaceEvent(NOTIFY_STRING, 'append', c.argv[1], c.db.id);
  server.dirty++;
  addReplyLongLong(c, totlen);
}

/**
 * STRLEN key: replies the length in bytes, 0 for no key.
 *
 * @c t_string.c:721
 */
export function strlenCommand(c: client): void {
  const o = lookupKeyReadOrReply(c, c.argv[1], shared.czero);
  if (o === null || checkType(c, o, OBJ_STRING)) return;
  addReplyLongLong(c, stringObjectLen(o));
}

/**
 * A table of `size` 32 bit numbers, or null when there is no memory for it.
 *
 * @own ztrymalloc() of the table in lcsCommand
 */
export function lcsTable(size: number): Uint32Array | null {
  try {
    return new Uint32Array(size);
  } catch {
    return null;
  }
}

/**
 * LCS key1 key2 [LEN] [IDX] [MINMATCHLEN len] [WITHMATCHLEN]: the longest common subsequence of two strings; or its
 * length; or where it lies in both, the last stretch first.
 *
 * @c t_string.c:729
 */
export function lcsCommand(c: client): void {
  let minmatchlen: number | bigint = 0;
  let getlen = false;
  let getidx = false;
  let withmatchlen = false;

  let obja = lookupKeyRead(c.db, c.argv[1]);
  let objb = lookupKeyRead(c.db, c.argv[2]);
  if ((obja !== null && obja.type !== OBJ_STRING) || (objb !== null && objb.type !== OBJ_STRING)) {
    addReplyError(c, 'The specified keys must contain string values');
    return;
  }
  obja = obja !== null ? getDecodedObject(obja) : createStringObject('');
  objb = objb !== null ? getDecodedObject(objb) : createStringObject('');

  cleanup: {
    for (let j = 3; j < c.argc; j++) {
      const opt = objPtrString(c.argv[j]);
      const moreargs = c.argc - 1 - j;

      if (!strcasecmp(opt, 'IDX')) {
        getidx = true;
      } else if (!strcasecmp(opt, 'LEN')) {
        getlen = true;
      } else if (!strcasecmp(opt, 'WITHMATCHLEN')) {
        withmatchlen = true;
      } else if (!strcasecmp(opt, 'MINMATCHLEN') && moreargs) {
        const n = getLongLongFromObjectOrReply(c, c.argv[j + 1], null);
        if (n === null) break cleanup;
        minmatchlen = n < 0 ? 0 : n;
        j++;
      } else {
        addReplyErrorObject(c, shared.syntaxerr);
        break cleanup;
      }
    }

    if (getlen && getidx) {
      addReplyError(c, 'If you want both the length and indexes, please just use IDX.');
      break cleanup;
    }

    const alen = objPtrLen(obja);
    const blen = objPtrLen(objb);

    // Lengths and positions are numbers of 32 bits in the table.
    const UINT32_MAX = 4294967295;
    if (alen >= UINT32_MAX - 1 || blen >= UINT32_MAX - 1) {
      addReplyError(c, 'String too long for LCS');
      break cleanup;
    }

    /*
     * lcs[i * (blen + 1) + j] is the length of the LCS of the first i bytes of a and the first j of b:
     *
     *     a[i-1] == b[j-1]     one more than that of (i-1, j-1)
     *     otherwise            the larger of (i-1, j) and (i, j-1)
     */
    const width = blen + 1;
    const lcssize = (alen + 1) * width;
    if (lcssize * 4 > server.proto_max_bulk_len) {
      addReplyError(c, 'Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len');
      break cleanup;
    }
    const lcs = lcsTable(lcssize);
    if (lcs === null) {
      addReplyError(c, 'Insufficient memory, failed allocating transient memory for LCS');
      break cleanup;
    }

    const a = Buffer.from(objPtrString(obja), 'latin1');
    const b = Buffer.from(objPtrString(objb), 'latin1');

    // The first row and the first column are the 0 that a fresh table holds.
    for (let i = 1; i <= alen; i++) {
      const row = i * width;
      const above = row - width;
      const ai = a[i - 1];
      for (let j = 1; j <= blen; j++) {
        if (ai === b[j - 1]) {
          lcs[row + j] = lcs[above + j - 1] + 1;
        } else {
          const lcs1 = lcs[above + j];
          const lcs2 = lcs[row + j - 1];
          lcs[row + j] = lcs1 > lcs2 ? lcs1 : lcs2;
        }
      }
    }

    // Now back from the end of both strings: where the bytes are equal, they belong to the LCS.
    const total = lcs[alen * width + blen];
    let idx = total;
    let arange_start = alen; // alen means that no stretch is open.
    let arange_end = 0;
    let brange_start = 0;
    let brange_end = 0;

    const computelcs = getidx || !getlen;
    const result = computelcs ? Buffer.allocUnsafe(idx) : null;

    let arraylen = 0;
    let arraylenptr: ReturnType<typeof addReplyDeferredLen> = null;
    if (getidx) {
      addReplyMapLen(c, 2);
      addReplyBulkCString(c, 'matches');
      arraylenptr = addReplyDeferredLen(c);
    }

    let i = alen;
    let j = blen;
    while (result !== null && i > 0 && j > 0) {
      let emit_range = false;
      if (a[i - 1] === b[j - 1]) {
        result[idx - 1] = a[i - 1];

        if (arange_start === alen) {
          arange_start = i - 1;
          arange_end = i - 1;
          brange_start = j - 1;
          brange_end = j - 1;
        } else {
          // It may be next to the open stretch in both strings.
          if (arange_start === i && brange_start === j) {
            arange_start--;
            brange_start--;
          } else {
            emit_range = true;
          }
        }
        // With the first byte of one of the strings the walk ends.
        if (arange_start === 0 || brange_start === 0) emit_range = true;
        idx--;
        i--;
        j--;
      } else {
        const lcs1 = lcs[(i - 1) * width + j];
        const lcs2 = lcs[i * width + (j - 1)];
        if (lcs1 > lcs2) i--;
        else j--;
        if (arange_start !== alen) emit_range = true;
      }

      const match_len = arange_end - arange_start + 1;
      if (emit_range) {
        if (minmatchlen === 0 || match_len >= minmatchlen) {
          if (getidx) {
            addReplyArrayLen(c, 2 + (withmatchlen ? 1 : 0));
            addReplyArrayLen(c, 2);
            addReplyLongLong(c, arange_start);
            addReplyLongLong(c, arange_end);
            addReplyArrayLen(c, 2);
            addReplyLongLong(c, brange_start);
            addReplyLongLong(c, brange_end);
            if (withmatchlen) addReplyLongLong(c, match_len);
            arraylen++;
          }
        }
        arange_start = alen; // The next equal byte opens another stretch.
      }
    }

    if (getidx) {
      addReplyBulkCString(c, 'len');
      addReplyLongLong(c, total);
      setDeferredArrayLen(c, arraylenptr, arraylen);
    } else if (getlen) {
      addReplyLongLong(c, total);
    } else {
      addReplyBulkCBuffer(c, result!);
    }
  }

  decrRefCount(obja);
  decrRefCount(objb);
}
