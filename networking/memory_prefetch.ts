/**
 * The keys of a pipeline, fetched from memory before the commands need them. 7.0 has no such file; Redis 8 has one of this name, for the
 * same reason.
 *
 * A look-up in a large keyspace waits for memory four times, one load needing what the one before brought:
 *
 *     bucket ─► dictEntry ─► key
 *                    └─────► robj ─► value
 *
 * and so for each command, one after the other. When several commands stand in the query buffer (or one with several keys), the same
 * steps are taken for all of their keys side by side: the processor loads all buckets at a time, then all entries, and so on.
 * Nothing is decided here and nothing is changed: the commands look for themselves, and find near them what they look for.
 * What was found serves once more: an argument with the same bytes becomes the very string that the keyspace has (prefetchedKey), whose
 * hash is known.
 *
 *     c.querybuf   [ done | *2 $3 GET $2 k1 | *2 $3 GET $2 k2 | *2 $3 GET $2 k3 | ... ]
 *                         ▲ qb_pos      └► hash           └► hash           └► hash
 *
 * Who calls in: processInputBuffer, between two commands, and before one that may have several keys; latin1Known for each argument. Whom it
 * calls: the hash of dict.ts.
 *
 * @packageDocumentation
 */
import { type ArenaBlock } from '../object/arena.ts';
import {
  type dict,
  type dictEntry,
  dictGenHashFunctionBytes,
  DICTHT_SIZE_MASK,
  dictSize,
} from '../object/dict.ts';
import { sds } from '../object/sds.ts';
import { zsetDictType } from '../server/server.ts';
import {
  HASHED_KEYS,
  KSPEC_BS_INDEX,
  PREFETCH_MAX_KEYS,
  type PrefetchBatch,
  OBJ_ENCODING_HT,
  OBJ_ENCODING_SKIPLIST,
  OBJ_STRING,
  type client,
  type redisCommand,
  type robj,
  server,
  type zset,
} from '../server/server.h.ts';

/** Keyspaces with fewer keys are in the processor's cache anyway. */
export const PREFETCH_MIN_DICT_SIZE = 4096;

/**
 * Reads the digits from `pos` up to a CR as a number below a million; -1 if there is anything else before `end`.
 *
 * @own part of prefetchPipeline
 */
export function prefetchNumber(buf: Uint8Array, pos: number, end: number): number {
  let n = 0;
  for (let i = pos; i < end; i++) {
    const d = buf[i] - 48;
    if (d < 0 || d > 9) return buf[i] === 13 && i > pos ? n : -1;
    n = n * 10 + d;
    if (n >= 1000000) return -1;
  }
  return -1;
}

/**
 * How many bytes the decimal digits of a number below a million and the CRLF behind them take.
 *
 * @own part of prefetchPipeline
 */
export function digitsAndEnd(n: number): number {
  let bytes = 3;
  for (; n >= 10; n /= 10) bytes++;
  return bytes;
}

/**
 * Whether a command may have several keys: then even a single one is worth a look ahead.
 *
 * @own of later versions of Redis
 */
export function takesManyKeys(cmd: redisCommand | null): boolean {
  return cmd !== null && cmd.legacy_range_key_spec.fk.range.lastkey !== 0;
}

/**
 * Fetches the keys of the next commands in the query buffer of a client, supposing that they are of the kind of the last one; if the first
 * of them leads to a large collection, its fields or members instead. Returns the position in the query buffer up to which that is done.
 *
 * @own of later versions of Redis
 */
