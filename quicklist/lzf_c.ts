/**
 * lzf_c.c: LibLZF by Marc Lehmann, the half that compresses. It looks back up to 8 KiB for three bytes or more that came
 * before, and finds them by a table of where each hash of three bytes was seen last.
 *
 *     000LLLLL bytes                    L + 1 bytes as they are
 *     LLLooooo oooooooo                 L + 2 bytes (3..8) from o + 1 bytes back
 *     111ooooo LLLLLLLL oooooooo        L + 9 bytes (9..264) from o + 1 bytes back
 *
 * The offset has its high bits first. A run of bytes has its control byte written when it ends, so one byte is left free
 * before it begins.
 *
 * Who calls in: quicklist nodes, strings in RDB files. Whom it calls: nobody; the table lies in the ledger.
 * What differs from C: its table is on the stack and holds what happened to be there, so that its output may differ from one
 * call to the next. Here the table counts as empty at the beginning, as it nearly always is for C.
 *
 * @packageDocumentation
 */
import { ledger } from '../object/zmalloc.ts';

/** The table has 2^HLOG entries. */
export const HLOG = 16;
export const HSIZE = 1 << HLOG;

/** The most bytes in a run. */
export const MAX_LIT = 1 << 5;
/** How far back a reference can reach. */
export const MAX_OFF = 1 << 13;
/** The most bytes that a reference stands for, less one or two. */
export const MAX_REF = (1 << 8) + (1 << 3);

/** Positions in the table, the bias included, stay below this. */
const BIAS_LIMIT = 0x7fffffff;

/**
 * The entry of the table for three bytes, which are the low bits of `h`.
 *
 * @own macro IDX of lzf_c.c, with VERY_FAST
 */
export function IDX(h: number): number {
  return ((h >> (3 * 8 - HLOG)) - h * 5) & (HSIZE - 1);
}

/**
 * Compresses the first `in_len` bytes of `in_data` into the first `out_len` bytes of `out_data`. Returns how many bytes it
 * became; 0 when that would be more than `out_len`, what is in `out_data` then is arbitrary.
 *
 * @c lzf_c.c:109
 */
export function lzf_compress(
  in_data: Uint8Array,
  in_len: number,
  out_data: Uint8Array,
  out_len: number,
): number {
  if (in_len === 0 || out_len === 0) return 0;

  // Entries of earlier calls count as empty, because they are not above this call's bias; so the table need not be cleared.
  const htab = (ledger.lzf_htab ??= new Int32Array(HSIZE));
  if (ledger.lzf_bias > BIAS_LIMIT - in_len) {
    htab.fill(0);
    ledger.lzf_bias = 0;
  }
  const bias = ledger.lzf_bias;
  ledger.lzf_bias += in_len;

  let ip = 0;
  let op = 0;
  const in_end = in_len;
  const out_end = out_len;
  let lit = 0;
  op++;

  let hval = (in_data[ip] << 8) | in_data[ip + 1];
  while (ip < in_end - 2) {
    // Three bytes of the hash value count, so what is above them is cut off where C lets it run out.
    hval = ((hval << 8) | in_data[ip + 2]) & 0xffffff;
    const hslot = IDX(hval);
    const ref = htab[hslot] - bias;
    htab[hslot] = ip + bias;
    const off = ip - ref - 1;

    // The very first byte is never referred to, in C neither.
    if (
      ref > 0 &&
      off < MAX_OFF &&
      in_data[ref + 2] === in_data[ip + 2] &&
      in_data[ref + 1] === in_data[ip + 1] &&
      in_data[ref] === in_data[ip]
    ) {
      let len = 2;
      let maxlen = in_end - ip - len;
      if (maxlen > MAX_REF) maxlen = MAX_REF;

      // The first test is quick, the second one exact.
      if (op + 3 + 1 >= out_end && op - (lit === 0 ? 1 : 0) + 3 + 1 >= out_end) return 0;

      out_data[op - lit - 1] = lit - 1;
      // A run without bytes is undone.
      if (lit === 0) op--;

      // The first 16 bytes are compared without a look at maxlen, which may thereby be passed by two: so many are left there.
      let same = true;
      if (maxlen > 16) {
        do {
          len++;
          same = in_data[ref + len] === in_data[ip + len];
        } while (same && len < 18);
      }
      if (same) {
        do len++;
        while (len < maxlen && in_data[ref + len] === in_data[ip + len]);
      }

      // From here on it is the number of bytes less two.
      len -= 2;
      ip++;
      if (len < 7) {
        out_data[op++] = (off >> 8) + (len << 5);
      } else {
        out_data[op++] = (off >> 8) + (7 << 5);
        out_data[op++] = len - 7;
      }
      out_data[op++] = off;

      lit = 0;
      op++;
      ip += len + 1;
      if (ip >= in_end - 2) break;

      // Of the bytes that were skipped only the last two positions go into the table.
      ip -= 2;
      hval = (in_data[ip] << 8) | in_data[ip + 1];
      hval = ((hval << 8) | in_data[ip + 2]) & 0xffffff;
      htab[IDX(hval)] = ip + bias;
      ip++;
      hval = ((hval << 8) | in_data[ip + 2]) & 0xffffff;
      htab[IDX(hval)] = ip + bias;
      ip++;
    } else {
      if (op >= out_end) return 0;
      lit++;
      out_data[op++] = in_data[ip++];
      if (lit === MAX_LIT) {
        out_data[op - lit - 1] = lit - 1;
        lit = 0;
        op++;
      }
    }
  }

  // Three bytes at most are to come: the last two, and a control byte.
  if (op + 3 > out_end) return 0;
  while (ip < in_end) {
    lit++;
    out_data[op++] = in_data[ip++];
    if (lit === MAX_LIT) {
      out_data[op - lit - 1] = lit - 1;
      lit = 0;
      op++;
    }
  }

  out_data[op - lit - 1] = lit - 1;
  if (lit === 0) op--;
  return op;
}
