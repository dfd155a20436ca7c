/**
 * server.c: the server itself: start, heartbeat, the execution of commands, INFO, shutdown.
 *
 *     main ─► initServerConfig ─► loadServerConfig ─► initServer ─► aeRun
 *                  │                                      │           │ turns, from the loop of the process
 *             command table                      sockets, databases   ▼
 *                                                                  aeMain ─► aeProcessEvents
 *                                                                     │  ├─► beforeSleep: replies out, fast expiry
 *     readQueryFromClient ◄── file events ◄───────────────────────────┤  └─► serverCron, hz times a second
 *        └─► processInputBuffer ─► processCommand ─► call ─► cmd.proc
 *                                    checks            statistics, slow log, monitors, propagation
 *
 * Who calls in: bin/redis-server.ts (main), the event loop (serverCron, beforeSleep), networking.ts (processCommand), multi.ts (call), and
 * everybody for serverLog, mstime and the lookup of commands. Whom it calls: all rooms.
 *
 * What differs from C: static variables live in the server struct, so that several servers fit into one process; main returns when the loop
 * is set up, because the wait belongs to libuv (see ae/ae_uv.ts); there are no children, threads, modules, scripts, replicas, no persistence
 * and no cluster, so what C does for them here is absent; functions that fill a C pointer return the value.
 */
import {
  AF_UNIX,
  EADDRNOTAVAIL,
  EAFNOSUPPORT,
  EAGAIN,
  EINTR,
  ENOPROTOOPT,
  EPFNOSUPPORT,
  EPROTONOSUPPORT,
  ESOCKTNOSUPPORT,
  LOG_DEBUG,
  LOG_INFO,
  LOG_NDELAY,
  LOG_NOTICE,
  LOG_NOWAIT,
  LOG_PID,
  LOG_WARNING,
  O_APPEND,
  O_CREAT,
  O_TRUNC,
  O_WRONLY,
  POLLOUT,
  posix,
  POSIX_SPAWN_SETSID,
  RLIMIT_NOFILE,
  RUSAGE_CHILDREN,
  RUSAGE_SELF,
  RUSAGE_THREAD,
  SEEK_SET,
  SIG_IGN,
  SIGHUP,
  SIGINT,
  SIGPIPE,
  SIGSTOP,
  SIGTERM,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  sockaddr,
  STDERR_FILENO,
  STDIN_FILENO,
  STDOUT_FILENO,
  strerror,
  X_OK,
} from '../posix/posix.ts';
import {
  AE_ERR,
  AE_READABLE,
  aeCreateEventLoop,
  aeCreateFileEvent,
  aeCreateTimeEvent,
  aeDeleteEventLoop,
  aeDeleteFileEvent,
  type aeEventLoop,
  type aeFileProc,
  aeGetApiName,
  aeSetBeforeSleepProc,
  aeSetDontWait,
} from '../ae/ae.ts';
import { aeRun } from '../ae/ae_uv.ts';
import {
  elapsedMs,
  elapsedUs,
  getMonotonicUs,
  MONOTONIC_CLOCK_HW,
  monotonicGetType,
  monotonicInfoString,
  monotonicInit,
} from '../ae/monotonic.ts';
import {
  ANET_ERR,
  anetCloexec,
  anetNonBlock,
  anetSetSockMarkId,
  anetTcp6Server,
  anetTcpServer,
  anetUnixServer,
} from '../networking/anet.ts';
import {
  acceptTcpHandler,
  acceptUnixHandler,
  addReply,
  addReplyArrayLen,
  addReplyBulk,
  addReplyBulkCBuffer,
  addReplyBulkCString,
  addReplyBulkLongLong,
  addReplyDeferredLen,
  addReplyError,
  addReplyErrorArity,
  addReplyErrorObject,
  addReplyErrorSds,
  addReplyHelp,
  addReplyLongLong,
  addReplyMapLen,
  addReplyNull,
  addReplySetLen,
  addReplyStatus,
  addReplyVerbatim,
  areClientsPaused,
  authRequired,
  checkClientPauseTimeoutAndReturnIfPaused,
  closeClientOnOutputBufferLimitReached,
  evictClients,
  freeClientOriginalArgv,
  freeClientsInAsyncFreeQueue,
  getClientMemoryUsage,
  getClientOutputBufferMemoryUsage,
  getClientType,
  handleClientsWithPendingWrites,
  handleClientsWithPendingWritesUsingThreads,
  pauseClients,
  quitCommand,
  resetCommand,
  securityWarningCommand,
  setDeferredArrayLen,
  setDeferredMapLen,
  unpauseClients,
  sdsZmallocSize,
} from '../networking/networking.ts';
import { clientsCronHandleTimeout, handleBlockedClientsTimeout } from '../networking/timeout.ts';
import { tlsHasPendingData } from '../networking/tls.ts';
import {
  type list,
  listAddNodeTail,
  listCreate,
  listDelNode,
  listFirst,
  listIter,
  listLast,
  listLength,
  listNext,
  type listNode,
  listNodeValue,
  listRelease,
  listRewind,
  listRotateTailToHead,
} from '../object/adlist.ts';
import {
  type dict,
  DICT_HT_INITIAL_SIZE,
  DICT_OK,
  dictAdd,
  dictCreate,
  dictDisableResize,
  dictEnableResize,
  type dictEntry,
  dictExpand,
  dictFetchValue,
  dictFind,
  dictGenCaseHashFunction,
  dictGenHashFunction,
  dictGetIterator,
  dictGetSafeIterator,
  dictGetVal,
  dictIsRehashing,
  dictNext,
  dictRehashMilliseconds,
  dictRelease,
  dictReleaseIterator,
  dictResize,
  dictSetHashFunctionSeed,
  dictSize,
  dictSlots,
  type dictType,
} from '../object/dict.ts';
import { printf_f } from '../object/longdouble.ts';
import {
  createObject,
  createStringObject,
  decrRefCount,
  getMemoryOverheadData,
  incrRefCount,
  makeObjectShared,
  objectAllocSize,
  objPtrString,
} from '../object/object.ts';
import {
  raxFind,
  raxFreeWithCallback,
  raxInsert,
  raxIterator,
  raxNew,
  raxNext,
  raxNotFound,
  raxSeek,
  raxSize,
  raxStart,
  raxStop,
} from '../object/rax.ts';
import {
  sdsalloc,
  sdsavail,
  sdscatrepr,
  sdsempty,
  sdslen,
  sdsnewlen,
  sdsmapchars,
  sdsRemoveFreeSpace,
  sdsResize,
  sdssplitargs,
  sdssplitlen,
  sdsStringAllocSize,
  sdstemplate,
  sdstolower,
  sdstoupper,
  sdstrim,
} from '../object/sds.ts';
import {
  atoi,
  getAbsolutePath,
  getRandomBytes,
  getRandomHexChars,
  getTimeZone,
  ll2string,
  memmapchars,
  mempbrk,
  srandom,
  strcasecmp,
  stringmatchlen,
  trimDoubleString,
} from '../object/util.ts';
import {
  jemalloc_good_size,
  ledger,
  set_jemalloc_bg_thread,
  zfree,
  zmalloc,
  zmalloc_get_allocator_info,
  zmalloc_get_memory_size,
  zmalloc_get_rss,
  ZMALLOC_LIB,
  zmalloc_set_oom_handler,
  zmalloc_used_memory,
} from '../object/zmalloc.ts';
import {
  changeReplicationId,
  checkGoodReplicasStatus,
  clearReplicationId2,
  replicationFeedMonitors,
} from '../replication/replication.ts';
import {
  ACLGetCommandCategoryFlagByName,
  ACLGetCommandID,
  ACLInit,
  ACLUpdateDefaultUserPassword,
  addReplyCommandCategories,
} from './acl.ts';
import {
  blockClient,
  handleClientsBlockedOnKeys,
  processUnblockedClients,
  replyToClientsBlockedOnShutdown,
} from './blocked.ts';
import { redisCommandTable } from './commands.ts';
import {
  allowProtectedAction,
  appendServerSaveParams,
  clientBufferLimitsDefaults,
  configOOMScoreAdjValuesDefaults,
  evictPolicyToString,
  initConfigValues,
  loadServerConfig,
  lookupConfig,
  resetServerSaveParams,
  rewriteConfig,
  SENSITIVE_CONFIG,
  type standardConfig,
} from './config.ts';
import {
  dbTotalServerKeyCount,
  doesCommandHaveKeys,
  getKeysFreeResult,
  getKeysFromCommandWithSpecs,
} from './db.ts';
import { debugCommand, serverAssert, serverPanic, uncaughtExceptionHandler } from './debug.ts';
import {
  evictionPoolAlloc,
  freeMemoryGetNotCountedMemory,
  getLRUClock,
  overMaxmemoryAfterAlloc,
  performEvictions,
} from './evict.ts';
import { activeExpireCycle, expireSlaveKeys, getSlaveKeyWithExpireCount } from './expire.ts';
import {
  hdr_close,
  type hdr_histogram,
  hdr_init,
  hdr_record_value,
  hdr_value_at_percentile,
} from './hdr_histogram.ts';
import {
  latencyAddSampleIfNeeded,
  latencyEndMonitor,
  latencyMonitorInit,
  latencyStartMonitor,
} from './latency.ts';
import {
  lazyfreeGetFreedObjectsCount,
  lazyfreeGetPendingObjectsCount,
  lazyfreeResetStats,
} from './lazyfree.ts';
import {
  discardCommand,
  execCommand,
  execCommandAbort,
  flagTransaction,
  multiCommand,
  queueMultiCommand,
  watchCommand,
} from './multi.ts';
import {
  psubscribeCommand,
  punsubscribeCommand,
  ssubscribeCommand,
  subscribeCommand,
  sunsubscribeCommand,
  unsubscribeCommand,
} from './pubsub.ts';
import { redisBuildIdString, redisGitDirty, redisGitSHA1 } from './release.ts';
import {
  ACL_CATEGORY_ADMIN,
  ACL_CATEGORY_BLOCKING,
  ACL_CATEGORY_DANGEROUS,
  ACL_CATEGORY_FAST,
  ACL_CATEGORY_PUBSUB,
  ACL_CATEGORY_READ,
  ACL_CATEGORY_SCRIPTING,
  ACL_CATEGORY_SLOW,
  ACL_CATEGORY_WRITE,
  ACTIVE_EXPIRE_CYCLE_FAST,
  ACTIVE_EXPIRE_CYCLE_SLOW,
  AOF_OFF,
  AOF_ON,
  ARG_TYPE_BLOCK,
  ARG_TYPE_ONEOF,
  type bkinfo,
  BLOCKED_POSTPONE,
  BUSY_MODULE_YIELD_NONE,
  C_ERR,
  C_OK,
  CHILD_TYPE_AOF,
  CHILD_TYPE_MODULE,
  CHILD_TYPE_NONE,
  CHILD_TYPE_RDB,
  type client,
  CLIENT_BLOCKED,
  CLIENT_CLOSE_AFTER_COMMAND,
  CLIENT_CLOSE_AFTER_REPLY,
  CLIENT_DENY_BLOCKING,
  CLIENT_FORCE_AOF,
  CLIENT_FORCE_REPL,
  CLIENT_ID_AOF,
  CLIENT_MASTER,
  CLIENT_MEM_USAGE_BUCKET_MAX_LOG,
  CLIENT_MEM_USAGE_BUCKET_MIN_LOG,
  CLIENT_MEM_USAGE_BUCKETS,
  CLIENT_MONITOR,
  CLIENT_MULTI,
  CLIENT_NO_EVICT,
  CLIENT_PAUSE_ALL,
  CLIENT_PAUSE_OFF,
  CLIENT_PAUSE_WRITE,
  CLIENT_PREVENT_AOF_PROP,
  CLIENT_PREVENT_PROP,
  CLIENT_PREVENT_REPL_PROP,
  CLIENT_PUBSUB,
  CLIENT_SLAVE,
  CLIENT_TYPE_COUNT,
  CLIENT_TYPE_NORMAL,
  CLIENT_TYPE_OBUF_COUNT,
  CLIENT_TYPE_PUBSUB,
  clientBufferLimitsConfig,
  clientMemUsageBucket,
  CMD_ADMIN,
  CMD_ALLOW_BUSY,
  CMD_ARG_MULTIPLE,
  CMD_ARG_MULTIPLE_TOKEN,
  CMD_ARG_OPTIONAL,
  CMD_ASKING,
  CMD_BLOCKING,
  CMD_CALL_FROM_MODULE,
  CMD_CALL_FULL,
  CMD_CALL_PROPAGATE,
  CMD_CALL_PROPAGATE_AOF,
  CMD_CALL_PROPAGATE_REPL,
  CMD_CALL_SLOWLOG,
  CMD_CALL_STATS,
  CMD_DENYOOM,
  CMD_DOC_DEPRECATED,
  CMD_DOC_SYSCMD,
  CMD_FAST,
  CMD_KEY_ACCESS,
  CMD_KEY_DELETE,
  CMD_KEY_INCOMPLETE,
  CMD_KEY_INSERT,
  CMD_KEY_NOT_KEY,
  CMD_KEY_OW,
  CMD_KEY_RM,
  CMD_KEY_RO,
  CMD_KEY_RW,
  CMD_KEY_UPDATE,
  CMD_KEY_VARIABLE_FLAGS,
  CMD_LOADING,
  CMD_MAY_REPLICATE,
  CMD_MODULE,
  CMD_MODULE_GETKEYS,
  CMD_MOVABLE_KEYS,
  CMD_NO_ASYNC_LOADING,
  CMD_NO_AUTH,
  CMD_NO_MANDATORY_KEYS,
  CMD_NO_MULTI,
  CMD_NOSCRIPT,
  CMD_ONLY_SENTINEL,
  CMD_PROTECTED,
  CMD_PUBSUB,
  CMD_READONLY,
  CMD_SENTINEL,
  CMD_SKIP_MONITOR,
  CMD_SKIP_SLOWLOG,
  CMD_STALE,
  CMD_WRITE,
  CONFIG_DEFAULT_BINDADDR,
  CONFIG_DEFAULT_BINDADDR_COUNT,
  CONFIG_DEFAULT_HZ,
  CONFIG_DEFAULT_PID_FILE,
  CONFIG_FDSET_INCR,
  CONFIG_MAX_HZ,
  CONFIG_MIN_RESERVED_FDS,
  CONFIG_OOM_COUNT,
  CONFIG_OOM_MASTER,
  CONFIG_OOM_REPLICA,
  CONFIG_REPL_SYNCIO_TIMEOUT,
  CONFIG_RUN_ID_SIZE,
  CRON_DBS_PER_CALL,
  DISK_ERROR_TYPE_AOF,
  DISK_ERROR_TYPE_NONE,
  DISK_ERROR_TYPE_RDB,
  ERROR_COMMAND_FAILED,
  ERROR_COMMAND_REJECTED,
  EVICT_FAIL,
  GET_KEYSPEC_DEFAULT,
  getKeysResult,
  HASHED_KEYS,
  HASHTABLE_MAX_LOAD_FACTOR,
  HASHTABLE_MIN_FILL,
  keySpec,
  KSPEC_BS_INDEX,
  KSPEC_BS_INVALID,
  KSPEC_BS_KEYWORD,
  KSPEC_BS_UNKNOWN,
  KSPEC_FK_KEYNUM,
  KSPEC_FK_RANGE,
  KSPEC_FK_UNKNOWN,
  LATENCY_HISTOGRAM_MAX_VALUE,
  LATENCY_HISTOGRAM_MIN_VALUE,
  LATENCY_HISTOGRAM_PRECISION,
  LL_DEBUG,
  LL_NOTICE,
  LL_RAW,
  LL_VERBOSE,
  LL_WARNING,
  LOG_MAX_LEN,
  MAX_CLIENTS_PER_CLOCK_TICK,
  NO_FAILOVER,
  OBJ_ENCODING_INT,
  OBJ_ENCODING_RAW,
  OBJ_SHARED_BULKHDR_LEN,
  OBJ_SHARED_INTEGERS,
  OBJ_STRING,
  OOM_SCORE_ADJ_NO,
  OOM_SCORE_RELATIVE,
  PAUSE_DURING_SHUTDOWN,
  PROPAGATE_AOF,
  PROPAGATE_NONE,
  PROPAGATE_REPL,
  PROTO_REPLY_CHUNK_BYTES,
  PROTO_REPLY_MIN_BYTES,
  PROTO_RESIZE_THRESHOLD,
  PROTO_SHARED_SELECT_CMDS,
  RDB_CHILD_TYPE_NONE,
  type redisCommand,
  type redisCommandArg,
  redisDb,
  redisError,
  redisOp,
  type redisOpArray,
  redisServer,
  REPL_STATE_CONNECTED,
  REPL_STATE_NONE,
  REPLY_BUFFER_DEFAULT_PEAK_RESET_TIME,
  RESTART_SERVER_CONFIG_REWRITE,
  RESTART_SERVER_GRACEFULLY,
  robj,
  server,
  shared,
  SIZEOF_BKINFO,
  SHUTDOWN_FORCE,
  SHUTDOWN_NOFLAGS,
  SHUTDOWN_NOSAVE,
  SHUTDOWN_NOW,
  SHUTDOWN_SAVE,
  SLAVE_STATE_ONLINE,
  SLAVE_STATE_SEND_BULK,
  SLAVE_STATE_WAIT_BGSAVE_END,
  SLAVE_STATE_WAIT_BGSAVE_START,
  socketFds,
  STATIC_KEY_SPECS_NUM,
  STATS_METRIC_COMMAND,
  STATS_METRIC_COUNT,
  STATS_METRIC_NET_INPUT,
  STATS_METRIC_NET_INPUT_REPLICATION,
  STATS_METRIC_NET_OUTPUT,
  STATS_METRIC_NET_OUTPUT_REPLICATION,
  STATS_METRIC_SAMPLES,
  SUPERVISED_AUTODETECT,
  SUPERVISED_SYSTEMD,
  SUPERVISED_UPSTART,
  useServer,
  type watchedKey,
} from './server.h.ts';
import { setcpuaffinity } from './setcpuaffinity.ts';
import { slowlogInit, slowlogPushEntryIfNeeded } from './slowlog.ts';
import {
  checkOvercommit,
  checkTHPEnabled,
  checkXenClocksource,
  read_sysfs_line,
  syscheck,
} from './syscheck.ts';
import { REDIS_VERSION } from './version.ts';

/** Slots, one a second, in which clientsCron remembers the greediest clients. */
const CLIENTS_PEAK_MEM_USAGE_SLOTS = 8;
/** clientsCron looks at this many clients at least. */
const CLIENTS_CRON_MIN_ITERATIONS = 5;

/** Names of the months as strftime's %b prints them in the C locale. */
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** For each level the character in a log line. */
const LOG_LEVEL_CHARS = '.-*#';

/** For each level the priority that syslog gets. */
const SYSLOG_LEVEL_MAP = [LOG_DEBUG, LOG_INFO, LOG_NOTICE, LOG_WARNING];

/*============================ Utility functions ============================ */

/**
 * Whether something that shall happen every `ms` milliseconds is due in this run of serverCron.
 * @own macro run_with_period of server.h
 */
export function run_with_period(ms: number): boolean {
  const tick = Math.trunc(1000 / server.hz);
  return ms <= tick || server.cronloops % Math.trunc(ms / tick) === 0;
}

/**
 * Writes a latin1 text to a descriptor, all of it: a terminal or pipe that is full for a moment is waited for. Errors are ignored,
 * there is nobody to tell.
 * @own fputs(3) and fflush(3) of libc
 */
export function writeText(fd: number, text: string): void {
  const buf = Buffer.from(text, 'latin1');
  let off = 0;
  while (off < buf.length) {
    const n = posix.write(fd, buf, off, buf.length - off);
    if (n === -1) {
      if (posix.errno === EINTR) continue;
      if (posix.errno !== EAGAIN) return;
      posix.poll([{ fd, events: POLLOUT, revents: 0 }], 1, -1);
      continue;
    }
    off += n;
  }
}

/**
 * A number with leading zeros.
 * @own printf(3)'s %02d and its like
 */
export function zeroPadded(n: number, width: number): string {
  return String(n).padStart(width, '0');
}

/**
 * Writes one line to the log: standard output, or the log file, which is opened and closed each time so that it may be rotated at
 * any moment. `level` is a LL_* constant; with LL_RAW the message goes out as it is, without the heading
 * `pid:role dd Mon yyyy hh:mm:ss.mmm level`. A level below the configured one and a file that cannot be opened are silently passed over.
 * @c server.c:103
 */
export function serverLogRaw(level: number, msg: string): void {
  const rawmode = level & LL_RAW;
  const log_to_stdout = !server.logfile;

  level &= 0xff;
  if (level < server.verbosity) return;

  const fd = log_to_stdout
    ? STDOUT_FILENO
    : posix.open(server.logfile!, O_WRONLY | O_APPEND | O_CREAT, 0o666);
  if (fd === -1) return;

  if (rawmode) {
    writeText(fd, msg);
  } else {
    const pid = posix.getpid();
    const us = posix.gettimeofday();
    const t = posix.localtime(Math.floor(us / 1000000));
    const date = `${zeroPadded(t.tm_mday, 2)} ${MONTHS[t.tm_mon]} ${t.tm_year + 1900}`;
    const time = `${zeroPadded(t.tm_hour, 2)}:${zeroPadded(t.tm_min, 2)}:${zeroPadded(t.tm_sec, 2)}`;
    const ms = zeroPadded(Math.floor((us % 1000000) / 1000), 3);
    let role_char: string;
    if (server.sentinel_mode) role_char = 'X';
    // Before initServer has stored the pid every line looks like one of a child, as it does in C.
    else if (pid !== server.pid) role_char = 'C';
    else role_char = server.masterhost ? 'S' : 'M';
    writeText(fd, `${pid}:${role_char} ${date} ${time}.${ms} ${LOG_LEVEL_CHARS[level]} ${msg}\n`);
  }

  if (!log_to_stdout) posix.close(fd);
  if (server.syslog_enabled) posix.syslog(SYSLOG_LEVEL_MAP[level], msg);
}

/**
 * Logs a message that is cut off after LOG_MAX_LEN-1 bytes. Callers on hot paths check `server.verbosity` before they build one.
 * @c server.c:149 _serverLog
 */
export function serverLog(level: number, msg: string): void {
  if ((level & 0xff) < server.verbosity) return;
  serverLogRaw(level, msg.length < LOG_MAX_LEN ? msg : msg.slice(0, LOG_MAX_LEN - 1));
}

/**
 * Logs from a signal handler. The line has a heading of its own, `pid:signal-handler (seconds)`, and a daemon without a log file
 * says nothing.
 * @c server.c:166
 */
export function serverLogFromHandler(level: number, msg: string): void {
  const log_to_stdout = !server.logfile;
  if ((level & 0xff) < server.verbosity || (log_to_stdout && server.daemonize)) return;
  const fd = log_to_stdout
    ? STDOUT_FILENO
    : posix.open(server.logfile!, O_APPEND | O_CREAT | O_WRONLY, 0o644);
  if (fd === -1) return;
  writeText(fd, `${posix.getpid()}:signal-handler (${time(null)}) ${msg}\n`);
  if (!log_to_stdout) posix.close(fd);
}

/**
 * Microseconds since 1970.
 * @c server.c:189
 */
export function ustime(): number {
  return posix.gettimeofday();
}

/**
 * Milliseconds since 1970.
 * @c server.c:200
 */
export function mstime(): number {
  return Math.floor(ustime() / 1000);
}

/**
 * Seconds since 1970. The argument is C's pointer, always null.
 * @own time(2) of libc
 */
export function time(_tloc: null): number {
  return Math.floor(posix.gettimeofday() / 1000000);
}

/*====================== Hash table type implementation  ==================== */

/**
 * Destructor for what a blocked client keeps for a key: it leaves the account. C asks the allocator for the size.
 * @c server.c:222
 */
export function dictVanillaFree(_d: dict<robj, bkinfo | null>, _val: bkinfo | null): void {
  zfree(SIZEOF_BKINFO);
}

/**
 * Destructor for values that are lists.
 * @c server.c:228
 */
export function dictListDestructor<K, T>(_d: dict<K, list<T>>, val: list<T>): void {
  listRelease(val);
}

/**
 * Whether two string keys are the same bytes.
 * @c server.c:234
 */
export function dictSdsKeyCompare<V>(_d: dict<string, V>, key1: string, key2: string): boolean {
  return key1 === key2;
}

/**
 * Whether two string keys are the same but for the case of ASCII letters.
 * @c server.c:248
 */
export function dictSdsKeyCaseCompare<V>(_d: dict<string, V>, key1: string, key2: string): boolean {
  // The name that was hashed last, as it came, and the one in the table that it was found to be.
  if (key1 === server.cased_key && key2 === server.cased_key_found) return true;
  if (strcasecmp(key1, key2) !== 0) return false;
  if (key1 === server.cased_key) server.cased_key_found = key2;
  return true;
}

/**
 * Destructor for keys or values that are objects: gives up the reference. null is a value that was handed to somebody else.
 * @c server.c:255
 */
export function dictObjectDestructor<K, V>(_d: dict<K, V>, val: robj | null): void {
  if (val === null) return;
  decrRefCount(val);
}

/**
 * Destructor for strings that a dictionary owns: they leave the account. null is the value of a key that has none.
 * @c server.c:262
 */
export function dictSdsDestructor<K, V>(_d: dict<K, V>, val: string | null): void {
  if (val !== null) zfree(sdsStringAllocSize(val.length));
}

/**
 * Whether two string objects, neither of them an integer, hold the same bytes.
 * @c server.c:273
 */
export function dictObjKeyCompare<V>(_d: dict<robj, V>, key1: robj, key2: robj): boolean {
  return objPtrString(key1) === objPtrString(key2);
}

/**
 * The hash of a string object.
 * @c server.c:280
 */
export function dictObjHash(key: robj): number {
  return dictGenHashFunction(objPtrString(key));
}

/**
 * The hash of a string key. A command looks its key up several times (SET: to find it, to overwrite it, to drop its expire), and a field
 * besides. So the last key of each length is remembered: it is the same string object then, and the comparison of two pointers.
 * @c server.c:285
 */
export function dictSdsHash(key: string): number {
  const place = key.length & (HASHED_KEYS - 1);
  if (key === server.hashed_keys[place]) return server.hashed_keys_hash[place];
  const hash = dictGenHashFunction(key);
  server.hashed_keys[place] = key;
  server.hashed_keys_hash[place] = hash;
  return hash;
}

