/**
 * The stack is the product: when a command's function is reached, the frames from it down to aeMain
 * have the names that gdb shows on the C server.
 *
 * test/facts/stacks.json has, for each command of Redis 7.0.5, what sets it up, what calls it, and the
 * function that is reached; and the frames below it, which are the same for all of them. `recorded`
 * says that gdb's stack of this very command was kept. Only commands that the server has are tried.
 *
 * Notation of the facts: `B> X` sends on connection B (A is the default), `~` before it does not wait
 * for the reply, `@id(B)` is the client id of connection B, `@dump(k)` the DUMP of a key, `@sha(s)` the
 * SHA1 of a script, `@fdump()` what FUNCTION DUMP returns.
 */
import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Inspector, type Frame } from '../support/inspector.ts';
import { encodeCommand, splitWords, type RespClient } from '../support/resp.ts';
import { startServer, type TestServer } from '../support/server.ts';
import {
  mirrorRooms,
  readCFunctions,
  readSource,
  root,
  sourceFiles,
  type OurFunction,
} from '../support/sources.ts';

interface CommandFact {
  command: string;
  proc: string;
  setup: string[];
  trigger: string[];
  recorded: boolean;
}

interface StackFacts {
  /** Name and place in C of the frames below the command's function, the deepest first. */
  chain: [string, string][];
  commands: CommandFact[];
}

const facts = JSON.parse(readFileSync(join(root, 'test/facts/stacks.json'), 'utf8')) as StackFacts;

/** Commands of which nothing may be concluded here, and why. */
const setAside: Record<string, string> = {
  MIGRATE: 'needs a second server',
  'MODULE|LOAD': 'needs a compiled module',
  'MODULE|LOADEX': 'needs a compiled module',
  'MODULE|UNLOAD': 'needs a compiled module',
};

/** Names of the server's commands, `CLIENT|ID` for a subcommand: all that server/commands/ describes. */
function commandsOfTheServer(): Set<string> {
  const names = new Set<string>();
  for (const file of readdirSync(join(root, 'server/commands'))) {
    if (!file.endsWith('.json')) continue;
    const text = readFileSync(join(root, 'server/commands', file), 'utf8');
    const table = JSON.parse(text) as Record<string, { container?: string }>;
    for (const [name, { container }] of Object.entries(table)) {
      names.add((container === undefined ? name : `${container}|${name}`).toUpperCase());
    }
  }
  return names;
}

/** The project's functions by name. */
function functionsByName(): Map<string, OurFunction> {
  const functions = new Map<string, OurFunction>();
  for (const file of sourceFiles(mirrorRooms)) {
    for (const fn of readSource(file).functions) functions.set(fn.name, fn);
  }
  return functions;
}

/** The connections of one scenario, by letter. */
class Scenario {
  readonly server: TestServer;
  readonly #clients = new Map<string, RespClient>();

  constructor(server: TestServer) {
    this.server = server;
  }

  async client(letter: string): Promise<RespClient> {
    let client = this.#clients.get(letter);
    if (client === undefined) {
      client = await this.server.connect();
      this.#clients.set(letter, client);
    }
    return client;
  }

  /** Sends one line of a scenario, and waits for the reply unless the line says not to. */
  async send(line: string): Promise<void> {
    const [, silent = '', letter = 'A', text = ''] = /^(~?)(?:([A-Z])> )?(.*)$/s.exec(line) ?? [];
    const args = [];
    for (const word of splitWords(
      text.replace(/@sha\((.*?)\)/, (_all, script: string) => sha1(script)),
    )) {
      args.push(await this.#expand(word));
    }
    const client = await this.client(letter);
    client.send(encodeCommand(args));
    if (silent !== '~') await client.reply();
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
  }

  async #expand(word: string): Promise<string> {
    const [, what, of = ''] = /^@(id|dump|fdump)\((.*)\)$/.exec(word) ?? [];
    if (what === 'dump') return (await this.client('A')).text('DUMP', of);
    if (what === 'fdump') return (await this.client('A')).text('FUNCTION', 'DUMP');
    if (what === 'id') {
      // The client is blocked, so it is asked of another connection.
      const list = await (await this.client('A')).text('CLIENT', 'LIST');
      const port = (await this.client(of)).socket.localPort;
      const row = list.split('\n').find((line) => line.includes(`addr=127.0.0.1:${port} `));
      return /\bid=(\d+)/.exec(row ?? '')?.[1] ?? '0';
    }
    return word;
  }
}

function sha1(script: string): string {
  return createHash('sha1').update(script, 'latin1').digest('hex');
}

