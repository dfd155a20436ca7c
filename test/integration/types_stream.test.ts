/**
 * The same random stream commands to this server and to a real redis-server: the replies must be the same bytes.
 *
 * All ids are explicit and times are far apart, so that the clock decides nothing. Where a reply has the present time or an
 * idle time in it, that is compared by its order of magnitude. `TEST_SEED=n` plays a run again, `TEST_ROUNDS=n` makes it longer.
 */
import { expect } from 'chai';
import { Random } from '../support/random.ts';
import {
  RespAggregate,
  RespError,
  RespScalar,
  type Reply,
  type RespValue,
} from '../support/resp.ts';
import { differential, haveRealServer, serverForSuite } from '../support/server.ts';

type Command = (string | number)[];

/** What is no id, or one only for some commands, or one at an edge. */
const oddIds = [
  '-', '+', '$', '>', '*', '0', '0-0', '0-1', '', 'x', '1-', '-1', '1-x', '1-1-1', '-1-1', '01-1', ' 1-1', '+1-1', '1-*', '5-*', '*-1',
  '18446744073709551615-18446744073709551615', '18446744073709551615', '18446744073709551615-*', '18446744073709551616', '9007199254740993-9007199254740995',
  '9223372036854775808-1', '1-9223372036854775809', '5-18446744073709551615', '1-1\x00x', '1'.repeat(130), '(', '(1', '(-', '(+', '(0-0', '(18446744073709551615-18446744073709551615',
]; // prettier-ignore

/** What is a number, or not quite. */
const numbers = ['0', '1', '2', '3', '5', '10', '100', '-1', '-2', '9223372036854775807', '-9223372036854775808', '9223372036854775808', 'x', '', '1.5']; // prettier-ignore

class Generator {
  readonly random: Random;
  /** Milliseconds of ids of entries rise slowly, so that most can be added. */
  #ms = 1;

  constructor(random: Random) {
    this.random = random;
  }

  next(): Command {
    const r = this.random;
    const all = this.#all();
    const command = r.pick(all)();
    if (r.chance(0.02)) command.pop();
    if (r.chance(0.02)) command.push(r.pick(numbers));
    return command.length === 0 ? ['PING'] : command;
  }