/**
 * The hash of a string key that is equal for all spellings in upper and lower case.
 * The last one is remembered: a client tends to send the same command again.
 * @c server.c:289
 */
export function dictSdsCaseHash(key: string): number {
  if (key === server.cased_key) return server.cased_key_hash;
  const hash = dictGenCaseHashFunction(key);
  server.cased_key = key;
  server.cased_key_found = null;
  server.cased_key_hash = hash;
  return hash;
}

/**
 * The same for what C keeps as a null terminated string.
 * @c server.c:299
 */
export function distCStrCaseHash(key: string): number {
  return dictGenCaseHashFunction(key);
}

/**
 * Whether two null terminated strings of C are the same but for case.
 * @c server.c:315
 */
export function distCStrKeyCaseCompare<V>(
  _d: dict<string, V>,
  key1: string,
  key2: string,
): boolean {
  return strcasecmp(key1, key2) === 0;
}

/**
 * Whether two string objects of any encoding stand for the same bytes. No reference is taken, so that static objects may be asked
 * for, too.
 * @c server.c:320
 */
export function dictEncObjKeyCompare<V>(_d: dict<robj, V>, key1: robj, key2: robj): boolean {
  if (key1.encoding === OBJ_ENCODING_INT && key2.encoding === OBJ_ENCODING_INT) {
    return key1.ptr === key2.ptr;
  }
  return objPtrString(key1) === objPtrString(key2);
}

/**
 * The hash of a string object of any encoding: an integer hashes like its decimal form.
 * @c server.c:341
 */
export function dictEncObjHash(key: robj): number {
  return dictGenHashFunction(objPtrString(key));
}

/**
 * Whether a dictionary of the keyspace may grow now: not when its new table of `moreMem` bytes would put us over maxmemory, unless
 * chains are already long (`usedRatio` is keys by buckets).
 * @c server.c:363
 */
export function dictExpandAllowed(moreMem: number, usedRatio: number): boolean {
  if (usedRatio <= HASHTABLE_MAX_LOAD_FACTOR) return !overMaxmemoryAfterAlloc(moreMem);
  return true;
}

/** Keys are string objects, there are no values. */
export const objectKeyPointerValueDictType: dictType<robj, null> = {
  hashFunction: dictEncObjHash,
  keyDup: null,
  valDup: null,
  keyCompare: dictEncObjKeyCompare,
  keyDestructor: dictObjectDestructor,
  valDestructor: null,
  expandAllowed: null,
  dictEntryMetadataBytes: null,
};

/** Keys are string objects, values what a blocked client keeps for the key. */
export const objectKeyHeapPointerValueDictType: dictType<robj, bkinfo | null> = {
  hashFunction: dictEncObjHash,
  keyDup: null,
  valDup: null,
  keyCompare: dictEncObjKeyCompare,
  keyDestructor: dictObjectDestructor,
  valDestructor: dictVanillaFree,
  expandAllowed: null,
  dictEntryMetadataBytes: null,
};

/** Members of a set. Who adds one accounts for it, the dictionary takes it off the account. */
export const setDictType: dictType<string, null> = {
  hashFunction: dictSdsHash,
  keyDup: null,
  valDup: null,
  keyCompare: dictSdsKeyCompare,
  keyDestructor: dictSdsDestructor,
  valDestructor: null,
  expandAllowed: null,
  dictEntryMetadataBytes: null,
};

/** Elements of a sorted set and where their nodes are in the skiplist, which own the elements. */
export const zsetDictType: dictType<string, number> = {
  hashFunction: dictSdsHash,
  keyDup: null,
  valDup: null,
  keyCompare: dictSdsKeyCompare,
  keyDestructor: null,
  valDestructor: null,
  expandAllowed: null,
  dictEntryMetadataBytes: null,
};

/** redisDb.dict: names of keys and their values. Names and objects are accounted for where keys are added, in db.ts. */
export const dbDictType: dictType<string, robj> = {
  hashFunction: dictSdsHash,
  keyDup: null,
  valDup: null,
  keyCompare: dictSdsKeyCompare,
  keyDestructor: dictSdsDestructor,
  valDestructor: dictObjectDestructor,
  expandAllowed: dictExpandAllowed,
  dictEntryMetadataBytes: null,
};

/** redisDb.expires: names of keys, shared with redisDb.dict, and the millisecond at which they expire. */
export const dbExpiresDictType: dictType<string, number | bigint> = {
  hashFunction: dictSdsHash,
  keyDup: null,
  valDup: null,
  keyCompare: dictSdsKeyCompare,
  keyDestructor: null,
  valDestructor: null,
  expandAllowed: dictExpandAllowed,
  dictEntryMetadataBytes: null,
};

/** Commands by name in any case. */
export const commandTableDictType: dictType<string, redisCommand> = {
  hashFunction: dictSdsCaseHash,
  keyDup: null,
  valDup: null,
  keyCompare: dictSdsKeyCaseCompare,
  keyDestructor: null,
  valDestructor: null,
  expandAllowed: null,
  dictEntryMetadataBytes: null,
};

/** Fields of a hash and their values, both accounted for by who adds them. */
export const hashDictType: dictType<string, string> = {
  hashFunction: dictSdsHash,
  keyDup: null,
  valDup: null,
  keyCompare: dictSdsKeyCompare,
  keyDestructor: dictSdsDestructor,
  valDestructor: dictSdsDestructor,
  expandAllowed: null,
  dictEntryMetadataBytes: null,
};

/** Strings that are about to be replied, which nobody accounts for. */
export const sdsReplyDictType: dictType<string, string | null> = {
  hashFunction: dictSdsHash,
  keyDup: null,
  valDup: null,
  keyCompare: dictSdsKeyCompare,
  keyDestructor: null,
  valDestructor: null,
  expandAllowed: null,
  dictEntryMetadataBytes: null,
};

/** Keys are unencoded string objects, values lists of clients: who subscribed to a channel, who waits for a key. */
export const keylistDictType: dictType<robj, list<client>> = {
  hashFunction: dictObjHash,
  keyDup: null,
  valDup: null,
  keyCompare: dictObjKeyCompare,
  keyDestructor: dictObjectDestructor,
  valDestructor: dictListDestructor,
  expandAllowed: null,
  dictEntryMetadataBytes: null,
};

/** A set of strings in any case. */
export const stringSetDictType: dictType<string, null> = {
  hashFunction: distCStrCaseHash,
  keyDup: null,
  valDup: null,
  keyCompare: distCStrKeyCaseCompare,
  keyDestructor: null,
  valDestructor: null,
  expandAllowed: null,
  dictEntryMetadataBytes: null,
};

/** Configs by name in any case, name and config owned by somebody else. */
export const externalStringType: dictType<string, standardConfig> = {
  hashFunction: distCStrCaseHash,
  keyDup: null,
  valDup: null,
  keyCompare: distCStrKeyCaseCompare,
  keyDestructor: null,
  valDestructor: null,
  expandAllowed: null,
  dictEntryMetadataBytes: null,
};

/** Configs by name in any case. */
export const sdsHashDictType: dictType<string, standardConfig> = {
  hashFunction: dictSdsCaseHash,
  keyDup: null,
  valDup: null,
  keyCompare: dictSdsKeyCaseCompare,
  keyDestructor: null,
  valDestructor: null,
  expandAllowed: null,
  dictEntryMetadataBytes: null,
};

/**
 * Whether a table is so empty that it should shrink: less than HASHTABLE_MIN_FILL percent of its buckets are used.
 * @c server.c:554
 */
export function htNeedsResize<K, V>(d: dict<K, V>): boolean {
  const size = dictSlots(d);
  const used = dictSize(d);
  return size > DICT_HT_INITIAL_SIZE && Math.trunc((used * 100) / size) < HASHTABLE_MIN_FILL;
}

/**
 * Shrinks the two tables of a database when they are nearly empty.
 * @c server.c:565
 */
export function tryResizeHashTables(dbid: number): void {
  if (htNeedsResize(server.db[dbid].dict)) dictResize(server.db[dbid].dict);
  if (htNeedsResize(server.db[dbid].expires)) dictResize(server.db[dbid].expires);
}

/**
 * Spends a millisecond on rehashing one table of a database. True when there was something to do. Tables rehash as they are used; this
 * is for those that nobody touches.
 * @c server.c:579
 */
export function incrementallyRehash(dbid: number): boolean {
  if (dictIsRehashing(server.db[dbid].dict)) {
    dictRehashMilliseconds(server.db[dbid].dict, 1);
    return true;
  }
  if (dictIsRehashing(server.db[dbid].expires)) {
    dictRehashMilliseconds(server.db[dbid].expires, 1);
    return true;
  }
  return false;
}

/**
 * Allows or forbids tables to resize: not while a child saves, because a resize touches all the memory that the two share.
 * @c server.c:599
 */
export function updateDictResizePolicy(): void {
  if (!hasActiveChildProcess()) dictEnableResize();
  else dictDisableResize();
}

/**
 * Whether a child that saves, rewrites or the like is running.
 * @c server.c:618
 */
export function hasActiveChildProcess(): boolean {
  return server.child_pid !== -1;
}

/**
 * Whether there is neither RDB nor AOF.
 * @c server.c:650
 */
export function allPersistenceDisabled(): boolean {
  return server.saveparamslen === 0 && server.aof_state === AOF_OFF;
}

/* ======================= Cron: called every 100 ms ======================== */

/**
 * Takes a sample of a rate: `current_reading` is the counter now, the STATS_METRIC_* constant says which. The sample is a whole number per
 * second.
 * @c server.c:657
 */
export function trackInstantaneousMetric(metric: number, current_reading: number): void {
  const m = server.inst_metric[metric];
  const now = mstime();
  const t = now - m.last_sample_time;
  const ops = current_reading - m.last_sample_count;
  const ops_sec = t > 0 ? Math.trunc((ops * 1000) / t) : 0;

  m.samples[m.idx] = ops_sec;
  m.idx++;
  m.idx %= STATS_METRIC_SAMPLES;
  m.last_sample_time = now;
  m.last_sample_count = current_reading;
}

/**
 * The mean of the last 16 samples of a rate, a whole number.
 * @c server.c:675
 */
export function getInstantaneousMetric(metric: number): number {
  let sum = 0;
  for (let j = 0; j < STATS_METRIC_SAMPLES; j++) sum += server.inst_metric[metric].samples[j];
  return Math.trunc(sum / STATS_METRIC_SAMPLES);
}

/**
 * Gives back room in a query buffer that is idle for more than two seconds, or far larger than what was used lately. Returns whether the
 * client was freed: never.
 * @c server.c:688
 */
export function clientsCronResizeQueryBuffer(c: client): boolean {
  const querybuf_size = sdsalloc(c.querybuf);
  const idletime = server.unixtime - c.lastinteraction;

  if (sdsavail(c.querybuf) > 1024 * 4) {
    if (idletime > 2) {
      c.querybuf = sdsRemoveFreeSpace(c.querybuf);
    } else if (querybuf_size > PROTO_RESIZE_THRESHOLD && querybuf_size / 2 > c.querybuf_peak) {
      // Not below the recent peak, nor below the bulk that is being received: it would grow again at once.
      let resize = sdslen(c.querybuf);
      if (resize < c.querybuf_peak) resize = c.querybuf_peak;
      if (c.bulklen !== -1 && resize < c.bulklen) resize = c.bulklen;
      c.querybuf = sdsResize(c.querybuf, resize);
    }
  }

  c.querybuf_peak = sdslen(c.querybuf);
  if (c.bulklen !== -1 && c.bulklen > c.querybuf_peak) c.querybuf_peak = c.bulklen;
  return false;
}

/**
 * Doubles the static reply buffer of a client that filled it lately, halves that of one who used less than a half; the peak is
 * forgotten every reply_buffer_peak_reset_time milliseconds. Returns whether the client was freed: never.
 * @c server.c:729
 */
export function clientsCronResizeOutputBuffer(c: client, now_ms: number): boolean {
  let new_buffer_size = 0;
  const buffer_target_shrink_size = Math.trunc(c.buf_usable_size / 2);
  const buffer_target_expand_size = c.buf_usable_size * 2;

  if (!server.reply_buffer_resizing_enabled) return false;

  if (
    buffer_target_shrink_size >= PROTO_REPLY_MIN_BYTES &&
    c.buf_peak < buffer_target_shrink_size
  ) {
    new_buffer_size = Math.max(PROTO_REPLY_MIN_BYTES, c.buf_peak + 1);
    server.stat_reply_buffer_shrinks++;
  } else if (
    buffer_target_expand_size < PROTO_REPLY_CHUNK_BYTES * 2 &&
    c.buf_peak === c.buf_usable_size
  ) {
    new_buffer_size = Math.min(PROTO_REPLY_CHUNK_BYTES, buffer_target_expand_size);
    server.stat_reply_buffer_expands++;
  }

  if (
    server.reply_buffer_peak_reset_time >= 0 &&
    now_ms - c.buf_peak_last_reset_time >= server.reply_buffer_peak_reset_time
  ) {
    c.buf_peak = c.bufpos;
    c.buf_peak_last_reset_time = now_ms;
  }

  if (new_buffer_size) {
    const oldbuf = c.buf;
    zfree(c.buf_usable_size);
    c.buf_usable_size = zmalloc(new_buffer_size);
    // Off V8's heap, as the kernel wants it.
    c.buf = Buffer.allocUnsafeSlow(c.buf_usable_size);
    oldbuf.copy(c.buf, 0, 0, c.bufpos);
  }
  return false;
}

/**
 * Notes the bytes that a client holds for input and output, if they are the most in this second's slot `time_idx`. INFO shows the
 * largest of all slots without a walk over the clients. Returns whether the client was freed: never.
 * @c server.c:787
 */
export function clientsCronTrackExpansiveClients(c: client, time_idx: number): boolean {
  const in_usage =
    sdsZmallocSize(c.querybuf) +
    c.argv_len_sum +
    (c.argv_len ? jemalloc_good_size(c.argv_len * 8) : 0);
  const out_usage = getClientOutputBufferMemoryUsage(c);

  if (in_usage > server.ClientsPeakMemInput[time_idx]) {
    server.ClientsPeakMemInput[time_idx] = in_usage;
  }
  if (out_usage > server.ClientsPeakMemOutput[time_idx]) {
    server.ClientsPeakMemOutput[time_idx] = out_usage;
  }
  return false;
}

/**
 * The bucket for clients that use about `mem` bytes: there is one for each power of two from 32 KB to 4 GB, the first and the last also
 * take what lies beyond.
 * @c server.c:806
 * @cstatic
 */
export function getMemUsageBucket(mem: number): clientMemUsageBucket {
  // Number of bits of a size that may exceed 32.
  const high = Math.floor(mem / 0x100000000);
  let bucket_idx = high ? 64 - Math.clz32(high) : 32 - Math.clz32(mem);
  if (bucket_idx > CLIENT_MEM_USAGE_BUCKET_MAX_LOG) bucket_idx = CLIENT_MEM_USAGE_BUCKET_MAX_LOG;
  else if (bucket_idx < CLIENT_MEM_USAGE_BUCKET_MIN_LOG) {
    bucket_idx = CLIENT_MEM_USAGE_BUCKET_MIN_LOG;
  }
  bucket_idx -= CLIENT_MEM_USAGE_BUCKET_MIN_LOG;
  return server.client_mem_usage_buckets[bucket_idx];
}

/**
 * Brings the account of clients' memory up to date with one client: the sum of its type, and the bucket from which evictClients picks
 * its victims. Called when buffers changed and from the cron. Returns whether the client was freed: never.
 * @c server.c:829
 */
export function updateClientMemUsage(c: client): boolean {
  const mem = getClientMemoryUsage(c, null);
  const type = getClientType(c);

  if (type !== c.last_memory_type) {
    server.stat_clients_type_memory[c.last_memory_type] -= c.last_memory_usage;
    server.stat_clients_type_memory[type] += mem;
    c.last_memory_type = type;
  } else {
    server.stat_clients_type_memory[type] += mem - c.last_memory_usage;
  }

  const allow_eviction =
    (type === CLIENT_TYPE_NORMAL || type === CLIENT_TYPE_PUBSUB) && !(c.flags_hi & CLIENT_NO_EVICT);

  if (c.mem_usage_bucket) {
    c.mem_usage_bucket.mem_usage_sum -= c.last_memory_usage;
    if (!allow_eviction) {
      listDelNode(c.mem_usage_bucket.clients, c.mem_usage_bucket_node!);
      c.mem_usage_bucket = null;
      c.mem_usage_bucket_node = null;
    }
  }
  if (allow_eviction) {
    const bucket = getMemUsageBucket(mem);
    bucket.mem_usage_sum += mem;
    if (bucket !== c.mem_usage_bucket) {
      if (c.mem_usage_bucket) listDelNode(c.mem_usage_bucket.clients, c.mem_usage_bucket_node!);
      c.mem_usage_bucket = bucket;
      listAddNodeTail(bucket.clients, c);
      c.mem_usage_bucket_node = listLast(bucket.clients);
    }
  }

  // What was added now is what is taken away next time.
  c.last_memory_usage = mem;
  return false;
}

/**
 * The largest input and output buffers of the last seconds, in bytes.
 * @c server.c:880
 */
export function getExpansiveClientsInfo(): { in_usage: number; out_usage: number } {
  let i = 0;
  let o = 0;
  for (let j = 0; j < CLIENTS_PEAK_MEM_USAGE_SLOTS; j++) {
    if (server.ClientsPeakMemInput[j] > i) i = server.ClientsPeakMemInput[j];
    if (server.ClientsPeakMemOutput[j] > o) o = server.ClientsPeakMemOutput[j];
  }
  return { in_usage: i, out_usage: o };
}

/**
 * The part of the cron that looks after clients: timeouts, sizes of buffers, account of memory. Each call takes so many of them that
 * everyone's turn comes about once a second.
 * @c server.c:906
 */
export function clientsCron(): void {
  const numclients = listLength(server.clients);
  let iterations = Math.trunc(numclients / server.hz);
  const now = mstime();

  if (iterations < CLIENTS_CRON_MIN_ITERATIONS) {
    iterations =
      numclients < CLIENTS_CRON_MIN_ITERATIONS ? numclients : CLIENTS_CRON_MIN_ITERATIONS;
  }

  const curr_peak_mem_usage_slot = server.unixtime % CLIENTS_PEAK_MEM_USAGE_SLOTS;
  // The slot of the next second starts at zero. When the cron is late a slot may keep old figures; "recently" need not be exact.
  const zeroidx = (curr_peak_mem_usage_slot + 1) % CLIENTS_PEAK_MEM_USAGE_SLOTS;
  server.ClientsPeakMemInput[zeroidx] = 0;
  server.ClientsPeakMemOutput[zeroidx] = 0;

  while (listLength(server.clients) && iterations--) {
    // The client of this round is at the head, where it can be removed cheaply.
    listRotateTailToHead(server.clients);
    const c = listNodeValue(listFirst(server.clients)!);
    // Each service says whether the client is gone.
    if (clientsCronHandleTimeout(c, now)) continue;
    if (clientsCronResizeQueryBuffer(c)) continue;
    if (clientsCronResizeOutputBuffer(c, now)) continue;
    if (clientsCronTrackExpansiveClients(c, curr_peak_mem_usage_slot)) continue;
    if (updateClientMemUsage(c)) continue;
    if (closeClientOnOutputBufferLimitReached(c, 0)) continue;
  }
}

/**
 * The part of the cron that looks after databases: expiry by sampling, shrinking and rehashing of tables.
 * @c server.c:972
 */
export function databasesCron(): void {
  if (server.active_expire_enabled) {
    // A replica waits for the DEL of its master, but for keys that it made itself.
    if (iAmMaster()) activeExpireCycle(ACTIVE_EXPIRE_CYCLE_SLOW);
    else expireSlaveKeys();
  }

  if (!hasActiveChildProcess()) {
    let dbs_per_call = CRON_DBS_PER_CALL;
    if (dbs_per_call > server.dbnum) dbs_per_call = server.dbnum;

    // Both counters live on, so that the next call goes on with the next database.
    for (let j = 0; j < dbs_per_call; j++) {
      tryResizeHashTables(server.resize_db % server.dbnum);
      server.resize_db = (server.resize_db + 1) >>> 0;
    }

    if (server.activerehashing) {
      for (let j = 0; j < dbs_per_call; j++) {
        if (incrementallyRehash(server.rehash_db)) break;
        server.rehash_db++;
        server.rehash_db %= server.dbnum;
      }
    }
  }
}

/**
 * Stores the time of day, given in microseconds, for all who need no exact one. With `update_daylight_info` also whether daylight saving
 * is in force, which costs more.
 * @c server.c:1025
 * @cstatic
 */
export function updateCachedTimeWithUs(update_daylight_info: number, us: number): void {
  server.ustime = us;
  // Most commands begin in the millisecond of the one before, and need no division.
  const since = us - server.mstime * 1000;
  if (since < 0 || since >= 1000) {
    server.mstime = Math.floor(us / 1000);
    server.unixtime = Math.floor(server.mstime / 1000);
  }
  if (update_daylight_info) server.daylight_active = posix.localtime(server.unixtime).tm_isdst;
}

/**
 * Reads the clock and stores the time of day.
 * @c server.c:1054
 */
export function updateCachedTime(update_daylight_info: number): void {
  updateCachedTimeWithUs(update_daylight_info, ustime());
}

/**
 * Samples the figures of memory: the peak each time, what costs a system call ten times a second.
 * @c server.c:1111
 */
export function cronUpdateMemoryStats(): void {
  if (zmalloc_used_memory() > server.stat_peak_memory) {
    server.stat_peak_memory = zmalloc_used_memory();
  }

  if (run_with_period(100)) {
    const stats = server.cron_malloc_stats;
    // Both at the same moment, or their ratio means nothing.
    stats.process_rss = zmalloc_get_rss();
    stats.zmalloc_used = zmalloc_used_memory();
    const info = zmalloc_get_allocator_info();
    stats.allocator_allocated = info.allocated;
    stats.allocator_active = info.active;
    stats.allocator_resident = info.resident;
    // An allocator without figures of its own: the next best thing.
    if (!stats.allocator_resident) stats.allocator_resident = stats.process_rss;
    if (!stats.allocator_active) stats.allocator_active = stats.allocator_resident;
    if (!stats.allocator_allocated) stats.allocator_allocated = stats.zmalloc_used;
  }
}

/**
 * The heartbeat, server.hz times a second: clock, statistics, shutdown, clients, databases, replication. Returns the milliseconds until
 * the next one. What need not be done so often stands behind run_with_period.
 * @c server.c:1164
 */
export function serverCron(_eventLoop: aeEventLoop, _id: number, _clientData: unknown): number {
  updateCachedTime(1);

  server.hz = server.config_hz;
  // With many clients the heart beats faster, so that a beat does not take too long.
  if (server.dynamic_hz) {
    while (Math.trunc(listLength(server.clients) / server.hz) > MAX_CLIENTS_PER_CLOCK_TICK) {
      server.hz *= 2;
      if (server.hz > CONFIG_MAX_HZ) {
        server.hz = CONFIG_MAX_HZ;
        break;
      }
    }
  }

  if (server.pause_cron) return Math.trunc(1000 / server.hz);

  if (run_with_period(100)) {
    trackInstantaneousMetric(STATS_METRIC_COMMAND, server.stat_numcommands);
    trackInstantaneousMetric(
      STATS_METRIC_NET_INPUT,
      server.stat_net_input_bytes + server.stat_net_repl_input_bytes,
    );
    trackInstantaneousMetric(
      STATS_METRIC_NET_OUTPUT,
      server.stat_net_output_bytes + server.stat_net_repl_output_bytes,
    );
    trackInstantaneousMetric(STATS_METRIC_NET_INPUT_REPLICATION, server.stat_net_repl_input_bytes);
    trackInstantaneousMetric(
      STATS_METRIC_NET_OUTPUT_REPLICATION,
      server.stat_net_repl_output_bytes,
    );
  }

  // 24 bits of seconds, which wrap after 194 days: then some object looks younger than it is, no more.
  server.lruclock = getLRUClock();

  cronUpdateMemoryStats();

  // The signal handler only left a note.
  if (server.shutdown_asap && !isShutdownInitiated()) {
    let shutdownFlags = SHUTDOWN_NOFLAGS;
    if (server.last_sig_received === SIGINT && server.shutdown_on_sigint) {
      shutdownFlags = server.shutdown_on_sigint;
    } else if (server.last_sig_received === SIGTERM && server.shutdown_on_sigterm) {
      shutdownFlags = server.shutdown_on_sigterm;
    }
    if (prepareForShutdown(shutdownFlags) === C_OK) posix.exit(0);
  } else if (isShutdownInitiated()) {
    if (server.mstime >= server.shutdown_mstime || isReadyToShutdown()) {
      if (finishShutdown() === C_OK) posix.exit(0);
    }
  }

  if (server.verbosity <= LL_VERBOSE) {
    if (run_with_period(5000)) {
      for (let j = 0; j < server.dbnum; j++) {
        const size = dictSlots(server.db[j].dict);
        const used = dictSize(server.db[j].dict);
        const vkeys = dictSize(server.db[j].expires);
        if (used || vkeys) {
          serverLog(LL_VERBOSE, `DB ${j}: ${used} keys (${vkeys} volatile) in ${size} slots HT.`);
        }
      }
    }
  }

  if (!server.sentinel_mode) {
    if (run_with_period(5000) && server.verbosity <= LL_DEBUG) {
      serverLog(
        LL_DEBUG,
        `${listLength(server.clients) - listLength(server.slaves)} clients connected ` +
          `(${listLength(server.slaves)} replicas), ${zmalloc_used_memory()} bytes in use`,
      );
    }
  }

  clientsCron();

  databasesCron();

  // Whoever forgot to do so when a child ended: it is done here.
  updateDictResizePolicy();

  checkClientPauseTimeoutAndReturnIfPaused();

  server.cronloops++;
  return Math.trunc(1000 / server.hz);
}

/**
 * Marks the start of something that blocks the loop for long (a load, a script), so that whileBlockedCron can stand in for the cron.
 * Calls nest.
 * @c server.c:1428
 */
export function blockingOperationStarts(): void {
  if (!server.blocking_op_nesting++) {
    updateCachedTime(0);
    server.blocked_last_cron = server.mstime;
  }
}

