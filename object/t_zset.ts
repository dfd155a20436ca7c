/**
 * t_zset.c: the sorted sets and their commands.
 *
 * A small sorted set is one listpack of elements and scores in turn, in order. A larger one is kept twice: a dict that
 * leads from the element to its node, and a skiplist that has the nodes in order of score, then of bytes:
 *
 *     robj ptr, LISTPACK                 [ "a" | 1 | "b" | 2 | "c" | 2.5 ]
 *
 *     robj ptr, SKIPLIST                 zset { dict, zsl }
 *       dict:  "a" ─► 164, "b" ─► 172, "c" ─► 176     where the nodes are in the table below
 *
 *       level 1   header ────────────────2──────► b ───────1─────── ┤
 *       level 0   header ───1──► a ──────1──────► b ──1──► c ──0─── ┤     the numbers are the spans
 *                          null ◄─────── a ◄───── b ◄────── c ◄──── tail
 *
 * A search goes along the highest level as far as it can without passing its place, then along the next lower one. One
 * node in four is on the next level too. Adding up the spans on the way gives the rank, so that ranks are found as fast
 * as scores.
 *
 * The levels of all nodes lie in one table, `zsl.table`, four words of 32 bits each: a score of 64 bits, forward, span. A
 * search goes from level to level within it, and looks at an element only where scores are equal. What C does with the
 * address of a level, this does with the number of its first word, `at`: the next higher level of the same node is at + 4,
 * and 0 is none. `scores` and `links` are the same bytes, as doubles and as words. This is the table of the list above:
 *
 *             scores      links     links      eles      backs
 *       at   [at >> 1]   [at + 2]  [at + 3]  [at >> 2]  [at >> 2]
 *              score      forward    span       ele     backward
 *        0                                                         none; links[1] to links[32] begin the lists of freed
 *                                                                  nodes by height, which go on at their forward
 *       36       0          164        1       null         0      level 0 of the header
 *       40       0          172        2       null        -1      level 1, and behind it 30 that are not used yet
 *      164       1          168        1        a           0      level 0 of a
 *      168       2          176        1        b          164     level 0 of b
 *      172       2            0        1        b          -1      level 1 of b
 *      176      2.5           0        0        c          168     level 0 of c
 *      180                                                         top: the next new node
 *
 * A node ends where `backs` is no longer -1. A zskiplistNode is a pointer into the table.
 *
 * A table that is full becomes one of twice the size, in which all levels keep their numbers (zslExpand). When most of its
 * nodes are gone, the others are written to a smaller one (zslResize).
 *
 *     ZADD     ─► zaddCommand ─► zaddGenericCommand ─► zsetAdd ─► zzlInsert (listpack)
 *                                                              └► zslInsert, dictAdd (skiplist)
 *     ZRANGE   ─► zrangeCommand ─► zrangeGenericCommand ─► genericZrangebyrankCommand ─► handler (reply, or store)
 *     ZUNION   ─► zunionCommand ─► zunionInterDiffGenericCommand ─► zuiNext, zuiFind over sets and sorted sets
 *     ZPOPMIN  ─► zpopminCommand ─► zpopMinMaxCommand ─► genericZpopCommand ─► zsetDel
 *
 * Who calls in: call(), blocked.ts, object.ts, db.ts, and whoever builds a sorted set. Whom it calls: listpack, dict,
 * db, networking.
 * What differs from C: an element is an immutable string, which node and dict share; its bytes are in the account from
 * the making of its node to the freeing of it. The nodes are in the table, not each by itself on the heap: what they hold is
 * read there, forward(i) for C's level[i].forward, span(i) for level[i].span, and zslCreateNode() takes the table besides.
 * The dict has the lowest level as value, where C has the address of the score in the node. Positions in a listpack are
 * offsets, so that functions take the listpack besides. The ends of lexicographical ranges are symbols. ZRANDMEMBER refuses
 * negative counts that overflow in C.
 *
 * @packageDocumentation
 */
import {
  addReply,
  addReplyArrayLen,
  addReplyBulk,
  addReplyBulkCBuffer,
  addReplyBulkLongLong,
  addReplyBulkSds,
  addReplyDeferredLen,
  addReplyDouble,
  addReplyError,
  addReplyErrorFormat,
  addReplyErrorObject,
  addReplyLongLong,
  addReplyNull,
  addReplyNullArray,
  rewriteClientCommandVector,
  setDeferredArrayLen,
} from '../networking/networking.ts';
import { getTimeoutFromObjectOrReply } from '../networking/timeout.ts';
import {
  LP_AFTER,
  LP_BEFORE,
  listpackEntry,
  lpAppend,
  lpAppendInteger,
  lpBytes,
  lpCompare,
  lpDeleteRange,
  lpDeleteRangeWithEntry,
  lpFind,
  lpFirst,
  lpFree,
  lpGetValue,
  lpInsertInteger,
  lpInsertString,
  lpLength,
  lpNew,
  lpNext,
  lpPos,
  lpPrev,
  lpRandomPair,
  lpRandomPairs,
  lpRandomPairsUnique,
  lpRef,
  lpSafeToAdd,
  lpSeek,
} from '../quicklist/listpack.ts';
import { blockForKeys } from '../server/blocked.ts';
import {
  dbAdd,
  dbDelete,
  lookupKeyRead,
  lookupKeyReadOrReply,
  lookupKeyWrite,
  lookupKeyWriteOrReply,
  parseScanCursorOrReply,
  scanGenericCommand,
  setKey,
  signalModifiedKey,
} from '../server/db.ts';
import { serverAssert, serverAssertWithInfo, serverPanic } from '../server/debug.ts';
import { notifyKeyspaceEvent } from '../server/notify.ts';
import {
  dictSdsHash,
  dictSdsKeyCompare,
  hashDictType,
  htNeedsResize,
  sdsReplyDictType,
  zsetDictType,
} from '../server/server.ts';
import {
  BLOCKED_ZSET,
  CLIENT_DENY_BLOCKING,
  C_ERR,
  C_OK,
  LEVEL_FORWARD,
  LEVEL_SPAN,
  LEVEL_WORDS,
  NOTIFY_GENERIC,
  NOTIFY_ZSET,
  OBJ_ENCODING_HT,
  OBJ_ENCODING_INT,
  OBJ_ENCODING_INTSET,
  OBJ_ENCODING_LISTPACK,
  OBJ_ENCODING_SKIPLIST,
  OBJ_SET,
  OBJ_ZSET,
  SET_OP_DIFF,
  SET_OP_INTER,
  SET_OP_UNION,
  UNIT_SECONDS,
  ZADD_IN_GT,
  ZADD_IN_INCR,
  ZADD_IN_LT,
  ZADD_IN_NONE,
  ZADD_IN_NX,
  ZADD_IN_XX,
  ZADD_OUT_ADDED,
  ZADD_OUT_NAN,
  ZADD_OUT_NOP,
  ZADD_OUT_UPDATED,
  ZSET_MAX,
  ZSET_MIN,
  ZSKIPLIST_HIGHER,
  ZSKIPLIST_MAXLEVEL,
  ZSKIPLIST_P,
  ZSKIPLIST_TABLE_MIN,
  ZSKIPLIST_TABLE_START,
  blockPos,
  server,
  shared,
  zlexrangespec,
  zrangespec,
  zset,
  zskiplist,
  zskiplistNode,
  zskiplistTable,
  zslSearch,
  type client,
  type clientReplyBlock,
  type robj,
} from '../server/server.h.ts';
import type { listNode } from './adlist.ts';
import {
  DICT_OK,
  dictAdd,
  dictAddRaw,
  dictCreate,
  dictDelete,
  dictExisting,
  dictExpand,
  dictFind,
  dictFreeUnlinkedEntry,
  dictGetDoubleVal,
  dictGetFairRandomKey,
  dictGetIterator,
  dictGetKey,
  dictNext,
  dictRelease,
  dictReleaseIterator,
  dictResize,
  dictSetDoubleVal,
  dictSetVal,
  dictSize,
  dictUnlink,
  type dict,
  type dictEntry,
  type dictIterator,
  type dictType,
} from './dict.ts';
import { intsetFind, intsetGet, intsetLen } from './intset.ts';
import {
  LLONG_MAX,
  checkType,
  createObject,
  createStringObjectFromLongLong,
  createZsetListpackObject,
  createZsetObject,
  decrRefCount,
  getDoubleFromObjectOrReply,
  getLongFromObjectOrReply,
  getPositiveLongFromObjectOrReply,
  getRangeLongFromObjectOrReply,
  objPtrString,
  sdsEncodedObject,
} from './object.ts';
import { sdsStringAllocSize } from './sds.ts';
import { d2string, double2ll, ll2string, random, strcasecmp, string2ll, strtod } from './util.ts';
import { zfree, zmalloc, zmalloc_bytes } from './zmalloc.ts';

/* Bytes of the C structs, for the account. */
export const SIZEOF_ZSET = 16;
export const SIZEOF_ZSKIPLIST = 32;
export const SIZEOF_ZSKIPLISTNODE = 24;
export const SIZEOF_ZSKIPLISTLEVEL = 16;

/** What random() gives at most. */
const RAND_MAX = 2147483647;

/** Numbers of random() below it raise a node by a level. */
const ZSKIPLIST_THRESHOLD = Math.trunc(ZSKIPLIST_P * RAND_MAX);
const LONG_MAX = Number(LLONG_MAX);

/** Where a score is left that a function has found. */
export class scoreRef {
  score = 0;
}

/* --------------- Skiplist implementation of the low level API --------------- */

/**
 * A node with `level` levels in the table, whose links are up to the caller. It and the bytes of the element go into the
 * account; `ele` is null in the header only. The table may lie elsewhere afterwards.
 *
 * @c t_zset.c:71
 */
export function zslCreateNode(
  table: zskiplistTable,
  level: number,
  score: number,
  ele: string | null,
): zskiplistNode {
  zmalloc(SIZEOF_ZSKIPLISTNODE + level * SIZEOF_ZSKIPLISTLEVEL);
  if (ele !== null) zmalloc(sdsStringAllocSize(ele.length));

  // A node of this height that was freed, as the allocator would have it at hand.
  let lowest = table.links[level];
  if (lowest !== 0) {
    table.links[level] = table.links[lowest + LEVEL_FORWARD];
    for (let i = 0; i < level; i++) table.eles[(lowest >> 2) + i] = ele;
  } else {
    lowest = table.top;
    if (lowest + level * LEVEL_WORDS > table.links.length) zslExpand(table);
    for (let i = 0; i < level; i++) table.eles.push(ele);
    for (let i = 1; i < level; i++) table.backs[(lowest >> 2) + i] = ZSKIPLIST_HIGHER;
    table.top += level * LEVEL_WORDS;
  }
  for (let i = 0; i < level; i++) table.scores[(lowest + i * LEVEL_WORDS) >> 1] = score;
  return new zskiplistNode(table, lowest);
}

/**
 * Makes a table twice as large. All levels keep their numbers.
 *
 * @own the table of the levels
 */
export function zslExpand(table: zskiplistTable): void {
  const { links, backs } = table;
  table.allocate(2 * backs.length);
  table.links.set(links);
  table.backs.set(backs);
}

/**
 * Makes the table as small as it can be if only a small part of it is in use: its levels are written to new arrays, node
 * by node in their order, and the dict is told where they are now.
 *
 * @own the table of the levels
 */
export function zslResize({ zsl, dict }: zset): void {
  const { table, header } = zsl;
  const { links, scores, backs, eles } = table;

  // A node has 4/3 levels on the average, so that a new table stays well below this limit.
  if (backs.length <= 8 * (ZSKIPLIST_MAXLEVEL + zsl.length)) return;

  let levels = ZSKIPLIST_TABLE_START / LEVEL_WORDS;
  for (let x: zskiplistNode | null = header; x !== null; x = x.forward(0)) levels += x.height;
  let room = ZSKIPLIST_TABLE_MIN;
  while (room < levels) room *= 2;
  table.allocate(room);
  table.eles = eles.slice(0, ZSKIPLIST_TABLE_START / LEVEL_WORDS);
  table.top = ZSKIPLIST_TABLE_START;

  // By height, the last one that was written: it leads to the next one.
  const last = zslSearch.update;
  let before = 0;
  let old = header.level;
  do {
    const level = table.top;
    let i = 0;
    do {
      const at = level + i * LEVEL_WORDS;
      const was = old + i * LEVEL_WORDS;
      table.scores[at >> 1] = scores[was >> 1];
      table.links[at + LEVEL_SPAN] = links[was + LEVEL_SPAN];
      if (old !== header.level) table.links[last[i] + LEVEL_FORWARD] = at;
      last[i] = at;
      table.eles.push(eles[was >> 2]);
      table.backs[at >> 2] = i === 0 ? before : ZSKIPLIST_HIGHER;
      i++;
    } while (backs[(old >> 2) + i] === ZSKIPLIST_HIGHER);
    table.top += i * LEVEL_WORDS;
    before = old === header.level ? 0 : level;
    // In the old table, which goes, the span is in no use any more: it keeps the new place.
    links[old + LEVEL_SPAN] = level;
    old = links[old + LEVEL_FORWARD];
  } while (old !== 0);
  zsl.tail_level = before;

  const di = dictGetIterator(dict);
  for (let de = dictNext(di); de !== null; de = dictNext(di)) de.v = links[de.v + LEVEL_SPAN];
  dictReleaseIterator(di);
}

/**
 * An empty skiplist.
 *
 * @c t_zset.c:80
 */
export function zslCreate(): zskiplist {
  zmalloc(SIZEOF_ZSKIPLIST);
  const table = zslSearch.spare ?? new zskiplistTable();
  zslSearch.spare = null;
  const zsl = new zskiplist(zslCreateNode(table, ZSKIPLIST_MAXLEVEL, 0, null));
  const { level } = zsl.header;
  for (let j = 0; j < ZSKIPLIST_MAXLEVEL; j++) {
    table.links[level + j * LEVEL_WORDS + LEVEL_FORWARD] = 0;
    table.links[level + j * LEVEL_WORDS + LEVEL_SPAN] = 0;
  }
  table.backs[level >> 2] = 0;
  return zsl;
}

/**
 * Takes a node that nothing leads to any more, and its element, off the account. It will be handed out again.
 *
 * @c t_zset.c:100
 */
export function zslFreeNode(node: zskiplistNode): void {
  if (node.ele !== null) zfree(sdsStringAllocSize(node.ele.length));
  const { table, level, height } = node;
  zfree(SIZEOF_ZSKIPLISTNODE + height * SIZEOF_ZSKIPLISTLEVEL);

  for (let i = 0; i < height; i++) table.eles[(level >> 2) + i] = null;
  table.links[level + LEVEL_FORWARD] = table.links[height];
  table.links[height] = level;
}

/**
 * Frees a skiplist with all its nodes.
 *
 * @c t_zset.c:106
 */
export function zslFree(zsl: zskiplist): void {
  let node = zsl.header.forward(0);

  zslFreeNode(zsl.header);
  while (node !== null) {
    const next: zskiplistNode | null = node.forward(0);
    zslFreeNode(node);
    node = next;
  }
  zslSpareTable(zsl.table);
  zfree(SIZEOF_ZSKIPLIST);
}

/**
 * Keeps a table whose nodes are all freed for the next skiplist, if it has not grown: a command that combines sorted sets
 * makes a skiplist and frees it again, and typed arrays are slow to make.
 *
 * @own the table of the levels
 */
export function zslSpareTable(table: zskiplistTable): void {
  if (table.backs.length === ZSKIPLIST_TABLE_MIN) zslSearch.spare = table;
}

/**
 * How many levels a new node gets, 1 to ZSKIPLIST_MAXLEVEL: each further one with probability ZSKIPLIST_P.
 *
 * @c t_zset.c:122
 */
export function zslRandomLevel(): number {
  let level = 1;
  while (random() < ZSKIPLIST_THRESHOLD) level += 1;
  return level < ZSKIPLIST_MAXLEVEL ? level : ZSKIPLIST_MAXLEVEL;
}

/**
 * Adds an element, which the caller knows not to be there, and returns its node. The score is no NaN.
 *
 * @c t_zset.c:133
 */
export function zslInsert(zsl: zskiplist, score: number, ele: string): zskiplistNode {
  const { table, header } = zsl;
  const { scores, eles } = table;
  const { update, rank } = zslSearch;
  let links = table.links;

  serverAssert(!Number.isNaN(score), '!isnan(score)');
  let at = header.level + zsl.level * LEVEL_WORDS;
  // The count of the nodes passed goes on from one level to the one below.
  let crossed = 0;
  for (let i = zsl.level - 1; i >= 0; i--) {
    at -= LEVEL_WORDS;
    let next = links[at + LEVEL_FORWARD];
    while (
      next !== 0 &&
      (scores[next >> 1] < score || (scores[next >> 1] === score && eles[next >> 2]! < ele))
    ) {
      crossed += links[at + LEVEL_SPAN];
      at = next;
      next = links[at + LEVEL_FORWARD];
    }
    rank[i] = crossed;
    update[i] = at;
  }

  const level = zslRandomLevel();
  if (level > zsl.level) {
    for (let i = zsl.level; i < level; i++) {
      rank[i] = 0;
      update[i] = header.level + i * LEVEL_WORDS;
      links[update[i] + LEVEL_SPAN] = zsl.length;
    }
    zsl.level = level;
  }
  const x = zslCreateNode(table, level, score, ele);
  // For the node, the table may have moved.
  links = table.links;
  for (let i = 0; i < level; i++) {
    const before = update[i];
    const here = x.level + i * LEVEL_WORDS;
    links[here + LEVEL_FORWARD] = links[before + LEVEL_FORWARD];
    links[before + LEVEL_FORWARD] = here;

    // The new node divides the span; with it, there is one more node to be divided.
    links[here + LEVEL_SPAN] = links[before + LEVEL_SPAN] - (rank[0] - rank[i]);
    links[before + LEVEL_SPAN] = rank[0] - rank[i] + 1;
  }

  // Links that lead over the new node.
  for (let i = level; i < zsl.level; i++) links[update[i] + LEVEL_SPAN]++;

  const { backs } = table;
  backs[x.level >> 2] = update[0] === header.level ? 0 : update[0];
  const following = links[x.level + LEVEL_FORWARD];
  if (following !== 0) backs[following >> 2] = x.level;
  else zsl.tail_level = x.level;
  zsl.length++;
  return x;
}

/**
 * Takes the node `x` out of the list; `update` are, by height, the levels that come before it.
 *
 * @c t_zset.c:192
 */
export function zslDeleteNode(zsl: zskiplist, x: zskiplistNode, update: Int32Array): void {
  const { links, backs } = zsl.table;
  for (let i = 0; i < zsl.level; i++) {
    const before = update[i];
    const here = x.level + i * LEVEL_WORDS;
    // Above its own levels `here` is none that a link of this height leads to.
    if (links[before + LEVEL_FORWARD] === here) {
      links[before + LEVEL_SPAN] += links[here + LEVEL_SPAN] - 1;
      links[before + LEVEL_FORWARD] = links[here + LEVEL_FORWARD];
    } else {
      links[before + LEVEL_SPAN] -= 1;
    }
  }
  const following = links[x.level + LEVEL_FORWARD];
  if (following !== 0) backs[following >> 2] = backs[x.level >> 2];
  else zsl.tail_level = backs[x.level >> 2];
  const top = zsl.header.level + LEVEL_FORWARD;
  while (zsl.level > 1 && links[top + (zsl.level - 1) * LEVEL_WORDS] === 0) zsl.level--;
  zsl.length--;
}

