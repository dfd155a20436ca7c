/**
 * A page a command and a page a scene: what is sent, what is called, what comes back, what the keyspace was and is.
 * The call trees are fetched when they are looked at: data/s/<scenario>.js, and gdb's data/g/<command>.js.
 *
 * Who calls in: the theme. Whom it calls: data.ts, facts.ts.
 */
import { bytesHtml, esc, pageOf, cLink } from '../browser/view.ts';
import { commandOf } from '../recorder/compare.ts';
import type { Exchange, KeyInfo, ScenarioFile } from '../recorder/format.ts';
import type { CommandFacts, SiteData } from './data.ts';
import { keySpecText, syntaxOf } from './facts.ts';
import { heading, layout, rootOf } from './layout.ts';

/** `CLIENT|LIST` to `client-list`. */
export function slugOf(fullName: string): string {
  return fullName.toLowerCase().replace(/[^a-z0-9_]+/g, '-');
}

function keysHtml(keys: readonly KeyInfo[]): string {
  if (keys.length === 0) return '<p class="nothing">empty</p>';
  const shown = keys.slice(0, 12);
  const rows = shown.map(
    ({ db, key, type, encoding, value, ttl }) =>
      `<tr><td>${db === 0 ? '' : `<span class="db">${db}</span> `}<code>${esc(key)}</code></td><td>${esc(type)}, ${esc(encoding)}</td>` +
      `<td><code>${esc(value)}</code></td><td>${ttl === -1 ? '' : `${ttl} ms`}</td></tr>`,
  );
  const more =
    keys.length > shown.length
      ? `<p class="nothing">and ${keys.length - shown.length} more</p>`
      : '';
  return `<div class="scroll"><table class="keys"><tbody>${rows.join('')}</tbody></table></div>${more}`;
}

function exchangeHtml({ client, text, request, reply }: Exchange, several: boolean): string {
  return (
    `<div class="exchange"><div><h4>${several ? `${esc(client)} ` : ''}<span data-t>Request</span> <kbd>${esc(text)}</kbd></h4>${bytesHtml(request)}</div>` +
    `<div><h4 data-t>Reply</h4>${bytesHtml(reply)}</div></div>`
  );
}

/** What was sent and what changed in one run. Browsers fetch the same for variants. */
export function runHtml(scenario: ScenarioFile): string {
  const { setup, exchanges, keyspaceBefore, keyspaceAfter, propagated, log, about } = scenario;
  const parts: string[] = [];
  if (about !== '') parts.push(`<p class="about">${esc(about)}</p>`);
  if (setup.length > 0) {
    const lines = setup.slice(0, 12).map((line) => esc(line));
    parts.push(`<h4 data-t>Sent before</h4><pre class="sent">${lines.join('\n')}</pre>`);
  }
  const clients = new Set(exchanges.map(({ client }) => client));
  const shown = exchanges.slice(0, 8);
  parts.push(...shown.map((exchange) => exchangeHtml(exchange, clients.size > 1)));
  if (exchanges.length > shown.length) {
    parts.push(`<p class="nothing">and ${exchanges.length - shown.length} more</p>`);
  }
  parts.push(
    `<div class="exchange"><div><h4 data-t>Keyspace before</h4>${keysHtml(keyspaceBefore)}</div>` +
      `<div><h4 data-t>Keyspace after</h4>${keysHtml(keyspaceAfter)}</div></div>`,
  );
  if (propagated.length > 0) {
    const lines = propagated.map(({ args }) => esc(args.join(' ')));
    parts.push(`<h4 data-t>Propagated</h4><pre class="sent">${lines.join('\n')}</pre>`);
  }
  if (log.length > 0) {
    const lines = log.slice(0, 20).map(esc).join('\n');
    parts.push(`<h4 data-t>Log</h4><pre class="sent">${lines}</pre>`);
  }
  return parts.join('');
}

/** `nx-exists` of `set.nx-exists`: what tells apart what is typed alike. */
function variantOf(id: string): string {
  const dot = id.indexOf('.');
  return dot === -1 || id.startsWith('scene.') ? '' : ` <small>${esc(id.slice(dot + 1))}</small>`;
}

/** The part in which runs are watched: variants, exchange, tree. */
function watchHtml(data: SiteData, ids: readonly string[]): string {
  const scenarios = ids.map((id) => data.scenario(id));
  const tabs = scenarios.map(
    ({ id, title, about }, i) =>
      `<button type="button" role="tab" data-scenario="${esc(id)}" aria-selected="${i === 0}" title="${esc(about)}">${esc(title.length > 44 ? `${title.slice(0, 41)}…` : title)}${variantOf(id)}</button>`,
  );
  return (
    (tabs.length > 1 ? `<div class="tabs" role="tablist">${tabs.join('')}</div>` : '') +
    `<div class="run" data-run>${runHtml(scenarios[0])}</div>` +
    heading('tree', 'The call tree') +
    `<div class="watch" data-watch="${esc(ids[0])}"><p class="nothing">The tree is drawn by a script.</p></div>`
  );
}

function row(name: string, value: string | undefined): string {
  return value === undefined || value === '' ? '' : `<dt>${name}</dt><dd>${value}</dd>`;
}

function functionLink(data: SiteData, root: string, name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const fn = data.byName.get(name)?.[0];
  if (fn === undefined) return `<code>${esc(name)}</code>`;
  const c = fn.c === null ? '' : ` ${cLink(fn.c)}`;
  return `<a class="fn" href="${pageOf({ root, pages: data.pages }, fn.id)}">${esc(name)}</a>${c}`;
}

