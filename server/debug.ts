/**
 * debug.c: the DEBUG command, the digest of a dataset, assertions and the crash report.
 *
 * An assertion that does not hold, a panic, or an exception that nobody caught ends the process with a report in the log:
 *
 *     === REDIS BUG REPORT START: Cut & paste starting from here ===
 *     what happened, the JavaScript stack, INFO, the clients, the current client, the config
 *     === REDIS BUG REPORT END. Make sure to include from START to END. ===
 *
 * The digest is the same that C computes: for each database its number, then for every key a SHA-1 of key, type and value; values of
 * ordered kinds are mixed in order, unordered ones XOR-ed, so that equal datasets have equal digests whatever their order in memory.
 */
import {
  dictExpand,
  dictFind,
  dictGetIterator,
  dictGetKey,
  dictGetSafeIterator,
  dictGetStats,
  dictGetVal,
  dictNext,
  dictReleaseIterator,
  dictSize,
  type dict,
} from '../object/dict.ts';
import { listLength } from '../object/adlist.ts';
import {
  createStringObject,
  decrRefCount,
  getDecodedObject,
  getLongFromObjectOrReply,
  getLongLongFromObjectOrReply,
  getPositiveLongFromObjectOrReply,
  objectCommandLookupOrReply,
  objPtrLen,
  objPtrString,
  sdsEncodedObject,
  strEncoding,
} from '../object/object.ts';
import {
  sds,
  sdsAllocSize,
  sdsHdrSize,
  sdsReqType,
  sdsalloc,
  sdscatrepr,
  sdslen,
  sdsmapchars,
} from '../object/sds.ts';
import { SHA1_CTX, SHA1Final, SHA1Init, SHA1Update } from '../object/sha1.ts';
import { printf_f, printf_g } from '../object/longdouble.ts';
import { streamID, streamIterator, type stream } from '../object/stream.h.ts';
import { setTypeInitIterator, setTypeNextObject, setTypeReleaseIterator } from '../object/t_set.ts';
import {
  streamIteratorGetField,
  streamIteratorGetID,
  streamIteratorStart,
  streamIteratorStop,
} from '../object/t_stream.ts';
import {
  hashTypeCurrentObjectNewSds,
  hashTypeInitIterator,
  hashTypeNext,
  hashTypeReleaseIterator,
} from '../object/t_hash.ts';
import { zzlGetScore, zzlNext } from '../object/t_zset.ts';
import { atoi, memtoull, strtod, ull2string } from '../object/util.ts';
import { posix, strerror } from '../posix/posix.ts';
import { connGetInfo } from '../networking/connection.ts';
import {
  addReply,
  addReplyArrayLen,
  addReplyAttributeLen,
  addReplyBigNum,
  addReplyBool,
  addReplyBulkCString,
  addReplyBulkSds,
  addReplyDouble,
  addReplyError,
  addReplyErrorFormat,
  addReplyErrorObject,
  addReplyHelp,
  addReplyLongLong,
  addReplyMapLen,
  addReplyNull,
  addReplyPushLen,
  addReplySds,
  addReplySetLen,
  addReplyStatus,
  addReplyStatusFormat,
  addReplySubcommandSyntaxError,
  addReplyVerbatim,
  catClientInfoString,
  getAllClientsInfoString,
  getStringObjectSdsUsedMemory,
} from '../networking/networking.ts';
import { lpGetValue, lpNext, lpPos, lpRepr, lpSeek } from '../quicklist/listpack.ts';
import {
  quicklistRepr,
  quicklistisSetPackedThreshold,
  type quicklist,
} from '../quicklist/quicklist.ts';
import {
  listTypeEntry,
  listTypeGet,
  listTypeInitIterator,
  listTypeNext,
  listTypeReleaseIterator,
} from '../quicklist/t_list.ts';
import { getConfigDebugInfo, rewriteConfig } from './config.ts';
import { dbAdd, getExpire, lookupKeyWrite, signalModifiedKey } from './db.ts';
import { estimateObjectIdleTime } from './evict.ts';
import {
  genInfoSectionDict,
  genRedisInfoString,
  removeSignalHandlers,
  serverLog,
  serverLogRaw,
} from './server.ts';
import { REDIS_VERSION } from './version.ts';
import {
  CLIENT_MEM_USAGE_BUCKET_MIN_LOG,
  CLIENT_MEM_USAGE_BUCKETS,
  C_ERR,
  LIST_TAIL,
  LL_RAW,
  LL_WARNING,
  OBJ_ENCODING_HT,
  OBJ_ENCODING_LISTPACK,
  OBJ_ENCODING_QUICKLIST,
  OBJ_ENCODING_SKIPLIST,
  OBJ_HASH,
  OBJ_HASH_KEY,
  OBJ_HASH_VALUE,
  OBJ_LIST,
  OBJ_SET,
  OBJ_STREAM,
  OBJ_STRING,
  OBJ_ZSET,
  REPLY_BUFFER_DEFAULT_PEAK_RESET_TIME,
  server,
  shared,
  type client,
  type redisDb,
  type robj,
  type zset,
} from './server.h.ts';

