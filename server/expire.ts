/**
 * expire.c: keys that live for a limited time.
 *
 *     db.dict      foo ─► robj        every key
 *     db.expires   foo ─► 1700000000123   keys with an end: Unix time in ms; the name is the very string of db.dict
 *
 * A key that is past its end goes when it is next accessed (expireIfNeeded in db.c), or when activeExpireCycle() comes by:
 * that walks the expires bucket by bucket, a few at a time, and stays with a database as long as many of those it
 * looks at are past their end. The slow cycle runs in serverCron and may take a quarter of the time, the fast one before
 * each wait of the event loop, for a millisecond at most.
 *
 * Who calls in: the commands of the table, serverCron and beforeSleep, db and t_string for the checks. Whom it calls:
 * db to delete and to set, networking for replies.
 * What differs from C: times beyond 2^53 ms (the year 287396) are kept as the nearest double.
 *
 * @packageDocumentation
 */
import {
  addReply,
  addReplyError,
  addReplyErrorExpireTime,
  addReplyErrorFormat,
  addReplyLongLong,
  checkClientPauseTimeoutAndReturnIfPaused,
  cstr,
  rewriteClientCommandVector,
} from '../networking/networking.ts';
import {
  DICTHT_SIZE_MASK,
  DICT_HT_INITIAL_SIZE,
  dictAddOrFind,
  dictCreate,
  dictDelete,
  dictFind,
  dictGenHashFunction,
  dictGetKey,
  dictGetRandomKey,
  dictGetSignedIntegerVal,
  dictGetVal,
  dictIsRehashing,
  dictRelease,
  dictSetVal,
  dictSize,
  dictSlots,
  type dictEntry,
} from '../object/dict.ts';
import {
  LLONG_MAX,
  LLONG_MIN,
  createStringObject,
  createStringObjectFromLongLong,
  decrRefCount,
  getLongLongFromObjectOrReply,
  llAdd,
  llMul,
  objPtrString,
} from '../object/object.ts';
import { normalizeInt, strcasecmp } from '../object/util.ts';
import {
  dbAsyncDelete,
  dbSyncDelete,
  deleteExpiredKeyAndPropagate,
  getExpire,
  lookupKeyRead,
  lookupKeyReadWithFlags,
  lookupKeyWrite,
  removeExpire,
  setExpire,
  signalModifiedKey,
} from './db.ts';
import { serverAssert, serverAssertWithInfo } from './debug.ts';
import { latencyAddSampleIfNeeded } from './latency.ts';
import { notifyKeyspaceEvent } from './notify.ts';
import { mstime, propagatePendingCommands, ustime } from './server.ts';
import {
  ACTIVE_EXPIRE_CYCLE_FAST,
  CRON_DBS_PER_CALL,
  LOOKUP_NOTOUCH,
  NOTIFY_GENERIC,
  UNIT_MILLISECONDS,
  UNIT_SECONDS,
  server,
  shared,
  type client,
  type redisDb,
  type robj,
} from './server.h.ts';

/* ---------------- Incremental collection of expired keys ---------------- */

/**
 * Deletes the key of an entry of `db.expires` if it is past its end at `now` (ms), and tells replicas, AOF and
 * subscribers. Whether it did.
 *
 * @c expire.c:54
 */
export function activeExpireCycleTryExpire(
  db: redisDb,
  de: dictEntry<string, number | bigint>,
  now: number,
): boolean {
  const t = dictGetSignedIntegerVal(de);
  if (now > t) {
    const keyobj = createStringObject(dictGetKey(de));
    deleteExpiredKeyAndPropagate(db, keyobj);
    decrRefCount(keyobj);
    return true;
  } else {
    return false;
  }
}

/** Keys that one round looks at in a database. */
const ACTIVE_EXPIRE_CYCLE_KEYS_PER_LOOP = 20;
/** Microseconds of a fast cycle. */
const ACTIVE_EXPIRE_CYCLE_FAST_DURATION = 1000;
/** Percent of the time that slow cycles may take. */
const ACTIVE_EXPIRE_CYCLE_SLOW_TIME_PERC = 25;
/** Percent of keys past their end above which another round is worth it. */
const ACTIVE_EXPIRE_CYCLE_ACCEPTABLE_STALE = 10;

/**
 * One cycle of deleting keys that are past their end: ACTIVE_EXPIRE_CYCLE_SLOW or _FAST. It visits up to 16 databases, or
 * all after a cycle that ran out of time, and goes on where the last one stopped. active-expire-effort (1 to 10) makes
 * it more thorough. A fast cycle does nothing unless the slow one left work, nor twice within twice its duration.
 *
 * @c expire.c:113
 */
