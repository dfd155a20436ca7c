import { expect } from 'chai';
import { decodeGeohash, hashBitsFromScore, scoresOfGeoHashBox } from '../../object/geo.ts';
import { GeoHashBits } from '../../object/geohash.ts';
import { geohashGetDistance } from '../../object/geohash_helper.ts';
import { lookupCommandByCString } from '../../server/server.ts';
import { georadiusGetKeys } from '../../server/db.ts';
import { ledger, zmalloc_used_memory } from '../../object/zmalloc.ts';
import { createStringObject } from '../../object/object.ts';
import { getKeysResult, type client } from '../../server/server.h.ts';
import { Random } from '../support/random.ts';
import { Keyspace } from '../server/keyspace.ts';

/** The bulk strings of a reply, in their order. */
function bulks(reply: string): string[] {
  const all: string[] = [];
  for (let at = reply.indexOf('$'); at !== -1; at = reply.indexOf('$', at)) {
    const eol = reply.indexOf('\r\n', at);
    const len = Number(reply.slice(at + 1, eol));
    if (len >= 0) all.push(reply.slice(eol + 2, eol + 2 + len));
    at = eol + 2;
  }
  return all;
}

const SYNTAX = '-ERR syntax error\r\n';
const NIL = '$-1\r\n';

describe('geo.ts', () => {
  let ks: Keyspace;

  beforeEach(() => {
    ks = new Keyspace();
    ledger.arena.poison = true;
  });

  /** Two towns of Sicily, in both encodings of a sorted set. */
  function sicily(fn: () => void): void {
    for (const entries of ['128', '0']) {
      ks.run('FLUSHALL');
      ks.run('CONFIG', 'SET', 'zset-max-listpack-entries', entries);
      ks.run(
        'GEOADD',
        'Sicily',
        '13.361389',
        '38.115556',
        'Palermo',
        '15.087269',
        '37.502669',
        'Catania',
      );
      fn();
    }
  }

  describe('scores', () => {
    it('of any kind are read as an x86 processor reads them', () => {
      const read = (score: number): bigint => {
        const hash = new GeoHashBits();
        hashBitsFromScore(score, hash);
        return (BigInt(hash.high) << 32n) | BigInt(hash.low);
      };
      expect(read(3479099956230698)).to.equal(3479099956230698n);
      expect(read(1.9)).to.equal(1n);
      expect(read(-0.5)).to.equal(0n);
      expect(read(-1.5)).to.equal(0xffffffffffffffffn);
      expect(read(-(2 ** 40))).to.equal(2n ** 64n - 2n ** 40n);
      expect(read(2 ** 63)).to.equal(2n ** 63n);
      expect(read(2 ** 64)).to.equal(0n);
      expect(read(Infinity)).to.equal(0n);
      expect(read(-(2 ** 63))).to.equal(2n ** 63n);
      expect(read(-1e30)).to.equal(2n ** 63n);
      expect(read(-Infinity)).to.equal(2n ** 63n);
    });

    it('of a square are all that begin with its bits', () => {
      const hash = new GeoHashBits();
      hash.step = 3;
      hash.low = 0b101010;
      expect(scoresOfGeoHashBox(hash)).to.deep.equal({ min: 42 * 2 ** 46, max: 43 * 2 ** 46 });
      hash.step = 26;
      hash.low = 0xffffffff;
      expect(scoresOfGeoHashBox(hash)).to.deep.equal({ min: 2 ** 32 - 1, max: 2 ** 32 });
      hash.high = 0xffffffff;
      expect(scoresOfGeoHashBox(hash)).to.deep.equal({ min: 2 ** 64, max: 0 });
      expect([hash.high, hash.low]).to.deep.equal([0xffffffff, 0xffffffff]);
    });
  });

  describe('GEOADD', () => {
    it('is a ZADD with geohashes of 52 bits, also for those that it is passed on to', () => {
      expect(ks.run('GEOADD', 'Sicily', 'CH', '13.361389', '38.115556', 'Palermo')).to.equal(
        ':1\r\n',
      );
      expect(ks.rewritten).to.deep.equal(['zadd', 'Sicily', 'CH', '3479099956230698', 'Palermo']);
      expect(ks.run('ZSCORE', 'Sicily', 'Palermo')).to.equal('$16\r\n3479099956230698\r\n');
    });

    it('has the options of ZADD', () => {
      ks.run('GEOADD', 'g', '1', '1', 'a');
      expect(ks.run('GEOADD', 'g', 'NX', '2', '2', 'a', '3', '3', 'b')).to.equal(':1\r\n');
      expect(ks.run('GEOADD', 'g', 'xx', 'ch', '2', '2', 'a', '3', '3', 'c')).to.equal(':1\r\n');
      expect(ks.run('ZCARD', 'g')).to.equal(':2\r\n');
      expect(ks.run('GEOADD', 'g', 'nx', 'xx', '2', '2', 'a')).to.equal(SYNTAX);
      expect(ks.run('GEOADD', 'g', '1', '2', 'a', '3')).to.equal(SYNTAX);
      expect(ks.run('GEOADD', 'g', 'ch', 'ch', 'nx')).to.equal(SYNTAX);
    });

    it('refuses places that are none, and adds nothing then', () => {
      expect(ks.run('GEOADD', 'g', '1', '1', 'a', '181', '0', 'b')).to.equal(
        '-ERR invalid longitude,latitude pair 181.000000,0.000000\r\n',
      );
      expect(ks.run('GEOADD', 'g', '1', '1', 'a', '0', '-85.06', 'b')).to.equal(
        '-ERR invalid longitude,latitude pair 0.000000,-85.060000\r\n',
      );
      expect(ks.run('GEOADD', 'g', '1', 'x', 'a')).to.equal('-ERR value is not a valid float\r\n');
      expect(ks.run('GEOADD', 'g', '', '1', 'a')).to.equal('-ERR value is not a valid float\r\n');
      expect(ks.run('EXISTS', 'g')).to.equal(':0\r\n');
      ks.run('SET', 's', 'x');
      expect(ks.run('GEOADD', 's', '1', '1', 'a')).to.match(/^-WRONGTYPE/);
    });

    it('takes the ends of the world', () => {
      ks.run(
        'GEOADD',
        'e',
        '180',
        '85.05112878',
        'ne',
        '-180',
        '-85.05112878',
        'sw',
        '180',
        '10',
        'e',
      );
      expect(ks.run('GEOPOS', 'e', 'ne', 'sw')).to.equal(
        '*2\r\n*2\r\n$3\r\n180\r\n$19\r\n85.0511287799999991\r\n' +
          '*2\r\n$22\r\n-179.99999731779098511\r\n$21\r\n-85.05112751263942528\r\n',
      );
      expect(
        bulks(ks.run('GEOSEARCH', 'e', 'FROMLONLAT', '180', '10', 'BYRADIUS', '1', 'm')),
      ).to.deep.equal(['e']);
      // The hash of the farthest corner has 54 bits.
      expect(ks.run('ZSCORE', 'e', 'ne')).to.equal('$17\r\n13510798882111488\r\n');
    });
  });

  describe('GEOPOS, GEOHASH and GEODIST', () => {
    it('tell what there is, and null for what there is not', () => {
      sicily(() => {
        expect(ks.run('GEOPOS', 'Sicily', 'Palermo', 'x')).to.equal(
          '*2\r\n*2\r\n$20\r\n13.36138933897018433\r\n$20\r\n38.11555639549629859\r\n*-1\r\n',
        );
        expect(ks.run('GEOHASH', 'Sicily', 'Palermo', 'Catania', 'x')).to.equal(
          `*3\r\n$11\r\nsqc8b49rny0\r\n$11\r\nsqdtr74hyu0\r\n${NIL}`,
        );
        expect(ks.run('GEODIST', 'Sicily', 'Palermo', 'Catania')).to.equal(
          '$11\r\n166274.1516\r\n',
        );
        expect(ks.run('GEODIST', 'Sicily', 'Palermo', 'x')).to.equal(NIL);
        expect(ks.run('GEODIST', 'Sicily', 'x', 'Palermo')).to.equal(NIL);
      });
      expect(ks.run('GEOPOS', 'nosuch', 'a')).to.equal('*1\r\n*-1\r\n');
      expect(ks.run('GEOPOS', 'nosuch')).to.equal('*0\r\n');
      expect(ks.run('GEOHASH', 'nosuch', 'a')).to.equal(`*1\r\n${NIL}`);
      expect(ks.run('GEODIST', 'nosuch', 'a', 'b')).to.equal(NIL);
    });

    it('know metres, kilometres, feet and miles', () => {
      sicily(() => {
        const dist = (...unit: string[]): string =>
          bulks(ks.run('GEODIST', 'Sicily', 'Palermo', 'Catania', ...unit))[0];
        expect(['M', 'km', 'ft', 'mi'].map((unit) => dist(unit))).to.deep.equal([
          '166274.1516',
          '166.2742',
          '545518.8700',
          '103.3182',
        ]);
        expect(ks.run('GEODIST', 'Sicily', 'Palermo', 'Catania', 'yd')).to.equal(
          '-ERR unsupported unit provided. please use M, KM, FT, MI\r\n',
        );
        expect(ks.run('GEODIST', 'Sicily', 'Palermo', 'Catania', 'm', 'x')).to.equal(SYNTAX);
      });
    });

    it('refuse what is no sorted set', () => {
      ks.run('SET', 's', 'x');
      for (const command of [
        ['GEOPOS', 's', 'a'],
        ['GEOHASH', 's', 'a'],
        ['GEODIST', 's', 'a', 'b'],
        ['GEOSEARCH', 's', 'FROMMEMBER', 'a', 'BYRADIUS', '1', 'm'],
        ['GEORADIUS', 's', '1', '1', '1', 'm'],
      ]) {
        expect(ks.run(...command)).to.match(/^-WRONGTYPE/);
      }
    });

    it('write the coordinates of RESP3 as doubles', () => {
      ks.run('GEOADD', 'Sicily', '13.361389', '38.115556', 'Palermo');
      ks.run('HELLO', '3');
      expect(ks.run('GEOPOS', 'Sicily', 'Palermo', 'x')).to.equal(
        '*2\r\n*2\r\n,13.36138933897018433\r\n,38.11555639549629859\r\n_\r\n',
      );
    });
  });

  describe('searches', () => {
    it('reply with the member, and what is asked for, in the order distance, hash, coordinates', () => {
      sicily(() => {
        expect(
          ks.run(
            'GEOSEARCH',
            'Sicily',
            'FROMLONLAT',
            '15',
            '37',
            'BYRADIUS',
            '200',
            'km',
            'ASC',
            'WITHCOORD',
            'WITHDIST',
            'WITHHASH',
          ),
        ).to.equal(
          '*2\r\n' +
            '*4\r\n$7\r\nCatania\r\n$7\r\n56.4413\r\n:3479447370796909\r\n*2\r\n$20\r\n15.08726745843887329\r\n$20\r\n37.50266842333162032\r\n' +
            '*4\r\n$7\r\nPalermo\r\n$8\r\n190.4424\r\n:3479099956230698\r\n*2\r\n$20\r\n13.36138933897018433\r\n$20\r\n38.11555639549629859\r\n',
        );
        expect(ks.run('GEORADIUS', 'Sicily', '15', '37', '200', 'km', 'DESC')).to.equal(
          '*2\r\n$7\r\nPalermo\r\n$7\r\nCatania\r\n',
        );
        expect(ks.run('GEORADIUSBYMEMBER', 'Sicily', 'Palermo', '100', 'km')).to.equal(
          '*1\r\n$7\r\nPalermo\r\n',
        );
        expect(
          ks.run(
            'GEOSEARCH',
            'Sicily',
            'BYBOX',
            '400',
            '400',
            'km',
            'FROMLONLAT',
            '15',
            '37',
            'COUNT',
            '1',
            'WITHDIST',
          ),
        ).to.equal('*1\r\n*2\r\n$7\r\nCatania\r\n$7\r\n56.4413\r\n');
        expect(ks.run('GEORADIUS_RO', 'Sicily', '15', '37', '1', 'm')).to.equal('*0\r\n');
      });
    });

    it('find just what is within the distance', () => {
      // The squares that are looked at are an estimate: always the same places are tried.
      const random = new Random(7);
      for (const entries of ['1000', '0']) {
        ks.run('CONFIG', 'SET', 'zset-max-listpack-entries', entries);
        ks.run('DEL', 'g');
        for (let i = 0; i < 300; i++) {
          ks.run(
            'GEOADD',
            'g',
            (random.next() - 0.5) * 340,
            (random.next() - 0.5) * 120,
            `m${String(i)}`,
          );
        }
        const scores = bulks(ks.run('ZRANGE', 'g', 0, -1, 'WITHSCORES'));
        const places: { member: string; xy: number[] }[] = [];
        for (let i = 0; i < scores.length; i += 2) {
          const xy = [0, 0];
          decodeGeohash(Number(scores[i + 1]), xy);
          places.push({ member: scores[i], xy });
        }
        for (let i = 0; i < 60; i++) {
          const [x, y] = [(random.next() - 0.5) * 300, (random.next() - 0.5) * 100];
          const radius = 10 ** (random.next() * 3 + 3);
          const near = places
            .map(({ member, xy }) => ({ member, dist: geohashGetDistance(x, y, xy[0], xy[1]) }))
            .filter(({ dist }) => dist <= radius)
            .sort((a, b) => a.dist - b.dist)
            .map(({ member }) => member);
          // A search that reaches around the end of the world misses what is there: C looks at nine squares only.
          if (
            Math.abs(x) + radius / 111000 / Math.cos((y * Math.PI) / 180) > 180 ||
            Math.abs(y) + radius / 111000 > 80
          )
            continue;
          const found = bulks(ks.run('GEORADIUS', 'g', x, y, radius, 'm', 'ASC'));
          expect(found, `${x},${y} ${radius}`).to.deep.equal(near);
          const some = bulks(ks.run('GEORADIUS', 'g', x, y, radius, 'm', 'COUNT', 3));
          expect(some).to.deep.equal(near.slice(0, 3));
          const any = bulks(ks.run('GEORADIUS', 'g', x, y, radius, 'm', 'ANY', 'COUNT', 3));
          expect(any).to.have.length(Math.min(3, near.length));
          expect(near).to.include.members(any);
        }
      }
    });

    it('show a score that is no geohash as an integer', () => {
      ks.run('ZADD', 'z', '9007199254740992', 'a', '2.5', 'b', '-1e300', 'c');
      expect(ks.run('GEORADIUS', 'z', '180', '-85', '30000', 'km', 'WITHHASH', 'ASC')).to.include(
        ':9007199254740992',
      );
      expect(ks.run('GEORADIUSBYMEMBER', 'z', 'b', '1', 'km', 'WITHHASH')).to.include(':2\r\n');
      ks.run('GEOADD', 'z', '180', '10', 'd');
    });

    it('refuse options that are none, or do not go together', () => {
      ks.run('GEOADD', 'g', '1', '1', 'a');
      const search = (...args: string[]): string => ks.run('GEOSEARCH', 'g', ...args);
      const from = ['FROMMEMBER', 'a'];
      const by = ['BYRADIUS', '1', 'm'];
      expect(search(...from, ...by, 'x')).to.equal(SYNTAX);
      expect(search(...from, ...by, 'STORE', 'x')).to.equal(SYNTAX);
      expect(search(...from, ...by, 'STOREDIST')).to.equal(SYNTAX);
      expect(search(...from, ...by, 'COUNT')).to.equal(SYNTAX);
      expect(search(...from, ...by, 'COUNT', '0')).to.equal('-ERR COUNT must be > 0\r\n');
      expect(search(...from, ...by, 'COUNT', 'x')).to.equal(
        '-ERR value is not an integer or out of range\r\n',
      );
      expect(search(...from, ...by, 'ANY')).to.equal(
        '-ERR the ANY argument requires COUNT argument\r\n',
      );
      expect(search(...from, 'FROMLONLAT', '1', '1', ...by)).to.equal(SYNTAX);
      expect(search('FROMLONLAT', '1', '1', ...from, ...by)).to.equal(SYNTAX);
      expect(search(...from, ...by, 'BYBOX', '1', '1', 'm')).to.equal(SYNTAX);
      expect(search(...from, 'BYBOX', '1', '1', 'm', ...by)).to.equal(SYNTAX);
      expect(search(...by, 'ASC', 'ASC')).to.equal(
        '-ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for GEOSEARCH\r\n',
      );
      expect(search(...from, 'ASC', 'ASC', 'ASC')).to.equal(
        '-ERR exactly one of BYRADIUS and BYBOX can be specified for GEOSEARCH\r\n',
      );
      expect(search('FROMMEMBER', 'nosuch', ...by)).to.equal(
        '-ERR could not decode requested zset member\r\n',
      );
      expect(search('FROMLONLAT', '200', '1', ...by)).to.match(
        /^-ERR invalid longitude,latitude pair/,
      );
      expect(search(...from, 'BYRADIUS', 'x', 'm')).to.equal('-ERR need numeric radius\r\n');
      expect(search(...from, 'BYRADIUS', '-1', 'm')).to.equal('-ERR radius cannot be negative\r\n');
      expect(search(...from, 'BYRADIUS', '1', 'x')).to.match(/^-ERR unsupported unit/);
      expect(search(...from, 'BYBOX', 'x', '1', 'm')).to.equal('-ERR need numeric width\r\n');
      expect(search(...from, 'BYBOX', '1', 'x', 'm')).to.equal('-ERR need numeric height\r\n');
      expect(search(...from, 'BYBOX', '1', '-1', 'm')).to.equal(
        '-ERR height or width cannot be negative\r\n',
      );
      expect(search(...from, 'BYBOX', '1', '1', 'x')).to.match(/^-ERR unsupported unit/);
      expect(ks.run('GEORADIUS', 'g', '1', '1', '1', 'm', 'STORE', 'd', 'WITHDIST')).to.equal(
        '-ERR STORE option in GEORADIUS is not compatible with WITHDIST, WITHHASH and WITHCOORD options\r\n',
      );
      expect(ks.run('GEOSEARCHSTORE', 'd', 'g', ...from, ...by, 'WITHHASH')).to.equal(
        '-ERR GEOSEARCHSTORE is not compatible with WITHDIST, WITHHASH and WITHCOORD options\r\n',
      );
      expect(ks.run('GEORADIUS_RO', 'g', '1', '1', '1', 'm', 'STORE', 'd')).to.equal(SYNTAX);
      expect(ks.run('GEORADIUSBYMEMBER_RO', 'g', 'a', '1', 'm', 'STOREDIST', 'd')).to.equal(SYNTAX);
      expect(ks.run('GEORADIUSBYMEMBER', 'g', 'nosuch', '1', 'm')).to.equal(
        '-ERR could not decode requested zset member\r\n',
      );
      expect(ks.run('GEORADIUSBYMEMBER', 'g', 'a', '1', 'x')).to.match(/^-ERR unsupported unit/);
      expect(ks.run('GEORADIUS', 'g', '1', '1', 'x', 'm')).to.equal('-ERR need numeric radius\r\n');
      expect(ks.run('GEORADIUS', 'g', 'x', '1', '1', 'm')).to.equal(
        '-ERR value is not a valid float\r\n',
      );
    });

    it('of a key that is missing find nothing, whatever the member', () => {
      expect(ks.run('GEORADIUSBYMEMBER', 'nosuch', 'a', '1', 'm')).to.equal('*0\r\n');
      expect(ks.run('GEOSEARCH', 'nosuch', 'FROMMEMBER', 'a', 'BYRADIUS', '1', 'm')).to.equal(
        '*0\r\n',
      );
      ks.run('SET', 'd', 'x');
      expect(
        ks.run('GEOSEARCHSTORE', 'd', 'nosuch', 'FROMMEMBER', 'a', 'BYRADIUS', '1', 'm'),
      ).to.equal(':0\r\n');
      expect(ks.run('EXISTS', 'd')).to.equal(':0\r\n');
      expect(ks.run('GEORADIUS', 'nosuch', '1', '1', '1', 'm', 'STORE', 'd')).to.equal(':0\r\n');
    });
  });

  describe('STORE', () => {
    it('keeps the geohashes, and with STOREDIST the distances in the unit', () => {
      sicily(() => {
        expect(ks.run('GEORADIUS', 'Sicily', '15', '37', '200', 'km', 'STORE', 'd')).to.equal(
          ':2\r\n',
        );
        expect(ks.run('ZRANGE', 'd', '0', '-1', 'WITHSCORES')).to.equal(
          ks.run('ZRANGE', 'Sicily', '0', '-1', 'WITHSCORES'),
        );
        expect(ks.run('GEORADIUS', 'Sicily', '15', '37', '200', 'km', 'STOREDIST', 'd')).to.equal(
          ':2\r\n',
        );
        expect(bulks(ks.run('ZRANGE', 'd', '0', '-1', 'WITHSCORES'))).to.deep.equal([
          'Catania', '56.441257870158204', 'Palermo', '190.44242984775784',
        ]); // prettier-ignore
        expect(
          ks.run(
            'GEOSEARCHSTORE',
            'd',
            'Sicily',
            'FROMLONLAT',
            '15',
            '37',
            'BYRADIUS',
            '200000',
            'm',
            'COUNT',
            '1',
            'STOREDIST',
          ),
        ).to.equal(':1\r\n');
        expect(bulks(ks.run('ZRANGE', 'd', '0', '-1', 'WITHSCORES'))).to.deep.equal([
          'Catania',
          '56441.257870158202',
        ]);
        expect(ks.run('GEORADIUS', 'Sicily', '15', '37', '1', 'm', 'STORE', 'd')).to.equal(
          ':0\r\n',
        );
        expect(ks.run('EXISTS', 'd')).to.equal(':0\r\n');
        expect(ks.run('GEORADIUS', 'Sicily', '15', '37', '1', 'm', 'STORE', 'd')).to.equal(
          ':0\r\n',
        );
        // Of two, the last one holds.
        expect(
          ks.run('GEORADIUS', 'Sicily', '15', '37', '200', 'km', 'STORE', 'd', 'STOREDIST', 'e'),
        ).to.equal(':2\r\n');
        expect(ks.run('EXISTS', 'd', 'e')).to.equal(':1\r\n');
      });
    });

    it('makes a sorted set of the right encoding, and gives the memory back', () => {
      let before = 0;
      // The first time each command gets a histogram of its latencies.
      for (let i = 0; i < 2; i++) {
        ks.run('DEL', 'Sicily', 'd');
        before = zmalloc_used_memory();
        sicily(() => {
          ks.run(
            'GEOSEARCHSTORE',
            'd',
            'Sicily',
            'FROMLONLAT',
            '15',
            '37',
            'BYRADIUS',
            '200',
            'km',
          );
          expect(ks.run('OBJECT', 'ENCODING', 'd')).to.equal(
            ks.run('OBJECT', 'ENCODING', 'Sicily'),
          );
        });
      }
      ks.run('DEL', 'Sicily', 'd');
      expect(zmalloc_used_memory()).to.equal(before);
    });

    it('counts as many changes as places', () => {
      sicily(() => {
        const dirty = ks.server.dirty;
        ks.run('GEORADIUS', 'Sicily', '15', '37', '200', 'km', 'STORE', 'd');
        expect(ks.server.dirty).to.equal(dirty + 2);
        ks.run('GEORADIUS', 'Sicily', '15', '37', '1', 'm', 'STORE', 'd');
        expect(ks.server.dirty).to.equal(dirty + 3);
        ks.run('GEORADIUS', 'nosuch', '15', '37', '1', 'm', 'STORE', 'Sicily');
        expect(ks.server.dirty).to.equal(dirty + 4);
      });
    });

    it('is found in the command line: the last one', () => {
      const keys = (...args: string[]): number[] => {
        const argv = args.map(createStringObject);
        const result = new getKeysResult();
        georadiusGetKeys(lookupCommandByCString('georadius')!, argv, argv.length, result);
        return result.keys.slice(0, result.numkeys).map((key) => key.pos);
      };
      const start = ['GEORADIUS', 'k', '1', '1', '1', 'm'];
      expect(keys(...start)).to.deep.equal([1]);
      expect(keys(...start, 'STORE', 'd')).to.deep.equal([1, 7]);
      expect(keys(...start, 'store', 'd', 'STOREDIST', 'e')).to.deep.equal([1, 9]);
      expect(keys(...start, 'STORE')).to.deep.equal([1]);
      expect(ks.run('COMMAND', 'GETKEYS', ...start, 'STOREDIST', 'd')).to.equal(
        '*2\r\n$1\r\nk\r\n$1\r\nd\r\n',
      );
    });
  });

  it('notes what it did to those who listen', () => {
    const listener: client = ks.newClient();
    ks.run('CONFIG', 'SET', 'notify-keyspace-events', 'EA');
    ks.runAs(listener, 'PSUBSCRIBE', '*');
    const events = (): string[] =>
      [...ks.taken(listener).matchAll(/__keyevent@0__:(\w+)\r\n\$\d+\r\n(\w+)/g)].map(
        (m) => `${m[1]} ${m[2]}`,
      );
    ks.run('GEOADD', 'g', '1', '1', 'a');
    expect(events()).to.deep.equal(['zadd g']);
    ks.run('GEORADIUS', 'g', '1', '1', '1', 'km', 'STORE', 'd');
    expect(events()).to.deep.equal(['georadiusstore d']);
    ks.run('GEOSEARCHSTORE', 'd', 'g', 'FROMMEMBER', 'a', 'BYRADIUS', '1', 'm');
    expect(events()).to.deep.equal(['geosearchstore d']);
    ks.run('GEOSEARCHSTORE', 'd', 'g', 'FROMLONLAT', '50', '50', 'BYRADIUS', '1', 'm');
    expect(events()).to.deep.equal(['del d']);
  });
});
