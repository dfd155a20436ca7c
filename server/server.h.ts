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
import { type dict } from '../object/dict.ts';
import { type rax } from '../object/rax.ts';
import { type sds } from '../object/sds.ts';
import { Ledger, useLedger } from '../object/zmalloc.ts';
import { posix, usePosix, type Posix, type iovec, type utsname } from '../posix/posix.ts';
import { type aeEventLoop } from '../ae/ae.ts';
import { type connection } from '../networking/connection.ts';
import { type standardConfig } from './config.ts';
import { type slowlogEntry } from './slowlog.ts';
import { type latencyTimeSeries } from './latency.ts';
import { type evictionPoolEntry } from './evict.ts';
import { type hdr_histogram } from './hdr_histogram.ts';
import { type lazyfreeJob } from './lazyfree.ts';

export const C_OK = 0;
export const C_ERR = -1;

export const CONFIG_DEFAULT_HZ = 10;
export const CONFIG_MIN_HZ = 1;
export const CONFIG_MAX_HZ = 500;
export const MAX_CLIENTS_PER_CLOCK_TICK = 200;
export const CRON_DBS_PER_CALL = 16;
export const NET_MAX_WRITES_PER_EVENT = 1024 * 64;
export const PROTO_SHARED_SELECT_CMDS = 10;
export const OBJ_SHARED_INTEGERS = 10000;
export const OBJ_SHARED_BULKHDR_LEN = 32;
export const LOG_MAX_LEN = 1024;
export const AOF_REWRITE_ITEMS_PER_CMD = 64;
export const AOF_ANNOTATION_LINE_MAX_LEN = 1024;
export const CONFIG_RUN_ID_SIZE = 40;
export const RDB_EOF_MARK_SIZE = 40;
export const CONFIG_REPL_BACKLOG_MIN_SIZE = 1024 * 16;
export const CONFIG_BGSAVE_RETRY_DELAY = 5;
export const CONFIG_DEFAULT_PID_FILE = '/var/run/redis.pid';
export const CONFIG_DEFAULT_BINDADDR_COUNT = 2;
export const CONFIG_DEFAULT_BINDADDR: readonly string[] = ['*', '-::*'];
export const NET_HOST_STR_LEN = 256;
export const NET_IP_STR_LEN = 46;
export const NET_ADDR_STR_LEN = NET_IP_STR_LEN + 32;
export const NET_HOST_PORT_STR_LEN = NET_HOST_STR_LEN + 32;
export const CONFIG_BINDADDR_MAX = 16;
export const CONFIG_MIN_RESERVED_FDS = 32;
export const CONFIG_DEFAULT_PROC_TITLE_TEMPLATE = '{title} {listen-addr} {server-mode}';

export const CLIENT_MEM_USAGE_BUCKET_MIN_LOG = 15;
export const CLIENT_MEM_USAGE_BUCKET_MAX_LOG = 33;
export const CLIENT_MEM_USAGE_BUCKETS =
  1 + CLIENT_MEM_USAGE_BUCKET_MAX_LOG - CLIENT_MEM_USAGE_BUCKET_MIN_LOG;

export const ACTIVE_EXPIRE_CYCLE_SLOW = 0;
export const ACTIVE_EXPIRE_CYCLE_FAST = 1;

export const SERVER_CHILD_NOERROR_RETVAL = 255;

export const CHILD_COW_DUTY_CYCLE = 100;

export const STATS_METRIC_SAMPLES = 16;
export const STATS_METRIC_COMMAND = 0;
export const STATS_METRIC_NET_INPUT = 1;
export const STATS_METRIC_NET_OUTPUT = 2;
export const STATS_METRIC_NET_INPUT_REPLICATION = 3;
export const STATS_METRIC_NET_OUTPUT_REPLICATION = 4;
export const STATS_METRIC_COUNT = 5;

export const PROTO_IOBUF_LEN = 1024 * 16;
export const PROTO_REPLY_CHUNK_BYTES = 16 * 1024;
export const PROTO_INLINE_MAX_SIZE = 1024 * 64;
export const PROTO_MBULK_BIG_ARG = 1024 * 32;
export const PROTO_RESIZE_THRESHOLD = 1024 * 32;
export const PROTO_REPLY_MIN_BYTES = 1024;
export const REDIS_AUTOSYNC_BYTES = 1024 * 1024 * 4;

export const REPLY_BUFFER_DEFAULT_PEAK_RESET_TIME = 5000;

export const CONFIG_FDSET_INCR = CONFIG_MIN_RESERVED_FDS + 96;

export const CONFIG_OOM_MASTER = 0;
export const CONFIG_OOM_REPLICA = 1;
export const CONFIG_OOM_BGCHILD = 2;
export const CONFIG_OOM_COUNT = 3;

export const HASHTABLE_MIN_FILL = 10;
export const HASHTABLE_MAX_LOAD_FACTOR = 1.618;

export const CMD_WRITE = 1 << 0;
export const CMD_READONLY = 1 << 1;
export const CMD_DENYOOM = 1 << 2;
export const CMD_MODULE = 1 << 3;
export const CMD_ADMIN = 1 << 4;
export const CMD_PUBSUB = 1 << 5;
export const CMD_NOSCRIPT = 1 << 6;
export const CMD_BLOCKING = 1 << 8;
export const CMD_LOADING = 1 << 9;
export const CMD_STALE = 1 << 10;
export const CMD_SKIP_MONITOR = 1 << 11;
export const CMD_SKIP_SLOWLOG = 1 << 12;
export const CMD_ASKING = 1 << 13;
export const CMD_FAST = 1 << 14;
export const CMD_NO_AUTH = 1 << 15;
export const CMD_MAY_REPLICATE = 1 << 16;
export const CMD_SENTINEL = 1 << 17;
export const CMD_ONLY_SENTINEL = 1 << 18;
export const CMD_NO_MANDATORY_KEYS = 1 << 19;
export const CMD_PROTECTED = 1 << 20;
export const CMD_MODULE_GETKEYS = 1 << 21;
export const CMD_MODULE_NO_CLUSTER = 1 << 22;
export const CMD_NO_ASYNC_LOADING = 1 << 23;
export const CMD_NO_MULTI = 1 << 24;
export const CMD_MOVABLE_KEYS = 1 << 25;
export const CMD_ALLOW_BUSY = 1 << 26;
export const CMD_MODULE_GETCHANNELS = 1 << 27;

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

export const CMD_KEY_RO = 1 << 0;
export const CMD_KEY_RW = 1 << 1;
export const CMD_KEY_OW = 1 << 2;
export const CMD_KEY_RM = 1 << 3;

