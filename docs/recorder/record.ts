/**
 * Plays all scenarios on the instrumented server and writes what was recorded: FORMAT.md tells how.
 *
 *     node -r ts-node/register docs/recorder/record.ts <folder> [scenario ...]
 *
 * The same sources give the same files, byte for byte.
 *
 * Who calls in: `npm run record`, the site's build, tests. Whom it calls: play.ts and fold.ts.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CallSites } from './callsites.ts';
import { Interned, TreeBuilder, describeFunction, idOf, profileOf } from './fold.ts';
import {
  FORMAT_VERSION,
  KEPT_BYTES,
  SPEEDSCOPE_SCHEMA,
  walkCalls,
  type Exchange,
  type FunctionFile,
  type FunctionInfo,
  type KeyInfo,
  type RecordIndex,
  type RecordedStack,
  type ScenarioFile,
  type StackFrame,
} from './format.ts';
import {
  Stage,
  loadTraced,
  playScenario,
  type Recording,
  type Sockets,
  type TracedCore,
} from './play.ts';
import type { Call, TracedFunction } from './probe.ts';
import { allScenarios, type Scenario } from './scenarios/scenario.ts';

/** Stacks kept of a function. */
export const KEPT_STACKS = 24;

/** Shapes listed of a function. */
export const KEPT_SHAPES = 12;

/** A way to a function: a chain of functions and call lines. */
interface Path {
  parent: Path | null;
  fn: number;
  line: number;
  hits: number;
  /** The call that stands for it, from the scenario with the smallest input. */
  example: Call;
  scenario: Scenario;
  inputSize: number;
  readonly below: Map<number, Path>;
}

/** What is known of one function, over all scenarios. */
interface Reach {
  hits: number;
  paths: Path[];
  callers: Map<number, { lines: Set<number>; hits: number }>;
  callees: Map<number, { lines: Set<number>; hits: number }>;
  scenarios: Map<Scenario, number>;
  shapes: Map<
    string,
    { d: string; n: number; hits: number; scenario: string; node: number; size: number }
  >;
}

/** The input of a scenario, as one line. */
export function inputOf(scenario: Scenario): string {
  return scenario.trigger.length === 0 ? scenario.title : scenario.trigger.join('; ');
}

/** Plays scenarios and collects what they show. */
export class Recorder {
  core: TracedCore;
  readonly #sockets: Sockets;
  readonly #sites = new CallSites();
  readonly #digests = new Map<string, string>();
  readonly #reach = new Map<number, Reach>();
  readonly #roots = new Map<number, Path>();
  readonly #keyspaces = new Map<string, KeyInfo[]>();
  readonly #index: RecordIndex['scenarios'] = [];

  constructor(core: TracedCore = loadTraced(), sockets: Sockets = 'real') {
    this.core = core;
    this.#sockets = sockets;
  }

