/**
 * Starts the real programs for tests: ours from dist/, or the C server that Debian packages.
 *
 *     withServer({ args: ['--maxclients', '10'] }, async (server) => { ... })     one test
 *
 *     const server = serverForSuite({ binary: 'real' });                           one `describe`
 *     it('...', async () => { const c = await server().connect(); ... });
 *
 * Each server has a temporary folder of its own as working folder, a free port on 127.0.0.1, and no
 * save points. It is stopped whatever the test does: by SIGTERM, so that coverage is written, and by
 * SIGKILL when it does not go. When a test fails, the log of its servers is printed.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { RespClient, encodeCommand, type Reply } from './resp.ts';

const root = resolve(__dirname, '../..');

/** The C server that answers are compared with. Tests that need it are skipped where it is missing. */
export const realServerPath = '/usr/bin/redis-server';

/** Whether the C server is installed here. */
export const haveRealServer = existsSync(realServerPath);

export interface ServerOptions {
  /** Which program: the one of this project, or the C one. */
  binary?: 'ours' | 'real';
  /** Options as on the command line: `['--maxmemory', '10mb']`. */
  args?: string[];
  /** Text of a configuration file that is given to the program, before the options. */
  config?: string;
  /** Options for node, before the program: `['--inspect=127.0.0.1:0']`. Ours only. */
  nodeArgs?: string[];
  env?: Record<string, string>;
  /** Take this port and not a free one. */
  port?: number;
  /** Milliseconds until the server must accept connections. */
  startTimeout?: number;
}

/** A server process under test. */
export interface TestServer {
  readonly pid: number;
  readonly port: number;
  /** The temporary folder it runs in. */
  readonly dir: string;
  readonly process: ChildProcess;
  /** All that it wrote to standard output and standard error so far. */
  log(): string;
  /** A new connection; closed when the server is stopped. */
  connect(): Promise<RespClient>;
  /** Drops all connections that {@link TestServer.connect} made. */
  closeClients(): void;
  /** Number of descriptors that the process has open now. */
  openDescriptors(): number;
  /** One number out of INFO. */
  info(field: string): Promise<number>;
  /** Ends the process; resolves with its exit code, or null when a signal ended it. */
  stop(): Promise<number | null>;
}

const running = new Set<TestServer>();

/** A port of 127.0.0.1 that nobody listens on right now. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address() as AddressInfo;
  await new Promise((done) => probe.close(done));
  return port;
}

/**
 * Calls `condition` until it holds, pausing a moment between calls, and returns what it returned.
 * Fails with `what` and the last value when it does not hold in time.
 */
