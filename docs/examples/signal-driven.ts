/**
 * Signal-driven I/O: the kernel sends SIGIO when a descriptor becomes ready, and the process does something else meanwhile.
 *
 *     node -r ts-node/register docs/examples/signal-driven.ts
 *
 * posix/ has no need of it, so that the two requests to the kernel are made through koffi here, with Linux's numbers.
 */
import koffi from 'koffi';
import { F_GETFL, F_SETFL, O_NONBLOCK, posix, usePosix } from '../../posix/posix.ts';
import { LibcKernel } from '../../posix/posix_libc.ts';
import { readText, slowWriter, waitForWriters } from './slow_writer.ts';

usePosix(new LibcKernel());
main();

function main(): void {
  /** Send SIGIO when the descriptor becomes ready. */
  const O_ASYNC = 0o20000;
  /** To whom: a pid. */
  const F_SETOWN = 8;
  const fcntl: (fd: number, cmd: number, type: 'int', arg: number) => number = koffi
    .load(null)
    .func('int fcntl(int fd, int cmd, ...)');

  // The handler first: without one, SIGIO ends the process.
  const open = new Set<number>();
  let signals = 0;
  process.on('SIGIO', () => {
    signals++;
    askAll();
  });

  function askAll(): void {
    // The signal does not say which descriptor it was, and two signals may have become one: ask all, until EAGAIN.
    for (const fd of open) {
      let text: string | null;
      while ((text = readText(fd)) !== null) {
        if (text === '') {
          open.delete(fd);
          break;
        }
        console.log(`read: ${text}`);
      }
    }
    if (open.size > 0) return;
    clearInterval(work);
    waitForWriters();
    console.log(`signals: ${signals >= 1 && signals <= 6 ? 'between 1 and 6' : signals}`);
    console.log(`work done meanwhile: ${units > 0}`);
  }

  // Terminals, sockets, pipes and FIFOs can do this.
  for (const [ms, text] of [
    [500, 'tom'],
    [100, 'ann'],
  ] as const) {
    const fd = slowWriter(ms, text);
    open.add(fd);
    fcntl(fd, F_SETOWN, 'int', posix.getpid());
    posix.fcntl(fd, F_SETFL, posix.fcntl(fd, F_GETFL, 0) | O_NONBLOCK | O_ASYNC);
  }

  let units = 0;
  const work = setInterval(() => units++, 5);
  // For what came before the kernel was asked to, no signal is sent.
  askAll();
}
