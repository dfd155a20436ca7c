/**
 * networking.c: clients. How they come, what they send, what they get back, and how they go.
 *
 *     accept ─► createClient ─► readQueryFromClient ─► processInputBuffer ─► processMultibulkBuffer ─► processCommand
 *                                                                                                            │
 *     socket ◄─ writeToClient ◄─ handleClientsWithPendingWrites (beforeSleep) ◄─ c.buf, c.reply ◄─ addReply ◄┘
 *
 * What a client sends, as it lies in the query buffer:
 *
 *     c.querybuf   [ done already | *2\r\n $3\r\n GET\r\n $4\r\n name\r\n | the beginning of the next command ]
 *                                 ▲ qb_pos                                                                    ▲ querybuf.len
 *
 * What it gets:
 *
 *     c.buf        [ ...16 KB static buffer... ] bufpos            the beginning of what must be sent; sentlen of it is sent
 *     c.reply      block ─► block ─► null ─► block                 the rest, in blocks of at least 16 KB
 *                                     ▲ a place kept by addReplyDeferredLen()
 *
 * While there is a block in the list, nothing goes into the static buffer: the order would be lost.
 *
 * Who calls in: the event loop (through connection.ts) and every command. Whom it calls: processCommand, and for parts of a client's life
 * multi.ts, pubsub.ts, blocked.ts, acl.ts.
 *
 * What differs from C: replies are latin1 strings (or bytes, for big values), formatted by the caller. There are no I/O threads,
 * no modules, no TLS, no client side caching and no replicas, so what serves only these is not here. See DIFFERENCES.md.
 */
import {
  prefetchPipeline,
  prefetchedKey,
  rememberWords,
  sameWords,
  takesManyKeys,
} from './memory_prefetch.ts';
import {
  AE_CALL_AFTER_SLEEP,
  AE_CALL_BEFORE_SLEEP,
  AE_DONT_WAIT,
  AE_FILE_EVENTS,
  aeProcessEvents,
  type aeEventLoop,
} from '../ae/ae.ts';
import {
  type list,
  listAddNodeHead,
  listAddNodeTail,
  listCreate,
  listDelNode,
  listIter,
  listJoin,
  listLast,
  listLength,
  listNext,
  listNextNode,
  listNodeValue,
  listRelease,
  listRewind,
  listSearchKey,
  listSetDupMethod,
  listSetFreeMethod,
  listSetMatchMethod,
  type listNode,
} from '../object/adlist.ts';
import { dictCreate, dictRelease, dictSize } from '../object/dict.ts';
import { printf_g, type longdouble } from '../object/longdouble.ts';
import {
  createObject,
  createRawStringObject,
  createStringObject,
  createStringObjectFromLongDouble,
  decrRefCount,
  decrRefCountVoid,
  equalStringObjects,
  getLongLongFromObjectOrReply,
  getRangeLongFromObjectOrReply,
  incrRefCount,
  objPtrLen,
  objPtrString,
  sdsEncodedObject,
  stringObjectLen,
} from '../object/object.ts';
import {
  raxFind,
  raxInsert,
  raxIterator,
  raxNext,
  raxNotFound,
  raxRemove,
  raxSeek,
  raxSize,
  raxStart,
  raxStop,
} from '../object/rax.ts';
import {
  SDS_NOINIT,
  type sds,
  sdsIncrLen,
  sdsMakeRoomFor,
  sdsMakeRoomForNonGreedy,
  sdsMallocSize,
  sdsStringAllocSize,
  sdsalloc,
  sdsavail,
  sdscatrepr,
  sdsclear,
  sdsempty,
  sdsfree,
  sdsmapchars,
  sdsnewlen,
  sdslen,
  sdsrange,
  sdsToString,
  sdssplitargs,
  sdstoupper,
  sdstrim,
} from '../object/sds.ts';
import {
  LD_STR_HUMAN,
  isprint,
  ld2string,
  ll2string,
  strcasecmp,
  string2ll,
} from '../object/util.ts';
import { jemalloc_good_size, zfree, zmalloc, zmalloc_used_memory } from '../object/zmalloc.ts';
import { EWOULDBLOCK, posix } from '../posix/posix.ts';
import { incrementalTrimReplicationBacklog } from '../replication/replication.ts';
import { ACLAuthenticateUser, ACLGetUserByName } from '../server/acl.ts';
import {
  replyToBlockedClientTimedOut,
  unblockClient,
  updateStatsOnUnblock,
} from '../server/blocked.ts';
import { selectDb } from '../server/db.ts';
import { serverAssert, serverAssertWithInfo, serverPanic } from '../server/debug.ts';
import {
  discardTransaction,
  freeClientMultiState,
  initClientMultiState,
  multiStateMemOverhead,
  unwatchAllKeys,
} from '../server/multi.ts';
import {
  pubsubMemOverhead,
  pubsubUnsubscribeAllChannels,
  pubsubUnsubscribeAllPatterns,
  pubsubUnsubscribeShardAllChannels,
} from '../server/pubsub.ts';
import {
  incrementErrorCount,
  lookupCommandOrOriginal,
  objectKeyHeapPointerValueDictType,
  objectKeyPointerValueDictType,
  processCommand,
  serverLog,
  updateCachedTime,
  updateClientMemUsage,
  whileBlockedCron,
} from '../server/server.ts';
import {
  AOF_FSYNC_ALWAYS,
  AOF_ON,
  BLOCKED_NONE,
  CLIENT_ASKING,
  CLIENT_BLOCKED,
  CLIENT_CLOSE_AFTER_REPLY,
  CLIENT_CLOSE_ASAP,
  CLIENT_DIRTY_CAS,
  CLIENT_ID_AOF,
  CLIENT_MASTER,
  CLIENT_MASTER_FORCE_REPLY,
  CLIENT_MEM_USAGE_BUCKETS,
  CLIENT_MODULE,
  CLIENT_MONITOR,
  CLIENT_MULTI,
  CLIENT_NO_EVICT,
  CLIENT_PAUSE_ALL,
  CLIENT_PAUSE_OFF,
  CLIENT_PAUSE_WRITE,
  CLIENT_PENDING_COMMAND,
  CLIENT_PENDING_WRITE,
  CLIENT_PROTECTED,
  CLIENT_PROTOCOL_ERROR,
  CLIENT_PUBSUB,
  CLIENT_READONLY,
  CLIENT_REPLY_OFF,
  CLIENT_REPLY_SKIP,
  CLIENT_REPLY_SKIP_NEXT,
  CLIENT_SCRIPT,
  CLIENT_SLAVE,
  CLIENT_TRACKING,
  CLIENT_TRACKING_BCAST,
  CLIENT_TRACKING_BROKEN_REDIR,
  CLIENT_TRACKING_CACHING,
  CLIENT_TRACKING_NOLOOP,
  CLIENT_TRACKING_OPTIN,
  CLIENT_TRACKING_OPTOUT,
  CLIENT_TYPE_MASTER,
  CLIENT_TYPE_NORMAL,
  CLIENT_TYPE_PUBSUB,
  CLIENT_TYPE_SLAVE,
  CLIENT_UNBLOCKED,
  CLIENT_UNIX_SOCKET,
  COMMAND_NAMES,
  C_ERR,
  C_OK,
  ERR_REPLY_FLAG_NO_STATS_UPDATE,
  KNOWN_ARGS,
  KNOWN_WORDS,
  LL_NOTICE,
  LL_VERBOSE,
  LL_WARNING,
  NET_MAX_WRITES_PER_EVENT,
  NUM_PAUSE_PURPOSES,
  OBJ_ENCODING_EMBSTR,
  OBJ_ENCODING_INT,
  OBJ_ENCODING_RAW,
  OBJ_SHARED_BULKHDR_LEN,
  OBJ_STRING,
  PAUSE_BY_CLIENT_COMMAND,
  PROPAGATION_ERR_BEHAVIOR_PANIC,
  PROPAGATION_ERR_BEHAVIOR_PANIC_ON_REPLICAS,
  PROTO_INLINE_MAX_SIZE,
  PROTO_IOBUF_LEN,
  PROTO_MBULK_BIG_ARG,
  PROTO_REPLY_CHUNK_BYTES,
  REPL_BACKLOG_TRIM_BLOCKS_PER_CALL,
  PROTO_REQ_INLINE,
  PROTO_REQ_MULTIBULK,
  REPL_STATE_NONE,
  SLAVE_CAPA_NONE,
  SLAVE_REQ_NONE,
  SLAVE_STATE_ONLINE,
  SLAVE_STATE_WAIT_BGSAVE_END,
  UNIT_MILLISECONDS,
  USER_FLAG_DISABLED,
  USER_FLAG_NOPASS,
  blockingState,
  client,
  clientReplyBlock,
  multiState,
  pause_event,
  server,
  shared,
  type robj,
} from '../server/server.h.ts';
import { REDIS_VERSION } from '../server/version.ts';
import {
  ANET_ERR,
  FD_TO_PEER_NAME,
  FD_TO_SOCK_NAME,
  anetTcpAccept,
  anetUnixAccept,
  ipPort,
} from './anet.ts';
import {
  CONN_STATE_ACCEPTING,
  CONN_STATE_CONNECTED,
  CONN_STATE_ERROR,
  connAccept,
  connClose,
  connCreateAcceptedSocket,
  connEnableTcpNoDelay,
  connFormatFdAddr,
  connGetInfo,
  connGetLastError,
  connGetPrivateData,
  connGetState,
  connHasReadHandler,
  connHasWriteHandler,
  connKeepAlive,
  connPeerToString,
  connRead,
  connSetPrivateData,
  connSetReadHandler,
  connSetWriteHandler,
  connSetWriteHandlerWithBarrier,
  connWrite,
  connWritev,
  type connection,
} from './connection.ts';
import { getTimeoutFromObjectOrReply, u64ToKey } from './timeout.ts';

/** How many connections one readable event of a listening socket may bring in. */
export const MAX_ACCEPTS_PER_CALL = 1000;
/** How much of the query buffer the log shows after a protocol error, bytes. */
export const PROTO_DUMP_LEN = 128;
/** Pieces in one writev(2): Linux's limit. */
export const IOV_MAX = 1024;

/** sizeof() of C's structs on a 64 bit machine, for the account and the figures of CLIENT LIST. */
export const SIZEOF_CLIENT = 736;
export const SIZEOF_CLIENTREPLYBLOCK = 16;
const SIZEOF_LISTNODE = 24;
/** What the allocator holds for a client. */
const CLIENT_ALLOC_SIZE = jemalloc_good_size(SIZEOF_CLIENT);

/** An argument of so many bytes is an sds, a shorter one a JavaScript string. */
export const BYTES_FROM = 512;
/** A block of the replication buffer with its node of the list. */
export const SIZEOF_REPL_NODE = SIZEOF_LISTNODE + 40;
const SIZEOF_ROBJ = 16;
const SIZEOF_POINTER = 8;
const SIZEOF_RAXNODE = 4;

const INT_MAX = 2147483647;
/** The digits of a long number that are written apart from those before them: as many as surely fit in 32 bits. */
const LOW_DIGITS = 9;
const LOW_PART = 1e9;
const LONG_MAX = 2 ** 63;

/** Up to here a loop over char codes beats the call of Buffer's native functions. */
const SHORT_STRING = 32;
/** The same for bytes, of which the native function wants a view to be made first. */
const SHORT_BYTES = 64;

/** The argument vector of a client without a command. Never written: vectors are made, not grown in place. */
const NO_ARGV: robj[] = [];
/** What a piece of `server.iov` refers to when it is not in use, so that sent blocks can be collected. */
const NO_BYTES = Buffer.allocUnsafeSlow(0);

const CR = 0x0d;
const LF = 0x0a;

/**
 * The part of a string before its first zero byte.
 *
 * @own what "%s" prints of a binary string
 */
export function cstr(s: string): string {
  const end = s.indexOf('\0');
  return end === -1 ? s : s.slice(0, end);
}

/**
 * Writes the decimal digits of a 64-bit integer into `buf` from `off`; returns how many bytes that took (at most 20). What is beyond 53
 * bits comes as a bigint.
 *
 * @own ll2string() of util.c into a buffer, without making a string
 */
export function ll2buf(buf: Uint8Array, off: number, value: number | bigint): number {
  if (typeof value === 'bigint') {
    const s = ll2string(value);
    for (let j = 0; j < s.length; j++) buf[off + j] = s.charCodeAt(j);
    return s.length;
  }
  let n = value;
  const start = off;
  if (n < 0) {
    buf[off++] = 0x2d;
    n = -n;
  }
  // What does not fit in 32 bits is cut in two that do, by one slow division.
  let low = -1;
  if (n > INT_MAX) {
    const high = Math.floor(n / LOW_PART);
    low = n - high * LOW_PART;
    n = high;
  }
  n |= 0;
  let digits = low < 0 ? 1 : 1 + LOW_DIGITS;
  for (let p = 10; n >= p; p *= 10) digits++;
  let pos = off + digits;
  if (low >= 0) {
    low |= 0;
    for (let i = 0; i < LOW_DIGITS; i++) {
      const q = (low / 10) | 0;
      buf[--pos] = 48 + (low - q * 10);
      low = q;
    }
  }
  do {
    const q = (n / 10) | 0;
    buf[--pos] = 48 + (n - q * 10);
    n = q;
  } while (n !== 0);
  return off - start + digits;
}

/**
 * A number of one or two digits with CR and LF behind it, as nearly all lengths are: its value, and above eight bits how many digits it has.
 * 0 if there is anything else from `pos` on, or not yet all of it; `end` is where the bytes end.
 *
 * @own querybufChr() and string2llBuf() in one step
 */
export function shortNumber(buf: Buffer, pos: number, end: number): number {
  const first = buf[pos] - 48;
  if (pos + 3 > end || first < 0 || first > 9) return 0;
  const second = buf[pos + 1];
  if (second === CR) return 0x100 | first;
  if (pos + 4 > end || first === 0 || second < 48 || second > 57 || buf[pos + 2] !== CR) return 0;
  return 0x200 | (first * 10 + second - 48);
}

/**
 * string2ll() over the bytes from `start` to `end` (excluded): the number, NaN when it is none. Beyond 2^53 the result is the nearest double,
 * which is good enough for a check against limits.
 *
 * @own string2ll() of util.c without making a string
 */
export function string2llBuf(buf: Buffer, start: number, end: number): number {
  const len = end - start;
  if (len > 15) {
    // Too long to be exact in a double all the way. Nobody sends that but to try us.
    const ll = len > 20 ? null : string2ll(buf.latin1Slice(start, end));
    return ll === null ? NaN : Number(ll);
  }
  if (len <= 0) return NaN;
  let b = buf[start];
  if (len === 1) return b >= 48 && b <= 57 ? b - 48 : NaN;

  const negative = b === 0x2d;
  if (negative) b = buf[++start];
  // No sign but minus, no leading zeros, no blanks.
  if (b < 49 || b > 57) return NaN;
  let v = b - 48;
  while (++start < end) {
    b = buf[start];
    if (b < 48 || b > 57) return NaN;
    v = v * 10 + (b - 48);
  }
  return negative ? -v : v;
}

/** Longer names than any command has are not remembered. */
const COMMAND_NAME_LEN = 24;

/**
 * The `len` bytes of `buf` from `o` as a latin1 string. For the short ones that most arguments are, one call with all the codes takes
 * a fraction of the time of Buffer's native function.
 *
 * @own sdsnewlen() of an argument
 */
export function latin1Arg(buf: Buffer, o: number, len: number): string {
  const f = String.fromCharCode;
  switch (len) {
    case 0:
      return '';
    case 1:
      return f(buf[o]);
    case 2:
      return f(buf[o], buf[o + 1]);
    case 3:
      return f(buf[o], buf[o + 1], buf[o + 2]);
    case 4:
      return f(buf[o], buf[o + 1], buf[o + 2], buf[o + 3]);
    case 5:
      return f(buf[o], buf[o + 1], buf[o + 2], buf[o + 3], buf[o + 4]);
    case 6:
      return f(buf[o], buf[o + 1], buf[o + 2], buf[o + 3], buf[o + 4], buf[o + 5]);
    case 7:
      return f(buf[o], buf[o + 1], buf[o + 2], buf[o + 3], buf[o + 4], buf[o + 5], buf[o + 6]);
    // prettier-ignore
    case 8:
      return f(buf[o], buf[o+1], buf[o+2], buf[o+3], buf[o+4], buf[o+5], buf[o+6], buf[o+7]);
    // prettier-ignore
    case 9:
      return f(buf[o], buf[o+1], buf[o+2], buf[o+3], buf[o+4], buf[o+5], buf[o+6], buf[o+7], buf[o+8]);
    // prettier-ignore
    case 10:
      return f(buf[o], buf[o+1], buf[o+2], buf[o+3], buf[o+4], buf[o+5], buf[o+6], buf[o+7], buf[o+8], buf[o+9]);
    // prettier-ignore
    case 11:
      return f(buf[o], buf[o+1], buf[o+2], buf[o+3], buf[o+4], buf[o+5], buf[o+6], buf[o+7], buf[o+8], buf[o+9], buf[o+10]);
    // prettier-ignore
    case 12:
      return f(buf[o], buf[o+1], buf[o+2], buf[o+3], buf[o+4], buf[o+5], buf[o+6], buf[o+7], buf[o+8], buf[o+9], buf[o+10],
        buf[o+11]);
    // prettier-ignore
    case 13:
      return f(buf[o], buf[o+1], buf[o+2], buf[o+3], buf[o+4], buf[o+5], buf[o+6], buf[o+7], buf[o+8], buf[o+9], buf[o+10],
        buf[o+11], buf[o+12]);
    // prettier-ignore
    case 14:
      return f(buf[o], buf[o+1], buf[o+2], buf[o+3], buf[o+4], buf[o+5], buf[o+6], buf[o+7], buf[o+8], buf[o+9], buf[o+10],
        buf[o+11], buf[o+12], buf[o+13]);
    // prettier-ignore
    case 15:
      return f(buf[o], buf[o+1], buf[o+2], buf[o+3], buf[o+4], buf[o+5], buf[o+6], buf[o+7], buf[o+8], buf[o+9], buf[o+10],
        buf[o+11], buf[o+12], buf[o+13], buf[o+14]);
    // prettier-ignore
    case 16:
      return f(buf[o], buf[o+1], buf[o+2], buf[o+3], buf[o+4], buf[o+5], buf[o+6], buf[o+7], buf[o+8], buf[o+9], buf[o+10],
        buf[o+11], buf[o+12], buf[o+13], buf[o+14], buf[o+15]);
    // prettier-ignore
    case 17:
      return f(buf[o], buf[o+1], buf[o+2], buf[o+3], buf[o+4], buf[o+5], buf[o+6], buf[o+7], buf[o+8], buf[o+9], buf[o+10],
        buf[o+11], buf[o+12], buf[o+13], buf[o+14], buf[o+15], buf[o+16]);
    // prettier-ignore
    case 18:
      return f(buf[o], buf[o+1], buf[o+2], buf[o+3], buf[o+4], buf[o+5], buf[o+6], buf[o+7], buf[o+8], buf[o+9], buf[o+10],
        buf[o+11], buf[o+12], buf[o+13], buf[o+14], buf[o+15], buf[o+16], buf[o+17]);
    // prettier-ignore
    case 19:
      return f(buf[o], buf[o+1], buf[o+2], buf[o+3], buf[o+4], buf[o+5], buf[o+6], buf[o+7], buf[o+8], buf[o+9], buf[o+10],
        buf[o+11], buf[o+12], buf[o+13], buf[o+14], buf[o+15], buf[o+16], buf[o+17], buf[o+18]);
    // prettier-ignore
    case 20:
      return f(buf[o], buf[o+1], buf[o+2], buf[o+3], buf[o+4], buf[o+5], buf[o+6], buf[o+7], buf[o+8], buf[o+9], buf[o+10],
        buf[o+11], buf[o+12], buf[o+13], buf[o+14], buf[o+15], buf[o+16], buf[o+17], buf[o+18], buf[o+19]);
    default:
      // Two such pieces and a join would be flattened again by the first lookup.
      return buf.latin1Slice(o, o + len);
  }
}

