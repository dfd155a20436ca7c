/**
 * evict.c: what happens when maxmemory is reached, and the clocks by which values age.
 *
 * With an LRU policy the 24 bits of `robj.lru` hold the time of the last access, with an LFU policy a counter that
 * grows ever more slowly and decays with time:
 *
 *     LRU     [            seconds, modulo 2^24             ]
 *     LFU     [ minutes of the last decay, 16 bits | LOG_C 8 ]
 *
 * No list of all keys in order of age exists. performEvictions() takes a few random keys of each database into a pool of
 * 16, sorted by how well they are suited, evicts the best, and so on until enough is freed:
 *
 *     EvictionPoolLRU   [ idle 3 | idle 17 | ... | idle 4711 ]
 *                         worst                    evicted next; entries may name keys that are gone
 *
 * Who calls in: processCommand before each command while maxmemory is set, config when it is lowered, object and db for
 * the clocks. Whom it calls: db to delete, lazyfree, latency, ae for the time event that goes on with the work.
 * What differs from C: the pool holds names as JavaScript strings, so there are no cached buffers to copy them into; the
 * jobs of lazyfree are worked off here when nothing else is left to free, where C waits for their thread.
 *
 * @packageDocumentation
 */
import { AE_NOMORE, aeCreateTimeEvent, type aeEventLoop } from '../ae/ae.ts';
import { elapsedStart, elapsedUs } from '../ae/monotonic.ts';
import { checkClientPauseTimeoutAndReturnIfPaused } from '../networking/networking.ts';
import { listLength } from '../object/adlist.ts';
import {
  dictFind,
  dictGetKey,
  dictGetRandomKey,
  dictGetSomeKeys,
  dictGetVal,
  dictSize,
  type dict,
  type dictEntry,
} from '../object/dict.ts';
import { createStringObject, decrRefCount } from '../object/object.ts';
import { sdsAllocSize } from '../object/sds.ts';
import { rand } from '../object/util.ts';
import { zmalloc_used_memory } from '../object/zmalloc.ts';
import { dbAsyncDelete, dbSyncDelete, propagateDeletion, signalModifiedKey } from './db.ts';
import { serverAssert, serverPanic } from './debug.ts';
import { latencyAddSampleIfNeeded, latencyEndMonitor, latencyStartMonitor } from './latency.ts';
import { lazyfreeProcessJobs } from './lazyfree.ts';
import { notifyKeyspaceEvent } from './notify.ts';
import { mstime, propagatePendingCommands } from './server.ts';
import {
  AOF_OFF,
  C_ERR,
  C_OK,
  EVICT_FAIL,
  EVICT_OK,
  EVICT_RUNNING,
  LFU_INIT_VAL,
  LRU_CLOCK_MAX,
  LRU_CLOCK_RESOLUTION,
  MAXMEMORY_ALLKEYS_RANDOM,
  MAXMEMORY_FLAG_ALLKEYS,
  MAXMEMORY_FLAG_LFU,
  MAXMEMORY_FLAG_LRU,
  MAXMEMORY_NO_EVICTION,
  MAXMEMORY_VOLATILE_RANDOM,
  MAXMEMORY_VOLATILE_TTL,
  NOTIFY_EVICTED,
  PROTO_REPLY_CHUNK_BYTES,
  server,
  type redisDb,
  type robj,
} from './server.h.ts';

/* ------------------------- Data structures ------------------------- */

/** Candidates that the pool holds. */
export const EVPOOL_SIZE = 16;

/** RAND_MAX of libc. */
const RAND_MAX = 2147483647;

/** sizeof(replBufBlock) and sizeof(listNode). */
const SIZEOF_REPLBUFBLOCK = 40;
const SIZEOF_LISTNODE = 24;

/** One candidate for eviction. */
export class evictionPoolEntry {
  /** How well it is suited: idle milliseconds, 255 minus the frequency, or the nearness of its end. */
  idle = 0;
  /** Its name; null in a free entry. */
  key: string | null = null;
  dbid = 0;
}

/** What getMaxmemoryState() tells, in bytes; `level` is used memory by maxmemory. */
export class maxmemoryState {
  total = 0;
  logical = 0;
  tofree = 0;
  level = 0;
}

/* --------------- Implementation of eviction, aging and LRU --------------- */

/**
 * The LRU clock read now: seconds since 1970, modulo 2^24.
 *
 * @c evict.c:72
 */
export function getLRUClock(): number {
  return Math.floor(mstime() / LRU_CLOCK_RESOLUTION) & LRU_CLOCK_MAX;
}