/** Where zslDelete() leaves the node that it has taken out. */
export class zslUnlinked {
  node: zskiplistNode | null = null;
}

/**
 * Removes the element with just this score. 1 if it was there, else 0. Without `node` its node is freed; with it, the node
 * is left there, and freeing it is up to the caller.
 *
 * @c t_zset.c:220
 */
export function zslDelete(
  zsl: zskiplist,
  score: number,
  ele: string,
  node: zslUnlinked | null,
): number {
  const { links, scores, eles } = zsl.table;
  const { update } = zslSearch;

  let at = zsl.header.level + zsl.level * LEVEL_WORDS;
  for (let i = zsl.level - 1; i >= 0; i--) {
    at -= LEVEL_WORDS;
    let next = links[at + LEVEL_FORWARD];
    while (
      next !== 0 &&
      (scores[next >> 1] < score || (scores[next >> 1] === score && eles[next >> 2]! < ele))
    ) {
      at = next;
      next = links[at + LEVEL_FORWARD];
    }
    update[i] = at;
  }
  // Others may have the same score: it is the one only if the element is the same, too.
  const x = zsl.table.node(links[at + LEVEL_FORWARD]);
  if (x !== null && score === x.score && x.ele === ele) {
    zslDeleteNode(zsl, x, update);
    if (node === null) zslFreeNode(x);
    else node.node = x;
    return 1;
  }
  return 0;
}

/**
 * Gives an element that is there with `curscore` another score. Returns its node, which is the old one if it stays between
 * its neighbours, else a new one; the dict has to be told by the caller.
 *
 * @c t_zset.c:260
 */
export function zslUpdateScore(
  zsl: zskiplist,
  curscore: number,
  ele: string,
  newscore: number,
): zskiplistNode {
  const { links, scores, eles } = zsl.table;
  const { update } = zslSearch;

  // The way to the new place is walked beside the way to the old one, a step here, a step there: most steps wait for memory, and so
  // they wait together. When zslInsert() walks it again, the levels are in the cache.
  let at = zsl.header.level + zsl.level * LEVEL_WORDS;
  let ahead = at;
  for (let i = zsl.level - 1; i >= 0; i--) {
    at -= LEVEL_WORDS;
    ahead -= LEVEL_WORDS;
    let next = links[at + LEVEL_FORWARD];
    let nextAhead = links[ahead + LEVEL_FORWARD];
    for (;;) {
      // Both are read before either is looked at.
      const score = scores[next >> 1];
      const scoreAhead = scores[nextAhead >> 1];
      if (next === 0 || !(score < curscore || (score === curscore && eles[next >> 2]! < ele))) {
        break;
      }
      at = next;
      next = links[at + LEVEL_FORWARD];
      if (nextAhead !== 0 && scoreAhead < newscore) {
        ahead = nextAhead;
        nextAhead = links[ahead + LEVEL_FORWARD];
      }
    }
    while (nextAhead !== 0 && scores[nextAhead >> 1] < newscore) {
      ahead = nextAhead;
      nextAhead = links[ahead + LEVEL_FORWARD];
    }
    update[i] = at;
  }
  zslSearch.ahead = ahead;

  const found = zsl.table.node(links[at + LEVEL_FORWARD]);
  serverAssert(
    found !== null && curscore === found.score && found.ele === ele,
    'x && curscore == x->score && sdscmp(x->ele,ele) == 0',
  );
  const x = found!;

  // `at` is the level before: `x->backward` in C.
  const following = links[x.level + LEVEL_FORWARD];
  if (
    (at === zsl.header.level || scores[at >> 1] < newscore) &&
    (following === 0 || scores[following >> 1] > newscore)
  ) {
    for (let i = 0; i < x.height; i++) scores[(x.level + i * LEVEL_WORDS) >> 1] = newscore;
    return x;
  }

  // The element is in the account once for either node: freeing the old one leaves that of the new one.
  zslDeleteNode(zsl, x, update);
  const newnode = zslInsert(zsl, newscore, x.ele as string);
  zslFreeNode(x);
  return newnode;
}

/**
 * Whether a score lies on the inner side of the lower end.
 *
 * @c t_zset.c:304
 */
export function zslValueGteMin(value: number, spec: zrangespec): boolean {
  return spec.minex ? value > spec.min : value >= spec.min;
}

/**
 * Whether a score lies on the inner side of the upper end.
 *
 * @c t_zset.c:308
 */
export function zslValueLteMax(value: number, spec: zrangespec): boolean {
  return spec.maxex ? value < spec.max : value <= spec.max;
}

/**
 * Whether the range and the span of the scores overlap; there may still be no score in it.
 *
 * @c t_zset.c:313
 */
export function zslIsInRange(zsl: zskiplist, range: zrangespec): boolean {
  // Some ranges hold nothing at all.
  if (range.min > range.max || (range.min === range.max && (range.minex || range.maxex))) {
    return false;
  }
  let x = zsl.tail;
  if (x === null || !zslValueGteMin(x.score, range)) return false;
  x = zsl.header.forward(0);
  if (x === null || !zslValueLteMax(x.score, range)) return false;
  return true;
}

/**
 * The first node in a range of scores, or null.
 *
 * @c t_zset.c:331
 */
export function zslFirstInRange(zsl: zskiplist, range: zrangespec): zskiplistNode | null {
  if (!zslIsInRange(zsl, range)) return null;

  const { links, scores } = zsl.table;
  let at = zsl.header.level + zsl.level * LEVEL_WORDS;
  for (let i = zsl.level - 1; i >= 0; i--) {
    at -= LEVEL_WORDS;
    let next = links[at + LEVEL_FORWARD];
    while (next !== 0 && !zslValueGteMin(scores[next >> 1], range)) {
      at = next;
      next = links[at + LEVEL_FORWARD];
    }
  }

  // The last node is not below the range, so that there is one here.
  const x = zsl.table.node(links[at + LEVEL_FORWARD]);
  serverAssert(x !== null, 'x != NULL');

  if (!zslValueLteMax(x!.score, range)) return null;
  return x;
}

/**
 * The last node in a range of scores, or null.
 *
 * @c t_zset.c:357
 */
export function zslLastInRange(zsl: zskiplist, range: zrangespec): zskiplistNode | null {
  if (!zslIsInRange(zsl, range)) return null;

  const { links, scores } = zsl.table;
  let at = zsl.header.level + zsl.level * LEVEL_WORDS;
  for (let i = zsl.level - 1; i >= 0; i--) {
    at -= LEVEL_WORDS;
    let next = links[at + LEVEL_FORWARD];
    while (next !== 0 && zslValueLteMax(scores[next >> 1], range)) {
      at = next;
      next = links[at + LEVEL_FORWARD];
    }
  }

  // The first node is not above the range, so that this is no longer the header.
  const x = zsl.table.node(at)!;
  serverAssert(x.level !== zsl.header.level, 'x != NULL');

  if (!zslValueGteMin(x.score, range)) return null;
  return x;
}

/**
 * Removes all elements in a range of scores, from the dict too. Returns how many.
 *
 * @c t_zset.c:385
 */
export function zslDeleteRangeByScore(
  zsl: zskiplist,
  range: zrangespec,
  dict: dict<string, number>,
): number {
  const { links, scores } = zsl.table;
  const { update } = zslSearch;
  let removed = 0;

  let at = zsl.header.level + zsl.level * LEVEL_WORDS;
  for (let i = zsl.level - 1; i >= 0; i--) {
    at -= LEVEL_WORDS;
    let next = links[at + LEVEL_FORWARD];
    while (next !== 0 && !zslValueGteMin(scores[next >> 1], range)) {
      at = next;
      next = links[at + LEVEL_FORWARD];
    }
    update[i] = at;
  }

  let x = zsl.table.node(links[at + LEVEL_FORWARD]);
  while (x !== null && zslValueLteMax(x.score, range)) {
    const next: zskiplistNode | null = x.forward(0);
    zslDeleteNode(zsl, x, update);
    dictDelete(dict, x.ele as string);
    zslFreeNode(x);
    removed++;
    x = next;
  }
  return removed;
}

/**
 * Removes all elements in a range of bytes, from the dict too. Returns how many.
 *
 * @c t_zset.c:413
 */
export function zslDeleteRangeByLex(
  zsl: zskiplist,
  range: zlexrangespec,
  dict: dict<string, number>,
): number {
  const { links, eles } = zsl.table;
  const { update } = zslSearch;
  let removed = 0;

  let at = zsl.header.level + zsl.level * LEVEL_WORDS;
  for (let i = zsl.level - 1; i >= 0; i--) {
    at -= LEVEL_WORDS;
    let next = links[at + LEVEL_FORWARD];
    while (next !== 0 && !zslLexValueGteMin(eles[next >> 2]!, range)) {
      at = next;
      next = links[at + LEVEL_FORWARD];
    }
    update[i] = at;
  }

  let x = zsl.table.node(links[at + LEVEL_FORWARD]);
  while (x !== null && zslLexValueLteMax(x.ele as string, range)) {
    const next: zskiplistNode | null = x.forward(0);
    zslDeleteNode(zsl, x, update);
    dictDelete(dict, x.ele as string);
    zslFreeNode(x);
    removed++;
    x = next;
  }
  return removed;
}

/**
 * Removes the elements with ranks `start` to `end`, both counted from 1 and included, from the dict too. Returns how many.
 *
 * @c t_zset.c:444
 */
export function zslDeleteRangeByRank(
  zsl: zskiplist,
  start: number,
  end: number,
  dict: dict<string, number>,
): number {
  const { links } = zsl.table;
  const { update } = zslSearch;
  let traversed = 0;
  let removed = 0;

  let at = zsl.header.level + zsl.level * LEVEL_WORDS;
  for (let i = zsl.level - 1; i >= 0; i--) {
    at -= LEVEL_WORDS;
    while (links[at + LEVEL_FORWARD] !== 0 && traversed + links[at + LEVEL_SPAN] < start) {
      traversed += links[at + LEVEL_SPAN];
      at = links[at + LEVEL_FORWARD];
    }
    update[i] = at;
  }

  traversed++;
  let x = zsl.table.node(links[at + LEVEL_FORWARD]);
  while (x !== null && traversed <= end) {
    const next: zskiplistNode | null = x.forward(0);
    zslDeleteNode(zsl, x, update);
    dictDelete(dict, x.ele as string);
    zslFreeNode(x);
    removed++;
    traversed++;
    x = next;
  }
  return removed;
}

/**
 * The rank, from 1 on, of the element with just this score; 0 if it is not there.
 *
 * @c t_zset.c:476
 */
export function zslGetRank(zsl: zskiplist, score: number, ele: string): number {
  const { links, scores, eles } = zsl.table;
  let rank = 0;

  let at = zsl.header.level + zsl.level * LEVEL_WORDS;
  for (let i = zsl.level - 1; i >= 0; i--) {
    at -= LEVEL_WORDS;
    let next = links[at + LEVEL_FORWARD];
    while (
      next !== 0 &&
      (scores[next >> 1] < score || (scores[next >> 1] === score && eles[next >> 2]! <= ele))
    ) {
      rank += links[at + LEVEL_SPAN];
      at = next;
      next = links[at + LEVEL_FORWARD];
    }

    // In the header the element is null.
    if (scores[at >> 1] === score && eles[at >> 2] === ele) return rank;
  }
  return 0;
}

/**
 * The node with a rank, counted from 1; null if there is none (rank 0 gives the header).
 *
 * @c t_zset.c:500
 */
export function zslGetElementByRank(zsl: zskiplist, rank: number): zskiplistNode | null {
  const { links } = zsl.table;
  let traversed = 0;

  let at = zsl.header.level + zsl.level * LEVEL_WORDS;
  for (let i = zsl.level - 1; i >= 0; i--) {
    at -= LEVEL_WORDS;
    while (links[at + LEVEL_FORWARD] !== 0 && traversed + links[at + LEVEL_SPAN] <= rank) {
      traversed += links[at + LEVEL_SPAN];
      at = links[at + LEVEL_FORWARD];
    }
    if (traversed === rank) return zsl.table.node(at - i * LEVEL_WORDS);
  }
  return null;
}

/**
 * The range of scores that two arguments spell: each a number, or `(` and a number for an end that does not belong to it.
 * null if one of them is something else, or NaN. As in C, an empty text counts as 0, and what comes behind a zero byte
 * does not count.
 *
 * @c t_zset.c:520
 * @cstatic
 */
export function zslParseRange(min: robj, max: robj): zrangespec | null {
  const spec = new zrangespec();

  if (min.encoding === OBJ_ENCODING_INT) {
    spec.min = Number(min.ptr);
  } else {
    let s = objPtrString(min);
    if (s.charCodeAt(0) === 0x28) {
      s = s.slice(1);
      spec.minex = 1;
    }
    const { value, end } = strtod(s);
    if ((end !== s.length && s.charCodeAt(end) !== 0) || Number.isNaN(value)) return null;
    spec.min = value;
  }
  if (max.encoding === OBJ_ENCODING_INT) {
    spec.max = Number(max.ptr);
  } else {
    let s = objPtrString(max);
    if (s.charCodeAt(0) === 0x28) {
      s = s.slice(1);
      spec.maxex = 1;
    }
    const { value, end } = strtod(s);
    if ((end !== s.length && s.charCodeAt(end) !== 0) || Number.isNaN(value)) return null;
    spec.max = value;
  }

  return spec;
}

/* ------------------------ Lexicographic ranges ---------------------------- */

/**
 * Reads one end of a lexicographical range into the upper end of `spec` if `upper`, else into the lower: `-` and `+` are
 * the ends of everything, `(foo` leaves foo out, `[foo` does not. C_ERR, and `spec` as it was, if it is none of these.
 *
 * @c t_zset.c:571
 */
export function zslParseLexRangeItem(item: robj, spec: zlexrangespec, upper: boolean): number {
  const c = objPtrString(item);
  let dest: string | symbol;
  let ex: number;

  switch (c[0]) {
    case '+':
      if (c.length > 1 && c.charCodeAt(1) !== 0) return C_ERR;
      ex = 1;
      dest = shared.maxstring;
      break;
    case '-':
      if (c.length > 1 && c.charCodeAt(1) !== 0) return C_ERR;
      ex = 1;
      dest = shared.minstring;
      break;
    case '(':
      ex = 1;
      dest = c.slice(1);
      break;
    case '[':
      ex = 0;
      dest = c.slice(1);
      break;
    default:
      return C_ERR;
  }
  if (upper) {
    spec.max = dest;
    spec.maxex = ex;
  } else {
    spec.min = dest;
    spec.minex = ex;
  }
  return C_OK;
}

/**
 * Lets go of the ends of a range that zslParseLexRange() gave.
 *
 * @c t_zset.c:600
 */
export function zslFreeLexRange(spec: zlexrangespec): void {
  spec.min = null;
  spec.max = null;
}

/**
 * The lexicographical range that two arguments spell, or null if they do not spell any.
 *
 * @c t_zset.c:612
 */
export function zslParseLexRange(min: robj, max: robj): zlexrangespec | null {
  // Each end begins with a sign that no integer has.
  if (min.encoding === OBJ_ENCODING_INT || max.encoding === OBJ_ENCODING_INT) return null;

  const spec = new zlexrangespec();
  if (
    zslParseLexRangeItem(min, spec, false) === C_ERR ||
    zslParseLexRangeItem(max, spec, true) === C_ERR
  ) {
    zslFreeLexRange(spec);
    return null;
  } else {
    return spec;
  }
}

/**
 * Compares two strings by their bytes: negative, 0 or positive. shared.minstring is less than any other, and
 * shared.maxstring greater.
 *
 * @c t_zset.c:631
 */
export function sdscmplex(a: string | symbol | null, b: string | symbol | null): number {
  if (a === b) return 0;
  if (a === shared.minstring || b === shared.maxstring) return -1;
  if (a === shared.maxstring || b === shared.minstring) return 1;
  return (a as string) < (b as string) ? -1 : 1;
}

/**
 * Whether an element lies on the inner side of the lower end.
 *
 * @c t_zset.c:638
 */
export function zslLexValueGteMin(value: string, spec: zlexrangespec): boolean {
  return spec.minex ? sdscmplex(value, spec.min) > 0 : sdscmplex(value, spec.min) >= 0;
}

/**
 * Whether an element lies on the inner side of the upper end.
 *
 * @c t_zset.c:644
 */
export function zslLexValueLteMax(value: string, spec: zlexrangespec): boolean {
  return spec.maxex ? sdscmplex(value, spec.max) < 0 : sdscmplex(value, spec.max) <= 0;
}

/**
 * Whether the range and the span of the elements overlap; there may still be no element in it.
 *
 * @c t_zset.c:651
 */
export function zslIsInLexRange(zsl: zskiplist, range: zlexrangespec): boolean {
  // Some ranges hold nothing at all.
  const cmp = sdscmplex(range.min, range.max);
  if (cmp > 0 || (cmp === 0 && (range.minex || range.maxex))) return false;
  let x = zsl.tail;
  if (x === null || !zslLexValueGteMin(x.ele as string, range)) return false;
  x = zsl.header.forward(0);
  if (x === null || !zslLexValueLteMax(x.ele as string, range)) return false;
  return true;
}

/**
 * The first node in a lexicographical range, or null.
 *
 * @c t_zset.c:669
 */
export function zslFirstInLexRange(zsl: zskiplist, range: zlexrangespec): zskiplistNode | null {
  if (!zslIsInLexRange(zsl, range)) return null;

  const { links, eles } = zsl.table;
  let at = zsl.header.level + zsl.level * LEVEL_WORDS;
  for (let i = zsl.level - 1; i >= 0; i--) {
    at -= LEVEL_WORDS;
    let next = links[at + LEVEL_FORWARD];
    while (next !== 0 && !zslLexValueGteMin(eles[next >> 2]!, range)) {
      at = next;
      next = links[at + LEVEL_FORWARD];
    }
  }

  // The last node is not below the range, so that there is one here.
  const x = zsl.table.node(links[at + LEVEL_FORWARD]);
  serverAssert(x !== null, 'x != NULL');

  if (!zslLexValueLteMax(x!.ele as string, range)) return null;
  return x;
}

/**
 * The last node in a lexicographical range, or null.
 *
 * @c t_zset.c:695
 */
export function zslLastInLexRange(zsl: zskiplist, range: zlexrangespec): zskiplistNode | null {
  if (!zslIsInLexRange(zsl, range)) return null;

  const { links, eles } = zsl.table;
  let at = zsl.header.level + zsl.level * LEVEL_WORDS;
  for (let i = zsl.level - 1; i >= 0; i--) {
    at -= LEVEL_WORDS;
    let next = links[at + LEVEL_FORWARD];
    while (next !== 0 && zslLexValueLteMax(eles[next >> 2]!, range)) {
      at = next;
      next = links[at + LEVEL_FORWARD];
    }
  }

  // The first node is not above the range, so that this is no longer the header.
  const x = zsl.table.node(at)!;
  serverAssert(x.level !== zsl.header.level, 'x != NULL');

  if (!zslLexValueGteMin(x.ele as string, range)) return null;
  return x;
}

/* --------------- Listpack-backed sorted set API --------------- */

/**
 * The number that a text of a listpack spells; only its first 127 bytes count.
 *
 * @c t_zset.c:722
 */
export function zzlStrtod(vstr: string): number {
  return strtod(vstr.length > 127 ? vstr.slice(0, 127) : vstr).value;
}

/**
 * The score at `sptr`.
 *
 * @c t_zset.c:731
 */
