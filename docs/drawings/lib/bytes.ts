/**
 * Rows of bytes, sixteen a row, each in a box with its part named below the first box of the part.
 *
 * Who calls in: the drawings. Whom it calls: svg.ts.
 */
import { ACCENT, SECOND, box, label } from './svg.ts';

/** One byte. */
export interface ByteCell {
  /** What is shown in the box. */
  text: string;
  /** What it belongs to; neighbours of one part are tinted alike. */
  part: string;
}

const CELL = 38;
const ROW = 56;
const PER_ROW = 16;

/** Parts that hold nothing are dashed. */
const EMPTY = new Set(['spare', 'unused']);

/** The parts of a drawing of these bytes, from the point (x, y) on. */
export function byteRows(
  cells: readonly ByteCell[],
  x: number,
  y: number,
): { parts: string[]; width: number; height: number } {
  const parts: string[] = [];
  const names = [...new Set(cells.map(({ part }) => part))];
  cells.forEach(({ text, part }, i) => {
    const left = x + (i % PER_ROW) * CELL;
    const top = y + Math.floor(i / PER_ROW) * ROW;
    const empty = EMPTY.has(part);
    const tint = names.indexOf(part) % 2 === 0 ? SECOND : ACCENT;
    parts.push(
      box(left, top, CELL - 2, 28, text, {
        dashed: empty,
        size: text.length > 4 ? 10 : 12,
        ...(empty ? {} : { fill: tint }),
      }),
    );
    // A part that goes on in the next row is named again there, if there is room for the name.
    const goesOn = i + 1 < cells.length && cells[i + 1].part === part;
    if (i === 0 || cells[i - 1].part !== part || (i % PER_ROW === 0 && goesOn)) {
      parts.push(label(left, top + 39, part, { align: 'start', size: 10, faint: true }));
    }
  });
  const rows = Math.ceil(cells.length / PER_ROW);
  return { parts, width: PER_ROW * CELL, height: rows * ROW };
}
