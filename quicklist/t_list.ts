/**
 * t_list.c: lists and their commands.
 *
 *     robj OBJ_LIST, QUICKLIST      ptr: quicklist          the only encoding; the list API hides it from the commands
 *
 *     LPUSH  ─► lpushCommand  ─► pushGenericCommand ─► listTypePush ─► quicklistPush
 *     LPOP   ─► lpopCommand   ─► popGenericCommand  ─► listTypePop, or for a count addListRangeReply, listTypeDelRange
 *                                                   └► listElementsRemoved: events, and an empty list is deleted
 *     LRANGE ─► lrangeCommand ─► addListRangeReply  ─► listTypeNext ─► quicklistNext
 *     BLPOP  ─► blpopCommand  ─► blockingPopGenericCommand ─► blockForKeys          (nothing to pop: the client waits)
 *               LPUSH by another client ─► handleClientsBlockedOnKeys ─► serveClientBlockedOnList
 *
 * Replicas and AOF see commands that do not wait, and say how many elements went: BLPOP is propagated as LPOP, LMPOP as LPOP
 * or RPOP with a count, BLMOVE as LMOVE, BRPOPLPUSH as RPOPLPUSH.
 *
 * Who calls in: call(), blocked for clients that waited; db, debug, sort for the list API. Whom it calls: quicklist, db, object,
 * networking, blocked.
 * What differs from C: the bytes of elements go from a listpack to the reply without becoming a string in between; LPOS takes
 * a RANK of the least long for what it says.
 *
 * @packageDocumentation
 */
import {
  addReply,
  addReplyArrayLen,
  addReplyBulk,
  addReplyBulkCBuffer,
  addReplyBulkLongLong,
  addReplyDeferredLen,
  addReplyError,
  addReplyErrorArity,
  addReplyErrorObject,
  addReplyLongLong,
  addReplyNull,
  addReplyNullArray,
  latin1Arg,
  rewriteClientCommandVector,
  setDeferredArrayLen,
} from '../networking/networking.ts';
import { getTimeoutFromObjectOrReply } from '../networking/timeout.ts';
import {
  LLONG_MAX,
  checkType,
  createObject,
  createQuicklistObject,
  createStringObject,
  createStringObjectFromLongLong,
  decrRefCount,
  getDecodedObject,
  getLongFromObjectOrReply,
  getPositiveLongFromObjectOrReply,
  getRangeLongFromObjectOrReply,
  objPtrString,
  sdsEncodedObject,
} from '../object/object.ts';
import { sds } from '../object/sds.ts';
import { ll2string, strcasecmp } from '../object/util.ts';
import { zfree, zmalloc } from '../object/zmalloc.ts';
import { blockForKeys } from '../server/blocked.ts';
import {
  dbAdd,
  dbDelete,
  lookupKeyRead,
  lookupKeyReadOrReply,
  lookupKeyWrite,
  lookupKeyWriteOrReply,
  signalModifiedKey,
} from '../server/db.ts';
import { serverAssert, serverAssertWithInfo, serverPanic } from '../server/debug.ts';
import { notifyKeyspaceEvent } from '../server/notify.ts';
import { alsoPropagate } from '../server/server.ts';
import {
  BLOCKED_LIST,
  CLIENT_DENY_BLOCKING,
  LIST_HEAD,
  LIST_TAIL,
  NOTIFY_GENERIC,
  NOTIFY_LIST,
  OBJ_ENCODING_INT,
  OBJ_ENCODING_QUICKLIST,
  OBJ_LIST,
  PROPAGATE_AOF,
  PROPAGATE_REPL,
  UNIT_SECONDS,
  blockPos,
  server,
  shared,
  type client,
  type redisDb,
  type robj,
} from '../server/server.h.ts';
import {
  AL_START_HEAD,
  AL_START_TAIL,
  QUICKLIST_HEAD,
  QUICKLIST_TAIL,
  quicklistCompare,
  quicklistCount,
  quicklistDelEntry,
  quicklistDelRange,
  quicklistDup,
  quicklistEntry,
  quicklistGetIteratorAtIdx,
  quicklistGetIteratorEntryAtIdx,
  quicklistInsertAfter,
  quicklistInsertBefore,
  quicklistNext,
  quicklistPopCustom,
  quicklistPush,
  quicklistReleaseIterator,
  quicklistReplaceAtIndex,
  quicklistReplaceEntry,
  quicklistSetDirection,
  quicklistSetOptions,
  type quicklist,
  type quicklistIter,
} from './quicklist.ts';

/** sizeof(listTypeIterator), for the account. */
const SIZEOF_LISTTYPEITERATOR = 24;

/** LONG_MAX as a bound of arguments. */
const LONG_MAX = Number(LLONG_MAX);

/** A way through a list. */
export class listTypeIterator {
  subject: robj;
  encoding: number;
  /** LIST_TAIL: towards the tail; LIST_HEAD: towards the head. */
  direction: number;
  /** null: there was no element to begin with. */
  iter: quicklistIter | null = null;
  constructor(subject: robj, direction: number) {
    this.subject = subject;
    this.encoding = subject.encoding;
    this.direction = direction;
  }
}

/** An element that an iterator came to. */
export class listTypeEntry {
  li: listTypeIterator | null = null;
  /** The element in the quicklist. */
  readonly entry = new quicklistEntry();
}

/** Where a function says whether it deleted a key that has become empty. */
export interface listDeleted {
  deleted: boolean;
}

/* -----------------------------------------------------------------------------
 * List API
 * -------------------------------------------------------------------------- */

/**
 * The bytes of a string object that is no integer, as a quicklist takes them. Those of an sds are a view.
 *
 * @own o->ptr with sdslen(o->ptr)
 */
export function listTypeBytes(o: robj): string | Uint8Array {
  const ptr = o.ptr;
  if (ptr instanceof sds) return ptr.buf.subarray(0, ptr.len);
  return ptr as string;
}

/**
 * Adds a copy of a string object's value at the end that `where` (LIST_HEAD, LIST_TAIL) says. The caller keeps the object.
 *
 * @c t_list.c:41
 */
