/**
 * The blocks of bytes that C has from zmalloc() and writes into: listpacks, intsets, ziplists, compressed nodes.
 *
 * A `Buffer` with memory of its own costs V8 some two hundred bytes and a microsecond, which is more than the listpack of a
 * small hash holds. So small blocks are cut from runs, as in jemalloc: a run is one ArrayBuffer, all of its blocks
 * have one size class, and what is freed is handed out again, view and all.
 *
 *     class 48:    run ─► | block | block | block |  free  | block |  free  | not yet cut          |
 *                  run ─► | block | block | ...                                (64 KiB of ArrayBuffer)
 *     class 56:    run ─► | block | ...
 *     > 8192:      a Buffer with memory of its own; V8 takes it back when nobody refers to it
 *
 * A run with nothing in it is dropped, so memory returns to the system. A block that is dropped without
 * zfree_bytes() keeps its place in the run for ever; a block that is used after it will be written by its next
 * owner. Both are as in C. With {@link Arena.poison} a freed block is filled with 0xdb, which shows the second mistake.
 *
 * Who calls in: zmalloc_bytes(), zrealloc_bytes() and zfree_bytes() of zmalloc.ts; a ledger owns one arena. Whom it calls:
 * nobody.
 *
 * @packageDocumentation
 */

/** The largest block, in bytes, that is cut from a run. */
export const ARENA_MAX_BLOCK = 8192;

/** Bytes in a run. */
export const ARENA_RUN_SIZE = 64 * 1024;

/** What the bytes of a freed block become under {@link Arena.poison}. */
export const ARENA_POISON = 0xdb;

/** One ArrayBuffer, cut into blocks of one size. */
export class ArenaRun {
  readonly memory: ArrayBuffer;
  /** Bytes in a block, and where the part begins that was never handed out. */
  readonly size: number;
  cut = 0;
  /** Blocks in use. */
  live = 0;
  /** Blocks that came back. */
  readonly free: ArenaBlock[] = [];
  /** Where the run stands among those of its class that have room; -1: it has none. */
  place = -1;
  /** To whom it belongs. */
  readonly arena: Arena;
  constructor(arena: Arena, memory: ArrayBuffer, size: number) {
    this.arena = arena;
    this.memory = memory;
    this.size = size;
  }
}

/** A block knows its run, so that it is given back without a search; null: it has memory of its own. */
export interface ArenaBlock extends Buffer {
  run: ArenaRun | null;
  /** The header of the string that had the block, for the next string that has it, see sdsfree(). */
  head: object | null;
}

/** All runs of one account. */
export class Arena {
  /** By size class in eighths: the runs that have room; the last is the one that serves. */
  readonly roomy: ArenaRun[][] = Array.from({ length: (ARENA_MAX_BLOCK >> 3) + 1 }, () => []);
  /** Whether freed blocks are overwritten, for tests. */
  poison = false;
}

/**
 * Hands out a block of `size` bytes, a size class: from the run that serves, or from a new one.
 *
 * @own the allocator's side of zmalloc()
 */
export function arenaTake(arena: Arena, size: number): ArenaBlock {
  if (size > ARENA_MAX_BLOCK) return asBlock(Buffer.allocUnsafeSlow(size), null);
  const roomy = arena.roomy[size >> 3];
  let run: ArenaRun;
  if (roomy.length === 0) {
    run = new ArenaRun(arena, new ArrayBuffer(ARENA_RUN_SIZE), size);
    run.place = roomy.push(run) - 1;
  } else run = roomy[roomy.length - 1];
  run.live++;
  const block = run.free.pop() ?? arenaCut(run);
  if (run.free.length === 0 && run.cut + size > ARENA_RUN_SIZE) {
    roomy.pop();
    run.place = -1;
  }
  return block;
}

/**
 * Makes a block of bytes that no block was made of yet; the caller knows that there are enough.
 *
 * @own part of arenaTake
 */
export function arenaCut(run: ArenaRun): ArenaBlock {
  const block = asBlock(Buffer.from(run.memory, run.cut, run.size), run);
  run.cut += run.size;
  return block;
}

/**
 * Makes bytes a block of `run`. Every block gets the property in the same way, so that all have one shape for V8.
 *
 * @own part of arenaTake
 */
export function asBlock(bytes: Buffer, run: ArenaRun | null): ArenaBlock {
  const block = bytes as ArenaBlock;
  block.run = run;
  block.head = null;
  return block;
}

/**
 * Takes a block back. One that belongs to another arena, as when a server releases what another made, leaves its run as it
 * is: the run keeps the gap.
 *
 * @own the allocator's side of zfree()
 */
export function arenaGive(arena: Arena, block: ArenaBlock): void {
  if (arena.poison) block.fill(ARENA_POISON);
  const { run } = block;
  if (run === null || run.arena !== arena) return;
  run.live--;
  run.free.push(block);
  arenaSettle(arena, run);
}

/**
 * Puts a run where it belongs after a block came back: among those with room, or, if it is empty and not the only one,
 * away.
 *
 * @own part of arenaGive
 */
export function arenaSettle(arena: Arena, run: ArenaRun): void {
  const roomy = arena.roomy[run.size >> 3];
  if (run.place === -1) run.place = roomy.push(run) - 1;
  if (run.live > 0 || roomy.length === 1) return;
  // The last one takes its place.
  const last = roomy.pop();
  if (last !== undefined && last !== run) {
    roomy[run.place] = last;
    last.place = run.place;
  }
}
