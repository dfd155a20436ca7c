import { expect } from 'chai';
import {
  LISTPACK_MAX_SAFETY_SIZE,
  LP_AFTER,
  LP_BEFORE,
  LP_EOF,
  LP_HDR_SIZE,
  listpackEntry,
  lpAppend,
  lpAppendInteger,
  lpBytes,
  lpCompare,
  lpCurrentEncodedSizeUnsafe,
  lpDecodeBacklen,
  lpDelete,
  lpDeleteRange,
  lpDeleteRangeWithEntry,
  lpEncodeBacklen,
  lpFind,
  lpFirst,
  lpFree,
  lpGet,
  lpGetString,
  lpGetWithSize,
  lpGetValue,
  lpInsertInteger,
  lpInsertString,
  lpLast,
  lpLength,
  lpMerge,
  lpNew,
  lpNext,
  lpPos,
  lpPrepend,
  lpPrependInteger,
  lpPrev,
  lpRandomPair,
  lpRandomPairs,
  lpRandomPairsUnique,
  lpRef,
  lpReplace,
  lpReplaceInteger,
  lpRepr,
  lpSafeToAdd,
  lpSeek,
  lpShrinkToFit,
  lpStoreBacklen,
  lpStringToInt64,
  lpStrlen,
  lpStrOffset,
  lpValidateFirst,
  lpValidateIntegrity,
  lpValidateNext,
  type lpOwner,
} from '../../quicklist/listpack.ts';
import { srandom } from '../../object/util.ts';
import { ledger } from '../../object/zmalloc.ts';
import { Random } from '../support/random.ts';
import { accountForBlocks, block, edges, hex, printed, someString } from './blocks.ts';

/** A listpack of these elements. */
function listpackOf(...elements: string[]): Buffer {
  let lp = lpNew(0);
  for (const s of elements) lp = lpAppend(lp, s);
  return lp;
}

/** All bytes of a listpack. */
function bytesOf(lp: Buffer): string {
  return hex(lp, lpBytes(lp));
}

/** All elements as strings, read forward; they must be the same when they are read backward. */
function elementsOf(lp: Buffer): string[] {
  const forward: string[] = [];
  for (let p = lpFirst(lp); p; p = lpNext(lp, p)) forward.push(lpGetString(lp, p));
  const backward: string[] = [];
  for (let p = lpLast(lp); p; p = lpPrev(lp, p)) backward.unshift(lpGetString(lp, p));
  expect(backward).to.deep.equal(forward);
  return forward;
}

/** What `look` finds in a listpack, which is freed then. */
function frees<T>(lp: Buffer, look: (lp: Buffer) => T): T {
  const result = look(lp);
  lpFree(lp);
  return result;
}

