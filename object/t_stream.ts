/**
 * t_stream.c: streams, that is logs of entries with fields and values, each under an id that grows, and groups of consumers that
 * share them out.
 *
 * Entries lie in listpacks of some kilobytes, and a radix tree finds the listpack by the id of its first entry (stream.h draws the
 * whole). A listpack begins with a master entry, which belongs to no entry and names the fields that most of them probably have:
 *
 *     +-------+---------+------------+---------+-----+---------+---+
 *     | count | deleted | num-fields | field_1 | ... | field_N | 0 |      count: entries that live, deleted: marked so
 *     +-------+---------+------------+---------+-----+---------+---+
 *     +-------+---------+----------+---------+-----+---------+----------+
 *     | flags | ms diff | seq diff | value_1 | ... | value_N | lp-count |  an entry with those fields (SAMEFIELDS)
 *     +-------+---------+----------+---------+-----+---------+----------+
 *     +-------+---------+----------+------------+---------+---------+-----+---------+---------+----------+
 *     | flags | ms diff | seq diff | num-fields | field_1 | value_1 | ... | field_N | value_N | lp-count |  and one with others
 *     +-------+---------+----------+------------+---------+---------+-----+---------+---------+----------+
 *
 * Ids are differences to the key in the tree. lp-count says of how many elements the entry consists, for going backwards; the 0 of the
 * master entry stops there. XDEL and exact trimming only set the flag DELETED in an entry. A listpack goes when no entry of it lives.
 *
 *     XADD       ─► xaddCommand ─► streamAppendItem ─► lpAppend..., then streamTrim, signalKeyAsReady
 *     XRANGE     ─► xrangeGenericCommand ─► streamReplyWithRange ─► streamIteratorStart, streamIteratorGetID, streamIteratorGetField
 *     XREADGROUP ─► xreadCommand ─► streamReplyWithRange ─► streamCreateNACK, streamPropagateXCLAIM
 *                               └─► blockForKeys ... XADD of another client ─► serveClientsBlockedOnStreamKey
 *
 * Who calls in: call(), blocked, object, db. Whom it calls: listpack, rax, db, networking, blocked, server.
 * What differs from C: a function that fills an id gets the id; one that fills a number returns it or leaves it in the iterator. Vectors
 * of ids that live as long as a command are not in the account of memory.
 *
 * @packageDocumentation
 */
import {
  addReply,
  addReplyArrayLen,
  addReplyBulk,
  addReplyBulkCBuffer,
  addReplyBulkCString,
  addReplyBulkLongLong,
  addReplyBulkSds,
  addReplyDeferredLen,
  addReplyError,
  addReplyErrorArity,
  addReplyErrorFormat,
  addReplyErrorObject,
  addReplyHelp,
  addReplyLongLong,
  addReplyMapLen,
  addReplyNull,
  addReplyNullArray,
  addReplySubcommandSyntaxError,
  cstr,
  ll2buf,
  rewriteClientCommandArgument,
  setDeferredArrayLen,
  setDeferredMapLen,
  setDeferredReplyBulkSds,
} from '../networking/networking.ts';
import { getTimeoutFromObjectOrReply } from '../networking/timeout.ts';
import { EDOM, ERANGE, posix } from '../posix/posix.ts';
import {
  lpAppend,
  lpAppendInteger,
  lpBytes,
  lpBytesEqual,
  lpFirst,
  lpFree,
  lpGet,
  lpLast,
  lpNew,
  lpNext,
  lpPos,
  lpPrev,
  lpRef,
  lpReplaceInteger,
  lpShrinkToFit,
  lpValidateFirst,
  lpValidateIntegrity,
  lpValidateNext,
} from '../quicklist/listpack.ts';
import { blockForKeys, signalKeyAsReady } from '../server/blocked.ts';
import {
  dbAdd,
  lookupKeyRead,
  lookupKeyReadOrReply,
  lookupKeyWrite,
  lookupKeyWriteOrReply,
  signalModifiedKey,
} from '../server/db.ts';
import { serverAssert, serverPanic } from '../server/debug.ts';
import { notifyKeyspaceEvent } from '../server/notify.ts';
import {
  alsoPropagate,
  mstime,
  mustObeyClient,
  preventCommandPropagation,
  serverLog,
} from '../server/server.ts';
import {
  BLOCKED_STREAM,
  CLIENT_DENY_BLOCKING,
  CLIENT_SCRIPT,
  C_ERR,
  C_OK,
  LL_WARNING,
  NOTIFY_STREAM,
  OBJ_ENCODING_STREAM,
  OBJ_STREAM,
  OBJ_STRING,
  PROPAGATE_AOF,
  PROPAGATE_REPL,
  UNIT_MILLISECONDS,
  server,
  shared,
  type client,
  type clientReplyBlock,
  type robj,
} from '../server/server.h.ts';
import type { listNode } from './adlist.ts';
import {
  LLONG_MAX,
  checkType,
  createObject,
  createStreamObject,
  createStringObject,
  createStringObjectFromLongLong,
  decrRefCount,
  getLongLongFromObjectOrReply,
  getRangeLongFromObjectOrReply,
  incrRefCount,
  llAdd,
  llMul,
  objPtrLen,
  objPtrString,
} from './object.ts';
import {
  raxEOF,
  raxFind,
  raxFree,
  raxFreeWithCallback,
  raxInsert,
  raxIterator,
  raxNew,
  raxNext,
  raxNotFound,
  raxPrev,
  raxRemove,
  raxSeek,
  raxSize,
  raxStart,
  raxStop,
  raxTryInsert,
} from './rax.ts';
import { SDS_NOINIT, type sds, sdsStringAllocSize, sdsfree, sdsnewlen, sdssetlen } from './sds.ts';
import {
  SCC_DEFAULT,
  SCC_NO_DIRTIFY,
  SCC_NO_NOTIFY,
  SCG_INVALID_ENTRIES_READ,
  SIZEOF_STREAM,
  SIZEOF_STREAMCG,
  SIZEOF_STREAMCONSUMER,
  SIZEOF_STREAMID,
  SIZEOF_STREAMNACK,
  SLC_DEFAULT,
  SLC_NO_REFRESH,
  UINT64_MAX,
  stream,
  streamCG,
  streamConsumer,
  streamID,
  streamIterator,
  streamNACK,
  streamPropInfo,
} from './stream.h.ts';
import { ll2string, normalizeInt, strcasecmp, string2ll, string2ull } from './util.ts';
import { zfree, zmalloc, zmalloc_bytes } from './zmalloc.ts';

/* ---- Flags of an entry */
/** Nothing special. */
export const STREAM_ITEM_FLAG_NONE = 0;
/** It is deleted: pass over it. */
export const STREAM_ITEM_FLAG_DELETED = 1 << 0;
/** It has the fields of the master entry, and does not repeat them. */
export const STREAM_ITEM_FLAG_SAMEFIELDS = 1 << 1;

/** The most bytes that a new listpack gets in advance, however large `stream-node-max-bytes` is. */
export const STREAM_LISTPACK_MAX_PRE_ALLOCATE = 4096;

/** The most bytes in a listpack, whatever the settings say: its header has 32 bits for them. */
export const STREAM_LISTPACK_MAX_SIZE = 1 << 30;
/** Names of fields that are longer, together, are compared in the listpack each time. */
const KNOWN_FIELDS_BYTES = 512;

/** The most bytes of an id as text; C parses in a buffer of that size. */
const STREAM_ID_PARSE_MAX = 127;

/* -----------------------------------------------------------------------
 * Arithmetic of the halves of an id
 * ----------------------------------------------------------------------- */

/**
 * `a - b` of two halves of ids as the signed 64 bit integer that a listpack holds.
 *
 * @own unsigned 64 bit arithmetic
 */
export function u64Diff(a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return normalizeInt(BigInt.asIntN(64, BigInt(a) - BigInt(b)));
}

/**
 * The half of an id that is `diff` away from `base`, wrapped to 64 bits.
 *
 * @own unsigned 64 bit arithmetic
 */
export function u64Plus(base: number | bigint, diff: number | bigint): number | bigint {
  if (typeof base === 'number' && typeof diff === 'number') {
    const sum = base + diff;
    if (sum >= 0 && sum <= Number.MAX_SAFE_INTEGER) return sum;
  }
  return normalizeInt(BigInt.asUintN(64, BigInt(base) + BigInt(diff)));
}

/**
 * The half of an id that stands, big endian, in the eight chars or bytes of `s` from `off`.
 *
 * @own ntohu64() of endianconv.h
 */
export function keyHalf(s: string | readonly number[], off: number): number | bigint {
  const high = keyQuarter(s, off) >>> 0;
  const low = keyQuarter(s, off + 4) >>> 0;
  if (high <= 0x1fffff) return high * 0x100000000 + low;
  return (BigInt(high) << 32n) | BigInt(low);
}

/**
 * The 32 bits that stand, big endian, in the four chars or bytes of `s` from `off`.
 *
 * @own part of keyHalf
 */
export function keyQuarter(s: string | readonly number[], off: number): number {
  return typeof s === 'string'
    ? (s.charCodeAt(off) << 24) |
        (s.charCodeAt(off + 1) << 16) |
        (s.charCodeAt(off + 2) << 8) |
        s.charCodeAt(off + 3)
    : (s[off] << 24) | (s[off + 1] << 16) | (s[off + 2] << 8) | s[off + 3];
}

/**
 * Gives `to` the value of `from`.
 *
 * @own an assignment of structs
 */
export function copyID(to: streamID, from: streamID): void {
  to.ms = from.ms;
  to.seq = from.seq;
}

/* -----------------------------------------------------------------------
 * Low level stream encoding: a radix tree of listpacks.
 * ----------------------------------------------------------------------- */

/**
 * An empty stream.
 *
 * @c t_stream.c:67
 */
export function streamNew(): stream {
  zmalloc(SIZEOF_STREAM);
  return new stream(raxNew<Buffer>());
}

/**
 * Releases a stream with its entries and its groups.
 *
 * @c t_stream.c:83
 */
export function freeStream(s: stream): void {
  raxFreeWithCallback(s.rax, lpFree);
  if (s.cgroups !== null) raxFreeWithCallback(s.cgroups, streamFreeCG);
  zfree(SIZEOF_STREAM);
}

/**
 * How many entries a stream object has.
 *
 * @c t_stream.c:91
 */
export function streamLength(subject: robj): number {
  return (subject.ptr as stream).length;
}

/**
 * Whether half of an id is UINT64_MAX. V8 compares a number with a bigint slowly, and no number is that large.
 *
 * @own a comparison of two integers
 */
export function isHighest(half: number | bigint): boolean {
  return typeof half === 'bigint' && half === UINT64_MAX;
}

/**
 * Makes `id` the one that comes next. The highest one becomes 0-0, and the result is C_ERR then, else C_OK.
 *
 * @c t_stream.c:99
 */
export function streamIncrID(id: streamID): number {
  if (isHighest(id.seq)) {
    id.seq = 0;
    if (isHighest(id.ms)) {
      id.ms = 0;
      return C_ERR;
    }
    id.ms = u64Plus(id.ms, 1);
  } else {
    id.seq = u64Plus(id.seq, 1);
  }
  return C_OK;
}

/**
 * Makes `id` the one that comes before. 0-0 becomes the highest one, and the result is C_ERR then, else C_OK.
 *
 * @c t_stream.c:119
 */
export function streamDecrID(id: streamID): number {
  if (id.seq === 0) {
    id.seq = UINT64_MAX;
    if (id.ms === 0) {
      id.ms = UINT64_MAX;
      return C_ERR;
    }
    id.ms = u64Plus(id.ms, -1);
  } else {
    id.seq = u64Plus(id.seq, -1);
  }
  return C_OK;
}

/**
 * Makes `new_id` the id that an entry added now gets: the present millisecond with sequence 0. If the clock is not beyond `last_id`,
 * which it may never be by going back, the id that follows that one.
 *
 * @c t_stream.c:140
 */
export function streamNextID(last_id: streamID, new_id: streamID): void {
  // A command by itself has its time from call(), a moment ago: to read the clock again costs as much as the whole search for the listpack.
  const ms = server.fixed_time_expire === 1 ? server.mstime : mstime();
  if (ms > last_id.ms) {
    new_id.ms = ms;
    new_id.seq = 0;
  } else {
    copyID(new_id, last_id);
    streamIncrID(new_id);
  }
}

/**
 * A stream object that is a copy of `o`, groups, consumers and pending entries included; refcount 1.
 *
 * @c t_stream.c:156
 */
export function streamDup(o: robj): robj {
  serverAssert(o.type === OBJ_STREAM, 'o->type == OBJ_STREAM');

  let sobj: robj;
  switch (o.encoding) {
    case OBJ_ENCODING_STREAM:
      sobj = createStreamObject();
      break;
    default:
      serverPanic('Wrong encoding.');
  }

  const s = o.ptr as stream;
  const new_s = sobj.ptr as stream;

  const ri = new raxIterator<Buffer>();
  raxStart(ri, s.rax);
  raxSeek(ri, '^', '');
  while (raxNext(ri)) {
    const lp = ri.data!;
    const lp_bytes = lpBytes(lp);
    const new_lp = zmalloc_bytes(lp_bytes);
    lp.copy(new_lp, 0, 0, lp_bytes);
    raxInsert(new_s.rax, ri.key, new_lp, null);
  }
  new_s.length = s.length;
  copyID(new_s.first_id, s.first_id);
  copyID(new_s.last_id, s.last_id);
  copyID(new_s.max_deleted_entry_id, s.max_deleted_entry_id);
  new_s.entries_added = s.entries_added;
  raxStop(ri);

  if (s.cgroups === null) return sobj;

  const ri_cgroups = new raxIterator<streamCG>();
  raxStart(ri_cgroups, s.cgroups);
  raxSeek(ri_cgroups, '^', '');
  while (raxNext(ri_cgroups)) {
    const cg = ri_cgroups.data!;
    const new_cg = streamCreateCG(new_s, ri_cgroups.key, cg.last_id, cg.entries_read);
    serverAssert(new_cg !== null, 'new_cg != NULL');

    // The pending entries of the group come first: the consumers refer to the same ones.
    const ri_cg_pel = new raxIterator<streamNACK>();
    raxStart(ri_cg_pel, cg.pel);
    raxSeek(ri_cg_pel, '^', '');
    while (raxNext(ri_cg_pel)) {
      const nack = ri_cg_pel.data!;
      const new_nack = streamCreateNACK(null);
      new_nack.delivery_time = nack.delivery_time;
      new_nack.delivery_count = nack.delivery_count;
      raxInsert(new_cg!.pel, ri_cg_pel.key, new_nack, null);
    }
    raxStop(ri_cg_pel);

    const ri_consumers = new raxIterator<streamConsumer>();
    raxStart(ri_consumers, cg.consumers);
    raxSeek(ri_consumers, '^', '');
    while (raxNext(ri_consumers)) {
      const consumer = ri_consumers.data!;
      zmalloc(SIZEOF_STREAMCONSUMER);
      zmalloc(sdsStringAllocSize(consumer.name.length));
      const new_consumer = new streamConsumer(consumer.name);
      new_consumer.pel = raxNew();
      raxInsert(new_cg!.consumers, new_consumer.name, new_consumer, null);
      new_consumer.seen_time = consumer.seen_time;

      const ri_cpel = new raxIterator<streamNACK>();
      raxStart(ri_cpel, consumer.pel);
      raxSeek(ri_cpel, '^', '');
      while (raxNext(ri_cpel)) {
        const new_nack = raxFind(new_cg!.pel, ri_cpel.key);
        serverAssert(new_nack !== raxNotFound, 'new_nack != raxNotFound');

        (new_nack as streamNACK).consumer = new_consumer;
        raxInsert(new_consumer.pel, ri_cpel.key, new_nack as streamNACK, null);
      }
      raxStop(ri_cpel);
    }
    raxStop(ri_consumers);
  }
  raxStop(ri_cgroups);
  return sobj;
}

/** Whether lpGetIntegerIfValid() found an integer. */
export class lpValid {
  value = true;
}

/**
 * The integer at `ele`; a string is read as one. If it is none, `valid` is told so and the result is 0; without `valid` that fails.
 *
 * @c t_stream.c:265
 * @cstatic
 */
export function lpGetIntegerIfValid(
  lp: Buffer,
  ele: number,
  valid: lpValid | null,
): number | bigint {
  // One below 128 is its own encoding.
  if (lp[ele] < 128 && valid === null) return lp[ele];
  const e = lpGet(lp, ele, null)!;
  if (typeof e !== 'string') {
    if (valid !== null) valid.value = true;
    return e;
  }
  // A listpack holds every integer as one, so that only a damaged one has a string here.
  const ll = string2ll(e);
  if (valid !== null) valid.value = ll !== null;
  else serverAssert(ll !== null, 'ret != 0');
  return ll === null ? 0 : ll;
}

