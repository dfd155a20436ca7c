import { expect } from 'chai';
import {
  LLONG_MAX,
  LLONG_MIN,
  checkType,
  compareStringObjects,
  createHashObject,
  createIntsetObject,
  createObject,
  createQuicklistObject,
  createRawStringObject,
  createSetObject,
  createStreamObject,
  createEmbeddedStringObject,
  createStringObject,
  createStringObjectFromLongLong,
  createStringObjectFromLongLongForValue,
  createZsetListpackObject,
  createZsetObject,
  decrRefCount,
  dupStringObject,
  equalStringObjects,
  getDecodedObject,
  getDoubleFromObject,
  getLongDoubleFromObject,
  getLongLongFromObject,
  incrRefCount,
  isObjectRepresentableAsLongLong,
  llAdd,
  llMul,
  objPtrLen,
  objPtrSds,
  objPtrString,
  objectAllocSize,
  objectComputeSize,
  objectSetLRUOrLFU,
  strEncoding,
  streamRadixTreeMemoryUsage,
  stringObjectLen,
  tryObjectEncoding,
  zskiplistNodeAllocSize,
} from '../../object/object.ts';
import { raxFind, raxIterator, raxNext, raxSeek, raxStart, raxStop } from '../../object/rax.ts';
import { sds, sdsMakeRoomFor } from '../../object/sds.ts';
import type { stream, streamCG, streamConsumer } from '../../object/stream.h.ts';
import { hashTypeConvert } from '../../object/t_hash.ts';
import { lpBytes } from '../../quicklist/listpack.ts';
import type { quicklist } from '../../quicklist/quicklist.ts';
import { ledger } from '../../object/zmalloc.ts';
import {
  MAXMEMORY_ALLKEYS_LFU,
  MAXMEMORY_ALLKEYS_LRU,
  OBJ_ENCODING_EMBSTR,
  OBJ_ENCODING_HT,
  OBJ_ENCODING_INT,
  OBJ_ENCODING_INTSET,
  OBJ_ENCODING_LISTPACK,
  OBJ_ENCODING_QUICKLIST,
  OBJ_ENCODING_RAW,
  OBJ_ENCODING_SKIPLIST,
  OBJ_ENCODING_STREAM,
  OBJ_HASH,
  OBJ_LIST,
  OBJ_SET,
  OBJ_SHARED_REFCOUNT,
  OBJ_STATIC_REFCOUNT,
  OBJ_STREAM,
  OBJ_STRING,
  OBJ_ZSET,
  shared,
  type robj,
  type zset,
} from '../../server/server.h.ts';
import { Keyspace } from '../server/keyspace.ts';