/**
 * The LRU clock: as serverCron last read it, if that is often enough for the clock's resolution, else read now.
 *
 * @c evict.c:80
 */
export function LRU_CLOCK(): number {
  if (1000 <= LRU_CLOCK_RESOLUTION * server.hz) return server.lruclock;
  else return getLRUClock();
}

/**
 * Milliseconds since the value was last used, at the clock's resolution. Right up to one turn of the clock (194 days).
 *
 * @c evict.c:92
 */
export function estimateObjectIdleTime(o: robj): number {
  const lruclock = LRU_CLOCK();
  if (lruclock >= o.lru) {
    return (lruclock - o.lru) * LRU_CLOCK_RESOLUTION;
  } else {
    return (lruclock + (LRU_CLOCK_MAX - o.lru)) * LRU_CLOCK_RESOLUTION;
  }
}

/**
 * Gives the server an empty pool.
 *
 * @c evict.c:123
 */
export function evictionPoolAlloc(): void {
  const ep: evictionPoolEntry[] = [];
  for (let j = 0; j < EVPOOL_SIZE; j++) ep.push(new evictionPoolEntry());
  server.EvictionPoolLRU = ep;
}

/**
 * Takes a sample of `sampledict` (the keys or the expires of database `dbid`) and puts into the pool what is better
 * suited than its worst entry, or fits into a free one. `keydict` is where the values are. The pool stays sorted, the
 * best at the end.
 *
 * @c evict.c:146
 */
export function evictionPoolPopulate(
  dbid: number,
  sampledict: dict<string, robj> | dict<string, number | bigint>,
  keydict: dict<string, robj>,
  pool: evictionPoolEntry[],
): void {
  const samples: dictEntry<string, robj | number | bigint>[] = [];
  const count = dictGetSomeKeys(
    sampledict as dict<string, robj | number | bigint>,
    samples,
    server.maxmemory_samples,
  );
  for (let j = 0; j < count; j++) {
    let idle: number;
    let o: robj | null = null;
    const de = samples[j];
    const key = dictGetKey(de);

    // An entry of the expires has no value, only a time: the value is with the keys.
    if (server.maxmemory_policy !== MAXMEMORY_VOLATILE_TTL) {
      if ((sampledict as object) !== keydict) o = dictGetVal(dictFind(keydict, key)!);
      else o = dictGetVal(de) as robj;
    }

    if (server.maxmemory_policy & MAXMEMORY_FLAG_LRU) {
      idle = estimateObjectIdleTime(o!);
    } else if (server.maxmemory_policy & MAXMEMORY_FLAG_LFU) {
      // The pool wants the best at its end, so the frequency is turned around.
      idle = 255 - LFUDecrAndReturn(o!);
    } else if (server.maxmemory_policy === MAXMEMORY_VOLATILE_TTL) {
      // The sooner it ends the better. C subtracts from 2^64-1, where a double could not tell close times apart.
      idle = Number.MAX_SAFE_INTEGER - Number(dictGetVal(de));
    } else {
      serverPanic('Unknown eviction policy in evictionPoolPopulate()');
    }

    // The first free entry, or the first that is better suited than this key.
    let k = 0;
    while (k < EVPOOL_SIZE && pool[k].key !== null && pool[k].idle < idle) k++;
    if (k === 0 && pool[EVPOOL_SIZE - 1].key !== null) {
      // Worse than all that are there, and nothing is free.
      continue;
    } else if (k < EVPOOL_SIZE && pool[k].key === null) {
      // A free entry, with nothing behind it: use it.
    } else if (pool[EVPOOL_SIZE - 1].key === null) {
      // There is room at the end: move all from k on one to the right. The free entry takes the place.
      const free = pool[EVPOOL_SIZE - 1];
      pool.copyWithin(k + 1, k, EVPOOL_SIZE - 1);
      pool[k] = free;
    } else {
      // No room: the worst goes, and what lies before k moves one to the left.
      k--;
      const free = pool[0];
      pool.copyWithin(0, 1, k + 1);
      pool[k] = free;
    }
    pool[k].key = key;
    pool[k].idle = idle;
    pool[k].dbid = dbid;
  }
}

/* ----------------- LFU (least frequently used) ----------------- */

/**
 * The present minute, modulo 2^16: what the upper bits of an LFU field hold.
 *
 * @c evict.c:283
 */
export function LFUGetTimeInMinutes(): number {
  return Math.floor(server.unixtime / 60) & 65535;
}

/**
 * Minutes since `ldt`, a time of LFUGetTimeInMinutes(); right up to one turn of that clock.
 *
 * @c evict.c:291
 */
