/**
 * Somebody at the other end of a pipe who takes his time: what the examples of the I/O models read from.
 *
 *     const fd = slowWriter(200, 'tom');      fd ◄──── pipe ──── sh: sleep 0.2; printf tom
 *
 * It is another process, so that this one may block, spin or sleep as it likes and the bytes come all the same.
 */
import { WIFEXITED, posix } from '../../posix/posix.ts';

/** The read end of a pipe into which a shell writes `text` after `ms` milliseconds, and which it then closes. */
export function slowWriter(ms: number, text: string): number {
  const fds: number[] = [];
  if (posix.pipe2(fds, 0) === -1) throw new Error('pipe2');
  const [readEnd, writeEnd] = fds;
  const script = `sleep ${ms / 1000}; printf %s ${text}`;
  const pid = posix.posix_spawn('/bin/sh', ['sh', '-c', script], { stdout: writeEnd });
  if (pid === -1) throw new Error('posix_spawn');
  // While we hold the write end open too, a reader would never see the end of the stream.
  posix.close(writeEnd);
  return readEnd;
}

/** Waits for every child that has been started, so that none outlives the example. */
export function waitForWriters(): void {
  for (;;) {
    const found = posix.waitpid(-1, 0);
    if (found === null || !WIFEXITED(found.status)) return;
  }
}

/** Reads what is there and returns it as text; '' at the end of the stream, null when there is nothing yet. */
export function readText(fd: number): string | null {
  const buf = Buffer.allocUnsafeSlow(64);
  const n = posix.read(fd, buf, 0, buf.length);
  return n === -1 ? null : buf.latin1Slice(0, n);
}
