import { expect } from 'chai';
import { lzf_compress } from '../../quicklist/lzf_c.ts';
import { lzf_decompress } from '../../quicklist/lzf_d.ts';
import { ledger } from '../../object/zmalloc.ts';
import { E2BIG, EINVAL, posix } from '../../posix/posix.ts';
import { Random } from '../support/random.ts';
import { accountForBlocks, hex } from './blocks.ts';

/** What `data` is compressed to when it may be as long as `room`; empty: nothing. */
function compress(data: Buffer, room = data.length): Buffer {
  const out = Buffer.alloc(room + 8, 0xee);
  const len = lzf_compress(data, data.length, out, room);
  expect(len).to.be.at.most(room);
  // Nothing is written behind the room, of which the last bytes are looked at here.
  if (len > 0) expect(out.subarray(room).every((b) => b === 0xee)).to.equal(true);
  return out.subarray(0, len);
}

/** The bytes that `data` decompresses to in a room of `room` bytes, or the error. */
function decompress(data: Buffer, room: number): Buffer | number {
  const out = Buffer.alloc(room + 8, 0xee);
  posix.errno = 0;
  const len = lzf_decompress(data, data.length, out, room);
  expect(out.subarray(room).every((b) => b === 0xee)).to.equal(true);
  return len === 0 ? posix.errno : out.subarray(0, len);
}

function bytes(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex');
}

/** Bytes in which pieces come again, so that there is something to compress. */
function compressible(random: Random, len: number): Buffer {
  const data = Buffer.alloc(len);
  const letters = random.pick([1, 2, 4, 16, 256]);
  for (let i = 0; i < len; i++) {
    data[i] = i > 9 && random.chance(0.4) ? data[i - random.int(1, 9)] : random.int(1, letters);
  }
  for (let i = 0; i < 3 && len > 40; i++) {
    const from = random.int(0, len - 20);
    data.copyWithin(random.int(0, len - 20), from, from + random.int(3, 400));
  }
  return data;
}

