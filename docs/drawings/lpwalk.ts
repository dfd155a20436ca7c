/**
 * How one walks through a listpack, both ways: above the bytes the steps of lpNext, below them those of lpPrev.
 *
 *     {@drawing lpwalk tom 42 1000}
 *
 * Each step is one that the function has made. Who calls in: the site's build, tests. Whom it calls: quicklist/listpack.ts.
 */
import {
  LP_HDR_SIZE,
  lpBytes,
  lpCurrentEncodedSizeUnsafe,
  lpEncodeBacklen,
  lpFirst,
  lpNext,
  lpPrev,
} from '../../quicklist/listpack.ts';
import { aside } from './lib/aside.ts';
import { lpRows, wordsOf } from './lib/listpacks.ts';
import { listpackOf } from './listpack.ts';
import { ACCENT, SECOND, THIRD, box, label, steps, svg } from './lib/svg.ts';

const CELL = 30;
const X = 10;
const Y = 74;
const HIGH = 30;

/** The drawing of one walk. */
export default function draw(args: string[]): string {
  const words = wordsOf(args);
  return aside(1, () => {
    const lp = listpackOf(words);
    const total = lpBytes(lp);
    const parts: string[] = [];
    for (const { offset, bytes } of lpRows(lp)) {
      bytes.forEach(({ value, kind, char }, i) => {
        const fill = { encoding: ACCENT, mixed: ACCENT, data: SECOND, backlen: THIRD }[
          kind as string
        ];
        const text = char === '' ? value.toString(16).padStart(2, '0') : char;
        parts.push(
          box(X + (offset + i) * CELL, Y, CELL - 2, HIGH, text, fill === undefined ? {} : { fill }),
        );
      });
    }
    const middle = (p: number): number => X + p * CELL + (CELL - 2) / 2;

    // Forwards: the encoding tells the length, and the length tells how long the backlen is.
    const first = lpFirst(lp);
    parts.push(steps(middle(0), Y, middle(first), -26, `${LP_HDR_SIZE}`));
    let p = first;
    for (let next = lpNext(lp, p); p !== 0; p = next, next = p === 0 ? 0 : lpNext(lp, p)) {
      const size = lpCurrentEncodedSizeUnsafe(lp, p);
      const to = next === 0 ? total - 1 : next;
      parts.push(steps(middle(p), Y, middle(to), -26, `${size} + ${lpEncodeBacklen(size)}`));
    }

    // Backwards: the byte before where one stands is the end of a backlen.
    for (let at = total - 1; ;) {
      const before = lpPrev(lp, at);
      if (before === 0) break;
      const size = lpCurrentEncodedSizeUnsafe(lp, before);
      parts.push(
        steps(middle(at), Y + HIGH, middle(before), 26, `${size} + ${lpEncodeBacklen(size)}`),
      );
      at = before;
    }
    parts.push(label(X, 14, 'lpFirst, lpNext', { align: 'start', size: 12, faint: true }));
    parts.push(label(X, Y + HIGH + 60, 'lpPrev', { align: 'start', size: 12, faint: true }));
    return svg(X * 2 + total * CELL, Y + HIGH + 76, 'A walk through a listpack, both ways', parts);
  });
}
