/**
 * rax.c: a radix tree, that is an ordered map from byte strings in which common beginnings are
 * stored once.
 *
 * The characters stand at the edges. A node with several children has one character for each; a
 * chain of nodes with one child each is squeezed into one compressed node that holds the whole run
 * of characters:
 *
 *     "foo" ──► ["b" "t"] ──► "ar" ──► []        keys foobar, footer
 *                        └──► "er" ──► []
 *
 *     compressed:    {iscompr, size 3, data "foo", children [child]}
 *     not compressed: {size 2, data "bt" in order, children [child of b, child of t]}
 *
 * A node reached after all the characters of a key has `iskey`, and its value (`isnull` stands for
 * a value of NULL, which C does not store).
 *
 * Who calls in: streams, tracking, ACL, the table of clients by id. Whom it calls:
 * zmalloc for the account, util for rand().
 * What differs from C: keys are latin1 strings with their length; a node is an object that changes
 * in place, so that no link has to be mended after a reallocation; the account takes every node at
 * the size that C computes for it.
 */
import { rand } from './util.ts';
import { zfree, zmalloc, zrealloc } from './zmalloc.ts';

/** What raxFind() returns when there is no such key; differs from every value, and from null. */
export const raxNotFound: unique symbol = Symbol('rax-not-found-pointer');

/** The longest run in a compressed node, and the most children. */
export const RAX_NODE_MAX_SIZE = (1 << 29) - 1;

/** The iterator was just placed: the next step returns the element that it is at. */
export const RAX_ITER_JUST_SEEKED = 1 << 0;
/** There is nothing more in this direction. */
export const RAX_ITER_EOF = 1 << 1;
/** Reserved in C for iterators that allow changes; nothing uses it. */
export const RAX_ITER_SAFE = 1 << 2;

/** Bytes of C's rax struct, for the account. */
const SIZEOF_RAX = 24;

/**
 * Where an iterator is at the greatest key. Many take it over as it is, see {@link raxIterator.shared}.
 *
 * @own C walks down each time
 */
export class raxGreatest<V = unknown> {
  readonly bytes: number[];
  readonly key_len: number;
  readonly stack: Array<raxNode<V>>;
  readonly items: number;
  readonly node: raxNode<V>;
  constructor(it: raxIterator<V>, node: raxNode<V>) {
    this.bytes = it.bytes;
    this.key_len = it.key_len;
    this.stack = it.stack.stack;
    this.items = it.stack.items;
    this.node = node;
  }
}

/** A node; see the drawing at the top of the file. */
export class raxNode<V = unknown> {
  iskey = false;
  isnull = false;
  iscompr = false;
  /** Number of children, or of characters if compressed. */
  size: number;
  /** The characters at the edges to the children, in order, or the run. */
  data = '';
  /** As many as characters; one if compressed. */
  children: Array<raxNode<V>> = [];
  value: V | null = null;
  constructor(size: number) {
    this.size = size;
  }
}

/** A tree. */
export class rax<V = unknown> {
  head: raxNode<V>;
  /** Keys. */
  numele = 0;
  numnodes = 1;
  /** The way to the greatest key, if somebody went there since nodes came or went: a stream is asked for it by every XADD. */
  greatest: raxGreatest<V> | null = null;
  constructor(head: raxNode<V>) {
    this.head = head;
  }
}

/** Where an insertion or removal leaves the value that was there. */
export class raxOld<V = unknown> {
  value: V | null = null;
}

/**
 * What an iterator has room for at first: nodes, and bytes, of which the id of a stream's entry has as many. Longer keys make it grow.
 */
const ITERATOR_ROOM = 16;

/** The room of a stack, and of a key, as long as nothing is in it: nobody writes into these. */
const NO_ROOM: Array<raxNode<never>> = [];
const NO_BYTES: number[] = [];

/**
 * The nodes above the current one. Popping only lowers `items`: an iterator that finds nothing
 * restores the number, and with it the nodes.
 */
export class raxStack<V = unknown> {
  stack = NO_ROOM as Array<raxNode<V>>;
  items = 0;
}

/**
 * Called for every node that an iterator enters going forward; a node returned takes its place in
 * the tree.
 */
export type raxNodeCallback<V> = (node: raxNode<V>) => raxNode<V> | null;

/** Keys up to this length become strings in one call. */
const SHORT_KEY = 64;

/**
 * A position in a tree. The tree must not change between steps, unless the iterator is placed
 * again.
 */
export class raxIterator<V = unknown> {
  flags = RAX_ITER_EOF;
  rt!: rax<V>;
  /** The current key: the first `key_len` of these bytes. */
  bytes = NO_BYTES;
  key_len = 0;
  /** The arrays in `bytes` and `stack` are those of the tree's `greatest`: they are copied before they change. */
  shared = false;
  /** The same as a latin1 string, if somebody asked for it since it changed. */
  text: string | null = '';
  /** The value of the current key. */
  data: V | null = null;
  node: raxNode<V> | null = null;
  stack: raxStack<V> = new raxStack<V>();
  node_cb: raxNodeCallback<V> | null = null;
  /**
   * The current key.
   *
   * @own the fields key and key_len of C's struct, which most callers here want as a string
   */
  get key(): string {
    if (this.text === null) {
      const bytes = this.bytes.slice(0, this.key_len);
      // As many arguments as a key may have bytes would be too many.
      this.text =
        this.key_len <= SHORT_KEY
          ? String.fromCharCode.apply(null, bytes)
          : Buffer.from(bytes).latin1Slice();
    }
    return this.text;
  }
}

