/**
 * t_set.c: sets and their commands.
 *
 *     robj OBJ_SET, INTSET    ptr: intset                 every member an integer, at most set-max-intset-entries
 *     robj OBJ_SET, HT        ptr: dict<string, null>     all others
 *
 *     SADD s 1 2     INTSET {1, 2}
 *     SADD s a       setTypeConvert ─► HT {"1", "2", "a"}     and never back, even if SREM s a follows
 *
 * A member goes in and out as a latin1 string. What is read from a set without converting it is a string if it came from
 * a table, a number or bigint if it came from an intset.
 *
 *     SINTER a b c ─► sinterGenericCommand ─► setTypeNext over the smallest, setTypeIsMember in the others
 *     SUNION, SDIFF ─► sunionDiffGenericCommand ─► setTypeAdd, setTypeRemove on a set for the result
 *
 * Who calls in: call(), and whoever reads sets: sort, t_zset, db, debug. Whom it calls: intset, dict, db, networking.
 * What differs from C: setTypeNext() and setTypeRandomElement() return the member itself, whose JavaScript type tells what C
 * tells by the encoding; a member that a table takes over is not copied, only accounted for, and a temporary string is not
 * even that; numbers of sets and members are doubles, so that a count beyond 2^53 is the nearest one.
 *
 * @packageDocumentation
 */
import {
  addReply,
  addReplyArrayLen,
  addReplyBulk,
  addReplyBulkCBuffer,
  addReplyBulkLongLong,
  addReplyBulkSds,
  addReplyDeferredLen,
  addReplyError,
  addReplyErrorObject,
  addReplyLongLong,
  addReplySetLen,
  rewriteClientCommandVector,
  setDeferredSetLen,
} from '../networking/networking.ts';
import {
  dbAdd,
  dbDelete,
  dbOverwrite,
  lookupKeyRead,
  lookupKeyReadOrReply,
  lookupKeyWrite,
  lookupKeyWriteOrReply,
  parseScanCursorOrReply,
  scanGenericCommand,
  setKey,
  signalModifiedKey,
} from '../server/db.ts';
import { serverAssert, serverAssertWithInfo, serverPanic } from '../server/debug.ts';
import { freeObjAsync } from '../server/lazyfree.ts';
import { notifyKeyspaceEvent } from '../server/notify.ts';
import {
  alsoPropagate,
  htNeedsResize,
  preventCommandPropagation,
  sdsReplyDictType,
  setDictType,
} from '../server/server.ts';
import {
  NOTIFY_GENERIC,
  NOTIFY_SET,
  OBJ_ENCODING_HT,
  OBJ_ENCODING_INTSET,
  OBJ_SET,
  PROPAGATE_AOF,
  PROPAGATE_REPL,
  SET_OP_DIFF,
  SET_OP_UNION,
  server,
  setTypeIterator,
  shared,
  type client,
  type robj,
} from '../server/server.h.ts';
import {
  DICT_OK,
  dictAdd,
  dictAddRaw,
  dictCreate,
  dictDelete,
  dictExpand,
  dictFind,
  dictFreeUnlinkedEntry,
  dictGetFairRandomKey,
  dictGetIterator,
  dictGetKey,
  dictNext,
  dictRelease,
  dictReleaseIterator,
  dictResize,
  dictSetVal,
  dictSize,
  dictUnlink,
  type dict,
} from './dict.ts';
import {
  intsetAdd,
  intsetBlobLen,
  intsetFind,
  intsetGet,
  intsetLen,
  intsetRandom,
  intsetRemove,
  intsetU32,
  type intset,
} from './intset.ts';
import {
  LLONG_MAX,
  checkType,
  createIntsetObject,
  createObject,
  createSetObject,
  createStringObject,
  createStringObjectFromLongLong,
  decrRefCount,
  getLongFromObjectOrReply,
  getPositiveLongFromObjectOrReply,
  getRangeLongFromObjectOrReply,
  isSdsRepresentableAsLongLong,
  objPtrString,
} from './object.ts';
import { sdsStringAllocSize, sdsfromlonglong } from './sds.ts';
import { strcasecmp } from './util.ts';
import { zfree_bytes, zmalloc, zmalloc_bytes } from './zmalloc.ts';

/* ------------------------------- Set type ------------------------------- */

/**
 * An empty set in the encoding that suits `value` as its first member: an intset for an integer, else a table.
 *
 * @c t_set.c:42
 */
export function setTypeCreate(value: string): robj {
  if (isSdsRepresentableAsLongLong(value) !== null) return createIntsetObject();
  return createSetObject();
}

/**
 * Adds a member. An intset becomes a table when `value` is no integer or the members get too many. Whether `value` was
 * added; false: it was a member already.
 *
 * @c t_set.c:52
 */
