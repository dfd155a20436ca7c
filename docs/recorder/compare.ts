/**
 * Our stacks and call trees beside those of the C server, which were taken with gdb: test/facts/backtraces.json and
 * test/facts/calltraces.json.
 *
 * What is compared is names, in order. A function of ours counts by its name in C; one that C does not have stands in the
 * stack, too, and makes it differ.
 *
 * Who calls in: the tests of the agreement, the site. Whom it calls: play.ts.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nameInC } from './callsites.ts';
import { projectRoot } from './instrument.ts';
import {
  Stage,
  loadTraced,
  splitWords,
  watchScenario,
  type TracedCore,
  type Watcher,
} from './play.ts';
import { type Call, type TracedFunction } from './probe.ts';
import { commandNames, type Scenario } from './scenarios/scenario.ts';

/** One frame of a stack of the C server. */
export interface CFrame {
  /** Empty for a function of libc. */
  file: string;
  name: string;
  /** The line that runs. */
  line: number;
}

/** A stack of the C server. */
export interface CStack {
  id: string;
  scenario: CScenario;
  /** Deepest frame first. */
  frames: CFrame[];
}

/** What was played to the C server. */
export interface CScenario {
  id: string;
  component: string;
  setup: string[];
  trigger: string[];
}

/** One entry of a function in a call tree of the C server. */
export interface CCall {
  /** main has 0. */
  depth: number;
  name: string;
  /** Line of the call in C. */
  line: number;
  times: number;
}

/** A call tree of the C server. */
export interface CTrace {
  id: string;
  setup: string[];
  trigger: string[];
  calls: CCall[];
}

function readFact(name: string): unknown {
  return JSON.parse(readFileSync(join(projectRoot, 'test/facts', name), 'utf8'));
}

/** All stacks of the C server that were kept. */
export function readCStacks(): CStack[] {
  const facts = readFact('backtraces.json') as {
    functions: string[];
    stacks: [number, number, number][];
    scenarios: [string, string, string[], string[]][];
    rows: [string, number, number][];
  };
  const scenarios = facts.scenarios.map(([id, component, setup, trigger]) => ({
    id,
    component,
    setup,
    trigger,
  }));
  return facts.rows.map(([id, scenario, top]) => {
    const frames: CFrame[] = [];
    for (let at = top; at !== -1;) {
      const [below, fn, line] = facts.stacks[at];
      const [file, name] = facts.functions[fn].split(' ');
      frames.push({ file, name, line });
      at = below;
    }
    return { id, scenario: scenarios[scenario], frames };
  });
}

/** Functions that qsort() of libc calls, and who calls that: the depths count the frames of libc between them. */
const COMPARISONS = new Map([
  ['qsortCompareSetsByCardinality', 'sinterGenericCommand'],
  ['sortCompare', 'sortCommandGeneric'],
]);

/** The same entries, with depths as if libc had no frames. */
function withoutLibc(calls: readonly CCall[]): CCall[] {
  // The calls around the present one, with the depth that gdb saw and the one that is shown.
  const path: { name: string; seen: number; shown: number }[] = [];
  return calls.map((call) => {
    const sorter = COMPARISONS.get(call.name);
    while (path.length > 0 && path[path.length - 1].seen >= call.depth) path.pop();
    if (sorter !== undefined) while (path.at(-1)?.name !== sorter) path.pop();
    const below = path.at(-1);
    let depth = call.depth;
    if (below !== undefined) {
      depth = below.shown + (sorter === undefined ? call.depth - below.seen : 1);
    }
    path.push({ name: call.name, seen: call.depth, shown: depth });
    return { ...call, depth };
  });
}

/** All call trees of the C server that were kept. */
export function readCTraces(): CTrace[] {
  const facts = readFact('calltraces.json') as {
    functions: string[];
    traces: {
      id: string;
      setup: string[];
      trigger: string[];
      calls: [number, number, number, number?][];
    }[];
  };
  return facts.traces.map(({ id, setup, trigger, calls }) => ({
    id,
    setup,
    trigger,
    calls: withoutLibc(
      calls.map(([depth, fn, line, times = 1]) => ({
        depth,
        name: facts.functions[fn],
        line,
        times,
      })),
    ),
  }));
}

/** `networking.c readQueryFromClient`: how a mirrored function is found among those of C. */
export function keyInC(fn: TracedFunction): string | null {
  if (fn.c === null) return null;
  return `${fn.c.slice(0, fn.c.indexOf(':'))} ${nameInC(fn)}`;
}