/* ---- the stack ---- */

/**
 * Empties a stack. Room is made when the first node comes: many iterators stay at what they sought.
 *
 * @c rax.c:94
 * @cstatic
 */
export function raxStackInit<V>(ts: raxStack<V>): void {
  ts.stack = NO_ROOM;
  ts.items = 0;
}

/**
 * Puts a node on top.
 *
 * @c rax.c:102
 * @cstatic
 */
export function raxStackPush<V>(ts: raxStack<V>, ptr: raxNode<V>): void {
  if (ts.stack === NO_ROOM) ts.stack = new Array<raxNode<V>>(ITERATOR_ROOM);
  ts.stack[ts.items++] = ptr;
}

/**
 * Takes the top node off; null if there is none.
 *
 * @c rax.c:131
 * @cstatic
 */
export function raxStackPop<V>(ts: raxStack<V>): raxNode<V> | null {
  if (ts.items === 0) return null;
  ts.items--;
  return ts.stack[ts.items];
}

/**
 * The top node, which stays; null if there is none.
 *
 * @c rax.c:139
 * @cstatic
 */
export function raxStackPeek<V>(ts: raxStack<V>): raxNode<V> | null {
  if (ts.items === 0) return null;
  return ts.stack[ts.items - 1];
}

/**
 * Lets go of all nodes that the stack ever held.
 *
 * @c rax.c:145
 * @cstatic
 */
export function raxStackFree<V>(ts: raxStack<V>): void {
  ts.stack = NO_ROOM;
  ts.items = 0;
}

/* ---- nodes ---- */

/**
 * Bytes between the characters and the pointers of a C node, which make the pointers lie at
 * multiples of 8.
 *
 * @own macro raxPadding of rax.c
 */
export function raxPadding(nodesize: number): number {
  return (8 - ((nodesize + 4) % 8)) & 7;
}

/**
 * Bytes that a node of these properties has in C: header, characters, padding, pointers, value.
 *
 * @own macro raxNodeCurrentLength of rax.c
 */
export function raxNodeCurrentLength<V>(n: raxNode<V>): number {
  return (
    4 + n.size + raxPadding(n.size) + (n.iscompr ? 8 : 8 * n.size) + (n.iskey && !n.isnull ? 8 : 0)
  );
}

/**
 * The last child; the only one of a compressed node.
 *
 * @own macro raxNodeLastChildPtr of rax.c
 */
export function raxNodeLastChild<V>(n: raxNode<V>): raxNode<V> {
  return n.children[n.children.length - 1];
}

/**
 * A node for that many children, which the caller fills in. `datafield`: with room for a value.
 *
 * @c rax.c:188
 */
export function raxNewNode<V>(children: number, datafield: boolean): raxNode<V> {
  // The room for the value is accounted for when the value comes: see raxSetData().
  void datafield;
  const node = new raxNode<V>(children);
  zmalloc(raxNodeCurrentLength(node));
  return node;
}

/**
 * A compressed or plain node of that run of characters and that child, in place of a bare
 * allocation in C.
 *
 * @own rax_malloc() of a node of which all fields are set afterwards
 */
export function raxNewRunNode<V>(data: string, child: raxNode<V>): raxNode<V> {
  const node = new raxNode<V>(data.length);
  node.iscompr = data.length > 1;
  node.data = data;
  node.children = [child];
  zmalloc(raxNodeCurrentLength(node));
  return node;
}

/**
 * Gives a node back to the account.
 *
 * @own rax_free() of a node
 */
export function raxFreeNode<V>(n: raxNode<V>): void {
  zfree(raxNodeCurrentLength(n));
}

/**
 * An empty tree: one node without children.
 *
 * @c rax.c:203
 */
export function raxNew<V = unknown>(): rax<V> {
  zmalloc(SIZEOF_RAX);
  return new rax<V>(raxNewNode<V>(0, false));
}

/**
 * Would move a node to where there is room for a value; an object has it anyway. Returns the node.
 *
 * @c rax.c:219
 */
export function raxReallocForData<V>(n: raxNode<V>, data: V | null): raxNode<V> {
  void data;
  return n;
}

/**
 * Makes the node a key with that value.
 *
 * @c rax.c:226
 */
export function raxSetData<V>(n: raxNode<V>, data: V | null): void {
  const oldlen = raxNodeCurrentLength(n);
  n.iskey = true;
  n.isnull = data === null;
  n.value = data;
  const newlen = raxNodeCurrentLength(n);
  if (newlen !== oldlen) zrealloc(oldlen, newlen);
}

/**
 * The value of a node that is a key; null also for NULL.
 *
 * @c rax.c:239
 */
export function raxGetData<V>(n: raxNode<V>): V | null {
  if (n.isnull) return null;
  return n.value;
}

