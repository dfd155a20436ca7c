/**
 * Our source as HTML: colors by what a word is, and a link from each name to where it is defined.
 *
 * The names of a file are known from its imports and its own declarations, so no type checker is asked; a name that a
 * function declares for itself hides them.
 *
 * Who calls in: source_page.ts, markdown.ts. Whom it calls: the TypeScript compiler, for its syntax tree.
 */
import { posix as path } from 'node:path';
import ts from 'typescript';
import { C_HOST, esc } from '../browser/view.ts';

/** Where a name leads: the address, or null for none. */
export type LinkOf = (file: string, name: string, isDefinition: boolean) => string | null;

/** A piece of text with a class and perhaps an address. */
interface Piece {
  start: number;
  end: number;
  kind: string;
  href: string | null;
}

/** Names that a file has from elsewhere: local name to the file and the name there. */
export function importsOf(tree: ts.SourceFile): Map<string, { file: string; name: string }> {
  const names = new Map<string, { file: string; name: string }>();
  for (const statement of tree.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) {
      continue;
    }
    const { text } = statement.moduleSpecifier;
    const bindings = statement.importClause?.namedBindings;
    if (!text.startsWith('.') || bindings === undefined || !ts.isNamedImports(bindings)) continue;
    const file = path.join(path.dirname(tree.fileName), text);
    for (const { name, propertyName } of bindings.elements) {
      names.set(name.text, { file, name: (propertyName ?? name).text });
    }
  }
  return names;
}

/** Names that stand at the top of a file. */
export function declarationsOf(tree: ts.SourceFile): Map<string, ts.Node> {
  const names = new Map<string, ts.Node>();
  for (const statement of tree.statements) {
    if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations) {
        if (ts.isIdentifier(name)) names.set(name.text, name);
      }
    } else if (
      (ts.isFunctionDeclaration(statement) ||
        ts.isClassDeclaration(statement) ||
        ts.isInterfaceDeclaration(statement) ||
        ts.isTypeAliasDeclaration(statement)) &&
      statement.name !== undefined &&
      !names.has(statement.name.text)
    ) {
      names.set(statement.name.text, statement.name);
    }
  }
  return names;
}

