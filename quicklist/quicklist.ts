/**
 * quicklist.c: a doubly linked list whose nodes hold many elements each.
 *
 *     quicklist { count: 7, len: 4, fill: -2, compress: 1 }
 *        │ head                                                                    tail │
 *        ▼                                                                              ▼
 *     [ RAW, PACKED, count 3 ] ⇄ [ LZF, PACKED, count 2 ] ⇄ [ RAW, PLAIN, count 1 ] ⇄ [ RAW, PACKED, count 1 ]
 *       entry: a listpack          entry: {sz, compressed}    entry: the bytes of        entry: a listpack
 *                                                             one large element
 *
 * How much goes into a node is the list's `fill`: that many elements if it is positive, 4, 8, 16, 32 or 64 KB if it is -1 to -5.
 * An element of `packed_threshold` bytes (1 GB) or more has a PLAIN node to itself. Of each end `compress` nodes are always as
 * they are; those between are compressed by LZF (0: none is), and uncompressed while an iterator stands on them:
 *
 *     quicklistNext ─► quicklistDecompressNodeForUse: recompress = 1 ... quicklistCompress: back as it was
 *
 * An LZF entry lies in memory as C has it, quicklistLZF; the uncompressed size is the node's `sz`:
 *
 *     +--------------------+------------------------+
 *     | sz, 8 bytes little | compressed: sz bytes   |
 *     +--------------------+------------------------+
 *
 * Bookmarks are names for nodes that move on to the next node when theirs is deleted.
 *
 * Who calls in: t_list, object, debug, and whoever loads or saves a list. Whom it calls: listpack, lzf_c, lzf_d, zmalloc.
 * What differs from C: an element is passed as a latin1 string or as bytes that know their length. A position in a listpack is
 * an offset, so an entry names the block and where in it the bytes begin. A pop returns the element. Two things that C forgets where no
 * command comes by are seen to: the size of a node made by an insertion into an empty list, and compression after a plain node rotated.
 *
 * @packageDocumentation
 */
import { STDOUT_FILENO, posix } from '../posix/posix.ts';
import { assert } from '../object/redisassert.ts';
import { LONG_STR_SIZE } from '../object/util.ts';
import {
  ledger,
  zfree,
  zfree_bytes,
  zmalloc,
  zmalloc_bytes,
  zrealloc,
  zrealloc_bytes,
} from '../object/zmalloc.ts';
import {
  LP_AFTER,
  LP_BEFORE,
  lpAppend,
  lpBytes,
  lpCompare,
  lpDelete,
  lpDeleteRange,
  lpGetString,
  lpGetValue,
  lpInsertString,
  lpLength,
  lpMerge,
  lpNew,
  lpNext,
  lpPos,
  lpPrepend,
  lpPrev,
  lpRef,
  lpReplace,
  lpRepr,
  lpSeek,
} from './listpack.ts';
import { lzf_compress } from './lzf_c.ts';
import { lzf_decompress } from './lzf_d.ts';

/* How wide C's bit fields are: they bound what can be set. */
export const QL_FILL_BITS = 16;
export const QL_COMP_BITS = 16;
export const QL_BM_BITS = 4;

/* Which end is pushed to or popped from. */
export const QUICKLIST_HEAD = 0;
export const QUICKLIST_TAIL = -1;

/* How the entry of a node lies in memory. */
export const QUICKLIST_NODE_ENCODING_RAW = 1;
export const QUICKLIST_NODE_ENCODING_LZF = 2;

/** A compress depth that means that no node is compressed. */
export const QUICKLIST_NOCOMPRESS = 0;

/* What a node holds: the bytes of one element, or a listpack of many. */
export const QUICKLIST_NODE_CONTAINER_PLAIN = 1;
export const QUICKLIST_NODE_CONTAINER_PACKED = 2;

/* Where an iterator starts; it goes towards the other end. */
export const AL_START_HEAD = 0;
export const AL_START_TAIL = 1;

/** sizeof of C's structs, in bytes, for the account. */
export const SIZEOF_QUICKLIST = 40;
export const SIZEOF_QUICKLISTNODE = 40;
export const SIZEOF_QUICKLISTLZF = 8;
export const SIZEOF_QUICKLISTBOOKMARK = 16;
export const SIZEOF_QUICKLISTITER = 40;

/** One link of the list. */
export class quicklistNode {
  prev: quicklistNode | null = null;
  next: quicklistNode | null = null;
  /** A listpack, the bytes of one element (its first `sz` bytes), or a quicklistLZF. */
  entry: Buffer | null = null;
  /** Bytes of the entry, of a compressed one those before compression. */
  sz = 0;
  /** Elements in it. */
  count = 0;
  /** QUICKLIST_NODE_ENCODING_* */
  encoding = QUICKLIST_NODE_ENCODING_RAW;
  /** QUICKLIST_NODE_CONTAINER_* */
  container = QUICKLIST_NODE_CONTAINER_PACKED;
  /** 1: it was compressed, and is not only while somebody uses it. */
  recompress = 0;
  /** C sets it in its own tests only; DEBUG QUICKLIST shows it. */
  attempted_compress = 0;
  /** 1: it will be needed in a moment, so leave it as it is. */
  dont_compress = 0;
}

/** A name for a node. */
export class quicklistBookmark {
  node: quicklistNode;
  readonly name: string;
  constructor(name: string, node: quicklistNode) {
    this.node = node;
    this.name = name;
  }
}

/** The list. */
export class quicklist {
  head: quicklistNode | null = null;
  tail: quicklistNode | null = null;
  /** Elements in all nodes. */
  count = 0;
  /** Nodes. */
  len = 0;
  /** How much goes into a node: elements if positive, -1 to -5 a size. */
  fill = -2;
  /** How many nodes of each end stay uncompressed; 0: all of them. */
  compress = 0;
  bookmark_count = 0;
  readonly bookmarks: quicklistBookmark[] = [];
  /** Bytes accounted for the struct: C puts bookmarks behind it, and keeps their place when they are gone. */
  alloc = SIZEOF_QUICKLIST;
}

/** A way through the list. */
export class quicklistIter {
  quicklist: quicklist;
  /** The node that it stands on; null: at the end, or not to be used any more. */
  current: quicklistNode | null;
  /** The element in the node: an offset in its listpack, PLAIN_ZI in a plain node, 0: to be looked for by `offset`. */
  zi = 0;
  /** The index in the node; negative ones count from its end. */
  offset: number;
  /** AL_START_* */
  direction: number;
  /** What the listpack says of the element. */
  readonly ref = new lpRef();
  constructor(
    quicklist: quicklist,
    current: quicklistNode | null,
    offset: number,
    direction: number,
  ) {
    this.quicklist = quicklist;
    this.current = current;
    this.offset = offset;
    this.direction = direction;
  }
}

/** An element that an iterator came to. It is valid as long as the list does not change. */
export class quicklistEntry {
  quicklist: quicklist | null = null;
  node: quicklistNode | null = null;
  /** Where it is, as in the iterator. */
  zi = 0;
  /** The block that has its bytes, or null: it is the integer `longval`. */
  value: Buffer | null = null;
  /** Where in the block the bytes begin. */
  valoff = 0;
  longval: number | bigint = -123456789;
  /** How many bytes. */
  sz = 0;
  /** Its index in the node; negative ones count from the end. */
  offset = 123456789;
}

/** What `zi` is on the only element of a plain node, where C has the pointer to its bytes. */
export const PLAIN_ZI = 1;

/** The sizes in bytes that the fills -1 to -5 stand for. */
const optimization_level: readonly number[] = [4096, 8192, 16384, 32768, 65536];

