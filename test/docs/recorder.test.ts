/**
 * The recorder: what is instrumented and how, the folding, the files, and the two programs that show calls as text.
 */
import { expect } from 'chai';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { CallSites } from '../../docs/recorder/callsites.ts';
import { TreeBuilder, fold, profileOf } from '../../docs/recorder/fold.ts';
import {
  walkCalls,
  type FunctionFile,
  type RecordIndex,
  type ScenarioFile,
} from '../../docs/recorder/format.ts';
import { compile } from '../../docs/recorder/instrument.ts';
import { parseLiveOptions } from '../../docs/recorder/live.ts';
import { parseReply, splitWords } from '../../docs/recorder/play.ts';
import { ValuePreview, quote } from '../../docs/recorder/preview.ts';
import { Call, type TracedFunction } from '../../docs/recorder/probe.ts';
import { Recorder, recordAll } from '../../docs/recorder/record.ts';
import { allScenarios, commandNames } from '../../docs/recorder/scenarios/scenario.ts';
import { trace } from '../../docs/recorder/trace.ts';
import { coreRooms, readSource, sourceFiles } from '../support/sources.ts';

describe('Instrumented code', () => {
  const text = (lines: string[]): string => compile('object/x.ts', lines.join('\n'));

  it('notes entry, result and end of each function, under its tags', () => {
    const code = text([
      '/**',
      ' * Adds.',
      ' * @c util.c:12 plus',
      ' */',
      'export function add(a: number, b: number): number {',
      '  return a + b;',
      '}',
    ]);
    expect(code).to.contain(
      '"name":"add","line":5,"params":["a","b"],"c":"util.c:12","cName":"plus"',
    );
    expect(code).to.contain('const $f = $t.enter($m + 0, arguments);');
    expect(code).to.contain('return $t.ret($f, a + b);');
    expect(code).to.contain('$t.leave($f);');
  });

  it('passes the line of a call through its last argument, after all other calls', () => {
    const code = text([
      'function g(x: number): number {',
      '  return x;',
      '}',
      'export function f(p: () => void): void {',
      '  g(',
      '    g(1),',
      '  );',
      '  p();',
      '}',
    ]);
    expect(code).to.contain('g($t.at(5, g($t.at(6, 1))))');
    expect(code).to.contain('($t.through(8, "p"), p)()');
  });

  it('passes it through what is called, where there are no arguments', () => {
    const code = text([
      'export function f(a: { b: () => { c?: () => void } }): void {',
      '  a',
      '    .b()',
      '    .c!();',
      '  new Map();',
      '  new Set([1]);',
      '}',
    ]);
    expect(code).to.contain('$t.through(4, "c", $t.through(3, "b", a)');
    expect(code).to.contain('new ($t.at(5, Map))()');
    expect(code).to.contain('new Set($t.at(6, [1]))');
  });

  it('leaves the functions inside a function alone', () => {
    const code = text(['export function f(): () => number {', '  return () => 1;', '}']);
    expect(code.match(/\$t\.enter/g)).to.have.length(1);
    expect(code).to.contain('$t.ret($f, () => 1)');
  });

  it('gives the calls of a function inside a function their lines if that function runs it, and no others', () => {
    const code = text([
      'function g(x: number): number {',
      '  return x;',
      '}',
      'export function f(): void {',
      '  [1].map((x) => g(x));',
      '}',
      'export const table = {',
      '  hash: (x: number): number => g(x),',
      '};',
      'export class c {',
      '  m(): number {',
      '    return g(1);',
      '  }',
      '}',
    ]);
    expect(code).to.contain('[1].map($t.through(5, "map", (x) => g($t.atIn($m + 1, 5, x))))');
    expect(code).to.contain('hash: (x) => g(x),');
    expect(code).to.contain('return g(1);');
    expect(code).to.contain('"sites":{"map":[5],"g":[5]}');
  });
});

