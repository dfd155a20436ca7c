/**
 * config.c: the table of all options, CONFIG GET, SET, REWRITE and RESETSTAT, and the parser of redis.conf and of the command line.
 *
 *     standardConfig
 *       name, alias, flags ── what the user sees
 *       interface ─────────── init, set, get, rewrite of its type, and what to do after a change (apply)
 *       data ──────────────── the field of `server` that holds the value, its default, its bounds or its enum, a validity check
 *
 *     redis.conf ──► loadServerConfig ──► loadServerConfigFromString ──► interface.set
 *     CONFIG SET ──► configSetCommand ──► set all ──► apply all, or put everything back
 *     CONFIG GET ──► interface.get       CONFIG REWRITE ──► old lines kept, values replaced ──► rename over the old file
 *
 * Called by main() at start and by the CONFIG command. Where C's table points at a field of the global struct, ours has the name of the
 * field, since the struct can be switched. The set functions of C return 0 for an error (and its text), 1 for a change, 2 for no change;
 * so do these. Options of features that this server lacks are accepted at their default and refused otherwise, by a validity
 * check, as C does for active defragmentation without jemalloc.
 */
import { strerror, posix, O_CREAT, O_APPEND, O_WRONLY, ENOENT, EINTR } from '../posix/posix.ts';
import { AE_ERR, aeGetSetSize, aeResizeSetSize } from '../ae/ae.ts';
import { list, listAddNodeTail, listDelNode, listFirst, listLength } from '../object/adlist.ts';
import {
  dictAdd,
  dictCreate,
  dictDelete,
  dictExpand,
  dictFetchValue,
  dictFind,
  dictGetIterator,
  dictGetKey,
  dictGetVal,
  dictNext,
  dictReleaseIterator,
  dictSize,
  DICT_OK,
  type dict,
  type dictType,
} from '../object/dict.ts';
import {
  sdscatrepr,
  sdsjoin,
  sdssplitargs,
  sdssplitlen,
  sdstolower,
  sdstrim,
} from '../object/sds.ts';
import {
  fsyncFileDir,
  ll2string,
  memtoull,
  pathIsBaseName,
  strcasecmp,
  string2d,
  string2ll,
  stringmatch,
  strtoll,
  trimDoubleString,
  ull2string,
} from '../object/util.ts';
import { objPtrString } from '../object/object.ts';
import { zmalloc_used_memory } from '../object/zmalloc.ts';
import {
  acceptTcpHandler,
  addReply,
  addReplyBulkCString,
  addReplyBulkSds,
  addReplyError,
  addReplyErrorFormat,
  addReplyErrorObject,
  addReplyHelp,
  addReplyMapLen,
  getClientTypeByName,
  getClientTypeName,
  islocalClient,
  redactClientCommandArgument,
} from '../networking/networking.ts';
import {
  AOF_FSYNC_ALWAYS,
  AOF_FSYNC_EVERYSEC,
  AOF_FSYNC_NO,
  C_ERR,
  CLIENT_TYPE_MASTER,
  CLIENT_TYPE_OBUF_COUNT,
  CLUSTER_ENDPOINT_TYPE_HOSTNAME,
  CLUSTER_ENDPOINT_TYPE_IP,
  CLUSTER_ENDPOINT_TYPE_UNKNOWN_ENDPOINT,
  CONFIG_BINDADDR_MAX,
  CONFIG_DEFAULT_BINDADDR_COUNT,
  CONFIG_DEFAULT_HZ,
  CONFIG_DEFAULT_PROC_TITLE_TEMPLATE,
  CONFIG_FDSET_INCR,
  CONFIG_MAX_HZ,
  CONFIG_MIN_HZ,
  CONFIG_OOM_BGCHILD,
  CONFIG_OOM_COUNT,
  CONFIG_OOM_MASTER,
  CONFIG_OOM_REPLICA,
  LL_DEBUG,
  LL_NOTICE,
  LL_VERBOSE,
  LL_WARNING,
  MAXMEMORY_ALLKEYS_LFU,
  MAXMEMORY_ALLKEYS_LRU,
  MAXMEMORY_ALLKEYS_RANDOM,
  MAXMEMORY_NO_EVICTION,
  MAXMEMORY_VOLATILE_LFU,
  MAXMEMORY_VOLATILE_LRU,
  MAXMEMORY_VOLATILE_RANDOM,
  MAXMEMORY_VOLATILE_TTL,
  NET_HOST_STR_LEN,
  OOM_SCORE_ADJ_ABSOLUTE,
  OOM_SCORE_ADJ_NO,
  OOM_SCORE_RELATIVE,
  PROPAGATION_ERR_BEHAVIOR_IGNORE,
  PROPAGATION_ERR_BEHAVIOR_PANIC,
  PROPAGATION_ERR_BEHAVIOR_PANIC_ON_REPLICAS,
  PROTECTED_ACTION_ALLOWED_LOCAL,
  PROTECTED_ACTION_ALLOWED_NO,
  PROTECTED_ACTION_ALLOWED_YES,
  REPL_DISKLESS_LOAD_DISABLED,
  REPL_DISKLESS_LOAD_SWAPDB,
  REPL_DISKLESS_LOAD_WHEN_DB_EMPTY,
  SANITIZE_DUMP_CLIENTS,
  SANITIZE_DUMP_NO,
  SANITIZE_DUMP_YES,
  SELECTOR_FLAG_ALLCHANNELS,
  server,
  shared,
  SHUTDOWN_FORCE,
  SHUTDOWN_NOSAVE,
  SHUTDOWN_NOW,
  SHUTDOWN_SAVE,
  SUPERVISED_AUTODETECT,
  SUPERVISED_NONE,
  SUPERVISED_SYSTEMD,
  SUPERVISED_UPSTART,
  clientBufferLimitsConfig,
  saveparam,
  type client,
} from './server.h.ts';
import {
  adjustOpenFilesLimit,
  changeBindAddr,
  changeListenPort,
  dictSdsCaseHash,
  dictSdsKeyCaseCompare,
  externalStringType,
  redisSetProcTitle,
  removeSignalHandlers,
  resetCommandTableStats,
  resetErrorTableStats,
  resetServerStats,
  sdsHashDictType,
  serverLog,
  setOOMScoreAdj,
  setupSignalHandlers,
  validateProcTitleTemplate,
  lookupCommandBySds,
} from './server.ts';
import { ACLUpdateDefaultUserPassword } from './acl.ts';
import { serverAssert } from './debug.ts';
import { freeMemoryGetNotCountedMemory, startEvictionTimeProc } from './evict.ts';
import { keyspaceEventsFlagsToString, keyspaceEventsStringToFlags } from './notify.ts';
import { REDIS_VERSION } from './version.ts';

const INT_MIN = -2147483648;
const INT_MAX = 2147483647;
const UINT_MAX = 4294967295;
const LONG_MAX = 9223372036854775807n;
const LLONG_MAX = LONG_MAX;
const SSIZE_MAX = LONG_MAX;
const ULLONG_MAX = 18446744073709551615n;

/* Flags of an option. */
export const MODIFIABLE_CONFIG = 0;
export const IMMUTABLE_CONFIG = 1 << 0;
/** The value is a secret: it is kept out of logs, SLOWLOG and MONITOR. */
export const SENSITIVE_CONFIG = 1 << 1;
/** Worth a line in a crash report. */
export const DEBUG_CONFIG = 1 << 2;
/** The value is a list of arguments, separated by spaces. */
export const MULTI_ARG_CONFIG = 1 << 3;
/** Shown by CONFIG GET only under its exact name. */
export const HIDDEN_CONFIG = 1 << 4;
/** Immutable unless enable-protected-configs says otherwise. */
export const PROTECTED_CONFIG = 1 << 5;
export const DENY_LOADING_CONFIG = 1 << 6;
export const ALIAS_CONFIG = 1 << 7;
/** The value names something outside (a file): setting it to the same value again is a change. */
export const VOLATILE_CONFIG = 1 << 9;

/* Formats of a number. */
export const INTEGER_CONFIG = 0;
/** Accepts units: 100mb. */
export const MEMORY_CONFIG = 1 << 0;
/** Accepts n%, which is stored as -n. */
export const PERCENT_CONFIG = 1 << 1;
export const OCTAL_CONFIG = 1 << 2;

/* syslog.h */
const LOG_USER = 1 << 3;
const LOG_LOCAL0 = 16 << 3;
const LOG_LOCAL1 = 17 << 3;
const LOG_LOCAL2 = 18 << 3;
const LOG_LOCAL3 = 19 << 3;
const LOG_LOCAL4 = 20 << 3;
const LOG_LOCAL5 = 21 << 3;
const LOG_LOCAL6 = 22 << 3;
const LOG_LOCAL7 = 23 << 3;

/** One name of an enumerated option and its value. */
export interface configEnum {
  readonly name: string;
  readonly val: number;
}

/** Where a failing set function leaves the reason: C's `const char **err`. */
export class configError {
  err: string | null = null;
}

/** Checks a new value; false is a refusal, with the reason in `err`. */
export type is_valid_fn = (val: never, err: configError) => boolean;
/** Makes a changed option take effect; false is a failure. */
export type apply_fn = (err: configError) => boolean;

/** What a type of option can do. `set` returns 0 (error), 1 (changed) or 2 (the same value again). */
export interface typeInterface {
  init: ((config: standardConfig) => void) | null;
  set: (config: standardConfig, argv: string[], argc: number, err: configError) => number;
  apply: apply_fn | null;
  get: (config: standardConfig) => string;
  rewrite: (config: standardConfig, name: string, state: rewriteConfigState) => void;
}

/** Type specific part of an option; which fields count depends on the type. */
export interface typeData {
  /** Name of the field of `server` that holds the value. */
  config: string;
  default_value: number | string | null;
  is_valid_fn: ((val: never, err: configError) => boolean) | null;
  convert_empty_to_null: boolean;
  enum_value: readonly configEnum[];
  numeric_type: numericType;
  flags: number;
  lower_bound: number | bigint;
  upper_bound: number | bigint;
}

/** The C type behind a numeric option; decides how bounds are compared and printed. */
export type numericType =
  | 'int'
  | 'uint'
  | 'long'
  | 'ulong'
  | 'longlong'
  | 'ulonglong'
  | 'size_t'
  | 'ssize_t'
  | 'off_t'
  | 'time_t';

/** One option. */
export interface standardConfig {
  name: string;
  alias: string | null;
  flags: number;
  interface: typeInterface;
  data: typeData;
}

/** A directive that older versions had and that is now skipped. */
interface deprecatedConfig {
  readonly name: string;
  readonly argc_min: number;
  readonly argc_max: number;
}

/*-----------------------------------------------------------------------------
 * Config file name-value maps.
 *----------------------------------------------------------------------------*/

export const maxmemory_policy_enum: readonly configEnum[] = [
  { name: 'volatile-lru', val: MAXMEMORY_VOLATILE_LRU },
  { name: 'volatile-lfu', val: MAXMEMORY_VOLATILE_LFU },
  { name: 'volatile-random', val: MAXMEMORY_VOLATILE_RANDOM },
  { name: 'volatile-ttl', val: MAXMEMORY_VOLATILE_TTL },
  { name: 'allkeys-lru', val: MAXMEMORY_ALLKEYS_LRU },
  { name: 'allkeys-lfu', val: MAXMEMORY_ALLKEYS_LFU },
  { name: 'allkeys-random', val: MAXMEMORY_ALLKEYS_RANDOM },
  { name: 'noeviction', val: MAXMEMORY_NO_EVICTION },
];

const syslog_facility_enum: readonly configEnum[] = [
  { name: 'user', val: LOG_USER },
  { name: 'local0', val: LOG_LOCAL0 },
  { name: 'local1', val: LOG_LOCAL1 },
  { name: 'local2', val: LOG_LOCAL2 },
  { name: 'local3', val: LOG_LOCAL3 },
  { name: 'local4', val: LOG_LOCAL4 },
  { name: 'local5', val: LOG_LOCAL5 },
  { name: 'local6', val: LOG_LOCAL6 },
  { name: 'local7', val: LOG_LOCAL7 },
];

const loglevel_enum: readonly configEnum[] = [
  { name: 'debug', val: LL_DEBUG },
  { name: 'verbose', val: LL_VERBOSE },
  { name: 'notice', val: LL_NOTICE },
  { name: 'warning', val: LL_WARNING },
];

const supervised_mode_enum: readonly configEnum[] = [
  { name: 'upstart', val: SUPERVISED_UPSTART },
  { name: 'systemd', val: SUPERVISED_SYSTEMD },
  { name: 'auto', val: SUPERVISED_AUTODETECT },
  { name: 'no', val: SUPERVISED_NONE },
];

const aof_fsync_enum: readonly configEnum[] = [
  { name: 'everysec', val: AOF_FSYNC_EVERYSEC },
  { name: 'always', val: AOF_FSYNC_ALWAYS },
  { name: 'no', val: AOF_FSYNC_NO },
];

const shutdown_on_sig_enum: readonly configEnum[] = [
  { name: 'default', val: 0 },
  { name: 'save', val: SHUTDOWN_SAVE },
  { name: 'nosave', val: SHUTDOWN_NOSAVE },
  { name: 'now', val: SHUTDOWN_NOW },
  { name: 'force', val: SHUTDOWN_FORCE },
];

const repl_diskless_load_enum: readonly configEnum[] = [
  { name: 'disabled', val: REPL_DISKLESS_LOAD_DISABLED },
  { name: 'on-empty-db', val: REPL_DISKLESS_LOAD_WHEN_DB_EMPTY },
  { name: 'swapdb', val: REPL_DISKLESS_LOAD_SWAPDB },
];

const oom_score_adj_enum: readonly configEnum[] = [
  { name: 'no', val: OOM_SCORE_ADJ_NO },
  { name: 'yes', val: OOM_SCORE_RELATIVE },
  { name: 'relative', val: OOM_SCORE_RELATIVE },
  { name: 'absolute', val: OOM_SCORE_ADJ_ABSOLUTE },
];

const acl_pubsub_default_enum: readonly configEnum[] = [
  { name: 'allchannels', val: SELECTOR_FLAG_ALLCHANNELS },
  { name: 'resetchannels', val: 0 },
];

const sanitize_dump_payload_enum: readonly configEnum[] = [
  { name: 'no', val: SANITIZE_DUMP_NO },
  { name: 'yes', val: SANITIZE_DUMP_YES },
  { name: 'clients', val: SANITIZE_DUMP_CLIENTS },
];