/**
 * What lpGet() found, as a string.
 *
 * @own lpGet() of C has a buffer for the text of integers
 */
export function lpText(e: string | number | bigint | null): string {
  return typeof e === 'string' ? e : ll2string(e!);
}

/**
 * Whether the element at `ele` is the string `s`, or an integer whose text that is: lpCompare(), which C does not call here.
 *
 * @own lpGet() and memcmp() of C
 */
export function lpTextEquals(lp: Buffer, ele: number, s: string): boolean {
  const ref = new lpRef();
  const ll = lpGet(lp, ele, ref);
  if (ll !== null) return lpText(ll) === s;
  return ref.count === s.length && lpBytesEqual(lp, ref.value, s);
}

/**
 * The integer at `ele` where it is a count or flags, which are no larger than a number holds.
 *
 * @own macro lpGetInteger of t_stream.c
 */
export function lpGetInteger(lp: Buffer, ele: number): number {
  const v = lpGetIntegerIfValid(lp, ele, null);
  return typeof v === 'number' ? v : Number(v);
}

/**
 * Makes `edge_id` the id of the first or last entry in a listpack, deleted or not; ids in it are relative to `master_id`. Returns whether
 * there is an entry at all.
 *
 * @c t_stream.c:290
 */
export function lpGetEdgeStreamID(
  lp: Buffer | null,
  first: boolean,
  master_id: streamID,
  edge_id: streamID,
): boolean {
  if (lp === null) return false;

  let lp_ele: number;
  if (first) {
    lp_ele = lpFirst(lp); // The count of entries,
    lp_ele = lpNext(lp, lp_ele); // of deleted ones,
    lp_ele = lpNext(lp, lp_ele); // and of fields.
    const master_fields_count = lpGetInteger(lp, lp_ele);
    lp_ele = lpNext(lp, lp_ele);

    for (let i = 0; i < master_fields_count; i++) lp_ele = lpNext(lp, lp_ele);

    // Over the zero that ends the master entry.
    lp_ele = lpNext(lp, lp_ele);
    if (lp_ele === 0) return false;
  } else {
    lp_ele = lpLast(lp);

    // The last element says how many the entry has; the zero of the master entry, that there is none.
    let lp_count = lpGetInteger(lp, lp_ele);
    if (lp_count === 0) return false;
    while (lp_count--) lp_ele = lpPrev(lp, lp_ele);
  }

  lp_ele = lpNext(lp, lp_ele); // Over the flags.
  const ms = u64Plus(master_id.ms, lpGetIntegerIfValid(lp, lp_ele, null));
  lp_ele = lpNext(lp, lp_ele);
  const seq = u64Plus(master_id.seq, lpGetIntegerIfValid(lp, lp_ele, null));
  edge_id.ms = ms;
  edge_id.seq = seq;
  return true;
}

/**
 * Logs all elements of a listpack, with their lengths; for a debugger.
 *
 * @c t_stream.c:349
 */
export function streamLogListpackContent(lp: Buffer): void {
  let p = lpFirst(lp);
  while (p) {
    const ele = lpText(lpGet(lp, p, null));
    serverLog(LL_WARNING, `- [${ele.length}] '${ele}'`);
    p = lpNext(lp, p);
  }
}

/**
 * The id as key of a radix tree: 16 chars, big endian, whose order is that of the ids.
 *
 * @c t_stream.c:362
 */
export function streamEncodeID(id: streamID): string {
  const { ms, seq } = id;
  let ms_high: number;
  let ms_low: number;
  let seq_high: number;
  let seq_low: number;
  if (typeof ms === 'number') {
    ms_high = (ms / 0x100000000) | 0;
    ms_low = ms | 0;
  } else {
    ms_high = Number(BigInt.asIntN(32, ms >> 32n));
    ms_low = Number(BigInt.asIntN(32, ms));
  }
  if (typeof seq === 'number') {
    seq_high = (seq / 0x100000000) | 0;
    seq_low = seq | 0;
  } else {
    seq_high = Number(BigInt.asIntN(32, seq >> 32n));
    seq_low = Number(BigInt.asIntN(32, seq));
  }
  return String.fromCharCode(
    ms_high >>> 24,
    (ms_high >>> 16) & 255,
    (ms_high >>> 8) & 255,
    ms_high & 255,
    ms_low >>> 24,
    (ms_low >>> 16) & 255,
    (ms_low >>> 8) & 255,
    ms_low & 255,
    seq_high >>> 24,
    (seq_high >>> 16) & 255,
    (seq_high >>> 8) & 255,
    seq_high & 255,
    seq_low >>> 24,
    (seq_low >>> 16) & 255,
    (seq_low >>> 8) & 255,
    seq_low & 255,
  );
}

/**
 * Makes `id` what a key of a radix tree stands for.
 *
 * @c t_stream.c:372
 */
export function streamDecodeID(buf: string | readonly number[], id: streamID): void {
  id.ms = keyHalf(buf, 0);
  id.seq = keyHalf(buf, 8);
}

/**
 * -1, 0 or 1 as `a` is lower than, equal to or higher than `b`.
 *
 * @c t_stream.c:380
 */
export function streamCompareID(a: streamID, b: streamID): number {
  if (a.ms > b.ms) return 1;
  else if (a.ms < b.ms) return -1;
  else if (a.seq > b.seq) return 1;
  else if (a.seq < b.seq) return -1;
  return 0;
}

/**
 * Makes `edge_id` the id of the first or last entry of a stream. Without entries it becomes the highest id for `first`, else 0-0.
 * Deleted entries count unless `skip_tombstones`.
 *
 * @c t_stream.c:393
 */
export function streamGetEdgeID(
  s: stream,
  first: boolean,
  skip_tombstones: boolean,
  edge_id: streamID,
): void {
  const si = new streamIterator();
  streamIteratorStart(si, s, null, null, !first);
  si.skip_tombstones = skip_tombstones;
  const found = streamIteratorGetID(si, edge_id);
  if (!found) {
    edge_id.ms = first ? UINT64_MAX : 0;
    edge_id.seq = first ? UINT64_MAX : 0;
  }
  streamIteratorStop(si);
}

/**
 * Whether the `numfields` names among the elements of `argv` from `pos` on, each before its value, are those of the master entry in `lp`, the
 * last listpack of the stream, whose count of entries is at `lp_ele`.
 *
 * @own part of streamAppendItem
 */
export function streamHasFields(
  s: stream,
  lp: Buffer,
  lp_ele: number,
  argv: robj[],
  pos: number,
  numfields: number,
): boolean {
  const known = s.tail_fields;
  if (known !== null) {
    if (numfields !== known.length) return false;
    for (let i = 0; i < numfields; i++) {
      if (objPtrString(argv[pos + i * 2]) !== known[i]) return false;
    }
    return true;
  }

  lp_ele = lpNext(lp, lp_ele); // The count of deleted ones,
  lp_ele = lpNext(lp, lp_ele); // and of fields.
  const master_fields_count = lpGetInteger(lp, lp_ele);
  lp_ele = lpNext(lp, lp_ele);
  if (numfields !== master_fields_count) return false;
  const fields: string[] = [];
  let bytes = 0;
  for (let i = 0; i < numfields; i++) {
    const field = objPtrString(argv[pos + i * 2]);
    if (!lpTextEquals(lp, lp_ele, field)) return false;
    lp_ele = lpNext(lp, lp_ele);
    fields.push(field);
    bytes += field.length;
  }
  if (bytes <= KNOWN_FIELDS_BYTES) s.tail_fields = fields;
  return true;
}

/**
 * Adds an entry whose `numfields` pairs of field and value are the elements of `argv` from `pos` on. Its id is `use_id`; with `seq_given`
 * false only the milliseconds of that, with the next sequence number; with null, one made of the clock. `added_id` becomes the
 * id, unless it is null. Returns C_OK. C_ERR, with nothing changed: posix.errno is EDOM if the id is not above all that there
 * were, ERANGE if the strings are too long for a listpack, and what it was if the milliseconds have no sequence number left.
 *
 * @c t_stream.c:426
 */
export function streamAppendItem(
  s: stream,
  argv: robj[],
  pos: number,
  numfields: number,
  added_id: streamID | null,
  use_id: streamID | null,
  seq_given: boolean,
): number {
  const id = new streamID();
  if (use_id !== null) {
    if (seq_given) {
      copyID(id, use_id);
    } else if (s.last_id.ms === use_id.ms) {
      // Do not go on into the next millisecond.
      if (isHighest(s.last_id.seq)) return C_ERR;
      copyID(id, s.last_id);
      id.seq = u64Plus(id.seq, 1);
    } else {
      copyID(id, use_id);
    }
  } else {
    streamNextID(s.last_id, id);
  }

  // An id of ours can fail here, too: the one after the highest is 0-0.
  if (streamCompareID(id, s.last_id) <= 0) {
    posix.errno = EDOM;
    return C_ERR;
  }

  const end = pos + numfields * 2;
  let totelelen = 0;
  for (let i = pos; i < end; i++) totelelen += objPtrLen(argv[i]);
  if (totelelen > STREAM_LISTPACK_MAX_SIZE) {
    posix.errno = ERANGE;
    return C_ERR;
  }

  const ri = new raxIterator<Buffer>();
  raxStart(ri, s.rax);
  raxSeek(ri, '$', '');

  let lp_bytes = 0;
  let lp: Buffer | null = null;
  if (!raxEOF(ri)) {
    lp = ri.data!;
    lp_bytes = lpBytes(lp);
  }
  raxStop(ri);

  // Does the last listpack take another entry? If not, lp becomes null.
  if (lp !== null) {
    let node_max_bytes = server.stream_node_max_bytes;
    if (node_max_bytes === 0 || node_max_bytes > STREAM_LISTPACK_MAX_SIZE) {
      node_max_bytes = STREAM_LISTPACK_MAX_SIZE;
    }
    if (lp_bytes + totelelen >= node_max_bytes) {
      lp = null;
    } else if (server.stream_node_max_entries) {
      const lp_ele = lpFirst(lp);
      const count = lpGetInteger(lp, lp_ele) + lpGetInteger(lp, lpNext(lp, lp_ele));
      if (count >= server.stream_node_max_entries) {
        // It will not grow any more, so that it needs no room to.
        lp = lpShrinkToFit(lp);
        if (ri.data !== lp) raxInsert(s.rax, ri.key, lp, null);
        lp = null;
      }
    }
  }

  let flags = STREAM_ITEM_FLAG_NONE;
  let master_id = id;
  let rax_key: string | null = null;
  if (lp === null) {
    rax_key = streamEncodeID(id);
    // Room for the entries to come, so that not every XADD makes the block grow.
    let prealloc = STREAM_LISTPACK_MAX_PRE_ALLOCATE;
    if (server.stream_node_max_bytes > 0 && server.stream_node_max_bytes < prealloc) {
      prealloc = server.stream_node_max_bytes;
    }
    lp = lpNew(prealloc);
    lp = lpAppendInteger(lp, 1); // One entry, the one that is added now.
    lp = lpAppendInteger(lp, 0); // None deleted.
    lp = lpAppendInteger(lp, numfields);
    for (let i = pos; i < end; i += 2) lp = lpAppend(lp, objPtrString(argv[i]));
    lp = lpAppendInteger(lp, 0); // The end of the master entry.
    raxInsert(s.rax, rax_key, lp, null);
    flags |= STREAM_ITEM_FLAG_SAMEFIELDS;
  } else {
    serverAssert(ri.key_len === SIZEOF_STREAMID, 'ri.key_len == sizeof(rax_key)');
    master_id = s.tail_id;
    if (s.tail_key !== ri.bytes) {
      streamDecodeID(ri.bytes, master_id);
      s.tail_key = ri.bytes;
      s.tail_fields = null;
    }
    const lp_count_pos = new lpPos();
    lp_count_pos.p = lpFirst(lp);

    const count = lpGetInteger(lp, lp_count_pos.p);
    lp = lpReplaceInteger(lp, lp_count_pos, count + 1);
    if (streamHasFields(s, lp, lp_count_pos.p, argv, pos, numfields))
      flags |= STREAM_ITEM_FLAG_SAMEFIELDS;
  }

  // The entry, as drawn at the top of the file.
  lp = lpAppendInteger(lp, flags);
  lp = lpAppendInteger(lp, u64Diff(id.ms, master_id.ms));
  lp = lpAppendInteger(lp, u64Diff(id.seq, master_id.seq));
  if (!(flags & STREAM_ITEM_FLAG_SAMEFIELDS)) lp = lpAppendInteger(lp, numfields);
  for (let i = pos; i < end; i += 2) {
    if (!(flags & STREAM_ITEM_FLAG_SAMEFIELDS)) lp = lpAppend(lp, objPtrString(argv[i]));
    lp = lpAppend(lp, objPtrString(argv[i + 1]));
  }
  // The values, and the three numbers before them; and with its own fields, those and their count.
  let lp_count = numfields;
  lp_count += 3;
  if (!(flags & STREAM_ITEM_FLAG_SAMEFIELDS)) lp_count += numfields + 1;
  lp = lpAppendInteger(lp, lp_count);

  // It may have moved. A new one may even have come to where the one before was before that shrank, so that its place tells nothing.
  if (rax_key !== null || ri.data !== lp) raxInsert(s.rax, rax_key ?? ri.key, lp, null);
  s.length++;
  s.entries_added = llAdd(s.entries_added, 1);
  copyID(s.last_id, id);
  if (s.length === 1) copyID(s.first_id, id);
  if (added_id !== null) copyID(added_id, id);
  return C_OK;
}

/* ---- What a stream is trimmed by */
export const TRIM_STRATEGY_NONE = 0;
export const TRIM_STRATEGY_MAXLEN = 1;
export const TRIM_STRATEGY_MINID = 2;

/** What no id of the options is before it is given: nobody writes into it. */
const ZERO_ID = new streamID();

/** The options of XADD and XTRIM. */
export class streamAddTrimArgs {
  /** XADD only: the id; whether it is something else than `*`, and than `ms-*`. */
  id = ZERO_ID;
  id_given = false;
  seq_given = false;
  /** XADD only: do not make a new stream. */
  no_mkstream = false;

  /** TRIM_STRATEGY_*. */
  trim_strategy = TRIM_STRATEGY_NONE;
  /** Where in the command line its argument is, to write another there. */
  trim_strategy_arg_idx = 0;
  /** Only whole listpacks go, so that more may stay than was asked for. */
  approx_trim = false;
  /** The most entries to remove; 0: any number. */
  limit = 0;
  /** MAXLEN: so many entries stay. */
  maxlen = 0;
  /** MINID: entries below go. */
  minid = ZERO_ID;
}

/**
 * Removes entries from the beginning of a stream, see {@link streamAddTrimArgs}; returns how many.
 *
 * Whole listpacks go as long as all of their entries may. In the next one entries are marked as deleted, unless the trimming is to be
 * approximate: then they stay. A limit that would be passed by a listpack ends it all before that.
 *
 * @c t_stream.c:714
 */
