/**
 * dict.c: the hash table under every key space, set, hash and sorted set.
 *
 * Buckets are chains of entries. A table has a power of two of buckets; when it is full, a second
 * one of double the size is made, and every later operation on the dictionary moves one bucket
 * over, until the first is empty:
 *
 *     dict ── ht_table[0] ─► [ - | - | - | * | * ]          rehashidx = 3: those before have moved
 *          │                           e   e ─► e
 *          └─ ht_table[1] ─► [ * | - | * | - | - | * | - | * | - | - ]      new entries go here
 *                              e       e ─► e  e       e
 *
 *     dictEntry {key, v, next, hash}      ht_used: entries      ht_size_exp: log2 of the buckets, or -1
 *
 * Who calls in: everybody who maps. Whom it calls: siphash for the hash, zmalloc for the account,
 * util for random(), posix for the clock, and the functions of the {@link dictType}.
 *
 * What differs from C: the hash has 32 bits and is kept in the entry, so that a rehash touches no
 * key and a chain is searched without comparing strings; the union `v` is one field that holds any
 * value; a type without keyCompare compares with ===, which for strings means by content. The key
 * of the hash is one for all the servers in a process.
 */
import { mark } from '../posix/mark.ts';
import { posix } from '../posix/posix.ts';
import { printf_f } from './longdouble.ts';
import { halfsiphash, halfsiphash_bytes, halfsiphash_nocase } from './siphash.ts';
import { random, randomULong } from './util.ts';
import { jemalloc_good_size, ledger, zcalloc, zfree, zmalloc } from './zmalloc.ts';

export const DICT_OK = 0;
export const DICT_ERR = 1;

/** log2 of the buckets of a new table. */
export const DICT_HT_INITIAL_EXP = 2;
export const DICT_HT_INITIAL_SIZE = 1 << DICT_HT_INITIAL_EXP;

/** Entries a bucket on average from which a table grows even while resizing is to be avoided. */
const dict_force_resize_ratio = 5;

/** Bytes of the C structs on a 64-bit machine, for the account. */
const SIZEOF_DICT = 56;
const SIZEOF_DICTENTRY = 24;

/** log2 of the most buckets of a table: beyond, indexes would not be 32-bit integers any more. */
const DICT_HT_MAX_EXP = 30;

/** A key with its value, in the chain of its bucket. */
export class dictEntry<K, V> {
  key: K;
  /** The value; null until it is set. */
  v: V;
  next: dictEntry<K, V> | null;
  /** What the hash function gave for the key: a signed 32-bit number. */
  hash: number;
  constructor(key: K, hash: number, next: dictEntry<K, V> | null) {
    this.key = key;
    this.v = null as unknown as V;
    this.next = next;
    this.hash = hash;
  }
}

/**
 * An entry in a dictionary whose type asks for metadata: the caller's own object, null at first.
 */
export class dictEntryMeta<K, V> extends dictEntry<K, V> {
  metadata: unknown;
  constructor(key: K, hash: number, next: dictEntry<K, V> | null) {
    super(key, hash, next);
    this.metadata = null;
  }
}

/**
 * How a dictionary treats its keys and values. null stands for C's NULL: nothing to be done, or a
 * default.
 */
export interface dictType<K, V> {
  hashFunction: (key: K) => number;
  /** Copies a key that is added; null: takes the key itself. */
  keyDup: ((d: dict<K, V>, key: K) => K) | null;
  /** Copies a value that is set; null: takes the value itself. */
  valDup: ((d: dict<K, V>, obj: V) => V) | null;
  /** Whether two keys are equal; null: ===. */
  keyCompare: ((d: dict<K, V>, key1: K, key2: K) => boolean) | null;
  /** Releases the key of an entry that goes. */
  keyDestructor: ((d: dict<K, V>, key: K) => void) | null;
  /** Releases a value that goes or is replaced. */
  valDestructor: ((d: dict<K, V>, obj: V) => void) | null;
  /** Whether a table of `moreMem` bytes may be made at `usedRatio` entries a bucket; null: yes. */
  expandAllowed: ((moreMem: number, usedRatio: number) => boolean) | null;
  /**
   * Bytes of metadata that an entry has in C; null: none. Entries are then {@link dictEntryMeta}.
   */
  dictEntryMetadataBytes: ((d: dict<K, V>) => number) | null;
}

/** The buckets of a table: the first entry of each chain. */
export type dictTable<K, V> = Array<dictEntry<K, V> | null>;

/**
 * A dictionary. `in out` says what its callbacks make of it: none of one type of values stands for one of another. Left to find
 * that out, the compiler answers by the order in which it comes by the files.
 */
export class dict<in out K, in out V> {
  type: dictType<K, V>;
  ht_table: [dictTable<K, V> | null, dictTable<K, V> | null] = [null, null];
  /** Entries in each table. */
  ht_used: [number, number] = [0, 0];
  /** The next bucket of table 0 to move, -1 when no rehash is under way. */
  rehashidx = -1;
  /** More than 0: nothing may be moved now (safe iterators, scans). */
  pauserehash = 0;
  /** log2 of the buckets in each table, -1 for no table. */
  ht_size_exp: [number, number] = [-1, -1];
  constructor(type: dictType<K, V>) {
    this.type = type;
  }
}

/**
 * A walk over all entries. While a safe one is under way, the dictionary may be changed; with the
 * other kind only dictNext() may be called, and dictReleaseIterator() checks that.
 */
export class dictIterator<K, V> {
  d: dict<K, V>;
  index = -1;
  table = 0;
  safe = 0;
  entry: dictEntry<K, V> | null = null;
  /** Read before the entry is handed out, so that the caller may delete it. */
  nextEntry: dictEntry<K, V> | null = null;
  fingerprint = 0;
  constructor(d: dict<K, V>) {
    this.d = d;
  }
}

/** Where dictAddRaw() leaves the entry that had the key already. */
export class dictExisting<K, V> {
  entry: dictEntry<K, V> | null = null;
}

/** Called by dictScan() for every entry. */
export type dictScanFunction<K, V, P> = (privdata: P, de: dictEntry<K, V>) => void;

