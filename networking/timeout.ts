/**
 * timeout.c: clients that wait too long. Idle ones are closed by the cron; blocked ones have a deadline in a radix tree.
 *
 *     server.clients_timeout_table:   [8 bytes expire time, ms, big endian][8 bytes client id, big endian]  ──►  client
 *
 * The keys sort by time, so the first one is the next to expire, and beforeSleep() looks at no more than those that are due. A client
 * removes its own entry when it is unblocked for another reason.
 *
 * Who calls in: blocked.ts, server.ts (cron and beforeSleep), commands with a timeout argument. Whom it calls: rax, blocked.ts.
 *
 * What differs from C: the second half of a key is the client's id and not its address, and the client stands in the tree as the
 * value.
 */
import type { longdouble } from '../object/longdouble.ts';
import { ld_isinf, ld_isnan } from '../object/longdouble.ts';
import { getLongDoubleFromObjectOrReply, getLongLongFromObjectOrReply } from '../object/object.ts';
import {
  raxIterator,
  raxNext,
  raxRemove,
  raxSeek,
  raxSize,
  raxStart,
  raxStop,
  raxTryInsert,
} from '../object/rax.ts';
import { replyToBlockedClientTimedOut, unblockClient } from '../server/blocked.ts';
import { mstime, mustObeyClient, serverLog } from '../server/server.ts';
import {
  CLIENT_BLOCKED,
  CLIENT_IN_TO_TABLE,
  CLIENT_PUBSUB,
  CLIENT_SLAVE,
  LL_VERBOSE,
  UNIT_SECONDS,
  server,
  type client,
  type robj,
} from '../server/server.h.ts';
import { addReplyError, freeClient } from './networking.ts';

/** Bytes of a key of the timeout table. */
export const CLIENT_ST_KEYLEN = 16;

/** Where a cast of a double to `long long` stops to make sense. */
const LLONG_LIMIT = 2 ** 63;

/**
 * Replies to a blocked client whose deadline is before `now` (ms) and unblocks it. 1 when it did, else 0.
 *
 * @c timeout.c:37
 */
export function checkBlockedClientTimeout(c: client, now: number): number {
  if (c.flags & CLIENT_BLOCKED && c.bpop.timeout !== 0 && c.bpop.timeout < now) {
    replyToBlockedClientTimedOut(c);
    unblockClient(c);
    return 1;
  } else {
    return 0;
  }
}

/**
 * The cron's look at one client: closes it when it was silent for longer than the `timeout` option allows. Replicas, monitors, masters,
 * subscribers and blocked clients may be silent. 1 when the client was freed.
 *
 * @c timeout.c:55
 */
export function clientsCronHandleTimeout(c: client, now_ms: number): number {
  const now = Math.trunc(now_ms / 1000);

  if (
    server.maxidletime &&
    !(c.flags & CLIENT_SLAVE) &&
    !mustObeyClient(c) &&
    !(c.flags & CLIENT_BLOCKED) &&
    !(c.flags & CLIENT_PUBSUB) &&
    now - c.lastinteraction > server.maxidletime
  ) {
    serverLog(LL_VERBOSE, 'Closing idle client');
    freeClient(c);
    return 1;
  }
  return 0;
}

/**
 * Eight bytes, big endian, of a whole number below 2^53, as a latin1 string. Sorts as the number does.
 *
 * @own htonu64 of endianconv.h followed by memcpy
 */
export function u64ToKey(n: number): string {
  const hi = Math.floor(n / 0x100000000);
  const lo = n >>> 0;
  return String.fromCharCode(
    (hi >>> 24) & 255,
    (hi >>> 16) & 255,
    (hi >>> 8) & 255,
    hi & 255,
    (lo >>> 24) & 255,
    (lo >>> 16) & 255,
    (lo >>> 8) & 255,
    lo & 255,
  );
}

/**
 * The number that stands big endian in the eight bytes of `s` from `off`.
 *
 * @own memcpy followed by ntohu64 of endianconv.h
 */
export function keyToU64(s: string, off: number): number {
  let n = 0;
  for (let j = 0; j < 8; j++) n = n * 256 + s.charCodeAt(off + j);
  return n;
}

/**
 * The key of a deadline (ms) of a client.
 *
 * @c timeout.c:96
 */
export function encodeTimeoutKey(timeout: number, c: client): string {
  return u64ToKey(timeout) + u64ToKey(c.id);
}

