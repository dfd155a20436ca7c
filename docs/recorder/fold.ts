/**
 * Folds recorded calls into a {@link CallTree}: equal subtrees are stored once, calls of one shape in a row become one with a
 * count, and so do sequences that repeat, as the body of a loop makes them.
 *
 * Who calls in: record.ts, trace.ts, tests. Whom it calls: callsites.ts for the lines in C.
 */
import { createHash } from 'node:crypto';
import type { CallSites } from './callsites.ts';
import type { CallNode, CallTree, Child, EventedProfile, FunctionInfo } from './format.ts';
import type { Call, TracedFunction } from './probe.ts';

/** The longest loop body that is looked for, in calls. */
export const LONGEST_BODY = 24;

/** Events of a profile, at most: deeper levels are left out of longer ones. */
export const PROFILE_EVENTS = 20000;

/** How a file names a function: its module without the ending, and its name. */
export function idOf(fn: TracedFunction): string {
  return `${fn.file.replace(/\.ts$/, '')}.${fn.name}`;
}

/** What the files tell of a function. */
export function describeFunction(fn: TracedFunction): FunctionInfo {
  return {
    name: fn.name,
    file: fn.file,
    line: fn.line,
    params: fn.params,
    c: fn.c,
    ...(fn.cName === undefined ? {} : { cName: fn.cName }),
    id: idOf(fn),
  };
}

/** A list in which each value has one place, given when it is first asked for. */
export class Interned<T> {
  readonly values: T[] = [];
  readonly #places = new Map<string, number>();

  /** The place of the value with that key; `make` makes it. */
  place(key: string, make: () => T): number {
    let place = this.#places.get(key);
    if (place === undefined) {
      place = this.values.length;
      this.values.push(make());
      this.#places.set(key, place);
    }
    return place;
  }
}

/** One entry of a list of calls while it is being folded. */
interface Entry {
  child: Child;
  /** Shape and count: what must be equal for a repeat. */
  key: string;
  /** Calls in it. */
  n: number;
}

/** Builds the tree of one run. */
export class TreeBuilder {
  readonly #functions: readonly TracedFunction[];
  readonly #sites: CallSites;
  readonly #used = new Interned<FunctionInfo>();
  readonly #texts = new Interned<string>();
  readonly #nodes = new Interned<CallNode>();
  readonly #digests: Map<string, string>;

  /** `digests` remembers digests from one builder to the next; it only saves time. */
  constructor(
    functions: readonly TracedFunction[],
    sites: CallSites,
    digests: Map<string, string> = new Map(),
  ) {
    this.#functions = functions;
    this.#sites = sites;
    this.#digests = digests;
  }

  /** The functions that the tree's nodes speak of. */
  get functions(): FunctionInfo[] {
    return this.#used.values;
  }