describe('object.ts', () => {
  let ks: Keyspace;

  beforeEach(() => {
    ks = new Keyspace();
  });

  describe('the forms of a string object', () => {
    it('are EMBSTR up to 44 bytes and RAW above', () => {
      expect(createStringObject('x'.repeat(44)).encoding).to.equal(OBJ_ENCODING_EMBSTR);
      expect(createStringObject('x'.repeat(45)).encoding).to.equal(OBJ_ENCODING_RAW);
    });

    it('spell the same bytes and have the same length, whichever it is', () => {
      const int = createStringObjectFromLongLongForValue(-1234567890123456789n);
      expect(objPtrString(int)).to.equal('-1234567890123456789');
      expect(objPtrLen(int)).to.equal(20);
      const bytes = createRawStringObject(Buffer.from([0, 255, 65]));
      expect(objPtrString(bytes)).to.equal('\0\xffA');
      expect(objPtrLen(bytes)).to.equal(3);
      expect(stringObjectLen(createStringObject('abc'))).to.equal(3);
    });

    it('turn from a string into an sds that can be written into', () => {
      const o = createRawStringObject('hello');
      const s = objPtrSds(o);
      expect(s).to.be.instanceOf(sds);
      expect(objPtrSds(o)).to.equal(s);
      expect(objPtrString(o)).to.equal('hello');
      decrRefCount(o);
    });
  });

  describe('tryObjectEncoding', () => {
    it('gives small numbers as the shared objects', () => {
      expect(tryObjectEncoding(createStringObject('0'))).to.equal(shared.integers[0]);
      expect(tryObjectEncoding(createStringObject('9999'))).to.equal(shared.integers[9999]);
      const o = tryObjectEncoding(createStringObject('10000'));
      expect([o.encoding, o.ptr, o.refcount]).to.deep.equal([OBJ_ENCODING_INT, 10000, 1]);
    });

    it('shares none when each key needs an age of its own', () => {
      ks.server.maxmemory = 1 << 30;
      ks.server.maxmemory_policy = MAXMEMORY_ALLKEYS_LRU;
      const o = tryObjectEncoding(createStringObject('7'));
      expect([o.encoding, o.ptr, o.refcount]).to.deep.equal([OBJ_ENCODING_INT, 7, 1]);
      expect(createStringObjectFromLongLongForValue(7).refcount).to.equal(1);
      expect(createStringObjectFromLongLong(7)).to.equal(shared.integers[7]);
    });

    it('keeps 64 bit integers exact, and takes no other spelling for a number', () => {
      expect(tryObjectEncoding(createStringObject('9223372036854775807')).ptr).to.equal(LLONG_MAX);
      expect(tryObjectEncoding(createStringObject('-9223372036854775808')).ptr).to.equal(LLONG_MIN);
      for (const s of ['9223372036854775808', '01', '+1', '-0', ' 1', '1 ', '', '1.0']) {
        const o = createStringObject(s);
        expect(tryObjectEncoding(o)).to.equal(o);
        expect(o.encoding).to.equal(OBJ_ENCODING_EMBSTR);
      }
    });

    it('leaves what others hold alone', () => {
      const o = createStringObject('12345');
      incrRefCount(o);
      expect(tryObjectEncoding(o)).to.equal(o);
      expect(o.encoding).to.equal(OBJ_ENCODING_EMBSTR);
    });

    it('takes bytes for a number, or short ones for EMBSTR, and frees them', () => {
      const before = ledger.used;
      const n = tryObjectEncoding(createRawStringObject(Buffer.from('123456')));
      expect([n.encoding, n.ptr]).to.deep.equal([OBJ_ENCODING_INT, 123456]);
      const s = tryObjectEncoding(createRawStringObject(Buffer.from('short')));
      expect([s.encoding, s.ptr]).to.deep.equal([OBJ_ENCODING_EMBSTR, 'short']);
      expect(ledger.used).to.equal(before);
    });

    it('gives back the spare room of long bytes', () => {
      const o = createRawStringObject(Buffer.alloc(100));
      sdsMakeRoomFor(o.ptr as sds, 1000);
      expect(tryObjectEncoding(o)).to.equal(o);
      expect((o.ptr as sds).alloc).to.equal(100);
      decrRefCount(o);
    });
  });

  describe('reference counts', () => {
    it('hand a freed object to the next who makes one, with nothing of what it was', () => {
      const o = createStringObject('x'.repeat(60));
      o.lru = 12345;
      decrRefCount(o);
      expect([o.refcount, o.ptr]).to.deep.equal([0, null]);
      const next = createEmbeddedStringObject('y');
      expect(next).to.equal(o);
      expect(next).to.include({ type: OBJ_STRING, encoding: OBJ_ENCODING_EMBSTR, refcount: 1 });
      expect(next).to.include({ ptr: 'y' });
      expect(next.lru).not.to.equal(12345);
      decrRefCount(next);
    });

    it('make a freed object useless when freed memory is to be overwritten', () => {
      const { arena } = ledger;
      arena.poison = true;
      try {
        const o = createStringObject('tom');
        decrRefCount(o);
        expect(o.encoding).to.equal(-1);
        expect(createStringObject('ann')).not.to.equal(o);
      } finally {
        arena.poison = false;
      }
    });

    it('never change on a shared object', () => {
      const o = shared.integers[3];
      incrRefCount(o);
      decrRefCount(o);
      expect(o.refcount).to.equal(OBJ_SHARED_REFCOUNT);
    });

    it('release an sds with the last reference, and panic on one more', () => {
      const before = ledger.used;
      const o = createRawStringObject(Buffer.alloc(1000));
      expect(ledger.used).to.be.above(before + 1000);
      incrRefCount(o);
      decrRefCount(o);
      expect(ledger.used).to.be.above(before + 1000);
      decrRefCount(o);
      expect(ledger.used).to.equal(before);
      expect(() => decrRefCount(o)).to.throw();
    });

    it('panic on an object that must not be kept', () => {
      const o = createStringObject('x');
      o.refcount = OBJ_STATIC_REFCOUNT;
      expect(() => incrRefCount(o)).to.throw();
    });
  });

  it('copies an object with its encoding and without sharing', () => {
    const int = dupStringObject(shared.integers[5]);
    expect([int.encoding, int.ptr, int.refcount]).to.deep.equal([OBJ_ENCODING_INT, 5, 1]);
    const raw = createRawStringObject(Buffer.from('abc'));
    const copy = dupStringObject(raw);
    expect(copy.encoding).to.equal(OBJ_ENCODING_RAW);
    (raw.ptr as sds).buf[0] = 120;
    expect(objPtrString(copy)).to.equal('abc');
    expect(dupStringObject(createStringObject('y'.repeat(45))).encoding).to.equal(OBJ_ENCODING_RAW);
  });

  it('decodes a number into digits, and hands out bytes as they are', () => {
    expect(objPtrString(getDecodedObject(createStringObjectFromLongLong(42)))).to.equal('42');
    const o = createStringObject('x');
    expect(getDecodedObject(o)).to.equal(o);
    expect(o.refcount).to.equal(2);
  });

  it('compares by bytes across encodings', () => {
    const ten = createStringObjectFromLongLong(10);
    expect(compareStringObjects(ten, createStringObject('9'))).to.be.below(0);
    expect(compareStringObjects(createStringObject('\xff'), createStringObject('a'))).to.be.above(
      0,
    );
    expect(equalStringObjects(ten, createStringObject('10'))).to.equal(true);
    expect(
      equalStringObjects(
        createStringObjectFromLongLong(LLONG_MAX),
        createStringObjectFromLongLong(LLONG_MAX),
      ),
    ).to.equal(true);
    expect(equalStringObjects(ten, createStringObjectFromLongLong(11))).to.equal(false);
  });

  it('reads numbers of every kind, 0 for a missing value and null for none', () => {
    expect(getLongLongFromObject(null)).to.equal(0);
    expect(getLongLongFromObject(createStringObject('-17'))).to.equal(-17);
    expect(getLongLongFromObject(createStringObject('1'.repeat(60)))).to.equal(null);
    expect(getDoubleFromObject(null)).to.equal(0);
    expect(getDoubleFromObject(createStringObject('2.5e3'))).to.equal(2500);
    expect(getDoubleFromObject(createStringObject('2.5x'))).to.equal(null);
    expect(getDoubleFromObject(createStringObjectFromLongLong(3))).to.equal(3);
    expect(getLongDoubleFromObject(createStringObject('9'.repeat(6000)))).to.equal(null);
    expect(isObjectRepresentableAsLongLong(createStringObject('12'))).to.equal(12);
    expect(isObjectRepresentableAsLongLong(shared.integers[12])).to.equal(12);
  });

  it('calculates in 64 bits that wrap around', () => {
    expect(llAdd(1, 2)).to.equal(3);
    expect(llAdd(9007199254740991, 1)).to.equal(9007199254740992n);
    expect(llAdd(9007199254740992n, -1)).to.equal(9007199254740991);
    expect(llAdd(LLONG_MAX, 1)).to.equal(LLONG_MIN);
    expect(llMul(9223372036854775n, 1000)).to.equal(9223372036854775000n);
    expect(llMul(LLONG_MAX, 2)).to.equal(-2);
    expect(llMul(6, 7)).to.equal(42);
  });

  it('takes a missing value for any type, and complains about a wrong one', () => {
    expect(checkType(ks.client, null, OBJ_STRING)).to.equal(false);
    expect(checkType(ks.client, createObject(OBJ_LIST, null), OBJ_STRING)).to.equal(true);
    expect(ks.run('PING')).to.match(/^-WRONGTYPE .*\r\n\+PONG\r\n$/s);
  });

  it('names the encodings', () => {
    expect([0, 1, 2, 6, 7, 8, 9, 10, 11, 99].map(strEncoding)).to.deep.equal([
      'raw',
      'int',
      'hashtable',
      'intset',
      'skiplist',
      'embstr',
      'quicklist',
      'stream',
      'listpack',
      'unknown',
    ]);
  });

  it('counts what the structures of C take, by the classes of the allocator', () => {
    const key = createStringObject('k');
    const size = (o: ReturnType<typeof createStringObject>): number =>
      objectComputeSize(key, o, 5, 0);
    expect(size(createStringObjectFromLongLong(100000))).to.equal(16);
    expect(size(createStringObject('bar'))).to.equal(24); // 16 + 3 + 3 + 1
    expect(size(createStringObject('x'.repeat(44)))).to.equal(64);
    expect(size(createStringObject('x'.repeat(45)))).to.equal(16 + 56); // 3 + 45 + 1
    expect(objectAllocSize(shared.integers[1])).to.equal(0);
    expect(objectAllocSize(createRawStringObject(Buffer.alloc(5)))).to.equal(16);
  });

  it('creates and releases empty collections, and leaves nothing behind', () => {
    const kinds: [() => robj, number, number][] = [
      [createQuicklistObject, OBJ_LIST, OBJ_ENCODING_QUICKLIST],
      [createSetObject, OBJ_SET, OBJ_ENCODING_HT],
      [createIntsetObject, OBJ_SET, OBJ_ENCODING_INTSET],
      [createHashObject, OBJ_HASH, OBJ_ENCODING_LISTPACK],
      [createZsetObject, OBJ_ZSET, OBJ_ENCODING_SKIPLIST],
      [createZsetListpackObject, OBJ_ZSET, OBJ_ENCODING_LISTPACK],
      [createStreamObject, OBJ_STREAM, OBJ_ENCODING_STREAM],
    ];
    for (const [create, type, encoding] of kinds) {
      const before = ledger.used;
      const o = create();
      expect([o.type, o.encoding, o.refcount]).to.deep.equal([type, encoding, 1]);
      expect(ledger.used).to.be.above(before);
      incrRefCount(o);
      decrRefCount(o);
      decrRefCount(o);
      expect(ledger.used).to.equal(before);
    }
    const hash = createHashObject();
    hashTypeConvert(hash, OBJ_ENCODING_HT);
    expect(hash.encoding).to.equal(OBJ_ENCODING_HT);
    decrRefCount(hash);
  });

  it('panics at a collection with an encoding that its type does not have', () => {
    const key = createStringObject('k');
    for (const type of [OBJ_LIST, OBJ_SET, OBJ_ZSET, OBJ_HASH, OBJ_STRING, 99]) {
      const o = createObject(type, null);
      o.encoding = 77;
      expect(() => objectComputeSize(key, o, 5, 0)).to.throw();
      if (type !== OBJ_STRING) expect(() => decrRefCount(o)).to.throw();
    }
  });

  it('estimates the size of a collection from its first elements', () => {
    const usage = (key: string, samples = 5): number =>
      Number(ks.run('MEMORY', 'USAGE', key, 'SAMPLES', samples).slice(1));
    // The key: sds 8, entry 24, and what the object itself has: 16.
    const overhead = 8 + 24 + 16;

    ks.run('RPUSH', 'l', 'a');
    expect(usage('l')).to.equal(
      overhead + 40 + 40 + (ks.value('l').ptr as quicklist).head!.entry!.length,
    );

    ks.run('SADD', 'i', '1', '2');
    expect(usage('i')).to.equal(overhead + 16); // 8 + 2 * 2, in the class of 16.
    ks.run('SADD', 's', 'a', 'b');
    expect(usage('s')).to.equal(overhead + 56 + 4 * 8 + 2 * (24 + 8));
    // What is looked at stands for all.
    ks.run('SADD', 's', 'x'.repeat(200));
    const all = usage('s', 0);
    expect(all).to.equal(overhead + 56 + 4 * 8 + 3 * 24 + 8 + 8 + 224);
    expect([usage('s', 1), usage('s', 2)].every((n) => n !== all)).to.equal(true);

    ks.run('HSET', 'h', 'f', 'v');
    expect(usage('h')).to.equal(overhead + (ks.value('h').ptr as Buffer).length);
    ks.run('HSET', 'h', 'g', 'x'.repeat(65));
    expect(usage('h')).to.equal(overhead + 56 + 4 * 8 + 2 * 24 + 3 * 8 + 80);

    ks.run('ZADD', 'z', '1', 'm');
    expect(usage('z')).to.equal(overhead + (ks.value('z').ptr as Buffer).length);
    ks.run('ZADD', 'z', '2', 'x'.repeat(65));
    let nodes = 0;
    for (
      let node = (ks.value('z').ptr as zset).zsl.header.forward(0);
      node !== null;
      node = node.forward(0)
    ) {
      nodes += zskiplistNodeAllocSize(node.height);
    }
    // The header has 32 levels: 24 + 32 * 16, in the class of 640.
    expect(usage('z')).to.equal(overhead + 16 + 32 + 56 + 4 * 8 + 640 + 8 + 80 + 2 * 24 + nodes);
  });

  it('estimates the size of a stream from its first listpacks and all of its groups', () => {
    const usage = (samples: number): number =>
      Number(ks.run('MEMORY', 'USAGE', 'st', 'SAMPLES', samples).slice(1));
    ks.run('CONFIG', 'SET', 'stream-node-max-entries', '1');
    for (let i = 1; i <= 20; i++) ks.run('XADD', 'st', `${i}-1`, 'f', 'v'.repeat(i));
    const s = ks.value('st').ptr as stream;
    const tree = s.rax.numele * 16 + s.rax.numnodes * (4 + 240);
    const it = new raxIterator<Buffer>();
    raxStart(it, s.rax);
    raxSeek(it, '^', '');
    const bytes: number[] = [];
    while (raxNext(it)) bytes.push(lpBytes(it.data!));
    raxStop(it);
    const sum = bytes.reduce((a, b) => a + b);
    const bare = 8 + 24 + 16 + 80 + tree;
    expect(usage(0)).to.equal(bare + sum);
    expect(usage(2)).to.equal(bare + Math.trunc((bytes[0] + bytes[1]) / 2) * 19 + bytes[19]);

    ks.run('XGROUP', 'CREATE', 'st', 'g', '0');
    ks.run('XREADGROUP', 'GROUP', 'g', 'alice', 'COUNT', '5', 'STREAMS', 'st', '>');
    const cg = raxFind(s.cgroups!, 'g') as streamCG;
    const consumer = raxFind(cg.consumers, 'alice') as streamConsumer;
    expect(usage(0)).to.equal(
      bare +
        sum +
        40 +
        streamRadixTreeMemoryUsage(cg.pel) +
        5 * 24 +
        24 +
        5 +
        streamRadixTreeMemoryUsage(consumer.pel),
    );
  });

  it('starts an age at the clock of the policy', () => {
    expect(createStringObject('x').lru).to.equal(ks.server.lruclock);
    ks.server.maxmemory_policy = MAXMEMORY_ALLKEYS_LFU;
    const lfu = ((Math.floor(ks.server.unixtime / 60) & 65535) << 8) | 5;
    expect(createStringObject('x').lru).to.equal(lfu);
    expect(createRawStringObject('x').lru).to.equal(lfu);
  });

  it('sets an age that was known elsewhere, also across the turn of the clock', () => {
    const o = createStringObject('x');
    expect(objectSetLRUOrLFU(o, -1, 100, 5000, 1000)).to.equal(true);
    expect(o.lru).to.equal(4900);
    objectSetLRUOrLFU(o, -1, 100, 10, 1000);
    expect(o.lru).to.equal((1 << 24) - 1 - 90);
    expect(objectSetLRUOrLFU(o, 7, -1, 0, 1000)).to.equal(false);
    ks.server.maxmemory_policy = MAXMEMORY_ALLKEYS_LFU;
    expect(objectSetLRUOrLFU(o, 7, -1, 0, 1000)).to.equal(true);
    expect(o.lru & 255).to.equal(7);
  });

  describe('OBJECT', () => {
    it('tells encodings, from int over embstr to raw', () => {
      ks.run('MSET', 'i', '123', 'e', 'abc', 'r', 'x'.repeat(45), 'big', '9223372036854775807');
      expect(ks.run('OBJECT', 'ENCODING', 'i')).to.equal('$3\r\nint\r\n');
      expect(ks.run('OBJECT', 'ENCODING', 'big')).to.equal('$3\r\nint\r\n');
      expect(ks.run('OBJECT', 'ENCODING', 'e')).to.equal('$6\r\nembstr\r\n');
      expect(ks.run('OBJECT', 'ENCODING', 'r')).to.equal('$3\r\nraw\r\n');
      expect(ks.run('OBJECT', 'ENCODING', 'none')).to.equal('$-1\r\n');
    });

    it('tells reference counts, that of a shared number as the largest int', () => {
      ks.run('MSET', 'i', '123', 'e', 'abc');
      expect(ks.run('OBJECT', 'REFCOUNT', 'i')).to.equal(':2147483647\r\n');
      expect(ks.run('OBJECT', 'REFCOUNT', 'e')).to.equal(':1\r\n');
    });

    it('tells idle times without touching the key, but not with an LFU policy', () => {
      ks.run('SET', 'k', 'v');
      ks.wait(5000);
      ks.server.lruclock = Math.floor(ks.server.mstime / 1000) & 0xffffff;
      expect(ks.run('OBJECT', 'IDLETIME', 'k')).to.equal(':5\r\n');
      expect(ks.run('OBJECT', 'IDLETIME', 'k')).to.equal(':5\r\n');
      expect(ks.run('OBJECT', 'FREQ', 'k')).to.match(/^-ERR An LFU maxmemory policy is not/);
      ks.server.maxmemory_policy = MAXMEMORY_ALLKEYS_LFU;
      expect(ks.run('OBJECT', 'IDLETIME', 'k')).to.match(/^-ERR An LFU maxmemory policy is sel/);
      ks.run('SET', 'k2', 'v');
      expect(ks.run('OBJECT', 'FREQ', 'k2')).to.equal(':5\r\n');
    });

    it('explains itself, and refuses what it does not know', () => {
      expect(ks.run('OBJECT', 'HELP')).to.match(/^\*\d+\r\n\+OBJECT <subcommand>/);
      expect(ks.run('OBJECT', 'bogus', 'k')).to.match(/^-ERR unknown subcommand/);
    });
  });

  describe('MEMORY', () => {
    it('USAGE counts key, value and entry', () => {
      ks.run('SET', 'foo', 'bar');
      expect(ks.run('MEMORY', 'USAGE', 'foo')).to.equal(':56\r\n');
      expect(ks.run('MEMORY', 'USAGE', 'none')).to.equal('$-1\r\n');
      expect(ks.run('MEMORY', 'USAGE', 'foo', 'SAMPLES', '0')).to.equal(':56\r\n');
      expect(ks.run('MEMORY', 'USAGE', 'foo', 'SAMPLES', '-1')).to.match(/^-ERR syntax/);
      expect(ks.run('MEMORY', 'USAGE', 'foo', 'bogus')).to.match(/^-ERR syntax/);
    });

    it('STATS has 27 fields and one for each database with keys', () => {
      expect(ks.run('MEMORY', 'STATS')).to.match(/^\*54\r\n\$14\r\npeak\.allocated/);
      ks.run('SET', 'foo', 'bar');
      const stats = ks.run('MEMORY', 'STATS');
      expect(stats).to.match(/^\*56\r\n/);
      expect(stats).to.include('$4\r\ndb.0\r\n*6\r\n$23\r\noverhead.hashtable.main\r\n:72\r\n');
    });

    it('DOCTOR has nothing to say about an empty server, and much about a high peak', () => {
      expect(ks.run('MEMORY', 'DOCTOR')).to.include('this instance is empty');
      ledger.used += 8 << 20;
      ks.server.stat_peak_memory = 100 << 20;
      expect(ks.run('MEMORY', 'DOCTOR')).to.include('* Peak memory: In the past');
    });

    it('PURGE and MALLOC-STATS find no allocator to speak of', () => {
      expect(ks.run('MEMORY', 'PURGE')).to.equal('+OK\r\n');
      expect(ks.run('MEMORY', 'MALLOC-STATS')).to.include('Stats not supported');
    });
  });
});
