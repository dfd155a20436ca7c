/**
 * A stage for scenarios: the instrumented server on a machine whose clock, random numbers and files are simulated, and clients
 * that talk to it over real sockets (loopback.ts). Addresses, ports and descriptors, as the programs see them, are the same in
 * every run, and so are the calls.
 *
 *     SimWorld ── 127.0.0.1:6379   the server's machine
 *        └─────── 127.0.0.1:50312  A, :50313 B, ...   the clients, on a machine of their own that has the same address
 *
 * Where a process cannot have such sockets they are simulated, too; the recordings are the same.
 *
 * Time is virtual. Each line that is sent gets some milliseconds; the recording of a scenario begins shortly after serverCron
 * has run, so that it runs within a scenario only when the scenario waits for it.
 *
 * The lines are those of test/facts/stacks.json: `B> X` speaks on connection B; with `~` before it the reply is not read;
 * `@id(B)`, `@dump(k)`, `@sha(s)` are replaced. And there are actions:
 *
 *     %raw B "bytes"       sends bytes as they are         %new B         opens a connection
 *     %mute B              B reads no more                 %read B        B reads on
 *     %close B             closes it                       %sleep 0.1     lets seconds pass
 *     %many SET k%d v 10   ten commands, %d counts         %signal 15     a signal for the server
 *     %fill k 1000         SET with so many bytes          %file /f 'a b' 'c'  a file with two lines
 *
 * Who calls in: record.ts, trace.ts. Whom it calls: the instrumented core.
 */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as PosixModule from '../../posix/posix.ts';
import type * as SimModule from '../../posix/posix_sim.ts';
import type * as ServerHModule from '../../server/server.h.ts';
import type * as ServerModule from '../../server/server.ts';
import type { Exchange, KeyInfo, Propagated } from './format.ts';
import { buildTraced } from './instrument.ts';
import type * as LoopbackModule from './loopback.ts';
import { quote, ValuePreview, type Preview } from './preview.ts';
import type * as ProbeModule from './probe.ts';
import { type Call } from './probe.ts';
import { type Scenario } from './scenarios/scenario.ts';

/** The port of the first client. */
export const FIRST_CLIENT_PORT = 50312;

/** Virtual microseconds that pass after each line. */
export const LINE_TIME_US = 5000;

const CLOCKSOURCE = '/sys/devices/system/clocksource/clocksource0';

/** What the system tells of itself: that of a machine which is set up as it should be. */
const MACHINE_FILES: Record<string, string> = {
  // The 24th field is the pages that the server holds resident.
  '/proc/self/stat': `1000 (redis-server) S 1 1000 1000 0 -1 4194560${' 0'.repeat(14)} 73400320 2560${' 0'.repeat(28)}\n`,
  '/proc/sys/net/core/somaxconn': '4096\n',
  '/proc/sys/vm/overcommit_memory': '1\n',
  '/sys/kernel/mm/transparent_hugepage/enabled': 'always [madvise] never\n',
  [`${CLOCKSOURCE}/available_clocksource`]: 'tsc hpet acpi_pm\n',
  [`${CLOCKSOURCE}/current_clocksource`]: 'tsc\n',
};

/** Keys shown of a keyspace. */
export const SHOWN_KEYS = 24;

/** What a stage is connected with: real sockets where the process can have them, simulated ones anywhere. */
export type Sockets = 'real' | 'simulated';

type Loopback = typeof LoopbackModule;
type Sim = typeof SimModule;
type Posix = typeof PosixModule;
type Probe = typeof ProbeModule;
type ServerH = typeof ServerHModule;

/** The modules of the instrumented copy that the stage needs. */
export interface TracedCore {
  probe: Probe;
  posix: Posix;
  sim: Sim;
  /** Null where there can be no real sockets. */
  loopback: Loopback | null;
  serverH: ServerH;
  main: (args: string[]) => void;
}

