/**
 * Multiplexing with select(2): one call waits on a set of descriptors, and leaves in it those that are ready.
 *
 *     node -r ts-node/register docs/examples/select.ts
 */
import { FD_ISSET, FD_SET, FD_SETSIZE, fd_set, posix, usePosix } from '../../posix/posix.ts';
import { LibcKernel } from '../../posix/posix_libc.ts';
import { readText, slowWriter, waitForWriters } from './slow_writer.ts';

usePosix(new LibcKernel());
main();

function main(): void {
  const open = new Set([slowWriter(500, 'tom'), slowWriter(100, 'ann'), slowWriter(300, 'eve')]);
  let calls = 0;

  while (open.size > 0) {
    // The kernel writes its answer over the question, so the set is made anew for every call.
    const readfds = new fd_set();
    for (const fd of open) FD_SET(fd, readfds);
    const nfds = Math.max(...open) + 1;

    posix.select(nfds, readfds, new fd_set(), -1);
    calls++;

    // The answer says which, but one has to look at all of them to find out.
    for (let fd = 0; fd < nfds; fd++) {
      if (!FD_ISSET(fd, readfds)) continue;
      const text = readText(fd);
      if (text === '') open.delete(fd);
      else console.log(`read: ${text}`);
    }
  }
  waitForWriters();

  console.log(`calls of select: ${calls <= 6 ? 'at most 6' : 'too many'}`);
  console.log(`bits in a set: ${FD_SETSIZE}`);
}
