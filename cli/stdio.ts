/**
 * @packageDocumentation
 * What the command line tools use of libc: buffered standard streams, `exit`, and the string and number functions whose
 * exact behaviour at the edges shows (`atoi("12abc")` is 12, `strcasecmp` knows ASCII only).
 *
 *     fputs ─▶ wbuf ──▶ posix.write        a terminal: at every line end; else: at 4096 bytes, fflush and exit
 *     fgetc ◀─ rbuf ◀── posix.read
 *
 * Called by redis-cli.ts, cli_common.ts and linenoise.ts; calls posix. There is no C original. Strings have one char
 * code a byte. The three streams are the state of the process, as they are in C.
 */
import {
  EAGAIN,
  EINTR,
  EPIPE,
  posix,
  POLLIN,
  POLLOUT,
  strerror,
  SIGPIPE,
  STDERR_FILENO,
  STDIN_FILENO,
  STDOUT_FILENO,
} from '../posix/posix.ts';

/** How much an output stream collects when it is not a terminal: a page, as glibc does for a pipe. */
const BUFSIZ = 4096;

/** One standard stream. */
export class FILE {
  readonly fd: number;
  /** Output not yet written. */
  wbuf = '';
  /** When output is written by itself; chosen at the first use, as in C. */
  buffering: 'unknown' | 'none' | 'line' | 'full' = 'unknown';
  /** The input that was read ahead lies between rpos and rlen. */
  rbuf: Buffer = Buffer.alloc(0);
  rpos = 0;
  rlen = 0;
  /** A reader of our output that went away ends a program; one that has chosen to ignore SIGPIPE goes on in silence. */
  sigpipe_ignored = false;
  /** Write a carriage return before every line feed, for a terminal in raw mode. */
  onlcr = false;

  constructor(fd: number) {
    this.fd = fd;
    if (fd === STDERR_FILENO) this.buffering = 'none';
  }
}

export const stdin = new FILE(STDIN_FILENO);
export const stdout = new FILE(STDOUT_FILENO);
export const stderr = new FILE(STDERR_FILENO);

/** What fgetc returns at the end of the input. */
export const EOF = -1;

/**
 * Waits until a descriptor is ready: a standard stream may have been made non-blocking by whoever shares it.
 *
 * @own the descriptors are inherited
 */
export function waitReady(fd: number, events: number): void {
  posix.poll([{ fd, events, revents: 0 }], 1, -1);
}

/**
 * Writes a whole string to a descriptor, whatever it takes. False when it cannot be written.
 *
 * @own write(2) with all its ifs
 */
export function writeAll(fd: number, s: string): boolean {
  const buf = Buffer.from(s, 'latin1');
  let off = 0;
  while (off < buf.length) {
    const n = posix.write(fd, buf, off, buf.length - off);
    if (n >= 0) off += n;
    else if (posix.errno === EAGAIN) waitReady(fd, POLLOUT);
    else if (posix.errno !== EINTR) return false;
  }
  return true;
}

/**
 * Reads up to `len` bytes, blocking even where the descriptor does not: the count, 0 at the end, -1 on failure.
 *
 * @own read(2) with all its ifs
 */
export function readSome(fd: number, buf: Buffer, len: number): number {
  for (;;) {
    const n = posix.read(fd, buf, 0, len);
    if (n !== -1) return n;
    if (posix.errno === EAGAIN) waitReady(fd, POLLIN);
    else if (posix.errno !== EINTR) return -1;
  }
}

/**
 * Writes what a stream has collected. When nobody reads it any more the program ends as SIGPIPE would end it, with the
 * status that a shell shows for that: Node itself ignores the signal.
 *
 * @own fflush(3)
 */
export function fflush(f: FILE): void {
  if (f.wbuf.length === 0) return;
  const out = f.onlcr ? f.wbuf.replaceAll('\n', '\r\n') : f.wbuf;
  f.wbuf = '';
  if (!writeAll(f.fd, out) && posix.errno === EPIPE && !f.sigpipe_ignored)
    posix.exit(128 + SIGPIPE);
}

/**
 * Writes a string to a stream.
 *
 * @own fputs(3), fwrite(3)
 */
export function fputs(s: string, f: FILE): void {
  if (f.buffering === 'unknown') f.buffering = posix.isatty(f.fd) ? 'line' : 'full';
  f.wbuf += s;
  if (
    f.buffering === 'none' ||
    (f.buffering === 'line' && s.includes('\n')) ||
    f.wbuf.length >= BUFSIZ
  ) {
    fflush(f);
  }
}