/**
 * Builds the instrumented copy, if need be, and loads it. Each call loads it anew: some objects are made by the first server of
 * a process for all that follow, and a recording of the start must not depend on what was recorded before.
 */
export function loadTraced(): TracedCore {
  const root = buildTraced();
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(root)) delete require.cache[file];
  }
  // The compiler cannot know the types of what lies in that folder.
  const load = createRequire(join(root, 'index.js')) as (path: string) => unknown;
  return {
    probe: load('./docs/recorder/probe.js') as Probe,
    posix: load('./posix/posix.js') as Posix,
    sim: load('./posix/posix_sim.js') as Sim,
    loopback: loadLoopback(load),
    serverH: load('./server/server.h.js') as ServerH,
    main: (load('./server/server.js') as typeof ServerModule).main,
  };
}

/** The kernel with real sockets, if they work: the library that calls libc may be missing, or the system may refuse them. */
function loadLoopback(load: (path: string) => unknown): Loopback | null {
  try {
    const loopback = load('./docs/recorder/loopback.js') as Loopback;
    return loopback.LoopbackKernel.works() ? loopback : null;
  } catch {
    return null;
  }
}

/** The words of a line as one types it: quotes, and escapes inside double ones. */
export function splitWords(line: string): string[] {
  const words = line.match(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\S+/gs) ?? [];
  const plain: Record<string, string> = { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b' };
  return words.map((word) => {
    if (word.startsWith("'")) return word.slice(1, -1);
    if (!word.startsWith('"')) return word;
    return word
      .slice(1, -1)
      .replace(/\\x([0-9a-f]{2})|\\(.)/gis, (_all, hex: string | undefined, c: string) =>
        hex === undefined ? (plain[c] ?? c) : String.fromCharCode(parseInt(hex, 16)),
      );
  });
}

/** The bytes of `%raw`: escapes are meant, quotes around the whole may be there. */
function unescapeRaw(text: string): string {
  const quoted = /^"(.*)"$/s.exec(text)?.[1] ?? text;
  return splitWords(`"${quoted.replace(/(?<!\\)"/g, '\\"')}"`).join('');
}

/** The bytes of a command. */
export function encodeCommand(args: readonly string[]): string {
  return `*${args.length}\r\n${args.map((arg) => `$${arg.length}\r\n${arg}\r\n`).join('')}`;
}

/** A connection to the server. */
interface Connection {
  fd: number;
  letter: string;
  clientId: number;
  reading: boolean;
}

/** What was noted during a recording. */
export interface Recording {
  /** The calls that the host made, in order: turns of aeMain, or main. */
  roots: Call[];
  exchanges: Exchange[];
  propagated: Propagated[];
  log: string[];
}

/** Who is told of calls: each that begins is told to end, the innermost first. */
export interface Watcher {
  /** The index of the function among those of the probe. */
  entered(fn: number): void;
  left(): void;
}

/** For those who want to know who was called, and not with what. */
const NO_PREVIEW: Preview = { args: () => [], value: () => '' };

/** What the bridge between the loop and its host calls around a turn: no part of C's stacks. */
const BRIDGE = new Set(['useServer', 'usUntilEarliestTimer']);

/** One server and its clients. */
export class Stage {
  readonly core: TracedCore;
  readonly world: InstanceType<Sim['SimWorld']>;
  readonly kernel: InstanceType<Sim['SimKernel']>;
  readonly #clientKernel: InstanceType<Sim['SimKernel']>;
  readonly #connections = new Map<string, Connection>();
  readonly #preview: ValuePreview;
  #nextPort = FIRST_CLIENT_PORT;
  /** Measures real time during recordings; null: not. */
  clock: (() => number) | null = null;
  #recording: Recording | null = null;

  /** Simulated sockets only serve to be compared with real ones, and where there are no real ones. */
  constructor(core: TracedCore, sockets: Sockets = 'real') {
    const Kernel =
      sockets === 'real' && core.loopback !== null
        ? core.loopback.LoopbackKernel
        : core.sim.SimKernel;
    this.core = core;
    this.world = new core.sim.SimWorld(7);
    // What is sent is there at once, as over a real loopback interface.
    this.world.network.latency = 0;
    this.world.readingCost = 1;
    this.kernel = new Kernel(this.world, '10.0.0.1');
    this.world.hosts.set('10.0.0.1', this.kernel);
    this.world.hosts.set('127.0.0.1', this.kernel);
    this.#clientKernel = new Kernel(this.world, '127.0.0.1');
    for (const [path, text] of Object.entries(MACHINE_FILES)) {
      for (let end = path.indexOf('/', 1); end !== -1; end = path.indexOf('/', end + 1)) {
        this.kernel.mkdir(path.slice(0, end), 0o555);
      }
      this.#writeFile(path, text);
    }
    this.#preview = new ValuePreview((fd) => this.#peerOf(fd));
  }

  /** Starts the server, and lets it come to rest. A server that starts itself anew in the background is followed there. */
  start(args: readonly string[] = []): void {
    const { kernel } = this;
    let next: { argv: string[]; envp?: string[] } | null = { argv: ['redis-server', ...args] };
    kernel.onSpawn = (argv, { envp }) => {
      next = { argv, envp };
      // The machine has one program at a time, and one number for it.
      return kernel.getpid();
    };
    while (next !== null) {
      const { argv, envp }: { argv: string[]; envp?: string[] } = next;
      next = null;
      if (envp !== undefined) {
        kernel.boot();
        for (const pair of envp) {
          const at = pair.indexOf('=');
          kernel.environment.set(pair.slice(0, at), pair.slice(at + 1));
        }
      }
      this.#run(argv);
    }
    this.advance(LINE_TIME_US);
  }

  /** Runs the program's main function. */
  #run(argv: string[]): void {
    this.core.posix.usePosix(this.kernel);
    // What only Linux has to be checked for is checked here, too. But the handler for what nobody catches is the process's:
    // it is taken away again.
    const machine = this.kernel as { platform: string };
    const handlers = process.listeners('uncaughtException');
    machine.platform = 'linux';
    try {
      this.core.main(argv);
    } catch (error) {
      // It left before its loop ran.
      if (!(error instanceof this.core.sim.SimExit)) throw error;
      this.kernel.shutdownProcess(error.code);
    } finally {
      machine.platform = 'sim';
      for (const handler of process.listeners('uncaughtException')) {
        if (!handlers.includes(handler)) process.removeListener('uncaughtException', handler);
      }
    }
  }

  /** Ends the server and closes all sockets. Nothing can be played any more. */
  close(): void {
    // The clients first: the ports of the server's side are not kept busy then.
    this.#clientKernel.shutdownProcess(0);
    this.kernel.shutdownProcess(0);
    this.#connections.clear();
  }

  /** Lets virtual microseconds pass. */
  advance(us: number): void {
    this.world.advance(us);
    for (const connection of this.#connections.values()) this.#drain(connection);
  }

  /** Lets time pass until serverCron has just run: then a tenth of a second is free of it. */
  settle(): void {
    const { server } = this.core.serverH;
    const loops = server.cronloops;
    for (let i = 0; i < 1000 && server.cronloops === loops && this.isRunning(); i++) {
      this.advance(1000);
    }
    this.advance(LINE_TIME_US);
  }

  /** False after the server has exited. */
  isRunning(): boolean {
    return this.kernel.exitCode === null;
  }

  /** Plays one line. */
  play(line: string): void {
    const [, action, rest = ''] = /^%(\w+) ?(.*)$/s.exec(line) ?? [];
    if (action !== undefined) {
      this.#act(action, rest);
      return;
    }
    const [, silent = '', letter = 'A', text = ''] = /^(~?)(?:([A-Z])> )?(.*)$/s.exec(line) ?? [];
    const connection = this.connect(letter);
    connection.reading = silent === '';
    this.#send(connection, text, encodeCommand(splitWords(text).map((w) => this.#expand(w))));
    this.advance(LINE_TIME_US);
  }

  /** The letters of the connections that a line needs. */
  prepare(line: string): void {
    if (line.startsWith('%')) {
      const [, letter] = /^%(?:raw|close|read|mute) ([A-Z])/.exec(line) ?? [];
      if (letter !== undefined) this.connect(letter);
    } else this.connect(/^~?([A-Z])> /.exec(line)?.[1] ?? 'A');
  }

  /** Opens a connection, if it is not open. */
  connect(letter: string): Connection {
    const known = this.#connections.get(letter);
    if (known !== undefined) return known;
    const { sockaddr, AF_INET, SOCK_STREAM, SOCK_NONBLOCK } = this.core.posix;
    const kernel = this.#clientKernel;
    const fd = kernel.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    const address = new sockaddr();
    address.sa_family = AF_INET;
    address.address = '127.0.0.1';
    address.port = this.#nextPort++;
    kernel.bind(fd, address);
    address.port = 6379;
    kernel.connect(fd, address);
    const connection = { fd, letter, clientId: 0, reading: true };
    this.#connections.set(letter, connection);
    this.advance(LINE_TIME_US);
    const { server } = this.core.serverH;
    connection.clientId = Number(server.next_client_id) - 1;
    return connection;
  }

  /** Notes every call that the server makes while `play` runs. */
  record(play: () => void): Recording {
    const { probe } = this.core;
    const recording: Recording = { roots: [], exchanges: [], propagated: [], log: [] };
    const logged = this.kernel.output.length;
    this.#recording = recording;
    probe.record({
      preview: this.#preview,
      clock: this.clock,
      entered: (call, args) => this.#notePropagation(call, args),
      left: (call) => {
        if (call.parent !== null || BRIDGE.has(probe.functions[call.fn].name)) return;
        recording.roots.push(call);
      },
    });
    try {
      play();
    } finally {
      probe.record(null);
      this.#recording = null;
    }
    const lines = this.kernel.output.slice(logged).split('\n');
    recording.log = lines
      .filter((line) => line !== '')
      .map((line) => line.replace(/^\d+:[A-Z] \d+ \w+ \d+ [\d:.]+ /, ''));
    return recording;
  }

  /** Tells of every call that the server makes while `play` runs, and keeps none of them: of what is long, too. */
  watch(play: () => void, watcher: Watcher): void {
    const { probe } = this.core;
    probe.record({
      preview: NO_PREVIEW,
      clock: null,
      entered: ({ fn }) => {
        watcher.entered(fn);
      },
      left: ({ parent }) => {
        if (parent !== null) parent.calls.length = 0;
        watcher.left();
      },
    });
    try {
      play();
    } finally {
      probe.record(null);
    }
  }

  /** The keys of all databases, found out with commands over a connection of its own. */
  keyspace(): KeyInfo[] {
    if (!this.isRunning()) return [];
    // One more client must not drive keys out.
    this.core.serverH.server.maxmemory = 0;
    const ask = (text: string): unknown => parseReply(this.#ask(text));
    const keys: KeyInfo[] = [];
    const info = ask('INFO keyspace');
    const databases = [...String(info).matchAll(/^db(\d+):/gm)].map(([, id]) => Number(id));
    for (const db of databases) {
      ask(`SELECT ${db}`);
      const names = ask('KEYS *');
      if (!Array.isArray(names)) continue;
      for (const name of names.map(String).sort().slice(0, SHOWN_KEYS)) {
        const word = wordOf(name);
        const type = String(ask(`TYPE ${word}`));
        const encoding = String(ask(`OBJECT ENCODING ${word}`));
        const ttl = Number(ask(`PTTL ${word}`));
        const read = VALUE_COMMANDS[type];
        const value = read === undefined ? '' : show(ask(read.replace('KEY', () => word)));
        keys.push({ db, key: name, type, encoding, value, ttl });
      }
    }
    return keys;
  }

  /** Sends a command on the connection Z and returns the bytes that come back. */
  #ask(text: string): string {
    const connection = this.connect('Z');
    const exchange = this.#send(connection, text, encodeCommand(splitWords(text)));
    this.advance(LINE_TIME_US);
    return exchange.reply;
  }

  #act(action: string, rest: string): void {
    const [first = '', ...others] = splitWords(rest);
    switch (action) {
      case 'new':
      case 'mk':
        this.connect(first);
        return;
      case 'file':
        this.#writeFile(first, others.map((text) => `${text}\n`).join(''));
        return;
      case 'fill':
      case 'setbig':
        this.play(`SET ${first} ${'x'.repeat(Number(others[0]))}`);
        return;
      case 'raw':
        this.#send(this.connect(first), '', unescapeRaw(rest.slice(first.length + 1)));
        break;
      case 'close':
        this.#clientKernel.close(this.connect(first).fd);
        this.#connections.delete(first);
        break;
      case 'mute':
        this.connect(first).reading = false;
        return;
      case 'read':
      case 'drain':
        this.connect(first).reading = true;
        break;
      case 'signal':
        this.kernel.kill(this.kernel.getpid(), Number(first));
        break;
      case 'many': {
        const [, line = '', count = '0'] = /^(.*) (\d+)$/s.exec(rest) ?? [];
        for (let i = 0; i < Number(count); i++) this.play(line.replaceAll('%d', String(i)));
        return;
      }
      case 'sleep':
        this.advance(Number(first) * 1000000);
        return;
      default:
        throw new Error(`no action %${action}`);
    }
    this.advance(LINE_TIME_US);
  }

  #writeFile(path: string, text: string): void {
    const { O_CREAT, O_TRUNC, O_WRONLY } = this.core.posix;
    const fd = this.kernel.open(path, O_CREAT | O_TRUNC | O_WRONLY, 0o644);
    const bytes = Buffer.from(text, 'latin1');
    this.kernel.write(fd, bytes, 0, bytes.length);
    this.kernel.close(fd);
  }

  #send(connection: Connection, text: string, request: string): Exchange {
    const { letter, clientId } = connection;
    const exchange: Exchange = { client: letter, clientId, text, request, reply: '' };
    this.#open.set(letter, exchange);
    this.#recording?.exchanges.push(exchange);
    const bytes = Buffer.from(request, 'latin1');
    for (let sent = 0; sent < bytes.length;) {
      const n = this.#clientKernel.write(connection.fd, bytes, sent, bytes.length - sent);
      if (n > 0) sent += n;
      else if (this.#clientKernel.errno === this.core.posix.EAGAIN && this.isRunning()) {
        // The socket is full until the server has read.
        this.advance(1000);
      } else break;
    }
    return exchange;
  }

  /** The last thing that was sent on each connection: what comes belongs to it. */
  readonly #open = new Map<string, Exchange>();

  readonly #buffer = new Uint8Array(new ArrayBuffer(65536));

  #drain(connection: Connection): void {
    if (!connection.reading) return;
    const buffer = this.#buffer;
    for (;;) {
      const n = this.#clientKernel.read(connection.fd, buffer, 0, buffer.length);
      if (n <= 0) return;
      const text = Buffer.from(buffer.buffer, 0, n).toString('latin1');
      let exchange = this.#open.get(connection.letter);
      if (this.#recording !== null && exchange !== undefined) {
        // Something that comes unasked, to a subscriber for example.
        if (!this.#recording.exchanges.includes(exchange)) {
          const { letter, clientId } = connection;
          exchange = { client: letter, clientId, text: '', request: '', reply: '' };
          this.#open.set(letter, exchange);
          this.#recording.exchanges.push(exchange);
        }
      }
      if (exchange !== undefined) exchange.reply += text;
    }
  }

  #expand(word: string): string {
    if (word === '@dir') return '/tmp';
    return word.replace(/@(id|dump|sha)\((.*?)\)/g, (_all, what: string, of: string) => {
      if (what === 'id') return String(this.connect(of).clientId);
      if (what === 'sha') return createHash('sha1').update(of, 'latin1').digest('hex');
      return String(parseReply(this.#ask(`DUMP ${of}`)));
    });
  }

  #notePropagation(call: Call, args: ArrayLike<unknown>): void {
    if (this.core.probe.functions[call.fn].name !== 'alsoPropagate') return;
    const [db, argv, argc] = args as unknown as [number, unknown[], number];
    const words = argv.slice(0, argc).map((arg) => stringOf(arg));
    this.#recording?.propagated.push({ db, args: words });
  }

  #peerOf(fd: number): string {
    const address = new this.core.posix.sockaddr();
    const errno = this.kernel.errno;
    const failed = this.kernel.getpeername(fd, address) === -1;
    this.kernel.errno = errno;
    if (failed) return '';
    return address.port === 0 ? address.address : `${address.address}:${address.port}`;
  }
}