/**
 * Makes the node no key any more.
 *
 * @own C clears the bit and leaves the room for the value as it is
 */
export function raxUnsetData<V>(n: raxNode<V>): void {
  const oldlen = raxNodeCurrentLength(n);
  n.iskey = false;
  n.value = null;
  const newlen = raxNodeCurrentLength(n);
  if (newlen !== oldlen) zrealloc(oldlen, newlen);
}

/**
 * Adds an empty child for the character `c` to a node that is not compressed, at its place in the
 * order. Returns the index of the child.
 *
 * @c rax.c:256
 */
export function raxAddChild<V>(n: raxNode<V>, c: string): number {
  const oldlen = raxNodeCurrentLength(n);
  const child = raxNewNode<V>(0, false);
  let pos = 0;
  while (pos < n.size && n.data[pos] <= c) pos++;
  n.data = n.data.slice(0, pos) + c + n.data.slice(pos);
  n.children.splice(pos, 0, child);
  n.size++;
  zrealloc(oldlen, raxNodeCurrentLength(n));
  return pos;
}

/**
 * Turns a node without children into a compressed one with the run `s`, and returns the empty child
 * at its end. If it is a key, it stays one.
 *
 * @c rax.c:397
 */
export function raxCompressNode<V>(n: raxNode<V>, s: string): raxNode<V> {
  const oldlen = raxNodeCurrentLength(n);
  const child = raxNewNode<V>(0, false);
  n.iscompr = true;
  n.size = s.length;
  n.data = s;
  n.children = [child];
  zrealloc(oldlen, raxNodeCurrentLength(n));
  return child;
}

/** Where raxLowWalk() stopped. */
export class raxWalk<V> {
  /** Characters of the key that were matched. */
  i = 0;
  /** The node at which it stopped. */
  stopnode: raxNode<V>;
  /** Its parent, null for the head, and its index there. */
  parent: raxNode<V> | null = null;
  pindex = 0;
  /** If the node is compressed: how many of its characters were matched. */
  splitpos = 0;
  constructor(head: raxNode<V>) {
    this.stopnode = head;
  }
}

/**
 * Walks down as far as the characters of `s` match. With `i` equal to the length of the key and
 * `splitpos` 0, the node is the one of the key (which may not be in the tree yet); with `splitpos`
 * more than 0, the key ends inside of a compressed node; with `i` less, the next character did not
 * match. The nodes passed are pushed on `ts`, if given.
 *
 * @c rax.c:459
 * @cstatic
 */
export function raxLowWalk<V>(r: rax<V>, s: string, ts: raxStack<V> | null): raxWalk<V> {
  const w = new raxWalk<V>(r.head);
  const len = s.length;
  let h = r.head;
  let i = 0; // in the key
  let j = 0; // in the children, or in the run
  while (h.size !== 0 && i < len) {
    const v = h.data;

    if (h.iscompr) {
      for (j = 0; j < h.size && i < len; j++, i++) {
        if (v.charCodeAt(j) !== s.charCodeAt(i)) break;
      }
      if (j !== h.size) break;
    } else {
      const c = s.charCodeAt(i);
      // Ids grow: the last child is the most likely one.
      for (j = h.size - 1; j >= 0; j--) {
        if (v.charCodeAt(j) === c) break;
      }
      if (j < 0) break;
      i++;
    }

    if (ts !== null) raxStackPush(ts, h);
    if (h.iscompr) j = 0;
    w.parent = h;
    w.pindex = j;
    h = h.children[j];
    // If the key ends here, this very node stands for it.
    j = 0;
  }
  w.i = i;
  w.stopnode = h;
  if (h.iscompr) w.splitpos = j;
  return w;
}

/**
 * Puts a node in the place that a walk found, or at the head.
 *
 * @own memcpy() to parentlink in C
 */
export function raxSetLink<V>(
  r: rax<V>,
  parent: raxNode<V> | null,
  pindex: number,
  n: raxNode<V>,
): void {
  if (parent === null) r.head = n;
  else parent.children[pindex] = n;
}

/**
 * Inserts the key `s` with the value `data`. Returns 1 if it is new; 0 if it is there, and then its
 * value is left in `old` (if one is passed) and replaced if `overwrite`.
 *
 * A compressed node that the key leaves in the middle has to be split. With a mismatch (ANNIENTARE
 * into ANNIBALE):
 *
 *     "ANNIBALE" ─► next    becomes    "ANNI" ─► ["B" "E"] ─► "ALE" ─► next
 *                                      trimmed   split   └──► "NTARE" ─► []    postfix: "ALE"
 *
 * and when the key ends there (ANNI into ANNIBALE):
 *
 *     "ANNIBALE" ─► next    becomes    "ANNI" ─► "BALE" ─► next                 "BALE" is the key's node
 *
 * Where one of the three parts would have no characters, it does not exist; with one, it is a plain
 * node.
 *
 * @c rax.c:509
 */
