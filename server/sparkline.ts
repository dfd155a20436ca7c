/**
 * sparkline.c: a row of numbers as a small graph of ASCII characters.
 *
 * The value range is cut into `3 × rows` steps. A row of text shows three of them by which character it uses, so four rows of text have
 * a resolution of twelve. Below the graph stand the labels, read downwards:
 *
 *       #          step 3 of this row
 *     _o|          1, 2 of it; | below a column that goes on above (only when filled)
 *
 *     321          labels '3s', '2s', '1s'
 *     sss
 *
 * Who calls in: LATENCY GRAPH in latency.ts. Whom it calls: zmalloc.ts for the account. Text is appended to a string, which is returned.
 */
import { zfree, zmalloc, zrealloc } from '../object/zmalloc.ts';

/** One number, with what is written below it. */
export class sample {
  value: number;
  label: string | null;
  constructor(value: number, label: string | null) {
    this.value = value;
    this.label = label;
  }
}

/** The numbers to draw, from left to right. */
export class sequence {
  length = 0;
  /** How many of the samples have a label. */
  labels = 0;
  samples: sample[] = [];
  /** The extremes of all samples; they scale the graph. */
  min = 0;
  max = 0;
}

export const SPARKLINE_NO_FLAGS = 0;
/** Fill the area under the curve. */
export const SPARKLINE_FILL = 1;
/** Scale by the logarithm of the distance from the minimum. */
export const SPARKLINE_LOG_SCALE = 2;

/** Low, middle and high position within one row of text, as a curve and as an area. */
const charset = '_-`';
const charset_fill = '_o#';
const charset_len = 3;
/** Empty rows between graph and labels. */
const label_margin_top = 1;

/** sizeof(struct sequence) and sizeof(struct sample), for the account. */
const SIZEOF_SEQUENCE = 32;
const SIZEOF_SAMPLE = 16;

/**
 * A sequence without samples. freeSparklineSequence() ends its life.
 * @c sparkline.c:57
 */
export function createSparklineSequence(): sequence {
  zmalloc(SIZEOF_SEQUENCE);
  return new sequence();
}

/**
 * Adds a sample at the right end. `label` null or empty: none.
 * @c sparkline.c:65
 */
export function sparklineSequenceAddSample(
  seq: sequence,
  value: number,
  label: string | null,
): void {
  if (label === '') label = null;
  if (label !== null) zmalloc(label.length + 1);
  if (seq.length === 0) {
    seq.min = seq.max = value;
  } else {
    if (value < seq.min) seq.min = value;
    else if (value > seq.max) seq.max = value;
  }
  zrealloc(SIZEOF_SAMPLE * seq.length, SIZEOF_SAMPLE * (seq.length + 1));
  seq.samples.push(new sample(value, label));
  seq.length++;
  if (label !== null) seq.labels++;
}

/**
 * Takes a sequence off the account of memory; it must not be used afterwards.
 * @c sparkline.c:81
 */
export function freeSparklineSequence(seq: sequence): void {
  for (let j = 0; j < seq.length; j++) {
    const label = seq.samples[j].label;
    if (label !== null) zfree(label.length + 1);
  }
  if (seq.length > 0) zfree(SIZEOF_SAMPLE * seq.length);
  zfree(SIZEOF_SEQUENCE);
}

/**
 * Appends the graph of `len` samples from `offset` on to `output`, `rows` lines high and `len` columns wide, and their labels below.
 * `flags` are SPARKLINE_*. The scale is that of the whole sequence, so that parts drawn one below the other can be compared.
 * @c sparkline.c:97
 */
export function sparklineRenderRange(
  output: string,
  seq: sequence,
  rows: number,
  offset: number,
  len: number,
  flags: number,
): string {
  let relmax = seq.max - seq.min;
  const steps = charset_len * rows;
  let row = 0;
  const chars: string[] = new Array<string>(len);
  let loop = true;
  const opt_fill = (flags & SPARKLINE_FILL) !== 0;
  const opt_log = (flags & SPARKLINE_LOG_SCALE) !== 0;

  if (opt_log) relmax = Math.log(relmax + 1);
  else if (relmax === 0) relmax = 1;

  while (loop) {
    loop = false;
    chars.fill(' ');
    for (let j = 0; j < len; j++) {
      const s = seq.samples[j + offset];
      let relval = s.value - seq.min;

      if (opt_log) relval = Math.log(relval + 1);
      // Both roundings are C's: the product becomes an int before it is divided. With a logarithm of equal values this is 0/0,
      // a value that C turns into the smallest int.
      let step = Math.trunc(Math.trunc(relval * steps) / relmax);
      if (Number.isNaN(step) || step < 0) step = 0;
      if (step >= steps) step = steps - 1;

      if (row < rows) {
        const charidx = step - (rows - row - 1) * charset_len;
        loop = true;
        if (charidx >= 0 && charidx < charset_len) {
          chars[j] = opt_fill ? charset_fill[charidx] : charset[charidx];
        } else if (opt_fill && charidx >= charset_len) {
          chars[j] = '|';
        }
      } else {
        // The empty rows come only when labels follow.
        if (seq.labels && row - rows < label_margin_top) {
          loop = true;
          break;
        }
        // Labels stand upright: this row holds one character of each, until the longest has ended.
        if (s.label !== null) {
          const label_char = row - rows - label_margin_top;
          if (s.label.length > label_char) {
            loop = true;
            chars[j] = s.label[label_char];
          }
        }
      }
    }
    if (loop) {
      row++;
      output += chars.join('');
      output += '\n';
    }
  }
  return output;
}

/**
 * Appends the graph of a sequence to `output`: parts of at most `columns` samples, with an empty line between them.
 * @c sparkline.c:165
 */
export function sparklineRender(
  output: string,
  seq: sequence,
  columns: number,
  rows: number,
  flags: number,
): string {
  for (let j = 0; j < seq.length; j += columns) {
    const sublen = seq.length - j < columns ? seq.length - j : columns;
    if (j !== 0) output += '\n';
    output = sparklineRenderRange(output, seq, rows, j, sublen, flags);
  }
  return output;
}
