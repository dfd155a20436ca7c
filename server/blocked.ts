/**
 * blocked.c: clients that wait for something other than their own next query.
 *
 *     blockClient ─► CLIENT_BLOCKED, btype ─► ... ─► unblockClient ─► server.unblocked_clients ─► processUnblockedClients (beforeSleep)
 *                                              what happened?                                      goes on with the query buffer
 *
 *     btype      LIST, ZSET, STREAM   a command waits for a key to hold something that it can take or read
 *                POSTPONE             the command was put off by CLIENT PAUSE; it is executed when the pause is over
 *                SHUTDOWN             SHUTDOWN waits for replicas, see server.ts
 *
 * Who waits for a key is found from both sides:
 *
 *     db.blocking_keys   key ─► list of clients, in the order in which they came
 *     c.bpop.keys        key ─► bkinfo {its place in that list, for a stream the id after which}
 *
 * A key that came into being (dbAdd) or got entries (XADD) while somebody waits for it is put down in server.ready_keys, once:
 *
 *     dbAdd ─► signalKeyAsReady ─► server.ready_keys, db.ready_keys
 *     processCommand, after the command ─► handleClientsBlockedOnKeys ─► serveClientsBlockedOn...Key ─► unblockClient
 *
 * so that those who wait are served when the command, transaction or script as a whole is over: who came first comes first. Serving BLMOVE
 * can make another key ready; then there is another round.
 *
 * While a client is blocked its socket is still read, but what comes in stays in the query buffer. When it is unblocked no readable event may
 * come any more for bytes that are there already: hence the queue of unblocked clients.
 *
 * Who calls in: the blocking commands, db.ts, processCommand, networking.ts, timeout.ts, server.ts. Whom it calls: t_list.ts, t_zset.ts and
 * t_stream.ts to serve, networking.ts, timeout.ts, slowlog.ts, latency.ts.
 * What differs from C: there are no commands that wait for replicas, and no modules, so their kinds of waiting are not here.
 */
import { elapsedStart, elapsedUs } from '../ae/monotonic.ts';
import {
  listAddNodeTail,
  listCreate,
  listDelNode,
  listFirst,
  listIter,
  listLast,
  listLength,
  listNext,
  listNodeValue,
  listRelease,
  listRewind,
  type list,
} from '../object/adlist.ts';
import {
  DICT_OK,
  dictAdd,
  dictDelete,
  dictEmpty,
  dictFetchValue,
  dictFind,
  dictGetIterator,
  dictGetKey,
  dictGetVal,
  dictNext,
  dictReleaseIterator,
  dictSize,
} from '../object/dict.ts';
import {
  createStringObjectFromLongLong,
  decrRefCount,
  incrRefCount,
  objPtrString,
} from '../object/object.ts';
import {
  SCC_DEFAULT,
  SLC_DEFAULT,
  streamID,
  streamPropInfo,
  type stream,
  type streamCG,
  type streamConsumer,
} from '../object/stream.h.ts';
import {
  streamCompareID,
  streamCreateConsumer,
  streamIncrID,
  streamLookupCG,
  streamLookupConsumer,
  streamPropagateConsumerCreation,
  streamReplyWithRange,
} from '../object/t_stream.ts';
import { bzmpopCommand, genericZpopCommand, zsetLength } from '../object/t_zset.ts';
import { zfree, zmalloc } from '../object/zmalloc.ts';
import {
  addReplyArrayLen,
  addReplyBulk,
  addReplyError,
  addReplyMapLen,
  addReplyNullArray,
  beforeNextClient,
  freeClientOriginalArgv,
  processPendingCommandAndInputBuffer,
  resetClient,
} from '../networking/networking.ts';
import { addClientToTimeoutTable, removeClientFromTimeoutTable } from '../networking/timeout.ts';
import { serveClientBlockedOnList } from '../quicklist/t_list.ts';
import { lookupKeyReadWithFlags } from './db.ts';
import { serverAssert, serverAssertWithInfo, serverPanic } from './debug.ts';
import { latencyAddSampleIfNeeded } from './latency.ts';
import {
  afterCommand,
  alsoPropagate,
  propagatePendingCommands,
  slowlogPushCurrentCommand,
  updateCachedTime,
  updateCommandLatencyHistogram,
} from './server.ts';
import {
  BLOCKED_LIST,
  BLOCKED_MODULE,
  BLOCKED_NONE,
  BLOCKED_POSTPONE,
  BLOCKED_SHUTDOWN,
  BLOCKED_STREAM,
  BLOCKED_ZSET,
  CLIENT_BLOCKED,
  CLIENT_CLOSE_AFTER_REPLY,
  CLIENT_MASTER,
  CLIENT_PENDING_COMMAND,
  CLIENT_UNBLOCKED,
  C_ERR,
  LOOKUP_NONOTIFY,
  LOOKUP_NOSTATS,
  OBJ_LIST,
  OBJ_STREAM,
  OBJ_ZSET,
  PROPAGATE_AOF,
  PROPAGATE_REPL,
  SIZEOF_BKINFO,
  ZSET_MIN,
  bkinfo,
  readyList,
  server,
  shared,
  type blockPos,
  type client,
  type redisDb,
  type robj,
} from './server.h.ts';