export function raxGenericInsert<V>(
  r: rax<V>,
  s: string,
  data: V | null,
  old: raxOld<V> | null,
  overwrite: boolean,
): number {
  const len = s.length;
  const w = raxLowWalk(r, s, null);
  let i = w.i;
  const j = w.splitpos;
  let h = w.stopnode;
  let parent = w.parent;
  let pindex = w.pindex;

  // The node of the key exists: it is a key already, or is made one.
  if (i === len && (!h.iscompr || j === 0)) {
    if (!h.iskey || (h.isnull && overwrite)) {
      h = raxReallocForData(h, data);
      raxSetLink(r, parent, pindex, h);
    }
    if (h.iskey) {
      if (old !== null) old.value = raxGetData(h);
      if (overwrite) raxSetData(h, data);
      return 0;
    }
    raxSetData(h, data);
    r.numele++;
    return 1;
  }
  r.greatest = null;

  if (h.iscompr && i !== len) {
    /* Algorithm 1: a mismatch within a compressed node. */
    const next = raxNodeLastChild(h);
    const postfixlen = h.size - j - 1;

    // The part behind the split, or directly what comes next.
    let postfix = next;
    if (postfixlen !== 0) {
      postfix = raxNewRunNode(h.data.slice(j + 1), next);
      r.numnodes++;
    }

    const splitnode = raxNewRunNode(h.data[j], postfix);
    if (j === 0) {
      // The split is at the first character: the split node takes the place of the old one, as key,
      // too.
      if (h.iskey) raxSetData(splitnode, raxGetData(h));
      raxSetLink(r, parent, pindex, splitnode);
    } else {
      const trimmed = raxNewRunNode(h.data.slice(0, j), splitnode);
      if (h.iskey) raxSetData(trimmed, raxGetData(h));
      raxSetLink(r, parent, pindex, trimmed);
      parent = trimmed;
      pindex = 0;
      r.numnodes++;
    }

    // The insertion goes on below, and gives the split node its second child.
    raxFreeNode(h);
    h = splitnode;
  } else if (h.iscompr && i === len) {
    /* Algorithm 2: the key ends within a compressed node. */
    const next = raxNodeLastChild(h);

    const postfix = raxNewRunNode(h.data.slice(j), next);
    raxSetData(postfix, data);
    r.numnodes++;

    const trimmed = raxNewRunNode(h.data.slice(0, j), postfix);
    raxSetLink(r, parent, pindex, trimmed);
    if (h.iskey) raxSetData(trimmed, raxGetData(h));

    r.numele++;
    raxFreeNode(h);
    return 1;
  }

  // What is left of the key needs new nodes.
  while (i < len) {
    if (h.size === 0 && len - i > 1) {
      // The rest would be a chain: one compressed node.
      const comprsize = Math.min(len - i, RAX_NODE_MAX_SIZE);
      const child = raxCompressNode(h, s.slice(i, i + comprsize));
      parent = h;
      pindex = 0;
      i += comprsize;
      h = child;
    } else {
      parent = h;
      pindex = raxAddChild(h, s[i]);
      i++;
      h = parent.children[pindex];
    }
    r.numnodes++;
  }
  h = raxReallocForData(h, data);
  if (!h.iskey) r.numele++;
  raxSetData(h, data);
  raxSetLink(r, parent, pindex, h);
  return 1;
}

/**
 * Inserts a key or replaces its value. Returns 1 if it is new, else 0, with the value that was
 * there in `old`.
 *
 * @c rax.c:904
 */
export function raxInsert<V>(r: rax<V>, s: string, data: V | null, old: raxOld<V> | null): number {
  return raxGenericInsert(r, s, data, old, true);
}

/**
 * Inserts a key unless it is there. Returns 1 if it was inserted, else 0, with its value in `old`.
 *
 * @c rax.c:911
 */
export function raxTryInsert<V>(
  r: rax<V>,
  s: string,
  data: V | null,
  old: raxOld<V> | null,
): number {
  return raxGenericInsert(r, s, data, old, false);
}

/**
 * The value of a key (which may be null), or {@link raxNotFound}.
 *
 * @c rax.c:918
 */
export function raxFind<V>(r: rax<V>, s: string): V | null | typeof raxNotFound {
  const w = raxLowWalk(r, s, null);
  const h = w.stopnode;
  if (w.i !== s.length || (h.iscompr && w.splitpos !== 0) || !h.iskey) return raxNotFound;
  return raxGetData(h);
}

/**
 * The index of `child`, which must be one, among the children of `parent`.
 *
 * @c rax.c:934
 */
export function raxFindParentLink<V>(parent: raxNode<V>, child: raxNode<V>): number {
  return parent.children.indexOf(child);
}

/**
 * Removes a child from a node; a compressed node becomes a plain one without children. Returns the
 * node.
 *
 * @c rax.c:949
 */
export function raxRemoveChild<V>(parent: raxNode<V>, child: raxNode<V>): raxNode<V> {
  const oldlen = raxNodeCurrentLength(parent);
  if (parent.iscompr) {
    parent.iscompr = false;
    parent.size = 0;
    parent.data = '';
    parent.children = [];
  } else {
    const c = raxFindParentLink(parent, child);
    parent.data = parent.data.slice(0, c) + parent.data.slice(c + 1);
    parent.children.splice(c, 1);
    parent.size--;
  }
  zrealloc(oldlen, raxNodeCurrentLength(parent));
  return parent;
}