  /** Plays one scenario, and returns its file. */
  record(scenario: Scenario): ScenarioFile {
    // Functions have the same numbers in every copy: modules are loaded in the same order.
    if (scenario.fromStart) this.core = loadTraced();
    const [recording, keyspaceAfter] = this.#onStage(scenario, (stage) => [
      playScenario(stage, scenario),
      stage.keyspace(),
    ]);
    const builder = new TreeBuilder(this.core.probe.functions, this.#sites, this.#digests);
    const tree = builder.build(recording.roots);
    const file: ScenarioFile = {
      $schema: SPEEDSCOPE_SCHEMA,
      name: scenario.title,
      exporter: `redis-readable recorder, format ${FORMAT_VERSION}`,
      activeProfileIndex: 0,
      shared: { frames: builder.functions },
      profiles: [profileOf(tree, scenario.title)],
      format: FORMAT_VERSION,
      id: scenario.id,
      title: scenario.title,
      kind: scenario.kind,
      command: scenario.command,
      about: scenario.about,
      setup: scenario.setup.map(shorten),
      trigger: scenario.trigger.map(shorten),
      exchanges: recording.exchanges.map(cutExchange),
      keyspaceBefore: this.#keyspaceBefore(scenario),
      keyspaceAfter,
      propagated: recording.propagated,
      log: recording.log,
      tree,
    };
    this.#learn(scenario, recording, file);
    return file;
  }

  /** The files of all functions that the scenarios so far have reached, by id, and those of the others. */
  functionFiles(): FunctionFile[] {
    const { functions } = this.core.probe;
    return functions.map((fn, index) => this.#functionFile(fn, this.#reach.get(index)));
  }

  /** The index over what was recorded so far. */
  index(files: readonly FunctionFile[]): RecordIndex {
    const commands: Record<string, string[]> = {};
    for (const { id, command } of this.#index) {
      if (command !== null) (commands[command] ??= []).push(id);
    }
    return {
      format: FORMAT_VERSION,
      scenarios: this.#index,
      functions: files.map((file) => ({
        ...file.function,
        hits: file.hits,
        stacks: file.stackCount,
        scenarios: file.scenarios.length,
      })),
      commands,
    };
  }

  #onStage<T>(scenario: Scenario, use: (stage: Stage) => T): T {
    const stage = new Stage(this.core, this.#sockets);
    // What a program throws is a fault of the scenario or of the program: it must be seen.
    stage.world.onError = (error) => {
      throw new Error(`${scenario.id}: ${String(error)}`, { cause: error });
    };
    try {
      return use(stage);
    } finally {
      stage.close();
    }
  }

  /** The keys after the setup. Asking changes statistics and clocks, so another server is asked. */
  #keyspaceBefore(scenario: Scenario): KeyInfo[] {
    if (scenario.setup.length === 0 || scenario.fromStart) return [];
    const key = JSON.stringify([scenario.args, scenario.setup]);
    let keys = this.#keyspaces.get(key);
    if (keys === undefined) {
      keys = this.#onStage(scenario, (stage) => {
        stage.start(scenario.args);
        for (const line of scenario.setup) stage.play(line);
        stage.settle();
        return stage.keyspace();
      });
      this.#keyspaces.set(key, keys);
    }
    return keys;
  }

  #learn(scenario: Scenario, recording: Recording, file: ScenarioFile): void {
    const inputSize = inputOf(scenario).length;
    const reached = new Set<number>();
    let calls = 0;
    const visit = (call: Call, parent: Path | null): void => {
      calls++;
      reached.add(call.fn);
      const siblings = parent === null ? this.#roots : parent.below;
      const key = call.fn * 100000 + call.line;
      let path = siblings.get(key);
      const reach = this.#reachOf(call.fn);
      if (path === undefined) {
        path = {
          parent,
          fn: call.fn,
          line: call.line,
          hits: 0,
          example: call,
          scenario,
          inputSize,
          below: new Map(),
        };
        siblings.set(key, path);
        reach.paths.push(path);
      } else if (inputSize < path.inputSize) {
        path.example = call;
        path.scenario = scenario;
        path.inputSize = inputSize;
      }
      path.hits++;
      reach.hits++;
      reach.scenarios.set(scenario, (reach.scenarios.get(scenario) ?? 0) + 1);
      if (call.parent !== null) {
        count(reach.callers, call.parent.fn, call.line);
        count(this.#reachOf(call.parent.fn).callees, call.fn, call.line);
      }
      for (const child of call.calls) visit(child, path);
      // Only the way to a call is kept, not what it did.
      call.calls.length = 0;
    };
    for (const root of recording.roots) visit(root, null);
    const places = new Map(this.core.probe.functions.map((fn, i) => [idOf(fn), i]));
    walkCalls(file.tree, ({ node, index, times, loops }) => {
      const fn = places.get(file.shared.frames[node.f].id);
      if (fn === undefined) return;
      const hits = loops.reduce((product, n) => product * n, times);
      const { shapes } = this.#reachOf(fn);
      const known = shapes.get(node.d);
      if (known === undefined) {
        const { d, n } = node;
        shapes.set(d, { d, n, hits, scenario: scenario.id, node: index, size: inputSize });
        return;
      }
      known.hits += hits;
      if (inputSize >= known.size) return;
      known.scenario = scenario.id;
      known.node = index;
      known.size = inputSize;
    });
    const { id, title, kind, command, about } = scenario;
    this.#index.push({ id, title, kind, command, about, calls, functions: reached.size });
  }

  #reachOf(fn: number): Reach {
    let reach = this.#reach.get(fn);
    if (reach === undefined) {
      reach = {
        hits: 0,
        paths: [],
        callers: new Map(),
        callees: new Map(),
        scenarios: new Map(),
        shapes: new Map(),
      };
      this.#reach.set(fn, reach);
    }
    return reach;
  }

  #functionFile(fn: TracedFunction, reach: Reach | undefined): FunctionFile {
    const { functions } = this.core.probe;
    const used = new Interned<FunctionInfo>();
    const texts = new Interned<string>();
    const use = (index: number): number =>
      used.place(String(index), () => describeFunction(functions[index]));
    use(functions.indexOf(fn));
    const file: FunctionFile = {
      format: FORMAT_VERSION,
      function: describeFunction(fn),
      functions: used.values,
      texts: texts.values,
      hits: reach?.hits ?? 0,
      stacks: [],
      stackCount: reach?.paths.length ?? 0,
      callers: [],
      callees: [],
      scenarios: [],
      shapes: [],
    };
    if (reach === undefined) return file;
    const paths = [...reach.paths].sort((a, b) => a.inputSize - b.inputSize || b.hits - a.hits);
    file.stacks = paths.slice(0, KEPT_STACKS).map((path) => this.#stackOf(path, use, texts));
    const list = (edges: Reach['callers']): FunctionFile['callers'] =>
      [...edges]
        .sort((a, b) => b[1].hits - a[1].hits || a[0] - b[0])
        .map(([other, { lines, hits }]) => ({
          f: use(other),
          lines: [...lines].sort((a, b) => a - b),
          hits,
        }));
    file.callers = list(reach.callers);
    file.callees = list(reach.callees);
    file.scenarios = [...reach.scenarios]
      .sort((a, b) => inputOf(a[0]).length - inputOf(b[0]).length)
      .map(([{ id }, hits]) => ({ id, hits }));
    file.shapes = [...reach.shapes.values()]
      .sort((a, b) => b.hits - a.hits)
      .slice(0, KEPT_SHAPES)
      .map(({ d, n, hits, scenario, node }) => ({ d, n, hits, scenario, node }));
    return file;
  }

  #stackOf(path: Path, use: (index: number) => number, texts: Interned<string>): RecordedStack {
    const { functions } = this.core.probe;
    const frames: StackFrame[] = [];
    // A frame's line is that of the call it is making: the line noted with the call above it.
    let above: Call | null = null;
    for (let call: Call | null = path.example; call !== null; call = call.parent) {
      const fn = functions[call.fn];
      const frame: StackFrame = { f: use(call.fn), l: above === null ? fn.line : above.line };
      const c =
        above === null
          ? lineOf(fn.c)
          : this.#sites.lineInC(fn, functions[above.fn], above.line, above.via);
      if (c !== null) frame.c = c;
      if (call.args.length > 0) frame.a = call.args.map((text) => texts.place(text, () => text));
      if (above !== null && above.via !== '' && above.via !== functions[above.fn].name) {
        frame.p = above.via;
      }
      frames.push(frame);
      above = call;
    }
    const main = functions.findIndex((fn) => fn.name === 'main' && fn.file === 'server/server.ts');
    if (above !== null && functions[above.fn].name === 'aeMain' && main !== -1) {
      const [line = functions[main].line] = functions[main].sites['aeRun'] ?? [];
      const c = this.#sites.lineInC(functions[main], functions[above.fn], line, '');
      frames.push({ f: use(main), l: line, ...(c === null ? {} : { c }) });
    }
    return {
      frames,
      hits: path.hits,
      scenario: path.scenario.id,
      input: shorten(inputOf(path.scenario)),
    };
  }
}

