/**
 * A server struct that is just enough for the room `networking/`: an event loop on the real kernel, no listening socket, no cron.
 */
import { aeCreateEventLoop, aeDeleteEventLoop } from '../../ae/ae.ts';
import { createClient } from '../../networking/networking.ts';
import { raxNew } from '../../object/rax.ts';
import { sdscatlen } from '../../object/sds.ts';
import { usePosix } from '../../posix/posix.ts';
import { LibcKernel } from '../../posix/posix_libc.ts';
import { createSharedObjects } from '../../server/server.ts';
import {
  BLOCKED_NUM,
  CLIENT_SCRIPT,
  LL_WARNING,
  USER_FLAG_NOPASS,
  clientBufferLimitsConfig,
  redisDb,
  redisServer,
  server,
  useServer,
  user,
  type client,
} from '../../server/server.h.ts';

/** Makes such a server the current one; the function that it returns ends it. */
export function bareServer(): () => void {
  usePosix(new LibcKernel());
  const s = new redisServer();
  s.el = aeCreateEventLoop(1024)!;
  useServer(s);
  s.clients_index = raxNew();
  s.clients_timeout_table = raxNew();
  s.errors = raxNew();
  s.db = [new redisDb()];
  s.dbnum = 1;
  s.next_client_id = 1;
  s.verbosity = LL_WARNING;
  s.logfile = '/dev/null';
  s.proto_max_bulk_len = 512 * 1024 * 1024;
  s.client_max_querybuf_len = 1024 * 1024 * 1024;
  s.blocked_clients_by_type = new Array<number>(BLOCKED_NUM).fill(0);
  for (let j = 0; j < 3; j++) s.client_obuf_limits.push(new clientBufferLimitsConfig(0, 0, 0));
  const u = new user();
  u.name = 'default';
  u.flags = USER_FLAG_NOPASS;
  s.DefaultUser = u;
  createSharedObjects();
  return () => aeDeleteEventLoop(s.el);
}

/** A client without a connection whose replies can be read, as that of a script. */
export function pseudoClient(): client {
  const c = createClient(null);
  c.flags |= CLIENT_SCRIPT;
  return c;
}

/** All output of a client so far, taken out of its buffers. */
export function takeOutput(c: client): string {
  let out = c.buf.latin1Slice(0, c.bufpos);
  for (let ln = c.reply.head; ln !== null; ln = ln.next) {
    const block = ln.value;
    out += block === null ? '<length>' : block.buf.latin1Slice(0, block.used);
  }
  c.bufpos = 0;
  c.reply.head = c.reply.tail = null;
  c.reply.len = 0;
  c.reply_bytes = 0;
  return out;
}

/** The bytes, as if the client's connection had brought them. */
export function feed(c: client, bytes: string): void {
  sdscatlen(c.querybuf, bytes, bytes.length);
}

/** Number of error replies counted so far. */
export function errorReplies(): number {
  return server.stat_total_error_replies;
}
