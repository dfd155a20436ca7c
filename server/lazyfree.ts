/**
 * lazyfree.c: freeing what is large without making anybody wait.
 *
 *     UNLINK big ─► freeObjAsync ─► effort ≤ 64: decrRefCount now
 *                                   effort > 64: ┐
 *     FLUSHALL ASYNC ─► emptyDbAsync ────────────┤
 *                                                ▼
 *                 server.lazyfree_jobs ─► lazyfreeJob ─► lazyfreeJob ...     lazyfree_objects: how many wait
 *                                                ▲
 *                 lazyfreeTimeProc, each turn of the event loop, one millisecond ─► lazyfreed_objects
 *
 * A job that is a large collection is released some elements at a time, one that is a database some buckets at a time.
 *
 * C hands these jobs to a thread of bio.c. V8's objects belong to one thread, so here a time event works the jobs off
 * in slices between the commands. Seen from a client it is the same: the command returns at once, and INFO shows the
 * objects that wait and how used_memory falls.
 *
 * Who calls in: db for UNLINK, FLUSHALL ASYNC and the lazyfree-lazy-* settings; evict, which works off jobs itself when
 * it finds nothing else to free. Whom it calls: object, dict and the structures of the types to release, ae for the time event.
 * What differs from C: the slices instead of the thread.
 *
 * @packageDocumentation
 */
import { AE_NOMORE, aeCreateTimeEvent, type aeEventLoop } from '../ae/ae.ts';
import { elapsedStart, elapsedUs } from '../ae/monotonic.ts';
import {
  listAddNodeTail,
  listDelNode,
  listFirst,
  listLength,
  listNodeValue,
} from '../object/adlist.ts';
import {
  DICTHT_SIZE,
  dictCreate,
  dictDelete,
  dictPauseRehashing,
  dictRelease,
  dictSetVal,
  dictSize,
  type dict,
} from '../object/dict.ts';
import { decrRefCount } from '../object/object.ts';
import {
  raxIterator,
  raxNext,
  raxRemove,
  raxSeek,
  raxSize,
  raxStart,
  raxStop,
} from '../object/rax.ts';
import type { stream, streamCG, streamNACK } from '../object/stream.h.ts';
import { streamFreeCG, streamFreeNACK } from '../object/t_stream.ts';
import { zslFreeNode } from '../object/t_zset.ts';
import { zfree, zfree_bytes } from '../object/zmalloc.ts';
import { lpFree } from '../quicklist/listpack.ts';
import { SIZEOF_QUICKLISTNODE, type quicklist } from '../quicklist/quicklist.ts';
import { dbAccountRemove } from './db.ts';
import { serverAssert } from './debug.ts';
import {
  LEVEL_FORWARD,
  OBJ_ENCODING_HT,
  OBJ_ENCODING_QUICKLIST,
  OBJ_ENCODING_SKIPLIST,
  OBJ_ENCODING_STREAM,
  OBJ_HASH,
  OBJ_LIST,
  OBJ_SET,
  OBJ_STREAM,
  OBJ_ZSET,
  server,
  type redisDb,
  type robj,
  type zset,
  type zskiplist,
} from './server.h.ts';

/** Works on a job; true when nothing of it is left. */
export type lazy_free_fn = (job: lazyfreeJob) => boolean;

/** Something that waits to be released, and how far that has come. */
export class lazyfreeJob {
  free_fn: lazy_free_fn;
  /** For lazyfreeFreeObject: the value. */
  obj: robj | null = null;
  /** For lazyfreeFreeDatabase: the tables that were the keys and the expires of a database. */
  ht1: dict<string, robj> | null = null;
  ht2: dict<string, number | bigint> | null = null;
  /**
   * The next bucket to release: of a database counted through the two tables of ht1 and then those of ht2, of a value through the
   * two of its dictionary.
   */
  bucket = 0;
  constructor(free_fn: lazy_free_fn) {
    this.free_fn = free_fn;
  }
}

/** Buckets, nodes or entries that are released in one call. */
const LAZYFREE_STEPS_PER_CALL = 1024;

/** Microseconds that the time event takes out of one turn of the event loop. */
const LAZYFREE_SLICE_US = 1000;

/**
 * Releases some of a value; true when all of it is gone.
 *
 * @c lazyfree.c:11
 */
export function lazyfreeFreeObject(job: lazyfreeJob): boolean {
  const o = job.obj!;
  if (!lazyfreeFreeElements(job, o)) return false;
  // What is left are a few allocations.
  decrRefCount(o);
  server.lazyfree_objects -= 1;
  server.lazyfreed_objects += 1;
  return true;
}