/**
 * The end of what blockingOperationStarts began.
 * @c server.c:1435
 */
export function blockingOperationEnds(): void {
  if (!--server.blocking_op_nesting) server.blocked_last_cron = 0;
}

/**
 * Stands in for serverCron while the loop is blocked: counts the beats that were missed, samples memory during a load and
 * obeys a request to shut down.
 * @c server.c:1446
 */
export function whileBlockedCron(): void {
  serverAssert(server.blocked_last_cron !== 0, 'server.blocked_last_cron');

  // Called too soon: no work, and no measurement of it either.
  if (server.blocked_last_cron >= server.mstime) return;

  const latency = latencyStartMonitor();

  const hz_ms = Math.trunc(1000 / server.hz);
  while (server.blocked_last_cron < server.mstime) {
    server.blocked_last_cron += hz_ms;
    // So that run_with_period goes on working.
    server.cronloops++;
  }

  if (server.loading) cronUpdateMemoryStats();

  latencyAddSampleIfNeeded('while-blocked-cron', latencyEndMonitor(latency));

  if (server.shutdown_asap && server.loading) {
    if (prepareForShutdown(SHUTDOWN_NOSAVE) === C_OK) posix.exit(0);
    serverLog(
      LL_WARNING,
      'SIGTERM received but errors trying to shut down the server, check the logs for more information',
    );
    server.shutdown_asap = 0;
    server.last_sig_received = 0;
  }
}

/**
 * What is done before every sleep of the event loop: fast expiry, clients that were unblocked, replies that wait to be written, clients
 * to free or evict. From inside processEventsWhileBlocked only the part without which clients could not be served.
 * @c server.c:1523
 */
export function beforeSleep(_eventLoop: aeEventLoop): void {
  const zmalloc_used = zmalloc_used_memory();
  if (zmalloc_used > server.stat_peak_memory) server.stat_peak_memory = zmalloc_used;

  if (server.ProcessingEventsWhileBlocked) {
    let processed = 0;
    processed += handleClientsWithPendingWrites();
    processed += freeClientsInAsyncFreeQueue();
    server.events_processed_while_blocked += processed;
    return;
  }

  handleBlockedClientsTimeout();

  // Bytes that a TLS library holds back are not seen by poll.
  aeSetDontWait(server.el, tlsHasPendingData());

  // Returns at once when the last slow cycle found little to do.
  if (server.active_expire_enabled && server.masterhost === null) {
    activeExpireCycle(ACTIVE_EXPIRE_CYCLE_FAST);
  }

  // Their queries were already read while they were blocked.
  if (listLength(server.unblocked_clients)) processUnblockedClients();

  // Keys that became ready outside of a command.
  handleClientsBlockedOnKeys();

  handleClientsWithPendingWritesUsingThreads();

  freeClientsInAsyncFreeQueue();

  evictClients();
}

/* =========================== Server initialization ======================== */

/**
 * A shared object for a text that is sent as it stands.
 * @own createObject(OBJ_STRING, sdsnew(...)) as C writes it some sixty times, and made immune to reference counting
 */
export function sharedText(text: string): robj {
  const o = createObject(OBJ_STRING, sdsnewlen(text, text.length));
  ledger.used += objectAllocSize(o);
  return makeObjectShared(o);
}

/**
 * A shared object for a command name or argument.
 * @own createStringObject(...) as C writes it for these, and made immune to reference counting
 */
export function sharedString(text: string): robj {
  const o = createStringObject(text);
  ledger.used += objectAllocSize(o);
  return makeObjectShared(o);
}

/**
 * Makes the objects that replies and propagated commands share. They belong to the process: the first server makes them, further ones
 * only put their size on their account.
 * @c server.c:1679
 */
export function createSharedObjects(): void {
  if (shared.accounted) {
    ledger.used += shared.accounted;
    return;
  }
  const used_before = zmalloc_used_memory();

  shared.crlf = sharedText('\r\n');
  shared.ok = sharedText('+OK\r\n');
  shared.emptybulk = sharedText('$0\r\n\r\n');
  shared.czero = sharedText(':0\r\n');
  shared.cone = sharedText(':1\r\n');
  shared.emptyarray = sharedText('*0\r\n');
  shared.pong = sharedText('+PONG\r\n');
  shared.queued = sharedText('+QUEUED\r\n');
  shared.emptyscan = sharedText('*2\r\n$1\r\n0\r\n*0\r\n');
  shared.space = sharedText(' ');
  shared.plus = sharedText('+');

  shared.wrongtypeerr = sharedText(
    '-WRONGTYPE Operation against a key holding the wrong kind of value\r\n',
  );
  shared.err = sharedText('-ERR\r\n');
  shared.nokeyerr = sharedText('-ERR no such key\r\n');
  shared.syntaxerr = sharedText('-ERR syntax error\r\n');
  shared.sameobjecterr = sharedText('-ERR source and destination objects are the same\r\n');
  shared.outofrangeerr = sharedText('-ERR index out of range\r\n');
  shared.noscripterr = sharedText('-NOSCRIPT No matching script. Please use EVAL.\r\n');
  shared.loadingerr = sharedText('-LOADING Redis is loading the dataset in memory\r\n');
  shared.slowevalerr = sharedText(
    '-BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.\r\n',
  );
  shared.slowscripterr = sharedText(
    '-BUSY Redis is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE.\r\n',
  );
  shared.slowmoduleerr = sharedText('-BUSY Redis is busy running a module command.\r\n');
  shared.masterdownerr = sharedText(
    "-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.\r\n",
  );
  shared.bgsaveerr = sharedText(
    "-MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. " +
      'Commands that may modify the data set are disabled, because this instance is configured to report errors during ' +
      'writes if RDB snapshotting fails (stop-writes-on-bgsave-error option). Please check the Redis logs for details about ' +
      'the RDB error.\r\n',
  );
  shared.roslaveerr = sharedText("-READONLY You can't write against a read only replica.\r\n");
  shared.noautherr = sharedText('-NOAUTH Authentication required.\r\n');
  shared.oomerr = sharedText("-OOM command not allowed when used memory > 'maxmemory'.\r\n");
  shared.execaborterr = sharedText(
    '-EXECABORT Transaction discarded because of previous errors.\r\n',
  );
  shared.noreplicaserr = sharedText('-NOREPLICAS Not enough good replicas to write.\r\n');
  shared.busykeyerr = sharedText('-BUSYKEY Target key name already exists.\r\n');

  // These depend on the protocol version, which is the index; there is no version 0 or 1.
  const none = undefined as unknown as robj;
  shared.null = [none, none, sharedText('$-1\r\n'), sharedText('_\r\n')];
  shared.nullarray = [none, none, sharedText('*-1\r\n'), sharedText('_\r\n')];
  shared.emptymap = [none, none, sharedText('*0\r\n'), sharedText('%0\r\n')];
  shared.emptyset = [none, none, sharedText('*0\r\n'), sharedText('~0\r\n')];

  for (let j = 0; j < PROTO_SHARED_SELECT_CMDS; j++) {
    const dictid_str = ll2string(j);
    shared.select[j] = sharedText(
      `*2\r\n$6\r\nSELECT\r\n$${dictid_str.length}\r\n${dictid_str}\r\n`,
    );
  }
  shared.messagebulk = sharedString('$7\r\nmessage\r\n');
  shared.pmessagebulk = sharedString('$8\r\npmessage\r\n');
  shared.subscribebulk = sharedString('$9\r\nsubscribe\r\n');
  shared.unsubscribebulk = sharedString('$11\r\nunsubscribe\r\n');
  shared.ssubscribebulk = sharedString('$10\r\nssubscribe\r\n');
  shared.sunsubscribebulk = sharedString('$12\r\nsunsubscribe\r\n');
  shared.smessagebulk = sharedString('$8\r\nsmessage\r\n');
  shared.psubscribebulk = sharedString('$10\r\npsubscribe\r\n');
  shared.punsubscribebulk = sharedString('$12\r\npunsubscribe\r\n');

  shared.del = sharedString('DEL');
  shared.unlink = sharedString('UNLINK');
  shared.rpop = sharedString('RPOP');
  shared.lpop = sharedString('LPOP');
  shared.lpush = sharedString('LPUSH');
  shared.rpoplpush = sharedString('RPOPLPUSH');
  shared.lmove = sharedString('LMOVE');
  shared.blmove = sharedString('BLMOVE');
  shared.zpopmin = sharedString('ZPOPMIN');
  shared.zpopmax = sharedString('ZPOPMAX');
  shared.multi = sharedString('MULTI');
  shared.exec = sharedString('EXEC');
  shared.hset = sharedString('HSET');
  shared.srem = sharedString('SREM');
  shared.xgroup = sharedString('XGROUP');
  shared.xclaim = sharedString('XCLAIM');
  shared.script = sharedString('SCRIPT');
  shared.replconf = sharedString('REPLCONF');
  shared.pexpireat = sharedString('PEXPIREAT');
  shared.pexpire = sharedString('PEXPIRE');
  shared.persist = sharedString('PERSIST');
  shared.set = sharedString('SET');
  shared.eval = sharedString('EVAL');

  shared.left = sharedString('left');
  shared.right = sharedString('right');
  shared.pxat = sharedString('PXAT');
  shared.time = sharedString('TIME');
  shared.retrycount = sharedString('RETRYCOUNT');
  shared.force = sharedString('FORCE');
  shared.justid = sharedString('JUSTID');
  shared.entriesread = sharedString('ENTRIESREAD');
  shared.lastid = sharedString('LASTID');
  shared.default_username = sharedString('default');
  shared.ping = sharedString('ping');
  shared.setid = sharedString('SETID');
  shared.keepttl = sharedString('KEEPTTL');
  shared.absttl = sharedString('ABSTTL');
  shared.load = sharedString('LOAD');
  shared.createconsumer = sharedString('CREATECONSUMER');
  shared.getack = sharedString('GETACK');
  shared.special_asterick = sharedString('*');
  shared.special_equals = sharedString('=');
  shared.redacted = sharedString('(redacted)');

  for (let j = 0; j < OBJ_SHARED_INTEGERS; j++) {
    const o = createObject(OBJ_STRING, j);
    o.encoding = OBJ_ENCODING_INT;
    ledger.used += objectAllocSize(o);
    shared.integers[j] = makeObjectShared(o);
  }
  for (let j = 0; j < OBJ_SHARED_BULKHDR_LEN; j++) {
    shared.mbulkhdr[j] = sharedText(`*${j}\r\n`);
    shared.bulkhdr[j] = sharedText(`$${j}\r\n`);
    shared.maphdr[j] = sharedText(`%${j}\r\n`);
    shared.sethdr[j] = sharedText(`~${j}\r\n`);
  }
  // shared.minstring and shared.maxstring are in C two strings of these names.
  zmalloc(sdsStringAllocSize('minstring'.length));
  zmalloc(sdsStringAllocSize('maxstring'.length));

  shared.accounted = zmalloc_used_memory() - used_before;
}

/**
 * Gives the new server its defaults, those of the config table included, and its command table: both are needed before the
 * config file is read, which may rename commands.
 * @c server.c:1845
 */
export function initServerConfig(): void {
  initConfigValues();
  updateCachedTime(1);
  server.runid = getRandomHexChars(CONFIG_RUN_ID_SIZE);
  changeReplicationId();
  clearReplicationId2();
  // Used before the config file may have its say.
  server.hz = CONFIG_DEFAULT_HZ;
  server.timezone = getTimeZone();
  server.configfile = null;
  server.executable = null;
  server.arch_bits = 64;
  server.bindaddr_count = CONFIG_DEFAULT_BINDADDR_COUNT;
  for (let j = 0; j < CONFIG_DEFAULT_BINDADDR_COUNT; j++) {
    server.bindaddr[j] = CONFIG_DEFAULT_BINDADDR[j];
  }
  server.ipfd.count = 0;
  server.tlsfd.count = 0;
  server.sofd = -1;
  server.active_expire_enabled = 1;
  server.skip_checksum_validation = 0;
  server.loading = 0;
  server.async_loading = 0;
  server.loading_rdb_used_mem = 0;
  server.aof_state = AOF_OFF;
  server.aof_rewrite_base_size = 0;
  server.aof_rewrite_scheduled = 0;
  server.aof_flush_sleep = 0;
  server.aof_last_fsync = time(null);
  server.aof_cur_timestamp = 0;
  server.aof_bio_fsync_status = C_OK;
  server.aof_rewrite_time_last = -1;
  server.aof_rewrite_time_start = -1;
  server.aof_lastbgrewrite_status = C_OK;
  server.aof_delayed_fsync = 0;
  server.aof_fd = -1;
  server.aof_selected_db = -1;
  server.aof_flush_postponed_start = 0;
  server.aof_last_incr_size = 0;
  server.active_defrag_running = 0;
  server.notify_keyspace_events = 0;
  server.blocked_clients = 0;
  server.blocked_clients_by_type.fill(0);
  server.shutdown_asap = 0;
  server.shutdown_flags = 0;
  server.shutdown_mstime = 0;
  server.next_client_id = 1;
  server.page_size = posix.getpagesize();
  server.pause_cron = 0;

  server.latency_tracking_info_percentiles_len = 3;
  server.latency_tracking_info_percentiles = [50.0, 99.0, 99.9];

  server.lruclock = getLRUClock();
  resetServerSaveParams();

  appendServerSaveParams(60 * 60, 1);
  appendServerSaveParams(300, 100);
  appendServerSaveParams(60, 10000);

  server.masterhost = null;
  server.masterport = 6379;
  server.master = null;
  server.cached_master = null;
  server.master_initial_offset = -1;
  server.repl_state = REPL_STATE_NONE;
  server.repl_transfer_tmpfile = null;
  server.repl_transfer_fd = -1;
  server.repl_transfer_s = null;
  server.repl_syncio_timeout = CONFIG_REPL_SYNCIO_TIMEOUT;
  server.repl_down_since = 0;
  server.master_repl_offset = 0;

  server.repl_backlog = null;
  server.repl_no_slaves_since = time(null);

  server.failover_end_time = 0;
  server.force_failover = 0;
  server.target_replica_host = null;
  server.target_replica_port = 0;
  server.failover_state = NO_FAILOVER;

  for (let j = 0; j < CLIENT_TYPE_OBUF_COUNT; j++) {
    const limits = clientBufferLimitsDefaults[j];
    server.client_obuf_limits[j] = new clientBufferLimitsConfig(
      limits.hard_limit_bytes,
      limits.soft_limit_bytes,
      limits.soft_limit_seconds,
    );
  }

  for (let j = 0; j < CONFIG_OOM_COUNT; j++) {
    server.oom_score_adj_values[j] = configOOMScoreAdjValuesDefaults[j];
  }

  server.commands = dictCreate(commandTableDictType);
  server.orig_commands = dictCreate(commandTableDictType);
  populateCommandTable();

  server.watchdog_period = 0;
}

/**
 * Replaces this process by a fresh one with the same command line, after `delay` milliseconds; `flags` (RESTART_SERVER_*) ask for a proper
 * shutdown and for a rewrite of the config file before. Does not return, but for C_ERR when a preparation failed, which is logged.
 * @c server.c:1984
 */
export function restartServer(flags: number, delay: number): number {
  // The program that runs, with the interpreter in front; what follows the script are the arguments of main.
  const exec_argv = posix.execArgv();
  if (server.executable === null || posix.access(exec_argv[0], X_OK) === -1) {
    serverLog(
      LL_WARNING,
      `Can't restart: this process has no permissions to execute ${server.executable}`,
    );
    return C_ERR;
  }

  if (
    flags & RESTART_SERVER_CONFIG_REWRITE &&
    server.configfile &&
    rewriteConfig(server.configfile, false) === -1
  ) {
    serverLog(
      LL_WARNING,
      `Can't restart: configuration rewrite process failed: ${strerror(posix.errno)}`,
    );
    return C_ERR;
  }

  if (flags & RESTART_SERVER_GRACEFULLY && prepareForShutdown(SHUTDOWN_NOW) !== C_OK) {
    serverLog(LL_WARNING, "Can't restart: error preparing for shutdown");
    return C_ERR;
  }

  // All descriptors but the standard ones are close-on-exec, so that there is nothing to close one by one.
  if (delay) posix.usleep(delay * 1000);
  const interpreter = exec_argv.slice(0, exec_argv.length - server.exec_argv.length);
  posix.execve(
    exec_argv[0],
    [...interpreter, server.executable, ...server.exec_argv.slice(1)],
    posix.environ(),
  );

  posix.exit(1);
}

/**
 * Tells the kernel how willingly it may kill us when memory is short. `process_class` is a CONFIG_OOM_* index into the configured
 * values, -1 for master or replica, whichever we are. When the option is switched off the original score is restored. C_ERR, and a log
 * line, when /proc does not play along.
 * @c server.c:2040
 */
export function setOOMScoreAdj(process_class: number): number {
  if (process_class === -1) {
    process_class = server.masterhost ? CONFIG_OOM_REPLICA : CONFIG_OOM_MASTER;
  }
  serverAssert(
    process_class >= 0 && process_class < CONFIG_OOM_COUNT,
    'process_class >= 0 && process_class < CONFIG_OOM_COUNT',
  );

  let val: number;
  if (server.oom_score_adj !== OOM_SCORE_ADJ_NO) {
    if (!server.oom_score_adjusted_by_redis) {
      server.oom_score_adjusted_by_redis = 1;
      const buf = posix.readFile('/proc/self/oom_score_adj');
      if (buf === null) {
        serverLog(LL_WARNING, `Unable to read oom_score_adj: ${strerror(posix.errno)}`);
        return C_ERR;
      }
      server.oom_score_adj_base = atoi(Buffer.from(buf).toString('latin1'));
    }

    val = server.oom_score_adj_values[process_class];
    if (server.oom_score_adj === OOM_SCORE_RELATIVE) val += server.oom_score_adj_base;
    if (val > 1000) val = 1000;
    if (val < -1000) val = -1000;
  } else if (server.oom_score_adjusted_by_redis) {
    server.oom_score_adjusted_by_redis = 0;
    val = server.oom_score_adj_base;
  } else {
    return C_OK;
  }

  const buf = Buffer.from(`${val}\n`, 'latin1');
  const fd = posix.open('/proc/self/oom_score_adj', O_WRONLY, 0);
  if (fd < 0 || posix.write(fd, buf, 0, buf.length) < 0) {
    serverLog(LL_WARNING, `Unable to write oom_score_adj: ${strerror(posix.errno)}`);
    if (fd !== -1) posix.close(fd);
    return C_ERR;
  }
  posix.close(fd);
  return C_OK;
}

/**
 * Raises the limit of open files to what maxclients and our own files take. Where the system does not allow so many, maxclients goes down
 * to what it does allow; when not even one client would be left the process exits.
 * @c server.c:2112
 */
export function adjustOpenFilesLimit(): void {
  const maxfiles = server.maxclients + CONFIG_MIN_RESERVED_FDS;
  const limit = posix.getrlimit(RLIMIT_NOFILE);
  if (limit === null) {
    serverLog(
      LL_WARNING,
      `Unable to obtain the current NOFILE limit (${strerror(posix.errno)}), assuming 1024 and setting the max clients ` +
        'configuration accordingly.',
    );
    server.maxclients = 1024 - CONFIG_MIN_RESERVED_FDS;
    return;
  }
  const oldlimit = limit.rlim_cur;
  if (oldlimit >= maxfiles) return;

  // Downwards in small steps, until the system agrees.
  const decr_step = 16;
  let setrlimit_error = 0;
  let bestlimit = maxfiles;
  while (bestlimit > oldlimit) {
    limit.rlim_cur = bestlimit;
    limit.rlim_max = bestlimit;
    if (posix.setrlimit(RLIMIT_NOFILE, limit) !== -1) break;
    setrlimit_error = posix.errno;
    if (bestlimit < decr_step) {
      bestlimit = oldlimit;
      break;
    }
    bestlimit -= decr_step;
  }

  if (bestlimit < oldlimit) bestlimit = oldlimit;

  if (bestlimit < maxfiles) {
    const old_maxclients = server.maxclients;
    server.maxclients = bestlimit - CONFIG_MIN_RESERVED_FDS;
    if (bestlimit <= CONFIG_MIN_RESERVED_FDS) {
      serverLog(
        LL_WARNING,
        `Your current 'ulimit -n' of ${oldlimit} is not enough for the server to start. ` +
          `Please increase your open file limit to at least ${maxfiles}. Exiting.`,
      );
      posix.exit(1);
    }
    serverLog(
      LL_WARNING,
      `You requested maxclients of ${old_maxclients} requiring at least ${maxfiles} max file descriptors.`,
    );
    serverLog(
      LL_WARNING,
      `Server can't set maximum open files to ${maxfiles} because of OS error: ${strerror(setrlimit_error)}.`,
    );
    serverLog(
      LL_WARNING,
      `Current maximum open files is ${bestlimit}. maxclients has been reduced to ${server.maxclients} to compensate ` +
        "for low ulimit. If you need higher maxclients increase 'ulimit -n'.",
    );
  } else {
    serverLog(
      LL_NOTICE,
      `Increased maximum number of open files to ${maxfiles} (it was originally set to ${oldlimit}).`,
    );
  }
}

/**
 * Warns when the kernel will not queue as many connections as tcp-backlog asks for.
 * @c server.c:2192
 */
export function checkTcpBacklogSettings(): void {
  const line = read_sysfs_line('/proc/sys/net/core/somaxconn');
  if (line === null) return;
  const somaxconn = atoi(line);
  if (somaxconn > 0 && somaxconn < server.tcp_backlog) {
    serverLog(
      LL_WARNING,
      `WARNING: The TCP backlog setting of ${server.tcp_backlog} cannot be enforced because /proc/sys/net/core/somaxconn is ` +
        `set to the lower value of ${somaxconn}.`,
    );
  }
}

/**
 * Stops listening on a set of sockets and closes them.
 * @c server.c:2236
 */
export function closeSocketListeners(sfd: socketFds): void {
  for (let j = 0; j < sfd.count; j++) {
    if (sfd.fd[j] === -1) continue;
    aeDeleteFileEvent(server.el, sfd.fd[j], AE_READABLE);
    posix.close(sfd.fd[j]);
  }
  sfd.count = 0;
}

/**
 * Has `accept_handler` called for new connections on a set of sockets: on all of them or, with C_ERR, on none.
 * @c server.c:2251
 */
export function createSocketAcceptHandler(sfd: socketFds, accept_handler: aeFileProc): number {
  for (let j = 0; j < sfd.count; j++) {
    if (aeCreateFileEvent(server.el, sfd.fd[j], AE_READABLE, accept_handler, null) === AE_ERR) {
      for (j = j - 1; j >= 0; j--) aeDeleteFileEvent(server.el, sfd.fd[j], AE_READABLE);
      return C_ERR;
    }
  }
  return C_OK;
}

/**
 * Listens on `port` at all configured addresses and appends the sockets to `sfd`. An address with a leading `-` may be absent from the
 * machine, a whole protocol may be, too; any other failure closes what was opened, and is C_ERR. No addresses at all is C_OK.
 * @c server.c:2282
 */
export function listenToPort(port: number, sfd: socketFds): number {
  for (let j = 0; j < server.bindaddr_count; j++) {
    let addr = server.bindaddr[j];
    const optional = addr.startsWith('-');
    if (optional) addr = addr.slice(1);
    sfd.fd[sfd.count] = addr.includes(':')
      ? anetTcp6Server(server, port, addr, server.tcp_backlog)
      : anetTcpServer(server, port, addr, server.tcp_backlog);
    if (sfd.fd[sfd.count] === ANET_ERR) {
      const net_errno = posix.errno;
      serverLog(
        LL_WARNING,
        `Warning: Could not create server TCP listening socket ${addr}:${port}: ${server.neterr}`,
      );
      if (net_errno === EADDRNOTAVAIL && optional) continue;
      if (
        net_errno === ENOPROTOOPT ||
        net_errno === EPROTONOSUPPORT ||
        net_errno === ESOCKTNOSUPPORT ||
        net_errno === EPFNOSUPPORT ||
        net_errno === EAFNOSUPPORT
      ) {
        continue;
      }
      closeSocketListeners(sfd);
      return C_ERR;
    }
    if (server.socket_mark_id > 0) {
      anetSetSockMarkId(null, sfd.fd[sfd.count], server.socket_mark_id);
    }
    anetNonBlock(null, sfd.fd[sfd.count]);
    anetCloexec(sfd.fd[sfd.count]);
    sfd.count++;
  }
  return C_OK;
}

/**
 * Sets to zero what CONFIG RESETSTAT resets.
 * @c server.c:2327
 */
export function resetServerStats(): void {
  server.stat_numcommands = 0;
  server.stat_numconnections = 0;
  server.stat_expiredkeys = 0;
  server.stat_expired_stale_perc = 0;
  server.stat_expired_time_cap_reached_count = 0;
  server.stat_expire_cycle_time_used = 0;
  server.stat_evictedkeys = 0;
  server.stat_evictedclients = 0;
  server.stat_total_eviction_exceeded_time = 0;
  server.stat_last_eviction_exceeded_time = 0;
  server.stat_keyspace_misses = 0;
  server.stat_keyspace_hits = 0;
  server.stat_active_defrag_hits = 0;
  server.stat_active_defrag_misses = 0;
  server.stat_active_defrag_key_hits = 0;
  server.stat_active_defrag_key_misses = 0;
  server.stat_active_defrag_scanned = 0;
  server.stat_total_active_defrag_time = 0;
  server.stat_last_active_defrag_time = 0;
  server.stat_fork_time = 0;
  server.stat_fork_rate = 0;
  server.stat_total_forks = 0;
  server.stat_rejected_conn = 0;
  server.stat_sync_full = 0;
  server.stat_sync_partial_ok = 0;
  server.stat_sync_partial_err = 0;
  server.stat_io_reads_processed = 0;
  server.stat_total_reads_processed = 0;
  server.stat_io_writes_processed = 0;
  server.stat_total_writes_processed = 0;
  for (let j = 0; j < STATS_METRIC_COUNT; j++) {
    server.inst_metric[j].idx = 0;
    server.inst_metric[j].last_sample_time = mstime();
    server.inst_metric[j].last_sample_count = 0;
    server.inst_metric[j].samples.fill(0);
  }
  server.stat_aof_rewrites = 0;
  server.stat_rdb_saves = 0;
  server.stat_aofrw_consecutive_failures = 0;
  server.stat_net_input_bytes = 0;
  server.stat_net_output_bytes = 0;
  server.stat_net_repl_input_bytes = 0;
  server.stat_net_repl_output_bytes = 0;
  server.stat_unexpected_error_replies = 0;
  server.stat_total_error_replies = 0;
  server.stat_dump_payload_sanitizations = 0;
  server.aof_delayed_fsync = 0;
  server.stat_reply_buffer_shrinks = 0;
  server.stat_reply_buffer_expands = 0;
  lazyfreeResetStats();
}

