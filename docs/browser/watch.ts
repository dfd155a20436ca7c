/**
 * Where a run is watched: its call tree, as a tree, as a flame, as turns of the loop; with links to each frame of it, `#t=set/0.0.3`.
 *
 * Who calls in: main.ts. Whom it calls: view.ts, flame.ts, timeline.ts.
 */
import type { CallNode, CallTree, Child, FunctionInfo } from '../recorder/format.ts';
import { drawFlame } from './flame.ts';
import { all, element, load, one, recall, keep, view } from './load.ts';
import { loadIndex } from './search.ts';
import { timelineHtml, turnsOf } from './timeline.ts';
import { callsHtml, cLink, esc, pageOf, treeHtml, type FunctionData } from './view.ts';
import { word } from './words.ts';

/** data/s/<scenario>.js */
interface RunData {
  id: string;
  title: string;
  functions: FunctionInfo[];
  tree: CallTree;
  run: string;
}

/** data/g/<command>.js */
interface GdbTraces {
  traces: {
    id: string;
    setup: string[];
    trigger: string[];
    pieces: [side: '=' | 'C' | '+', depth: number, name: string][][];
  }[];
  functions: Record<string, [id: string, c: string]>;
}

const OPEN = 4;

function t(text: string): string {
  return word(text, document.documentElement.dataset.lang === 'zh' ? 'zh' : 'en');
}

/** Fills what was left out of a tree when it is opened. */
export function fillOnOpen(
  container: HTMLElement,
  tree: CallTree,
  functions: readonly FunctionInfo[],
): void {
  container.addEventListener(
    'toggle',
    (event) => {
      const details = event.target as HTMLDetailsElement;
      if (details.open) fill(details, tree, functions);
    },
    true,
  );
}

function fill(
  details: HTMLDetailsElement,
  tree: CallTree,
  functions: readonly FunctionInfo[],
): void {
  const item = details.parentElement;
  if (item?.dataset.node === undefined || details.querySelector(':scope > ul') !== null) return;
  const node: CallNode = tree.nodes[Number(item.dataset.node)];
  const html = callsHtml(
    view,
    node.k ?? [],
    { functions, tree, open: 0, made: 1 },
    functions[node.f],
    item.dataset.path ?? '',
  );
  details.append(element(`<ul>${html}</ul>`));
}

/** Opens the way to a call and marks it. Returns its row. */
export function reveal(
  container: HTMLElement,
  path: string,
  tree: CallTree,
  functions: readonly FunctionInfo[],
): HTMLElement | null {
  for (let i = 0; i <= path.length; i++) {
    if (i < path.length && path[i] !== '.' && path[i] !== 'l') continue;
    const item = one(`[data-path="${path.slice(0, i)}"]`, container);
    const details = item === null ? null : one(':scope > details', item);
    if (details instanceof HTMLDetailsElement && i < path.length) {
      fill(details, tree, functions);
      details.open = true;
    }
  }
  const row = one(`[data-path="${path}"] .row`, container);
  if (row === null) return null;
  for (const other of all('.row.here')) other.classList.remove('here');
  row.classList.add('here');
  row.scrollIntoView({ block: 'center' });
  return row;
}

/** Opens the way to what the command itself does: below `call`, three levels. */
function openCommand(
  container: HTMLElement,
  tree: CallTree,
  functions: readonly FunctionInfo[],
): void {
  const way = (children: readonly Child[], prefix: string): string | null => {
    for (const [i, child] of children.entries()) {
      if (typeof child === 'object' && !Array.isArray(child)) continue;
      const { f, k } = tree.nodes[typeof child === 'number' ? child : child[0]];
      const path = prefix === '' ? String(i) : `${prefix}.${i}`;
      if (functions[f].name === 'call') return path;
      // What a command executes lies at most so deep.
      const found = path.length > 40 || k === undefined ? null : way(k, path);
      if (found !== null) return found;
    }
    return null;
  };
  const path = tree.nodes.length > 20000 ? null : way(tree.roots, '');
  if (path === null) return;
  const top = window.scrollY;
  const row = reveal(container, path, tree, functions);
  row?.classList.remove('here');
  for (let level = 0; level < 3; level++) {
    const item = row?.closest('li');
    if (!item) break;
    for (const details of [...all('details:not([open])', item)] as HTMLDetailsElement[]) {
      fill(details, tree, functions);
      details.open = true;
    }
  }
  window.scrollTo({ top });
}

