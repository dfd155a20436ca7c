/** What the pages of the site are made with: tags of tours, frames, trees, highlighting, search, syntax. */
import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { flameBoxes } from '../../docs/browser/boxes.ts';
import { score } from '../../docs/browser/score.ts';
import { turnsOf } from '../../docs/browser/timeline.ts';
import {
  align,
  bytesHtml,
  cUrl,
  esc,
  frameHtml,
  gdbHtml,
  pageOf,
  scenarioUrl,
  treeHtml,
} from '../../docs/browser/view.ts';
import { slugOf } from '../../docs/plugin/command_page.ts';
import {
  reachOfTests,
  readCommands,
  readCoverage,
  readReach,
  readTests,
} from '../../docs/plugin/data.ts';
import { keySpecText, syntaxOf } from '../../docs/plugin/facts.ts';
import { cutTree } from '../../docs/plugin/function_page.ts';
import { highlight, highlightLines } from '../../docs/plugin/highlight.ts';
import { firstSentence } from '../../docs/plugin/lists.ts';
import {
  DriftError,
  anchorOf,
  markdownFor,
  parseTag,
  wayTo,
  type TagContext,
} from '../../docs/plugin/markdown.ts';
import { fileSummary, openingOf, scriptText } from '../../docs/plugin/theme.ts';
import type { Reach } from '../../docs/plugin/reach.ts';
import { placeChecker } from '../../docs/plugin/tours.ts';
import type { CallTree, FunctionInfo, ScenarioFile } from '../../docs/recorder/format.ts';

const functions: FunctionInfo[] = [
  ['ae/ae', 'aeMain', 'ae.c:493'],
  ['ae/ae', 'aeProcessEvents', 'ae.c:357'],
  ['server/server', 'processCommand', 'server.c:3604'],
  ['object/sds', 'sdslen', null],
].map(([module, name, c], i) => ({
  name: name ?? '',
  file: `${module}.ts`,
  line: 10 * (i + 1),
  params: ['c'],
  c,
  id: `${module}.${name}`,
}));

/** aeMain, aeProcessEvents twice, each with processCommand, which measures a string twelve times. */
const tree: CallTree = {
  texts: ['#7 127.0.0.1:50312', '<loop>'],
  nodes: [
    { f: 3, l: 33, n: 1, d: 'a' },
    { f: 2, l: 22, c: 2444, a: [0], k: [[0, 12]], n: 13, d: 'b', p: 'proc' },
    { f: 1, l: 11, a: [1], k: [1], n: 14, d: 'c' },
    { f: 0, l: 0, k: [{ times: 2, body: [2] }], n: 29, d: 'd' },
  ],
  roots: [3],
};

const scenario = { id: 'set', title: 'SET a b', shared: { frames: functions }, tree };

const view = { root: '../', pages: { 'object/zmalloc.Ledger': 'object/zmalloc/ledger-1.html' } };

const context: TagContext = {
  data: {
    function: (name) => {
      const found = functions.find((fn) => fn.name === name);
      if (found === undefined) throw new Error(`there is no function '${name}'`);
      return found;
    },
    functionFile: () => null,
    scenario: (id) => {
      if (id !== 'set') throw new Error(`no scenario '${id}' is recorded`);
      return scenario as ScenarioFile;
    },
  },
  view,
  file: 'docs/pages/en/x.md',
};

const render = (text: string): string => markdownFor(context).render(text);

describe('Addresses of the site', () => {
  it('follow from the id of a function, save for those that are listed', () => {
    expect(pageOf(view, 'server/server.h.useServer')).to.equal('../server/server.h/useServer.html');
    expect(pageOf(view, 'object/zmalloc.Ledger')).to.equal('../object/zmalloc/ledger-1.html');
  });

  it('lead to the page of a run, variants within that of their command', () => {
    expect(scenarioUrl(view, 'client-list')).to.equal('../commands/client-list.html');
    expect(scenarioUrl(view, 'set.ex')).to.equal('../commands/set.html#t=set.ex');
    expect(scenarioUrl(view, 'scene.turn')).to.equal('../scenes/turn.html');
    expect(slugOf('CLIENT|NO-EVICT')).to.equal('client-no-evict');
    expect(slugOf('BITFIELD_RO')).to.equal('bitfield_ro');
  });

  it('lead to the exact line of C 7.0.5', () => {
    expect(cUrl('networking.c', 2660)).to.equal(
      'https://github.com/redis/redis/blob/7.0.5/src/networking.c#L2660',
    );
    expect(cUrl('deps/hiredis/sds.c', 3)).to.contain('/7.0.5/deps/hiredis/sds.c#L3');
  });
});