export function streamTrim(s: stream, args: streamAddTrimArgs): number {
  const maxlen = args.maxlen;
  const id = args.minid;
  const approx = args.approx_trim;
  const limit = args.limit;
  const trim_strategy = args.trim_strategy;

  if (trim_strategy === TRIM_STRATEGY_NONE) return 0;

  const ri = new raxIterator<Buffer>();
  raxStart(ri, s.rax);
  raxSeek(ri, '^', '');

  let deleted = 0;
  while (raxNext(ri)) {
    if (trim_strategy === TRIM_STRATEGY_MAXLEN && s.length <= maxlen) break;

    let lp = ri.data!;
    let p = lpFirst(lp);
    const entries = lpGetInteger(lp, p);

    if (limit && deleted + entries > limit) break;

    let remove_node: boolean;
    const master_id = new streamID();
    if (trim_strategy === TRIM_STRATEGY_MAXLEN) {
      remove_node = s.length - entries >= maxlen;
    } else {
      streamDecodeID(ri.bytes, master_id);
      const last_id = new streamID();
      lpGetEdgeStreamID(lp, false, master_id, last_id);
      remove_node = streamCompareID(last_id, id) < 0;
    }

    if (remove_node) {
      lpFree(lp);
      raxRemove(s.rax, ri.key, null);
      raxSeek(ri, '>=', ri.key);
      s.length -= entries;
      deleted += entries;
      continue;
    }

    if (approx) break;

    let deleted_from_lp = 0;

    p = lpNext(lp, p); // The count of deleted ones,
    p = lpNext(lp, p); // and of fields.
    const master_fields_count = lpGetInteger(lp, p);
    p = lpNext(lp, p);
    for (let j = 0; j < master_fields_count; j++) p = lpNext(lp, p);
    p = lpNext(lp, p); // Over the end of the master entry.

    const pcopy = new lpPos();
    while (p) {
      // Where the flags are, for when it turns out that the entry goes.
      pcopy.p = p;

      let flags = lpGetInteger(lp, p);
      p = lpNext(lp, p);
      const ms_delta = lpGetIntegerIfValid(lp, p, null);
      p = lpNext(lp, p);
      const seq_delta = lpGetIntegerIfValid(lp, p, null);
      p = lpNext(lp, p);

      let stop: boolean;
      if (trim_strategy === TRIM_STRATEGY_MAXLEN) {
        stop = s.length <= maxlen;
      } else {
        const currid = new streamID(
          u64Plus(master_id.ms, ms_delta),
          u64Plus(master_id.seq, seq_delta),
        );
        stop = streamCompareID(currid, id) >= 0;
      }
      if (stop) break;

      let to_skip: number;
      if (flags & STREAM_ITEM_FLAG_SAMEFIELDS) {
        to_skip = master_fields_count;
      } else {
        to_skip = lpGetInteger(lp, p);
        p = lpNext(lp, p);
        to_skip *= 2;
      }

      while (to_skip--) p = lpNext(lp, p);
      p = lpNext(lp, p); // Over lp-count.

      if (!(flags & STREAM_ITEM_FLAG_DELETED)) {
        // An offset stays what it is when the block moves.
        flags |= STREAM_ITEM_FLAG_DELETED;
        lp = lpReplaceInteger(lp, pcopy, flags);
        deleted_from_lp++;
        s.length--;
      }
    }
    deleted += deleted_from_lp;

    pcopy.p = lpFirst(lp);
    lp = lpReplaceInteger(lp, pcopy, entries - deleted_from_lp);
    pcopy.p = lpNext(lp, pcopy.p);
    const marked_deleted = lpGetInteger(lp, pcopy.p);
    lp = lpReplaceInteger(lp, pcopy, marked_deleted + deleted_from_lp);

    raxInsert(s.rax, ri.key, lp, null);

    // This listpack had enough of them.
    break;
  }
  raxStop(ri);

  if (s.length === 0) {
    s.first_id.ms = 0;
    s.first_id.seq = 0;
  } else if (deleted) {
    streamGetEdgeID(s, true, true, s.first_id);
  }

  return deleted;
}

/**
 * Trims a stream to `maxlen` entries; returns how many went.
 *
 * @c t_stream.c:876
 */
export function streamTrimByLength(s: stream, maxlen: number, approx: boolean): number {
  const args = new streamAddTrimArgs();
  args.trim_strategy = TRIM_STRATEGY_MAXLEN;
  args.approx_trim = approx;
  args.limit = approx ? 100 * server.stream_node_max_entries : 0;
  args.maxlen = maxlen;
  return streamTrim(s, args);
}

/**
 * Removes the entries below `minid` from a stream; returns how many went.
 *
 * @c t_stream.c:887
 */
export function streamTrimByID(s: stream, minid: streamID, approx: boolean): number {
  const args = new streamAddTrimArgs();
  args.trim_strategy = TRIM_STRATEGY_MINID;
  args.approx_trim = approx;
  args.limit = approx ? 100 * server.stream_node_max_entries : 0;
  args.minid = minid;
  return streamTrim(s, args);
}

/**
 * Reads the options of XADD (`xadd`) or XTRIM into a fresh `args`. Returns the index of the argument that is the id, for XADD; -1 means that
 * an error has been replied.
 *
 * @c t_stream.c:903
 * @cstatic
 */
export function streamParseAddOrTrimArgsOrReply(
  c: client,
  args: streamAddTrimArgs,
  xadd: boolean,
): number {
  // Options and the id begin here.
  let i = 2;
  let limit_given = false;
  for (; i < c.argc; i++) {
    const moreargs = c.argc - 1 - i;
    const opt = objPtrString(c.argv[i]);
    if (xadd && opt === '*') {
      // The usual case need not be compared with all that follows.
      break;
    } else if (!strcasecmp(opt, 'maxlen') && moreargs) {
      if (args.trim_strategy !== TRIM_STRATEGY_NONE) {
        addReplyError(
          c,
          'syntax error, MAXLEN and MINID options at the same time are not compatible',
        );
        return -1;
      }
      args.approx_trim = false;
      const next = objPtrString(c.argv[i + 1]);
      if (moreargs >= 2 && next === '~') {
        args.approx_trim = true;
        i++;
      } else if (moreargs >= 2 && next === '=') {
        i++;
      }
      const maxlen = getLongLongFromObjectOrReply(c, c.argv[i + 1], null);
      if (maxlen === null) return -1;

      if (maxlen < 0) {
        addReplyError(c, 'The MAXLEN argument must be >= 0.');
        return -1;
      }
      args.maxlen = Number(maxlen);
      i++;
      args.trim_strategy = TRIM_STRATEGY_MAXLEN;
      args.trim_strategy_arg_idx = i;
    } else if (!strcasecmp(opt, 'minid') && moreargs) {
      if (args.trim_strategy !== TRIM_STRATEGY_NONE) {
        addReplyError(
          c,
          'syntax error, MAXLEN and MINID options at the same time are not compatible',
        );
        return -1;
      }
      args.approx_trim = false;
      const next = objPtrString(c.argv[i + 1]);
      if (moreargs >= 2 && next === '~') {
        args.approx_trim = true;
        i++;
      } else if (moreargs >= 2 && next === '=') {
        i++;
      }

      args.minid = new streamID();
      if (streamParseStrictIDOrReply(c, c.argv[i + 1], args.minid, 0, null) !== C_OK) return -1;

      i++;
      args.trim_strategy = TRIM_STRATEGY_MINID;
      args.trim_strategy_arg_idx = i;
    } else if (!strcasecmp(opt, 'limit') && moreargs) {
      const limit = getLongLongFromObjectOrReply(c, c.argv[i + 1], null);
      if (limit === null) return -1;

      if (limit < 0) {
        addReplyError(c, 'The LIMIT argument must be >= 0.');
        return -1;
      }
      args.limit = Number(limit);
      limit_given = true;
      i++;
    } else if (xadd && !strcasecmp(opt, 'nomkstream')) {
      args.no_mkstream = true;
    } else if (xadd) {
      // An id, or a mistake.
      args.id = new streamID();
      if (streamParseStrictIDOrReply(c, c.argv[i], args.id, 0, args) !== C_OK) return -1;
      args.id_given = true;
      break;
    } else {
      addReplyErrorObject(c, shared.syntaxerr);
      return -1;
    }
  }

  if (args.limit && args.trim_strategy === TRIM_STRATEGY_NONE) {
    addReplyError(c, 'syntax error, LIMIT cannot be used without specifying a trimming strategy');
    return -1;
  }

  if (!xadd && args.trim_strategy === TRIM_STRATEGY_NONE) {
    addReplyError(c, 'syntax error, XTRIM must be called with a trimming strategy');
    return -1;
  }

  if (mustObeyClient(c)) {
    // What the master and the AOF say was limited already where it came from.
    args.limit = 0;
  } else if (limit_given) {
    if (!args.approx_trim) {
      addReplyError(c, 'syntax error, LIMIT cannot be used without the special ~ option');
      return -1;
    }
  } else if (args.approx_trim) {
    // A hundred full listpacks at most, and something sensible if that says nothing: it must not take too long.
    args.limit = Number(llMul(100, server.stream_node_max_entries));
    if (args.limit <= 0) args.limit = 10000;
    if (args.limit > 1000000) args.limit = 1000000;
  } else {
    args.limit = 0;
  }

  return i;
}

/**
 * Prepares a walk over the entries from `start` to `end`, both included (null: no bound), from the end backwards with `rev`. Then:
 *
 *     while (streamIteratorGetID(si, id)) {
 *       for (let n = si.numfields; n > 0; n--) {
 *         streamIteratorGetField(si);
 *         ... si.field, si.value
 *       }
 *     }
 *     streamIteratorStop(si);
 *
 * The stream must not change meanwhile, but for what streamIteratorRemoveEntry() does.
 *
 * @c t_stream.c:1058
 */
export function streamIteratorStart(
  si: streamIterator,
  s: stream,
  start: streamID | null,
  end: streamID | null,
  rev: boolean,
): void {
  si.start_key = start !== null ? streamEncodeID(start) : STREAM_KEY_MIN;
  si.end_key = end !== null ? streamEncodeID(end) : STREAM_KEY_MAX;

  // The entry sought is in the listpack whose first id is the nearest below.
  raxStart(si.ri, s.rax);
  if (!rev) {
    if (start !== null && (start.ms || start.seq)) {
      raxSeek(si.ri, '<=', si.start_key);
      if (raxEOF(si.ri)) raxSeek(si.ri, '^', '');
    } else {
      raxSeek(si.ri, '^', '');
    }
  } else if (end !== null && (end.ms || end.seq)) {
    raxSeek(si.ri, '<=', si.end_key);
    if (raxEOF(si.ri)) raxSeek(si.ri, '$', '');
  } else {
    raxSeek(si.ri, '$', '');
  }
  si.stream = s;
  si.lp = null;
  si.lp_ele = 0;
  si.rev = rev;
  si.skip_tombstones = true;
}

/** 0-0 and the highest id as keys. */
const STREAM_KEY_MIN = '\x00'.repeat(16);
const STREAM_KEY_MAX = '\xff'.repeat(16);

/**
 * Goes to the next entry within the bounds: makes `id` its id and si.numfields the number of its fields, and returns true; false if there is
 * none.
 *
 * @c t_stream.c:1104
 */
export function streamIteratorGetID(si: streamIterator, id: streamID): boolean {
  for (;;) {
    let lp = si.lp;
    if (lp === null || si.lp_ele === 0) {
      // The start, or the end of a listpack: on to the next one.
      if (!si.rev && !raxNext(si.ri)) return false;
      else if (si.rev && !raxPrev(si.ri)) return false;
      serverAssert(si.ri.key_len === SIZEOF_STREAMID, 'si->ri.key_len == sizeof(streamID)');
      streamDecodeID(si.ri.bytes, si.master_id);
      lp = si.lp = si.ri.data!;
      let lp_ele = lpFirst(lp); // The count of entries,
      lp_ele = lpNext(lp, lp_ele); // of deleted ones,
      lp_ele = lpNext(lp, lp_ele); // and of fields.
      si.master_fields_count = lpGetInteger(lp, lp_ele);
      lp_ele = lpNext(lp, lp_ele);
      si.master_fields_start = lp_ele;
      if (!si.rev) {
        // To the end of the master entry.
        for (let i = 0; i < si.master_fields_count; i++) lp_ele = lpNext(lp, lp_ele);
      } else {
        // To the lp-count of the last entry.
        lp_ele = lpLast(lp);
      }
      si.lp_ele = lp_ele;
    } else if (si.rev) {
      // All fields of the entry shown last were read, so that its lp-count comes next: go back over it.
      let lp_ele = si.lp_ele;
      let lp_count = lpGetInteger(lp, lp_ele);
      while (lp_count--) lp_ele = lpPrev(lp, lp_ele);
      si.lp_ele = lpPrev(lp, lp_ele);
    }

    for (;;) {
      let lp_ele = si.lp_ele;
      if (!si.rev) {
        // Over the lp-count of the entry before, or the zero of the master entry.
        lp_ele = si.lp_ele = lpNext(lp, lp_ele);
        if (lp_ele === 0) break;
      } else {
        let lp_count = lpGetInteger(lp, lp_ele);
        if (lp_count === 0) {
          // That was the master entry.
          si.lp = null;
          si.lp_ele = 0;
          break;
        }
        while (lp_count--) lp_ele = lpPrev(lp, lp_ele);
      }

      si.lp_flags = lp_ele;
      const flags = lpGetInteger(lp, lp_ele);
      lp_ele = lpNext(lp, lp_ele);

      id.ms = u64Plus(si.master_id.ms, lpGetIntegerIfValid(lp, lp_ele, null));
      lp_ele = lpNext(lp, lp_ele);
      id.seq = u64Plus(si.master_id.seq, lpGetIntegerIfValid(lp, lp_ele, null));
      lp_ele = lpNext(lp, lp_ele);
      const buf = streamEncodeID(id);

      if (flags & STREAM_ITEM_FLAG_SAMEFIELDS) {
        si.numfields = si.master_fields_count;
      } else {
        si.numfields = lpGetInteger(lp, lp_ele);
        lp_ele = lpNext(lp, lp_ele);
      }
      serverAssert(si.numfields >= 0, '*numfields>=0');
      si.lp_ele = lp_ele;

      if (!si.rev) {
        if (buf >= si.start_key && (!si.skip_tombstones || !(flags & STREAM_ITEM_FLAG_DELETED))) {
          if (buf > si.end_key) return false;
          si.entry_flags = flags;
          if (flags & STREAM_ITEM_FLAG_SAMEFIELDS) si.master_fields_ptr = si.master_fields_start;
          return true;
        }
      } else if (
        buf <= si.end_key &&
        (!si.skip_tombstones || !(flags & STREAM_ITEM_FLAG_DELETED))
      ) {
        if (buf < si.start_key) return false;
        si.entry_flags = flags;
        if (flags & STREAM_ITEM_FLAG_SAMEFIELDS) si.master_fields_ptr = si.master_fields_start;
        return true;
      }

      // Not this one: forwards, over its fields; backwards, to the lp-count of the entry before it.
      if (!si.rev) {
        const to_discard = flags & STREAM_ITEM_FLAG_SAMEFIELDS ? si.numfields : si.numfields * 2;
        for (let i = 0; i < to_discard; i++) lp_ele = lpNext(lp, lp_ele);
      } else {
        // The flags, both differences, and one more; and the number of fields, if it was read.
        let prev_times = 4;
        if (!(flags & STREAM_ITEM_FLAG_SAMEFIELDS)) prev_times++;
        while (prev_times--) lp_ele = lpPrev(lp, lp_ele);
      }
      si.lp_ele = lp_ele;
    }
  }
}

/**
 * Leaves the next field of the current entry and its value in si.field and si.value. To be called as often as the entry has fields.
 *
 * @c t_stream.c:1250
 */
export function streamIteratorGetField(si: streamIterator): void {
  const lp = si.lp!;
  if (si.entry_flags & STREAM_ITEM_FLAG_SAMEFIELDS) {
    si.field = lpText(lpGet(lp, si.master_fields_ptr, null));
    si.master_fields_ptr = lpNext(lp, si.master_fields_ptr);
  } else {
    si.field = lpText(lpGet(lp, si.lp_ele, null));
    si.lp_ele = lpNext(lp, si.lp_ele);
  }
  si.value = lpText(lpGet(lp, si.lp_ele, null));
  si.lp_ele = lpNext(lp, si.lp_ele);
}

/**
 * Deletes the current entry, whose id `current` is. Its fields are not to be asked for any more; streamIteratorGetID() goes on behind it.
 *
 * @c t_stream.c:1272
 */
export function streamIteratorRemoveEntry(si: streamIterator, current: streamID): void {
  let lp = si.lp!;
  const p = new lpPos();

  // The entry stays where it is, with a mark.
  let flags = lpGetInteger(lp, si.lp_flags);
  flags |= STREAM_ITEM_FLAG_DELETED;
  p.p = si.lp_flags;
  lp = lpReplaceInteger(lp, p, flags);
  si.lp_flags = p.p;

  p.p = lpFirst(lp);
  let aux = lpGetInteger(lp, p.p);

  if (aux === 1) {
    // It was the last that lived in this listpack.
    lpFree(lp);
    raxRemove(si.stream.rax, si.ri.key, null);
  } else {
    lp = lpReplaceInteger(lp, p, aux - 1);
    p.p = lpNext(lp, p.p);
    aux = lpGetInteger(lp, p.p);
    lp = lpReplaceInteger(lp, p, aux + 1);

    if (si.lp !== lp) raxInsert(si.stream.rax, si.ri.key, lp, null);
  }

  si.stream.length--;

  // Find the place again, from here to the same end.
  const start = new streamID();
  const end = new streamID();
  if (si.rev) {
    streamDecodeID(si.start_key, start);
    copyID(end, current);
  } else {
    copyID(start, current);
    streamDecodeID(si.end_key, end);
  }
  streamIteratorStop(si);
  streamIteratorStart(si, si.stream, start, end, si.rev);
}

/**
 * Gives up what an iterator holds.
 *
 * @c t_stream.c:1328
 */
export function streamIteratorStop(si: streamIterator): void {
  raxStop(si.ri);
}

/**
 * Whether there is an entry with this id that is not deleted.
 *
 * @c t_stream.c:1333
 */
export function streamEntryExists(s: stream, id: streamID): boolean {
  const si = new streamIterator();
  streamIteratorStart(si, s, id, id, false);
  const myid = new streamID();
  const found = streamIteratorGetID(si, myid);
  streamIteratorStop(si);
  if (!found) return false;
  serverAssert(streamCompareID(id, myid) === 0, 'streamCompareID(id,&myid) == 0');
  return true;
}

/**
 * Deletes the entry with this id; returns whether there was one.
 *
 * @c t_stream.c:1348
 */
