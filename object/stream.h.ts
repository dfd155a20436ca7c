/**
 * stream.h: the structures of a stream.
 *
 *     stream ─► rax      id of the first entry ─► listpack of up to some hundred entries
 *            └► cgroups  name ─► streamCG ─► pel        id ─► streamNACK ◄──────────────┐
 *                                        └► consumers   name ─► streamConsumer ─► pel   id ┘
 *
 * A pending entry is one streamNACK that two trees refer to: the one of its group, and the one of the consumer that it was
 * delivered to.
 *
 * The two halves of an id are unsigned 64 bit integers: a number up to 2^53-1, a bigint beyond. As key of a tree an id is a
 * latin1 string of 16 chars, both halves big endian, so that the order of the keys is that of the ids:
 *
 *     1526919030474-55     "\x00\x00\x01\x63\x82\x0b\x0c\x8a" "\x00\x00\x00\x00\x00\x00\x00\x37"
 *
 * Who calls in: t_stream, blocked, object, debug. Whom it calls: rax.
 * What differs from C: the strings of the field and value that an iterator is at are kept in it, where C has pointers into the
 * listpack and two buffers for integers.
 *
 * @packageDocumentation
 */
import { raxIterator, type rax } from './rax.ts';
import type { robj } from '../server/server.h.ts';

/* ---- Bytes of the structures in C, for the account of memory */
export const SIZEOF_STREAMID = 16;
export const SIZEOF_STREAM = 80;
export const SIZEOF_STREAMCG = 40;
export const SIZEOF_STREAMCONSUMER = 24;
export const SIZEOF_STREAMNACK = 24;

/** The highest half of an id. */
export const UINT64_MAX = 18446744073709551615n;

/** Identifies an entry: when it was added, and which one it was in that millisecond. */
export class streamID {
  /** Unix time in milliseconds. */
  ms: number | bigint;
  /** Sequence number. */
  seq: number | bigint;
  constructor(ms: number | bigint = 0, seq: number | bigint = 0) {
    this.ms = ms;
    this.seq = seq;
  }
}

/** A stream. */
export class stream {
  /** The listpacks, by the id that the ids in them are relative to. */
  rax: rax<Buffer>;
  /** Entries that are not deleted. */
  length = 0;
  /** The highest id that was ever given; 0-0 before the first. */
  readonly last_id = new streamID();
  /** The first entry that is not deleted; 0-0: there is none. */
  readonly first_id = new streamID();
  /** The highest id that was ever deleted by XDEL. */
  readonly max_deleted_entry_id = new streamID();
  /** Entries that were ever added. */
  entries_added: number | bigint = 0;
  /** Consumer groups by name; null until there is one. */
  cgroups: rax<streamCG> | null = null;
  /**
   * Ours: what every XADD asks for again until there is another last listpack: its id, the bytes that that was decoded from, and the names of
   * the fields in its master entry once an entry had the same ones.
   */
  readonly tail_id = new streamID();
  tail_key: readonly number[] | null = null;
  tail_fields: string[] | null = null;
  constructor(tree: rax<Buffer>) {
    this.rax = tree;
  }
}

/** A walk over the entries of a stream, in either direction. */
export class streamIterator {
  stream!: stream;
  /** The id that those in the current listpack are relative to. */
  readonly master_id = new streamID();
  /** How many fields the master entry has, where the first one lies, and which one is next. */
  master_fields_count = 0;
  master_fields_start = 0;
  master_fields_ptr = 0;
  /** STREAM_ITEM_FLAG_* of the current entry. */
  entry_flags = 0;
  /** From the end to the start. */
  rev = false;
  /** Pass over entries that are deleted. */
  skip_tombstones = true;
  /** Bounds, both included, in the form of keys. */
  start_key = '';
  end_key = '';
  readonly ri = new raxIterator<Buffer>();
  /** The current listpack, the element in it that comes next, and the flags of the current entry; null, 0: none. */
  lp: Buffer | null = null;
  lp_ele = 0;
  lp_flags = 0;
  /** How many fields the current entry has. */
  numfields = 0;
  /** What streamIteratorGetField() found. */
  field = '';
  value = '';
}

/** A consumer group. */
export class streamCG {
  /** The last id that was delivered. Who asks for new entries gets those after it. */
  readonly last_id = new streamID();
  /** How many entries of the stream come up to last_id, or SCG_INVALID_ENTRIES_READ; see streamEstimateDistanceFromFirstEverEntry(). */
  entries_read: number | bigint;
  /** All entries that were delivered and not acknowledged, by id. */
  pel: rax<streamNACK>;
  /** Consumers by name. */
  consumers: rax<streamConsumer>;
  constructor(pel: rax<streamNACK>, consumers: rax<streamConsumer>, entries_read: number | bigint) {
    this.pel = pel;
    this.consumers = consumers;
    this.entries_read = entries_read;
  }
}

/** A consumer in a group. */
export class streamConsumer {
  /** When it last did something, Unix time in ms. */
  seen_time = 0;
  /** Its name, upper and lower case told apart. */
  name: string;
  /** Those pending entries of the group that it holds. */
  pel!: rax<streamNACK>;
  constructor(name: string) {
    this.name = name;
  }
}

/** A pending entry. */
export class streamNACK {
  /** When it was last delivered, Unix time in ms. */
  delivery_time: number | bigint;
  /** How many times it was delivered. */
  delivery_count: number | bigint = 1;
  /** To whom; null only while it is being made. */
  consumer: streamConsumer | null;
  constructor(consumer: streamConsumer | null, delivery_time: number) {
    this.consumer = consumer;
    this.delivery_time = delivery_time;
  }
}

/** What it takes to propagate a read of a group as commands. */
export class streamPropInfo {
  keyname: robj;
  groupname: robj | null;
  constructor(keyname: robj, groupname: robj | null) {
    this.keyname = keyname;
    this.groupname = groupname;
  }
}

/* ---- Flags of streamLookupConsumer() */
export const SLC_DEFAULT = 0;
/** Leave seen_time alone. */
export const SLC_NO_REFRESH = 1 << 0;

/* ---- Flags of streamCreateConsumer() */
export const SCC_DEFAULT = 0;
/** No keyspace event. */
export const SCC_NO_NOTIFY = 1 << 0;
/** Do not count a change. */
export const SCC_NO_DIRTIFY = 1 << 1;

/** It is not known how many entries a group has read. */
export const SCG_INVALID_ENTRIES_READ = -1;
