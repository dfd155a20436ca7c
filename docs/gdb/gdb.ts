/**
 * The debugger: takes gdb's commands one by one and writes what gdb would write.
 *
 *     (gdb) break setCommand if c->argc > 3        Gdb.execute()
 *              │                                      │
 *              └── commands.ts: which command?  ──────┤
 *                                                     ├── locations.ts     where is setCommand?
 *                                                     ├── breakpoints.ts   tell V8
 *                                                     ├── evaluator.ts     c->argc
 *                                                     └── frames.ts        bt
 *
 * A command that lets the program run is over when the program has stopped again, so a script needs
 * no waiting of its own.
 *
 * Who calls in: redis-gdb.ts, and tests. Whom it calls: the other files of this folder.
 */
import type { Debugger, Runtime } from 'node:inspector';
import { join } from 'node:path';
import { Breakpoints, type Breakpoint } from './breakpoints.ts';
import { CPlaces } from './c_places.ts';
import { GdbError } from './errors.ts';
import { Evaluator } from './evaluator.ts';
import { Frames, type Frame } from './frames.ts';
import { Inferior, type LaunchOptions, type Motion, type Stop } from './inferior.ts';
import { ConnectionClosed } from './inspector.ts';
import { Locations } from './locations.ts';
import { Project, type Place } from './sources.ts';

/** What a debugger needs from its surroundings. */
export interface GdbOptions {
  /** The project, or its folder. */
  project: Project | string;
  /** Takes all that is to be shown. */
  write: (text: string) => void;
  /** Asks a question that is answered by y or n. Without it, the answer is y. */
  ask?: (question: string) => Promise<boolean>;
  /** Options of the server, as `set args` sets them. */
  args?: string[];
  /** What a started program prints goes through `write`, and not to our own standard output. */
  captureOutput?: boolean;
  /** Working folder and environment of a started program. */
  cwd?: string;
  env?: NodeJS.ProcessEnv;
}

/** How a motion came to its end. */
export type Outcome =
  | { kind: 'ended'; stop: Exclude<Stop, { kind: 'paused' }> }
  | { kind: 'breakpoint'; breakpoints: Breakpoint[] }
  | { kind: 'interrupt' }
  | { kind: 'trap' }
  /** The motion itself was finished, or a breakpoint of our own was reached. */
  | { kind: 'paused'; ids: string[] };

/** Something that is printed at every stop. */
export interface Display {
  number: number;
  expression: string;
  format: string;
  isEnabled: boolean;
}

/** The state of one debugging session. */
export class Gdb {
  readonly project: Project;
  readonly c: CPlaces;
  readonly locations: Locations;
  readonly evaluator: Evaluator;
  readonly breakpoints: Breakpoints;
  readonly displays: Display[] = [];
  /** The process; null when the program is not being run. */
  inferior: Inferior | null = null;
  /** Frames of the paused program, the innermost first; none when it is not paused. */
  frames: Frame[] = [];
  /** Index of the selected frame. */
  selected = 0;
  /** Options of the server. */
  args: string[];
  /** `set backtrace past-main`. */
  pastMain = false;
  /** `set confirm`. */
  confirm = true;
  /** `set listsize`. */
  listSize = 10;
  /** What `list` showed last: lines from and to; null: it shows the surroundings of `place` next. */
  listed: { file: string; first: number; last: number } | null = null;
  /** Where `list` begins when nothing was listed yet. */
  listPlace: Place | null = null;
  /** Set by `quit`. */
  isOver = false;
  readonly #options: GdbOptions;
  readonly #frames: Frames;
  #event: Debugger.PausedEventDataType | null = null;
  #isInterrupted = false;
  #isRunning = false;
  readonly #warned = new Set<string>();

  constructor(options: GdbOptions) {
    this.#options = options;
    this.args = options.args ?? [];
    const { project } = options;
    this.project = typeof project === 'string' ? new Project(project) : project;
    this.c = new CPlaces(this.project.root);
    this.locations = new Locations(this.project, this.c);
    this.evaluator = new Evaluator(this.project);
    this.breakpoints = new Breakpoints(this.project, this.evaluator);
    this.#frames = new Frames(this.project, this.c, this.locations);
  }