export function streamDeleteItem(s: stream, id: streamID): boolean {
  let deleted = false;
  const si = new streamIterator();
  streamIteratorStart(si, s, id, id, false);
  const myid = new streamID();
  if (streamIteratorGetID(si, myid)) {
    streamIteratorRemoveEntry(si, myid);
    deleted = true;
  }
  streamIteratorStop(si);
  return deleted;
}

/**
 * Makes `maxid` the id of the last entry that is not deleted. There must be one if the stream has a length.
 *
 * @c t_stream.c:1363
 */
export function streamLastValidID(s: stream, maxid: streamID): void {
  const si = new streamIterator();
  streamIteratorStart(si, s, null, null, true);
  if (!streamIteratorGetID(si, maxid) && s.length) {
    serverPanic(`Corrupt stream, length is ${s.length}, but no max id`);
  }
  streamIteratorStop(si);
}

/** Two numbers of 64 bits, and the dash between. */
const STREAM_ID_STR_LEN = 44;

/**
 * The id as text, `ms-seq`. A new string, which belongs to the caller.
 *
 * @c t_stream.c:1380
 */
export function createStreamIDString(id: streamID): sds {
  const str = sdsnewlen(SDS_NOINIT, STREAM_ID_STR_LEN);
  // Most ids that are written one after the other are of the same millisecond.
  const ms_text = server.stream_ms_text;
  if (id.ms !== server.stream_ms) {
    server.stream_ms = id.ms;
    server.stream_ms_len = ll2buf(ms_text, 0, id.ms);
  }
  let len = 0;
  for (; len < server.stream_ms_len; len++) str.buf[len] = ms_text[len];
  str.buf[len++] = 0x2d;
  len += ll2buf(str.buf, len, id.seq);
  sdssetlen(str, len);
  return str;
}

/**
 * Replies an id as a bulk string.
 *
 * @c t_stream.c:1390
 */
export function addReplyStreamID(c: client, id: streamID): void {
  addReplyBulkSds(c, createStreamIDString(id));
}

/**
 * The reserved place becomes an id.
 *
 * @c t_stream.c:1394
 */
export function setDeferredReplyStreamID(
  c: client,
  dr: listNode<clientReplyBlock | null> | null,
  id: streamID,
): void {
  setDeferredReplyBulkSds(c, dr, createStreamIDString(id));
}

/**
 * The id as a string object, for a command line.
 *
 * @c t_stream.c:1400
 */
export function createObjectFromStreamID(id: streamID): robj {
  return createObject(OBJ_STRING, createStreamIDString(id));
}

/**
 * Whether the id is 0-0.
 *
 * @c t_stream.c:1405
 */
export function streamIDEqZero(id: streamID): boolean {
  return !(id.ms || id.seq);
}

/**
 * Whether XDEL may have deleted entries between `start` and `end` (null: no bound) that would still be there otherwise. `start` must be
 * below the last id of the stream.
 *
 * @c t_stream.c:1414
 */
export function streamRangeHasTombstones(
  s: stream,
  start: streamID | null,
  end: streamID | null,
): boolean {
  if (!s.length || streamIDEqZero(s.max_deleted_entry_id)) return false;

  // All that was deleted came before the first entry that there is.
  if (streamCompareID(s.first_id, s.max_deleted_entry_id) > 0) return false;

  const start_id = start !== null ? start : new streamID();
  const end_id = end !== null ? end : new streamID(UINT64_MAX, UINT64_MAX);
  return (
    streamCompareID(start_id, s.max_deleted_entry_id) <= 0 &&
    streamCompareID(s.max_deleted_entry_id, end_id) <= 0
  );
}

/**
 * Replies how many entries of the stream the group has yet to read; null where deleted entries make that unknown.
 *
 * @c t_stream.c:1455
 */
export function streamReplyWithCGLag(c: client, s: stream, cg: streamCG): void {
  let valid = false;
  let lag: number | bigint = 0;

  if (!s.entries_added) {
    // Nothing was ever added.
    valid = true;
  } else if (
    cg.entries_read !== SCG_INVALID_ENTRIES_READ &&
    !streamRangeHasTombstones(s, cg.last_id, null)
  ) {
    // Nothing is missing ahead, so that the group's own count tells it.
    lag = llAdd(s.entries_added, -cg.entries_read);
    valid = true;
  } else {
    const entries_read = streamEstimateDistanceFromFirstEverEntry(s, cg.last_id);
    if (entries_read !== SCG_INVALID_ENTRIES_READ) {
      lag = llAdd(s.entries_added, -entries_read);
      valid = true;
    }
  }

  if (valid) {
    addReplyLongLong(c, lag);
  } else {
    addReplyNull(c);
  }
}

/**
 * How many entries were ever added up to `id`, that one included; SCG_INVALID_ENTRIES_READ if that cannot be known.
 *
 *     entries ever added    1 2 3 | 4 5 6 7 8 |          before the bar: trimmed
 *                                  ▲         ▲
 *                           first_id         last_id
 *
 * It is known of the last id, of anything in a stream that is empty (all of them) or never had an entry (none), and of what is not
 * beyond the first entry, as long as XDEL made no gaps behind that. Everywhere else entries would have to be counted.
 *
 * @c t_stream.c:1507
 */
export function streamEstimateDistanceFromFirstEverEntry(s: stream, id: streamID): number | bigint {
  if (!s.entries_added) return 0;

  if (!s.length && streamCompareID(id, s.last_id) < 1) return s.entries_added;

  const cmp_last = streamCompareID(id, s.last_id);
  if (cmp_last === 0) {
    return s.entries_added;
  } else if (cmp_last > 0) {
    // Nobody knows about ids to come.
    return SCG_INVALID_ENTRIES_READ;
  }

  const cmp_id_first = streamCompareID(id, s.first_id);
  const cmp_xdel_first = streamCompareID(s.max_deleted_entry_id, s.first_id);
  if (streamIDEqZero(s.max_deleted_entry_id) || cmp_xdel_first < 0) {
    if (cmp_id_first < 0) return llAdd(s.entries_added, -s.length);
    else if (cmp_id_first === 0) return llAdd(s.entries_added, 1 - s.length);
  }

  return SCG_INVALID_ENTRIES_READ;
}

/**
 * Propagates that an entry was delivered or claimed, in a form that says all about it and may be executed twice:
 *
 *     XCLAIM key group consumer 0 id TIME ms RETRYCOUNT count FORCE JUSTID LASTID id
 *
 * JUSTID spares the replica from looking the entry up.
 *
 * @c t_stream.c:1549
 */
export function streamPropagateXCLAIM(
  c: client,
  key: robj,
  group: streamCG,
  groupname: robj,
  id: robj,
  nack: streamNACK,
): void {
  const argv = [
    shared.xclaim,
    key,
    groupname,
    createStringObject(nack.consumer!.name),
    shared.integers[0],
    id,
    shared.time,
    createStringObjectFromLongLong(nack.delivery_time),
    shared.retrycount,
    createStringObjectFromLongLong(nack.delivery_count),
    shared.force,
    shared.justid,
    shared.lastid,
    createObjectFromStreamID(group.last_id),
  ];

  alsoPropagate(c.db.id, argv, 14, PROPAGATE_AOF | PROPAGATE_REPL);

  decrRefCount(argv[3]);
  decrRefCount(argv[7]);
  decrRefCount(argv[9]);
  decrRefCount(argv[13]);
}

/**
 * Propagates, as `XGROUP SETID key group id ENTRIESREAD count`, how far a group has read, where no XCLAIM says it (NOACK).
 *
 * @c t_stream.c:1587
 */
export function streamPropagateGroupID(
  c: client,
  key: robj,
  group: streamCG,
  groupname: robj,
): void {
  const argv = [
    shared.xgroup,
    shared.setid,
    key,
    groupname,
    createObjectFromStreamID(group.last_id),
    shared.entriesread,
    createStringObjectFromLongLong(group.entries_read),
  ];

  alsoPropagate(c.db.id, argv, 7, PROPAGATE_AOF | PROPAGATE_REPL);

  decrRefCount(argv[4]);
  decrRefCount(argv[6]);
}

/**
 * Propagates, as `XGROUP CREATECONSUMER key group consumer`, that a read with NOACK made a consumer. Other reads say so by their XCLAIM.
 *
 * @c t_stream.c:1609
 */
export function streamPropagateConsumerCreation(
  c: client,
  key: robj,
  groupname: robj,
  consumername: string,
): void {
  const argv = [
    shared.xgroup,
    shared.createconsumer,
    key,
    groupname,
    createObject(OBJ_STRING, consumername),
  ];

  alsoPropagate(c.db.id, argv, 5, PROPAGATE_AOF | PROPAGATE_REPL);

  decrRefCount(argv[4]);
}

/* ---- Flags of streamReplyWithRange() */
/** Do not make the entries pending. */
export const STREAM_RWR_NOACK = 1 << 0;
/** Only the entries, without the head of an array around them. */
export const STREAM_RWR_RAWENTRIES = 1 << 1;
/** Only what is pending with this consumer. */
export const STREAM_RWR_HISTORY = 1 << 2;

/**
 * Replies the entries from `start` to `end`, both included (null: no bound), backwards with `rev`, no more than `count` unless that is 0.
 * Returns how many there were.
 *
 * With a group and a consumer the entries count as delivered to that one: the group's last id and its count of entries read go
 * along, and each entry becomes pending, even if it is so with another consumer already (after XGROUP SETID). With `spi` all that is
 * propagated.
 *
 * @c t_stream.c:1674
 */
export function streamReplyWithRange(
  c: client,
  s: stream,
  start: streamID | null,
  end: streamID | null,
  count: number,
  rev: boolean,
  group: streamCG | null,
  consumer: streamConsumer | null,
  flags: number,
  spi: streamPropInfo | null,
): number {
  let arraylen_ptr: listNode<clientReplyBlock | null> | null = null;
  let arraylen = 0;
  let propagate_last_id = false;
  const noack = (flags & STREAM_RWR_NOACK) !== 0;

  // A consumer's history is what is pending with it, wherever that is in the stream.
  if (group !== null && flags & STREAM_RWR_HISTORY) {
    return streamReplyWithRangeFromConsumerPEL(c, s, start!, end, count, consumer!);
  }

  if (!(flags & STREAM_RWR_RAWENTRIES)) arraylen_ptr = addReplyDeferredLen(c);
  const si = new streamIterator();
  const id = new streamID();
  streamIteratorStart(si, s, start, end, rev);
  while (streamIteratorGetID(si, id)) {
    if (group !== null && streamCompareID(id, group.last_id) > 0) {
      if (
        group.entries_read !== SCG_INVALID_ENTRIES_READ &&
        !streamRangeHasTombstones(s, id, null)
      ) {
        // The count is right, and no gap makes it wrong.
        group.entries_read = llAdd(group.entries_read, 1);
      } else if (s.entries_added) {
        group.entries_read = streamEstimateDistanceFromFirstEverEntry(s, id);
      }
      copyID(group.last_id, id);
      // Otherwise the XCLAIM for the entry says it.
      if (noack) propagate_last_id = true;
    }

    addReplyArrayLen(c, 2);
    addReplyStreamID(c, id);

    let numfields = si.numfields;
    addReplyArrayLen(c, numfields * 2);
    while (numfields--) {
      streamIteratorGetField(si);
      addReplyBulkCBuffer(c, si.field);
      addReplyBulkCBuffer(c, si.value);
    }

    if (group !== null && !noack) {
      const buf = streamEncodeID(id);

      // Mostly there is no such pending entry, so try without looking first.
      let nack = streamCreateNACK(consumer);
      const group_inserted = raxTryInsert(group.pel, buf, nack, null);
      const consumer_inserted = raxTryInsert(consumer!.pel, buf, nack, null);

      if (group_inserted === 0) {
        // There is one, with this or another consumer: it is delivered for the first time again.
        streamFreeNACK(nack);
        const found = raxFind(group.pel, buf);
        serverAssert(found !== raxNotFound, 'nack != raxNotFound');
        nack = found as streamNACK;
        raxRemove(nack.consumer!.pel, buf, null);
        nack.consumer = consumer;
        nack.delivery_time = mstime();
        nack.delivery_count = 1;
        raxInsert(consumer!.pel, buf, nack, null);
      } else if (group_inserted === 1 && consumer_inserted === 0) {
        serverPanic('NACK half-created. Should not be possible.');
      }

      if (spi !== null) {
        const idarg = createObjectFromStreamID(id);
        streamPropagateXCLAIM(c, spi.keyname, group, spi.groupname!, idarg, nack);
        decrRefCount(idarg);
      }
    }

    arraylen++;
    if (count && count === arraylen) break;
  }

  if (spi !== null && propagate_last_id) {
    streamPropagateGroupID(c, spi.keyname, group!, spi.groupname!);
  }

  streamIteratorStop(si);
  if (arraylen_ptr !== null) setDeferredArrayLen(c, arraylen_ptr, arraylen);
  return arraylen;
}

/**
 * Replies, as an array, the entries from `start` to `end` (null: no bound) that are pending with a consumer, no more than `count` unless
 * that is 0, and counts one more delivery of each. Of one that was deleted from the stream only the id is left, with null for
 * its fields. Returns how many there were. Each entry is looked up by itself, which is slow; but histories are seldom read.
 *
 * @c t_stream.c:1804
 */
export function streamReplyWithRangeFromConsumerPEL(
  c: client,
  s: stream,
  start: streamID,
  end: streamID | null,
  count: number,
  consumer: streamConsumer,
): number {
  const ri = new raxIterator<streamNACK>();
  const startkey = streamEncodeID(start);
  const endkey = end !== null ? streamEncodeID(end) : '';

  let arraylen = 0;
  const arraylen_ptr = addReplyDeferredLen(c);
  raxStart(ri, consumer.pel);
  raxSeek(ri, '>=', startkey);
  while (raxNext(ri) && (!count || arraylen < count)) {
    if (end !== null && ri.key > endkey) break;
    const thisid = new streamID();
    streamDecodeID(ri.bytes, thisid);
    if (
      streamReplyWithRange(
        c,
        s,
        thisid,
        thisid,
        1,
        false,
        null,
        null,
        STREAM_RWR_RAWENTRIES,
        null,
      ) === 0
    ) {
      addReplyArrayLen(c, 2);
      addReplyStreamID(c, thisid);
      addReplyNullArray(c);
    } else {
      const nack = ri.data!;
      nack.delivery_time = mstime();
      nack.delivery_count = llAdd(nack.delivery_count, 1);
    }
    arraylen++;
  }
  raxStop(ri);
  setDeferredArrayLen(c, arraylen_ptr, arraylen);
  return arraylen;
}

/* -----------------------------------------------------------------------
 * Stream commands implementation
 * ----------------------------------------------------------------------- */

/**
 * The stream at `key`, which is made if it is not there; with `no_create` a null is replied then. null means that something, that or an
 * error, has been replied.
 *
 * @c t_stream.c:1847
 */
export function streamTypeLookupWriteOrCreate(
  c: client,
  key: robj,
  no_create: boolean,
): robj | null {
  let o = lookupKeyWrite(c.db, key);
  if (checkType(c, o, OBJ_STREAM)) return null;
  if (o === null) {
    if (no_create) {
      addReplyNull(c);
      return null;
    }
    o = createStreamObject();
    dbAdd(c.db, key, o);
  }
  return o;
}

/** Where the parser of an id tells whether `ms-*` left the sequence number open. */
export interface streamSeqGiven {
  seq_given: boolean;
}

/**
 * Makes `id` what the argument says: `ms-seq`; `ms`, with `missing_seq` as sequence number; unless `strict`, `-` and `+` for the lowest and
 * the highest; where `seq_given` is passed, `ms-*`, which is told there. Returns C_OK, or C_ERR for anything else, when the
 * error has been replied unless `c` is null.
 *
 * @c t_stream.c:1878
 */
export function streamGenericParseIDOrReply(
  c: client | null,
  o: robj,
  id: streamID,
  missing_seq: number | bigint,
  strict: boolean,
  seq_given: streamSeqGiven | null,
): number {
  invalid: {
    if (objPtrLen(o) > STREAM_ID_PARSE_MAX) break invalid;
    // From here on C has a string that ends at a zero.
    const buf = cstr(objPtrString(o));

    if (strict && (buf === '-' || buf === '+')) break invalid;

    if (seq_given !== null) seq_given.seq_given = true;

    if (buf === '-') {
      id.ms = 0;
      id.seq = 0;
      return C_OK;
    } else if (buf === '+') {
      id.ms = UINT64_MAX;
      id.seq = UINT64_MAX;
      return C_OK;
    }

    const dot = buf.indexOf('-');
    const ms = string2ull(dot === -1 ? buf : buf.slice(0, dot));
    if (ms === null) break invalid;
    let seq: number | bigint | null;
    if (dot !== -1) {
      const rest = buf.slice(dot + 1);
      if (seq_given !== null && rest === '*') {
        seq = 0;
        seq_given.seq_given = false;
      } else {
        seq = string2ull(rest);
        if (seq === null) break invalid;
      }
    } else {
      seq = missing_seq;
    }
    id.ms = ms;
    id.seq = seq;
    return C_OK;
  }

  if (c !== null) addReplyError(c, 'Invalid stream ID specified as stream command argument');
  return C_ERR;
}