/** sizeof(readyList). */
const SIZEOF_READYLIST = 16;

/**
 * Blocks a client; `btype` (BLOCKED_*) says for what. Its deadline is c.bpop.timeout. A postponed command is executed anew when the client is
 * unblocked.
 *
 * @c blocked.c:89
 */
export function blockClient(c: client, btype: number): void {
  // The stream of a master must not stop.
  serverAssert(
    !(c.flags & CLIENT_MASTER && btype !== BLOCKED_MODULE && btype !== BLOCKED_POSTPONE),
    '!(c->flags & CLIENT_MASTER && btype != BLOCKED_MODULE && btype != BLOCKED_POSTPONE)',
  );

  c.flags |= CLIENT_BLOCKED;
  c.btype = btype;
  server.blocked_clients++;
  server.blocked_clients_by_type[btype]++;
  addClientToTimeoutTable(c);
  if (btype === BLOCKED_POSTPONE) {
    listAddNodeTail(server.postponed_clients, c);
    c.postponed_list_node = listLast(server.postponed_clients);
    c.flags |= CLIENT_PENDING_COMMAND;
  }
}

/**
 * Books a blocking command that has come to its end: its time (`blocked_us` it waited, `reply_us` the reply took; microseconds), its slow log
 * entry, its failure.
 *
 * @c blocked.c:111
 */
export function updateStatsOnUnblock(
  c: client,
  blocked_us: number,
  reply_us: number,
  had_errors: number,
): void {
  const total_cmd_duration = c.duration + blocked_us + reply_us;
  const lastcmd = c.lastcmd!;
  lastcmd.microseconds += total_cmd_duration;
  if (had_errors) lastcmd.failed_calls++;
  if (server.latency_tracking_enabled)
    updateCommandLatencyHistogram(lastcmd, total_cmd_duration * 1000);
  slowlogPushCurrentCommand(c, lastcmd, total_cmd_duration);
  latencyAddSampleIfNeeded('command-unblocking', Math.trunc(reply_us / 1000));
}

/**
 * Goes on with the clients that were unblocked: first a command that was put off, then what has come in meanwhile. Called before each sleep.
 *
 * @c blocked.c:127
 */
export function processUnblockedClients(): void {
  while (listLength(server.unblocked_clients)) {
    const ln = listFirst(server.unblocked_clients);
    serverAssert(ln !== null, 'ln != NULL');
    let c: client | null = listNodeValue(ln!);
    listDelNode(server.unblocked_clients, ln!);
    c.flags &= ~CLIENT_UNBLOCKED;

    // It may have been blocked again in the meantime.
    if (!(c.flags & CLIENT_BLOCKED)) {
      if (processPendingCommandAndInputBuffer(c) === C_ERR) {
        c = null;
      }
    }
    beforeNextClient(c);
  }
}

