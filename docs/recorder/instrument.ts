/**
 * Compiles an instrumented copy of the project's core, for recording runs only. It stands in a folder of its own,
 * as JavaScript; the sources and dist/ know nothing of it, and both copies can be loaded into one process.
 *
 *     node_modules/.cache/traced/<room>/<module>.js     with entry, result and call lines noted (probe.ts)
 *     node_modules/.cache/traced/posix/*.js             as it is: the operating system is no part of a stack
 *
 * Buffers that would be left as they come are filled with zeros.
 *
 * What is instrumented: every function that stands at the top of a module. A function within it has no frame of its own, and the calls
 * that it makes belong to whoever runs it: to the function around it with their own lines, to anybody else with the line on which
 * that one called it. So do the calls of methods. Each file's digest stands in its first line; only files that
 * changed are compiled again.
 *
 * Who calls in: record.ts, trace.ts, the tests. Whom it calls: the TypeScript compiler.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

/** Folder of the project. */
export const projectRoot = resolve(__dirname, '../..');

/** Folder of the instrumented copy. */
export const tracedRoot = join(projectRoot, 'node_modules/.cache/traced');

/** Rooms that are instrumented. */
export const tracedRooms = [
  'ae',
  'networking',
  'object',
  'quicklist',
  'server',
  'persistence',
  'replication',
  'cluster',
  'scripting',
];

/** What the copy needs besides. */
const plainSources = ['posix', 'docs/recorder/probe.ts', 'docs/recorder/loopback.ts'];

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.CommonJS,
  moduleDetection: ts.ModuleDetectionKind.Force,
  rewriteRelativeImportExtensions: true,
  isolatedModules: true,
  inlineSourceMap: true,
  sourceRoot: projectRoot,
};

/** What the tags of a comment say of the function behind it. */
interface Origin {
  c: string | null;
  cName?: string;
  own: string | null;
}

/** One row of a module's registration: a {@link TracedFunction} without the file. */
interface Row extends Origin {
  name: string;
  line: number;
  params: string[];
  sites: Record<string, number[]>;
}

/** Compiles what changed, and returns the folder. */
export function buildTraced(): string {
  const files = [...tracedRooms, ...plainSources].flatMap((path) => sourcesOf(path));
  // Another version of this file, or of the compiler, makes everything anew.
  const salt = createHash('sha256')
    .update(ts.version)
    .update(readFileSync(join(projectRoot, 'docs/recorder/instrument.ts')))
    .digest('hex');
  for (const file of files) {
    const text = readFileSync(join(projectRoot, file), 'utf8');
    const digest = createHash('sha256').update(salt).update(text).digest('hex').slice(0, 32);
    const target = join(tracedRoot, file.replace(/\.ts$/, '.js'));
    if (
      existsSync(target) &&
      readFileSync(target, 'utf8').startsWith(`"use strict"; /* ${digest}`)
    ) {
      continue;
    }
    mkdirSync(dirname(target), { recursive: true });
    // Another process may be reading the old one.
    const temp = `${target}.${process.pid}`;
    writeFileSync(temp, compile(file, text, digest));
    renameSync(temp, target);
  }
  const expected = new Set(files.map((file) => file.replace(/\.ts$/, '.js')));
  for (const entry of readdirSync(tracedRoot, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && entry.name.endsWith('.js') && !expected.has(relative(tracedRoot, path))) {
      rmSync(path);
    }
  }
  return tracedRoot;
}

/** The `.ts` files of a folder, or the one file; paths relative to the project. */
function sourcesOf(path: string): string[] {
  const full = join(projectRoot, path);
  if (!existsSync(full)) return [];
  if (path.endsWith('.ts')) return [path];
  return readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.d)\.ts$/.test(entry.name))
    .map((entry) => relative(projectRoot, join(entry.parentPath, entry.name)))
    .sort();
}

/**
 * The JavaScript of one file, instrumented if its room is. What is added before the program stands on its first
 * line, so that the map stays right; and it is made by `var`, before the imports run, since in a circle of
 * imports a function may be called before its module has run.
 */
export function compile(file: string, text: string, mark = ''): string {
  const isTraced = tracedRooms.includes(file.split('/')[0]);
  const rows: Row[] = [];
  const { outputText } = ts.transpileModule(text, {
    fileName: join(projectRoot, file),
    compilerOptions,
    transformers: isTraced ? { before: [instrument(rows)] } : {},
  });
  const up = '../'.repeat(file.split('/').length - 1);
  const head = isTraced
    ? `var $t = require('${up}docs/recorder/probe.js'), ` +
      `$m = $t.register(${JSON.stringify(file)}, ${JSON.stringify(rows)});`
    : '';
  return `"use strict"; /* ${mark} */ ${head}${outputText.replace(/^"use strict";/, '')}`;
}

