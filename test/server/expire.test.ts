import { expect } from 'chai';
import { createStringObject } from '../../object/object.ts';
import { setExpire } from '../../server/db.ts';
import {
  activeExpireCycle,
  checkAlreadyExpired,
  expireSlaveKeys,
  flushSlaveKeysWithExpireList,
  getSlaveKeyWithExpireCount,
  rememberSlaveKeyWithExpire,
} from '../../server/expire.ts';
import { ACTIVE_EXPIRE_CYCLE_FAST, ACTIVE_EXPIRE_CYCLE_SLOW } from '../../server/server.h.ts';
import { Keyspace } from './keyspace.ts';

describe('expire.ts', () => {
  let ks: Keyspace;

  beforeEach(() => {
    ks = new Keyspace();
  });

  describe('EXPIRE and its sisters', () => {
    it('set an end, from now or as a time, in seconds or ms', () => {
      ks.run('SET', 'k', 'v');
      const now = ks.server.mstime;
      expect(ks.run('EXPIRE', 'k', '10')).to.equal(':1\r\n');
      expect(ks.rewritten).to.deep.equal(['PEXPIREAT', 'k', String(now + 10000)]);
      expect(ks.run('PTTL', 'k')).to.equal(':10000\r\n');
      ks.run('PEXPIRE', 'k', '1499');
      expect(ks.run('TTL', 'k')).to.equal(':1\r\n');
      ks.run('PEXPIRE', 'k', '1500');
      expect(ks.run('TTL', 'k')).to.equal(':2\r\n');
      ks.run('EXPIREAT', 'k', '33177117420');
      expect(ks.run('PEXPIRETIME', 'k')).to.equal(':33177117420000\r\n');
      ks.run('PEXPIREAT', 'k', '33177117420999');
      expect(ks.run('EXPIRETIME', 'k')).to.equal(':33177117421\r\n');
      expect(ks.run('EXPIRE', 'none', '10')).to.equal(':0\r\n');
    });

    it('tell -1 for a key without an end and -2 for no key', () => {
      ks.run('SET', 'k', 'v');
      for (const cmd of ['TTL', 'PTTL', 'EXPIRETIME', 'PEXPIRETIME']) {
        expect(ks.run(cmd, 'k')).to.equal(':-1\r\n');
        expect(ks.run(cmd, 'none')).to.equal(':-2\r\n');
      }
    });

    it('delete at once what is to end in the past', () => {
      for (const args of [
        ['EXPIRE', 'k', '0'],
        ['EXPIRE', 'k', '-1'],
        ['EXPIREAT', 'k', '1'],
        ['PEXPIREAT', 'k', '-9223372036854775808'],
      ]) {
        ks.run('SET', 'k', 'v');
        expect(ks.run(...args)).to.equal(':1\r\n');
        expect(ks.rewritten).to.deep.equal(['DEL', 'k']);
        expect(ks.run('EXISTS', 'k')).to.equal(':0\r\n');
      }
      ks.server.lazyfree_lazy_expire = 1;
      ks.run('SET', 'k', 'v');
      ks.run('EXPIRE', 'k', '-1');
      expect(ks.rewritten).to.deep.equal(['UNLINK', 'k']);
    });

    it('refuse what does not fit into 64 bits', () => {
      ks.run('SET', 'k', 'v');
      const invalid = /^-ERR invalid expire time in '/;
      expect(ks.run('EXPIRE', 'k', '9223372036854776')).to.match(invalid);
      expect(ks.run('EXPIRE', 'k', '-9223372036854776')).to.match(invalid);
      expect(ks.run('EXPIRE', 'k', '9223372036854775')).to.match(invalid);
      expect(ks.run('PEXPIRE', 'k', '9223372036854775807')).to.match(invalid);
      expect(ks.run('EXPIREAT', 'k', '9223372036854775')).to.equal(':1\r\n');
      expect(ks.run('EXPIRE', 'k', 'x')).to.match(/^-ERR value is not an integer/);
    });

    it('keep times beyond 2^53 to the ms', () => {
      ks.run('SET', 'k', 'v');
      expect(ks.run('PEXPIREAT', 'k', '9223372036854775807')).to.equal(':1\r\n');
      expect(ks.rewritten[2]).to.equal('9223372036854775807');
      expect(ks.run('PEXPIRETIME', 'k')).to.equal(':9223372036854775807\r\n');
      expect(ks.run('EXPIRETIME', 'k')).to.equal(':9223372036854776\r\n');
      expect(ks.run('TTL', 'k')).to.match(/^:92233704\d{8}\r\n$/);
      expect(ks.run('PEXPIREAT', 'k', '9223372036854775807', 'LT')).to.equal(':0\r\n');
      expect(ks.run('PEXPIREAT', 'k', '9223372036854775806', 'GT')).to.equal(':0\r\n');
      expect(ks.run('PEXPIREAT', 'k', '9223372036854775806', 'LT')).to.equal(':1\r\n');
      expect(ks.run('PEXPIRETIME', 'k')).to.equal(':9223372036854775806\r\n');
      for (const args of [
        ['SET', 'k', 'v', 'PXAT', '9007199254740995'],
        ['GETEX', 'k', 'PXAT', '9007199254740997'],
      ]) {
        ks.run(...args);
        expect(ks.run('PEXPIRETIME', 'k')).to.equal(`:${args.at(-1)}\r\n`);
      }
      expect(ks.run('PTTL', 'k')).to.match(/^:9005\d{12}\r\n$/);
    });

    it('obey NX, XX, GT and LT', () => {
      const [yes, no] = [':1\r\n', ':0\r\n'];
      ks.run('SET', 'k', 'v');
      expect(ks.run('EXPIRE', 'k', '100', 'XX')).to.equal(no);
      expect(ks.run('EXPIRE', 'k', '100', 'GT')).to.equal(no);
      expect(ks.run('EXPIRE', 'k', '100', 'XX', 'LT')).to.equal(no);
      expect(ks.run('EXPIRE', 'k', '100', 'LT')).to.equal(yes);
      expect(ks.run('EXPIRE', 'k', '100', 'NX')).to.equal(no);
      expect(ks.run('EXPIRE', 'k', '100', 'GT')).to.equal(no);
      expect(ks.run('EXPIRE', 'k', '101', 'GT')).to.equal(yes);
      expect(ks.run('EXPIRE', 'k', '102', 'LT')).to.equal(no);
      expect(ks.run('EXPIRE', 'k', '50', 'XX')).to.equal(yes);
      ks.run('PERSIST', 'k');
      expect(ks.run('EXPIRE', 'k', '50', 'nx')).to.equal(yes);
    });

    it('refuse options that exclude each other, and others', () => {
      ks.run('SET', 'k', 'v');
      expect(ks.run('EXPIRE', 'k', '1', 'NX', 'XX')).to.match(/^-ERR NX and XX, GT or LT options/);
      expect(ks.run('EXPIRE', 'k', '1', 'NX', 'GT')).to.match(/^-ERR NX and XX, GT or LT options/);
      expect(ks.run('EXPIRE', 'k', '1', 'GT', 'LT')).to.match(/^-ERR GT and LT options at the/);
      expect(ks.run('EXPIRE', 'k', '1', 'AB')).to.equal('-ERR Unsupported option AB\r\n');
    });

    it('are undone by PERSIST', () => {
      ks.run('SET', 'k', 'v', 'EX', '10');
      expect(ks.run('PERSIST', 'k')).to.equal(':1\r\n');
      expect(ks.run('PERSIST', 'k')).to.equal(':0\r\n');
      expect(ks.run('PERSIST', 'none')).to.equal(':0\r\n');
    });
  });

  it('takes no time for past while loading or in a replica', () => {
    expect(checkAlreadyExpired(1)).to.equal(true);
    expect(checkAlreadyExpired(ks.server.mstime + 1000)).to.equal(false);
    ks.server.loading = 1;
    expect(checkAlreadyExpired(1)).to.equal(false);
    ks.server.loading = 0;
    ks.server.masterhost = '10.0.0.2';
    expect(checkAlreadyExpired(1)).to.equal(false);
  });

  describe('the active cycle', () => {
    it('deletes all that is past its end in a few calls, and leaves the rest', () => {
      for (let i = 0; i < 300; i++) ks.run('SET', `short:${i}`, 'v', 'PX', '10');
      for (let i = 0; i < 100; i++) ks.run('SET', `long:${i}`, 'v', 'EX', '1000');
      ks.wait(20);
      for (let i = 0; i < 20; i++) activeExpireCycle(ACTIVE_EXPIRE_CYCLE_SLOW);
      expect(ks.run('DBSIZE')).to.equal(':100\r\n');
      expect(ks.server.stat_expiredkeys).to.equal(300);
      expect(ks.server.db[0].avg_ttl).to.be.within(900000, 1000000);
      expect(ks.server.core_propagates).to.equal(0);
    });

    it('visits all databases in turns', () => {
      for (let db = 0; db < 16; db++) {
        ks.run('SELECT', String(db));
        ks.run('SET', 'k', 'v', 'PX', '10');
      }
      ks.wait(20);
      activeExpireCycle(ACTIVE_EXPIRE_CYCLE_SLOW);
      expect(ks.server.stat_expiredkeys).to.equal(16);
      expect(ks.server.expire_current_db).to.equal(16);
    });

    it('does nothing while clients are paused', () => {
      ks.run('SET', 'k', 'v', 'PX', '10');
      ks.wait(20);
      ks.run('CLIENT', 'PAUSE', '1000', 'WRITE');
      activeExpireCycle(ACTIVE_EXPIRE_CYCLE_SLOW);
      expect(ks.server.stat_expiredkeys).to.equal(0);
    });

    it('is fast only when the slow one left work, and not twice in a row', () => {
      ks.run('SET', 'k', 'v', 'PX', '10');
      ks.wait(20);
      activeExpireCycle(ACTIVE_EXPIRE_CYCLE_FAST);
      expect(ks.server.stat_expiredkeys).to.equal(0);
      ks.server.expire_timelimit_exit = 1;
      activeExpireCycle(ACTIVE_EXPIRE_CYCLE_FAST);
      expect(ks.server.stat_expiredkeys).to.equal(1);
      ks.run('SET', 'k', 'v', 'PXAT', String(ks.server.mstime + 1));
      ks.wait(2);
      ks.server.expire_timelimit_exit = 1;
      ks.server.expire_last_fast_cycle = ks.server.ustime;
      activeExpireCycle(ACTIVE_EXPIRE_CYCLE_FAST);
      expect(ks.server.stat_expiredkeys).to.equal(1);
    });

    it('stops when its time is up, and says so', () => {
      for (let i = 0; i < 2000; i++) ks.run('SET', `short:${i}`, 'v', 'PX', '10');
      ks.wait(20);
      // Each look at the clock costs ten milliseconds from now on.
      const { kernel, world } = ks;
      const gettimeofday = kernel.gettimeofday.bind(kernel);
      kernel.gettimeofday = () => gettimeofday() + (world.now += 10000) * 0;
      activeExpireCycle(ACTIVE_EXPIRE_CYCLE_SLOW);
      expect(ks.server.stat_expired_time_cap_reached_count).to.equal(1);
      expect(ks.server.expire_timelimit_exit).to.equal(1);
      expect(ks.run('DBSIZE')).to.not.equal(':0\r\n');
    });

    it('passes over a table that is nearly empty', () => {
      for (let i = 0; i < 1000; i++) ks.run('SET', `k:${i}`, 'v', 'EX', '1000');
      for (let i = 0; i < 998; i++) ks.run('DEL', `k:${i}`);
      ks.run('PEXPIRE', 'k:999', '1');
      ks.wait(10);
      activeExpireCycle(ACTIVE_EXPIRE_CYCLE_SLOW);
      expect(ks.server.stat_expiredkeys).to.equal(0);
    });
  });

  describe('a writable replica', () => {
    beforeEach(() => {
      ks.server.masterhost = '10.0.0.2';
      ks.server.repl_slave_ro = 0;
      ks.server.current_client = ks.client;
    });

    it('remembers keys that its clients gave an end, and deletes them itself', () => {
      ks.run('SET', 'k', 'v', 'PX', '10');
      expect(getSlaveKeyWithExpireCount()).to.equal(1);
      expect(ks.server.slaveKeysWithExpire!.ht_used[0]).to.equal(1);
      expireSlaveKeys();
      expect(ks.run('DBSIZE')).to.equal(':1\r\n');
      ks.wait(20);
      expireSlaveKeys();
      expect(ks.run('DBSIZE')).to.equal(':0\r\n');
      expect(getSlaveKeyWithExpireCount()).to.equal(0);
    });

    it('does so in each database up to 63, until it is flushed', () => {
      ks.server.db[5].id = 5;
      rememberSlaveKeyWithExpire(ks.server.db[0], createStringObject('k'));
      rememberSlaveKeyWithExpire(ks.server.db[5], createStringObject('k'));
      expect(getSlaveKeyWithExpireCount()).to.equal(1);
      const far = ks.server.db[6];
      far.id = 64;
      rememberSlaveKeyWithExpire(far, createStringObject('other'));
      expect(getSlaveKeyWithExpireCount()).to.equal(1);
      flushSlaveKeysWithExpireList();
      expect(getSlaveKeyWithExpireCount()).to.equal(0);
      flushSlaveKeysWithExpireList();
      expireSlaveKeys();
    });

    it('leaves what the server sets by itself to the master', () => {
      ks.run('SET', 'k', 'v');
      setExpire(null, ks.server.db[0], createStringObject('k'), ks.server.mstime + 10);
      expect(getSlaveKeyWithExpireCount()).to.equal(0);
    });
  });
});