/**
 * streamGenericParseIDOrReply() without a reply.
 *
 * @c t_stream.c:1929
 */
export function streamParseID(o: robj, id: streamID): number {
  return streamGenericParseIDOrReply(null, o, id, 0, false, null);
}

/**
 * streamGenericParseIDOrReply() where `-` and `+` are ids.
 *
 * @c t_stream.c:1935
 */
export function streamParseIDOrReply(
  c: client | null,
  o: robj,
  id: streamID,
  missing_seq: number | bigint,
): number {
  return streamGenericParseIDOrReply(c, o, id, missing_seq, false, null);
}

/**
 * streamGenericParseIDOrReply() where `-` and `+` are none.
 *
 * @c t_stream.c:1942
 */
export function streamParseStrictIDOrReply(
  c: client | null,
  o: robj,
  id: streamID,
  missing_seq: number | bigint,
  seq_given: streamSeqGiven | null,
): number {
  return streamGenericParseIDOrReply(c, o, id, missing_seq, true, seq_given);
}

/** What streamParseIntervalIDOrReply() found out. */
export class streamInterval {
  /** The id itself is not within the interval. */
  exclude = false;
}

/**
 * Makes `id` one end of an interval. If `ex` is passed, a parenthesis before the id excludes it, which is told there. Returns C_OK, or C_ERR
 * when an error has been replied.
 *
 * @c t_stream.c:1952
 */
export function streamParseIntervalIDOrReply(
  c: client,
  o: robj,
  id: streamID,
  ex: streamInterval | null,
  missing_seq: number | bigint,
): number {
  let invalid: boolean;

  if (ex !== null) {
    const p = objPtrString(o);
    ex.exclude = p.length > 1 && p.charCodeAt(0) === 0x28;
  }
  if (ex !== null && ex.exclude) {
    const t = createStringObject(objPtrString(o).slice(1));
    invalid = streamParseStrictIDOrReply(c, t, id, missing_seq, null) === C_ERR;
    decrRefCount(t);
  } else {
    invalid = streamParseIDOrReply(c, o, id, missing_seq) === C_ERR;
  }
  return invalid ? C_ERR : C_OK;
}

/**
 * Replaces the `~` of a trimming option in the command line by `=`, for what is propagated.
 *
 * @c t_stream.c:1969
 */
export function streamRewriteApproxSpecifier(c: client, idx: number): void {
  rewriteClientCommandArgument(c, idx, shared.special_equals);
}

/**
 * Replaces the argument of a trimming option in the command line by what the stream was trimmed to, for what is propagated: replicas may
 * have other listpacks.
 *
 * @c t_stream.c:1975
 */
export function streamRewriteTrimArgument(
  c: client,
  s: stream,
  trim_strategy: number,
  idx: number,
): void {
  let arg: robj;
  if (trim_strategy === TRIM_STRATEGY_MAXLEN) {
    arg = createStringObjectFromLongLong(s.length);
  } else {
    const first_id = new streamID();
    streamGetEdgeID(s, true, false, first_id);
    arg = createObjectFromStreamID(first_id);
  }

  rewriteClientCommandArgument(c, idx, arg);
  decrRefCount(arg);
}

/**
 * XADD key [NOMKSTREAM] [MAXLEN|MINID [~|=] threshold [LIMIT count]] id|* field value [field value ...]: appends an entry, and replies its
 * id.
 *
 * @c t_stream.c:1990
 */
export function xaddCommand(c: client): void {
  const parsed_args = new streamAddTrimArgs();
  const idpos = streamParseAddOrTrimArgsOrReply(c, parsed_args, true);
  if (idpos < 0) return;
  const field_pos = idpos + 1;

  if (c.argc - field_pos < 2 || (c.argc - field_pos) % 2 === 1) {
    addReplyErrorArity(c);
    return;
  }

  // 0-0 fails in any case. Here it does so before it leaves a new stream without entries behind.
  if (
    parsed_args.id_given &&
    parsed_args.seq_given &&
    parsed_args.id.ms === 0 &&
    parsed_args.id.seq === 0
  ) {
    addReplyError(c, 'The ID specified in XADD must be greater than 0-0');
    return;
  }

  const o = streamTypeLookupWriteOrCreate(c, c.argv[1], parsed_args.no_mkstream);
  if (o === null) return;
  const s = o.ptr as stream;

  if (isHighest(s.last_id.ms) && isHighest(s.last_id.seq)) {
    addReplyError(c, 'The stream has exhausted the last possible ID, unable to add more items');
    return;
  }

  const id = new streamID();
  if (
    streamAppendItem(
      s,
      c.argv,
      field_pos,
      (c.argc - field_pos) / 2,
      id,
      parsed_args.id_given ? parsed_args.id : null,
      parsed_args.seq_given,
    ) === C_ERR
  ) {
    if (posix.errno === EDOM) {
      addReplyError(
        c,
        'The ID specified in XADD is equal or smaller than the target stream top item',
      );
    } else {
      addReplyError(c, 'Elements are too large to be stored');
    }
    return;
  }
  const replyid = createStreamIDString(id);
  addReplyBulkCBuffer(c, replyid.buf, 0, replyid.len);

  signalModifiedKey(c, c.db, c.argv[1]);
  notifyKeyspaceEvent(NOTIFY_STREAM, 'xadd', c.argv[1], c.db.id);
  server.dirty++;

  if (parsed_args.trim_strategy !== TRIM_STRATEGY_NONE) {
    if (streamTrim(s, parsed_args)) {
      notifyKeyspaceEvent(NOTIFY_STREAM, 'xtrim', c.argv[1], c.db.id);
    }
    if (parsed_args.approx_trim) {
      // A LIMIT comes with ~ only, so that all trimming whose result depends on anything else is rewritten.
      streamRewriteApproxSpecifier(c, parsed_args.trim_strategy_arg_idx - 1);
      streamRewriteTrimArgument(c, s, parsed_args.trim_strategy, parsed_args.trim_strategy_arg_idx);
    }
  }

  // Replicas get the id that was made here.
  if (!parsed_args.id_given || !parsed_args.seq_given) {
    const idarg = createObject(OBJ_STRING, replyid);
    rewriteClientCommandArgument(c, idpos, idarg);
    decrRefCount(idarg);
  } else {
    sdsfree(replyid);
  }

  signalKeyAsReady(c.db, c.argv[1], OBJ_STREAM);
}

/**
 * XRANGE, and with `rev` XREVRANGE. An end without a sequence number takes in the whole millisecond, a parenthesis before it excludes
 * just that one id.
 *
 * @c t_stream.c:2084
 */
export function xrangeGenericCommand(c: client, rev: boolean): void {
  const startid = new streamID();
  const endid = new streamID();
  // -1: not given.
  let count = -1;
  const startarg = rev ? c.argv[3] : c.argv[2];
  const endarg = rev ? c.argv[2] : c.argv[3];
  const ex = new streamInterval();

  if (streamParseIntervalIDOrReply(c, startarg, startid, ex, 0) !== C_OK) return;
  if (ex.exclude && streamIncrID(startid) !== C_OK) {
    addReplyError(c, 'invalid start ID for the interval');
    return;
  }
  if (streamParseIntervalIDOrReply(c, endarg, endid, ex, UINT64_MAX) !== C_OK) return;
  if (ex.exclude && streamDecrID(endid) !== C_OK) {
    addReplyError(c, 'invalid end ID for the interval');
    return;
  }

  for (let j = 4; j < c.argc; j++) {
    const additional = c.argc - j - 1;
    if (strcasecmp(objPtrString(c.argv[j]), 'COUNT') === 0 && additional >= 1) {
      const n = getLongLongFromObjectOrReply(c, c.argv[j + 1], null);
      if (n === null) return;
      count = n < 0 ? 0 : Number(n);
      j++;
    } else {
      addReplyErrorObject(c, shared.syntaxerr);
      return;
    }
  }

  const o = lookupKeyReadOrReply(c, c.argv[1], shared.emptyarray);
  if (o === null || checkType(c, o, OBJ_STREAM)) return;
  const s = o.ptr as stream;

  if (count === 0) {
    addReplyNullArray(c);
  } else {
    if (count === -1) count = 0;
    streamReplyWithRange(c, s, startid, endid, count, rev, null, null, 0, null);
  }
}

/**
 * XRANGE key start end [COUNT n]: the entries from start to end.
 *
 * @c t_stream.c:2138
 */
export function xrangeCommand(c: client): void {
  xrangeGenericCommand(c, false);
}

/**
 * XREVRANGE key end start [COUNT n]: the same, backwards.
 *
 * @c t_stream.c:2143
 */
export function xrevrangeCommand(c: client): void {
  xrangeGenericCommand(c, true);
}

/**
 * XLEN key: how many entries there are.
 *
 * @c t_stream.c:2148
 */
export function xlenCommand(c: client): void {
  const o = lookupKeyReadOrReply(c, c.argv[1], shared.czero);
  if (o === null || checkType(c, o, OBJ_STREAM)) return;
  const s = o.ptr as stream;
  addReplyLongLong(c, s.length);
}

/** The most entries for a client that was blocked without a COUNT. */
export const XREAD_BLOCKED_DEFAULT_COUNT = 1000;

/**
 * XREAD [COUNT n] [BLOCK ms] STREAMS key [key ...] id [id ...], and
 * XREADGROUP GROUP group consumer [COUNT n] [BLOCK ms] [NOACK] STREAMS key [key ...] id [id ...]
 *
 * Two commands, since the second one is a write. They are told apart by the length of their names.
 *
 * @c t_stream.c:2164
 */
export function xreadCommand(c: client): void {
  // -1: no BLOCK.
  let timeout = -1;
  let count = 0;
  let streams_count = 0;
  let streams_arg = 0;
  let noack = false;
  const xreadgroup = objPtrLen(c.argv[0]) === 10;
  let groupname: robj | null = null;
  let consumername: robj | null = null;

  for (let i = 1; i < c.argc; i++) {
    const moreargs = c.argc - i - 1;
    const o = objPtrString(c.argv[i]);
    if (!strcasecmp(o, 'BLOCK') && moreargs) {
      if (c.flags & CLIENT_SCRIPT) {
        // Elsewhere BLOCK just does not wait where that cannot be. Scripts have always had an error.
        addReplyErrorFormat(
          c,
          `${cstr(objPtrString(c.argv[0]))} command is not allowed with BLOCK option from scripts`,
        );
        return;
      }
      i++;
      const t = getTimeoutFromObjectOrReply(c, c.argv[i], UNIT_MILLISECONDS);
      if (t === null) return;
      timeout = t;
    } else if (!strcasecmp(o, 'COUNT') && moreargs) {
      i++;
      const n = getLongLongFromObjectOrReply(c, c.argv[i], null);
      if (n === null) return;
      count = n < 0 ? 0 : Number(n);
    } else if (!strcasecmp(o, 'STREAMS') && moreargs) {
      streams_arg = i + 1;
      streams_count = c.argc - streams_arg;
      if (streams_count % 2 !== 0) {
        addReplyError(
          c,
          "Unbalanced XREAD list of streams: for each stream key an ID or '$' must be specified.",
        );
        return;
      }
      // A key and an id for each.
      streams_count /= 2;
      break;
    } else if (!strcasecmp(o, 'GROUP') && moreargs >= 2) {
      if (!xreadgroup) {
        addReplyError(
          c,
          'The GROUP option is only supported by XREADGROUP. You called XREAD instead.',
        );
        return;
      }
      groupname = c.argv[i + 1];
      consumername = c.argv[i + 2];
      i += 2;
    } else if (!strcasecmp(o, 'NOACK')) {
      if (!xreadgroup) {
        addReplyError(
          c,
          'The NOACK option is only supported by XREADGROUP. You called XREAD instead.',
        );
        return;
      }
      noack = true;
    } else {
      addReplyErrorObject(c, shared.syntaxerr);
      return;
    }
  }

  if (streams_arg === 0) {
    addReplyErrorObject(c, shared.syntaxerr);
    return;
  }

  if (xreadgroup && groupname === null) {
    addReplyError(c, 'Missing GROUP option for XREADGROUP');
    return;
  }

  const ids = new Array<streamID>(streams_count);
  const groups = groupname !== null ? new Array<streamCG>(streams_count) : null;

  cleanup: {
    for (let i = streams_arg + streams_count; i < c.argc; i++) {
      const id_idx = i - streams_arg - streams_count;
      const id = new streamID();
      ids[id_idx] = id;
      const key = c.argv[i - streams_count];
      const o = lookupKeyRead(c.db, key);
      if (checkType(c, o, OBJ_STREAM)) break cleanup;

      if (groups !== null) {
        const group = o === null ? null : streamLookupCG(o.ptr as stream, objPtrString(groupname!));
        if (group === null) {
          addReplyErrorFormat(
            c,
            `-NOGROUP No such key '${cstr(objPtrString(key))}' or consumer group '${cstr(
              objPtrString(groupname!),
            )}' in XREADGROUP with GROUP option`,
          );
          break cleanup;
        }
        groups[id_idx] = group;
      }

      const arg = cstr(objPtrString(c.argv[i]));
      if (arg === '$') {
        // What comes from now on.
        if (xreadgroup) {
          addReplyError(
            c,
            'The $ ID is meaningless in the context of XREADGROUP: you want to read the history of ' +
              'this consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would ' +
              'just return an empty result set.',
          );
          break cleanup;
        }
        if (o !== null) copyID(id, (o.ptr as stream).last_id);
        continue;
      } else if (arg === '>') {
        if (!xreadgroup) {
          addReplyError(
            c,
            'The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.',
          );
          break cleanup;
        }
        // The highest id stands for it. Who serves a blocked client takes the group's last id then.
        id.ms = UINT64_MAX;
        id.seq = UINT64_MAX;
        continue;
      }
      if (streamParseStrictIDOrReply(c, c.argv[i], id, 0, null) !== C_OK) break cleanup;
    }

    // What can be replied at once?
    let arraylen = 0;
    let arraylen_ptr: listNode<clientReplyBlock | null> | null = null;
    for (let i = 0; i < streams_count; i++) {
      const o = lookupKeyRead(c.db, c.argv[streams_arg + i]);
      if (o === null) continue;
      const s = o.ptr as stream;
      // Wanted is what comes after this id.
      const gt = ids[i];
      let serve_synchronously = false;
      let serve_history = false;

      if (groups !== null) {
        if (gt.ms !== UINT64_MAX || gt.seq !== UINT64_MAX) {
          // The history of a consumer never makes it wait.
          serve_synchronously = true;
          serve_history = true;
        } else if (s.length) {
          const maxid = new streamID();
          const last = groups[i].last_id;
          streamLastValidID(s, maxid);
          if (streamCompareID(maxid, last) > 0) {
            serve_synchronously = true;
            copyID(gt, last);
          }
        }
      } else if (s.length) {
        const maxid = new streamID();
        streamLastValidID(s, maxid);
        if (streamCompareID(maxid, gt) > 0) serve_synchronously = true;
      }

      if (serve_synchronously) {
        arraylen++;
        if (arraylen === 1) arraylen_ptr = addReplyDeferredLen(c);
        const start = new streamID(gt.ms, gt.seq);
        streamIncrID(start);

        if (c.resp === 2) addReplyArrayLen(c, 2);
        addReplyBulk(c, c.argv[streams_arg + i]);
        let consumer: streamConsumer | null = null;
        const spi = new streamPropInfo(c.argv[i + streams_arg], groupname);
        if (groups !== null) {
          const name = objPtrString(consumername!);
          consumer = streamLookupConsumer(groups[i], name, SLC_DEFAULT);
          if (consumer === null) {
            consumer = streamCreateConsumer(
              groups[i],
              name,
              c.argv[streams_arg + i],
              c.db.id,
              SCC_DEFAULT,
            );
            if (noack) {
              streamPropagateConsumerCreation(c, spi.keyname, spi.groupname!, consumer!.name);
            }
          }
        }
        let flags = 0;
        if (noack) flags |= STREAM_RWR_NOACK;
        if (serve_history) flags |= STREAM_RWR_HISTORY;
        streamReplyWithRange(
          c,
          s,
          start,
          null,
          count,
          false,
          groups !== null ? groups[i] : null,
          consumer,
          flags,
          spi,
        );
        if (groups !== null) server.dirty++;
      }
    }

    if (arraylen) {
      if (c.resp === 2) setDeferredArrayLen(c, arraylen_ptr, arraylen);
      else setDeferredMapLen(c, arraylen_ptr, arraylen);
      break cleanup;
    }

    if (timeout !== -1) {
      // Who must not block is as one whose time is over, even if that is infinite.
      if (c.flags_hi & CLIENT_DENY_BLOCKING) {
        addReplyNullArray(c);
        break cleanup;
      }
      blockForKeys(
        c,
        BLOCKED_STREAM,
        c.argv.slice(streams_arg, streams_arg + streams_count),
        -1,
        timeout,
        null,
        null,
        ids,
      );
      // Without a COUNT there may be a huge stream by the time that it is served.
      c.bpop.xread_count = count ? count : XREAD_BLOCKED_DEFAULT_COUNT;

      if (groupname !== null) {
        incrRefCount(groupname);
        incrRefCount(consumername!);
        c.bpop.xread_group = groupname;
        c.bpop.xread_consumer = consumername;
        c.bpop.xread_group_noack = noack ? 1 : 0;
      } else {
        c.bpop.xread_group = null;
        c.bpop.xread_consumer = null;
      }
      break cleanup;
    }

    // Nothing, and no wish to wait.
    addReplyNullArray(c);
  }

  // What happened to a group was propagated where it happened.
  preventCommandPropagation(c);
}