export const CMD_KEY_ACCESS = 1 << 4;
export const CMD_KEY_UPDATE = 1 << 5;
export const CMD_KEY_INSERT = 1 << 6;
export const CMD_KEY_DELETE = 1 << 7;

export const CMD_KEY_NOT_KEY = 1 << 8;
export const CMD_KEY_INCOMPLETE = 1 << 9;
export const CMD_KEY_VARIABLE_FLAGS = 1 << 10;

export const CMD_KEY_FULL_ACCESS = CMD_KEY_RW | CMD_KEY_ACCESS | CMD_KEY_UPDATE;

export const CMD_CHANNEL_PATTERN = 1 << 11;
export const CMD_CHANNEL_SUBSCRIBE = 1 << 12;
export const CMD_CHANNEL_UNSUBSCRIBE = 1 << 13;
export const CMD_CHANNEL_PUBLISH = 1 << 14;

export const AOF_OFF = 0;
export const AOF_ON = 1;
export const AOF_WAIT_REWRITE = 2;

export const AOF_OK = 0;
export const AOF_NOT_EXIST = 1;
export const AOF_EMPTY = 2;
export const AOF_OPEN_ERR = 3;
export const AOF_FAILED = 4;
export const AOF_TRUNCATED = 5;

export const CMD_DOC_NONE = 0;
export const CMD_DOC_DEPRECATED = 1 << 0;
export const CMD_DOC_SYSCMD = 1 << 1;

export const CLIENT_SLAVE = 1 << 0;
export const CLIENT_MASTER = 1 << 1;
export const CLIENT_MONITOR = 1 << 2;
export const CLIENT_MULTI = 1 << 3;
export const CLIENT_BLOCKED = 1 << 4;
export const CLIENT_DIRTY_CAS = 1 << 5;
export const CLIENT_CLOSE_AFTER_REPLY = 1 << 6;
export const CLIENT_UNBLOCKED = 1 << 7;
export const CLIENT_SCRIPT = 1 << 8;
export const CLIENT_ASKING = 1 << 9;
export const CLIENT_CLOSE_ASAP = 1 << 10;
export const CLIENT_UNIX_SOCKET = 1 << 11;
export const CLIENT_DIRTY_EXEC = 1 << 12;
export const CLIENT_MASTER_FORCE_REPLY = 1 << 13;
export const CLIENT_FORCE_AOF = 1 << 14;
export const CLIENT_FORCE_REPL = 1 << 15;
export const CLIENT_PRE_PSYNC = 1 << 16;
export const CLIENT_READONLY = 1 << 17;
export const CLIENT_PUBSUB = 1 << 18;
export const CLIENT_PREVENT_AOF_PROP = 1 << 19;
export const CLIENT_PREVENT_REPL_PROP = 1 << 20;
export const CLIENT_PREVENT_PROP = CLIENT_PREVENT_AOF_PROP | CLIENT_PREVENT_REPL_PROP;
export const CLIENT_PENDING_WRITE = 1 << 21;
export const CLIENT_REPLY_OFF = 1 << 22;
export const CLIENT_REPLY_SKIP_NEXT = 1 << 23;
export const CLIENT_REPLY_SKIP = 1 << 24;
export const CLIENT_LUA_DEBUG = 1 << 25;
export const CLIENT_LUA_DEBUG_SYNC = 1 << 26;
export const CLIENT_MODULE = 1 << 27;
export const CLIENT_PROTECTED = 1 << 28;

export const CLIENT_PENDING_COMMAND = 1 << 30;
/*
 * The client flags from here on are the upper part of C's 64 bit word: bits 31 to 43. JavaScript's bit operators work on 32 bits,
 * so they live in `client.flags_hi`, shifted right by 31. The tidy test refuses an upper flag tested against `flags`.
 */
export const CLIENT_TRACKING = 1 << 0;
export const CLIENT_TRACKING_BROKEN_REDIR = 1 << 1;
export const CLIENT_TRACKING_BCAST = 1 << 2;
export const CLIENT_TRACKING_OPTIN = 1 << 3;
export const CLIENT_TRACKING_OPTOUT = 1 << 4;
export const CLIENT_TRACKING_CACHING = 1 << 5;
export const CLIENT_TRACKING_NOLOOP = 1 << 6;
export const CLIENT_IN_TO_TABLE = 1 << 7;
export const CLIENT_PROTOCOL_ERROR = 1 << 8;
export const CLIENT_CLOSE_AFTER_COMMAND = 1 << 9;
export const CLIENT_DENY_BLOCKING = 1 << 10;
export const CLIENT_REPL_RDBONLY = 1 << 11;
export const CLIENT_NO_EVICT = 1 << 12;

/* Why a client is blocked (`client.btype`). */
export const BLOCKED_NONE = 0;
export const BLOCKED_LIST = 1;
export const BLOCKED_WAIT = 2;
export const BLOCKED_MODULE = 3;
export const BLOCKED_STREAM = 4;
export const BLOCKED_ZSET = 5;
export const BLOCKED_POSTPONE = 6;
export const BLOCKED_SHUTDOWN = 7;
export const BLOCKED_NUM = 8;

export const PROTO_REQ_INLINE = 1;
export const PROTO_REQ_MULTIBULK = 2;

export const CLIENT_TYPE_NORMAL = 0;
export const CLIENT_TYPE_SLAVE = 1;
export const CLIENT_TYPE_PUBSUB = 2;
export const CLIENT_TYPE_MASTER = 3;
export const CLIENT_TYPE_COUNT = 4;
export const CLIENT_TYPE_OBUF_COUNT = 3;

export const REPL_STATE_NONE = 0;
export const REPL_STATE_CONNECT = 1;
export const REPL_STATE_CONNECTING = 2;
export const REPL_STATE_RECEIVE_PING_REPLY = 3;
export const REPL_STATE_SEND_HANDSHAKE = 4;
export const REPL_STATE_RECEIVE_AUTH_REPLY = 5;
export const REPL_STATE_RECEIVE_PORT_REPLY = 6;
export const REPL_STATE_RECEIVE_IP_REPLY = 7;
export const REPL_STATE_RECEIVE_CAPA_REPLY = 8;
export const REPL_STATE_SEND_PSYNC = 9;
export const REPL_STATE_RECEIVE_PSYNC_REPLY = 10;
export const REPL_STATE_TRANSFER = 11;
export const REPL_STATE_CONNECTED = 12;

export const NO_FAILOVER = 0;
export const FAILOVER_WAIT_FOR_SYNC = 1;
export const FAILOVER_IN_PROGRESS = 2;

