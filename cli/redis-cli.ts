/**
 * @packageDocumentation
 * redis-cli: sends commands to a server, from its arguments or from a prompt, and prints the replies.
 *
 *     main ─▶ parseOptions, parseEnv
 *      │
 *      ├─ one command ───▶ noninteractive ─▶ issueCommand ─┐
 *      ├─ --eval ────────▶ evalMode ──────▶ issueCommand ──┤
 *      ├─ nothing ───────▶ repl ──▶ issueCommandRepeat ◀───┘
 *      │                    ▲           │
 *      │                linenoise       ├─ cliConnect       (AUTH, SELECT, HELLO 3)
 *      │                                └─ cliSendCommand ─▶ cliReadReply ─▶ cliFormatReply ─▶ stdout
 *      ├─ --scan ────────▶ scanMode                              TTY | Raw | CSV | Json
 *      └─ --replica ─────▶ slaveMode
 *
 * A reply is printed in one of five forms; `SET`s of two levels in the one for people (cliFormatReplyTTY):
 *
 *     1) "a"               array: index and ")"; set: "~"; map: "#" and "=>"
 *     2) 1) "b"            an element that is itself an aggregate starts on the line of its index,
 *        2) (integer) 3    and the rest of it is indented by the width of the index and two
 *
 * Called by bin/redis-cli.ts; calls hiredis.ts (connection and protocol), linenoise.ts (the prompt), help.ts (commands,
 * when the server cannot be asked), cli_common.ts, stdio.ts. Everything is synchronous. Bytes are strings with one char
 * code a byte. What differs from C: a blocked read cannot run a JavaScript signal handler, so during MONITOR and
 * SUBSCRIBE at a prompt Ctrl-C is read as a key (cliInterruptibleRead), and elsewhere it ends the program as it ends any
 * other. The program's state is in `config` and `cli`, C's file-level statics: there is one redis-cli in a process.
 */
import { anetFormatAddr, anetKeepAlive } from '../networking/anet.ts';
import {
  ECONNRESET,
  EPIPE,
  posix,
  POLLIN,
  SIGINT,
  SIGQUIT,
  SIGTSTP,
  STDIN_FILENO,
  STDOUT_FILENO,
  strerror,
  usePosix,
  type Posix,
} from '../posix/posix.ts';
import { REDIS_VERSION } from '../server/version.ts';
import {
  cliConnInfo,
  cliWriteConn,
  escapeJsonString,
  getSdsArrayFromArgv,
  parseRedisUri,
  readArgFromStdin,
  unquoteCString,
} from './cli_common.ts';
import { commandGroups, commandHelp, type commandDocs } from './help.ts';
import {
  isspace,
  redisAppendCommandArgv,
  redisCommand,
  redisConnect,
  redisConnectUnix,
  redisContextDefaultFuncs,
  redisFree,
  redisGetReply,
  redisNetRead,
  redisNetWrite,
  redisSetPushCallback,
  REDIS_ERR,
  REDIS_ERR_EOF,
  REDIS_ERR_IO,
  REDIS_INVALID_FD,
  REDIS_OK,
  REDIS_REPLY_ARRAY,
  REDIS_REPLY_BOOL,
  REDIS_REPLY_DOUBLE,
  REDIS_REPLY_ERROR,
  REDIS_REPLY_INTEGER,
  REDIS_REPLY_MAP,
  REDIS_REPLY_NIL,
  REDIS_REPLY_PUSH,
  REDIS_REPLY_SET,
  REDIS_REPLY_STATUS,
  REDIS_REPLY_STRING,
  REDIS_REPLY_VERB,
  sdscatrepr,
  sdssplitargs,
  type redisContext,
  type redisContextFuncs,
  type redisReply,
} from './hiredis.ts';
import {
  CTRL_C,
  linenoise,
  linenoiseAddCompletion,
  linenoiseClearScreen,
  linenoiseHistoryAdd,
  linenoiseHistoryLoad,
  linenoiseHistorySave,
  linenoiseMaskModeDisable,
  linenoiseMaskModeEnable,
  linenoiseSetCompletionCallback,
  linenoiseSetHintsCallback,
  linenoiseSetMultiLine,
  readKey,
  type linenoiseHint,
} from './linenoise.ts';
import {
  assert,
  atof,
  atoi,
  cstr,
  exit,
  fflush,
  fputs,
  printf,
  stderr,
  stdout,
  strcaseeq,
  strncaseeq,
  strtol,
  toupper,
  writeAll,
} from './stdio.ts';

export const OUTPUT_STANDARD = 0;
export const OUTPUT_RAW = 1;
export const OUTPUT_CSV = 2;
export const OUTPUT_JSON = 3;
export const OUTPUT_QUOTED_JSON = 4;
/** Seconds between two probes of an idle connection. */
export const REDIS_CLI_KEEPALIVE_INTERVAL = 15;
export const REDIS_CLI_HISTFILE_ENV = 'REDISCLI_HISTFILE';
export const REDIS_CLI_HISTFILE_DEFAULT = '.rediscli_history';
export const REDIS_CLI_RCFILE_ENV = 'REDISCLI_RCFILE';
export const REDIS_CLI_RCFILE_DEFAULT = '.redisclirc';
export const REDIS_CLI_AUTH_ENV = 'REDISCLI_AUTH';

/** cliConnect: connect even if there is a connection. */
export const CC_FORCE = 1 << 0;
/** cliConnect: do not say why it failed. */
export const CC_QUIET = 1 << 1;

/** Length of the mark that ends an RDB file of unknown size. */
export const RDB_EOF_MARK_SIZE = 40;

export const CLI_HELP_COMMAND = 1;
export const CLI_HELP_GROUP = 2;

/** The prompt is a char[128] in C. */
const PROMPT_MAX = 127;

/** One thing that there is help for. */
export interface helpEntry {
  type: number;
  /** The words of its name. */
  argv: string[];
  /** Its name; of a group with `@` before it. */
  full: string;
  /** Of a command. */
  org: commandDocs;
}

/** C's static struct config: the options, and the state of the session. */
export class cliConfig {
  conn_info = new cliConnInfo();
  hostsocket: string | null = null;
  /** How often a command is sent; negative: for ever. */
  repeat = 1;
  /** Microseconds between two of them. */
  interval = 0;
  /** The database that the connection is in. */
  dbnum = 0;
  interactive = false;
  /** SHUTDOWN was sent: the end of the connection is its reply. */
  shutdown = false;
  monitor_mode = false;
  pubsub_mode = false;
  /** Ctrl-C has closed the connection in order to leave monitor_mode or pubsub_mode. */
  blocking_state_aborted = false;
  /** -c: follow redirections. */
  cluster_mode = false;
  /** A redirection came: send the command once more, to where conn_info points now. */
  cluster_reissue_command = false;
  cluster_send_asking = false;
  slave_mode = false;
  scan_mode = false;
  pattern: string | null = null;
  /** -x: the last argument comes from standard input. */
  stdin_lastarg = false;
  /** -X: the argument that equals stdin_tag_name comes from there. */
  stdin_tag_arg = false;
  stdin_tag_name = '';
  askpass = false;
  quoted_input = false;
  /** OUTPUT_*. */
  output = OUTPUT_STANDARD;
  /** Print RESP3 pushes that arrive on the way. */
  push_output = false;
  mb_delim = '\n';
  cmd_delim = '\n';
  prompt = '';
  eval: string | null = null;
  eval_ldb = false;
  eval_ldb_sync = false;
  /** The debugging session just ended. */
  eval_ldb_end = false;
  /** SCRIPT DEBUG was sent by hand: the next EVAL is a debugging session. */
  enable_ldb_on_eval = false;
  last_cmd_type = -1;
  verbose = false;
  /** -e: an error is an exit status. */
  set_errcode = false;
  no_auth_warning = false;
  resp2 = false;
  /** 1: -3 was given. 2: --json or --quoted-json want it. */
  resp3 = 0;
  in_multi = false;
  /** Where the connection was before MULTI, for when the transaction fails. */
  pre_multi_dbnum = 0;
}

/** The other file-level statics of redis-cli.c. */
export class cliStatics {
  /** The connection, or null. */
  context: redisContext | null = null;
  /** struct pref: show hints while typing. */
  pref = { hints: true };
  /** null until help is needed. */
  helpEntries: helpEntry[] | null = null;
}

export const config = new cliConfig();
export const cli = new cliStatics();

/* ---------------------------------------------------------------------------------------------------------------
 * Utility functions
 * ------------------------------------------------------------------------------------------------------------- */

/**
 * Wall clock in microseconds.
 *
 * @c redis-cli.c:302
 * @cstatic
 */
export function ustime(): number {
  return posix.gettimeofday();
}

/**
 * Wall clock in milliseconds.
 *
 * @c redis-cli.c:312
 * @cstatic
 */
export function mstime(): number {
  return Math.trunc(ustime() / 1000);
}

/**
 * Makes the prompt: address, `[db]` unless it is 0, `(TX)` in a transaction. The Lua debugger has its own.
 *
 * @c redis-cli.c:316
 * @cstatic
 */
export function cliRefreshPrompt(): void {
  if (config.eval_ldb) return;

  let prompt: string;
  if (config.hostsocket !== null) {
    prompt = `redis ${config.hostsocket}`;
  } else {
    prompt = anetFormatAddr(config.conn_info.hostip, config.conn_info.hostport);
  }
  if (config.dbnum !== 0) prompt += `[${config.dbnum}]`;
  if (config.in_multi) prompt += '(TX)';
  prompt += '> ';
  config.prompt = prompt.slice(0, PROMPT_MAX);
}

/**
 * Path of a file of the user: what the environment variable says, else `dotfilename` at home. null for /dev/null, or
 * when there is no home.
 *
 * @c redis-cli.c:350
 * @cstatic
 */
export function getDotfilePath(envoverride: string, dotfilename: string): string | null {
  const path = posix.getenv(envoverride);
  if (path !== undefined && path !== '') return path === '/dev/null' ? null : path;
  const home = posix.getenv('HOME');
  if (home !== undefined && home !== '') return `${home}/${dotfilename}`;
  return null;
}

/* ---------------------------------------------------------------------------------------------------------------
 * Help functions
 * ------------------------------------------------------------------------------------------------------------- */

/**
 * The version. C adds the git commit that it was built from, if there was one.
 *
 * @c redis-cli.c:420
 * @cstatic
 */
export function cliVersion(): string {
  return REDIS_VERSION;
}

/**
 * Fills the help entries from the table in help.ts, for when no server can be asked for its commands.
 *
 * @c redis-cli.c:435
 * @cstatic
 */
export function cliOldInitHelp(): void {
  const entries: helpEntry[] = [];
  for (const group of commandGroups) {
    entries.push({
      type: CLI_HELP_GROUP,
      argv: [`@${group}`],
      full: `@${group}`,
      org: { name: '', params: '', summary: '', group: '', since: null },
    });
  }
  for (const org of commandHelp()) {
    entries.push({ type: CLI_HELP_COMMAND, argv: sdssplitargs(org.name)!, full: org.name, org });
  }
  cli.helpEntries = entries;
}