/* -----------------------------------------------------------------------
 * Low level implementation of consumer groups
 * ----------------------------------------------------------------------- */

/**
 * A pending entry that is delivered to `consumer` now, for the first time.
 *
 * @c t_stream.c:2451
 */
export function streamCreateNACK(consumer: streamConsumer | null): streamNACK {
  zmalloc(SIZEOF_STREAMNACK);
  return new streamNACK(consumer, mstime());
}

/**
 * Releases a pending entry.
 *
 * @c t_stream.c:2460
 */
export function streamFreeNACK(na: streamNACK): void {
  void na;
  zfree(SIZEOF_STREAMNACK);
}

/**
 * Releases a consumer, and not what is pending with it: that is the group's, too.
 *
 * @c t_stream.c:2469
 */
export function streamFreeConsumer(sc: streamConsumer): void {
  raxFree(sc.pel);
  zfree(sdsStringAllocSize(sc.name.length));
  zfree(SIZEOF_STREAMCONSUMER);
}

/**
 * Makes a group that has read up to `id`, which were `entries_read` entries. null if there is one of that name.
 *
 * @c t_stream.c:2480
 */
export function streamCreateCG(
  s: stream,
  name: string,
  id: streamID,
  entries_read: number | bigint,
): streamCG | null {
  if (s.cgroups === null) s.cgroups = raxNew();
  if (raxFind(s.cgroups, name) !== raxNotFound) return null;

  zmalloc(SIZEOF_STREAMCG);
  const cg = new streamCG(raxNew(), raxNew(), entries_read);
  copyID(cg.last_id, id);
  raxInsert(s.cgroups, name, cg, null);
  return cg;
}

/**
 * Releases a group with all that is in it.
 *
 * @c t_stream.c:2495
 */
export function streamFreeCG(cg: streamCG): void {
  raxFreeWithCallback(cg.pel, streamFreeNACK);
  raxFreeWithCallback(cg.consumers, streamFreeConsumer);
  zfree(SIZEOF_STREAMCG);
}

/**
 * The group of that name; null if there is none.
 *
 * @c t_stream.c:2503
 */
export function streamLookupCG(s: stream, groupname: string): streamCG | null {
  if (s.cgroups === null) return null;
  const cg = raxFind(s.cgroups, groupname);
  return cg === raxNotFound ? null : cg;
}

/**
 * Makes a consumer in a group; null if there is one of that name. That counts as a change and fires an event for `key` in database `dbid`,
 * unless SCC_NO_DIRTIFY and SCC_NO_NOTIFY say otherwise.
 *
 * @c t_stream.c:2514
 */
export function streamCreateConsumer(
  cg: streamCG | null,
  name: string,
  key: robj | null,
  dbid: number,
  flags: number,
): streamConsumer | null {
  if (cg === null) return null;
  const notify = !(flags & SCC_NO_NOTIFY);
  const dirty = !(flags & SCC_NO_DIRTIFY);
  zmalloc(SIZEOF_STREAMCONSUMER);
  const consumer = new streamConsumer(name);
  const success = raxTryInsert(cg.consumers, name, consumer, null);
  if (!success) {
    zfree(SIZEOF_STREAMCONSUMER);
    return null;
  }
  zmalloc(sdsStringAllocSize(name.length));
  consumer.pel = raxNew();
  consumer.seen_time = mstime();
  if (dirty) server.dirty++;
  if (notify) notifyKeyspaceEvent(NOTIFY_STREAM, 'xgroup-createconsumer', key!, dbid);
  return consumer;
}

/**
 * The consumer of that name, who counts as seen now unless SLC_NO_REFRESH; null if there is none.
 *
 * @c t_stream.c:2535
 */
export function streamLookupConsumer(
  cg: streamCG | null,
  name: string,
  flags: number,
): streamConsumer | null {
  if (cg === null) return null;
  const refresh = !(flags & SLC_NO_REFRESH);
  const consumer = raxFind(cg.consumers, name);
  if (consumer === raxNotFound || consumer === null) return null;
  if (refresh) consumer.seen_time = mstime();
  return consumer;
}

/**
 * Deletes a consumer from its group, with all that is pending with it.
 *
 * @c t_stream.c:2546
 */
export function streamDelConsumer(cg: streamCG, consumer: streamConsumer): void {
  const ri = new raxIterator<streamNACK>();
  raxStart(ri, consumer.pel);
  raxSeek(ri, '^', '');
  while (raxNext(ri)) {
    const nack = ri.data!;
    raxRemove(cg.pel, ri.key, null);
    streamFreeNACK(nack);
  }
  raxStop(ri);

  raxRemove(cg.consumers, consumer.name, null);
  streamFreeConsumer(consumer);
}

/* -----------------------------------------------------------------------
 * Consumer groups commands
 * ----------------------------------------------------------------------- */

/** What XGROUP HELP says. */
const XGROUP_HELP = [
  'CREATE <key> <groupname> <id|$> [option]',
  '    Create a new consumer group. Options are:',
  '    * MKSTREAM',
  '      Create the empty stream if it does not exist.',
  '    * ENTRIESREAD entries_read',
  "      Set the group's entries_read counter (internal use).",
  'CREATECONSUMER <key> <groupname> <consumer>',
  '    Create a new consumer in the specified group.',
  'DELCONSUMER <key> <groupname> <consumer>',
  '    Remove the specified consumer.',
  'DESTROY <key> <groupname>',
  '    Remove the specified group.',
  'SETID <key> <groupname> <id|$> [ENTRIESREAD entries_read]',
  '    Set the current group ID and entries_read counter.',
];

/**
 * XGROUP CREATE key group id|$ [MKSTREAM] [ENTRIESREAD n], SETID key group id|$ [ENTRIESREAD n], DESTROY key group,
 * CREATECONSUMER key group consumer, DELCONSUMER key group consumer, HELP: makes, changes and deletes groups and consumers.
 *
 * @c t_stream.c:2574
 */
export function xgroupCommand(c: client): void {
  let s: stream | null = null;
  let grpname = '';
  let cg: streamCG | null = null;
  const opt = objPtrString(c.argv[1]);
  let mkstream = false;
  let entries_read: number | bigint = SCG_INVALID_ENTRIES_READ;

  // All but HELP have a key and a group.
  if (c.argc >= 4) {
    let i = 5;
    const create_subcmd = !strcasecmp(opt, 'CREATE');
    const setid_subcmd = !strcasecmp(opt, 'SETID');
    while (i < c.argc) {
      if (create_subcmd && !strcasecmp(objPtrString(c.argv[i]), 'MKSTREAM')) {
        mkstream = true;
        i++;
      } else if (
        (create_subcmd || setid_subcmd) &&
        !strcasecmp(objPtrString(c.argv[i]), 'ENTRIESREAD') &&
        i + 1 < c.argc
      ) {
        const n = getLongLongFromObjectOrReply(c, c.argv[i + 1], null);
        if (n === null) return;
        entries_read = n;
        if (entries_read < 0 && entries_read !== SCG_INVALID_ENTRIES_READ) {
          addReplyError(c, 'value for ENTRIESREAD must be positive or -1');
          return;
        }
        i += 2;
      } else {
        addReplySubcommandSyntaxError(c);
        return;
      }
    }

    const o = lookupKeyWrite(c.db, c.argv[2]);
    if (o !== null) {
      if (checkType(c, o, OBJ_STREAM)) return;
      s = o.ptr as stream;
    }
    grpname = objPtrString(c.argv[3]);
  }

  if (c.argc >= 4 && !mkstream) {
    if (s === null) {
      addReplyError(
        c,
        'The XGROUP subcommand requires the key to exist. ' +
          'Note that for CREATE you may want to use the MKSTREAM ' +
          'option to create an empty stream automatically.',
      );
      return;
    }

    cg = streamLookupCG(s, grpname);
    if (
      cg === null &&
      (!strcasecmp(opt, 'SETID') ||
        !strcasecmp(opt, 'CREATECONSUMER') ||
        !strcasecmp(opt, 'DELCONSUMER'))
    ) {
      addReplyErrorFormat(
        c,
        `-NOGROUP No such consumer group '${cstr(grpname)}' for key name '${cstr(
          objPtrString(c.argv[2]),
        )}'`,
      );
      return;
    }
  }

  if (c.argc === 2 && !strcasecmp(opt, 'HELP')) {
    addReplyHelp(c, XGROUP_HELP);
  } else if (!strcasecmp(opt, 'CREATE') && c.argc >= 5 && c.argc <= 8) {
    const id = new streamID();
    if (cstr(objPtrString(c.argv[4])) === '$') {
      if (s !== null) copyID(id, s.last_id);
    } else if (streamParseStrictIDOrReply(c, c.argv[4], id, 0, null) !== C_OK) {
      return;
    }

    // Nothing can go wrong any more, so that the stream can be made.
    if (s === null) {
      serverAssert(mkstream, 'mkstream');
      const o = createStreamObject();
      dbAdd(c.db, c.argv[2], o);
      s = o.ptr as stream;
      signalModifiedKey(c, c.db, c.argv[2]);
    }

    cg = streamCreateCG(s, grpname, id, entries_read);
    if (cg !== null) {
      addReply(c, shared.ok);
      server.dirty++;
      notifyKeyspaceEvent(NOTIFY_STREAM, 'xgroup-create', c.argv[2], c.db.id);
    } else {
      addReplyError(c, '-BUSYGROUP Consumer Group name already exists');
    }
  } else if (!strcasecmp(opt, 'SETID') && (c.argc === 5 || c.argc === 7)) {
    const id = new streamID();
    if (cstr(objPtrString(c.argv[4])) === '$') {
      copyID(id, s!.last_id);
    } else if (streamParseIDOrReply(c, c.argv[4], id, 0) !== C_OK) {
      return;
    }
    copyID(cg!.last_id, id);
    cg!.entries_read = entries_read;
    addReply(c, shared.ok);
    server.dirty++;
    notifyKeyspaceEvent(NOTIFY_STREAM, 'xgroup-setid', c.argv[2], c.db.id);
  } else if (!strcasecmp(opt, 'DESTROY') && c.argc === 4) {
    if (cg !== null) {
      raxRemove(s!.cgroups!, grpname, null);
      streamFreeCG(cg);
      addReply(c, shared.cone);
      server.dirty++;
      notifyKeyspaceEvent(NOTIFY_STREAM, 'xgroup-destroy', c.argv[2], c.db.id);
      // Who waits for entries of this group gets an error.
      signalKeyAsReady(c.db, c.argv[2], OBJ_STREAM);
    } else {
      addReply(c, shared.czero);
    }
  } else if (!strcasecmp(opt, 'CREATECONSUMER') && c.argc === 5) {
    const created = streamCreateConsumer(
      cg,
      objPtrString(c.argv[4]),
      c.argv[2],
      c.db.id,
      SCC_DEFAULT,
    );
    addReplyLongLong(c, created !== null ? 1 : 0);
  } else if (!strcasecmp(opt, 'DELCONSUMER') && c.argc === 5) {
    let pending = 0;
    const consumer = streamLookupConsumer(cg, objPtrString(c.argv[4]), SLC_NO_REFRESH);
    if (consumer !== null) {
      pending = raxSize(consumer.pel);
      streamDelConsumer(cg!, consumer);
      server.dirty++;
      notifyKeyspaceEvent(NOTIFY_STREAM, 'xgroup-delconsumer', c.argv[2], c.db.id);
    }
    addReplyLongLong(c, pending);
  } else {
    addReplySubcommandSyntaxError(c);
  }
}

/**
 * XSETID key last-id [ENTRIESADDED n] [MAXDELETEDID id], which replicas are sent.
 *
 * @c t_stream.c:2741
 */
export function xsetidCommand(c: client): void {
  const id = new streamID();
  const max_xdel_id = new streamID();
  let entries_added: number | bigint = -1;

  if (streamParseStrictIDOrReply(c, c.argv[2], id, 0, null) !== C_OK) return;

  let i = 3;
  while (i < c.argc) {
    const moreargs = c.argc - 1 - i;
    const opt = objPtrString(c.argv[i]);
    if (!strcasecmp(opt, 'ENTRIESADDED') && moreargs) {
      const n = getLongLongFromObjectOrReply(c, c.argv[i + 1], null);
      if (n === null) {
        return;
      } else if (n < 0) {
        addReplyError(c, 'entries_added must be positive');
        return;
      }
      entries_added = n;
      i += 2;
    } else if (!strcasecmp(opt, 'MAXDELETEDID') && moreargs) {
      if (streamParseStrictIDOrReply(c, c.argv[i + 1], max_xdel_id, 0, null) !== C_OK) {
        return;
      } else if (streamCompareID(id, max_xdel_id) < 0) {
        addReplyError(
          c,
          'The ID specified in XSETID is smaller than the provided max_deleted_entry_id',
        );
        return;
      }
      i += 2;
    } else {
      addReplyErrorObject(c, shared.syntaxerr);
      return;
    }
  }

  const o = lookupKeyWriteOrReply(c, c.argv[1], shared.nokeyerr);
  if (o === null || checkType(c, o, OBJ_STREAM)) return;
  const s = o.ptr as stream;

  // The next entry must come after those that there are.
  if (s.length > 0) {
    const maxid = new streamID();
    streamLastValidID(s, maxid);

    if (streamCompareID(id, maxid) < 0) {
      addReplyError(c, 'The ID specified in XSETID is smaller than the target stream top item');
      return;
    }

    if (entries_added !== -1 && s.length > entries_added) {
      addReplyError(
        c,
        'The entries_added specified in XSETID is smaller than the target stream length',
      );
      return;
    }
  }

  copyID(s.last_id, id);
  if (entries_added !== -1) s.entries_added = entries_added;
  if (!streamIDEqZero(max_xdel_id)) copyID(s.max_deleted_entry_id, max_xdel_id);
  addReply(c, shared.ok);
  server.dirty++;
  notifyKeyspaceEvent(NOTIFY_STREAM, 'xsetid', c.argv[1], c.db.id);
}

/**
 * XACK key group id [id ...]: these entries are no longer pending. Replies how many of them were.
 *
 * @c t_stream.c:2815
 */
export function xackCommand(c: client): void {
  let group: streamCG | null = null;
  const o = lookupKeyRead(c.db, c.argv[1]);
  if (o !== null) {
    if (checkType(c, o, OBJ_STREAM)) return;
    group = streamLookupCG(o.ptr as stream, objPtrString(c.argv[2]));
  }

  if (o === null || group === null) {
    addReply(c, shared.czero);
    return;
  }

  // All ids are read before the first is looked up: either all are dealt with, or none.
  const ids = new Array<streamID>(c.argc - 3);
  for (let j = 3; j < c.argc; j++) {
    ids[j - 3] = new streamID();
    if (streamParseStrictIDOrReply(c, c.argv[j], ids[j - 3], 0, null) !== C_OK) return;
  }

  let acknowledged = 0;
  for (let j = 3; j < c.argc; j++) {
    const buf = streamEncodeID(ids[j - 3]);

    const nack = raxFind(group.pel, buf);
    if (nack !== raxNotFound && nack !== null) {
      raxRemove(group.pel, buf, null);
      raxRemove(nack.consumer!.pel, buf, null);
      streamFreeNACK(nack);
      acknowledged++;
      server.dirty++;
    }
  }
  addReplyLongLong(c, acknowledged);
}

/**
 * XPENDING key group [[IDLE ms] start end count [consumer]]
 *
 * Without a range: how many entries are pending, the first and the last of them, and how many with whom. With one: who has which entry,
 * for how long, and how many times it was delivered.
 *
 * @c t_stream.c:2873
 */