export function activeExpireCycle(type: number): void {
  const effort = server.active_expire_effort - 1; // From 0 to 9.
  const config_keys_per_loop =
    ACTIVE_EXPIRE_CYCLE_KEYS_PER_LOOP + (ACTIVE_EXPIRE_CYCLE_KEYS_PER_LOOP / 4) * effort;
  const config_cycle_fast_duration =
    ACTIVE_EXPIRE_CYCLE_FAST_DURATION + (ACTIVE_EXPIRE_CYCLE_FAST_DURATION / 4) * effort;
  const config_cycle_slow_time_perc = ACTIVE_EXPIRE_CYCLE_SLOW_TIME_PERC + 2 * effort;
  const config_cycle_acceptable_stale = ACTIVE_EXPIRE_CYCLE_ACCEPTABLE_STALE - effort;

  let iteration = 0;
  let dbs_per_call = CRON_DBS_PER_CALL;
  const start = ustime();

  // While clients are paused the data must not change, not even by this.
  if (checkClientPauseTimeoutAndReturnIfPaused()) return;

  if (type === ACTIVE_EXPIRE_CYCLE_FAST) {
    if (
      !server.expire_timelimit_exit &&
      server.stat_expired_stale_perc < config_cycle_acceptable_stale
    ) {
      return;
    }

    if (start < server.expire_last_fast_cycle + config_cycle_fast_duration * 2) return;

    server.expire_last_fast_cycle = start;
  }

  // After running out of time there is work somewhere: look everywhere.
  if (dbs_per_call > server.dbnum || server.expire_timelimit_exit) dbs_per_call = server.dbnum;

  let timelimit = Math.trunc(Math.trunc((config_cycle_slow_time_perc * 1000000) / server.hz) / 100);
  server.expire_timelimit_exit = 0;
  if (timelimit <= 0) timelimit = 1;

  if (type === ACTIVE_EXPIRE_CYCLE_FAST) timelimit = config_cycle_fast_duration;

  // From these the share of keys is estimated that are past their end and still there.
  let total_sampled = 0;
  let total_expired = 0;

  // No command runs now, so nothing can be waiting to be propagated.
  serverAssert(server.also_propagate.numops === 0);
  server.core_propagates = 1;
  server.propagate_no_multi = 1;

  for (let j = 0; j < dbs_per_call && server.expire_timelimit_exit === 0; j++) {
    let expired: number;
    let sampled: number;

    const db = server.db[server.expire_current_db % server.dbnum];

    // Already now: if time runs out in this database, the next cycle begins with the following one.
    server.expire_current_db++;

    do {
      let num: number;
      iteration++;

      if ((num = dictSize(db.expires)) === 0) {
        db.avg_ttl = 0;
        break;
      }
      const slots = dictSlots(db.expires);
      const now = mstime();

      // A table that is nearly empty is slow to walk, and is going to be resized.
      if (slots > DICT_HT_INITIAL_SIZE && Math.trunc((num * 100) / slots) < 1) break;

      expired = 0;
      sampled = 0;
      let ttl_sum = 0;
      let ttl_samples = 0;

      if (num > config_keys_per_loop) num = config_keys_per_loop;

      // This reaches into the tables of the dictionary. Empty buckets cost little, so many more of them are looked at
      // than keys, but not without an end.
      const max_buckets = num * 20;
      let checked_buckets = 0;

      while (sampled < num && checked_buckets < max_buckets) {
        for (let table = 0; table < 2; table++) {
          if (table === 1 && !dictIsRehashing(db.expires)) break;

          const idx = db.expires_cursor & DICTHT_SIZE_MASK(db.expires.ht_size_exp[table]);
          let de = db.expires.ht_table[table]![idx];

          checked_buckets++;
          while (de !== null) {
            // The entry may be deleted, so the next one is read before.
            const e: dictEntry<string, number | bigint> = de;
            de = de.next;

            const ttl = Number(dictGetSignedIntegerVal(e)) - now;
            if (activeExpireCycleTryExpire(db, e, now)) expired++;
            if (ttl > 0) {
              ttl_sum += ttl;
              ttl_samples++;
            }
            sampled++;
          }
        }
        // C lets the 64 bits run over; masks only ever look at the lower ones.
        db.expires_cursor = (db.expires_cursor + 1) & 0x7fffffff;
      }
      total_expired += expired;
      total_sampled += sampled;

      if (ttl_samples) {
        const avg_ttl = Math.trunc(ttl_sum / ttl_samples);

        // A running average, in which the new figure counts 2%.
        if (db.avg_ttl === 0) db.avg_ttl = avg_ttl;
        db.avg_ttl = Math.trunc(db.avg_ttl / 50) * 49 + Math.trunc(avg_ttl / 50);
      }

      // The clock is looked at every 16 rounds.
      if ((iteration & 0xf) === 0) {
        const elapsed = ustime() - start;
        if (elapsed > timelimit) {
          server.expire_timelimit_exit = 1;
          server.stat_expired_time_cap_reached_count++;
          break;
        }
      }
      // Another round while more are past their end than is acceptable.
    } while (
      sampled === 0 ||
      Math.trunc((expired * 100) / sampled) > config_cycle_acceptable_stale
    );
  }

  serverAssert(server.core_propagates !== 0);

  propagatePendingCommands();

  server.core_propagates = 0;
  server.propagate_no_multi = 0;

  const elapsed = ustime() - start;
  server.stat_expire_cycle_time_used += elapsed;
  latencyAddSampleIfNeeded('expire-cycle', Math.trunc(elapsed / 1000));

  // A running average, in which this cycle counts 5%.
  let current_perc: number;
  if (total_sampled) current_perc = total_expired / total_sampled;
  else current_perc = 0;
  server.stat_expired_stale_perc = current_perc * 0.05 + server.stat_expired_stale_perc * 0.95;
}

