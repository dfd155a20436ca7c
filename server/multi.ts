/**
 * multi.c: MULTI, EXEC, DISCARD and the optimistic locks of WATCH.
 *
 * Between MULTI and EXEC, processCommand queues commands instead of running them. EXEC runs the queue in one go: nothing of another
 * client comes in between, since there is one thread.
 *
 *     client.mstate.commands ─► [multiCmd {argv, argc, cmd}, ...]
 *
 *     client.watched_keys ─► watchedKey ─► watchedKey        one object, in two lists:
 *                                │                           by client, to unwatch;
 *     db.watched_keys[key] ──────┴──► other clients' ones    by key, to mark the client dirty when the key is touched
 *
 * A key that had already expired when it was watched counts as missing: that its deletion comes later changes nothing for the client.
 * Called by processCommand, by db.c whenever a key is touched or a database emptied, and by networking.c when a client goes.
 */
import {
  listAddNodeTail,
  listCreate,
  listDelNode,
  listIter,
  listLength,
  listNext,
  listNodeValue,
  listRewind,
  listSearchKey,
} from '../object/adlist.ts';
import {
  dictAdd,
  dictDelete,
  dictFetchValue,
  dictFind,
  dictGetKey,
  dictGetSafeIterator,
  dictGetVal,
  dictNext,
  dictReleaseIterator,
  dictSize,
} from '../object/dict.ts';
import { decrRefCount, equalStringObjects, incrRefCount, objPtrString } from '../object/object.ts';
import {
  addReply,
  addReplyArrayLen,
  addReplyError,
  addReplyErrorFormat,
  addReplyErrorObject,
} from '../networking/networking.ts';
import { replicationFeedMonitors } from '../replication/replication.ts';
import { keyIsExpired } from './db.ts';
import { serverAssert, serverAssertWithInfo } from './debug.ts';
import { call } from './server.ts';
import {
  CLIENT_BLOCKED,
  CLIENT_DENY_BLOCKING,
  CLIENT_DIRTY_CAS,
  CLIENT_DIRTY_EXEC,
  CLIENT_MULTI,
  CMD_CALL_FULL,
  multiCmd,
  server,
  shared,
  watchedKey,
  type client,
  type redisDb,
  type robj,
} from './server.h.ts';

/** Bytes of C's structs, for the memory figures: multiCmd, listNode, watchedKey, a pointer. */
const SIZEOF_MULTICMD = 24;
const SIZEOF_LISTNODE = 24;
const SIZEOF_WATCHEDKEY = 32;
const SIZEOF_POINTER = 8;

/* ================================ MULTI/EXEC ============================== */

/**
 * Empties the transaction state of a new client, or after the old queue was freed.
 * @c multi.c:35
 */
export function initClientMultiState(c: client): void {
  c.mstate.commands = [];
  c.mstate.count = 0;
  c.mstate.cmd_flags = 0;
  c.mstate.cmd_inv_flags = 0;
  c.mstate.argv_len_sums = 0;
  c.mstate.alloc_count = 0;
}

/**
 * Gives up the arguments of all queued commands.
 * @c multi.c:45
 */
export function freeClientMultiState(c: client): void {
  for (let j = 0; j < c.mstate.count; j++) {
    const mc = c.mstate.commands[j];
    for (let i = 0; i < mc.argc; i++) decrRefCount(mc.argv[i]);
  }
  c.mstate.commands = [];
}

/**
 * Moves the client's current command to the end of the queue. A transaction that is already lost queues nothing more, so that it
 * cannot eat memory.
 * @c multi.c:60
 */
export function queueMultiCommand(c: client, cmd_flags: number): void {
  if (c.flags & (CLIENT_DIRTY_CAS | CLIENT_DIRTY_EXEC)) return;
  // The count of slots that C's doubling array has: the memory figures show it.
  if (c.mstate.count === 0) c.mstate.alloc_count = 2;
  if (c.mstate.count === c.mstate.alloc_count) c.mstate.alloc_count *= 2;

  const mc = new multiCmd();
  mc.cmd = c.cmd;
  mc.argc = c.argc;
  mc.argv = c.argv;
  mc.argv_len = c.argv_len;
  c.mstate.commands.push(mc);
  c.mstate.count++;
  c.mstate.cmd_flags |= cmd_flags;
  c.mstate.cmd_inv_flags |= ~cmd_flags;
  c.mstate.argv_len_sums += c.argv_len_sum + SIZEOF_POINTER * c.argc;

  // The queue owns the arguments now.
  c.argv = [];
  c.argc = 0;
  c.argv_len_sum = 0;
  c.argv_len = 0;
}

/**
 * Ends the transaction without running it: queue, flags and watches are gone.
 * @c multi.c:98
 */
export function discardTransaction(c: client): void {
  freeClientMultiState(c);
  initClientMultiState(c);
  c.flags &= ~(CLIENT_MULTI | CLIENT_DIRTY_CAS | CLIENT_DIRTY_EXEC);
  unwatchAllKeys(c);
}

/**
 * Dooms a transaction in which a command was refused while it was queued; EXEC will answer EXECABORT.
 * @c multi.c:107
 */