export const SLAVE_STATE_WAIT_BGSAVE_START = 6;
export const SLAVE_STATE_WAIT_BGSAVE_END = 7;
export const SLAVE_STATE_SEND_BULK = 8;
export const SLAVE_STATE_ONLINE = 9;

export const SLAVE_CAPA_NONE = 0;
export const SLAVE_CAPA_EOF = 1 << 0;
export const SLAVE_CAPA_PSYNC2 = 1 << 1;

export const SLAVE_REQ_NONE = 0;
export const SLAVE_REQ_RDB_EXCLUDE_DATA = 1 << 0;
export const SLAVE_REQ_RDB_EXCLUDE_FUNCTIONS = 1 << 1;

export const SLAVE_REQ_RDB_MASK = SLAVE_REQ_RDB_EXCLUDE_DATA | SLAVE_REQ_RDB_EXCLUDE_FUNCTIONS;

export const CONFIG_REPL_SYNCIO_TIMEOUT = 5;

export const REPL_BACKLOG_TRIM_BLOCKS_PER_CALL = 64;

export const REPL_BACKLOG_INDEX_PER_BLOCKS = 64;

export const LIST_HEAD = 0;
export const LIST_TAIL = 1;
export const ZSET_MIN = 0;
export const ZSET_MAX = 1;

export const SORT_OP_GET = 0;

export const LL_DEBUG = 0;
export const LL_VERBOSE = 1;
export const LL_NOTICE = 2;
export const LL_WARNING = 3;
export const LL_RAW = 1 << 10;

export const SUPERVISED_NONE = 0;
export const SUPERVISED_AUTODETECT = 1;
export const SUPERVISED_SYSTEMD = 2;
export const SUPERVISED_UPSTART = 3;

export const ZSKIPLIST_MAXLEVEL = 32;
export const ZSKIPLIST_P = 0.25;

export const AOF_FSYNC_NO = 0;
export const AOF_FSYNC_ALWAYS = 1;
export const AOF_FSYNC_EVERYSEC = 2;

export const REPL_DISKLESS_LOAD_DISABLED = 0;
export const REPL_DISKLESS_LOAD_WHEN_DB_EMPTY = 1;
export const REPL_DISKLESS_LOAD_SWAPDB = 2;

export const TLS_CLIENT_AUTH_NO = 0;
export const TLS_CLIENT_AUTH_YES = 1;
export const TLS_CLIENT_AUTH_OPTIONAL = 2;

export const SANITIZE_DUMP_NO = 0;
export const SANITIZE_DUMP_YES = 1;
export const SANITIZE_DUMP_CLIENTS = 2;

export const PROTECTED_ACTION_ALLOWED_NO = 0;
export const PROTECTED_ACTION_ALLOWED_YES = 1;
export const PROTECTED_ACTION_ALLOWED_LOCAL = 2;

export const SET_OP_UNION = 0;
export const SET_OP_DIFF = 1;
export const SET_OP_INTER = 2;

export const OOM_SCORE_ADJ_NO = 0;
export const OOM_SCORE_RELATIVE = 1;
export const OOM_SCORE_ADJ_ABSOLUTE = 2;

export const MAXMEMORY_FLAG_LRU = 1 << 0;
export const MAXMEMORY_FLAG_LFU = 1 << 1;
export const MAXMEMORY_FLAG_ALLKEYS = 1 << 2;
export const MAXMEMORY_FLAG_NO_SHARED_INTEGERS = MAXMEMORY_FLAG_LRU | MAXMEMORY_FLAG_LFU;

export const MAXMEMORY_VOLATILE_LRU = (0 << 8) | MAXMEMORY_FLAG_LRU;
export const MAXMEMORY_VOLATILE_LFU = (1 << 8) | MAXMEMORY_FLAG_LFU;
export const MAXMEMORY_VOLATILE_TTL = 2 << 8;
export const MAXMEMORY_VOLATILE_RANDOM = 3 << 8;
export const MAXMEMORY_ALLKEYS_LRU = (4 << 8) | MAXMEMORY_FLAG_LRU | MAXMEMORY_FLAG_ALLKEYS;
export const MAXMEMORY_ALLKEYS_LFU = (5 << 8) | MAXMEMORY_FLAG_LFU | MAXMEMORY_FLAG_ALLKEYS;
export const MAXMEMORY_ALLKEYS_RANDOM = (6 << 8) | MAXMEMORY_FLAG_ALLKEYS;
export const MAXMEMORY_NO_EVICTION = 7 << 8;

export const UNIT_SECONDS = 0;
export const UNIT_MILLISECONDS = 1;

export const SHUTDOWN_NOFLAGS = 0;
export const SHUTDOWN_SAVE = 1;
export const SHUTDOWN_NOSAVE = 2;
export const SHUTDOWN_NOW = 4;
export const SHUTDOWN_FORCE = 8;

export const CMD_CALL_NONE = 0;
export const CMD_CALL_SLOWLOG = 1 << 0;
export const CMD_CALL_STATS = 1 << 1;
export const CMD_CALL_PROPAGATE_AOF = 1 << 2;
export const CMD_CALL_PROPAGATE_REPL = 1 << 3;
export const CMD_CALL_PROPAGATE = CMD_CALL_PROPAGATE_AOF | CMD_CALL_PROPAGATE_REPL;
export const CMD_CALL_FULL = CMD_CALL_SLOWLOG | CMD_CALL_STATS | CMD_CALL_PROPAGATE;
export const CMD_CALL_FROM_MODULE = 1 << 4;

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

export const CLIENT_PAUSE_OFF = 0;
export const CLIENT_PAUSE_WRITE = 1;
export const CLIENT_PAUSE_ALL = 2;

export const PAUSE_BY_CLIENT_COMMAND = 0;
export const PAUSE_DURING_SHUTDOWN = 1;
export const PAUSE_DURING_FAILOVER = 2;
export const NUM_PAUSE_PURPOSES = 3;

export const CLUSTER_ENDPOINT_TYPE_IP = 0;
export const CLUSTER_ENDPOINT_TYPE_HOSTNAME = 1;
export const CLUSTER_ENDPOINT_TYPE_UNKNOWN_ENDPOINT = 2;

export const RDB_CHILD_TYPE_NONE = 0;
export const RDB_CHILD_TYPE_DISK = 1;
export const RDB_CHILD_TYPE_SOCKET = 2;

