/**
 * The frame of a page: head, top bar, side bars, foot. Every page is whole without scripts, save for what is fetched.
 *
 * Who calls in: all that makes pages. Whom it calls: docs/browser/view.ts and words.ts.
 */
import { esc } from '../browser/view.ts';
import { word, type Language } from '../browser/words.ts';

/** What the frame must know of a page. */
export interface Page {
  /** Path from the top of the site, `networking/networking/readQueryFromClient.html`. */
  url: string;
  title: string;
  /** What the page is: it becomes a class of the body. */
  kind: 'function' | 'module' | 'type' | 'command' | 'source' | 'tour' | 'list' | 'home';
  body: string;
  /** Id of the function, file of the module, id of the scenario: what the script must know. */
  subject?: string;
  language?: Language;
  /** Address of the same page in the other language, from the top. */
  other?: string;
  /** Headings, for the list at the side: id and text. */
  headings?: [id: string, text: string][];
  /** Stands in the left bar instead of the list of functions. */
  side?: string;
  description?: string;
}

/** The way up to the top of the site. */
export function rootOf(url: string): string {
  return '../'.repeat(url.split('/').length - 1);
}

/** A heading of a page, and its words in the language of the reader. */
export function heading(id: string, text: string, level = 2): string {
  return `<h${level} id="${id}"><a href="#${id}" data-t>${esc(text)}</a></h${level}>`;
}

const NAVIGATION: [text: string, url: string][] = [
  ['Read', 'index.html'],
  ['Commands', 'commands/index.html'],
  ['Scenes', 'scenes/index.html'],
  ['Functions', 'functions.html'],
  ['Concepts', 'concepts.html'],
  ['State', 'state.html'],
];

const SECTIONS: Record<Page['kind'], string> = {
  function: 'Functions',
  module: 'Functions',
  type: 'Functions',
  command: 'Commands',
  source: 'Functions',
  tour: 'Read',
  list: '',
  home: 'Read',
};

/** Runs before the first paint: theme and language, so that nothing flashes. */
const EARLY =
  "(()=>{const d=document.documentElement;try{const t=localStorage.getItem('theme');if(t)d.dataset.theme=t;" +
  "d.dataset.lang=d.dataset.own||localStorage.getItem('lang')||'en'}catch{}})()";

/** The whole page. */
export function layout(page: Page): string {
  const root = rootOf(page.url);
  const language = page.language ?? 'en';
  const section = page.url.startsWith('scenes/') ? 'Scenes' : SECTIONS[page.kind];
  const active = (text: string, url: string): string =>
    page.url === url || section === text ? ' aria-current="true"' : '';
  const home = language === 'zh' ? 'index.zh.html' : 'index.html';
  const nav = NAVIGATION.map(
    ([text, url]) =>
      `<a href="${root}${text === 'Read' ? home : url}"${active(text, url)} data-t>${word(text, language)}</a>`,
  ).join('');
  const toc = (page.headings ?? [])
    .map(([id, text]) => `<li><a href="#${id}" data-t>${esc(text)}</a></li>`)
    .join('');
  const other =
    page.other === undefined
      ? '<button class="lang" type="button" data-lang-switch title="中文 / English">中文</button>'
      : `<a class="lang" href="${root}${page.other}" data-lang-switch hreflang="${language === 'zh' ? 'en' : 'zh'}">${language === 'zh' ? 'English' : '中文'}</a>`;
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-Hans' : 'en'}"${page.language === undefined ? '' : ` data-own="${language}"`}>
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${esc(page.title)} · redis-readable</title>
${page.description === undefined ? '' : `<meta name="description" content="${esc(page.description)}">\n`}<script>${EARLY}</script>
<link rel="icon" href="${root}assets/icon.svg" type="image/svg+xml"><link rel="stylesheet" href="${root}assets/site.css">
<script defer src="${root}assets/site.js"></script></head>
<body class="is-${page.kind}" data-root="${root}" data-url="${esc(page.url)}"${page.subject === undefined ? '' : ` data-subject="${esc(page.subject)}"`} data-title="${esc(page.title)}">
<header class="top"><button class="menu" type="button" aria-label="Menu">☰</button><a class="brand" href="${root}${home}">redis<span>readable</span></a>
<nav class="sections">${nav}</nav>
<label class="search"><input type="search" id="search" placeholder="${word('Search', language)}" autocomplete="off" spellcheck="false" aria-label="Search"><kbd>/</kbd></label>
${other}<button class="theme" type="button" title="Light, dark" aria-label="Light or dark">◐</button></header>
<div id="results" hidden></div>
<div class="page"><aside class="left">${page.side ?? '<div data-side></div>'}</aside>
<main>${page.body}</main>
<aside class="right">${toc === '' ? '' : `<h2 data-t>${word('On this page', language)}</h2><ul class="toc">${toc}</ul>`}<div data-trail></div></aside></div>
</body></html>
`;
}