export function flagTransaction(c: client): void {
  if (c.flags & CLIENT_MULTI) c.flags |= CLIENT_DIRTY_EXEC;
}

/**
 * MULTI: commands are queued from now on. An error inside of MULTI.
 * @c multi.c:112
 */
export function multiCommand(c: client): void {
  if (c.flags & CLIENT_MULTI) {
    addReplyError(c, 'MULTI calls can not be nested');
    return;
  }
  c.flags |= CLIENT_MULTI;
  addReply(c, shared.ok);
}

/**
 * DISCARD: forgets the queue and the watches. An error outside of MULTI.
 * @c multi.c:122
 */
export function discardCommand(c: client): void {
  if (!(c.flags & CLIENT_MULTI)) {
    addReplyError(c, 'DISCARD without MULTI');
    return;
  }
  discardTransaction(c);
  addReply(c, shared.ok);
}

/**
 * Answers an EXEC that processCommand refuses as a whole, with the reason in `error` (which may begin with its dash).
 * @c multi.c:136
 */
export function execCommandAbort(c: client, error: string): void {
  discardTransaction(c);
  if (error.startsWith('-')) error = error.slice(1);
  addReplyErrorFormat(c, `-EXECABORT Transaction discarded because of: ${error}`);
  // EXEC is shown to monitors by its call(), which does not happen here.
  replicationFeedMonitors(c, server.monitors, c.db.id, c.argv, c.argc);
}

/**
 * EXEC: runs the queue and answers with the array of replies. A null array when a watched key was touched, EXECABORT when a command was
 * refused while it was queued.
 * @c multi.c:148
 */
export function execCommand(c: client): void {
  if (!(c.flags & CLIENT_MULTI)) {
    addReplyError(c, 'EXEC without MULTI');
    return;
  }
  if (isWatchedKeyExpired(c)) c.flags |= CLIENT_DIRTY_CAS;

  if (c.flags & (CLIENT_DIRTY_CAS | CLIENT_DIRTY_EXEC)) {
    if (c.flags & CLIENT_DIRTY_EXEC) addReplyErrorObject(c, shared.execaborterr);
    else addReply(c, shared.nullarray[c.resp]);
    discardTransaction(c);
    return;
  }

  const old_flags_hi = c.flags_hi;
  // Nothing in a transaction may block.
  c.flags_hi |= CLIENT_DENY_BLOCKING;
  // Unwatching before the run spares the CPU that touching our own watches would cost.
  unwatchAllKeys(c);

  server.in_exec = 1;
  const orig_argv = c.argv;
  const orig_argv_len = c.argv_len;
  const orig_argc = c.argc;
  const orig_cmd = c.cmd;
  addReplyArrayLen(c, c.mstate.count);
  for (let j = 0; j < c.mstate.count; j++) {
    const mc = c.mstate.commands[j];
    c.argc = mc.argc;
    c.argv = mc.argv;
    c.argv_len = mc.argv_len;
    c.cmd = c.realcmd = mc.cmd;

    call(c, CMD_CALL_FULL);
    serverAssert((c.flags & CLIENT_BLOCKED) === 0, '(c->flags & CLIENT_BLOCKED) == 0');

    // The command may have rewritten its arguments; the queue frees what is there now.
    mc.argc = c.argc;
    mc.argv = c.argv;
    mc.argv_len = c.argv_len;
    mc.cmd = c.cmd;
  }
  if (!(old_flags_hi & CLIENT_DENY_BLOCKING)) c.flags_hi &= ~CLIENT_DENY_BLOCKING;

  c.argv = orig_argv;
  c.argv_len = orig_argv_len;
  c.argc = orig_argc;
  c.cmd = c.realcmd = orig_cmd;
  discardTransaction(c);
  server.in_exec = 0;
}

/* ===================== WATCH (CAS alike for MULTI/EXEC) =================== */

/**
 * Watches a key of the client's current database; a second watch of the same key is none.
 * @c multi.c:279
 */
export function watchForKey(c: client, key: robj): void {
  const li = new listIter<watchedKey>();
  listRewind(c.watched_keys, li);
  for (let ln = listNext(li); ln !== null; ln = listNext(li)) {
    const wk = listNodeValue(ln);
    if (wk.db === c.db && equalStringObjects(key, wk.key)) return;
  }
  let clients = dictFetchValue(c.db.watched_keys, key);
  if (!clients) {
    clients = listCreate<watchedKey>();
    dictAdd(c.db.watched_keys, key, clients);
    incrRefCount(key);
  }
  const wk = new watchedKey();
  wk.key = key;
  wk.client = c;
  wk.db = c.db;
  wk.expired = keyIsExpired(c.db, key) ? 1 : 0;
  incrRefCount(key);
  listAddNodeTail(c.watched_keys, wk);
  listAddNodeTail(clients, wk);
}

/**
 * Ends all watches of a client. The dirty flag stays: EXEC decides by it.
 * @c multi.c:312
 */
