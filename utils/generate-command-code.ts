/**
 * generate-command-code: makes server/commands.ts, the command table, out of server/commands/*.json.
 *
 *     server/commands/get.json ──┐
 *     server/commands/set.json ──┼─► check ─► sort by group, name ─► server/commands.ts: redisCommandTable()
 *     server/commands/...      ──┘                 ▲
 *     test/facts/functions.tsv ────────────────────┘ the C file, hence our module, of every function named
 *
 * C's utils/generate-command-code.py does the same with src/commands/*.json, which have the same members. A new command
 * needs its JSON file and a run of this program; nothing else has to be told of it. Run it with
 *
 *     node -r ts-node/register utils/generate-command-code.ts
 *
 * What differs from C: names that JSON does not know are refused instead of ignored; the table is the result of a function,
 * because the modules that it takes the commands from form circles and because each server of a process owns its table.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the programs' own files lie; this file is run by ts-node from the sources only. */
const ROOT = join(__dirname, '..');

/** The module that mirrors each C file which defines commands or finds keys. */
const MODULES: Record<string, string> = {
  'acl.c': './acl.ts',
  'aof.c': '../persistence/aof.ts',
  'bitops.c': '../object/bitops.ts',
  'cluster.c': '../cluster/cluster.ts',
  'config.c': './config.ts',
  'db.c': './db.ts',
  'debug.c': './debug.ts',
  'eval.c': '../scripting/eval.ts',
  'expire.c': './expire.ts',
  'functions.c': '../scripting/functions.ts',
  'geo.c': '../object/geo.ts',
  'hyperloglog.c': '../object/hyperloglog.ts',
  'latency.c': './latency.ts',
  'lolwut.c': './lolwut.ts',
  'module.c': './module.ts',
  'multi.c': './multi.ts',
  'networking.c': '../networking/networking.ts',
  'object.c': '../object/object.ts',
  'pubsub.c': './pubsub.ts',
  'rdb.c': '../persistence/rdb.ts',
  'replication.c': '../replication/replication.ts',
  'sentinel.c': '../replication/sentinel.ts',
  'server.c': './server.ts',
  'slowlog.c': './slowlog.ts',
  'sort.c': '../object/sort.ts',
  't_hash.c': '../object/t_hash.ts',
  't_list.c': '../quicklist/t_list.ts',
  't_set.c': '../object/t_set.ts',
  't_stream.c': '../object/t_stream.ts',
  't_string.c': '../object/t_string.ts',
  't_zset.c': '../object/t_zset.ts',
};

