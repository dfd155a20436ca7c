/**
 * The same random commands on HyperLogLogs and places, and SORT on all that can be sorted, to this server and to a real
 * redis-server: the replies must be the same bytes. The bytes of a HyperLogLog are read with GET, scores of stored
 * searches with ZRANGE.
 *
 * What a hash table's order decides is left out: SORT of a set with no order, and ALPHA with BY of anything but a list.
 * `TEST_SEED=n` plays a run again, `TEST_ROUNDS=n` makes it longer.
 */
import { expect } from 'chai';
import { Random } from '../support/random.ts';
import type { Reply, RespClient } from '../support/resp.ts';
import { differential, haveRealServer, serverForSuite } from '../support/server.ts';

type Command = (string | number)[];

/** Commands on HyperLogLogs: few keys, now sparse and now dense. */
class HllGenerator {
  readonly random: Random;
  #next = 0;
  constructor(random: Random) {
    this.random = random;
  }

  key(): string {
    return `h${this.random.int(0, 4)}`;
  }

  /** Mostly an element that was not there before, of any length. */
  element(): string {
    if (this.random.chance(0.1))
      return this.random.pick(['', '0', 'a', '12345678', '\x00', '\xff'.repeat(9)]);
    if (this.random.chance(0.7)) return `element:${this.#next++}`;
    const length = this.random.int(0, 40);
    return Array.from({ length }, () => String.fromCharCode(this.random.int(0, 255))).join('');
  }

  elements(most: number): string[] {
    return Array.from({ length: this.random.int(0, most) }, () => this.element());
  }

  next(): Command {
    const key = this.key();
    return this.random.pick<() => Command>([
      () => ['PFADD', key, ...this.elements(3)],
      () => ['PFADD', key, ...this.elements(50)],
      () => ['PFADD', key, ...this.elements(this.random.chance(0.1) ? 3000 : 200)],
      () => ['PFCOUNT', key],
      () => ['PFCOUNT', key],
      () => ['PFCOUNT', ...Array.from({ length: this.random.int(2, 4) }, () => this.key())],
      () => ['PFMERGE', ...Array.from({ length: this.random.int(1, 3) }, () => this.key())],
      () => ['GET', key],
      () => ['GET', key],
      () => ['STRLEN', key],
      () => ['OBJECT', 'ENCODING', key],
      () => ['PFDEBUG', this.random.pick(['ENCODING', 'decode', 'getreg', 'todense', 'what']), key],
      () => ['DEL', key],
      () => [this.random.pick(['PFADD', 'PFCOUNT', 'PFMERGE']), this.random.pick(['string', 'number', 'list'])],
      () => ['COPY', key, this.key(), 'REPLACE'],
      () => ['CONFIG', 'SET', 'hll-sparse-max-bytes', this.random.pick([3000, 3000, 500, 100, 0, 16000])],
    ])(); // prettier-ignore
  }
}

/** Commands on places, of the whole world and of one town, and at the ends of the world. */
class GeoGenerator {
  readonly random: Random;
  constructor(random: Random) {
    this.random = random;
  }

  key(): string {
    return `g${this.random.int(0, 3)}`;
  }

  member(): string {
    return `m${this.random.int(0, 300)}`;
  }

  longitude(): string {
    if (this.random.chance(0.05))
      return this.random.pick(['180', '-180', '0', '-0', '179.9999999', '-179.9999999']);
    if (this.random.chance(0.01)) return this.random.pick(['180.1', '-200', 'x', 'nan', 'inf', '']);
    const spread = this.random.pick([360, 360, 20, 0.5]);
    return String((this.random.next() - 0.5) * spread);
  }

  latitude(): string {
    if (this.random.chance(0.05))
      return this.random.pick(['85.05112878', '-85.05112878', '0', '85', '-85', '66.1', '80.1']);
    if (this.random.chance(0.01)) return this.random.pick(['86', '-90', 'x', '']);
    const spread = this.random.pick([170, 170, 20, 0.5]);
    return String((this.random.next() - 0.5) * spread);
  }

