/**
 * A listpack taken apart: which of its bytes are the header, which say what an element is, which are its content, and which
 * lead back over it. Read from the real bytes with the functions of quicklist/listpack.ts.
 *
 * Who calls in: the drawings of listpacks. Whom it calls: listpack.ts, svg.ts.
 */
import {
  LP_EOF,
  LP_HDR_SIZE,
  lpBytes,
  lpCurrentEncodedSizeBytes,
  lpCurrentEncodedSizeUnsafe,
  lpEncodeBacklen,
  lpFirst,
  lpGetValue,
  lpLength,
  lpSkip,
} from '../../../quicklist/listpack.ts';
import { ACCENT, SECOND, THIRD, box, label, legend, svg, textWidth } from './svg.ts';

/** What a byte is for; `mixed`: its high bits are an encoding, and its low ones belong to the number. */
export type ByteKind = 'header' | 'encoding' | 'mixed' | 'data' | 'backlen' | 'end';

/** One element, or the header, or the end. */
export interface LpRow {
  /** Offset of its first byte. */
  offset: number;
  bytes: { value: number; kind: ByteKind; char: string }[];
  /** The first byte in binary, as the decoder looks at it. */
  bits: string;
  meaning: string;
}

const WIDTHS: Readonly<Record<number, number>> = { 0xf1: 16, 0xf2: 24, 0xf3: 32, 0xf4: 64 };

/** Where the encoding ends and the number begins in the first byte of an element: how many high bits belong to the encoding. */
function encodingBits(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc0) return 2;
  if (first < 0xe0) return 3;
  if (first < 0xf0) return 4;
  return 8;
}

/** What the element at `p` is, in words. */
function meaningOf(lp: Buffer, p: number): string {
  const first = lp[p];
  const value = lpGetValue(lp, p);
  if (first < 0x80) return `the number ${value}`;
  if (first in WIDTHS) return `${WIDTHS[first]} bits: ${value}`;
  if (first >= 0xc0 && first < 0xe0) return `13 bits: ${value}`;
  const length = String(value).length;
  return length === 0 ? 'an empty string' : `a string of ${length}`;
}

/** All rows of a listpack, from its header to its end. */
export function lpRows(lp: Buffer): LpRow[] {
  const total = lpBytes(lp);
  const cell = (at: number, kind: ByteKind, char = ''): LpRow['bytes'][number] => ({
    value: lp[at],
    kind,
    char,
  });
  const rows: LpRow[] = [
    {
      offset: 0,
      bytes: Array.from({ length: LP_HDR_SIZE }, (_, i) => cell(i, 'header')),
      bits: '',
      meaning: `${total} bytes, ${lpLength(lp)} elements`,
    },
  ];
  let p = lpFirst(lp);
  while (p !== 0 && lp[p] !== LP_EOF) {
    const head = lpCurrentEncodedSizeBytes(lp, p);
    const size = lpCurrentEncodedSizeUnsafe(lp, p);
    const isString = (lp[p] & 0xc0) === 0x80 || (lp[p] & 0xf0) === 0xe0 || lp[p] === 0xf0;
    const isMixed = lp[p] < 0x80 || (lp[p] & 0xe0) === 0xc0;
    const bytes: LpRow['bytes'] = [];
    for (let i = 0; i < size; i++) {
      const at = p + i;
      if (i < head) bytes.push(cell(at, isMixed ? 'mixed' : 'encoding'));
      else bytes.push(cell(at, 'data', isString ? printable(lp[at]) : ''));
    }
    for (let i = 0; i < lpEncodeBacklen(size); i++) bytes.push(cell(p + size + i, 'backlen'));
    const bits = lp[p].toString(2).padStart(8, '0');
    const cut = encodingBits(lp[p]);
    rows.push({
      offset: p,
      bytes,
      bits: cut === 8 ? bits : `${bits.slice(0, cut)} ${bits.slice(cut)}`,
      meaning: meaningOf(lp, p),
    });
    p = lpSkip(lp, p);
  }
  rows.push({ offset: total - 1, bytes: [cell(total - 1, 'end')], bits: '', meaning: 'the end' });
  return rows;
}

