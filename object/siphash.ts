/**
 * siphash.c: the keyed hash of the dictionaries.
 *
 * SipHash resists an attacker who sends keys that all fall into one bucket: without the key nobody
 * can tell which keys would. C uses SipHash with one round a word and two at the end (1-2). Its
 * words have 64 bits, for which JavaScript has only slow numbers; so the dictionaries use
 * HalfSipHash, by the same authors, of the same shape on 32-bit words:
 *
 *     v0 v1 v2 v3 := constants xor key
 *     for every word m of the input, little endian; the last one carries the length in its top byte:
 *         v3 ^= m;  one round;  v0 ^= m
 *     v2 ^= 0xff;  two rounds;  hash = v1 ^ v3             round: add, rotate, xor, four times
 *
 * The two of C are here, too; they are slow, and give the very numbers that C gives.
 *
 * Who calls in: dict.ts. Whom it calls: nobody.
 */

/** A mask of 64 bits. */
const U64 = 0xffffffffffffffffn;

/**
 * The char code with A-Z turned into a-z, independent of any locale.
 *
 * @c siphash.c:50
 */
export function siptlw(c: number): number {
  return c >= 0x41 && c <= 0x5a ? c + 32 : c;
}

/**
 * SipHash 1-2, 64 bits, of the bytes of a latin1 string with the 16-byte key `k`.
 *
 * @c siphash.c:127
 */