/** A macro of C that is a function here: gdb shows no frame for it. */
export function isMacro(fn: TracedFunction): boolean {
  return fn.own !== null && /^macro\b/.test(fn.own);
}

/** A stack that was seen: a function on top of another. */
interface SeenStack {
  /** Empty at the bottom, where nobody is. */
  readonly name: string;
  readonly below: SeenStack | null;
  readonly above: Map<string, SeenStack>;
}

/** Every stack that was seen, as a tree from the bottom up. */
export class SeenStacks {
  readonly #bottom: SeenStack = { name: '', below: null, above: new Map() };
  /** Stacks by the name of the top function. */
  readonly #stacks = new Map<string, SeenStack[]>();

  /** Adds the stacks of calls that it is told of. A macro of C is no frame, and what it calls stands on its caller. */
  watcher(functions: readonly TracedFunction[]): Watcher {
    const names = functions.map((fn) => (isMacro(fn) ? '' : nameInC(fn)));
    const path = [this.#bottom];
    return {
      entered: (fn) => {
        const top = path[path.length - 1];
        path.push(names[fn] === '' ? top : this.#on(top, names[fn]));
      },
      left: () => {
        path.pop();
      },
    };
  }

  #on(below: SeenStack, name: string): SeenStack {
    let stack = below.above.get(name);
    if (stack === undefined) {
      stack = { name, below, above: new Map() };
      below.above.set(name, stack);
      const known = this.#stacks.get(name);
      if (known === undefined) this.#stacks.set(name, [stack]);
      else known.push(stack);
    }
    return stack;
  }

  /** The stacks seen of a function, names down to aeMain or main, separated by spaces. */
  of(name: string): string[] {
    return (this.#stacks.get(name) ?? []).map((top) => {
      const names: string[] = [];
      for (let at = top; at.below !== null; at = at.below) names.push(at.name);
      return names.join(' ');
    });
  }
}

/** Like the C server, this one has a configuration file, and may be debugged. */
export const C_CONFIG = '/redis.conf';

/** What the configuration file of the server says, which is played to like the C server. */
const C_CONFIG_TEXT = [
  'port 6379',
  'bind 127.0.0.1',
  'dir /tmp',
  'save ""',
  'enable-debug-command yes',
  'enable-protected-configs yes',
  'client-output-buffer-limit pubsub 32mb 8mb 60',
]
  .map((line) => `'${line}'`)
  .join(' ');

/** The commands that a line needs: `SET`, `CLIENT|LIST` if it is a container's. */
export function commandOf(line: string, containers: ReadonlySet<string>): string | null {
  const text = line.replace(/^%many /, '');
  // An action, the start of a program, a signal, or words about a file.
  if (/^(?:%|[a-z]|SIG|\d)/.test(text)) return null;
  const [name = '', sub = ''] = splitWords(text.replace(/^~?(?:[A-Z]> )?/, ''));
  const upper = name.toUpperCase();
  return containers.has(upper) && sub !== '' ? `${upper}|${sub.toUpperCase()}` : upper;
}

/** What is not about a running server with clients. */
function isForeign(line: string): boolean {
  if (/^(?:[a-z]|SIG|\d)/.test(line)) return true;
  return /^%(?!raw|new|mk|close|mute|read|drain|sleep|many|fill|setbig)/.test(line);
}

/**
 * Plays the setup of what was played to the C server, and returns the stage; null when it is not about a running server with
 * clients. A warm server has run for a while, as that of the call trees had: its tables have their size, it has seen other clients.
 * The caller closes the stage.
 */
export function setUpLikeC(
  core: TracedCore,
  setup: readonly string[],
  trigger: readonly string[],
  isWarm = false,
): Stage | null {
  if ([...setup, ...trigger].some(isForeign)) return null;
  const stage = new Stage(core);
  try {
    playSetUp(stage, setup, trigger, isWarm);
  } catch (error) {
    stage.close();
    throw error;
  }
  return stage;
}

function playSetUp(
  stage: Stage,
  setup: readonly string[],
  trigger: readonly string[],
  isWarm: boolean,
): void {
  stage.play(`%file ${C_CONFIG} ${C_CONFIG_TEXT}`);
  stage.start([C_CONFIG]);
  if (!stage.isRunning()) throw new Error(`the server did not start: ${stage.kernel.output}`);
  if (isWarm) {
    for (const letter of 'XYZ') stage.connect(letter);
    stage.play('%many X> PING 100');
    stage.play('%many X> CLIENT ID 40');
    stage.play('X> DEBUG PAUSE-CRON 1');
    // The buffers of a client that comes now stay as they are.
    stage.play('CLIENT ID');
  }
  for (const line of setup) stage.play(line);
  for (const line of trigger) stage.prepare(line);
  // The one who played to the C server asked each connection for its id first.
  if (isWarm && trigger.some((line) => line.startsWith('B> '))) stage.play('B> CLIENT ID');
  if (!isWarm) stage.settle();
}