export const NOTIFY_KEYSPACE = 1 << 0;
export const NOTIFY_KEYEVENT = 1 << 1;
export const NOTIFY_GENERIC = 1 << 2;
export const NOTIFY_STRING = 1 << 3;
export const NOTIFY_LIST = 1 << 4;
export const NOTIFY_SET = 1 << 5;
export const NOTIFY_HASH = 1 << 6;
export const NOTIFY_ZSET = 1 << 7;
export const NOTIFY_EXPIRED = 1 << 8;
export const NOTIFY_EVICTED = 1 << 9;
export const NOTIFY_STREAM = 1 << 10;
export const NOTIFY_KEY_MISS = 1 << 11;
export const NOTIFY_LOADED = 1 << 12;
export const NOTIFY_MODULE = 1 << 13;
export const NOTIFY_NEW = 1 << 14;
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

export const LATENCY_HISTOGRAM_MIN_VALUE = 1;
export const LATENCY_HISTOGRAM_MAX_VALUE = 1000000000;
export const LATENCY_HISTOGRAM_PRECISION = 2;

export const BUSY_MODULE_YIELD_NONE = 0;
export const BUSY_MODULE_YIELD_EVENTS = 1 << 0;
export const BUSY_MODULE_YIELD_CLIENTS = 1 << 1;

export const OBJ_STRING = 0;
export const OBJ_LIST = 1;
export const OBJ_SET = 2;
export const OBJ_ZSET = 3;
export const OBJ_HASH = 4;

export const OBJ_MODULE = 5;
export const OBJ_STREAM = 6;

export const REDISMODULE_TYPE_ENCVER_BITS = 10;

export const REDISMODULE_AUX_BEFORE_RDB = 1 << 0;
export const REDISMODULE_AUX_AFTER_RDB = 1 << 1;

export const OBJ_ENCODING_RAW = 0;
export const OBJ_ENCODING_INT = 1;
export const OBJ_ENCODING_HT = 2;
export const OBJ_ENCODING_ZIPMAP = 3;
export const OBJ_ENCODING_LINKEDLIST = 4;
export const OBJ_ENCODING_ZIPLIST = 5;
export const OBJ_ENCODING_INTSET = 6;
export const OBJ_ENCODING_SKIPLIST = 7;
export const OBJ_ENCODING_EMBSTR = 8;
export const OBJ_ENCODING_QUICKLIST = 9;
export const OBJ_ENCODING_STREAM = 10;
export const OBJ_ENCODING_LISTPACK = 11;

export const LRU_BITS = 24;
export const LRU_CLOCK_MAX = (1 << LRU_BITS) - 1;
export const LRU_CLOCK_RESOLUTION = 1000;

export const OBJ_SHARED_REFCOUNT = 2147483647;
export const OBJ_STATIC_REFCOUNT = 2147483647 - 1;
export const OBJ_FIRST_SPECIAL_REFCOUNT = OBJ_STATIC_REFCOUNT;

export const USER_COMMAND_BITS_COUNT = 1024;
export const USER_FLAG_ENABLED = 1 << 0;
export const USER_FLAG_DISABLED = 1 << 1;
export const USER_FLAG_NOPASS = 1 << 2;
export const USER_FLAG_SANITIZE_PAYLOAD = 1 << 3;
export const USER_FLAG_SANITIZE_PAYLOAD_SKIP = 1 << 4;

export const SELECTOR_FLAG_ROOT = 1 << 0;
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

export const PROPAGATION_ERR_BEHAVIOR_IGNORE = 0;
export const PROPAGATION_ERR_BEHAVIOR_PANIC = 1;
export const PROPAGATION_ERR_BEHAVIOR_PANIC_ON_REPLICAS = 2;

export const AOF_FILE_TYPE_BASE = 'b';
export const AOF_FILE_TYPE_HIST = 'h';
export const AOF_FILE_TYPE_INCR = 'i';

export const CHILD_TYPE_NONE = 0;
export const CHILD_TYPE_RDB = 1;
export const CHILD_TYPE_AOF = 2;
export const CHILD_TYPE_LDB = 3;
export const CHILD_TYPE_MODULE = 4;

export const CHILD_INFO_TYPE_CURRENT_INFO = 0;
export const CHILD_INFO_TYPE_AOF_COW_SIZE = 1;
export const CHILD_INFO_TYPE_RDB_COW_SIZE = 2;
export const CHILD_INFO_TYPE_MODULE_COW_SIZE = 3;

export const KSPEC_BS_INVALID = 0;
export const KSPEC_BS_UNKNOWN = 1;
export const KSPEC_BS_INDEX = 2;
export const KSPEC_BS_KEYWORD = 3;

export const KSPEC_FK_INVALID = 0;
export const KSPEC_FK_UNKNOWN = 1;
export const KSPEC_FK_RANGE = 2;
export const KSPEC_FK_KEYNUM = 3;

export const STATIC_KEY_SPECS_NUM = 4;

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
export const CMD_ARG_OPTIONAL = 1 << 0;
export const CMD_ARG_MULTIPLE = 1 << 1;
export const CMD_ARG_MULTIPLE_TOKEN = 1 << 2;

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
export const LOOKUP_NOTOUCH = 1 << 0;
export const LOOKUP_NONOTIFY = 1 << 1;
export const LOOKUP_NOSTATS = 1 << 2;
export const LOOKUP_WRITE = 1 << 3;
export const LOOKUP_NOEXPIRE = 1 << 4;

export const SETKEY_KEEPTTL = 1;
export const SETKEY_NO_SIGNAL = 2;
export const SETKEY_ALREADY_EXIST = 4;
export const SETKEY_DOESNT_EXIST = 8;

export const EMPTYDB_NO_FLAGS = 0;
export const EMPTYDB_ASYNC = 1 << 0;
export const EMPTYDB_NOFUNCTIONS = 1 << 1;

export const GET_KEYSPEC_DEFAULT = 0;
export const GET_KEYSPEC_INCLUDE_NOT_KEYS = 1 << 0;
export const GET_KEYSPEC_RETURN_PARTIAL = 1 << 1;

export const LFU_INIT_VAL = 5;

export const EVICT_OK = 0;
export const EVICT_RUNNING = 1;
export const EVICT_FAIL = 2;

