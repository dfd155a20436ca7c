/**
 * What the pages of functions show beside their contract, and what they fetch: data/f/<id>.js.
 *
 * Who calls in: theme.ts. Whom it calls: data.ts, docs/browser/view.ts.
 */
import {
  esc,
  gdbHtml,
  pageOf,
  scenarioUrl,
  sourceOf,
  stackHtml,
  cLink,
  type FunctionData,
  type GdbStack,
  type View,
} from '../browser/view.ts';
import type {
  CallNode,
  CallTree,
  Child,
  FunctionFile,
  FunctionInfo,
  RecordedStack,
} from '../recorder/format.ts';
import type { SiteData } from './data.ts';
import { heading } from './layout.ts';

/** Stacks, comparisons and tests that stand on the page; the others are fetched. */
const SHOWN = { stacks: 3, gdb: 1, tests: 8, edges: 24, scenarios: 14 };

/** Calls of an example tree that a function's file may have. */
const EXAMPLE_NODES = 1500;

/** A part of a page: the heading and what stands under it. */
export interface Section {
  id: string;
  title: string;
  html: string;
}

/** gdb's stacks of a function of ours, those that agree first. */
export function gdbStacksOf(data: SiteData, file: FunctionFile): GdbStack[] {
  const { function: fn } = file;
  const name = fn.cName ?? fn.name;
  const cFile = fn.c === null ? '' : fn.c.slice(0, fn.c.indexOf(':'));
  const known = new Map(file.stacks.map((stack) => [namesOf(data, file, stack).join(' '), stack]));
  return data.compared.stacks
    .filter(({ stack }) => stack.frames[0].name === name && stack.frames[0].file === cFile)
    .map(({ stack, names, verdict, ours }): GdbStack => {
      const frames = stack.frames.slice(0, names.length);
      const same = known.get(names.join(' '));
      // One that differs is shown beside the one that is most like it.
      const nearest = [...ours].sort((a, b) => likeness(b, names) - likeness(a, names))[0];
      const kept = same ?? (nearest === undefined ? undefined : known.get(nearest));
      return {
        id: stack.id,
        input: stack.scenario.trigger.slice(0, 3).join('; ').slice(0, 120) || stack.scenario.id,
        verdict,
        why: data.compared.why[stack.id] ?? '',
        frames: frames.map((frame) => [frame.name, frame.file, frame.line]),
        ours:
          kept !== undefined
            ? framesOf(data, file, kept)
            : verdict === 'agrees'
              ? names
              : (nearest?.split(' ') ?? []),
      };
    })
    .sort(
      (a, b) =>
        Number(b.verdict === 'agrees') - Number(a.verdict === 'agrees') ||
        // What a person would type comes first.
        Number(/^[A-Z]/.test(b.input)) - Number(/^[A-Z]/.test(a.input)) ||
        a.input.length - b.input.length,
    );
}

function likeness(stack: string, names: readonly string[]): number {
  const ours = new Set(stack.split(' '));
  return names.filter((name) => ours.has(name)).length - Math.abs(ours.size - names.length) / 2;
}

/** A macro of C is a function here, which gdb does not show. */
function framesOf(
  data: SiteData,
  file: FunctionFile,
  stack: RecordedStack,
): RecordedStack['frames'] {
  const frames = stack.frames.filter(({ f }) => {
    const own = data.declared.get(file.functions[f].id)?.own;
    return own === null || own === undefined || !/^macro\b/.test(own);
  });
  const end = frames.findIndex(({ f }) => file.functions[f].name === 'aeMain');
  return end === -1 ? frames : frames.slice(0, end + 1);
}

function namesOf(data: SiteData, file: FunctionFile, stack: RecordedStack): string[] {
  return framesOf(data, file, stack).map(
    ({ f }) => file.functions[f].cName ?? file.functions[f].name,
  );
}