const ARG_TYPES = [
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

const GROUPS = [
  'generic',
  'string',
  'list',
  'set',
  'sorted_set',
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
];

/** How many key specs C's struct redisCommand has room for. */
const STATIC_KEY_SPECS_NUM = 4;

const COLUMNS = 100;

/** One entry of "key_specs". */
interface KeySpecJson {
  notes?: string;
  flags: string[];
  begin_search: {
    index?: { pos: number };
    keyword?: { keyword: string; startfrom: number };
    unknown?: null;
  };
  find_keys: {
    range?: { lastkey: number; step: number; limit: number };
    keynum?: { keynumidx: number; firstkey: number; step: number };
    unknown?: null;
  };
}

/** One entry of "arguments". */
interface ArgumentJson {
  name: string;
  type: string;
  token?: string;
  summary?: string;
  since?: string;
  deprecated_since?: string;
  optional?: boolean;
  multiple?: boolean;
  multiple_token?: boolean;
  key_spec_index?: number;
  arguments?: ArgumentJson[];
}

/** What stands under the command's name in its file. */
interface CommandJson {
  summary: string;
  complexity?: string;
  group: string;
  since: string;
  arity: number;
  container?: string;
  function?: string;
  get_keys_function?: string;
  history?: [since: string, changes: string][];
  deprecated_since?: string;
  replaced_by?: string;
  doc_flags?: string[];
  command_flags?: string[];
  acl_categories?: string[];
  command_tips?: string[];
  key_specs?: KeySpecJson[];
  arguments?: ArgumentJson[];
}

const COMMAND_MEMBERS = [
  'summary',
  'complexity',
  'group',
  'since',
  'arity',
  'container',
  'function',
  'get_keys_function',
  'history',
  'deprecated_since',
  'replaced_by',
  'doc_flags',
  'command_flags',
  'acl_categories',
  'command_tips',
  'key_specs',
  'arguments',
];

const ARGUMENT_MEMBERS = [
  'name',
  'type',
  'token',
  'summary',
  'since',
  'deprecated_since',
  'optional',
  'multiple',
  'multiple_token',
  'key_spec_index',
  'arguments',
];

const KEY_SPEC_MEMBERS = ['notes', 'flags', 'begin_search', 'find_keys'];

/** A command with its subcommands, as read. */
interface Command {
  name: string;
  json: CommandJson;
  subcommands: Command[];
}

/** A piece of code on its way out: text, or a bracketed list that may be broken over lines. */
type Code = string | { open: string; items: Code[]; close: string };

/**
 * Compares two names by their bytes, as Python's sort does: the order of the table is the order in which
 * the commands get their ids.
 *
 * @own comparison for sort
 */
export function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Writes a character as `\\uXXXX`.
 *
 * @own escape of a string literal
 */
export function unicodeEscape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * Complains that a JSON file says something which the table cannot hold.
 *
 * @own error path of the generator
 */
export function fail(where: string, what: string): never {
  throw new Error(`${where}: ${what}`);
}

/**
 * Refuses members that nothing would read: most often a name mistyped.
 *
 * @own check that C's generator lacks
 */
export function checkMembers(where: string, object: object, known: string[]): void {
  for (const name of Object.keys(object)) {
    if (!known.includes(name)) fail(where, `unknown member "${name}"`);
  }
}

/**
 * Collects in `used` the key specs that the arguments refer to; every reference must have its spec.
 *
 * @own check_command_args_key_specs of generate-command-code.py
 */
export function checkArguments(
  where: string,
  args: ArgumentJson[],
  specs: number,
  used: Set<number>,
): void {
  for (const arg of args) {
    checkMembers(`${where}: argument ${arg.name}`, arg, ARGUMENT_MEMBERS);
    if (!ARG_TYPES.includes(arg.type)) fail(where, `argument type "${arg.type}"`);
    const nested = arg.type === 'oneof' || arg.type === 'block';
    if (nested !== (arg.arguments !== undefined)) fail(where, `arguments of ${arg.name}`);
    if (arg.multiple_token && !arg.multiple) fail(where, `multiple_token of ${arg.name}`);
    if (arg.key_spec_index !== undefined) {
      if (arg.key_spec_index >= specs) fail(where, `key_spec_index of ${arg.name}`);
      used.add(arg.key_spec_index);
    }
    checkArguments(where, arg.arguments ?? [], specs, used);
  }
}

/**
 * Checks one command: known members, group, key specs that arguments use, arguments whose specs exist. Throws
 * an error that names the file.
 *
 * @own check_command_key_specs of generate-command-code.py, and more
 */
export function checkCommand(file: string, name: string, json: CommandJson): void {
  checkMembers(file, json, COMMAND_MEMBERS);
  if (!json.summary || !json.since || !Number.isInteger(json.arity)) {
    fail(file, 'summary, since and arity are needed');
  }
  if (!GROUPS.includes(json.group)) fail(file, `group "${json.group}"`);
  const expected = `${json.container ? `${json.container}-` : ''}${name}.json`.toLowerCase();
  if (file !== expected) fail(file, `the name asks for the file ${expected}`);

  const specs = json.key_specs ?? [];
  if (specs.length > STATIC_KEY_SPECS_NUM) fail(file, 'too many key_specs');
  const used = new Set<number>();
  checkArguments(file, json.arguments ?? [], specs.length, used);
  for (const [i, spec] of specs.entries()) {
    checkMembers(`${file}: key_specs`, spec, KEY_SPEC_MEMBERS);
    checkMembers(`${file}: begin_search`, spec.begin_search, ['index', 'keyword', 'unknown']);
    checkMembers(`${file}: find_keys`, spec.find_keys, ['range', 'keynum', 'unknown']);
    // Channels of shards are routed like keys, but no argument is of type key.
    if (!spec.flags.includes('NOT_KEY') && !used.has(i)) fail(file, `unused key spec ${i}`);
  }
}

/**
 * Reads all command files of a directory and hangs the subcommands under their containers.
 *
 * @param dir directory of the JSON files
 * @returns the top commands, sorted by group and name, each with its subcommands sorted by name
 *
 * @own main part of generate-command-code.py
 */
export function readCommands(dir: string): Command[] {
  const commands = new Map<string, Command>();
  const subcommands: Command[] = [];
  const files = readdirSync(dir).filter((file) => file.endsWith('.json'));
  for (const file of files.sort(compareNames)) {
    const text = readFileSync(join(dir, file), 'utf8');
    for (const [name, json] of Object.entries(JSON.parse(text) as Record<string, CommandJson>)) {
      checkCommand(file, name, json);
      const command = { name, json, subcommands: [] };
      if (json.container === undefined) commands.set(name, command);
      else subcommands.push(command);
    }
  }
  for (const command of subcommands) {
    const { container = '', group } = command.json;
    const parent = commands.get(container);
    if (parent === undefined) fail(command.name, `no container ${container}`);
    if (parent.json.group !== group) fail(command.name, `group is not that of ${container}`);
    parent.subcommands.push(command);
  }
  for (const command of commands.values()) {
    if (command.json.function === undefined && command.subcommands.length === 0) {
      fail(command.name, 'neither function nor subcommands');
    }
    command.subcommands.sort((a, b) => compareNames(a.name, b.name));
  }
  return [...commands.values()].sort(
    (a, b) => compareNames(a.json.group, b.json.group) || compareNames(a.name, b.name),
  );
}

/**
 * Learns from the list of C's functions which C file defines which function of the server.
 *
 * @param tsv text of functions.tsv: a line "= file.c" opens each file; the rows below it are name, first line, last
 * line, flags ("s" static, "S" part of the server)
 * @returns name → C file, for functions of the server that other files can see
 *
 * @own C's linker finds the functions by itself
 */
export function readFunctionFiles(tsv: string): Map<string, string> {
  const files = new Map<string, string>();
  let file = '';
  for (const line of tsv.split('\n')) {
    if (line.startsWith('= ')) {
      file = line.slice(2);
    } else if (!line.startsWith('#') && line !== '') {
      const [name, , , flags = ''] = line.split('\t');
      if (flags.includes('S') && !flags.includes('s')) files.set(name, file);
    }
  }
  return files;
}

/**
 * Writes TypeScript literals and remembers every name that the file must import for them.
 */
export class CodeWriter {
  /** Constants and classes wanted from server.h.ts. */
  readonly constants = new Set<string>();
  /** Module → the functions wanted from it. */
  readonly functions = new Map<string, Set<string>>();
  readonly functionFiles: Map<string, string>;

  constructor(functionFiles: Map<string, string>) {
    this.functionFiles = functionFiles;
  }

  /**
   * A string in single quotes, in ASCII: one other character in the file would double its size in V8's memory and
   * slow down its parsing by a half.
   *
   * @own quoting
   */
  text(value: string): string {
    const escaped = value.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n');
    return `'${escaped.replace(/[^ -~]/g, unicodeEscape)}'`;
  }

  /**
   * A constant of server.h.ts.
   *
   * @own import by name
   */
  constant(name: string): string {
    this.constants.add(name);
    return name;
  }

  /**
   * Flags joined by `|`.
   *
   * @own _flags_code of generate-command-code.py
   */
  flags(prefix: string, names: string[]): string {
    return names.map((name) => this.constant(prefix + name)).join(' | ');
  }

  /**
   * A command's function or the one that finds its keys; its module is found by the C file.
   *
   * @own import by name
   */
  function(name: string): string {
    const file = this.functionFiles.get(name);
    const module = file === undefined ? undefined : MODULES[file];
    if (module === undefined) fail(name, 'no module defines this function');
    let names = this.functions.get(module);
    if (names === undefined) this.functions.set(module, (names = new Set()));
    names.add(name);
    return name;
  }

  /**
   * The members of an object literal, without those that are null.
   *
   * @own literal
   */
  members(members: [name: string, value: Code | null][]): Code[] {
    const items: Code[] = [];
    for (const [name, value] of members) {
      if (value === null) continue;
      if (typeof value === 'string') items.push(`${name}: ${value}`);
      else items.push({ ...value, open: `${name}: ${value.open}` });
    }
    return items;
  }

  /**
   * A list of values, or null when there are none.
   *
   * @own literal
   */
  list(items: Code[] | undefined): Code | null {
    return items === undefined || items.length === 0 ? null : { open: '[', items, close: ']' };
  }

  /**
   * A call that turns declared members into an instance.
   *
   * @own literal
   */
  call(name: string, members: [name: string, value: Code | null][]): Code {
    return { open: `${name}({ `, items: this.members(members), close: ' })' };
  }

  /**
   * A call whose arguments stand in C's order; those at the end that equal their default are left out.
   *
   * @own literal
   */
  positional(name: string, values: [value: Code, byDefault?: string][]): Code {
    let n = values.length;
    while (n > 0 && values[n - 1][0] === values[n - 1][1]) n--;
    return { open: `${name}(`, items: values.slice(0, n).map(([value]) => value), close: ')' };
  }

  /**
   * One way to find keys.
   *
   * @own KeySpec.struct_code of generate-command-code.py
   */
  keySpec(spec: KeySpecJson): Code {
    const { index, keyword } = spec.begin_search;
    const { range, keynum } = spec.find_keys;
    let begin = 'null';
    if (index) begin = `index(${index.pos})`;
    if (keyword) begin = `keyword(${this.text(keyword.keyword)}, ${keyword.startfrom})`;
    let find = 'null';
    if (range) find = `range(${range.lastkey}, ${range.step}, ${range.limit})`;
    if (keynum) find = `keynum(${keynum.keynumidx}, ${keynum.firstkey}, ${keynum.step})`;
    return this.positional('spec', [
      [spec.notes ? this.text(spec.notes) : 'null'],
      [spec.flags.length > 0 ? this.flags('CMD_KEY_', spec.flags) : '0'],
      [begin],
      [find],
    ]);
  }

  /**
   * One argument with those inside it. Names become lower case, tokens upper case.
   *
   * @own Argument.struct_code of generate-command-code.py
   */
  argument(arg: ArgumentJson): Code {
    const flags: string[] = [];
    if (arg.optional) flags.push('OPTIONAL');
    if (arg.multiple) flags.push('MULTIPLE');
    if (arg.multiple_token) flags.push('MULTIPLE_TOKEN');
    const type = `ARG_TYPE_${arg.type.toUpperCase().replace('-', '_')}`;
    // C's generator puts a token between quotes as it is, so two quotes (MIGRATE's empty key) are the empty token.
    const token = arg.token === '""' ? '' : arg.token?.toUpperCase();
    return this.positional('arg', [
      [this.text(arg.name.toLowerCase())],
      [this.constant(type)],
      [String(arg.key_spec_index ?? -1), '-1'],
      [token === undefined ? 'null' : this.text(token), 'null'],
      [arg.summary ? this.text(arg.summary) : 'null', 'null'],
      [arg.since ? this.text(arg.since) : 'null', 'null'],
      [flags.length > 0 ? this.flags('CMD_ARG_', flags) : '0', '0'],
      [arg.deprecated_since ? this.text(arg.deprecated_since) : 'null', 'null'],
      [this.list(arg.arguments?.map((sub) => this.argument(sub))) ?? 'null', 'null'],
    ]);
  }

  /**
   * One command with its subcommands.
   *
   * @own Command.struct_code of generate-command-code.py
   */
  command({ name, json, subcommands }: Command): Code {
    const { doc_flags = [], command_flags = [], acl_categories = [] } = json;
    const history = json.history?.map(
      ([since, changes]) => `{ since: ${this.text(since)}, changes: ${this.text(changes)} }`,
    );
    return this.call('command', [
      ['declared_name', this.text(name.toLowerCase())],
      ['summary', this.text(json.summary)],
      ['complexity', json.complexity ? this.text(json.complexity) : null],
      ['since', this.text(json.since)],
      ['doc_flags', doc_flags.length > 0 ? this.flags('CMD_DOC_', doc_flags) : null],
      ['replaced_by', json.replaced_by ? this.text(json.replaced_by) : null],
      ['deprecated_since', json.deprecated_since ? this.text(json.deprecated_since) : null],
      ['group', this.constant(`COMMAND_GROUP_${json.group.toUpperCase()}`)],
      ['history', this.list(history)],
      ['tips', this.list(json.command_tips?.map((tip) => this.text(tip.toLowerCase())))],
      ['proc', json.function ? this.function(json.function) : null],
      ['arity', String(json.arity)],
      ['flags', command_flags.length > 0 ? this.flags('CMD_', command_flags) : null],
      [
        'acl_categories',
        acl_categories.length > 0 ? this.flags('ACL_CATEGORY_', acl_categories) : null,
      ],
      ['key_specs_static', this.list(json.key_specs?.map((spec) => this.keySpec(spec)))],
      ['getkeys_proc', json.get_keys_function ? this.function(json.get_keys_function) : null],
      ['subcommands', this.list(subcommands.map((sub) => this.command(sub)))],
      ['args', this.list(json.arguments?.map((arg) => this.argument(arg)))],
    ]);
  }
}

/**
 * Puts code on one line.
 *
 * @own layout of the output
 */
export function printFlat(code: Code): string {
  if (typeof code === 'string') return code;
  return code.open + code.items.map((item) => printFlat(item)).join(', ') + code.close;
}

/**
 * Lays code out: on one line where that fits into the columns, else one item a line. Strings are never broken.
 *
 * @param code what to print
 * @param indent blanks before each line
 * @param tail what follows the code on its last line
 *
 * @own layout of the output
 */
export function print(code: Code, indent: string, tail: string): string {
  const flat = indent + printFlat(code) + tail;
  if (typeof code === 'string' || flat.length <= COLUMNS) return `${flat}\n`;
  const lines = code.items.map((item) => print(item, `${indent}  `, ','));
  return `${indent}${code.open.trimEnd()}\n${lines.join('')}${indent}${code.close.trimStart()}${tail}\n`;
}

/** What stands in the generated file before the imports. ASCII only: see CodeWriter.text. */
const HEADER = `/**
 * commands.c: the command table.
 *
 * Generated by utils/generate-command-code.ts from server/commands/*.json: change those, never this file, and run
 *
 *     node -r ts-node/register utils/generate-command-code.ts
 *
 *     redisCommandTable() --> redisCommand {declared_name, arity, flags, proc --> getCommand(c), ...}
 *                                |-- key_specs_static --> keySpec: where in argv the keys stand
 *                                |-- args --> redisCommandArg --> subargs: what COMMAND DOCS says about the arguments
 *                                +-- subcommands --> redisCommand: CLIENT has CLIENT|ID, CLIENT|LIST, ...
 *
 * populateCommandTable (server.ts) asks for the table when a server starts, completes the run time members and puts the
 * commands into server.commands. As in C the table is sorted by group and name, which fixes the ids of the commands.
 *
 * In C the table is a global array which the process's one server writes its counters into. Here it is made anew at each
 * call, because each server of the process counts for itself; and it is made inside a function, because the modules of the
 * commands import one another in circles, and their functions may be absent while this module loads.
 *
 * @packageDocumentation
 */
`;

/** What stands in the generated file between the imports and the table. */
const PRELUDE = `
/** The first step of a key spec: where the search begins. */
type beginSearch = Pick<keySpec, 'begin_search_type' | 'bs'>;
/** The second step: which arguments from there on are keys. */
type findKeys = Pick<keySpec, 'find_keys_type' | 'fk'>;

/**
 * Makes a command; what the declaration leaves out keeps the value of a new redisCommand.
 *
 * @own initializer of struct redisCommand
 */
export function command(declared: Partial<redisCommand>): redisCommand {
  return Object.assign(new redisCommand(), declared);
}

/**
 * Makes the description of an argument; the order is that of struct redisCommandArg.
 *
 * @own initializer of struct redisCommandArg
 */
export function arg(
  name: string,
  type: number,
  key_spec_index = -1,
  token: string | null = null,
  summary: string | null = null,
  since: string | null = null,
  flags = 0,
  deprecated_since: string | null = null,
  subargs: redisCommandArg[] | null = null,
): redisCommandArg {
  const a = new redisCommandArg();
  a.name = name;
  a.type = type;
  a.key_spec_index = key_spec_index;
  a.token = token;
  a.summary = summary;
  a.since = since;
  a.flags = flags;
  a.deprecated_since = deprecated_since;
  a.subargs = subargs;
  return a;
}

/**
 * Begins the search for keys at \`argv[pos]\`.
 *
 * @own initializer of keySpec
 */
export function index(pos: number): beginSearch {
  const bs = { index: { pos }, keyword: { keyword: '', startfrom: 0 } };
  return { begin_search_type: KSPEC_BS_INDEX, bs };
}

/**
 * Begins the search behind a word, which is looked for from \`argv[startfrom]\` on; from the end backwards if negative.
 *
 * @own initializer of keySpec
 */
export function keyword(keyword: string, startfrom: number): beginSearch {
  const bs = { index: { pos: 0 }, keyword: { keyword, startfrom } };
  return { begin_search_type: KSPEC_BS_KEYWORD, bs };
}

/**
 * Takes every \`keystep\`th argument up to \`lastkey\`: counted from the begin, or from the end of argv if negative, and
 * then only the first \`1/limit\` of what is left.
 *
 * @own initializer of keySpec
 */
export function range(lastkey: number, keystep: number, limit: number): findKeys {
  const fk = {
    range: { lastkey, keystep, limit },
    keynum: { keynumidx: 0, firstkey: 0, keystep: 0 },
  };
  return { find_keys_type: KSPEC_FK_RANGE, fk };
}

/**
 * Takes as many keys as the argument at \`keynumidx\` says, the first at \`firstkey\`; both counted from the begin.
 *
 * @own initializer of keySpec
 */
export function keynum(keynumidx: number, firstkey: number, keystep: number): findKeys {
  const fk = {
    range: { lastkey: 0, keystep: 0, limit: 0 },
    keynum: { keynumidx, firstkey, keystep },
  };
  return { find_keys_type: KSPEC_FK_KEYNUM, fk };
}

/**
 * Makes a key spec of its two steps; null is a step that only the command's own function can take.
 *
 * @own initializer of keySpec
 */
export function spec(
  notes: string | null,
  flags: number,
  begin: beginSearch | null,
  find: findKeys | null,
): keySpec {
  const s = new keySpec();
  s.notes = notes;
  s.flags = flags;
  s.begin_search_type = KSPEC_BS_UNKNOWN;
  if (begin !== null) {
    s.begin_search_type = begin.begin_search_type;
    s.bs = begin.bs;
  }
  s.find_keys_type = KSPEC_FK_UNKNOWN;
  if (find !== null) {
    s.find_keys_type = find.find_keys_type;
    s.fk = find.fk;
  }
  return s;
}

/**
 * Makes the command table of one server: all commands, containers with their subcommands. Nothing in it is shared
 * with the table of another call, except the functions.
 *
 * @returns the commands in the order of C's table, run time members still empty
 *
 * @own C's array redisCommandTable
 */
export function redisCommandTable(): redisCommand[] {
  // prettier-ignore
  return [
`;

/** Classes and constants that the prelude uses. */
const PRELUDE_NAMES = [
  'KSPEC_BS_INDEX',
  'KSPEC_BS_KEYWORD',
  'KSPEC_BS_UNKNOWN',
  'KSPEC_FK_KEYNUM',
  'KSPEC_FK_RANGE',
  'KSPEC_FK_UNKNOWN',
  'keySpec',
  'redisCommand',
  'redisCommandArg',
];

/**
 * Prints one import statement as Prettier would.
 *
 * @own layout of the output
 */
export function printImport(names: Iterable<string>, module: string): string {
  const sorted = [...names].sort(compareNames);
  const flat = `import { ${sorted.join(', ')} } from '${module}';\n`;
  if (flat.length <= COLUMNS + 1) return flat;
  return `import {\n${sorted.map((name) => `  ${name},\n`).join('')}} from '${module}';\n`;
}

/**
 * Generates the text of server/commands.ts.
 *
 * @param dir directory of the JSON files
 * @param functionsTsv text of functions.tsv
 * @returns the text; throws an error that names the file when a file says something that cannot be
 *
 * @own main part of generate-command-code.py
 */
export function generateCommandCode(dir: string, functionsTsv: string): string {
  const writer = new CodeWriter(readFunctionFiles(functionsTsv));
  for (const name of PRELUDE_NAMES) writer.constant(name);

  let table = '';
  let group = '';
  for (const command of readCommands(dir)) {
    if (command.json.group !== group) {
      group = command.json.group;
      table += `    // ${group}\n`;
    }
    table += print(writer.command(command), '    ', ',');
  }

  let imports = printImport(writer.constants, './server.h.ts');
  const modules = [...writer.functions].sort((a, b) => compareNames(a[0], b[0]));
  for (const [module, names] of modules) imports += printImport(names, module);
  return `${HEADER}${imports}${PRELUDE}${table}  ];\n}\n`;
}

/**
 * Generates from the project's own files.
 *
 * @returns the text that server/commands.ts should have
 *
 * @own for the program and for the test that the file is up to date
 */
export function generateProjectCommandCode(): string {
  const functionsTsv = readFileSync(join(ROOT, 'test/facts/functions.tsv'), 'utf8');
  return generateCommandCode(join(ROOT, 'server/commands'), functionsTsv);
}

if (require.main === module) {
  writeFileSync(join(ROOT, 'server/commands.ts'), generateProjectCommandCode());
}
