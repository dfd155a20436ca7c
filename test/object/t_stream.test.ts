import { expect } from 'chai';
import { lpBytes, lpFirst, lpGetString, lpNext } from '../../quicklist/listpack.ts';
import { decrRefCount, createStringObject, objPtrString } from '../../object/object.ts';
import { sdsToString, sdsfree } from '../../object/sds.ts';
import { raxIterator, raxNext, raxSeek, raxStart, raxStop } from '../../object/rax.ts';
import {
  SCC_NO_DIRTIFY,
  SCC_NO_NOTIFY,
  SCG_INVALID_ENTRIES_READ,
  SLC_NO_REFRESH,
  UINT64_MAX,
  type stream,
  streamID,
  streamIterator,
} from '../../object/stream.h.ts';
import {
  createStreamIDString,
  freeStream,
  lpGetEdgeStreamID,
  lpGetIntegerIfValid,
  lpValid,
  streamAppendItem,
  streamCompareID,
  streamCreateCG,
  streamCreateConsumer,
  streamDecodeID,
  streamDecrID,
  streamDup,
  streamEncodeID,
  streamEstimateDistanceFromFirstEverEntry,
  streamGetEdgeID,
  streamIncrID,
  streamIteratorGetField,
  streamIteratorGetID,
  streamIteratorRemoveEntry,
  streamIteratorStart,
  streamIteratorStop,
  streamLength,
  streamLogListpackContent,
  streamLookupCG,
  streamLookupConsumer,
  streamNew,
  streamNextID,
  streamParseID,
  streamPropagateConsumerCreation,
  streamTrimByID,
  streamTrimByLength,
  streamValidateListpackIntegrity,
  u64Diff,
  u64Plus,
} from '../../object/t_stream.ts';
import { ledger, zmalloc_used_memory } from '../../object/zmalloc.ts';
import { EDOM, ERANGE, posix } from '../../posix/posix.ts';
import { xreadGetKeys } from '../../server/db.ts';
import { AOF_OFF, AOF_ON, C_ERR, C_OK, getKeysResult } from '../../server/server.h.ts';
import { Random } from '../support/random.ts';
import { Keyspace } from '../server/keyspace.ts';

/** An entry in the plain model of a stream. */
interface Entry {
  id: string;
  fields: string[];
}

const HIGHEST = '18446744073709551615';

/** An id from its text. */
function idOf(text: string): streamID {
  const id = new streamID();
  expect(streamParseID(createStringObject(text), id), text).to.equal(C_OK);
  return id;
}

/** The text of an id. */
function textOf(id: streamID): string {
  const text = createStreamIDString(id);
  const copy = sdsToString(text);
  sdsfree(text);
  return copy;
}

/** All elements of a listpack, as strings. */
function elements(lp: Buffer): string[] {
  const all: string[] = [];
  for (let p = lpFirst(lp); p; p = lpNext(lp, p)) all.push(lpGetString(lp, p));
  return all;
}

/** The listpacks of a stream, by the text of their ids. */
function nodes(s: stream): [string, Buffer][] {
  const all: [string, Buffer][] = [];
  const ri = new raxIterator<Buffer>();
  raxStart(ri, s.rax);
  raxSeek(ri, '^', '');
  while (raxNext(ri)) {
    const id = new streamID();
    streamDecodeID(ri.key, id);
    all.push([textOf(id), ri.data!]);
  }
  raxStop(ri);
  return all;
}

/** What an iterator finds in a range. */
function walk(s: stream, start: streamID | null, end: streamID | null, rev: boolean): Entry[] {
  const found: Entry[] = [];
  const si = new streamIterator();
  const id = new streamID();
  streamIteratorStart(si, s, start, end, rev);
  while (streamIteratorGetID(si, id)) {
    const fields: string[] = [];
    for (let n = si.numfields; n > 0; n--) {
      streamIteratorGetField(si);
      fields.push(si.field, si.value);
    }
    found.push({ id: textOf(id), fields });
  }
  streamIteratorStop(si);
  return found;
}

/** Adds an entry, or fails the test. */
function append(s: stream, id: string, ...fields: string[]): void {
  const argv = fields.map(createStringObject);
  const ret = streamAppendItem(s, argv, 0, fields.length / 2, null, idOf(id), true);
  expect(ret, id).to.equal(C_OK);
}

/** The bytes of a bulk string. */
function bulk(s: string): string {
  return `$${s.length}\r\n${s}\r\n`;
}

/** The bytes of an entry in a reply. */
function entry(id: string, ...fields: string[]): string {
  return `*2\r\n${bulk(id)}*${fields.length}\r\n${fields.map(bulk).join('')}`;
}