export function setTypeAdd(subject: robj, value: string): boolean {
  if (subject.encoding === OBJ_ENCODING_HT) {
    const ht = subject.ptr as dict<string, null>;
    const de = dictAddRaw(ht, value, null);
    if (de !== null) {
      zmalloc(sdsStringAllocSize(value.length));
      dictSetVal(ht, de, null);
      return true;
    }
  } else if (subject.encoding === OBJ_ENCODING_INTSET) {
    const llval = isSdsRepresentableAsLongLong(value);
    if (llval !== null) {
      const is = subject.ptr as intset;
      const len = intsetU32(is, 4);
      const added = intsetAdd(is, llval);
      subject.ptr = added;
      if (intsetU32(added, 4) > len) {
        let max_entries = server.set_max_intset_entries;
        // The indexes of an intset have 32 bits.
        if (max_entries >= 1 << 30) max_entries = 1 << 30;
        if (intsetLen(added) > max_entries) setTypeConvert(subject, OBJ_ENCODING_HT);
        return true;
      }
    } else {
      setTypeConvert(subject, OBJ_ENCODING_HT);

      // All members so far were integers, so that this one is new.
      zmalloc(sdsStringAllocSize(value.length));
      serverAssert(dictAdd(subject.ptr as dict<string, null>, value, null) === DICT_OK);
      return true;
    }
  } else {
    serverPanic('Unknown set encoding');
  }
  return false;
}

/**
 * Takes a member out. Whether it was one.
 *
 * @c t_set.c:91
 */
export function setTypeRemove(setobj: robj, value: string): boolean {
  if (setobj.encoding === OBJ_ENCODING_HT) {
    const ht = setobj.ptr as dict<string, null>;
    if (dictDelete(ht, value) === DICT_OK) {
      if (htNeedsResize(ht)) dictResize(ht);
      return true;
    }
  } else if (setobj.encoding === OBJ_ENCODING_INTSET) {
    const llval = isSdsRepresentableAsLongLong(value);
    if (llval !== null) {
      const is = setobj.ptr as intset;
      const len = intsetU32(is, 4);
      const rest = intsetRemove(is, llval);
      setobj.ptr = rest;
      if (intsetU32(rest, 4) < len) return true;
    }
  } else {
    serverPanic('Unknown set encoding');
  }
  return false;
}

/**
 * Whether `value` is a member.
 *
 * @c t_set.c:110
 */
export function setTypeIsMember(subject: robj, value: string): boolean {
  if (subject.encoding === OBJ_ENCODING_HT) {
    return dictFind(subject.ptr as dict<string, null>, value) !== null;
  } else if (subject.encoding === OBJ_ENCODING_INTSET) {
    const llval = isSdsRepresentableAsLongLong(value);
    if (llval !== null) return intsetFind(subject.ptr as intset, llval);
  } else {
    serverPanic('Unknown set encoding');
  }
  return false;
}

/**
 * Begins a walk over the members, in no particular order. Until it is released, the set must not be changed, nor a member of
 * a table be looked for, because that may move others.
 *
 * @c t_set.c:124
 */
export function setTypeInitIterator(subject: robj): setTypeIterator {
  const si = new setTypeIterator(subject);
  if (si.encoding === OBJ_ENCODING_HT) {
    si.di = dictGetIterator(subject.ptr as dict<string, null>);
  } else if (si.encoding === OBJ_ENCODING_INTSET) {
    si.ii = 0;
  } else {
    serverPanic('Unknown set encoding');
  }
  return si;
}

/**
 * Ends a walk.
 *
 * @c t_set.c:138
 */
export function setTypeReleaseIterator(si: setTypeIterator): void {
  if (si.encoding === OBJ_ENCODING_HT) dictReleaseIterator(si.di!);
}

/**
 * The next member: a string from a table, a number or bigint from an intset, null at the end.
 *
 * @c t_set.c:157
 */
export function setTypeNext(si: setTypeIterator): string | number | bigint | null {
  if (si.encoding === OBJ_ENCODING_HT) {
    const de = dictNext(si.di!);
    if (de === null) return null;
    return dictGetKey(de);
  } else if (si.encoding === OBJ_ENCODING_INTSET) {
    return intsetGet(si.subject.ptr as intset, si.ii++);
  } else {
    serverPanic('Wrong set encoding in setTypeNext');
  }
}

/**
 * The next member as a string, whatever the encoding; null at the end.
 *
 * @c t_set.c:180
 */
export function setTypeNextObject(si: setTypeIterator): string | null {
  const ele = setTypeNext(si);
  if (ele === null || typeof ele === 'string') return ele;
  return sdsfromlonglong(ele);
}

/**
 * A member by chance of a set that is not empty: a string from a table, a number or bigint from an intset.
 *
 * @c t_set.c:211
 */
export function setTypeRandomElement(setobj: robj): string | number | bigint {
  if (setobj.encoding === OBJ_ENCODING_HT) {
    return dictGetKey(dictGetFairRandomKey(setobj.ptr as dict<string, null>)!);
  } else if (setobj.encoding === OBJ_ENCODING_INTSET) {
    return intsetRandom(setobj.ptr as intset);
  } else {
    serverPanic('Unknown set encoding');
  }
}