/**
 * Adds to the help entries the commands that only the server knows, for a server that cannot describe them. All that
 * can be said of those is how many arguments they take.
 *
 * @c redis-cli.c:477
 * @cstatic
 */
export function cliOldIntegrateHelp(): void {
  if (cliConnect(CC_QUIET) === REDIS_ERR) return;

  const reply = redisCommand(cli.context!, 'COMMAND');
  if (reply === null || reply.type !== REDIS_REPLY_ARRAY) return;

  const helpEntries = cli.helpEntries!;
  for (const entry of reply.element) {
    if (
      entry!.type !== REDIS_REPLY_ARRAY ||
      entry!.element.length < 4 ||
      entry!.element[0]!.type !== REDIS_REPLY_STRING ||
      entry!.element[1]!.type !== REDIS_REPLY_INTEGER ||
      entry!.element[3]!.type !== REDIS_REPLY_INTEGER
    ) {
      return;
    }
    const cmdname = entry!.element[0]!.str;
    if (helpEntries.some((he) => strcaseeq(he.argv[0], cmdname))) continue;

    const arity = Number(entry!.element[1]!.integer);
    // The name of the command is not one of its arguments.
    let args = Math.abs(arity) - 1;
    let params = '';
    if (entry!.element[3]!.integer === 1) {
      params += 'key ';
      args--;
    }
    while (args-- > 0) params += 'arg ';
    if (arity < 0) params += '...options...';
    const name = toupper(cmdname);
    helpEntries.push({
      type: CLI_HELP_COMMAND,
      argv: [name],
      full: name,
      org: {
        name,
        params,
        summary: 'Help not available',
        since: 'Not known',
        group: commandGroups[0],
      },
    });
  }
}

/**
 * `params` with `value` behind it; with a pair of quotes where the value is empty.
 *
 * @c redis-cli.c:531
 * @cstatic
 */
export function sdscat_orempty(params: string, value: string): string {
  return params + (value === '' ? '""' : value);
}

/**
 * `params` with the syntax of all arguments of a list behind it.
 *
 * @c redis-cli.c:541
 * @cstatic
 */
export function cliConcatArguments(params: string, args: redisReply, separator: string): string {
  for (let j = 0; j < args.element.length; j++) {
    params = cliAddArgument(params, args.element[j]!);
    if (j !== args.element.length - 1) params += separator;
  }
  return params;
}

/**
 * `params` with the syntax of one argument behind it, as COMMAND DOCS describes it: token, name or alternatives, `...`
 * where it may repeat, brackets where it may be left out.
 *
 * @c redis-cli.c:552
 * @cstatic
 */
export function cliAddArgument(params: string, argMap: redisReply): string {
  let name = '';
  let type = '';
  let optional = false;
  let multiple = false;
  let multipleToken = false;
  let args: redisReply | null = null;
  let tokenPart = '';
  let repeatPart = '';

  if (argMap.type !== REDIS_REPLY_MAP && argMap.type !== REDIS_REPLY_ARRAY) return params;
  for (let i = 0; i < argMap.element.length; i += 2) {
    const key = argMap.element[i]!;
    const value = argMap.element[i + 1]!;
    assert(key.type === REDIS_REPLY_STRING, 'key of an argument is a string');
    if (key.str === 'name') {
      assert(value.type === REDIS_REPLY_STRING, 'name of an argument is a string');
      name = value.str;
    } else if (key.str === 'token') {
      assert(value.type === REDIS_REPLY_STRING, 'token of an argument is a string');
      tokenPart = sdscat_orempty(tokenPart, value.str);
    } else if (key.str === 'type') {
      assert(value.type === REDIS_REPLY_STRING, 'type of an argument is a string');
      type = value.str;
    } else if (key.str === 'arguments') {
      args = value;
    } else if (key.str === 'flags') {
      assert(
        value.type === REDIS_REPLY_SET || value.type === REDIS_REPLY_ARRAY,
        'flags of an argument are a set',
      );
      for (const flag of value.element) {
        assert(flag!.type === REDIS_REPLY_STATUS, 'flag of an argument is a status');
        if (flag!.str === 'optional') optional = true;
        else if (flag!.str === 'multiple') multiple = true;
        else if (flag!.str === 'multiple_token') multipleToken = true;
      }
    }
  }

  switch (type) {
    case 'key':
    case 'string':
    case 'integer':
    case 'double':
    case 'pattern':
    case 'unix-time':
    case 'token':
      repeatPart = sdscat_orempty(repeatPart, name);
      break;
    case 'oneof':
      repeatPart = cliConcatArguments(repeatPart, args!, '|');
      break;
    case 'block':
      repeatPart = cliConcatArguments(repeatPart, args!, ' ');
      break;
    case 'pure-token':
      break;
    default:
      fputs(`Unknown type '${type}' set for argument '${name}'\n`, stderr);
  }

  if (tokenPart !== '' && type !== 'pure-token') tokenPart += ' ';
  if (optional) params += '[';
  params += tokenPart + repeatPart;
  if (multiple) {
    params += ' [';
    if (multipleToken) params += tokenPart;
    params += repeatPart + ' ...]';
  }
  if (optional) params += ']';
  return params;
}

/**
 * Gives a help entry the name of a command, or of a subcommand (which the server calls `container|sub`).
 *
 * @c redis-cli.c:642
 * @cstatic
 */
export function cliFillInCommandHelpEntry(
  help: helpEntry,
  cmdname: string,
  subcommandname: string | null,
): void {
  help.argv = [toupper(cmdname)];
  if (subcommandname !== null) {
    help.argv.push(toupper(subcommandname.slice(subcommandname.indexOf('|') + 1)));
  }
  help.full = help.argv.join(' ');
  help.type = CLI_HELP_COMMAND;
  help.org.name = help.full;
  help.org.params = '';
  help.org.since = null;
}

/**
 * Appends the help entry of a command that COMMAND DOCS describes by `specs`, and those of its subcommands. The group
 * goes into `groups`.
 *
 * @c redis-cli.c:671
 * @cstatic
 */
export function cliInitCommandHelpEntry(
  cmdname: string,
  subcommandname: string | null,
  specs: redisReply,
  groups: Set<string>,
): void {
  const help: helpEntry = {
    type: 0,
    argv: [],
    full: '',
    org: { name: '', params: '', summary: '', group: '', since: null },
  };
  cli.helpEntries!.push(help);
  cliFillInCommandHelpEntry(help, cmdname, subcommandname);

  assert(
    specs.type === REDIS_REPLY_MAP || specs.type === REDIS_REPLY_ARRAY,
    'docs of a command are a map',
  );
  for (let j = 0; j < specs.element.length; j += 2) {
    const key = specs.element[j]!;
    const value = specs.element[j + 1]!;
    assert(key.type === REDIS_REPLY_STRING, 'key in the docs is a string');
    if (key.str === 'summary') {
      assert(value.type === REDIS_REPLY_STRING, 'summary is a string');
      help.org.summary = value.str;
    } else if (key.str === 'since') {
      assert(value.type === REDIS_REPLY_STRING, 'since is a string');
      help.org.since = value.str;
    } else if (key.str === 'group') {
      assert(value.type === REDIS_REPLY_STRING, 'group is a string');
      help.org.group = value.str;
      groups.add(value.str);
    } else if (key.str === 'arguments') {
      assert(value.type === REDIS_REPLY_ARRAY, 'arguments are an array');
      help.org.params = cliConcatArguments(help.org.params, value, ' ');
    } else if (key.str === 'subcommands') {
      assert(
        value.type === REDIS_REPLY_MAP || value.type === REDIS_REPLY_ARRAY,
        'subcommands are a map',
      );
      for (let i = 0; i < value.element.length; i += 2) {
        assert(value.element[i]!.type === REDIS_REPLY_STRING, 'name of a subcommand is a string');
        cliInitCommandHelpEntry(cmdname, value.element[i]!.str, value.element[i + 1]!, groups);
      }
    }
  }
}

/**
 * Order of help entries: by name, byte by byte. Negative, zero or positive.
 *
 * @c redis-cli.c:740
 */
export function helpEntryCompare(i1: helpEntry, i2: helpEntry): number {
  return i1.full < i2.full ? -1 : i1.full > i2.full ? 1 : 0;
}

/**
 * Appends a help entry for every group.
 *
 * @c redis-cli.c:750
 */
export function cliInitGroupHelpEntries(groups: Set<string>): void {
  for (const group of groups) {
    cli.helpEntries!.push({
      type: CLI_HELP_GROUP,
      argv: [`@${group}`],
      full: `@${group}`,
      org: { name: '', params: '', summary: '', group: '', since: null },
    });
  }
}

/**
 * Appends the help entries of all commands in a COMMAND DOCS reply.
 *
 * @c redis-cli.c:777
 */
export function cliInitCommandHelpEntries(commandTable: redisReply, groups: Set<string>): void {
  for (let i = 0; i < commandTable.element.length; i += 2) {
    assert(commandTable.element[i]!.type === REDIS_REPLY_STRING, 'name of a command is a string');
    const cmdname = commandTable.element[i]!.str;
    cliInitCommandHelpEntry(cmdname, null, commandTable.element[i + 1]!, groups);
  }
}

/**
 * Fills the help entries from what the server says of its commands, so that help fits the server. Without a server, or
 * with one older than 7.0, from our own table.
 *
 * @c redis-cli.c:793
 * @cstatic
 */
export function cliInitHelp(): void {
  if (cliConnect(CC_QUIET) === REDIS_ERR) {
    cliOldInitHelp();
    return;
  }
  const commandTable = redisCommand(cli.context!, 'COMMAND DOCS');
  if (commandTable === null || commandTable.type === REDIS_REPLY_ERROR) {
    cliOldInitHelp();
    cliOldIntegrateHelp();
    return;
  }
  if (commandTable.type !== REDIS_REPLY_MAP && commandTable.type !== REDIS_REPLY_ARRAY) return;

  cli.helpEntries = [];
  const groups = new Set<string>();
  cliInitCommandHelpEntries(commandTable, groups);
  cliInitGroupHelpEntries(groups);
  cli.helpEntries.sort(helpEntryCompare);
}

/**
 * Prints the help of a command; its group only if `group`.
 *
 * @c redis-cli.c:837
 * @cstatic
 */
export function cliOutputCommandHelp(help: commandDocs, group: boolean): void {
  printf(`\r\n  \x1b[1m${help.name}\x1b[0m \x1b[90m${help.params}\x1b[0m\r\n`);
  printf(`  \x1b[33msummary:\x1b[0m ${help.summary}\r\n`);
  if (help.since !== null) printf(`  \x1b[33msince:\x1b[0m ${help.since}\r\n`);
  if (group) printf(`  \x1b[33mgroup:\x1b[0m ${help.group}\r\n`);
}

/**
 * Prints how to get help.
 *
 * @c redis-cli.c:849
 * @cstatic
 */
