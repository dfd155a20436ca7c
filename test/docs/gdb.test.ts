/**
 * redis-gdb, in sessions as a person has them: commands in, text out, a real server under the debugger and
 * real clients that make it stop.
 */
import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Shell } from '../../docs/gdb/commands.ts';
import { Gdb } from '../../docs/gdb/gdb.ts';
import { Project } from '../../docs/gdb/sources.ts';
import { RespClient, encodeCommand } from '../support/resp.ts';
import { freePort, startServer, temporaryDir, waitFor } from '../support/server.ts';
import { readCFunctions, root } from '../support/sources.ts';

/** The environment of a server under the debugger: it is killed, and so has no coverage to write. */
function environment(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  delete env['NODE_V8_COVERAGE'];
  return env;
}

/** The sources: parsed once for all sessions. */
const project = new Project(root);

/** One debugger, with what it wrote. */
class Session {
  readonly gdb: Gdb;
  readonly shell: Shell;
  readonly port: number;
  readonly dir: string;
  output = '';
  readonly #clients: RespClient[] = [];

  constructor(port: number) {
    this.port = port;
    this.dir = temporaryDir();
    this.gdb = new Gdb({
      project,
      write: (text) => void (this.output += text),
      args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--logfile', 'log'],
      captureOutput: true,
      cwd: this.dir,
      env: environment(),
    });
    this.shell = new Shell(this.gdb);
  }

  /** Executes commands one after the other, and returns what the last one wrote. */
  async type(...lines: string[]): Promise<string> {
    let from = 0;
    for (const line of lines) {
      from = this.output.length;
      await this.shell.execute(line);
    }
    return this.output.slice(from).trimEnd();
  }

  /** A connection to the server, as soon as it takes connections. */
  async connect(): Promise<RespClient> {
    const client = await waitFor('the server to accept connections', () =>
      RespClient.connect(this.port).catch(() => null),
    );
    if (client === null) throw new Error('no connection');
    this.#clients.push(client);
    return client;
  }

  /** Executes a command that lets the server run, and meanwhile sends it a command; returns what was written. */
  async typeAndSend(line: string, ...command: string[]): Promise<string> {
    const stopped = this.type(line);
    const client = this.#clients[0] ?? (await this.connect());
    client.send(encodeCommand(command));
    return stopped;
  }

  async end(): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.gdb.end();
  }
}

/** A frame's or a stop's line without the numbers of lines, which move with every edit. */
function withoutLines(text: string): string {
  return text.replace(/(\.ts):\d+/g, '$1').replace(/127\.0\.0\.1:\d+/g, 'PEER');
}