/**
 * The number of members.
 *
 * @c t_set.c:225
 */
export function setTypeSize(subject: robj): number {
  if (subject.encoding === OBJ_ENCODING_HT) {
    return dictSize(subject.ptr as dict<string, null>);
  } else if (subject.encoding === OBJ_ENCODING_INTSET) {
    return intsetLen(subject.ptr as intset);
  } else {
    serverPanic('Unknown set encoding');
  }
}

/**
 * Turns an intset into a table (`enc` OBJ_ENCODING_HT; there is no other conversion) that is large enough from the start.
 *
 * @c t_set.c:238
 */
export function setTypeConvert(setobj: robj, enc: number): void {
  serverAssertWithInfo(
    null,
    setobj,
    setobj.type === OBJ_SET && setobj.encoding === OBJ_ENCODING_INTSET,
  );

  if (enc === OBJ_ENCODING_HT) {
    const is = setobj.ptr as intset;
    const d = dictCreate(setDictType);

    dictExpand(d, intsetLen(is));

    const si = setTypeInitIterator(setobj);
    let intele: string | number | bigint | null;
    while ((intele = setTypeNext(si)) !== null) {
      const element = sdsfromlonglong(intele as number | bigint);
      zmalloc(sdsStringAllocSize(element.length));
      serverAssert(dictAdd(d, element, null) === DICT_OK);
    }
    setTypeReleaseIterator(si);

    setobj.encoding = OBJ_ENCODING_HT;
    zfree_bytes(is);
    setobj.ptr = d;
  } else {
    serverPanic('Unsupported set conversion');
  }
}

/**
 * A copy of a set, in the same encoding, with a reference count of 1.
 *
 * @c t_set.c:272
 */
export function setTypeDup(o: robj): robj {
  serverAssert(o.type === OBJ_SET);

  let set: robj;
  if (o.encoding === OBJ_ENCODING_INTSET) {
    const is = o.ptr as intset;
    const size = intsetBlobLen(is);
    const newis = zmalloc_bytes(size);
    is.copy(newis, 0, 0, size);
    set = createObject(OBJ_SET, newis);
    set.encoding = OBJ_ENCODING_INTSET;
  } else if (o.encoding === OBJ_ENCODING_HT) {
    set = createSetObject();
    dictExpand(set.ptr as dict<string, null>, dictSize(o.ptr as dict<string, null>));
    const si = setTypeInitIterator(o);
    let ele: string | null;
    while ((ele = setTypeNextObject(si)) !== null) setTypeAdd(set, ele);
    setTypeReleaseIterator(si);
  } else {
    serverPanic('Unknown set encoding');
  }
  return set;
}

/* ------------------------------- Commands ------------------------------- */

/**
 * SADD key member [member ...]: replies how many were added.
 *
 * @c t_set.c:303
 */
export function saddCommand(c: client): void {
  let added = 0;

  let set = lookupKeyWrite(c.db, c.argv[1]);
  if (checkType(c, set, OBJ_SET)) return;

  if (set === null) {
    set = setTypeCreate(objPtrString(c.argv[2]));
    dbAdd(c.db, c.argv[1], set);
  }

  for (let j = 2; j < c.argc; j++) {
    if (setTypeAdd(set, objPtrString(c.argv[j]))) added++;
  }
  if (added) {
    signalModifiedKey(c, c.db, c.argv[1]);
    notifyKeyspaceEvent(NOTIFY_SET, 'sadd', c.argv[1], c.db.id);
  }
  server.dirty += added;
  addReplyLongLong(c, added);
}

/**
 * SREM key member [member ...]: replies how many were taken out. The key goes with its last member.
 *
 * @c t_set.c:326
 */
export function sremCommand(c: client): void {
  let deleted = 0;
  let keyremoved = false;

  const set = lookupKeyWriteOrReply(c, c.argv[1], shared.czero);
  if (set === null || checkType(c, set, OBJ_SET)) return;

  for (let j = 2; j < c.argc; j++) {
    if (setTypeRemove(set, objPtrString(c.argv[j]))) {
      deleted++;
      if (setTypeSize(set) === 0) {
        dbDelete(c.db, c.argv[1]);
        keyremoved = true;
        break;
      }
    }
  }
  if (deleted) {
    signalModifiedKey(c, c.db, c.argv[1]);
    notifyKeyspaceEvent(NOTIFY_SET, 'srem', c.argv[1], c.db.id);
    if (keyremoved) notifyKeyspaceEvent(NOTIFY_GENERIC, 'del', c.argv[1], c.db.id);
    server.dirty += deleted;
  }
  addReplyLongLong(c, deleted);
}

/**
 * SMOVE source destination member: replies 1 if it was a member of source, which it is not any more, else 0.
 *
 * @c t_set.c:354
 */