/**
 * latin1Arg() for the name of a command: the string that was made when the same name came last, if it is still known. Then nothing is
 * allocated, and dictSdsCaseHash() knows the hash.
 *
 * @own sdsnewlen() of an argument
 */
export function latin1Name(buf: Buffer, o: number, len: number): string {
  if (len === 0 || len > COMMAND_NAME_LEN) return latin1Arg(buf, o, len);
  // Some place that differs for most names; which name stands there is looked at.
  const place = (buf[o] * 5 + buf[o + len - 1] * 3 + len * 17) & (COMMAND_NAMES - 1);
  const known = server.command_names[place];
  const at = place * KNOWN_WORDS;
  if (known.length === len && sameWords(server.command_names_words, at, buf, o, len)) return known;
  const name = latin1Arg(buf, o, len);
  server.command_names[place] = name;
  rememberWords(server.command_names_words, at, buf, o, len);
  return name;
}

/** Longer arguments than this are not remembered. */
const KNOWN_ARG_LEN = KNOWN_WORDS * 4;

/** So many arguments must have been different from the remembered one before another is remembered. */
const KNOWN_ARG_MISSES = 8;

/**
 * latin1Arg() for any argument but the name: the string that the keyspace has of a key that was fetched, or that was made when the same
 * argument last stood at this place, if that is remembered. Then nothing is allocated, and who looks a key up compares two pointers.
 *
 * @own sdsnewlen() of an argument
 */
export function latin1Known(buf: Buffer, o: number, len: number, argc: number): string {
  const batch = server.prefetch;
  if (batch.next < batch.count) {
    const key = prefetchedKey(buf, o, len);
    if (key !== null) return key;
  }
  if (len > KNOWN_ARG_LEN) return latin1Arg(buf, o, len);
  const place = argc & (KNOWN_ARGS - 1);
  const known = server.known_args[place];
  const at = place * KNOWN_WORDS;
  if (known.length === len && sameWords(server.known_args_words, at, buf, o, len)) return known;
  const arg = latin1Arg(buf, o, len);
  // To remember costs something, too, and most arguments do not come again.
  if (++server.known_args_missed >= KNOWN_ARG_MISSES) {
    server.known_args_missed = 0;
    server.known_args[place] = arg;
    rememberWords(server.known_args_words, at, buf, o, len);
  }
  return arg;
}

/**
 * Writes a text to a connection that has no reply buffer yet, with no regard to whether that works.
 *
 * @own connWrite() of a C string
 */
export function connWriteText(conn: connection, text: string): void {
  const buf = Buffer.allocUnsafeSlow(text.length);
  buf.latin1Write(text, 0, text.length);
  connWrite(conn, buf, 0, buf.length);
}

/**
 * What the allocator holds for an sds.
 *
 * @c networking.c:46
 */
export function sdsZmallocSize(s: sds): number {
  return sdsMallocSize(s);
}

/**
 * What the allocator of C holds for the bytes of a string object, slack included; 0 for a number.
 *
 * @c networking.c:53
 */
export function getStringObjectSdsUsedMemory(o: robj): number {
  serverAssertWithInfo(null, o, o.type === OBJ_STRING, 'o->type == OBJ_STRING');
  switch (o.encoding) {
    case OBJ_ENCODING_RAW:
      return typeof o.ptr === 'string'
        ? sdsStringAllocSize(o.ptr.length)
        : sdsZmallocSize(o.ptr as sds);
    case OBJ_ENCODING_EMBSTR:
      return jemalloc_good_size(SIZEOF_ROBJ + 3 + (o.ptr as string).length + 1) - SIZEOF_ROBJ;
    default:
      return 0;
  }
}

/**
 * The number of bytes of a string object; 0 for a number.
 *
 * @c networking.c:64
 */
export function getStringObjectLen(o: robj): number {
  switch (o.encoding) {
    case OBJ_ENCODING_RAW:
    case OBJ_ENCODING_EMBSTR:
      return objPtrLen(o);
    default:
      return 0;
  }
}

/**
 * A copy of a block of the reply list.
 *
 * @c networking.c:74
 */
export function dupClientReplyValue(o: clientReplyBlock | null): clientReplyBlock | null {
  if (o === null) return null;
  const block = newReplyBlock(o.size);
  o.buf.copy(block.buf, 0, 0, o.used);
  block.used = o.used;
  return block;
}

/**
 * Gives a block of the reply list back to the account; a place kept for a length weighs nothing.
 *
 * @c networking.c:81
 */
export function freeClientReplyValue(o: clientReplyBlock | null): void {
  if (o !== null) zfree(o.size + SIZEOF_CLIENTREPLYBLOCK);
}

/**
 * An empty block for at least `size` bytes; the slack of the allocator's size class is usable.
 *
 * @own zmalloc_usable() of a clientReplyBlock
 */
export function newReplyBlock(size: number): clientReplyBlock {
  const usable = zmalloc(size + SIZEOF_CLIENTREPLYBLOCK) - SIZEOF_CLIENTREPLYBLOCK;
  return new clientReplyBlock(Buffer.allocUnsafeSlow(usable));
}

/**
 * The match method of lists of string objects.
 *
 * @c networking.c:85
 */
export function listMatchObjects(a: robj, b: robj): boolean {
  return equalStringObjects(a, b);
}

/**
 * Enters a client into the list of clients and the index by id. unlinkClient() undoes it.
 *
 * @c networking.c:91
 */
export function linkClient(c: client): void {
  listAddNodeTail(server.clients, c);
  // Kept, so that unlinking needs no search.
  c.client_list_node = listLast(server.clients);
  raxInsert(server.clients_index, u64ToKey(c.id), c, null);
}

/**
 * Makes a new client the default user; it counts as authenticated if that user is enabled and has no password.
 *
 * @c networking.c:103
 * @cstatic
 */
export function clientSetDefaultAuth(c: client): void {
  const u = server.DefaultUser!;
  c.user = u;
  c.authenticated = (u.flags & USER_FLAG_NOPASS) !== 0 && !(u.flags & USER_FLAG_DISABLED) ? 1 : 0;
}

/**
 * Whether the client must authenticate before it may do anything else.
 *
 * @c networking.c:111
 */
export function authRequired(c: client): boolean {
  const u = server.DefaultUser!;
  return (
    (!(u.flags & USER_FLAG_NOPASS) || (u.flags & USER_FLAG_DISABLED) !== 0) && !c.authenticated
  );
}

/**
 * A new client over a connection, ready to be read from. With null, a pseudo client that runs commands on behalf of the server itself:
 * it is not in the list of clients and gets no replies.
 *
 * @c networking.c:120
 */
export function createClient(conn: connection | null): client {
  zmalloc(SIZEOF_CLIENT);
  const c = new client();

  if (conn) {
    connEnableTcpNoDelay(conn);
    if (server.tcpkeepalive) connKeepAlive(conn, server.tcpkeepalive);
    connSetReadHandler(conn, readQueryFromClient);
    connSetPrivateData(conn, c);
  }
  c.buf_usable_size = zmalloc(PROTO_REPLY_CHUNK_BYTES);
  c.buf = Buffer.allocUnsafeSlow(c.buf_usable_size);
  selectDb(c, 0);
  c.id = server.next_client_id++;
  c.resp = 2;
  c.conn = conn;
  c.name = null;
  c.bufpos = 0;
  c.buf_peak = c.buf_usable_size;
  c.buf_peak_last_reset_time = server.unixtime;
  c.qb_pos = 0;
  c.querybuf = sdsempty();
  c.querybuf_peak = 0;
  c.reqtype = 0;
  c.argc = 0;
  c.argv = NO_ARGV;
  c.argv_len = 0;
  c.argv_len_sum = 0;
  c.original_argc = 0;
  c.original_argv = null;
  c.cmd = c.lastcmd = c.realcmd = null;
  c.multibulklen = 0;
  c.bulklen = -1;
  c.sentlen = 0;
  c.flags = 0;
  c.slot = -1;
  c.ctime = c.lastinteraction = server.unixtime;
  clientSetDefaultAuth(c);
  c.replstate = REPL_STATE_NONE;
  c.slave_capa = SLAVE_CAPA_NONE;
  c.slave_req = SLAVE_REQ_NONE;
  c.reply = listCreate();
  c.deferred_reply_errors = null;
  c.reply_bytes = 0;
  c.obuf_soft_limit_reached_time = 0;
  listSetFreeMethod(c.reply, freeClientReplyValue);
  listSetDupMethod(c.reply, dupClientReplyValue);
  c.btype = BLOCKED_NONE;
  c.bpop = new blockingState();
  c.bpop.keys = dictCreate(objectKeyHeapPointerValueDictType);
  c.woff = 0;
  c.watched_keys = listCreate();
  c.pubsub_channels = dictCreate(objectKeyPointerValueDictType);
  c.pubsub_patterns = listCreate();
  c.pubsubshard_channels = dictCreate(objectKeyPointerValueDictType);
  c.last_memory_type = CLIENT_TYPE_NORMAL;
  listSetFreeMethod(c.pubsub_patterns, decrRefCountVoid);
  listSetMatchMethod(c.pubsub_patterns, listMatchObjects);
  if (conn) linkClient(c);
  c.mstate = new multiState();
  initClientMultiState(c);
  return c;
}

/**
 * Asks the event loop to tell when the client's socket has room. When the AOF is synced on every write, a reply must not leave in the
 * iteration that read the query, before beforeSleep() has synced: hence the barrier.
 *
 * @c networking.c:219
 */
export function installClientWriteHandler(c: client): void {
  let ae_barrier = 0;
  if (server.aof_state === AOF_ON && server.aof_fsync === AOF_FSYNC_ALWAYS) {
    ae_barrier = 1;
  }
  if (connSetWriteHandlerWithBarrier(c.conn!, sendReplyToClient, ae_barrier) === C_ERR) {
    freeClientAsync(c);
  }
}

/**
 * Remembers that the client has something to be sent. Most replies then leave in beforeSleep() with one write(2), and no write handler need
 * be installed at all.
 *
 * @c networking.c:243
 */
export function putClientInPendingWriteQueue(c: client): void {
  if (
    !(c.flags & CLIENT_PENDING_WRITE) &&
    (c.replstate === REPL_STATE_NONE ||
      (c.replstate === SLAVE_STATE_ONLINE && !c.repl_start_cmd_stream_on_ack))
  ) {
    c.flags |= CLIENT_PENDING_WRITE;
    listAddNodeHead(server.clients_pending_write, c);
  }
}

/**
 * Called before anything is added to a client's output. C_OK: go on, and it is seen to that the output will be sent. C_ERR: this client gets
 * nothing (a pseudo client, a master, one that is being closed or that switched replies off); add nothing.
 *
 * @c networking.c:284
 */
export function prepareClientToWrite(c: client): number {
  const flags = c.flags;
  // The output of a script's client is read by the script itself.
  if (flags & (CLIENT_SCRIPT | CLIENT_MODULE)) return C_OK;

  if (flags & CLIENT_CLOSE_ASAP) return C_ERR;

  if (flags & (CLIENT_REPLY_OFF | CLIENT_REPLY_SKIP)) return C_ERR;

  if (flags & CLIENT_MASTER && !(flags & CLIENT_MASTER_FORCE_REPLY)) return C_ERR;

  if (c.conn === null) return C_ERR;

  // With output waiting already, the client is in the queue or has its write handler.
  if (!clientHasPendingReplies(c)) putClientInPendingWriteQueue(c);

  return C_OK;
}

/* -----------------------------------------------------------------------------
 * Low level functions to add more data to output buffers.
 * -------------------------------------------------------------------------- */

/**
 * Puts what fits of `len` bytes of `s` from `off` into the static buffer, nothing at all when the reply list is in use. Returns how many
 * bytes went in.
 *
 * @c networking.c:327
 */
export function _addReplyToBuffer(
  c: client,
  s: string | Uint8Array,
  off: number,
  len: number,
): number {
  if (c.reply.len > 0) return 0;

  const available = c.buf_usable_size - c.bufpos;
  const reply_len = len > available ? available : len;
  const pos = c.bufpos;
  copyReply(c.buf, pos, s, off, reply_len);
  const bufpos = pos + reply_len;
  c.bufpos = bufpos;
  if (c.buf_peak < bufpos) c.buf_peak = bufpos;
  return reply_len;
}

/**
 * Copies `len` bytes of `s` from `off` to `pos` in `buf`.
 *
 * @own memcpy() for both kinds of bytes
 */
export function copyReply(
  buf: Buffer,
  pos: number,
  s: string | Uint8Array,
  off: number,
  len: number,
): void {
  if (len > SHORT_STRING) copyLongReply(buf, pos, s, off, len);
  else if (typeof s === 'string') {
    for (let j = 0; j < len; j++) buf[pos + j] = s.charCodeAt(off + j);
  } else {
    for (let j = 0; j < len; j++) buf[pos + j] = s[off + j];
  }
}

/**
 * The same for what a loop is too slow for.
 *
 * @own part of copyReply, which is to be small
 */
export function copyLongReply(
  buf: Buffer,
  pos: number,
  s: string | Uint8Array,
  off: number,
  len: number,
): void {
  if (typeof s === 'string') buf.latin1Write(off === 0 ? s : s.substring(off), pos, len);
  else if (len > SHORT_BYTES) {
    // A view costs as much as to copy a kilobyte. The end of a block goes along with its bytes: what comes next overwrites it.
    const whole = off === 0 && s.length - len <= len >> 1 && pos + s.length <= buf.length;
    buf.set(whole ? s : new Uint8Array(s.buffer, s.byteOffset + off, len), pos);
  } else {
    for (let j = 0; j < len; j++) buf[pos + j] = s[off + j];
  }
}

/**
 * Appends `len` bytes of `s` from `off` to the reply list: into the room of the last block, then into a new one. A new block
 * may take the client over its output limit, which marks it to be closed.
 *
 * @c networking.c:345
 */
export function _addReplyProtoToList(
  c: client,
  s: string | Uint8Array,
  off: number,
  len: number,
): void {
  const ln = listLast(c.reply);
  // The last node may be a place kept by addReplyDeferredLen().
  let tail = ln ? listNodeValue(ln) : null;

  if (tail !== null) {
    const avail = tail.size - tail.used;
    const copy = avail >= len ? len : avail;
    copyToBlock(tail, s, off, copy);
    off += copy;
    len -= copy;
  }
  if (len) {
    tail = newReplyBlock(len < PROTO_REPLY_CHUNK_BYTES ? PROTO_REPLY_CHUNK_BYTES : len);
    copyToBlock(tail, s, off, len);
    listAddNodeTail(c.reply, tail);
    c.reply_bytes += tail.size;

    closeClientOnOutputBufferLimitReached(c, 1);
  }
}

/**
 * Appends `len` bytes of `s` from `off` to a block; the caller knows that they fit.
 *
 * @own memcpy() into a clientReplyBlock, for both kinds of bytes
 */
export function copyToBlock(
  block: clientReplyBlock,
  s: string | Uint8Array,
  off: number,
  len: number,
): void {
  const pos = block.used;
  copyReply(block.buf, pos, s, off, len);
  block.used = pos + len;
}

/**
 * Adds `len` bytes of `s` from `off` (the first by default) to the client's output.
 *
 * @c networking.c:381
 */
export function _addReplyToBufferOrList(
  c: client,
  s: string | Uint8Array,
  len: number,
  off: number = 0,
): void {
  if (c.flags & CLIENT_CLOSE_AFTER_REPLY) return;

  // A replica's connection carries the stream of commands. Whoever makes us reply on it is up to no good.
  if (getClientType(c) === CLIENT_TYPE_SLAVE) {
    replicaGeneratedReply(c);
    return;
  }

  const reply_len = _addReplyToBuffer(c, s, off, len);
  if (len > reply_len) _addReplyProtoToList(c, s, off + reply_len, len - reply_len);
}

/**
 * Says which command made a replica get a reply, and closes its connection.
 *
 * @own part of _addReplyToBufferOrList, which is to be small
 */
export function replicaGeneratedReply(c: client): void {
  const cmdname = c.lastcmd ? c.lastcmd.fullname : null;
  logInvalidUseAndFreeClientAsync(
    c,
    `Replica generated a reply to command '${cmdname ?? '<unknown>'}'`,
  );
}

/* -----------------------------------------------------------------------------
 * Higher level functions to queue data on the client output buffer.
 * The following functions are the ones that commands implementations will call.
 * -------------------------------------------------------------------------- */

/**
 * Adds the bytes of a string object as they are: an object of `shared` is a whole reply, a value is the body of one.
 *
 * @c networking.c:405
 */
