/**
 * server.h: the constants, structs and the one global that every file of the core shares.
 *
 * This is the leaf under the circle networking – server – db – replication: classes and constants that more than one of them needs live
 * here, so that the circle consists of functions only and modules may load in any order. It imports values from the lower rooms and
 * only types from the upper ones.
 *
 *     server ──► redisServer ──► db[0..15] ──► dict: key ──► robj {type, encoding, lru, refcount, ptr}
 *        │                                     expires: key ──► ms
 *        └────► clients ◄──► client {conn, querybuf, argv, cmd, buf, reply, ...}
 *
 * `server` is C's global of that name. Several servers can live in one process: every turn of an event loop first calls useServer(), and
 * everything below reads the live binding. What C keeps as static variables of a file stands in the struct too, at its end.
 */
import { list, type listNode } from '../object/adlist.ts';
import type { dict, dictEntry, dictIterator } from '../object/dict.ts';
import type { rax } from '../object/rax.ts';
import type { sds } from '../object/sds.ts';
import type { streamID } from '../object/stream.h.ts';
import { Ledger, useLedger } from '../object/zmalloc.ts';
import { posix, usePosix, type Posix, type iovec, type utsname } from '../posix/posix.ts';
import type { aeEventLoop } from '../ae/ae.ts';
import type { connection } from '../networking/connection.ts';
import type { standardConfig } from './config.ts';
import type { slowlogEntry } from './slowlog.ts';
import type { latencyTimeSeries } from './latency.ts';
import type { evictionPoolEntry } from './evict.ts';
import type { hdr_histogram } from './hdr_histogram.ts';
import type { lazyfreeJob } from './lazyfree.ts';

/* What most functions of the core return: done, or not done (the reason is in errno, a reply, or the log). */
export const C_OK = 0;
export const C_ERR = -1;

/* ---- Limits and defaults of the server */
/** Calls of serverCron a second, and the range in which `hz` may be set. */
export const CONFIG_DEFAULT_HZ = 10;
export const CONFIG_MIN_HZ = 1;
export const CONFIG_MAX_HZ = 500;
/** With dynamic-hz, the cron runs more often until one call has no more clients than this to look after. */
export const MAX_CLIENTS_PER_CLOCK_TICK = 200;
/** Databases that one call of a cron task visits. */
export const CRON_DBS_PER_CALL = 16;
/** Bytes that one client may be sent before another one gets its turn. */
export const NET_MAX_WRITES_PER_EVENT = 1024 * 64;
/** How many SELECT commands, small integers and reply headers `shared` holds ready. */
export const PROTO_SHARED_SELECT_CMDS = 10;
export const OBJ_SHARED_INTEGERS = 10000;
export const OBJ_SHARED_BULKHDR_LEN = 32;
/** Bytes of a formatted log line; a longer one is cut. */
export const LOG_MAX_LEN = 1024;
/** Elements that one command of a rewritten AOF adds at most. */
export const AOF_REWRITE_ITEMS_PER_CMD = 64;
/** Bytes of a `#` line in an AOF. */
export const AOF_ANNOTATION_LINE_MAX_LEN = 1024;
/** Hexadecimal digits of a run id, a replication id, and the mark that ends an RDB stream of unknown length. */
export const CONFIG_RUN_ID_SIZE = 40;
export const RDB_EOF_MARK_SIZE = 40;
/** Bytes; repl-backlog-size cannot be less. */
export const CONFIG_REPL_BACKLOG_MIN_SIZE = 1024 * 16;
/** Seconds between a background save that failed and the next attempt. */
export const CONFIG_BGSAVE_RETRY_DELAY = 5;
/** Where a daemon writes its pid, and which addresses are bound, when the configuration does not say. */
export const CONFIG_DEFAULT_PID_FILE = '/var/run/redis.pid';
export const CONFIG_DEFAULT_BINDADDR_COUNT = 2;
export const CONFIG_DEFAULT_BINDADDR: readonly string[] = ['*', '-::*'];
/** Sizes of C's buffers for a host name, an address, and either of them with a port. */
export const NET_HOST_STR_LEN = 256;
export const NET_IP_STR_LEN = 46;
export const NET_ADDR_STR_LEN = NET_IP_STR_LEN + 32;
export const NET_HOST_PORT_STR_LEN = NET_HOST_STR_LEN + 32;
/** How many addresses `bind` takes. */
export const CONFIG_BINDADDR_MAX = 16;
/** Descriptors kept for files, the listening sockets and the like, besides one for each client. */
export const CONFIG_MIN_RESERVED_FDS = 32;
/** Default of proc-title-template. */
export const CONFIG_DEFAULT_PROC_TITLE_TEMPLATE = '{title} {listen-addr} {server-mode}';

/* ---- Classes of clients by the memory they use, for maxmemory-clients: each class holds up to twice what the one before does */
/** log2 of the bytes below which a client is in the first class, and from about which on it is in the last. */
export const CLIENT_MEM_USAGE_BUCKET_MIN_LOG = 15;
export const CLIENT_MEM_USAGE_BUCKET_MAX_LOG = 33;
export const CLIENT_MEM_USAGE_BUCKETS =
  1 + CLIENT_MEM_USAGE_BUCKET_MAX_LOG - CLIENT_MEM_USAGE_BUCKET_MIN_LOG;

/* How activeExpireCycle runs: from the cron, or for a moment before each wait of the event loop. */
export const ACTIVE_EXPIRE_CYCLE_SLOW = 0;
export const ACTIVE_EXPIRE_CYCLE_FAST = 1;

/** Exit status of a child that was told to end: no error, so that writes are not refused because of it. */
export const SERVER_CHILD_NOERROR_RETVAL = 255;

/** A child that reports its copied pages waits this many times as long as measuring them took. */
export const CHILD_COW_DUTY_CYCLE = 100;

/* ---- The rates that INFO shows as instantaneous_*: indices of `inst_metric` */
/** Samples over which a rate is averaged; one comes every 100 ms. */
export const STATS_METRIC_SAMPLES = 16;
/** Commands. */
export const STATS_METRIC_COMMAND = 0;
/** Bytes received from and sent to clients, then from a master and to replicas. */
export const STATS_METRIC_NET_INPUT = 1;
export const STATS_METRIC_NET_OUTPUT = 2;
export const STATS_METRIC_NET_INPUT_REPLICATION = 3;
export const STATS_METRIC_NET_OUTPUT_REPLICATION = 4;
/** How many rates there are. */
export const STATS_METRIC_COUNT = 5;

/* ---- The protocol and its buffers, in bytes */
/** What one read from a client asks for. */
export const PROTO_IOBUF_LEN = 1024 * 16;
/** The first size of a client's reply buffer, and the least of a block of its reply list. */
export const PROTO_REPLY_CHUNK_BYTES = 16 * 1024;
/** The longest line: an inline command, or a `*` or `$` header. */
export const PROTO_INLINE_MAX_SIZE = 1024 * 64;
/** From this size on an argument is read into a buffer that becomes its value without a copy. */
export const PROTO_MBULK_BIG_ARG = 1024 * 32;
/** A query buffer that is idle or mostly empty shrinks when it is larger than this. */
export const PROTO_RESIZE_THRESHOLD = 1024 * 32;
/** The reply buffer does not shrink below this. */
export const PROTO_REPLY_MIN_BYTES = 1024;
/** With incremental fsync, how much of a file is written before the next fsync. */
export const REDIS_AUTOSYNC_BYTES = 1024 * 1024 * 4;

/** Milliseconds over which the peak use of a reply buffer decides its size. */
export const REPLY_BUFFER_DEFAULT_PEAK_RESET_TIME = 5000;

/** What the event loop can hold beyond maxclients. */
export const CONFIG_FDSET_INCR = CONFIG_MIN_RESERVED_FDS + 96;

/* The kinds of process that oom-score-adj-values has a value for, as indices. */
export const CONFIG_OOM_MASTER = 0;
export const CONFIG_OOM_REPLICA = 1;
export const CONFIG_OOM_BGCHILD = 2;
export const CONFIG_OOM_COUNT = 3;

/*
 * A table shrinks when fewer percent of its buckets are used. A large table does not grow under maxmemory up to this many entries
 * a bucket.
 */
export const HASHTABLE_MIN_FILL = 10;
export const HASHTABLE_MAX_LOAD_FACTOR = 1.618;

/* ---- Flags of a command (`redisCommand.flags`); COMMAND INFO shows most of them by name */
/** May change the dataset. */
export const CMD_WRITE = 1 << 0;
/** Reads keys and never changes them. */
export const CMD_READONLY = 1 << 1;
/** May need more memory: refused when maxmemory is reached. */
export const CMD_DENYOOM = 1 << 2;
/** Comes from a module. */
export const CMD_MODULE = 1 << 3;
/** For operators. */
export const CMD_ADMIN = 1 << 4;
/** About channels. */
export const CMD_PUBSUB = 1 << 5;
/** Not allowed in scripts. */
export const CMD_NOSCRIPT = 1 << 6;
/** May block the client. */
export const CMD_BLOCKING = 1 << 8;
/** Allowed while a dataset is being loaded. */
export const CMD_LOADING = 1 << 9;
/** Allowed on a replica that has lost its master and serves no stale data. */
export const CMD_STALE = 1 << 10;
/** Not shown to MONITOR. */
export const CMD_SKIP_MONITOR = 1 << 11;
/** Not shown in the slow log. */
export const CMD_SKIP_SLOWLOG = 1 << 12;
/** In a cluster, served for a slot that is being imported without ASKING before it. */
export const CMD_ASKING = 1 << 13;
/** Takes constant or logarithmic time; its latency counts as the event 'fast-command'. */
export const CMD_FAST = 1 << 14;
/** Allowed before authentication. */
export const CMD_NO_AUTH = 1 << 15;
/** Not a write, but may send something to the replicas. */
export const CMD_MAY_REPLICATE = 1 << 16;
/** A sentinel has it too. */
export const CMD_SENTINEL = 1 << 17;
/** Only a sentinel has it. */
export const CMD_ONLY_SENTINEL = 1 << 18;
/** May come without any key, though it can take some. */
export const CMD_NO_MANDATORY_KEYS = 1 << 19;
/** Allowed only as enable-debug-command and enable-module-command say. */
export const CMD_PROTECTED = 1 << 20;
/** The module finds the keys. */
export const CMD_MODULE_GETKEYS = 1 << 21;
/** Refused by a cluster node. */
export const CMD_MODULE_NO_CLUSTER = 1 << 22;
/** Refused while a replica loads a new dataset beside the old one. */
export const CMD_NO_ASYNC_LOADING = 1 << 23;
/** Not allowed in a transaction. */
export const CMD_NO_MULTI = 1 << 24;
/** First key, last key and step do not tell all keys; found out at start. */
export const CMD_MOVABLE_KEYS = 1 << 25;
/** Allowed while a script or module keeps the server busy. */
export const CMD_ALLOW_BUSY = 1 << 26;
/** The module finds the channels. */
export const CMD_MODULE_GETCHANNELS = 1 << 27;

/* ---- The categories of commands that ACL rules know as `@name` (`redisCommand.acl_categories`) */
export const ACL_CATEGORY_KEYSPACE = 1 << 0;
export const ACL_CATEGORY_READ = 1 << 1;
export const ACL_CATEGORY_WRITE = 1 << 2;
export const ACL_CATEGORY_SET = 1 << 3;
export const ACL_CATEGORY_SORTEDSET = 1 << 4;
export const ACL_CATEGORY_LIST = 1 << 5;
export const ACL_CATEGORY_HASH = 1 << 6;
export const ACL_CATEGORY_STRING = 1 << 7;
export const ACL_CATEGORY_BITMAP = 1 << 8;
export const ACL_CATEGORY_HYPERLOGLOG = 1 << 9;
export const ACL_CATEGORY_GEO = 1 << 10;
export const ACL_CATEGORY_STREAM = 1 << 11;
export const ACL_CATEGORY_PUBSUB = 1 << 12;
export const ACL_CATEGORY_ADMIN = 1 << 13;
export const ACL_CATEGORY_FAST = 1 << 14;
export const ACL_CATEGORY_SLOW = 1 << 15;
export const ACL_CATEGORY_BLOCKING = 1 << 16;
export const ACL_CATEGORY_DANGEROUS = 1 << 17;
export const ACL_CATEGORY_CONNECTION = 1 << 18;
export const ACL_CATEGORY_TRANSACTION = 1 << 19;
export const ACL_CATEGORY_SCRIPTING = 1 << 20;

/* ---- Flags of a key spec. What the command does to the key as a whole: exactly one of the first four */
/** Reads only. */
export const CMD_KEY_RO = 1 << 0;
/** Changes the value or what belongs to the key, such as its expiry. */
export const CMD_KEY_RW = 1 << 1;
/** Replaces the value, whatever it was. */
export const CMD_KEY_OW = 1 << 2;
/** Removes the key. */
export const CMD_KEY_RM = 1 << 3;

/*
 * What it does to the data that users stored; length, type and the like do not count. ACL read and write permissions follow from
 * these.
 */
/** Data gets out: returned, copied, or used for the result. */
export const CMD_KEY_ACCESS = 1 << 4;
/** Data changes; the new may depend on the old. */
export const CMD_KEY_UPDATE = 1 << 5;
/** Data is added, and none can get lost. */
export const CMD_KEY_INSERT = 1 << 6;
/** Data is taken out on purpose. */
export const CMD_KEY_DELETE = 1 << 7;

/** Decides the slot in a cluster as a key would, but is none. */
export const CMD_KEY_NOT_KEY = 1 << 8;
/** There may be more keys than the spec finds. */
export const CMD_KEY_INCOMPLETE = 1 << 9;
/** The arguments decide which of the flags hold. */
export const CMD_KEY_VARIABLE_FLAGS = 1 << 10;

/** For keys of which nothing is known: all permissions are needed. */
export const CMD_KEY_FULL_ACCESS = CMD_KEY_RW | CMD_KEY_ACCESS | CMD_KEY_UPDATE;

/* What a command does to channels; in the same word as the flags of keys. */
export const CMD_CHANNEL_PATTERN = 1 << 11;
export const CMD_CHANNEL_SUBSCRIBE = 1 << 12;
export const CMD_CHANNEL_UNSUBSCRIBE = 1 << 13;
export const CMD_CHANNEL_PUBLISH = 1 << 14;

/* `aof_state`: not written, written, or to be written from the end of the running rewrite on. */
export const AOF_OFF = 0;
export const AOF_ON = 1;
export const AOF_WAIT_REWRITE = 2;

/* What loading the AOF ended with; AOF_TRUNCATED is a last command that was cut off, and accepted. */
export const AOF_OK = 0;
export const AOF_NOT_EXIST = 1;
export const AOF_EMPTY = 2;
export const AOF_OPEN_ERR = 3;
export const AOF_FAILED = 4;
export const AOF_TRUNCATED = 5;

/* `redisCommand.doc_flags`: what COMMAND DOCS says of the command as a whole. SYSCMD: internal. */
export const CMD_DOC_NONE = 0;
export const CMD_DOC_DEPRECATED = 1 << 0;
export const CMD_DOC_SYSCMD = 1 << 1;