export function smoveCommand(c: client): void {
  const srcset = lookupKeyWrite(c.db, c.argv[1]);
  let dstset = lookupKeyWrite(c.db, c.argv[2]);
  const ele = objPtrString(c.argv[3]);

  if (srcset === null) {
    addReply(c, shared.czero);
    return;
  }

  if (checkType(c, srcset, OBJ_SET) || checkType(c, dstset, OBJ_SET)) return;

  // Source and destination are one: nothing moves.
  if (srcset === dstset) {
    addReply(c, setTypeIsMember(srcset, ele) ? shared.cone : shared.czero);
    return;
  }

  if (!setTypeRemove(srcset, ele)) {
    addReply(c, shared.czero);
    return;
  }
  notifyKeyspaceEvent(NOTIFY_SET, 'srem', c.argv[1], c.db.id);

  if (setTypeSize(srcset) === 0) {
    dbDelete(c.db, c.argv[1]);
    notifyKeyspaceEvent(NOTIFY_GENERIC, 'del', c.argv[1], c.db.id);
  }

  if (dstset === null) {
    dstset = setTypeCreate(ele);
    dbAdd(c.db, c.argv[2], dstset);
  }

  signalModifiedKey(c, c.db, c.argv[1]);
  server.dirty++;

  // Only if it was not there already, the destination has changed, too.
  if (setTypeAdd(dstset, ele)) {
    server.dirty++;
    signalModifiedKey(c, c.db, c.argv[2]);
    notifyKeyspaceEvent(NOTIFY_SET, 'sadd', c.argv[2], c.db.id);
  }
  addReply(c, shared.cone);
}

/**
 * SISMEMBER key member: replies 1 or 0.
 *
 * @c t_set.c:409
 */
export function sismemberCommand(c: client): void {
  const set = lookupKeyReadOrReply(c, c.argv[1], shared.czero);
  if (set === null || checkType(c, set, OBJ_SET)) return;

  if (setTypeIsMember(set, objPtrString(c.argv[2]))) addReply(c, shared.cone);
  else addReply(c, shared.czero);
}

/**
 * SMISMEMBER key member [member ...]: replies 1 or 0 for each.
 *
 * @c t_set.c:421
 */
export function smismemberCommand(c: client): void {
  // A key that does not exist is an empty set, of which nothing is a member.
  const set = lookupKeyRead(c.db, c.argv[1]);
  if (set !== null && checkType(c, set, OBJ_SET)) return;

  addReplyArrayLen(c, c.argc - 2);

  for (let j = 2; j < c.argc; j++) {
    if (set !== null && setTypeIsMember(set, objPtrString(c.argv[j]))) addReply(c, shared.cone);
    else addReply(c, shared.czero);
  }
}

/**
 * SCARD key: replies the number of members.
 *
 * @c t_set.c:440
 */
export function scardCommand(c: client): void {
  const o = lookupKeyReadOrReply(c, c.argv[1], shared.czero);
  if (o === null || checkType(c, o, OBJ_SET)) return;

  addReplyLongLong(c, setTypeSize(o));
}

/** SPOP keeps what is to remain in a new set, if that is at least this many times less than what goes. */
const SPOP_MOVE_STRATEGY_MUL = 5;

/**
 * SPOP key count: takes out `count` members by chance, all different, and replies them. Replicas and AOF get a SREM for each,
 * or a DEL.
 *
 * @c t_set.c:457
 */
export function spopWithCountCommand(c: client): void {
  let count = getPositiveLongFromObjectOrReply(c, c.argv[2], null);
  if (count === null) return;

  const set = lookupKeyWriteOrReply(c, c.argv[1], shared.emptyset[c.resp]);
  if (set === null || checkType(c, set, OBJ_SET)) return;

  if (count === 0) {
    addReply(c, shared.emptyset[c.resp]);
    return;
  }

  const size = setTypeSize(set);

  notifyKeyspaceEvent(NOTIFY_SET, 'spop', c.argv[1], c.db.id);
  server.dirty += count >= size ? size : count;

  // Case 1: all of them. The union of one set replies the set.
  if (count >= size) {
    sunionDiffGenericCommand(c, c.argv.slice(1, 2), 1, null, SET_OP_UNION);

    dbDelete(c.db, c.argv[1]);
    notifyKeyspaceEvent(NOTIFY_GENERIC, 'del', c.argv[1], c.db.id);

    rewriteClientCommandVector(c, [shared.del, c.argv[1]]);
    signalModifiedKey(c, c.db, c.argv[1]);
    return;
  }

  const propargv: robj[] = [shared.srem, c.argv[1], shared.srem];
  addReplySetLen(c, count);

  let remaining = size - count;

  if (remaining * SPOP_MOVE_STRATEGY_MUL > count) {
    // Case 2: few compared to the set. Take them out one by one.
    while (count--) {
      let objele: robj;
      const ele = setTypeRandomElement(set);
      if (typeof ele !== 'string') {
        addReplyBulkLongLong(c, ele);
        objele = createStringObjectFromLongLong(ele);
        set.ptr = intsetRemove(set.ptr as intset, ele);
      } else {
        addReplyBulkCBuffer(c, ele);
        objele = createStringObject(ele);
        setTypeRemove(set, ele);
      }

      propargv[2] = objele;
      alsoPropagate(c.db.id, propargv, 3, PROPAGATE_AOF | PROPAGATE_REPL);
      decrRefCount(objele);
    }
  } else {
    // Case 3: nearly all. It is less work to pick those that stay, and to reply what is left then.
    let newset: robj | null = null;

    while (remaining--) {
      const ele = setTypeRandomElement(set);
      const sdsele = typeof ele === 'string' ? ele : sdsfromlonglong(ele);
      if (newset === null) newset = setTypeCreate(sdsele);
      setTypeAdd(newset, sdsele);
      setTypeRemove(set, sdsele);
    }

    const si = setTypeInitIterator(set);
    let ele: string | number | bigint | null;
    while ((ele = setTypeNext(si)) !== null) {
      let objele: robj;
      if (typeof ele !== 'string') {
        addReplyBulkLongLong(c, ele);
        objele = createStringObjectFromLongLong(ele);
      } else {
        addReplyBulkCBuffer(c, ele);
        objele = createStringObject(ele);
      }

      propargv[2] = objele;
      alsoPropagate(c.db.id, propargv, 3, PROPAGATE_AOF | PROPAGATE_REPL);
      decrRefCount(objele);
    }
    setTypeReleaseIterator(si);

    // At least one remains: count is less than size.
    dbOverwrite(c.db, c.argv[1], newset!);
  }

  // What chance decided here, it would decide otherwise elsewhere: the SREMs go out instead of the command.
  preventCommandPropagation(c);
  signalModifiedKey(c, c.db, c.argv[1]);
}