/**
 * Releases some of the elements of a collection that nobody else holds; true when so few are left that decrRefCount() can
 * do the rest.
 *
 * @own decrRefCount() in steps
 */
export function lazyfreeFreeElements(job: lazyfreeJob, o: robj): boolean {
  switch (o.encoding) {
    case OBJ_ENCODING_QUICKLIST:
      return lazyfreeFreeQuicklistNodes(o.ptr as quicklist);
    case OBJ_ENCODING_HT:
      return lazyfreeFreeBuckets(job, o.ptr as dict<string, unknown>);
    case OBJ_ENCODING_SKIPLIST: {
      const zs = o.ptr as zset;
      // The dictionary owns neither names nor nodes.
      return lazyfreeFreeBuckets(job, zs.dict) && lazyfreeFreeSkiplistNodes(zs.zsl);
    }
    case OBJ_ENCODING_STREAM:
      return lazyfreeFreeStreamNodes(o.ptr as stream);
    default:
      return true;
  }
}

/**
 * Releases nodes at the head of a list that nobody looks at any more; true when none is left.
 *
 * @own quicklistRelease() in steps
 */
export function lazyfreeFreeQuicklistNodes(ql: quicklist): boolean {
  for (let n = 0; n < LAZYFREE_STEPS_PER_CALL; n++) {
    const node = ql.head;
    if (node === null) break;
    ql.head = node.next;
    ql.count -= node.count;
    ql.len--;
    zfree_bytes(node.entry!);
    zfree(SIZEOF_QUICKLISTNODE);
  }
  return ql.head === null;
}

/**
 * Releases buckets of the dictionary of a value; true when none is left.
 *
 * @own dictRelease() in steps
 */
export function lazyfreeFreeBuckets<V>(job: lazyfreeJob, d: dict<string, V>): boolean {
  const slots = DICTHT_SIZE(d.ht_size_exp[0]) + DICTHT_SIZE(d.ht_size_exp[1]);
  // The buckets are walked one by one and must not move meanwhile.
  if (job.bucket === 0) dictPauseRehashing(d);
  for (let n = 0; n < LAZYFREE_STEPS_PER_CALL && job.bucket < slots; n++) {
    lazyfreeEmptyBucket(d, job.bucket++, null);
  }
  return job.bucket >= slots;
}

/**
 * Releases nodes at the head of a skiplist that nobody looks at any more; true when none is left.
 *
 * @own zslFree() in steps
 */
export function lazyfreeFreeSkiplistNodes(zsl: zskiplist): boolean {
  const { header, table } = zsl;
  for (let n = 0; n < LAZYFREE_STEPS_PER_CALL; n++) {
    const node = header.forward(0);
    if (node === null) return true;
    table.links[header.level + LEVEL_FORWARD] = table.links[node.level + LEVEL_FORWARD];
    zslFreeNode(node);
  }
  return header.forward(0) === null;
}

/**
 * Releases listpacks of a stream, then pending entries of its groups; true when none is left.
 *
 * @own freeStream() in steps
 */
export function lazyfreeFreeStreamNodes(s: stream): boolean {
  let n = 0;
  const ri = new raxIterator<Buffer>();
  raxStart(ri, s.rax);
  for (; n < LAZYFREE_STEPS_PER_CALL && raxSize(s.rax) > 0; n++) {
    raxSeek(ri, '^', '');
    raxNext(ri);
    const lp = ri.data!;
    raxRemove(s.rax, ri.key, null);
    lpFree(lp);
  }
  raxStop(ri);
  if (s.cgroups === null) return raxSize(s.rax) === 0;

  const gi = new raxIterator<streamCG>();
  raxStart(gi, s.cgroups);
  for (; n < LAZYFREE_STEPS_PER_CALL && raxSize(s.cgroups) > 0; n++) {
    raxSeek(gi, '^', '');
    raxNext(gi);
    const cg = gi.data!;
    n += lazyfreeFreePendingEntries(cg, LAZYFREE_STEPS_PER_CALL - n);
    if (raxSize(cg.pel) > 0) break;
    raxRemove(s.cgroups, gi.key, null);
    streamFreeCG(cg);
  }
  raxStop(gi);
  return raxSize(s.rax) === 0 && raxSize(s.cgroups) === 0;
}

/**
 * Releases up to `max` pending entries of a group, from its tree and that of their consumers. Returns how many there were.
 *
 * @own raxFreeWithCallback() in steps
 */
