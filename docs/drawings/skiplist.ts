/**
 * A skiplist with its levels and spans, and the way of a search through it.
 *
 *     {@drawing skiplist 7 ann bob eve}              a list made with the random numbers of seed 7; the scores are 10, 20, 30
 *     {@drawing skiplist 7 ann bob eve rank:eve}     the way of zslGetRank to eve, and what it adds up
 *     {@drawing skiplist 7 ann bob eve add:dan:25}   what zslInsert has changed for dan
 *
 * Who calls in: the site's build, tests. Whom it calls: object/t_zset.ts.
 */
import { zslCreate, zslGetRank, zslInsert } from '../../object/t_zset.ts';
import type { zskiplist, zskiplistNode } from '../../server/server.h.ts';
import { aside } from './lib/aside.ts';
import { ACCENT, SECOND, THIRD, arrow, box, label, svg } from './lib/svg.ts';

/** A step of a search: along level `level` from one node to the next, over `span` nodes. */
export interface SkipStep {
  from: zskiplistNode;
  to: zskiplistNode;
  level: number;
  span: number;
}

/** A list of these elements, with scores ten apart. */
export function skiplistOf(words: readonly string[]): zskiplist {
  const zsl = zslCreate();
  words.forEach((word, i) => zslInsert(zsl, 10 * (i + 1), word));
  return zsl;
}

/** The steps of zslGetRank, taken the way it takes them; whether they add up to what it returns is checked. */
export function stepsTo(zsl: zskiplist, score: number, ele: string): SkipStep[] {
  const taken: SkipStep[] = [];
  let rank = 0;
  let x = zsl.header;
  for (let level = zsl.level - 1; level >= 0; level--) {
    for (;;) {
      const forward = x.forward(level);
      const span = x.span(level);
      if (forward === null) break;
      const isBefore =
        forward.score < score || (forward.score === score && (forward.ele as string) <= ele);
      if (!isBefore) break;
      taken.push({ from: x, to: forward, level, span });
      rank += span;
      x = forward;
    }
    if (x.ele === ele && x.score === score) break;
  }
  if (rank !== zslGetRank(zsl, score, ele))
    throw new Error(`skiplist: the way to ${ele} is another`);
  return taken;
}

const WIDE = 46;
const PITCH = 76;
const LEVEL = 34;
const X = 10;
const TOP = 34;

/** The drawing of one list. */
export default function draw(args: string[]): string {
  const [seed = '7', ...words] = args;
  const names = words.filter((word) => !word.includes(':'));
  const [what = '', name = '', extra = ''] = (words.find((word) => word.includes(':')) ?? '').split(
    ':',
  );
  return aside(Number(seed), () => {
    const zsl = skiplistOf(names);
    const spans = new Map<string, number>();
    const order = (): zskiplistNode[] => {
      const nodes: zskiplistNode[] = [];
      for (let x: zskiplistNode | null = zsl.header; x !== null; x = x.forward(0)) {
        nodes.push(x);
      }
      return nodes;
    };
    const key = (x: zskiplistNode, level: number): string => `${x.ele ?? ''}/${level}`;
    for (const x of order()) {
      for (let i = 0; i < zsl.level && i < x.height; i++) {
        spans.set(key(x, i), x.span(i));
      }
    }
    if (what === 'add') zslInsert(zsl, Number(extra), name);
    const nodes = order();
    const taken =
      what === 'rank' ? stepsTo(zsl, nodes.find(({ ele }) => ele === name)?.score ?? 0, name) : [];

    const parts: string[] = [];
    // By the lowest level, which tells the nodes apart.
    const at = new Map(nodes.map((x, i) => [x.level, X + i * PITCH]));
    const end = X + nodes.length * PITCH;
    const yOf = (level: number): number => TOP + (zsl.level - 1 - level) * LEVEL;
    const ground = TOP + zsl.level * LEVEL;
    for (let level = 0; level < zsl.level; level++) {
      for (const x of nodes) {
        if (level >= x.height) continue;
        const forward = x.forward(level);
        const span = x.span(level);
        const from = at.get(x.level)! + WIDE;
        const to = forward === null ? end : at.get(forward.level)!;
        const y = yOf(level) + 13;
        const isStep = taken.some((step) => step.from.level === x.level && step.level === level);
        const old = spans.get(key(x, level));
        const isChanged = what === 'add' && old !== span;
        parts.push(
          arrow(
            from,
            y,
            to - 1,
            y,
            isStep ? { color: ACCENT, strong: true } : { dashed: forward === null },
          ),
        );
        const text = isChanged && old !== undefined ? `${old}→${span}` : String(span);
        parts.push(
          label(to - (to - from < 40 ? 15 : 24), y - 8, text, {
            size: 11,
            strong: isStep || isChanged,
            faint: forward === null,
            ...(isStep || isChanged ? { color: ACCENT } : {}),
          }),
        );
      }
    }
    nodes.forEach((x, i) => {
      const left = at.get(x.level)!;
      const isOn =
        taken.some((step) => step.to.level === x.level) || (what === 'add' && x.ele === name);
      for (let level = 0; level < Math.min(x.height, zsl.level); level++) {
        parts.push(
          box(left, yOf(level), WIDE, 26, i === 0 ? `[${level}]` : '', {
            size: 11,
            fill: i === 0 ? THIRD : isOn ? ACCENT : SECOND,
          }),
        );
      }
      if (i === 0) {
        parts.push(label(left + WIDE / 2, ground + 12, 'header', { size: 12 }));
      } else {
        parts.push(
          box(left, ground - 4, WIDE, 34, '', isOn ? { fill: ACCENT } : {}),
          label(left + WIDE / 2, ground + 7, x.ele ?? '', { size: 13, strong: true }),
          label(left + WIDE / 2, ground + 21, String(x.score), { size: 11 }),
          label(left + WIDE / 2, ground + 62, String(i - 1), { size: 11, faint: true }),
        );
        const y = ground + 40;
        const to = x.backward === null ? X + WIDE / 2 : at.get(x.backward.level)! + WIDE / 2;
        if (x.backward !== null) {
          parts.push(arrow(left + WIDE / 2 - 4, y, to + 4, y, {}));
        }
      }
    });
    parts.push(label(X + WIDE / 2, ground + 62, 'rank', { size: 11, faint: true }));
    parts.push(
      label(end + 4, ground - LEVEL + 13, 'NULL', { align: 'start', size: 11, faint: true }),
    );
    parts.push(
      label(X, 12, `length ${zsl.length}, level ${zsl.level}`, {
        align: 'start',
        size: 12,
        faint: true,
      }),
    );
    if (taken.length > 0) {
      const sum = taken.reduce((all, { span }) => all + span, 0);
      parts.push(
        label(
          X + 190,
          12,
          `${taken.map(({ span }) => span).join(' + ')} = ${sum}, counted from 1: ZRANK says ${sum - 1}`,
          { align: 'start', size: 12, color: ACCENT },
        ),
      );
    }
    return svg(end + 40, ground + 76, `A skiplist of ${zsl.length} elements`, parts);
  });
}