/** The names of a C stack from the top to aeMain, or to main. */
export function namesOf(stack: CStack): string[] {
  const names = stack.frames.map((frame) => frame.name);
  const end = names.indexOf('aeMain');
  return end === -1 ? names : names.slice(0, end + 1);
}

/** One entry of a function, for the comparison of trees. */
export interface Step {
  depth: number;
  name: string;
}

/** A piece of a trace: what one event did, or what was done before the sleep after it. */
export type Piece = Step[];

/** Functions that are left out of the comparison of trees, with all that they call. */
export type LeftOut = (name: string) => boolean;

/** The functions in which a piece begins: procs of the event loop. */
const PROCS = new Set([
  'connSocketEventHandler',
  'acceptTcpHandler',
  'acceptUnixHandler',
  'beforeSleep',
]);

/**
 * Cuts a list of entries into pieces: each event of a descriptor, and the beforeSleep that follows it. Only functions for which `keep` holds
 * are kept; what a dropped function calls moves up, unless it is left out with all below it.
 */
export function piecesOf(
  entries: Iterable<Step & { times: number }>,
  keep: (name: string) => boolean,
  leftOut: LeftOut,
): Piece[] {
  const pieces: Piece[] = [];
  let piece: Piece | null = null;
  let base = 0;
  let hidden = Infinity;
  let wantsSleep = false;
  // Depths of the kept functions around the present one.
  const kept: number[] = [];
  for (const { depth, name, times } of entries) {
    if (piece !== null && depth <= base) piece = null;
    if (piece === null) {
      if (!PROCS.has(name) || (name === 'beforeSleep' && !wantsSleep)) continue;
      wantsSleep = name !== 'beforeSleep';
      piece = [];
      pieces.push(piece);
      base = depth;
      hidden = Infinity;
      kept.length = 0;
    }
    if (depth > hidden) continue;
    hidden = Infinity;
    if (leftOut(name)) {
      hidden = depth;
      continue;
    }
    while (kept.length > 0 && kept[kept.length - 1] >= depth) kept.pop();
    if (!keep(name)) continue;
    for (let i = 0; i < times; i++) piece.push({ depth: kept.length, name });
    kept.push(depth);
  }
  return pieces;
}

/** Our calls as a list of entries, C's names; what C does not have carries an empty name. */
export function* entriesOf(
  functions: readonly TracedFunction[],
  calls: readonly Call[],
  depth = 0,
): Iterable<Step & { times: number }> {
  for (const call of calls) {
    const fn = functions[call.fn];
    yield { depth, name: fn.c === null ? '' : nameInC(fn), times: 1 };
    yield* entriesOf(functions, call.calls, depth + 1);
  }
}

/** A line of the comparison of two pieces: in both, only in C, only in ours. */
export interface DiffLine extends Step {
  side: '=' | 'C' | '+';
}

/** The two pieces in one list, by the longest common part. */
export function diffPieces(c: Piece, ours: Piece): DiffLine[] {
  const same = (i: number, j: number): boolean =>
    c[i].name === ours[j].name && c[i].depth === ours[j].depth;
  const width = ours.length + 1;
  const length = new Uint16Array((c.length + 1) * width);
  for (let i = c.length - 1; i >= 0; i--) {
    for (let j = ours.length - 1; j >= 0; j--) {
      length[i * width + j] = same(i, j)
        ? length[(i + 1) * width + j + 1] + 1
        : Math.max(length[(i + 1) * width + j], length[i * width + j + 1]);
    }
  }
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < c.length || j < ours.length) {
    if (i < c.length && j < ours.length && same(i, j)) {
      lines.push({ side: '=', ...c[i++] });
      j++;
    } else if (
      j >= ours.length ||
      (i < c.length && length[(i + 1) * width + j] >= length[i * width + j + 1])
    ) {
      lines.push({ side: 'C', ...c[i++] });
    } else lines.push({ side: '+', ...ours[j++] });
  }
  return lines;
}

