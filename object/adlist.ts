/**
 * adlist.c: a doubly linked list.
 *
 *     list.head ──► listNode ◄──► listNode ◄──► listNode ◄── list.tail        list.len = 3
 *                   value          value         value
 *
 * Who calls in: everybody (clients, monitors, replies, slow log, ...). Whom it calls: zmalloc for
 * the account.
 * What differs from C: nothing but the types; the list owns its values only if it has a free
 * method.
 */
import { zfree, zmalloc } from './zmalloc.ts';

/** Directions for iterators. */
export const AL_START_HEAD = 0;
export const AL_START_TAIL = 1;

/** Bytes of the C structs on a 64-bit machine, for the account. */
const SIZEOF_LIST = 48;
const SIZEOF_LISTNODE = 24;

/** A link of the chain. A holder of the node removes it in O(1). */
export class listNode<T> {
  prev: listNode<T> | null = null;
  next: listNode<T> | null = null;
  value: T;
  constructor(value: T) {
    this.value = value;
  }
}

/** A position in a list: the node that listNext() will return. */
export class listIter<T> {
  next: listNode<T> | null = null;
  /** AL_START_HEAD or AL_START_TAIL. */
  direction = AL_START_HEAD;
}

/**
 * A list, with the methods that copy, release and compare its values (null: the value itself,
 * nothing, `===`).
 */
export class list<T = unknown> {
  head: listNode<T> | null = null;
  tail: listNode<T> | null = null;
  dup: ((ptr: T) => T | null) | null = null;
  free: ((ptr: T) => void) | null = null;
  match: ((ptr: T, key: T) => boolean) | null = null;
  len = 0;
}

/**
 * The number of nodes.
 * @own macro listLength of adlist.h
 */
export function listLength<T>(l: list<T>): number {
  return l.len;
}

/**
 * The first node, or null.
 * @own macro listFirst of adlist.h
 */
export function listFirst<T>(l: list<T>): listNode<T> | null {
  return l.head;
}

/**
 * The last node, or null.
 * @own macro listLast of adlist.h
 */
export function listLast<T>(l: list<T>): listNode<T> | null {
  return l.tail;
}

/**
 * The node before, or null.
 * @own macro listPrevNode of adlist.h
 */
export function listPrevNode<T>(n: listNode<T>): listNode<T> | null {
  return n.prev;
}

/**
 * The node after, or null.
 * @own macro listNextNode of adlist.h
 */
export function listNextNode<T>(n: listNode<T>): listNode<T> | null {
  return n.next;
}

/**
 * The value in a node.
 * @own macro listNodeValue of adlist.h
 */
export function listNodeValue<T>(n: listNode<T>): T {
  return n.value;
}

/**
 * Sets how listDup() copies a value; the method returns null when it fails.
 * @own macro listSetDupMethod of adlist.h
 */
export function listSetDupMethod<T>(l: list<T>, m: ((ptr: T) => T | null) | null): void {
  l.dup = m;
}

/**
 * Sets what happens to the value of a node that is removed.
 * @own macro listSetFreeMethod of adlist.h
 */
export function listSetFreeMethod<T>(l: list<T>, m: ((ptr: T) => void) | null): void {
  l.free = m;
}

/**
 * Sets how listSearchKey() compares.
 * @own macro listSetMatchMethod of adlist.h
 */
export function listSetMatchMethod<T>(l: list<T>, m: ((ptr: T, key: T) => boolean) | null): void {
  l.match = m;
}

/**
 * An empty list without methods.
 *
 * @c adlist.c:42
 */
export function listCreate<T>(): list<T> {
  zmalloc(SIZEOF_LIST);
  return new list<T>();
}

/**
 * Removes every node and leaves the list as it was created, but for its methods.
 *
 * @c adlist.c:57
 */
export function listEmpty<T>(l: list<T>): void {
  let current = l.head;
  let len = l.len;

  while (len-- > 0 && current !== null) {
    const next: listNode<T> | null = current.next;
    if (l.free !== null) l.free(current.value);
    zfree(SIZEOF_LISTNODE);
    current = next;
  }
  l.head = l.tail = null;
  l.len = 0;
}

/**
 * Empties the list and gives it up.
 *
 * @c adlist.c:77
 */
export function listRelease<T>(l: list<T>): void {
  listEmpty(l);
  zfree(SIZEOF_LIST);
}

/**
 * Puts a value before the first one. Returns the list.
 *
 * @c adlist.c:89
 */
export function listAddNodeHead<T>(l: list<T>, value: T): list<T> {
  zmalloc(SIZEOF_LISTNODE);
  const node = new listNode(value);
  if (l.head === null) {
    l.head = l.tail = node;
  } else {
    node.next = l.head;
    l.head.prev = node;
    l.head = node;
  }
  l.len++;
  return l;
}

/**
 * Puts a value after the last one. Returns the list.
 *
 * @c adlist.c:115
 */
export function listAddNodeTail<T>(l: list<T>, value: T): list<T> {
  zmalloc(SIZEOF_LISTNODE);
  const node = new listNode(value);
  if (l.tail === null) {
    l.head = l.tail = node;
  } else {
    node.prev = l.tail;
    l.tail.next = node;
    l.tail = node;
  }
  l.len++;
  return l;
}

/**
 * Puts a value right after (`after`) or right before `old_node`, which is in the list. Returns the
 * list.
 *
 * @c adlist.c:135
 */