/**
 * Removes a key. Returns 1, with its value in `old`, or 0 if it is not there.
 *
 * Nodes that lead nowhere any more go, too. Then there may be a chain of single children that are
 * no keys, because a node lost its other child or stopped being a key; it is squeezed into one
 * compressed node:
 *
 *     "FOO" ─► ["B" "T"] ─► "AR" ─► []        without FOOTER        "FOOBAR" ─► []
 *                      └──► "ER" ─► []
 *
 * As in C, a key whose node is itself compressed (FOO in "FOO" ─► "BAR" ─► []) goes without that:
 * the test is for a size of 1, which in a compressed node counts characters and not children.
 *
 * @c rax.c:1022
 */
export function raxRemove<V>(r: rax<V>, s: string, old: raxOld<V> | null): number {
  const ts = new raxStack<V>();
  raxStackInit(ts);
  const w = raxLowWalk(r, s, ts);
  let h = w.stopnode;
  if (w.i !== s.length || (h.iscompr && w.splitpos !== 0) || !h.iskey) {
    raxStackFree(ts);
    return 0;
  }
  r.greatest = null;
  if (old !== null) old.value = raxGetData(h);
  raxUnsetData(h);
  r.numele--;

  let trycompress = false;
  if (h.size === 0) {
    // Go up over nodes that existed for this key only.
    let child: raxNode<V> | null = null;
    while (h !== r.head) {
      child = h;
      raxFreeNode(child);
      r.numnodes--;
      h = raxStackPop(ts)!;
      if (h.iskey || (!h.iscompr && h.size !== 1)) break;
    }
    if (child !== null) {
      h = raxRemoveChild(h, child);
      if (h.size === 1 && !h.iskey) trycompress = true;
    }
  } else if (h.size === 1) {
    trycompress = true;
  }

  if (trycompress) {
    // The uppermost node of the chain, and what is above it.
    let parent: raxNode<V> | null;
    for (;;) {
      parent = raxStackPop(ts);
      if (parent === null || parent.iskey || (!parent.iscompr && parent.size !== 1)) break;
      h = parent;
    }
    const start = h;

    // How long the chain is.
    let comprsize = h.size;
    let nodes = 1;
    while (h.size !== 0) {
      h = raxNodeLastChild(h);
      if (h.iskey || (!h.iscompr && h.size !== 1)) break;
      if (comprsize + h.size > RAX_NODE_MAX_SIZE) break;
      nodes++;
      comprsize += h.size;
    }
    if (nodes > 1) {
      let data = '';
      h = start;
      for (let n = 0; n < nodes; n++) {
        data += h.data;
        const tofree = h;
        h = raxNodeLastChild(h);
        raxFreeNode(tofree);
        r.numnodes--;
      }
      const compressed = raxNewRunNode(data, h);
      r.numnodes++;

      if (parent !== null) parent.children[raxFindParentLink(parent, start)] = compressed;
      else r.head = compressed;
    }
  }
  raxStackFree(ts);
  return 1;
}

/**
 * Gives up a node and all below it, children first and from the last to the first. `free_callback`,
 * if any, gets every value that is not NULL.
 *
 * @c rax.c:1223
 */
export function raxRecursiveFree<V>(
  r: rax<V>,
  n: raxNode<V>,
  free_callback: ((value: V) => void) | null,
): void {
  for (let c = n.children.length - 1; c >= 0; c--) {
    raxRecursiveFree(r, n.children[c], free_callback);
  }
  if (free_callback !== null && n.iskey && !n.isnull) free_callback(n.value as V);
  raxFreeNode(n);
  r.numnodes--;
}

/**
 * Gives up a tree; `free_callback`, if any, gets every value that is not NULL.
 *
 * @c rax.c:1242
 */
export function raxFreeWithCallback<V>(
  r: rax<V>,
  free_callback: ((value: V) => void) | null,
): void {
  raxRecursiveFree(r, r.head, free_callback);
  if (r.numnodes !== 0) throw new Error('raxFreeWithCallback: numnodes is wrong');
  zfree(SIZEOF_RAX);
}

/**
 * Gives up a tree and leaves its values alone.
 *
 * @c rax.c:1249
 */
export function raxFree<V>(r: rax<V>): void {
  raxFreeWithCallback(r, null);
}

/* ---- iterator ---- */

/**
 * Prepares an iterator for a tree; raxSeek() has to place it.
 *
 * @c rax.c:1258
 */
export function raxStart<V>(it: raxIterator<V>, rt: rax<V>): void {
  it.flags = RAX_ITER_EOF;
  it.rt = rt;
  it.bytes = NO_BYTES;
  it.shared = false;
  it.key_len = 0;
  it.text = '';
  it.data = null;
  it.node = null;
  it.node_cb = null;
  raxStackInit(it.stack);
}

/**
 * Appends to the current key the characters of `s` from `from` (the first by default) up to `to` (all by default).
 *
 * @c rax.c:1272
 */
