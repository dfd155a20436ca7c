import { expect } from 'chai';
import { handleBlockedClientsTimeout } from '../../networking/timeout.ts';
import {
  createQuicklistObject,
  createRawStringObject,
  createStringObject,
  createStringObjectFromLongLong,
  decrRefCount,
  objPtrString,
} from '../../object/object.ts';
import { zmalloc_used_memory, ledger } from '../../object/zmalloc.ts';
import { dbAdd } from '../../server/db.ts';
import {
  CLIENT_BLOCKED,
  LIST_HEAD,
  LIST_TAIL,
  OBJ_ENCODING_QUICKLIST,
  OBJ_ENCODING_RAW,
  type client,
  type robj,
} from '../../server/server.h.ts';
import type { quicklist } from '../../quicklist/quicklist.ts';
import {
  addListRangeReply,
  getStringObjectFromListPosition,
  listTypeDelRange,
  listTypeDelete,
  listTypeDup,
  listTypeEntry,
  listTypeEqual,
  listTypeGet,
  listTypeInitIterator,
  listTypeInsert,
  listTypeLength,
  listTypeNext,
  listTypePop,
  listTypePush,
  listTypeReleaseIterator,
  listTypeReplace,
  listTypeSetIteratorDirection,
} from '../../quicklist/t_list.ts';
import { Keyspace } from '../server/keyspace.ts';

/** The reply of an array of bulk strings. */
function array(...items: string[]): string {
  return `*${items.length}\r\n${items.map((item) => `$${item.length}\r\n${item}\r\n`).join('')}`;
}

function bulk(item: string): string {
  return `$${item.length}\r\n${item}\r\n`;
}

const wrongType = '-WRONGTYPE Operation against a key holding the wrong kind of value\r\n';
const notInteger = '-ERR value is not an integer or out of range\r\n';
const syntaxError = '-ERR syntax error\r\n';
const nil = '$-1\r\n';
const nilArray = '*-1\r\n';

