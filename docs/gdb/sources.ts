/**
 * What the debugger knows of the program before it runs: its sources.
 *
 * A file is parsed when somebody first asks for it. From the tree come the functions with their
 * parameters and `@c` tags, the places where V8 can stop (beginnings of statements), the names that are
 * visible at a place, and where an imported name comes from. The map beside the compiled file carries
 * places over to the JavaScript that runs, and back.
 *
 *     server/server.ts 3076:2  <──  dist/server/server.js.map  ──>  dist/server/server.js 1912:4
 *
 * Lines count from 1 and columns from 0, in the sources and in the compiled files alike.
 *
 * Who calls in: everything else in this folder. Whom it calls: TypeScript, `@jridgewell/trace-mapping`.
 */
import {
  LEAST_UPPER_BOUND,
  TraceMap,
  generatedPositionFor,
  originalPositionFor,
} from '@jridgewell/trace-mapping';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';

/** A place in a file: line from 1, column from 0. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

/** Where a function comes from in C. */
export interface COrigin {
  file: string;
  line: number;
  name: string;
}

/** A function, method or arrow function of a source file. */
export interface SourceFunction {
  file: string;
  /** As one would name it: `processCommand`, `aeRunner.turn`; `<anonymous>` for a function without a name. */
  name: string;
  params: string[];
  /** Line of the declaration. */
  line: number;
  /** Offsets of the whole function in the text. */
  start: number;
  end: number;
  /** Where its first statement begins; the closing brace when there is none. */
  body: Place;
  /** The first line of its declaration, as it is written. */
  signature: string;
  /** Its origin, from the tag `@c`; null when it has none in C. */
  c: COrigin | null;
  node: ts.FunctionLikeDeclaration;
}

/** A name that is declared in a function, and where its declaration ends in the text. */
export interface LocalName {
  name: string;
  end: number;
  isParameter: boolean;
  /** Declared in the innermost function, not in one around it. */
  isOwn: boolean;
}

/** A parsed file. */
export interface SourceFile {
  file: string;
  text: string;
  lines: string[];
  tree: ts.SourceFile;
  /** All functions, nested ones too, in the order in which they begin. */
  functions: SourceFunction[];
  /** Local names of imports: the file and the name there. */
  imports: Map<string, { file: string; name: string }>;
  /** Names declared at module level; true for those that are exported. */
  names: Map<string, boolean>;
}

/** What a look at all texts yields. */
interface Index {
  names: Map<string, Set<string>>;
  origins: Map<string, string>;
}

/** Whether `node` is a function with a body that can be stopped in. */
function isFunctionWithBody(node: ts.Node): node is ts.FunctionLikeDeclaration {
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;
}

/** The name that a reader would give the function. */
function nameOf(node: ts.FunctionLikeDeclaration, tree: ts.SourceFile): string {
  let name = node.name?.getText(tree) ?? '';
  let host: ts.Node = node.parent;
  if (ts.isConstructorDeclaration(node)) name = 'constructor';
  if (name === '' && (ts.isVariableDeclaration(host) || ts.isPropertyAssignment(host))) {
    name = host.name.getText(tree);
  }
  if (name === '' && ts.isPropertyDeclaration(host)) {
    name = host.name.getText(tree);
    host = host.parent;
  }
  if (name === '') return '<anonymous>';
  return ts.isClassDeclaration(host) ? `${host.name?.text ?? ''}.${name}` : name;
}

/** Reads the tag `@c file.c:line [name]` out of the comments before `node`. */
function originOf(node: ts.Node, tree: ts.SourceFile, name: string): COrigin | null {
  const host = ts.isVariableDeclaration(node.parent) ? node.parent.parent.parent : node;
  const comment = ts.getJSDocCommentsAndTags(host).at(-1)?.getText(tree) ?? '';
  const match = /@c ([\w./-]+\.[ch]):(\d+)(?:[ \t]+([A-Za-z_]\w*))?/.exec(comment);
  if (match === null) return null;
  const [, file = '', line = '', cName = name.split('.').at(-1) ?? name] = match;
  return { file, line: Number(line), name: cName };
}