export function cliOutputGenericHelp(): void {
  printf(
    `redis-cli ${cliVersion()}\n` +
      'To get help about Redis commands type:\n' +
      '      "help @<group>" to get a list of commands in <group>\n' +
      '      "help <command>" for help on <command>\n' +
      '      "help <tab>" to get a list of possible help topics\n' +
      '      "quit" to exit\n' +
      '\n' +
      'To set redis-cli preferences:\n' +
      '      ":set hints" enable online hints\n' +
      '      ":set nohints" disable online hints\n' +
      'Set your preferences in ~/.redisclirc\n',
  );
}

/**
 * HELP: prints the help of the commands that begin with the words `argv`, or of a group (`@name`), or how to get help.
 *
 * @c redis-cli.c:869
 * @cstatic
 */
export function cliOutputHelp(argv: readonly string[]): void {
  let group: string | null = null;
  if (argv.length === 0) {
    cliOutputGenericHelp();
    return;
  } else if (argv[0][0] === '@') {
    group = argv[0].slice(1);
  }

  if (cli.helpEntries === null) cliInitHelp();

  for (const entry of cli.helpEntries ?? []) {
    if (entry.type !== CLI_HELP_COMMAND) continue;
    const help = entry.org;
    if (group === null) {
      if (argv.length <= entry.argv.length && argv.every((a, j) => strcaseeq(a, entry.argv[j]))) {
        cliOutputCommandHelp(help, true);
      }
    } else if (strcaseeq(group, help.group)) {
      cliOutputCommandHelp(help, false);
    }
  }
  printf('\r\n');
}

/**
 * For linenoise: all commands, and after `help` all groups, that begin with what is typed.
 *
 * @c redis-cli.c:912
 * @cstatic
 */
export function completionCallback(buf: string, lc: string[]): void {
  let startpos = 0;
  let mask = CLI_HELP_COMMAND;
  if (strncaseeq(buf, 'help ', 5)) {
    startpos = 5;
    while (isspace(buf.charCodeAt(startpos))) startpos++;
    mask = CLI_HELP_COMMAND | CLI_HELP_GROUP;
  }

  const typed = buf.slice(startpos);
  for (const entry of cli.helpEntries ?? []) {
    if (!(entry.type & mask)) continue;
    if (strncaseeq(typed, entry.full, typed.length)) {
      linenoiseAddCompletion(lc, buf.slice(0, startpos) + entry.full);
    }
  }
}

/**
 * For linenoise: the arguments that the command still expects, in grey. null when the line begins with no command, or
 * hints are off.
 *
 * @c redis-cli.c:941
 * @cstatic
 */
export function hintsCallback(buf: string): linenoiseHint | null {
  if (!cli.pref.hints) return null;

  const argv = sdssplitargs(buf);
  if (argv === null || argv.length === 0) return null;
  const endspace = isspace(buf.charCodeAt(buf.length - 1));

  // The command of most words wins: "config set" before "config".
  let entry: helpEntry | null = null;
  let matchlen = 0;
  for (const he of cli.helpEntries ?? []) {
    if (!(he.type & CLI_HELP_COMMAND)) continue;
    if (he.argv.length <= argv.length && he.argv.length > matchlen) {
      if (he.argv.every((word, j) => strcaseeq(word, argv[j]))) {
        matchlen = he.argv.length;
        entry = he;
      }
    }
  }
  if (entry === null) return null;

  // Leave out a word for every argument that is there, up to the first optional one.
  let text = entry.org.params;
  let toremove = argv.length - matchlen;
  let start = 0;
  while (toremove > 0 && start < text.length) {
    if (text[start] === '[') break;
    if (text[start] === ' ') toremove--;
    start++;
  }
  text = text.slice(start);
  if (!endspace) text = ' ' + text;
  return { text, color: 90, bold: 0 };
}

/* ---------------------------------------------------------------------------------------------------------------
 * Networking / parsing
 * ------------------------------------------------------------------------------------------------------------- */

/**
 * Authenticates, if there is a password. REDIS_ERR (and a word on stderr) when the server refuses it.
 *
 * @c redis-cli.c:1012
 * @cstatic
 */
export function cliAuth(ctx: redisContext, user: string | null, auth: string | null): number {
  if (auth === null) return REDIS_OK;

  const reply =
    user === null
      ? redisCommand(ctx, 'AUTH %s', auth)
      : redisCommand(ctx, 'AUTH %s %s', user, auth);
  if (reply === null) {
    fputs('\nI/O error\n', stderr);
    return REDIS_ERR;
  }
  if (reply.type === REDIS_REPLY_ERROR) {
    fputs(`AUTH failed: ${cstr(reply.str)}\n`, stderr);
    return REDIS_ERR;
  }
  return REDIS_OK;
}

/**
 * Selects the database that the user asked for, if the connection is in another one.
 *
 * @c redis-cli.c:1036
 * @cstatic
 */
export function cliSelect(): number {
  if (config.conn_info.input_dbnum === config.dbnum) return REDIS_OK;

  const reply = redisCommand(cli.context!, 'SELECT %d', config.conn_info.input_dbnum);
  if (reply === null) {
    fputs('\nI/O error\n', stderr);
    return REDIS_ERR;
  }
  if (reply.type === REDIS_REPLY_ERROR) {
    fputs(`SELECT ${config.conn_info.input_dbnum} failed: ${cstr(reply.str)}\n`, stderr);
    return REDIS_ERR;
  }
  config.dbnum = config.conn_info.input_dbnum;
  cliRefreshPrompt();
  return REDIS_OK;
}

/**
 * Switches to RESP3 if -3 was given, or if a form of output wants it; then a server that cannot is good enough, too.
 *
 * @c redis-cli.c:1059
 * @cstatic
 */
export function cliSwitchProto(): number {
  if (!config.resp3 || config.resp2) return REDIS_OK;

  const reply = redisCommand(cli.context!, 'HELLO 3');
  if (reply === null) {
    fputs('\nI/O error\n', stderr);
    return REDIS_ERR;
  }
  if (reply.type === REDIS_REPLY_ERROR) {
    fputs(`HELLO 3 failed: ${cstr(reply.str)}\n`, stderr);
    if (config.resp3 === 1) return REDIS_ERR;
  }
  return REDIS_OK;
}

/**
 * Connects, unless there is a connection and CC_FORCE is not set: then authentication, database and protocol follow.
 * REDIS_ERR on failure, with a word on stderr unless CC_QUIET; the context stays when only the server refused us.
 *
 * @c redis-cli.c:1086
 * @cstatic
 */
export function cliConnect(flags: number): number {
  if (cli.context === null || flags & CC_FORCE) {
    if (cli.context !== null) {
      redisFree(cli.context);
      config.dbnum = 0;
      config.in_multi = false;
      cliRefreshPrompt();
    }

    // A redirection names a host, even if we came over a Unix socket.
    const overTcp =
      config.hostsocket === null || (config.cluster_mode && config.cluster_reissue_command);
    const context = overTcp
      ? redisConnect(config.conn_info.hostip, config.conn_info.hostport)
      : redisConnectUnix(config.hostsocket!);
    cli.context = context;

    if (context.err) {
      if (!(flags & CC_QUIET)) {
        fputs('Could not connect to Redis at ', stderr);
        if (overTcp) {
          const { hostip, hostport } = config.conn_info;
          fputs(`${cstr(hostip)}:${hostport}: ${context.errstr}\n`, stderr);
        } else {
          fputs(`${config.hostsocket}: ${context.errstr}\n`, stderr);
        }
      }
      redisFree(context);
      cli.context = null;
      return REDIS_ERR;
    }

    // A command may take long: keep the connection from looking dead, and notice it if it is.
    anetKeepAlive(null, context.fd, REDIS_CLI_KEEPALIVE_INTERVAL);

    if (cliAuth(context, config.conn_info.user, config.conn_info.auth) !== REDIS_OK) {
      return REDIS_ERR;
    }
    if (cliSelect() !== REDIS_OK) return REDIS_ERR;
    if (cliSwitchProto() !== REDIS_OK) return REDIS_ERR;
  }

  if (config.push_output) redisSetPushCallback(cli.context, cliPushHandler);
  return REDIS_OK;
}

/**
 * Announces to the node that an ASK redirection named that the next command is meant for it.
 *
 * @c redis-cli.c:1157
 * @cstatic
 */
export function cliSendAsking(): number {
  config.cluster_send_asking = false;
  if (cli.context === null) return REDIS_ERR;
  const reply = redisCommand(cli.context, 'ASKING');
  if (reply === null) {
    fputs('\nI/O error\n', stderr);
    return REDIS_ERR;
  }
  if (reply.type === REDIS_REPLY_ERROR) {
    fputs(`ASKING failed: ${cstr(reply.str)}\n`, stderr);
    return REDIS_ERR;
  }
  return REDIS_OK;
}

/**
 * Says why the connection failed.
 *
 * @c redis-cli.c:1178
 * @cstatic
 */
export function cliPrintContextError(): void {
  if (cli.context === null) return;
  fputs(`Error: ${cli.context.errstr}\n`, stderr);
}

/**
 * Whether a reply is a push that tells of keys changed in client side caching.
 *
 * @c redis-cli.c:1183
 * @cstatic
 */
export function isInvalidateReply(reply: redisReply): boolean {
  return (
    reply.type === REDIS_REPLY_PUSH &&
    reply.element.length === 2 &&
    reply.element[0]!.type === REDIS_REPLY_STRING &&
    reply.element[0]!.str.startsWith('invalidate') &&
    reply.element[1]!.type === REDIS_REPLY_ARRAY
  );
}

/**
 * The line that shows the keys of such a push.
 *
 * @c redis-cli.c:1193
 * @cstatic
 */
export function cliFormatInvalidateTTY(r: redisReply): string {
  let out = '-> invalidate: ';
  const keys = r.element[1]!.element;
  for (let i = 0; i < keys.length; i++) {
    assert(keys[i]!.type === REDIS_REPLY_STRING, 'an invalidated key is a string');
    out += `'${cstr(keys[i]!.str)}'`;
    if (i < keys.length - 1) out += ', ';
  }
  return out + '\n';
}

/**
 * Whether cliFormatReplyTTY takes several lines for a reply.
 *
 * @c redis-cli.c:1209
 * @cstatic
 */
export function cliIsMultilineValueTTY(r: redisReply): boolean {
  switch (r.type) {
    case REDIS_REPLY_ARRAY:
    case REDIS_REPLY_SET:
    case REDIS_REPLY_PUSH:
      if (r.element.length === 0) return false;
      if (r.element.length > 1) return true;
      return cliIsMultilineValueTTY(r.element[0]!);
    case REDIS_REPLY_MAP:
      if (r.element.length === 0) return false;
      if (r.element.length > 2) return true;
      return cliIsMultilineValueTTY(r.element[1]!);
    default:
      return false;
  }
}

/**
 * A reply in the form for people: types shown, strings quoted, aggregates numbered and indented. `prefix` goes before
 * every line but the first. Ends the program at a type that it does not know (a big number).
 *
 * @c redis-cli.c:1226
 * @cstatic
 */
