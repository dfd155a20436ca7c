import { expect } from 'chai';
import type { dict } from '../../object/dict.ts';
import {
  HASH_SET_COPY,
  hashTypeConvert,
  hashTypeExists,
  hashTypeGetValue,
  hashTypeGetValueLength,
  hashTypeGetValueObject,
  hashTypeSet,
  hashTypeTryConversion,
} from '../../object/t_hash.ts';
import { createHashObject, createStringObjectFromLongLong } from '../../object/object.ts';
import { ledger } from '../../object/zmalloc.ts';
import { lpAppend, lpBytes, lpNew } from '../../quicklist/listpack.ts';
import {
  OBJ_ENCODING_HT,
  OBJ_ENCODING_INT,
  OBJ_ENCODING_LISTPACK,
  type client,
} from '../../server/server.h.ts';
import { Random } from '../support/random.ts';
import { Keyspace } from '../server/keyspace.ts';

/** The bulk strings of a reply, in their order. */
function bulks(reply: string): string[] {
  const all: string[] = [];
  for (let at = reply.indexOf('$'); at !== -1; at = reply.indexOf('$', at)) {
    const eol = reply.indexOf('\r\n', at);
    const len = Number(reply.slice(at + 1, eol));
    all.push(reply.slice(eol + 2, eol + 2 + len));
    at = eol + 2 + len + 2;
  }
  return all;
}

const WRONGTYPE = '-WRONGTYPE Operation against a key holding the wrong kind of value\r\n';

/** Fields f1 v1 f2 v2 ... */
function pairs(from: number, to: number): string[] {
  const all: string[] = [];
  for (let i = from; i <= to; i++) all.push(`f${i}`, `v${i}`);
  return all;
}