/** The whole state of one running server; C has one global of it, `server`. */
export class redisServer {
  pid = 0;
  configfile: string | null = null;
  executable: string | null = null;
  exec_argv: string[] = [];
  dynamic_hz = 0;
  config_hz = 0;
  umask = 0;
  hz = 0;
  in_fork_child = 0;
  db: redisDb[] = [];
  commands!: dict<string, redisCommand>;
  orig_commands!: dict<string, redisCommand>;
  el!: aeEventLoop;
  errors!: rax<redisError>;
  lruclock = 0;
  shutdown_asap = 0;
  shutdown_mstime = 0;
  last_sig_received = 0;
  shutdown_flags = 0;
  activerehashing = 0;
  active_defrag_running = 0;
  pidfile: string | null = null;
  arch_bits = 0;
  cronloops = 0;
  runid = '';
  sentinel_mode = 0;
  initial_memory_usage = 0;
  always_show_logo = 0;
  in_exec = 0;
  busy_module_yield_flags = 0;
  busy_module_yield_reply: string | null = null;
  core_propagates = 0;
  propagate_no_multi = 0;
  module_ctx_nesting = 0;
  ignore_warnings: string | null = null;
  client_pause_in_transaction = 0;
  thp_enabled = 0;
  page_size = 0;
  loadmodule_queue: list<moduleLoadQueueEntry> = new list();
  child_pid = 0;
  child_type = 0;
  port = 0;
  tls_port = 0;
  tcp_backlog = 0;
  bindaddr: string[] = [];
  bindaddr_count = 0;
  bind_source_addr: string | null = null;
  unixsocket: string | null = null;
  unixsocketperm = 0;
  ipfd: socketFds = new socketFds();
  tlsfd: socketFds = new socketFds();
  sofd = 0;
  socket_mark_id = 0;
  cfd: socketFds = new socketFds();
  clients: list<client> = new list();
  clients_to_close: list<client> = new list();
  clients_pending_write: list<client> = new list();
  clients_pending_read: list<client> = new list();
  slaves: list<client> = new list();
  monitors: list<client> = new list();
  current_client: client | null = null;
  client_mem_usage_buckets: clientMemUsageBucket[] = [];
  clients_timeout_table!: rax;
  fixed_time_expire = 0;
  in_nested_call = 0;
  clients_index!: rax;
  client_pause_type = 0;
  postponed_clients: list<client> = new list();
  client_pause_end_time = 0;
  client_pause_per_purpose: (pause_event | null)[] = [null, null, null];
  neterr = '';
  next_client_id = 0;
  protected_mode = 0;
  io_threads_num = 0;
  io_threads_do_reads = 0;
  io_threads_active = 0;
  events_processed_while_blocked = 0;
  enable_protected_configs = 0;
  enable_debug_cmd = 0;
  enable_module_cmd = 0;
  loading = 0;
  async_loading = 0;
  loading_total_bytes = 0;
  loading_rdb_used_mem = 0;
  loading_loaded_bytes = 0;
  loading_start_time = 0;
  loading_process_events_interval_bytes = 0;
  stat_starttime = 0;
  stat_numcommands = 0;
  stat_numconnections = 0;
  stat_expiredkeys = 0;
  stat_expired_stale_perc = 0;
  stat_expired_time_cap_reached_count = 0;
  stat_expire_cycle_time_used = 0;
  stat_evictedkeys = 0;
  stat_evictedclients = 0;
  stat_total_eviction_exceeded_time = 0;
  stat_last_eviction_exceeded_time = 0;
  stat_keyspace_hits = 0;
  stat_keyspace_misses = 0;
  stat_active_defrag_hits = 0;
  stat_active_defrag_misses = 0;
  stat_active_defrag_key_hits = 0;
  stat_active_defrag_key_misses = 0;
  stat_active_defrag_scanned = 0;
  stat_total_active_defrag_time = 0;
  stat_last_active_defrag_time = 0;
  stat_peak_memory = 0;
  stat_aof_rewrites = 0;
  stat_aofrw_consecutive_failures = 0;
  stat_rdb_saves = 0;
  stat_fork_time = 0;
  stat_fork_rate = 0;
  stat_total_forks = 0;
  stat_rejected_conn = 0;
  stat_sync_full = 0;
  stat_sync_partial_ok = 0;
  stat_sync_partial_err = 0;
  slowlog: list<slowlogEntry> = new list();
  slowlog_entry_id = 0;
  slowlog_log_slower_than = 0;
  slowlog_max_len = 0;
  cron_malloc_stats: malloc_stats = new malloc_stats();
  stat_net_input_bytes = 0;
  stat_net_output_bytes = 0;
  stat_net_repl_input_bytes = 0;
  stat_net_repl_output_bytes = 0;
  stat_current_cow_peak = 0;
  stat_current_cow_bytes = 0;
  stat_current_cow_updated = 0;
  stat_current_save_keys_processed = 0;
  stat_current_save_keys_total = 0;
  stat_rdb_cow_bytes = 0;
  stat_aof_cow_bytes = 0;
  stat_module_cow_bytes = 0;
  stat_module_progress = 0;
  stat_clients_type_memory: number[] = [0, 0, 0, 0];
  stat_cluster_links_memory = 0;
  stat_unexpected_error_replies = 0;
  stat_total_error_replies = 0;
  stat_dump_payload_sanitizations = 0;
  stat_io_reads_processed = 0;
  stat_io_writes_processed = 0;
  stat_total_reads_processed = 0;
  stat_total_writes_processed = 0;
  inst_metric: inst_metric[] = Array.from({ length: STATS_METRIC_COUNT }, () => new inst_metric());
  stat_reply_buffer_shrinks = 0;
  stat_reply_buffer_expands = 0;
  verbosity = 0;
  maxidletime = 0;
  tcpkeepalive = 0;
  active_expire_enabled = 0;
  active_expire_effort = 0;
  active_defrag_enabled = 0;
  sanitize_dump_payload = 0;
  skip_checksum_validation = 0;
  jemalloc_bg_thread = 0;
  active_defrag_ignore_bytes = 0;
  active_defrag_threshold_lower = 0;
  active_defrag_threshold_upper = 0;
  active_defrag_cycle_min = 0;
  active_defrag_cycle_max = 0;
  active_defrag_max_scan_fields = 0;
  client_max_querybuf_len = 0;
  dbnum = 0;
  supervised = 0;
  supervised_mode = 0;
  daemonize = 0;
  set_proc_title = 0;
  proc_title_template: string | null = null;
  client_obuf_limits: clientBufferLimitsConfig[] = [];
  pause_cron = 0;
  latency_tracking_enabled = 0;
  latency_tracking_info_percentiles: number[] = [];
  latency_tracking_info_percentiles_len = 0;
  aof_enabled = 0;
  aof_state = 0;
  aof_fsync = 0;
  aof_filename: string | null = null;
  aof_dirname: string | null = null;
  aof_no_fsync_on_rewrite = 0;
  aof_rewrite_perc = 0;
  aof_rewrite_min_size = 0;
  aof_rewrite_base_size = 0;
  aof_current_size = 0;
  aof_last_incr_size = 0;
  aof_fsync_offset = 0;
  aof_flush_sleep = 0;
  aof_rewrite_scheduled = 0;
  aof_buf!: sds;
  aof_fd = 0;
  aof_selected_db = 0;
  aof_flush_postponed_start = 0;
  aof_last_fsync = 0;
  aof_rewrite_time_last = 0;
  aof_rewrite_time_start = 0;
  aof_cur_timestamp = 0;
  aof_timestamp_enabled = 0;
  aof_lastbgrewrite_status = 0;
  aof_delayed_fsync = 0;
  aof_rewrite_incremental_fsync = 0;
  rdb_save_incremental_fsync = 0;
  aof_last_write_status = 0;
  aof_last_write_errno = 0;
  aof_load_truncated = 0;
  aof_use_rdb_preamble = 0;
  aof_bio_fsync_status = 0;
  aof_bio_fsync_errno = 0;
  aof_manifest: aofManifest | null = null;
  aof_disable_auto_gc = 0;
  dirty = 0;
  dirty_before_bgsave = 0;
  rdb_last_load_keys_expired = 0;
  rdb_last_load_keys_loaded = 0;
  saveparams: saveparam[] = [];
  saveparamslen = 0;
  rdb_filename: string | null = null;
  rdb_compression = 0;
  rdb_checksum = 0;
  rdb_del_sync_files = 0;
  lastsave = 0;
  lastbgsave_try = 0;
  rdb_save_time_last = 0;
  rdb_save_time_start = 0;
  rdb_bgsave_scheduled = 0;
  rdb_child_type = 0;
  lastbgsave_status = 0;
  stop_writes_on_bgsave_err = 0;
  rdb_pipe_read = 0;
  rdb_child_exit_pipe = 0;
  rdb_pipe_conns: (connection | null)[] = [];
  rdb_pipe_numconns = 0;
  rdb_pipe_numconns_writing = 0;
  rdb_pipe_buff: Uint8Array | null = null;
  rdb_pipe_bufflen = 0;
  rdb_key_save_delay = 0;
  key_load_delay = 0;
  child_info_pipe: number[] = [-1, -1];
  child_info_nread = 0;
  also_propagate: redisOpArray = new redisOpArray();
  replication_allowed = 0;
  logfile: string | null = null;
  syslog_enabled = 0;
  syslog_ident: string | null = null;
  syslog_facility = 0;
  crashlog_enabled = 0;
  memcheck_enabled = 0;
  use_exit_on_panic = 0;
  shutdown_timeout = 0;
  shutdown_on_sigint = 0;
  shutdown_on_sigterm = 0;
  replid = '';
  replid2 = '';
  master_repl_offset = 0;
  second_replid_offset = 0;
  slaveseldb = 0;
  repl_ping_slave_period = 0;
  repl_backlog: replBacklog | null = null;
  repl_backlog_size = 0;
  repl_backlog_time_limit = 0;
  repl_no_slaves_since = 0;
  repl_min_slaves_to_write = 0;
  repl_min_slaves_max_lag = 0;
  repl_good_slaves_count = 0;
  repl_diskless_sync = 0;
  repl_diskless_load = 0;
  repl_diskless_sync_delay = 0;
  repl_diskless_sync_max_replicas = 0;
  repl_buffer_mem = 0;
  repl_buffer_blocks: list<replBufBlock> = new list();
  masteruser: string | null = null;
  masterauth: string | null = null;
  masterhost: string | null = null;
  masterport = 0;
  repl_timeout = 0;
  master: client | null = null;
  cached_master: client | null = null;
  repl_syncio_timeout = 0;
  repl_state = 0;
  repl_transfer_size = 0;
  repl_transfer_read = 0;
  repl_transfer_last_fsync_off = 0;
  repl_transfer_s: connection | null = null;
  repl_transfer_fd = 0;
  repl_transfer_tmpfile: string | null = null;
  repl_transfer_lastio = 0;
  repl_serve_stale_data = 0;
  repl_slave_ro = 0;
  repl_slave_ignore_maxmemory = 0;
  repl_down_since = 0;
  repl_disable_tcp_nodelay = 0;
  slave_priority = 0;
  replica_announced = 0;
  slave_announce_port = 0;
  slave_announce_ip: string | null = null;
  propagation_error_behavior = 0;
  repl_ignore_disk_write_error = 0;
  master_replid = '';
  master_initial_offset = 0;
  repl_slave_lazy_flush = 0;
  clients_waiting_acks: list<client> = new list();
  get_ack_from_slaves = 0;
  maxclients = 0;
  maxmemory = 0;
  maxmemory_clients = 0;
  maxmemory_policy = 0;
  maxmemory_samples = 0;
  maxmemory_eviction_tenacity = 0;
  lfu_log_factor = 0;
  lfu_decay_time = 0;
  proto_max_bulk_len = 0;
  oom_score_adj_values: number[] = [0, 200, 800];
  oom_score_adj = 0;
  disable_thp = 0;
  blocked_clients = 0;
  blocked_clients_by_type: number[] = new Array<number>(BLOCKED_NUM).fill(0);
  unblocked_clients: list<client> = new list();
  ready_keys: list<readyList> = new list();
  tracking_clients = 0;
  tracking_table_max_keys = 0;
  tracking_pending_keys: list<robj> = new list();
  sort_desc = 0;
  sort_alpha = 0;
  sort_bypattern = 0;
  sort_store = 0;
  hash_max_listpack_entries = 0;
  hash_max_listpack_value = 0;
  set_max_intset_entries = 0;
  zset_max_listpack_entries = 0;
  zset_max_listpack_value = 0;
  hll_sparse_max_bytes = 0;
  stream_node_max_bytes = 0;
  stream_node_max_entries = 0;
  list_max_listpack_size = 0;
  list_compress_depth = 0;
  unixtime = 0;
  timezone = 0;
  daylight_active = 0;
  mstime = 0;
  ustime = 0;
  blocking_op_nesting = 0;
  blocked_last_cron = 0;
  pubsub_channels!: dict<robj, list<client>>;
  pubsub_patterns!: dict<robj, list<client>>;
  notify_keyspace_events = 0;
  pubsubshard_channels!: dict<robj, list<client>>;
  cluster_enabled = 0;
  cluster_port = 0;
  cluster_node_timeout = 0;
  cluster_configfile: string | null = null;
  cluster: clusterState | null = null;
  cluster_migration_barrier = 0;
  cluster_allow_replica_migration = 0;
  cluster_slave_validity_factor = 0;
  cluster_require_full_coverage = 0;
  cluster_slave_no_failover = 0;
  cluster_announce_ip: string | null = null;
  cluster_announce_hostname: string | null = null;
  cluster_preferred_endpoint_type = 0;
  cluster_announce_port = 0;
  cluster_announce_tls_port = 0;
  cluster_announce_bus_port = 0;
  cluster_module_flags = 0;
  cluster_allow_reads_when_down = 0;
  cluster_config_file_lock_fd = 0;
  cluster_link_sendbuf_limit_bytes = 0;
  cluster_drop_packet_filter = 0;
  script_caller: client | null = null;
  busy_reply_threshold = 0;
  pre_command_oom_state = 0;
  script_disable_deny_script = 0;
  lazyfree_lazy_eviction = 0;
  lazyfree_lazy_expire = 0;
  lazyfree_lazy_server_del = 0;
  lazyfree_lazy_user_del = 0;
  lazyfree_lazy_user_flush = 0;
  latency_monitor_threshold = 0;
  latency_events!: dict<string, latencyTimeSeries>;
  acl_filename: string | null = null;
  acllog_max_len = 0;
  requirepass: string | null = null;
  acl_pubsub_default = 0;
  watchdog_period = 0;
  system_memory_size = 0;
  tls_cluster = 0;
  tls_replication = 0;
  tls_auth_clients = 0;
  tls_ctx_config: redisTLSContextConfig = new redisTLSContextConfig();
  server_cpulist: string | null = null;
  bio_cpulist: string | null = null;
  aof_rewrite_cpulist: string | null = null;
  bgsave_cpulist: string | null = null;
  sentinel_config: sentinelConfig | null = null;
  failover_end_time = 0;
  force_failover = 0;
  target_replica_host: string | null = null;
  target_replica_port = 0;
  failover_state = 0;
  cluster_allow_pubsubshard_when_down = 0;
  reply_buffer_peak_reset_time = 0;
  reply_buffer_resizing_enabled = 0;