/** Names that a declaration binds: one, or those of a pattern. */
function namesOf(binding: ts.BindingName): string[] {
  if (ts.isIdentifier(binding)) return [binding.text];
  return binding.elements.flatMap((element) =>
    ts.isOmittedExpression(element) ? [] : namesOf(element.name),
  );
}

/** The sources of the program, and the compiled files that belong to them. */
export class Project {
  /** The folder of the project. */
  readonly root: string;
  /** The folder of the compiled program. */
  readonly dist: string;
  readonly #texts = new Map<string, string>();
  readonly #parsed = new Map<string, SourceFile>();
  readonly #maps = new Map<string, TraceMap | null>();
  #files: string[] | null = null;
  #indexed: Index | null = null;
  /** When the program that this tells of was built. */
  #built = 0;

  constructor(root: string) {
    this.root = root;
    this.dist = join(root, 'dist');
    this.refresh();
  }

  /** Paths of all sources, relative to the project, sorted: what the build compiles. */
  files(): string[] {
    if (this.#files === null) {
      const config = readFileSync(join(this.root, 'tsconfig.build.json'), 'utf8');
      const rooms = (JSON.parse(config) as { include: string[] }).include;
      this.#files = rooms
        .filter((room) => existsSync(join(this.root, room)))
        .flatMap((room) =>
          readdirSync(join(this.root, room), { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile() && /(?<!\.d)\.ts$/.test(entry.name))
            .map((entry) => relative(this.root, join(entry.parentPath, entry.name))),
        )
        .sort();
    }
    return this.#files;
  }

  /** The file that `name` means: a path, the end of one, or without `.ts`. Null: there is none. */
  findFile(name: string): string | null {
    const files = this.files();
    const wanted = name.endsWith('.ts') ? name : `${name}.ts`;
    return (
      files.find((file) => file === wanted) ??
      files.find((file) => file.endsWith(`/${wanted}`)) ??
      null
    );
  }

  /** The text of a file without parsing it. */
  textOf(file: string): string {
    let text = this.#texts.get(file);
    if (text === undefined) {
      text = readFileSync(join(this.root, file), 'utf8');
      this.#texts.set(file, text);
    }
    return text;
  }

  /** A file, parsed. */
  source(file: string): SourceFile {
    let source = this.#parsed.get(file);
    if (source === undefined) {
      source = parse(file, this.textOf(file));
      this.#parsed.set(file, source);
    }
    return source;
  }

  /** True when a file was changed after it had been compiled. */
  isStale(file: string): boolean {
    const script = this.scriptOf(file);
    if (!existsSync(script)) return true;
    // An incremental build leaves files alone whose output would be the same: its stamp tells when it ran.
    const stamp = join(this.dist, '.stamp');
    const built = Math.max(
      statSync(script).mtimeMs,
      existsSync(stamp) ? statSync(stamp).mtimeMs : 0,
    );
    return statSync(join(this.root, file)).mtimeMs > built;
  }

  /** All functions called `name` (`f`, `Class.method`, or the name that it has in C). */
  functionsNamed(name: string): SourceFunction[] {
    const wanted = name.replace('::', '.');
    const last = wanted.split('.').at(-1) ?? wanted;
    const found: SourceFunction[] = [];
    for (const file of this.#index().names.get(last) ?? []) {
      for (const fn of this.source(file).functions) {
        if (fn.name === wanted || fn.c?.name === wanted) found.push(fn);
      }
    }
    // Our own name goes before the one in C.
    const exact = found.filter((fn) => fn.name === wanted);
    return exact.length > 0 ? exact : found;
  }

  /** The function that mirrors the C function which starts at `file:line`; null when there is none. */
  functionOfOrigin(file: string, line: number): SourceFunction | null {
    const ours = this.#index().origins.get(`${file}:${line}`);
    if (ours === undefined) return null;
    const functions = this.source(ours).functions;
    return functions.find((fn) => fn.c?.file === file && fn.c.line === line) ?? null;
  }

  /** Which files may declare a function of a name, and which carries the tag of a place in C. */
  #index(): Index {
    if (this.#indexed === null) {
      const names = new Map<string, Set<string>>();
      const origins = new Map<string, string>();
      // Functions, methods, members and variables that may hold a function; and names that C has.
      const pattern =
        /\bfunction (\w+)|\b(?:const|let) (\w+)|^[ \t]+(?:[a-z]+ )*#?(\w+)(?= = |: |\()|@c ([\w./-]+:\d+)(?:[ \t]+([A-Za-z_]\w*))?/gm;
      for (const file of this.files()) {
        for (const [, fn, variable, member, origin, cName] of this.textOf(file).matchAll(pattern)) {
          if (origin !== undefined) origins.set(origin, file);
          const name = fn ?? variable ?? member ?? cName;
          if (name === undefined) continue;
          const files = names.get(name);
          if (files) files.add(file);
          else names.set(name, new Set([file]));
        }
      }
      this.#indexed = { names, origins };
    }
    return this.#indexed;
  }