export function cliFormatReplyTTY(r: redisReply, prefix: string): string {
  let out = '';
  switch (r.type) {
    case REDIS_REPLY_ERROR:
      return `(error) ${cstr(r.str)}\n`;
    case REDIS_REPLY_STATUS:
      return cstr(r.str) + '\n';
    case REDIS_REPLY_INTEGER:
      return `(integer) ${r.integer}\n`;
    case REDIS_REPLY_DOUBLE:
      return `(double) ${r.str}\n`;
    case REDIS_REPLY_STRING:
      return sdscatrepr('', r.str) + '\n';
    case REDIS_REPLY_VERB:
      // It is meant to be read as it is.
      return r.str + '\n';
    case REDIS_REPLY_NIL:
      return '(nil)\n';
    case REDIS_REPLY_BOOL:
      return r.integer ? '(true)\n' : '(false)\n';
    case REDIS_REPLY_ARRAY:
    case REDIS_REPLY_MAP:
    case REDIS_REPLY_SET:
    case REDIS_REPLY_PUSH: {
      const elements = r.element.length;
      if (elements === 0) {
        if (r.type === REDIS_REPLY_ARRAY) return '(empty array)\n';
        if (r.type === REDIS_REPLY_MAP) return '(empty hash)\n';
        if (r.type === REDIS_REPLY_SET) return '(empty set)\n';
        return '(empty push)\n';
      }

      // All indices are as wide as the greatest; what is nested is indented by that and the two characters behind it.
      const idxlen = String(r.type === REDIS_REPLY_MAP ? elements / 2 : elements).length;
      const _prefix = prefix + ' '.repeat(idxlen + 2);
      const numsep = r.type === REDIS_REPLY_SET ? '~' : r.type === REDIS_REPLY_MAP ? '#' : ')';

      for (let i = 0; i < elements; i++) {
        const human_idx = (r.type === REDIS_REPLY_MAP ? i / 2 : i) + 1;
        // Whoever called has begun the first line.
        if (i !== 0) out += prefix;
        out += `${String(human_idx).padStart(idxlen)}${numsep} `;

        const tmp = cliFormatReplyTTY(r.element[i]!, _prefix);
        if (r.type === REDIS_REPLY_MAP) {
          i++;
          // The key without its line end. Cutting tmp and not out, as C does, leaves the long string alone.
          out += tmp.slice(0, -1) + ' => ';
          if (cliIsMultilineValueTTY(r.element[i]!)) out += '\n' + _prefix;
          out += cliFormatReplyTTY(r.element[i]!, _prefix);
        } else {
          out += tmp;
        }
      }
      return out;
    }
    default:
      fputs(`Unknown reply type: ${r.type}\n`, stderr);
      return exit(1);
  }
}

/**
 * Whether the terminal can show colours.
 *
 * @c redis-cli.c:1342
 */
export function isColorTerm(): boolean {
  return posix.getenv('TERM')?.includes('xterm') ?? false;
}

/**
 * `o` with `s` behind it, in a colour (a name, with or without "bold") if the terminal has any.
 *
 * @c redis-cli.c:1349
 */
export function sdscatcolor(o: string, s: string, color: string): string {
  if (!isColorTerm()) return o + s;

  const bold = color.includes('bold') ? 1 : 0;
  let ccode = 37;
  if (color.includes('red')) ccode = 31;
  else if (color.includes('green')) ccode = 32;
  else if (color.includes('yellow')) ccode = 33;
  else if (color.includes('blue')) ccode = 34;
  else if (color.includes('magenta')) ccode = 35;
  else if (color.includes('cyan')) ccode = 36;
  else if (color.includes('white')) ccode = 37;
  return `${o}\x1b[${bold};${ccode};49m${s}\x1b[0m`;
}

/**
 * `o` with a line of the Lua debugger behind it, in the colour that its kind has.
 *
 * @c redis-cli.c:1370
 */
export function sdsCatColorizedLdbReply(o: string, s: string): string {
  let color = 'white';
  if (s.includes('<debug>')) color = 'bold';
  if (s.includes('<redis>')) color = 'green';
  if (s.includes('<reply>')) color = 'cyan';
  if (s.includes('<error>')) color = 'red';
  if (s.includes('<hint>')) color = 'bold';
  if (s.includes('<value>') || s.includes('<retval>')) color = 'magenta';
  if (s.length > 4 && s[3] >= '0' && s[3] <= '9') {
    // The line where it stands, or one with a breakpoint.
    if (s[1] === '>') color = 'yellow';
    else if (s[2] === '#') color = 'bold';
  }
  return sdscatcolor(o, s, color);
}

/**
 * A reply in its plain form: strings as they are, elements apart by the delimiter of -d. Notices when a debugging
 * session ends.
 *
 * @c redis-cli.c:1386
 * @cstatic
 */
export function cliFormatReplyRaw(r: redisReply): string {
  let out = '';
  switch (r.type) {
    case REDIS_REPLY_NIL:
      break;
    case REDIS_REPLY_ERROR:
      out += r.str + '\n';
      break;
    case REDIS_REPLY_STATUS:
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_VERB:
      if (r.type === REDIS_REPLY_STATUS && config.eval_ldb) {
        // The Lua debugger answers with arrays of statuses.
        if (r.str.startsWith('<endsession>')) {
          config.enable_ldb_on_eval = false;
          config.eval_ldb = false;
          config.eval_ldb_end = true;
          config.output = OUTPUT_STANDARD;
          cliRefreshPrompt();
        } else {
          out = sdsCatColorizedLdbReply(out, r.str);
        }
      } else {
        out += r.str;
      }
      break;
    case REDIS_REPLY_BOOL:
      out += r.integer ? '(true)' : '(false)';
      break;
    case REDIS_REPLY_INTEGER:
      out += r.integer;
      break;
    case REDIS_REPLY_DOUBLE:
      out += r.str;
      break;
    case REDIS_REPLY_SET:
    case REDIS_REPLY_ARRAY:
    case REDIS_REPLY_PUSH:
      for (let i = 0; i < r.element.length; i++) {
        if (i > 0) out += config.mb_delim;
        out += cliFormatReplyRaw(r.element[i]!);
      }
      break;
    case REDIS_REPLY_MAP:
      for (let i = 0; i < r.element.length; i += 2) {
        if (i > 0) out += config.mb_delim;
        out += cliFormatReplyRaw(r.element[i]!);
        out += ' ';
        out += cliFormatReplyRaw(r.element[i + 1]!);
      }
      break;
    default:
      fputs(`Unknown reply type: ${r.type}\n`, stderr);
      exit(1);
  }
  return out;
}

/**
 * A reply as comma separated values. There are no nested ones in that form, so aggregates are one flat list.
 *
 * @c redis-cli.c:1459
 * @cstatic
 */
export function cliFormatReplyCSV(r: redisReply): string {
  let out = '';
  switch (r.type) {
    case REDIS_REPLY_ERROR:
      out += 'ERROR,';
      out = sdscatrepr(out, cstr(r.str));
      break;
    case REDIS_REPLY_STATUS:
      out = sdscatrepr(out, r.str);
      break;
    case REDIS_REPLY_INTEGER:
      out += r.integer;
      break;
    case REDIS_REPLY_DOUBLE:
      out += r.str;
      break;
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_VERB:
      out = sdscatrepr(out, r.str);
      break;
    case REDIS_REPLY_NIL:
      out += 'NULL';
      break;
    case REDIS_REPLY_BOOL:
      out += r.integer ? 'true' : 'false';
      break;
    case REDIS_REPLY_ARRAY:
    case REDIS_REPLY_SET:
    case REDIS_REPLY_PUSH:
    case REDIS_REPLY_MAP:
      for (let i = 0; i < r.element.length; i++) {
        out += cliFormatReplyCSV(r.element[i]!);
        if (i !== r.element.length - 1) out += ',';
      }
      break;
    default:
      fputs(`Unknown reply type: ${r.type}\n`, stderr);
      exit(1);
  }
  return out;
}

/**
 * `out` with a string behind it as JSON: plain, or with everything that is not ASCII in escapes which are themselves
 * escaped, so that what a JSON parser gives back is the quoted form.
 *
 * @c redis-cli.c:1507
 * @cstatic
 */
export function jsonStringOutput(out: string, p: string, mode: number): string {
  if (mode === OUTPUT_JSON) return escapeJsonString(out, p);
  return out + sdscatrepr('', p).replaceAll('\\', '\\\\');
}

/**
 * `out` with a reply behind it as JSON. Keys of a map that are no strings become strings.
 *
 * @c redis-cli.c:1528
 * @cstatic
 */
export function cliFormatReplyJson(out: string, r: redisReply, mode: number): string {
  switch (r.type) {
    case REDIS_REPLY_ERROR:
      out += 'error:';
      out = jsonStringOutput(out, cstr(r.str), mode);
      break;
    case REDIS_REPLY_STATUS:
      out = jsonStringOutput(out, r.str, mode);
      break;
    case REDIS_REPLY_INTEGER:
      out += r.integer;
      break;
    case REDIS_REPLY_DOUBLE:
      out += r.str;
      break;
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_VERB:
      out = jsonStringOutput(out, r.str, mode);
      break;
    case REDIS_REPLY_NIL:
      out += 'null';
      break;
    case REDIS_REPLY_BOOL:
      out += r.integer ? 'true' : 'false';
      break;
    case REDIS_REPLY_ARRAY:
    case REDIS_REPLY_SET:
    case REDIS_REPLY_PUSH:
      out += '[';
      for (let i = 0; i < r.element.length; i++) {
        out = cliFormatReplyJson(out, r.element[i]!, mode);
        if (i !== r.element.length - 1) out += ',';
      }
      out += ']';
      break;
    case REDIS_REPLY_MAP:
      out += '{';
      for (let i = 0; i < r.element.length; i += 2) {
        const key = r.element[i]!;
        if (
          key.type === REDIS_REPLY_ERROR ||
          key.type === REDIS_REPLY_STATUS ||
          key.type === REDIS_REPLY_STRING ||
          key.type === REDIS_REPLY_VERB
        ) {
          out = cliFormatReplyJson(out, key, mode);
        } else {
          const keystr = cliFormatReplyJson('', key, mode);
          out += keystr[0] === '"' ? keystr : `"${keystr}"`;
        }
        out += ':';
        out = cliFormatReplyJson(out, r.element[i + 1]!, mode);
        if (i !== r.element.length - 2) out += ',';
      }
      out += '}';
      break;
    default:
      fputs(`Unknown reply type: ${r.type}\n`, stderr);
      exit(1);
  }
  return out;
}

/**
 * A reply in one of the forms OUTPUT_*, ready to be printed. `verbatim` asks for the plain form without a line end.
 *
 * @c redis-cli.c:1600
 * @cstatic
 */