describe('A preview', () => {
  const preview = new ValuePreview(() => '127.0.0.1:50312');

  it('shows strings in quotes, cut at 40 bytes', () => {
    expect(quote('to"m\r\n\x01\xff')).to.equal('"to\\"m\\r\\n\\x01\\xff"');
    expect(quote('a'.repeat(50))).to.equal(`"${'a'.repeat(40)}"...(50)`);
  });

  it('shows clients by id and address, objects by value', () => {
    class client {
      id = 7;
      conn = { fd: 8 };
    }
    class robj {
      type: number;
      ptr: unknown;
      constructor(type: number, ptr: unknown) {
        this.type = type;
        this.ptr = ptr;
      }
    }
    expect(preview.value(new client())).to.equal('#7 127.0.0.1:50312');
    expect(preview.value(new robj(0, 'tom'))).to.equal('"tom"');
    expect(preview.value(new robj(0, 42))).to.equal('42');
    expect(preview.value(new robj(0, { buf: Buffer.from('tommy'), len: 3 }))).to.equal('"tom"');
    expect(preview.value(new robj(1, null))).to.equal('<list>');
    expect(preview.value([new robj(0, 'SET'), new robj(0, 'a')])).to.equal('["SET", "a"]');
    expect(preview.value(allScenarios)).to.equal('allScenarios');
    expect(preview.value(null)).to.equal('null');
  });
});

describe('The folding of calls', () => {
  const functions = ['main', 'a', 'b', 'c'].map((name, i): TracedFunction => {
    return { name, file: 'x.ts', line: i, params: ['n'], c: null, own: '', sites: {} };
  });
  const call = (fn: number, arg: string, parent: Call | null, line = 1): Call => {
    const made = new Call(fn, line, '', parent, [arg]);
    parent?.calls.push(made);
    return made;
  };

  it('counts what is repeated, and loops by their body', () => {
    const main = call(0, '', null, 0);
    for (let i = 0; i < 3; i++) call(1, String(i), main);
    for (let i = 0; i < 4; i++) {
      call(2, String(i), main);
      call(3, String(i), main);
    }
    const builder = new TreeBuilder(functions, new CallSites());
    const tree = builder.build([main]);
    const root = tree.nodes[tree.roots[0] as number];
    expect(root.n).to.equal(12);
    const [first, loop] = root.k ?? [];
    expect(first).to.deep.equal([0, 3]);
    expect(loop).to.have.property('times', 4);
    const seen: string[] = [];
    walkCalls(tree, ({ node, times, loops }) => {
      const arg = tree.texts[node.a?.[0] ?? 0];
      seen.push(`${builder.functions[node.f].name}(${arg})x${times}${loops.join()}`);
    });
    expect(seen).to.deep.equal(['main()x1', 'a(0)x3', 'b(0)x14', 'c(0)x14']);
  });

  it('stores equal subtrees once, and gives equal shapes one digest', () => {
    const main = call(0, '', null, 0);
    call(2, 'x', call(1, '1', main));
    call(3, '', main);
    call(2, 'x', call(1, '1', main));
    call(3, '', main, 2);
    call(2, 'y', call(1, '2', main));
    const tree = new TreeBuilder(functions, new CallSites()).build([main]);
    const children = tree.nodes[tree.roots[0] as number].k as number[];
    expect(children[0]).to.equal(children[2]);
    expect(children[4]).not.to.equal(children[0]);
    expect(tree.nodes[children[4]].d).to.equal(tree.nodes[children[0]].d);
    expect(tree.nodes[children[3]].d).not.to.equal(tree.nodes[children[1]].d);
  });

  it('leaves a sequence alone that is not repeated', () => {
    const entries = ['p', 'q', 'p', 'r'].map((key, child) => ({ key, child, n: 1 }));
    expect(fold(entries).map(({ child }) => child)).to.deep.equal([0, 1, 2, 3]);
  });

  it('draws a profile in which every box that opens is closed, within the one around it', () => {
    const main = call(0, '', null, 0);
    for (let i = 0; i < 3; i++) call(2, '', call(1, String(i), main));
    const tree = new TreeBuilder(functions, new CallSites()).build([main]);
    const profile = profileOf(tree, 'x');
    expect(profile.endValue).to.equal(7);
    const open: number[] = [];
    let last = 0;
    for (const { type, frame, at } of profile.events) {
      expect(at).to.be.at.least(last);
      last = at;
      if (type === 'O') open.push(frame);
      else expect(open.pop()).to.equal(frame);
    }
    expect(open).to.deep.equal([]);
  });
});