export function listTypePush(subject: robj, value: robj, where: number): void {
  if (subject.encoding === OBJ_ENCODING_QUICKLIST) {
    const pos = where === LIST_HEAD ? QUICKLIST_HEAD : QUICKLIST_TAIL;
    if (value.encoding === OBJ_ENCODING_INT) {
      const buf = ll2string(value.ptr as number | bigint);
      quicklistPush(subject.ptr as quicklist, buf, pos);
    } else {
      quicklistPush(subject.ptr as quicklist, listTypeBytes(value), pos);
    }
  } else {
    serverPanic('Unknown list encoding');
  }
}

/**
 * A string object with `sz` bytes of `data` from `off` on.
 *
 * @c t_list.c:56
 */
export function listPopSaver(data: Buffer, off: number, sz: number): robj {
  return createStringObject(latin1Arg(data, off, sz));
}

/**
 * Takes an element out at the end that `where` says. Returns it as a new object, or null if the list is empty.
 *
 * @c t_list.c:60
 */
export function listTypePop(subject: robj, where: number): robj | null {
  let value: robj | null = null;

  const ql_where = where === LIST_HEAD ? QUICKLIST_HEAD : QUICKLIST_TAIL;
  if (subject.encoding === OBJ_ENCODING_QUICKLIST) {
    const popped = quicklistPopCustom(subject.ptr as quicklist, ql_where, listPopSaver);
    if (typeof popped === 'number' || typeof popped === 'bigint') {
      value = createStringObjectFromLongLong(popped);
    } else {
      value = popped;
    }
  } else {
    serverPanic('Unknown list encoding');
  }
  return value;
}

/**
 * The number of elements.
 *
 * @c t_list.c:77
 */
export function listTypeLength(subject: robj): number {
  if (subject.encoding === OBJ_ENCODING_QUICKLIST) {
    return quicklistCount(subject.ptr as quicklist);
  } else {
    serverPanic('Unknown list encoding');
  }
}

/**
 * An iterator that begins at `index` (negative ones count from the end) and goes towards the tail (LIST_TAIL) or the head
 * (LIST_HEAD). Without an element there it yields nothing. To be given back by listTypeReleaseIterator().
 *
 * @c t_list.c:86
 */
export function listTypeInitIterator(
  subject: robj,
  index: number,
  direction: number,
): listTypeIterator {
  zmalloc(SIZEOF_LISTTYPEITERATOR);
  const li = new listTypeIterator(subject, direction);
  // One says where to go, the other where to come from.
  const iter_direction = direction === LIST_HEAD ? AL_START_TAIL : AL_START_HEAD;
  if (li.encoding === OBJ_ENCODING_QUICKLIST) {
    li.iter = quicklistGetIteratorAtIdx(subject.ptr as quicklist, iter_direction, index);
  } else {
    serverPanic('Unknown list encoding');
  }
  return li;
}

/**
 * Makes an iterator turn.
 *
 * @c t_list.c:107
 */
export function listTypeSetIteratorDirection(li: listTypeIterator, direction: number): void {
  li.direction = direction;
  const dir = direction === LIST_HEAD ? AL_START_TAIL : AL_START_HEAD;
  quicklistSetDirection(li.iter!, dir);
}

/**
 * Gives an iterator back.
 *
 * @c t_list.c:114
 */
export function listTypeReleaseIterator(li: listTypeIterator): void {
  quicklistReleaseIterator(li.iter);
  zfree(SIZEOF_LISTTYPEITERATOR);
}

/**
 * Goes to the next element, the first time to the first one, and describes it in `entry`. Returns false at the end.
 *
 * @c t_list.c:122
 */
export function listTypeNext(li: listTypeIterator, entry: listTypeEntry): boolean {
  // It must not be converted meanwhile.
  serverAssert(li.subject.encoding === li.encoding, 'li->subject->encoding == li->encoding');

  entry.li = li;
  if (li.encoding === OBJ_ENCODING_QUICKLIST) {
    return quicklistNext(li.iter, entry.entry);
  } else {
    serverPanic('Unknown list encoding');
  }
}

/**
 * The element as a new string object.
 *
 * @c t_list.c:136
 */
export function listTypeGet(entry: listTypeEntry): robj {
  if (entry.li!.encoding === OBJ_ENCODING_QUICKLIST) {
    const qe = entry.entry;
    if (qe.value !== null) {
      return createStringObject(latin1Arg(qe.value, qe.valoff, qe.sz));
    } else {
      return createStringObjectFromLongLong(qe.longval);
    }
  } else {
    serverPanic('Unknown list encoding');
  }
}

/**
 * Inserts a value after (LIST_TAIL) or before (LIST_HEAD) the element. The iterator must not go on.
 *
 * @c t_list.c:151
 */
export function listTypeInsert(entry: listTypeEntry, value: robj, where: number): void {
  const li = entry.li!;
  if (li.encoding === OBJ_ENCODING_QUICKLIST) {
    value = getDecodedObject(value);
    const str = listTypeBytes(value);
    if (where === LIST_TAIL) {
      quicklistInsertAfter(li.iter!, entry.entry, str);
    } else if (where === LIST_HEAD) {
      quicklistInsertBefore(li.iter!, entry.entry, str);
    }
    decrRefCount(value);
  } else {
    serverPanic('Unknown list encoding');
  }
}

/**
 * Puts a value in the place of the element. The iterator must not go on.
 *
 * @c t_list.c:168
 */
export function listTypeReplace(entry: listTypeEntry, value: robj): void {
  const li = entry.li!;
  if (li.encoding === OBJ_ENCODING_QUICKLIST) {
    value = getDecodedObject(value);
    quicklistReplaceEntry(li.iter!, entry.entry, listTypeBytes(value));
    decrRefCount(value);
  } else {
    serverPanic('Unknown list encoding');
  }
}

/**
 * Whether the element has the bytes of `o`, which is no integer object.
 *
 * @c t_list.c:181
 */