/** Called by dictScan() for every bucket, before its entries: bucket `index` of table `table`. */
export type dictScanBucketFunction<K, V> = (d: dict<K, V>, table: number, index: number) => void;

/* ---- the macros of dict.h ---- */

/**
 * Buckets of a table by its exponent; 0 for -1.
 * @own macro DICTHT_SIZE of dict.h
 */
export function DICTHT_SIZE(exp: number): number {
  return exp === -1 ? 0 : 1 << exp;
}

/**
 * What a hash is masked with to give a bucket; 0 for no table.
 * @own macro DICTHT_SIZE_MASK of dict.h
 */
export function DICTHT_SIZE_MASK(exp: number): number {
  return exp === -1 ? 0 : (1 << exp) - 1;
}

/**
 * Releases the value of an entry, if the type says how.
 * @own macro dictFreeVal of dict.h
 */
export function dictFreeVal<K, V>(d: dict<K, V>, he: dictEntry<K, V>): void {
  if (d.type.valDestructor !== null) d.type.valDestructor(d, he.v);
}

/**
 * Gives an entry a value, copied if the type says so. The old value is not released.
 * @own macro dictSetVal of dict.h
 */
export function dictSetVal<K, V>(d: dict<K, V>, he: dictEntry<K, V>, val: V): void {
  he.v = d.type.valDup !== null ? d.type.valDup(d, val) : val;
}

/**
 * Stores a signed integer in an entry; one beyond 2^53 is a bigint.
 * @own macro dictSetSignedIntegerVal of dict.h
 */
export function dictSetSignedIntegerVal<K, V extends number | bigint>(
  he: dictEntry<K, V>,
  val: V,
): void {
  he.v = val;
}

/**
 * Stores an unsigned integer in an entry.
 * @own macro dictSetUnsignedIntegerVal of dict.h
 */
export function dictSetUnsignedIntegerVal<K>(he: dictEntry<K, number>, val: number): void {
  he.v = val;
}

/**
 * Stores a double in an entry.
 * @own macro dictSetDoubleVal of dict.h
 */
export function dictSetDoubleVal<K>(he: dictEntry<K, number>, val: number): void {
  he.v = val;
}

/**
 * Releases the key of an entry, if the type says how.
 * @own macro dictFreeKey of dict.h
 */
export function dictFreeKey<K, V>(d: dict<K, V>, he: dictEntry<K, V>): void {
  if (d.type.keyDestructor !== null) d.type.keyDestructor(d, he.key);
}

/**
 * Gives an entry a key, copied if the type says so. It must hash as the old one did.
 * @own macro dictSetKey of dict.h
 */
export function dictSetKey<K, V>(d: dict<K, V>, he: dictEntry<K, V>, key: K): void {
  he.key = d.type.keyDup !== null ? d.type.keyDup(d, key) : key;
}

/**
 * Whether two keys are equal by the type.
 * @own macro dictCompareKeys of dict.h
 */
export function dictCompareKeys<K, V>(d: dict<K, V>, key1: K, key2: K): boolean {
  return d.type.keyCompare !== null ? d.type.keyCompare(d, key1, key2) : key1 === key2;
}

/**
 * The caller's object at an entry of a type with metadata.
 * @own macro dictMetadata of dict.h
 */
export function dictMetadata<K, V>(he: dictEntry<K, V>): unknown {
  return (he as dictEntryMeta<K, V>).metadata;
}

/**
 * Puts the caller's object at an entry of a type with metadata.
 * @own C writes through the pointer that dictMetadata gives
 */
export function dictSetMetadata<K, V>(he: dictEntry<K, V>, metadata: unknown): void {
  (he as dictEntryMeta<K, V>).metadata = metadata;
}

/**
 * Bytes of metadata that an entry has in C.
 * @own macro dictMetadataSize of dict.h
 */
export function dictMetadataSize<K, V>(d: dict<K, V>): number {
  return d.type.dictEntryMetadataBytes !== null ? d.type.dictEntryMetadataBytes(d) : 0;
}

/**
 * The hash of a key by the type.
 * @own macro dictHashKey of dict.h
 */
export function dictHashKey<K, V>(d: dict<K, V>, key: K): number {
  return d.type.hashFunction(key);
}

/**
 * The key of an entry.
 * @own macro dictGetKey of dict.h
 */
export function dictGetKey<K, V>(he: dictEntry<K, V>): K {
  return he.key;
}

/**
 * The value of an entry.
 * @own macro dictGetVal of dict.h
 */
export function dictGetVal<K, V>(he: dictEntry<K, V>): V {
  return he.v;
}

/**
 * The signed integer in an entry.
 * @own macro dictGetSignedIntegerVal of dict.h
 */
export function dictGetSignedIntegerVal<K, V extends number | bigint>(he: dictEntry<K, V>): V {
  return he.v;
}

/**
 * The unsigned integer in an entry.
 * @own macro dictGetUnsignedIntegerVal of dict.h
 */
export function dictGetUnsignedIntegerVal<K>(he: dictEntry<K, number>): number {
  return he.v;
}

/**
 * The double in an entry.
 * @own macro dictGetDoubleVal of dict.h
 */
export function dictGetDoubleVal<K>(he: dictEntry<K, number>): number {
  return he.v;
}

/**
 * The buckets of both tables.
 * @own macro dictSlots of dict.h
 */
export function dictSlots<K, V>(d: dict<K, V>): number {
  return DICTHT_SIZE(d.ht_size_exp[0]) + DICTHT_SIZE(d.ht_size_exp[1]);
}

/**
 * The entries in both tables.
 * @own macro dictSize of dict.h
 */
export function dictSize<K, V>(d: dict<K, V>): number {
  return d.ht_used[0] + d.ht_used[1];
}

/**
 * Whether entries are on their way from one table to the other.
 * @own macro dictIsRehashing of dict.h
 */
export function dictIsRehashing<K, V>(d: dict<K, V>): boolean {
  return d.rehashidx !== -1;
}

/**
 * Forbids to move entries until {@link dictResumeRehashing}; may be nested.
 * @own macro dictPauseRehashing of dict.h
 */