/**
 * The deadline in a key made by encodeTimeoutKey(); whose it is, is the value in the tree.
 *
 * @c timeout.c:105
 */
export function decodeTimeoutKey(buf: string): number {
  return keyToU64(buf, 0);
}

/**
 * Enters a client that has just been blocked, unless it waits for ever (timeout 0).
 *
 * @c timeout.c:114
 */
export function addClientToTimeoutTable(c: client): void {
  if (c.bpop.timeout === 0) return;
  const timeout = c.bpop.timeout;
  const buf = encodeTimeoutKey(timeout, c);
  if (raxTryInsert(server.clients_timeout_table, buf, c, null)) c.flags_hi |= CLIENT_IN_TO_TABLE;
}

/**
 * Takes a client out of the table, when it is in it.
 *
 * @c timeout.c:125
 */
export function removeClientFromTimeoutTable(c: client): void {
  if (!(c.flags_hi & CLIENT_IN_TO_TABLE)) return;
  c.flags_hi &= ~CLIENT_IN_TO_TABLE;
  const timeout = c.bpop.timeout;
  const buf = encodeTimeoutKey(timeout, c);
  raxRemove(server.clients_timeout_table, buf, null);
}

/**
 * Unblocks every client whose deadline has passed. Called before each sleep of the event loop.
 *
 * @c timeout.c:136
 */
export function handleBlockedClientsTimeout(): void {
  if (raxSize(server.clients_timeout_table) === 0) return;
  const now = mstime();
  const ri = new raxIterator();
  raxStart(ri, server.clients_timeout_table);
  raxSeek(ri, '^', '');

  while (raxNext(ri)) {
    const timeout = decodeTimeoutKey(ri.key);
    const c = ri.data as client;
    if (timeout >= now) break;
    c.flags_hi &= ~CLIENT_IN_TO_TABLE;
    checkBlockedClientTimeout(c, now);
    // The tree changed under the iterator: begin again with what is the first now.
    raxRemove(server.clients_timeout_table, ri.key, null);
    raxSeek(ri, '^', '');
  }
  raxStop(ri);
}

/**
 * A long double of seconds as whole milliseconds, cut towards zero as the cast to `long long` does. The product is rounded to the 64 bits
 * of a long double's mantissa first, so that 0.1 is 100 and not 99. What no `long long` holds becomes its least value, as on x86.
 *
 * @own JavaScript has neither long doubles nor that cast
 */
export function ldSecondsToMs(ftval: longdouble): number {
  if (ld_isnan(ftval) || ld_isinf(ftval)) return -LLONG_LIMIT;
  let mant = ftval.mant * 1000n;
  let exp = ftval.exp;
  const shift = mant.toString(2).length - 64;
  if (shift > 0) {
    const half = 1n << BigInt(shift - 1);
    const rest = mant & ((1n << BigInt(shift)) - 1n);
    mant >>= BigInt(shift);
    if (rest > half || (rest === half && mant & 1n)) mant++;
    exp += shift;
  }
  if (exp > 64) return mant === 0n ? 0 : -LLONG_LIMIT;
  mant = exp >= 0 ? mant << BigInt(exp) : mant >> BigInt(-exp);
  const ms = Number(mant);
  if (ms >= LLONG_LIMIT) return -LLONG_LIMIT;
  return ftval.sign ? -ms : ms;
}

/**
 * Reads a timeout argument, in seconds with fractions (UNIT_SECONDS) or in milliseconds. The moment (ms since 1970) at which it expires,
 * 0 for an argument of 0, which means for ever; null when an error has been replied.
 *
 * @c timeout.c:164
 */
export function getTimeoutFromObjectOrReply(c: client, object: robj, unit: number): number | null {
  let tval: number;

  if (unit === UNIT_SECONDS) {
    const ftval = getLongDoubleFromObjectOrReply(
      c,
      object,
      'timeout is not a float or out of range',
    );
    if (ftval === null) return null;
    tval = ldSecondsToMs(ftval);
  } else {
    const llval = getLongLongFromObjectOrReply(
      c,
      object,
      'timeout is not an integer or out of range',
    );
    if (llval === null) return null;
    tval = Number(llval);
  }

  if (tval < 0) {
    addReplyError(c, 'timeout is negative');
    return null;
  }

  if (tval > 0) {
    tval += mstime();
  }
  return tval;
}
