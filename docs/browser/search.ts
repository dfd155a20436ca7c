/**
 * Search, and the list of the functions of a file at the left: both come from data/index.js.
 *
 * Who calls in: main.ts. Whom it calls: load.ts, score.ts.
 */
import { all, here, load, one, root, subject, view } from './load.ts';
import { score } from './score.ts';
import { esc, pageOf, scenarioUrl, type SearchIndex } from './view.ts';

/** Something that can be found. */
interface Found {
  name: string;
  hint: string;
  url: string;
  kind: string;
  score: number;
}

const SHOWN = 14;

/** Loads the index; the addresses in it are needed by everything that makes links. */
export async function loadIndex(): Promise<SearchIndex> {
  const index = await load<SearchIndex>('index');
  Object.assign(view.pages, index.pages);
  return index;
}

/** The best answers. */
export function find(index: SearchIndex, text: string): Found[] {
  const query = text.toLowerCase().replace(/\s+/g, '');
  if (query === '') return [];
  const found: Found[] = [];
  const add = (
    name: string,
    also: string,
    bonus: number,
    rest: () => Omit<Found, 'name' | 'score'>,
  ): void => {
    const best = Math.max(score(name, query), also === '' ? 0 : score(also, query) - 20);
    if (best > 0) found.push({ name, score: best + bonus, ...rest() });
  };
  for (const [file, functions] of index.modules) {
    const module = file.replace(/\.ts$/, '');
    add(file, '', 0, () => ({ hint: '', url: `${root}${module}.html`, kind: 'file' }));
    for (const [name, hits, cName] of functions) {
      add(name, cName ?? '', hits > 0 ? 5 + Math.min(20, Math.log2(hits)) : 0, () => ({
        hint: file,
        url: pageOf(view, `${module}.${name}`),
        kind: 'function',
      }));
    }
  }
  for (const [name, slug, summary] of index.commands) {
    add(name, '', 30, () => ({
      hint: summary,
      url: `${root}commands/${slug}.html`,
      kind: 'command',
    }));
  }
  for (const [id, title] of index.scenes) {
    add(title, id, 0, () => ({ hint: id, url: scenarioUrl(view, id), kind: 'scene' }));
  }
  for (const [file, en, zh] of index.tours) {
    const isChinese = document.documentElement.lang === 'zh-Hans';
    add(isChinese ? zh : en, isChinese ? en : zh, 0, () => ({
      hint: '',
      url: `${root}read/${isChinese ? 'zh' : 'en'}/${file}.html`,
      kind: 'tour',
    }));
  }
  for (const [name, url] of index.others) {
    add(name, '', -10, () => ({
      hint: url.replace(/\.html.*/, ''),
      url: root + url,
      kind: 'name',
    }));
  }
  return found.sort((a, b) => b.score - a.score || a.name.length - b.name.length).slice(0, SHOWN);
}

/** Makes the box in the top bar search. */
export function startSearch(): void {
  const input = one('#search') as HTMLInputElement | null;
  const results = one('#results');
  if (input === null || results === null) return;
  const close = (): void => {
    results.hidden = true;
  };
  const select = (step: number): void => {
    const items = all('a', results);
    const at = items.findIndex((item) => item.ariaSelected === 'true');
    items[at]?.removeAttribute('aria-selected');
    const next = items[(at + step + items.length) % items.length];
    next?.setAttribute('aria-selected', 'true');
    next?.scrollIntoView({ block: 'nearest' });
  };
  const show = async (): Promise<void> => {
    const index = await loadIndex();
    const items = find(index, input.value).map(
      ({ name, hint, url, kind }, i) =>
        `<a href="${url}"${i === 0 ? ' aria-selected="true"' : ''}><i class="${kind}">${kind}</i><b>${esc(name)}</b><span>${esc(hint)}</span></a>`,
    );
    results.innerHTML =
      items.length > 0 ? items.join('') : input.value === '' ? '' : '<p class="nothing">—</p>';
    results.hidden = results.innerHTML === '';
  };
  input.addEventListener('input', () => void show());
  input.addEventListener('focus', () => void show());
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      select(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Enter') {
      const chosen = one('a[aria-selected="true"]', results) ?? one('a', results);
      if (chosen !== null) chosen.click();
    } else if (event.key === 'Escape') {
      input.blur();
      close();
    }
  });
  document.addEventListener('click', (event) => {
    if (!(event.target as Element).closest('#results, .search')) close();
  });
}

/** The functions of the file, and the files of the room, at the left. */
export async function fillSide(): Promise<void> {
  const side = one('[data-side]');
  if (side === null) return;
  const index = await loadIndex();
  // The subject is the id of a function, or a file.
  const file = subject.endsWith('.ts') ? subject : `${subject.replace(/\.[^.]*$/, '')}.ts`;
  const room = file.split('/')[0];
  const parts: string[] = [];
  for (const [name, functions] of index.modules) {
    if (!name.startsWith(`${room}/`)) continue;
    const module = name.replace(/\.ts$/, '');
    const isCurrent = name === file;
    parts.push(
      `<li><a class="file" href="${root}${module}.html"${isCurrent ? ' aria-current="true"' : ''}>${esc(name.slice(room.length + 1))}</a>`,
    );
    if (isCurrent) {
      const items = functions.map(([fn, hits]) => {
        const url = pageOf(view, `${module}.${fn}`);
        const isHere = url === root + here;
        return `<li><a${hits === 0 ? ' class="unreached"' : ''} href="${url}"${isHere ? ' aria-current="page"' : ''}>${esc(fn)}</a></li>`;
      });
      parts.push(`<ul>${items.join('')}</ul>`);
    }
    parts.push('</li>');
  }
  side.outerHTML = `<nav class="side code"><h3>${esc(room)}/</h3><ul>${parts.join('')}</ul></nav>`;
  one('.side [aria-current="page"]')?.scrollIntoView({ block: 'center' });
  window.scrollTo({ top: window.scrollY });
}
