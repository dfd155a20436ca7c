/**
 * A binary search in an intset: a row for each look.
 *
 *     {@drawing intsearch 2,3,5,7,11 7}      7 is looked for among these
 *
 * The looks are noted by a set that says which members were read. Who calls in: the site's build, tests. Whom it calls: object/intset.ts.
 */
import {
  SIZEOF_INTSET,
  intsetGet,
  intsetLen,
  intsetSearch,
  type intset,
} from '../../object/intset.ts';
import { aside } from './lib/aside.ts';
import { integer, intsetOf } from './intset.ts';
import { ACCENT, SECOND, box, label, svg } from './lib/svg.ts';

/** Which members a search reads, in this order, and what it returns. */
export function looksOf(is: intset, value: number | bigint): { looks: number[]; found: number } {
  const looks: number[] = [];
  const enc = is[0];
  // Whoever reads the first byte of a member reads the member.
  const watched = new Proxy(is, {
    get(target, key): unknown {
      if (typeof key === 'string' && /^\d+$/.test(key)) {
        const at = Number(key) - SIZEOF_INTSET;
        if (at >= 0 && at % enc === 0) looks.push(at / enc);
      }
      const member: unknown = Reflect.get(target, key, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  return { looks, found: intsetSearch(watched, value) };
}

const CELL = 46;
const ROW = 44;
const X = 104;

/** The drawing of one search. */
export default function draw(args: string[]): string {
  const [list = '2,3,5,7,11', wanted = '7'] = args;
  const value = integer(wanted);
  const { members, looks, found } = aside(1, () => {
    const is = intsetOf(list.split(',').map(integer));
    return {
      members: Array.from({ length: intsetLen(is) }, (_, i) => intsetGet(is, i) ?? 0),
      ...looksOf(is, value),
    };
  });
  const parts: string[] = [];
  let min = 0;
  let max = members.length - 1;
  members.forEach((_, i) => {
    parts.push(label(X + i * CELL + (CELL - 4) / 2, 10, String(i), { size: 10, faint: true }));
  });
  looks.forEach((look, row) => {
    const y = 22 + row * ROW;
    const isEnd = row < 2 && (look === 0 || look === members.length - 1);
    const words = isEnd
      ? ['compare', look === 0 ? 'with the first' : 'with the last']
      : [`look ${row + 1}`, ''];
    parts.push(label(10, y + (words[1] === '' ? 14 : 8), words[0], { align: 'start', size: 12 }));
    parts.push(label(10, y + 22, words[1], { align: 'start', size: 10, faint: true }));
    members.forEach((member, i) => {
      const out = i < min || i > max;
      parts.push(
        box(X + i * CELL, y, CELL - 4, 28, String(member), {
          faint: out,
          dashed: out,
          ...(i === look ? { fill: ACCENT, strong: true } : out ? {} : { fill: SECOND }),
        }),
      );
    });
    if (isEnd) return;
    if (value > members[look]) min = look + 1;
    else if (value < members[look]) max = look - 1;
  });
  const bottom = 22 + looks.length * ROW;
  parts.push(
    label(
      X,
      bottom + 4,
      found >= 0
        ? `found at index ${found} of ${members.length}, after ${looks.length} looks`
        : `not there; it belongs at index ${~found}; ${looks.length} looks`,
      { align: 'start', size: 12 },
    ),
  );
  return svg(X + members.length * CELL + 10, bottom + 18, `A binary search for ${wanted}`, parts);
}
