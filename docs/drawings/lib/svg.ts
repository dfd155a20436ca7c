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
  align?: 'start' | 'middle';
  /** Weaker letters. */
  faint?: boolean;
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
  return (
    `<text x="${x}" y="${y}" dy="0.35em" font-size="${style.size ?? 13}" text-anchor="${anchor}"` +
    `${faint} fill="currentColor">${escapeText(text)}</text>`
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
  const stroke = style.bare ? 'none' : 'currentColor';
  const at = style.align === 'start' ? x + 6 : x + width / 2;
  return (
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="2" fill="${fill}"` +
    ` fill-opacity="0.22" stroke="${stroke}" stroke-opacity="0.7"${dash}/>` +
    (text === '' ? '' : label(at, y + height / 2, text, style))
  );
}

/** An arrow from one point to another. */
export function arrow(x1: number, y1: number, x2: number, y2: number): string {
  const angle = Math.atan2(y2 - y1, x2 - x1);
  const wing = (turn: number): string =>
    `${(x2 - 7 * Math.cos(angle + turn)).toFixed(1)} ${(y2 - 7 * Math.sin(angle + turn)).toFixed(1)}`;
  return (
    `<path d="M${x1} ${y1} L${x2} ${y2} M${wing(0.45)} L${x2} ${y2} L${wing(-0.45)}"` +
    ' fill="none" stroke="currentColor" stroke-opacity="0.8"/>'
  );
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
