/**
 * The script of every page: search, side bar, trail, keys, theme and language; and what is fetched for functions and commands.
 *
 * Who calls in: the browser. Whom it calls: all other files of this folder.
 */
import type { FunctionFile } from '../recorder/format.ts';
import { keysHelp, startKeys } from './keys.ts';
import {
  all,
  element,
  here,
  keep,
  load,
  one,
  pageTitle,
  recall,
  root,
  subject,
  view,
} from './load.ts';
import { fillSide, loadIndex, startSearch } from './search.ts';
import { esc, gdbHtml, stackHtml, type FunctionData } from './view.ts';
import {
  mountExample,
  startGdbTrees,
  startHelperSwitches,
  startRuns,
  startTourTrees,
} from './watch.ts';
import { word, type Language } from './words.ts';

/** Pages of the trail that are kept, the latest first. */
const TRAIL = 14;

const page = document.documentElement;

function language(): Language {
  return page.dataset.lang === 'zh' ? 'zh' : 'en';
}

/** Headings and labels in the reader's language. */
function translate(from: ParentNode = document): void {
  for (const label of all('[data-t]', from)) {
    label.dataset.t ||= label.textContent;
    label.textContent = word(label.dataset.t, language());
  }
}

function startTheme(): void {
  one('button.theme')?.addEventListener('click', () => {
    const isDark =
      page.dataset.theme === undefined
        ? matchMedia('(prefers-color-scheme: dark)').matches
        : page.dataset.theme === 'dark';
    page.dataset.theme = isDark ? 'light' : 'dark';
    keep('theme', page.dataset.theme);
  });
}

function startLanguage(): void {
  const control = one('[data-lang-switch]');
  // A tour is in its own language; elsewhere the reader's is kept.
  if (page.dataset.own !== undefined) keep('lang', page.dataset.own);
  if (!(control instanceof HTMLButtonElement)) return;
  const name = (): void => {
    control.textContent = language() === 'zh' ? 'English' : '中文';
    // From here one goes on to pages in that language.
    for (const link of all('header a[href$="index.html"], header a[href$="index.zh.html"]')) {
      const href = link.getAttribute('href') ?? '';
      if (!/^(?:\.\.\/)*index(?:\.zh)?\.html$/.test(href)) continue;
      link.setAttribute('href', `${root}${language() === 'zh' ? 'index.zh.html' : 'index.html'}`);
    }
  };
  name();
  control.addEventListener('click', () => {
    page.dataset.lang = language() === 'zh' ? 'en' : 'zh';
    keep('lang', page.dataset.lang);
    name();
    translate();
  });
}

/** Functions and commands that were visited, the latest first. */
function startTrail(): void {
  const place = one('[data-trail]');
  const isKept = /^is-(?:function|command)$/.test(document.body.classList[0]);
  let trail: [title: string, url: string][] = [];
  try {
    trail = JSON.parse(recall('trail') ?? '[]') as typeof trail;
  } catch {
    // What cannot be read is forgotten.
  }
  if (isKept) {
    trail = [[pageTitle, here] as [string, string], ...trail.filter(([, url]) => url !== here)];
    keep('trail', JSON.stringify(trail.slice(0, TRAIL)));
  }
  const others = trail.filter(([, url]) => url !== here);
  if (place === null || others.length === 0) return;
  const items = others.map(
    ([title, url]) => `<li><a href="${root}${esc(url)}">${esc(title)}</a></li>`,
  );
  place.innerHTML = `<h2><span data-t>Trail</span> <button type="button" class="quiet" data-t>clear</button></h2><ol class="trail">${items.join('')}</ol>`;
  one('button', place)?.addEventListener('click', () => {
    keep('trail', '[]');
    place.replaceChildren();
  });
}

/** What the page of a function fetches: all stacks, the comparison with gdb, the tree of an example. */
async function startFunction(): Promise<void> {
  if (!document.body.classList.contains('is-function')) return;
  const wants = one('[data-more], [data-example]') !== null;
  if (!wants) return;
  await loadIndex();
  const data = await load<FunctionData>(`f/${subject}`);
  const list = (kind: string, into: string, html: () => string): void => {
    const button = one(`[data-more="${kind}"]`);
    const show = (): void => {
      const place = one(`[${into}]`);
      if (place !== null) place.innerHTML = html();
      button?.remove();
    };
    button?.addEventListener('click', show);
    // A link to a stack that is not on the page yet.
    const { hash } = location;
    if (
      kind === 'stacks' &&
      /^#s[\d.]+$/.test(hash) &&
      document.getElementById(hash.slice(1)) === null
    ) {
      show();
      location.replace(hash);
    }
  };
  const { functions, texts, stacks, gdb } = data;
  list('stacks', 'data-stacks', () =>
    stacks
      .map((stack: FunctionFile['stacks'][number], i) =>
        stackHtml(view, stack, i, functions, texts),
      )
      .join(''),
  );
  list('gdb', 'data-gdbstacks', () => gdb.map((stack) => gdbHtml(view, stack, functions)).join(''));
  mountExample(data);
  document.body.dataset.ready = 'yes';
}

/** A click into a frame puts its place into the address, so that it can be passed on. */
function startFrames(): void {
  document.addEventListener('click', (event) => {
    const target = event.target as Element;
    const frame = target.closest('.frame[id]');
    if (frame === null || target.closest('a') !== null) return;
    for (const other of all('.here')) other.classList.remove('here');
    frame.classList.add('here');
    history.replaceState(null, '', `#${frame.id}`);
  });
}

/** A line of a source is marked, and several from one to another with the shift key. */
function startSource(): void {
  const source = one('pre.source');
  if (source === null) return;
  source.addEventListener('click', (event) => {
    const line = (event.target as HTMLElement).closest<HTMLElement>('span[id^="L"]');
    if (line === null || (event.target as HTMLElement).closest('a') !== null) return;
    const { left } = line.getBoundingClientRect();
    if (event.clientX - left > 0 && (event as MouseEvent).clientX > left + 120) return;
    history.replaceState(null, '', `#${line.id}`);
    mark();
  });
  const mark = (): void => {
    for (const line of all('.at', source)) line.classList.remove('at');
    if (!/^#L\d+$/.test(location.hash)) return;
    one(location.hash, source)?.classList.add('at');
  };
  addEventListener('hashchange', mark);
  mark();
}

one('button.menu')?.addEventListener('click', () => document.body.classList.toggle('menu-open'));
one('.page')?.addEventListener('click', (event) => {
  if ((event.target as Element).closest('.left') === null)
    document.body.classList.remove('menu-open');
});
startTheme();
startLanguage();
startTrail();
startSearch();
startSource();
startFrames();
startHelperSwitches();
startTourTrees();
startKeys();
translate();
const isQuiet = (error: unknown): void => {
  document.body.append(element(`<p class="failed">${esc(String(error))}</p>`));
};
const parts = [fillSide(), startFunction(), startRuns(), startGdbTrees()];
for (const part of parts) part.catch(isQuiet);
void Promise.allSettled(parts).then(() => (document.body.dataset.settled = 'yes'));
keysHelp();