  // ---- What C keeps as file-level statics; each group belongs to the file named.

  /** dict.c: whether tables may resize now (off while a snapshot runs). */
  // (see object/dict.ts for the context object that dicts refer to)

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
  reply_scratch: Buffer = Buffer.allocUnsafeSlow(32);
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
  id = 0;
  flags = 0;
  /** Upper part of the 64 bit flags word: CLIENT_TRACKING and above. */
  flags_hi = 0;
  conn: connection | null = null;
  resp = 0;
  db!: redisDb;
  name: robj | null = null;
  querybuf!: sds;
  qb_pos = 0;
  querybuf_peak = 0;
  argc = 0;
  argv: robj[] = [];
  argv_len = 0;
  original_argc = 0;
  original_argv: robj[] | null = null;
  argv_len_sum = 0;
  cmd: redisCommand | null = null;
  lastcmd: redisCommand | null = null;
  realcmd: redisCommand | null = null;
  user: user | null = null;
  reqtype = 0;
  multibulklen = 0;
  bulklen = 0;
  /** Blocks behind the static buffer; null holds the place of a length that is not known yet. */
  reply!: list<clientReplyBlock | null>;
  reply_bytes = 0;
  deferred_reply_errors: list<string> | null = null;
  sentlen = 0;
  ctime = 0;
  duration = 0;
  slot = 0;
  lastinteraction = 0;
  obuf_soft_limit_reached_time = 0;
  authenticated = 0;
  replstate = 0;
  repl_start_cmd_stream_on_ack = 0;
  repldbfd = 0;
  repldboff = 0;
  repldbsize = 0;
  replpreamble: string | null = null;
  read_reploff = 0;
  reploff = 0;
  repl_applied = 0;
  repl_ack_off = 0;
  repl_ack_time = 0;
  repl_last_partial_write = 0;
  psync_initial_offset = 0;
  replid = '';
  slave_listening_port = 0;
  slave_addr: string | null = null;
  slave_capa = 0;
  slave_req = 0;
  mstate!: multiState;
  btype = 0;
  bpop!: blockingState;
  woff = 0;
  watched_keys!: list<watchedKey>;
  pubsub_channels!: dict<robj, null>;
  pubsub_patterns!: list<robj>;
  pubsubshard_channels!: dict<robj, null>;
  peerid: string | null = null;
  sockname: string | null = null;
  client_list_node: listNode<client> | null = null;
  postponed_list_node: listNode<client> | null = null;
  pending_read_list_node: listNode<client> | null = null;
  client_tracking_redirection = 0;
  client_tracking_prefixes: rax | null = null;
  last_memory_usage = 0;
  last_memory_type = 0;
  mem_usage_bucket_node: listNode<client> | null = null;
  mem_usage_bucket: clientMemUsageBucket | null = null;
  ref_repl_buf_node: listNode<replBufBlock> | null = null;
  ref_block_pos = 0;
  buf_peak = 0;
  buf_peak_last_reset_time = 0;
  bufpos = 0;
  buf_usable_size = 0;
  buf!: Buffer;
}

