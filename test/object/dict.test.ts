import { expect } from 'chai';
import * as D from '../../object/dict.ts';
import { srandom } from '../../object/util.ts';
import { Ledger, useLedger } from '../../object/zmalloc.ts';
import { usePosix } from '../../posix/posix.ts';
import { LibcKernel } from '../../posix/posix_libc.ts';
import { expectMark } from '../support/marks.ts';
import { Random } from '../support/random.ts';

/** A type for strings, with what a test wants changed. */
function stringType<V>(over: Partial<D.dictType<string, V>> = {}): D.dictType<string, V> {
  return {
    hashFunction: D.dictGenHashFunction,
    keyDup: null,
    valDup: null,
    keyCompare: null,
    keyDestructor: null,
    valDestructor: null,
    expandAllowed: null,
    dictEntryMetadataBytes: null,
    ...over,
  };
}

/** A type whose keys hash to themselves, so that a test chooses the buckets. */
const intType: D.dictType<number, number> = {
  hashFunction: (k) => k,
  keyDup: null,
  valDup: null,
  keyCompare: null,
  keyDestructor: null,
  valDestructor: null,
  expandAllowed: null,
  dictEntryMetadataBytes: null,
};

/** A dictionary of the numbers below n, not rehashing. */
function ints(n: number): D.dict<number, number> {
  const d = D.dictCreate(intType);
  for (let i = 0; i < n; i++) D.dictAdd(d, i, i);
  while (D.dictRehash(d, 1000) !== 0);
  return d;
}

/** All keys, by an iterator. */
function keys<K, V>(d: D.dict<K, V>, safe: boolean): K[] {
  const it = safe ? D.dictGetSafeIterator(d) : D.dictGetIterator(d);
  const out: K[] = [];
  for (let de = D.dictNext(it); de !== null; de = D.dictNext(it)) out.push(D.dictGetKey(de));
  D.dictReleaseIterator(it);
  return out;
}

