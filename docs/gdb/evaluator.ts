/**
 * Evaluates expressions in the program, and prints what they yield.
 *
 * V8 evaluates in a frame with the names that the compiled code has there. An imported name does not
 * exist under its own name in compiled code, so it is replaced by a way to it that works everywhere:
 *
 *     server.port    ->    modules["<dist>/server/server.h.js"].exports.server.port
 *
 * Values that were printed are kept for `$1`, `$2`, ...: numbers and strings here, objects in the program,
 * under a symbol that the program itself never asks for.
 *
 * Who calls in: gdb.ts. Whom it calls: expressions.ts, values.ts, the inspector.
 */
import type { Runtime } from 'node:inspector';
import { runInNewContext } from 'node:vm';
import { GdbError } from './errors.ts';
import { translate, type Translated } from './expressions.ts';
import type { Frame } from './frames.ts';
import type { Inferior } from './inferior.ts';
import type { Place, Project } from './sources.ts';
import { formatValues, type FormatOptions } from './values.ts';

/** The part of the program's globals where kept objects lie. */
const keep = "globalThis[Symbol.for('redis-gdb')]";

/** A value that has a number or a name. */
interface Kept {
  /** JavaScript that yields it. */
  code: string;
  /** The process in which an object lives; null for a value without identity. */
  inferior: Inferior | null;
}

/** Evaluates and prints. */
export class Evaluator {
  readonly #project: Project;
  readonly #history: Kept[] = [];
  readonly #variables = new Map<string, Kept>();
  /** The process that is debugged now; null: there is none. */
  inferior: Inferior | null = null;
  /** `set print pretty`. */
  pretty = false;

  constructor(project: Project) {
    this.#project = project;
  }

  /** Number of values in the history. */
  get historyLength(): number {
    return this.#history.length;
  }

  /** Makes JavaScript of an expression as it is to be understood at `place`. */
  translate(expression: string, place: Place | null): Translated {
    return translate(expression, {
      identifier: (name) => this.#identifier(name, place),
      history: (name) => this.#fromHistory(name),
    });
  }

