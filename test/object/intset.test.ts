import { expect } from 'chai';
import {
  INTSET_ENC_INT16,
  INTSET_ENC_INT32,
  INTSET_ENC_INT64,
  _intsetValueEncoding,
  intsetAdd,
  intsetBlobLen,
  intsetFind,
  intsetGet,
  intsetLen,
  intsetNew,
  intsetRandom,
  intsetRemove,
  intsetValidateIntegrity,
  type intset,
} from '../../object/intset.ts';
import { ledger, zfree_bytes, zmalloc_used_memory } from '../../object/zmalloc.ts';
import { Random } from '../support/random.ts';

/** Header and members, in hexadecimal. */
function bytes(is: intset): string {
  return is.subarray(0, intsetBlobLen(is)).toString('hex');
}

function members(is: intset): (number | bigint)[] {
  const all: (number | bigint)[] = [];
  for (let i = 0; ; i++) {
    const value = intsetGet(is, i);
    if (value === null) return all;
    all.push(value);
  }
}

function of(...values: (number | bigint)[]): intset {
  return values.reduce<intset>((is, value) => intsetAdd(is, value), intsetNew());
}

describe('intset.ts', () => {
  let before: number;

  beforeEach(() => {
    ledger.arena.poison = true;
    before = zmalloc_used_memory();
  });

  afterEach(() => {
    ledger.arena.poison = false;
  });

  it('needs two, four or eight bytes for a value', () => {
    for (const v of [0, -32768, 32767]) expect(_intsetValueEncoding(v)).to.equal(INTSET_ENC_INT16);
    for (const v of [-32769, 32768, -2147483648, 2147483647]) {
      expect(_intsetValueEncoding(v)).to.equal(INTSET_ENC_INT32);
    }
    for (const v of [-2147483649, 2147483648, 2n ** 63n - 1n, -(2n ** 63n)]) {
      expect(_intsetValueEncoding(v)).to.equal(INTSET_ENC_INT64);
    }
  });

  it('lies in memory as C has it: encoding, length, ascending members, little endian', () => {
    let is = of(5, 300, -2);
    expect(bytes(is)).to.equal('0200000003000000' + 'feff' + '0500' + '2c01');
    is = intsetAdd(is, 65536);
    expect(bytes(is)).to.equal(
      '0400000004000000' + 'feffffff' + '05000000' + '2c010000' + '00000100',
    );
    is = intsetAdd(is, -(2n ** 63n));
    expect(bytes(is)).to.equal(
      '0800000005000000' +
        '0000000000000080' +
        'feffffffffffffff' +
        '0500000000000000' +
        '2c01000000000000' +
        '0000010000000000',
    );
    zfree_bytes(is);
    expect(zmalloc_used_memory()).to.equal(before);
  });

  it('is as long as the size class of its bytes, and shrinks again', () => {
    let is = intsetNew();
    expect([intsetBlobLen(is), is.length]).to.deep.equal([8, 8]);
    is = intsetAdd(is, 1);
    expect([intsetBlobLen(is), is.length]).to.deep.equal([10, 16]);
    for (let i = 2; i <= 20; i++) is = intsetAdd(is, i);
    expect([intsetBlobLen(is), is.length]).to.deep.equal([48, 48]);
    for (let i = 2; i <= 20; i++) is = intsetRemove(is, i);
    expect([intsetBlobLen(is), is.length]).to.deep.equal([10, 16]);
    zfree_bytes(is);
    expect(zmalloc_used_memory()).to.equal(before);
  });

  it('has room for the value before all others when it grows wider by a negative one', () => {
    const is = of(1, 2, -40000);
    expect(members(is)).to.deep.equal([-40000, 1, 2]);
    zfree_bytes(is);
  });

  it('adds a value once, and keeps block and length the second time', () => {
    let is = of(5, 6, 4);
    expect(intsetAdd(is, 4)).to.equal(is);
    expect(intsetLen(is)).to.equal(3);
    is = intsetAdd(is, 3);
    expect(intsetLen(is)).to.equal(4);
    zfree_bytes(is);
  });

  it('never gets narrower, and finds nothing that would not fit in it', () => {
    let is = of(1, 100000);
    is = intsetRemove(is, 100000);
    expect(is[0]).to.equal(INTSET_ENC_INT32);
    expect(intsetFind(is, 1)).to.equal(true);
    expect(intsetFind(is, 2n ** 60n)).to.equal(false);
    expect(intsetRemove(is, 2n ** 60n)).to.equal(is);
    expect(intsetLen(is)).to.equal(1);
    zfree_bytes(is);
  });

  it('gives numbers up to 2^53-1 and bigints beyond', () => {
    const values = [
      -(2n ** 63n),
      -(2n ** 53n) - 1n,
      -(2n ** 53n),
      -(2 ** 53 - 1),
      -4294967297,
      -4294967296,
      -1,
      0,
      4294967295,
      4294967296,
      2 ** 53 - 1,
      2n ** 53n,
      2n ** 53n + 1n,
      2n ** 63n - 1n,
    ];
    const is = of(...values.slice().reverse());
    expect(members(is)).to.deep.equal(values);
    for (const value of values) expect(intsetFind(is, value)).to.equal(true);
    for (const value of [-(2n ** 63n) + 1n, -2, 1, 2 ** 53 - 2, 2n ** 53n + 2n]) {
      expect(intsetFind(is, value)).to.equal(false);
    }
    zfree_bytes(is);
  });

  it('picks every member equally often', () => {
    const is = of(-1, 0, 7, 100, 30000);
    const counts = new Map<number | bigint, number>();
    for (let i = 0; i < 5000; i++) {
      const value = intsetRandom(is);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    expect([...counts.keys()]).to.have.members([-1, 0, 7, 100, 30000]);
    for (const count of counts.values()) expect(count).to.be.within(800, 1200);
    zfree_bytes(is);
  });

  it('throws when asked for a random member of nothing', () => {
    const is = intsetNew();
    expect(() => intsetRandom(is)).to.throw('the set is empty');
    expect(intsetFind(is, 0)).to.equal(false);
    zfree_bytes(is);
  });

  it('does what a plain set does, whatever is added and removed', () => {
    const random = Random.fromEnvironment();
    const ranges = [100n, 40000n, 2n ** 33n, 2n ** 54n, 2n ** 63n];
    for (let round = 0; round < 30; round++) {
      const range = ranges[round % ranges.length] ?? 100n;
      const model = new Set<bigint>();
      let is = intsetNew();
      for (let step = 0; step < 300; step++) {
        const wide = BigInt(Math.floor(random.next() * 2 ** 32)) * 2n ** 32n;
        const big = ((wide + BigInt(random.int(0, 2 ** 31))) % (2n * range)) - range;
        const value = Number.isSafeInteger(Number(big)) ? Number(big) : big;
        const len = intsetLen(is);
        expect(intsetFind(is, value)).to.equal(model.has(big));
        if (random.chance(0.6)) {
          is = intsetAdd(is, value);
          expect(intsetLen(is) - len, `TEST_SEED=${random.seed}`).to.equal(model.has(big) ? 0 : 1);
          model.add(big);
        } else {
          const victim = members(is)[random.int(0, len)] ?? value;
          const had = model.delete(BigInt(victim));
          is = intsetRemove(is, victim);
          expect(len - intsetLen(is), `TEST_SEED=${random.seed}`).to.equal(had ? 1 : 0);
        }
      }
      const sorted = [...model].sort((a, b) => (a < b ? -1 : 1));
      expect(members(is).map(BigInt), `TEST_SEED=${random.seed}`).to.deep.equal(sorted);
      if (model.size > 0)
        expect(intsetValidateIntegrity(is, intsetBlobLen(is), true)).to.equal(true);
      zfree_bytes(is);
    }
    expect(zmalloc_used_memory()).to.equal(before);
  });

  it('tells bytes that are no set from those that are one', () => {
    const valid = (hex: string, deep: boolean): boolean => {
      const p = Buffer.from(hex, 'hex');
      return intsetValidateIntegrity(p, p.length, deep);
    };
    expect(valid('0200000002000000' + '0100' + '0200', true)).to.equal(true);
    expect(valid('04000000010000' + '00' + '01000000', true)).to.equal(true);
    expect(valid('0800000001000000' + '0100000000000000', true)).to.equal(true);
    // No whole header; an unknown encoding; too many and too few bytes; empty.
    expect(valid('02000000', false)).to.equal(false);
    expect(valid('0300000001000000' + '010000', false)).to.equal(false);
    expect(valid('0200000001000000' + '0100' + '00', false)).to.equal(false);
    expect(valid('0200000002000000' + '0100', false)).to.equal(false);
    expect(valid('0200000000000000', false)).to.equal(false);
    // Out of order, or the same twice: only a deep look finds out.
    expect(valid('0200000002000000' + '0200' + '0100', false)).to.equal(true);
    expect(valid('0200000002000000' + '0200' + '0100', true)).to.equal(false);
    expect(valid('0200000002000000' + '0100' + '0100', true)).to.equal(false);
  });
});