export function cliFormatReply(reply: redisReply, mode: number, verbatim: boolean): string {
  if (verbatim) return cliFormatReplyRaw(reply);
  switch (mode) {
    case OUTPUT_STANDARD:
      return cliFormatReplyTTY(reply, '');
    case OUTPUT_RAW:
      return cliFormatReplyRaw(reply) + config.cmd_delim;
    case OUTPUT_CSV:
      return cliFormatReplyCSV(reply) + '\n';
    case OUTPUT_JSON:
    case OUTPUT_QUOTED_JSON:
      return cliFormatReplyJson('', reply, mode) + '\n';
    default:
      fputs(`Error:  Unknown output encoding ${mode}\n`, stderr);
      return exit(1);
  }
}

/**
 * Prints a push that arrived while a reply was awaited.
 *
 * @c redis-cli.c:1625
 * @cstatic
 */
export function cliPushHandler(_privdata: unknown, reply: redisReply): void {
  if (config.output === OUTPUT_STANDARD && isInvalidateReply(reply)) {
    fputs(cliFormatInvalidateTTY(reply), stdout);
  } else {
    fputs(cliFormatReply(reply, config.output, false), stdout);
  }
}

/**
 * Reads a reply and prints it. A redirection in cluster mode is not printed: it sets where the command has to go.
 * REDIS_ERR when the connection is lost at the prompt, so that it can be made again; elsewhere that ends the program.
 *
 * @c redis-cli.c:1641
 * @cstatic
 */
export function cliReadReply(output_raw_strings: boolean): number {
  const context = cli.context!;
  let output = true;

  const reply = redisGetReply(context);
  if (reply === REDIS_ERR || reply === null) {
    if (config.blocking_state_aborted) {
      config.blocking_state_aborted = false;
      config.monitor_mode = false;
      config.pubsub_mode = false;
      return cliConnect(CC_FORCE);
    }

    if (config.shutdown) {
      redisFree(context);
      cli.context = null;
      return REDIS_OK;
    }
    if (config.interactive) {
      if (context.err === REDIS_ERR_IO && (posix.errno === ECONNRESET || posix.errno === EPIPE)) {
        return REDIS_ERR;
      }
      if (context.err === REDIS_ERR_EOF) return REDIS_ERR;
    }
    cliPrintContextError();
    exit(1);
  }

  config.last_cmd_type = reply.type;

  if (
    config.cluster_mode &&
    reply.type === REDIS_REPLY_ERROR &&
    (reply.str.startsWith('MOVED ') || reply.str.startsWith('ASK '))
  ) {
    output = false;
    // MOVED 3999 127.0.0.1:6381: the slot between the blanks, the port behind the last colon.
    const s = reply.str.indexOf(' ');
    const p = reply.str.indexOf(' ', s + 1);
    const colon = reply.str.lastIndexOf(':');
    const slot = atoi(reply.str.slice(s + 1, p));
    config.conn_info.hostip = reply.str.slice(p + 1, colon);
    config.conn_info.hostport = atoi(reply.str.slice(colon + 1));
    if (config.interactive) {
      const { hostip, hostport } = config.conn_info;
      printf(`-> Redirected to slot [${slot}] located at ${hostip}:${hostport}\n`);
    }
    config.cluster_reissue_command = true;
    if (reply.str.startsWith('ASK ')) config.cluster_send_asking = true;
    cliRefreshPrompt();
  } else if (!config.interactive && config.set_errcode && reply.type === REDIS_REPLY_ERROR) {
    fputs(`${cstr(reply.str)}\n`, stderr);
    exit(1);
  }

  if (output) {
    fputs(cliFormatReply(reply, config.output, output_raw_strings), stdout);
    fflush(stdout);
  }
  return REDIS_OK;
}

/** How a connection is read while Ctrl-C has to be noticed. */
const cliInterruptibleFuncs: redisContextFuncs = {
  read: cliInterruptibleRead,
  write: redisNetWrite,
};

/**
 * Waits for the connection and for the keyboard at the same time, and reads from the connection. Ctrl-C calls the
 * handler that it has in C, which closes the connection: the read fails then, as it does in C. The keys that quit and
 * suspend a program do so; others are dropped.
 *
 * @own a read that blocks in the kernel lets no JavaScript signal handler run
 */
export function cliInterruptibleRead(c: redisContext, buf: Buffer, bufcap: number): number {
  const fds = [
    { fd: c.fd, events: POLLIN, revents: 0 },
    { fd: STDIN_FILENO, events: POLLIN, revents: 0 },
  ];
  while (c.fd !== REDIS_INVALID_FD) {
    if (posix.poll(fds, 2, -1) === -1) continue;
    if (fds[1].revents) {
      const key = readKey(STDIN_FILENO);
      if (key === CTRL_C) {
        // So the terminal shows the key that sends the signal.
        writeAll(STDOUT_FILENO, '^C');
        cliSetInterruptible(false);
        sigIntHandler(SIGINT);
      } else if (key === 0x1c || key === 0x1a) {
        posix.setRawMode(STDIN_FILENO, false);
        posix.kill(posix.getpid(), key === 0x1c ? SIGQUIT : SIGTSTP);
        posix.setRawMode(STDIN_FILENO, true);
      } else if (key === -1) {
        // The terminal is gone: a negative descriptor is not waited for.
        fds[1].fd = -1;
      }
      continue;
    }
    if (fds[0].revents) break;
  }
  return redisNetRead(c, buf, bufcap);
}

/**
 * Begins or ends to listen to the keyboard while a connection is read, if there is a prompt to come back to.
 *
 * @own see cliInterruptibleRead
 */
export function cliSetInterruptible(on: boolean): void {
  if (!config.interactive || !posix.isatty(STDIN_FILENO)) return;
  posix.setRawMode(STDIN_FILENO, on);
  // Raw mode also ends the terminal's own treatment of line ends.
  stdout.onlcr = on;
  if (cli.context !== null) {
    cli.context.funcs = on ? cliInterruptibleFuncs : redisContextDefaultFuncs;
  }
}

/**
 * Sends a command `repeat` times (negative: for ever) and prints the replies, with whatever the command asks for besides:
 * the plain form of some replies, the endless ones of MONITOR, SUBSCRIBE and SYNC, the state that SELECT, MULTI and
 * others change. REDIS_ERR when the connection was lost.
 *
 * @c redis-cli.c:1726
 * @cstatic
 */
export function cliSendCommand(argv: readonly string[], repeat: number): number {
  const argc = argv.length;
  const command = argv[0];
  if (cli.context === null) return REDIS_ERR;

  // Replies that are a text with lines of its own.
  const output_raw =
    strcaseeq(command, 'info') ||
    strcaseeq(command, 'lolwut') ||
    (argc >= 2 && strcaseeq(command, 'debug') && strcaseeq(argv[1], 'htstats')) ||
    (argc >= 2 && strcaseeq(command, 'debug') && strcaseeq(argv[1], 'htstats-key')) ||
    (argc >= 2 && strcaseeq(command, 'debug') && strcaseeq(argv[1], 'client-eviction')) ||
    (argc >= 2 &&
      strcaseeq(command, 'memory') &&
      (strcaseeq(argv[1], 'malloc-stats') || strcaseeq(argv[1], 'doctor'))) ||
    (argc === 2 &&
      strcaseeq(command, 'cluster') &&
      (strcaseeq(argv[1], 'nodes') || strcaseeq(argv[1], 'info'))) ||
    (argc >= 2 &&
      strcaseeq(command, 'client') &&
      (strcaseeq(argv[1], 'list') || strcaseeq(argv[1], 'info'))) ||
    (argc === 3 && strcaseeq(command, 'latency') && strcaseeq(argv[1], 'graph')) ||
    (argc === 2 && strcaseeq(command, 'latency') && strcaseeq(argv[1], 'doctor')) ||
    // A command of Redis Cluster Proxy.
    (argc >= 2 && strcaseeq(command, 'proxy') && strcaseeq(argv[1], 'info'));

  if (strcaseeq(command, 'shutdown')) config.shutdown = true;
  if (strcaseeq(command, 'monitor')) config.monitor_mode = true;
  if (
    strcaseeq(command, 'subscribe') ||
    strcaseeq(command, 'psubscribe') ||
    strcaseeq(command, 'ssubscribe')
  ) {
    config.pubsub_mode = true;
  }
  if (strcaseeq(command, 'sync') || strcaseeq(command, 'psync')) config.slave_mode = true;

  // SCRIPT DEBUG YES makes the next EVAL a debugging session.
  if (argc === 3 && strcaseeq(argv[0], 'script') && strcaseeq(argv[1], 'debug')) {
    config.enable_ldb_on_eval = strcaseeq(argv[2], 'yes') || strcaseeq(argv[2], 'sync');
  }
  if (strcaseeq(command, 'eval') && config.enable_ldb_on_eval) {
    config.eval_ldb = true;
    config.output = OUTPUT_RAW;
  }

  while (repeat < 0 || repeat-- > 0) {
    redisAppendCommandArgv(cli.context, argv);
    if (config.monitor_mode) {
      cliSetInterruptible(true);
      do {
        if (cliReadReply(output_raw) !== REDIS_OK) {
          cliSetInterruptible(false);
          cliPrintContextError();
          exit(1);
        }
        fflush(stdout);

        // The server refused to be monitored.
        if (config.last_cmd_type === REDIS_REPLY_ERROR) config.monitor_mode = false;
      } while (config.monitor_mode);
      cliSetInterruptible(false);
      return REDIS_OK;
    }

    if (config.pubsub_mode) {
      if (config.output !== OUTPUT_RAW) {
        printf('Reading messages... (press Ctrl-C to quit)\n');
      }

      // Messages are pushes in RESP3: here they are what we wait for.
      redisSetPushCallback(cli.context, null);

      cliSetInterruptible(true);
      while (config.pubsub_mode) {
        if (cliReadReply(output_raw) !== REDIS_OK) {
          cliSetInterruptible(false);
          cliPrintContextError();
          exit(1);
        }
        fflush(stdout);
        if (!config.pubsub_mode || config.last_cmd_type === REDIS_REPLY_ERROR) {
          if (config.push_output) redisSetPushCallback(cli.context, cliPushHandler);
          config.pubsub_mode = false;
        }
      }
      cliSetInterruptible(false);
      continue;
    }

    if (config.slave_mode) {
      printf('Entering replica output mode...  (press Ctrl-C to quit)\n');
      slaveMode();
      config.slave_mode = false;
      return REDIS_ERR;
    }

    if (cliReadReply(output_raw) !== REDIS_OK) {
      return REDIS_ERR;
    } else if (
      strcaseeq(command, 'select') &&
      argc === 2 &&
      config.last_cmd_type !== REDIS_REPLY_ERROR
    ) {
      config.conn_info.input_dbnum = config.dbnum = atoi(argv[1]);
      cliRefreshPrompt();
    } else if (strcaseeq(command, 'auth') && (argc === 2 || argc === 3)) {
      cliSelect();
    } else if (
      strcaseeq(command, 'multi') &&
      argc === 1 &&
      config.last_cmd_type !== REDIS_REPLY_ERROR
    ) {
      config.in_multi = true;
      config.pre_multi_dbnum = config.dbnum;
      cliRefreshPrompt();
    } else if (strcaseeq(command, 'exec') && argc === 1 && config.in_multi) {
      config.in_multi = false;
      if (config.last_cmd_type === REDIS_REPLY_ERROR || config.last_cmd_type === REDIS_REPLY_NIL) {
        config.conn_info.input_dbnum = config.dbnum = config.pre_multi_dbnum;
      }
      cliRefreshPrompt();
    } else if (
      strcaseeq(command, 'discard') &&
      argc === 1 &&
      config.last_cmd_type !== REDIS_REPLY_ERROR
    ) {
      config.in_multi = false;
      config.conn_info.input_dbnum = config.dbnum = config.pre_multi_dbnum;
      cliRefreshPrompt();
    } else if (
      strcaseeq(command, 'reset') &&
      argc === 1 &&
      config.last_cmd_type !== REDIS_REPLY_ERROR
    ) {
      config.in_multi = false;
      config.dbnum = 0;
      config.conn_info.input_dbnum = 0;
      config.resp3 = 0;
      cliRefreshPrompt();
    }

    // Redirected: the other turns would be redirected, too.
    if (config.cluster_reissue_command) break;
    if (config.interval) posix.usleep(config.interval);
    fflush(stdout);
  }
  return REDIS_OK;
}