export function listInsertNode<T>(
  l: list<T>,
  old_node: listNode<T>,
  value: T,
  after: boolean,
): list<T> {
  zmalloc(SIZEOF_LISTNODE);
  const node = new listNode(value);
  if (after) {
    node.prev = old_node;
    node.next = old_node.next;
    if (l.tail === old_node) l.tail = node;
  } else {
    node.next = old_node;
    node.prev = old_node.prev;
    if (l.head === old_node) l.head = node;
  }
  if (node.prev !== null) node.prev.next = node;
  if (node.next !== null) node.next.prev = node;
  l.len++;
  return l;
}

/**
 * Takes a node out of its list, and hands its value to the free method if there is one. The links
 * of the node itself stay, so that an iterator which stands on it can still go on.
 *
 * @c adlist.c:168
 */
export function listDelNode<T>(l: list<T>, node: listNode<T>): void {
  if (node.prev !== null) node.prev.next = node.next;
  else l.head = node.next;
  if (node.next !== null) node.next.prev = node.prev;
  else l.tail = node.prev;
  if (l.free !== null) l.free(node.value);
  zfree(SIZEOF_LISTNODE);
  l.len--;
}

/**
 * A new iterator that starts at the head or the tail.
 *
 * @c adlist.c:187
 */
export function listGetIterator<T>(l: list<T>, direction: number): listIter<T> {
  const iter = new listIter<T>();
  iter.next = direction === AL_START_HEAD ? l.head : l.tail;
  iter.direction = direction;
  return iter;
}

/**
 * Gives up an iterator.
 *
 * @c adlist.c:201
 */
export function listReleaseIterator<T>(iter: listIter<T>): void {
  iter.next = null;
}

/**
 * Sets an iterator that the caller owns to the head, going forward.
 *
 * @c adlist.c:206
 */
export function listRewind<T>(l: list<T>, li: listIter<T>): void {
  li.next = l.head;
  li.direction = AL_START_HEAD;
}

/**
 * Sets an iterator that the caller owns to the tail, going backward.
 *
 * @c adlist.c:211
 */
export function listRewindTail<T>(l: list<T>, li: listIter<T>): void {
  li.next = l.tail;
  li.direction = AL_START_TAIL;
}

/**
 * The next node, or null at the end. The caller may remove the node that it got, but no other.
 *
 * @c adlist.c:230
 */
export function listNext<T>(iter: listIter<T>): listNode<T> | null {
  const current = iter.next;

  if (current !== null) {
    iter.next = iter.direction === AL_START_HEAD ? current.next : current.prev;
  }
  return current;
}

/**
 * A copy with the same methods, its values copied by the dup method or else shared. null when the
 * dup method fails; what was copied until then is released.
 *
 * @c adlist.c:251
 */
export function listDup<T>(orig: list<T>): list<T> | null {
  const copy = listCreate<T>();
  copy.dup = orig.dup;
  copy.free = orig.free;
  copy.match = orig.match;
  const iter = new listIter<T>();
  listRewind(orig, iter);
  let node;
  while ((node = listNext(iter)) !== null) {
    let value: T | null = node.value;
    if (copy.dup !== null) {
      value = copy.dup(node.value);
      if (value === null) {
        listRelease(copy);
        return null;
      }
    }
    listAddNodeTail(copy, value);
  }
  return copy;
}

/**
 * The first node whose value matches `key` (by the match method, or else `===`), or null.
 *
 * @c adlist.c:296
 */
export function listSearchKey<T>(l: list<T>, key: T): listNode<T> | null {
  const iter = new listIter<T>();
  listRewind(l, iter);
  let node;
  while ((node = listNext(iter)) !== null) {
    if (l.match !== null) {
      if (l.match(node.value, key)) return node;
    } else if (key === node.value) {
      return node;
    }
  }
  return null;
}

/**
 * The node at a zero-based index; negative ones count from the tail (-1 is the last). null beyond
 * the ends.
 *
 * @c adlist.c:321
 */
export function listIndex<T>(l: list<T>, index: number): listNode<T> | null {
  let n;

  if (index < 0) {
    index = -index - 1;
    n = l.tail;
    while (index-- > 0 && n !== null) n = n.prev;
  } else {
    n = l.head;
    while (index-- > 0 && n !== null) n = n.next;
  }
  return n;
}

/**
 * Makes the last node the first.
 *
 * @c adlist.c:336
 */
export function listRotateTailToHead<T>(l: list<T>): void {
  const tail = l.tail;
  const head = l.head;
  if (tail === null || head === null || tail.prev === null) return;

  l.tail = tail.prev;
  l.tail.next = null;
  head.prev = tail;
  tail.prev = null;
  tail.next = head;
  l.head = tail;
}

/**
 * Makes the first node the last.
 *
 * @c adlist.c:351
 */
export function listRotateHeadToTail<T>(l: list<T>): void {
  const head = l.head;
  const tail = l.tail;
  if (head === null || tail === null || head.next === null) return;

  l.head = head.next;
  l.head.prev = null;
  tail.next = head;
  head.next = null;
  head.prev = tail;
  l.tail = head;
}

/**
 * Moves all the nodes of `o` to the end of `l`; `o` stays, empty.
 *
 * @c adlist.c:367
 */
export function listJoin<T>(l: list<T>, o: list<T>): void {
  if (o.head === null) return;

  o.head.prev = l.tail;

  if (l.tail !== null) l.tail.next = o.head;
  else l.head = o.head;

  l.tail = o.tail;
  l.len += o.len;

  o.head = o.tail = null;
  o.len = 0;
}