describe('lzf_c.ts and lzf_d.ts', () => {
  accountForBlocks();

  it('write short and long references, and what is between as it is', () => {
    // One byte is never referred to, so the run begins with two.
    expect(hex(compress(Buffer.from('a'.repeat(92))), 9)).to.equal('01 61 61 e0 4f 00 01 61 61');
    // 6 bytes from 6 back: (6 - 2) << 5, 6 - 1. Then 3 bytes from 1 back, which overlap themselves.
    const twice = compress(Buffer.from('-abcde-abcde-----'));
    expect(hex(twice, twice.length)).to.equal('06 2d 61 62 63 64 65 2d 80 05 20 00 00 2d');
  });

  it('write the very bytes that the C server shows in DUMP', () => {
    // RPUSH l 'hello world hello world 1' ... with list-max-listpack-size 8.
    const parts = [...'12345678'].map((n) =>
      Buffer.concat([bytes('99'), Buffer.from(`hello world hello world ${n}`), bytes('1a')]),
    );
    const listpack = Buffer.concat([bytes('df 00 00 00 08 00'), ...parts, bytes('ff')]);
    const expected = bytes(
      '12 df 00 00 00 08 00 99 68 65 6c 6c 6f 20 77 6f 72 6c 64 20 e0 03 0b 01 31 1a e0 10 1a ' +
        '00 32 e0 11 1a 00 33 e0 11 1a 00 34 e0 11 1a 00 35 e0 11 1a 00 36 e0 11 1a 00 37 ' +
        'e0 11 1a 02 38 1a ff',
    );
    expect(compress(listpack).equals(expected)).to.equal(true);
    expect((decompress(expected, listpack.length) as Buffer).equals(listpack)).to.equal(true);

    // RPUSH l element0 element1 element2 with list-max-listpack-size 3.
    const small = bytes(
      '25 00 00 00 03 00 88 656c656d656e7430 09 88 656c656d656e7431 09 88 656c656d656e7432 09 ff',
    );
    const shrunk = compress(small);
    expect(hex(shrunk, shrunk.length)).to.equal(
      '0f 25 00 00 00 03 00 88 65 6c 65 6d 65 6e 74 30 09 c0 09 00 31 e0 00 09 02 32 09 ff',
    );
  });

  it('give up when the result does not fit', () => {
    const data = Buffer.from('abcdefgh'.repeat(20));
    const full = compress(data);
    for (let room = 1; room < full.length; room++) {
      expect(compress(data, room), String(room)).to.have.length(0);
    }
    expect(compress(data, full.length + 4).equals(full)).to.equal(true);
    expect(compress(Buffer.from('abcdefghijklmnopqrstuvwxyz'))).to.have.length(0);
    expect(compress(Buffer.alloc(0), 10)).to.have.length(0);
    expect(compress(data, 0)).to.have.length(0);
  });

  it('leave bytes as they are in runs of 32 at most', () => {
    const data = Buffer.from(Array.from({ length: 70 }, (_, i) => i));
    const out = compress(data, 100);
    expect([out.length, out[0], out[33], out[66]]).to.deep.equal([73, 31, 31, 5]);
    const exact = compress(data.subarray(0, 64), 100);
    expect([exact.length, exact[0], exact[33]]).to.deep.equal([66, 31, 31]);
    expect((decompress(out, 70) as Buffer).equals(data)).to.equal(true);
  });

  it('refer back 8192 bytes and not further', () => {
    for (const [distance, found] of [
      [8192, true],
      [8193, false],
    ] as const) {
      const data = Buffer.alloc(distance + 12);
      // No three bytes in a row come twice in between.
      for (let i = 0; i < data.length; i++) data[i] = i % 2 ? i >> 8 : (i * 7) & 0xff;
      for (let i = 1; i < data.length - 12; i++) data[i] ^= Math.imul(i, 0x9e3779b1) >>> 24;
      data.write('UVWXYZ', 1);
      data.write('UVWXY', distance + 1);
      data.write('012345', distance + 6);
      const out = compress(data, data.length * 2);
      expect(out.includes(bytes('7f ff')), String(distance)).to.equal(found);
      expect((decompress(out, data.length) as Buffer).equals(data)).to.equal(true);
    }
  });

  it('give back what they were given', () => {
    const random = Random.fromEnvironment();
    let compressed = 0;
    for (let round = 0; round < 400; round++) {
      const data = compressible(random, random.int(1, random.chance(0.1) ? 30000 : 500));
      const out = compress(data, random.chance(0.5) ? data.length : data.length * 2);
      if (out.length === 0) continue;
      compressed++;
      expect((decompress(out, data.length) as Buffer).equals(data), `seed ${random.seed}`).to.be
        .true;
      expect(decompress(out, data.length - 1)).to.equal(E2BIG);
    }
    expect(compressed).to.be.greaterThan(100);
  });

  it('give the same bytes whatever was compressed before', () => {
    const random = new Random(5);
    const data = compressible(random, 3000);
    const first = Buffer.from(compress(data));
    for (let round = 0; round < 20; round++) {
      compress(compressible(random, 3000));
      expect(compress(data).equals(first)).to.equal(true);
    }
    // Also where the count of what went through the table starts again.
    ledger.lzf_bias = 0x7fffffff - 5000;
    for (let round = 0; round < 3; round++) expect(compress(data).equals(first)).to.equal(true);
    expect(ledger.lzf_bias).to.be.lessThan(10000);
  });

  it('repeat what a reference runs into while it is written', () => {
    expect(String(decompress(bytes('02 61 62 63 e0 04 02'), 16))).to.equal('abcabcabcabcabca');
    expect(String(decompress(bytes('00 61 e0 f8 00'), 300))).to.equal('a'.repeat(258));
    const far = Buffer.concat([
      bytes('1f'),
      Buffer.from('0123456789abcdef'.repeat(2)),
      bytes('e0 11 1f'),
    ]);
    expect(String(decompress(far, 100))).to.equal('0123456789abcdef'.repeat(3) + '0123456789');
  });

  it('refuse what is no compressed data', () => {
    // Bytes are missing in a run, behind a long reference, and behind a short one.
    expect(decompress(bytes('05 61 62'), 100)).to.equal(EINVAL);
    expect(decompress(bytes('00 61 e0'), 100)).to.equal(EINVAL);
    expect(decompress(bytes('00 61 e0 05'), 100)).to.equal(EINVAL);
    expect(decompress(bytes('00 61 20'), 100)).to.equal(EINVAL);
    // A reference begins before the first byte.
    expect(decompress(bytes('00 61 20 01'), 100)).to.equal(EINVAL);
    expect(decompress(bytes('00 61 3f 00'), 100)).to.equal(EINVAL);
    // The room is too small for a run, and for a reference.
    expect(decompress(bytes('02 61 62 63'), 2)).to.equal(E2BIG);
    expect(decompress(bytes('00 61 20 00'), 3)).to.equal(E2BIG);
    expect(decompress(Buffer.alloc(0), 3)).to.equal(0);
  });

  it('write nowhere else, whatever they are to decompress', () => {
    const random = Random.fromEnvironment();
    for (let round = 0; round < 1000; round++) {
      const data = compressible(random, random.int(20, 300));
      const out = Buffer.from(compress(data, 600));
      for (let i = random.int(1, 3); i > 0; i--) {
        out[random.int(0, out.length - 1)] = random.int(0, 255);
      }
      const result = decompress(out.subarray(0, random.int(1, out.length)), random.int(1, 300));
      if (typeof result === 'number') expect([E2BIG, EINVAL]).to.include(result);
    }
  });
});