/* ================================= Debugging ============================== */

/**
 * XORs the SHA-1 of the bytes into a digest of 20 bytes: the order of several calls does not matter.
 * @c debug.c:82
 */
export function xorDigest(digest: Uint8Array, ptr: Uint8Array): void {
  const hash = new Uint8Array(20);
  const ctx = new SHA1_CTX();
  SHA1Init(ctx);
  SHA1Update(ctx, ptr);
  SHA1Final(hash, ctx);
  for (let j = 0; j < 20; j++) digest[j] ^= hash[j];
}

/**
 * XORs in the SHA-1 of a string object's bytes.
 * @c debug.c:95
 */
export function xorStringObjectDigest(digest: Uint8Array, o: robj): void {
  const decoded = getDecodedObject(o);
  xorDigest(digest, Buffer.from(objPtrString(decoded), 'latin1'));
  decrRefCount(decoded);
}

/**
 * Mixes the bytes into a digest so that the order of several calls does matter.
 * @c debug.c:115
 */
export function mixDigest(digest: Uint8Array, ptr: Uint8Array): void {
  xorDigest(digest, ptr);
  const ctx = new SHA1_CTX();
  SHA1Init(ctx);
  SHA1Update(ctx, digest);
  SHA1Final(digest, ctx);
}

/**
 * Mixes in a string object's bytes.
 * @c debug.c:124
 */
export function mixStringObjectDigest(digest: Uint8Array, o: robj): void {
  const decoded = getDecodedObject(o);
  mixDigest(digest, Buffer.from(objPtrString(decoded), 'latin1'));
  decrRefCount(decoded);
}

/**
 * A number as four big endian bytes.
 * @own htonl
 */
export function htonl(n: number): Uint8Array {
  return Uint8Array.of(n >>> 24, n >>> 16, n >>> 8, n);
}

/**
 * The bytes of a latin1 string.
 * @own C has them at the pointer
 */
export function digestBytes(s: string): Uint8Array {
  return Buffer.from(s, 'latin1');
}

/**
 * Mixes a value into a digest: type, content, whether it expires. The encoding makes no difference, but for the order of what has
 * one: elements of lists and entries of streams are mixed in, those of sets, hashes and sorted sets XOR-ed.
 * @c debug.c:138
 */
export function xorObjectDigest(db: redisDb, keyobj: robj, digest: Uint8Array, o: robj): void {
  mixDigest(digest, htonl(o.type));
  const expiretime = getExpire(db, keyobj);

  if (o.type === OBJ_STRING) {
    mixStringObjectDigest(digest, o);
  } else if (o.type === OBJ_LIST) {
    const li = listTypeInitIterator(o, 0, LIST_TAIL);
    const entry = new listTypeEntry();
    while (listTypeNext(li, entry)) {
      const eleobj = listTypeGet(entry);
      mixStringObjectDigest(digest, eleobj);
      decrRefCount(eleobj);
    }
    listTypeReleaseIterator(li);
  } else if (o.type === OBJ_SET) {
    // Members have no order: each is a digest of its own, and XOR does not care which comes first.
    const si = setTypeInitIterator(o);
    for (let ele = setTypeNextObject(si); ele !== null; ele = setTypeNextObject(si)) {
      xorDigest(digest, digestBytes(ele));
    }
    setTypeReleaseIterator(si);
  } else if (o.type === OBJ_ZSET) {
    // Element and score belong together, so they are mixed into one digest. The order by score need not be mixed in: the
    // scores say it.
    if (o.encoding === OBJ_ENCODING_LISTPACK) {
      const zl = o.ptr as Buffer;
      const eptr = new lpPos();
      const sptr = new lpPos();
      eptr.p = lpSeek(zl, 0);
      serverAssert(eptr.p !== 0, 'eptr != NULL');
      sptr.p = lpNext(zl, eptr.p);
      serverAssert(sptr.p !== 0, 'sptr != NULL');

      while (eptr.p !== 0) {
        const eledigest = new Uint8Array(20);
        const ele = String(lpGetValue(zl, eptr.p));
        const score = zzlGetScore(zl, sptr.p);
        mixDigest(eledigest, digestBytes(ele));
        mixDigest(eledigest, digestBytes(printf_g(score, 17)));
        xorDigest(digest, eledigest);
        zzlNext(zl, eptr, sptr);
      }
    } else if (o.encoding === OBJ_ENCODING_SKIPLIST) {
      const zs = o.ptr as zset;
      const di = dictGetIterator(zs.dict);
      for (let de = dictNext(di); de !== null; de = dictNext(di)) {
        const eledigest = new Uint8Array(20);
        mixDigest(eledigest, digestBytes(dictGetKey(de)));
        mixDigest(eledigest, digestBytes(printf_g(zs.score(de), 17)));
        xorDigest(digest, eledigest);
      }
      dictReleaseIterator(di);
    } else {
      serverPanic('Unknown sorted set encoding');
    }
  } else if (o.type === OBJ_HASH) {
    // A field with its value is one digest.
    const hi = hashTypeInitIterator(o);
    while (hashTypeNext(hi) !== C_ERR) {
      const eledigest = new Uint8Array(20);
      mixDigest(eledigest, digestBytes(hashTypeCurrentObjectNewSds(hi, OBJ_HASH_KEY)));
      mixDigest(eledigest, digestBytes(hashTypeCurrentObjectNewSds(hi, OBJ_HASH_VALUE)));
      xorDigest(digest, eledigest);
    }
    hashTypeReleaseIterator(hi);
  } else if (o.type === OBJ_STREAM) {
    // Entries only: groups and what is pending are not part of the digest, nor is what was deleted.
    const si = new streamIterator();
    streamIteratorStart(si, o.ptr as stream, null, null, false);
    const id = new streamID();

    while (streamIteratorGetID(si, id)) {
      mixDigest(digest, digestBytes(`${ull2string(id.ms)}.${ull2string(id.seq)}`));

      for (let numfields = si.numfields; numfields > 0; numfields--) {
        streamIteratorGetField(si);
        mixDigest(digest, digestBytes(si.field));
        mixDigest(digest, digestBytes(si.value));
      }
    }
    streamIteratorStop(si);
  } else {
    serverPanic('Unknown object type');
  }
  if (expiretime !== -1) xorDigest(digest, digestBytes('!!expire!!'));
}

