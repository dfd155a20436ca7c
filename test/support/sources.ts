/**
 * Reads the project's own sources for the tests of the house rules, for the report on the mirror and
 * for tests that must find a function by name.
 *
 * Every function is taken with what its comment claims: `@c file.c:line [name]`, `@cstatic`, `@own`.
 * What C really has stands in test/facts/functions.tsv.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import ts from 'typescript';

export const root = resolve(__dirname, '../..');

/** The rooms that mirror the C server, lowest first. */
export const coreRooms = [
  'posix',
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

/** The core and the client programs: all that is held to the tags. */
export const mirrorRooms = [...coreRooms, 'cli'];

/** One function of the C program. */
export interface CFunction {
  file: string;
  name: string;
  start: number;
  end: number;
  isStatic: boolean;
  /** False for test code and for what only other platforms or build options compile. */
  compiled: boolean;
}

/** A `@c` tag: the place in C, and the name when it is not the function's own. */
export interface CTag {
  text: string;
  file: string;
  line: number;
  name: string;
}

/** One function of ours. */
export interface OurFunction {
  /** Path relative to the project. */
  file: string;
  /** Line of the declaration, from 1. */
  line: number;
  name: string;
  isExported: boolean;
  isMethod: boolean;
  hasComment: boolean;
  /** The comment up to its first tag. */
  contract: string;
  tags: CTag[];
  /** `@c` tags that do not have the form file:line. */
  badTags: string[];
  cstatic: boolean;
  /** Text after `@own`, or null without that tag. */
  own: string | null;
  /** Where the first statement of the body begins, line from 1 and column from 0; null without one. */
  body: { line: number; column: number } | null;
}

/** A source file, its text and its functions in order. */
export interface OurFile {
  file: string;
  text: string;
  tree: ts.SourceFile;
  functions: OurFunction[];
}

/** Paths of all `.ts` files of these folders, relative to the project, sorted. */
export function sourceFiles(rooms: readonly string[]): string[] {
  const files: string[] = [];
  for (const room of rooms) {
    if (!existsSync(join(root, room))) continue;
    for (const entry of readdirSync(join(root, room), { recursive: true, withFileTypes: true })) {
      if (entry.isFile() && /(?<!\.d)\.ts$/.test(entry.name)) {
        files.push(relative(root, join(entry.parentPath, entry.name)));
      }
    }
  }
  return files.sort();
}

/** Reads and parses one source file. */
export function readSource(file: string): OurFile {
  const text = readFileSync(join(root, file), 'utf8');
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  return { file, text, tree, functions: functionsOf(file, tree) };
}

/** All functions that C 7.0.5 defines, in the order of its files. */
export function readCFunctions(): CFunction[] {
  const functions: CFunction[] = [];
  let file = '';
  for (const line of readFileSync(join(root, 'test/facts/functions.tsv'), 'utf8').split('\n')) {
    if (line.startsWith('= ')) file = line.slice(2);
    if (line === '' || line.startsWith('= ') || line.startsWith('#')) continue;
    const [name, start, end, flags] = line.split('\t') as [string, string, string, string];
    functions.push({
      file,
      name,
      start: Number(start),
      end: Number(end),
      isStatic: flags.includes('s'),
      compiled: /[SCB]/.test(flags),
    });
  }
  return functions;
}

/** The functions that stand at module level, or in a class at module level, in order. */
function functionsOf(file: string, tree: ts.SourceFile): OurFunction[] {
  const found: OurFunction[] = [];
  const add = (
    host: ts.Node,
    fn: ts.FunctionLikeDeclaration,
    name: string,
    isExported: boolean,
    isMethod: boolean,
  ): void => {
    found.push(describeFunction(file, tree, host, fn, name, isExported, isMethod));
  };
  for (const statement of tree.statements) {
    const isExported =
      ts.canHaveModifiers(statement) &&
      (ts.getModifiers(statement) ?? []).some((m) => m.kind === ts.SyntaxKind.ExportKeyword);
    if (ts.isFunctionDeclaration(statement) && statement.body !== undefined) {
      add(statement, statement, statement.name?.text ?? 'default', isExported, false);
    } else if (ts.isClassDeclaration(statement)) {
      for (const member of statement.members) {
        const isMethod =
          ts.isMethodDeclaration(member) ||
          ts.isGetAccessorDeclaration(member) ||
          ts.isSetAccessorDeclaration(member);
        if (isMethod && member.body !== undefined) {
          add(member, member, member.name.getText(tree), isExported, true);
        }
      }
    } else if (ts.isVariableStatement(statement)) {
      for (const { name, initializer } of statement.declarationList.declarations) {
        if (
          initializer !== undefined &&
          (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer))
        ) {
          add(statement, initializer, name.getText(tree), isExported, false);
        }
      }
    }
  }
  return found;
}

