import { expect } from 'chai';
import { createStringObject } from '../../object/object.ts';
import { ledger } from '../../object/zmalloc.ts';
import {
  EVPOOL_SIZE,
  LFUDecrAndReturn,
  LFUGetTimeInMinutes,
  LFULogIncr,
  LFUTimeElapsed,
  estimateObjectIdleTime,
  evictionPoolAlloc,
  evictionPoolPopulate,
  evictionTimeLimitUs,
  freeMemoryGetNotCountedMemory,
  getMaxmemoryState,
  maxmemoryState,
  overMaxmemoryAfterAlloc,
  performEvictions,
} from '../../server/evict.ts';
import { lazyfreeProcessJobs } from '../../server/lazyfree.ts';
import {
  C_ERR,
  C_OK,
  EVICT_FAIL,
  EVICT_OK,
  EVICT_RUNNING,
  LRU_CLOCK_MAX,
  MAXMEMORY_ALLKEYS_LFU,
  MAXMEMORY_ALLKEYS_LRU,
  MAXMEMORY_ALLKEYS_RANDOM,
  MAXMEMORY_NO_EVICTION,
  MAXMEMORY_VOLATILE_LFU,
  MAXMEMORY_VOLATILE_LRU,
  MAXMEMORY_VOLATILE_RANDOM,
  MAXMEMORY_VOLATILE_TTL,
} from '../../server/server.h.ts';
import { Keyspace } from './keyspace.ts';

