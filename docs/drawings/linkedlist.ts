/**
 * A plain linked list of strings: each element is a node, an object and the bytes, in two blocks of memory.
 *
 *     {@drawing linkedlist ann bob kim}
 *
 * The list is one of object/adlist.ts; the sizes are those of C's structs in blocks of the allocator. Who calls in: the site's
 * build, tests. Whom it calls: object/adlist.ts, object/object.ts.
 */
import { listAddNodeTail, listCreate } from '../../object/adlist.ts';
import { createStringObject, objPtrString, SIZEOF_ROBJ } from '../../object/object.ts';
import { SDS_TYPE_8, sdsHdrSize } from '../../object/sds.ts';
import { jemalloc_good_size } from '../../object/zmalloc.ts';
import type { robj } from '../../server/server.h.ts';
import { served } from './lib/aside.ts';
import { SECOND, THIRD, arrow, box, label, svg } from './lib/svg.ts';

/** Bytes of C's listNode: prev, next, value. */
const SIZEOF_LISTNODE = 24;

const WIDE = 150;
const GAP = 40;
const HIGH = 28;
const X = 10;
const Y = 34;

/** The drawing of a list of these words. */
export default function draw(args: string[]): string {
  return served(() => {
    const list = listCreate<robj>();
    for (const word of args) listAddNodeTail(list, createStringObject(word));
    const parts: string[] = [];
    let bytes = 0;
    let text = 0;
    let i = 0;
    for (let node = list.head; node !== null; node = node.next, i++) {
      const word = objPtrString(node.value);
      const needed = SIZEOF_ROBJ + sdsHdrSize(SDS_TYPE_8) + word.length + 1;
      const taken = jemalloc_good_size(needed);
      bytes += SIZEOF_LISTNODE + taken;
      text += word.length;
      const x = X + i * (WIDE + GAP);
      ['prev', 'next', 'value'].forEach((name, f) => {
        parts.push(box(x + (f * WIDE) / 3, Y, WIDE / 3, HIGH, name, { fill: THIRD, size: 12 }));
      });
      if (node.next !== null) {
        parts.push(arrow(x + WIDE, Y + 9, x + WIDE + GAP, Y + 9));
        parts.push(arrow(x + WIDE + GAP, Y + 20, x + WIDE, Y + 20));
      }
      parts.push(arrow(x + (WIDE * 5) / 6, Y + HIGH, x + (WIDE * 5) / 6, Y + HIGH + 24));
      const top = Y + HIGH + 24;
      parts.push(box(x, top, 96, HIGH, `robj ${SIZEOF_ROBJ}`, { size: 12 }));
      parts.push(box(x + 96, top, WIDE - 96, HIGH, word, { fill: SECOND }));
      parts.push(
        label(x, top + HIGH + 11, `${SIZEOF_LISTNODE} + ${taken} bytes`, {
          align: 'start',
          size: 11,
          faint: true,
        }),
      );
    }
    parts.push(
      label(
        X,
        14,
        `${list.len} elements, ${text} bytes of text: ${bytes} bytes in ${2 * i} blocks`,
        {
          align: 'start',
          size: 12,
        },
      ),
    );
    return svg(
      X * 2 + i * (WIDE + GAP) - GAP,
      Y + 2 * HIGH + 48,
      `A linked list of ${list.len} strings`,
      parts,
    );
  });
}