/* ---- Flags of a client (`client.flags`) */
/** A replica of this server, or a MONITOR. */
export const CLIENT_SLAVE = 1 << 0;
/** The master of this server. */
export const CLIENT_MASTER = 1 << 1;
/** Sees all commands; comes with CLIENT_SLAVE. */
export const CLIENT_MONITOR = 1 << 2;
/** Between MULTI and EXEC: commands are queued. */
export const CLIENT_MULTI = 1 << 3;
/** Waits; `btype` says for what. */
export const CLIENT_BLOCKED = 1 << 4;
/** A watched key was touched: EXEC will reply null. */
export const CLIENT_DIRTY_CAS = 1 << 5;
/** To be closed when all replies are written; nothing more is read. */
export const CLIENT_CLOSE_AFTER_REPLY = 1 << 6;
/** In `server.unblocked_clients`: its buffered commands come next. */
export const CLIENT_UNBLOCKED = 1 << 7;
/** The pseudo client in whose name scripts call commands. */
export const CLIENT_SCRIPT = 1 << 8;
/** ASKING came: the next command may be for a slot that is being imported. */
export const CLIENT_ASKING = 1 << 9;
/** In `server.clients_to_close`. */
export const CLIENT_CLOSE_ASAP = 1 << 10;
/** Came in by the Unix domain socket. */
export const CLIENT_UNIX_SOCKET = 1 << 11;
/** A command could not be queued: EXEC will fail. */
export const CLIENT_DIRTY_EXEC = 1 << 12;
/** Gets a reply although it is the master. */
export const CLIENT_MASTER_FORCE_REPLY = 1 << 13;
/** The running command goes to the AOF, and with the next flag to the replicas, even if it changed nothing. */
export const CLIENT_FORCE_AOF = 1 << 14;
export const CLIENT_FORCE_REPL = 1 << 15;
/** A replica that sent SYNC: it knows neither PSYNC nor REPLCONF ACK. */
export const CLIENT_PRE_PSYNC = 1 << 16;
/** READONLY came: may read from a replica of the cluster. */
export const CLIENT_READONLY = 1 << 17;
/** Has subscriptions; with RESP2 few commands are allowed. */
export const CLIENT_PUBSUB = 1 << 18;
/** The running command does not go to the AOF, and with the next flag not to the replicas, even if it changed something. */
export const CLIENT_PREVENT_AOF_PROP = 1 << 19;
export const CLIENT_PREVENT_REPL_PROP = 1 << 20;
export const CLIENT_PREVENT_PROP = CLIENT_PREVENT_AOF_PROP | CLIENT_PREVENT_REPL_PROP;
/** In `server.clients_pending_write`: has output, and no write handler yet. */
export const CLIENT_PENDING_WRITE = 1 << 21;
/** CLIENT REPLY OFF. */
export const CLIENT_REPLY_OFF = 1 << 22;
/** CLIENT REPLY SKIP came: becomes CLIENT_REPLY_SKIP for the next command. */
export const CLIENT_REPLY_SKIP_NEXT = 1 << 23;
/** The running command gets no reply. */
export const CLIENT_REPLY_SKIP = 1 << 24;
/** Its scripts run under the debugger; with the next flag in the server itself, not in a child. */
export const CLIENT_LUA_DEBUG = 1 << 25;
export const CLIENT_LUA_DEBUG_SYNC = 1 << 26;
/** A pseudo client of a module. */
export const CLIENT_MODULE = 1 << 27;
/** Must not be freed now; freeClient makes it wait. */
export const CLIENT_PROTECTED = 1 << 28;

/** A command is parsed and not executed yet. */
export const CLIENT_PENDING_COMMAND = 1 << 30;
/*
 * The client flags from here on are the upper part of C's 64 bit word: bits 31 to 43. JavaScript's bit operators work on 32 bits,
 * so they live in `client.flags_hi`, shifted right by 31. The tidy test refuses an upper flag tested against `flags`.
 */
/** CLIENT TRACKING is on: is told when keys that it read change. */
export const CLIENT_TRACKING = 1 << 0;
/** The client that should be told in its place has gone. */
export const CLIENT_TRACKING_BROKEN_REDIR = 1 << 1;
/** Is told of all keys with certain prefixes, read or not. */
export const CLIENT_TRACKING_BCAST = 1 << 2;
/** Only reads after CLIENT CACHING YES count. */
export const CLIENT_TRACKING_OPTIN = 1 << 3;
/** All reads count but those after CLIENT CACHING NO. */
export const CLIENT_TRACKING_OPTOUT = 1 << 4;
/** CLIENT CACHING came, for the next command. */
export const CLIENT_TRACKING_CACHING = 1 << 5;
/** Is not told of what it changed itself. */
export const CLIENT_TRACKING_NOLOOP = 1 << 6;
/** In `server.clients_timeout_table`. */
export const CLIENT_IN_TO_TABLE = 1 << 7;
/** Sent something that is no command; is about to be closed. */
export const CLIENT_PROTOCOL_ERROR = 1 << 8;
/** Becomes CLIENT_CLOSE_AFTER_REPLY when the running command is over. */
export const CLIENT_CLOSE_AFTER_COMMAND = 1 << 9;
/** Must not block: in EXEC, in a script, or while an AOF is replayed. */
export const CLIENT_DENY_BLOCKING = 1 << 10;
/** A replica that wants the snapshot and not the stream of commands after it. */
export const CLIENT_REPL_RDBONLY = 1 << 11;
/** CLIENT NO-EVICT: spared by maxmemory-clients. */
export const CLIENT_NO_EVICT = 1 << 12;

/* Why a client is blocked (`client.btype`). */
export const BLOCKED_NONE = 0;
export const BLOCKED_LIST = 1;
/** WAIT, for replicas to acknowledge. */
export const BLOCKED_WAIT = 2;
export const BLOCKED_MODULE = 3;
export const BLOCKED_STREAM = 4;
export const BLOCKED_ZSET = 5;
/** By CLIENT PAUSE: the command is retried. */
export const BLOCKED_POSTPONE = 6;
/** SHUTDOWN, for the replicas to catch up. */
export const BLOCKED_SHUTDOWN = 7;
/** How many reasons there are. */
export const BLOCKED_NUM = 8;

/* How a request is written (`client.reqtype`): a line of words, or an array of bulk strings. */
export const PROTO_REQ_INLINE = 1;
export const PROTO_REQ_MULTIBULK = 2;

/* Classes of clients, for output buffer limits and memory figures. A MONITOR is a normal one. The first three have limits. */
export const CLIENT_TYPE_NORMAL = 0;
export const CLIENT_TYPE_SLAVE = 1;
export const CLIENT_TYPE_PUBSUB = 2;
export const CLIENT_TYPE_MASTER = 3;
export const CLIENT_TYPE_COUNT = 4;
export const CLIENT_TYPE_OBUF_COUNT = 3;

/* ---- How far a replica has come with its master (`server.repl_state`); the order of the handshake counts */
/** Not a replica. */
export const REPL_STATE_NONE = 0;
/** Is to connect, is connecting. */
export const REPL_STATE_CONNECT = 1;
export const REPL_STATE_CONNECTING = 2;
/** The handshake: what is to be sent, or which reply is awaited. */
export const REPL_STATE_RECEIVE_PING_REPLY = 3;
export const REPL_STATE_SEND_HANDSHAKE = 4;
export const REPL_STATE_RECEIVE_AUTH_REPLY = 5;
export const REPL_STATE_RECEIVE_PORT_REPLY = 6;
export const REPL_STATE_RECEIVE_IP_REPLY = 7;
export const REPL_STATE_RECEIVE_CAPA_REPLY = 8;
export const REPL_STATE_SEND_PSYNC = 9;
export const REPL_STATE_RECEIVE_PSYNC_REPLY = 10;
/** The dataset is arriving; then in step with the master. */
export const REPL_STATE_TRANSFER = 11;
export const REPL_STATE_CONNECTED = 12;

/* The FAILOVER command: none, waiting for the replica to catch up, waiting for it to take over. */
export const NO_FAILOVER = 0;
export const FAILOVER_WAIT_FOR_SYNC = 1;
export const FAILOVER_IN_PROGRESS = 2;

/* ---- How far a replica of ours has come (`client.replstate`) */
/** Waits for a snapshot to begin, then to end. */
export const SLAVE_STATE_WAIT_BGSAVE_START = 6;
export const SLAVE_STATE_WAIT_BGSAVE_END = 7;
/** Is being sent the snapshot, then the commands since. */
export const SLAVE_STATE_SEND_BULK = 8;
export const SLAVE_STATE_ONLINE = 9;

/* What a replica said it can do: read an RDB stream that ends with a mark, resynchronize with a replica that became the master. */
export const SLAVE_CAPA_NONE = 0;
export const SLAVE_CAPA_EOF = 1 << 0;
export const SLAVE_CAPA_PSYNC2 = 1 << 1;

/* What a replica asked to be left out of the snapshot; the mask has all bits that make it other than the usual one. */
export const SLAVE_REQ_NONE = 0;
export const SLAVE_REQ_RDB_EXCLUDE_DATA = 1 << 0;
export const SLAVE_REQ_RDB_EXCLUDE_FUNCTIONS = 1 << 1;

export const SLAVE_REQ_RDB_MASK = SLAVE_REQ_RDB_EXCLUDE_DATA | SLAVE_REQ_RDB_EXCLUDE_FUNCTIONS;

/** Seconds that one blocking read or write of the handshake may take. */
export const CONFIG_REPL_SYNCIO_TIMEOUT = 5;

/** Blocks of the replication buffer that are freed in one go. */
export const REPL_BACKLOG_TRIM_BLOCKS_PER_CALL = 64;

/** Every so many blocks, one is put into the index by which an offset is found. */
export const REPL_BACKLOG_INDEX_PER_BLOCKS = 64;

/* Ends of a list and of a sorted set. */
export const LIST_HEAD = 0;
export const LIST_TAIL = 1;
export const ZSET_MIN = 0;
export const ZSET_MAX = 1;

/** The only kind of redisSortOperation. */
export const SORT_OP_GET = 0;

/* Log levels. LL_RAW, added to one, leaves time and pid out. */
export const LL_DEBUG = 0;
export const LL_VERBOSE = 1;
export const LL_NOTICE = 2;
export const LL_WARNING = 3;
export const LL_RAW = 1 << 10;

/* `supervised`: who is told that the server is up. */
export const SUPERVISED_NONE = 0;
export const SUPERVISED_AUTODETECT = 1;
export const SUPERVISED_SYSTEMD = 2;
export const SUPERVISED_UPSTART = 3;

/* A skiplist has at most so many levels, and a node of one level has the next higher with this probability. */
export const ZSKIPLIST_MAXLEVEL = 32;
export const ZSKIPLIST_P = 0.25;

/* ---- What zsetAdd() is asked to do, as flags */
export const ZADD_IN_NONE = 0;
/** Add to the score that is there. */
export const ZADD_IN_INCR = 1 << 0;
/** Only new elements; only elements that are there. */
export const ZADD_IN_NX = 1 << 1;
export const ZADD_IN_XX = 1 << 2;
/** Change a score only to a greater one; only to a lesser one. */
export const ZADD_IN_GT = 1 << 3;
export const ZADD_IN_LT = 1 << 4;

/* ---- What it did */
/** Nothing, as the flags forbade it. */
export const ZADD_OUT_NOP = 1 << 0;
/** Nothing, as the score would be no number. */
export const ZADD_OUT_NAN = 1 << 1;
export const ZADD_OUT_ADDED = 1 << 2;
export const ZADD_OUT_UPDATED = 1 << 3;

/* `appendfsync`. */
export const AOF_FSYNC_NO = 0;
export const AOF_FSYNC_ALWAYS = 1;
export const AOF_FSYNC_EVERYSEC = 2;

/* `repl-diskless-load`: the snapshot from the master goes to a file first, into an empty database, or beside the old dataset. */
export const REPL_DISKLESS_LOAD_DISABLED = 0;
export const REPL_DISKLESS_LOAD_WHEN_DB_EMPTY = 1;
export const REPL_DISKLESS_LOAD_SWAPDB = 2;

/* `tls-auth-clients`: a certificate is not asked for, required, or checked if the client shows one. */
export const TLS_CLIENT_AUTH_NO = 0;
export const TLS_CLIENT_AUTH_YES = 1;
export const TLS_CLIENT_AUTH_OPTIONAL = 2;

/* `sanitize-dump-payload`: whether RDB files and RESTORE are checked in depth; CLIENTS: only what comes from clients. */
export const SANITIZE_DUMP_NO = 0;
export const SANITIZE_DUMP_YES = 1;
export const SANITIZE_DUMP_CLIENTS = 2;

/* `enable-debug-command` and its like; LOCAL: from the machine itself. */
export const PROTECTED_ACTION_ALLOWED_NO = 0;
export const PROTECTED_ACTION_ALLOWED_YES = 1;
export const PROTECTED_ACTION_ALLOWED_LOCAL = 2;

/* What SUNION, SDIFF, SINTER and their sorted set sisters do. */
export const SET_OP_UNION = 0;
export const SET_OP_DIFF = 1;
export const SET_OP_INTER = 2;

/* ---- Which half of a hash's pair is asked for, as flags */
export const OBJ_HASH_KEY = 1;
export const OBJ_HASH_VALUE = 2;

/* `oom-score-adj`: leave alone, add to what the process started with, or set. */
export const OOM_SCORE_ADJ_NO = 0;
export const OOM_SCORE_RELATIVE = 1;
export const OOM_SCORE_ADJ_ABSOLUTE = 2;

/* ---- `maxmemory-policy`: in the low bits what the policies have in common, above a number */
/** Needs the time of the last access. */
export const MAXMEMORY_FLAG_LRU = 1 << 0;
/** Needs the frequency of access. */
export const MAXMEMORY_FLAG_LFU = 1 << 1;
/** Takes keys without an expiry too. */
export const MAXMEMORY_FLAG_ALLKEYS = 1 << 2;
/** Policies that write into each object: then objects cannot be shared. */
export const MAXMEMORY_FLAG_NO_SHARED_INTEGERS = MAXMEMORY_FLAG_LRU | MAXMEMORY_FLAG_LFU;

export const MAXMEMORY_VOLATILE_LRU = (0 << 8) | MAXMEMORY_FLAG_LRU;
export const MAXMEMORY_VOLATILE_LFU = (1 << 8) | MAXMEMORY_FLAG_LFU;
export const MAXMEMORY_VOLATILE_TTL = 2 << 8;
export const MAXMEMORY_VOLATILE_RANDOM = 3 << 8;
export const MAXMEMORY_ALLKEYS_LRU = (4 << 8) | MAXMEMORY_FLAG_LRU | MAXMEMORY_FLAG_ALLKEYS;
export const MAXMEMORY_ALLKEYS_LFU = (5 << 8) | MAXMEMORY_FLAG_LFU | MAXMEMORY_FLAG_ALLKEYS;
export const MAXMEMORY_ALLKEYS_RANDOM = (6 << 8) | MAXMEMORY_FLAG_ALLKEYS;
export const MAXMEMORY_NO_EVICTION = 7 << 8;

/* The unit of a time argument. */
export const UNIT_SECONDS = 0;
export const UNIT_MILLISECONDS = 1;