export function zzlGetScore(zl: Buffer, sptr: number): number {
  serverAssert(sptr !== 0, 'sptr != NULL');
  const v = lpGetValue(zl, sptr);
  if (typeof v === 'number') return v;
  return typeof v === 'string' ? zzlStrtod(v) : Number(v);
}

/**
 * What is at `sptr`, as a string.
 *
 * @c t_zset.c:750
 */
export function lpGetObject(zl: Buffer, sptr: number): string {
  serverAssert(sptr !== 0, 'sptr != NULL');
  const v = lpGetValue(zl, sptr);
  return typeof v === 'string' ? v : ll2string(v);
}

/**
 * Compares the element at `eptr` with a string by their bytes: negative, 0 or positive.
 *
 * @c t_zset.c:766
 */
export function zzlCompareElements(zl: Buffer, eptr: number, cstr: string): number {
  const v = lpGetValue(zl, eptr);
  const vstr = typeof v === 'string' ? v : ll2string(v);
  if (vstr === cstr) return 0;
  return vstr < cstr ? -1 : 1;
}

/**
 * How many elements there are.
 *
 * @c t_zset.c:786
 */
export function zzlLength(zl: Buffer): number {
  return lpLength(zl) / 2;
}

/**
 * Moves from an element and its score to the next; both become 0 behind the last.
 *
 * @c t_zset.c:792
 */
export function zzlNext(zl: Buffer, eptr: lpPos, sptr: lpPos): void {
  serverAssert(eptr.p !== 0 && sptr.p !== 0, '*eptr != NULL && *sptr != NULL');

  const _eptr = lpNext(zl, sptr.p);
  let _sptr = 0;
  if (_eptr !== 0) {
    _sptr = lpNext(zl, _eptr);
    serverAssert(_sptr !== 0, '_sptr != NULL');
  }

  eptr.p = _eptr;
  sptr.p = _sptr;
}

/**
 * Moves from an element and its score to the one before; both become 0 before the first.
 *
 * @c t_zset.c:811
 */
export function zzlPrev(zl: Buffer, eptr: lpPos, sptr: lpPos): void {
  serverAssert(eptr.p !== 0 && sptr.p !== 0, '*eptr != NULL && *sptr != NULL');

  const _sptr = lpPrev(zl, eptr.p);
  let _eptr = 0;
  if (_sptr !== 0) {
    _eptr = lpPrev(zl, _sptr);
    serverAssert(_eptr !== 0, '_eptr != NULL');
  }

  eptr.p = _eptr;
  sptr.p = _sptr;
}

/**
 * Whether the range and the span of the scores overlap; there may still be no score in it.
 *
 * @c t_zset.c:830
 */
export function zzlIsInRange(zl: Buffer, range: zrangespec): boolean {
  // Some ranges hold nothing at all.
  if (range.min > range.max || (range.min === range.max && (range.minex || range.maxex))) {
    return false;
  }

  let p = lpSeek(zl, -1);
  if (p === 0) return false;
  let score = zzlGetScore(zl, p);
  if (!zslValueGteMin(score, range)) return false;

  p = lpSeek(zl, 1);
  serverAssert(p !== 0, 'p != NULL');
  score = zzlGetScore(zl, p);
  if (!zslValueLteMax(score, range)) return false;

  return true;
}

/**
 * The first element in a range of scores, or 0.
 *
 * @c t_zset.c:856
 */
export function zzlFirstInRange(zl: Buffer, range: zrangespec): number {
  let eptr = lpSeek(zl, 0);

  if (!zzlIsInRange(zl, range)) return 0;

  while (eptr !== 0) {
    const sptr = lpNext(zl, eptr);
    serverAssert(sptr !== 0, 'sptr != NULL');

    const score = zzlGetScore(zl, sptr);
    if (zslValueGteMin(score, range)) {
      if (zslValueLteMax(score, range)) return eptr;
      return 0;
    }

    eptr = lpNext(zl, sptr);
  }

  return 0;
}

/**
 * The last element in a range of scores, or 0.
 *
 * @c t_zset.c:884
 */
export function zzlLastInRange(zl: Buffer, range: zrangespec): number {
  let eptr = lpSeek(zl, -2);

  if (!zzlIsInRange(zl, range)) return 0;

  while (eptr !== 0) {
    let sptr = lpNext(zl, eptr);
    serverAssert(sptr !== 0, 'sptr != NULL');

    const score = zzlGetScore(zl, sptr);
    if (zslValueLteMax(score, range)) {
      if (zslValueGteMin(score, range)) return eptr;
      return 0;
    }

    // Before the element there is the score of the one before.
    sptr = lpPrev(zl, eptr);
    if (sptr !== 0) {
      eptr = lpPrev(zl, sptr);
      serverAssert(eptr !== 0, '(eptr = lpPrev(zl,sptr)) != NULL');
    } else {
      eptr = 0;
    }
  }

  return 0;
}

/**
 * Whether the element at `p` lies on the inner side of the lower end.
 *
 * @c t_zset.c:915
 */
export function zzlLexValueGteMin(zl: Buffer, p: number, spec: zlexrangespec): boolean {
  const value = lpGetObject(zl, p);
  return zslLexValueGteMin(value, spec);
}

/**
 * Whether the element at `p` lies on the inner side of the upper end.
 *
 * @c t_zset.c:922
 */
export function zzlLexValueLteMax(zl: Buffer, p: number, spec: zlexrangespec): boolean {
  const value = lpGetObject(zl, p);
  return zslLexValueLteMax(value, spec);
}

/**
 * Whether the range and the span of the elements overlap; there may still be no element in it.
 *
 * @c t_zset.c:931
 */
export function zzlIsInLexRange(zl: Buffer, range: zlexrangespec): boolean {
  // Some ranges hold nothing at all.
  const cmp = sdscmplex(range.min, range.max);
  if (cmp > 0 || (cmp === 0 && (range.minex || range.maxex))) return false;

  let p = lpSeek(zl, -2);
  if (p === 0) return false;
  if (!zzlLexValueGteMin(zl, p, range)) return false;

  p = lpSeek(zl, 0);
  serverAssert(p !== 0, 'p != NULL');
  if (!zzlLexValueLteMax(zl, p, range)) return false;

  return true;
}

/**
 * The first element in a lexicographical range, or 0.
 *
 * @c t_zset.c:954
 */
export function zzlFirstInLexRange(zl: Buffer, range: zlexrangespec): number {
  let eptr = lpSeek(zl, 0);

  if (!zzlIsInLexRange(zl, range)) return 0;

  while (eptr !== 0) {
    if (zzlLexValueGteMin(zl, eptr, range)) {
      if (zzlLexValueLteMax(zl, eptr, range)) return eptr;
      return 0;
    }

    const sptr = lpNext(zl, eptr);
    serverAssert(sptr !== 0, 'sptr != NULL');
    eptr = lpNext(zl, sptr);
  }

  return 0;
}

/**
 * The last element in a lexicographical range, or 0.
 *
 * @c t_zset.c:979
 */
export function zzlLastInLexRange(zl: Buffer, range: zlexrangespec): number {
  let eptr = lpSeek(zl, -2);

  if (!zzlIsInLexRange(zl, range)) return 0;

  while (eptr !== 0) {
    if (zzlLexValueLteMax(zl, eptr, range)) {
      if (zzlLexValueGteMin(zl, eptr, range)) return eptr;
      return 0;
    }

    // Before the element there is the score of the one before.
    const sptr = lpPrev(zl, eptr);
    if (sptr !== 0) {
      eptr = lpPrev(zl, sptr);
      serverAssert(eptr !== 0, '(eptr = lpPrev(zl,sptr)) != NULL');
    } else {
      eptr = 0;
    }
  }

  return 0;
}

/**
 * The position of an element, or 0. Its score is left in `score`, if that is given.
 *
 * @c t_zset.c:1005
 */
export function zzlFind(lp: Buffer, ele: string, score: scoreRef | null): number {
  let eptr = lpFirst(lp);
  if (eptr === 0) return 0;
  // Every second entry is a score, and passed over.
  eptr = lpFind(lp, eptr, ele, 1);
  if (eptr !== 0) {
    const sptr = lpNext(lp, eptr);
    serverAssert(sptr !== 0, 'sptr != NULL');

    if (score !== null) score.score = zzlGetScore(lp, sptr);
    return eptr;
  }

  return 0;
}

/**
 * Deletes the element at `eptr` with its score. Returns the listpack, which may have moved.
 *
 * @c t_zset.c:1024
 */
export function zzlDelete(zl: Buffer, eptr: number): Buffer {
  const pos = new lpPos();
  pos.p = eptr;
  return lpDeleteRangeWithEntry(zl, pos, 2);
}

/**
 * Puts an element with its score before the one at `eptr`, at the end if that is 0. A score without fraction is kept as
 * an integer, any other as text. Returns the listpack, which may have moved.
 *
 * @c t_zset.c:1028
 */
export function zzlInsertAt(zl: Buffer, eptr: number, ele: string, score: number): Buffer {
  const lscore = double2ll(score);
  const scorebuf = lscore === null ? d2string(score) : '';
  if (eptr === 0) {
    zl = lpAppend(zl, ele);
    if (lscore !== null) zl = lpAppendInteger(zl, lscore);
    else zl = lpAppend(zl, scorebuf);
  } else {
    const sptr = new lpPos();
    zl = lpInsertString(zl, ele, eptr, LP_BEFORE, sptr);

    if (lscore !== null) zl = lpInsertInteger(zl, lscore, sptr.p, LP_AFTER, null);
    else zl = lpInsertString(zl, scorebuf, sptr.p, LP_AFTER, null);
  }
  return zl;
}

/**
 * Puts an element, which the caller knows not to be there, with its score in its place. Returns the listpack, which may
 * have moved.
 *
 * @c t_zset.c:1057
 */
export function zzlInsert(zl: Buffer, ele: string, score: number): Buffer {
  let eptr = lpSeek(zl, 0);

  while (eptr !== 0) {
    const sptr = lpNext(zl, eptr);
    serverAssert(sptr !== 0, 'sptr != NULL');
    const s = zzlGetScore(zl, sptr);

    if (s > score) {
      zl = zzlInsertAt(zl, eptr, ele, score);
      break;
    } else if (s === score) {
      if (zzlCompareElements(zl, eptr, ele) > 0) {
        zl = zzlInsertAt(zl, eptr, ele, score);
        break;
      }
    }

    eptr = lpNext(zl, sptr);
  }

  // None is greater.
  if (eptr === 0) zl = zzlInsertAt(zl, 0, ele, score);
  return zl;
}

/** Where the zzlDeleteRange functions leave how many elements they have deleted. */
export class deletedCount {
  deleted = 0;
}

/**
 * Deletes all elements in a range of scores. Returns the listpack, which may have moved; the count is left in `deleted`,
 * if that is given.
 *
 * @c t_zset.c:1090
 */
export function zzlDeleteRangeByScore(
  zl: Buffer,
  range: zrangespec,
  deleted: deletedCount | null,
): Buffer {
  let num = 0;

  if (deleted !== null) deleted.deleted = 0;

  const eptr = new lpPos();
  eptr.p = zzlFirstInRange(zl, range);
  if (eptr.p === 0) return zl;

  // After a deletion eptr is the next element, and 0 if the last one was deleted.
  while (eptr.p !== 0) {
    const sptr = lpNext(zl, eptr.p);
    if (sptr === 0) break;
    const score = zzlGetScore(zl, sptr);
    if (!zslValueLteMax(score, range)) break;
    zl = lpDeleteRangeWithEntry(zl, eptr, 2);
    num++;
  }

  if (deleted !== null) deleted.deleted = num;
  return zl;
}

/**
 * Deletes all elements in a lexicographical range. Returns the listpack, which may have moved; the count is left in
 * `deleted`, if that is given.
 *
 * @c t_zset.c:1117
 */
export function zzlDeleteRangeByLex(
  zl: Buffer,
  range: zlexrangespec,
  deleted: deletedCount | null,
): Buffer {
  let num = 0;

  if (deleted !== null) deleted.deleted = 0;

  const eptr = new lpPos();
  eptr.p = zzlFirstInLexRange(zl, range);
  if (eptr.p === 0) return zl;

  // After a deletion eptr is the next element, and 0 if the last one was deleted.
  while (eptr.p !== 0) {
    const sptr = lpNext(zl, eptr.p);
    if (sptr === 0) break;
    if (!zzlLexValueLteMax(zl, eptr.p, range)) break;
    zl = lpDeleteRangeWithEntry(zl, eptr, 2);
    num++;
  }

  if (deleted !== null) deleted.deleted = num;
  return zl;
}

/**
 * Deletes the elements with ranks `start` to `end`, both counted from 1 and included. Returns the listpack, which may have
 * moved; the count is left in `deleted`, if that is given.
 *
 * @c t_zset.c:1144
 */
export function zzlDeleteRangeByRank(
  zl: Buffer,
  start: number,
  end: number,
  deleted: deletedCount | null,
): Buffer {
  const num = end - start + 1;
  if (deleted !== null) deleted.deleted = num;
  zl = lpDeleteRange(zl, 2 * (start - 1), 2 * num);
  return zl;
}

/* --------------- Common sorted set API --------------- */

/**
 * How many elements a sorted set has.
 *
 * @c t_zset.c:1155
 */
export function zsetLength(zobj: robj): number {
  if (zobj.encoding === OBJ_ENCODING_LISTPACK) {
    return zzlLength(zobj.ptr as Buffer);
  } else if (zobj.encoding === OBJ_ENCODING_SKIPLIST) {
    return (zobj.ptr as zset).zsl.length;
  } else {
    serverPanic('Unknown sorted set encoding');
  }
}

/**
 * Turns a sorted set into `encoding`, LISTPACK or SKIPLIST, if it is not that already.
 *
 * @c t_zset.c:1167
 */
export function zsetConvert(zobj: robj, encoding: number): void {
  if (zobj.encoding === encoding) return;
  if (zobj.encoding === OBJ_ENCODING_LISTPACK) {
    const zl = zobj.ptr as Buffer;

    if (encoding !== OBJ_ENCODING_SKIPLIST) serverPanic('Unknown target encoding');

    zmalloc(SIZEOF_ZSET);
    const zs = new zset(dictCreate(zsetDictType), zslCreate());

    const eptr = new lpPos();
    const sptr = new lpPos();
    eptr.p = lpSeek(zl, 0);
    if (eptr.p !== 0) {
      sptr.p = lpNext(zl, eptr.p);
      serverAssertWithInfo(null, zobj, sptr.p !== 0, 'sptr != NULL');
    }

    while (eptr.p !== 0) {
      const score = zzlGetScore(zl, sptr.p);
      const v = lpGetValue(zl, eptr.p);
      const ele = typeof v === 'string' ? v : ll2string(v);

      const node = zslInsert(zs.zsl, score, ele);
      const retval = dictAdd(zs.dict, ele, node.level);
      serverAssert(retval === DICT_OK, 'dictAdd(zs->dict,ele,&node->score) == DICT_OK');
      zzlNext(zl, eptr, sptr);
    }

    lpFree(zl);
    zobj.ptr = zs;
    zobj.encoding = OBJ_ENCODING_SKIPLIST;
  } else if (zobj.encoding === OBJ_ENCODING_SKIPLIST) {
    let zl = lpNew(0);

    if (encoding !== OBJ_ENCODING_LISTPACK) serverPanic('Unknown target encoding');

    // The nodes are freed one by one as they are copied.
    const zs = zobj.ptr as zset;
    dictRelease(zs.dict);
    let node = zs.zsl.header.forward(0);
    zslFreeNode(zs.zsl.header);
    zfree(SIZEOF_ZSKIPLIST);

    while (node !== null) {
      zl = zzlInsertAt(zl, 0, node.ele as string, node.score);
      const next: zskiplistNode | null = node.forward(0);
      zslFreeNode(node);
      node = next;
    }
    zslSpareTable(zs.zsl.table);

    zfree(SIZEOF_ZSET);
    zobj.ptr = zl;
    zobj.encoding = OBJ_ENCODING_LISTPACK;
  } else {
    serverPanic('Unknown sorted set encoding');
  }
}

/**
 * Turns a sorted set into a listpack if its length and the bytes of its longest element, `maxelelen`, are within the
 * configured limits; `totelelen` are the bytes of all elements.
 *
 * @c t_zset.c:1242
 */
export function zsetConvertToListpackIfNeeded(
  zobj: robj,
  maxelelen: number,
  totelelen: number,
): void {
  if (zobj.encoding === OBJ_ENCODING_LISTPACK) return;
  const zset = zobj.ptr as zset;

  if (
    zset.zsl.length <= server.zset_max_listpack_entries &&
    maxelelen <= server.zset_max_listpack_value &&
    lpSafeToAdd(null, totelelen)
  ) {
    zsetConvert(zobj, OBJ_ENCODING_LISTPACK);
  }
}

/**
 * The score of an element, or null if it is not there.
 *
 * @c t_zset.c:1258
 */
export function zsetScore(zobj: robj, member: string): number | null {
  if (zobj.encoding === OBJ_ENCODING_LISTPACK) {
    const score = new scoreRef();
    if (zzlFind(zobj.ptr as Buffer, member, score) === 0) return null;
    return score.score;
  } else if (zobj.encoding === OBJ_ENCODING_SKIPLIST) {
    const zs = zobj.ptr as zset;
    const de = dictFind(zs.dict, member);
    if (de === null) return null;
    return zs.score(de);
  } else {
    serverPanic('Unknown sorted set encoding');
  }
}

/** What zsetAdd() leaves behind: ZADD_OUT_* flags, and the score that the element has now if it was touched. */
export class zsetAddResult {
  out_flags = 0;
  newscore = 0;
}

/**
 * Adds an element, or gives it another score, as the ZADD_IN_* flags say. With ZADD_IN_INCR `score` is added to what is
 * there. `out.out_flags` tells what was done; neither ADDED, UPDATED nor NOP means that the score was the same already.
 * May turn a listpack that gets too large into a skiplist. 1, or 0 with ZADD_OUT_NAN if the score is or would become NaN.
 *
 * @c t_zset.c:1319
 */
