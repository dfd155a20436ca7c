import { expect } from 'chai';
import {
  createStringObject,
  createStringObjectFromLongLong,
  objPtrString,
} from '../../object/object.ts';
import { lookupKeyByPattern, redisSortObject, sortCompare } from '../../object/sort.ts';
import { ledger, zmalloc_used_memory } from '../../object/zmalloc.ts';
import { sortGetKeys, sortROGetKeys } from '../../server/db.ts';
import { lookupCommandByCString } from '../../server/server.ts';
import { CLIENT_SCRIPT, getKeysResult, type client } from '../../server/server.h.ts';
import { Random } from '../support/random.ts';
import { Keyspace } from '../server/keyspace.ts';

/** The bulk strings of an array, null for nulls; of anything else the reply itself. */
function items(reply: string): (string | null)[] | string {
  if (!reply.startsWith('*')) return reply;
  const all: (string | null)[] = [];
  let at = reply.indexOf('\r\n') + 2;
  while (at < reply.length) {
    const eol = reply.indexOf('\r\n', at);
    const len = Number(reply.slice(at + 1, eol));
    all.push(len < 0 ? null : reply.slice(eol + 2, eol + 2 + len));
    at = eol + 2 + (len < 0 ? 0 : len + 2);
  }
  return all;
}

const SYNTAX = '-ERR syntax error\r\n';

