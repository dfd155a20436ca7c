/**
 * The program that is debugged, which gdb calls the inferior: one process and the connection to its inspector.
 *
 * It is either started here, waiting for its debugger, or runs already and is attached to:
 *
 *     node --inspect-brk=127.0.0.1:0 dist/bin/redis-server.js ...    prints where its inspector listens
 *     kill -USR1 pid                                                 makes a running Node open it
 *
 * A started process is a session of its own, so that a Ctrl-C on the terminal reaches the debugger alone.
 * What happens in the process comes as a row of {@link Stop}s, to be taken one by one with
 * {@link Inferior.nextStop}.
 *
 * Who calls in: gdb.ts. Whom it calls: inspector.ts.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import type { Debugger } from 'node:inspector';
import { createConnection } from 'node:net';
import { InspectorClient } from './inspector.ts';

/** Why the process does not run on: it paused, it ended, or it was let go. */
export type Stop =
  | { kind: 'paused'; event: Debugger.PausedEventDataType }
  | { kind: 'exited'; code: number | null; signal: NodeJS.Signals | null }
  | { kind: 'lost' };

/** The order of steps that V8 knows. */
export type Motion = 'resume' | 'stepInto' | 'stepOver' | 'stepOut';

/** How a program is started. */
export interface LaunchOptions {
  script: string;
  args: string[];
  cwd: string;
  env?: NodeJS.ProcessEnv;
  /** Takes what the program prints. Without it the program shares our standard output. */
  onOutput?: (text: string) => void;
}

/** What Node says about its inspector on standard error, and nobody wants to read here. */
const chatter =
  /^(Debugger (listening on|attached|ending on).*|For help, see: https:\/\/nodejs\.org.*|Waiting for the debugger to disconnect\.\.\.)\n?/gm;

/** One process under the debugger. */
export class Inferior {
  readonly pid: number;
  /** Address of each script that was loaded. */
  readonly scripts = new Map<string, string>();
  /** Whether we started it, and so end it. */
  readonly isOurs: boolean;
  readonly #child: ChildProcess | null;
  #client!: InspectorClient;
  readonly #stops: Stop[] = [];
  #waiting: ((stop: Stop) => void) | null = null;
  #hasEnded = false;

  private constructor(pid: number, child: ChildProcess | null) {
    this.pid = pid;
    this.#child = child;
    this.isOurs = child !== null;
  }

  /**
   * Starts a program. It stands before its first line until {@link begin}. Fails when it ends before its
   * inspector listens.
   */
  static async launch(options: LaunchOptions): Promise<Inferior> {
    const { onOutput } = options;
    const child = spawn(
      process.execPath,
      ['--inspect-brk=127.0.0.1:0', options.script, ...options.args],
      {
        cwd: options.cwd,
        env: options.env ?? process.env,
        detached: true,
        stdio: ['ignore', onOutput ? 'pipe' : 'inherit', 'pipe'],
      },
    );
    const inferior = new Inferior(child.pid ?? -1, child);
    const show = onOutput ?? ((text: string) => void process.stderr.write(text));
    child.stdout?.on('data', (data: Buffer) => show(data.toString('latin1')));
    const end = (): void => void child.kill('SIGKILL');
    process.once('exit', end);
    let errors = '';
    let pending = '';
    const url = await new Promise<string | null>((resolve) => {
      child.stderr?.on('data', (data: Buffer) => {
        const text = data.toString('latin1');
        if (errors.length < 4096) errors += text;
        const match = /Debugger listening on (ws:\/\/\S+)\n/.exec(errors);
        if (match) resolve(match[1] ?? null);
        // The chatter is recognized by whole lines.
        pending += text;
        const cut = pending.lastIndexOf('\n') + 1;
        const rest = pending.slice(0, cut).replace(chatter, '');
        pending = pending.slice(cut);
        if (rest !== '') show(rest);
      });
      child.once('error', () => resolve(null));
      child.once('exit', (code, signal) => {
        process.off('exit', end);
        resolve(null);
        inferior.#end({ kind: 'exited', code, signal });
      });
    });
    if (url === null) throw new Error('During startup program exited.');
    await inferior.#connect(url);
    return inferior;
  }

  /**
   * Attaches to a running process by its inspector's address, `ws://...`. Fails when nobody answers there.
   */
  static async attach(url: string, pid: number): Promise<Inferior> {
    const inferior = new Inferior(pid, null);
    await inferior.#connect(url);
    return inferior;
  }