  /** The innermost function around a place; null at module level. */
  functionAt({ file, line, column }: Place): SourceFunction | null {
    const { tree, functions, lines } = this.source(file);
    if (line > lines.length) return null;
    const offset = tree.getPositionOfLineAndCharacter(line - 1, 0) + column;
    let innermost: SourceFunction | null = null;
    for (const fn of functions) {
      if (fn.start > offset) break;
      if (offset < fn.end) innermost = fn;
    }
    return innermost;
  }

  /**
   * Where the program stops for a breakpoint on `line`: the first statement that begins on that line or,
   * as in gdb, on a later one. Null behind the last one.
   */
  statementFrom(file: string, line: number): Place | null {
    const { tree } = this.source(file);
    let best = Infinity;
    const offer = (at: number): void => {
      if (at < best && tree.getLineAndCharacterOfPosition(at).line + 1 >= line) best = at;
    };
    const visit = (node: ts.Node): void => {
      if (tree.getLineAndCharacterOfPosition(node.end).line + 1 < line) return;
      if (isStop(node)) offer(node.getStart(tree));
      if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) {
        offer(node.body.getStart(tree));
      }
      if (isFunctionWithBody(node) && node.body && ts.isBlock(node.body)) {
        const last = node.body.statements.at(-1);
        if (last === undefined || !leaves(last)) offer(node.body.end - 1);
      }
      ts.forEachChild(node, visit);
    };
    visit(tree);
    if (best === Infinity) return null;
    const place = tree.getLineAndCharacterOfPosition(best);
    return { file, line: place.line + 1, column: place.character };
  }

  /** Names declared in the functions and blocks around a place, the innermost first. */
  localsAt(place: Place): LocalName[] {
    const { tree } = this.source(place.file);
    const offset = tree.getPositionOfLineAndCharacter(place.line - 1, 0) + place.column;
    const locals: LocalName[] = [];
    const seen = new Set<string>();
    let isOwn = true;
    const add = (binding: ts.BindingName, end: number, isParameter: boolean): void => {
      for (const name of namesOf(binding)) {
        if (seen.has(name)) continue;
        seen.add(name);
        locals.push({ name, end, isParameter, isOwn });
      }
    };
    const addList = (list: ts.VariableDeclarationList): void => {
      for (const declaration of list.declarations) add(declaration.name, declaration.end, false);
    };
    let node: ts.Node = deepest(tree, offset);
    for (; !ts.isSourceFile(node); node = node.parent) {
      const statements = ts.isBlock(node)
        ? node.statements
        : ts.isCaseBlock(node)
          ? node.clauses.flatMap((clause) => [...clause.statements])
          : [];
      for (const statement of statements) {
        if (ts.isVariableStatement(statement)) addList(statement.declarationList);
      }
      if (
        (ts.isForStatement(node) || ts.isForOfStatement(node) || ts.isForInStatement(node)) &&
        node.initializer !== undefined &&
        ts.isVariableDeclarationList(node.initializer)
      ) {
        addList(node.initializer);
      }
      if (ts.isCatchClause(node) && node.variableDeclaration) {
        add(node.variableDeclaration.name, node.variableDeclaration.end, false);
      }
      if (isFunctionWithBody(node)) {
        for (const parameter of node.parameters) add(parameter.name, parameter.end, true);
        isOwn = false;
      }
    }
    return locals;
  }

  /** The offset of a place in the text of its file. */
  offsetOf({ file, line, column }: Place): number {
    return this.source(file).tree.getPositionOfLineAndCharacter(line - 1, 0) + column;
  }

  /**
   * Where the name `name`, used in `file`, comes from: the file that exports it and its name there.
   * What `file` neither declares nor imports is looked for in the whole program, so that a name can be
   * used anywhere, as in gdb. Null: nobody exports such a name.
   */
  exporterOf(name: string, file: string | null): { file: string; name: string } | null {
    if (file !== null) {
      const source = this.source(file);
      const isExported = source.names.get(name);
      if (isExported !== undefined) return isExported ? { file, name } : null;
      const imported = source.imports.get(name);
      if (imported !== undefined) return imported;
    }
    const declaration = new RegExp(
      `^export (?:declare )?(?:abstract )?(?:function|const|let|class) ${name.replace(/\$/g, '\\$&')}\\b`,
      'm',
    );
    for (const other of this.files()) {
      if (declaration.test(this.textOf(other))) return { file: other, name };
    }
    return null;
  }

  /** Names of all functions at module level and of all methods, for completion: without parsing. */
  functionNames(): string[] {
    const names = new Set<string>();
    for (const file of this.files()) {
      for (const match of this.textOf(file).matchAll(/^(?:export )?function (\w+)/gm)) {
        names.add(match[1] ?? '');
      }
    }
    return [...names].sort();
  }

  /** The compiled file of a source. */
  scriptOf(file: string): string {
    return join(this.dist, file.replace(/\.ts$/, '.js'));
  }

  /** The address under which the program loads that source. */
  urlOf(file: string): string {
    return pathToFileURL(this.scriptOf(file)).href;
  }

  /** The source of a script, by its address; null for what is not of the project. */
  fileOfUrl(url: string): string | null {
    if (!url.startsWith('file://')) return null;
    const script = fileURLToPath(url);
    if (!script.startsWith(`${this.dist}/`) || !script.endsWith('.js')) return null;
    const file = `${script.slice(this.dist.length + 1, -3)}.ts`;
    return this.#mapOf(file) === null ? null : file;
  }

  /** Carries a place over to the compiled file; null when no code came of it. */
  toCompiled(place: Place): { line: number; column: number } | null {
    const map = this.#mapOf(place.file);
    if (map === null) return null;
    const source = map.sources[0] ?? '';
    const wanted = { source, line: place.line, column: place.column };
    let found = generatedPositionFor(map, wanted);
    if (found.line === null) {
      found = generatedPositionFor(map, { ...wanted, bias: LEAST_UPPER_BOUND });
    }
    return found.line === null ? null : { line: found.line, column: found.column };
  }

  /** Carries a place of a compiled file back to its source. */
  toSource(file: string, line: number, column: number): Place | null {
    const map = this.#mapOf(file);
    const place = map && originalPositionFor(map, { line, column });
    if (!place || place.line === null) return null;
    return { file, line: place.line, column: place.column };
  }

  #mapOf(file: string): TraceMap | null {
    let map = this.#maps.get(file);
    if (map === undefined) {
      const path = `${this.scriptOf(file)}.map`;
      map = existsSync(path) ? new TraceMap(readFileSync(path, 'utf8')) : null;
      this.#maps.set(file, map);
    }
    return map;
  }

  /** Forgets what was read when the program has been built anew. */
  refresh(): void {
    const stamp = join(this.dist, '.stamp');
    const built = existsSync(stamp) ? statSync(stamp).mtimeMs : 0;
    if (built === this.#built) return;
    this.#built = built;
    this.#texts.clear();
    this.#parsed.clear();
    this.#maps.clear();
    this.#files = null;
    this.#indexed = null;
  }
}

