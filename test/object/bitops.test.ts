import { expect } from 'chai';
import {
  BFOVERFLOW_FAIL,
  BFOVERFLOW_SAT,
  BFOVERFLOW_WRAP,
  byteAt,
  bytesOf,
  checkSignedBitfieldOverflow,
  checkUnsignedBitfieldOverflow,
  getObjectReadOnlyString,
  getSignedBitfield,
  getUnsignedBitfield,
  intResult,
  isWordAligned,
  lookupStringForBitCommand,
  printBits,
  redisBitpos,
  redisPopcount,
  setSignedBitfield,
  setUnsignedBitfield,
} from '../../object/bitops.ts';
import { dictFetchValue } from '../../object/dict.ts';
import { createStringObject, createStringObjectFromLongLong } from '../../object/object.ts';
import { sds } from '../../object/sds.ts';
import { normalizeInt } from '../../object/util.ts';
import { posix, usePosix } from '../../posix/posix.ts';
import { bitfieldGetKeys } from '../../server/db.ts';
import {
  CMD_KEY_ACCESS,
  CMD_KEY_RO,
  CMD_KEY_RW,
  CMD_KEY_UPDATE,
  OBJ_ENCODING_RAW,
  getKeysResult,
} from '../../server/server.h.ts';
import { Random } from '../support/random.ts';
import { Keyspace } from '../server/keyspace.ts';

/** The bits of bytes as text, the slow and plain way. */
function bitsOf(p: Uint8Array): string {
  return Array.from(p, (byte) => byte.toString(2).padStart(8, '0')).join('');
}

/** Random bytes, sometimes all of one kind for a long way, that begin at any place of their memory. */
function randomBytes(random: Random): Uint8Array {
  const from = random.int(0, 7);
  const p = new Uint8Array(from + random.int(0, 200)).subarray(from);
  p.fill(random.pick([0, 255]));
  for (let n = random.pick([0, 1, 2, 100]); n > 0 && p.length > 0; n--) {
    p[random.int(0, p.length - 1)] = random.int(0, 255);
  }
  return p;
}