export async function waitFor<T>(
  what: string,
  condition: () => Promise<T> | T,
  timeout = 5000,
): Promise<T> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline)
      throw new Error(`waited ${timeout} ms for ${what}: ${String(value)}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}

/** The command line of one of the project's programs: node, then the compiled entry. */
export function program(name: string): string {
  const file = join(root, 'dist/bin', `${name}.js`);
  if (!existsSync(file)) throw new Error(`${file} is missing: run 'npm run build' first`);
  return file;
}

/** Starts a program without waiting for anything. Callers that want a running server use {@link startServer}. */
export function spawnServer(options: ServerOptions, port: number, dir: string): ChildProcess {
  const args: string[] = [];
  if (options.config !== undefined) {
    writeFileSync(join(dir, 'redis.conf'), options.config);
    args.push(join(dir, 'redis.conf'));
  }
  args.push('--port', String(port), '--bind', '127.0.0.1', '--save', '');
  args.push('--enable-debug-command', 'yes', ...(options.args ?? []));
  const env = { ...process.env, ...options.env };
  if (options.binary === 'real') {
    return spawn(realServerPath, args, { cwd: dir, env, stdio: ['ignore', 'pipe', 'pipe'] });
  }
  const nodeArgs = [...(options.nodeArgs ?? []), program('redis-server'), ...args];
  return spawn(process.execPath, nodeArgs, { cwd: dir, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Makes a temporary folder, which the end of the test run removes. */
export function temporaryDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'redis-test-'));
  folders.add(dir);
  return dir;
}

const folders = new Set<string>();

/** Starts a server and waits until it accepts connections. Fails with its log when it does not. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const port = options.port ?? (await freePort());
  const dir = temporaryDir();
  const child = spawnServer(options, port, dir);
  const clients = new Set<RespClient>();
  let log = '';
  let exited = false;
  const gone = new Promise<number | null>((done) => {
    child.once('exit', () => (exited = true));
    // Not before all of its log has come.
    child.once('close', done);
  });
  const collect = (data: Buffer): void => void (log += data.toString('latin1'));
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);

  const server: TestServer = {
    pid: child.pid ?? -1,
    port,
    dir,
    process: child,
    log: () => log,
    connect: async () => {
      const client = await RespClient.connect(port);
      clients.add(client);
      return client;
    },
    closeClients: () => {
      for (const client of clients) client.close();
      clients.clear();
    },
    openDescriptors: () => readdirSync(`/proc/${child.pid}/fd`).length,
    info: async (field) => {
      const client = await RespClient.connect(port);
      const text = await client.text('INFO', 'everything');
      client.close();
      const line = text.split('\r\n').find((row) => row.startsWith(`${field}:`));
      return Number(line?.slice(field.length + 1));
    },
    stop: async () => {
      running.delete(server);
      server.closeClients();
      if (!exited) child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
      const code = await gone;
      clearTimeout(timer);
      rmSync(dir, { recursive: true, force: true });
      folders.delete(dir);
      return code;
    },
  };
  running.add(server);
  try {
    await waitFor(
      'the server to be ready',
      () => exited || log.includes('Ready to accept connections'),
      options.startTimeout ?? 10000,
    );
    if (exited) throw new Error('the server ended at once');
  } catch (error) {
    await server.stop();
    throw new Error(`${(error as Error).message}\n${log}`);
  }
  return server;
}

/** Starts a server, hands it to `fn`, and stops it when `fn` is done, however it ends. */
export async function withServer<T>(
  options: ServerOptions,
  fn: (server: TestServer) => Promise<T>,
): Promise<T> {
  const server = await startServer(options);
  try {
    return await fn(server);
  } catch (error) {
    if (server.log() !== '')
      console.error(`--- log of the server on port ${server.port}\n${server.log()}`);
    throw error;
  } finally {
    await server.stop();
  }
}

/** One server for all tests of the `describe` that this is called in. Returns a function that gives it. */
export function serverForSuite(options: ServerOptions = {}): () => TestServer {
  let server: TestServer | undefined;
  before(async function () {
    this.timeout(20000);
    server = await startServer(options);
  });
  afterEach(function () {
    if (this.currentTest?.state === 'failed') console.error(server?.log().slice(-4000));
  });
  after(async function () {
    this.timeout(10000);
    await server?.stop();
  });
  return () => {
    if (server === undefined) throw new Error('the server is not running');
    return server;
  };
}

/** One command for which the two servers did not answer alike. */
export interface Difference {
  command: readonly (string | number)[];
  ours: string;
  real: string;
}

/**
 * Sends the same commands to both servers, and returns those whose replies are not the same bytes.
 * `same` may allow more for a command whose reply depends on the clock.
 */
export async function differential(
  ours: RespClient,
  real: RespClient,
  commands: readonly (readonly (string | number)[])[],
  same: (command: readonly (string | number)[], ours: Reply, real: Reply) => boolean = (_c, a, b) =>
    a.raw === b.raw,
): Promise<Difference[]> {
  ours.send(commands.map(encodeCommand).join(''));
  real.send(commands.map(encodeCommand).join(''));
  const differences: Difference[] = [];
  for (const command of commands) {
    const [a, b] = await Promise.all([ours.reply(), real.reply()]);
    if (!same(command, a, b)) differences.push({ command, ours: a.raw, real: b.raw });
  }
  return differences;
}

// Whatever a test forgot, or a failing one left behind, ends here: at the end of the run, or with it.
// The benchmark uses this file too, and it has no hooks.
if (typeof after === 'function') {
  after(async function () {
    this.timeout(20000);
    await Promise.all([...running].map((server) => server.stop()));
  });
}
process.on('exit', () => {
  for (const server of running) server.process.kill('SIGKILL');
  for (const dir of folders) rmSync(dir, { recursive: true, force: true });
});