function printable(byte: number): string {
  return byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·';
}

/** The words of a drawing: `x*200` is two hundred x. */
export function wordsOf(args: readonly string[]): string[] {
  return args.map((arg) => {
    const [, text, times] = /^(.+)\*(\d+)$/.exec(arg) ?? [];
    return times === undefined ? arg : text.repeat(Number(times));
  });
}

const CELL = 32;
const HIGH = 34;
const ROW = 44;
/** More bytes than this are not all shown. */
const SHOWN = 11;

function fillOf(kind: ByteKind): string | undefined {
  if (kind === 'encoding') return ACCENT;
  if (kind === 'data') return SECOND;
  return kind === 'backlen' ? THIRD : undefined;
}

/** One byte: in hex, with its character below. */
function byteBox(x: number, y: number, byte: LpRow['bytes'][number]): string {
  const fill = fillOf(byte.kind);
  const parts: string[] = [];
  if (byte.kind === 'mixed') {
    // Two tints in one frame: an encoding and a number share the byte.
    parts.push(box(x, y, (CELL - 2) / 2, HIGH, '', { fill: ACCENT, bare: true }));
    parts.push(box(x + (CELL - 2) / 2, y, (CELL - 2) / 2, HIGH, '', { fill: SECOND, bare: true }));
  }
  parts.push(box(x, y, CELL - 2, HIGH, '', fill === undefined ? {} : { fill }));
  const hex = byte.value.toString(16).padStart(2, '0');
  const middle = x + (CELL - 2) / 2;
  if (byte.char === '') parts.push(label(middle, y + HIGH / 2, hex, { size: 13 }));
  else {
    parts.push(label(middle, y + 11, hex, { size: 12 }));
    parts.push(label(middle, y + 24, byte.char, { size: 12, strong: true }));
  }
  return parts.join('');
}

/** The drawing of a listpack, an element a row; `notes` are said behind the elements, in order. */
export function listpackSvg(lp: Buffer, title: string, notes: readonly string[] = []): string {
  const rows = lpRows(lp);
  const left = 44;
  const shown = Math.max(...rows.map(({ bytes }) => Math.min(bytes.length, SHOWN + 1)));
  const bitsAt = left + shown * CELL + 14;
  const wordsAt = bitsAt + 86;
  const parts: string[] = [];
  rows.forEach((row, r) => {
    const y = 10 + r * ROW;
    parts.push(
      label(left - 12, y + HIGH / 2, String(row.offset), { size: 11, faint: true, align: 'end' }),
    );
    let cells = row.bytes;
    let cutAt = -1;
    if (cells.length > SHOWN + 1) {
      // The beginning and the end; between them is more of the same.
      const tail = cells.filter(({ kind }) => kind === 'backlen').length + 2;
      cutAt = SHOWN - tail;
      cells = [...cells.slice(0, cutAt), ...cells.slice(-tail)];
    }
    let x = left;
    cells.forEach((byte, i) => {
      if (i === cutAt) {
        parts.push(label(x + CELL / 2 - 1, y + HIGH / 2, '···', { size: 14, faint: true }));
        x += CELL;
      }
      parts.push(byteBox(x, y, byte));
      x += CELL;
    });
    parts.push(label(bitsAt, y + HIGH / 2, row.bits, { align: 'start', size: 12, faint: true }));
    parts.push(
      label(
        wordsAt,
        y + HIGH / 2,
        [row.meaning, ...(notes[r - 1] === undefined || r === 0 ? [] : [notes[r - 1]])].join(', '),
        {
          align: 'start',
          size: 12,
        },
      ),
    );
  });
  const bottom = 10 + rows.length * ROW;
  parts.push(
    legend(left, bottom + 10, [
      [ACCENT, 'encoding and length'],
      [SECOND, 'content'],
      [THIRD, 'backlen'],
    ]),
  );
  const longest = Math.max(
    ...rows.map((row, r) =>
      textWidth([row.meaning, r > 0 ? (notes[r - 1] ?? '') : ''].join(', '), 12),
    ),
  );
  return svg(Math.ceil(Math.max(wordsAt + longest + 6, 560)), bottom + 28, title, parts);
}