/** The packed threshold of a new ledger, which 0 restores. */
const DEFAULT_PACKED_THRESHOLD = 1 << 30;

/**
 * Whether an element of so many bytes has to have a node of its own.
 *
 * @own macro isLargeElement of quicklist.c
 */
export function isLargeElement(size: number): boolean {
  return size >= ledger.packed_threshold;
}

/**
 * Sets from how many bytes on an element gets a node of its own; 0 restores the default. Returns 0 and does nothing if `sz` is
 * too close to the 4 GB that a listpack can hold.
 *
 * @c quicklist.c:56
 */
export function quicklistisSetPackedThreshold(sz: number): number {
  if (sz > 4294967296 - (1 << 20)) {
    return 0;
  } else if (sz === 0) {
    sz = DEFAULT_PACKED_THRESHOLD;
  }
  ledger.packed_threshold = sz;
  return 1;
}

/** Where elements are counted, a node with more than one of them still has at most so many bytes. */
const SIZE_SAFETY_LIMIT = 8192;

/** Bytes that an element takes besides its own, estimated on the high side. */
const SIZE_ESTIMATE_OVERHEAD = 8;

/** A node of fewer bytes is not worth compressing. */
const MIN_COMPRESS_BYTES = 48;

/** What compression must save at the least, in bytes. */
const MIN_COMPRESS_IMPROVE = 8;

/** Bookmarks that a list can have. */
export const QL_MAX_BM = (1 << QL_BM_BITS) - 1;

/**
 * Whether a node is one large element.
 *
 * @own macro QL_NODE_IS_PLAIN of quicklist.h
 */
export function QL_NODE_IS_PLAIN(node: quicklistNode): boolean {
  return node.container === QUICKLIST_NODE_CONTAINER_PLAIN;
}

/**
 * Whether the entry of a node is a quicklistLZF at present.
 *
 * @own macro quicklistNodeIsCompressed of quicklist.h
 */
export function quicklistNodeIsCompressed(node: quicklistNode): boolean {
  return node.encoding === QUICKLIST_NODE_ENCODING_LZF;
}

/**
 * Makes an entry one that names nothing.
 *
 * @own macro initEntry of quicklist.c
 */
export function initEntry(e: quicklistEntry): void {
  e.zi = 0;
  e.value = null;
  e.valoff = 0;
  e.longval = -123456789;
  e.quicklist = null;
  e.node = null;
  e.offset = 123456789;
  e.sz = 0;
}

/**
 * Makes an iterator one that yields nothing, since its place is no longer known.
 *
 * @own macro resetIterator of quicklist.c
 */
export function resetIterator(iter: quicklistIter): void {
  iter.current = null;
  iter.zi = 0;
}

/**
 * An empty list with nodes of 8 KB and without compression. To be given back by quicklistRelease().
 *
 * @c quicklist.c:127
 */
export function quicklistCreate(): quicklist {
  zmalloc(SIZEOF_QUICKLIST);
  return new quicklist();
}

/** The greatest compress depth. */
const COMPRESS_MAX = (1 << QL_COMP_BITS) - 1;

/**
 * Sets how many nodes of each end stay uncompressed, within what the field can hold. What is there is compressed or uncompressed
 * as it is touched.
 *
 * @c quicklist.c:141
 */
export function quicklistSetCompressDepth(quicklist: quicklist, compress: number): void {
  if (compress > COMPRESS_MAX) {
    compress = COMPRESS_MAX;
  } else if (compress < 0) {
    compress = 0;
  }
  quicklist.compress = compress;
}

/** The greatest number of elements in a node. */
const FILL_MAX = (1 << (QL_FILL_BITS - 1)) - 1;

/**
 * Sets how much goes into a node: a number of elements, or -1 to -5 for 4 to 64 KB. Nodes that are there stay as they are.
 *
 * @c quicklist.c:151
 */
export function quicklistSetFill(quicklist: quicklist, fill: number): void {
  if (fill > FILL_MAX) {
    fill = FILL_MAX;
  } else if (fill < -5) {
    fill = -5;
  }
  quicklist.fill = fill;
}

/**
 * Sets both fill and compress depth.
 *
 * @c quicklist.c:160
 */
export function quicklistSetOptions(quicklist: quicklist, fill: number, depth: number): void {
  quicklistSetFill(quicklist, fill);
  quicklistSetCompressDepth(quicklist, depth);
}

/**
 * An empty list with that fill and compress depth.
 *
 * @c quicklist.c:166
 */
export function quicklistNew(fill: number, compress: number): quicklist {
  const quicklist = quicklistCreate();
  quicklistSetOptions(quicklist, fill, compress);
  return quicklist;
}

/**
 * A node for a listpack, which belongs to no list yet and has no entry.
 *
 * @c quicklist.c:172
 */
export function quicklistCreateNode(): quicklistNode {
  zmalloc(SIZEOF_QUICKLISTNODE);
  return new quicklistNode();
}

/**
 * The number of elements.
 *
 * @c quicklist.c:187
 */
export function quicklistCount(ql: quicklist): number {
  return ql.count;
}

/**
 * Frees the list with all that is in it. It must not be used any more.
 *
 * @c quicklist.c:190
 */
export function quicklistRelease(quicklist: quicklist): void {
  let current = quicklist.head;
  let len = quicklist.len;
  while (len--) {
    const next: quicklistNode | null = current!.next;

    zfree_bytes(current!.entry!);
    quicklist.count -= current!.count;

    zfree(SIZEOF_QUICKLISTNODE);

    quicklist.len--;
    current = next;
  }
  quicklistBookmarksClear(quicklist);
  zfree(quicklist.alloc);
}

/**
 * How many bytes of LZF data an entry has.
 *
 * @own the field sz of quicklistLZF
 */
export function lzfSize(entry: Buffer): number {
  return entry.readUInt32LE(0);
}

/**
 * Compresses the entry of a node that stands between two others. Returns 1 if it did, 0 if the entry is small, saves too little, or is about to be
 * used.
 *
 * @c quicklist.c:214
 */
export function __quicklistCompressNode(node: quicklistNode): number {
  if (node.dont_compress) return 0;

  // Neither end of a list is ever compressed.
  assert(node.prev !== null && node.next !== null, 'node->prev && node->next');

  node.recompress = 0;
  if (node.sz < MIN_COMPRESS_BYTES) return 0;

  let lzf = zmalloc_bytes(SIZEOF_QUICKLISTLZF + node.sz);

  // As much room as the entry has itself: what does not get smaller does not fit.
  const sz = lzf_compress(node.entry!, node.sz, lzf.subarray(SIZEOF_QUICKLISTLZF), node.sz);
  if (sz === 0 || sz + MIN_COMPRESS_IMPROVE >= node.sz) {
    zfree_bytes(lzf);
    return 0;
  }
  lzf.writeUInt32LE(sz, 0);
  lzf.writeUInt32LE(0, 4);
  lzf = zrealloc_bytes(lzf, SIZEOF_QUICKLISTLZF + sz);
  zfree_bytes(node.entry!);
  node.entry = lzf;
  node.encoding = QUICKLIST_NODE_ENCODING_LZF;
  return 1;
}

/**
 * Compresses a node if there is one and it is not compressed.
 *
 * @own macro quicklistCompressNode of quicklist.c
 */
export function quicklistCompressNode(node: quicklistNode | null): void {
  if (node !== null && node.encoding === QUICKLIST_NODE_ENCODING_RAW) {
    __quicklistCompressNode(node);
  }
}

