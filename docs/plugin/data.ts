/**
 * All that the pages are made of: the sources, the recorded runs, the comparison with gdb, the coverage, the tests.
 *
 *     sources ─┐
 *     record.ts ─► node_modules/.cache/docs/<digest>/recording ─┐
 *     compare.ts ─► ... /compared.json ─────────────────────────┼─► SiteData ─► pages
 *     coverage/lcov.info (when there is one) ───────────────────┘
 *
 * Recording and comparing take a while, so their results are kept under a digest of everything that they depend on.
 *
 * Who calls in: the theme. Whom it calls: docs/recorder/*, and test/support/sources.ts for the sources.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import {
  coreRooms,
  mirrorRooms,
  readSource,
  root,
  sourceFiles,
  type OurFile,
  type OurFunction,
} from '../../test/support/sources.ts';
import type { View } from '../browser/view.ts';
import { testRooms, type Reach } from './reach.ts';
import type { ComparedStack, DiffLine } from '../recorder/compare.ts';
import {
  type CallNode,
  type Child,
  type FunctionFile,
  type FunctionInfo,
  type RecordIndex,
  type ScenarioFile,
} from '../recorder/format.ts';

/** What the comparison with gdb leaves in its file. */
export interface Compared {
  stacks: ComparedStack[];
  traces: { id: string; setup: string[]; trigger: string[]; pieces: DiffLine[][] }[];
  /** Reasons for stacks that differ, by their id. */
  why: Record<string, string>;
}

/** A test, and where it stands; 0: its title is put together when it runs. */
export interface TestPlace {
  file: string;
  line: number;
  title: string;
}

/** The tests that reach a function: how many, and the most telling of them. */
export interface ReachingTests {
  count: number;
  tests: TestPlace[];
}

/** What a command's file in server/commands/ says. */
export interface CommandFacts {
  name: string;
  /** `SET`, `CLIENT|LIST`. */
  fullName: string;
  summary: string;
  complexity?: string;
  group: string;
  since: string;
  arity: number;
  container?: string;
  function?: string;
  get_keys_function?: string;
  history?: [string, string][];
  command_flags?: string[];
  acl_categories?: string[];
  command_tips?: string[];
  doc_flags?: string[];
  key_specs?: KeySpec[];
  arguments?: CommandArgument[];
}

/** How keys are found in a command. */
export interface KeySpec {
  notes?: string;
  flags: string[];
  begin_search: Record<string, Record<string, unknown>>;
  find_keys: Record<string, Record<string, unknown>>;
}

/** One argument, or a group of them. */
export interface CommandArgument {
  name: string;
  type: string;
  token?: string;
  since?: string;
  optional?: boolean;
  multiple?: boolean;
  multiple_token?: boolean;
  arguments?: CommandArgument[];
}

const cacheRoot = join(root, 'node_modules/.cache/docs');

/** Results that are kept: a few, for the branches one goes to and fro between. */
const KEPT = 3;