/**
 * Builds what the server needs to run, now that its options are known: signal handlers, lists, event loop, listening sockets, databases,
 * timer. Exits with a log line when it cannot listen.
 * @c server.c:2391
 */
export function initServer(): void {
  posix.signal(SIGHUP, SIG_IGN);
  posix.signal(SIGPIPE, SIG_IGN);
  setupSignalHandlers();

  if (server.syslog_enabled) {
    posix.openlog(
      server.syslog_ident ?? '',
      LOG_PID | LOG_NDELAY | LOG_NOWAIT,
      server.syslog_facility,
    );
  }

  server.aof_state = server.aof_enabled ? AOF_ON : AOF_OFF;
  server.hz = server.config_hz;
  server.pid = posix.getpid();
  server.in_fork_child = CHILD_TYPE_NONE;
  server.current_client = null;
  server.errors = raxNew();
  server.fixed_time_expire = 0;
  server.in_nested_call = 0;
  server.clients = listCreate();
  server.clients_index = raxNew();
  server.clients_to_close = listCreate();
  server.slaves = listCreate();
  server.monitors = listCreate();
  server.clients_pending_write = listCreate();
  server.clients_pending_read = listCreate();
  server.clients_timeout_table = raxNew();
  server.replication_allowed = 1;
  server.slaveseldb = -1;
  server.unblocked_clients = listCreate();
  server.ready_keys = listCreate();
  server.tracking_pending_keys = listCreate();
  server.clients_waiting_acks = listCreate();
  server.get_ack_from_slaves = 0;
  server.client_pause_type = CLIENT_PAUSE_OFF;
  server.client_pause_end_time = 0;
  server.client_pause_per_purpose.fill(null);
  server.postponed_clients = listCreate();
  server.events_processed_while_blocked = 0;
  server.system_memory_size = zmalloc_get_memory_size();
  server.blocked_last_cron = 0;
  server.blocking_op_nesting = 0;
  server.thp_enabled = 0;
  server.reply_buffer_peak_reset_time = REPLY_BUFFER_DEFAULT_PEAK_RESET_TIME;
  server.reply_buffer_resizing_enabled = 1;

  for (let j = 0; j < CLIENT_MEM_USAGE_BUCKETS; j++) {
    server.client_mem_usage_buckets[j] = new clientMemUsageBucket();
  }

  createSharedObjects();
  adjustOpenFilesLimit();
  serverLog(LL_NOTICE, `monotonic clock: ${monotonicInit()}`);
  const el = aeCreateEventLoop(server.maxclients + CONFIG_FDSET_INCR);
  if (el === null) {
    serverLog(
      LL_WARNING,
      `Failed creating the event loop. Error message: '${strerror(posix.errno)}'`,
    );
    posix.exit(1);
  }
  server.el = el;
  // Several servers may share a process: each turn of this loop begins by making this one current.
  el.makeCurrent = useServer.bind(null, server);
  el.privdata = server;

  if (server.port !== 0 && listenToPort(server.port, server.ipfd) === C_ERR) {
    serverLog(LL_WARNING, `Failed listening on port ${server.port} (TCP), aborting.`);
    posix.exit(1);
  }

  if (server.unixsocket !== null) {
    // A socket left behind by an earlier run would be in the way.
    posix.unlink(server.unixsocket);
    server.sofd = anetUnixServer(
      server,
      server.unixsocket,
      server.unixsocketperm,
      server.tcp_backlog,
    );
    if (server.sofd === ANET_ERR) {
      serverLog(LL_WARNING, `Failed opening Unix socket: ${server.neterr}`);
      posix.exit(1);
    }
    anetNonBlock(null, server.sofd);
    anetCloexec(server.sofd);
  }

  if (server.ipfd.count === 0 && server.tlsfd.count === 0 && server.sofd < 0) {
    serverLog(LL_WARNING, 'Configured to not listen anywhere, exiting.');
    posix.exit(1);
  }

  for (let j = 0; j < server.dbnum; j++) {
    const db = new redisDb();
    db.dict = dictCreate(dbDictType);
    db.expires = dictCreate(dbExpiresDictType);
    db.expires_cursor = 0;
    db.blocking_keys = dictCreate(keylistDictType);
    db.ready_keys = dictCreate(objectKeyPointerValueDictType);
    db.watched_keys = dictCreate(keylistDictType as unknown as dictType<robj, list<watchedKey>>);
    db.id = j;
    db.avg_ttl = 0;
    server.db[j] = db;
  }
  evictionPoolAlloc();
  server.pubsub_channels = dictCreate(keylistDictType);
  server.pubsub_patterns = dictCreate(keylistDictType);
  server.pubsubshard_channels = dictCreate(keylistDictType);
  server.cronloops = 0;
  server.in_exec = 0;
  server.busy_module_yield_flags = BUSY_MODULE_YIELD_NONE;
  server.busy_module_yield_reply = null;
  server.core_propagates = 0;
  server.propagate_no_multi = 0;
  server.module_ctx_nesting = 0;
  server.client_pause_in_transaction = 0;
  server.child_pid = -1;
  server.child_type = CHILD_TYPE_NONE;
  server.rdb_child_type = RDB_CHILD_TYPE_NONE;
  server.rdb_pipe_conns = [];
  server.rdb_pipe_numconns = 0;
  server.rdb_pipe_numconns_writing = 0;
  server.rdb_pipe_buff = null;
  server.rdb_pipe_bufflen = 0;
  server.rdb_bgsave_scheduled = 0;
  server.child_info_pipe[0] = -1;
  server.child_info_pipe[1] = -1;
  server.child_info_nread = 0;
  server.aof_buf = sdsempty();
  server.lastsave = time(null);
  server.lastbgsave_try = 0;
  server.rdb_save_time_last = -1;
  server.rdb_save_time_start = -1;
  server.rdb_last_load_keys_expired = 0;
  server.rdb_last_load_keys_loaded = 0;
  server.dirty = 0;
  resetServerStats();
  // What RESETSTAT leaves alone.
  server.stat_starttime = time(null);
  server.stat_peak_memory = 0;
  server.stat_current_cow_peak = 0;
  server.stat_current_cow_bytes = 0;
  server.stat_current_cow_updated = 0;
  server.stat_current_save_keys_processed = 0;
  server.stat_current_save_keys_total = 0;
  server.stat_rdb_cow_bytes = 0;
  server.stat_aof_cow_bytes = 0;
  server.stat_module_cow_bytes = 0;
  server.stat_module_progress = 0;
  for (let j = 0; j < CLIENT_TYPE_COUNT; j++) server.stat_clients_type_memory[j] = 0;
  server.stat_cluster_links_memory = 0;
  server.cron_malloc_stats.zmalloc_used = 0;
  server.cron_malloc_stats.process_rss = 0;
  server.cron_malloc_stats.allocator_allocated = 0;
  server.cron_malloc_stats.allocator_active = 0;
  server.cron_malloc_stats.allocator_resident = 0;
  server.lastbgsave_status = C_OK;
  server.aof_last_write_status = C_OK;
  server.aof_last_write_errno = 0;
  server.repl_good_slaves_count = 0;
  server.last_sig_received = 0;

  if (aeCreateTimeEvent(server.el, 1, serverCron, null, null) === AE_ERR) {
    serverPanic("Can't create event loop timers.");
  }

  if (createSocketAcceptHandler(server.ipfd, acceptTcpHandler) !== C_OK) {
    serverPanic('Unrecoverable error creating TCP socket accept handler.');
  }
  if (
    server.sofd > 0 &&
    aeCreateFileEvent(server.el, server.sofd, AE_READABLE, acceptUnixHandler, null) === AE_ERR
  ) {
    serverPanic('Unrecoverable error creating server.sofd file event.');
  }

  aeSetBeforeSleepProc(server.el, beforeSleep);

  slowlogInit();
  latencyMonitorInit();

  ACLUpdateDefaultUserPassword(server.requirepass);
}

/**
 * The last step of initialization: what is in memory now is what an empty server takes.
 * @c server.c:2634
 */
export function InitServerLast(): void {
  set_jemalloc_bg_thread(server.jemalloc_bg_thread);
  server.initial_memory_usage = zmalloc_used_memory();
}

/**
 * Works out the old (first, last, step) description of a command's keys, which COMMAND shows, from its key specs: ranges that
 * follow one upon another are glued together. Marks the command with CMD_MOVABLE_KEYS when some of its keys lie elsewhere.
 * @c server.c:2671
 */
export function populateCommandLegacyRangeSpec(c: redisCommand): void {
  c.legacy_range_key_spec = new keySpec();

  if (c.flags & CMD_MODULE_GETKEYS) c.flags |= CMD_MOVABLE_KEYS;

  if (c.key_specs_num === 0) return;

  if (
    c.key_specs_num === 1 &&
    c.key_specs[0].begin_search_type === KSPEC_BS_INDEX &&
    c.key_specs[0].find_keys_type === KSPEC_FK_RANGE
  ) {
    c.legacy_range_key_spec = c.key_specs[0];
    if (c.key_specs[0].flags & CMD_KEY_INCOMPLETE) c.flags |= CMD_MOVABLE_KEYS;
    return;
  }

  const INT_MAX = 0x7fffffff;
  let firstkey = INT_MAX;
  let lastkey = 0;
  let prev_lastkey = 0;
  for (let i = 0; i < c.key_specs_num; i++) {
    const ks = c.key_specs[i];
    if (ks.begin_search_type !== KSPEC_BS_INDEX || ks.find_keys_type !== KSPEC_FK_RANGE) {
      c.flags |= CMD_MOVABLE_KEYS;
      continue;
    }
    if (ks.fk.range.keystep !== 1 || (prev_lastkey && prev_lastkey !== ks.bs.index.pos - 1)) {
      // Has gaps, or does not begin where the range before it ended.
      c.flags |= CMD_MOVABLE_KEYS;
      continue;
    }
    // Usable, but not the whole truth.
    if (ks.flags & CMD_KEY_INCOMPLETE) c.flags |= CMD_MOVABLE_KEYS;
    firstkey = Math.min(firstkey, ks.bs.index.pos);
    let lastkey_abs_index = ks.fk.range.lastkey;
    if (lastkey_abs_index >= 0) lastkey_abs_index += ks.bs.index.pos;
    // As unsigned numbers: what counts from the end is larger than what counts from the start.
    if (lastkey_abs_index >>> 0 > lastkey >>> 0) lastkey = lastkey_abs_index;
    prev_lastkey = lastkey;
  }

  if (firstkey === INT_MAX) {
    c.flags |= CMD_MOVABLE_KEYS;
    return;
  }

  serverAssert(firstkey !== 0, 'firstkey != 0');
  serverAssert(lastkey !== 0, 'lastkey != 0');

  const legacy = c.legacy_range_key_spec;
  legacy.begin_search_type = KSPEC_BS_INDEX;
  legacy.bs.index.pos = firstkey;
  legacy.find_keys_type = KSPEC_FK_RANGE;
  // Counted from the first key, as in any range.
  legacy.fk.range.lastkey = lastkey < 0 ? lastkey : lastkey - firstkey;
  legacy.fk.range.keystep = 1;
  legacy.fk.range.limit = 0;
}

/**
 * The full name of a subcommand: `config|get`.
 * @c server.c:2746
 */
export function catSubCommandFullname(parent_name: string, sub_name: string): string {
  return `${parent_name}|${sub_name}`;
}

/**
 * Puts a subcommand into its container, under the name that clients say.
 * @c server.c:2750
 */
export function commandAddSubcommand(
  parent: redisCommand,
  subcommand: redisCommand,
  declared_name: string,
): void {
  if (!parent.subcommands_dict) parent.subcommands_dict = dictCreate(commandTableDictType);

  subcommand.parent = parent;
  subcommand.id = ACLGetCommandID(subcommand.fullname);

  zmalloc(sdsStringAllocSize(declared_name.length));
  serverAssert(
    dictAdd(parent.subcommands_dict, declared_name, subcommand) === DICT_OK,
    'dictAdd(parent->subcommands_dict, sdsnew(declared_name), subcommand) == DICT_OK',
  );
}

/**
 * Adds the ACL categories that follow from a command's flags.
 * @c server.c:2762
 */
export function setImplicitACLCategories(c: redisCommand): void {
  if (c.flags & CMD_WRITE) c.acl_categories |= ACL_CATEGORY_WRITE;
  // Scripts that only read are in a category of their own.
  if (c.flags & CMD_READONLY && !(c.acl_categories & ACL_CATEGORY_SCRIPTING)) {
    c.acl_categories |= ACL_CATEGORY_READ;
  }
  if (c.flags & CMD_ADMIN) c.acl_categories |= ACL_CATEGORY_ADMIN | ACL_CATEGORY_DANGEROUS;
  if (c.flags & CMD_PUBSUB) c.acl_categories |= ACL_CATEGORY_PUBSUB;
  if (c.flags & CMD_FAST) c.acl_categories |= ACL_CATEGORY_FAST;
  if (c.flags & CMD_BLOCKING) c.acl_categories |= ACL_CATEGORY_BLOCKING;

  // Whoever is not fast is slow.
  if (!(c.acl_categories & ACL_CATEGORY_FAST)) c.acl_categories |= ACL_CATEGORY_SLOW;
}

/**
 * Counts the arguments of arguments, all the way down. Returns the length of `args`, 0 for null.
 * @c server.c:2784
 */
export function populateArgsStructure(args: redisCommandArg[] | null): number {
  if (!args) return 0;
  let count = 0;
  for (const arg of args) {
    arg.num_args = populateArgsStructure(arg.subargs);
    count++;
  }
  return count;
}

/**
 * Fills the run time members of a command and of its subcommands. C_ERR when the command does not exist in the mode that we run in.
 * @c server.c:2801
 */
export function populateCommandStructure(c: redisCommand): number {
  if (!(c.flags & CMD_SENTINEL) && server.sentinel_mode) return C_ERR;
  if (c.flags & CMD_ONLY_SENTINEL && !server.sentinel_mode) return C_ERR;

  setImplicitACLCategories(c);

  c.key_specs = c.key_specs_static;
  c.key_specs_max = STATIC_KEY_SPECS_NUM;
  c.latency_histogram = null;
  c.key_specs_num = 0;
  for (let i = 0; i < c.key_specs.length; i++) {
    if (c.key_specs[i].begin_search_type === KSPEC_BS_INVALID) break;
    c.key_specs_num++;
  }

  // Counted once, so that COMMAND need not defer the lengths.
  c.num_history = c.history ? c.history.length : 0;
  c.num_tips = c.tips ? c.tips.length : 0;
  c.num_args = populateArgsStructure(c.args);

  populateCommandLegacyRangeSpec(c);

  c.id = ACLGetCommandID(c.fullname);

  if (c.subcommands) {
    for (const sub of c.subcommands) {
      sub.fullname = catSubCommandFullname(c.declared_name, sub.declared_name);
      if (populateCommandStructure(sub) === C_ERR) continue;
      commandAddSubcommand(c, sub, sub.declared_name);
    }
  }

  return C_OK;
}

/**
 * Fills the two dictionaries of commands from the generated table: `commands`, in which they may be renamed, and
 * `orig_commands`, in which they keep their names.
 * @c server.c:2862
 */
export function populateCommandTable(): void {
  for (const c of redisCommandTable()) {
    c.fullname = c.declared_name;
    if (populateCommandStructure(c) === C_ERR) continue;

    const size = sdsStringAllocSize(c.fullname.length);
    zmalloc(size);
    const retval1 = dictAdd(server.commands, c.fullname, c);
    zmalloc(size);
    const retval2 = dictAdd(server.orig_commands, c.fullname, c);
    serverAssert(
      retval1 === DICT_OK && retval2 === DICT_OK,
      'retval1 == DICT_OK && retval2 == DICT_OK',
    );
  }
}

/**
 * Forgets the statistics of all commands in a table and of their subcommands.
 * @c server.c:2885
 */
export function resetCommandTableStats(commands: dict<string, redisCommand>): void {
  const di = dictGetSafeIterator(commands);
  let de: dictEntry<string, redisCommand> | null;
  while ((de = dictNext(di)) !== null) {
    const c = dictGetVal(de);
    c.microseconds = 0;
    c.calls = 0;
    c.rejected_calls = 0;
    c.failed_calls = 0;
    if (c.latency_histogram) {
      hdr_close(c.latency_histogram);
      c.latency_histogram = null;
    }
    if (c.subcommands_dict) resetCommandTableStats(c.subcommands_dict);
  }
  dictReleaseIterator(di);
}

/**
 * Takes the counter of one kind of error off the account of memory.
 * @own zfree as C passes it to raxFreeWithCallback
 */
export function freeRedisError(_error: redisError): void {
  zfree(SIZEOF_REDIS_ERROR);
}

/**
 * Forgets the counts of error replies.
 * @c server.c:2907
 */
export function resetErrorTableStats(): void {
  raxFreeWithCallback(server.errors, freeRedisError);
  server.errors = raxNew();
}

/* ========================== Redis OP Array API ============================ */

/**
 * Makes the array empty.
 * @c server.c:2914
 */
export function redisOpArrayInit(oa: redisOpArray): void {
  oa.ops = [];
  oa.numops = 0;
  oa.capacity = 0;
}

/**
 * Appends a command to be propagated; the array keeps `argv` and its references. Returns the new length.
 * @c server.c:2920
 */
export function redisOpArrayAppend(
  oa: redisOpArray,
  dbid: number,
  argv: robj[],
  argc: number,
  target: number,
): number {
  if (oa.numops === 0) oa.capacity = 16;
  else if (oa.numops >= oa.capacity) oa.capacity *= 2;

  const op = new redisOp();
  op.dbid = dbid;
  op.argv = argv;
  op.argc = argc;
  op.target = target;
  oa.ops[oa.numops] = op;
  oa.numops++;
  return oa.numops;
}

/**
 * Gives up the references that the array holds and makes it empty.
 * @c server.c:2941
 */
export function redisOpArrayFree(oa: redisOpArray): void {
  while (oa.numops) {
    oa.numops--;
    const op = oa.ops[oa.numops];
    for (let j = 0; j < op.argc; j++) decrRefCount(op.argv[j]);
  }
  redisOpArrayInit(oa);
}

/* ====================== Commands lookup and execution ===================== */

/**
 * Whether the name is that of a command with subcommands.
 * @c server.c:2958
 */
export function isContainerCommandBySds(s: string): boolean {
  const base_cmd = dictFetchValue(server.commands, s);
  return base_cmd !== null && base_cmd.subcommands_dict !== null;
}

/**
 * The subcommand of that name (any case), or null.
 * @c server.c:2964
 */
export function lookupSubcommand(container: redisCommand, sub_name: string): redisCommand | null {
  return dictFetchValue(container.subcommands_dict!, sub_name);
}

/**
 * The command that an argument vector names: its first word and, when that is a container, its second. With `strict` the vector must hold the
 * name and nothing else. null when there is none. A container alone is found, too, though it cannot be executed.
 * @c server.c:2976
 */
export function lookupCommandLogic(
  commands: dict<string, redisCommand>,
  argv: robj[],
  argc: number,
  strict: boolean,
): redisCommand | null {
  const base_cmd = dictFetchValue(commands, objPtrString(argv[0]));
  const has_subcommands = base_cmd !== null && base_cmd.subcommands_dict !== null;
  if (argc === 1 || !has_subcommands) {
    if (strict && argc !== 1) return null;
    return base_cmd;
  } else {
    if (strict && argc !== 2) return null;
    return lookupSubcommand(base_cmd, objPtrString(argv[1]));
  }
}

/**
 * The command to execute for an argument vector, or null.
 * @c server.c:2992
 */
export function lookupCommand(argv: robj[], argc: number): redisCommand | null {
  return lookupCommandLogic(server.commands, argv, argc, false);
}

/**
 * The command of a full name such as `get` or `config|get`, or null.
 * @c server.c:2996
 */
export function lookupCommandBySdsLogic(
  commands: dict<string, redisCommand>,
  s: string,
): redisCommand | null {
  const strings = sdssplitlen(s, '|');
  // There is one level of subcommands, and no command without a name.
  if (strings.length > 2 || strings.length === 0) return null;

  const argv: robj[] = [];
  for (const string of strings) {
    argv.push(new robj(OBJ_STRING, OBJ_ENCODING_RAW, 0, string));
  }
  return lookupCommandLogic(commands, argv, argv.length, true);
}

/**
 * The command of a full name, or null.
 * @c server.c:3019
 */
export function lookupCommandBySds(s: string): redisCommand | null {
  return lookupCommandBySdsLogic(server.commands, s);
}

/**
 * The same for what is a C string in C.
 * @c server.c:3023
 */
export function lookupCommandByCStringLogic(
  commands: dict<string, redisCommand>,
  s: string,
): redisCommand | null {
  return lookupCommandBySdsLogic(commands, s);
}

/**
 * The same in the table of the running server.
 * @c server.c:3032
 */
export function lookupCommandByCString(s: string): redisCommand | null {
  return lookupCommandByCStringLogic(server.commands, s);
}

/**
 * The command that an argument vector names, also when the config file renamed it: for commands that rewrite themselves as another.
 * @c server.c:3043
 */
export function lookupCommandOrOriginal(argv: robj[], argc: number): redisCommand | null {
  const cmd = lookupCommandLogic(server.commands, argv, argc, false);
  if (cmd !== null) return cmd;
  return lookupCommandLogic(server.orig_commands, argv, argc, false);
}

/**
 * Whether what this client sends must not be refused: it is the master's stream, or the AOF.
 * @c server.c:3051
 */
export function mustObeyClient(c: client): boolean {
  return c.id === CLIENT_ID_AOF || (c.flags & CLIENT_MASTER) !== 0;
}

/**
 * Whether there is anybody to propagate to, for a PROPAGATE_* target.
 * @c server.c:3055
 * @cstatic
 */
export function shouldPropagate(target: number): boolean {
  if (!server.replication_allowed || target === PROPAGATE_NONE || server.loading) return false;
  if (target & PROPAGATE_AOF) {
    if (server.aof_state !== AOF_OFF) return true;
  }
  if (target & PROPAGATE_REPL) {
    if (
      server.masterhost === null &&
      (server.repl_backlog !== null || listLength(server.slaves) !== 0)
    ) {
      return true;
    }
  }
  return false;
}

/**
 * Hands one command to those who asked for it: nobody without an AOF and replicas. The data set must not change during a pause of clients,
 * so this must not be reached then.
 * @c server.c:3083
 * @cstatic
 */
export function propagateNow(_dbid: number, _argv: robj[], _argc: number, target: number): void {
  if (!shouldPropagate(target)) return;
  serverAssert(
    !(areClientsPaused() && !server.client_pause_in_transaction),
    '!(areClientsPaused() && !server.client_pause_in_transaction)',
  );
}

/**
 * Schedules a command for propagation after the running one. The vector is copied and its objects get a reference each.
 * @c server.c:3108
 */
export function alsoPropagate(dbid: number, argv: robj[], argc: number, target: number): void {
  if (!shouldPropagate(target)) return;

  const argvcopy = new Array<robj>(argc);
  for (let j = 0; j < argc; j++) {
    argvcopy[j] = argv[j];
    incrRefCount(argv[j]);
  }
  redisOpArrayAppend(server.also_propagate, dbid, argvcopy, argc, target);
}

/**
 * Called by a command: it shall be propagated to AOF, replicas or both (PROPAGATE_*), whether it changed the data set or not.
 * @c server.c:3126
 */
export function forceCommandPropagation(c: client, flags: number): void {
  serverAssert(
    (c.cmd!.flags & (CMD_WRITE | CMD_MAY_REPLICATE)) !== 0,
    'c->cmd->flags & (CMD_WRITE | CMD_MAY_REPLICATE)',
  );
  if (flags & PROPAGATE_REPL) c.flags |= CLIENT_FORCE_REPL;
  if (flags & PROPAGATE_AOF) c.flags |= CLIENT_FORCE_AOF;
}

/**
 * Called by a command: it shall not be propagated itself, it said what to propagate by alsoPropagate.
 * @c server.c:3135
 */
export function preventCommandPropagation(c: client): void {
  c.flags |= CLIENT_PREVENT_PROP;
}

/**
 * The same for the AOF only.
 * @c server.c:3140
 */
export function preventCommandAOF(c: client): void {
  c.flags |= CLIENT_PREVENT_AOF_PROP;
}

/**
 * The same for replicas only.
 * @c server.c:3145
 */
export function preventCommandReplication(c: client): void {
  c.flags |= CLIENT_PREVENT_REPL_PROP;
}

/**
 * Offers the command that a client executed to the slow log; `duration` is in microseconds. The original arguments are taken when the
 * command rewrote them, and commands with secrets keep out.
 * @c server.c:3150
 */
export function slowlogPushCurrentCommand(c: client, cmd: redisCommand, duration: number): void {
  if (cmd.flags & CMD_SKIP_SLOWLOG) return;
  const argv = c.original_argv !== null ? c.original_argv : c.argv;
  const argc = c.original_argv !== null ? c.original_argc : c.argc;
  slowlogPushEntryIfNeeded(c, argv, argc, duration);
}

/**
 * Counts a duration, in nanoseconds, in the histogram of a command; it is made for the first one. Durations outside of the
 * tracked range count as its ends.
 * @c server.c:3165
 */
export function updateCommandLatencyHistogram(cmd: redisCommand, duration_hist: number): void {
  if (duration_hist < LATENCY_HISTOGRAM_MIN_VALUE) duration_hist = LATENCY_HISTOGRAM_MIN_VALUE;
  if (duration_hist > LATENCY_HISTOGRAM_MAX_VALUE) duration_hist = LATENCY_HISTOGRAM_MAX_VALUE;
  if (cmd.latency_histogram === null) {
    cmd.latency_histogram = hdr_init(
      LATENCY_HISTOGRAM_MIN_VALUE,
      LATENCY_HISTOGRAM_MAX_VALUE,
      LATENCY_HISTOGRAM_PRECISION,
    );
  }
  hdr_record_value(cmd.latency_histogram!, duration_hist);
}