/**
 * Queues a client for processUnblockedClients(), once.
 *
 * @c blocked.c:168
 */
export function queueClientForReprocessing(c: client): void {
  if (!(c.flags & CLIENT_UNBLOCKED)) {
    c.flags |= CLIENT_UNBLOCKED;
    listAddNodeTail(server.unblocked_clients, c);
  }
}

/**
 * Ends the waiting of a client and queues it to go on.
 *
 * @c blocked.c:179
 */
export function unblockClient(c: client): void {
  if (c.btype === BLOCKED_LIST || c.btype === BLOCKED_ZSET || c.btype === BLOCKED_STREAM) {
    unblockClientWaitingData(c);
  } else if (c.btype === BLOCKED_POSTPONE) {
    listDelNode(server.postponed_clients, c.postponed_list_node!);
    c.postponed_list_node = null;
  } else if (c.btype === BLOCKED_SHUTDOWN) {
    // Nothing to clean up.
  } else {
    serverPanic('Unknown btype in unblockClient().');
  }

  // A command that blocked was not reset when it returned. But one that was put off is still to be executed, and SHUTDOWN fails within its
  // own call, which resets it afterwards.
  if (c.btype !== BLOCKED_POSTPONE && c.btype !== BLOCKED_SHUTDOWN) {
    freeClientOriginalArgv(c);
    resetClient(c);
  }

  server.blocked_clients--;
  server.blocked_clients_by_type[c.btype]--;
  c.flags &= ~CLIENT_BLOCKED;
  c.btype = BLOCKED_NONE;
  removeClientFromTimeoutTable(c);
  queueClientForReprocessing(c);
}

/**
 * Replies to a client whose deadline has passed, or that CLIENT UNBLOCK sets free; unblockClient() comes next. Only who waits for a key has a
 * deadline; for others, coming here is a mistake.
 *
 * @c blocked.c:220
 */
export function replyToBlockedClientTimedOut(c: client): void {
  if (c.btype === BLOCKED_LIST || c.btype === BLOCKED_ZSET || c.btype === BLOCKED_STREAM) {
    addReplyNullArray(c);
  } else {
    serverPanic('Unknown btype in replyToBlockedClientTimedOut().');
  }
}

/**
 * Tells the clients that wait in SHUTDOWN that it was given up.
 *
 * @c blocked.c:236
 */
export function replyToClientsBlockedOnShutdown(): void {
  if (server.blocked_clients_by_type[BLOCKED_SHUTDOWN] === 0) return;
  const li = new listIter<client>();
  listRewind(server.clients, li);
  for (let ln = listNext(li); ln !== null; ln = listNext(li)) {
    const c = listNodeValue(ln);
    if (c.flags & CLIENT_BLOCKED && c.btype === BLOCKED_SHUTDOWN) {
      addReplyError(c, 'Errors trying to SHUTDOWN. Check logs.');
      unblockClient(c);
    }
  }
}

/**
 * Closes all blocked clients after an error, because what they wait for may never come (the server became a replica). Postponed ones stay: their
 * command has not begun.
 *
 * @c blocked.c:257
 */
export function disconnectAllBlockedClients(): void {
  const li = new listIter<client>();
  listRewind(server.clients, li);
  for (let ln = listNext(li); ln !== null; ln = listNext(li)) {
    const c = listNodeValue(ln);

    if (c.flags & CLIENT_BLOCKED) {
      if (c.btype === BLOCKED_POSTPONE) continue;

      addReplyError(
        c,
        '-UNBLOCKED force unblock from blocking operation, ' +
          'instance state changed (master -> replica?)',
      );
      unblockClient(c);
      c.flags |= CLIENT_CLOSE_AFTER_REPLY;
    }
  }
}

