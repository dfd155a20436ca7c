/**
 * A radix tree from left to right: a compressed node is one box with its run of characters, a node with several children a box for each of
 * them, and a node that is a key is filled.
 *
 * Who calls in: the drawings of radix trees and streams. Whom it calls: object/rax.ts, svg.ts.
 */
import { raxNodeCurrentLength, type rax, type raxNode } from '../../../object/rax.ts';
import { ACCENT, SECOND, THIRD, box, label, swing, textWidth } from './svg.ts';

/** How a tree is drawn. */
export interface RaxStyle<V> {
  /** Characters as they are to be shown: by default as they are. */
  show?: (data: string) => string;
  /** What stands behind a key. */
  value?: (key: string, node: raxNode<V>) => string;
  /** Nodes that were there before; the others are framed. */
  old?: ReadonlySet<unknown>;
  /** With the bytes of each node in C. */
  bytes?: boolean;
}

const HIGH = 28;
const GAP_X = 42;
const GAP_Y = 16;

/** What is drawn, and how much room it takes. */
export interface Placed {
  parts: string[];
  width: number;
  height: number;
}

/** All nodes of a tree. */
export function nodesOf<V>(node: raxNode<V>): raxNode<V>[] {
  return [node, ...node.children.flatMap(nodesOf)];
}

/** The parts of a drawing of this tree, whose upper left corner is (x, y). */
export function placeRax<V>(tree: rax<V>, x: number, y: number, style: RaxStyle<V> = {}): Placed {
  const show = style.show ?? ((data): string => data);
  const parts: string[] = [];
  let right = x;

  // How high a node is, and how high all of what hangs on it.
  const own = (node: raxNode<V>): number => (node.iscompr ? 1 : Math.max(node.size, 1)) * HIGH;
  const need = (node: raxNode<V>): number =>
    Math.max(
      own(node) + (style.bytes ? 16 : 4),
      node.children.reduce((sum, child) => sum + need(child) + GAP_Y, -GAP_Y),
    );

  const place = (node: raxNode<V>, left: number, top: number, prefix: string): number => {
    const room = need(node);
    const pieces = node.size === 0 ? [''] : node.iscompr ? [node.data] : [...node.data];
    const wide = Math.max(...pieces.map((piece) => textWidth(show(piece), 13) + 16), 26);
    const first = top + (room - own(node)) / 2;
    const isNew = style.old !== undefined && !style.old.has(node);
    pieces.forEach((piece, i) => {
      parts.push(
        box(left, first + i * HIGH, wide, HIGH, show(piece), {
          ...(node.iskey ? { fill: ACCENT } : node.iscompr ? { fill: SECOND } : { fill: THIRD }),
          ...(isNew ? { color: ACCENT, strong: true } : {}),
        }),
      );
    });
    if (style.bytes) {
      parts.push(
        label(left + wide / 2, first + own(node) + 8, String(raxNodeCurrentLength(node)), {
          size: 10,
          faint: true,
        }),
      );
    }
    right = Math.max(right, left + wide);
    if (node.iskey) {
      const text = style.value === undefined ? prefix : style.value(prefix, node);
      const isLeaf = node.size === 0;
      const at = isLeaf ? left + wide + 8 : left;
      parts.push(
        label(at, isLeaf ? first + HIGH / 2 : first - 9, text, {
          align: 'start',
          size: isLeaf ? 12 : 11,
          color: ACCENT,
        }),
      );
      right = Math.max(right, at + textWidth(text, 12));
    }
    // The children one below the other, in the middle of the room that there is.
    const below = node.children.reduce((sum, child) => sum + need(child) + GAP_Y, -GAP_Y);
    let childTop = top + Math.max(0, (room - below) / 2);
    node.children.forEach((child, i) => {
      const middle = place(
        child,
        left + wide + GAP_X,
        childTop,
        prefix + (node.iscompr ? node.data : node.data[i]),
      );
      parts.push(
        swing(
          left + wide,
          first + (node.iscompr ? HIGH / 2 : i * HIGH + HIGH / 2),
          left + wide + GAP_X - 1,
          middle,
        ),
      );
      childTop += need(child) + GAP_Y;
    });
    return first + own(node) / 2;
  };

  place(tree.head, x, y, '');
  return { parts, width: right - x, height: need(tree.head) };
}
