/**
 * A connection to the inspector of one process: the protocol that V8 speaks over a WebSocket
 * (https://chromedevtools.github.io/devtools-protocol/v8/).
 *
 *     us                               the process
 *      {"id":1,"method":"Debugger.enable"}  ->
 *                                      <-  {"id":1,"result":{}}
 *                                      <-  {"method":"Debugger.paused","params":{"callFrames":[...]}}
 *
 * The transport is `ws`, and the types of the messages are those that `@types/node` has for the very
 * inspector of this Node; both are here anyway. (`chrome-remote-interface` looks up tabs of a browser,
 * and brings a `ws` of its own, three major versions behind.)
 *
 * Who calls in: inferior.ts. Whom it calls: `ws`.
 */
import type { Debugger, Runtime } from 'node:inspector';
import { WebSocket } from 'ws';

/** The requests that are used here: what goes out, what comes back. */
export interface Methods {
  'Debugger.enable': [Record<string, never>, unknown];
  'Debugger.setBlackboxPatterns': [Debugger.SetBlackboxPatternsParameterType, unknown];
  'Debugger.setAsyncCallStackDepth': [Debugger.SetAsyncCallStackDepthParameterType, unknown];
  'Debugger.setBreakpointByUrl': [
    Debugger.SetBreakpointByUrlParameterType,
    Debugger.SetBreakpointByUrlReturnType,
  ];
  'Debugger.setBreakpoint': [Debugger.SetBreakpointParameterType, Debugger.SetBreakpointReturnType];
  'Debugger.removeBreakpoint': [Debugger.RemoveBreakpointParameterType, unknown];
  'Debugger.getPossibleBreakpoints': [
    Debugger.GetPossibleBreakpointsParameterType,
    Debugger.GetPossibleBreakpointsReturnType,
  ];
  'Debugger.evaluateOnCallFrame': [
    Debugger.EvaluateOnCallFrameParameterType,
    Debugger.EvaluateOnCallFrameReturnType,
  ];
  'Debugger.pause': [Record<string, never>, unknown];
  'Debugger.resume': [Record<string, never>, unknown];
  'Debugger.stepInto': [Record<string, never>, unknown];
  'Debugger.stepOver': [Record<string, never>, unknown];
  'Debugger.stepOut': [Record<string, never>, unknown];
  'Runtime.evaluate': [Runtime.EvaluateParameterType, Runtime.EvaluateReturnType];
  'Runtime.callFunctionOn': [Runtime.CallFunctionOnParameterType, Runtime.CallFunctionOnReturnType];
  'Runtime.runIfWaitingForDebugger': [Record<string, never>, unknown];
  'NodeRuntime.enable': [Record<string, never>, unknown];
  'NodeRuntime.notifyWhenWaitingForDisconnect': [{ enabled: boolean }, unknown];
}

/** The events that are listened to. */
export interface Events {
  'Debugger.paused': Debugger.PausedEventDataType;
  'Debugger.scriptParsed': Debugger.ScriptParsedEventDataType;
  'NodeRuntime.waitingForDisconnect': unknown;
}

interface Message {
  id?: number;
  method?: string;
  result?: unknown;
  error?: { message: string };
  params?: unknown;
}

interface Waiter {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}

/** The process went away while it was asked something. */
export class ConnectionClosed extends Error {
  constructor() {
    super('Remote connection closed');
  }
}

/** One connection. Requests are answered in order; events come between the answers. */
export class InspectorClient {
  readonly #socket: WebSocket;
  readonly #waiters = new Map<number, Waiter>();
  readonly #listeners = new Map<string, (params: unknown) => void>();
  #lastId = 0;
  #isOpen = true;

  private constructor(socket: WebSocket, onClose: () => void) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#receive(JSON.parse(data.toString()) as Message));
    // A reset is told by the close that follows it.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#isOpen = false;
      for (const waiter of this.#waiters.values()) waiter.reject(new ConnectionClosed());
      this.#waiters.clear();
      onClose();
    });
  }

  /**
   * Connects to `url` (`ws://host:port/id`). `onClose` is called once, when either side has closed.
   * Rejects when nobody answers there.
   */
  static async connect(url: string, onClose: () => void): Promise<InspectorClient> {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return new InspectorClient(socket, onClose);
  }

  /**
   * Sends one request and returns its result. Rejects with the protocol's error, or with
   * {@link ConnectionClosed} when the process ends before it answers.
   */
  call<M extends keyof Methods>(
    method: M,
    ...[params]: Record<string, never> extends Methods[M][0] ? [] : [Methods[M][0]]
  ): Promise<Methods[M][1]> {
    if (!this.#isOpen) return Promise.reject(new ConnectionClosed());
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiters.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params: params ?? {} }));
    });
  }

  /** Calls `listener` with the parameters of every such event. One listener an event. */
  on<E extends keyof Events>(event: E, listener: (params: Events[E]) => void): void {
    this.#listeners.set(event, listener as (params: unknown) => void);
  }

  /** Ends the connection. The inspector then forgets its breakpoints and lets the program go on. */
  close(): void {
    this.#socket.close();
  }

  #receive(message: Message): void {
    if (message.id === undefined) {
      this.#listeners.get(message.method ?? '')?.(message.params);
      return;
    }
    const waiter = this.#waiters.get(message.id);
    this.#waiters.delete(message.id);
    if (message.error) waiter?.reject(new Error(message.error.message));
    else waiter?.resolve(message.result);
  }
}
