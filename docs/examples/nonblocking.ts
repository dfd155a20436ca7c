/**
 * Non-blocking I/O: read(2) never waits. When there is nothing it fails with EAGAIN, and one has to ask again.
 *
 *     node -r ts-node/register docs/examples/nonblocking.ts
 */
import { EAGAIN, F_GETFL, F_SETFL, O_NONBLOCK, posix, usePosix } from '../../posix/posix.ts';
import { LibcKernel } from '../../posix/posix_libc.ts';
import { readText, slowWriter, waitForWriters } from './slow_writer.ts';

usePosix(new LibcKernel());
main();

function main(): void {
  const open = new Set([slowWriter(500, 'tom'), slowWriter(100, 'ann')]);
  for (const fd of open) posix.fcntl(fd, F_SETFL, posix.fcntl(fd, F_GETFL, 0) | O_NONBLOCK);

  let asked = 0;
  let inVain = 0;
  while (open.size > 0) {
    for (const fd of open) {
      asked++;
      const text = readText(fd);
      if (text === null && posix.errno === EAGAIN) inVain++;
      else if (text === '') open.delete(fd);
      else console.log(`read: ${text}`);
    }
  }
  waitForWriters();

  console.log(`asked more than ten thousand times: ${asked > 10000}`);
  console.log(`answers that were not EAGAIN: ${asked - inVain}`);
}