export function LFUTimeElapsed(ldt: number): number {
  const now = LFUGetTimeInMinutes();
  if (now >= ldt) return now - ldt;
  return 65535 - ldt + now;
}

/**
 * The counter after one more access: it grows with a chance that falls the larger it is, up to 255.
 *
 * @c evict.c:299
 */
export function LFULogIncr(counter: number): number {
  if (counter === 255) return 255;
  const r = rand() / RAND_MAX;
  let baseval = counter - LFU_INIT_VAL;
  if (baseval < 0) baseval = 0;
  const p = 1.0 / (baseval * server.lfu_log_factor + 1);
  if (r < p) counter++;
  return counter;
}

/**
 * The counter of a value as it is now: less one for each lfu-decay-time minutes that passed. The value's field is left
 * as it is; it changes when the value is used.
 *
 * @c evict.c:319
 */
export function LFUDecrAndReturn(o: robj): number {
  const ldt = o.lru >> 8;
  let counter = o.lru & 255;
  const num_periods = server.lfu_decay_time
    ? Math.trunc(LFUTimeElapsed(ldt) / server.lfu_decay_time)
    : 0;
  if (num_periods) counter = num_periods > counter ? 0 : counter - num_periods;
  return counter;
}

/**
 * Bytes that do not count against maxmemory: the AOF buffer, and what the replicas' buffer holds beyond the backlog. If
 * they did, the DELs of evicted keys would fill them and cause more evictions.
 *
 * @c evict.c:336
 */
export function freeMemoryGetNotCountedMemory(): number {
  let overhead = 0;

  if (server.repl_buffer_mem > server.repl_backlog_size) {
    // The blocks of the backlog are more than their content; how many there are is known roughly.
    const extra_approx_size =
      (Math.trunc(server.repl_backlog_size / PROTO_REPLY_CHUNK_BYTES) + 1) *
      (SIZEOF_REPLBUFBLOCK + SIZEOF_LISTNODE);
    const counted_mem = server.repl_backlog_size + extra_approx_size;
    if (server.repl_buffer_mem > counted_mem) overhead += server.repl_buffer_mem - counted_mem;
  }

  if (server.aof_state !== AOF_OFF) overhead += sdsAllocSize(server.aof_buf);
  return overhead;
}

/**
 * Whether memory is within maxmemory: C_OK or C_ERR. Fills `state` if given: `total` always, `logical` and `tofree` with
 * C_ERR; `level` always, but only if `wantlevel`, since it takes longer.
 *
 * @c evict.c:397
 */
export function getMaxmemoryState(state: maxmemoryState | null, wantlevel: boolean): number {
  const mem_reported = zmalloc_used_memory();
  if (state !== null) state.total = mem_reported;

  // Without a limit there is nothing to work out.
  if (!server.maxmemory) {
    if (state !== null && wantlevel) state.level = 0;
    return C_OK;
  }
  if (mem_reported <= server.maxmemory && !wantlevel) return C_OK;

  const overhead = freeMemoryGetNotCountedMemory();
  const mem_used = mem_reported > overhead ? mem_reported - overhead : 0;

  if (state !== null && wantlevel) {
    state.level = Math.fround(Math.fround(mem_used) / Math.fround(server.maxmemory));
  }

  if (mem_reported <= server.maxmemory) return C_OK;
  if (mem_used <= server.maxmemory) return C_OK;

  if (state !== null) {
    state.logical = mem_used;
    state.tofree = mem_used - server.maxmemory;
  }
  return C_ERR;
}

/**
 * Whether `moremem` more bytes would exceed maxmemory.
 *
 * @c evict.c:438
 */
export function overMaxmemoryAfterAlloc(moremem: number): boolean {
  if (!server.maxmemory) return false;

  let mem_used = zmalloc_used_memory();
  if (mem_used + moremem <= server.maxmemory) return false;

  const overhead = freeMemoryGetNotCountedMemory();
  mem_used = mem_used > overhead ? mem_used - overhead : 0;
  return mem_used + moremem > server.maxmemory;
}

/**
 * The time event that goes on evicting after performEvictions() ran out of time: in every turn of the event loop, until
 * memory is fine or nothing can be evicted.
 *
 * @c evict.c:455
 * @cstatic
 */
export function evictionTimeProc(eventLoop: aeEventLoop, id: number, clientData: unknown): number {
  void eventLoop;
  void id;
  void clientData;

  if (performEvictions() === EVICT_RUNNING) return 0;

  server.isEvictionProcRunning = 0;
  return AE_NOMORE;
}

