/**
 * The same random commands to this server and to a real redis-server: the replies must be the same
 * bytes, and the keyspace the same in the end.
 *
 * The generator works from a seed, printed when a run fails: `TEST_SEED=n npx mocha <this file>` plays
 * it again. Few keys, so that commands meet each other's values; values from the edges of what the
 * commands accept; options in all combinations, also those that are errors. What depends on the
 * clock is compared with a tolerance.
 */
import { expect } from 'chai';
import { Random } from '../support/random.ts';
import type { Reply, RespClient } from '../support/resp.ts';
import { differential, haveRealServer, serverForSuite } from '../support/server.ts';

type Command = (string | number)[];

/** Milliseconds by which a time to live may differ between the two servers. */
const tolerance = 10000;

const edgeValues = [
  '', '0', '-0', '1', '-1', '10', '007', ' 1', '1 ', '+1', '1.0', '1e3', '3.0e3', '-.5', 'nan', 'inf', '-inf',
  '2147483647', '2147483648', '-2147483648', '4294967296', '9007199254740991', '9007199254740993',
  '9223372036854775807', '9223372036854775808', '-9223372036854775808', '-9223372036854775809',
  '18446744073709551615', '0.1', '1.7976931348623157e308', '5e-324', '3.14159265358979323846',
  'a', 'abc', 'Hello, world', 'x'.repeat(44), 'x'.repeat(45), '\x00', 'a\x00b', '\xff\xfe', 'a\r\nb', '0x10', 'ü',
]; // prettier-ignore
const offsets = [
  '0',
  '1',
  '-1',
  '2',
  '-2',
  '5',
  '-5',
  '44',
  '100',
  '-100',
  '9223372036854775807',
  'x',
  '4294967296',
];
const times = [
  '1',
  '100',
  '5000',
  '0',
  '-1',
  '9223372036854775807',
  '9223372036854776',
  'abc',
  '',
  '1.5',
  '100000',
];

class Generator {
  readonly random: Random;
  readonly #makers: (() => Command)[];

  /** `known` are the commands that the server under test has: no other is made. */
  constructor(random: Random, known: ReadonlySet<string>) {
    this.random = random;
    const all = this.#all();
    this.#makers = Object.keys(all)
      .filter((name) => known.has(name))
      .map((name) => () => [this.#spelt(name), ...(all[name]?.() ?? [])]);
  }

  next(): Command {
    const command = this.random.pick(this.#makers)();
    // Sometimes an argument too few or too many.
    if (this.random.chance(0.02)) command.pop();
    if (this.random.chance(0.02)) command.push(this.value());
    return command.length === 0 ? ['PING'] : command;
  }

  key(): string {
    return this.random.chance(0.03)
      ? this.random.pick(['', 'k\x00', 'clé'])
      : `k${this.random.int(0, 9)}`;
  }

  value(): string {
    if (this.random.chance(0.7)) return this.random.pick(edgeValues);
    if (this.random.chance(0.5)) return String(this.random.int(-1000, 1000));
    const length = this.random.chance(0.1) ? this.random.int(100, 4000) : this.random.int(0, 60);
    return Array.from({ length }, () => String.fromCharCode(this.random.int(0, 255))).join('');
  }

  #spelt(name: string): string {
    return this.random.chance(0.1) ? name.toLowerCase() : name;
  }

  /** Each option with some probability, in any order; the maker of an option gives its words. */
  #options(...options: (() => Command)[]): Command {
    const chosen = options.filter(() => this.random.chance(0.3));
    if (this.random.chance(0.5)) chosen.reverse();
    if (this.random.chance(0.03)) chosen.push(() => ['NOSUCHOPTION']);
    return chosen.flatMap((make) => make());
  }

  #times<T>(from: number, to: number, make: () => T): T[] {
    return Array.from({ length: this.random.int(from, to) }, make);
  }

