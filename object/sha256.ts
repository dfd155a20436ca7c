/**
 * sha256.c: SHA-256 (FIPS 180-4), with which passwords are kept.
 *
 *     data ──► 64 byte blocks ──► sha256_transform ──► eight 32 bit words ──► 32 bytes
 *
 * The last block holds a 1 bit after the data, zeros, and the length in bits as a 64 bit big endian number. Called by acl.c only.
 */

/** Bytes of a digest. */
export const SHA256_BLOCK_SIZE = 32;

/** A digest in the making: the block that is being filled, bytes before it, the state. */
export class SHA256_CTX {
  data = new Uint8Array(64);
  datalen = 0;
  /** Bits in the blocks that were transformed. */
  bitlen = 0;
  state = new Int32Array(8);
}

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const k = Int32Array.of(
  0x428a2f98,
  0x71374491,
  0xb5c0fbcf,
  0xe9b5dba5,
  0x3956c25b,
  0x59f111f1,
  0x923f82a4,
  0xab1c5ed5,
  0xd807aa98,
  0x12835b01,
  0x243185be,
  0x550c7dc3,
  0x72be5d74,
  0x80deb1fe,
  0x9bdc06a7,
  0xc19bf174,
  0xe49b69c1,
  0xefbe4786,
  0x0fc19dc6,
  0x240ca1cc,
  0x2de92c6f,
  0x4a7484aa,
  0x5cb0a9dc,
  0x76f988da,
  0x983e5152,
  0xa831c66d,
  0xb00327c8,
  0xbf597fc7,
  0xc6e00bf3,
  0xd5a79147,
  0x06ca6351,
  0x14292967,
  0x27b70a85,
  0x2e1b2138,
  0x4d2c6dfc,
  0x53380d13,
  0x650a7354,
  0x766a0abb,
  0x81c2c92e,
  0x92722c85,
  0xa2bfe8a1,
  0xa81a664b,
  0xc24b8b70,
  0xc76c51a3,
  0xd192e819,
  0xd6990624,
  0xf40e3585,
  0x106aa070,
  0x19a4c116,
  0x1e376c08,
  0x2748774c,
  0x34b0bcb5,
  0x391c0cb3,
  0x4ed8aa4a,
  0x5b9cca4f,
  0x682e6ff3,
  0x748f82ee,
  0x78a5636f,
  0x84c87814,
  0x8cc70208,
  0x90befffa,
  0xa4506ceb,
  0xbef9a3f7,
  0xc67178f2,
);

/** Turns a 32 bit word right. @own macro ROTRIGHT of sha256.c */
export function ROTRIGHT(a: number, b: number): number {
  return (a >>> b) | (a << (32 - b));
}

/**
 * Mixes one full block into the state.
 * @c sha256.c:44
 */
export function sha256_transform(ctx: SHA256_CTX, data: Uint8Array): void {
  const m = new Int32Array(64);
  for (let i = 0, j = 0; i < 16; i++, j += 4)
    m[i] = (data[j] << 24) | (data[j + 1] << 16) | (data[j + 2] << 8) | data[j + 3];
  for (let i = 16; i < 64; i++) {
    const s0 = ROTRIGHT(m[i - 15], 7) ^ ROTRIGHT(m[i - 15], 18) ^ (m[i - 15] >>> 3);
    const s1 = ROTRIGHT(m[i - 2], 17) ^ ROTRIGHT(m[i - 2], 19) ^ (m[i - 2] >>> 10);
    m[i] = s1 + m[i - 7] + s0 + m[i - 16];
  }

  let [a, b, c, d, e, f, g, h] = ctx.state;
  for (let i = 0; i < 64; i++) {
    const ep1 = ROTRIGHT(e, 6) ^ ROTRIGHT(e, 11) ^ ROTRIGHT(e, 25);
    const t1 = (h + ep1 + ((e & f) ^ (~e & g)) + k[i] + m[i]) | 0;
    const ep0 = ROTRIGHT(a, 2) ^ ROTRIGHT(a, 13) ^ ROTRIGHT(a, 22);
    const t2 = (ep0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  ctx.state[0] += a;
  ctx.state[1] += b;
  ctx.state[2] += c;
  ctx.state[3] += d;
  ctx.state[4] += e;
  ctx.state[5] += f;
  ctx.state[6] += g;
  ctx.state[7] += h;
}

/**
 * Starts a digest.
 * @c sha256.c:90
 */
export function sha256_init(ctx: SHA256_CTX): void {
  ctx.datalen = 0;
  ctx.bitlen = 0;
  ctx.state.set([
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
  ]);
}

/**
 * Adds bytes.
 * @c sha256.c:104
 */
export function sha256_update(ctx: SHA256_CTX, data: Uint8Array): void {
  for (const byte of data) {
    ctx.data[ctx.datalen++] = byte;
    if (ctx.datalen === 64) {
      sha256_transform(ctx, ctx.data);
      ctx.bitlen += 512;
      ctx.datalen = 0;
    }
  }
}

/**
 * Ends the digest: pads, and returns its 32 bytes.
 * @c sha256.c:119
 */
export function sha256_final(ctx: SHA256_CTX): Uint8Array {
  let i = ctx.datalen;
  ctx.data[i++] = 0x80;
  if (i > 56) {
    ctx.data.fill(0, i);
    sha256_transform(ctx, ctx.data);
    i = 0;
  }
  ctx.data.fill(0, i, 56);
  ctx.bitlen += ctx.datalen * 8;
  const view = new DataView(ctx.data.buffer);
  view.setUint32(56, Math.floor(ctx.bitlen / 2 ** 32));
  view.setUint32(60, ctx.bitlen >>> 0);
  sha256_transform(ctx, ctx.data);

  const hash = new Uint8Array(SHA256_BLOCK_SIZE);
  const out = new DataView(hash.buffer);
  ctx.state.forEach((word, j) => out.setInt32(j * 4, word));
  return hash;
}
