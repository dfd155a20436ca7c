/**
 * replication.c: what monitors see, and the buffer that replicas read from.
 *
 * C feeds MONITOR clients from the file that feeds replicas, since both receive every command:
 *
 *     call() ──► replicationFeedMonitors ──► +1669123456.123456 [0 127.0.0.1:50312] "SET" "name" "tom"
 *
 * Called by call() before the command runs, and by multi.c for an EXEC that is refused.
 */
import {
  listDelNode,
  listFirst,
  listIter,
  listLength,
  listNext,
  listNextNode,
  listNodeValue,
  listRewind,
  type list,
} from '../object/adlist.ts';
import { createObject, decrRefCount, objPtrString } from '../object/object.ts';
import { raxRemove } from '../object/rax.ts';
import { sdscatrepr } from '../object/sds.ts';
import { getRandomHexChars } from '../object/util.ts';
import { posix } from '../posix/posix.ts';
import { addReply, getClientPeerId, SIZEOF_REPL_NODE } from '../networking/networking.ts';
import { u64ToKey } from '../networking/timeout.ts';
import { serverAssert, serverPanic } from '../server/debug.ts';
import { updateClientMemUsage } from '../server/server.ts';
import {
  CLIENT_SCRIPT,
  CLIENT_UNIX_SOCKET,
  CONFIG_RUN_ID_SIZE,
  OBJ_STRING,
  server,
  type client,
  type robj,
} from '../server/server.h.ts';

/**
 * Drops blocks from the start of the replication buffer,
 *
 *     repl_buffer_blocks:   [ block ]──[ block ]──[ block ]──[ block ]
 *                               ▲          ▲                     ▲
 *                            backlog    a replica           the replication offset
 *
 * while the backlog would still be as long as configured without them: `max_blocks` at the most, and none that a replica
 * has yet to read.
 *
 * @c replication.c:250
 */
export function incrementalTrimReplicationBacklog(max_blocks: number): void {
  const backlog = server.repl_backlog;
  if (backlog === null) serverPanic('repl_backlog is NULL');

  let trimmed_blocks = 0;
  while (backlog.histlen > server.repl_backlog_size && trimmed_blocks < max_blocks) {
    if (listLength(server.repl_buffer_blocks) <= 1) break;

    // A replica that stands at the first block counts as a holder besides the backlog.
    const first = listFirst(server.repl_buffer_blocks)!;
    serverAssert(first === backlog.ref_repl_buf_node);
    const fo = listNodeValue(first);
    if (fo.refcount !== 1) break;

    if (backlog.histlen - fo.size <= server.repl_backlog_size) break;

    fo.refcount--;
    trimmed_blocks++;
    backlog.histlen -= fo.size;

    // The backlog holds the next one instead.
    const next = listNextNode(first)!;
    backlog.ref_repl_buf_node = next;
    listNodeValue(next).refcount++;

    if (backlog.blocks_index !== null) {
      raxRemove(backlog.blocks_index, u64ToKey(fo.repl_offset), null);
    }

    serverAssert(fo.refcount === 0 && fo.used === fo.size);
    server.repl_buffer_mem -= fo.size + SIZEOF_REPL_NODE;
    listDelNode(server.repl_buffer_blocks, first);
  }

  backlog.offset = server.master_repl_offset - backlog.histlen + 1;
}

/**
 * Shows a command to all monitors: time, database and address of who sent it, the quoted arguments.
 * @c replication.c:551
 */
export function replicationFeedMonitors(
  c: client,
  monitors: list<client>,
  dictid: number,
  argv: robj[],
  argc: number,
): void {
  if (listLength(monitors) === 0 || server.loading) return;

  const us = posix.gettimeofday();
  const seconds = Math.floor(us / 1000000);
  let cmdrepr = `+${seconds}.${String(us % 1000000).padStart(6, '0')} `;
  if (c.flags & CLIENT_SCRIPT) cmdrepr += `[${dictid} lua] `;
  else if (c.flags & CLIENT_UNIX_SOCKET) cmdrepr += `[${dictid} unix:${server.unixsocket}] `;
  else cmdrepr += `[${dictid} ${getClientPeerId(c)}] `;

  for (let j = 0; j < argc; j++) {
    cmdrepr += sdscatrepr(objPtrString(argv[j]));
    if (j !== argc - 1) cmdrepr += ' ';
  }
  const cmdobj = createObject(OBJ_STRING, `${cmdrepr}\r\n`);

  const li = new listIter<client>();
  listRewind(monitors, li);
  for (let ln = listNext(li); ln !== null; ln = listNext(li)) {
    addReply(ln.value, cmdobj);
    updateClientMemUsage(c);
  }
  decrRefCount(cmdobj);
}

/**
 * Gives the data set a new identity: 40 random hex digits.
 * @c replication.c:1627
 */
export function changeReplicationId(): void {
  server.replid = getRandomHexChars(CONFIG_RUN_ID_SIZE);
}

/**
 * Forgets the identity under which an earlier master knew the data set.
 * @c replication.c:1635
 */
export function clearReplicationId2(): void {
  server.replid2 = '0'.repeat(CONFIG_RUN_ID_SIZE);
  server.second_replid_offset = -1;
}

/**
 * Whether as many replicas are near enough as min-replicas-to-write asks for; always so in a replica, and when nothing is asked for.
 * @c replication.c:3383
 */
export function checkGoodReplicasStatus(): boolean {
  return (
    server.masterhost !== null ||
    !server.repl_min_slaves_max_lag ||
    !server.repl_min_slaves_to_write ||
    server.repl_good_slaves_count >= server.repl_min_slaves_to_write
  );
}