/**
 * Installs evictionTimeProc(), unless it is there.
 *
 * @c evict.c:469
 */
export function startEvictionTimeProc(): void {
  if (!server.isEvictionProcRunning) {
    server.isEvictionProcRunning = 1;
    aeCreateTimeEvent(server.el, 0, evictionTimeProc, null, null);
  }
}

/**
 * Whether keys may be evicted now: not while data is loaded, not in a replica that leaves it to its master, and not
 * while clients are paused, when the data must not change.
 *
 * @c evict.c:481
 * @cstatic
 */
export function isSafeToPerformEvictions(): boolean {
  if (server.loading) return false;

  if (server.masterhost && server.repl_slave_ignore_maxmemory) return false;

  if (checkClientPauseTimeoutAndReturnIfPaused()) return false;

  return true;
}

/**
 * Microseconds that one call of performEvictions() may take, from maxmemory-eviction-tenacity: up to 10 in steps of
 * 50, then growing by 15% a step; Infinity at 100.
 *
 * @c evict.c:499
 * @cstatic
 */
export function evictionTimeLimitUs(): number {
  serverAssert(server.maxmemory_eviction_tenacity >= 0);
  serverAssert(server.maxmemory_eviction_tenacity <= 100);

  if (server.maxmemory_eviction_tenacity <= 10) {
    return 50 * server.maxmemory_eviction_tenacity;
  }

  if (server.maxmemory_eviction_tenacity < 100) {
    return Math.trunc(500.0 * Math.pow(1.15, server.maxmemory_eviction_tenacity - 10.0));
  }

  return Infinity;
}

/**
 * Evicts keys until memory is within maxmemory, for a limited time; a time event goes on if that was not enough.
 *
 * Returns EVICT_OK when memory is fine or nothing may be done now, EVICT_RUNNING when it is over the limit and the time
 * event works on it, EVICT_FAIL when it is over the limit and nothing is left to evict: then commands that need
 * memory are refused.
 *
 * @c evict.c:540
 */
