/**
 * gdb's commands: their names, abbreviations, help and what they do.
 *
 * A name may be cut as long as it stays unique; the usual short forms (`b`, `c`, `s`, `l`, ...) go to the
 * command that gdb gives them to.
 *
 * Who calls in: redis-gdb.ts, and tests. Whom it calls: gdb.ts.
 */
import { readFileSync } from 'node:fs';
import type { Breakpoint } from './breakpoints.ts';
import { GdbError } from './errors.ts';
import { quoteWord, type Gdb } from './gdb.ts';
import { inspectorAt, openInspector } from './inferior.ts';
import { ConnectionClosed } from './inspector.ts';
import type { Place } from './sources.ts';

/** One command. */
interface Command {
  name: string;
  /** Short forms that mean it though they are not unique. */
  aliases: string[];
  /** The first line is what `help` lists. */
  help: string;
  /** What an empty line after it does: the same again, the same without arguments, or nothing. */
  again: 'same' | 'bare' | 'no';
  execute: (shell: Shell, args: string) => Promise<void> | void;
}

/** Reads commands, line by line. */
export class Shell {
  readonly gdb: Gdb;
  #last: { command: Command; args: string } | null = null;
  /** Where lines go that belong to `commands`, up to `end`. */
  #collecting: Breakpoint | null = null;
  /** True when the last command ended with an error. */
  hasFailed = false;

  constructor(gdb: Gdb) {
    this.gdb = gdb;
  }

  /** What to show before a line is read. */
  get prompt(): string {
    return this.#collecting ? '>' : '(gdb) ';
  }

  /** Executes one line as a person would type it; errors are printed. An empty line repeats the last command. */
  async execute(line: string): Promise<void> {
    this.hasFailed = false;
    try {
      await this.#dispatch(line.trim());
      await this.#runAttached();
    } catch (error) {
      this.hasFailed = true;
      if (error instanceof ConnectionClosed) return;
      if (!(error instanceof GdbError)) throw error;
      this.gdb.print(error.message);
    }
  }

  /** Executes lines of a script. Stops at the first error, as gdb does. */
  async source(path: string): Promise<void> {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch {
      throw new GdbError(`${path}: No such file or directory.`);
    }
    let number = 0;
    for (const line of text.split('\n')) {
      number++;
      if (line.trim() === '' || line.trim().startsWith('#')) continue;
      try {
        await this.#dispatch(line.trim());
        await this.#runAttached();
      } catch (error) {
        if (!(error instanceof GdbError)) throw error;
        throw new GdbError(`${path}:${number}: Error in sourced command file:\n${error.message}`);
      }
      if (this.gdb.isOver) return;
    }
  }

  async #dispatch(line: string): Promise<void> {
    if (this.#collecting) {
      if (line === 'end') this.#collecting = null;
      else this.#collecting.commands.push(line);
      return;
    }
    if (line.startsWith('#')) return;
    if (line === '') {
      const last = this.#last;
      if (last === null || last.command.again === 'no') return;
      await last.command.execute(this, last.command.again === 'bare' ? '' : last.args);
      return;
    }
    const [, word = '', rest = ''] = /^([A-Za-z][\w-]*|\S)\s*(.*)$/s.exec(line) ?? [];
    const command = find(commands, word, '');
    const args = rest.trim();
    this.#last = { command, args };
    await command.execute(this, args);
  }

  /** Executes what `commands` attached to the breakpoints that were just hit. */
  async #runAttached(): Promise<void> {
    while (this.gdb.pendingCommands.length > 0) {
      const lines = this.gdb.pendingCommands;
      this.gdb.pendingCommands = [];
      // A command that lets the program run ends the list: the next stop has its own.
      for (const line of lines) {
        if (line === 'silent') continue;
        await this.#dispatch(line);
        if (this.gdb.pendingCommands.length > 0 || this.gdb.inferior === null) break;
      }
    }
  }

  /** Begins to take lines for a breakpoint. */
  collect(breakpoint: Breakpoint): void {
    breakpoint.commands = [];
    this.#collecting = breakpoint;
  }

  /** What may stand where `line` ends, and the part of it that this replaces: as node:readline wants it. */
  async complete(line: string): Promise<[string[], string]> {
    const [, word = '', space = '', rest = ''] = /^\s*(\S*)(\s*)(.*)$/s.exec(line) ?? [];
    if (space === '') return [commands.map((c) => c.name).filter((n) => n.startsWith(word)), word];
    let command: string;
    try {
      command = find(commands, word, '').name;
    } catch {
      return [[], rest];
    }
    const begins = (names: string[], part: string): [string[], string] => [
      [...new Set(names)].filter((name) => name.startsWith(part)).sort(),
      part,
    ];
    switch (command) {
      case 'break':
      case 'tbreak':
      case 'list':
      case 'advance':
      case 'until': {
        const project = this.gdb.project;
        return begins([...project.functionNames(), ...project.files()], rest);
      }
      case 'info':
        return begins(
          infos.map((info) => info.name),
          rest,
        );
      case 'help':
        return begins(
          commands.map((c) => c.name),
          rest,
        );
      case 'set':
      case 'print':
      case 'call':
      case 'display':
        return this.#completeExpression(rest, begins);
      default:
        return [[], rest];
    }
  }

  async #completeExpression(
    text: string,
    begins: (names: string[], part: string) => [string[], string],
  ): Promise<[string[], string]> {
    const frame = this.gdb.frames[this.gdb.selected] ?? null;
    const [, object, part = ''] = /([\w$\][>.-]*[\w\])])(?:->|\.)(\w*)$/.exec(text) ?? [];
    if (object !== undefined) {
      return begins(await this.gdb.evaluator.memberNames(object, frame), part);
    }
    const name = /[A-Za-z_]\w*$/.exec(text)?.[0] ?? '';
    const locals = frame ? this.gdb.project.localsAt(frame.place).map((local) => local.name) : [];
    const source = frame ? this.gdb.project.source(frame.place.file) : null;
    const names = source ? [...source.names.keys(), ...source.imports.keys()] : [];
    return begins([...locals, ...names], name);
  }
}