  /** The tree of these calls. */
  build(roots: readonly Call[]): CallTree {
    const entries = roots.map((call) => this.#entry(call));
    return compact({
      texts: this.#texts.values,
      nodes: this.#nodes.values,
      roots: fold(entries).map((entry) => entry.child),
    });
  }

  #entry(call: Call): Entry {
    const children = fold(call.calls.map((child) => this.#entry(child)));
    const fn = this.#functions[call.fn];
    const caller = call.parent === null ? null : this.#functions[call.parent.fn];
    const f = this.#used.place(String(call.fn), () => describeFunction(fn));
    const via = call.via === fn.name ? '' : call.via;
    const shape = `${fn.file}:${fn.name}@${call.line}${via && `!${via}`}(${children.map((e) => e.key).join(' ')})`;
    const args = call.args.map((text) => this.#texts.place(text, () => text));
    const { ret } = call;
    const returned = ret === null ? undefined : this.#texts.place(ret, () => ret);
    const k = children.map((entry) => entry.child);
    const key = `${f} ${call.line} ${via} ${args.join(',')} ${returned} ${JSON.stringify(k)}`;
    const index = this.#nodes.place(key, () => {
      const node: CallNode = { f, l: call.line, n: 1, d: this.#digest(shape) };
      const c = caller && this.#sites.lineInC(caller, fn, call.line, call.via);
      if (c !== null) node.c = c;
      if (via !== '') node.p = via;
      if (args.length > 0) node.a = args;
      if (returned !== undefined) node.r = returned;
      if (k.length > 0) node.k = k;
      for (const entry of children) node.n += entry.n;
      return node;
    });
    const node = this.#nodes.values[index];
    return { child: index, key: node.d, n: node.n };
  }

  #digest(shape: string): string {
    let digest = this.#digests.get(shape);
    if (digest === undefined) {
      digest = createHash('sha1').update(shape).digest('hex').slice(0, 8);
      this.#digests.set(shape, digest);
    }
    return digest;
  }
}

/** The tree without the nodes and texts that were folded away. */
function compact(tree: CallTree): CallTree {
  const nodes: CallNode[] = [];
  const places = new Map<number, number>();
  const texts = new Interned<string>();
  const text = (place: number): number => texts.place(tree.texts[place], () => tree.texts[place]);
  const child = (entry: Child): Child => {
    if (typeof entry === 'number') return move(entry);
    if (Array.isArray(entry)) return [move(entry[0]), entry[1]];
    return { times: entry.times, body: entry.body.map(child) };
  };
  const move = (index: number): number => {
    let place = places.get(index);
    if (place !== undefined) return place;
    const node = { ...tree.nodes[index] };
    if (node.k !== undefined) node.k = node.k.map(child);
    if (node.a !== undefined) node.a = node.a.map(text);
    if (node.r !== undefined) node.r = text(node.r);
    place = nodes.length;
    nodes.push(node);
    places.set(index, place);
    return place;
  };
  const roots = tree.roots.map(child);
  return { texts: texts.values, nodes, roots };
}

/** Folds the repeats of a list of calls: first those of one call, then those of several. */
export function fold(entries: Entry[]): Entry[] {
  return foldLoops(foldRuns(entries));
}

function foldRuns(entries: Entry[]): Entry[] {
  const folded: Entry[] = [];
  for (let i = 0; i < entries.length;) {
    let end = i + 1;
    let n = entries[i].n;
    while (end < entries.length && entries[end].key === entries[i].key) n += entries[end++].n;
    const times = end - i;
    if (times === 1) folded.push(entries[i]);
    else {
      const child: Child = [entries[i].child as number, times];
      folded.push({ child, key: `${entries[i].key}*${times}`, n });
    }
    i = end;
  }
  return folded;
}

function foldLoops(entries: Entry[]): Entry[] {
  const folded: Entry[] = [];
  for (let i = 0; i < entries.length;) {
    const { period, times } = loopAt(entries, i);
    if (times < 2) {
      folded.push(entries[i++]);
      continue;
    }
    const body = entries.slice(i, i + period);
    const end = i + period * times;
    let n = 0;
    for (let j = i; j < end; j++) n += entries[j].n;
    const key = `{${body.map((e) => e.key).join(' ')}}*${times}`;
    folded.push({ child: { times, body: body.map((e) => e.child) }, key, n });
    i = end;
  }
  return folded;
}

/** The loop that begins at `from`: the one that covers most, the shortest body among equals. */
function loopAt(entries: Entry[], from: number): { period: number; times: number } {
  let best = { period: 1, times: 1 };
  for (let period = 2; period <= LONGEST_BODY && from + 2 * period <= entries.length; period++) {
    if (entries[from].key !== entries[from + period].key) continue;
    let end = from + period;
    while (end < entries.length && entries[end].key === entries[end - period].key) end++;
    const times = Math.floor((end - from) / period);
    if (times >= 2 && times * period > best.times * best.period) best = { period, times };
  }
  return best;
}

/** The tree as a profile: the width of a box is the number of calls in it, repeats are drawn once. */
export function profileOf(tree: CallTree, name: string): EventedProfile {
  const countOf = (child: Child): number => {
    if (typeof child === 'number') return tree.nodes[child].n;
    if (Array.isArray(child)) return tree.nodes[child[0]].n * child[1];
    return child.times * child.body.reduce<number>((sum, entry) => sum + countOf(entry), 0);
  };
  const draw = (depthLimit: number): EventedProfile['events'] => {
    const events: EventedProfile['events'] = [];
    const walk = (children: Child[], start: number, depth: number): void => {
      let at = start;
      for (const child of children) {
        const width = countOf(child);
        if (typeof child === 'object' && !Array.isArray(child)) walk(child.body, at, depth);
        else {
          const node = tree.nodes[Array.isArray(child) ? child[0] : child];
          events.push({ type: 'O', frame: node.f, at });
          if (node.k !== undefined && depth < depthLimit) walk(node.k, at + 1, depth + 1);
          events.push({ type: 'C', frame: node.f, at: at + width });
        }
        at += width;
      }
    };
    walk(tree.roots, 0, 0);
    return events;
  };
  let events = draw(Infinity);
  for (let limit = 24; events.length > PROFILE_EVENTS && limit > 1; limit--) events = draw(limit);
  const endValue = tree.roots.reduce<number>((sum, child) => sum + countOf(child), 0);
  return { type: 'evented', name, unit: 'none', startValue: 0, endValue, events };
}
