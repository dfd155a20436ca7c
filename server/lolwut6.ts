/**
 * lolwut6.c: the picture of Redis 6, a skyline as the games of eight bit machines had it in the background.
 *
 * A pixel is a blank on a coloured ground, so a character of the terminal. The four colours are the greys of a Game Boy:
 *
 *     0  black        1  dark grey        2  light grey        3  white, the sky
 *
 * The towers are drawn from far to near: light grey, dark grey, then the black ones, which have windows.
 *
 * Who calls in: LOLWUT VERSION 6 in lolwut.ts. Whom it calls: the canvas there, rand().
 */
import { getLongFromObjectOrReply } from '../object/object.ts';
import { rand } from '../object/util.ts';
import { addReplyVerbatim } from '../networking/networking.ts';
import { lwCreateCanvas, lwDrawPixel, lwFreeCanvas, lwGetPixel, type lwCanvas } from './lolwut.ts';
import type { client } from './server.h.ts';
import { REDIS_VERSION } from './version.ts';

/**
 * The canvas as text with the escape sequences of a terminal. Foreground and ground get the same colour, since terminals do not agree
 * on how a blank looks otherwise.
 * @c lolwut6.c:47
 * @cstatic
 */
export function renderCanvas(canvas: lwCanvas): string {
  let text = '';
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++) {
      let ce: string;
      switch (lwGetPixel(canvas, x, y)) {
        case 1:
          ce = '0;90;100m';
          break;
        case 2:
          ce = '0;37;47m';
          break;
        case 3:
          ce = '0;97;107m';
          break;
        default:
          ce = '0;30;40m';
          break;
      }
      text += `\x1b[${ce} \x1b[0m`;
    }
    if (y !== canvas.height - 1) text += '\n';
  }
  return text;
}

/** One tower, in pixels. */
export class skyscraper {
  /** The left edge; may lie outside of the canvas. */
  xoff = 0;
  width = 0;
  height = 0;
  /** Whether it has windows, in random greys. */
  windows = false;
  color = 0;
}

/**
 * Draws one tower, from the ground up. Its roof is two pixels narrower at each side.
 * @c lolwut6.c:82
 */
export function generateSkyscraper(canvas: lwCanvas, si: skyscraper): void {
  const starty = canvas.height - 1;
  const endy = starty - si.height + 1;
  for (let y = starty; y >= endy; y--) {
    for (let x = si.xoff; x < si.xoff + si.width; x++) {
      if (y === endy && (x <= si.xoff + 1 || x >= si.xoff + si.width - 2)) continue;
      let color = si.color;
      // Windows keep a distance from all edges.
      if (
        si.windows &&
        x > si.xoff + 1 &&
        x < si.xoff + si.width - 2 &&
        y > endy + 1 &&
        y < starty - 1
      ) {
        const relx = x - (si.xoff + 1);
        const rely = y - (endy + 1);

        // They are two pixels wide and one high, since a character is higher than wide.
        if ((relx >> 1) % 2 && rely % 2) {
          do {
            color = 1 + (rand() % 2);
          } while (color === si.color);
          // The right half has the colour of the left one. The random number is drawn for both.
          if (relx % 2) color = lwGetPixel(canvas, x - 1, y);
        }
      }
      lwDrawPixel(canvas, x, y, color);
    }
  }
}

/**
 * Draws all towers, three passes from back to front, at random places and of random sizes.
 * @c lolwut6.c:123
 */
export function generateSkyline(canvas: lwCanvas): void {
  const si = new skyscraper();
  const half = Math.trunc(canvas.height / 2);

  for (let color = 2; color >= 1; color--) {
    si.color = color;
    for (let offset = -10; offset < canvas.width;) {
      offset += rand() % 8;
      si.xoff = offset;
      si.width = 10 + (rand() % 9);
      if (color === 2) si.height = half + Math.trunc((rand() % canvas.height) / 2);
      else si.height = half + Math.trunc((rand() % canvas.height) / 3);
      si.windows = false;
      generateSkyscraper(canvas, si);
      if (color === 2) offset += Math.trunc(si.width / 2);
      else offset += si.width + 1;
    }
  }

  si.color = 0;
  for (let offset = -10; offset < canvas.width;) {
    offset += rand() % 8;
    si.xoff = offset;
    si.width = 5 + (rand() % 14);
    if (si.width % 4) si.width += si.width % 3;
    si.height = Math.trunc(canvas.height / 3) + Math.trunc((rand() % canvas.height) / 2);
    si.windows = true;
    generateSkyscraper(canvas, si);
    offset += si.width + 5;
  }
}

/**
 * LOLWUT VERSION 6 [columns [rows]]: by default 80 and 20. The numbers are held within limits, so that the command stays cheap.
 * @c lolwut6.c:169
 */
export function lolwut6Command(c: client): void {
  let cols: number | null = 80;
  let rows: number | null = 20;

  if (c.argc > 1 && (cols = getLongFromObjectOrReply(c, c.argv[1], null)) === null) return;
  if (c.argc > 2 && (rows = getLongFromObjectOrReply(c, c.argv[2], null)) === null) return;

  if (cols < 1) cols = 1;
  if (cols > 1000) cols = 1000;
  if (rows < 1) rows = 1;
  if (rows > 1000) rows = 1000;

  const canvas = lwCreateCanvas(cols, rows, 3);
  generateSkyline(canvas);
  let rendered = renderCanvas(canvas);
  rendered +=
    '\nDedicated to the 8 bit game developers of past and present.\n' +
    'Original 8 bit image from Plaguemon by hikikomori. Redis ver. ';
  rendered += REDIS_VERSION;
  rendered += '\n';
  addReplyVerbatim(c, rendered, 'txt');
  lwFreeCanvas(canvas);
}
