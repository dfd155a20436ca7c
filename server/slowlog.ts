/**
 * slowlog.c: a list in memory of the last commands that took long, newest first.
 *
 *     server.slowlog ─► entry (id 13) ─► entry (id 12) ─► ...      at most slowlog-max-len of them
 *
 * Time is what the command itself ran, without waiting and without I/O. An entry keeps at most 32 arguments of 128 bytes. call() offers
 * every command; SLOWLOG GET, LEN and RESET show the list.
 */
import { posix } from '../posix/posix.ts';
import {
  listAddNodeHead,
  listCreate,
  listDelNode,
  listIter,
  listLast,
  listLength,
  listNext,
  listRewind,
  listSetFreeMethod,
} from '../object/adlist.ts';
import {
  createObject,
  decrRefCount,
  dupStringObject,
  getRangeLongFromObjectOrReply,
  objPtrLen,
  objPtrString,
  sdsEncodedObject,
} from '../object/object.ts';
import { strcasecmp } from '../object/util.ts';
import {
  addReply,
  addReplyArrayLen,
  addReplyBulk,
  addReplyBulkCBuffer,
  addReplyDeferredLen,
  addReplyHelp,
  addReplyLongLong,
  addReplySubcommandSyntaxError,
  getClientPeerId,
  setDeferredArrayLen,
} from '../networking/networking.ts';
import {
  OBJ_SHARED_REFCOUNT,
  OBJ_STRING,
  server,
  shared,
  type client,
  type robj,
} from './server.h.ts';

export const SLOWLOG_ENTRY_MAX_ARGC = 32;
export const SLOWLOG_ENTRY_MAX_STRING = 128;

/** One slow command. */
export class slowlogEntry {
  argv: robj[] = [];
  argc = 0;
  /** Unique until the server restarts; RESET does not reset it. */
  id = 0;
  /** Microseconds. */
  duration = 0;
  /** Unix time in seconds. */
  time = 0;
  cname = '';
  peerid = '';
}

/**
 * Makes an entry of a command, shortened to what an entry may hold. The arguments are copied, since the command's own may be values in
 * the keyspace by now.
 * @c slowlog.c:48
 */
export function slowlogCreateEntry(
  c: client,
  argv: robj[],
  argc: number,
  duration: number,
): slowlogEntry {
  const se = new slowlogEntry();
  const slargc = argc > SLOWLOG_ENTRY_MAX_ARGC ? SLOWLOG_ENTRY_MAX_ARGC : argc;
  se.argc = slargc;
  for (let j = 0; j < slargc; j++) {
    if (slargc !== argc && j === slargc - 1) {
      se.argv[j] = createObject(OBJ_STRING, `... (${argc - slargc + 1} more arguments)`);
    } else if (
      argv[j].type === OBJ_STRING &&
      sdsEncodedObject(argv[j]) &&
      objPtrLen(argv[j]) > SLOWLOG_ENTRY_MAX_STRING
    ) {
      const s = objPtrString(argv[j]);
      const more = s.length - SLOWLOG_ENTRY_MAX_STRING;
      const shown = s.slice(0, SLOWLOG_ENTRY_MAX_STRING);
      se.argv[j] = createObject(OBJ_STRING, `${shown}... (${more} more bytes)`);
    } else if (argv[j].refcount === OBJ_SHARED_REFCOUNT) {
      se.argv[j] = argv[j];
    } else {
      se.argv[j] = dupStringObject(argv[j]);
    }
  }
  se.time = Math.floor(posix.gettimeofday() / 1000000);
  se.duration = duration;
  se.id = server.slowlog_entry_id++;
  se.peerid = getClientPeerId(c);
  se.cname = c.name ? objPtrString(c.name) : '';
  return se;
}

/**
 * Gives up an entry's arguments; the list calls it for every entry that leaves it.
 * @c slowlog.c:100
 */
export function slowlogFreeEntry(se: slowlogEntry): void {
  for (let j = 0; j < se.argc; j++) decrRefCount(se.argv[j]);
}

/**
 * An empty log, at server start.
 * @c slowlog.c:114
 */
export function slowlogInit(): void {
  server.slowlog = listCreate();
  server.slowlog_entry_id = 0;
  listSetFreeMethod(server.slowlog, slowlogFreeEntry);
}

/**
 * Logs a command that took `duration` microseconds when that is long enough, and drops the oldest entries beyond the limit.
 * @c slowlog.c:123
 */
export function slowlogPushEntryIfNeeded(
  c: client,
  argv: robj[],
  argc: number,
  duration: number,
): void {
  if (server.slowlog_log_slower_than < 0) return;
  if (duration >= server.slowlog_log_slower_than)
    listAddNodeHead(server.slowlog, slowlogCreateEntry(c, argv, argc, duration));
  while (listLength(server.slowlog) > server.slowlog_max_len)
    listDelNode(server.slowlog, listLast(server.slowlog)!);
}

/**
 * Empties the log.
 * @c slowlog.c:135
 */
export function slowlogReset(): void {
  while (listLength(server.slowlog) > 0) listDelNode(server.slowlog, listLast(server.slowlog)!);
}

/**
 * SLOWLOG GET [count] | LEN | RESET | HELP.
 * @c slowlog.c:142
 */
export function slowlogCommand(c: client): void {
  const sub = objPtrString(c.argv[1]);
  if (c.argc === 2 && !strcasecmp(sub, 'help')) {
    addReplyHelp(c, [
      'GET [<count>]',
      '    Return top <count> entries from the slowlog (default: 10, -1 mean all).',
      '    Entries are made of:',
      '    id, timestamp, time in microseconds, arguments array, client IP and port,',
      '    client name',
      'LEN',
      '    Return the length of the slowlog.',
      'RESET',
      '    Reset the slowlog.',
    ]);
  } else if (c.argc === 2 && !strcasecmp(sub, 'reset')) {
    slowlogReset();
    addReply(c, shared.ok);
  } else if (c.argc === 2 && !strcasecmp(sub, 'len')) {
    addReplyLongLong(c, listLength(server.slowlog));
  } else if ((c.argc === 2 || c.argc === 3) && !strcasecmp(sub, 'get')) {
    let count = 10;
    if (c.argc === 3) {
      const given = getRangeLongFromObjectOrReply(
        c,
        c.argv[2],
        -1,
        Number.MAX_VALUE,
        'count should be greater than or equal to -1',
      );
      if (given === null) return;
      count = given === -1 ? listLength(server.slowlog) : given;
    }
    const li = new listIter<slowlogEntry>();
    listRewind(server.slowlog, li);
    const totentries = addReplyDeferredLen(c);
    let sent = 0;
    for (let ln = listNext(li); ln !== null && sent < count; ln = listNext(li)) {
      const se = ln.value;
      addReplyArrayLen(c, 6);
      addReplyLongLong(c, se.id);
      addReplyLongLong(c, se.time);
      addReplyLongLong(c, se.duration);
      addReplyArrayLen(c, se.argc);
      for (let j = 0; j < se.argc; j++) addReplyBulk(c, se.argv[j]);
      addReplyBulkCBuffer(c, se.peerid);
      addReplyBulkCBuffer(c, se.cname);
      sent++;
    }
    setDeferredArrayLen(c, totentries, sent);
  } else {
    addReplySubcommandSyntaxError(c);
  }
}
