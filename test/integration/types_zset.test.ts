/**
 * The same random commands on sorted sets to this server and to a real redis-server: the replies must be the same bytes,
 * and all values and encodings the same in the end.
 *
 * A run has few keys, whose sorted sets are small or large as the limits of the listpack change now and then. Replies that
 * depend on chance (ZRANDMEMBER) or on the order in a hash table (ZSCAN of a large one) are compared by what must hold.
 * `TEST_SEED=n` plays a run again, `TEST_ROUNDS=n` makes it longer.
 */
import { expect } from 'chai';
import { Random } from '../support/random.ts';
import type { Reply, RespClient, RespValue } from '../support/resp.ts';
import { differential, haveRealServer, serverForSuite } from '../support/server.ts';

type Command = (string | number)[];

const edgeScores = [
  '0', '-0', '1', '-1', '0.1', '-2.5', '3.0', '1e3', '1e-7', 'inf', '-inf', '+inf', 'Infinity', '2147483648', '1e17', '1e22',
  '4611686018427387904', '9007199254740993', '-9223372036854775808', '1.7976931348623157e308', '5e-324', '0x10',
  '3.14159265358979323846', '123456789.123456789', '-1e300', '1.5e300', '.5', '5.', '100000000000000000000',
]; // prettier-ignore
const badScores = ['nan', 'x', '', ' 1', '1 ', '1e400', '(1', '0x', '1,5'];
const edgeMembers = [
  '', '0', '-1', '007', '127', '128', '4095', '-4097', '65536', '2147483648', '9223372036854775807', '-9223372036854775808',
  '9223372036854775808', 'a', 'ab', 'abc', 'b', 'B', '\xff', '\x00', 'a\x00b', 'x'.repeat(64), 'x'.repeat(65), 'y'.repeat(300),
]; // prettier-ignore

class Generator {
  readonly random: Random;
  readonly #makers: (() => Command)[];

