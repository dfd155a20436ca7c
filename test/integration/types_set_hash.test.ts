/**
 * The same random commands on sets and hashes to this server and to a real redis-server. Where C's order is that of a hash
 * table, or chance decides, replies are compared without their order, or by their shape; of small encodings, which have an
 * order, byte for byte at the end of each round.
 *
 * `TEST_SEED=n` plays a run again, `TEST_ROUNDS=n` makes it longer.
 */
import { expect } from 'chai';
import { Random } from '../support/random.ts';
import { RespAggregate, RespError, type Reply, type RespValue } from '../support/resp.ts';
import { differential, haveRealServer, serverForSuite } from '../support/server.ts';

type Command = (string | number)[];

const edges = [
  '', '0', '-0', '1', '-1', '007', ' 1', '+1', '1.0', '127', '128', '-128', '32767', '32768', '-32768', '-32769', '2147483647',
  '2147483648', '-2147483648', '-2147483649', '4294967296', '9007199254740991', '9007199254740992', '9007199254740993',
  '-9007199254740992', '9223372036854775807', '9223372036854775808', '-9223372036854775808', '-9223372036854775809',
  'a', 'Hello', '\x00', 'a\x00b', '\xff\xfe', 'a\r\nb', 'x'.repeat(63), 'x'.repeat(64), 'x'.repeat(65), 'y'.repeat(5000),
]; // prettier-ignore

class Generator {
  readonly random: Random;
  /** Whether members of sets are integers mostly, so that intsets stay what they are. */
  integers = false;

  constructor(random: Random) {
    this.random = random;
  }

  next(): Command[] {
    const [name = '', make] = this.random.pick(Object.entries(this.#all()));
    const command = [this.random.chance(0.1) ? name.toLowerCase() : name, ...make()];
    if (this.random.chance(0.01)) command.pop();
    // As a count of SRANDMEMBER or HRANDFIELD, the least of all integers would keep either server busy for ever; as that of
    // a scan, a small one would show a part of a table, and each server has an order of its own.
    const takesCount =
      name.endsWith('RANDMEMBER') || name === 'HRANDFIELD' || name.endsWith('SCAN');
    if (this.random.chance(0.01) && !takesCount) command.push(this.member());
    // What is left is up to chance: start anew.
    if (name === 'SPOP') return [command, ['DEL', command[1] ?? 's0']];
    return [command];
  }

  set(): string {
    return this.random.chance(0.03) ? this.random.pick(['none', 'h0', 'k']) : this.#name('s', 6);
  }

  hash(): string {
    return this.random.chance(0.03) ? this.random.pick(['none', 's0', 'k']) : this.#name('h', 4);
  }

  member(): string {
    if (this.random.chance(this.integers ? 0.95 : 0.4)) return String(this.random.int(-40, 40));
    if (this.random.chance(0.3)) return this.random.pick(edges);
    return `m${this.random.int(0, 60)}`;
  }

  field(): string {
    if (this.random.chance(0.1)) return this.random.pick(edges);
    return this.random.chance(0.5) ? `f${this.random.int(0, 40)}` : String(this.random.int(0, 20));
  }

  value(): string {
    if (this.random.chance(0.2)) return this.random.pick(edges);
    return this.random.chance(0.5)
      ? String(this.random.int(-100000, 100000))
      : 'v'.repeat(this.random.int(0, 64));
  }

  #name(letter: string, of: number): string {
    return `${letter}${this.random.int(0, of - 1)}`;
  }

  #some<T>(from: number, to: number, make: () => T): T[] {
    return Array.from({ length: this.random.int(from, to) }, make);
  }