/* ------------- Expires of keys created in writable replicas ------------- */

/*
 * A replica leaves it to its master to delete keys. Keys that a client created in a writable replica are unknown to the
 * master, so the replica remembers them here and deletes them itself:
 *
 *     server.slaveKeysWithExpire   foo ─► 0b101        the key may be in the databases 0 and 2 (up to 63)
 */

/**
 * Deletes remembered keys that are past their end, chosen by chance, until four were found that are not, or a
 * millisecond passed.
 *
 * @c expire.c:373
 */
export function expireSlaveKeys(): void {
  const slaveKeysWithExpire = server.slaveKeysWithExpire;
  if (slaveKeysWithExpire === null || dictSize(slaveKeysWithExpire) === 0) return;

  let cycles = 0;
  let noexpire = 0;
  const start = mstime();
  while (true) {
    const de = dictGetRandomKey(slaveKeysWithExpire)!;
    const keyname = dictGetKey(de);
    let dbids = dictGetVal(de);
    let new_dbids = 0n;

    let dbid = 0;
    while (dbids && dbid < server.dbnum) {
      if ((dbids & 1n) !== 0n) {
        const expire = dictFind(server.db[dbid].expires, keyname);
        let expired = false;

        if (expire !== null && activeExpireCycleTryExpire(server.db[dbid], expire, start)) {
          expired = true;
        }

        // It stays remembered for the databases in which it still has an end to come.
        if (expire !== null && !expired) {
          noexpire++;
          new_dbids |= 1n << BigInt(dbid);
        }
      }
      dbid++;
      dbids >>= 1n;
    }

    if (new_dbids) dictSetVal(slaveKeysWithExpire, de, new_dbids);
    else dictDelete(slaveKeysWithExpire, keyname);

    cycles++;
    if (noexpire > 3) break;
    if (cycles % 64 === 0 && mstime() - start > 1) break;
    if (dictSize(slaveKeysWithExpire) === 0) break;
  }
}

/**
 * Remembers a key of a writable replica that was given an end. Databases above 63 are not remembered.
 *
 * @c expire.c:432
 */
export function rememberSlaveKeyWithExpire(db: redisDb, key: robj): void {
  if (server.slaveKeysWithExpire === null) {
    server.slaveKeysWithExpire = dictCreate<string, bigint>({
      hashFunction: dictGenHashFunction,
      keyDup: null,
      valDup: null,
      keyCompare: null,
      keyDestructor: null,
      valDestructor: null,
      expandAllowed: null,
      dictEntryMetadataBytes: null,
    });
  }
  if (db.id > 63) return;

  const de = dictAddOrFind(server.slaveKeysWithExpire, objPtrString(key));
  // A fresh entry has no value; C tells it by the pointer to the key.
  const dbids = (dictGetVal(de) as bigint | null) ?? 0n;
  dictSetVal(server.slaveKeysWithExpire, de, dbids | (1n << BigInt(db.id)));
}

/**
 * How many keys are remembered.
 *
 * @c expire.c:463
 */
export function getSlaveKeyWithExpireCount(): number {
  if (server.slaveKeysWithExpire === null) return 0;
  return dictSize(server.slaveKeysWithExpire);
}

/**
 * Forgets them all: the data was flushed, and new keys of those names may come from the master.
 *
 * @c expire.c:476
 */