/**
 * Makes the entry of a compressed node what it was before. Returns 1, or 0 when the LZF data is damaged: then nothing changes.
 *
 * @c quicklist.c:256
 */
export function __quicklistDecompressNode(node: quicklistNode): number {
  node.recompress = 0;

  const decompressed = zmalloc_bytes(node.sz);
  const lzf = node.entry!;
  const compressed = lzf.subarray(SIZEOF_QUICKLISTLZF);
  if (lzf_decompress(compressed, lzfSize(lzf), decompressed, node.sz) === 0) {
    zfree_bytes(decompressed);
    return 0;
  }
  zfree_bytes(lzf);
  node.entry = decompressed;
  node.encoding = QUICKLIST_NODE_ENCODING_RAW;
  return 1;
}

/**
 * Uncompresses a node if there is one and it is compressed.
 *
 * @own macro quicklistDecompressNode of quicklist.c
 */
export function quicklistDecompressNode(node: quicklistNode | null): void {
  if (node !== null && node.encoding === QUICKLIST_NODE_ENCODING_LZF) {
    __quicklistDecompressNode(node);
  }
}

/**
 * Uncompresses a node for a while; `recompress` notes that it is to be compressed again.
 *
 * @own macro quicklistDecompressNodeForUse of quicklist.c
 */
export function quicklistDecompressNodeForUse(node: quicklistNode | null): void {
  if (node !== null && node.encoding === QUICKLIST_NODE_ENCODING_LZF) {
    __quicklistDecompressNode(node);
    node.recompress = 1;
  }
}

/**
 * The LZF data of a compressed node: a view, valid as long as the node stays compressed.
 *
 * @c quicklist.c:295
 */
export function quicklistGetLzf(node: quicklistNode): Buffer {
  const lzf = node.entry!;
  return lzf.subarray(SIZEOF_QUICKLISTLZF, SIZEOF_QUICKLISTLZF + lzfSize(lzf));
}

/**
 * Whether a list has any nodes compressed.
 *
 * @own macro quicklistAllowsCompression of quicklist.c
 */
export function quicklistAllowsCompression(_ql: quicklist): boolean {
  return _ql.compress !== 0;
}

/**
 * Brings the list in line with its compress depth where it may have changed: uncompresses the nodes within the depth, compresses the
 * first one beyond it on both sides, and `node` if it lies between.
 *
 * @c quicklist.c:307
 */
export function __quicklistCompress(quicklist: quicklist, node: quicklistNode | null): void {
  if (quicklist.len === 0) return;

  // The ends are not compressed, so nobody can have noted that they should be again.
  assert(
    quicklist.head!.recompress === 0 && quicklist.tail!.recompress === 0,
    'quicklist->head->recompress == 0 && quicklist->tail->recompress == 0',
  );

  // All nodes may be within the depth of one end or the other.
  if (!quicklistAllowsCompression(quicklist) || quicklist.len < quicklist.compress * 2) return;

  // The list is long enough for neither walk to leave it.
  let forward = quicklist.head;
  let reverse = quicklist.tail;
  let depth = 0;
  let in_depth = false;
  while (depth++ < quicklist.compress) {
    quicklistDecompressNode(forward);
    quicklistDecompressNode(reverse);

    if (forward === node || reverse === node) in_depth = true;

    // The two walks met: there is nothing between the depths.
    if (forward === reverse || forward!.next === reverse) return;

    forward = forward!.next;
    reverse = reverse!.prev;
  }

  if (!in_depth) quicklistCompressNode(node);

  // Both are one beyond the depth now.
  quicklistCompressNode(forward);
  quicklistCompressNode(reverse);
}

/**
 * Compresses again a node that was uncompressed for use; of another one sees to it that it and the ends are as the depth wants.
 *
 * @own macro quicklistCompress of quicklist.c
 */
export function quicklistCompress(_ql: quicklist, node: quicklistNode): void {
  if (node.recompress) quicklistCompressNode(node);
  else __quicklistCompress(_ql, node);
}

/**
 * Compresses again a node that was uncompressed for use, and leaves another one alone.
 *
 * @own macro quicklistRecompressOnly of quicklist.c
 */
export function quicklistRecompressOnly(node: quicklistNode): void {
  if (node.recompress) quicklistCompressNode(node);
}

/**
 * Links the uncompressed `new_node` in after (`after`) or before `old_node`, which is null only if the list is empty. Counts
 * the node but not its elements.
 *
 * @c quicklist.c:399
 */
export function __quicklistInsertNode(
  quicklist: quicklist,
  old_node: quicklistNode | null,
  new_node: quicklistNode,
  after: boolean,
): void {
  if (after) {
    new_node.prev = old_node;
    if (old_node !== null) {
      new_node.next = old_node.next;
      if (old_node.next !== null) old_node.next.prev = new_node;
      old_node.next = new_node;
    }
    if (quicklist.tail === old_node) quicklist.tail = new_node;
  } else {
    new_node.next = old_node;
    if (old_node !== null) {
      new_node.prev = old_node.prev;
      if (old_node.prev !== null) old_node.prev.next = new_node;
      old_node.prev = new_node;
    }
    if (quicklist.head === old_node) quicklist.head = new_node;
  }
  // The first node is both ends.
  if (quicklist.len === 0) {
    quicklist.head = quicklist.tail = new_node;
  }

  // Before the compression, which goes by it.
  quicklist.len++;

  if (old_node !== null) quicklistCompress(quicklist, old_node);

  quicklistCompress(quicklist, new_node);
}

/**
 * Links `new_node` in before `old_node`.
 *
 * @c quicklist.c:438
 */
export function _quicklistInsertNodeBefore(
  quicklist: quicklist,
  old_node: quicklistNode | null,
  new_node: quicklistNode,
): void {
  __quicklistInsertNode(quicklist, old_node, new_node, false);
}

/**
 * Links `new_node` in after `old_node`.
 *
 * @c quicklist.c:444
 */
export function _quicklistInsertNodeAfter(
  quicklist: quicklist,
  old_node: quicklistNode | null,
  new_node: quicklistNode,
): void {
  __quicklistInsertNode(quicklist, old_node, new_node, true);
}

/**
 * Whether a node of `sz` bytes is within the size that a negative `fill` allows. Never for one that counts elements.
 *
 * @c quicklist.c:451
 */
export function _quicklistNodeSizeMeetsOptimizationRequirement(sz: number, fill: number): boolean {
  if (fill >= 0) return false;

  const offset = -fill - 1;
  if (offset < optimization_level.length) {
    return sz <= optimization_level[offset];
  } else {
    return false;
  }
}

/**
 * Whether a node of `sz` bytes is small enough for any `fill` that counts elements.
 *
 * @own macro sizeMeetsSafetyLimit of quicklist.c
 */
export function sizeMeetsSafetyLimit(sz: number): boolean {
  return sz <= SIZE_SAFETY_LIMIT;
}

/**
 * Whether an element of `sz` bytes may still go into a node. Not into none, into a plain one, or if it is large itself.
 *
 * @c quicklist.c:470
 */
export function _quicklistNodeAllowInsert(
  node: quicklistNode | null,
  fill: number,
  sz: number,
): boolean {
  if (node === null) return false;

  if (QL_NODE_IS_PLAIN(node) || isLargeElement(sz)) return false;

  // Rather too much than too little: the node may end a few bytes below its limit.
  const new_sz = node.sz + sz + SIZE_ESTIMATE_OVERHEAD;
  if (_quicklistNodeSizeMeetsOptimizationRequirement(new_sz, fill)) return true;
  else if (!sizeMeetsSafetyLimit(new_sz)) return false;
  else if (node.count < fill) return true;
  else return false;
}