/** Reads the tags of the comment before a function. */
function originOf(fn: ts.FunctionDeclaration, source: ts.SourceFile): Origin {
  const comment = ts.getJSDocCommentsAndTags(fn).filter(ts.isJSDoc).at(-1)?.getText(source) ?? '';
  const [, place, cName] = /@c ([\w./-]+\.[ch]:\d+)(?: ([A-Za-z_]\w*))?/.exec(comment) ?? [];
  const [, own] = /@own\b ?([^\n]*?)(?:\s*\*\/)?(?:\n|$)/.exec(comment) ?? [];
  return {
    c: place ?? null,
    ...(cName !== undefined && cName !== fn.name?.text ? { cName } : {}),
    own: place === undefined ? (own ?? '') : null,
  };
}

/** The names that stand for one function for ever: the module's own functions, and what it imports. */
function fixedNames(source: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  for (const statement of source.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name) names.add(statement.name.text);
    if (!ts.isImportDeclaration(statement)) continue;
    const bindings = statement.importClause?.namedBindings;
    if (bindings && ts.isNamedImports(bindings)) {
      for (const { name } of bindings.elements) names.add(name.text);
    }
  }
  return names;
}

/** The transformer of one file; it adds a row for each function. */
function instrument(rows: Row[]): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (source) => {
    const { factory } = context;
    const fixed = fixedNames(source);
    // The calls of the function that is being visited, and its number; null outside of all.
    let sites: Record<string, number[]> = {};
    let fn: ts.Expression | null = null;
    // It is a function within that function that is being visited.
    let isInner = false;
    const lineOf = (node: ts.Node): number =>
      source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    const probe = (name: string, args: ts.Expression[]): ts.CallExpression =>
      factory.createCallExpression(
        factory.createPropertyAccessExpression(factory.createIdentifier('$t'), name),
        undefined,
        args,
      );

    /** Memory that C leaves as it is would look different in each recording. */
    function zeroFilled(call: ts.CallExpression): ts.CallExpression {
      const { expression } = call;
      if (!ts.isPropertyAccessExpression(expression)) return call;
      if (!/^allocUnsafe/.test(expression.name.text)) return call;
      const alloc = factory.createPropertyAccessExpression(expression.expression, 'alloc');
      return factory.updateCallExpression(call, alloc, call.typeArguments, call.arguments);
    }

    /** Lets a value pass through the probe, which notes the line of a call, and what is called when that is a variable or a field. */
    function noted(line: number, via: string, value?: ts.Expression): ts.Expression {
      const note: ts.Expression[] = [factory.createNumericLiteral(line)];
      if (via !== '') note.push(factory.createStringLiteral(via));
      if (fn !== null && isInner) note.unshift(fn);
      const how = via === '' ? 'at' : 'through';
      if (value !== undefined) note.push(value);
      return probe(isInner ? `${how}In` : how, note);
    }

    /** The same for the last of some arguments. */
    function notedLast(line: number, via: string, args: readonly ts.Expression[]): ts.Expression[] {
      const last = args[args.length - 1];
      const passed = ts.isSpreadElement(last)
        ? factory.createSpreadElement(noted(line, via, last.expression))
        : noted(line, via, last);
      return [...args.slice(0, -1), passed];
    }

    /** Without arguments it is what is called that passes: the name itself, or the object whose field it is. */
    function notedCallee(line: number, via: string, callee: ts.Expression): ts.Expression {
      if (ts.isIdentifier(callee)) {
        return factory.createParenthesizedExpression(factory.createComma(noted(line, via), callee));
      }
      if (ts.isNonNullExpression(callee)) return notedCallee(line, via, callee.expression);
      if (!ts.isPropertyAccessExpression(callee)) return callee;
      const { expression, name } = callee;
      if (expression.kind === ts.SyntaxKind.SuperKeyword) return callee;
      const object = noted(line, via, expression);
      return ts.isPropertyAccessChain(callee)
        ? factory.updatePropertyAccessChain(callee, object, callee.questionDotToken, name)
        : factory.updatePropertyAccessExpression(callee, object, name);
    }

    /** Gives a call its line: the last argument passes through the probe on its way. */
    function visitCall(call: ts.CallExpression): ts.Expression {
      const { expression } = call;
      const { kind } = expression;
      const isCall = kind !== ts.SyntaxKind.SuperKeyword && kind !== ts.SyntaxKind.ImportKeyword;
      const callee = ts.isNonNullExpression(expression) ? expression.expression : expression;
      // gdb's line of a call is that of its closing parenthesis's beginning: the callee's name.
      const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
      const line = lineOf(name);
      let via = '';
      if (ts.isPropertyAccessExpression(callee)) via = callee.name.text;
      else if (ts.isIdentifier(callee) && !fixed.has(callee.text)) via = callee.text;
      if (fn !== null && ts.isIdentifier(name)) (sites[name.text] ??= []).push(line);
      const visited = zeroFilled(ts.visitEachChild(call, visit, context));
      if (fn === null || !isCall) return visited;
      const { typeArguments: types, arguments: args } = visited;
      return args.length === 0
        ? factory.updateCallExpression(
            visited,
            notedCallee(line, via, visited.expression),
            types,
            args,
          )
        : factory.updateCallExpression(
            visited,
            visited.expression,
            types,
            notedLast(line, via, args),
          );
    }

    /** A constructor is no function of the project, but it may call some. */
    function visitNew(call: ts.NewExpression): ts.Expression {
      const visited = ts.visitEachChild(call, visit, context);
      if (fn === null) return visited;
      const { expression, arguments: args = [], typeArguments: types } = visited;
      const line = lineOf(call);
      return args.length === 0
        ? factory.updateNewExpression(visited, noted(line, '', expression), types, args)
        : factory.updateNewExpression(visited, expression, types, notedLast(line, '', args));
    }

    function visit(node: ts.Node): ts.Node {
      if (ts.isCallExpression(node)) return visitCall(node);
      if (ts.isNewExpression(node)) return visitNew(node);
      if (!ts.isFunctionLike(node)) return ts.visitEachChild(node, visit, context);
      const wasInner = isInner;
      isInner = fn !== null;
      const visited = ts.visitEachChild(node, visit, context);
      isInner = wasInner;
      return visited;
    }

    /** The same inside a traced function, whose results are noted; functions inside it return for themselves. */
    function visitBody(node: ts.Node): ts.Node {
      if (ts.isFunctionLike(node)) return visit(node);
      if (ts.isReturnStatement(node) && node.expression !== undefined) {
        const value = ts.visitNode(node.expression, visit) as ts.Expression;
        return factory.updateReturnStatement(
          node,
          probe('ret', [factory.createIdentifier('$f'), value]),
        );
      }
      if (ts.isCallExpression(node) || ts.isNewExpression(node)) return visit(node);
      return ts.visitEachChild(node, visitBody, context);
    }

    function visitFunction(declaration: ts.FunctionDeclaration): ts.Statement {
      if (declaration.body === undefined) return declaration;
      const index = rows.length;
      // Without a prototype: a method may be called toString.
      sites = Object.create(null) as Record<string, number[]>;
      rows.push({
        name: declaration.name?.text ?? 'default',
        line: lineOf(declaration),
        params: declaration.parameters.map((p) =>
          ts.isIdentifier(p.name) ? p.name.text : p.name.getText(source).replace(/\s+/g, ' '),
        ),
        ...originOf(declaration, source),
        sites,
      });
      const id = factory.createAdd(
        factory.createIdentifier('$m'),
        factory.createNumericLiteral(index),
      );
      const entry = factory.createVariableStatement(
        undefined,
        factory.createVariableDeclarationList(
          [
            factory.createVariableDeclaration(
              '$f',
              undefined,
              undefined,
              probe('enter', [id, factory.createIdentifier('arguments')]),
            ),
          ],
          ts.NodeFlags.Const,
        ),
      );
      fn = id;
      const statements = ts.visitNodes(declaration.body.statements, visitBody, ts.isStatement);
      fn = null;
      const guarded = factory.createTryStatement(
        factory.createBlock(
          [
            ...statements,
            // Without a return statement at the end there is still a result: none.
            factory.createExpressionStatement(
              probe('ret', [
                factory.createIdentifier('$f'),
                factory.createVoidExpression(factory.createNumericLiteral(0)),
              ]),
            ),
          ],
          true,
        ),
        undefined,
        factory.createBlock(
          [factory.createExpressionStatement(probe('leave', [factory.createIdentifier('$f')]))],
          true,
        ),
      );
      return factory.updateFunctionDeclaration(
        declaration,
        declaration.modifiers,
        declaration.asteriskToken,
        declaration.name,
        declaration.typeParameters,
        declaration.parameters,
        declaration.type,
        factory.createBlock([entry, guarded], true),
      );
    }

    const statements = source.statements.map((statement) =>
      ts.isFunctionDeclaration(statement)
        ? visitFunction(statement)
        : (ts.visitNode(statement, visit) as ts.Statement),
    );
    return factory.updateSourceFile(source, statements);
  };
}
