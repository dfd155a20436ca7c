/**
 * A call tree as a flame: a box a call, as wide as the calls in it are many, callees below. A click makes a box as wide as
 * the picture; a second one leads out again.
 *
 * Who calls in: watch.ts. Whom it calls: boxes.ts.
 */
import type { CallTree, Child, FunctionInfo } from '../recorder/format.ts';
import { flameBoxes } from './boxes.ts';
import { esc } from './view.ts';

const ROW = 19;
const LETTER = 6.7;

/** Draws a flame into an element. */
export function drawFlame(
  into: HTMLElement,
  tree: CallTree,
  functions: readonly FunctionInfo[],
  roots: readonly Child[],
  open: (node: number) => void,
): void {
  const boxes = flameBoxes(tree, roots, 0.0005);
  let zoomed = -1;
  const draw = (): void => {
    const width = Math.max(into.clientWidth, 320);
    const focus =
      zoomed === -1
        ? { start: 0, width: Math.max(...boxes.map((box) => box.start + box.width)), depth: 0 }
        : boxes[zoomed];
    const above = new Set<number>();
    for (let i = zoomed; i !== -1; i = boxes[i].parent) above.add(i);
    const parts: string[] = [];
    let deepest = 0;
    boxes.forEach((box, i) => {
      const x = above.has(i) ? 0 : ((box.start - focus.start) / focus.width) * width;
      const w = above.has(i) ? width : (box.width / focus.width) * width;
      if (w < 1.5 || x + w <= 0.5 || x >= width - 0.5) return;
      deepest = Math.max(deepest, box.depth);
      const fn = functions[tree.nodes[box.node].f];
      const room = fn.file.slice(0, fn.file.indexOf('/'));
      const letters = Math.floor((w - 6) / LETTER);
      const text =
        letters < 3 ? '' : fn.name.length > letters ? `${fn.name.slice(0, letters - 1)}…` : fn.name;
      const calls = box.width === 1 ? '1 call' : `${box.width} calls`;
      parts.push(
        `<g data-box="${i}"><rect x="${x.toFixed(1)}" y="${box.depth * ROW}" width="${Math.max(w - 0.6, 0.8).toFixed(1)}" height="${ROW - 1.5}" rx="2" class="room-${room}${above.has(i) && i !== zoomed ? ' above' : ''}"/>` +
          (text === ''
            ? ''
            : `<text x="${(x + 4).toFixed(1)}" y="${box.depth * ROW + 13}">${esc(text)}</text>`) +
          `<title>${esc(fn.name)}${box.times > 1 ? ` ×${box.times}` : ''} — ${calls}\n${esc(fn.file)}:${fn.line}${fn.c === null ? '' : `   C ${fn.c}`}</title></g>`,
      );
    });
    into.innerHTML = `<svg class="flame" width="${width}" height="${(deepest + 1) * ROW}" viewBox="0 0 ${width} ${(deepest + 1) * ROW}" role="img" aria-label="Flame view of the calls">${parts.join('')}</svg>`;
  };
  into.addEventListener('click', (event) => {
    const box = (event.target as Element).closest<SVGElement>('[data-box]')?.dataset.box;
    if (box === undefined) return;
    const chosen = Number(box);
    if (event.detail === 2 || event.altKey) {
      open(boxes[chosen].node);
      return;
    }
    zoomed = chosen === zoomed ? boxes[chosen].parent : chosen;
    draw();
  });
  new ResizeObserver(() => {
    if (into.isConnected && into.clientWidth > 0) draw();
  }).observe(into);
  draw();
}
