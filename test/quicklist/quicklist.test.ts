import { expect } from 'chai';
import {
  Ledger,
  ledger,
  useLedger,
  zmalloc_bytes,
  zmalloc_used_memory,
} from '../../object/zmalloc.ts';
import { posix, usePosix } from '../../posix/posix.ts';
import { SimWorld } from '../../posix/posix_sim.ts';
import {
  lpAppend,
  lpBytes,
  lpFirst,
  lpGetString,
  lpLength,
  lpNext,
  lpNew,
} from '../../quicklist/listpack.ts';
import { lzf_decompress } from '../../quicklist/lzf_d.ts';
import {
  AL_START_HEAD,
  AL_START_TAIL,
  QL_MAX_BM,
  QUICKLIST_HEAD,
  QUICKLIST_NODE_CONTAINER_PACKED,
  QUICKLIST_NODE_CONTAINER_PLAIN,
  QUICKLIST_NODE_ENCODING_LZF,
  QUICKLIST_NODE_ENCODING_RAW,
  QUICKLIST_TAIL,
  SIZEOF_QUICKLISTLZF,
  __quicklistCompress,
  __quicklistCompressNode,
  __quicklistDecompressNode,
  _quicklistListpackMerge,
  _quicklistNodeAllowInsert,
  _quicklistNodeAllowMerge,
  _quicklistNodeSizeMeetsOptimizationRequirement,
  quicklistAppendListpack,
  quicklistAppendPlainNode,
  quicklistBookmarkCreate,
  quicklistBookmarkDelete,
  quicklistBookmarkFind,
  quicklistBookmarksClear,
  quicklistCompare,
  quicklistCount,
  quicklistCreate,
  quicklistCreateNode,
  quicklistDecompressNodeForUse,
  quicklistDelEntry,
  quicklistDelRange,
  quicklistDup,
  quicklistEntry,
  quicklistGetIterator,
  quicklistGetIteratorAtIdx,
  quicklistGetIteratorEntryAtIdx,
  quicklistGetLzf,
  quicklistInsertAfter,
  quicklistInsertBefore,
  quicklistNew,
  quicklistNext,
  quicklistNodeIsCompressed,
  quicklistPop,
  quicklistPopCustom,
  quicklistPush,
  quicklistPushHead,
  quicklistPushTail,
  quicklistRelease,
  quicklistReleaseIterator,
  quicklistReplaceAtIndex,
  quicklistRepr,
  quicklistRotate,
  quicklistSetDirection,
  quicklistSetFill,
  quicklistSetOptions,
  quicklistisSetPackedThreshold,
  type quicklist,
  type quicklistNode,
} from '../../quicklist/quicklist.ts';
import { Random } from '../support/random.ts';

/** The element that an entry describes, as a string. */
function text(entry: quicklistEntry): string {
  return entry.value === null
    ? String(entry.longval)
    : entry.value.latin1Slice(entry.valoff, entry.valoff + entry.sz);
}

/** All elements from one end to the other, by an iterator. */
function elements(ql: quicklist, direction: number = AL_START_HEAD): string[] {
  const found: string[] = [];
  const iter = quicklistGetIterator(ql, direction);
  const entry = new quicklistEntry();
  while (quicklistNext(iter, entry)) found.push(text(entry));
  quicklistReleaseIterator(iter);
  return found;
}

function nodes(ql: quicklist): quicklistNode[] {
  const found: quicklistNode[] = [];
  for (let node = ql.head; node !== null; node = node.next) found.push(node);
  return found;
}

/** How many elements each node holds. */
function counts(ql: quicklist): number[] {
  return nodes(ql).map((node) => node.count);
}

/** The elements of one node, read from its bytes and from nothing else. */
function contents(node: quicklistNode): string[] {
  let bytes = node.entry!;
  if (node.encoding === QUICKLIST_NODE_ENCODING_LZF) {
    const out = Buffer.alloc(node.sz);
    const size = bytes.readUInt32LE(0);
    expect(size + 8 < node.sz, 'compression pays').to.equal(true);
    expect(lzf_decompress(bytes.subarray(8), size, out, node.sz)).to.equal(node.sz);
    bytes = out;
  }
  if (node.container === QUICKLIST_NODE_CONTAINER_PLAIN) return [bytes.latin1Slice(0, node.sz)];
  expect(lpBytes(bytes)).to.equal(node.sz);
  expect(lpLength(bytes)).to.equal(node.count);
  const found: string[] = [];
  for (let p = lpFirst(bytes); p !== 0; p = lpNext(bytes, p)) found.push(lpGetString(bytes, p));
  return found;
}

/**
 * Checks everything that must hold of a list whenever nobody is at work on it, against the plain array of what it should hold.
 */
function verify(ql: quicklist, expected: readonly string[]): void {
  const all = nodes(ql);
  expect(ql.len).to.equal(all.length);
  expect(quicklistCount(ql)).to.equal(expected.length);
  expect(ql.head).to.equal(all[0] ?? null);
  expect(ql.tail).to.equal(all[all.length - 1] ?? null);
  let count = 0;
  all.forEach((node, i) => {
    expect(node.prev).to.equal(all[i - 1] ?? null);
    expect(node.next).to.equal(all[i + 1] ?? null);
    expect(node.count).to.be.above(0);
    expect(node.recompress).to.equal(0);
    count += node.count;
    const inside = ql.compress > 0 && i >= ql.compress && i < all.length - ql.compress;
    if (!inside)
      expect(node.encoding, `node ${i} of ${all.length}`).to.equal(QUICKLIST_NODE_ENCODING_RAW);
    if (node.container === QUICKLIST_NODE_CONTAINER_PLAIN) expect(node.count).to.equal(1);
  });
  expect(count).to.equal(expected.length);
  expect(all.flatMap(contents)).to.deep.equal(expected);
}