/**
 * SPOP key [count]: takes out a member by chance and replies it. Goes to replicas and AOF as SREM.
 *
 * @c t_set.c:598
 */
export function spopCommand(c: client): void {
  if (c.argc === 3) {
    spopWithCountCommand(c);
    return;
  } else if (c.argc > 3) {
    addReplyErrorObject(c, shared.syntaxerr);
    return;
  }

  const set = lookupKeyWriteOrReply(c, c.argv[1], shared.null[c.resp]);
  if (set === null || checkType(c, set, OBJ_SET)) return;

  const value = setTypeRandomElement(set);

  let ele: robj;
  if (typeof value !== 'string') {
    ele = createStringObjectFromLongLong(value);
    set.ptr = intsetRemove(set.ptr as intset, value);
  } else {
    ele = createStringObject(value);
    setTypeRemove(set, value);
  }

  notifyKeyspaceEvent(NOTIFY_SET, 'spop', c.argv[1], c.db.id);

  rewriteClientCommandVector(c, [shared.srem, c.argv[1], ele]);

  addReplyBulk(c, ele);
  decrRefCount(ele);

  if (setTypeSize(set) === 0) {
    dbDelete(c.db, c.argv[1]);
    notifyKeyspaceEvent(NOTIFY_GENERIC, 'del', c.argv[1], c.db.id);
  }

  signalModifiedKey(c, c.db, c.argv[1]);
  server.dirty++;
}

/** SRANDMEMBER removes from a copy, if the set is less than this many times as large as what is asked for. */
const SRANDMEMBER_SUB_STRATEGY_MUL = 3;

/**
 * SRANDMEMBER key count: replies `count` different members by chance, or if it is negative, -count that may repeat.
 *
 * @c t_set.c:657
 */
export function srandmemberWithCountCommand(c: client): void {
  const l = getLongFromObjectOrReply(c, c.argv[2], null);
  if (l === null) return;
  let count = l;
  let uniq = true;
  if (l < 0) {
    // Each is drawn from the whole set.
    count = -l;
    uniq = false;
  }

  const set = lookupKeyReadOrReply(c, c.argv[1], shared.emptyarray);
  if (set === null || checkType(c, set, OBJ_SET)) return;
  let size = setTypeSize(set);

  if (count === 0) {
    addReply(c, shared.emptyarray);
    return;
  }

  // Case 1: they may repeat, or it is one. Draw and reply. Only here the order matters, and is by chance.
  if (!uniq || count === 1) {
    addReplyArrayLen(c, count);
    while (count--) {
      const ele = setTypeRandomElement(set);
      if (typeof ele !== 'string') addReplyBulkLongLong(c, ele);
      else addReplyBulkCBuffer(c, ele);
    }
    return;
  }

  // Case 2: all of them.
  if (count >= size) {
    addReplyArrayLen(c, size);
    const si = setTypeInitIterator(set);
    let ele: string | number | bigint | null;
    while ((ele = setTypeNext(si)) !== null) {
      if (typeof ele !== 'string') addReplyBulkLongLong(c, ele);
      else addReplyBulkCBuffer(c, ele);
      size--;
    }
    setTypeReleaseIterator(si);
    serverAssert(size === 0);
    return;
  }

  const d = dictCreate(sdsReplyDictType);

  if (count * SRANDMEMBER_SUB_STRATEGY_MUL > size) {
    // Case 3: a good part of the set. Take all and remove by chance, since drawing would hit the same ones again and again.
    const si = setTypeInitIterator(set);
    dictExpand(d, size);
    let ele: string | null;
    while ((ele = setTypeNextObject(si)) !== null) {
      serverAssert(dictAdd(d, ele, null) === DICT_OK);
    }
    setTypeReleaseIterator(si);
    serverAssert(dictSize(d) === size);

    while (size > count) {
      const de = dictGetFairRandomKey(d)!;
      dictUnlink(d, dictGetKey(de));
      dictFreeUnlinkedEntry(d, de);
      size--;
    }
  } else {
    // Case 4: few compared to the set. Draw until there are enough different ones.
    let added = 0;
    dictExpand(d, count);
    while (added < count) {
      const ele = setTypeRandomElement(set);
      const sdsele = typeof ele === 'string' ? ele : sdsfromlonglong(ele);
      if (dictAdd(d, sdsele, null) === DICT_OK) added++;
    }
  }

  addReplyArrayLen(c, count);
  const di = dictGetIterator(d);
  for (let de = dictNext(di); de !== null; de = dictNext(di)) addReplyBulkSds(c, dictGetKey(de));
  dictReleaseIterator(di);
  dictRelease(d);
}