export function xpendingCommand(c: client): void {
  const justinfo = c.argc === 3;
  const key = c.argv[1];
  const groupname = c.argv[2];
  let consumername: robj | null = null;
  const startid = new streamID();
  const endid = new streamID();
  let count: number | bigint = 0;
  let minidle: number | bigint = 0;
  const ex = new streamInterval();

  if (c.argc !== 3 && (c.argc < 6 || c.argc > 9)) {
    addReplyErrorObject(c, shared.syntaxerr);
    return;
  }

  // Errors of syntax come before all others.
  if (c.argc >= 6) {
    let startidx = 3;

    if (!strcasecmp(objPtrString(c.argv[3]), 'IDLE')) {
      const n = getLongLongFromObjectOrReply(c, c.argv[4], null);
      if (n === null) return;
      minidle = n;
      if (c.argc < 8) {
        addReplyErrorObject(c, shared.syntaxerr);
        return;
      }
      startidx += 2;
    }

    const n = getLongLongFromObjectOrReply(c, c.argv[startidx + 2], null);
    if (n === null) return;
    count = n < 0 ? 0 : Number(n);

    if (streamParseIntervalIDOrReply(c, c.argv[startidx], startid, ex, 0) !== C_OK) return;
    if (ex.exclude && streamIncrID(startid) !== C_OK) {
      addReplyError(c, 'invalid start ID for the interval');
      return;
    }
    if (streamParseIntervalIDOrReply(c, c.argv[startidx + 1], endid, ex, UINT64_MAX) !== C_OK) {
      return;
    }
    if (ex.exclude && streamDecrID(endid) !== C_OK) {
      addReplyError(c, 'invalid end ID for the interval');
      return;
    }

    if (startidx + 3 < c.argc) consumername = c.argv[startidx + 3];
  }

  const o = lookupKeyRead(c.db, c.argv[1]);
  if (checkType(c, o, OBJ_STREAM)) return;
  const group = o === null ? null : streamLookupCG(o.ptr as stream, objPtrString(groupname));
  if (group === null) {
    addReplyErrorFormat(
      c,
      `-NOGROUP No such key '${cstr(objPtrString(key))}' or consumer group '${cstr(
        objPtrString(groupname),
      )}'`,
    );
    return;
  }

  if (justinfo) {
    addReplyArrayLen(c, 4);
    addReplyLongLong(c, raxSize(group.pel));
    if (raxSize(group.pel) === 0) {
      addReplyNull(c); // The first,
      addReplyNull(c); // the last,
      addReplyNullArray(c); // and with whom.
    } else {
      const ri = new raxIterator<streamNACK>();
      raxStart(ri, group.pel);
      raxSeek(ri, '^', '');
      raxNext(ri);
      streamDecodeID(ri.bytes, startid);
      addReplyStreamID(c, startid);

      raxSeek(ri, '$', '');
      raxNext(ri);
      streamDecodeID(ri.bytes, endid);
      addReplyStreamID(c, endid);
      raxStop(ri);

      const ri_consumers = new raxIterator<streamConsumer>();
      raxStart(ri_consumers, group.consumers);
      raxSeek(ri_consumers, '^', '');
      const arraylen_ptr = addReplyDeferredLen(c);
      let arraylen = 0;
      while (raxNext(ri_consumers)) {
        const consumer = ri_consumers.data!;
        if (raxSize(consumer.pel) === 0) continue;
        addReplyArrayLen(c, 2);
        addReplyBulkCBuffer(c, ri_consumers.key);
        addReplyBulkLongLong(c, raxSize(consumer.pel));
        arraylen++;
      }
      setDeferredArrayLen(c, arraylen_ptr, arraylen);
      raxStop(ri_consumers);
    }
  } else {
    let consumer: streamConsumer | null = null;
    if (consumername !== null) {
      consumer = streamLookupConsumer(group, objPtrString(consumername), SLC_NO_REFRESH);

      // Nothing is pending with nobody.
      if (consumer === null) {
        addReplyArrayLen(c, 0);
        return;
      }
    }

    const pel = consumer !== null ? consumer.pel : group.pel;
    const ri = new raxIterator<streamNACK>();
    const now = mstime();

    const startkey = streamEncodeID(startid);
    const endkey = streamEncodeID(endid);
    raxStart(ri, pel);
    raxSeek(ri, '>=', startkey);
    const arraylen_ptr = addReplyDeferredLen(c);
    let arraylen = 0;

    const id = new streamID();
    while (count && raxNext(ri) && ri.key <= endkey) {
      const nack = ri.data!;

      if (minidle) {
        const this_idle = llAdd(now, -nack.delivery_time);
        if (this_idle < minidle) continue;
      }

      arraylen++;
      count--;
      addReplyArrayLen(c, 4);

      streamDecodeID(ri.bytes, id);
      addReplyStreamID(c, id);

      addReplyBulkCBuffer(c, nack.consumer!.name);

      let elapsed = llAdd(now, -nack.delivery_time);
      if (elapsed < 0) elapsed = 0;
      addReplyLongLong(c, elapsed);

      addReplyLongLong(c, nack.delivery_count);
    }
    raxStop(ri);
    setDeferredArrayLen(c, arraylen_ptr, arraylen);
  }
}

/**
 * XCLAIM key group consumer min-idle-time id [id ...] [IDLE ms] [TIME unix-time-ms] [RETRYCOUNT n] [FORCE] [JUSTID] [LASTID id]
 *
 * Entries that have been pending for long enough become those of another consumer, who is made if need be, and are replied. IDLE and TIME
 * say when they were delivered (now), RETRYCOUNT how many times (once more than before, or as before with JUSTID, which replies ids only).
 * FORCE makes entries pending that are not. LASTID takes the group's last id along if it is higher. What is pending but no longer in the
 * stream is forgotten.
 *
 * @c t_stream.c:3114
 */
export function xclaimCommand(c: client): void {
  let group: streamCG | null = null;
  const o = lookupKeyRead(c.db, c.argv[1]);
  // -1: not given.
  let retrycount: number | bigint = -1;
  let deliverytime: number | bigint = -1;
  let force = false;
  let justid = false;

  if (o !== null) {
    if (checkType(c, o, OBJ_STREAM)) return;
    group = streamLookupCG(o.ptr as stream, objPtrString(c.argv[2]));
  }

  if (o === null || group === null) {
    addReplyErrorFormat(
      c,
      `-NOGROUP No such key '${cstr(objPtrString(c.argv[1]))}' or consumer group '${cstr(
        objPtrString(c.argv[2]),
      )}'`,
    );
    return;
  }

  let minidle = getLongLongFromObjectOrReply(
    c,
    c.argv[4],
    'Invalid min-idle-time argument for XCLAIM',
  );
  if (minidle === null) return;
  if (minidle < 0) minidle = 0;

  // All ids are read before the first is dealt with. What is none may be the first option.
  let j = 5;
  const ids: streamID[] = [];
  for (; j < c.argc; j++) {
    const id = new streamID();
    if (streamParseStrictIDOrReply(null, c.argv[j], id, 0, null) !== C_OK) break;
    ids.push(id);
  }
  const last_id_arg = j - 1;

  const now = mstime();
  const last_id = new streamID();
  let propagate_last_id = false;
  for (; j < c.argc; j++) {
    const moreargs = c.argc - 1 - j;
    const opt = objPtrString(c.argv[j]);
    if (!strcasecmp(opt, 'FORCE')) {
      force = true;
    } else if (!strcasecmp(opt, 'JUSTID')) {
      justid = true;
    } else if (!strcasecmp(opt, 'IDLE') && moreargs) {
      j++;
      const n = getLongLongFromObjectOrReply(
        c,
        c.argv[j],
        'Invalid IDLE option argument for XCLAIM',
      );
      if (n === null) return;
      deliverytime = llAdd(now, -n);
    } else if (!strcasecmp(opt, 'TIME') && moreargs) {
      j++;
      const n = getLongLongFromObjectOrReply(
        c,
        c.argv[j],
        'Invalid TIME option argument for XCLAIM',
      );
      if (n === null) return;
      deliverytime = n;
    } else if (!strcasecmp(opt, 'RETRYCOUNT') && moreargs) {
      j++;
      const n = getLongLongFromObjectOrReply(
        c,
        c.argv[j],
        'Invalid RETRYCOUNT option argument for XCLAIM',
      );
      if (n === null) return;
      retrycount = n;
    } else if (!strcasecmp(opt, 'LASTID') && moreargs) {
      j++;
      if (streamParseStrictIDOrReply(c, c.argv[j], last_id, 0, null) !== C_OK) return;
    } else {
      addReplyErrorFormat(c, `Unrecognized XCLAIM option '${cstr(opt)}'`);
      return;
    }
  }

  if (streamCompareID(last_id, group.last_id) > 0) {
    copyID(group.last_id, last_id);
    propagate_last_id = true;
  }

  if (deliverytime !== -1) {
    // Clients may reckon with a clock that is not ours; that is no error, just as good as now.
    if (deliverytime < 0 || deliverytime > now) deliverytime = now;
  } else {
    deliverytime = now;
  }

  let consumer: streamConsumer | null = null;
  const arraylenptr = addReplyDeferredLen(c);
  let arraylen = 0;
  const name = objPtrString(c.argv[3]);
  for (j = 5; j <= last_id_arg; j++) {
    const id = ids[j - 5];
    const buf = streamEncodeID(id);

    const found = raxFind(group.pel, buf);
    let nack = found === raxNotFound ? null : found;

    if (!streamEntryExists(o.ptr as stream, id)) {
      // What no longer exists need not be acknowledged by anybody.
      if (nack !== null) {
        streamPropagateXCLAIM(c, c.argv[1], group, c.argv[2], c.argv[j], nack);
        propagate_last_id = false;
        server.dirty++;
        raxRemove(group.pel, buf, null);
        raxRemove(nack.consumer!.pel, buf, null);
        streamFreeNACK(nack);
      }
      continue;
    }

    if (force && nack === null) {
      nack = streamCreateNACK(null);
      raxInsert(group.pel, buf, nack, null);
    }

    if (nack !== null) {
      // One that FORCE just made has no consumer, and no age.
      if (nack.consumer !== null && minidle) {
        const this_idle = llAdd(now, -nack.delivery_time);
        if (this_idle < minidle) continue;
      }

      if (consumer === null) {
        consumer = streamLookupConsumer(group, name, SLC_DEFAULT);
        if (consumer === null) {
          consumer = streamCreateConsumer(group, name, c.argv[1], c.db.id, SCC_DEFAULT)!;
        }
      }
      if (nack.consumer !== consumer) {
        if (nack.consumer !== null) raxRemove(nack.consumer.pel, buf, null);
      }
      nack.delivery_time = deliverytime;
      if (retrycount >= 0) {
        nack.delivery_count = retrycount;
      } else if (!justid) {
        nack.delivery_count = llAdd(nack.delivery_count, 1);
      }
      if (nack.consumer !== consumer) {
        raxInsert(consumer.pel, buf, nack, null);
        nack.consumer = consumer;
      }
      if (justid) {
        addReplyStreamID(c, id);
      } else {
        const emitted = streamReplyWithRange(
          c,
          o.ptr as stream,
          id,
          id,
          1,
          false,
          null,
          null,
          STREAM_RWR_RAWENTRIES,
          null,
        );
        serverAssert(emitted === 1, 'emitted == 1');
      }
      arraylen++;

      streamPropagateXCLAIM(c, c.argv[1], group, c.argv[2], c.argv[j], nack);
      // It says the last id, too.
      propagate_last_id = false;
      server.dirty++;
    }
  }
  if (propagate_last_id) {
    streamPropagateGroupID(c, c.argv[1], group, c.argv[2]);
    server.dirty++;
  }
  setDeferredArrayLen(c, arraylenptr, arraylen);
  preventCommandPropagation(c);
}

/** So many pending entries does XAUTOCLAIM look at for each that it may claim. */
const XAUTOCLAIM_ATTEMPTS_FACTOR = 10;

/**
 * XAUTOCLAIM key group consumer min-idle-time start [COUNT n] [JUSTID]
 *
 * XCLAIM of what is pending from `start` on. The reply is where to go on (0-0 at the end), the entries, and the ids of those that were
 * forgotten because they are no longer in the stream.
 *
 * @c t_stream.c:3332
 */
export function xautoclaimCommand(c: client): void {
  let group: streamCG | null = null;
  const o = lookupKeyRead(c.db, c.argv[1]);
  let count = 100;
  const startid = new streamID();
  const ex = new streamInterval();
  let justid = false;

  // Errors of syntax come before all others.
  let minidle = getLongLongFromObjectOrReply(
    c,
    c.argv[4],
    'Invalid min-idle-time argument for XAUTOCLAIM',
  );
  if (minidle === null) return;
  if (minidle < 0) minidle = 0;

  if (streamParseIntervalIDOrReply(c, c.argv[5], startid, ex, 0) !== C_OK) return;
  if (ex.exclude && streamIncrID(startid) !== C_OK) {
    addReplyError(c, 'invalid start ID for the interval');
    return;
  }

  let j = 6;
  while (j < c.argc) {
    const moreargs = c.argc - 1 - j;
    const opt = objPtrString(c.argv[j]);
    if (!strcasecmp(opt, 'COUNT') && moreargs) {
      const max_count = Number(LLONG_MAX / BigInt(SIZEOF_STREAMID));
      const n = getRangeLongFromObjectOrReply(c, c.argv[j + 1], 1, max_count, 'COUNT must be > 0');
      if (n === null) return;
      count = n;
      j++;
    } else if (!strcasecmp(opt, 'JUSTID')) {
      justid = true;
    } else {
      addReplyErrorObject(c, shared.syntaxerr);
      return;
    }
    j++;
  }

  if (o !== null) {
    if (checkType(c, o, OBJ_STREAM)) return;
    group = streamLookupCG(o.ptr as stream, objPtrString(c.argv[2]));
  }

  if (o === null || group === null) {
    addReplyErrorFormat(
      c,
      `-NOGROUP No such key '${cstr(objPtrString(c.argv[1]))}' or consumer group '${cstr(
        objPtrString(c.argv[2]),
      )}'`,
    );
    return;
  }

  // C takes room for all ids that may have to be replied. The system refuses what the machine does not have.
  if (count * SIZEOF_STREAMID > server.system_memory_size) {
    addReplyError(c, 'Insufficient memory, failed allocating transient memory, COUNT too high.');
    return;
  }
  const deleted_ids: streamID[] = [];

  let consumer: streamConsumer | null = null;
  let attempts = count * XAUTOCLAIM_ATTEMPTS_FACTOR;

  addReplyArrayLen(c, 3);
  const endidptr = addReplyDeferredLen(c);
  const arraylenptr = addReplyDeferredLen(c);

  const startkey = streamEncodeID(startid);
  const ri = new raxIterator<streamNACK>();
  raxStart(ri, group.pel);
  raxSeek(ri, '>=', startkey);
  let arraylen = 0;
  const now = mstime();
  const name = objPtrString(c.argv[3]);
  while (attempts-- && count && raxNext(ri)) {
    const nack = ri.data!;

    const id = new streamID();
    streamDecodeID(ri.bytes, id);

    if (!streamEntryExists(o.ptr as stream, id)) {
      const idstr = createObjectFromStreamID(id);
      streamPropagateXCLAIM(c, c.argv[1], group, c.argv[2], idstr, nack);
      decrRefCount(idstr);
      server.dirty++;
      raxRemove(group.pel, ri.key, null);
      raxRemove(nack.consumer!.pel, ri.key, null);
      streamFreeNACK(nack);
      deleted_ids.push(id);
      raxSeek(ri, '>=', ri.key);
      // COUNT bounds the reply, and this id is in it.
      count--;
      continue;
    }

    if (minidle) {
      const this_idle = llAdd(now, -nack.delivery_time);
      if (this_idle < minidle) continue;
    }

    if (consumer === null) {
      consumer = streamLookupConsumer(group, name, SLC_DEFAULT);
      if (consumer === null) {
        consumer = streamCreateConsumer(group, name, c.argv[1], c.db.id, SCC_DEFAULT)!;
      }
    }
    if (nack.consumer !== consumer) {
      if (nack.consumer !== null) raxRemove(nack.consumer.pel, ri.key, null);
    }

    nack.delivery_time = now;
    if (!justid) nack.delivery_count = llAdd(nack.delivery_count, 1);

    if (nack.consumer !== consumer) {
      raxInsert(consumer.pel, ri.key, nack, null);
      nack.consumer = consumer;
    }

    if (justid) {
      addReplyStreamID(c, id);
    } else {
      const emitted = streamReplyWithRange(
        c,
        o.ptr as stream,
        id,
        id,
        1,
        false,
        null,
        null,
        STREAM_RWR_RAWENTRIES,
        null,
      );
      serverAssert(emitted === 1, 'emitted == 1');
    }
    arraylen++;
    count--;

    const idstr = createObjectFromStreamID(id);
    streamPropagateXCLAIM(c, c.argv[1], group, c.argv[2], idstr, nack);
    decrRefCount(idstr);
    server.dirty++;
  }

  // The one after those is where the next call begins.
  raxNext(ri);

  const endid = new streamID();
  if (!raxEOF(ri)) streamDecodeID(ri.bytes, endid);
  raxStop(ri);

  setDeferredArrayLen(c, arraylenptr, arraylen);
  setDeferredReplyStreamID(c, endidptr, endid);

  addReplyArrayLen(c, deleted_ids.length);
  for (let i = 0; i < deleted_ids.length; i++) addReplyStreamID(c, deleted_ids[i]);

  preventCommandPropagation(c);
}