/** Starts the server, plays the setup of a scenario, and records what its trigger does. */
export function playScenario(stage: Stage, scenario: Scenario): Recording {
  return stage.record(setUp(stage, scenario));
}

/** The same, telling a watcher of the calls. */
export function watchScenario(stage: Stage, scenario: Scenario, watcher: Watcher): void {
  stage.watch(setUp(stage, scenario), watcher);
}

/** Plays the setup of a scenario, and returns what is to be looked at. */
function setUp(stage: Stage, scenario: Scenario): () => void {
  const { fromStart, args, setup, trigger } = scenario;
  if (!fromStart) stage.start(args);
  for (const line of setup) stage.play(line);
  if (!fromStart) {
    for (const line of trigger) stage.prepare(line);
    stage.settle();
  }
  return () => {
    if (fromStart) stage.start(args);
    for (const line of trigger) stage.play(line);
  };
}

/** How the value of a type is read; KEY stands for the key. */
const VALUE_COMMANDS: Record<string, string | undefined> = {
  string: 'GETRANGE KEY 0 100',
  list: 'LRANGE KEY 0 9',
  set: 'SMEMBERS KEY',
  zset: 'ZRANGE KEY 0 9 WITHSCORES',
  hash: 'HGETALL KEY',
  stream: 'XRANGE KEY - + COUNT 10',
};

