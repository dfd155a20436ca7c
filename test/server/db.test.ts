import { expect } from 'chai';
import { createStringObject, createRawStringObject, objPtrString } from '../../object/object.ts';
import { sds } from '../../object/sds.ts';
import { ledger } from '../../object/zmalloc.ts';
import {
  dbAdd,
  dbAddRDBLoad,
  dbDelete,
  dbOverwrite,
  dbRandomKey,
  dbTotalServerKeyCount,
  dbUnshareStringValue,
  doesCommandHaveChannelsWithFlags,
  doesCommandHaveKeys,
  emptyData,
  genericGetKeys,
  getChannelsFromCommand,
  getKeysFromCommand,
  getKeysFromCommandWithSpecs,
  getKeysFreeResult,
  getKeysUsingKeySpecs,
  lookupKeyRead,
  lookupKeyReadWithFlags,
  lookupKeyWrite,
  lookupKeyWriteWithFlags,
  selectDb,
  setKey,
} from '../../server/db.ts';
import { lookupCommandByCString } from '../../server/server.ts';
import {
  CMD_CHANNEL_PATTERN,
  CMD_CHANNEL_PUBLISH,
  CMD_CHANNEL_SUBSCRIBE,
  CMD_KEY_INCOMPLETE,
  CMD_KEY_NOT_KEY,
  CMD_KEY_OW,
  CMD_KEY_RO,
  CMD_KEY_RW,
  C_ERR,
  C_OK,
  GET_KEYSPEC_DEFAULT,
  GET_KEYSPEC_INCLUDE_NOT_KEYS,
  GET_KEYSPEC_RETURN_PARTIAL,
  KSPEC_BS_INDEX,
  KSPEC_BS_KEYWORD,
  KSPEC_BS_UNKNOWN,
  KSPEC_FK_KEYNUM,
  KSPEC_FK_RANGE,
  KSPEC_FK_UNKNOWN,
  LOOKUP_NOEXPIRE,
  LOOKUP_NOSTATS,
  LOOKUP_NOTOUCH,
  MAXMEMORY_ALLKEYS_LFU,
  SETKEY_ALREADY_EXIST,
  SETKEY_DOESNT_EXIST,
  SETKEY_KEEPTTL,
  SETKEY_NO_SIGNAL,
  CLIENT_DIRTY_CAS,
  getKeysResult,
  keySpec,
  redisCommand,
  type robj,
} from '../../server/server.h.ts';
import { Keyspace } from './keyspace.ts';

const str = createStringObjectLater;

/** String objects need a server, which exists only within a test. */
function createStringObjectLater(s: string): robj {
  return createStringObject(s);
}