/* ---------------------------------------------------------------------------------------------------------------
 * User interface
 * ------------------------------------------------------------------------------------------------------------- */

/**
 * Reads the options from `argv` (argv[0] is the program) into config. The index of the first argument that is none.
 * Ends the program at an option that is unknown or lacks its value, and at options that exclude each other.
 *
 * @c redis-cli.c:1944
 * @cstatic
 */
export function parseOptions(argv: readonly string[]): number {
  const argc = argv.length;
  let i: number;

  for (i = 1; i < argc; i++) {
    const lastarg = i === argc - 1;

    if (argv[i] === '-h' && !lastarg) {
      config.conn_info.hostip = argv[++i];
    } else if (argv[i] === '-h' && lastarg) {
      usage(0);
    } else if (argv[i] === '--help') {
      usage(0);
    } else if (argv[i] === '-x') {
      config.stdin_lastarg = true;
    } else if (argv[i] === '-X' && !lastarg) {
      config.stdin_tag_arg = true;
      config.stdin_tag_name = argv[++i];
    } else if (argv[i] === '-p' && !lastarg) {
      config.conn_info.hostport = atoi(argv[++i]);
    } else if (argv[i] === '-s' && !lastarg) {
      config.hostsocket = argv[++i];
    } else if (argv[i] === '-r' && !lastarg) {
      config.repeat = strtol(argv[++i]).value;
    } else if (argv[i] === '-i' && !lastarg) {
      const seconds = atof(argv[++i]);
      config.interval = Math.trunc(seconds * 1000000);
    } else if (argv[i] === '-n' && !lastarg) {
      config.conn_info.input_dbnum = atoi(argv[++i]);
    } else if (argv[i] === '--no-auth-warning') {
      config.no_auth_warning = true;
    } else if (argv[i] === '--askpass') {
      config.askpass = true;
    } else if ((argv[i] === '-a' || argv[i] === '--pass') && !lastarg) {
      config.conn_info.auth = argv[++i];
    } else if (argv[i] === '--user' && !lastarg) {
      config.conn_info.user = argv[++i];
    } else if (argv[i] === '-u' && !lastarg) {
      parseRedisUri(argv[++i], 'redis-cli', config.conn_info);
    } else if (argv[i] === '--raw') {
      config.output = OUTPUT_RAW;
    } else if (argv[i] === '--no-raw') {
      config.output = OUTPUT_STANDARD;
    } else if (argv[i] === '--quoted-input') {
      config.quoted_input = true;
    } else if (argv[i] === '--csv') {
      config.output = OUTPUT_CSV;
    } else if (argv[i] === '--json') {
      // An explicit -3 stays one.
      if (config.resp3 === 0) config.resp3 = 2;
      config.output = OUTPUT_JSON;
    } else if (argv[i] === '--quoted-json') {
      if (config.resp3 === 0) config.resp3 = 2;
      config.output = OUTPUT_QUOTED_JSON;
    } else if (argv[i] === '--slave') {
      config.slave_mode = true;
    } else if (argv[i] === '--replica') {
      config.slave_mode = true;
    } else if (argv[i] === '--scan') {
      config.scan_mode = true;
    } else if (argv[i] === '--pattern' && !lastarg) {
      config.pattern = argv[++i];
    } else if (argv[i] === '--quoted-pattern' && !lastarg) {
      config.pattern = unquoteCString(argv[++i]);
      if (config.pattern === null) {
        fputs('Invalid quoted string specified for --quoted-pattern.\n', stderr);
        exit(1);
      }
    } else if (argv[i] === '--eval' && !lastarg) {
      config.eval = argv[++i];
    } else if (argv[i] === '--ldb') {
      config.eval_ldb = true;
      config.output = OUTPUT_RAW;
    } else if (argv[i] === '--ldb-sync-mode') {
      config.eval_ldb = true;
      config.eval_ldb_sync = true;
      config.output = OUTPUT_RAW;
    } else if (argv[i] === '-c') {
      config.cluster_mode = true;
    } else if (argv[i] === '-d' && !lastarg) {
      config.mb_delim = argv[++i];
    } else if (argv[i] === '-D' && !lastarg) {
      config.cmd_delim = argv[++i];
    } else if (argv[i] === '-e') {
      config.set_errcode = true;
    } else if (argv[i] === '--verbose') {
      config.verbose = true;
    } else if (argv[i] === '-v' || argv[i] === '--version') {
      printf(`redis-cli ${cliVersion()}\n`);
      exit(0);
    } else if (argv[i] === '-2') {
      config.resp2 = true;
    } else if (argv[i] === '-3') {
      config.resp3 = 1;
    } else if (argv[i] === '--show-pushes' && !lastarg) {
      const argval = argv[++i];
      if (strncaseeq(argval, 'n', 1)) {
        config.push_output = false;
      } else if (strncaseeq(argval, 'y', 1)) {
        config.push_output = true;
      } else {
        fputs(`Unknown --show-pushes value '${argval}' (valid: '[y]es', '[n]o')\n`, stderr);
      }
    } else {
      if (argv[i][0] === '-') {
        fputs(`Unrecognized option or bad number of args for: '${argv[i]}'\n`, stderr);
        exit(1);
      }
      // The command begins here.
      break;
    }
  }

  if (config.hostsocket !== null && config.cluster_mode) {
    fputs('Options -c and -s are mutually exclusive.\n', stderr);
    exit(1);
  }
  if (config.resp2 && config.resp3 === 1) {
    fputs('Options -2 and -3 are mutually exclusive.\n', stderr);
    exit(1);
  }
  if (config.eval_ldb && config.eval === null) {
    fputs('Options --ldb and --ldb-sync-mode require --eval.\n', stderr);
    fputs(`Try ${argv[0]} --help for more information.\n`, stderr);
    exit(1);
  }
  if (!config.no_auth_warning && config.conn_info.auth !== null) {
    fputs(
      "Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe.\n",
      stderr,
    );
  }
  if (config.stdin_lastarg && config.stdin_tag_arg) {
    fputs('Options -x and -X are mutually exclusive.\n', stderr);
    exit(1);
  }
  return i;
}

/**
 * Takes the password from the environment, unless an option has given one.
 *
 * @c redis-cli.c:2263
 * @cstatic
 */
export function parseEnv(): void {
  const auth = posix.getenv(REDIS_CLI_AUTH_ENV);
  if (auth !== undefined && config.conn_info.auth === null) config.conn_info.auth = auth;
}

/**
 * Prints the options, to stderr when `err` is the exit status of a mistake, and ends the program with it.
 *
 * @c redis-cli.c:2276
 * @cstatic
 */
export function usage(err: number): never {
  fputs(
    `redis-cli ${cliVersion()}

Usage: redis-cli [OPTIONS] [cmd [arg [arg ...]]]

Where to connect, and as whom
  -h <hostname>      Name or address of the server (127.0.0.1).
  -p <port>          Its TCP port (6379).
  -s <socket>        Path of its Unix socket, instead of name and port.
  -u <uri>           All in one: redis://[[user:]password@][host[:port]][/db]
  -n <db>            Database to select.
  --user <username>  User to authenticate as; needs a password, too.
  -a <password>      Password. The environment variable ${REDIS_CLI_AUTH_ENV} is
  --pass <password>  safer, as others cannot see it in the list of processes;
                     the option wins when both are there.
  --askpass          Ask for the password; nothing else is taken for it then.
  --no-auth-warning  Do not warn about a password among the arguments.
  -2                 Speak RESP2.
  -3                 Speak RESP3.
  -c                 Follow the -MOVED and -ASK redirections of a cluster.

What to send
  -r <repeat>        Send the command that often (-1: for ever).
  -i <interval>      Seconds to wait after each time; fractions are fine.
                     With --scan, after each page.
  -x                 The last argument is what standard input has.
  -X <tag>           The argument <tag> is what standard input has.
  --quoted-input     Arguments are in quotes, with escapes as in "\\x00".
  --eval <file>      Run the Lua script in the file. The arguments are the keys
                     and, behind a comma of its own, the other arguments.
  --ldb              With --eval: run it in the Lua debugger.
  --ldb-sync-mode    The same, but it blocks the server and its changes stay.
  --scan             List the keys of the database.
  --pattern <pat>    With --scan: only those that match (*).
  --quoted-pattern <pat>  The same for a pattern in quotes, with escapes.
  --replica          Act as a replica and show the commands that arrive.

How to print replies
  --raw              As they are. So it is when the output is no terminal.
  --no-raw           For people, with types and indices, in any case.
  --csv              As comma separated values.
  --json             As JSON (over RESP3, if -2 does not forbid it).
  --quoted-json      The same in pure ASCII: strings keep their escapes.
  -d <delimiter>     What stands between the elements of a raw reply (\\n).
  -D <delimiter>     What stands behind a raw reply (\\n).
  --show-pushes <yn> Whether RESP3 pushes are shown. They are on a terminal.
  -e                 Exit with status 1 when the reply is an error.
  --verbose          Say more.

  --help             Print this.
  --version          Print the version.

Examples
  redis-cli -n 1 set greeting hello
  redis-cli -r 5 -i 0.5 incr ticks
  redis-cli -x set page < page.html
  redis-cli -D "" --raw dump a > a.dump
  redis-cli -X tag restore b 0 tag replace < a.dump
  redis-cli --quoted-input set '"a\\x00b"' value
  redis-cli --eval add.lua key1 key2 , 10
  redis-cli --scan --pattern 'user:*'

Without a command there is a prompt. Type "help" there to learn more.

`,
    err ? stderr : stdout,
  );
  return exit(err);
}