export function dictPauseRehashing<K, V>(d: dict<K, V>): void {
  d.pauserehash++;
}

/**
 * Takes one {@link dictPauseRehashing} back.
 * @own macro dictResumeRehashing of dict.h
 */
export function dictResumeRehashing<K, V>(d: dict<K, V>): void {
  d.pauserehash--;
}

/* ---- hash functions ---- */

/**
 * The key of the hash, as 16 bytes, of which HalfSipHash uses 8. It belongs to the process: the
 * hash functions are called with a key and nothing else, and dictionaries of several servers may be
 * alive together. It is written at most once, before the first dictionary; so it is not state that
 * a server could see change.
 */
const dict_hash_function_seed = new Int32Array(4);

/** Whether the key of the hash is final: 1 from the first dictionary on. */
const dict_seed_in_use = new Uint8Array(1);

/**
 * Sets the key of the hash from 16 bytes. Once a dictionary exists it is too late, and the call
 * does nothing: a second server in the process uses the key of the first.
 *
 * @c dict.c:72
 */
export function dictSetHashFunctionSeed(seed: Uint8Array): void {
  if (dict_seed_in_use[0] !== 0) {
    mark('dictSetHashFunctionSeed: too late, a dictionary exists');
    return;
  }
  new Uint8Array(dict_hash_function_seed.buffer).set(seed.subarray(0, 16));
}

/**
 * The 16 bytes of the key of the hash.
 *
 * @c dict.c:76
 */
export function dictGetHashFunctionSeed(): Uint8Array {
  return new Uint8Array(dict_hash_function_seed.buffer);
}

/**
 * The hash of a latin1 string: a signed 32-bit number.
 *
 * @c dict.c:86
 */
export function dictGenHashFunction(key: string): number {
  return halfsiphash(key, dict_hash_function_seed[0], dict_hash_function_seed[1]);
}

/**
 * dictGenHashFunction() of the `len` bytes of `buf` from `pos`.
 *
 * @own for keys that are still in a query buffer
 */
export function dictGenHashFunctionBytes(buf: Uint8Array, pos: number, len: number): number {
  return halfsiphash_bytes(buf, pos, len, dict_hash_function_seed[0], dict_hash_function_seed[1]);
}

/**
 * The hash of a latin1 string in which the case of ASCII letters does not count.
 *
 * @c dict.c:90
 */
export function dictGenCaseHashFunction(key: string): number {
  return halfsiphash_nocase(key, dict_hash_function_seed[0], dict_hash_function_seed[1]);
}

/* ---- the dictionary ---- */

/**
 * Makes one of the two tables empty; its buckets are forgotten, not released.
 *
 * @c dict.c:97
 * @cstatic
 */
export function _dictReset<K, V>(d: dict<K, V>, htidx: 0 | 1): void {
  d.ht_table[htidx] = null;
  d.ht_size_exp[htidx] = -1;
  d.ht_used[htidx] = 0;
}

/**
 * An empty dictionary of a type; it has no table yet.
 *
 * @c dict.c:105
 */
export function dictCreate<K, V>(type: dictType<K, V>): dict<K, V> {
  zmalloc(SIZEOF_DICT);
  dict_seed_in_use[0] = 1;
  const d = new dict<K, V>(type);

  _dictInit(d, type);
  return d;
}

/**
 * Puts a dictionary into its first state. Returns DICT_OK.
 *
 * @c dict.c:114
 * @cstatic
 */
export function _dictInit<K, V>(d: dict<K, V>, type: dictType<K, V>): number {
  _dictReset(d, 0);
  _dictReset(d, 1);
  d.type = type;
  d.rehashidx = -1;
  d.pauserehash = 0;
  return DICT_OK;
}

/**
 * Starts to shrink or grow the table to the smallest size that has a bucket for every entry.
 * DICT_ERR when resizing is to be avoided, a rehash is under way, or the size is right already.
 *
 * @c dict.c:126
 */
export function dictResize<K, V>(d: dict<K, V>): number {
  if (ledger.dict_can_resize === 0 || dictIsRehashing(d)) return DICT_ERR;
  let minimal = d.ht_used[0];
  if (minimal < DICT_HT_INITIAL_SIZE) minimal = DICT_HT_INITIAL_SIZE;
  return dictExpand(d, minimal);
}

/**
 * Makes the first table, or a second one into which a rehash begins, with at least `size` buckets.
 * DICT_ERR, and nothing done, when a rehash is under way, the entries are more than `size`, the
 * table has that size already, or no table can be that big.
 *
 * @c dict.c:140
 */
export function _dictExpand<K, V>(d: dict<K, V>, size: number): number {
  if (dictIsRehashing(d) || d.ht_used[0] > size) return DICT_ERR;

  const new_ht_size_exp = _dictNextExp(size);
  if (new_ht_size_exp > DICT_HT_MAX_EXP) return DICT_ERR;
  const newsize = 1 << new_ht_size_exp;

  // A rehash into the same size would move everything for nothing.
  if (new_ht_size_exp === d.ht_size_exp[0]) return DICT_ERR;

  zcalloc(newsize * 8);
  const new_ht_table = dictNewTable<K, V>(newsize);

  // The first table is no rehash: there is nothing to move.
  if (d.ht_table[0] === null) {
    d.ht_size_exp[0] = new_ht_size_exp;
    d.ht_used[0] = 0;
    d.ht_table[0] = new_ht_table;
    return DICT_OK;
  }

  d.ht_size_exp[1] = new_ht_size_exp;
  d.ht_used[1] = 0;
  d.ht_table[1] = new_ht_table;
  d.rehashidx = 0;
  return DICT_OK;
}

/**
 * An array of `size` empty buckets, which V8 keeps as a plain block of pointers.
 *
 * @own zcalloc() of the table in _dictExpand
 */
export function dictNewTable<K, V>(size: number): dictTable<K, V> {
  // Beyond this size V8 would make `new Array(size)` a hash table of its own; growing from there
  // keeps it plain.
  const most = 1 << 24;
  if (size <= most) return new Array<dictEntry<K, V> | null>(size).fill(null);
  const table = new Array<dictEntry<K, V> | null>(most).fill(null);
  for (let i = most; i < size; i++) table.push(null);
  return table;
}