export function raxIteratorAddChars<V>(
  it: raxIterator<V>,
  s: string,
  from = 0,
  to = s.length,
): void {
  if (it.bytes === NO_BYTES) it.bytes = new Array<number>(ITERATOR_ROOM);
  const { bytes } = it;
  let n = it.key_len;
  for (let i = from; i < to; i++) bytes[n++] = s.charCodeAt(i);
  it.key_len = n;
  it.text = null;
}

/**
 * Gives an iterator arrays of its own, if it has those of the tree, so that it can go on from there.
 *
 * @own see {@link raxIterator.shared}
 */
export function raxIteratorOwn<V>(it: raxIterator<V>): void {
  if (!it.shared) return;
  it.bytes = it.bytes.slice();
  it.stack.stack = it.stack.stack.slice();
  it.shared = false;
}

/**
 * Cuts `count` characters off the end of the current key.
 *
 * @c rax.c:1296
 */
export function raxIteratorDelChars<V>(it: raxIterator<V>, count: number): void {
  it.key_len -= count;
  it.text = null;
}

/**
 * Goes to the next key, or sets RAX_ITER_EOF and stays. Just after a seek it does nothing but
 * forget that. With `noup` the current node is the parent of where the key left the tree, and the
 * walk starts with its children behind the last character of the current key. Returns 1.
 *
 * @c rax.c:1314
 */
export function raxIteratorNextStep<V>(it: raxIterator<V>, noup: boolean): number {
  if ((it.flags & RAX_ITER_EOF) !== 0) return 1;
  if ((it.flags & RAX_ITER_JUST_SEEKED) !== 0) {
    it.flags &= ~RAX_ITER_JUST_SEEKED;
    return 1;
  }

  raxIteratorOwn(it);
  // If there is nothing more, all is put back as it is now.
  const orig_key_len = it.key_len;
  const orig_stack_items = it.stack.items;
  const orig_node = it.node;
  let node = it.node!;

  for (;;) {
    if (!noup && node.children.length !== 0) {
      // Down: the first child comes directly after its parent.
      raxStackPush(it.stack, node);
      raxIteratorAddChars(it, node.data, 0, node.iscompr ? node.size : 1);
      const parent = node;
      node = parent.children[0];
      if (it.node_cb !== null) {
        const replacement = it.node_cb(node);
        if (replacement !== null) {
          parent.children[0] = node = replacement;
          it.rt.greatest = null;
        }
      }
      it.node = node;
      if (node.iskey) {
        it.data = raxGetData(node);
        return 1;
      }
    } else {
      // Up, until a node has a child behind the one that we come from.
      for (;;) {
        const old_noup = noup;

        if (!noup && node === it.rt.head) {
          it.flags |= RAX_ITER_EOF;
          it.stack.items = orig_stack_items;
          it.key_len = orig_key_len;
          it.node = orig_node;
          return 1;
        }
        const prevchild = it.bytes[it.key_len - 1];
        if (!noup) node = raxStackPop(it.stack)!;
        else noup = false;
        it.node = node;
        raxIteratorDelChars(it, node.iscompr ? node.size : 1);

        if (!node.iscompr && node.size > (old_noup ? 0 : 1)) {
          let i = 0;
          while (i < node.size && node.data.charCodeAt(i) <= prevchild) i++;
          if (i !== node.size) {
            raxIteratorAddChars(it, node.data, i, i + 1);
            raxStackPush(it.stack, node);
            const parent = node;
            node = parent.children[i];
            if (it.node_cb !== null) {
              const replacement = it.node_cb(node);
              if (replacement !== null) {
                parent.children[i] = node = replacement;
                it.rt.greatest = null;
              }
            }
            it.node = node;
            if (node.iskey) {
              it.data = raxGetData(node);
              return 1;
            }
            break;
          }
        }
      }
    }
  }
}

/**
 * Goes down along the last children to the greatest key below the current node. Returns 1. From the head, which means that key and
 * stack are empty, the way is taken from the tree, or given to it.
 *
 * @c rax.c:1415
 */
export function raxSeekGreatest<V>(it: raxIterator<V>): number {
  let node = it.node!;
  const { rt, stack } = it;
  const from_head = node === rt.head;
  if (from_head && rt.greatest !== null) {
    const known = rt.greatest;
    it.bytes = known.bytes;
    it.key_len = known.key_len;
    it.text = null;
    stack.stack = known.stack;
    stack.items = known.items;
    it.shared = true;
    it.node = known.node;
    return 1;
  }
  while (node.size !== 0) {
    raxIteratorAddChars(it, node.data, node.iscompr ? 0 : node.size - 1, node.size);
    raxStackPush(stack, node);
    node = raxNodeLastChild(node);
  }
  it.node = node;
  if (from_head) {
    rt.greatest = new raxGreatest(it, node);
    it.shared = true;
  }
  return 1;
}

/**
 * Goes to the previous key, or sets RAX_ITER_EOF and stays. `noup` as in raxIteratorNextStep().
 * Returns 1.
 *
 * @c rax.c:1434
 */