/**
 * The digest of all databases into `final` (20 bytes); all zeros for no keys.
 * @c debug.c:275
 */
export function computeDatasetDigest(final: Uint8Array): void {
  final.fill(0);
  for (let j = 0; j < server.dbnum; j++) {
    const db = server.db[j];
    if (dictSize(db.dict) === 0) continue;
    const di = dictGetSafeIterator(db.dict);
    // The same keys in another database are other data.
    mixDigest(final, htonl(j));
    for (let de = dictNext(di); de !== null; de = dictNext(di)) {
      const digest = new Uint8Array(20);
      const key = dictGetKey(de);
      const keyobj = createStringObject(key);
      mixDigest(digest, Buffer.from(key, 'latin1'));
      xorObjectDigest(db, keyobj, digest, dictGetVal(de));
      // Keys have no order.
      xorDigest(final, digest);
      decrRefCount(keyobj);
    }
    dictReleaseIterator(di);
  }
}

/** The lines of DEBUG HELP: only what this server has. */
const DEBUG_HELP: readonly string[] = [
  'ASSERT',
  '    Crash by assertion failed.',
  'CONFIG-REWRITE-FORCE-ALL',
  '    Like CONFIG REWRITE but writes all configuration options, including',
  '    keywords not listed in original configuration file or default values.',
  'DIGEST',
  '    Output a hex signature representing the current DB content.',
  'DIGEST-VALUE <key> [<key> ...]',
  '    Output a hex signature of the values of all the specified keys.',
  'ERROR <string>',
  '    Return a Redis protocol error with <string> as message. Useful for clients',
  '    unit tests to simulate Redis errors.',
  'LOG <message>',
  '    Write <message> to the server log.',
  'HTSTATS <dbid>',
  '    Return hash table statistics of the specified Redis database.',
  'HTSTATS-KEY <key>',
  "    Like HTSTATS but for the hash table stored at <key>'s value.",
  'OBJECT <key>',
  '    Show low level info about `key` and associated value.',
  'PANIC',
  '    Crash the server simulating a panic.',
  'POPULATE <count> [<prefix>] [<size>]',
  '    Create <count> string keys named key:<num>. If <prefix> is specified then',
  "    it is used instead of the 'key' prefix.",
  'PROTOCOL <type>',
  '    Reply with a test value of the specified type. <type> can be: string,',
  '    integer, double, bignum, null, array, set, map, attrib, push, verbatim,',
  '    true, false.',
  'SDSLEN <key>',
  '    Show low level SDS string info representing `key` and value.',
  'SET-ACTIVE-EXPIRE <0|1>',
  '    Setting it to 0 disables expiring keys in background when they are not',
  '    accessed (otherwise the Redis behavior). Setting it to 1 reenables back the',
  '    default.',
  'QUICKLIST-PACKED-THRESHOLD <size>',
  '    Sets the threshold for elements to be inserted as plain vs packed nodes',
  '    Default value is 1GB, allows values up to 4GB. Setting to 0 restores to default.',
  'SLEEP <seconds>',
  '    Stop the server for <seconds>. Decimals allowed.',
  'STRUCTSIZE',
  '    Return the size of different Redis core C structures.',
  'LISTPACK <key>',
  '    Show low level info about the listpack encoding of <key>.',
  'QUICKLIST <key> [<0|1>]',
  '    Show low level info about the quicklist encoding of <key>.',
  '    The optional argument (0 by default) sets the level of detail',
  'CLIENT-EVICTION',
  '    Show low level client eviction pools info (maxmemory-clients).',
  'PAUSE-CRON <0|1>',
  '    Stop periodic cron job processing.',
  'REPLYBUFFER PEAK-RESET-TIME <NEVER||RESET|time>',
  '    Sets the time (in milliseconds) to wait between client reply buffer peak resets.',
  '    In case NEVER is provided the last observed peak will never be reset',
  '    In case RESET is provided the peak reset time will be restored to the default value',
  'REPLYBUFFER RESIZING <0|1>',
  '    Enable or disable the replay buffer resize cron job',
];

