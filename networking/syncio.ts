/**
 * syncio.c: reading and writing a socket to the end, with a deadline, while the server waits.
 *
 * Most I/O goes through the event loop. The exceptions are conversations that must be atomic from where we stand (moving keys to another
 * server) or that are over before anything else makes sense (the first words of a replica to its master).
 *
 *     try the call ──► EAGAIN or short ──► aeWait (poll, at least 10 ms) ──► deadline passed? ETIMEDOUT : try again
 *
 * Who calls in: connection.ts (connSyncWrite and its sisters). Whom it calls: posix, aeWait.
 * What differs from C: buffers are (buffer, offset, length); a line comes back as a string. All time-outs are milliseconds.
 */
import { AE_READABLE, AE_WRITABLE, aeWait } from '../ae/ae.ts';
import { EAGAIN, ETIMEDOUT, posix } from '../posix/posix.ts';
import { mstime } from '../server/server.ts';

/** The shortest wait between two tries, milliseconds. */
const SYNCIO__RESOLUTION = 10;

/**
 * Writes all of `size` bytes of `ptr` from `off`. `size`, or -1 (errno ETIMEDOUT when `timeout` passed first); part of it may have gone
 * out then.
 *
 * @c syncio.c:49
 */
export function syncWrite(
  fd: number,
  ptr: Uint8Array,
  off: number,
  size: number,
  timeout: number,
): number {
  const ret = size;
  const start = mstime();
  let remaining = timeout;

  while (true) {
    const wait = remaining > SYNCIO__RESOLUTION ? remaining : SYNCIO__RESOLUTION;

    // Most of the time there is room: try before asking.
    const nwritten = posix.write(fd, ptr, off, size);
    if (nwritten === -1) {
      if (posix.errno !== EAGAIN) return -1;
    } else {
      off += nwritten;
      size -= nwritten;
    }
    if (size === 0) return ret;

    aeWait(fd, AE_WRITABLE, wait);
    const elapsed = mstime() - start;
    if (elapsed >= timeout) {
      posix.errno = ETIMEDOUT;
      return -1;
    }
    remaining = timeout - elapsed;
  }
}

/**
 * Reads exactly `size` bytes into `ptr` at `off`. `size`, or -1: the peer closed, an error, or `timeout` passed (errno ETIMEDOUT).
 *
 * @c syncio.c:85
 */
export function syncRead(
  fd: number,
  ptr: Uint8Array,
  off: number,
  size: number,
  timeout: number,
): number {
  let totread = 0;
  const start = mstime();
  let remaining = timeout;

  if (size === 0) return 0;
  while (true) {
    const wait = remaining > SYNCIO__RESOLUTION ? remaining : SYNCIO__RESOLUTION;

    const nread = posix.read(fd, ptr, off, size);
    if (nread === 0) return -1;
    if (nread === -1) {
      if (posix.errno !== EAGAIN) return -1;
    } else {
      off += nread;
      size -= nread;
      totread += nread;
    }
    if (size === 0) return totread;

    aeWait(fd, AE_READABLE, wait);
    const elapsed = mstime() - start;
    if (elapsed >= timeout) {
      posix.errno = ETIMEDOUT;
      return -1;
    }
    remaining = timeout - elapsed;
  }
}

/**
 * Reads a line byte by byte, so that nothing behind it is taken off the socket; at most `size`-1 bytes, each within `timeout`. The line
 * without `\n` or `\r\n`, or null on failure. A longer line comes in pieces.
 *
 * @c syncio.c:125
 */
export function syncReadLine(fd: number, size: number, timeout: number): string | null {
  const c = Buffer.allocUnsafeSlow(1);
  let line = '';

  size--;
  while (size) {
    if (syncRead(fd, c, 0, 1, timeout) === -1) return null;
    if (c[0] === 0x0a) {
      return line.endsWith('\r') ? line.slice(0, -1) : line;
    }
    line += String.fromCharCode(c[0]);
    size--;
  }
  return line;
}
