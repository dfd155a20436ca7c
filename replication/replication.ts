/**
 * replication.c: what monitors see.
 *
 * C feeds MONITOR clients from the file that feeds replicas, since both receive every command:
 *
 *     call() ──► replicationFeedMonitors ──► +1669123456.123456 [0 127.0.0.1:50312] "SET" "name" "tom"
 *
 * Called by call() before the command runs, and by multi.c for an EXEC that is refused.
 */
import { listIter, listLength, listNext, listRewind, type list } from '../object/adlist.ts';
import { createObject, decrRefCount, objPtrString } from '../object/object.ts';
import { sdscatrepr } from '../object/sds.ts';
import { getRandomHexChars } from '../object/util.ts';
import { posix } from '../posix/posix.ts';
import { addReply, getClientPeerId } from '../networking/networking.ts';
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
