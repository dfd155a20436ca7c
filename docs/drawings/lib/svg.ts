/**
 * What the drawings are made of: boxes of text, arrows, and the frame around them.
 *
 * Colors are those of the page: lines and letters take `currentColor`, and what is to be noticed takes
 * `--drawing-accent`, which a style sheet may set for light and dark; without it there is a tone that does for both.
 *
 * Who calls in: the drawings. Whom it calls: nobody.
 */

/** What is to be noticed. */
export const ACCENT = 'var(--drawing-accent, #c2702a)';
/** What belongs together with nothing to be said of it. */
export const SECOND = 'var(--drawing-second, #4a86c5)';
/** A third kind, where two are not enough. */
export const THIRD = 'var(--drawing-third, #5d9455)';

/** How a box looks. */
export interface BoxStyle {
  /** Tints the box with this color. */
  fill?: string;
  /** Dashes around it: it is not there any more, or not yet. */
  dashed?: boolean;
  /** No line around it. */
  bare?: boolean;
  /** Size of the letters. */
  size?: number;
  /** Where the text stands; in the middle by default. */
  align?: 'start' | 'middle' | 'end';
  /** Weaker letters. */
  faint?: boolean;
  /** The line around it, or the letters, in this color instead of the page's. */
  color?: string;
  /** A strong line, or strong letters. */
  strong?: boolean;
}

/** How an arrow looks. */
export interface ArrowStyle {
  color?: string;
  strong?: boolean;
  dashed?: boolean;
  /** A head at its beginning, too. */
  both?: boolean;
  /** A line without a head. */
  bare?: boolean;
}

/** Text as it may stand in SVG. */
export function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A line of text; `x` is its middle or, with `align: 'start'`, its beginning, `y` the height of its middle. */
export function label(x: number, y: number, text: string, style: BoxStyle = {}): string {
  const anchor = style.align ?? 'middle';
  const faint = style.faint ? ' fill-opacity="0.65"' : '';
  const weight = style.strong ? ' font-weight="600"' : '';
  return (
    `<text x="${x}" y="${y}" dy="0.35em" font-size="${style.size ?? 13}" text-anchor="${anchor}"` +
    `${faint}${weight} fill="${style.color ?? 'currentColor'}">${escapeText(text)}</text>`
  );
}

/** A box with a line of text in it. */
export function box(
  x: number,
  y: number,
  width: number,
  height: number,
  text: string,
  style: BoxStyle = {},
): string {
  const fill = style.fill === undefined ? 'none' : style.fill;
  const dash = style.dashed ? ' stroke-dasharray="3 3"' : '';
  const stroke = style.bare ? 'none' : (style.color ?? 'currentColor');
  const wide = style.strong ? ' stroke-width="2"' : '';
  const at = style.align === 'start' ? x + 6 : x + width / 2;
  return (
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="2" fill="${fill}"` +
    ` fill-opacity="0.28" stroke="${stroke}" stroke-opacity="0.7"${wide}${dash}/>` +
    (text === ''
      ? ''
      : label(at, y + height / 2, text, {
          size: style.size,
          align: style.align,
          faint: style.faint,
        }))
  );
}

/** The head of an arrow that arrives at a point in that direction. */
function head(x: number, y: number, angle: number): string {
  const wing = (turn: number): string =>
    `${(x - 7 * Math.cos(angle + turn)).toFixed(1)} ${(y - 7 * Math.sin(angle + turn)).toFixed(1)}`;
  return `M${wing(0.45)} L${x} ${y} L${wing(-0.45)}`;
}

/** The line of an arrow, given as the path that it takes. */
function line(path: string, style: ArrowStyle): string {
  const dash = style.dashed ? ' stroke-dasharray="3 3"' : '';
  const wide = style.strong ? ' stroke-width="2"' : '';
  return (
    `<path d="${path}" fill="none" stroke="${style.color ?? 'currentColor'}"` +
    ` stroke-opacity="0.8"${wide}${dash}/>`
  );
}

/** An arrow from one point to another. */
export function arrow(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  style: ArrowStyle = {},
): string {
  const angle = Math.atan2(y2 - y1, x2 - x1);
  return line(
    `M${x1} ${y1} L${x2} ${y2}` +
      (style.bare ? '' : ` ${head(x2, y2, angle)}`) +
      (style.both ? ` ${head(x1, y1, angle + Math.PI)}` : ''),
    style,
  );
}

/** An arrow that leaves one point and arrives at the other horizontally, whatever their heights. */
export function swing(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  style: ArrowStyle = {},
): string {
  const middle = (x1 + x2) / 2;
  return line(
    `M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}` +
      (style.bare ? '' : ` ${head(x2, y2, x2 < x1 ? Math.PI : 0)}`),
    style,
  );
}

/** A jump from one point of a line to another: an arc that rises by `rise` (falls, if negative: upwards), with a text at its top. */
export function steps(
  x1: number,
  y: number,
  x2: number,
  rise: number,
  text: string,
  style: ArrowStyle = {},
): string {
  const away = rise < 0 ? -4 : 4;
  const top = y + away + rise;
  const x = x2 < x1 ? x2 + 4 : x2 - 4;
  return (
    line(
      `M${x1} ${y + away} C${x1} ${top} ${x} ${top} ${x} ${y + away} ` +
        head(x, y + away, rise < 0 ? Math.PI / 2 : -Math.PI / 2),
      style,
    ) + label((x1 + x) / 2, top + away, text, { size: 11 })
  );
}

/** Sums up what the colors stand for: small boxes with a word behind each, in a line that begins at (x, y). */
export function legend(x: number, y: number, entries: readonly [string, string][]): string {
  const parts: string[] = [];
  for (const [fill, text] of entries) {
    parts.push(box(x, y - 6, 12, 12, '', { fill }));
    parts.push(label(x + 18, y, text, { align: 'start', size: 11, faint: true }));
    x += 18 + textWidth(text, 11) + 20;
  }
  return parts.join('');
}

/** About how wide a text is in the letters of the drawings. */
export function textWidth(text: string, size: number): number {
  return text.length * size * 0.605;
}

/** The whole drawing; `title` is what a screen reader says of it. */
export function svg(width: number, height: number, title: string, parts: string[]): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="drawing" role="img" viewBox="0 0 ${width} ${height}"` +
    ` width="${width}" height="${height}" style="max-width:100%;height:auto"` +
    ` font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace">` +
    `<title>${escapeText(title)}</title>${parts.join('')}</svg>`
  );
}