export function unwatchAllKeys(c: client): void {
  if (listLength(c.watched_keys) === 0) return;
  const li = new listIter<watchedKey>();
  listRewind(c.watched_keys, li);
  for (let ln = listNext(li); ln !== null; ln = listNext(li)) {
    const wk = listNodeValue(ln);
    const clients = dictFetchValue(wk.db.watched_keys, wk.key);
    serverAssertWithInfo(c, null, clients !== null, 'clients != NULL');
    listDelNode(clients!, listSearchKey(clients!, wk)!);
    if (listLength(clients!) === 0) dictDelete(wk.db.watched_keys, wk.key);
    listDelNode(c.watched_keys, ln);
    decrRefCount(wk.key);
  }
}

/**
 * Whether a watched key that was alive at WATCH has run out of time since.
 * @c multi.c:340
 */
export function isWatchedKeyExpired(c: client): boolean {
  if (listLength(c.watched_keys) === 0) return false;
  const li = new listIter<watchedKey>();
  listRewind(c.watched_keys, li);
  for (let ln = listNext(li); ln !== null; ln = listNext(li)) {
    const wk = listNodeValue(ln);
    if (wk.expired) continue;
    if (keyIsExpired(wk.db, wk.key)) return true;
  }
  return false;
}

/**
 * A key was written: the transactions of the clients that watch it fail.
 * @c multi.c:357
 */
export function touchWatchedKey(db: redisDb, key: robj): void {
  if (dictSize(db.watched_keys) === 0) return;
  const clients = dictFetchValue(db.watched_keys, key);
  if (!clients) return;

  const li = new listIter<watchedKey>();
  listRewind(clients, li);
  for (let ln = listNext(li); ln !== null; ln = listNext(li)) {
    const wk = listNodeValue(ln);
    const c = wk.client;
    if (wk.expired) {
      // The expired key was deleted: it was missing for this client all along.
      if (
        db === wk.db &&
        equalStringObjects(key, wk.key) &&
        dictFind(db.dict, objPtrString(key)) === null
      ) {
        wk.expired = 0;
        continue;
      }
      break;
    }
    c.flags |= CLIENT_DIRTY_CAS;
    // A lost transaction needs its watches no longer. The iterator stands on the next node already.
    unwatchAllKeys(c);
  }
}

/**
 * A database is about to be emptied, or replaced by `replaced_with` (SWAPDB): fails the transactions that watch a key which exists
 * before or after.
 * @c multi.c:405
 */
export function touchAllWatchedKeysInDb(emptied: redisDb, replaced_with: redisDb | null): void {
  if (dictSize(emptied.watched_keys) === 0) return;
  const li = new listIter<watchedKey>();
  const di = dictGetSafeIterator(emptied.watched_keys);
  for (let de = dictNext(di); de !== null; de = dictNext(di)) {
    const key = dictGetKey(de);
    const name = objPtrString(key);
    const exists_in_emptied = dictFind(emptied.dict, name) !== null;
    const exists_after = replaced_with !== null && dictFind(replaced_with.dict, name) !== null;
    if (!exists_in_emptied && !exists_after) continue;
    const clients = dictGetVal(de);
    if (!clients) continue;
    listRewind(clients, li);
    for (let ln = listNext(li); ln !== null; ln = listNext(li)) {
      const wk = listNodeValue(ln);
      if (wk.expired) {
        if (!exists_after) {
          // The expired key goes for good, which is what the client saw.
          wk.expired = 0;
          continue;
        } else if (keyIsExpired(replaced_with, key)) {
          // From expired to expired: nothing changed for the client.
          continue;
        }
      } else if (!exists_in_emptied && keyIsExpired(replaced_with!, key)) {
        // From missing to expired: still missing.
        wk.expired = 1;
        continue;
      }
      const c = wk.client;
      c.flags |= CLIENT_DIRTY_CAS;
      unwatchAllKeys(c);
    }
  }
  dictReleaseIterator(di);
}

/**
 * WATCH key [key ...].
 * @c multi.c:450
 */
export function watchCommand(c: client): void {
  if (c.flags & CLIENT_MULTI) {
    addReplyError(c, 'WATCH inside MULTI is not allowed');
    return;
  }
  // A transaction that is lost already needs no more watches.
  if (c.flags & CLIENT_DIRTY_CAS) {
    addReply(c, shared.ok);
    return;
  }
  for (let j = 1; j < c.argc; j++) watchForKey(c, c.argv[j]);
  addReply(c, shared.ok);
}

/**
 * UNWATCH: ends all watches, and forgives a touched key.
 * @c multi.c:467
 */
export function unwatchCommand(c: client): void {
  unwatchAllKeys(c);
  c.flags &= ~CLIENT_DIRTY_CAS;
  addReply(c, shared.ok);
}

/**
 * Bytes that C's structures for this client's transaction and watches would take.
 * @c multi.c:473
 */
export function multiStateMemOverhead(c: client): number {
  let mem = c.mstate.argv_len_sums;
  mem += listLength(c.watched_keys) * (SIZEOF_LISTNODE + SIZEOF_WATCHEDKEY);
  mem += c.mstate.alloc_count * SIZEOF_MULTICMD;
  return mem;
}
