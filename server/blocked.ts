/**
 * blocked.c: clients that wait for something other than their own next query.
 *
 *     blockClient ─► CLIENT_BLOCKED, btype ─► ... ─► unblockClient ─► server.unblocked_clients ─► processUnblockedClients (beforeSleep)
 *                                              what happened?                                      goes on with the query buffer
 *
 *     btype      POSTPONE   the command was put off by CLIENT PAUSE; it is executed when the pause is over
 *                SHUTDOWN   SHUTDOWN waits for replicas, see server.ts
 *
 * While a client is blocked its socket is still read, but what comes in stays in the query buffer. When it is unblocked no readable event may
 * come any more for bytes that are there already: hence the queue of unblocked clients.
 *
 * Who calls in: processCommand, networking.ts, timeout.ts, server.ts. Whom it calls: networking.ts, timeout.ts, slowlog.ts, latency.ts.
 * What differs from C: there are no commands that wait for a key or for replicas, and no modules, so their kinds of waiting are not here.
 */
import {
  listAddNodeTail,
  listDelNode,
  listFirst,
  listIter,
  listLast,
  listLength,
  listNext,
  listNodeValue,
  listRewind,
} from '../object/adlist.ts';
import {
  addReplyError,
  beforeNextClient,
  freeClientOriginalArgv,
  processPendingCommandAndInputBuffer,
  resetClient,
} from '../networking/networking.ts';
import { addClientToTimeoutTable, removeClientFromTimeoutTable } from '../networking/timeout.ts';
import { serverAssert, serverPanic } from './debug.ts';
import { latencyAddSampleIfNeeded } from './latency.ts';
import { slowlogPushCurrentCommand, updateCommandLatencyHistogram } from './server.ts';
import {
  BLOCKED_MODULE,
  BLOCKED_NONE,
  BLOCKED_POSTPONE,
  BLOCKED_SHUTDOWN,
  CLIENT_BLOCKED,
  CLIENT_CLOSE_AFTER_REPLY,
  CLIENT_MASTER,
  CLIENT_PENDING_COMMAND,
  CLIENT_UNBLOCKED,
  C_ERR,
  server,
  type client,
} from './server.h.ts';

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
  if (c.btype === BLOCKED_POSTPONE) {
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
 * Replies to a client whose deadline has passed, or that CLIENT UNBLOCK sets free; unblockClient() comes next. None of the kinds of waiting has a
 * deadline, so that coming here is a mistake.
 *
 * @c blocked.c:220
 */
export function replyToBlockedClientTimedOut(_c: client): void {
  serverPanic('Unknown btype in replyToBlockedClientTimedOut().');
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