export function listTypeEqual(entry: listTypeEntry, o: robj): boolean {
  if (entry.li!.encoding === OBJ_ENCODING_QUICKLIST) {
    serverAssertWithInfo(null, o, sdsEncodedObject(o), 'sdsEncodedObject(o)');
    return quicklistCompare(entry.entry, listTypeBytes(o));
  } else {
    serverPanic('Unknown list encoding');
  }
}

/**
 * Deletes the element. The iterator goes on with the one after it.
 *
 * @c t_list.c:191
 */
export function listTypeDelete(iter: listTypeIterator, entry: listTypeEntry): void {
  if (entry.li!.encoding === OBJ_ENCODING_QUICKLIST) {
    quicklistDelEntry(iter.iter!, entry.entry);
  } else {
    serverPanic('Unknown list encoding');
  }
}

/**
 * A copy of a list with the same encoding, for COPY.
 *
 * @c t_list.c:204
 */
export function listTypeDup(o: robj): robj {
  serverAssert(o.type === OBJ_LIST, 'o->type == OBJ_LIST');

  switch (o.encoding) {
    case OBJ_ENCODING_QUICKLIST: {
      const lobj = createObject(OBJ_LIST, quicklistDup(o.ptr as quicklist));
      lobj.encoding = o.encoding;
      return lobj;
    }
    default:
      serverPanic('Unknown list encoding');
  }
}

/**
 * Deletes up to `count` elements from index `start` on. Returns 1, or 0 if there were none.
 *
 * @c t_list.c:222
 */
export function listTypeDelRange(subject: robj, start: number, count: number): number {
  if (subject.encoding === OBJ_ENCODING_QUICKLIST) {
    return quicklistDelRange(subject.ptr as quicklist, start, count);
  } else {
    serverPanic('Unknown list encoding');
  }
}

/* -----------------------------------------------------------------------------
 * List Commands
 * -------------------------------------------------------------------------- */

/**
 * LPUSH, RPUSH and, with `xx`, LPUSHX, RPUSHX, which push only to a list that exists. Replies the new length.
 *
 * @c t_list.c:236
 */
export function pushGenericCommand(c: client, where: number, xx: boolean): void {
  let lobj = lookupKeyWrite(c.db, c.argv[1]);
  if (checkType(c, lobj, OBJ_LIST)) return;
  if (lobj === null) {
    if (xx) {
      addReply(c, shared.czero);
      return;
    }

    lobj = createQuicklistObject();
    quicklistSetOptions(
      lobj.ptr as quicklist,
      server.list_max_listpack_size,
      server.list_compress_depth,
    );
    dbAdd(c.db, c.argv[1], lobj);
  }

  for (let j = 2; j < c.argc; j++) {
    listTypePush(lobj, c.argv[j], where);
    server.dirty++;
  }

  addReplyLongLong(c, listTypeLength(lobj));

  const event = where === LIST_HEAD ? 'lpush' : 'rpush';
  signalModifiedKey(c, c.db, c.argv[1]);
  notifyKeyspaceEvent(NOTIFY_LIST, event, c.argv[1], c.db.id);
}

/**
 * LPUSH key element [element ...]: the last one becomes the first of the list.
 *
 * @c t_list.c:266
 */
export function lpushCommand(c: client): void {
  pushGenericCommand(c, LIST_HEAD, false);
}

/**
 * RPUSH key element [element ...].
 *
 * @c t_list.c:271
 */
export function rpushCommand(c: client): void {
  pushGenericCommand(c, LIST_TAIL, false);
}

/**
 * LPUSHX key element [element ...]: replies 0 if there is no list.
 *
 * @c t_list.c:276
 */
export function lpushxCommand(c: client): void {
  pushGenericCommand(c, LIST_HEAD, true);
}

/**
 * RPUSHX key element [element ...]: replies 0 if there is no list.
 *
 * @c t_list.c:281
 */
export function rpushxCommand(c: client): void {
  pushGenericCommand(c, LIST_TAIL, true);
}

/**
 * LINSERT key BEFORE|AFTER pivot element: next to the first element that equals the pivot. Replies the new length, -1 without
 * such an element, 0 without a list.
 *
 * @c t_list.c:286
 */
export function linsertCommand(c: client): void {
  let where: number;
  let inserted = false;

  if (strcasecmp(objPtrString(c.argv[2]), 'after') === 0) {
    where = LIST_TAIL;
  } else if (strcasecmp(objPtrString(c.argv[2]), 'before') === 0) {
    where = LIST_HEAD;
  } else {
    addReplyErrorObject(c, shared.syntaxerr);
    return;
  }

  const subject = lookupKeyWriteOrReply(c, c.argv[1], shared.czero);
  if (subject === null || checkType(c, subject, OBJ_LIST)) return;

  const iter = listTypeInitIterator(subject, 0, LIST_TAIL);
  const entry = new listTypeEntry();
  while (listTypeNext(iter, entry)) {
    if (listTypeEqual(entry, c.argv[3])) {
      listTypeInsert(entry, c.argv[4], where);
      inserted = true;
      break;
    }
  }
  listTypeReleaseIterator(iter);

  if (inserted) {
    signalModifiedKey(c, c.db, c.argv[1]);
    notifyKeyspaceEvent(NOTIFY_LIST, 'linsert', c.argv[1], c.db.id);
    server.dirty++;
  } else {
    addReplyLongLong(c, -1);
    return;
  }

  addReplyLongLong(c, listTypeLength(subject));
}

/**
 * LLEN key: replies the number of elements.
 *
 * @c t_list.c:331
 */
export function llenCommand(c: client): void {
  const o = lookupKeyReadOrReply(c, c.argv[1], shared.czero);
  if (o === null || checkType(c, o, OBJ_LIST)) return;
  addReplyLongLong(c, listTypeLength(o));
}

/**
 * LINDEX key index: replies the element there (negative ones count from the end), null if there is none.
 *
 * @c t_list.c:338
 */