export function zsetAdd(
  zobj: robj,
  score: number,
  ele: string,
  in_flags: number,
  out: zsetAddResult,
): number {
  const incr = (in_flags & ZADD_IN_INCR) !== 0;
  const nx = (in_flags & ZADD_IN_NX) !== 0;
  const xx = (in_flags & ZADD_IN_XX) !== 0;
  const gt = (in_flags & ZADD_IN_GT) !== 0;
  const lt = (in_flags & ZADD_IN_LT) !== 0;
  out.out_flags = 0;

  if (Number.isNaN(score)) {
    out.out_flags = ZADD_OUT_NAN;
    return 0;
  }

  if (zobj.encoding === OBJ_ENCODING_LISTPACK) {
    const cur = new scoreRef();
    const eptr = zzlFind(zobj.ptr as Buffer, ele, cur);

    if (eptr !== 0) {
      if (nx) {
        out.out_flags |= ZADD_OUT_NOP;
        return 1;
      }

      const curscore = cur.score;
      if (incr) {
        score += curscore;
        if (Number.isNaN(score)) {
          out.out_flags |= ZADD_OUT_NAN;
          return 0;
        }
      }

      if ((lt && score >= curscore) || (gt && score <= curscore)) {
        out.out_flags |= ZADD_OUT_NOP;
        return 1;
      }

      out.newscore = score;

      if (score !== curscore) {
        zobj.ptr = zzlDelete(zobj.ptr as Buffer, eptr);
        zobj.ptr = zzlInsert(zobj.ptr as Buffer, ele, score);
        out.out_flags |= ZADD_OUT_UPDATED;
      }
      return 1;
    } else if (!xx) {
      // What would not fit in a listpack goes into the skiplist below.
      if (
        zzlLength(zobj.ptr as Buffer) + 1 > server.zset_max_listpack_entries ||
        ele.length > server.zset_max_listpack_value ||
        !lpSafeToAdd(zobj.ptr as Buffer, ele.length)
      ) {
        zsetConvert(zobj, OBJ_ENCODING_SKIPLIST);
      } else {
        zobj.ptr = zzlInsert(zobj.ptr as Buffer, ele, score);
        out.newscore = score;
        out.out_flags |= ZADD_OUT_ADDED;
        return 1;
      }
    } else {
      out.out_flags |= ZADD_OUT_NOP;
      return 1;
    }
  }

  if (zobj.encoding === OBJ_ENCODING_SKIPLIST) {
    const zs = zobj.ptr as zset;

    const de = dictFind(zs.dict, ele);
    if (de !== null) {
      if (nx) {
        out.out_flags |= ZADD_OUT_NOP;
        return 1;
      }

      const curscore = zs.score(de);

      if (incr) {
        score += curscore;
        if (Number.isNaN(score)) {
          out.out_flags |= ZADD_OUT_NAN;
          return 0;
        }
      }

      if ((lt && score >= curscore) || (gt && score <= curscore)) {
        out.out_flags |= ZADD_OUT_NOP;
        return 1;
      }

      out.newscore = score;

      if (score !== curscore) {
        const znode = zslUpdateScore(zs.zsl, curscore, ele, score);
        // The element stays in the dict, but its node may be another one.
        dictSetVal(zs.dict, de, znode.level);
        out.out_flags |= ZADD_OUT_UPDATED;
      }
      return 1;
    } else if (!xx) {
      const znode = zslInsert(zs.zsl, score, ele);
      const retval = dictAdd(zs.dict, ele, znode.level);
      serverAssert(retval === DICT_OK, 'dictAdd(zs->dict,ele,&znode->score) == DICT_OK');
      out.out_flags |= ZADD_OUT_ADDED;
      out.newscore = score;
      return 1;
    } else {
      out.out_flags |= ZADD_OUT_NOP;
      return 1;
    }
  } else {
    serverPanic('Unknown sorted set encoding');
  }
}

/**
 * Deletes an element from dict and skiplist; the dict is not made smaller. 1 if it was there, else 0.
 *
 * @c t_zset.c:1455
 * @cstatic
 */
export function zsetRemoveFromSkiplist(zs: zset, ele: string): number {
  const de = dictUnlink(zs.dict, ele);
  if (de !== null) {
    const score = zs.score(de);

    dictFreeUnlinkedEntry(zs.dict, de);

    const retval = zslDelete(zs.zsl, score, ele, null);
    serverAssert(retval !== 0, 'retval');

    return 1;
  }

  return 0;
}

/**
 * Deletes an element. 1 if it was there, else 0.
 *
 * @c t_zset.c:1483
 */
export function zsetDel(zobj: robj, ele: string): number {
  if (zobj.encoding === OBJ_ENCODING_LISTPACK) {
    const eptr = zzlFind(zobj.ptr as Buffer, ele, null);
    if (eptr !== 0) {
      zobj.ptr = zzlDelete(zobj.ptr as Buffer, eptr);
      return 1;
    }
  } else if (zobj.encoding === OBJ_ENCODING_SKIPLIST) {
    const zs = zobj.ptr as zset;
    if (zsetRemoveFromSkiplist(zs, ele)) {
      if (htNeedsResize(zs.dict)) {
        dictResize(zs.dict);
        zslResize(zs);
      }
      return 1;
    }
  } else {
    serverPanic('Unknown sorted set encoding');
  }
  return 0;
}

/**
 * The rank of an element, from 0 on; counted from the highest score down if `reverse`. -1 if it is not there.
 *
 * @c t_zset.c:1514
 */
export function zsetRank(zobj: robj, ele: string, reverse: boolean): number {
  const llen = zsetLength(zobj);

  if (zobj.encoding === OBJ_ENCODING_LISTPACK) {
    const zl = zobj.ptr as Buffer;
    const eptr = new lpPos();
    const sptr = new lpPos();

    eptr.p = lpSeek(zl, 0);
    serverAssert(eptr.p !== 0, 'eptr != NULL');
    sptr.p = lpNext(zl, eptr.p);
    serverAssert(sptr.p !== 0, 'sptr != NULL');

    let rank = 1;
    while (eptr.p !== 0) {
      if (lpCompare(zl, eptr.p, ele)) break;
      rank++;
      zzlNext(zl, eptr, sptr);
    }

    if (eptr.p !== 0) return reverse ? llen - rank : rank - 1;
    else return -1;
  } else if (zobj.encoding === OBJ_ENCODING_SKIPLIST) {
    const zs = zobj.ptr as zset;

    const de = dictFind(zs.dict, ele);
    if (de !== null) {
      const score = zs.score(de);
      const rank = zslGetRank(zs.zsl, score, ele);
      serverAssert(rank !== 0, 'rank != 0');
      return reverse ? llen - rank : rank - 1;
    } else {
      return -1;
    }
  } else {
    serverPanic('Unknown sorted set encoding');
  }
}

/**
 * A copy of a sorted set with the same encoding, refcount 1.
 *
 * @c t_zset.c:1574
 */
export function zsetDup(o: robj): robj {
  serverAssert(o.type === OBJ_ZSET, 'o->type == OBJ_ZSET');

  if (o.encoding === OBJ_ENCODING_LISTPACK) {
    const zl = o.ptr as Buffer;
    const sz = lpBytes(zl);
    const new_zl = zmalloc_bytes(sz);
    zl.copy(new_zl, 0, 0, sz);
    const zobj = createObject(OBJ_ZSET, new_zl);
    zobj.encoding = OBJ_ENCODING_LISTPACK;
    return zobj;
  } else if (o.encoding === OBJ_ENCODING_SKIPLIST) {
    const zobj = createZsetObject();
    const zs = o.ptr as zset;
    const new_zs = zobj.ptr as zset;
    dictExpand(new_zs.dict, dictSize(zs.dict));
    let llen = zsetLength(o);

    // From the greatest down: each place is right behind the header, found in no time.
    let ln = zs.zsl.tail;
    while (llen--) {
      const ele = ln!.ele as string;
      const znode = zslInsert(new_zs.zsl, ln!.score, ele);
      dictAdd(new_zs.dict, ele, znode.level);
      ln = ln!.backward;
    }
    return zobj;
  } else {
    serverPanic('Unknown sorted set encoding');
  }
}

/**
 * What an entry of a listpack holds, as a string.
 *
 * @c t_zset.c:1620
 */
export function zsetSdsFromListpackEntry(e: listpackEntry): string {
  return e.sval !== null ? e.sval : ll2string(e.lval);
}

/**
 * Replies what an entry of a listpack holds, as a bulk string.
 *
 * @c t_zset.c:1625
 */
export function zsetReplyFromListpackEntry(c: client, e: listpackEntry): void {
  if (e.sval !== null) addReplyBulkCBuffer(c, e.sval);
  else addReplyBulkLongLong(c, e.lval);
}

/**
 * Leaves an element by chance in `key`, and its score in `score`, if that is given. The sorted set has `zsetsize`
 * elements, more than none.
 *
 * @c t_zset.c:1637
 */
export function zsetTypeRandomElement(
  zsetobj: robj,
  zsetsize: number,
  key: listpackEntry,
  score: scoreRef | null,
): void {
  if (zsetobj.encoding === OBJ_ENCODING_SKIPLIST) {
    const zs = zsetobj.ptr as zset;
    const de = dictGetFairRandomKey(zs.dict)!;
    key.sval = dictGetKey(de);
    if (score !== null) score.score = zs.score(de);
  } else if (zsetobj.encoding === OBJ_ENCODING_LISTPACK) {
    const val = new listpackEntry();
    lpRandomPair(zsetobj.ptr as Buffer, zsetsize, key, val);
    if (score !== null) {
      score.score = val.sval !== null ? zzlStrtod(val.sval) : Number(val.lval);
    }
  } else {
    serverPanic('Unknown zset encoding');
  }
}

/* --------------- Sorted set commands --------------- */

/**
 * ZADD, and with ZADD_IN_INCR in `flags` ZINCRBY. All scores are read before the first element is added, so that a wrong
 * one leaves everything as it was.
 *
 * @c t_zset.c:1666
 */
export function zaddGenericCommand(c: client, flags: number): void {
  const key = c.argv[1];
  let ch = false;
  // What was done, for the reply and the notification; none is processed where XX and the like forbid it.
  let added = 0;
  let updated = 0;
  let processed = 0;

  let scoreidx = 2;
  while (scoreidx < c.argc) {
    const opt = objPtrString(c.argv[scoreidx]);
    if (!strcasecmp(opt, 'nx')) flags |= ZADD_IN_NX;
    else if (!strcasecmp(opt, 'xx')) flags |= ZADD_IN_XX;
    else if (!strcasecmp(opt, 'ch')) ch = true;
    else if (!strcasecmp(opt, 'incr')) flags |= ZADD_IN_INCR;
    else if (!strcasecmp(opt, 'gt')) flags |= ZADD_IN_GT;
    else if (!strcasecmp(opt, 'lt')) flags |= ZADD_IN_LT;
    else break;
    scoreidx++;
  }

  const incr = (flags & ZADD_IN_INCR) !== 0;
  const nx = (flags & ZADD_IN_NX) !== 0;
  const xx = (flags & ZADD_IN_XX) !== 0;
  const gt = (flags & ZADD_IN_GT) !== 0;
  const lt = (flags & ZADD_IN_LT) !== 0;

  // Scores and elements in turn.
  let elements = c.argc - scoreidx;
  if (elements % 2 || !elements) {
    addReplyErrorObject(c, shared.syntaxerr);
    return;
  }
  elements /= 2;

  if (nx && xx) {
    addReplyError(c, 'XX and NX options at the same time are not compatible');
    return;
  }

  if ((gt && nx) || (lt && nx) || (gt && lt)) {
    addReplyError(c, 'GT, LT, and/or NX options at the same time are not compatible');
    return;
  }

  if (incr && elements > 1) {
    addReplyError(c, 'INCR option supports a single increment-element pair');
    return;
  }

  const scores = new Array<number>(elements);
  for (let j = 0; j < elements; j++) {
    const value = getDoubleFromObjectOrReply(c, c.argv[scoreidx + j * 2], null);
    if (value === null) return;
    scores[j] = value;
  }

  let zobj = lookupKeyWrite(c.db, key);
  if (checkType(c, zobj, OBJ_ZSET)) return;

  let nan = false;
  let score = 0;
  // Without the key, XX leaves nothing to be done.
  if (zobj !== null || !xx) {
    if (zobj === null) {
      if (
        server.zset_max_listpack_entries === 0 ||
        server.zset_max_listpack_value < objPtrString(c.argv[scoreidx + 1]).length
      ) {
        zobj = createZsetObject();
      } else {
        zobj = createZsetListpackObject();
      }
      dbAdd(c.db, key, zobj);
    }

    const out = new zsetAddResult();
    for (let j = 0; j < elements; j++) {
      const ele = objPtrString(c.argv[scoreidx + 1 + j * 2]);
      const retval = zsetAdd(zobj, scores[j], ele, flags, out);
      if (retval === 0) {
        addReplyError(c, 'resulting score is not a number (NaN)');
        nan = true;
        break;
      }
      const retflags = out.out_flags;
      if (retflags & ZADD_OUT_ADDED) added++;
      if (retflags & ZADD_OUT_UPDATED) updated++;
      if (!(retflags & ZADD_OUT_NOP)) processed++;
      score = out.newscore;
    }
    if (!nan) server.dirty += added + updated;
  }

  if (!nan) {
    if (incr) {
      if (processed) addReplyDouble(c, score);
      else addReplyNull(c);
    } else {
      addReplyLongLong(c, ch ? added + updated : added);
    }
  }

  if (added || updated) {
    signalModifiedKey(c, c.db, key);
    notifyKeyspaceEvent(NOTIFY_ZSET, incr ? 'zincr' : 'zadd', key, c.db.id);
  }
}

/**
 * `ZADD key [NX|XX] [GT|LT] [CH] [INCR] score member [score member ...]`: replies how many elements were added, with CH
 * how many were changed too, with INCR the new score or null.
 *
 * @c t_zset.c:1794
 */
export function zaddCommand(c: client): void {
  zaddGenericCommand(c, ZADD_IN_NONE);
}

/**
 * `ZINCRBY key increment member`: replies the new score.
 *
 * @c t_zset.c:1798
 */
export function zincrbyCommand(c: client): void {
  zaddGenericCommand(c, ZADD_IN_INCR);
}

/**
 * `ZREM key member [member ...]`: replies how many there were.
 *
 * @c t_zset.c:1802
 */
export function zremCommand(c: client): void {
  const key = c.argv[1];
  let deleted = 0;
  let keyremoved = false;

  const zobj = lookupKeyWriteOrReply(c, key, shared.czero);
  if (zobj === null || checkType(c, zobj, OBJ_ZSET)) return;

  for (let j = 2; j < c.argc; j++) {
    if (zsetDel(zobj, objPtrString(c.argv[j]))) deleted++;
    if (zsetLength(zobj) === 0) {
      dbDelete(c.db, key);
      keyremoved = true;
      break;
    }
  }

  if (deleted) {
    notifyKeyspaceEvent(NOTIFY_ZSET, 'zrem', key, c.db.id);
    if (keyremoved) notifyKeyspaceEvent(NOTIFY_GENERIC, 'del', key, c.db.id);
    signalModifiedKey(c, c.db, key);
    server.dirty += deleted;
  }
  addReplyLongLong(c, deleted);
}

/* zrange_type: what a range is of; AUTO: by rank unless an option says otherwise. */
export const ZRANGE_AUTO = 0;
export const ZRANGE_RANK = 1;
export const ZRANGE_SCORE = 2;
export const ZRANGE_LEX = 3;

/**
 * ZREMRANGEBYRANK, ZREMRANGEBYSCORE and ZREMRANGEBYLEX; `rangetype` is a ZRANGE_* other than AUTO.
 *
 * @c t_zset.c:1837
 */
export function zremrangeGenericCommand(c: client, rangetype: number): void {
  const key = c.argv[1];
  let keyremoved = false;
  let deleted = 0;
  let range: zrangespec | null = null;
  let lexrange: zlexrangespec | null = null;
  let start: number | null = 0;
  let end: number | null = 0;
  let notify_type: string;

  // The range first: a wrong one is an error also if there is no such key.
  if (rangetype === ZRANGE_RANK) {
    notify_type = 'zremrangebyrank';
    if (
      (start = getLongFromObjectOrReply(c, c.argv[2], null)) === null ||
      (end = getLongFromObjectOrReply(c, c.argv[3], null)) === null
    ) {
      return;
    }
  } else if (rangetype === ZRANGE_SCORE) {
    notify_type = 'zremrangebyscore';
    range = zslParseRange(c.argv[2], c.argv[3]);
    if (range === null) {
      addReplyError(c, 'min or max is not a float');
      return;
    }
  } else if (rangetype === ZRANGE_LEX) {
    notify_type = 'zremrangebylex';
    lexrange = zslParseLexRange(c.argv[2], c.argv[3]);
    if (lexrange === null) {
      addReplyError(c, 'min or max not valid string range item');
      return;
    }
  } else {
    serverPanic(`unknown rangetype ${rangetype}`);
  }

  cleanup: {
    const zobj = lookupKeyWriteOrReply(c, key, shared.czero);
    if (zobj === null || checkType(c, zobj, OBJ_ZSET)) break cleanup;

    if (rangetype === ZRANGE_RANK) {
      const llen = zsetLength(zobj);
      if (start < 0) start = llen + start;
      if (end < 0) end = llen + end;
      if (start < 0) start = 0;

      // start is not negative, so that this holds for an end before the first element, too.
      if (start > end || start >= llen) {
        addReply(c, shared.czero);
        break cleanup;
      }
      if (end >= llen) end = llen - 1;
    }

    if (zobj.encoding === OBJ_ENCODING_LISTPACK) {
      const count = new deletedCount();
      switch (rangetype) {
        case ZRANGE_RANK:
          zobj.ptr = zzlDeleteRangeByRank(zobj.ptr as Buffer, start + 1, end + 1, count);
          break;
        case ZRANGE_SCORE:
          zobj.ptr = zzlDeleteRangeByScore(zobj.ptr as Buffer, range!, count);
          break;
        case ZRANGE_LEX:
          zobj.ptr = zzlDeleteRangeByLex(zobj.ptr as Buffer, lexrange!, count);
          break;
      }
      deleted = count.deleted;
      if (zzlLength(zobj.ptr as Buffer) === 0) {
        dbDelete(c.db, key);
        keyremoved = true;
      }
    } else if (zobj.encoding === OBJ_ENCODING_SKIPLIST) {
      const zs = zobj.ptr as zset;
      switch (rangetype) {
        case ZRANGE_RANK:
          deleted = zslDeleteRangeByRank(zs.zsl, start + 1, end + 1, zs.dict);
          break;
        case ZRANGE_SCORE:
          deleted = zslDeleteRangeByScore(zs.zsl, range!, zs.dict);
          break;
        case ZRANGE_LEX:
          deleted = zslDeleteRangeByLex(zs.zsl, lexrange!, zs.dict);
          break;
      }
      if (htNeedsResize(zs.dict)) {
        dictResize(zs.dict);
        zslResize(zs);
      }
      if (dictSize(zs.dict) === 0) {
        dbDelete(c.db, key);
        keyremoved = true;
      }
    } else {
      serverPanic('Unknown sorted set encoding');
    }

    if (deleted) {
      signalModifiedKey(c, c.db, key);
      notifyKeyspaceEvent(NOTIFY_ZSET, notify_type, key, c.db.id);
      if (keyremoved) notifyKeyspaceEvent(NOTIFY_GENERIC, 'del', key, c.db.id);
    }
    server.dirty += deleted;
    addReplyLongLong(c, deleted);
  }

  if (lexrange !== null) zslFreeLexRange(lexrange);
}

/**
 * `ZREMRANGEBYRANK key start stop`: replies how many elements were taken out.
 *
 * @c t_zset.c:1944
 */
export function zremrangebyrankCommand(c: client): void {
  zremrangeGenericCommand(c, ZRANGE_RANK);
}

/**
 * `ZREMRANGEBYSCORE key min max`: replies how many elements were taken out.
 *
 * @c t_zset.c:1948
 */
export function zremrangebyscoreCommand(c: client): void {
  zremrangeGenericCommand(c, ZRANGE_SCORE);
}

/**
 * `ZREMRANGEBYLEX key min max`: replies how many elements were taken out.
 *
 * @c t_zset.c:1952
 */
export function zremrangebylexCommand(c: client): void {
  zremrangeGenericCommand(c, ZRANGE_LEX);
}

/**
 * One source of a union, intersection or difference, a set or a sorted set, with the state of a walk over it. Which of the
 * fields of the walk are in use depends on type and encoding; in C they are a union.
 */
export class zsetopsrc {
  /** null: there is no such key, which counts as empty. */
  subject: robj | null = null;
  /** OBJ_SET or OBJ_ZSET; OBJ_ENCODING_*. */
  type = 0;
  encoding = 0;
  weight = 0;

  // ---- An intset and the next index; a dict of a set, its iterator, and the next entry
  is: Buffer | null = null;
  ii = 0;
  ht_dict: dict<string, null> | null = null;
  di: dictIterator<string, null> | null = null;
  de: dictEntry<string, null> | null = null;

