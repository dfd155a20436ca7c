import { expect } from 'chai';
import { createRawStringObject, createStringObject } from '../../object/object.ts';
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
});
