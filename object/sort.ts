/**
 * sort.c: SORT, the one command that joins keys.
 *
 * The elements of a list, a set or a sorted set go into a vector, each with what it is compared by: itself, or the value of
 * a key that is named after it. The vector is sorted, and what comes out is replied or stored: the elements, or values of
 * other keys that are named after them.
 *
 *     SORT ids BY weight_* GET name_* GET #
 *
 *     ids: 7 3          vector   obj │ 7   │ 3   │         weight_7 = 20, weight_3 = 10
 *                              score │ 20  │ 10  │  ─►  3, 7  ─►  name_3, 3, name_7, 7
 *
 *     sortCommand ─► sortCommandGeneric ─► lookupKeyByPattern        the keys of BY
 *                                       ─► pqsort or qsort ─► sortCompare
 *                                       ─► lookupKeyByPattern        the keys of GET
 *
 * Who calls in: call(). Whom it calls: t_list, t_set, t_zset, t_hash, db, object, networking, pqsort.
 * What differs from C: score and cmpobj, which share their place in C, are two fields. The locale is always C.
 *
 * @packageDocumentation
 */
import {
  addReplyArrayLen,
  addReplyBulk,
  addReplyError,
  addReplyErrorObject,
  addReplyLongLong,
  addReplyNull,
  cstr,
} from '../networking/networking.ts';
import {
  listTypeEntry,
  listTypeGet,
  listTypeInitIterator,
  listTypeLength,
  listTypeNext,
  listTypePush,
  listTypeReleaseIterator,
} from '../quicklist/t_list.ts';
import { dbDelete, lookupKeyRead, setKey, signalModifiedKey } from '../server/db.ts';
import { serverAssertWithInfo, serverPanic } from '../server/debug.ts';
import { notifyKeyspaceEvent } from '../server/notify.ts';
import {
  CLIENT_SCRIPT,
  LIST_HEAD,
  LIST_TAIL,
  NOTIFY_GENERIC,
  NOTIFY_LIST,
  OBJ_ENCODING_INT,
  OBJ_ENCODING_SKIPLIST,
  OBJ_HASH,
  OBJ_LIST,
  OBJ_SET,
  OBJ_STRING,
  OBJ_ZSET,
  SORT_OP_GET,
  server,
  shared,
  type client,
  type redisDb,
  type robj,
  type zset,
} from '../server/server.h.ts';
import {
  listAddNodeTail,
  listCreate,
  listIter,
  listNext,
  listRelease,
  listRewind,
  type list,
} from './adlist.ts';
import { dictGetIterator, dictGetKey, dictNext, dictReleaseIterator, dictSize } from './dict.ts';
import { strtod } from './longdouble.ts';
import {
  collateStringObjects,
  compareStringObjects,
  createObject,
  createQuicklistObject,
  createStringObject,
  decrRefCount,
  getDecodedObject,
  getLongFromObjectOrReply,
  incrRefCount,
  objPtrString,
  sdsEncodedObject,
} from './object.ts';
import { pqsort, qsort } from './pqsort.ts';
import { hashTypeGetValueObject } from './t_hash.ts';
import {
  setTypeInitIterator,
  setTypeNextObject,
  setTypeReleaseIterator,
  setTypeSize,
} from './t_set.ts';
import { zsetConvert, zslGetElementByRank } from './t_zset.ts';
import { strcasecmp, strcoll } from './util.ts';

/** Something to be done for each element of the result. */
export class redisSortOperation {
  /** SORT_OP_GET. */
  type: number;
  /** Of the name of the key whose value is wanted. */
  pattern: robj;
  constructor(type: number, pattern: robj) {
    this.type = type;
    this.pattern = pattern;
  }
}

/** An element of the vector, and what it is compared by. */
export class redisSortObject {
  obj: robj;
  score = 0;
  /** With BY and ALPHA; null when there is no such key. */
  cmpobj: robj | null = null;
  constructor(obj: robj) {
    this.obj = obj;
  }
}

