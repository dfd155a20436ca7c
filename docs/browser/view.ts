/**
 * How recorded calls look in HTML: frames, stacks, trees, and gdb's stacks beside ours. The same text is made when the site
 * is built and when a page is looked at, so nothing of Node and nothing of a browser is used here.
 *
 * Who calls in: docs/plugin/*, and the pages themselves by way of main.ts. Whom it calls: nobody.
 */
import type {
  CallNode,
  CallTree,
  Child,
  FunctionInfo,
  RecordedStack,
  StackFrame,
} from '../recorder/format.ts';

/** Where the C source stands for everybody to read. */
export const C_HOST = 'https://github.com/redis/redis/blob/7.0.5';

/** Files of data structures and helpers: a call into one of these that calls nobody is a detail. */
const HELPERS =
  /^(?:object\/(?:sds|adlist|dict|rax|util|zmalloc|siphash|longdouble|intset)|ae\/monotonic|server\/(?:server\.h|hdr_histogram|debug))\.ts$/;

/** What a page must know to link to others. */
export interface View {
  /** The way up to the top of the site: empty, or `../` some times. */
  root: string;
  /** Pages that do not stand where their function's id says. */
  pages: Readonly<Record<string, string>>;
}

/** A frame of gdb's, `[name, file, line]`. */
export type GdbFrame = [name: string, file: string, line: number];

/** A stack of the C server beside ours. */
export interface GdbStack {
  id: string;
  /** What was played to the C server. */
  input: string;
  verdict: 'agrees' | 'differs' | 'unplayable';
  /** Why it differs. */
  why: string;
  frames: GdbFrame[];
  /** Ours, as names or as frames of the function's own file. */
  ours: (string | StackFrame)[];
}

/** What the page of a function fetches. */
export interface FunctionData {
  functions: FunctionInfo[];
  texts: string[];
  stacks: RecordedStack[];
  gdb: GdbStack[];
  /** What it did in an example run, cut where it grows too large. */
  example: { scenario: string; title: string; tree: CallTree; cut: boolean } | null;
}

/** What search looks through; short names, for there is one of it for thousands of functions. */
export interface SearchIndex {
  /** Files with their functions: name, entries in recorded runs, name in C where it differs. */
  modules: [file: string, functions: [name: string, hits: number, cName?: string][]][];
  /** Types and constants: name and address. */
  others: [name: string, url: string][];
  commands: [name: string, slug: string, summary: string][];
  scenes: [id: string, title: string][];
  tours: [file: string, en: string, zh: string][];
  pages: Record<string, string>;
}