  /**
   * Evaluates an expression in a frame, or outside of all when `frame` is null or cannot be evaluated in.
   * Throws a {@link GdbError} in gdb's words.
   */
  async evaluate(
    expression: string,
    frame: Frame | null,
  ): Promise<{ value: Runtime.RemoteObject; isDereferenced: boolean }> {
    const { code, isDereferenced } = this.translate(expression, frame?.place ?? null);
    if (code === '') throw new GdbError('Argument required (expression to compute).');
    const value = await this.#run(code, frame);
    const member = /^(.*[\w\])])\.([A-Za-z_]\w*)$/s.exec(code);
    if (value.type === 'undefined' && member !== null) {
      const [, object = '', name = ''] = member;
      const known = await this.#run(`${JSON.stringify(name)} in Object(${object})`, frame);
      if (known.value === false) throw new GdbError(`There is no member named ${name}.`);
    }
    return { value, isDereferenced };
  }

  /** Runs JavaScript in a frame. */
  async #run(code: string, frame: Frame | null, byValue = false): Promise<Runtime.RemoteObject> {
    if (this.inferior === null) return evaluateConstant(code);
    const client = this.inferior.client;
    const options = { expression: code, objectGroup: 'gdb', returnByValue: byValue, silent: true };
    const callFrameId = frame?.callFrame?.callFrameId;
    const { result, exceptionDetails } =
      callFrameId === undefined
        ? await client.call('Runtime.evaluate', options)
        : await client.call('Debugger.evaluateOnCallFrame', { ...options, callFrameId });
    if (exceptionDetails) {
      const thrown = exceptionDetails.exception;
      throw new GdbError(inWordsOfGdb(thrown?.description ?? String(thrown?.value)));
    }
    return result;
  }

  /** Prints a value that an evaluation yielded. */
  async format(value: Runtime.RemoteObject, options: FormatOptions): Promise<string> {
    const full = { ...options, pretty: this.pretty, dist: this.#project.dist };
    if (value.objectId === undefined || this.inferior === null) {
      return formatValues([primitiveOf(value)], full)[0] ?? '';
    }
    const { result } = await this.inferior.client.call('Runtime.callFunctionOn', {
      objectId: value.objectId,
      functionDeclaration: `function (options) { return (${formatValues.toString()})([this], options)[0]; }`,
      arguments: [{ value: full }],
      returnByValue: true,
      silent: true,
    });
    return String(result.value);
  }

  /** The values of several names of a frame, as text. A name that V8 has put away is `<optimized out>`. */
  async formatNames(names: string[], frame: Frame, options: FormatOptions): Promise<string[]> {
    if (names.length === 0) return [];
    const full = JSON.stringify({ ...options, dist: this.#project.dist });
    const print = formatValues.toString();
    try {
      const all = await this.#run(`(${print})([${names.join(', ')}], ${full})`, frame, true);
      if (Array.isArray(all.value)) return all.value as string[];
    } catch (error) {
      if (!(error instanceof GdbError)) throw error;
    }
    const texts: string[] = [];
    for (const name of names) {
      try {
        const one = await this.#run(`(${print})([${name}], ${full})`, frame, true);
        texts.push((one.value as string[])[0] ?? '');
      } catch (error) {
        if (!(error instanceof GdbError)) throw error;
        texts.push('<optimized out>');
      }
    }
    return texts;
  }

  /** Keeps a value as the next `$N`, and returns N. */
  async remember(value: Runtime.RemoteObject): Promise<number> {
    this.#history.push(await this.#keep(value, String(this.#history.length + 1)));
    return this.#history.length;
  }

  /** Keeps a value under a name: `set $name = ...`. */
  async assign(name: string, value: Runtime.RemoteObject): Promise<void> {
    this.#variables.set(name, await this.#keep(value, name));
  }

  /** Names of the members of what an expression yields, for completion; none when it cannot be evaluated. */
  async memberNames(expression: string, frame: Frame | null): Promise<string[]> {
    try {
      const { code } = this.translate(expression, frame?.place ?? null);
      const names = await this.#run(`Object.keys(Object(${code}))`, frame, true);
      return names.value as string[];
    } catch {
      return [];
    }
  }

  /** Takes back what was left in the program. */
  async forget(): Promise<void> {
    await this.#run(`delete ${keep}`, null).catch(() => undefined);
  }

  async #keep(value: Runtime.RemoteObject, key: string): Promise<Kept> {
    if (value.objectId === undefined || this.inferior === null) {
      return { code: literal(value), inferior: null };
    }
    await this.inferior.client.call('Runtime.callFunctionOn', {
      objectId: value.objectId,
      functionDeclaration: `function (key) { (${keep} ??= {})[key] = this; }`,
      arguments: [{ value: key }],
    });
    return { code: `${keep}[${JSON.stringify(key)}]`, inferior: this.inferior };
  }

  #fromHistory(name: string): string {
    let kept: Kept | undefined;
    if (/^\$\$?\d*$/.test(name)) {
      const number = name.replace(/^\$+/, '');
      const last = this.#history.length;
      let index = Number(number);
      if (name.startsWith('$$')) index = last - (number === '' ? 1 : index);
      else if (number === '') index = last;
      // Without any values `$` is void, which is our undefined.
      if (last === 0 && number === '') return 'undefined';
      kept = this.#history[index - 1];
      if (kept === undefined) throw new GdbError(`History has not yet reached $${index}.`);
    } else if (name === '$_streq') {
      // Text of robj, sds and strings alike, so that conditions can compare keys.
      const text =
        "(v) => { while (v && typeof v === 'object' && 'ptr' in v) v = v.ptr; " +
        "return v && v.buf ? Buffer.from(v.buf).toString('latin1', 0, v.len) : String(v); }";
      return `((a, b) => ((text) => text(a) === text(b))(${text}))`;
    } else {
      kept = this.#variables.get(name);
      if (kept === undefined) return 'undefined';
    }
    if (kept.inferior !== null && kept.inferior !== this.inferior) {
      throw new GdbError(`The value of ${name} ended with its process.`);
    }
    return kept.code;
  }

  #identifier(name: string, place: Place | null): string {
    if (place !== null && this.#project.localsAt(place).some((local) => local.name === name)) {
      return name;
    }
    const exporter = this.#project.exporterOf(name, place?.file ?? null);
    if (exporter === null || this.inferior === null) return name;
    const path = JSON.stringify(this.#project.scriptOf(exporter.file));
    return `process.getBuiltinModule('node:module')._cache[${path}].exports.${exporter.name}`;
  }
}

/** The value of a remote object that is no object. */
function primitiveOf(value: Runtime.RemoteObject): unknown {
  const special = value.unserializableValue;
  if (special === undefined) return value.subtype === 'null' ? null : (value.value as unknown);
  return special.endsWith('n') ? BigInt(special.slice(0, -1)) : Number(special);
}

/** The value of a remote object that is no object, as JavaScript. */
function literal(value: Runtime.RemoteObject): string {
  if (value.unserializableValue !== undefined) return `(${value.unserializableValue})`;
  if (value.subtype === 'null') return 'null';
  return value.type === 'undefined' ? 'undefined' : JSON.stringify(value.value);
}

/** Without a process one can still calculate. */
function evaluateConstant(code: string): Runtime.RemoteObject {
  if (/[A-Za-z_]\w*/.test(code.replace(/"(?:[^"\\]|\\.)*"|0[xX][\da-fA-F]+/g, ''))) {
    const name = /[A-Za-z_]\w*/.exec(code)?.[0] ?? code;
    throw new GdbError(
      name === 'undefined' || name === 'null'
        ? 'The history is empty.'
        : `No symbol "${name}" in current context.`,
    );
  }
  try {
    const value: unknown = runInNewContext(code);
    return { type: typeof value, value };
  } catch {
    throw new GdbError(`A syntax error in expression, near \`${code}'.`);
  }
}

/** What V8 says of an expression, as gdb would say it. */
function inWordsOfGdb(description: string): string {
  const first = description.split('\n')[0] ?? '';
  const [, name] = /^ReferenceError: (\S+) is not defined/.exec(first) ?? [];
  if (name !== undefined) return `No symbol "${name}" in current context.`;
  if (/^TypeError: Cannot (read|set) properties of (null|undefined)/.test(first)) {
    return 'Cannot access memory at address 0x0';
  }
  if (first.startsWith('SyntaxError: ')) {
    return `A syntax error in expression: ${first.slice('SyntaxError: '.length)}.`;
  }
  return first.replace(/^Uncaught /, '');
}