describe('Recorded calls as HTML', () => {
  it('show a frame with its arguments, our line and the line in C', () => {
    const frame = { f: 2, l: 25, c: 3612, a: [0], p: 'proc' };
    const html = frameHtml(view, frame, 0, functions, tree.texts);
    expect(html).to.contain('#0').and.contain('proc →').and.contain('#7 127.0.0.1:50312');
    expect(html).to.contain('../source/server/server.ts.html#L25');
    expect(html).to.contain('server.c#L3612');
  });

  it('fold repeats and loops, and hide helpers that call nobody', () => {
    const html = treeHtml(view, tree.roots, { functions, tree, open: 9, made: 9 });
    expect(html).to.match(/class="loop".*×2/s);
    expect(html).to.match(/class="call leaf helper"[^>]*>.*sdslen.*×12/s);
    expect(html).to.contain('data-path="0.0l0.0.0"');
  });

  it('leave out what is too deep, for later', () => {
    const html = treeHtml(view, tree.roots, { functions, tree, open: 1, made: 1 });
    expect(html).to.contain('aeProcessEvents').and.not.contain('processCommand');
    expect(html).to.match(/data-node="2"><details>/);
  });

  it('put a stack of gdb beside ours, frame by frame', () => {
    const html = gdbHtml(
      view,
      {
        id: 'x',
        input: 'PING',
        verdict: 'differs',
        why: 'A <reason>.',
        frames: [
          ['processCommand', 'server.c', 3612],
          ['dictType', 'dict.c', 7],
          ['aeMain', 'ae.c', 496],
        ],
        ours: [{ f: 2, l: 25 }, 'other', { f: 0, l: 12 }],
      },
      functions,
    );
    expect(html.match(/<tr class="same"/g)).to.have.length(2);
    expect(html.match(/<tr class="theirs"/g)).to.have.length(1);
    expect(html.match(/<tr class="ours"/g)).to.have.length(1);
    expect(html).to.contain('A &lt;reason&gt;.');
  });

  it('align lists by what they have in common', () => {
    expect(align(['a', 'b', 'c'], ['a', 'c', 'd'])).to.deep.equal([
      [0, 0],
      [1, -1],
      [2, 1],
      [-1, 2],
    ]);
  });

  it('show bytes that cannot be printed, and where lines end', () => {
    expect(bytesHtml('+OK\r\n')).to.equal('<pre class="bytes">+OK<i>\\r\\n</i></pre>');
    expect(bytesHtml('\x00<')).to.contain('<i>\\x00</i>&lt;');
    expect(bytesHtml('')).to.contain('nothing');
  });

  it('escape what would be markup', () => {
    expect(esc('<a href="x">&')).to.equal('&lt;a href=&quot;x&quot;&gt;&amp;');
  });
});

describe('A call tree', () => {
  it('is cut to what a call did, with the names and texts that it needs', () => {
    const part = cutTree(tree, functions, 1);
    expect(part.cut).to.equal(false);
    expect(part.functions.map(({ name }) => name)).to.deep.equal(['processCommand', 'sdslen']);
    expect(part.tree.texts).to.deep.equal(['#7 127.0.0.1:50312']);
    const [root] = part.tree.roots;
    expect(part.tree.nodes[root as number].n).to.equal(13);
  });

  it('becomes boxes as wide as the calls in them are many', () => {
    const boxes = flameBoxes(tree, tree.roots, 0);
    expect(boxes.map(({ depth, start, width }) => [depth, start, width])).to.deep.equal([
      [0, 0, 29],
      [1, 1, 28],
      [2, 3, 26],
      [3, 5, 24],
    ]);
  });

  it('becomes turns of the loop', () => {
    const [turn] = turnsOf(tree, functions);
    expect(turn.map(({ name, calls }) => [name, calls])).to.deep.equal([['processCommand', 13]]);
  });

  it('is searched for the way to a function', () => {
    expect(wayTo(scenario as ScenarioFile, 'processCommand')).to.deep.equal([3, 2, 1]);
    expect(wayTo(scenario as ScenarioFile, 'nobody')).to.equal(null);
  });
});