/** Text as it may stand in HTML, attributes included. */
export function esc(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Address of the page of a function. */
export function pageOf(view: View, id: string): string {
  return view.root + (view.pages[id] ?? `${id.replace(/\.([^.]*)$/, '/$1')}.html`);
}

/** Address of a line of our source. */
export function sourceOf(view: View, file: string, line = 0): string {
  return `${view.root}source/${file}.html${line > 0 ? `#L${line}` : ''}`;
}

/** Address of a place in C, `networking.c` and a line. */
export function cUrl(file: string, line = 0): string {
  const path = file.includes('/') ? file : `src/${file}`;
  return `${C_HOST}/${path}${line > 0 ? `#L${line}` : ''}`;
}

/** A link to a place in C, `networking.c:2660`. */
export function cLink(place: string): string {
  const [file, line] = place.split(':');
  return `<a class="c" href="${cUrl(file, Number(line ?? 0))}">${esc(place)}</a>`;
}

/** Address of the page on which a scenario is shown. */
export function scenarioUrl(view: View, id: string): string {
  const dot = id.indexOf('.');
  if (id.startsWith('scene.')) return `${view.root}scenes/${id.slice(6)}.html`;
  return dot === -1
    ? `${view.root}commands/${id}.html`
    : `${view.root}commands/${id.slice(0, dot)}.html#t=${id}`;
}

function fileOfC(fn: FunctionInfo): string {
  return fn.c === null ? '' : fn.c.slice(0, fn.c.indexOf(':'));
}

/** A preview with its name before it, cut when it is long; the whole of it shows when it is pointed at. */
function argument(name: string, text: string): string {
  const isLong = text.length > 44;
  const shown = isLong ? `${text.slice(0, 40)}…` : text;
  return `<span class="arg"${isLong ? ` title="${esc(text)}"` : ''}><span class="an">${esc(name)}=</span>${esc(shown)}</span>`;
}

/** The arguments of a call. */
export function argsHtml(fn: FunctionInfo, args: readonly number[] | undefined, texts: string[]) {
  const list = (args ?? []).map((text, i) => argument(fn.params[i] ?? '…', texts[text]));
  return `<span class="args">(${list.join(', ')})</span>`;
}

/** One frame, as gdb prints it, every part a link. */
export function frameHtml(
  view: View,
  frame: StackFrame,
  no: number,
  functions: readonly FunctionInfo[],
  texts: string[],
  anchor = '',
): string {
  const fn = functions[frame.f];
  const c = fileOfC(fn);
  const via = frame.p === undefined ? '' : `<span class="via">${esc(frame.p)} →</span> `;
  return (
    `<li class="frame"${anchor === '' ? '' : ` id="${anchor}"`} data-id="${esc(fn.id)}"><span class="no">#${no}</span>` +
    `<span class="what">${via}<a class="fn" href="${pageOf(view, fn.id)}">${esc(fn.name)}</a> ` +
    `${argsHtml(fn, frame.a, texts)}</span>` +
    `<span class="where"><a class="ts" href="${sourceOf(view, fn.file, frame.l)}">${esc(fn.file)}:${frame.l}</a>` +
    (c === ''
      ? '<span class="c own">—</span>'
      : `<a class="c" href="${cUrl(c, frame.c ?? lineOf(fn))}">${c}:${frame.c ?? lineOf(fn)}</a>`) +
    '</span></li>'
  );
}

function lineOf(fn: FunctionInfo): number {
  return fn.c === null ? 0 : Number(fn.c.slice(fn.c.indexOf(':') + 1));
}

/** A recorded stack with how often and by what it came. */
export function stackHtml(
  view: View,
  stack: RecordedStack,
  index: number,
  functions: readonly FunctionInfo[],
  texts: string[],
): string {
  const frames = stack.frames.map((frame, i) =>
    frameHtml(view, frame, i, functions, texts, `s${index}.${i}`),
  );
  return (
    `<figure class="stack" id="s${index}"><figcaption><a href="${scenarioUrl(view, stack.scenario)}">` +
    `<kbd>${esc(stack.input)}</kbd></a><span class="hits">×${stack.hits}</span></figcaption>` +
    `<ol class="frames">${frames.join('')}</ol></figure>`
  );
}

/** Aligns two lists by their longest common part; an index or -1 for each side. */
export function align(
  left: readonly string[],
  right: readonly string[],
): [left: number, right: number][] {
  const width = right.length + 1;
  const length = new Uint16Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      length[i * width + j] =
        left[i] === right[j]
          ? length[(i + 1) * width + j + 1] + 1
          : Math.max(length[(i + 1) * width + j], length[i * width + j + 1]);
    }
  }
  const rows: [number, number][] = [];
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i] === right[j]) rows.push([i++, j++]);
    else if (
      j >= right.length ||
      (i < left.length && length[(i + 1) * width + j] >= length[i * width + j + 1])
    ) {
      rows.push([i++, -1]);
    } else rows.push([-1, j++]);
  }
  return rows;
}

/** A stack of gdb's on the left, ours on the right, marked frame by frame. */
export function gdbHtml(view: View, stack: GdbStack, functions: readonly FunctionInfo[]): string {
  const ours = stack.ours.map((frame) =>
    typeof frame === 'string' ? frame : (functions[frame.f].cName ?? functions[frame.f].name),
  );
  const rows = align(
    stack.frames.map(([name]) => name),
    ours,
  ).map(([i, j]) => {
    const [name, file, line] = i === -1 ? ['', '', 0] : stack.frames[i];
    const frame = j === -1 ? null : stack.ours[j];
    const left =
      i === -1
        ? ''
        : `<span class="no">#${i}</span> ${esc(name)} ${file === '' ? '' : cLink(`${file}:${line}`)}`;
    let right = '';
    if (typeof frame === 'string') right = esc(frame);
    else if (frame !== null) {
      const fn = functions[frame.f];
      right =
        `<a class="fn" href="${pageOf(view, fn.id)}">${esc(fn.name)}</a> ` +
        `<a class="ts" href="${sourceOf(view, fn.file, frame.l)}">${esc(fn.file)}:${frame.l}</a>`;
    }
    const mark = i !== -1 && j !== -1 ? 'same' : i === -1 ? 'ours' : 'theirs';
    const sign = { same: '=', ours: '+', theirs: '−' }[mark];
    return `<tr class="${mark}"><td>${left}</td><td class="mark">${sign}</td><td>${right}</td></tr>`;
  });
  const verdict = {
    agrees: 'every frame agrees',
    differs: 'differs',
    unplayable: 'needs what this server does not have',
  }[stack.verdict];
  return (
    `<figure class="gdb ${stack.verdict}"><figcaption><kbd>${esc(stack.input)}</kbd>` +
    `<span class="verdict">${verdict}</span></figcaption>` +
    `<table><thead><tr><th>gdb, C 7.0.5</th><th></th><th>here</th></tr></thead><tbody>${rows.join('')}</tbody></table>` +
    (stack.why === '' ? '' : `<p class="why">${esc(stack.why)}</p>`) +
    '</figure>'
  );
}

