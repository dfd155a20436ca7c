/**
 * Asynchronous I/O: one says "read into this buffer, and tell me when it has been done". What is reported is not that one
 * may read, but that the bytes are there.
 *
 *     node -r ts-node/register docs/examples/asynchronous.ts
 *
 * Node offers this for files and pipes: a thread of libuv's pool makes the blocking call, and its result comes to the loop.
 */
import * as fs from 'node:fs';
import { usePosix } from '../../posix/posix.ts';
import { LibcKernel } from '../../posix/posix_libc.ts';
import { slowWriter, waitForWriters } from './slow_writer.ts';

usePosix(new LibcKernel());
main();

function main(): void {
  const tom = slowWriter(500, 'tom');
  const ann = slowWriter(100, 'ann');
  let waiting = 2;

  function readLater(fd: number): void {
    const buf = Buffer.alloc(64);
    // The call returns at once, and from here to the callback the buffer belongs to somebody else.
    fs.read(fd, buf, 0, buf.length, null, (error, n) => {
      if (error) throw error;
      console.log(`done: ${buf.latin1Slice(0, n)}`);
      if (--waiting === 0) waitForWriters();
    });
  }

  readLater(tom);
  readLater(ann);
  console.log('both are asked for, nothing has been read');
}