export function addReply(c: client, obj: robj): void {
  if (prepareClientToWrite(c) !== C_OK) return;

  const ptr = obj.ptr;
  if (typeof ptr === 'string') {
    _addReplyToBufferOrList(c, ptr, ptr.length);
  } else if (obj.encoding === OBJ_ENCODING_INT) {
    const buf = server.reply_scratch;
    const len = ll2buf(buf, 0, ptr as number | bigint);
    _addReplyToBufferOrList(c, buf, len);
  } else if (obj.encoding === OBJ_ENCODING_RAW) {
    _addReplyToBufferOrList(c, (ptr as sds).buf, (ptr as sds).len);
  } else {
    serverPanic('Wrong obj->encoding in addReply()');
  }
}

/**
 * Adds a string as it is. An sds is freed, also if the client gets no replies.
 *
 * @c networking.c:424
 */
export function addReplySds(c: client, s: string | sds): void {
  const ok = prepareClientToWrite(c) === C_OK;
  if (typeof s === 'string') {
    if (ok) _addReplyToBufferOrList(c, s, s.length);
    return;
  }
  if (ok) _addReplyToBufferOrList(c, s.buf, s.len);
  sdsfree(s);
}

/**
 * Adds `len` bytes (all by default) of a string or of bytes as they are, from `off` (the first by default).
 *
 * @c networking.c:442
 */
export function addReplyProto(
  c: client,
  s: string | Uint8Array,
  len: number = s.length,
  off: number = 0,
): void {
  if (prepareClientToWrite(c) !== C_OK) return;
  _addReplyToBufferOrList(c, s, len, off);
}

/**
 * Adds an error: `s` is its text with the code in front if it begins with a dash, else the code is ERR. It must not end with CRLF.
 *
 * @c networking.c:456
 */
export function addReplyErrorLength(c: client, s: string): void {
  if (s.length === 0 || s.charCodeAt(0) !== 0x2d) addReplyProto(c, '-ERR ', 5);
  addReplyProto(c, s, s.length);
  addReplyProto(c, '\r\n', 2);
}

/**
 * Counts an error that was replied, by its code (the word after the dash). With ERR_REPLY_FLAG_NO_STATS_UPDATE in `flags` only the
 * command's own failures are counted. An error to a master, a replica or the reader of the AOF means that data sets differ, so it is
 * logged, and may be fatal (`propagation-error-behavior`).
 *
 * @c networking.c:467
 */
export function afterErrorReply(c: client, s: string, flags: number): void {
  // What a module's pseudo client replied becomes an error when it reaches a real one.
  if (c.flags & CLIENT_MODULE) {
    if (!c.deferred_reply_errors) c.deferred_reply_errors = listCreate<string>();
    listAddNodeTail(c.deferred_reply_errors, s);
    return;
  }

  if (!(flags & ERR_REPLY_FLAG_NO_STATS_UPDATE)) {
    server.stat_total_error_replies++;
    if (s.charCodeAt(0) !== 0x2d) {
      incrementErrorCount('ERR', 3);
    } else {
      const spaceloc = s.indexOf(' ');
      if (spaceloc !== -1 && spaceloc < 32) {
        const prefix = s.slice(1, spaceloc);
        incrementErrorCount(prefix, prefix.length);
      } else {
        incrementErrorCount('ERR', 3);
      }
    }
  } else {
    // The total tells call() that the command failed. It is left alone here, so the failure is noted now; on realcmd,
    // since a command may run as another (GEOADD as ZADD).
    c.realcmd!.failed_calls++;
  }

  const ctype = getClientType(c);
  if (ctype === CLIENT_TYPE_MASTER || ctype === CLIENT_TYPE_SLAVE || c.id === CLIENT_ID_AOF) {
    let to: string;
    let from: string;

    if (c.id === CLIENT_ID_AOF) {
      to = 'AOF-loading-client';
      from = 'server';
    } else if (ctype === CLIENT_TYPE_MASTER) {
      to = 'master';
      from = 'replica';
    } else {
      to = 'replica';
      from = 'master';
    }

    const text = s.length > 4096 ? s.slice(0, 4096) : s;
    const cmdname = c.lastcmd ? c.lastcmd.fullname : '<unknown>';
    serverLog(
      LL_WARNING,
      `== CRITICAL == This ${from} is sending an error to its ${to}: '${cstr(text)}' after processing the command '${cmdname}'`,
    );
    server.stat_unexpected_error_replies++;

    const panic_in_replicas =
      ctype === CLIENT_TYPE_MASTER &&
      server.repl_slave_ro &&
      (server.propagation_error_behavior === PROPAGATION_ERR_BEHAVIOR_PANIC ||
        server.propagation_error_behavior === PROPAGATION_ERR_BEHAVIOR_PANIC_ON_REPLICAS);
    const panic_in_aof =
      c.id === CLIENT_ID_AOF &&
      server.propagation_error_behavior === PROPAGATION_ERR_BEHAVIOR_PANIC;
    if (panic_in_replicas || panic_in_aof) {
      serverPanic(
        `This ${from} panicked sending an error to its ${to} after processing the command '${cmdname}'`,
      );
    }
  }
}

/**
 * Replies one of the shared errors, which begin with a dash and end with CRLF.
 *
 * @c networking.c:562
 */
export function addReplyErrorObject(c: client, err: robj): void {
  addReply(c, err);
  const s = objPtrString(err);
  afterErrorReply(c, s.slice(0, s.length - 2), 0);
}

/**
 * Replies a shared object that may be an error or not: its first char tells.
 *
 * @c networking.c:572
 */
export function addReplyOrErrorObject(c: client, reply: robj): void {
  serverAssert(sdsEncodedObject(reply), 'sdsEncodedObject(reply)');
  const rep = reply.ptr as sds;
  if (sdslen(rep) > 1 && rep.buf[0] === 0x2d) {
    addReplyErrorObject(c, reply);
  } else {
    addReply(c, reply);
  }
}

/**
 * Replies an error; `err` as for addReplyErrorLength().
 *
 * @c networking.c:583
 */
export function addReplyError(c: client, err: string): void {
  addReplyErrorLength(c, err);
  afterErrorReply(c, err, 0);
}

/**
 * Replies an error, with ERR_REPLY_FLAG_* for the statistics.
 *
 * @c networking.c:591
 */
export function addReplyErrorSdsEx(c: client, err: string, flags: number): void {
  addReplyErrorLength(c, err);
  afterErrorReply(c, err, flags);
}

/**
 * Replies an error.
 *
 * @c networking.c:599
 */
export function addReplyErrorSds(c: client, err: string): void {
  addReplyErrorSdsEx(c, err, 0);
}

/**
 * Replies an error whose text may hold what a client sent: line ends at the edges go, those within become blanks, since a line end would end
 * the reply.
 *
 * @c networking.c:605
 * @cstatic
 */
export function addReplyErrorFormatInternal(c: client, flags: number, msg: string): void {
  let s = sdstrim(msg, '\r\n');
  s = sdsmapchars(s, '\r\n', '  ');
  addReplyErrorLength(c, s);
  afterErrorReply(c, s, flags);
}

/**
 * Replies a formatted error, with ERR_REPLY_FLAG_* for the statistics.
 *
 * @c networking.c:620
 */
export function addReplyErrorFormatEx(c: client, flags: number, msg: string): void {
  addReplyErrorFormatInternal(c, flags, msg);
}

/**
 * Replies a formatted error.
 *
 * @c networking.c:629
 */
export function addReplyErrorFormat(c: client, msg: string): void {
  addReplyErrorFormatInternal(c, 0, msg);
}

/**
 * Replies that the command has too few or too many arguments.
 *
 * @c networking.c:636
 */
export function addReplyErrorArity(c: client): void {
  addReplyErrorFormat(c, `wrong number of arguments for '${c.cmd!.fullname}' command`);
}

/**
 * Replies that an expire time is out of range.
 *
 * @c networking.c:641
 */
export function addReplyErrorExpireTime(c: client): void {
  addReplyErrorFormat(c, `invalid expire time in '${c.cmd!.fullname}' command`);
}

/**
 * Replies a status line.
 *
 * @c networking.c:646
 */
export function addReplyStatusLength(c: client, s: string): void {
  addReplyProto(c, '+', 1);
  addReplyProto(c, s, s.length);
  addReplyProto(c, '\r\n', 2);
}

/**
 * Replies a status line.
 *
 * @c networking.c:652
 */
export function addReplyStatus(c: client, status: string): void {
  addReplyStatusLength(c, status);
}

/**
 * Replies a formatted status line.
 *
 * @c networking.c:656
 */
export function addReplyStatusFormat(c: client, s: string): void {
  addReplyStatusLength(c, s);
}

/**
 * Gives back the unused end of the last block, when that is worth it, because the next bytes will not go there.
 *
 * @c networking.c:668
 */
export function trimReplyUnusedTailSpace(c: client): void {
  const ln = listLast(c.reply);
  const tail = ln ? listNodeValue(ln) : null;
  if (tail === null) return;

  if (tail.size - tail.used > tail.size / 4 && tail.used < PROTO_REPLY_CHUNK_BYTES) {
    const old_size = tail.size;
    const trimmed = newReplyBlock(tail.used);
    tail.buf.copy(trimmed.buf, 0, 0, tail.used);
    trimmed.used = tail.used;
    freeClientReplyValue(tail);
    c.reply_bytes = c.reply_bytes + trimmed.size - old_size;
    ln!.value = trimmed;
  }
}

/**
 * Reserves the place of an aggregate's length that is not known yet. Hand the node to setDeferredArrayLen() or a sister before
 * returning to the event loop. null when the client gets no replies.
 *
 * @c networking.c:695
 */
export function addReplyDeferredLen(c: client): listNode<clientReplyBlock | null> | null {
  if (prepareClientToWrite(c) !== C_OK) return null;

  if (getClientType(c) === CLIENT_TYPE_SLAVE) {
    const cmdname = c.lastcmd ? c.lastcmd.fullname : null;
    logInvalidUseAndFreeClientAsync(
      c,
      `Replica generated a reply to command '${cmdname ?? '<unknown>'}'`,
    );
    return null;
  }

  trimReplyUnusedTailSpace(c);
  listAddNodeTail(c.reply, null);
  return listLast(c.reply);
}

/**
 * Fills a place reserved by addReplyDeferredLen(). Where the block before has room left, or the one after is not too big to be moved up, the
 * bytes go there and the place vanishes, which spares a piece of the write.
 *
 * @c networking.c:717
 */
export function setDeferredReply(
  c: client,
  node: listNode<clientReplyBlock | null> | null,
  s: string,
): void {
  if (node === null) return;
  serverAssert(node.value === null, '!listNodeValue(ln)');
  let length = s.length;
  let off = 0;

  const prev = node.prev !== null ? node.prev.value : null;
  if (prev !== null && prev.size - prev.used > 0) {
    let len_to_copy = prev.size - prev.used;
    if (len_to_copy > length) len_to_copy = length;
    copyToBlock(prev, s, 0, len_to_copy);
    length -= len_to_copy;
    if (length === 0) {
      listDelNode(c.reply, node);
      return;
    }
    off = len_to_copy;
  }

  const next = node.next !== null ? node.next.value : null;
  if (next !== null && next.size - next.used >= length && next.used < PROTO_REPLY_CHUNK_BYTES * 4) {
    next.buf.copyWithin(length, 0, next.used);
    const used = next.used;
    next.used = 0;
    copyToBlock(next, s, off, length);
    next.used = used + length;
    listDelNode(c.reply, node);
  } else {
    const buf = newReplyBlock(length);
    copyToBlock(buf, s, off, length);
    node.value = buf;
    c.reply_bytes += buf.size;

    closeClientOnOutputBufferLimitReached(c, 1);
  }
}

/**
 * Fills a reserved place with the header of an aggregate of `length` elements; `prefix` is its type's char.
 *
 * @c networking.c:776
 */
export function setDeferredAggregateLen(
  c: client,
  node: listNode<clientReplyBlock | null> | null,
  length: number,
  prefix: string,
): void {
  serverAssert(length >= 0, 'length >= 0');

  if (node === null) return;

  const opt_hdr = length < OBJ_SHARED_BULKHDR_LEN;
  if (prefix === '*' && opt_hdr) {
    setDeferredReply(c, node, objPtrString(shared.mbulkhdr[length]));
    return;
  }
  if (prefix === '%' && opt_hdr) {
    setDeferredReply(c, node, objPtrString(shared.maphdr[length]));
    return;
  }
  if (prefix === '~' && opt_hdr) {
    setDeferredReply(c, node, objPtrString(shared.sethdr[length]));
    return;
  }

  setDeferredReply(c, node, `${prefix}${length}\r\n`);
}

/**
 * The reserved place becomes the header of an array.
 *
 * @c networking.c:806
 */
export function setDeferredArrayLen(
  c: client,
  node: listNode<clientReplyBlock | null> | null,
  length: number,
): void {
  setDeferredAggregateLen(c, node, length, '*');
}

/**
 * The reserved place becomes the header of a map of `length` pairs; in RESP2 an array of twice as many.
 *
 * @c networking.c:810
 */
export function setDeferredMapLen(
  c: client,
  node: listNode<clientReplyBlock | null> | null,
  length: number,
): void {
  const prefix = c.resp === 2 ? '*' : '%';
  if (c.resp === 2) length *= 2;
  setDeferredAggregateLen(c, node, length, prefix);
}

/**
 * The reserved place becomes the header of a set; in RESP2 an array.
 *
 * @c networking.c:816
 */
export function setDeferredSetLen(
  c: client,
  node: listNode<clientReplyBlock | null> | null,
  length: number,
): void {
  const prefix = c.resp === 2 ? '*' : '~';
  setDeferredAggregateLen(c, node, length, prefix);
}

/**
 * The reserved place becomes the header of attributes (RESP3 only).
 *
 * @c networking.c:821
 */
export function setDeferredAttributeLen(
  c: client,
  node: listNode<clientReplyBlock | null> | null,
  length: number,
): void {
  serverAssert(c.resp >= 3, 'c->resp >= 3');
  setDeferredAggregateLen(c, node, length, '|');
}

/**
 * The reserved place becomes the header of a push message (RESP3 only).
 *
 * @c networking.c:826
 */
export function setDeferredPushLen(
  c: client,
  node: listNode<clientReplyBlock | null> | null,
  length: number,
): void {
  serverAssert(c.resp >= 3, 'c->resp >= 3');
  setDeferredAggregateLen(c, node, length, '>');
}

/**
 * Replies a double with 17 digits: a bulk string in RESP2, a double in RESP3.
 *
 * @c networking.c:832
 */
export function addReplyDouble(c: client, d: number): void {
  if (d === Infinity || d === -Infinity) {
    if (c.resp === 2) {
      addReplyBulkCString(c, d > 0 ? 'inf' : '-inf');
    } else {
      addReplyProto(c, d > 0 ? ',inf\r\n' : ',-inf\r\n');
    }
  } else {
    const dbuf = printf_g(d, 17);
    if (c.resp === 2) {
      addReplyProto(c, `$${dbuf.length}\r\n${dbuf}\r\n`);
    } else {
      addReplyProto(c, `,${dbuf}\r\n`);
    }
  }
}

/**
 * Replies an integer of any size from its digits: a bulk string in RESP2.
 *
 * @c networking.c:857
 */
export function addReplyBigNum(c: client, num: string): void {
  if (c.resp === 2) {
    addReplyBulkCBuffer(c, num);
  } else {
    addReplyProto(c, '(', 1);
    addReplyProto(c, num, num.length);
    addReply(c, shared.crlf);
  }
}

/**
 * Replies a long double as people write it, without exponent and trailing zeros.
 *
 * @c networking.c:870
 */
export function addReplyHumanLongDouble(c: client, d: longdouble): void {
  if (c.resp === 2) {
    const o = createStringObjectFromLongDouble(d, 1);
    addReplyBulk(c, o);
    decrRefCount(o);
  } else {
    addReplyProto(c, ',', 1);
    addReplyProto(c, ld2string(d, LD_STR_HUMAN));
    addReplyProto(c, '\r\n', 2);
  }
}

/**
 * Adds a number between a type's char (its code) and CRLF: an integer reply, the length of a bulk string, the size of an aggregate.
 *
 * @c networking.c:886
 */
export function addReplyLongLongWithPrefix(c: client, ll: number | bigint, prefix: number): void {
  // Small lengths are sent all the time, so their headers are kept ready.
  if (ll < OBJ_SHARED_BULKHDR_LEN && ll >= 0) {
    let hdr: robj[] | null = null;
    if (prefix === 0x24) hdr = shared.bulkhdr;
    else if (prefix === 0x2a) hdr = shared.mbulkhdr;
    else if (prefix === 0x25) hdr = shared.maphdr;
    else if (prefix === 0x7e) hdr = shared.sethdr;
    if (hdr !== null) {
      const text = hdr[ll as number].ptr as sds;
      addReplyProto(c, text.buf, text.len);
      return;
    }
  }

  const buf = server.reply_scratch;
  buf[0] = prefix;
  const len = ll2buf(buf, 1, ll);
  buf[len + 1] = CR;
  buf[len + 2] = LF;
  addReplyProto(c, buf, len + 3);
}

/**
 * Replies an integer.
 *
 * @c networking.c:916
 */
export function addReplyLongLong(c: client, ll: number | bigint): void {
  if (ll === 0) addReply(c, shared.czero);
  else if (ll === 1) addReply(c, shared.cone);
  else addReplyLongLongWithPrefix(c, ll, 0x3a);
}

/**
 * Adds the header of an aggregate; `prefix` is the code of its type's char.
 *
 * @c networking.c:925
 */
export function addReplyAggregateLen(c: client, length: number, prefix: number): void {
  serverAssert(length >= 0, 'length >= 0');
  addReplyLongLongWithPrefix(c, length, prefix);
}

/**
 * Adds the header of an array; that many replies must follow.
 *
 * @c networking.c:930
 */
export function addReplyArrayLen(c: client, length: number): void {
  addReplyAggregateLen(c, length, 0x2a);
}

/**
 * Adds the header of a map of `length` pairs; in RESP2 an array of twice as many.
 *
 * @c networking.c:934
 */
export function addReplyMapLen(c: client, length: number): void {
  const prefix = c.resp === 2 ? 0x2a : 0x25;
  if (c.resp === 2) length *= 2;
  addReplyAggregateLen(c, length, prefix);
}