const protected_action_enum: readonly configEnum[] = [
  { name: 'no', val: PROTECTED_ACTION_ALLOWED_NO },
  { name: 'yes', val: PROTECTED_ACTION_ALLOWED_YES },
  { name: 'local', val: PROTECTED_ACTION_ALLOWED_LOCAL },
];

const cluster_preferred_endpoint_type_enum: readonly configEnum[] = [
  { name: 'ip', val: CLUSTER_ENDPOINT_TYPE_IP },
  { name: 'hostname', val: CLUSTER_ENDPOINT_TYPE_HOSTNAME },
  { name: 'unknown-endpoint', val: CLUSTER_ENDPOINT_TYPE_UNKNOWN_ENDPOINT },
];

const propagation_error_behavior_enum: readonly configEnum[] = [
  { name: 'ignore', val: PROPAGATION_ERR_BEHAVIOR_IGNORE },
  { name: 'panic', val: PROPAGATION_ERR_BEHAVIOR_PANIC },
  { name: 'panic-on-replicas', val: PROPAGATION_ERR_BEHAVIOR_PANIC_ON_REPLICAS },
];

/** Hard limit, soft limit (bytes) and seconds of the classes normal, replica, pubsub. */
export const clientBufferLimitsDefaults: readonly Readonly<clientBufferLimitsConfig>[] = [
  new clientBufferLimitsConfig(0, 0, 0),
  new clientBufferLimitsConfig(1024 * 1024 * 256, 1024 * 1024 * 64, 60),
  new clientBufferLimitsConfig(1024 * 1024 * 32, 1024 * 1024 * 8, 60),
];

export const configOOMScoreAdjValuesDefaults: readonly number[] = [0, 200, 800];

/** Where the server listens when nobody says otherwise: all IPv4 and, if there is any, all IPv6. */
export const CONFIG_DEFAULT_BINDADDR: readonly string[] = ['*', '-::*'];

/**
 * The option of that name or alias, in any case; null when there is none.
 * @c config.c:285
 * @cstatic
 */
export function lookupConfig(name: string): standardConfig | null {
  const de = dictFind(server.configs!, name);
  return de ? dictGetVal(de) : null;
}

/*-----------------------------------------------------------------------------
 * Enum access functions
 *----------------------------------------------------------------------------*/

/**
 * The value that the names in `argv` stand for: one name, or with `bitflags` any number of them OR-ed together. INT_MIN when one of
 * them is unknown or the count is wrong.
 * @c config.c:295
 */
export function configEnumGetValue(
  ce: readonly configEnum[],
  argv: string[],
  argc: number,
  bitflags: boolean,
): number {
  if (argc === 0 || (!bitflags && argc !== 1)) return INT_MIN;
  let values = 0;
  for (let i = 0; i < argc; i++) {
    let matched = false;
    for (const ceItem of ce) {
      if (!strcasecmp(argv[i], ceItem.name)) {
        values |= ceItem.val;
        matched = true;
      }
    }
    if (!matched) return INT_MIN;
  }
  return values;
}

/**
 * The name of a value, or the names of all its bits separated by spaces; 'unknown' when no names add up to it. An entry that matches
 * exactly wins over a sum of bits.
 * @c config.c:312
 * @cstatic
 */
export function configEnumGetName(
  ce: readonly configEnum[],
  values: number,
  bitflags: boolean,
): string {
  let names: string | null = null;
  let unmatched = values;
  for (const { name, val } of ce) {
    if (values === val) return name;
    if (bitflags && val && val === (unmatched & val)) {
      names = names ? `${names} ${name}` : name;
      unmatched &= ~val;
    }
  }
  return names === null || unmatched ? 'unknown' : names;
}

/**
 * The name of the current maxmemory policy, for INFO.
 * @c config.c:336
 */
export function evictPolicyToString(): string {
  for (const ce of maxmemory_policy_enum) {
    if (server.maxmemory_policy === ce.val) return ce.name;
  }
  serverAssert(false, 'unknown eviction policy');
  return '';
}

/*-----------------------------------------------------------------------------
 * Config file parsing
 *----------------------------------------------------------------------------*/

/**
 * 1 for yes, 0 for no (in any case), -1 for anything else.
 * @c config.c:348
 */
export function yesnotoi(s: string): number {
  if (!strcasecmp(s, 'yes')) return 1;
  if (!strcasecmp(s, 'no')) return 0;
  return -1;
}

/**
 * Adds a save point: after `seconds` with at least `changes` writes.
 * @c config.c:354
 */
export function appendServerSaveParams(seconds: number, changes: number): void {
  server.saveparams.push(new saveparam(seconds, changes));
  server.saveparamslen++;
}

/**
 * Forgets all save points.
 * @c config.c:361
 */
export function resetServerSaveParams(): void {
  server.saveparams = [];
  server.saveparamslen = 0;
}

/**
 * Sets output buffer limits from `<class> <hard> <soft> <seconds>` groups; all of them or, at the first mistake, none. False with the
 * reason in `err`.
 * @c config.c:384
 * @cstatic
 */
export function updateClientOutputBufferLimit(
  args: string[],
  arg_len: number,
  err: configError,
): boolean {
  const values: (clientBufferLimitsConfig | null)[] = [null, null, null];

  if (arg_len % 4) {
    err.err = 'Wrong number of arguments in buffer limit configuration.';
    return false;
  }
  for (let j = 0; j < arg_len; j += 4) {
    const type = getClientTypeByName(args[j]);
    if (type === -1 || type === CLIENT_TYPE_MASTER) {
      err.err = 'Invalid client class specified in buffer limit configuration.';
      return false;
    }
    const hard = memtoull(args[j + 1]);
    const soft = memtoull(args[j + 2]);
    const seconds = strtoll(args[j + 3], 10);
    if (hard.err || soft.err || seconds.value < 0 || seconds.end !== args[j + 3].length) {
      err.err = 'Error in hard, soft or soft_seconds setting in buffer limit configuration.';
      return false;
    }
    values[type] = new clientBufferLimitsConfig(
      Number(hard.value),
      Number(soft.value),
      Number(seconds.value),
    );
  }
  for (let j = 0; j < CLIENT_TYPE_OBUF_COUNT; j++) {
    const limits = values[j];
    if (limits) server.client_obuf_limits[j] = limits;
  }
  return true;
}

/** Directives without effect that old files may still have. */
const deprecated_configs: readonly deprecatedConfig[] = [
  { name: 'list-max-ziplist-entries', argc_min: 2, argc_max: 2 },
  { name: 'list-max-ziplist-value', argc_min: 2, argc_max: 2 },
  { name: 'lua-replicate-commands', argc_min: 2, argc_max: 2 },
];

/**
 * Applies a whole configuration text. A mistake ends the process with status 1 after the line, its number and the reason were
 * written to standard error, since a server with half a configuration must not run.
 * @c config.c:442
 */
export function loadServerConfigFromString(config: string): void {
  server.reading_config_file = 1;
  const lines = sdssplitlen(config, '\n');
  const err = new configError();
  let i = 0;

  for (; i < lines.length; i++) {
    lines[i] = sdstrim(lines[i], ' \t\r\n');
    if (lines[i] === '' || lines[i][0] === '#') continue;

    const argv = sdssplitargs(lines[i]);
    if (argv === null) {
      err.err = 'Unbalanced quotes in configuration line';
      break;
    }
    const argc = argv.length;
    if (argc === 0) continue;
    argv[0] = sdstolower(argv[0]);

    const config = lookupConfig(argv[0]);
    if (config) {
      // An option with several arguments counts them itself.
      if (!(config.flags & MULTI_ARG_CONFIG) && argc !== 2) {
        err.err = 'wrong number of arguments';
        break;
      }
      let args = argv.slice(1);
      if (config.flags & MULTI_ARG_CONFIG && argc === 2 && argv[1].length) {
        // A single quoted argument may hold the whole list, as in `--save "60 1"`; an empty one stays one, for `--save ""`.
        args = sdssplitargs(argv[1]) ?? args;
      }
      const set = config.interface.set;
      if (!set(config, args, args.length, err)) break;
      continue;
    }
    let match = false;
    for (const old of deprecated_configs) {
      match ||= argv[0] === old.name && old.argc_min <= argc && argc <= old.argc_max;
    }
    if (match) continue;

    if (argv[0] === 'include' && argc === 2) {
      loadServerConfig(argv[1], false, null);
    } else if (argv[0] === 'rename-command' && argc === 3) {
      const cmd = lookupCommandBySds(argv[1]);
      if (!cmd) {
        err.err = 'No such command in rename-command';
        break;
      }
      const retval = dictDelete(server.commands, argv[1]);
      serverAssert(retval === DICT_OK, 'retval == DICT_OK');
      // An empty new name just removes the command.
      if (argv[2].length && dictAdd(server.commands, argv[2], cmd) !== DICT_OK) {
        err.err = 'Target command name already exists';
        break;
      }
    } else if (argv[0] === 'sentinel' && argc !== 1 && !server.sentinel_mode) {
      err.err = 'sentinel directive while not in sentinel mode';
      break;
    } else {
      err.err = 'Bad directive or wrong number of arguments';
      break;
    }
  }
  if (err.err === null && server.logfile) {
    // Better to learn now that the log cannot be written than to lose it later.
    const fd = posix.open(server.logfile, O_WRONLY | O_CREAT | O_APPEND, 0o644);
    if (fd === -1) err.err = `Can't open the log file: ${strerror(posix.errno)}`;
    else posix.close(fd);
  }
  if (err.err !== null) {
    let text = `\n*** FATAL CONFIG FILE ERROR (Redis ${REDIS_VERSION}) ***\n`;
    if (i < lines.length) {
      text += `Reading the configuration file, at line ${i + 1}\n>>> '${lines[i]}'\n`;
    }
    const bytes = Buffer.from(`${text}${err.err}\n`, 'latin1');
    posix.write(2, bytes, 0, bytes.length);
    posix.exit(1);
  }
  // A wrong hz is a hint gone too far, not a mistake.
  if (server.config_hz < CONFIG_MIN_HZ) server.config_hz = CONFIG_MIN_HZ;
  if (server.config_hz > CONFIG_MAX_HZ) server.config_hz = CONFIG_MAX_HZ;
  server.reading_config_file = 0;
}

/**
 * The bytes of a config file as a latin1 string. When it cannot be read the process logs why and exits with 1.
 * @own C reads the file in two places of loadServerConfig
 */