describe('evict.ts', () => {
  let ks: Keyspace;

  beforeEach(() => {
    ks = new Keyspace();
    ks.run('SET', 'warm', 'up');
    ks.run('DEL', 'warm');
  });

  describe('ages', () => {
    it('are idle times, across the turn of the clock', () => {
      const o = createStringObject('x');
      ks.server.lruclock = 1000;
      o.lru = 990;
      expect(estimateObjectIdleTime(o)).to.equal(10000);
      o.lru = LRU_CLOCK_MAX - 5;
      expect(estimateObjectIdleTime(o)).to.equal(1005000);
    });

    it('are counters that decay by one each lfu-decay-time minutes, not below 0', () => {
      const o = createStringObject('x');
      const now = LFUGetTimeInMinutes();
      o.lru = ((now - 3) << 8) | 10;
      ks.server.lfu_decay_time = 1;
      expect(LFUDecrAndReturn(o)).to.equal(7);
      ks.server.lfu_decay_time = 2;
      expect(LFUDecrAndReturn(o)).to.equal(9);
      ks.server.lfu_decay_time = 0;
      expect(LFUDecrAndReturn(o)).to.equal(10);
      ks.server.lfu_decay_time = 1;
      o.lru = ((now - 30) << 8) | 10;
      expect(LFUDecrAndReturn(o)).to.equal(0);
      expect(LFUTimeElapsed(now + 1)).to.equal(65534);
    });

    it('grow surely at first, hardly when they are large, and to 255 at most', () => {
      expect(LFULogIncr(0)).to.equal(1);
      expect(LFULogIncr(5)).to.equal(6);
      let grown = 0;
      for (let i = 0; i < 1000; i++) grown += LFULogIncr(100) - 100;
      expect(grown).to.be.below(10);
      expect(LFULogIncr(255)).to.equal(255);
    });
  });

  describe('the pool', () => {
    it('keeps the best candidates in order, the best at the end', () => {
      ks.server.maxmemory_policy = MAXMEMORY_ALLKEYS_LRU;
      ks.server.maxmemory_samples = 64;
      const db = ks.server.db[0];
      for (let i = 0; i < 60; i++) {
        ks.run('SET', `k:${i}`, 'v');
        ks.value(`k:${i}`).lru = ks.server.lruclock - ((i * 7) % 60);
      }
      evictionPoolAlloc();
      const pool = ks.server.EvictionPoolLRU;
      evictionPoolPopulate(0, db.dict, db.dict, pool);
      expect(pool.map((entry) => entry.idle / 1000)).to.deep.equal(
        Array.from({ length: EVPOOL_SIZE }, (_, i) => 44 + i),
      );
      expect(new Set(pool).size).to.equal(EVPOOL_SIZE);
      // Nothing better comes.
      evictionPoolPopulate(0, db.dict, db.dict, pool);
      expect(pool[EVPOOL_SIZE - 1].idle).to.equal(59000);
    });

    it('tells ends apart that are a millisecond apart', () => {
      ks.server.maxmemory_policy = MAXMEMORY_VOLATILE_TTL;
      ks.server.maxmemory_samples = 64;
      const db = ks.server.db[0];
      for (let i = 0; i < 5; i++) ks.run('SET', `k:${i}`, 'v', 'PX', String(100000 + i));
      evictionPoolPopulate(0, db.expires, db.dict, ks.server.EvictionPoolLRU);
      expect(ks.server.EvictionPoolLRU.slice(0, 5).map((entry) => entry.key)).to.deep.equal([
        'k:4',
        'k:3',
        'k:2',
        'k:1',
        'k:0',
      ]);
    });
  });

  it('tells how memory stands to the limit', () => {
    const state = new maxmemoryState();
    expect(getMaxmemoryState(state, true)).to.equal(C_OK);
    expect([state.total, state.level]).to.deep.equal([ledger.used, 0]);
    ks.server.maxmemory = ledger.used * 2;
    expect(getMaxmemoryState(state, true)).to.equal(C_OK);
    expect(state.level).to.be.closeTo(0.5, 0.001);
    ks.server.maxmemory = ledger.used - 100;
    expect(getMaxmemoryState(state, false)).to.equal(C_ERR);
    expect(state.tofree).to.equal(100);
    expect(getMaxmemoryState(null, false)).to.equal(C_ERR);
    expect(overMaxmemoryAfterAlloc(0)).to.equal(true);
    // What the replicas' buffer holds beyond the backlog does not count.
    ks.server.repl_backlog_size = 1 << 20;
    ks.server.repl_buffer_mem = 2 << 20;
    expect(freeMemoryGetNotCountedMemory()).to.be.within(1000000, 1 << 20);
    expect(getMaxmemoryState(state, false)).to.equal(C_OK);
    expect(overMaxmemoryAfterAlloc(0)).to.equal(false);
    ks.server.maxmemory = 0;
    expect(overMaxmemoryAfterAlloc(1e12)).to.equal(false);
  });

  it('grants time by the tenacity', () => {
    const limit = (tenacity: number): number => {
      ks.server.maxmemory_eviction_tenacity = tenacity;
      return evictionTimeLimitUs();
    };
    expect([0, 10, 11, 100].map(limit)).to.deep.equal([0, 500, 575, Infinity]);
    expect(limit(99)).to.be.within(120e6, 130e6);
  });

  describe('performEvictions', () => {
    /** Fills the server with keys, every second with an end, and sets the limit a quarter below that. */
    function fill(policy: number): void {
      for (let i = 0; i < 400; i++) {
        ks.run('SET', `k:${i}`, 'v'.repeat(200), ...(i % 2 ? ['EX', String(1000 + i)] : []));
      }
      ks.server.maxmemory_policy = policy;
      ks.server.maxmemory_eviction_tenacity = 100;
      ks.server.maxmemory = ledger.used - 100 * 250;
    }

    for (const [name, policy] of Object.entries({
      'allkeys-lru': MAXMEMORY_ALLKEYS_LRU,
      'allkeys-lfu': MAXMEMORY_ALLKEYS_LFU,
      'allkeys-random': MAXMEMORY_ALLKEYS_RANDOM,
      'volatile-lru': MAXMEMORY_VOLATILE_LRU,
      'volatile-lfu': MAXMEMORY_VOLATILE_LFU,
      'volatile-random': MAXMEMORY_VOLATILE_RANDOM,
      'volatile-ttl': MAXMEMORY_VOLATILE_TTL,
    })) {
      it(`brings memory below the limit by ${name}, and takes only keys that it may`, () => {
        fill(policy);
        expect(performEvictions()).to.equal(EVICT_OK);
        expect(ledger.used).to.be.at.most(ks.server.maxmemory);
        expect(ks.server.stat_evictedkeys).to.be.within(50, 130);
        if (name.startsWith('volatile')) {
          expect(ks.server.db[0].dict.ht_used[0] + ks.server.db[0].dict.ht_used[1]).to.equal(
            400 - ks.server.stat_evictedkeys,
          );
          for (let i = 0; i < 400; i += 2) ks.value(`k:${i}`);
        }
        expect(ks.server.core_propagates).to.equal(0);
      });
    }

    it('evicts what was not used for long rather than what was', () => {
      fill(MAXMEMORY_ALLKEYS_LRU);
      ks.server.maxmemory_samples = 10;
      for (let i = 0; i < 400; i++) ks.value(`k:${i}`).lru -= i < 200 ? 1000 : 0;
      performEvictions();
      let old = 0;
      for (let i = 0; i < 400; i++) {
        if (ks.run('EXISTS', `k:${i}`) === ':1\r\n') old += i < 200 ? 1 : 0;
      }
      expect(old).to.be.below(200 - ks.server.stat_evictedkeys * 0.9);
    });

    it('fails when the policy forbids it, or no key is left', () => {
      fill(MAXMEMORY_NO_EVICTION);
      expect(performEvictions()).to.equal(EVICT_FAIL);
      expect(ks.run('SET', 'k', 'v')).to.match(/^-OOM command not allowed when used memory > /);
      expect(ks.run('GET', 'k:1')).to.match(/^\$200\r\n/);
      expect(ks.server.stat_last_eviction_exceeded_time).to.be.above(0);
      ks.server.maxmemory_policy = MAXMEMORY_ALLKEYS_LRU;
      ks.server.maxmemory = 1;
      expect(performEvictions()).to.equal(EVICT_FAIL);
      expect(ks.run('DBSIZE')).to.equal(':0\r\n');
      ks.wait(1000);
      ks.server.maxmemory = 0;
      expect(performEvictions()).to.equal(EVICT_OK);
      expect(ks.server.stat_total_eviction_exceeded_time).to.be.at.least(1000000);
      expect(ks.server.stat_last_eviction_exceeded_time).to.equal(0);
    });

    it('stops when its time is up, and goes on in a time event', () => {
      fill(MAXMEMORY_ALLKEYS_RANDOM);
      ks.server.maxmemory_eviction_tenacity = 0;
      const { kernel, world } = ks;
      const clock = kernel.clock_monotonic.bind(kernel);
      kernel.clock_monotonic = () => clock() + (world.now += 1) * 0;
      expect(performEvictions()).to.equal(EVICT_RUNNING);
      expect(ks.server.stat_evictedkeys).to.equal(16);
      expect(ks.server.isEvictionProcRunning).to.equal(1);
      for (let i = 0; i < 100 && ks.server.isEvictionProcRunning; i++) {
        ks.wait(1);
        ks.turn();
      }
      expect(ks.server.isEvictionProcRunning).to.equal(0);
      expect(ledger.used).to.be.at.most(ks.server.maxmemory);
    });

    it('releases what waits for lazyfree before it fails', () => {
      fill(MAXMEMORY_ALLKEYS_LRU);
      ks.run('FLUSHALL', 'ASYNC');
      const full = ledger.used;
      ks.server.maxmemory = full - 1000;
      expect(performEvictions()).to.equal(EVICT_OK);
      expect(ledger.used).to.be.below(full - 1000);
    });

    it('evicts no more large values than it has to when they are released lazily', () => {
      for (let k = 0; k < 60; k++) {
        for (let i = 0; i < 100; i++) ks.run('SADD', `set:${k}`, `member:${i}`);
      }
      // The first call makes the histogram of the command.
      ks.run('UNLINK', 'none');
      const full = ledger.used;
      ks.run('UNLINK', 'set:0');
      lazyfreeProcessJobs(Infinity);
      const one = full - ledger.used;
      ks.server.maxmemory_policy = MAXMEMORY_ALLKEYS_LRU;
      ks.server.lazyfree_lazy_eviction = 1;
      ks.server.maxmemory = ledger.used - 20 * one;
      expect(performEvictions()).to.equal(EVICT_OK);
      expect(ledger.used).to.be.at.most(ks.server.maxmemory);
      // What lazyfree has freed is looked at each 16 keys.
      expect(ks.server.stat_evictedkeys).to.equal(32);
    });

    it('lets lazyfree finish before it evicts, in a time event if that takes long', () => {
      for (let i = 0; i < 3000; i++) ks.run('SADD', 'big', `member:${i}`);
      ks.run('SET', 'kept', 'v');
      ks.run('UNLINK', 'big');
      ks.server.maxmemory_policy = MAXMEMORY_ALLKEYS_LRU;
      ks.server.maxmemory_eviction_tenacity = 0;
      ks.server.maxmemory = ledger.used - 100000;
      // No time at all: one step of the job.
      expect(performEvictions()).to.equal(EVICT_RUNNING);
      expect(ks.server.isEvictionProcRunning).to.equal(1);
      for (let i = 0; i < 20; i++) {
        ks.wait(1);
        ks.turn();
      }
      expect(ks.server.isEvictionProcRunning).to.equal(0);
      expect(ledger.used).to.be.at.most(ks.server.maxmemory);
      expect(ks.server.stat_evictedkeys).to.equal(0);
      expect(ks.run('GET', 'kept')).to.equal('$1\r\nv\r\n');
    });

    it('does nothing while loading, paused, or in a replica that leaves it to its master', () => {
      fill(MAXMEMORY_ALLKEYS_LRU);
      ks.server.loading = 1;
      expect(performEvictions()).to.equal(EVICT_OK);
      ks.server.loading = 0;
      ks.server.masterhost = '10.0.0.2';
      ks.server.repl_slave_ignore_maxmemory = 1;
      expect(performEvictions()).to.equal(EVICT_OK);
      ks.server.masterhost = null;
      ks.server.maxmemory = 0;
      ks.run('CLIENT', 'PAUSE', '1000', 'WRITE');
      ks.server.maxmemory = ledger.used - 100 * 250;
      expect(performEvictions()).to.equal(EVICT_OK);
      expect(ks.server.stat_evictedkeys).to.equal(0);
    });

    it('tells subscribers, and lazily with lazyfree-lazy-eviction', () => {
      ks.run('CONFIG', 'SET', 'notify-keyspace-events', 'Ee');
      const subscriber = ks.newClient();
      ks.runAs(subscriber, 'PSUBSCRIBE', '__key*');
      fill(MAXMEMORY_ALLKEYS_LRU);
      ks.server.lazyfree_lazy_eviction = 1;
      performEvictions();
      const got = ks.taken(subscriber).match(/__keyevent@0__:evicted/g)!;
      expect(got.length).to.equal(ks.server.stat_evictedkeys);
    });
  });
});
