import { expect } from 'chai';
import {
  halfsiphash,
  halfsiphash_bytes,
  halfsiphash_nocase,
  siphash,
  siphash_nocase,
} from '../../object/siphash.ts';

/** HalfSipHash 1-2 written from its description, with arrays and loops. */
function reference(bytes: number[], k0: number, k1: number): number {
  const v = [k0, k1, 0x6c796765 ^ k0, 0x74656462 ^ k1];
  const rotl = (x: number, b: number): number => (x << b) | (x >>> (32 - b));
  const round = (): void => {
    v[0] = (v[0] + v[1]) | 0;
    v[1] = rotl(v[1], 5) ^ v[0];
    v[0] = rotl(v[0], 16);
    v[2] = (v[2] + v[3]) | 0;
    v[3] = rotl(v[3], 8) ^ v[2];
    v[0] = (v[0] + v[3]) | 0;
    v[3] = rotl(v[3], 7) ^ v[0];
    v[2] = (v[2] + v[1]) | 0;
    v[1] = rotl(v[1], 13) ^ v[2];
    v[2] = rotl(v[2], 16);
  };
  const padded = bytes.slice();
  while (padded.length % 4 !== 3) padded.push(0);
  padded.push(bytes.length & 0xff);
  for (let i = 0; i < padded.length; i += 4) {
    const m = padded[i] | (padded[i + 1] << 8) | (padded[i + 2] << 16) | (padded[i + 3] << 24);
    v[3] ^= m;
    round();
    v[0] ^= m;
  }
  v[2] ^= 0xff;
  round();
  round();
  return v[1] ^ v[3];
}

describe('siphash', () => {
  const k = Uint8Array.from({ length: 16 }, (_, i) => i);

  it('half: agrees with a plain rendering of the algorithm, for every length of the last word', () => {
    const bytes: number[] = [];
    for (let n = 0; n < 300; n++) {
      const s = String.fromCharCode(...bytes);
      expect(halfsiphash(s, 0x01234567, -0x7654321)).to.equal(
        reference(bytes, 0x01234567, -0x7654321),
      );
      bytes.push((n * 37) & 0xff);
    }
  });

  it('half: of bytes in the midst of others is that of the string they make', () => {
    const bytes = Buffer.from(Array.from({ length: 300 }, (_, i) => (i * 41) & 0xff));
    for (let n = 0; n < 290; n++) {
      expect(halfsiphash_bytes(bytes, 7, n, 5, -6)).to.equal(
        halfsiphash(bytes.latin1Slice(7, 7 + n), 5, -6),
      );
    }
  });

  it('half: is a signed 32-bit number and depends on both words of the key', () => {
    const h = halfsiphash('key', 1, 2);
    expect(h).to.equal(h | 0);
    expect(halfsiphash('key', 2, 2)).to.not.equal(h);
    expect(halfsiphash('key', 1, 3)).to.not.equal(h);
  });

  it('half: without case, equals the hash of the lower-case string, ASCII only', () => {
    for (const s of ['', 'A', 'Ab', 'ABc', 'HELLO', 'Hello World\xc0']) {
      const lower = s.replace(/[A-Z]/g, (c) => c.toLowerCase());
      expect(halfsiphash_nocase(s, 3, 4)).to.equal(halfsiphash(lower, 3, 4));
    }
    expect(halfsiphash_nocase('\xc0', 3, 4)).to.not.equal(halfsiphash_nocase('\xe0', 3, 4));
  });

  it('half: spreads a hundred thousand counters evenly over buckets', () => {
    const buckets = new Uint16Array(1024);
    for (let i = 0; i < 100000; i++) buckets[halfsiphash(`key:${String(i)}`, 5, 6) & 1023]++;
    expect(Math.min(...buckets)).to.be.above(50);
    expect(Math.max(...buckets)).to.be.below(160);
  });

  it('64 bits: gives the numbers of the C function', () => {
    const input = String.fromCharCode(...Array.from({ length: 64 }, (_, i) => (i * 37) & 0xff));
    for (const [len, hash] of [
      [0, 0xcea28b51565c12e2n],
      [1, 0x94aaf38c34ce7ba6n],
      [7, 0x9de3e79e12ee4786n],
      [8, 0x338df915549ebc15n],
      [9, 0x75c5b95fe195abbdn],
      [15, 0xdd28dd33eb084b15n],
      [16, 0xe5f65c0e6a3542a1n],
      [63, 0x7b41c6411403d02en],
    ] as const) {
      expect(siphash(input.slice(0, len), k)).to.equal(hash);
    }
  });

  it('64 bits: stays a 64-bit number, differs by length, key and every byte', () => {
    const seen = new Set<bigint>();
    let s = '';
    for (let i = 0; i < 64; i++) {
      const h = siphash(s, k);
      expect(h >= 0n && h < 1n << 64n).to.equal(true);
      seen.add(h);
      s += String.fromCharCode(i);
    }
    expect(seen.size).to.equal(64);
  });

  it('64 bits: without case, equals the hash of the lower-case string', () => {
    const key = Buffer.from('1234567812345678');
    expect(siphash_nocase('hello world', key)).to.equal(siphash('hello world', key));
    expect(siphash_nocase('HELLO world', key)).to.equal(siphash('hello world', key));
    expect(siphash_nocase('HELLO world', key)).to.not.equal(siphash('HELLO world', key));
  });
});
