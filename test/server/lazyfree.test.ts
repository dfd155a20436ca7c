import { expect } from 'chai';
import {
  createRawStringObject,
  createStringObject,
  decrRefCount,
  incrRefCount,
} from '../../object/object.ts';
import { ledger } from '../../object/zmalloc.ts';
import {
  bioCreateLazyFreeJob,
  freeObjAsync,
  lazyfreeFreeObject,
  lazyfreeGetFreedObjectsCount,
  lazyfreeGetPendingObjectsCount,
  lazyfreeJob,
  lazyfreeProcessJobs,
  lazyfreeResetStats,
} from '../../server/lazyfree.ts';
import { Keyspace } from './keyspace.ts';

describe('lazyfree.ts', () => {
  let ks: Keyspace;

  beforeEach(() => {
    ks = new Keyspace();
    // The first call of a command makes its histogram, which would be in the way of counting.
    for (const cmd of ['GET', 'DEL', 'EXISTS']) ks.run(cmd, 'k');
    ks.run('DBSIZE');
    ks.run('FLUSHALL', 'ASYNC');
    ks.run('SET', 'a', '1', 'EX', '10');
    ks.run('FLUSHALL');
    lazyfreeProcessJobs(Infinity);
    lazyfreeResetStats();
  });

  it('empties a database at once and releases it bit by bit in the following turns', () => {
    const before = ledger.used;
    for (let i = 0; i < 5000; i++) ks.run('SET', `key:${i}`, 'v'.repeat(i % 100), 'EX', '100');
    expect(ks.run('FLUSHALL', 'ASYNC')).to.equal('+OK\r\n');
    expect(ks.run('DBSIZE')).to.equal(':0\r\n');
    expect(lazyfreeGetPendingObjectsCount()).to.equal(5000);
    expect(ledger.used).to.be.above(before + 5000 * 80);

    // Meanwhile the new tables are used as ever.
    ks.run('SET', 'new', 'v');
    let turns = 0;
    while (lazyfreeGetPendingObjectsCount() > 0) {
      lazyfreeProcessJobs(0);
      turns++;
    }
    lazyfreeProcessJobs(Infinity);
    expect(turns).to.be.above(2);
    expect(lazyfreeGetFreedObjectsCount()).to.equal(5000);
    expect(ks.run('GET', 'new')).to.equal('$1\r\nv\r\n');
    ks.run('DEL', 'new');
    // The new dictionaries are what remains: two structs, and the table that the new key made.
    expect(ledger.used - before).to.be.below(16 * 2 * 64 + 100);
  });

  it('works in a time event, which goes when nothing is left', () => {
    for (let i = 0; i < 10; i++) ks.run('SET', `key:${i}`, 'v');
    ks.run('FLUSHALL', 'ASYNC');
    expect(ks.server.isLazyfreeProcRunning).to.equal(1);
    for (let i = 0; i < 20 && ks.server.isLazyfreeProcRunning; i++) {
      ks.wait(1);
      ks.turn();
    }
    expect(ks.server.isLazyfreeProcRunning).to.equal(0);
    expect(lazyfreeGetFreedObjectsCount()).to.equal(10);
  });

  it('releases a database in the midst of a rehash', () => {
    for (let i = 0; i < 1025; i++) ks.run('SET', `key:${i}`, 'v');
    expect(ks.server.db[0].dict.rehashidx).to.not.equal(-1);
    ks.run('FLUSHDB', 'ASYNC');
    lazyfreeProcessJobs(Infinity);
    expect(lazyfreeGetFreedObjectsCount()).to.equal(1025);
    expect(lazyfreeGetPendingObjectsCount()).to.equal(0);
  });

  it('releases a string at once, however long', () => {
    const before = ledger.used;
    freeObjAsync(createStringObject('k'), createRawStringObject(Buffer.alloc(1 << 20)), 0);
    expect(ledger.used).to.equal(before);
    expect(lazyfreeGetFreedObjectsCount()).to.equal(0);
  });

  it('releases a value that waits', () => {
    const job = new lazyfreeJob(lazyfreeFreeObject);
    job.obj = createStringObject('v');
    ks.server.lazyfree_objects++;
    bioCreateLazyFreeJob(job);
    expect(lazyfreeProcessJobs(0)).to.equal(0);
    expect(job.obj.refcount).to.equal(0);
    expect(lazyfreeGetFreedObjectsCount()).to.equal(1);
  });

  describe('a large collection', () => {
    /** Commands that make one, with some hundred elements each. */
    const kinds: Record<string, (ks: Keyspace) => void> = {
      list: (k) => {
        k.run('CONFIG', 'SET', 'list-max-listpack-size', '1');
        for (let i = 0; i < 3000; i++) k.run('RPUSH', 'big', `element:${i}`);
      },
      set: (k) => {
        for (let i = 0; i < 3000; i++) k.run('SADD', 'big', `member:${i}`);
      },
      hash: (k) => {
        for (let i = 0; i < 3000; i++) k.run('HSET', 'big', `field:${i}`, `value:${i}`);
      },
      'sorted set': (k) => {
        for (let i = 0; i < 3000; i++) k.run('ZADD', 'big', `${i}`, `member:${i}`);
      },
      stream: (k) => {
        k.run('CONFIG', 'SET', 'stream-node-max-entries', '1');
        for (let i = 1; i <= 2000; i++) k.run('XADD', 'big', `${i}-1`, 'f', 'v');
        for (const group of ['g1', 'g2']) {
          k.run('XGROUP', 'CREATE', 'big', group, '0');
          k.run('XREADGROUP', 'GROUP', group, 'alice', 'COUNT', '800', 'STREAMS', 'big', '>');
          k.run('XREADGROUP', 'GROUP', group, 'bob', 'COUNT', '800', 'STREAMS', 'big', '>');
        }
      },
    };

    /** Twice, so that the histograms of the commands are there and the tables of commands have come to rest. */
    const warmUp = (kind: string): void => {
      for (let i = 0; i < 2; i++) {
        kinds[kind](ks);
        ks.run('UNLINK', 'big');
        lazyfreeProcessJobs(Infinity);
      }
      lazyfreeResetStats();
    };

    for (const kind of Object.keys(kinds)) {
      it(`is released in steps by UNLINK: ${kind}`, () => {
        warmUp(kind);

        const before = ledger.used;
        kinds[kind](ks);
        expect(ledger.used).to.be.above(before + 30000);
        ks.run('UNLINK', 'big');
        expect(lazyfreeGetPendingObjectsCount()).to.equal(1);
        let steps = 0;
        let used = ledger.used;
        while (lazyfreeGetPendingObjectsCount() > 0) {
          lazyfreeProcessJobs(0);
          // A step may meet empty buckets only.
          expect(ledger.used).to.be.at.most(used);
          used = ledger.used;
          steps++;
        }
        expect(steps).to.be.above(2);
        expect(lazyfreeGetFreedObjectsCount()).to.equal(1);
        expect(ledger.used).to.equal(before);
      });

      it(`is released at once by DEL: ${kind}`, () => {
        warmUp(kind);
        const before = ledger.used;
        kinds[kind](ks);
        ks.run('DEL', 'big');
        expect(lazyfreeGetPendingObjectsCount()).to.equal(0);
        expect(ledger.used).to.equal(before);
      });

      it(`becomes a job of its own when a database is flushed: ${kind}`, () => {
        warmUp(kind);
        ks.run('FLUSHALL', 'ASYNC');
        lazyfreeProcessJobs(Infinity);
        lazyfreeResetStats();

        const before = ledger.used;
        kinds[kind](ks);
        ks.run('SET', 'small', 'value');
        ks.run('FLUSHALL', 'ASYNC');
        expect(lazyfreeGetPendingObjectsCount()).to.equal(2);
        lazyfreeProcessJobs(0);
        expect(lazyfreeGetPendingObjectsCount()).to.equal(1);
        expect(lazyfreeGetFreedObjectsCount()).to.equal(1);
        lazyfreeProcessJobs(Infinity);
        expect(lazyfreeGetPendingObjectsCount()).to.equal(0);
        expect(lazyfreeGetFreedObjectsCount()).to.equal(2);
        expect(ledger.used).to.equal(before);
      });
    }

    it('that is small in blocks is released at once, and so is one that others hold', () => {
      for (let i = 0; i < 100; i++) ks.run('RPUSH', 'list', `element:${i}`);
      for (let i = 0; i < 100; i++) ks.run('SADD', 'ints', i);
      for (let i = 0; i < 100; i++) ks.run('XADD', 'stream', `${i + 1}-1`, 'f', 'v');
      ks.run('UNLINK', 'list', 'ints', 'stream');
      expect(lazyfreeGetPendingObjectsCount()).to.equal(0);
      for (let i = 0; i < 100; i++) ks.run('SADD', 'set', `member:${i}`);
      const o = ks.value('set');
      incrRefCount(o);
      ks.run('UNLINK', 'set');
      expect(lazyfreeGetPendingObjectsCount()).to.equal(0);
      expect(o.refcount).to.equal(1);
      decrRefCount(o);
    });
  });
});