  // ---- A listpack, the next element and its score; a zset and the next node
  zl: Buffer | null = null;
  eptr: lpPos = new lpPos();
  sptr: lpPos = new lpPos();
  zs: zset | null = null;
  node: zskiplistNode | null = null;
}

/** `ele` was made out of `estr` or `ell`. */
export const OPVAL_DIRTY_SDS = 1;
/** It has been tried to read the value as an integer. */
export const OPVAL_DIRTY_LL = 2;
/** And it is one, which is in `ell`. */
export const OPVAL_VALID_LL = 4;

/** An element that zuiNext() has come to: in `ele`, if that is not null, else in `estr`, else the integer `ell`. */
export class zsetopval {
  /** OPVAL_*. */
  flags = 0;
  ele: string | null = null;
  estr: string | null = null;
  ell: number | bigint = 0;
  score = 0;
}

/**
 * Begins a walk over a source. A sorted set is walked from its end: each element that is inserted into another one in
 * this order comes to stand right behind the header.
 *
 * @c t_zset.c:2015
 */
export function zuiInitIterator(op: zsetopsrc): void {
  if (op.subject === null) return;

  if (op.type === OBJ_SET) {
    if (op.encoding === OBJ_ENCODING_INTSET) {
      op.is = op.subject.ptr as Buffer;
      op.ii = 0;
    } else if (op.encoding === OBJ_ENCODING_HT) {
      op.ht_dict = op.subject.ptr as dict<string, null>;
      op.di = dictGetIterator(op.ht_dict);
      op.de = dictNext(op.di);
    } else {
      serverPanic('Unknown set encoding');
    }
  } else if (op.type === OBJ_ZSET) {
    if (op.encoding === OBJ_ENCODING_LISTPACK) {
      op.zl = op.subject.ptr as Buffer;
      op.eptr.p = lpSeek(op.zl, -2);
      if (op.eptr.p !== 0) {
        op.sptr.p = lpNext(op.zl, op.eptr.p);
        serverAssert(op.sptr.p !== 0, 'it->zl.sptr != NULL');
      }
    } else if (op.encoding === OBJ_ENCODING_SKIPLIST) {
      op.zs = op.subject.ptr as zset;
      op.node = op.zs.zsl.tail;
    } else {
      serverPanic('Unknown sorted set encoding');
    }
  } else {
    serverPanic('Unsupported type');
  }
}

/**
 * Ends a walk.
 *
 * @c t_zset.c:2054
 */
export function zuiClearIterator(op: zsetopsrc): void {
  if (op.subject === null) return;

  if (op.type === OBJ_SET) {
    if (op.encoding === OBJ_ENCODING_INTSET) {
      op.is = null;
    } else if (op.encoding === OBJ_ENCODING_HT) {
      dictReleaseIterator(op.di!);
      op.di = null;
    } else {
      serverPanic('Unknown set encoding');
    }
  } else if (op.type === OBJ_ZSET) {
    if (op.encoding === OBJ_ENCODING_LISTPACK) {
      op.zl = null;
    } else if (op.encoding === OBJ_ENCODING_SKIPLIST) {
      op.node = null;
    } else {
      serverPanic('Unknown sorted set encoding');
    }
  } else {
    serverPanic('Unsupported type');
  }
}

/**
 * Drops the string that was made for a value, before the next one is fetched.
 *
 * @c t_zset.c:2081
 */
export function zuiDiscardDirtyValue(val: zsetopval): void {
  if (val.flags & OPVAL_DIRTY_SDS) {
    val.ele = null;
    val.flags &= ~OPVAL_DIRTY_SDS;
  }
}

/**
 * How many elements a source has.
 *
 * @c t_zset.c:2089
 */
export function zuiLength(op: zsetopsrc): number {
  if (op.subject === null) return 0;

  if (op.type === OBJ_SET) {
    if (op.encoding === OBJ_ENCODING_INTSET) {
      return intsetLen(op.subject.ptr as Buffer);
    } else if (op.encoding === OBJ_ENCODING_HT) {
      return dictSize(op.subject.ptr as dict<string, null>);
    } else {
      serverPanic('Unknown set encoding');
    }
  } else if (op.type === OBJ_ZSET) {
    if (op.encoding === OBJ_ENCODING_LISTPACK) {
      return zzlLength(op.subject.ptr as Buffer);
    } else if (op.encoding === OBJ_ENCODING_SKIPLIST) {
      return (op.subject.ptr as zset).zsl.length;
    } else {
      serverPanic('Unknown sorted set encoding');
    }
  } else {
    serverPanic('Unsupported type');
  }
}

/**
 * Puts the next element of a walk into `val`, a member of a set with score 1. False at the end.
 *
 * @c t_zset.c:2119
 */
export function zuiNext(op: zsetopsrc, val: zsetopval): boolean {
  if (op.subject === null) return false;

  zuiDiscardDirtyValue(val);

  val.flags = 0;
  val.ele = null;
  val.estr = null;
  val.ell = 0;
  val.score = 0;

  if (op.type === OBJ_SET) {
    if (op.encoding === OBJ_ENCODING_INTSET) {
      const ell = intsetGet(op.is!, op.ii);
      if (ell === null) return false;
      val.ell = ell;
      val.score = 1.0;

      op.ii++;
    } else if (op.encoding === OBJ_ENCODING_HT) {
      if (op.de === null) return false;
      val.ele = dictGetKey(op.de);
      val.score = 1.0;

      op.de = dictNext(op.di!);
    } else {
      serverPanic('Unknown set encoding');
    }
  } else if (op.type === OBJ_ZSET) {
    if (op.encoding === OBJ_ENCODING_LISTPACK) {
      if (op.eptr.p === 0 || op.sptr.p === 0) return false;
      const v = lpGetValue(op.zl!, op.eptr.p);
      if (typeof v === 'string') val.estr = v;
      else val.ell = v;
      val.score = zzlGetScore(op.zl!, op.sptr.p);

      zzlPrev(op.zl!, op.eptr, op.sptr);
    } else if (op.encoding === OBJ_ENCODING_SKIPLIST) {
      if (op.node === null) return false;
      val.ele = op.node.ele;
      val.score = op.node.score;

      op.node = op.node.backward;
    } else {
      serverPanic('Unknown sorted set encoding');
    }
  } else {
    serverPanic('Unsupported type');
  }
  return true;
}

/**
 * Whether the value is the text of an integer; `ell` has it then.
 *
 * @c t_zset.c:2178
 */
export function zuiLongLongFromValue(val: zsetopval): boolean {
  if (!(val.flags & OPVAL_DIRTY_LL)) {
    val.flags |= OPVAL_DIRTY_LL;

    if (val.ele !== null) {
      const ell = string2ll(val.ele);
      if (ell !== null) {
        val.ell = ell;
        val.flags |= OPVAL_VALID_LL;
      }
    } else if (val.estr !== null) {
      const ell = string2ll(val.estr);
      if (ell !== null) {
        val.ell = ell;
        val.flags |= OPVAL_VALID_LL;
      }
    } else {
      // It has been one from the start.
      val.flags |= OPVAL_VALID_LL;
    }
  }
  return (val.flags & OPVAL_VALID_LL) !== 0;
}

/**
 * The value as a string, which `val` keeps.
 *
 * @c t_zset.c:2196
 */
export function zuiSdsFromValue(val: zsetopval): string {
  if (val.ele === null) {
    val.ele = val.estr !== null ? val.estr : ll2string(val.ell);
    val.flags |= OPVAL_DIRTY_SDS;
  }
  return val.ele;
}

/**
 * The value as a string of the caller's own. (In C, a string that `val` has made is handed over.)
 *
 * @c t_zset.c:2210
 */
export function zuiNewSdsFromValue(val: zsetopval): string {
  if (val.flags & OPVAL_DIRTY_SDS) {
    const ele = val.ele as string;
    val.flags &= ~OPVAL_DIRTY_SDS;
    val.ele = null;
    return ele;
  } else if (val.ele !== null) {
    return val.ele;
  } else if (val.estr !== null) {
    return val.estr;
  } else {
    return ll2string(val.ell);
  }
}

/**
 * Puts the text of the value into `estr`, whatever it is. Returns true.
 *
 * @c t_zset.c:2226
 */
export function zuiBufferFromValue(val: zsetopval): boolean {
  if (val.estr === null) {
    val.estr = val.ele !== null ? val.ele : ll2string(val.ell);
  }
  return true;
}

/**
 * Whether a source has the value; its score there is left in `score`.
 *
 * @c t_zset.c:2241
 */
export function zuiFind(op: zsetopsrc, val: zsetopval, score: scoreRef): boolean {
  if (op.subject === null) return false;

  if (op.type === OBJ_SET) {
    if (op.encoding === OBJ_ENCODING_INTSET) {
      if (zuiLongLongFromValue(val) && intsetFind(op.subject.ptr as Buffer, val.ell)) {
        score.score = 1.0;
        return true;
      } else {
        return false;
      }
    } else if (op.encoding === OBJ_ENCODING_HT) {
      const ht = op.subject.ptr as dict<string, null>;
      if (dictFind(ht, zuiSdsFromValue(val)) !== null) {
        score.score = 1.0;
        return true;
      } else {
        return false;
      }
    } else {
      serverPanic('Unknown set encoding');
    }
  } else if (op.type === OBJ_ZSET) {
    const ele = zuiSdsFromValue(val);

    if (op.encoding === OBJ_ENCODING_LISTPACK) {
      return zzlFind(op.subject.ptr as Buffer, ele, score) !== 0;
    } else if (op.encoding === OBJ_ENCODING_SKIPLIST) {
      const zs = op.subject.ptr as zset;
      const de = dictFind(zs.dict, ele);
      if (de !== null) {
        score.score = zs.score(de);
        return true;
      } else {
        return false;
      }
    } else {
      serverPanic('Unknown sorted set encoding');
    }
  } else {
    serverPanic('Unsupported type');
  }
}

/**
 * Orders sources from the smallest to the largest, for sort().
 *
 * @c t_zset.c:2294
 */
export function zuiCompareByCardinality(s1: zsetopsrc, s2: zsetopsrc): number {
  const first = zuiLength(s1);
  const second = zuiLength(s2);
  if (first > second) return 1;
  if (first < second) return -1;
  return 0;
}

/**
 * Orders sources from the largest to the smallest, for sort().
 *
 * @c t_zset.c:2302
 * @cstatic
 */
export function zuiCompareByRevCardinality(s1: zsetopsrc, s2: zsetopsrc): number {
  return zuiCompareByCardinality(s1, s2) * -1;
}

/* How the scores of an element that is in several sources become one. */
export const REDIS_AGGR_SUM = 1;
export const REDIS_AGGR_MIN = 2;
export const REDIS_AGGR_MAX = 3;

/**
 * The score that `target` and `val` make together, as one of REDIS_AGGR_* says. The sum of opposite infinities is 0.
 *
 * @c t_zset.c:2311
 * @cstatic
 */
export function zunionInterAggregate(target: number, val: number, aggregate: number): number {
  if (aggregate === REDIS_AGGR_SUM) {
    target = target + val;
    if (Number.isNaN(target)) target = 0.0;
  } else if (aggregate === REDIS_AGGR_MIN) {
    target = val < target ? val : target;
  } else if (aggregate === REDIS_AGGR_MAX) {
    target = val > target ? val : target;
  } else {
    serverPanic('Unknown ZUNION/INTER aggregate type');
  }
  return target;
}

/** How long the elements of a result are, which decides about its encoding: the longest, and all together. */
export class elementLengths {
  maxelelen = 0;
  totelelen = 0;
}

/**
 * The length of the longest key of a dict. All lengths are added up in `lengths.totelelen`, if that is given.
 *
 * @c t_zset.c:2328
 * @cstatic
 */
export function zsetDictGetMaxElementLength(
  d: dict<string, number>,
  lengths: elementLengths | null,
): number {
  let maxelelen = 0;

  const di = dictGetIterator(d);
  let de: dictEntry<string, number> | null;
  while ((de = dictNext(di)) !== null) {
    const ele = dictGetKey(de);
    if (ele.length > maxelelen) maxelelen = ele.length;
    if (lengths !== null) lengths.totelelen += ele.length;
  }

  dictReleaseIterator(di);

  return maxelelen;
}

/**
 * A difference that looks each element of the first source up in all others: the time is that of its length by the number
 * of sources. Fills `dstzset` and `lengths`.
 *
 * @c t_zset.c:2347
 * @cstatic
 */
export function zdiffAlgorithm1(
  src: zsetopsrc[],
  setnum: number,
  dstzset: zset,
  lengths: elementLengths,
): void {
  // A large one is the most likely to have an element.
  const others = src.slice(1).sort(zuiCompareByRevCardinality);
  for (let j = 1; j < setnum; j++) src[j] = others[j - 1];

  const zval = new zsetopval();
  const value = new scoreRef();
  zuiInitIterator(src[0]);
  while (zuiNext(src[0], zval)) {
    let exists = false;

    for (let j = 1; j < setnum; j++) {
      // The source that is being walked is not looked into.
      if (src[j].subject === src[0].subject || zuiFind(src[j], zval, value)) {
        exists = true;
        break;
      }
    }

    if (!exists) {
      const tmp = zuiNewSdsFromValue(zval);
      const znode = zslInsert(dstzset.zsl, zval.score, tmp);
      dictAdd(dstzset.dict, tmp, znode.level);
      if (tmp.length > lengths.maxelelen) lengths.maxelelen = tmp.length;
      lengths.totelelen += tmp.length;
    }
  }
  zuiClearIterator(src[0]);
}

/**
 * A difference that takes all elements of the first source, and then those of all others away: the time is that of all
 * their lengths together. Fills `dstzset` and `lengths`.
 *
 * @c t_zset.c:2402
 * @cstatic
 */
export function zdiffAlgorithm2(
  src: zsetopsrc[],
  setnum: number,
  dstzset: zset,
  lengths: elementLengths,
): void {
  let cardinality = 0;

  for (let j = 0; j < setnum; j++) {
    if (zuiLength(src[j]) === 0) continue;

    const zval = new zsetopval();
    zuiInitIterator(src[j]);
    while (zuiNext(src[j], zval)) {
      if (j === 0) {
        const tmp = zuiNewSdsFromValue(zval);
        const znode = zslInsert(dstzset.zsl, zval.score, tmp);
        dictAdd(dstzset.dict, tmp, znode.level);
        cardinality++;
      } else {
        const tmp = zuiSdsFromValue(zval);
        if (zsetRemoveFromSkiplist(dstzset, tmp)) cardinality--;
      }

      // Nothing is left that could be taken away.
      if (cardinality === 0) break;
    }
    zuiClearIterator(src[j]);

    if (cardinality === 0) break;
  }

  if (htNeedsResize(dstzset.dict)) {
    dictResize(dstzset.dict);
    zslResize(dstzset);
  }

  // The longest may have been among those taken away.
  lengths.maxelelen = zsetDictGetMaxElementLength(dstzset.dict, lengths);
}

/**
 * Which of the two algorithms has less to do; 0: neither, as a source that is subtracted from itself leaves nothing.
 *
 * @c t_zset.c:2459
 * @cstatic
 */
export function zsetChooseDiffAlgorithm(src: zsetopsrc[], setnum: number): number {
  let algo_one_work = 0;
  let algo_two_work = 0;

  for (let j = 0; j < setnum; j++) {
    if (j > 0 && src[0].subject === src[j].subject) return 0;

    algo_one_work += zuiLength(src[0]);
    algo_two_work += zuiLength(src[j]);
  }

  // The first stops at the first source that has the element, which makes it better than it looks.
  algo_one_work = Math.trunc(algo_one_work / 2);
  return algo_one_work <= algo_two_work ? 1 : 2;
}

/**
 * Puts into `dstzset` what is in the first source and in none of the others, and into `lengths` how long it is.
 *
 * @c t_zset.c:2493
 * @cstatic
 */
export function zdiff(
  src: zsetopsrc[],
  setnum: number,
  dstzset: zset,
  lengths: elementLengths,
): void {
  if (zuiLength(src[0]) > 0) {
    const diff_algo = zsetChooseDiffAlgorithm(src, setnum);
    if (diff_algo === 1) {
      zdiffAlgorithm1(src, setnum, dstzset, lengths);
    } else if (diff_algo === 2) {
      zdiffAlgorithm2(src, setnum, dstzset, lengths);
    } else if (diff_algo !== 0) {
      serverPanic('Unknown algorithm');
    }
  }
}

/**
 * The type of the dict in which a union adds up scores by element. Not a table, as the functions are those of a module
 * that may not have been loaded yet.
 *
 * @own C's static table setAccumulatorDictType
 */
export function setAccumulatorDictType(): dictType<string, number> {
  return {
    hashFunction: dictSdsHash,
    keyDup: null,
    valDup: null,
    keyCompare: dictSdsKeyCompare,
    keyDestructor: null,
    valDestructor: null,
    expandAllowed: null,
    dictEntryMetadataBytes: null,
  };
}

/**
 * ZUNION, ZINTER, ZDIFF, ZINTERCARD, and with a `dstkey` their STORE variants. `op` is a SET_OP_*, `numkeysIndex` the index
 * of the number of keys in argv, `cardinality_only` (with SET_OP_INTER) that only the number of elements is replied.
 *
 * @c t_zset.c:2529
 */