/** The subtree of a call, cut by levels until it is small enough. */
export function cutTree(
  tree: CallTree,
  functions: readonly FunctionInfo[],
  start: number,
): { tree: CallTree; functions: FunctionInfo[]; cut: boolean } {
  for (let levels = 12; ; levels--) {
    const nodes: CallNode[] = [];
    const texts: string[] = [];
    const used: FunctionInfo[] = [];
    const places = new Map<string, number>();
    const textPlaces = new Map<number, number>();
    const functionPlaces = new Map<number, number>();
    let cut = false;
    const place = <K>(map: Map<K, number>, key: K, list: unknown[], value: unknown): number => {
      let at = map.get(key);
      if (at === undefined) {
        at = list.push(value) - 1;
        map.set(key, at);
      }
      return at;
    };
    const text = (i: number): number => place(textPlaces, i, texts, tree.texts[i]);
    const copy = (index: number, left: number): number => {
      const key = `${index} ${left}`;
      const known = places.get(key);
      if (known !== undefined) return known;
      const node = tree.nodes[index];
      const made: CallNode = { ...node, f: place(functionPlaces, node.f, used, functions[node.f]) };
      if (node.a !== undefined) made.a = node.a.map(text);
      if (node.r !== undefined) made.r = text(node.r);
      if (node.k !== undefined) {
        if (left > 0 && nodes.length < EXAMPLE_NODES * 2) {
          made.k = node.k.map((child) => copyChild(child, left - 1));
        } else {
          cut = true;
          delete made.k;
        }
      }
      const at = nodes.push(made) - 1;
      places.set(key, at);
      return at;
    };
    const copyChild = (child: Child, left: number): Child => {
      if (typeof child === 'number') return copy(child, left);
      if (Array.isArray(child)) return [copy(child[0], left), child[1]];
      return { times: child.times, body: child.body.map((inner) => copyChild(inner, left)) };
    };
    const roots = [copy(start, levels)];
    if (nodes.length <= EXAMPLE_NODES || levels === 1) {
      return { tree: { texts, nodes, roots }, functions: used, cut };
    }
  }
}

/** What the page of a function fetches; null for one that was never reached. */
export function functionData(data: SiteData, file: FunctionFile): FunctionData {
  // The most telling example: the largest that is not the start of the whole program.
  const shapes = file.shapes.filter(({ n }) => n > 1);
  const [shape] = [...shapes].sort((a, b) => score(b) - score(a));
  let example: FunctionData['example'] = null;
  if (shape !== undefined) {
    const scenario = data.scenario(shape.scenario);
    const part = cutTree(scenario.tree, scenario.shared.frames, shape.node);
    // The functions of the tree are appended to those of the file.
    const offset = file.functions.length;
    for (const node of part.tree.nodes) node.f += offset;
    example = { scenario: scenario.id, title: scenario.title, tree: part.tree, cut: part.cut };
    file = { ...file, functions: [...file.functions, ...part.functions] };
  }
  return {
    functions: file.functions,
    texts: file.texts,
    stacks: file.stacks,
    gdb: gdbStacksOf(data, file),
    example,
  };
}

/** Large enough to be telling, and from a run that everybody understands. */
function score({ n, scenario }: FunctionFile['shapes'][number]): number {
  const known = scenario.startsWith('scene.') ? -2 : /^(?:set|get|incr)$/.test(scenario) ? 1.5 : 0;
  return Math.log2(Math.min(n, 300)) + known;
}

function edgesHtml(
  view: View,
  edges: FunctionFile['callers'],
  functions: readonly FunctionInfo[],
  self: FunctionInfo,
  areCallers: boolean,
): string {
  const items = edges.map(({ f, lines, hits }) => {
    const fn = functions[f];
    const file = areCallers ? fn.file : self.file;
    const at = lines
      .slice(0, 4)
      .map((line) => `<a class="ts" href="${sourceOf(view, file, line)}">${line}</a>`)
      .join(' ');
    return `<li><a class="fn" href="${pageOf(view, fn.id)}">${esc(fn.name)}</a> <span class="where">${at}</span><span class="hits">×${hits}</span></li>`;
  });
  const shown = items.slice(0, SHOWN.edges);
  const rest = items.slice(SHOWN.edges);
  return (
    `<ul class="edges">${shown.join('')}</ul>` +
    (rest.length === 0
      ? ''
      : `<details class="more"><summary>${rest.length} more</summary><ul class="edges">${rest.slice(0, 200).join('')}</ul></details>`)
  );
}

/** How much of a function the tests execute. */
export function coverageOf(
  data: SiteData,
  fn: FunctionInfo,
  end: number,
): { hit: number; of: number } | null {
  const lines = data.coverage.get(fn.file);
  if (lines === undefined) return null;
  let hit = 0;
  let of = 0;
  for (let line = fn.line; line <= end; line++) {
    const count = lines.get(line);
    if (count === undefined) continue;
    of++;
    if (count > 0) hit++;
  }
  return of === 0 ? null : { hit, of };
}