export function performEvictions(): number {
  // As if there had been no call: the metrics below are left alone.
  if (!isSafeToPerformEvictions()) return EVICT_OK;

  let keys_freed = 0;
  let result = EVICT_FAIL;
  const state = new maxmemoryState();

  update_metrics: {
    if (getMaxmemoryState(state, false) === C_OK) {
      result = EVICT_OK;
      break update_metrics;
    }

    if (server.maxmemory_policy === MAXMEMORY_NO_EVICTION) {
      result = EVICT_FAIL;
      break update_metrics;
    }

    const eviction_time_limit_us = evictionTimeLimitUs();

    // As long as memory is on its way back no more keys need to go. C's thread works meanwhile; here it is done first, and if it
    // takes longer than this may last, the time event goes on with it.
    if (listLength(server.lazyfree_jobs)) {
      lazyfreeProcessJobs(eviction_time_limit_us);
      if (getMaxmemoryState(state, false) === C_OK) {
        result = EVICT_OK;
        break update_metrics;
      }
      if (listLength(server.lazyfree_jobs)) {
        startEvictionTimeProc();
        result = EVICT_RUNNING;
        break update_metrics;
      }
    }
    const mem_tofree = state.tofree;
    let mem_freed = 0;

    const latency = latencyStartMonitor();
    const evictionTimer = elapsedStart();

    // CONFIG SET maxmemory comes here from inside a command, where the flag is set already.
    const prev_core_propagates = server.core_propagates;
    serverAssert(server.also_propagate.numops === 0);
    server.core_propagates = 1;
    server.propagate_no_multi = 1;

    cant_free: {
      while (mem_freed < mem_tofree) {
        let bestkey: string | null = null;
        let bestdbid = 0;
        let db: redisDb;

        if (
          server.maxmemory_policy & (MAXMEMORY_FLAG_LRU | MAXMEMORY_FLAG_LFU) ||
          server.maxmemory_policy === MAXMEMORY_VOLATILE_TTL
        ) {
          const pool = server.EvictionPoolLRU;

          while (bestkey === null) {
            let total_keys = 0;

            // The best key is the best of all databases, so each contributes to the pool.
            for (let i = 0; i < server.dbnum; i++) {
              db = server.db[i];
              const d = server.maxmemory_policy & MAXMEMORY_FLAG_ALLKEYS ? db.dict : db.expires;
              const keys = dictSize(d as dict<string, unknown>);
              if (keys !== 0) {
                evictionPoolPopulate(i, d, db.dict, pool);
                total_keys += keys;
              }
            }
            if (!total_keys) break; // No keys to evict.

            for (let k = EVPOOL_SIZE - 1; k >= 0; k--) {
              const key = pool[k].key;
              if (key === null) continue;
              bestdbid = pool[k].dbid;

              const de: dictEntry<string, robj | number | bigint> | null =
                server.maxmemory_policy & MAXMEMORY_FLAG_ALLKEYS
                  ? dictFind(server.db[bestdbid].dict, key)
                  : dictFind(server.db[bestdbid].expires, key);

              pool[k].key = null;
              pool[k].idle = 0;

              // The key may be gone since it came into the pool: then on to the next.
              if (de !== null) {
                bestkey = dictGetKey(de);
                break;
              }
            }
          }
        } else if (
          server.maxmemory_policy === MAXMEMORY_ALLKEYS_RANDOM ||
          server.maxmemory_policy === MAXMEMORY_VOLATILE_RANDOM
        ) {
          // The databases take turns.
          for (let i = 0; i < server.dbnum; i++) {
            const j = ++server.evict_next_db % server.dbnum;
            db = server.db[j];
            const d = (
              server.maxmemory_policy === MAXMEMORY_ALLKEYS_RANDOM ? db.dict : db.expires
            ) as dict<string, unknown>;
            if (dictSize(d) !== 0) {
              bestkey = dictGetKey(dictGetRandomKey(d)!);
              bestdbid = j;
              break;
            }
          }
        }

        if (bestkey !== null) {
          db = server.db[bestdbid];
          const keyobj = createStringObject(bestkey);
          // What the deletion alone frees is what counts. The DEL to propagate may take more than that for a while, but
          // if it were subtracted, this loop might never end.
          let delta = zmalloc_used_memory();
          const eviction_latency = latencyStartMonitor();
          if (server.lazyfree_lazy_eviction) dbAsyncDelete(db, keyobj);
          else dbSyncDelete(db, keyobj);
          latencyAddSampleIfNeeded('eviction-del', latencyEndMonitor(eviction_latency));
          delta -= zmalloc_used_memory();
          mem_freed += delta;
          server.stat_evictedkeys++;
          signalModifiedKey(null, db, keyobj);
          notifyKeyspaceEvent(NOTIFY_EVICTED, 'evicted', keyobj, db.id);
          propagateDeletion(db, keyobj, server.lazyfree_lazy_eviction);
          decrRefCount(keyobj);
          keys_freed++;

          if (keys_freed % 16 === 0) {
            // Jobs of lazyfree free memory that the sum above does not know of.
            if (server.lazyfree_lazy_eviction) {
              lazyfreeProcessJobs(Math.max(0, eviction_time_limit_us - elapsedUs(evictionTimer)));
              if (getMaxmemoryState(null, false) === C_OK) break;
            }

            // Enough for now: other clients wait. The time event takes over.
            if (elapsedUs(evictionTimer) > eviction_time_limit_us) {
              startEvictionTimeProc();
              break;
            }
          }
        } else {
          break cant_free; // Nothing to free.
        }
      }
      // Memory is fine, or time is up.
      result = server.isEvictionProcRunning ? EVICT_RUNNING : EVICT_OK;
    }

    if (result === EVICT_FAIL) {
      // No key is left, but what was deleted lazily may still occupy memory: release that, within the time limit.
      const lazyfree_latency = latencyStartMonitor();
      while (
        listLength(server.lazyfree_jobs) &&
        elapsedUs(evictionTimer) < eviction_time_limit_us
      ) {
        if (getMaxmemoryState(null, false) === C_OK) {
          result = EVICT_OK;
          break;
        }
        lazyfreeProcessJobs(0);
      }
      latencyAddSampleIfNeeded('eviction-lazyfree', latencyEndMonitor(lazyfree_latency));
    }

    serverAssert(server.core_propagates !== 0);

    propagatePendingCommands();

    server.core_propagates = prev_core_propagates;
    server.propagate_no_multi = 0;

    latencyAddSampleIfNeeded('eviction-cycle', latencyEndMonitor(latency));
  }

  if (result === EVICT_RUNNING || result === EVICT_FAIL) {
    if (server.stat_last_eviction_exceeded_time === 0) {
      server.stat_last_eviction_exceeded_time = elapsedStart();
    }
  } else if (result === EVICT_OK) {
    if (server.stat_last_eviction_exceeded_time !== 0) {
      server.stat_total_eviction_exceeded_time += elapsedUs(
        server.stat_last_eviction_exceeded_time,
      );
      server.stat_last_eviction_exceeded_time = 0;
    }
  }
  return result;
}