/**
 * Runs a command: HELP by itself, others on the server, connecting and following redirections as needed. REDIS_ERR when
 * there is no connection, or it was lost.
 *
 * @c redis-cli.c:2431
 * @cstatic
 */
export function issueCommandRepeat(argv: readonly string[], repeat: number): number {
  // The Lua debugger has a help of its own.
  if (!config.eval_ldb && (strcaseeq(argv[0], 'help') || strcaseeq(argv[0], '?'))) {
    cliOutputHelp(argv.slice(1));
    return REDIS_OK;
  }

  for (;;) {
    if (
      config.cluster_reissue_command ||
      cli.context === null ||
      cli.context.err === REDIS_ERR_IO ||
      cli.context.err === REDIS_ERR_EOF
    ) {
      if (cliConnect(CC_FORCE) !== REDIS_OK) {
        cliPrintContextError();
        config.cluster_reissue_command = false;
        return REDIS_ERR;
      }
    }
    config.cluster_reissue_command = false;
    if (config.cluster_send_asking) {
      if (cliSendAsking() !== REDIS_OK) {
        cliPrintContextError();
        return REDIS_ERR;
      }
    }
    if (cliSendCommand(argv, repeat) !== REDIS_OK) {
      cliPrintContextError();
      redisFree(cli.context);
      cli.context = null;
      return REDIS_ERR;
    }

    if (config.cluster_mode && config.cluster_reissue_command) continue;
    break;
  }
  return REDIS_OK;
}

/**
 * Runs a command as often as -r says.
 *
 * @c redis-cli.c:2476
 * @cstatic
 */
export function issueCommand(argv: readonly string[]): number {
  return issueCommandRepeat(argv, config.repeat);
}

/**
 * The words of a line from the prompt, null when its quotes do not match. To the Lua debugger, what `eval` is followed
 * by is one word: a script.
 *
 * @c redis-cli.c:2486
 * @cstatic
 */
export function cliSplitArgs(line: string): string[] | null {
  if (config.eval_ldb && (line.startsWith('eval ') || line.startsWith('e '))) {
    const elen = line[1] === ' ' ? 2 : 5;
    return [line.slice(0, elen - 1), line.slice(elen)];
  }
  return sdssplitargs(line);
}

/**
 * Carries out a line that begins with a colon, from the prompt or (not `interactive`) from the file of preferences.
 *
 * @c redis-cli.c:2505
 */
export function cliSetPreferences(argv: readonly string[], interactive: boolean): void {
  const where = interactive ? '' : '.redisclirc: ';
  if (strcaseeq(argv[0], ':set') && argv.length >= 2) {
    if (strcaseeq(argv[1], 'hints')) cli.pref.hints = true;
    else if (strcaseeq(argv[1], 'nohints')) cli.pref.hints = false;
    else printf(`${where}unknown redis-cli preference '${argv[1]}'\n`);
  } else {
    printf(`${where}unknown redis-cli internal command '${argv[0]}'\n`);
  }
}

/**
 * Reads the user's file of preferences, if there is one.
 *
 * @c redis-cli.c:2522
 */
export function cliLoadPreferences(): void {
  const rcfile = getDotfilePath(REDIS_CLI_RCFILE_ENV, REDIS_CLI_RCFILE_DEFAULT);
  if (rcfile === null) return;
  const bytes = posix.readFile(rcfile);
  if (bytes === null) return;
  for (const line of Buffer.from(bytes).toString('latin1').split('\n')) {
    const argv = sdssplitargs(line);
    if (argv !== null && argv.length > 0) cliSetPreferences(argv, false);
  }
}

/**
 * Whether a command may contain a password, so that it must not be kept: AUTH, ACL SETUSER, CONFIG SET of one, HELLO
 * and MIGRATE with AUTH.
 *
 * @c redis-cli.c:2549
 * @cstatic
 */
export function isSensitiveCommand(argv: readonly string[]): boolean {
  const argc = argv.length;
  if (strcaseeq(argv[0], 'auth')) {
    return true;
  } else if (argc > 1 && strcaseeq(argv[0], 'acl') && strcaseeq(argv[1], 'setuser')) {
    return true;
  } else if (
    argc > 2 &&
    strcaseeq(argv[0], 'config') &&
    strcaseeq(argv[1], 'set') &&
    (strcaseeq(argv[2], 'masterauth') ||
      strcaseeq(argv[2], 'masteruser') ||
      strcaseeq(argv[2], 'requirepass'))
  ) {
    return true;
  } else if (argc > 4 && strcaseeq(argv[0], 'hello')) {
    // HELLO version [AUTH user password] [SETNAME name]
    for (let j = 2; j < argc; j++) {
      const moreargs = argc - 1 - j;
      if (strcaseeq(argv[j], 'AUTH') && moreargs >= 2) return true;
      else if (strcaseeq(argv[j], 'SETNAME') && moreargs) j++;
      else return false;
    }
  } else if (argc > 7 && strcaseeq(argv[0], 'migrate')) {
    // MIGRATE host port key db timeout [COPY] [REPLACE] [AUTH password | AUTH2 user password] [KEYS key ...]
    for (let j = 6; j < argc; j++) {
      const moreargs = argc - 1 - j;
      if (strcaseeq(argv[j], 'auth') && moreargs) return true;
      else if (strcaseeq(argv[j], 'auth2') && moreargs >= 2) return true;
      else if (strcaseeq(argv[j], 'keys') && moreargs) return false;
    }
  }
  return false;
}

/**
 * The prompt: reads lines and carries them out until the input ends, which ends the program. It returns only when the
 * Lua debugger is to start its script anew.
 *
 * @c redis-cli.c:2594
 * @cstatic
 */
export function repl(): void {
  let historyfile: string | null = null;
  let history = false;

  // The debugger has its own commands, and the server would not answer COMMAND DOCS while it runs.
  if (!config.eval_ldb) cliInitHelp();

  config.interactive = true;
  linenoiseSetMultiLine(true);
  linenoiseSetCompletionCallback(completionCallback);
  linenoiseSetHintsCallback(hintsCallback);

  // A script that is piped in has no history and no preferences.
  if (posix.isatty(STDIN_FILENO)) {
    historyfile = getDotfilePath(REDIS_CLI_HISTFILE_ENV, REDIS_CLI_HISTFILE_DEFAULT);
    history = true;
    if (historyfile !== null) linenoiseHistoryLoad(historyfile);
    cliLoadPreferences();
  }

  cliRefreshPrompt();
  let line: string | null;
  while ((line = linenoise(cli.context !== null ? config.prompt : 'not connected> ')) !== null) {
    line = cstr(line);
    if (line === '') continue;

    const argv = cliSplitArgs(line);
    if (argv === null) {
      printf('Invalid argument(s)\n');
      fflush(stdout);
      if (history) linenoiseHistoryAdd(line);
      if (historyfile !== null) linenoiseHistorySave(historyfile);
      continue;
    } else if (argv.length === 0) {
      continue;
    }

    // A number before a command says how often.
    let skipargs = 0;
    const number = strtol(argv[0]);
    let repeat = number.value;
    if (argv.length > 1 && number.end === cstr(argv[0]).length) {
      if (number.erange || repeat <= 0) {
        fputs('Invalid redis-cli repeat command option value.\n', stdout);
        continue;
      }
      skipargs = 1;
    } else {
      repeat = 1;
    }

    if (!isSensitiveCommand(argv.slice(skipargs))) {
      if (history) linenoiseHistoryAdd(line);
      if (historyfile !== null) linenoiseHistorySave(historyfile);
    }

    if (strcaseeq(argv[0], 'quit') || strcaseeq(argv[0], 'exit')) {
      exit(0);
    } else if (argv[0][0] === ':') {
      cliSetPreferences(argv, true);
      continue;
    } else if (strcaseeq(argv[0], 'restart')) {
      if (config.eval !== null) {
        config.eval_ldb = true;
        config.output = OUTPUT_RAW;
        return;
      } else {
        printf("Use 'restart' only in Lua debugging mode.\n");
        fflush(stdout);
      }
    } else if (argv.length === 3 && strcaseeq(argv[0], 'connect')) {
      config.conn_info.hostip = argv[1];
      config.conn_info.hostport = atoi(argv[2]);
      cliRefreshPrompt();
      cliConnect(CC_FORCE);
    } else if (argv.length === 1 && strcaseeq(argv[0], 'clear')) {
      linenoiseClearScreen();
    } else {
      const start_time = mstime();
      issueCommandRepeat(argv.slice(skipargs), repeat);

      // When a debugging session ends, the reply to its EVAL follows.
      if (config.eval_ldb_end) {
        config.eval_ldb_end = false;
        cliReadReply(false);
        const rolledBack = config.eval_ldb_sync ? '' : ' -- dataset changes rolled back';
        printf(`\n(Lua debugging session ended${rolledBack})\n\n`);
        cliInitHelp();
      }

      const elapsed = mstime() - start_time;
      if (elapsed >= 500 && config.output === OUTPUT_STANDARD) {
        printf(`(${(elapsed / 1000).toFixed(2)}s)\n`);
      }
    }
  }
  exit(0);
}

/**
 * Runs the command in the arguments of the program, with what -x or -X read put in its place. The exit status.
 *
 * @c redis-cli.c:2728
 * @cstatic
 */
export function noninteractive(argv: readonly string[]): number {
  const sds_args = getSdsArrayFromArgv(argv, config.quoted_input);
  if (sds_args === null) {
    printf('Invalid quoted string\n');
    return 1;
  }

  if (config.stdin_lastarg) {
    sds_args.push(readArgFromStdin());
  } else if (config.stdin_tag_arg) {
    const i = sds_args.findIndex((arg) => cstr(arg) === config.stdin_tag_name);
    if (i === -1) {
      fputs('Using -X option but stdin tag not match.\n', stderr);
      return 1;
    }
    sds_args[i] = readArgFromStdin();
  }

  return issueCommand(sds_args) === REDIS_OK ? 0 : 1;
}

/* ---------------------------------------------------------------------------------------------------------------
 * Eval mode
 * ------------------------------------------------------------------------------------------------------------- */

/**
 * --eval: sends the script in the file with the keys and, behind a comma, the arguments in `argv`; with --ldb as a
 * debugging session, as often as the user restarts it. The exit status.
 *
 * @c redis-cli.c:2769
 * @cstatic
 */
