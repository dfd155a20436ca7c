/**
 * Recorded calls as text: a stack as gdb prints it, and a tree as `uftrace replay` does. Behind each frame and each call stands the
 * place in C.
 *
 *     #0  processCommand (c=#7 127.0.0.1:50312) at server/server.ts:3075                  C server.c:3612
 *     #1  processCommandAndResetClient (c=#7 127.0.0.1:50312) at networking/networking.ts:2608   C networking.c:2444
 *
 *     # DURATION    CALLS
 *       12.250 us |   lookupKeyRead(db=db0, key="name") {                            C t_string.c:317
 *        4.125 us |     lookupKeyReadWithFlags(db=db0, key="name", flags=0) = null;  C db.c:155
 *                 |   } = null; // lookupKeyRead
 *
 * Who calls in: trace.ts, live.ts. Whom it calls: callsites.ts.
 */
import { type CallSites, nameInC } from './callsites.ts';
import { type Call, type TracedFunction } from './probe.ts';

/** What of a tree is shown, and how. */
export interface ReplayOptions {
  /** Levels below the first. */
  depth: number;
  /** Only these functions, and what they call; empty for all. */
  only: ReadonlySet<string>;
  /** Not these functions, nor what they call. */
  hide: ReadonlySet<string>;
  /** With durations; then nothing is folded. */
  times: boolean;
  /** With the functions that are macros in C, or that C does not have. */
  all: boolean;
}

/** The column in which the place in C begins, if the line is not longer. */
const PLACE_COLUMN = 84;

/** A line with the place in C behind it. */
function withPlace(line: string, place: string): string {
  return place === '' ? line : `${line.padEnd(PLACE_COLUMN - 1)} C ${place}`;
}

/** Formats what was recorded of one copy of the core. */
export class Replay {
  readonly #functions: readonly TracedFunction[];
  readonly #sites: CallSites;

  constructor(functions: readonly TracedFunction[], sites: CallSites) {
    this.#functions = functions;
    this.#sites = sites;
  }

  /** The function that was called. */
  functionOf(call: Call): TracedFunction {
    return this.#functions[call.fn];
  }

  /** The first call of a function in these trees, by name; null when there is none. */
  find(calls: readonly Call[], name: string): Call | null {
    for (const call of calls) {
      const fn = this.functionOf(call);
      if (fn.name === name || nameInC(fn) === name) return call;
      const below = this.find(call.calls, name);
      if (below !== null) return below;
    }
    return null;
  }

  /** The stack at the moment of a call, a line a frame, the call itself first. `main` ends it: it is the async parent. */
  stack(top: Call): string[] {
    const lines: string[] = [];
    let above: Call | null = null;
    let number = 0;
    const add = (
      fn: TracedFunction,
      args: readonly string[],
      line: number,
      c: number | null,
    ): void => {
      const file = fn.c?.slice(0, fn.c.indexOf(':')) ?? '';
      const place = c === null || file === '' ? '' : `${file}:${c}`;
      const text = `#${String(number++).padEnd(2)} ${fn.name} (${named(fn, args)}) at ${fn.file}:${line}`;
      lines.push(withPlace(text, place));
    };
    for (let call: Call | null = top; call !== null; call = call.parent) {
      const fn = this.functionOf(call);
      if (above === null) add(fn, call.args, fn.line, lineOf(fn.c));
      else {
        const c = this.#sites.lineInC(fn, this.functionOf(above), above.line, above.via);
        add(fn, call.args, above.line, c ?? lineOf(fn.c));
      }
      above = call;
    }
    const main = this.#functions.find((fn) => fn.name === 'main' && fn.file === 'server/server.ts');
    if (main !== undefined && above !== null && this.functionOf(above).name === 'aeMain') {
      const [line = main.line] = main.sites['aeRun'] ?? [];
      add(main, [], line, this.#sites.lineInC(main, this.functionOf(above), line, ''));
    }
    return lines;
  }

  /** The calls as a nested list. */
  replay(calls: readonly Call[], options: ReplayOptions): string[] {
    const lines = options.times ? ['# DURATION     CALLS'] : [];
    const shown =
      options.only.size === 0 ? calls : calls.flatMap((call) => this.#named(call, options.only));
    this.#list(shown, options, 0, lines);
    return lines;
  }

  /** The outermost calls of certain functions, this one or below it. */
  #named(call: Call, names: ReadonlySet<string>): Call[] {
    if (names.has(this.functionOf(call).name)) return [call];
    return call.calls.flatMap((child) => this.#named(child, names));
  }

  /** What is to be shown in place of a call: itself, nothing, or what it calls. */
  #visible(calls: readonly Call[], options: ReplayOptions): Call[] {
    return calls.flatMap((call) => {
      const fn = this.functionOf(call);
      if (options.hide.has(fn.name)) return [];
      if (options.all || fn.c !== null) return [call];
      return this.#visible(call.calls, options);
    });
  }

  #list(calls: readonly Call[], options: ReplayOptions, depth: number, lines: string[]): void {
    const visible = this.#visible(calls, options);
    for (let i = 0; i < visible.length;) {
      const call = visible[i];
      let end = i + 1;
      if (!options.times) {
        const shape = this.#shape(call);
        while (end < visible.length && this.#shape(visible[end]) === shape) end++;
      }
      this.#one(call, end - i, options, depth, lines);
      i = end;
    }
  }

  #one(call: Call, times: number, options: ReplayOptions, depth: number, lines: string[]): void {
    const fn = this.functionOf(call);
    const indent = '  '.repeat(depth);
    const via = call.via === '' || call.via === fn.name ? '' : `${call.via} → `;
    const repeat = times === 1 ? '' : ` ×${times}`;
    const result = call.ret === null ? '' : ` = ${call.ret}`;
    const head = `${indent}${via}${fn.name}(${named(fn, call.args)})`;
    const place = this.#placeOf(call, fn);
    const inner = depth < options.depth ? this.#visible(call.calls, options) : [];
    const duration = `${(call.end - call.start).toFixed(3)} us`.padStart(14);
    const first = options.times ? `${duration} | ` : '';
    const other = options.times ? `${' '.repeat(14)} | ` : '';
    if (inner.length === 0) {
      lines.push(withPlace(`${first}${head}${result};${repeat}`, place));
      return;
    }
    lines.push(withPlace(`${first}${head} {${repeat}`, place));
    this.#list(inner, options, depth + 1, lines);
    lines.push(`${other}${indent}}${result}; // ${fn.name}`);
  }

  /** Where the call stands in C, or else where the function does. */
  #placeOf(call: Call, fn: TracedFunction): string {
    if (fn.c === null) return '';
    const caller = call.parent && this.functionOf(call.parent);
    const line = caller && this.#sites.lineInC(caller, fn, call.line, call.via);
    if (line === null || caller?.c == null) return fn.c;
    return `${caller.c.slice(0, caller.c.indexOf(':'))}:${line}`;
  }

  /** Equal for calls that did the same. */
  #shape(call: Call): string {
    return `${call.fn}@${call.line}(${call.calls.map((child) => this.#shape(child)).join()})`;
  }
}

function named(fn: TracedFunction, args: readonly string[]): string {
  return args.map((text, i) => `${fn.params[i] ?? '...'}=${text}`).join(', ');
}

/** The line of a place in C, `networking.c:2660`. */
function lineOf(place: string | null): number | null {
  return place === null ? null : Number(place.slice(place.indexOf(':') + 1));
}