export function zunionInterDiffGenericCommand(
  c: client,
  dstkey: robj | null,
  numkeysIndex: number,
  op: number,
  cardinality_only: boolean,
): void {
  let aggregate = REDIS_AGGR_SUM;
  let withscores = false;
  let cardinality = 0;
  // 0: there is none.
  let limit: number | null = 0;

  const setnum = getLongFromObjectOrReply(c, c.argv[numkeysIndex], null);
  if (setnum === null) return;

  if (setnum < 1) {
    addReplyErrorFormat(c, `at least 1 input key is needed for '${c.cmd!.fullname}' command`);
    return;
  }

  if (setnum > c.argc - (numkeysIndex + 1)) {
    addReplyErrorObject(c, shared.syntaxerr);
    return;
  }

  const src: zsetopsrc[] = [];
  let j = numkeysIndex + 1;
  for (let i = 0; i < setnum; i++, j++) {
    const s = new zsetopsrc();
    const obj = lookupKeyRead(c.db, c.argv[j]);
    if (obj !== null) {
      if (obj.type !== OBJ_ZSET && obj.type !== OBJ_SET) {
        addReplyErrorObject(c, shared.wrongtypeerr);
        return;
      }

      s.subject = obj;
      s.type = obj.type;
      s.encoding = obj.encoding;
    }

    s.weight = 1.0;
    src.push(s);
  }

  if (j < c.argc) {
    let remaining = c.argc - j;

    while (remaining) {
      const opt = objPtrString(c.argv[j]);
      if (
        op !== SET_OP_DIFF &&
        !cardinality_only &&
        remaining >= setnum + 1 &&
        !strcasecmp(opt, 'weights')
      ) {
        j++;
        remaining--;
        for (let i = 0; i < setnum; i++, j++, remaining--) {
          const weight = getDoubleFromObjectOrReply(c, c.argv[j], 'weight value is not a float');
          if (weight === null) return;
          src[i].weight = weight;
        }
      } else if (
        op !== SET_OP_DIFF &&
        !cardinality_only &&
        remaining >= 2 &&
        !strcasecmp(opt, 'aggregate')
      ) {
        j++;
        remaining--;
        const how = objPtrString(c.argv[j]);
        if (!strcasecmp(how, 'sum')) {
          aggregate = REDIS_AGGR_SUM;
        } else if (!strcasecmp(how, 'min')) {
          aggregate = REDIS_AGGR_MIN;
        } else if (!strcasecmp(how, 'max')) {
          aggregate = REDIS_AGGR_MAX;
        } else {
          addReplyErrorObject(c, shared.syntaxerr);
          return;
        }
        j++;
        remaining--;
      } else if (
        remaining >= 1 &&
        dstkey === null &&
        !cardinality_only &&
        !strcasecmp(opt, 'withscores')
      ) {
        j++;
        remaining--;
        withscores = true;
      } else if (cardinality_only && remaining >= 2 && !strcasecmp(opt, 'limit')) {
        j++;
        remaining--;
        limit = getPositiveLongFromObjectOrReply(c, c.argv[j], "LIMIT can't be negative");
        if (limit === null) return;
        j++;
        remaining--;
      } else {
        addReplyErrorObject(c, shared.syntaxerr);
        return;
      }
    }
  }

  // From the smallest on: what is not in that one need not be looked for in the others.
  if (op !== SET_OP_DIFF) src.sort(zuiCompareByCardinality);

  const dstobj = createZsetObject();
  const dstzset = dstobj.ptr as zset;
  const zval = new zsetopval();
  const lengths = new elementLengths();

  if (op === SET_OP_INTER) {
    // If the smallest is not empty, none is.
    if (zuiLength(src[0]) > 0) {
      const value = new scoreRef();
      zuiInitIterator(src[0]);
      while (zuiNext(src[0], zval)) {
        let score = src[0].weight * zval.score;
        if (Number.isNaN(score)) score = 0;

        for (j = 1; j < setnum; j++) {
          // The source that is being walked is not looked into.
          if (src[j].subject === src[0].subject) {
            score = zunionInterAggregate(score, zval.score * src[j].weight, aggregate);
          } else if (zuiFind(src[j], zval, value)) {
            score = zunionInterAggregate(score, value.score * src[j].weight, aggregate);
          } else {
            break;
          }
        }

        // j is the number of sources that have the element.
        if (j === setnum && cardinality_only) {
          cardinality++;

          if (limit && cardinality >= limit) {
            zuiDiscardDirtyValue(zval);
            break;
          }
        } else if (j === setnum) {
          const tmp = zuiNewSdsFromValue(zval);
          const znode = zslInsert(dstzset.zsl, score, tmp);
          dictAdd(dstzset.dict, tmp, znode.level);
          lengths.totelelen += tmp.length;
          if (tmp.length > lengths.maxelelen) lengths.maxelelen = tmp.length;
        }
      }
      zuiClearIterator(src[0]);
    }
  } else if (op === SET_OP_UNION) {
    const accumulator = dictCreate(setAccumulatorDictType());
    const existing = new dictExisting<string, number>();

    // The union has at least as many elements as the largest source.
    if (setnum) dictExpand(accumulator, zuiLength(src[setnum - 1]));

    // First the scores are added up in a dict, one source after the other.
    for (let i = 0; i < setnum; i++) {
      if (zuiLength(src[i]) === 0) continue;

      zuiInitIterator(src[i]);
      while (zuiNext(src[i], zval)) {
        const score = src[i].weight * zval.score;

        const value = Number.isNaN(score) ? 0 : score;
        const tmp = zuiSdsFromValue(zval);
        const de = dictAddRaw(accumulator, tmp, existing);
        if (de !== null) {
          lengths.totelelen += tmp.length;
          if (tmp.length > lengths.maxelelen) lengths.maxelelen = tmp.length;
          dictSetDoubleVal(de, value);
        } else {
          const there = existing.entry!;
          there.v = zunionInterAggregate(there.v, value, aggregate);
        }
      }
      zuiClearIterator(src[i]);
    }

    // Then a sorted set is made of them.
    const di = dictGetIterator(accumulator);

    dictExpand(dstzset.dict, dictSize(accumulator));

    let de: dictEntry<string, number> | null;
    while ((de = dictNext(di)) !== null) {
      const ele = dictGetKey(de);
      const znode = zslInsert(dstzset.zsl, dictGetDoubleVal(de), ele);
      dictAdd(dstzset.dict, ele, znode.level);
    }
    dictReleaseIterator(di);
    dictRelease(accumulator);
  } else if (op === SET_OP_DIFF) {
    zdiff(src, setnum, dstzset, lengths);
  } else {
    serverPanic('Unknown operator');
  }

  if (dstkey !== null) {
    if (dstzset.zsl.length) {
      zsetConvertToListpackIfNeeded(dstobj, lengths.maxelelen, lengths.totelelen);
      setKey(c, c.db, dstkey, dstobj, 0);
      addReplyLongLong(c, zsetLength(dstobj));
      notifyKeyspaceEvent(
        NOTIFY_ZSET,
        op === SET_OP_UNION ? 'zunionstore' : op === SET_OP_INTER ? 'zinterstore' : 'zdiffstore',
        dstkey,
        c.db.id,
      );
      server.dirty++;
    } else {
      addReply(c, shared.czero);
      if (dbDelete(c.db, dstkey)) {
        signalModifiedKey(c, c.db, dstkey);
        notifyKeyspaceEvent(NOTIFY_GENERIC, 'del', dstkey, c.db.id);
        server.dirty++;
      }
    }
  } else if (cardinality_only) {
    addReplyLongLong(c, cardinality);
  } else {
    const length = dstzset.zsl.length;
    let zn = dstzset.zsl.header.forward(0);
    // Pairs are arrays in RESP3: a map would not keep their order.
    if (withscores && c.resp === 2) addReplyArrayLen(c, length * 2);
    else addReplyArrayLen(c, length);

    while (zn !== null) {
      if (withscores && c.resp > 2) addReplyArrayLen(c, 2);
      addReplyBulkCBuffer(c, zn.ele as string);
      if (withscores) addReplyDouble(c, zn.score);
      zn = zn.forward(0);
    }
  }
  decrRefCount(dstobj);
}

/**
 * `ZUNIONSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM|MIN|MAX]`: replies how
 * many elements the destination has now.
 *
 * @c t_zset.c:2814
 */
export function zunionstoreCommand(c: client): void {
  zunionInterDiffGenericCommand(c, c.argv[1], 2, SET_OP_UNION, false);
}

/**
 * `ZINTERSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM|MIN|MAX]`: replies how
 * many elements the destination has now.
 *
 * @c t_zset.c:2819
 */
export function zinterstoreCommand(c: client): void {
  zunionInterDiffGenericCommand(c, c.argv[1], 2, SET_OP_INTER, false);
}

/**
 * `ZDIFFSTORE destination numkeys key [key ...]`: replies how many elements the destination has now.
 *
 * @c t_zset.c:2824
 */
export function zdiffstoreCommand(c: client): void {
  zunionInterDiffGenericCommand(c, c.argv[1], 2, SET_OP_DIFF, false);
}

/**
 * `ZUNION numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM|MIN|MAX] [WITHSCORES]`: replies the
 * elements in order.
 *
 * @c t_zset.c:2829
 */
export function zunionCommand(c: client): void {
  zunionInterDiffGenericCommand(c, null, 1, SET_OP_UNION, false);
}

/**
 * `ZINTER numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM|MIN|MAX] [WITHSCORES]`: replies the
 * elements in order.
 *
 * @c t_zset.c:2834
 */
export function zinterCommand(c: client): void {
  zunionInterDiffGenericCommand(c, null, 1, SET_OP_INTER, false);
}

/**
 * `ZINTERCARD numkeys key [key ...] [LIMIT limit]`: replies how many elements all the keys have in common, counting no
 * further than the limit.
 *
 * @c t_zset.c:2839
 */
export function zinterCardCommand(c: client): void {
  zunionInterDiffGenericCommand(c, null, 1, SET_OP_INTER, true);
}

/**
 * `ZDIFF numkeys key [key ...] [WITHSCORES]`: replies the elements in order.
 *
 * @c t_zset.c:2844
 */
export function zdiffCommand(c: client): void {
  zunionInterDiffGenericCommand(c, null, 1, SET_OP_DIFF, false);
}

/* zrange_direction; AUTO: forward unless an option says otherwise. */
export const ZRANGE_DIRECTION_AUTO = 0;
export const ZRANGE_DIRECTION_FORWARD = 1;
export const ZRANGE_DIRECTION_REVERSE = 2;

/* zrange_consumer_type: what becomes of a range. */
export const ZRANGE_CONSUMER_TYPE_CLIENT = 0;
export const ZRANGE_CONSUMER_TYPE_INTERNAL = 1;

/**
 * Takes the result of a range: either replies it, or stores it in a key. An element is `len` bytes of a string or of bytes
 * from `off` on, or an integer.
 */
export class zrange_result_handler {
  client: client;
  dstkey: robj | null = null;
  dstobj: robj | null = null;
  /** The place of the length in the reply, which is filled in at the end; null: it was known from the start. */
  userdata: listNode<clientReplyBlock | null> | null = null;
  withscores = false;
  should_emit_array_length = false;
  /** Called once before the elements; the length is -1 if it is not known yet. */
  beginResultEmission: (handler: zrange_result_handler, length: number) => void;
  /** Called once behind them, with their number. */
  finalizeResultEmission: (handler: zrange_result_handler, result_count: number) => void;
  emitResultFromCBuffer: (
    handler: zrange_result_handler,
    value: string | Buffer,
    off: number,
    len: number,
    score: number,
  ) => void;
  emitResultFromLongLong: (
    handler: zrange_result_handler,
    value: number | bigint,
    score: number,
  ) => void;
  constructor(client: client) {
    this.client = client;
    this.beginResultEmission = zrangeResultBeginClient;
    this.finalizeResultEmission = zrangeResultFinalizeClient;
    this.emitResultFromCBuffer = zrangeResultEmitCBufferToClient;
    this.emitResultFromLongLong = zrangeResultEmitLongLongToClient;
  }
}

/**
 * Begins the reply of a range. With scores, RESP2 has one array of elements and scores in turn, RESP3 an array of pairs.
 *
 * @c t_zset.c:2893
 * @cstatic
 */
export function zrangeResultBeginClient(handler: zrange_result_handler, length: number): void {
  if (length > 0) {
    if (handler.withscores && handler.client.resp === 2) length *= 2;
    addReplyArrayLen(handler.client, length);
    handler.userdata = null;
    return;
  }
  handler.userdata = addReplyDeferredLen(handler.client);
}

/**
 * Replies a string element of a range.
 *
 * @c t_zset.c:2908
 * @cstatic
 */
export function zrangeResultEmitCBufferToClient(
  handler: zrange_result_handler,
  value: string | Buffer,
  off: number,
  len: number,
  score: number,
): void {
  if (handler.should_emit_array_length) addReplyArrayLen(handler.client, 2);

  addReplyBulkCBuffer(handler.client, value, off, len);

  if (handler.withscores) addReplyDouble(handler.client, score);
}

/**
 * Replies an integer element of a range.
 *
 * @c t_zset.c:2922
 * @cstatic
 */
export function zrangeResultEmitLongLongToClient(
  handler: zrange_result_handler,
  value: number | bigint,
  score: number,
): void {
  if (handler.should_emit_array_length) addReplyArrayLen(handler.client, 2);

  addReplyBulkLongLong(handler.client, value);

  if (handler.withscores) addReplyDouble(handler.client, score);
}

/**
 * Ends the reply of a range.
 *
 * @c t_zset.c:2936
 * @cstatic
 */
export function zrangeResultFinalizeClient(
  handler: zrange_result_handler,
  result_count: number,
): void {
  if (handler.userdata === null) return;
  if (handler.withscores && handler.client.resp === 2) result_count *= 2;

  setDeferredArrayLen(handler.client, handler.userdata, result_count);
}

/**
 * Begins the sorted set that a range is stored in.
 *
 * @c t_zset.c:2953
 * @cstatic
 */
export function zrangeResultBeginStore(handler: zrange_result_handler, length: number): void {
  if (length > server.zset_max_listpack_entries) handler.dstobj = createZsetObject();
  else handler.dstobj = createZsetListpackObject();
}

/**
 * Stores a string element of a range.
 *
 * @c t_zset.c:2961
 * @cstatic
 */
export function zrangeResultEmitCBufferForStore(
  handler: zrange_result_handler,
  value: string | Buffer,
  off: number,
  len: number,
  score: number,
): void {
  const ele = typeof value === 'string' ? value : value.latin1Slice(off, off + len);
  const retval = zsetAdd(handler.dstobj!, score, ele, ZADD_IN_NONE, new zsetAddResult());
  serverAssert(retval !== 0, 'retval');
}

/**
 * Stores an integer element of a range.
 *
 * @c t_zset.c:2972
 * @cstatic
 */
export function zrangeResultEmitLongLongForStore(
  handler: zrange_result_handler,
  value: number | bigint,
  score: number,
): void {
  const ele = ll2string(value);
  const retval = zsetAdd(handler.dstobj!, score, ele, ZADD_IN_NONE, new zsetAddResult());
  serverAssert(retval !== 0, 'retval');
}

/**
 * Puts the sorted set of a range into its key, or deletes that key if it is empty, and replies its length.
 *
 * @c t_zset.c:2983
 * @cstatic
 */
export function zrangeResultFinalizeStore(
  handler: zrange_result_handler,
  result_count: number,
): void {
  const c = handler.client;
  const dstkey = handler.dstkey!;
  if (result_count) {
    setKey(c, c.db, dstkey, handler.dstobj!, 0);
    addReplyLongLong(c, result_count);
    notifyKeyspaceEvent(NOTIFY_ZSET, 'zrangestore', dstkey, c.db.id);
    server.dirty++;
  } else {
    addReply(c, shared.czero);
    if (dbDelete(c.db, dstkey)) {
      signalModifiedKey(c, c.db, dstkey);
      notifyKeyspaceEvent(NOTIFY_GENERIC, 'del', dstkey, c.db.id);
      server.dirty++;
    }
  }
  decrRefCount(handler.dstobj!);
}

/**
 * A handler that replies (ZRANGE_CONSUMER_TYPE_CLIENT) or stores (ZRANGE_CONSUMER_TYPE_INTERNAL).
 *
 * @c t_zset.c:3002
 * @cstatic
 */
export function zrangeResultHandlerInit(client: client, type: number): zrange_result_handler {
  const handler = new zrange_result_handler(client);

  if (type === ZRANGE_CONSUMER_TYPE_INTERNAL) {
    handler.beginResultEmission = zrangeResultBeginStore;
    handler.finalizeResultEmission = zrangeResultFinalizeStore;
    handler.emitResultFromCBuffer = zrangeResultEmitCBufferForStore;
    handler.emitResultFromLongLong = zrangeResultEmitLongLongForStore;
  }
  return handler;
}

/**
 * From now on the scores are wanted, too.
 *
 * @c t_zset.c:3026
 * @cstatic
 */
export function zrangeResultHandlerScoreEmissionEnable(handler: zrange_result_handler): void {
  handler.withscores = true;
  handler.should_emit_array_length = handler.client.resp > 2;
}

/**
 * Tells a handler that stores, where.
 *
 * @c t_zset.c:3031
 * @cstatic
 */
export function zrangeResultHandlerDestinationKeySet(
  handler: zrange_result_handler,
  dstkey: robj,
): void {
  handler.dstkey = dstkey;
}

/**
 * The elements with ranks `start` to `end`, from 0 on, negative ones counted from behind; `reverse` counts from the highest
 * score down.
 *
 * @c t_zset.c:3038
 */
export function genericZrangebyrankCommand(
  handler: zrange_result_handler,
  zobj: robj,
  start: number,
  end: number,
  withscores: boolean,
  reverse: boolean,
): void {
  const c = handler.client;

  const llen = zsetLength(zobj);
  if (start < 0) start = llen + start;
  if (end < 0) end = llen + end;
  if (start < 0) start = 0;

  // start is not negative, so that this holds for an end before the first element, too.
  if (start > end || start >= llen) {
    handler.beginResultEmission(handler, 0);
    handler.finalizeResultEmission(handler, 0);
    return;
  }
  if (end >= llen) end = llen - 1;
  let rangelen = end - start + 1;
  const result_cardinality = rangelen;

  handler.beginResultEmission(handler, rangelen);
  if (zobj.encoding === OBJ_ENCODING_LISTPACK) {
    const zl = zobj.ptr as Buffer;
    const eptr = new lpPos();
    const sptr = new lpPos();
    const vstr = new lpRef();
    let score = 0.0;

    if (reverse) eptr.p = lpSeek(zl, -2 - 2 * start);
    else eptr.p = lpSeek(zl, 2 * start);

    serverAssertWithInfo(c, zobj, eptr.p !== 0, 'eptr != NULL');
    sptr.p = lpNext(zl, eptr.p);

    while (rangelen--) {
      serverAssertWithInfo(c, zobj, eptr.p !== 0 && sptr.p !== 0, 'eptr != NULL && sptr != NULL');
      const vlong = lpGetValue(zl, eptr.p, vstr);

      if (withscores) score = zzlGetScore(zl, sptr.p);

      if (vlong === null) {
        handler.emitResultFromCBuffer(handler, zl, vstr.value, vstr.count, score);
      } else {
        handler.emitResultFromLongLong(handler, vlong, score);
      }

      if (reverse) zzlPrev(zl, eptr, sptr);
      else zzlNext(zl, eptr, sptr);
    }
  } else if (zobj.encoding === OBJ_ENCODING_SKIPLIST) {
    const zsl = (zobj.ptr as zset).zsl;
    let ln: zskiplistNode | null;

    // The ends need no search.
    if (reverse) {
      ln = zsl.tail;
      if (start > 0) ln = zslGetElementByRank(zsl, llen - start);
    } else {
      ln = zsl.header.forward(0);
      if (start > 0) ln = zslGetElementByRank(zsl, start + 1);
    }

    while (rangelen--) {
      serverAssertWithInfo(c, zobj, ln !== null, 'ln != NULL');
      const ele = ln!.ele as string;
      handler.emitResultFromCBuffer(handler, ele, 0, ele.length, ln!.score);
      ln = reverse ? ln!.backward : ln!.forward(0);
    }
  } else {
    serverPanic('Unknown sorted set encoding');
  }

  handler.finalizeResultEmission(handler, result_cardinality);
}

/**
 * `ZRANGESTORE dst src min max [BYSCORE|BYLEX] [REV] [LIMIT offset count]`: replies how many elements the destination
 * has now.
 *
 * @c t_zset.c:3130
 */
export function zrangestoreCommand(c: client): void {
  const dstkey = c.argv[1];
  const handler = zrangeResultHandlerInit(c, ZRANGE_CONSUMER_TYPE_INTERNAL);
  zrangeResultHandlerDestinationKeySet(handler, dstkey);
  zrangeGenericCommand(handler, 2, true, ZRANGE_AUTO, ZRANGE_DIRECTION_AUTO);
}

/**
 * `ZRANGE key min max [BYSCORE|BYLEX] [REV] [LIMIT offset count] [WITHSCORES]`: replies the elements of the range.
 *
 * @c t_zset.c:3139
 */
export function zrangeCommand(c: client): void {
  const handler = zrangeResultHandlerInit(c, ZRANGE_CONSUMER_TYPE_CLIENT);
  zrangeGenericCommand(handler, 1, false, ZRANGE_AUTO, ZRANGE_DIRECTION_AUTO);
}

/**
 * `ZREVRANGE key start stop [WITHSCORES]`: replies the elements of the range, counted from the highest score down.
 *
 * @c t_zset.c:3146
 */