function describeFunction(
  file: string,
  tree: ts.SourceFile,
  host: ts.Node,
  fn: ts.FunctionLikeDeclaration,
  name: string,
  isExported: boolean,
  isMethod: boolean,
): OurFunction {
  const docs = ts.getJSDocCommentsAndTags(host).filter(ts.isJSDoc);
  // With several comments before it, the last one is the function's.
  const text = docs.at(-1)?.getText(tree) ?? '';
  const lines = text
    .replace(/^\/\*\*|\*\/$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trim())
    // A comment of one line carries its tag behind the sentence.
    .flatMap((line) => line.split(/\s(?=@(?:c|cstatic|own)\b)/));
  const firstTag = lines.findIndex((line) => line.startsWith('@'));
  const tags: CTag[] = [];
  const badTags: string[] = [];
  for (const line of lines) {
    if (!/^@c\b/.test(line)) continue;
    const match = /^@c ([\w./-]+\.[ch]):(\d+)(?: ([A-Za-z_]\w*))?\.?$/.exec(line);
    if (match === null) badTags.push(line);
    else {
      const [, cFile = '', cLine = '', cName = name] = match;
      tags.push({ text: line, file: cFile, line: Number(cLine), name: cName });
    }
  }
  const own = lines.find((line) => /^@own\b/.test(line));
  const body = fn.body === undefined || !ts.isBlock(fn.body) ? undefined : fn.body.statements[0];
  const place = body && tree.getLineAndCharacterOfPosition(body.getStart(tree));
  return {
    file,
    line: tree.getLineAndCharacterOfPosition(fn.getStart(tree)).line + 1,
    name,
    isExported,
    isMethod,
    hasComment: text !== '',
    contract: lines
      .slice(0, firstTag === -1 ? undefined : firstTag)
      .join(' ')
      .trim(),
    tags,
    badTags,
    cstatic: lines.some((line) => /^@cstatic\b/.test(line)),
    own: own === undefined ? null : own.slice(4).trim(),
    body: place ? { line: place.line + 1, column: place.character } : null,
  };
}

/** `networking.c`, `connhelpers.h`, `server.h.ts` and `networking/networking.ts` to their bare name. */
export function bareName(file: string): string {
  return (file.split('/').at(-1) ?? '').replace(/\.ts$/, '').replace(/\.[ch]$/, '');
}

/** One row of a table of DIFFERENCES.md. */
export interface TableRow {
  section: string;
  cells: string[];
  line: number;
}

/** The rows of all tables of DIFFERENCES.md, with the heading that each stands under. */
export function differenceRows(): TableRow[] {
  const rows: TableRow[] = [];
  let section = '';
  readFileSync(join(root, 'DIFFERENCES.md'), 'utf8')
    .split('\n')
    .forEach((text, index, all) => {
      if (text.startsWith('## ')) section = text.slice(3).trim();
      // The head of a table is followed by a line of dashes, which is no row either.
      const isHead = /^\|[\s:|-]+\|$/.test(all[index + 1] ?? '');
      if (!text.startsWith('|') || isHead || /^\|[\s:|-]+\|$/.test(text)) return;
      const cells = text
        .slice(1, text.lastIndexOf('|'))
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim().replaceAll('\\|', '|'));
      rows.push({ section, cells, line: index + 1 });
    });
  return rows;
}
