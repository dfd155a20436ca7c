/**
 * A small client of V8's inspector: stops a running program in a function of its TypeScript source,
 * and tells the stack, as a debugger in an editor does.
 *
 * The program runs compiled, so a place in the source is first carried over to the JavaScript by the
 * map that lies beside each compiled file, and each frame is carried back.
 */
import { TraceMap, generatedPositionFor, originalPositionFor } from '@jridgewell/trace-mapping';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { WebSocket } from 'ws';
import { root } from './sources.ts';
import { waitFor, type TestServer } from './server.ts';

/** One frame of a stopped program, in terms of the source. */
export interface Frame {
  name: string;
  /** Path relative to the project; of the compiled file when there is no map. */
  file: string;
  /** From 1. */
  line: number;
}

interface CallFrame {
  functionName: string;
  url: string;
  location: { scriptId: string; lineNumber: number; columnNumber: number };
}

interface Message {
  id?: number;
  method?: string;
  result?: Record<string, unknown>;
  error?: { message: string };
  params?: Record<string, unknown>;
}

/** A connection to the inspector of one process. */
export class Inspector {
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, (message: Message) => void>();
  readonly #maps = new Map<string, TraceMap | null>();
  readonly #urls = new Map<string, string>();
  #lastId = 0;
  #paused: CallFrame[] | null = null;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    // A program that ends while it is asked gives no answer: who waits shall not wait for ever.
    socket.on('close', () => {
      for (const answer of this.#answers.values()) answer({ result: {} });
      this.#answers.clear();
    });
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Message;
      if (message.id !== undefined) {
        this.#answers.get(message.id)?.(message);
        this.#answers.delete(message.id);
      } else if (message.method === 'Debugger.scriptParsed') {
        const { scriptId, url } = message.params as { scriptId: string; url: string };
        this.#urls.set(scriptId, url);
      } else if (message.method === 'Debugger.paused') {
        this.#paused = (message.params as { callFrames: CallFrame[] }).callFrames;
      }
    });
  }

  /** Attaches to a server that was started with `--inspect=127.0.0.1:0`. */
  static async attach(server: TestServer): Promise<Inspector> {
    const url = await waitFor('the inspector', () => /ws:\/\/\S+/.exec(server.log())?.[0]);
    const socket = new WebSocket(url ?? '');
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    const inspector = new Inspector(socket);
    await inspector.call('Debugger.enable');
    return inspector;
  }

  /**
   * Sends one request of the protocol and returns its result; rejects with the protocol's error. The
   * result is empty when the program ends before it answers.
   */
  call(method: string, params: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#answers.set(id, (message) => {
        if (message.error) reject(new Error(`${method}: ${message.error.message}`));
        else resolve(message.result ?? {});
      });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  /**
   * Sets a breakpoint at a place of a source file, `line` from 1 and `column` from 0. Returns its id.
   * Fails when the program has not loaded that file, or no code stands there.
   */
  async breakAt(file: string, line: number, column: number): Promise<string> {
    const script = join(root, 'dist', file.replace(/\.ts$/, '.js'));
    const map = this.#mapOf(script);
    if (map === null) throw new Error(`no map beside ${script}`);
    const source = map.sources[0] ?? '';
    const place = generatedPositionFor(map, { source, line, column });
    if (place.line === null) throw new Error(`no code at ${file}:${line}`);
    const result = (await this.call('Debugger.setBreakpointByUrl', {
      url: pathToFileURL(script).href,
      lineNumber: place.line - 1,
      columnNumber: place.column,
    })) as { breakpointId: string; locations: unknown[] };
    if (result.locations.length === 0) throw new Error(`${file} is not loaded`);
    return result.breakpointId;
  }

  /** Takes a breakpoint away. */
  async removeBreakpoint(breakpointId: string): Promise<void> {
    await this.call('Debugger.removeBreakpoint', { breakpointId });
  }

  /** Waits until the program stops, and returns its stack, deepest frame first. */
  async stack(timeout = 3000): Promise<Frame[]> {
    const frames = await waitFor('the program to stop', () => this.#paused, timeout);
    return (frames ?? []).map((frame) => this.#frameOf(frame));
  }

  /** Whether the program stands still now. */
  isPaused(): boolean {
    return this.#paused !== null;
  }

  /** Lets the program go on. */
  async resume(): Promise<void> {
    this.#paused = null;
    await this.call('Debugger.resume');
  }

  /** Ends the connection; the program goes on. */
  close(): void {
    this.#socket.close();
  }

  #mapOf(script: string): TraceMap | null {
    let map = this.#maps.get(script);
    if (map === undefined) {
      const file = `${script}.map`;
      map = existsSync(file) ? new TraceMap(readFileSync(file, 'utf8')) : null;
      this.#maps.set(script, map);
    }
    return map;
  }

  #frameOf(frame: CallFrame): Frame {
    const url = frame.url || (this.#urls.get(frame.location.scriptId) ?? '');
    if (!url.startsWith('file://')) return { name: frame.functionName, file: url, line: 0 };
    const script = fileURLToPath(url);
    const map = this.#mapOf(script);
    const place =
      map &&
      originalPositionFor(map, {
        line: frame.location.lineNumber + 1,
        column: frame.location.columnNumber,
      });
    if (!place || place.source === null) {
      const line = frame.location.lineNumber + 1;
      return { name: frame.functionName, file: relative(root, script), line };
    }
    const file = relative(root, join(dirname(script), place.source));
    return { name: frame.functionName, file, line: place.line };
  }
}
