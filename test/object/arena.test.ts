import { expect } from 'chai';
import { ARENA_MAX_BLOCK, ARENA_POISON, ARENA_RUN_SIZE } from '../../object/arena.ts';
import {
  jemalloc_good_size,
  Ledger,
  ledger,
  useLedger,
  zfree_bytes,
  zmalloc_bytes,
  zrealloc_bytes,
} from '../../object/zmalloc.ts';

describe('arena.ts', () => {
  let before: Ledger;

  beforeEach(() => {
    before = useLedger(new Ledger());
  });

  afterEach(() => {
    useLedger(before);
  });

  it('hands out blocks of the size class, and accounts for them', () => {
    for (const size of [1, 8, 33, 100, 1000, 4096, 4097, 100_000]) {
      const used = ledger.used;
      const block = zmalloc_bytes(size);
      expect(block.length).to.equal(jemalloc_good_size(size));
      expect(ledger.used - used).to.equal(block.length);
      zfree_bytes(block);
      expect(ledger.used).to.equal(used);
    }
  });

  it('lets no two blocks in use overlap, whatever is freed between', () => {
    const held: Array<{ block: Buffer; mark: number }> = [];
    let seed = 1;
    const random = (n: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return (seed >>> 8) % n;
    };
    for (let i = 0; i < 20_000; i++) {
      if (held.length > 0 && random(100) < 45) {
        const at = random(held.length);
        const { block, mark } = held[at];
        expect(block.every((byte) => byte === mark)).to.equal(true);
        zfree_bytes(block);
        held[at] = held[held.length - 1]!;
        held.pop();
      } else {
        const block = zmalloc_bytes(1 + random(300));
        block.fill(i & 255);
        held.push({ block, mark: i & 255 });
      }
    }
    for (const { block, mark } of held) {
      expect(block.every((byte) => byte === mark)).to.equal(true);
      zfree_bytes(block);
    }
    expect(ledger.used).to.equal(0);
  });

  it('gives the freed block to the next who asks for its size', () => {
    const a = zmalloc_bytes(40);
    zfree_bytes(a);
    expect(zmalloc_bytes(40)).to.equal(a);
  });

  it('drops the runs that are empty, all but one of a class', () => {
    const perRun = ARENA_RUN_SIZE / 64;
    const blocks = Array.from({ length: 5 * perRun }, () => zmalloc_bytes(64));
    expect(new Set(blocks.map((block) => block.buffer)).size).to.equal(5);
    blocks.forEach(zfree_bytes);
    const roomy = ledger.arena.roomy[64 >> 3];
    expect(roomy).to.have.length(1);
    expect(roomy?.[0]?.free).to.have.length(perRun);
  });

  it('keeps what a block holds when it grows, cuts what does not fit when it shrinks, and moves only then', () => {
    let block = zmalloc_bytes(40);
    for (let i = 0; i < 40; i++) block[i] = i;
    expect(zrealloc_bytes(block, 33)).to.equal(block);
    block = zrealloc_bytes(block, 5000);
    expect([...block.subarray(0, 40)]).to.deep.equal(Array.from({ length: 40 }, (_, i) => i));
    block = zrealloc_bytes(block, 16);
    expect([...block]).to.deep.equal(Array.from({ length: 16 }, (_, i) => i));
    zfree_bytes(block);
    expect(ledger.used).to.equal(0);
  });

  it('overwrites what was freed when it is asked to', () => {
    ledger.arena.poison = true;
    for (const size of [10, ARENA_MAX_BLOCK + 1]) {
      const block = zmalloc_bytes(size).fill(1);
      zfree_bytes(block);
      expect(block.every((byte) => byte === ARENA_POISON)).to.equal(true);
    }
  });

  it('lets a block of another account go without touching its run', () => {
    const block = zmalloc_bytes(40);
    useLedger(new Ledger());
    zfree_bytes(block);
    expect(ledger.used).to.equal(-40);
    expect(ledger.arena.roomy.every((runs) => runs.length === 0)).to.equal(true);
  });
});