/** A list of these elements. */
function listOf(fill: number, compress: number, values: readonly string[]): quicklist {
  const ql = quicklistNew(fill, compress);
  for (const value of values) quicklistPushTail(ql, value);
  return ql;
}

/** `n` strings that compress well and are all different. */
function numbered(n: number, prefix: string = 'hello world, hello '): string[] {
  return Array.from({ length: n }, (_, i) => `${prefix}${i}`);
}

describe('quicklist.ts', () => {
  let old: Ledger;

  beforeEach(() => {
    usePosix(new SimWorld(1).host('10.0.0.1'));
    old = useLedger(new Ledger());
    ledger.arena.poison = true;
  });

  /** Every test releases its lists, so that nothing may be left in the account. */
  afterEach(() => {
    const used = zmalloc_used_memory();
    useLedger(old);
    expect(used, 'bytes left in the account').to.equal(0);
  });

  describe('a list', () => {
    it('is empty at first, with nodes of 8 KB and without compression', () => {
      const ql = quicklistCreate();
      expect([ql.fill, ql.compress, ql.count, ql.len]).to.deep.equal([-2, 0, 0, 0]);
      expect(zmalloc_used_memory()).to.equal(40);
      verify(ql, []);
      expect(elements(ql)).to.deep.equal([]);
      quicklistRelease(ql);
    });

    it('keeps its settings within what C can store', () => {
      const ql = quicklistNew(100000, 100000);
      expect([ql.fill, ql.compress]).to.deep.equal([32767, 65535]);
      quicklistSetOptions(ql, -6, -1);
      expect([ql.fill, ql.compress]).to.deep.equal([-5, 0]);
      quicklistRelease(ql);
    });

    it('lies in memory as C has it', () => {
      const ql = listOf(-2, 0, ['ab', '5']);
      // 4 bytes size, 2 bytes number, 82 'a' 'b' and how long that was, 05 and how long that was, the end.
      expect(ql.head!.entry!.subarray(0, ql.head!.sz).toString('hex')).to.equal(
        '0d000000' + '0200' + '826162' + '03' + '05' + '01' + 'ff',
      );
      quicklistRelease(ql);
    });

    it('accounts for struct, nodes and listpacks, and gives it all back', () => {
      const ql = listOf(2, 0, ['a', 'b', 'c']);
      const listpacks = nodes(ql).reduce((sum, node) => sum + node.entry!.length, 0);
      expect(zmalloc_used_memory()).to.equal(40 + 2 * 40 + listpacks);
      quicklistRelease(ql);
    });
  });

  describe('pushing', () => {
    it('fills nodes up to their number of elements', () => {
      const ql = quicklistNew(2, 0);
      expect(quicklistPushHead(ql, 'c')).to.equal(1);
      expect(quicklistPushHead(ql, 'b')).to.equal(0);
      expect(quicklistPushHead(ql, 'a')).to.equal(1);
      expect(quicklistPushTail(ql, 'd')).to.equal(1);
      expect(quicklistPushTail(ql, 'e')).to.equal(0);
      verify(ql, ['a', 'b', 'c', 'd', 'e']);
      expect(counts(ql)).to.deep.equal([1, 2, 2]);
      quicklistRelease(ql);
    });

    it('fills nodes up to their size', () => {
      for (const [fill, size] of [
        [-1, 4096],
        [-2, 8192],
        [-3, 16384],
        [-4, 32768],
        [-5, 65536],
      ]) {
        const ql = listOf(fill, 0, numbered(1500, 'x'.repeat(90)));
        expect(ql.len).to.be.above(1);
        for (const node of nodes(ql).slice(0, -1)) expect(node.sz).to.be.within(size - 110, size);
        quicklistRelease(ql);
      }
    });

    it('gives no more than 8 KB to a node that counts elements, and one of its own to a larger element', () => {
      const values = ['a', 'x'.repeat(9000), 'b', 'y'.repeat(5000), 'z'.repeat(5000)];
      const ql = listOf(100, 0, values);
      expect(counts(ql)).to.deep.equal([1, 1, 2, 1]);
      verify(ql, values);
      quicklistRelease(ql);
    });

    it('with a fill of 0 makes a node for each element', () => {
      const ql = listOf(0, 0, ['a', 'b', 'c']);
      expect(counts(ql)).to.deep.equal([1, 1, 1]);
      quicklistRelease(ql);
    });

    it('takes bytes as well as strings, and knows which end is meant', () => {
      const ql = quicklistCreate();
      quicklistPush(ql, 'b', QUICKLIST_TAIL);
      quicklistPush(ql, Buffer.from('a'), QUICKLIST_HEAD);
      quicklistPush(ql, Buffer.from('17'), QUICKLIST_TAIL);
      verify(ql, ['a', 'b', '17']);
      quicklistRelease(ql);
    });

    it('gives large elements nodes of their own', () => {
      expect(quicklistisSetPackedThreshold(10)).to.equal(1);
      const ql = quicklistCreate();
      expect(quicklistPushTail(ql, 'small')).to.equal(1);
      expect(quicklistPushTail(ql, 'large and more')).to.equal(1);
      expect(quicklistPushTail(ql, 'tiny')).to.equal(1);
      expect(quicklistPushHead(ql, Buffer.from('another large'))).to.equal(1);
      verify(ql, ['another large', 'small', 'large and more', 'tiny']);
      expect(nodes(ql).map((node) => node.container)).to.deep.equal([1, 2, 1, 2]);
      expect(elements(ql)).to.deep.equal(['another large', 'small', 'large and more', 'tiny']);
      expect(elements(ql, AL_START_TAIL)).to.deep.equal(elements(ql).reverse());
      quicklistRelease(ql);
    });

    it('refuses a threshold near what a listpack can hold, and restores the usual one for 0', () => {
      expect(quicklistisSetPackedThreshold(4294967296 - 1048576)).to.equal(1);
      expect(quicklistisSetPackedThreshold(4294967296 - 1048575)).to.equal(0);
      expect(ledger.packed_threshold).to.equal(4294967296 - 1048576);
      expect(quicklistisSetPackedThreshold(0)).to.equal(1);
      expect(ledger.packed_threshold).to.equal(1073741824);
    });

    it('takes whole nodes', () => {
      const ql = quicklistCreate();
      let lp = lpNew(0);
      for (const value of ['a', '1', 'b']) lp = lpAppend(lp, value);
      quicklistAppendListpack(ql, lp);
      const plain = zmalloc_bytes(5);
      plain.latin1Write('plain', 0, 5);
      quicklistAppendPlainNode(ql, plain, 5);
      verify(ql, ['a', '1', 'b', 'plain']);
      expect(ql.tail!.container).to.equal(QUICKLIST_NODE_CONTAINER_PLAIN);
      quicklistRelease(ql);
    });

    it('does not want to find an end compressed', () => {
      const ql = listOf(1, 0, ['a', 'b']);
      ql.head!.encoding = QUICKLIST_NODE_ENCODING_LZF;
      expect(() => quicklistPush(ql, 'x', QUICKLIST_TAIL)).to.throw('head->encoding');
      expect(() => quicklistPop(ql, QUICKLIST_HEAD)).to.throw('node->encoding');
      ql.head!.encoding = QUICKLIST_NODE_ENCODING_RAW;
      ql.tail!.encoding = QUICKLIST_NODE_ENCODING_LZF;
      expect(() => quicklistPush(ql, 'x', QUICKLIST_TAIL)).to.throw('tail->encoding');
      ql.tail!.encoding = QUICKLIST_NODE_ENCODING_RAW;
      ql.tail!.recompress = 1;
      expect(() => quicklistPush(ql, 'x'.repeat(10000), QUICKLIST_TAIL)).to.not.throw();
      ql.head!.recompress = 1;
      expect(() => __quicklistCompress(ql, null)).to.throw('recompress');
      quicklistRelease(ql);
    });
  });

  describe('popping', () => {
    it('yields strings as such and integers as integers, from both ends', () => {
      const ql = listOf(2, 0, ['a', '1', '-70000', '9223372036854775807', 'b']);
      expect(quicklistPop(ql, QUICKLIST_HEAD)).to.equal('a');
      expect(quicklistPop(ql, QUICKLIST_TAIL)).to.equal('b');
      expect(quicklistPop(ql, QUICKLIST_TAIL)).to.equal(9223372036854775807n);
      expect(quicklistPop(ql, QUICKLIST_HEAD)).to.equal(1);
      verify(ql, ['-70000']);
      expect(quicklistPop(ql, QUICKLIST_HEAD)).to.equal(-70000);
      expect(quicklistPop(ql, QUICKLIST_HEAD)).to.equal(null);
      verify(ql, []);
      expect(quicklistPopCustom(ql, QUICKLIST_TAIL, () => 'never')).to.equal(null);
      quicklistRelease(ql);
    });

    it('takes a plain node as a whole', () => {
      quicklistisSetPackedThreshold(5);
      const ql = listOf(2, 0, ['large', 'a', '12345']);
      expect(quicklistPop(ql, QUICKLIST_HEAD)).to.equal('large');
      expect(quicklistPop(ql, QUICKLIST_TAIL)).to.equal('12345');
      verify(ql, ['a']);
      quicklistRelease(ql);
    });

    it('knows no third end', () => {
      const ql = listOf(2, 0, ['a']);
      expect(quicklistPop(ql, 7)).to.equal(null);
      quicklistRelease(ql);
    });
  });

  describe('compression', () => {
    it('leaves as many nodes of each end alone as the depth says', () => {
      const values = numbered(400);
      for (const depth of [0, 1, 2, 3, 10]) {
        const ql = listOf(20, depth, values);
        const expected = Array.from({ length: 20 }, (_, i) =>
          depth > 0 && i >= depth && i < 20 - depth ? 2 : 1,
        );
        expect(nodes(ql).map((node) => node.encoding)).to.deep.equal(expected);
        expect(
          nodes(ql).every((node) => quicklistNodeIsCompressed(node) === (node.encoding === 2)),
        ).to.equal(true);
        verify(ql, values);
        expect(elements(ql)).to.deep.equal(values);
        expect(elements(ql, AL_START_TAIL)).to.deep.equal([...values].reverse());
        // What the iterators uncompressed is compressed again.
        expect(nodes(ql).map((node) => node.encoding)).to.deep.equal(expected);
        quicklistRelease(ql);
      }
    });

    it('writes what C has: eight bytes of length, and LZF', () => {
      const ql = listOf(3, 1, numbered(9));
      const node = ql.head!.next!;
      const lzf = quicklistGetLzf(node);
      expect(node.entry!.readBigUInt64LE(0)).to.equal(BigInt(lzf.length));
      expect(node.entry!.length).to.be.at.least(lzf.length + SIZEOF_QUICKLISTLZF);
      const out = Buffer.alloc(node.sz);
      expect(lzf_decompress(lzf, lzf.length, out, node.sz)).to.equal(node.sz);
      quicklistRelease(ql);
    });

    it('is not tried on small nodes, and given up where it does not pay', () => {
      const random = new Random(5);
      const noise = Array.from({ length: 9 }, () =>
        Array.from({ length: 100 }, () => String.fromCharCode(random.int(0, 255))).join(''),
      );
      for (const values of [['a', 'b', 'c', 'd'], noise]) {
        const ql = listOf(1, 1, values);
        expect(nodes(ql).every((node) => node.encoding === QUICKLIST_NODE_ENCODING_RAW)).to.equal(
          true,
        );
        verify(ql, values);
        quicklistRelease(ql);
      }
    });

    it('spares the ends, and nodes that are about to be used', () => {
      const ql = listOf(3, 0, numbered(9));
      expect(() => __quicklistCompressNode(ql.head!)).to.throw('node->prev && node->next');
      const node = ql.head!.next!;
      node.dont_compress = 1;
      expect(__quicklistCompressNode(node)).to.equal(0);
      node.dont_compress = 0;
      expect(__quicklistCompressNode(node)).to.equal(1);
      quicklistDecompressNodeForUse(node);
      expect([node.encoding, node.recompress]).to.deep.equal([QUICKLIST_NODE_ENCODING_RAW, 1]);
      node.recompress = 0;
      verify(ql, numbered(9));
      quicklistRelease(ql);
    });

    it('leaves a node alone whose bytes are damaged', () => {
      const ql = listOf(3, 1, numbered(9));
      const node = ql.head!.next!;
      // A reference to what lies before the first byte.
      node.entry![8] = 0xe0;
      const entry = node.entry;
      expect(__quicklistDecompressNode(node)).to.equal(0);
      expect(node.entry).to.equal(entry);
      expect(node.encoding).to.equal(QUICKLIST_NODE_ENCODING_LZF);
      quicklistRelease(ql);
    });

    it('follows when nodes come and go', () => {
      const ql = quicklistNew(2, 1);
      const values: string[] = [];
      for (const value of numbered(30)) {
        quicklistPushHead(ql, value);
        values.unshift(value);
        verify(ql, values);
      }
      while (values.length > 0) {
        expect(quicklistPop(ql, QUICKLIST_TAIL)).to.equal(values.pop());
        verify(ql, values);
      }
      quicklistRelease(ql);
    });
  });

  describe('an iterator', () => {
    it('begins at any index, and goes either way', () => {
      const values = numbered(50, '');
      for (const fill of [1, 3, 7, -2]) {
        const ql = listOf(fill, 1, values);
        const entry = new quicklistEntry();
        for (let i = -51; i <= 51; i++) {
          const at = i < 0 ? values.length + i : i;
          for (const direction of [AL_START_HEAD, AL_START_TAIL]) {
            const iter = quicklistGetIteratorAtIdx(ql, direction, i);
            if (at < 0 || at >= values.length) {
              expect(iter).to.equal(null);
              expect(quicklistNext(iter, entry)).to.equal(false);
              quicklistReleaseIterator(iter);
              continue;
            }
            const found: string[] = [];
            while (quicklistNext(iter, entry)) found.push(text(entry));
            expect(found).to.deep.equal(
              direction === AL_START_HEAD ? values.slice(at) : values.slice(0, at + 1).reverse(),
            );
            quicklistReleaseIterator(iter);
          }
        }
        quicklistRelease(ql);
      }
    });

    it('turns', () => {
      const ql = listOf(2, 0, ['a', 'b', 'c']);
      const entry = new quicklistEntry();
      const iter = quicklistGetIteratorAtIdx(ql, AL_START_HEAD, 1)!;
      quicklistNext(iter, entry);
      quicklistSetDirection(iter, AL_START_TAIL);
      expect(quicklistNext(iter, entry)).to.equal(true);
      expect(text(entry)).to.equal('a');
      quicklistReleaseIterator(iter);
      quicklistRelease(ql);
    });

    it('deletes what it comes to, in both directions', () => {
      for (const fill of [1, 2, 3, -2]) {
        for (const compress of [0, 1]) {
          for (const direction of [AL_START_HEAD, AL_START_TAIL]) {
            const values = numbered(40);
            const ql = listOf(fill, compress, values);
            const iter = quicklistGetIterator(ql, direction);
            const entry = new quicklistEntry();
            let seen = 0;
            while (quicklistNext(iter, entry)) {
              seen++;
              if (Number(text(entry).split(' ')[3]) % 3 !== 0) quicklistDelEntry(iter, entry);
            }
            quicklistReleaseIterator(iter);
            expect(seen).to.equal(40);
            verify(
              ql,
              values.filter((_, i) => i % 3 === 0),
            );
            quicklistRelease(ql);
          }
        }
      }
    });

    it('compares what it comes to, strings and integers, with strings and bytes', () => {
      quicklistisSetPackedThreshold(40);
      const values = ['abc', '17', '-9223372036854775808', 'x'.repeat(30), 'y'.repeat(50)];
      const ql = listOf(-2, 0, values);
      const others = [
        ...values,
        '',
        'abd',
        '017',
        '18',
        'x'.repeat(31),
        'x'.repeat(29) + 'y',
        'z'.repeat(50),
      ];
      const entry = new quicklistEntry();
      const iter = quicklistGetIterator(ql, AL_START_HEAD);
      while (quicklistNext(iter, entry)) {
        for (const other of others) {
          const same = other === text(entry);
          expect(quicklistCompare(entry, other), `${text(entry)} ${other}`).to.equal(same);
          expect(quicklistCompare(entry, Buffer.from(other)), `${text(entry)} ${other}`).to.equal(
            same,
          );
        }
      }
      quicklistReleaseIterator(iter);
      quicklistRelease(ql);
    });
  });

  describe('inserting', () => {
    /** Inserts next to the element at an index. */
    function insert(ql: quicklist, index: number, value: string, after: boolean): void {
      const entry = new quicklistEntry();
      const iter = quicklistGetIteratorEntryAtIdx(ql, index, entry)!;
      if (after) quicklistInsertAfter(iter, entry, value);
      else quicklistInsertBefore(iter, entry, value);
      quicklistReleaseIterator(iter);
    }

    it('goes into the node if there is room', () => {
      const ql = listOf(10, 0, ['a', 'b', 'c']);
      insert(ql, 1, 'x', true);
      insert(ql, 1, 'y', false);
      insert(ql, -1, 'z', true);
      verify(ql, ['a', 'y', 'b', 'x', 'c', 'z']);
      expect(counts(ql)).to.deep.equal([6]);
      quicklistRelease(ql);
    });

    it('goes into the neighbour of a full node if that has room', () => {
      const ql = quicklistNew(3, 0);
      for (const value of ['d', 'c', 'b', 'a']) quicklistPushHead(ql, value);
      expect(counts(ql)).to.deep.equal([1, 3]);
      insert(ql, 1, 'x', false);
      verify(ql, ['a', 'x', 'b', 'c', 'd']);
      expect(counts(ql)).to.deep.equal([2, 3]);
      quicklistRelease(ql);

      const other = listOf(3, 0, ['a', 'b', 'c', 'd']);
      insert(other, 2, 'x', true);
      verify(other, ['a', 'b', 'c', 'x', 'd']);
      expect(counts(other)).to.deep.equal([3, 2]);
      quicklistRelease(other);
    });

    it('makes a node between two full ones', () => {
      for (const after of [true, false]) {
        const ql = listOf(2, 0, ['a', 'b', 'c', 'd']);
        insert(ql, after ? 1 : 2, 'x', after);
        verify(ql, ['a', 'b', 'x', 'c', 'd']);
        expect(counts(ql)).to.deep.equal([2, 1, 2]);
        quicklistRelease(ql);
      }
    });

    it('splits a full node, and merges what is small around it', () => {
      for (const after of [true, false]) {
        const ql = listOf(4, 0, numbered(12, ''));
        insert(ql, after ? 5 : 6, 'x', after);
        verify(ql, ['0', '1', '2', '3', '4', '5', 'x', '6', '7', '8', '9', '10', '11']);
        expect(counts(ql)).to.deep.equal(after ? [4, 2, 3, 4] : [4, 3, 2, 4]);
        quicklistRelease(ql);
      }
      const ql = listOf(6, 0, numbered(12, ''));
      quicklistDelRange(ql, 0, 4);
      insert(ql, 4, 'x', true);
      // 4 5 | 6 7 8 9 10 11 was split behind 8, and its first half joined the two before.
      verify(ql, ['4', '5', '6', '7', '8', 'x', '9', '10', '11']);
      expect(counts(ql)).to.deep.equal([5, 4]);
      quicklistRelease(ql);
    });

    it('merges neighbours of neighbours too', () => {
      const ql = listOf(4, 0, numbered(20, ''));
      // 0 | 4 | 8 9 10 11 | 12 | 16 17 18 19
      quicklistDelRange(ql, 13, 3);
      quicklistDelRange(ql, 5, 3);
      quicklistDelRange(ql, 1, 3);
      expect(counts(ql)).to.deep.equal([1, 1, 4, 1, 4]);
      insert(ql, 3, 'x', true);
      verify(ql, ['0', '4', '8', '9', 'x', '10', '11', '12', '16', '17', '18', '19']);
      // 8 9 | x 10 11: the one half joined those before, the other that behind.
      expect(counts(ql)).to.deep.equal([4, 4, 4]);
      quicklistRelease(ql);
    });

    it('makes one node again of two halves that were split to be on the safe side', () => {
      const values = numbered(42, 'x'.repeat(90));
      const ql = listOf(-1, 0, values);
      const rest = 4090 - ql.head!.sz;
      expect(rest).to.be.within(70, 127);
      quicklistPushTail(ql, 'y'.repeat(rest - 3));
      values.push('y'.repeat(rest - 3));
      expect([ql.len, ql.head!.sz]).to.deep.equal([1, 4090]);
      // Estimated as 13 bytes, which are too many; as it is, 7.
      insert(ql, 20, 'hello', true);
      values.splice(21, 0, 'hello');
      verify(ql, values);
      expect([ql.len, ql.head!.sz]).to.deep.equal([1, 4097]);
      expect(_quicklistListpackMerge(ql, ql.head!, ql.head!)).to.equal(null);
      quicklistRelease(ql);
    });

    it('puts a large element between two halves, or next to the node', () => {
      quicklistisSetPackedThreshold(10);
      const large = 'large element';
      for (const after of [true, false]) {
        for (const index of [0, 1, 2]) {
          const values = ['a', 'b', 'c'];
          const ql = listOf(10, 0, values);
          insert(ql, index, large, after);
          values.splice(after ? index + 1 : index, 0, large);
          verify(ql, values);
          // Small ones next to it do not go into its node.
          insert(ql, values.indexOf(large), 'x', !after);
          insert(ql, values.indexOf(large) + (after ? 1 : 0), 'another large', after);
          expect(ql.count).to.equal(6);
          quicklistRelease(ql);
        }
      }
    });

    it('begins an empty list', () => {
      quicklistisSetPackedThreshold(10);
      for (const value of ['small', 'a large element']) {
        const ql = quicklistCreate();
        const iter = quicklistGetIterator(ql, AL_START_HEAD);
        const entry = new quicklistEntry();
        expect(quicklistNext(iter, entry)).to.equal(false);
        quicklistInsertAfter(iter, entry, value);
        quicklistReleaseIterator(iter);
        verify(ql, [value]);
        quicklistRelease(ql);
      }
    });
  });

  describe('replacing', () => {
    it('works at any index, and says when there is nothing', () => {
      const values = numbered(20);
      for (const compress of [0, 1]) {
        const ql = listOf(3, compress, values);
        const now = [...values];
        for (const [index, value] of [
          [0, 'x'],
          [7, '12345'],
          [-1, ''],
          [-20, 'a longer element than the one before'],
          [10, 'y'],
        ] as const) {
          expect(quicklistReplaceAtIndex(ql, index, value)).to.equal(1);
          now[index < 0 ? 20 + index : index] = value;
          verify(ql, now);
        }
        expect(quicklistReplaceAtIndex(ql, 20, 'x')).to.equal(0);
        expect(quicklistReplaceAtIndex(ql, -21, 'x')).to.equal(0);
        quicklistRelease(ql);
      }
    });

    it('turns small elements into large ones and back', () => {
      quicklistisSetPackedThreshold(40);
      const large = numbered(3, 'a large element that goes on and on and on ');
      for (const compress of [0, 1]) {
        for (let index = 0; index < 9; index++) {
          const now = numbered(9);
          const ql = listOf(3, compress, now);
          for (const value of [large[0], large[1], 'small', large[2], '5']) {
            quicklistReplaceAtIndex(ql, index, value);
            now[index] = value;
            verify(ql, now);
          }
          quicklistRelease(ql);
        }
      }
    });

    it('of the only element of a node by a large one leaves no empty node', () => {
      quicklistisSetPackedThreshold(10);
      const ql = listOf(1, 0, ['a', 'b', 'c']);
      quicklistReplaceAtIndex(ql, 1, 'a large element');
      verify(ql, ['a', 'a large element', 'c']);
      expect(ql.len).to.equal(3);
      quicklistRelease(ql);
    });
  });

  describe('deleting a range', () => {
    it('is what slice() says, for all starts and counts', () => {
      for (const [fill, compress, plain] of [
        [1, 0, 0],
        [3, 0, 0],
        [4, 1, 0],
        [-2, 0, 0],
        [3, 1, 19],
      ]) {
        quicklistisSetPackedThreshold(plain);
        const values = numbered(12, 'hello hello hello ').map((value, i) =>
          i % 4 === 0 ? 'x' : value,
        );
        for (let start = -13; start <= 13; start++) {
          for (const count of [-1, 0, 1, 2, 5, 12, 100]) {
            const ql = listOf(fill, compress, values);
            const at = start < 0 ? 12 + start : start;
            const now = [...values];
            const valid = count > 0 && at >= 0 && at < 12;
            if (valid) now.splice(at, count);
            expect(quicklistDelRange(ql, start, count)).to.equal(valid ? 1 : 0);
            verify(ql, now);
            quicklistRelease(ql);
          }
        }
      }
    });
  });

  describe('the room in a node', () => {
    it('goes by size for negative fills, with 8 bytes for what an element takes besides', () => {
      expect(_quicklistNodeSizeMeetsOptimizationRequirement(4096, -1)).to.equal(true);
      expect(_quicklistNodeSizeMeetsOptimizationRequirement(4097, -1)).to.equal(false);
      expect(_quicklistNodeSizeMeetsOptimizationRequirement(1, -6)).to.equal(false);
      expect(_quicklistNodeSizeMeetsOptimizationRequirement(1, 5)).to.equal(false);
      const node = quicklistCreateNode();
      node.sz = 4000;
      expect(_quicklistNodeAllowInsert(node, -1, 88)).to.equal(true);
      expect(_quicklistNodeAllowInsert(node, -1, 89)).to.equal(false);
      expect(_quicklistNodeAllowInsert(null, -1, 1)).to.equal(false);
      useLedger(new Ledger());
    });

    it('lets two nodes become one if that is within the fill', () => {
      const a = quicklistCreateNode();
      const b = quicklistCreateNode();
      a.sz = 2048;
      b.sz = 2048 + 11;
      a.count = b.count = 4;
      expect(_quicklistNodeAllowMerge(a, b, -1)).to.equal(true);
      b.sz++;
      expect(_quicklistNodeAllowMerge(a, b, -1)).to.equal(false);
      expect(_quicklistNodeAllowMerge(a, b, 8)).to.equal(true);
      expect(_quicklistNodeAllowMerge(a, b, 7)).to.equal(false);
      a.sz = 8000;
      expect(_quicklistNodeAllowMerge(a, b, 8)).to.equal(false);
      expect(_quicklistNodeAllowMerge(a, null, -1)).to.equal(false);
      b.container = QUICKLIST_NODE_CONTAINER_PLAIN;
      expect(_quicklistNodeAllowMerge(a, b, -1)).to.equal(false);
      expect(_quicklistNodeAllowInsert(b, -1, 1)).to.equal(false);
      useLedger(new Ledger());
    });
  });

  describe('copying', () => {
    it('copies compressed and plain nodes as they are', () => {
      quicklistisSetPackedThreshold(60);
      const values = [...numbered(20), 'x'.repeat(100), ...numbered(20, 'and more and more '), '5'];
      const ql = listOf(4, 1, values);
      quicklistBookmarkCreate(ql, 'b', ql.head!);
      const copy = quicklistDup(ql);
      quicklistBookmarkDelete(ql, 'b');
      expect(
        nodes(copy).map((node) => [node.encoding, node.container, node.count, node.sz]),
      ).to.deep.equal(
        nodes(ql).map((node) => [node.encoding, node.container, node.count, node.sz]),
      );
      expect([copy.fill, copy.compress, copy.bookmark_count]).to.deep.equal([4, 1, 0]);
      quicklistRelease(ql);
      verify(copy, values);
      quicklistRelease(copy);
    });
  });

  describe('rotating', () => {
    it('makes the last element the first, for any kind of node and element', () => {
      for (const [fill, compress, plain] of [
        [-2, 0, 0],
        [1, 0, 0],
        [3, 1, 0],
        [3, 0, 17],
        [3, 1, 1],
      ]) {
        quicklistisSetPackedThreshold(plain);
        const values = [
          'a',
          '1',
          '-123456789',
          'hello hello hello 1',
          'b',
          '9223372036854775807',
          'c',
        ];
        const ql = listOf(fill, compress, values);
        for (let i = 0; i < 2 * values.length; i++) {
          quicklistRotate(ql);
          values.unshift(values.pop()!);
          verify(ql, values);
        }
        quicklistRelease(ql);
      }
    });

    it('does nothing to one element, or none', () => {
      const ql = quicklistCreate();
      quicklistRotate(ql);
      quicklistPushHead(ql, 'a');
      quicklistRotate(ql);
      verify(ql, ['a']);
      quicklistRelease(ql);
    });
  });

  describe('bookmarks', () => {
    it('name nodes, move on when those are deleted, and end with the last', () => {
      const ql = listOf(1, 0, ['a', 'b', 'c']);
      expect(quicklistBookmarkFind(ql, 'x')).to.equal(null);
      expect(quicklistBookmarkDelete(ql, 'x')).to.equal(0);
      expect(quicklistBookmarkCreate(ql, 'x', ql.head!)).to.equal(1);
      expect(quicklistBookmarkCreate(ql, 'x', ql.head!.next!)).to.equal(1);
      expect(quicklistBookmarkCreate(ql, 'y', ql.tail!)).to.equal(1);
      expect(ql.bookmark_count).to.equal(2);
      expect(contents(quicklistBookmarkFind(ql, 'x')!)).to.deep.equal(['b']);
      quicklistDelRange(ql, 1, 1);
      expect(contents(quicklistBookmarkFind(ql, 'x')!)).to.deep.equal(['c']);
      // Both stand on one node now; as in C only the first of them is found when it goes.
      expect(quicklistBookmarkDelete(ql, 'y')).to.equal(1);
      quicklistDelRange(ql, 1, 1);
      expect(quicklistBookmarkFind(ql, 'x')).to.equal(null);
      expect(ql.bookmark_count).to.equal(0);
      quicklistRelease(ql);
    });

    it('are fifteen at the most, and keep their memory when they are gone', () => {
      const ql = listOf(1, 0, ['a', 'b']);
      const before = zmalloc_used_memory();
      for (let i = 0; i < QL_MAX_BM; i++) {
        expect(quicklistBookmarkCreate(ql, `b${i}`, ql.head!.next!)).to.equal(1);
      }
      expect(quicklistBookmarkCreate(ql, 'one more', ql.head!)).to.equal(0);
      expect(quicklistBookmarkFind(ql, 'b14')).to.equal(ql.tail);
      expect(quicklistBookmarkDelete(ql, 'b3')).to.equal(1);
      expect(quicklistBookmarkFind(ql, 'b14')).to.equal(ql.tail);
      quicklistBookmarksClear(ql);
      expect(ql.bookmark_count).to.equal(0);
      // 40 bytes and 15 times 16 are of the size class 320.
      expect(zmalloc_used_memory()).to.equal(before - 40 + 320);
      quicklistRelease(ql);
    });
  });

  describe('quicklistRepr()', () => {
    it('prints the nodes, and what is in them on demand', () => {
      quicklistisSetPackedThreshold(100);
      const ql = listOf(2, 1, [
        'a',
        '1',
        ...numbered(2, 'hello hello hello hello '),
        'x'.repeat(100),
        'z',
      ]);
      let printed = '';
      const kernel = posix;
      usePosix(
        new Proxy(kernel, {
          get: (target, name) =>
            name === 'write'
              ? (_fd: number, bytes: Uint8Array) => {
                  printed += Buffer.from(bytes).latin1Slice();
                  return bytes.length;
                }
              : (Reflect.get(target, name) as unknown),
        }),
      );
      quicklistRepr(ql, false);
      const short = printed;
      printed = '';
      quicklistRepr(ql, true);
      usePosix(kernel);
      expect(short).to.equal(
        '{count : 6}\n{len : 4}\n{fill : 2}\n{compress : 1}\n{bookmark_count : 0}\n' +
          '{quicklist node(0)\n{container : PACKED, encoding: RAW, size: 12, count: 2, recompress: 0, attempted_compress: 0}\n' +
          '{quicklist node(1)\n{container : PACKED, encoding: LZF, size: 61, count: 2, recompress: 0, attempted_compress: 0}\n' +
          '{quicklist node(2)\n{container : PLAIN, encoding: LZF, size: 100, count: 1, recompress: 0, attempted_compress: 0}\n' +
          '{quicklist node(3)\n{container : PACKED, encoding: RAW, size: 10, count: 1, recompress: 0, attempted_compress: 0}\n',
      );
      expect(printed)
        .to.include('{ listpack:\n')
        .and.to.include(`{ entry : ${'x'.repeat(100)} }\n`);
      quicklistRelease(ql);
    });
  });

  describe('random operations', () => {
    const seed = Random.fromEnvironment().seed;

    afterEach(function () {
      if (this.currentTest?.state === 'failed') console.error(`TEST_SEED=${seed}`);
    });

    for (const [fill, compress, plain] of [
      [-2, 0, 0],
      [-1, 1, 300],
      [1, 0, 0],
      [2, 1, 0],
      [5, 2, 100],
      [32, 3, 0],
      [128, 1, 60],
    ]) {
      it(`leave what they leave of an array, with fill ${fill}, depth ${compress}, threshold ${plain}`, () => {
        const random = new Random(seed);
        quicklistisSetPackedThreshold(plain);
        const ql = quicklistNew(fill, compress);
        const model: string[] = [];
        const entry = new quicklistEntry();
        const value = (): string => {
          if (random.chance(0.2)) return String(random.int(-100000, 100000));
          const repeated = String.fromCharCode(random.int(97, 122)).repeat(
            random.int(0, random.pick([5, 50, 500])),
          );
          return repeated + String(random.int(0, 9)) + (random.chance(0.1) ? '\xff\x00' : '');
        };
        const steps = Number(process.env['QUICKLIST_STEPS'] ?? 400);
        for (let step = 0; step < steps; step++) {
          const index = random.int(-model.length - 1, model.length);
          const at = index < 0 ? model.length + index : index;
          const there = at >= 0 && at < model.length;
          const v = value();
          switch (random.int(0, 11)) {
            case 0:
            case 1:
              quicklistPush(ql, v, QUICKLIST_HEAD);
              model.unshift(v);
              break;
            case 2:
            case 3:
              quicklistPush(ql, Buffer.from(v, 'latin1'), QUICKLIST_TAIL);
              model.push(v);
              break;
            case 4: {
              const popped = quicklistPop(ql, QUICKLIST_HEAD);
              expect(popped === null ? undefined : String(popped)).to.equal(model.shift());
              break;
            }
            case 5: {
              const popped = quicklistPop(ql, QUICKLIST_TAIL);
              expect(popped === null ? undefined : String(popped)).to.equal(model.pop());
              break;
            }
            case 6:
            case 7: {
              const iter = quicklistGetIteratorEntryAtIdx(ql, index, entry);
              expect(iter !== null).to.equal(there);
              if (iter === null) break;
              expect(text(entry)).to.equal(model[at]);
              const after = random.chance(0.5);
              if (after) quicklistInsertAfter(iter, entry, v);
              else quicklistInsertBefore(iter, entry, v);
              quicklistReleaseIterator(iter);
              model.splice(after ? at + 1 : at, 0, v);
              break;
            }
            case 8:
              expect(quicklistReplaceAtIndex(ql, index, v)).to.equal(there ? 1 : 0);
              if (there) model[at] = v;
              break;
            case 9: {
              const count = random.chance(0.1) ? 1000 : random.int(0, 6);
              expect(quicklistDelRange(ql, index, count)).to.equal(there && count > 0 ? 1 : 0);
              if (there) model.splice(at, count);
              break;
            }
            case 10: {
              const victim = random.pick(model.length > 0 ? model : ['']);
              const direction = random.pick([AL_START_HEAD, AL_START_TAIL]);
              const iter = quicklistGetIterator(ql, direction);
              while (quicklistNext(iter, entry)) {
                if (!quicklistCompare(entry, victim)) continue;
                quicklistDelEntry(iter, entry);
                if (direction === AL_START_HEAD) model.splice(model.indexOf(victim), 1);
                else model.splice(model.lastIndexOf(victim), 1);
                if (random.chance(0.5)) break;
              }
              quicklistReleaseIterator(iter);
              break;
            }
            case 11:
              quicklistRotate(ql);
              if (model.length > 1) model.unshift(model.pop()!);
              if (random.chance(0.05)) quicklistSetFill(ql, random.pick([fill, 3, -1]));
              break;
          }
          if (step % 8 === 0) verify(ql, model);
        }
        verify(ql, model);
        expect(elements(ql, AL_START_TAIL)).to.deep.equal([...model].reverse());
        expect(
          nodes(ql).every(
            (node) =>
              node.container === QUICKLIST_NODE_CONTAINER_PACKED || node.sz >= 60 || plain === 0,
          ),
        ).to.equal(true);
        quicklistRelease(ql);
      });
    }
  });
});
