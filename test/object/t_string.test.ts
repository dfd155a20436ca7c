import { expect } from 'chai';
import { sds } from '../../object/sds.ts';
import { LLONG_MAX } from '../../object/object.ts';
import { lcsTable } from '../../object/t_string.ts';
import { ledger } from '../../object/zmalloc.ts';
import { OBJ_ENCODING_INT, OBJ_ENCODING_RAW, shared } from '../../server/server.h.ts';
import { Keyspace } from '../server/keyspace.ts';

describe('t_string.ts', () => {
  let ks: Keyspace;

  beforeEach(() => {
    ks = new Keyspace();
  });

  describe('SET', () => {
    it('keeps the very object of the argument as value', () => {
      ks.run('SET', 'k', 'some text');
      expect(ks.value('k').ptr).to.equal('some text');
      expect(ks.value('k').refcount).to.equal(1);
    });

    it('takes a time, and hands it on as an absolute one', () => {
      expect(ks.run('SET', 'k', 'v', 'EX', '10')).to.equal('+OK\r\n');
      const ms = String(ks.server.mstime + 10000);
      expect(ks.rewritten).to.deep.equal(['SET', 'k', 'v', 'PXAT', ms]);
      expect(ks.run('PEXPIRETIME', 'k')).to.equal(`:${ms}\r\n`);
      ks.run('SET', 'k', 'v', 'PX', '1500');
      expect(ks.run('PTTL', 'k')).to.equal(':1500\r\n');
      ks.run('SET', 'k', 'v', 'EXAT', '33177117420');
      expect(ks.run('EXPIRETIME', 'k')).to.equal(':33177117420\r\n');
      ks.run('SET', 'k', 'v', 'PXAT', '33177117420123');
      expect(ks.run('PEXPIRETIME', 'k')).to.equal(':33177117420123\r\n');
    });

    it('takes an end away, unless KEEPTTL', () => {
      ks.run('SET', 'k', 'v', 'EX', '10');
      ks.run('SET', 'k', 'w', 'KEEPTTL');
      expect(ks.run('TTL', 'k')).to.equal(':10\r\n');
      ks.run('SET', 'k', 'w');
      expect(ks.run('TTL', 'k')).to.equal(':-1\r\n');
    });

    it('refuses a time that is no time, or beyond 64 bits', () => {
      for (const [opt, time] of [
        ['EX', '0'],
        ['EX', '-1'],
        ['EX', '9223372036854776'],
        ['EX', '9223372036854775'],
        ['PX', '9223372036854775807'],
        ['PXAT', '-5'],
      ]) {
        expect(ks.run('SET', 'k', 'v', opt, time)).to.equal(
          "-ERR invalid expire time in 'set' command\r\n",
        );
      }
      expect(ks.run('SET', 'k', 'v', 'EX', 'x')).to.match(/^-ERR value is not an integer/);
      expect(ks.run('SETEX', 'k', '0', 'v')).to.match(/^-ERR invalid expire time in 'setex'/);
      expect(ks.run('EXISTS', 'k')).to.equal(':0\r\n');
    });

    it('obeys NX and XX, and with GET replies the old value in any case', () => {
      expect(ks.run('SET', 'k', '1', 'XX')).to.equal('$-1\r\n');
      expect(ks.run('SET', 'k', '1', 'NX')).to.equal('+OK\r\n');
      expect(ks.run('SET', 'k', '2', 'NX')).to.equal('$-1\r\n');
      expect(ks.run('SET', 'k', '2', 'NX', 'GET')).to.equal('$1\r\n1\r\n');
      expect(ks.run('GET', 'k')).to.equal('$1\r\n1\r\n');
      expect(ks.run('SET', 'k', '3', 'XX', 'GET')).to.equal('$1\r\n1\r\n');
      expect(ks.run('SET', 'k2', '3', 'GET')).to.equal('$-1\r\n');
    });

    it('is handed on without GET, however often it was said', () => {
      ks.run('SET', 'k', 'GET', 'get', 'KEEPTTL', 'GeT');
      expect(ks.rewritten).to.deep.equal(['SET', 'k', 'GET', 'KEEPTTL']);
    });

    it('refuses options that exclude each other or stand alone', () => {
      for (const opts of [
        ['NX', 'XX'],
        ['EX', '1', 'PX', '1'],
        ['KEEPTTL', 'EX', '1'],
        ['EX', '1', 'KEEPTTL'],
        ['EXAT', '1', 'PXAT', '1'],
        ['PERSIST'],
        ['EX'],
        ['bogus'],
      ]) {
        expect(ks.run('SET', 'k', 'v', ...opts), opts.join(' ')).to.equal('-ERR syntax error\r\n');
      }
    });

    it('has relatives: SETNX, SETEX, PSETEX, GETSET, GETDEL', () => {
      expect(ks.run('SETNX', 'k', 'a')).to.equal(':1\r\n');
      expect(ks.run('SETNX', 'k', 'b')).to.equal(':0\r\n');
      expect(ks.run('SETEX', 'k', '5', 'b')).to.equal('+OK\r\n');
      expect(ks.run('PSETEX', 'k', '5000', 'b')).to.equal('+OK\r\n');
      expect(ks.run('TTL', 'k')).to.equal(':5\r\n');
      expect(ks.run('GETSET', 'k', 'c')).to.equal('$1\r\nb\r\n');
      expect(ks.rewritten).to.deep.equal(['SET', 'k', 'c']);
      expect(ks.run('GETDEL', 'k')).to.equal('$1\r\nc\r\n');
      expect(ks.rewritten).to.deep.equal(['DEL', 'k']);
      expect(ks.run('GETDEL', 'k')).to.equal('$-1\r\n');
    });
  });

  describe('GETEX', () => {
    it('sets an end, takes it away, or leaves it', () => {
      ks.run('SET', 'k', 'v');
      expect(ks.run('GETEX', 'k', 'EX', '10')).to.equal('$1\r\nv\r\n');
      expect(ks.rewritten).to.deep.equal(['PEXPIREAT', 'k', String(ks.server.mstime + 10000)]);
      ks.run('GETEX', 'k');
      expect(ks.rewritten).to.deep.equal(['GETEX', 'k']);
      expect(ks.run('TTL', 'k')).to.equal(':10\r\n');
      ks.run('GETEX', 'k', 'PERSIST');
      expect(ks.rewritten).to.deep.equal(['PERSIST', 'k']);
      expect(ks.run('TTL', 'k')).to.equal(':-1\r\n');
    });

    it('deletes the key when the time has passed already, after it replied', () => {
      ks.run('SET', 'k', 'v');
      expect(ks.run('GETEX', 'k', 'PXAT', '1')).to.equal('$1\r\nv\r\n');
      expect(ks.rewritten).to.deep.equal(['DEL', 'k']);
      expect(ks.run('EXISTS', 'k')).to.equal(':0\r\n');
    });

    it('knows no NX, and complains about the time only when the key exists', () => {
      expect(ks.run('GETEX', 'k', 'NX')).to.equal('-ERR syntax error\r\n');
      expect(ks.run('GETEX', 'k', 'EX', '0')).to.equal('$-1\r\n');
      ks.run('SET', 'k', 'v');
      expect(ks.run('GETEX', 'k', 'EX', '0')).to.match(/^-ERR invalid expire time in 'getex'/);
    });
  });

  describe('numbers', () => {
    it('are changed in the object that is there when nobody shares it', () => {
      ks.run('SET', 'n', '20000');
      const o = ks.value('n');
      expect(ks.run('INCR', 'n')).to.equal(':20001\r\n');
      expect(ks.value('n')).to.equal(o);
      expect([o.encoding, o.ptr]).to.deep.equal([OBJ_ENCODING_INT, 20001]);
      ks.run('SET', 'n', '41');
      ks.run('INCR', 'n');
      expect(ks.value('n')).to.equal(shared.integers[42]);
      expect(shared.integers[41].ptr).to.equal(41);
    });

    it('go to both ends of 64 bits, exactly, and no farther', () => {
      ks.run('SET', 'n', '9007199254740991');
      expect(ks.run('INCR', 'n')).to.equal(':9007199254740992\r\n');
      expect(ks.run('INCRBY', 'n', '1')).to.equal(':9007199254740993\r\n');
      expect(ks.run('DECRBY', 'n', '2')).to.equal(':9007199254740991\r\n');
      expect(ks.value('n').ptr).to.equal(9007199254740991);
      ks.run('SET', 'n', '9223372036854775806');
      expect(ks.run('INCR', 'n')).to.equal(':9223372036854775807\r\n');
      expect(ks.value('n').ptr).to.equal(LLONG_MAX);
      expect(ks.run('INCR', 'n')).to.match(/^-ERR increment or decrement would overflow/);
      ks.run('SET', 'n', '-9223372036854775808');
      expect(ks.run('DECR', 'n')).to.match(/^-ERR increment or decrement would overflow/);
      expect(ks.run('DECRBY', 'n', '-9223372036854775808')).to.equal(
        '-ERR decrement would overflow\r\n',
      );
      expect(ks.run('INCRBY', 'n', '9223372036854775807')).to.equal(':-1\r\n');
    });

    it('start at 0, and take nothing that is no integer', () => {
      expect(ks.run('DECRBY', 'n', '0')).to.equal(':0\r\n');
      expect(ks.run('GET', 'n')).to.equal('$1\r\n0\r\n');
      ks.run('SET', 's', ' 1');
      expect(ks.run('INCR', 's')).to.match(/^-ERR value is not an integer or out of range/);
      expect(ks.run('INCRBY', 'n', '1.5')).to.match(/^-ERR value is not an integer/);
    });

    it('with fractions are added as long double, and handed on as the result', () => {
      ks.run('SET', 'f', '3.0e3');
      expect(ks.run('INCRBYFLOAT', 'f', '200')).to.equal('$4\r\n3200\r\n');
      expect(ks.rewritten).to.deep.equal(['SET', 'f', '3200', 'KEEPTTL']);
      ks.run('SET', 'f', '0.1');
      expect(ks.run('INCRBYFLOAT', 'f', '0.2')).to.equal('$3\r\n0.3\r\n');
      expect(ks.run('INCRBYFLOAT', 'f', 'x')).to.match(/^-ERR value is not a valid float/);
      expect(ks.run('INCRBYFLOAT', 'f', 'inf')).to.match(/^-ERR increment would produce NaN/);
    });
  });

  describe('writing into a value', () => {
    it('makes it raw bytes that stay the same object', () => {
      ks.run('SET', 'k', 'abc');
      expect(ks.run('APPEND', 'k', 'def')).to.equal(':6\r\n');
      const o = ks.value('k');
      expect(o.encoding).to.equal(OBJ_ENCODING_RAW);
      expect(o.ptr).to.be.instanceOf(sds);
      ks.run('APPEND', 'k', 'ghi');
      expect(ks.value('k')).to.equal(o);
      expect(ks.run('GET', 'k')).to.equal('$9\r\nabcdefghi\r\n');
    });

    it('leaves a shared number as it is for the others', () => {
      ks.run('SET', 'k', '12');
      expect(ks.run('APPEND', 'k', '3')).to.equal(':3\r\n');
      expect(shared.integers[12].ptr).to.equal(12);
      expect(ks.run('GET', 'k')).to.equal('$3\r\n123\r\n');
      expect(ks.run('INCR', 'k')).to.equal(':124\r\n');
    });

    it('does not copy a long value for each APPEND', () => {
      ks.run('SET', 'k', 'x'.repeat(100000));
      ks.run('APPEND', 'k', 'y');
      const { buf } = ks.value('k').ptr as sds;
      for (let i = 0; i < 100; i++) ks.run('APPEND', 'k', 'y');
      expect((ks.value('k').ptr as sds).buf).to.equal(buf);
      expect(ks.run('STRLEN', 'k')).to.equal(':100101\r\n');
    });

    it('is in the account of memory, and out of it when the key goes', () => {
      ks.run('SET', 'k', 'x'.repeat(100));
      ks.run('APPEND', 'k', 'y');
      ks.run('DEL', 'k');
      const before = ledger.used;
      ks.run('SET', 'k', 'x'.repeat(100));
      expect(ledger.used).to.be.within(before + 100, before + 300);
      ks.run('APPEND', 'k', 'y'.repeat(10000));
      expect(ledger.used).to.be.above(before + 20000);
      ks.run('DEL', 'k');
      expect(ledger.used).to.equal(before);
    });

    it('by SETRANGE fills a gap with zeroes', () => {
      expect(ks.run('SETRANGE', 'k', '3', 'abc')).to.equal(':6\r\n');
      expect(ks.run('GET', 'k')).to.equal('$6\r\n\0\0\0abc\r\n');
      expect(ks.run('SETRANGE', 'k', '1', 'xy')).to.equal(':6\r\n');
      expect(ks.run('GET', 'k')).to.equal('$6\r\n\0xyabc\r\n');
      ks.run('SET', 'n', '12345');
      expect(ks.run('SETRANGE', 'n', '1', Buffer.from('XX'))).to.equal(':5\r\n');
      expect(ks.run('GET', 'n')).to.equal('$5\r\n1XX45\r\n');
    });

    it('by SETRANGE with nothing changes nothing', () => {
      expect(ks.run('SETRANGE', 'k', '3', '')).to.equal(':0\r\n');
      expect(ks.run('EXISTS', 'k')).to.equal(':0\r\n');
      ks.run('SET', 'k', 'abc');
      const dirty = ks.server.dirty;
      expect(ks.run('SETRANGE', 'k', '10', '')).to.equal(':3\r\n');
      expect(ks.server.dirty).to.equal(dirty);
    });

    it('stops at the longest string, also where the sum would not fit into 64 bits', () => {
      const tooLong = '-ERR string exceeds maximum allowed size (proto-max-bulk-len)\r\n';
      expect(ks.run('SETRANGE', 'k', '536870910', 'abc')).to.equal(tooLong);
      expect(ks.run('SETRANGE', 'k', '9223372036854775807', 'abc')).to.equal(tooLong);
      expect(ks.run('SETRANGE', 'k', '-1', 'abc')).to.equal('-ERR offset is out of range\r\n');
      ks.server.proto_max_bulk_len = 10;
      ks.run('SET', 'k', 'x'.repeat(8));
      expect(ks.run('APPEND', 'k', 'abc')).to.equal(tooLong);
    });
  });

  it('cuts ranges out of numbers, strings and bytes', () => {
    ks.run('MSET', 'n', '123456', 's', 'abcdef');
    ks.run('SETRANGE', 'b', '0', 'abcdef');
    for (const key of ['s', 'b']) {
      expect(ks.run('GETRANGE', key, '1', '3')).to.equal('$3\r\nbcd\r\n');
      expect(ks.run('GETRANGE', key, '-3', '-1')).to.equal('$3\r\ndef\r\n');
      expect(ks.run('GETRANGE', key, '-100', '100')).to.equal('$6\r\nabcdef\r\n');
      expect(ks.run('GETRANGE', key, '-1', '-2')).to.equal('$0\r\n\r\n');
      expect(ks.run('SUBSTR', key, '5', '2')).to.equal('$0\r\n\r\n');
    }
    expect(ks.run('GETRANGE', 'n', '1', '2')).to.equal('$2\r\n23\r\n');
    // Both lie before the string, but not in this order.
    const lowest = '-9223372036854775808';
    expect(ks.run('GETRANGE', 's', '-9223372036854775807', lowest)).to.equal('$0\r\n\r\n');
    expect(ks.run('GETRANGE', 'none', '0', '1')).to.equal('$0\r\n\r\n');
  });

  it('sets and gets many at once', () => {
    expect(ks.run('MSET', 'a', '1', 'b', '2')).to.equal('+OK\r\n');
    expect(ks.run('MGET', 'a', 'x', 'b')).to.equal('*3\r\n$1\r\n1\r\n$-1\r\n$1\r\n2\r\n');
    expect(ks.run('MSETNX', 'c', '1', 'a', '2')).to.equal(':0\r\n');
    expect(ks.run('EXISTS', 'c')).to.equal(':0\r\n');
    expect(ks.run('MSETNX', 'c', '1', 'd', '2')).to.equal(':1\r\n');
    expect(ks.run('MSET', 'a', '1', 'b')).to.match(/^-ERR wrong number of arguments for 'mset'/);
  });

  describe('LCS', () => {
    beforeEach(() => {
      ks.run('MSET', 'a', 'ohmytext', 'b', 'mynewtext', 'n', '12345');
    });

    it('finds the string, or its length', () => {
      expect(ks.run('LCS', 'a', 'b')).to.equal('$6\r\nmytext\r\n');
      expect(ks.run('LCS', 'a', 'b', 'LEN')).to.equal(':6\r\n');
      expect(ks.run('LCS', 'a', 'none')).to.equal('$0\r\n\r\n');
      expect(ks.run('LCS', 'n', 'n')).to.equal('$5\r\n12345\r\n');
    });

    it('tells where it lies, the last stretch first', () => {
      const stretch = (a: number, b: number, c: number, d: number, len?: number): string =>
        `*${len === undefined ? 2 : 3}\r\n*2\r\n:${a}\r\n:${b}\r\n*2\r\n:${c}\r\n:${d}\r\n` +
        (len === undefined ? '' : `:${len}\r\n`);
      const head = (n: number): string => `*4\r\n$7\r\nmatches\r\n*${n}\r\n`;
      const tail = '$3\r\nlen\r\n:6\r\n';
      expect(ks.run('LCS', 'a', 'b', 'IDX')).to.equal(
        head(2) + stretch(4, 7, 5, 8) + stretch(2, 3, 0, 1) + tail,
      );
      expect(ks.run('LCS', 'a', 'b', 'IDX', 'MINMATCHLEN', '4', 'WITHMATCHLEN')).to.equal(
        head(1) + stretch(4, 7, 5, 8, 4) + tail,
      );
    });

    it('refuses LEN with IDX, what it does not know, and too large a table', () => {
      expect(ks.run('LCS', 'a', 'b', 'LEN', 'IDX')).to.match(/^-ERR If you want both/);
      expect(ks.run('LCS', 'a', 'b', 'bogus')).to.equal('-ERR syntax error\r\n');
      expect(ks.run('LCS', 'a', 'b', 'MINMATCHLEN', 'x')).to.match(/^-ERR value is not an int/);
      ks.server.proto_max_bulk_len = 100;
      expect(ks.run('LCS', 'a', 'b')).to.match(/^-ERR Insufficient memory, transient memory/);
      expect(lcsTable(2 ** 40)).to.equal(null);
    });
  });
});