/**
 * Adds the header of a set; in RESP2 an array.
 *
 * @c networking.c:940
 */
export function addReplySetLen(c: client, length: number): void {
  const prefix = c.resp === 2 ? 0x2a : 0x7e;
  addReplyAggregateLen(c, length, prefix);
}

/**
 * Adds the header of attributes (RESP3 only).
 *
 * @c networking.c:945
 */
export function addReplyAttributeLen(c: client, length: number): void {
  serverAssert(c.resp >= 3, 'c->resp >= 3');
  addReplyAggregateLen(c, length, 0x7c);
}

/**
 * Adds the header of a push message (RESP3 only).
 *
 * @c networking.c:950
 */
export function addReplyPushLen(c: client, length: number): void {
  serverAssert(c.resp >= 3, 'c->resp >= 3');
  addReplyAggregateLen(c, length, 0x3e);
}

/**
 * Replies null: a null bulk string in RESP2.
 *
 * @c networking.c:955
 */
export function addReplyNull(c: client): void {
  if (c.resp === 2) {
    addReplyProto(c, '$-1\r\n', 5);
  } else {
    addReplyProto(c, '_\r\n', 3);
  }
}

/**
 * Replies a boolean: 1 or 0 in RESP2.
 *
 * @c networking.c:963
 */
export function addReplyBool(c: client, b: boolean | number): void {
  if (c.resp === 2) {
    addReply(c, b ? shared.cone : shared.czero);
  } else {
    addReplyProto(c, b ? '#t\r\n' : '#f\r\n', 4);
  }
}

/**
 * Replies a null array, which RESP3 no longer tells from null.
 *
 * @c networking.c:975
 */
export function addReplyNullArray(c: client): void {
  if (c.resp === 2) {
    addReplyProto(c, '*-1\r\n', 5);
  } else {
    addReplyProto(c, '_\r\n', 3);
  }
}

/**
 * Adds the header of a bulk string for a string object.
 *
 * @c networking.c:984
 */
export function addReplyBulkLen(c: client, obj: robj): void {
  const len = stringObjectLen(obj);

  addReplyLongLongWithPrefix(c, len, 0x24);
}

/**
 * Replies a string object as a bulk string.
 *
 * @c networking.c:991
 */
export function addReplyBulk(c: client, obj: robj): void {
  addReplyBulkLen(c, obj);
  addReply(c, obj);
  addReply(c, shared.crlf);
}

/** So many bytes in a buffer or block make a reply a long one. */
const LONG_REPLY = 512;
/** The longest bulk that goes into it in one piece. */
const ONE_PIECE_BULK = 64;
/** Bytes of its header at most, `$64` and the line end, and of the line end behind it. */
const ONE_PIECE_EXTRA = 7;

/** With one of these a client gets no reply, or not in the common way. */
const NO_COMMON_REPLY =
  CLIENT_SCRIPT |
  CLIENT_MODULE |
  CLIENT_CLOSE_ASAP |
  CLIENT_REPLY_OFF |
  CLIENT_REPLY_SKIP |
  CLIENT_MASTER |
  CLIENT_CLOSE_AFTER_REPLY |
  CLIENT_SLAVE;

/**
 * Adds a short bulk string to a reply that is long already: header, bytes and line end in one go. To pass each of the three through the
 * functions for any reply takes twice as long, and a range has hundreds of them. False, and nothing is added, if the reply is not long yet,
 * or if what is added does not fit in the buffer (the block) that is being filled.
 *
 * @own addReplyLongLongWithPrefix(), addReplyProto() and addReply() with their callees, inlined
 */
export function addBulkToLongReply(
  c: client,
  p: string | Uint8Array,
  off: number,
  len: number,
): boolean {
  if (len > ONE_PIECE_BULK || c.flags & NO_COMMON_REPLY || c.conn === null) return false;
  const tail = c.reply.tail;
  let buf = c.buf;
  let pos = c.bufpos;
  let size = c.buf_usable_size;
  if (tail !== null) {
    const block = tail.value;
    if (block === null) return false;
    buf = block.buf;
    pos = block.used;
    size = block.size;
  }
  if (pos < LONG_REPLY || size - pos < len + ONE_PIECE_EXTRA) return false;

  buf[pos++] = 0x24;
  if (len > 9) {
    const tens = (len / 10) | 0;
    buf[pos++] = 48 + tens;
    buf[pos++] = 48 + len - tens * 10;
  } else buf[pos++] = 48 + len;
  buf[pos++] = CR;
  buf[pos++] = LF;
  if (typeof p === 'string') for (let j = 0; j < len; j++) buf[pos + j] = p.charCodeAt(off + j);
  else for (let j = 0; j < len; j++) buf[pos + j] = p[off + j];
  pos += len;
  buf[pos++] = CR;
  buf[pos++] = LF;

  if (tail !== null) tail.value!.used = pos;
  else {
    c.bufpos = pos;
    if (c.buf_peak < pos) c.buf_peak = pos;
  }
  return true;
}

/**
 * Replies `len` bytes (all by default) of a string or of bytes from `off` (the first by default) as a bulk string.
 *
 * @c networking.c:998
 */
export function addReplyBulkCBuffer(
  c: client,
  p: string | Uint8Array,
  off: number = 0,
  len: number = p.length - off,
): void {
  if (addBulkToLongReply(c, p, off, len)) return;
  addReplyLongLongWithPrefix(c, len, 0x24);
  addReplyProto(c, p, len, off);
  addReply(c, shared.crlf);
}

/**
 * Replies a string as a bulk string. An sds is freed.
 *
 * @c networking.c:1005
 */
export function addReplyBulkSds(c: client, s: string | sds): void {
  if (typeof s === 'string') {
    if (addBulkToLongReply(c, s, 0, s.length)) return;
    addReplyLongLongWithPrefix(c, s.length, 0x24);
  } else {
    if (addBulkToLongReply(c, s.buf, 0, s.len)) {
      sdsfree(s);
      return;
    }
    addReplyLongLongWithPrefix(c, sdslen(s), 0x24);
  }
  addReplySds(c, s);
  addReply(c, shared.crlf);
}

/**
 * The reserved place becomes a bulk string.
 *
 * @c networking.c:1012
 */
export function setDeferredReplyBulkSds(
  c: client,
  node: listNode<clientReplyBlock | null> | null,
  s: sds,
): void {
  setDeferredReply(c, node, `$${sdslen(s)}\r\n${sdsToString(s)}\r\n`);
  sdsfree(s);
}

/**
 * Replies a string as a bulk string, null as null.
 *
 * @c networking.c:1020
 */
export function addReplyBulkCString(c: client, s: string | null): void {
  if (s === null) {
    addReplyNull(c);
  } else {
    addReplyBulkCBuffer(c, s);
  }
}

/**
 * Replies the digits of an integer as a bulk string.
 *
 * @c networking.c:1029
 */
export function addReplyBulkLongLong(c: client, ll: number | bigint): void {
  // The header of so few bytes is a shared one, so it does not need the scratch buffer for itself.
  const buf = server.reply_scratch;
  const len = ll2buf(buf, 0, ll);
  addReplyBulkCBuffer(c, buf, 0, len);
}

/**
 * Replies a text with its kind: `ext` is three chars ("txt", "mkd"), cut or filled up with blanks. A bulk string in RESP2.
 *
 * @c networking.c:1046
 */
export function addReplyVerbatim(c: client, s: string, ext: string): void {
  if (c.resp === 2) {
    addReplyBulkCBuffer(c, s);
  } else {
    addReplyProto(c, `=${s.length + 4}\r\n${ext.slice(0, 3).padEnd(3)}:`);
    addReplyProto(c, s, s.length);
    addReplyProto(c, '\r\n', 2);
  }
}

/**
 * Replies the help of a container command: a heading, `help` line by line, and HELP itself.
 *
 * @c networking.c:1070
 */
export function addReplyHelp(c: client, help: readonly string[]): void {
  const cmd = sdstoupper(cstr(objPtrString(c.argv[0])));
  const blenp = addReplyDeferredLen(c);
  let blen = 0;

  addReplyStatusFormat(c, `${cmd} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:`);

  while (blen < help.length) addReplyStatus(c, help[blen++]);

  addReplyStatus(c, 'HELP');
  addReplyStatus(c, '    Prints this help.');

  blen += 1; // the heading
  blen += 2; // the two last lines
  setDeferredArrayLen(c, blenp, blen);
}

/**
 * Replies that there is no such subcommand, or not with such arguments, and where to find help.
 *
 * @c networking.c:1093
 */
export function addReplySubcommandSyntaxError(c: client): void {
  const cmd = sdstoupper(cstr(objPtrString(c.argv[0])));
  const sub = cstr(objPtrString(c.argv[1]).slice(0, 128));
  addReplyErrorFormat(
    c,
    `unknown subcommand or wrong number of arguments for '${sub}'. Try ${cmd} HELP.`,
  );
}

/**
 * Moves all output of `src` to the end of that of `dst`. If `src` was cut off by its output limit, `dst` is closed rather than given half a
 * reply.
 *
 * @c networking.c:1104
 */
export function AddReplyFromClient(dst: client, src: client): void {
  if (src.flags & CLIENT_CLOSE_ASAP) {
    const info = catClientInfoString('', dst);
    freeClientAsync(dst);
    serverLog(
      LL_WARNING,
      `Client ${info} scheduled to be closed ASAP for overcoming of output buffer limits.`,
    );
    return;
  }

  addReplyProto(dst, src.buf, src.bufpos);

  // The line above may have changed something, such as CLIENT_CLOSE_ASAP.
  if (prepareClientToWrite(dst) !== C_OK) return;

  if (dst.flags & CLIENT_CLOSE_AFTER_REPLY) return;

  if (listLength(src.reply)) listJoin(dst.reply, src.reply);
  dst.reply_bytes += src.reply_bytes;
  src.reply_bytes = 0;
  src.bufpos = 0;

  if (src.deferred_reply_errors) {
    deferredAfterErrorReply(dst, src.deferred_reply_errors);
    listRelease(src.deferred_reply_errors);
    src.deferred_reply_errors = null;
  }

  closeClientOnOutputBufferLimitReached(dst, 1);
}

/**
 * Counts the errors of the list as replied to `c`. The list stays the caller's.
 *
 * @c networking.c:1149
 */
export function deferredAfterErrorReply(c: client, errors: list<string>): void {
  const li = new listIter<string>();
  listRewind(errors, li);
  for (let ln = listNext(li); ln !== null; ln = listNext(li)) {
    afterErrorReply(c, listNodeValue(ln), 0);
  }
}

/**
 * Whether there is output that is not sent yet.
 *
 * @c networking.c:1172
 */
export function clientHasPendingReplies(c: client): boolean {
  if (getClientType(c) === CLIENT_TYPE_SLAVE) {
    serverAssert(c.bufpos === 0 && listLength(c.reply) === 0);
    if (c.ref_repl_buf_node === null) return false;

    // All replicas read from one buffer: nothing is left when this one stands at its end.
    const ln = listLast(server.repl_buffer_blocks);
    if (ln === c.ref_repl_buf_node && c.ref_block_pos === listNodeValue(ln).used) return false;
    return true;
  }
  return c.bufpos !== 0 || c.reply.len !== 0;
}

/**
 * Whether the client comes from this very host.
 *
 * @c networking.c:1193
 */
export function islocalClient(c: client): boolean {
  if (c.flags & CLIENT_UNIX_SOCKET) return true;

  const cip = new ipPort();
  connPeerToString(c.conn, cip);

  return cip.ip === '127.0.0.1' || cip.ip === '::1';
}

/**
 * A connection is up. In protected mode strangers get an explanation and are closed again.
 *
 * @c networking.c:1204
 */
export function clientAcceptHandler(conn: connection): void {
  const c = connGetPrivateData(conn) as client;

  if (connGetState(conn) !== CONN_STATE_CONNECTED) {
    serverLog(LL_WARNING, `Error accepting a client connection: ${connGetLastError(conn)}`);
    freeClientAsync(c);
    return;
  }

  // A server without a password that anybody in the world can reach is taken over in minutes.
  if (server.protected_mode && server.DefaultUser!.flags & USER_FLAG_NOPASS) {
    if (!islocalClient(c)) {
      const err =
        '-DENIED Redis is running in protected mode because protected ' +
        'mode is enabled and no password is set for the default user. ' +
        'In this mode connections are only accepted from the loopback interface. ' +
        'If you want to connect from external computers to Redis you ' +
        'may adopt one of the following solutions: ' +
        '1) Just disable protected mode sending the command ' +
        "'CONFIG SET protected-mode no' from the loopback interface " +
        'by connecting to Redis from the same host the server is ' +
        'running, however MAKE SURE Redis is not publicly accessible ' +
        'from internet if you do so. Use CONFIG REWRITE to make this ' +
        'change permanent. ' +
        '2) Alternatively you can just disable the protected mode by ' +
        'editing the Redis configuration file, and setting the protected ' +
        "mode option to 'no', and then restarting the server. " +
        '3) If you started the server manually just for testing, restart ' +
        "it with the '--protected-mode no' option. " +
        '4) Setup a an authentication password for the default user. ' +
        'NOTE: You only need to do one of the above things in order for ' +
        'the server to start accepting connections from the outside.\r\n';
      connWriteText(c.conn!, err);
      server.stat_rejected_conn++;
      freeClientAsync(c);
      return;
    }
  }

  server.stat_numconnections++;
}

/**
 * Makes a client of a connection that was accepted, unless there are too many. `flags` are set in the client.
 *
 * @c networking.c:1259
 * @cstatic
 */
export function acceptCommonHandler(conn: connection, flags: number, _ip: string | null): void {
  if (connGetState(conn) !== CONN_STATE_ACCEPTING) {
    serverLog(
      LL_VERBOSE,
      `Accepted client connection in error state: ${connGetLastError(conn)} (conn: ${connGetInfo(conn)})`,
    );
    connClose(conn);
    return;
  }

  if (listLength(server.clients) >= server.maxclients) {
    connWriteText(conn, '-ERR max number of clients reached\r\n');
    server.stat_rejected_conn++;
    connClose(conn);
    return;
  }

  const c = createClient(conn);

  c.flags |= flags;

  // This may call clientAcceptHandler() at once, or later: nothing may follow that relies on either.
  if (connAccept(conn, clientAcceptHandler) === C_ERR) {
    if (connGetState(conn) === CONN_STATE_ERROR) {
      serverLog(
        LL_WARNING,
        `Error accepting a client connection: ${connGetLastError(conn)} (conn: ${connGetInfo(conn)})`,
      );
    }
    freeClient(connGetPrivateData(conn) as client);
    return;
  }
}

/**
 * Readable event of a TCP listening socket: takes what waits, up to MAX_ACCEPTS_PER_CALL.
 *
 * @c networking.c:1331
 */
export function acceptTcpHandler(
  _el: aeEventLoop,
  fd: number,
  _privdata: unknown,
  _mask: number,
): void {
  const cip = new ipPort();
  let max = MAX_ACCEPTS_PER_CALL;

  while (max--) {
    const cfd = anetTcpAccept(server, fd, cip);
    if (cfd === ANET_ERR) {
      if (posix.errno !== EWOULDBLOCK)
        serverLog(LL_WARNING, `Accepting client connection: ${server.neterr}`);
      return;
    }
    serverLog(LL_VERBOSE, `Accepted ${cip.ip}:${cip.port}`);
    acceptCommonHandler(connCreateAcceptedSocket(cfd), 0, cip.ip);
  }
}

/**
 * Readable event of the Unix listening socket.
 *
 * @c networking.c:1371
 */
export function acceptUnixHandler(
  _el: aeEventLoop,
  fd: number,
  _privdata: unknown,
  _mask: number,
): void {
  let max = MAX_ACCEPTS_PER_CALL;

  while (max--) {
    const cfd = anetUnixAccept(server, fd);
    if (cfd === ANET_ERR) {
      if (posix.errno !== EWOULDBLOCK)
        serverLog(LL_WARNING, `Accepting client connection: ${server.neterr}`);
      return;
    }
    serverLog(LL_VERBOSE, `Accepted connection to ${server.unixsocket}`);
    acceptCommonHandler(connCreateAcceptedSocket(cfd), CLIENT_UNIX_SOCKET, null);
  }
}

/**
 * Forgets the arguments as they were before the command rewrote them.
 *
 * @c networking.c:1390
 */
export function freeClientOriginalArgv(c: client): void {
  if (!c.original_argv) return;

  for (let j = 0; j < c.original_argc; j++) decrRefCount(c.original_argv[j]);
  c.original_argv = null;
  c.original_argc = 0;
}

/**
 * Gives up the arguments of the command.
 *
 * @c networking.c:1401
 */
export function freeClientArgv(c: client): void {
  const argv = c.argv;
  for (let j = 0; j < c.argc; j++) decrRefCount(argv[j]);
  c.argc = 0;
  c.cmd = null;
  c.argv_len_sum = 0;
  c.argv_len = 0;
  c.argv = NO_ARGV;
}

/**
 * Closes the connections of all replicas, so that they come back and synchronize anew.
 *
 * @c networking.c:1416
 */
export function disconnectSlaves(): void {
  const li = new listIter<client>();
  listRewind(server.slaves, li);
  for (let ln = listNext(li); ln !== null; ln = listNext(li)) freeClient(listNodeValue(ln));
}

/**
 * Whether another replica than `except_me` waits for the RDB file that is being written.
 *
 * @c networking.c:1428
 */
export function anyOtherSlaveWaitRdb(except_me: client): boolean {
  const li = new listIter<client>();
  listRewind(server.slaves, li);
  for (let ln = listNext(li); ln !== null; ln = listNext(li)) {
    const slave = listNodeValue(ln);
    if (slave !== except_me && slave.replstate === SLAVE_STATE_WAIT_BGSAVE_END) return true;
  }
  return false;
}

/**
 * Takes a client out of all global lists (but for Pub/Sub) and closes its connection. The client itself stays usable as one without a
 * connection.
 *
 * @c networking.c:1447
 */