export function lindexCommand(c: client): void {
  const o = lookupKeyReadOrReply(c, c.argv[1], shared.null[c.resp]);
  if (o === null || checkType(c, o, OBJ_LIST)) return;

  const index = getLongFromObjectOrReply(c, c.argv[2], null);
  if (index === null) return;

  if (o.encoding === OBJ_ENCODING_QUICKLIST) {
    const entry = new quicklistEntry();
    const iter = quicklistGetIteratorEntryAtIdx(o.ptr as quicklist, index, entry);
    if (iter !== null) {
      if (entry.value !== null) {
        addReplyBulkCBuffer(c, entry.value, entry.valoff, entry.sz);
      } else {
        addReplyBulkLongLong(c, entry.longval);
      }
    } else {
      addReplyNull(c);
    }
    quicklistReleaseIterator(iter);
  } else {
    serverPanic('Unknown list encoding');
  }
}

/**
 * LSET key index element: replaces the element there. An error if there is none.
 *
 * @c t_list.c:365
 */
export function lsetCommand(c: client): void {
  const o = lookupKeyWriteOrReply(c, c.argv[1], shared.nokeyerr);
  if (o === null || checkType(c, o, OBJ_LIST)) return;
  const value = c.argv[3];

  const index = getLongFromObjectOrReply(c, c.argv[2], null);
  if (index === null) return;

  if (o.encoding === OBJ_ENCODING_QUICKLIST) {
    const ql = o.ptr as quicklist;
    const replaced = quicklistReplaceAtIndex(ql, index, listTypeBytes(value));
    if (!replaced) {
      addReplyErrorObject(c, shared.outofrangeerr);
    } else {
      addReply(c, shared.ok);
      signalModifiedKey(c, c.db, c.argv[1]);
      notifyKeyspaceEvent(NOTIFY_LIST, 'lset', c.argv[1], c.db.id);
      server.dirty++;
    }
  } else {
    serverPanic('Unknown list encoding');
  }
}

/**
 * Takes up to `count` elements out at the end that `where` says and replies the key and an array of them. Does what belongs to
 * it as listElementsRemoved() does, which also sets `deleted`.
 *
 * @c t_list.c:402
 */
export function listPopRangeAndReplyWithKey(
  c: client,
  o: robj,
  key: robj,
  where: number,
  count: number,
  deleted: listDeleted | null,
): void {
  const llen = listTypeLength(o);
  const rangelen = count > llen ? llen : count;
  const rangestart = where === LIST_HEAD ? 0 : -rangelen;
  const rangeend = where === LIST_HEAD ? rangelen - 1 : -1;
  const reverse = where !== LIST_HEAD;

  addReplyArrayLen(c, 2);
  addReplyBulk(c, key);
  addListRangeReply(c, o, rangestart, rangeend, reverse);

  listTypeDelRange(o, rangestart, rangelen);
  listElementsRemoved(c, key, where, o, rangelen, deleted);
}

/**
 * Replies an array of the elements from `start` to `end`, both included, negative ones counted from the end; with `reverse`
 * from the last of them to the first. An empty array if `start` lies behind `end`.
 *
 * @c t_list.c:425
 */
export function addListRangeReply(
  c: client,
  o: robj,
  start: number,
  end: number,
  reverse: boolean,
): void {
  const llen = listTypeLength(o);

  if (start < 0) start = llen + start;
  if (end < 0) end = llen + end;
  if (start < 0) start = 0;

  // An end before the list is one before the start by now.
  if (start > end || start >= llen) {
    addReply(c, shared.emptyarray);
    return;
  }
  if (end >= llen) end = llen - 1;
  let rangelen = end - start + 1;

  addReplyArrayLen(c, rangelen);
  if (o.encoding === OBJ_ENCODING_QUICKLIST) {
    const from = reverse ? end : start;
    const direction = reverse ? LIST_HEAD : LIST_TAIL;
    const iter = listTypeInitIterator(o, from, direction);
    const entry = new listTypeEntry();

    while (rangelen--) {
      // Only corrupt data ends before its time.
      serverAssert(listTypeNext(iter, entry), 'listTypeNext(iter, &entry)');
      const qe = entry.entry;
      if (qe.value !== null) {
        addReplyBulkCBuffer(c, qe.value, qe.valoff, qe.sz);
      } else {
        addReplyBulkLongLong(c, qe.longval);
      }
    }
    listTypeReleaseIterator(iter);
  } else {
    serverPanic('Unknown list encoding');
  }
}

/**
 * What follows when `count` elements have been taken out of the list `o` at `where`: events, signals, and an empty list is deleted,
 * which `deleted` (if not null) tells.
 *
 * @c t_list.c:469
 */
export function listElementsRemoved(
  c: client,
  key: robj,
  where: number,
  o: robj,
  count: number,
  deleted: listDeleted | null,
): void {
  const event = where === LIST_HEAD ? 'lpop' : 'rpop';

  notifyKeyspaceEvent(NOTIFY_LIST, event, key, c.db.id);
  if (listTypeLength(o) === 0) {
    if (deleted !== null) deleted.deleted = true;

    dbDelete(c.db, key);
    notifyKeyspaceEvent(NOTIFY_GENERIC, 'del', key, c.db.id);
  } else {
    if (deleted !== null) deleted.deleted = false;
  }
  signalModifiedKey(c, c.db, key);
  server.dirty += count;
}

/**
 * LPOP and RPOP: one element as a bulk string; with a count an array of up to that many.
 *
 * @c t_list.c:489
 */
