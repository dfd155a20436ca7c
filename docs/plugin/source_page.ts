/**
 * The pages of our sources: every line an anchor, every name a link, and in the gutter how often a line ran.
 *
 * Who calls in: the theme. Whom it calls: highlight.ts, data.ts.
 */
import ts from 'typescript';
import { cUrl, esc, pageOf } from '../browser/view.ts';
import type { OurFile } from '../../test/support/sources.ts';
import type { SiteData } from './data.ts';
import { declarationsOf, highlightLines, type LinkOf } from './highlight.ts';
import { layout, rootOf } from './layout.ts';

/** Lines that are laid out together. */
const CHUNK = 80;

/** Addresses of what files define: the line in the source; and back from a definition to its page. */
export class SourceLinks {
  readonly #data: SiteData;
  readonly #places = new Map<string, Map<string, number>>();

  constructor(data: SiteData, files: readonly OurFile[]) {
    this.#data = data;
    for (const { file, tree } of files) {
      const lines = new Map<string, number>();
      for (const [name, node] of declarationsOf(tree)) {
        lines.set(name, tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1);
      }
      this.#places.set(file, lines);
    }
  }

  /** For the page of one file. */
  from(url: string): LinkOf {
    const view = { root: rootOf(url), pages: this.#data.pages };
    return (file, name, isDefinition) => {
      const id = `${file.replace(/\.ts$/, '')}.${name}`;
      if (isDefinition) return this.#data.withPage.has(id) ? pageOf(view, id) : null;
      const line = this.#places.get(file)?.get(name);
      if (line === undefined) return null;
      return `${view.root}source/${file}.html#L${line}`;
    };
  }
}

/** Lines on which something stands that runs: the first lines of statements. */
function statementLines(tree: ts.SourceFile): Set<number> {
  const lines = new Set<number>();
  const visit = (node: ts.Node): void => {
    if (ts.isStatement(node) && !ts.isBlock(node) && !ts.isInterfaceDeclaration(node)) {
      lines.add(tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1);
    }
    ts.forEachChild(node, visit);
  };
  for (const statement of tree.statements) {
    if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) visit(statement);
  }
  return lines;
}

/** A count that fits into the gutter. */
export function shortCount(count: number): string {
  if (count < 10000) return String(count);
  if (count < 1e6) return `${Math.floor(count / 1000)}k`;
  return `${Math.floor(count / 1e6)}M`;
}

/** The page of one source file. */
export function sourcePage(data: SiteData, links: SourceLinks, source: OurFile): string {
  const { file, tree, functions } = source;
  const url = `source/${file}.html`;
  const covered = data.coverage.get(file);
  const called = data.callCounts.get(file);
  const runs = statementLines(tree);
  const lines = highlightLines(tree, links.from(url)).map((html, i) => {
    const no = i + 1;
    let mark = '';
    if (runs.has(no)) {
      const tests = covered?.get(no);
      const calls = called?.get(no);
      if (tests !== undefined) {
        mark = ` data-n="${tests === 0 ? '·' : shortCount(tests)}" class="${tests === 0 ? 'no' : 'yes'}"`;
      } else if (calls !== undefined) mark = ` data-n="${shortCount(calls)}" class="yes"`;
    }
    return `<span id="L${no}"${mark}>${html}\n</span>`;
  });
  const chunks: string[] = [];
  for (let i = 0; i < lines.length; i += CHUNK) {
    const part = lines.slice(i, i + CHUNK);
    chunks.push(`<code style="--n:${part.length};counter-reset:line ${i}">${part.join('')}</code>`);
  }
  const legend =
    covered !== undefined
      ? 'The gutter counts how often the tests ran a line.'
      : called !== undefined
        ? 'The gutter counts calls in the recorded runs: entries of a function, and the calls made on a line.'
        : '';
  const root = rootOf(url);
  const module = `${root}${file.replace(/\.ts$/, '')}.html`;
  const cFiles = [...new Set(functions.flatMap((fn) => fn.tags.map((tag) => tag.file)))];
  const origin = cFiles.map((c) => `<a class="c" href="${cUrl(c)}">${c}</a>`).join(' ');
  const body =
    `<h1><code>${esc(file)}</code></h1><p class="meta"><a href="${module}">what is in it</a>` +
    `${origin === '' ? '' : ` · mirrors ${origin}`} · ${lines.length} lines. ${legend}</p>` +
    `<pre class="source">${chunks.join('')}</pre>`;
  return layout({ url, title: file, kind: 'source', subject: file, body });
}