/** Whether a debugger can stop where this node begins. */
function isStop(node: ts.Node): boolean {
  if (ts.isVariableStatement(node)) {
    return node.declarationList.declarations.some((d) => d.initializer !== undefined);
  }
  return (
    ts.isExpressionStatement(node) ||
    ts.isIfStatement(node) ||
    ts.isIterationStatement(node, false) ||
    ts.isSwitchStatement(node) ||
    ts.isReturnStatement(node) ||
    ts.isThrowStatement(node) ||
    ts.isBreakOrContinueStatement(node)
  );
}

/** Whether no code runs behind this statement, so that the closing brace is never reached. */
function leaves(statement: ts.Statement): boolean {
  return ts.isReturnStatement(statement) || ts.isThrowStatement(statement);
}

/** The smallest node around an offset. */
function deepest(tree: ts.SourceFile, offset: number): ts.Node {
  let node: ts.Node = tree;
  for (;;) {
    const child: ts.Node | undefined = ts.forEachChild(node, (candidate) =>
      candidate.getStart(tree) <= offset && offset < candidate.end ? candidate : undefined,
    );
    if (child === undefined) return node;
    node = child;
  }
}

/** Parses one file. */
function parse(file: string, text: string): SourceFile {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const lines = text.split('\n');
  const functions: SourceFunction[] = [];
  const imports = new Map<string, { file: string; name: string }>();
  const names = new Map<string, boolean>();

  const visit = (node: ts.Node): void => {
    if (isFunctionWithBody(node)) functions.push(describe(node, file, tree, lines));
    ts.forEachChild(node, visit);
  };
  visit(tree);

  for (const statement of tree.statements) {
    if (ts.isImportDeclaration(statement)) {
      const from = (statement.moduleSpecifier as ts.StringLiteral).text;
      const bindings = statement.importClause?.namedBindings;
      if (!from.startsWith('.') || bindings === undefined || !ts.isNamedImports(bindings)) continue;
      for (const { name, propertyName } of bindings.elements) {
        imports.set(name.text, {
          file: join(dirname(file), from),
          name: (propertyName ?? name).text,
        });
      }
      continue;
    }
    const isExported =
      ts.canHaveModifiers(statement) &&
      (ts.getModifiers(statement) ?? []).some((m) => m.kind === ts.SyntaxKind.ExportKeyword);
    if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations) {
        for (const bound of namesOf(name)) names.set(bound, isExported);
      }
    } else if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
      if (statement.name) names.set(statement.name.text, isExported);
    }
  }
  return { file, text, lines, tree, functions, imports, names };
}

/** Collects what is told of one function. */
function describe(
  node: ts.FunctionLikeDeclaration,
  file: string,
  tree: ts.SourceFile,
  lines: string[],
): SourceFunction {
  const name = nameOf(node, tree);
  const start = node.getStart(tree);
  const line = tree.getLineAndCharacterOfPosition(start).line + 1;
  const body = node.body;
  const first = body && ts.isBlock(body) ? body.statements[0] : body;
  const at = first ? first.getStart(tree) : node.end - 1;
  const place = tree.getLineAndCharacterOfPosition(at);
  return {
    file,
    name,
    params: node.parameters.flatMap((parameter) => namesOf(parameter.name)),
    line,
    start,
    end: node.end,
    body: { file, line: place.line + 1, column: place.character },
    signature: (lines[line - 1] ?? basename(file)).trim(),
    c: originOf(node, tree, name),
    node,
  };
}