/**
 * Propagates what was scheduled. Several commands are wrapped into MULTI and EXEC, unless somebody else does that, so that they arrive as
 * one.
 * @c server.c:3178
 */
export function propagatePendingCommands(): void {
  if (server.also_propagate.numops === 0) return;

  let multi_emitted = false;
  if (server.also_propagate.numops > 1 && !server.propagate_no_multi) {
    // In the database of the first command, so that a SELECT comes before the MULTI.
    const multi_dbid = server.also_propagate.ops[0].dbid;
    propagateNow(multi_dbid, [shared.multi], 1, PROPAGATE_AOF | PROPAGATE_REPL);
    multi_emitted = true;
  }

  for (let j = 0; j < server.also_propagate.numops; j++) {
    const rop = server.also_propagate.ops[j];
    serverAssert(rop.target !== 0, 'rop->target');
    propagateNow(rop.dbid, rop.argv, rop.argc, rop.target);
  }

  if (multi_emitted) {
    // In the database of the last, so that no SELECT comes before the EXEC.
    const exec_dbid = server.also_propagate.ops[server.also_propagate.numops - 1].dbid;
    propagateNow(exec_dbid, [shared.exec], 1, PROPAGATE_AOF | PROPAGATE_REPL);
  }

  redisOpArrayFree(server.also_propagate);
}

/**
 * Counts a failure of `cmd` if an error was replied since the last call: as rejected or as failed, as `flags` (ERROR_COMMAND_*) says.
 * With cmd null the error was counted elsewhere, or there is none yet. True when a counter went up.
 * @c server.c:3224
 */
export function incrCommandStatsOnError(cmd: redisCommand | null, flags: number): boolean {
  let res = false;
  if (cmd !== null) {
    if (server.stat_total_error_replies - server.prev_err_count > 0) {
      if (flags & ERROR_COMMAND_REJECTED) {
        cmd.rejected_calls++;
        res = true;
      } else if (flags & ERROR_COMMAND_FAILED) {
        cmd.failed_calls++;
        res = true;
      }
    }
  }
  server.prev_err_count = server.stat_total_error_replies;
  return res;
}

/**
 * Executes the command of a client, `c.cmd` with `c.argv`, and does everything around it: time, statistics, slow log, latency, monitors,
 * propagation.
 *
 * `flags` are CMD_CALL_*: what of that is wanted. A command is propagated when it changed the data set or asked for it, and did not forbid
 * it; it says so by forceCommandPropagation and its sisters, whose marks are taken from the client again at the end. May be entered again
 * from inside a command (EXEC).
 * @c server.c:3280
 */
export function call(c: client, flags: number): void {
  const client_old_flags = c.flags;
  const real_cmd = c.realcmd!;

  // These are set by the command on demand.
  c.flags &= ~(CLIENT_FORCE_AOF | CLIENT_FORCE_REPL | CLIENT_PREVENT_PROP);

  // Whoever enters first propagates at the end; nested calls find this set.
  const prev_core_propagates = server.core_propagates;
  if (!server.core_propagates && !(flags & CMD_CALL_FROM_MODULE)) server.core_propagates = 1;

  let dirty = server.dirty;
  incrCommandStatsOnError(null, 0);

  // A reading of the clock costs as much as a tenth of a small command. Within a pipeline the end of one is the beginning of the next.
  const call_timer = server.call_begin !== 0 ? server.call_begin : ustime();
  server.call_begin = 0;

  // All of a transaction happens at one moment.
  if (server.fixed_time_expire++ === 0) updateCachedTimeWithUs(0, call_timer);

  let monotonic_start = 0;
  if (monotonicGetType() === MONOTONIC_CLOCK_HW) monotonic_start = getMonotonicUs();

  // Taken out first: called as a method, it would carry the table's class in its name in every stack.
  const proc = c.cmd!.proc!;
  server.in_nested_call++;
  proc(c);
  server.in_nested_call--;

  let duration;
  if (monotonicGetType() === MONOTONIC_CLOCK_HW) {
    duration = getMonotonicUs() - monotonic_start;
  } else {
    server.call_end = ustime();
    duration = server.call_end - call_timer;
  }

  c.duration = duration;
  dirty = server.dirty - dirty;
  if (dirty < 0) dirty = 0;

  if (!incrCommandStatsOnError(real_cmd, ERROR_COMMAND_FAILED) && c.deferred_reply_errors) {
    // An error that was kept from the client has failed the command all the same.
    real_cmd.failed_calls++;
  }

  if (c.flags_hi & CLIENT_CLOSE_AFTER_COMMAND) {
    c.flags_hi &= ~CLIENT_CLOSE_AFTER_COMMAND;
    c.flags |= CLIENT_CLOSE_AFTER_REPLY;
  }

  // From here on the command that was executed counts: c.cmd may be another by now, EXPIRE turns into PEXPIREAT.

  if (flags & CMD_CALL_SLOWLOG && server.latency_monitor_threshold) {
    const latency_event = real_cmd.flags & CMD_FAST ? 'fast-command' : 'command';
    latencyAddSampleIfNeeded(latency_event, Math.trunc(duration / 1000));
  }

  // Of a client that is blocked now, the rest is accounted for when it is unblocked.
  if (flags & CMD_CALL_SLOWLOG && !(c.flags & CLIENT_BLOCKED)) {
    slowlogPushCurrentCommand(c, real_cmd, duration);
  }

  // Administration is nobody else's business.
  if (!(c.cmd!.flags & (CMD_SKIP_MONITOR | CMD_ADMIN))) {
    const argv = c.original_argv !== null ? c.original_argv : c.argv;
    const argc = c.original_argv !== null ? c.original_argc : c.argc;
    replicationFeedMonitors(c, server.monitors, c.db.id, argv, argc);
  }

  if (!(c.flags & CLIENT_BLOCKED)) freeClientOriginalArgv(c);

  if (flags & CMD_CALL_STATS) {
    real_cmd.microseconds += duration;
    real_cmd.calls++;
    if (server.latency_tracking_enabled && !(c.flags & CLIENT_BLOCKED)) {
      updateCommandLatencyHistogram(real_cmd, duration * 1000);
    }
  }

  // EXEC is never propagated itself: propagatePendingCommands wraps its commands where needed.
  if (
    flags & CMD_CALL_PROPAGATE &&
    (c.flags & CLIENT_PREVENT_PROP) !== CLIENT_PREVENT_PROP &&
    c.cmd!.proc !== execCommand &&
    !(c.cmd!.flags & CMD_MODULE)
  ) {
    let propagate_flags = PROPAGATE_NONE;
    if (dirty) propagate_flags |= PROPAGATE_AOF | PROPAGATE_REPL;

    if (c.flags & CLIENT_FORCE_REPL) propagate_flags |= PROPAGATE_REPL;
    if (c.flags & CLIENT_FORCE_AOF) propagate_flags |= PROPAGATE_AOF;

    if (c.flags & CLIENT_PREVENT_REPL_PROP || !(flags & CMD_CALL_PROPAGATE_REPL)) {
      propagate_flags &= ~PROPAGATE_REPL;
    }
    if (c.flags & CLIENT_PREVENT_AOF_PROP || !(flags & CMD_CALL_PROPAGATE_AOF)) {
      propagate_flags &= ~PROPAGATE_AOF;
    }

    if (propagate_flags !== PROPAGATE_NONE) {
      alsoPropagate(c.db.id, c.argv, c.argc, propagate_flags);
    }
  }

  // call() nests: the marks of the outer command come back.
  c.flags &= ~(CLIENT_FORCE_AOF | CLIENT_FORCE_REPL | CLIENT_PREVENT_PROP);
  c.flags |= client_old_flags & (CLIENT_FORCE_AOF | CLIENT_FORCE_REPL | CLIENT_PREVENT_PROP);

  server.fixed_time_expire--;
  server.stat_numcommands++;

  // The peak is here, before the next command evicts.
  const zmalloc_used = zmalloc_used_memory();
  if (zmalloc_used > server.stat_peak_memory) server.stat_peak_memory = zmalloc_used;

  afterCommand(c);

  // A pause takes effect when the transaction that began before it has ended.
  if (!server.in_exec && server.client_pause_in_transaction) {
    server.client_pause_in_transaction = 0;
  }

  server.core_propagates = prev_core_propagates;
}

/**
 * Refuses a command before its execution with a shared error reply. A transaction that is being queued is spoiled by it, EXEC is aborted.
 * @c server.c:3490
 */
export function rejectCommand(c: client, reply: robj): void {
  flagTransaction(c);
  if (c.cmd) c.cmd.rejected_calls++;
  if (c.cmd && c.cmd.proc === execCommand) execCommandAbort(c, objPtrString(reply));
  else addReplyErrorObject(c, reply);
}

/**
 * The same with an error text.
 * @c server.c:3501
 */
export function rejectCommandSds(c: client, s: string): void {
  flagTransaction(c);
  if (c.cmd) c.cmd.rejected_calls++;
  if (c.cmd && c.cmd.proc === execCommand) execCommandAbort(c, s);
  else addReplyErrorSds(c, s);
}

/**
 * The same with a text that may hold what a client sent: line ends in it become blanks, they would break the protocol.
 * @c server.c:3513
 */
export function rejectCommandFormat(c: client, s: string): void {
  rejectCommandSds(c, sdsmapchars(s, '\r\n', '  '));
}

/**
 * What is done after a command of the top level: propagation of what it scheduled.
 * @c server.c:3525
 */
export function afterCommand(_c: client): void {
  if (!server.in_nested_call) {
    if (server.core_propagates) propagatePendingCommands();
  }
}

/**
 * What printf's %.<max>s makes of a string: at most `max` bytes, and nothing from the first zero byte on.
 * @own printf(3) of libc
 */
export function printfString(s: string, max: number): string {
  const nul = s.indexOf('\0');
  const len = nul === -1 ? s.length : nul;
  return s.slice(0, len < max ? len : max);
}

/**
 * null when the client's command was found, otherwise what is wrong with it: an unknown command, quoted with the first of its
 * arguments, or an unknown subcommand.
 * @c server.c:3541
 */
export function commandCheckExistence(c: client): string | null {
  if (c.cmd) return null;
  const name = objPtrString(c.argv[0]);
  let err: string;
  if (isContainerCommandBySds(name)) {
    const cmd = printfString(sdstoupper(name), Infinity);
    err = `unknown subcommand '${printfString(objPtrString(c.argv[1]), 128)}'. Try ${cmd} HELP.`;
  } else {
    let args = '';
    for (let i = 1; i < c.argc && args.length < 128; i++) {
      args += `'${printfString(objPtrString(c.argv[i]), 128 - args.length)}' `;
    }
    err = `unknown command '${printfString(name, 128)}', with args beginning with: ${args}`;
  }
  return sdsmapchars(err, '\r\n', '  ');
}

/**
 * null when the number of arguments suits the client's command, otherwise the error.
 * @c server.c:3573
 */
export function commandCheckArity(c: client): string | null {
  const cmd = c.cmd!;
  if ((cmd.arity > 0 && cmd.arity !== c.argc) || c.argc < -cmd.arity) {
    return `wrong number of arguments for '${cmd.fullname}' command`;
  }
  return null;
}

/**
 * The flags of the command that a client executes.
 * @c server.c:3590
 */
export function getCommandFlags(c: client): number {
  return c.cmd!.flags;
}

/**
 * Whether argument `j` of a command is a secret: a password of AUTH, HELLO, MIGRATE or ACL, or the value of a sensitive option.
 * @own for `command-log`, which C does not have
 */
export function isSensitiveArgument(c: client, j: number): boolean {
  const name = sdstolower(objPtrString(c.argv[0]));
  switch (name) {
    case 'auth':
      return true;
    case 'hello':
    case 'migrate': {
      // AUTH, AUTH2: what follows them, one or two words; a word too many does no harm.
      for (let k = Math.max(j - 2, 2); k < j; k++) {
        if (sdstolower(objPtrString(c.argv[k])).startsWith('auth')) return true;
      }
      return false;
    }
    case 'config': {
      if (j < 3 || j % 2 === 0 || strcasecmp(objPtrString(c.argv[1]), 'set') !== 0) return false;
      const config = lookupConfig(objPtrString(c.argv[j - 1]));
      return config !== null && (config.flags & SENSITIVE_CONFIG) !== 0;
    }
    case 'acl':
      return j >= 3 && strcasecmp(objPtrString(c.argv[1]), 'setuser') === 0;
    default:
      return false;
  }
}

/**
 * Logs the command that a client sent, as it was received: number of arguments, then each one quoted, secrets left out.
 * @own `command-log`, which C does not have
 */
export function logReceivedCommand(c: client): void {
  let msg = `Command received: argc=${c.argc} argv=`;
  for (let j = 0; j < c.argc && msg.length < LOG_MAX_LEN; j++) {
    if (j > 0) msg += ' ';
    msg +=
      j > 0 && isSensitiveArgument(c, j) ? '"(redacted)"' : sdscatrepr(objPtrString(c.argv[j]));
  }
  serverLog(LL_NOTICE, msg);
}

/**
 * Decides what becomes of a command that was read completely, in `c.argv`: it is refused, put off, queued for EXEC or executed.
 *
 * The checks come in an order that clients can tell: existence, arity, protection, authentication, permissions, memory, state
 * of the disk and of the replicas, Pub/Sub context, loading, pause. C_OK when the client is still there, C_ERR when it was freed.
 * @c server.c:3612
 */
export function processCommand(c: client): number {
  if (server.command_log) logReceivedCommand(c);

  // EXEC calls call() directly.
  serverAssert(!server.in_exec, '!server.in_exec');

  // Somebody makes a browser talk to us.
  const name = objPtrString(c.argv[0]);
  if (strcasecmp(name, 'host:') === 0 || strcasecmp(name, 'post') === 0) {
    securityWarningCommand(c);
    return C_ERR;
  }

  c.cmd = c.lastcmd = c.realcmd = lookupCommand(c.argv, c.argc);
  let err = commandCheckExistence(c);
  if (err !== null) {
    rejectCommandSds(c, err);
    return C_OK;
  }
  err = commandCheckArity(c);
  if (err !== null) {
    rejectCommandSds(c, err);
    return C_OK;
  }
  const cmd = c.cmd!;

  if (cmd.flags & CMD_PROTECTED) {
    if (cmd.proc === debugCommand && !allowProtectedAction(server.enable_debug_cmd, c)) {
      rejectCommandFormat(
        c,
        'DEBUG command not allowed. If the enable-debug-command option is set to "local", ' +
          'you can run it from a local connection, otherwise you need to set this option ' +
          'in the configuration file, and then restart the server.',
      );
      return C_OK;
    }
  }

  const cmd_flags = getCommandFlags(c);
  // A transaction is what its commands are.
  const is_exec = cmd.proc === execCommand;

  const is_read_command =
    (cmd_flags & CMD_READONLY) !== 0 || (is_exec && (c.mstate.cmd_flags & CMD_READONLY) !== 0);
  const is_write_command =
    (cmd_flags & CMD_WRITE) !== 0 || (is_exec && (c.mstate.cmd_flags & CMD_WRITE) !== 0);
  const is_denyoom_command =
    (cmd_flags & CMD_DENYOOM) !== 0 || (is_exec && (c.mstate.cmd_flags & CMD_DENYOOM) !== 0);
  const is_denystale_command =
    !(cmd_flags & CMD_STALE) || (is_exec && (c.mstate.cmd_inv_flags & CMD_STALE) !== 0);
  const is_denyloading_command =
    !(cmd_flags & CMD_LOADING) || (is_exec && (c.mstate.cmd_inv_flags & CMD_LOADING) !== 0);
  const is_may_replicate_command =
    (cmd_flags & (CMD_WRITE | CMD_MAY_REPLICATE)) !== 0 ||
    (is_exec && (c.mstate.cmd_flags & (CMD_WRITE | CMD_MAY_REPLICATE)) !== 0);
  const is_deny_async_loading_command =
    (cmd_flags & CMD_NO_ASYNC_LOADING) !== 0 ||
    (is_exec && (c.mstate.cmd_flags & CMD_NO_ASYNC_LOADING) !== 0);
  const obey_client = mustObeyClient(c);

  if (authRequired(c)) {
    if (!(cmd.flags & CMD_NO_AUTH)) {
      rejectCommand(c, shared.noautherr);
      return C_OK;
    }
  }

  if (c.flags & CLIENT_MULTI && cmd.flags & CMD_NO_MULTI) {
    rejectCommandFormat(c, 'Command not allowed inside a transaction');
    return C_OK;
  }

  // Before keys are evicted for the sake of what clients hold.
  evictClients();
  if (server.current_client === null) return C_ERR;

  if (server.maxmemory) {
    const out_of_memory = performEvictions() === EVICT_FAIL;
    // That may have taken its time.
    server.call_begin = 0;

    // Evicting may free the client.
    if (server.current_client === null) return C_ERR;

    let reject_cmd_on_oom = is_denyoom_command;
    // Queued commands take memory, too; but the way out of the transaction stays open.
    if (
      c.flags & CLIENT_MULTI &&
      !is_exec &&
      cmd.proc !== discardCommand &&
      cmd.proc !== quitCommand &&
      cmd.proc !== resetCommand
    ) {
      reject_cmd_on_oom = true;
    }

    if (out_of_memory && reject_cmd_on_oom) {
      rejectCommand(c, shared.oomerr);
      return C_OK;
    }

    server.pre_command_oom_state = out_of_memory ? 1 : 0;
  }

  const deny_write_type = writeCommandsDeniedByDiskError();
  if (deny_write_type !== DISK_ERROR_TYPE_NONE && (is_write_command || cmd.proc === pingCommand)) {
    if (obey_client) {
      if (!server.repl_ignore_disk_write_error && cmd.proc !== pingCommand) {
        serverPanic('Replica was unable to write command to disk.');
      }
    } else {
      // Without the line end, which is added again.
      rejectCommandSds(c, writeCommandsGetDiskErrorMessage(deny_write_type).slice(0, -2));
      return C_OK;
    }
  }

  if (is_write_command && !checkGoodReplicasStatus()) {
    rejectCommand(c, shared.noreplicaserr);
    return C_OK;
  }

  if (server.masterhost && server.repl_slave_ro && !obey_client && is_write_command) {
    rejectCommand(c, shared.roslaveerr);
    return C_OK;
  }

  // In RESP2 a subscriber could not tell replies from messages.
  if (
    c.flags & CLIENT_PUBSUB &&
    c.resp === 2 &&
    cmd.proc !== pingCommand &&
    cmd.proc !== subscribeCommand &&
    cmd.proc !== ssubscribeCommand &&
    cmd.proc !== unsubscribeCommand &&
    cmd.proc !== sunsubscribeCommand &&
    cmd.proc !== psubscribeCommand &&
    cmd.proc !== punsubscribeCommand &&
    cmd.proc !== quitCommand &&
    cmd.proc !== resetCommand
  ) {
    rejectCommandFormat(
      c,
      `Can't execute '${cmd.fullname}': only (P|S)SUBSCRIBE / ` +
        '(P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context',
    );
    return C_OK;
  }

  if (
    server.masterhost &&
    server.repl_state !== REPL_STATE_CONNECTED &&
    server.repl_serve_stale_data === 0 &&
    is_denystale_command
  ) {
    rejectCommand(c, shared.masterdownerr);
    return C_OK;
  }

  if (server.loading && !server.async_loading && is_denyloading_command) {
    rejectCommand(c, shared.loadingerr);
    return C_OK;
  }

  if (server.async_loading && is_deny_async_loading_command) {
    rejectCommand(c, shared.loadingerr);
    return C_OK;
  }

  // A replica is exempt from the pause, so it must not get at the keyspace.
  if (c.flags & CLIENT_SLAVE && (is_may_replicate_command || is_write_command || is_read_command)) {
    rejectCommandFormat(c, "Replica can't interact with the keyspace");
    return C_OK;
  }

  if (
    !(c.flags & CLIENT_SLAVE) &&
    (server.client_pause_type === CLIENT_PAUSE_ALL ||
      (server.client_pause_type === CLIENT_PAUSE_WRITE && is_may_replicate_command))
  ) {
    c.bpop.timeout = 0;
    blockClient(c, BLOCKED_POSTPONE);
    return C_OK;
  }

  if (
    c.flags & CLIENT_MULTI &&
    !is_exec &&
    cmd.proc !== discardCommand &&
    cmd.proc !== multiCommand &&
    cmd.proc !== watchCommand &&
    cmd.proc !== quitCommand &&
    cmd.proc !== resetCommand
  ) {
    queueMultiCommand(c, cmd_flags);
    addReply(c, shared.queued);
  } else {
    call(c, CMD_CALL_FULL);
    c.woff = server.master_repl_offset;
    if (listLength(server.ready_keys)) handleClientsBlockedOnKeys();
  }

  return C_OK;
}

/* ====================== Error lookup and execution ===================== */

/** sizeof(struct redisError), for the account of memory. */
const SIZEOF_REDIS_ERROR = 8;

/**
 * Counts an error reply by its first word, the first `namelen` bytes of `fullerr`.
 * @c server.c:3964
 */
export function incrementErrorCount(fullerr: string, namelen: number): void {
  const name = fullerr.length === namelen ? fullerr : fullerr.slice(0, namelen);
  let error = raxFind(server.errors, name);
  if (error === raxNotFound || error === null) {
    error = new redisError();
    zmalloc(SIZEOF_REDIS_ERROR);
    raxInsert(server.errors, name, error, null);
  }
  error.count++;
}

/*================================== Shutdown =============================== */

/**
 * Closes the listening sockets; the file of the Unix socket goes, too, when asked for.
 * @c server.c:3978
 */
export function closeListeningSockets(unlink_unix_socket: number): void {
  for (let j = 0; j < server.ipfd.count; j++) posix.close(server.ipfd.fd[j]);
  for (let j = 0; j < server.tlsfd.count; j++) posix.close(server.tlsfd.fd[j]);
  if (server.sofd !== -1) posix.close(server.sofd);
  if (unlink_unix_socket && server.unixsocket) {
    serverLog(LL_NOTICE, 'Removing the unix socket file.');
    if (posix.unlink(server.unixsocket) !== 0) {
      serverLog(LL_WARNING, `Error removing the unix socket file: ${strerror(posix.errno)}`);
    }
  }
}

/**
 * Begins a shutdown, `flags` being SHUTDOWN_*. C_OK: everything is done, the caller exits. C_ERR: it failed, or it waits for
 * replicas to catch up (writes are paused meanwhile), and serverCron goes on with it.
 * @c server.c:4016
 */
export function prepareForShutdown(flags: number): number {
  if (isShutdownInitiated()) return C_ERR;

  // Half loaded data must not replace what is on disk.
  if (server.loading || server.sentinel_mode) {
    flags = (flags & ~SHUTDOWN_SAVE) | SHUTDOWN_NOSAVE;
  }

  server.shutdown_flags = flags;

  serverLog(LL_WARNING, 'User requested shutdown...');
  if (server.supervised_mode === SUPERVISED_SYSTEMD) redisCommunicateSystemd('STOPPING=1\n');

  if (!(flags & SHUTDOWN_NOW) && server.shutdown_timeout !== 0 && !isReadyToShutdown()) {
    server.shutdown_mstime = server.mstime + server.shutdown_timeout * 1000;
    pauseClients(PAUSE_DURING_SHUTDOWN, Number.MAX_SAFE_INTEGER, CLIENT_PAUSE_WRITE);
    serverLog(LL_NOTICE, 'Waiting for replicas before shutting down.');
    return C_ERR;
  }

  return finishShutdown();
}

/**
 * Whether a shutdown waits for its replicas.
 * @c server.c:4050
 * @cstatic
 */
export function isShutdownInitiated(): boolean {
  return server.shutdown_mstime !== 0;
}

/**
 * Whether no replica lags behind.
 * @c server.c:4057
 */
export function isReadyToShutdown(): boolean {
  if (listLength(server.slaves) === 0) return true;

  const li = new listIter<client>();
  listRewind(server.slaves, li);
  let ln: listNode<client> | null;
  while ((ln = listNext(li)) !== null) {
    const replica = listNodeValue(ln);
    if (replica.repl_ack_off !== server.master_repl_offset) return false;
  }
  return true;
}

/**
 * Takes a shutdown back, and tells the clients who sent SHUTDOWN.
 * @c server.c:4070
 * @cstatic
 */
export function cancelShutdown(): void {
  server.shutdown_asap = 0;
  server.shutdown_flags = 0;
  server.shutdown_mstime = 0;
  server.last_sig_received = 0;
  replyToClientsBlockedOnShutdown();
  unpauseClients(PAUSE_DURING_SHUTDOWN);
}

/**
 * SHUTDOWN ABORT: C_OK, or C_ERR when there is no shutdown to take back.
 * @c server.c:4080
 */
export function abortShutdown(): number {
  if (isShutdownInitiated()) {
    cancelShutdown();
  } else if (server.shutdown_asap) {
    // A signal asked for it, but the cron has not seen it yet.
    server.shutdown_asap = 0;
  } else {
    return C_ERR;
  }
  serverLog(LL_NOTICE, 'Shutdown manually aborted.');
  return C_OK;
}

/**
 * The end of a shutdown: pid file and sockets go. C_OK: the caller exits.
 * @c server.c:4098
 */
export function finishShutdown(): number {
  const save = server.shutdown_flags & SHUTDOWN_SAVE;
  const nosave = server.shutdown_flags & SHUTDOWN_NOSAVE;
  const force = server.shutdown_flags & SHUTDOWN_FORCE;

  // There is no dump file. Whoever asks for one by name must not lose the data; save points alone, which are there by default,
  // do not keep the server from ending.
  if (save) {
    serverLog(LL_NOTICE, 'Saving the final RDB snapshot before exiting.');
    if (!force) {
      serverLog(LL_WARNING, "Error trying to save the DB, can't exit.");
      serverLog(
        LL_WARNING,
        'Errors trying to shut down the server. Check the logs for more information.',
      );
      cancelShutdown();
      return C_ERR;
    }
    serverLog(LL_WARNING, 'Error trying to save the DB. Exit anyway.');
  } else if (server.saveparamslen > 0 && !nosave && dbTotalServerKeyCount() > 0) {
    serverLog(LL_WARNING, 'The keys are not saved: this server keeps its data in memory only.');
  }

  if (server.daemonize || server.pidfile) {
    serverLog(LL_NOTICE, 'Removing the pid file.');
    if (server.pidfile) posix.unlink(server.pidfile);
  }

  // A successor can listen the sooner.
  closeListeningSockets(1);

  serverLog(
    LL_WARNING,
    `${server.sentinel_mode ? 'Sentinel' : 'Redis'} is now ready to exit, bye bye...`,
  );
  return C_OK;
}

