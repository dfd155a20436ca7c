/**
 * pqsort.c: a quicksort that sorts only as much as is needed for one range of the result.
 *
 * SORT with LIMIT, and a search with COUNT, show a few of many elements. Those are where a sort of the whole would put
 * them, and the others anywhere: after each partition, a part that lies outside the range is left as it is.
 *
 *     a   │ = │   <   │    >    │ = │        after the scans: elements equal to the pivot were put at the ends
 *            pa      pb,pc     pd
 *     a   │   <   │  =  │    >      │        after the exchange: the equal ones are in the middle, and done
 *
 * Which of equal elements come first depends on every exchange, so this is the algorithm of C to the letter: Bentley and
 * McIlroy's, as in NetBSD.
 *
 * Who calls in: geo, sort. Whom it calls: the comparison.
 * What differs from C: pointers into an array of bytes are indices of an array of objects. The qsort() of libc, which the
 * callers use when all is to be sorted, is here too.
 *
 * @packageDocumentation
 */

/** Below 0 if `a` comes before `b`, above 0 if behind it, 0 if it makes no difference. */
export type compar<T> = (a: T, b: T) => number;

/**
 * Exchanges the `n` elements from index `a` on with those from `b` on.
 *
 * @c pqsort.c:69
 * @cstatic
 */
export function swapfunc<T>(array: T[], a: number, b: number, n: number): void {
  for (; n > 0; n--) {
    const t = array[a];
    array[a++] = array[b];
    array[b++] = t;
  }
}

/**
 * Which of the indices `a`, `b` and `c` has the element in the middle of the three.
 *
 * @c pqsort.c:89
 * @cstatic
 */
export function med3<T>(array: T[], a: number, b: number, c: number, cmp: compar<T>): number {
  return cmp(array[a], array[b]) < 0
    ? cmp(array[b], array[c]) < 0
      ? b
      : cmp(array[a], array[c]) < 0
        ? c
        : a
    : cmp(array[b], array[c]) > 0
      ? b
      : cmp(array[a], array[c]) < 0
        ? a
        : c;
}

/**
 * Sorts the `n` elements of `array` from index `a` on, as far as those from `lrange` to `rrange` need it.
 *
 * @c pqsort.c:99
 * @cstatic
 */
export function _pqsort<T>(
  array: T[],
  a: number,
  n: number,
  cmp: compar<T>,
  lrange: number,
  rrange: number,
): void {
  for (;;) {
    let pm: number;
    let pl: number;
    let pn: number;
    let cmp_result: number;

    // A few are sorted by insertion.
    if (n < 7) {
      for (pm = a + 1; pm < a + n; pm++) {
        for (pl = pm; pl > a && cmp(array[pl - 1], array[pl]) > 0; pl--) {
          swapfunc(array, pl, pl - 1, 1);
        }
      }
      return;
    }

    // The pivot: the middle one, or the median of three, or of three times three.
    pm = a + (n >> 1);
    if (n > 7) {
      pl = a;
      pn = a + n - 1;
      if (n > 40) {
        const d = n >> 3;
        pl = med3(array, pl, pl + d, pl + 2 * d, cmp);
        pm = med3(array, pm - d, pm, pm + d, cmp);
        pn = med3(array, pn - 2 * d, pn - d, pn, cmp);
      }
      pm = med3(array, pl, pm, pn, cmp);
    }
    swapfunc(array, a, pm, 1);

    let pa = a + 1;
    let pb = pa;
    let pc = a + n - 1;
    let pd = pc;
    for (;;) {
      while (pb <= pc && (cmp_result = cmp(array[pb], array[a])) <= 0) {
        if (cmp_result === 0) {
          swapfunc(array, pa, pb, 1);
          pa++;
        }
        pb++;
      }
      while (pb <= pc && (cmp_result = cmp(array[pc], array[a])) >= 0) {
        if (cmp_result === 0) {
          swapfunc(array, pc, pd, 1);
          pd--;
        }
        pc--;
      }
      if (pb > pc) break;
      swapfunc(array, pb, pc, 1);
      pb++;
      pc--;
    }

    // The equal ones go from the ends to the middle.
    pn = a + n;
    let r = pa - a < pb - pa ? pa - a : pb - pa;
    swapfunc(array, a, pb - r, r);
    r = pd - pc < pn - pd - 1 ? pd - pc : pn - pd - 1;
    swapfunc(array, pb, pn - r, r);

    // What is on the left, and then what is on the right, if the range has a part in it.
    r = pb - pa;
    if (r > 1) {
      const left = a;
      const right = a + r - 1;
      if (!((lrange < left && rrange < left) || (lrange > right && rrange > right))) {
        _pqsort(array, a, r, cmp, lrange, rrange);
      }
    }
    r = pd - pc;
    if (r <= 1) return;
    a = pn - r;
    n = r;
    const right = a + r - 1;
    if ((lrange < a && rrange < a) || (lrange > right && rrange > right)) return;
  }
}

/**
 * Brings those of the first `n` elements of `array` that a whole sort would put at the indices from `lrange` to `rrange`
 * to these places.
 *
 * @c pqsort.c:180
 */
export function pqsort<T>(
  array: T[],
  n: number,
  cmp: compar<T>,
  lrange: number,
  rrange: number,
): void {
  _pqsort(array, 0, n, cmp, lrange, rrange);
}

/**
 * Sorts the first `n` elements of `array`: a merge sort of halves, the first of which is the smaller one. Elements that
 * compare as equal keep their order, and a comparison that contradicts itself has the outcome that it has in C.
 *
 * @own qsort() of libc (glibc up to 2.36)
 */
export function qsort<T>(array: T[], n: number, cmp: compar<T>): void {
  msort(array, 0, n, cmp, new Array<T>(n));
}

/**
 * Sorts the `n` elements of `array` from index `a` on. `tmp` has room for as many.
 *
 * @own the recursive part of qsort()
 */
export function msort<T>(array: T[], a: number, n: number, cmp: compar<T>, tmp: T[]): void {
  if (n <= 1) return;
  const end1 = a + (n >> 1);
  const end2 = a + n;
  msort(array, a, end1 - a, cmp, tmp);
  msort(array, end1, end2 - end1, cmp, tmp);

  let b1 = a;
  let b2 = end1;
  let out = 0;
  while (b1 < end1 && b2 < end2) {
    tmp[out++] = cmp(array[b1], array[b2]) <= 0 ? array[b1++] : array[b2++];
  }
  while (b1 < end1) tmp[out++] = array[b1++];
  // What is left of the second half is in its place already.
  while (out > 0) array[a + --out] = tmp[out];
}
