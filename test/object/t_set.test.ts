import { expect } from 'chai';
import { dictSize, type dict } from '../../object/dict.ts';
import { setTypeConvert } from '../../object/t_set.ts';
import { ledger } from '../../object/zmalloc.ts';
import { OBJ_ENCODING_HT, OBJ_ENCODING_INTSET, type client } from '../../server/server.h.ts';
import { Random } from '../support/random.ts';
import { Keyspace } from '../server/keyspace.ts';

/** The bulk strings of a reply, in their order. */
function bulks(reply: string): string[] {
  const all: string[] = [];
  for (let at = reply.indexOf('$'); at !== -1; at = reply.indexOf('$', at)) {
    const eol = reply.indexOf('\r\n', at);
    const len = Number(reply.slice(at + 1, eol));
    all.push(reply.slice(eol + 2, eol + 2 + len));
    at = eol + 2 + len + 2;
  }
  return all;
}

const WRONGTYPE = '-WRONGTYPE Operation against a key holding the wrong kind of value\r\n';
const integers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => String(from + i));
const words = (from: number, to: number): string[] => integers(from, to).map((i) => `m${i}`);

describe('t_set.ts', () => {
  let ks: Keyspace;

  beforeEach(() => {
    ks = new Keyspace();
    ledger.arena.poison = true;
  });

  const members = (key: string): string[] => bulks(ks.run('SMEMBERS', key)).sort();
  const encoding = (key: string): string => bulks(ks.run('OBJECT', 'ENCODING', key))[0] ?? '';

  /** Runs `fn` with members that make an intset, and with such that make a table. */
  function bothEncodings(fn: (all: (from: number, to: number) => string[]) => void): void {
    fn(integers);
    ks.run('FLUSHALL');
    fn(words);
  }

  describe('the encoding', () => {
    it('is that of an intset while all members are integers as C prints them', () => {
      ks.run('SADD', 's', '1', '-5', '9223372036854775807', '-9223372036854775808');
      expect(encoding('s')).to.equal('intset');
      expect(members('s')).to.have.members([
        '1',
        '-5',
        '9223372036854775807',
        '-9223372036854775808',
      ]);
      for (const no of ['007', '+1', ' 1', '1.0', '-0', '', '9223372036854775808', 'a']) {
        ks.run('DEL', 's');
        ks.run('SADD', 's', no);
        expect(encoding('s'), no).to.equal('hashtable');
      }
    });

    it('changes to a table with the first member that is no integer, and stays', () => {
      ks.run('SADD', 's', '1', '2', 'a', '3');
      expect(encoding('s')).to.equal('hashtable');
      ks.run('SREM', 's', 'a');
      expect(encoding('s')).to.equal('hashtable');
      expect(members('s')).to.deep.equal(['1', '2', '3']);
    });

    it('changes to a table with one member more than set-max-intset-entries', () => {
      ks.run('SADD', 's', ...integers(1, 512));
      expect(encoding('s')).to.equal('intset');
      expect(ks.run('SADD', 's', '513')).to.equal(':1\r\n');
      expect(encoding('s')).to.equal('hashtable');
      expect(ks.run('SCARD', 's')).to.equal(':513\r\n');
      // Sized for the members before the conversion: they are all in one table.
      expect((ks.value('s').ptr as dict<string, null>).ht_size_exp).to.deep.equal([10, -1]);
      ks.run('CONFIG', 'SET', 'set-max-intset-entries', '2');
      ks.run('SADD', 't', '1', '2');
      expect(encoding('t')).to.equal('intset');
      ks.run('SADD', 't', '3');
      expect(encoding('t')).to.equal('hashtable');
    });

    it('has a limit in spite of the setting, and only one conversion', () => {
      ks.run('CONFIG', 'SET', 'set-max-intset-entries', '9223372036854775807');
      ks.run('SADD', 's', '1');
      expect(encoding('s')).to.equal('intset');
      expect(() => setTypeConvert(ks.value('s'), OBJ_ENCODING_INTSET)).to.throw();
      setTypeConvert(ks.value('s'), OBJ_ENCODING_HT);
      expect(() => setTypeConvert(ks.value('s'), OBJ_ENCODING_HT)).to.throw();
    });
  });

  describe('SADD, SREM and SMOVE', () => {
    it('reply how many members came or went', () => {
      bothEncodings((all) => {
        const [a = '', b = '', c = '', d = ''] = all(1, 4);
        expect(ks.run('SADD', 's', a, b, a)).to.equal(':2\r\n');
        expect(ks.run('SADD', 's', a, c)).to.equal(':1\r\n');
        expect(ks.run('SREM', 's', a, d, 'x')).to.equal(':1\r\n');
        expect(members('s')).to.deep.equal([b, c]);
        expect(ks.run('SREM', 's', d)).to.equal(':0\r\n');
        expect(ks.run('SREM', 'none', d)).to.equal(':0\r\n');
      });
    });

    it('remove the key with the last member, whatever else is named', () => {
      bothEncodings((all) => {
        ks.run('SADD', 's', ...all(1, 3));
        expect(ks.run('SREM', 's', ...all(1, 9))).to.equal(':3\r\n');
        expect(ks.run('EXISTS', 's')).to.equal(':0\r\n');
      });
    });

    it('count what they changed', () => {
      const dirty = (...args: string[]): number => {
        const before = ks.server.dirty;
        ks.run(...args);
        return ks.server.dirty - before;
      };
      expect(dirty('SADD', 's', '1', '2', '3')).to.equal(3);
      expect(dirty('SADD', 's', '1')).to.equal(0);
      expect(dirty('SREM', 's', '1', '9')).to.equal(1);
      expect(dirty('SMOVE', 's', 't', '2')).to.equal(2);
      ks.run('SADD', 's', '2');
      expect(dirty('SMOVE', 's', 't', '2')).to.equal(1);
      expect(dirty('SMOVE', 's', 't', '2')).to.equal(0);
    });

    it('shrink the table of a set that has lost most of its members', () => {
      ks.run('SADD', 's', ...words(1, 1000));
      ks.run('SREM', 's', ...words(1, 990));
      for (let i = 0; i < 2000; i++) ks.run('SISMEMBER', 's', 'm1');
      const d = ks.value('s').ptr as dict<string, null>;
      expect(dictSize(d)).to.equal(10);
      expect(d.ht_size_exp[0]).to.be.lessThan(8);
    });

    it('move a member only if it is there, and drop a source without members', () => {
      bothEncodings((all) => {
        const [a = '', b = '', c = ''] = all(1, 3);
        ks.run('SADD', 's', a, b);
        ks.run('SADD', 't', c);
        expect(ks.run('SMOVE', 's', 't', a)).to.equal(':1\r\n');
        expect(ks.run('SMOVE', 's', 't', a)).to.equal(':0\r\n');
        expect(ks.run('SMOVE', 'none', 't', a)).to.equal(':0\r\n');
        expect(ks.run('SMOVE', 's', 's', b)).to.equal(':1\r\n');
        expect(ks.run('SMOVE', 's', 's', 'x')).to.equal(':0\r\n');
        expect(ks.run('SMOVE', 's', 'new', b)).to.equal(':1\r\n');
        expect(ks.run('EXISTS', 's')).to.equal(':0\r\n');
        expect(members('t')).to.deep.equal([a, c].sort());
        expect(members('new')).to.deep.equal([b]);
      });
    });

    it('tell who listens', () => {
      const listener: client = ks.newClient();
      ks.run('CONFIG', 'SET', 'notify-keyspace-events', 'EA');
      ks.runAs(listener, 'PSUBSCRIBE', '__key*');
      const events = (...args: string[]): string[] => {
        ks.run(...args);
        return [...ks.taken(listener).matchAll(/__:(\w+)\r\n\$\d+\r\n(\w+)/g)].map(
          (m) => `${m[1]} ${m[2]}`,
        );
      };
      expect(events('SADD', 's', '1', '2')).to.deep.equal(['sadd s']);
      expect(events('SADD', 's', '1')).to.deep.equal([]);
      expect(events('SREM', 's', '1')).to.deep.equal(['srem s']);
      expect(events('SMOVE', 's', 't', '2')).to.deep.equal(['srem s', 'del s', 'sadd t']);
      expect(events('SPOP', 't')).to.deep.equal(['spop t', 'del t']);
      ks.run('SADD', 's', ...integers(1, 30));
      ks.taken(listener);
      expect(events('SPOP', 's', '2')).to.deep.equal(['spop s']);
      expect(events('SPOP', 's', '25')).to.deep.equal(['spop s']);
      expect(events('SPOP', 's', '25')).to.deep.equal(['spop s', 'del s']);
      ks.run('SADD', 's', '1');
      ks.taken(listener);
      expect(events('SUNIONSTORE', 'd', 's')).to.deep.equal(['sunionstore d']);
      expect(events('SINTERSTORE', 'd', 's')).to.deep.equal(['sinterstore d']);
      expect(events('SDIFFSTORE', 'd', 's')).to.deep.equal(['sdiffstore d']);
      expect(events('SINTERSTORE', 'd', 's', 'none')).to.deep.equal(['del d']);
      expect(events('SINTERSTORE', 'd', 's', 'none')).to.deep.equal([]);
      ks.run('SADD', 'd', '5');
      ks.taken(listener);
      expect(events('SINTERSTORE', 'd', 's', 'd')).to.deep.equal(['del d']);
      ks.run('SADD', 'd', '5');
      ks.taken(listener);
      expect(events('SDIFFSTORE', 'd', 's', 's')).to.deep.equal(['del d']);
    });
  });

  it('tells members from others', () => {
    bothEncodings((all) => {
      ks.run('SADD', 's', ...all(1, 3));
      const [a = '', x = ''] = [all(2, 2)[0], all(7, 7)[0]];
      expect(ks.run('SISMEMBER', 's', a)).to.equal(':1\r\n');
      expect(ks.run('SISMEMBER', 's', x)).to.equal(':0\r\n');
      expect(ks.run('SISMEMBER', 's', 'x')).to.equal(':0\r\n');
      expect(ks.run('SISMEMBER', 'none', a)).to.equal(':0\r\n');
      expect(ks.run('SMISMEMBER', 's', x, a)).to.equal('*2\r\n:0\r\n:1\r\n');
      expect(ks.run('SMISMEMBER', 'none', x, a)).to.equal('*2\r\n:0\r\n:0\r\n');
      expect(ks.run('SCARD', 's')).to.equal(':3\r\n');
      expect(ks.run('SCARD', 'none')).to.equal(':0\r\n');
    });
  });

  it('refuses values of other types', () => {
    ks.run('SET', 'k', 'v');
    ks.run('SADD', 's', '1');
    for (const command of [
      'SADD k 1', 'SREM k 1', 'SMOVE k s 1', 'SMOVE s k 1', 'SISMEMBER k 1', 'SMISMEMBER k 1', 'SCARD k', 'SPOP k', 'SPOP k 2',
      'SRANDMEMBER k', 'SRANDMEMBER k 2', 'SINTER k', 'SINTER s k', 'SINTER none k', 'SINTERCARD 2 s k', 'SINTERSTORE d s k',
      'SMEMBERS k', 'SUNION s k', 'SUNIONSTORE d k', 'SDIFF s k', 'SDIFFSTORE d none k', 'SSCAN k 0',
    ]) {
      expect(ks.run(...command.split(' ')), command).to.equal(WRONGTYPE);
    } // prettier-ignore
    expect(ks.run('EXISTS', 'd')).to.equal(':0\r\n');
  });

  describe('SPOP', () => {
    it('takes out one member and goes out as SREM', () => {
      bothEncodings((all) => {
        const rest = new Set(all(1, 5));
        ks.run('SADD', 's', ...rest);
        for (let i = 0; i < 5; i++) {
          const [popped = ''] = bulks(ks.run('SPOP', 's'));
          expect(ks.rewritten).to.deep.equal(['SREM', 's', popped]);
          expect(rest.delete(popped)).to.equal(true);
          expect(members('s')).to.deep.equal([...rest].sort());
        }
        expect(ks.run('EXISTS', 's')).to.equal(':0\r\n');
        expect(ks.run('SPOP', 's')).to.equal('$-1\r\n');
      });
    });

    it('takes out any number: all, a few one by one, or nearly all by keeping the others', () => {
      bothEncodings((all) => {
        for (const count of [0, 1, 5, 50, 83, 84, 95, 99, 100, 200]) {
          ks.run('DEL', 's');
          ks.run('SADD', 's', ...all(1, 100));
          const dirty = ks.server.dirty;
          const popped = bulks(ks.run('SPOP', 's', count));
          expect(ks.server.dirty - dirty).to.equal(Math.min(count, 100));
          expect(new Set(popped).size).to.equal(Math.min(count, 100));
          expect([...popped, ...members('s')].sort()).to.deep.equal(all(1, 100).sort());
          if (count > 0 && count < 100) expect(encoding('s')).to.match(/intset|hashtable/);
        }
        ks.run('SADD', 's', ...all(1, 3));
        ks.run('SPOP', 's', '3');
        expect(ks.rewritten).to.deep.equal(['DEL', 's']);
      });
    });

    it('makes an intset of the integers that remain of a table', () => {
      ks.run('SADD', 's', ...integers(1, 600));
      ks.run('SPOP', 's', '590');
      expect(encoding('s')).to.equal('intset');
      expect(ks.run('SCARD', 's')).to.equal(':10\r\n');
    });

    it('refuses a count that is none, and too many arguments', () => {
      expect(ks.run('SPOP', 's', '-1')).to.equal(
        '-ERR value is out of range, must be positive\r\n',
      );
      expect(ks.run('SPOP', 's', 'x')).to.equal('-ERR value is out of range, must be positive\r\n');
      expect(ks.run('SPOP', 's', '1', '1')).to.equal('-ERR syntax error\r\n');
      expect(ks.run('SPOP', 's', '1')).to.equal('*0\r\n');
    });
  });

  describe('SRANDMEMBER', () => {
    it('replies one member, or none', () => {
      bothEncodings((all) => {
        ks.run('SADD', 's', ...all(1, 9));
        expect(all(1, 9)).to.include(bulks(ks.run('SRANDMEMBER', 's'))[0]);
        expect(ks.run('SRANDMEMBER', 'none')).to.equal('$-1\r\n');
        expect(ks.run('SRANDMEMBER', 'none', '1')).to.equal('*0\r\n');
        expect(ks.run('SRANDMEMBER', 's', '0')).to.equal('*0\r\n');
      });
    });

    it('replies different members for a count, and repeats them for a negative one', () => {
      bothEncodings((all) => {
        ks.run('SADD', 's', ...all(1, 100));
        for (const count of [1, 2, 33, 34, 60, 99, 100, 1000]) {
          const picked = bulks(ks.run('SRANDMEMBER', 's', count));
          expect(picked).to.have.length(Math.min(count, 100));
          expect(new Set(picked).size).to.equal(picked.length);
          expect(all(1, 100)).to.include.members(picked);
        }
        const picked = bulks(ks.run('SRANDMEMBER', 's', '-1000'));
        expect(picked).to.have.length(1000);
        expect(all(1, 100)).to.include.members(picked);
        expect(ks.run('SCARD', 's')).to.equal(':100\r\n');
      });
    });

    it('picks each member about equally often, however many are asked for', () => {
      bothEncodings((all) => {
        ks.run('SADD', 's', ...all(1, 10));
        for (const count of [-2000, 1, 2, 3, 8]) {
          const counts = new Map<string, number>();
          const size = Math.abs(count);
          const rounds = 2400 / Math.min(size, 2400);
          for (let i = 0; i < rounds; i++) {
            for (const m of bulks(ks.run('SRANDMEMBER', 's', count))) {
              counts.set(m, (counts.get(m) ?? 0) + 1);
            }
          }
          const expected = (Math.ceil(rounds) * size) / 10;
          let chi = 0;
          for (const m of all(1, 10)) chi += ((counts.get(m) ?? 0) - expected) ** 2 / expected;
          // 9 degrees of freedom: more comes up once in 100000 times. So small a table is drawn from fairly.
          expect(chi, `count ${count}`).to.be.lessThan(40);
        }
      });
    });

    it('refuses what is no count, and too many arguments', () => {
      ks.run('SADD', 's', '1');
      expect(ks.run('SRANDMEMBER', 's', 'x')).to.equal(
        '-ERR value is not an integer or out of range\r\n',
      );
      expect(ks.run('SRANDMEMBER', 's', '1', '1')).to.equal('-ERR syntax error\r\n');
    });
  });

  describe('SINTER, SUNION and SDIFF', () => {
    /** What is to come out, by plain sets. */
    function wanted(op: string, sets: Set<string>[]): string[] {
      const [first = new Set<string>(), ...others] = sets;
      if (op === 'SUNION') return [...new Set(sets.flatMap((set) => [...set]))].sort();
      const keep = (m: string): boolean =>
        op === 'SINTER' ? others.every((o) => o.has(m)) : !others.some((o) => o.has(m));
      return [...first].filter(keep).sort();
    }

    it('give what plain sets give, and store it', () => {
      const random = Random.fromEnvironment();
      for (let round = 0; round < 150; round++) {
        ks.run('FLUSHALL');
        const sets = new Map<string, Set<string>>([['none', new Set()]]);
        for (let k = 0; k < 4; k++) {
          const made = random.chance(0.5) ? integers : words;
          const size = random.pick([1, 3, 20, 100]);
          const set = new Set(
            Array.from({ length: size }, () => made(0, 60)[random.int(0, 60)] ?? ''),
          );
          sets.set(`s${k}`, set);
          ks.run('SADD', `s${k}`, ...set);
        }
        const keys = Array.from({ length: random.int(1, 6) }, () =>
          random.chance(0.1) ? 'none' : `s${random.int(0, 3)}`,
        );
        for (const op of ['SINTER', 'SUNION', 'SDIFF']) {
          const told = `TEST_SEED=${random.seed} ${op} ${keys.join(' ')}`;
          const result = wanted(
            op,
            keys.map((key) => sets.get(key) ?? new Set<string>()),
          );
          expect(bulks(ks.run(op, ...keys)).sort(), told).to.deep.equal(result);
          const dst = random.pick(['d', 'e']);
          expect(ks.run(`${op}STORE`, dst, ...keys), told).to.equal(`:${result.length}\r\n`);
          expect(members(dst), told).to.deep.equal(result);
          if (op === 'SINTER') {
            const limit = random.pick([0, 1, 5, 1000]);
            const count = limit === 0 ? result.length : Math.min(limit, result.length);
            expect(ks.run('SINTERCARD', keys.length, ...keys, 'LIMIT', limit)).to.equal(
              `:${count}\r\n`,
            );
          }
        }
      }
    });

    it('subtract by both algorithms', () => {
      // One small set from a large one, and many large ones from a small one.
      ks.run('SADD', 'large', ...words(1, 200));
      ks.run('SADD', 'small', ...words(195, 205));
      expect(bulks(ks.run('SDIFF', 'large', 'small')).sort()).to.deep.equal(words(1, 194).sort());
      expect(bulks(ks.run('SDIFF', 'small', 'large')).sort()).to.deep.equal(words(201, 205).sort());
      for (let i = 0; i < 8; i++) ks.run('SADD', `t${i}`, `m${i * 2 + 1}`);
      const ts = Array.from({ length: 8 }, (_, i) => `t${i}`);
      expect(bulks(ks.run('SDIFF', 'large', ...ts))).to.have.length(192);
      ks.run('SADD', 'all', ...words(1, 300));
      expect(ks.run('SDIFF', 't1', 't2', 'all', 't3', 't4')).to.equal('*0\r\n');
      expect(ks.run('SDIFF', 't1', 't1')).to.equal('*0\r\n');
      // The copy is empty before all have been removed from it.
      ks.run('SADD', 'one', ...words(1, 3));
      ks.run('SADD', 'x', ...words(1, 3));
      ks.run('SADD', 'y', 'z');
      ks.run('SADD', 'y2', 'z');
      expect(ks.run('SDIFF', 'one', 'y', 'y2', 'x', 'y', 'y', 'y', 'y')).to.equal('*0\r\n');
    });

    it('overwrite what the destination held, its end included, and remove it for an empty result', () => {
      ks.run('SET', 'd', 'text', 'EX', '100');
      ks.run('SADD', 's', '1', 'a');
      expect(ks.run('SUNIONSTORE', 'd', 's', 'none')).to.equal(':2\r\n');
      expect(ks.run('TTL', 'd')).to.equal(':-1\r\n');
      expect(ks.run('SDIFFSTORE', 'd', 's', 's')).to.equal(':0\r\n');
      expect(ks.run('EXISTS', 'd')).to.equal(':0\r\n');
      ks.run('SADD', 'd', '9');
      expect(ks.run('SINTERSTORE', 'd', 's', 'd')).to.equal(':0\r\n');
      expect(ks.run('EXISTS', 'd')).to.equal(':0\r\n');
      ks.run('SADD', 'd', '9');
      expect(ks.run('SINTERSTORE', 'd', 'none', 's')).to.equal(':0\r\n');
      expect(ks.run('EXISTS', 'd')).to.equal(':0\r\n');
    });

    it('reply a set to who speaks RESP3', () => {
      ks.run('HELLO', '3');
      ks.run('SADD', 's', '1');
      expect(ks.run('SINTER', 's')).to.equal('~1\r\n$1\r\n1\r\n');
      expect(ks.run('SUNION', 's')).to.equal('~1\r\n$1\r\n1\r\n');
      expect(ks.run('SMEMBERS', 'none')).to.equal('~0\r\n');
      expect(ks.run('SPOP', 's', '1')).to.equal('~1\r\n$1\r\n1\r\n');
      expect(ks.run('SPOP', 's', '1')).to.equal('~0\r\n');
      expect(ks.run('SRANDMEMBER', 's', '1')).to.equal('*0\r\n');
      expect(ks.run('SPOP', 's')).to.equal('_\r\n');
    });

    it('check the arguments of SINTERCARD', () => {
      const no = '-ERR numkeys should be greater than 0\r\n';
      for (const n of ['0', '-1', 'x']) {
        expect(ks.run('SINTERCARD', n, 's')).to.equal(
          n === 'x' ? '-ERR numkeys should be greater than 0\r\n' : no,
        );
      }
      expect(ks.run('SINTERCARD', '2', 's')).to.equal(
        "-ERR Number of keys can't be greater than number of args\r\n",
      );
      expect(ks.run('SINTERCARD', '1', 's', 'LIMIT', '-1')).to.equal(
        "-ERR LIMIT can't be negative\r\n",
      );
      for (const rest of [['LIMIT'], ['x'], ['LIMIT', '1', 'x']]) {
        expect(ks.run('SINTERCARD', '1', 's', ...rest)).to.equal('-ERR syntax error\r\n');
      }
      expect(ks.run('SINTERCARD', '1', 's', 'limit', '0')).to.equal(':0\r\n');
      expect(ks.run('COMMAND', 'GETKEYS', 'SINTERCARD', '2', 'a', 'b', 'LIMIT', '1')).to.equal(
        '*2\r\n$1\r\na\r\n$1\r\nb\r\n',
      );
    });

    it('leave the result to a job, if told to release lazily', () => {
      ks.run('CONFIG', 'SET', 'lazyfree-lazy-server-del', 'yes');
      ks.run('SADD', 's', ...words(1, 100));
      ks.run('SUNION', 's');
      expect(ks.server.lazyfree_objects).to.equal(1);
      ks.turn();
      expect(ks.server.lazyfree_objects).to.equal(0);
    });
  });

  it('walks a set with SSCAN', () => {
    bothEncodings((all) => {
      ks.run('SADD', 's', ...all(1, 1000));
      const seen = new Set<string>();
      let cursor = '0';
      do {
        const [next = '', ...found] = bulks(ks.run('SSCAN', 's', cursor, 'COUNT', '20'));
        for (const m of found) seen.add(m);
        cursor = next;
      } while (cursor !== '0');
      expect([...seen].sort()).to.deep.equal(all(1, 1000).sort());
    });
    expect(ks.run('SSCAN', 'none', '0')).to.equal('*2\r\n$1\r\n0\r\n*0\r\n');
    expect(ks.run('SSCAN', 's', 'x')).to.equal('-ERR invalid cursor\r\n');
  });

  it('copies a set, encoding and all, so that neither changes with the other', () => {
    bothEncodings((all) => {
      ks.run('SADD', 's', ...all(1, 50));
      expect(ks.run('COPY', 's', 't')).to.equal(':1\r\n');
      expect(ks.value('t').encoding).to.equal(ks.value('s').encoding);
      ks.run('SREM', 's', ...all(1, 10));
      expect(members('t')).to.deep.equal(all(1, 50).sort());
      expect(members('s')).to.deep.equal(all(11, 50).sort());
    });
  });

  it('leaves the account of memory as it was, when the sets are gone', () => {
    const long = 'x'.repeat(300);
    const play = (): void => {
      ks.run('SADD', 'a', ...integers(1, 700));
      ks.run('SADD', 'b', ...words(1, 300), long, '');
      ks.run('SADD', 'c', ...integers(1, 90));
      ks.run('SADD', 'b', long);
      ks.run('SREM', 'b', 'm1', 'm1', 'm7');
      ks.run('SMOVE', 'b', 'c', 'm8');
      ks.run('SPOP', 'a');
      ks.run('SPOP', 'a', '5');
      ks.run('SPOP', 'a', '650');
      ks.run('SRANDMEMBER', 'b', '40');
      ks.run('SRANDMEMBER', 'b', '280');
      ks.run('SUNION', 'a', 'b');
      ks.run('SUNIONSTORE', 'd', 'a', 'b', 'c');
      ks.run('SDIFFSTORE', 'd', 'd', 'b');
      ks.run('SINTERSTORE', 'e', 'a', 'd');
      ks.run('COPY', 'b', 'f');
      ks.run('COPY', 'a', 'g');
      ks.run('SPOP', 'g', '1000');
      ks.run('DEL', 'a', 'b', 'c');
      ks.run('UNLINK', 'd', 'e', 'f');
      ks.turn();
      expect(ks.run('DBSIZE')).to.equal(':0\r\n');
    };
    play();
    const before = ledger.used;
    play();
    expect(ledger.used).to.equal(before);
  });
});