/** Finds the command that `word` means. Throws gdb's words when it means none or several. */
function find<C extends { name: string; aliases: string[] }>(
  list: readonly C[],
  word: string,
  prefix: string,
): C {
  const exact = list.find((c) => c.name === word || c.aliases.includes(word));
  if (exact) return exact;
  const candidates = list.filter((c) => c.name.startsWith(word));
  if (candidates.length > 1) {
    const names = candidates.map((c) => c.name).join(', ');
    throw new GdbError(`Ambiguous ${prefix}command "${prefix}${word}": ${names}.`);
  }
  const [only] = candidates;
  if (only === undefined) {
    throw new GdbError(
      `Undefined ${prefix}command: "${word}".  Try "help${prefix === '' ? '' : ` ${prefix.trim()}`}".`,
    );
  }
  return only;
}

/** A number that counts repetitions; 1 when it was not given. */
function count(args: string): number {
  if (args === '') return 1;
  if (!/^\d+$/.test(args)) throw new GdbError(`No symbol "${args}" in current context.`);
  return Number(args);
}

/** The numbers of a list such as `1 3-5`. */
function numbers(args: string): number[] {
  return args.split(/[\s,]+/).flatMap((part) => {
    const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    if (from === undefined) throw new GdbError(`Bad breakpoint number '${part}'`);
    const first = Number(from);
    return Array.from({ length: Number(to) - first + 1 }, (_, i) => first + i);
  });
}