export function lazyfreeFreePendingEntries(cg: streamCG, max: number): number {
  let n = 0;
  const ri = new raxIterator<streamNACK>();
  raxStart(ri, cg.pel);
  for (; n < max && raxSize(cg.pel) > 0; n++) {
    raxSeek(ri, '^', '');
    raxNext(ri);
    const nack = ri.data!;
    const { key } = ri;
    raxRemove(cg.pel, key, null);
    raxRemove(nack.consumer!.pel, key, null);
    streamFreeNACK(nack);
  }
  raxStop(ri);
  return n;
}

/**
 * Releases some of the keys that were a database; true when all are gone, and their tables with them. A large value among
 * them becomes a job of its own.
 *
 * @c lazyfree.c:21
 */
export function lazyfreeFreeDatabase(job: lazyfreeJob): boolean {
  const ht1 = job.ht1!;
  const ht2 = job.ht2!;
  const slots1 = DICTHT_SIZE(ht1.ht_size_exp[0]) + DICTHT_SIZE(ht1.ht_size_exp[1]);
  const slots2 = DICTHT_SIZE(ht2.ht_size_exp[0]) + DICTHT_SIZE(ht2.ht_size_exp[1]);
  const numkeys = dictSize(ht1);
  const jobs = listLength(server.lazyfree_jobs);

  for (let n = 0; n < LAZYFREE_STEPS_PER_CALL && job.bucket < slots1 + slots2; n++) {
    if (job.bucket < slots1) lazyfreeEmptyBucket(ht1, job.bucket, lazyfreeForgetKey);
    else lazyfreeEmptyBucket(ht2, job.bucket - slots1, null);
    job.bucket++;
  }
  // Those that became jobs are still to be counted.
  const freed = numkeys - dictSize(ht1) - (listLength(server.lazyfree_jobs) - jobs);
  server.lazyfree_objects -= freed;
  server.lazyfreed_objects += freed;
  if (job.bucket < slots1 + slots2) return false;

  dictRelease(ht1);
  dictRelease(ht2);
  return true;
}

/**
 * Takes the object of a value that was in a database off the account. Whether the value is to be left alone, because a job has
 * been made of it.
 *
 * @own dictObjectDestructor() in C
 */
export function lazyfreeForgetKey(val: robj): boolean {
  dbAccountRemove(val);
  if (val.refcount !== 1 || lazyfreeGetFreeEffort(null, val, -1) <= LAZYFREE_STEPS_PER_CALL) {
    return false;
  }
  const job = new lazyfreeJob(lazyfreeFreeObject);
  job.obj = val;
  bioCreateLazyFreeJob(job);
  return true;
}

/**
 * Releases the entries of one bucket of a dictionary that is not rehashed any more; `bucket` counts through both
 * tables. `before` is called for each entry, and may say that the value is not to be released.
 *
 * @own dictRelease() in steps
 */
export function lazyfreeEmptyBucket<V>(
  d: dict<string, V>,
  bucket: number,
  before: ((val: V) => boolean) | null,
): void {
  const slots0 = DICTHT_SIZE(d.ht_size_exp[0]);
  const table = bucket < slots0 ? d.ht_table[0]! : d.ht_table[1]!;
  const idx = bucket < slots0 ? bucket : bucket - slots0;
  let de = table[idx];
  while (de !== null) {
    // The destructor ignores null.
    if (before !== null && before(de.v)) dictSetVal(d, de, null as V);
    dictDelete(d, de.key);
    de = table[idx];
  }
}

/**
 * Puts a job at the end of the queue and sees to it that the time event runs.
 *
 * @own bioCreateLazyFreeJob of bio.c, without its thread
 */
export function bioCreateLazyFreeJob(job: lazyfreeJob): void {
  listAddNodeTail(server.lazyfree_jobs, job);
  if (!server.isLazyfreeProcRunning) {
    server.isLazyfreeProcRunning = 1;
    aeCreateTimeEvent(server.el, 0, lazyfreeTimeProc, null, null);
  }
}

/**
 * Works on the queue for about `us` microseconds, at least one step. Returns how many jobs are left.
 *
 * @own what the thread of bio.c does in C
 */
export function lazyfreeProcessJobs(us: number): number {
  const start = elapsedStart();
  for (;;) {
    const ln = listFirst(server.lazyfree_jobs);
    if (ln === null) break;
    const job = listNodeValue(ln);
    if (job.free_fn(job)) listDelNode(server.lazyfree_jobs, ln);
    if (elapsedUs(start) >= us) break;
  }
  return listLength(server.lazyfree_jobs);
}

