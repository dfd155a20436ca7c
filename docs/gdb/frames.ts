/**
 * The stack of a paused program, as gdb would tell it.
 *
 * V8 tells frames by their place in the compiled files. Here they get their places in the sources and in
 * C, and frames that C does not have are left out:
 *
 *     processCommand            frames of the project, innermost first
 *     ...
 *     aeMain
 *     aeRunner.makeTurn ...     the bridge to libuv, and Node's own functions: not shown
 *     main                      has left the stack when a turn runs; it is the parent of the turn
 *
 * `set backtrace past-main on` shows what lies below aeMain too.
 *
 * Who calls in: gdb.ts. Whom it calls: sources.ts, locations.ts.
 */
import type { Debugger } from 'node:inspector';
import type { CPlaces } from './c_places.ts';
import type { Locations } from './locations.ts';
import type { Place, Project, SourceFunction } from './sources.ts';

/** One frame as it is shown. */
export interface Frame {
  name: string;
  place: Place;
  fn: SourceFunction | null;
  /** V8's frame; null for `main` when it is the parent only: there is nothing to evaluate in it. */
  callFrame: Debugger.CallFrame | null;
  /** How many frames of V8 lie above it. */
  depth: number;
}

/** Builds the frames of one pause. */
export class Frames {
  readonly #project: Project;
  readonly #c: CPlaces;
  readonly #locations: Locations;

  constructor(project: Project, c: CPlaces, locations: Locations) {
    this.#project = project;
    this.#c = c;
    this.#locations = locations;
  }

  /** The place of a frame in the sources; null for what is not of the project. */
  placeOf(
    location: { scriptId?: string; lineNumber: number; columnNumber?: number },
    url: string,
  ): Place | null {
    const file = this.#project.fileOfUrl(url);
    if (file === null) return null;
    return this.#project.toSource(file, location.lineNumber + 1, location.columnNumber ?? 0);
  }

  /** The frames to show for a pause, the innermost first. `scripts` has the addresses of the scripts. */
  build(
    event: Debugger.PausedEventDataType,
    scripts: Map<string, string>,
    pastMain: boolean,
  ): Frame[] {
    const frames: Frame[] = [];
    event.callFrames.forEach((callFrame, depth) => {
      const url = scripts.get(callFrame.location.scriptId) ?? callFrame.url;
      const place = this.placeOf(callFrame.location, url);
      if (place !== null) frames.push(this.#frame(place, callFrame, depth));
    });
    // What lies below the outermost aeMain, or below main while it starts up, is not the program's.
    const end = Math.max(
      frames.findLastIndex((frame) => frame.name === 'aeMain'),
      frames.findLastIndex((frame) => frame.name === 'main'),
    );
    const shown = end === -1 || pastMain ? frames : frames.slice(0, end + 1);
    if (end !== -1 && frames[end]?.name === 'aeMain') {
      const main = this.#parent(event, scripts) ?? this.#mainOfSources();
      if (main !== null) shown.push(main);
    }
    return shown;
  }

  #frame(place: Place, callFrame: Debugger.CallFrame | null, depth: number): Frame {
    const fn = this.#project.functionAt(place);
    const name = fn?.name ?? (callFrame?.functionName || '<module>');
    return { name, place, fn, callFrame, depth };
  }

  /** `main`, from the stack that V8 kept of the moment when the loop was started. */
  #parent(event: Debugger.PausedEventDataType, scripts: Map<string, string>): Frame | null {
    for (let stack = event.asyncStackTrace; stack; stack = stack.parent) {
      for (const frame of stack.callFrames) {
        if (frame.functionName !== 'main') continue;
        const place = this.placeOf(frame, scripts.get(frame.scriptId) ?? frame.url);
        if (place !== null) return this.#frame(place, null, event.callFrames.length);
      }
    }
    return null;
  }

  /** `main`, when nobody watched the start: it can only be where it starts the loop. */
  #mainOfSources(): Frame | null {
    for (const fn of this.#project.functionsNamed('main')) {
      const call = this.#locations.callsIn(fn, 'aeRun')[0];
      if (call) return this.#frame(call.statement, null, Infinity);
    }
    return null;
  }

  /**
   * The place of a frame in C: of its call of the frame above or, in the first one, of the function. With
   * several calls of one function, it is the one that is as far down as ours is. Null: it is not in C.
   */
  placeInC(frames: readonly Frame[], index: number): string | null {
    const frame = frames[index];
    const above = frames[index - 1];
    if (!frame) return null;
    const c = frame.fn?.c;
    if (!c || !frame.fn) return null;
    // Between main and the frame above it lies the bridge; in C it is aeMain that main calls.
    const callee = frame.callFrame === null ? 'aeMain' : above?.fn?.c?.name;
    const sites = callee === undefined ? [] : this.#c.callSites(c.file, c.name, callee);
    let line = sites.length === 1 ? sites[0]?.line : undefined;
    if (sites.length > 1) {
      const call = this.#locations.callAt(frame.fn, this.#project.offsetOf(frame.place));
      const ours = call ? this.#locations.callsIn(frame.fn, call.name) : [];
      const index = ours.findIndex((other) => other.start === call?.start);
      const same = sites.filter((site) => site.via === call?.name);
      const isSure = same[0]?.isPointer || same.length === ours.length;
      if (isSure) line = same[index]?.line;
    }
    return `${c.file}:${line ?? c.line}`;
  }
}