describe('t_stream.ts', () => {
  let ks: Keyspace;

  beforeEach(() => {
    ks = new Keyspace();
    // What is read after it was freed is not what it was.
    ledger.arena.poison = true;
  });

  const streamAt = (key: string): stream => ks.value(key).ptr as stream;

  describe('ids', () => {
    const ascending = [
      '0-0', '0-1', '0-255', '0-256', '0-4294967296', '0-9007199254740991', '0-9007199254740992', `0-${HIGHEST}`, '1-0', '255-7', '256-6',
      '4294967295-0', '4294967296-0', '1526919030474-55', '9007199254740991-0', '9007199254740992-1', '9007199254740993-0',
      '9223372036854775808-3', `${HIGHEST}-0`, `${HIGHEST}-${HIGHEST}`,
    ]; // prettier-ignore

    it('are sixteen bytes, big endian, as keys', () => {
      expect(
        Buffer.from(streamEncodeID(idOf('1526919030474-55')), 'latin1').toString('hex'),
      ).to.equal('00000163837766ca' + '0000000000000037');
      expect(streamEncodeID(idOf(`${HIGHEST}-${HIGHEST}`))).to.equal('\xff'.repeat(16));
      expect(Buffer.from(streamEncodeID(new streamID(0x0102030405060708n, 0x090a0b0c0d0e0f10n)), 'latin1')).to.deep.equal(
        Buffer.from(Array.from({ length: 16 }, (_, i) => i + 1)),
      ); // prettier-ignore
    });

    it('keep their order and their value as keys', () => {
      const keys = ascending.map((text) => streamEncodeID(idOf(text)));
      expect([...keys].sort()).to.deep.equal(keys);
      const id = new streamID();
      expect(
        keys.map((key) => {
          streamDecodeID(key, id);
          return textOf(id);
        }),
      ).to.deep.equal(ascending);
    });

    it('compare by milliseconds, then by sequence', () => {
      for (let i = 0; i < ascending.length; i++) {
        for (let j = 0; j < ascending.length; j++) {
          const order = streamCompareID(idOf(ascending[i]), idOf(ascending[j]));
          expect(order, `${ascending[i]} ${ascending[j]}`).to.equal(Math.sign(i - j));
        }
      }
    });

    it('have one before and one after, but for the ends, which go around', () => {
      const steps = [['0-0', '0-1'], ['0-9007199254740991', '0-9007199254740992'], [`0-${HIGHEST}`, '1-0'], [`9007199254740991-${HIGHEST}`, '9007199254740992-0']]; // prettier-ignore
      for (const [low, high] of steps) {
        const id = idOf(low);
        expect(streamIncrID(id)).to.equal(C_OK);
        expect(textOf(id)).to.equal(high);
        expect(streamDecrID(id)).to.equal(C_OK);
        expect(textOf(id)).to.equal(low);
      }
      const id = idOf('0-0');
      expect(streamDecrID(id)).to.equal(C_ERR);
      expect(textOf(id)).to.equal(`${HIGHEST}-${HIGHEST}`);
      expect(streamIncrID(id)).to.equal(C_ERR);
      expect(textOf(id)).to.equal('0-0');
    });

    it('come from the clock, and never go back', () => {
      const id = new streamID();
      const now = 1600000001000;
      streamNextID(idOf('5-5'), id);
      expect(textOf(id)).to.equal(`${now}-0`);
      streamNextID(idOf(`${now}-0`), id);
      expect(textOf(id)).to.equal(`${now}-1`);
      streamNextID(idOf(`${now + 77}-3`), id);
      expect(textOf(id)).to.equal(`${now + 77}-4`);
    });

    it('have the time at which their command began, but those of a transaction the time of each', () => {
      const id = new streamID();
      ks.server.mstime = 1600000000500;
      ks.server.fixed_time_expire = 1;
      streamNextID(idOf('5-5'), id);
      expect(textOf(id)).to.equal('1600000000500-0');
      ks.server.fixed_time_expire = 2;
      streamNextID(idOf('5-5'), id);
      expect(textOf(id)).to.equal('1600000001000-0');
    });

    it('differ by signed 64 bit integers', () => {
      const halves = [0, 1, 100, 2 ** 53 - 1, 2n ** 53n, 2n ** 63n - 1n, 2n ** 63n, UINT64_MAX];
      for (const a of halves) {
        for (const b of halves) {
          const diff = u64Diff(a, b);
          expect(BigInt(diff)).to.equal(BigInt.asIntN(64, BigInt(a) - BigInt(b)));
          expect(u64Plus(b, diff)).to.equal(a);
        }
      }
    });
  });

  describe('the listpacks', () => {
    it('begin with a master entry, and leave its fields out of the entries that have the same', () => {
      const s = streamNew();
      append(s, '10-5', 'name', 'tom', '12', '7');
      append(s, '12-1', 'name', 'ann', '12', 'x');
      append(s, '12-2', 'name', 'bo', 'age', '3');
      append(s, '12-3', 'solo', '');
      const all = nodes(s);
      expect(all).to.have.length(1);
      expect(all[0][0]).to.equal('10-5');
      expect(elements(all[0][1]).join(' ')).to.equal(
        '4 0 2 name 12 0 ' +
          '2 0 0 tom 7 5 ' +
          '2 2 -4 ann x 5 ' +
          '0 2 -3 2 name bo age 3 8 ' +
          '0 2 -2 1 solo  6',
      );
      expect(walk(s, null, null, false)).to.deep.equal([
        { id: '10-5', fields: ['name', 'tom', '12', '7'] },
        { id: '12-1', fields: ['name', 'ann', '12', 'x'] },
        { id: '12-2', fields: ['name', 'bo', 'age', '3'] },
        { id: '12-3', fields: ['solo', ''] },
      ]);
      freeStream(s);
    });

    it('have entries that are told apart by their fields, in this one and in the next', () => {
      ks.server.stream_node_max_entries = 6;
      const s = streamNew();
      const long = 'n'.repeat(600);
      const names = [['a', 'b'], ['a', 'b'], ['a', 'c'], ['a'], ['a', 'b', 'c'], ['a', 'b']];
      const model: Entry[] = [];
      for (let i = 0; i < 30; i++) {
        // The next listpack begins with other names, and the one after it with names that are not remembered.
        const own = [names[i % 6], ['a', 'c'], [long], [long]][Math.floor(i / 6) % 4];
        const fields = own.flatMap((name) => [name, `${i}`]);
        append(s, `${i + 1}-0`, ...fields);
        model.push({ id: `${i + 1}-0`, fields });
      }
      expect(walk(s, null, null, false)).to.deep.equal(model);
      expect(elements(nodes(s)[0][1]).filter((e) => e === 'a')).to.have.length(4);
      expect(elements(nodes(s)[1][1]).filter((e) => e === 'c')).to.have.length(1);
      expect(elements(nodes(s)[2][1]).filter((e) => e === long)).to.have.length(1);
      freeStream(s);
    });

    it('are these bytes', () => {
      const s = streamNew();
      append(s, '1-1', 'f', 'v');
      const lp = nodes(s)[0][1];
      // Length and count; count 1, deleted 0, one field, f, end; flags 2, differences, v, lp-count 4; EOF.
      expect(lp.subarray(0, lpBytes(lp)).toString('hex')).to.equal(
        '1d000000' + '0a00' + '0101' + '0001' + '0101' + '816602' + '0001' + '0201' + '0001' + '0001' + '817602' + '0401' + 'ff', // prettier-ignore
      );
      freeStream(s);
    });

    it('are limited by entries and by bytes, and shrink when they are full', () => {
      ks.server.stream_node_max_entries = 3;
      const s = streamNew();
      for (let i = 1; i <= 7; i++) append(s, `${i}-0`, 'f', 'v');
      expect(nodes(s).map(([id]) => id)).to.deep.equal(['1-0', '4-0', '7-0']);
      expect(nodes(s).map(([, lp]) => lp.length)).to.deep.equal([56, 56, 4096]);
      freeStream(s);

      ks.server.stream_node_max_entries = 0;
      ks.server.stream_node_max_bytes = 100;
      const t = streamNew();
      for (let i = 1; i <= 7; i++) append(t, `${i}-0`, 'f', 'v'.repeat(30));
      expect(nodes(t).map(([id]) => id)).to.deep.equal(['1-0', '3-0', '5-0', '7-0']);
      ks.server.stream_node_max_bytes = 0;
      append(t, '8-0', 'f', 'v'.repeat(10000));
      expect(nodes(t)).to.have.length(4);
      freeStream(t);
    });

    it('are found where they are, also when a new one gets the place of the one that shrank before it', () => {
      ks.server.stream_node_max_entries = 1;
      const s = streamNew();
      const model: Entry[] = [];
      for (let i = 1; i < 60; i++) {
        // The room in advance is too small for some, so that they move while the entry is written.
        ks.server.stream_node_max_bytes = i % 2 ? 4096 : 100;
        const fields = ['f', String.fromCharCode(64 + i).repeat(i % 3 ? 20 : 4000)];
        append(s, `${i}-0`, ...fields);
        model.push({ id: `${i}-0`, fields });
      }
      expect(walk(s, null, null, false)).to.deep.equal(model);
      freeStream(s);
    });

    it('know the ids of their first and last entry, deleted or not', () => {
      const s = streamNew();
      append(s, '5-3', 'a', 'b', 'c', 'd');
      append(s, '7-1', 'x', 'y');
      const lp = nodes(s)[0][1];
      const edge = new streamID();
      expect(lpGetEdgeStreamID(lp, true, idOf('5-3'), edge)).to.equal(true);
      expect(textOf(edge)).to.equal('5-3');
      expect(lpGetEdgeStreamID(lp, false, idOf('5-3'), edge)).to.equal(true);
      expect(textOf(edge)).to.equal('7-1');
      expect(lpGetEdgeStreamID(null, true, idOf('5-3'), edge)).to.equal(false);
      freeStream(s);
    });

    it('are told from damaged ones', () => {
      const s = streamNew();
      append(s, '5-3', 'a', 'b', 'c', 'd');
      append(s, '7-1', 'x', 'y');
      append(s, '8-1', 'a', 'b', 'c', 'd');
      const lp = nodes(s)[0][1];
      const size = lpBytes(lp);
      expect(streamValidateListpackIntegrity(lp, size, false)).to.equal(true);
      expect(streamValidateListpackIntegrity(lp, size, true)).to.equal(true);
      expect(streamValidateListpackIntegrity(lp, size - 1, false)).to.equal(false);

      // Change any one byte: no answer may be wrong in a way that makes the walk fail.
      const whole = Buffer.from(lp.subarray(0, size));
      let refused = 0;
      for (let i = 6; i < size; i++) {
        for (const byte of [0, 1, 0x7f, 0x81, 0xc1, 0xf1, 0xf4, 0xff]) {
          whole.copy(lp);
          if (lp[i] === byte) continue;
          lp[i] = byte;
          if (!streamValidateListpackIntegrity(lp, size, true)) refused++;
          else expect(() => walk(s, null, null, false), `${i} ${byte}`).not.to.throw();
        }
      }
      expect(refused).to.be.above(100);
      whole.copy(lp);
      freeStream(s);
    });

    it('have strings where there should be integers only if they are damaged', () => {
      const s = streamNew();
      append(s, '5-3', 'a', '12x');
      const lp = nodes(s)[0][1];
      const valid = new lpValid();
      const p = Array.from({ length: 8 }).reduce<number>((at) => lpNext(lp, at), lpFirst(lp));
      expect(lpGetString(lp, p)).to.equal('12x');
      expect(lpGetIntegerIfValid(lp, p, valid)).to.equal(0);
      expect(valid.value).to.equal(false);
      expect(lpGetIntegerIfValid(lp, lpFirst(lp), valid)).to.equal(1);
      expect(valid.value).to.equal(true);
      freeStream(s);
    });

    it('are logged for who looks for a mistake', () => {
      const s = streamNew();
      append(s, '5-3', 'a', '12x');
      ks.server.logfile = '/log';
      streamLogListpackContent(nodes(s)[0][1]);
      const log = Buffer.from(ks.kernel.readFile('/log')!).toString('latin1');
      expect(log).to.contain("- [1] 'a'\n").and.to.contain("- [3] '12x'\n");
      freeStream(s);
    });
  });

  describe('random operations, beside a plain array', () => {
    for (let seed = 1; seed <= 6; seed++) {
      it(`find the same entries, with seed ${seed}`, () => {
        const random = new Random(seed);
        const before = zmalloc_used_memory();
        ks.server.stream_node_max_entries = random.pick([1, 3, 10, 100]);
        ks.server.stream_node_max_bytes = random.pick([0, 150, 4096]);
        const s = streamNew();
        let model: Entry[] = [];
        let ms = 1;
        let seq = 0;
        let added = 0;
        const anyId = (): streamID => new streamID(random.int(0, ms + 1), random.int(0, 5));

        for (let step = 0; step < 600; step++) {
          const what = random.next();
          if (what < 0.7) {
            if (random.chance(0.4)) {
              ms += random.int(1, random.chance(0.1) ? 1000 : 3);
              seq = random.int(0, 5);
            } else {
              seq++;
            }
            const fields = (random.chance(0.7) ? ['a', '12'] : ['a', '', '-7'].slice(random.int(0, 2))).flatMap((f) => [f, random.pick(['0', '-5', '1000', 'text', '', 'long'.repeat(30)])]); // prettier-ignore
            append(s, `${ms}-${seq}`, ...fields);
            model.push({ id: `${ms}-${seq}`, fields });
            added++;
          } else if (what < 0.85) {
            const id =
              random.chance(0.8) && model.length > 0 ? idOf(random.pick(model).id) : anyId();
            const si = new streamIterator();
            const found = new streamID();
            // Backwards, the entry is the same.
            streamIteratorStart(si, s, id, id, random.chance(0.5));
            const there = streamIteratorGetID(si, found);
            if (there) streamIteratorRemoveEntry(si, found);
            streamIteratorStop(si);
            expect(there).to.equal(model.some((e) => e.id === textOf(id)));
            model = model.filter((e) => e.id !== textOf(id));
          } else if (what < 0.9) {
            const maxlen = random.int(0, model.length + 3);
            const gone = streamTrimByLength(s, maxlen, random.chance(0.5));
            expect(gone).to.be.at.most(Math.max(0, model.length - maxlen));
            model = model.slice(gone);
            if (gone > 0) expect(textOf(s.first_id)).to.equal(model[0]?.id ?? '0-0');
          } else if (what < 0.95) {
            const minid = anyId();
            const exact = random.chance(0.5);
            const low = model.filter((e) => streamCompareID(idOf(e.id), minid) < 0).length;
            const gone = streamTrimByID(s, minid, !exact);
            expect(gone).to[exact ? 'equal' : 'most'](low);
            model = model.slice(gone);
          } else {
            const [from, to] = [anyId(), anyId()];
            const inside = model.filter(
              (e) => streamCompareID(idOf(e.id), from) >= 0 && streamCompareID(idOf(e.id), to) <= 0,
            );
            expect(walk(s, from, to, false)).to.deep.equal(inside);
            expect(walk(s, from, to, true)).to.deep.equal(inside.reverse());
          }
          expect(s.length).to.equal(model.length);
          expect(s.entries_added).to.equal(added);
        }
        expect(walk(s, null, null, false)).to.deep.equal(model);
        expect(walk(s, null, null, true)).to.deep.equal([...model].reverse());
        for (const [, lp] of nodes(s)) {
          expect(streamValidateListpackIntegrity(lp, lpBytes(lp), true)).to.equal(true);
        }
        freeStream(s);
        expect(zmalloc_used_memory()).to.equal(before);
      });
    }
  });

  describe('the edges of a stream', () => {
    it('are the highest and the lowest id where there is nothing', () => {
      const s = streamNew();
      const edge = new streamID();
      streamGetEdgeID(s, true, true, edge);
      expect(textOf(edge)).to.equal(`${HIGHEST}-${HIGHEST}`);
      streamGetEdgeID(s, false, true, edge);
      expect(textOf(edge)).to.equal('0-0');
      freeStream(s);
    });

    it('pass over deleted entries only if they are asked to', () => {
      for (const id of ['1-1', '2-2', '3-3', '4-4']) ks.run('XADD', 's', id, 'f', 'v');
      ks.run('XDEL', 's', '1-1', '4-4');
      const edge = new streamID();
      const edges = [[true, true, '2-2'], [true, false, '1-1'], [false, true, '3-3'], [false, false, '4-4']] as const; // prettier-ignore
      for (const [first, skip, id] of edges) {
        streamGetEdgeID(streamAt('s'), first, skip, edge);
        expect(textOf(edge)).to.equal(id);
      }
      expect(streamLength(ks.value('s'))).to.equal(2);
    });
  });

  describe('the count of entries up to an id', () => {
    it('is known at the end, at the beginning, and before it, as long as there are no gaps', () => {
      const s = streamNew();
      const distance = (id: string): number | bigint =>
        streamEstimateDistanceFromFirstEverEntry(s, idOf(id));
      expect(distance('5-5')).to.equal(0);
      for (let i = 1; i <= 6; i++) append(s, `${i}-0`, 'f', 'v');
      streamTrimByLength(s, 4, false);
      expect(['1-0', '2-9', '3-0', '6-0'].map(distance)).to.deep.equal([2, 2, 3, 6]);
      expect(['4-0', '6-1'].map(distance)).to.deep.equal([SCG_INVALID_ENTRIES_READ, SCG_INVALID_ENTRIES_READ]); // prettier-ignore
      s.max_deleted_entry_id.ms = 4;
      expect(['1-0', '3-0', '6-0'].map(distance)).to.deep.equal([-1, -1, 6]);
      streamTrimByLength(s, 0, false);
      expect(['1-0', '6-0', '6-1'].map(distance)).to.deep.equal([6, 6, -1]);
      freeStream(s);
    });
  });

  describe('XADD', () => {
    it('makes the id out of the clock, and writes it into the command line', () => {
      expect(ks.run('XADD', 's', '*', 'f', 'v')).to.equal(bulk('1600000001000-0'));
      expect(ks.rewritten).to.deep.equal(['XADD', 's', '1600000001000-0', 'f', 'v']);
      expect(ks.run('XADD', 's', '*', 'f', 'v')).to.equal(bulk('1600000001000-1'));
      ks.wait(5);
      expect(ks.run('XADD', 's', '*', 'f', 'v')).to.equal(bulk('1600000001005-0'));
      expect(ks.run('XADD', 's', '1600000001005-*', 'f', 'v')).to.equal(bulk('1600000001005-1'));
      expect(ks.rewritten[2]).to.equal('1600000001005-1');
      expect(ks.run('XADD', 's', '1600000001006-*', 'f', 'v')).to.equal(bulk('1600000001006-0'));
    });

    it('refuses ids that are not above the last one', () => {
      ks.run('XADD', 's', '5-5', 'f', 'v');
      for (const id of ['5-5', '5-4', '4-9', '4-*', '0-1', '5']) {
        expect(ks.run('XADD', 's', id, 'f', 'v'), id).to.equal(
          '-ERR The ID specified in XADD is equal or smaller than the target stream top item\r\n',
        );
      }
      expect(ks.run('XADD', 'new', '0-0', 'f', 'v')).to.equal(
        '-ERR The ID specified in XADD must be greater than 0-0\r\n',
      );
      expect(ks.run('EXISTS', 'new')).to.equal(':0\r\n');
    });

    it('has no sequence number left at the end of a millisecond, and no id at the end of time', () => {
      ks.run('XADD', 's', `7-${HIGHEST}`, 'f', 'v');
      expect(ks.run('XADD', 's', '7-*', 'f', 'v')).to.match(/^-ERR /);
      expect(ks.run('XADD', 's', '*', 'f', 'v')).to.equal(bulk('1600000001000-0'));
      ks.run('XADD', 's', `${HIGHEST}-${HIGHEST}`, 'f', 'v');
      expect(ks.run('XADD', 's', '*', 'f', 'v')).to.equal(
        '-ERR The stream has exhausted the last possible ID, unable to add more items\r\n',
      );
      expect(ks.run('XRANGE', 's', `${HIGHEST}-5`, '+')).to.equal(
        `*1\r\n${entry(`${HIGHEST}-${HIGHEST}`, 'f', 'v')}`,
      );
    });

    it('refuses what a listpack cannot hold', () => {
      const s = streamNew();
      // The same megabyte more than a thousand times.
      const megabyte = createStringObject('y'.repeat(1 << 20));
      const argv = Array.from({ length: 1026 }, () => megabyte);
      expect(streamAppendItem(s, argv, 0, 513, null, idOf('1-1'), true)).to.equal(C_ERR);
      expect(posix.errno).to.equal(ERANGE);
      expect(streamAppendItem(s, argv, 0, 1, null, idOf('0-0'), true)).to.equal(C_ERR);
      expect(posix.errno).to.equal(EDOM);
      freeStream(s);
    });

    it('trims, and says in its command line what was trimmed to', () => {
      ks.server.stream_node_max_entries = 2;
      for (let i = 1; i <= 5; i++) ks.run('XADD', 's', `${i}-0`, 'f', 'v');
      ks.run('XADD', 's', 'MAXLEN', '~', '3', '6-0', 'f', 'v');
      expect(ks.rewritten).to.deep.equal(['XADD', 's', 'MAXLEN', '=', '4', '6-0', 'f', 'v']);
      ks.run('XADD', 's', 'MINID', '~', '6', '7-0', 'f', 'v');
      expect(ks.rewritten).to.deep.equal(['XADD', 's', 'MINID', '=', '5-0', '7-0', 'f', 'v']);
      ks.run('XADD', 's', 'MAXLEN', '=', '1', '*', 'f', 'v');
      expect(ks.rewritten).to.deep.equal(['XADD', 's', 'MAXLEN', '=', '1', '1600000001000-0', 'f', 'v']); // prettier-ignore
      expect(ks.run('XLEN', 's')).to.equal(':1\r\n');
    });

    it('does not make a stream with NOMKSTREAM', () => {
      expect(ks.run('XADD', 's', 'NOMKSTREAM', '*', 'f', 'v')).to.equal('$-1\r\n');
      expect(ks.run('EXISTS', 's')).to.equal(':0\r\n');
      ks.run('XADD', 's', '1-1', 'f', 'v');
      expect(ks.run('XADD', 's', 'nomkstream', '2-1', 'f', 'v')).to.equal(bulk('2-1'));
    });

    it('says what is wrong with its options', () => {
      const syntax = '-ERR syntax error';
      const wrong: [string, string][] = [
        ['MAXLEN 1 MINID 1 * f v', `${syntax}, MAXLEN and MINID options at the same time are not compatible`],
        ['MINID 1 MAXLEN 1 * f v', `${syntax}, MAXLEN and MINID options at the same time are not compatible`],
        ['MAXLEN -1 * f v', '-ERR The MAXLEN argument must be >= 0.'],
        ['MAXLEN x * f v', '-ERR value is not an integer or out of range'],
        ['MINID x * f v', '-ERR Invalid stream ID specified as stream command argument'],
        ['MAXLEN ~ 5 LIMIT -1 * f v', '-ERR The LIMIT argument must be >= 0.'],
        ['MAXLEN ~ 5 LIMIT x * f v', '-ERR value is not an integer or out of range'],
        ['MAXLEN 5 LIMIT 3 * f v', `${syntax}, LIMIT cannot be used without the special ~ option`],
        ['LIMIT 3 * f v', `${syntax}, LIMIT cannot be used without specifying a trimming strategy`],
        ['* f v g', "-ERR wrong number of arguments for 'xadd' command"],
        ['MAXLEN 5 1-1', "-ERR wrong number of arguments for 'xadd' command"],
        ['1-x f v', '-ERR Invalid stream ID specified as stream command argument'],
      ]; // prettier-ignore
      for (const [words, error] of wrong) {
        expect(ks.run('XADD', 's', ...words.split(' ')), words).to.equal(`${error}\r\n`);
      }
      ks.run('SET', 'str', 'x');
      expect(ks.run('XADD', 'str', '*', 'f', 'v')).to.match(/^-WRONGTYPE /);
    });
  });

  describe('trimming', () => {
    beforeEach(() => {
      ks.server.stream_node_max_entries = 10;
      for (let i = 1; i <= 100; i++) ks.run('XADD', 's', `${i}-0`, 'f', 'v');
    });

    it('takes whole listpacks only with ~', () => {
      expect(ks.run('XTRIM', 's', 'MAXLEN', '~', '85')).to.equal(':10\r\n');
      expect(ks.rewritten).to.deep.equal(['XTRIM', 's', 'MAXLEN', '=', '90']);
      expect(ks.run('XTRIM', 's', 'MAXLEN', '85')).to.equal(':5\r\n');
      expect(ks.run('XTRIM', 's', 'MINID', '~', '35-0')).to.equal(':15\r\n');
      expect(ks.rewritten).to.deep.equal(['XTRIM', 's', 'MINID', '=', '31-0']);
      expect(ks.run('XTRIM', 's', 'MINID', '=', '35-0')).to.equal(':4\r\n');
      expect(ks.run('XINFO', 'STREAM', 's')).to.contain(`${bulk('recorded-first-entry-id')}${bulk('35-0')}`); // prettier-ignore
      expect(ks.run('XTRIM', 's', 'MAXLEN', '0')).to.equal(':66\r\n');
      expect(ks.run('XINFO', 'STREAM', 's')).to.contain(`${bulk('recorded-first-entry-id')}${bulk('0-0')}`); // prettier-ignore
    });

    it('stops before a listpack that would go beyond LIMIT', () => {
      expect(ks.run('XTRIM', 's', 'MAXLEN', '~', '0', 'LIMIT', '35')).to.equal(':30\r\n');
      expect(ks.run('XTRIM', 's', 'MAXLEN', '~', '0', 'LIMIT', '5')).to.equal(':0\r\n');
      expect(ks.run('XTRIM', 's', 'MAXLEN', '~', '0', 'LIMIT', '0')).to.equal(':70\r\n');
    });

    it('has a limit of a hundred listpacks by itself', () => {
      ks.run('XTRIM', 's', 'MAXLEN', '0');
      ks.server.stream_node_max_entries = 1;
      for (let i = 101; i <= 250; i++) ks.run('XADD', 's', `${i}-0`, 'f', 'v');
      expect(ks.run('XTRIM', 's', 'MAXLEN', '~', '0')).to.equal(':100\r\n');
      ks.server.stream_node_max_entries = 0;
      expect(ks.run('XTRIM', 's', 'MAXLEN', '~', '10')).to.equal(':40\r\n');
      ks.server.stream_node_max_entries = 1e9;
      expect(ks.run('XTRIM', 's', 'MAXLEN', '~', '0')).to.equal(':10\r\n');
    });

    it('needs to know by what', () => {
      expect(ks.run('XTRIM', 's', 'LIMIT', '0')).to.equal(
        '-ERR syntax error, XTRIM must be called with a trimming strategy\r\n',
      );
      expect(ks.run('XTRIM', 's', 'NOSUCH', '0')).to.equal('-ERR syntax error\r\n');
      expect(ks.run('XTRIM', 'none', 'MAXLEN', '0')).to.equal(':0\r\n');
    });
  });

  describe('ranges', () => {
    beforeEach(() => {
      for (const id of ['1-1', '1-2', '2-1', '3-0']) ks.run('XADD', 's', id, 'f', id);
    });
    const ids = (...args: string[]): string =>
      [...ks.run(...args).matchAll(/\*2\r\n\$\d+\r\n(\d+-\d+)\r\n\*/g)]
        .map(([, id]) => id)
        .join(' ');

    it('take a millisecond as a whole where there is no sequence number', () => {
      expect(ids('XRANGE', 's', '-', '+')).to.equal('1-1 1-2 2-1 3-0');
      expect(ids('XRANGE', 's', '1', '1')).to.equal('1-1 1-2');
      expect(ids('XREVRANGE', 's', '2', '1')).to.equal('2-1 1-2 1-1');
      expect(ids('XRANGE', 's', '3', '1')).to.equal('');
    });

    it('exclude an end behind a parenthesis', () => {
      expect(ids('XRANGE', 's', '(1-1', '(3-0')).to.equal('1-2 2-1');
      expect(ids('XREVRANGE', 's', '(3', '(1-2')).to.equal('3-0 2-1');
      expect(ids('XRANGE', 's', '(1', '+')).to.equal('1-1 1-2 2-1 3-0');
      expect(ks.run('XRANGE', 's', '-', '(0-0')).to.equal(
        '-ERR invalid end ID for the interval\r\n',
      );
      expect(ks.run('XRANGE', 's', `(${HIGHEST}-${HIGHEST}`, '+')).to.equal(
        '-ERR invalid start ID for the interval\r\n',
      );
      expect(ks.run('XRANGE', 's', '(-', '+')).to.equal(
        '-ERR Invalid stream ID specified as stream command argument\r\n',
      );
    });

    it('end at COUNT', () => {
      expect(ids('XRANGE', 's', '-', '+', 'COUNT', '2')).to.equal('1-1 1-2');
      expect(ids('XREVRANGE', 's', '+', '-', 'COUNT', '2')).to.equal('3-0 2-1');
      expect(ks.run('XRANGE', 's', '-', '+', 'COUNT', '0')).to.equal('*-1\r\n');
      expect(ks.run('XRANGE', 's', '-', '+', 'COUNT', '-1')).to.equal('*-1\r\n');
      expect(ks.run('XRANGE', 's', '-', '+', 'COUNT')).to.equal('-ERR syntax error\r\n');
      expect(ks.run('XRANGE', 'none', '-', '+')).to.equal('*0\r\n');
    });
  });

  describe('reading', () => {
    it('finds what came after an id, in several streams', () => {
      ks.run('XADD', 's', '1-1', 'a', 'b');
      ks.run('XADD', 's', '2-1', 'c', 'd');
      ks.run('XADD', 't', '1-1', 'e', 'f');
      expect(ks.run('XREAD', 'COUNT', '1', 'STREAMS', 's', 't', '1-1', '0')).to.equal(
        `*2\r\n*2\r\n${bulk('s')}*1\r\n${entry('2-1', 'c', 'd')}*2\r\n${bulk('t')}*1\r\n${entry('1-1', 'e', 'f')}`,
      );
      expect(ks.run('XREAD', 'STREAMS', 's', 't', '$', '1-1')).to.equal('*-1\r\n');
      ks.run('HELLO', '3');
      expect(ks.run('XREAD', 'STREAMS', 's', '1-1')).to.equal(
        `%1\r\n${bulk('s')}*1\r\n${entry('2-1', 'c', 'd')}`,
      );
    });

    it('waits with BLOCK, where it may', () => {
      const c = ks.newClient();
      expect(ks.runAs(c, 'XREAD', 'BLOCK', '0', 'STREAMS', 's', '$')).to.equal('');
      ks.run('XADD', 's', '1-1', 'a', 'b');
      expect(ks.taken(c)).to.equal(`*1\r\n*2\r\n${bulk('s')}*1\r\n${entry('1-1', 'a', 'b')}`);
      ks.run('MULTI');
      ks.run('XREAD', 'BLOCK', '0', 'STREAMS', 's', '$');
      expect(ks.run('EXEC')).to.equal('*1\r\n*-1\r\n');
    });

    it('says what is wrong with its arguments', () => {
      ks.run('XGROUP', 'CREATE', 's', 'g', '0', 'MKSTREAM');
      const invalid = '-ERR Invalid stream ID specified as stream command argument';
      const wrong: [string, string][] = [
        ['XREAD STREAMS s t 0', "-ERR Unbalanced XREAD list of streams: for each stream key an ID or '$' must be specified."],
        ['XREAD COUNT 2 BLOCK 0', '-ERR syntax error'],
        ['XREAD COUNT x STREAMS s 0', '-ERR value is not an integer or out of range'],
        ['XREAD BLOCK x STREAMS s 0', '-ERR timeout is not an integer or out of range'],
        ['XREAD BLOCK -1 STREAMS s 0', '-ERR timeout is negative'],
        ['XREAD NOSUCH STREAMS s 0', '-ERR syntax error'],
        ['XREAD GROUP g c STREAMS s 0', '-ERR The GROUP option is only supported by XREADGROUP. You called XREAD instead.'],
        ['XREAD NOACK STREAMS s 0', '-ERR The NOACK option is only supported by XREADGROUP. You called XREAD instead.'],
        ['XREAD STREAMS s >', '-ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.'],
        ['XREAD STREAMS s -', invalid],
        ['XREAD STREAMS s 1-*', invalid],
        ['XREADGROUP COUNT 1 STREAMS s t > >', '-ERR Missing GROUP option for XREADGROUP'],
        ['XREADGROUP GROUP g c STREAMS s $', '-ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set.'],
        ['XREADGROUP GROUP h c STREAMS s >', "-NOGROUP No such key 's' or consumer group 'h' in XREADGROUP with GROUP option"],
        ['XREADGROUP GROUP g c STREAMS none >', "-NOGROUP No such key 'none' or consumer group 'g' in XREADGROUP with GROUP option"],
      ]; // prettier-ignore
      for (const [words, error] of wrong) {
        expect(ks.run(...words.split(' ')), words).to.equal(`${error}\r\n`);
      }
      ks.run('SET', 'str', 'x');
      expect(ks.run('XREAD', 'STREAMS', 'str', '0')).to.match(/^-WRONGTYPE /);
    });

    it('has keys behind the word STREAMS that is no argument of another option', () => {
      const keys = (line: string): string[] => {
        const argv = line.split(' ').map(createStringObject);
        const result = new getKeysResult();
        const n = xreadGetKeys(ks.server.commands.ht_table[0]![0]?.v as never, argv, argv.length, result); // prettier-ignore
        expect(result.numkeys).to.equal(n);
        return result.keys.slice(0, n).map((key) => objPtrString(argv[key.pos]));
      };
      expect(keys('XREAD STREAMS a b 1 2')).to.deep.equal(['a', 'b']);
      expect(keys('XREADGROUP GROUP streams streams NOACK COUNT 1 BLOCK 5 STREAMS a >')).to.deep.equal(['a']); // prettier-ignore
      expect(keys('XREAD STREAMS a b 1')).to.deep.equal([]);
      expect(keys('XREAD NOSUCH STREAMS a 1')).to.deep.equal([]);
      expect(keys('XREAD STREAMS')).to.deep.equal([]);
    });
  });

  describe('groups', () => {
    beforeEach(() => {
      for (let i = 1; i <= 5; i++) ks.run('XADD', 's', `${i}-0`, 'f', `v${i}`);
      ks.run('XGROUP', 'CREATE', 's', 'g', '0');
    });

    it('hand out every entry once, and keep it pending until it is acknowledged', () => {
      const first = ks.run('XREADGROUP', 'GROUP', 'g', 'alice', 'COUNT', '2', 'STREAMS', 's', '>');
      expect(first)
        .to.contain(entry('1-0', 'f', 'v1'))
        .and.to.contain(entry('2-0', 'f', 'v2'));
      ks.run('XREADGROUP', 'GROUP', 'g', 'bob', 'STREAMS', 's', '>');
      ks.wait(100);
      expect(ks.run('XPENDING', 's', 'g')).to.equal(
        `*4\r\n:5\r\n${bulk('1-0')}${bulk('5-0')}*2\r\n*2\r\n${bulk('alice')}${bulk('2')}*2\r\n${bulk('bob')}${bulk('3')}`,
      );
      expect(ks.run('XPENDING', 's', 'g', '-', '+', '10', 'alice')).to.equal(
        `*2\r\n*4\r\n${bulk('1-0')}${bulk('alice')}:100\r\n:1\r\n*4\r\n${bulk('2-0')}${bulk('alice')}:100\r\n:1\r\n`,
      );
      expect(ks.run('XACK', 's', 'g', '1-0', '3-0', '9-9')).to.equal(':2\r\n');
      expect(ks.run('XPENDING', 's', 'g', 'IDLE', '50', '(2-0', '+', '1')).to.contain('4-0');
      expect(ks.run('XPENDING', 's', 'g', 'IDLE', '101', '-', '+', '9')).to.equal('*0\r\n');
    });

    it('show a consumer its history, with nothing where an entry was deleted', () => {
      ks.run('XREADGROUP', 'GROUP', 'g', 'alice', 'COUNT', '3', 'STREAMS', 's', '>');
      ks.run('XDEL', 's', '2-0');
      expect(ks.run('XREADGROUP', 'GROUP', 'g', 'alice', 'STREAMS', 's', '1-0')).to.equal(
        `*1\r\n*2\r\n${bulk('s')}*2\r\n*2\r\n${bulk('2-0')}*-1\r\n${entry('3-0', 'f', 'v3')}`,
      );
      expect(ks.run('XPENDING', 's', 'g', '3-0', '3-0', '1')).to.match(/:2\r\n$/);
      expect(ks.run('XREADGROUP', 'GROUP', 'g', 'alice', 'COUNT', '1', 'STREAMS', 's', '0')).to.contain('v1'); // prettier-ignore
      expect(ks.run('XREADGROUP', 'GROUP', 'g', 'carol', 'STREAMS', 's', '0')).to.equal(
        `*1\r\n*2\r\n${bulk('s')}*0\r\n`,
      );
    });

    it('give an entry to another consumer when they are set back', () => {
      ks.run('XREADGROUP', 'GROUP', 'g', 'alice', 'STREAMS', 's', '>');
      ks.run('XGROUP', 'SETID', 's', 'g', '3-0');
      ks.run('XREADGROUP', 'GROUP', 'g', 'bob', 'STREAMS', 's', '>');
      expect(ks.run('XPENDING', 's', 'g')).to.contain(`${bulk('alice')}${bulk('3')}`).and.to.contain(`${bulk('bob')}${bulk('2')}`); // prettier-ignore
    });

    it('count what they have read', () => {
      const info = (): string =>
        /entries-read\r\n(\S+)\r\n\$3\r\nlag\r\n(\S+)\r\n/
          .exec(ks.run('XINFO', 'GROUPS', 's'))!
          .slice(1)
          .join(' ');
      expect(info()).to.equal('$-1 :5');
      ks.run('XREADGROUP', 'GROUP', 'g', 'alice', 'COUNT', '2', 'STREAMS', 's', '>');
      expect(info()).to.equal(':2 :3');
      ks.run('XDEL', 's', '4-0');
      expect(info()).to.equal(':2 $-1');
      ks.run('XREADGROUP', 'GROUP', 'g', 'alice', 'COUNT', '1', 'NOACK', 'STREAMS', 's', '>');
      expect(info()).to.equal('$-1 $-1');
      ks.run('XREADGROUP', 'GROUP', 'g', 'alice', 'STREAMS', 's', '>');
      expect(info()).to.equal(':5 :0');
      ks.run('XGROUP', 'SETID', 's', 'g', '$', 'ENTRIESREAD', '9223372036854775807');
      expect(info()).to.equal(':9223372036854775807 :-9223372036854775802');
    });

    it('take entries over, one by one or as they come', () => {
      ks.run('XREADGROUP', 'GROUP', 'g', 'alice', 'STREAMS', 's', '>');
      ks.run('XDEL', 's', '2-0', '4-0');
      ks.wait(1000);
      expect(ks.run('XCLAIM', 's', 'g', 'bob', '1001', '1-0')).to.equal('*0\r\n');
      expect(ks.run('XCLAIM', 's', 'g', 'bob', '1000', '1-0', '2-0')).to.equal(
        `*1\r\n${entry('1-0', 'f', 'v1')}`,
      );
      expect(ks.run('XPENDING', 's', 'g', '1-0', '2-0', '9')).to.equal(
        `*1\r\n*4\r\n${bulk('1-0')}${bulk('bob')}:0\r\n:2\r\n`,
      );
      expect(ks.run('XAUTOCLAIM', 's', 'g', 'bob', '500', '0', 'COUNT', '2', 'JUSTID')).to.equal(
        `*3\r\n${bulk('5-0')}*1\r\n${bulk('3-0')}*1\r\n${bulk('4-0')}`,
      );
      expect(ks.run('XAUTOCLAIM', 's', 'g', 'bob', '0', '(3-0')).to.equal(
        `*3\r\n${bulk('0-0')}*1\r\n${entry('5-0', 'f', 'v5')}*0\r\n`,
      );
      // Each of them twice, or once where only ids were asked for.
      expect(ks.run('XPENDING', 's', 'g', '-', '+', '9')).to.equal(
        `*3\r\n${['1-0:2', '3-0:1', '5-0:2'].map((x) => `*4\r\n${bulk(x.slice(0, 3))}${bulk('bob')}:0\r\n${x.slice(3)}\r\n`).join('')}`,
      );
    });

    it('make entries pending by force, at a time, with a count', () => {
      const claim = (...args: string[]): string => ks.run('XCLAIM', 's', 'g', 'bob', '0', ...args);
      const pending = (): string => ks.run('XPENDING', 's', 'g', '-', '+', '9');
      expect(claim('3-0')).to.equal('*0\r\n');
      expect(claim('3-0', 'FORCE', 'JUSTID', 'IDLE', '500', 'RETRYCOUNT', '7', 'LASTID', '4')).to.equal(`*1\r\n${bulk('3-0')}`); // prettier-ignore
      expect(pending()).to.equal(`*1\r\n*4\r\n${bulk('3-0')}${bulk('bob')}:500\r\n:7\r\n`);
      claim('3-0', 'TIME', '1600000000900');
      expect(pending()).to.equal(`*1\r\n*4\r\n${bulk('3-0')}${bulk('bob')}:100\r\n:8\r\n`);
      for (const time of ['-5', '1600000009999', '9223372036854775807']) {
        claim('3-0', 'TIME', time, 'JUSTID');
        expect(pending()).to.equal(`*1\r\n*4\r\n${bulk('3-0')}${bulk('bob')}:0\r\n:8\r\n`);
      }
      claim('3-0', 'IDLE', '-9223372036854775808', 'RETRYCOUNT', '9223372036854775807', 'JUSTID');
      expect(pending()).to.equal(`*1\r\n*4\r\n${bulk('3-0')}${bulk('bob')}:0\r\n:9223372036854775807\r\n`); // prettier-ignore
      expect(ks.run('XINFO', 'GROUPS', 's')).to.contain(`${bulk('last-delivered-id')}${bulk('4-0')}`); // prettier-ignore
      // More ids than C keeps on its stack.
      expect(claim(...Array.from({ length: 12 }, (_, i) => `${i}-0`), 'FORCE', 'JUSTID')).to.match(/^\*5\r\n/); // prettier-ignore
    });

    it('say what is wrong with a claim', () => {
      const wrong: [string, string][] = [
        ['XCLAIM s g c x 1-0', '-ERR Invalid min-idle-time argument for XCLAIM'],
        ['XCLAIM s g c 0 1-0 IDLE x', '-ERR Invalid IDLE option argument for XCLAIM'],
        ['XCLAIM s g c 0 1-0 TIME x', '-ERR Invalid TIME option argument for XCLAIM'],
        ['XCLAIM s g c 0 1-0 RETRYCOUNT x', '-ERR Invalid RETRYCOUNT option argument for XCLAIM'],
        ['XCLAIM s g c 0 1-0 LASTID x', '-ERR Invalid stream ID specified as stream command argument'],
        ['XCLAIM s g c 0 1-0 NOSUCH', "-ERR Unrecognized XCLAIM option 'NOSUCH'"],
        ['XCLAIM s h c 0 1-0', "-NOGROUP No such key 's' or consumer group 'h'"],
        ['XAUTOCLAIM s h c 0 0', "-NOGROUP No such key 's' or consumer group 'h'"],
        ['XAUTOCLAIM s g c x 0', '-ERR Invalid min-idle-time argument for XAUTOCLAIM'],
        ['XAUTOCLAIM s g c 0 x', '-ERR Invalid stream ID specified as stream command argument'],
        [`XAUTOCLAIM s g c 0 (${HIGHEST}-${HIGHEST}`, '-ERR invalid start ID for the interval'],
        ['XAUTOCLAIM s g c 0 0 COUNT 0', '-ERR COUNT must be > 0'],
        ['XAUTOCLAIM s g c 0 0 COUNT 9223372036854775807', '-ERR COUNT must be > 0'],
        ['XAUTOCLAIM s g c 0 0 COUNT 99999999999999', '-ERR Insufficient memory, failed allocating transient memory, COUNT too high.'],
        ['XAUTOCLAIM s g c 0 0 NOSUCH', '-ERR syntax error'],
        ['XPENDING s h', "-NOGROUP No such key 's' or consumer group 'h'"],
        ['XPENDING s g -', '-ERR syntax error'],
        ['XPENDING s g IDLE 5 - +', '-ERR syntax error'],
        ['XPENDING s g IDLE x - + 5', '-ERR value is not an integer or out of range'],
        ['XPENDING s g - + x', '-ERR value is not an integer or out of range'],
        [`XPENDING s g (${HIGHEST}-${HIGHEST} + 5`, '-ERR invalid start ID for the interval'],
        ['XPENDING s g - (0-0 5', '-ERR invalid end ID for the interval'],
      ]; // prettier-ignore
      for (const [words, error] of wrong) {
        expect(ks.run(...words.split(' ')), words).to.equal(`${error}\r\n`);
      }
      expect(ks.run('XPENDING', 's', 'g')).to.equal('*4\r\n:0\r\n$-1\r\n$-1\r\n*-1\r\n');
      expect(ks.run('XPENDING', 's', 'g', '-', '+', '5', 'nobody')).to.equal('*0\r\n');
      expect(ks.run('XACK', 's', 'h', '1-0')).to.equal(':0\r\n');
      expect(ks.run('XACK', 's', 'g', '1-0', 'x')).to.match(/^-ERR Invalid stream ID/);
    });

    it('are made, moved and deleted, with their consumers', () => {
      const made: [string, string][] = [
        ['CREATE s g $', '-BUSYGROUP Consumer Group name already exists'],
        ['CREATE none g $', '-ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.'],
        ['CREATE new g $ MKSTREAM ENTRIESREAD 3', '+OK'],
        ['CREATE s h 1 ENTRIESREAD -2', '-ERR value for ENTRIESREAD must be positive or -1'],
        ['CREATE s h 1 ENTRIESREAD x', '-ERR value is not an integer or out of range'],
        ['CREATE s h -', '-ERR Invalid stream ID specified as stream command argument'],
        ['CREATE s h $ NOSUCH', "-ERR unknown subcommand or wrong number of arguments for 'CREATE'. Try XGROUP HELP."],
        ['CREATECONSUMER s g alice', ':1'],
        ['CREATECONSUMER s g alice', ':0'],
        ['CREATECONSUMER s h alice', "-NOGROUP No such consumer group 'h' for key name 's'"],
        ['DELCONSUMER s g bob', ':0'],
        ['SETID s g -', '+OK'],
        ['SETID s g $ ENTRIESREAD 5', '+OK'],
        ['SETID s g x', '-ERR Invalid stream ID specified as stream command argument'],
        ['DESTROY s h', ':0'],
      ]; // prettier-ignore
      for (const [words, reply] of made) {
        expect(ks.run('XGROUP', ...words.split(' ')), words).to.equal(`${reply}\r\n`);
      }
      ks.run('XGROUP', 'SETID', 's', 'g', '0');
      ks.run('XREADGROUP', 'GROUP', 'g', 'alice', 'COUNT', '3', 'STREAMS', 's', '>');
      expect(ks.run('XGROUP', 'DELCONSUMER', 's', 'g', 'alice')).to.equal(':3\r\n');
      expect(ks.run('XPENDING', 's', 'g')).to.match(/^\*4\r\n:0\r\n/);
      expect(ks.run('XGROUP', 'DESTROY', 's', 'g')).to.equal(':1\r\n');
      expect(ks.run('XINFO', 'GROUPS', 's')).to.equal('*0\r\n');
      expect(ks.run('XGROUP', 'HELP')).to.contain('+CREATE <key> <groupname> <id|$> [option]\r\n');
    });

    it('are called up by name, and note who was there', () => {
      const s = streamAt('s');
      const cg = streamLookupCG(s, 'g')!;
      expect(streamLookupCG(s, 'none')).to.equal(null);
      expect(streamCreateCG(s, 'g', idOf('0'), 0)).to.equal(null);
      const dirty = ks.server.dirty;
      const bob = streamCreateConsumer(cg, 'bob', null, 0, SCC_NO_DIRTIFY | SCC_NO_NOTIFY)!;
      expect(streamCreateConsumer(cg, 'bob', null, 0, SCC_NO_NOTIFY)).to.equal(null);
      expect(streamCreateConsumer(null, 'bob', null, 0, 0)).to.equal(null);
      expect(ks.server.dirty).to.equal(dirty);
      ks.wait(500);
      expect(streamLookupConsumer(null, 'bob', 0)).to.equal(null);
      expect(streamLookupConsumer(cg, 'none', 0)).to.equal(null);
      expect(streamLookupConsumer(cg, 'bob', SLC_NO_REFRESH)).to.equal(bob);
      expect(ks.run('XINFO', 'CONSUMERS', 's', 'g')).to.match(/idle\r\n:500\r\n$/);
      expect(streamLookupConsumer(cg, 'bob', 0)).to.equal(bob);
      expect(ks.run('XINFO', 'CONSUMERS', 's', 'g')).to.match(/idle\r\n:0\r\n$/);
    });

    it('are copied with all that is in them', () => {
      ks.run('XREADGROUP', 'GROUP', 'g', 'alice', 'COUNT', '3', 'STREAMS', 's', '>');
      ks.run('XREADGROUP', 'GROUP', 'g', 'bob', 'STREAMS', 's', '>');
      ks.run('XDEL', 's', '2-0');
      ks.run('COPY', 's', 't');
      const before = ks.run('XINFO', 'STREAM', 's', 'FULL', 'COUNT', '0');
      expect(ks.run('XINFO', 'STREAM', 't', 'FULL', 'COUNT', '0')).to.equal(before);
      ks.run('XACK', 's', 'g', '1-0');
      ks.run('XADD', 's', '9-9', 'f', 'v');
      ks.run('XTRIM', 's', 'MAXLEN', '1');
      expect(ks.run('XINFO', 'STREAM', 't', 'FULL', 'COUNT', '0')).to.equal(before);
    });

    it('show no more of each than COUNT', () => {
      ks.run('XREADGROUP', 'GROUP', 'g', 'alice', 'STREAMS', 's', '>');
      const full = (...args: string[]): number =>
        (ks.run('XINFO', 'STREAM', 's', 'FULL', ...args).match(/\$3\r\n\d-0/g) ?? []).length;
      // Last id, first id, last delivered id and the deleted one; then entries, pending of the group, pending of the consumer.
      expect(full('COUNT', '2')).to.equal(4 + 2 + 2 + 2);
      expect(full('COUNT', '0')).to.equal(4 + 5 + 5 + 5);
      expect(full('COUNT', '-3')).to.equal(4 + 5 + 5 + 5);
      expect(full()).to.equal(4 + 5 + 5 + 5);
      for (const args of [
        ['x'],
        ['FULL', 'COUNT'],
        ['FULL', 'x', '1'],
        ['FULL', 'COUNT', '1', '2'],
      ]) {
        expect(ks.run('XINFO', 'STREAM', 's', ...args)).to.equal(
          "-ERR unknown subcommand or wrong number of arguments for 'STREAM'. Try XINFO HELP.\r\n",
        );
      }
      expect(ks.run('XINFO', 'STREAM', 's', 'FULL', 'COUNT', 'x')).to.match(/^-ERR value is not/);
      expect(ks.run('XINFO', 'CONSUMERS', 's', 'h')).to.equal("-NOGROUP No such consumer group 'h' for key name 's'\r\n"); // prettier-ignore
      expect(ks.run('XINFO', 'STREAM', 'none')).to.equal('-ERR no such key\r\n');
      expect(ks.run('XINFO', 'HELP')).to.contain('+STREAM <key> [FULL [COUNT <count>]\r\n');
    });
  });

  describe('XSETID', () => {
    it('moves the last id, but not below an entry', () => {
      ks.run('XADD', 's', '5-5', 'f', 'v');
      const set: [string, string][] = [
        ['5-4', '-ERR The ID specified in XSETID is smaller than the target stream top item'],
        ['x', '-ERR Invalid stream ID specified as stream command argument'],
        ['9-9 ENTRIESADDED 0', '-ERR The entries_added specified in XSETID is smaller than the target stream length'],
        ['9-9 ENTRIESADDED -1', '-ERR entries_added must be positive'],
        ['9-9 ENTRIESADDED x', '-ERR value is not an integer or out of range'],
        ['9-9 MAXDELETEDID 10-0', '-ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id'],
        ['9-9 MAXDELETEDID x', '-ERR Invalid stream ID specified as stream command argument'],
        ['9-9 NOSUCH', '-ERR syntax error'],
        ['9-9 ENTRIESADDED 9223372036854775807 MAXDELETEDID 3-0', '+OK'],
      ]; // prettier-ignore
      for (const [words, reply] of set) {
        expect(ks.run('XSETID', 's', ...words.split(' ')), words).to.equal(`${reply}\r\n`);
      }
      expect(ks.run('XSETID', 'none', '1-1')).to.equal('-ERR no such key\r\n');
      expect(ks.run('XINFO', 'STREAM', 's')).to.contain(
        `${bulk('last-generated-id')}${bulk('9-9')}${bulk('max-deleted-entry-id')}${bulk('3-0')}${bulk('entries-added')}:9223372036854775807\r\n`,
      );
      ks.run('XADD', 's', '10-0', 'f', 'v');
      // It goes around there, as in C.
      expect(ks.run('XINFO', 'STREAM', 's')).to.contain(`${bulk('entries-added')}:-9223372036854775808\r\n`); // prettier-ignore
    });
  });

  describe('what is propagated', () => {
    /** The commands that a command line leaves for the AOF and the replicas. */
    const propagated = (run: () => void): string[] => {
      const { server } = ks;
      server.aof_state = AOF_ON;
      // Held back, as for a command that another one calls.
      server.in_nested_call = 1;
      run();
      server.in_nested_call = 0;
      server.aof_state = AOF_OFF;
      const ops = server.also_propagate.ops
        .slice(0, server.also_propagate.numops)
        .map((op) => op.argv.map(objPtrString).join(' '));
      server.also_propagate.ops.length = 0;
      server.also_propagate.numops = 0;
      return ops;
    };

    beforeEach(() => {
      for (let i = 1; i <= 3; i++) ks.run('XADD', 's', `${i}-0`, 'f', `v${i}`);
      ks.run('XGROUP', 'CREATE', 's', 'g', '0');
    });

    it('of a read by a group is a claim of each entry', () => {
      const xclaim = (id: string, count: number): string =>
        `XCLAIM s g alice 0 ${id} TIME 1600000001000 RETRYCOUNT ${count} FORCE JUSTID LASTID ${id}`;
      expect(
        propagated(() =>
          ks.run('XREADGROUP', 'GROUP', 'g', 'alice', 'COUNT', '2', 'STREAMS', 's', '>'),
        ),
      ).to.deep.equal([xclaim('1-0', 1), xclaim('2-0', 1)]);
    });

    it('of a read without acknowledgement is the consumer and the last id', () => {
      expect(
        propagated(() =>
          ks.run('XREADGROUP', 'GROUP', 'g', 'alice', 'NOACK', 'COUNT', '2', 'STREAMS', 's', '>'),
        ),
      ).to.deep.equal(['XGROUP CREATECONSUMER s g alice', 'XGROUP SETID s g 2-0 ENTRIESREAD 2']);
    });

    it('of claims is what came of them', () => {
      ks.run('XREADGROUP', 'GROUP', 'g', 'alice', 'STREAMS', 's', '>');
      ks.run('XDEL', 's', '2-0');
      expect(
        propagated(() => {
          ks.run('XCLAIM', 's', 'g', 'bob', '0', '1-0', 'LASTID', '7-0');
          ks.run('XCLAIM', 's', 'g', 'bob', '0', '9-0', 'LASTID', '8-0');
          ks.run('XAUTOCLAIM', 's', 'g', 'bob', '0', '2-0', 'COUNT', '1');
        }),
      ).to.deep.equal([
        'XCLAIM s g bob 0 1-0 TIME 1600000001000 RETRYCOUNT 2 FORCE JUSTID LASTID 7-0',
        'XGROUP SETID s g 8-0 ENTRIESREAD 3',
        'XCLAIM s g alice 0 2-0 TIME 1600000001000 RETRYCOUNT 1 FORCE JUSTID LASTID 8-0',
      ]);
    });

    it('of a consumer that a blocked client makes is the consumer', () => {
      expect(
        propagated(() => {
          const [key, group] = ['s', 'g'].map(createStringObject);
          streamPropagateConsumerCreation(ks.client, key, group, 'bob');
          decrRefCount(key);
        }),
      ).to.deep.equal(['XGROUP CREATECONSUMER s g bob']);
    });
  });

  it('gives all memory back', () => {
    const cycle = (): void => {
      ks.server.stream_node_max_entries = 5;
      for (let i = 1; i <= 60; i++) ks.run('XADD', 's', `${i}-0`, 'f', 'v'.repeat(i));
      ks.run('XGROUP', 'CREATE', 's', 'g', '0');
      ks.run('XGROUP', 'CREATE', 's', 'other', '0');
      ks.run('XREADGROUP', 'GROUP', 'g', 'alice', 'COUNT', '20', 'STREAMS', 's', '>');
      ks.run('XREADGROUP', 'GROUP', 'g', 'bob', 'COUNT', '20', 'STREAMS', 's', '>');
      ks.run('XGROUP', 'CREATECONSUMER', 's', 'g', 'c'.repeat(300));
      ks.run('XCLAIM', 's', 'g', 'carol', '0', '1-0', '2-0', '55-0', 'FORCE');
      ks.run('XACK', 's', 'g', '3-0', '30-0');
      ks.run('XDEL', 's', ...Array.from({ length: 20 }, (_, i) => `${i * 2}-0`));
      ks.run('XTRIM', 's', 'MAXLEN', '37');
      ks.run('XAUTOCLAIM', 's', 'g', 'dan', '0', '0');
      ks.run('XGROUP', 'DELCONSUMER', 's', 'g', 'bob');
      ks.run('COPY', 's', 't');
      decrRefCount(streamDup(ks.value('s')));
      ks.run('XGROUP', 'DESTROY', 's', 'g');
      ks.run('DEL', 's', 't');
    };
    cycle();
    const before = zmalloc_used_memory();
    cycle();
    expect(zmalloc_used_memory()).to.equal(before);
  });

  it('tells of its changes as keyspace events', () => {
    ks.run('CONFIG', 'SET', 'notify-keyspace-events', 'KEt');
    const c = ks.newClient();
    ks.runAs(c, 'PSUBSCRIBE', '__keyevent@0__:*');
    ks.run('XADD', 's', 'MAXLEN', '0', '1-0', 'f', 'v');
    ks.run('XADD', 's', '2-0', 'f', 'v');
    ks.run('XGROUP', 'CREATE', 's', 'g', '0');
    ks.run('XREADGROUP', 'GROUP', 'g', 'alice', 'STREAMS', 's', '>');
    ks.run('XGROUP', 'SETID', 's', 'g', '0');
    ks.run('XGROUP', 'DELCONSUMER', 's', 'g', 'alice');
    ks.run('XSETID', 's', '9-0');
    ks.run('XDEL', 's', '2-0');
    ks.run('XADD', 's', '10-0', 'f', 'v');
    ks.run('XTRIM', 's', 'MAXLEN', '0');
    ks.run('XGROUP', 'DESTROY', 's', 'g');
    expect([...ks.taken(c).matchAll(/__keyevent@0__:(x[a-z-]+)/g)].map(([, e]) => e)).to.deep.equal([
      'xadd', 'xtrim', 'xadd', 'xgroup-create', 'xgroup-createconsumer', 'xgroup-setid', 'xgroup-delconsumer', 'xsetid', 'xdel', 'xadd', 'xtrim', 'xgroup-destroy',
    ]); // prettier-ignore
  });
});