/* ---- Flags of SHUTDOWN */
export const SHUTDOWN_NOFLAGS = 0;
/** Save, or do not save, whatever the `save` configuration says. */
export const SHUTDOWN_SAVE = 1;
export const SHUTDOWN_NOSAVE = 2;
/** Do not wait for replicas that lag. */
export const SHUTDOWN_NOW = 4;
/** Go on when saving fails. */
export const SHUTDOWN_FORCE = 8;

/* ---- What call() does besides executing the command */
export const CMD_CALL_NONE = 0;
/** Offer it to the slow log and the latency monitor. */
export const CMD_CALL_SLOWLOG = 1 << 0;
/** Count it. */
export const CMD_CALL_STATS = 1 << 1;
/** Write it to the AOF, and with the next flag to the replicas, if it changed something. */
export const CMD_CALL_PROPAGATE_AOF = 1 << 2;
export const CMD_CALL_PROPAGATE_REPL = 1 << 3;
export const CMD_CALL_PROPAGATE = CMD_CALL_PROPAGATE_AOF | CMD_CALL_PROPAGATE_REPL;
export const CMD_CALL_FULL = CMD_CALL_SLOWLOG | CMD_CALL_STATS | CMD_CALL_PROPAGATE;
/** It was called by a module. */
export const CMD_CALL_FROM_MODULE = 1 << 4;

/* Where a command is propagated to; bits of `redisOp.target`. */
export const PROPAGATE_NONE = 0;
export const PROPAGATE_AOF = 1;
export const PROPAGATE_REPL = 2;

/* Which counter incrCommandStatsOnError increments. */
export const ERROR_COMMAND_REJECTED = 1 << 0;
export const ERROR_COMMAND_FAILED = 1 << 1;

/* Why writes are refused; see writeCommandsDeniedByDiskError. */
export const DISK_ERROR_TYPE_NONE = 0;
export const DISK_ERROR_TYPE_AOF = 1;
export const DISK_ERROR_TYPE_RDB = 2;

/* How restartServer restarts. */
export const RESTART_SERVER_NONE = 0;
export const RESTART_SERVER_GRACEFULLY = 1 << 0;
export const RESTART_SERVER_CONFIG_REWRITE = 1 << 1;

/** addReplyError...Ex: leave the error statistics alone. */
export const ERR_REPLY_FLAG_NO_STATS_UPDATE = 1 << 0;

/* What is paused; a larger number pauses more. */
export const CLIENT_PAUSE_OFF = 0;
export const CLIENT_PAUSE_WRITE = 1;
export const CLIENT_PAUSE_ALL = 2;

/* Why: each purpose has its own end and kind, and the strictest holds. */
export const PAUSE_BY_CLIENT_COMMAND = 0;
export const PAUSE_DURING_SHUTDOWN = 1;
export const PAUSE_DURING_FAILOVER = 2;
export const NUM_PAUSE_PURPOSES = 3;

/* `cluster-preferred-endpoint-type`: how nodes are named to clients. */
export const CLUSTER_ENDPOINT_TYPE_IP = 0;
export const CLUSTER_ENDPOINT_TYPE_HOSTNAME = 1;
export const CLUSTER_ENDPOINT_TYPE_UNKNOWN_ENDPOINT = 2;

/* Where the running background save writes to: a file, or the sockets of replicas. */
export const RDB_CHILD_TYPE_NONE = 0;
export const RDB_CHILD_TYPE_DISK = 1;
export const RDB_CHILD_TYPE_SOCKET = 2;

/* ---- Classes of keyspace events, with their letters in notify-keyspace-events */
/** K: publish to `__keyspace@<db>__:<key>`. */
export const NOTIFY_KEYSPACE = 1 << 0;
/** E: publish to `__keyevent@<db>__:<event>`. */
export const NOTIFY_KEYEVENT = 1 << 1;
/** g: DEL, EXPIRE, RENAME and others for any type. */
export const NOTIFY_GENERIC = 1 << 2;
/** $ l s h z: commands of a type. */
export const NOTIFY_STRING = 1 << 3;
export const NOTIFY_LIST = 1 << 4;
export const NOTIFY_SET = 1 << 5;
export const NOTIFY_HASH = 1 << 6;
export const NOTIFY_ZSET = 1 << 7;
/** x: a key expired. */
export const NOTIFY_EXPIRED = 1 << 8;
/** e: a key was evicted because of maxmemory. */
export const NOTIFY_EVICTED = 1 << 9;
/** t: commands of streams. */
export const NOTIFY_STREAM = 1 << 10;
/** m: a key was looked up in vain. Not in A. */
export const NOTIFY_KEY_MISS = 1 << 11;
/** For modules only: a key was loaded from an RDB file. */
export const NOTIFY_LOADED = 1 << 12;
/** d: events of modules. */
export const NOTIFY_MODULE = 1 << 13;
/** n: a key came into being. Not in A. */
export const NOTIFY_NEW = 1 << 14;
/** A: all kinds of events but m, n and NOTIFY_LOADED. */
export const NOTIFY_ALL =
  NOTIFY_GENERIC |
  NOTIFY_STRING |
  NOTIFY_LIST |
  NOTIFY_SET |
  NOTIFY_HASH |
  NOTIFY_ZSET |
  NOTIFY_EXPIRED |
  NOTIFY_EVICTED |
  NOTIFY_STREAM |
  NOTIFY_MODULE;

/* The histogram of a command: nanoseconds, from and to, with so many significant digits. */
export const LATENCY_HISTOGRAM_MIN_VALUE = 1;
export const LATENCY_HISTOGRAM_MAX_VALUE = 1000000000;
export const LATENCY_HISTOGRAM_PRECISION = 2;

/* What goes on while a module is busy: nothing, events, clients too. */
export const BUSY_MODULE_YIELD_NONE = 0;
export const BUSY_MODULE_YIELD_EVENTS = 1 << 0;
export const BUSY_MODULE_YIELD_CLIENTS = 1 << 1;

/* ---- Types of values (`robj.type`) */
export const OBJ_STRING = 0;
export const OBJ_LIST = 1;
export const OBJ_SET = 2;
export const OBJ_ZSET = 3;
export const OBJ_HASH = 4;

export const OBJ_MODULE = 5;
export const OBJ_STREAM = 6;

/** Bits of the version in the id of a module's type. */
export const REDISMODULE_TYPE_ENCVER_BITS = 10;

/* When the data of a module that belongs to no key stands in an RDB file: before or after the keys. */
export const REDISMODULE_AUX_BEFORE_RDB = 1 << 0;
export const REDISMODULE_AUX_AFTER_RDB = 1 << 1;

/* ---- How a value is represented (`robj.encoding`) */
/** A string beyond 44 bytes, or one that was written into. */
export const OBJ_ENCODING_RAW = 0;
/** A string that is a 64 bit integer. */
export const OBJ_ENCODING_INT = 1;
/** A dict: of a set, or of a hash. */
export const OBJ_ENCODING_HT = 2;
/** Former encodings, found in old RDB files only (zipmap), or in no file at all (linkedlist). */
export const OBJ_ENCODING_ZIPMAP = 3;
export const OBJ_ENCODING_LINKEDLIST = 4;
/** Small lists, hashes and sorted sets of old RDB files. */
export const OBJ_ENCODING_ZIPLIST = 5;
/** A small set of integers. */
export const OBJ_ENCODING_INTSET = 6;
/** A sorted set: skiplist and dict. */
export const OBJ_ENCODING_SKIPLIST = 7;
/** A string of at most 44 bytes; in C, in one allocation with the object. */
export const OBJ_ENCODING_EMBSTR = 8;
/** A list: linked list of listpacks. */
export const OBJ_ENCODING_QUICKLIST = 9;
/** A stream: radix tree of listpacks. */
export const OBJ_ENCODING_STREAM = 10;
/** A small hash or sorted set. */
export const OBJ_ENCODING_LISTPACK = 11;

/* The clock of `robj.lru`: bits, largest value, and milliseconds of one tick. */
export const LRU_BITS = 24;
export const LRU_CLOCK_MAX = (1 << LRU_BITS) - 1;
export const LRU_CLOCK_RESOLUTION = 1000;

/* Reference counts that are none: an object that is never freed, one that C has on its stack; from the last on, do not count. */
export const OBJ_SHARED_REFCOUNT = 2147483647;
export const OBJ_STATIC_REFCOUNT = 2147483647 - 1;
export const OBJ_FIRST_SPECIAL_REFCOUNT = OBJ_STATIC_REFCOUNT;

/** How many commands an ACL selector can tell apart. */
export const USER_COMMAND_BITS_COUNT = 1024;

/* ---- Flags of an ACL user, then of one of its selectors */
/** `on`, `off`. */
export const USER_FLAG_ENABLED = 1 << 0;
export const USER_FLAG_DISABLED = 1 << 1;
/** Any password will do. */
export const USER_FLAG_NOPASS = 1 << 2;
/** What it RESTOREs is checked in depth, or is not. */
export const USER_FLAG_SANITIZE_PAYLOAD = 1 << 3;
export const USER_FLAG_SANITIZE_PAYLOAD_SKIP = 1 << 4;

/** The first selector, made of the rules that stand outside of parentheses. */
export const SELECTOR_FLAG_ROOT = 1 << 0;
/** All keys, all commands, all channels are allowed. */
export const SELECTOR_FLAG_ALLKEYS = 1 << 1;
export const SELECTOR_FLAG_ALLCOMMANDS = 1 << 2;
export const SELECTOR_FLAG_ALLCHANNELS = 1 << 3;

/* What a check of permissions ends with. */
export const ACL_OK = 0;
export const ACL_DENIED_CMD = 1;
export const ACL_DENIED_KEY = 2;
export const ACL_DENIED_AUTH = 3;
export const ACL_DENIED_CHANNEL = 4;

/* Where a refused command came from, for ACL LOG. */
export const ACL_LOG_CTX_TOPLEVEL = 0;
export const ACL_LOG_CTX_LUA = 1;
export const ACL_LOG_CTX_MULTI = 2;
export const ACL_LOG_CTX_MODULE = 3;

/* `propagation-error-behavior`: what happens when a command from the master or the AOF fails. */
export const PROPAGATION_ERR_BEHAVIOR_IGNORE = 0;
export const PROPAGATION_ERR_BEHAVIOR_PANIC = 1;
export const PROPAGATION_ERR_BEHAVIOR_PANIC_ON_REPLICAS = 2;

/* Kinds of AOF files, as the manifest writes them: the dataset at a rewrite, no longer needed, the commands since. */
export const AOF_FILE_TYPE_BASE = 'b';
export const AOF_FILE_TYPE_HIST = 'h';
export const AOF_FILE_TYPE_INCR = 'i';

/* What the background job does (`server.child_type`); LDB is the script debugger. */
export const CHILD_TYPE_NONE = 0;
export const CHILD_TYPE_RDB = 1;
export const CHILD_TYPE_AOF = 2;
export const CHILD_TYPE_LDB = 3;
export const CHILD_TYPE_MODULE = 4;

/* What a report of that job is about. */
export const CHILD_INFO_TYPE_CURRENT_INFO = 0;
export const CHILD_INFO_TYPE_AOF_COW_SIZE = 1;
export const CHILD_INFO_TYPE_RDB_COW_SIZE = 2;
export const CHILD_INFO_TYPE_MODULE_COW_SIZE = 3;

/* ---- Key specs: where keys begin, at an index or behind a keyword; then how far they go, a range or a count */
export const KSPEC_BS_INVALID = 0;
export const KSPEC_BS_UNKNOWN = 1;
export const KSPEC_BS_INDEX = 2;
export const KSPEC_BS_KEYWORD = 3;

export const KSPEC_FK_INVALID = 0;
export const KSPEC_FK_UNKNOWN = 1;
export const KSPEC_FK_RANGE = 2;
export const KSPEC_FK_KEYNUM = 3;

/** Key specs that C's table has room for in a command. */
export const STATIC_KEY_SPECS_NUM = 4;

/* ---- What COMMAND DOCS says of an argument (`redisCommandArg`): type, then flags */
export const ARG_TYPE_STRING = 0;
export const ARG_TYPE_INTEGER = 1;
export const ARG_TYPE_DOUBLE = 2;
export const ARG_TYPE_KEY = 3;
export const ARG_TYPE_PATTERN = 4;
export const ARG_TYPE_UNIX_TIME = 5;
export const ARG_TYPE_PURE_TOKEN = 6;
export const ARG_TYPE_ONEOF = 7;
export const ARG_TYPE_BLOCK = 8;

export const CMD_ARG_NONE = 0;
/** May be left out. */
export const CMD_ARG_OPTIONAL = 1 << 0;
/** May come several times; with the next flag, its token each time. */
export const CMD_ARG_MULTIPLE = 1 << 1;
export const CMD_ARG_MULTIPLE_TOKEN = 1 << 2;

/* Types of replies, for the description of commands. */
export const RESP2_SIMPLE_STRING = 0;
export const RESP2_ERROR = 1;
export const RESP2_INTEGER = 2;
export const RESP2_BULK_STRING = 3;
export const RESP2_NULL_BULK_STRING = 4;
export const RESP2_ARRAY = 5;
export const RESP2_NULL_ARRAY = 6;

export const RESP3_SIMPLE_STRING = 0;
export const RESP3_ERROR = 1;
export const RESP3_INTEGER = 2;
export const RESP3_DOUBLE = 3;
export const RESP3_BULK_STRING = 4;
export const RESP3_ARRAY = 5;
export const RESP3_MAP = 6;
export const RESP3_SET = 7;
export const RESP3_BOOL = 8;
export const RESP3_NULL = 9;

/* Groups of commands (`redisCommand.group`); COMMAND DOCS shows their names. */
export const COMMAND_GROUP_GENERIC = 0;
export const COMMAND_GROUP_STRING = 1;
export const COMMAND_GROUP_LIST = 2;
export const COMMAND_GROUP_SET = 3;
export const COMMAND_GROUP_SORTED_SET = 4;
export const COMMAND_GROUP_HASH = 5;
export const COMMAND_GROUP_PUBSUB = 6;
export const COMMAND_GROUP_TRANSACTIONS = 7;
export const COMMAND_GROUP_CONNECTION = 8;
export const COMMAND_GROUP_SERVER = 9;
export const COMMAND_GROUP_SCRIPTING = 10;
export const COMMAND_GROUP_HYPERLOGLOG = 11;
export const COMMAND_GROUP_CLUSTER = 12;
export const COMMAND_GROUP_SENTINEL = 13;
export const COMMAND_GROUP_GEO = 14;
export const COMMAND_GROUP_STREAM = 15;
export const COMMAND_GROUP_BITMAP = 16;
export const COMMAND_GROUP_MODULE = 17;

/* How a key is looked up (db.c). */
export const LOOKUP_NONE = 0;
/** Leave the time and frequency of access alone. */
export const LOOKUP_NOTOUCH = 1 << 0;
/** No event when the key is missing. */
export const LOOKUP_NONOTIFY = 1 << 1;
/** Do not count it as hit or miss. */
export const LOOKUP_NOSTATS = 1 << 2;
/** For writing: an expired key is deleted even on a replica that takes writes. */
export const LOOKUP_WRITE = 1 << 3;
/** Do not delete an expired key, but do not return it either. */
export const LOOKUP_NOEXPIRE = 1 << 4;