export function zrevrangeCommand(c: client): void {
  const handler = zrangeResultHandlerInit(c, ZRANGE_CONSUMER_TYPE_CLIENT);
  zrangeGenericCommand(handler, 1, false, ZRANGE_RANK, ZRANGE_DIRECTION_REVERSE);
}

/**
 * The elements in a range of scores, from the highest down if `reverse`, without the first `offset`, and no more than
 * `limit`; a negative limit means all, a negative offset none.
 *
 * @c t_zset.c:3153
 */
export function genericZrangebyscoreCommand(
  handler: zrange_result_handler,
  range: zrangespec,
  zobj: robj,
  offset: number,
  limit: number,
  reverse: boolean,
): void {
  let rangelen = 0;

  handler.beginResultEmission(handler, -1);

  // Nothing can be left.
  if (offset > 0 && offset >= zsetLength(zobj)) {
    handler.finalizeResultEmission(handler, 0);
    return;
  }

  if (zobj.encoding === OBJ_ENCODING_LISTPACK) {
    const zl = zobj.ptr as Buffer;
    const eptr = new lpPos();
    const sptr = new lpPos();
    const vstr = new lpRef();

    if (reverse) eptr.p = zzlLastInRange(zl, range);
    else eptr.p = zzlFirstInRange(zl, range);

    if (eptr.p !== 0) sptr.p = lpNext(zl, eptr.p);

    // Whether these are still in the range is seen below.
    while (eptr.p !== 0 && offset--) {
      if (reverse) zzlPrev(zl, eptr, sptr);
      else zzlNext(zl, eptr, sptr);
    }

    while (eptr.p !== 0 && limit--) {
      const score = zzlGetScore(zl, sptr.p);

      if (reverse) {
        if (!zslValueGteMin(score, range)) break;
      } else {
        if (!zslValueLteMax(score, range)) break;
      }

      const vlong = lpGetValue(zl, eptr.p, vstr);
      rangelen++;
      if (vlong === null) {
        handler.emitResultFromCBuffer(handler, zl, vstr.value, vstr.count, score);
      } else {
        handler.emitResultFromLongLong(handler, vlong, score);
      }

      if (reverse) zzlPrev(zl, eptr, sptr);
      else zzlNext(zl, eptr, sptr);
    }
  } else if (zobj.encoding === OBJ_ENCODING_SKIPLIST) {
    const zsl = (zobj.ptr as zset).zsl;
    let ln: zskiplistNode | null;

    if (reverse) ln = zslLastInRange(zsl, range);
    else ln = zslFirstInRange(zsl, range);

    // Whether these are still in the range is seen below.
    while (ln !== null && offset--) {
      if (reverse) ln = ln.backward;
      else ln = ln.forward(0);
    }

    while (ln !== null && limit--) {
      if (reverse) {
        if (!zslValueGteMin(ln.score, range)) break;
      } else {
        if (!zslValueLteMax(ln.score, range)) break;
      }

      rangelen++;
      const ele = ln.ele as string;
      handler.emitResultFromCBuffer(handler, ele, 0, ele.length, ln.score);

      if (reverse) ln = ln.backward;
      else ln = ln.forward(0);
    }
  } else {
    serverPanic('Unknown sorted set encoding');
  }

  handler.finalizeResultEmission(handler, rangelen);
}

/**
 * `ZRANGEBYSCORE key min max [WITHSCORES] [LIMIT offset count]`: replies the elements of the range.
 *
 * @c t_zset.c:3267
 */
export function zrangebyscoreCommand(c: client): void {
  const handler = zrangeResultHandlerInit(c, ZRANGE_CONSUMER_TYPE_CLIENT);
  zrangeGenericCommand(handler, 1, false, ZRANGE_SCORE, ZRANGE_DIRECTION_FORWARD);
}

/**
 * `ZREVRANGEBYSCORE key max min [WITHSCORES] [LIMIT offset count]`: replies the elements of the range from the highest
 * score down.
 *
 * @c t_zset.c:3274
 */
export function zrevrangebyscoreCommand(c: client): void {
  const handler = zrangeResultHandlerInit(c, ZRANGE_CONSUMER_TYPE_CLIENT);
  zrangeGenericCommand(handler, 1, false, ZRANGE_SCORE, ZRANGE_DIRECTION_REVERSE);
}

/**
 * `ZCOUNT key min max`: replies how many elements are in the range.
 *
 * @c t_zset.c:3280
 */
export function zcountCommand(c: client): void {
  const key = c.argv[1];
  let count = 0;

  const range = zslParseRange(c.argv[2], c.argv[3]);
  if (range === null) {
    addReplyError(c, 'min or max is not a float');
    return;
  }

  const zobj = lookupKeyReadOrReply(c, key, shared.czero);
  if (zobj === null || checkType(c, zobj, OBJ_ZSET)) return;

  if (zobj.encoding === OBJ_ENCODING_LISTPACK) {
    const zl = zobj.ptr as Buffer;
    const eptr = new lpPos();
    const sptr = new lpPos();

    eptr.p = zzlFirstInRange(zl, range);

    if (eptr.p === 0) {
      addReply(c, shared.czero);
      return;
    }

    sptr.p = lpNext(zl, eptr.p);
    let score = zzlGetScore(zl, sptr.p);
    serverAssertWithInfo(c, zobj, zslValueLteMax(score, range), 'zslValueLteMax(score,&range)');

    while (eptr.p !== 0) {
      score = zzlGetScore(zl, sptr.p);

      if (!zslValueLteMax(score, range)) {
        break;
      } else {
        count++;
        zzlNext(zl, eptr, sptr);
      }
    }
  } else if (zobj.encoding === OBJ_ENCODING_SKIPLIST) {
    const zsl = (zobj.ptr as zset).zsl;

    let zn = zslFirstInRange(zsl, range);

    // All from the first in the range on, less those behind the last.
    if (zn !== null) {
      let rank = zslGetRank(zsl, zn.score, zn.ele as string);
      count = zsl.length - (rank - 1);

      zn = zslLastInRange(zsl, range);

      if (zn !== null) {
        rank = zslGetRank(zsl, zn.score, zn.ele as string);
        count -= zsl.length - rank;
      }
    }
  } else {
    serverPanic('Unknown sorted set encoding');
  }

  addReplyLongLong(c, count);
}

/**
 * `ZLEXCOUNT key min max`: replies how many elements are in the range.
 *
 * @c t_zset.c:3357
 */
export function zlexcountCommand(c: client): void {
  const key = c.argv[1];
  let count = 0;

  const range = zslParseLexRange(c.argv[2], c.argv[3]);
  if (range === null) {
    addReplyError(c, 'min or max not valid string range item');
    return;
  }

  const zobj = lookupKeyReadOrReply(c, key, shared.czero);
  if (zobj === null || checkType(c, zobj, OBJ_ZSET)) {
    zslFreeLexRange(range);
    return;
  }

  if (zobj.encoding === OBJ_ENCODING_LISTPACK) {
    const zl = zobj.ptr as Buffer;
    const eptr = new lpPos();
    const sptr = new lpPos();

    eptr.p = zzlFirstInLexRange(zl, range);

    if (eptr.p === 0) {
      zslFreeLexRange(range);
      addReply(c, shared.czero);
      return;
    }

    sptr.p = lpNext(zl, eptr.p);
    serverAssertWithInfo(
      c,
      zobj,
      zzlLexValueLteMax(zl, eptr.p, range),
      'zzlLexValueLteMax(eptr,&range)',
    );

    while (eptr.p !== 0) {
      if (!zzlLexValueLteMax(zl, eptr.p, range)) {
        break;
      } else {
        count++;
        zzlNext(zl, eptr, sptr);
      }
    }
  } else if (zobj.encoding === OBJ_ENCODING_SKIPLIST) {
    const zsl = (zobj.ptr as zset).zsl;

    let zn = zslFirstInLexRange(zsl, range);

    // All from the first in the range on, less those behind the last.
    if (zn !== null) {
      let rank = zslGetRank(zsl, zn.score, zn.ele as string);
      count = zsl.length - (rank - 1);

      zn = zslLastInLexRange(zsl, range);

      if (zn !== null) {
        rank = zslGetRank(zsl, zn.score, zn.ele as string);
        count -= zsl.length - rank;
      }
    }
  } else {
    serverPanic('Unknown sorted set encoding');
  }

  zslFreeLexRange(range);
  addReplyLongLong(c, count);
}

/**
 * The elements in a lexicographical range, from the greatest down if `reverse`, without the first `offset`, and no more
 * than `limit`; a negative limit means all, a negative offset none.
 *
 * @c t_zset.c:3437
 */
export function genericZrangebylexCommand(
  handler: zrange_result_handler,
  range: zlexrangespec,
  zobj: robj,
  withscores: boolean,
  offset: number,
  limit: number,
  reverse: boolean,
): void {
  let rangelen = 0;

  handler.beginResultEmission(handler, -1);

  if (zobj.encoding === OBJ_ENCODING_LISTPACK) {
    const zl = zobj.ptr as Buffer;
    const eptr = new lpPos();
    const sptr = new lpPos();
    const vstr = new lpRef();

    if (reverse) eptr.p = zzlLastInLexRange(zl, range);
    else eptr.p = zzlFirstInLexRange(zl, range);

    if (eptr.p !== 0) sptr.p = lpNext(zl, eptr.p);

    // Whether these are still in the range is seen below.
    while (eptr.p !== 0 && offset--) {
      if (reverse) zzlPrev(zl, eptr, sptr);
      else zzlNext(zl, eptr, sptr);
    }

    while (eptr.p !== 0 && limit--) {
      let score = 0;
      if (withscores) score = zzlGetScore(zl, sptr.p);

      if (reverse) {
        if (!zzlLexValueGteMin(zl, eptr.p, range)) break;
      } else {
        if (!zzlLexValueLteMax(zl, eptr.p, range)) break;
      }

      const vlong = lpGetValue(zl, eptr.p, vstr);
      rangelen++;
      if (vlong === null) {
        handler.emitResultFromCBuffer(handler, zl, vstr.value, vstr.count, score);
      } else {
        handler.emitResultFromLongLong(handler, vlong, score);
      }

      if (reverse) zzlPrev(zl, eptr, sptr);
      else zzlNext(zl, eptr, sptr);
    }
  } else if (zobj.encoding === OBJ_ENCODING_SKIPLIST) {
    const zsl = (zobj.ptr as zset).zsl;
    let ln: zskiplistNode | null;

    if (reverse) ln = zslLastInLexRange(zsl, range);
    else ln = zslFirstInLexRange(zsl, range);

    // Whether these are still in the range is seen below.
    while (ln !== null && offset--) {
      if (reverse) ln = ln.backward;
      else ln = ln.forward(0);
    }

    while (ln !== null && limit--) {
      const ele = ln.ele as string;
      if (reverse) {
        if (!zslLexValueGteMin(ele, range)) break;
      } else {
        if (!zslLexValueLteMax(ele, range)) break;
      }

      rangelen++;
      handler.emitResultFromCBuffer(handler, ele, 0, ele.length, ln.score);

      if (reverse) ln = ln.backward;
      else ln = ln.forward(0);
    }
  } else {
    serverPanic('Unknown sorted set encoding');
  }

  handler.finalizeResultEmission(handler, rangelen);
}

/**
 * `ZRANGEBYLEX key min max [LIMIT offset count]`: replies the elements of the range.
 *
 * @c t_zset.c:3548
 */
export function zrangebylexCommand(c: client): void {
  const handler = zrangeResultHandlerInit(c, ZRANGE_CONSUMER_TYPE_CLIENT);
  zrangeGenericCommand(handler, 1, false, ZRANGE_LEX, ZRANGE_DIRECTION_FORWARD);
}

/**
 * `ZREVRANGEBYLEX key max min [LIMIT offset count]`: replies the elements of the range from the greatest down.
 *
 * @c t_zset.c:3555
 */
export function zrevrangebylexCommand(c: client): void {
  const handler = zrangeResultHandlerInit(c, ZRANGE_CONSUMER_TYPE_CLIENT);
  zrangeGenericCommand(handler, 1, false, ZRANGE_LEX, ZRANGE_DIRECTION_REVERSE);
}

/**
 * All commands that read a range. From index `argc_start` on the arguments are source, min, max and options; what the
 * command's name decides, type and direction, comes as ZRANGE_*, and only where it is AUTO the options may decide.
 *
 * @c t_zset.c:3571
 */
export function zrangeGenericCommand(
  handler: zrange_result_handler,
  argc_start: number,
  store: boolean,
  rangetype: number,
  direction: number,
): void {
  const c = handler.client;
  const key = c.argv[argc_start];
  let range: zrangespec | null = null;
  let lexrange: zlexrangespec | null = null;
  let minidx = argc_start + 1;
  let maxidx = argc_start + 2;

  let opt_start: number | null = 0;
  let opt_end: number | null = 0;
  let opt_withscores = false;
  let opt_offset: number | null = 0;
  let opt_limit: number | null = -1;

  for (let j = argc_start + 3; j < c.argc; j++) {
    const leftargs = c.argc - j - 1;
    const opt = objPtrString(c.argv[j]);
    if (!store && !strcasecmp(opt, 'withscores')) {
      opt_withscores = true;
    } else if (!strcasecmp(opt, 'limit') && leftargs >= 2) {
      if (
        (opt_offset = getLongFromObjectOrReply(c, c.argv[j + 1], null)) === null ||
        (opt_limit = getLongFromObjectOrReply(c, c.argv[j + 2], null)) === null
      ) {
        return;
      }
      j += 2;
    } else if (direction === ZRANGE_DIRECTION_AUTO && !strcasecmp(opt, 'rev')) {
      direction = ZRANGE_DIRECTION_REVERSE;
    } else if (rangetype === ZRANGE_AUTO && !strcasecmp(opt, 'bylex')) {
      rangetype = ZRANGE_LEX;
    } else if (rangetype === ZRANGE_AUTO && !strcasecmp(opt, 'byscore')) {
      rangetype = ZRANGE_SCORE;
    } else {
      addReplyErrorObject(c, shared.syntaxerr);
      return;
    }
  }

  if (direction === ZRANGE_DIRECTION_AUTO) direction = ZRANGE_DIRECTION_FORWARD;
  if (rangetype === ZRANGE_AUTO) rangetype = ZRANGE_RANK;

  if (opt_limit !== -1 && rangetype === ZRANGE_RANK) {
    addReplyError(
      c,
      'syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX',
    );
    return;
  }
  if (opt_withscores && rangetype === ZRANGE_LEX) {
    addReplyError(c, 'syntax error, WITHSCORES not supported in combination with BYLEX');
    return;
  }

  if (
    direction === ZRANGE_DIRECTION_REVERSE &&
    (rangetype === ZRANGE_SCORE || rangetype === ZRANGE_LEX)
  ) {
    // Given as max, min.
    const tmp = maxidx;
    maxidx = minidx;
    minidx = tmp;
  }

  switch (rangetype) {
    case ZRANGE_RANK:
      if (
        (opt_start = getLongFromObjectOrReply(c, c.argv[minidx], null)) === null ||
        (opt_end = getLongFromObjectOrReply(c, c.argv[maxidx], null)) === null
      ) {
        return;
      }
      break;

    case ZRANGE_SCORE:
      range = zslParseRange(c.argv[minidx], c.argv[maxidx]);
      if (range === null) {
        addReplyError(c, 'min or max is not a float');
        return;
      }
      break;

    case ZRANGE_LEX:
      lexrange = zslParseLexRange(c.argv[minidx], c.argv[maxidx]);
      if (lexrange === null) {
        addReplyError(c, 'min or max not valid string range item');
        return;
      }
      break;
  }

  if (opt_withscores || store) zrangeResultHandlerScoreEmissionEnable(handler);

  const zobj = lookupKeyRead(c.db, key);
  if (zobj === null) {
    if (store) {
      handler.beginResultEmission(handler, -1);
      handler.finalizeResultEmission(handler, 0);
    } else {
      addReply(c, shared.emptyarray);
    }
  } else if (!checkType(c, zobj, OBJ_ZSET)) {
    switch (rangetype) {
      case ZRANGE_RANK:
        genericZrangebyrankCommand(
          handler,
          zobj,
          opt_start,
          opt_end,
          opt_withscores || store,
          direction === ZRANGE_DIRECTION_REVERSE,
        );
        break;

      case ZRANGE_SCORE:
        genericZrangebyscoreCommand(
          handler,
          range!,
          zobj,
          opt_offset,
          opt_limit,
          direction === ZRANGE_DIRECTION_REVERSE,
        );
        break;

      case ZRANGE_LEX:
        genericZrangebylexCommand(
          handler,
          lexrange!,
          zobj,
          opt_withscores || store,
          opt_offset,
          opt_limit,
          direction === ZRANGE_DIRECTION_REVERSE,
        );
        break;
    }
  }

  if (lexrange !== null) zslFreeLexRange(lexrange);
}

/**
 * `ZCARD key`: replies how many elements there are.
 *
 * @c t_zset.c:3719
 */
export function zcardCommand(c: client): void {
  const key = c.argv[1];

  const zobj = lookupKeyReadOrReply(c, key, shared.czero);
  if (zobj === null || checkType(c, zobj, OBJ_ZSET)) return;

  addReplyLongLong(c, zsetLength(zobj));
}

/**
 * `ZSCORE key member`: replies the score, or null.
 *
 * @c t_zset.c:3729
 */
export function zscoreCommand(c: client): void {
  const key = c.argv[1];

  const zobj = lookupKeyReadOrReply(c, key, shared.null[c.resp]);
  if (zobj === null || checkType(c, zobj, OBJ_ZSET)) return;

  const score = zsetScore(zobj, objPtrString(c.argv[2]));
  if (score === null) addReplyNull(c);
  else addReplyDouble(c, score);
}

/**
 * `ZMSCORE key member [member ...]`: replies an array of scores, null for an element that is not there.
 *
 * @c t_zset.c:3744
 */
export function zmscoreCommand(c: client): void {
  const key = c.argv[1];
  const zobj = lookupKeyRead(c.db, key);
  if (checkType(c, zobj, OBJ_ZSET)) return;

  addReplyArrayLen(c, c.argc - 2);
  for (let j = 2; j < c.argc; j++) {
    // A key that is not there is like one that holds nothing.
    const score = zobj === null ? null : zsetScore(zobj, objPtrString(c.argv[j]));
    if (score === null) addReplyNull(c);
    else addReplyDouble(c, score);
  }
}

/**
 * ZRANK, and if `reverse` ZREVRANK.
 *
 * @c t_zset.c:3762
 */
export function zrankGenericCommand(c: client, reverse: boolean): void {
  const key = c.argv[1];
  const ele = c.argv[2];

  const zobj = lookupKeyReadOrReply(c, key, shared.null[c.resp]);
  if (zobj === null || checkType(c, zobj, OBJ_ZSET)) return;

  serverAssertWithInfo(c, ele, sdsEncodedObject(ele), 'sdsEncodedObject(ele)');
  const rank = zsetRank(zobj, objPtrString(ele), reverse);
  if (rank >= 0) addReplyLongLong(c, rank);
  else addReplyNull(c);
}

/**
 * `ZRANK key member`: replies the rank from 0 on, or null.
 *
 * @c t_zset.c:3780
 */
export function zrankCommand(c: client): void {
  zrankGenericCommand(c, false);
}

/**
 * `ZREVRANK key member`: replies the rank from 0 on, counted from the highest score down, or null.
 *
 * @c t_zset.c:3784
 */
export function zrevrankCommand(c: client): void {
  zrankGenericCommand(c, true);
}

/**
 * `ZSCAN key cursor [MATCH pattern] [COUNT count]`: replies the next cursor, and elements with their scores.
 *
 * @c t_zset.c:3788
 */
