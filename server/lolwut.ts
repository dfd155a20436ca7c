/**
 * lolwut.c and lolwut.h: LOLWUT, which says the version in a way that each version chooses, and the canvas on which the older ones draw.
 *
 *     LOLWUT                      this version has no picture: one line of text
 *     LOLWUT VERSION 5 [...]      lolwut5.ts, dots of Braille characters
 *     LOLWUT VERSION 6 [...]      lolwut6.ts, coloured blocks
 *
 *     lwCanvas     (0,0) ──► x    pixels[x + y * width], one byte a colour
 *                    │
 *                    ▼ y
 *
 * Who calls in: the command table; lolwut5.ts and lolwut6.ts draw by the functions here. Whom it calls: those two, and networking.ts.
 * What differs from C: nothing but that argv is a copy without the VERSION option, where C moves a pointer.
 */
import { getLongFromObjectOrReply, objPtrString } from '../object/object.ts';
import { strcasecmp } from '../object/util.ts';
import { zfree, zmalloc } from '../object/zmalloc.ts';
import { addReplyVerbatim } from '../networking/networking.ts';
import { lolwut5Command } from './lolwut5.ts';
import { lolwut6Command } from './lolwut6.ts';
import type { client } from './server.h.ts';
import { REDIS_VERSION } from './version.ts';

/** A picture of one byte a pixel; what a colour means is up to who renders it. */
export class lwCanvas {
  width: number;
  height: number;
  pixels: Uint8Array;
  constructor(width: number, height: number, bgcolor: number) {
    this.width = width;
    this.height = height;
    this.pixels = new Uint8Array(width * height).fill(bgcolor);
  }
}

/** sizeof(lwCanvas), for the account. */
const SIZEOF_LWCANVAS = 16;

/**
 * What a version without a picture replies: its number.
 * @c lolwut.c:45
 */
export function lolwutUnstableCommand(c: client): void {
  let rendered = 'Redis ver. ';
  rendered += REDIS_VERSION;
  rendered += '\n';
  addReplyVerbatim(c, rendered, 'txt');
}

/**
 * LOLWUT [VERSION version] [arguments of that version ...]. A version in development, such as 4.9, shows the picture of the next one.
 * @c lolwut.c:54
 */
export function lolwutCommand(c: client): void {
  let v = REDIS_VERSION;
  const argv = c.argv;
  const argc = c.argc;

  if (c.argc >= 3 && !strcasecmp(objPtrString(c.argv[1]), 'version')) {
    const ver = getLongFromObjectOrReply(c, c.argv[2], null);
    if (ver === null) return;
    v = `${ver >>> 0}.0.0`;

    // The pictures know nothing of the option, and count their arguments from 1.
    c.argv = argv.slice(2);
    c.argc -= 2;
  }

  if (
    (v[0] === '5' && v[1] === '.' && v[2] !== '9') ||
    (v[0] === '4' && v[1] === '.' && v[2] === '9')
  )
    lolwut5Command(c);
  else if (
    (v[0] === '6' && v[1] === '.' && v[2] !== '9') ||
    (v[0] === '5' && v[1] === '.' && v[2] === '9')
  )
    lolwut6Command(c);
  else lolwutUnstableCommand(c);

  // The arguments belong to the client: they are given back as they came.
  c.argv = argv;
  c.argc = argc;
}

/* ========================== LOLWUT Canvas =============================== */

/**
 * A canvas of that many pixels, all of one colour. lwFreeCanvas() ends its life.
 * @c lolwut.c:93
 */
export function lwCreateCanvas(width: number, height: number, bgcolor: number): lwCanvas {
  zmalloc(SIZEOF_LWCANVAS);
  zmalloc(width * height);
  return new lwCanvas(width, height, bgcolor);
}

/**
 * Takes a canvas off the account of memory; it must not be used afterwards.
 * @c lolwut.c:103
 */
export function lwFreeCanvas(canvas: lwCanvas): void {
  zfree(canvas.pixels.length);
  zfree(SIZEOF_LWCANVAS);
}

/**
 * Colours one pixel; outside of the canvas that does nothing.
 * @c lolwut.c:112
 */
export function lwDrawPixel(canvas: lwCanvas, x: number, y: number, color: number): void {
  if (x < 0 || x >= canvas.width || y < 0 || y >= canvas.height) return;
  canvas.pixels[x + y * canvas.width] = color;
}

/**
 * The colour of one pixel, 0 outside of the canvas.
 * @c lolwut.c:119
 */
export function lwGetPixel(canvas: lwCanvas, x: number, y: number): number {
  if (x < 0 || x >= canvas.width || y < 0 || y >= canvas.height) return 0;
  return canvas.pixels[x + y * canvas.width];
}

/**
 * Draws a line, both ends included, by Bresenham's algorithm: `err` tells on which side of the ideal line the pixel lies, and so in
 * which direction to step.
 * @c lolwut.c:126
 */
export function lwDrawLine(
  canvas: lwCanvas,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  color: number,
): void {
  const dx = Math.abs(x2 - x1);
  const dy = Math.abs(y2 - y1);
  const sx = x1 < x2 ? 1 : -1;
  const sy = y1 < y2 ? 1 : -1;
  let err = dx - dy;

  for (;;) {
    lwDrawPixel(canvas, x1, y1, color);
    if (x1 === x2 && y1 === y2) break;
    const e2 = err * 2;
    if (e2 > -dy) {
      err -= dy;
      x1 += sx;
    }
    if (e2 < dx) {
      err += dx;
      y1 += sy;
    }
  }
}

/**
 * The nearest whole number, halves away from 0. Math.round() takes negative halves the other way.
 * @own round() of libc
 */
export function round(x: number): number {
  return x < 0 ? -Math.floor(0.5 - x) : Math.floor(x + 0.5);
}

/**
 * Draws a square around (x, y) with sides of `size` pixels, turned by `angle` (radians).
 *
 * The corners lie on a circle, a quarter of it apart. An upright square begins at 45 degrees, and turning it is to begin elsewhere:
 *
 *        k + PI/2 .─────. k = PI/4 + angle        x + sin(k) * r
 *                 │  x  │                         y + cos(k) * r,   r = size / sqrt(2)
 *                 '─────'
 *
 * C calculates with floats in between, and so do we: the pixels are to be the same.
 * @c lolwut.c:167
 */
export function lwDrawSquare(
  canvas: lwCanvas,
  x: number,
  y: number,
  size: number,
  angle: number,
  color: number,
): void {
  const px: number[] = [0, 0, 0, 0];
  const py: number[] = [0, 0, 0, 0];

  size = Math.fround(size / 1.4142135623);
  size = round(size);

  let k = Math.fround(Math.PI / 4 + angle);
  for (let j = 0; j < 4; j++) {
    px[j] = round(Math.sin(k) * size + x);
    py[j] = round(Math.cos(k) * size + y);
    k = Math.fround(k + Math.PI / 2);
  }

  for (let j = 0; j < 4; j++)
    lwDrawLine(canvas, px[j], py[j], px[(j + 1) % 4], py[(j + 1) % 4], color);
}