export function popGenericCommand(c: client, where: number): void {
  const hascount = c.argc === 3;
  let count: number | null = 0;

  if (c.argc > 3) {
    addReplyErrorArity(c);
    return;
  } else if (hascount) {
    count = getPositiveLongFromObjectOrReply(c, c.argv[2], null);
    if (count === null) return;
  }

  const o = lookupKeyWriteOrReply(
    c,
    c.argv[1],
    hascount ? shared.nullarray[c.resp] : shared.null[c.resp],
  );
  if (o === null || checkType(c, o, OBJ_LIST)) return;

  if (hascount && !count) {
    addReply(c, shared.emptyarray);
    return;
  }

  if (!count) {
    const value = listTypePop(o, where);
    serverAssert(value !== null, 'value != NULL');
    addReplyBulk(c, value!);
    decrRefCount(value!);
    listElementsRemoved(c, c.argv[1], where, o, 1, null);
  } else {
    const llen = listTypeLength(o);
    const rangelen = count > llen ? llen : count;
    const rangestart = where === LIST_HEAD ? 0 : -rangelen;
    const rangeend = where === LIST_HEAD ? rangelen - 1 : -1;
    const reverse = where !== LIST_HEAD;

    addListRangeReply(c, o, rangestart, rangeend, reverse);
    listTypeDelRange(o, rangestart, rangelen);
    listElementsRemoved(c, c.argv[1], where, o, rangelen, null);
  }
}

/**
 * LMPOP: up to `count` elements of the first of `keys` that is not empty, with its name; a null array if all are.
 *
 * @c t_list.c:543
 */
export function mpopGenericCommand(
  c: client,
  keys: robj[],
  numkeys: number,
  where: number,
  count: number,
): void {
  for (let j = 0; j < numkeys; j++) {
    const key = keys[j];
    const o = lookupKeyWrite(c.db, key);

    if (o === null) continue;

    if (checkType(c, o, OBJ_LIST)) return;

    const llen = listTypeLength(o);
    if (llen === 0) continue;

    listPopRangeAndReplyWithKey(c, o, key, where, count, null);

    // Replicas and AOF get LPOP or RPOP with the number that it was.
    const count_obj = createStringObjectFromLongLong(count > llen ? llen : count);
    rewriteClientCommandVector(c, [
      where === LIST_HEAD ? shared.lpop : shared.rpop,
      key,
      count_obj,
    ]);
    decrRefCount(count_obj);
    return;
  }

  addReplyNullArray(c);
}

/**
 * LPOP key [count].
 *
 * @c t_list.c:578
 */
export function lpopCommand(c: client): void {
  popGenericCommand(c, LIST_HEAD);
}

/**
 * RPOP key [count].
 *
 * @c t_list.c:583
 */
export function rpopCommand(c: client): void {
  popGenericCommand(c, LIST_TAIL);
}

/**
 * LRANGE key start stop: the elements between, both included.
 *
 * @c t_list.c:588
 */
export function lrangeCommand(c: client): void {
  const start = getLongFromObjectOrReply(c, c.argv[2], null);
  if (start === null) return;
  const end = getLongFromObjectOrReply(c, c.argv[3], null);
  if (end === null) return;

  const o = lookupKeyReadOrReply(c, c.argv[1], shared.emptyarray);
  if (o === null || checkType(c, o, OBJ_LIST)) return;

  addListRangeReply(c, o, start, end, false);
}

/**
 * LTRIM key start stop: deletes all elements but those between.
 *
 * @c t_list.c:602
 */
export function ltrimCommand(c: client): void {
  let ltrim: number;
  let rtrim: number;

  let start = getLongFromObjectOrReply(c, c.argv[2], null);
  if (start === null) return;
  let end = getLongFromObjectOrReply(c, c.argv[3], null);
  if (end === null) return;

  const o = lookupKeyWriteOrReply(c, c.argv[1], shared.ok);
  if (o === null || checkType(c, o, OBJ_LIST)) return;
  const llen = listTypeLength(o);

  if (start < 0) start = llen + start;
  if (end < 0) end = llen + end;
  if (start < 0) start = 0;

  if (start > end || start >= llen) {
    // Nothing lies between.
    ltrim = llen;
    rtrim = 0;
  } else {
    if (end >= llen) end = llen - 1;
    ltrim = start;
    rtrim = llen - end - 1;
  }

  if (o.encoding === OBJ_ENCODING_QUICKLIST) {
    quicklistDelRange(o.ptr as quicklist, 0, ltrim);
    quicklistDelRange(o.ptr as quicklist, -rtrim, rtrim);
  } else {
    serverPanic('Unknown list encoding');
  }

  notifyKeyspaceEvent(NOTIFY_LIST, 'ltrim', c.argv[1], c.db.id);
  if (listTypeLength(o) === 0) {
    dbDelete(c.db, c.argv[1]);
    notifyKeyspaceEvent(NOTIFY_GENERIC, 'del', c.argv[1], c.db.id);
  }
  signalModifiedKey(c, c.db, c.argv[1]);
  server.dirty += ltrim + rtrim;
  addReply(c, shared.ok);
}

/**
 * LPOS key element [RANK rank] [COUNT num-matches] [MAXLEN len]: the index of the rank-th element that is equal, from the tail if
 * the rank is negative; null if there is none. With COUNT an array of up to that many indexes (0: all). MAXLEN ends the search after so many
 * elements (0: none). An index always counts from the head.
 *
 * @c t_list.c:665
 */