/** The verdict on one stack of the C server. */
export interface ComparedStack {
  stack: CStack;
  /** The names that are compared, deepest first. */
  names: string[];
  /**
   * `agrees`: ours is the same. `differs`: the function was reached, but not so, or not at all. `unplayable`: it was not
   * reached so, but the scenario needs commands or servers that do not exist here.
   */
  verdict: 'agrees' | 'differs' | 'unplayable';
  /** Stacks of ours that reach the function, names separated by spaces; a few. */
  ours: string[];
}

/**
 * Compares all stacks of the C server whose functions all exist here. Ours are those of our own scenarios, and of what was
 * played to the C server where it can be played.
 */
export function compareStacks(scenarios: readonly Scenario[]): ComparedStack[] {
  let core = loadTraced();
  const mirrored = new Set(core.probe.functions.map(keyInC));
  const stacks = readCStacks().filter(
    ({ scenario, frames }) =>
      scenario.component !== 'sentinel' &&
      frames.every((frame) => mirrored.has(`${frame.file} ${frame.name}`)),
  );
  const seen = new SeenStacks();
  const unplayable = new Set<string>();
  for (const scenario of new Set(stacks.map((stack) => stack.scenario))) {
    const { id, setup, trigger } = scenario;
    if ([...setup, ...trigger].some(needsMore())) unplayable.add(id);
    const stage = setUpLikeC(core, setup, trigger);
    if (stage !== null) {
      try {
        stage.watch(() => {
          for (const line of trigger) stage.play(line);
        }, seen.watcher(core.probe.functions));
      } finally {
        stage.close();
      }
    } else if (!/^(?:server|startup|cov:startup)/.test(id)) unplayable.add(id);
  }
  for (const scenario of scenarios) {
    if (scenario.fromStart) core = loadTraced();
    const stage = new Stage(core);
    try {
      watchScenario(stage, scenario, seen.watcher(core.probe.functions));
    } finally {
      stage.close();
    }
  }
  return stacks.map((stack) => {
    const names = namesOf(stack);
    const ours = seen.of(names[0]);
    const isSame = ours.includes(names.join(' '));
    const verdict = isSame
      ? 'agrees'
      : unplayable.has(stack.scenario.id)
        ? 'unplayable'
        : 'differs';
    return { stack, names, verdict, ours: ours.slice(0, 5) };
  });
}

/** Whether a line needs a command that the server does not have. */
function needsMore(): (line: string) => boolean {
  const known = new Set(commandNames());
  const containers = new Set([...known].flatMap((name) => name.split('|').slice(0, -1)));
  return (line) => {
    const command = commandOf(line, containers);
    return command !== null && !known.has(command) && !containers.has(command);
  };
}

/** One call tree of the C server beside ours. */
export interface ComparedTrace {
  trace: CTrace;
  /** What belongs together: an event, or the beforeSleep after it; in both, only in C, only in ours. */
  pieces: DiffLine[][];
}

/** Compares the call trees of the C server whose commands exist here. */
export function compareTraces(leftOut: LeftOut): ComparedTrace[] {
  const core = loadTraced();
  const { functions } = core.probe;
  const mirrored = new Set(functions.filter((fn) => fn.c !== null).map(nameInC));
  const compared: ComparedTrace[] = [];
  for (const trace of readCTraces()) {
    // That one is about a command that nobody has.
    const isKnown = trace.id === 'order:unknown-command';
    if (!isKnown && [...trace.setup, ...trace.trigger].some(needsMore())) continue;
    // What counts as full depends on how much is there at all: a limit that is always exceeded means the same in both.
    const setup = trace.setup.map((line) => line.replace(/(maxmemory) \d+$/, '$1 1'));
    // A connection that is new in the trigger is asked for its id there.
    const trigger = trace.trigger.flatMap((line) => {
      const [, letter] = /^~([B-Z])> /.exec(line) ?? [];
      return letter === undefined ? [line] : [`${letter}> CLIENT ID`, line];
    });
    const stage = setUpLikeC(core, setup, trigger, true);
    if (stage === null) continue;
    let roots: Call[];
    try {
      ({ roots } = stage.record(() => {
        for (const line of trigger) stage.play(line);
      }));
    } finally {
      stage.close();
    }
    const theirs = piecesOf(trace.calls, (name) => mirrored.has(name), leftOut);
    const ours = piecesOf(entriesOf(functions, roots), (name) => name !== '', leftOut);
    const pieces: DiffLine[][] = [];
    for (let i = 0; i < Math.max(theirs.length, ours.length); i++) {
      pieces.push(diffPieces(theirs[i] ?? [], ours[i] ?? []));
    }
    compared.push({ trace, pieces });
  }
  return compared;
}
