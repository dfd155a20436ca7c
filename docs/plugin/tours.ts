/**
 * The pages one reads: tours in both languages, the way through them, the home page, the index of concepts.
 *
 * Who calls in: theme.ts. Whom it calls: markdown.ts, layout.ts, status.ts.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCFunctions, root } from '../../test/support/sources.ts';
import { esc, pageOf } from '../browser/view.ts';
import { word, type Language } from '../browser/words.ts';
import type { SiteData } from './data.ts';
import { layout, rootOf } from './layout.ts';
import { anchorOf, markdownFor } from './markdown.ts';

/** An entry of docs/pages/reading-order.json. */
export interface Tour {
  id: string;
  /** Name of the Markdown file, without its ending. */
  file: string;
  title: Record<Language, string>;
  /** What it is about. */
  functions: string[];
  summary?: Partial<Record<Language, string>>;
}

/** An entry of docs/pages/concepts.json. */
interface Concept {
  concept: Record<Language, string>;
  files?: string[];
  functions?: string[];
  tour?: string;
}

const pages = join(root, 'docs/pages');

/** The tours in the order in which they are to be read. */
export function readTours(): Tour[] {
  const file = join(pages, 'reading-order.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Tour[]) : [];
}

function markdownOf(tour: Tour, language: Language): string | null {
  const file = join(pages, language, `${tour.file}.md`);
  return existsSync(file) ? readFileSync(file, 'utf8').replace(/^---\n[\s\S]*?\n---\n/, '') : null;
}

/** Whether the C program has such a line: `networking.c:2660`. */
export function placeChecker(): (place: string) => boolean {
  const ends = new Map<string, number>();
  for (const { file, end } of readCFunctions()) {
    ends.set(file, Math.max(ends.get(file) ?? 0, end));
  }
  return (place) => {
    const [file, line] = place.split(':');
    // Behind the last function there may be some lines more.
    return !ends.has(file) || Number(line ?? 1) <= (ends.get(file) ?? 0) + 60;
  };
}

/** The list of tours at the left of each. */
function sideOf(tours: readonly Tour[], language: Language, url: string): string {
  const up = rootOf(url);
  const items = tours.map(({ file, title }) => {
    const href = `read/${language}/${file}.html`;
    return `<li><a href="${up}${href}"${href === url ? ' aria-current="page"' : ''}>${esc(title[language])}</a></li>`;
  });
  return `<nav class="side tours"><h3>${word('Reading order', language)}</h3><ol>${items.join('')}</ol></nav>`;
}

/** The pages of all tours that are written: address to HTML. */
export function tourPages(data: SiteData): Map<string, string> {
  const made = new Map<string, string>();
  const tours = readTours();
  const isDocumented = placeChecker();
  for (const language of ['en', 'zh'] as const) {
    const written = tours.filter((tour) => markdownOf(tour, language) !== null);
    written.forEach((tour, i) => {
      const url = `read/${language}/${tour.file}.html`;
      const text = markdownOf(tour, language) ?? '';
      const view = data.view(2);
      const md = markdownFor({
        data,
        view,
        file: `docs/pages/${language}/${tour.file}.md`,
        isDocumented,
      });
      const headings = [...text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').matchAll(/^## (.+)$/gm)].map(
        ([, heading]): [string, string] => [
          anchorOf(heading),
          heading.replace(/[`*]|\{@\w+ ([^}]*)\}/g, '$1'),
        ],
      );
      const functions = tour.functions.map((name) => {
        const fn = data.function(name);
        return `<li><a class="fn" href="${pageOf(view, fn.id)}">${esc(fn.name)}</a></li>`;
      });
      const about =
        functions.length === 0
          ? ''
          : `<aside class="about"><h3>${word('Functions it is about', language)}</h3><ul class="chips">${functions.join('')}</ul></aside>`;
      const link = (to: Tour | undefined, text: 'Previous' | 'Next'): string =>
        to === undefined
          ? '<span></span>'
          : `<a class="${text.toLowerCase()}" href="${to.file}.html"><small>${word(text, language)}</small>${esc(to.title[language])}</a>`;
      const turn = `<nav class="turn">${link(written[i - 1], 'Previous')}${link(written[i + 1], 'Next')}</nav>`;
      const other = language === 'en' ? 'zh' : 'en';
      made.set(
        url,
        layout({
          url,
          title: tour.title[language],
          kind: 'tour',
          subject: tour.id,
          language,
          other:
            markdownOf(tour, other) === null
              ? other === 'zh'
                ? 'index.zh.html'
                : 'index.html'
              : `read/${other}/${tour.file}.html`,
          body: `<article lang="${language === 'zh' ? 'zh-Hans' : 'en'}">${md.render(text)}</article>${about}${turn}`,
          headings,
          side: sideOf(written, language, url),
        }),
      );
    });
  }
  return made;
}

/** A short account of the state, for the home page. */
export interface Numbers {
  mirrored: number;
  functions: number;
  reached: number;
  scenarios: number;
  stacks: { agree: number; of: number };
  entries: { same: number; of: number };
  commands: number;
}

const HOME: Record<
  Language,
  { lead: string; watch: string; also: [string, string, string][]; keys: string }
> = {
  en: {
    lead: 'Redis 7.0.5, read aloud. Its C files are mirrored in TypeScript, file by file and function by function, under the same names. Every stack and every call tree on these pages was recorded from a running server.',
    watch: 'Watch a command',
    also: [
      [
        'functions.html',
        'Functions',
        'by file, in the order of the source: contract, C origin, the stacks that reach them',
      ],
      [
        'commands/index.html',
        'Commands',
        'bytes in, the whole call tree, bytes out, the keyspace before and after',
      ],
      [
        'scenes/index.html',
        'Scenes',
        'start-up, accept, a turn of the loop, time-outs, eviction, shutdown',
      ],
      ['concepts.html', 'Concepts', 'where an idea lives: a concept, its files, its functions'],
      ['state.html', 'State', 'C file by C file: mirrored, different, traced, covered'],
    ],
    keys: 'Press <kbd>/</kbd> to search, <kbd>j</kbd> <kbd>k</kbd> to walk along frames, <kbd>u</kbd> for the caller, <kbd>d</kbd> for the callee, <kbd>?</kbd> for all keys.',
  },
  zh: {
    lead: '朗读 Redis 7.0.5。它的 C 文件逐个文件、逐个函数地映射为 TypeScript，名字完全相同。这里的每一个调用栈、每一棵调用树，都是从运行中的服务器录下来的。',
    watch: '观看一条命令',
    also: [
      ['functions.html', '函数', '按文件、按源码顺序：约定、C 出处、到达它的调用栈'],
      ['commands/index.html', '命令', '收到的字节、整棵调用树、发出的字节、前后的键空间'],
      ['scenes/index.html', '场景', '启动、接受连接、事件循环的一圈、超时、淘汰、关闭'],
      ['concepts.html', '概念', '一个想法在哪里：概念、文件、函数'],
      ['state.html', '进度', '逐个 C 文件：已映射、有差异、有录制、有覆盖'],
    ],
    keys: '按 <kbd>/</kbd> 搜索，<kbd>j</kbd> <kbd>k</kbd> 在栈帧间移动，<kbd>u</kbd> 到调用者，<kbd>d</kbd> 到被调用者，<kbd>?</kbd> 查看全部按键。',
  },
};

/** The first page, in a language. */
export function homePage(data: SiteData, numbers: Numbers, language: Language): string {
  const tours = readTours().filter((tour) => markdownOf(tour, language) !== null);
  const url = language === 'zh' ? 'index.zh.html' : 'index.html';
  const text = HOME[language];
  const items = tours.map(
    ({ file, title, functions, summary }) =>
      `<li><a href="read/${language}/${file}.html"><b>${esc(title[language])}</b><span>${esc(summary?.[language] ?? functions.slice(0, 5).join(' · '))}</span></a></li>`,
  );
  const percent = (part: number, whole: number): string =>
    whole === 0 ? '—' : `${(Math.floor((1000 * part) / whole) / 10).toFixed(1)} %`;
  const figure = (value: string, en: string, zh: string): string =>
    `<div><b>${value}</b><span>${language === 'zh' ? zh : en}</span></div>`;
  const figures = [
    figure(
      percent(numbers.stacks.agree, numbers.stacks.of),
      `of ${numbers.stacks.of} stacks are gdb's, frame by frame`,
      `的调用栈与 gdb 逐帧一致（共 ${numbers.stacks.of} 个）`,
    ),
    figure(
      percent(numbers.entries.same, numbers.entries.of),
      `of ${numbers.entries.of} calls stand where gdb saw them`,
      `的调用与 gdb 所见次序、深度一致（共 ${numbers.entries.of} 次）`,
    ),
    figure(String(numbers.mirrored), 'C functions mirrored', '个 C 函数已映射'),
    figure(String(numbers.commands), 'commands', '条命令'),
    figure(String(numbers.scenarios), 'recorded runs', '次录制的运行'),
  ];
  const famous = [
    'SET',
    'GET',
    'INCR',
    'MGET',
    'EXPIRE',
    'SCAN',
    'MULTI',
    'EXEC',
    'SUBSCRIBE',
    'PUBLISH',
    'CLIENT|LIST',
    'INFO',
  ];
  const commands = famous
    .filter((name) => data.index.commands[name] !== undefined)
    .map(
      (name) =>
        `<li><a href="commands/${name.toLowerCase().replace('|', '-')}.html">${name.replace('|', ' ')}</a></li>`,
    );
  const body =
    `<div class="hero"><h1>redis<span>readable</span></h1><p class="lead">${text.lead}</p><div class="figures">${figures.join('')}</div></div>` +
    (items.length > 0
      ? `<h2>${word('Reading order', language)}</h2><ol class="order">${items.join('')}</ol>`
      : '') +
    `<h2>${text.watch}</h2><ul class="chips big">${commands.join('')}</ul>` +
    `<h2>${language === 'zh' ? '随处走走' : 'Or wander'}</h2><ul class="doors">${text.also.map(([href, name, what]) => `<li><a href="${href}"><b>${name}</b><span>${what}</span></a></li>`).join('')}</ul>` +
    `<p class="meta">${text.keys}</p>`;
  return layout({
    url,
    title: language === 'zh' ? '首页' : 'Home',
    kind: 'home',
    language,
    other: language === 'zh' ? 'index.html' : 'index.zh.html',
    body,
    side: '',
  });
}

/** Ideas, and where they live; docs/pages/concepts.json may say more. */
const CONCEPTS: Concept[] = [
  {
    concept: { en: 'Event loop', zh: '事件循环' },
    files: ['ae/ae.ts'],
    functions: ['aeMain', 'aeProcessEvents', 'processTimeEvents'],
    tour: 'event-loop',
  },
  {
    concept: { en: 'I/O multiplexing', zh: 'I/O 多路复用' },
    files: ['ae/ae_epoll.ts', 'ae/ae_kqueue.ts', 'ae/ae_select.ts'],
    functions: ['aeApiPoll', 'aeApiAddEvent'],
  },
  {
    concept: { en: 'Accepting a connection', zh: '接受连接' },
    files: ['networking/networking.ts', 'networking/connection.ts'],
    functions: ['acceptTcpHandler', 'acceptCommonHandler', 'createClient'],
  },
  {
    concept: { en: 'Query buffer and protocol', zh: '查询缓冲与协议' },
    files: ['networking/networking.ts'],
    functions: ['readQueryFromClient', 'processInputBuffer', 'processMultibulkBuffer'],
  },
  {
    concept: { en: 'Execution of a command', zh: '命令的执行' },
    files: ['server/server.ts'],
    functions: ['processCommand', 'call', 'lookupCommand'],
  },
  {
    concept: { en: 'Replies', zh: '回复' },
    files: ['networking/networking.ts'],
    functions: ['addReply', 'handleClientsWithPendingWrites', 'writeToClient'],
  },
  {
    concept: { en: 'Keyspace', zh: '键空间' },
    files: ['server/db.ts'],
    functions: ['lookupKey', 'setKey', 'dbAdd', 'scanGenericCommand'],
  },
  {
    concept: { en: 'Hash table and rehash', zh: '哈希表与 rehash' },
    files: ['object/dict.ts'],
    functions: ['dictAddRaw', 'dictRehash', 'dictScan'],
    tour: 'dict',
  },
  {
    concept: { en: 'Strings and encodings', zh: '字符串与编码' },
    files: ['object/object.ts', 'object/sds.ts', 'object/t_string.ts'],
    functions: ['tryObjectEncoding', 'createStringObject', 'sdsMakeRoomFor'],
    tour: 'strings',
  },
  {
    concept: { en: 'Listpack', zh: 'listpack' },
    files: ['quicklist/listpack.ts', 'quicklist/ziplist.ts'],
    functions: ['lpInsert', 'lpNext', 'lpPrev', '__ziplistCascadeUpdate'],
    tour: 'listpack',
  },
  {
    concept: { en: 'Lists: quicklist and LZF', zh: '列表：quicklist 与 LZF' },
    files: ['quicklist/quicklist.ts', 'quicklist/t_list.ts', 'quicklist/lzf_c.ts'],
    functions: ['quicklistPushTail', '_quicklistSplitNode', '__quicklistCompress', 'lzf_compress'],
    tour: 'quicklist',
  },
  {
    concept: { en: 'Sets: intset and hash table', zh: '集合：intset 与哈希表' },
    files: ['object/intset.ts', 'object/t_set.ts'],
    functions: ['intsetAdd', 'intsetUpgradeAndAdd', 'setTypeConvert'],
    tour: 'intset',
  },
  {
    concept: { en: 'Hashes', zh: '哈希' },
    files: ['object/t_hash.ts'],
    functions: ['hashTypeSet', 'hashTypeTryConversion'],
    tour: 'listpack',
  },
  {
    concept: { en: 'Sorted sets: skiplist', zh: '有序集合：skiplist' },
    files: ['object/t_zset.ts'],
    functions: ['zsetAdd', 'zslInsert', 'zslGetRank', 'zsetConvert'],
    tour: 'skiplist',
  },
  {
    concept: { en: 'Streams and consumer groups', zh: 'stream 与消费组' },
    files: ['object/t_stream.ts', 'object/stream.h.ts'],
    functions: ['streamAppendItem', 'streamIteratorGetID', 'streamReplyWithRange', 'xackCommand'],
    tour: 'streams',
  },
  {
    concept: { en: 'Commands that wait', zh: '阻塞的命令' },
    files: ['server/blocked.ts'],
    functions: ['blockForKeys', 'signalKeyAsReady', 'handleClientsBlockedOnKeys'],
  },
  {
    concept: { en: 'Expiry', zh: '过期' },
    files: ['server/expire.ts', 'server/db.ts'],
    functions: ['activeExpireCycle', 'expireIfNeeded', 'setExpire'],
  },
  {
    concept: { en: 'Eviction', zh: '淘汰' },
    files: ['server/evict.ts'],
    functions: ['performEvictions', 'evictionPoolPopulate', 'LFULogIncr'],
  },
  {
    concept: { en: 'Transactions', zh: '事务' },
    files: ['server/multi.ts'],
    functions: ['multiCommand', 'execCommand', 'watchForKey'],
  },
  {
    concept: { en: 'Publish and subscribe', zh: '发布与订阅' },
    files: ['server/pubsub.ts'],
    functions: ['subscribeCommand', 'pubsubPublishMessage'],
  },
  {
    concept: { en: 'Timers and cron', zh: '定时任务' },
    files: ['server/server.ts', 'ae/ae.ts'],
    functions: ['serverCron', 'clientsCron', 'databasesCron', 'beforeSleep'],
  },
  {
    concept: { en: 'Memory accounting', zh: '内存统计' },
    files: ['object/zmalloc.ts', 'object/object.ts'],
    functions: ['zmalloc_used_memory', 'objectComputeSize', 'getMemoryOverheadData'],
  },
  {
    concept: { en: 'Configuration', zh: '配置' },
    files: ['server/config.ts'],
    functions: ['loadServerConfig', 'configSetCommand', 'configGetCommand'],
  },
  {
    concept: { en: 'Users and rights', zh: '用户与权限' },
    files: ['server/acl.ts'],
    functions: ['ACLAuthenticateUser'],
  },
  {
    concept: { en: 'Radix tree', zh: '基数树' },
    files: ['object/rax.ts'],
    functions: ['raxInsert', 'raxFind', 'raxSeek'],
    tour: 'streams',
  },
  {
    concept: { en: 'Slow log and latency', zh: '慢日志与延迟' },
    files: ['server/slowlog.ts', 'server/latency.ts'],
    functions: ['slowlogPushEntryIfNeeded', 'latencyAddSample'],
  },
  {
    concept: { en: 'The operating system', zh: '操作系统' },
    files: ['posix/posix.ts', 'posix/posix_libc.ts', 'posix/posix_sim.ts'],
  },
];

/** The page of concepts. */
export function conceptsPage(data: SiteData): string {
  const file = join(pages, 'concepts.json');
  const concepts = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Concept[])
    : CONCEPTS;
  const view = data.view(0);
  const rows = concepts.map(({ concept, files = [], functions = [], tour }) => {
    const links = functions
      .flatMap((name) => data.byName.get(name)?.[0] ?? [])
      .map((fn) => `<a class="fn" href="${pageOf(view, fn.id)}">${esc(fn.name)}</a>`);
    const places = files
      .filter((name) => data.files.some((source) => source.file === name))
      .map((name) => `<a class="ts" href="${name.replace(/\.ts$/, '.html')}">${esc(name)}</a>`);
    const name =
      tour === undefined
        ? esc(concept.en)
        : `<a href="read/en/${tour}.html">${esc(concept.en)}</a>`;
    return `<tr><th>${name}<small lang="zh-Hans">${esc(concept.zh)}</small></th><td>${places.join('<br>')}</td><td>${links.join(' ')}</td></tr>`;
  });
  return layout({
    url: 'concepts.html',
    title: 'Concepts',
    kind: 'list',
    body: `<h1 data-t>Concepts</h1><p class="lead">Where an idea lives.</p><div class="scroll"><table class="concepts"><tbody>${rows.join('')}</tbody></table></div>`,
    side: '',
  });
}
