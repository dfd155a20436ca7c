/**
 * The lists: functions by file, commands by group, scenes, and the state of the work. And the data that search and the
 * side bar fetch.
 *
 * Who calls in: theme.ts. Whom it calls: data.ts, ../status.ts.
 */
import { cUrl, esc, pageOf, scenarioUrl, type SearchIndex } from '../browser/view.ts';
import { percent, type Status } from '../status.ts';
import { prose, slugOf } from './command_page.ts';
import type { SiteData } from './data.ts';
import { heading, layout } from './layout.ts';
import { readTours } from './tours.ts';

/** The first sentence of a contract. */
export function firstSentence(text: string): string {
  const plain = text.replace(
    /\{@link\w* ([^}|]*?)(?:\s*\|\s*([^}]*))?\}/g,
    (_all, name: string, label?: string) => label ?? name,
  );
  const end = /[.](?:\s|$)/.exec(plain);
  return end === null ? plain : plain.slice(0, end.index + 1);
}

/** The data of search. */
export function searchIndex(data: SiteData, others: SearchIndex['others']): SearchIndex {
  const commands = data.commands.filter(
    ({ fullName }) =>
      data.index.commands[fullName] !== undefined ||
      data.commands.some(({ container }) => container === fullName),
  );
  return {
    modules: data.files
      .filter(({ functions }) => functions.some(({ isMethod }) => !isMethod))
      .map(({ file, functions }) => [
        file,
        functions
          .filter(({ isMethod, isExported }) => !isMethod && isExported)
          .map(({ name, tags }): [string, number, string?] => {
            const hits = data.functions.get(`${file.replace(/\.ts$/, '')}.${name}`)?.hits ?? 0;
            const other = tags.find((tag) => tag.name !== name)?.name;
            return other === undefined ? [name, hits] : [name, hits, other];
          }),
      ]),
    others,
    commands: commands.map(({ fullName, summary }) => [
      fullName.replace('|', ' '),
      slugOf(fullName),
      summary,
    ]),
    scenes: data.index.scenarios
      .filter(({ kind }) => kind === 'scene')
      .map(({ id, title }) => [id, title]),
    tours: readTours().map(({ file, title }) => [file, title.en, title.zh]),
    pages: data.pages,
  };
}

/** All files and their functions. */
export function functionsPage(data: SiteData, contractOf: (file: string) => string): string {
  const view = data.view(0);
  const rooms = new Map<string, string[]>();
  for (const { file, functions } of data.files) {
    const room = file.split('/')[0];
    const own = functions.filter(({ isMethod, isExported }) => !isMethod && isExported);
    if (own.length === 0) continue;
    const items = own.map(({ name }) => {
      const id = `${file.replace(/\.ts$/, '')}.${name}`;
      const hits = data.functions.get(id)?.hits ?? 0;
      return `<a${hits > 0 ? '' : ' class="unreached"'} href="${pageOf(view, id)}">${esc(name)}</a>`;
    });
    const list = rooms.get(room) ?? [];
    list.push(
      `<details class="file"><summary><a href="${file.replace(/\.ts$/, '.html')}"><code>${esc(file)}</code></a> <span class="count">${own.length}</span> <span class="what">${prose(contractOf(file))}</span></summary><p class="names">${items.join(' ')}</p></details>`,
    );
    rooms.set(room, list);
  }
  const body =
    '<h1 data-t>Functions</h1><p class="lead">By room and file, lowest first, in the order of the sources. Names in grey were not reached by any recorded run.</p>' +
    [...rooms].map(([room, files]) => heading(room, room) + files.join('')).join('');
  const headings = [...rooms.keys()].map((room): [string, string] => [room, room]);
  return layout({ url: 'functions.html', title: 'Functions', kind: 'list', body, headings });
}

/** All commands by group. */
export function commandsPage(data: SiteData): string {
  const groups = new Map<string, string[]>();
  for (const command of data.commands) {
    const runs = data.index.commands[command.fullName]?.length ?? 0;
    const list = groups.get(command.group) ?? [];
    list.push(
      `<tr><th><a href="${slugOf(command.fullName)}.html">${esc(command.fullName.replace('|', ' '))}</a></th><td>${prose(command.summary)}</td><td class="num">${runs === 0 ? '' : `${runs} ${runs === 1 ? 'run' : 'runs'}`}</td></tr>`,
    );
    groups.set(command.group, list);
  }
  const body =
    '<h1 data-t>Commands</h1>' +
    [...groups]
      .map(
        ([group, rows]) =>
          `${heading(group, group)}<div class="scroll"><table class="list"><tbody>${rows.join('')}</tbody></table></div>`,
      )
      .join('');
  const headings = [...groups.keys()].map((group): [string, string] => [group, group]);
  return layout({
    url: 'commands/index.html',
    title: 'Commands',
    kind: 'list',
    body,
    headings,
    side: '',
  });
}