/**
 * Whether two nodes may become one.
 *
 * @c quicklist.c:496
 */
export function _quicklistNodeAllowMerge(
  a: quicklistNode | null,
  b: quicklistNode | null,
  fill: number,
): boolean {
  if (a === null || b === null) return false;

  if (QL_NODE_IS_PLAIN(a) || QL_NODE_IS_PLAIN(b)) return false;

  // One header and one end byte go away, estimated as 11 bytes.
  const merge_sz = a.sz + b.sz - 11;
  if (_quicklistNodeSizeMeetsOptimizationRequirement(merge_sz, fill)) return true;
  else if (!sizeMeetsSafetyLimit(merge_sz)) return false;
  else if (a.count + b.count <= fill) return true;
  else return false;
}

/**
 * Notes the size of a node's listpack after a change.
 *
 * @own macro quicklistNodeUpdateSz of quicklist.c
 */
export function quicklistNodeUpdateSz(node: quicklistNode): void {
  node.sz = lpBytes(node.entry!);
}

/**
 * A node of its own for one element, not in any list yet.
 *
 * @c quicklist.c:525
 * @cstatic
 */
export function __quicklistCreatePlainNode(value: string | Uint8Array): quicklistNode {
  const sz = value.length;
  const new_node = quicklistCreateNode();
  new_node.entry = zmalloc_bytes(sz);
  new_node.container = QUICKLIST_NODE_CONTAINER_PLAIN;
  copyValue(new_node.entry, value);
  new_node.sz = sz;
  new_node.count++;
  return new_node;
}

/**
 * Writes all bytes of an element to the start of a block.
 *
 * @own memcpy() for both kinds of values
 */
export function copyValue(to: Buffer, value: string | Uint8Array): void {
  if (typeof value === 'string') to.latin1Write(value, 0, value.length);
  else to.set(value);
}

/**
 * Puts one element as a node of its own after or before `old_node`.
 *
 * @c quicklist.c:535
 * @cstatic
 */
export function __quicklistInsertPlainNode(
  quicklist: quicklist,
  old_node: quicklistNode | null,
  value: string | Uint8Array,
  after: boolean,
): void {
  __quicklistInsertNode(quicklist, old_node, __quicklistCreatePlainNode(value), after);
  quicklist.count++;
}

/**
 * Adds an element in front. Returns 1 if that took a new node, 0 if the head had room.
 *
 * @c quicklist.c:545
 */
export function quicklistPushHead(quicklist: quicklist, value: string | Uint8Array): number {
  const orig_head = quicklist.head;

  if (isLargeElement(value.length)) {
    __quicklistInsertPlainNode(quicklist, quicklist.head, value, false);
    return 1;
  }

  if (_quicklistNodeAllowInsert(orig_head, quicklist.fill, value.length)) {
    orig_head!.entry = lpPrepend(orig_head!.entry!, value);
    quicklistNodeUpdateSz(orig_head!);
  } else {
    const node = quicklistCreateNode();
    node.entry = lpPrepend(lpNew(0), value);

    quicklistNodeUpdateSz(node);
    _quicklistInsertNodeBefore(quicklist, quicklist.head, node);
  }
  quicklist.count++;
  quicklist.head!.count++;
  return orig_head !== quicklist.head ? 1 : 0;
}

/**
 * Adds an element at the end. Returns 1 if that took a new node, 0 if the tail had room.
 *
 * @c quicklist.c:573
 */
export function quicklistPushTail(quicklist: quicklist, value: string | Uint8Array): number {
  const orig_tail = quicklist.tail;
  if (isLargeElement(value.length)) {
    __quicklistInsertPlainNode(quicklist, quicklist.tail, value, true);
    return 1;
  }

  if (_quicklistNodeAllowInsert(orig_tail, quicklist.fill, value.length)) {
    orig_tail!.entry = lpAppend(orig_tail!.entry!, value);
    quicklistNodeUpdateSz(orig_tail!);
  } else {
    const node = quicklistCreateNode();
    node.entry = lpAppend(lpNew(0), value);

    quicklistNodeUpdateSz(node);
    _quicklistInsertNodeAfter(quicklist, quicklist.tail, node);
  }
  quicklist.count++;
  quicklist.tail!.count++;
  return orig_tail !== quicklist.tail ? 1 : 0;
}

/**
 * Adds a whole listpack as the new tail. It belongs to the list from then on.
 *
 * @c quicklist.c:599
 */
export function quicklistAppendListpack(quicklist: quicklist, zl: Buffer): void {
  const node = quicklistCreateNode();

  node.entry = zl;
  node.count = lpLength(node.entry);
  node.sz = lpBytes(zl);

  _quicklistInsertNodeAfter(quicklist, quicklist.tail, node);
  quicklist.count += node.count;
}

/**
 * Adds the first `sz` bytes of the block `data` as an element with a node of its own. The block belongs to the list from then on.
 *
 * @c quicklist.c:614
 */
export function quicklistAppendPlainNode(quicklist: quicklist, data: Buffer, sz: number): void {
  const node = quicklistCreateNode();

  node.entry = data;
  node.count = 1;
  node.sz = sz;
  node.container = QUICKLIST_NODE_CONTAINER_PLAIN;

  _quicklistInsertNodeAfter(quicklist, quicklist.tail, node);
  quicklist.count += node.count;
}

/**
 * Deletes a node in which nothing is left. Returns the node, or null if it is gone.
 *
 * @own macro quicklistDeleteIfEmpty of quicklist.c
 */
export function quicklistDeleteIfEmpty(ql: quicklist, n: quicklistNode): quicklistNode | null {
  if (n.count === 0) {
    __quicklistDelNode(ql, n);
    return null;
  }
  return n;
}

/**
 * Takes a node out of the list and frees it with all that is in it. A bookmark on it moves to the next node, or goes away with the last.
 *
 * @c quicklist.c:634
 */
export function __quicklistDelNode(quicklist: quicklist, node: quicklistNode): void {
  const bm = _quicklistBookmarkFindByNode(quicklist, node);
  if (bm !== null) {
    if (node.next !== null) bm.node = node.next;
    else _quicklistBookmarkDelete(quicklist, bm);
  }

  if (node.next !== null) node.next.prev = node.prev;
  if (node.prev !== null) node.prev.next = node.next;

  if (node === quicklist.tail) {
    quicklist.tail = node.prev;
  }

  if (node === quicklist.head) {
    quicklist.head = node.next;
  }

  // Before the compression, which goes by it.
  quicklist.len--;
  quicklist.count -= node.count;

  // A compressed node may have come within the depth.
  __quicklistCompress(quicklist, null);

  // After a merge the other node has the bytes.
  if (node.entry !== null) zfree_bytes(node.entry);
  zfree(SIZEOF_QUICKLISTNODE);
}

/**
 * Deletes the element at offset `p` of an uncompressed node, and the node with its last one. Returns whether the node is gone.
 *
 * @c quicklist.c:678
 */
export function quicklistDelIndex(quicklist: quicklist, node: quicklistNode, p: number): boolean {
  let gone = false;

  if (QL_NODE_IS_PLAIN(node)) {
    __quicklistDelNode(quicklist, node);
    return true;
  }
  node.entry = lpDelete(node.entry!, p, null);
  node.count--;
  if (node.count === 0) {
    gone = true;
    __quicklistDelNode(quicklist, node);
  } else {
    quicklistNodeUpdateSz(node);
  }
  quicklist.count--;
  return gone;
}

/**
 * Deletes the element that the iterator came to. The iterator goes on with the one after it.
 *
 * @c quicklist.c:703
 */