export function evalMode(argv: readonly string[]): number {
  let retval = REDIS_OK;

  for (;;) {
    if (config.eval_ldb) {
      printf(
        'Lua debugging session started, please use:\n' +
          'quit    -- End the session.\n' +
          'restart -- Restart the script in debug mode again.\n' +
          'help    -- Show Lua script debugging commands.\n\n',
      );
    }

    const script = posix.readFile(config.eval!);
    if (script === null) {
      fputs(`Can't open file '${config.eval}': ${strerror(posix.errno)}\n`, stderr);
      exit(1);
    }

    if (config.eval_ldb) {
      redisCommand(cli.context!, config.eval_ldb_sync ? 'SCRIPT DEBUG sync' : 'SCRIPT DEBUG yes');
    }

    const comma = argv.indexOf(',');
    const keys = comma === -1 ? argv : argv.slice(0, comma);
    const args = comma === -1 ? [] : argv.slice(comma + 1);
    const argv2 = ['EVAL', Buffer.from(script).toString('latin1'), String(keys.length)];
    argv2.push(...keys, ...args);

    // The command may end the session.
    const { eval_ldb } = config;
    retval = issueCommand(argv2);
    if (eval_ldb) {
      if (!config.eval_ldb) {
        // At once: so the script does not even compile.
        printf("Eval debugging session can't start:\n");
        cliReadReply(false);
        break;
      } else {
        config.prompt = 'lua debugger> ';
        repl();
        cliConnect(CC_FORCE);
        printf('\n');
      }
    } else {
      break;
    }
  }
  return retval === REDIS_OK ? 0 : 1;
}

/* ---------------------------------------------------------------------------------------------------------------
 * Slave mode
 * ------------------------------------------------------------------------------------------------------------- */

/**
 * Tells the master something of us as a replica. False when it does not understand, as an old one may not.
 *
 * @c redis-cli.c:7642
 */
export function sendReplconf(arg1: string, arg2: string): boolean {
  fputs(`sending REPLCONF ${arg1} ${arg2}\n`, stderr);
  const reply = redisCommand(cli.context!, 'REPLCONF %s %s', arg1, arg2);
  if (reply === null) {
    fputs('\nI/O error\n', stderr);
    exit(1);
  } else if (reply.type === REDIS_REPLY_ERROR) {
    fputs(`REPLCONF ${arg1} error: ${cstr(reply.str)}\n`, stderr);
    return false;
  }
  return true;
}

/**
 * Tells the master that an RDB file may end with a mark instead of having a length.
 *
 * @c redis-cli.c:7660
 */
export function sendCapa(): void {
  sendReplconf('capa', 'eof');
}

/**
 * Reads up to `len` raw bytes from the connection, past the reader of replies. The count, or -1.
 *
 * @c redis-cli.c:7671
 * @cstatic
 */
export function readConn(c: redisContext, buf: Buffer, len: number): number {
  return c.funcs.read(c, buf, len);
}

/**
 * Sends SYNC and reads the line that announces the RDB file: its length in bytes, or the mark that will end it. The
 * reader of replies cannot be used: what follows is no reply.
 *
 * @c redis-cli.c:7679
 */
export function sendSync(c: redisContext): { payload: number; eofmark: string | null } {
  if (cliWriteConn(c, 'SYNC\r\n') !== 6) {
    fputs('Error writing to master\n', stderr);
    exit(1);
  }

  // Byte by byte: what is behind the line is not ours to take. Empty lines are the master's sign of life.
  const one = Buffer.allocUnsafeSlow(1);
  let buf = '';
  for (;;) {
    if (readConn(c, one, 1) <= 0) {
      fputs('Error reading bulk length while SYNCing\n', stderr);
      exit(1);
    }
    if (one[0] === 0x0a) {
      if (buf !== '') break;
    } else {
      buf += String.fromCharCode(one[0]);
    }
  }
  if (buf[0] === '-') {
    fputs(`SYNC with master failed: ${buf}\n`, stderr);
    exit(1);
  }
  if (buf.slice(1, 5) === 'EOF:' && buf.length - 5 >= RDB_EOF_MARK_SIZE) {
    return { payload: 0, eofmark: buf.slice(5, 5 + RDB_EOF_MARK_SIZE) };
  }
  return { payload: strtol(buf.slice(1)).value, eofmark: null };
}

/**
 * Acts as a replica: skips the RDB file, then prints as CSV the commands that the master sends, until the connection
 * ends.
 *
 * @c redis-cli.c:7716
 * @cstatic
 */
export function slaveMode(): void {
  const context = cli.context!;
  const sync = sendSync(context);
  const { eofmark } = sync;
  // With a mark the length is unknown.
  let payload = eofmark === null ? sync.payload : Infinity;
  let lastbytes = '\0'.repeat(RDB_EOF_MARK_SIZE);
  let offset = 0;
  const buf = Buffer.allocUnsafeSlow(1024);
  const original_output = config.output;

  if (eofmark !== null) {
    fputs('SYNC with master, discarding bytes of bulk transfer until EOF marker...\n', stderr);
  } else {
    fputs(`SYNC with master, discarding ${payload} bytes of bulk transfer...\n`, stderr);
  }

  while (payload) {
    const nread = readConn(context, buf, Math.min(payload, buf.length));
    if (nread <= 0) {
      fputs('Error reading RDB payload while SYNCing\n', stderr);
      exit(1);
    }
    payload -= nread;
    offset += nread;

    if (eofmark !== null) {
      lastbytes = (lastbytes + buf.toString('latin1', 0, nread)).slice(-RDB_EOF_MARK_SIZE);
      if (lastbytes === eofmark) break;
    }
  }

  if (eofmark !== null) {
    fputs(`SYNC done after ${offset} bytes. Logging commands from master.\n`, stderr);
    // The master sends nothing before it has heard that the file arrived.
    posix.usleep(1000000);
    sendReplconf('ACK', '0');
  } else {
    fputs('SYNC done. Logging commands from master.\n', stderr);
  }

  config.output = OUTPUT_CSV;
  while (cliReadReply(false) === REDIS_OK);
  config.output = original_output;
}

/* ---------------------------------------------------------------------------------------------------------------
 * Scan mode
 * ------------------------------------------------------------------------------------------------------------- */

/**
 * The next page of SCAN from the cursor `it` (its decimal digits): the whole reply, whose first element is the cursor
 * to go on with. Ends the program when there is none.
 *
 * @c redis-cli.c:8039
 * @cstatic
 */
export function sendScan(it: string): redisReply {
  const reply =
    config.pattern !== null
      ? redisCommand(cli.context!, 'SCAN %s MATCH %b', it, config.pattern)
      : redisCommand(cli.context!, 'SCAN %s', it);

  if (reply === null) {
    fputs('\nI/O error\n', stderr);
    exit(1);
  } else if (reply.type === REDIS_REPLY_ERROR) {
    fputs(`SCAN error: ${cstr(reply.str)}\n`, stderr);
    exit(1);
  } else if (reply.type !== REDIS_REPLY_ARRAY) {
    fputs('Non ARRAY response from SCAN!\n', stderr);
    exit(1);
  } else if (reply.element.length !== 2) {
    fputs('Invalid element count from SCAN!\n', stderr);
    exit(1);
  }
  assert(reply.element[0]!.type === REDIS_REPLY_STRING, 'the cursor is a string');
  assert(reply.element[1]!.type === REDIS_REPLY_ARRAY, 'the keys are an array');
  return reply;
}

/**
 * --scan: prints all keys, one a line, and ends the program.
 *
 * @c redis-cli.c:8669
 * @cstatic
 */
export function scanMode(): never {
  let cur = '0';
  do {
    const reply = sendScan(cur);
    cur = reply.element[0]!.str;
    for (const key of reply.element[1]!.element) {
      if (config.output === OUTPUT_STANDARD) printf(sdscatrepr('', key!.str) + '\n');
      else printf(cstr(key!.str) + '\n');
    }
    if (config.interval) posix.usleep(config.interval);
  } while (cur !== '0');
  return exit(0);
}

/**
 * Ctrl-C: leaves MONITOR or SUBSCRIBE by closing the connection, which the read that waits for it notices. Elsewhere it
 * ends the program.
 *
 * @c redis-cli.c:8814
 * @cstatic
 */
export function sigIntHandler(_s: number): void {
  if (config.monitor_mode || config.pubsub_mode) {
    posix.close(cli.context!.fd);
    cli.context!.fd = REDIS_INVALID_FD;
    config.blocking_state_aborted = true;
  } else {
    exit(1);
  }
}

/**
 * Reads a password: asterisks are shown for what is typed. null when the user gives up.
 *
 * @c redis-cli.c:8863
 * @cstatic
 */
export function askPassword(msg: string): string | null {
  linenoiseMaskModeEnable();
  const auth = linenoise(msg);
  linenoiseMaskModeDisable();
  return auth;
}

/* ---------------------------------------------------------------------------------------------------------------
 * Program main()
 * ------------------------------------------------------------------------------------------------------------- */

/**
 * The program. `argv` are its arguments as strings of bytes, argv[0] its name. Returns the exit status, unless something
 * has ended it before.
 *
 * @c redis-cli.c:8874
 */
export function main(argv: readonly string[]): number {
  Object.assign(config, new cliConfig());
  Object.assign(cli, new cliStatics());
  config.conn_info.hostip = '127.0.0.1';
  config.conn_info.hostport = 6379;

  // FAKETTY is how Redis's own tests ask for the form of a terminal.
  if (!posix.isatty(STDOUT_FILENO) && posix.getenv('FAKETTY') === undefined) {
    config.output = OUTPUT_RAW;
    config.push_output = false;
  } else {
    config.output = OUTPUT_STANDARD;
    config.push_output = true;
  }

  const args = argv.slice(parseOptions(argv));
  parseEnv();

  if (config.askpass) config.conn_info.auth = askPassword('Please input password: ');

  if (config.slave_mode) {
    if (cliConnect(0) === REDIS_ERR) exit(1);
    sendCapa();
    sendReplconf('rdb-filter-only', '');
    slaveMode();
  }

  if (config.scan_mode) {
    if (cliConnect(0) === REDIS_ERR) exit(1);
    scanMode();
  }

  if (args.length === 0 && config.eval === null) {
    // A connection that breaks is to be made again, and so is the output's reader no reason to stop.
    stdout.sigpipe_ignored = true;

    // A failure is no reason to leave either: every command tries to connect.
    cliConnect(0);
    repl();
  }

  if (config.eval !== null) {
    if (cliConnect(0) !== REDIS_OK) exit(1);
    return evalMode(args);
  } else {
    cliConnect(CC_QUIET);
    return noninteractive(args);
  }
}

/**
 * The arguments of the program as strings of bytes, argv[0] its name. Node has taken them for UTF-8 already; where it
 * could not, the bytes come from the system again, if that tells them.
 *
 * @own arguments are bytes in C
 */
export function bytesOfArgv(argv: readonly string[]): string[] {
  const args = argv.slice(2);
  if (args.some((arg) => arg.includes('\ufffd'))) {
    const cmdline = posix.readFile('/proc/self/cmdline');
    if (cmdline !== null) {
      const all = Buffer.from(cmdline).toString('latin1').split('\0');
      // The list ends with a NUL, and begins with the options of node.
      return ['redis-cli', ...all.slice(-1 - args.length, -1)];
    }
  }
  return ['redis-cli', ...args.map((arg) => Buffer.from(arg).toString('latin1'))];
}

/**
 * Runs the program on an operating system with the arguments that Node has, and ends it.
 *
 * @own what the C runtime does around main
 */
export function run(kernel: Posix, argv: readonly string[]): never {
  usePosix(kernel);
  return exit(main(bytesOfArgv(argv)));
}