/** Splits a command line of the server into words; quotes keep words together. */
function words(line: string): string[] {
  const found = line.match(/"(?:[^"\\]|\\.)*"|'[^']*'|\S+/g) ?? [];
  return found.map((word) => word.replace(/^(["'])(.*)\1$/s, '$2'));
}

/** `break` and `tbreak`. */
async function setBreakpoint(shell: Shell, args: string, isTemporary: boolean): Promise<void> {
  const { gdb } = shell;
  const [, where = '', condition] = /^(.*?)(?:(?:^|\s+)if\b\s*(.*))?$/s.exec(args) ?? [];
  const { places, note } = gdb.locations.resolve(where.trim(), gdb.currentPlace());
  if (condition === '') throw new GdbError('Argument required (expression to compute).');
  const breakpoint = gdb.breakpoints.add(places, condition ?? null, isTemporary);
  if (note !== undefined) gdb.print(`Note: ${note}`);
  if (gdb.inferior) await gdb.breakpoints.sync(gdb.inferior);
  const kind = isTemporary ? 'Temporary breakpoint' : 'Breakpoint';
  const [place] = places as [Place];
  const fn = gdb.project.functionAt(place);
  const name = fn?.name ?? place.file;
  const c = fn?.c ? `   [C ${fn.c.file}:${fn.c.line}]` : '';
  gdb.print(
    places.length > 1
      ? `${kind} ${breakpoint.number} at ${name}: ${where}. (${places.length} locations)`
      : `${kind} ${breakpoint.number} at ${name}: file ${place.file}, line ${place.line}.${c}`,
  );
}

/** Splits `/x expr` into the format and the expression. */
function splitFormat(args: string): [string, string] {
  const [, format = '', expression = ''] = /^(\/[a-z]+\s+)?(.*)$/s.exec(args) ?? [];
  if (format !== '' && !/^\/[xdotucs]\s+$/.test(format)) {
    throw new GdbError(`Undefined output format "${format.trim().slice(1)}".`);
  }
  return [format, expression.trim()];
}

/** `print`. */
async function printValue({ gdb }: Shell, args: string): Promise<void> {
  const [format, expression] = splitFormat(args);
  const { text, value } = await gdb.evaluate(expression === '' ? '$' : expression, format);
  if (value.type === 'undefined') {
    gdb.print(
      expression === '' ? 'The history is empty.' : `$${gdb.evaluator.historyLength} = ${text}`,
    );
    return;
  }
  gdb.print(`$${await gdb.evaluator.remember(value)} = ${text}`);
}

/** Shows the selected frame and the line on which it stands. */
async function showFrame({ gdb }: Shell): Promise<void> {
  gdb.frame('No stack.');
  gdb.print(await gdb.describeFrame(gdb.selected));
  gdb.print(gdb.sourceLine());
}

/** `up` and `down`. */
async function moveSelection(shell: Shell, by: number): Promise<void> {
  const { gdb } = shell;
  gdb.frame('No stack.');
  const last = gdb.frames.length - 1;
  if (by > 0 && gdb.selected === last) {
    throw new GdbError("Initial frame selected; you can't go up.");
  }
  if (by < 0 && gdb.selected === 0) {
    throw new GdbError("Bottom (innermost) frame selected; you can't go down.");
  }
  gdb.selected = Math.max(0, Math.min(last, gdb.selected + by));
  await showFrame(shell);
}

/** The local variables of a frame, a line each. */
async function localsOf(gdb: Gdb, index: number): Promise<string[]> {
  const frame = gdb.frames[index];
  if (!frame?.callFrame) return [];
  const offset = gdb.project.offsetOf(frame.place);
  const locals = gdb.project
    .localsAt(frame.place)
    .filter((local) => local.isOwn && !local.isParameter);
  const set = locals.filter((local) => local.end <= offset);
  const texts = await gdb.evaluator.formatNames(
    set.map((local) => local.name),
    frame,
    { mode: 'print' },
  );
  return locals.map((local) => {
    const i = set.indexOf(local);
    return `${local.name} = ${i === -1 ? '<uninitialized>' : texts[i]}`;
  });
}

/** `backtrace`. */
async function backtrace({ gdb }: Shell, args: string): Promise<void> {
  if (gdb.frames.length === 0) throw new GdbError('No stack.');
  const isFull = /^-?f(u(l(l)?)?)?\b/.test(args);
  const limit = /-?\d+$/.exec(args)?.[0];
  const rest = args.replace(/^-?f\w*/, '').replace(/-?\d+$/, '');
  if (rest.trim() !== '') throw new GdbError(`No symbol "${rest.trim()}" in current context.`);
  const all = gdb.frames.length;
  let [first, end] = [0, all];
  if (limit !== undefined) {
    if (limit.startsWith('-')) first = Math.max(0, all + Number(limit));
    else end = Math.min(all, Number(limit));
  }
  for (let i = first; i < end; i++) {
    gdb.print(await gdb.describeFrame(i));
    if (!isFull) continue;
    const locals = await localsOf(gdb, i);
    if (locals.length === 0) gdb.print('No locals.');
    for (const line of locals) gdb.print(`        ${line}`);
  }
  if (end < all) gdb.print('(More stack frames follow...)');
}

/** `list`. */
function list({ gdb }: Shell, args: string): void {
  const size = gdb.listSize;
  const show = (file: string, from: number, to: number): void => {
    const { lines } = gdb.project.source(file);
    const total = lines.at(-1) === '' ? lines.length - 1 : lines.length;
    if (from > total) {
      throw new GdbError(`Line number ${from} out of range; "${file}" has ${total} lines.`);
    }
    const [first, last] = [Math.max(1, from), Math.min(total, to)];
    const text = lines.slice(first - 1, last).map((line, i) => `${first + i}\t${line}`);
    gdb.print(text.join('\n'));
    gdb.listed = { file, first, last };
    gdb.listPlace = { file, line: first, column: 0 };
  };
  const around = (file: string, line: number): void => {
    const first = Math.max(1, line - Math.floor(size / 2));
    show(file, first, first + size - 1);
  };
  const { listed } = gdb;
  if (args === '' || args === '+') {
    if (listed) show(listed.file, listed.last + 1, listed.last + size);
    else {
      const [main] = gdb.project.functionsNamed('main');
      const place = gdb.frames[gdb.selected]?.place ?? gdb.listPlace ?? main?.body;
      if (!place) throw new GdbError('No symbol table is loaded.  Use the "file" command.');
      around(place.file, place.line);
    }
    return;
  }
  if (args === '-') {
    const at = listed ?? {
      file: gdb.currentPlace()?.file ?? '',
      first: gdb.currentPlace()?.line ?? 1,
    };
    if (at.first <= 1) throw new GdbError(`Already at the start of ${at.file}.`);
    show(at.file, at.first - size, at.first - 1);
    return;
  }
  const current =
    gdb.listed?.file ?? gdb.currentPlace()?.file ?? gdb.project.findFile('server/server.ts') ?? '';
  const [, from = '', to] = /^([^,]*?)\s*(?:,\s*(.*))?$/.exec(args) ?? [];
  const [start, isFunction] = linesOf(gdb, from, current);
  if (to === undefined) {
    around(start.file, isFunction ? start.line + 3 : start.line);
    return;
  }
  const [end] =
    to === '' ? [{ ...start, line: start.line + size - 1 }] : linesOf(gdb, to, start.file);
  show(start.file, start.line, end.line);
}

/** The line that a location of `list` means, and whether it named a function. */
function linesOf(gdb: Gdb, where: string, file: string): [Place, boolean] {
  if (/^\d+$/.test(where)) return [{ file, line: Number(where), column: 0 }, false];
  const [, name = '', line = ''] = /^(.*):(\d+)$/.exec(where) ?? [];
  const ours = name === '' || /\.[ch]$/.test(name) ? null : gdb.project.findFile(name);
  if (ours !== null) return [{ file: ours, line: Number(line), column: 0 }, false];
  const [place] = gdb.locations.resolve(where, gdb.currentPlace()).places as [Place];
  const fn = gdb.project.functionAt(place);
  return [fn && line === '' ? { ...place, line: fn.line } : place, line === ''];
}

/** `info breakpoints`. */
function infoBreakpoints({ gdb }: Shell): void {
  const all = gdb.breakpoints.all();
  if (all.length === 0) {
    gdb.print('No breakpoints or watchpoints.');
    return;
  }
  gdb.print('Num     Type           Disp Enb C                  What');
  const what = (place: Place): [string, string] => {
    const fn = gdb.project.functionAt(place);
    const c = fn?.c ? `${fn.c.file}:${fn.c.line}` : '';
    return [c, `in ${fn?.name ?? '<module>'} at ${place.file}:${place.line}`];
  };
  for (const b of all) {
    const disposition = b.isTemporary ? 'del' : 'keep';
    const head = `${String(b.number).padEnd(7)} breakpoint     ${disposition.padEnd(4)} ${b.isEnabled ? 'y' : 'n'}   `;
    const [c, text] = b.places.length === 1 ? what(b.places[0]) : ['<MULTIPLE>', ''];
    gdb.print(`${head}${c.padEnd(18)} ${text}`.trimEnd());
    if (b.condition !== null) gdb.print(`\tstop only if ${b.condition}`);
    if (b.hits > 0) {
      gdb.print(`\tbreakpoint already hit ${b.hits} time${b.hits === 1 ? '' : 's'}`);
    }
    if (b.ignore > 0) gdb.print(`\tignore next ${b.ignore} hits`);
    for (const line of b.commands) gdb.print(`        ${line}`);
    if (b.places.length === 1) continue;
    b.places.forEach((place, i) => {
      const [origin, where] = what(place);
      gdb.print(`${`${b.number}.${i + 1}`.padEnd(27)}y   ${origin.padEnd(18)} ${where}`);
    });
  }
}

/** `info frame`. */
async function infoFrame({ gdb }: Shell): Promise<void> {
  const frame = gdb.frame('No stack.');
  const { place, fn } = frame;
  const c = gdb.placeInC(gdb.selected) ?? 'none: this function is our own';
  gdb.print(`Stack level ${gdb.selected}, frame of ${frame.name}:`);
  gdb.print(` file ${place.file}, line ${place.line}; in C: ${c}`);
  if (fn)
    gdb.print(` defined at ${fn.file}:${fn.line}${fn.c ? `, C ${fn.c.file}:${fn.c.line}` : ''}`);
  const caller = gdb.frames[gdb.selected + 1];
  if (caller)
    gdb.print(
      ` called by frame ${gdb.selected + 1}: ${caller.name} at ${caller.place.file}:${caller.place.line}`,
    );
  const callee = gdb.frames[gdb.selected - 1];
  if (callee) gdb.print(` caller of frame ${gdb.selected - 1}: ${callee.name}`);
  gdb.print(' source language typescript.');
  gdb.print(` Arglist: ${await gdb.describeArguments(frame)}`);
}

/** `info functions`. */
function infoFunctions({ gdb }: Shell, args: string): void {
  let pattern: RegExp;
  try {
    pattern = new RegExp(args);
  } catch {
    throw new GdbError(`Invalid regexp: ${args}`);
  }
  gdb.print(
    args === '' ? 'All defined functions:' : `All functions matching regular expression "${args}":`,
  );
  for (const file of gdb.project.files()) {
    const rows: string[] = [];
    gdb.project
      .textOf(file)
      .split('\n')
      .forEach((line, index) => {
        const name = /^(?:export )?function (\w+)/.exec(line)?.[1];
        if (name === undefined || !pattern.test(name)) return;
        rows.push(`${index + 1}:\t${line.replace(/^export /, '').replace(/ ?\{?$/, '')};`);
      });
    if (rows.length > 0) gdb.print(`\nFile ${file}:\n${rows.join('\n')}`);
  }
}

/** `info source`. */
function infoSource({ gdb }: Shell): void {
  const place = gdb.currentPlace();
  if (!place) {
    gdb.print('No current source file.');
    return;
  }
  const { lines, functions } = gdb.project.source(place.file);
  const origins = [...new Set(functions.flatMap((fn) => (fn.c ? [fn.c.file] : [])))];
  gdb.print(`Current source file is ${place.file}`);
  gdb.print(`Compilation directory is ${gdb.project.root}`);
  gdb.print(`Located in ${gdb.project.root}/${place.file}`);
  gdb.print(`Contains ${lines.length - 1} lines.`);
  gdb.print('Source language is typescript.');
  gdb.print(`Compiled into ${gdb.project.scriptOf(place.file)}.`);
  if (origins.length > 0) gdb.print(`Mirrors ${origins.join(', ')} of Redis 7.0.5.`);
}

/** What `info` knows. */
const infos: { name: string; aliases: string[]; help: string; execute: Command['execute'] }[] = [
  {
    name: 'args',
    aliases: [],
    help: 'All argument variables of the selected frame.',
    execute: async ({ gdb }) => {
      const frame = gdb.frame();
      const params = frame.fn?.params ?? [];
      if (params.length === 0) gdb.print('No arguments.');
      const texts = frame.callFrame
        ? await gdb.evaluator.formatNames(params, frame, { mode: 'print' })
        : [];
      params.forEach((name, i) => gdb.print(`${name} = ${texts[i] ?? '...'}`));
    },
  },
  {
    name: 'breakpoints',
    aliases: ['b', 'br', 'break'],
    help: 'Status of all breakpoints.',
    execute: infoBreakpoints,
  },
  {
    name: 'display',
    aliases: [],
    help: 'Expressions that are printed when the program stops.',
    execute: ({ gdb }) => {
      if (gdb.displays.length === 0) {
        gdb.print('There are no auto-display expressions now.');
        return;
      }
      gdb.print('Auto-display expressions now in effect:\nNum Enb Expression');
      for (const { number, isEnabled, format, expression } of gdb.displays) {
        gdb.print(`${number}:   ${isEnabled ? 'y' : 'n'}  ${format}${expression}`);
      }
    },
  },
  {
    name: 'frame',
    aliases: ['f'],
    help: 'All about the selected frame.',
    execute: infoFrame,
  },
  {
    name: 'functions',
    aliases: ['fu', 'fun'],
    help: 'All functions, or those whose names match a regular expression.',
    execute: infoFunctions,
  },
  {
    name: 'line',
    aliases: [],
    help: 'Place of a location in the sources, in C and in the compiled program.',
    execute: ({ gdb }, args) => {
      const { places, note } = gdb.locations.resolve(args, gdb.currentPlace());
      if (note !== undefined) gdb.print(`Note: ${note}`);
      for (const place of places) {
        const fn = gdb.project.functionAt(place);
        const compiled = gdb.project.toCompiled(place);
        const c = fn?.c ? `, C ${fn.c.file}:${fn.c.line}` : '';
        gdb.print(`Line ${place.line} of "${place.file}" is in ${fn?.name ?? '<module>'}${c};`);
        gdb.print(
          ` it runs at ${gdb.project.scriptOf(place.file)}:${compiled?.line}:${compiled?.column}.`,
        );
      }
    },
  },
  {
    name: 'locals',
    aliases: ['lo'],
    help: 'All local variables of the selected frame.',
    execute: async ({ gdb }) => {
      gdb.frame();
      const lines = await localsOf(gdb, gdb.selected);
      gdb.print(lines.length === 0 ? 'No locals.' : lines.join('\n'));
    },
  },
  {
    name: 'program',
    aliases: [],
    help: 'Execution status of the program.',
    execute: ({ gdb }) => {
      const { pid, isOurs } = gdb.running();
      gdb.print(`\tUsing the running image of ${isOurs ? 'child' : 'attached'} process ${pid}.`);
      const top = gdb.frame();
      gdb.print(`Program stopped at ${top.place.file}:${top.place.line}.`);
    },
  },
  {
    name: 'source',
    aliases: ['so'],
    help: 'All about the current source file.',
    execute: infoSource,
  },
  {
    name: 'stack',
    aliases: ['s'],
    help: 'Backtrace of the stack.',
    execute: backtrace,
  },
];

/** `set`. */
async function set(shell: Shell, args: string): Promise<void> {
  const { gdb } = shell;
  const [, name = '', value = ''] = /^(\S+)\s*(.*)$/s.exec(args) ?? [];
  const isOn = (text: string): boolean => text === '' || /^(on|1|yes|enable)$/.test(text);
  if (name === 'args') {
    gdb.args = words(value);
  } else if (/^(var|vari|varia|variab|variabl|variable)$/.test(name)) {
    await assign(gdb, value);
  } else if (name === 'print' || name === 'p') {
    const [, what = '', state = ''] = /^(\S+)\s*(.*)$/.exec(value) ?? [];
    if (what === 'pretty') gdb.evaluator.pretty = isOn(state);
  } else if (name === 'backtrace') {
    const [, what = '', state = ''] = /^(\S+)\s*(.*)$/.exec(value) ?? [];
    if (what !== 'past-main')
      throw new GdbError(`Undefined set backtrace command: "${what}".  Try "help set backtrace".`);
    gdb.pastMain = isOn(state);
    gdb.rebuildFrames();
  } else if (name === 'confirm') {
    gdb.confirm = isOn(value);
  } else if (name === 'listsize') {
    gdb.listSize = count(value);
  } else if (
    /^(pagination|width|height|style|logging|history|debuginfod|disable-randomization)$/.test(name)
  ) {
    // Scripts that were written for gdb set these: there is nothing here that they could change.
  } else if (args === '') {
    throw new GdbError('Argument required (expression to compute).');
  } else {
    await assign(gdb, args);
  }
}

/** An assignment to a variable of the program or, with `$name`, of ours. */
async function assign(gdb: Gdb, text: string): Promise<void> {
  const [, name, expression = ''] = /^\$([A-Za-z_]\w*)\s*=(?!=)\s*(.*)$/s.exec(text) ?? [];
  if (name === undefined) {
    await gdb.evaluate(text, '');
    return;
  }
  const { value } = await gdb.evaluate(expression, '');
  await gdb.evaluator.assign(`$${name}`, value);
}

/** All breakpoints when no number is given, those with the numbers otherwise. */
function chosen(gdb: Gdb, args: string): Breakpoint[] {
  return args === ''
    ? [...gdb.breakpoints.all()]
    : numbers(args).map((number) => gdb.breakpoints.get(number));
}

/** `enable` and `disable`, also for displays. */
async function setEnabled({ gdb }: Shell, args: string, isEnabled: boolean): Promise<void> {
  const [, what, rest = ''] = /^(display|breakpoints?)\b\s*(.*)$/.exec(args) ?? [];
  if (what === 'display') {
    const wanted = rest === '' ? null : numbers(rest);
    for (const display of gdb.displays) {
      if (wanted === null || wanted.includes(display.number)) display.isEnabled = isEnabled;
    }
    return;
  }
  for (const breakpoint of chosen(gdb, what === undefined ? args : rest)) {
    breakpoint.isEnabled = isEnabled;
  }
  if (gdb.inferior) await gdb.breakpoints.sync(gdb.inferior);
}

/** Takes displays away. */
async function undisplay({ gdb }: Shell, args: string): Promise<void> {
  if (args === '') {
    if (gdb.displays.length > 0 && !(await gdb.ask('Delete all auto-display expressions? ')))
      return;
    gdb.displays.length = 0;
    return;
  }
  for (const number of numbers(args)) {
    const index = gdb.displays.findIndex((display) => display.number === number);
    if (index === -1) throw new GdbError('Could not find display number ' + `${number}.`);
    gdb.displays.splice(index, 1);
  }
}

/** Starts the program, after the one that runs was ended. Returns false when the user would rather not. */
async function restart({ gdb }: Shell, args: string): Promise<boolean> {
  if (args !== '') gdb.args = words(args);
  if (gdb.inferior === null) return true;
  const question =
    'The program being debugged has been started already.\nStart it from the beginning? ';
  if (!(await gdb.ask(question))) return false;
  await gdb.end();
  return true;
}

/** `next`, `step`: so many times, unless something else stops the program. */
async function steps({ gdb }: Shell, args: string, motion: 'stepInto' | 'stepOver'): Promise<void> {
  gdb.running();
  await gdb.step(motion, count(args));
}

/** All commands, in the order in which `help` lists them. */
const commands: Command[] = [
  {
    name: 'advance',
    aliases: [],
    help: 'Continue the program up to the given location (same form as args for break command).',
    again: 'same',
    execute: ({ gdb }, args) => {
      gdb.running();
      if (args === '') throw new GdbError('Argument required (a location).');
      return gdb.advance(gdb.locations.resolve(args, gdb.currentPlace()).places);
    },
  },
  {
    name: 'attach',
    aliases: ['at'],
    help: 'Attach to a running server: attach PID.',
    again: 'no',
    execute: async (shell, args) => {
      const { gdb } = shell;
      if (!/^\d+$/.test(args)) {
        throw new GdbError(
          args === ''
            ? 'Argument required (process-id to attach).'
            : `Illegal process-id: ${args}.`,
        );
      }
      if (!(await restart(shell, ''))) return;
      let url: string;
      try {
        url = await openInspector(Number(args));
      } catch (error) {
        throw new GdbError((error as Error).message);
      }
      await gdb.attach(url, Number(args));
    },
  },
  {
    name: 'backtrace',
    aliases: ['bt', 'where'],
    help:
      'Print backtrace of all stack frames, or innermost COUNT frames.\n' +
      'bt N: the innermost N; bt -N: the outermost N; bt full: with local variables.\n' +
      '`set backtrace past-main on` shows the frames below aeMain too.',
    again: 'same',
    execute: backtrace,
  },
  {
    name: 'break',
    aliases: ['b', 'br', 'bre', 'brea'],
    help:
      'Set breakpoint at specified location.\n' +
      'break [LOCATION] [if CONDITION]\n' +
      'LOCATION may be a function (processCommand, aeRunner.turn), a line of a source (server/server.ts:3076),\n' +
      'a line or function of C 7.0.5 (networking.c:2684, server.c:call), or a line of the current file (3076).\n' +
      'In CONDITION, as in any expression, -> is the same as a dot; $_streq(a, b) compares texts and objects.',
    again: 'same',
    execute: (shell, args) => setBreakpoint(shell, args, false),
  },
  {
    name: 'call',
    aliases: [],
    help: 'Call a function in the program: the same as print, but says nothing of a void.',
    again: 'same',
    execute: async (shell, args) => {
      const { gdb } = shell;
      const [format, expression] = splitFormat(args);
      if (expression === '') throw new GdbError('The history is empty.');
      const { text, value } = await gdb.evaluate(expression, format);
      if (value.type !== 'undefined')
        gdb.print(`$${await gdb.evaluator.remember(value)} = ${text}`);
    },
  },
  {
    name: 'commands',
    aliases: [],
    help: 'Set commands to be executed when a breakpoint is hit: commands [N], then a command a line, then end.',
    again: 'no',
    execute: (shell, args) => {
      const { breakpoints } = shell.gdb;
      const target = args === '' ? breakpoints.last() : breakpoints.get(count(args));
      if (!target) throw new GdbError('No breakpoints specified.');
      shell.collect(target);
    },
  },
  {
    name: 'condition',
    aliases: [],
    help: 'Specify breakpoint number N to break only if COND is true: condition N [COND].',
    again: 'no',
    execute: async ({ gdb }, args) => {
      const [, number, expression = ''] = /^(\d+)\s*(.*)$/s.exec(args) ?? [];
      if (number === undefined) throw new GdbError('Argument required (breakpoint number).');
      const breakpoint = gdb.breakpoints.get(Number(number));
      const condition = expression === '' ? null : expression;
      gdb.breakpoints.check(condition, breakpoint.places[0] ?? null);
      breakpoint.condition = condition;
      if (condition === null) gdb.print(`Breakpoint ${number} now unconditional.`);
      if (gdb.inferior) await gdb.breakpoints.sync(gdb.inferior);
    },
  },
  {
    name: 'continue',
    aliases: ['c', 'cont', 'fg'],
    help:
      'Continue program being debugged, after signal or breakpoint.\n' +
      'continue N: the breakpoint at which it stands is ignored N-1 times.',
    again: 'bare',
    execute: async ({ gdb }, args) => {
      gdb.running();
      const times = count(args);
      const place = gdb.frames[0]?.place;
      const here = gdb.breakpoints
        .all()
        .find((b) => b.places.some((p) => p.file === place?.file && p.line === place?.line));
      if (times > 1 && here) {
        here.ignore = times - 1;
        gdb.print(
          `Will ignore next ${times - 1} crossings of breakpoint ${here.number}.  Continuing.`,
        );
      } else gdb.print('Continuing.');
      await gdb.resume();
    },
  },
  {
    name: 'delete',
    aliases: ['d', 'del'],
    help: 'Delete all or some breakpoints: delete [N...]. With "display": displays.',
    again: 'no',
    execute: async (shell, args) => {
      const { gdb } = shell;
      if (/^display\b/.test(args)) return undisplay(shell, args.slice(7).trim());
      const numbered = args.replace(/^breakpoints?\b\s*/, '');
      const doomed = chosen(gdb, numbered);
      const isSure =
        numbered !== '' || doomed.length === 0 || (await gdb.ask('Delete all breakpoints? '));
      if (!isSure) return;
      for (const breakpoint of doomed) gdb.breakpoints.remove(breakpoint);
      if (gdb.inferior) await gdb.breakpoints.sync(gdb.inferior);
    },
  },
  {
    name: 'detach',
    aliases: [],
    help: 'Let the program run on without a debugger.',
    again: 'no',
    execute: ({ gdb }) => gdb.release(),
  },
  {
    name: 'disable',
    aliases: ['dis', 'disa'],
    help: 'Disable some breakpoints: disable [N...].',
    again: 'no',
    execute: (shell, args) => setEnabled(shell, args, false),
  },
  {
    name: 'display',
    aliases: [],
    help: 'Print value of expression EXP each time the program stops: display[/FMT] EXP.',
    again: 'no',
    execute: async ({ gdb }, args) => {
      if (args === '') return gdb.showDisplays();
      const [format, expression] = splitFormat(args);
      const number = (gdb.displays.at(-1)?.number ?? 0) + 1;
      const display = { number, expression, format, isEnabled: true };
      // An expression that makes no sense is refused at once, when there is a frame to try it in.
      if (gdb.frames.length > 0) await gdb.evaluate(expression, format);
      gdb.displays.push(display);
      if (gdb.frames.length > 0) await gdb.showDisplay(display);
    },
  },
  {
    name: 'down',
    aliases: ['dow'],
    help: 'Select and print stack frame called by this one: down [N].',
    again: 'same',
    execute: (shell, args) => moveSelection(shell, -count(args)),
  },
  {
    name: 'echo',
    aliases: [],
    help: 'Print a constant string.',
    again: 'no',
    execute: ({ gdb }, args) => {
      const names: Record<string, string> = { n: '\n', t: '\t', '\\': '\\' };
      const text = args.replace(/\\(.)/g, (all, ch: string) => names[ch] ?? all);
      if (text.endsWith('\n')) gdb.print(text.slice(0, -1));
      else gdb.print(text);
    },
  },
  {
    name: 'enable',
    aliases: ['en'],
    help: 'Enable all or some breakpoints: enable [N...].',
    again: 'no',
    execute: (shell, args) => setEnabled(shell, args, true),
  },
  {
    name: 'finish',
    aliases: ['fin'],
    help: 'Execute until selected stack frame returns, and print the value that it returns.',
    again: 'same',
    execute: ({ gdb }) => {
      gdb.running();
      return gdb.finish();
    },
  },
  {
    name: 'frame',
    aliases: ['f'],
    help: 'Select and print a stack frame: frame [N].',
    again: 'no',
    execute: async (shell, args) => {
      const { gdb } = shell;
      gdb.frame('No stack.');
      if (args !== '') {
        const number = Number(args);
        if (!/^\d+$/.test(args) || number >= gdb.frames.length) {
          throw new GdbError('No frame at level ' + `${args}.`);
        }
        gdb.selected = number;
      }
      await showFrame(shell);
    },
  },
  {
    name: 'help',
    aliases: ['h'],
    help: 'Print list of commands, or what one of them does: help [COMMAND].',
    again: 'no',
    execute: ({ gdb }, args) => {
      const [, word = '', sub = ''] = /^(\S*)\s*(.*)$/.exec(args) ?? [];
      if (word === '') {
        const width = Math.max(...commands.map((command) => command.name.length));
        gdb.print('List of commands:\n');
        for (const { name, help } of commands) {
          gdb.print(`${name.padEnd(width)} -- ${help.split('\n')[0]}`);
        }
        gdb.print('\nType "help" followed by a command name for more. Names may be abbreviated.');
        return;
      }
      const command = find(commands, word, '');
      if (command.name === 'info' && sub !== '') {
        gdb.print(find(infos, sub, 'info ').help);
        return;
      }
      const names = [command.name, ...command.aliases].join(', ');
      gdb.print(`${names}\n${command.help}`);
      if (command.name !== 'info') return;
      gdb.print('');
      for (const info of infos) gdb.print(`info ${info.name} -- ${info.help}`);
    },
  },
  {
    name: 'ignore',
    aliases: [],
    help: 'Set ignore-count of breakpoint number N to COUNT: ignore N COUNT.',
    again: 'no',
    execute: ({ gdb }, args) => {
      const [number, times] = args.split(/\s+/);
      if (!number) throw new GdbError('Argument required (a breakpoint number).');
      if (!times) throw new GdbError('Second argument (specified ignore-count) is missing.');
      const breakpoint = gdb.breakpoints.get(count(number));
      breakpoint.ignore = count(times);
      gdb.print(
        breakpoint.ignore === 0
          ? `Will stop next time breakpoint ${number} is reached.`
          : `Will ignore next ${times} crossings of breakpoint ${number}.`,
      );
    },
  },
  {
    name: 'info',
    aliases: ['i', 'inf'],
    help: 'Generic command for showing things about the program being debugged: info TOPIC.',
    again: 'same',
    execute: (shell, args) => {
      const [, word = '', rest = ''] = /^(\S*)\s*(.*)$/s.exec(args) ?? [];
      if (word === '') {
        shell.gdb.print('List of info subcommands:\n');
        for (const info of infos) shell.gdb.print(`info ${info.name} -- ${info.help}`);
        return;
      }
      return find(infos, word, 'info ').execute(shell, rest);
    },
  },
  {
    name: 'kill',
    aliases: ['k'],
    help: 'Kill execution of program being debugged.',
    again: 'no',
    execute: async ({ gdb }) => {
      const { pid, isOurs } = gdb.running();
      if (!(await gdb.ask('Kill the program being debugged? '))) return;
      if (!isOurs) process.kill(pid, 'SIGKILL');
      await gdb.end();
      gdb.print(`[Inferior 1 (process ${pid}) killed]`);
    },
  },
  {
    name: 'list',
    aliases: ['l'],
    help:
      'List specified function or line.\n' +
      'list: ten lines around the current one, then the ten after; list -: the ten before.\n' +
      'list N, list FUNCTION, list FILE:N: around that; list N,M: from N to M.',
    again: 'bare',
    execute: list,
  },
  {
    name: 'next',
    aliases: ['n'],
    help: 'Step program, proceeding through subroutine calls: next [N].',
    again: 'same',
    execute: (shell, args) => steps(shell, args, 'stepOver'),
  },
  {
    name: 'print',
    aliases: ['p', 'inspect'],
    help:
      'Print value of expression EXP: print[/FMT] EXP.\n' +
      'EXP is C or JavaScript: c->argv[1]->ptr, *c, *c->argv@c->argc, server.port, objPtrString(key), $1.\n' +
      'FMT is x (hexadecimal), d, o, t (binary) or c.',
    again: 'same',
    execute: printValue,
  },
  {
    name: 'quit',
    aliases: ['q', 'exit'],
    help: 'Exit. A program that was started here is killed, one that was attached to runs on.',
    again: 'no',
    execute: async ({ gdb }) => {
      if (gdb.inferior) {
        const fate = gdb.inferior.isOurs ? 'killed' : 'detached';
        const question = `A debugging session is active.\n\n\tInferior 1 [process ${gdb.inferior.pid}] will be ${fate}.\n\nQuit anyway? `;
        if (!(await gdb.ask(question))) return;
      }
      await gdb.end();
      gdb.isOver = true;
    },
  },
  {
    name: 'run',
    aliases: ['r'],
    help: 'Start debugged program: run [OPTIONS OF THE SERVER]. Without any, those of the last time.',
    again: 'no',
    execute: async (shell, args) => {
      if (await restart(shell, args)) await shell.gdb.run();
    },
  },
  {
    name: 'set',
    aliases: [],
    help:
      'Evaluate expression EXP and assign result to variable VAR: set var VAR = EXP; set $name = EXP.\n' +
      'set args ...: options of the server. set print pretty on: a field a line.\n' +
      'set backtrace past-main on, set listsize N, set confirm off.',
    again: 'no',
    execute: set,
  },
  {
    name: 'show',
    aliases: [],
    help: 'Show a setting: show args, show listsize, show version.',
    again: 'no',
    execute: ({ gdb }, args) => {
      switch (args) {
        case 'args':
          gdb.print(
            `Argument list to give program being debugged when it is started is "${gdb.args.map(quoteWord).join(' ')}".`,
          );
          break;
        case 'listsize':
          gdb.print(`Number of source lines gdb will list by default is ${gdb.listSize}.`);
          break;
        case 'version':
          gdb.print(`redis-gdb, over the inspector of Node ${process.version}`);
          break;
        default:
          throw new GdbError(`Undefined show command: "${args}".  Try "help show".`);
      }
    },
  },
  {
    name: 'source',
    aliases: [],
    help: 'Read commands from a file named FILE.',
    again: 'no',
    execute: (shell, args) => shell.source(args),
  },
  {
    name: 'start',
    aliases: [],
    help: 'Start the debugged program stopping at the beginning of the main procedure.',
    again: 'no',
    execute: async (shell, args) => {
      if (!(await restart(shell, args))) return;
      await setBreakpoint(shell, 'server/server.ts:main', true);
      await shell.gdb.run();
    },
  },
  {
    name: 'step',
    aliases: ['s'],
    help: 'Step program until it reaches a different source line, into functions of the program: step [N].',
    again: 'same',
    execute: (shell, args) => steps(shell, args, 'stepInto'),
  },
  {
    name: 'target',
    aliases: [],
    help: 'Attach to an inspector that is open already: target remote [HOST:]PORT.',
    again: 'no',
    execute: async (shell, args) => {
      const [, host = '127.0.0.1', port] = /^remote\s+(?:(\S+):)?(\d+)$/.exec(args) ?? [];
      if (port === undefined) throw new GdbError('Argument required: target remote [HOST:]PORT.');
      if (!(await restart(shell, ''))) return;
      const url = await inspectorAt(host, Number(port));
      if (url === null) throw new GdbError(`${host}:${port}: Connection refused.`);
      await shell.gdb.attach(url, 0);
    },
  },
  {
    name: 'tbreak',
    aliases: ['tb'],
    help: 'Set a temporary breakpoint: it is deleted when it is hit.',
    again: 'same',
    execute: (shell, args) => setBreakpoint(shell, args, true),
  },
  {
    name: 'undisplay',
    aliases: [],
    help: 'Cancel some expressions to be displayed when program stops: undisplay [N...].',
    again: 'no',
    execute: undisplay,
  },
  {
    name: 'until',
    aliases: ['u'],
    help: 'Execute past the current line, not back in a loop: until; or up to a location: until LOCATION.',
    again: 'same',
    execute: async ({ gdb }, args) => {
      gdb.running();
      if (args !== '') await gdb.advance(gdb.locations.resolve(args, gdb.currentPlace()).places);
      else await gdb.step('stepOver', 1, true);
    },
  },
  {
    name: 'up',
    aliases: [],
    help: 'Select and print stack frame that called this one: up [N].',
    again: 'same',
    execute: (shell, args) => moveSelection(shell, count(args)),
  },
];