/* How setKey stores: keep the expiry, do not wake watchers and trackers; the caller knows that the key exists, or does not. */
export const SETKEY_KEEPTTL = 1;
export const SETKEY_NO_SIGNAL = 2;
export const SETKEY_ALREADY_EXIST = 4;
export const SETKEY_DOESNT_EXIST = 8;

/* How emptyData empties: in the background, without the function libraries. */
export const EMPTYDB_NO_FLAGS = 0;
export const EMPTYDB_ASYNC = 1 << 0;
export const EMPTYDB_NOFUNCTIONS = 1 << 1;

/* How getKeysUsingKeySpecs answers: with arguments that are no real keys too, with what was found before a spec failed. */
export const GET_KEYSPEC_DEFAULT = 0;
export const GET_KEYSPEC_INCLUDE_NOT_KEYS = 1 << 0;
export const GET_KEYSPEC_RETURN_PARTIAL = 1 << 1;

/** The access counter of a new key, so that it is not evicted at once. */
export const LFU_INIT_VAL = 5;

/* What performEvictions ended with: memory is below the limit, goes on in the time event, or nothing is left to evict. */
export const EVICT_OK = 0;
export const EVICT_RUNNING = 1;
export const EVICT_FAIL = 2;

/** The whole state of one running server; C has one global of it, `server`. */
export class redisServer {
  // ---- The process
  /** Process id. */
  pid = 0;
  /** Absolute path; null: started without one. */
  configfile: string | null = null;
  /** Absolute path of the program, and its arguments, for DEBUG RESTART. */
  executable: string | null = null;
  exec_argv: string[] = [];
  /** dynamic-hz: whether `hz` rises with the number of clients. */
  dynamic_hz = 0;
  /** `hz` as configured. */
  config_hz = 0;
  /** The umask at start. */
  umask = 0;
  /** Calls of serverCron a second, now. */
  hz = 0;
  /** In a child process its CHILD_TYPE_*; CHILD_TYPE_NONE here. */
  in_fork_child = 0;
  /** The databases, `dbnum` of them. */
  db: redisDb[] = [];
  /** The command table by lower case name, after and before rename-command. */
  commands!: dict<string, redisCommand>;
  orig_commands!: dict<string, redisCommand>;
  /** The event loop. */
  el!: aeEventLoop;
  /** Counts of error replies by their first word, for INFO errorstats. */
  errors!: rax<redisError>;
  /** Seconds modulo 2^24, renewed by the cron: what `robj.lru` is set to. */
  lruclock = 0;
  /** A signal asked for shutdown: the cron begins it. */
  shutdown_asap = 0;
  /** Unix time (ms) up to which shutdown waits for replicas; 0: no shutdown is under way. */
  shutdown_mstime = 0;
  /** Number of the last SIGINT or SIGTERM; 0: none. */
  last_sig_received = 0;
  /** SHUTDOWN_* of the shutdown under way. */
  shutdown_flags = 0;
  /** activerehashing: whether the cron rehashes a millisecond of each 100. */
  activerehashing = 0;
  /** Percentage of time spent on defragmentation; 0. */
  active_defrag_running = 0;
  /** File that the pid is written to; null: none, unless as a daemon. */
  pidfile: string | null = null;
  /** Word size, for INFO: 64. */
  arch_bits = 0;
  /** How many times serverCron has run. */
  cronloops = 0;
  /** 40 random hexadecimal digits, new at each start. */
  runid = '';
  /** Whether this is a sentinel. */
  sentinel_mode = 0;
  /** `used_memory` when start-up was over, bytes. */
  initial_memory_usage = 0;
  /** always-show-logo: even when the log does not go to a terminal. */
  always_show_logo = 0;
  /** Whether EXEC is running. */
  in_exec = 0;
  /** BUSY_MODULE_YIELD_* and the reply meanwhile, while a module is busy. */
  busy_module_yield_flags = 0;
  busy_module_yield_reply: string | null = null;
  /** Whether the one who calls now propagates at its end what `also_propagate` gathers. */
  core_propagates = 0;
  /** Propagate several commands without MULTI and EXEC around them. */
  propagate_no_multi = 0;
  /** Calls into modules on the stack. */
  module_ctx_nesting = 0;
  /** ignore-warnings: findings of syscheck.ts that do not keep the server from starting. */
  ignore_warnings: string | null = null;
  /** CLIENT PAUSE came inside the running EXEC. */
  client_pause_in_transaction = 0;
  /** Whether transparent huge pages were on at start. */
  thp_enabled = 0;
  /** Bytes of a page of memory. */
  page_size = 0;
  /** The `loadmodule` lines. */
  loadmodule_queue: list<moduleLoadQueueEntry> = new list();
  /** Pid of the background job; -1: none runs. */
  child_pid = 0;
  /** CHILD_TYPE_* of that job. */
  child_type = 0;

  // ---- Networking
  /** Port for TCP, for TLS; 0: none. */
  port = 0;
  tls_port = 0;
  /** tcp-backlog: connections that the kernel keeps until they are accepted. */
  tcp_backlog = 0;
  /** Addresses to listen on; a `-` before one: no error if the machine does not have it. */
  bindaddr: string[] = [];
  bindaddr_count = 0;
  /** Local address of connections that the server makes; null: any. */
  bind_source_addr: string | null = null;
  /** Path of the Unix domain socket; null: none. */
  unixsocket: string | null = null;
  /** Its mode bits; 0: as umask says. */
  unixsocketperm = 0;
  /** Listening descriptors: TCP, TLS, the Unix domain socket (-1: none). */
  ipfd: socketFds = new socketFds();
  tlsfd: socketFds = new socketFds();
  sofd = 0;
  /** socket-mark-id: SO_MARK of the listening sockets; 0: none. */
  socket_mark_id = 0;
  /** Listening descriptors of the cluster bus. */
  cfd: socketFds = new socketFds();
  /** All that are connected. */
  clients: list<client> = new list();
  /** Those that freeClientsInAsyncFreeQueue will free. */
  clients_to_close: list<client> = new list();
  /** Those that have output and are first tried without a write handler. */
  clients_pending_write: list<client> = new list();
  /** Those whose input waits for an I/O thread; there are none of these threads. */
  clients_pending_read: list<client> = new list();
  /** Those that are replicas, those that run MONITOR. */
  slaves: list<client> = new list();
  monitors: list<client> = new list();
  /** Whose command is being executed; null between commands. */
  current_client: client | null = null;
  /** Clients by memory, smallest class first, when maxmemory-clients is set. */
  client_mem_usage_buckets: clientMemUsageBucket[] = [];
  /** Blocked clients by the time at which they time out. */
  clients_timeout_table!: rax;
  /** Above 0: keys expire by the time at which the command began, not by the clock. */
  fixed_time_expire = 0;
  /** Depth of call() within call(). */
  in_nested_call = 0;
  /** Clients by id. */
  clients_index!: rax;
  /** CLIENT_PAUSE_* in force. */
  client_pause_type = 0;
  /** Those that wait for its end. */
  postponed_clients: list<client> = new list();
  /** When it ends, Unix time in ms. */
  client_pause_end_time = 0;
  /** The pauses of which the above are the sum, by PAUSE_*. */
  client_pause_per_purpose: (pause_event | null)[] = [null, null, null];
  /** The last error of anet.ts, in words. */
  neterr = '';
  /** Id of the next client. */
  next_client_id = 0;
  /** protected-mode: without a password, serve the machine itself only. */
  protected_mode = 0;
  /** io-threads, io-threads-do-reads, and whether they run; kept for CONFIG, since one thread does all. */
  io_threads_num = 0;
  io_threads_do_reads = 0;
  io_threads_active = 0;
  /** Events that were handled inside of long operations. */
  events_processed_while_blocked = 0;
  /** PROTECTED_ACTION_ALLOWED_*: who may set protected options, run DEBUG, run MODULE. */
  enable_protected_configs = 0;
  enable_debug_cmd = 0;
  enable_module_cmd = 0;

  // ---- Loading a dataset
  /** Whether one is being loaded; in the background, beside the one that is served. */
  loading = 0;
  async_loading = 0;
  /** Size of the file, 0 when unknown; memory that the dataset took when it was saved, from the RDB file; bytes read so far. */
  loading_total_bytes = 0;
  loading_rdb_used_mem = 0;
  loading_loaded_bytes = 0;
  /** Unix time in seconds. */
  loading_start_time = 0;
  /** Clients are served each time so many bytes have been read. */
  loading_process_events_interval_bytes = 0;

  // ---- Statistics. Counters since the start or CONFIG RESETSTAT, unless said otherwise
  /** Unix time in seconds; CONFIG RESETSTAT leaves it. */
  stat_starttime = 0;
  /** Commands executed, connections accepted, keys expired. */
  stat_numcommands = 0;
  stat_numconnections = 0;
  stat_expiredkeys = 0;
  /** Estimated share (0 to 1) of keys with an expiry that have expired and are still there. */
  stat_expired_stale_perc = 0;
  /** Expire cycles that ended because their time was over. */
  stat_expired_time_cap_reached_count = 0;
  /** Microseconds spent in expire cycles. */
  stat_expire_cycle_time_used = 0;
  /** Keys evicted because of maxmemory, clients because of maxmemory-clients. */
  stat_evictedkeys = 0;
  stat_evictedclients = 0;
  /** Microseconds spent above maxmemory: so far, and since when (0: not now). */
  stat_total_eviction_exceeded_time = 0;
  stat_last_eviction_exceeded_time = 0;
  /** Lookups of keys, for reading, that found and did not find one. */
  stat_keyspace_hits = 0;
  stat_keyspace_misses = 0;
  /** Active defragmentation; 0. */
  stat_active_defrag_hits = 0;
  stat_active_defrag_misses = 0;
  stat_active_defrag_key_hits = 0;
  stat_active_defrag_key_misses = 0;
  stat_active_defrag_scanned = 0;
  stat_total_active_defrag_time = 0;
  stat_last_active_defrag_time = 0;
  /** The most that `used_memory` has been, bytes. */
  stat_peak_memory = 0;
  /** Rewrites of the AOF; how many of the last ones failed; RDB files saved. */
  stat_aof_rewrites = 0;
  stat_aofrw_consecutive_failures = 0;
  stat_rdb_saves = 0;
  /** Microseconds that the last start of a background job took, that in GB of memory a second, and how many started. */
  stat_fork_time = 0;
  stat_fork_rate = 0;
  stat_total_forks = 0;
  /** Connections refused because of maxclients. */
  stat_rejected_conn = 0;
  /** Full resynchronizations of replicas, partial ones that were accepted, partial ones that were refused. */
  stat_sync_full = 0;
  stat_sync_partial_ok = 0;
  stat_sync_partial_err = 0;
  /** The slow log, newest first; see slowlog.ts. */
  slowlog: list<slowlogEntry> = new list();
  /** Id of the next entry. */
  slowlog_entry_id = 0;
  /** Microseconds; below 0: log nothing. */
  slowlog_log_slower_than = 0;
  /** Entries kept. */
  slowlog_max_len = 0;
  /** Memory as the cron saw it last. */
  cron_malloc_stats: malloc_stats = new malloc_stats();
  /** Bytes read from and written to clients, read from a master, written to replicas. */
  stat_net_input_bytes = 0;
  stat_net_output_bytes = 0;
  stat_net_repl_input_bytes = 0;
  stat_net_repl_output_bytes = 0;
  /** Bytes copied because of the background job: the most, now, and when that was measured (monotonic). */
  stat_current_cow_peak = 0;
  stat_current_cow_bytes = 0;
  stat_current_cow_updated = 0;
  /** Keys that the job has written, of how many. */
  stat_current_save_keys_processed = 0;
  stat_current_save_keys_total = 0;
  /** Bytes copied because of the last job of each kind. */
  stat_rdb_cow_bytes = 0;
  stat_aof_cow_bytes = 0;
  stat_module_cow_bytes = 0;
  /** Share of a module's job that is done, 0 to 1. */
  stat_module_progress = 0;
  /** Bytes used by clients, by CLIENT_TYPE_*. */
  stat_clients_type_memory: number[] = [0, 0, 0, 0];
  /** Bytes used by links of the cluster bus. */
  stat_cluster_links_memory = 0;
  /** Error replies where none may be: to the master, from the AOF. Then all error replies. */
  stat_unexpected_error_replies = 0;
  stat_total_error_replies = 0;
  /** Payloads that were checked in depth. */
  stat_dump_payload_sanitizations = 0;
  /** Reads and writes done by I/O threads, and all of them. */
  stat_io_reads_processed = 0;
  stat_io_writes_processed = 0;
  stat_total_reads_processed = 0;
  stat_total_writes_processed = 0;
  /** Rates, by STATS_METRIC_*. */
  inst_metric: inst_metric[] = Array.from({ length: STATS_METRIC_COUNT }, () => new inst_metric());
  /** How often a reply buffer was made smaller, larger. */
  stat_reply_buffer_shrinks = 0;
  stat_reply_buffer_expands = 0;

  // ---- Configuration
  /** LL_*: log from this level on. */
  verbosity = 0;
  /** `timeout`: seconds after which an idle client is closed; 0: never. */
  maxidletime = 0;
  /** Seconds between probes of an idle connection; 0: none. */
  tcpkeepalive = 0;
  /** Whether keys expire without being looked at; DEBUG SET-ACTIVE-EXPIRE. */
  active_expire_enabled = 0;
  /** active-expire-effort: 1 to 10. */
  active_expire_effort = 0;
  /** activedefrag; always off. */
  active_defrag_enabled = 0;
  /** SANITIZE_DUMP_*. */
  sanitize_dump_payload = 0;
  /** DEBUG SET-SKIP-CHECKSUM-VALIDATION: accept RDB files and payloads with a wrong checksum. */
  skip_checksum_validation = 0;
  /** jemalloc-bg-thread and the limits of active defragmentation: kept for CONFIG. */
  jemalloc_bg_thread = 0;
  active_defrag_ignore_bytes = 0;
  active_defrag_threshold_lower = 0;
  active_defrag_threshold_upper = 0;
  active_defrag_cycle_min = 0;
  active_defrag_cycle_max = 0;
  active_defrag_max_scan_fields = 0;
  /** client-query-buffer-limit, bytes. */
  client_max_querybuf_len = 0;
  /** databases: how many. */
  dbnum = 0;
  /** Whether a supervisor started us; SUPERVISED_*. */
  supervised = 0;
  supervised_mode = 0;
  /** daemonize, set-proc-title, proc-title-template. */
  daemonize = 0;
  set_proc_title = 0;
  proc_title_template: string | null = null;
  /** Output buffer limits by CLIENT_TYPE_*; the first three have one. */
  client_obuf_limits: clientBufferLimitsConfig[] = [];
  /** DEBUG PAUSE-CRON: the cron does nothing. */
  pause_cron = 0;
  /** latency-tracking: whether each command has a histogram; and the percentiles that INFO shows of it. */
  latency_tracking_enabled = 0;
  latency_tracking_info_percentiles: number[] = [];
  latency_tracking_info_percentiles_len = 0;