describe('bitops.ts', () => {
  let ks: Keyspace;

  beforeEach(() => {
    ks = new Keyspace();
  });

  /** The value of a key as hexadecimal digits. */
  const hex = (key: string): string => {
    const p = getObjectReadOnlyString(ks.value(key));
    return Buffer.from(bytesOf(p!, 0, p!.length)).toString('hex');
  };

  describe('bits of memory', () => {
    it('are counted and found as they are in the text of the bits', () => {
      const random = new Random(1);
      for (let round = 0; round < 500; round++) {
        const p = randomBytes(random);
        const text = bitsOf(p);
        expect(redisPopcount(p, p.length)).to.equal(text.split('1').length - 1);
        expect(redisBitpos(p, p.length, 1)).to.equal(text.indexOf('1'));
        const clear = text.indexOf('0');
        expect(redisBitpos(p, p.length, 0)).to.equal(clear === -1 ? p.length * 8 : clear);
      }
    });

    it('hold integers of any width, which leave their neighbours alone', () => {
      const random = new Random(2);
      for (let round = 0; round < 2000; round++) {
        const p = Uint8Array.from({ length: 12 }, () => random.int(0, 255));
        const before = bitsOf(p);
        const bits = random.int(1, 64);
        const offset = random.int(0, 96 - bits);
        const text = Array.from({ length: bits }, () => random.int(0, 1)).join('');
        const unsigned = BigInt(`0b${text}`);
        const signed = BigInt.asIntN(bits, unsigned);

        const after = before.slice(0, offset) + text + before.slice(offset + bits);
        if (round % 2) setUnsignedBitfield(p, offset, bits, normalizeInt(unsigned));
        else setSignedBitfield(p, offset, bits, normalizeInt(signed));
        expect(bitsOf(p)).to.equal(after);
        expect(getUnsignedBitfield(p, offset, bits)).to.equal(normalizeInt(unsigned));
        expect(getSignedBitfield(p, offset, bits)).to.equal(normalizeInt(signed));
      }
    });

    it('are printed with a bar behind each byte', () => {
      const written: string[] = [];
      const kernel = posix;
      const spy = Object.create(kernel) as typeof kernel;
      spy.write = (fd, buf, off, len) => {
        written.push(`${fd} ${Buffer.from(buf.subarray(off, off + len)).toString('latin1')}`);
        return len;
      };
      usePosix(spy);
      try {
        printBits(Uint8Array.of(5, 128, 1), 2);
      } finally {
        usePosix(kernel);
      }
      expect(written).to.deep.equal(['1 00000101|10000000|\n']);
    });
  });

  describe('overflow', () => {
    /** What a check says, and what it makes of the sum. */
    const check = (
      sign: boolean,
      value: number | bigint,
      incr: number | bigint,
      bits: number,
      owtype: number,
    ): unknown => {
      const limit = new intResult();
      const result = (sign ? checkSignedBitfieldOverflow : checkUnsignedBitfieldOverflow)(
        value,
        incr,
        bits,
        owtype,
        limit,
      );
      return result ? limit.value : 'fits';
    };

    it('is found, and wraps or stops at the bound, as in exact arithmetic', () => {
      const random = new Random(3);
      for (let round = 0; round < 3000; round++) {
        const sign = random.chance(0.5);
        const bits = random.int(1, sign ? 64 : 63);
        const min = sign ? -(1n << BigInt(bits - 1)) : 0n;
        const max = sign ? (1n << BigInt(bits - 1)) - 1n : (1n << BigInt(bits)) - 1n;
        const value = random.pick([min, max, 0n, max / 2n, min / 2n, max - (max > 1n ? 2n : 0n)]);
        const edge = 1n << BigInt(random.int(0, 62));
        const incr = random.pick([edge, -edge, edge - 1n, max, min, -max, 0n, 1n, -1n]);
        const sum = value + incr;
        const fits = sum >= min && sum <= max;
        const [a, b] = [normalizeInt(value), normalizeInt(incr)];
        const wrapped = sign ? BigInt.asIntN(bits, sum) : BigInt.asUintN(bits, sum);
        const what = `${value} + ${incr} in ${bits} bits`;
        expect(check(sign, a, b, bits, BFOVERFLOW_WRAP), what).to.equal(
          fits ? 'fits' : normalizeInt(wrapped),
        );
        expect(check(sign, a, b, bits, BFOVERFLOW_SAT), what).to.equal(
          fits ? 'fits' : normalizeInt(sum > max ? max : min),
        );
        expect(check(sign, a, b, bits, BFOVERFLOW_FAIL), what).to.equal(fits ? 'fits' : 0);
      }
    });

    it('says on which side it was, without a place for the limit too', () => {
      expect(checkUnsignedBitfieldOverflow(250, 10, 8, BFOVERFLOW_SAT, null)).to.equal(1);
      expect(checkUnsignedBitfieldOverflow(5, -10, 8, BFOVERFLOW_WRAP, null)).to.equal(-1);
      expect(checkSignedBitfieldOverflow(120, 10, 8, BFOVERFLOW_WRAP, null)).to.equal(1);
      expect(checkSignedBitfieldOverflow(-120, -10, 8, BFOVERFLOW_SAT, null)).to.equal(-1);
    });
  });

  describe('SETBIT and GETBIT', () => {
    it('make and fill up the string, and reply the bit that was there', () => {
      expect(ks.run('SETBIT', 'k', '7', '1')).to.equal(':0\r\n');
      expect(hex('k')).to.equal('01');
      expect(ks.run('SETBIT', 'k', '7', '0')).to.equal(':1\r\n');
      expect(ks.run('SETBIT', 'k', '16', '1')).to.equal(':0\r\n');
      expect(hex('k')).to.equal('000080');
      expect(ks.value('k').ptr).to.be.instanceOf(sds);
      expect([7, 16, 17, 1000].map((bit) => ks.run('GETBIT', 'k', bit))).to.deep.equal([
        ':0\r\n',
        ':1\r\n',
        ':0\r\n',
        ':0\r\n',
      ]);
    });

    it('write into a value of any encoding, and read it', () => {
      for (const value of ['123', 'short', 'x'.repeat(100)]) {
        ks.run('SET', 'k', value);
        const last = (value.length - 1) * 8 + 7;
        const was = value.charCodeAt(value.length - 1) & 1;
        expect(ks.run('GETBIT', 'k', last)).to.equal(`:${was}\r\n`);
        expect(ks.run('GETBIT', 'k', last + 8)).to.equal(':0\r\n');
        expect(ks.run('SETBIT', 'k', last, 1 - was)).to.equal(`:${was}\r\n`);
        expect(ks.run('GETBIT', 'k', last)).to.equal(`:${1 - was}\r\n`);
        expect(ks.value('k').encoding).to.equal(OBJ_ENCODING_RAW);
      }
    });

    it('change nothing when neither the bit nor the length changes', () => {
      ks.run('SETBIT', 'k', '7', '0');
      expect(ks.server.dirty).to.equal(1);
      ks.run('SETBIT', 'k', '3', '0');
      expect(ks.server.dirty).to.equal(1);
      ks.run('SETBIT', 'k', '8', '0');
      expect(ks.server.dirty).to.equal(2);
    });

    it('refuse offsets and bits that are none', () => {
      for (const offset of ['-1', 'x', '', '#1', '4294967296', '9223372036854775807']) {
        const error = '-ERR bit offset is not an integer or out of range\r\n';
        expect(ks.run('SETBIT', 'k', offset, '1')).to.equal(error);
        expect(ks.run('GETBIT', 'k', offset)).to.equal(error);
      }
      for (const bit of ['2', '-1', 'x']) {
        expect(ks.run('SETBIT', 'k', '1', bit)).to.equal(
          '-ERR bit is not an integer or out of range\r\n',
        );
      }
      ks.server.proto_max_bulk_len = 2;
      expect(ks.run('SETBIT', 'k', '15', '1')).to.equal(':0\r\n');
      expect(ks.run('SETBIT', 'k', '16', '1')).to.match(/^-ERR bit offset/);
    });

    it('go without a flag for what has changed', () => {
      ks.client.argv = [createStringObject('SETBIT'), createStringObject('k')];
      const o = lookupStringForBitCommand(ks.client, 20, null);
      expect((o!.ptr as sds).len).to.equal(3);
      expect(lookupStringForBitCommand(ks.client, 40, null)).to.equal(o);
      expect((o!.ptr as sds).len).to.equal(6);
    });
  });

  describe('the read-only string of an object', () => {
    it('is a string, or the bytes of an sds', () => {
      expect(getObjectReadOnlyString(null)).to.equal(null);
      expect(getObjectReadOnlyString(createStringObjectFromLongLong(-12))).to.equal('-12');
      const text = getObjectReadOnlyString(createStringObject('abc'))!;
      ks.run('APPEND', 'k', 'ab');
      ks.run('APPEND', 'k', 'c');
      const bytes = getObjectReadOnlyString(ks.value('k'))!;
      expect(bytes).to.be.instanceOf(Uint8Array);
      for (const p of [text, bytes]) {
        expect(p.length).to.equal(3);
        expect(byteAt(p, 1)).to.equal(0x62);
        expect([...bytesOf(p, 1, 3)]).to.deep.equal([0x62, 0x63]);
      }
    });
  });

  describe('BITOP', () => {
    it('gives what the operation gives on every byte, shorter strings filled up', () => {
      const random = new Random(4);
      for (let round = 0; round < 60; round++) {
        const keys = Array.from({ length: random.pick([1, 2, 3, 17]) }, (_, i) => `k${i}`);
        const op = random.pick(['AND', 'OR', 'XOR', 'NOT']);
        if (op === 'NOT') keys.length = 1;
        const values = keys.map((key) => {
          const value = Buffer.from(randomBytes(random));
          if (value.length === 0) ks.run('DEL', key);
          else ks.run('SET', key, round % 2 ? value.toString('latin1') : value);
          return value;
        });
        const length = Math.max(...values.map((value) => value.length));
        const expected = Buffer.from(
          Array.from({ length }, (_, i) => {
            const bytes = values.map((value) => value[i] ?? 0);
            if (op === 'NOT') return ~bytes[0];
            return bytes.reduce((a, b) => (op === 'AND' ? a & b : op === 'OR' ? a | b : a ^ b));
          }),
        );
        expect(ks.run('BITOP', op.toLowerCase(), 'to', ...keys)).to.equal(`:${length}\r\n`);
        if (length === 0) expect(ks.run('EXISTS', 'to')).to.equal(':0\r\n');
        else expect(hex('to')).to.equal(expected.toString('hex'));
      }
    });

    it('reads numbers as their digits, and gives back what it has borrowed', () => {
      ks.run('SET', 'i', '123456');
      ks.run('SET', 's', 'abc');
      expect(ks.run('BITOP', 'OR', 'to', 'i', 's', 'none')).to.equal(':6\r\n');
      expect(hex('to')).to.equal('717273343536');
      expect(ks.value('i').refcount).to.equal(1);
      expect(ks.value('s').refcount).to.equal(1);
      expect(ks.value('to').refcount).to.equal(1);
    });

    it('deletes the target when there is nothing to store', () => {
      ks.run('SET', 'to', 'x');
      const dirty = ks.server.dirty;
      expect(ks.run('BITOP', 'AND', 'to', 'none')).to.equal(':0\r\n');
      expect(ks.run('EXISTS', 'to')).to.equal(':0\r\n');
      expect(ks.run('BITOP', 'AND', 'to', 'none')).to.equal(':0\r\n');
      expect(ks.server.dirty).to.equal(dirty + 1);
    });

    it('refuses other operations, and NOT of several keys', () => {
      expect(ks.run('BITOP', 'NAND', 'to', 'a')).to.equal('-ERR syntax error\r\n');
      expect(ks.run('BITOP', 'NOT', 'to', 'a', 'b')).to.equal(
        '-ERR BITOP NOT must be called with a single source key.\r\n',
      );
    });

    it('takes words only where they begin in memory', () => {
      const p = new Uint8Array(8);
      expect(isWordAligned(p.subarray(4))).to.equal(true);
      expect(isWordAligned(p.subarray(3))).to.equal(false);
    });
  });

  describe('BITCOUNT and BITPOS', () => {
    it('agree with the text of the bits for all ranges of a short string', () => {
      for (const value of ['\x00\xff\xf0', '\x0f', '\xff\xff', '\x00\x00\x10\xfe']) {
        ks.run('SET', 'k', value);
        const text = bitsOf(Buffer.from(value, 'latin1'));
        const width = text.length;
        for (let from = -width - 1; from <= width; from++) {
          for (let to = -width - 1; to <= width; to++) {
            const start = from < 0 ? Math.max(width + from, 0) : from;
            const end = Math.min(to < 0 ? Math.max(width + to, 0) : to, width - 1);
            const part = from < 0 && to < 0 && from > to ? '' : text.slice(start, end + 1);
            const what = `${text} ${from} ${to}`;
            const ones = part.split('1').length - 1;
            expect(ks.run('BITCOUNT', 'k', from, to, 'BIT'), what).to.equal(`:${ones}\r\n`);
            for (const bit of ['0', '1']) {
              const pos = text.slice(start, end + 1).indexOf(bit);
              expect(ks.run('BITPOS', 'k', bit, from, to, 'bit'), what).to.equal(
                `:${pos === -1 ? -1 : start + pos}\r\n`,
              );
            }
          }
        }
      }
    });

    it('count bytes unless told otherwise', () => {
      ks.run('SET', 'k', 'foobar');
      expect(ks.run('BITCOUNT', 'k')).to.equal(':26\r\n');
      expect(ks.run('BITCOUNT', 'k', '0', '0')).to.equal(':4\r\n');
      expect(ks.run('BITCOUNT', 'k', '1', '-2', 'BYTE')).to.equal(':18\r\n');
      expect(ks.run('BITPOS', 'k', '0', '2', '3', 'byte')).to.equal(':16\r\n');
      expect(ks.run('BITPOS', 'k', '1', '2')).to.equal(':17\r\n');
    });

    it('see zeroes behind the end only when no end is given', () => {
      ks.run('SET', 'k', '\xff\xff');
      expect(ks.run('BITPOS', 'k', '0')).to.equal(':16\r\n');
      expect(ks.run('BITPOS', 'k', '0', '1')).to.equal(':16\r\n');
      expect(ks.run('BITPOS', 'k', '0', '0', '-1')).to.equal(':-1\r\n');
      expect(ks.run('BITPOS', 'k', '0', '2')).to.equal(':-1\r\n');
      expect(ks.run('BITPOS', 'none', '0')).to.equal(':0\r\n');
      expect(ks.run('BITPOS', 'none', '1')).to.equal(':-1\r\n');
      expect(ks.run('BITCOUNT', 'none', 'x')).to.equal(':0\r\n');
    });

    it('compare ends beyond 2^53 exactly', () => {
      ks.run('SET', 'k', 'a');
      const [low, high] = ['-9223372036854775808', '-9223372036854775807'];
      expect(ks.run('BITCOUNT', 'k', high, low)).to.equal(':0\r\n');
      expect(ks.run('BITCOUNT', 'k', low, high)).to.equal(':3\r\n');
    });

    it('refuse what is no range', () => {
      ks.run('SET', 'k', 'a');
      for (const args of [['0'], ['0', '1', 'BITS'], ['0', '1', 'BIT', 'x']]) {
        expect(ks.run('BITCOUNT', 'k', ...args)).to.equal('-ERR syntax error\r\n');
      }
      for (const args of [
        ['0', '1', 'BITS'],
        ['0', '1', 'BIT', 'x'],
      ]) {
        expect(ks.run('BITPOS', 'k', '1', ...args)).to.equal('-ERR syntax error\r\n');
      }
      for (const args of [
        ['x', '1'],
        ['1', 'x'],
      ]) {
        const error = '-ERR value is not an integer or out of range\r\n';
        expect(ks.run('BITCOUNT', 'k', ...args)).to.equal(error);
        expect(ks.run('BITPOS', 'k', '1', ...args)).to.equal(error);
      }
      expect(ks.run('BITPOS', 'k', 'x')).to.match(/^-ERR value is not an integer/);
      expect(ks.run('BITPOS', 'k', '2')).to.equal('-ERR The bit argument must be 1 or 0.\r\n');
    });
  });

  describe('BITFIELD', () => {
    it('replies the old value of SET, the new one of INCRBY, and zeroes behind the end of GET', () => {
      expect(
        ks.run(
          'BITFIELD',
          'k',
          'SET',
          'u8',
          '#0',
          '200',
          'INCRBY',
          'i5',
          '100',
          '3',
          'GET',
          'u4',
          '0',
        ),
      ).to.equal('*3\r\n:0\r\n:3\r\n:12\r\n');
      expect(ks.run('BITFIELD', 'k', 'GET', 'u8', '#0', 'GET', 'i64', '102')).to.equal(
        '*2\r\n:200\r\n:6917529027641081856\r\n',
      );
      expect(ks.run('BITFIELD_RO', 'none', 'GET', 'u63', '5')).to.equal('*1\r\n:0\r\n');
      expect(ks.run('EXISTS', 'none')).to.equal(':0\r\n');
    });

    it('writes integers of 64 bits whole', () => {
      for (const [type, value] of [
        ['i64', '-9223372036854775808'],
        ['i64', '9223372036854775807'],
        ['i64', '-1'],
        ['u63', '9223372036854775807'],
        ['i60', '576460752303423487'],
      ]) {
        ks.run('BITFIELD', 'k', 'SET', type, '3', value);
        expect(ks.run('BITFIELD', 'k', 'GET', type, '3')).to.equal(`*1\r\n:${value}\r\n`);
      }
    });

    it('treats what does not fit as OVERFLOW says, from there on', () => {
      const overflow = (...how: string[]): string =>
        ks.run('BITFIELD', 'k', 'SET', 'u8', '0', '250', ...how, 'INCRBY', 'u8', '0', '10');
      expect(overflow()).to.equal('*2\r\n:0\r\n:4\r\n');
      expect(overflow('OVERFLOW', 'SAT')).to.equal('*2\r\n:4\r\n:255\r\n');
      expect(overflow('OVERFLOW', 'FAIL')).to.equal('*2\r\n:255\r\n$-1\r\n');
      expect(ks.run('BITFIELD', 'k', 'OVERFLOW', 'FAIL', 'SET', 'i4', '0', '8')).to.equal(
        '*1\r\n$-1\r\n',
      );
      expect(ks.run('BITFIELD', 'k', 'OVERFLOW', 'SAT', 'SET', 'u4', '0', '-1')).to.equal(
        '*1\r\n:15\r\n',
      );
      expect(ks.run('BITFIELD', 'k', 'GET', 'u4', '0')).to.equal('*1\r\n:15\r\n');
    });

    it('takes the upper bound for what is near -2^63, as C does', () => {
      ks.run('BITFIELD', 'k', 'OVERFLOW', 'SAT', 'SET', 'i8', '0', '-9223372036854775808');
      expect(ks.run('BITFIELD', 'k', 'GET', 'i8', '0')).to.equal('*1\r\n:127\r\n');
      ks.run('BITFIELD', 'k', 'OVERFLOW', 'SAT', 'SET', 'i8', '0', '-9223372036854775000');
      expect(ks.run('BITFIELD', 'k', 'GET', 'i8', '0')).to.equal('*1\r\n:-128\r\n');
    });

    it('counts what has changed', () => {
      ks.run('BITFIELD', 'k', 'SET', 'u8', '0', '0', 'SET', 'u8', '0', '0');
      expect(ks.server.dirty).to.equal(2);
      ks.run('BITFIELD', 'k', 'SET', 'u8', '0', '0', 'SET', 'u8', '0', '1', 'GET', 'u8', '0');
      expect(ks.server.dirty).to.equal(3);
    });

    it('does nothing at all when one of the operations is wrong', () => {
      const set = ['SET', 'u8', '0', '1'];
      for (const [error, ...args] of [
        ['syntax error', 'GETT', 'u8', '0'],
        ['syntax error', 'GET', 'u8'],
        ['syntax error', 'SET', 'u8', '0'],
        ['Invalid OVERFLOW type specified', 'OVERFLOW', 'x'],
        ['bit offset is not an integer or out of range', 'GET', 'u8', '-1'],
        ['bit offset is not an integer or out of range', 'GET', 'u8', '#-1'],
        ['value is not an integer or out of range', 'SET', 'u8', '0', 'x'],
      ]) {
        expect(ks.run('BITFIELD', 'k', ...set, ...args)).to.equal(`-ERR ${error}\r\n`);
      }
      for (const type of ['u64', 'i65', 'u0', 'i', '', '8', 'u8x']) {
        expect(ks.run('BITFIELD', 'k', ...set, 'GET', type, '0')).to.equal(
          '-ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.\r\n',
        );
      }
      expect(ks.run('BITFIELD_RO', 'k', ...set)).to.equal(
        '-ERR BITFIELD_RO only supports the GET subcommand\r\n',
      );
      expect(ks.run('EXISTS', 'k')).to.equal(':0\r\n');
      expect(ks.run('BITFIELD', 'k')).to.equal('*0\r\n');
    });

    it('has one key, with flags by what is done', () => {
      const flags = (...args: string[]): number => {
        const argv = ['BITFIELD', 'k', ...args].map(createStringObject);
        const result = new getKeysResult();
        const cmd = dictFetchValue(ks.server.commands, 'bitfield')!;
        expect(bitfieldGetKeys(cmd, argv, argv.length, result)).to.equal(1);
        expect(result.keys[0].pos).to.equal(1);
        return result.keys[0].flags;
      };
      const read = CMD_KEY_RO | CMD_KEY_ACCESS;
      const write = CMD_KEY_RW | CMD_KEY_ACCESS | CMD_KEY_UPDATE;
      expect(flags()).to.equal(read);
      expect(flags('GET', 'u8', '0', 'OVERFLOW', 'SAT', 'GET', 'u8', '1')).to.equal(read);
      expect(flags('GET', 'u8', '0', 'SET', 'u8', '0', '1')).to.equal(write);
      expect(flags('INCRBY', 'u8', '0', '1')).to.equal(write);
      expect(flags('NOSUCH')).to.equal(write);
    });
  });
});