/**
 * DEBUG: the subcommands that show or disturb the inside of the server. Only those are here whose subject is here.
 * @c debug.c:387
 */
export function debugCommand(c: client): void {
  const sub = objPtrString(c.argv[1]).toLowerCase();
  const arg = c.argc > 2 ? objPtrString(c.argv[2]) : '';

  if (c.argc === 2 && sub === 'help') {
    addReplyHelp(c, DEBUG_HELP.slice());
  } else if (sub === 'panic') {
    const seconds = Math.floor(posix.gettimeofday() / 1000000);
    serverPanic(`DEBUG PANIC called at Unix time ${seconds}`);
  } else if (sub === 'assert') {
    serverAssertWithInfo(c, c.argv[0], false, '1 == 2');
  } else if (sub === 'log' && c.argc === 3) {
    serverLog(LL_WARNING, `DEBUG LOG: ${arg}`);
    addReply(c, shared.ok);
  } else if (sub === 'object' && c.argc === 3) {
    const de = dictFind(c.db.dict, arg);
    if (de === null) {
      addReplyErrorObject(c, shared.nokeyerr);
      return;
    }
    const val = dictGetVal(de);
    // C also shows the address and the length of a dump: an object has no address here, and there are no dumps.
    const idle = Math.floor(estimateObjectIdleTime(val) / 1000);
    let extra = '';
    if (val.encoding === OBJ_ENCODING_QUICKLIST) {
      // Bytes of all nodes as they would be without compression.
      const ql = val.ptr as quicklist;
      let sz = 0;
      for (let node = ql.head; node !== null; node = node.next) sz += node.sz;
      extra =
        ` ql_nodes:${ql.len} ql_avg_node:${printf_f(ql.count / ql.len, 2)}` +
        ` ql_listpack_max:${ql.fill} ql_compressed:${ql.compress !== 0 ? 1 : 0}` +
        ` ql_uncompressed_size:${sz}`;
    }
    addReplyStatusFormat(
      c,
      `Value at:${objectAddress(val)} refcount:${val.refcount} encoding:${strEncoding(val.encoding)} ` +
        `lru:${val.lru} lru_seconds_idle:${idle}${extra}`,
    );
  } else if (sub === 'sdslen' && c.argc === 3) {
    const de = dictFind(c.db.dict, arg);
    if (de === null) {
      addReplyErrorObject(c, shared.nokeyerr);
      return;
    }
    const val = dictGetVal(de);
    if (val.type !== OBJ_STRING || !sdsEncodedObject(val)) {
      addReplyError(c, 'Not an sds encoded string.');
      return;
    }
    // A key never grows, and so has no room to spare. A value has some once it was written into.
    const key = dictGetKey(de);
    const s = val.ptr;
    const avail = s instanceof sds ? sdsalloc(s) - sdslen(s) : 0;
    const key_size = sdsHdrSize(sdsReqType(key.length)) + key.length + 1;
    addReplyStatusFormat(
      c,
      `key_sds_len:${key.length}, key_sds_avail:0, key_zmalloc: ${key_size}, ` +
        `val_sds_len:${objPtrLen(val)}, val_sds_avail:${avail}, ` +
        `val_zmalloc: ${s instanceof sds ? sdsAllocSize(s) : getStringObjectSdsUsedMemory(val)}`,
    );
  } else if (sub === 'listpack' && c.argc === 3) {
    const o = objectCommandLookupOrReply(c, c.argv[2], shared.nokeyerr);
    if (o === null) return;

    if (o.encoding !== OBJ_ENCODING_LISTPACK) {
      addReplyError(c, 'Not a listpack encoded object.');
    } else {
      // On the standard output of the server, not in the reply.
      lpRepr(o.ptr as Buffer);
      addReplyStatus(c, 'Listpack structure printed on stdout');
    }
  } else if (sub === 'quicklist' && (c.argc === 3 || c.argc === 4)) {
    const o = objectCommandLookupOrReply(c, c.argv[2], shared.nokeyerr);
    if (o === null) return;

    const full = c.argc === 4 && atoi(objPtrString(c.argv[3])) !== 0;
    if (o.encoding !== OBJ_ENCODING_QUICKLIST) {
      addReplyError(c, 'Not a quicklist encoded object.');
    } else {
      quicklistRepr(o.ptr as quicklist, full);
      addReplyStatus(c, 'Quicklist structure printed on stdout');
    }
  } else if (sub === 'populate' && c.argc >= 3 && c.argc <= 5) {
    const keys = getPositiveLongFromObjectOrReply(c, c.argv[2], null);
    if (keys === null) return;
    // The table is made large enough at once, so that the keys need not move while they are added.
    dictExpand(c.db.dict, keys);
    let valsize = 0;
    if (c.argc === 5) {
      const size = getPositiveLongFromObjectOrReply(c, c.argv[4], null);
      if (size === null) return;
      valsize = size;
    }
    const prefix = c.argc === 3 ? 'key' : objPtrString(c.argv[3]);
    for (let j = 0; j < keys; j++) {
      const key = createStringObject(`${prefix}:${j}`);
      // A key that exists keeps its value: a second call adds nothing.
      if (lookupKeyWrite(c.db, key) !== null) {
        decrRefCount(key);
        continue;
      }
      // Of a given size the text is only the beginning, zero bytes follow it; or it is cut.
      const text = `value:${j}`;
      const val = createStringObject(
        valsize === 0 ? text : text.slice(0, valsize).padEnd(valsize, '\0'),
      );
      dbAdd(c.db, key, val);
      signalModifiedKey(c, c.db, key);
      decrRefCount(key);
    }
    addReply(c, shared.ok);
  } else if (sub === 'digest' && c.argc === 2) {
    const digest = new Uint8Array(20);
    computeDatasetDigest(digest);
    addReplyStatus(c, Buffer.from(digest).toString('hex'));
  } else if (sub === 'digest-value' && c.argc >= 2) {
    addReplyArrayLen(c, c.argc - 2);
    for (let j = 2; j < c.argc; j++) {
      const digest = new Uint8Array(20);
      // A plain lookup: it must not touch, expire or count anything.
      const de = dictFind(c.db.dict, objPtrString(c.argv[j]));
      if (de !== null) xorObjectDigest(c.db, c.argv[j], digest, dictGetVal(de));
      addReplyStatus(c, Buffer.from(digest).toString('hex'));
    }
  } else if (sub === 'protocol' && c.argc === 3) {
    switch (arg.toLowerCase()) {
      case 'string':
        addReplyBulkCString(c, 'Hello World');
        break;
      case 'integer':
        addReplyLongLong(c, 12345);
        break;
      case 'double':
        addReplyDouble(c, 3.141);
        break;
      case 'bignum':
        addReplyBigNum(c, '1234567999999999999999999999999999999');
        break;
      case 'null':
        addReplyNull(c);
        break;
      case 'array':
        addReplyArrayLen(c, 3);
        for (let j = 0; j < 3; j++) addReplyLongLong(c, j);
        break;
      case 'set':
        addReplySetLen(c, 3);
        for (let j = 0; j < 3; j++) addReplyLongLong(c, j);
        break;
      case 'map':
        addReplyMapLen(c, 3);
        for (let j = 0; j < 3; j++) {
          addReplyLongLong(c, j);
          addReplyBool(c, j === 1);
        }
        break;
      case 'attrib':
        if (c.resp >= 3) {
          addReplyAttributeLen(c, 1);
          addReplyBulkCString(c, 'key-popularity');
          addReplyArrayLen(c, 2);
          addReplyBulkCString(c, 'key:123');
          addReplyLongLong(c, 90);
        }
        // An attribute is no reply by itself.
        addReplyBulkCString(c, 'Some real reply following the attribute');
        break;
      case 'push':
        if (c.resp < 3) {
          addReplyError(c, 'RESP2 is not supported by this command');
          return;
        }
        addReplyPushLen(c, 2);
        addReplyBulkCString(c, 'server-cpu-usage');
        addReplyLongLong(c, 42);
        // A push stands outside of the order of replies, so the command needs one as well.
        addReplyBulkCString(c, 'Some real reply following the push reply');
        break;
      case 'true':
        addReplyBool(c, true);
        break;
      case 'false':
        addReplyBool(c, false);
        break;
      case 'verbatim':
        addReplyVerbatim(c, 'This is a verbatim\nstring', 'txt');
        break;
      default:
        addReplyError(
          c,
          'Wrong protocol type name. Please use one of the following: string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false',
        );
    }
  } else if (sub === 'sleep' && c.argc === 3) {
    // The whole server sleeps, nobody is served: that is what tests of time-outs want.
    posix.usleep(Math.trunc(strtod(arg).value * 1000000));
    addReply(c, shared.ok);
  } else if (sub === 'set-active-expire' && c.argc === 3) {
    server.active_expire_enabled = atoi(arg);
    addReply(c, shared.ok);
  } else if (sub === 'quicklist-packed-threshold' && c.argc === 3) {
    const sz = memtoull(arg);
    if (sz.err || !quicklistisSetPackedThreshold(Number(sz.value))) {
      addReplyError(c, 'argument must be a memory value bigger than 1 and smaller than 4gb');
    } else {
      addReply(c, shared.ok);
    }
  } else if (sub === 'error' && c.argc === 3) {
    // An error is a line: what would end it becomes a space.
    addReplySds(c, `-${sdsmapchars(arg, '\n\r', '  ')}\r\n`);
  } else if (sub === 'structsize' && c.argc === 2) {
    // C's sizes on a 64 bit machine, which the account of memory goes by.
    addReplyBulkSds(
      c,
      'bits:64 robj:16 dictentry:24 sdshdr5:1 sdshdr8:3 sdshdr16:5 sdshdr32:9 sdshdr64:17 ',
    );
  } else if (sub === 'htstats' && c.argc === 3) {
    const dbid = getLongFromObjectOrReply(c, c.argv[2], null);
    if (dbid === null) return;
    if (dbid < 0 || dbid >= server.dbnum) {
      addReplyError(c, 'Out of range database');
      return;
    }
    const db = server.db[dbid];
    const stats = `[Dictionary HT]\n${dictGetStats(db.dict)}[Expires HT]\n${dictGetStats(db.expires)}`;
    addReplyVerbatim(c, stats, 'txt');
  } else if (sub === 'htstats-key' && c.argc === 3) {
    const o = objectCommandLookupOrReply(c, c.argv[2], shared.nokeyerr);
    if (o === null) return;
    let ht: dict<string, unknown> | null = null;
    switch (o.encoding) {
      case OBJ_ENCODING_SKIPLIST:
        ht = (o.ptr as zset).dict as dict<string, unknown>;
        break;
      case OBJ_ENCODING_HT:
        ht = o.ptr as dict<string, unknown>;
        break;
    }
    if (ht === null) {
      addReplyError(
        c,
        'The value stored at the specified key is not represented using an hash table',
      );
    } else {
      addReplyVerbatim(c, dictGetStats(ht), 'txt');
    }
  } else if (sub === 'config-rewrite-force-all' && c.argc === 2) {
    if (server.configfile === null || rewriteConfig(server.configfile, true) === -1)
      addReplyErrorFormat(c, `CONFIG-REWRITE-FORCE-ALL failed: ${strerror(posix.errno)}`);
    else addReply(c, shared.ok);
  } else if (sub === 'client-eviction' && c.argc === 2) {
    // Each bucket has the clients that take up to twice as much as those of the one before.
    let info = '';
    for (let j = 0; j < CLIENT_MEM_USAGE_BUCKETS; j++) {
      const bucket = server.client_mem_usage_buckets[j];
      const from = j === 0 ? 0 : 2 ** (j - 1 + CLIENT_MEM_USAGE_BUCKET_MIN_LOG);
      const to = 2 ** (j + CLIENT_MEM_USAGE_BUCKET_MIN_LOG) - 1;
      info += `bucket ${String(from).padStart(10)}`;
      info +=
        j === CLIENT_MEM_USAGE_BUCKETS - 1 ? '+            : ' : ` - ${String(to).padStart(10)}: `;
      const sum = String(bucket.mem_usage_sum).padStart(10);
      info += `tot-mem: ${sum}, clients: ${listLength(bucket.clients)}\n`;
    }
    addReplyVerbatim(c, info, 'txt');
  } else if (sub === 'pause-cron' && c.argc === 3) {
    // serverCron still runs, but does nothing: call trees are recorded without it.
    server.pause_cron = atoi(arg);
    addReply(c, shared.ok);
  } else if (sub === 'replybuffer' && c.argc === 4) {
    const what = arg.toLowerCase();
    const value = objPtrString(c.argv[3]);
    if (what === 'peak-reset-time') {
      if (value.toLowerCase() === 'never') {
        server.reply_buffer_peak_reset_time = -1;
      } else if (value.toLowerCase() === 'reset') {
        server.reply_buffer_peak_reset_time = REPLY_BUFFER_DEFAULT_PEAK_RESET_TIME;
      } else {
        const ms = getLongLongFromObjectOrReply(c, c.argv[3], null);
        if (ms === null) return;
        server.reply_buffer_peak_reset_time = Number(ms);
      }
    } else if (what === 'resizing') {
      server.reply_buffer_resizing_enabled = atoi(value);
    } else {
      addReplySubcommandSyntaxError(c);
      return;
    }
    addReply(c, shared.ok);
  } else {
    addReplySubcommandSyntaxError(c);
  }
}