  // ---- Append only file
  /** appendonly, as configured. */
  aof_enabled = 0;
  /** AOF_OFF, AOF_ON or AOF_WAIT_REWRITE. */
  aof_state = 0;
  /** appendfsync: AOF_FSYNC_*. */
  aof_fsync = 0;
  /** First part of the names of its files, and their folder. */
  aof_filename: string | null = null;
  aof_dirname: string | null = null;
  /** no-appendfsync-on-rewrite: no fsync while a background job runs. */
  aof_no_fsync_on_rewrite = 0;
  /** Rewrite when the AOF has grown by so many percent, and has at least so many bytes. */
  aof_rewrite_perc = 0;
  aof_rewrite_min_size = 0;
  /** Bytes after the last rewrite, or at start. */
  aof_rewrite_base_size = 0;
  /** Bytes of all files together, of the last incremental one. */
  aof_current_size = 0;
  aof_last_incr_size = 0;
  /** Up to where the file is known to be on the disk. */
  aof_fsync_offset = 0;
  /** Microseconds to wait before each write, for tests. */
  aof_flush_sleep = 0;
  /** A rewrite begins when the running job is over. */
  aof_rewrite_scheduled = 0;
  /** Commands to be written before the event loop waits again. */
  aof_buf!: sds;
  /** Descriptor of the file that is written; -1: none. */
  aof_fd = 0;
  /** Database that the last command in the file was for; -1: say it anew. */
  aof_selected_db = 0;
  /** Since when (Unix time, s) a write waits for an fsync to end; 0: none waits. */
  aof_flush_postponed_start = 0;
  /** Unix time of the last fsync, s. */
  aof_last_fsync = 0;
  /** Seconds that the last rewrite took (-1: none yet); when the running one began. */
  aof_rewrite_time_last = 0;
  aof_rewrite_time_start = 0;
  /** The time last written into the file, when aof-timestamp-enabled is on. */
  aof_cur_timestamp = 0;
  aof_timestamp_enabled = 0;
  /** C_OK or C_ERR, of the last rewrite. */
  aof_lastbgrewrite_status = 0;
  /** Writes that could not wait any longer for an fsync to end. */
  aof_delayed_fsync = 0;
  /** Whether a rewrite, a save, does an fsync every REDIS_AUTOSYNC_BYTES. */
  aof_rewrite_incremental_fsync = 0;
  rdb_save_incremental_fsync = 0;
  /** C_OK or C_ERR of the last write, and its errno: writes of clients are refused after an error. */
  aof_last_write_status = 0;
  aof_last_write_errno = 0;
  /** Accept an AOF that ends in the middle of a command. */
  aof_load_truncated = 0;
  /** Rewrite the base file in RDB format. */
  aof_use_rdb_preamble = 0;
  /** C_OK or C_ERR of the last fsync in the background, and its errno. */
  aof_bio_fsync_status = 0;
  aof_bio_fsync_errno = 0;
  /** Which files make up the AOF. */
  aof_manifest: aofManifest | null = null;
  /** Keep files that are no longer needed, for tests. */
  aof_disable_auto_gc = 0;

  // ---- RDB snapshots
  /** Changes since the last save; and how many there were when the running one began. */
  dirty = 0;
  dirty_before_bgsave = 0;
  /** Keys that had expired, that were kept, when an RDB file was last loaded. */
  rdb_last_load_keys_expired = 0;
  rdb_last_load_keys_loaded = 0;
  /** The `save` lines: any of them triggers. */
  saveparams: saveparam[] = [];
  saveparamslen = 0;
  /** dbfilename, rdbcompression, rdbchecksum, rdb-del-sync-files. */
  rdb_filename: string | null = null;
  rdb_compression = 0;
  rdb_checksum = 0;
  rdb_del_sync_files = 0;
  /** Unix time (s) of the last good save, of the last attempt in the background. */
  lastsave = 0;
  lastbgsave_try = 0;
  /** Seconds that the last background save took (-1: none yet); when the running one began (-1: none runs). */
  rdb_save_time_last = 0;
  rdb_save_time_start = 0;
  /** A background save begins when the running job is over. */
  rdb_bgsave_scheduled = 0;
  /** RDB_CHILD_TYPE_* of the running one. */
  rdb_child_type = 0;
  /** C_OK or C_ERR of the last one. */
  lastbgsave_status = 0;
  /** stop-writes-on-bgsave-error: refuse writes after a background save that failed. */
  stop_writes_on_bgsave_err = 0;
  /** A diskless save: the pipe from the job, and the one that tells the job to exit. */
  rdb_pipe_read = 0;
  rdb_child_exit_pipe = 0;
  /** The replicas that it is for, how many are left, how many could not take all of the last piece. */
  rdb_pipe_conns: (connection | null)[] = [];
  rdb_pipe_numconns = 0;
  rdb_pipe_numconns_writing = 0;
  /** That piece: the bytes and their number. */
  rdb_pipe_buff: Uint8Array | null = null;
  rdb_pipe_bufflen = 0;
  /** Microseconds to wait at each key that is saved, loaded, for tests; below 0: one in so many keys waits a microsecond. */
  rdb_key_save_delay = 0;
  key_load_delay = 0;
  /** How a job reports; -1: none runs. And the bytes of a report that have come. */
  child_info_pipe: number[] = [-1, -1];
  child_info_nread = 0;

  // ---- Propagation
  /** What the running command, or the calls within it, gave to be propagated. */
  also_propagate: redisOpArray = new redisOpArray();
  /** Off while something must not go to the replicas. */
  replication_allowed = 0;

  // ---- Log and crash report
  /** Path; empty: standard output. */
  logfile: string | null = null;
  /** syslog-enabled, syslog-ident, syslog-facility. */
  syslog_enabled = 0;
  syslog_ident: string | null = null;
  syslog_facility = 0;
  /** Whether a crash is reported, whether memory is tested then. */
  crashlog_enabled = 0;
  memcheck_enabled = 0;
  /** use-exit-on-panic: exit, do not abort. */
  use_exit_on_panic = 0;

  // ---- Shutdown
  /** Seconds to wait for replicas that lag. */
  shutdown_timeout = 0;
  /** SHUTDOWN_* for SIGINT, for SIGTERM. */
  shutdown_on_sigint = 0;
  shutdown_on_sigterm = 0;

  // ---- Replication, the side of a master
  /** Name of the history of this dataset. */
  replid = '';
  /** Name of the history that it came from, so that replicas of the former master can go on. */
  replid2 = '';
  /** Bytes of replication stream produced so far; up to where `replid2` holds (-1: nowhere). */
  master_repl_offset = 0;
  second_replid_offset = 0;
  /** Database that the last command in the stream was for; -1: say it anew. */
  slaveseldb = 0;
  /** Seconds between PINGs to replicas. */
  repl_ping_slave_period = 0;
  /** The last part of the stream, for partial resynchronization; null: none. */
  repl_backlog: replBacklog | null = null;
  /** Bytes that it keeps; seconds for which it is kept without replicas (0: for ever). */
  repl_backlog_size = 0;
  repl_backlog_time_limit = 0;
  /** Since when there is none, Unix time in seconds. */
  repl_no_slaves_since = 0;
  /** min-replicas-to-write, min-replicas-max-lag (s): refuse writes without so many good replicas; how many are good. */
  repl_min_slaves_to_write = 0;
  repl_min_slaves_max_lag = 0;
  repl_good_slaves_count = 0;
  /** Whether snapshots go to the sockets of replicas directly. */
  repl_diskless_sync = 0;
  /** REPL_DISKLESS_LOAD_*. */
  repl_diskless_load = 0;
  /** Seconds to wait for more replicas before a diskless save, unless so many have come. */
  repl_diskless_sync_delay = 0;
  repl_diskless_sync_max_replicas = 0;
  /** Bytes of the blocks, then the blocks: all replicas and the backlog share them. */
  repl_buffer_mem = 0;
  repl_buffer_blocks: list<replBufBlock> = new list();

  // ---- Replication, the side of a replica
  /** How to authenticate with the master; null: not at all, or as the default user. */
  masteruser: string | null = null;
  masterauth: string | null = null;
  /** Where the master is; null: this is a master. */
  masterhost: string | null = null;
  masterport = 0;
  /** Seconds of silence after which the other side counts as gone. */
  repl_timeout = 0;
  /** The connection as a client; what is kept of it when it is lost, for a partial resynchronization. */
  master: client | null = null;
  cached_master: client | null = null;
  /** Seconds for one blocking read or write of the handshake. */
  repl_syncio_timeout = 0;
  /** REPL_STATE_*. */
  repl_state = 0;
  /** Bytes of the snapshot that arrives (-1: unknown), received, known to be on the disk. */
  repl_transfer_size = 0;
  repl_transfer_read = 0;
  repl_transfer_last_fsync_off = 0;
  /** The connection until it becomes `master`. */
  repl_transfer_s: connection | null = null;
  /** The file that it is written to, and its name. */
  repl_transfer_fd = 0;
  repl_transfer_tmpfile: string | null = null;
  /** Unix time (s) of the last byte received. */
  repl_transfer_lastio = 0;
  /** replica-serve-stale-data, replica-read-only, replica-ignore-maxmemory. */
  repl_serve_stale_data = 0;
  repl_slave_ro = 0;
  repl_slave_ignore_maxmemory = 0;
  /** Unix time (s) at which the link was lost; 0: never since it was first asked for. */
  repl_down_since = 0;
  /** repl-disable-tcp-nodelay: let the kernel gather small writes to replicas. */
  repl_disable_tcp_nodelay = 0;
  /** replica-priority, replica-announced: what a sentinel asks for. */
  slave_priority = 0;
  replica_announced = 0;
  /** Port and address that the master shows for this replica; 0 and null: the real ones. */
  slave_announce_port = 0;
  slave_announce_ip: string | null = null;
  /** PROPAGATION_ERR_BEHAVIOR_*. */
  propagation_error_behavior = 0;
  /** Whether a replica that cannot write its AOF goes on. */
  repl_ignore_disk_write_error = 0;
  /** Name and offset of the history that a full resynchronization under way will give us. */
  master_replid = '';
  master_initial_offset = 0;
  /** replica-lazy-flush: free the old dataset in the background. */
  repl_slave_lazy_flush = 0;

  // ---- WAIT
  /** Clients blocked in WAIT. */
  clients_waiting_acks: list<client> = new list();
  /** Ask the replicas for their offset before the event loop waits again. */
  get_ack_from_slaves = 0;

  // ---- Limits
  /** Connections. */
  maxclients = 0;
  /** Bytes; 0: no limit. */
  maxmemory = 0;
  /** Bytes for all clients; below 0: percent of maxmemory; 0: no limit. */
  maxmemory_clients = 0;
  /** MAXMEMORY_*. */
  maxmemory_policy = 0;
  /** Keys looked at for one to evict. */
  maxmemory_samples = 0;
  /** 0 to 100: how long evictions may go on before clients have their turn. */
  maxmemory_eviction_tenacity = 0;
  /** How slowly the counter of accesses grows; minutes after which it falls by one. */
  lfu_log_factor = 0;
  lfu_decay_time = 0;
  /** proto-max-bulk-len: bytes of an argument or a string value. */
  proto_max_bulk_len = 0;
  /** oom-score-adj-values by CONFIG_OOM_*. */
  oom_score_adj_values: number[] = [0, 200, 800];
  /** OOM_SCORE_*. */
  oom_score_adj = 0;
  /** disable-thp: switch transparent huge pages off for the process at start. */
  disable_thp = 0;

  // ---- Blocked clients
  /** How many there are, and by BLOCKED_*. */
  blocked_clients = 0;
  blocked_clients_by_type: number[] = new Array<number>(BLOCKED_NUM).fill(0);
  /** Those whose commands that came meanwhile are to be executed. */
  unblocked_clients: list<client> = new list();
  /** Keys that received data while somebody waits for them. */
  ready_keys: list<readyList> = new list();

  // ---- Client side caching
  /** How many have it on. */
  tracking_clients = 0;
  /** tracking-table-max-keys; 0: no limit. */
  tracking_table_max_keys = 0;
  /** Keys changed by the running command, of which its client is told after the reply. */
  tracking_pending_keys: list<robj> = new list();

  // ---- The running SORT, for sortCompare
  /** DESC, ALPHA, BY with a pattern, STORE. */
  sort_desc = 0;
  sort_alpha = 0;
  sort_bypattern = 0;
  sort_store = 0;

  // ---- Limits of the compact encodings, elements and bytes
  hash_max_listpack_entries = 0;
  hash_max_listpack_value = 0;
  set_max_intset_entries = 0;
  zset_max_listpack_entries = 0;
  zset_max_listpack_value = 0;
  hll_sparse_max_bytes = 0;
  stream_node_max_bytes = 0;
  stream_node_max_entries = 0;
  /** Of one node of a list: elements, or a class of sizes when below 0. Nodes at each end that are not compressed; 0: none is. */
  list_max_listpack_size = 0;
  list_compress_depth = 0;

  // ---- The time, as of the last turn of the event loop or the beginning of the command
  /** Seconds. */
  unixtime = 0;
  /** Seconds west of UTC; whether daylight saving time holds. */
  timezone = 0;
  daylight_active = 0;
  /** Milliseconds, microseconds. */
  mstime = 0;
  ustime = 0;
  /** Depth of operations that hold up the event loop, and `mstime` of the last cron work done within them. */
  blocking_op_nesting = 0;
  blocked_last_cron = 0;

  // ---- Publish and subscribe
  /** Channel, pattern, to the clients subscribed to it. */
  pubsub_channels!: dict<robj, list<client>>;
  pubsub_patterns!: dict<robj, list<client>>;
  /** NOTIFY_*. */
  notify_keyspace_events = 0;
  /** The same for shard channels. */
  pubsubshard_channels!: dict<robj, list<client>>;

  // ---- Cluster
  /** cluster-enabled: whether this is a node of a cluster. */
  cluster_enabled = 0;
  /** Port of the bus; 0: `port` + 10000. */
  cluster_port = 0;
  /** Milliseconds without an answer after which a node counts as failing. */
  cluster_node_timeout = 0;
  /** File in which the node keeps what it knows. */
  cluster_configfile: string | null = null;
  /** State of the cluster as this node sees it; null: not in cluster mode. */
  cluster: clusterState | null = null;
  /** Replicas that a master must keep before one may move to another master; whether they may move at all. */
  cluster_migration_barrier = 0;
  cluster_allow_replica_migration = 0;
  /** A replica whose data is older than so many node timeouts does not fail over; 0: any does. */
  cluster_slave_validity_factor = 0;
  /** cluster-require-full-coverage, cluster-replica-no-failover. */
  cluster_require_full_coverage = 0;
  cluster_slave_no_failover = 0;
  /** What other nodes and clients are told; null and 0: the real ones. */
  cluster_announce_ip: string | null = null;
  cluster_announce_hostname: string | null = null;
  /** CLUSTER_ENDPOINT_TYPE_*. */
  cluster_preferred_endpoint_type = 0;
  /** Ports that others are told: clients, TLS clients, bus. */
  cluster_announce_port = 0;
  cluster_announce_tls_port = 0;
  cluster_announce_bus_port = 0;
  /** Parts of the cluster that modules switched off. */
  cluster_module_flags = 0;
  /** cluster-allow-reads-when-down: serve reads of own slots even then. */
  cluster_allow_reads_when_down = 0;
  /** Descriptor that holds the lock of `cluster_configfile`. */
  cluster_config_file_lock_fd = 0;
  /** Bytes of output of a link, beyond which it is closed; 0: no limit. */
  cluster_link_sendbuf_limit_bytes = 0;
  /** Type of bus packets to ignore, for tests; -1: none. */
  cluster_drop_packet_filter = 0;

