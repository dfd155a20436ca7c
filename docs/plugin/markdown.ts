/**
 * The tours: Markdown with tags that are filled in from recorded runs, and that fail when the runs no longer have what
 * they name.
 *
 *     {@fn readQueryFromClient}                          a link to the page of a function
 *     {@c networking.c:2660}                             a link to the line of C 7.0.5
 *     {@callstack scenario=set at=setCommand}            the stack, as recorded
 *     {@calltree scenario=set root=processCommand depth=3}   the tree of calls below, folded; all=yes keeps leaf helpers open
 *     {@drawing dict during 3}                           a drawing of docs/drawings, made from the real structure
 *     {@dict during 3}                                   the same for this one
 *
 * The last four stand in a line of their own.
 *
 * Who calls in: tour_page.ts, tests. Whom it calls: data.ts, docs/browser/view.ts, docs/drawings.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import MarkdownIt from 'markdown-it';
import { root } from '../../test/support/sources.ts';
import {
  cLink,
  esc,
  frameHtml,
  pageOf,
  scenarioUrl,
  treeHtml,
  type View,
} from '../browser/view.ts';
import type { Child, FunctionInfo, ScenarioFile, StackFrame } from '../recorder/format.ts';
import type { SiteData } from './data.ts';
import { highlight } from './highlight.ts';

/** A tag that names what is not there. */
export class DriftError extends Error {}

/** What the tags of a page look things up in. */
export interface TagContext {
  data: Pick<SiteData, 'function' | 'functionFile' | 'scenario'>;
  view: View;
  /** Named in messages. */
  file: string;
  /** Links that leave Markdown for Markdown: `event-loop.md` to `event-loop.html`. */
  isDocumented?: (place: string) => boolean;
}

const BLOCK_TAG = /^\{@(callstack|calltree|drawing|dict)\s+([^}]*)\}\s*$/;
const INLINE_TAG = /^\{@(fn|c)\s+([^}]+)\}/;

/** `scenario=set at=setCommand` to its parts; words without `=` under their place. */
export function parseTag(text: string): Record<string, string> {
  const parts: Record<string, string> = {};
  text
    .trim()
    .split(/\s+/)
    .forEach((part, i) => {
      const [, key, value] = /^(\w+)=(.*)$/.exec(part) ?? [null, String(i), part];
      parts[key] = value;
    });
  return parts;
}

/** The way from a root to the first call of a function: indices of nodes, the root first. */
export function wayTo(scenario: ScenarioFile, name: string): number[] | null {
  const { tree, shared } = scenario;
  const isIt = (fn: FunctionInfo): boolean => fn.name === name || fn.id === name;
  const hopeless = new Set<number>();
  const search = (children: readonly Child[]): number[] | null => {
    for (const child of children) {
      if (typeof child === 'object' && !Array.isArray(child)) {
        const way = search(child.body);
        if (way !== null) return way;
        continue;
      }
      const index = typeof child === 'number' ? child : child[0];
      if (hopeless.has(index)) continue;
      const node = tree.nodes[index];
      if (isIt(shared.frames[node.f])) return [index];
      const way = node.k === undefined ? null : search(node.k);
      if (way !== null) return [index, ...way];
      hopeless.add(index);
    }
    return null;
  };
  return search(tree.roots);
}

/** The stack of the first call of a function in a run. */
function callstack(context: TagContext, tag: Record<string, string>): string {
  const { data, view } = context;
  const scenario = data.scenario(tag.scenario);
  const way = wayTo(scenario, tag.at);
  if (way === null) {
    throw new DriftError(`'${tag.at}' is not called in the run '${tag.scenario}'`);
  }
  const { frames: functions } = scenario.shared;
  const { nodes, texts } = scenario.tree;
  const frames = way.reverse().map((index, i): StackFrame => {
    const node = nodes[index];
    if (i === 0) return { f: node.f, l: functions[node.f].line, a: node.a };
    // The line of a frame is that of the call it is making.
    const above = nodes[way[i - 1]];
    return { f: node.f, l: above.l, c: above.c, a: node.a, p: above.p };
  });
  const list =
    frames.map((frame, i) => frameHtml(view, frame, i, functions, texts)).join('') +
    mainHtml(context, functions[frames[frames.length - 1].f], frames.length);
  return (
    `<figure class="stack"><figcaption><a href="${scenarioUrl(view, scenario.id)}"><kbd>${esc(scenario.title)}</kbd></a></figcaption>` +
    `<ol class="frames">${list}</ol></figure>\n`
  );
}

/** `main` has left the stack when the loop turns, but gdb shows it, and it stands in the files of functions. */
function mainHtml({ data, view }: TagContext, bottom: FunctionInfo, no: number): string {
  const file = bottom.name === 'aeMain' ? data.functionFile(bottom.id) : null;
  const frame = file?.stacks[0]?.frames.at(-1);
  if (file === null || frame === undefined || file.functions[frame.f].name !== 'main') return '';
  return frameHtml(view, frame, no, file.functions, file.texts);
}