/**
 * SRANDMEMBER key [count]: replies a member by chance, which stays.
 *
 * @c t_set.c:809
 */
export function srandmemberCommand(c: client): void {
  if (c.argc === 3) {
    srandmemberWithCountCommand(c);
    return;
  } else if (c.argc > 3) {
    addReplyErrorObject(c, shared.syntaxerr);
    return;
  }

  const set = lookupKeyReadOrReply(c, c.argv[1], shared.null[c.resp]);
  if (set === null || checkType(c, set, OBJ_SET)) return;

  const ele = setTypeRandomElement(set);
  if (typeof ele !== 'string') addReplyBulkLongLong(c, ele);
  else addReplyBulkCBuffer(c, ele);
}

/**
 * Orders sets by size, the smallest first, for sort().
 *
 * @c t_set.c:835
 */
export function qsortCompareSetsByCardinality(s1: robj, s2: robj): number {
  if (setTypeSize(s1) > setTypeSize(s2)) return 1;
  if (setTypeSize(s1) < setTypeSize(s2)) return -1;
  return 0;
}

/**
 * Orders sets by size, the largest first, for sort(). null is a set without members.
 *
 * @c t_set.c:843
 */
export function qsortCompareSetsByRevCardinality(o1: robj | null, o2: robj | null): number {
  const first = o1 !== null ? setTypeSize(o1) : 0;
  const second = o2 !== null ? setTypeSize(o2) : 0;

  if (first < second) return 1;
  if (first > second) return -1;
  return 0;
}

/**
 * SINTER, SMEMBERS, SINTERSTORE and SINTERCARD: the members that all of the first `setnum` keys in `setkeys` have. They are
 * replied, or stored in `dstkey` if that is not null, or with `cardinality_only` counted, up to `limit` if that is not 0.
 *
 * @c t_set.c:861
 */
export function sinterGenericCommand(
  c: client,
  setkeys: robj[],
  setnum: number,
  dstkey: robj | null,
  cardinality_only: boolean,
  limit: number,
): void {
  const sets: robj[] = [];
  let empty = 0;

  for (let j = 0; j < setnum; j++) {
    const setobj = lookupKeyRead(c.db, setkeys[j]);
    if (setobj === null) {
      empty += 1;
      continue;
    }
    if (checkType(c, setobj, OBJ_SET)) return;
    sets.push(setobj);
  }

  // One set without members: nothing is in all of them.
  if (empty > 0) {
    if (dstkey !== null) {
      if (dbDelete(c.db, dstkey)) {
        signalModifiedKey(c, c.db, dstkey);
        notifyKeyspaceEvent(NOTIFY_GENERIC, 'del', dstkey, c.db.id);
        server.dirty++;
      }
      addReply(c, shared.czero);
    } else if (cardinality_only) {
      addReplyLongLong(c, 0);
    } else {
      addReply(c, shared.emptyset[c.resp]);
    }
    return;
  }

  // The members of the smallest are looked for in the others.
  sets.sort(qsortCompareSetsByCardinality);

  const dstset = dstkey !== null ? createIntsetObject() : null;
  // How many there are is known in the end only.
  const replylen = dstkey === null && !cardinality_only ? addReplyDeferredLen(c) : null;
  let cardinality = 0;

  const si = setTypeInitIterator(sets[0]);
  let ele: string | number | bigint | null;
  while ((ele = setTypeNext(si)) !== null) {
    let j = 1;
    for (; j < setnum; j++) {
      const set = sets[j];
      if (set === sets[0]) continue;
      if (typeof ele !== 'string') {
        if (set.encoding === OBJ_ENCODING_INTSET) {
          if (!intsetFind(set.ptr as intset, ele)) break;
        } else if (set.encoding === OBJ_ENCODING_HT) {
          if (!setTypeIsMember(set, sdsfromlonglong(ele))) break;
        }
      } else if (!setTypeIsMember(set, ele)) {
        break;
      }
    }

    // It came through all of them.
    if (j === setnum) {
      if (cardinality_only) {
        cardinality++;
        if (limit && cardinality >= limit) break;
      } else if (dstset === null) {
        if (typeof ele === 'string') addReplyBulkCBuffer(c, ele);
        else addReplyBulkLongLong(c, ele);
        cardinality++;
      } else {
        setTypeAdd(dstset, typeof ele === 'string' ? ele : sdsfromlonglong(ele));
      }
    }
  }
  setTypeReleaseIterator(si);

  if (cardinality_only) {
    addReplyLongLong(c, cardinality);
  } else if (dstkey !== null && dstset !== null) {
    if (setTypeSize(dstset) > 0) {
      setKey(c, c.db, dstkey, dstset, 0);
      addReplyLongLong(c, setTypeSize(dstset));
      notifyKeyspaceEvent(NOTIFY_SET, 'sinterstore', dstkey, c.db.id);
      server.dirty++;
    } else {
      addReply(c, shared.czero);
      if (dbDelete(c.db, dstkey)) {
        server.dirty++;
        signalModifiedKey(c, c.db, dstkey);
        notifyKeyspaceEvent(NOTIFY_GENERIC, 'del', dstkey, c.db.id);
      }
    }
    decrRefCount(dstset);
  } else {
    setDeferredSetLen(c, replylen, cardinality);
  }
}