  // ---- Scripts
  /** The client whose script is running. */
  script_caller: client | null = null;
  /** Milliseconds after which other clients are told BUSY. */
  busy_reply_threshold = 0;
  /** Whether maxmemory was reached when the script began. */
  pre_command_oom_state = 0;
  /** Allow CMD_NOSCRIPT in scripts, for tests. */
  script_disable_deny_script = 0;

  // ---- What is freed in the background: lazyfree-lazy-*
  lazyfree_lazy_eviction = 0;
  lazyfree_lazy_expire = 0;
  lazyfree_lazy_server_del = 0;
  lazyfree_lazy_user_del = 0;
  lazyfree_lazy_user_flush = 0;

  // ---- Latency monitor
  /** Milliseconds from which on an event is recorded; 0: off. */
  latency_monitor_threshold = 0;
  /** Event to its samples. */
  latency_events!: dict<string, latencyTimeSeries>;

  // ---- Access control
  /** File of users; empty: they stand in the configuration. */
  acl_filename: string | null = null;
  /** Entries of ACL LOG. */
  acllog_max_len = 0;
  /** The password of the default user in clear, as `requirepass` set it, for CONFIG GET. */
  requirepass: string | null = null;
  /** acl-pubsub-default: 0 or SELECTOR_FLAG_ALLCHANNELS. */
  acl_pubsub_default = 0;

  // ---- The machine
  /** Milliseconds that the event loop may be held up before the log shows the stack; 0: no limit. */
  watchdog_period = 0;
  /** Bytes of the machine's memory. */
  system_memory_size = 0;

  // ---- TLS
  /** Whether the bus, the link to the master, use it; TLS_CLIENT_AUTH_*; all else. */
  tls_cluster = 0;
  tls_replication = 0;
  tls_auth_clients = 0;
  tls_ctx_config: redisTLSContextConfig = new redisTLSContextConfig();

  // ---- Processor affinity: *_cpulist
  server_cpulist: string | null = null;
  bio_cpulist: string | null = null;
  aof_rewrite_cpulist: string | null = null;
  bgsave_cpulist: string | null = null;

  // ---- Sentinel
  /** Its lines of the configuration file. */
  sentinel_config: sentinelConfig | null = null;

  // ---- FAILOVER
  /** Until when (Unix time, ms) the replica may catch up; whether to go on without that. */
  failover_end_time = 0;
  force_failover = 0;
  /** Which replica is to take over; null: any. */
  target_replica_host: string | null = null;
  target_replica_port = 0;
  /** FAILOVER_*. */
  failover_state = 0;
  /** cluster-allow-pubsubshard-when-down: serve shard channels even then. */
  cluster_allow_pubsubshard_when_down = 0;
  /** Milliseconds over which the use of reply buffers is watched; whether they are resized. */
  reply_buffer_peak_reset_time = 0;
  reply_buffer_resizing_enabled = 0;

  // ---- What C keeps as file-level statics; each group belongs to the file named.

  /** db.c / expire.c: keys with an expire set on a writable replica. */
  slaveKeysWithExpire: dict<string, bigint> | null = null;
  /** expire.c activeExpireCycle(): next database to look at. */
  expire_current_db = 0;
  /** expire.c activeExpireCycle(): whether the last cycle hit its time limit. */
  expire_timelimit_exit = 0;
  /** expire.c activeExpireCycle(): start of the last fast cycle, microseconds. */
  expire_last_fast_cycle = 0;

  /** evict.c: the pool of candidates, best last. */
  EvictionPoolLRU: evictionPoolEntry[] = [];
  /** evict.c performEvictions(): next database of the random policies. */
  evict_next_db = 0;
  /** evict.c: whether the eviction time event is installed. */
  isEvictionProcRunning = 0;

  /** lazyfree.c: objects waiting to be freed, and freed since the last reset. */
  lazyfree_objects = 0;
  lazyfreed_objects = 0;
  /** lazyfree.ts: what the lazy free time event has still to release; in C the job queue of bio.c. */
  lazyfree_jobs: list<lazyfreeJob> = new list();
  /** lazyfree.ts: whether that time event is installed. */
  isLazyfreeProcRunning = 0;

  /** server.c clientsCronTrackExpansiveClients(): peaks per second slot, bytes. */
  ClientsPeakMemInput: number[] = [0, 0, 0, 0, 0, 0, 0, 0];
  ClientsPeakMemOutput: number[] = [0, 0, 0, 0, 0, 0, 0, 0];
  /** server.c databasesCron(): next database to resize and to rehash. */
  resize_db = 0;
  rehash_db = 0;
  /** server.c trackInstantaneousMetric and friends use inst_metric above. */
  /** server.c incrCommandStatsOnError(): stat_total_error_replies when it was last called. */
  prev_err_count = 0;
  /** server.c setOOMScoreAdj(): whether we changed the score, and what it was before. */
  oom_score_adjusted_by_redis = 0;
  oom_score_adj_base = 0;
  /** server.c genInfoSectionDict(): the sections of INFO without arguments. */
  cached_default_info_sections: dict<string, null> | null = null;
  /** server.c genRedisInfoString(): what uname(2) said. */
  info_uname: utsname | null = null;

  /** networking.c: how many processEventsWhileBlocked() are on the stack. */
  ProcessingEventsWhileBlocked = 0;
  /** networking.c: the pieces of one writev(2), reused by all clients. */
  iov: iovec[] = [];
  /** networking.c: where replies that are numbers are put together. */
  reply_scratch: Buffer = Buffer.allocUnsafeSlow(48);
  /** Ours: t_stream.c createStreamIDString(): the milliseconds of the last id, and the text of that. */
  stream_ms: number | bigint = -1;
  stream_ms_len = 0;
  readonly stream_ms_text: Buffer = Buffer.allocUnsafeSlow(24);
  /** networking.c securityWarningCommand(): when the last warning was logged, seconds since 1970. */
  security_warning_logged_time = 0;

  /** acl.c: users by name, and the default user. */
  Users: rax | null = null;
  DefaultUser: user | null = null;
  /** acl.c: number of each command name, and the next free number. */
  commandId: rax | null = null;
  nextid = 0;

  /** config.c: all configs by name (aliases too), and the enum of what REWRITE keeps. */
  configs: dict<string, standardConfig> | null = null;
  /** config.c: whether a config file is being read, and whether one of its `save` lines was. */
  reading_config_file = 0;
  save_loaded = 0;

  /** bio.c / childinfo.c have no state here: there are no threads and no children. */

  /** debug.c: whether the bug report has begun. */
  bug_report_start = 0;

  /** String objects and others that were freed, for takeObject(). */
  readonly free_objects: robj[] = [];
  /** Ours: the keys that dictSdsHash saw last, by their length, and their hashes. */
  readonly hashed_keys: Array<string | null> = new Array<null>(HASHED_KEYS).fill(null);
  readonly hashed_keys_hash = new Int32Array(HASHED_KEYS);
  /** Ours: the last key that dictSdsCaseHash saw, most often the name of the last command, and the key of the table that it is equal to. */
  cased_key: string | null = null;
  cased_key_found: string | null = null;
  cased_key_hash = 0;
  /** Ours: what DEBUG OBJECT has shown as addresses, and the next one. */
  readonly addresses = { known: new WeakMap<robj, number>(), next: 0x7f0000000000 };
  /** Ours: when the last command ended, microseconds since 1970. */
  call_end = 0;
  /** Ours: when the next one begins, if it follows at once in a pipeline; 0: call() has to read the clock. */
  call_begin = 0;
  /** Ours: names of commands as they came, see latin1Name(). */
  readonly command_names = new Array<string>(COMMAND_NAMES).fill('');
  readonly command_names_words = new Int32Array(COMMAND_NAMES * KNOWN_WORDS);
  /** Ours: arguments as they came, by their place in the command, see latin1Known(); and a count to tell when to remember another. */
  readonly known_args = new Array<string>(KNOWN_ARGS).fill('');
  readonly known_args_words = new Int32Array(KNOWN_ARGS * KNOWN_WORDS);
  known_args_missed = 0;
  /** Ours: the keys of a pipeline that are fetched, see memory_prefetch.ts. */
  readonly prefetch = new PrefetchBatch();
  /** Ours: log every command that processCommand receives (`--command-log yes`). */
  command_log = 0;
  /** Ours: the folder in which the program was started; `dir` leads elsewhere. */
  start_dir = '';
  /** Ours: the kernel that this server runs on (see posix/posix.ts). */
  posix: Posix = posix;
  /** Ours: where this server counts its allocations (see object/zmalloc.ts). */
  ledger: Ledger = new Ledger();
}

/** One connection (or pseudo connection) and all that it has in flight. */
export class client {
  // ---- Identity
  /** Unique in the server, ascending; CLIENT_ID_AOF for the pseudo client that replays the AOF. */
  id = 0;
  /** CLIENT_*, the lower part. */
  flags = 0;
  /** Upper part of the 64 bit flags word: CLIENT_TRACKING and above. */
  flags_hi = 0;
  /** Its connection; null: a pseudo client. */
  conn: connection | null = null;
  /** Version of the protocol, 2 or 3. */
  resp = 0;
  /** The selected database. */
  db!: redisDb;
  /** CLIENT SETNAME; null: none. */
  name: robj | null = null;

  // ---- The request
  /** What was read and not consumed yet; for a master also what was applied and is not passed on yet. */
  querybuf!: sds;
  /** Up to where it has been parsed. */
  qb_pos = 0;
  /** The most that it held of late, bytes. */
  querybuf_peak = 0;
  /** The command being read or executed: arguments, and C's room for them. */
  argc = 0;
  argv: robj[] = [];
  argv_len = 0;
  /** The same as the client sent them, when the command was rewritten; 0 and null: it was not. */
  original_argc = 0;
  original_argv: robj[] | null = null;
  /** Bytes of all arguments. */
  argv_len_sum = 0;
  /** The command being executed; the last one; the one sent, when a command changes `cmd` while it runs. */
  cmd: redisCommand | null = null;
  lastcmd: redisCommand | null = null;
  realcmd: redisCommand | null = null;
  /** Its ACL user; null: may do all. */
  user: user | null = null;
  /** PROTO_REQ_* of the command being read; 0: not known yet. */
  reqtype = 0;
  /** Arguments still to be read; bytes of the one being read (-1: its header has not come). */
  multibulklen = 0;
  bulklen = 0;
  /** Blocks behind the static buffer; null holds the place of a length that is not known yet. */
  reply!: list<clientReplyBlock | null>;
  /** Bytes that the blocks occupy. */
  reply_bytes = 0;
  /** Errors to be counted later, when they were replied from a thread of a module. */
  deferred_reply_errors: list<string> | null = null;
  /** Bytes of the buffer, or of the first block, that are sent. */
  sentlen = 0;
  /** When it connected, Unix time in seconds. */
  ctime = 0;
  /** Microseconds that the running command has taken, over all its parts if it blocked. */
  duration = 0;
  /** Slot of the running command's keys; -1: none. */
  slot = 0;
  /** When it last sent or was sent something, Unix time in seconds. */
  lastinteraction = 0;
  /** Since when its output is above the soft limit, Unix time in seconds; 0: it is not. */
  obuf_soft_limit_reached_time = 0;
  /** Whether it gave a password, or needed none. */
  authenticated = 0;

  // ---- As a replica or as the master
  /** SLAVE_STATE_* of a replica; REPL_STATE_NONE otherwise. */
  replstate = 0;
  /** Send the stream of commands only after its first REPLCONF ACK. */
  repl_start_cmd_stream_on_ack = 0;
  /** The snapshot that it is being sent: descriptor, offset, size, and the `$` line before it. */
  repldbfd = 0;
  repldboff = 0;
  repldbsize = 0;
  replpreamble: string | null = null;
  /** For a master: offset in its stream that was read, that was applied; bytes applied and not passed on to our replicas yet. */
  read_reploff = 0;
  reploff = 0;
  repl_applied = 0;
  /**
   * For a replica: the offset that it acknowledged, when (Unix time, s), and when a diskless save could not send it all (0: it
   * could).
   */
  repl_ack_off = 0;
  repl_ack_time = 0;
  repl_last_partial_write = 0;
  /** Offset at which its full resynchronization began; others that join the same snapshot copy it. */
  psync_initial_offset = 0;
  /** For a master, the name of its history. */
  replid = '';
  /** For a replica: port and address as it announced them; 0 and null: those of the connection. */
  slave_listening_port = 0;
  slave_addr: string | null = null;
  /** SLAVE_CAPA_* and SLAVE_REQ_* of a replica. */
  slave_capa = 0;
  slave_req = 0;

  // ---- Transactions, blocking, subscriptions
  /** What MULTI has queued. */
  mstate!: multiState;
  /** BLOCKED_*: why it is blocked; and the details. */
  btype = 0;
  bpop!: blockingState;
  /** Replication offset after its last write; what WAIT waits for. */
  woff = 0;
  /** Keys that it WATCHes. */
  watched_keys!: list<watchedKey>;
  /** What it is subscribed to by SUBSCRIBE, PSUBSCRIBE, SSUBSCRIBE. */
  pubsub_channels!: dict<robj, null>;
  pubsub_patterns!: list<robj>;
  pubsubshard_channels!: dict<robj, null>;

  // ---- Bookkeeping
  /** Remote address and local address as text, made when first asked for. */
  peerid: string | null = null;
  sockname: string | null = null;
  /** Its places in `server.clients`, `postponed_clients`, `clients_pending_read`; null: it is not there. */
  client_list_node: listNode<client> | null = null;
  postponed_list_node: listNode<client> | null = null;
  pending_read_list_node: listNode<client> | null = null;
  /** Id of the client that is told of changed keys in its place; 0: itself. */
  client_tracking_redirection = 0;
  /** The prefixes of BCAST mode. */
  client_tracking_prefixes: rax | null = null;
  /** Bytes and CLIENT_TYPE_* with which it stands in `stat_clients_type_memory`. */
  last_memory_usage = 0;
  last_memory_type = 0;
  /** Its place in its class of `client_mem_usage_buckets`, and the class; null: none. */
  mem_usage_bucket_node: listNode<client> | null = null;
  mem_usage_bucket: clientMemUsageBucket | null = null;
  /** For a replica: the block of the replication buffer that it is being sent, and how far. */
  ref_repl_buf_node: listNode<replBufBlock> | null = null;
  ref_block_pos = 0;

  // ---- The reply buffer, which is filled before the list
  /** The most that it held since that time (ms). */
  buf_peak = 0;
  buf_peak_last_reset_time = 0;
  /** Bytes used, of so many. */
  bufpos = 0;
  buf_usable_size = 0;
  buf!: Buffer;
}