export function unlinkClient(c: client): void {
  if (server.current_client === c) server.current_client = null;

  // Pseudo clients, and those unlinked before, have no connection and are in no list of clients.
  if (c.conn) {
    if (c.client_list_node) {
      raxRemove(server.clients_index, u64ToKey(c.id), null);
      listDelNode(server.clients, c.client_list_node);
      c.client_list_node = null;
    }
    connClose(c.conn);
    c.conn = null;
  }

  if (c.flags & CLIENT_PENDING_WRITE) {
    const ln = listSearchKey(server.clients_pending_write, c);
    serverAssert(ln !== null, 'ln != NULL');
    listDelNode(server.clients_pending_write, ln!);
    c.flags &= ~CLIENT_PENDING_WRITE;
  }

  if (c.flags & CLIENT_UNBLOCKED) {
    const ln = listSearchKey(server.unblocked_clients, c);
    serverAssert(ln !== null, 'ln != NULL');
    listDelNode(server.unblocked_clients, ln!);
    c.flags &= ~CLIENT_UNBLOCKED;
  }
}

/**
 * Puts a client back to the state of a new connection: default user, database 0, RESP2, no transaction, subscriptions or name.
 *
 * @c networking.c:1514
 */
export function clearClientConnectionState(c: client): void {
  // A monitor carries the flag of a replica, too.
  if (c.flags & CLIENT_MONITOR) {
    const ln = listSearchKey(server.monitors, c);
    serverAssert(ln !== null, 'ln != NULL');
    listDelNode(server.monitors, ln!);

    c.flags &= ~(CLIENT_MONITOR | CLIENT_SLAVE);
  }

  serverAssert(
    !(c.flags & (CLIENT_SLAVE | CLIENT_MASTER)),
    '!(c->flags &(CLIENT_SLAVE|CLIENT_MASTER))',
  );

  selectDb(c, 0);
  c.resp = 2;

  clientSetDefaultAuth(c);
  discardTransaction(c);

  pubsubUnsubscribeAllChannels(c, false);
  pubsubUnsubscribeShardAllChannels(c, false);
  pubsubUnsubscribeAllPatterns(c, false);

  if (c.name) {
    decrRefCount(c.name);
    c.name = null;
  }

  // What the lines above do not cover.
  c.flags &= ~(
    CLIENT_ASKING |
    CLIENT_READONLY |
    CLIENT_PUBSUB |
    CLIENT_REPLY_OFF |
    CLIENT_REPLY_SKIP_NEXT
  );
}

/**
 * Ends a client now: everything that refers to it forgets it, the connection is closed. A protected one is only marked.
 *
 * @c networking.c:1552
 */
export function freeClient(c: client): void {
  if (c.flags & CLIENT_PROTECTED) {
    freeClientAsync(c);
    return;
  }

  if (c.flags & CLIENT_CLOSE_ASAP) {
    const ln = listSearchKey(server.clients_to_close, c);
    serverAssert(ln !== null, 'ln != NULL');
    listDelNode(server.clients_to_close, ln!);
  }

  sdsfree(c.querybuf);

  if (c.flags & CLIENT_BLOCKED) unblockClient(c);
  dictRelease(c.bpop.keys!);

  unwatchAllKeys(c);
  listRelease(c.watched_keys);

  pubsubUnsubscribeAllChannels(c, false);
  pubsubUnsubscribeShardAllChannels(c, false);
  pubsubUnsubscribeAllPatterns(c, false);
  dictRelease(c.pubsub_channels);
  listRelease(c.pubsub_patterns);
  dictRelease(c.pubsubshard_channels);

  listRelease(c.reply);
  zfree(c.buf_usable_size);
  freeClientArgv(c);
  freeClientOriginalArgv(c);
  if (c.deferred_reply_errors) listRelease(c.deferred_reply_errors);

  unlinkClient(c);

  if (c.flags & CLIENT_SLAVE) {
    const l = c.flags & CLIENT_MONITOR ? server.monitors : server.slaves;
    const ln = listSearchKey(l, c);
    serverAssert(ln !== null, 'ln != NULL');
    listDelNode(l, ln!);
    // The backlog is kept for some time after the last replica left.
    if (getClientType(c) === CLIENT_TYPE_SLAVE && listLength(server.slaves) === 0)
      server.repl_no_slaves_since = server.unixtime;
  }

  // Take out what this client added to the running sums of memory.
  server.stat_clients_type_memory[c.last_memory_type] -= c.last_memory_usage;
  if (c.mem_usage_bucket) {
    c.mem_usage_bucket.mem_usage_sum -= c.last_memory_usage;
    listDelNode(c.mem_usage_bucket.clients, c.mem_usage_bucket_node!);
  }

  if (c.name) decrRefCount(c.name);
  freeClientMultiState(c);
  zfree(SIZEOF_CLIENT);
}

/**
 * Marks a client to be freed before the next sleep, for callers that go on using it.
 *
 * @c networking.c:1703
 */
export function freeClientAsync(c: client): void {
  if (c.flags & CLIENT_CLOSE_ASAP || c.flags & CLIENT_SCRIPT) return;
  c.flags |= CLIENT_CLOSE_ASAP;
  listAddNodeTail(server.clients_to_close, c);
}

/**
 * Logs why a client is thrown out, with what is known of it, and marks it to be freed.
 *
 * @c networking.c:1724
 */
export function logInvalidUseAndFreeClientAsync(c: client, info: string): void {
  const client = catClientInfoString('', c);
  serverLog(LL_WARNING, `${info}, disconnecting it: ${client}`);
  freeClientAsync(c);
}

/**
 * What must be done about a client before the next one is served: frees it when it is marked. C_ERR when it is gone. `c` is null when it
 * was freed before.
 *
 * @c networking.c:1744
 */
export function beforeNextClient(c: client | null): number {
  // The queue of marked clients is needed all the same, for those that are marked while another one is served.
  if (c !== null && c.flags & CLIENT_CLOSE_ASAP) {
    freeClient(c);
    return C_ERR;
  }
  return C_OK;
}

/**
 * Frees the marked clients, but for protected ones. Returns how many.
 *
 * @c networking.c:1763
 */
export function freeClientsInAsyncFreeQueue(): number {
  let freed = 0;
  const li = new listIter<client>();
  listRewind(server.clients_to_close, li);
  for (let ln = listNext(li); ln !== null; ln = listNext(li)) {
    const c = listNodeValue(ln);

    if (c.flags & CLIENT_PROTECTED) continue;

    c.flags &= ~CLIENT_CLOSE_ASAP;
    freeClient(c);
    listDelNode(server.clients_to_close, ln);
    freed++;
  }
  return freed;
}

/**
 * The connected client with that id, or null. Pseudo clients cannot be found.
 *
 * @c networking.c:1785
 */
export function lookupClientByID(id: number | bigint): client | null {
  // Ids count up from 1, so that what is no whole number below 2^53 is nobody's.
  if (typeof id === 'bigint' || id < 0) return null;
  const c = raxFind(server.clients_index, u64ToKey(id));
  return c === raxNotFound ? null : (c as client);
}

/**
 * Sends from the static buffer and the reply list with one writev(2), and gives up the blocks that are sent. Returns the bytes sent, 0 when
 * there was nothing to send; negative (C_ERR in C) when the write failed: -1, or -2 when it took no byte without failing.
 *
 * @c networking.c:1796
 * @cstatic
 */
export function _writevToClient(c: client): number {
  const iov = server.iov;
  let iovcnt = 0;
  let iov_bytes_len = 0;
  if (c.bufpos > 0) {
    if (iov.length === 0) iov.push({ buf: NO_BYTES, off: 0, len: 0 });
    const v = iov[iovcnt++];
    v.buf = c.buf;
    v.off = c.sentlen;
    v.len = c.bufpos - c.sentlen;
    iov_bytes_len += v.len;
  }
  // When the static buffer is empty, the first block may be the one that was sent in part.
  let offset = c.bufpos > 0 ? 0 : c.sentlen;
  const iter = new listIter<clientReplyBlock | null>();
  let next: listNode<clientReplyBlock | null> | null;
  listRewind(c.reply, iter);
  while (
    (next = listNext(iter)) !== null &&
    iovcnt < IOV_MAX &&
    iov_bytes_len < NET_MAX_WRITES_PER_EVENT
  ) {
    const o = listNodeValue(next)!;
    if (o.used === 0) {
      c.reply_bytes -= o.size;
      listDelNode(c.reply, next);
      offset = 0;
      continue;
    }

    if (iov.length === iovcnt) iov.push({ buf: NO_BYTES, off: 0, len: 0 });
    const v = iov[iovcnt++];
    v.buf = o.buf;
    v.off = offset;
    v.len = o.used - offset;
    iov_bytes_len += v.len;
    offset = 0;
  }
  if (iovcnt === 0) return 0;
  const nwritten = connWritev(c.conn!, iov, iovcnt);
  for (let j = 0; j < iovcnt; j++) iov[j].buf = NO_BYTES;
  if (nwritten <= 0) return nwritten === 0 ? -2 : -1;

  let remaining = nwritten;
  if (c.bufpos > 0) {
    const buf_len = c.bufpos - c.sentlen;
    c.sentlen += remaining;
    if (remaining >= buf_len) {
      c.bufpos = 0;
      c.sentlen = 0;
    }
    remaining -= buf_len;
  }
  listRewind(c.reply, iter);
  while (remaining > 0) {
    next = listNext(iter)!;
    const o = listNodeValue(next)!;
    if (remaining < o.used - c.sentlen) {
      c.sentlen += remaining;
      break;
    }
    remaining -= o.used - c.sentlen;
    c.reply_bytes -= o.size;
    listDelNode(c.reply, next);
    c.sentlen = 0;
  }

  return nwritten;
}

/**
 * Makes one write of the client's output. Returns the bytes sent, or negative as _writevToClient().
 *
 * @c networking.c:1868
 */
export function _writeToClient(c: client): number {
  let nwritten = 0;
  if (getClientType(c) === CLIENT_TYPE_SLAVE) {
    serverAssert(c.bufpos === 0 && listLength(c.reply) === 0);

    const node = c.ref_repl_buf_node!;
    const o = listNodeValue(node);
    serverAssert(o.used >= c.ref_block_pos);
    if (o.used > c.ref_block_pos) {
      nwritten = connWrite(c.conn!, o.buf, c.ref_block_pos, o.used - c.ref_block_pos);
      if (nwritten <= 0) return nwritten === 0 ? -2 : -1;
      c.ref_block_pos += nwritten;
    }

    // On to the next block, which lets the backlog drop this one.
    const next = listNextNode(node);
    if (next !== null && c.ref_block_pos === o.used) {
      o.refcount--;
      listNodeValue(next).refcount++;
      c.ref_repl_buf_node = next;
      c.ref_block_pos = 0;
      incrementalTrimReplicationBacklog(REPL_BACKLOG_TRIM_BLOCKS_PER_CALL);
    }
    return nwritten;
  }

  if (c.reply.len > 0) {
    nwritten = _writevToClient(c);
    if (nwritten < 0) return nwritten;

    // The sum of the blocks' sizes must come out.
    if (c.reply.len === 0) serverAssert(c.reply_bytes === 0, 'c->reply_bytes == 0');
  } else if (c.bufpos > 0) {
    nwritten = connWrite(c.conn!, c.buf, c.sentlen, c.bufpos - c.sentlen);
    if (nwritten <= 0) return nwritten === 0 ? -2 : -1;
    c.sentlen += nwritten;

    if (c.sentlen === c.bufpos) {
      c.bufpos = 0;
      c.sentlen = 0;
    }
  }

  return nwritten;
}

/**
 * Sends output until none is left, the socket is full, or the client had its share (NET_MAX_WRITES_PER_EVENT; more when memory is short
 * or a monitor would otherwise fall behind). `handler_installed` 1: called by the write handler, which is removed when all is sent.
 * C_ERR when the client was marked to be freed, for an error or because its last reply is out.
 *
 * @c networking.c:1929
 */
export function writeToClient(c: client, handler_installed: number): number {
  server.stat_total_writes_processed++;

  let nwritten = 0;
  let totwritten = 0;

  while (clientHasPendingReplies(c)) {
    nwritten = _writeToClient(c);
    if (nwritten < 0) break;
    totwritten += nwritten;
    if (
      totwritten > NET_MAX_WRITES_PER_EVENT &&
      (server.maxmemory === 0 || zmalloc_used_memory() < server.maxmemory) &&
      !(c.flags & CLIENT_SLAVE)
    )
      break;
  }

  if (getClientType(c) === CLIENT_TYPE_SLAVE) {
    server.stat_net_repl_output_bytes += totwritten;
  } else {
    server.stat_net_output_bytes += totwritten;
  }

  if (nwritten === -1) {
    if (connGetState(c.conn!) !== CONN_STATE_CONNECTED) {
      serverLog(LL_VERBOSE, `Error writing to client: ${connGetLastError(c.conn!)}`);
      freeClientAsync(c);
      return C_ERR;
    }
  }
  if (totwritten > 0) {
    // What we send to a master says nothing about whether it is alive: only what it sends does.
    if (!(c.flags & CLIENT_MASTER)) c.lastinteraction = server.unixtime;
  }
  if (!clientHasPendingReplies(c)) {
    c.sentlen = 0;
    if (handler_installed) connSetWriteHandler(c.conn!, null);

    if (c.flags & CLIENT_CLOSE_AFTER_REPLY) {
      freeClientAsync(c);
      return C_ERR;
    }
  }
  updateClientMemUsage(c);
  return C_OK;
}

/**
 * Write handler of clients.
 *
 * @c networking.c:2004
 */
export function sendReplyToClient(conn: connection): void {
  const c = connGetPrivateData(conn) as client;
  writeToClient(c, 1);
}

/**
 * Sends the replies made in this iteration of the loop. Only clients whose socket did not take all of it get a write
 * handler. Returns how many clients there were.
 *
 * @c networking.c:2013
 */
export function handleClientsWithPendingWrites(): number {
  const processed = listLength(server.clients_pending_write);
  const li = new listIter<client>();

  listRewind(server.clients_pending_write, li);
  for (let ln = listNext(li); ln !== null; ln = listNext(li)) {
    const c = listNodeValue(ln);
    c.flags &= ~CLIENT_PENDING_WRITE;
    listDelNode(server.clients_pending_write, ln);

    // A protected client has no handlers, and must not get one by an error here.
    if (c.flags & CLIENT_PROTECTED) continue;

    if (c.flags & CLIENT_CLOSE_ASAP) continue;

    if (writeToClient(c, 0) === C_ERR) continue;

    if (clientHasPendingReplies(c)) {
      installClientWriteHandler(c);
    }
  }
  return processed;
}

/**
 * Makes the client ready for its next command.
 *
 * @c networking.c:2044
 */
export function resetClient(c: client): void {
  const prevcmd = c.cmd !== null ? c.cmd.proc : null;

  freeClientArgv(c);
  c.reqtype = 0;
  c.multibulklen = 0;
  c.bulklen = -1;
  c.slot = -1;

  if (c.deferred_reply_errors) {
    listRelease(c.deferred_reply_errors);
    c.deferred_reply_errors = null;
  }

  // CLIENT CACHING holds for the next command, or the next transaction.
  if (!(c.flags & CLIENT_MULTI) && prevcmd !== clientCommand)
    c.flags_hi &= ~CLIENT_TRACKING_CACHING;

  // After CLIENT REPLY SKIP the next command gets no reply, the one after that does again.
  c.flags &= ~CLIENT_REPLY_SKIP;
  if (c.flags & CLIENT_REPLY_SKIP_NEXT) {
    c.flags |= CLIENT_REPLY_SKIP;
    c.flags &= ~CLIENT_REPLY_SKIP_NEXT;
  }
}

/**
 * Lets the event loop run while a command of this client is still on the stack: its handlers are removed, and freeClient() only marks it.
 * unprotectClient() undoes it.
 *
 * @c networking.c:2091
 */
export function protectClient(c: client): void {
  c.flags |= CLIENT_PROTECTED;
  if (c.conn) {
    connSetReadHandler(c.conn, null);
    connSetWriteHandler(c.conn, null);
  }
}

/**
 * Ends the protection: the client is read from again, and what waits is sent.
 *
 * @c networking.c:2100
 */
export function unprotectClient(c: client): void {
  if (c.flags & CLIENT_PROTECTED) {
    c.flags &= ~CLIENT_PROTECTED;
    if (c.conn) {
      connSetReadHandler(c.conn, readQueryFromClient);
      if (clientHasPendingReplies(c)) putClientInPendingWriteQueue(c);
    }
  }
}

/**
 * Where the byte `ch` stands in the query buffer from `pos` on, or -1. A zero byte ends the search.
 *
 * @own strchr() on the query buffer; its memchr would look further than C does
 */
export function querybufChr(qb: sds, pos: number, ch: number): number {
  const buf = qb.buf;
  const len = qb.len;
  for (; pos < len; pos++) {
    const b = buf[pos];
    if (b === ch) return pos;
    if (b === 0) return -1;
  }
  return -1;
}

/**
 * Parses a command in the form that people type: words on a line, with quotes where needed. C_OK: c.argv is complete (it may be empty).
 * C_ERR: the line is not complete, or it was wrong and the client will be closed after the error that it got.
 *
 * @c networking.c:2117
 */
export function processInlineBuffer(c: client): number {
  let linefeed_chars = 1;

  let newline = querybufChr(c.querybuf, c.qb_pos, LF);

  if (newline === -1) {
    if (c.querybuf.len - c.qb_pos > PROTO_INLINE_MAX_SIZE) {
      addReplyError(c, 'Protocol error: too big inline request');
      setProtocolError('too big inline request', c);
    }
    return C_ERR;
  }

  if (newline !== c.qb_pos && c.querybuf.buf[newline - 1] === CR) {
    newline--;
    linefeed_chars++;
  }

  const querylen = newline - c.qb_pos;
  const aux = c.querybuf.buf.latin1Slice(c.qb_pos, newline);
  const argv = sdssplitargs(aux);
  if (argv === null) {
    addReplyError(c, 'Protocol error: unbalanced quotes in request');
    setProtocolError('unbalanced quotes in inline request', c);
    return C_ERR;
  }

  // A replica that loads a big RDB file sends bare newlines, to show that it is alive.
  if (querylen === 0 && getClientType(c) === CLIENT_TYPE_SLAVE) c.repl_ack_time = server.unixtime;

  // A master sends newlines likewise, but never commands in this form: the stream must be out of step.
  if (querylen !== 0 && c.flags & CLIENT_MASTER) {
    serverLog(
      LL_WARNING,
      'WARNING: Receiving inline protocol from master, master stream corruption? Closing the master connection and discarding the cached master.',
    );
    setProtocolError('Master using the inline protocol. Desync?', c);
    return C_ERR;
  }

  c.qb_pos += querylen + linefeed_chars;

  const argc = argv.length;
  if (argc) {
    c.argv_len = argc;
    c.argv = new Array<robj>(argc);
    c.argv_len_sum = 0;
  }

  c.argc = 0;
  for (let j = 0; j < argc; j++) {
    c.argv[c.argc] = createObject(OBJ_STRING, argv[j]);
    c.argc++;
    c.argv_len_sum += argv[j].length;
  }
  return C_OK;
}