/**
 * SINTER key [key ...], and SMEMBERS key: replies the members that all sets have.
 *
 * @c t_set.c:1009
 */
export function sinterCommand(c: client): void {
  sinterGenericCommand(c, c.argv.slice(1, c.argc), c.argc - 1, null, false, 0);
}

/**
 * SINTERCARD numkeys key [key ...] [LIMIT limit]: replies how many members all sets have; not more than limit.
 *
 * @c t_set.c:1014
 */
export function sinterCardCommand(c: client): void {
  let limit = 0;

  const numkeys = getRangeLongFromObjectOrReply(
    c,
    c.argv[1],
    1,
    Number(LLONG_MAX),
    'numkeys should be greater than 0',
  );
  if (numkeys === null) return;
  if (numkeys > c.argc - 2) {
    addReplyError(c, "Number of keys can't be greater than number of args");
    return;
  }

  for (let j = 2 + numkeys; j < c.argc; j++) {
    const moreargs = c.argc - 1 - j;

    if (!strcasecmp(objPtrString(c.argv[j]), 'LIMIT') && moreargs) {
      j++;
      const value = getPositiveLongFromObjectOrReply(c, c.argv[j], "LIMIT can't be negative");
      if (value === null) return;
      limit = value;
    } else {
      addReplyErrorObject(c, shared.syntaxerr);
      return;
    }
  }

  sinterGenericCommand(c, c.argv.slice(2, 2 + numkeys), numkeys, null, true, limit);
}

/**
 * SINTERSTORE destination key [key ...]: replies how many members were stored.
 *
 * @c t_set.c:1046
 */
export function sinterstoreCommand(c: client): void {
  sinterGenericCommand(c, c.argv.slice(2, c.argc), c.argc - 2, c.argv[1], false, 0);
}

/**
 * SUNION, SDIFF, SUNIONSTORE and SDIFFSTORE: the members that any of the first `setnum` keys in `setkeys` has
 * (`op` SET_OP_UNION), or that the first has and no other (SET_OP_DIFF). They are replied, or stored in `dstkey` if that is
 * not null.
 *
 * @c t_set.c:1050
 */