describe('dict', () => {
  let old: Ledger;
  let account: Ledger;
  beforeEach(() => {
    account = new Ledger();
    old = useLedger(account);
    srandom(42);
    usePosix(new LibcKernel());
  });
  afterEach(() => {
    useLedger(old);
  });

  it('behaves as a Map under random operations, and gives all memory back', () => {
    const rnd = new Random(7);
    const d = D.dictCreate(stringType<number>());
    const model = new Map<string, number>();
    let rehashing = 0;
    for (let step = 0; step < 60000; step++) {
      const key = `k${String(rnd.int(0, step % 20000 < 10000 ? 3000 : 200))}`;
      if (D.dictIsRehashing(d)) rehashing++;
      switch (rnd.int(0, 6)) {
        case 0:
        case 1:
          if (D.dictAdd(d, key, step) !== (model.has(key) ? D.DICT_ERR : D.DICT_OK))
            throw new Error('add');
          if (!model.has(key)) model.set(key, step);
          break;
        case 2:
          if (D.dictReplace(d, key, step) !== (model.has(key) ? 0 : 1)) throw new Error('replace');
          model.set(key, step);
          break;
        case 3:
          if (D.dictDelete(d, key) !== (model.delete(key) ? D.DICT_OK : D.DICT_ERR))
            throw new Error('delete');
          break;
        case 4: {
          const de = D.dictAddOrFind(d, key);
          if (!model.has(key)) {
            D.dictSetVal(d, de, step);
            model.set(key, step);
          } else if (de.v !== model.get(key)) throw new Error('addOrFind');
          break;
        }
        case 5: {
          const de = D.dictUnlink(d, key);
          if ((de?.v ?? null) !== (model.get(key) ?? null)) throw new Error('unlink');
          D.dictFreeUnlinkedEntry(d, de);
          model.delete(key);
          break;
        }
        default:
          if (D.dictFetchValue(d, key) !== (model.get(key) ?? null)) throw new Error('fetch');
      }
      if (D.dictSize(d) !== model.size) throw new Error('size');
      if (step % 500 === 0) D.dictResize(d);
    }
    expect(rehashing).to.be.above(1000);
    expect(keys(d, true).sort()).to.deep.equal([...model.keys()].sort());
    expect(keys(d, false).sort()).to.deep.equal([...model.keys()].sort());
    D.dictRelease(d);
    expect(account.used).to.equal(0);
  });

  it('grows when full, one bucket with each later operation', () => {
    const d = D.dictCreate(intType);
    expect(D.dictSlots(d)).to.equal(0);
    expect(D.dictFind(d, 1)).to.equal(null);
    for (let i = 0; i < 4; i++) D.dictAdd(d, i, i);
    expect([D.dictSlots(d), D.dictIsRehashing(d)]).to.deep.equal([4, false]);
    D.dictAdd(d, 4, 4);
    expect([d.ht_size_exp, d.ht_used, d.rehashidx]).to.deep.equal([[2, 3], [4, 1], 0]);
    D.dictFind(d, 0);
    expect([d.ht_used, d.rehashidx]).to.deep.equal([[3, 2], 1]);
    while (D.dictRehash(d, 1) !== 0);
    expect([d.ht_size_exp, d.ht_used, d.rehashidx]).to.deep.equal([[3, -1], [5, 0], -1]);
    expect(account.used).to.equal(56 + 5 * 24 + 64);
  });

  it('does not grow while resizing is to be avoided, up to five entries a bucket', () => {
    D.dictDisableResize();
    const d = D.dictCreate(intType);
    for (let i = 0; i < 24; i++) D.dictAdd(d, i, i);
    expect(D.dictSlots(d)).to.equal(4);
    expect(D.dictResize(d)).to.equal(D.DICT_ERR);
    D.dictAdd(d, 24, 24);
    expect(D.dictSlots(d)).to.equal(4 + 32);
    D.dictEnableResize();
    expect(account.dict_can_resize).to.equal(1);
  });

  it('asks the type before it grows', () => {
    const asked: Array<[number, number]> = [];
    const d = D.dictCreate<number, number>({
      ...intType,
      expandAllowed: (more, ratio) => {
        asked.push([more, ratio]);
        return asked.length > 1;
      },
    });
    for (let i = 0; i < 6; i++) D.dictAdd(d, i, i);
    expect(asked).to.deep.equal([
      [64, 1],
      [64, 1.25],
    ]);
    expect(D.dictSlots(d)).to.equal(12);
  });

  it('expands only when that makes sense', () => {
    const d = ints(100);
    expect(D.dictExpand(d, 50)).to.equal(D.DICT_ERR);
    expect(D.dictExpand(d, 128)).to.equal(D.DICT_ERR);
    expect(D.dictExpand(d, 2 ** 31)).to.equal(D.DICT_ERR);
    expect(D.dictTryExpand(d, 2 ** 31)).to.equal(D.DICT_ERR);
    expect(D.dictTryExpand(d, 128)).to.equal(D.DICT_OK);
    expect(D.dictExpand(d, 1000)).to.equal(D.DICT_OK);
    expect(D.dictExpand(d, 5000)).to.equal(D.DICT_ERR);
    expect(D.dictSlots(d)).to.equal(128 + 1024);
    expect(D._dictNextExp(2 ** 31 + 1)).to.equal(32);
  });

  it('passes at most ten empty buckets for each that it is to move', () => {
    const d = D.dictCreate(intType);
    D.dictExpand(d, 64);
    D.dictAdd(d, 60, 0);
    D.dictResize(d);
    expect(expectMark('dictRehash: gave up after empty_visits', () => D.dictRehash(d, 1))).to.equal(
      1,
    );
    expect(d.rehashidx).to.equal(10);
    expect(D.dictRehash(d, 100)).to.equal(0);
    expect(D.dictSlots(d)).to.equal(4);
    expect(D.dictRehash(d, 1)).to.equal(0);
  });

  it('rehashes by the clock, and not at all while that is paused', () => {
    const d = ints(1024);
    D.dictAdd(d, 5000, 1);
    D.dictPauseRehashing(d);
    expect(D.dictRehashMilliseconds(d, 100)).to.equal(0);
    D.dictFind(d, 1);
    expect(d.rehashidx).to.equal(0);
    D.dictResumeRehashing(d);
    expect(D.dictRehashMilliseconds(d, 1000)).to.equal(1000);
    expect(D.dictIsRehashing(d)).to.equal(false);
    expect(D.timeInMilliseconds()).to.be.within(Date.now() - 1000, Date.now() + 1000);
  });

  it('copies and releases keys and values as the type says, the new value before the old', () => {
    const log: string[] = [];
    const d = D.dictCreate(
      stringType<string>({
        keyDup: (_, k) => `${k}'`,
        valDup: (_, v) => (log.push(`dup ${v}`), v),
        keyCompare: (_, a, b) => a.replace("'", '') === b.replace("'", ''),
        hashFunction: (k) => k.charCodeAt(0),
        keyDestructor: (_, k) => void log.push(`key ${k}`),
        valDestructor: (_, v) => void log.push(`val ${v}`),
      }),
    );
    D.dictAdd(d, 'a', '1');
    D.dictReplace(d, 'a', '2');
    expect(log).to.deep.equal(['dup 1', 'dup 2', 'val 1']);
    log.length = 0;
    D.dictAdd(d, 'b', '3');
    D.dictDelete(d, 'a');
    const de = D.dictUnlink(d, 'b');
    expect(log).to.deep.equal(['dup 3', "key a'", 'val 2']);
    D.dictFreeUnlinkedEntry(d, de);
    D.dictFreeUnlinkedEntry(d, null);
    D.dictAdd(d, 'c', '4');
    log.length = 0;
    let calls = 0;
    D.dictEmpty(d, () => calls++);
    expect([log, calls, D.dictSlots(d)]).to.deep.equal([["key c'", 'val 4'], 1, 0]);
  });

  it('accounts for the metadata of entries and keeps it with them', () => {
    const d = D.dictCreate(stringType<number>({ dictEntryMetadataBytes: () => 16 }));
    const de = D.dictAddRaw(d, 'a', null)!;
    expect(D.dictMetadata(de)).to.equal(null);
    D.dictSetMetadata(de, 'slot');
    expect(D.dictMetadata(D.dictFind(d, 'a')!)).to.equal('slot');
    expect(account.used).to.equal(56 + 32 + 40);
    D.dictRelease(d);
    expect(account.used).to.equal(0);
  });

  it('lets a safe iterator change the dictionary, and catches changes under an unsafe one', () => {
    const d = ints(1000);
    const it = D.dictGetSafeIterator(d);
    let seen = 0;
    for (let de = D.dictNext(it); de !== null; de = D.dictNext(it)) {
      seen++;
      D.dictDelete(d, D.dictGetKey(de));
    }
    D.dictReleaseIterator(it);
    expect([seen, D.dictSize(d), d.pauserehash]).to.deep.equal([1000, 0, 0]);

    const e = ints(10);
    const unsafe = D.dictGetIterator(e);
    D.dictNext(unsafe);
    D.dictAdd(e, 100, 1);
    expect(() => D.dictReleaseIterator(unsafe)).to.throw('unsafe iterator');
    // Never started, never checked.
    D.dictReleaseIterator(D.dictGetIterator(e));
  });

  it('iterates over both tables during a rehash', () => {
    const d = ints(64);
    D.dictAdd(d, 64, 64);
    D.dictRehash(d, 20);
    expect(D.dictIsRehashing(d)).to.equal(true);
    expect(keys(d, true).sort((a, b) => a - b)).to.deep.equal(
      Array.from({ length: 65 }, (_, i) => i),
    );
    expect(keys(d, false).length).to.equal(65);
  });

  it('counts the scan cursor from the high bit down, as C does', () => {
    const d = ints(8);
    const cursors: number[] = [];
    let v = 0;
    do {
      v = D.dictScan(d, v, () => undefined, null, null);
      cursors.push(v);
    } while (v !== 0);
    expect(cursors).to.deep.equal([4, 2, 6, 1, 5, 3, 7, 0]);
    expect(D.rev(1)).to.equal(-0x80000000);
    expect(D.rev(D.rev(0x12345678))).to.equal(0x12345678);
  });

  it('ignores bits of a cursor beyond the table, whatever its size', () => {
    const d = ints(8);
    for (const v of [4, 12, 2 ** 32 + 4, 2 ** 50 + 4, 4n, 0xffffffffffffff04n]) {
      const got: number[] = [];
      expect(D.dictScan(d, v, (p, de) => p.push(de.key), null, got)).to.equal(2);
      expect(got).to.deep.equal([4]);
    }
    expect(D.dictScan(D.dictCreate(intType), 5, () => undefined, null, null)).to.equal(0);
  });

  it('scans everything that stays, while the table grows, shrinks and moves', () => {
    const rnd = new Random(11);
    for (let round = 0; round < 60; round++) {
      const d = D.dictCreate(stringType<number>());
      const stay = rnd.int(1, 300);
      for (let i = 0; i < stay; i++) D.dictAdd(d, `stay${String(i)}`, i);
      const seen = new Set<string>();
      let buckets = 0;
      let v = 0;
      let extra = 0;
      do {
        v = D.dictScan(
          d,
          v,
          (p, de) => p.add(de.key),
          () => buckets++,
          seen,
        );
        if (rnd.chance(0.5)) for (let i = 0; i < 60; i++) D.dictAdd(d, `x${String(extra++)}`, 0);
        else while (extra > 0) D.dictDelete(d, `x${String(--extra)}`);
        if (rnd.chance(0.3)) D.dictResize(d);
        if (rnd.chance(0.3)) D.dictRehash(d, rnd.int(1, 200));
      } while (v !== 0);
      for (let i = 0; i < stay; i++) {
        if (!seen.has(`stay${String(i)}`))
          throw new Error(`round ${String(round)}: ${String(i)} not seen`);
      }
      expect(buckets).to.be.above(0);
      expect(d.pauserehash).to.equal(0);
    }
  });

  it('draws every key by chance, in both states', () => {
    const d = ints(64);
    expect(D.dictGetRandomKey(D.dictCreate(intType))).to.equal(null);
    for (let state = 0; state < 2; state++) {
      const seen = new Set<number>();
      const fair = new Set<number>();
      for (let i = 0; i < 3000; i++) {
        D.dictPauseRehashing(d);
        seen.add(D.dictGetRandomKey(d)!.key);
        fair.add(D.dictGetFairRandomKey(d)!.key);
        D.dictResumeRehashing(d);
      }
      expect(seen.size).to.equal(D.dictSize(d));
      expect(fair.size).to.equal(D.dictSize(d));
      if (state === 0) {
        D.dictAdd(d, 64, 64);
        D.dictRehash(d, 10);
      }
    }
  });

  it('samples some keys, never more than there are, also from sparse and shrinking tables', () => {
    const d = ints(1000);
    const des: Array<D.dictEntry<number, number>> = [];
    expect(D.dictGetSomeKeys(d, des, 50)).to.equal(50);
    expect(new Set(des.map((e) => e.key)).size).to.equal(50);
    for (let i = 3; i < 1000; i++) D.dictDelete(d, i);
    expectMark('dictGetSomeKeys: jumped out of an empty stretch', () => {
      for (let i = 0; i < 100; i++) expect(D.dictGetSomeKeys(d, des, 10)).to.be.at.most(3);
    });
    D.dictResize(d);
    D.dictPauseRehashing(d);
    for (let i = 0; i < 100; i++) expect(D.dictGetSomeKeys(d, des, 10)).to.be.at.most(3);
    for (let i = 0; i < 20; i++) expect(D.dictGetFairRandomKey(d)).to.not.equal(null);
  });

  it('finds an entry by its very key and hash', () => {
    const d = ints(100);
    D.dictAdd(d, 1000, 1);
    expect(D.dictFindEntryRefByPtrAndHash(d, 7, D.dictGetHash(d, 7))!.v).to.equal(7);
    expect(D.dictFindEntryRefByPtrAndHash(d, 8, D.dictGetHash(d, 7))).to.equal(null);
    expect(D.dictFindEntryRefByPtrAndHash(D.dictCreate(intType), 1, 1)).to.equal(null);
  });

  it('leaves the entry that has the key to the caller who asks', () => {
    const d = ints(3);
    const existing = new D.dictExisting<number, number>();
    expect(D.dictAddRaw(d, 1, existing)).to.equal(null);
    expect(existing.entry!.v).to.equal(1);
    D.dictSetSignedIntegerVal(existing.entry!, -5);
    expect(D.dictGetSignedIntegerVal(D.dictFind(d, 1)!)).to.equal(-5);
    D.dictSetUnsignedIntegerVal(existing.entry!, 5);
    expect(D.dictGetUnsignedIntegerVal(existing.entry!)).to.equal(5);
    D.dictSetDoubleVal(existing.entry!, 0.5);
    expect(D.dictGetDoubleVal(existing.entry!)).to.equal(0.5);
  });

  it('prints the statistics that DEBUG HTSTATS shows', () => {
    const d = D.dictCreate(intType);
    expect(D.dictGetStats(d)).to.equal('No stats available for empty dictionaries\n');
    D.dictExpand(d, 8);
    for (const k of [0, 8, 16, 1, 9, 2]) D.dictAdd(d, k, 0);
    const text =
      'Hash table 0 stats (main hash table):\n table size: 8\n number of elements: 6\n' +
      ' different slots: 3\n max chain length: 3\n avg chain length (counted): 2.00\n' +
      ' avg chain length (computed): 2.00\n Chain length distribution:\n' +
      '   0: 5 (62.50%)\n   1: 1 (12.50%)\n   2: 1 (12.50%)\n   3: 1 (12.50%)\n';
    expect(D.dictGetStats(d)).to.equal(text);
    expect(D.dictGetStats(d, 60)).to.equal(text.slice(0, 59));
    D.dictExpand(d, 16);
    expect(D.dictGetStats(d)).to.equal(`${text}No stats available for empty dictionaries\n`);
    D.dictRehash(d, 1);
    expect(D.dictGetStats(d)).to.contain(
      'Hash table 1 stats (rehashing target):\n table size: 16\n',
    );
  });

  it('keeps the key of the hash once a dictionary exists, and ignores case when told', () => {
    D.dictCreate(intType);
    const before = D.dictGetHashFunctionSeed().slice();
    const h = D.dictGenHashFunction('key');
    expectMark('dictSetHashFunctionSeed: too late, a dictionary exists', () =>
      D.dictSetHashFunctionSeed(new Uint8Array(16).fill(9)),
    );
    expect(D.dictGetHashFunctionSeed()).to.deep.equal(before);
    expect(D.dictGenHashFunction('key')).to.equal(h);
    expect(D.dictGenCaseHashFunction('KeY')).to.equal(D.dictGenCaseHashFunction('kEy'));
  });

  it('holds a hundred thousand keys, and tables beyond what V8 makes at once', () => {
    const d = D.dictCreate(stringType<null>());
    for (let i = 0; i < 100000; i++) {
      if (D.dictAdd(d, `key:${String(i)}`, null) !== D.DICT_OK) throw new Error('add');
    }
    for (let i = 0; i < 100000; i += 7) {
      if (D.dictFind(d, `key:${String(i)}`) === null) throw new Error('find');
    }
    expect(D.dictSize(d)).to.equal(100000);
    expect(D.dictNewTable(2 ** 24 + 8).length).to.equal(2 ** 24 + 8);
    D.dictRelease(d);
    expect(account.used).to.equal(0);
  });
});