/** The tools over a tree, and the tree. */
function mount(
  place: HTMLElement,
  id: string,
  tree: CallTree,
  functions: readonly FunctionInfo[],
  open: number,
): { show: (mode: string) => void; canvas: HTMLElement } {
  const turns = turnsOf(tree, functions);
  const modes = ['Tree', 'Flame', ...(turns.length > 0 ? ['Timeline'] : [])];
  const helpers = recall('helpers') === 'yes';
  place.innerHTML =
    `<div class="tools">${modes.map((mode) => `<button type="button" data-mode="${mode}">${t(mode)}</button>`).join('')}` +
    `<label><input type="checkbox" data-helpers${helpers ? ' checked' : ''}> ${t('Leaf helpers')}</label>` +
    `<button type="button" data-fold="open">${t('Open all')}</button><button type="button" data-fold="shut">${t('Fold all')}</button>` +
    `<button type="button" data-save title="A file for speedscope.app">speedscope</button></div><div class="canvas"></div>`;
  const canvas = one('.canvas', place) as HTMLElement;
  const drawTree = (): void => {
    canvas.className = helpers ? 'canvas tree' : 'canvas tree no-helpers';
    canvas.innerHTML = treeHtml(view, tree.roots, { functions, tree, open, made: open });
  };
  const show = (mode: string): void => {
    for (const button of all('[data-mode]', place)) {
      button.ariaPressed = String(button.dataset.mode === mode);
    }
    place.dataset.mode = mode;
    canvas.innerHTML = '';
    if (mode === 'Tree') drawTree();
    else if (mode === 'Flame') {
      canvas.className = 'canvas';
      drawFlame(
        canvas.appendChild(document.createElement('div')),
        tree,
        functions,
        tree.roots,
        (node) => {
          const fn = functions[tree.nodes[node].f];
          location.href = pageOf(view, fn.id);
        },
      );
    } else {
      canvas.className = 'canvas';
      canvas.innerHTML = timelineHtml(turns);
    }
  };
  place.addEventListener('click', (event) => {
    const target = event.target as HTMLElement;
    const button = target.closest<HTMLElement>('button');
    if (button === null) {
      rememberPlace(target, id);
      return;
    }
    const { mode, fold, path } = button.dataset;
    if (mode !== undefined) show(mode);
    else if (path !== undefined) {
      show('Tree');
      reveal(canvas, path, tree, functions);
      history.replaceState(null, '', `#t=${id}/${path}`);
    } else if (fold === 'open') {
      // Level by level, and not without end.
      for (let level = 0; level < 40 && all('details', canvas).length < 4000; level++) {
        const shut = all('details:not([open])', canvas) as HTMLDetailsElement[];
        if (shut.length === 0) break;
        for (const details of shut) {
          fill(details, tree, functions);
          details.open = true;
        }
      }
    } else if (fold === 'shut') {
      for (const details of all('details[open]', canvas))
        (details as HTMLDetailsElement).open = false;
    } else if ('save' in button.dataset) save(id, tree, functions);
  });
  fillOnOpen(canvas, tree, functions);
  show('Tree');
  return { show, canvas };
}

/** A click into a row puts its place into the address, so that it can be passed on. */
function rememberPlace(target: HTMLElement, id: string): void {
  const item = target.closest<HTMLElement>('[data-path]');
  if (item === null || target.closest('a') !== null) return;
  history.replaceState(null, '', `#t=${id}/${item.dataset.path}`);
  for (const other of all('.row.here')) other.classList.remove('here');
  one('.row', item)?.classList.add('here');
}

/** Writes the run as a profile of speedscope. */
function save(id: string, tree: CallTree, functions: readonly FunctionInfo[]): void {
  const events: { type: 'O' | 'C'; frame: number; at: number }[] = [];
  let at = 0;
  const walk = (children: readonly Child[]): void => {
    for (const child of children) {
      if (typeof child === 'object' && !Array.isArray(child)) {
        for (let i = 0; i < child.times; i++) walk(child.body);
        continue;
      }
      const [index, times] = typeof child === 'number' ? [child, 1] : child;
      const { f, k } = tree.nodes[index];
      for (let i = 0; i < times; i++) {
        events.push({ type: 'O', frame: f, at: at++ });
        if (k !== undefined) walk(k);
        events.push({ type: 'C', frame: f, at });
      }
    }
  };
  walk(tree.roots);
  const file = {
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    name: id,
    shared: { frames: functions },
    profiles: [{ type: 'evented', name: id, unit: 'none', startValue: 0, endValue: at, events }],
  };
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([JSON.stringify(file)], { type: 'application/json' }));
  link.download = `${id}.speedscope.json`;
  link.click();
}

/** `#t=set.nx/0.1.2` to its parts. */
export function placeOf(hash: string): { id: string; path: string } | null {
  const match = /^#t=([^/]+)(?:\/(.*))?$/.exec(decodeURIComponent(hash));
  return match === null ? null : { id: match[1], path: match[2] ?? '' };
}