/**
 * Serves the clients that wait for a list with the elements of `o`, the list at the ready key: first come, first served, until it is empty.
 *
 * @c blocked.c:285
 */
export function serveClientsBlockedOnListKey(o: robj, rl: readyList): void {
  if (!server.blocked_clients_by_type[BLOCKED_LIST]) return;

  const de = dictFind(rl.db.blocking_keys, rl.key);
  if (de !== null) {
    const clients = dictGetVal(de);
    const li = new listIter<client>();
    listRewind(clients, li);

    for (let ln = listNext(li); ln !== null; ln = listNext(li)) {
      const receiver = listNodeValue(ln);
      if (receiver.btype !== BLOCKED_LIST) continue;

      const deleted = { deleted: false };
      const dstkey = receiver.bpop.target;
      const wherefrom = receiver.bpop.blockpos.wherefrom;
      const whereto = receiver.bpop.blockpos.whereto;

      // unblockClient() gives up the client's own reference.
      if (dstkey) incrRefCount(dstkey);

      const prev_error_replies = server.stat_total_error_replies;
      const old_client = server.current_client;
      server.current_client = receiver;
      const replyTimer = elapsedStart();
      serveClientBlockedOnList(receiver, o, rl.key, dstkey, rl.db, wherefrom, whereto, deleted);
      updateStatsOnUnblock(
        receiver,
        0,
        elapsedUs(replyTimer),
        server.stat_total_error_replies !== prev_error_replies ? 1 : 0,
      );
      unblockClient(receiver);
      afterCommand(receiver);
      server.current_client = old_client;

      if (dstkey) decrRefCount(dstkey);

      // An empty list is no list any more.
      if (deleted.deleted) break;
    }
  }
}

/**
 * Serves the clients that wait for a sorted set with the elements of `o`, the one at the ready key: first come, first served, until it is
 * empty. What a client gets is propagated as ZPOPMIN or ZPOPMAX.
 *
 * @c blocked.c:338
 */
export function serveClientsBlockedOnSortedSetKey(o: robj, rl: readyList): void {
  if (!server.blocked_clients_by_type[BLOCKED_ZSET]) return;

  const de = dictFind(rl.db.blocking_keys, rl.key);
  if (de !== null) {
    const clients = dictGetVal(de);
    const li = new listIter<client>();
    listRewind(clients, li);

    for (let ln = listNext(li); ln !== null; ln = listNext(li)) {
      const receiver = listNodeValue(ln);
      if (receiver.btype !== BLOCKED_ZSET) continue;

      const deleted = { deleted: false };
      const llen = zsetLength(o);
      const count = receiver.bpop.count;
      const where = receiver.bpop.blockpos.wherefrom;
      const use_nested_array = receiver.lastcmd !== null && receiver.lastcmd.proc === bzmpopCommand;
      const reply_nil_when_empty = use_nested_array;

      const prev_error_replies = server.stat_total_error_replies;
      const old_client = server.current_client;
      server.current_client = receiver;
      const replyTimer = elapsedStart();
      genericZpopCommand(
        receiver,
        [rl.key],
        1,
        where,
        true,
        count,
        use_nested_array,
        reply_nil_when_empty,
        deleted,
      );

      const argv = [where === ZSET_MIN ? shared.zpopmin : shared.zpopmax, rl.key];
      incrRefCount(rl.key);
      if (count !== -1) argv.push(createStringObjectFromLongLong(count > llen ? llen : count));
      alsoPropagate(receiver.db.id, argv, argv.length, PROPAGATE_AOF | PROPAGATE_REPL);
      decrRefCount(argv[1]);
      if (count !== -1) decrRefCount(argv[2]);

      updateStatsOnUnblock(
        receiver,
        0,
        elapsedUs(replyTimer),
        server.stat_total_error_replies !== prev_error_replies ? 1 : 0,
      );
      unblockClient(receiver);
      afterCommand(receiver);
      server.current_client = old_client;

      // An empty sorted set is none any more.
      if (deleted.deleted) break;
    }
  }
}