  /** Writes one line, or several. */
  print(text: string): void {
    this.#options.write(`${text}\n`);
  }

  /** Asks, unless `set confirm off`. */
  async ask(question: string): Promise<boolean> {
    if (!this.confirm) return true;
    if (this.#options.ask) return this.#options.ask(question);
    this.print(`${question}(y or n) [answered Y; input not from terminal]`);
    return true;
  }

  /** The process. Throws when there is none. */
  running(): Inferior {
    if (this.inferior === null) throw new GdbError('The program is not being run.');
    return this.inferior;
  }

  /** The selected frame. Throws with `message` when there is none. */
  frame(message = 'No frame selected.'): Frame {
    const frame = this.frames[this.selected];
    if (frame === undefined) throw new GdbError(message);
    return frame;
  }

  /** What relative locations and `list` refer to. */
  currentPlace(): Place | null {
    return this.frames[this.selected]?.place ?? this.listPlace;
  }

  // ---- Starting and ending

  /** Starts the server, and returns when it has stopped for the first time. */
  async run(): Promise<void> {
    const script = join(this.project.dist, 'bin/redis-server.js');
    this.project.refresh();
    const options: LaunchOptions = {
      script,
      args: this.args,
      cwd: this.#options.cwd ?? process.cwd(),
      env: this.#options.env ?? process.env,
    };
    if (this.#options.captureOutput) options.onOutput = this.#options.write;
    this.print(`Starting program: ${[script, ...this.args.map(quoteWord)].join(' ')}`);
    let inferior: Inferior;
    try {
      inferior = await Inferior.launch(options);
    } catch (error) {
      throw new GdbError((error as Error).message);
    }
    await this.#take(inferior);
    await this.#report(await this.#wait(() => inferior.begin()), null);
  }

  /** Takes over a process that runs: it is paused, as gdb does. */
  async attach(url: string, pid: number): Promise<void> {
    let inferior: Inferior;
    try {
      inferior = await Inferior.attach(url, pid);
    } catch (error) {
      throw new GdbError(`${url}: ${(error as Error).message}`);
    }
    let number = pid;
    if (pid === 0) {
      const { result } = await inferior.client.call('Runtime.evaluate', {
        expression: 'process.pid',
      });
      number = Number(result.value);
      inferior.detach();
      await this.attach(url, number);
      return;
    }
    const script = join(this.project.dist, 'bin/redis-server.js');
    this.print(`Attaching to program: ${script}, process ${number}`);
    const urls = [...inferior.scripts.values()];
    if (!urls.some((address) => this.project.fileOfUrl(address) !== null)) {
      this.print(
        `warning: process ${number} runs nothing out of ${this.project.dist}: no symbols.`,
      );
    }
    await this.#take(inferior);
    this.#isInterrupted = true;
    const outcome = await this.#wait(async () => {
      await inferior.begin();
      await inferior.pause();
    });
    await this.#report(outcome.kind === 'interrupt' ? { kind: 'paused', ids: [] } : outcome, null);
  }

