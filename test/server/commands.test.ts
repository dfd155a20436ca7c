/**
 * The command table: generated from the JSON files, and true to the facts of Redis 7.0.5.
 */
import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redisCommandTable } from '../../server/commands.ts';
import * as server_h from '../../server/server.h.ts';
import {
  type keySpec,
  type redisCommand,
  type redisCommandArg,
  KSPEC_BS_INDEX,
  KSPEC_BS_KEYWORD,
  KSPEC_BS_UNKNOWN,
  KSPEC_FK_KEYNUM,
  KSPEC_FK_RANGE,
  KSPEC_FK_UNKNOWN,
} from '../../server/server.h.ts';
import {
  generateCommandCode,
  generateProjectCommandCode,
} from '../../utils/generate-command-code.ts';

const root = join(__dirname, '../..');

/** An argument as test/facts/command_table.json has it. */
interface ArgumentFacts {
  name: string;
  type: string;
  token?: string;
  since?: string;
  optional?: boolean;
  multiple?: boolean;
  multiple_token?: boolean;
  key_spec_index?: number;
  arguments?: ArgumentFacts[];
}

/** A command as test/facts/command_table.json has it. */
interface CommandFacts {
  name: string;
  container?: string;
  function?: string;
  get_keys_function?: string;
  arity: number;
  group: string;
  since: string;
  deprecated_since?: string;
  replaced_by?: string[];
  doc_flags?: string[];
  command_flags?: string[];
  acl_categories?: string[];
  command_tips?: string[];
  history_versions?: string[];
  key_specs?: {
    flags: string[];
    begin_search: object;
    find_keys: object;
  }[];
  arguments?: ArgumentFacts[];
}

/** Names of the constants of server.h.ts that begin with the prefix and are set in `flags`, without the prefix. */
function flagNames(prefix: string, flags: number): string[] {
  const names: string[] = [];
  for (const [name, value] of Object.entries(server_h)) {
    if (!name.startsWith(prefix) || typeof value !== 'number') continue;
    const short = name.slice(prefix.length);
    // Other families share the prefix CMD_, and CMD_KEY_FULL_ACCESS stands for several bits.
    if (prefix === 'CMD_' && /^(ARG|CALL|CHANNEL|DOC|KEY)_/.test(short)) continue;
    if ((value & (value - 1)) === 0 && (flags & value) !== 0) names.push(short);
  }
  return names.sort();
}

/** Name of the constant of server.h.ts that begins with the prefix and has the value, without the prefix. */
function constantName(prefix: string, value: number): string {
  const found = Object.entries(server_h).find(
    ([name, candidate]) => name.startsWith(prefix) && candidate === value,
  );
  return found === undefined ? `${value}` : found[0].slice(prefix.length);
}

/** An argument of the table in the form of the facts. */
function argumentFacts(arg: redisCommandArg): ArgumentFacts {
  const facts: ArgumentFacts = {
    name: arg.name,
    type: constantName('ARG_TYPE_', arg.type).toLowerCase().replace('_', '-'),
  };
  if (arg.token !== null) facts.token = arg.token;
  if (arg.since !== null) facts.since = arg.since;
  if (arg.flags & server_h.CMD_ARG_OPTIONAL) facts.optional = true;
  if (arg.flags & server_h.CMD_ARG_MULTIPLE) facts.multiple = true;
  if (arg.flags & server_h.CMD_ARG_MULTIPLE_TOKEN) facts.multiple_token = true;
  if (arg.key_spec_index !== -1) facts.key_spec_index = arg.key_spec_index;
  if (arg.subargs !== null) facts.arguments = arg.subargs.map(argumentFacts);
  return facts;
}

/** Arguments of the facts as C's generator writes them: names in lower case, tokens in upper case, `""` empty. */
function normalArguments(args: ArgumentFacts[]): ArgumentFacts[] {
  return args.map((arg) => {
    const normal = { ...arg, name: arg.name.toLowerCase() };
    if (arg.token !== undefined) normal.token = arg.token === '""' ? '' : arg.token.toUpperCase();
    if (arg.arguments !== undefined) normal.arguments = normalArguments(arg.arguments);
    return normal;
  });
}

/** A key spec of the table in the form of the facts. */
function keySpecFacts(spec: keySpec): NonNullable<CommandFacts['key_specs']>[number] {
  const { index, keyword } = spec.bs;
  const { range, keynum } = spec.fk;
  const begin: Record<number, object> = {
    [KSPEC_BS_INDEX]: { index },
    [KSPEC_BS_KEYWORD]: { keyword },
    [KSPEC_BS_UNKNOWN]: { unknown: null },
  };
  const find: Record<number, object> = {
    [KSPEC_FK_RANGE]: {
      range: { lastkey: range.lastkey, step: range.keystep, limit: range.limit },
    },
    [KSPEC_FK_KEYNUM]: {
      keynum: { keynumidx: keynum.keynumidx, firstkey: keynum.firstkey, step: keynum.keystep },
    },
    [KSPEC_FK_UNKNOWN]: { unknown: null },
  };
  return {
    flags: flagNames('CMD_KEY_', spec.flags),
    begin_search: begin[spec.begin_search_type],
    find_keys: find[spec.find_keys_type],
  };
}