/** Whether a call is a detail: a helper that calls nobody, or the keeping of accounts about memory. */
export function isLeafHelper(node: CallNode, functions: readonly FunctionInfo[]): boolean {
  const { file } = functions[node.f];
  return node.k === undefined ? HELPERS.test(file) : node.n <= 5 && file === 'object/zmalloc.ts';
}

/** How much of a tree is shown. */
export interface TreeOptions {
  functions: readonly FunctionInfo[];
  tree: CallTree;
  /** Levels that are open. */
  open: number;
  /** Levels that are made at once; those below are filled in when they are opened. */
  made: number;
}

/** The calls of a list, as items. `path` tells the way from the roots, for links. */
export function callsHtml(
  view: View,
  children: readonly Child[],
  { functions, tree, open, made }: TreeOptions,
  caller: FunctionInfo | null = null,
  path = '',
): string {
  return children
    .map((child, i) => {
      const here = path === '' ? String(i) : `${path}.${i}`;
      if (typeof child === 'object' && !Array.isArray(child)) {
        const body = callsHtml(
          view,
          child.body,
          { functions, tree, open, made },
          caller,
          `${here}l`,
        );
        return `<li class="loop"><span class="row"><span class="times">×${child.times}</span></span><ul>${body}</ul></li>`;
      }
      const [index, times] = typeof child === 'number' ? [child, 1] : child;
      return callHtml(
        view,
        index,
        times,
        { functions, tree, open, made },
        caller,
        here.replace(/l\./g, 'l'),
      );
    })
    .join('');
}

function callHtml(
  view: View,
  index: number,
  times: number,
  options: TreeOptions,
  caller: FunctionInfo | null,
  path: string,
): string {
  const { functions, tree, open, made } = options;
  const node = tree.nodes[index];
  const fn = functions[node.f];
  const result =
    node.r === undefined ? '' : ` <span class="ret">${argument('', tree.texts[node.r])}</span>`;
  const cFile = caller === null ? '' : fileOfC(caller);
  const where =
    caller === null || node.l === 0
      ? ''
      : `<span class="where"><a class="ts" href="${sourceOf(view, caller.file, node.l)}" title="${esc(caller.file)}:${node.l}">${node.l}</a>` +
        (node.c === undefined || cFile === ''
          ? ''
          : `<a class="c" href="${cUrl(cFile, node.c)}" title="${cFile}:${node.c}">C ${node.c}</a>`) +
        '</span>';
  const row =
    (node.p === undefined || node.p === fn.name
      ? ''
      : `<span class="via">${esc(node.p)} →</span> `) +
    `<a class="fn" href="${pageOf(view, fn.id)}">${esc(fn.name)}</a>` +
    `${argsHtml(fn, node.a, tree.texts)}${result}` +
    (times > 1 ? `<span class="times">×${times}</span>` : '') +
    where;
  if (node.k === undefined) {
    const kind = isLeafHelper(node, functions) ? 'call leaf helper' : 'call leaf';
    return `<li class="${kind}" data-path="${path}"><span class="row">${row}</span></li>`;
  }
  const inside =
    made > 0
      ? `<ul>${callsHtml(view, node.k, { functions, tree, open: open - 1, made: made - 1 }, fn, path)}</ul>`
      : '';
  return (
    `<li class="${isLeafHelper(node, functions) ? 'call helper' : 'call'}" data-path="${path}" data-node="${index}"><details${open > 0 && made > 0 ? ' open' : ''}>` +
    `<summary class="row">${row}<span class="calls">${node.n - 1}</span></summary>${inside}</details></li>`
  );
}

/** A list of calls as a whole tree. */
export function treeHtml(
  view: View,
  children: readonly Child[],
  options: TreeOptions,
  caller: FunctionInfo | null = null,
): string {
  return `<ul class="calltree">${callsHtml(view, children, options, caller)}</ul>`;
}

/** Bytes as they are sent: a line each for every CR LF, what cannot be printed escaped. */
export function bytesHtml(bytes: string, limit = 4000): string {
  if (bytes === '') return '<span class="nothing">nothing</span>';
  const cut = bytes.length > limit;
  const text = esc(cut ? bytes.slice(0, limit) : bytes)
    .replaceAll('\r\n', '<i>\\r\\n</i>\n')
    .replace(
      // Bytes that a terminal does not show, but for the line feed.
      /[\x00-\x09\x0b-\x1f\x7f-\xff]/g,
      (c) => `<i>\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}</i>`,
    )
    .replace(/\n$/, '');
  return `<pre class="bytes">${text}${cut ? `\n<i>… ${bytes.length} bytes</i>` : ''}</pre>`;
}