/* =========================== Crash handling  ============================== */

/**
 * A condition that cannot be false is: writes the report and ends the process.
 * @c debug.c:1002
 */
export function _serverAssert(estr: string, where: Error): never {
  bugReportStart();
  serverLog(LL_WARNING, '=== ASSERTION FAILED ===');
  serverLog(LL_WARNING, `==> ${callSite(where)} '${estr}' is not true`);
  if (server.crashlog_enabled) {
    logStackTrace(where);
    printCrashReport();
  }
  removeSignalHandlers();
  bugReportEnd();
}

/**
 * Logs what the client was doing.
 * @c debug.c:1019
 */
export function _serverAssertPrintClientInfo(c: client): void {
  bugReportStart();
  serverLog(LL_WARNING, '=== ASSERTION FAILED CLIENT CONTEXT ===');
  serverLog(LL_WARNING, `client->flags = ${c.flags_hi * 2 ** 31 + c.flags}`);
  serverLog(LL_WARNING, `client->conn = ${connGetInfo(c.conn)}`);
  serverLog(LL_WARNING, `client->argc = ${c.argc}`);
  for (let j = 0; j < c.argc; j++) {
    const o = c.argv[j];
    const arg =
      o.type === OBJ_STRING && sdsEncodedObject(o)
        ? objPtrString(o)
        : `Object type: ${o.type}, encoding: ${o.encoding}`;
    serverLog(LL_WARNING, `client->argv[${j}] = "${arg}" (refcount: ${o.refcount})`);
  }
}

