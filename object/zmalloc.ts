/**
 * zmalloc.c: how much memory the C structures would hold by now.
 *
 * V8 allocates for us, and says nothing of single objects. So this module keeps a ledger: where C
 * calls zmalloc(n), we add to a number what jemalloc would have handed out for n bytes, where C
 * calls zfree(), we take it off again. `used_memory`, MEMORY USAGE, maxmemory and the eviction of
 * clients are worked out from that number, and so behave as the documentation of Redis says. It is
 * an account and not a heap: a caller that drops an object without the zfree() that C has there
 * leaves the account too high for ever.
 *
 *     size asked for      1..8  9..16  17..24  25..32  33..40  41..48  49..56  57..64  65..80  81..96  ...
 *     size accounted         8     16      24      32      40      48      56      64      80      96
 *                                                    above 32: four classes between two powers of two
 *
 * The {@link Ledger} also holds the few other things that are one a process in C's lowest files:
 * whether dictionaries may resize (dict.c), what is a large element (quicklist.c), and the state of random() (libc). Several servers can
 * live in one process here, each with a ledger of its own, which the server makes current together
 * with itself. {@link ledger} is therefore a live binding, the one exception in this room from "no
 * mutable state in a module": the alternative would be to hand a ledger to every function that
 * creates a list node.
 *
 * Who calls in: everybody who mirrors an allocation. Whom it calls: posix (resident size, /proc), and the arena for blocks
 * that are written byte by byte.
 * What differs from C: no pointers; zfree() and zrealloc() are told the size that C finds at the
 * pointer.
 */
import { posix } from '../posix/posix.ts';
import { Arena, arenaGive, arenaTake, type ArenaBlock } from './arena.ts';

/**
 * What INFO shows as mem_allocator. The sizes are jemalloc's, but none of its statistics or tools
 * exist.
 */
export const ZMALLOC_LIB = 'libc';

/** Up to so many bytes a loop beats the call of a built-in function. */
const COPY_BY_LOOP = 64;

/** The state that C keeps once a process below the server struct; one a server here. */
export class Ledger {
  /** Bytes that the C structures would occupy, the rounding of the allocator included. */
  used = 0;
  /** Called with the size asked for when memory cannot be had. */
  oom_handler: (size: number) => void = zmalloc_default_oom;
  /**
   * dict.c's dict_can_resize: 0 while dictionaries should keep their tables (a child process is
   * saving).
   */
  dict_can_resize = 1;
  /** quicklist.c's packed_threshold: from so many bytes on an element of a list has a node of its own. */
  packed_threshold = 1 << 30;
  /** lzf_c.c's hash table, made when it is first needed, and what its entries of this call lie above: see lzf_compress(). */
  lzf_htab: Int32Array | null = null;
  lzf_bias = 0;
  /** Where blocks of bytes are cut from. */
  readonly arena = new Arena();
  /** The four words of random()'s generator; never all zero. */
  readonly random_state = new Uint32Array([0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x00000001]);
}

/**
 * The ledger in force. Switched by {@link useLedger}; code that runs without a server writes to
 * the first one.
 */
export let ledger: Ledger = new Ledger();

/**
 * Makes `l` the current ledger and returns the one that was. It is assigned only when it is another (see usePosix).
 *
 * @own several servers live in one process, each with its own account
 */
export function useLedger(l: Ledger): Ledger {
  const old = ledger;
  if (old !== l) ledger = l;
  return old;
}

/**
 * What jemalloc (built as Redis builds it, with a quantum of 8 bytes) hands out for a request of
 * `size` bytes: the next size class. 0 counts as 8, the least that the allocator gives.
 *
 * @own zmalloc_size() asks the allocator about a pointer; we have the size only
 */
export function jemalloc_good_size(size: number): number {
  if (size <= 32) return size <= 8 ? 8 : (size + 7) & ~7;
  if (size <= 0x40000000) {
    // Between 2^k and 2^(k+1) the classes are 2^(k-2) apart.
    const delta = 1 << (29 - Math.clz32(size - 1));
    return (size + delta - 1) & -delta;
  }
  let delta = 0x10000000;
  while (delta * 8 < size) delta *= 2;
  return Math.ceil(size / delta) * delta;
}

/**
 * Adds an allocation of `size` requested bytes to the account. Returns the bytes added.
 *
 * @own macro update_zmalloc_stat_alloc of zmalloc.c
 */
export function ledger_alloc(size: number): number {
  const usable = jemalloc_good_size(size);
  ledger.used += usable;
  return usable;
}

/**
 * Takes an allocation of `size` requested bytes off the account.
 *
 * @own macro update_zmalloc_stat_free of zmalloc.c
 */
export function ledger_free(size: number): void {
  ledger.used -= jemalloc_good_size(size);
}

/**
 * The handler until the server sets its own: says so on standard error and aborts.
 *
 * @c zmalloc.c:97
 * @cstatic
 */
export function zmalloc_default_oom(size: number): void {
  const msg = Buffer.from(
    `zmalloc: Out of memory trying to allocate ${String(size)} bytes\n`,
    'latin1',
  );
  posix.write(2, msg, 0, msg.length);
  posix.abort();
}

/**
 * Accounts for a block of `size` bytes. Returns the usable size, which may be more than asked for.
 *
 * @c zmalloc.c:127
 */
export function zmalloc(size: number): number {
  return ledger_alloc(size);
}

/**
 * Accounts for a zeroed array of `num` elements of `size` bytes. Returns the usable size.
 *
 * @c zmalloc.c:188
 */
export function zcalloc_num(num: number, size: number): number {
  return ledger_alloc(num * size);
}

