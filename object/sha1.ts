/**
 * sha1.c: SHA-1 (FIPS 180-4). DEBUG DIGEST builds its signature of a dataset from it.
 *
 *     data ──► 64 byte blocks ──► SHA1Transform ──► five 32 bit words ──► 20 bytes
 *
 * The last block holds a 1 bit after the data, zeros, and the length in bits as a 64 bit big endian number. Called by debug.c only.
 */

/** A digest in the making: the five words, the count of bits (low, high), the block that is being filled. */
export class SHA1_CTX {
  state = new Int32Array(5);
  /** Bytes so far. */
  count = 0;
  buffer = new Uint8Array(64);
}

/** Turns a 32 bit word left. @own macro rol of sha1.c */
export function rol(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/**
 * Mixes one block of 64 bytes into the state.
 * @c sha1.c:56
 */
export function SHA1Transform(state: Int32Array, buffer: Uint8Array, offset: number): void {
  const w = new Int32Array(80);
  for (let i = 0, j = offset; i < 16; i++, j += 4)
    w[i] = (buffer[j] << 24) | (buffer[j + 1] << 16) | (buffer[j + 2] << 8) | buffer[j + 3];
  for (let i = 16; i < 80; i++) w[i] = rol(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);

  let [a, b, c, d, e] = state;
  for (let i = 0; i < 80; i++) {
    let f: number;
    if (i < 20) f = ((b & (c ^ d)) ^ d) + 0x5a827999;
    else if (i < 40) f = (b ^ c ^ d) + 0x6ed9eba1;
    else if (i < 60) f = (((b | c) & d) | (b & c)) + 0x8f1bbcdc;
    else f = (b ^ c ^ d) + 0xca62c1d6;
    const t = (rol(a, 5) + f + e + w[i]) | 0;
    e = d;
    d = c;
    c = rol(b, 30);
    b = a;
    a = t;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
}

/**
 * Starts a digest.
 * @c sha1.c:117
 */
export function SHA1Init(context: SHA1_CTX): void {
  context.state.set([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]);
  context.count = 0;
}

/**
 * Adds bytes.
 * @c sha1.c:131
 */
export function SHA1Update(context: SHA1_CTX, data: Uint8Array): void {
  let j = context.count % 64;
  context.count += data.length;
  let i = 0;
  if (j + data.length > 63) {
    i = 64 - j;
    context.buffer.set(data.subarray(0, i), j);
    SHA1Transform(context.state, context.buffer, 0);
    for (; i + 63 < data.length; i += 64) SHA1Transform(context.state, data, i);
    j = 0;
  }
  context.buffer.set(data.subarray(i), j);
}

/**
 * Ends the digest: pads, and writes its 20 bytes into `digest`.
 * @c sha1.c:155
 */
export function SHA1Final(digest: Uint8Array, context: SHA1_CTX): void {
  const bits = context.count * 8;
  const used = context.count % 64;
  const pad = new Uint8Array((used < 56 ? 56 : 120) - used + 8);
  pad[0] = 0x80;
  const view = new DataView(pad.buffer);
  view.setUint32(pad.length - 8, Math.floor(bits / 2 ** 32));
  view.setUint32(pad.length - 4, bits >>> 0);
  SHA1Update(context, pad);
  for (let i = 0; i < 20; i++) digest[i] = context.state[i >> 2] >>> ((3 - (i & 3)) * 8);
}
