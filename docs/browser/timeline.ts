/**
 * A run as turns of the event loop: for each turn what it did before the sleep, in the poll, for the events, for the timers; a part as
 * wide as the calls in it are many.
 *
 * Who calls in: watch.ts. Whom it calls: nobody.
 */
import type { CallTree, Child, FunctionInfo } from '../recorder/format.ts';
import { esc } from './view.ts';

/** What the loop calls in a turn, and how it is to be named. */
const PHASES: Readonly<Record<string, string>> = {
  beforeSleep: 'before sleep',
  aeApiPoll: 'poll',
  afterSleep: 'after sleep',
  processTimeEvents: 'timers',
  usUntilEarliestTimer: 'how long?',
  acceptTcpHandler: 'accept',
  connSocketEventHandler: 'event',
};

/** A part of a turn. */
export interface Phase {
  name: string;
  label: string;
  calls: number;
  node: number;
  /** The most telling call in it, for an event: what it led to. */
  about: string;
  path: string;
}

/** Turns of the loop found in a tree: aeProcessEvents and what it called. */
export function turnsOf(tree: CallTree, functions: readonly FunctionInfo[]): Phase[][] {
  const turns: Phase[][] = [];
  const nameOf = (index: number): string => functions[tree.nodes[index].f].name;
  const walk = (
    children: readonly Child[],
    prefix: string,
    visit: (index: number, path: string) => boolean,
  ): void => {
    children.forEach((child, i) => {
      const path =
        prefix === '' ? String(i) : prefix.endsWith('l') ? `${prefix}${i}` : `${prefix}.${i}`;
      if (typeof child === 'object' && !Array.isArray(child)) walk(child.body, `${path}l`, visit);
      else {
        const index = typeof child === 'number' ? child : child[0];
        if (visit(index, path)) walk(tree.nodes[index].k ?? [], path, visit);
      }
    });
  };
  walk(tree.roots, '', (index, path) => {
    if (nameOf(index) !== 'aeProcessEvents') return path.split('.').length < 4;
    const phases: Phase[] = [];
    walk(tree.nodes[index].k ?? [], path, (inner, at) => {
      const name = nameOf(inner);
      if (at.split(/[.l]/).length === path.split(/[.l]/).length + 1 || PHASES[name] !== undefined) {
        phases.push({
          name,
          label: PHASES[name] ?? name,
          calls: tree.nodes[inner].n,
          node: inner,
          about: aboutOf(tree, functions, inner),
          path: at,
        });
      }
      return false;
    });
    if (phases.length > 0) turns.push(phases);
    return false;
  });
  return turns;
}

/** The handler that an event led to, and the command. */
function aboutOf(tree: CallTree, functions: readonly FunctionInfo[], start: number): string {
  const telling =
    /Command$|^(?:acceptCommonHandler|serverCron|sendReplyToClient|writeToClient|freeClient)$/;
  const seen = new Set<number>();
  const search = (index: number): string => {
    if (seen.has(index)) return '';
    seen.add(index);
    const name = functions[tree.nodes[index].f].name;
    if (telling.test(name) && !/^(?:process|lookup|reset|free.*All)/.test(name)) return name;
    const inside = (children: readonly Child[]): string => {
      for (const child of children) {
        const found =
          typeof child === 'object' && !Array.isArray(child)
            ? inside(child.body)
            : search(typeof child === 'number' ? child : child[0]);
        if (found !== '') return found;
      }
      return '';
    };
    return inside(tree.nodes[index].k ?? []);
  };
  return search(start);
}

/** The turns as rows of parts. */
export function timelineHtml(turns: readonly Phase[][], limit = 12): string {
  const rows = turns.slice(0, limit).map((phases, i) => {
    const parts = phases.map(
      ({ name, label, calls, about, path }) =>
        `<button type="button" class="phase p-${esc(name)}" data-path="${path}" style="flex-grow:${calls}" title="${esc(name)}: ${calls} calls"><b>${esc(label)}</b><small>${esc(about === '' ? '' : `${about} `)}${calls}</small></button>`,
    );
    return `<li><span class="turn-no">${i + 1}</span><div class="phases">${parts.join('')}</div></li>`;
  });
  const more =
    turns.length > limit ? `<p class="nothing">and ${turns.length - limit} turns more</p>` : '';
  return `<ol class="timeline">${rows.join('')}</ol>${more}`;
}
