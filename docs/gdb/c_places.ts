/**
 * Places in the C program: which function contains a line, and on which lines a function calls another.
 *
 * Both are tables, for no C source is needed here: test/facts/functions.tsv has the first and last line
 * of every function of Redis 7.0.5, and calls.tsv beside it the lines of the calls, those through a
 * function pointer as they were seen at run time:
 *
 *     = server.c
 *     processCommand <tab> rejectCommandSds 3645,3649,3837 <tab> call 3953 ...
 *     call <tab> setCommand 3319:proc ...
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

/** A place where one function calls another. */
export interface CallSite {
  line: number;
  /** What stands before the parenthesis: the callee, or the pointer through which it is called. */
  via: string;
  isPointer: boolean;
}

/** The two tables, each read when it is first needed. */
export class CPlaces {
  readonly #root: string;
  #functions: Map<string, CFunction[]> | null = null;
  #calls: Map<string, Map<string, CallSite[]>> | null = null;

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

  /** Where the function `caller` of `file` calls `callee`, in order; nowhere when it is not known. */
  callSites(file: string, caller: string, callee: string): CallSite[] {
    return this.#callsOf(file, caller)?.get(callee) ?? [];
  }

  /** What the function `caller` of `file` calls on `line`, and how many calls of that name come before it there. */
  callsOn(
    file: string,
    caller: string,
    line: number,
  ): { site: CallSite; index: number; of: number }[] {
    const all = [...(this.#callsOf(file, caller)?.values() ?? [])].flat();
    const found: { site: CallSite; index: number; of: number }[] = [];
    for (const site of all) {
      if (site.line !== line || found.some((other) => other.site.via === site.via)) continue;
      const same = all.filter((other) => other.via === site.via).map((other) => other.line);
      const lines = [...new Set(same)].sort((a, b) => a - b);
      found.push({ site, index: lines.indexOf(line), of: lines.length });
    }
    return found;
  }

  #callsOf(file: string, caller: string): Map<string, CallSite[]> | undefined {
    if (this.#calls === null) {
      this.#calls = new Map();
      this.#eachRow('test/facts/calls.tsv', (cFile, [name, ...callees]) => {
        const sites = new Map<string, CallSite[]>();
        for (const entry of callees) {
          const [callee = '', list = ''] = entry.split(' ');
          sites.set(
            callee,
            list.split(',').map((text) => {
              const [line, pointer] = text.split(':');
              return {
                line: Number(line),
                via: pointer ?? callee,
                isPointer: pointer !== undefined,
              };
            }),
          );
        }
        this.#calls?.set(`${cFile} ${name}`, sites);
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
