/**
 * The line of a call in C that belongs to the line of a call of ours.
 *
 * test/facts/calls.tsv tells on which lines each function of Redis 7.0.5 calls which other. Where there is one such line, it is
 * that one. Where there are several, and our function has as many calls, the first belongs to the first. Otherwise
 * nothing is claimed.
 *
 * Who calls in: the recorder, the tracer. Whom it calls: the table of functions of probe.ts.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './instrument.ts';
import type { TracedFunction } from './probe.ts';

/** Lines by C file, caller and callee. */
type Table = Map<string, Map<string, number[]>>;

/** The name of a function in C. */
export function nameInC(fn: TracedFunction): string {
  return fn.cName ?? fn.name;
}

/** Lines of calls through function pointers that have several callees and several lines. */
const POINTERS = new Map<string, Record<string, number[] | undefined>>([
  [
    'ae.c aeProcessEvents',
    { beforesleep: [400], aftersleep: [408], rfileProc: [436, 456], wfileProc: [444] },
  ],
]);

/** Finds lines of calls in C. */
export class CallSites {
  readonly #table: Table = new Map();

  constructor() {
    let file = '';
    const text = readFileSync(join(projectRoot, 'test/facts/calls.tsv'), 'utf8');
    for (const line of text.split('\n')) {
      if (line.startsWith('= ')) file = line.slice(2);
      const tab = line.indexOf('\t');
      if (tab === -1) continue;
      const callees = new Map<string, number[]>();
      for (const entry of line.slice(tab + 1).split('\t')) {
        // Behind the line of a call through a pointer stands the name of the pointer, which is not needed here.
        const [callee, lines] = entry.split(' ');
        callees.set(callee, lines.split(',').map(parseFloat));
      }
      this.#table.set(`${file} ${line.slice(0, tab)}`, callees);
    }
  }

  /**
   * Where in C `caller` makes the call to `callee` that ours makes on `line`, through the variable or field `via` if it is not
   * empty; null when unknown.
   */
  lineInC(
    caller: TracedFunction,
    callee: TracedFunction,
    line: number,
    via: string,
  ): number | null {
    if (caller.c === null || callee.c === null) return null;
    const file = caller.c.slice(0, caller.c.indexOf(':'));
    const place = `${file} ${nameInC(caller)}`;
    const lines = POINTERS.get(place)?.[via] ?? this.#table.get(place)?.get(nameInC(callee));
    if (lines === undefined) return null;
    if (lines.length === 1) return lines[0];
    const ours = caller.sites[callee.name] ?? caller.sites[via] ?? [];
    if (ours.length !== lines.length) return null;
    const index = ours.indexOf(line);
    return index === -1 || ours.lastIndexOf(line) !== index ? null : lines[index];
  }
}