describe('The tags of tours', () => {
  it('are words, some of them with names', () => {
    expect(parseTag('scenario=set at=call x')).to.deep.equal({
      scenario: 'set',
      at: 'call',
      2: 'x',
    });
  });

  it('link functions and places in C, but not within code', () => {
    expect(render('See {@fn processCommand} ({@c server.c:3604}).')).to.match(
      /<a class="fn" href="\.\.\/server\/server\/processCommand\.html"><code>processCommand<\/code><\/a> \(<a class="c"/,
    );
    expect(render('`{@fn nobody}`')).to.contain('{@fn nobody}');
  });

  it('become recorded stacks and trees', () => {
    const stack = render('Text:\n\n{@callstack scenario=set at=processCommand}\n\nMore.');
    expect(stack).to.match(/#0.*processCommand.*#1.*aeProcessEvents.*#2.*aeMain/s);
    // A frame runs the line on which it calls the one above it.
    expect(stack).to.contain('ae/ae.ts:22');
    const calls = render('{@calltree scenario=set root=aeProcessEvents depth=1}');
    expect(calls).to.contain('processCommand').and.not.contain('sdslen');
  });

  it('become drawings of real structures', () => {
    expect(render('{@drawing dict before}')).to.contain('<svg').and.contain('tom');
    expect(render('{@dict before}')).to.contain('<svg');
  });

  it('fail when the recording no longer has what they name', () => {
    for (const text of [
      '{@fn nobody}',
      '{@callstack scenario=gone at=processCommand}',
      '{@callstack scenario=set at=nobody}',
      '{@calltree scenario=set root=nobody}',
      '{@drawing nothing}',
      '{@c server.ts:12}',
    ]) {
      expect(() => render(text), text).to.throw(DriftError, 'docs/pages/en/x.md');
    }
  });

  it('name lines that C has', () => {
    const isThere = placeChecker();
    expect(isThere('networking.c:2590')).to.equal(true);
    expect(isThere('networking.c:99999')).to.equal(false);
  });

  it('leave headings anchors, in any script, and links between tours', () => {
    expect(anchorOf('Where `does` it wait?')).to.equal('where-does-it-wait');
    expect(anchorOf('事件循环')).to.equal('事件循环');
    expect(render('[next](dict.md#x)')).to.contain('href="dict.html#x"');
  });
});

describe('Sources as HTML', () => {
  const parse = (text: string): ts.SourceFile =>
    ts.createSourceFile('server/a.ts', text, ts.ScriptTarget.ES2022, true);

  it('link what is imported and what is defined, not what a function has for itself', () => {
    const source = parse(
      "import { sdslen as len } from '../object/sds.ts';\nexport function f(x: number): number {\n  return len(x) + f(x);\n}\nfunction g(len: () => void) { len(); }\n",
    );
    const lines = highlightLines(
      source,
      (file, name, isDefinition) => `${file}/${name}/${isDefinition}`,
    );
    expect(lines[1]).to.contain('<a class="df" href="server/a.ts/f/true">f</a>');
    expect(lines[2]).to.contain('<a class="fn" href="object/sds.ts/sdslen/false">len</a>');
    expect(lines[2]).to.contain('href="server/a.ts/f/false">f</a>');
    expect(lines[4]).to.not.contain('sdslen');
  });

  it('keep every letter, and close on each line what they open', () => {
    const text = '/**\n * Text.\n * @c server.c:3604\n */\nconst a = `x\n${1} y`; // <b>\n';
    const lines = highlightLines(parse(text), () => null);
    const plain = lines.map((line) => line.replace(/<[^>]*>/g, '')).join('\n');
    expect(plain).to.equal(esc(text).trimEnd());
    for (const line of lines) {
      expect((line.match(/<span/g) ?? []).length).to.equal((line.match(/<\/span>/g) ?? []).length);
    }
    expect(lines[2]).to.contain('7.0.5/src/server.c#L3604');
  });

  it('color words by what they are', () => {
    const html = highlight("const A_B = 'x' + f(1);");
    expect(html)
      .to.contain('<span class="kw">const</span>')
      .and.contain('<span class="nu">1</span>');
    expect(html).to.contain('<span class="st">').and.contain('<span class="fn">f</span>');
  });
});

describe('What the pages are made of', () => {
  it('has the syntax of commands in the notation of manuals', () => {
    const commands = new Map(readCommands().map((command) => [command.fullName, command]));
    const syntax = (name: string): string => {
      const command = commands.get(name);
      return command === undefined ? '' : syntaxOf(command);
    };
    expect(syntax('GET')).to.equal('GET key');
    expect(syntax('SET')).to.match(/^SET key value \[NX \| XX\] \[GET\] \[EX seconds \| /);
    expect(syntax('MSET')).to.equal('MSET key value [key value ...]');
    expect(syntax('CLIENT|LIST')).to.contain('[ID client-id [client-id ...]]');
  });

  it('has the places of keys in words', () => {
    const range = (lastkey: number, step: number) =>
      keySpecText({
        flags: [],
        begin_search: { index: { pos: 1 } },
        find_keys: { range: { lastkey, step, limit: 0 } },
      });
    expect(range(0, 1)).to.equal('one key, argument 1');
    expect(range(-1, 2)).to.equal('keys from argument 1 to the end, every 2nd');
  });

  it('knows which tests name a function', () => {
    const tests = readTests(new Set(['dictScan'])).filter(({ names }) => names.has('dictScan'));
    expect(tests.map(({ file }) => file)).to.include('test/object/dict.test.ts');
  });

  it('shows of the tests that reach a function those first that name it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'reach-'));
    try {
      const [naming] = readTests(new Set(['dictScan'])).filter(({ names }) =>
        names.has('dictScan'),
      );
      const file = join(folder, 'reach.json');
      const tests = [
        { file: 'test/object/dict.test.ts', title: 'made up at run time', reached: 3 },
        { file: naming?.file, title: naming?.title, reached: 40 },
      ];
      const functions = { 'object/dict.dictScan': { count: 7, tests: [0, 1] } };
      writeFileSync(file, JSON.stringify({ tests, functions }));
      const reaching = readReach(file, new Set(['dictScan'])).get('object/dict.dictScan');
      expect(reaching?.count).to.equal(7);
      expect(reaching?.tests.map(({ line, title }) => [title, line])).to.deep.equal([
        [naming?.title, naming?.line],
        ['made up at run time', 0],
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('sees which functions a test calls, and keeps the tests that reach few others first', async function () {
    this.timeout(60000);
    const folder = mkdtempSync(join(tmpdir(), 'reach-'));
    try {
      const file = join(folder, 'reach.json');
      await reachOfTests(file, ['test/object/adlist.test.ts', 'test/object/siphash.test.ts']);
      const { tests, functions } = JSON.parse(readFileSync(file, 'utf8')) as Reach;
      const reaching = (id: string): string[] =>
        (functions[id]?.tests ?? []).map((i) => tests[i]?.file ?? '');
      expect(new Set(reaching('object/siphash.siphash'))).to.deep.equal(
        new Set(['test/object/siphash.test.ts']),
      );
      expect(reaching('object/adlist.listCreate')).to.include('test/object/adlist.test.ts');
      expect(functions['object/dict.dictFind']).to.equal(undefined);
      const reached = functions['object/adlist.listCreate']?.tests.map((i) => tests[i]?.reached);
      expect(reached).to.deep.equal([...(reached ?? [])].sort((a = 0, b = 0) => a - b));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('takes executed lines from lcov, of files that did not change since', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lcov-'));
    try {
      const file = join(folder, 'lcov.info');
      writeFileSync(file, 'SF:ae/ae.ts\nDA:1,3\nDA:2,0\nend_of_record\nSF:gone.ts\nDA:1,1\n');
      const coverage = readCoverage(file);
      expect([...(coverage.get('ae/ae.ts') ?? [])]).to.deep.equal([
        [1, 3],
        [2, 0],
      ]);
      expect(coverage.has('gone.ts')).to.equal(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('takes from a file what it says of itself', () => {
    const opening = openingOf('/**\n * ae.c: the loop. More.\n *\n *     drawn\n */\nimport 1;\n');
    expect(opening).to.equal('ae.c: the loop. More.\n\n    drawn');
    expect(fileSummary(opening)).to.equal('the loop.');
    expect(firstSentence('Takes {@link client | a client}. Then.')).to.equal('Takes a client.');
  });

  it('writes data that a script may hold', () => {
    expect(scriptText('a\u2028b')).to.equal('"a\\u2028b"');
  });
});

describe('Search', () => {
  const best = (query: string): string => {
    const names = ['client', 'clientCommand', 'readQueryFromClient', 'freeClient', 'createClient'];
    return names.sort((a, b) => score(b, query) - score(a, query))[0];
  };

  it('prefers the whole name, then its beginning, then its words', () => {
    expect(best('client')).to.equal('client');
    expect(best('clientc')).to.equal('clientCommand');
    expect(score('readQueryFromClient', 'client')).to.be.above(score('xclienty', 'client'));
  });

  it('finds a name by the beginnings of its words', () => {
    expect(best('rqfc')).to.equal('readQueryFromClient');
    expect(score('readQueryFromClient', 'zzz')).to.equal(0);
  });
});