/**
 * What stands for the address of an object: a number that it keeps for as long as it lives and that no other has, in the form of a pointer.
 * @own the address that C prints with %p
 */
export function objectAddress(o: robj): string {
  const { addresses } = server;
  let at = addresses.known.get(o);
  if (at === undefined) {
    at = addresses.next;
    // As far apart as objects are.
    addresses.next += 16;
    addresses.known.set(o, at);
  }
  return `0x${at.toString(16)}`;
}

/**
 * Logs type, encoding and refcount of an object; not its content, which may be a secret.
 * @c debug.c:1044
 */
export function serverLogObjectDebugInfo(o: robj): void {
  serverLog(LL_WARNING, `Object type: ${o.type}`);
  serverLog(LL_WARNING, `Object encoding: ${o.encoding}`);
  serverLog(LL_WARNING, `Object refcount: ${o.refcount}`);
}

/**
 * Logs the object that an assertion was about.
 * @c debug.c:1079
 */
export function _serverAssertPrintObject(o: robj): void {
  bugReportStart();
  serverLog(LL_WARNING, '=== ASSERTION FAILED OBJECT CONTEXT ===');
  serverLogObjectDebugInfo(o);
}

/**
 * An assertion that knows its client and object.
 * @c debug.c:1085
 */
export function _serverAssertWithInfo(
  c: client | null,
  o: robj | null,
  estr: string,
  where: Error,
): never {
  if (c) _serverAssertPrintClientInfo(c);
  if (o) _serverAssertPrintObject(o);
  _serverAssert(estr, where);
}

