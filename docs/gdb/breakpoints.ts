/**
 * The breakpoints that the user set, and what V8 has of them.
 *
 *     breakpoint 1 ── place ─┐
 *     breakpoint 2 ── place ─┴─ one V8 breakpoint for each place, its condition the `||` of theirs
 *                  └─ place ─── another one
 *
 * V8 takes a place in a file by its address before the file is loaded, so breakpoints may be set before
 * the program runs. It refuses two at one place, and therefore they share it here.
 *
 * Who calls in: gdb.ts. Whom it calls: the inspector.
 */
import { Script } from 'node:vm';
import { GdbError } from './errors.ts';
import type { Evaluator } from './evaluator.ts';
import type { Frame } from './frames.ts';
import type { Inferior } from './inferior.ts';
import type { Place, Project } from './sources.ts';

/** A breakpoint as `info breakpoints` lists it. */
export interface Breakpoint {
  number: number;
  isTemporary: boolean;
  isEnabled: boolean;
  /** As it was typed; null: stops always. */
  condition: string | null;
  /** So many hits more are passed over. */
  ignore: number;
  hits: number;
  places: Place[];
  /** What to execute at each stop. */
  commands: string[];
}

/** A breakpoint of V8. */
interface Installed {
  id: string;
  condition: string;
}

/** The table of breakpoints. */
export class Breakpoints {
  readonly #project: Project;
  readonly #evaluator: Evaluator;
  readonly #list: Breakpoint[] = [];
  readonly #installed = new Map<string, Installed>();
  #lastNumber = 0;

  constructor(project: Project, evaluator: Evaluator) {
    this.#project = project;
    this.#evaluator = evaluator;
  }

  /** All breakpoints, in the order of their numbers. */
  all(): readonly Breakpoint[] {
    return this.#list;
  }

  /** The breakpoint with this number. Throws when there is none. */
  get(number: number): Breakpoint {
    const found = this.#list.find((breakpoint) => breakpoint.number === number);
    if (!found) throw new GdbError(`No breakpoint number ${number}.`);
    return found;
  }

  /** The breakpoint that was set last; undefined when there is none. */
  last(): Breakpoint | undefined {
    return this.#list.at(-1);
  }

  /** Adds one to the table; {@link sync} then puts it into the program. */
  add(places: Place[], condition: string | null, isTemporary: boolean): Breakpoint {
    this.check(condition, places[0] ?? null);
    const breakpoint: Breakpoint = {
      number: ++this.#lastNumber,
      isTemporary,
      isEnabled: true,
      condition,
      ignore: 0,
      hits: 0,
      places,
      commands: [],
    };
    this.#list.push(breakpoint);
    return breakpoint;
  }

  /** Throws when a condition is no expression. */
  check(condition: string | null, place: Place | null): void {
    if (condition === null) return;
    const { code } = this.#evaluator.translate(condition, place);
    try {
      new Script(`(${code})`);
    } catch {
      throw new GdbError(`A syntax error in expression, near \`${condition}'.`);
    }
  }

  /** Takes one out of the table. */
  remove(breakpoint: Breakpoint): void {
    this.#list.splice(this.#list.indexOf(breakpoint), 1);
  }

  /** Forgets what V8 had: the process is another one now. */
  reset(): void {
    this.#installed.clear();
    for (const breakpoint of this.#list) breakpoint.hits = 0;
  }

  /** Makes V8's breakpoints those of the table. */
  async sync(inferior: Inferior): Promise<void> {
    const wanted = new Map<string, { place: Place; conditions: (string | null)[] }>();
    for (const { isEnabled, places, condition } of this.#list) {
      if (!isEnabled) continue;
      for (const place of places) {
        const key = keyOf(place);
        const entry = wanted.get(key) ?? { place, conditions: [] };
        wanted.set(key, entry);
        entry.conditions.push(
          condition === null ? null : this.#evaluator.translate(condition, place).code,
        );
      }
    }
    for (const [key, { id, condition }] of this.#installed) {
      const entry = wanted.get(key);
      if (entry && joined(entry.conditions) === condition) continue;
      await inferior.client.call('Debugger.removeBreakpoint', { breakpointId: id });
      this.#installed.delete(key);
    }
    for (const [key, { place, conditions }] of wanted) {
      if (this.#installed.has(key)) continue;
      const compiled = this.#project.toCompiled(place);
      if (compiled === null) continue;
      const condition = joined(conditions);
      const { breakpointId } = await inferior.client.call('Debugger.setBreakpointByUrl', {
        url: this.#project.urlOf(place.file),
        lineNumber: compiled.line - 1,
        columnNumber: compiled.column,
        ...(condition === '' ? {} : { condition }),
      });
      this.#installed.set(key, { id: breakpointId, condition });
    }
  }

  /** Sets a breakpoint of our own at a place, and returns its id; null when the user has one there. */
  async setOneShot(inferior: Inferior, place: Place): Promise<string | null> {
    const compiled = this.#project.toCompiled(place);
    if (compiled === null || this.#installed.get(keyOf(place))?.condition === '') return null;
    const { breakpointId } = await inferior.client.call('Debugger.setBreakpoint', {
      location: {
        scriptId: scriptIdOf(inferior, this.#project.urlOf(place.file)),
        lineNumber: compiled.line - 1,
        columnNumber: compiled.column,
      },
    });
    return breakpointId;
  }

  /**
   * Which breakpoints of the table a pause is due to, and counts the hit. Where several share the place,
   * their conditions are evaluated again. One that is to be ignored is counted and left out.
   */
  async hit(ids: readonly string[], frame: Frame | undefined): Promise<Breakpoint[]> {
    const found: Breakpoint[] = [];
    for (const [key, { id }] of this.#installed) {
      if (!ids.includes(id)) continue;
      const sharing = this.#list.filter(
        (breakpoint) =>
          breakpoint.isEnabled && breakpoint.places.some((place) => keyOf(place) === key),
      );
      for (const breakpoint of sharing) {
        if (sharing.length > 1 && breakpoint.condition !== null && frame) {
          const { value } = await this.#evaluator.evaluate(`!!(${breakpoint.condition})`, frame);
          if (value.value !== true) continue;
        }
        breakpoint.hits++;
        if (breakpoint.ignore > 0) breakpoint.ignore--;
        else if (!found.includes(breakpoint)) found.push(breakpoint);
      }
    }
    return found.sort((a, b) => a.number - b.number);
  }
}

function keyOf({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

/** The condition for a place: empty when one of the breakpoints there has none. */
function joined(conditions: (string | null)[]): string {
  if (conditions.includes(null)) return '';
  return conditions.map((condition) => `(${condition})`).join(' || ');
}

/** The script that was loaded from an address. Throws when it was not. */
function scriptIdOf(inferior: Inferior, url: string): string {
  for (const [id, address] of inferior.scripts) if (address === url) return id;
  throw new GdbError(`${url} is not loaded.`);
}