  unit(): string {
    return this.random.chance(0.02) ? 'yd' : this.random.pick(['m', 'km', 'ft', 'mi', 'KM', 'Mi']);
  }

  distance(): string {
    if (this.random.chance(0.03))
      return this.random.pick(['0', '-1', 'x', 'inf', '1e300', '40000000']);
    return String(this.random.next() * 10 ** this.random.int(0, 7));
  }

  /** Each with some probability. */
  options(...options: (() => Command)[]): Command {
    const chosen = options.filter(() => this.random.chance(0.3));
    if (this.random.chance(0.01)) chosen.push(() => ['NOSUCHOPTION']);
    return chosen.flatMap((make) => make());
  }

  common(): (() => Command)[] {
    return [
      () => [this.random.pick(['ASC', 'DESC'])],
      () => [
        'COUNT',
        this.random.chance(0.05) ? this.random.pick([0, -1, 'x']) : this.random.int(1, 20),
      ],
    ];
  }

  withs(): (() => Command)[] {
    return [
      () => ['WITHCOORD'],
      () => ['WITHDIST'],
      () => ['WITHHASH'],
      ...this.common(),
      () => (this.random.chance(0.3) ? ['ANY', 'COUNT', this.random.int(1, 5)] : []),
    ];
  }

  shape(): Command {
    const from = this.random.chance(0.5)
      ? ['FROMMEMBER', this.member()]
      : ['FROMLONLAT', this.longitude(), this.latitude()];
    const by = this.random.chance(0.5)
      ? ['BYRADIUS', this.distance(), this.unit()]
      : ['BYBOX', this.distance(), this.distance(), this.unit()];
    if (this.random.chance(0.01)) return from;
    if (this.random.chance(0.01)) return by;
    return this.random.chance(0.5) ? [...from, ...by] : [...by, ...from];
  }

  places(): Command {
    return Array.from({ length: this.random.int(1, 40) }, () => [
      this.longitude(),
      this.latitude(),
      this.member(),
    ]).flat();
  }

  next(): Command {
    const key = this.key();
    const store = (): Command => [
      this.random.pick(['STORE', 'STOREDIST']),
      `d${this.random.int(0, 2)}`,
    ];
    return this.random.pick<() => Command>([
      () => ['GEOADD', key, ...this.options(() => ['CH'], () => [this.random.pick(['NX', 'XX'])]), ...this.places()],
      () => ['GEOADD', key, ...this.places()],
      () => ['GEOPOS', key, this.member(), this.member()],
      () => ['GEOHASH', key, this.member(), this.member()],
      () => ['GEODIST', key, this.member(), this.member(), ...(this.random.chance(0.5) ? [this.unit()] : [])],
      () => ['GEORADIUS', key, this.longitude(), this.latitude(), this.distance(), this.unit(), ...this.options(...this.withs(), ...(this.random.chance(0.2) ? [store] : []))],
      () => ['GEORADIUS_RO', key, this.longitude(), this.latitude(), this.distance(), this.unit(), ...this.options(...this.withs())],
      () => ['GEORADIUSBYMEMBER', key, this.member(), this.distance(), this.unit(), ...this.options(...this.common(), store)],
      () => ['GEORADIUSBYMEMBER_RO', key, this.member(), this.distance(), this.unit(), ...this.options(...this.withs())],
      () => ['GEOSEARCH', key, ...this.shape(), ...this.options(...this.withs())],
      () => ['GEOSEARCH', key, ...this.shape(), ...this.options(...this.withs())],
      () => ['GEOSEARCH', key, ...this.shape(), ...this.options(...this.withs())],
      () => ['GEOSEARCHSTORE', `d${this.random.int(0, 2)}`, key, ...this.shape(), ...this.options(...this.common(), () => ['STOREDIST'])],
      () => ['ZRANGE', `d${this.random.int(0, 2)}`, 0, -1],
      () => ['ZRANGE', key, 0, -1, 'WITHSCORES'],
      () => ['OBJECT', 'ENCODING', this.random.pick([key, 'd0', 'd1'])],
      () => (this.random.chance(0.3) ? ['DEL', key] : ['ZREM', key, this.member()]),
      () => ['ZADD', key, this.random.pick(['1.5', '-1', '1e300', '-1e300', 'inf', '-inf', '4503599627370496', '18446744073709551615', '9007199254740992', '1e19']), this.member()],
    ])(); // prettier-ignore
  }
}