/** Digest of the files on which recordings depend. */
export function digestOfInputs(): string {
  const hash = createHash('sha256');
  const folders = [
    ...coreRooms,
    ...testRooms.map((room) => `test/${room}`),
    ...['docs/recorder', 'test/facts', 'server/commands'],
  ];
  for (const folder of new Set(folders)) {
    if (!existsSync(join(root, folder))) continue;
    const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(?:ts|tsv|json)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    for (const file of entries) hash.update(file.slice(root.length)).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Runs a program of the project, and waits for it; throws with what it said when it fails. */
function run(script: string, ...args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [...noStripping(), '-r', 'ts-node/register', script, ...args],
      { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${script}: ${said}`));
    });
  });
}

/** Runs tests, those that call the modules themselves by default, and leaves what they reached in `file`. A test that fails does not matter here. */
export function reachOfTests(file: string, tests: string[] = testsOfModules()): Promise<void> {
  const args = ['--require', 'ts-node/register', '--require', './docs/plugin/reach.ts'];
  const env: NodeJS.ProcessEnv = { ...process.env, REACH_FILE: file };
  // Two who count would take the counts away from each other.
  delete env.NODE_V8_COVERAGE;
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [...noStripping(), require.resolve('mocha/bin/mocha.js'), ...args, ...tests],
      { cwd: root, env, stdio: 'ignore' },
    );
    child.on('error', reject);
    child.on('exit', () => {
      if (existsSync(file)) resolve();
      else reject(new Error('the tests of the modules cannot be run'));
    });
  });
}

/** The files with tests that call the modules in their own process. */
function testsOfModules(): string[] {
  return sourceFiles(
    testRooms.map((room) => `test/${room}`).filter((dir) => existsSync(join(root, dir))),
  ).filter((name) => name.endsWith('.test.ts'));
}

/** The Node that runs TypeScript by itself must leave it to ts-node. */
function noStripping(): string[] {
  const { typescript } = process.features as { typescript?: string | false };
  return typescript ? ['--no-experimental-strip-types'] : [];
}

/** Makes what is not there yet; returns the folder in which the recording and the comparison stand. */
export async function prepare(say: (text: string) => void): Promise<string> {
  const folder = join(cacheRoot, digestOfInputs());
  if (existsSync(join(folder, 'compared.json'))) return folder;
  const began = performance.now();
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  const done = await Promise.allSettled([
    run('docs/recorder/record.ts', join(draft, 'recording')),
    run('docs/plugin/compared.ts', join(draft, 'compared.json')),
    reachOfTests(join(draft, 'reach.json')),
  ]);
  // Both have ended: nobody writes into the draft any more.
  const failed = done.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    rmSync(draft, { recursive: true, force: true });
    throw failed.reason;
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(draft, folder);
  const kept = readdirSync(cacheRoot)
    // A name with a dot is a draft: somebody else may be writing it now.
    .filter((name) => !name.includes('.'))
    .map((name) => join(cacheRoot, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const old of kept.slice(KEPT)) rmSync(old, { recursive: true, force: true });
  say(`recorded and compared in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return folder;
}

/** Everything the pages are made of. */
export class SiteData {
  readonly index: RecordIndex;
  readonly compared: Compared;
  readonly files: OurFile[];
  /** Functions of the project by id; those that are traced have hits. */
  readonly functions = new Map<string, FunctionInfo & { hits: number; stacks: number }>();
  /** The same by name, the mirrored ones first. */
  readonly byName = new Map<string, FunctionInfo[]>();
  /** What the sources say of a function, by id. */
  readonly declared = new Map<string, OurFunction>();
  readonly commands: CommandFacts[];
  /** Tests that reach a function, by its id. */
  readonly tests: Map<string, ReachingTests>;
  /** Executed lines from the tests: file to line to count; only of files that did not change since. */
  readonly coverage: Map<string, Map<number, number>>;
  /** Executed calls from the recording: file to line to count. */
  readonly callCounts = new Map<string, Map<number, number>>();
  /** Functions that have a page: those that are exported. */
  readonly withPage = new Set<string>();
  /** Pages whose address does not follow from the id; filled by the router's decisions. */
  pages: Record<string, string> = {};

  readonly #folder: string;
  /** How many lines a file has. */
  readonly #lines = new Map<string, number>();
  readonly #scenarios = new Map<string, ScenarioFile>();

  constructor(folder: string) {
    this.#folder = join(folder, 'recording');
    this.index = readJson(join(this.#folder, 'index.json')) as RecordIndex;
    this.compared = readJson(join(folder, 'compared.json')) as Compared;
    // Lowest rooms first.
    this.files = mirrorRooms.flatMap((room) => sourceFiles([room])).map(readSource);
    for (const fn of this.index.functions) this.functions.set(fn.id, fn);
    for (const { file, functions, text } of this.files) {
      this.#lines.set(file, text.split('\n').length);
      for (const fn of functions) {
        if (fn.isMethod) continue;
        const id = `${file.replace(/\.ts$/, '')}.${fn.name}`;
        this.declared.set(id, fn);
        if (this.functions.has(id)) continue;
        const [tag] = fn.tags;
        this.functions.set(id, {
          name: fn.name,
          file,
          line: fn.line,
          params: [],
          c: tag === undefined ? null : `${tag.file}:${tag.line}`,
          id,
          hits: 0,
          stacks: 0,
        });
      }
    }
    for (const fn of this.functions.values()) {
      const list = this.byName.get(fn.name);
      if (list === undefined) this.byName.set(fn.name, [fn]);
      else if (fn.c !== null && !fn.file.startsWith('cli/')) list.unshift(fn);
      else list.push(fn);
    }
    this.commands = readCommands();
    this.tests = readReach(join(folder, 'reach.json'), new Set(this.byName.keys()));
    this.coverage = readCoverage();
    this.#countCalls();
  }

  /** The recorded file of a function; null for one that is not traced. */
  functionFile(id: string): FunctionFile | null {
    const file = join(this.#folder, 'functions', `${id}.json`);
    return existsSync(file) ? this.#withPlaces(readJson(file) as FunctionFile) : null;
  }

  /** A call from a closure is noted with the line of the closure, which may stand in another file than the function around it. */
  #withPlaces(file: FunctionFile): FunctionFile {
    const linesOf = (f: number): number => this.#lines.get(file.functions[f].file) ?? 0;
    for (const { frames } of file.stacks) {
      for (const frame of frames) {
        if (frame.l > linesOf(frame.f)) frame.l = file.functions[frame.f].line;
      }
    }
    for (const caller of file.callers) {
      caller.lines = caller.lines.filter((line) => line <= linesOf(caller.f));
    }
    const own = this.#lines.get(file.function.file) ?? 0;
    for (const callee of file.callees) {
      callee.lines = callee.lines.filter((line) => line <= own);
    }
    return file;
  }

  /** A recorded run; throws when there is none of that name. */
  scenario(id: string): ScenarioFile {
    let scenario = this.#scenarios.get(id);
    if (scenario === undefined) {
      const file = join(this.#folder, 'scenarios', `${id}.json`);
      if (!existsSync(file)) throw new Error(`no scenario '${id}' is recorded`);
      scenario = readJson(file) as ScenarioFile;
      this.#scenarios.set(id, scenario);
    }
    return scenario;
  }

  /** The function of a name (`dictFind`, or `object/dict.dictFind`); throws when there is none. */
  function(name: string): FunctionInfo {
    const found = this.functions.get(name) ?? this.byName.get(name)?.[0];
    if (found === undefined) throw new Error(`there is no function '${name}'`);
    return found;
  }

  /** The function of ours that mirrors a C function, if any. */
  mirrorOf(name: string): FunctionInfo | null {
    return (
      this.byName.get(name)?.find((fn) => fn.c !== null) ??
      [...this.functions.values()].find((fn) => fn.cName === name) ??
      null
    );
  }

  /** Links from a page that stands `depth` folders down. */
  view(depth: number): View {
    return { root: '../'.repeat(depth), pages: this.pages };
  }

  #countCalls(): void {
    for (const { id } of this.index.scenarios) {
      const { tree, shared } = this.scenario(id);
      // A node stands for equal subtrees, so all entries of it are counted before what it called is.
      const entries = new Float64Array(tree.nodes.length);
      const add = (children: readonly Child[], times: number, caller: CallNode | null): void => {
        for (const child of children) {
          if (typeof child === 'object' && !Array.isArray(child)) {
            add(child.body, times * child.times, caller);
            continue;
          }
          const [index, repeats] = typeof child === 'number' ? [child, 1] : child;
          entries[index] += times * repeats;
          const node = tree.nodes[index];
          if (caller !== null) {
            this.#count(shared.frames[caller.f].file, node.l, times * repeats);
          }
        }
      };
      add(tree.roots, 1, null);
      for (let i = tree.nodes.length - 1; i >= 0; i--) {
        const node = tree.nodes[i];
        if (entries[i] > 0 && node.k !== undefined) add(node.k, entries[i], node);
      }
      // Large ones are read again when they are asked for.
      if (tree.nodes.length > 20000) this.#scenarios.delete(id);
    }
    for (const fn of this.index.functions) this.#count(fn.file, fn.line, fn.hits);
  }

  #count(file: string, line: number, times: number): void {
    if (line === 0 || times === 0) return;
    let lines = this.callCounts.get(file);
    if (lines === undefined) this.callCounts.set(file, (lines = new Map<number, number>()));
    lines.set(line, (lines.get(line) ?? 0) + times);
  }
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** What the files of server/commands/ say, by name. */
export function readCommands(): CommandFacts[] {
  const folder = join(root, 'server/commands');
  const commands: CommandFacts[] = [];
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.json')) continue;
    const entries = readJson(join(folder, file)) as Record<string, Omit<CommandFacts, 'name'>>;
    for (const [name, facts] of Object.entries(entries)) {
      const { container } = facts;
      const fullName = container === undefined ? name : `${container}|${name}`;
      commands.push({ ...facts, name, fullName });
    }
  }
  return commands.sort((a, b) => (a.fullName < b.fullName ? -1 : 1));
}

/** The tests of the sources with the names of functions that stand in each. */
export function readTests(names: ReadonlySet<string>): (TestPlace & { names: Set<string> })[] {
  const tests: (TestPlace & { names: Set<string> })[] = [];
  for (const file of sourceFiles(['test'])) {
    if (!file.endsWith('.test.ts')) continue;
    const tree = ts.createSourceFile(
      file,
      readFileSync(join(root, file), 'utf8'),
      ts.ScriptTarget.ES2022,
      true,
    );
    const visit = (node: ts.Node, suites: string[]): void => {
      const called = calledSuite(node);
      if (called === null) {
        ts.forEachChild(node, (child) => visit(child, suites));
        return;
      }
      const { kind, title, body } = called;
      if (kind === 'describe') {
        ts.forEachChild(body, (child) => visit(child, [...suites, title]));
        return;
      }
      const line = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
      const named = new Set<string>();
      const collect = (inner: ts.Node): void => {
        if (ts.isIdentifier(inner) && names.has(inner.text)) named.add(inner.text);
        ts.forEachChild(inner, collect);
      };
      collect(body);
      tests.push({ file, line, title: [...suites, title].join(' '), names: named });
    };
    visit(tree, []);
  }
  return tests;
}

/**
 * The tests that reach each function, from what was seen while they ran: first those that name it, then those that reach
 * few others.
 */
export function readReach(file: string, names: ReadonlySet<string>): Map<string, ReachingTests> {
  const reach = readJson(file) as Reach;
  const places = new Map(readTests(names).map((test) => [`${test.file} ${test.title}`, test]));
  const tests = reach.tests.map(({ file: where, title }) => {
    const place = places.get(`${where} ${title}`);
    return { file: where, line: place?.line ?? 0, title, names: place?.names };
  });
  const reaching = new Map<string, ReachingTests>();
  for (const [id, { count, tests: indexes }] of Object.entries(reach.functions)) {
    const name = id.slice(id.lastIndexOf('.') + 1);
    const told = indexes.map((i) => tests[i]).filter((test) => test !== undefined);
    const byName = [...told].sort(
      (a, b) => Number(b.names?.has(name) ?? false) - Number(a.names?.has(name) ?? false),
    );
    reaching.set(id, { count, tests: byName });
  }
  return reaching;
}

/** `it('...', body)` or `describe('...', body)`. */
function calledSuite(node: ts.Node): { kind: string; title: string; body: ts.Node } | null {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return null;
  const { text: kind } = node.expression;
  const [title, body] = node.arguments;
  if ((kind !== 'it' && kind !== 'describe') || body === undefined) return null;
  return ts.isStringLiteralLike(title) ? { kind, title: title.text, body } : null;
}

/** Lines that the tests executed, from coverage/lcov.info; nothing for files that are newer. */
export function readCoverage(file = join(root, 'coverage/lcov.info')): SiteData['coverage'] {
  const coverage: SiteData['coverage'] = new Map();
  if (!existsSync(file)) return coverage;
  const taken = statSync(file).mtimeMs;
  let lines: Map<number, number> | null = null;
  for (const row of readFileSync(file, 'utf8').split('\n')) {
    if (row.startsWith('SF:')) {
      const name = row.slice(3);
      const path = join(root, name);
      lines = existsSync(path) && statSync(path).mtimeMs <= taken ? new Map() : null;
      if (lines !== null) coverage.set(name, lines);
    } else if (row.startsWith('DA:') && lines !== null) {
      const [line, count] = row.slice(3).split(',').map(Number);
      lines.set(line, count);
    }
  }
  return coverage;
}
