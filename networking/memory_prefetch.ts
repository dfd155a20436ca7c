/**
 * The keys of a pipeline, fetched from memory before the commands need them. 7.0 has no such file; Redis 8 has one of this name, for the
 * same reason.
 *
 * A look-up in a large keyspace waits for memory four times, one load needing what the one before brought:
 *
 *     bucket ─► dictEntry ─► key          and so for each command of the pipeline, one after the other
 *                    └─────► robj ─► value
 *
 * When several commands stand in the query buffer, the same steps are taken for all of their keys side by side: the processor loads sixteen
 * buckets at a time, then sixteen entries, and so on. Nothing is decided here and nothing is changed: the commands look for
 * themselves, and find near them what they look for.
 *
 *     c.querybuf   [ done | *2 $3 GET $2 k1 | *2 $3 GET $2 k2 | *2 $3 GET $2 k3 | ... ]
 *                         ▲ qb_pos      └► hash           └► hash           └► hash
 *
 * Who calls in: processInputBuffer, between two commands. Whom it calls: the hash of dict.ts.
 *
 * @packageDocumentation
 */
import {
  type dict,
  type dictEntry,
  dictGenHashFunctionBytes,
  DICTHT_SIZE_MASK,
  dictSize,
} from '../object/dict.ts';
import { type client, KSPEC_BS_INDEX, type robj, server } from '../server/server.h.ts';

/** How many keys are fetched at a time. */
export const PREFETCH_MAX_KEYS = 32;

/** Keyspaces with fewer keys are in the processor's cache anyway. */
export const PREFETCH_MIN_DICT_SIZE = 4096;

/** What prefetchPipeline notes of the keys under way; one a server. */
export class PrefetchBatch {
  /** The hash of each key. */
  readonly hash = new Int32Array(PREFETCH_MAX_KEYS);
  /** The entry that has it. */
  readonly entry: Array<dictEntry<string, robj> | null> = new Array<null>(PREFETCH_MAX_KEYS).fill(
    null,
  );
  /** A sum over all that was loaded, so that the compiler cannot leave the loads out. */
  sum = 0;
}

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
 * Fetches the keys of the next commands in the query buffer of a client, supposing that they are of the kind of the last one. Returns
 * the position in the query buffer up to which that is done.
 *
 * @own of later versions of Redis
 */
export function prefetchPipeline(c: client): number {
  const buf = c.querybuf.buf;
  const end = c.querybuf.len;
  const cmd = c.lastcmd;
  const d = c.db.dict;
  if (cmd === null || dictSize(d) < PREFETCH_MIN_DICT_SIZE) return end;
  const spec = cmd.legacy_range_key_spec;
  if (spec.begin_search_type !== KSPEC_BS_INDEX) return end;
  const first = spec.bs.index.pos;
  const { lastkey, keystep } = spec.fk.range;
  const many = lastkey !== 0;
  const batch = server.prefetch;
  const { hash } = batch;

  let n = 0;
  let pos = c.qb_pos;
  commands: while (n < PREFETCH_MAX_KEYS && pos < end && buf[pos] === 0x2a) {
    const argc = prefetchNumber(buf, pos + 1, end);
    if (argc <= first) break;
    let at = pos + 1 + digitsAndEnd(argc);
    let next = first;
    for (let j = 0; j < argc; j++) {
      const len = prefetchNumber(buf, at + 1, end);
      if (len === -1) break commands;
      at += 1 + digitsAndEnd(len);
      if (at + len > end) break commands;
      if (j === next) {
        if (n < PREFETCH_MAX_KEYS) hash[n++] = dictGenHashFunctionBytes(buf, at, len);
        next = many ? next + keystep : -1;
      }
      at += len + 2;
    }
    pos = at;
  }
  if (n > 1) prefetchEntries(d, batch, n);
  return pos > c.qb_pos ? pos : end;
}

/**
 * Loads what a look-up of `n` hashes will need: a step for all of them before the next step.
 *
 * @own of later versions of Redis
 */
export function prefetchEntries(d: dict<string, robj>, batch: PrefetchBatch, n: number): void {
  const { hash, entry } = batch;
  let sum = 0;
  const table = d.ht_table[0]!;
  const mask = DICTHT_SIZE_MASK(d.ht_size_exp[0]);
  for (let i = 0; i < n; i++) entry[i] = table[hash[i] & mask];
  for (let i = 0; i < n; i++) {
    const h = hash[i];
    let he = entry[i];
    while (he !== null && he.hash !== h) he = he.next;
    entry[i] = he;
  }
  for (let i = 0; i < n; i++) {
    const he = entry[i];
    if (he !== null) sum += he.key.length + he.v.refcount;
  }
  for (let i = 0; i < n; i++) {
    const he = entry[i];
    if (he !== null) {
      const { ptr } = he.v;
      if (typeof ptr === 'string') sum += ptr.length;
      entry[i] = null;
    }
  }
  batch.sum = sum;
}