/**
 * Logs a protocol error with a sample of what was sent, and marks the client to be closed when it has got its error reply.
 *
 * @c networking.c:2195
 * @cstatic
 */
export function setProtocolError(errstr: string, c: client): void {
  if (server.verbosity <= LL_VERBOSE || c.flags & CLIENT_MASTER) {
    const client = catClientInfoString('', c);

    const qb = c.querybuf;
    const rest = qb.len - c.qb_pos;
    let sample: string;
    if (rest < PROTO_DUMP_LEN) {
      sample = `Query buffer during protocol error: '${cstr(qb.buf.latin1Slice(c.qb_pos, qb.len))}'`;
    } else {
      const half = PROTO_DUMP_LEN / 2;
      const head = cstr(qb.buf.latin1Slice(c.qb_pos, c.qb_pos + half));
      const tail = cstr(qb.buf.latin1Slice(qb.len - half, qb.len));
      sample = `Query buffer during protocol error: '${head}' (... more ${rest - PROTO_DUMP_LEN} bytes ...) '${tail}'`;
    }

    let buf = '';
    for (let j = 0; j < sample.length; j++) {
      buf += isprint(sample.charCodeAt(j)) ? sample[j] : '.';
    }

    const loglevel = c.flags & CLIENT_MASTER ? LL_WARNING : LL_VERBOSE;
    serverLog(loglevel, `Protocol error (${errstr}) from client: ${client}. ${buf}`);
  }
  c.flags |= CLIENT_CLOSE_AFTER_REPLY;
  c.flags_hi |= CLIENT_PROTOCOL_ERROR;
}

/**
 * Parses a command in RESP form as far as it has come in; c.multibulklen and c.bulklen remember where to go on. C_OK: c.argv is complete.
 * C_ERR: more is needed, or the bytes make no sense and the client will be closed after the error that it got.
 *
 * @c networking.c:2235
 */
export function processMultibulkBuffer(c: client): number {
  if (c.multibulklen === 0) {
    serverAssertWithInfo(c, null, c.argc === 0, 'c->argc == 0');

    const short = shortNumber(c.querybuf.buf, c.qb_pos + 1, c.querybuf.len);
    const newline = short ? c.qb_pos + 1 + (short >> 8) : querybufChr(c.querybuf, c.qb_pos, CR);
    if (newline === -1) {
      if (c.querybuf.len - c.qb_pos > PROTO_INLINE_MAX_SIZE) {
        addReplyError(c, 'Protocol error: too big mbulk count string');
        setProtocolError('too big mbulk count string', c);
      }
      return C_ERR;
    }

    // The \n must be there, too.
    if (newline > c.querybuf.len - 2) return C_ERR;

    serverAssertWithInfo(
      c,
      null,
      c.querybuf.buf[c.qb_pos] === 0x2a,
      "c->querybuf[c->qb_pos] == '*'",
    );
    const ll = short ? short & 0xff : string2llBuf(c.querybuf.buf, c.qb_pos + 1, newline);
    if (!(ll <= INT_MAX)) {
      addReplyError(c, 'Protocol error: invalid multibulk length');
      setProtocolError('invalid mbulk count', c);
      return C_ERR;
    } else if (ll > 10 && authRequired(c)) {
      addReplyError(c, 'Protocol error: unauthenticated multibulk length');
      setProtocolError('unauth mbulk count', c);
      return C_ERR;
    }

    c.qb_pos = newline + 2;

    if (ll <= 0) return C_OK;

    c.multibulklen = ll;

    // What a client merely announces must not cost memory: the vector grows as arguments arrive.
    c.argv_len = ll < 1024 ? ll : 1024;
    c.argv = new Array<robj>(c.argv_len);
    c.argv_len_sum = 0;
  }

  serverAssertWithInfo(c, null, c.multibulklen > 0, 'c->multibulklen > 0');
  while (c.multibulklen) {
    if (c.bulklen === -1) {
      const short = shortNumber(c.querybuf.buf, c.qb_pos + 1, c.querybuf.len);
      const newline = short ? c.qb_pos + 1 + (short >> 8) : querybufChr(c.querybuf, c.qb_pos, CR);
      if (newline === -1) {
        if (c.querybuf.len - c.qb_pos > PROTO_INLINE_MAX_SIZE) {
          addReplyError(c, 'Protocol error: too big bulk count string');
          setProtocolError('too big bulk count string', c);
          return C_ERR;
        }
        break;
      }

      if (newline > c.querybuf.len - 2) break;

      const first = c.querybuf.buf[c.qb_pos];
      if (first !== 0x24) {
        addReplyErrorFormat(c, `Protocol error: expected '$', got '${String.fromCharCode(first)}'`);
        setProtocolError('expected $ but got something else', c);
        return C_ERR;
      }

      const ll = short ? short & 0xff : string2llBuf(c.querybuf.buf, c.qb_pos + 1, newline);
      if (!(ll >= 0) || (!(c.flags & CLIENT_MASTER) && ll > server.proto_max_bulk_len)) {
        addReplyError(c, 'Protocol error: invalid bulk length');
        setProtocolError('invalid bulk length', c);
        return C_ERR;
      } else if (ll > 16384 && authRequired(c)) {
        addReplyError(c, 'Protocol error: unauthenticated bulk length');
        setProtocolError('unauth bulk length', c);
        return C_ERR;
      }

      c.qb_pos = newline + 2;
      if (!(c.flags & CLIENT_MASTER) && ll >= PROTO_MBULK_BIG_ARG) {
        // A big argument shall begin at the very start of the query buffer, so that the buffer can become the argument. When more than this
        // argument is there already, that cannot work, and moving it would be in vain.
        if (c.querybuf.len - c.qb_pos <= ll + 2) {
          sdsrange(c.querybuf, c.qb_pos, -1);
          c.qb_pos = 0;
          c.querybuf = sdsMakeRoomForNonGreedy(c.querybuf, ll + 2 - c.querybuf.len);
        }
      }
      c.bulklen = ll;
    }

    const bulklen = c.bulklen;
    const qb = c.querybuf;
    if (qb.len - c.qb_pos < bulklen + 2) {
      // The trailing \r\n counts.
      break;
    } else {
      if (c.argc >= c.argv_len) {
        c.argv_len = Math.min(
          c.argv_len < INT_MAX >> 1 ? c.argv_len * 2 : INT_MAX,
          c.argc + c.multibulklen,
        );
        c.argv.length = c.argv_len;
      }

      // The buffer holds just this argument: it becomes the argument, and the client gets a new buffer.
      if (
        bulklen >= PROTO_MBULK_BIG_ARG &&
        !(c.flags & CLIENT_MASTER) &&
        c.qb_pos === 0 &&
        qb.len === bulklen + 2
      ) {
        c.argv[c.argc++] = createObject(OBJ_STRING, qb);
        c.argv_len_sum += bulklen;
        sdsIncrLen(qb, -2); // without the CRLF
        // After one fat argument another is likely.
        c.querybuf = sdsnewlen(SDS_NOINIT, bulklen + 2);
        sdsclear(c.querybuf);
      } else {
        // Many bytes stay bytes: the collector would copy a long string that is stored, twice, and a string has a longest length.
        c.argv[c.argc] =
          bulklen >= BYTES_FROM
            ? createRawStringObject(
                new Uint8Array(qb.buf.buffer, qb.buf.byteOffset + c.qb_pos, bulklen),
              )
            : createStringObject(
                c.argc === 0
                  ? latin1Name(qb.buf, c.qb_pos, bulklen)
                  : latin1Known(qb.buf, c.qb_pos, bulklen, c.argc),
              );
        c.argc++;
        c.argv_len_sum += bulklen;
        c.qb_pos += bulklen + 2;
      }
      c.bulklen = -1;
      c.multibulklen--;
    }
  }

  if (c.multibulklen === 0) return C_OK;

  return C_ERR;
}

/**
 * Called after a command was executed. A blocked client keeps its command: it is reset when it is unblocked.
 *
 * @c networking.c:2399
 */
export function commandProcessed(c: client): void {
  if (c.flags & CLIENT_BLOCKED) return;

  resetClient(c);
}

/**
 * Executes the client's command as the current client, and resets it. C_ERR when the client is gone.
 *
 * @c networking.c:2440
 */
export function processCommandAndResetClient(c: client): number {
  let deadclient = 0;
  const old_client = server.current_client;
  server.current_client = c;
  if (processCommand(c) === C_OK) {
    commandProcessed(c);
    // The output that the command made counts, too.
    updateClientMemUsage(c);
  }

  // unlinkClient() clears it.
  if (server.current_client === null) deadclient = 1;
  // processEventsWhileBlocked() brings us here from within another client's command: without this line that one would be taken for dead.
  server.current_client = old_client;
  return deadclient ? C_ERR : C_OK;
}

/**
 * Executes a command that was parsed but put off, then goes on with the query buffer. C_ERR when the client is gone.
 *
 * @c networking.c:2470
 */
export function processPendingCommandAndInputBuffer(c: client): number {
  if (c.flags & CLIENT_PENDING_COMMAND) {
    c.flags &= ~CLIENT_PENDING_COMMAND;
    if (processCommandAndResetClient(c) === C_ERR) {
      return C_ERR;
    }
  }

  if (c.querybuf.len > 0) {
    return processInputBuffer(c);
  }
  return C_OK;
}

/**
 * Parses and executes what is in the query buffer, command by command, until nothing complete is left or the client may not go on (blocked,
 * about to be closed). C_ERR when the client is gone.
 *
 * @c networking.c:2494
 */
export function processInputBuffer(c: client): number {
  // A command with one key is about to look for it; what follows it is worth a look ahead.
  let fetched = takesManyKeys(c.lastcmd) ? c.qb_pos : c.qb_pos + 1;
  server.call_end = 0;
  server.prefetch.count = 0;
  while (c.qb_pos < c.querybuf.len) {
    if (c.qb_pos >= fetched) fetched = prefetchPipeline(c);

    if (c.flags & CLIENT_BLOCKED) break;

    // A parsed command waits in c.argv.
    if (c.flags & CLIENT_PENDING_COMMAND) break;

    // Nothing may be added to the last reply.
    if (c.flags & (CLIENT_CLOSE_AFTER_REPLY | CLIENT_CLOSE_ASAP)) break;

    if (!c.reqtype) {
      if (c.querybuf.buf[c.qb_pos] === 0x2a) {
        c.reqtype = PROTO_REQ_MULTIBULK;
      } else {
        c.reqtype = PROTO_REQ_INLINE;
      }
    }

    if (c.reqtype === PROTO_REQ_INLINE) {
      if (processInlineBuffer(c) !== C_OK) break;
    } else if (c.reqtype === PROTO_REQ_MULTIBULK) {
      if (processMultibulkBuffer(c) !== C_OK) break;
    } else {
      serverPanic('Unknown request type');
    }

    // An empty line, or an array without elements.
    if (c.argc === 0) {
      resetClient(c);
    } else {
      const ret = processCommandAndResetClient(c);
      server.call_begin = server.call_end;
      if (ret === C_ERR) {
        // There is no client any more whose buffer could be trimmed.
        server.call_begin = 0;
        return C_ERR;
      }
    }
  }
  server.call_begin = 0;

  if (c.qb_pos) {
    sdsrange(c.querybuf, c.qb_pos, -1);
    c.qb_pos = 0;
  }

  // A command of which a big part has arrived shows in the memory of the query buffer.
  updateClientMemUsage(c);

  return C_OK;
}

/**
 * Read handler of clients: takes what the socket has (16 KB or what the buffer has room for; just the rest of a big argument) and processes
 * it.
 *
 * @c networking.c:2590
 */
export function readQueryFromClient(conn: connection): void {
  let c: client | null = connGetPrivateData(conn) as client;
  let big_arg = 0;

  server.stat_total_reads_processed++;

  let readlen = PROTO_IOBUF_LEN;
  // In the middle of a big argument read no further than its end, even if that takes more calls: then the query buffer can become
  // the argument without a copy.
  if (
    c.reqtype === PROTO_REQ_MULTIBULK &&
    c.multibulklen &&
    c.bulklen !== -1 &&
    c.bulklen >= PROTO_MBULK_BIG_ARG
  ) {
    const remaining = c.bulklen + 2 - (c.querybuf.len - c.qb_pos);
    big_arg = 1;

    // All of it may be there, when a client goes on after a CLIENT PAUSE.
    if (remaining > 0) readlen = remaining;

    // A master's buffer is never taken over.
    if (c.flags & CLIENT_MASTER && readlen < PROTO_IOBUF_LEN) readlen = PROTO_IOBUF_LEN;
  }

  let qblen = c.querybuf.len;
  if (!(c.flags & CLIENT_MASTER) && (big_arg || sdsalloc(c.querybuf) < PROTO_IOBUF_LEN)) {
    // A big argument needs its own size and no more. And the first allocation must stay below the size at which the cron shrinks buffers.
    c.querybuf = sdsMakeRoomForNonGreedy(c.querybuf, readlen);
  } else {
    c.querybuf = sdsMakeRoomFor(c.querybuf, readlen);

    readlen = sdsavail(c.querybuf);
  }
  const nread = connRead(c.conn!, c.querybuf.buf, qblen, readlen);
  if (nread === -1) {
    if (connGetState(conn) === CONN_STATE_CONNECTED) {
      return;
    } else {
      serverLog(LL_VERBOSE, `Reading from client: ${connGetLastError(c.conn!)}`);
      freeClientAsync(c);
      beforeNextClient(c);
      return;
    }
  } else if (nread === 0) {
    if (server.verbosity <= LL_VERBOSE) {
      const info = catClientInfoString('', c);
      serverLog(LL_VERBOSE, `Client closed connection ${info}`);
    }
    freeClientAsync(c);
    beforeNextClient(c);
    return;
  }

  sdsIncrLen(c.querybuf, nread);
  qblen = c.querybuf.len;
  if (c.querybuf_peak < qblen) c.querybuf_peak = qblen;

  c.lastinteraction = server.unixtime;
  if (c.flags & CLIENT_MASTER) {
    c.read_reploff += nread;
    server.stat_net_repl_input_bytes += nread;
  } else {
    server.stat_net_input_bytes += nread;
  }

  if (!(c.flags & CLIENT_MASTER) && qblen > server.client_max_querybuf_len) {
    const ci = catClientInfoString('', c);
    const bytes = sdscatrepr(c.querybuf.buf.latin1Slice(0, 64));
    serverLog(
      LL_WARNING,
      `Closing client that reached max query buffer length: ${ci} (qbuf initial bytes: ${bytes})`,
    );
    freeClientAsync(c);
    beforeNextClient(c);
    return;
  }

  if (processInputBuffer(c) === C_ERR) c = null;

  beforeNextClient(c);
}

/**
 * The peer's address (FD_TO_PEER_NAME) or ours (FD_TO_SOCK_NAME) as Redis shows it: `ip:port`, `[ip6]:port`, `path:0` for the Unix
 * socket, `?:0` without a connection.
 *
 * @c networking.c:2702
 */
export function genClientAddrString(client: client, fd_to_str_type: number): string {
  if (client.flags & CLIENT_UNIX_SOCKET) {
    return `${server.unixsocket}:0`;
  } else {
    return connFormatFdAddr(client.conn, fd_to_str_type);
  }
}

/**
 * The peer's address. It never changes, and costs a system call: it is kept.
 *
 * @c networking.c:2717
 */
export function getClientPeerId(c: client): string {
  if (c.peerid === null) {
    c.peerid = genClientAddrString(c, FD_TO_PEER_NAME);
  }
  return c.peerid;
}

/**
 * The address that the client connected to; kept likewise.
 *
 * @c networking.c:2731
 */
export function getClientSockname(c: client): string {
  if (c.sockname === null) {
    c.sockname = genClientAddrString(c, FD_TO_SOCK_NAME);
  }
  return c.sockname;
}

/**
 * `s` with a line of CLIENT LIST about the client behind it (no newline).
 *
 * @c networking.c:2743
 */
export function catClientInfoString(s: string, client: client): string {
  let flags = '';
  if (client.flags & CLIENT_SLAVE) {
    if (client.flags & CLIENT_MONITOR) flags += 'O';
    else flags += 'S';
  }
  if (client.flags & CLIENT_MASTER) flags += 'M';
  if (client.flags & CLIENT_PUBSUB) flags += 'P';
  if (client.flags & CLIENT_MULTI) flags += 'x';
  if (client.flags & CLIENT_BLOCKED) flags += 'b';
  if (client.flags_hi & CLIENT_TRACKING) flags += 't';
  if (client.flags_hi & CLIENT_TRACKING_BROKEN_REDIR) flags += 'R';
  if (client.flags_hi & CLIENT_TRACKING_BCAST) flags += 'B';
  if (client.flags & CLIENT_DIRTY_CAS) flags += 'd';
  if (client.flags & CLIENT_CLOSE_AFTER_REPLY) flags += 'c';
  if (client.flags & CLIENT_UNBLOCKED) flags += 'u';
  if (client.flags & CLIENT_CLOSE_ASAP) flags += 'A';
  if (client.flags & CLIENT_UNIX_SOCKET) flags += 'U';
  if (client.flags & CLIENT_READONLY) flags += 'r';
  if (client.flags_hi & CLIENT_NO_EVICT) flags += 'e';
  if (flags === '') flags = 'N';

  let events = '';
  if (client.conn) {
    if (connHasReadHandler(client.conn)) events += 'r';
    if (connHasWriteHandler(client.conn)) events += 'w';
  }

  const total_mem = getClientMemoryUsage(client);
  const obufmem = getClientOutputBufferMemoryUsage(client);

  return (
    s +
    `id=${client.id} addr=${getClientPeerId(client)} laddr=${getClientSockname(client)}` +
    ` ${connGetInfo(client.conn)} name=${client.name ? objPtrString(client.name) : ''}` +
    ` age=${server.unixtime - client.ctime} idle=${server.unixtime - client.lastinteraction}` +
    ` flags=${flags} db=${client.db.id} sub=${dictSize(client.pubsub_channels)}` +
    ` psub=${listLength(client.pubsub_patterns)} ssub=${dictSize(client.pubsubshard_channels)}` +
    ` multi=${client.flags & CLIENT_MULTI ? client.mstate.count : -1}` +
    ` qbuf=${client.querybuf.len} qbuf-free=${sdsavail(client.querybuf)}` +
    ` argv-mem=${client.argv_len_sum} multi-mem=${client.mstate.argv_len_sums}` +
    ` rbs=${client.buf_usable_size} rbp=${client.buf_peak} obl=${client.bufpos}` +
    ` oll=${listLength(client.reply)} omem=${obufmem} tot-mem=${total_mem} events=${events}` +
    ` cmd=${client.lastcmd ? client.lastcmd.fullname : 'NULL'}` +
    ` user=${client.user ? client.user.name : '(superuser)'}` +
    ` redir=${client.flags_hi & CLIENT_TRACKING ? client.client_tracking_redirection : -1}` +
    ` resp=${client.resp}`
  );
}

