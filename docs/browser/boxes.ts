/**
 * Where the boxes of a flame lie: each call as wide as the calls in it are many, beside the others of its caller.
 *
 * Who calls in: flame.ts, tests. Whom it calls: nobody.
 */
import type { CallTree, Child } from '../recorder/format.ts';

/** A box: where it begins and how wide it is, in calls. */
export interface FlameBox {
  node: number;
  depth: number;
  start: number;
  width: number;
  times: number;
  /** The box that it lies under, -1 for none. */
  parent: number;
}

/** Boxes that are worth drawing: those wider than a share of the whole. */
export function flameBoxes(tree: CallTree, roots: readonly Child[], smallest: number): FlameBox[] {
  const boxes: FlameBox[] = [];
  const widthOf = (children: readonly Child[]): number =>
    children.reduce<number>((sum, child) => {
      if (typeof child === 'number') return sum + tree.nodes[child].n;
      if (Array.isArray(child)) return sum + tree.nodes[child[0]].n * child[1];
      return sum + widthOf(child.body) * child.times;
    }, 0);
  const whole = widthOf(roots);
  const lay = (
    children: readonly Child[],
    from: number,
    depth: number,
    parent: number,
    factor: number,
  ): void => {
    let at = from;
    for (const child of children) {
      if (typeof child === 'object' && !Array.isArray(child)) {
        lay(child.body, at, depth, parent, factor * child.times);
        at += widthOf(child.body) * child.times * factor;
        continue;
      }
      const [node, times] = typeof child === 'number' ? [child, 1] : child;
      const width = tree.nodes[node].n * times * factor;
      if (width >= whole * smallest) {
        const place =
          boxes.push({ node, depth, start: at, width, times: times * factor, parent }) - 1;
        const { k } = tree.nodes[node];
        // The call itself is the first unit of its box.
        if (k !== undefined) lay(k, at + times * factor, depth + 1, place, times * factor);
      }
      at += width;
    }
  };
  lay(roots, 0, 0, -1, 1);
  return boxes;
}