export function lposCommand(c: client): void {
  const ele = c.argv[2];
  let direction = LIST_TAIL;
  let rank = 1;
  let count = -1; // Not given.
  let maxlen = 0;

  for (let j = 3; j < c.argc; j++) {
    const opt = objPtrString(c.argv[j]);
    const moreargs = c.argc - 1 - j;

    if (!strcasecmp(opt, 'RANK') && moreargs) {
      j++;
      const value = getLongFromObjectOrReply(c, c.argv[j], null);
      if (value === null) return;
      rank = value;
      if (rank === 0) {
        addReplyError(
          c,
          "RANK can't be zero: use 1 to start from " +
            'the first match, 2 from the second ... ' +
            'or use negative to start from the end of the list',
        );
        return;
      }
    } else if (!strcasecmp(opt, 'COUNT') && moreargs) {
      j++;
      const value = getPositiveLongFromObjectOrReply(c, c.argv[j], "COUNT can't be negative");
      if (value === null) return;
      count = value;
    } else if (!strcasecmp(opt, 'MAXLEN') && moreargs) {
      j++;
      const value = getPositiveLongFromObjectOrReply(c, c.argv[j], "MAXLEN can't be negative");
      if (value === null) return;
      maxlen = value;
    } else {
      addReplyErrorObject(c, shared.syntaxerr);
      return;
    }
  }

  if (rank < 0) {
    rank = -rank;
    direction = LIST_HEAD;
  }

  const o = lookupKeyRead(c.db, c.argv[1]);
  if (o === null) {
    if (count !== -1) addReply(c, shared.emptyarray);
    else addReply(c, shared.null[c.resp]);
    return;
  }
  if (checkType(c, o, OBJ_LIST)) return;

  const arraylenptr = count !== -1 ? addReplyDeferredLen(c) : null;

  const li = listTypeInitIterator(o, direction === LIST_HEAD ? -1 : 0, direction);
  const entry = new listTypeEntry();
  const llen = listTypeLength(o);
  let index = 0;
  let matches = 0;
  let matchindex = -1;
  let arraylen = 0;
  while (listTypeNext(li, entry) && (maxlen === 0 || index < maxlen)) {
    if (listTypeEqual(entry, ele)) {
      matches++;
      matchindex = direction === LIST_TAIL ? index : llen - index - 1;
      if (matches >= rank) {
        if (count !== -1) {
          arraylen++;
          addReplyLongLong(c, matchindex);
          if (count && matches - rank + 1 >= count) break;
        } else {
          break;
        }
      }
    }
    index++;
    matchindex = -1; // If the loop ends here, that was not the one.
  }
  listTypeReleaseIterator(li);

  if (count !== -1) {
    setDeferredArrayLen(c, arraylenptr, arraylen);
  } else {
    if (matchindex !== -1) addReplyLongLong(c, matchindex);
    else addReply(c, shared.null[c.resp]);
  }
}

/**
 * LREM key count element: deletes the first `count` elements that are equal, the last ones if it is negative, all if it is 0.
 * Replies how many.
 *
 * @c t_list.c:761
 */
export function lremCommand(c: client): void {
  const obj = c.argv[3];
  let removed = 0;

  let toremove = getLongFromObjectOrReply(c, c.argv[2], null);
  if (toremove === null) return;

  const subject = lookupKeyWriteOrReply(c, c.argv[1], shared.czero);
  if (subject === null || checkType(c, subject, OBJ_LIST)) return;

  let li: listTypeIterator;
  if (toremove < 0) {
    toremove = -toremove;
    li = listTypeInitIterator(subject, -1, LIST_HEAD);
  } else {
    li = listTypeInitIterator(subject, 0, LIST_TAIL);
  }

  const entry = new listTypeEntry();
  while (listTypeNext(li, entry)) {
    if (listTypeEqual(entry, obj)) {
      listTypeDelete(li, entry);
      server.dirty++;
      removed++;
      if (toremove && removed === toremove) break;
    }
  }
  listTypeReleaseIterator(li);

  if (removed) {
    signalModifiedKey(c, c.db, c.argv[1]);
    notifyKeyspaceEvent(NOTIFY_LIST, 'lrem', c.argv[1], c.db.id);
  }

  if (listTypeLength(subject) === 0) {
    dbDelete(c.db, c.argv[1]);
    notifyKeyspaceEvent(NOTIFY_GENERIC, 'del', c.argv[1], c.db.id);
  }

  addReplyLongLong(c, removed);
}

/**
 * The second half of moving an element: pushes `value` to `dstobj` (null: a new list) at `dstkey`, and replies it.
 *
 * @c t_list.c:805
 */
export function lmoveHandlePush(
  c: client,
  dstkey: robj,
  dstobj: robj | null,
  value: robj,
  where: number,
): void {
  if (dstobj === null) {
    dstobj = createQuicklistObject();
    quicklistSetOptions(
      dstobj.ptr as quicklist,
      server.list_max_listpack_size,
      server.list_compress_depth,
    );
    dbAdd(c.db, dstkey, dstobj);
  }
  signalModifiedKey(c, c.db, dstkey);
  listTypePush(dstobj, value, where);
  notifyKeyspaceEvent(NOTIFY_LIST, where === LIST_HEAD ? 'lpush' : 'rpush', dstkey, c.db.id);
  addReplyBulk(c, value);
}

/**
 * Reads LEFT or RIGHT: LIST_HEAD or LIST_TAIL, null when a syntax error has been replied.
 *
 * @c t_list.c:824
 */
export function getListPositionFromObjectOrReply(c: client, arg: robj): number | null {
  if (strcasecmp(objPtrString(arg), 'right') === 0) {
    return LIST_TAIL;
  } else if (strcasecmp(objPtrString(arg), 'left') === 0) {
    return LIST_HEAD;
  } else {
    addReplyErrorObject(c, shared.syntaxerr);
    return null;
  }
}

/**
 * LIST_HEAD or LIST_TAIL as the shared argument left or right.
 *
 * @c t_list.c:836
 */
export function getStringObjectFromListPosition(position: number): robj {
  if (position === LIST_HEAD) {
    return shared.left;
  } else {
    return shared.right;
  }
}

/**
 * LMOVE and its relatives when the source has an element: moves one from argv[1] to argv[2], which may be the same list, and replies it.
 *
 * @c t_list.c:845
 */
export function lmoveGenericCommand(c: client, wherefrom: number, whereto: number): void {
  const sobj = lookupKeyWriteOrReply(c, c.argv[1], shared.null[c.resp]);
  if (sobj === null || checkType(c, sobj, OBJ_LIST)) return;

  if (listTypeLength(sobj) === 0) {
    // Very old RDB files may have empty lists.
    addReplyNull(c);
  } else {
    const dobj = lookupKeyWrite(c.db, c.argv[2]);
    const touchedkey = c.argv[1];

    if (checkType(c, dobj, OBJ_LIST)) return;
    const value = listTypePop(sobj, wherefrom);
    serverAssert(value !== null, 'value');
    lmoveHandlePush(c, c.argv[2], dobj, value!, whereto);

    decrRefCount(value!);

    notifyKeyspaceEvent(
      NOTIFY_LIST,
      wherefrom === LIST_HEAD ? 'lpop' : 'rpop',
      touchedkey,
      c.db.id,
    );
    if (listTypeLength(sobj) === 0) {
      dbDelete(c.db, touchedkey);
      notifyKeyspaceEvent(NOTIFY_GENERIC, 'del', touchedkey, c.db.id);
    }
    signalModifiedKey(c, c.db, touchedkey);
    server.dirty++;
    if (c.cmd!.proc === blmoveCommand) {
      rewriteClientCommandVector(c, [shared.lmove, c.argv[1], c.argv[2], c.argv[3], c.argv[4]]);
    } else if (c.cmd!.proc === brpoplpushCommand) {
      rewriteClientCommandVector(c, [shared.rpoplpush, c.argv[1], c.argv[2]]);
    }
  }
}