describe('listpack.ts', () => {
  accountForBlocks();

  describe('the bytes', () => {
    /** The bytes of the only element of a listpack, without header and end. */
    const encoded = (s: string): string =>
      frees(listpackOf(s), (lp) => bytesOf(lp).slice(3 * LP_HDR_SIZE, -3));

    it('of an empty listpack are the header and the end', () => {
      expect(frees(lpNew(0), bytesOf)).to.equal('07 00 00 00 00 00 ff');
      const lp = lpNew(100);
      expect(lp.length).to.equal(112);
      expect(bytesOf(lp)).to.equal('07 00 00 00 00 00 ff');
      expect(frees(lpShrinkToFit(lp), (small) => small.length)).to.equal(8);
      const full = listpackOf('123456');
      expect([lpBytes(full), full.length]).to.deep.equal([12, 16]);
      expect(lpShrinkToFit(full)).to.equal(full);
      const exact = lpAppend(full, 'ab');
      expect([lpBytes(exact), exact.length]).to.deep.equal([16, 16]);
      expect(frees(lpShrinkToFit(exact), (same) => same === exact)).to.equal(true);
    });

    it('of an integer are the fewest in which it fits', () => {
      expect(encoded('0')).to.equal('00 01');
      expect(encoded('127')).to.equal('7f 01');
      expect(encoded('128')).to.equal('c0 80 02');
      expect(encoded('4095')).to.equal('cf ff 02');
      expect(encoded('-1')).to.equal('df ff 02');
      expect(encoded('-4096')).to.equal('d0 00 02');
      expect(encoded('4096')).to.equal('f1 00 10 03');
      expect(encoded('-4097')).to.equal('f1 ff ef 03');
      expect(encoded('32767')).to.equal('f1 ff 7f 03');
      expect(encoded('-32768')).to.equal('f1 00 80 03');
      expect(encoded('32768')).to.equal('f2 00 80 00 04');
      expect(encoded('-8388608')).to.equal('f2 00 00 80 04');
      expect(encoded('8388608')).to.equal('f3 00 00 80 00 05');
      expect(encoded('-2147483648')).to.equal('f3 00 00 00 80 05');
      expect(encoded('2147483648')).to.equal('f4 00 00 00 80 00 00 00 00 09');
      expect(encoded('-2147483649')).to.equal('f4 ff ff ff 7f ff ff ff ff 09');
      expect(encoded('9007199254740993')).to.equal('f4 01 00 00 00 00 00 20 00 09');
      expect(encoded('-9223372036854775808')).to.equal('f4 00 00 00 00 00 00 00 80 09');
    });

    it('of a string are its length in 1, 2 or 5 bytes, and its own', () => {
      expect(encoded('')).to.equal('80 01');
      expect(encoded('abc')).to.equal('83 61 62 63 04');
      expect(encoded('007')).to.equal('83 30 30 37 04');
      expect(encoded('x'.repeat(63))).to.match(/^bf (78 ){63}40$/);
      expect(encoded('x'.repeat(64))).to.match(/^e0 40 (78 ){64}42$/);
      expect(encoded('x'.repeat(4095))).to.match(/^ef ff (78 ){4095}20 81$/);
      expect(encoded('x'.repeat(4096))).to.match(/^f0 00 10 00 00 (78 ){4096}20 85$/);
    });

    it('of the length at the end are 1 to 5, the highest first', () => {
      const buf = Buffer.alloc(5);
      const backlen = (l: number): string => {
        const size = lpEncodeBacklen(l);
        lpStoreBacklen(buf, 0, l, size);
        expect(lpDecodeBacklen(buf, size - 1)).to.equal(l);
        return hex(buf, size);
      };
      expect(backlen(127)).to.equal('7f');
      expect(backlen(128)).to.equal('01 80');
      expect(backlen(16382)).to.equal('7f fe');
      // C goes over to the next size one number too early.
      expect(backlen(16383)).to.equal('00 ff ff');
      expect(backlen(2097150)).to.equal('7f ff fe');
      expect(backlen(2097151)).to.equal('00 ff ff ff');
      expect(backlen(268435455)).to.equal('00 ff ff ff ff');
      expect(backlen(2 ** 32 - 1)).to.equal('0f ff ff ff ff');
    });

    it('are those that the C server shows in DUMP', () => {
      // RPUSH l a b 3 -70000 1234567890123
      expect(frees(listpackOf('a', 'b', '3', '-70000', '1234567890123'), bytesOf)).to.equal(
        '1e 00 00 00 05 00 81 61 02 81 62 02 03 01 f2 90 ee fe 04 f4 cb 04 fb 71 1f 01 00 00 09 ff',
      );
      // HSET h a 1 b -5 c 4096 d hello e 9223372036854775807 f -40000 g 3000000
      const fields = 'a 1 b -5 c 4096 d hello e 9223372036854775807 f -40000 g 3000000'.split(' ');
      expect(frees(listpackOf(...fields), bytesOf)).to.equal(
        '40 00 00 00 0e 00 81 61 02 01 01 81 62 02 df fb 02 81 63 02 f1 00 10 03 81 64 02 ' +
          '85 68 65 6c 6c 6f 06 81 65 02 f4 ff ff ff ff ff ff ff 7f 09 81 66 02 f2 c0 63 ff 04 ' +
          '81 67 02 f2 c0 c6 2d 04 ff',
      );
      // ZADD z -inf e -3 c 1 a 2.5 b inf d
      const scores = ['e', '-inf', 'c', '-3', 'a', '1', 'b', '2.5', 'd', 'inf'];
      expect(frees(listpackOf(...scores), bytesOf)).to.equal(
        '2b 00 00 00 0a 00 81 65 02 84 2d 69 6e 66 05 81 63 02 df fd 02 81 61 02 01 01 81 62 02 ' +
          '83 32 2e 35 04 81 64 02 83 69 6e 66 04 ff',
      );
    });

    it('come from bytes as from a string', () => {
      for (const s of [...edges, 'x'.repeat(30), 'y'.repeat(5000)]) {
        const a = lpAppend(lpNew(0), s);
        const b = lpAppend(lpNew(0), Buffer.from(s, 'latin1'));
        expect(bytesOf(a)).to.equal(bytesOf(b));
        lpFree(a);
        lpFree(b);
      }
    });
  });

  describe('strings that are integers', () => {
    it('are those that an integer of 64 bits is printed as', () => {
      for (const s of edges) {
        const n = /^(0|-?[1-9][0-9]*)$/.test(s) ? BigInt(s) : null;
        const fits = n !== null && BigInt.asIntN(64, n) === n;
        const v = lpStringToInt64(s);
        expect(v === null ? null : String(v), s).to.equal(fits ? s : null);
        expect(lpStringToInt64(Buffer.from(s, 'latin1')), s).to.equal(v);
        if (v !== null) {
          const safe = Number.isSafeInteger(Number(s));
          expect(typeof v, s).to.equal(safe ? 'number' : 'bigint');
        }
      }
    });

    it('are had back as integers, and as their text', () => {
      for (const s of edges) {
        const lp = listpackOf('before', s, 'after');
        const p = lpSeek(lp, 1);
        const v = lpStringToInt64(s);
        expect(lpGetValue(lp, p)).to.equal(v ?? s);
        expect(lpGetString(lp, p)).to.equal(s);
        expect(lpStrlen(lp, p)).to.equal(v === null ? s.length : -1);
        const ref = new lpRef();
        expect(lpGetWithSize(lp, p, ref, true)).to.equal(v);
        expect(lpGet(lp, p, ref)).to.equal(v);
        expect(ref.entry_size).to.equal(lpNext(lp, p) - p);
        if (v === null) {
          expect([ref.value, ref.count]).to.deep.equal([lpStrOffset(lp, p), s.length]);
        }
        lpFree(lp);
      }
    });
  });

  describe('walking', () => {
    it('finds nothing in an empty listpack', () => {
      const lp = lpNew(0);
      expect([lpFirst(lp), lpLast(lp), lpSeek(lp, 0), lpSeek(lp, -1), lpLength(lp)]).to.deep.equal([
        0, 0, 0, 0, 0,
      ]);
      expect(lpValidateFirst(lp)).to.equal(0);
      lpFree(lp);
    });

    it('goes to each index from both ends, and to none outside', () => {
      for (const n of [1, 2, 3, 7, 8]) {
        const lp = listpackOf(...Array.from({ length: n }, (_, i) => `e${i}`));
        for (let i = 0; i < n; i++) {
          expect(lpGetValue(lp, lpSeek(lp, i))).to.equal(`e${i}`);
          expect(lpGetValue(lp, lpSeek(lp, i - n))).to.equal(`e${i}`);
        }
        for (const i of [n, n + 5, -n - 1, -n - 9]) expect(lpSeek(lp, i)).to.equal(0);
        lpFree(lp);
      }
    });

    it('does so when the number of elements is not known, and counts', () => {
      const lp = listpackOf('a', '1', 'b', '2');
      const unknown = (): void => {
        lp[4] = 0xff;
        lp[5] = 0xff;
      };
      unknown();
      expect(lpGetValue(lp, lpSeek(lp, 1))).to.equal(1);
      expect(lpGetValue(lp, lpSeek(lp, -2))).to.equal('b');
      expect([lpSeek(lp, 4), lpSeek(lp, -5)]).to.deep.equal([0, 0]);
      expect(lpLength(lp)).to.equal(4);
      expect(lp[4]).to.equal(4);
      unknown();
      expect(frees(lpDeleteRange(lp, -3, 9), elementsOf)).to.deep.equal(['a']);
    });

    it('counts 65535 elements and more each time', () => {
      let lp = lpNew(0);
      for (let i = 0; i < 65534; i++) lp = lpAppendInteger(lp, 1);
      expect(lp.readUInt16LE(4)).to.equal(65534);
      for (const n of [65535, 65536]) {
        lp = lpAppendInteger(lp, 2);
        expect(lp.readUInt16LE(4)).to.equal(65535);
        expect(lpLength(lp)).to.equal(n);
      }
      expect(lpValidateIntegrity(lp, lpBytes(lp), 1, null)).to.equal(true);
      lp = lpDeleteRange(lp, 0, 3);
      expect(lp.readUInt16LE(4)).to.equal(65535);
      expect(lpLength(lp)).to.equal(65533);
      expect(lp.readUInt16LE(4)).to.equal(65533);
      lpFree(lp);
    });
  });

  describe('changing', () => {
    it('inserts before and behind an element, and says where', () => {
      const newp = new lpPos();
      let lp = listpackOf('b');
      lp = lpInsertString(lp, 'a', lpFirst(lp), LP_BEFORE, newp);
      expect(newp.p).to.equal(LP_HDR_SIZE);
      lp = lpInsertString(lp, 'd', lpLast(lp), LP_AFTER, newp);
      expect(lpGetValue(lp, newp.p)).to.equal('d');
      lp = lpInsertInteger(lp, -300, newp.p, LP_BEFORE, newp);
      expect(lpGetValue(lp, newp.p)).to.equal(-300);
      lp = lpPrependInteger(lp, 5000000000);
      lp = lpPrepend(lp, 'head');
      expect(frees(lp, elementsOf)).to.deep.equal(['head', '5000000000', 'a', 'b', '-300', 'd']);
    });

    it('prepends to an empty listpack', () => {
      expect(frees(lpPrepend(lpNew(0), 'a'), elementsOf)).to.deep.equal(['a']);
      expect(frees(lpPrependInteger(lpNew(0), 7), elementsOf)).to.deep.equal(['7']);
    });

    it('replaces by what is shorter, longer or of the same size', () => {
      const pos = new lpPos();
      let lp = listpackOf('a', 'middle', 'z');
      for (const s of ['x', 'y'.repeat(200), '12', '34', 'w'.repeat(5000), '']) {
        pos.p = lpSeek(lp, 1);
        lp = lpReplace(lp, pos, s);
        expect(pos.p).to.equal(lpSeek(lp, 1));
        expect(elementsOf(lp)).to.deep.equal(['a', s, 'z']);
      }
      lp = lpReplaceInteger(lp, pos, 2n ** 62n);
      expect(lpGetValue(lp, pos.p)).to.equal(2n ** 62n);
      expect(frees(lp, lpLength)).to.equal(3);
    });

    it('deletes, and says where the next element is', () => {
      const newp = new lpPos();
      let lp = listpackOf('a', 'b', 'c');
      lp = lpDelete(lp, lpSeek(lp, 1), newp);
      expect(lpGetValue(lp, newp.p)).to.equal('c');
      lp = lpDelete(lp, newp.p, newp);
      expect(newp.p).to.equal(0);
      expect(elementsOf(lp)).to.deep.equal(['a']);
      lp = lpDelete(lp, lpFirst(lp), null);
      expect(frees(lp, bytesOf)).to.equal('07 00 00 00 00 00 ff');
    });

    it('deletes ranges, however far they reach', () => {
      const all = ['0', 'one', '2', 'three', '4'];
      for (let index = -6; index <= 5; index++) {
        for (const num of [0, 1, 2, 5, 100]) {
          const model = [...all];
          const at = index < 0 ? index + 5 : index;
          if (at >= 0) model.splice(at, num);
          const lp = lpDeleteRange(listpackOf(...all), index, num);
          expect(frees(lp, elementsOf), `${index} ${num}`).to.deep.equal(model);
        }
      }
      const pos = new lpPos();
      let lp = listpackOf(...all);
      pos.p = lpSeek(lp, 1);
      lp = lpDeleteRangeWithEntry(lp, pos, 0);
      lp = lpDeleteRangeWithEntry(lp, pos, 2);
      expect(lpGetValue(lp, pos.p)).to.equal('three');
      lp = lpDeleteRangeWithEntry(lp, pos, 9);
      expect(pos.p).to.equal(0);
      expect(frees(lp, elementsOf)).to.deep.equal(['0']);
    });

    it('merges into the larger of the two, and frees the other', () => {
      for (const [a, b] of [
        [['1', 'two', '3'], ['4']],
        [['1'], ['2', 'three', '4']],
        [[], ['5']],
        [['6'], []],
      ]) {
        const first: lpOwner = { entry: listpackOf(...a) };
        const second: lpOwner = { entry: listpackOf(...b) };
        const larger = a.length >= b.length;
        const merged = lpMerge(first, second);
        expect(larger ? first.entry : second.entry).to.equal(merged);
        expect(larger ? second.entry : first.entry).to.equal(null);
        expect(frees(merged as Buffer, elementsOf)).to.deep.equal([...a, ...b]);
        expect(lpMerge(first, { entry: null })).to.equal(null);
        expect(lpMerge({ entry: null }, first)).to.equal(null);
      }
      const one: lpOwner = { entry: listpackOf('a') };
      expect(lpMerge(one, one)).to.equal(null);
      lpFree(one.entry as Buffer);
    });

    it('merges more elements than the header can count', () => {
      const half = (): lpOwner => {
        let lp = lpNew(80007);
        for (let i = 0; i < 40000; i++) lp = lpAppendInteger(lp, i & 127);
        return { entry: lp };
      };
      const merged = lpMerge(half(), half()) as Buffer;
      expect(merged.readUInt16LE(4)).to.equal(65535);
      expect(frees(merged, lpLength)).to.equal(80000);
    });

    it('keeps the block at its size class: growing by as little, and shrinking', () => {
      let lp = lpNew(0);
      for (let i = 0; i < 200; i++) {
        lp = lpAppend(lp, `element ${i}`);
        expect(lp.length).to.equal(ledger.used);
        expect(lp.length - lpBytes(lp)).to.be.within(0, lp.length / 4 + 8);
      }
      while (lpLength(lp) > 0) {
        lp = lpDelete(lp, lpFirst(lp), null);
        expect(lp.length - lpBytes(lp)).to.be.within(0, lp.length / 4 + 8);
      }
      lpFree(lp);
    });

    it('is safe up to 1 GB', () => {
      const lp = lpNew(0);
      expect(lpSafeToAdd(null, LISTPACK_MAX_SAFETY_SIZE)).to.equal(true);
      expect(lpSafeToAdd(lp, LISTPACK_MAX_SAFETY_SIZE - 7)).to.equal(true);
      expect(lpSafeToAdd(lp, LISTPACK_MAX_SAFETY_SIZE - 6)).to.equal(false);
      lpFree(lp);
    });

    it('fails where the listpack would have 4 GB', () => {
      const lp = listpackOf('a');
      lp.writeUInt32LE(0xfffffff0, 0);
      expect(() => lpInsertString(lp, 'x'.repeat(20), LP_HDR_SIZE, LP_BEFORE, null)).to.throw(
        'UINT32_MAX',
      );
      lpFree(lp);
    });

    it('does what an array does, over many random steps', () => {
      const random = Random.fromEnvironment();
      for (let run = 0; run < 20; run++) {
        let lp = lpNew(random.chance(0.5) ? 0 : random.int(0, 500));
        let model: string[] = [];
        for (let step = 0; step < 200; step++) {
          const s = someString(random);
          const i = random.int(0, Math.max(0, model.length - 1));
          const p = lpSeek(lp, random.chance(0.5) ? i : i - model.length);
          const pos = new lpPos();
          const op = random.int(0, 9);
          if (op === 0 || p === 0) {
            lp = lpAppend(lp, s);
            model.push(s);
          } else if (op === 1) {
            lp = lpPrepend(lp, s);
            model.unshift(s);
          } else if (op <= 4) {
            const where = random.pick([LP_BEFORE, LP_AFTER]);
            lp = lpInsertString(lp, s, p, where, pos);
            model.splice(where === LP_BEFORE ? i : i + 1, 0, s);
            expect(lpGetString(lp, pos.p)).to.equal(s);
          } else if (op <= 6) {
            pos.p = p;
            lp = lpReplace(lp, pos, s);
            model[i] = s;
            expect(lpGetString(lp, pos.p)).to.equal(s);
          } else if (op <= 8) {
            lp = lpDelete(lp, p, pos);
            model.splice(i, 1);
            expect(pos.p === 0 ? undefined : lpGetString(lp, pos.p)).to.equal(model[i]);
          } else {
            const num = random.int(0, 3);
            lp = lpDeleteRange(lp, i, num);
            model.splice(i, num);
          }
          expect(lpLength(lp)).to.equal(model.length);
          expect(lpValidateIntegrity(lp, lpBytes(lp), 1, null), `seed ${random.seed}`).to.equal(
            true,
          );
          if (step % 10 === 0) {
            expect(elementsOf(lp), `seed ${random.seed}`).to.deep.equal(model);
          }
          if (model.length > 60) {
            lp = lpDeleteRange(lp, 10, 1000);
            model = model.slice(0, 10);
          }
        }
        expect(elementsOf(lp), `seed ${random.seed}`).to.deep.equal(model);
        lpFree(lp);
      }
    });
  });

  describe('searching', () => {
    it('finds strings and integers, and steps over what is between keys', () => {
      const lp = listpackOf('k1', '5', '5', 'k1', 'x'.repeat(100), '6', '123456789012', '9');
      const first = lpFirst(lp);
      expect(lpFind(lp, first, 'k1', 1)).to.equal(first);
      expect(lpFind(lp, first, '5', 1)).to.equal(lpSeek(lp, 2));
      expect(lpFind(lp, first, '5', 0)).to.equal(lpSeek(lp, 1));
      expect(lpFind(lp, lpSeek(lp, 1), 'k1', 1)).to.equal(lpSeek(lp, 3));
      expect(lpFind(lp, first, 'x'.repeat(100), 1)).to.equal(lpSeek(lp, 4));
      expect(lpFind(lp, first, '123456789012', 1)).to.equal(lpSeek(lp, 6));
      expect(lpFind(lp, first, '9', 6)).to.equal(lpSeek(lp, 7));
      for (const s of ['9', 'k2', 'k', '', '05', '7', '1'.repeat(40), 'x'.repeat(99)]) {
        expect(lpFind(lp, first, s, 1), s).to.equal(0);
      }
      lpFree(lp);
    });

    it('finds integers beyond 53 bits', () => {
      const lp = listpackOf('9007199254740993', '9007199254740992', '-9223372036854775808');
      const first = lpFirst(lp);
      expect(lpFind(lp, first, '9007199254740992', 0)).to.equal(lpSeek(lp, 1));
      expect(lpFind(lp, first, '-9223372036854775808', 0)).to.equal(lpSeek(lp, 2));
      expect(lpFind(lp, first, '9007199254740994', 0)).to.equal(0);
      lpFree(lp);
    });

    it('compares an element with a string', () => {
      const lp = listpackOf('abc', '12', '', '9223372036854775807');
      expect(lpCompare(lp, lpSeek(lp, 0), 'abc')).to.equal(true);
      expect(lpCompare(lp, lpSeek(lp, 0), 'abd')).to.equal(false);
      expect(lpCompare(lp, lpSeek(lp, 0), 'ab')).to.equal(false);
      expect(lpCompare(lp, lpSeek(lp, 1), '12')).to.equal(true);
      expect(lpCompare(lp, lpSeek(lp, 1), '012')).to.equal(false);
      expect(lpCompare(lp, lpSeek(lp, 1), '13')).to.equal(false);
      expect(lpCompare(lp, lpSeek(lp, 2), '')).to.equal(true);
      expect(lpCompare(lp, lpSeek(lp, 3), '9223372036854775807')).to.equal(true);
      expect(lpCompare(lp, lpBytes(lp) - 1, 'abc')).to.equal(false);
      lpFree(lp);
    });
  });

  describe('bytes from outside', () => {
    const valid = (bytes: string, deep = 1): boolean => {
      const buf = Buffer.from(bytes.replaceAll(' ', ''), 'hex');
      return lpValidateIntegrity(buf, buf.length, deep, null);
    };

    it('are a listpack if header, elements and end agree', () => {
      expect(valid('07 00 00 00 00 00 ff')).to.equal(true);
      expect(valid('0a 00 00 00 01 00 81 61 02 ff')).to.equal(true);
      // 65535 elements or more, which may be any number.
      expect(valid('0a 00 00 00 ff ff 81 61 02 ff')).to.equal(true);
    });

    it('are none if the header cannot be read, or its length or the end is wrong', () => {
      expect(valid('06 00 00 00 00 00')).to.equal(false);
      expect(valid('08 00 00 00 00 00 ff', 0)).to.equal(false);
      expect(valid('07 00 00 00 00 00 fe', 0)).to.equal(false);
    });

    it('are none if an element is corrupt, which only a deep look shows', () => {
      for (const bytes of [
        '0a 00 00 00 02 00 81 61 02 ff', // number of elements
        '0a 00 00 00 01 00 81 61 03 ff', // backlen
        '0a 00 00 00 01 00 81 61 82 ff', // backlen without a beginning
        '0a 00 00 00 01 00 82 61 02 ff', // string beyond the end
        '0a 00 00 00 01 00 f5 61 02 ff', // no such encoding
        '0a 00 00 00 01 00 81 ff 02 ff 00 ff', // wrong length
        '08 00 00 00 01 00 e0 ff', // length of 12 bits not all there
        '09 00 00 00 01 00 f0 ff ff', // length of 32 bits not all there
        '0c 00 00 00 01 00 f0 ff ff ff ff ff', // 4 GB
        '09 00 00 00 00 00 ff ff ff', // end in the middle
      ]) {
        const buf = Buffer.from(bytes.replaceAll(' ', ''), 'hex');
        buf.writeUInt32LE(buf.length, 0);
        expect(lpValidateIntegrity(buf, buf.length, 0, null), bytes).to.equal(true);
        expect(lpValidateIntegrity(buf, buf.length, 1, null), bytes).to.equal(false);
      }
    });

    it('are shown to the caller element by element, who may refuse', () => {
      const lp = listpackOf('a', '1', 'b');
      const seen: string[] = [];
      const callback = (
        bytes: Buffer,
        p: number,
        head_count: number,
        data: { limit: number },
      ): boolean => {
        seen.push(`${lpGetString(bytes, p)} of ${head_count}`);
        return seen.length < data.limit;
      };
      expect(lpValidateIntegrity(lp, lpBytes(lp), 1, callback, { limit: 9 })).to.equal(true);
      expect(seen).to.deep.equal(['a of 3', '1 of 3', 'b of 3']);
      expect(lpValidateIntegrity(lp, lpBytes(lp), 1, callback, { limit: 3 })).to.equal(false);
      lpFree(lp);
    });

    it('are stepped through without reading beyond them', () => {
      const lp = listpackOf('a', 'b');
      const n = lpBytes(lp);
      let p = lpValidateFirst(lp);
      p = lpValidateNext(lp, p, n);
      expect(p).to.equal(9);
      p = lpValidateNext(lp, p, n);
      expect([p, lp[p]]).to.deep.equal([n - 1, LP_EOF]);
      expect(lpValidateNext(lp, p, n)).to.equal(0);
      expect(lpValidateNext(lp, 0, n)).to.equal(-1);
      expect(lpValidateNext(lp, n, n)).to.equal(-1);
      expect(lpNext(Buffer.concat([lp.subarray(0, n - 1), Buffer.alloc(8, LP_EOF)]), 9)).to.equal(
        0,
      );
      lpFree(lp);
    });

    it('fail an assertion when they are walked over and corrupt', () => {
      const corrupt = (change: (lp: Buffer) => void, use: (lp: Buffer) => void): void => {
        const lp = listpackOf('abc', 'def', 'ghi');
        change(lp);
        expect(() => use(lp)).to.throw('ASSERTION FAILED');
        lpFree(lp);
      };
      const long = (lp: Buffer): void => {
        lp[11] = 0xbf;
      };
      corrupt(long, (lp) => lpNext(lp, LP_HDR_SIZE));
      corrupt(long, (lp) => lpSeek(lp, 1));
      corrupt(long, (lp) => lpFind(lp, LP_HDR_SIZE, 'none', 0));
      corrupt(long, (lp) => lpDelete(lp, 11, null));
      corrupt(
        (lp) => lp.fill(0xff, LP_HDR_SIZE + 1, LP_HDR_SIZE + 5),
        (lp) => lpPrev(lp, 11),
      );
      corrupt(
        (lp) => {
          lp[LP_HDR_SIZE] = 0xf6;
        },
        (lp) => lpFirst(lp),
      );
      corrupt(long, (lp) => lpInsertString(lp, 'x', 11, LP_AFTER, null));
      corrupt(
        () => undefined,
        (lp) => lpNext(lp, 0),
      );
    });

    it('read as an odd number where the encoding does not exist', () => {
      expect(lpGetValue(Buffer.from([0, 0xf9]), 1)).to.equal(12345678900000249n);
      expect(lpStrlen(Buffer.from([0, 0xf9]), 1)).to.equal(-1);
      expect(lpCurrentEncodedSizeUnsafe(Buffer.from([0, 0xf9]), 1)).to.equal(0);
      expect(lpCurrentEncodedSizeUnsafe(Buffer.from([0, LP_EOF]), 1)).to.equal(1);
    });

    it('are refused or are walked over without a fault, whatever is changed in them', () => {
      const random = Random.fromEnvironment();
      let refused = 0;
      for (let round = 0; round < 3000; round++) {
        const lp = listpackOf(...Array.from({ length: 4 }, () => someString(random)));
        const n = lpBytes(lp);
        for (let i = random.int(1, 3); i > 0; i--) {
          lp[random.int(4, n - 1)] = random.pick([0, 0x80, 0xf0, 0xff, random.int(0, 255)]);
        }
        if (lpValidateIntegrity(lp, n, 1, null))
          expect(elementsOf(lp)).to.have.length(lpLength(lp));
        else refused++;
        lpFree(lp);
      }
      expect(refused, `seed ${random.seed}`).to.be.greaterThan(500);
    });
  });

  describe('random pairs', () => {
    const pairs = ['a', '1', 'b', '2', 'c', 'three', '4', '4', 'e', '5'];
    const entries = (n: number): listpackEntry[] =>
      Array.from({ length: n }, () => new listpackEntry());
    const textOf = (e: listpackEntry): string => e.sval ?? String(e.lval);
    const isPair = (key: listpackEntry, val: listpackEntry): boolean =>
      pairs.some((k, i) => i % 2 === 0 && k === textOf(key) && pairs[i + 1] === textOf(val));

    it('are a key and its value, and each comes up', () => {
      srandom(1);
      const lp = listpackOf(...pairs);
      const [key, val] = entries(2);
      const seen = new Set<string>();
      for (let i = 0; i < 200; i++) {
        lpRandomPair(lp, 5, key, val);
        expect(isPair(key, val)).to.equal(true);
        seen.add(textOf(key));
      }
      expect([...seen].sort()).to.deep.equal(['4', 'a', 'b', 'c', 'e']);
      lpRandomPair(lp, 5, key, null);
      expect(() => lpRandomPair(lp, 0, key, null)).to.throw('total_count');
      lpFree(lp);
    });

    it('come several at a time, in any order and maybe twice', () => {
      srandom(2);
      const lp = listpackOf(...pairs);
      const keys = entries(100);
      const vals = entries(100);
      lpRandomPairs(lp, 100, keys, vals);
      expect(keys.every((key, i) => isPair(key, vals[i]))).to.equal(true);
      const order = keys.map((key) => pairs.indexOf(textOf(key)));
      expect(new Set(order)).to.have.property('size', 5);
      expect(order).to.not.deep.equal([...order].sort((x, y) => x - y));
      lpRandomPairs(lp, 3, keys, null);
      lpRandomPairs(lp, 0, keys, null);
      lpFree(lp);
    });

    it('come without repetition in their order', () => {
      srandom(3);
      const lp = listpackOf(...pairs);
      const keys = entries(9);
      const vals = entries(9);
      for (let count = 0; count <= 9; count++) {
        for (let round = 0; round < 20; round++) {
          const picked = lpRandomPairsUnique(lp, count, keys, round % 2 ? vals : null);
          expect(picked).to.equal(Math.min(count, 5));
          const order = keys.slice(0, picked).map((key) => pairs.indexOf(textOf(key)));
          expect(order).to.deep.equal([...new Set(order)].sort((x, y) => x - y));
          if (round % 2)
            for (let i = 0; i < picked; i++) expect(isPair(keys[i], vals[i])).to.be.true;
        }
      }
      lpFree(lp);
    });
  });

  it('is printed element by element', () => {
    const lp = listpackOf('hello', '-2', 'x'.repeat(50));
    const text = printed(() => lpRepr(lp));
    expect(text).to.match(/^\{total bytes 69\} \{num entries 3\}\n\{\n\taddr: 0x00000006,\n/);
    expect(text).to.contain(
      '\tindex:  0,\n\toffset: 6,\n\thdr+entrylen+backlen:  7,\n\thdrlen:   1,\n\tbacklen:  1,\n' +
        '\tpayload: 5\n\tbytes: 85|68|65|6c|6c|6f|06|\n\t[str]hello\n}\n',
    );
    expect(text).to.contain('\tpayload: 1\n\tbytes: df|fe|02|\n\t[str]-2\n}\n');
    expect(text).to.match(/\t\[str\]x{40}\.\.\.\n\}\n\{end\}\n\n$/);
    lpFree(lp);
  });

  it('takes over a block of bytes as it is', () => {
    expect(frees(block('0b 00 00 00 02 00 01 01 02 01 ff'), elementsOf)).to.deep.equal(['1', '2']);
  });
});