describe('t_hash.ts', () => {
  let ks: Keyspace;

  beforeEach(() => {
    ks = new Keyspace();
    ledger.arena.poison = true;
  });

  const encoding = (key: string): string => bulks(ks.run('OBJECT', 'ENCODING', key))[0] ?? '';

  /** What a hash holds, as text that can be compared. */
  function content(key: string): string[] {
    const all = bulks(ks.run('HGETALL', key));
    return all.flatMap((field, i) => (i % 2 === 0 ? [`${field}=${all[i + 1]}`] : [])).sort();
  }

  /** Runs `fn` with small hashes as listpacks, and again with all hashes as tables. */
  function bothEncodings(fn: (encoding: string) => void): void {
    fn('listpack');
    ks.run('FLUSHALL');
    ks.run('CONFIG', 'SET', 'hash-max-listpack-entries', '0');
    fn('hashtable');
  }

  describe('the encoding', () => {
    it('is a listpack of fields and values in the order of their coming', () => {
      ks.run('HSET', 'h', 'b', '1', 'a', 'xy');
      expect(encoding('h')).to.equal('listpack');
      const zl = ks.value('h').ptr as Buffer;
      // Total bytes, elements, "b", 1, "a", "xy", end.
      expect(zl.subarray(0, lpBytes(zl)).toString('hex')).to.equal(
        '13000000' + '0400' + '816202' + '0101' + '816102' + '82787903' + 'ff',
      );
      ks.run('HSET', 'h', 'b', '2');
      expect(bulks(ks.run('HGETALL', 'h'))).to.deep.equal(['b', '2', 'a', 'xy']);
    });

    it('changes with a field or value that is too long, and stays', () => {
      for (const args of [
        ['f', 'x'.repeat(65)],
        ['f'.repeat(65), 'x'],
      ]) {
        ks.run('HSET', 'h', 'a', '1', 'b', '2');
        ks.run('HSET', 'h', 'f', 'x'.repeat(64));
        expect(encoding('h')).to.equal('listpack');
        ks.run('HSET', 'h', ...args);
        expect(encoding('h')).to.equal('hashtable');
        ks.run('HDEL', 'h', args[0] ?? '');
        expect(encoding('h')).to.equal('hashtable');
        expect(content('h')).to.include.members(['a=1', 'b=2']);
        ks.run('DEL', 'h');
      }
    });

    it('changes with one field more than hash-max-listpack-entries', () => {
      ks.run('HSET', 'h', ...pairs(1, 512));
      expect(encoding('h')).to.equal('listpack');
      ks.run('HSET', 'h', 'f1', 'again');
      expect(encoding('h')).to.equal('listpack');
      ks.run('HSET', 'h', 'f513', '');
      expect(encoding('h')).to.equal('hashtable');
      expect(ks.run('HLEN', 'h')).to.equal(':513\r\n');
      expect((ks.value('h').ptr as dict<string, string>).ht_size_exp).to.deep.equal([10, -1]);
    });

    it('changes when a sum gets too long, and for a hash that would grow too large', () => {
      ks.run('CONFIG', 'SET', 'hash-max-listpack-value', '5');
      ks.run('HSET', 'h', 'n', '9999');
      ks.run('HINCRBY', 'h', 'n', '90000');
      expect(encoding('h')).to.equal('listpack');
      ks.run('HINCRBY', 'h', 'n', '900000');
      expect(encoding('h')).to.equal('hashtable');
      ks.run('HINCRBYFLOAT', 'g', 'n', '1.0625');
      expect(encoding('g')).to.equal('hashtable');

      const o = createHashObject();
      // An integer has no length that could be too much.
      hashTypeTryConversion(o, [createStringObjectFromLongLong(10n ** 18n)], 0, 0);
      expect(o.encoding).to.equal(OBJ_ENCODING_LISTPACK);
      const zl = o.ptr as Buffer;
      zl.writeUInt32LE(2 ** 30, 0);
      expect(() =>
        hashTypeTryConversion(o, [createStringObjectFromLongLong(1)], 0, 0),
      ).to.not.throw();
      zl.writeUInt32LE(7, 0);
    });

    it('cannot be changed back, nor if a field is there twice', () => {
      const o = createHashObject();
      hashTypeConvert(o, OBJ_ENCODING_LISTPACK);
      expect(o.encoding).to.equal(OBJ_ENCODING_LISTPACK);
      expect(() => hashTypeConvert(o, OBJ_ENCODING_INT)).to.throw();
      let zl = lpNew(0);
      for (const s of ['f', '1', 'f', '2']) zl = lpAppend(zl, s);
      o.ptr = zl;
      expect(() => hashTypeConvert(o, OBJ_ENCODING_HT)).to.throw();
      const p = createHashObject();
      hashTypeConvert(p, OBJ_ENCODING_HT);
      expect(p.encoding).to.equal(OBJ_ENCODING_HT);
      expect(() => hashTypeConvert(p, OBJ_ENCODING_LISTPACK)).to.throw();
    });
  });

  it('hands out values as strings, numbers and bigints, as they lie there', () => {
    const o = createHashObject();
    for (const [field, value] of [
      ['a', 'text'],
      ['b', '42'],
      ['c', '9223372036854775807'],
      ['d', '042'],
    ]) {
      expect(hashTypeSet(o, field ?? '', value ?? '', HASH_SET_COPY)).to.equal(0);
    }
    const fields = ['a', 'b', 'c', 'd', 'none'];
    expect(fields.map((f) => hashTypeGetValue(o, f))).to.deep.equal([
      'text',
      42,
      9223372036854775807n,
      '042',
      null,
    ]);
    expect(fields.map((f) => hashTypeGetValueLength(o, f))).to.deep.equal([4, 2, 19, 3, 0]);
    expect(fields.map((f) => hashTypeExists(o, f))).to.deep.equal([true, true, true, true, false]);
    expect(fields.map((f) => hashTypeGetValueObject(o, f)?.ptr)).to.deep.equal([
      'text',
      42,
      9223372036854775807n,
      '042',
      undefined,
    ]);
    hashTypeConvert(o, OBJ_ENCODING_HT);
    expect(fields.map((f) => hashTypeGetValue(o, f))).to.deep.equal([
      'text',
      '42',
      '9223372036854775807',
      '042',
      null,
    ]);
    expect(hashTypeSet(o, 'a', 'new', HASH_SET_COPY)).to.equal(1);
    expect(hashTypeGetValueObject(o, 'a')?.ptr).to.equal('new');
  });

  it('sets and gets, deletes and counts, lists and measures', () => {
    bothEncodings((kind) => {
      expect(ks.run('HSET', 'h', 'a', '1', 'b', 'two', 'a', '11')).to.equal(':2\r\n');
      expect(encoding('h')).to.equal(kind);
      expect(ks.run('HSET', 'h', 'a', '1', 'c', '')).to.equal(':1\r\n');
      expect(ks.run('HMSET', 'h', 'd', '-7')).to.equal('+OK\r\n');
      expect(ks.run('hset', 'h', 'd', '-7')).to.equal(':0\r\n');
      expect(ks.run('HSETNX', 'h', 'd', '8')).to.equal(':0\r\n');
      expect(ks.run('HSETNX', 'h', 'e', '9')).to.equal(':1\r\n');
      expect(ks.run('HGET', 'h', 'a')).to.equal('$1\r\n1\r\n');
      expect(ks.run('HGET', 'h', 'x')).to.equal('$-1\r\n');
      expect(ks.run('HGET', 'none', 'x')).to.equal('$-1\r\n');
      expect(ks.run('HMGET', 'h', 'b', 'x', 'd')).to.equal(
        '*3\r\n$3\r\ntwo\r\n$-1\r\n$2\r\n-7\r\n',
      );
      expect(ks.run('HMGET', 'none', 'b', 'x')).to.equal('*2\r\n$-1\r\n$-1\r\n');
      expect(ks.run('HLEN', 'h')).to.equal(':5\r\n');
      expect(ks.run('HLEN', 'none')).to.equal(':0\r\n');
      expect(ks.run('HSTRLEN', 'h', 'b')).to.equal(':3\r\n');
      expect(ks.run('HSTRLEN', 'h', 'd')).to.equal(':2\r\n');
      expect(ks.run('HSTRLEN', 'h', 'x')).to.equal(':0\r\n');
      expect(ks.run('HSTRLEN', 'none', 'x')).to.equal(':0\r\n');
      expect(ks.run('HEXISTS', 'h', 'c')).to.equal(':1\r\n');
      expect(ks.run('HEXISTS', 'h', 'x')).to.equal(':0\r\n');
      expect(ks.run('HEXISTS', 'none', 'x')).to.equal(':0\r\n');
      expect(bulks(ks.run('HKEYS', 'h')).sort()).to.deep.equal(['a', 'b', 'c', 'd', 'e']);
      expect(bulks(ks.run('HVALS', 'h')).sort()).to.deep.equal(['', '-7', '1', '9', 'two']);
      expect(content('h')).to.deep.equal(['a=1', 'b=two', 'c=', 'd=-7', 'e=9']);
      expect(ks.run('HKEYS', 'none')).to.equal('*0\r\n');
      expect(ks.run('HGETALL', 'none')).to.equal('*0\r\n');
      expect(ks.run('HDEL', 'h', 'a', 'x', 'b', 'a')).to.equal(':2\r\n');
      expect(ks.run('HDEL', 'h', 'x')).to.equal(':0\r\n');
      expect(ks.run('HDEL', 'none', 'x')).to.equal(':0\r\n');
      expect(ks.run('HDEL', 'h', 'c', 'd', 'e', 'f')).to.equal(':3\r\n');
      expect(ks.run('EXISTS', 'h')).to.equal(':0\r\n');
    });
  });

  it('wants a value for each field', () => {
    expect(ks.run('HSET', 'h', 'a', '1', 'b')).to.equal(
      "-ERR wrong number of arguments for 'hset' command\r\n",
    );
    expect(ks.run('HMSET', 'h', 'a', '1', 'b')).to.equal(
      "-ERR wrong number of arguments for 'hmset' command\r\n",
    );
    expect(ks.run('EXISTS', 'h')).to.equal(':0\r\n');
  });

  it('refuses values of other types', () => {
    ks.run('SET', 'k', 'v');
    for (const command of [
      'HSET k f v',
      'HMSET k f v',
      'HSETNX k f v',
      'HINCRBY k f 1',
      'HINCRBYFLOAT k f 1',
      'HGET k f',
      'HMGET k f',
      'HDEL k f',
      'HLEN k',
      'HSTRLEN k f',
      'HKEYS k',
      'HVALS k',
      'HGETALL k',
      'HEXISTS k f',
      'HSCAN k 0',
      'HRANDFIELD k',
      'HRANDFIELD k 1',
    ]) {
      expect(ks.run(...command.split(' ')), command).to.equal(WRONGTYPE);
    }
  });

  describe('HINCRBY and HINCRBYFLOAT', () => {
    it('add, and reply the sum', () => {
      bothEncodings(() => {
        expect(ks.run('HINCRBY', 'h', 'n', '5')).to.equal(':5\r\n');
        expect(ks.run('HINCRBY', 'h', 'n', '-7')).to.equal(':-2\r\n');
        ks.run('HSET', 'h', 'n', '9007199254740993');
        expect(ks.run('HINCRBY', 'h', 'n', '1')).to.equal(':9007199254740994\r\n');
        ks.run('HSET', 'h', 'n', '9223372036854775806');
        expect(ks.run('HINCRBY', 'h', 'n', '1')).to.equal(':9223372036854775807\r\n');
        expect(ks.run('HINCRBY', 'h', 'n', '-9223372036854775808')).to.equal(':-1\r\n');
        expect(ks.run('HINCRBYFLOAT', 'h', 'x', '0.1')).to.equal('$3\r\n0.1\r\n');
        expect(ks.run('HINCRBYFLOAT', 'h', 'x', '0.2')).to.equal('$3\r\n0.3\r\n');
        expect(ks.run('HINCRBYFLOAT', 'h', 'x', '1.7')).to.equal('$1\r\n2\r\n');
        expect(ks.run('HINCRBYFLOAT', 'h', 'x', '5e3')).to.equal('$4\r\n5002\r\n');
        expect(ks.run('HGET', 'h', 'x')).to.equal('$4\r\n5002\r\n');
      });
    });

    it('refuse what is no number, and sums that are none', () => {
      bothEncodings(() => {
        ks.run('HSET', 'h', 't', 'text', 'n', '9223372036854775807', 'm', '-9223372036854775808');
        expect(ks.run('HINCRBY', 'h', 't', '1')).to.equal('-ERR hash value is not an integer\r\n');
        expect(ks.run('HINCRBYFLOAT', 'h', 't', '1')).to.equal(
          '-ERR hash value is not a float\r\n',
        );
        expect(ks.run('HINCRBY', 'h', 'n', 'x')).to.equal(
          '-ERR value is not an integer or out of range\r\n',
        );
        expect(ks.run('HINCRBYFLOAT', 'h', 'n', 'x')).to.equal(
          '-ERR value is not a valid float\r\n',
        );
        const overflow = '-ERR increment or decrement would overflow\r\n';
        expect(ks.run('HINCRBY', 'h', 'n', '1')).to.equal(overflow);
        expect(ks.run('HINCRBY', 'h', 'm', '-1')).to.equal(overflow);
        expect(ks.run('HINCRBYFLOAT', 'h', 'n', 'inf')).to.equal(
          '-ERR increment would produce NaN or Infinity\r\n',
        );
        expect(content('h')).to.deep.equal([
          'm=-9223372036854775808',
          'n=9223372036854775807',
          't=text',
        ]);
      });
    });

    it('leave a hash behind even if the sum was refused', () => {
      // As in C: the key is made before the sum is known.
      expect(ks.run('HINCRBYFLOAT', 'h', 'n', '+inf')).to.match(/^-ERR increment would/);
      expect(ks.run('HLEN', 'h')).to.equal(':0\r\n');
      expect(ks.run('EXISTS', 'h')).to.equal(':1\r\n');
    });

    it('go out as the result, if the sum is no integer', () => {
      ks.run('HINCRBYFLOAT', 'h', 'n', '10.50');
      expect(ks.rewritten).to.deep.equal(['HSET', 'h', 'n', '10.5']);
      ks.run('HINCRBY', 'h', 'm', '3');
      expect(ks.rewritten).to.deep.equal(['HINCRBY', 'h', 'm', '3']);
    });
  });

  it('counts what was changed, and tells who listens', () => {
    const listener: client = ks.newClient();
    ks.run('CONFIG', 'SET', 'notify-keyspace-events', 'EA');
    ks.runAs(listener, 'PSUBSCRIBE', '__key*');
    const events = (...args: string[]): string => {
      const before = ks.server.dirty;
      ks.run(...args);
      const got = [...ks.taken(listener).matchAll(/__:(\w+)\r\n\$\d+\r\n(\w+)/g)];
      return [ks.server.dirty - before, ...got.map((m) => `${m[1]} ${m[2]}`)].join(', ');
    };
    expect(events('HSET', 'h', 'a', '1', 'b', '2')).to.equal('2, hset h');
    expect(events('HSET', 'h', 'a', '1')).to.equal('1, hset h');
    expect(events('HSETNX', 'h', 'a', '1')).to.equal('0');
    expect(events('HSETNX', 'h', 'c', '1')).to.equal('1, hset h');
    expect(events('HINCRBY', 'h', 'c', '1')).to.equal('1, hincrby h');
    expect(events('HINCRBYFLOAT', 'h', 'c', '1')).to.equal('1, hincrbyfloat h');
    expect(events('HDEL', 'h', 'x')).to.equal('0');
    expect(events('HDEL', 'h', 'a', 'b')).to.equal('2, hdel h');
    expect(events('HDEL', 'h', 'c', 'd')).to.equal('1, hdel h, del h');
  });

  it('replies maps and pairs to who speaks RESP3', () => {
    ks.run('HELLO', '3');
    bothEncodings(() => {
      ks.run('HSET', 'h', 'a', '1');
      expect(ks.run('HGETALL', 'h')).to.equal('%1\r\n$1\r\na\r\n$1\r\n1\r\n');
      expect(ks.run('HGETALL', 'none')).to.equal('%0\r\n');
      expect(ks.run('HVALS', 'none')).to.equal('*0\r\n');
      expect(ks.run('HKEYS', 'h')).to.equal('*1\r\n$1\r\na\r\n');
      const pair = '*2\r\n$1\r\na\r\n$1\r\n1\r\n';
      expect(ks.run('HRANDFIELD', 'h', '-2', 'WITHVALUES')).to.equal(`*2\r\n${pair}${pair}`);
      expect(ks.run('HRANDFIELD', 'h', '5', 'WITHVALUES')).to.equal(`*1\r\n${pair}`);
      expect(ks.run('HRANDFIELD', 'none')).to.equal('_\r\n');
      ks.run('HSET', 'h', ...pairs(1, 20));
      // Half of them, by removing from a copy; a few, by drawing.
      for (const count of [10, 3]) {
        const reply = ks.run('HRANDFIELD', 'h', count, 'WITHVALUES');
        expect(reply.startsWith(`*${count}\r\n*2\r\n`)).to.equal(true);
        expect(bulks(reply)).to.have.length(count * 2);
      }
    });
  });

  describe('HRANDFIELD', () => {
    it('replies one field, or none', () => {
      bothEncodings(() => {
        ks.run('HSET', 'h', ...pairs(1, 9));
        expect(bulks(ks.run('HRANDFIELD', 'h'))[0]).to.match(/^f[1-9]$/);
        expect(ks.run('HRANDFIELD', 'none')).to.equal('$-1\r\n');
        expect(ks.run('HRANDFIELD', 'none', '2')).to.equal('*0\r\n');
        expect(ks.run('HRANDFIELD', 'h', '0')).to.equal('*0\r\n');
        // An integer that is a field in a listpack comes as its digits.
        ks.run('HSET', 'i', '17', '18');
        expect(ks.run('HRANDFIELD', 'i')).to.equal('$2\r\n17\r\n');
        expect(ks.run('HRANDFIELD', 'i', '-1', 'withvalues')).to.equal(
          '*2\r\n$2\r\n17\r\n$2\r\n18\r\n',
        );
      });
    });

    it('replies different fields for a count, and repeats them for a negative one', () => {
      bothEncodings(() => {
        ks.run('HSET', 'h', ...pairs(1, 100));
        for (const count of [1, 2, 33, 34, 60, 99, 100, 1000]) {
          const n = Math.min(count, 100);
          const fields = bulks(ks.run('HRANDFIELD', 'h', count));
          expect(new Set(fields).size).to.equal(n);
          expect(pairs(1, 100)).to.include.members(fields);
          const both = bulks(ks.run('HRANDFIELD', 'h', count, 'WITHVALUES'));
          expect(both).to.have.length(n * 2);
          const names = both.filter((_, i) => i % 2 === 0);
          expect(new Set(names).size).to.equal(n);
          names.forEach((name, i) => expect(both[i * 2 + 1]).to.equal(`v${name.slice(1)}`));
        }
        // More than are drawn from a listpack at a time.
        const both = bulks(ks.run('HRANDFIELD', 'h', '-1234', 'WITHVALUES'));
        expect(both).to.have.length(2468);
        both.forEach((s, i) => {
          if (i % 2 === 1) expect(s).to.equal(`v${(both[i - 1] ?? '').slice(1)}`);
        });
        expect(bulks(ks.run('HRANDFIELD', 'h', '-1234'))).to.have.length(1234);
      });
    });

    it('picks each field about equally often, however many are asked for', () => {
      bothEncodings(() => {
        ks.run('HSET', 'h', ...pairs(1, 10));
        for (const count of [-2400, 1, 2, 3, 8]) {
          const counts = new Map<string, number>();
          const rounds = 2400 / Math.abs(count);
          for (let i = 0; i < rounds; i++) {
            for (const f of bulks(ks.run('HRANDFIELD', 'h', count))) {
              counts.set(f, (counts.get(f) ?? 0) + 1);
            }
          }
          let chi = 0;
          for (let i = 1; i <= 10; i++) chi += ((counts.get(`f${i}`) ?? 0) - 240) ** 2 / 240;
          // 9 degrees of freedom: more comes up once in 100000 times.
          expect(chi, `count ${count}`).to.be.lessThan(40);
        }
      });
    });

    it('refuses what is no count, and what is not WITHVALUES', () => {
      expect(ks.run('HRANDFIELD', 'h', 'x')).to.equal(
        '-ERR value is not an integer or out of range\r\n',
      );
      for (const rest of [['x'], ['WITHVALUES', 'x']]) {
        expect(ks.run('HRANDFIELD', 'h', '1', ...rest)).to.equal('-ERR syntax error\r\n');
      }
    });
  });

  it('walks a hash with HSCAN', () => {
    for (const size of [100, 1000]) {
      ks.run('HSET', 'h', ...pairs(1, size));
      const seen = new Map<string, string>();
      let cursor = '0';
      do {
        const [next = '', ...found] = bulks(ks.run('HSCAN', 'h', cursor, 'COUNT', '20'));
        found.forEach((s, i) => {
          if (i % 2 === 1) seen.set(found[i - 1] ?? '', s);
        });
        cursor = next;
      } while (cursor !== '0');
      expect([...seen].map(([f, v]) => `${f}=${v}`).sort()).to.deep.equal(content('h'));
      expect(seen.size).to.equal(size);
    }
    expect(ks.run('HSCAN', 'none', '0')).to.equal('*2\r\n$1\r\n0\r\n*0\r\n');
    expect(ks.run('HSCAN', 'h', 'x')).to.equal('-ERR invalid cursor\r\n');
  });

  it('copies a hash, encoding and all, so that neither changes with the other', () => {
    bothEncodings((kind) => {
      ks.run('HSET', 'h', ...pairs(1, 50));
      expect(ks.run('COPY', 'h', 'g')).to.equal(':1\r\n');
      expect(encoding('g')).to.equal(kind);
      const before = content('h');
      ks.run('HSET', 'h', 'f1', 'changed', 'new', '1');
      ks.run('HDEL', 'h', 'f2');
      expect(content('g')).to.deep.equal(before);
    });
  });

  it('does what a plain map does, whatever is set and deleted', () => {
    const random = Random.fromEnvironment();
    for (let round = 0; round < 20; round++) {
      ks.run('FLUSHALL');
      ks.run('CONFIG', 'SET', 'hash-max-listpack-entries', random.pick(['0', '10', '512']));
      const model = new Map<string, string>();
      for (let step = 0; step < 200; step++) {
        const field = random.pick(['1', '22', '-3', 'f', '', `g${random.int(0, 30)}`]);
        const told = `TEST_SEED=${random.seed}`;
        if (random.chance(0.6)) {
          const value = random.chance(0.4)
            ? String(random.int(-70000, 70000))
            : 'v'.repeat(random.int(0, random.chance(0.01) ? 100 : 60));
          expect(ks.run('HSET', 'h', field, value), told).to.equal(
            `:${model.has(field) ? 0 : 1}\r\n`,
          );
          model.set(field, value);
        } else {
          expect(ks.run('HDEL', 'h', field), told).to.equal(`:${model.delete(field) ? 1 : 0}\r\n`);
        }
      }
      expect(content('h'), `TEST_SEED=${random.seed}`).to.deep.equal(
        [...model].map(([f, v]) => `${f}=${v}`).sort(),
      );
    }
  });

  it('leaves the account of memory as it was, when the hashes are gone', () => {
    const long = 'x'.repeat(300);
    const play = (): void => {
      ks.run('HSET', 'a', ...pairs(1, 600));
      ks.run('HSET', 'a', 'f1', long, 'f2', '', long, long);
      ks.run('HSET', 'a', 'f1', 'short');
      ks.run('HSET', 'b', ...pairs(1, 100));
      ks.run('HSET', 'b', 'f1', '12345', 'f2', 'longer than it was');
      ks.run('HDEL', 'a', 'f1', 'f3', 'f3');
      ks.run('HDEL', 'b', 'f1', 'f2');
      ks.run('HINCRBY', 'b', 'n', '100');
      ks.run('HINCRBYFLOAT', 'a', 'n', '1.5');
      ks.run('HRANDFIELD', 'a', '10', 'WITHVALUES');
      ks.run('HRANDFIELD', 'a', '500', 'WITHVALUES');
      ks.run('HRANDFIELD', 'b', '50', 'WITHVALUES');
      ks.run('COPY', 'a', 'c');
      ks.run('COPY', 'b', 'd');
      ks.run('HSET', 'd', 'f', long);
      ks.run('DEL', 'a', 'b');
      ks.run('UNLINK', 'c', 'd');
      ks.turn();
      expect(ks.run('DBSIZE')).to.equal(':0\r\n');
    };
    play();
    const before = ledger.used;
    play();
    expect(ledger.used).to.equal(before);
  });
});