/**
 * The lines of all clients of a type (CLIENT_TYPE_*; -1: of all).
 *
 * @c networking.c:2820
 */
export function getAllClientsInfoString(type: number): string {
  let o = '';
  const li = new listIter<client>();
  listRewind(server.clients, li);
  for (let ln = listNext(li); ln !== null; ln = listNext(li)) {
    const client = listNodeValue(ln);
    if (type !== -1 && getClientType(client) !== type) continue;
    o = catClientInfoString(o, client);
    o += '\n';
  }
  return o;
}

/**
 * Names a client; an empty name, or null, takes the name away. C_ERR, and no change, when the name has blanks or unprintable chars, with
 * which CLIENT LIST could not be taken apart again.
 *
 * @c networking.c:2837
 */
export function clientSetName(c: client, name: robj | null): number {
  const p = name !== null ? objPtrString(name) : '';

  if (p.length === 0) {
    if (c.name) decrRefCount(c.name);
    c.name = null;
    return C_OK;
  }

  for (let j = 0; j < p.length; j++) {
    const ch = p.charCodeAt(j);
    if (ch < 0x21 || ch > 0x7e) {
      return C_ERR;
    }
  }
  if (c.name) decrRefCount(c.name);
  c.name = name;
  incrRefCount(name!);
  return C_OK;
}

/**
 * clientSetName() that replies the error, and nothing on success.
 *
 * @c networking.c:2872
 */
export function clientSetNameOrReply(c: client, name: robj | null): number {
  const result = clientSetName(c, name);
  if (result === C_ERR) {
    addReplyError(c, 'Client names cannot contain spaces, newlines or special characters.');
  }
  return result;
}

/**
 * RESET: the connection becomes as a new one.
 *
 * @c networking.c:2884
 */
export function resetCommand(c: client): void {
  let flags = c.flags;
  if (flags & CLIENT_MONITOR) flags &= ~(CLIENT_MONITOR | CLIENT_SLAVE);

  if (flags & (CLIENT_SLAVE | CLIENT_MASTER | CLIENT_MODULE)) {
    addReplyError(c, 'can only reset normal client connections');
    return;
  }

  clearClientConnectionState(c);
  addReplyStatus(c, 'RESET');
}

/**
 * QUIT: closes the connection after an OK.
 *
 * @c networking.c:2901
 */
export function quitCommand(c: client): void {
  addReply(c, shared.ok);
  c.flags |= CLIENT_CLOSE_AFTER_REPLY;
}

/** CLIENT HELP. */
const CLIENT_HELP: readonly string[] = [
  'GETREDIR',
  '    Return the client ID we are redirecting to when tracking is enabled.',
  'GETNAME',
  '    Return the name of the current connection.',
  'ID',
  '    Return the ID of the current connection.',
  'INFO',
  '    Return information about the current client connection.',
  'KILL <ip:port>',
  '    Kill connection made from <ip:port>.',
  'KILL <option> <value> [<option> <value> [...]]',
  '    Kill connections. Options are:',
  '    * ADDR (<ip:port>|<unixsocket>:0)',
  '      Kill connections made from the specified address',
  '    * LADDR (<ip:port>|<unixsocket>:0)',
  '      Kill connections made to specified local address',
  '    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)',
  '      Kill connections by type.',
  '    * USER <username>',
  '      Kill connections authenticated by <username>.',
  '    * SKIPME (YES|NO)',
  '      Skip killing current connection (default: yes).',
  'LIST [options ...]',
  '    Return information about client connections. Options:',
  '    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)',
  '      Return clients of specified type.',
  'UNPAUSE',
  '    Stop the current client pause, resuming traffic.',
  'PAUSE <timeout> [WRITE|ALL]',
  '    Suspend all, or just write, clients for <timeout> milliseconds.',
  'REPLY (ON|OFF|SKIP)',
  '    Control the replies sent to the current connection.',
  'SETNAME <name>',
  '    Assign the name <name> to the current connection.',
  'UNBLOCK <clientid> [TIMEOUT|ERROR]',
  '    Unblock the specified blocked client.',
  'TRACKINGINFO',
  '    Report tracking status for the current connection.',
  'NO-EVICT (ON|OFF)',
  '    Protect current client connection from eviction.',
];

/**
 * CLIENT and its subcommands.
 *
 * @c networking.c:2906
 */
export function clientCommand(c: client): void {
  const sub = objPtrString(c.argv[1]);

  if (c.argc === 2 && !strcasecmp(sub, 'help')) {
    addReplyHelp(c, CLIENT_HELP);
  } else if (!strcasecmp(sub, 'id') && c.argc === 2) {
    addReplyLongLong(c, c.id);
  } else if (!strcasecmp(sub, 'info') && c.argc === 2) {
    addReplyVerbatim(c, catClientInfoString('', c) + '\n', 'txt');
  } else if (!strcasecmp(sub, 'list')) {
    // CLIENT LIST [TYPE type | ID id ...]
    let type = -1;
    let o: string | null = null;
    if (c.argc === 4 && !strcasecmp(objPtrString(c.argv[2]), 'type')) {
      type = getClientTypeByName(objPtrString(c.argv[3]));
      if (type === -1) {
        addReplyErrorFormat(c, `Unknown client type '${cstr(objPtrString(c.argv[3]))}'`);
        return;
      }
    } else if (c.argc > 3 && !strcasecmp(objPtrString(c.argv[2]), 'id')) {
      o = '';
      for (let j = 3; j < c.argc; j++) {
        const cid = getLongLongFromObjectOrReply(c, c.argv[j], 'Invalid client ID');
        if (cid === null) return;
        const cl = lookupClientByID(cid);
        if (cl) {
          o = catClientInfoString(o, cl);
          o += '\n';
        }
      }
    } else if (c.argc !== 2) {
      addReplyErrorObject(c, shared.syntaxerr);
      return;
    }

    if (o === null) o = getAllClientsInfoString(type);
    addReplyVerbatim(c, o, 'txt');
  } else if (!strcasecmp(sub, 'reply') && c.argc === 3) {
    // CLIENT REPLY ON|OFF|SKIP
    const opt = objPtrString(c.argv[2]);
    if (!strcasecmp(opt, 'on')) {
      c.flags &= ~(CLIENT_REPLY_SKIP | CLIENT_REPLY_OFF);
      addReply(c, shared.ok);
    } else if (!strcasecmp(opt, 'off')) {
      c.flags |= CLIENT_REPLY_OFF;
    } else if (!strcasecmp(opt, 'skip')) {
      if (!(c.flags & CLIENT_REPLY_OFF)) c.flags |= CLIENT_REPLY_SKIP_NEXT;
    } else {
      addReplyErrorObject(c, shared.syntaxerr);
      return;
    }
  } else if (!strcasecmp(sub, 'no-evict') && c.argc === 3) {
    // CLIENT NO-EVICT ON|OFF
    const opt = objPtrString(c.argv[2]);
    if (!strcasecmp(opt, 'on')) {
      c.flags_hi |= CLIENT_NO_EVICT;
      addReply(c, shared.ok);
    } else if (!strcasecmp(opt, 'off')) {
      c.flags_hi &= ~CLIENT_NO_EVICT;
      addReply(c, shared.ok);
    } else {
      addReplyErrorObject(c, shared.syntaxerr);
      return;
    }
  } else if (!strcasecmp(sub, 'kill')) {
    // CLIENT KILL <ip:port>
    // CLIENT KILL <option> [value] ... <option> [value]
    let addr: string | null = null;
    let laddr: string | null = null;
    let user: client['user'] = null;
    let type = -1;
    let id = 0;
    let skipme = 1;
    let killed = 0;
    let close_this_client = 0;

    if (c.argc === 3) {
      addr = cstr(objPtrString(c.argv[2]));
      skipme = 0; // The old form may kill its own sender.
    } else if (c.argc > 3) {
      let i = 2;

      while (i < c.argc) {
        const moreargs = c.argc > i + 1;
        const opt = objPtrString(c.argv[i]);

        if (!strcasecmp(opt, 'id') && moreargs) {
          const tmp = getRangeLongFromObjectOrReply(
            c,
            c.argv[i + 1],
            1,
            LONG_MAX,
            'client-id should be greater than 0',
          );
          if (tmp === null) return;
          id = tmp;
        } else if (!strcasecmp(opt, 'type') && moreargs) {
          type = getClientTypeByName(objPtrString(c.argv[i + 1]));
          if (type === -1) {
            addReplyErrorFormat(c, `Unknown client type '${cstr(objPtrString(c.argv[i + 1]))}'`);
            return;
          }
        } else if (!strcasecmp(opt, 'addr') && moreargs) {
          addr = cstr(objPtrString(c.argv[i + 1]));
        } else if (!strcasecmp(opt, 'laddr') && moreargs) {
          laddr = cstr(objPtrString(c.argv[i + 1]));
        } else if (!strcasecmp(opt, 'user') && moreargs) {
          user = ACLGetUserByName(objPtrString(c.argv[i + 1]));
          if (user === null) {
            addReplyErrorFormat(c, `No such user '${cstr(objPtrString(c.argv[i + 1]))}'`);
            return;
          }
        } else if (!strcasecmp(opt, 'skipme') && moreargs) {
          const yesno = objPtrString(c.argv[i + 1]);
          if (!strcasecmp(yesno, 'yes')) {
            skipme = 1;
          } else if (!strcasecmp(yesno, 'no')) {
            skipme = 0;
          } else {
            addReplyErrorObject(c, shared.syntaxerr);
            return;
          }
        } else {
          addReplyErrorObject(c, shared.syntaxerr);
          return;
        }
        i += 2;
      }
    } else {
      addReplyErrorObject(c, shared.syntaxerr);
      return;
    }

    const li = new listIter<client>();
    listRewind(server.clients, li);
    for (let ln = listNext(li); ln !== null; ln = listNext(li)) {
      const client = listNodeValue(ln);
      if (addr !== null && getClientPeerId(client) !== addr) continue;
      if (laddr !== null && getClientSockname(client) !== laddr) continue;
      if (type !== -1 && getClientType(client) !== type) continue;
      if (id !== 0 && client.id !== id) continue;
      if (user && client.user !== user) continue;
      if (c === client && skipme) continue;

      if (c === client) {
        close_this_client = 1;
      } else {
        freeClient(client);
      }
      killed++;
    }

    if (c.argc === 3) {
      if (killed === 0) addReplyError(c, 'No such client');
      else addReply(c, shared.ok);
    } else {
      addReplyLongLong(c, killed);
    }

    // Only now: with this flag set, the reply above would not have been queued.
    if (close_this_client) c.flags |= CLIENT_CLOSE_AFTER_REPLY;
  } else if (!strcasecmp(sub, 'unblock') && (c.argc === 3 || c.argc === 4)) {
    // CLIENT UNBLOCK <id> [timeout|error]
    let unblock_error = 0;

    if (c.argc === 4) {
      const reason = objPtrString(c.argv[3]);
      if (!strcasecmp(reason, 'timeout')) {
        unblock_error = 0;
      } else if (!strcasecmp(reason, 'error')) {
        unblock_error = 1;
      } else {
        addReplyError(c, 'CLIENT UNBLOCK reason should be TIMEOUT or ERROR');
        return;
      }
    }
    const id = getLongLongFromObjectOrReply(c, c.argv[2], null);
    if (id === null) return;
    const target = lookupClientByID(id);
    if (target && target.flags & CLIENT_BLOCKED) {
      if (unblock_error) addReplyError(target, '-UNBLOCKED client unblocked via CLIENT UNBLOCK');
      else replyToBlockedClientTimedOut(target);
      unblockClient(target);
      updateStatsOnUnblock(target, 0, 0, 1);
      addReply(c, shared.cone);
    } else {
      addReply(c, shared.czero);
    }
  } else if (!strcasecmp(sub, 'setname') && c.argc === 3) {
    if (clientSetNameOrReply(c, c.argv[2]) === C_OK) addReply(c, shared.ok);
  } else if (!strcasecmp(sub, 'getname') && c.argc === 2) {
    if (c.name) addReplyBulk(c, c.name);
    else addReplyNull(c);
  } else if (!strcasecmp(sub, 'unpause') && c.argc === 2) {
    unpauseClients(PAUSE_BY_CLIENT_COMMAND);
    addReply(c, shared.ok);
  } else if (!strcasecmp(sub, 'pause') && (c.argc === 3 || c.argc === 4)) {
    // CLIENT PAUSE TIMEOUT [WRITE|ALL]
    let type = CLIENT_PAUSE_ALL;
    if (c.argc === 4) {
      const mode = objPtrString(c.argv[3]);
      if (!strcasecmp(mode, 'write')) {
        type = CLIENT_PAUSE_WRITE;
      } else if (!strcasecmp(mode, 'all')) {
        type = CLIENT_PAUSE_ALL;
      } else {
        addReplyError(c, 'CLIENT PAUSE mode must be WRITE or ALL');
        return;
      }
    }

    const end = getTimeoutFromObjectOrReply(c, c.argv[2], UNIT_MILLISECONDS);
    if (end === null) return;
    pauseClients(PAUSE_BY_CLIENT_COMMAND, end, type);
    addReply(c, shared.ok);
  } else if (!strcasecmp(sub, 'getredir') && c.argc === 2) {
    if (c.flags_hi & CLIENT_TRACKING) {
      addReplyLongLong(c, c.client_tracking_redirection);
    } else {
      addReplyLongLong(c, -1);
    }
  } else if (!strcasecmp(sub, 'trackinginfo') && c.argc === 2) {
    addReplyMapLen(c, 3);

    addReplyBulkCString(c, 'flags');
    const arraylen_ptr = addReplyDeferredLen(c);
    let numflags = 0;
    addReplyBulkCString(c, c.flags_hi & CLIENT_TRACKING ? 'on' : 'off');
    numflags++;
    if (c.flags_hi & CLIENT_TRACKING_BCAST) {
      addReplyBulkCString(c, 'bcast');
      numflags++;
    }
    if (c.flags_hi & CLIENT_TRACKING_OPTIN) {
      addReplyBulkCString(c, 'optin');
      numflags++;
      if (c.flags_hi & CLIENT_TRACKING_CACHING) {
        addReplyBulkCString(c, 'caching-yes');
        numflags++;
      }
    }
    if (c.flags_hi & CLIENT_TRACKING_OPTOUT) {
      addReplyBulkCString(c, 'optout');
      numflags++;
      if (c.flags_hi & CLIENT_TRACKING_CACHING) {
        addReplyBulkCString(c, 'caching-no');
        numflags++;
      }
    }
    if (c.flags_hi & CLIENT_TRACKING_NOLOOP) {
      addReplyBulkCString(c, 'noloop');
      numflags++;
    }
    if (c.flags_hi & CLIENT_TRACKING_BROKEN_REDIR) {
      addReplyBulkCString(c, 'broken_redirect');
      numflags++;
    }
    setDeferredSetLen(c, arraylen_ptr, numflags);

    addReplyBulkCString(c, 'redirect');
    if (c.flags_hi & CLIENT_TRACKING) {
      addReplyLongLong(c, c.client_tracking_redirection);
    } else {
      addReplyLongLong(c, -1);
    }

    addReplyBulkCString(c, 'prefixes');
    if (c.client_tracking_prefixes) {
      addReplyArrayLen(c, raxSize(c.client_tracking_prefixes));
      const ri = new raxIterator();
      raxStart(ri, c.client_tracking_prefixes);
      raxSeek(ri, '^', '');
      while (raxNext(ri)) addReplyBulkCBuffer(c, ri.key);
      raxStop(ri);
    } else {
      addReplyArrayLen(c, 0);
    }
  } else {
    addReplySubcommandSyntaxError(c);
  }
}

/**
 * HELLO [protover [AUTH username password] [SETNAME clientname]]: chooses the protocol, and tells about the server.
 *
 * @c networking.c:3433
 */
export function helloCommand(c: client): void {
  let ver = 0;
  let next_arg = 1;

  if (c.argc >= 2) {
    const ll = getLongLongFromObjectOrReply(
      c,
      c.argv[next_arg++],
      'Protocol version is not an integer or out of range',
    );
    if (ll === null) return;

    if (ll < 2 || ll > 3) {
      addReplyError(c, '-NOPROTO unsupported protocol version');
      return;
    }
    ver = Number(ll);
  }

  for (let j = next_arg; j < c.argc; j++) {
    const moreargs = c.argc - 1 - j;
    const opt = objPtrString(c.argv[j]);
    if (!strcasecmp(opt, 'AUTH') && moreargs >= 2) {
      redactClientCommandArgument(c, j + 1);
      redactClientCommandArgument(c, j + 2);
      if (ACLAuthenticateUser(c, c.argv[j + 1], c.argv[j + 2]) === C_ERR) {
        addReplyError(c, '-WRONGPASS invalid username-password pair or user is disabled.');
        return;
      }
      j += 2;
    } else if (!strcasecmp(opt, 'SETNAME') && moreargs) {
      if (clientSetNameOrReply(c, c.argv[j + 1]) === C_ERR) return;
      j++;
    } else {
      addReplyErrorFormat(c, `Syntax error in HELLO option '${cstr(opt)}'`);
      return;
    }
  }

  if (!c.authenticated) {
    addReplyError(
      c,
      '-NOAUTH HELLO must be called with the client already ' +
        'authenticated, otherwise the HELLO AUTH <user> <pass> ' +
        'option can be used to authenticate the client and ' +
        'select the RESP protocol version at the same time',
    );
    return;
  }

  if (ver) c.resp = ver;
  addReplyMapLen(c, 6 + (server.sentinel_mode ? 0 : 1));

  addReplyBulkCString(c, 'server');
  addReplyBulkCString(c, 'redis');

  addReplyBulkCString(c, 'version');
  addReplyBulkCString(c, REDIS_VERSION);

  addReplyBulkCString(c, 'proto');
  addReplyLongLong(c, c.resp);

  addReplyBulkCString(c, 'id');
  addReplyLongLong(c, c.id);

  addReplyBulkCString(c, 'mode');
  if (server.sentinel_mode) addReplyBulkCString(c, 'sentinel');
  else if (server.cluster_enabled) addReplyBulkCString(c, 'cluster');
  else addReplyBulkCString(c, 'standalone');

  if (!server.sentinel_mode) {
    addReplyBulkCString(c, 'role');
    addReplyBulkCString(c, server.masterhost ? 'replica' : 'master');
  }

  // There are no modules; clients expect the list all the same.
  addReplyBulkCString(c, 'modules');
  addReplyArrayLen(c, 0);
}