/** Cuts a source into pieces, in order. What lies between is spelled as it is. */
function piecesOf(tree: ts.SourceFile, linkOf: LinkOf): Piece[] {
  const { text, fileName } = tree;
  const imports = importsOf(tree);
  const declarations = declarationsOf(tree);
  const pieces: Piece[] = [];
  const add = (start: number, end: number, kind: string, href: string | null = null): void => {
    if (end > start) pieces.push({ start, end, kind, href });
  };
  let commented = -1;
  const comments = (at: number): void => {
    if (at <= commented) return;
    commented = at;
    for (const { pos, end } of ts.getLeadingCommentRanges(text, at) ?? []) add(pos, end, 'cm');
    for (const { pos, end } of ts.getTrailingCommentRanges(text, at) ?? []) add(pos, end, 'cm');
  };
  const nameOf = (node: ts.Identifier, hidden: readonly ReadonlySet<string>[]): void => {
    const { parent } = node;
    const start = node.getStart(tree);
    const isMember =
      (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
      (ts.isPropertyAssignment(parent) && parent.name === node) ||
      (ts.isQualifiedName(parent) && parent.right === node) ||
      ts.isPropertySignature(parent) ||
      ts.isPropertyDeclaration(parent) ||
      ts.isMethodDeclaration(parent);
    const isCalled =
      (ts.isCallExpression(parent) && parent.expression === node) ||
      (isMember && ts.isCallExpression(parent.parent) && parent.parent.expression === parent);
    let kind = isCalled ? 'fn' : isMember ? 'pr' : '';
    let href: string | null = null;
    if (!isMember && !hidden.some((names) => names.has(node.text))) {
      const imported = imports.get(node.text);
      if (imported !== undefined) href = linkOf(imported.file, imported.name, false);
      else {
        const declared = declarations.get(node.text);
        if (declared !== undefined) {
          href = linkOf(fileName, node.text, declared === node);
          if (declared === node) kind = 'df';
        }
      }
    }
    if (kind === '' && /^[A-Z][A-Z0-9_]+$/.test(node.text)) kind = 'ct';
    else if (kind === '' && ts.isTypeReferenceNode(parent)) kind = 'ty';
    if (kind !== '' || href !== null) add(start, node.end, kind, href);
  };
  const visit = (node: ts.Node, hidden: readonly ReadonlySet<string>[]): void => {
    if (ts.isToken(node) || node.kind <= ts.SyntaxKind.LastToken) comments(node.getFullStart());
    if (ts.isIdentifier(node)) {
      nameOf(node, hidden);
      comments(node.end);
      return;
    }
    const isText =
      ts.isStringLiteral(node) ||
      ts.isNoSubstitutionTemplateLiteral(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddleOrTemplateTail(node);
    if (isText) add(node.getStart(tree), node.end, 'st');
    else if (ts.isRegularExpressionLiteral(node)) add(node.getStart(tree), node.end, 'st');
    else if (ts.isNumericLiteral(node) || ts.isBigIntLiteral(node)) {
      add(node.getStart(tree), node.end, 'nu');
    } else if (
      node.kind >= ts.SyntaxKind.FirstKeyword &&
      node.kind <= ts.SyntaxKind.LastKeyword &&
      node.end - node.getStart(tree) > 1
    ) {
      add(node.getStart(tree), node.end, 'kw');
    }
    const inner = ts.isFunctionLike(node) ? [...hidden, localsOf(node)] : hidden;
    for (const child of node.getChildren(tree)) {
      if (!ts.isJSDoc(child)) visit(child, inner);
    }
    if (node.kind <= ts.SyntaxKind.LastToken) comments(node.end);
  };
  visit(tree, []);
  const seen = new Set<number>();
  return pieces
    .sort((a, b) => a.start - b.start)
    .filter(({ start }) => !seen.has(start) && seen.add(start));
}

/** Names that a function has for itself: parameters and variables, those of inner blocks included. */
function localsOf(fn: ts.Node): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if ((ts.isParameter(node) || ts.isVariableDeclaration(node)) && ts.isIdentifier(node.name)) {
      names.add(node.name.text);
    } else if (ts.isBindingElement(node) && ts.isIdentifier(node.name)) names.add(node.name.text);
    if (node === fn || !ts.isFunctionLike(node)) ts.forEachChild(node, visit);
  };
  visit(fn);
  return names;
}

/** Comments name places in C: they become links. */
function commentHtml(text: string): string {
  return esc(text).replace(
    /@(c|own|cstatic)\b(?: ([\w./-]+\.[ch]):(\d+))?/g,
    (_whole, tag: string, file?: string, line?: string) =>
      file === undefined
        ? `<b>@${tag}</b>`
        : `<b>@${tag}</b> <a class="c" href="${C_HOST}/${file.includes('/') ? '' : 'src/'}${file}#L${line}">${file}:${line}</a>`,
  );
}

/** The lines of a source, each as HTML that stands by itself. */
export function highlightLines(tree: ts.SourceFile, linkOf: LinkOf): string[] {
  const { text } = tree;
  let html = '';
  let at = 0;
  for (const { start, end, kind, href } of piecesOf(tree, linkOf)) {
    if (start < at) continue;
    html += esc(text.slice(at, start));
    const piece = text.slice(start, end);
    const inside = kind === 'cm' ? commentHtml(piece) : esc(piece);
    // A piece of several lines is closed and opened at each.
    if (href !== null) {
      html += `<a${kind === '' ? '' : ` class="${kind}"`} href="${esc(href)}">${inside}</a>`;
    } else {
      html += inside
        .split('\n')
        .map((line) => (line === '' ? '' : `<span class="${kind}">${line}</span>`))
        .join('\n');
    }
    at = end;
  }
  html += esc(text.slice(at));
  return html.replace(/\n$/, '').split('\n');
}

/** A piece of TypeScript, without links. */
export function highlight(text: string): string {
  const tree = ts.createSourceFile('x.ts', text, ts.ScriptTarget.ES2022, true);
  return highlightLines(tree, () => null).join('\n');
}