/**
 * Makes or enlarges the table to at least `size` buckets. DICT_OK, or DICT_ERR when nothing was
 * done.
 *
 * @c dict.c:191
 */
export function dictExpand<K, V>(d: dict<K, V>, size: number): number {
  return _dictExpand(d, size);
}

/**
 * As dictExpand(), but DICT_ERR only when memory is wanting, that is for a table that cannot be
 * made at all.
 *
 * @c dict.c:196
 */
export function dictTryExpand<K, V>(d: dict<K, V>, size: number): number {
  // V8 ends the process when memory is out: what remains to be refused is a size beyond all tables.
  const malloc_failed = _dictNextExp(size) > DICT_HT_MAX_EXP;
  _dictExpand(d, size);
  return malloc_failed ? DICT_ERR : DICT_OK;
}

/**
 * Moves up to `n` buckets into the second table, and passes at most 10 empty ones for each, so that
 * the work is bounded. Returns 1 while there is more to move, 0 when the rehash is finished or none
 * was under way.
 *
 * @c dict.c:211
 */
export function dictRehash<K, V>(d: dict<K, V>, n: number): number {
  let empty_visits = n * 10;
  if (!dictIsRehashing(d)) return 0;
  const from = d.ht_table[0]!;
  const to = d.ht_table[1]!;
  const mask = DICTHT_SIZE_MASK(d.ht_size_exp[1]);

  while (n-- > 0 && d.ht_used[0] !== 0) {
    // There are entries left, so this finds a bucket before the table ends.
    let de = from[d.rehashidx];
    while (de === null) {
      d.rehashidx++;
      if (--empty_visits === 0) {
        mark('dictRehash: gave up after empty_visits');
        return 1;
      }
      de = from[d.rehashidx];
    }
    let moved = 0;
    while (de !== null) {
      const nextde: dictEntry<K, V> | null = de.next;
      const h = de.hash & mask;
      de.next = to[h];
      to[h] = de;
      moved++;
      de = nextde;
    }
    d.ht_used[0] -= moved;
    d.ht_used[1] += moved;
    from[d.rehashidx] = null;
    d.rehashidx++;
  }

  if (d.ht_used[0] === 0) {
    zfree(DICTHT_SIZE(d.ht_size_exp[0]) * 8);
    d.ht_table[0] = d.ht_table[1];
    d.ht_used[0] = d.ht_used[1];
    d.ht_size_exp[0] = d.ht_size_exp[1];
    _dictReset(d, 1);
    d.rehashidx = -1;
    return 0;
  }
  return 1;
}

/**
 * The wall clock in milliseconds since 1970.
 *
 * @c dict.c:259
 */
export function timeInMilliseconds(): number {
  return Math.floor(posix.gettimeofday() / 1000);
}

/**
 * Rehashes in steps of 100 buckets for a little more than `ms` milliseconds. Returns the buckets
 * done, a multiple of 100; the last step, if it finished the rehash, is not counted.
 *
 * @c dict.c:269
 */
export function dictRehashMilliseconds<K, V>(d: dict<K, V>, ms: number): number {
  if (d.pauserehash > 0) return 0;

  const start = timeInMilliseconds();
  let rehashes = 0;

  while (dictRehash(d, 100) !== 0) {
    rehashes += 100;
    if (timeInMilliseconds() - start > ms) break;
  }
  return rehashes;
}

/**
 * Moves one bucket, unless an iterator or a scan forbids it. Look-ups and changes call this, so
 * that a rehash goes on while the dictionary is used.
 *
 * @c dict.c:290
 * @cstatic
 */
export function _dictRehashStep<K, V>(d: dict<K, V>): void {
  if (d.pauserehash === 0) dictRehash(d, 1);
}

/**
 * Adds a key with its value. DICT_ERR, and nothing done, if the key is there.
 *
 * @c dict.c:295
 */
export function dictAdd<K, V>(d: dict<K, V>, key: K, val: V): number {
  const entry = dictAddRaw(d, key, null);

  if (entry === null) return DICT_ERR;
  dictSetVal(d, entry, val);
  return DICT_OK;
}

/**
 * Adds a key and returns its entry, whose value the caller has to set. If the key is there, returns
 * null and leaves the entry that has it in `existing`, if one is passed.
 *
 * @c dict.c:322
 */
export function dictAddRaw<K, V>(
  d: dict<K, V>,
  key: K,
  existing: dictExisting<K, V> | null,
): dictEntry<K, V> | null {
  if (dictIsRehashing(d)) _dictRehashStep(d);

  const hash = dictHashKey(d, key);
  const index = _dictKeyIndex(d, key, hash, existing);
  if (index === -1) return null;

  // The new entry comes first in its chain: what was just added is likely to be asked for.
  const htidx = dictIsRehashing(d) ? 1 : 0;
  const metasize = dictMetadataSize(d);
  zmalloc(SIZEOF_DICTENTRY + metasize);
  const table = d.ht_table[htidx]!;
  const entry =
    metasize > 0
      ? new dictEntryMeta<K, V>(key, hash, table[index])
      : new dictEntry<K, V>(key, hash, table[index]);
  table[index] = entry;
  d.ht_used[htidx]++;

  if (d.type.keyDup !== null) dictSetKey(d, entry, key);
  return entry;
}

/**
 * Sets the value of a key. Returns 1 if the key was added, 0 if it was there and its old value was
 * released.
 *
 * @c dict.c:359
 */
export function dictReplace<K, V>(d: dict<K, V>, key: K, val: V): number {
  const existing = new dictExisting<K, V>();
  const entry = dictAddRaw(d, key, existing);
  if (entry !== null) {
    dictSetVal(d, entry, val);
    return 1;
  }

  // The new value may be the old one: with counted references it must be taken before the old one
  // is let go.
  const he = existing.entry!;
  const auxval = he.v;
  dictSetVal(d, he, val);
  if (d.type.valDestructor !== null) d.type.valDestructor(d, auxval);
  return 0;
}

/**
 * The entry of a key, which is added if it is not there.
 *
 * @c dict.c:389
 */