/** One numbered database: the keyspace and the tables that watch it. */
export class redisDb {
  dict!: dict<string, robj>;
  expires!: dict<string, number>;
  blocking_keys!: dict<robj, list<client>>;
  ready_keys!: dict<robj, null>;
  watched_keys!: dict<robj, list<watchedKey>>;
  id = 0;
  avg_ttl = 0;
  expires_cursor = 0;
  slots_to_keys: clusterSlotToKeyMapping | null = null;
}

/** What a blocked client waits for; which fields count depends on `btype`. */
export class blockingState {
  count = 0;
  timeout = 0;
  keys: dict<robj, bkinfo | null> | null = null;
  target: robj | null = null;
  blockpos: blockPos = new blockPos();
  xread_count = 0;
  xread_group: robj | null = null;
  xread_consumer: robj | null = null;
  xread_group_noack = 0;
  numreplicas = 0;
  reploffset = 0;
}

/** The tls-* options. */
export class redisTLSContextConfig {
  cert_file: string | null = null;
  key_file: string | null = null;
  key_file_pass: string | null = null;
  client_cert_file: string | null = null;
  client_key_file: string | null = null;
  client_key_file_pass: string | null = null;
  dh_params_file: string | null = null;
  ca_cert_file: string | null = null;
  ca_cert_dir: string | null = null;
  protocols: string | null = null;
  ciphers: string | null = null;
  ciphersuites: string | null = null;
  prefer_server_ciphers = 0;
  session_caching = 0;
  session_cache_size = 0;
  session_cache_timeout = 0;
}

