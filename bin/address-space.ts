/**
 * Keeps V8's heap together. V8 asks the kernel for each page of the heap, 256 KiB, at a random address below 2^46, so that the
 * pages of a keyspace lie terabytes apart and no two of them share a page table:
 *
 *     0        2^40                                            2^46     2^47
 *     | program |  .    .  .  heap   .     . pages .   .   .  . | libraries |      as V8 asks
 *     | program |####.####.##.######.#####.#########.###.####.##| ....libs..|      as it gets: side by side
 *
 * An address is only a wish. What is reserved here (#, address space without memory behind it) cannot be granted, and the kernel then
 * places pages side by side. A walk through a skiplist of 100,000 elements waits for page tables rather than for memory:
 * pipelined ZADD takes a sixth less time.
 *
 * The price is seen in `ps`: the virtual size of the process is 63 TB. Resident memory is the same. Where a limit forbids it
 * (`ulimit -v`), or elsewhere than on Linux on x64, whose addresses these are, the heap stays where V8 wishes.
 *
 * Who calls in: redis-server.ts, before the modules fill the heap.
 */
import { readFileSync } from 'node:fs';
import koffi from 'koffi';

/** Below it lies the program and what malloc adds behind it (brk); 1 TB is room enough. */
const FIRST = 2 ** 40;
/** V8 cuts its wishes down to 46 bits. */
const LAST = 2 ** 46;

const PROT_NONE = 0;
const MAP_PRIVATE = 0x2;
const MAP_ANONYMOUS = 0x20;
const MAP_NORESERVE = 0x4000;
const MAP_FIXED_NOREPLACE = 0x100000;

/** Threads of V8 get pages while the free ranges are looked through: ranges that were hit are looked at again. */
const MAX_PASSES = 8;

type Mmap = (
  address: number,
  size: number,
  prot: number,
  flags: number,
  fd: number,
  offset: number,
) => number;

/** Reserves what is free between FIRST and LAST. */
function reserve(): void {
  const libc = koffi.load(null);
  const mmap: Mmap = libc.func('mmap', 'intptr_t', [
    'intptr_t',
    'size_t',
    'int',
    'int',
    'int',
    'int64',
  ]);
  const munmap: (address: number, size: number) => number = libc.func('munmap', 'int', [
    'intptr_t',
    'size_t',
  ]);
  const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
  /** Whether the range is ours now. */
  const take = (from: number, end: number): boolean => {
    const address = mmap(from, end - from, PROT_NONE, flags, -1, 0);
    // Kernels before 4.17 take the address for a wish.
    if (address !== -1 && address !== from) munmap(address, end - from);
    return address === from;
  };
  for (let pass = 0, complete = false; !complete && pass < MAX_PASSES; pass++) {
    complete = true;
    for (const [from, end] of freeRanges()) if (!take(from, end)) complete = false;
  }
}

/** What the kernel has given to nobody between FIRST and LAST, from low to high. */
function freeRanges(): [from: number, end: number][] {
  const ranges: [number, number][] = [];
  let free = FIRST;
  const upTo = (end: number): void => {
    if (end > free) ranges.push([free, end]);
  };
  for (const line of readFileSync('/proc/self/maps', 'latin1').split('\n')) {
    const [from, end] = (line.split(' ')[0] ?? '').split('-').map((hex) => parseInt(hex, 16));
    if (from === undefined || end === undefined) continue;
    upTo(Math.min(from, LAST));
    free = Math.max(free, end);
  }
  upTo(LAST);
  return ranges;
}

if (process.platform === 'linux' && process.arch === 'x64') {
  try {
    reserve();
  } catch {
    // Without /proc the heap stays scattered.
  }
}