/**
 * LMOVE source destination LEFT|RIGHT LEFT|RIGHT.
 *
 * @c t_list.c:889
 */
export function lmoveCommand(c: client): void {
  const wherefrom = getListPositionFromObjectOrReply(c, c.argv[3]);
  if (wherefrom === null) return;
  const whereto = getListPositionFromObjectOrReply(c, c.argv[4]);
  if (whereto === null) return;
  lmoveGenericCommand(c, wherefrom, whereto);
}

/**
 * RPOPLPUSH source destination: the last element of one becomes the first of the other. Whoever works on it can leave it there until it
 * is done, so that nothing is lost.
 *
 * @c t_list.c:913
 */
export function rpoplpushCommand(c: client): void {
  lmoveGenericCommand(c, LIST_TAIL, LIST_HEAD);
}

/* -----------------------------------------------------------------------------
 * Blocking POP operations
 * -------------------------------------------------------------------------- */

/**
 * Serves `receiver`, which waits for the list `o` at `key`: pops as BLPOP, BRPOP or BLMPOP would at `wherefrom`; if `dstkey` is not null as
 * BLMOVE, with a push there at `whereto`, unless that is no list, which is an error for the receiver. Propagates the command that does the same
 * without waiting. `deleted`, if not null, tells whether the list got empty and was deleted.
 *
 * @c t_list.c:942
 */
export function serveClientBlockedOnList(
  receiver: client,
  o: robj,
  key: robj,
  dstkey: robj | null,
  db: redisDb,
  wherefrom: number,
  whereto: number,
  deleted: listDeleted | null,
): void {
  let value: robj | null = null;

  if (deleted !== null) deleted.deleted = false;

  if (dstkey === null) {
    const pop = wherefrom === LIST_HEAD ? shared.lpop : shared.rpop;

    if (receiver.lastcmd!.proc === blmpopCommand) {
      const count = receiver.bpop.count;
      serverAssert(count > 0, 'count > 0');
      const llen = listTypeLength(o);
      serverAssert(llen > 0, 'llen > 0');

      const count_obj = createStringObjectFromLongLong(count > llen ? llen : count);
      alsoPropagate(db.id, [pop, key, count_obj], 3, PROPAGATE_AOF | PROPAGATE_REPL);
      decrRefCount(count_obj);

      listPopRangeAndReplyWithKey(receiver, o, key, wherefrom, count, deleted);
      return;
    }

    alsoPropagate(db.id, [pop, key], 2, PROPAGATE_AOF | PROPAGATE_REPL);

    value = listTypePop(o, wherefrom);
    serverAssert(value !== null, 'value != NULL');

    addReplyArrayLen(receiver, 2);
    addReplyBulk(receiver, key);
    addReplyBulk(receiver, value!);

    const event = wherefrom === LIST_HEAD ? 'lpop' : 'rpop';
    notifyKeyspaceEvent(NOTIFY_LIST, event, key, receiver.db.id);
  } else {
    const dstobj = lookupKeyWrite(receiver.db, dstkey);
    if (!(dstobj !== null && checkType(receiver, dstobj, OBJ_LIST))) {
      value = listTypePop(o, wherefrom);
      serverAssert(value !== null, 'value != NULL');

      lmoveHandlePush(receiver, dstkey, dstobj, value!, whereto);
      const isbrpoplpush = receiver.lastcmd!.proc === brpoplpushCommand;
      const argv = [
        isbrpoplpush ? shared.rpoplpush : shared.lmove,
        key,
        dstkey,
        getStringObjectFromListPosition(wherefrom),
        getStringObjectFromListPosition(whereto),
      ];
      alsoPropagate(db.id, argv, isbrpoplpush ? 3 : 5, PROPAGATE_AOF | PROPAGATE_REPL);

      // The event of the push has been notified with it.
      notifyKeyspaceEvent(
        NOTIFY_LIST,
        wherefrom === LIST_TAIL ? 'rpop' : 'lpop',
        key,
        receiver.db.id,
      );
    }
  }

  if (value !== null) decrRefCount(value);

  if (listTypeLength(o) === 0) {
    if (deleted !== null) deleted.deleted = true;

    dbDelete(receiver.db, key);
    notifyKeyspaceEvent(NOTIFY_GENERIC, 'del', key, receiver.db.id);
  }
  // The push that woke us up has called signalModifiedKey() for this key.
}

/**
 * BLPOP, BRPOP (`count` -1) and BLMPOP: pops from the first of `keys` that is not empty; if all are, blocks until the time in argv[timeout_idx]
 * has passed. A client that may not block gets a null array at once.
 *
 * @c t_list.c:1031
 */