export function flushSlaveKeysWithExpireList(): void {
  if (server.slaveKeysWithExpire !== null) {
    dictRelease(server.slaveKeysWithExpire);
    server.slaveKeysWithExpire = null;
  }
}

/**
 * Whether a key that is to end at `when` (ms) should be deleted at once instead. Not while loading, and not in a replica:
 * there the deletion comes from the file or the master.
 *
 * @c expire.c:483
 */
export function checkAlreadyExpired(when: number | bigint): boolean {
  return when <= mstime() && !server.loading && !server.masterhost;
}

const EXPIRE_NX = 1 << 0;
const EXPIRE_XX = 1 << 1;
const EXPIRE_GT = 1 << 2;
const EXPIRE_LT = 1 << 3;

/**
 * Reads the options NX, XX, GT and LT behind the time. Returns them as EXPIRE_* bits, or null when an error has been
 * replied: an unknown option, or ones that exclude each other.
 *
 * @c expire.c:505
 */
export function parseExtendedExpireArgumentsOrReply(c: client): number | null {
  let flags = 0;
  let nx = false;
  let xx = false;
  let gt = false;
  let lt = false;

  let j = 3;
  while (j < c.argc) {
    const opt = objPtrString(c.argv[j]);
    if (!strcasecmp(opt, 'nx')) {
      flags |= EXPIRE_NX;
      nx = true;
    } else if (!strcasecmp(opt, 'xx')) {
      flags |= EXPIRE_XX;
      xx = true;
    } else if (!strcasecmp(opt, 'gt')) {
      flags |= EXPIRE_GT;
      gt = true;
    } else if (!strcasecmp(opt, 'lt')) {
      flags |= EXPIRE_LT;
      lt = true;
    } else {
      addReplyErrorFormat(c, `Unsupported option ${cstr(opt)}`);
      return null;
    }
    j++;
  }

  if ((nx && xx) || (nx && gt) || (nx && lt)) {
    addReplyError(c, 'NX and XX, GT or LT options at the same time are not compatible');
    return null;
  }

  if (gt && lt) {
    addReplyError(c, 'GT and LT options at the same time are not compatible');
    return null;
  }

  return flags;
}

/* --------------------------- Expires commands --------------------------- */

/**
 * EXPIRE and its sisters: gives argv[1] the end argv[2], in `unit`s, counted from `basetime` (ms; 0 for absolute times).
 * Replies 1 or 0. An end in the past deletes the key. What goes to replicas and AOF is PEXPIREAT, or DEL or UNLINK.
 *
 * @c expire.c:556
 */
export function expireGenericCommand(c: client, basetime: number, unit: number): void {
  const key = c.argv[1];
  const param = c.argv[2];

  const flag = parseExtendedExpireArgumentsOrReply(c);
  if (flag === null) return;

  let when = getLongLongFromObjectOrReply(c, param, null);
  if (when === null) return;

  // A negative time is allowed, one that does not fit into 64 bits is not.
  if (unit === UNIT_SECONDS) {
    if (when > LLONG_MAX / 1000n || when < LLONG_MIN / 1000n) {
      addReplyErrorExpireTime(c);
      return;
    }
    when = llMul(when, 1000);
  }

  if (when > LLONG_MAX - BigInt(basetime)) {
    addReplyErrorExpireTime(c);
    return;
  }
  when = llAdd(when, basetime);

  if (lookupKeyWrite(c.db, key) === null) {
    addReply(c, shared.czero);
    return;
  }

  if (flag) {
    const current_expire = getExpire(c.db, key);

    if (flag & EXPIRE_NX) {
      if (current_expire !== -1) {
        addReply(c, shared.czero);
        return;
      }
    }

    if (flag & EXPIRE_XX) {
      if (current_expire === -1) {
        addReply(c, shared.czero);
        return;
      }
    }

    // A key without an end has an infinite one, of which nothing is greater.
    if (flag & EXPIRE_GT) {
      if (when <= current_expire || current_expire === -1) {
        addReply(c, shared.czero);
        return;
      }
    }

    // And everything is less.
    if (flag & EXPIRE_LT) {
      if (current_expire !== -1 && when >= current_expire) {
        addReply(c, shared.czero);
        return;
      }
    }
  }

  if (checkAlreadyExpired(when)) {
    const deleted = server.lazyfree_lazy_expire
      ? dbAsyncDelete(c.db, key)
      : dbSyncDelete(c.db, key);
    serverAssertWithInfo(c, key, deleted !== 0);
    server.dirty++;

    const aux = server.lazyfree_lazy_expire ? shared.unlink : shared.del;
    rewriteClientCommandVector(c, [aux, key]);
    signalModifiedKey(c, c.db, key);
    notifyKeyspaceEvent(NOTIFY_GENERIC, 'del', key, c.db.id);
    addReply(c, shared.cone);
    return;
  } else {
    setExpire(c, c.db, key, when);
    addReply(c, shared.cone);
    const when_obj = createStringObjectFromLongLong(when);
    rewriteClientCommandVector(c, [shared.pexpireat, key, when_obj]);
    decrRefCount(when_obj);
    signalModifiedKey(c, c.db, key);
    notifyKeyspaceEvent(NOTIFY_GENERIC, 'expire', key, c.db.id);
    server.dirty++;
    return;
  }
}

