import { expect } from 'chai';
import { srandom } from '../../object/util.ts';
import { zfree_bytes } from '../../object/zmalloc.ts';
import { lpStringToInt64 } from '../../quicklist/listpack.ts';
import {
  ZIPLIST_HEAD,
  ZIPLIST_HEADER_SIZE,
  ZIPLIST_MAX_SAFETY_SIZE,
  ZIPLIST_TAIL,
  zipIntSize,
  ziplistBlobLen,
  ziplistCompare,
  ziplistDelete,
  ziplistDeleteRange,
  ziplistEntry,
  ziplistFind,
  ziplistGet,
  ziplistIndex,
  ziplistInsert,
  ziplistLen,
  ziplistMerge,
  ziplistNew,
  ziplistNext,
  ziplistPrev,
  ziplistPush,
  ziplistRandomPair,
  ziplistRandomPairs,
  ziplistRandomPairsUnique,
  ziplistReplace,
  ziplistRepr,
  ziplistSafeToAdd,
  ziplistValidateIntegrity,
  type ziplistOwner,
} from '../../quicklist/ziplist.ts';
import { Random } from '../support/random.ts';
import { accountForBlocks, edges, hex, printed, someString } from './blocks.ts';

/** A ziplist of these entries. */
function ziplistOf(...entries: string[]): Buffer {
  let zl = ziplistNew();
  for (const s of entries) zl = ziplistPush(zl, s, ZIPLIST_TAIL);
  return zl;
}

/** All bytes of a ziplist. */
function bytesOf(zl: Buffer): string {
  return hex(zl, ziplistBlobLen(zl));
}

/** All entries as strings, read forward; they must be the same when they are read backward. */
function entriesOf(zl: Buffer): string[] {
  const forward: string[] = [];
  for (let p = ziplistIndex(zl, 0); p; p = ziplistNext(zl, p)) forward.push(`${ziplistGet(zl, p)}`);
  const backward: string[] = [];
  for (let p = ziplistBlobLen(zl) - 1; (p = ziplistPrev(zl, p));) {
    backward.unshift(`${ziplistGet(zl, p)}`);
  }
  expect(backward).to.deep.equal(forward);
  return forward;
}

/** What `look` finds in a ziplist, which must be valid and is freed then. */
function frees<T>(zl: Buffer, look: (zl: Buffer) => T): T {
  expect(ziplistValidateIntegrity(zl, ziplistBlobLen(zl), 1, null)).to.equal(true);
  const result = look(zl);
  zfree_bytes(zl);
  return result;
}