/** The line of a place in C, `networking.c:2660`. */
function lineOf(place: string | null): number | null {
  return place === null ? null : Number(place.slice(place.indexOf(':') + 1));
}

function count(edges: Reach['callers'], fn: number, line: number): void {
  let edge = edges.get(fn);
  if (edge === undefined) edges.set(fn, (edge = { lines: new Set(), hits: 0 }));
  edge.lines.add(line);
  edge.hits++;
}

/** An exchange as a file has it: of many bytes only the first. */
function cutExchange(exchange: Exchange): Exchange {
  const { request, reply } = exchange;
  const cut: Exchange = {
    ...exchange,
    request: request.slice(0, KEPT_BYTES),
    reply: reply.slice(0, KEPT_BYTES),
  };
  if (request.length > KEPT_BYTES) cut.requestBytes = request.length;
  if (reply.length > KEPT_BYTES) cut.replyBytes = reply.length;
  return cut;
}

/** A line that is fit to be read: long ones are cut. */
export function shorten(line: string): string {
  return line.length > 200 ? `${line.slice(0, 120)}... (${line.length} bytes)` : line;
}

/** Records everything into a folder, whose former contents go. Returns the index. */
export function recordAll(
  folder: string,
  scenarios = allScenarios(),
  sockets: Sockets = 'real',
): RecordIndex {
  const recorder = new Recorder(undefined, sockets);
  rmSync(folder, { recursive: true, force: true });
  const write = (path: string, data: unknown): void => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(data)}\n`);
  };
  for (const scenario of scenarios)
    write(`scenarios/${scenario.id}.json`, recorder.record(scenario));
  const files = recorder.functionFiles();
  for (const file of files) write(`functions/${file.function.id}.json`, file);
  const index = recorder.index(files);
  write('index.json', index);
  return index;
}

if (require.main === module) {
  const [folder, ...ids] = process.argv.slice(2);
  if (folder === undefined) {
    process.stderr.write('usage: record.ts <folder> [scenario ...]\n');
    process.exitCode = 1;
  } else {
    const began = performance.now();
    const chosen = allScenarios().filter(({ id }) => ids.length === 0 || ids.includes(id));
    const index = recordAll(resolve(folder), chosen);
    const reached = index.functions.filter((fn) => fn.hits > 0).length;
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    process.stdout.write(
      `${index.scenarios.length} scenarios, ${reached} of ${index.functions.length} functions, ${seconds} s\n`,
    );
  }
}
