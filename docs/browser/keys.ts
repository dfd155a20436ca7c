/**
 * The keys: one walks along frames and calls without a mouse.
 *
 *     /  search      j k  next, former frame or call      Enter  go there      u  caller      d  callee
 *     o  open, shut  [ ]  former, next tour               t  light, dark       ?  this list
 *
 * Who calls in: main.ts. Whom it calls: load.ts.
 */
import { all, element, one } from './load.ts';
import { word } from './words.ts';

const KEYS: [keys: string, en: string, zh: string][] = [
  ['/', 'search', '搜索'],
  ['j  k', 'next, previous frame or call', '下一个、上一个栈帧或调用'],
  ['Enter', 'go to its page', '打开它的页面'],
  ['u', 'to the caller', '到调用者'],
  ['d', 'to the callee', '到被调用者'],
  ['o', 'open or shut a call', '展开或折叠调用'],
  ['[  ]', 'previous, next tour', '上一篇、下一篇'],
  ['t', 'light, dark', '明暗'],
  ['?', 'this list', '本列表'],
];

/** Rows one can walk along: frames of stacks, calls of trees, as far as they are to be seen. */
function rows(): HTMLElement[] {
  return all('main .frame, main .calltree .row').filter(
    (row) => row.offsetParent !== null && row.getClientRects().length > 0,
  );
}

function current(): HTMLElement | null {
  return one('main .here');
}

function go(row: HTMLElement | null | undefined): void {
  if (row === null || row === undefined) return;
  for (const other of all('main .here')) other.classList.remove('here');
  row.classList.add('here');
  row.scrollIntoView({ block: 'nearest' });
}

function follow(row: HTMLElement | null | undefined): void {
  const link = row === null || row === undefined ? null : one('a.fn', row);
  if (link !== null) link.click();
}

/** From a call in a tree to the one around it, or the first in it. */
function step(row: HTMLElement, isUp: boolean): void {
  const item = row.closest('li');
  if (isUp) {
    go(item?.parentElement?.closest('li.call')?.querySelector<HTMLElement>('.row'));
    return;
  }
  const details = item === null ? null : one(':scope > details', item);
  if (!(details instanceof HTMLDetailsElement)) return;
  details.open = true;
  // What opens is filled in by the listener of the tree, which runs a little later.
  requestAnimationFrame(() => {
    const inside = rows().find((other) => other !== row && details.contains(other));
    go(inside);
  });
}

/** On a frame of a stack the caller is the next one; on the page of a function, the one that calls it first. */
function callerOrCallee(isUp: boolean): void {
  const row = current();
  if (row !== null && row.closest('.calltree') !== null) {
    step(row, isUp);
    return;
  }
  if (row !== null) {
    const next = isUp ? row.nextElementSibling : row.previousElementSibling;
    if (next !== null) go(next as HTMLElement);
    return;
  }
  const list = isUp ? one('main .frames .frame:nth-child(2)') : null;
  if (list !== null) follow(list);
  else
    follow(
      one(
        isUp
          ? '#callers ~ .edges li'
          : '.calltree .call > details > ul > li .row, details.flat .edges li',
      ),
    );
}

function act(key: string): boolean {
  const list = rows();
  const at = list.findIndex((row) => row === current());
  switch (key) {
    case '/':
      one('#search')?.focus();
      return true;
    case 'j':
      go(list[at + 1] ?? list[at]);
      return true;
    case 'k':
      go(list[Math.max(at - 1, 0)]);
      return true;
    case 'Enter':
      if (at === -1) return false;
      follow(current());
      return true;
    case 'u':
    case 'd':
      callerOrCallee(key === 'u');
      return true;
    case 'o': {
      const details = current()?.closest('details');
      if (details) details.open = !details.open;
      return true;
    }
    case '[':
    case ']':
      one(key === '[' ? '.turn .previous' : '.turn .next')?.click();
      return true;
    case 't':
      one('button.theme')?.click();
      return true;
    case '?':
      one('dialog.keys')?.toggleAttribute('open');
      return true;
    case 'Escape':
      one('dialog.keys')?.removeAttribute('open');
      return false;
    default:
      return false;
  }
}

/** Listens to the keyboard. */
export function startKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { target } = event;
    if (target instanceof HTMLInputElement && target.type !== 'checkbox') return;
    if (
      event.key === 'Enter' &&
      target instanceof HTMLElement &&
      target.matches('a, button, summary')
    )
      return;
    if (act(event.key)) event.preventDefault();
  });
}

/** Puts the list of keys into the page; `?` shows it. */
export function keysHelp(): void {
  const language = document.documentElement.dataset.lang === 'zh' ? 'zh' : 'en';
  const items = KEYS.map(
    ([keys, en, zh]) =>
      `<dt>${keys
        .split('  ')
        .map((key) => `<kbd>${key}</kbd>`)
        .join(' ')}</dt><dd>${language === 'zh' ? zh : en}</dd>`,
  );
  document.body.append(
    element(
      `<dialog class="keys"><h2>${word('Keys', language)}</h2><dl>${items.join('')}</dl></dialog>`,
    ),
  );
  one('dialog.keys')?.addEventListener('click', (event) =>
    (event.currentTarget as HTMLElement).removeAttribute('open'),
  );
}