/** The watching part of a command's or scene's page. */
export async function startRuns(): Promise<void> {
  const place = one('[data-watch]');
  if (place === null) return;
  const show = async (id: string, path: string): Promise<void> => {
    await loadIndex();
    const data = await load<RunData>(`s/${id}`);
    for (const tab of all('[data-scenario]')) {
      tab.ariaSelected = String(tab.dataset.scenario === id);
    }
    const run = one('[data-run]');
    if (run !== null && place.dataset.watch !== id) run.innerHTML = data.run;
    place.dataset.watch = id;
    // A fresh element, so that nobody listens twice.
    const fresh = document.createElement('div');
    place.replaceChildren(fresh);
    const { canvas } = mount(fresh, id, data.tree, data.functions, OPEN);
    const isLong = data.tree.nodes.length > 20000;
    if (isLong) canvas.classList.add('long');
    if (path !== '') reveal(canvas, path, data.tree, data.functions);
    else openCommand(canvas, data.tree, data.functions);
    place.dataset.ready = id;
  };
  const fromAddress = (): Promise<void> => {
    const asked = placeOf(location.hash);
    const known =
      asked !== null &&
      (asked.id === place.dataset.watch || one(`[data-scenario="${asked.id}"]`) !== null);
    return show(known ? asked.id : (place.dataset.watch ?? ''), known ? asked.path : '');
  };
  for (const tab of all('[data-scenario]')) {
    tab.addEventListener('click', () => {
      const { scenario = '' } = tab.dataset;
      history.replaceState(null, '', `#t=${scenario}`);
      void show(scenario, '');
    });
  }
  addEventListener('hashchange', () => void fromAddress());
  await fromAddress();
}

/** The tree of an example, on the page of a function. */
export function mountExample(data: FunctionData): void {
  const place = one('[data-example]');
  if (place === null || data.example === null) return;
  const { tree, scenario, title, cut } = data.example;
  const fresh = document.createElement('div');
  const note = element(
    `<p class="meta">in <a href="${scenarioLink(scenario)}"><kbd>${esc(title)}</kbd></a>${cut ? ', the upper levels' : ''}</p>`,
  );
  place.replaceChildren(note, fresh);
  const { canvas } = mount(fresh, scenario, tree, data.functions, OPEN);
  const asked = placeOf(location.hash);
  if (asked?.id === scenario) reveal(canvas, asked.path, tree, data.functions);
}

function scenarioLink(id: string): string {
  const [first] = id.split('.');
  return id.startsWith('scene.')
    ? `${view.root}scenes/${id.slice(6)}.html`
    : `${view.root}commands/${first}.html${id === first ? '' : `#t=${id}`}`;
}

/** Trees in tours: what was left out is fetched when somebody opens it. */
export function startTourTrees(): void {
  for (const figure of all('figure.tree[data-fill]')) {
    figure.addEventListener(
      'toggle',
      (event) => {
        const details = event.target as HTMLDetailsElement;
        if (!details.open || details.querySelector(':scope > ul') !== null) return;
        void loadIndex()
          .then(() => load<RunData>(`s/${figure.dataset.fill}`))
          .then(({ tree, functions }) => fill(details, tree, functions));
      },
      true,
    );
  }
}

/** gdb's trees beside ours. */
export async function startGdbTrees(): Promise<void> {
  const place = one('[data-gdb]');
  if (place === null) return;
  await loadIndex();
  const { traces, functions } = await load<GdbTraces>(`g/${place.dataset.gdb}`);
  place.innerHTML = traces
    .map(({ setup, trigger, pieces }) => {
      const lines = pieces.flat();
      const same = lines.filter(([side]) => side === '=').length;
      const rows = pieces.map((piece) =>
        piece
          .map(([side, depth, name]) => {
            const [id, c] = functions[name];
            const indent = `style="padding-left:calc(0.7rem + ${depth * 0.9}em)"`;
            const left = `<td ${indent}>${side === '+' ? '' : `${esc(name)} ${c === '' ? '' : cLink(c)}`}</td>`;
            const right = `<td ${indent}>${side === 'C' ? '' : id === '' ? esc(name) : `<a class="fn" href="${pageOf(view, id)}">${esc(name)}</a>`}</td>`;
            const kind = { '=': 'same', C: 'theirs', '+': 'ours' }[side];
            return `<tr class="${kind}">${left}<td class="mark">${side === '=' ? '=' : side === 'C' ? '−' : '+'}</td>${right}</tr>`;
          })
          .join(''),
      );
      return (
        `<details class="gdb"><summary><kbd>${esc([...setup, ...trigger].slice(-3).join('; '))}</kbd> <span class="verdict">${same} of ${lines.length} calls</span></summary>` +
        `<div class="scroll"><table><thead><tr><th>gdb, C 7.0.5</th><th></th><th>here</th></tr></thead>${rows.map((row) => `<tbody>${row}</tbody>`).join('')}</table></div></details>`
      );
    })
    .join('');
  const [first] = all('details', place);
  if (first instanceof HTMLDetailsElement) first.open = true;
}

/** The switch for leaf helpers, wherever it stands. */
export function startHelperSwitches(): void {
  document.addEventListener('change', (event) => {
    const box = event.target as HTMLInputElement;
    if (!('helpers' in box.dataset)) return;
    keep('helpers', box.checked ? 'yes' : 'no');
    const tree = box.closest('.watch, figure.tree');
    const canvas = tree?.matches('figure') === true ? tree : tree?.querySelector('.canvas');
    canvas?.classList.toggle('no-helpers', !box.checked);
  });
}
