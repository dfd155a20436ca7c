/**
 * Multiplexing with poll(2): an array of descriptors, each with what is wanted of it and what came of it.
 *
 *     node -r ts-node/register docs/examples/poll.ts
 */
import { POLLIN, posix, usePosix, type pollfd } from '../../posix/posix.ts';
import { LibcKernel } from '../../posix/posix_libc.ts';
import { readText, slowWriter, waitForWriters } from './slow_writer.ts';

usePosix(new LibcKernel());
main();

function main(): void {
  let fds: pollfd[] = [slowWriter(500, 'tom'), slowWriter(100, 'ann'), slowWriter(300, 'eve')].map(
    (fd) => ({ fd, events: POLLIN, revents: 0 }),
  );
  let calls = 0;

  while (fds.length > 0) {
    // The question stands in `events`, the answer comes in `revents`: nothing has to be rebuilt.
    posix.poll(fds, fds.length, -1);
    calls++;

    // A shell that has gone leaves POLLHUP instead of POLLIN; the read then says that the stream has ended.
    const ended: pollfd[] = [];
    for (const pfd of fds) {
      if (pfd.revents === 0) continue;
      const text = readText(pfd.fd);
      if (text === '') ended.push(pfd);
      else console.log(`read: ${text}`);
    }
    fds = fds.filter((pfd) => !ended.includes(pfd));
  }
  waitForWriters();

  console.log(`calls of poll: ${calls <= 6 ? 'at most 6' : 'too many'}`);
}
