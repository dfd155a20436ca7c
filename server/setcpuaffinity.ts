/**
 * setcpuaffinity.c: on which processors the server may run.
 *
 *     "0,2,3"     these        "0,2-3"     a range        "0-20:2"     every second one of a range
 *
 * Who calls in: redisSetCpuAffinity in server.ts, for the option server_cpulist. Whom it calls: posix.
 *
 * What differs from C: pointers into the list are offsets, -1 for null; the mask is that of the main thread, V8's helpers keep theirs.
 */
import { posix } from '../posix/posix.ts';
import { isdigit } from '../object/util.ts';

/** A number found in the list, and the offset behind it. */
export interface cpuNumber {
  result: number;
  end: number;
}

/**
 * The offset behind the next `sep` at or after offset `q`; -1 when there is none or `q` is -1.
 * @c setcpuaffinity.c:50
 * @cstatic
 */
export function next_token(list: string, q: number, sep: string): number {
  if (q === -1) return -1;
  const at = list.indexOf(sep, q);
  return at === -1 ? -1 : at + 1;
}

/**
 * Reads the decimal number at offset `str`; null when there is none.
 * @c setcpuaffinity.c:59
 * @cstatic
 */
export function next_num(list: string, str: number): cpuNumber | null {
  let end = str;
  while (end < list.length && isdigit(list.charCodeAt(end))) end++;
  if (end === str) return null;
  return { result: Number(list.slice(str, end)), end };
}

/**
 * Binds the process to the processors of a list. A malformed list, and the kernel's refusal, change nothing and are not reported.
 * @c setcpuaffinity.c:73
 */
export function setcpuaffinity(cpulist: string | null): void {
  if (!cpulist) return;

  const cpus: number[] = [];
  let end = 0;
  let q = 0;
  while (q !== -1) {
    const p = q;
    q = next_token(cpulist, q, ',');

    let num = next_num(cpulist, p);
    if (num === null) return;
    let a = num.result;
    let b = a;
    let s = 1;
    end = num.end;

    // A minus or a colon behind the next comma belongs to another part.
    let c1 = next_token(cpulist, end, '-');
    const c2 = next_token(cpulist, end, ',');
    if (c1 !== -1 && (c2 === -1 || c1 < c2)) {
      num = next_num(cpulist, c1);
      if (num === null) return;
      b = num.result;
      end = num.end;

      c1 = end < cpulist.length ? next_token(cpulist, end, ':') : -1;
      if (c1 !== -1 && (c2 === -1 || c1 < c2)) {
        num = next_num(cpulist, c1);
        if (num === null || num.result === 0) return;
        s = num.result;
        end = num.end;
      }
    }

    if (a > b) return;
    for (; a <= b; a += s) cpus.push(a);
  }

  if (end < cpulist.length) return;
  posix.sched_setaffinity(cpus);
}