export function readConfigFile(filename: string): string {
  const bytes = posix.readFile(filename);
  if (bytes === null) {
    serverLog(
      LL_WARNING,
      `Fatal error, can't open config file '${filename}': ${strerror(posix.errno)}`,
    );
    posix.exit(1);
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/**
 * Everything that can be read from standard input, as a latin1 string.
 * @own C uses fgets on stdin
 */
export function readConfigStdin(): string {
  const buf = Buffer.allocUnsafeSlow(16 * 1024);
  let text = '';
  for (;;) {
    const n = posix.read(0, buf, 0, buf.length);
    if (n === -1 && posix.errno === EINTR) continue;
    if (n <= 0) return text;
    text += buf.latin1Slice(0, n);
  }
}

/**
 * Loads the file (its name may be a glob pattern, which may match nothing), then standard input when asked, then the text of
 * `options`; later lines win. Any part may be missing. Mistakes end the process.
 * @c config.c:639
 */
export function loadServerConfig(
  filename: string | null,
  config_from_stdin: boolean,
  options: string | null,
): void {
  let config = '';
  if (filename) {
    // An include of conf.d/*.conf is fine while the folder is empty; a file that is named must exist.
    if (/[*?[]/.test(filename))
      for (const path of posix.glob(filename)) config += readConfigFile(path);
    else config += readConfigFile(filename);
  }
  if (config_from_stdin) {
    serverLog(LL_WARNING, 'Reading config from stdin');
    config += readConfigStdin();
  }
  if (options) config += `\n${options}`;
  loadServerConfigFromString(config);
}

/**
 * Sets an option from one string, which is split for an option with several arguments. Returns what its set function returns.
 * @c config.c:712
 * @cstatic
 */
export function performInterfaceSet(
  config: standardConfig,
  value: string,
  errstr: configError,
): number {
  const argv = config.flags & MULTI_ARG_CONFIG ? sdssplitlen(value, ' ') : [value];
  return config.interface.set(config, argv, argv.length, errstr);
}

/**
 * Puts back the first `count` values of a CONFIG SET that failed, and runs the apply functions again when they ran before. What
 * fails here can only be logged.
 * @c config.c:762
 * @cstatic
 */
export function restoreBackupConfig(
  set_configs: standardConfig[],
  old_values: string[],
  count: number,
  apply_fns: apply_fn[] | null,
): void {
  const errstr = new configError();
  errstr.err = 'unknown error';
  for (let i = 0; i < count; i++) {
    if (!performInterfaceSet(set_configs[i], old_values[i], errstr))
      serverLog(
        LL_WARNING,
        `Failed restoring failed CONFIG SET command. Error setting ${set_configs[i].name} to '${old_values[i]}': ${errstr.err}`,
      );
  }
  for (const apply of apply_fns ?? []) {
    if (!apply(errstr))
      serverLog(LL_WARNING, `Failed applying restored failed CONFIG SET command: ${errstr.err}`);
  }
}

/*-----------------------------------------------------------------------------
 * CONFIG SET implementation
 *----------------------------------------------------------------------------*/

/**
 * CONFIG SET name value [name value ...]: all of them, or none. Values are set first and applied after, each apply function once; at
 * any failure everything goes back. Secrets are taken out of the arguments before anything can be logged, even when the call fails.
 * @c config.c:788
 */
export function configSetCommand(c: client): void {
  if (c.argc & 1) {
    addReplyErrorObject(c, shared.syntaxerr);
    return;
  }
  const config_count = (c.argc - 2) / 2;
  const set_configs: standardConfig[] = [];
  const new_values: string[] = [];
  const old_values: string[] = [];
  const apply_fns: apply_fn[] = [];
  const config_map_fns: number[] = [];
  const err = new configError();
  let invalid_arg_name: string | null = null;
  let err_arg_name = '';
  let invalid_args = false;
  let deny_loading_error = false;

  for (let i = 0; i < config_count; i++) {
    const name = objPtrString(c.argv[2 + i * 2]);
    const value = objPtrString(c.argv[2 + i * 2 + 1]);
    const config = lookupConfig(name);
    if (!config) {
      if (!invalid_args) {
        invalid_arg_name = name;
        invalid_args = true;
      }
      continue;
    }
    // The loop goes on after a mistake, so that every secret is redacted.
    if (config.flags & SENSITIVE_CONFIG) redactClientCommandArgument(c, 2 + i * 2 + 1);
    if (invalid_args) continue;

    if (
      config.flags & IMMUTABLE_CONFIG ||
      (config.flags & PROTECTED_CONFIG && !allowProtectedAction(server.enable_protected_configs, c))
    ) {
      err.err =
        config.flags & IMMUTABLE_CONFIG
          ? "can't set immutable config"
          : "can't set protected config";
      err_arg_name = name;
      invalid_args = true;
      continue;
    }
    if (server.loading && config.flags & DENY_LOADING_CONFIG) {
      deny_loading_error = true;
      invalid_args = true;
      continue;
    }
    for (let j = 0; j < i; j++) {
      if (set_configs[j] === config) {
        err.err = 'duplicate parameter';
        err_arg_name = name;
        invalid_args = true;
        break;
      }
    }
    set_configs[i] = config;
    new_values[i] = value;
  }

  let failed = invalid_args;
  if (!failed) {
    for (let i = 0; i < config_count; i++) {
      old_values[i] = set_configs[i].interface.get(set_configs[i]);
    }
  }
  for (let i = 0; i < config_count && !failed; i++) {
    const res = performInterfaceSet(set_configs[i], new_values[i], err);
    if (!res) {
      restoreBackupConfig(set_configs, old_values, i + 1, null);
      err_arg_name = set_configs[i].name;
      failed = true;
    } else if (res === 1) {
      const apply = set_configs[i].interface.apply;
      if (apply && !apply_fns.includes(apply)) {
        apply_fns.push(apply);
        config_map_fns.push(i);
      }
    }
  }
  for (let i = 0; i < apply_fns.length && !failed; i++) {
    if (!apply_fns[i](err)) {
      const name = set_configs[config_map_fns[i]].name;
      serverLog(
        LL_WARNING,
        `Failed applying new configuration. Possibly related to new ${name} setting. Restoring previous settings.`,
      );
      restoreBackupConfig(set_configs, old_values, config_count, apply_fns);
      err_arg_name = name;
      failed = true;
    }
  }

  if (!failed) {
    addReply(c, shared.ok);
  } else if (deny_loading_error) {
    // Clients retry after -LOADING, so it goes before a plain error.
    addReplyErrorObject(c, shared.loadingerr);
  } else if (invalid_arg_name !== null) {
    addReplyErrorFormat(
      c,
      `Unknown option or number of arguments for CONFIG SET - '${invalid_arg_name}'`,
    );
  } else if (err.err !== null) {
    addReplyErrorFormat(
      c,
      `CONFIG SET failed (possibly related to argument '${err_arg_name}') - ${err.err}`,
    );
  } else {
    addReplyErrorFormat(c, `CONFIG SET failed (possibly related to argument '${err_arg_name}')`);
  }
}

/*-----------------------------------------------------------------------------
 * CONFIG GET implementation
 *----------------------------------------------------------------------------*/

/**
 * CONFIG GET pattern [pattern ...]: a map of the options that match and their values. A name without wildcards also finds hidden
 * options and comes back in the caller's case.
 * @c config.c:954
 */
export function configGetCommand(c: client): void {
  const matches: dict<string, standardConfig> = dictCreate(externalStringType);
  for (let i = 0; i < c.argc - 2; i++) {
    const name = objPtrString(c.argv[2 + i]);
    if (!/[[*?]/.test(name)) {
      if (dictFind(matches, name)) continue;
      const config = lookupConfig(name);
      if (config) dictAdd(matches, name, config);
      continue;
    }
    const di = dictGetIterator(server.configs!);
    for (let de = dictNext(di); de !== null; de = dictNext(di)) {
      const config = dictGetVal(de);
      if (config.flags & HIDDEN_CONFIG) continue;
      if (dictFind(matches, config.name)) continue;
      if (stringmatch(name, dictGetKey(de), true)) dictAdd(matches, dictGetKey(de), config);
    }
    dictReleaseIterator(di);
  }

  const di = dictGetIterator(matches);
  addReplyMapLen(c, dictSize(matches));
  for (let de = dictNext(di); de !== null; de = dictNext(di)) {
    const config = dictGetVal(de);
    addReplyBulkCString(c, dictGetKey(de));
    addReplyBulkSds(c, config.interface.get(config));
  }
  dictReleaseIterator(di);
}

/*-----------------------------------------------------------------------------
 * CONFIG REWRITE implementation
 *----------------------------------------------------------------------------*/

export const REDIS_CONFIG_REWRITE_SIGNATURE = '# Generated by CONFIG REWRITE';

/**
 * The tables of the rewrite: option names in any case.
 * @own C has two static dictTypes, one with a destructor that JavaScript does not need
 */
export function optionDictType<V>(): dictType<string, V> {
  return {
    hashFunction: dictSdsCaseHash,
    keyDup: null,
    valDup: null,
    keyCompare: dictSdsKeyCaseCompare,
    keyDestructor: null,
    valDestructor: null,
    expandAllowed: null,
    dictEntryMetadataBytes: null,
  };
}

/** What a rewrite knows of the old file. */
export class rewriteConfigState {
  /** Option → the line numbers (from 0) that mention it and were not reused yet. */
  option_to_line: dict<string, list<number>> = dictCreate(optionDictType<list<number>>());
  /** Options that the rewrite has dealt with. */
  rewritten: dict<string, null> = dictCreate(optionDictType<null>());
  numlines = 0;
  lines: string[] = [];
  /** Whether the signature line must be added before the first new line. */
  needs_signature = 1;
  /** Whether to write options that have their default too. */
  force_write = 0;
}

/**
 * An empty state.
 * @c config.c:1059
 */
export function rewriteConfigCreateState(): rewriteConfigState {
  return new rewriteConfigState();
}

/**
 * Appends a line to the new file.
 * @c config.c:1071
 */
export function rewriteConfigAppendLine(state: rewriteConfigState, line: string): void {
  state.lines[state.numlines++] = line;
}

/**
 * Notes that line `linenum` (from 0) mentions the option.
 * @c config.c:1077
 */
export function rewriteConfigAddLineNumberToOption(
  state: rewriteConfigState,
  option: string,
  linenum: number,
): void {
  let l = dictFetchValue(state.option_to_line, option);
  if (l === null) {
    l = new list<number>();
    dictAdd(state.option_to_line, option, l);
  }
  listAddNodeTail(l, linenum);
}

/**
 * Notes that the option was dealt with, so that lines of it that are left over are blanked; lines of options that nobody deals
 * with stay as they are.
 * @c config.c:1091
 */
export function rewriteConfigMarkAsProcessed(state: rewriteConfigState, option: string): void {
  dictAdd(state.rewritten, option, null);
}

/** Directives of a config file that are no options. */
const file_only_directives: readonly string[] = [
  'include',
  'rename-command',
  'user',
  'loadmodule',
  'sentinel',
];

/**
 * Reads the old file into a state. A file that does not exist gives an empty state, one that cannot be read gives null with the
 * kernel's errno. Lines that make no sense are kept as comments behind `# ??? `.
 * @c config.c:1102
 */
export function rewriteConfigReadOldFile(path: string): rewriteConfigState | null {
  const bytes = posix.readFile(path);
  if (bytes === null && posix.errno !== ENOENT) return null;
  const state = rewriteConfigCreateState();
  if (bytes === null || bytes.length === 0) return state;

  const config = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  let linenum = -1;
  for (const raw of sdssplitlen(config, '\n')) {
    const line = sdstrim(raw, '\r\n\t ');
    linenum++;
    if (line === '' || line[0] === '#') {
      if (state.needs_signature && line === REDIS_CONFIG_REWRITE_SIGNATURE)
        state.needs_signature = 0;
      rewriteConfigAppendLine(state, line);
      continue;
    }
    const argv = sdssplitargs(line);
    if (
      argv === null ||
      (!lookupConfig(argv[0]) && !file_only_directives.includes(argv[0].toLowerCase()))
    ) {
      rewriteConfigAppendLine(state, `# ??? ${line}`);
      continue;
    }
    argv[0] = sdstolower(argv[0]);
    rewriteConfigAppendLine(state, line);

    const s_conf = lookupConfig(argv[0]);
    if (s_conf && s_conf.flags & ALIAS_CONFIG && s_conf.alias !== null) argv[0] = s_conf.alias;
    rewriteConfigAddLineNumberToOption(state, argv[0], linenum);
  }
  return state;
}

/**
 * Gives the option its new line: in place of an old line of the same option while there are any, else at the end (only with `force`,
 * which is set when the value is not the default).
 * @c config.c:1215
 */
export function rewriteConfigRewriteLine(
  state: rewriteConfigState,
  option: string,
  line: string,
  force: boolean,
): void {
  const l = dictFetchValue(state.option_to_line, option);
  rewriteConfigMarkAsProcessed(state, option);
  if (!l && !force && !state.force_write) return;

  const ln = l ? listFirst(l) : null;
  if (l && ln) {
    const linenum = ln.value;
    listDelNode(l, ln);
    if (listLength(l) === 0) dictDelete(state.option_to_line, option);
    state.lines[linenum] = line;
  } else {
    if (state.needs_signature) {
      rewriteConfigAppendLine(state, REDIS_CONFIG_REWRITE_SIGNATURE);
      state.needs_signature = 0;
    }
    rewriteConfigAppendLine(state, line);
  }
}

/**
 * A number of bytes as redis.conf would have it: in gb, mb or kb when it is a whole number of them.
 * @c config.c:1252
 */
export function rewriteConfigFormatMemory(bytes: number): string {
  const gb = 1024 * 1024 * 1024;
  const mb = 1024 * 1024;
  const kb = 1024;
  if (bytes && bytes % gb === 0) return `${bytes / gb}gb`;
  if (bytes && bytes % mb === 0) return `${bytes / mb}mb`;
  if (bytes && bytes % kb === 0) return `${bytes / kb}kb`;
  return String(bytes);
}

/**
 * Rewrites `option <bytes>`.
 * @c config.c:1269
 */
export function rewriteConfigBytesOption(
  state: rewriteConfigState,
  option: string,
  value: number,
  defvalue: number,
): void {
  const line = `${option} ${rewriteConfigFormatMemory(value)}`;
  rewriteConfigRewriteLine(state, option, line, value !== defvalue);
}

/**
 * Rewrites `option n%`.
 * @c config.c:1280
 */
export function rewriteConfigPercentOption(
  state: rewriteConfigState,
  option: string,
  value: number,
  defvalue: number,
): void {
  rewriteConfigRewriteLine(state, option, `${option} ${value}%`, value !== defvalue);
}

/**
 * Rewrites a yes/no option.
 * @c config.c:1288
 */
export function rewriteConfigYesNoOption(
  state: rewriteConfigState,
  option: string,
  value: number,
  defvalue: number,
): void {
  rewriteConfigRewriteLine(state, option, `${option} ${value ? 'yes' : 'no'}`, value !== defvalue);
}

/**
 * Rewrites a string option; null means that the option must not stand in the file at all.
 * @c config.c:1297
 */
export function rewriteConfigStringOption(
  state: rewriteConfigState,
  option: string,
  value: string | null,
  defvalue: string | null,
): void {
  if (value === null) {
    rewriteConfigMarkAsProcessed(state, option);
    return;
  }
  const force = !(defvalue !== null && value === defvalue);
  rewriteConfigRewriteLine(state, option, `${option} ${sdscatrepr(value)}`, force);
}

/**
 * The same for an option that C keeps as an sds.
 * @c config.c:1319
 */
export function rewriteConfigSdsOption(
  state: rewriteConfigState,
  option: string,
  value: string | null,
  defvalue: string | null,
): void {
  rewriteConfigStringOption(state, option, value, defvalue);
}

/**
 * Rewrites a plain number.
 * @c config.c:1341
 */
export function rewriteConfigNumericalOption(
  state: rewriteConfigState,
  option: string,
  value: number,
  defvalue: number,
): void {
  rewriteConfigRewriteLine(state, option, `${option} ${value}`, value !== defvalue);
}

/**
 * Rewrites an octal number, such as a file mode.
 * @c config.c:1349
 */
export function rewriteConfigOctalOption(
  state: rewriteConfigState,
  option: string,
  value: number,
  defvalue: number,
): void {
  rewriteConfigRewriteLine(state, option, `${option} ${value.toString(8)}`, value !== defvalue);
}

/**
 * Rewrites an enumerated option by its names.
 * @c config.c:1359
 */
export function rewriteConfigEnumOption(
  state: rewriteConfigState,
  option: string,
  value: number,
  config: standardConfig,
): void {
  const multiarg = !!(config.flags & MULTI_ARG_CONFIG);
  const line = `${option} ${configEnumGetName(config.data.enum_value, value, multiarg)}`;
  rewriteConfigRewriteLine(state, option, line, value !== config.data.default_value);
}

/**
 * Rewrites the save points; `save ""` when there are none, since no line at all would mean the defaults.
 * @c config.c:1370
 */
export function rewriteConfigSaveOption(
  _config: standardConfig,
  name: string,
  state: rewriteConfigState,
): void {
  if (server.sentinel_mode) {
    rewriteConfigMarkAsProcessed(state, name);
    return;
  }
  if (!server.saveparamslen) {
    rewriteConfigRewriteLine(state, name, 'save ""', true);
  } else {
    for (const { seconds, changes } of server.saveparams) {
      rewriteConfigRewriteLine(state, name, `save ${seconds} ${changes}`, true);
    }
  }
  rewriteConfigMarkAsProcessed(state, name);
}

/**
 * Rewrites dir, always as an absolute path.
 * @c config.c:1431
 */
export function rewriteConfigDirOption(
  _config: standardConfig,
  name: string,
  state: rewriteConfigState,
): void {
  rewriteConfigStringOption(state, name, posix.getcwd(), null);
}

/**
 * Rewrites replicaof; a master has no such line.
 * @c config.c:1443
 */
export function rewriteConfigReplicaOfOption(
  _config: standardConfig,
  name: string,
  state: rewriteConfigState,
): void {
  if (server.cluster_enabled || server.masterhost === null) {
    rewriteConfigMarkAsProcessed(state, name);
    return;
  }
  const line = `${name} ${server.masterhost} ${server.masterport}`;
  rewriteConfigRewriteLine(state, name, line, true);
}

/**
 * Rewrites notify-keyspace-events as its characters; none at all is the default.
 * @c config.c:1460
 */
export function rewriteConfigNotifyKeyspaceEventsOption(
  _config: standardConfig,
  name: string,
  state: rewriteConfigState,
): void {
  const force = server.notify_keyspace_events !== 0;
  const flags = keyspaceEventsFlagsToString(server.notify_keyspace_events);
  rewriteConfigRewriteLine(state, name, `${name} ${sdscatrepr(flags)}`, force);
}

/**
 * Rewrites the output buffer limits, a line a class.
 * @c config.c:1474
 */
export function rewriteConfigClientOutputBufferLimitOption(
  _config: standardConfig,
  name: string,
  state: rewriteConfigState,
): void {
  for (let j = 0; j < CLIENT_TYPE_OBUF_COUNT; j++) {
    const now = server.client_obuf_limits[j];
    const def = clientBufferLimitsDefaults[j];
    const force =
      now.hard_limit_bytes !== def.hard_limit_bytes ||
      now.soft_limit_bytes !== def.soft_limit_bytes ||
      now.soft_limit_seconds !== def.soft_limit_seconds;
    const hard = rewriteConfigFormatMemory(now.hard_limit_bytes);
    const soft = rewriteConfigFormatMemory(now.soft_limit_bytes);
    let type = getClientTypeName(j);
    if (type === 'slave') type = 'replica';
    const line = `${name} ${type} ${hard} ${soft} ${now.soft_limit_seconds}`;
    rewriteConfigRewriteLine(state, name, line, force);
  }
}

/**
 * Rewrites oom-score-adj-values, three numbers on a line.
 * @c config.c:1502
 */
export function rewriteConfigOOMScoreAdjValuesOption(
  _config: standardConfig,
  name: string,
  state: rewriteConfigState,
): void {
  const values = server.oom_score_adj_values;
  const force = values.some((v, j) => v !== configOOMScoreAdjValuesDefaults[j]);
  rewriteConfigRewriteLine(state, name, `${name} ${values.join(' ')}`, force);
}

/**
 * Rewrites bind, unless it has its default.
 * @c config.c:1522
 */
export function rewriteConfigBindOption(
  _config: standardConfig,
  name: string,
  state: rewriteConfigState,
): void {
  const is_default =
    server.bindaddr_count === CONFIG_DEFAULT_BINDADDR_COUNT &&
    CONFIG_DEFAULT_BINDADDR.every((addr, j) => server.bindaddr[j] === addr);
  if (is_default) {
    rewriteConfigMarkAsProcessed(state, name);
    return;
  }
  const addresses = server.bindaddr_count > 0 ? sdsjoin(server.bindaddr, ' ') : '""';
  rewriteConfigRewriteLine(state, name, `${name} ${addresses}`, true);
}

/**
 * The text of the new file; runs of empty lines become one.
 * @c config.c:1581
 */
export function rewriteConfigGetContentFromState(state: rewriteConfigState): string {
  let content = '';
  let was_empty = false;
  for (let j = 0; j < state.numlines; j++) {
    if (state.lines[j] === '') {
      if (was_empty) continue;
      was_empty = true;
    } else {
      was_empty = false;
    }
    content += `${state.lines[j]}\n`;
  }
  return content;
}

/**
 * Blanks the lines that mention an option which the rewrite dealt with but that were not reused.
 * @c config.c:1607
 */
export function rewriteConfigRemoveOrphaned(state: rewriteConfigState): void {
  const di = dictGetIterator(state.option_to_line);
  for (let de = dictNext(di); de !== null; de = dictNext(di)) {
    const l = dictGetVal(de);
    const option = dictGetKey(de);
    if (dictFind(state.rewritten, option) === null) {
      serverLog(LL_DEBUG, `Not rewritten option: ${option}`);
      continue;
    }
    for (let ln = listFirst(l); ln !== null; ln = listFirst(l)) {
      state.lines[ln.value] = '';
      listDelNode(l, ln);
    }
  }
  dictReleaseIterator(di);
}

/**
 * The options marked for debugging, in the form of a config file; the crash report prints them.
 * @c config.c:1636
 */
export function getConfigDebugInfo(): string {
  const state = rewriteConfigCreateState();
  state.force_write = 1;
  state.needs_signature = 0;
  const di = dictGetIterator(server.configs!);
  for (let de = dictNext(di); de !== null; de = dictNext(di)) {
    const config = dictGetVal(de);
    if (!(config.flags & DEBUG_CONFIG)) continue;
    config.interface.rewrite(config, config.name, state);
  }
  dictReleaseIterator(di);
  return rewriteConfigGetContentFromState(state);
}

/**
 * Replaces the config file in one step: a temporary file beside it, fsync, rename, fsync of the folder. 0, or -1 with errno when any
 * step failed; the old file is whole in either case.
 * @c config.c:1661
 */
export function rewriteConfigOverwriteFile(configfile: string, content: string): number {
  const tmp = posix.mkstemp(`${configfile}.XXXXXX`);
  if (tmp === null) {
    serverLog(LL_WARNING, `Could not create tmp config file (${strerror(posix.errno)})`);
    return -1;
  }
  const bytes = Buffer.from(content, 'latin1');
  let retval = -1;
  let offset = 0;
  while (offset < bytes.length) {
    const written = posix.write(tmp.fd, bytes, offset, bytes.length - offset);
    if (written <= 0) {
      if (posix.errno === EINTR) continue;
      serverLog(
        LL_WARNING,
        `Failed after writing (${offset}) bytes to tmp config file (${strerror(posix.errno)})`,
      );
      break;
    }
    offset += written;
  }
  if (offset === bytes.length) {
    if (posix.fsync(tmp.fd))
      serverLog(LL_WARNING, `Could not sync tmp config file to disk (${strerror(posix.errno)})`);
    else if (posix.fchmod(tmp.fd, 0o644 & ~server.umask) === -1)
      serverLog(LL_WARNING, `Could not chmod config file (${strerror(posix.errno)})`);
    else if (posix.rename(tmp.path, configfile) === -1)
      serverLog(LL_WARNING, `Could not rename tmp config file (${strerror(posix.errno)})`);
    else if (fsyncFileDir(configfile) === -1)
      serverLog(LL_WARNING, `Could not sync config file dir (${strerror(posix.errno)})`);
    else {
      retval = 0;
      serverLog(LL_DEBUG, `Rewritten config file (${configfile}) successfully`);
    }
  }
  const old_errno = posix.errno;
  posix.close(tmp.fd);
  if (retval) posix.unlink(tmp.path);
  posix.errno = old_errno;
  return retval;
}

/**
 * Rewrites the file at `path` with the current values: comments and order stay, options at their default are added only when
 * `force_write`. 0, or -1 with errno.
 * @c config.c:1730
 */
export function rewriteConfig(path: string, force_write: boolean): number {
  const state = rewriteConfigReadOldFile(path);
  if (state === null) return -1;
  if (force_write) state.force_write = 1;

  const di = dictGetIterator(server.configs!);
  for (let de = dictNext(di); de !== null; de = dictNext(di)) {
    const config = dictGetVal(de);
    if (config.flags & ALIAS_CONFIG) continue;
    config.interface.rewrite(config, dictGetKey(de), state);
  }
  dictReleaseIterator(di);

  rewriteConfigRemoveOrphaned(state);
  return rewriteConfigOverwriteFile(path, rewriteConfigGetContentFromState(state));
}

/*-----------------------------------------------------------------------------
 * Configs that fit one of the major types and require no special handling
 *----------------------------------------------------------------------------*/

/**
 * The value of a numeric or yes/no option.
 * @own C keeps a pointer to the field of the global struct
 */
export function configNumber(config: standardConfig): number {
  return (server as unknown as Record<string, number>)[config.data.config];
}

/**
 * The value of a string option.
 * @own C keeps a pointer to the field of the global struct
 */
export function configString(config: standardConfig): string | null {
  return (server as unknown as Record<string, string | null>)[config.data.config];
}

/**
 * Stores a value into the option's field.
 * @own C keeps a pointer to the field of the global struct
 */
export function configStore(config: standardConfig, value: number | string | null): void {
  (server as unknown as Record<string, number | string | null>)[config.data.config] = value;
}

/**
 * What a set function returns when the value is the one that was there.
 * @own the last line of each of C's set functions
 */
export function configUnchanged(config: standardConfig): number {
  return config.flags & VOLATILE_CONFIG ? 1 : 2;
}

/**
 * Gives a yes/no option its default.
 * @c config.c:1806
 * @cstatic
 */
export function boolConfigInit(config: standardConfig): void {
  configStore(config, config.data.default_value);
}

/**
 * Sets a yes/no option.
 * @c config.c:1810
 * @cstatic
 */
export function boolConfigSet(
  config: standardConfig,
  argv: string[],
  _argc: number,
  err: configError,
): number {
  const yn = yesnotoi(argv[0]);
  if (yn === -1) {
    err.err = "argument must be 'yes' or 'no'";
    return 0;
  }
  if (config.data.is_valid_fn && !config.data.is_valid_fn(yn as never, err)) return 0;
  if (configNumber(config) !== yn) {
    configStore(config, yn);
    return 1;
  }
  return configUnchanged(config);
}

/**
 * 'yes' or 'no'.
 * @c config.c:1830
 * @cstatic
 */
export function boolConfigGet(config: standardConfig): string {
  return configNumber(config) ? 'yes' : 'no';
}

/**
 * Rewrites a yes/no option.
 * @c config.c:1837
 * @cstatic
 */
export function boolConfigRewrite(
  config: standardConfig,
  name: string,
  state: rewriteConfigState,
): void {
  const defvalue = config.data.default_value as number;
  rewriteConfigYesNoOption(state, name, configNumber(config), defvalue);
}

/**
 * Gives a string option its default.
 * @c config.c:1854
 * @cstatic
 */
export function stringConfigInit(config: standardConfig): void {
  configStore(config, config.data.default_value);
}

/**
 * Sets a string option; an empty string is null where the option says so.
 * @c config.c:1858
 * @cstatic
 */
export function stringConfigSet(
  config: standardConfig,
  argv: string[],
  _argc: number,
  err: configError,
): number {
  if (config.data.is_valid_fn && !config.data.is_valid_fn(argv[0] as never, err)) return 0;
  const value = config.data.convert_empty_to_null && argv[0] === '' ? null : argv[0];
  if (value !== configString(config)) {
    configStore(config, value);
    return 1;
  }
  return configUnchanged(config);
}

/**
 * The string, empty for null.
 * @c config.c:1872
 * @cstatic
 */
export function stringConfigGet(config: standardConfig): string {
  return configString(config) ?? '';
}

/**
 * Rewrites a string option.
 * @c config.c:1876
 * @cstatic
 */
export function stringConfigRewrite(
  config: standardConfig,
  name: string,
  state: rewriteConfigState,
): void {
  const defvalue = config.data.default_value as string | null;
  rewriteConfigStringOption(state, name, configString(config), defvalue);
}

/**
 * Gives an option that C keeps as an sds its default.
 * @c config.c:1881
 * @cstatic
 */
export function sdsConfigInit(config: standardConfig): void {
  configStore(config, config.data.default_value);
}

/**
 * Sets an option that C keeps as an sds, which may hold any byte.
 * @c config.c:1885
 * @cstatic
 */
export function sdsConfigSet(
  config: standardConfig,
  argv: string[],
  _argc: number,
  err: configError,
): number {
  if (config.data.is_valid_fn && !config.data.is_valid_fn(argv[0] as never, err)) return 0;
  const value = config.data.convert_empty_to_null && argv[0] === '' ? null : argv[0];
  if (value !== configString(config)) {
    configStore(config, value);
    return 1;
  }
  return configUnchanged(config);
}

/**
 * The bytes, empty for null.
 * @c config.c:1909
 * @cstatic
 */
export function sdsConfigGet(config: standardConfig): string {
  return configString(config) ?? '';
}

/**
 * Rewrites an option that C keeps as an sds.
 * @c config.c:1919
 * @cstatic
 */
export function sdsConfigRewrite(
  config: standardConfig,
  name: string,
  state: rewriteConfigState,
): void {
  const defvalue = config.data.default_value as string | null;
  rewriteConfigSdsOption(state, name, configString(config), defvalue);
}

/**
 * Gives an enumerated option its default.
 * @c config.c:1954
 * @cstatic
 */
export function enumConfigInit(config: standardConfig): void {
  configStore(config, config.data.default_value);
}

/**
 * Sets an enumerated option from one name, or from several that are OR-ed when the option takes several.
 * @c config.c:1958
 * @cstatic
 */
export function enumConfigSet(
  config: standardConfig,
  argv: string[],
  argc: number,
  err: configError,
): number {
  const bitflags = !!(config.flags & MULTI_ARG_CONFIG);
  const enumval = configEnumGetValue(config.data.enum_value, argv, argc, bitflags);
  if (enumval === INT_MIN) {
    const names = config.data.enum_value.map(({ name }) => name).join(', ');
    // C's buffer for the text has 256 bytes.
    err.err = `argument(s) must be one of the following: ${names}`.slice(0, 255);
    return 0;
  }
  if (config.data.is_valid_fn && !config.data.is_valid_fn(enumval as never, err)) return 0;
  if (configNumber(config) !== enumval) {
    configStore(config, enumval);
    return 1;
  }
  return configUnchanged(config);
}

/**
 * The name or names of the value.
 * @c config.c:1993
 * @cstatic
 */
export function enumConfigGet(config: standardConfig): string {
  const bitflags = !!(config.flags & MULTI_ARG_CONFIG);
  return configEnumGetName(config.data.enum_value, configNumber(config), bitflags);
}

/**
 * Rewrites an enumerated option.
 * @c config.c:1999
 * @cstatic
 */
export function enumConfigRewrite(
  config: standardConfig,
  name: string,
  state: rewriteConfigState,
): void {
  rewriteConfigEnumOption(state, name, configNumber(config), config);
}

/**
 * Stores a number that passed its bounds. Numbers beyond 2^53 lose their last digits here; no option needs them.
 * @c config.c:2018
 */
export function setNumericType(config: standardConfig, val: number | bigint): number {
  configStore(config, Number(val));
  return 1;
}

/**
 * Gives a numeric option its default.
 * @c config.c:2072
 * @cstatic
 */
export function numericConfigInit(config: standardConfig): void {
  setNumericType(config, config.data.default_value as number);
}

/** The types whose bounds C compares as unsigned numbers. */
const unsigned_types: readonly numericType[] = ['ulonglong', 'uint', 'size_t'];

/**
 * Whether a number lies within the option's bounds; false with the reason in `err`. A percentage comes as a negative number.
 * @c config.c:2076
 * @cstatic
 */
export function numericBoundaryCheck(
  config: standardConfig,
  ll: number | bigint,
  err: configError,
): boolean {
  const { lower_bound, upper_bound, numeric_type, flags } = config.data;
  if (unsigned_types.includes(numeric_type)) {
    const ull = ll < 0 ? BigInt.asUintN(64, BigInt(ll)) : ll;
    if (ull > upper_bound || ull < lower_bound) {
      const radix = flags & OCTAL_CONFIG ? 8 : 10;
      err.err = `argument must be between ${lower_bound.toString(radix)} and ${upper_bound.toString(radix)} inclusive`;
      return false;
    }
    return true;
  }
  if (flags & PERCENT_CONFIG && ll < 0) {
    if (ll < lower_bound) {
      err.err = `percentage argument must be less or equal to ${-lower_bound}`;
      return false;
    }
    return true;
  }
  if (ll > upper_bound || ll < lower_bound) {
    err.err = `argument must be between ${lower_bound} and ${upper_bound} inclusive`;
    return false;
  }
  return true;
}

/**
 * Reads a number in the formats that the option takes; null with the reason in `err`.
 * @c config.c:2123
 * @cstatic
 */
export function numericParseString(
  config: standardConfig,
  value: string,
  err: configError,
): number | bigint | null {
  const { flags } = config.data;
  if (flags & MEMORY_CONFIG) {
    const mem = memtoull(value);
    if (!mem.err) return mem.value;
  }
  if (flags & PERCENT_CONFIG && value.length > 1 && value.endsWith('%')) {
    const percent = string2ll(value.slice(0, -1));
    if (percent !== null && percent >= 0) return -percent;
  }
  if (flags & OCTAL_CONFIG) {
    const octal = strtoll(value, 8);
    if (!octal.erange && octal.end === value.length) return octal.value;
  }
  if (!flags) {
    const ll = string2ll(value);
    if (ll !== null) return ll;
  }
  if (flags & MEMORY_CONFIG && flags & PERCENT_CONFIG)
    err.err = 'argument must be a memory or percent value';
  else if (flags & MEMORY_CONFIG) err.err = 'argument must be a memory value';
  else if (flags & OCTAL_CONFIG) err.err = "argument couldn't be parsed as an octal number";
  else err.err = "argument couldn't be parsed into an integer";
  return null;
}

/**
 * Sets a numeric option.
 * @c config.c:2168
 * @cstatic
 */
export function numericConfigSet(
  config: standardConfig,
  argv: string[],
  _argc: number,
  err: configError,
): number {
  const ll = numericParseString(config, argv[0], err);
  if (ll === null) return 0;
  if (!numericBoundaryCheck(config, ll, err)) return 0;
  if (config.data.is_valid_fn && !config.data.is_valid_fn(ll as never, err)) return 0;
  if (configNumber(config) !== Number(ll)) return setNumericType(config, ll);
  return configUnchanged(config);
}

/**
 * The number in the option's format. A value that was rounded up to 2^63 when it was stored is shown as the upper bound that it was.
 * @c config.c:2189
 * @cstatic
 */
export function numericConfigGet(config: standardConfig): string {
  const value = configNumber(config);
  const { flags, upper_bound } = config.data;
  if (flags & PERCENT_CONFIG && value < 0) return `${ll2string(-value)}%`;
  if (flags & OCTAL_CONFIG) return value.toString(8);
  const exact = value > Number.MAX_SAFE_INTEGER ? BigInt(value) : value;
  const shown = exact > upper_bound ? upper_bound : exact;
  return flags & MEMORY_CONFIG ? ull2string(shown) : ll2string(shown);
}

/**
 * Rewrites a numeric option in its format.
 * @c config.c:2210
 * @cstatic
 */
export function numericConfigRewrite(
  config: standardConfig,
  name: string,
  state: rewriteConfigState,
): void {
  const value = configNumber(config);
  const defvalue = config.data.default_value as number;
  const { flags } = config.data;
  if (flags & PERCENT_CONFIG && value < 0)
    rewriteConfigPercentOption(state, name, -value, defvalue);
  else if (flags & MEMORY_CONFIG) rewriteConfigBytesOption(state, name, value, defvalue);
  else if (flags & OCTAL_CONFIG) rewriteConfigOctalOption(state, name, value, defvalue);
  else rewriteConfigNumericalOption(state, name, value, defvalue);
}

/**
 * Active defragmentation needs an allocator that can say where the holes are; V8 moves objects by itself.
 * @c config.c:2313
 * @cstatic
 */
export function isValidActiveDefrag(val: number, err: configError): boolean {
  if (val) {
    err.err =
      'Active defragmentation cannot be enabled: it ' +
      'requires a Redis server compiled with a modified Jemalloc ' +
      'like the one shipped by default with the Redis source ' +
      'distribution';
    return false;
  }
  return true;
}

/**
 * Refuses appendonly: a server that cannot write an append only file must not pretend that it does.
 * @own this server has no append only file
 */
export function isValidAppendonly(val: number, err: configError): boolean {
  if (val) {
    err.err = 'Append only file cannot be enabled: this server keeps its data in memory only';
    return false;
  }
  return true;
}

/**
 * Refuses cluster mode.
 * @own this server has no cluster mode
 */
export function isValidClusterEnabled(val: number, err: configError): boolean {
  if (val) {
    err.err = 'Cluster mode cannot be enabled: this server runs standalone only';
    return false;
  }
  return true;
}

/**
 * Whether a name for the dump file is a plain file name.
 * @c config.c:2329
 * @cstatic
 */
export function isValidDBfilename(val: string, err: configError): boolean {
  if (!pathIsBaseName(val)) {
    err.err = "dbfilename can't be a path, just a filename";
    return false;
  }
  return true;
}

/**
 * Whether a name for the AOF is a plain file name.
 * @c config.c:2337
 * @cstatic
 */
export function isValidAOFfilename(val: string, err: configError): boolean {
  if (val === '') {
    err.err = "appendfilename can't be empty";
    return false;
  }
  if (!pathIsBaseName(val)) {
    err.err = "appendfilename can't be a path, just a filename";
    return false;
  }
  return true;
}

/**
 * Whether a name for the folder of the AOF is a plain name.
 * @c config.c:2349
 * @cstatic
 */
export function isValidAOFdirname(val: string, err: configError): boolean {
  if (val === '') {
    err.err = "appenddirname can't be empty";
    return false;
  }
  if (!pathIsBaseName(val)) {
    err.err = "appenddirname can't be a path, just a dirname";
    return false;
  }
  return true;
}

/**
 * Whether shutdown flags go together.
 * @c config.c:2361
 * @cstatic
 */
export function isValidShutdownOnSigFlags(val: number, err: configError): boolean {
  if (val & SHUTDOWN_NOSAVE && val & SHUTDOWN_SAVE) {
    err.err = "shutdown options SAVE and NOSAVE can't be used simultaneously";
    return false;
  }
  return true;
}

/**
 * Whether a host name has only letters, digits, hyphens and dots and is short enough.
 * @c config.c:2371
 * @cstatic
 */
export function isValidAnnouncedHostname(val: string, err: configError): boolean {
  if (val.length >= NET_HOST_STR_LEN) {
    err.err = `Hostnames must be less than ${NET_HOST_STR_LEN} characters`;
    return false;
  }
  if (!/^[A-Za-z0-9.-]*$/.test(val)) {
    err.err = 'Hostnames may only contain alphanumeric characters, hyphens or dots';
    return false;
  }
  return true;
}

/**
 * Whether a process title template has only known variables.
 * @c config.c:2396
 * @cstatic
 */
export function isValidProcTitleTemplate(val: string, err: configError): boolean {
  if (!validateProcTitleTemplate(val)) {
    err.err = 'template format is invalid or contains unknown variables';
    return false;
  }
  return true;
}

/**
 * Shows the new process title.
 * @c config.c:2404
 * @cstatic
 */
export function updateProcTitleTemplate(err: configError): boolean {
  if (redisSetProcTitle(null) === C_ERR) {
    err.err = 'failed to set process title';
    return false;
  }
  return true;
}

/**
 * Takes over a new hz, brought into its range.
 * @c config.c:2412
 * @cstatic
 */
export function updateHZ(_err: configError): boolean {
  if (server.config_hz < CONFIG_MIN_HZ) server.config_hz = CONFIG_MIN_HZ;
  if (server.config_hz > CONFIG_MAX_HZ) server.config_hz = CONFIG_MAX_HZ;
  server.hz = server.config_hz;
  return true;
}

/**
 * Listens on the new port.
 * @c config.c:2422
 * @cstatic
 */
export function updatePort(err: configError): boolean {
  if (changeListenPort(server.port, server.ipfd, acceptTcpHandler) === C_ERR) {
    err.err = 'Unable to listen on this port. Check server logs.';
    return false;
  }
  return true;
}

/**
 * Starts to evict when the new limit is below what is used.
 * @c config.c:2443
 * @cstatic
 */
export function updateMaxmemory(_err: configError): boolean {
  if (server.maxmemory) {
    const used = zmalloc_used_memory() - freeMemoryGetNotCountedMemory();
    if (server.maxmemory < used) {
      serverLog(
        LL_WARNING,
        `WARNING: the new maxmemory value set via CONFIG SET (${server.maxmemory}) is smaller than the current memory usage (${used}). This will result in key eviction and/or the inability to accept new write commands depending on the maxmemory-policy.`,
      );
    }
    startEvictionTimeProc();
  }
  return true;
}

/**
 * Installs or removes the crash report.
 * @c config.c:2488
 * @cstatic
 */
export function updateSighandlerEnabled(_err: configError): boolean {
  if (server.crashlog_enabled) setupSignalHandlers();
  else removeSignalHandlers();
  return true;
}

/**
 * Makes room for the new number of clients: descriptors of the process, slots of the event loop.
 * @c config.c:2497
 * @cstatic
 */
export function updateMaxclients(err: configError): boolean {
  const new_maxclients = server.maxclients;
  adjustOpenFilesLimit();
  if (server.maxclients !== new_maxclients) {
    err.err = `The operating system is not able to handle the specified number of clients, try with ${server.maxclients}`;
    return false;
  }
  const setsize = server.maxclients + CONFIG_FDSET_INCR;
  if (aeGetSetSize(server.el) < setsize && aeResizeSetSize(server.el, setsize) === AE_ERR) {
    err.err =
      'The event loop API used by Redis is not able to handle the specified number of clients';
    return false;
  }
  return true;
}

/**
 * Tells the kernel whom to kill first.
 * @c config.c:2519
 * @cstatic
 */
export function updateOOMScoreAdj(err: configError): boolean {
  if (setOOMScoreAdj(-1) === C_ERR) {
    err.err = 'Failed to set current oom_score_adj. Check server logs.';
    return false;
  }
  return true;
}

/**
 * Gives the default user the new password.
 * @c config.c:2528
 */
export function updateRequirePass(_err: configError): boolean {
  ACLUpdateDefaultUserPassword(server.requirepass);
  return true;
}

/**
 * Listens on the new addresses.
 * @c config.c:2538
 * @cstatic
 */
export function applyBind(err: configError): boolean {
  if (changeBindAddr() === C_ERR) {
    err.err = 'Failed to bind to specified addresses.';
    return false;
  }
  return true;
}

/**
 * Changes the working directory.
 * @c config.c:2595
 * @cstatic
 */
export function setConfigDirOption(
  _config: standardConfig,
  argv: string[],
  argc: number,
  err: configError,
): number {
  if (argc !== 1) {
    err.err = 'wrong number of arguments';
    return 0;
  }
  if (posix.chdir(argv[0]) === -1) {
    err.err = strerror(posix.errno);
    return 0;
  }
  return 1;
}

/**
 * The working directory.
 * @c config.c:2608
 * @cstatic
 */
export function getConfigDirOption(_config: standardConfig): string {
  return posix.getcwd();
}

/**
 * Whether an argument is a whole decimal number of at least `least`.
 * @own the check that C's loop does with strtoll
 */
export function isSaveNumber(arg: string, least: number): boolean {
  const val = strtoll(arg, 10);
  return val.end === arg.length && val.value >= least;
}

/**
 * Sets the save points from pairs of seconds and changes; `""` alone is none. Lines of a config file add up, except that the first of
 * them replaces the defaults.
 * @c config.c:2618
 * @cstatic
 */
export function setConfigSaveOption(
  _config: standardConfig,
  argv: string[],
  argc: number,
  err: configError,
): number {
  if (argc === 1 && argv[0] === '') {
    resetServerSaveParams();
    argc = 0;
  }
  let valid = !(argc & 1);
  for (let j = 0; j < argc && valid; j++) valid = isSaveNumber(argv[j], j & 1 ? 0 : 1);
  if (!valid) {
    err.err = 'Invalid save parameters';
    return 0;
  }
  if (!server.reading_config_file) {
    resetServerSaveParams();
  } else if (!server.save_loaded) {
    server.save_loaded = 1;
    resetServerSaveParams();
  }
  for (let j = 0; j < argc; j += 2) {
    const seconds = Number(strtoll(argv[j], 10).value);
    const changes = Number(strtoll(argv[j + 1], 10).value);
    appendServerSaveParams(seconds, changes);
  }
  return 1;
}

/**
 * The save points as `seconds changes` pairs.
 * @c config.c:2673
 * @cstatic
 */
export function getConfigSaveOption(_config: standardConfig): string {
  return server.saveparams.map(({ seconds, changes }) => `${seconds} ${changes}`).join(' ');
}

/**
 * Sets output buffer limits.
 * @c config.c:2689
 * @cstatic
 */
export function setConfigClientOutputBufferLimitOption(
  _config: standardConfig,
  argv: string[],
  argc: number,
  err: configError,
): number {
  return updateClientOutputBufferLimit(argv, argc, err) ? 1 : 0;
}

/**
 * The output buffer limits of all classes.
 * @c config.c:2694
 * @cstatic
 */
export function getConfigClientOutputBufferLimitOption(_config: standardConfig): string {
  return server.client_obuf_limits
    .map(
      (l, j) =>
        `${getClientTypeName(j)} ${l.hard_limit_bytes} ${l.soft_limit_bytes} ${l.soft_limit_seconds}`,
    )
    .join(' ');
}

/**
 * Sets the three oom scores: master, replica, child.
 * @c config.c:2713
 * @cstatic
 */
export function setConfigOOMScoreAdjValuesOption(
  _config: standardConfig,
  argv: string[],
  argc: number,
  err: configError,
): number {
  if (argc !== CONFIG_OOM_COUNT) {
    err.err = 'wrong number of arguments';
    return 0;
  }
  const values: number[] = [];
  for (let i = 0; i < CONFIG_OOM_COUNT; i++) {
    const val = strtoll(argv[i], 10);
    if (val.end !== argv[i].length || val.value < -2000 || val.value > 2000) {
      err.err = 'Invalid oom-score-adj-values, elements must be between -2000 and 2000.';
      return 0;
    }
    values[i] = Number(val.value);
  }
  if (
    values[CONFIG_OOM_REPLICA] < values[CONFIG_OOM_MASTER] ||
    values[CONFIG_OOM_BGCHILD] < values[CONFIG_OOM_REPLICA]
  ) {
    serverLog(
      LL_WARNING,
      'The oom-score-adj-values configuration may not work for non-privileged processes! Please consult the documentation.',
    );
  }
  let change = false;
  for (let i = 0; i < CONFIG_OOM_COUNT; i++) {
    if (server.oom_score_adj_values[i] !== values[i]) {
      server.oom_score_adj_values[i] = values[i];
      change = true;
    }
  }
  return change ? 1 : 2;
}

/**
 * The three oom scores.
 * @c config.c:2758
 * @cstatic
 */
export function getConfigOOMScoreAdjValuesOption(_config: standardConfig): string {
  return server.oom_score_adj_values.join(' ');
}

/**
 * Sets the classes of keyspace events.
 * @c config.c:2772
 * @cstatic
 */
export function setConfigNotifyKeyspaceEventsOption(
  _config: standardConfig,
  argv: string[],
  argc: number,
  err: configError,
): number {
  if (argc !== 1) {
    err.err = 'wrong number of arguments';
    return 0;
  }
  const flags = keyspaceEventsStringToFlags(argv[0]);
  if (flags === -1) {
    err.err = "Invalid event class character. Use 'Ag$lshzxeKEtmdn'.";
    return 0;
  }
  server.notify_keyspace_events = flags;
  return 1;
}

/**
 * The classes of keyspace events as characters.
 * @c config.c:2787
 * @cstatic
 */
export function getConfigNotifyKeyspaceEventsOption(_config: standardConfig): string {
  return keyspaceEventsFlagsToString(server.notify_keyspace_events);
}

/**
 * Sets the addresses to listen on; one empty argument is none.
 * @c config.c:2792
 * @cstatic
 */
export function setConfigBindOption(
  _config: standardConfig,
  argv: string[],
  argc: number,
  err: configError,
): number {
  if (argc > CONFIG_BINDADDR_MAX) {
    err.err = 'Too many bind addresses specified.';
    return 0;
  }
  if (argc === 1 && argv[0] === '') argc = 0;
  server.bindaddr = argv.slice(0, argc);
  server.bindaddr_count = argc;
  return 1;
}

/**
 * replicaof: `no one` is what this server is; a master is refused, since it cannot follow one.
 * @c config.c:2815
 * @cstatic
 */
export function setConfigReplicaOfOption(
  _config: standardConfig,
  argv: string[],
  argc: number,
  err: configError,
): number {
  if (argc !== 2) {
    err.err = 'wrong number of arguments';
    return 0;
  }
  if (!strcasecmp(argv[0], 'no') && !strcasecmp(argv[1], 'one')) return 1;
  err.err = 'replicaof cannot be set: this server cannot be a replica';
  return 0;
}

/**
 * The addresses to listen on.
 * @c config.c:2839
 * @cstatic
 */
export function getConfigBindOption(_config: standardConfig): string {
  return sdsjoin(server.bindaddr, ' ');
}

/**
 * `host port` of the master; empty for a master.
 * @c config.c:2844
 * @cstatic
 */
export function getConfigReplicaOfOption(_config: standardConfig): string {
  return server.masterhost ? `${server.masterhost} ${server.masterport}` : '';
}

/**
 * Whether a protected action is allowed to this client: always, never, or only from this machine.
 * @c config.c:2855
 */
export function allowProtectedAction(config: number, c: client): boolean {
  return (
    config === PROTECTED_ACTION_ALLOWED_YES ||
    (config === PROTECTED_ACTION_ALLOWED_LOCAL && islocalClient(c))
  );
}

/**
 * Sets the percentiles of INFO latencystats; one empty argument is none. After a mistake none are left.
 * @c config.c:2861
 * @cstatic
 */
export function setConfigLatencyTrackingInfoPercentilesOutputOption(
  _config: standardConfig,
  argv: string[],
  argc: number,
  err: configError,
): number {
  if (argc === 1 && argv[0] === '') argc = 0;
  server.latency_tracking_info_percentiles = [];
  server.latency_tracking_info_percentiles_len = 0;
  const percentiles: number[] = [];
  for (let j = 0; j < argc; j++) {
    const percentile = string2d(argv[j]);
    if (percentile === null) {
      err.err = 'Invalid latency-tracking-info-percentiles parameters';
      return 0;
    }
    if (percentile > 100.0 || percentile < 0.0) {
      err.err = 'latency-tracking-info-percentiles parameters should sit between [0.0,100.0]';
      return 0;
    }
    percentiles.push(percentile);
  }
  server.latency_tracking_info_percentiles = percentiles;
  server.latency_tracking_info_percentiles_len = argc;
  return 1;
}

/**
 * The percentiles of INFO latencystats.
 * @c config.c:2894
 * @cstatic
 */
export function getConfigLatencyTrackingInfoPercentilesOutputOption(
  _config: standardConfig,
): string {
  return server.latency_tracking_info_percentiles
    .map((p) => trimDoubleString(p.toFixed(6)))
    .join(' ');
}

/**
 * Rewrites the percentiles; `""` when there are none, since no line at all would mean the defaults.
 * @c config.c:2909
 */
export function rewriteConfigLatencyTrackingInfoPercentilesOutputOption(
  config: standardConfig,
  name: string,
  state: rewriteConfigState,
): void {
  const values = getConfigLatencyTrackingInfoPercentilesOutputOption(config);
  rewriteConfigRewriteLine(state, name, `${name} ${values || '""'}`, true);
}

/* What an empty string means to a string option. */
const ALLOW_EMPTY_STRING = 0;
const EMPTY_STRING_IS_NULL = 1;

/**
 * The fields that all options share, with a type's interface.
 * @own macros embedCommonConfig and embedConfigInterface of config.c
 */
export function createConfig(
  name: string,
  alias: string | null,
  flags: number,
  type: Omit<typeInterface, 'apply'>,
  apply: apply_fn | null,
  data: Partial<typeData>,
): standardConfig {
  return {
    name,
    alias,
    flags,
    interface: { ...type, apply },
    data: {
      config: '',
      default_value: null,
      is_valid_fn: null,
      convert_empty_to_null: false,
      enum_value: [],
      numeric_type: 'int',
      flags: INTEGER_CONFIG,
      lower_bound: 0,
      upper_bound: 0,
      ...data,
    },
  };
}

/**
 * The table of all options, in C's order. It is built anew for each server: aliases and flags are its own.
 * @own C has a static array, filled by macros of these names
 */
export function static_configs(): standardConfig[] {
  const boolType = {
    init: boolConfigInit,
    set: boolConfigSet,
    get: boolConfigGet,
    rewrite: boolConfigRewrite,
  };
  const stringType = {
    init: stringConfigInit,
    set: stringConfigSet,
    get: stringConfigGet,
    rewrite: stringConfigRewrite,
  };
  const sdsType = {
    init: sdsConfigInit,
    set: sdsConfigSet,
    get: sdsConfigGet,
    rewrite: sdsConfigRewrite,
  };
  const enumType = {
    init: enumConfigInit,
    set: enumConfigSet,
    get: enumConfigGet,
    rewrite: enumConfigRewrite,
  };
  const numericInterface = {
    init: numericConfigInit,
    set: numericConfigSet,
    get: numericConfigGet,
    rewrite: numericConfigRewrite,
  };
  type name = string;
  type alias = string | null;
  type boolCheck = ((val: number, err: configError) => boolean) | null;
  type textCheck = ((val: string, err: configError) => boolean) | null;
  type apply = apply_fn | null;
  type bound = number | bigint;

  const createBoolConfig = (
    name: name,
    alias: alias,
    flags: number,
    config: string,
    default_value: number,
    is_valid_fn: boolCheck,
    apply: apply,
  ): standardConfig =>
    createConfig(name, alias, flags, boolType, apply, { config, default_value, is_valid_fn });
  const createStringConfig = (
    name: name,
    alias: alias,
    flags: number,
    empty_to_null: number,
    config: string,
    default_value: string | null,
    is_valid_fn: textCheck,
    apply: apply,
  ): standardConfig =>
    createConfig(name, alias, flags, stringType, apply, {
      config,
      default_value,
      is_valid_fn,
      convert_empty_to_null: !!empty_to_null,
    });
  const createSDSConfig = (
    name: name,
    alias: alias,
    flags: number,
    empty_to_null: number,
    config: string,
    default_value: string | null,
    is_valid_fn: textCheck,
    apply: apply,
  ): standardConfig =>
    createConfig(name, alias, flags, sdsType, apply, {
      config,
      default_value,
      is_valid_fn,
      convert_empty_to_null: !!empty_to_null,
    });
  const createEnumConfig = (
    name: name,
    alias: alias,
    flags: number,
    enum_value: readonly configEnum[],
    config: string,
    default_value: number,
    is_valid_fn: boolCheck,
    apply: apply,
  ): standardConfig =>
    createConfig(name, alias, flags, enumType, apply, {
      config,
      default_value,
      is_valid_fn,
      enum_value,
    });
  const numeric =
    (numeric_type: numericType) =>
    (
      name: name,
      alias: alias,
      flags: number,
      lower_bound: bound,
      upper_bound: bound,
      config: string,
      default_value: number,
      num_conf_flags: number,
      is_valid_fn: boolCheck,
      apply: apply,
    ): standardConfig =>
      createConfig(name, alias, flags, numericInterface, apply, {
        config,
        default_value,
        is_valid_fn,
        numeric_type,
        flags: num_conf_flags,
        lower_bound,
        upper_bound,
      });
  const createIntConfig = numeric('int');
  const createUIntConfig = numeric('uint');
  const createULongConfig = numeric('ulong');
  const createLongLongConfig = numeric('longlong');
  const createULongLongConfig = numeric('ulonglong');
  const createSizeTConfig = numeric('size_t');
  const createSSizeTConfig = numeric('ssize_t');
  const createTimeTConfig = numeric('time_t');
  const createOffTConfig = numeric('off_t');
  const createSpecialConfig = (
    name: name,
    alias: alias,
    flags: number,
    set: typeInterface['set'],
    get: typeInterface['get'],
    rewrite: typeInterface['rewrite'],
    apply: apply,
  ): standardConfig =>
    createConfig(name, alias, flags, { init: null, set, get, rewrite }, apply, {});

  // prettier-ignore
  return [
    createBoolConfig('rdbchecksum', null, IMMUTABLE_CONFIG, 'rdb_checksum', 1, null, null),
    createBoolConfig('daemonize', null, IMMUTABLE_CONFIG, 'daemonize', 0, null, null),
    createBoolConfig('io-threads-do-reads', null, DEBUG_CONFIG | IMMUTABLE_CONFIG, 'io_threads_do_reads', 0,null, null),
    createBoolConfig('always-show-logo', null, IMMUTABLE_CONFIG, 'always_show_logo', 0, null, null),
    createBoolConfig('protected-mode', null, MODIFIABLE_CONFIG, 'protected_mode', 1, null, null),
    createBoolConfig('rdbcompression', null, MODIFIABLE_CONFIG, 'rdb_compression', 1, null, null),
    createBoolConfig('rdb-del-sync-files', null, MODIFIABLE_CONFIG, 'rdb_del_sync_files', 0, null, null),
    createBoolConfig('activerehashing', null, MODIFIABLE_CONFIG, 'activerehashing', 1, null, null),
    createBoolConfig('stop-writes-on-bgsave-error', null, MODIFIABLE_CONFIG, 'stop_writes_on_bgsave_err', 1, null, null),
    createBoolConfig('set-proc-title', null, IMMUTABLE_CONFIG, 'set_proc_title', 1, null, null),
    createBoolConfig('dynamic-hz', null, MODIFIABLE_CONFIG, 'dynamic_hz', 1, null, null),
    createBoolConfig('lazyfree-lazy-eviction', null, DEBUG_CONFIG | MODIFIABLE_CONFIG, 'lazyfree_lazy_eviction', 0, null, null),
    createBoolConfig('lazyfree-lazy-expire', null, DEBUG_CONFIG | MODIFIABLE_CONFIG, 'lazyfree_lazy_expire', 0, null, null),
    createBoolConfig('lazyfree-lazy-server-del', null, DEBUG_CONFIG | MODIFIABLE_CONFIG, 'lazyfree_lazy_server_del', 0, null, null),
    createBoolConfig('lazyfree-lazy-user-del', null, DEBUG_CONFIG | MODIFIABLE_CONFIG, 'lazyfree_lazy_user_del' , 0, null, null),
    createBoolConfig('lazyfree-lazy-user-flush', null, DEBUG_CONFIG | MODIFIABLE_CONFIG, 'lazyfree_lazy_user_flush' , 0, null, null),
    createBoolConfig('repl-disable-tcp-nodelay', null, MODIFIABLE_CONFIG, 'repl_disable_tcp_nodelay', 0, null, null),
    createBoolConfig('repl-diskless-sync', null, DEBUG_CONFIG | MODIFIABLE_CONFIG, 'repl_diskless_sync', 1, null, null),
    createBoolConfig('aof-rewrite-incremental-fsync', null, MODIFIABLE_CONFIG, 'aof_rewrite_incremental_fsync', 1, null, null),
    createBoolConfig('no-appendfsync-on-rewrite', null, MODIFIABLE_CONFIG, 'aof_no_fsync_on_rewrite', 0, null, null),
    createBoolConfig('cluster-require-full-coverage', null, MODIFIABLE_CONFIG, 'cluster_require_full_coverage', 1, null, null),
    createBoolConfig('rdb-save-incremental-fsync', null, MODIFIABLE_CONFIG, 'rdb_save_incremental_fsync', 1, null, null),
    createBoolConfig('aof-load-truncated', null, MODIFIABLE_CONFIG, 'aof_load_truncated', 1, null, null),
    createBoolConfig('aof-use-rdb-preamble', null, MODIFIABLE_CONFIG, 'aof_use_rdb_preamble', 1, null, null),
    createBoolConfig('aof-timestamp-enabled', null, MODIFIABLE_CONFIG, 'aof_timestamp_enabled', 0, null, null),
    createBoolConfig('cluster-replica-no-failover', 'cluster-slave-no-failover', MODIFIABLE_CONFIG, 'cluster_slave_no_failover', 0, null, null),
    createBoolConfig('replica-lazy-flush', 'slave-lazy-flush', MODIFIABLE_CONFIG, 'repl_slave_lazy_flush', 0, null, null),
    createBoolConfig('replica-serve-stale-data', 'slave-serve-stale-data', MODIFIABLE_CONFIG, 'repl_serve_stale_data', 1, null, null),
    createBoolConfig('replica-read-only', 'slave-read-only', DEBUG_CONFIG | MODIFIABLE_CONFIG, 'repl_slave_ro', 1, null, null),
    createBoolConfig('replica-ignore-maxmemory', 'slave-ignore-maxmemory', MODIFIABLE_CONFIG, 'repl_slave_ignore_maxmemory', 1, null, null),
    createBoolConfig('jemalloc-bg-thread', null, MODIFIABLE_CONFIG, 'jemalloc_bg_thread', 1, null, null),
    createBoolConfig('activedefrag', null, DEBUG_CONFIG | MODIFIABLE_CONFIG, 'active_defrag_enabled', 0, isValidActiveDefrag, null),
    createBoolConfig('syslog-enabled', null, IMMUTABLE_CONFIG, 'syslog_enabled', 0, null, null),
    createBoolConfig('cluster-enabled', null, IMMUTABLE_CONFIG, 'cluster_enabled', 0, isValidClusterEnabled, null),
    createBoolConfig('appendonly', null, MODIFIABLE_CONFIG | DENY_LOADING_CONFIG, 'aof_enabled', 0, isValidAppendonly, null),
    createBoolConfig('cluster-allow-reads-when-down', null, MODIFIABLE_CONFIG, 'cluster_allow_reads_when_down', 0, null, null),
    createBoolConfig('cluster-allow-pubsubshard-when-down', null, MODIFIABLE_CONFIG, 'cluster_allow_pubsubshard_when_down', 1, null, null),
    createBoolConfig('crash-log-enabled', null, MODIFIABLE_CONFIG, 'crashlog_enabled', 1, null, updateSighandlerEnabled),
    createBoolConfig('crash-memcheck-enabled', null, MODIFIABLE_CONFIG, 'memcheck_enabled', 1, null, null),
    createBoolConfig('use-exit-on-panic', null, MODIFIABLE_CONFIG | HIDDEN_CONFIG, 'use_exit_on_panic', 0, null, null),
    createBoolConfig('disable-thp', null, IMMUTABLE_CONFIG, 'disable_thp', 1, null, null),
    createBoolConfig('cluster-allow-replica-migration', null, MODIFIABLE_CONFIG, 'cluster_allow_replica_migration', 1, null, null),
    createBoolConfig('replica-announced', null, MODIFIABLE_CONFIG, 'replica_announced', 1, null, null),
    createBoolConfig('latency-tracking', null, MODIFIABLE_CONFIG, 'latency_tracking_enabled', 1, null, null),
    createBoolConfig('aof-disable-auto-gc', null, MODIFIABLE_CONFIG, 'aof_disable_auto_gc', 0, null, null),
    createBoolConfig('replica-ignore-disk-write-errors', null, MODIFIABLE_CONFIG, 'repl_ignore_disk_write_error', 0, null, null),
    createStringConfig('aclfile', null, IMMUTABLE_CONFIG, ALLOW_EMPTY_STRING, 'acl_filename', '', null, null),
    createStringConfig('unixsocket', null, IMMUTABLE_CONFIG, EMPTY_STRING_IS_NULL, 'unixsocket', null, null, null),
    createStringConfig('pidfile', null, IMMUTABLE_CONFIG, EMPTY_STRING_IS_NULL, 'pidfile', null, null, null),
    createStringConfig('replica-announce-ip', 'slave-announce-ip', MODIFIABLE_CONFIG, EMPTY_STRING_IS_NULL, 'slave_announce_ip', null, null, null),
    createStringConfig('masteruser', null, MODIFIABLE_CONFIG | SENSITIVE_CONFIG, EMPTY_STRING_IS_NULL, 'masteruser', null, null, null),
    createStringConfig('cluster-announce-ip', null, MODIFIABLE_CONFIG, EMPTY_STRING_IS_NULL, 'cluster_announce_ip', null, null, null),
    createStringConfig('cluster-config-file', null, IMMUTABLE_CONFIG, ALLOW_EMPTY_STRING, 'cluster_configfile', 'nodes.conf', null, null),
    createStringConfig('cluster-announce-hostname', null, MODIFIABLE_CONFIG, EMPTY_STRING_IS_NULL, 'cluster_announce_hostname', null, isValidAnnouncedHostname, null),
    createStringConfig('syslog-ident', null, IMMUTABLE_CONFIG, ALLOW_EMPTY_STRING, 'syslog_ident', 'redis', null, null),
    createStringConfig('dbfilename', null, MODIFIABLE_CONFIG | PROTECTED_CONFIG, ALLOW_EMPTY_STRING, 'rdb_filename', 'dump.rdb', isValidDBfilename, null),
    createStringConfig('appendfilename', null, IMMUTABLE_CONFIG, ALLOW_EMPTY_STRING, 'aof_filename', 'appendonly.aof', isValidAOFfilename, null),
    createStringConfig('appenddirname', null, IMMUTABLE_CONFIG, ALLOW_EMPTY_STRING, 'aof_dirname', 'appendonlydir', isValidAOFdirname, null),
    createStringConfig('server_cpulist', null, IMMUTABLE_CONFIG, EMPTY_STRING_IS_NULL, 'server_cpulist', null, null, null),
    createStringConfig('bio_cpulist', null, IMMUTABLE_CONFIG, EMPTY_STRING_IS_NULL, 'bio_cpulist', null, null, null),
    createStringConfig('aof_rewrite_cpulist', null, IMMUTABLE_CONFIG, EMPTY_STRING_IS_NULL, 'aof_rewrite_cpulist', null, null, null),
    createStringConfig('bgsave_cpulist', null, IMMUTABLE_CONFIG, EMPTY_STRING_IS_NULL, 'bgsave_cpulist', null, null, null),
    createStringConfig('ignore-warnings', null, MODIFIABLE_CONFIG, ALLOW_EMPTY_STRING, 'ignore_warnings', '', null, null),
    createStringConfig('proc-title-template', null, MODIFIABLE_CONFIG, ALLOW_EMPTY_STRING, 'proc_title_template', CONFIG_DEFAULT_PROC_TITLE_TEMPLATE, isValidProcTitleTemplate, updateProcTitleTemplate),
    createStringConfig('bind-source-addr', null, MODIFIABLE_CONFIG, EMPTY_STRING_IS_NULL, 'bind_source_addr', null, null, null),
    createStringConfig('logfile', null, IMMUTABLE_CONFIG, ALLOW_EMPTY_STRING, 'logfile', '', null, null),
    createSDSConfig('masterauth', null, MODIFIABLE_CONFIG | SENSITIVE_CONFIG, EMPTY_STRING_IS_NULL, 'masterauth', null, null, null),
    createSDSConfig('requirepass', null, MODIFIABLE_CONFIG | SENSITIVE_CONFIG, EMPTY_STRING_IS_NULL, 'requirepass', null, null, updateRequirePass),
    createEnumConfig('supervised', null, IMMUTABLE_CONFIG, supervised_mode_enum, 'supervised_mode', SUPERVISED_NONE, null, null),
    createEnumConfig('syslog-facility', null, IMMUTABLE_CONFIG, syslog_facility_enum, 'syslog_facility', LOG_LOCAL0, null, null),
    createEnumConfig('repl-diskless-load', null, DEBUG_CONFIG | MODIFIABLE_CONFIG | DENY_LOADING_CONFIG, repl_diskless_load_enum, 'repl_diskless_load', REPL_DISKLESS_LOAD_DISABLED, null, null),
    createEnumConfig('loglevel', null, MODIFIABLE_CONFIG, loglevel_enum, 'verbosity', LL_NOTICE, null, null),
    createEnumConfig('maxmemory-policy', null, MODIFIABLE_CONFIG, maxmemory_policy_enum, 'maxmemory_policy', MAXMEMORY_NO_EVICTION, null, null),
    createEnumConfig('appendfsync', null, MODIFIABLE_CONFIG, aof_fsync_enum, 'aof_fsync', AOF_FSYNC_EVERYSEC, null, null),
    createEnumConfig('oom-score-adj', null, MODIFIABLE_CONFIG, oom_score_adj_enum, 'oom_score_adj', OOM_SCORE_ADJ_NO, null, updateOOMScoreAdj),
    createEnumConfig('acl-pubsub-default', null, MODIFIABLE_CONFIG, acl_pubsub_default_enum, 'acl_pubsub_default', 0, null, null),
    createEnumConfig('sanitize-dump-payload', null, DEBUG_CONFIG | MODIFIABLE_CONFIG, sanitize_dump_payload_enum, 'sanitize_dump_payload', SANITIZE_DUMP_NO, null, null),
    createEnumConfig('enable-protected-configs', null, IMMUTABLE_CONFIG, protected_action_enum, 'enable_protected_configs', PROTECTED_ACTION_ALLOWED_NO, null, null),
    createEnumConfig('enable-debug-command', null, IMMUTABLE_CONFIG, protected_action_enum, 'enable_debug_cmd', PROTECTED_ACTION_ALLOWED_NO, null, null),
    createEnumConfig('enable-module-command', null, IMMUTABLE_CONFIG, protected_action_enum, 'enable_module_cmd', PROTECTED_ACTION_ALLOWED_NO, null, null),
    createEnumConfig('cluster-preferred-endpoint-type', null, MODIFIABLE_CONFIG, cluster_preferred_endpoint_type_enum, 'cluster_preferred_endpoint_type', CLUSTER_ENDPOINT_TYPE_IP, null, null),
    createEnumConfig('propagation-error-behavior', null, MODIFIABLE_CONFIG, propagation_error_behavior_enum, 'propagation_error_behavior', PROPAGATION_ERR_BEHAVIOR_IGNORE, null, null),
    createEnumConfig('shutdown-on-sigint', null, MODIFIABLE_CONFIG | MULTI_ARG_CONFIG, shutdown_on_sig_enum, 'shutdown_on_sigint', 0, isValidShutdownOnSigFlags, null),
    createEnumConfig('shutdown-on-sigterm', null, MODIFIABLE_CONFIG | MULTI_ARG_CONFIG, shutdown_on_sig_enum, 'shutdown_on_sigterm', 0, isValidShutdownOnSigFlags, null),
    createIntConfig('databases', null, IMMUTABLE_CONFIG, 1, INT_MAX, 'dbnum', 16, INTEGER_CONFIG, null, null),
    createIntConfig('port', null, MODIFIABLE_CONFIG, 0, 65535, 'port', 6379, INTEGER_CONFIG, null, updatePort),
    createIntConfig('io-threads', null, DEBUG_CONFIG | IMMUTABLE_CONFIG, 1, 128, 'io_threads_num', 1, INTEGER_CONFIG, null, null),
    createIntConfig('auto-aof-rewrite-percentage', null, MODIFIABLE_CONFIG, 0, INT_MAX, 'aof_rewrite_perc', 100, INTEGER_CONFIG, null, null),
    createIntConfig('cluster-replica-validity-factor', 'cluster-slave-validity-factor', MODIFIABLE_CONFIG, 0, INT_MAX, 'cluster_slave_validity_factor', 10, INTEGER_CONFIG, null, null),
    createIntConfig('list-max-listpack-size', 'list-max-ziplist-size', MODIFIABLE_CONFIG, INT_MIN, INT_MAX, 'list_max_listpack_size', -2, INTEGER_CONFIG, null, null),
    createIntConfig('tcp-keepalive', null, MODIFIABLE_CONFIG, 0, INT_MAX, 'tcpkeepalive', 300, INTEGER_CONFIG, null, null),
    createIntConfig('cluster-migration-barrier', null, MODIFIABLE_CONFIG, 0, INT_MAX, 'cluster_migration_barrier', 1, INTEGER_CONFIG, null, null),
    createIntConfig('active-defrag-cycle-min', null, MODIFIABLE_CONFIG, 1, 99, 'active_defrag_cycle_min', 1, INTEGER_CONFIG, null, null),
    createIntConfig('active-defrag-cycle-max', null, MODIFIABLE_CONFIG, 1, 99, 'active_defrag_cycle_max', 25, INTEGER_CONFIG, null, null),
    createIntConfig('active-defrag-threshold-lower', null, MODIFIABLE_CONFIG, 0, 1000, 'active_defrag_threshold_lower', 10, INTEGER_CONFIG, null, null),
    createIntConfig('active-defrag-threshold-upper', null, MODIFIABLE_CONFIG, 0, 1000, 'active_defrag_threshold_upper', 100, INTEGER_CONFIG, null, null),
    createIntConfig('lfu-log-factor', null, MODIFIABLE_CONFIG, 0, INT_MAX, 'lfu_log_factor', 10, INTEGER_CONFIG, null, null),
    createIntConfig('lfu-decay-time', null, MODIFIABLE_CONFIG, 0, INT_MAX, 'lfu_decay_time', 1, INTEGER_CONFIG, null, null),
    createIntConfig('replica-priority', 'slave-priority', MODIFIABLE_CONFIG, 0, INT_MAX, 'slave_priority', 100, INTEGER_CONFIG, null, null),
    createIntConfig('repl-diskless-sync-delay', null, MODIFIABLE_CONFIG, 0, INT_MAX, 'repl_diskless_sync_delay', 5, INTEGER_CONFIG, null, null),
    createIntConfig('maxmemory-samples', null, MODIFIABLE_CONFIG, 1, INT_MAX, 'maxmemory_samples', 5, INTEGER_CONFIG, null, null),
    createIntConfig('maxmemory-eviction-tenacity', null, MODIFIABLE_CONFIG, 0, 100, 'maxmemory_eviction_tenacity', 10, INTEGER_CONFIG, null, null),
    createIntConfig('timeout', null, MODIFIABLE_CONFIG, 0, INT_MAX, 'maxidletime', 0, INTEGER_CONFIG, null, null),
    createIntConfig('replica-announce-port', 'slave-announce-port', MODIFIABLE_CONFIG, 0, 65535, 'slave_announce_port', 0, INTEGER_CONFIG, null, null),
    createIntConfig('tcp-backlog', null, IMMUTABLE_CONFIG, 0, INT_MAX, 'tcp_backlog', 511, INTEGER_CONFIG, null, null),
    createIntConfig('cluster-port', null, IMMUTABLE_CONFIG, 0, 65535, 'cluster_port', 0, INTEGER_CONFIG, null, null),
    createIntConfig('cluster-announce-bus-port', null, MODIFIABLE_CONFIG, 0, 65535, 'cluster_announce_bus_port', 0, INTEGER_CONFIG, null, null),
    createIntConfig('cluster-announce-port', null, MODIFIABLE_CONFIG, 0, 65535, 'cluster_announce_port', 0, INTEGER_CONFIG, null, null),
    createIntConfig('cluster-announce-tls-port', null, MODIFIABLE_CONFIG, 0, 65535, 'cluster_announce_tls_port', 0, INTEGER_CONFIG, null, null),
    createIntConfig('repl-timeout', null, MODIFIABLE_CONFIG, 1, INT_MAX, 'repl_timeout', 60, INTEGER_CONFIG, null, null),
    createIntConfig('repl-ping-replica-period', 'repl-ping-slave-period', MODIFIABLE_CONFIG, 1, INT_MAX, 'repl_ping_slave_period', 10, INTEGER_CONFIG, null, null),
    createIntConfig('list-compress-depth', null, DEBUG_CONFIG | MODIFIABLE_CONFIG, 0, INT_MAX, 'list_compress_depth', 0, INTEGER_CONFIG, null, null),
    createIntConfig('rdb-key-save-delay', null, MODIFIABLE_CONFIG | HIDDEN_CONFIG, INT_MIN, INT_MAX, 'rdb_key_save_delay', 0, INTEGER_CONFIG, null, null),
    createIntConfig('key-load-delay', null, MODIFIABLE_CONFIG | HIDDEN_CONFIG, INT_MIN, INT_MAX, 'key_load_delay', 0, INTEGER_CONFIG, null, null),
    createIntConfig('active-expire-effort', null, MODIFIABLE_CONFIG, 1, 10, 'active_expire_effort', 1, INTEGER_CONFIG, null, null),
    createIntConfig('hz', null, MODIFIABLE_CONFIG, 0, INT_MAX, 'config_hz', CONFIG_DEFAULT_HZ, INTEGER_CONFIG, null, updateHZ),
    createIntConfig('min-replicas-to-write', 'min-slaves-to-write', MODIFIABLE_CONFIG, 0, INT_MAX, 'repl_min_slaves_to_write', 0, INTEGER_CONFIG, null, null),
    createIntConfig('min-replicas-max-lag', 'min-slaves-max-lag', MODIFIABLE_CONFIG, 0, INT_MAX, 'repl_min_slaves_max_lag', 10, INTEGER_CONFIG, null, null),
    createIntConfig('watchdog-period', null, MODIFIABLE_CONFIG | HIDDEN_CONFIG, 0, INT_MAX, 'watchdog_period', 0, INTEGER_CONFIG, null, null),
    createIntConfig('shutdown-timeout', null, MODIFIABLE_CONFIG, 0, INT_MAX, 'shutdown_timeout', 10, INTEGER_CONFIG, null, null),
    createIntConfig('repl-diskless-sync-max-replicas', null, MODIFIABLE_CONFIG, 0, INT_MAX, 'repl_diskless_sync_max_replicas', 0, INTEGER_CONFIG, null, null),
    createUIntConfig('maxclients', null, MODIFIABLE_CONFIG, 1, UINT_MAX, 'maxclients', 10000, INTEGER_CONFIG, null, updateMaxclients),
    createUIntConfig('unixsocketperm', null, IMMUTABLE_CONFIG, 0, 0o777, 'unixsocketperm', 0, OCTAL_CONFIG, null, null),
    createUIntConfig('socket-mark-id', null, IMMUTABLE_CONFIG, 0, UINT_MAX, 'socket_mark_id', 0, INTEGER_CONFIG, null, null),
    createULongConfig('active-defrag-max-scan-fields', null, MODIFIABLE_CONFIG, 1, LONG_MAX, 'active_defrag_max_scan_fields', 1000, INTEGER_CONFIG, null, null),
    createULongConfig('slowlog-max-len', null, MODIFIABLE_CONFIG, 0, LONG_MAX, 'slowlog_max_len', 128, INTEGER_CONFIG, null, null),
    createULongConfig('acllog-max-len', null, MODIFIABLE_CONFIG, 0, LONG_MAX, 'acllog_max_len', 128, INTEGER_CONFIG, null, null),
    createLongLongConfig('busy-reply-threshold', 'lua-time-limit', MODIFIABLE_CONFIG, 0, LONG_MAX, 'busy_reply_threshold', 5000, INTEGER_CONFIG, null, null),
    createLongLongConfig('cluster-node-timeout', null, MODIFIABLE_CONFIG, 0, LLONG_MAX, 'cluster_node_timeout', 15000, INTEGER_CONFIG, null, null),
    createLongLongConfig('slowlog-log-slower-than', null, MODIFIABLE_CONFIG, -1, LLONG_MAX, 'slowlog_log_slower_than', 10000, INTEGER_CONFIG, null, null),
    createLongLongConfig('latency-monitor-threshold', null, MODIFIABLE_CONFIG, 0, LLONG_MAX, 'latency_monitor_threshold', 0, INTEGER_CONFIG, null, null),
    createLongLongConfig('proto-max-bulk-len', null, DEBUG_CONFIG | MODIFIABLE_CONFIG, 1024 * 1024, LONG_MAX, 'proto_max_bulk_len', 512 * 1024 * 1024, MEMORY_CONFIG, null, null),
    createLongLongConfig('stream-node-max-entries', null, MODIFIABLE_CONFIG, 0, LLONG_MAX, 'stream_node_max_entries', 100, INTEGER_CONFIG, null, null),
    createLongLongConfig('repl-backlog-size', null, MODIFIABLE_CONFIG, 1, LLONG_MAX, 'repl_backlog_size', 1024 * 1024, MEMORY_CONFIG, null, null),
    createULongLongConfig('maxmemory', null, MODIFIABLE_CONFIG, 0, ULLONG_MAX, 'maxmemory', 0, MEMORY_CONFIG, null, updateMaxmemory),
    createULongLongConfig('cluster-link-sendbuf-limit', null, MODIFIABLE_CONFIG, 0, ULLONG_MAX, 'cluster_link_sendbuf_limit_bytes', 0, MEMORY_CONFIG, null, null),
    createSizeTConfig('hash-max-listpack-entries', 'hash-max-ziplist-entries', MODIFIABLE_CONFIG, 0, LONG_MAX, 'hash_max_listpack_entries', 512, INTEGER_CONFIG, null, null),
    createSizeTConfig('set-max-intset-entries', null, MODIFIABLE_CONFIG, 0, LONG_MAX, 'set_max_intset_entries', 512, INTEGER_CONFIG, null, null),
    createSizeTConfig('zset-max-listpack-entries', 'zset-max-ziplist-entries', MODIFIABLE_CONFIG, 0, LONG_MAX, 'zset_max_listpack_entries', 128, INTEGER_CONFIG, null, null),
    createSizeTConfig('active-defrag-ignore-bytes', null, MODIFIABLE_CONFIG, 1, LLONG_MAX, 'active_defrag_ignore_bytes', 100 << 20, MEMORY_CONFIG, null, null),
    createSizeTConfig('hash-max-listpack-value', 'hash-max-ziplist-value', MODIFIABLE_CONFIG, 0, LONG_MAX, 'hash_max_listpack_value', 64, MEMORY_CONFIG, null, null),
    createSizeTConfig('stream-node-max-bytes', null, MODIFIABLE_CONFIG, 0, LONG_MAX, 'stream_node_max_bytes', 4096, MEMORY_CONFIG, null, null),
    createSizeTConfig('zset-max-listpack-value', 'zset-max-ziplist-value', MODIFIABLE_CONFIG, 0, LONG_MAX, 'zset_max_listpack_value', 64, MEMORY_CONFIG, null, null),
    createSizeTConfig('hll-sparse-max-bytes', null, MODIFIABLE_CONFIG, 0, LONG_MAX, 'hll_sparse_max_bytes', 3000, MEMORY_CONFIG, null, null),
    createSizeTConfig('tracking-table-max-keys', null, MODIFIABLE_CONFIG, 0, LONG_MAX, 'tracking_table_max_keys', 1000000, INTEGER_CONFIG, null, null),
    createSizeTConfig('client-query-buffer-limit', null, DEBUG_CONFIG | MODIFIABLE_CONFIG, 1024 * 1024, LONG_MAX, 'client_max_querybuf_len', 1024 * 1024 * 1024, MEMORY_CONFIG, null, null),
    createSSizeTConfig('maxmemory-clients', null, MODIFIABLE_CONFIG, -100, SSIZE_MAX, 'maxmemory_clients', 0, MEMORY_CONFIG | PERCENT_CONFIG, null, null),
    createTimeTConfig('repl-backlog-ttl', null, MODIFIABLE_CONFIG, 0, LONG_MAX, 'repl_backlog_time_limit', 60 * 60, INTEGER_CONFIG, null, null),
    createOffTConfig('auto-aof-rewrite-min-size', null, MODIFIABLE_CONFIG, 0, LLONG_MAX, 'aof_rewrite_min_size', 64 * 1024 * 1024, MEMORY_CONFIG, null, null),
    createOffTConfig('loading-process-events-interval-bytes', null, MODIFIABLE_CONFIG | HIDDEN_CONFIG, 1024, INT_MAX, 'loading_process_events_interval_bytes', 1024 * 1024 * 2, INTEGER_CONFIG, null, null),
    createSpecialConfig('dir', null, MODIFIABLE_CONFIG | PROTECTED_CONFIG | DENY_LOADING_CONFIG, setConfigDirOption, getConfigDirOption, rewriteConfigDirOption, null),
    createSpecialConfig('save', null, MODIFIABLE_CONFIG | MULTI_ARG_CONFIG, setConfigSaveOption, getConfigSaveOption, rewriteConfigSaveOption, null),
    createSpecialConfig('client-output-buffer-limit', null, MODIFIABLE_CONFIG | MULTI_ARG_CONFIG, setConfigClientOutputBufferLimitOption, getConfigClientOutputBufferLimitOption, rewriteConfigClientOutputBufferLimitOption, null),
    createSpecialConfig('oom-score-adj-values', null, MODIFIABLE_CONFIG | MULTI_ARG_CONFIG, setConfigOOMScoreAdjValuesOption, getConfigOOMScoreAdjValuesOption, rewriteConfigOOMScoreAdjValuesOption, updateOOMScoreAdj),
    createSpecialConfig('notify-keyspace-events', null, MODIFIABLE_CONFIG, setConfigNotifyKeyspaceEventsOption, getConfigNotifyKeyspaceEventsOption, rewriteConfigNotifyKeyspaceEventsOption, null),
    createSpecialConfig('bind', null, MODIFIABLE_CONFIG | MULTI_ARG_CONFIG, setConfigBindOption, getConfigBindOption, rewriteConfigBindOption, applyBind),
    createSpecialConfig('replicaof', 'slaveof', IMMUTABLE_CONFIG | MULTI_ARG_CONFIG, setConfigReplicaOfOption, getConfigReplicaOfOption, rewriteConfigReplicaOfOption, null),
    createSpecialConfig('latency-tracking-info-percentiles', null, MODIFIABLE_CONFIG | MULTI_ARG_CONFIG, setConfigLatencyTrackingInfoPercentilesOutputOption, getConfigLatencyTrackingInfoPercentilesOutputOption, rewriteConfigLatencyTrackingInfoPercentilesOutputOption, null),
    // Ours: see DIFFERENCES.md.
    createBoolConfig('command-log', null, MODIFIABLE_CONFIG, 'command_log', 0, null, null),
  ];
}

/**
 * Adds an option to the table under `name`, which is its name or its alias. False when the name is taken.
 * @c config.c:3141
 */
export function registerConfigValue(name: string, config: standardConfig, alias: number): boolean {
  const copy = { ...config };
  if (alias) {
    copy.flags |= ALIAS_CONFIG;
    copy.name = config.alias!;
    copy.alias = config.name;
  }
  return dictAdd(server.configs!, name, copy) === DICT_OK;
}

/**
 * Gives every option its default and fills the table of the current server.
 * @c config.c:3155
 */
export function initConfigValues(): void {
  const configs = static_configs();
  server.configs = dictCreate<string, standardConfig>(sdsHashDictType);
  dictExpand(server.configs, configs.length);
  for (const config of configs) {
    config.interface.init?.(config);
    let ret = registerConfigValue(config.name, config, 0);
    serverAssert(ret, 'ret');
    if (config.alias !== null) {
      ret = registerConfigValue(config.alias, config, ALIAS_CONFIG);
      serverAssert(ret, 'ret');
    }
  }
}

/*-----------------------------------------------------------------------------
 * CONFIG HELP
 *----------------------------------------------------------------------------*/

/**
 * CONFIG HELP: what the subcommands are for.
 * @c config.c:3238
 */
export function configHelpCommand(c: client): void {
  addReplyHelp(c, [
    'GET <pattern>',
    '    Return parameters matching the glob-like <pattern> and their values.',
    'SET <directive> <value>',
    '    Set the configuration <directive> to <value>.',
    'RESETSTAT',
    '    Reset statistics reported by the INFO command.',
    'REWRITE',
    '    Rewrite the configuration file.',
  ]);
}

/*-----------------------------------------------------------------------------
 * CONFIG RESETSTAT
 *----------------------------------------------------------------------------*/

/**
 * CONFIG RESETSTAT: the counters of INFO, of the commands and of the errors start at zero again.
 * @c config.c:3258
 */
export function configResetStatCommand(c: client): void {
  resetServerStats();
  resetCommandTableStats(server.commands);
  resetErrorTableStats();
  addReply(c, shared.ok);
}

/*-----------------------------------------------------------------------------
 * CONFIG REWRITE
 *----------------------------------------------------------------------------*/

/**
 * CONFIG REWRITE: writes the current values into the config file that the server was started with.
 * @c config.c:3269
 */
export function configRewriteCommand(c: client): void {
  if (server.configfile === null) {
    addReplyError(c, 'The server is running without a config file');
    return;
  }
  if (rewriteConfig(server.configfile, false) === -1) {
    const err = strerror(posix.errno);
    serverLog(LL_WARNING, `CONFIG REWRITE failed: ${err}`);
    addReplyErrorFormat(c, `Rewriting config file: ${err}`);
  } else {
    serverLog(LL_WARNING, 'CONFIG REWRITE executed with success.');
    addReply(c, shared.ok);
  }
}