/**
 * Writes a string, already formatted, to the standard output.
 *
 * @own printf(3)
 */
export function printf(s: string): void {
  fputs(s, stdout);
}

/**
 * The next byte of a stream, or EOF.
 *
 * @own fgetc(3)
 */
export function fgetc(f: FILE): number {
  if (f.rpos === f.rlen) {
    if (f.rbuf.length === 0) f.rbuf = Buffer.allocUnsafeSlow(BUFSIZ);
    f.rpos = 0;
    f.rlen = Math.max(readSome(f.fd, f.rbuf, BUFSIZ), 0);
    if (f.rlen === 0) return EOF;
  }
  return f.rbuf[f.rpos++];
}

/**
 * The next line of a stream with its line end, cut after `size` - 1 bytes; null at the end of the input.
 *
 * @own fgets(3)
 */
export function fgets(size: number, f: FILE): string | null {
  let line = '';
  while (line.length < size - 1) {
    const c = fgetc(f);
    if (c === EOF) break;
    line += String.fromCharCode(c);
    if (c === 0x0a) break;
  }
  return line.length === 0 ? null : line;
}

/**
 * Writes what the standard output has collected and ends the process.
 *
 * @own exit(3)
 */
export function exit(status: number): never {
  fflush(stdout);
  return posix.exit(status);
}

/**
 * Says on the standard error what errno means.
 *
 * @own perror(3)
 */
export function perror(s: string): void {
  fputs(`${s}: ${strerror(posix.errno)}\n`, stderr);
}

/**
 * Ends the process when something that cannot be is: here that is a reply of another shape than the protocol promises.
 *
 * @own assert(3)
 */
export function assert(expression: boolean, text: string): asserts expression {
  if (expression) return;
  fputs(`redis-cli: Assertion \`${text}' failed.\n`, stderr);
  fflush(stdout);
  posix.abort();
}

/**
 * A string up to its first NUL: what C's `%s` and `strlen` see of it.
 *
 * @own strings are terminated in C
 */
export function cstr(s: string): string {
  const end = s.indexOf('\0');
  return end === -1 ? s : s.slice(0, end);
}

/** The small letters of ASCII made capital. @own sdstoupper in the C locale */
export function toupper(s: string): string {
  return s.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

/**
 * Whether two strings are the same but for the case of ASCII letters: C's `!strcasecmp`.
 *
 * @own strcasecmp(3)
 */
export function strcaseeq(a: string, b: string): boolean {
  return a === b || (a.length === b.length && toupper(a) === toupper(b));
}

/**
 * Whether the first `n` bytes of two strings are the same but for case: C's `!strncasecmp`.
 *
 * @own strncasecmp(3)
 */
export function strncaseeq(a: string, b: string, n: number): boolean {
  return strcaseeq(a.slice(0, n), b.slice(0, n));
}

/** What strtol makes of a string. */
export interface strtolResult {
  /** Clamped to 64 bits when out of range; a number, so beyond 2^53 only near to it. */
  value: number;
  /** Index of the first character that is no part of the number; 0 when there is none at all. */
  end: number;
  /** Whether C would have set errno to ERANGE. */
  erange: boolean;
}

/**
 * The decimal integer at the start of a string, after blanks and with a sign.
 *
 * @own strtol(3), strtoll(3)
 */
export function strtol(s: string): strtolResult {
  const m = /^[ \t-\r]*([+-]?\d+)/.exec(s);
  if (m === null) return { value: 0, end: 0, erange: false };
  const value = BigInt(m[1].replace(/^\+/, ''));
  const clamped = BigInt.asIntN(64, value);
  if (clamped === value) return { value: Number(value), end: m[0].length, erange: false };
  return { value: value < 0n ? -(2 ** 63) : 2 ** 63, end: m[0].length, erange: true };
}

/**
 * The decimal int at the start of a string, 0 when there is none; higher bits are cut off as by C's conversion.
 *
 * @own atoi(3)
 */
export function atoi(s: string): number {
  return Number(BigInt.asIntN(32, BigInt(/^[ \t-\r]*\+?(-?\d+)/.exec(s)?.[1] ?? 0)));
}

/**
 * The decimal number at the start of a string, 0 when there is none.
 *
 * @own atof(3)
 */
export function atof(s: string): number {
  return Number(/^[ \t-\r]*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)/i.exec(s)?.[1] ?? 0);
}