  /** A bit offset: mostly within the values, seldom at or beyond the edges. */
  #bitOffset(): string {
    if (this.random.chance(0.8)) return String(this.random.int(0, 500));
    return this.random.pick([
      '-1', '100000', '4294967296', '9223372036854775807', '9223372036854775808', '-0', '01', 'x', '', '#1',
    ]); // prettier-ignore
  }

  /** An integer of BITFIELD, with where it lies. */
  #bitField(): Command {
    const type = this.random.chance(0.05)
      ? this.random.pick(['u64', 'i65', 'i0', 'u', 'x8', '', 'U8', 'u8\x00x'])
      : this.random.chance(0.5)
        ? `u${this.random.int(1, 63)}`
        : `i${this.random.int(1, 64)}`;
    const offset = this.random.chance(0.3) ? `#${this.random.int(0, 9)}` : this.#bitOffset();
    return [type, this.random.chance(0.01) ? '#2305843009213693952' : offset];
  }

  /** A value of BITFIELD: often at the edge of what some width can hold. */
  #bitValue(): string {
    if (this.random.chance(0.03)) return this.random.pick(['', 'x', '9223372036854775808']);
    const edge = 2n ** BigInt(this.random.int(0, 63)) + BigInt(this.random.int(-2, 1));
    return String(BigInt.asIntN(64, this.random.chance(0.5) ? edge : -edge));
  }

  #bitOperation(): Command {
    return this.random.pick([
      () => ['GET', ...this.#bitField()],
      () => ['SET', ...this.#bitField(), this.#bitValue()],
      () => ['INCRBY', ...this.#bitField(), this.#bitValue()],
      () => ['OVERFLOW', this.random.pick(['WRAP', 'SAT', 'FAIL', 'sat', 'fail', 'wrap'])],
    ])();
  }

  /** START [END [BYTE | BIT]], of which `least` words must be there. */
  #bitRange(least: number): Command {
    const index = (): string =>
      this.random.chance(0.8) ? String(this.random.int(-70, 70)) : this.random.pick(offsets);
    const unit = this.random.pick(['BIT', 'BYTE', 'bit', 'byte', 'BITS']);
    return [index(), index(), unit].slice(0, this.random.int(least, 3));
  }

  /** A time to live that does not run out between the two replies, save where it has run out at once. */
  #time(milliseconds: boolean): string {
    if (this.random.chance(0.3)) {
      const soon = milliseconds ? ['1', '100', '5000'] : ['1'];
      return this.random.pick(times.filter((time) => !soon.includes(time)));
    }
    const seconds = this.random.int(50, 5000);
    return String(milliseconds ? seconds * 1000 : seconds);
  }

  #instant(milliseconds: boolean): string {
    if (this.random.chance(0.3))
      return this.random.pick([
        '0', '-1', '1', 'x', '9223372036854775807', '9223372036854775806', '9007199254740995',
      ]); // prettier-ignore
    const seconds = 4102444800 + this.random.int(0, 1000);
    return String(milliseconds ? seconds * 1000 : seconds);
  }

  /**
   * GT and LT go with absolute times alone: two times to live, given within the same ms to one server and not to the other, are equal
   * ends there and different ones here.
   */
  #expireOptions(absolute: boolean): Command {
    const comparisons = [(): Command => ['GT'], (): Command => ['LT']];
    return this.#options(
      () => ['NX'],
      () => ['XX'],
      ...(absolute ? comparisons : []),
    );
  }

  #setOptions(): Command {
    return this.#options(
      () => ['NX'],
      () => ['XX'],
      () => ['GET'],
      () => ['KEEPTTL'],
      () => this.#expiryOption(),
    );
  }

  #expiryOption(): Command {
    return this.random.pick([
      () => ['EX', this.#time(false)],
      () => ['PX', this.#time(true)],
      () => ['EXAT', this.#instant(false)],
      () => ['PXAT', this.#instant(true)],
    ])();
  }

  #all(): Record<string, () => Command> {
    const key = (): string => this.key();
    const value = (): string => this.value();
    const offset = (): string => this.random.pick(offsets);
    const pairs = (): Command => this.#times(1, 4, () => [key(), value()]).flat();
    const amount = (): string =>
      this.random.pick([
        '1',
        '-1',
        '5',
        '100',
        '-7',
        '9223372036854775807',
        '-9223372036854775808',
        '1.5',
        'x',
        '',
      ]);
    return {
      PING: () => this.#times(0, 1, value),
      ECHO: () => [value()],
      SET: () => [key(), value(), ...this.#setOptions()],
      SETNX: () => [key(), value()],
      SETEX: () => [key(), this.#time(false), value()],
      PSETEX: () => [key(), this.#time(true), value()],
      GET: () => [key()],
      GETEX: () => [
        key(),
        ...this.#options(
          () => this.#expiryOption(),
          () => ['PERSIST'],
        ),
      ],
      GETDEL: () => [key()],
      GETSET: () => [key(), value()],
      MGET: () => this.#times(1, 5, key),
      MSET: pairs,
      MSETNX: pairs,
      APPEND: () => [key(), value()],
      STRLEN: () => [key()],
      SETRANGE: () => [
        key(),
        this.random.pick(['0', '1', '10', '50', '1000', '-1', 'x', '536870912']),
        value(),
      ],
      GETRANGE: () => [key(), offset(), offset()],
      SUBSTR: () => [key(), offset(), offset()],
      INCR: () => [key()],
      DECR: () => [key()],
      INCRBY: () => [key(), amount()],
      DECRBY: () => [key(), amount()],
      INCRBYFLOAT: () => [
        key(),
        this.random.pick([
          '0.1',
          '1.5',
          '-2.5e3',
          '3',
          'inf',
          'nan',
          'x',
          '1e17',
          '5.0e-3',
          '1e4000',
        ]),
      ],
      LCS: () => [
        key(),
        key(),
        ...this.#options(
          () => ['LEN'],
          () => ['IDX'],
          () => ['MINMATCHLEN', this.random.int(0, 5)],
          () => ['WITHMATCHLEN'],
        ),
      ],
      SETBIT: () => [
        key(),
        this.#bitOffset(),
        this.random.pick(['0', '1', '0', '1', '0', '1', '2', '-1', 'x']),
      ],
      GETBIT: () => [key(), this.#bitOffset()],
      BITCOUNT: () => [key(), ...(this.random.chance(0.3) ? [] : this.#bitRange(1))],
      BITPOS: () => [key(), this.random.pick(['0', '1', '0', '1', '2']), ...this.#bitRange(0)],
      BITOP: () => [
        this.random.pick(['AND', 'OR', 'XOR', 'NOT', 'and', 'xor', 'NAND']),
        key(),
        ...this.#times(1, this.random.chance(0.05) ? 20 : 3, key),
      ],
      BITFIELD: () => [key(), ...this.#times(0, 4, () => this.#bitOperation()).flat()],
      BITFIELD_RO: () => [
        key(),
        ...this.#times(0, 3, (): Command => ['GET', ...this.#bitField()]).flat(),
        ...(this.random.chance(0.1) ? this.#bitOperation() : []),
      ],
      DEL: () => this.#times(1, 3, key),
      UNLINK: () => this.#times(1, 3, key),
      EXISTS: () => this.#times(1, 4, key),
      TOUCH: () => this.#times(1, 3, key),
      TYPE: () => [key()],
      RENAME: () => [key(), key()],
      RENAMENX: () => [key(), key()],
      COPY: () => [
        key(),
        key(),
        ...this.#options(
          () => ['REPLACE'],
          () => ['DB', this.random.pick(['0', '1', '99', 'x'])],
        ),
      ],
      MOVE: () => [key(), this.random.pick(['1', '0', '99', 'x'])],
      EXPIRE: () => [key(), this.#time(false), ...this.#expireOptions(false)],
      PEXPIRE: () => [key(), this.#time(true), ...this.#expireOptions(false)],
      EXPIREAT: () => [key(), this.#instant(false), ...this.#expireOptions(true)],
      PEXPIREAT: () => [key(), this.#instant(true), ...this.#expireOptions(true)],
      TTL: () => [key()],
      PTTL: () => [key()],
      EXPIRETIME: () => [key()],
      PEXPIRETIME: () => [key()],
      PERSIST: () => [key()],
      DBSIZE: () => [],
      OBJECT: () => [this.random.pick(['ENCODING', 'REFCOUNT', 'NOSUCH']), key()],
      SELECT: () => [this.random.pick(['0', '0', '0', '1', '15', '16', '-1', 'x'])],
      SWAPDB: () => [this.random.pick(['0', '1', 'x', '99']), this.random.pick(['0', '1'])],
      FLUSHDB: () => (this.random.chance(0.9) ? ['NOSUCH'] : []),
    };
  }
}

/** Whether two replies say the same, the clock of a time to live aside. */
function same(command: readonly (string | number)[], ours: Reply, real: Reply): boolean {
  if (ours.raw === real.raw) return true;
  const name = String(command[0]).toUpperCase();
  const isNumber = (reply: Reply): boolean => ['number', 'bigint'].includes(typeof reply.value);
  if (!isNumber(ours) || !isNumber(real)) return false;
  const [a, b] = [Number(ours.value), Number(real.value)];
  if (a < 0 || b < 0) return false;
  const distance = Math.abs(a - b);
  if (name === 'PTTL' || name === 'PEXPIRETIME') return distance <= tolerance;
  return (name === 'TTL' || name === 'EXPIRETIME') && distance <= tolerance / 1000;
}

/** Names of the commands that a server has, in capitals. */
async function commandNames(client: RespClient): Promise<Set<string>> {
  const rows = (await client.value('COMMAND')) as [string][];
  return new Set(rows.map(([name]) => name.toUpperCase()));
}

/** What every key of every database holds, as text that two servers can be compared by. */
async function keyspace(client: RespClient): Promise<string[]> {
  const rows: string[] = [];
  for (const db of [0, 1, 15]) {
    if ((await client.command('SELECT', db)).value !== 'OK') continue;
    const keys = ((await client.value('KEYS', '*')) as string[]).sort();
    for (const key of keys) {
      const [value, encoding, expires] = await client.pipeline([
        ['GET', key],
        ['OBJECT', 'ENCODING', key],
        ['PERSIST', key],
      ]);
      rows.push(`${db} ${JSON.stringify(key)} ${value?.raw} ${encoding?.raw} ${expires?.raw}`);
    }
  }
  return rows;
}

(haveRealServer ? describe : describe.skip)('Beside a real redis-server', function () {
  this.timeout(60000);
  const ours = serverForSuite();
  const real = serverForSuite({ binary: 'real' });
  const rounds = Number(process.env['TEST_ROUNDS'] ?? 40);
  const batch = 250;

  it('answers random commands on strings and keys with the same bytes', async () => {
    const random = Random.fromEnvironment();
    const [a, b] = [await ours().connect(), await real().connect()];
    // SET with EXAT 1 leaves a key that has ended, and DBSIZE counts it until the cron of that server comes by.
    for (const client of [a, b])
      expect(await client.value('DEBUG', 'SET-ACTIVE-EXPIRE', 0)).to.equal('OK');
    const known = await commandNames(a);
    // The real server may be a later 7.0: what it does not know is of no use here.
    const theirs = await commandNames(b);
    const generator = new Generator(random, new Set([...known].filter((name) => theirs.has(name))));
    for (let round = 0; round < rounds; round++) {
      const commands = Array.from({ length: batch }, () => generator.next());
      const differences = await differential(a, b, commands, same);
      const report = differences
        .slice(0, 5)
        .map(
          (d) =>
            `${JSON.stringify(d.command).slice(0, 300)}\n  ours ${d.ours.slice(0, 200)}\n  real ${d.real.slice(0, 200)}`,
        );
      expect(
        differences,
        `TEST_SEED=${random.seed} round ${round}\n${report.join('\n')}`,
      ).to.have.length(0);
    }
    expect(await keyspace(a), `TEST_SEED=${random.seed}`).to.deep.equal(await keyspace(b));
  });

  it('answers inline commands and broken quoting alike', async () => {
    const lines = [
      'PING', 'ping hello', '  SET a 1  ', 'SET b "x\\x41\\n\\"y"', "SET c 'it\\'s'", 'GET b', 'GET c', 'SET d "unbalanced',
      '', '   ', 'NOSUCH a b', 'GET', 'SET k "a"b', 'ECHO "\\a\\b\\t\\r"',
    ]; // prettier-ignore
    for (const line of lines) {
      const [a, b] = [await ours().connect(), await real().connect()];
      for (const client of [a, b]) client.send(`${line}\r\nECHO end\r\n`);
      // An empty line has no reply, and a broken one ends the connection: take all up to the end.
      const take = async (client: RespClient): Promise<string> => {
        const first = await client.reply().catch(() => null);
        if (first === null) return 'closed';
        if (first.value === 'end') return first.raw;
        const second = await client.reply().catch(() => null);
        return first.raw + (second === null ? 'closed' : second.raw);
      };
      expect(await take(a), JSON.stringify(line)).to.equal(await take(b));
      a.close();
      b.close();
    }
  });
});