/**
 * Ends the process when `cond` does not hold; `estr` is the condition as it reads in the source.
 * @own macro serverAssert of server.h
 */
export function serverAssert(cond: boolean, estr = 'assertion'): void {
  if (!cond) _serverAssert(estr, new Error());
}

/**
 * The same with the client and the object at hand, either of which may be null.
 * @own macro serverAssertWithInfo of server.h
 */
export function serverAssertWithInfo(
  c: client | null,
  o: robj | null,
  cond: boolean,
  estr = 'assertion',
): void {
  if (!cond) _serverAssertWithInfo(c, o, estr, new Error());
}

/**
 * The server is in a state that it cannot go on from: writes the report and ends the process.
 * @c debug.c:1091 _serverPanic
 */
export function serverPanic(msg: string): never {
  const where = new Error();
  bugReportStart();
  serverLog(LL_WARNING, '------------------------------------------------');
  serverLog(LL_WARNING, '!!! Software Failure. Press left mouse button to continue');
  serverLog(LL_WARNING, `Guru Meditation: ${msg} #${callSite(where)}`);
  if (server.crashlog_enabled) {
    logStackTrace(where);
    printCrashReport();
  }
  removeSignalHandlers();
  bugReportEnd();
}

/**
 * `file.ts:line` of the function that called the one which made the error object.
 * @own stands for C's __FILE__ and __LINE__
 */