export function prefetchPipeline(c: client): number {
  const buf = c.querybuf.buf;
  const end = c.querybuf.len;
  const cmd = c.lastcmd;
  if (cmd === null) return end;
  const spec = cmd.legacy_range_key_spec;
  if (spec.begin_search_type !== KSPEC_BS_INDEX) return end;
  const first = spec.bs.index.pos;
  const { keystep } = spec.fk.range;
  const many = takesManyKeys(cmd);
  const batch = server.prefetch;
  const { hash } = batch;
  batch.count = 0;

  let inner: dict<string, unknown> | null = null;
  let known = false;
  let n = 0;
  let pos = c.qb_pos;
  commands: while (n < PREFETCH_MAX_KEYS && pos < end && buf[pos] === 0x2a) {
    const argc = prefetchNumber(buf, pos + 1, end);
    if (argc <= first) break;
    let at = pos + 1 + digitsAndEnd(argc);
    let next = inner === null ? first : fieldIndex(inner, first, argc);
    for (let j = 0; j < argc; j++) {
      const len = prefetchNumber(buf, at + 1, end);
      if (len === -1) break commands;
      at += 1 + digitsAndEnd(len);
      if (at + len > end) break commands;
      if (j === next) {
        if (n < PREFETCH_MAX_KEYS) {
          batch.at[n] = at;
          hash[n++] = dictGenHashFunctionBytes(buf, at, len);
        }
        next = many ? next + keystep : -1;
        if (!known) {
          known = true;
          const o = prefetchValue(c.db.dict, hash[0]);
          // What is behind a key matters only to commands that take one.
          if (!many && o !== null && o.type !== OBJ_STRING) {
            inner = innerDict(o);
            if (inner === null) return end;
            n = 0;
            next = fieldIndex(inner, first, argc);
          } else if (dictSize(c.db.dict) < PREFETCH_MIN_DICT_SIZE) return end;
        }
      }
      at += len + 2;
    }
    pos = at;
  }
  if (n > 1 && inner !== null) prefetchFields(inner, batch, n);
  else if (n > 1) prefetchKeys(c.db.dict, batch, n);
  return pos > c.qb_pos ? pos : end;
}

/**
 * Which argument names the field of a hash or the member of a set: the one behind the key. In the commands of a sorted set the score may
 * come before the member.
 *
 * @own part of prefetchPipeline
 */
export function fieldIndex(inner: dict<string, unknown>, first: number, argc: number): number {
  return inner.type === zsetDictType ? argc - 1 : first + 1;
}

/**
 * The value of the key that has this hash; if several have it, of one of them. null if there is none.
 *
 * @own part of prefetchPipeline
 */
export function prefetchValue(d: dict<string, robj>, hash: number): robj | null {
  if (dictSize(d) === 0) return null;
  let he = d.ht_table[0]![hash & DICTHT_SIZE_MASK(d.ht_size_exp[0])];
  while (he !== null && he.hash !== hash) he = he.next;
  return he === null ? null : he.v;
}

/**
 * The table within a hash, set or sorted set; null if the value has none, or it is so small that it needs no help.
 *
 * @own part of prefetchPipeline
 */
export function innerDict(o: robj): dict<string, unknown> | null {
  let d;
  if (o.encoding === OBJ_ENCODING_HT) d = o.ptr as dict<string, unknown>;
  else if (o.encoding === OBJ_ENCODING_SKIPLIST) d = (o.ptr as zset).dict as dict<string, unknown>;
  else return null;
  return dictSize(d) < PREFETCH_MIN_DICT_SIZE ? null : d;
}

/**
 * Finds the entries that have the `n` hashes, a step for all of them before the next step; null stands where there is none.
 *
 * @own of later versions of Redis
 */
export function prefetchEntries<V>(d: dict<string, V>, batch: PrefetchBatch, n: number): void {
  const { hash } = batch;
  const entry = batch.entry as Array<dictEntry<string, V> | null>;
  const table = d.ht_table[0]!;
  const mask = DICTHT_SIZE_MASK(d.ht_size_exp[0]);
  for (let i = 0; i < n; i++) entry[i] = table[hash[i] & mask];
  for (let i = 0; i < n; i++) {
    const h = hash[i];
    let he = entry[i];
    while (he !== null && he.hash !== h) he = he.next;
    entry[i] = he;
  }
}

/**
 * Loads what a look-up of `n` keys will need.
 *
 * @own of later versions of Redis
 */