export function blockingPopGenericCommand(
  c: client,
  keys: robj[],
  numkeys: number,
  where: number,
  timeout_idx: number,
  count: number,
): void {
  const timeout = getTimeoutFromObjectOrReply(c, c.argv[timeout_idx], UNIT_SECONDS);
  if (timeout === null) return;

  for (let j = 0; j < numkeys; j++) {
    const key = keys[j];
    const o = lookupKeyWrite(c.db, key);

    if (o === null) continue;

    if (checkType(c, o, OBJ_LIST)) return;

    const llen = listTypeLength(o);
    if (llen === 0) continue;

    if (count !== -1) {
      listPopRangeAndReplyWithKey(c, o, key, where, count, null);

      // Replicas and AOF get LPOP or RPOP with the number that it was.
      const count_obj = createStringObjectFromLongLong(count > llen ? llen : count);
      rewriteClientCommandVector(c, [
        where === LIST_HEAD ? shared.lpop : shared.rpop,
        key,
        count_obj,
      ]);
      decrRefCount(count_obj);
      return;
    }

    const value = listTypePop(o, where);
    serverAssert(value !== null, 'value != NULL');

    addReplyArrayLen(c, 2);
    addReplyBulk(c, key);
    addReplyBulk(c, value!);
    decrRefCount(value!);
    listElementsRemoved(c, key, where, o, 1, null);

    // Replicas and AOF get LPOP or RPOP.
    rewriteClientCommandVector(c, [where === LIST_HEAD ? shared.lpop : shared.rpop, key]);
    return;
  }

  // As if the time had passed, even if it is for ever.
  if (c.flags_hi & CLIENT_DENY_BLOCKING) {
    addReplyNullArray(c);
    return;
  }

  const pos = new blockPos();
  pos.wherefrom = where;
  blockForKeys(c, BLOCKED_LIST, keys, count, timeout, null, pos, null);
}

/**
 * BLPOP key [key ...] timeout.
 *
 * @c t_list.c:1098
 */
export function blpopCommand(c: client): void {
  const keys = c.argv.slice(1, c.argc - 1);
  blockingPopGenericCommand(c, keys, c.argc - 2, LIST_HEAD, c.argc - 1, -1);
}

/**
 * BRPOP key [key ...] timeout.
 *
 * @c t_list.c:1103
 */
export function brpopCommand(c: client): void {
  const keys = c.argv.slice(1, c.argc - 1);
  blockingPopGenericCommand(c, keys, c.argc - 2, LIST_TAIL, c.argc - 1, -1);
}

/**
 * BLMOVE and BRPOPLPUSH: moves an element, or waits for one until `timeout` (Unix time in ms, 0: for ever).
 *
 * @c t_list.c:1107
 */
export function blmoveGenericCommand(
  c: client,
  wherefrom: number,
  whereto: number,
  timeout: number,
): void {
  const key = lookupKeyWrite(c.db, c.argv[1]);
  if (checkType(c, key, OBJ_LIST)) return;

  if (key === null) {
    if (c.flags_hi & CLIENT_DENY_BLOCKING) {
      addReplyNull(c);
    } else {
      const pos = new blockPos();
      pos.wherefrom = wherefrom;
      pos.whereto = whereto;
      blockForKeys(c, BLOCKED_LIST, [c.argv[1]], -1, timeout, c.argv[2], pos, null);
    }
  } else {
    serverAssertWithInfo(c, key, listTypeLength(key) > 0, 'listTypeLength(key) > 0');
    lmoveGenericCommand(c, wherefrom, whereto);
  }
}

/**
 * BLMOVE source destination LEFT|RIGHT LEFT|RIGHT timeout.
 *
 * @c t_list.c:1130
 */
export function blmoveCommand(c: client): void {
  const wherefrom = getListPositionFromObjectOrReply(c, c.argv[3]);
  if (wherefrom === null) return;
  const whereto = getListPositionFromObjectOrReply(c, c.argv[4]);
  if (whereto === null) return;
  const timeout = getTimeoutFromObjectOrReply(c, c.argv[5], UNIT_SECONDS);
  if (timeout === null) return;
  blmoveGenericCommand(c, wherefrom, whereto, timeout);
}

/**
 * BRPOPLPUSH source destination timeout.
 *
 * @c t_list.c:1143
 */
export function brpoplpushCommand(c: client): void {
  const timeout = getTimeoutFromObjectOrReply(c, c.argv[3], UNIT_SECONDS);
  if (timeout === null) return;
  blmoveGenericCommand(c, LIST_TAIL, LIST_HEAD, timeout);
}

/**
 * Reads the arguments of LMPOP and BLMPOP from the number of keys at `numkeys_idx` on, and pops; with `is_block` waits, see
 * blockingPopGenericCommand().
 *
 * @c t_list.c:1154
 */
export function lmpopGenericCommand(c: client, numkeys_idx: number, is_block: boolean): void {
  let count = -1;

  const numkeys = getRangeLongFromObjectOrReply(
    c,
    c.argv[numkeys_idx],
    1,
    LONG_MAX,
    'numkeys should be greater than 0',
  );
  if (numkeys === null) return;

  const where_idx = numkeys_idx + numkeys + 1;
  if (where_idx >= c.argc) {
    addReplyErrorObject(c, shared.syntaxerr);
    return;
  }
  const where = getListPositionFromObjectOrReply(c, c.argv[where_idx]);
  if (where === null) return;

  for (let j = where_idx + 1; j < c.argc; j++) {
    const opt = objPtrString(c.argv[j]);
    const moreargs = c.argc - 1 - j;

    if (count === -1 && !strcasecmp(opt, 'COUNT') && moreargs) {
      j++;
      const value = getRangeLongFromObjectOrReply(
        c,
        c.argv[j],
        1,
        LONG_MAX,
        'count should be greater than 0',
      );
      if (value === null) return;
      count = value;
    } else {
      addReplyErrorObject(c, shared.syntaxerr);
      return;
    }
  }

  if (count === -1) count = 1;

  const keys = c.argv.slice(numkeys_idx + 1, where_idx);
  if (is_block) {
    blockingPopGenericCommand(c, keys, numkeys, where, 1, count);
  } else {
    mpopGenericCommand(c, keys, numkeys, where, count);
  }
}

/**
 * LMPOP numkeys key [key ...] LEFT|RIGHT [COUNT count].
 *
 * @c t_list.c:1202
 */
export function lmpopCommand(c: client): void {
  lmpopGenericCommand(c, 1, false);
}

/**
 * BLMPOP timeout numkeys key [key ...] LEFT|RIGHT [COUNT count].
 *
 * @c t_list.c:1207
 */
export function blmpopCommand(c: client): void {
  lmpopGenericCommand(c, 2, true);
}