export function callSite(where: Error): string {
  const frame = where.stack?.split('\n')[2] ?? '';
  return /([^/\\( ]+:\d+):\d+\)?$/.exec(frame)?.[1] ?? 'unknown:0';
}

/**
 * Opens the report, once.
 * @c debug.c:1115
 */
export function bugReportStart(): void {
  if (server.bug_report_start) return;
  serverLogRaw(
    LL_WARNING | LL_RAW,
    '\n\n=== REDIS BUG REPORT START: Cut & paste starting from here ===\n',
  );
  server.bug_report_start = 1;
}

/**
 * Logs the stack of an error object: functions of the sources with their lines.
 * @c debug.c:1681
 */
export function logStackTrace(where: Error): void {
  serverLogRaw(LL_WARNING | LL_RAW, '\n------ STACK TRACE ------\n\nBacktrace:\n');
  serverLogRaw(LL_WARNING | LL_RAW, `${where.stack ?? ''}\n`);
}

/**
 * Logs INFO and the list of clients.
 * @c debug.c:1714
 */
export function logServerInfo(): void {
  serverLogRaw(LL_WARNING | LL_RAW, '\n------ INFO OUTPUT ------\n');
  const sections = genInfoSectionDict([createStringObject('all')], 1, null);
  const info = genRedisInfoString(sections.section_dict, sections.all, sections.everything);
  serverLogRaw(LL_WARNING | LL_RAW, info);
  serverLogRaw(LL_WARNING | LL_RAW, '\n------ CLIENT LIST OUTPUT ------\n');
  serverLogRaw(LL_WARNING | LL_RAW, getAllClientsInfoString(-1));
}

/**
 * Logs the options that matter for debugging.
 * @c debug.c:1733
 */
export function logConfigDebugInfo(): void {
  const config = getConfigDebugInfo();
  serverLogRaw(LL_WARNING | LL_RAW, '\n------ CONFIG DEBUG OUTPUT ------\n');
  serverLogRaw(LL_WARNING | LL_RAW, config);
}

/**
 * Logs the client whose command was running, its arguments, and what its first key holds.
 * @c debug.c:1752
 */
export function logCurrentClient(): void {
  const cc = server.current_client;
  if (cc === null) return;
  serverLogRaw(LL_WARNING | LL_RAW, '\n------ CURRENT CLIENT INFO ------\n');
  serverLog(LL_WARNING | LL_RAW, `${catClientInfoString('', cc)}\n`);
  for (let j = 0; j < cc.argc; j++) {
    const repr = sdscatrepr(objPtrString(cc.argv[j]).slice(0, 128));
    serverLog(LL_WARNING | LL_RAW, `argv[${j}]: '${repr}'\n`);
  }
  if (cc.argc > 1) {
    const key = objPtrString(cc.argv[1]);
    const de = dictFind(cc.db.dict, key);
    if (de) {
      serverLog(LL_WARNING, `key '${key}' found in DB containing the following object:`);
      serverLogObjectDebugInfo(dictGetVal(de));
    }
  }
}

/**
 * An exception reached the event loop: the report, and the end. C's counterpart is the handler of SIGSEGV and its sisters.
 * @c debug.c:1954 sigsegvHandler
 */
export function uncaughtExceptionHandler(err: Error): never {
  bugReportStart();
  serverLog(LL_WARNING, `Redis ${REDIS_VERSION} crashed by exception: ${err.message}`);
  logStackTrace(err);
  printCrashReport();
  bugReportEnd();
}

/**
 * The parts of the report that do not depend on what happened.
 * @c debug.c:1992
 */
export function printCrashReport(): void {
  logServerInfo();
  logCurrentClient();
  logConfigDebugInfo();
}

/**
 * Closes the report and ends the process: by abort, or with status 1 where the config says so.
 * @c debug.c:2010
 */
export function bugReportEnd(): never {
  serverLogRaw(
    LL_WARNING | LL_RAW,
    '\n=== REDIS BUG REPORT END. Make sure to include from START to END. ===\n\n' +
      '       Please report the crash to the project that you have this program from.\n\n' +
      '  Some other issues could be detected by redis-server --check-system\n',
  );
  if (server.daemonize && server.supervised === 0 && server.pidfile) posix.unlink(server.pidfile);
  if (server.use_exit_on_panic) posix.exit(1);
  posix.abort();
}

/**
 * Logs bytes in hexadecimal, 32 a line, behind a line that says what they are.
 * @c debug.c:2046
 */
export function serverLogHexDump(level: number, descr: string, value: Uint8Array): void {
  serverLog(level, `${descr} (hexdump of ${value.length} bytes):`);
  for (let i = 0; i < value.length; i += 32) {
    serverLogRaw(level | LL_RAW, Buffer.from(value.subarray(i, i + 32)).toString('hex'));
  }
  serverLogRaw(level | LL_RAW, '\n');
}
