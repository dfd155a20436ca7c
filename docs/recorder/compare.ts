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
import { Stage, type TracedCore } from './play.ts';
import { type Call, type TracedFunction } from './probe.ts';

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
    calls: calls.map(([depth, fn, line, times = 1]) => ({
      depth,
      name: facts.functions[fn],
      line,
      times,
    })),
  }));
}

/** `networking.c readQueryFromClient`: how a mirrored function is found among those of C. */
export function keyInC(fn: TracedFunction): string | null {
  if (fn.c === null) return null;
  return `${fn.c.slice(0, fn.c.indexOf(':'))} ${nameInC(fn)}`;
}

/** Every stack that was seen, as a tree from the bottom up. */
export class SeenStacks {
  /** Stacks by the name of the top function; each a list of names down to aeMain or main. */
  readonly #stacks = new Map<string, Set<string>>();
  readonly #core: TracedCore;

  constructor(core: TracedCore) {
    this.#core = core;
  }

  /** Adds the stacks of these calls, which are forgotten then. */
  add(roots: readonly Call[]): void {
    const { functions } = this.#core.probe;
    const visit = (call: Call, below: string): void => {
      const name = nameInC(functions[call.fn]);
      const stack = below === '' ? name : `${name} ${below}`;
      let known = this.#stacks.get(name);
      if (known === undefined) this.#stacks.set(name, (known = new Set()));
      known.add(stack);
      for (const child of call.calls) visit(child, stack);
      call.calls.length = 0;
    };
    for (const root of roots) visit(root, '');
  }

  /** The stacks seen of a function, names separated by spaces. */
  of(name: string): ReadonlySet<string> {
    return this.#stacks.get(name) ?? new Set();
  }
}

/** The options that the C server was given as well. */
export const C_OPTIONS = ['--enable-debug-command', 'yes'];

/** Plays what was played to the C server, and returns the calls; null when it is not about a running server. */
export function playLikeC(core: TracedCore, setup: string[], trigger: string[]): Call[] | null {
  const lines = [...setup, ...trigger];
  const isForeign = (line: string): boolean =>
    /^(?:redis-|SIG|[a-z]|dump\.rdb|one |\d)/.test(line) ||
    /^%(?!raw|new|mk|close|mute|read|drain|sleep|many|fill|setbig)/.test(line);
  if (lines.some(isForeign)) return null;
  const stage = new Stage(core);
  stage.start(C_OPTIONS);
  for (const line of setup) stage.play(line);
  for (const line of trigger) stage.prepare(line);
  stage.settle();
  return stage.record(() => {
    for (const line of trigger) stage.play(line);
  }).roots;
}

/** The names of a C stack from the top to aeMain, or to main. */
export function namesOf(stack: CStack): string[] {
  const names = stack.frames.map((frame) => frame.name);
  const end = names.indexOf('aeMain');
  return end === -1 ? names : names.slice(0, end + 1);
}