describe('The stack in which a command runs', function () {
  this.timeout(15000);
  const ours = functionsByName();
  const known = commandsOfTheServer();
  const commands = facts.commands.filter(
    (fact) =>
      known.has(fact.command) &&
      !(fact.command in setAside) &&
      // Words in lower case tell of another kind of server: a cluster node, a sentinel, a replica.
      !fact.setup.some((line) => /^[a-z]/.test(line)),
  );
  const expected = facts.chain.map(([name]) => name).filter((name) => name !== 'main');
  const cNames = new Set(readCFunctions().map((fn) => fn.name));
  let server: TestServer;
  let inspector: Inspector;

  async function start(): Promise<void> {
    server = await startServer({ nodeArgs: ['--inspect=127.0.0.1:0'] });
    inspector = await Inspector.attach(server);
  }
  before(start);
  after(() => {
    inspector.close();
    return server.stop();
  });
  afterEach(async function () {
    // After a failure the process may stand still for ever, after SHUTDOWN it is gone: the next
    // command gets a new one.
    const isGone = server.process.exitCode !== null;
    if (this.currentTest?.state !== 'failed' && !isGone) return;
    inspector.close();
    server.process.kill('SIGKILL');
    await server.stop();
    await start();
  });

  /** Plays one scenario and returns the stack on which `fact.proc` was reached. */
  async function stackOf(fact: CommandFact): Promise<Frame[]> {
    const fn = ours.get(fact.proc);
    if (!fn?.body) throw new Error(`no function ${fact.proc} in the sources`);
    const scenario = new Scenario(server);
    try {
      if (known.has('FLUSHALL')) await (await scenario.client('Z')).value('FLUSHALL');
      for (const line of fact.setup) await scenario.send(line);
      // The other connections exist before the breakpoint does.
      for (const line of fact.trigger) await scenario.client(/^~?([A-Z])> /.exec(line)?.[1] ?? 'A');
      const breakpoint = await inspector.breakAt(fn.file, fn.body.line, fn.body.column);
      // The command may be the last of several lines. The sender waits for each reply, and so goes no
      // further than the breakpoint until the program is let go. A command that ends the connection
      // gets no reply, and that is right.
      const sending = (async () => {
        for (const line of fact.trigger) await scenario.send(line);
      })().catch(() => undefined);
      const frames = await inspector.stack();
      await inspector.removeBreakpoint(breakpoint);
      await inspector.resume();
      // A program that ends first waits for its debugger to leave.
      if (fact.command === 'SHUTDOWN') inspector.close();
      await sending;
      return frames;
    } finally {
      scenario.close();
    }
  }

  for (const fact of commands) {
    it(`is gdb's stack for ${fact.command.replace('|', ' ')}`, async function () {
      const frames = await stackOf(fact);
      const end = frames.findIndex((frame) => frame.name === 'aeMain');
      const names = frames.slice(0, end + 1).map((frame) => frame.name);
      expect(names).to.deep.equal([fact.proc, ...expected]);
      for (const frame of frames.slice(0, end + 1)) {
        const fn = ours.get(frame.name);
        expect(frame.file, frame.name).to.equal(fn?.file);
        expect(cNames.has(frame.name), frame.name).to.equal(true);
      }
      // The program stood on the first statement of the function, in the source as it is written.
      expect(frames[0]?.line).to.equal(ours.get(fact.proc)?.body?.line);
    });
  }

  it('is known for every command of the server that C has', () => {
    const withFacts = new Set(facts.commands.map((fact) => fact.command));
    const containers = new Set([...known].map((name) => name.split('|')[0]));
    const unknown = [...known].filter((name) => !withFacts.has(name) && !containers.has(name));
    expect(unknown).to.deep.equal([]);
  });
});

describe('A study run', function () {
  this.timeout(20000);

  it('stops in the function that BREAK_AT names', async () => {
    const server = await startServer({
      nodeArgs: ['--inspect=127.0.0.1:0', '-r', join(root, 'tools/break-at.cjs')],
      env: { BREAK_AT: 'processCommand' },
    });
    const inspector = await Inspector.attach(server);
    const client = await server.connect();
    client.send('PING\r\n');
    const frames = await inspector.stack();
    const fn = functionsByName().get('processCommand');
    expect(frames[0]?.name).to.equal('processCommand');
    expect(frames[0]?.file).to.equal(fn?.file);
    await inspector.resume();
    expect((await client.reply()).raw).to.equal('+PONG\r\n');
    inspector.close();
    await server.stop();
  });
});