export function dictAddOrFind<K, V>(d: dict<K, V>, key: K): dictEntry<K, V> {
  const existing = new dictExisting<K, V>();
  const entry = dictAddRaw(d, key, existing);
  return entry !== null ? entry : existing.entry!;
}

/**
 * Takes the entry of a key out of its table, and releases key and value unless `nofree`. Returns
 * the entry, or null if the key is not there.
 *
 * @c dict.c:398
 * @cstatic
 */
export function dictGenericDelete<K, V>(
  d: dict<K, V>,
  key: K,
  nofree: boolean,
): dictEntry<K, V> | null {
  if (dictSize(d) === 0) return null;

  if (dictIsRehashing(d)) _dictRehashStep(d);
  const h = dictHashKey(d, key);

  for (let table = 0; table <= 1; table++) {
    const idx = h & DICTHT_SIZE_MASK(d.ht_size_exp[table]);
    const buckets = d.ht_table[table]!;
    let he = buckets[idx];
    let prevHe: dictEntry<K, V> | null = null;
    while (he !== null) {
      if (he.hash === h && (key === he.key || dictCompareKeys(d, key, he.key))) {
        if (prevHe !== null) prevHe.next = he.next;
        else buckets[idx] = he.next;
        if (!nofree) dictFreeUnlinkedEntry(d, he);
        d.ht_used[table]--;
        return he;
      }
      prevHe = he;
      he = he.next;
    }
    if (!dictIsRehashing(d)) break;
  }
  return null;
}

/**
 * Removes a key with its value. DICT_OK, or DICT_ERR if it is not there.
 *
 * @c dict.c:436
 */
export function dictDelete<K, V>(ht: dict<K, V>, key: K): number {
  return dictGenericDelete(ht, key, false) !== null ? DICT_OK : DICT_ERR;
}

/**
 * Takes the entry of a key out of the table but releases nothing, so that the caller can still use
 * it. It has to go to dictFreeUnlinkedEntry() in the end. null if the key is not there.
 *
 * @c dict.c:461
 */
export function dictUnlink<K, V>(d: dict<K, V>, key: K): dictEntry<K, V> | null {
  return dictGenericDelete(d, key, true);
}

/**
 * Releases key and value of an entry that dictUnlink() gave; null is ignored.
 *
 * @c dict.c:467
 */
export function dictFreeUnlinkedEntry<K, V>(d: dict<K, V>, he: dictEntry<K, V> | null): void {
  if (he === null) return;
  dictFreeKey(d, he);
  dictFreeVal(d, he);
  zfree(SIZEOF_DICTENTRY + dictMetadataSize(d));
}

/**
 * Releases all that is in one of the tables, and the table. `callback` is called now and then,
 * every 65536 buckets, since this may take long. Returns DICT_OK.
 *
 * @c dict.c:475
 */
export function _dictClear<K, V>(
  d: dict<K, V>,
  htidx: 0 | 1,
  callback: ((d: dict<K, V>) => void) | null,
): number {
  const type = d.type;
  const size = DICTHT_SIZE(d.ht_size_exp[htidx]);
  const entry_size = SIZEOF_DICTENTRY + dictMetadataSize(d);

  if (type.keyDestructor === null && type.valDestructor === null && callback === null) {
    // Nobody wants to see the entries go: leave them to the garbage collector at once.
    ledger.used -= d.ht_used[htidx] * jemalloc_good_size(entry_size);
    d.ht_used[htidx] = 0;
  }
  for (let i = 0; i < size && d.ht_used[htidx] > 0; i++) {
    if (callback !== null && (i & 65535) === 0) callback(d);

    let he = d.ht_table[htidx]![i];
    while (he !== null) {
      const nextHe: dictEntry<K, V> | null = he.next;
      dictFreeKey(d, he);
      dictFreeVal(d, he);
      zfree(entry_size);
      d.ht_used[htidx]--;
      he = nextHe;
    }
  }
  if (size > 0) zfree(size * 8);
  _dictReset(d, htidx);
  return DICT_OK;
}

/**
 * Releases the dictionary and all that is in it.
 *
 * @c dict.c:502
 */
export function dictRelease<K, V>(d: dict<K, V>): void {
  _dictClear(d, 0, null);
  _dictClear(d, 1, null);
  zfree(SIZEOF_DICT);
}

/**
 * The entry of a key, or null.
 *
 * @c dict.c:509
 */
export function dictFind<K, V>(d: dict<K, V>, key: K): dictEntry<K, V> | null {
  if (dictSize(d) === 0) return null;
  if (dictIsRehashing(d)) _dictRehashStep(d);
  const h = dictHashKey(d, key);
  for (let table = 0; table <= 1; table++) {
    const idx = h & DICTHT_SIZE_MASK(d.ht_size_exp[table]);
    let he = d.ht_table[table]![idx];
    while (he !== null) {
      if (he.hash === h && (key === he.key || dictCompareKeys(d, key, he.key))) return he;
      he = he.next;
    }
    if (!dictIsRehashing(d)) return null;
  }
  return null;
}

/**
 * The value of a key, or null.
 *
 * @c dict.c:530
 */
export function dictFetchValue<K, V>(d: dict<K, V>, key: K): V | null {
  const he = dictFind(d, key);
  return he !== null ? dictGetVal(he) : null;
}

/**
 * A number that changes when the sizes or the counts of the tables do. An unsafe iterator takes it
 * at its start and its end, to find callers that change the dictionary in between. C mixes the
 * addresses of the tables in, too; a table that is replaced differs in size from its predecessor
 * anyway.
 *
 * @c dict.c:543
 */
export function dictFingerprint<K, V>(d: dict<K, V>): number {
  const integers = [d.ht_size_exp[0], d.ht_used[0], d.ht_size_exp[1], d.ht_used[1]];
  let hash = 0;
  // Each number is added to the mix of those before, so that their order counts.
  for (let j = 0; j < 4; j++) {
    hash = (hash + integers[j]) | 0;
    hash = ~hash + (hash << 15);
    hash ^= hash >>> 12;
    hash = (hash + (hash << 2)) | 0;
    hash ^= hash >>> 4;
    hash = Math.imul(hash, 2057);
    hash ^= hash >>> 16;
  }
  return hash;
}