export function raxIteratorPrevStep<V>(it: raxIterator<V>, noup: boolean): number {
  if ((it.flags & RAX_ITER_EOF) !== 0) return 1;
  if ((it.flags & RAX_ITER_JUST_SEEKED) !== 0) {
    it.flags &= ~RAX_ITER_JUST_SEEKED;
    return 1;
  }

  raxIteratorOwn(it);
  const orig_key_len = it.key_len;
  const orig_stack_items = it.stack.items;
  const orig_node = it.node;
  let node = it.node!;

  for (;;) {
    const old_noup = noup;

    if (!noup && node === it.rt.head) {
      it.flags |= RAX_ITER_EOF;
      it.stack.items = orig_stack_items;
      it.key_len = orig_key_len;
      it.node = orig_node;
      return 1;
    }

    const prevchild = it.bytes[it.key_len - 1];
    if (!noup) node = raxStackPop(it.stack)!;
    else noup = false;
    it.node = node;
    raxIteratorDelChars(it, node.iscompr ? node.size : 1);

    // A child before the one that we come from: what it leads to is all smaller, and the greatest
    // of it is next.
    if (!node.iscompr && node.size > (old_noup ? 0 : 1)) {
      let i = node.size - 1;
      while (i >= 0 && node.data.charCodeAt(i) >= prevchild) i--;
      if (i !== -1) {
        raxIteratorAddChars(it, node.data, i, i + 1);
        raxStackPush(it.stack, node);
        it.node = node.children[i];
        raxSeekGreatest(it);
        node = it.node;
      }
    }

    // Either that, or the node itself, which comes before everything below it.
    if (node.iskey) {
      it.data = raxGetData(node);
      return 1;
    }
  }
}

/**
 * Places an iterator: at the first key `>=`, `>`, `=` or the last key `<=`, `<` in relation to
 * `ele`, at the first (`^`) or the last (`$`) of all. The next raxNext() or raxPrev() returns that
 * key. If there is none, the iterator is at EOF. Returns 1, or 0 for an unknown operator.
 *
 * @c rax.c:1511
 */
export function raxSeek<V>(it: raxIterator<V>, op: string, ele: string): number {
  let eq = false;
  let lt = false;
  let gt = false;
  let first = false;
  let last = false;

  if (it.shared) {
    it.bytes = NO_BYTES;
    it.stack.stack = NO_ROOM;
    it.shared = false;
  }
  it.stack.items = 0;
  it.flags |= RAX_ITER_JUST_SEEKED;
  it.flags &= ~RAX_ITER_EOF;
  it.key_len = 0;
  it.text = '';
  it.node = null;

  switch (op) {
    case '>=':
      gt = true;
      eq = true;
      break;
    case '>':
      gt = true;
      break;
    case '<=':
      lt = true;
      eq = true;
      break;
    case '<':
      lt = true;
      break;
    case '=':
    case '==':
      eq = true;
      break;
    case '^':
      first = true;
      break;
    case '$':
      last = true;
      break;
    default:
      return 0;
  }

  if (it.rt.numele === 0) {
    it.flags |= RAX_ITER_EOF;
    return 1;
  }

  // Nothing is smaller than the empty string.
  if (first) return raxSeek(it, '>=', '');

  if (last) {
    it.node = it.rt.head;
    raxSeekGreatest(it);
    it.data = raxGetData(it.node);
    return 1;
  }

  // Look the key up; from where the walk stops, the steps of an iteration find its neighbour.
  const w = raxLowWalk(it.rt, ele, it.stack);
  const len = ele.length;
  const { i, splitpos } = w;
  const node = w.stopnode;
  it.node = node;

  if (eq && i === len && (!node.iscompr || splitpos === 0) && node.iskey) {
    raxIteratorAddChars(it, ele);
    it.data = raxGetData(node);
  } else if (lt || gt) {
    // The current key becomes the one of the node at which the walk stopped.
    raxIteratorAddChars(it, ele, 0, i - splitpos);

    if (i !== len && !node.iscompr) {
      // A plain node without that character: look among its children, before or behind it.
      raxIteratorAddChars(it, ele, i, i + 1);
      it.flags &= ~RAX_ITER_JUST_SEEKED;
      if (lt) raxIteratorPrevStep(it, true);
      if (gt) raxIteratorNextStep(it, true);
      it.flags |= RAX_ITER_JUST_SEEKED;
    } else if (i !== len && node.iscompr) {
      // A mismatch within a run: all that is below is on the same side of the key.
      const nodechar = node.data.charCodeAt(splitpos);
      const keychar = ele.charCodeAt(i);
      it.flags &= ~RAX_ITER_JUST_SEEKED;
      if (gt) {
        if (nodechar > keychar) {
          raxIteratorNextStep(it, false);
        } else {
          raxIteratorAddChars(it, node.data);
          raxIteratorNextStep(it, true);
        }
      }
      if (lt) {
        if (nodechar < keychar) {
          raxSeekGreatest(it);
          it.data = raxGetData(it.node);
        } else {
          raxIteratorAddChars(it, node.data);
          raxIteratorPrevStep(it, true);
        }
      }
      it.flags |= RAX_ITER_JUST_SEEKED;
    } else {
      // All of the key matched, but its node is no key, or not wanted, or the key ends within a
      // run.
      it.flags &= ~RAX_ITER_JUST_SEEKED;
      if (node.iscompr && node.iskey && splitpos !== 0 && lt) {
        // The node stands for the part of the key before the run, and that is the greatest smaller
        // key.
        it.data = raxGetData(node);
      } else {
        if (gt) raxIteratorNextStep(it, false);
        if (lt) raxIteratorPrevStep(it, false);
      }
      it.flags |= RAX_ITER_JUST_SEEKED;
    }
  } else {
    it.flags |= RAX_ITER_EOF;
  }
  return 1;
}

