/**
 * lzf_d.c: LibLZF by Marc Lehmann, the half that decompresses. The format is drawn in lzf_c.ts.
 *
 *     in    ... | control | bytes or offset | control | ...
 *                    |
 *     out   ... bytes that are there already | next bytes
 *               ^-- a reference copies from here, and may run into the bytes that it writes
 *
 * Who calls in: quicklist nodes, strings in RDB files. Whom it calls: nobody.
 * What differs from C: nothing.
 *
 * @packageDocumentation
 */
import { E2BIG, EINVAL, posix } from '../posix/posix.ts';

/** From so many bytes on a copy is left to the runtime. */
const BLOCK_FROM = 24;

/**
 * Decompresses the first `in_len` bytes of `in_data` into the first `out_len` bytes of `out_data`. Returns how many bytes it
 * became; 0 with errno E2BIG when `out_len` is too small, with EINVAL when the input is not what lzf_compress() makes.
 *
 * @c lzf_d.c:60
 */
export function lzf_decompress(
  in_data: Uint8Array,
  in_len: number,
  out_data: Uint8Array,
  out_len: number,
): number {
  let ip = 0;
  let op = 0;
  const in_end = in_len;
  const out_end = out_len;

  while (ip < in_end) {
    let ctrl = in_data[ip++];

    if (ctrl < 1 << 5) {
      // Bytes as they are.
      ctrl++;
      if (op + ctrl > out_end) {
        posix.errno = E2BIG;
        return 0;
      }
      if (ip + ctrl > in_end) {
        posix.errno = EINVAL;
        return 0;
      }
      for (; ctrl > 0; ctrl--) out_data[op++] = in_data[ip++];
    } else {
      // A reference.
      let len = ctrl >> 5;
      let ref = op - ((ctrl & 0x1f) << 8) - 1;
      if (ip >= in_end) {
        posix.errno = EINVAL;
        return 0;
      }
      if (len === 7) {
        len += in_data[ip++];
        if (ip >= in_end) {
          posix.errno = EINVAL;
          return 0;
        }
      }
      ref -= in_data[ip++];

      if (op + len + 2 > out_end) {
        posix.errno = E2BIG;
        return 0;
      }
      if (ref < 0) {
        posix.errno = EINVAL;
        return 0;
      }

      len += 2;
      if (len >= BLOCK_FROM && op >= ref + len) {
        out_data.copyWithin(op, ref, ref + len);
        op += len;
      } else {
        // Byte by byte, so that what overlaps repeats itself.
        do out_data[op++] = out_data[ref++];
        while (--len);
      }
    }
  }
  return op;
}