/** What a function called in a run. */
function calltree(context: TagContext, tag: Record<string, string>): string {
  const { data, view } = context;
  const scenario = data.scenario(tag.scenario);
  const way = wayTo(scenario, tag.root);
  if (way === null) {
    throw new DriftError(`'${tag.root}' is not called in the run '${tag.scenario}'`);
  }
  const depth = Number(tag.depth ?? 4);
  const html = treeHtml(view, [way[way.length - 1]], {
    functions: scenario.shared.frames,
    tree: scenario.tree,
    open: depth,
    made: depth,
  });
  const helpers = tag.all === 'yes' ? '' : ' no-helpers';
  return (
    `<figure class="tree${helpers}" data-fill="${esc(scenario.id)}"><figcaption><a href="${scenarioUrl(view, scenario.id)}"><kbd>${esc(scenario.title)}</kbd></a>` +
    `<label><input type="checkbox" data-helpers${tag.all === 'yes' ? ' checked' : ''}> <span data-t>Leaf helpers</span></label></figcaption>${html}</figure>\n`
  );
}

/** A drawing: docs/drawings/<name>.ts exports a function from words to SVG. */
function drawing(words: string): string {
  const [name, ...args] = words.trim().split(/\s+/);
  const file = join(root, 'docs/drawings', `${name}.ts`);
  if (!/^\w+$/.test(name) || !existsSync(file)) throw new DriftError(`no drawing '${name}'`);
  // Which drawing is wanted is only known now.
  const module = createRequire(file)(file) as { default: (args: string[]) => string };
  return `<figure class="drawing">${module.default(args)}</figure>\n`;
}

/** Text of a shell, of a configuration or of a protocol: prompts and comments stand back. */
function plain(text: string, language: string): string {
  return esc(text)
    .split('\n')
    .map((line) =>
      /^\s*#/.test(line) && language !== 'text'
        ? `<span class="cm">${line}</span>`
        : line.replace(/^(\$|&gt;|127\.0\.0\.1:\d+&gt;|\(gdb\)) /, '<span class="pr">$1</span> '),
    )
    .join('\n');
}

/** A parser of Markdown with our tags. */
export function markdownFor(context: TagContext): MarkdownIt {
  const md = new MarkdownIt({
    html: true,
    linkify: false,
    typographer: false,
    highlight: (text, language) =>
      /^(?:ts|typescript|js|javascript)$/.test(language) ? highlight(text) : plain(text, language),
  });
  const fail = (tag: string, error: unknown): never => {
    throw new DriftError(`${context.file}: ${tag}: ${error instanceof Error ? error.message : ''}`);
  };
  md.block.ruler.before(
    'paragraph',
    'reading_tag',
    (state, line, _end, silent) => {
      const text = state.src.slice(state.bMarks[line] + state.tShift[line], state.eMarks[line]);
      const match = BLOCK_TAG.exec(text);
      if (match === null) return false;
      if (silent) return true;
      const [whole, kind, words] = match;
      const token = state.push('html_block', '', 0);
      try {
        if (kind === 'callstack') token.content = callstack(context, parseTag(words));
        else if (kind === 'calltree') token.content = calltree(context, parseTag(words));
        else token.content = drawing(kind === 'dict' ? `dict ${words}` : words);
      } catch (error) {
        fail(whole, error);
      }
      state.line = line + 1;
      return true;
    },
    { alt: ['paragraph', 'list'] },
  );
  md.inline.ruler.before('link', 'reading_tag', (state, silent) => {
    if (state.src.charCodeAt(state.pos) !== 0x7b) return false;
    const match = INLINE_TAG.exec(state.src.slice(state.pos));
    if (match === null) return false;
    const [whole, kind, words] = match;
    if (!silent) {
      const token = state.push('html_inline', '', 0);
      try {
        token.content = kind === 'fn' ? functionLink(context, words) : placeLink(context, words);
      } catch (error) {
        fail(whole, error);
      }
    }
    state.pos += whole.length;
    return true;
  });
  // Headings get anchors; links to other tours lead to their pages.
  md.renderer.rules.heading_open = (tokens, i) =>
    `<${tokens[i].tag} id="${anchorOf(tokens[i + 1].content)}">`;
  const { link_open } = md.renderer.rules;
  md.renderer.rules.link_open = (tokens, i, options, env, self) => {
    const href = tokens[i].attrGet('href') ?? '';
    if (!/^[a-z]+:/.test(href)) tokens[i].attrSet('href', href.replace(/\.md(?=#|$)/, '.html'));
    return link_open?.(tokens, i, options, env, self) ?? self.renderToken(tokens, i, options);
  };
  md.renderer.rules.table_open = () => '<div class="scroll"><table>';
  md.renderer.rules.table_close = () => '</table></div>';
  return md;
}

/** What a heading is called in an address. */
export function anchorOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/\{@\w+ ([^}]*)\}/g, '$1')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
}

function functionLink({ data, view }: TagContext, words: string): string {
  const [name, ...text] = words.trim().split(/\s+/);
  const fn = data.function(name);
  const shown = text.length > 0 ? text.join(' ') : fn.name;
  return `<a class="fn" href="${pageOf(view, fn.id)}"><code>${esc(shown)}</code></a>`;
}

function placeLink(context: TagContext, words: string): string {
  const place = words.trim();
  if (!/^[\w./-]+\.[ch](?::\d+)?$/.test(place)) throw new DriftError('not a place in C');
  if (context.isDocumented?.(place) === false) throw new DriftError('no such line in C 7.0.5');
  return cLink(place);
}
