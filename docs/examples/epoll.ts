/**
 * Multiplexing with epoll(7): the kernel keeps the list of what is wanted, and reports only what is ready.
 *
 *     node -r ts-node/register docs/examples/epoll.ts
 */
import {
  EPOLLIN,
  EPOLL_CLOEXEC,
  EPOLL_CTL_ADD,
  EPOLL_CTL_DEL,
  epoll_events,
  posix,
  usePosix,
} from '../../posix/posix.ts';
import { LibcKernel } from '../../posix/posix_libc.ts';
import { readText, slowWriter, waitForWriters } from './slow_writer.ts';

usePosix(new LibcKernel());
main();

function main(): void {
  const epfd = posix.epoll_create1(EPOLL_CLOEXEC);
  // Said once for each descriptor, and not once for each wait.
  for (const fd of [slowWriter(500, 'tom'), slowWriter(100, 'ann'), slowWriter(300, 'eve')]) {
    posix.epoll_ctl(epfd, EPOLL_CTL_ADD, fd, EPOLLIN);
  }

  // A thousand pipes that nobody ever writes into. They are in the interest list, and in no answer.
  const silent: number[] = [];
  for (let i = 0; i < 1000; i++) {
    if (posix.pipe2(silent, 0) === -1) break;
    posix.epoll_ctl(epfd, EPOLL_CTL_ADD, silent[0], EPOLLIN);
  }

  const events = new epoll_events(64);
  let speakers = 3;
  let reported = 0;
  while (speakers > 0) {
    const n = posix.epoll_wait(epfd, events, 64, -1);
    for (let j = 0; j < n; j++) {
      reported++;
      const fd = events.fd[j];
      const text = readText(fd);
      if (text === '') {
        posix.epoll_ctl(epfd, EPOLL_CTL_DEL, fd, 0);
        speakers--;
      } else console.log(`read: ${text}`);
    }
  }
  waitForWriters();
  posix.close(epfd);

  console.log(`descriptors reported in all: ${reported <= 6 ? 'at most 6' : 'too many'}`);
}