/**
 * An unsafe iterator: until it is released, nothing but dictNext() may be called on the dictionary.
 *
 * @c dict.c:575
 */
export function dictGetIterator<K, V>(d: dict<K, V>): dictIterator<K, V> {
  return new dictIterator<K, V>(d);
}

/**
 * A safe iterator: rehashing is paused while it is under way, and the dictionary may be changed.
 * Entries added meanwhile may or may not be seen.
 *
 * @c dict.c:588
 */
export function dictGetSafeIterator<K, V>(d: dict<K, V>): dictIterator<K, V> {
  const i = dictGetIterator(d);

  i.safe = 1;
  return i;
}

/**
 * The next entry, or null at the end. The entry returned may be deleted if the iterator is safe.
 *
 * @c dict.c:595
 */
export function dictNext<K, V>(iter: dictIterator<K, V>): dictEntry<K, V> | null {
  const d = iter.d;
  for (;;) {
    if (iter.entry === null) {
      if (iter.index === -1 && iter.table === 0) {
        if (iter.safe !== 0) dictPauseRehashing(d);
        else iter.fingerprint = dictFingerprint(d);
      }
      iter.index++;
      if (iter.index >= DICTHT_SIZE(d.ht_size_exp[iter.table])) {
        if (dictIsRehashing(d) && iter.table === 0) {
          iter.table++;
          iter.index = 0;
        } else {
          break;
        }
      }
      iter.entry = d.ht_table[iter.table]![iter.index];
    } else {
      iter.entry = iter.nextEntry;
    }
    if (iter.entry !== null) {
      iter.nextEntry = iter.entry.next;
      return iter.entry;
    }
  }
  return null;
}

/**
 * Ends an iteration. Throws if the dictionary was changed under an unsafe iterator, where C
 * asserts.
 *
 * @c dict.c:628
 */
export function dictReleaseIterator<K, V>(iter: dictIterator<K, V>): void {
  if (!(iter.index === -1 && iter.table === 0)) {
    if (iter.safe !== 0) dictResumeRehashing(iter.d);
    else if (iter.fingerprint !== dictFingerprint(iter.d)) {
      throw new Error('dictReleaseIterator: the dictionary was changed under an unsafe iterator');
    }
  }
}

/**
 * An entry by chance, or null if there is none: a random bucket that is not empty, then a random
 * entry of its chain. Entries in short chains come up more often.
 *
 * @c dict.c:641
 */
export function dictGetRandomKey<K, V>(d: dict<K, V>): dictEntry<K, V> | null {
  if (dictSize(d) === 0) return null;
  if (dictIsRehashing(d)) _dictRehashStep(d);
  let he: dictEntry<K, V> | null;
  if (dictIsRehashing(d)) {
    const s0 = DICTHT_SIZE(d.ht_size_exp[0]);
    do {
      // The buckets of table 0 before rehashidx are empty for sure.
      const h = d.rehashidx + (randomULong() % (dictSlots(d) - d.rehashidx));
      he = h >= s0 ? d.ht_table[1]![h - s0] : d.ht_table[0]![h];
    } while (he === null);
  } else {
    const m = DICTHT_SIZE_MASK(d.ht_size_exp[0]);
    do {
      he = d.ht_table[0]![randomULong() & m];
    } while (he === null);
  }

  let listlen = 0;
  const orighe = he;
  for (let e: dictEntry<K, V> | null = he; e !== null; e = e.next) listlen++;
  let listele = random() % listlen;
  he = orighe;
  while (listele-- > 0) he = he.next!;
  return he;
}

/**
 * Puts up to `count` entries from some random stretch of the buckets into `des`, from index 0 on,
 * and returns how many. Fast but rough: neighbours come together, an entry may come twice, and
 * there may be fewer than asked for.
 *
 * @c dict.c:703
 */
export function dictGetSomeKeys<K, V>(
  d: dict<K, V>,
  des: Array<dictEntry<K, V>>,
  count: number,
): number {
  let stored = 0;

  if (dictSize(d) < count) count = dictSize(d);
  let maxsteps = count * 10;

  // Rehash in proportion to what is asked for.
  for (let j = 0; j < count; j++) {
    if (dictIsRehashing(d)) _dictRehashStep(d);
    else break;
  }

  const tables = dictIsRehashing(d) ? 2 : 1;
  let maxsizemask = DICTHT_SIZE_MASK(d.ht_size_exp[0]);
  if (tables > 1 && maxsizemask < DICTHT_SIZE_MASK(d.ht_size_exp[1])) {
    maxsizemask = DICTHT_SIZE_MASK(d.ht_size_exp[1]);
  }

  let i = randomULong() & maxsizemask;
  let emptylen = 0; // empty buckets in a row
  while (stored < count && maxsteps-- > 0) {
    for (let j = 0; j < tables; j++) {
      // Table 0 is empty before rehashidx; if the other is smaller and ends before i, there is
      // nothing at all up to rehashidx.
      if (tables === 2 && j === 0 && i < d.rehashidx) {
        if (i >= DICTHT_SIZE(d.ht_size_exp[1])) i = d.rehashidx;
        else continue;
      }
      if (i >= DICTHT_SIZE(d.ht_size_exp[j])) continue;
      let he = d.ht_table[j]![i];

      // After a long empty stretch try elsewhere.
      if (he === null) {
        emptylen++;
        if (emptylen >= 5 && emptylen > count) {
          mark('dictGetSomeKeys: jumped out of an empty stretch');
          i = randomULong() & maxsizemask;
          emptylen = 0;
        }
      } else {
        emptylen = 0;
        while (he !== null) {
          des[stored] = he;
          he = he.next;
          stored++;
          if (stored === count) return stored;
        }
      }
    }
    i = (i + 1) & maxsizemask;
  }
  return stored;
}

/** Out of how many neighbours dictGetFairRandomKey() chooses. */
export const GETFAIR_NUM_ENTRIES = 15;

/**
 * An entry by chance like dictGetRandomKey(), but more evenly: one of the entries in a stretch of
 * buckets, in which long and short chains even out.
 *
 * @c dict.c:784
 */
