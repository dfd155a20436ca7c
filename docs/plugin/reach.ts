/**
 * Which tests reach which functions, as seen and not as guessed: V8 counts the calls of every function while a test runs.
 *
 *     mocha --require docs/plugin/reach.ts ... ──► after each test: what was called since the last one
 *                                                  at the end: the file that REACH_FILE names
 *
 * Seen are the tests that call the modules themselves; what a server does in a process of its own is seen in the recorded runs.
 * A function like dictFind is reached by nearly every test, so only the most telling ones are kept: those that name the
 * function, then those that reach the fewest others.
 *
 * Who calls in: data.ts, which runs mocha with this file as its hooks. Whom it calls: V8's profiler, through the inspector.
 */
import { writeFileSync } from 'node:fs';
import { Session, type Profiler } from 'node:inspector';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mirrorRooms } from '../../test/support/sources.ts';

const root = resolve(__dirname, '../..');

/** How many tests a function keeps. */
const KEPT = 24;

/** What the run leaves behind. */
export interface Reach {
  tests: { file: string; title: string; reached: number }[];
  /** By the id of a function: how many tests reach it, and the indexes of those that are kept. */
  functions: Record<string, { count: number; tests: number[] }>;
}

/** Folders of tests that call the modules in their own process. */
export const testRooms = mirrorRooms.filter((room) => room !== 'cli');

/** Collects what each test reaches. */
export class ReachCollector {
  readonly #session = new Session();
  readonly #tests: { file: string; title: string; ids: Set<string> }[] = [];
  /** Room by address of a script; null: it is none of ours. */
  readonly #modules = new Map<string, string | null>();

  /** Counting begins. */
  start(): void {
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    this.#take();
  }

  /** What was called since the last call belongs to this test. */
  note(file: string, title: string): void {
    this.#tests.push({ file: relative(root, file), title, ids: this.#take() });
  }

  /** Counting ends; the sum of it. */
  finish(): Reach {
    this.#session.post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
    const reach: Reach = { tests: [], functions: {} };
    const byFunction = new Map<string, number[]>();
    for (const [i, { file, title, ids }] of this.#tests.entries()) {
      reach.tests.push({ file, title, reached: ids.size });
      for (const id of ids) {
        const list = byFunction.get(id);
        if (list === undefined) byFunction.set(id, [i]);
        else list.push(i);
      }
    }
    const reached = (i: number): number => this.#tests[i]?.ids.size ?? 0;
    for (const [id, tests] of [...byFunction].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const telling = [...tests].sort((a, b) => reached(a) - reached(b) || a - b);
      reach.functions[id] = { count: tests.length, tests: telling.slice(0, KEPT) };
    }
    return reach;
  }

  /** Ids of the functions that were called since the last look. */
  #take(): Set<string> {
    const ids = new Set<string>();
    // The profiler of this very process answers before post() returns.
    this.#session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error === null) for (const script of result) this.#read(script, ids);
    });
    return ids;
  }

  #read({ url, functions }: Profiler.ScriptCoverage, ids: Set<string>): void {
    const module = this.#moduleOf(url);
    if (module === null) return;
    for (const { functionName, ranges } of functions) {
      if (functionName !== '' && (ranges[0]?.count ?? 0) > 0) ids.add(`${module}.${functionName}`);
    }
  }

  /** `object/dict` for the script of object/dict.ts. */
  #moduleOf(url: string): string | null {
    const known = this.#modules.get(url);
    if (known !== undefined) return known;
    const path = url.startsWith('file:') ? fileURLToPath(url) : url;
    const name = relative(root, path);
    const ours = name.endsWith('.ts') && mirrorRooms.some((room) => name.startsWith(`${room}/`));
    const module = ours ? name.slice(0, -'.ts'.length) : null;
    this.#modules.set(url, module);
    return module;
  }
}

const collector = new ReachCollector();

/** What mocha calls when it is told to require this file. */
export const mochaHooks = {
  beforeAll(): void {
    collector.start();
  },
  afterEach(this: Mocha.Context): void {
    const test = this.currentTest;
    if (test?.file !== undefined) collector.note(test.file, test.fullTitle());
  },
  afterAll(): void {
    const file = process.env.REACH_FILE;
    if (file !== undefined) writeFileSync(file, JSON.stringify(collector.finish()));
  },
};