  async #connect(url: string): Promise<void> {
    this.#client = await InspectorClient.connect(url, () => {
      // Of our own process the end itself is told; of another one this is all that is heard.
      if (!this.isOurs) this.#end({ kind: 'lost' });
    });
    const client = this.#client;
    client.on('Debugger.scriptParsed', ({ scriptId, url: address }) => {
      this.scripts.set(scriptId, address);
    });
    client.on('Debugger.paused', (event) => this.#push({ kind: 'paused', event }));
    // A program that has ended waits until its debugger has left.
    client.on('NodeRuntime.waitingForDisconnect', () => client.close());
    await client.call('Debugger.enable');
    await client.call('Debugger.setBlackboxPatterns', {
      patterns: ['^node:', '/node_modules/', '/compile-cache\\.js$'],
    });
    await client.call('Debugger.setAsyncCallStackDepth', { maxDepth: 8 });
    await client.call('NodeRuntime.enable');
    await client.call('NodeRuntime.notifyWhenWaitingForDisconnect', { enabled: true });
  }

  /** The connection, for what only reads. */
  get client(): InspectorClient {
    return this.#client;
  }

  /** Lets a started program come up to its first line; it pauses there. */
  async begin(): Promise<void> {
    await this.#client.call('Runtime.runIfWaitingForDebugger');
  }

  /** Sets a paused program in motion. */
  async move(motion: Motion): Promise<void> {
    await this.#client.call(`Debugger.${motion}`);
  }

  /** Asks a running program to pause at the next thing that it does. */
  async pause(): Promise<void> {
    await this.#client.call('Debugger.pause');
  }

  /** Resolves with the next thing that stopped the process. */
  nextStop(): Promise<Stop> {
    const stop = this.#stops.shift();
    if (stop) return Promise.resolve(stop);
    return new Promise((resolve) => (this.#waiting = resolve));
  }

  /** True when the process is gone. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Ends a process that we started; resolves when it is gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  /** Lets the process go: it runs on without breakpoints. */
  detach(): void {
    this.#client.close();
    // Nothing of the process is to keep us alive, or to be ended with us.
    this.#child?.removeAllListeners('exit');
    this.#child?.unref();
  }

  #push(stop: Stop): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting) waiting(stop);
    else this.#stops.push(stop);
  }

  #end(stop: Stop): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#push(stop);
  }
}

/** Ports of 127.0.0.1 (or any address) on which a process listens, by Linux's /proc; none elsewhere. */
export function listeningPorts(pid: number): number[] {
  const ports = new Set<number>();
  try {
    const sockets = new Set<string>();
    for (const fd of readdirSync(`/proc/${pid}/fd`)) {
      try {
        const match = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`));
        if (match) sockets.add(match[1] ?? '');
      } catch {
        // It was closed meanwhile.
      }
    }
    for (const table of ['tcp', 'tcp6']) {
      for (const row of readFileSync(`/proc/${pid}/net/${table}`, 'utf8').split('\n').slice(1)) {
        const cells = row.trim().split(/\s+/);
        // Columns: number, local address, remote address, state (0A: listening), ..., inode.
        if (cells[3] !== '0A' || !sockets.has(cells[9] ?? '')) continue;
        ports.add(parseInt(cells[1]?.split(':').at(-1) ?? '0', 16));
      }
    }
  } catch {
    // Not Linux, or not ours to see.
  }
  return [...ports];
}

/** What the inspector at a port tells of itself: its address; null when no inspector listens there. */
export async function inspectorAt(host: string, port: number): Promise<string | null> {
  try {
    const response = await fetch(`http://${host}:${port}/json/list`, {
      signal: AbortSignal.timeout(2000),
    });
    const [target] = (await response.json()) as { webSocketDebuggerUrl?: string }[];
    return target?.webSocketDebuggerUrl ?? null;
  } catch {
    return null;
  }
}

/**
 * Whether a Redis server answers at a port of this host. It takes a request of HTTP for an attack, and
 * writes so into its log: so it is asked in its own language first.
 */
function isRedisAt(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    const done = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1000, () => done(false));
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (data: Buffer) =>
      done(/^[+-](PONG|NOAUTH|LOADING|ERR|DENIED)/.test(data.toString())),
    );
    socket.once('error', () => done(false));
    socket.once('close', () => done(false));
  });
}

/**
 * Whether a process has a handler for SIGUSR1, as every Node has; the signal would end any other. True
 * where it cannot be told.
 */
function handlesUsr1(pid: number): boolean {
  try {
    const mask = /^SigCgt:\s*([\da-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return mask === null || (BigInt(`0x${mask[1]}`) & 0x200n) !== 0n;
  } catch {
    return true;
  }
}

/**
 * Makes a running Node process open its inspector, and returns the address. Rejects with gdb's words when
 * there is no such process, and after `timeout` milliseconds when no inspector appears.
 */
export async function openInspector(pid: number, timeout = 5000): Promise<string> {
  const before = listeningPorts(pid);
  if (!handlesUsr1(pid)) throw new Error(`process ${pid} is no Node program`);
  try {
    process.kill(pid, 'SIGUSR1');
  } catch (error) {
    const isForbidden = (error as NodeJS.ErrnoException).code === 'EPERM';
    throw new Error(`ptrace: ${isForbidden ? 'Operation not permitted' : 'No such process'}.`);
  }
  const deadline = Date.now() + timeout;
  let isFirst = true;
  do {
    const ports = listeningPorts(pid);
    // Opened just now; without /proc, Node's usual port.
    const fresh = ports.length === 0 ? [9229] : ports.filter((port) => !before.includes(port));
    for (const port of fresh) {
      const url = await inspectorAt('127.0.0.1', port);
      if (url !== null) return url;
    }
    // Or it was open before: one of the old ports that does not speak Redis.
    if (isFirst) {
      for (const port of before) {
        const url = (await isRedisAt(port)) ? null : await inspectorAt('127.0.0.1', port);
        if (url !== null) return url;
      }
    }
    isFirst = false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  } while (Date.now() < deadline);
  throw new Error(`process ${pid} opened no inspector (its log tells why; the port may be taken)`);
}
