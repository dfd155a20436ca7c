/**
 * Where a breakpoint goes: gdb's locations, in our sources and in C's.
 *
 *     processCommand              a function, by our name or by C's
 *     aeRunner.turn               a method
 *     server/server.ts:3076       a line of a source; the folder may be left out
 *     networking.c:2684           a line of C 7.0.5
 *     networking.c:processInputBuffer
 *     3076    +2                  a line of the current file, or so many lines on
 *
 * A line of C is looked up in the tables of c_places.ts. On the first line of a function, it is that
 * function; where the function calls another, it is the statement of ours that makes this call; anywhere
 * else our function stands for it as a whole, and the answer says so.
 *
 * Who calls in: gdb.ts. Whom it calls: sources.ts, c_places.ts.
 */
import ts from 'typescript';
import type { CPlaces } from './c_places.ts';
import { GdbError } from './errors.ts';
import type { Place, Project, SourceFunction } from './sources.ts';

/** What a location means: one place, or several when functions share a name. */
export interface Location {
  places: Place[];
  /** Told to who asked: where the answer is not quite what was asked for. */
  note?: string;
}

/** A call in one of our functions. */
export interface Call {
  /** What stands before the parenthesis, without the object that it is a member of. */
  name: string;
  line: number;
  /** Offsets: where the name begins, and where the call ends. */
  start: number;
  end: number;
  /** The statement that the call is part of. */
  statement: Place;
}

/** Finds what locations mean. */
export class Locations {
  readonly #project: Project;
  readonly #c: CPlaces;

  constructor(project: Project, c: CPlaces) {
    this.#project = project;
    this.#c = c;
  }

  /** Resolves a location; `current` is where the program stands or what was listed last. Throws a {@link GdbError}. */
  resolve(spec: string, current: Place | null): Location {
    if (spec === '') {
      if (current === null) throw new GdbError('No default breakpoint location now.');
      return { places: [current] };
    }
    if (/^[+-]?\d+$/.test(spec)) {
      if (current === null)
        throw new GdbError('No symbol table is loaded.  Use the "file" command.');
      const line = /^[+-]/.test(spec) ? current.line + Number(spec) : Number(spec);
      return { places: [this.#line(current.file, line)] };
    }
    const [, file = '', where = ''] = /^(.+?)(?<!:):(?!:)(.+)$/.exec(spec) ?? [];
    if (file === '') return { places: this.functions(spec).map((fn) => fn.body) };
    if (/\.[ch]$/.test(file)) return this.#inC(file.replace(/^.*\//, ''), where);
    const ours = this.#project.findFile(file);
    if (ours === null) throw new GdbError(`No source file named ${file}.`);
    if (/^\d+$/.test(where)) return { places: [this.#line(ours, Number(where))] };
    const functions = this.#project.functionsNamed(where).filter((fn) => fn.file === ours);
    if (functions.length === 0) {
      throw new GdbError(`Function "${where}" not defined in "${file}".`);
    }
    return { places: functions.map((fn) => fn.body) };
  }

  /** All functions of a name; throws when there is none. */
  functions(name: string): SourceFunction[] {
    const functions = this.#project.functionsNamed(name);
    if (functions.length === 0) throw new GdbError(`Function "${name}" not defined.`);
    return functions;
  }

  #line(file: string, line: number): Place {
    const place = this.#project.statementFrom(file, line);
    if (place === null) throw new GdbError(`No line ${line} in file "${file}".`);
    return place;
  }

  #inC(file: string, where: string): Location {
    const list = this.#c.functionsOf(file);
    if (list === null) throw new GdbError(`No source file named ${file}.`);
    const byLine = /^\d+$/.test(where);
    const line = Number(where);
    // As in gdb, a line between two functions means the next one.
    const fn = byLine
      ? (list.find((f) => f.start <= line && line <= f.end) ?? list.find((f) => f.start > line))
      : list.find((f) => f.name === where);
    if (fn === undefined) {
      throw new GdbError(
        byLine
          ? `No line ${line} in file "${file}".`
          : `Function "${where}" not defined in "${file}".`,
      );
    }
    const ours = this.#project.functionOfOrigin(file, fn.start);
    if (ours === null) {
      throw new GdbError(
        `${file}:${where} is in ${fn.name}, which this program does not have (see DIFFERENCES.md).`,
      );
    }
    if (!byLine || line <= fn.start) return { places: [ours.body] };
    for (const { site, index, of } of this.#c.callsOn(file, fn.name, line)) {
      const calls = this.callsIn(ours, site.via);
      // Of calls through a pointer only those are known that were seen.
      const call = site.isPointer || calls.length === of ? calls[index] : undefined;
      if (call === undefined) continue;
      return {
        places: [call.statement],
        note: `${file}:${line} calls ${site.via}, and so does ${ours.file}:${call.line}.`,
      };
    }
    return {
      places: [ours.body],
      note: `${file}:${line} is inside ${fn.name} (${fn.start}-${fn.end}): stopping where ${ours.name} begins.`,
    };
  }

  /** The calls that `fn` makes of `name`, or all calls for null, in order, each with the statement that it is in. */
  callsIn(fn: SourceFunction, name: string | null): Call[] {
    const { tree } = this.#project.source(fn.file);
    const calls: Call[] = [];
    const place = (at: number): Place => {
      const { line, character } = tree.getLineAndCharacterOfPosition(at);
      return { file: fn.file, line: line + 1, column: character };
    };
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node)) {
        const target = node.expression;
        const called = ts.isPropertyAccessExpression(target) ? target.name : target;
        if (name === null || called.getText(tree) === name) {
          let statement: ts.Node = node;
          while (!ts.isStatement(statement) && statement.parent !== fn.node) {
            statement = statement.parent;
          }
          calls.push({
            name: called.getText(tree),
            line: place(called.getStart(tree)).line,
            start: called.getStart(tree),
            end: node.end,
            statement: place(statement.getStart(tree)),
          });
        }
      }
      ts.forEachChild(node, visit);
    };
    if (fn.node.body) visit(fn.node.body);
    return calls;
  }

  /** The call that `fn` is in the middle of at an offset; undefined when there is none. */
  callAt(fn: SourceFunction, offset: number): Call | undefined {
    const calls = this.callsIn(fn, null);
    // V8 places a frame at the name that is called. Failing that, the innermost call around it.
    return (
      calls.find((call) => call.start === offset) ??
      calls.findLast((call) => call.start <= offset && offset < call.end) ??
      calls.find((call) => offset < call.end)
    );
  }
}