  #count(): string {
    return this.random.pick(['0', '1', '2', '5', '10', '50', '1000', '-1', '-3', '-20', 'x', '']);
  }

  #scan(): Command {
    const options: Command[] = [['COUNT', 1000000]];
    if (this.random.chance(0.4))
      options.push(['MATCH', this.random.pick(['*', 'f*', '1?', '[m-z]*', '-*'])]);
    if (this.random.chance(0.05))
      options.push([this.random.pick(['COUNT', 'NOSUCH', 'MATCH', 'COUNT 0'])]);
    return options.flat();
  }

  #all(): Record<string, () => Command> {
    const member = (): string => this.member();
    const set = (): string => this.set();
    const sets = (): string[] => this.#some(1, this.random.chance(0.1) ? 9 : 3, set);
    const pairs = (): string[] => this.#some(1, 5, () => [this.field(), this.value()]).flat();
    const many = (): string[] => this.#some(1, this.random.chance(0.1) ? 60 : 8, member);
    return {
      SADD: () => [set(), ...many()],
      'sadd': () => [set(), ...many()],
      SREM: () => [set(), ...this.#some(1, 5, member)],
      SMOVE: () => [set(), set(), member()],
      SISMEMBER: () => [set(), member()],
      SMISMEMBER: () => [set(), ...this.#some(1, 5, member)],
      SCARD: () => [set()],
      SMEMBERS: () => [set()],
      SPOP: () => [set(), ...(this.random.chance(0.6) ? [this.#count()] : [])],
      SRANDMEMBER: () => [set(), ...(this.random.chance(0.8) ? [this.#count()] : [])],
      SINTER: sets,
      SUNION: sets,
      SDIFF: sets,
      SINTERSTORE: () => [set(), ...sets()],
      SUNIONSTORE: () => [set(), ...sets()],
      SDIFFSTORE: () => [set(), ...sets()],
      SINTERCARD: () => {
        const keys = sets();
        const count = this.random.chance(0.05) ? this.random.pick(['0', '-1', 'x', '99']) : keys.length;
        const limit = this.random.chance(0.4) ? ['LIMIT', this.#count()] : [];
        return [count, ...keys, ...limit];
      },
      SSCAN: () => [set(), this.random.chance(0.03) ? 'x' : '0', ...this.#scan()],
      HSET: () => [this.hash(), ...pairs()],
      hset: () => [this.hash(), ...pairs()],
      HMSET: () => [this.hash(), ...pairs()],
      HSETNX: () => [this.hash(), this.field(), this.value()],
      HINCRBY: () => [this.hash(), this.field(), this.random.pick(['1', '-5', '40000', '9223372036854775807', '-9223372036854775808', 'x'])],
      // No infinity: a later 7.0 refuses it earlier, and with another text.
      HINCRBYFLOAT: () => [this.hash(), this.field(), this.random.pick(['0.1', '-2.5e3', '1e17', '3', '5.0e-3', 'x', ''])],
      HGET: () => [this.hash(), this.field()],
      HMGET: () => [this.hash(), ...this.#some(1, 5, () => this.field())],
      HDEL: () => [this.hash(), ...this.#some(1, 5, () => this.field())],
      HLEN: () => [this.hash()],
      HSTRLEN: () => [this.hash(), this.field()],
      HKEYS: () => [this.hash()],
      HVALS: () => [this.hash()],
      HGETALL: () => [this.hash()],
      HEXISTS: () => [this.hash(), this.field()],
      HSCAN: () => [this.hash(), this.random.chance(0.03) ? 'x' : '0', ...this.#scan()],
      HRANDFIELD: () => [
        this.hash(),
        ...(this.random.chance(0.8) ? [this.#count()] : []),
        ...(this.random.chance(0.4) ? ['WITHVALUES'] : []),
      ],
      DEL: () => [this.random.chance(0.5) ? set() : this.hash()],
      COPY: () => (this.random.chance(0.5) ? [set(), set()] : [this.hash(), this.hash()]),
      TYPE: () => [this.random.chance(0.5) ? set() : this.hash()],
      OBJECT: () => ['ENCODING', this.random.chance(0.5) ? set() : this.hash()],
    };
  } // prettier-ignore
}

/** A value as text in which the order of an aggregate's members, or of its pairs, does not show. */
function unordered(value: RespValue, pairs: boolean): string {
  if (value instanceof RespAggregate) return unordered(value.items, pairs || value.kind === 'map');
  if (value instanceof RespError) return `error ${value.message}`;
  if (!Array.isArray(value)) return JSON.stringify(value) ?? 'undefined';
  const parts = value.map((item) => unordered(item, false));
  if (!pairs) return `[${parts.sort().join()}]`;
  return `{${parts
    .flatMap((part, i) => (i % 2 === 0 ? [`${part}:${parts[i + 1]}`] : []))
    .sort()
    .join()}}`;
}

/** What kind of value it is, and how many it has. */
function shape(value: RespValue): string {
  if (value instanceof RespAggregate) return `${value.kind} ${value.items.length}`;
  if (Array.isArray(value)) return `array ${value.length} of ${value.map(shape).join()}`;
  if (value instanceof RespError) return value.message;
  return value === null ? 'null' : typeof value;
}

/** Whether two replies say the same, the order of a table and the choices of chance aside. */
function same(command: readonly (string | number)[], ours: Reply, real: Reply): boolean {
  if (ours.raw === real.raw) return true;
  switch (String(command[0]).toUpperCase()) {
    case 'SPOP':
    case 'SRANDMEMBER':
    case 'HRANDFIELD':
      return shape(ours.value) === shape(real.value);
    case 'SSCAN':
    case 'HSCAN': {
      const [a, b] = [ours.value, real.value];
      if (!Array.isArray(a) || !Array.isArray(b) || a[0] !== b[0]) return false;
      const pairs = String(command[0]).toUpperCase() === 'HSCAN';
      return unordered(a[1] ?? null, pairs) === unordered(b[1] ?? null, pairs);
    }
    case 'HGETALL':
      return unordered(ours.value, true) === unordered(real.value, true);
    case 'SMEMBERS':
    case 'SINTER':
    case 'SUNION':
    case 'SDIFF':
    case 'HKEYS':
    case 'HVALS':
      return ours.raw.length === real.raw.length && unordered(ours.value, false) === unordered(real.value, false);
    default:
      return false;
  }
} // prettier-ignore

(haveRealServer ? describe : describe.skip)(
  'Sets and hashes beside a real redis-server',
  function () {
    this.timeout(process.env['TEST_ROUNDS'] === undefined ? 600000 : 0);
    const ours = serverForSuite();
    const real = serverForSuite({ binary: 'real' });
    const rounds = Number(process.env['TEST_ROUNDS'] ?? 12);

    it('answer alike, have the same encodings, and lie in the same order where they are small', async () => {
      const random = Random.fromEnvironment();
      const [a, b] = [await ours().connect(), await real().connect()];
      const generator = new Generator(random);
      for (let round = 0; round < rounds; round++) {
        const told = `TEST_SEED=${random.seed} round ${round}`;
        const resp = random.pick([2, 3]);
        const settings: Command[] = [
          ['FLUSHALL'],
          ['SET', 'k', 'text'],
          ['CONFIG', 'SET', 'set-max-intset-entries', random.pick([0, 5, 20, 512])],
          ['CONFIG', 'SET', 'hash-max-listpack-entries', random.pick([0, 5, 20, 512])],
          ['CONFIG', 'SET', 'hash-max-listpack-value', random.pick([4, 20, 64, 10000])],
          ['CONFIG', 'SET', 'lazyfree-lazy-server-del', random.pick(['yes', 'no'])],
        ];
        for (const client of [a, b]) {
          await client.command('HELLO', resp);
          for (const setting of settings) await client.command(...setting);
        }
        generator.integers = random.chance(0.4);
        const commands = Array.from({ length: 300 }, () => generator.next()).flat();
        const differences = await differential(a, b, commands, same);
        const report = differences
          .slice(0, 5)
          .map(
            (d) =>
              `${JSON.stringify(d.command).slice(0, 300)}\n  ours ${d.ours.slice(0, 300)}\n  real ${d.real.slice(0, 300)}`,
          );
        expect(differences, `${told}\n${report.join('\n')}`).to.have.length(0);

        for (const key of ['s0', 's1', 's2', 's3', 's4', 's5', 'h0', 'h1', 'h2', 'h3']) {
          const [encoding, theirs] = [
            (await a.command('OBJECT', 'ENCODING', key)).raw,
            (await b.command('OBJECT', 'ENCODING', key)).raw,
          ];
          expect(encoding, `${told} ${key}`).to.equal(theirs);
          const read = [key.startsWith('s') ? 'SMEMBERS' : 'HGETALL', key];
          const [mine, its] = [await a.command(...read), await b.command(...read)];
          if (encoding.includes('hashtable')) expect(same(read, mine, its), told).to.equal(true);
          else expect(mine.raw, `${told} ${key}`).to.equal(its.raw);
        }
      }
    });
  },
);