  #key(): string {
    return `s${this.random.int(0, 3)}`;
  }

  #group(): string {
    return this.random.pick(['g1', 'g1', 'g2', 'g\x00']);
  }

  #consumer(): string {
    return this.random.pick(['alice', 'alice', 'bob', 'bo', 'c\xff']);
  }

  /** The id of an entry that may well exist. */
  #id(): string {
    const r = this.random;
    if (r.chance(0.04)) return r.pick(oddIds);
    const ms = Math.max(0, this.#ms - r.int(0, 12));
    return r.chance(0.2) ? String(ms) : `${ms}-${r.int(0, 3)}`;
  }

  /** The id of an entry that is new in most cases. */
  #newId(): string {
    const r = this.random;
    if (r.chance(0.02))
      return r.pick(oddIds.filter((id) => !id.includes('*') && !/\d{16}/.test(id)));
    if (r.chance(0.001)) return '18446744073709551615-18446744073709551615';
    if (r.chance(0.5)) this.#ms++;
    if (r.chance(0.1)) return `${this.#ms}-*`;
    return r.chance(0.1) ? String(this.#ms) : `${this.#ms}-${r.int(0, 3)}`;
  }

  #ids(): string[] {
    return Array.from({ length: this.random.int(1, this.random.chance(0.1) ? 12 : 4) }, () =>
      this.#id(),
    );
  }

  /** One end of a range. */
  #end(): string {
    const r = this.random;
    if (r.chance(0.3)) return r.pick(['-', '+']);
    return r.chance(0.2) ? `(${this.#id()}` : this.#id();
  }

  #number(): string {
    return this.random.chance(0.8) ? String(this.random.int(0, 6)) : this.random.pick(numbers);
  }

  #value(): string {
    const r = this.random;
    if (r.chance(0.3)) return r.pick(['0', '-1', '127', '128', '4096', '-4097', '32768', '8388608', '2147483648', '9007199254740993', '-9223372036854775808', '007', '1.5', '']); // prettier-ignore
    if (r.chance(0.05)) return 'v'.repeat(r.int(60, 700));
    return Array.from({ length: r.int(0, 8) }, () => String.fromCharCode(r.int(0, 255))).join('');
  }

  #fields(): string[] {
    const r = this.random;
    if (r.chance(0.02)) return r.chance(0.5) ? [] : ['odd'];
    const names = r.chance(0.7) ? ['a', '12'] : ['a', '12', 'longer', '', '1'].slice(r.int(0, 3));
    return names.flatMap((name) => [name, this.#value()]);
  }

  #trim(limit: boolean): string[] {
    const r = this.random;
    const how = r.pick(['MAXLEN', 'maxlen', 'MINID']);
    const words = [how, ...r.pick([[], ['='], ['~'], ['~']])];
    words.push(how === 'MINID' ? this.#id() : this.#number());
    if (limit && r.chance(0.3)) words.push('LIMIT', this.#number());
    if (r.chance(0.02)) words.push('MAXLEN', '5');
    return words;
  }

  #maybe(probability: number, ...words: string[]): string[] {
    return this.random.chance(probability) ? words : [];
  }

  /** Idle times are around nothing, or around a hundred seconds, or as old as the epoch. */
  #minIdle(): string {
    return this.random.pick(['0', '0', '50000', '1000000000000', '-1', 'x', '9223372036854775807']);
  }

  /** The commands, those that matter more than once. */
  #all(): (() => Command)[] {
    const r = this.random;
    const key = (): string => this.#key();
    const id = (): string => this.#id();
    const group = (): string => this.#group();
    const consumer = (): string => this.#consumer();
    const streams = (last: () => string): Command => {
      const count = r.int(1, 3);
      const keys = Array.from({ length: count }, key);
      return [
        'STREAMS',
        ...keys,
        ...Array.from({ length: count - (r.chance(0.02) ? 1 : 0) }, last),
      ];
    };
    const xadd = (): Command => [
      'XADD',
      key(),
      ...this.#maybe(0.1, 'NOMKSTREAM'),
      ...(r.chance(0.15) ? this.#trim(true) : []),
      this.#newId(),
      ...this.#fields(),
    ];
    const xreadgroup = (): Command => [
      'XREADGROUP',
      ...this.#maybe(0.98, 'GROUP', group(), consumer()),
      ...this.#maybe(0.7, 'COUNT', this.#number()),
      ...this.#maybe(0.1, 'NOACK'),
      ...streams(() => (r.chance(0.7) ? '>' : id())),
    ];
    const xclaim = (): Command => [
      'XCLAIM',
      key(),
      group(),
      consumer(),
      this.#minIdle(),
      ...this.#ids(),
      ...this.#maybe(0.2, 'IDLE', r.pick(['0', '100000', 'x', '-5', '-9223372036854775808'])),
      ...this.#maybe(0.2, 'TIME', r.pick(['0', '1000', 'x', '99999999999999', '-1'])),
      ...this.#maybe(0.2, 'RETRYCOUNT', this.#number()),
      ...this.#maybe(0.3, 'FORCE'),
      ...this.#maybe(0.3, 'JUSTID'),
      ...this.#maybe(0.1, 'LASTID', id()),
      ...this.#maybe(0.02, 'NOSUCHOPTION'),
    ];
    const xautoclaim = (): Command => [
      'XAUTOCLAIM',
      key(),
      group(),
      consumer(),
      this.#minIdle(),
      r.chance(0.5) ? '0' : this.#end(),
      ...this.#maybe(0.5, 'COUNT', this.#number()),
      ...this.#maybe(0.3, 'JUSTID'),
    ];
    const xpending = (): Command => [
      'XPENDING',
      key(),
      group(),
      ...(r.chance(0.3)
        ? []
        : [
            ...this.#maybe(0.3, 'IDLE', this.#minIdle()),
            this.#end(),
            this.#end(),
            this.#number(),
            ...this.#maybe(0.3, consumer()),
          ]),
    ];
    const xgroup = (): Command =>
      r.pick<() => Command>([
        () => ['CREATE', key(), group(), r.pick(['$', '0', id()]), ...this.#maybe(0.3, 'MKSTREAM'), ...this.#maybe(0.2, 'ENTRIESREAD', this.#number())],
        () => ['CREATE', key(), group(), '0', 'MKSTREAM'],
        () => ['SETID', key(), group(), r.pick(['$', '0', '-', id()]), ...this.#maybe(0.2, 'ENTRIESREAD', this.#number())],
        () => ['DESTROY', key(), r.pick(['g2', 'g3'])],
        () => ['CREATECONSUMER', key(), group(), consumer()],
        () => ['DELCONSUMER', key(), group(), consumer()],
        () => ['NOSUCH', key(), group()],
        () => ['HELP'],
      ])(); // prettier-ignore
    return [
      xadd,
      xadd,
      xadd,
      xadd,
      xadd,
      xadd,
      xreadgroup,
      xreadgroup,
      xclaim,
      xautoclaim,
      xpending,
      () => ['XGROUP', ...xgroup()],
      () => [
        'XRANGE',
        key(),
        this.#end(),
        this.#end(),
        ...this.#maybe(0.4, 'COUNT', this.#number()),
      ],
      () => ['XREVRANGE', key(), this.#end(), this.#end(), ...this.#maybe(0.4, 'COUNT', this.#number())], // prettier-ignore
      () => ['XLEN', key()],
      () => ['XREAD', ...this.#maybe(0.5, 'COUNT', this.#number()), ...streams(() => (r.chance(0.1) ? '$' : id()))], // prettier-ignore
      () => ['XACK', key(), group(), ...this.#ids()],
      () => ['XDEL', key(), ...this.#ids()],
      () => ['XTRIM', key(), ...(r.chance(0.98) ? this.#trim(true) : [])],
      () => [
        'XSETID',
        key(),
        r.chance(0.8) ? `${this.#ms}-${r.int(0, 3)}` : id(),
        ...this.#maybe(0.3, 'ENTRIESADDED', this.#number()),
        ...this.#maybe(0.3, 'MAXDELETEDID', id()),
      ],
      () => ['XINFO', 'STREAM', key(), ...(r.chance(0.5) ? [] : ['FULL', ...this.#maybe(0.5, 'COUNT', this.#number())])], // prettier-ignore
      () => ['XINFO', 'GROUPS', key()],
      () => ['XINFO', 'CONSUMERS', key(), group()],
      () => ['XINFO', r.pick(['HELP', 'NOSUCH', 'STREAM']), ...this.#maybe(0.5, key())],
      () => ['COPY', key(), key(), ...this.#maybe(0.7, 'REPLACE')],
      () => (r.chance(0.2) ? ['DEL', key()] : ['OBJECT', 'ENCODING', key()]),
      () => ['TYPE', key()],
      () => ['CONFIG', 'SET', 'stream-node-max-entries', r.pick(['0', '1', '3', '7', '100'])],
      // Not less than an entry may have: C loses track of a listpack that must grow before its first entry is whole.
      () => ['CONFIG', 'SET', 'stream-node-max-bytes', r.pick(['0', '4096', '10000'])],
    ];
  }
}

/**
 * A reply in which times are rough. A number that follows `idle`, or that is the third of the four of a pending entry, is a time;
 * so is each that is large: since the epoch, or of an option of XCLAIM.
 */
function rough(value: RespValue, isTime = false): unknown {
  if (typeof value === 'number') {
    if (value > 1e11) return `${Math.round((Date.now() - value) / 50000)} ago`;
    return isTime || value > 40000 ? `about ${Math.round(value / 50000)}` : value;
  }
  if (value instanceof RespError) return `-${value.message}`;
  const items = value instanceof RespAggregate ? value.items : value;
  if (!Array.isArray(items)) return items instanceof RespScalar ? items.text : String(items);
  const pending = items.length === 4 && typeof items[2] === 'number';
  return items.map((item, i) => rough(item, items[i - 1] === 'idle' || (pending && i === 2)));
}

/** How long an entry has been pending, and the times in what XINFO tells, are no more than alike. */
function same(command: readonly (string | number)[], ours: Reply, real: Reply): boolean {
  if (ours.raw === real.raw) return true;
  if (!/^(XPENDING|XINFO)$/i.test(String(command[0]))) return false;
  return JSON.stringify(rough(ours.value)) === JSON.stringify(rough(real.value));
}

(haveRealServer ? describe : describe.skip)('Streams beside a real redis-server', function () {
  this.timeout(process.env['TEST_ROUNDS'] === undefined ? 60000 : 0);
  const ours = serverForSuite();
  const real = serverForSuite({ binary: 'real' });
  const rounds = Number(process.env['TEST_ROUNDS'] ?? 20);

  it('answer random commands with the same bytes', async () => {
    const random = Random.fromEnvironment();
    const [a, b] = [await ours().connect(), await real().connect()];
    for (let round = 0; round < rounds; round++) {
      // The protocol and the keys begin anew, so that no stream ends at the highest id for good.
      const generator = new Generator(random);
      const commands: Command[] = [['FLUSHALL'], ['HELLO', random.pick([2, 3])]];
      // Mostly there are groups, without which many commands only fail.
      for (let i = 0; i < random.int(0, 4); i++) {
        commands.push(['XGROUP', 'CREATE', `s${i}`, 'g1', '0', 'MKSTREAM']);
      }
      for (let i = 0; i < 400; i++) commands.push(generator.next());
      commands.push(['DEBUG', 'DIGEST']);
      const differences = await differential(a, b, commands, (command, x, y) =>
        command[0] === 'HELLO' ? true : same(command, x, y),
      );
      const report = differences
        .slice(0, 5)
        .map(
          (d) =>
            `${JSON.stringify(d.command).slice(0, 300)}\n  ours ${d.ours.slice(0, 600)}\n  real ${d.real.slice(0, 600)}`,
        );
      expect(
        differences,
        `TEST_SEED=${random.seed} round ${round}\n${report.join('\n')}`,
      ).to.have.length(0);
    }
  });
});