/** ALPHA takes elements that differ behind a zero byte for equal, and a hash table has them in any order. */
function noZero(member: string): boolean {
  return !member.includes('\x00');
}

/** SORT of lists, sets and sorted sets, by themselves and by other keys. */
class SortGenerator {
  readonly random: Random;
  constructor(random: Random) {
    this.random = random;
  }

  number(): string {
    if (this.random.chance(0.02)) {
      return this.random.pick([
        'x', '', ' 1', '1 ', 'nan', 'inf', '-inf', '0x10', '1\x002', '9223372036854775807', '9007199254740993',
      ]); // prettier-ignore
    }
    return String(
      this.random.chance(0.7) ? this.random.int(-30, 30) : (this.random.next() - 0.5) * 100,
    );
  }

  word(): string {
    const length = this.random.int(0, 3);
    return Array.from({ length }, () => this.random.pick(['a', 'b', 'B', '1', '\xe4', '-'])).join(
      '',
    );
  }

  numbers(most = 60): string[] {
    return Array.from({ length: this.random.int(1, most) }, () => this.number());
  }

  words(most = 60): string[] {
    return Array.from({ length: this.random.int(1, most) }, () => this.word());
  }

  pattern(): string {
    return this.random.pick([
      'w_*',
      'w_*',
      'w_*',
      'h_*->f',
      'h_*->w_*',
      '*',
      'w_*->',
      'l_*',
      '*->f',
      'w_**',
    ]);
  }

  source(): { key: string; ordered: boolean; list: boolean } {
    const key = this.random.pick(['ln', 'lw', 'sn', 'sw', 'zn', 'zw', 'nosuch', 'string']);
    return { key, ordered: !key.startsWith('s'), list: key.startsWith('l') };
  }

  sort(): Command {
    const { key, ordered, list } = this.source();
    const command: Command = [this.random.chance(0.8) ? 'SORT' : 'SORT_RO', key];
    const store = this.random.chance(0.2);
    let alpha = this.random.chance(0.4) || key.endsWith('w');
    if (this.random.chance(0.4)) {
      if (ordered && this.random.chance(0.3))
        command.push('BY', this.random.pick(['nosort', '\x00*']));
      else command.push('BY', this.pattern());
      if (!list) alpha = false;
    }
    if (alpha) command.push('ALPHA');
    if (this.random.chance(0.4)) {
      command.push(
        'LIMIT',
        this.random.int(-2, 60),
        this.random.pick([-1, 0, 1, 2, 10, 100, this.random.int(0, 60)]),
      );
    }
    if (this.random.chance(0.3))
      command.push('GET', this.random.pick(['#', this.pattern(), 'nostar', '\x00*']));
    if (this.random.chance(0.2)) command.push('GET', this.pattern());
    if (this.random.chance(0.3)) command.push(this.random.pick(['DESC', 'ASC', 'desc']));
    if (store) command.push('STORE', `t${this.random.int(0, 2)}`);
    if (this.random.chance(0.01)) command.push(this.random.pick(['LIMIT', 'BY', 'x', 'STORE']));
    return command;
  }

