/**
 * Blocking I/O: read(2) returns when there is something to return, and until then this process does nothing.
 *
 *     node -r ts-node/register docs/examples/blocking.ts
 */
import { usePosix } from '../../posix/posix.ts';
import { LibcKernel } from '../../posix/posix_libc.ts';
import { readText, slowWriter, waitForWriters } from './slow_writer.ts';

usePosix(new LibcKernel());

const tom = slowWriter(500, 'tom');
const ann = slowWriter(100, 'ann');

// A timer for 50 ms from now: it will be late, because nobody is there to fire it.
const begin = Date.now();
setTimeout(() => {
  console.log(
    `a timer of 50 ms fired ${Date.now() - begin >= 400 ? 'after tom had come' : 'in time'}`,
  );
}, 50);

// tom was asked first, so ann waits behind him, although her bytes came long before his.
console.log(`read: ${readText(tom)}`);
console.log(`read: ${readText(ann)}`);
waitForWriters();