describe('sort.ts', () => {
  let ks: Keyspace;

  beforeEach(() => {
    ks = new Keyspace();
    ledger.arena.poison = true;
  });

  const sort = (...args: (string | number)[]): (string | null)[] | string =>
    items(ks.run('SORT', ...args));

  /** Runs `fn` with a list, sets and sorted sets of the members, in all their encodings. */
  function everyType(members: string[], fn: (key: string) => void): void {
    const scored = members.flatMap((member, i) => [String((i * 7) % 5), member]);
    for (const make of [
      ['RPUSH', 'k', ...members],
      ['SADD', 'k', ...members],
      ['ZADD', 'k', ...scored],
    ]) {
      for (const limit of ['128', '0']) {
        ks.run('DEL', 'k');
        ks.run('CONFIG', 'SET', 'zset-max-listpack-entries', limit);
        ks.run('CONFIG', 'SET', 'set-max-intset-entries', limit);
        ks.run(...make);
        fn('k');
      }
    }
  }

  describe('the order', () => {
    it('is that of the numbers that the elements are', () => {
      everyType(['3', '-1', '10', '2.5', '1e1', ' 4', '0x5', 'inf', '-inf'], () => {
        const order = ['-inf', '-1', '2.5', '3', ' 4', '0x5', '10', '1e1', 'inf'];
        expect(sort('k')).to.deep.equal(order);
        expect(sort('k', 'DESC')).to.deep.equal([...order].reverse());
        expect(sort('k', 'DESC', 'ASC')).to.deep.equal(order);
      });
      everyType(['3', '1', '2'], () => {
        expect(sort('k')).to.deep.equal(['1', '2', '3']);
      });
    });

    it('with ALPHA is that of their bytes, up to a zero byte', () => {
      everyType(['b', 'a', 'B', '10', '9', 'ab', '\xff', ''], () => {
        expect(sort('k', 'ALPHA')).to.deep.equal(['', '10', '9', 'B', 'a', 'ab', 'b', '\xff']);
      });
      ks.run('RPUSH', 'l', 'a\0z', 'a\0b', 'a');
      expect(sort('l', 'ALPHA')).to.deep.equal(['a\0z', 'a\0b', 'a']);
      // What is stored is in the order of all bytes.
      sort('l', 'ALPHA', 'STORE', 'd');
      expect(items(ks.run('LRANGE', 'd', 0, -1))).to.deep.equal(['a', 'a\0b', 'a\0z']);
    });

    it('of many elements is that of a plain sort', () => {
      const random = Random.fromEnvironment();
      for (let i = 0; i < 20; i++) {
        const members = [
          ...new Set(Array.from({ length: 200 }, () => String(random.int(-500, 500)))),
        ];
        const sorted = [...members].sort((a, b) => Number(a) - Number(b));
        everyType(members, () => {
          const [from, count] = [random.int(0, 220), random.int(0, 50)];
          expect(sort('k', 'LIMIT', from, count), `TEST_SEED=${random.seed}`).to.deep.equal(
            sorted.slice(from, from + count),
          );
          expect(sort('k', 'BY', '*', 'LIMIT', from, count)).to.have.length(
            sorted.slice(from, from + count).length,
          );
        });
      }
    });

    it('is an error where an element is no number, or none that a double can hold', () => {
      for (const bad of ['x', '1x', '1 ', 'nan', '1e400', '-1e400', '1e-400']) {
        ks.run('DEL', 'l');
        ks.run('RPUSH', 'l', '1', bad);
        expect(sort('l'), bad).to.equal(
          "-ERR One or more scores can't be converted into double\r\n",
        );
      }
      // Behind a zero byte C does not look, and nothing is 0.
      ks.run('DEL', 'l');
      ks.run('RPUSH', 'l', '1\0x', '', '-1');
      expect(sort('l')).to.deep.equal(['-1', '', '1\0x']);
    });
  });

  describe('BY', () => {
    beforeEach(() => {
      ks.run('RPUSH', 'l', '1', '2', '3', '4');
      ks.run('MSET', 'w_1', '30', 'w_2', '10', 'w_3', '20.5', 'h', 'x');
      ks.run('HSET', 'h_1', 'f', '1', 'name', 'c');
      ks.run('HSET', 'h_2', 'f', '3', 'name', 'a');
      ks.run('HSET', 'h_3', 'f', '2', 'name', 'b');
    });

    it('looks at other keys, of which a missing one is 0', () => {
      expect(sort('l', 'BY', 'w_*')).to.deep.equal(['4', '2', '3', '1']);
      expect(sort('l', 'BY', 'w_*', 'DESC')).to.deep.equal(['1', '3', '2', '4']);
      expect(sort('l', 'BY', 'w_*', 'LIMIT', 1, 2)).to.deep.equal(['2', '3']);
      ks.run('SET', 'w_4', 'x');
      expect(sort('l', 'BY', 'w_*')).to.match(/^-ERR One or more scores/);
    });

    it('looks into hashes', () => {
      expect(sort('l', 'BY', 'h_*->f')).to.deep.equal(['4', '1', '3', '2']);
      expect(sort('l', 'BY', 'h_*->name', 'ALPHA')).to.deep.equal(['4', '2', '3', '1']);
      expect(sort('l', 'BY', 'h_*->nosuch', 'ALPHA', 'DESC')).to.deep.equal(['1', '2', '3', '4']);
      expect(sort('l', 'BY', 'h_*->', 'ALPHA')).to.deep.equal(['1', '2', '3', '4']);
    });

    it('with ALPHA puts elements with no key first, and keeps those with equal keys in their order', () => {
      ks.run('MSET', 'a_3', 'x', 'a_2', 'x');
      expect(sort('l', 'BY', 'a_*', 'ALPHA')).to.deep.equal(['1', '4', '2', '3']);
      expect(sort('l', 'BY', 'a_*', 'ALPHA', 'DESC')).to.deep.equal(['2', '3', '1', '4']);
      sort('l', 'BY', 'a_*', 'ALPHA', 'STORE', 'd');
      expect(items(ks.run('LRANGE', 'd', 0, -1))).to.deep.equal(['1', '4', '2', '3']);
    });

    it('one key for all does not sort', () => {
      ks.run('DEL', 'l');
      ks.run('RPUSH', 'l', 'c', 'a', 'b', 'd');
      ks.run('ZADD', 'z', '1', 'c', '2', 'a', '3', 'b', '4', 'd');
      for (const key of ['l', 'z']) {
        expect(sort(key, 'BY', 'x')).to.deep.equal(['c', 'a', 'b', 'd']);
        expect(sort(key, 'BY', 'x', 'DESC')).to.deep.equal(['d', 'b', 'a', 'c']);
        expect(sort(key, 'BY', 'x', 'LIMIT', 1, 2)).to.deep.equal(['a', 'b']);
        expect(sort(key, 'BY', 'x', 'DESC', 'LIMIT', 1, 2)).to.deep.equal(['b', 'a']);
        expect(sort(key, 'BY', 'x', 'LIMIT', 0, 3)).to.deep.equal(['c', 'a', 'b']);
        expect(sort(key, 'BY', 'x', 'LIMIT', 4, 2)).to.deep.equal([]);
        expect(sort(key, 'BY', 'x', 'LIMIT', 1, 0)).to.deep.equal([]);
        expect(sort(key, 'BY', 'x', 'LIMIT', -5, 2)).to.deep.equal(['c', 'a']);
      }
      expect(sort('nosuch', 'BY', 'x', 'LIMIT', 0, 1)).to.deep.equal([]);
    });

    it('one key for all sorts a set all the same, for a script or to store it', () => {
      ks.run('SADD', 's', ...Array.from({ length: 50 }, (_, i) => `m${String(i + 10)}`));
      const sorted = Array.from({ length: 50 }, (_, i) => `m${String(i + 10)}`);
      expect(sort('s', 'BY', 'x')).to.have.members(sorted);
      sort('s', 'BY', 'x', 'STORE', 'd');
      expect(items(ks.run('LRANGE', 'd', 0, -1))).to.deep.equal(sorted);
      ks.client.flags |= CLIENT_SCRIPT;
      expect(sort('s', 'BY', 'x')).to.deep.equal(sorted);
    });
  });

  describe('GET', () => {
    it('replies with the values of other keys, and null for those that are missing', () => {
      ks.run('RPUSH', 'l', '2', '1');
      ks.run('MSET', 'w_1', 'one', 'w_2', '22', 'const', 'x');
      ks.run('HSET', 'h_1', 'f', 'in 1', 'n', '5');
      ks.run('RPUSH', 'l_1', 'x');
      expect(sort('l', 'GET', 'w_*')).to.deep.equal(['one', '22']);
      expect(sort('l', 'GET', '#', 'GET', 'w_*', 'GET', 'h_*->f', 'GET', 'h_*->n')).to.deep.equal([
        '1',
        'one',
        'in 1',
        '5',
        '2',
        '22',
        null,
        null,
      ]);
      // A fixed key, another type, a hash that is none.
      expect(sort('l', 'GET', 'const', 'GET', 'l_*', 'GET', 'w_*->f')).to.deep.equal([
        null,
        null,
        null,
        null,
        null,
        null,
      ]);
    });

    it('stores empty strings for nulls', () => {
      ks.run('RPUSH', 'l', '2', '1');
      ks.run('SET', 'w_1', 'one');
      expect(sort('l', 'GET', '#', 'GET', 'w_*', 'STORE', 'd')).to.equal(':4\r\n');
      expect(items(ks.run('LRANGE', 'd', 0, -1))).to.deep.equal(['1', 'one', '2', '']);
    });

    it('replaces the first star, in front of the arrow', () => {
      const lookup = (pattern: string, subst: string): string | null => {
        const o = lookupKeyByPattern(
          ks.server.db[0],
          createStringObject(pattern),
          createStringObject(subst),
        );
        return o === null ? null : objPtrString(o);
      };
      ks.run(
        'MSET',
        'ax*',
        'two stars',
        'x',
        'bare',
        'x->',
        'arrow',
        'a->x',
        'before',
        '#x',
        'hash',
        'a\0x',
        'zero',
      );
      ks.run('HSET', 'x', 'f', 'v');
      ks.run('DEL', 'x');
      ks.run('HSET', 'x', 'f', 'field', 'f\0g', 'field with zero', '*', 'star');
      expect(lookup('#', 'me')).to.equal('me');
      expect(lookup('#\0', 'me')).to.equal('me');
      expect(lookup('#*', 'x')).to.equal('hash');
      expect(lookup('a**', 'x')).to.equal('two stars');
      expect(lookup('*->', 'x')).to.equal('arrow');
      expect(lookup('a->*', 'x')).to.equal('before');
      expect(lookup('*->f', 'x')).to.equal('field');
      expect(lookup('*->f\0g', 'x')).to.equal('field with zero');
      expect(lookup('*->*', 'x')).to.equal('star');
      expect(lookup('a\0*', 'x')).to.equal(null);
      expect(lookup('*', 'nosuch')).to.equal(null);
      expect(lookup('*->nosuch', 'x')).to.equal(null);
    });
  });

  describe('STORE', () => {
    it('makes a list, or deletes the key if there is nothing', () => {
      ks.run('RPUSH', 'l', '2', '1', '3');
      ks.run('SET', 'd', 'x', 'EX', '100');
      const dirty = ks.server.dirty;
      expect(sort('l', 'STORE', 'd')).to.equal(':3\r\n');
      expect(ks.server.dirty).to.equal(dirty + 3);
      expect(items(ks.run('LRANGE', 'd', 0, -1))).to.deep.equal(['1', '2', '3']);
      expect(ks.run('TTL', 'd')).to.equal(':-1\r\n');
      expect(sort('nosuch', 'STORE', 'd')).to.equal(':0\r\n');
      expect(ks.run('EXISTS', 'd')).to.equal(':0\r\n');
      expect(ks.server.dirty).to.equal(dirty + 4);
      expect(sort('nosuch', 'STORE', 'd')).to.equal(':0\r\n');
      expect(ks.server.dirty).to.equal(dirty + 4);
      // Onto itself.
      expect(sort('l', 'DESC', 'STORE', 'l')).to.equal(':3\r\n');
      expect(items(ks.run('LRANGE', 'l', 0, -1))).to.deep.equal(['3', '2', '1']);
      ks.run('RPUSH', 'l', 'x');
      expect(sort('l', 'STORE', 'd')).to.match(/^-ERR One or more/);
    });

    it('notes what it did to those who listen', () => {
      const listener: client = ks.newClient();
      ks.run('RPUSH', 'l', '2', '1');
      ks.run('CONFIG', 'SET', 'notify-keyspace-events', 'EA');
      ks.runAs(listener, 'PSUBSCRIBE', '*');
      sort('l', 'STORE', 'd');
      expect(ks.taken(listener)).to.include('__keyevent@0__:sortstore\r\n$1\r\nd');
      sort('nosuch', 'STORE', 'd');
      expect(ks.taken(listener)).to.include('__keyevent@0__:del\r\n$1\r\nd');
    });

    it('is found in the command line: the last one', () => {
      const keys = (...args: string[]): number[] => {
        const argv = args.map(createStringObject);
        const result = new getKeysResult();
        sortGetKeys(lookupCommandByCString('sort')!, argv, argv.length, result);
        return result.keys.slice(0, result.numkeys).map((key) => key.pos);
      };
      expect(keys('SORT', 'k')).to.deep.equal([1]);
      expect(keys('SORT', 'k', 'STORE', 'd')).to.deep.equal([1, 3]);
      expect(keys('SORT', 'k', 'store', 'd', 'STORE', 'e')).to.deep.equal([1, 5]);
      expect(
        keys('SORT', 'k', 'BY', 'store', 'GET', 'store', 'LIMIT', 'store', 'store'),
      ).to.deep.equal([1]);
      expect(keys('SORT', 'k', 'STORE')).to.deep.equal([1]);
      const result = new getKeysResult();
      expect(sortROGetKeys(lookupCommandByCString('sort_ro')!, [], 0, result)).to.equal(1);
      expect(result.keys[0].pos).to.equal(1);
      expect(ks.run('COMMAND', 'GETKEYS', 'SORT', 'k', 'STORE', 'd')).to.equal(
        '*2\r\n$1\r\nk\r\n$1\r\nd\r\n',
      );
      expect(ks.run('COMMAND', 'GETKEYS', 'SORT_RO', 'k', 'BY', 'd')).to.equal('*1\r\n$1\r\nk\r\n');
    });
  });

  describe('the options', () => {
    it('are refused when they are none', () => {
      ks.run('RPUSH', 'l', '1');
      for (const args of [['x'], ['BY'], ['GET'], ['LIMIT', '1'], ['STORE'], ['LIMIT']]) {
        expect(sort('l', ...args), args.join(' ')).to.equal(SYNTAX);
      }
      expect(ks.run('SORT_RO', 'l', 'STORE', 'd')).to.equal(SYNTAX);
      expect(ks.run('SORT_RO', 'l')).to.equal('*1\r\n$1\r\n1\r\n');
      expect(sort('l', 'LIMIT', 'x', 1)).to.equal(
        '-ERR value is not an integer or out of range\r\n',
      );
      expect(sort('l', 'LIMIT', 1, 'x')).to.equal(
        '-ERR value is not an integer or out of range\r\n',
      );
    });

    it('LIMIT may be beyond all bounds', () => {
      ks.run('RPUSH', 'l', '1', '2', '3');
      expect(sort('l', 'LIMIT', 1, '9223372036854775807')).to.deep.equal(['2', '3']);
      expect(sort('l', 'LIMIT', '9223372036854775807', 1)).to.deep.equal([]);
      expect(sort('l', 'LIMIT', 1, -1)).to.deep.equal(['2', '3']);
      expect(sort('l', 'LIMIT', '-9223372036854775808', 1)).to.deep.equal(['1']);
    });

    it('that name other keys are refused in a cluster', () => {
      ks.run('RPUSH', 'l', '1');
      ks.server.cluster_enabled = 1;
      const run = (...args: string[]): string => {
        const reply = ks.run('SORT', 'l', ...args);
        return reply;
      };
      expect(run('BY', 'w_*')).to.equal('-ERR BY option of SORT denied in Cluster mode.\r\n');
      expect(run('GET', '#')).to.equal('-ERR GET option of SORT denied in Cluster mode.\r\n');
      expect(run('BY', 'nosort')).to.equal('*1\r\n$1\r\n1\r\n');
      ks.server.cluster_enabled = 0;
    });

    it('do not help a key of another type', () => {
      ks.run('SET', 's', '1');
      ks.run('HSET', 'h', 'f', '1');
      for (const key of ['s', 'h']) expect(sort(key)).to.match(/^-WRONGTYPE/);
      expect(sort('nosuch')).to.deep.equal([]);
    });
  });

  it('compares objects of all encodings', () => {
    ks.server.sort_alpha = 1;
    ks.server.sort_bypattern = 1;
    ks.server.sort_store = 1;
    const [a, b] = [1, 2].map((n) => new redisSortObject(createStringObjectFromLongLong(n)));
    expect(sortCompare(a, b)).to.equal(0);
    a.cmpobj = createStringObject('x');
    expect(sortCompare(a, b)).to.equal(1);
    expect(sortCompare(b, a)).to.equal(-1);
    b.cmpobj = createStringObject('y');
    expect(sortCompare(a, b)).to.equal(-1);
    ks.server.sort_store = 0;
    ks.server.sort_desc = 1;
    expect(sortCompare(a, b)).to.equal(1);
  });

  it('gives all memory back', () => {
    let before = 0;
    // The first time each command gets a histogram of its latencies.
    for (let i = 0; i < 2; i++) {
      ks.run('FLUSHALL');
      before = zmalloc_used_memory();
      ks.run('RPUSH', 'l', ...Array.from({ length: 300 }, (_, n) => String((n * 7) % 300)));
      ks.run('ZADD', 'z', '1', '5', '2', '4');
      ks.run('SADD', 's', '1', '2', 'x'.repeat(100));
      for (let n = 0; n < 20; n++) ks.run('SET', `w_${String(n)}`, 'y'.repeat(n * 5));
      sort('l', 'STORE', 'd');
      sort('l', 'BY', 'w_*', 'ALPHA', 'GET', 'w_*', 'GET', '#', 'STORE', 'd');
      sort('l', 'BY', 'w_*', 'ALPHA', 'LIMIT', 0, 5);
      sort('z', 'BY', 'x', 'LIMIT', 0, 1);
      sort('z');
      sort('s', 'ALPHA');
      ks.run('FLUSHALL');
    }
    expect(zmalloc_used_memory()).to.equal(before);
  });
});