describe('db.ts', () => {
  let ks: Keyspace;

  beforeEach(() => {
    ks = new Keyspace();
  });

  describe('looking keys up', () => {
    it('counts hits and misses of reads, and none of writes', () => {
      const { server } = ks;
      const db = server.db[0];
      ks.run('SET', 'k', 'v');
      const [hits, misses] = [server.stat_keyspace_hits, server.stat_keyspace_misses];
      lookupKeyRead(db, str('k'));
      lookupKeyRead(db, str('none'));
      lookupKeyWrite(db, str('k'));
      lookupKeyWrite(db, str('none'));
      lookupKeyReadWithFlags(db, str('k'), LOOKUP_NOSTATS);
      lookupKeyReadWithFlags(db, str('none'), LOOKUP_NOSTATS);
      expect(server.stat_keyspace_hits - hits).to.equal(1);
      expect(server.stat_keyspace_misses - misses).to.equal(1);
    });

    it('sets the age back, unless LOOKUP_NOTOUCH', () => {
      ks.run('SET', 'k', 'v');
      const o = ks.value('k');
      o.lru = 1;
      lookupKeyReadWithFlags(ks.server.db[0], str('k'), LOOKUP_NOTOUCH);
      expect(o.lru).to.equal(1);
      lookupKeyRead(ks.server.db[0], str('k'));
      expect(o.lru).to.equal(ks.server.lruclock);
    });

    it('counts accesses with an LFU policy', () => {
      ks.server.maxmemory_policy = MAXMEMORY_ALLKEYS_LFU;
      ks.run('SET', 'k', 'v');
      for (let i = 0; i < 100; i++) lookupKeyRead(ks.server.db[0], str('k'));
      expect(ks.value('k').lru & 255).to.be.above(5);
      expect(ks.value('k').lru >> 8).to.equal(Math.floor(ks.server.unixtime / 60) & 65535);
    });

    it('deletes a key past its end, and counts that', () => {
      ks.run('SET', 'k', 'v', 'PX', '100');
      ks.wait(100);
      expect(lookupKeyRead(ks.server.db[0], str('k'))).to.not.equal(null);
      ks.wait(1);
      expect(lookupKeyRead(ks.server.db[0], str('k'))).to.equal(null);
      expect(ks.run('DBSIZE')).to.equal(':0\r\n');
      expect(ks.server.stat_expiredkeys).to.equal(1);
    });

    it('only hides it with LOOKUP_NOEXPIRE, while clients are paused, and in a replica', () => {
      const { server } = ks;
      const db = server.db[0];
      ks.run('SET', 'k', 'v', 'PX', '100');
      ks.wait(200);
      expect(lookupKeyWriteWithFlags(db, str('k'), LOOKUP_NOEXPIRE)).to.equal(null);
      expect(ks.run('DBSIZE')).to.equal(':1\r\n');
      ks.run('CLIENT', 'PAUSE', '1000', 'WRITE');
      expect(lookupKeyRead(db, str('k'))).to.equal(null);
      expect(ks.run('DBSIZE')).to.equal(':1\r\n');
      ks.run('CLIENT', 'UNPAUSE');
      server.masterhost = '10.0.0.2';
      server.repl_slave_ro = 1;
      // The commands of the master find it still.
      expect(lookupKeyWrite(db, str('k'))).to.not.equal(null);
      server.current_client = ks.client;
      expect(lookupKeyWrite(db, str('k'))).to.equal(null);
      expect(ks.run('DBSIZE')).to.equal(':1\r\n');
      server.repl_slave_ro = 0;
      server.current_client = ks.client;
      expect(lookupKeyWrite(db, str('k'))).to.equal(null);
      expect(ks.run('DBSIZE')).to.equal(':0\r\n');
    });

    it('finds nothing past its end while loading', () => {
      ks.run('SET', 'k', 'v', 'PX', '100');
      ks.wait(200);
      ks.server.loading = 1;
      expect(lookupKeyRead(ks.server.db[0], str('k'))).to.not.equal(null);
    });
  });

  describe('the account of memory', () => {
    it('is as it was when a key has come, changed and gone', () => {
      const db = ks.server.db[0];
      // The first key makes the table.
      dbAdd(db, str('x'), str('y'));
      const before = ledger.used;
      dbAdd(db, str('key'), str('value'));
      expect(ledger.used - before).to.equal(24 + 8 + 32); // entry, name, object of 16+3+5+1
      dbOverwrite(db, str('key'), createRawStringObject('z'.repeat(1000)));
      expect(ledger.used - before).to.equal(24 + 8 + 16 + 1024);
      dbOverwrite(db, str('key'), createRawStringObject(Buffer.alloc(5000)));
      dbUnshareStringValue(db, str('key'), ks.value('key'));
      expect(dbDelete(db, str('key'))).to.equal(1);
      expect(dbDelete(db, str('key'))).to.equal(0);
      expect(ledger.used).to.equal(before);
    });

    it('follows a value that turns from a string into bytes', () => {
      const db = ks.server.db[0];
      dbAdd(db, str('x'), str('y'));
      const before = ledger.used;
      dbAdd(db, str('key'), createRawStringObject('z'.repeat(1000)));
      const o = dbUnshareStringValue(db, str('key'), ks.value('key'));
      expect(o).to.equal(ks.value('key'));
      expect(o.ptr).to.be.instanceOf(sds);
      dbDelete(db, str('key'));
      expect(ledger.used).to.equal(before);
    });

    it('is as it was after a flush, and when a key moved', () => {
      ks.run('SET', 'a', '1');
      ks.run('FLUSHALL');
      const before = ledger.used;
      for (let i = 0; i < 1000; i++) ks.run('SET', `key:${i}`, `value ${i}`, 'EX', '100');
      ks.run('APPEND', 'key:7', 'x'.repeat(1000));
      ks.run('RENAME', 'key:8', 'other');
      ks.run('COPY', 'key:7', 'copy', 'DB', '1');
      ks.run('MOVE', 'key:9', '2');
      ks.run('SWAPDB', '0', '3');
      expect(ledger.used).to.be.above(before + 1000 * 80);
      ks.run('FLUSHALL');
      expect(dbTotalServerKeyCount()).to.equal(0);
      // What remains are the histograms of the commands that ran for the first time.
      expect(ledger.used - before).to.be.below(8 * 30000);
    });
  });

  describe('setKey', () => {
    it('takes a reference, removes the end, and fails transactions', () => {
      const db = ks.server.db[0];
      const v = str('v');
      ks.run('SET', 'k', 'x', 'EX', '10');
      ks.run('WATCH', 'k');
      setKey(ks.client, db, str('k'), v, SETKEY_KEEPTTL | SETKEY_NO_SIGNAL | SETKEY_ALREADY_EXIST);
      expect(v.refcount).to.equal(2);
      expect(ks.client.flags & CLIENT_DIRTY_CAS).to.equal(0);
      expect(ks.run('TTL', 'k')).to.equal(':10\r\n');
      setKey(null, db, str('k'), str('w'), 0);
      expect(ks.client.flags & CLIENT_DIRTY_CAS).to.not.equal(0);
      expect(ks.run('TTL', 'k')).to.equal(':-1\r\n');
      setKey(null, db, str('new'), str('w'), SETKEY_DOESNT_EXIST);
      expect(ks.run('GET', 'new')).to.equal('$1\r\nw\r\n');
    });

    it('cannot add what is there, nor overwrite what is not', () => {
      const db = ks.server.db[0];
      dbAdd(db, str('k'), str('v'));
      expect(() => dbAdd(db, str('k'), str('v'))).to.throw();
      expect(() => dbOverwrite(db, str('none'), str('v'))).to.throw();
      expect(dbAddRDBLoad(db, 'k', str('v'))).to.equal(false);
      expect(dbAddRDBLoad(db, 'k2', str('v'))).to.equal(true);
    });
  });

  it('makes a copy of a value that others hold before it is written into', () => {
    const db = ks.server.db[0];
    ks.run('SET', 'k', 'x'.repeat(100));
    const shared = ks.value('k');
    shared.refcount++;
    const o = dbUnshareStringValue(db, str('k'), shared);
    expect(o).to.not.equal(shared);
    expect(ks.value('k')).to.equal(o);
    expect(shared.refcount).to.equal(1);
    expect(objPtrString(o)).to.equal('x'.repeat(100));
  });

  it('finds a random key that is not past its end', () => {
    expect(ks.run('RANDOMKEY')).to.equal('$-1\r\n');
    ks.run('SET', 'gone', 'v', 'PX', '1');
    ks.run('SET', 'k', 'v');
    ks.wait(10);
    for (let i = 0; i < 20; i++) expect(objPtrString(dbRandomKey(ks.server.db[0])!)).to.equal('k');
  });

  it('gives up finding one in a replica whose keys all are', () => {
    ks.run('SET', 'gone', 'v', 'PX', '1');
    ks.wait(10);
    ks.server.masterhost = '10.0.0.2';
    ks.server.current_client = ks.client;
    expect(objPtrString(dbRandomKey(ks.server.db[0])!)).to.equal('gone');
  });

  it('refuses a database that does not exist', () => {
    expect(selectDb(ks.client, 16)).to.equal(C_ERR);
    expect(selectDb(ks.client, -1)).to.equal(C_ERR);
    expect(selectDb(ks.client, 15)).to.equal(C_OK);
    expect(emptyData(16, 0, null)).to.equal(-1);
    expect(ks.run('SELECT', '16')).to.equal('-ERR DB index is out of range\r\n');
  });

  describe('the commands', () => {
    it('DEL, UNLINK, EXISTS and TOUCH count', () => {
      ks.run('MSET', 'a', '1', 'b', '2', 'c', '3');
      expect(ks.run('EXISTS', 'a', 'a', 'x')).to.equal(':2\r\n');
      expect(ks.run('TOUCH', 'a', 'b', 'x')).to.equal(':2\r\n');
      expect(ks.run('DEL', 'a', 'a', 'x')).to.equal(':1\r\n');
      expect(ks.run('UNLINK', 'b', 'c')).to.equal(':2\r\n');
      expect(ks.run('DBSIZE')).to.equal(':0\r\n');
    });

    it('KEYS matches patterns and hides what is past its end', () => {
      ks.run('MSET', 'one', '1', 'two', '2', 'twelve', '3');
      ks.run('SET', 'twice', 'v', 'PX', '1');
      ks.wait(10);
      expect(ks.run('KEYS', 'tw*').split('\r\n').sort()).to.deep.equal(
        ['', '$3', '$6', '*2', 'twelve', 'two'].sort(),
      );
      expect(ks.run('KEYS', '*')).to.match(/^\*3\r\n/);
    });

    it('SCAN finds every key that stays', () => {
      for (let i = 0; i < 500; i++) ks.run('SET', `key:${i}`, 'v');
      const found = new Set<string>();
      let cursor = '0';
      do {
        const [, , next, , ...rest] = ks.run('SCAN', cursor, 'COUNT', '20').split('\r\n');
        cursor = next;
        rest.filter((line) => line.startsWith('key:')).forEach((key) => found.add(key));
      } while (cursor !== '0');
      expect(found.size).to.equal(500);
    });

    it('SCAN filters by pattern, type and end', () => {
      ks.run('MSET', 'a1', '1', 'a2', '2', 'b1', '3');
      ks.run('SET', 'a3', 'v', 'PX', '1');
      ks.wait(10);
      expect(ks.run('SCAN', '0', 'MATCH', 'a*', 'COUNT', '100')).to.match(/\r\n\*2\r\n/);
      expect(ks.run('SCAN', '0', 'TYPE', 'STRING')).to.match(/\r\n\*3\r\n/);
      expect(ks.run('SCAN', '0', 'TYPE', 'list')).to.match(/\r\n\*0\r\n/);
      expect(ks.run('SCAN', '0', 'COUNT', '0')).to.equal('-ERR syntax error\r\n');
      expect(ks.run('SCAN', '0', 'COUNT')).to.equal('-ERR syntax error\r\n');
      for (const cursor of ['x', ' 0', '1x', '18446744073709551616']) {
        expect(ks.run('SCAN', cursor)).to.equal('-ERR invalid cursor\r\n');
      }
    });

    /** The elements that calls of a SCAN command from cursor 0 on give, two by two for a hash or sorted set. */
    function scanAll(command: string, key: string, ...options: string[]): string[] {
      const found: string[] = [];
      let cursor = '0';
      do {
        const lines = ks.run(command, key, cursor, ...options).split('\r\n');
        cursor = lines[2];
        for (let i = 5; i < lines.length - 1; i += 2) found.push(lines[i]);
      } while (cursor !== '0');
      return found;
    }

    it('SSCAN, HSCAN and ZSCAN give what is small in one go', () => {
      ks.run('SADD', 'ints', '3', '1', '-2');
      ks.run('HSET', 'hash', 'f', '1', 'g', 'v');
      ks.run('ZADD', 'zset', '1.5', 'm', '2', '12');
      expect(ks.run('SSCAN', 'ints', '0', 'COUNT', '1')).to.equal(
        '*2\r\n$1\r\n0\r\n*3\r\n$2\r\n-2\r\n$1\r\n1\r\n$1\r\n3\r\n',
      );
      expect(scanAll('HSCAN', 'hash', 'COUNT', '1')).to.deep.equal(['f', '1', 'g', 'v']);
      expect(scanAll('ZSCAN', 'zset', 'COUNT', '1')).to.deep.equal(['m', '1.5', '12', '2']);
      expect(ks.run('SSCAN', 'none', '0')).to.equal('*2\r\n$1\r\n0\r\n*0\r\n');
      expect(ks.run('SSCAN', 'hash', '0')).to.match(/^-WRONGTYPE/);
      // A filter that does not match the name takes the value or score away, too.
      expect(scanAll('HSCAN', 'hash', 'MATCH', 'g*')).to.deep.equal(['g', 'v']);
      expect(scanAll('ZSCAN', 'zset', 'MATCH', '1*')).to.deep.equal(['12', '2']);
      expect(scanAll('SSCAN', 'ints', 'MATCH', '-?')).to.deep.equal(['-2']);
      expect(ks.run('HSCAN', 'hash', '0', 'TYPE', 'string')).to.equal('-ERR syntax error\r\n');
    });

    it('SSCAN, HSCAN and ZSCAN find every element of what is large', () => {
      const wanted: string[] = [];
      for (let i = 0; i < 1000; i++) {
        ks.run('SADD', 'set', `m:${i}`);
        ks.run('HSET', 'hash', `m:${i}`, `v:${i}`);
        ks.run('ZADD', 'zset', `${i}`, `m:${i}`);
        wanted.push(`m:${i}`);
      }
      wanted.sort();
      const sorted = (elements: string[]): string[] => [...new Set(elements)].sort();
      expect(sorted(scanAll('SSCAN', 'set', 'COUNT', '50'))).to.deep.equal(wanted);
      for (const [command, key, prefix] of [
        ['HSCAN', 'hash', 'v:'],
        ['ZSCAN', 'zset', ''],
      ]) {
        const pairs = scanAll(command, key, 'COUNT', '50');
        const names = pairs.filter((_, i) => i % 2 === 0);
        expect(sorted(names)).to.deep.equal(wanted);
        for (let i = 0; i < pairs.length; i += 2) {
          expect(pairs[i + 1]).to.equal(prefix + pairs[i].slice(2));
        }
      }
      expect(sorted(scanAll('SSCAN', 'set', 'MATCH', 'm:99*')).length).to.equal(11);
      expect(scanAll('HSCAN', 'hash', 'MATCH', 'm:500')).to.deep.equal(['m:500', 'v:500']);
    });

    it('ZSCAN prints a score with 17 digits, from a listpack as from a table', () => {
      ks.run('ZADD', 'zset', '0.1', 'm', 'inf', 'n');
      expect(scanAll('ZSCAN', 'zset')).to.deep.equal(['m', '0.10000000000000001', 'n', 'inf']);
      ks.run('ZADD', 'zset', '1', 'x'.repeat(65));
      const pairs = scanAll('ZSCAN', 'zset');
      expect(pairs[pairs.indexOf('m') + 1]).to.equal('0.10000000000000001');
      expect(pairs[pairs.indexOf('n') + 1]).to.equal('inf');
    });

    it('SCAN TYPE, TYPE, COPY, RENAME, MOVE and DEL take values of any type, and memory is as before', () => {
      const types = ['list', 'set', 'hash', 'zset', 'stream', 'set', 'hash', 'zset'];
      const long = 'x'.repeat(100);
      const fill = (): void => {
        ks.run('RPUSH', 'k0', 'a', '1', long);
        ks.run('SADD', 'k1', '1', '2');
        ks.run('HSET', 'k2', 'f', 'v', 'g', '12');
        ks.run('ZADD', 'k3', '1', 'm', '2.5', 'n');
        ks.run('XADD', 'k4', '1-1', 'f', 'v');
        ks.run('XGROUP', 'CREATE', 'k4', 'g', '0');
        ks.run('XREADGROUP', 'GROUP', 'g', 'c', 'STREAMS', 'k4', '>');
        ks.run('SADD', 'k5', 'a', '1');
        ks.run('HSET', 'k6', 'f', long);
        ks.run('ZADD', 'k7', '1', long);
      };
      const round = (): void => {
        fill();
        types.forEach((type, i) => {
          const key = `k${i}`;
          expect(ks.run('TYPE', key)).to.equal(`+${type}\r\n`);
          expect(ks.run('SCAN', '0', 'COUNT', '100', 'TYPE', type)).to.contain(`\r\n${key}\r\n`);
          const digest = ks.run('DEBUG', 'DIGEST-VALUE', key);
          expect(ks.run('COPY', key, 'copy')).to.equal(':1\r\n');
          expect(ks.run('DEBUG', 'DIGEST-VALUE', 'copy')).to.equal(digest);
          expect(ks.run('OBJECT', 'ENCODING', 'copy')).to.equal(ks.run('OBJECT', 'ENCODING', key));
          expect(ks.value('copy').ptr).not.to.equal(ks.value(key).ptr);
          expect(ks.run('RENAME', 'copy', 'renamed')).to.equal('+OK\r\n');
          expect(ks.run('MOVE', 'renamed', '3')).to.equal(':1\r\n');
          expect(ks.run('COPY', key, 'renamed', 'DB', '3', 'REPLACE')).to.equal(':1\r\n');
          ks.run('SELECT', '3');
          expect(ks.run('UNLINK', 'renamed')).to.equal(':1\r\n');
          ks.run('SELECT', '0');
          ks.run('SET', 'string', 'v');
          expect(ks.run('COPY', 'string', key, 'REPLACE')).to.equal(':1\r\n');
          expect(ks.run('DEL', key, 'string')).to.equal(':2\r\n');
        });
        expect(ks.run('FLUSHALL')).to.equal('+OK\r\n');
      };
      ks.server.enable_debug_cmd = 1;
      round();
      round();
      const before = ledger.used;
      round();
      expect(ledger.used).to.equal(before);
    });

    it('RENAME takes the end along, and overwrites', () => {
      ks.run('SET', 'a', '1', 'EX', '10');
      ks.run('SET', 'b', '2');
      expect(ks.run('RENAMENX', 'a', 'b')).to.equal(':0\r\n');
      expect(ks.run('RENAME', 'a', 'b')).to.equal('+OK\r\n');
      expect(ks.run('GET', 'b')).to.equal('$1\r\n1\r\n');
      expect(ks.run('TTL', 'b')).to.equal(':10\r\n');
      expect(ks.run('RENAME', 'b', 'b')).to.equal('+OK\r\n');
      expect(ks.run('RENAMENX', 'b', 'b')).to.equal(':0\r\n');
      expect(ks.run('RENAME', 'none', 'none')).to.equal('-ERR no such key\r\n');
      expect(ks.value('b').refcount).to.equal(2147483647);
    });

    it('MOVE, COPY and SWAPDB go between databases', () => {
      ks.run('SET', 'a', 'text', 'EX', '10');
      expect(ks.run('COPY', 'a', 'b')).to.equal(':1\r\n');
      expect(ks.run('COPY', 'a', 'b')).to.equal(':0\r\n');
      expect(ks.run('COPY', 'a', 'b', 'REPLACE')).to.equal(':1\r\n');
      expect(ks.run('COPY', 'a', 'a')).to.match(/^-ERR source and destination objects are the s/);
      expect(ks.value('b')).to.not.equal(ks.value('a'));
      expect(ks.run('TTL', 'b')).to.equal(':10\r\n');
      expect(ks.run('MOVE', 'a', '1')).to.equal(':1\r\n');
      expect(ks.run('MOVE', 'b', '0')).to.match(/^-ERR source and destination objects are the s/);
      expect(ks.run('COPY', 'b', 'a', 'DB', '1')).to.equal(':0\r\n');
      ks.run('WATCH', 'b');
      expect(ks.run('SWAPDB', '0', '1')).to.equal('+OK\r\n');
      expect(ks.client.flags & CLIENT_DIRTY_CAS).to.not.equal(0);
      expect(ks.run('EXISTS', 'a', 'b')).to.equal(':1\r\n');
      expect(ks.run('TTL', 'a')).to.equal(':10\r\n');
      expect(ks.run('SWAPDB', '0', '16')).to.equal('-ERR DB index is out of range\r\n');
      expect(ks.run('SWAPDB', 'x', '1')).to.equal('-ERR invalid first DB index\r\n');
    });

    it('FLUSHDB leaves the other databases, and takes ASYNC or SYNC and nothing else', () => {
      ks.run('SET', 'a', '1');
      ks.run('COPY', 'a', 'a', 'DB', '1');
      expect(ks.run('FLUSHDB')).to.equal('+OK\r\n');
      expect(dbTotalServerKeyCount()).to.equal(1);
      expect(ks.run('FLUSHALL', 'SYNC')).to.equal('+OK\r\n');
      expect(dbTotalServerKeyCount()).to.equal(0);
      expect(ks.run('FLUSHALL', 'bogus')).to.equal('-ERR syntax error\r\n');
      expect(ks.run('FLUSHALL', 'SYNC', 'SYNC')).to.equal('-ERR syntax error\r\n');
    });

    it('TYPE names the type', () => {
      ks.run('SET', 'a', '1');
      expect(ks.run('TYPE', 'a')).to.equal('+string\r\n');
      expect(ks.run('TYPE', 'none')).to.equal('+none\r\n');
    });

    it('SHUTDOWN refuses what makes no sense', () => {
      for (const args of [['bogus'], ['SAVE', 'NOSAVE'], ['ABORT', 'NOW']]) {
        expect(ks.run('SHUTDOWN', ...args)).to.equal('-ERR syntax error\r\n');
      }
      expect(ks.run('SHUTDOWN', 'ABORT')).to.equal('-ERR No shutdown in progress.\r\n');
    });
  });

  describe('where the keys are', () => {
    const positions = (result: getKeysResult): [number, number][] =>
      result.keys.slice(0, result.numkeys).map((key) => [key.pos, key.flags]);
    const line = (...args: string[]): robj[] => args.map(str);

    it('in a command of the table', () => {
      const result = new getKeysResult();
      const mset = lookupCommandByCString('mset')!;
      const argv = line('mset', 'a', '1', 'b', '2');
      expect(getKeysFromCommandWithSpecs(mset, argv, 5, GET_KEYSPEC_DEFAULT, result)).to.equal(2);
      expect(positions(result).map(([pos]) => pos)).to.deep.equal([1, 3]);
      expect(result.keys[0].flags & CMD_KEY_OW).to.not.equal(0);
      getKeysFreeResult(result);
      expect(getKeysFromCommand(mset, argv, 5, result)).to.equal(2);
      expect(positions(result)).to.deep.equal([
        [1, 0],
        [3, 0],
      ]);
      expect(doesCommandHaveKeys(mset)).to.equal(true);
      expect(doesCommandHaveKeys(lookupCommandByCString('ping')!)).to.equal(false);
      expect(getKeysFromCommand(lookupCommandByCString('ping')!, argv, 1, result)).to.equal(0);
    });

    it('in SET, with flags that depend on GET', () => {
      const set = lookupCommandByCString('set')!;
      const result = new getKeysResult();
      getKeysFromCommandWithSpecs(set, line('set', 'k', 'v'), 3, GET_KEYSPEC_DEFAULT, result);
      expect(result.keys[0].flags & CMD_KEY_OW).to.not.equal(0);
      const argv = line('set', 'k', 'v', 'gEt');
      getKeysFromCommandWithSpecs(set, argv, 4, GET_KEYSPEC_DEFAULT, result);
      expect(positions(result).length).to.equal(1);
      expect(result.keys[0].flags & CMD_KEY_RW).to.not.equal(0);
    });

    it('after a number of keys, with a destination before it', () => {
      const result = new getKeysResult();
      const argv = line('zunionstore', 'dst', '2', 'a', 'b', 'WEIGHTS');
      expect(genericGetKeys(1, 2, 3, 1, argv, 6, result)).to.equal(3);
      expect(positions(result).map(([pos]) => pos)).to.deep.equal([3, 4, 1]);
      expect(genericGetKeys(0, 2, 3, 1, line('x', 'y', '9', 'a'), 4, result)).to.equal(0);
      expect(genericGetKeys(0, 2, 3, 1, line('x', 'y', '0', 'a'), 4, result)).to.equal(0);
    });

    /** A command with the given specs. */
    function command(...specs: ((spec: keySpec) => void)[]): redisCommand {
      const cmd = new redisCommand();
      cmd.arity = -2;
      for (const fill of specs) {
        const spec = new keySpec();
        spec.flags = CMD_KEY_RO;
        fill(spec);
        cmd.key_specs.push(spec);
      }
      cmd.key_specs_num = specs.length;
      return cmd;
    }

    const keyword = (spec: keySpec, word: string, startfrom: number): void => {
      spec.begin_search_type = KSPEC_BS_KEYWORD;
      spec.bs.keyword = { keyword: word, startfrom };
      spec.find_keys_type = KSPEC_FK_RANGE;
      spec.fk.range = { lastkey: -1, keystep: 1, limit: 2 };
    };
    const keynum = (spec: keySpec): void => {
      spec.begin_search_type = KSPEC_BS_INDEX;
      spec.bs.index = { pos: 1 };
      spec.find_keys_type = KSPEC_FK_KEYNUM;
      spec.fk.keynum = { keynumidx: 0, firstkey: 1, keystep: 1 };
    };

    it('behind a keyword, half of the rest', () => {
      const cmd = command((spec) => keyword(spec, 'STREAMS', 1));
      const result = new getKeysResult();
      const argv = line('xread', 'COUNT', '2', 'streams', 'a', 'b', '0', '0');
      expect(getKeysUsingKeySpecs(cmd, argv, 8, 0, result)).to.equal(2);
      expect(positions(result).map(([pos]) => pos)).to.deep.equal([4, 5]);
      // Without the keyword there are none, which is no error.
      expect(getKeysUsingKeySpecs(cmd, line('xread', 'a'), 2, 0, result)).to.equal(0);
      const back = command((spec) => keyword(spec, 'KEYS', -2));
      expect(getKeysUsingKeySpecs(back, line('m', 'x', 'keys', 'a', 'b'), 5, 0, result)).to.equal(
        1,
      );
    });

    it('after a number, if that makes sense', () => {
      const cmd = command(keynum);
      const result = new getKeysResult();
      const count = (...args: string[]): number =>
        getKeysUsingKeySpecs(cmd, line(...args), args.length, 0, result);
      expect(count('sintercard', '2', 'a', 'b')).to.equal(2);
      expect(count('sintercard', '3', 'a', 'b')).to.equal(-1);
      expect(count('sintercard', '-1', 'a', 'b')).to.equal(-1);
      expect(count('sintercard', 'x', 'a', 'b')).to.equal(-1);
      expect(count('sintercard')).to.equal(-1);
    });

    it('by several specs, some of which cannot tell', () => {
      const unknown = (spec: keySpec): void => {
        spec.begin_search_type = KSPEC_BS_UNKNOWN;
        spec.find_keys_type = KSPEC_FK_UNKNOWN;
      };
      const cmd = command(keynum, unknown, (spec) => {
        keynum(spec);
        spec.flags |= CMD_KEY_NOT_KEY;
      });
      const result = new getKeysResult();
      const argv = line('x', '1', 'a');
      expect(getKeysUsingKeySpecs(cmd, argv, 3, 0, result)).to.equal(-1);
      expect(getKeysUsingKeySpecs(cmd, argv, 3, GET_KEYSPEC_RETURN_PARTIAL, result)).to.equal(1);
      const both = GET_KEYSPEC_RETURN_PARTIAL | GET_KEYSPEC_INCLUDE_NOT_KEYS;
      expect(getKeysUsingKeySpecs(cmd, argv, 3, both, result)).to.equal(2);
      cmd.key_specs[0].flags |= CMD_KEY_INCOMPLETE;
      expect(getKeysUsingKeySpecs(cmd, argv, 3, GET_KEYSPEC_RETURN_PARTIAL, result)).to.equal(1);
      // The command's own function is asked when the specs cannot tell.
      cmd.getkeys_proc = (_cmd, _argv, _argc, res) => (res.numkeys = 7);
      expect(getKeysFromCommandWithSpecs(cmd, argv, 3, 0, result)).to.equal(7);
      cmd.getkeys_proc = null;
      expect(getKeysFromCommandWithSpecs(cmd, argv, 3, 0, result)).to.equal(0);
    });

    it('and the channels', () => {
      const subscribe = lookupCommandByCString('subscribe')!;
      const publish = lookupCommandByCString('publish')!;
      const result = new getKeysResult();
      expect(getChannelsFromCommand(subscribe, line('subscribe', 'a', 'b'), 3, result)).to.equal(2);
      expect(positions(result)).to.deep.equal([
        [1, CMD_CHANNEL_SUBSCRIBE],
        [2, CMD_CHANNEL_SUBSCRIBE],
      ]);
      expect(getChannelsFromCommand(publish, line('publish', 'a', 'm'), 3, result)).to.equal(1);
      expect(getChannelsFromCommand(lookupCommandByCString('get')!, [], 0, result)).to.equal(0);
      expect(doesCommandHaveChannelsWithFlags(publish, CMD_CHANNEL_PUBLISH)).to.equal(true);
      expect(doesCommandHaveChannelsWithFlags(publish, CMD_CHANNEL_SUBSCRIBE)).to.equal(false);
      for (const name of ['psubscribe', 'punsubscribe']) {
        const cmd = lookupCommandByCString(name)!;
        expect(doesCommandHaveChannelsWithFlags(cmd, CMD_CHANNEL_PATTERN)).to.equal(true);
      }
    });
  });
});