export function prefetchKeys(d: dict<string, robj>, batch: PrefetchBatch, n: number): void {
  prefetchEntries(d, batch, n);
  const entry = batch.entry as Array<dictEntry<string, robj> | null>;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const he = entry[i];
    if (he !== null) sum += he.key.length + he.v.refcount;
  }
  let blocks = 0;
  for (let i = 0; i < n; i++) {
    const he = entry[i];
    batch.known[i] = he === null ? null : he.key;
    if (he !== null) {
      const { ptr } = he.v;
      if (typeof ptr === 'string') sum += ptr.length;
      else if (ptr instanceof sds) {
        sum += ptr.len;
        blocks++;
      }
    }
  }
  // Long values have their bytes elsewhere, and a run that those go back to.
  for (let i = 0; i < n && blocks > 0; i++) {
    const ptr = entry[i]?.v.ptr;
    if (ptr instanceof sds) sum += ptr.buf[0] + ((ptr.buf as ArenaBlock).run?.live ?? 0);
  }
  entry.fill(null, 0, n);
  batch.sum = sum;
  batch.count = n;
  batch.next = 0;
}

/**
 * Loads what a look-up of `n` fields or members will need.
 *
 * @own of later versions of Redis
 */
export function prefetchFields(d: dict<string, unknown>, batch: PrefetchBatch, n: number): void {
  prefetchEntries(d, batch, n);
  const { entry } = batch;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const he = entry[i];
    if (he !== null) {
      sum += he.key.length;
      if (typeof he.v === 'string') sum += he.v.length;
      entry[i] = null;
    }
    batch.known[i] = he === null ? null : he.key;
  }
  batch.sum = sum;
  batch.count = n;
  batch.next = 0;
}

/**
 * The string that the keyspace has of the argument at `pos` in the query buffer, if it is a key (a field, a member) that was fetched and found;
 * else null. Its hash is known then, too.
 *
 * @own of our prefetchKeys
 */
export function prefetchedKey(buf: Uint8Array, pos: number, len: number): string | null {
  const batch = server.prefetch;
  while (batch.next < batch.count && batch.at[batch.next] < pos) batch.next++;
  const i = batch.next;
  if (i === batch.count || batch.at[i] !== pos) return null;
  batch.next++;
  const key = batch.known[i];
  batch.known[i] = null;
  if (key === null || !sameBytes(key, buf, pos, len)) return null;
  const place = len & (HASHED_KEYS - 1);
  server.hashed_keys[place] = key;
  server.hashed_keys_hash[place] = batch.hash[i];
  return key;
}

/**
 * Whether the `len` bytes from `pos` are those that rememberWords() has put from `at`; the length is known to be the same. That takes half
 * the time of sameBytes().
 *
 * @own memcmp()
 */
export function sameWords(
  words: Int32Array,
  at: number,
  buf: Uint8Array,
  pos: number,
  len: number,
): boolean {
  if (len < 4) return shortWord(buf, pos, len) === words[at];
  for (let p = pos + len - 4; ; p = Math.max(p - 4, pos), at++) {
    const word = buf[p] | (buf[p + 1] << 8) | (buf[p + 2] << 16) | (buf[p + 3] << 24);
    if (word !== words[at]) return false;
    if (p === pos) return true;
  }
}

/**
 * Puts the `len` bytes from `pos` into `words`, for sameWords(): four in a word, the last ones first, because there strings of one kind tend
 * to differ. The first bytes stand in two words if the length is not a multiple of four; fewer than four are a word.
 *
 * @own memcpy()
 */
export function rememberWords(
  words: Int32Array,
  at: number,
  buf: Uint8Array,
  pos: number,
  len: number,
): void {
  if (len < 4) {
    words[at] = shortWord(buf, pos, len);
    return;
  }
  for (let p = pos + len - 4; ; p = Math.max(p - 4, pos), at++) {
    words[at] = buf[p] | (buf[p + 1] << 8) | (buf[p + 2] << 16) | (buf[p + 3] << 24);
    if (p === pos) return;
  }
}

/**
 * Up to three bytes as a word.
 *
 * @own part of sameWords
 */
export function shortWord(buf: Uint8Array, pos: number, len: number): number {
  let word = 0;
  for (let i = 0; i < len; i++) word = (word << 8) | buf[pos + i];
  return word;
}

/**
 * Whether a latin1 string has just the `len` bytes from `pos`. Begins at the end, where strings of one kind tend to differ.
 *
 * @own memcmp()
 */
export function sameBytes(s: string, buf: Uint8Array, pos: number, len: number): boolean {
  if (s.length !== len) return false;
  let i = len - 1;
  while (i >= 0 && s.charCodeAt(i) === buf[pos + i]) i--;
  return i < 0;
}