/** A command of the table in the form of the facts, every member present. */
function commandFacts(cmd: redisCommand, container: string | undefined): Required<CommandFacts> {
  return {
    name: cmd.declared_name.toUpperCase(),
    container: container?.toUpperCase() ?? '',
    function: cmd.proc?.name ?? '',
    get_keys_function: cmd.getkeys_proc?.name ?? '',
    arity: cmd.arity,
    group: constantName('COMMAND_GROUP_', cmd.group).toLowerCase(),
    since: cmd.since ?? '',
    deprecated_since: cmd.deprecated_since ?? '',
    // The facts keep only the words in capitals; the first of them is the command.
    replaced_by: cmd.replaced_by?.match(/(?<=^`)[A-Z ]+(?=`)/)?.slice() ?? [],
    doc_flags: flagNames('CMD_DOC_', cmd.doc_flags),
    command_flags: flagNames('CMD_', cmd.flags),
    acl_categories: flagNames('ACL_CATEGORY_', cmd.acl_categories),
    command_tips: cmd.tips ?? [],
    history_versions: cmd.history?.map(({ since }) => since) ?? [],
    key_specs: cmd.key_specs_static.map(keySpecFacts),
    arguments: cmd.args?.map(argumentFacts) ?? [],
  };
}

/** Flags in order, each once: C names BLOCKING twice for XREAD. */
function sortedSet(flags: string[] | undefined): string[] {
  return [...new Set(flags)].sort();
}

/** A row of the facts with every member present and the flags sorted. */
function normalFacts(facts: CommandFacts): Required<CommandFacts> {
  return {
    name: facts.name,
    container: facts.container ?? '',
    function: facts.function ?? '',
    get_keys_function: facts.get_keys_function ?? '',
    arity: facts.arity,
    group: facts.group,
    since: facts.since,
    deprecated_since: facts.deprecated_since ?? '',
    replaced_by: facts.replaced_by?.slice(0, 1) ?? [],
    doc_flags: sortedSet(facts.doc_flags),
    command_flags: sortedSet(facts.command_flags),
    acl_categories: sortedSet(facts.acl_categories),
    command_tips: facts.command_tips?.map((tip) => tip.toLowerCase()) ?? [],
    history_versions: facts.history_versions ?? [],
    key_specs: (facts.key_specs ?? []).map(({ flags, begin_search, find_keys }) => ({
      flags: sortedSet(flags),
      begin_search,
      find_keys,
    })),
    arguments: normalArguments(facts.arguments ?? []),
  };
}

/** Calls `visit` with each command of the table and each subcommand. */
function walk(
  table: redisCommand[],
  visit: (cmd: redisCommand, container: string | undefined) => void,
): void {
  for (const cmd of table) {
    visit(cmd, undefined);
    for (const sub of cmd.subcommands ?? []) visit(sub, cmd.declared_name);
  }
}

/** Collects every object reachable from a value, functions excepted. */
function reachable(value: unknown, found: Set<object>): Set<object> {
  if (typeof value !== 'object' || value === null || found.has(value)) return found;
  found.add(value);
  for (const member of Object.values(value)) reachable(member, found);
  return found;
}