/*================================== Commands =============================== */

/**
 * Whether writes are refused because persistence failed: DISK_ERROR_TYPE_*.
 * @c server.c:4254
 */
export function writeCommandsDeniedByDiskError(): number {
  if (
    server.stop_writes_on_bgsave_err &&
    server.saveparamslen > 0 &&
    server.lastbgsave_status === C_ERR
  ) {
    return DISK_ERROR_TYPE_RDB;
  } else if (server.aof_state !== AOF_OFF) {
    if (server.aof_last_write_status === C_ERR) return DISK_ERROR_TYPE_AOF;
    if (server.aof_bio_fsync_status === C_ERR) {
      server.aof_last_write_errno = server.aof_bio_fsync_errno;
      return DISK_ERROR_TYPE_AOF;
    }
  }
  return DISK_ERROR_TYPE_NONE;
}

/**
 * The error reply, line end included, for a DISK_ERROR_TYPE_* other than NONE.
 * @c server.c:4276
 */
export function writeCommandsGetDiskErrorMessage(error_code: number): string {
  if (error_code === DISK_ERROR_TYPE_RDB) return objPtrString(shared.bgsaveerr);
  return `-MISCONF Errors writing to the AOF file: ${strerror(server.aof_last_write_errno)}\r\n`;
}

/**
 * PING [message]. A subscriber in RESP2 gets it as a message, because nothing else may come over such a connection.
 * @c server.c:4290
 */
export function pingCommand(c: client): void {
  if (c.argc > 2) {
    addReplyErrorArity(c);
    return;
  }

  if (c.flags & CLIENT_PUBSUB && c.resp === 2) {
    addReply(c, shared.mbulkhdr[2]);
    addReplyBulkCBuffer(c, 'pong');
    if (c.argc === 1) addReplyBulkCBuffer(c, '');
    else addReplyBulk(c, c.argv[1]);
  } else {
    if (c.argc === 1) addReply(c, shared.pong);
    else addReplyBulk(c, c.argv[1]);
  }
}

/**
 * ECHO message: answers with the message itself.
 * @c server.c:4312
 */
export function echoCommand(c: client): void {
  addReplyBulk(c, c.argv[1]);
}

/**
 * TIME: seconds since 1970, and the microseconds of the present second.
 * @c server.c:4316
 */
export function timeCommand(c: client): void {
  const us = posix.gettimeofday();
  addReplyArrayLen(c, 2);
  addReplyBulkLongLong(c, Math.floor(us / 1000000));
  addReplyBulkLongLong(c, us % 1000000);
}

/** A flag and the name under which COMMAND shows it. */
export interface replyFlagNames {
  readonly flag: number;
  readonly name: string;
}

/**
 * Replies with the set of the names whose flags are set.
 * @c server.c:4333
 */
export function addReplyCommandFlags(
  c: client,
  flags: number,
  replyFlags: readonly replyFlagNames[],
): void {
  let count = 0;
  for (const { flag } of replyFlags) if (flags & flag) count++;

  addReplySetLen(c, count);
  for (const { flag, name } of replyFlags) if (flags & flag) addReplyStatus(c, name);
}

/** The flags of a command; those of replication, protection and sentinel stay hidden. */
const COMMAND_FLAG_NAMES: readonly replyFlagNames[] = [
  { flag: CMD_WRITE, name: 'write' },
  { flag: CMD_READONLY, name: 'readonly' },
  { flag: CMD_DENYOOM, name: 'denyoom' },
  { flag: CMD_MODULE, name: 'module' },
  { flag: CMD_ADMIN, name: 'admin' },
  { flag: CMD_PUBSUB, name: 'pubsub' },
  { flag: CMD_NOSCRIPT, name: 'noscript' },
  { flag: CMD_BLOCKING, name: 'blocking' },
  { flag: CMD_LOADING, name: 'loading' },
  { flag: CMD_STALE, name: 'stale' },
  { flag: CMD_SKIP_MONITOR, name: 'skip_monitor' },
  { flag: CMD_SKIP_SLOWLOG, name: 'skip_slowlog' },
  { flag: CMD_ASKING, name: 'asking' },
  { flag: CMD_FAST, name: 'fast' },
  { flag: CMD_NO_AUTH, name: 'no_auth' },
  { flag: CMD_NO_MANDATORY_KEYS, name: 'no_mandatory_keys' },
  { flag: CMD_NO_ASYNC_LOADING, name: 'no_async_loading' },
  { flag: CMD_NO_MULTI, name: 'no_multi' },
  { flag: CMD_MOVABLE_KEYS, name: 'movablekeys' },
  { flag: CMD_ALLOW_BUSY, name: 'allow_busy' },
];

/**
 * Replies with the flags of a command.
 * @c server.c:4351
 */
export function addReplyFlagsForCommand(c: client, cmd: redisCommand): void {
  addReplyCommandFlags(c, cmd.flags, COMMAND_FLAG_NAMES);
}

/** The flags of a command's documentation. */
const DOC_FLAG_NAMES: readonly replyFlagNames[] = [
  { flag: CMD_DOC_DEPRECATED, name: 'deprecated' },
  { flag: CMD_DOC_SYSCMD, name: 'syscmd' },
];

/**
 * Replies with the flags of a command's documentation.
 * @c server.c:4382
 */
export function addReplyDocFlagsForCommand(c: client, cmd: redisCommand): void {
  addReplyCommandFlags(c, cmd.doc_flags, DOC_FLAG_NAMES);
}

/** What a command does to a key. */
const KEY_FLAG_NAMES: readonly replyFlagNames[] = [
  { flag: CMD_KEY_RO, name: 'RO' },
  { flag: CMD_KEY_RW, name: 'RW' },
  { flag: CMD_KEY_OW, name: 'OW' },
  { flag: CMD_KEY_RM, name: 'RM' },
  { flag: CMD_KEY_ACCESS, name: 'access' },
  { flag: CMD_KEY_UPDATE, name: 'update' },
  { flag: CMD_KEY_INSERT, name: 'insert' },
  { flag: CMD_KEY_DELETE, name: 'delete' },
  { flag: CMD_KEY_NOT_KEY, name: 'not_key' },
  { flag: CMD_KEY_INCOMPLETE, name: 'incomplete' },
  { flag: CMD_KEY_VARIABLE_FLAGS, name: 'variable_flags' },
];

/**
 * Replies with what a command does to a key.
 * @c server.c:4391
 */
export function addReplyFlagsForKeyArgs(c: client, flags: number): void {
  addReplyCommandFlags(c, flags, KEY_FLAG_NAMES);
}

/** The names of ARG_TYPE_*, which are their indexes. */
const ARG_TYPE_STR: readonly string[] = [
  'string',
  'integer',
  'double',
  'key',
  'pattern',
  'unix-time',
  'pure-token',
  'oneof',
  'block',
];

/** The flags of an argument. */
const ARG_FLAG_NAMES: readonly replyFlagNames[] = [
  { flag: CMD_ARG_OPTIONAL, name: 'optional' },
  { flag: CMD_ARG_MULTIPLE, name: 'multiple' },
  { flag: CMD_ARG_MULTIPLE_TOKEN, name: 'multiple_token' },
];

/**
 * Replies with the flags of an argument.
 * @c server.c:4422
 */
export function addReplyFlagsForArg(c: client, flags: number): void {
  addReplyCommandFlags(c, flags, ARG_FLAG_NAMES);
}

/**
 * Replies with the description of arguments, those inside of others included.
 * @c server.c:4432
 */
export function addReplyCommandArgList(
  c: client,
  args: redisCommandArg[] | null,
  num_args: number,
): void {
  addReplyArrayLen(c, num_args);
  for (let j = 0; j < num_args; j++) {
    const arg = args![j];
    const has_subargs = arg.type === ARG_TYPE_ONEOF || arg.type === ARG_TYPE_BLOCK;
    let maplen = 2;
    if (arg.key_spec_index !== -1) maplen++;
    if (arg.token !== null) maplen++;
    if (arg.summary !== null) maplen++;
    if (arg.since !== null) maplen++;
    if (arg.deprecated_since !== null) maplen++;
    if (arg.flags) maplen++;
    if (has_subargs) maplen++;
    addReplyMapLen(c, maplen);

    addReplyBulkCString(c, 'name');
    addReplyBulkCString(c, arg.name);

    addReplyBulkCString(c, 'type');
    addReplyBulkCString(c, ARG_TYPE_STR[arg.type]);

    if (arg.key_spec_index !== -1) {
      addReplyBulkCString(c, 'key_spec_index');
      addReplyLongLong(c, arg.key_spec_index);
    }
    if (arg.token !== null) {
      addReplyBulkCString(c, 'token');
      addReplyBulkCString(c, arg.token);
    }
    if (arg.summary !== null) {
      addReplyBulkCString(c, 'summary');
      addReplyBulkCString(c, arg.summary);
    }
    if (arg.since !== null) {
      addReplyBulkCString(c, 'since');
      addReplyBulkCString(c, arg.since);
    }
    if (arg.deprecated_since !== null) {
      addReplyBulkCString(c, 'deprecated_since');
      addReplyBulkCString(c, arg.deprecated_since);
    }
    if (arg.flags) {
      addReplyBulkCString(c, 'flags');
      addReplyFlagsForArg(c, arg.flags);
    }
    if (has_subargs) {
      addReplyBulkCString(c, 'arguments');
      addReplyCommandArgList(c, arg.subargs, arg.num_args);
    }
  }
}

/**
 * Replies with the versions in which a command changed, and how.
 * @c server.c:4509
 */
export function addReplyCommandHistory(c: client, cmd: redisCommand): void {
  addReplySetLen(c, cmd.num_history);
  for (let j = 0; j < cmd.num_history; j++) {
    addReplyArrayLen(c, 2);
    addReplyBulkCString(c, cmd.history![j].since);
    addReplyBulkCString(c, cmd.history![j].changes);
  }
}

/**
 * Replies with the tips for clients and proxies.
 * @c server.c:4518
 */
export function addReplyCommandTips(c: client, cmd: redisCommand): void {
  addReplySetLen(c, cmd.num_tips);
  for (let j = 0; j < cmd.num_tips; j++) addReplyBulkCString(c, cmd.tips![j]);
}

/**
 * Replies with where the keys of a command stand.
 * @c server.c:4525
 */
export function addReplyCommandKeySpecs(c: client, cmd: redisCommand): void {
  addReplySetLen(c, cmd.key_specs_num);
  for (let i = 0; i < cmd.key_specs_num; i++) {
    const ks = cmd.key_specs[i];
    addReplyMapLen(c, ks.notes !== null ? 4 : 3);

    if (ks.notes !== null) {
      addReplyBulkCString(c, 'notes');
      addReplyBulkCString(c, ks.notes);
    }

    addReplyBulkCString(c, 'flags');
    addReplyFlagsForKeyArgs(c, ks.flags);

    addReplyBulkCString(c, 'begin_search');
    switch (ks.begin_search_type) {
      case KSPEC_BS_UNKNOWN:
        addReplyMapLen(c, 2);
        addReplyBulkCString(c, 'type');
        addReplyBulkCString(c, 'unknown');

        addReplyBulkCString(c, 'spec');
        addReplyMapLen(c, 0);
        break;
      case KSPEC_BS_INDEX:
        addReplyMapLen(c, 2);
        addReplyBulkCString(c, 'type');
        addReplyBulkCString(c, 'index');

        addReplyBulkCString(c, 'spec');
        addReplyMapLen(c, 1);
        addReplyBulkCString(c, 'index');
        addReplyLongLong(c, ks.bs.index.pos);
        break;
      case KSPEC_BS_KEYWORD:
        addReplyMapLen(c, 2);
        addReplyBulkCString(c, 'type');
        addReplyBulkCString(c, 'keyword');

        addReplyBulkCString(c, 'spec');
        addReplyMapLen(c, 2);
        addReplyBulkCString(c, 'keyword');
        addReplyBulkCString(c, ks.bs.keyword.keyword);
        addReplyBulkCString(c, 'startfrom');
        addReplyLongLong(c, ks.bs.keyword.startfrom);
        break;
      default:
        serverPanic(`Invalid begin_search key spec type ${ks.begin_search_type}`);
    }

    addReplyBulkCString(c, 'find_keys');
    switch (ks.find_keys_type) {
      case KSPEC_FK_UNKNOWN:
        addReplyMapLen(c, 2);
        addReplyBulkCString(c, 'type');
        addReplyBulkCString(c, 'unknown');

        addReplyBulkCString(c, 'spec');
        addReplyMapLen(c, 0);
        break;
      case KSPEC_FK_RANGE:
        addReplyMapLen(c, 2);
        addReplyBulkCString(c, 'type');
        addReplyBulkCString(c, 'range');

        addReplyBulkCString(c, 'spec');
        addReplyMapLen(c, 3);
        addReplyBulkCString(c, 'lastkey');
        addReplyLongLong(c, ks.fk.range.lastkey);
        addReplyBulkCString(c, 'keystep');
        addReplyLongLong(c, ks.fk.range.keystep);
        addReplyBulkCString(c, 'limit');
        addReplyLongLong(c, ks.fk.range.limit);
        break;
      case KSPEC_FK_KEYNUM:
        addReplyMapLen(c, 2);
        addReplyBulkCString(c, 'type');
        addReplyBulkCString(c, 'keynum');

        addReplyBulkCString(c, 'spec');
        addReplyMapLen(c, 3);
        addReplyBulkCString(c, 'keynumidx');
        addReplyLongLong(c, ks.fk.keynum.keynumidx);
        addReplyBulkCString(c, 'firstkey');
        addReplyLongLong(c, ks.fk.keynum.firstkey);
        addReplyBulkCString(c, 'keystep');
        addReplyLongLong(c, ks.fk.keynum.keystep);
        break;
      default:
        serverPanic(`Invalid find_keys key spec type ${ks.find_keys_type}`);
    }
  }
}

/**
 * Replies with the subcommands of a container, each by `reply_function`: as a map by full name, or as an array.
 * @c server.c:4622
 */
export function addReplyCommandSubCommands(
  c: client,
  cmd: redisCommand,
  reply_function: (c: client, cmd: redisCommand) => void,
  use_map: boolean,
): void {
  if (!cmd.subcommands_dict) {
    addReplySetLen(c, 0);
    return;
  }

  if (use_map) addReplyMapLen(c, dictSize(cmd.subcommands_dict));
  else addReplyArrayLen(c, dictSize(cmd.subcommands_dict));
  const di = dictGetSafeIterator(cmd.subcommands_dict);
  let de: dictEntry<string, redisCommand> | null;
  while ((de = dictNext(di)) !== null) {
    const sub = dictGetVal(de);
    if (use_map) addReplyBulkCBuffer(c, sub.fullname);
    reply_function(c, sub);
  }
  dictReleaseIterator(di);
}

/** The names of COMMAND_GROUP_*, which are their indexes. */
const COMMAND_GROUP_STR: readonly string[] = [
  'generic',
  'string',
  'list',
  'set',
  'sorted-set',
  'hash',
  'pubsub',
  'transactions',
  'connection',
  'server',
  'scripting',
  'hyperloglog',
  'cluster',
  'sentinel',
  'geo',
  'stream',
  'bitmap',
  'module',
];

/**
 * Replies with what COMMAND says about a command, null for none.
 * @c server.c:4666
 */
export function addReplyCommandInfo(c: client, cmd: redisCommand | null): void {
  if (cmd === null) {
    addReplyNull(c);
  } else {
    let firstkey = 0;
    let lastkey = 0;
    let keystep = 0;
    const legacy = cmd.legacy_range_key_spec;
    if (legacy.begin_search_type !== KSPEC_BS_INVALID) {
      firstkey = legacy.bs.index.pos;
      lastkey = legacy.fk.range.lastkey;
      if (lastkey >= 0) lastkey += firstkey;
      keystep = legacy.fk.range.keystep;
    }

    addReplyArrayLen(c, 10);
    addReplyBulkCBuffer(c, cmd.fullname);
    addReplyLongLong(c, cmd.arity);
    addReplyFlagsForCommand(c, cmd);
    addReplyLongLong(c, firstkey);
    addReplyLongLong(c, lastkey);
    addReplyLongLong(c, keystep);
    addReplyCommandCategories(c, cmd);
    addReplyCommandTips(c, cmd);
    addReplyCommandKeySpecs(c, cmd);
    addReplyCommandSubCommands(c, cmd, addReplyCommandInfo, false);
  }
}

/**
 * Replies with what COMMAND DOCS says about a command.
 * @c server.c:4694
 */
export function addReplyCommandDocs(c: client, cmd: redisCommand): void {
  let maplen = 1;
  if (cmd.summary !== null) maplen++;
  if (cmd.since !== null) maplen++;
  if (cmd.complexity !== null) maplen++;
  if (cmd.doc_flags) maplen++;
  if (cmd.deprecated_since !== null) maplen++;
  if (cmd.replaced_by !== null) maplen++;
  if (cmd.history !== null) maplen++;
  if (cmd.args !== null) maplen++;
  if (cmd.subcommands_dict !== null) maplen++;
  addReplyMapLen(c, maplen);

  if (cmd.summary !== null) {
    addReplyBulkCString(c, 'summary');
    addReplyBulkCString(c, cmd.summary);
  }
  if (cmd.since !== null) {
    addReplyBulkCString(c, 'since');
    addReplyBulkCString(c, cmd.since);
  }

  addReplyBulkCString(c, 'group');
  addReplyBulkCString(c, COMMAND_GROUP_STR[cmd.group]);

  if (cmd.complexity !== null) {
    addReplyBulkCString(c, 'complexity');
    addReplyBulkCString(c, cmd.complexity);
  }
  if (cmd.doc_flags) {
    addReplyBulkCString(c, 'doc_flags');
    addReplyDocFlagsForCommand(c, cmd);
  }
  if (cmd.deprecated_since !== null) {
    addReplyBulkCString(c, 'deprecated_since');
    addReplyBulkCString(c, cmd.deprecated_since);
  }
  if (cmd.replaced_by !== null) {
    addReplyBulkCString(c, 'replaced_by');
    addReplyBulkCString(c, cmd.replaced_by);
  }
  if (cmd.history !== null) {
    addReplyBulkCString(c, 'history');
    addReplyCommandHistory(c, cmd);
  }
  if (cmd.args !== null) {
    addReplyBulkCString(c, 'arguments');
    addReplyCommandArgList(c, cmd.args, cmd.num_args);
  }
  if (cmd.subcommands_dict !== null) {
    addReplyBulkCString(c, 'subcommands');
    addReplyCommandSubCommands(c, cmd, addReplyCommandDocs, true);
  }
}

/**
 * COMMAND GETKEYS and GETKEYSANDFLAGS: the keys of the command line that follows, alone or each with its flags.
 * @c server.c:4757
 */
export function getKeysSubcommandImpl(c: client, with_flags: boolean): void {
  const argv = c.argv.slice(2, c.argc);
  const argc = c.argc - 2;
  const cmd = lookupCommand(argv, argc);
  const result = new getKeysResult();

  if (cmd === null) {
    addReplyError(c, 'Invalid command specified');
    return;
  } else if (!doesCommandHaveKeys(cmd)) {
    addReplyError(c, 'The command has no key arguments');
    return;
  } else if ((cmd.arity > 0 && cmd.arity !== argc) || argc < -cmd.arity) {
    addReplyError(c, 'Invalid number of arguments specified for command');
    return;
  }

  if (!getKeysFromCommandWithSpecs(cmd, argv, argc, GET_KEYSPEC_DEFAULT, result)) {
    if (cmd.flags & CMD_NO_MANDATORY_KEYS) addReplyArrayLen(c, 0);
    else addReplyError(c, 'Invalid arguments specified for command');
  } else {
    addReplyArrayLen(c, result.numkeys);
    for (let j = 0; j < result.numkeys; j++) {
      if (!with_flags) {
        addReplyBulk(c, argv[result.keys[j].pos]);
      } else {
        addReplyArrayLen(c, 2);
        addReplyBulk(c, argv[result.keys[j].pos]);
        addReplyFlagsForKeyArgs(c, result.keys[j].flags);
      }
    }
  }
  getKeysFreeResult(result);
}

/**
 * COMMAND GETKEYSANDFLAGS command [arg ...].
 * @c server.c:4797
 */
export function commandGetKeysAndFlagsCommand(c: client): void {
  getKeysSubcommandImpl(c, true);
}

/**
 * COMMAND GETKEYS, behind its entry in the table.
 * @c server.c:4802
 */
export function getKeysSubcommand(c: client): void {
  getKeysSubcommandImpl(c, false);
}

/**
 * COMMAND without arguments: all commands.
 * @c server.c:4807
 */
export function commandCommand(c: client): void {
  addReplyArrayLen(c, dictSize(server.commands));
  const di = dictGetIterator(server.commands);
  let de: dictEntry<string, redisCommand> | null;
  while ((de = dictNext(di)) !== null) addReplyCommandInfo(c, dictGetVal(de));
  dictReleaseIterator(di);
}

/**
 * COMMAND COUNT: how many commands there are, subcommands not counted.
 * @c server.c:4820
 */
export function commandCountCommand(c: client): void {
  addReplyLongLong(c, dictSize(server.commands));
}

/** What COMMAND LIST FILTERBY filters by: the values of C's enum. */
export const COMMAND_LIST_FILTER_MODULE = 0;
export const COMMAND_LIST_FILTER_ACLCAT = 1;
export const COMMAND_LIST_FILTER_PATTERN = 2;

/** A filter of COMMAND LIST, and what was once looked up for it. */
export class commandListFilter {
  type = COMMAND_LIST_FILTER_MODULE;
  arg = '';
  cache = { valid: false, aclcat: 0 };
}

/**
 * Whether a command is left out by the filter. Every command is by a module, since there are none, and by a category that does not exist.
 * @c server.c:4842
 */
export function shouldFilterFromCommandList(cmd: redisCommand, filter: commandListFilter): boolean {
  switch (filter.type) {
    case COMMAND_LIST_FILTER_MODULE:
      return true;
    case COMMAND_LIST_FILTER_ACLCAT: {
      if (!filter.cache.valid) {
        filter.cache.aclcat = ACLGetCommandCategoryFlagByName(filter.arg);
        filter.cache.valid = true;
      }
      const cat = filter.cache.aclcat;
      if (cat === 0) return true;
      return !(cmd.acl_categories & cat);
    }
    case COMMAND_LIST_FILTER_PATTERN:
      return !stringmatchlen(filter.arg, cmd.fullname, true);
    default:
      serverPanic(`Invalid filter type ${filter.type}`);
  }
}

/**
 * Replies with the full names of the commands of a table, and of their subcommands, that a filter lets through. Returns how many.
 * @c server.c:4869
 */
export function commandListWithFilter(
  c: client,
  commands: dict<string, redisCommand>,
  filter: commandListFilter,
): number {
  let numcmds = 0;
  const di = dictGetIterator(commands);
  let de: dictEntry<string, redisCommand> | null;
  while ((de = dictNext(di)) !== null) {
    const cmd = dictGetVal(de);
    if (!shouldFilterFromCommandList(cmd, filter)) {
      addReplyBulkCBuffer(c, cmd.fullname);
      numcmds++;
    }
    if (cmd.subcommands_dict) numcmds += commandListWithFilter(c, cmd.subcommands_dict, filter);
  }
  dictReleaseIterator(di);
  return numcmds;
}

/**
 * The same with all of them.
 * @c server.c:4888
 */
export function commandListWithoutFilter(c: client, commands: dict<string, redisCommand>): number {
  let numcmds = 0;
  const di = dictGetIterator(commands);
  let de: dictEntry<string, redisCommand> | null;
  while ((de = dictNext(di)) !== null) {
    const cmd = dictGetVal(de);
    addReplyBulkCBuffer(c, cmd.fullname);
    numcmds++;
    if (cmd.subcommands_dict) numcmds += commandListWithoutFilter(c, cmd.subcommands_dict);
  }
  dictReleaseIterator(di);
  return numcmds;
}

/**
 * COMMAND LIST [FILTERBY MODULE name | ACLCAT category | PATTERN pattern].
 * @c server.c:4905
 */
export function commandListCommand(c: client): void {
  let got_filter = false;
  const filter = new commandListFilter();
  for (let i = 2; i < c.argc; i++) {
    const moreargs = c.argc - 1 - i;
    const opt = objPtrString(c.argv[i]);
    if (strcasecmp(opt, 'filterby') === 0 && moreargs === 2) {
      const filtertype = objPtrString(c.argv[i + 1]);
      if (strcasecmp(filtertype, 'module') === 0) {
        filter.type = COMMAND_LIST_FILTER_MODULE;
      } else if (strcasecmp(filtertype, 'aclcat') === 0) {
        filter.type = COMMAND_LIST_FILTER_ACLCAT;
      } else if (strcasecmp(filtertype, 'pattern') === 0) {
        filter.type = COMMAND_LIST_FILTER_PATTERN;
      } else {
        addReplyErrorObject(c, shared.syntaxerr);
        return;
      }
      got_filter = true;
      filter.arg = objPtrString(c.argv[i + 2]);
      i += 2;
    } else {
      addReplyErrorObject(c, shared.syntaxerr);
      return;
    }
  }

  const replylen = addReplyDeferredLen(c);
  const numcmds = got_filter
    ? commandListWithFilter(c, server.commands, filter)
    : commandListWithoutFilter(c, server.commands);
  setDeferredArrayLen(c, replylen, numcmds);
}

/**
 * COMMAND INFO [name ...]: null for a name that is not known.
 * @c server.c:4947
 */