/** One numbered database: the keyspace and the tables that watch it. */
export class redisDb {
  /** The keyspace. */
  dict!: dict<string, robj>;
  /** Expiry of those keys that have one, Unix time in ms; a bigint beyond 2^53. */
  expires!: dict<string, number | bigint>;
  /** Keys to the clients blocked on them, in the order in which they came. */
  blocking_keys!: dict<robj, list<client>>;
  /** Those that are in `server.ready_keys`. */
  ready_keys!: dict<robj, null>;
  /** Keys to those who WATCH them. */
  watched_keys!: dict<robj, list<watchedKey>>;
  /** Its number. */
  id = 0;
  /** Average time to live of keys with an expiry, ms: an estimate for INFO. */
  avg_ttl = 0;
  /** Where the expire cycle goes on in `expires`. */
  expires_cursor = 0;
  /** Keys by slot; null: not in cluster mode. */
  slots_to_keys: clusterSlotToKeyMapping | null = null;
}

/** What a blocked client waits for; which fields count depends on `btype`. */
export class blockingState {
  /** COUNT of BLMPOP and BZMPOP; -1: not given. */
  count = 0;
  /** Until when, Unix time in ms; 0: for ever. */
  timeout = 0;
  /** The keys that it waits for, or null. */
  keys: dict<robj, bkinfo | null> | null = null;
  /** Where BLMOVE puts the element. */
  target: robj | null = null;
  /** Which ends of a list or sorted set. */
  blockpos: blockPos = new blockPos();
  /** COUNT, group, consumer and NOACK of XREAD and XREADGROUP. */
  xread_count = 0;
  xread_group: robj | null = null;
  xread_consumer: robj | null = null;
  xread_group_noack = 0;
  /** WAIT: how many replicas must acknowledge which offset. */
  numreplicas = 0;
  reploffset = 0;
}

/** The tls-* options. */
export class redisTLSContextConfig {
  /** Paths of certificate and key, and the key's password: as a server. */
  cert_file: string | null = null;
  key_file: string | null = null;
  key_file_pass: string | null = null;
  /** The same as a client; null: as above. */
  client_cert_file: string | null = null;
  client_key_file: string | null = null;
  client_key_file_pass: string | null = null;
  /** Parameters of Diffie-Hellman; certificates of the authorities that are trusted, as a file and as a folder. */
  dh_params_file: string | null = null;
  ca_cert_file: string | null = null;
  ca_cert_dir: string | null = null;
  /** What may be negotiated; null: what the library thinks right. */
  protocols: string | null = null;
  ciphers: string | null = null;
  ciphersuites: string | null = null;
  /** Whether the server's order of ciphers counts. */
  prefer_server_ciphers = 0;
  /** Whether sessions can be resumed, how many are kept, for how many seconds. */
  session_caching = 0;
  session_cache_size = 0;
  session_cache_timeout = 0;
}

/** The breakdown that MEMORY STATS and INFO memory print, bytes and ratios. */
export class redisMemOverhead {
  /** The most ever, now, and when start-up was over. */
  peak_allocated = 0;
  total_allocated = 0;
  startup_allocated = 0;
  /** What is no data: the backlog, replicas' and other clients' buffers, links of the bus, the AOF buffer, scripts, functions. */
  repl_backlog = 0;
  clients_slaves = 0;
  clients_normal = 0;
  cluster_links = 0;
  aof_buffer = 0;
  lua_caches = 0;
  functions_caches = 0;
  /** Sum of all that, with the tables of the databases and what start-up took; the rest is the dataset. */
  overhead_total = 0;
  dataset = 0;
  /** Keys in all databases, net bytes of each, the dataset in percent of all that is not from start-up. */
  total_keys = 0;
  bytes_per_key = 0;
  dataset_perc = 0;
  /** What is used now, in percent of the peak. */
  peak_perc = 0;
  /** Fragmentation as a ratio and in bytes: of all, within the allocator, of pages that it keeps, and what else the process has. */
  total_frag = 0;
  total_frag_bytes = 0;
  allocator_frag = 0;
  allocator_frag_bytes = 0;
  allocator_rss = 0;
  allocator_rss_bytes = 0;
  rss_extra = 0;
  rss_extra_bytes = 0;
  /** Databases that have keys, and their figures. */
  num_dbs = 0;
  db: redisMemOverheadDb[] = [];
}

/** RDB_SAVE_INFO_INIT's repl_id when none is known. */
export const RDB_SAVE_INFO_NO_REPLID = '0000000000000000000000000000000000000000';

/** Reserved id of the pseudo client that replays the AOF (2^64-1 in C). */
export const CLIENT_ID_AOF = 2 ** 64 - 1;

/**
 * A Redis value or argument: what it is, how it is encoded, when it was last used, who shares it.
 *
 *     encoding   ptr
 *     INT        number, or a bigint beyond ±(2^53-1)
 *     EMBSTR     latin1 string of at most 44 chars, one a byte
 *     RAW        latin1 string that nobody wrote into, or an sds after an in-place write or the big-argument path
 *     others     the structure of that type
 *
 * `lru` holds the LRU clock in seconds (24 bits), or with an LFU policy 16 bits of minutes and 8 bits of logarithmic counter.
 */
export class robj {
  /** OBJ_*; OBJ_ENCODING_*. */
  type: number;
  encoding: number;
  /** See above; 24 bits. */
  lru: number;
  /** Who shares it; OBJ_SHARED_REFCOUNT: never counted, never freed. */
  refcount: number;
  /** The value, see above. */
  ptr: robjPtr;
  constructor(type: number, encoding: number, lru: number, ptr: robjPtr) {
    this.type = type;
    this.encoding = encoding;
    this.lru = lru;
    this.refcount = 1;
    this.ptr = ptr;
  }
}

/** What `robj.ptr` may hold; the collection types add theirs through `object`. */
export type robjPtr = string | number | bigint | sds | object | null;

/** How many keys are fetched at a time. */
export const PREFETCH_MAX_KEYS = 32;

/** What prefetchPipeline notes of the keys under way; one a server. */
export class PrefetchBatch {
  /** The hash of each key. */
  readonly hash = new Int32Array(PREFETCH_MAX_KEYS);
  /** Where the key begins in the query buffer. */
  readonly at = new Int32Array(PREFETCH_MAX_KEYS);
  /** The string that the keyspace (or the collection) has of it; null: it has none. */
  readonly known: Array<string | null> = new Array<null>(PREFETCH_MAX_KEYS).fill(null);
  /** How many keys there are, and which of them comes next as an argument. */
  count = 0;
  next = 0;
  /** The entry that has it. */
  readonly entry: Array<dictEntry<string, unknown> | null> = new Array<null>(
    PREFETCH_MAX_KEYS,
  ).fill(null);
  /** A sum over all that was loaded, so that the compiler cannot leave the loads out. */
  sum = 0;
}

/** How many names of commands are remembered. */
export const COMMAND_NAMES = 256;

/** How many arguments of a command are remembered, a power of two. */
export const KNOWN_ARGS = 16;

/** Room for the bytes of such a name or argument, four in a word, see sameWords(). */
export const KNOWN_WORDS = 8;

/** How many keys are remembered with their hashes, a power of two. */
export const HASHED_KEYS = 16;

/** One block of a client's reply list: `used` of `buf.length` bytes are filled. */
export class clientReplyBlock {
  /** Bytes that it can hold, holds. */
  size: number;
  used = 0;
  buf: Buffer;
  constructor(buf: Buffer) {
    this.buf = buf;
    this.size = buf.length;
  }
}

/** One block of the buffer that all replicas and the backlog share. */
export class replBufBlock {
  /** How many replicas stand at this block, and the backlog if it begins here. Only a first block that nobody holds is freed. */
  refcount = 0;
  /** Ascending number. */
  id = 0;
  /** Replication offset of its first byte. */
  repl_offset = 0;
  /** Bytes that it can hold, holds. */
  size = 0;
  used = 0;
  buf: Buffer;
  constructor(buf: Buffer) {
    this.buf = buf;
    this.size = buf.length;
  }
}

/** One queued command of a MULTI block. */
export class multiCmd {
  /** The arguments, and C's room for them. */
  argv: robj[] = [];
  argv_len = 0;
  argc = 0;
  cmd: redisCommand | null = null;
}

/** The MULTI state of a client: the queued commands and the flags of all of them. */
export class multiState {
  /** The queue, in order. */
  commands: multiCmd[] = [];
  count = 0;
  /** OR of the flags of the queued commands. */
  cmd_flags = 0;
  /** OR of the inverted flags: tells whether all commands share a flag. */
  cmd_inv_flags = 0;
  /** Bytes of all queued arguments. */
  argv_len_sums = 0;
  /** Commands that C has room for, for memory figures. */
  alloc_count = 0;
}

/** Where a blocked list or zset command pops from and pushes to. */
export class blockPos {
  /** LIST_HEAD or LIST_TAIL, ZSET_MIN or ZSET_MAX; the second for BLMOVE. */
  wherefrom = 0;
  whereto = 0;
}

/** Per key information of a client that is blocked on a stream or list. */
export class bkinfo {
  /** The client's place in the list of those who wait for the key. */
  listnode: listNode<client> | null = null;
  /** For a stream: wanted are entries after this id. */
  stream_id: streamID | null = null;
}

/** sizeof(bkinfo), for the account of memory. */
export const SIZEOF_BKINFO = 24;

/** A key that received data while clients wait for it. */
export class readyList {
  db!: redisDb;
  key!: robj;
}

/** A key that a client WATCHes. */
export class watchedKey {
  key!: robj;
  db!: redisDb;
  client!: client;
  /** Whether the key had already expired when it was watched. */
  expired = 0;
}

/** A user: name, USER_FLAG_* flags, password hashes, selectors. */
export class user {
  /** USER_FLAG_* follow. */
  name = '';
  flags = 0;
  /** SHA-256 of each, in hexadecimal. */
  passwords: list<string> = new list();
  /** What is allowed; the first is the root selector, and one that allows suffices. */
  selectors: list<object> = new list();
}

/** One size class of clients, for maxmemory-clients. */
export class clientMemUsageBucket {
  clients: list<client> = new list();
  /** Bytes of all of them. */
  mem_usage_sum = 0;
}

/** A running pause: which commands, until when (ms). */
export class pause_event {
  /** CLIENT_PAUSE_*; Unix time in ms. */
  type = 0;
  end = 0;
}

/** One `save seconds changes` line. */
export class saveparam {
  seconds: number;
  changes: number;
  constructor(seconds: number, changes: number) {
    this.seconds = seconds;
    this.changes = changes;
  }
}

/** A module to load at start; kept because the config table names it. */
export class moduleLoadQueueEntry {
  path = '';
  argv: robj[] = [];
}

/** One line of a sentinel configuration. */
export class sentinelLoadQueueEntry {
  argv: string[] = [];
  linenum = 0;
  line = '';
}

/** The sentinel lines of the config file, in the order in which they must be applied. */
export class sentinelConfig {
  pre_monitor_cfg: list<sentinelLoadQueueEntry> = new list();
  monitor_cfg: list<sentinelLoadQueueEntry> = new list();
  post_monitor_cfg: list<sentinelLoadQueueEntry> = new list();
}

/** Output buffer limits of one client class, bytes and seconds; 0 is none. */
export class clientBufferLimitsConfig {
  hard_limit_bytes: number;
  soft_limit_bytes: number;
  soft_limit_seconds: number;
  constructor(hard: number, soft: number, seconds: number) {
    this.hard_limit_bytes = hard;
    this.soft_limit_bytes = soft;
    this.soft_limit_seconds = seconds;
  }
}

/** A command to propagate: its arguments, database and PROPAGATE_* target. */
export class redisOp {
  argv: robj[] = [];
  argc = 0;
  /** Database in which it runs; PROPAGATE_*. */
  dbid = 0;
  target = 0;
}

/** The commands that wait to be propagated after the running one. */
export class redisOpArray {
  ops: redisOp[] = [];
  /** How many, and C's room for them. */
  numops = 0;
  capacity = 0;
}

/** The replication backlog: a view into the shared replication buffer. */
export class replBacklog {
  /** The first block that belongs to it. */
  ref_repl_buf_node: listNode<replBufBlock> | null = null;
  /** Blocks since one was put into the index; the index: offset to block. */
  unindexed_count = 0;
  blocks_index: rax | null = null;
  /** Bytes that it covers, and the replication offset of the first. */
  histlen = 0;
  offset = 0;
}

/** Overhead of one database in MEMORY STATS, bytes. */
export class redisMemOverheadDb {
  dbid = 0;
  overhead_ht_main = 0;
  overhead_ht_expires = 0;
  overhead_ht_slot_to_keys = 0;
}

/** Memory figures sampled by the cron, bytes. */
export class malloc_stats {
  /** By the ledger; of physical memory; as an allocator would say: handed out, in pages used, in pages kept. */
  zmalloc_used = 0;
  process_rss = 0;
  allocator_allocated = 0;
  allocator_active = 0;
  allocator_resident = 0;
}

/** Listening descriptors. */
export class socketFds {
  fd: number[] = [];
  count = 0;
}

/** A ring of samples of one rate. */
export class inst_metric {
  /** Time of the last sample, ms. */
  last_sample_time = 0;
  last_sample_count = 0;
  samples: number[] = new Array<number>(STATS_METRIC_SAMPLES).fill(0);
  idx = 0;
}

/** One AOF file, as a line of the manifest names it. */
export class aofInfo {
  /** Within the folder of the AOF. */
  file_name = '';
  /** Number within its type, AOF_FILE_TYPE_*. */
  file_seq = 0;
  file_type = AOF_FILE_TYPE_BASE;
}

/** The files that make up the AOF. */
export class aofManifest {
  /** The dataset at the last rewrite; null: none was yet. */
  base_aof_info: aofInfo | null = null;
  /** The commands since, in order; the last is being written. */
  incr_aof_list: list<aofInfo> = new list();
  /** No longer needed, to be deleted. */
  history_aof_list: list<aofInfo> = new list();
  /** The highest numbers given. */
  curr_base_file_seq = 0;
  curr_incr_file_seq = 0;
  /** Whether the manifest on the disk is older than this. */
  dirty = 0;
}

/** The cluster's state; filled by the cluster room. */
export type clusterState = object;
/** Slots to keys index of a cluster node. */
export type clusterSlotToKeyMapping = object;

/** One key position of a command: index in argv and CMD_KEY_* flags. */
export class keyReference {
  /** Index in argv; CMD_KEY_*. */
  pos: number;
  flags: number;
  constructor(pos: number, flags: number) {
    this.pos = pos;
    this.flags = flags;
  }
}

/** The keys that a getkeys function found; filled in place. */
export class getKeysResult {
  keys: keyReference[] = [];
  numkeys = 0;
}

/** How to find keys among the arguments: where they begin, and how far they go. */
export class keySpec {
  /** For readers; null: none. */
  notes: string | null = null;
  /** CMD_KEY_*. */
  flags = 0;
  /** KSPEC_BS_*: at index `pos`, or behind `keyword`, which is looked for from `startfrom` on (below 0: backwards from the end). */
  begin_search_type = KSPEC_BS_INVALID;
  bs = { index: { pos: 0 }, keyword: { keyword: '', startfrom: 0 } };
  /**
   * KSPEC_FK_*, counted from there: each `keystep`th argument up to `lastkey` (below 0: from the end of argv; then `limit` n takes
   * an nth part only); or as many as the argument `keynumidx` says, from `firstkey` on.
   */
  find_keys_type = KSPEC_FK_INVALID;
  fk = {
    range: { lastkey: 0, keystep: 0, limit: 0 },
    keynum: { keynumidx: 0, firstkey: 0, keystep: 0 },
  };
}