/**
 * What `POST` and `Host:` are bound to. A browser that was tricked into posting to us would have its headers refused one by one, and the
 * commands in the body executed: so the connection ends here. Logged once a minute at most.
 *
 * @c networking.c:3517
 */
export function securityWarningCommand(c: client): void {
  const now = Math.floor(posix.gettimeofday() / 1000000);

  if (Math.abs(now - server.security_warning_logged_time) > 60) {
    serverLog(
      LL_WARNING,
      'Possible SECURITY ATTACK detected. It looks like somebody is sending POST or Host: commands to Redis. This is likely due to an attacker attempting to use Cross Protocol Scripting to compromise your Redis instance. Connection aborted.',
    );
    server.security_warning_logged_time = now;
  }
  freeClientAsync(c);
}

/**
 * Keeps the arguments as they came, for the slow log and the monitors, before the first change to them.
 *
 * @c networking.c:3530
 * @cstatic
 */
export function retainOriginalCommandVector(c: client): void {
  if (c.original_argv) return;
  c.original_argc = c.argc;
  const { argc } = c;
  const original_argv = c.argv.slice(0, argc);
  c.original_argv = original_argv;
  for (let j = 0; j < argc; j++) incrRefCount(original_argv[j]);
}

/**
 * Hides an argument (a password) from the slow log.
 *
 * @c networking.c:3544
 */
export function redactClientCommandArgument(c: client, argc: number): void {
  retainOriginalCommandVector(c);
  const original_argv = c.original_argv!;
  if (original_argv[argc] === shared.redacted) return;
  decrRefCount(original_argv[argc]);
  original_argv[argc] = shared.redacted;
}

/**
 * Replaces the client's command line by `argv`, whose objects get a reference more. The array becomes the client's.
 *
 * @c networking.c:3557
 */
export function rewriteClientCommandVector(c: client, argv: robj[]): void {
  for (let j = 0; j < argv.length; j++) incrRefCount(argv[j]);
  replaceClientCommandVector(c, argv);
}

/**
 * Replaces the client's command line by `argv`, taking over the references. The command must exist.
 *
 * @c networking.c:3576
 */
export function replaceClientCommandVector(c: client, argv: robj[]): void {
  retainOriginalCommandVector(c);
  freeClientArgv(c);
  c.argv = argv;
  c.argc = argv.length;
  c.argv_len_sum = 0;
  for (let j = 0; j < c.argc; j++) {
    if (c.argv[j]) c.argv_len_sum += getStringObjectLen(c.argv[j]);
  }
  c.cmd = lookupCommandOrOriginal(c.argv, c.argc);
  serverAssertWithInfo(c, null, c.cmd !== null, 'c->cmd != NULL');
}

/**
 * Replaces argument `i`; `newval` gets a reference more, the old one loses one. `i` may lie behind the end: the line grows then, and the
 * caller sees to it that there are no holes.
 *
 * @c networking.c:3601
 */
export function rewriteClientCommandArgument(c: client, i: number, newval: robj): void {
  retainOriginalCommandVector(c);

  let oldval: robj | null = null;
  if (i >= c.argc) {
    if (i >= c.argv_len) {
      // A vector of its own: the old one may be NO_ARGV.
      c.argv = c.argv.slice(0, c.argc);
      c.argv.length = i + 1;
      c.argv_len = i + 1;
    }
    c.argc = i + 1;
  } else {
    oldval = c.argv[i];
  }
  if (oldval) c.argv_len_sum -= getStringObjectLen(oldval);
  if (newval) c.argv_len_sum += getStringObjectLen(newval);
  c.argv[i] = newval;
  incrRefCount(newval);
  if (oldval) decrRefCount(oldval);

  if (i === 0) {
    c.cmd = lookupCommandOrOriginal(c.argv, c.argc);
    serverAssertWithInfo(c, null, c.cmd !== null, 'c->cmd != NULL');
  }
}

/**
 * Bytes of the blocks in the reply list, sent or not, with what the list needs. Fast.
 *
 * @c networking.c:3636
 */
export function getClientOutputBufferMemoryUsage(c: client): number {
  if (getClientType(c) === CLIENT_TYPE_SLAVE) {
    if (c.ref_repl_buf_node === null) return 0;
    // What the replica keeps from being dropped: from its block to the last.
    const last = listNodeValue(listLast(server.repl_buffer_blocks)!);
    const cur = listNodeValue(c.ref_repl_buf_node);
    const repl_buf_size = last.repl_offset + last.size - cur.repl_offset;
    const repl_node_num = last.id - cur.id + 1;
    return repl_buf_size + SIZEOF_REPL_NODE * repl_node_num;
  }
  const list_item_size = SIZEOF_LISTNODE + SIZEOF_CLIENTREPLYBLOCK;
  return c.reply_bytes + list_item_size * c.reply.len;
}

/**
 * All bytes that the client takes in C's measure: its struct, buffers, arguments, queued commands, subscriptions. `out`, if given, receives
 * the part of the output buffer.
 *
 * @c networking.c:3657
 */
export function getClientMemoryUsage(c: client, out: { usage: number } | null = null): number {
  let mem = getClientOutputBufferMemoryUsage(c);
  if (out !== null) out.usage = mem;
  mem += sdsZmallocSize(c.querybuf);
  mem += CLIENT_ALLOC_SIZE;
  mem += c.buf_usable_size;
  // The slack of the arguments is not worth the work of finding it.
  mem += c.argv_len_sum + SIZEOF_POINTER * c.argc;
  mem += multiStateMemOverhead(c);

  mem += pubsubMemOverhead(c);

  if (c.client_tracking_prefixes)
    mem += c.client_tracking_prefixes.numnodes * (SIZEOF_RAXNODE * SIZEOF_POINTER);

  return mem;
}

/**
 * CLIENT_TYPE_* of a client, for limits and filters. A monitor counts as a normal client, although it has a replica's flag.
 *
 * @c networking.c:3690
 */
export function getClientType(c: client): number {
  const flags = c.flags;
  if (flags & CLIENT_MASTER) return CLIENT_TYPE_MASTER;
  if (flags & CLIENT_SLAVE && !(flags & CLIENT_MONITOR)) return CLIENT_TYPE_SLAVE;
  if (flags & CLIENT_PUBSUB) return CLIENT_TYPE_PUBSUB;
  return CLIENT_TYPE_NORMAL;
}

/**
 * The type of that name, -1 for none.
 *
 * @c networking.c:3700
 */
export function getClientTypeByName(name: string): number {
  if (!strcasecmp(name, 'normal')) return CLIENT_TYPE_NORMAL;
  else if (!strcasecmp(name, 'slave')) return CLIENT_TYPE_SLAVE;
  else if (!strcasecmp(name, 'replica')) return CLIENT_TYPE_SLAVE;
  else if (!strcasecmp(name, 'pubsub')) return CLIENT_TYPE_PUBSUB;
  else if (!strcasecmp(name, 'master')) return CLIENT_TYPE_MASTER;
  else return -1;
}

/**
 * The name of a type, null for none.
 *
 * @c networking.c:3709
 */
export function getClientTypeName(type: number): string | null {
  switch (type) {
    case CLIENT_TYPE_NORMAL:
      return 'normal';
    case CLIENT_TYPE_SLAVE:
      return 'slave';
    case CLIENT_TYPE_PUBSUB:
      return 'pubsub';
    case CLIENT_TYPE_MASTER:
      return 'master';
    default:
      return null;
  }
}

/**
 * Whether the client's output is beyond the hard limit of its class, or has been beyond the soft one for too long; notes since when it is.
 *
 * @c networking.c:3725
 */
export function checkClientOutputBufferLimits(c: client): boolean {
  let soft = false;
  let hard = false;
  const used_mem = getClientOutputBufferMemoryUsage(c);

  let type = getClientType(c);
  if (type === CLIENT_TYPE_MASTER) type = CLIENT_TYPE_NORMAL;

  // A replica shares its buffer with the backlog, so that a limit below the backlog's size would gain nothing.
  const limits = server.client_obuf_limits[type];
  let hard_limit_bytes = limits.hard_limit_bytes;
  if (type === CLIENT_TYPE_SLAVE && hard_limit_bytes && hard_limit_bytes < server.repl_backlog_size)
    hard_limit_bytes = server.repl_backlog_size;
  if (limits.hard_limit_bytes && used_mem >= hard_limit_bytes) hard = true;
  if (limits.soft_limit_bytes && used_mem >= limits.soft_limit_bytes) soft = true;

  if (soft) {
    if (c.obuf_soft_limit_reached_time === 0) {
      c.obuf_soft_limit_reached_time = server.unixtime;
      soft = false; // It begins now.
    } else {
      const elapsed = server.unixtime - c.obuf_soft_limit_reached_time;

      if (elapsed <= limits.soft_limit_seconds) soft = false; // Not for long enough.
    }
  } else {
    c.obuf_soft_limit_reached_time = 0;
  }
  return soft || hard;
}

/**
 * Closes a client whose output is over its limit: marks it with `async` 1, for callers in the middle of a reply, or at once. 1 when it did.
 *
 * @c networking.c:3784
 */
export function closeClientOnOutputBufferLimitReached(c: client, async: number): number {
  if (!c.conn) return 0; // Pseudo clients have owners who use them.
  if (
    (c.reply_bytes === 0 && getClientType(c) !== CLIENT_TYPE_SLAVE) ||
    c.flags & CLIENT_CLOSE_ASAP
  )
    return 0;
  if (checkClientOutputBufferLimits(c)) {
    const client = catClientInfoString('', c);

    if (async) {
      freeClientAsync(c);
      serverLog(
        LL_WARNING,
        `Client ${client} scheduled to be closed ASAP for overcoming of output buffer limits.`,
      );
    } else {
      freeClient(c);
      serverLog(LL_WARNING, `Client ${client} closed for overcoming of output buffer limits.`);
    }
    return 1;
  }
  return 0;
}

/**
 * Sends what replicas wait for, without going back to the event loop: to make room when memory is short, and before a shutdown.
 *
 * @c networking.c:3815
 */
export function flushSlavesOutputBuffers(): void {
  const li = new listIter<client>();
  listRewind(server.slaves, li);
  for (let ln = listNext(li); ln !== null; ln = listNext(li)) {
    const slave = listNodeValue(ln);
    const can_receive_writes =
      connHasWriteHandler(slave.conn!) || (slave.flags & CLIENT_PENDING_WRITE) !== 0;

    if (
      slave.replstate === SLAVE_STATE_ONLINE &&
      can_receive_writes &&
      !slave.repl_start_cmd_stream_on_ack &&
      clientHasPendingReplies(slave)
    ) {
      writeToClient(slave, 0);
    }
  }
}

/**
 * Works out which pause holds now: the strictest of those that were asked for and have not run out, until the latest of its ends. When
 * less is paused than before, the postponed clients get another try.
 *
 * @c networking.c:3851
 * @cstatic
 */
export function updateClientPauseTypeAndEndTime(): void {
  const old_type = server.client_pause_type;
  let type = CLIENT_PAUSE_OFF;
  let end = 0;
  for (let i = 0; i < NUM_PAUSE_PURPOSES; i++) {
    const p = server.client_pause_per_purpose[i];
    if (p === null) {
      continue;
    } else if (p.end < server.mstime) {
      server.client_pause_per_purpose[i] = null;
    } else if (p.type > type) {
      type = p.type;
    }
  }

  for (let i = 0; i < NUM_PAUSE_PURPOSES; i++) {
    const p = server.client_pause_per_purpose[i];
    if (p !== null && p.type === type && p.end > end) end = p.end;
  }
  server.client_pause_type = type;
  server.client_pause_end_time = end;

  if (type < old_type) {
    unblockPostponedClients();
  }
}

/**
 * Unblocks all clients whose command was put off by a pause. They may be paused again when it is their turn.
 *
 * @c networking.c:3887
 */
export function unblockPostponedClients(): void {
  const li = new listIter<client>();
  listRewind(server.postponed_clients, li);
  for (let ln = listNext(li); ln !== null; ln = listNext(li)) {
    unblockClient(listNodeValue(ln));
  }
}

/**
 * Pauses commands (CLIENT_PAUSE_WRITE or _ALL) until `end` (ms since 1970) for a PAUSE_* purpose. A pause that runs for the purpose already
 * can only become longer and stricter.
 *
 * @c networking.c:3910
 */
export function pauseClients(purpose: number, end: number, type: number): void {
  const p = server.client_pause_per_purpose[purpose];
  if (p === null) {
    const fresh = new pause_event();
    fresh.type = type;
    fresh.end = end;
    server.client_pause_per_purpose[purpose] = fresh;
  } else {
    p.type = Math.max(p.type, type);
    p.end = Math.max(p.end, end);
  }
  updateClientPauseTypeAndEndTime();

  // The rest of the running transaction is executed in spite of the pause, and what it writes is propagated.
  if (server.in_exec) {
    server.client_pause_in_transaction = 1;
  }
}

/**
 * Ends the pause of a purpose.
 *
 * @c networking.c:3933
 */
export function unpauseClients(purpose: number): void {
  if (server.client_pause_per_purpose[purpose] === null) return;
  server.client_pause_per_purpose[purpose] = null;
  updateClientPauseTypeAndEndTime();
}

/**
 * Whether there is a pause.
 *
 * @c networking.c:3941
 */
export function areClientsPaused(): boolean {
  return server.client_pause_type !== CLIENT_PAUSE_OFF;
}

/**
 * Ends a pause that has run out. Whether there is still one.
 *
 * @c networking.c:3948
 */
export function checkClientPauseTimeoutAndReturnIfPaused(): boolean {
  if (!areClientsPaused()) return false;
  if (server.client_pause_end_time < server.mstime) {
    updateClientPauseTypeAndEndTime();
  }
  return areClientsPaused();
}

/**
 * Serves a few events from within a long operation (loading), so that clients at least get an error. Up to four rounds, which is what accepting,
 * reading, replying and closing takes.
 *
 * @c networking.c:3969
 */
export function processEventsWhileBlocked(): void {
  let iterations = 4;

  // The cached time may be old by now, and new clients are judged by it.
  updateCachedTime(0);

  server.ProcessingEventsWhileBlocked++;
  while (iterations--) {
    const startval = server.events_processed_while_blocked;
    const ae_events = aeProcessEvents(
      server.el,
      AE_FILE_EVENTS | AE_DONT_WAIT | AE_CALL_BEFORE_SLEEP | AE_CALL_AFTER_SLEEP,
    );
    // Handlers that ran in there may have counted some themselves.
    server.events_processed_while_blocked += ae_events;
    const events = server.events_processed_while_blocked - startval;
    if (!events) break;
  }

  whileBlockedCron();

  server.ProcessingEventsWhileBlocked--;
  serverAssert(server.ProcessingEventsWhileBlocked >= 0, 'ProcessingEventsWhileBlocked >= 0');
}

/**
 * Called before each sleep: sends the replies made in this iteration, if there are any. Returns how many clients there were. C
 * shares the work among its I/O threads when there is much of it.
 *
 * @c networking.c:4178
 */
export function handleClientsWithPendingWritesUsingThreads(): number {
  const processed = listLength(server.clients_pending_write);
  if (processed === 0) return 0;

  return handleClientsWithPendingWrites();
}

/**
 * How many bytes all clients together may take (`maxmemory-clients`, a negative value being a percentage of maxmemory). 0: as many as they like.
 *
 * @c networking.c:4385
 */
export function getClientEvictionLimit(): number {
  let maxmemory_clients_actual = Infinity;

  if (server.maxmemory_clients < 0 && server.maxmemory > 0) {
    maxmemory_clients_actual = Math.trunc((server.maxmemory * -server.maxmemory_clients) / 100);
  } else if (server.maxmemory_clients > 0) maxmemory_clients_actual = server.maxmemory_clients;
  else return 0;

  // With less than this nobody could even set it right again.
  if (maxmemory_clients_actual < 1024 * 128) maxmemory_clients_actual = 1024 * 128;

  return maxmemory_clients_actual;
}

/**
 * Closes clients, the biggest first, until all together take less than the limit.
 *
 * @c networking.c:4407
 */
export function evictClients(): void {
  let curr_bucket = CLIENT_MEM_USAGE_BUCKETS - 1;
  const bucket_iter = new listIter<client>();
  listRewind(server.client_mem_usage_buckets[curr_bucket].clients, bucket_iter);
  const client_eviction_limit = getClientEvictionLimit();
  if (client_eviction_limit === 0) return;
  while (
    server.stat_clients_type_memory[CLIENT_TYPE_NORMAL] +
      server.stat_clients_type_memory[CLIENT_TYPE_PUBSUB] >=
    client_eviction_limit
  ) {
    const ln = listNext(bucket_iter);
    if (ln) {
      const c = listNodeValue(ln);
      const ci = catClientInfoString('', c);
      serverLog(LL_NOTICE, `Evicting client: ${ci}`);
      freeClient(c);
      server.stat_evictedclients++;
    } else {
      curr_bucket--;
      if (curr_bucket < 0) {
        serverLog(LL_WARNING, 'Over client maxmemory after evicting all evictable clients');
        break;
      }
      listRewind(server.client_mem_usage_buckets[curr_bucket].clients, bucket_iter);
    }
  }
}