/** The breakdown that MEMORY STATS and INFO memory print, bytes and ratios. */
export class redisMemOverhead {
  peak_allocated = 0;
  total_allocated = 0;
  startup_allocated = 0;
  repl_backlog = 0;
  clients_slaves = 0;
  clients_normal = 0;
  cluster_links = 0;
  aof_buffer = 0;
  lua_caches = 0;
  functions_caches = 0;
  overhead_total = 0;
  dataset = 0;
  total_keys = 0;
  bytes_per_key = 0;
  dataset_perc = 0;
  peak_perc = 0;
  total_frag = 0;
  total_frag_bytes = 0;
  allocator_frag = 0;
  allocator_frag_bytes = 0;
  allocator_rss = 0;
  allocator_rss_bytes = 0;
  rss_extra = 0;
  rss_extra_bytes = 0;
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
  type: number;
  encoding: number;
  lru: number;
  refcount: number;
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

/** One block of a client's reply list: `used` of `buf.length` bytes are filled. */
export class clientReplyBlock {
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
  refcount = 0;
  id = 0;
  repl_offset = 0;
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
  argv: robj[] = [];
  argv_len = 0;
  argc = 0;
  cmd: redisCommand | null = null;
}

/** The MULTI state of a client: the queued commands and the flags of all of them. */
export class multiState {
  commands: multiCmd[] = [];
  count = 0;
  /** OR of the flags of the queued commands. */
  cmd_flags = 0;
  /** OR of the inverted flags: tells whether all commands share a flag. */
  cmd_inv_flags = 0;
  /** Bytes of all queued arguments. */
  argv_len_sums = 0;
  alloc_count = 0;
}

/** Where a blocked list or zset command pops from and pushes to. */
export class blockPos {
  wherefrom = 0;
  whereto = 0;
}

/** Per key information of a client that is blocked on a stream or list. */
export class bkinfo {
  listnode: listNode<client> | null = null;
  stream_id: object | null = null;
}

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
  name = '';
  flags = 0;
  passwords: list<string> = new list();
  selectors: list<object> = new list();
}

/** One size class of clients, for maxmemory-clients. */
export class clientMemUsageBucket {
  clients: list<client> = new list();
  mem_usage_sum = 0;
}

/** A running pause: which commands, until when (ms). */
export class pause_event {
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
  dbid = 0;
  target = 0;
}

/** The commands that wait to be propagated after the running one. */
export class redisOpArray {
  ops: redisOp[] = [];
  numops = 0;
  capacity = 0;
}

/** The replication backlog: a view into the shared replication buffer. */
export class replBacklog {
  ref_repl_buf_node: listNode<replBufBlock> | null = null;
  unindexed_count = 0;
  blocks_index: rax | null = null;
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

/** State of the AOF files; the manifest in memory. */
export class aofInfo {
  file_name = '';
  file_seq = 0;
  file_type = AOF_FILE_TYPE_BASE;
}

/** The files that make up the AOF. */
export class aofManifest {
  base_aof_info: aofInfo | null = null;
  incr_aof_list: list<aofInfo> = new list();
  history_aof_list: list<aofInfo> = new list();
  curr_base_file_seq = 0;
  curr_incr_file_seq = 0;
  dirty = 0;
}

/** The cluster's state; filled by the cluster room. */
export type clusterState = object;
/** Slots to keys index of a cluster node. */
export type clusterSlotToKeyMapping = object;

/** One key position of a command: index in argv and CMD_KEY_* flags. */
export class keyReference {
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

/** Where the search for keys begins: at an index, or after a keyword. */
export class keySpec {
  notes: string | null = null;
  flags = 0;
  begin_search_type = KSPEC_BS_INVALID;
  bs = { index: { pos: 0 }, keyword: { keyword: '', startfrom: 0 } };
  find_keys_type = KSPEC_FK_INVALID;
  fk = {
    range: { lastkey: 0, keystep: 0, limit: 0 },
    keynum: { keynumidx: 0, firstkey: 0, keystep: 0 },
  };
}

/** One argument of a command, as COMMAND DOCS shows it. */
export class redisCommandArg {
  name = '';
  type = ARG_TYPE_STRING;
  key_spec_index = -1;
  token: string | null = null;
  summary: string | null = null;
  since: string | null = null;
  flags = CMD_ARG_NONE;
  deprecated_since: string | null = null;
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
  declared_name = '';
  summary: string | null = null;
  complexity: string | null = null;
  since: string | null = null;
  doc_flags = CMD_DOC_NONE;
  replaced_by: string | null = null;
  deprecated_since: string | null = null;
  group = COMMAND_GROUP_GENERIC;
  history: commandHistory[] | null = null;
  tips: string[] | null = null;
  /** The implementation; null in a pure container such as CONFIG. */
  proc: redisCommandProc | null = null;
  /** Number of arguments with the name; -N means at least N. */
  arity = 0;
  flags = 0;
  acl_categories = 0;
  key_specs_static: keySpec[] = [];
  getkeys_proc: redisGetKeysProc | null = null;
  subcommands: redisCommand[] | null = null;
  args: redisCommandArg[] | null = null;
  /** Time spent in the command, microseconds. */
  microseconds = 0;
  calls = 0;
  rejected_calls = 0;
  failed_calls = 0;
  id = 0;
  fullname = '';
  /** Latencies in nanoseconds; made when the command is first executed. */
  latency_histogram: hdr_histogram | null = null;
  key_specs: keySpec[] = [];
  legacy_range_key_spec: keySpec = new keySpec();
  num_args = 0;
  num_history = 0;
  num_tips = 0;
  key_specs_num = 0;
  key_specs_max = 0;
  subcommands_dict: dict<string, redisCommand> | null = null;
  parent: redisCommand | null = null;
}

/** Count of one kind of error reply. */
export class redisError {
  count = 0;
}

/** The objects that are shared by all replies; created once by createSharedObjects. */
export class sharedObjectsStruct {
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
  plus!: robj;
  messagebulk!: robj;
  pmessagebulk!: robj;
  subscribebulk!: robj;
  unsubscribebulk!: robj;
  psubscribebulk!: robj;
  punsubscribebulk!: robj;
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
  null: robj[] = [];
  nullarray: robj[] = [];
  emptymap: robj[] = [];
  emptyset: robj[] = [];
  select: robj[] = [];
  integers: robj[] = [];
  mbulkhdr: robj[] = [];
  bulkhdr: robj[] = [];
  maphdr: robj[] = [];
  sethdr: robj[] = [];
  minstring = '';
  maxstring = '';
  /** Bytes of all shared objects, for the account of each further server of the process. */
  accounted = 0;
}

/** C's `server`: the server whose event loop runs now. */
export let server: redisServer = undefined as unknown as redisServer;

/** C's `shared`. */
export const shared = new sharedObjectsStruct();

/**
 * Makes a server the current one, with its kernel and its memory ledger.
 *
 * @own C has one server a process; here each turn of an event loop begins with this.
 */
export function useServer(s: redisServer): void {
  server = s;
  usePosix(s.posix);
  useLedger(s.ledger);
}