describe('t_list.ts', () => {
  let ks: Keyspace;

  beforeEach(() => {
    ks = new Keyspace();
    ledger.arena.poison = true;
  });

  /** The elements of a key. */
  function list(key: string): string {
    return ks.run('LRANGE', key, 0, -1);
  }

  /** A key with these elements. */
  function fill(key: string, ...values: (string | number)[]): void {
    ks.run('DEL', key);
    ks.run('RPUSH', key, ...values);
  }

  describe('the list API', () => {
    let o: robj;

    beforeEach(() => {
      o = createQuicklistObject();
      for (const value of ['b', 'c']) listTypePush(o, createStringObject(value), LIST_TAIL);
      listTypePush(o, createStringObjectFromLongLong(9223372036854775807n), LIST_HEAD);
    });

    function elements(subject: robj, index: number = 0, direction: number = LIST_TAIL): string[] {
      const found: string[] = [];
      const li = listTypeInitIterator(subject, index, direction);
      const entry = new listTypeEntry();
      while (listTypeNext(li, entry)) found.push(objPtrString(listTypeGet(entry)));
      listTypeReleaseIterator(li);
      return found;
    }

    it('walks from any index to either end', () => {
      expect(elements(o)).to.deep.equal(['9223372036854775807', 'b', 'c']);
      expect(elements(o, -2)).to.deep.equal(['b', 'c']);
      expect(elements(o, -1, LIST_HEAD)).to.deep.equal(['c', 'b', '9223372036854775807']);
      expect(elements(o, 3)).to.deep.equal([]);
      const li = listTypeInitIterator(o, 1, LIST_TAIL);
      const entry = new listTypeEntry();
      listTypeNext(li, entry);
      listTypeSetIteratorDirection(li, LIST_HEAD);
      listTypeNext(li, entry);
      expect(objPtrString(listTypeGet(entry))).to.equal('9223372036854775807');
      listTypeReleaseIterator(li);
    });

    it('inserts, replaces, compares and deletes at an entry, whatever form a value has', () => {
      const sdsObject = createRawStringObject(Buffer.from('bytes'));
      const change = (index: number, what: (entry: listTypeEntry) => void): string[] => {
        const li = listTypeInitIterator(o, index, LIST_TAIL);
        const entry = new listTypeEntry();
        listTypeNext(li, entry);
        what(entry);
        listTypeReleaseIterator(li);
        return elements(o);
      };
      change(1, (entry) => listTypeInsert(entry, sdsObject, LIST_HEAD));
      change(0, (entry) => listTypeReplace(entry, createStringObjectFromLongLong(-7)));
      change(-1, (entry) => listTypeInsert(entry, createStringObjectFromLongLong(5), LIST_TAIL));
      expect(elements(o)).to.deep.equal(['-7', 'bytes', 'b', 'c', '5']);
      change(1, (entry) => {
        expect(listTypeEqual(entry, sdsObject)).to.equal(true);
        expect(listTypeEqual(entry, createStringObject('byte'))).to.equal(false);
      });
      change(4, (entry) => expect(listTypeEqual(entry, createStringObject('5'))).to.equal(true));
      expect(change(2, (entry) => listTypeDelete(entry.li!, entry))).to.deep.equal([
        '-7',
        'bytes',
        'c',
        '5',
      ]);
      expect(listTypeDelRange(o, 1, 2)).to.equal(1);
      expect(elements(o)).to.deep.equal(['-7', '5']);
    });

    it('pops objects of the right encoding', () => {
      expect(listTypePop(o, LIST_HEAD)!.ptr).to.equal(9223372036854775807n);
      expect(listTypePop(o, LIST_TAIL)!.ptr).to.equal('c');
      listTypePush(o, createStringObject('x'.repeat(100)), LIST_TAIL);
      expect(listTypePop(o, LIST_TAIL)!.encoding).to.equal(OBJ_ENCODING_RAW);
      listTypePop(o, LIST_TAIL);
      expect(listTypePop(o, LIST_TAIL)).to.equal(null);
      expect(listTypeLength(o)).to.equal(0);
    });

    it('copies a list with its encoding', () => {
      const copy = listTypeDup(o);
      expect(copy.encoding).to.equal(OBJ_ENCODING_QUICKLIST);
      decrRefCount(o);
      expect(elements(copy)).to.deep.equal(['9223372036854775807', 'b', 'c']);
      decrRefCount(copy);
    });

    it('panics at any other encoding', () => {
      const li = listTypeInitIterator(o, 0, LIST_TAIL);
      const entry = new listTypeEntry();
      listTypeNext(li, entry);
      const value = createStringObject('x');
      o.encoding = OBJ_ENCODING_RAW;
      const panics: (() => unknown)[] = [
        () => listTypePush(o, value, LIST_HEAD),
        () => listTypePop(o, LIST_HEAD),
        () => listTypeLength(o),
        () => listTypeInitIterator(o, 0, LIST_TAIL),
        () => listTypeDup(o),
        () => listTypeDelRange(o, 0, 1),
      ];
      li.encoding = OBJ_ENCODING_RAW;
      panics.push(
        () => listTypeNext(li, entry),
        () => listTypeGet(entry),
        () => listTypeInsert(entry, value, LIST_HEAD),
        () => listTypeReplace(entry, value),
        () => listTypeEqual(entry, value),
        () => listTypeDelete(li, entry),
      );
      for (const panic of panics) expect(panic).to.throw();
      o.encoding = OBJ_ENCODING_QUICKLIST;
    });

    it('names the ends', () => {
      expect(objPtrString(getStringObjectFromListPosition(LIST_HEAD))).to.equal('left');
      expect(objPtrString(getStringObjectFromListPosition(LIST_TAIL))).to.equal('right');
    });
  });

  describe('pushing and popping', () => {
    it('works at both ends and replies lengths', () => {
      expect(ks.run('RPUSH', 'l', 'a', 'b')).to.equal(':2\r\n');
      expect(ks.run('LPUSH', 'l', 1, -2)).to.equal(':4\r\n');
      expect(list('l')).to.equal(array('-2', '1', 'a', 'b'));
      expect(ks.run('LLEN', 'l')).to.equal(':4\r\n');
      expect(ks.run('LPOP', 'l')).to.equal(bulk('-2'));
      expect(ks.run('RPOP', 'l')).to.equal(bulk('b'));
      expect(ks.run('OBJECT', 'ENCODING', 'l')).to.equal(bulk('quicklist'));
      expect(ks.run('TYPE', 'l')).to.equal('+list\r\n');
    });

    it('takes bytes of any kind, as any object', () => {
      const bytes = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i));
      expect(
        ks.run('RPUSH', 'l', bytes, '', new Uint8Array([0, 255, 13]), 'x'.repeat(70000)),
      ).to.equal(':4\r\n');
      expect(list('l')).to.equal(array(bytes, '', '\x00\xff\r', 'x'.repeat(70000)));
    });

    it('with X does nothing without a list', () => {
      expect(ks.run('LPUSHX', 'l', 'a')).to.equal(':0\r\n');
      expect(ks.run('RPUSHX', 'l', 'a')).to.equal(':0\r\n');
      fill('l', 'b');
      expect(ks.run('LPUSHX', 'l', 'a')).to.equal(':2\r\n');
      expect(ks.run('RPUSHX', 'l', 'c', 'd')).to.equal(':4\r\n');
      expect(list('l')).to.equal(array('a', 'b', 'c', 'd'));
    });

    it('pops several with a count', () => {
      fill('l', 'a', 'b', 'c', 1, 2);
      expect(ks.run('LPOP', 'l', 2)).to.equal(array('a', 'b'));
      expect(ks.run('RPOP', 'l', 2)).to.equal(array('2', '1'));
      expect(ks.run('LPOP', 'l', 0)).to.equal('*0\r\n');
      expect(ks.run('RPOP', 'l', 10)).to.equal(array('c'));
      expect(ks.run('EXISTS', 'l')).to.equal(':0\r\n');
    });

    it('tells nothing from nothing of an array, and errors from both', () => {
      expect(ks.run('LPOP', 'no')).to.equal(nil);
      expect(ks.run('LPOP', 'no', 1)).to.equal(nilArray);
      expect(ks.run('LPOP', 'no', 0)).to.equal(nilArray);
      expect(ks.run('LPOP', 'no', -1)).to.equal('-ERR value is out of range, must be positive\r\n');
      expect(ks.run('LPOP', 'no', 'x')).to.equal(
        '-ERR value is out of range, must be positive\r\n',
      );
      expect(ks.run('LPOP', 'l', 1, 2)).to.equal(
        "-ERR wrong number of arguments for 'lpop' command\r\n",
      );
      ks.run('SET', 's', 'x');
      for (const command of ['LPUSH', 'RPUSH', 'LPUSHX', 'RPUSHX'])
        expect(ks.run(command, 's', 'a')).to.equal(wrongType);
      for (const command of ['LPOP', 'RPOP', 'LLEN'])
        expect(ks.run(command, 's')).to.equal(wrongType);
    });

    it('makes a key come and go with its elements, and leaves nothing in the account', () => {
      ks.run('SET', 'other', 1);
      // The first of each command makes its statistics.
      for (const [round, compress] of [0, 0, 1].entries()) {
        const size = compress ? 5 : -2;
        ks.run('CONFIG', 'SET', 'list-max-listpack-size', size, 'list-compress-depth', compress);
        const before = zmalloc_used_memory();
        for (let i = 0; i < 1000; i++) ks.run('RPUSH', 'l', `element ${i % 7}`, i);
        ks.run('LREM', 'l', 0, 'element 3');
        ks.run('LTRIM', 'l', 10, -10);
        ks.run('LINSERT', 'l', 'BEFORE', 'element 4', 'x'.repeat(200));
        ks.run('LSET', 'l', 500, 'y'.repeat(300));
        ks.run('COPY', 'l', 'm');
        ks.run('LMOVE', 'l', 'm', 'LEFT', 'RIGHT');
        ks.run('LRANGE', 'l', 0, -1);
        expect(zmalloc_used_memory()).to.be.above(before);
        ks.run('DEL', 'l');
        ks.run('DEL', 'm');
        fill('l', 'a', 'b', 'c');
        ks.run('LPOP', 'l', 2);
        ks.run('RPOP', 'l');
        if (round > 0) expect(zmalloc_used_memory()).to.equal(before);
      }
    });

    it('builds lists as the settings say at the time', () => {
      ks.run('CONFIG', 'SET', 'list-max-listpack-size', 3, 'list-compress-depth', 1);
      fill('l', ...Array.from({ length: 12 }, (_, i) => `hello hello hello hello ${i}`));
      ks.run('CONFIG', 'SET', 'list-max-listpack-size', -1, 'list-compress-depth', 0);
      ks.run('LMOVE', 'l', 'm', 'LEFT', 'LEFT');
      const [l, m] = [ks.value('l').ptr as quicklist, ks.value('m').ptr as quicklist];
      expect([l.fill, l.compress, l.len]).to.deep.equal([3, 1, 4]);
      expect([m.fill, m.compress, m.len]).to.deep.equal([-1, 0, 1]);
      expect(l.head!.next!.encoding).to.equal(2);
    });
  });

  describe('reading', () => {
    it('LRANGE replies any piece', () => {
      fill('l', 'a', 'b', 'c', 17);
      for (const [start, stop, ...found] of [
        [0, -1, 'a', 'b', 'c', '17'],
        [1, 2, 'b', 'c'],
        [-2, 100, 'c', '17'],
        [-100, 0, 'a'],
        [3, 3, '17'],
        [2, 1],
        [4, 10],
        [-3, -4],
        [0, -100],
        ['-9223372036854775808', '9223372036854775807', 'a', 'b', 'c', '17'],
      ] as const) {
        expect(ks.run('LRANGE', 'l', start, stop)).to.equal(array(...(found as string[])));
      }
      expect(ks.run('LRANGE', 'no', 0, -1)).to.equal('*0\r\n');
      expect(ks.run('LRANGE', 'l', 'x', 1)).to.equal(notInteger);
      expect(ks.run('LRANGE', 'l', 1, 'x')).to.equal(notInteger);
      ks.run('SET', 's', 'x');
      expect(ks.run('LRANGE', 's', 0, 1)).to.equal(wrongType);
    });

    it('LRANGE replies long lists of all sizes of elements', () => {
      const values = Array.from({ length: 3000 }, (_, i) =>
        i % 5 === 0 ? String(i) : 'v'.repeat(i % 300),
      );
      ks.run('CONFIG', 'SET', 'list-compress-depth', 1);
      fill('l', ...values);
      expect(list('l')).to.equal(array(...values));
      expect(ks.run('LPOP', 'l', 3000)).to.equal(array(...values));
      fill('l', ...values);
      expect(ks.run('RPOP', 'l', 3000)).to.equal(array(...values.reverse()));
    });

    it('LINDEX replies one element', () => {
      fill('l', 'a', 'b', 12);
      expect(ks.run('LINDEX', 'l', 0)).to.equal(bulk('a'));
      expect(ks.run('LINDEX', 'l', -1)).to.equal(bulk('12'));
      expect(ks.run('LINDEX', 'l', 3)).to.equal(nil);
      expect(ks.run('LINDEX', 'l', -4)).to.equal(nil);
      expect(ks.run('LINDEX', 'l', 'x')).to.equal(notInteger);
      expect(ks.run('LINDEX', 'no', 'x')).to.equal(nil);
    });

    it('LPOS finds by rank, from either end, within a limit', () => {
      fill('l', 'a', 'b', 'c', 1, 'b', 'b', 'c', 1);
      expect(ks.run('LPOS', 'l', 'b')).to.equal(':1\r\n');
      expect(ks.run('LPOS', 'l', '1')).to.equal(':3\r\n');
      expect(ks.run('LPOS', 'l', 'z')).to.equal(nil);
      expect(ks.run('LPOS', 'l', 'b', 'RANK', 2)).to.equal(':4\r\n');
      expect(ks.run('LPOS', 'l', 'b', 'RANK', -1)).to.equal(':5\r\n');
      expect(ks.run('LPOS', 'l', 'b', 'RANK', 4)).to.equal(nil);
      expect(ks.run('LPOS', 'l', 'b', 'COUNT', 0)).to.equal('*3\r\n:1\r\n:4\r\n:5\r\n');
      expect(ks.run('LPOS', 'l', 'b', 'count', 2, 'rank', -1)).to.equal('*2\r\n:5\r\n:4\r\n');
      expect(ks.run('LPOS', 'l', 'b', 'COUNT', 0, 'MAXLEN', 5)).to.equal('*2\r\n:1\r\n:4\r\n');
      expect(ks.run('LPOS', 'l', 'b', 'COUNT', 0, 'MAXLEN', 3, 'RANK', -1)).to.equal(
        '*1\r\n:5\r\n',
      );
      expect(ks.run('LPOS', 'l', 'z', 'COUNT', 1)).to.equal('*0\r\n');
      expect(ks.run('LPOS', 'no', 'z')).to.equal(nil);
      expect(ks.run('LPOS', 'no', 'z', 'COUNT', 1)).to.equal('*0\r\n');
    });

    it('LPOS says what is wrong with its options', () => {
      fill('l', 'a', 'b');
      expect(ks.run('LPOS', 'l', 'a', 'RANK', 0)).to.match(
        /^-ERR RANK can't be zero: use 1 to start from/,
      );
      expect(ks.run('LPOS', 'l', 'a', 'RANK', 'x')).to.equal(notInteger);
      expect(ks.run('LPOS', 'l', 'a', 'COUNT', -1)).to.equal("-ERR COUNT can't be negative\r\n");
      expect(ks.run('LPOS', 'l', 'a', 'MAXLEN', -1)).to.equal("-ERR MAXLEN can't be negative\r\n");
      expect(ks.run('LPOS', 'l', 'a', 'RANK')).to.equal(syntaxError);
      expect(ks.run('LPOS', 'l', 'a', 'NOSUCH', 1)).to.equal(syntaxError);
      ks.run('SET', 's', 'x');
      expect(ks.run('LPOS', 's', 'a')).to.equal(wrongType);
    });

    it('LPOS takes the least long for a rank that nothing has', () => {
      fill('l', 'a', 'b');
      expect(ks.run('LPOS', 'l', 'a', 'RANK', '-9223372036854775808')).to.equal(nil);
    });
  });

  describe('changing', () => {
    it('LINSERT puts an element before or after the first that is equal', () => {
      fill('l', 'a', 'b', 1, 'b');
      expect(ks.run('LINSERT', 'l', 'BEFORE', 'b', 'x')).to.equal(':5\r\n');
      expect(ks.run('LINSERT', 'l', 'after', '1', 2)).to.equal(':6\r\n');
      expect(list('l')).to.equal(array('a', 'x', 'b', '1', '2', 'b'));
      expect(ks.run('LINSERT', 'l', 'AFTER', 'no', 'x')).to.equal(':-1\r\n');
      expect(ks.run('LINSERT', 'no', 'AFTER', 'no', 'x')).to.equal(':0\r\n');
      expect(ks.run('LINSERT', 'l', 'BESIDE', 'b', 'x')).to.equal(syntaxError);
      ks.run('SET', 's', 'x');
      expect(ks.run('LINSERT', 's', 'AFTER', 'b', 'x')).to.equal(wrongType);
    });

    it('LSET replaces an element', () => {
      fill('l', 'a', 'b', 'c');
      expect(ks.run('LSET', 'l', 1, 'x'.repeat(100))).to.equal('+OK\r\n');
      expect(ks.run('LSET', 'l', -1, 5)).to.equal('+OK\r\n');
      expect(list('l')).to.equal(array('a', 'x'.repeat(100), '5'));
      expect(ks.run('LSET', 'l', 3, 'x')).to.equal('-ERR index out of range\r\n');
      expect(ks.run('LSET', 'l', 'x', 'x')).to.equal(notInteger);
      expect(ks.run('LSET', 'no', 0, 'x')).to.equal('-ERR no such key\r\n');
    });

    it('LREM deletes elements that are equal, from either end', () => {
      for (const [count, removed, ...left] of [
        [0, 3, 'b', '1'],
        [1, 1, 'b', 'a', '1', 'a'],
        [-2, 2, 'a', 'b', '1'],
        [10, 3, 'b', '1'],
        ['-9223372036854775808', 3, 'b', '1'],
      ] as const) {
        fill('l', 'a', 'b', 'a', 1, 'a');
        expect(ks.run('LREM', 'l', count, 'a')).to.equal(`:${removed}\r\n`);
        expect(list('l')).to.equal(array(...(left as string[])));
      }
      expect(ks.run('LREM', 'l', 0, 'z')).to.equal(':0\r\n');
      ks.run('LREM', 'l', 0, '1');
      expect(ks.run('LREM', 'l', 0, 'b')).to.equal(':1\r\n');
      expect(ks.run('EXISTS', 'l')).to.equal(':0\r\n');
      expect(ks.run('LREM', 'l', 0, 'b')).to.equal(':0\r\n');
      expect(ks.run('LREM', 'l', 'x', 'b')).to.equal(notInteger);
    });

    it('LTRIM keeps any piece', () => {
      for (const [start, stop, ...left] of [
        [0, -1, 'a', 'b', 'c', 'd'],
        [1, 2, 'b', 'c'],
        [-2, -1, 'c', 'd'],
        [-100, 1, 'a', 'b'],
        [2, 100, 'c', 'd'],
        [2, 1],
        [4, 5],
      ] as const) {
        fill('l', 'a', 'b', 'c', 'd');
        expect(ks.run('LTRIM', 'l', start, stop)).to.equal('+OK\r\n');
        expect(list('l')).to.equal(array(...(left as string[])));
        expect(ks.run('EXISTS', 'l')).to.equal(left.length > 0 ? ':1\r\n' : ':0\r\n');
      }
      expect(ks.run('LTRIM', 'no', 0, 1)).to.equal('+OK\r\n');
      expect(ks.run('LTRIM', 'l', 'x', 1)).to.equal(notInteger);
      expect(ks.run('LTRIM', 'l', 1, 'x')).to.equal(notInteger);
    });

    it('LMOVE and RPOPLPUSH move an element, also within a list', () => {
      fill('l', 'a', 'b', 3);
      expect(ks.run('LMOVE', 'l', 'm', 'LEFT', 'RIGHT')).to.equal(bulk('a'));
      expect(ks.run('LMOVE', 'l', 'm', 'right', 'left')).to.equal(bulk('3'));
      expect(ks.run('RPOPLPUSH', 'l', 'm')).to.equal(bulk('b'));
      expect(ks.run('EXISTS', 'l')).to.equal(':0\r\n');
      expect(list('m')).to.equal(array('b', '3', 'a'));
      expect(ks.run('RPOPLPUSH', 'm', 'm')).to.equal(bulk('a'));
      expect(ks.run('LMOVE', 'm', 'm', 'LEFT', 'RIGHT')).to.equal(bulk('a'));
      expect(list('m')).to.equal(array('b', '3', 'a'));
      expect(ks.run('LMOVE', 'l', 'm', 'LEFT', 'RIGHT')).to.equal(nil);
      expect(ks.run('LMOVE', 'l', 'm', 'UP', 'RIGHT')).to.equal(syntaxError);
      expect(ks.run('LMOVE', 'l', 'm', 'LEFT', 'DOWN')).to.equal(syntaxError);
      ks.run('SET', 's', 'x');
      expect(ks.run('LMOVE', 's', 'm', 'LEFT', 'RIGHT')).to.equal(wrongType);
      expect(ks.run('LMOVE', 'm', 's', 'LEFT', 'RIGHT')).to.equal(wrongType);
      expect(list('m')).to.equal(array('b', '3', 'a'));
    });

    it('LMPOP takes from the first list that has something, and is propagated as a pop', () => {
      fill('l', 'a', 'b', 'c');
      expect(ks.run('LMPOP', 2, 'no', 'l', 'RIGHT', 'COUNT', 2)).to.equal(
        `*2\r\n${bulk('l')}${array('c', 'b')}`,
      );
      expect(ks.rewritten).to.deep.equal(['RPOP', 'l', '2']);
      expect(ks.run('LMPOP', 1, 'l', 'LEFT', 'COUNT', 10)).to.equal(
        `*2\r\n${bulk('l')}${array('a')}`,
      );
      expect(ks.rewritten).to.deep.equal(['LPOP', 'l', '1']);
      expect(ks.run('LMPOP', 1, 'l', 'LEFT')).to.equal(nilArray);
      ks.run('SET', 's', 'x');
      expect(ks.run('LMPOP', 2, 's', 'l', 'LEFT')).to.equal(wrongType);
      for (const [args, error] of [
        [[0, 'l', 'LEFT'], '-ERR numkeys should be greater than 0\r\n'],
        [['x', 'l', 'LEFT'], '-ERR numkeys should be greater than 0\r\n'],
        [[2, 'l', 'LEFT'], syntaxError],
        [['9223372036854775807', 'l', 'LEFT'], syntaxError],
        [[1, 'l', 'UP'], syntaxError],
        [[1, 'l', 'LEFT', 'COUNT', 0], '-ERR count should be greater than 0\r\n'],
        [[1, 'l', 'LEFT', 'COUNT'], syntaxError],
        [[1, 'l', 'LEFT', 'COUNT', 1, 'COUNT', 1], syntaxError],
        [[1, 'l', 'LEFT', 'NOSUCH'], syntaxError],
      ] as const) {
        expect(ks.run('LMPOP', ...args), args.join(' ')).to.equal(error);
      }
      expect(ks.run('COMMAND', 'GETKEYS', 'LMPOP', 2, 'a', 'b', 'LEFT')).to.equal(array('a', 'b'));
      expect(ks.run('COMMAND', 'GETKEYS', 'BLMPOP', 0, 2, 'a', 'b', 'LEFT')).to.equal(
        array('a', 'b'),
      );
    });

    it('does nothing to the empty lists that old RDB files have', () => {
      dbAdd(ks.server.db[0], createStringObject('l'), createQuicklistObject());
      expect(ks.run('LMOVE', 'l', 'm', 'LEFT', 'LEFT')).to.equal(nil);
      expect(ks.run('LMPOP', 1, 'l', 'LEFT')).to.equal(nilArray);
      expect(ks.run('LREM', 'l', 0, 'x')).to.equal(':0\r\n');
      expect(ks.run('EXISTS', 'l')).to.equal(':0\r\n');
    });

    it('panics at any other encoding', () => {
      fill('l', 'a');
      for (const args of [
        ['LINDEX', 'l', 0],
        ['LSET', 'l', 0, 'x'],
        ['LTRIM', 'l', 0, 0],
      ] as const) {
        ks.value('l').encoding = OBJ_ENCODING_RAW;
        expect(() => ks.run(...args)).to.throw();
        ks.value('l').encoding = OBJ_ENCODING_QUICKLIST;
      }
      const o = ks.value('l');
      let asked = 0;
      // It changes between the two looks.
      Object.defineProperty(o, 'encoding', {
        get: () => (asked++ === 0 ? OBJ_ENCODING_QUICKLIST : OBJ_ENCODING_RAW),
      });
      expect(() => addListRangeReply(ks.client, o, 0, -1, false)).to.throw();
    });
  });

  describe('events', () => {
    it('tell what happened, in the order in which it did', () => {
      ks.run('CONFIG', 'SET', 'notify-keyspace-events', 'Elg');
      const subscriber = ks.newClient();
      ks.runAs(subscriber, 'PSUBSCRIBE', '*');
      const events = (...args: (string | number)[]): string[] => {
        ks.run(...args);
        return [...ks.taken(subscriber).matchAll(/__keyevent@0__:(\w+)\r\n\$\d+\r\n(\w+)/g)].map(
          ([, event, key]) => `${event} ${key}`,
        );
      };
      expect(events('RPUSH', 'l', 'a', 'b', 'c', 'd', 'e', 'f')).to.deep.equal(['rpush l']);
      expect(events('LPUSH', 'l', 'x')).to.deep.equal(['lpush l']);
      expect(events('LINSERT', 'l', 'AFTER', 'a', 'z')).to.deep.equal(['linsert l']);
      expect(events('LSET', 'l', 0, 'a')).to.deep.equal(['lset l']);
      expect(events('LREM', 'l', 1, 'a')).to.deep.equal(['lrem l']);
      expect(events('LREM', 'l', 1, 'nothing')).to.deep.equal([]);
      expect(events('LTRIM', 'l', 0, 5)).to.deep.equal(['ltrim l']);
      expect(events('LPOP', 'l')).to.deep.equal(['lpop l']);
      expect(events('RPOP', 'l', 2)).to.deep.equal(['rpop l']);
      expect(events('LMOVE', 'l', 'm', 'LEFT', 'RIGHT')).to.deep.equal(['rpush m', 'lpop l']);
      expect(events('RPOPLPUSH', 'l', 'm')).to.deep.equal(['lpush m', 'rpop l']);
      expect(events('LMPOP', 1, 'l', 'LEFT', 'COUNT', 9)).to.deep.equal(['lpop l', 'del l']);
      expect(events('BRPOPLPUSH', 'm', 'l', 0)).to.deep.equal(['lpush l', 'rpop m']);
      expect(events('BLMOVE', 'm', 'l', 'LEFT', 'RIGHT', 0)).to.deep.equal([
        'rpush l',
        'lpop m',
        'del m',
      ]);
      expect(events('BLPOP', 'l', 0)).to.deep.equal(['lpop l']);
      expect(events('LTRIM', 'l', 1, 0)).to.deep.equal(['ltrim l', 'del l']);
    });

    it('count every element as a change', () => {
      const dirty = (...args: (string | number)[]): number => {
        const before = ks.server.dirty;
        ks.run(...args);
        return ks.server.dirty - before;
      };
      expect(dirty('RPUSH', 'l', 1, 2, 3, 4, 5, 6, 7, 8)).to.equal(8);
      expect(dirty('LPOP', 'l', 2)).to.equal(2);
      expect(dirty('LTRIM', 'l', 1, -2)).to.equal(2);
      expect(dirty('LREM', 'l', 0, 5)).to.equal(1);
      expect(dirty('LMOVE', 'l', 'l', 'LEFT', 'RIGHT')).to.equal(1);
      expect(dirty('LPOS', 'l', 4)).to.equal(0);
    });
  });

  describe('waiting', () => {
    let waiter: client;

    beforeEach(() => {
      waiter = ks.newClient();
    });

    /** What a client that waits has got by now. */
    function got(c: client): string {
      return ks.taken(c);
    }

    function isBlocked(c: client): boolean {
      return (c.flags & CLIENT_BLOCKED) !== 0;
    }

    it('is not needed when there is something, and is propagated as what was done', () => {
      fill('l', 'a', 'b', 'c', 'd', 'e', 'f');
      expect(ks.run('BLPOP', 'no', 'l', 0)).to.equal(array('l', 'a'));
      expect(ks.rewritten).to.deep.equal(['LPOP', 'l']);
      expect(ks.run('BRPOP', 'l', '0.5')).to.equal(array('l', 'f'));
      expect(ks.rewritten).to.deep.equal(['RPOP', 'l']);
      expect(ks.run('BLMPOP', 1, 2, 'no', 'l', 'LEFT', 'COUNT', 2)).to.equal(
        `*2\r\n${bulk('l')}${array('b', 'c')}`,
      );
      expect(ks.rewritten).to.deep.equal(['LPOP', 'l', '2']);
      expect(ks.run('BLMOVE', 'l', 'm', 'LEFT', 'RIGHT', 0)).to.equal(bulk('d'));
      expect(ks.rewritten).to.deep.equal(['LMOVE', 'l', 'm', 'LEFT', 'RIGHT']);
      expect(ks.run('BRPOPLPUSH', 'l', 'm', 0)).to.equal(bulk('e'));
      expect(ks.rewritten).to.deep.equal(['RPOPLPUSH', 'l', 'm']);
    });

    it('ends with the push of another client', () => {
      expect(ks.runAs(waiter, 'BLPOP', 'a', 'l', 0)).to.equal('');
      expect(isBlocked(waiter)).to.equal(true);
      expect(ks.run('RPUSH', 'l', 'x', 'y')).to.equal(':2\r\n');
      expect(isBlocked(waiter)).to.equal(false);
      expect(got(waiter)).to.equal(array('l', 'x'));
      expect(list('l')).to.equal(array('y'));

      ks.run('DEL', 'l');
      expect(ks.runAs(waiter, 'BRPOP', 'l', 0)).to.equal('');
      ks.run('RPUSH', 'l', 1, 2);
      expect(got(waiter)).to.equal(array('l', '2'));
      expect(ks.run('EXISTS', 'l')).to.equal(':1\r\n');
    });

    it('serves who came first, and deletes a list that is empty again', () => {
      const others = [waiter, ks.newClient(), ks.newClient()];
      others.forEach((c) => ks.runAs(c, 'BLPOP', 'l', 0));
      ks.run('RPUSH', 'l', 'x', 'y');
      expect(others.map(got)).to.deep.equal([array('l', 'x'), array('l', 'y'), '']);
      expect(ks.run('EXISTS', 'l')).to.equal(':0\r\n');
      ks.run('LPUSH', 'l', 'z');
      expect(got(others[2])).to.equal(array('l', 'z'));
    });

    it('hands several elements to BLMPOP', () => {
      ks.runAs(waiter, 'BLMPOP', 0, 2, 'a', 'l', 'RIGHT', 'COUNT', 3);
      ks.run('RPUSH', 'l', 1, 2, 3, 4);
      expect(got(waiter)).to.equal(`*2\r\n${bulk('l')}${array('4', '3', '2')}`);
      expect(list('l')).to.equal(array('1'));
      ks.runAs(waiter, 'BLMPOP', 0, 1, 'm', 'LEFT', 'COUNT', 3);
      ks.run('RPUSH', 'm', 1);
      expect(got(waiter)).to.equal(`*2\r\n${bulk('m')}${array('1')}`);
      expect(ks.run('EXISTS', 'm')).to.equal(':0\r\n');
    });

    it('moves for BLMOVE and BRPOPLPUSH, which may wake up others', () => {
      const next = ks.newClient();
      ks.runAs(waiter, 'BLMOVE', 'l', 'm', 'LEFT', 'RIGHT', 0);
      ks.runAs(next, 'BRPOPLPUSH', 'm', 'n', 0);
      ks.run('RPUSH', 'l', 'x');
      expect(got(waiter)).to.equal(bulk('x'));
      expect(got(next)).to.equal(bulk('x'));
      expect(ks.run('EXISTS', 'l', 'm', 'n')).to.equal(':1\r\n');
      expect(list('n')).to.equal(array('x'));
    });

    it('ends with an error if the target is no list, and the element stays', () => {
      ks.run('SET', 's', 'x');
      ks.runAs(waiter, 'BLMOVE', 'l', 's', 'LEFT', 'RIGHT', 0);
      ks.run('RPUSH', 'l', 'x');
      expect(got(waiter)).to.equal(wrongType);
      expect(list('l')).to.equal(array('x'));
    });

    it('ends when its time has passed', () => {
      for (const [args, reply] of [
        [['BLPOP', 'l', '0.1'], nilArray],
        [['BLMPOP', '0.1', 1, 'l', 'LEFT'], nilArray],
        // Not the null of an element that they reply else.
        [['BLMOVE', 'l', 'm', 'LEFT', 'RIGHT', '0.1'], nilArray],
        [['BRPOPLPUSH', 'l', 'm', '0.1'], nilArray],
      ] as const) {
        ks.runAs(waiter, ...args);
        ks.wait(99);
        handleBlockedClientsTimeout();
        expect(got(waiter)).to.equal('');
        ks.wait(2);
        handleBlockedClientsTimeout();
        expect(got(waiter), args[0]).to.equal(reply);
      }
    });

    it('does not happen in a transaction', () => {
      ks.run('MULTI');
      ks.run('BLPOP', 'l', 0);
      ks.run('BLMPOP', 0, 1, 'l', 'LEFT');
      ks.run('BLMOVE', 'l', 'm', 'LEFT', 'RIGHT', 0);
      ks.run('BRPOPLPUSH', 'l', 'm', 0);
      expect(ks.run('EXEC')).to.equal(`*4\r\n${nilArray}${nilArray}${nil}${nil}`);
    });

    it('is refused with a wrong argument', () => {
      ks.run('SET', 's', 'x');
      for (const [args, error] of [
        [['BLPOP', 's', 0], wrongType],
        [['BLPOP', 'l', 'x'], '-ERR timeout is not a float or out of range\r\n'],
        [['BRPOP', 'l', -1], '-ERR timeout is negative\r\n'],
        [['BLMOVE', 's', 'l', 'LEFT', 'LEFT', 0], wrongType],
        [['BLMOVE', 'l', 'm', 'UP', 'LEFT', 0], syntaxError],
        [['BLMOVE', 'l', 'm', 'LEFT', 'UP', 0], syntaxError],
        [['BLMOVE', 'l', 'm', 'LEFT', 'LEFT', -1], '-ERR timeout is negative\r\n'],
        [['BRPOPLPUSH', 'l', 'm', 'x'], '-ERR timeout is not a float or out of range\r\n'],
        [['BLMPOP', 0, 0, 'l', 'LEFT'], '-ERR numkeys should be greater than 0\r\n'],
      ] as const) {
        expect(ks.runAs(waiter, ...args), args.join(' ')).to.equal(error);
        expect(isBlocked(waiter)).to.equal(false);
      }
    });

    it('passes empty lists over, and ends nothing by one', () => {
      dbAdd(ks.server.db[0], createStringObject('l'), createQuicklistObject());
      ks.runAs(waiter, 'BLPOP', 'l', 'm', 0);
      expect(isBlocked(waiter)).to.equal(true);
      ks.run('RPUSH', 'm', 'x');
      expect(got(waiter)).to.equal(array('m', 'x'));
    });

    it('leaves nothing in the account', () => {
      ks.run('SET', 'other', 1);
      // The first of each command makes its statistics.
      let before = 0;
      for (let round = 0; round < 3; round++) {
        ks.runAs(waiter, 'BLPOP', 'l', 'm', 0);
        ks.run('RPUSH', 'l', 'x');
        got(waiter);
        ks.runAs(waiter, 'BLMOVE', 'l', 'm', 'LEFT', 'RIGHT', 0);
        ks.run('RPUSH', 'l', 'x');
        got(waiter);
        ks.run('DEL', 'm');
        if (before !== 0) expect(zmalloc_used_memory()).to.equal(before);
        before = zmalloc_used_memory();
      }
    });
  });

  describe('DEBUG', () => {
    /** Standard output during a command. */
    function printed(...args: (string | number)[]): [string, string] {
      const write = ks.kernel.write.bind(ks.kernel);
      let out = '';
      ks.kernel.write = (_fd: number, bytes: Uint8Array): number => {
        out += Buffer.from(bytes).latin1Slice();
        return bytes.length;
      };
      const reply = ks.run(...args);
      ks.kernel.write = write;
      return [reply, out];
    }

    beforeEach(() => {
      ks.server.enable_debug_cmd = 1;
    });

    it('QUICKLIST prints a list', () => {
      fill('l', 'a', 1);
      const [reply, out] = printed('DEBUG', 'QUICKLIST', 'l');
      expect(reply).to.equal('+Quicklist structure printed on stdout\r\n');
      expect(out).to.match(/^\{count : 2\}\n\{len : 1\}\n\{fill : -2\}\n/);
      expect(printed('DEBUG', 'QUICKLIST', 'l', 1)[1]).to.include('{ listpack:');
      ks.run('SET', 's', 'x');
      expect(ks.run('DEBUG', 'QUICKLIST', 's')).to.equal(
        '-ERR Not a quicklist encoded object.\r\n',
      );
      expect(ks.run('DEBUG', 'QUICKLIST', 'no')).to.equal('-ERR no such key\r\n');
    });

    it('LISTPACK prints a listpack and nothing else', () => {
      ks.run('HSET', 'h', 'field', 'value');
      const [reply, out] = printed('DEBUG', 'LISTPACK', 'h');
      expect(reply).to.equal('+Listpack structure printed on stdout\r\n');
      expect(out).to.include('field');
      fill('l', 'a');
      expect(ks.run('DEBUG', 'LISTPACK', 'l')).to.equal('-ERR Not a listpack encoded object.\r\n');
      expect(ks.run('DEBUG', 'LISTPACK', 'no')).to.equal('-ERR no such key\r\n');
    });

    it('QUICKLIST-PACKED-THRESHOLD says what is a large element', () => {
      const error = '-ERR argument must be a memory value bigger than 1 and smaller than 4gb\r\n';
      expect(ks.run('DEBUG', 'QUICKLIST-PACKED-THRESHOLD', '10b')).to.equal('+OK\r\n');
      fill('l', 'a', 'a large element', 'b', '12345678901', 'c');
      expect((ks.value('l').ptr as quicklist).len).to.equal(5);
      expect(list('l')).to.equal(array('a', 'a large element', 'b', '12345678901', 'c'));
      expect(ks.run('LPOS', 'l', '12345678901')).to.equal(':3\r\n');
      expect(ks.run('LPOP', 'l', 2)).to.equal(array('a', 'a large element'));
      expect(ks.run('RPOP', 'l', 2)).to.equal(array('c', '12345678901'));
      expect(ks.run('DEBUG', 'QUICKLIST-PACKED-THRESHOLD', '4gb')).to.equal(error);
      expect(ks.run('DEBUG', 'QUICKLIST-PACKED-THRESHOLD', 'x')).to.equal(error);
      expect(ks.run('DEBUG', 'QUICKLIST-PACKED-THRESHOLD', 0)).to.equal('+OK\r\n');
    });
  });
});