/** One argument of a command, as COMMAND DOCS shows it. */
export class redisCommandArg {
  /** ARG_TYPE_* follows. */
  name = '';
  type = ARG_TYPE_STRING;
  /** Which key spec it belongs to; -1: it is no key. */
  key_spec_index = -1;
  /** The word before it; null: none. */
  token: string | null = null;
  summary: string | null = null;
  since: string | null = null;
  /** CMD_ARG_*. */
  flags = CMD_ARG_NONE;
  deprecated_since: string | null = null;
  /** Arguments of a block, or of one of several; null: none. */
  subargs: redisCommandArg[] | null = null;
  num_args = 0;
}

/** One line of a command's history. */
export interface commandHistory {
  since: string;
  changes: string;
}

/** A command's implementation. */
export type redisCommandProc = (c: client) => void;
/** Finds the keys of a command line: fills `result`, returns their number, or -1 when the arguments make no sense. */
export type redisGetKeysProc = (
  cmd: redisCommand,
  argv: robj[],
  argc: number,
  result: getKeysResult,
) => number;

/** A command: what the table declares, then what is filled at run time. */
export class redisCommand {
  // ---- What the table declares
  /** As in the table; a subcommand has its own part only. */
  declared_name = '';
  summary: string | null = null;
  complexity: string | null = null;
  since: string | null = null;
  /** CMD_DOC_*; what to use in its place, and since when it is deprecated. */
  doc_flags = CMD_DOC_NONE;
  replaced_by: string | null = null;
  deprecated_since: string | null = null;
  /** COMMAND_GROUP_*. */
  group = COMMAND_GROUP_GENERIC;
  history: commandHistory[] | null = null;
  /** Hints for clients and proxies. */
  tips: string[] | null = null;
  /** The implementation; null in a pure container such as CONFIG. */
  proc: redisCommandProc | null = null;
  /** Number of arguments with the name; -N means at least N. */
  arity = 0;
  /** CMD_*; ACL_CATEGORY_*. */
  flags = 0;
  acl_categories = 0;
  key_specs_static: keySpec[] = [];
  /** Finds the keys when the specs cannot; null: they can. */
  getkeys_proc: redisGetKeysProc | null = null;
  /** Of a container; null: it is none. */
  subcommands: redisCommand[] | null = null;
  args: redisCommandArg[] | null = null;

  // ---- What is filled at run time
  /** Time spent in the command, microseconds. */
  microseconds = 0;
  /** Executions; refusals before it ran; runs that ended with an error. */
  calls = 0;
  rejected_calls = 0;
  failed_calls = 0;
  /** Its bit in ACL selectors. */
  id = 0;
  /** With the container before a `|`, lower case. */
  fullname = '';
  /** Latencies in nanoseconds; made when the command is first executed. */
  latency_histogram: hdr_histogram | null = null;
  /** The specs in use; the first key, last key and step that COMMAND INFO shows; lengths of the tables above. */
  key_specs: keySpec[] = [];
  legacy_range_key_spec: keySpec = new keySpec();
  num_args = 0;
  num_history = 0;
  num_tips = 0;
  key_specs_num = 0;
  key_specs_max = 0;
  /** Subcommands by name; null: it has none. */
  subcommands_dict: dict<string, redisCommand> | null = null;
  /** The container of a subcommand. */
  parent: redisCommand | null = null;
}

/** Count of one kind of error reply. */
export class redisError {
  count = 0;
}

/** The objects that are shared by all replies; created once by createSharedObjects. */
export class sharedObjectsStruct {
  // ---- Replies, or parts of them
  crlf!: robj;
  ok!: robj;
  err!: robj;
  emptybulk!: robj;
  czero!: robj;
  cone!: robj;
  pong!: robj;
  space!: robj;
  queued!: robj;
  emptyarray!: robj;

  // ---- Errors, whole replies
  wrongtypeerr!: robj;
  nokeyerr!: robj;
  syntaxerr!: robj;
  sameobjecterr!: robj;
  outofrangeerr!: robj;
  noscripterr!: robj;
  loadingerr!: robj;
  slowevalerr!: robj;
  slowscripterr!: robj;
  slowmoduleerr!: robj;
  bgsaveerr!: robj;
  masterdownerr!: robj;
  roslaveerr!: robj;
  execaborterr!: robj;
  noautherr!: robj;
  noreplicaserr!: robj;
  busykeyerr!: robj;
  oomerr!: robj;

  // ---- Parts of messages of publish and subscribe
  plus!: robj;
  messagebulk!: robj;
  pmessagebulk!: robj;
  subscribebulk!: robj;
  unsubscribebulk!: robj;
  psubscribebulk!: robj;
  punsubscribebulk!: robj;

  // ---- Names of commands and arguments, for rewritten and propagated commands
  del!: robj;
  unlink!: robj;
  rpop!: robj;
  lpop!: robj;
  lpush!: robj;
  rpoplpush!: robj;
  lmove!: robj;
  blmove!: robj;
  zpopmin!: robj;
  zpopmax!: robj;
  emptyscan!: robj;
  multi!: robj;
  exec!: robj;
  left!: robj;
  right!: robj;
  hset!: robj;
  srem!: robj;
  xgroup!: robj;
  xclaim!: robj;
  script!: robj;
  replconf!: robj;
  eval!: robj;
  persist!: robj;
  set!: robj;
  pexpireat!: robj;
  pexpire!: robj;
  time!: robj;
  pxat!: robj;
  absttl!: robj;
  retrycount!: robj;
  force!: robj;
  justid!: robj;
  entriesread!: robj;
  lastid!: robj;
  ping!: robj;
  setid!: robj;
  keepttl!: robj;
  load!: robj;
  createconsumer!: robj;
  getack!: robj;
  special_asterick!: robj;
  special_equals!: robj;
  default_username!: robj;
  redacted!: robj;
  ssubscribebulk!: robj;
  sunsubscribebulk!: robj;
  smessagebulk!: robj;

  // ---- By version of the protocol, index 2 and 3
  null: robj[] = [];
  nullarray: robj[] = [];
  emptymap: robj[] = [];
  emptyset: robj[] = [];

  // ---- By number: SELECT commands, integers as values, headers `*n`, `$n`, `%n`, `~n`
  select: robj[] = [];
  integers: robj[] = [];
  mbulkhdr: robj[] = [];
  bulkhdr: robj[] = [];
  maphdr: robj[] = [];
  sethdr: robj[] = [];
  /** Stand for the ends of lexicographical ranges, `-` and `+`: identities, so that no string of a user can be one of them. */
  readonly minstring: symbol = Symbol('minstring');
  readonly maxstring: symbol = Symbol('maxstring');
  /** Bytes of all shared objects, for the account of each further server of the process. */
  accounted = 0;
}

/**
 * A level of a node of a skiplist: so many words of 32 bits in a table. It is called by the number of its first word, as C calls it by its
 * address.
 */
export const LEVEL_WORDS = 4;
/** Word of a level, behind the two of the score: the same level of the next node that is as high, or 0. */
export const LEVEL_FORWARD = 2;
/** Word of a level: how many nodes further on that is; on the last one, how many there are still to come. */
export const LEVEL_SPAN = 3;
/** How many levels a table has room for at first: those of the header and of the nodes of a few elements. */
export const ZSKIPLIST_TABLE_MIN = 64;
/** Stands at a level that is not the lowest one of its node, where the lowest one has the node before. */
export const ZSKIPLIST_HIGHER = -1;
/** Where the levels begin: the words before are no level (0), and the heads of the lists of freed nodes (1 to 32). */
export const ZSKIPLIST_TABLE_START = 36;

/** The nodes of one skiplist, level by level, drawn at the head of t_zset.ts. What C has on its heap, node by node, lies here side by side. */
export class zskiplistTable {
  /** Its words; the first ones are, by height, the lowest level of the freed node that is handed out next. */
  links!: Int32Array;
  /** The same bytes: the score of the node at `level >> 1`. */
  scores!: Float64Array;
  /** At `level >> 2` of the lowest level the lowest one of the node before, 0 if that is the header; ZSKIPLIST_HIGHER at the others. */
  backs!: Int32Array;
  /** The element of the node that a level belongs to, at `level >> 2`; null in the header and in freed nodes. */
  eles: (string | null)[] = [];
  /** The first word behind the last level. */
  top = ZSKIPLIST_TABLE_START;
  constructor() {
    this.allocate(ZSKIPLIST_TABLE_MIN);
    for (let i = 0; i < ZSKIPLIST_TABLE_START / LEVEL_WORDS; i++) this.eles.push(null);
  }
  /**
   * Makes new arrays of zeros, for so many levels.
   *
   * @own the memory of a table
   */
  allocate(levels: number): void {
    const words = levels * LEVEL_WORDS;
    const buffer = new ArrayBuffer((words + levels) * Int32Array.BYTES_PER_ELEMENT);
    this.links = new Int32Array(buffer, 0, words);
    this.scores = new Float64Array(buffer, 0, words / 2);
    this.backs = new Int32Array(buffer, words * Int32Array.BYTES_PER_ELEMENT, levels);
  }
  /**
   * The node with this lowest level; null for 0.
   *
   * @own what a pointer to a node leads to
   */
  node(level: number): zskiplistNode | null {
    return level === 0 ? null : new zskiplistNode(this, level);
  }
}

/**
 * A node of a skiplist: one element of a sorted set. The node itself is in the table, where C has it on its heap; this is the pointer to it, made
 * when somebody looks at the node, and it reads the table by the names that C has. Two pointers lead to the same node if their `level` is the same.
 */
export class zskiplistNode {
  table: zskiplistTable;
  /** The lowest of its levels in the table; the others follow. Each has a quarter of the nodes of the one below. */
  level: number;
  constructor(table: zskiplistTable, level: number) {
    this.table = table;
    this.level = level;
  }
  /**
   * The element, which the dict of the sorted set shares; null in the header.
   *
   * @own a field of C's struct zskiplistNode
   */
  get ele(): string | null {
    return this.table.eles[this.level >> 2];
  }
  /**
   * How many levels it has.
   *
   * @own C has no need of it
   */
  get height(): number {
    const { backs } = this.table;
    const lowest = this.level >> 2;
    let next = lowest + 1;
    while (backs[next] === ZSKIPLIST_HIGHER) next++;
    return next - lowest;
  }
  /**
   * What it is sorted by. 0 in the header.
   *
   * @own a field of C's struct zskiplistNode
   */
  get score(): number {
    return this.table.scores[this.level >> 1];
  }
  /**
   * The node before, on the lowest level; null if that is the header.
   *
   * @own a field of C's struct zskiplistNode
   */
  get backward(): zskiplistNode | null {
    const table = this.table;
    return table.node(table.backs[this.level >> 2]);
  }
  /**
   * The next node that is as high as level `i`, counted from 0; null if there is none.
   *
   * @own a field of C's struct zskiplistLevel
   */
  forward(i: number): zskiplistNode | null {
    const table = this.table;
    const next = table.links[this.level + i * LEVEL_WORDS + LEVEL_FORWARD];
    return next === 0 ? null : table.node(next - i * LEVEL_WORDS);
  }
  /**
   * How many nodes further on that is; without it, how many there are still to come.
   *
   * @own a field of C's struct zskiplistLevel
   */
  span(i: number): number {
    return this.table.links[this.level + i * LEVEL_WORDS + LEVEL_SPAN];
  }
}

/** A skiplist: nodes ordered by score, then by the bytes of the element. */
export class zskiplist {
  /** Stands before the first node and has all the levels there can be. */
  header: zskiplistNode;
  /** The lowest level of the last node; 0 when there is none. */
  tail_level = 0;
  length = 0;
  /** Levels of the highest node; 1 when there is none. */
  level = 1;
  /** Where the levels of the nodes are. */
  table: zskiplistTable;
  constructor(header: zskiplistNode) {
    this.header = header;
    this.table = header.table;
  }
  /**
   * The last node; null when there is none.
   *
   * @own a field of C's struct zskiplist
   */
  get tail(): zskiplistNode | null {
    return this.table.node(this.tail_level);
  }
}

/**
 * The two arrays that C has on its stack while it looks for a place in a skiplist: on each level the last one before the place, and
 * how many nodes were passed to get there. They are here, once, because an insertion should make nothing else.
 */
export class zskiplistSearch {
  update = new Int32Array(ZSKIPLIST_MAXLEVEL);
  rank = new Int32Array(ZSKIPLIST_MAXLEVEL);
  /** Where a way ended that was only walked to have it in the cache. Nobody asks, but a compiler leaves out what nobody could ask for. */
  ahead = 0;
  /** A table that a skiplist has left, with nothing but freed nodes in it, for the next skiplist. */
  spare: zskiplistTable | null = null;
}

/** Used by one function of the skiplist at a time. */
export const zslSearch = new zskiplistSearch();

/** A sorted set with encoding SKIPLIST: elements by name, and in order. */
export class zset {
  /** Element to the lowest level of its node, at which the score is. */
  dict: dict<string, number>;
  zsl: zskiplist;
  constructor(dict: dict<string, number>, zsl: zskiplist) {
    this.dict = dict;
    this.zsl = zsl;
  }
  /**
   * The score of the element that has this entry in the dict.
   *
   * @own the double that the value of an entry leads to in C
   */
  score(de: dictEntry<string, number>): number {
    return this.zsl.table.scores[de.v >> 1];
  }
}

/** A range of scores. */
export class zrangespec {
  min = 0;
  max = 0;
  /** 1: the end itself does not belong to it. */
  minex = 0;
  maxex = 0;
}

/** A range of elements by their bytes; an end may be shared.minstring or shared.maxstring. */
export class zlexrangespec {
  min: string | symbol | null = null;
  max: string | symbol | null = null;
  /** 1: the end itself does not belong to it. */
  minex = 0;
  maxex = 0;
}

/** A walk over a set. */
export class setTypeIterator {
  subject: robj;
  encoding: number;
  /** Index of the next member of an intset. */
  ii = 0;
  /** Of a hash table. */
  di: dictIterator<string, null> | null = null;
  constructor(subject: robj) {
    this.subject = subject;
    this.encoding = subject.encoding;
  }
}

/** A walk over a hash: it stands at a pair, of which the field, the value or both are then asked for. */
export class hashTypeIterator {
  subject: robj;
  encoding: number;
  /** Of a listpack: where the field and the value lie; 0 before the first pair. */
  fptr = 0;
  vptr = 0;
  /** Of a hash table. */
  di: dictIterator<string, string> | null = null;
  de: dictEntry<string, string> | null = null;
  constructor(subject: robj) {
    this.subject = subject;
    this.encoding = subject.encoding;
  }
}

/** C's `server`: the server whose event loop runs now. */
export let server: redisServer = undefined as unknown as redisServer;

/** C's `shared`. */
export const shared = new sharedObjectsStruct();

/**
 * Makes a server the current one, with its kernel and its memory ledger. In a process with one server that happens once: V8 compiles
 * what is never assigned as a constant, and every function of the server uses this one.
 *
 * @own C has one server a process; here each turn of an event loop begins with this.
 */
export function useServer(s: redisServer): void {
  if (server !== s) server = s;
  usePosix(s.posix);
  useLedger(s.ledger);
}