/**
 * A new operation.
 *
 * @c sort.c:38
 */
export function createSortOperation(type: number, pattern: robj): redisSortOperation {
  return new redisSortOperation(type, pattern);
}

/**
 * The value of the key whose name is the pattern with its first `*` replaced by `subst`, or null if there is none. If
 * `->field` follows behind the `*`, the key is a hash, and the value that of its field. The pattern `#` gives `subst`
 * itself; one with no `*` gives null. The caller gets a reference of its own.
 *
 * @c sort.c:61
 */
export function lookupKeyByPattern(db: redisDb, pattern: robj, subst: robj): robj | null {
  const spat = objPtrString(pattern);
  // What C looks for in the pattern, it looks for in front of the first zero byte.
  const text = cstr(spat);
  let fieldobj: robj | null = null;
  let o: robj | null;

  if (text === '#') {
    incrRefCount(subst);
    return subst;
  }

  // One key for all elements makes no sense.
  const p = text.indexOf('*');
  if (p === -1) return null;

  // An arrow with nothing behind it belongs to the name.
  const f = text.indexOf('->', p + 1);
  let postfix: string;
  if (f !== -1 && f + 2 < text.length) {
    fieldobj = createStringObject(spat.slice(f + 2));
    postfix = spat.slice(p + 1, f);
  } else {
    postfix = spat.slice(p + 1);
  }

  const keyobj = createStringObject(spat.slice(0, p) + objPtrString(subst) + postfix);

  o = lookupKeyRead(db, keyobj);
  if (o !== null) {
    if (fieldobj !== null) {
      o = o.type === OBJ_HASH ? hashTypeGetValueObject(o, objPtrString(fieldobj)) : null;
    } else if (o.type === OBJ_STRING) {
      incrRefCount(o);
    } else {
      o = null;
    }
  }
  decrRefCount(keyobj);
  if (fieldobj !== null) decrRefCount(fieldobj);
  return o;
}

/**
 * Compares two elements of the vector, in the way that the running SORT has noted in the server: negative, 0, positive.
 *
 * @c sort.c:138
 */
export function sortCompare(so1: redisSortObject, so2: redisSortObject): number {
  let cmp: number;

  if (!server.sort_alpha) {
    if (so1.score > so2.score) {
      cmp = 1;
    } else if (so1.score < so2.score) {
      cmp = -1;
    } else {
      // The order of elements with one score must not be left to chance.
      cmp = compareStringObjects(so1.obj, so2.obj);
    }
  } else {
    // What BY has found, or else the elements.
    if (server.sort_bypattern) {
      if (so1.cmpobj === null || so2.cmpobj === null) {
        // An element with no key comes first.
        if (so1.cmpobj === so2.cmpobj) cmp = 0;
        else if (so1.cmpobj === null) cmp = -1;
        else cmp = 1;
      } else {
        // Both are strings by now, which strcoll() may be given. What is stored must not depend on the locale, which may be another one on a replica.
        if (server.sort_store) cmp = compareStringObjects(so1.cmpobj, so2.cmpobj);
        else cmp = strcoll(objPtrString(so1.cmpobj), objPtrString(so2.cmpobj));
      }
    } else {
      if (server.sort_store) cmp = compareStringObjects(so1.obj, so2.obj);
      else cmp = collateStringObjects(so1.obj, so2.obj);
    }
  }
  return server.sort_desc ? -cmp : cmp;
}

/**
 * SORT key [BY pattern] [LIMIT offset count] [GET pattern ...] [ASC|DESC] [ALPHA] [STORE destination], and with `readonly`
 * SORT_RO, which has no STORE. Replies the elements, or the values of GET, or the number of those that were stored.
 *
 * @c sort.c:189
 */