export function quicklistDelEntry(iter: quicklistIter, entry: quicklistEntry): void {
  const prev = entry.node!.prev;
  const next = entry.node!.next;
  const deleted_node = quicklistDelIndex(entry.quicklist!, entry.node!, entry.zi);

  // The offset stays good: the element that follows has it now, or it is beyond the end and leads to the next node.
  iter.zi = 0;

  if (deleted_node) {
    if (iter.direction === AL_START_HEAD) {
      iter.current = next;
      iter.offset = 0;
    } else if (iter.direction === AL_START_TAIL) {
      iter.current = prev;
      iter.offset = -1;
    }
  }
}

/**
 * Replaces the element that the iterator came to. The iterator yields nothing afterwards.
 *
 * @c quicklist.c:733
 */
export function quicklistReplaceEntry(
  iter: quicklistIter,
  entry: quicklistEntry,
  data: string | Uint8Array,
): void {
  const quicklist = iter.quicklist;
  const node = entry.node!;

  if (!QL_NODE_IS_PLAIN(node) && !isLargeElement(data.length)) {
    const pos = new lpPos();
    pos.p = entry.zi;
    node.entry = lpReplace(node.entry!, pos, data);
    entry.zi = pos.p;
    quicklistNodeUpdateSz(node);
    // The iterator had uncompressed it.
    quicklistCompress(quicklist, node);
  } else if (QL_NODE_IS_PLAIN(node)) {
    if (isLargeElement(data.length)) {
      zfree_bytes(node.entry!);
      node.entry = zmalloc_bytes(data.length);
      node.sz = data.length;
      copyValue(node.entry, data);
      quicklistCompress(quicklist, node);
    } else {
      quicklistInsertAfter(iter, entry, data);
      __quicklistDelNode(quicklist, node);
    }
  } else {
    // The insertion must leave it as it is: the old element is deleted right after.
    node.dont_compress = 1;
    quicklistInsertAfter(iter, entry, data);
    if (node.count === 1) {
      __quicklistDelNode(quicklist, node);
    } else {
      // The node was split behind the old element, which is the last one now.
      const p = lpSeek(node.entry!, -1);
      quicklistDelIndex(quicklist, node, p);
      node.dont_compress = 0;
      quicklistCompress(quicklist, node);
      quicklistCompress(quicklist, node.next!);
    }
  }

  resetIterator(iter);
}

/**
 * Replaces the element at `index`; negative ones count from the end. Returns 0 and does nothing if there is none, else 1.
 *
 * @c quicklist.c:777
 */
export function quicklistReplaceAtIndex(
  quicklist: quicklist,
  index: number,
  data: string | Uint8Array,
): number {
  const entry = new quicklistEntry();
  const iter = quicklistGetIteratorEntryAtIdx(quicklist, index, entry);
  if (iter !== null) {
    quicklistReplaceEntry(iter, entry, data);
    quicklistReleaseIterator(iter);
    return 1;
  } else {
    return 0;
  }
}

/**
 * Makes one node of `a` and its right neighbour `b`. Returns the one of them that is left and deletes the other; null, with nothing changed, if
 * the result would be too large for a listpack.
 *
 * @c quicklist.c:803
 */
export function _quicklistListpackMerge(
  quicklist: quicklist,
  a: quicklistNode,
  b: quicklistNode,
): quicklistNode | null {
  quicklistDecompressNode(a);
  quicklistDecompressNode(b);
  if (lpMerge(a, b) !== null) {
    // The listpack that was merged into the other has been freed.
    const keep = a.entry === null ? b : a;
    const nokeep = a.entry === null ? a : b;
    keep.count = lpLength(keep.entry!);
    quicklistNodeUpdateSz(keep);

    nokeep.count = 0;
    __quicklistDelNode(quicklist, nokeep);
    quicklistCompress(quicklist, keep);
    return keep;
  } else {
    return null;
  }
}

/**
 * Merges what may be merged around `center`, which a split has left small, in this order:
 *
 *     prev_prev ⇄ prev ⇄ center ⇄ next ⇄ next_next
 *     └──── 1 ────┘                └──── 2 ────┘
 *                 └── 3 ──┘
 *                         └── 4 ──┘
 *
 * Each step takes what the steps before it have made of the nodes.
 *
 * @c quicklist.c:841
 */
export function _quicklistMergeNodes(quicklist: quicklist, center: quicklistNode): void {
  const fill = quicklist.fill;
  const prev = center.prev;
  const prev_prev = prev !== null ? prev.prev : null;
  const next = center.next;
  const next_next = next !== null ? next.next : null;
  let target: quicklistNode | null;

  if (_quicklistNodeAllowMerge(prev, prev_prev, fill)) {
    _quicklistListpackMerge(quicklist, prev_prev!, prev!);
  }

  if (_quicklistNodeAllowMerge(next, next_next, fill)) {
    _quicklistListpackMerge(quicklist, next!, next_next!);
  }

  // The neighbours are asked for anew, since either of two merged nodes may be gone.
  if (_quicklistNodeAllowMerge(center, center.prev, fill)) {
    target = _quicklistListpackMerge(quicklist, center.prev!, center);
  } else {
    target = center;
  }

  if (_quicklistNodeAllowMerge(target, target!.next, fill)) {
    _quicklistListpackMerge(quicklist, target!, target!.next!);
  }
}

/**
 * Splits a node at index `offset` (negative ones count from the end) into itself and a new node, which is in no list yet:
 *
 *     after      node [0 ... offset]       new [offset+1 ... end]
 *     !after     new  [0 ... offset-1]     node [offset ... end]
 *
 * Returns the new node.
 *
 * @c quicklist.c:905
 */
export function _quicklistSplitNode(
  node: quicklistNode,
  offset: number,
  after: boolean,
): quicklistNode {
  const zl_sz = node.sz;

  const new_node = quicklistCreateNode();
  new_node.entry = zmalloc_bytes(zl_sz);

  // Each of the two deletes the part of the other.
  node.entry!.copy(new_node.entry, 0, 0, zl_sz);

  if (offset < 0) offset = node.count + offset;

  // An extent of -1 goes to the end.
  const orig_start = after ? offset + 1 : 0;
  const orig_extent = after ? -1 : offset;
  const new_start = after ? 0 : offset;
  const new_extent = after ? offset + 1 : -1;

  node.entry = lpDeleteRange(node.entry!, orig_start, orig_extent);
  node.count = lpLength(node.entry);
  quicklistNodeUpdateSz(node);

  new_node.entry = lpDeleteRange(new_node.entry, new_start, new_extent);
  new_node.count = lpLength(new_node.entry);
  quicklistNodeUpdateSz(new_node);

  return new_node;
}

/**
 * Inserts an element after or before the one that the iterator came to. An entry without node means that the list is empty. What is full is
 * split, unless the neighbour on that side has room. The iterator yields nothing afterwards.
 *
 * @c quicklist.c:943
 */
