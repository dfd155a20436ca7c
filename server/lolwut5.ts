/**
 * lolwut5.c: the picture of Redis 5, after "Schotter" by Georg Nees (1968), one of the first works of computer art.
 *
 * Rows of squares fall into disorder from top to bottom. The terminal becomes a fine raster by Braille characters, of which each shows
 * 2 × 4 pixels; the bits of a character in Unicode count the dots like this:
 *
 *     0 3          U+2800 + bits, in UTF-8 the three bytes 1110xxxx 10xxxxxx 10xxxxxx
 *     1 4
 *     2 5
 *     6 7
 *
 * Who calls in: LOLWUT VERSION 5 in lolwut.ts. Whom it calls: the canvas there, rand().
 */
import { getLongFromObjectOrReply } from '../object/object.ts';
import { rand } from '../object/util.ts';
import { addReplyVerbatim } from '../networking/networking.ts';
import { lwCreateCanvas, lwDrawSquare, lwFreeCanvas, lwGetPixel, type lwCanvas } from './lolwut.ts';
import type { client } from './server.h.ts';
import { REDIS_VERSION } from './version.ts';

/** The largest number that rand() gives, as a float: 2^31. */
const RAND_MAX = Math.fround(2147483647);

/**
 * The Braille character whose dots are the bits of `byte`, as the three bytes of its UTF-8.
 * @c lolwut5.c:54
 */
export function lwTranslatePixelsGroup(byte: number): string {
  const code = 0x2800 + byte;
  return String.fromCharCode(
    0xe0 | (code >> 12),
    0x80 | ((code >> 6) & 0x3f),
    0x80 | (code & 0x3f),
  );
}

/**
 * A random float from 0 to y/n, with as few bits as C's: the more, the further down the row `y` of `n`.
 * @own an expression that stands three times in lwDrawSchotter
 */
export function lwRandomAmount(n: number, y: number): number {
  const r = Math.fround(Math.fround(rand()) / RAND_MAX);
  return Math.fround(Math.fround(r / n) * y);
}

/**
 * A new canvas, as wide as `console_cols` characters, with the picture: so many squares in a row and in a column. The first two rows
 * stand straight; below, each square is turned and moved by chance, the more the lower it is.
 * @c lolwut5.c:71
 */
export function lwDrawSchotter(
  console_cols: number,
  squares_per_row: number,
  squares_per_col: number,
): lwCanvas {
  const canvas_width = console_cols * 2;
  const padding = canvas_width > 4 ? 2 : 0;
  const square_side = Math.fround((canvas_width - padding * 2) / squares_per_row);
  const canvas_height = Math.trunc(
    Math.fround(Math.fround(square_side * squares_per_col) + padding * 2),
  );
  const canvas = lwCreateCanvas(canvas_width, canvas_height, 0);
  const half = Math.fround(square_side / 2);

  for (let y = 0; y < squares_per_col; y++) {
    for (let x = 0; x < squares_per_row; x++) {
      let sx = Math.trunc(Math.fround(Math.fround(Math.fround(x * square_side) + half) + padding));
      let sy = Math.trunc(Math.fround(Math.fround(Math.fround(y * square_side) + half) + padding));
      let angle = 0;
      if (y > 1) {
        let r1 = lwRandomAmount(squares_per_col, y);
        let r2 = lwRandomAmount(squares_per_col, y);
        let r3 = lwRandomAmount(squares_per_col, y);
        if (rand() % 2) r1 = -r1;
        if (rand() % 2) r2 = -r2;
        if (rand() % 2) r3 = -r3;
        angle = r1;
        sx = Math.trunc(Math.fround(sx + Math.fround(Math.fround(r2 * square_side) / 3)));
        sy = Math.trunc(Math.fround(sy + Math.fround(Math.fround(r3 * square_side) / 3)));
      }
      lwDrawSquare(canvas, sx, sy, square_side, angle, 1);
    }
  }

  return canvas;
}

/**
 * The canvas as text: half as many columns and a quarter as many lines as it has pixels.
 * @c lolwut5.c:109
 * @cstatic
 */
export function renderCanvas(canvas: lwCanvas): string {
  let text = '';
  for (let y = 0; y < canvas.height; y += 4) {
    for (let x = 0; x < canvas.width; x += 2) {
      let byte = 0;
      if (lwGetPixel(canvas, x, y)) byte |= 1 << 0;
      if (lwGetPixel(canvas, x, y + 1)) byte |= 1 << 1;
      if (lwGetPixel(canvas, x, y + 2)) byte |= 1 << 2;
      if (lwGetPixel(canvas, x + 1, y)) byte |= 1 << 3;
      if (lwGetPixel(canvas, x + 1, y + 1)) byte |= 1 << 4;
      if (lwGetPixel(canvas, x + 1, y + 2)) byte |= 1 << 5;
      if (lwGetPixel(canvas, x, y + 3)) byte |= 1 << 6;
      if (lwGetPixel(canvas, x + 1, y + 3)) byte |= 1 << 7;
      text += lwTranslatePixelsGroup(byte);
    }
    if (y !== canvas.height - 1) text += '\n';
  }
  return text;
}

/**
 * LOLWUT VERSION 5 [columns [squares a row [squares a column]]]: by default 66, 8 and 12. The numbers are held within limits, so that
 * the command stays cheap.
 * @c lolwut5.c:140
 */
export function lolwut5Command(c: client): void {
  let cols: number | null = 66;
  let squares_per_row: number | null = 8;
  let squares_per_col: number | null = 12;

  if (c.argc > 1 && (cols = getLongFromObjectOrReply(c, c.argv[1], null)) === null) return;
  if (c.argc > 2 && (squares_per_row = getLongFromObjectOrReply(c, c.argv[2], null)) === null)
    return;
  if (c.argc > 3 && (squares_per_col = getLongFromObjectOrReply(c, c.argv[3], null)) === null)
    return;

  if (cols < 1) cols = 1;
  if (cols > 1000) cols = 1000;
  if (squares_per_row < 1) squares_per_row = 1;
  if (squares_per_row > 200) squares_per_row = 200;
  if (squares_per_col < 1) squares_per_col = 1;
  if (squares_per_col > 200) squares_per_col = 200;

  const canvas = lwDrawSchotter(cols, squares_per_row, squares_per_col);
  let rendered = renderCanvas(canvas);
  rendered += '\nGeorg Nees - schotter, plotter on paper, 1968. Redis ver. ';
  rendered += REDIS_VERSION;
  rendered += '\n';
  addReplyVerbatim(c, rendered, 'txt');
  lwFreeCanvas(canvas);
}