/**
 * Serves the clients that wait for entries of a stream: each gets what came after its id, those of a consumer group what the group has not
 * delivered yet, which is why they are asked one after the other. A group that is gone is an error.
 *
 * @c blocked.c:402
 */
export function serveClientsBlockedOnStreamKey(o: robj, rl: readyList): void {
  if (!server.blocked_clients_by_type[BLOCKED_STREAM]) return;

  const de = dictFind(rl.db.blocking_keys, rl.key);
  const s = o.ptr as stream;

  if (de !== null) {
    const clients = dictGetVal(de);
    const li = new listIter<client>();
    listRewind(clients, li);

    for (let ln = listNext(li); ln !== null; ln = listNext(li)) {
      const receiver = listNodeValue(ln);
      if (receiver.btype !== BLOCKED_STREAM) continue;
      const bki = dictFetchValue(receiver.bpop.keys!, rl.key)!;
      const gt = bki.stream_id!;

      const prev_error_replies = server.stat_total_error_replies;
      const old_client = server.current_client;
      server.current_client = receiver;
      const replyTimer = elapsedStart();

      // A group goes on where it is: clients before this one may have moved it.
      let group: streamCG | null = null;
      unblock_receiver: {
        if (receiver.bpop.xread_group !== null) {
          group = streamLookupCG(s, objPtrString(receiver.bpop.xread_group));
          if (group === null) {
            addReplyError(
              receiver,
              '-NOGROUP the consumer group this client was blocked on no longer exists',
            );
            break unblock_receiver;
          } else {
            gt.ms = group.last_id.ms;
            gt.seq = group.last_id.seq;
          }
        }

        if (streamCompareID(s.last_id, gt) <= 0) continue;

        const start = new streamID(gt.ms, gt.seq);
        streamIncrID(start);

        let consumer: streamConsumer | null = null;
        let noack = 0;

        if (group !== null) {
          noack = receiver.bpop.xread_group_noack;
          const name = objPtrString(receiver.bpop.xread_consumer!);
          consumer = streamLookupConsumer(group, name, SLC_DEFAULT);
          if (consumer === null) {
            consumer = streamCreateConsumer(group, name, rl.key, rl.db.id, SCC_DEFAULT);
            // Without NOACK the commands that propagate the reading tell of the consumer.
            if (noack) {
              streamPropagateConsumerCreation(
                receiver,
                rl.key,
                receiver.bpop.xread_group!,
                consumer!.name,
              );
            }
          }
        }

        // One key with its entries, in the form in which XREAD replies several.
        if (receiver.resp === 2) {
          addReplyArrayLen(receiver, 1);
          addReplyArrayLen(receiver, 2);
        } else {
          addReplyMapLen(receiver, 1);
        }
        addReplyBulk(receiver, rl.key);

        const pi = new streamPropInfo(rl.key, receiver.bpop.xread_group);
        streamReplyWithRange(
          receiver,
          s,
          start,
          null,
          receiver.bpop.xread_count,
          false,
          group,
          consumer,
          noack,
          pi,
        );
      }

      updateStatsOnUnblock(
        receiver,
        0,
        elapsedUs(replyTimer),
        server.stat_total_error_replies !== prev_error_replies ? 1 : 0,
      );
      unblockClient(receiver);
      afterCommand(receiver);
      server.current_client = old_client;
    }
  }
}

/**
 * Ends the waiting of clients in XREADGROUP for a stream that is gone, with an error: a new stream of that name would not have their group.
 *
 * @c blocked.c:567
 */