export function _quicklistInsert(
  iter: quicklistIter,
  entry: quicklistEntry,
  value: string | Uint8Array,
  after: boolean,
): void {
  const quicklist = iter.quicklist;
  const sz = value.length;
  let full = false;
  let at_tail = false;
  let at_head = false;
  let avail_next = false;
  let avail_prev = false;
  const fill = quicklist.fill;
  const node = entry.node;
  let new_node: quicklistNode;

  if (node === null) {
    if (isLargeElement(sz)) {
      __quicklistInsertPlainNode(quicklist, quicklist.tail, value, after);
      return;
    }
    new_node = quicklistCreateNode();
    new_node.entry = lpPrepend(lpNew(0), value);
    // C forgets the size here, and a split would lose the element; no command inserts into an empty list.
    quicklistNodeUpdateSz(new_node);
    __quicklistInsertNode(quicklist, null, new_node, after);
    new_node.count++;
    quicklist.count++;
    return;
  }

  if (!_quicklistNodeAllowInsert(node, fill, sz)) {
    full = true;
  }

  if (after && (entry.offset === node.count - 1 || entry.offset === -1)) {
    at_tail = true;
    if (_quicklistNodeAllowInsert(node.next, fill, sz)) {
      avail_next = true;
    }
  }

  if (!after && (entry.offset === 0 || entry.offset === -node.count)) {
    at_head = true;
    if (_quicklistNodeAllowInsert(node.prev, fill, sz)) {
      avail_prev = true;
    }
  }

  if (isLargeElement(sz)) {
    if (QL_NODE_IS_PLAIN(node) || (at_tail && after) || (at_head && !after)) {
      __quicklistInsertPlainNode(quicklist, node, value, after);
    } else {
      quicklistDecompressNodeForUse(node);
      new_node = _quicklistSplitNode(node, entry.offset, after);
      const entry_node = __quicklistCreatePlainNode(value);
      __quicklistInsertNode(quicklist, node, entry_node, after);
      __quicklistInsertNode(quicklist, entry_node, new_node, after);
      quicklist.count++;
    }
    return;
  }

  if (!full && after) {
    quicklistDecompressNodeForUse(node);
    node.entry = lpInsertString(node.entry!, value, entry.zi, LP_AFTER, null);
    node.count++;
    quicklistNodeUpdateSz(node);
    quicklistRecompressOnly(node);
  } else if (!full && !after) {
    quicklistDecompressNodeForUse(node);
    node.entry = lpInsertString(node.entry!, value, entry.zi, LP_BEFORE, null);
    node.count++;
    quicklistNodeUpdateSz(node);
    quicklistRecompressOnly(node);
  } else if (full && at_tail && avail_next && after) {
    // It can as well be the first one of the next node.
    new_node = node.next!;
    quicklistDecompressNodeForUse(new_node);
    new_node.entry = lpPrepend(new_node.entry!, value);
    new_node.count++;
    quicklistNodeUpdateSz(new_node);
    quicklistRecompressOnly(new_node);
    quicklistRecompressOnly(node);
  } else if (full && at_head && avail_prev && !after) {
    // It can as well be the last one of the previous node.
    new_node = node.prev!;
    quicklistDecompressNodeForUse(new_node);
    new_node.entry = lpAppend(new_node.entry!, value);
    new_node.count++;
    quicklistNodeUpdateSz(new_node);
    quicklistRecompressOnly(new_node);
    quicklistRecompressOnly(node);
  } else if (full && ((at_tail && !avail_next && after) || (at_head && !avail_prev && !after))) {
    // Between two full nodes.
    new_node = quicklistCreateNode();
    new_node.entry = lpPrepend(lpNew(0), value);
    new_node.count++;
    quicklistNodeUpdateSz(new_node);
    __quicklistInsertNode(quicklist, node, new_node, after);
  } else if (full) {
    // In the middle of a full node.
    quicklistDecompressNodeForUse(node);
    new_node = _quicklistSplitNode(node, entry.offset, after);
    if (after) new_node.entry = lpPrepend(new_node.entry!, value);
    else new_node.entry = lpAppend(new_node.entry!, value);
    new_node.count++;
    quicklistNodeUpdateSz(new_node);
    __quicklistInsertNode(quicklist, node, new_node, after);
    _quicklistMergeNodes(quicklist, node);
  }

  quicklist.count++;

  resetIterator(iter);
}

/**
 * Inserts an element before the one that the iterator came to.
 *
 * @c quicklist.c:1076
 */
export function quicklistInsertBefore(
  iter: quicklistIter,
  entry: quicklistEntry,
  value: string | Uint8Array,
): void {
  _quicklistInsert(iter, entry, value, false);
}

/**
 * Inserts an element after the one that the iterator came to.
 *
 * @c quicklist.c:1082
 */
export function quicklistInsertAfter(
  iter: quicklistIter,
  entry: quicklistEntry,
  value: string | Uint8Array,
): void {
  _quicklistInsert(iter, entry, value, true);
}

/**
 * Deletes `count` elements from index `start` on (negative ones count from the end), or as many as there are. Returns 1, or 0 if there was nothing
 * to delete.
 *
 * @c quicklist.c:1094
 */
export function quicklistDelRange(quicklist: quicklist, start: number, count: number): number {
  if (count <= 0) return 0;

  let extent = count;

  if (start >= 0 && extent > quicklist.count - start) {
    extent = quicklist.count - start;
  } else if (start < 0 && extent > -start) {
    extent = -start;
  }

  const iter = quicklistGetIteratorAtIdx(quicklist, AL_START_TAIL, start);
  if (iter === null) return 0;

  let node = iter.current;
  let offset = iter.offset;
  quicklistReleaseIterator(iter);

  while (extent) {
    const next: quicklistNode | null = node!.next;

    let del: number;
    let delete_entire_node = false;
    if (offset === 0 && extent >= node!.count) {
      delete_entire_node = true;
      del = node!.count;
    } else if (offset >= 0 && extent + offset >= node!.count) {
      // To the end of this node, and maybe beyond.
      del = node!.count - offset;
    } else if (offset < 0) {
      // In the first node only: as far from its end as that, unless less was asked for.
      del = -offset;
      if (del > extent) del = extent;
    } else {
      // The last piece ends within this node.
      del = extent;
    }

    if (delete_entire_node || QL_NODE_IS_PLAIN(node!)) {
      __quicklistDelNode(quicklist, node!);
    } else {
      quicklistDecompressNodeForUse(node);
      node!.entry = lpDeleteRange(node!.entry!, offset, del);
      quicklistNodeUpdateSz(node!);
      node!.count -= del;
      quicklist.count -= del;
      const left = quicklistDeleteIfEmpty(quicklist, node!);
      if (left !== null) quicklistRecompressOnly(left);
    }

    extent -= del;

    node = next;

    offset = 0;
  }
  return 1;
}

/**
 * Whether the element that an iterator came to has exactly the bytes of `p2`.
 *
 * @c quicklist.c:1180
 */
export function quicklistCompare(entry: quicklistEntry, p2: string | Uint8Array): boolean {
  if (typeof p2 !== 'string') {
    // What has more digits than any integer is compared as it lies there.
    if (p2.length > LONG_STR_SIZE) {
      if (entry.value === null || entry.sz !== p2.length) return false;
      return entry.value.compare(p2, 0, p2.length, entry.valoff, entry.valoff + entry.sz) === 0;
    }
    p2 = Buffer.from(p2).latin1Slice();
  }
  if (QL_NODE_IS_PLAIN(entry.node!)) {
    return entry.sz === p2.length && entry.value!.latin1Slice(0, entry.sz) === p2;
  }
  return lpCompare(entry.node!.entry!, entry.zi, p2);
}

/**
 * An iterator over the whole list, from the end that `direction` (AL_START_*) says. To be given back by quicklistReleaseIterator().
 *
 * @c quicklist.c:1189
 */
export function quicklistGetIterator(quicklist: quicklist, direction: number): quicklistIter {
  zmalloc(SIZEOF_QUICKLISTITER);

  if (direction === AL_START_HEAD)
    return new quicklistIter(quicklist, quicklist.head, 0, direction);
  return new quicklistIter(quicklist, quicklist.tail, -1, direction);
}

