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
 * C hands these jobs to a thread of bio.c. V8's objects belong to one thread, so here a time event works the jobs off
 * in slices between the commands. Seen from a client it is the same: the command returns at once, and INFO shows the
 * objects that wait and how used_memory falls.
 *
 * Who calls in: db for UNLINK, FLUSHALL ASYNC and the lazyfree-lazy-* settings; evict, which works off jobs itself when
 * it finds nothing else to free. Whom it calls: object and dict to release, ae for the time event.
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
  dictSize,
  type dict,
} from '../object/dict.ts';
import { decrRefCount } from '../object/object.ts';
import { dbAccountRemove } from './db.ts';
import { server, type redisDb, type robj } from './server.h.ts';

/** Works on a job; true when nothing of it is left. */
export type lazy_free_fn = (job: lazyfreeJob) => boolean;

/** Something that waits to be released, and how far that has come. */
export class lazyfreeJob {
  free_fn: lazy_free_fn;
  /** For lazyfreeFreeObject: the value. */
  obj: robj | null = null;
  /** For lazyfreeFreeDatabase: the tables that were the keys and the expires of a database. */
  ht1: dict<string, robj> | null = null;
  ht2: dict<string, number> | null = null;
  /** The next bucket to release, counted through the two tables of ht1 and then those of ht2. */
  bucket = 0;
  constructor(free_fn: lazy_free_fn) {
    this.free_fn = free_fn;
  }
}

/** Buckets that lazyfreeFreeDatabase releases in one call. */
const LAZYFREE_BUCKETS_PER_CALL = 1024;

/** Microseconds that the time event takes out of one turn of the event loop. */
const LAZYFREE_SLICE_US = 1000;

/**
 * Releases a value. Always finishes.
 *
 * @c lazyfree.c:11
 */
export function lazyfreeFreeObject(job: lazyfreeJob): boolean {
  decrRefCount(job.obj!);
  server.lazyfree_objects -= 1;
  server.lazyfreed_objects += 1;
  return true;
}

/**
 * Releases some of the keys that were a database; true when all are gone, and their tables with them.
 *
 * @c lazyfree.c:21
 */
export function lazyfreeFreeDatabase(job: lazyfreeJob): boolean {
  const ht1 = job.ht1!;
  const ht2 = job.ht2!;
  const slots1 = DICTHT_SIZE(ht1.ht_size_exp[0]) + DICTHT_SIZE(ht1.ht_size_exp[1]);
  const slots2 = DICTHT_SIZE(ht2.ht_size_exp[0]) + DICTHT_SIZE(ht2.ht_size_exp[1]);
  const numkeys = dictSize(ht1);

  for (let n = 0; n < LAZYFREE_BUCKETS_PER_CALL && job.bucket < slots1 + slots2; n++) {
    if (job.bucket < slots1) lazyfreeEmptyBucket(ht1, job.bucket, dbAccountRemove);
    else lazyfreeEmptyBucket(ht2, job.bucket - slots1, null);
    job.bucket++;
  }
  const freed = numkeys - dictSize(ht1);
  server.lazyfree_objects -= freed;
  server.lazyfreed_objects += freed;
  if (job.bucket < slots1 + slots2) return false;

  dictRelease(ht1);
  dictRelease(ht2);
  return true;
}

/**
 * Releases the entries of one bucket of a dictionary that is not rehashed any more; `bucket` counts through both
 * tables. `before` is called for each entry.
 *
 * @own dictRelease() in steps
 */
export function lazyfreeEmptyBucket<V>(
  d: dict<string, V>,
  bucket: number,
  before: ((key: string, val: V) => void) | null,
): void {
  const slots0 = DICTHT_SIZE(d.ht_size_exp[0]);
  const table = bucket < slots0 ? d.ht_table[0]! : d.ht_table[1]!;
  const idx = bucket < slots0 ? bucket : bucket - slots0;
  let de = table[idx];
  while (de !== null) {
    if (before !== null) before(de.key, de.v);
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
 * How much work it is to release a value, in allocations or so: 1 for a string, whatever its size.
 *
 * @c lazyfree.c:104
 */
export function lazyfreeGetFreeEffort(key: robj, obj: robj, dbid: number): number {
  // Only collections consist of more than one allocation.
  void key;
  void obj;
  void dbid;
  return 1;
}

/** Up to this effort a value is released at once: a job would cost more than it saves. */
const LAZYFREE_THRESHOLD = 64;

/**
 * Gives up the keyspace's reference to a value: by a job if that is worth it and nobody else holds the value, else now.
 *
 * @c lazyfree.c:159
 */
export function freeObjAsync(key: robj, obj: robj, dbid: number): void {
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