/**
 * The time event: one slice of work, then again in the next turn until the queue is empty.
 *
 * @own what the thread of bio.c does in C
 */
export function lazyfreeTimeProc(eventLoop: aeEventLoop, id: number, clientData: unknown): number {
  void eventLoop;
  void id;
  void clientData;
  if (lazyfreeProcessJobs(LAZYFREE_SLICE_US) > 0) return 0;
  server.isLazyfreeProcRunning = 0;
  return AE_NOMORE;
}

/**
 * How many objects wait to be released.
 *
 * @c lazyfree.c:72
 */
export function lazyfreeGetPendingObjectsCount(): number {
  return server.lazyfree_objects;
}

/**
 * How many objects have been released this way since the start or CONFIG RESETSTAT.
 *
 * @c lazyfree.c:79
 */
export function lazyfreeGetFreedObjectsCount(): number {
  return server.lazyfreed_objects;
}

/**
 * Sets the count of released objects back to 0.
 *
 * @c lazyfree.c:85
 */
export function lazyfreeResetStats(): void {
  server.lazyfreed_objects = 0;
}

/**
 * How much work it is to release a value, in allocations or so: the elements of a hash table or skiplist, the nodes of a
 * list or stream with an estimate of the pending entries of its groups; 1 for a string or another single block, whatever
 * its size.
 *
 * @c lazyfree.c:104
 */
export function lazyfreeGetFreeEffort(key: robj | null, obj: robj, dbid: number): number {
  // Only a module would want to know these.
  void key;
  void dbid;
  if (obj.type === OBJ_LIST) {
    return (obj.ptr as quicklist).len;
  } else if (obj.type === OBJ_SET && obj.encoding === OBJ_ENCODING_HT) {
    return dictSize(obj.ptr as dict<string, null>);
  } else if (obj.type === OBJ_ZSET && obj.encoding === OBJ_ENCODING_SKIPLIST) {
    return (obj.ptr as zset).zsl.length;
  } else if (obj.type === OBJ_HASH && obj.encoding === OBJ_ENCODING_HT) {
    return dictSize(obj.ptr as dict<string, string>);
  } else if (obj.type === OBJ_STREAM) {
    const s = obj.ptr as stream;
    let effort = s.rax.numnodes;

    // To look at all groups could take long: they are taken to be like the first.
    if (s.cgroups !== null && raxSize(s.cgroups)) {
      const ri = new raxIterator<streamCG>();
      raxStart(ri, s.cgroups);
      raxSeek(ri, '^', '');
      const found = raxNext(ri);
      serverAssert(found !== 0, 'raxNext(&ri)');
      const cg = ri.data!;
      effort += raxSize(s.cgroups) * (1 + raxSize(cg.pel));
      raxStop(ri);
    }
    return effort;
  } else {
    return 1;
  }
}

/** Up to this effort a value is released at once: a job would cost more than it saves. */
const LAZYFREE_THRESHOLD = 64;

/**
 * Gives up the keyspace's reference to a value: by a job if that is worth it and nobody else holds the value, else now.
 *
 * @c lazyfree.c:159
 */
export function freeObjAsync(key: robj | null, obj: robj, dbid: number): void {
  const free_effort = lazyfreeGetFreeEffort(key, obj, dbid);
  // A value with more holders is not going to be released here, however large it is.
  if (free_effort > LAZYFREE_THRESHOLD && obj.refcount === 1) {
    server.lazyfree_objects += 1;
    const job = new lazyfreeJob(lazyfreeFreeObject);
    job.obj = obj;
    bioCreateLazyFreeJob(job);
  } else {
    decrRefCount(obj);
  }
}

/**
 * Empties a database by giving it new tables; the old ones are released by a job.
 *
 * @c lazyfree.c:176
 */
export function emptyDbAsync(db: redisDb): void {
  const oldht1 = db.dict;
  const oldht2 = db.expires;
  db.dict = dictCreate(oldht1.type);
  db.expires = dictCreate(oldht2.type);
  server.lazyfree_objects += dictSize(oldht1);

  const job = new lazyfreeJob(lazyfreeFreeDatabase);
  job.ht1 = oldht1;
  job.ht2 = oldht2;
  // The job walks the buckets one by one, which must not move meanwhile.
  dictPauseRehashing(oldht1);
  dictPauseRehashing(oldht2);
  bioCreateLazyFreeJob(job);
}