export function dictGetFairRandomKey<K, V>(d: dict<K, V>): dictEntry<K, V> | null {
  const entries: Array<dictEntry<K, V>> = [];
  const count = dictGetSomeKeys(d, entries, GETFAIR_NUM_ENTRIES);
  // With bad luck the stretch was empty though the dictionary is not.
  if (count === 0) return dictGetRandomKey(d);
  return entries[random() % count];
}

/**
 * The 32 bits of `v` in reverse order, as a signed number.
 *
 * @c dict.c:798
 * @cstatic
 */
export function rev(v: number): number {
  v = ((v >>> 1) & 0x55555555) | ((v & 0x55555555) << 1);
  v = ((v >>> 2) & 0x33333333) | ((v & 0x33333333) << 2);
  v = ((v >>> 4) & 0x0f0f0f0f) | ((v & 0x0f0f0f0f) << 4);
  v = ((v >>> 8) & 0x00ff00ff) | ((v & 0x00ff00ff) << 8);
  return (v >>> 16) | (v << 16);
}

/**
 * One step of an iteration without state: calls `fn` for all entries of the buckets that the cursor
 * `v` names, and returns the next cursor; 0 begins and ends. What is there from the first to the
 * last call is reported at least once, whatever happens to the table in between; entries can be
 * reported twice.
 *
 * The cursor counts in the bits of the bucket number from the highest to the lowest:
 *
 *     8 buckets:   000 → 100 → 010 → 110 → 001 → 101 → 011 → 111 → 0
 *
 * When the table grows to 16, bucket 110 becomes 0110 and 1110. Counted this way, both come behind
 * everything that was done before 110, and nothing done is visited again; when it shrinks, 0110 and
 * 1110 fall together into one that comes at the same point. While two tables exist, the bucket of
 * the smaller one is taken together with all those of the bigger one that end in the same bits.
 *
 * `bucketfn`, if any, is called before each bucket. 32 bits give the cursors that C's 64 give, as
 * no table has more buckets; bits of `v` beyond the table are ignored.
 *
 * @c dict.c:892
 */
export function dictScan<K, V, P>(
  d: dict<K, V>,
  v: number | bigint,
  fn: dictScanFunction<K, V, P>,
  bucketfn: dictScanBucketFunction<K, V> | null,
  privdata: P,
): number {
  if (dictSize(d) === 0) return 0;
  // Only the low 32 bits of a cursor can matter; a number beyond 2^53 would lose them in the
  // conversion.
  let cur = typeof v === 'bigint' ? Number(BigInt.asIntN(32, v)) : v | 0;

  // fn may look something up, which must not move entries.
  dictPauseRehashing(d);

  if (!dictIsRehashing(d)) {
    const m0 = DICTHT_SIZE_MASK(d.ht_size_exp[0]);

    if (bucketfn !== null) bucketfn(d, 0, cur & m0);
    let de = d.ht_table[0]![cur & m0];
    while (de !== null) {
      const next: dictEntry<K, V> | null = de.next;
      fn(privdata, de);
      de = next;
    }

    // With the bits beyond the mask set, the reversed cursor carries right through them.
    cur |= ~m0;
    cur = rev((rev(cur) + 1) | 0);
  } else {
    let htidx0 = 0;
    let htidx1 = 1;
    if (DICTHT_SIZE(d.ht_size_exp[0]) > DICTHT_SIZE(d.ht_size_exp[1])) {
      htidx0 = 1;
      htidx1 = 0;
    }
    const m0 = DICTHT_SIZE_MASK(d.ht_size_exp[htidx0]);
    const m1 = DICTHT_SIZE_MASK(d.ht_size_exp[htidx1]);

    if (bucketfn !== null) bucketfn(d, htidx0, cur & m0);
    let de = d.ht_table[htidx0]![cur & m0];
    while (de !== null) {
      const next: dictEntry<K, V> | null = de.next;
      fn(privdata, de);
      de = next;
    }

    do {
      if (bucketfn !== null) bucketfn(d, htidx1, cur & m1);
      de = d.ht_table[htidx1]![cur & m1];
      while (de !== null) {
        const next: dictEntry<K, V> | null = de.next;
        fn(privdata, de);
        de = next;
      }

      cur |= ~m1;
      cur = rev((rev(cur) + 1) | 0);
      // Until the bits that only the bigger table has are through.
    } while ((cur & (m0 ^ m1)) !== 0);
  }

  dictResumeRehashing(d);
  return cur >>> 0;
}

/* ---- private functions ---- */

/**
 * Whether the type lets the table grow now: it may refuse a big allocation.
 *
 * @c dict.c:983
 * @cstatic
 */
export function dictTypeExpandAllowed<K, V>(d: dict<K, V>): boolean {
  if (d.type.expandAllowed === null) return true;
  return d.type.expandAllowed(
    DICTHT_SIZE(_dictNextExp(d.ht_used[0] + 1)) * 8,
    d.ht_used[0] / DICTHT_SIZE(d.ht_size_exp[0]),
  );
}

/**
 * Makes the first table, or begins to grow, when there is an entry for every bucket; while resizing
 * is to be avoided, when there are more than five. DICT_ERR only when a table was needed and could
 * not be made.
 *
 * @c dict.c:991
 * @cstatic
 */
export function _dictExpandIfNeeded<K, V>(d: dict<K, V>): number {
  if (dictIsRehashing(d)) return DICT_OK;

  const size = DICTHT_SIZE(d.ht_size_exp[0]);
  if (size === 0) return dictExpand(d, DICT_HT_INITIAL_SIZE);

  if (
    d.ht_used[0] >= size &&
    (ledger.dict_can_resize !== 0 || Math.floor(d.ht_used[0] / size) > dict_force_resize_ratio) &&
    dictTypeExpandAllowed(d)
  ) {
    return dictExpand(d, d.ht_used[0] + 1);
  }
  return DICT_OK;
}

/**
 * log2 of the smallest table with at least `size` buckets.
 *
 * @c dict.c:1015
 * @cstatic
 */