/** The last line of each function, by its id. */
function endsOfFunctions(): Map<string, number> {
  const ends = new Map<string, number>();
  for (const { file, tree } of sourceFiles(coreRooms).map(readSource)) {
    for (const statement of tree.statements) {
      if (!ts.isFunctionDeclaration(statement)) continue;
      const id = `${file.replace(/\.ts$/, '')}.${statement.name?.text ?? ''}`;
      ends.set(id, tree.getLineAndCharacterOfPosition(statement.end).line + 1);
    }
  }
  return ends;
}

describe('A recording', function () {
  this.timeout(60000);
  const folders: string[] = [];
  const folder = (): string => {
    const made = mkdtempSync(join(tmpdir(), 'recorder-'));
    folders.push(made);
    return made;
  };
  after(() => {
    for (const made of folders) rmSync(made, { recursive: true, force: true });
  });
  const chosen = (...ids: string[]): ReturnType<typeof allScenarios> =>
    allScenarios().filter(({ id }) => ids.includes(id));
  const contents = (made: string): Map<string, string> =>
    new Map(
      readdirSync(made, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()
        .map((file) => [file.slice(made.length), readFileSync(file, 'utf8')]),
    );

  it('is the same, byte for byte, when it is made again', () => {
    const scenarios = chosen('scene.start', 'set', 'lolwut', 'randomkey', 'scene.active-expiry');
    const [first, second] = [folder(), folder()];
    recordAll(first, scenarios);
    recordAll(second, scenarios);
    const [one, other] = [contents(first), contents(second)];
    expect([...one.keys()]).to.deep.equal([...other.keys()]);
    for (const [file, text] of one) expect(other.get(file) === text, file).to.equal(true);
  });

  it('has the request, the reply, the keys, and the stack down to main', () => {
    const made = folder();
    recordAll(made, chosen('set'));
    const read = (path: string): unknown => JSON.parse(readFileSync(join(made, path), 'utf8'));
    const set = read('scenarios/set.json') as ScenarioFile;
    expect(set.exchanges.map(({ text, reply }) => [text, reply])).to.deep.equal([
      ['SET name tom', '+OK\r\n'],
    ]);
    expect(set.keyspaceBefore).to.deep.equal([]);
    expect(set.keyspaceAfter).to.deep.equal([
      { db: 0, key: 'name', type: 'string', encoding: 'embstr', value: '"tom"', ttl: -1 },
    ]);
    expect(set.propagated).to.deep.equal([{ db: 0, args: ['SET', 'name', 'tom'] }]);
    expect(set.profiles[0].endValue).to.be.above(100);

    const file = read('functions/server/server.processCommand.json') as FunctionFile;
    const [stack] = file.stacks;
    expect(stack.input).to.equal('SET name tom');
    expect(stack.frames.map(({ f, c }) => `${file.functions[f].name} ${c}`)).to.deep.equal([
      'processCommand 3612',
      'processCommandAndResetClient 2444',
      'processInputBuffer 2548',
      'readQueryFromClient 2684',
      'callHandler 79',
      'connSocketEventHandler 310',
      'aeProcessEvents 436',
      'aeMain 496',
      'main 7075',
    ]);
    const args = stack.frames[0].a?.map((text) => file.texts[text]);
    expect(args).to.deep.equal(['#1 127.0.0.1:50312']);
    const call = file.functions.findIndex(({ name }) => name === 'call');
    expect(file.callees.some(({ f }) => f === call)).to.equal(true);

    const proc = (read('functions/object/t_string.setCommand.json') as FunctionFile).stacks[0];
    expect(proc.frames[1].p).to.equal('proc');
    const index = read('index.json') as RecordIndex;
    expect(index.commands['SET']).to.deep.equal(['set']);
  });

  it('exists for every command of the server', () => {
    const recorded = new Set(allScenarios().map(({ command }) => command));
    expect(commandNames().filter((name) => !recorded.has(name))).to.deep.equal([]);
    const ids = allScenarios().map(({ id }) => id);
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it('of every scenario shows something, and every command gets an answer but for those that have none', () => {
    const recorder = new Recorder();
    const silent: string[] = [];
    for (const scenario of allScenarios()) {
      const { tree, exchanges } = recorder.record(scenario);
      expect(tree.nodes.length, scenario.id).to.be.above(0);
      if (scenario.kind === 'command' && !exchanges.some(({ reply }) => reply !== '')) {
        silent.push(scenario.id);
      }
    }
    expect(silent).to.deep.equal(['blpop.block', 'client-reply', 'shutdown']);

    const ends = endsOfFunctions();
    const strange: string[] = [];
    for (const { function: callee, functions, callers } of recorder.functionFiles()) {
      for (const { f, lines } of callers) {
        const caller = functions[f];
        const last = ends.get(caller.id) ?? 0;
        if (lines.some((line) => line < caller.line || line > last)) {
          strange.push(`${callee.name} < ${caller.name}: ${lines.join()}`);
        }
      }
    }
    // Whoever calls does it on one of its own lines, even where a function within a function stands between.
    expect(strange).to.deep.equal([]);
  });
});

describe('The tracer', function () {
  this.timeout(20000);

  it('shows reply, stack and calls with their places in C', () => {
    const text = trace([
      '--at',
      'lookupKey',
      '--only',
      'getCommand',
      '--depth',
      '2',
      '--setup',
      'SET name tom',
      'GET name',
    ]);
    expect(text).to.contain('A> GET name\n   "$3\\r\\ntom\\r\\n"\n');
    expect(text).to.match(
      /^#0 {2}lookupKey \(db=db0, key="name", flags=0\) at server\/db\.ts:\d+ +C db\.c:87$/m,
    );
    expect(text).to.match(/^#\d+ +main \(\) at server\/server\.ts:\d+ +C server\.c:7075$/m);
    expect(text).to.match(/^proc → getCommand\(c=#1 127\.0\.0\.1:50312\) \{ +C server\.c:3319$/m);
    expect(text).to.match(/^ {4}lookupKeyReadOrReply\(.*\) = "tom"; +C t_string\.c:317$/m);
    expect(text).to.not.contain('lookupKeyReadWithFlags(');
  });

  it('hides what it is told to, and measures when it is told to', () => {
    const text = trace(['--calls', '--times', '--hide', 'beforeSleep,call', 'PING']);
    expect(text).to.match(/^ +\d+\.\d{3} us \| +processCommand\(/m);
    expect(text).to.not.match(/\b(?:beforeSleep|call)\(/);
    expect(text).to.not.contain('#0');
  });

  it('says what is wrong with its arguments', () => {
    expect(trace([])).to.match(/^usage: /);
    expect(() => trace(['--at', 'nothing', 'PING'])).to.throw('there is no function nothing');
    expect(() => trace(['--depth', 'x', 'PING'])).to.throw('--depth x: not a number');
    expect(trace(['--at', 'aeStop', '--stack', 'PING'])).to.contain('aeStop was not called.');
  });

  it('takes its options out of those of a live server', () => {
    const options = parseLiveOptions(
      '--port 7000 --trace SET,config|get --trace-depth 3 --trace-times --save 1 2'.split(' '),
    );
    expect(options.rest).to.deep.equal(['--port', '7000', '--save', '1', '2']);
    expect([...options.commands]).to.deep.equal(['set', 'config|get']);
    expect(options.depth).to.equal(3);
    expect(options.times).to.equal(true);
    expect(parseLiveOptions(['--trace', 'all']).commands.size).to.equal(0);
  });
});

describe('The lines of a scenario', () => {
  it('are split into words as a shell would', () => {
    expect(splitWords('SET "a b" \'c d\' "\\x00\\n"')).to.deep.equal(['SET', 'a b', 'c d', '\0\n']);
  });

  it('and their replies are read', () => {
    expect(parseReply('*3\r\n:1\r\n$3\r\ntom\r\n$-1\r\n')).to.deep.equal([1, 'tom', null]);
  });
});