/**
 * An iterator whose first element is that at index `idx`; negative ones count from the end. null if there is none.
 *
 * @c quicklist.c:1212
 */
export function quicklistGetIteratorAtIdx(
  quicklist: quicklist,
  direction: number,
  idx: number,
): quicklistIter | null {
  let accum = 0;
  const forward = idx >= 0;

  const index = forward ? idx : -idx - 1;
  if (index >= quicklist.count) return null;

  // From the other end if that is nearer.
  let seek_forward = forward;
  let seek_index = index;
  if (index > (quicklist.count - 1) / 2) {
    seek_forward = !forward;
    seek_index = quicklist.count - 1 - index;
  }

  let n = seek_forward ? quicklist.head : quicklist.tail;
  while (n !== null) {
    if (accum + n.count > seek_index) {
      break;
    } else {
      accum += n.count;
      n = seek_forward ? n.next : n.prev;
    }
  }

  if (n === null) return null;

  // What lies before the node, as seen from the end that idx counts from.
  if (seek_forward !== forward) accum = quicklist.count - n.count - accum;

  const iter = quicklistGetIterator(quicklist, direction);
  iter.current = n;
  if (forward) {
    iter.offset = index - accum;
  } else {
    // The offset counts from the end of the node, as idx does from that of the list.
    iter.offset = -index - 1 + accum;
  }

  return iter;
}

/**
 * Gives an iterator back, null being none. The node that it stands on is compressed again if it was.
 *
 * @c quicklist.c:1270
 */
export function quicklistReleaseIterator(iter: quicklistIter | null): void {
  if (iter === null) return;
  if (iter.current !== null) quicklistCompress(iter.quicklist, iter.current);

  zfree(SIZEOF_QUICKLISTITER);
}

/**
 * Goes to the next element and describes it in `entry`. Returns false at the end, and for no iterator. Between two calls, elements
 * may be deleted by quicklistDelEntry() and nothing else may change.
 *
 * @c quicklist.c:1299
 */
export function quicklistNext(iter: quicklistIter | null, entry: quicklistEntry): boolean {
  initEntry(entry);

  if (iter === null) {
    return false;
  }

  const current = iter.current;
  entry.quicklist = iter.quicklist;
  entry.node = current;

  if (current === null) {
    return false;
  }

  const plain = QL_NODE_IS_PLAIN(current);
  if (iter.zi === 0) {
    quicklistDecompressNodeForUse(current);
    if (plain) iter.zi = PLAIN_ZI;
    else iter.zi = lpSeek(current.entry!, iter.offset);
  } else if (plain) {
    iter.zi = 0;
  } else if (iter.direction === AL_START_HEAD) {
    iter.zi = lpNext(current.entry!, iter.zi);
    iter.offset++;
  } else {
    iter.zi = lpPrev(current.entry!, iter.zi);
    iter.offset--;
  }

  const zi = iter.zi;
  entry.zi = zi;
  entry.offset = iter.offset;

  if (zi !== 0) {
    const lp = current.entry!;
    if (plain) {
      entry.value = lp;
      entry.sz = current.sz;
      return true;
    }
    const vll = lpGetValue(lp, zi, iter.ref);
    if (vll === null) {
      entry.value = lp;
      entry.valoff = iter.ref.value;
      entry.sz = iter.ref.count;
    } else {
      entry.longval = vll;
    }
    return true;
  } else {
    // This node is done; its neighbour goes on.
    quicklistCompress(iter.quicklist, current);
    if (iter.direction === AL_START_HEAD) {
      iter.current = current.next;
      iter.offset = 0;
    } else if (iter.direction === AL_START_TAIL) {
      iter.current = current.prev;
      iter.offset = -1;
    }
    iter.zi = 0;
    return quicklistNext(iter, entry);
  }
}

/**
 * Makes an iterator turn (AL_START_*).
 *
 * @c quicklist.c:1376
 */
export function quicklistSetDirection(iter: quicklistIter, direction: number): void {
  iter.direction = direction;
}

/**
 * A copy of the list, node by node, with compressed nodes staying compressed. Bookmarks are not copied.
 *
 * @c quicklist.c:1386
 */
export function quicklistDup(orig: quicklist): quicklist {
  const copy = quicklistNew(orig.fill, orig.compress);

  for (let current = orig.head; current !== null; current = current.next) {
    const node = quicklistCreateNode();

    if (current.encoding === QUICKLIST_NODE_ENCODING_LZF) {
      const lzf = current.entry!;
      const lzf_sz = SIZEOF_QUICKLISTLZF + lzfSize(lzf);
      node.entry = zmalloc_bytes(lzf_sz);
      lzf.copy(node.entry, 0, 0, lzf_sz);
    } else if (current.encoding === QUICKLIST_NODE_ENCODING_RAW) {
      node.entry = zmalloc_bytes(current.sz);
      current.entry!.copy(node.entry, 0, 0, current.sz);
    }

    node.count = current.count;
    copy.count += node.count;
    node.sz = current.sz;
    node.encoding = current.encoding;
    node.container = current.container;

    _quicklistInsertNodeAfter(copy, copy.tail, node);
  }

  return copy;
}

/**
 * An iterator that stands on the element at `idx` (negative ones count from the end), which `entry` describes. null if there is none.
 *
 * @c quicklist.c:1426
 */
export function quicklistGetIteratorEntryAtIdx(
  quicklist: quicklist,
  idx: number,
  entry: quicklistEntry,
): quicklistIter | null {
  const iter = quicklistGetIteratorAtIdx(quicklist, AL_START_TAIL, idx);
  if (iter === null) return null;
  assert(quicklistNext(iter, entry), 'quicklistNext(iter, entry)');
  return iter;
}

/**
 * Makes the last node, a plain one, the first. There are at least two.
 *
 * @c quicklist.c:1435
 * @cstatic
 */
export function quicklistRotatePlain(quicklist: quicklist): void {
  const new_head = quicklist.tail!;
  const new_tail = quicklist.tail!.prev!;
  quicklist.head!.prev = new_head;
  new_tail.next = null;
  new_head.next = quicklist.head;
  new_head.prev = null;
  quicklist.head = new_head;
  quicklist.tail = new_tail;
  // C forgets that the new tail may be compressed; no command rotates a list.
  __quicklistCompress(quicklist, null);
}

/**
 * Makes the last element the first.
 *
 * @c quicklist.c:1447
 */
export function quicklistRotate(quicklist: quicklist): void {
  if (quicklist.count <= 1) return;

  if (QL_NODE_IS_PLAIN(quicklist.tail!)) {
    quicklistRotatePlain(quicklist);
    return;
  }

  let p = lpSeek(quicklist.tail!.entry!, -1);
  const value = lpGetString(quicklist.tail!.entry!, p);

  quicklistPushHead(quicklist, value);

  // With one node only, that has moved the last element.
  if (quicklist.len === 1) {
    p = lpSeek(quicklist.tail!.entry!, -1);
  }

  quicklistDelIndex(quicklist, quicklist.tail!, p);
}

/**
 * Takes the first or last (`where`: QUICKLIST_*) element out. Returns what `saver` makes of its bytes, `sz` of `data` from `off` on, which it
 * must copy; an integer element as the integer; null if the list is empty.
 *
 * @c quicklist.c:1503
 */