describe('redis-gdb', function () {
  this.timeout(20000);
  let session: Session;
  beforeEach(async () => {
    session = new Session(await freePort());
  });
  afterEach(async function () {
    await session.end();
    if (this.currentTest?.state === 'failed') console.error(session.output);
  });

  /** The line of a source that holds a text. */
  function lineOf(file: string, text: string): number {
    return (
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .findIndex((l) => l.includes(text)) + 1
    );
  }

  it('stops in a function of that name, and its backtrace reads like the one that gdb shows in C', async () => {
    expect(await session.type('break setCommand')).to.match(
      /^Breakpoint 1 at setCommand: file object\/t_string\.ts, line \d+\. {3}\[C t_string\.c:286\]$/,
    );
    const stop = await session.typeAndSend('run', 'SET', 'name', 'tom');
    const fn = project.functionsNamed('setCommand')[0];
    const line = fn?.body.line ?? 0;
    const source = project.source('object/t_string.ts').lines[line - 1];
    expect(withoutLines(stop)).to.match(
      /\nBreakpoint 1, setCommand \(c=#\d+ PEER\) at object\/t_string\.ts {3}\[C t_string\.c:286\]\n/,
    );
    expect(stop.endsWith(`\n${line}\t${source}`)).to.equal(true);

    // What gdb recorded on the C program: names, and the lines of the calls.
    const { chain } = JSON.parse(readFileSync(join(root, 'test/facts/stacks.json'), 'utf8')) as {
      chain: [string, string][];
    };
    const frames = (await session.type('bt')).split('\n');
    expect(withoutLines(frames[0] ?? '')).to.match(
      /^#0 {2}setCommand \(c=#\d+ PEER\) at object\/t_string\.ts {3}\[C t_string\.c:286\]$/,
    );
    const seen = frames
      .slice(1)
      .map((frame) => /^#\d+ +(\S+) \(.*\) at \S+ {3}\[C (\S+)\]$/.exec(frame));
    expect(seen.map((match) => match?.slice(1))).to.deep.equal(chain);
    expect(frames[1]).to.match(
      /^#1 {2}call \(c=#\d+ 127\.0\.0\.1:\d+, flags=15\) at server\/server\.ts:/,
    );
    expect(frames.at(-1)).to.match(
      /^#10 main \(args=\.\.\.\) at server\/server\.ts:\d+ {3}\[C server\.c:7075\]$/,
    );

    expect(await session.type('bt 2')).to.equal(
      `${frames.slice(0, 2).join('\n')}\n(More stack frames follow...)`,
    );
    expect(await session.type('bt -1')).to.equal(frames.at(-1));
    expect(await session.type('bt full 2')).to.match(
      /^#0 .*\n {8}args = <uninitialized>\n#1 .*\n(?: {8}\w+ = .*\n)* {8}proc = <setCommand>\n/,
    );
    const bridge = await session.type('set backtrace past-main on', 'bt');
    expect(bridge).to.match(/\n#\d+ +aeRunner\.makeTurn \(\) at ae\/ae_uv\.ts:\d+\n/);
  });

  it('takes lines of C, and says what it made of them', async () => {
    const start = await session.type('break networking.c:2590');
    const first = project.functionsNamed('readQueryFromClient')[0]?.body.line;
    expect(start).to.equal(
      `Breakpoint 1 at readQueryFromClient: file networking/networking.ts, line ${first}.   [C networking.c:2590]`,
    );
    const call = await session.type('break networking.c:2684');
    const line = lineOf(
      'networking/networking.ts',
      '  if (processInputBuffer(c) === C_ERR) c = null;',
    );
    expect(call).to.equal(
      `Note: networking.c:2684 calls processInputBuffer, and so does networking/networking.ts:${line}.\n` +
        `Breakpoint 2 at readQueryFromClient: file networking/networking.ts, line ${line}.   [C networking.c:2590]`,
    );
    // A call through a pointer: setCommand is called as `proc`.
    expect(await session.type('break server.c:3319')).to.match(
      /^Note: server\.c:3319 calls proc, and so does server\/server\.ts:\d+\.\nBreakpoint 3 at call:/,
    );
    expect(await session.type('break networking.c:2600')).to.match(
      /^Note: networking\.c:2600 is inside readQueryFromClient \(2590-\d+\): stopping where/,
    );
    expect(await session.type('break server.c:processCommand')).to.match(/\[C server\.c:3612\]$/);
    expect(await session.type('break nosuch.c:1')).to.equal('No source file named nosuch.c.');
    expect(await session.type('break networking.c:99999')).to.equal(
      'No line 99999 in file "networking.c".',
    );

    await session.type('delete', 'break networking.c:2684');
    const stop = await session.typeAndSend('run', 'PING');
    expect(stop).to.match(/\nBreakpoint 6, readQueryFromClient \(conn=fd=\d+\) at networking/);
    expect(stop).to.contain(`\n${line}\t  if (processInputBuffer(c) === C_ERR) c = null;`);
  });

  it('finds every mirrored function by the line on which it starts in C', () => {
    const { locations } = session.gdb;
    const named = readCFunctions().filter(({ file, name, start }) => {
      const fn = project.functionsNamed(name)[0];
      return fn?.c?.file === file && fn.c.line === start;
    });
    expect(named.length).to.be.greaterThan(500);
    for (const { file, start, name } of named.filter((_fn, i) => i % 5 === 0)) {
      const { places, note } = locations.resolve(`${file}:${start}`, null);
      const [place] = places;
      expect(place && project.functionAt(place)?.c?.name, `${file}:${start}`).to.equal(name);
      expect(note).to.equal(undefined);
    }
  });

  it('takes lines of our sources: the first statement from there on', async () => {
    const declaration = lineOf('server/server.ts', 'export function pingCommand(');
    const body = project.functionsNamed('pingCommand')[0]?.body.line;
    for (const where of [`server/server.ts:${declaration}`, `server.ts:${declaration - 1}`]) {
      expect(await session.type(`tbreak ${where}`)).to.match(
        new RegExp(
          `at pingCommand: file server/server\\.ts, line ${body}\\. {3}\\[C server\\.c:4290\\]$`,
        ),
      );
    }
    expect(await session.type('break nosuch.ts:3')).to.equal('No source file named nosuch.ts.');
    expect(await session.type('break server.ts:999999')).to.equal(
      'No line 999999 in file "server/server.ts".',
    );
    expect(await session.type('break aeRunner::turn')).to.match(
      / at aeRunner\.turn: file ae\/ae_uv\.ts, line \d+\.$/,
    );
  });

  it('stops only where the condition holds, written as in C or not', async () => {
    await session.type(
      'break setCommand if c->argc > 3 && $_streq(c->argv[1], "b")',
      'break setCommand if c.argc == 4',
    );
    const running = session.type('run');
    const client = await session.connect();
    expect(await client.text('SET', 'b', '1')).to.equal('OK');
    expect(await client.text('SET', 'a', '1', 'EX', '100')).to.equal('OK');
    client.send(encodeCommand(['SET', 'b', '1', 'EX', '100']));
    expect(await running).to.match(/\nBreakpoint 1, setCommand/);
    expect(await session.type('print c->argc')).to.equal('$1 = 5');
    const again = session.type('continue');
    await client.reply();
    client.send(encodeCommand(['SET', 'a', '1', 'NX']));
    expect(await again).to.match(/\nBreakpoint 2, setCommand/);
    expect(await session.type('info breakpoints')).to.match(
      /\tstop only if c->argc > 3 && .*\n\tbreakpoint already hit 1 time\n.*\n\tstop only if c\.argc == 4\n\tbreakpoint already hit 1 time$/,
    );
    expect(await session.type('condition 2')).to.equal('Breakpoint 2 now unconditional.');
    expect(await session.type('condition 2 c->')).to.match(/^A syntax error in expression, near/);
    expect(await session.type('condition 9 1')).to.equal('No breakpoint number 9.');
    expect(await session.type('break setCommand if')).to.match(/^Argument required/);
  });

  it('forgets a temporary breakpoint once it was hit', async () => {
    expect(await session.type('tbreak getCommand')).to.match(
      /^Temporary breakpoint 1 at getCommand/,
    );
    expect(await session.type('info b')).to.match(
      /\n1 {7}breakpoint {5}del {2}y {3}t_string\.c:328 /,
    );
    const stop = await session.typeAndSend('run', 'GET', 'k');
    expect(stop).to.match(/\nTemporary breakpoint 1, getCommand \(/);
    expect(await session.type('info b')).to.equal('No breakpoints or watchpoints.');
  });

  it('tells the value with which a function returns', async () => {
    await session.type('break stringObjectLen', 'break lookupKey', 'break getGenericCommand');
    await session.typeAndSend('run', 'STRLEN', 'nokey');
    const finished = await session.type('finish');
    expect(finished).to.match(
      /^Run till exit from #0 {2}lookupKey \(db=db0, key="nokey", flags=\d+\) at server\/db\.ts:\d+ {3}\[C db\.c:\d+\]\n/,
    );
    expect(finished).to.match(
      /\nlookupKeyReadWithFlags \(.*\) at server\/db\.ts:\d+ .*\n\d+\t.*\nValue returned is \$1 = 0x0$/,
    );
    expect(await session.type('finish')).to.match(/\nValue returned is \$2 = 0x0$/);
    expect(await session.type('print $2 == $1')).to.equal('$3 = true');

    // A value that is an object, out of a frame further up, with a stop in between that is in the way.
    await session.typeAndSend('delete 2', 'PING');
    await session.type('break tryObjectEncoding');
    const encoding = session.type('continue');
    (await session.connect()).send(encodeCommand(['SET', 'name', 'tom']));
    await encoding;
    expect(await session.type('finish')).to.match(/\nValue returned is \$4 = \(robj \*\) "tom"$/);
    expect(await session.type('print $4->ptr')).to.equal('$5 = "tom"');
    expect(await session.type('frame 3', 'finish')).to.match(
      /^Run till exit from #3 {2}processCommandAndResetClient \([\s\S]*\nprocessInputBuffer \([\s\S]*\nValue returned is \$6 = 0$/,
    );
    const outermost = session.gdb.frames.length - 2;
    expect(await session.type(`frame ${outermost}`, 'finish')).to.equal(
      '"finish" not meaningful in the outermost frame.',
    );
  });

  it('prints values of any depth, in C or JavaScript', async () => {
    await session.type('break setCommand');
    await session.typeAndSend('run', 'SET', 'na\xffme', 'tom', 'EX', '100');
    const print = (expression: string): Promise<string> => session.type(`print ${expression}`);
    expect(await print('c->argv[2]->ptr')).to.equal('$1 = "tom"');
    expect(await print('((robj *) c->argv[1])->ptr')).to.equal('$2 = "na\\377me"');
    expect(await print('c->argv[1]')).to.equal('$3 = (robj *) "na\\377me"');
    expect(await session.type('p *c->argv[2]')).to.match(
      /^\$4 = \{type = 0, encoding = 8, lru = \d+, refcount = 1, ptr = "tom"\}$/,
    );
    expect(await print('*c->argv@2')).to.equal('$5 = {"SET", "na\\377me"}');
    expect(await print('c->argv[3]@2')).to.equal('$6 = {"EX", "100"}');
    expect(await print('c')).to.match(/^\$7 = \(client \*\) #\d+ 127\.0\.0\.1:\d+$/);
    expect(await print('*c')).to.match(
      /^\$8 = \{id = \d+, flags = 0, .*argc = 5, argv = \{"SET", .*cmd = set, /,
    );
    expect(await print('server.port')).to.equal(`$9 = ${session.port}`);
    expect(await print('server')).to.match(/^\$10 = \{.*port = \d+/);
    expect(await print('$7->argc + $9')).to.equal(`$11 = ${5 + session.port}`);
    expect(await print('$')).to.equal(`$12 = ${5 + session.port}`);
    expect(await print('$$')).to.equal(`$13 = ${5 + session.port}`);
    expect(await session.type('p/x 255')).to.match(/= 0xff$/);
    expect(await session.type('p/t 5')).to.match(/= 101$/);
    expect(await session.type('p/q 5')).to.equal('Undefined output format "q".');
    expect(await print('objPtrString(c.argv[2]).length')).to.match(/= 3$/);
    expect(await print('c->argv.map((o) => o.ptr).join("-")')).to.match(
      /= "SET-na\\377me-tom-EX-100"$/,
    );
    expect(await print('OBJ_ENCODING_EMBSTR')).to.match(/= 8$/);
    expect(await print('c->cmd->proc')).to.match(/= <setCommand>$/);
    expect(await print('c->name')).to.match(/= 0x0$/);
    expect(await print('c->name->ptr')).to.equal('Cannot access memory at address 0x0');
    expect(await print('c->nosuch')).to.equal('There is no member named nosuch.');
    expect(await print('nosuch')).to.equal('No symbol "nosuch" in current context.');
    expect(await print('c->argv[')).to.match(/^A syntax error in expression/);
    expect(await print('$99')).to.equal('History has not yet reached $99.');

    await session.type('set var c->argc = 4', 'set $k = c->argv[1]');
    expect(await print('c->argc')).to.match(/= 4$/);
    expect(await print('$k->refcount')).to.match(/= 1$/);
    expect(await print('$nothing')).to.match(/= void$/);
    await session.type('set var c->argc = 5', 'set print pretty on');
    expect(await session.type('p *c->argv[2]')).to.match(
      /= \{\n {2}type = 0,\n {2}encoding = 8,\n/,
    );

    expect(await session.type('info args')).to.match(/^c = \(client \*\) #\d+ /);
    expect(await session.type('info locals')).to.equal('args = <uninitialized>');
    await session.type('next');
    expect(await session.type('info locals')).to.equal('args = (stringArguments *) {...}');
  });

  it('walks up and down the stack', async () => {
    await session.type('break getGenericCommand');
    await session.typeAndSend('run', 'GET', 'k');
    expect(await session.type('up')).to.match(
      /^#1 {2}getCommand \(c=.*\) at object\/t_string\.ts:\d+ .*\n\d+\t {2}getGenericCommand\(c\);$/,
    );
    expect(await session.type('up 2')).to.match(/^#3 {2}processCommand /);
    expect(await session.type('down')).to.match(/^#2 {2}call /);
    expect(await session.type('print flags')).to.equal('$1 = 15');
    expect(await session.type('frame 4')).to.match(/^#4 {2}processCommandAndResetClient /);
    expect(await session.type('f')).to.match(/^#4 {2}processCommandAndResetClient /);
    expect(await session.type('info frame')).to.match(
      /^Stack level 4, frame of processCommandAndResetClient:\n file networking\/networking\.ts, line \d+; in C: networking\.c:2444\n/,
    );
    expect(await session.type('frame 99')).to.equal('No frame at level 99.');
    expect(await session.type('up 99')).to.match(/^#11 main /);
    expect(await session.type('info locals')).to.equal('No locals.');
    expect(await session.type('info args')).to.equal('args = ...');
    expect(await session.type('up')).to.equal("Initial frame selected; you can't go up.");
    expect(await session.type('down 99')).to.match(/^#0 {2}getGenericCommand /);
    expect(await session.type('down')).to.equal(
      "Bottom (innermost) frame selected; you can't go down.",
    );
  });

  it('steps by lines of the source, over functions and into them', async () => {
    await session.type('break setCommand');
    await session.typeAndSend('run', 'SET', 'name', 'tom');
    const file = 'object/t_string.ts';
    const call = lineOf(file, '  c.argv[2] = tryObjectEncoding(c.argv[2]);');
    expect(await session.type('next 2')).to.equal(
      `${call}\t  c.argv[2] = tryObjectEncoding(c.argv[2]);`,
    );
    expect(await session.type('step')).to.match(
      /^tryObjectEncoding \(o="tom"\) at object\/object\.ts:\d+ {3}\[C object\.c:603\]\n\d+\t/,
    );
    // An empty line is the same command again.
    expect(await session.type('')).to.match(/^\d+\t|^_?\w+ \(/);
    expect(await session.type('until setGenericCommand')).to.match(/^setGenericCommand \(c=#\d+/);
    expect(await session.type('advance addReply')).to.match(/^addReply \(c=#\d+/);
    expect(await session.type('next 40')).to.not.contain('aeRunner');
    expect(session.gdb.frames.map((frame) => frame.name)).to.include('aeMain');
  });

  it('steps from one turn of the loop to the next, as if aeMain had never returned', async () => {
    await session.type('break aeMain');
    await session.type('run', 'delete');
    for (let i = 0; i < 12; i++) {
      const text = await session.type('next');
      expect(text).to.match(/^\d+\t/);
      expect(session.gdb.frames[0]?.name).to.equal('aeMain');
    }
  });

  it('starts at main, and shows the parent of a turn only where there is one', async () => {
    expect(await session.type('start')).to.match(
      // The path of the program is cut when it is long.
      /\nTemporary breakpoint 1, main \(args=\{"[^"]*"(\.\.\.)?, "--port", "\d+", "--bind"\.\.\.\}\) at server\/server\.ts:\d+/,
    );
    expect((await session.type('bt')).split('\n')).to.have.length(1);
    expect(await session.type('next')).to.match(/^\d+\t/);
    expect(await session.type('print server.port')).to.equal('Cannot access memory at address 0x0');
  });

  it('lists the source', async () => {
    const list = (args: string): Promise<string> => session.type(`list ${args}`.trim());
    const numbers = (text: string): number[] => text.split('\n').map((row) => parseInt(row));
    const line = lineOf('server/server.ts', 'export function pingCommand(');
    const rows = await list('pingCommand');
    expect(rows).to.contain(`\n${line}\texport function pingCommand(c: client): void {\n`);
    const first = numbers(rows)[0] ?? 0;
    expect(numbers(rows)).to.have.length(10);
    expect(numbers(await list(''))[0]).to.equal(first + 10);
    expect(numbers(await list('-'))[0]).to.equal(first);
    expect(numbers(await list('20,22'))).to.deep.equal([20, 21, 22]);
    expect(numbers(await list('ae/ae.ts:30'))[0]).to.equal(25);
    expect(await list('nosuch')).to.equal('Function "nosuch" not defined.');
    expect(await list('99999999')).to.match(
      /^Line number \d+ out of range; "ae\/ae\.ts" has \d+ lines\.$/,
    );
    expect(await session.type('set listsize 3', 'list 10')).to.match(/^9\t.*\n10\t.*\n11\t/);
    expect(await session.type('info source')).to.match(
      /^Current source file is ae\/ae\.ts\n[\s\S]*Mirrors ae\.c of Redis 7\.0\.5\.$/,
    );
    expect(await session.type('info functions ^processCommand$')).to.match(
      /^All functions matching .*:\n\nFile server\/server\.ts:\n\d+:\tfunction processCommand\(c: client\): number;$/,
    );
    expect(await session.type('info line server.c:3612')).to.match(
      /^Line \d+ of "server\/server\.ts" is in processCommand, C server\.c:3612;/,
    );
  });

  it('executes commands at a breakpoint, shows displays, counts and passes over hits', async () => {
    await session.type(
      'break setCommand',
      'commands',
      'silent',
      'print c->argv[2]->ptr',
      'continue',
    );
    expect(session.shell.prompt).to.equal('>');
    await session.type(
      'end',
      'break getCommand',
      'display c->argc',
      'display/x c->argc',
      'ignore 2 1',
    );
    const running = session.type('run');
    const client = await session.connect();
    await client.text('SET', 'k', 'one');
    await client.text('SET', 'k', 'two');
    await client.value('GET', 'k');
    client.send(encodeCommand(['GET', 'k']));
    const text = await running;
    expect(text).to.match(/\n1: c->argc = 3\n2: \/x c->argc = 0x3\n\$1 = "one"\n/);
    expect(text).to.contain('\n$2 = "two"\n');
    expect(text).to.match(
      /\nBreakpoint 2, getCommand .*\n\d+\t.*\n1: c->argc = 2\n2: \/x c->argc = 0x2$/,
    );
    expect(await session.type('info b')).to.match(
      /already hit 2 times\n {8}silent\n[\s\S]*already hit 2 times$/,
    );
    expect(await session.type('info display')).to.match(
      /\n1: {3}y {2}c->argc\n2: {3}y {2}\/x c->argc$/,
    );
    await session.type('undisplay 2', 'disable 2');
    expect(await session.type('display')).to.equal('1: c->argc = 2');
    expect(await session.type('info b')).to.match(/\n2 {7}breakpoint {5}keep n /);
    const resumed = session.type('tbreak pingCommand', 'continue');
    await client.reply();
    await client.value('GET', 'k');
    client.send(encodeCommand(['PING']));
    expect(await resumed).to.match(/\nTemporary breakpoint 3, pingCommand/);
    expect(await session.type('delete 7')).to.equal('No breakpoint number 7.');
    expect(await session.type('undisplay 7')).to.equal('Could not find display number 7.');
  });

  it('attaches to a server that runs, by its process id, and leaves it running', async () => {
    // Node's usual port may be taken by whoever else debugs here.
    const server = await startServer({ nodeArgs: ['--inspect-port=127.0.0.1:0'], env: {} });
    try {
      const attached = await session.type(`attach ${server.pid}`);
      expect(attached).to.match(
        /^Attaching to program: .*, process \d+\naeMain \(eventLoop=<aeEventLoop>\) at ae\/ae\.ts:/,
      );
      await session.type('break getCommand');
      const client = await server.connect();
      const stopped = session.type('continue');
      client.send(encodeCommand(['GET', 'k']));
      expect(await stopped).to.match(/\nBreakpoint 1, getCommand \(c=#\d+ 127/);
      // The start was not watched, so main is known from the source alone.
      expect(await session.type('bt -1')).to.match(
        /^#10 main \(args=\.\.\.\) at server\/server\.ts:\d+ {3}\[C server\.c:7075\]$/,
      );
      expect(await session.type('detach')).to.match(/\[Inferior 1 \(process \d+\) detached\]$/);
      expect((await client.reply()).raw).to.equal('$-1\r\n');
      expect(await client.text('PING')).to.equal('PONG');

      // Its inspector is open now: attaching again finds it, and quitting lets go.
      expect(await session.type(`attach ${server.pid}`)).to.match(/\naeMain \(/);
      await session.type('quit');
      expect(session.gdb.isOver).to.equal(true);
      expect(await client.text('PING')).to.equal('PONG');
      expect(server.log()).not.to.contain('SECURITY ATTACK');
    } finally {
      await server.stop();
    }
  });

  it('attaches to no process that is not there, or that is no Node', async () => {
    const other = spawn('sleep', ['60']);
    try {
      expect(await session.type(`attach ${other.pid}`)).to.equal(
        `process ${other.pid} is no Node program`,
      );
      expect(other.exitCode).to.equal(null);
      expect(other.signalCode).to.equal(null);
    } finally {
      const gone = new Promise((done) => other.once('exit', done));
      other.kill('SIGKILL');
      await gone;
    }
    expect(await session.type(`attach ${other.pid}`)).to.equal('ptrace: No such process.');
    expect(await session.type('attach')).to.match(/^Argument required/);
    expect(await session.type('attach x')).to.equal('Illegal process-id: x.');
    expect(await session.type(`target remote ${session.port}`)).to.match(/Connection refused\.$/);
  });

  it('is stopped by Ctrl-C while the server waits', async () => {
    const running = session.type('run');
    const client = await session.connect();
    expect(await client.text('PING')).to.equal('PONG');
    expect(await session.gdb.interrupt()).to.equal(true);
    expect(await running).to.match(
      /\nProgram received signal SIGINT, Interrupt\.\n\S+ \(.*\) at \S+\.ts:\d+/,
    );
    expect(await session.gdb.interrupt()).to.equal(false);
    expect(await session.type('info program')).to.match(
      /Using the running image of child process \d+/,
    );
    expect(await session.type('kill')).to.match(/\[Inferior 1 \(process \d+\) killed\]$/);
    await client.untilClosed();
  });

  it('tells how the program ended', async () => {
    const running = session.type('run');
    const client = await session.connect();
    client.send(encodeCommand(['SHUTDOWN', 'NOSAVE']));
    expect(await running).to.match(/\n\[Inferior 1 \(process \d+\) exited normally\]$/);
    expect(await session.type('run --nosuchoption 1')).to.match(/exited with code 01\]$/);
    await session.type(`set args --port ${session.port} --bind 127.0.0.1 --logfile log`);
    expect(await session.type('show args')).to.contain(`"--port ${session.port} --bind`);
    const killed = session.type('run');
    await session.connect();
    process.kill(session.gdb.inferior?.pid ?? 0, 'SIGKILL');
    expect(await killed).to.match(
      /\nProgram terminated with signal SIGKILL, Killed\.\nThe program no longer exists\.$/,
    );
  });

  it('refuses in the words of gdb what makes no sense', async () => {
    const replies: [string, string][] = [
      ['break foo', 'Function "foo" not defined.'],
      ['continue', 'The program is not being run.'],
      ['next', 'The program is not being run.'],
      ['finish', 'The program is not being run.'],
      ['bt', 'No stack.'],
      ['up', 'No stack.'],
      ['frame', 'No stack.'],
      ['info locals', 'No frame selected.'],
      ['print server.port', 'No symbol "server" in current context.'],
      ['print', 'The history is empty.'],
      ['print 2 + 3', '$1 = 5'],
      ['foo', 'Undefined command: "foo".  Try "help".'],
      ['de', 'Ambiguous command "de": delete, detach.'],
      ['info foo', 'Undefined info command: "foo".  Try "help info".'],
      ['delete 3', 'No breakpoint number 3.'],
      ['delete x', "Bad breakpoint number 'x'"],
      ['info b', 'No breakpoints or watchpoints.'],
      ['# a remark', ''],
      ['echo a\\tb\\n', 'a\tb'],
      ['set pagination off', ''],
      ['source nosuch', 'nosuch: No such file or directory.'],
    ];
    for (const [command, reply] of replies) {
      expect(await session.type(command), command).to.equal(reply);
    }
    expect(await session.type('help')).to.match(
      /\nbreak +-- Set breakpoint at specified location\.\n/,
    );
    expect(await session.type('help b')).to.match(/^break, b, br, bre, brea\nSet breakpoint/);
    expect(await session.type('help info locals')).to.equal(
      'All local variables of the selected frame.',
    );
  });

  it('completes commands, functions and members', async () => {
    const { shell } = session;
    expect(await shell.complete('und')).to.deep.equal([['undisplay'], 'und']);
    expect(await shell.complete('b processComm')).to.deep.equal([
      ['processCommand', 'processCommandAndResetClient'],
      'processComm',
    ]);
    expect(await shell.complete('info loc')).to.deep.equal([['locals'], 'loc']);
    await session.type('break getCommand');
    await session.typeAndSend('run', 'GET', 'k');
    expect(await shell.complete('print c->argv[0]->enc')).to.deep.equal([['encoding'], 'enc']);
    expect(await shell.complete('print c.qb')).to.deep.equal([['qb_pos'], 'qb']);
    expect((await shell.complete('print c->argc + getGen'))[0]).to.deep.equal([
      'getGenericCommand',
    ]);
    expect(await shell.complete('nosuch x')).to.deep.equal([[], 'x']);
  });
});

describe('The program redis-gdb', function () {
  this.timeout(30000);

  /** Runs it in a folder of its own with these arguments and this standard input. */
  async function run(
    args: string[],
    input: string,
    meanwhile?: () => Promise<void>,
  ): Promise<{ output: string; errors: string; status: number | null }> {
    const dir = temporaryDir();
    const child = spawn(
      process.execPath,
      [
        '-r',
        join(root, 'node_modules/ts-node/register'),
        join(root, 'docs/gdb/redis-gdb.ts'),
        ...args,
      ],
      { cwd: dir, env: { ...environment(), TS_NODE_PROJECT: join(root, 'tsconfig.json') } },
    );
    let output = '';
    let errors = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
    child.stdin.end(input);
    const gone = new Promise<number | null>((done) => child.once('exit', done));
    const closed = new Promise((done) => child.once('close', done));
    try {
      await meanwhile?.();
      const status = await gone;
      await closed;
      return { output, errors, status };
    } finally {
      child.kill('SIGTERM');
    }
  }

  /** Connects as soon as the server takes connections, and sends one command. */
  async function send(port: number, ...command: string[]): Promise<RespClient> {
    const client = await waitFor(
      'the server to accept connections',
      () => RespClient.connect(port).catch(() => null),
      15000,
    );
    if (client === null) throw new Error('no connection');
    client.send(encodeCommand(command));
    return client;
  }

  it('executes the commands of its command line and ends, the server with it', async () => {
    const port = await freePort();
    const script = join(temporaryDir(), 'script');
    writeFileSync(script, '# at the stop\nprint c->argv[1]->ptr\n\nbt 1\n');
    let client: RespClient | null = null;
    const { output, status } = await run(
      [
        '-batch',
        '-ex',
        'break setCommand',
        '-ex',
        'run',
        '-x',
        script,
        '--args',
        '--port',
        String(port),
        '--bind',
        '127.0.0.1',
        '--save',
        '',
        '--logfile',
        'log',
      ],
      '',
      async () => void (client = await send(port, 'SET', 'name', 'tom')),
    );
    expect(withoutLines(output)).to.match(
      /\nBreakpoint 1, setCommand \(c=#\d+ PEER\) at .*\n.*\n\$1 = "name"\n#0 {2}setCommand \(.*\n\(More stack frames follow\.\.\.\)\n$/,
    );
    expect(output).not.to.contain('(gdb)');
    expect(status).to.equal(0);
    await (client as RespClient | null)?.untilClosed();
  });

  it('reads commands from a pipe, with a prompt before each', async () => {
    const port = await freePort();
    let client: RespClient | null = null;
    const { output, status } = await run(
      ['-q', '--port', String(port), '--bind', '127.0.0.1', '--save', '', '--logfile', 'log'],
      'b pingCommand\nr\np c->argc\nfin\nquit\n',
      async () => void (client = await send(port, 'PING')),
    );
    expect(output).to.match(/^\(gdb\) Breakpoint 1 at pingCommand: file /);
    expect(output).to.match(/\n\(gdb\) \$1 = 1\n\(gdb\) Run till exit from #0 {2}pingCommand/);
    expect(output).to.match(/Quit anyway\? \(y or n\) \[answered Y; input not from terminal\]\n$/);
    expect(status).to.equal(0);
    await (client as RespClient | null)?.untilClosed();
  });

  it('ends at the end of its input, and reports a failed batch by its exit code', async () => {
    const { output } = await run([], 'info b\n');
    expect(output).to.match(
      /Type "help" for the commands.*\n\(gdb\) No breakpoints or watchpoints\.\n\(gdb\) quit\n$/,
    );
    expect((await run(['-batch', '-ex', 'break nosuch'], '')).status).to.equal(1);
    expect((await run(['-h'], '')).output).to.match(/^Usage: redis-gdb /);
    const missing = await run(['-ex'], '');
    expect(missing.errors).to.equal("redis-gdb: option '-ex' requires an argument\n");
    expect(missing.status).to.equal(1);
  });
});