export function unblockDeletedStreamReadgroupClients(rl: readyList): void {
  if (!server.blocked_clients_by_type[BLOCKED_STREAM]) return;

  const de = dictFind(rl.db.blocking_keys, rl.key);
  if (de !== null) {
    const clients = dictGetVal(de);
    const li = new listIter<client>();
    listRewind(clients, li);

    for (let ln = listNext(li); ln !== null; ln = listNext(li)) {
      const receiver = listNodeValue(ln);
      if (receiver.btype !== BLOCKED_STREAM || receiver.bpop.xread_group === null) continue;

      const prev_error_replies = server.stat_total_error_replies;
      const old_client = server.current_client;
      server.current_client = receiver;
      const replyTimer = elapsedStart();
      addReplyError(receiver, '-UNBLOCKED the stream key no longer exists');
      updateStatsOnUnblock(
        receiver,
        0,
        elapsedUs(replyTimer),
        server.stat_total_error_replies !== prev_error_replies ? 1 : 0,
      );
      unblockClient(receiver);
      afterCommand(receiver);
      server.current_client = old_client;
    }
  }
}

/**
 * Serves the clients that wait for keys which became ready. Called when a command (with all that a transaction or script did) is over, and
 * before each sleep. Each round works on the keys that are known at its begin; serving may make more keys ready, for the next round.
 *
 * @c blocked.c:621
 */
export function handleClientsBlockedOnKeys(): void {
  // Not from within call(): nothing waits to be propagated.
  serverAssert(server.also_propagate.numops === 0, 'server.also_propagate.numops == 0');
  server.core_propagates = 1;

  while (listLength(server.ready_keys) !== 0) {
    const l = server.ready_keys;
    server.ready_keys = listCreate();

    while (listLength(l) !== 0) {
      const ln = listFirst(l)!;
      const rl = listNodeValue(ln);

      // First of all, so that the key can be signalled again.
      dictDelete(rl.db.ready_keys, rl.key);

      // Time stands still as within a command, so that a key cannot expire between two look-ups.
      server.fixed_time_expire++;
      updateCachedTime(0);

      const o = lookupKeyReadWithFlags(rl.db, rl.key, LOOKUP_NONOTIFY | LOOKUP_NOSTATS);
      if (o !== null) {
        const objtype = o.type;
        if (objtype === OBJ_LIST) serveClientsBlockedOnListKey(o, rl);
        else if (objtype === OBJ_ZSET) serveClientsBlockedOnSortedSetKey(o, rl);
        else if (objtype === OBJ_STREAM) serveClientsBlockedOnStreamKey(o, rl);
        // A stream that was there has been replaced by something else.
        if (objtype !== OBJ_STREAM) unblockDeletedStreamReadgroupClients(rl);
      } else {
        unblockDeletedStreamReadgroupClients(rl);
        // If the look-up found that the key is past its end, its deletion is still to be propagated.
        if (server.also_propagate.numops > 0) propagatePendingCommands();
      }
      server.fixed_time_expire--;

      decrRefCount(rl.key);
      zfree(SIZEOF_READYLIST);
      listDelNode(l, ln);
    }
    listRelease(l);
  }

  // Nothing in here may have called it again.
  serverAssert(server.core_propagates !== 0, 'server.core_propagates');

  server.core_propagates = 0;
}

/**
 * Blocks a client until one of the keys can serve it: `btype` is BLOCKED_LIST, BLOCKED_ZSET or BLOCKED_STREAM. `count` is the COUNT of BLMPOP
 * and BZMPOP, -1 without; `timeout` a Unix time in ms, 0 for ever; `target` the key that BLMOVE pushes to; `blockpos` the ends to take from
 * and push to; `ids` for each key of a stream the id after which entries are wanted (copied).
 *
 * @c blocked.c:729
 */