export function commandInfoCommand(c: client): void {
  if (c.argc === 2) {
    addReplyArrayLen(c, dictSize(server.commands));
    const di = dictGetIterator(server.commands);
    let de: dictEntry<string, redisCommand> | null;
    while ((de = dictNext(di)) !== null) addReplyCommandInfo(c, dictGetVal(de));
    dictReleaseIterator(di);
  } else {
    addReplyArrayLen(c, c.argc - 2);
    for (let i = 2; i < c.argc; i++) {
      addReplyCommandInfo(c, lookupCommandBySds(objPtrString(c.argv[i])));
    }
  }
}

/**
 * COMMAND DOCS [name ...]: a name that is not known is left out.
 * @c server.c:4968
 */
export function commandDocsCommand(c: client): void {
  if (c.argc === 2) {
    addReplyMapLen(c, dictSize(server.commands));
    const di = dictGetIterator(server.commands);
    let de: dictEntry<string, redisCommand> | null;
    while ((de = dictNext(di)) !== null) {
      const cmd = dictGetVal(de);
      addReplyBulkCBuffer(c, cmd.fullname);
      addReplyCommandDocs(c, cmd);
    }
    dictReleaseIterator(di);
  } else {
    let numcmds = 0;
    const replylen = addReplyDeferredLen(c);
    for (let i = 2; i < c.argc; i++) {
      const cmd = lookupCommandBySds(objPtrString(c.argv[i]));
      if (cmd === null) continue;
      addReplyBulkCBuffer(c, cmd.fullname);
      addReplyCommandDocs(c, cmd);
      numcmds++;
    }
    setDeferredMapLen(c, replylen, numcmds);
  }
}

/**
 * COMMAND GETKEYS command [arg ...].
 * @c server.c:4999
 */
export function commandGetKeysCommand(c: client): void {
  getKeysSubcommand(c);
}

/**
 * COMMAND HELP: what the subcommands are for.
 * @c server.c:5004
 */
export function commandHelpCommand(c: client): void {
  const help = [
    '(no subcommand)',
    '    Return details about all Redis commands.',
    'COUNT',
    '    Return the total number of commands in this Redis server.',
    'LIST',
    '    Return a list of all commands in this Redis server.',
    'INFO [<command-name> ...]',
    '    Return details about multiple Redis commands.',
    '    If no command names are given, documentation details for all',
    '    commands are returned.',
    'DOCS [<command-name> ...]',
    '    Return documentation details about multiple Redis commands.',
    '    If no command names are given, documentation details for all',
    '    commands are returned.',
    'GETKEYS <full-command>',
    '    Return the keys from a full Redis command.',
    'GETKEYSANDFLAGS <full-command>',
    '    Return the keys and the access flags from a full Redis command.',
  ];
  addReplyHelp(c, help);
}

/**
 * A number of bytes for people: 512B, 1.50K, 2.00G and so on up to petabytes.
 * @c server.c:5032
 */
export function bytesToHuman(n: number): string {
  if (n < 1024) return `${n}B`;
  if (n < 1024 ** 2) return `${printf_f(n / 1024, 2)}K`;
  if (n < 1024 ** 3) return `${printf_f(n / 1024 ** 2, 2)}M`;
  if (n < 1024 ** 4) return `${printf_f(n / 1024 ** 3, 2)}G`;
  if (n < 1024 ** 5) return `${printf_f(n / 1024 ** 4, 2)}T`;
  if (n < 1024 ** 6) return `${printf_f(n / 1024 ** 5, 2)}P`;
  return `${BigInt(n)}B`;
}

/**
 * The line of INFO latencystats for one command: the configured percentiles, in microseconds.
 * @c server.c:5060
 */
export function fillPercentileDistributionLatencies(
  info: string,
  histogram_name: string,
  histogram: hdr_histogram,
): string {
  info += `latency_percentiles_usec_${histogram_name}:`;
  for (let j = 0; j < server.latency_tracking_info_percentiles_len; j++) {
    const percentile = server.latency_tracking_info_percentiles[j];
    const fbuf = trimDoubleString(printf_f(percentile, 6));
    info += `p${fbuf}=${printf_f(hdr_value_at_percentile(histogram, percentile) / 1000, 3)}`;
    if (j !== server.latency_tracking_info_percentiles_len - 1) info += ',';
  }
  return `${info}\r\n`;
}

/**
 * The word for a SLAVE_STATE_*, empty for others.
 * @c server.c:5075
 */
export function replstateToString(replstate: number): string {
  switch (replstate) {
    case SLAVE_STATE_WAIT_BGSAVE_START:
    case SLAVE_STATE_WAIT_BGSAVE_END:
      return 'wait_bgsave';
    case SLAVE_STATE_SEND_BULK:
      return 'send_bulk';
    case SLAVE_STATE_ONLINE:
      return 'online';
    default:
      return '';
  }
}

/**
 * A name as it may stand in INFO: what separates names, values and lines becomes an underscore.
 * @c server.c:5097
 */
export function getSafeInfoString(s: string): string {
  if (mempbrk(s, '#:\n\r') === -1) return s;
  return memmapchars(s, '#:\n\r', '____');
}

/**
 * The lines of INFO commandstats for the commands of a table that were called or refused, and for their subcommands.
 * @c server.c:5108
 */
export function genRedisInfoStringCommandStats(
  info: string,
  commands: dict<string, redisCommand>,
): string {
  const di = dictGetSafeIterator(commands);
  let de: dictEntry<string, redisCommand> | null;
  while ((de = dictNext(di)) !== null) {
    const c = dictGetVal(de);
    if (c.calls || c.failed_calls || c.rejected_calls) {
      // C divides floats, and the rounding shows.
      const per_call =
        c.calls === 0 ? 0 : Math.fround(Math.fround(c.microseconds) / Math.fround(c.calls));
      info +=
        `cmdstat_${getSafeInfoString(c.fullname)}:calls=${c.calls},usec=${c.microseconds},` +
        `usec_per_call=${printf_f(per_call, 2)},` +
        `rejected_calls=${c.rejected_calls},failed_calls=${c.failed_calls}\r\n`;
    }
    if (c.subcommands_dict) info = genRedisInfoStringCommandStats(info, c.subcommands_dict);
  }
  dictReleaseIterator(di);
  return info;
}

/**
 * The lines of INFO latencystats for the commands of a table that were executed, and for their subcommands.
 * @c server.c:5134
 */
export function genRedisInfoStringLatencyStats(
  info: string,
  commands: dict<string, redisCommand>,
): string {
  const di = dictGetSafeIterator(commands);
  let de: dictEntry<string, redisCommand> | null;
  while ((de = dictNext(di)) !== null) {
    const c = dictGetVal(de);
    if (c.latency_histogram) {
      info = fillPercentileDistributionLatencies(
        info,
        getSafeInfoString(c.fullname),
        c.latency_histogram,
      );
    }
    if (c.subcommands_dict) info = genRedisInfoStringLatencyStats(info, c.subcommands_dict);
  }
  dictReleaseIterator(di);
  return info;
}

/**
 * Adds names of sections to a set.
 * @c server.c:5158
 */
export function addInfoSectionsToDict(
  section_dict: dict<string, null>,
  sections: readonly string[],
): void {
  for (const section of sections) dictAdd(section_dict, section, null);
}

/**
 * Releases what genInfoSectionDict returned.
 * @c server.c:5170
 */
export function releaseInfoSectionDict(sec: dict<string, null>): void {
  if (sec !== server.cached_default_info_sections) dictRelease(sec);
}

/** The sections of INFO without arguments, which is also `default`. */
const DEFAULT_INFO_SECTIONS: readonly string[] = [
  'server',
  'clients',
  'memory',
  'persistence',
  'stats',
  'replication',
  'cpu',
  'module_list',
  'errorstats',
  'cluster',
  'keyspace',
];

/** What the arguments of INFO ask for. */
export interface infoSections {
  /** Names of sections, in any case. */
  section_dict: dict<string, null>;
  /** All sections of the core. */
  all: boolean;
  /** Those and the ones of modules. */
  everything: boolean;
}

/**
 * Reads the arguments of INFO; `defaults` replaces the list of what `default` and no argument mean. Release the set with
 * releaseInfoSectionDict.
 * @c server.c:5180
 */
export function genInfoSectionDict(
  argv: robj[],
  argc: number,
  defaults: readonly string[] | null,
): infoSections {
  if (defaults === null) defaults = DEFAULT_INFO_SECTIONS;

  if (argc === 0) {
    // Nobody changes this one, so it is made once.
    if (server.cached_default_info_sections === null) {
      server.cached_default_info_sections = dictCreate(stringSetDictType);
      dictExpand(server.cached_default_info_sections, 16);
      addInfoSectionsToDict(server.cached_default_info_sections, defaults);
    }
    return { section_dict: server.cached_default_info_sections, all: false, everything: false };
  }

  const section_dict = dictCreate(stringSetDictType);
  dictExpand(section_dict, Math.min(argc, 16));
  let all = false;
  let everything = false;
  for (let i = 0; i < argc; i++) {
    const arg = objPtrString(argv[i]);
    if (strcasecmp(arg, 'default') === 0) {
      addInfoSectionsToDict(section_dict, defaults);
    } else if (strcasecmp(arg, 'all') === 0) {
      all = true;
    } else if (strcasecmp(arg, 'everything') === 0) {
      everything = true;
      all = true;
    } else {
      addInfoSectionsToDict(section_dict, [arg]);
    }
  }
  return { section_dict, all, everything };
}

/**
 * Whole seconds with six decimals, as INFO shows the processor time of so many microseconds.
 * @own printf(3)'s %ld.%06ld of a struct timeval
 */
export function secondsOfUs(us: number): string {
  return `${Math.floor(us / 1000000)}.${zeroPadded(Math.floor(us % 1000000), 6)}`;
}

/**
 * The text of INFO with the given sections, in C's order whatever the order they were asked for in. Also for the crash report.
 * @c server.c:5220
 */
export function genRedisInfoString(
  section_dict: dict<string, null>,
  all_sections: boolean,
  everything: boolean,
): string {
  let info = '';
  const uptime = server.unixtime - server.stat_starttime;
  let sections = 0;
  if (everything) all_sections = true;

  /* Server */
  if (all_sections || dictFind(section_dict, 'server') !== null) {
    let mode: string;
    if (server.cluster_enabled) mode = 'cluster';
    else if (server.sentinel_mode) mode = 'sentinel';
    else mode = 'standalone';

    let supervised: string;
    if (server.supervised) {
      if (server.supervised_mode === SUPERVISED_UPSTART) supervised = 'upstart';
      else if (server.supervised_mode === SUPERVISED_SYSTEMD) supervised = 'systemd';
      else supervised = 'unknown';
    } else {
      supervised = 'no';
    }

    if (sections++) info += '\r\n';

    if (server.info_uname === null) server.info_uname = posix.uname();
    const name = server.info_uname;

    info +=
      '# Server\r\n' +
      `redis_version:${REDIS_VERSION}\r\n` +
      `redis_git_sha1:${redisGitSHA1()}\r\n` +
      `redis_git_dirty:${atoi(redisGitDirty()) > 0 ? 1 : 0}\r\n` +
      `redis_build_id:${redisBuildIdString()}\r\n` +
      `redis_mode:${mode}\r\n` +
      `os:${name.sysname} ${name.release} ${name.machine}\r\n` +
      `arch_bits:${server.arch_bits}\r\n` +
      `monotonic_clock:${monotonicInfoString()}\r\n` +
      `multiplexing_api:${aeGetApiName()}\r\n` +
      // No threads share memory, and no C compiler was at work.
      'atomicvar_api:none\r\n' +
      'gcc_version:0.0.0\r\n' +
      `process_id:${posix.getpid()}\r\n` +
      `process_supervised:${supervised}\r\n` +
      `run_id:${server.runid}\r\n` +
      `tcp_port:${server.port ? server.port : server.tls_port}\r\n` +
      `server_time_usec:${server.ustime}\r\n` +
      `uptime_in_seconds:${uptime}\r\n` +
      `uptime_in_days:${Math.trunc(uptime / (3600 * 24))}\r\n` +
      `hz:${server.hz}\r\n` +
      `configured_hz:${server.config_hz}\r\n` +
      `lru_clock:${server.lruclock}\r\n` +
      `executable:${server.executable ?? ''}\r\n` +
      `config_file:${server.configfile ?? ''}\r\n` +
      `io_threads_active:${server.io_threads_active}\r\n`;

    if (isShutdownInitiated()) {
      info += `shutdown_in_milliseconds:${server.shutdown_mstime - server.mstime}\r\n`;
    }
  }

  /* Clients */
  if (all_sections || dictFind(section_dict, 'clients') !== null) {
    const { in_usage: maxin, out_usage: maxout } = getExpansiveClientsInfo();
    if (sections++) info += '\r\n';
    info +=
      '# Clients\r\n' +
      `connected_clients:${listLength(server.clients) - listLength(server.slaves)}\r\n` +
      'cluster_connections:0\r\n' +
      `maxclients:${server.maxclients}\r\n` +
      `client_recent_max_input_buffer:${maxin}\r\n` +
      `client_recent_max_output_buffer:${maxout}\r\n` +
      `blocked_clients:${server.blocked_clients}\r\n` +
      `tracking_clients:${server.tracking_clients}\r\n` +
      `clients_in_timeout_table:${raxSize(server.clients_timeout_table)}\r\n`;
  }

  /* Memory */
  if (all_sections || dictFind(section_dict, 'memory') !== null) {
    const zmalloc_used = zmalloc_used_memory();
    const total_system_mem = server.system_memory_size;
    const stats = server.cron_malloc_stats;
    const mh = getMemoryOverheadData();

    // The cron samples the peak, and may be behind.
    if (zmalloc_used > server.stat_peak_memory) server.stat_peak_memory = zmalloc_used;

    if (sections++) info += '\r\n';
    info +=
      '# Memory\r\n' +
      `used_memory:${zmalloc_used}\r\n` +
      `used_memory_human:${bytesToHuman(zmalloc_used)}\r\n` +
      `used_memory_rss:${stats.process_rss}\r\n` +
      `used_memory_rss_human:${bytesToHuman(stats.process_rss)}\r\n` +
      `used_memory_peak:${server.stat_peak_memory}\r\n` +
      `used_memory_peak_human:${bytesToHuman(server.stat_peak_memory)}\r\n` +
      `used_memory_peak_perc:${printf_f(mh.peak_perc, 2)}%\r\n` +
      `used_memory_overhead:${mh.overhead_total}\r\n` +
      `used_memory_startup:${mh.startup_allocated}\r\n` +
      `used_memory_dataset:${mh.dataset}\r\n` +
      `used_memory_dataset_perc:${printf_f(mh.dataset_perc, 2)}%\r\n` +
      `allocator_allocated:${stats.allocator_allocated}\r\n` +
      `allocator_active:${stats.allocator_active}\r\n` +
      `allocator_resident:${stats.allocator_resident}\r\n` +
      `total_system_memory:${total_system_mem}\r\n` +
      `total_system_memory_human:${bytesToHuman(total_system_mem)}\r\n` +
      // No script engine is there that could hold anything.
      'used_memory_lua:0\r\n' +
      'used_memory_vm_eval:0\r\n' +
      'used_memory_lua_human:0B\r\n' +
      `used_memory_scripts_eval:${mh.lua_caches}\r\n` +
      'number_of_cached_scripts:0\r\n' +
      'number_of_functions:0\r\n' +
      'number_of_libraries:0\r\n' +
      'used_memory_vm_functions:0\r\n' +
      'used_memory_vm_total:0\r\n' +
      'used_memory_vm_total_human:0B\r\n' +
      `used_memory_functions:${mh.functions_caches}\r\n` +
      `used_memory_scripts:${mh.lua_caches + mh.functions_caches}\r\n` +
      `used_memory_scripts_human:${bytesToHuman(mh.lua_caches + mh.functions_caches)}\r\n` +
      `maxmemory:${server.maxmemory}\r\n` +
      `maxmemory_human:${bytesToHuman(server.maxmemory)}\r\n` +
      `maxmemory_policy:${evictPolicyToString()}\r\n` +
      `allocator_frag_ratio:${printf_f(mh.allocator_frag, 2)}\r\n` +
      `allocator_frag_bytes:${mh.allocator_frag_bytes}\r\n` +
      `allocator_rss_ratio:${printf_f(mh.allocator_rss, 2)}\r\n` +
      `allocator_rss_bytes:${mh.allocator_rss_bytes}\r\n` +
      `rss_overhead_ratio:${printf_f(mh.rss_extra, 2)}\r\n` +
      `rss_overhead_bytes:${mh.rss_extra_bytes}\r\n` +
      `mem_fragmentation_ratio:${printf_f(mh.total_frag, 2)}\r\n` +
      `mem_fragmentation_bytes:${mh.total_frag_bytes}\r\n` +
      `mem_not_counted_for_evict:${freeMemoryGetNotCountedMemory()}\r\n` +
      `mem_replication_backlog:${mh.repl_backlog}\r\n` +
      `mem_total_replication_buffers:${server.repl_buffer_mem}\r\n` +
      `mem_clients_slaves:${mh.clients_slaves}\r\n` +
      `mem_clients_normal:${mh.clients_normal}\r\n` +
      `mem_cluster_links:${mh.cluster_links}\r\n` +
      `mem_aof_buffer:${mh.aof_buffer}\r\n` +
      `mem_allocator:${ZMALLOC_LIB}\r\n` +
      `active_defrag_running:${server.active_defrag_running}\r\n` +
      `lazyfree_pending_objects:${lazyfreeGetPendingObjectsCount()}\r\n` +
      `lazyfreed_objects:${lazyfreeGetFreedObjectsCount()}\r\n`;
  }

  /* Persistence */
  if (all_sections || dictFind(section_dict, 'persistence') !== null) {
    if (sections++) info += '\r\n';
    let fork_perc = 0;
    if (server.stat_module_progress) {
      fork_perc = server.stat_module_progress * 100;
    } else if (server.stat_current_save_keys_total) {
      fork_perc =
        (server.stat_current_save_keys_processed / server.stat_current_save_keys_total) * 100;
    }

    info +=
      '# Persistence\r\n' +
      `loading:${server.loading && !server.async_loading ? 1 : 0}\r\n` +
      `async_loading:${server.async_loading}\r\n` +
      `current_cow_peak:${server.stat_current_cow_peak}\r\n` +
      `current_cow_size:${server.stat_current_cow_bytes}\r\n` +
      `current_cow_size_age:${server.stat_current_cow_updated ? Math.trunc(elapsedMs(server.stat_current_cow_updated) / 1000) : 0}\r\n` +
      `current_fork_perc:${printf_f(fork_perc, 2)}\r\n` +
      `current_save_keys_processed:${server.stat_current_save_keys_processed}\r\n` +
      `current_save_keys_total:${server.stat_current_save_keys_total}\r\n` +
      `rdb_changes_since_last_save:${server.dirty}\r\n` +
      `rdb_bgsave_in_progress:${server.child_type === CHILD_TYPE_RDB ? 1 : 0}\r\n` +
      `rdb_last_save_time:${server.lastsave}\r\n` +
      `rdb_last_bgsave_status:${server.lastbgsave_status === C_OK ? 'ok' : 'err'}\r\n` +
      `rdb_last_bgsave_time_sec:${server.rdb_save_time_last}\r\n` +
      `rdb_current_bgsave_time_sec:${server.child_type !== CHILD_TYPE_RDB ? -1 : time(null) - server.rdb_save_time_start}\r\n` +
      `rdb_saves:${server.stat_rdb_saves}\r\n` +
      `rdb_last_cow_size:${server.stat_rdb_cow_bytes}\r\n` +
      `rdb_last_load_keys_expired:${server.rdb_last_load_keys_expired}\r\n` +
      `rdb_last_load_keys_loaded:${server.rdb_last_load_keys_loaded}\r\n` +
      `aof_enabled:${server.aof_state !== AOF_OFF ? 1 : 0}\r\n` +
      `aof_rewrite_in_progress:${server.child_type === CHILD_TYPE_AOF ? 1 : 0}\r\n` +
      `aof_rewrite_scheduled:${server.aof_rewrite_scheduled}\r\n` +
      `aof_last_rewrite_time_sec:${server.aof_rewrite_time_last}\r\n` +
      `aof_current_rewrite_time_sec:${server.child_type !== CHILD_TYPE_AOF ? -1 : time(null) - server.aof_rewrite_time_start}\r\n` +
      `aof_last_bgrewrite_status:${server.aof_lastbgrewrite_status === C_OK ? 'ok' : 'err'}\r\n` +
      `aof_rewrites:${server.stat_aof_rewrites}\r\n` +
      `aof_rewrites_consecutive_failures:${server.stat_aofrw_consecutive_failures}\r\n` +
      `aof_last_write_status:${server.aof_last_write_status === C_OK && server.aof_bio_fsync_status === C_OK ? 'ok' : 'err'}\r\n` +
      `aof_last_cow_size:${server.stat_aof_cow_bytes}\r\n` +
      `module_fork_in_progress:${server.child_type === CHILD_TYPE_MODULE ? 1 : 0}\r\n` +
      `module_fork_last_cow_size:${server.stat_module_cow_bytes}\r\n`;
  }

  /* Stats */
  if (all_sections || dictFind(section_dict, 'stats') !== null) {
    const current_eviction_exceeded_time = server.stat_last_eviction_exceeded_time
      ? elapsedUs(server.stat_last_eviction_exceeded_time)
      : 0;
    const total_eviction_exceeded_time =
      server.stat_total_eviction_exceeded_time + current_eviction_exceeded_time;

    if (sections++) info += '\r\n';
    info +=
      '# Stats\r\n' +
      `total_connections_received:${server.stat_numconnections}\r\n` +
      `total_commands_processed:${server.stat_numcommands}\r\n` +
      `instantaneous_ops_per_sec:${getInstantaneousMetric(STATS_METRIC_COMMAND)}\r\n` +
      `total_net_input_bytes:${server.stat_net_input_bytes + server.stat_net_repl_input_bytes}\r\n` +
      `total_net_output_bytes:${server.stat_net_output_bytes + server.stat_net_repl_output_bytes}\r\n` +
      `total_net_repl_input_bytes:${server.stat_net_repl_input_bytes}\r\n` +
      `total_net_repl_output_bytes:${server.stat_net_repl_output_bytes}\r\n` +
      `instantaneous_input_kbps:${printf_f(Math.fround(getInstantaneousMetric(STATS_METRIC_NET_INPUT)) / 1024, 2)}\r\n` +
      `instantaneous_output_kbps:${printf_f(Math.fround(getInstantaneousMetric(STATS_METRIC_NET_OUTPUT)) / 1024, 2)}\r\n` +
      `instantaneous_input_repl_kbps:${printf_f(Math.fround(getInstantaneousMetric(STATS_METRIC_NET_INPUT_REPLICATION)) / 1024, 2)}\r\n` +
      `instantaneous_output_repl_kbps:${printf_f(Math.fround(getInstantaneousMetric(STATS_METRIC_NET_OUTPUT_REPLICATION)) / 1024, 2)}\r\n` +
      `rejected_connections:${server.stat_rejected_conn}\r\n` +
      `sync_full:${server.stat_sync_full}\r\n` +
      `sync_partial_ok:${server.stat_sync_partial_ok}\r\n` +
      `sync_partial_err:${server.stat_sync_partial_err}\r\n` +
      `expired_keys:${server.stat_expiredkeys}\r\n` +
      `expired_stale_perc:${printf_f(server.stat_expired_stale_perc * 100, 2)}\r\n` +
      `expired_time_cap_reached_count:${server.stat_expired_time_cap_reached_count}\r\n` +
      `expire_cycle_cpu_milliseconds:${Math.trunc(server.stat_expire_cycle_time_used / 1000)}\r\n` +
      `evicted_keys:${server.stat_evictedkeys}\r\n` +
      `evicted_clients:${server.stat_evictedclients}\r\n` +
      `total_eviction_exceeded_time:${Math.trunc(total_eviction_exceeded_time / 1000)}\r\n` +
      `current_eviction_exceeded_time:${Math.trunc(current_eviction_exceeded_time / 1000)}\r\n` +
      `keyspace_hits:${server.stat_keyspace_hits}\r\n` +
      `keyspace_misses:${server.stat_keyspace_misses}\r\n` +
      `pubsub_channels:${dictSize(server.pubsub_channels)}\r\n` +
      `pubsub_patterns:${dictSize(server.pubsub_patterns)}\r\n` +
      `pubsubshard_channels:${dictSize(server.pubsubshard_channels)}\r\n` +
      `latest_fork_usec:${server.stat_fork_time}\r\n` +
      `total_forks:${server.stat_total_forks}\r\n` +
      'migrate_cached_sockets:0\r\n' +
      `slave_expires_tracked_keys:${getSlaveKeyWithExpireCount()}\r\n` +
      `active_defrag_hits:${server.stat_active_defrag_hits}\r\n` +
      `active_defrag_misses:${server.stat_active_defrag_misses}\r\n` +
      `active_defrag_key_hits:${server.stat_active_defrag_key_hits}\r\n` +
      `active_defrag_key_misses:${server.stat_active_defrag_key_misses}\r\n` +
      `total_active_defrag_time:${Math.trunc(server.stat_total_active_defrag_time / 1000)}\r\n` +
      `current_active_defrag_time:${Math.trunc(server.stat_last_active_defrag_time / 1000)}\r\n` +
      'tracking_total_keys:0\r\n' +
      'tracking_total_items:0\r\n' +
      'tracking_total_prefixes:0\r\n' +
      `unexpected_error_replies:${server.stat_unexpected_error_replies}\r\n` +
      `total_error_replies:${server.stat_total_error_replies}\r\n` +
      `dump_payload_sanitizations:${server.stat_dump_payload_sanitizations}\r\n` +
      `total_reads_processed:${server.stat_total_reads_processed}\r\n` +
      `total_writes_processed:${server.stat_total_writes_processed}\r\n` +
      `io_threaded_reads_processed:${server.stat_io_reads_processed}\r\n` +
      `io_threaded_writes_processed:${server.stat_io_writes_processed}\r\n` +
      `reply_buffer_shrinks:${server.stat_reply_buffer_shrinks}\r\n` +
      `reply_buffer_expands:${server.stat_reply_buffer_expands}\r\n`;
  }

  /* Replication */
  if (all_sections || dictFind(section_dict, 'replication') !== null) {
    if (sections++) info += '\r\n';
    info +=
      '# Replication\r\n' +
      `role:${server.masterhost === null ? 'master' : 'slave'}\r\n` +
      `connected_slaves:${listLength(server.slaves)}\r\n`;

    if (server.repl_min_slaves_to_write && server.repl_min_slaves_max_lag) {
      info += `min_slaves_good_slaves:${server.repl_good_slaves_count}\r\n`;
    }

    const backlog = server.repl_backlog;
    info +=
      'master_failover_state:no-failover\r\n' +
      `master_replid:${server.replid}\r\n` +
      `master_replid2:${server.replid2}\r\n` +
      `master_repl_offset:${server.master_repl_offset}\r\n` +
      `second_repl_offset:${server.second_replid_offset}\r\n` +
      `repl_backlog_active:${backlog !== null ? 1 : 0}\r\n` +
      `repl_backlog_size:${server.repl_backlog_size}\r\n` +
      `repl_backlog_first_byte_offset:${backlog !== null ? backlog.offset : 0}\r\n` +
      `repl_backlog_histlen:${backlog !== null ? backlog.histlen : 0}\r\n`;
  }

  /* CPU */
  if (all_sections || dictFind(section_dict, 'cpu') !== null) {
    if (sections++) info += '\r\n';

    const self_ru = posix.getrusage(RUSAGE_SELF);
    const c_ru = posix.getrusage(RUSAGE_CHILDREN);
    info +=
      '# CPU\r\n' +
      `used_cpu_sys:${secondsOfUs(self_ru?.ru_stime ?? 0)}\r\n` +
      `used_cpu_user:${secondsOfUs(self_ru?.ru_utime ?? 0)}\r\n` +
      `used_cpu_sys_children:${secondsOfUs(c_ru?.ru_stime ?? 0)}\r\n` +
      `used_cpu_user_children:${secondsOfUs(c_ru?.ru_utime ?? 0)}\r\n`;
    const m_ru = posix.getrusage(RUSAGE_THREAD);
    if (m_ru !== null) {
      info +=
        `used_cpu_sys_main_thread:${secondsOfUs(m_ru.ru_stime)}\r\n` +
        `used_cpu_user_main_thread:${secondsOfUs(m_ru.ru_utime)}\r\n`;
    }
  }

  /* Modules */
  if (
    all_sections ||
    dictFind(section_dict, 'module_list') !== null ||
    dictFind(section_dict, 'modules') !== null
  ) {
    if (sections++) info += '\r\n';
    info += '# Modules\r\n';
  }

  /* Command statistics */
  if (all_sections || dictFind(section_dict, 'commandstats') !== null) {
    if (sections++) info += '\r\n';
    info += '# Commandstats\r\n';
    info = genRedisInfoStringCommandStats(info, server.commands);
  }

  /* Error statistics */
  if (all_sections || dictFind(section_dict, 'errorstats') !== null) {
    if (sections++) info += '\r\n';
    info += '# Errorstats\r\n';
    const ri = new raxIterator<redisError>();
    raxStart(ri, server.errors);
    raxSeek(ri, '^', '');
    while (raxNext(ri)) {
      info += `errorstat_${getSafeInfoString(ri.key)}:count=${ri.data!.count}\r\n`;
    }
    raxStop(ri);
  }

  /* Latency by percentile distribution per command */
  if (all_sections || dictFind(section_dict, 'latencystats') !== null) {
    if (sections++) info += '\r\n';
    info += '# Latencystats\r\n';
    if (server.latency_tracking_enabled) {
      info = genRedisInfoStringLatencyStats(info, server.commands);
    }
  }

  /* Cluster */
  if (all_sections || dictFind(section_dict, 'cluster') !== null) {
    if (sections++) info += '\r\n';
    info += `# Cluster\r\ncluster_enabled:${server.cluster_enabled}\r\n`;
  }

  /* Key space */
  if (all_sections || dictFind(section_dict, 'keyspace') !== null) {
    if (sections++) info += '\r\n';
    info += '# Keyspace\r\n';
    for (let j = 0; j < server.dbnum; j++) {
      const keys = dictSize(server.db[j].dict);
      const vkeys = dictSize(server.db[j].expires);
      if (keys || vkeys) {
        info += `db${j}:keys=${keys},expires=${vkeys},avg_ttl=${server.db[j].avg_ttl}\r\n`;
      }
    }
  }

  return info;
}

