import { expect } from 'chai';
import { zfree_bytes } from '../../object/zmalloc.ts';
import {
  zipmapBlobLen,
  zipmapDel,
  zipmapExists,
  zipmapGet,
  zipmapLen,
  zipmapNew,
  zipmapNext,
  zipmapOut,
  zipmapPair,
  zipmapRewind,
  zipmapSet,
  zipmapValidateIntegrity,
} from '../../quicklist/zipmap.ts';
import { Random } from '../support/random.ts';
import { accountForBlocks, block, hex } from './blocks.ts';

function zipmapOf(...pairs: Array<[string, string]>): Buffer {
  let zm = zipmapNew();
  for (const [key, value] of pairs) zm = zipmapSet(zm, key, value, null);
  return zm;
}

function bytesOf(zm: Buffer): string {
  return hex(zm, zipmapBlobLen(zm));
}

function pairsOf(zm: Buffer): Array<[string, string]> {
  const pairs: Array<[string, string]> = [];
  const pair = new zipmapPair();
  for (let p = zipmapRewind(zm); (p = zipmapNext(zm, p, pair));) pairs.push([pair.key, pair.value]);
  return pairs;
}

describe('zipmap.ts', () => {
  accountForBlocks();

  it('lies in memory as it is drawn', () => {
    const zm = zipmapOf(['foo', 'bar'], ['hello', 'world']);
    expect(bytesOf(zm)).to.equal(
      '02 03 66 6f 6f 03 00 62 61 72 05 68 65 6c 6c 6f 05 00 77 6f 72 6c 64 ff',
    );
    expect(pairsOf(zm)).to.deep.equal([
      ['foo', 'bar'],
      ['hello', 'world'],
    ]);
    zfree_bytes(zm);
    const empty = zipmapNew();
    expect(bytesOf(empty)).to.equal('00 ff');
    expect(pairsOf(empty)).to.deep.equal([]);
    zfree_bytes(empty);
  });

  it('has lengths of five bytes from 254 on', () => {
    const zm = zipmapOf(['k'.repeat(254), 'v'.repeat(300)], ['a', 'b'.repeat(253)]);
    expect(bytesOf(zm)).to.match(
      /^02 fe fe 00 00 00 (6b ){254}fe 2c 01 00 00 00 (76 ){300}01 61 fd 00 (62 ){253}ff$/,
    );
    expect(zipmapGet(zm, 'k'.repeat(254))).to.equal('v'.repeat(300));
    expect(zipmapGet(zm, 'a')).to.equal('b'.repeat(253));
    zfree_bytes(zm);
  });

  it('keeps up to three bytes free behind a value that became shorter', () => {
    let zm = zipmapOf(['a', '12345678'], ['b', 'x']);
    zm = zipmapSet(zm, 'a', '12345', null);
    expect(bytesOf(zm).startsWith('02 01 61 05 03 31 32 33 34 35 ')).to.equal(true);
    zm = zipmapSet(zm, 'a', '123456', null);
    expect(bytesOf(zm).startsWith('02 01 61 06 02 31 32 33 34 35 36 ')).to.equal(true);
    zm = zipmapSet(zm, 'a', '1234', null);
    expect(bytesOf(zm)).to.equal('02 01 61 04 00 31 32 33 34 01 62 01 00 78 ff');
    zm = zipmapSet(zm, 'a', '1234567', null);
    expect(bytesOf(zm)).to.equal('02 01 61 07 00 31 32 33 34 35 36 37 01 62 01 00 78 ff');
    zfree_bytes(zm);
  });

  it('says whether a key was there', () => {
    const out = new zipmapOut();
    let zm = zipmapSet(zipmapNew(), 'a', '1', out);
    expect(out.found).to.equal(false);
    zm = zipmapSet(zm, 'a', '2', out);
    expect(out.found).to.equal(true);
    zm = zipmapDel(zm, 'b', out);
    expect(out.found).to.equal(false);
    expect([zipmapExists(zm, 'a'), zipmapExists(zm, 'b')]).to.deep.equal([true, false]);
    expect(zipmapGet(zm, 'b')).to.equal(null);
    zm = zipmapDel(zm, 'a', out);
    expect(out.found).to.equal(true);
    expect(bytesOf(zm)).to.equal('00 ff');
    zm = zipmapDel(zm, 'a', null);
    zfree_bytes(zm);
  });

  it('counts its pairs when they are 254 and more', () => {
    let zm = zipmapNew();
    for (let i = 0; i < 260; i++) zm = zipmapSet(zm, `key${i}`, String(i), null);
    expect([zm[0], zipmapLen(zm)]).to.deep.equal([254, 260]);
    for (let i = 0; i < 10; i++) zm = zipmapDel(zm, `key${i}`, null);
    expect(zm[0]).to.equal(254);
    expect(zipmapLen(zm)).to.equal(250);
    expect(zm[0]).to.equal(250);
    zfree_bytes(zm);
  });

  it('does what a Map does, over many random steps', () => {
    const random = Random.fromEnvironment();
    for (let run = 0; run < 20; run++) {
      let zm = zipmapNew();
      const model = new Map<string, string>();
      for (let step = 0; step < 150; step++) {
        const key = random.chance(0.95)
          ? `k${random.int(0, 12)}`
          : 'K'.repeat(random.int(252, 256));
        const out = new zipmapOut();
        if (random.chance(0.7)) {
          const value = 'v'.repeat(random.chance(0.9) ? random.int(0, 12) : random.int(250, 260));
          zm = zipmapSet(zm, key, value, out);
          expect(out.found).to.equal(model.has(key));
          model.set(key, value);
        } else {
          zm = zipmapDel(zm, key, out);
          expect(out.found).to.equal(model.delete(key));
        }
        expect(zipmapLen(zm)).to.equal(model.size);
        expect(zipmapGet(zm, key)).to.equal(model.get(key) ?? null);
        expect(zipmapValidateIntegrity(zm, zipmapBlobLen(zm), 1)).to.equal(model.size > 0);
      }
      expect(pairsOf(zm), `seed ${random.seed}`).to.deep.equal([...model]);
      zfree_bytes(zm);
    }
  });

  it('is valid if its lengths and its end agree', () => {
    const valid = (text: string, deep: number): boolean => {
      const zm = block(text);
      const result = zipmapValidateIntegrity(zm, text.replaceAll(' ', '').length / 2, deep);
      zfree_bytes(zm);
      return result;
    };
    expect(valid('01 01 61 01 00 62 ff', 1)).to.equal(true);
    expect(valid('fe 01 61 01 00 62 ff', 1)).to.equal(true);
    expect(valid('01 01 61 01 02 62 00 00 ff', 1)).to.equal(true);
    expect(valid('ff', 0)).to.equal(false);
    expect(valid('00 fe', 0)).to.equal(false);
    for (const text of [
      '00 ff', // no pair at all
      '02 01 61 01 00 62 ff', // number of pairs
      '01 09 61 01 00 62 ff', // key beyond the end
      '01 fe 61 01 00 ff', // length of the key not all there
      '01 01 61 09 00 62 ff', // value beyond the end
      '01 01 61 fe 00 62 ff', // length of the value not all there
      '01 01 61 01 09 62 ff', // free bytes beyond the end
      '01 fe ff ff ff ff 00 00 00 ff', // key of 4 GB
      '01 01 61 fe ff ff ff ff 00 00 ff', // value of 4 GB
    ]) {
      expect(valid(text, 0), text).to.equal(true);
      expect(valid(text, 1), text).to.equal(false);
    }
  });
});