export function _dictNextExp(size: number): number {
  let e = DICT_HT_INITIAL_EXP;
  // 2 ** e, because 1 << e ends at 2^31.
  while (2 ** e < size) e++;
  return e;
}

/**
 * The bucket into which a key with that hash goes, in the table that takes new entries. -1 if the
 * key is there (its entry is then left in `existing`, if one is passed) or no table can be made.
 *
 * @c dict.c:1034
 * @cstatic
 */
export function _dictKeyIndex<K, V>(
  d: dict<K, V>,
  key: K,
  hash: number,
  existing: dictExisting<K, V> | null,
): number {
  let idx = -1;
  if (existing !== null) existing.entry = null;

  if (_dictExpandIfNeeded(d) === DICT_ERR) return -1;
  for (let table = 0; table <= 1; table++) {
    idx = hash & DICTHT_SIZE_MASK(d.ht_size_exp[table]);
    let he = d.ht_table[table]![idx];
    while (he !== null) {
      if (he.hash === hash && (key === he.key || dictCompareKeys(d, key, he.key))) {
        if (existing !== null) existing.entry = he;
        return -1;
      }
      he = he.next;
    }
    if (!dictIsRehashing(d)) break;
  }
  return idx;
}

/**
 * Removes everything; the dictionary stays, as new. `callback` is called now and then meanwhile.
 *
 * @c dict.c:1059
 */
export function dictEmpty<K, V>(d: dict<K, V>, callback: ((d: dict<K, V>) => void) | null): void {
  _dictClear(d, 0, callback);
  _dictClear(d, 1, callback);
  d.rehashidx = -1;
  d.pauserehash = 0;
}

/**
 * Lets dictionaries resize again as they like. Acts on the current ledger's server.
 *
 * @c dict.c:1066
 */
export function dictEnableResize(): void {
  ledger.dict_can_resize = 1;
}

/**
 * Asks dictionaries not to resize unless they have to. Acts on the current ledger's server.
 *
 * @c dict.c:1070
 */
export function dictDisableResize(): void {
  ledger.dict_can_resize = 0;
}

/**
 * The hash of a key by the type.
 *
 * @c dict.c:1074
 */
export function dictGetHash<K, V>(d: dict<K, V>, key: K): number {
  return dictHashKey(d, key);
}

/**
 * The entry that holds this very key object (`===`, no keyCompare), given its hash; null if there
 * is none. C returns the place of the pointer to the entry, which only defragmentation needs.
 *
 * @c dict.c:1083
 */
export function dictFindEntryRefByPtrAndHash<K, V>(
  d: dict<K, V>,
  oldptr: K,
  hash: number,
): dictEntry<K, V> | null {
  if (dictSize(d) === 0) return null;
  for (let table = 0; table <= 1; table++) {
    let he = d.ht_table[table]![hash & DICTHT_SIZE_MASK(d.ht_size_exp[table])];
    while (he !== null) {
      if (oldptr === he.key) return he;
      he = he.next;
    }
    if (!dictIsRehashing(d)) return null;
  }
  return null;
}

/* ---- debugging ---- */

/** Chains of this length and more are counted together. */
const DICT_STATS_VECTLEN = 50;

/**
 * The statistics of one table as text, for DEBUG HTSTATS, cut to less than `bufsize` bytes.
 * Averages and shares are computed in single precision, as in C, so that the digits agree.
 *
 * @c dict.c:1106
 */
export function _dictGetStatsHt<K, V>(bufsize: number, d: dict<K, V>, htidx: 0 | 1): string {
  if (d.ht_used[htidx] === 0) {
    return 'No stats available for empty dictionaries\n'.slice(0, Math.max(0, bufsize - 1));
  }

  const size = DICTHT_SIZE(d.ht_size_exp[htidx]);
  const clvector = new Array<number>(DICT_STATS_VECTLEN).fill(0);
  let slots = 0;
  let maxchainlen = 0;
  let totchainlen = 0;
  for (let i = 0; i < size; i++) {
    let he = d.ht_table[htidx]![i];
    if (he === null) {
      clvector[0]++;
      continue;
    }
    slots++;
    let chainlen = 0;
    while (he !== null) {
      chainlen++;
      he = he.next;
    }
    clvector[chainlen < DICT_STATS_VECTLEN ? chainlen : DICT_STATS_VECTLEN - 1]++;
    if (chainlen > maxchainlen) maxchainlen = chainlen;
    totchainlen += chainlen;
  }

  const counted = Math.fround(Math.fround(totchainlen) / Math.fround(slots));
  const computed = Math.fround(Math.fround(d.ht_used[htidx]) / Math.fround(slots));
  let buf =
    `Hash table ${String(htidx)} stats (${htidx === 0 ? 'main hash table' : 'rehashing target'}):\n` +
    ` table size: ${String(size)}\n` +
    ` number of elements: ${String(d.ht_used[htidx])}\n` +
    ` different slots: ${String(slots)}\n` +
    ` max chain length: ${String(maxchainlen)}\n` +
    ` avg chain length (counted): ${printf_f(counted, 2)}\n` +
    ` avg chain length (computed): ${printf_f(computed, 2)}\n` +
    ' Chain length distribution:\n';

  // The last counter, of all longer chains, is never shown: C's loop ends before it, and so does
  // ours.
  for (let i = 0; i < DICT_STATS_VECTLEN - 1; i++) {
    if (clvector[i] === 0) continue;
    if (buf.length >= bufsize) break;
    const share = Math.fround(Math.fround(Math.fround(clvector[i]) / Math.fround(size)) * 100);
    buf += `   ${String(i)}: ${String(clvector[i])} (${printf_f(share, 2)}%)\n`;
  }
  return buf.slice(0, Math.max(0, bufsize - 1));
}

/**
 * The statistics of the tables as text, cut to less than `bufsize` bytes.
 *
 * @c dict.c:1166
 */
export function dictGetStats<K, V>(d: dict<K, V>, bufsize = 4096): string {
  let buf = _dictGetStatsHt(bufsize, d, 0);
  if (dictIsRehashing(d) && bufsize - buf.length > 0) {
    buf += _dictGetStatsHt(bufsize - buf.length, d, 1);
  }
  return buf;
}