/**
 * INFO [section ...].
 * @c server.c:5994
 */
export function infoCommand(c: client): void {
  const { section_dict, all, everything } = genInfoSectionDict(
    c.argv.slice(1, c.argc),
    c.argc - 1,
    null,
  );
  const info = genRedisInfoString(section_dict, all, everything);
  addReplyVerbatim(c, info, 'txt');
  releaseInfoSectionDict(section_dict);
}

/**
 * MONITOR: from now on the client sees every command that is executed.
 * @c server.c:6009
 */
export function monitorCommand(c: client): void {
  if (c.flags_hi & CLIENT_DENY_BLOCKING) {
    // Whoever expects one reply a command cannot have this.
    addReplyError(c, "MONITOR isn't allowed for DENY BLOCKING client");
    return;
  }

  if (c.flags & CLIENT_SLAVE) return;

  c.flags |= CLIENT_SLAVE | CLIENT_MONITOR;
  listAddNodeTail(server.monitors, c);
  addReply(c, shared.ok);
}

/* =================================== Main! ================================ */

/**
 * Warns about settings of the kernel that do Redis no good.
 * @c server.c:6060
 */
export function linuxMemoryWarnings(): void {
  const overcommit = checkOvercommit();
  if (overcommit.res < 0) serverLog(LL_WARNING, `WARNING ${overcommit.error_msg}`);
  const thp = checkTHPEnabled();
  if (thp.res < 0) {
    server.thp_enabled = 1;
    serverLog(LL_WARNING, `WARNING ${thp.error_msg}`);
  }
}

/**
 * Writes our pid into the pid file, which gets its default name when there is none. Failure is no reason not to start.
 * @c server.c:6078
 */
export function createPidFile(): void {
  if (!server.pidfile) server.pidfile = CONFIG_DEFAULT_PID_FILE;

  const fd = posix.open(server.pidfile, O_WRONLY | O_CREAT | O_TRUNC, 0o666);
  if (fd !== -1) {
    writeText(fd, `${posix.getpid()}\n`);
    posix.close(fd);
  }
}

/** What tells the process that daemonize started who it is. */
const DAEMON_MARK = 'REDIS_DAEMONIZED';

/**
 * Goes into the background. Without fork(2) the program is started once more, in a session of its own, with standard
 * streams at /dev/null, in the folder in which this one was started; this process then exits. Returns in the new process only.
 * @c server.c:6091
 */
export function daemonize(): void {
  if (posix.getenv(DAEMON_MARK) !== undefined) return;

  // The `dir` option was obeyed already; the new process obeys it again.
  posix.chdir(server.start_dir);
  const self = posix.execArgv();
  const interpreter = self.slice(0, self.length - server.exec_argv.length);
  const pid = posix.posix_spawn(self[0], [...interpreter, ...server.exec_argv], {
    envp: [...posix.environ(), `${DAEMON_MARK}=1`],
    flags: POSIX_SPAWN_SETSID,
    // A config on standard input can be read again when it is a file.
    ...(posix.lseek(STDIN_FILENO, 0, SEEK_SET) === 0 ? { stdin: STDIN_FILENO } : {}),
  });
  if (pid === -1) {
    serverLog(LL_WARNING, `Can't start the background process: ${strerror(posix.errno)}`);
    posix.exit(1);
  }
  posix.exit(0);
}

/**
 * `--version`: prints it and exits.
 * @c server.c:6108
 */
export function version(): never {
  writeText(
    STDOUT_FILENO,
    `Redis server v=${REDIS_VERSION} sha=${redisGitSHA1()}:${atoi(redisGitDirty()) > 0 ? 1 : 0} ` +
      `malloc=${ZMALLOC_LIB} bits=64 build=${redisBuildIdString()}\n`,
  );
  posix.exit(0);
}

/**
 * `--help`: prints how the program is called and exits.
 * @c server.c:6119
 */
export function usage(): never {
  const lines = [
    'Usage: ./redis-server [/path/to/redis.conf] [options] [-]',
    '       ./redis-server -                  takes the config from standard input',
    '       ./redis-server -v or --version    prints the version',
    '       ./redis-server -h or --help       prints this',
    '       ./redis-server --check-system     looks for settings of this machine that do Redis no good',
    '',
    'An option is the name of a config directive with -- in front; options win over standard input, that over the file.',
    '',
    'Examples:',
    '       ./redis-server                    runs with the defaults',
    "       echo 'maxmemory 64mb' | ./redis-server -",
    '       ./redis-server /etc/redis/6379.conf',
    '       ./redis-server --port 7777 --loglevel verbose',
    '       ./redis-server /etc/redis/6379.conf --port 7777 -',
    '',
  ];
  writeText(STDERR_FILENO, lines.join('\n'));
  posix.exit(1);
}

/**
 * Greets: a logo with version, mode, port and pid when the log goes to a terminal (or always-show-logo says so), otherwise a line.
 * @c server.c:6140
 */
export function redisAsciiArt(): void {
  let mode: string;
  if (server.cluster_enabled) mode = 'cluster';
  else if (server.sentinel_mode) mode = 'sentinel';
  else mode = 'standalone';
  const port = server.port ? server.port : server.tls_port;

  const show_logo =
    (!server.syslog_enabled && !server.logfile && posix.isatty(STDOUT_FILENO)) ||
    server.always_show_logo;

  if (!show_logo) {
    serverLog(LL_NOTICE, `Running mode=${mode}, port=${port}.`);
    return;
  }
  const dirty = atoi(redisGitDirty()) > 0 ? 1 : 0;
  // Three slabs, one upon another, with what there is to say beside them.
  const logo = [
    '             _.-^-._',
    "         _.-'   *   '-._",
    `     _.-'   o       /\\  '-._         Redis ${REDIS_VERSION} (${redisGitSHA1()}/${dirty}) ${server.arch_bits} bit`,
    "  .-'          ( )   --     '-.",
    ` (            _.-._            )     Running in ${mode} mode`,
    ` |'-._    _.-'     '-._    _.-'|     Port: ${port}`,
    ` |    '-._             _.-'    |     PID: ${posix.getpid()}`,
    "  '-._    '-._     _.-'    _.-'",
    " |'-._'-._    '-.-'    _.-'_.-'|",
    " |    '-._'-._     _.-'_.-'    |           https://redis.io",
    "  '-._    '-._'-.-'_.-'    _.-'",
    " |'-._'-._    '-.-'    _.-'_.-'|",
    " |    '-._'-._     _.-'_.-'    |",
    "  '-._    '-._'-.-'_.-'    _.-'",
    "      '-._    '-.-'    _.-'",
    "          '-._     _.-'",
    "              '-.-'",
    '',
    '',
  ];
  serverLogRaw(LL_NOTICE | LL_RAW, logo.join('\n'));
}

/**
 * Listens at the addresses that are configured now instead of the old ones. C_ERR, and we listen nowhere, when that fails.
 * @c server.c:6176
 */
export function changeBindAddr(): number {
  closeSocketListeners(server.ipfd);

  if (server.port !== 0 && listenToPort(server.port, server.ipfd) !== C_OK) {
    serverLog(LL_WARNING, 'Failed to bind');
    closeSocketListeners(server.ipfd);
    return C_ERR;
  }

  if (createSocketAcceptHandler(server.ipfd, acceptTcpHandler) !== C_OK) {
    serverPanic('Unrecoverable error creating TCP socket accept handler.');
  }

  if (server.set_proc_title) redisSetProcTitle(null);

  return C_OK;
}

/**
 * Listens on `port` instead of what is in `sfd`; port 0 only stops listening. C_ERR when the new port cannot be had.
 * @c server.c:6204
 */
export function changeListenPort(port: number, sfd: socketFds, accept_handler: aeFileProc): number {
  const new_sfd = new socketFds();

  closeSocketListeners(sfd);

  if (port === 0) {
    if (server.set_proc_title) redisSetProcTitle(null);
    return C_OK;
  }

  if (listenToPort(port, new_sfd) !== C_OK) return C_ERR;

  if (createSocketAcceptHandler(new_sfd, accept_handler) !== C_OK) {
    closeSocketListeners(new_sfd);
    return C_ERR;
  }

  sfd.count = new_sfd.count;
  sfd.fd = new_sfd.fd;

  if (server.set_proc_title) redisSetProcTitle(null);

  return C_OK;
}

/**
 * SIGTERM and SIGINT: leaves a note for the cron, which shuts the server down. The second SIGINT means it.
 * @c server.c:6236
 * @cstatic
 */
export function sigShutdownHandler(sig: number): void {
  let msg: string;
  switch (sig) {
    case SIGINT:
      msg = 'Received SIGINT scheduling shutdown...';
      break;
    case SIGTERM:
      msg = 'Received SIGTERM scheduling shutdown...';
      break;
    default:
      msg = 'Received shutdown signal, scheduling shutdown...';
  }

  if (server.shutdown_asap && sig === SIGINT) {
    serverLogFromHandler(LL_WARNING, 'You insist... exiting now.');
    posix.exit(1);
  } else if (server.loading) {
    msg = 'Received shutdown signal during loading, scheduling shutdown.';
  }

  serverLogFromHandler(LL_WARNING, msg);
  server.shutdown_asap = 1;
  server.last_sig_received = sig;
}

/**
 * Installs the handlers for SIGTERM and SIGINT and, when the crash log is enabled, the one that turns an exception that nobody caught
 * into a bug report: it is to us what SIGSEGV is to C.
 * @c server.c:6267
 */
export function setupSignalHandlers(): void {
  posix.signal(SIGTERM, sigShutdownHandler);
  posix.signal(SIGINT, sigShutdownHandler);

  // A simulated machine lives in somebody else's process, whose exceptions are not ours.
  if (server.crashlog_enabled && posix.platform !== 'sim') {
    process.off('uncaughtException', uncaughtExceptionHandler);
    process.on('uncaughtException', uncaughtExceptionHandler);
  }
}

/**
 * Takes the crash handler away again.
 * @c server.c:6291
 */
export function removeSignalHandlers(): void {
  if (posix.platform !== 'sim') process.off('uncaughtException', uncaughtExceptionHandler);
}

/**
 * Whether the program is asked to be a sentinel, by its name or by --sentinel.
 * @c server.c:6500
 */
export function checkForSentinelMode(argc: number, argv: string[], exec_name: string): boolean {
  if (exec_name.includes('redis-sentinel')) return true;
  for (let j = 1; j < argc; j++) if (argv[j] === '--sentinel') return true;
  return false;
}

/**
 * What happens when memory cannot be had: the log says how much was asked for, and the server ends.
 * @c server.c:6577
 */
export function redisOutOfMemoryHandler(allocation_size: number): void {
  serverLog(LL_WARNING, `Out Of Memory allocating ${allocation_size} bytes!`);
  serverPanic(`Redis aborting for OUT OF MEMORY. Allocating ${allocation_size} bytes!`);
}

/**
 * The value of a variable in proc-title-template; null for one that does not exist.
 * @c server.c:6587
 * @cstatic
 */
export function redisProcTitleGetVariable(varname: string, arg: string): string | null {
  switch (varname) {
    case 'title':
      return arg;
    case 'listen-addr':
      if (server.port || server.tls_port) {
        const addr = server.bindaddr_count ? server.bindaddr[0] : '*';
        return `${addr}:${server.port ? server.port : server.tls_port}`;
      }
      return `unixsocket:${server.unixsocket}`;
    case 'server-mode':
      if (server.cluster_enabled) return '[cluster]';
      if (server.sentinel_mode) return '[sentinel]';
      return '';
    case 'config-file':
      return server.configfile ?? '-';
    case 'port':
      return String(server.port);
    case 'tls-port':
      return String(server.tls_port);
    case 'unixsocket':
      return server.unixsocket ?? '';
    default:
      return null;
  }
}

/**
 * The process title that a template makes, or null when the template is malformed or names an unknown variable.
 * @c server.c:6616
 * @cstatic
 */
export function expandProcTitleTemplate(template: string, title: string): string | null {
  const res = sdstemplate(template, (varname) => redisProcTitleGetVariable(varname, title));
  if (res === null) return null;
  return sdstrim(res, ' ');
}

/**
 * Whether a template makes a title that is not empty.
 * @c server.c:6623
 */
export function validateProcTitleTemplate(template: string): boolean {
  const res = expandProcTitleTemplate(template, '');
  return res !== null && res.length > 0;
}

/**
 * Sets the title that ps shows, from the template; `title` null stands for the name of the program. C_ERR for a bad template.
 * @c server.c:6633
 */
export function redisSetProcTitle(title: string | null): number {
  // The compiled program is a script; people look for the name that they know.
  if (title === null) title = server.exec_argv[0].replace(/\.js$/, '');
  const proc_title = expandProcTitleTemplate(server.proc_title_template ?? '', title);
  if (proc_title === null) return C_ERR;

  posix.setproctitle(proc_title);
  return C_OK;
}

/**
 * Binds the server to the processors of a list; null leaves it free.
 * @c server.c:6648
 */
export function redisSetCpuAffinity(cpulist: string | null): void {
  setcpuaffinity(cpulist);
}

/**
 * Sends a notice to systemd, over the datagram socket that NOTIFY_SOCKET names. Positive when sent, 0 without such a socket,
 * negative on failure; the last two are logged.
 * @c server.c:6658
 */
export function redisCommunicateSystemd(sd_notify_msg: string): number {
  const path = posix.getenv('NOTIFY_SOCKET');
  if (!path) {
    serverLog(LL_WARNING, 'systemd supervision error: NOTIFY_SOCKET not found!');
    return 0;
  }

  const sa = new sockaddr();
  sa.sa_family = AF_UNIX;
  // A leading @ stands for the zero byte of an abstract name.
  sa.address = path.startsWith('@') ? `\0${path.slice(1)}` : path;
  const fd = posix.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const buf = Buffer.from(sd_notify_msg, 'latin1');
  let ret = 1;
  if (
    fd === -1 ||
    posix.connect(fd, sa) === -1 ||
    posix.write(fd, buf, 0, buf.length) !== buf.length
  ) {
    ret = -posix.errno;
    serverLog(LL_WARNING, `systemd supervision error: sd_notify: ${ret}`);
  }
  if (fd !== -1) posix.close(fd);
  return ret;
}

/**
 * Tells upstart that we are ready, by stopping ourselves until it lets us go on. Whether upstart is there.
 * @c server.c:6674
 * @cstatic
 */
export function redisSupervisedUpstart(): boolean {
  if (posix.getenv('UPSTART_JOB') === undefined) {
    serverLog(LL_WARNING, 'upstart supervision requested, but UPSTART_JOB not found!');
    return false;
  }

  serverLog(LL_NOTICE, 'supervised by upstart, will stop to signal readiness.');
  posix.kill(posix.getpid(), SIGSTOP);
  return true;
}

/**
 * Tells systemd that we are starting. Whether it could be told.
 * @c server.c:6690
 * @cstatic
 */
export function redisSupervisedSystemd(): boolean {
  if (redisCommunicateSystemd('STATUS=Redis is loading...\n') <= 0) return false;
  serverLog(
    LL_NOTICE,
    'Supervised by systemd. Please make sure you set appropriate values for TimeoutStartSec and TimeoutStopSec in your ' +
      'service unit.',
  );
  return true;
}

/**
 * Announces us to the supervisor that `mode` (SUPERVISED_*) names or that the environment shows. Whether there is one.
 * @c server.c:6704
 */
export function redisIsSupervised(mode: number): boolean {
  let ret = false;

  if (mode === SUPERVISED_AUTODETECT) {
    if (posix.getenv('UPSTART_JOB') !== undefined) {
      serverLog(LL_VERBOSE, 'Upstart supervision detected.');
      mode = SUPERVISED_UPSTART;
    } else if (posix.getenv('NOTIFY_SOCKET') !== undefined) {
      serverLog(LL_VERBOSE, 'Systemd supervision detected.');
      mode = SUPERVISED_SYSTEMD;
    }
  }

  switch (mode) {
    case SUPERVISED_UPSTART:
      ret = redisSupervisedUpstart();
      break;
    case SUPERVISED_SYSTEMD:
      ret = redisSupervisedSystemd();
      break;
    default:
      break;
  }

  if (ret) server.supervised_mode = mode;

  return ret;
}

/**
 * Whether this server is a master.
 * @c server.c:6734
 */
export function iAmMaster(): boolean {
  return server.masterhost === null;
}

/**
 * How long, in microseconds, the loop of a process that is nothing but this server may sleep in its own poll while it is busy.
 */
const MAIN_LINGER_US = 1000;

/**
 * Turns the arguments behind the config file into lines of config: `--port 6380` becomes `port "6380"`. `j` is the first of
 * them. A lone `-` at either end stands for standard input.
 * @own the loop in the middle of C's main
 */
export function parseCommandLineOptions(
  argv: string[],
  j: number,
): { options: string; config_from_stdin: boolean } {
  const argc = argv.length;
  let options = '';
  let config_from_stdin = false;
  let handled_last_config_arg = true;
  while (j < argc) {
    const arg = argv[j];
    if (arg === '-' && (j === 1 || j === argc - 1)) {
      config_from_stdin = true;
    } else if (handled_last_config_arg && arg.startsWith('--')) {
      // The name of an option: what starts with -- right behind it is its value.
      if (options.length) options += '\n';
      options += `${arg.slice(2)} `;

      const argv_tmp = sdssplitargs(arg);
      if (argv_tmp !== null && argv_tmp.length === 1) {
        handled_last_config_arg = false;
        const is_save = strcasecmp(arg, '--save') === 0;
        if (is_save && j !== argc - 1 && argv[j + 1].startsWith('--')) {
          // Scripts that build a command line from an empty list produce this; it means `save ""`.
          options += '""';
          handled_last_config_arg = true;
        } else if (is_save && j === argc - 1) {
          options += '""';
        }
      } else {
        // Name and value in one argument, as in "--port 6380".
        handled_last_config_arg = true;
      }
    } else {
      options += `${sdscatrepr(arg)} `;
      handled_last_config_arg = true;
    }
    j++;
  }
  return { options, config_from_stdin };
}

/**
 * The program: reads the command line and the config, builds the server and starts its event loop. `args` are what Node gives, the
 * program's path first. The kernel must have been chosen (usePosix). Returns at once: the loop takes its turns from the loop of
 * the process.
 * @c server.c:6778
 */
export function main(args: string[]): void {
  // Bytes, as C has them.
  const argv = args.map((arg) => Buffer.from(arg, 'utf8').toString('latin1'));
  const argc = argv.length;
  let config_from_stdin = false;

  useServer(new redisServer());
  server.start_dir = posix.getcwd();

  zmalloc_set_oom_handler(redisOutOfMemoryHandler);

  srandom(time(null) ^ posix.getpid() ^ (posix.gettimeofday() % 1000000));

  // The mask can only be read by setting it.
  posix.umask((server.umask = posix.umask(0o777)));

  const hashseed = new Uint8Array(16);
  getRandomBytes(hashseed, hashseed.length);
  dictSetHashFunctionSeed(hashseed);

  const slash = argv[0].lastIndexOf('/');
  const exec_name = slash === -1 ? argv[0] : argv[0].slice(slash);
  if (checkForSentinelMode(argc, argv, exec_name)) {
    writeText(STDERR_FILENO, 'This program is a Redis server only: it cannot run as a sentinel.\n');
    posix.exit(1);
  }
  initServerConfig();
  ACLInit();

  server.executable = getAbsolutePath(argv[0]);
  server.exec_argv = argv.slice();

  if (argc >= 2) {
    let j = 1;
    if (argv[1] === '-v' || argv[1] === '--version') version();
    if (argv[1] === '--help' || argv[1] === '-h') usage();
    if (argv[1] === '--check-system') posix.exit(syscheck() ? 0 : 1);

    // The file first, then standard input, then the options: the last word counts.
    if (!argv[1].startsWith('-')) {
      server.configfile = getAbsolutePath(argv[1]);
      server.exec_argv[1] = server.configfile ?? argv[1];
      j = 2;
    }
    const parsed = parseCommandLineOptions(argv, j);
    config_from_stdin = parsed.config_from_stdin;
    loadServerConfig(server.configfile, config_from_stdin, parsed.options);
  }
  server.supervised = redisIsSupervised(server.supervised_mode) ? 1 : 0;
  const background = server.daemonize && !server.supervised;
  if (background) daemonize();

  serverLog(LL_WARNING, 'oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo');
  serverLog(
    LL_WARNING,
    `Redis version=${REDIS_VERSION}, bits=${server.arch_bits}, commit=${redisGitSHA1()}, ` +
      `modified=${atoi(redisGitDirty()) > 0 ? 1 : 0}, pid=${posix.getpid()}, just started`,
  );

  if (argc === 1) {
    serverLog(
      LL_WARNING,
      'Warning: no config file specified, using the default config. In order to specify a config file use ' +
        `${argv[0]} /path/to/redis.conf`,
    );
  } else {
    serverLog(LL_WARNING, 'Configuration loaded');
  }

  initServer();
  if (background || server.pidfile) createPidFile();
  if (server.set_proc_title) redisSetProcTitle(null);
  redisAsciiArt();
  checkTcpBacklogSettings();

  serverLog(LL_WARNING, 'Server initialized');
  if (posix.platform === 'linux') {
    linuxMemoryWarnings();
    const xen = checkXenClocksource();
    if (xen.res < 0) serverLog(LL_WARNING, `WARNING ${xen.error_msg}`);
  }
  InitServerLast();
  if (server.ipfd.count > 0 || server.tlsfd.count > 0) {
    serverLog(LL_NOTICE, 'Ready to accept connections');
  }
  if (server.sofd > 0) {
    serverLog(LL_NOTICE, `The server is now ready to accept connections at ${server.unixsocket}`);
  }
  if (server.supervised_mode === SUPERVISED_SYSTEMD) {
    redisCommunicateSystemd('STATUS=Ready to accept connections\n');
    redisCommunicateSystemd('READY=1\n');
  }

  if (server.maxmemory > 0 && server.maxmemory < 1024 * 1024) {
    serverLog(
      LL_WARNING,
      `WARNING: You specified a maxmemory value that is less than 1MB (current value is ${server.maxmemory} bytes). Are you ` +
        'sure this is what you really want?',
    );
  }

  redisSetCpuAffinity(server.server_cpulist);
  setOOMScoreAdj(-1);

  aeRun(server.el, MAIN_LINGER_US, aeDeleteEventLoop.bind(null, server.el));
}