export function blockForKeys(
  c: client,
  btype: number,
  keys: robj[],
  count: number,
  timeout: number,
  target: robj | null,
  blockpos: blockPos | null,
  ids: streamID[] | null,
): void {
  c.bpop.count = count;
  c.bpop.timeout = timeout;
  c.bpop.target = target;

  if (blockpos !== null) {
    c.bpop.blockpos.wherefrom = blockpos.wherefrom;
    c.bpop.blockpos.whereto = blockpos.whereto;
  }

  if (target !== null) incrRefCount(target);

  for (let j = 0; j < keys.length; j++) {
    const bki = new bkinfo();
    zmalloc(SIZEOF_BKINFO);
    if (btype === BLOCKED_STREAM) bki.stream_id = new streamID(ids![j].ms, ids![j].seq);

    // A key that is given twice is waited for once.
    if (dictAdd(c.bpop.keys!, keys[j], bki) !== DICT_OK) {
      zfree(SIZEOF_BKINFO);
      continue;
    }
    incrRefCount(keys[j]);

    let l: list<client>;
    const de = dictFind(c.db.blocking_keys, keys[j]);
    if (de === null) {
      l = listCreate();
      const retval = dictAdd(c.db.blocking_keys, keys[j], l);
      incrRefCount(keys[j]);
      serverAssertWithInfo(c, keys[j], retval === DICT_OK, 'retval == DICT_OK');
    } else {
      l = dictGetVal(de);
    }
    listAddNodeTail(l, c);
    bki.listnode = listLast(l);
  }
  blockClient(c, btype);
}

/**
 * Takes a client out of the lists of those who wait for its keys, and forgets what it waited for. Only for unblockClient().
 *
 * @c blocked.c:777
 */
export function unblockClientWaitingData(c: client): void {
  const keys = c.bpop.keys!;
  serverAssertWithInfo(c, null, dictSize(keys) !== 0, 'dictSize(c->bpop.keys) != 0');
  const di = dictGetIterator(keys);
  for (let de = dictNext(di); de !== null; de = dictNext(di)) {
    const key = dictGetKey(de);
    const bki = dictGetVal(de)!;

    const l = dictFetchValue(c.db.blocking_keys, key);
    serverAssertWithInfo(c, key, l !== null, 'l != NULL');
    listDelNode(l!, bki.listnode!);
    if (listLength(l!) === 0) dictDelete(c.db.blocking_keys, key);
  }
  dictReleaseIterator(di);

  dictEmpty(keys, null);
  if (c.bpop.target !== null) {
    decrRefCount(c.bpop.target);
    c.bpop.target = null;
  }
  if (c.bpop.xread_group !== null) {
    decrRefCount(c.bpop.xread_group);
    decrRefCount(c.bpop.xread_consumer!);
    c.bpop.xread_group = null;
    c.bpop.xread_consumer = null;
  }
}

/**
 * The kind of waiting (BLOCKED_*) that a value of type OBJ_* can end; BLOCKED_NONE if nobody waits for such a value.
 *
 * @c blocked.c:813
 * @cstatic
 */
export function getBlockedTypeByType(type: number): number {
  switch (type) {
    case OBJ_LIST:
      return BLOCKED_LIST;
    case OBJ_ZSET:
      return BLOCKED_ZSET;
    case OBJ_STREAM:
      return BLOCKED_STREAM;
    default:
      return BLOCKED_NONE;
  }
}

/**
 * Notes that the key has, or had until now, a value of type OBJ_* for which somebody may wait. If so, handleClientsBlockedOnKeys() will look at
 * it, once, however often it is signalled until then.
 *
 * @c blocked.c:830
 */
export function signalKeyAsReady(db: redisDb, key: robj, type: number): void {
  const btype = getBlockedTypeByType(type);
  if (btype === BLOCKED_NONE) return;
  if (!server.blocked_clients_by_type[btype]) return;

  if (dictFind(db.blocking_keys, key) === null) return;

  if (dictFind(db.ready_keys, key) !== null) return;

  const rl = new readyList();
  zmalloc(SIZEOF_READYLIST);
  rl.key = key;
  rl.db = db;
  incrRefCount(key);
  listAddNodeTail(server.ready_keys, rl);

  incrRefCount(key);
  const added = dictAdd(db.ready_keys, key, null) === DICT_OK;
  serverAssert(added, 'dictAdd(db->ready_keys,key,NULL) == DICT_OK');
}
