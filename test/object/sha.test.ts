/** Tests of sha1.ts and sha256.ts against Node's own digests. */
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { SHA1_CTX, SHA1Final, SHA1Init, SHA1Update } from '../../object/sha1.ts';
import { SHA256_CTX, sha256_final, sha256_init, sha256_update } from '../../object/sha256.ts';

const text = Buffer.alloc(300, 'abcdefghij');

/** Our two digests of `data`, given to them in pieces of `cut` bytes. */
function digests(data: Uint8Array, cut: number): { sha1: string; sha256: string } {
  const one = new SHA1_CTX();
  const two = new SHA256_CTX();
  const digest = new Uint8Array(20);
  SHA1Init(one);
  sha256_init(two);
  for (let i = 0; i < data.length; i += cut) {
    SHA1Update(one, data.subarray(i, i + cut));
    sha256_update(two, data.subarray(i, i + cut));
  }
  SHA1Final(digest, one);
  return {
    sha1: Buffer.from(digest).toString('hex'),
    sha256: Buffer.from(sha256_final(two)).toString('hex'),
  };
}

describe('sha1 and sha256', () => {
  it('give the digests of the standard at every length around a block', () => {
    for (let n = 0; n <= 200; n++) {
      const data = text.subarray(0, n);
      expect(digests(data, 1000)).to.deep.equal({
        sha1: createHash('sha1').update(data).digest('hex'),
        sha256: createHash('sha256').update(data).digest('hex'),
      });
    }
  });

  it('do not depend on how the data is cut', () => {
    for (const cut of [1, 7, 63, 64, 65, 127]) {
      expect(digests(text, cut)).to.deep.equal(digests(text, 1000));
    }
  });
});