/**
 * XDEL key id [id ...]: deletes entries, and replies how many of them there were.
 *
 * @c t_stream.c:3510
 */
export function xdelCommand(c: client): void {
  const o = lookupKeyWriteOrReply(c, c.argv[1], shared.czero);
  if (o === null || checkType(c, o, OBJ_STREAM)) return;
  const s = o.ptr as stream;

  // All ids are read before the first is deleted: either all are dealt with, or none.
  const ids = new Array<streamID>(c.argc - 2);
  for (let j = 2; j < c.argc; j++) {
    ids[j - 2] = new streamID();
    if (streamParseStrictIDOrReply(c, c.argv[j], ids[j - 2], 0, null) !== C_OK) return;
  }

  let deleted = 0;
  let first_entry = false;
  for (let j = 2; j < c.argc; j++) {
    const id = ids[j - 2];
    if (streamDeleteItem(s, id)) {
      if (streamCompareID(id, s.first_id) === 0) first_entry = true;
      if (streamCompareID(id, s.max_deleted_entry_id) > 0) copyID(s.max_deleted_entry_id, id);
      deleted++;
    }
  }

  if (deleted) {
    if (s.length === 0) {
      s.first_id.ms = 0;
      s.first_id.seq = 0;
    } else if (first_entry) {
      streamGetEdgeID(s, true, true, s.first_id);
    }
  }

  if (deleted) {
    signalModifiedKey(c, c.db, c.argv[1]);
    notifyKeyspaceEvent(NOTIFY_STREAM, 'xdel', c.argv[1], c.db.id);
    server.dirty += deleted;
  }
  addReplyLongLong(c, deleted);
}

/**
 * XTRIM key MAXLEN|MINID [~|=] threshold [LIMIT count]: removes the oldest entries, and replies how many.
 *
 * @c t_stream.c:3592
 */
export function xtrimCommand(c: client): void {
  const parsed_args = new streamAddTrimArgs();
  if (streamParseAddOrTrimArgsOrReply(c, parsed_args, false) < 0) return;

  const o = lookupKeyWriteOrReply(c, c.argv[1], shared.czero);
  if (o === null || checkType(c, o, OBJ_STREAM)) return;
  const s = o.ptr as stream;

  const deleted = streamTrim(s, parsed_args);
  if (deleted) {
    notifyKeyspaceEvent(NOTIFY_STREAM, 'xtrim', c.argv[1], c.db.id);
    if (parsed_args.approx_trim) {
      // As in XADD.
      streamRewriteApproxSpecifier(c, parsed_args.trim_strategy_arg_idx - 1);
      streamRewriteTrimArgument(c, s, parsed_args.trim_strategy, parsed_args.trim_strategy_arg_idx);
    }

    signalModifiedKey(c, c.db, c.argv[1]);
    server.dirty += deleted;
  }
  addReplyLongLong(c, deleted);
}

/**
 * XINFO STREAM key [FULL [COUNT n]]: the figures of a stream, with its first and last entry, or with FULL with entries, groups, consumers and
 * what is pending with them, `n` of each (10; 0: all).
 *
 * @c t_stream.c:3629
 */
export function xinfoReplyWithStreamInfo(c: client, s: stream): void {
  let full = true;
  let count = 10;
  // The options begin at the fourth argument.
  const optc = c.argc - 3;

  if (optc === 0) {
    full = false;
  } else {
    if (optc !== 1 && optc !== 3) {
      addReplySubcommandSyntaxError(c);
      return;
    }

    if (strcasecmp(objPtrString(c.argv[3]), 'full')) {
      addReplySubcommandSyntaxError(c);
      return;
    }

    if (optc === 3) {
      if (strcasecmp(objPtrString(c.argv[4]), 'count')) {
        addReplySubcommandSyntaxError(c);
        return;
      }
      const n = getLongLongFromObjectOrReply(c, c.argv[5], null);
      if (n === null) return;
      count = n < 0 ? 10 : Number(n);
    }
  }

  addReplyMapLen(c, full ? 9 : 10);
  addReplyBulkCString(c, 'length');
  addReplyLongLong(c, s.length);
  addReplyBulkCString(c, 'radix-tree-keys');
  addReplyLongLong(c, raxSize(s.rax));
  addReplyBulkCString(c, 'radix-tree-nodes');
  addReplyLongLong(c, s.rax.numnodes);
  addReplyBulkCString(c, 'last-generated-id');
  addReplyStreamID(c, s.last_id);
  addReplyBulkCString(c, 'max-deleted-entry-id');
  addReplyStreamID(c, s.max_deleted_entry_id);
  addReplyBulkCString(c, 'entries-added');
  addReplyLongLong(c, s.entries_added);
  addReplyBulkCString(c, 'recorded-first-entry-id');
  addReplyStreamID(c, s.first_id);

  if (!full) {
    addReplyBulkCString(c, 'groups');
    addReplyLongLong(c, s.cgroups !== null ? raxSize(s.cgroups) : 0);

    const start = new streamID();
    const end = new streamID(UINT64_MAX, UINT64_MAX);
    addReplyBulkCString(c, 'first-entry');
    let emitted = streamReplyWithRange(
      c,
      s,
      start,
      end,
      1,
      false,
      null,
      null,
      STREAM_RWR_RAWENTRIES,
      null,
    );
    if (!emitted) addReplyNull(c);
    addReplyBulkCString(c, 'last-entry');
    emitted = streamReplyWithRange(
      c,
      s,
      start,
      end,
      1,
      true,
      null,
      null,
      STREAM_RWR_RAWENTRIES,
      null,
    );
    if (!emitted) addReplyNull(c);
  } else {
    addReplyBulkCString(c, 'entries');
    streamReplyWithRange(c, s, null, null, count, false, null, null, 0, null);

    addReplyBulkCString(c, 'groups');
    if (s.cgroups === null) {
      addReplyArrayLen(c, 0);
    } else {
      const id = new streamID();
      addReplyArrayLen(c, raxSize(s.cgroups));
      const ri_cgroups = new raxIterator<streamCG>();
      raxStart(ri_cgroups, s.cgroups);
      raxSeek(ri_cgroups, '^', '');
      while (raxNext(ri_cgroups)) {
        const cg = ri_cgroups.data!;
        addReplyMapLen(c, 7);

        addReplyBulkCString(c, 'name');
        addReplyBulkCBuffer(c, ri_cgroups.key);

        addReplyBulkCString(c, 'last-delivered-id');
        addReplyStreamID(c, cg.last_id);

        addReplyBulkCString(c, 'entries-read');
        if (cg.entries_read !== SCG_INVALID_ENTRIES_READ) {
          addReplyLongLong(c, cg.entries_read);
        } else {
          addReplyNull(c);
        }

        addReplyBulkCString(c, 'lag');
        streamReplyWithCGLag(c, s, cg);

        addReplyBulkCString(c, 'pel-count');
        addReplyLongLong(c, raxSize(cg.pel));

        addReplyBulkCString(c, 'pending');
        let arraylen_cg_pel = 0;
        const arrayptr_cg_pel = addReplyDeferredLen(c);
        const ri_cg_pel = new raxIterator<streamNACK>();
        raxStart(ri_cg_pel, cg.pel);
        raxSeek(ri_cg_pel, '^', '');
        while (raxNext(ri_cg_pel) && (!count || arraylen_cg_pel < count)) {
          const nack = ri_cg_pel.data!;
          addReplyArrayLen(c, 4);

          streamDecodeID(ri_cg_pel.bytes, id);
          addReplyStreamID(c, id);

          serverAssert(nack.consumer !== null, 'nack->consumer');
          addReplyBulkCBuffer(c, nack.consumer!.name);

          addReplyLongLong(c, nack.delivery_time);

          addReplyLongLong(c, nack.delivery_count);

          arraylen_cg_pel++;
        }
        setDeferredArrayLen(c, arrayptr_cg_pel, arraylen_cg_pel);
        raxStop(ri_cg_pel);

        addReplyBulkCString(c, 'consumers');
        addReplyArrayLen(c, raxSize(cg.consumers));
        const ri_consumers = new raxIterator<streamConsumer>();
        raxStart(ri_consumers, cg.consumers);
        raxSeek(ri_consumers, '^', '');
        while (raxNext(ri_consumers)) {
          const consumer = ri_consumers.data!;
          addReplyMapLen(c, 4);

          addReplyBulkCString(c, 'name');
          addReplyBulkCBuffer(c, consumer.name);

          addReplyBulkCString(c, 'seen-time');
          addReplyLongLong(c, consumer.seen_time);

          addReplyBulkCString(c, 'pel-count');
          addReplyLongLong(c, raxSize(consumer.pel));

          addReplyBulkCString(c, 'pending');
          let arraylen_cpel = 0;
          const arrayptr_cpel = addReplyDeferredLen(c);
          const ri_cpel = new raxIterator<streamNACK>();
          raxStart(ri_cpel, consumer.pel);
          raxSeek(ri_cpel, '^', '');
          while (raxNext(ri_cpel) && (!count || arraylen_cpel < count)) {
            const nack = ri_cpel.data!;
            addReplyArrayLen(c, 3);

            streamDecodeID(ri_cpel.bytes, id);
            addReplyStreamID(c, id);

            addReplyLongLong(c, nack.delivery_time);

            addReplyLongLong(c, nack.delivery_count);

            arraylen_cpel++;
          }
          setDeferredArrayLen(c, arrayptr_cpel, arraylen_cpel);
          raxStop(ri_cpel);
        }
        raxStop(ri_consumers);
      }
      raxStop(ri_cgroups);
    }
  }
}

/** What XINFO HELP says. */
const XINFO_HELP = [
  'CONSUMERS <key> <groupname>',
  '    Show consumers of <groupname>.',
  'GROUPS <key>',
  '    Show the stream consumer groups.',
  'STREAM <key> [FULL [COUNT <count>]',
  '    Show information about the stream.',
];

/**
 * XINFO STREAM key [FULL [COUNT n]], GROUPS key, CONSUMERS key group, HELP: tells what there is.
 *
 * @c t_stream.c:3834
 */
export function xinfoCommand(c: client): void {
  const opt = objPtrString(c.argv[1]);

  if (!strcasecmp(opt, 'HELP')) {
    if (c.argc !== 2) {
      addReplySubcommandSyntaxError(c);
      return;
    }

    addReplyHelp(c, XINFO_HELP);
    return;
  } else if (c.argc < 3) {
    addReplySubcommandSyntaxError(c);
    return;
  }

  const key = c.argv[2];
  const o = lookupKeyReadOrReply(c, key, shared.nokeyerr);
  if (o === null || checkType(c, o, OBJ_STREAM)) return;
  const s = o.ptr as stream;

  if (!strcasecmp(opt, 'CONSUMERS') && c.argc === 4) {
    const cg = streamLookupCG(s, objPtrString(c.argv[3]));
    if (cg === null) {
      addReplyErrorFormat(
        c,
        `-NOGROUP No such consumer group '${cstr(objPtrString(c.argv[3]))}' for key name '${cstr(
          objPtrString(key),
        )}'`,
      );
      return;
    }

    addReplyArrayLen(c, raxSize(cg.consumers));
    const ri = new raxIterator<streamConsumer>();
    raxStart(ri, cg.consumers);
    raxSeek(ri, '^', '');
    const now = mstime();
    while (raxNext(ri)) {
      const consumer = ri.data!;
      let idle = now - consumer.seen_time;
      if (idle < 0) idle = 0;

      addReplyMapLen(c, 3);
      addReplyBulkCString(c, 'name');
      addReplyBulkCBuffer(c, consumer.name);
      addReplyBulkCString(c, 'pending');
      addReplyLongLong(c, raxSize(consumer.pel));
      addReplyBulkCString(c, 'idle');
      addReplyLongLong(c, idle);
    }
    raxStop(ri);
  } else if (!strcasecmp(opt, 'GROUPS') && c.argc === 3) {
    if (s.cgroups === null) {
      addReplyArrayLen(c, 0);
      return;
    }

    addReplyArrayLen(c, raxSize(s.cgroups));
    const ri = new raxIterator<streamCG>();
    raxStart(ri, s.cgroups);
    raxSeek(ri, '^', '');
    while (raxNext(ri)) {
      const cg = ri.data!;
      addReplyMapLen(c, 6);
      addReplyBulkCString(c, 'name');
      addReplyBulkCBuffer(c, ri.key);
      addReplyBulkCString(c, 'consumers');
      addReplyLongLong(c, raxSize(cg.consumers));
      addReplyBulkCString(c, 'pending');
      addReplyLongLong(c, raxSize(cg.pel));
      addReplyBulkCString(c, 'last-delivered-id');
      addReplyStreamID(c, cg.last_id);
      addReplyBulkCString(c, 'entries-read');
      if (cg.entries_read !== SCG_INVALID_ENTRIES_READ) {
        addReplyLongLong(c, cg.entries_read);
      } else {
        addReplyNull(c);
      }
      addReplyBulkCString(c, 'lag');
      streamReplyWithCGLag(c, s, cg);
    }
    raxStop(ri);
  } else if (!strcasecmp(opt, 'STREAM')) {
    xinfoReplyWithStreamInfo(c, s);
  } else {
    addReplySubcommandSyntaxError(c);
  }
}

/**
 * Whether `size` bytes are a listpack as streams have them. Unless `deep`, only its header is looked at; nothing else may be assumed of the
 * bytes.
 *
 * @c t_stream.c:3945
 */
export function streamValidateListpackIntegrity(lp: Buffer, size: number, deep: boolean): boolean {
  const valid = new lpValid();

  // Elements are examined here one by one, hence not there.
  if (!lpValidateIntegrity(lp, size, false, null)) return false;
  if (!deep) return true;

  let p = lpValidateFirst(lp);
  let next = lpValidateNext(lp, p, size);
  if (next === -1 || p === 0) return false;

  // The counts of entries, of deleted ones, of fields.
  let entry_count = Number(lpGetIntegerIfValid(lp, p, valid));
  if (!valid.value) return false;
  p = next;
  if ((next = lpValidateNext(lp, p, size)) === -1) return false;

  const deleted_count = Number(lpGetIntegerIfValid(lp, p, valid));
  if (!valid.value) return false;
  p = next;
  if ((next = lpValidateNext(lp, p, size)) === -1) return false;

  const master_fields = Number(lpGetIntegerIfValid(lp, p, valid));
  if (!valid.value) return false;
  p = next;
  if ((next = lpValidateNext(lp, p, size)) === -1) return false;

  for (let j = 0; j < master_fields; j++) {
    p = next;
    if ((next = lpValidateNext(lp, p, size)) === -1) return false;
  }

  // The end of the master entry.
  const zero = lpGetIntegerIfValid(lp, p, valid);
  if (!valid.value || zero !== 0) return false;
  p = next;
  if ((next = lpValidateNext(lp, p, size)) === -1) return false;

  entry_count += deleted_count;
  while (entry_count--) {
    if (p === 0) return false;
    let fields = master_fields;
    let extra_fields = 3;
    const flags = Number(lpGetIntegerIfValid(lp, p, valid));
    if (!valid.value) return false;
    p = next;
    if ((next = lpValidateNext(lp, p, size)) === -1) return false;

    // The differences to the master id.
    lpGetIntegerIfValid(lp, p, valid);
    if (!valid.value) return false;
    p = next;
    if ((next = lpValidateNext(lp, p, size)) === -1) return false;
    lpGetIntegerIfValid(lp, p, valid);
    if (!valid.value) return false;
    p = next;
    if ((next = lpValidateNext(lp, p, size)) === -1) return false;

    if (!(flags & STREAM_ITEM_FLAG_SAMEFIELDS)) {
      fields = Number(lpGetIntegerIfValid(lp, p, valid));
      if (!valid.value) return false;
      p = next;
      if ((next = lpValidateNext(lp, p, size)) === -1) return false;

      // The names of the fields.
      for (let j = 0; j < fields; j++) {
        p = next;
        if ((next = lpValidateNext(lp, p, size)) === -1) return false;
      }

      extra_fields += fields + 1;
    }

    // The values.
    for (let j = 0; j < fields; j++) {
      p = next;
      if ((next = lpValidateNext(lp, p, size)) === -1) return false;
    }

    const lp_count = Number(lpGetIntegerIfValid(lp, p, valid));
    if (!valid.value) return false;
    if (lp_count !== fields + extra_fields) return false;
    p = next;
    if ((next = lpValidateNext(lp, p, size)) === -1) return false;
  }

  // Behind the last entry there is nothing.
  return next === 0;
}