  async #take(inferior: Inferior): Promise<void> {
    this.inferior = inferior;
    this.evaluator.inferior = inferior;
    this.breakpoints.reset();
    this.#isInterrupted = false;
    await this.breakpoints.sync(inferior);
  }

  /** Ends a program that we started, lets one go that we did not. */
  async end(): Promise<void> {
    const inferior = this.inferior;
    if (inferior === null) return;
    if (inferior.isOurs) await inferior.kill();
    else await this.release();
    this.#forgetInferior();
  }

  /** Lets the program run on without us. */
  async release(): Promise<void> {
    const inferior = this.running();
    const script = join(this.project.dist, 'bin/redis-server.js');
    this.print(`Detaching from program: ${script}, process ${inferior.pid}`);
    await this.evaluator.forget();
    inferior.detach();
    this.print(`[Inferior 1 (process ${inferior.pid}) detached]`);
    this.#forgetInferior();
  }

  #forgetInferior(): void {
    this.inferior = null;
    this.evaluator.inferior = null;
    this.frames = [];
    this.selected = 0;
    this.#event = null;
    this.breakpoints.reset();
  }

  /** What Ctrl-C does: stops the program when it runs. Returns whether it did. */
  async interrupt(): Promise<boolean> {
    if (!this.#isRunning || this.inferior === null) return false;
    this.#isInterrupted = true;
    await this.inferior.pause().catch(() => undefined);
    return true;
  }

  // ---- Motion

  /** Sets the program in motion and waits until there is something to tell, or the motion is done. */
  async move(motion: Motion): Promise<Outcome> {
    const inferior = this.running();
    await this.breakpoints.sync(inferior);
    return this.#wait(() => inferior.move(motion), motion);
  }

  async #wait(start: () => Promise<void>, motion: Motion = 'resume'): Promise<Outcome> {
    const inferior = this.running();
    let ofLoop: string | null = null;
    this.#isRunning = true;
    try {
      // An answer may be lost when the program ends; that it ended comes as a stop.
      await start().catch(ignoreClosed);
      for (;;) {
        const stop = await inferior.nextStop();
        if (stop.kind !== 'paused') return { kind: 'ended', stop };
        this.#show(stop.event);
        const ids = stop.event.hitBreakpoints ?? [];
        const breakpoints = await this.breakpoints.hit(ids, this.frames[0]);
        if (breakpoints.length > 0) return { kind: 'breakpoint', breakpoints };
        if (ofLoop !== null && ids.includes(ofLoop)) {
          await this.removeOneShots([ofLoop]);
          return { kind: 'interrupt' };
        }
        if (this.#isInterrupted) {
          this.#isInterrupted = false;
          if (this.#isAtWork() || (ofLoop = await this.#stopInLoop()) === null) {
            return { kind: 'interrupt' };
          }
        } else if (stop.event.reason === 'Break on start') {
          // The program has come up to its first line; the user asked for more.
        } else if (motion !== 'resume' || ids.some((id) => !this.#isUsers(id))) {
          return { kind: 'paused', ids };
        } else if (ids.length === 0) {
          return { kind: 'trap' };
        }
        await inferior.move('resume').catch(ignoreClosed);
      }
    } finally {
      this.#isRunning = false;
    }
  }

  /** Whether an id is of a breakpoint in the table; ids of {@link Breakpoints.sync} begin with V8's kind 1. */
  #isUsers(id: string): boolean {
    return id.startsWith('1:');
  }

  /** Whether the program is in a turn of its loop, or starts up: not merely between two turns. */
  #isAtWork(): boolean {
    return this.frames.some((frame) => frame.name === 'aeMain' || frame.name === 'main');
  }

  /** Arranges for a stop at the next turn of the loop; null when that is not possible. */
  async #stopInLoop(): Promise<string | null> {
    const [aeMain] = this.project.functionsNamed('aeMain');
    if (!aeMain) return null;
    return this.breakpoints.setOneShot(this.running(), aeMain.body).catch(() => null);
  }

  #show(event: Debugger.PausedEventDataType): void {
    const inferior = this.running();
    this.#event = event;
    this.frames = this.#frames.build(event, inferior.scripts, this.pastMain);
    this.selected = 0;
  }

  /** Builds the frames anew: `set backtrace past-main` has changed. */
  rebuildFrames(): void {
    if (this.#event !== null) this.#show(this.#event);
  }

  /** How many frames V8 has on its stack. */
  depth(): number {
    return this.#event?.callFrames.length ?? 0;
  }

  /** Removes breakpoints that were set by {@link Breakpoints.setOneShot} or {@link finish}. */
  async removeOneShots(ids: readonly string[]): Promise<void> {
    for (const breakpointId of ids) {
      await this.inferior?.client
        .call('Debugger.removeBreakpoint', { breakpointId })
        .catch(ignoreClosed);
    }
  }

  /** Lets the program run until something happens, and tells what. */
  async resume(): Promise<void> {
    const before = this.frames[0] ?? null;
    await this.#report(await this.move('resume'), before);
  }

  /** Executes up to the next line, into functions or over them, so many times; then tells where. */
  async step(motion: 'stepInto' | 'stepOver', times = 1, onlyForward = false): Promise<void> {
    const before = this.frames[0] ?? null;
    let outcome: Outcome = { kind: 'paused', ids: [] };
    for (let left = times; left > 0 && outcome.kind === 'paused'; left--) {
      outcome = await this.#stepOnce(motion, onlyForward);
    }
    await this.#report(outcome, before);
  }

  async #stepOnce(motion: 'stepInto' | 'stepOver', onlyForward: boolean): Promise<Outcome> {
    const from = this.frames[0];
    if (from === undefined) return this.move('resume');
    let depth = this.depth();
    let line = from.place.line;
    let caller = this.#lineOf(1);
    for (;;) {
      const outcome = await this.move(motion);
      if (outcome.kind !== 'paused') return outcome;
      const top = this.frames[0];
      if (top === undefined || top.callFrame === null || this.#isBridge(top)) {
        return this.#nextTurn();
      }
      // In a function of Node: on to where it returns to ours.
      if (top.depth > 0) continue;
      if (this.depth() > depth) {
        if (motion === 'stepInto') return outcome;
        continue;
      }
      if (this.depth() < depth) {
        // Back in the caller, in the middle of the line of the call: that line is not news.
        depth = this.depth();
        if (caller !== top.place.line) return outcome;
        line = caller;
        caller = this.#lineOf(1);
        continue;
      }
      if (onlyForward ? top.place.line > line : top.place.line !== line) return outcome;
    }
  }

  #lineOf(index: number): number {
    return this.frames[index]?.place.line ?? -1;
  }

  /** Frames between aeMain and libuv, which C does not have. */
  #isBridge(frame: Frame): boolean {
    return frame.place.file === 'ae/ae_uv.ts';
  }

  /** The turn is over. In C aeMain would go on: so we go on to where it begins the next one. */
  async #nextTurn(): Promise<Outcome> {
    const id = await this.#stopInLoop();
    const outcome = await this.move('resume');
    if (id !== null) await this.removeOneShots([id]);
    return outcome;
  }

  /** Runs until the selected frame returns, and tells the value. */
  async finish(): Promise<void> {
    const inferior = this.running();
    const frame = this.frame();
    const caller = this.frames[this.selected + 1];
    if (!caller?.callFrame || frame.callFrame === null) {
      throw new GdbError('"finish" not meaningful in the outermost frame.');
    }
    const before = this.frames[0] ?? null;
    this.print(`Run till exit from ${await this.describeFrame(this.selected)}`);
    const target = this.depth() - frame.depth;
    const ids = await this.#breakAtReturns(inferior, frame.callFrame);
    let value: Runtime.RemoteObject | null = frame.callFrame.returnValue ?? null;
    let number = 0;
    let text = '';
    const keep = async (returned: Runtime.RemoteObject): Promise<void> => {
      value = returned;
      if (returned.type === 'undefined') return;
      // What the protocol hands out at a pause is gone at the next one.
      text = await this.evaluator.format(returned, { mode: 'print' });
      number = await this.evaluator.remember(returned);
    };
    if (value !== null) await keep(value);
    let outcome: Outcome;
    for (;;) {
      outcome = await this.move('stepOut');
      if (outcome.kind !== 'paused') break;
      const top = this.#event?.callFrames[0];
      if (
        this.depth() === target &&
        top?.returnValue &&
        outcome.ids.some((id) => ids.includes(id))
      ) {
        await keep(top.returnValue);
      }
      if (this.depth() < target) break;
    }
    await this.removeOneShots(ids);
    await this.#report(outcome, outcome.kind === 'paused' ? null : before);
    if (outcome.kind === 'paused' && number > 0) {
      this.print(`Value returned is $${number} = ${text}`);
    }
  }

  /** Sets breakpoints where a function returns: only there does V8 tell the value. */
  async #breakAtReturns(inferior: Inferior, callFrame: Debugger.CallFrame): Promise<string[]> {
    const start = callFrame.functionLocation;
    if (!start) return [];
    const { locations } = await inferior.client.call('Debugger.getPossibleBreakpoints', {
      start,
      restrictToFunction: true,
    });
    const ids: string[] = [];
    for (const { type, ...location } of locations) {
      if (type !== 'return') continue;
      try {
        const { breakpointId } = await inferior.client.call('Debugger.setBreakpoint', { location });
        ids.push(breakpointId);
      } catch {
        // One of the user's stands there.
      }
    }
    return ids;
  }

  /** Runs until `places` or the end of the current function is reached, or something else happens. */
  async advance(places: Place[]): Promise<void> {
    const before = this.frames[0] ?? null;
    const inferior = this.running();
    const ids: string[] = [];
    for (const place of places) {
      const id = await this.breakpoints.setOneShot(inferior, place);
      if (id !== null) ids.push(id);
    }
    const outcome = await this.move('resume');
    await this.removeOneShots(ids);
    await this.#report(outcome, before);
  }

  // ---- Telling

  /** Tells why the program stopped, and where. `before` is where it stood. */
  async #report(outcome: Outcome, before: Frame | null): Promise<void> {
    switch (outcome.kind) {
      case 'ended':
        this.#reportEnd(outcome.stop);
        return;
      case 'breakpoint': {
        const [first] = outcome.breakpoints;
        const kind = first?.isTemporary ? 'Temporary breakpoint' : 'Breakpoint';
        const where = await this.describeFrame(0, false);
        const line = this.sourceLine();
        // As the first of its commands, `silent` makes a breakpoint say nothing.
        if (first?.commands[0] === 'silent') break;
        this.print(`\n${kind} ${first?.number}, ${where}\n${line}`);
        break;
      }
      case 'interrupt':
      case 'trap': {
        const signal =
          outcome.kind === 'trap' ? 'SIGTRAP, Trace/breakpoint trap' : 'SIGINT, Interrupt';
        const where = await this.describeFrame(0, false);
        this.print(`\nProgram received signal ${signal}.\n${where}\n${this.sourceLine()}`);
        break;
      }
      default: {
        const top = this.frames[0];
        const isSame =
          before !== null && top?.fn === before.fn && this.frames.length === this.#lengthBefore;
        if (!isSame) this.print(await this.describeFrame(0, false));
        this.print(this.sourceLine());
      }
    }
    this.#lengthBefore = this.frames.length;
    this.#warnIfStale();
    await this.showDisplays();
    if (outcome.kind !== 'breakpoint') return;
    for (const breakpoint of outcome.breakpoints) {
      if (breakpoint.isTemporary) this.breakpoints.remove(breakpoint);
    }
    const inferior = this.inferior;
    if (inferior) await this.breakpoints.sync(inferior);
    this.pendingCommands = outcome.breakpoints.flatMap((breakpoint) => breakpoint.commands);
  }

  /** What `commands` attached to the breakpoints that were hit last; executed by who reads commands. */
  pendingCommands: string[] = [];

  /** Number of frames at the last report: a call of the same function on the same line is another frame. */
  #lengthBefore = 0;

  #reportEnd(stop: Exclude<Stop, { kind: 'paused' }>): void {
    const pid = this.inferior?.pid;
    this.#forgetInferior();
    if (stop.kind === 'lost') {
      this.print(`[Inferior 1 (process ${pid}) exited]`);
    } else if (stop.signal !== null) {
      const names: Record<string, string> = {
        SIGKILL: 'Killed',
        SIGTERM: 'Terminated',
        SIGSEGV: 'Segmentation fault',
        SIGABRT: 'Aborted',
        SIGINT: 'Interrupt',
      };
      this.print(
        `\nProgram terminated with signal ${stop.signal}, ${names[stop.signal] ?? 'Unknown signal'}.\n` +
          'The program no longer exists.',
      );
    } else if (stop.code === 0) {
      this.print(`[Inferior 1 (process ${pid}) exited normally]`);
    } else {
      const code = (stop.code ?? 0).toString(8).padStart(2, '0');
      this.print(`[Inferior 1 (process ${pid}) exited with code ${code}]`);
    }
  }

  #warnIfStale(): void {
    const file = this.frames[0]?.place.file;
    if (file === undefined || this.#warned.has(file) || !this.project.isStale(file)) return;
    this.#warned.add(file);
    this.print('warning: Source file is more recent than executable.');
  }

  /** A frame in one line: `#1  call (c=..., flags=15) at server/server.ts:2760   [C server.c:3319]`. */
  async describeFrame(index: number, withNumber = true): Promise<string> {
    const frame = this.frames[index];
    if (frame === undefined) return withNumber ? `#${index}` : '??';
    const number = withNumber ? `#${index}`.padEnd(4) : '';
    const at = `at ${frame.place.file}:${frame.place.line}`;
    const origin = this.placeInC(index);
    const c = origin === null ? '' : `   [C ${origin}]`;
    return `${number}${frame.name} (${await this.describeArguments(frame)}) ${at}${c}`;
  }

  /** The place of a frame in C, `server.c:3319`; null when it is not in C. */
  placeInC(index: number): string | null {
    return this.#frames.placeInC(this.frames, index);
  }

  /** The arguments of a frame: `c=#7 127.0.0.1:50312, flags=15`. */
  async describeArguments(frame: Frame): Promise<string> {
    const params = frame.fn?.params ?? [];
    // The parent of the turns has left the stack, and its arguments with it.
    if (frame.callFrame === null) return params.map((name) => `${name}=...`).join(', ');
    const texts = await this.evaluator.formatNames(params, frame, { mode: 'short' });
    return params.map((name, i) => `${name}=${texts[i]}`).join(', ');
  }

  /** The line on which the selected frame stands, as gdb shows it at a stop. `list` then begins around it. */
  sourceLine(): string {
    const place = this.frames[this.selected]?.place;
    if (!place) return '';
    this.listed = null;
    this.listPlace = place;
    return `${place.line}\t${this.project.source(place.file).lines[place.line - 1] ?? ''}`;
  }

  /** Prints what `display` has asked for. */
  async showDisplays(): Promise<void> {
    for (const display of this.displays) {
      if (display.isEnabled) await this.showDisplay(display);
    }
  }

  /** Prints one display; one that cannot be evaluated here is left out, as in gdb. */
  async showDisplay(display: Display): Promise<void> {
    try {
      const text = await this.evaluate(display.expression, display.format);
      this.print(`${display.number}: ${display.format}${display.expression} = ${text.text}`);
    } catch (error) {
      if (!(error instanceof GdbError)) throw error;
    }
  }

  /** Evaluates in the selected frame and makes text of it; `format` is `/x` and the like, or empty. */
  async evaluate(
    expression: string,
    format: string,
  ): Promise<{ text: string; value: Runtime.RemoteObject }> {
    const frame = this.frames[this.selected] ?? null;
    const { value, isDereferenced } = await this.evaluator.evaluate(expression, frame);
    // In C these are structs, not pointers to such.
    const isStruct = ['redisServer', 'sharedObjectsStruct'].includes(value.className ?? '');
    const mode = isDereferenced || isStruct ? 'struct' : 'print';
    const text = inFormat(value, format) ?? (await this.evaluator.format(value, { mode }));
    return { text: value.type === 'undefined' ? 'void' : text, value };
  }
}