/** All sections of the page of a function, after the contract. */
export function functionSections(
  data: SiteData,
  view: View,
  fn: FunctionInfo,
  file: FunctionFile | null,
  gdb: GdbStack[],
  endLine: number,
): Section[] {
  const sections: Section[] = [];
  const add = (id: string, title: string, html: string): void => {
    sections.push({ id, title, html: `<section>${heading(id, title)}${html}</section>` });
  };
  if (file !== null && file.stacks.length > 0) {
    const shown = file.stacks
      .slice(0, SHOWN.stacks)
      .map((stack, i) => stackHtml(view, stack, i, file.functions, file.texts));
    const more = file.stacks.length - shown.length;
    const all =
      file.stackCount > 1
        ? `<p class="meta">${file.hits} entries by ${file.stackCount} distinct stacks, smallest input first.</p>`
        : `<p class="meta">${file.hits} ${file.hits === 1 ? 'entry' : 'entries'}, always by this stack.</p>`;
    add(
      'stacks',
      'Recorded stacks',
      `${all}<div data-stacks>${shown.join('')}</div>` +
        (more > 0
          ? `<p><button type="button" class="quiet" data-more="stacks"><span data-t>Show all</span> ${file.stacks.length}</button></p>`
          : ''),
    );
  }
  if (gdb.length > 0 && file !== null) {
    const agreeing = gdb.filter(({ verdict }) => verdict === 'agrees').length;
    add(
      'gdb',
      'Beside gdb',
      `<p class="meta">${agreeing} of ${gdb.length} ${gdb.length === 1 ? 'stack' : 'stacks'} that gdb showed on the C server ${agreeing === 1 && gdb.length === 1 ? 'is' : 'are'} ours, frame by frame.</p>` +
        `<div data-gdbstacks>${gdb
          .slice(0, SHOWN.gdb)
          .map((stack) => gdbHtml(view, stack, file.functions))
          .join('')}</div>` +
        (gdb.length > SHOWN.gdb
          ? `<p><button type="button" class="quiet" data-more="gdb"><span data-t>Show all</span> ${gdb.length}</button></p>`
          : ''),
    );
  }
  if (file !== null && file.callees.length > 0) {
    add(
      'calls',
      'What it calls',
      '<div class="watch" data-example></div>' +
        `<details class="flat"><summary data-t>Whom it calls</summary>${edgesHtml(view, file.callees, file.functions, file.function, false)}</details>`,
    );
  }
  if (file !== null && file.callers.length > 0) {
    add(
      'callers',
      'Who calls it',
      edgesHtml(view, file.callers, file.functions, file.function, true),
    );
  }
  const parts: string[] = [];
  const titles = new Map(data.index.scenarios.map(({ id, title }) => [id, title]));
  if (file !== null && file.scenarios.length > 0) {
    const links = file.scenarios
      .slice(0, SHOWN.scenarios)
      .map(
        ({ id, hits }) =>
          `<li><a href="${scenarioUrl(view, id)}"><kbd>${esc((titles.get(id) ?? id).slice(0, 60))}</kbd></a> <span class="hits">×${hits}</span></li>`,
      );
    const more = file.scenarios.length - links.length;
    parts.push(
      `<h3 data-t>Reached by</h3><ul class="chips">${links.join('')}${more > 0 ? `<li class="nothing">and ${more} more runs</li>` : ''}</ul>`,
    );
  }
  const reaching = data.tests.get(fn.id);
  if (reaching !== undefined) {
    const { count, tests } = reaching;
    const items = tests.map(
      ({ file: test, line, title }) =>
        `<li>${esc(title)} <span class="where">${esc(test)}${line > 0 ? `:${line}` : ''}</span></li>`,
    );
    const rest = items.slice(SHOWN.tests);
    parts.push(
      `<h3>${count === 1 ? 'A test reaches it' : `${count} tests reach it`}</h3><ul class="tests">${items.slice(0, SHOWN.tests).join('')}</ul>` +
        (rest.length > 0
          ? `<details class="more"><summary>${rest.length} more</summary><ul class="tests">${rest.join('')}</ul></details>`
          : ''),
    );
  }
  const covered = coverageOf(data, fn, endLine);
  if (covered !== null) {
    const percent = Math.round((100 * covered.hit) / covered.of);
    parts.push(
      `<p class="meta"><span data-t>Coverage</span>: the tests run ${covered.hit} of its ${covered.of} lines <meter min="0" max="100" value="${percent}">${percent} %</meter></p>`,
    );
  }
  if (parts.length > 0) add('tests', 'Tests', parts.join(''));
  return sections;
}

/** Where a function comes from, in one line. */
export function originHtml(data: SiteData, view: View, fn: FunctionInfo): string {
  const declared = data.declared.get(fn.id);
  const here = `<a class="ts" href="${sourceOf(view, fn.file, fn.line)}">${esc(fn.file)}:${fn.line}</a>`;
  const tags = declared?.tags ?? [];
  const c = tags.map(
    ({ file, line, name }) =>
      `${cLink(`${file}:${line}`)}${name === fn.name ? '' : ` <code>${esc(name)}</code>`}`,
  );
  const parts = [here];
  if (c.length > 0)
    parts.push(
      `C 7.0.5 ${c.join(', ')}${declared?.cstatic === true ? ' <span class="badge">static</span>' : ''}`,
    );
  if (declared?.own !== null && declared?.own !== undefined) {
    parts.push(`<span class="badge">own</span> ${esc(declared.own)}`);
  }
  return `<p class="origin">${parts.join('<span class="sep"> · </span>')}</p>`;
}