/** A word that {@link splitWords} reads back as this string. */
function wordOf(text: string): string {
  if (/^[\w:.-]+$/.test(text)) return text;
  return `"${text.replace(/[^ -!#-[\]-~]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)}"`;
}

/** The bytes of a string object, whatever holds them. */
function stringOf(o: unknown): string {
  const { ptr } = o as { ptr: unknown };
  if (typeof ptr === 'object' && ptr !== null && 'buf' in ptr) {
    const { buf, len } = ptr as { buf: Buffer; len: number };
    return buf.toString('latin1', 0, len);
  }
  return String(ptr);
}

/** Reads the first reply in these bytes: strings, numbers, null, arrays. Protocol version 2. */
export function parseReply(bytes: string): unknown {
  let at = 0;
  const line = (): string => {
    const end = bytes.indexOf('\r\n', at);
    const text = bytes.slice(at, end);
    at = end + 2;
    return text;
  };
  const value = (): unknown => {
    const head = line();
    const rest = head.slice(1);
    if (head[0] === ':') return Number(rest);
    if (head[0] === '$') {
      const length = Number(rest);
      if (length < 0) return null;
      const text = bytes.slice(at, at + length);
      at += length + 2;
      return text;
    }
    if (head[0] === '*') {
      if (Number(rest) < 0) return null;
      return Array.from({ length: Number(rest) }, value);
    }
    return rest;
  };
  return value();
}

/** A value as people read it. */
function show(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  return typeof value === 'string' ? quote(value) : String(value);
}