/** Traces of gdb's that begin with a command, by its name. */
export function tracesByCommand(data: SiteData): Map<string, string[]> {
  const containers = new Set(data.commands.flatMap(({ container }) => container ?? []));
  const found = new Map<string, string[]>();
  for (const { id, trigger } of data.compared.traces) {
    for (const line of trigger) {
      const command = commandOf(line, containers);
      if (command === null) continue;
      const list = found.get(command) ?? [];
      if (!list.includes(id)) list.push(id);
      found.set(command, list);
    }
  }
  return found;
}

/** The page of a command. */
export function commandPage(data: SiteData, command: CommandFacts, traces: string[]): string {
  const slug = slugOf(command.fullName);
  const url = `commands/${slug}.html`;
  const root = rootOf(url);
  const name = command.fullName.replace('|', ' ');
  const ids = data.index.commands[command.fullName] ?? [];
  const specs = (command.key_specs ?? []).map(
    (spec) =>
      `<li>${esc(keySpecText(spec))} <span class="flags">${spec.flags.map((flag) => `<code>${esc(flag)}</code>`).join(' ')}</span>` +
      `${spec.notes === undefined ? '' : `<br><small>${prose(spec.notes)}</small>`}</li>`,
  );
  const history = (command.history ?? []).map(
    ([version, text]) => `<dt>${esc(version)}</dt><dd>${prose(text)}</dd>`,
  );
  const list = (names: string[] | undefined): string =>
    (names ?? []).map((flag) => `<code>${esc(flag)}</code>`).join(' ');
  const facts =
    row('since', esc(command.since)) +
    row('complexity', esc(command.complexity ?? '')) +
    row('group', esc(command.group)) +
    row('arity', String(command.arity)) +
    row('function', functionLink(data, root, command.function)) +
    row('its keys', functionLink(data, root, command.get_keys_function)) +
    row('flags', list(command.command_flags)) +
    row('ACL', list(command.acl_categories)) +
    row('tips', list(command.command_tips));
  const subs = data.commands.filter(({ container }) => container === command.name);
  const children =
    command.container === undefined && subs.length > 0
      ? `<ul class="subs">${subs.map((sub) => `<li><a href="${slugOf(sub.fullName)}.html">${esc(sub.fullName.replace('|', ' '))}</a> ${esc(sub.summary)}</li>`).join('')}</ul>`
      : '';
  const body =
    `<h1>${esc(name)}</h1><p class="lead">${prose(command.summary)}</p><pre class="syntax">${esc(syntaxOf(command))}</pre>` +
    `<dl class="facts">${facts}</dl>` +
    (specs.length > 0 ? `${heading('keys', 'Key specifications')}<ul>${specs.join('')}</ul>` : '') +
    children +
    (ids.length > 0 ? heading('run', 'Variants') + watchHtml(data, ids) : '') +
    (traces.length > 0
      ? `${heading('gdb', 'Beside gdb')}<div data-gdb="${slug}" class="gdbtrees"><p class="nothing">The trees are drawn by a script.</p></div>`
      : '') +
    (history.length > 0
      ? `${heading('history', 'History')}<dl class="facts">${history.join('')}</dl>`
      : '');
  const headings: [string, string][] = [];
  if (specs.length > 0) headings.push(['keys', 'Key specifications']);
  if (ids.length > 0) headings.push(['run', 'Variants'], ['tree', 'The call tree']);
  if (traces.length > 0) headings.push(['gdb', 'Beside gdb']);
  if (history.length > 0) headings.push(['history', 'History']);
  return layout({
    url,
    title: name,
    kind: 'command',
    subject: ids[0],
    body,
    headings,
    side: sideOf(data, url),
    description: command.summary,
  });
}

/** Words between back quotes are code. */
export function prose(text: string): string {
  return esc(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}

/** The list of commands by group, or of scenes. */
export function sideOf(data: SiteData, url: string): string {
  const root = rootOf(url);
  const item = (href: string, text: string): string =>
    `<li><a href="${root}${href}"${href === url ? ' aria-current="page"' : ''}>${esc(text)}</a></li>`;
  if (url.startsWith('scenes/')) {
    const scenes = data.index.scenarios.filter(({ kind }) => kind === 'scene');
    return `<nav class="side"><ul>${scenes.map(({ id, title }) => item(`scenes/${id.slice(6)}.html`, title)).join('')}</ul></nav>`;
  }
  const groups = new Map<string, CommandFacts[]>();
  for (const command of data.commands) {
    groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  }
  const parts = [...groups].map(
    ([group, commands]) =>
      `<h3>${esc(group)}</h3><ul>${commands.map(({ fullName }) => item(`commands/${slugOf(fullName)}.html`, fullName.replace('|', ' '))).join('')}</ul>`,
  );
  return `<nav class="side">${parts.join('')}</nav>`;
}

/** The page of a scene of the server's life. */
export function scenePage(data: SiteData, id: string): string {
  const scenario = data.scenario(id);
  const url = `scenes/${id.slice(6)}.html`;
  const body = `<h1>${esc(scenario.title)}</h1>${watchHtml(data, [id])}`;
  return layout({
    url,
    title: scenario.title,
    kind: 'command',
    subject: id,
    body,
    headings: [['tree', 'The call tree']],
    side: sideOf(data, url),
    description: scenario.about,
  });
}

/** What a page fetches of a run: all but the profile of speedscope, which can be made again from the tree. */
export function scenarioData(scenario: ScenarioFile): unknown {
  const { id, title, about, shared, tree } = scenario;
  return { id, title, about, functions: shared.frames, tree, run: runHtml(scenario) };
}