/** A number as `/x`, `/d`, `/o`, `/t` or `/c` wants it; null for other values and formats. */
function inFormat(value: Runtime.RemoteObject, format: string): string | null {
  const letter = format.trim().slice(1);
  if (letter === '' || (value.type !== 'number' && value.type !== 'bigint')) return null;
  const text = value.unserializableValue ?? String(value.value);
  if (!/^-?\d+n?$/.test(text)) return null;
  const number = BigInt(text.replace('n', ''));
  // A negative number is shown as the bits of a C int or long.
  const bits = BigInt.asUintN(number >= -0x80000000n ? 32 : 64, number);
  switch (letter) {
    case 'x':
      return `0x${(number < 0n ? bits : number).toString(16)}`;
    case 'o':
      return `0${(number < 0n ? bits : number).toString(8)}`;
    case 't':
      return (number < 0n ? bits : number).toString(2);
    case 'c': {
      const ch = String.fromCharCode(Number(number & 255n));
      return /[ -~]/.test(ch) ? `${number} '${ch}'` : `${number}`;
    }
    default:
      return String(number);
  }
}

/** A word of a command line, in quotes when it needs them. */
export function quoteWord(word: string): string {
  return word === '' || /[\s'"]/.test(word) ? `'${word}'` : word;
}

/** A request that the end of the program left without an answer. */
function ignoreClosed(error: unknown): void {
  if (!(error instanceof ConnectionClosed)) throw error;
}