/**
 * Goes to the next key (or stays at the one just sought) and returns 1; 0 at the end.
 *
 * @c rax.c:1675
 */
export function raxNext<V>(it: raxIterator<V>): number {
  raxIteratorNextStep(it, false);
  return (it.flags & RAX_ITER_EOF) !== 0 ? 0 : 1;
}

/**
 * Goes to the previous key (or stays at the one just sought) and returns 1; 0 at the end.
 *
 * @c rax.c:1690
 */
export function raxPrev<V>(it: raxIterator<V>): number {
  raxIteratorPrevStep(it, false);
  return (it.flags & RAX_ITER_EOF) !== 0 ? 0 : 1;
}

/**
 * Wanders over the tree, up and down by chance, until it has passed `steps` keys (0: some number
 * that grows with the logarithm of the size), and stays at the last of them. Far from an even
 * choice. Returns 1; 0 if the tree is empty. The iterator must have been placed.
 *
 * @c rax.c:1714
 */
export function raxRandomWalk<V>(it: raxIterator<V>, steps: number): number {
  if (it.rt.numele === 0) {
    it.flags |= RAX_ITER_EOF;
    return 0;
  }

  if (steps === 0) {
    const fle = 2 * (1 + Math.floor(Math.log(it.rt.numele)));
    steps = 1 + (rand() % fle);
  }

  raxIteratorOwn(it);
  let n = it.node!;
  while (steps > 0 || !n.iskey) {
    const numchildren = n.children.length;
    const r = rand() % (numchildren + (n !== it.rt.head ? 1 : 0));

    if (r === numchildren) {
      n = raxStackPop(it.stack)!;
      raxIteratorDelChars(it, n.iscompr ? n.size : 1);
    } else {
      if (n.iscompr) raxIteratorAddChars(it, n.data);
      else raxIteratorAddChars(it, n.data, r, r + 1);
      raxStackPush(it.stack, n);
      n = n.children[r];
    }
    if (n.iskey) steps--;
  }
  it.node = n;
  it.data = raxGetData(n);
  return 1;
}

/**
 * Whether the current key is in the relation `op` (==, >, >=, <, <=) to `key`. False for any other
 * operator.
 *
 * @c rax.c:1757
 */
export function raxCompare<V>(iter: raxIterator<V>, op: string, key: string): boolean {
  const eq = op[0] === '=' || op[1] === '=';
  const gt = op[0] === '>';
  const lt = op[0] === '<';
  if (!gt && !lt && op[1] !== '=') return false;

  // One char code a byte, and a prefix comes first: the order of strings is the order of the tree.
  if (!lt && !gt) return iter.key === key;
  if (iter.key === key) return eq;
  return lt ? iter.key < key : iter.key > key;
}

/**
 * Gives up what an iterator holds.
 *
 * @c rax.c:1786
 */
export function raxStop<V>(it: raxIterator<V>): void {
  raxStackFree(it.stack);
}

/**
 * Whether the iterator has nothing to return: the seek found nothing, or an end was reached.
 *
 * @c rax.c:1795
 */
export function raxEOF<V>(it: raxIterator<V>): boolean {
  return (it.flags & RAX_ITER_EOF) !== 0;
}

/**
 * The number of keys.
 *
 * @c rax.c:1800
 */
export function raxSize<V>(r: rax<V>): number {
  return r.numele;
}

/* ---- introspection ---- */

/**
 * A node and what is below it as text: a run in quotes, single characters in brackets, `=value`
 * behind keys, children indented under their character or behind an arrow if there is one only.
 *
 * @c rax.c:1832
 */
export function raxRecursiveShow<V>(level: number, lpad: number, n: raxNode<V>): string {
  let text = n.iscompr ? `"${n.data}"` : `[${n.data}]`;
  if (n.iskey) {
    const data = raxGetData(n);
    text += `=${data === null ? '(nil)' : String(data)}`;
  }

  const numchildren = n.children.length;
  // 7 and 4 are the widths of " `-(x) " and " -> ".
  if (level !== 0) {
    lpad += numchildren > 1 ? 7 : 4;
    if (numchildren === 1) lpad += text.length;
  }
  for (let i = 0; i < numchildren; i++) {
    text += numchildren > 1 ? `\n${' '.repeat(lpad)} \`-(${n.data[i]}) ` : ' -> ';
    text += raxRecursiveShow(level + 1, lpad, n.children[i]);
  }
  return text;
}

/**
 * The tree as text; see raxRecursiveShow(). C prints it.
 *
 * @c rax.c:1866
 */
export function raxShow<V>(r: rax<V>): string {
  return `${raxRecursiveShow(0, 0, r.head)}\n`;
}
