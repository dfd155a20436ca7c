/**
 * Places in the C program: which function contains a line, and on which lines a function calls another.
 *
 * Both are tables, for no C source is needed here: test/facts/functions.tsv has the first and last line
 * of every function of Redis 7.0.5, and calls.tsv beside this file the lines of the calls, those through a
 * function pointer as they were seen at run time:
 *
 *     = server.c
 *     processCommand <tab> rejectCommandSds 3645,3649,3837 <tab> call 3953 ...
 *
 * Who calls in: locations.ts and frames.ts. Whom it calls: nobody.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A function of the C program. */
export interface CFunction {
  file: string;
  name: string;
  start: number;
  end: number;
}

/** The two tables, each read when it is first needed. */
export class CPlaces {
  readonly #root: string;
  #functions: Map<string, CFunction[]> | null = null;
  #calls: Map<string, Map<string, number[]>> | null = null;

  /** `root` is the folder of the project. */
  constructor(root: string) {
    this.#root = root;
  }

  /** The functions of one C file in the order of their lines; null when C has no such file. */
  functionsOf(file: string): CFunction[] | null {
    if (this.#functions === null) {
      this.#functions = new Map();
      this.#eachRow('test/facts/functions.tsv', (cFile, [name = '', start, end]) => {
        const fn = { file: cFile, name, start: Number(start), end: Number(end) };
        const list = this.#functions?.get(cFile);
        if (list) list.push(fn);
        else this.#functions?.set(cFile, [fn]);
      });
    }
    return this.#functions.get(file) ?? null;
  }

  /** The lines on which the function `caller` of `file` calls `callee`, in order; none when it is not known. */
  callLines(file: string, caller: string, callee: string): number[] {
    return this.#callsOf(file, caller)?.get(callee) ?? [];
  }

  /** What the function `caller` of `file` calls on `line`. */
  calleesOn(file: string, caller: string, line: number): { name: string; index: number }[] {
    return [...(this.#callsOf(file, caller) ?? [])]
      .map(([name, lines]) => ({ name, index: lines.indexOf(line) }))
      .filter(({ index }) => index !== -1);
  }

  #callsOf(file: string, caller: string): Map<string, number[]> | undefined {
    if (this.#calls === null) {
      this.#calls = new Map();
      this.#eachRow('docs/gdb/calls.tsv', (cFile, [name, ...callees]) => {
        const lines = new Map<string, number[]>();
        for (const entry of callees) {
          const [callee = '', list = ''] = entry.split(' ');
          lines.set(callee, list.split(',').map(Number));
        }
        this.#calls?.set(`${cFile} ${name}`, lines);
      });
    }
    return this.#calls.get(`${file} ${caller}`);
  }

  #eachRow(path: string, use: (file: string, cells: string[]) => void): void {
    let file = '';
    for (const line of readFileSync(join(this.#root, path), 'utf8').split('\n')) {
      if (line.startsWith('= ')) file = line.slice(2);
      else if (line !== '' && !line.startsWith('#')) use(file, line.split('\t'));
    }
  }
}