/**
 * EXPIRE key seconds [NX | XX | GT | LT].
 *
 * @c expire.c:666
 */
export function expireCommand(c: client): void {
  expireGenericCommand(c, mstime(), UNIT_SECONDS);
}

/**
 * EXPIREAT key unix-time-seconds [NX | XX | GT | LT].
 *
 * @c expire.c:671
 */
export function expireatCommand(c: client): void {
  expireGenericCommand(c, 0, UNIT_SECONDS);
}

/**
 * PEXPIRE key milliseconds [NX | XX | GT | LT].
 *
 * @c expire.c:676
 */
export function pexpireCommand(c: client): void {
  expireGenericCommand(c, mstime(), UNIT_MILLISECONDS);
}

/**
 * PEXPIREAT key unix-time-milliseconds [NX | XX | GT | LT].
 *
 * @c expire.c:681
 */
export function pexpireatCommand(c: client): void {
  expireGenericCommand(c, 0, UNIT_MILLISECONDS);
}

/**
 * TTL and its sisters: replies when argv[1] ends, in ms or seconds, as a span from now or as an absolute time; -1 for a
 * key without an end, -2 for no key.
 *
 * @c expire.c:686
 */
export function ttlGenericCommand(c: client, output_ms: boolean, output_abs: boolean): void {
  let ttl: number | bigint = -1;

  if (lookupKeyReadWithFlags(c.db, c.argv[1], LOOKUP_NOTOUCH) === null) {
    addReplyLongLong(c, -2);
    return;
  }

  const expire = getExpire(c.db, c.argv[1]);
  if (expire !== -1) {
    ttl = output_abs ? expire : llAdd(expire, -mstime());
    if (ttl < 0) ttl = 0;
  }
  if (ttl === -1) {
    addReplyLongLong(c, -1);
  } else if (output_ms) {
    addReplyLongLong(c, ttl);
  } else {
    addReplyLongLong(
      c,
      typeof ttl === 'number' ? Math.trunc((ttl + 500) / 1000) : normalizeInt((ttl + 500n) / 1000n),
    );
  }
}

/**
 * TTL key: the span until its end, in seconds.
 *
 * @c expire.c:710
 */
export function ttlCommand(c: client): void {
  ttlGenericCommand(c, false, false);
}

/**
 * PTTL key: the span until its end, in ms.
 *
 * @c expire.c:715
 */
export function pttlCommand(c: client): void {
  ttlGenericCommand(c, true, false);
}

/**
 * EXPIRETIME key: its end as Unix time in seconds.
 *
 * @c expire.c:720
 */
export function expiretimeCommand(c: client): void {
  ttlGenericCommand(c, false, true);
}

/**
 * PEXPIRETIME key: its end as Unix time in ms.
 *
 * @c expire.c:725
 */
export function pexpiretimeCommand(c: client): void {
  ttlGenericCommand(c, true, true);
}

/**
 * PERSIST key: takes the end away. Replies 1, or 0 if there was no key or no end.
 *
 * @c expire.c:730
 */
export function persistCommand(c: client): void {
  if (lookupKeyWrite(c.db, c.argv[1])) {
    if (removeExpire(c.db, c.argv[1])) {
      signalModifiedKey(c, c.db, c.argv[1]);
      notifyKeyspaceEvent(NOTIFY_GENERIC, 'persist', c.argv[1], c.db.id);
      addReply(c, shared.cone);
      server.dirty++;
    } else {
      addReply(c, shared.czero);
    }
  } else {
    addReply(c, shared.czero);
  }
}

/**
 * TOUCH key [key ...]: marks keys as used now, and replies how many exist.
 *
 * @c expire.c:746
 */
export function touchCommand(c: client): void {
  let touched = 0;
  for (let j = 1; j < c.argc; j++) if (lookupKeyRead(c.db, c.argv[j]) !== null) touched++;
  addReplyLongLong(c, touched);
}
