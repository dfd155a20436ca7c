/**
 * A radix tree after some words were put in.
 *
 *     {@drawing rax foo foobar footer}            a tree of these three
 *     {@drawing rax annibale + annientare}        a tree after what stands before each plus sign, and at the end; new nodes are framed
 *     {@drawing rax foo foobar + -foo}            with a minus a word is taken out
 *
 * Who calls in: the site's build, tests. Whom it calls: object/rax.ts, by way of lib/raxes.ts.
 */
import { raxInsert, raxNew, raxRemove } from '../../object/rax.ts';
import { aside } from './lib/aside.ts';
import { nodesOf, placeRax } from './lib/raxes.ts';
import { ACCENT, SECOND, THIRD, label, legend, svg } from './lib/svg.ts';

/** The drawing of a tree, once or in several states. */
export default function draw(args: string[]): string {
  return aside(1, () => {
    const tree = raxNew<number>();
    const parts: string[] = [];
    let old: ReadonlySet<unknown> | undefined;
    let y = 8;
    let width = 420;
    const all = args.join(' ').split(' + ');
    all.forEach((stage) => {
      const words = stage.split(' ');
      for (const word of words) {
        if (word.startsWith('-')) raxRemove(tree, word.slice(1), null);
        else raxInsert(tree, word, word.length, null);
      }
      const title = words
        .map((word) => (word.startsWith('-') ? `remove ${word.slice(1)}` : `insert ${word}`))
        .join(', ');
      parts.push(
        label(10, y + 8, all.length > 1 ? title : '', { align: 'start', size: 12, strong: true }),
        label(
          all.length > 1 ? 10 + 8 * title.length + 16 : 10,
          y + 8,
          `numele ${tree.numele}, numnodes ${tree.numnodes}`,
          { align: 'start', size: 11, faint: true },
        ),
      );
      const placed = placeRax(tree, 10, y + 34, {
        bytes: true,
        ...(old === undefined ? {} : { old }),
      });
      parts.push(...placed.parts);
      y += 34 + placed.height + 22;
      width = Math.max(width, placed.width + 20);
      old = new Set(nodesOf(tree.head));
    });
    parts.push(
      legend(10, y + 2, [
        [SECOND, 'compressed'],
        [THIRD, 'a child for each character'],
        [ACCENT, 'a key'],
      ]),
    );
    return svg(
      Math.ceil(Math.max(width, 470)),
      y + 16,
      `A radix tree of ${tree.numele} keys`,
      parts,
    );
  });
}
