/**
 * What instrumented code calls: a register for the line of the call that is being made, and a notebook of
 * the calls under way.
 *
 *     source                                instrumented
 *     function f(a, b) {                    function f(a, b) {
 *       g(a, b + 1);                          const $f = $t.enter($m + 3, arguments);
 *       return h(b);                          try {
 *     }                                         g(a, $t.at(2, b + 1));
 *                                               return $t.ret($f, h($t.at(3, b)));
 *                                             } finally { $t.leave($f); }
 *                                           }
 *
 * The register is set by the last argument, thus after all other calls of the same expression, and read by the
 * very next entry. Code that is not instrumented (sort, the kernel) may stand in between: then the register
 * is empty or old, and the call gets the line on which its caller was last seen.
 *
 * Nothing is noted while no {@link Recorder} is in place: the server runs on, only slower.
 *
 * Who calls in: instrumented code; the recorder. Whom it calls: preview.ts.
 */
import type { Preview } from './preview.ts';

/** A function of the project, as its module registers it. */
export interface TracedFunction {
  name: string;
  /** Path relative to the project. */
  file: string;
  /** Line of its definition. */
  line: number;
  params: string[];
  /** What its `@c` tag says, `networking.c:2660`; null for a function of our own. */
  c: string | null;
  cName?: string;
  /** What its `@own` tag says; null for a mirrored function. */
  own: string | null;
  /** The lines on which it calls, by the name of what is called; in the order of the text. */
  sites: Record<string, number[]>;
}

/** A call under way or done. */
export class Call {
  /** Index into {@link functions}. */
  readonly fn: number;
  /** Line of the call in the caller's file; 0: nobody of ours called. */
  readonly line: number;
  /** What the caller called it by, when that was a variable or a field. */
  readonly via: string;
  readonly parent: Call | null;
  /** Previews of the arguments. */
  args: readonly string[];
  /** Preview of the result; null for none. */
  ret: string | null = null;
  readonly calls: Call[] = [];
  /** The line on which it was last seen calling. */
  last = 0;
  /** It ended by an exception. */
  thrown = true;
  /** When it began and ended, in microseconds, if a clock was given. */
  start = 0;
  end = 0;

  constructor(fn: number, line: number, via: string, parent: Call | null, args: readonly string[]) {
    this.fn = fn;
    this.line = line;
    this.via = via;
    this.parent = parent;
    this.args = args;
  }
}

/** Who wants to know of calls. */
export interface Recorder {
  /** How values are shown. */
  preview: Preview;
  /** Microseconds, or null when times are not wanted. */
  clock: (() => number) | null;
  /** A call began; `call.parent` is under way. */
  entered(call: Call, args: ArrayLike<unknown>): void;
  /** A call ended. Nobody but the recorder keeps it: a call without parent is a whole tree. */
  left(call: Call): void;
}

/** Every function of the instrumented code that was loaded so far. */
export const functions: TracedFunction[] = [];

const state = {
  recorder: null as Recorder | null,
  current: null as Call | null,
  line: 0,
  via: '',
};

/** The number of the first function of a module, for its calls of {@link enter}. */
export function register(file: string, rows: Omit<TracedFunction, 'file'>[]): number {
  const base = functions.length;
  for (const row of rows) functions.push({ file, ...row });
  return base;
}

/** Puts a recorder in place, or takes it away with null. Calls under way are forgotten. */
export function record(recorder: Recorder | null): void {
  state.recorder = recorder;
  state.current = null;
  state.line = 0;
}

/** The innermost call under way. */
export function current(): Call | null {
  return state.current;
}

/** Passes `value` on and notes that a call stands on `line`. */
export function at<T>(line: number, value: T): T {
  state.line = line;
  state.via = '';
  return value;
}

/** The same for a call through the variable or field `via`. */
export function through<T>(line: number, via: string, value: T): T {
  state.line = line;
  state.via = via;
  return value;
}

/**
 * The same in a function within the function `fn`. Where somebody else runs it, the line that counts is the one on which
 * that one called it, which is noted already.
 */
export function atIn<T>(fn: number, line: number, value: T): T {
  return state.current?.fn === fn ? at(line, value) : value;
}

/** The same for a call through the variable or field `via`. */
export function throughIn<T>(fn: number, line: number, via: string, value: T): T {
  return state.current?.fn === fn ? through(line, via, value) : value;
}

/** A function was entered. Null when nobody wants to know. */
export function enter(fn: number, args: ArrayLike<unknown>): Call | null {
  const recorder = state.recorder;
  if (recorder === null) return null;
  const parent = state.current;
  let line = state.line;
  const via = state.via;
  state.line = 0;
  state.via = '';
  if (parent === null) line = 0;
  else if (line === 0) line = parent.last;
  else parent.last = line;
  const call = new Call(fn, line, via, parent, recorder.preview.args(args));
  if (recorder.clock !== null) call.start = recorder.clock();
  state.current = call;
  if (parent !== null) parent.calls.push(call);
  recorder.entered(call, args);
  return call;
}

/** The function is about to return `value`. */
export function ret<T>(call: Call | null, value: T): T {
  if (call !== null && state.recorder !== null) {
    call.thrown = false;
    if (value !== undefined) call.ret = state.recorder.preview.value(value);
  }
  return value;
}

/** The function is left, be it by an exception. */
export function leave(call: Call | null): void {
  if (call === null) return;
  state.line = 0;
  // A recorder that came or went meanwhile knows nothing of this call.
  if (state.current !== call) return;
  state.current = call.parent;
  const recorder = state.recorder;
  if (recorder === null) return;
  if (recorder.clock !== null) call.end = recorder.clock();
  recorder.left(call);
}
