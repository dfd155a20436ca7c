import { expect } from 'chai';
import {
  HLL_DENSE,
  HLL_DENSE_GET_REGISTER,
  HLL_DENSE_SET_REGISTER,
  HLL_DENSE_SIZE,
  HLL_HDR_CARD,
  HLL_HDR_ENCODING,
  HLL_HDR_SIZE,
  HLL_REGISTERS,
  HLL_SPARSE,
  HLL_VALID_CACHE,
  MurmurHash64A,
  createHLLObject,
  hllCount,
  hllDenseAdd,
  hllPatLen,
  hllSelfTest,
  hllSigma,
  hllSparseSet,
  hllTau,
} from '../../object/hyperloglog.ts';
import { decrRefCount, objPtrSds, objPtrString } from '../../object/object.ts';
import { sdsToString, sdsfree, sdsnewlen, type sds } from '../../object/sds.ts';
import { ledger, zmalloc_used_memory } from '../../object/zmalloc.ts';
import type { robj } from '../../server/server.h.ts';
import { Random } from '../support/random.ts';
import { Keyspace } from '../server/keyspace.ts';

const M = 0xc6a4a7935bd1e995n;
const u64 = (x: bigint): bigint => BigInt.asUintN(64, x);

/** MurmurHash64A word for word, with integers of any size. */
function murmur(key: string, seed: bigint): bigint {
  let h = u64(seed ^ u64(BigInt(key.length) * M));
  const bytes = Buffer.from(key, 'latin1');
  const end = bytes.length & ~7;
  for (let p = 0; p < end; p += 8) {
    let k = u64(bytes.readBigUInt64LE(p) * M);
    k ^= k >> 47n;
    k = u64(k * M);
    h = u64((h ^ k) * M);
  }
  if (end < bytes.length) {
    for (let i = bytes.length - 1; i >= end; i--) h ^= BigInt(bytes[i]) << BigInt(8 * (i - end));
    h = u64(h * M);
  }
  h ^= h >> 47n;
  h = u64(h * M);
  return h ^ (h >> 47n);
}

function randomString(random: Random, length: number): string {
  return Array.from({ length }, () => String.fromCharCode(random.int(0, 255))).join('');
}

/** The registers of a sparse value, opcode by opcode. */
function sparseRegisters(value: string): number[] {
  const registers: number[] = [];
  for (let p = HLL_HDR_SIZE; p < value.length; p++) {
    const op = value.charCodeAt(p);
    const [register, length] =
      op & 0x80
        ? [((op >> 2) & 31) + 1, (op & 3) + 1]
        : op & 0x40
          ? [0, (((op & 63) << 8) | value.charCodeAt(++p)) + 1]
          : [0, op + 1];
    for (let i = 0; i < length; i++) registers.push(register);
  }
  return registers;
}

const INVALID = '-INVALIDOBJ Corrupted HLL object detected\r\n';
const WRONG = '-WRONGTYPE Key is not a valid HyperLogLog string value.\r\n';