  next(): Command {
    if (this.random.chance(0.7)) return this.sort();
    return this.random.pick<() => Command>([
      () => ['RPUSH', 'ln', ...this.numbers()],
      () => ['RPUSH', 'lw', ...this.words()],
      () => ['SADD', 'sn', ...this.numbers(100).filter(noZero)],
      () => ['SADD', 'sw', ...this.words()],
      () => ['ZADD', 'zn', ...this.numbers().filter(noZero).flatMap((member) => [this.random.int(0, 50), member])],
      () => ['ZADD', 'zw', ...this.words().flatMap((member) => [this.random.int(0, 50), member])],
      () => ['MSET', ...this.numbers().flatMap((n) => [`w_${n}`, this.random.chance(0.9) ? this.number() : this.word()])],
      () => ['HSET', `h_${this.number()}`, 'f', this.number(), `w_${this.number()}`, this.word()],
      () => ['RPUSH', `l_${this.number()}`, 'x'],
      () => ['LRANGE', `t${this.random.int(0, 2)}`, 0, -1],
      () => ['DEL', this.random.pick(['ln', 'lw', 'sn', 'sw', 'zn', 'zw', 't0'])],
      () => ['TYPE', `t${this.random.int(0, 2)}`],
    ])(); // prettier-ignore
  }
}

const raw = (_: readonly (string | number)[], ours: Reply, real: Reply): boolean =>
  ours.raw === real.raw;

(haveRealServer ? describe : describe.skip)(
  'HyperLogLogs, places and SORT beside a real redis-server',
  function () {
    this.timeout(process.env['TEST_ROUNDS'] === undefined ? 120000 : 0);
    const ours = serverForSuite();
    const real = serverForSuite({ binary: 'real' });
    const rounds = Number(process.env['TEST_ROUNDS'] ?? 8);

    async function compare(
      generator: { readonly random: Random; next(): Command },
      batch: number,
      first: Command[],
      same: (command: readonly (string | number)[], ours: Reply, real: Reply) => boolean = raw,
    ): Promise<[RespClient, RespClient]> {
      const [a, b] = [await ours().connect(), await real().connect()];
      let commands: Command[] = [
        ['FLUSHALL'],
        ['RPUSH', 'list', 'a'],
        ['SET', 'string', 'value'],
        ['SET', 'number', '1'],
        ...first,
      ];
      for (let round = 0; round < rounds; round++) {
        const differences = await differential(a, b, commands, same);
        const report = differences
          .slice(0, 5)
          .map(
            (d) =>
              `${JSON.stringify(d.command).slice(0, 300)}\n  ours ${d.ours.slice(0, 400)}\n  real ${d.real.slice(0, 400)}`,
          );
        expect(
          differences,
          `TEST_SEED=${generator.random.seed} round ${round}\n${report.join('\n')}`,
        ).to.have.length(0);
        commands = Array.from({ length: batch }, () => generator.next());
      }
      return [a, b];
    }

    it('has the registers of HyperLogLogs in the same bytes', async () => {
      await compare(new HllGenerator(Random.fromEnvironment()), 200, []);
    });

    it('finds the same places, as far, and in the same order', async () => {
      const [a, b] = await compare(new GeoGenerator(Random.fromEnvironment()), 200, []);
      // Distances with all their digits: the last bit may differ in one of some hundred.
      await a.command(
        'GEOSEARCHSTORE',
        'd',
        'g0',
        'FROMLONLAT',
        '10',
        '20',
        'BYRADIUS',
        '21000',
        'km',
        'STOREDIST',
      );
      await b.command(
        'GEOSEARCHSTORE',
        'd',
        'g0',
        'FROMLONLAT',
        '10',
        '20',
        'BYRADIUS',
        '21000',
        'km',
        'STOREDIST',
      );
      const [x, y] = [
        await a.value('ZRANGE', 'd', 0, -1, 'WITHSCORES'),
        await b.value('ZRANGE', 'd', 0, -1, 'WITHSCORES'),
      ] as string[][];
      expect(x).to.have.length(y.length);
      for (let i = 0; i < x.length; i += 2) {
        expect(x[i]).to.equal(y[i]);
        expect(Number(x[i + 1])).to.be.closeTo(Number(y[i + 1]), 1e-10 * Number(y[i + 1]));
      }
    });

    it('sorts alike', async () => {
      await compare(new SortGenerator(Random.fromEnvironment()), 400, []);
    });
  },
);