describe('ziplist.ts', () => {
  accountForBlocks();

  describe('the bytes', () => {
    /** The bytes of the only entry of a ziplist, without header, length of the entry before, and end. */
    const encoded = (s: string): string =>
      frees(ziplistOf(s), (zl) => bytesOf(zl).slice(3 * (ZIPLIST_HEADER_SIZE + 1), -3));

    it('of an empty ziplist are the header and the end', () => {
      expect(frees(ziplistNew(), bytesOf)).to.equal('0b 00 00 00 0a 00 00 00 00 00 ff');
    });

    it('of an integer are the fewest in which it fits', () => {
      expect(encoded('0')).to.equal('f1');
      expect(encoded('12')).to.equal('fd');
      expect(encoded('13')).to.equal('fe 0d');
      expect(encoded('-1')).to.equal('fe ff');
      expect(encoded('-128')).to.equal('fe 80');
      expect(encoded('128')).to.equal('c0 80 00');
      expect(encoded('-129')).to.equal('c0 7f ff');
      expect(encoded('32768')).to.equal('f0 00 80 00');
      expect(encoded('-8388608')).to.equal('f0 00 00 80');
      expect(encoded('8388608')).to.equal('d0 00 00 80 00');
      expect(encoded('-2147483648')).to.equal('d0 00 00 00 80');
      expect(encoded('2147483648')).to.equal('e0 00 00 00 80 00 00 00 00');
      expect(encoded('-9223372036854775808')).to.equal('e0 00 00 00 00 00 00 00 80');
    });

    it('of a string are its length in 1, 2 or 5 bytes, and its own', () => {
      expect(encoded('')).to.equal('00');
      expect(encoded('Hello World')).to.equal('0b 48 65 6c 6c 6f 20 57 6f 72 6c 64');
      expect(encoded('x'.repeat(63))).to.match(/^3f( 78){63}$/);
      expect(encoded('x'.repeat(64))).to.match(/^40 40( 78){64}$/);
      expect(encoded('x'.repeat(16383))).to.match(/^7f ff( 78){16383}$/);
      expect(encoded('x'.repeat(16384))).to.match(/^80 00 00 40 00( 78){16384}$/);
    });

    it('say in each entry how long the one before it is', () => {
      expect(frees(ziplistOf('2', '5'), bytesOf)).to.equal(
        '0f 00 00 00 0c 00 00 00 02 00 00 f3 02 f6 ff',
      );
      const after = (s: string): string =>
        frees(ziplistOf(s, '1'), (zl) =>
          bytesOf(zl).slice(3 * (ZIPLIST_HEADER_SIZE + s.length + 3)),
        );
      expect(after('x'.repeat(250))).to.equal('fd f2 ff');
      expect(after('x'.repeat(251))).to.equal('fe fe 00 00 00 f2 ff');
      expect(after('x'.repeat(1000))).to.equal('fe eb 03 00 00 f2 ff');
    });
  });

  it('gives back what was put in, as integers where that is the shorter form', () => {
    for (const s of edges) {
      const zl = ziplistOf('before', s, 'after');
      expect(ziplistGet(zl, ziplistIndex(zl, 1)), s).to.equal(lpStringToInt64(s) ?? s);
      zfree_bytes(zl);
    }
    const zl = ziplistOf('a');
    expect(ziplistGet(zl, 0)).to.equal(null);
    expect(ziplistGet(zl, ziplistBlobLen(zl) - 1)).to.equal(null);
    zfree_bytes(zl);
  });

  it('goes to each index from both ends, and to none outside', () => {
    const zl = ziplistOf('a', 'b', 'c');
    for (let i = 0; i < 3; i++) {
      expect(ziplistGet(zl, ziplistIndex(zl, i))).to.equal('abc'[i]);
      expect(ziplistGet(zl, ziplistIndex(zl, i - 3))).to.equal('abc'[i]);
    }
    for (const i of [3, 4, 9, -4, -5, -9]) expect(ziplistIndex(zl, i)).to.equal(0);
    expect(ziplistPrev(zl, ZIPLIST_HEADER_SIZE)).to.equal(0);
    expect(ziplistNext(zl, ziplistBlobLen(zl) - 1)).to.equal(0);
    zfree_bytes(zl);
    const empty = ziplistNew();
    expect([ziplistIndex(empty, 0), ziplistIndex(empty, -1), ziplistPrev(empty, 10)]).to.deep.equal(
      [0, 0, 0],
    );
    zfree_bytes(empty);
  });

  it('inserts, replaces and deletes', () => {
    let zl = ziplistPush(ziplistOf('b'), 'a', ZIPLIST_HEAD);
    zl = ziplistInsert(zl, ziplistIndex(zl, 1), 'between');
    zl = ziplistReplace(zl, ziplistIndex(zl, 1), 'betweem');
    expect(entriesOf(zl)).to.deep.equal(['a', 'betweem', 'b']);
    zl = ziplistReplace(zl, ziplistIndex(zl, 0), '1000');
    zl = ziplistReplace(zl, ziplistIndex(zl, 0), '2000');
    expect(entriesOf(zl)).to.deep.equal(['2000', 'betweem', 'b']);
    const p = ziplistIndex(zl, 1);
    zl = ziplistDelete(zl, p);
    expect(ziplistGet(zl, p)).to.equal('b');
    zl = ziplistDelete(zl, p);
    expect(ziplistGet(zl, p)).to.equal(null);
    expect(frees(ziplistDeleteRange(zl, 5, 1), entriesOf)).to.deep.equal(['2000']);
  });

  it('deletes ranges, however far they reach', () => {
    const all = ['0', 'one', '2', 'three', '4'];
    for (let index = -6; index <= 5; index++) {
      for (const num of [1, 2, 5, 100]) {
        const model = [...all];
        const at = index < 0 ? index + 5 : index;
        if (at >= 0) model.splice(at, num);
        const zl = ziplistDeleteRange(ziplistOf(...all), index, num);
        expect(frees(zl, entriesOf), `${index} ${num}`).to.deep.equal(model);
      }
    }
  });

  it('lets the fields for the length before grow one after the other, and not shrink', () => {
    // Each entry has 253 bytes, and 257 when the field grows, so that the next one has to grow too.
    const s = 'x'.repeat(250);
    let zl = ziplistOf(...Array<string>(5).fill(s));
    expect(ziplistBlobLen(zl)).to.equal(11 + 5 * 253);
    zl = ziplistPush(zl, 'y'.repeat(300), ZIPLIST_HEAD);
    expect(ziplistBlobLen(zl)).to.equal(11 + 303 + 5 * 257);
    expect(ziplistValidateIntegrity(zl, ziplistBlobLen(zl), 1, null)).to.equal(true);
    // The new first entry makes its neighbour's field small again; those behind it keep theirs.
    zl = ziplistDelete(zl, ZIPLIST_HEADER_SIZE);
    expect(ziplistBlobLen(zl)).to.equal(11 + 253 + 4 * 257);
    expect(frees(zl, entriesOf)).to.deep.equal(Array<string>(5).fill(s));
  });

  it('keeps a long field where a short entry comes before it, else the block would shrink', () => {
    const s = 'x'.repeat(250);
    let zl = ziplistPush(ziplistOf(s, s), 'y'.repeat(300), ZIPLIST_HEAD);
    zl = ziplistDelete(zl, ZIPLIST_HEADER_SIZE);
    // The second one says in five bytes that there are 253 before it.
    const p = ziplistIndex(zl, 1);
    expect(hex(zl.subarray(p), 5)).to.equal('fe fd 00 00 00');
    zl = ziplistInsert(zl, p, '5');
    expect(hex(zl.subarray(p), 7)).to.equal('fd f6 fe 02 00 00 00');
    expect(frees(zl, entriesOf)).to.deep.equal([s, '5', s]);
  });

  it('merges into the one with more entries, and frees the other', () => {
    for (const [a, b] of [
      [['1', 'two', '3'], ['4']],
      [['1'], ['2', 'three', '4']],
      [['x'.repeat(251)], ['y'.repeat(250), 'z'.repeat(250), '1']],
    ]) {
      const first: ziplistOwner = { entry: ziplistOf(...a) };
      const second: ziplistOwner = { entry: ziplistOf(...b) };
      const merged = ziplistMerge(first, second);
      const larger = a.length >= b.length;
      expect(larger ? first.entry : second.entry).to.equal(merged);
      expect(larger ? second.entry : first.entry).to.equal(null);
      expect(frees(merged as Buffer, entriesOf)).to.deep.equal([...a, ...b]);
      expect(ziplistMerge(first, { entry: null })).to.equal(null);
      expect(ziplistMerge({ entry: null }, first)).to.equal(null);
    }
    const one: ziplistOwner = { entry: ziplistNew() };
    expect(ziplistMerge(one, one)).to.equal(null);
    zfree_bytes(one.entry as Buffer);
  });

  it('counts 65535 entries and more each time', () => {
    let zl = ziplistNew();
    for (let i = 0; i < 65536; i++) zl = ziplistPush(zl, '1', ZIPLIST_TAIL);
    expect(zl.readUInt16LE(8)).to.equal(65535);
    expect(ziplistLen(zl)).to.equal(65536);
    zl = ziplistDeleteRange(zl, 0, 10);
    expect(zl.readUInt16LE(8)).to.equal(65535);
    expect(ziplistLen(zl)).to.equal(65526);
    expect(zl.readUInt16LE(8)).to.equal(65526);
    zfree_bytes(zl);
  });

  it('finds and compares strings and integers', () => {
    const zl = ziplistOf('k1', '5', '5', 'k1', 'x'.repeat(100), '6', '9007199254740993', '9');
    const head = ziplistIndex(zl, 0);
    expect(ziplistFind(zl, head, 'k1', 1)).to.equal(head);
    expect(ziplistFind(zl, head, '5', 1)).to.equal(ziplistIndex(zl, 2));
    expect(ziplistFind(zl, head, '5', 0)).to.equal(ziplistIndex(zl, 1));
    expect(ziplistFind(zl, head, 'x'.repeat(100), 1)).to.equal(ziplistIndex(zl, 4));
    expect(ziplistFind(zl, head, '9007199254740993', 1)).to.equal(ziplistIndex(zl, 6));
    for (const s of ['9', 'k2', '', '05', '1'.repeat(40)]) {
      expect(ziplistFind(zl, head, s, 1), s).to.equal(0);
    }
    expect(ziplistCompare(zl, head, 'k1')).to.equal(true);
    expect(ziplistCompare(zl, head, 'k2')).to.equal(false);
    expect(ziplistCompare(zl, head, 'k')).to.equal(false);
    expect(ziplistCompare(zl, ziplistIndex(zl, 1), '5')).to.equal(true);
    expect(ziplistCompare(zl, ziplistIndex(zl, 1), '05')).to.equal(false);
    expect(ziplistCompare(zl, ziplistIndex(zl, 6), '9007199254740993')).to.equal(true);
    expect(ziplistCompare(zl, ziplistBlobLen(zl) - 1, 'k1')).to.equal(false);
    zfree_bytes(zl);
  });

  it('is safe up to 1 GB', () => {
    const zl = ziplistNew();
    expect(ziplistSafeToAdd(null, ZIPLIST_MAX_SAFETY_SIZE)).to.equal(true);
    expect(ziplistSafeToAdd(zl, ZIPLIST_MAX_SAFETY_SIZE - 11)).to.equal(true);
    expect(ziplistSafeToAdd(zl, ZIPLIST_MAX_SAFETY_SIZE - 10)).to.equal(false);
    zfree_bytes(zl);
  });

  it('does what an array does, over many random steps', () => {
    const random = Random.fromEnvironment();
    for (let run = 0; run < 15; run++) {
      let zl = ziplistNew();
      const model: string[] = [];
      for (let step = 0; step < 150; step++) {
        const s = someString(random);
        const i = random.int(0, Math.max(0, model.length - 1));
        const p = ziplistIndex(zl, random.chance(0.5) ? i : i - model.length);
        const op = random.int(0, 9);
        if (op <= 2 || p === 0) {
          const where = random.pick([ZIPLIST_HEAD, ZIPLIST_TAIL]);
          zl = ziplistPush(zl, s, where);
          if (where === ZIPLIST_HEAD) model.unshift(s);
          else model.push(s);
        } else if (op <= 5) {
          zl = ziplistInsert(zl, p, s);
          model.splice(i, 0, s);
        } else if (op <= 7) {
          zl = ziplistReplace(zl, p, s);
          model[i] = s;
        } else if (op === 8) {
          zl = ziplistDelete(zl, p);
          model.splice(i, 1);
        } else {
          const num = random.int(1, 3);
          zl = ziplistDeleteRange(zl, i, num);
          model.splice(i, num);
        }
        expect(ziplistLen(zl)).to.equal(model.length);
        expect(
          ziplistValidateIntegrity(zl, ziplistBlobLen(zl), 1, null),
          `seed ${random.seed}`,
        ).to.equal(true);
      }
      expect(frees(zl, entriesOf), `seed ${random.seed}`).to.deep.equal(model);
    }
  });

  describe('bytes from outside', () => {
    const valid = (text: string, deep: number): boolean => {
      const buf = Buffer.from(text.replaceAll(' ', ''), 'hex');
      return ziplistValidateIntegrity(buf, buf.length, deep, null);
    };

    it('are a ziplist if header, entries and end agree', () => {
      expect(valid('0b 00 00 00 0a 00 00 00 00 00 ff', 1)).to.equal(true);
      expect(valid('0f 00 00 00 0c 00 00 00 02 00 00 f3 02 f6 ff', 1)).to.equal(true);
      expect(valid('0f 00 00 00 0c 00 00 00 ff ff 00 f3 02 f6 ff', 1)).to.equal(true);
      // A field of five bytes where one would do.
      expect(valid('11 00 00 00 0a 00 00 00 01 00 fe 00 00 00 00 f3 ff', 1)).to.equal(true);
    });

    it('are none if the header cannot be read, or is wrong', () => {
      expect(valid('0a 00 00 00 0a 00 00 00 00 00', 0)).to.equal(false);
      expect(valid('0c 00 00 00 0a 00 00 00 00 00 ff', 0)).to.equal(false);
      expect(valid('0b 00 00 00 0a 00 00 00 00 00 fe', 0)).to.equal(false);
      expect(valid('0b 00 00 00 0b 00 00 00 00 00 ff', 0)).to.equal(false);
    });

    it('are none if an entry is corrupt, which only a deep look shows', () => {
      for (const text of [
        '0f 00 00 00 0c 00 00 00 03 00 00 f3 02 f6 ff', // number of entries
        '0f 00 00 00 0a 00 00 00 02 00 00 f3 02 f6 ff', // last entry
        '0f 00 00 00 0c 00 00 00 02 00 01 f3 02 f6 ff', // length before the first
        '0f 00 00 00 0c 00 00 00 02 00 00 f3 01 f6 ff', // length before the second
        '0f 00 00 00 0c 00 00 00 02 00 00 f3 50 f6 ff', // which begins outside
        '0f 00 00 00 0c 00 00 00 02 00 00 f3 02 c8 ff', // no such encoding
        '0f 00 00 00 0c 00 00 00 02 00 00 f3 02 3f ff', // string beyond the end
        '0f 00 00 00 0c 00 00 00 02 00 00 f3 02 80 ff', // length not all there
        '0f 00 00 00 0c 00 00 00 02 00 00 f3 fe f6 ff', // nor that before
        '1c 00 00 00 0c 00 00 00 02 00 00 f3 02 80 ff ff ff ff 00 00 00 00 00 00 00 00 00 ff', // 4 GB
        '0c 00 00 00 0a 00 00 00 00 00 ff ff', // end in the middle
      ]) {
        expect(valid(text, 0), text).to.equal(true);
        expect(valid(text, 1), text).to.equal(false);
      }
    });

    it('are shown to the caller entry by entry, who may refuse', () => {
      const zl = ziplistOf('a', '1', 'b');
      const seen: string[] = [];
      const callback = (bytes: Buffer, p: number, n: number, limit: number): boolean => {
        seen.push(`${ziplistGet(bytes, p)} of ${n}`);
        return seen.length < limit;
      };
      expect(ziplistValidateIntegrity(zl, ziplistBlobLen(zl), 1, callback, 9)).to.equal(true);
      expect(seen).to.deep.equal(['a of 3', '1 of 3', 'b of 3']);
      expect(ziplistValidateIntegrity(zl, ziplistBlobLen(zl), 1, callback, 4)).to.equal(false);
      zfree_bytes(zl);
    });

    it('fail an assertion when they are walked over and corrupt', () => {
      const zl = ziplistOf('abc', 'def', 'ghi');
      zl[ZIPLIST_HEADER_SIZE + 6] = 0x3f;
      for (const use of [
        () => ziplistNext(zl, ZIPLIST_HEADER_SIZE),
        () => ziplistIndex(zl, 2),
        () => ziplistFind(zl, ZIPLIST_HEADER_SIZE, 'none', 0),
        () => ziplistDeleteRange(zl, 0, 3),
        () => ziplistRepr(zl),
      ]) {
        expect(use).to.throw('ASSERTION FAILED');
      }
      zl[ZIPLIST_HEADER_SIZE + 6] = 0xc8;
      expect(() => ziplistGet(zl, ZIPLIST_HEADER_SIZE + 5)).to.throw('e->lensize');
      zfree_bytes(zl);
    });

    it('are refused or are walked over without a fault, whatever is changed in them', () => {
      const random = Random.fromEnvironment();
      let refused = 0;
      for (let round = 0; round < 3000; round++) {
        const zl = ziplistOf(...Array.from({ length: 4 }, () => someString(random)));
        const n = ziplistBlobLen(zl);
        for (let i = random.int(1, 3); i > 0; i--) {
          zl[random.int(4, n - 1)] = random.pick([0, 0x80, 0xfe, 0xff, random.int(0, 255)]);
        }
        if (ziplistValidateIntegrity(zl, n, 1, null)) {
          expect(entriesOf(zl)).to.have.length(ziplistLen(zl));
        } else refused++;
        zfree_bytes(zl);
      }
      expect(refused, `seed ${random.seed}`).to.be.greaterThan(500);
    });
  });

  describe('random pairs', () => {
    const pairs = ['a', '1', 'b', '2', 'c', 'three', '4', '4', 'e', '5'];
    const entries = (n: number): ziplistEntry[] =>
      Array.from({ length: n }, () => new ziplistEntry());
    const textOf = (e: ziplistEntry): string => e.sval ?? String(e.lval);
    const isPair = (key: ziplistEntry, val: ziplistEntry): boolean =>
      pairs.some((k, i) => i % 2 === 0 && k === textOf(key) && pairs[i + 1] === textOf(val));

    it('are a key and its value, and each comes up', () => {
      srandom(1);
      const zl = ziplistOf(...pairs);
      const [key, val] = entries(2);
      const seen = new Set<string>();
      for (let i = 0; i < 200; i++) {
        ziplistRandomPair(zl, 5, key, val);
        expect(isPair(key, val)).to.equal(true);
        seen.add(textOf(key));
      }
      expect([...seen].sort()).to.deep.equal(['4', 'a', 'b', 'c', 'e']);
      ziplistRandomPair(zl, 5, key, null);
      expect(() => ziplistRandomPair(zl, 0, key, null)).to.throw('total_count');
      zfree_bytes(zl);
    });

    it('come several at a time, in any order and maybe twice', () => {
      srandom(2);
      const zl = ziplistOf(...pairs);
      const keys = entries(100);
      const vals = entries(100);
      ziplistRandomPairs(zl, 100, keys, vals);
      expect(keys.every((key, i) => isPair(key, vals[i]))).to.equal(true);
      expect(new Set(keys.map(textOf))).to.have.property('size', 5);
      ziplistRandomPairs(zl, 3, keys, null);
      ziplistRandomPairs(zl, 0, keys, null);
      zfree_bytes(zl);
    });

    it('come without repetition in their order', () => {
      srandom(3);
      const zl = ziplistOf(...pairs);
      const keys = entries(9);
      const vals = entries(9);
      for (let count = 0; count <= 9; count++) {
        for (let round = 0; round < 20; round++) {
          const picked = ziplistRandomPairsUnique(zl, count, keys, round % 2 ? vals : null);
          expect(picked).to.equal(Math.min(count, 5));
          const order = keys.slice(0, picked).map((key) => pairs.indexOf(textOf(key)));
          expect(order).to.deep.equal([...new Set(order)].sort((x, y) => x - y));
          if (round % 2)
            for (let i = 0; i < picked; i++) expect(isPair(keys[i], vals[i])).to.be.true;
        }
      }
      zfree_bytes(zl);
    });
  });

  it('is printed entry by entry', () => {
    const zl = ziplistOf('hello', '-2', 'x'.repeat(50));
    const text = printed(() => ziplistRepr(zl));
    expect(text).to.match(
      /^\{total bytes 73\} \{num entries 3\}\n\{tail offset 20\}\n\{\n\taddr 0x/,
    );
    expect(text).to.contain(
      '\tindex  0,\n\toffset    10,\n\thdr+entry len:     7,\n\thdr len 2,\n\tprevrawlen:     0,\n' +
        '\tprevrawlensize:  1,\n\tpayload     5\n\tbytes: 00|05|68|65|6c|6c|6f|\n\t[str]hello\n}\n',
    );
    expect(text).to.contain('\tbytes: 07|fe|fe|\n\t[int]-2\n}\n');
    expect(text).to.match(/\t\[str\]x{40}\.\.\.\n\}\n\{end\}\n\n$/);
    zfree_bytes(zl);
  });

  it('knows how many bytes an integer has', () => {
    expect([0xfe, 0xc0, 0xf0, 0xd0, 0xe0, 0xf5].map(zipIntSize)).to.deep.equal([1, 2, 3, 4, 8, 0]);
  });
});