export function sunionDiffGenericCommand(
  c: client,
  setkeys: robj[],
  setnum: number,
  dstkey: robj | null,
  op: number,
): void {
  const sets: (robj | null)[] = [];
  let cardinality = 0;
  let diff_algo = 1;
  let sameset = false;

  for (let j = 0; j < setnum; j++) {
    const setobj = lookupKeyRead(c.db, setkeys[j]);
    if (setobj !== null && checkType(c, setobj, OBJ_SET)) return;
    sets.push(setobj);
    if (setobj !== null && j > 0 && sets[0] === setobj) sameset = true;
  }

  const first = sets[0];

  // Algorithm 1 looks for each member of the first set in all others: the size of the first times the number of sets.
  // Algorithm 2 removes the members of the others from a copy of the first: the sum of all sizes.
  if (op === SET_OP_DIFF && first !== null && !sameset) {
    let algo_one_work = 0;
    let algo_two_work = 0;

    for (let j = 0; j < setnum; j++) {
      const set = sets[j];
      if (set === null) continue;
      algo_one_work += setTypeSize(first);
      algo_two_work += setTypeSize(set);
    }

    // Algorithm 1 has less to do if there are members in common, so it gets an advantage.
    algo_one_work = Math.trunc(algo_one_work / 2);
    diff_algo = algo_one_work <= algo_two_work ? 1 : 2;

    if (diff_algo === 1 && setnum > 1) {
      // In a large set a member is more likely to be found, which ends the search for it.
      const others = sets.splice(1).sort(qsortCompareSetsByRevCardinality);
      for (let j = 0; j < others.length; j++) sets.push(others[j]);
    }
  }

  // The result. With a destination it becomes the value.
  const dstset = createIntsetObject();
  let ele: string | null;

  if (op === SET_OP_UNION) {
    for (let j = 0; j < setnum; j++) {
      const set = sets[j];
      if (set === null) continue;

      const si = setTypeInitIterator(set);
      while ((ele = setTypeNextObject(si)) !== null) {
        if (setTypeAdd(dstset, ele)) cardinality++;
      }
      setTypeReleaseIterator(si);
    }
  } else if (op === SET_OP_DIFF && sameset) {
    // The first is among those to be subtracted: nothing is left.
  } else if (op === SET_OP_DIFF && first !== null && diff_algo === 1) {
    const si = setTypeInitIterator(first);
    while ((ele = setTypeNextObject(si)) !== null) {
      let j = 1;
      for (; j < setnum; j++) {
        const set = sets[j];
        if (set === null) continue;
        if (setTypeIsMember(set, ele)) break;
      }
      if (j === setnum) {
        setTypeAdd(dstset, ele);
        cardinality++;
      }
    }
    setTypeReleaseIterator(si);
  } else if (op === SET_OP_DIFF && first !== null && diff_algo === 2) {
    for (let j = 0; j < setnum; j++) {
      const set = sets[j];
      if (set === null) continue;

      const si = setTypeInitIterator(set);
      while ((ele = setTypeNextObject(si)) !== null) {
        if (j === 0) {
          if (setTypeAdd(dstset, ele)) cardinality++;
        } else {
          if (setTypeRemove(dstset, ele)) cardinality--;
        }
      }
      setTypeReleaseIterator(si);

      // There is nothing left to remove from.
      if (cardinality === 0) break;
    }
  }

  if (dstkey === null) {
    addReplySetLen(c, cardinality);
    const si = setTypeInitIterator(dstset);
    while ((ele = setTypeNextObject(si)) !== null) addReplyBulkCBuffer(c, ele);
    setTypeReleaseIterator(si);
    if (server.lazyfree_lazy_server_del) freeObjAsync(null, dstset, -1);
    else decrRefCount(dstset);
  } else {
    if (setTypeSize(dstset) > 0) {
      setKey(c, c.db, dstkey, dstset, 0);
      addReplyLongLong(c, setTypeSize(dstset));
      const event = op === SET_OP_UNION ? 'sunionstore' : 'sdiffstore';
      notifyKeyspaceEvent(NOTIFY_SET, event, dstkey, c.db.id);
      server.dirty++;
    } else {
      addReply(c, shared.czero);
      if (dbDelete(c.db, dstkey)) {
        server.dirty++;
        signalModifiedKey(c, c.db, dstkey);
        notifyKeyspaceEvent(NOTIFY_GENERIC, 'del', dstkey, c.db.id);
      }
    }
    decrRefCount(dstset);
  }
}

/**
 * SUNION key [key ...]: replies the members that any set has.
 *
 * @c t_set.c:1216
 */
export function sunionCommand(c: client): void {
  sunionDiffGenericCommand(c, c.argv.slice(1, c.argc), c.argc - 1, null, SET_OP_UNION);
}

/**
 * SUNIONSTORE destination key [key ...]: replies how many members were stored.
 *
 * @c t_set.c:1221
 */
export function sunionstoreCommand(c: client): void {
  sunionDiffGenericCommand(c, c.argv.slice(2, c.argc), c.argc - 2, c.argv[1], SET_OP_UNION);
}

/**
 * SDIFF key [key ...]: replies the members of the first set that no other has.
 *
 * @c t_set.c:1226
 */
export function sdiffCommand(c: client): void {
  sunionDiffGenericCommand(c, c.argv.slice(1, c.argc), c.argc - 1, null, SET_OP_DIFF);
}

/**
 * SDIFFSTORE destination key [key ...]: replies how many members were stored.
 *
 * @c t_set.c:1231
 */
export function sdiffstoreCommand(c: client): void {
  sunionDiffGenericCommand(c, c.argv.slice(2, c.argc), c.argc - 2, c.argv[1], SET_OP_DIFF);
}

/**
 * SSCAN key cursor [MATCH pattern] [COUNT count]: replies the next cursor and some members.
 *
 * @c t_set.c:1235
 */
export function sscanCommand(c: client): void {
  const cursor = parseScanCursorOrReply(c, c.argv[2]);
  if (cursor === null) return;
  const set = lookupKeyReadOrReply(c, c.argv[1], shared.emptyscan);
  if (set === null || checkType(c, set, OBJ_SET)) return;
  scanGenericCommand(c, set, cursor);
}