export function siphash(input: string, k: Uint8Array): bigint {
  const inlen = input.length;
  const k0 = U8TO64_LE(k, 0);
  const k1 = U8TO64_LE(k, 8);
  const v = [
    0x736f6d6570736575n ^ k0,
    0x646f72616e646f6dn ^ k1,
    0x6c7967656e657261n ^ k0,
    0x7465646279746573n ^ k1,
  ];
  const end = inlen - (inlen & 7);
  for (let i = 0; i < end; i += 8) {
    let m = 0n;
    for (let j = 7; j >= 0; j--) m = (m << 8n) | BigInt(input.charCodeAt(i + j));
    v[3] ^= m;
    SIPROUND(v);
    v[0] ^= m;
  }
  // The last, incomplete word, with the length on top.
  let b = BigInt(inlen & 0xff);
  for (let j = 6; j >= 0; j--) {
    b = (b << 8n) | (end + j < inlen ? BigInt(input.charCodeAt(end + j)) : 0n);
  }
  v[3] ^= b;
  SIPROUND(v);
  v[0] ^= b;
  v[2] ^= 0xffn;
  SIPROUND(v);
  SIPROUND(v);
  return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/**
 * siphash() of the string with its ASCII letters in lower case.
 *
 * @c siphash.c:187
 */
export function siphash_nocase(input: string, k: Uint8Array): bigint {
  let lower = '';
  for (let i = 0; i < input.length; i++) lower += String.fromCharCode(siptlw(input.charCodeAt(i)));
  return siphash(lower, k);
}

/**
 * Eight bytes from `off` as a little endian number.
 *
 * @own macro U8TO64_LE of siphash.c
 */
export function U8TO64_LE(p: Uint8Array, off: number): bigint {
  let x = 0n;
  for (let j = 7; j >= 0; j--) x = (x << 8n) | BigInt(p[off + j]);
  return x;
}

/**
 * One round over the four words of state.
 *
 * @own macro SIPROUND of siphash.c
 */
export function SIPROUND(v: bigint[]): void {
  let [v0, v1, v2, v3] = v;
  v0 = (v0 + v1) & U64;
  v1 = ROTL(v1, 13n) ^ v0;
  v0 = ROTL(v0, 32n);
  v2 = (v2 + v3) & U64;
  v3 = ROTL(v3, 16n) ^ v2;
  v0 = (v0 + v3) & U64;
  v3 = ROTL(v3, 21n) ^ v0;
  v2 = (v2 + v1) & U64;
  v1 = ROTL(v1, 17n) ^ v2;
  v2 = ROTL(v2, 32n);
  v[0] = v0;
  v[1] = v1;
  v[2] = v2;
  v[3] = v3;
}

/**
 * A 64-bit word rotated left by `b` bits.
 *
 * @own macro ROTL of siphash.c
 */
export function ROTL(x: bigint, b: bigint): bigint {
  return ((x << b) | (x >> (64n - b))) & U64;
}

/**
 * HalfSipHash 1-2, 32 bits (as a signed number), of the bytes of a latin1 string with the 64-bit
 * key `k0`, `k1`. The rounds are written out, since this runs for every look-up.
 *
 * @own SipHash on 32-bit words, which are what JavaScript computes fast
 */
export function halfsiphash(input: string, k0: number, k1: number): number {
  const len = input.length;
  let v0 = k0 | 0;
  let v1 = k1 | 0;
  let v2 = 0x6c796765 ^ k0;
  let v3 = 0x74656462 ^ k1;
  const end = len & ~3;
  let i = 0;
  for (; i < end; i += 4) {
    const m =
      input.charCodeAt(i) |
      (input.charCodeAt(i + 1) << 8) |
      (input.charCodeAt(i + 2) << 16) |
      (input.charCodeAt(i + 3) << 24);
    v3 ^= m;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= m;
  }
  // The last word: up to three bytes, and the length on top.
  let b = len << 24;
  const left = len & 3;
  if (left === 3) b |= input.charCodeAt(i + 2) << 16;
  if (left >= 2) b |= input.charCodeAt(i + 1) << 8;
  if (left >= 1) b |= input.charCodeAt(i);
  return halfsipfinal(v0, v1, v2, v3, b);
}

/**
 * halfsiphash() of bytes that no string was made of yet: `len` of them from `pos`. The rounds stand here again because a function that
 * took strings as well as bytes would be slow for both.
 *
 * @own SipHash on 32-bit words, which are what JavaScript computes fast
 */
export function halfsiphash_bytes(
  buf: Uint8Array,
  pos: number,
  len: number,
  k0: number,
  k1: number,
): number {
  let v0 = k0 | 0;
  let v1 = k1 | 0;
  let v2 = 0x6c796765 ^ k0;
  let v3 = 0x74656462 ^ k1;
  const end = pos + (len & ~3);
  let i = pos;
  for (; i < end; i += 4) {
    const m = buf[i] | (buf[i + 1] << 8) | (buf[i + 2] << 16) | (buf[i + 3] << 24);
    v3 ^= m;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= m;
  }
  let b = len << 24;
  const left = len & 3;
  if (left === 3) b |= buf[i + 2] << 16;
  if (left >= 2) b |= buf[i + 1] << 8;
  if (left >= 1) b |= buf[i];
  return halfsipfinal(v0, v1, v2, v3, b);
}

/**
 * halfsiphash() of the string with its ASCII letters in lower case.
 *
 * @own SipHash on 32-bit words, which are what JavaScript computes fast
 */
export function halfsiphash_nocase(input: string, k0: number, k1: number): number {
  const len = input.length;
  let v0 = k0 | 0;
  let v1 = k1 | 0;
  let v2 = 0x6c796765 ^ k0;
  let v3 = 0x74656462 ^ k1;
  const end = len & ~3;
  let i = 0;
  for (; i < end; i += 4) {
    const m =
      siptlw(input.charCodeAt(i)) |
      (siptlw(input.charCodeAt(i + 1)) << 8) |
      (siptlw(input.charCodeAt(i + 2)) << 16) |
      (siptlw(input.charCodeAt(i + 3)) << 24);
    v3 ^= m;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= m;
  }
  let b = len << 24;
  const left = len & 3;
  if (left === 3) b |= siptlw(input.charCodeAt(i + 2)) << 16;
  if (left >= 2) b |= siptlw(input.charCodeAt(i + 1)) << 8;
  if (left >= 1) b |= siptlw(input.charCodeAt(i));
  return halfsipfinal(v0, v1, v2, v3, b);
}

/**
 * The end of HalfSipHash 1-2: the last word `b`, then two rounds more.
 *
 * @own shared by the two variants
 */
export function halfsipfinal(v0: number, v1: number, v2: number, v3: number, b: number): number {
  v3 ^= b;
  for (let round = 0; round < 3; round++) {
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    // After the round of the last word the two closing rounds begin.
    if (round === 0) {
      v0 ^= b;
      v2 ^= 0xff;
    }
  }
  return v1 ^ v3;
}