describe('server/commands', () => {
  it('is what the generator makes of the JSON files now', () => {
    const text = readFileSync(join(root, 'server/commands.ts'), 'utf8');
    expect(text === generateProjectCommandCode(), 'run utils/generate-command-code.ts').to.equal(
      true,
    );
  });

  it('agrees with Redis 7.0.5 in every fact of every command', () => {
    const text = readFileSync(join(root, 'test/facts/command_table.json'), 'utf8');
    const facts = new Map(
      (JSON.parse(text) as CommandFacts[]).map((f) => [`${f.container ?? ''}|${f.name}`, f]),
    );
    walk(redisCommandTable(), (cmd, container) => {
      const ours = commandFacts(cmd, container);
      const theirs = facts.get(`${ours.container}|${ours.name}`);
      expect(theirs, `${ours.container} ${ours.name}`).to.not.equal(undefined);
      if (theirs === undefined) return;
      expect(ours, `${ours.container} ${ours.name}`).to.deep.equal(normalFacts(theirs));
    });
  });

  it('says of every command what it does', () => {
    const summaries = new Set<string | null>();
    let commands = 0;
    walk(redisCommandTable(), (cmd) => {
      expect(cmd.summary, cmd.declared_name).to.match(/^[A-Z].*[^.]$/);
      for (const { changes } of cmd.history ?? []) expect(changes).to.match(/\.$/);
      summaries.add(cmd.summary);
      commands++;
    });
    // EXPIRE and its like differ in the unit, but no two commands do the same.
    expect(summaries.size).to.equal(commands);
  });

  it('lists commands by group and name, as C does, so that they get their ids in that order', () => {
    const names = redisCommandTable().map(
      (cmd) =>
        `${constantName('COMMAND_GROUP_', cmd.group).toLowerCase()} ${cmd.declared_name.toUpperCase()}`,
    );
    // In capitals, as C sorts them: GEORADIUSBYMEMBER comes before GEORADIUS_RO.
    expect(names).to.deep.equal(names.toSorted());
  });

  it('is made anew for each server, down to the last argument', () => {
    const first = reachable(redisCommandTable(), new Set());
    const second = reachable(redisCommandTable(), new Set());
    expect(first.size).to.equal(second.size);
    expect([...first].filter((object) => second.has(object))).to.deep.equal([]);
  });
});

describe('utils/generate-command-code', () => {
  let dir = '';

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'commands-'));
  });

  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  /** Writes one JSON file of a command NAME whose members are a sound command's, changed as said. */
  function put(file: string, changes: object): void {
    const command = {
      summary: 'Do',
      group: 'generic',
      since: '1.0.0',
      arity: 1,
      function: 'doCommand',
      ...changes,
    };
    const name = file.replace(/^.*-|\.json$/g, '').toUpperCase();
    writeFileSync(join(dir, file), JSON.stringify({ [name]: command }));
  }

  const functionsTsv = '# comment\n= db.c\ndoCommand\t1\t2\tS\nhiddenCommand\t4\t5\tsS\n';
  const generate = (): string => generateCommandCode(dir, functionsTsv);

  it('imports a function from the module that mirrors its C file', () => {
    put('do.json', {});
    expect(generate()).to.include(`import { doCommand } from './db.ts';\n`);
  });

  it('needs nothing but another file for another command', () => {
    put('do.json', {});
    put('re.json', { key_specs: [{ flags: ['NOT_KEY'], begin_search: {}, find_keys: {} }] });
    put('re-do.json', { container: 'RE' });
    const code = generate();
    for (const name of ['do', 're']) expect(code).to.include(`declared_name: '${name}',`);
    expect(code).to.include('subcommands: [');
  });

  it('writes quotes and backslashes so that they come back', () => {
    put('do.json', { summary: `a 'b' \\ c` });
    expect(generate()).to.include(`summary: 'a \\'b\\' \\\\ c',`);
  });

  const key = { name: 'key', type: 'key', key_spec_index: 0 };
  const keySpecs = [{ flags: ['RO'], begin_search: {}, find_keys: {} }];
  const mistakes: [what: string, file: string, changes: object, error: RegExp][] = [
    ['a member that nobody reads', 'do.json', { arty: 1 }, /unknown member "arty"/],
    ['a command without summary', 'do.json', { summary: '' }, /summary, since and arity/],
    ['a group that does not exist', 'do.json', { group: 'strings' }, /group "strings"/],
    ['a file named after another command', 'x-do.json', {}, /asks for the file do\.json/],
    ['a subcommand without container', 're-do.json', { container: 'RE' }, /no container RE/],
    ['a command that does nothing', 'do.json', { function: undefined }, /neither function nor/],
    ['a function that C lacks', 'do.json', { function: 'noCommand' }, /no module defines/],
    ['a static function', 'do.json', { function: 'hiddenCommand' }, /no module defines/],
    ['a key spec that no argument uses', 'do.json', { key_specs: keySpecs }, /unused key spec 0/],
    ['an argument whose key spec is missing', 'do.json', { arguments: [key] }, /key_spec_index of/],
    ['a fifth key spec', 'do.json', { key_specs: Array(5).fill(keySpecs[0]) }, /too many/],
    ['an unknown type', 'do.json', { arguments: [{ name: 'a', type: 'b' }] }, /argument type "b"/],
    ['an empty block', 'do.json', { arguments: [{ name: 'a', type: 'block' }] }, /arguments of a/],
    [
      'a token repeated for a single argument',
      'do.json',
      { arguments: [{ name: 'a', type: 'string', multiple_token: true }] },
      /multiple_token of a/,
    ],
  ];
  for (const [what, file, changes, error] of mistakes) {
    it(`refuses ${what}`, () => {
      put(file, changes);
      expect(generate).to.throw(error);
    });
  }
});