  constructor(random: Random) {
    this.random = random;
    // Commands that fill come more often than the many that read.
    const all = this.#all();
    this.#makers = Object.keys(all).flatMap((name) =>
      Array.from(
        { length: name === 'ZADD' ? 12 : 1 },
        () => () => [name, ...all[name]()] as Command,
      ),
    );
  }

  next(): Command {
    const command = this.random.pick(this.#makers)();
    // A blocking command might get a time without end.
    if (String(command[0]).startsWith('B')) return command;
    if (this.random.chance(0.01)) command.pop();
    if (this.random.chance(0.01)) command.push(this.member());
    return command.length === 0 ? ['PING'] : command;
  }

  key(): string {
    return this.random.chance(0.02) ? 'string' : `z${this.random.int(0, 5)}`;
  }

  /** A key whose elements all have one score: in a skiplist of others, where a lexicographical range begins is up to chance. */
  lexKey(): string {
    return `l${this.random.int(0, 2)}`;
  }

  /** A key that may hold a set as well. */
  source(): string {
    return this.random.chance(0.3) ? `s${this.random.int(0, 2)}` : this.key();
  }

  score(): string {
    if (this.random.chance(0.6)) return String(this.random.int(-20, 20));
    if (this.random.chance(0.3)) return String(this.random.int(-1000, 1000) / 8);
    if (this.random.chance(0.2)) return String((this.random.next() - 0.5) * 1e6);
    return this.random.chance(0.03) ? this.random.pick(badScores) : this.random.pick(edgeScores);
  }

  member(): string {
    if (this.random.chance(0.15)) return this.random.pick(edgeMembers);
    if (this.random.chance(0.5)) return `m${this.random.int(0, 150)}`;
    return String(this.random.int(-60, 60));
  }

  #times<T>(from: number, to: number, make: () => T): T[] {
    return Array.from({ length: this.random.int(from, to) }, make);
  }

  #options(...options: (() => Command)[]): Command {
    const chosen = options.filter(() => this.random.chance(0.3));
    if (this.random.chance(0.5)) chosen.reverse();
    if (this.random.chance(0.02)) chosen.push(() => ['NOSUCHOPTION']);
    return chosen.flatMap((make) => make());
  }

  #rank(): string {
    if (this.random.chance(0.03)) {
      return this.random.pick(['x', '', '9223372036854775807', '-9223372036854775808', '1.5']);
    }
    return String(this.random.int(-40, 40));
  }

  #rankRange(): Command {
    return this.random.chance(0.2) ? ['0', '-1'] : [this.#rank(), this.#rank()];
  }

  #scoreEnd(): string {
    if (this.random.chance(0.2)) return this.random.pick(['-inf', '+inf', 'inf', '(-inf', '(inf']);
    if (this.random.chance(0.02))
      return this.random.pick(['', '(', 'x', '(nan', '1x', '((1', '[1']);
    return (this.random.chance(0.3) ? '(' : '') + this.score();
  }

  #scoreRange(): Command {
    return this.random.chance(0.2) ? ['-inf', '+inf'] : [this.#scoreEnd(), this.#scoreEnd()];
  }

  #lexEnd(): string {
    if (this.random.chance(0.3)) return this.random.pick(['-', '+']);
    if (this.random.chance(0.03)) return this.random.pick(['', 'a', '-x', '+x', '5', '-\x00x']);
    return this.random.pick(['[', '(']) + this.member();
  }

  #lexRange(): Command {
    return this.random.chance(0.2) ? ['-', '+'] : [this.#lexEnd(), this.#lexEnd()];
  }

  #limit(): Command {
    const n = (): string => (this.random.chance(0.1) ? '-1' : String(this.random.int(0, 20)));
    return ['LIMIT', this.random.chance(0.4) ? '0' : n(), this.random.chance(0.02) ? 'x' : n()];
  }

  /** key min max [BYSCORE | BYLEX] [REV] [LIMIT o c] [WITHSCORES] */
  #anyRange(): Command {
    const kind = this.random.pick(['rank', 'score', 'lex']);
    const range =
      kind === 'rank'
        ? this.#rankRange()
        : kind === 'score'
          ? [...this.#scoreRange(), 'BYSCORE']
          : [...this.#lexRange(), 'BYLEX'];
    const options = [(): Command => ['REV'], (): Command => ['WITHSCORES']];
    if (kind !== 'rank' || this.random.chance(0.1)) options.push(() => this.#limit());
    const key = kind === 'lex' ? this.lexKey() : this.key();
    return [key, ...range, ...this.#options(...options)];
  }

  #sources(store: boolean, aggregate: boolean): Command {
    const keys = this.#times(1, 4, () => this.source());
    const numkeys = this.random.chance(0.02)
      ? this.random.pick(['0', '-1', 'x', '9'])
      : keys.length;
    const options: (() => Command)[] = [];
    if (aggregate) {
      options.push(
        () => ['WEIGHTS', ...keys.map(() => this.score())],
        () => ['AGGREGATE', this.random.pick(['SUM', 'MIN', 'MAX', 'sum', 'AVG'])],
      );
    }
    if (!store) options.push(() => ['WITHSCORES']);
    return [numkeys, ...keys, ...this.#options(...options)];
  }

  #zaddOptions(): Command {
    return this.#options(
      () => [this.random.pick(['NX', 'XX', 'nx'])],
      () => [this.random.pick(['GT', 'LT', 'CH'])],
      () => (this.random.chance(0.3) ? ['INCR'] : []),
    );
  }

  #zaddPairs(): Command {
    const most = this.random.chance(0.2) ? 40 : 3;
    return this.#times(1, most, (): Command => [this.score(), this.member()]).flat();
  }

  #count(): Command {
    if (this.random.chance(0.5)) return [];
    return [this.random.chance(0.05) ? this.random.pick(['-1', 'x', '0']) : this.random.int(1, 30)];
  }

  #all(): Record<string, () => Command> {
    const key = (): string => this.key();
    const member = (): string => this.member();
    const withScores = (): Command => this.#options(() => ['WITHSCORES']);
    const mpop = (): Command => {
      const keys = this.#times(1, 3, key);
      return [
        this.random.chance(0.03) ? this.random.pick(['0', 'x', '7']) : keys.length,
        ...keys,
        this.random.pick(['MIN', 'MAX', 'min', 'max', 'MIN', 'MAX', 'MID']),
        ...this.#options(() => ['COUNT', this.random.pick(['1', '2', '10', '200', '0', 'x'])]),
      ];
    };
    return {
      ZADD: () => {
        if (this.random.chance(0.3)) {
          const pairs = this.#times(1, 20, (): Command => ['0', member()]);
          return [this.lexKey(), ...pairs.flat()];
        }
        return [key(), ...this.#zaddOptions(), ...this.#zaddPairs()];
      },
      SADD: () => [`s${this.random.int(0, 2)}`, ...this.#times(1, 6, member)],
      ZINCRBY: () => [key(), this.score(), member()],
      ZREM: () => [key(), ...this.#times(1, 6, member)],
      ZCARD: () => [key()],
      ZSCORE: () => [key(), member()],
      ZMSCORE: () => [key(), ...this.#times(1, 5, member)],
      ZRANK: () => [key(), member()],
      ZREVRANK: () => [key(), member()],
      ZRANGE: () => this.#anyRange(),
      ZRANGESTORE: () => [key(), ...this.#anyRange()],
      ZREVRANGE: () => [key(), ...this.#rankRange(), ...withScores()],
      ZRANGEBYSCORE: () => [
        key(),
        ...this.#scoreRange(),
        ...this.#options(
          () => ['WITHSCORES'],
          () => this.#limit(),
        ),
      ],
      ZREVRANGEBYSCORE: () => [
        key(),
        ...this.#scoreRange(),
        ...this.#options(
          () => ['WITHSCORES'],
          () => this.#limit(),
        ),
      ],
      ZRANGEBYLEX: () => [
        this.lexKey(),
        ...this.#lexRange(),
        ...this.#options(() => this.#limit()),
      ],
      ZREVRANGEBYLEX: () => [
        this.lexKey(),
        ...this.#lexRange(),
        ...this.#options(() => this.#limit()),
      ],
      ZCOUNT: () => [key(), ...this.#scoreRange()],
      ZLEXCOUNT: () => [this.lexKey(), ...this.#lexRange()],
      ZREMRANGEBYRANK: () => [key(), ...[this.#rank(), this.#rank()]],
      ZREMRANGEBYSCORE: () => [key(), this.#scoreEnd(), this.#scoreEnd()],
      ZREMRANGEBYLEX: () => [this.lexKey(), this.#lexEnd(), this.#lexEnd()],
      ZPOPMIN: () => [key(), ...this.#count()],
      ZPOPMAX: () => [key(), ...this.#count()],
      BZPOPMIN: () => [...this.#times(1, 3, key), this.random.pick(['0.01', '-1', 'x'])],
      BZPOPMAX: () => [...this.#times(1, 3, key), '0.01'],
      ZMPOP: mpop,
      BZMPOP: () => ['0.01', ...mpop()],
      ZUNION: () => this.#sources(false, true),
      ZINTER: () => this.#sources(false, true),
      ZDIFF: () => this.#sources(false, false),
      ZUNIONSTORE: () => [key(), ...this.#sources(true, true)],
      ZINTERSTORE: () => [key(), ...this.#sources(true, true)],
      ZDIFFSTORE: () => [key(), ...this.#sources(true, false)],
      ZINTERCARD: () => [
        ...this.#sources(true, false),
        ...this.#options(() => ['LIMIT', this.random.pick(['0', '1', '5', '-1', 'x'])]),
      ],
      ZRANDMEMBER: () => [
        key(),
        ...(this.random.chance(0.3)
          ? []
          : [this.random.int(-30, 300), ...this.#options(() => ['WITHSCORES'])]),
      ],
      ZSCAN: () => [
        key(),
        this.random.chance(0.05) ? 'x' : '0',
        ...this.#options(
          () => ['COUNT', '1000'],
          () => ['MATCH', this.random.pick(['m1*', '*', '-?', '[a-c]*'])],
        ),
      ],
      DEL: () => [key()],
      RENAME: () => [this.source(), key()],
      COPY: () => [key(), key(), 'REPLACE'],
      OBJECT: () => ['ENCODING', key()],
      TYPE: () => [key()],
      CONFIG: () => [
        'SET',
        'zset-max-listpack-entries',
        this.random.pick(['0', '1', '16', '128', '128', '128']),
        'zset-max-listpack-value',
        this.random.pick(['0', '1', '64', '64', '64']),
      ],
    };
  }
}

/** The replies of ZRANDMEMBER must be as long, those of ZSCAN hold the same elements if the first call gives them all. */
function same(command: readonly (string | number)[], ours: Reply, real: Reply): boolean {
  if (ours.raw === real.raw) return true;
  const [a, b] = [ours.value, real.value];
  if (command[0] === 'ZRANDMEMBER') {
    return Array.isArray(a) && Array.isArray(b) ? a.length === b.length : typeof a === typeof b;
  }
  if (command[0] === 'ZSCAN' && Array.isArray(a) && Array.isArray(b)) {
    if (a[0] !== '0' || b[0] !== '0') return true;
    const pairs = (items: RespValue): string =>
      (items as string[])
        .map((item, i) => (i % 2 ? '' : `${item} ${(items as string[])[i + 1]}`))
        .sort()
        .join();
    return pairs(a[1]) === pairs(b[1]);
  }
  return false;
}

/** What every key holds, as text that two servers can be compared by. */
async function keyspace(client: RespClient): Promise<string[]> {
  const rows: string[] = [];
  for (const key of ((await client.value('KEYS', '*')) as string[]).sort()) {
    const type = (await client.value('TYPE', key)) as string;
    const encoding = (await client.value('OBJECT', 'ENCODING', key)) as string;
    const content =
      type === 'zset'
        ? (await client.command('ZRANGE', key, 0, -1, 'WITHSCORES')).raw
        : type === 'set'
          ? (await client.command('SMEMBERS', key)).raw.slice(1).split('\r\n').sort().join()
          : '';
    rows.push(JSON.stringify(`${key} ${type} ${encoding} ${content}`));
  }
  return rows;
}

(haveRealServer ? describe : describe.skip)('Sorted sets beside a real redis-server', function () {
  this.timeout(process.env['TEST_ROUNDS'] === undefined ? 60000 : 0);
  const ours = serverForSuite();
  const real = serverForSuite({ binary: 'real' });
  const rounds = Number(process.env['TEST_ROUNDS'] ?? 8);
  const batch = 250;

  for (const resp of [2, 3]) {
    it(`random commands get the same bytes in reply with RESP${resp}`, async () => {
      const random = Random.fromEnvironment();
      const [a, b] = [await ours().connect(), await real().connect()];
      const generator = new Generator(random);
      const start: Command[] = [['HELLO', resp], ['FLUSHALL'], ['SET', 'string', 'x']];
      for (const client of [a, b]) await client.pipeline(start);
      for (let round = 0; round < rounds; round++) {
        const commands = Array.from({ length: batch }, () => generator.next());
        const differences = await differential(a, b, commands, same);
        const report = differences
          .slice(0, 5)
          .map(
            (d) =>
              `${JSON.stringify(d.command).slice(0, 400)}\n  ours ${JSON.stringify(d.ours.slice(0, 400))}\n  real ${JSON.stringify(d.real.slice(0, 400))}`,
          );
        const what = `TEST_SEED=${random.seed} round ${round}`;
        expect(differences, `${what}\n${report.join('\n')}`).to.have.length(0);
        const [mine, theirs] = [await keyspace(a), await keyspace(b)];
        const row = mine.findIndex((text, i) => text !== theirs[i]);
        expect(row, `${what}\n  ours ${mine[row]}\n  real ${theirs[row]}`).to.equal(-1);
        expect(mine.length, what).to.equal(theirs.length);
      }
    });
  }
});
