/**
 * An intset as it grows, byte by byte, and how its members move when it becomes wider.
 *
 *     {@drawing intset 5,300 65536}        these two, and then a third that needs 32 bits
 *     {@drawing intset 5,300 -2 7}         a row for each number that is added
 *
 * Who calls in: the site's build, tests. Whom it calls: object/intset.ts.
 */
import {
  SIZEOF_INTSET,
  intsetAdd,
  intsetGet,
  intsetLen,
  intsetNew,
  intsetU32,
  type intset,
} from '../../object/intset.ts';
import { aside } from './lib/aside.ts';
import { ACCENT, SECOND, arrow, box, label, svg } from './lib/svg.ts';

/** A number as the intset takes it. */
export function integer(word: string): number | bigint {
  const n = Number(word);
  return Number.isSafeInteger(n) ? n : BigInt(word);
}

/** A set of these numbers. */
export function intsetOf(numbers: readonly (number | bigint)[]): intset {
  let is = intsetNew();
  for (const n of numbers) is = intsetAdd(is, n);
  return is;
}

const BYTE = 19;
const X = 10;
const HIGH = 36;

/** What a row shows: the members, their width, their bytes. */
interface Stage {
  added: string;
  enc: number;
  members: string[];
  bytes: number[];
}

function stageOf(is: intset, added: string): Stage {
  const enc = intsetU32(is, 0);
  const members = Array.from({ length: intsetLen(is) }, (_, i) => String(intsetGet(is, i)));
  return { added, enc, members, bytes: [...is.subarray(0, SIZEOF_INTSET + enc * members.length)] };
}

function hex(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

/** The drawing of a set and of what is added to it. */
export default function draw(args: string[]): string {
  const [first = '5,300', ...more] = args;
  const stages = aside(1, () => {
    let is = intsetOf(first.split(',').map(integer));
    const rows = [stageOf(is, '')];
    for (const word of more) {
      is = intsetAdd(is, integer(word));
      rows.push(stageOf(is, word));
    }
    return rows;
  });
  const parts: string[] = [];
  const place = (enc: number, i: number): number => X + (SIZEOF_INTSET + i * enc) * BYTE;
  let y = 16;
  let width = 0;
  stages.forEach((stage, s) => {
    const { enc, members, bytes, added } = stage;
    const before = s === 0 ? undefined : stages[s - 1];
    const upgrade = before !== undefined && before.enc !== enc;
    if (before !== undefined) {
      // Where the members were, and where they are: straight down, or over to their new width.
      const gap = upgrade ? 66 : 44;
      members.forEach((member, i) => {
        const old = before.members.indexOf(member);
        if (old === -1) return;
        const from = place(before.enc, old) + (before.enc * BYTE - 2) / 2;
        const to = place(enc, i) + (enc * BYTE - 2) / 2;
        parts.push(arrow(from, y + 2, to, y + gap - 4, upgrade ? { color: ACCENT } : {}));
        // In C and here the last one moves first.
        if (upgrade) {
          parts.push(
            label((from + to) / 2 + 12, y + gap / 2 - 2, `${before.members.length - old}.`, {
              size: 11,
            }),
          );
        }
      });
      parts.push(
        label(X, y + gap / 2 - (upgrade ? 10 : 1), `add ${added}`, { align: 'start', size: 12 }),
        label(X, y + gap / 2 + 7, upgrade ? `needs ${8 * enc} bits` : '', {
          align: 'start',
          size: 11,
          faint: true,
        }),
      );
      y += gap;
    }
    const field = (at: number, name: string, value: number): void => {
      parts.push(box(X + at * BYTE, y, 4 * BYTE - 2, HIGH, ''));
      parts.push(label(X + (at + 2) * BYTE - 1, y + 11, `${name} ${value}`, { size: 11 }));
      parts.push(
        label(X + (at + 2) * BYTE - 1, y + 26, hex(bytes.slice(at, at + 4)), {
          size: 10,
          faint: true,
        }),
      );
    };
    field(0, 'enc', enc);
    field(4, 'length', members.length);
    members.forEach((member, i) => {
      const x = place(enc, i);
      const isNew = before !== undefined && !before.members.includes(member);
      parts.push(box(x, y, enc * BYTE - 2, HIGH, '', { fill: isNew ? ACCENT : SECOND }));
      const middle = x + (enc * BYTE - 2) / 2;
      const at = SIZEOF_INTSET + i * enc;
      parts.push(label(middle, y + 11, member, { size: 12, strong: true }));
      parts.push(label(middle, y + 26, hex(bytes.slice(at, at + enc)), { size: 10, faint: true }));
    });
    width = Math.max(width, X + bytes.length * BYTE);
    y += HIGH;
  });
  return svg(width + 10, y + 12, `An intset of ${stages.at(-1)!.members.length} integers`, parts);
}