export function quicklistPopCustom<T>(
  quicklist: quicklist,
  where: number,
  saver: (data: Buffer, off: number, sz: number) => T,
): T | number | bigint | null {
  let value: T | number | bigint;
  const pos = where === QUICKLIST_HEAD ? 0 : -1;

  if (quicklist.count === 0) return null;

  let node: quicklistNode;
  if (where === QUICKLIST_HEAD && quicklist.head !== null) {
    node = quicklist.head;
  } else if (where === QUICKLIST_TAIL && quicklist.tail !== null) {
    node = quicklist.tail;
  } else {
    return null;
  }

  // Neither end of a list is ever compressed.
  assert(
    node.encoding !== QUICKLIST_NODE_ENCODING_LZF,
    'node->encoding != QUICKLIST_NODE_ENCODING_LZF',
  );

  const lp = node.entry!;
  if (QL_NODE_IS_PLAIN(node)) {
    value = saver(lp, 0, node.sz);
    quicklistDelIndex(quicklist, node, 0);
    return value;
  }

  const p = lpSeek(lp, pos);
  const ref = new lpRef();
  const vlong = lpGetValue(lp, p, ref);
  if (vlong === null) {
    value = saver(lp, ref.value, ref.count);
  } else {
    value = vlong;
  }
  quicklistDelIndex(quicklist, node, p);
  return value;
}

/**
 * The bytes of an element as a latin1 string.
 *
 * @c quicklist.c:1561
 */
export function _quicklistSaver(data: Buffer, off: number, sz: number): string {
  return data.latin1Slice(off, off + sz);
}

/**
 * Takes the first or last element out: a latin1 string, or the integer that it is; null if the list is empty.
 *
 * @c quicklist.c:1574
 */
export function quicklistPop(quicklist: quicklist, where: number): string | number | bigint | null {
  if (quicklist.count === 0) return null;
  return quicklistPopCustom(quicklist, where, _quicklistSaver);
}

/**
 * Adds an element at the end that `where` (QUICKLIST_*) says.
 *
 * @c quicklist.c:1593
 */
export function quicklistPush(
  quicklist: quicklist,
  value: string | Uint8Array,
  where: number,
): void {
  // Neither end of a list is ever compressed.
  if (quicklist.head !== null)
    assert(
      quicklist.head.encoding !== QUICKLIST_NODE_ENCODING_LZF,
      'quicklist->head->encoding != QUICKLIST_NODE_ENCODING_LZF',
    );
  if (quicklist.tail !== null)
    assert(
      quicklist.tail.encoding !== QUICKLIST_NODE_ENCODING_LZF,
      'quicklist->tail->encoding != QUICKLIST_NODE_ENCODING_LZF',
    );

  if (where === QUICKLIST_HEAD) {
    quicklistPushHead(quicklist, value);
  } else if (where === QUICKLIST_TAIL) {
    quicklistPushTail(quicklist, value);
  }
}

/**
 * Prints a text to standard output.
 *
 * @own printf()
 */
export function quicklistPrint(text: string): void {
  const bytes = Buffer.from(text, 'latin1');
  posix.write(STDOUT_FILENO, bytes, 0, bytes.length);
}

/**
 * Prints how the list is built to standard output; with `full` also what the nodes hold, which uncompresses them.
 *
 * @c quicklist.c:1609
 */
export function quicklistRepr(quicklist: quicklist, full: boolean): void {
  let i = 0;
  quicklistPrint(`{count : ${quicklist.count}}\n`);
  quicklistPrint(`{len : ${quicklist.len}}\n`);
  quicklistPrint(`{fill : ${quicklist.fill}}\n`);
  quicklistPrint(`{compress : ${quicklist.compress}}\n`);
  quicklistPrint(`{bookmark_count : ${quicklist.bookmark_count}}\n`);

  for (let node = quicklist.head; node !== null; node = node.next) {
    quicklistPrint(`{quicklist node(${i++})\n`);
    quicklistPrint(
      `{container : ${QL_NODE_IS_PLAIN(node) ? 'PLAIN' : 'PACKED'}, ` +
        `encoding: ${node.encoding === QUICKLIST_NODE_ENCODING_RAW ? 'RAW' : 'LZF'}, ` +
        `size: ${node.sz}, count: ${node.count}, recompress: ${node.recompress}, ` +
        `attempted_compress: ${node.attempted_compress}}\n`,
    );

    if (full) {
      quicklistDecompressNode(node);
      if (node.container === QUICKLIST_NODE_CONTAINER_PACKED) {
        quicklistPrint('{ listpack:\n');
        lpRepr(node.entry!);
        quicklistPrint('}\n');
      } else if (QL_NODE_IS_PLAIN(node)) {
        quicklistPrint(`{ entry : ${node.entry!.latin1Slice(0, node.sz)} }\n`);
      }
      quicklistPrint('}\n');
      quicklistRecompressOnly(node);
    }
  }
}

/**
 * Names a node, or moves the name to it. Returns 0 if the list has no room for another name, else 1.
 *
 * @c quicklist.c:1654
 */
export function quicklistBookmarkCreate(ql: quicklist, name: string, node: quicklistNode): number {
  if (ql.bookmark_count >= QL_MAX_BM) return 0;
  const bm = _quicklistBookmarkFindByName(ql, name);
  if (bm !== null) {
    bm.node = node;
    return 1;
  }
  const size = SIZEOF_QUICKLIST + (ql.bookmark_count + 1) * SIZEOF_QUICKLISTBOOKMARK;
  zrealloc(ql.alloc, size);
  ql.alloc = size;
  zmalloc(name.length + 1);
  ql.bookmarks.push(new quicklistBookmark(name, node));
  ql.bookmark_count++;
  return 1;
}

/**
 * The node that has a name, or null. It may be one further back than the node that was named, if that has been deleted.
 *
 * @c quicklist.c:1674
 */
export function quicklistBookmarkFind(ql: quicklist, name: string): quicklistNode | null {
  const bm = _quicklistBookmarkFindByName(ql, name);
  if (bm === null) return null;
  return bm.node;
}

/**
 * Takes a name away. Returns 0 if there is no such name, else 1.
 *
 * @c quicklist.c:1683
 */
export function quicklistBookmarkDelete(ql: quicklist, name: string): number {
  const bm = _quicklistBookmarkFindByName(ql, name);
  if (bm === null) return 0;
  _quicklistBookmarkDelete(ql, bm);
  return 1;
}

/**
 * The bookmark of that name, or null.
 *
 * @c quicklist.c:1691
 */
export function _quicklistBookmarkFindByName(
  ql: quicklist,
  name: string,
): quicklistBookmark | null {
  for (let i = 0; i < ql.bookmark_count; i++) {
    if (ql.bookmarks[i].name === name) {
      return ql.bookmarks[i];
    }
  }
  return null;
}

/**
 * The first bookmark on that node, or null.
 *
 * @c quicklist.c:1701
 */
export function _quicklistBookmarkFindByNode(
  ql: quicklist,
  node: quicklistNode,
): quicklistBookmark | null {
  for (let i = 0; i < ql.bookmark_count; i++) {
    if (ql.bookmarks[i].node === node) {
      return ql.bookmarks[i];
    }
  }
  return null;
}

/**
 * Takes a bookmark of the list away. The memory that it had behind the struct stays for the next one.
 *
 * @c quicklist.c:1711
 */
export function _quicklistBookmarkDelete(ql: quicklist, bm: quicklistBookmark): void {
  const index = ql.bookmarks.indexOf(bm);
  zfree(bm.name.length + 1);
  ql.bookmark_count--;
  ql.bookmarks.splice(index, 1);
}

/**
 * Takes all names away.
 *
 * @c quicklist.c:1720
 */
export function quicklistBookmarksClear(ql: quicklist): void {
  while (ql.bookmark_count) {
    zfree(ql.bookmarks[--ql.bookmark_count].name.length + 1);
    ql.bookmarks.pop();
  }
}