export function zscanCommand(c: client): void {
  const cursor = parseScanCursorOrReply(c, c.argv[2]);
  if (cursor === null) return;
  const o = lookupKeyReadOrReply(c, c.argv[1], shared.emptyscan);
  if (o === null || checkType(c, o, OBJ_ZSET)) return;
  scanGenericCommand(c, o, cursor);
}

/** Where genericZpopCommand() tells whether it has deleted the key. */
export class keyDeleted {
  deleted = false;
}

/**
 * Pops up to `count` elements (-1: one, which is not the same in the reply) from the end `where`, ZSET_MIN or ZSET_MAX, of
 * the first of `keyc` keys that there is. The reply is a flat array of elements and scores, or one of pairs if
 * `use_nested_array`; with `emitkey` the key comes first. If there is no such key the reply is an empty array, or null if
 * `reply_nil_when_empty`.
 *
 * @c t_zset.c:3819
 */
export function genericZpopCommand(
  c: client,
  keyv: robj[],
  keyc: number,
  where: number,
  emitkey: boolean,
  count: number,
  use_nested_array: boolean,
  reply_nil_when_empty: boolean,
  deleted: keyDeleted | null,
): void {
  let key!: robj;
  let zobj: robj | null = null;

  if (deleted !== null) deleted.deleted = false;

  let idx = 0;
  while (idx < keyc) {
    key = keyv[idx++];
    zobj = lookupKeyWrite(c.db, key);
    if (zobj === null) continue;
    if (checkType(c, zobj, OBJ_ZSET)) return;
    break;
  }

  if (zobj === null) {
    if (reply_nil_when_empty) addReplyNullArray(c);
    else addReply(c, shared.emptyarray);
    return;
  }

  if (count === 0) {
    addReply(c, shared.emptyarray);
    return;
  }

  let result_count = 0;

  if (count === -1) count = 1;

  const llen = zsetLength(zobj);
  let rangelen = count > llen ? llen : count;

  if (!use_nested_array && !emitkey) {
    // ZPOPMIN and ZPOPMAX.
    addReplyArrayLen(c, rangelen * 2);
  } else if (use_nested_array && !emitkey) {
    // The same with a count in RESP3.
    addReplyArrayLen(c, rangelen);
  } else if (!use_nested_array && emitkey) {
    // BZPOPMIN and BZPOPMAX.
    addReplyArrayLen(c, rangelen * 2 + 1);
    addReplyBulk(c, key);
  } else if (use_nested_array && emitkey) {
    // ZMPOP and BZMPOP.
    addReplyArrayLen(c, 2);
    addReplyBulk(c, key);
    addReplyArrayLen(c, rangelen);
  }

  do {
    let ele: string;
    let score: number;
    if (zobj.encoding === OBJ_ENCODING_LISTPACK) {
      const zl = zobj.ptr as Buffer;

      const eptr = lpSeek(zl, where === ZSET_MAX ? -2 : 0);
      serverAssertWithInfo(c, zobj, eptr !== 0, 'eptr != NULL');
      const v = lpGetValue(zl, eptr);
      ele = typeof v === 'string' ? v : ll2string(v);

      const sptr = lpNext(zl, eptr);
      serverAssertWithInfo(c, zobj, sptr !== 0, 'sptr != NULL');
      score = zzlGetScore(zl, sptr);
    } else if (zobj.encoding === OBJ_ENCODING_SKIPLIST) {
      const zsl = (zobj.ptr as zset).zsl;

      const zln = where === ZSET_MAX ? zsl.tail : zsl.header.forward(0);

      serverAssertWithInfo(c, zobj, zln !== null, 'zln != NULL');
      ele = zln!.ele as string;
      score = zln!.score;
    } else {
      serverPanic('Unknown sorted set encoding');
    }

    const found = zsetDel(zobj, ele);
    serverAssertWithInfo(c, zobj, found !== 0, 'zsetDel(zobj,ele)');
    server.dirty++;

    if (result_count === 0) {
      notifyKeyspaceEvent(NOTIFY_ZSET, where === ZSET_MAX ? 'zpopmax' : 'zpopmin', key, c.db.id);
      signalModifiedKey(c, c.db, key);
    }

    if (use_nested_array) addReplyArrayLen(c, 2);
    addReplyBulkCBuffer(c, ele);
    addReplyDouble(c, score);
    ++result_count;
  } while (--rangelen);

  if (zsetLength(zobj) === 0) {
    if (deleted !== null) deleted.deleted = true;

    dbDelete(c.db, key);
    notifyKeyspaceEvent(NOTIFY_GENERIC, 'del', key, c.db.id);
  }

  if (c.cmd!.proc === zmpopCommand) {
    // Replicas and AOF get a ZPOPMIN or ZPOPMAX of this key.
    const count_obj = createStringObjectFromLongLong(count > llen ? llen : count);
    rewriteClientCommandVector(c, [
      where === ZSET_MAX ? shared.zpopmax : shared.zpopmin,
      key,
      count_obj,
    ]);
    decrRefCount(count_obj);
  }
}

/**
 * ZPOPMIN and ZPOPMAX, as `where` says. With a count, RESP3 has an array of pairs.
 *
 * @c t_zset.c:3956
 */
export function zpopMinMaxCommand(c: client, where: number): void {
  if (c.argc > 3) {
    addReplyErrorObject(c, shared.syntaxerr);
    return;
  }

  let count: number | null = -1;
  if (c.argc === 3 && (count = getPositiveLongFromObjectOrReply(c, c.argv[2], null)) === null) {
    return;
  }

  const use_nested_array = c.resp > 2 && count !== -1;

  genericZpopCommand(c, [c.argv[1]], 1, where, false, count, use_nested_array, false, null);
}

/**
 * `ZPOPMIN key [count]`: replies the elements that were taken out, with their scores.
 *
 * @c t_zset.c:3974
 */
export function zpopminCommand(c: client): void {
  zpopMinMaxCommand(c, ZSET_MIN);
}

/**
 * `ZPOPMAX key [count]`: replies the elements that were taken out, with their scores.
 *
 * @c t_zset.c:3979
 */
export function zpopmaxCommand(c: client): void {
  zpopMinMaxCommand(c, ZSET_MAX);
}

/**
 * BZPOPMIN, BZPOPMAX and BZMPOP: pops from the first of `keys` that holds something, or else blocks until one does, for the
 * time in the argument `timeout_idx`. What the other arguments mean, see genericZpopCommand().
 *
 * @c t_zset.c:3996
 */
export function blockingGenericZpopCommand(
  c: client,
  keys: robj[],
  numkeys: number,
  where: number,
  timeout_idx: number,
  count: number,
  use_nested_array: boolean,
  reply_nil_when_empty: boolean,
): void {
  const timeout = getTimeoutFromObjectOrReply(c, c.argv[timeout_idx], UNIT_SECONDS);
  if (timeout === null) return;

  for (let j = 0; j < numkeys; j++) {
    const key = keys[j];
    const o = lookupKeyWrite(c.db, key);
    if (o === null) continue;

    if (checkType(c, o, OBJ_ZSET)) return;

    const llen = zsetLength(o);
    if (llen === 0) continue;

    // Nothing to wait for.
    genericZpopCommand(
      c,
      [key],
      1,
      where,
      true,
      count,
      use_nested_array,
      reply_nil_when_empty,
      null,
    );

    // Replicas and AOF get a command that does not block.
    if (count === -1) {
      rewriteClientCommandVector(c, [where === ZSET_MAX ? shared.zpopmax : shared.zpopmin, key]);
    } else {
      const count_obj = createStringObjectFromLongLong(count > llen ? llen : count);
      rewriteClientCommandVector(c, [
        where === ZSET_MAX ? shared.zpopmax : shared.zpopmin,
        key,
        count_obj,
      ]);
      decrRefCount(count_obj);
    }

    return;
  }

  // Who must not block gets at once what would come after the timeout.
  if (c.flags_hi & CLIENT_DENY_BLOCKING) {
    addReplyNullArray(c);
    return;
  }

  const pos = new blockPos();
  pos.wherefrom = where;
  blockForKeys(c, BLOCKED_ZSET, keys, count, timeout, null, pos, null);
}

/**
 * `BZPOPMIN key [key ...] timeout`: replies the key, the element and its score, or null after the timeout.
 *
 * @c t_zset.c:4051
 */
export function bzpopminCommand(c: client): void {
  const keys = c.argv.slice(1, c.argc - 1);
  blockingGenericZpopCommand(c, keys, c.argc - 2, ZSET_MIN, c.argc - 1, -1, false, false);
}

/**
 * `BZPOPMAX key [key ...] timeout`: replies the key, the element and its score, or null after the timeout.
 *
 * @c t_zset.c:4056
 */
export function bzpopmaxCommand(c: client): void {
  const keys = c.argv.slice(1, c.argc - 1);
  blockingGenericZpopCommand(c, keys, c.argc - 2, ZSET_MAX, c.argc - 1, -1, false, false);
}

/**
 * Replies the first `count` elements of `keys`, with the scores in `vals`, if that is given.
 *
 * @c t_zset.c:4060
 * @cstatic
 */
export function zrandmemberReplyWithListpack(
  c: client,
  count: number,
  keys: listpackEntry[],
  vals: listpackEntry[] | null,
): void {
  for (let i = 0; i < count; i++) {
    if (vals !== null && c.resp > 2) addReplyArrayLen(c, 2);
    const key = keys[i];
    if (key.sval !== null) addReplyBulkCBuffer(c, key.sval);
    else addReplyBulkLongLong(c, key.lval);
    if (vals !== null) {
      const val = vals[i];
      if (val.sval !== null) addReplyDouble(c, zzlStrtod(val.sval));
      else addReplyDouble(c, Number(val.lval));
    }
  }
}

/**
 * `count` entries to be filled by the functions of listpack that choose by chance.
 *
 * @own zmalloc() of an array in zrandmemberWithCountCommand
 */
export function newListpackEntries(count: number): listpackEntry[] {
  const entries: listpackEntry[] = [];
  for (let i = 0; i < count; i++) entries.push(new listpackEntry());
  return entries;
}

/** How many times as many as are wanted there must be, for drawing them one by one to be better than throwing out the others. */
const ZRANDMEMBER_SUB_STRATEGY_MUL = 3;

/** How many are drawn from a listpack at a time, lest the list of those drawn gets too long. */
const ZRANDMEMBER_RANDOM_SAMPLE_LIMIT = 1000;

/** How many elements may be asked for that can be the same: twice as many is what the length of a reply may be. */
const ZRANDMEMBER_COUNT_MAX = 2 ** 62;

/**
 * ZRANDMEMBER with a count `l`: so many different elements, or with a negative count -l elements that may be the same.
 *
 * @c t_zset.c:4087
 */
export function zrandmemberWithCountCommand(c: client, l: number, withscores: boolean): void {
  let count: number;
  let uniq = true;

  const zsetobj = lookupKeyReadOrReply(c, c.argv[1], shared.emptyarray);
  if (zsetobj === null || checkType(c, zsetobj, OBJ_ZSET)) return;
  let size = zsetLength(zsetobj);

  if (l >= 0) {
    count = l;
  } else {
    count = -l;
    uniq = false;
  }

  if (count === 0) {
    addReply(c, shared.emptyarray);
    return;
  }

  // Case 1: each is drawn from all of them. This is the only one that gives them in an order by chance.
  if (!uniq || count === 1) {
    if (withscores && c.resp === 2) addReplyArrayLen(c, count * 2);
    else addReplyArrayLen(c, count);
    if (zsetobj.encoding === OBJ_ENCODING_SKIPLIST) {
      const zs = zsetobj.ptr as zset;
      while (count--) {
        const de = dictGetFairRandomKey(zs.dict)!;
        if (withscores && c.resp > 2) addReplyArrayLen(c, 2);
        addReplyBulkCBuffer(c, dictGetKey(de));
        if (withscores) addReplyDouble(c, zs.score(de));
      }
    } else if (zsetobj.encoding === OBJ_ENCODING_LISTPACK) {
      const limit =
        count > ZRANDMEMBER_RANDOM_SAMPLE_LIMIT ? ZRANDMEMBER_RANDOM_SAMPLE_LIMIT : count;
      const keys = newListpackEntries(limit);
      const vals = withscores ? newListpackEntries(limit) : null;
      while (count) {
        const sample_count = count > limit ? limit : count;
        count -= sample_count;
        lpRandomPairs(zsetobj.ptr as Buffer, sample_count, keys, vals);
        zrandmemberReplyWithListpack(c, sample_count, keys, vals);
      }
    }
    return;
  }

  const src = new zsetopsrc();
  const zval = new zsetopval();
  src.subject = zsetobj;
  src.type = zsetobj.type;
  src.encoding = zsetobj.encoding;
  zuiInitIterator(src);

  const reply_size = count < size ? count : size;
  if (withscores && c.resp === 2) addReplyArrayLen(c, reply_size * 2);
  else addReplyArrayLen(c, reply_size);

  // Case 2: all of them.
  if (count >= size) {
    while (zuiNext(src, zval)) {
      if (withscores && c.resp > 2) addReplyArrayLen(c, 2);
      addReplyBulkSds(c, zuiNewSdsFromValue(zval));
      if (withscores) addReplyDouble(c, zval.score);
    }
    zuiClearIterator(src);
    return;
  }

  if (count * ZRANDMEMBER_SUB_STRATEGY_MUL > size) {
    // Case 3: nearly all. They are copied, and some are thrown out by chance.
    const d = dictCreate(sdsReplyDictType as unknown as dictType<string, number>);
    dictExpand(d, size);
    while (zuiNext(src, zval)) {
      const key = zuiNewSdsFromValue(zval);
      const de = dictAddRaw(d, key, null);
      serverAssert(de !== null, 'de');
      if (withscores) dictSetDoubleVal(de!, zval.score);
    }
    serverAssert(dictSize(d) === size, 'dictSize(d) == size');

    while (size > count) {
      const de = dictGetFairRandomKey(d)!;
      dictUnlink(d, dictGetKey(de));
      dictFreeUnlinkedEntry(d, de);
      size--;
    }

    const di = dictGetIterator(d);
    let de: dictEntry<string, number> | null;
    while ((de = dictNext(di)) !== null) {
      if (withscores && c.resp > 2) addReplyArrayLen(c, 2);
      addReplyBulkSds(c, dictGetKey(de));
      if (withscores) addReplyDouble(c, dictGetDoubleVal(de));
    }

    dictReleaseIterator(di);
    dictRelease(d);
  } else {
    // Case 4: few of many. They are drawn until there are enough that differ.
    if (zsetobj.encoding === OBJ_ENCODING_LISTPACK) {
      // In a listpack each drawing would be a walk; this is one for all.
      const keys = newListpackEntries(count);
      const vals = withscores ? newListpackEntries(count) : null;
      const picked = lpRandomPairsUnique(zsetobj.ptr as Buffer, count, keys, vals);
      serverAssert(
        picked === count,
        'lpRandomPairsUnique(zsetobj->ptr, count, keys, vals) == count',
      );
      zrandmemberReplyWithListpack(c, count, keys, vals);
      zuiClearIterator(src);
      return;
    }

    let added = 0;
    const d = dictCreate(hashDictType as unknown as dictType<string, null>);
    dictExpand(d, count);

    const key = new listpackEntry();
    const score = new scoreRef();
    while (added < count) {
      zsetTypeRandomElement(zsetobj, size, key, withscores ? score : null);

      const skey = zsetSdsFromListpackEntry(key);
      if (dictAdd(d, skey, null) !== DICT_OK) continue;
      // The dict takes it off the account again.
      zmalloc(sdsStringAllocSize(skey.length));
      added++;

      if (withscores && c.resp > 2) addReplyArrayLen(c, 2);
      zsetReplyFromListpackEntry(c, key);
      if (withscores) addReplyDouble(c, score.score);
    }

    dictRelease(d);
  }
  zuiClearIterator(src);
}

/**
 * ZRANDMEMBER key [count [WITHSCORES]]. A negative count that no reply can have is an error; in C the length overflows, and
 * an assertion ends the server.
 *
 * @c t_zset.c:4281
 */
export function zrandmemberCommand(c: client): void {
  let withscores = false;

  if (c.argc >= 3) {
    const l = getLongFromObjectOrReply(c, c.argv[2], null);
    if (l === null) return;
    if (l < -ZRANDMEMBER_COUNT_MAX) {
      addReplyError(c, 'value is out of range');
      return;
    }
    if (c.argc > 4 || (c.argc === 4 && strcasecmp(objPtrString(c.argv[3]), 'withscores'))) {
      addReplyErrorObject(c, shared.syntaxerr);
      return;
    } else if (c.argc === 4) {
      withscores = true;
    }
    zrandmemberWithCountCommand(c, l, withscores);
    return;
  }

  const zset = lookupKeyReadOrReply(c, c.argv[1], shared.null[c.resp]);
  if (zset === null || checkType(c, zset, OBJ_ZSET)) return;

  const ele = new listpackEntry();
  zsetTypeRandomElement(zset, zsetLength(zset), ele, null);
  zsetReplyFromListpackEntry(c, ele);
}

/**
 * ZMPOP, and with `is_block` BZMPOP. `numkeys_idx` is the index of the number of keys in argv.
 *
 * @c t_zset.c:4312
 */
export function zmpopGenericCommand(c: client, numkeys_idx: number, is_block: boolean): void {
  let where: number;
  let count: number | null = -1;

  const numkeys = getRangeLongFromObjectOrReply(
    c,
    c.argv[numkeys_idx],
    1,
    LONG_MAX,
    'numkeys should be greater than 0',
  );
  if (numkeys === null) return;

  const where_idx = numkeys_idx + numkeys + 1;
  if (where_idx >= c.argc) {
    addReplyErrorObject(c, shared.syntaxerr);
    return;
  }
  const end = objPtrString(c.argv[where_idx]);
  if (!strcasecmp(end, 'MIN')) {
    where = ZSET_MIN;
  } else if (!strcasecmp(end, 'MAX')) {
    where = ZSET_MAX;
  } else {
    addReplyErrorObject(c, shared.syntaxerr);
    return;
  }

  for (let j = where_idx + 1; j < c.argc; j++) {
    const opt = objPtrString(c.argv[j]);
    const moreargs = c.argc - 1 - j;

    if (count === -1 && !strcasecmp(opt, 'COUNT') && moreargs) {
      j++;
      count = getRangeLongFromObjectOrReply(
        c,
        c.argv[j],
        1,
        LONG_MAX,
        'count should be greater than 0',
      );
      if (count === null) return;
    } else {
      addReplyErrorObject(c, shared.syntaxerr);
      return;
    }
  }

  if (count === -1) count = 1;

  const keys = c.argv.slice(numkeys_idx + 1, where_idx);
  if (is_block) {
    blockingGenericZpopCommand(c, keys, numkeys, where, 1, count, true, true);
  } else {
    genericZpopCommand(c, keys, numkeys, where, true, count, true, true, null);
  }
}

/**
 * `ZMPOP numkeys key [key ...] MIN|MAX [COUNT count]`: replies the key and pairs of element and score, or null.
 *
 * @c t_zset.c:4366
 */
export function zmpopCommand(c: client): void {
  zmpopGenericCommand(c, 1, false);
}

/**
 * `BZMPOP timeout numkeys key [key ...] MIN|MAX [COUNT count]`: replies the key and pairs of element and score, or null
 * after the timeout.
 *
 * @c t_zset.c:4371
 */
export function bzmpopCommand(c: client): void {
  zmpopGenericCommand(c, 2, true);
}
