/**
 * Two loops in one process: ae decides what is ready, libuv decides when the process sleeps. A pipe read through ae, a timer of
 * ae and a timer of Node take turns in one thread.
 *
 *     node -r ts-node/register docs/examples/ae-over-libuv.ts
 */
import {
  AE_NOMORE,
  AE_READABLE,
  aeCreateEventLoop,
  aeCreateFileEvent,
  aeCreateTimeEvent,
  aeDeleteEventLoop,
  aeDeleteFileEvent,
  aeSetBeforeSleepProc,
  aeStop,
  type aeEventLoop,
} from '../../ae/ae.ts';
import { aeRun } from '../../ae/ae_uv.ts';
import { usePosix } from '../../posix/posix.ts';
import { LibcKernel } from '../../posix/posix_libc.ts';
import { readText, slowWriter, waitForWriters } from './slow_writer.ts';

usePosix(new LibcKernel());
main();

function main(): void {
  const loop = aeCreateEventLoop(1024)!;
  const tom = slowWriter(400, 'tom');
  let turns = 0;

  function readTom(eventLoop: aeEventLoop, fd: number): void {
    const text = readText(fd);
    if (text !== '') {
      console.log(`file event: ${text}`);
      return;
    }
    // The end of the stream is an event, too: it is readable for ever.
    aeDeleteFileEvent(eventLoop, fd, AE_READABLE);
    aeStop(eventLoop);
  }

  function tick(): number {
    console.log('time event of ae');
    return AE_NOMORE;
  }

  aeSetBeforeSleepProc(loop, () => turns++);
  aeCreateFileEvent(loop, tom, AE_READABLE, readTom, null);
  aeCreateTimeEvent(loop, 100, tick, null, null);
  setTimeout(() => console.log('timer of Node'), 200);

  aeRun(loop, 0, () => {
    aeDeleteEventLoop(loop);
    waitForWriters();
    console.log(`the loop has ended after fewer than 20 iterations: ${turns < 20}`);
  });
  console.log('aeRun has returned, nothing has happened yet');
}