/** All scenes. */
export function scenesPage(data: SiteData): string {
  const view = data.view(1);
  const rows = data.index.scenarios
    .filter(({ kind }) => kind === 'scene')
    .map(
      ({ id, title, about, calls, functions }) =>
        `<tr><th><a href="${scenarioUrl(view, id)}">${esc(title)}</a></th><td>${prose(about)}</td><td class="num">${calls} calls<br>${functions} functions</td></tr>`,
    );
  const body = `<h1 data-t>Scenes</h1><p class="lead">The life of the server: what happens when nobody sends a command, and what goes wrong.</p><div class="scroll"><table class="list"><tbody>${rows.join('')}</tbody></table></div>`;
  return layout({ url: 'scenes/index.html', title: 'Scenes', kind: 'list', body, side: '' });
}

/** The state of the work. */
export function statePage(data: SiteData, status: Status): string {
  const view = data.view(0);
  const cell = (n: number): string => `<td class="num${n === 0 ? ' zero' : ''}">${n}</td>`;
  const begun = status.files.filter(({ modules }) => modules.length > 0);
  const rows = begun.map((file) => {
    const {
      cFile,
      modules,
      total,
      mirrored,
      different,
      notHere,
      missing,
      ours,
      documented,
      traced,
      covered,
    } = file;
    const bar = [
      ['m', mirrored],
      ['d', different],
      ['n', notHere],
      ['x', missing.length],
    ]
      .map(([kind, n]) => (n === 0 ? '' : `<i class="${kind}" style="flex:${n}"></i>`))
      .join('');
    const links = modules
      .map(
        (module) => `<a class="ts" href="${module.replace(/\.ts$/, '.html')}">${esc(module)}</a>`,
      )
      .join(' ');
    const left =
      missing.length === 0
        ? cell(0)
        : `<td class="num" title="${esc(missing.slice(0, 40).join(' '))}">${missing.length}</td>`;
    return (
      `<tr><th><a class="c" href="${cUrl(cFile)}">${esc(cFile)}</a></th><td>${links}<span class="bar" aria-hidden="true">${bar}</span></td>` +
      `${cell(total)}${cell(mirrored)}${cell(different)}${cell(notHere)}${left}` +
      `<td class="num">${percent(documented, ours)}</td><td class="num">${percent(traced, ours)}</td><td class="num">${covered === null ? '' : percent(covered.hit, covered.of)}</td></tr>`
    );
  });
  const others = status.files.filter(({ modules }) => modules.length === 0);
  const { stacks, entries } = status;
  const differing = data.compared.stacks.filter(({ verdict }) => verdict === 'differs');
  const reasons = new Map<string, string[]>();
  for (const { stack } of differing) {
    const why = data.compared.why[stack.id] ?? 'Not accounted for.';
    const fn = data.mirrorOf(stack.frames[0].name);
    const link =
      fn === null
        ? esc(stack.id)
        : `<a class="fn" href="${pageOf(view, fn.id)}#gdb">${esc(stack.id)}</a>`;
    reasons.set(why, [...(reasons.get(why) ?? []), link]);
  }
  const list = [...reasons].map(
    ([why, links]) => `<dt>${esc(why)}</dt><dd>${links.join(' ')}</dd>`,
  );
  const body =
    '<h1 data-t>State</h1><p class="lead">Written anew with every build, from the sources, the recorded runs and the facts that gdb took from the C server.</p>' +
    `<div class="figures"><div><b>${percent(stacks.agree, stacks.of)}</b><span>of ${stacks.of} stacks are gdb's, frame by frame; ${stacks.listed} of the others are explained below, and ${stacks.unplayable} more need commands that are not here</span></div>` +
    `<div><b>${percent(entries.same, entries.of)}</b><span>of ${entries.of} calls in ${entries.traces} call trees stand in gdb's order and depth</span></div></div>` +
    heading('files', 'C file by C file') +
    `<div class="scroll"><table class="state"><thead><tr><th>C</th><th>here</th><th>functions</th><th>mirrored</th><th>different</th><th>left out</th><th>missing</th><th>documented</th><th>traced</th><th>covered</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>` +
    (others.length === 0
      ? ''
      : `<p class="meta">Files without a mirror: ${others.map(({ cFile }) => `<a class="c" href="${cUrl(cFile)}">${esc(cFile)}</a>`).join(' ')}</p>`) +
    heading('differences', 'Stacks that differ, and why') +
    `<dl class="facts reasons">${list.join('')}</dl>`;
  return layout({
    url: 'state.html',
    title: 'State of the work',
    kind: 'list',
    body,
    headings: [
      ['files', 'C file by C file'],
      ['differences', 'Stacks that differ, and why'],
    ],
    side: '',
  });
}