export function sortCommandGeneric(c: client, readonly: boolean): void {
  let desc = false;
  let alpha = false;
  let limit_start = 0;
  let limit_count = -1;
  let dontsort = false;
  let getop = 0;
  let int_conversion_error = false;
  let syntax_error = false;
  let sortby: robj | null = null;
  let storekey: robj | null = null;
  const operations: list<redisSortOperation> = listCreate();
  // The options begin behind the key, and stand in any order; of two that contradict each other the last one holds.
  let j = 2;

  while (j < c.argc) {
    const leftargs = c.argc - j - 1;
    const arg = objPtrString(c.argv[j]);
    if (!strcasecmp(arg, 'asc')) {
      desc = false;
    } else if (!strcasecmp(arg, 'desc')) {
      desc = true;
    } else if (!strcasecmp(arg, 'alpha')) {
      alpha = true;
    } else if (!strcasecmp(arg, 'limit') && leftargs >= 2) {
      const offset = getLongFromObjectOrReply(c, c.argv[j + 1], null);
      const count = offset === null ? null : getLongFromObjectOrReply(c, c.argv[j + 2], null);
      if (offset === null || count === null) {
        syntax_error = true;
        break;
      }
      limit_start = offset;
      limit_count = count;
      j += 2;
    } else if (!readonly && !strcasecmp(arg, 'store') && leftargs >= 1) {
      storekey = c.argv[j + 1];
      j++;
    } else if (!strcasecmp(arg, 'by') && leftargs >= 1) {
      sortby = c.argv[j + 1];
      // One key for all elements puts them in no order, and is not looked up.
      if (!cstr(objPtrString(sortby)).includes('*')) {
        dontsort = true;
      } else if (server.cluster_enabled) {
        // The keys may be in other nodes.
        addReplyError(c, 'BY option of SORT denied in Cluster mode.');
        syntax_error = true;
        break;
      }
      j++;
    } else if (!strcasecmp(arg, 'get') && leftargs >= 1) {
      if (server.cluster_enabled) {
        addReplyError(c, 'GET option of SORT denied in Cluster mode.');
        syntax_error = true;
        break;
      }
      listAddNodeTail(operations, createSortOperation(SORT_OP_GET, c.argv[j + 1]));
      getop++;
      j++;
    } else {
      addReplyErrorObject(c, shared.syntaxerr);
      syntax_error = true;
      break;
    }
    j++;
  }

  if (syntax_error) {
    listRelease(operations);
    return;
  }

  let sortval = lookupKeyRead(c.db, c.argv[1]);
  if (
    sortval !== null &&
    sortval.type !== OBJ_SET &&
    sortval.type !== OBJ_LIST &&
    sortval.type !== OBJ_ZSET
  ) {
    listRelease(operations);
    addReplyErrorObject(c, shared.wrongtypeerr);
    return;
  }

  // The value must outlive a lookup that deletes its key.
  if (sortval !== null) incrRefCount(sortval);
  else sortval = createQuicklistObject();

  // From here on a key that is missing is an empty list.

  // A set has no order of its own: what is stored or goes to a script must be the same everywhere.
  if (dontsort && sortval.type === OBJ_SET && (storekey !== null || c.flags & CLIENT_SCRIPT)) {
    dontsort = false;
    alpha = true;
    sortby = null;
  }

  // A sorted set stays converted.
  if (sortval.type === OBJ_ZSET) zsetConvert(sortval, OBJ_ENCODING_SKIPLIST);

  let vectorlen: number;
  switch (sortval.type) {
    case OBJ_LIST:
      vectorlen = listTypeLength(sortval);
      break;
    case OBJ_SET:
      vectorlen = setTypeSize(sortval);
      break;
    case OBJ_ZSET:
      vectorlen = dictSize((sortval.ptr as zset).dict);
      break;
    default:
      serverPanic('Bad SORT type');
  }

  // The first and the last index of what is wanted. A range behind the end becomes an empty one at the end.
  let start = limit_start < 0 ? 0 : limit_start;
  let end = limit_count < 0 ? vectorlen - 1 : start + limit_count - 1;
  if (start >= vectorlen) {
    start = vectorlen - 1;
    end = vectorlen - 2;
  }
  if (end >= vectorlen) end = vectorlen - 1;

  // Of what has an order and keeps it, only the part that is wanted is loaded.
  if (
    (sortval.type === OBJ_ZSET || sortval.type === OBJ_LIST) &&
    dontsort &&
    (start !== 0 || end !== vectorlen - 1)
  ) {
    vectorlen = end - start + 1;
  }

  // Each element becomes an object of its own, whatever form it has in the collection.
  const vector: redisSortObject[] = [];

  if (sortval.type === OBJ_LIST && dontsort) {
    // DESC turns the list around. What was loaded is just what is wanted, so that the range begins at 0 from here on.
    if (end >= start) {
      const entry = new listTypeEntry();
      const li = listTypeInitIterator(
        sortval,
        desc ? listTypeLength(sortval) - start - 1 : start,
        desc ? LIST_HEAD : LIST_TAIL,
      );

      while (vector.length < vectorlen && listTypeNext(li, entry)) {
        vector.push(new redisSortObject(listTypeGet(entry)));
      }
      listTypeReleaseIterator(li);
      end -= start;
      start = 0;
    }
  } else if (sortval.type === OBJ_LIST) {
    // Sorting takes the whole list, however few elements are wanted.
    const entry = new listTypeEntry();
    const li = listTypeInitIterator(sortval, 0, LIST_TAIL);
    while (listTypeNext(li, entry)) vector.push(new redisSortObject(listTypeGet(entry)));
    listTypeReleaseIterator(li);
  } else if (sortval.type === OBJ_SET) {
    const si = setTypeInitIterator(sortval);
    let sdsele: string | null;
    while ((sdsele = setTypeNextObject(si)) !== null) {
      vector.push(new redisSortObject(createObject(OBJ_STRING, sdsele)));
    }
    setTypeReleaseIterator(si);
  } else if (sortval.type === OBJ_ZSET && dontsort) {
    // The same in the order of the scores.
    const zs = sortval.ptr as zset;
    const zsl = zs.zsl;
    let rangelen = vectorlen;

    // An end of the range at an end of the sorted set need not be looked for.
    let ln = desc ? zsl.tail : zsl.header.forward(0);
    if (start > 0) {
      ln = zslGetElementByRank(zsl, desc ? dictSize(zs.dict) - start : start + 1);
    }

    while (rangelen--) {
      serverAssertWithInfo(c, sortval, ln !== null, 'ln != NULL');
      vector.push(new redisSortObject(createStringObject(ln!.ele!)));
      ln = desc ? ln!.backward : ln!.forward(0);
    }
    end -= start;
    start = 0;
  } else if (sortval.type === OBJ_ZSET) {
    // The scores of the sorted set are not what it is sorted by.
    const di = dictGetIterator((sortval.ptr as zset).dict);
    let setele;
    while ((setele = dictNext(di)) !== null) {
      vector.push(new redisSortObject(createStringObject(dictGetKey(setele))));
    }
    dictReleaseIterator(di);
  } else {
    serverPanic('Unknown type');
  }
  serverAssertWithInfo(c, sortval, vector.length === vectorlen, 'j == vectorlen');

  if (!dontsort) {
    // What the elements are compared by. Those with no key keep a score of 0, or no object.
    for (j = 0; j < vectorlen; j++) {
      let byval: robj | null;
      if (sortby !== null) {
        byval = lookupKeyByPattern(c.db, sortby, vector[j].obj);
        if (byval === null) continue;
      } else {
        byval = vector[j].obj;
      }

      if (alpha) {
        if (sortby !== null) vector[j].cmpobj = getDecodedObject(byval);
      } else {
        if (sdsEncodedObject(byval)) {
          const text = cstr(objPtrString(byval));
          const { value, end: eptr, erange } = strtod(text);
          vector[j].score = value;
          // An empty string has nothing behind its number, and is 0.
          if (eptr !== text.length || erange || Number.isNaN(value)) int_conversion_error = true;
        } else if (byval.encoding === OBJ_ENCODING_INT) {
          vector[j].score = Number(byval.ptr);
        } else {
          serverAssertWithInfo(c, sortval, false, '1 != 1');
        }
      }

      if (sortby !== null) decrRefCount(byval);
    }

    // The comparison is given two elements, and finds all else in the server.
    server.sort_desc = desc ? 1 : 0;
    server.sort_alpha = alpha ? 1 : 0;
    server.sort_bypattern = sortby !== null ? 1 : 0;
    server.sort_store = storekey !== null ? 1 : 0;
    if (sortby !== null && (start !== 0 || end !== vectorlen - 1)) {
      pqsort(vector, vectorlen, sortCompare, start, end);
    } else {
      qsort(vector, vectorlen, sortCompare);
    }
  }

  // Each GET gives one value an element, in place of the element.
  const outputlen = getop ? getop * (end - start + 1) : end - start + 1;
  if (int_conversion_error) {
    addReplyError(c, "One or more scores can't be converted into double");
  } else if (storekey === null) {
    addReplyArrayLen(c, outputlen);
    const li = new listIter<redisSortOperation>();
    for (j = start; j <= end; j++) {
      if (!getop) addReplyBulk(c, vector[j].obj);
      listRewind(operations, li);
      let ln;
      while ((ln = listNext(li)) !== null) {
        const sop = ln.value;
        const val = lookupKeyByPattern(c.db, sop.pattern, vector[j].obj);

        serverAssertWithInfo(c, sortval, sop.type === SORT_OP_GET, 'sop->type == SORT_OP_GET');
        if (val === null) {
          addReplyNull(c);
        } else {
          addReplyBulk(c, val);
          decrRefCount(val);
        }
      }
    }
  } else {
    // An empty result deletes the key: a list is never empty.
    const sobj = createQuicklistObject();
    const li = new listIter<redisSortOperation>();

    for (j = start; j <= end; j++) {
      if (!getop) {
        listTypePush(sobj, vector[j].obj, LIST_TAIL);
        continue;
      }
      listRewind(operations, li);
      let ln;
      while ((ln = listNext(li)) !== null) {
        const sop = ln.value;
        let val = lookupKeyByPattern(c.db, sop.pattern, vector[j].obj);

        serverAssertWithInfo(c, sortval, sop.type === SORT_OP_GET, 'sop->type == SORT_OP_GET');
        // A list holds no nulls.
        if (val === null) val = createStringObject('');
        listTypePush(sobj, val, LIST_TAIL);
        decrRefCount(val);
      }
    }
    if (outputlen) {
      setKey(c, c.db, storekey, sobj, 0);
      notifyKeyspaceEvent(NOTIFY_LIST, 'sortstore', storekey, c.db.id);
      server.dirty += outputlen;
    } else if (dbDelete(c.db, storekey)) {
      signalModifiedKey(c, c.db, storekey);
      notifyKeyspaceEvent(NOTIFY_GENERIC, 'del', storekey, c.db.id);
      server.dirty++;
    }
    decrRefCount(sobj);
    addReplyLongLong(c, outputlen);
  }

  // What was taken above is given back.
  for (j = 0; j < vectorlen; j++) decrRefCount(vector[j].obj);

  decrRefCount(sortval);
  listRelease(operations);
  for (j = 0; j < vectorlen; j++) {
    const cmpobj = vector[j].cmpobj;
    if (alpha && cmpobj !== null) decrRefCount(cmpobj);
  }
}

/**
 * The command SORT_RO: SORT without STORE.
 *
 * @c sort.c:608
 */
export function sortroCommand(c: client): void {
  sortCommandGeneric(c, true);
}

/**
 * The command SORT: see sortCommandGeneric().
 *
 * @c sort.c:612
 */
export function sortCommand(c: client): void {
  sortCommandGeneric(c, false);
}