/**
 * Accounts for a zeroed block of `size` bytes. Returns the usable size.
 *
 * @c zmalloc.c:201
 */
export function zcalloc(size: number): number {
  return ledger_alloc(size);
}

/**
 * Accounts for a block that was of `oldsize` bytes (0: there was none) and is to be of `size` bytes
 * (0: freed). Returns the new usable size.
 *
 * @c zmalloc.c:272
 */
export function zrealloc(oldsize: number, size: number): number {
  if (oldsize !== 0) ledger_free(oldsize);
  return size === 0 ? 0 : ledger_alloc(size);
}

/**
 * Accounts for the release of a block of `size` bytes; `size` is what was asked for, or the usable
 * size.
 *
 * @c zmalloc.c:306
 */
export function zfree(size: number): void {
  ledger_free(size);
}

/**
 * Accounts for `size` bytes and returns a block with the length of their size class, which may be more. Its contents are
 * arbitrary.
 *
 * @own a zmalloc() that is written into byte by byte
 */
export function zmalloc_bytes(size: number): Buffer {
  return arenaTake(ledger.arena, zmalloc(size));
}

/**
 * The same for a block that grows or shrinks: the first bytes of `old` are kept, as many as fit. `old` itself is
 * returned if the size class stays the same, else it is freed.
 *
 * @own a zrealloc() of bytes
 */
export function zrealloc_bytes(old: Buffer, size: number): Buffer {
  if (old.length === jemalloc_good_size(size)) return old;
  const block = zmalloc_bytes(size);
  const kept = old.length < block.length ? old.length : block.length;
  if (kept <= COPY_BY_LOOP) for (let j = 0; j < kept; j++) block[j] = old[j];
  else block.set(kept === old.length ? old : old.subarray(0, kept));
  zfree_bytes(old);
  return block;
}

/**
 * Takes a block off the account and gives its place back. It must not be used any more.
 *
 * @own a zfree() of bytes
 */
export function zfree_bytes(block: Buffer): void {
  zfree(block.length);
  arenaGive(ledger.arena, block as ArenaBlock);
}

/**
 * The bytes in the current account.
 *
 * @c zmalloc.c:351
 */
export function zmalloc_used_memory(): number {
  return ledger.used;
}

/**
 * Sets what is called when memory cannot be had.
 *
 * @c zmalloc.c:357
 */
export function zmalloc_set_oom_handler(oom_handler: (size: number) => void): void {
  ledger.oom_handler = oom_handler;
}

/**
 * The `i`-th field of /proc/self/stat as proc(5) counts them, from 3 on (the fields after the
 * program's name). null where there is no such file, no such field, or no number in it.
 *
 * @c zmalloc.c:403
 */
export function get_proc_stat_ll(i: number): number | null {
  const bytes = posix.readFile('/proc/self/stat');
  if (bytes === null) return null;
  const buf = Buffer.from(bytes).toString('latin1');
  // The name of the program stands in parentheses and may contain anything, so count from the last
  // one.
  const p = buf.lastIndexOf(')');
  if (p === -1 || i < 3) return null;
  const fields = buf
    .slice(p + 1)
    .trim()
    .split(' ');
  const field = fields[i - 3];
  if (field === undefined || !/^-?[0-9]+$/.test(field)) return null;
  return Number(field);
}

/**
 * Bytes that the whole process holds resident, V8's heap included. Not fast.
 *
 * @c zmalloc.c:446
 */
export function zmalloc_get_rss(): number {
  const pages = get_proc_stat_ll(24);
  // Where there is no /proc, the system is asked in another way.
  return pages === null ? posix.rss() : pages * posix.getpagesize();
}

/**
 * The allocator's own figures: all zero, as in C without jemalloc.
 *
 * @c zmalloc.c:615
 */
export function zmalloc_get_allocator_info(): {
  allocated: number;
  active: number;
  resident: number;
} {
  return { allocated: 0, active: 0, resident: 0 };
}

/**
 * Would let jemalloc purge in a thread of its own. Does nothing, as in C without jemalloc.
 *
 * @c zmalloc.c:622
 */
export function set_jemalloc_bg_thread(enable: number): void {
  void enable;
}

/**
 * Would give unused pages back to the system. Returns 0, as in C without jemalloc.
 *
 * @c zmalloc.c:626
 */
export function jemalloc_purge(): number {
  return 0;
}

/**
 * Sums a field of /proc/<pid>/smaps, in bytes. `field` comes with its colon (`Rss:`), `pid` -1 is
 * ourselves. 0 where there is no such file.
 *
 * @c zmalloc.c:651
 */
export function zmalloc_get_smap_bytes_by_field(field: string, pid: number): number {
  const bytes_ = posix.readFile(pid === -1 ? '/proc/self/smaps' : `/proc/${String(pid)}/smaps`);
  if (bytes_ === null) return 0;
  let bytes = 0;
  for (const line of Buffer.from(bytes_).toString('latin1').split('\n')) {
    if (!line.startsWith(field)) continue;
    const p = line.indexOf('k');
    if (p !== -1) bytes += Number.parseInt(line.slice(field.length, p), 10) * 1024;
  }
  return bytes;
}

/**
 * Bytes in pages that are private and dirty: what a child has copied. May take long in a big
 * process.
 *
 * @c zmalloc.c:715
 */
export function zmalloc_get_private_dirty(pid: number): number {
  return zmalloc_get_smap_bytes_by_field('Private_Dirty:', pid);
}

/**
 * Bytes of physical memory in the machine.
 *
 * @c zmalloc.c:732
 */
export function zmalloc_get_memory_size(): number {
  return posix.physicalMemory();
}