describe('hyperloglog.ts', () => {
  let ks: Keyspace;

  beforeEach(() => {
    ks = new Keyspace();
    ledger.arena.poison = true;
  });

  const hdr = (key: string): sds => objPtrSds(ks.value(key));
  const encoding = (key: string): number => hdr(key).buf[HLL_HDR_ENCODING];
  const decode = (key: string): string => ks.run('PFDEBUG', 'DECODE', key).split('\r\n')[1];
  /** Adds so many elements that were not there before. */
  const fill = (key: string, from: number, to: number): void => {
    for (let i = from; i < to; i++) ks.run('PFADD', key, `e${String(i)}`);
  };

  describe('the hash', () => {
    it('is MurmurHash64A of keys of any length', () => {
      const random = Random.fromEnvironment();
      for (let i = 0; i < 2000; i++) {
        const key = randomString(random, i < 100 ? i : random.int(0, 40));
        const { high, low } = MurmurHash64A(key, key.length, 0xadc83b19);
        const got = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
        expect(got, `TEST_SEED=${random.seed} ${JSON.stringify(key)}`).to.equal(
          murmur(key, 0xadc83b19n),
        );
      }
    });

    it('gives the register, and the length of the zeroes above with the one behind them', () => {
      const random = Random.fromEnvironment();
      for (let i = 0; i < 2000; i++) {
        const key = randomString(random, random.int(0, 20));
        const hash = murmur(key, 0xadc83b19n);
        const rest = (hash >> 14n).toString(2);
        const count = rest.length - rest.lastIndexOf('1');
        expect(hllPatLen(key, key.length), `TEST_SEED=${random.seed}`).to.equal(
          count * HLL_REGISTERS + Number(hash & 16383n),
        );
      }
    });
  });

  describe('the dense form', () => {
    it('has six bits a register, the lowest bits of a byte first', () => {
      const value = new Uint8Array(HLL_DENSE_SIZE);
      HLL_DENSE_SET_REGISTER(value, 0, 0b000001);
      HLL_DENSE_SET_REGISTER(value, 1, 0b111110);
      HLL_DENSE_SET_REGISTER(value, 2, 0b101010);
      HLL_DENSE_SET_REGISTER(value, 3, 0b011001);
      expect(Array.from(value.subarray(16, 19))).to.deep.equal([
        0b10000001, 0b10101111, 0b01100110,
      ]);
      expect([0, 1, 2, 3, 4].map((i) => HLL_DENSE_GET_REGISTER(value, i))).to.deep.equal([
        1, 62, 42, 25, 0,
      ]);
    });

    it('keeps registers apart from each other, the header, and what lies behind', () => {
      const random = Random.fromEnvironment();
      const value = new Uint8Array(HLL_DENSE_SIZE + 1).fill(0xa5, 0, 16);
      value[HLL_DENSE_SIZE] = 0x5a;
      const model = new Array<number>(HLL_REGISTERS).fill(0);
      for (let i = 0; i < 20000; i++) {
        const at = random.pick([0, HLL_REGISTERS - 1, random.int(0, HLL_REGISTERS - 1)]);
        model[at] = random.int(0, 63);
        HLL_DENSE_SET_REGISTER(value, at, model[at]);
      }
      expect(model.map((_, i) => HLL_DENSE_GET_REGISTER(value, i))).to.deep.equal(model);
      expect(value[15]).to.equal(0xa5);
      expect(value[HLL_DENSE_SIZE]).to.equal(0x5a);
    });
  });

  describe('the sparse form', () => {
    /** Sets registers of a fresh value and returns what PFDEBUG DECODE shows. */
    function decoded(...sets: [index: number, count: number][]): string {
      ks.run('DEL', 'h');
      ks.run('PFADD', 'h');
      for (const [index, count] of sets) hllSparseSet(ks.value('h'), index, count);
      return decode('h');
    }

    it('begins as one run of zeroes', () => {
      expect(sdsToString(objPtrSds(createHLLObject()))).to.equal(
        'HYLL\x01\0\0\0\0\0\0\0\0\0\0\0\x7f\xff',
      );
      expect(decoded()).to.equal('Z:16384');
    });

    it('splits a run where a register is set: in the middle, at an end, and a run of one', () => {
      expect(decoded([1000, 3])).to.equal('Z:1000 v:3,1 Z:15383');
      expect(decoded([0, 3])).to.equal('v:3,1 Z:16383');
      expect(decoded([16383, 3])).to.equal('Z:16383 v:3,1');
      expect(decoded([64, 3], [10, 1])).to.equal('z:10 v:1,1 z:53 v:3,1 Z:16319');
      expect(decoded([65, 3], [16319, 2])).to.equal('Z:65 v:3,1 Z:16253 v:2,1 z:64');
      expect(decoded([1, 3], [0, 32])).to.equal('v:32,1 v:3,1 Z:16382');
    });

    it('joins neighbours of one value, four at the most, and splits them again', () => {
      expect(decoded([0, 2], [1, 2])).to.equal('v:2,2 Z:16382');
      expect(decoded([0, 2], [2, 2], [1, 2])).to.equal('v:2,3 Z:16381');
      const five: [number, number][] = [0, 1, 2, 3, 4].map((i) => [i, 2]);
      expect(decoded(...five)).to.equal('v:2,4 v:2,1 Z:16379');
      expect(decoded(...five, [1, 7])).to.equal('v:2,1 v:7,1 v:2,3 Z:16379');
      expect(decoded(...five, [0, 7])).to.equal('v:7,1 v:2,4 Z:16379');
      expect(decoded(...five, [3, 7])).to.equal('v:2,3 v:7,1 v:2,1 Z:16379');
    });

    it('leaves a register alone that is as high already', () => {
      ks.run('PFADD', 'h');
      const o = ks.value('h');
      expect(hllSparseSet(o, 5, 3)).to.equal(1);
      expect(hllSparseSet(o, 5, 3)).to.equal(0);
      expect(hllSparseSet(o, 5, 2)).to.equal(0);
      expect(hllSparseSet(o, 5, 4)).to.equal(1);
      expect(decode('h')).to.equal('z:5 v:4,1 Z:16378');
    });

    it('has the registers that a plain array has', () => {
      const random = Random.fromEnvironment();
      for (let round = 0; round < 5; round++) {
        ks.run('DEL', 'h');
        ks.run('CONFIG', 'SET', 'hll-sparse-max-bytes', '16000');
        ks.run('PFADD', 'h');
        const model = new Array<number>(HLL_REGISTERS).fill(0);
        const span = random.pick([20, 300, HLL_REGISTERS]);
        const top = random.pick([2, 5, 32]);
        for (let i = 0; i < 1500; i++) {
          const index = random.int(0, span - 1);
          const count = random.int(1, top);
          const changed = hllSparseSet(ks.value('h'), index, count);
          expect(changed, `TEST_SEED=${random.seed}`).to.equal(count > model[index] ? 1 : 0);
          if (count > model[index]) model[index] = count;
        }
        expect(encoding('h')).to.equal(HLL_SPARSE);
        const value = objPtrString(ks.value('h'));
        expect(sparseRegisters(value), `TEST_SEED=${random.seed}`).to.deep.equal(model);
        const registers = ks.run('PFDEBUG', 'GETREG', 'h').split('\r\n').slice(1, -1);
        expect(registers.map((r) => Number(r.slice(1)))).to.deep.equal(model);
        expect(encoding('h')).to.equal(HLL_DENSE);
      }
    });

    it('becomes dense with a register above 32', () => {
      ks.run('PFADD', 'h', 'a');
      expect(hllSparseSet(ks.value('h'), 3, 32)).to.equal(1);
      expect(encoding('h')).to.equal(HLL_SPARSE);
      expect(hllSparseSet(ks.value('h'), 3, 33)).to.equal(1);
      expect(encoding('h')).to.equal(HLL_DENSE);
      expect(HLL_DENSE_GET_REGISTER(hdr('h').buf, 3)).to.equal(33);
    });

    it('becomes dense when it would exceed hll-sparse-max-bytes', () => {
      ks.run('CONFIG', 'SET', 'hll-sparse-max-bytes', '100');
      let longest = 0;
      for (let i = 0; ; i++) {
        ks.run('PFADD', 'h', `e${String(i)}`);
        if (encoding('h') === HLL_DENSE) break;
        longest = hdr('h').len;
      }
      expect(longest).to.be.within(97, 100);
      expect(ks.run('STRLEN', 'h')).to.equal(`:${String(HLL_DENSE_SIZE)}\r\n`);
    });

    it('counts as the dense one with the same elements', () => {
      const dense = sdsnewlen(null, HLL_DENSE_SIZE);
      for (let i = 0; i < 1000; i++) {
        const ele = `e${String(i)}`;
        ks.run('PFADD', 'h', ele);
        hllDenseAdd(dense.buf, ele, ele.length);
        if (i % 100 === 0) expect(hllCount(hdr('h'))).to.equal(hllCount(dense));
      }
      expect(encoding('h')).to.equal(HLL_SPARSE);
    });
  });

  describe('the count', () => {
    it('is exact for few elements, and within two percent for many', () => {
      expect(ks.run('PFADD', 'h', 'a', 'b', 'c')).to.equal(':1\r\n');
      expect(ks.run('PFADD', 'h', 'a', 'b', 'c')).to.equal(':0\r\n');
      expect(ks.run('PFCOUNT', 'h')).to.equal(':3\r\n');
      fill('h', 0, 20000);
      expect(Number(ks.run('PFCOUNT', 'h').slice(1))).to.be.closeTo(20003, 400);
    });

    it('of known elements is that of the C server', () => {
      fill('h', 0, 3000);
      expect(ks.run('PFCOUNT', 'h')).to.equal(':2979\r\n');
    });

    it('knows the ends of sigma and tau', () => {
      expect(hllSigma(1)).to.equal(Infinity);
      expect(hllSigma(0)).to.equal(0);
      expect(hllTau(0)).to.equal(0);
      expect(hllTau(1)).to.equal(0);
      expect(hllTau(0.5)).to.be.closeTo(0.1499, 0.0001);
    });

    it('of registers that no hash gives is as senseless as in C', () => {
      fill('h', 0, 3);
      ks.run('PFDEBUG', 'TODENSE', 'h');
      const all = (register: number): string => {
        const s = hdr('h');
        for (let i = 0; i < HLL_REGISTERS; i++) HLL_DENSE_SET_REGISTER(s.buf, i, register);
        s.buf[HLL_HDR_CARD + 7] = 0x80;
        return ks.run('PFCOUNT', 'h');
      };
      expect(all(0)).to.equal(':0\r\n');
      expect(all(51)).to.equal(':-9223372036854775808\r\n');
      expect(HLL_VALID_CACHE(hdr('h').buf)).to.equal(false);
      expect(all(50)).to.equal(':-9223372036854775808\r\n');
      // Between 2^53 and 2^63: a bigint, which the header keeps.
      expect(all(48)).to.match(/^:\d{19}\r\n$/);
      expect(HLL_VALID_CACHE(hdr('h').buf)).to.equal(true);
      expect(ks.run('PFCOUNT', 'h')).to.equal(ks.run('PFCOUNT', 'h', 'nosuch'));
    });

    it('is kept in the header until a register changes', () => {
      fill('h', 0, 100);
      expect(HLL_VALID_CACHE(hdr('h').buf)).to.equal(false);
      const dirty = ks.server.dirty;
      const first = ks.run('PFCOUNT', 'h');
      expect(ks.server.dirty).to.equal(dirty + 1);
      expect(HLL_VALID_CACHE(hdr('h').buf)).to.equal(true);
      expect(`:${String(hdr('h').buf[HLL_HDR_CARD])}\r\n`).to.equal(first);
      // What stands there is believed.
      hdr('h').buf.writeBigInt64LE(0x1234567890abcdefn, HLL_HDR_CARD);
      expect(ks.run('PFCOUNT', 'h')).to.equal(`:${String(0x1234567890abcdefn)}\r\n`);
      hdr('h').buf.writeBigInt64LE(0x1234567890n, HLL_HDR_CARD);
      expect(ks.run('PFCOUNT', 'h')).to.equal(`:${String(0x1234567890)}\r\n`);
      expect(ks.server.dirty).to.equal(dirty + 1);
      ks.run('PFADD', 'h', 'e1');
      expect(HLL_VALID_CACHE(hdr('h').buf)).to.equal(true);
      ks.run('PFADD', 'h', 'new one');
      expect(HLL_VALID_CACHE(hdr('h').buf)).to.equal(false);
    });

    it('of several keys is that of their union, whatever their forms', () => {
      fill('a', 0, 1000);
      fill('b', 500, 1500);
      fill('all', 0, 1500);
      expect(ks.run('PFCOUNT', 'a', 'b', 'nosuch')).to.equal(ks.run('PFCOUNT', 'all'));
      ks.run('PFDEBUG', 'TODENSE', 'a');
      expect(ks.run('PFCOUNT', 'a', 'b')).to.equal(ks.run('PFCOUNT', 'all'));
      expect(ks.run('PFCOUNT', 'nosuch')).to.equal(':0\r\n');
      expect(ks.run('PFCOUNT', 'nosuch', 'nosuch')).to.equal(':0\r\n');
    });
  });

  describe('PFADD and PFMERGE', () => {
    it('make an empty HyperLogLog of a missing key', () => {
      expect(ks.run('PFADD', 'h')).to.equal(':1\r\n');
      expect(ks.run('PFADD', 'h')).to.equal(':0\r\n');
      expect(ks.run('PFMERGE', 'm')).to.equal('+OK\r\n');
      expect(ks.run('GET', 'm').slice(5, 9)).to.equal('HYLL');
      expect(ks.run('PFCOUNT', 'm')).to.equal(':0\r\n');
    });

    it('leave a copy of the value alone', () => {
      fill('h', 0, 10);
      const before = objPtrString(ks.value('h'));
      ks.run('COPY', 'h', 'copy');
      ks.run('SET', 'text', before);
      fill('h', 10, 20);
      expect(objPtrString(ks.value('copy'))).to.equal(before);
      // A value that came by SET is a string, short or long, that becomes bytes when it is written.
      fill('text', 10, 20);
      expect(objPtrString(ks.value('text')).slice(16)).to.equal(
        objPtrString(ks.value('h')).slice(16),
      );
    });

    it('make the union, sparse if all are, else dense', () => {
      fill('a', 0, 200);
      fill('b', 100, 300);
      fill('all', 0, 300);
      ks.run('PFMERGE', 'm', 'a', 'b', 'nosuch');
      expect(encoding('m')).to.equal(HLL_SPARSE);
      expect(sparseRegisters(objPtrString(ks.value('m')))).to.deep.equal(
        sparseRegisters(objPtrString(ks.value('all'))),
      );
      // The target is one of the sources.
      ks.run('PFADD', 'm', 'x');
      ks.run('PFDEBUG', 'TODENSE', 'b');
      ks.run('PFMERGE', 'm', 'b');
      expect(encoding('m')).to.equal(HLL_DENSE);
      ks.run('PFADD', 'all', 'x');
      expect(ks.run('PFCOUNT', 'm')).to.equal(ks.run('PFCOUNT', 'all'));
      expect(ks.run('PFDEBUG', 'GETREG', 'm')).to.equal(ks.run('PFDEBUG', 'GETREG', 'all'));
    });

    it('become dense on the way, when the union is too long', () => {
      ks.run('CONFIG', 'SET', 'hll-sparse-max-bytes', '400');
      fill('a', 0, 70);
      fill('b', 100, 170);
      fill('c', 200, 270);
      expect(['a', 'b', 'c'].map(encoding)).to.deep.equal([HLL_SPARSE, HLL_SPARSE, HLL_SPARSE]);
      ks.run('PFMERGE', 'm', 'a', 'b', 'c');
      expect(encoding('m')).to.equal(HLL_DENSE);
      expect(ks.run('PFCOUNT', 'm')).to.equal(ks.run('PFCOUNT', 'a', 'b', 'c'));
    });

    it('count the changes, and give the memory back', () => {
      const dirty = ks.server.dirty;
      ks.run('PFADD', 'h', 'a', 'b', 'a');
      expect(ks.server.dirty).to.equal(dirty + 3);
      let before = 0;
      // The first time each command gets a histogram of its latencies.
      for (let i = 0; i < 2; i++) {
        ks.run('DEL', 'h', 'g', 'm');
        before = zmalloc_used_memory();
        fill('h', 0, 2000);
        fill('g', 0, 50);
        ks.run('PFMERGE', 'm', 'h', 'g');
        ks.run('PFCOUNT', 'm');
        ks.run('PFDEBUG', 'GETREG', 'g');
      }
      expect(zmalloc_used_memory()).to.be.above(before);
      ks.run('DEL', 'h', 'g', 'm');
      expect(zmalloc_used_memory()).to.equal(before);
    });
  });

  describe('a value that is none', () => {
    it('is refused: another type, an integer, too short, other letters, encoding, or size', () => {
      ks.run('RPUSH', 'list', 'a');
      for (const command of [
        ['PFADD', 'list'],
        ['PFCOUNT', 'list'],
        ['PFCOUNT', 'list', 'x'],
        ['PFMERGE', 'list'],
        ['PFDEBUG', 'ENCODING', 'list'],
      ]) {
        expect(ks.run(...command)).to.equal(
          '-WRONGTYPE Operation against a key holding the wrong kind of value\r\n',
        );
      }
      const tail = '\0'.repeat(12);
      for (const value of [
        '123',
        'HYLL',
        `HYLX\x01${tail}`,
        `HXLL\x01${tail}`,
        `XYLL\x01${tail}`,
        `HYXL\x01${tail}`,
        `HYLL\x02${tail}`,
        `HYLL\0${tail}`,
        `HYLL\0${'\0'.repeat(HLL_DENSE_SIZE)}`,
      ]) {
        ks.run('SET', 'h', value);
        for (const command of [
          ['PFADD', 'h'],
          ['PFCOUNT', 'h'],
          ['PFCOUNT', 'h', 'x'],
          ['PFMERGE', 'x', 'h'],
          ['PFDEBUG', 'ENCODING', 'h'],
        ]) {
          expect(ks.run(...command), value.slice(0, 6)).to.equal(WRONG);
        }
      }
    });

    it('is found out late when the runs of a sparse one do not add up', () => {
      const short = `HYLL\x01${'\0'.repeat(10)}\x80\x3f`;
      const long = `HYLL\x01${'\0'.repeat(10)}\x80\x7f\xff\x80`;
      for (const value of [short, long]) {
        for (const command of [
          ['PFCOUNT', 'h'],
          ['PFCOUNT', 'h', 'x'],
          ['PFMERGE', 'x', 'h'],
          ['PFDEBUG', 'GETREG', 'h'],
          ['PFDEBUG', 'TODENSE', 'h'],
        ]) {
          ks.run('SET', 'h', value);
          // With one opcode too many the registers do add up: not all of the readers notice.
          const reply = ks.run(...command);
          if (value === short || (command.length === 2 && command[0] === 'PFCOUNT')) {
            expect(reply, command.join(' ')).to.equal(INVALID);
          }
        }
      }
      ks.run('SET', 'h', short);
      let reply = '';
      for (let i = 0; reply !== INVALID && i < 20; i++)
        reply = ks.run('PFADD', 'h', `x${String(i)}`);
      expect(reply).to.equal(INVALID);
      // The second byte of a run that is cut off is a zero.
      ks.run('SET', 'h', `HYLL\x01${'\0'.repeat(10)}\x80\x7f`);
      expect(decode('h')).to.equal('Z:16129');
      ks.run('SET', 'h', `HYLL\x01${'\0'.repeat(10)}\x80\x7f`);
      expect(ks.run('PFMERGE', 'x', 'h')).to.equal(INVALID);
      // A value that is too high for the sparse form makes it dense, which fails here.
      ks.run('SET', 'h', `${short}\x80`);
      ks.run('APPEND', 'h', 'x');
      expect(hllSparseSet(ks.value('h'), 3, 33)).to.equal(-1);
    });
  });

  describe('PFDEBUG', () => {
    it('tells the encoding, the runs and the registers, and makes a value dense', () => {
      ks.run('PFADD', 'h', 'a', 'b', 'c');
      expect(ks.run('PFDEBUG', 'ENCODING', 'h')).to.equal('+sparse\r\n');
      expect(decode('h')).to.equal('Z:8436 v:1,1 Z:4274 v:2,1 Z:3068 v:1,1 Z:603');
      const dirty = ks.server.dirty;
      expect(ks.run('PFDEBUG', 'TODENSE', 'h')).to.equal(':1\r\n');
      expect(ks.run('PFDEBUG', 'TODENSE', 'h')).to.equal(':0\r\n');
      expect(ks.server.dirty).to.equal(dirty + 1);
      expect(ks.run('PFDEBUG', 'ENCODING', 'h')).to.equal('+dense\r\n');
      expect(ks.run('PFDEBUG', 'DECODE', 'h')).to.equal('-ERR HLL encoding is not sparse\r\n');
      expect(ks.run('PFDEBUG', 'GETREG', 'h').split('\r\n')[8437]).to.equal(':1');
    });

    it('refuses what it does not know', () => {
      expect(ks.run('PFDEBUG', 'GETREG', 'nosuch')).to.equal(
        '-ERR The specified key does not exist\r\n',
      );
      ks.run('PFADD', 'h');
      expect(ks.run('PFDEBUG', 'Nosuch\0x', 'h')).to.equal(
        "-ERR Unknown PFDEBUG subcommand 'Nosuch'\r\n",
      );
      expect(ks.run('PFDEBUG', 'GETREG')).to.match(/^-ERR wrong number of arguments/);
    });
  });

  describe('PFSELFTEST', () => {
    const selftest = (o: robj): string | null =>
      hllSelfTest(sdsnewlen(null, HLL_DENSE_SIZE), o, 1, 100);

    it('is content', function () {
      this.timeout(60000);
      expect(ks.run('PFSELFTEST')).to.equal('+OK\r\n');
    });

    it('gives its memory back', () => {
      const before = zmalloc_used_memory();
      const dense = sdsnewlen(null, HLL_DENSE_SIZE);
      const o = createHLLObject();
      expect(hllSelfTest(dense, o, 1, 10000)).to.equal(null);
      sdsfree(dense);
      decrRefCount(o);
      expect(zmalloc_used_memory()).to.equal(before);
    });

    it('finds a sparse value that is dense, or that counts otherwise', () => {
      expect(selftest(createHLLObject())).to.equal(null);
      const odd = createHLLObject();
      for (let i = 0; i < 9; i++) hllSparseSet(odd, i * 100, 5);
      expect(selftest(odd)).to.equal('TESTFAILED dense/sparse disagree');
      ks.run('CONFIG', 'SET', 'hll-sparse-max-bytes', '17');
      expect(selftest(createHLLObject())).to.equal('TESTFAILED sparse encoding not used');
    });
  });
});
