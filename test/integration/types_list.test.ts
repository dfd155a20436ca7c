/**
 * The same random list commands to this server and to a real redis-server: the replies must be the same bytes, and so must the
 * keyspace in the end, and how many nodes and bytes each list has.
 *
 * The generator works from a seed, printed when a run fails: `TEST_SEED=n npx mocha <this file>` plays it again; `TEST_ROUNDS` says how
 * many batches of commands are sent. The settings of lists change on the way, so that lists of all shapes meet.
 */
import { expect } from 'chai';
import { Random } from '../support/random.ts';
import type { RespClient } from '../support/resp.ts';
import { differential, haveRealServer, serverForSuite, waitFor } from '../support/server.ts';

type Command = (string | number)[];

const keys = ['l0', 'l1', 'l2', 'l3', 'no', 'string'];
const indexes = [
  '0', '1', '-1', '2', '-2', '5', '-5', '10', '-10', '100', '-100', '9223372036854775807', '-9223372036854775807', 'x', '',
]; // prettier-ignore
const edges = [
  '', '0', '-0', '1', '-1', '127', '128', '-4096', '-4097', '4095', '4096', '32767', '32768', '-8388608', '8388608', '2147483647',
  '2147483648', '4294967296', '9007199254740993', '9223372036854775807', '9223372036854775808', '-9223372036854775808', '007', ' 1',
  'a', 'b', '\x00', '\xff\xfe', 'a\r\nb',
]; // prettier-ignore

/** Seconds that a binary fraction says exactly: of 0.001, 7.0.5 makes 0 milliseconds, which are for ever, and later versions 1. */
const shortTime = '0.0625';

class ListGenerator {
  readonly random: Random;
  constructor(random: Random) {
    this.random = random;
  }

  key(): string {
    return this.random.chance(0.9) ? this.random.pick(keys.slice(0, 4)) : this.random.pick(keys);
  }

  value(): string {
    if (this.random.chance(0.4)) return this.random.pick(edges);
    if (this.random.chance(0.3)) return String(this.random.int(-100000, 100000));
    const length = this.random.int(
      0,
      this.random.pick([5, 70, 300, this.random.chance(0.05) ? 9000 : 20]),
    );
    return this.random.pick('abcxyz'.split('')).repeat(length) + this.random.pick(['', '1', '2']);
  }

  values(most: number): string[] {
    return Array.from({ length: this.random.int(1, most) }, () => this.value());
  }

  index(): string {
    return this.random.chance(0.8) ? String(this.random.int(-40, 40)) : this.random.pick(indexes);
  }

  end(): string {
    return this.random.chance(0.97) ? this.random.pick(['LEFT', 'RIGHT', 'left', 'Right']) : 'UP';
  }

  /** Each option with some probability, in any order. */
  options(...options: Command[]): Command {
    const chosen = options.filter(() => this.random.chance(0.3));
    if (this.random.chance(0.5)) chosen.reverse();
    if (this.random.chance(0.02)) chosen.push(['NOSUCHOPTION']);
    return chosen.flat();
  }

  /** Keys with their number before them. */
  counted(): Command {
    const some = Array.from({ length: this.random.int(1, 3) }, () => this.key());
    const number = this.random.chance(0.95) ? some.length : this.random.pick(['0', '-1', 'x', '5']);
    return [number, ...some];
  }

  next(): Command {
    const r = this.random;
    const count = (): string => (r.chance(0.9) ? String(r.int(0, 8)) : r.pick(indexes));
    const makers: [number, () => Command][] = [
      [8, () => ['LPUSH', this.key(), ...this.values(6)]],
      [8, () => ['RPUSH', this.key(), ...this.values(r.chance(0.05) ? 200 : 6)]],
      [2, () => [r.pick(['LPUSHX', 'RPUSHX']), this.key(), ...this.values(3)]],
      [3, () => [r.pick(['LPOP', 'RPOP']), this.key()]],
      [3, () => [r.pick(['LPOP', 'RPOP']), this.key(), count()]],
      [6, () => ['LINSERT', this.key(), r.chance(0.97) ? r.pick(['BEFORE', 'AFTER', 'before']) : 'AT', this.value(), this.value()]],
      [6, () => ['LSET', this.key(), this.index(), this.value()]],
      [4, () => ['LINDEX', this.key(), this.index()]],
      [5, () => ['LRANGE', this.key(), this.index(), this.index()]],
      [2, () => ['LLEN', this.key()]],
      [3, () => ['LREM', this.key(), r.int(-3, 3), this.value()]],
      [1, () => ['LTRIM', this.key(), this.index(), this.index()]],
      [5, () => ['LPOS', this.key(), this.value(), ...this.options(['RANK', r.int(-4, 4)], ['COUNT', r.int(-1, 4)], ['MAXLEN', r.int(-1, 40)])]],
      [4, () => ['LMOVE', this.key(), this.key(), this.end(), this.end()]],
      [2, () => ['RPOPLPUSH', this.key(), this.key()]],
      [3, () => ['LMPOP', ...this.counted(), this.end(), ...this.options(['COUNT', count()])]],
      [2, () => [r.pick(['BLPOP', 'BRPOP']), this.key(), this.key(), r.chance(0.9) ? shortTime : r.pick(['-1', 'x'])]],
      [1, () => ['BLMPOP', shortTime, ...this.counted(), this.end(), ...this.options(['COUNT', count()])]],
      [1, () => ['BLMOVE', this.key(), this.key(), this.end(), this.end(), shortTime]],
      [1, () => ['BRPOPLPUSH', this.key(), this.key(), shortTime]],
      [1, () => ['COPY', this.key(), this.key(), 'REPLACE']],
      [1, () => ['RENAME', this.key(), this.key()]],
      [1, () => ['OBJECT', 'ENCODING', this.key()]],
      [1, () => ['DEL', this.key()]],
      [1, () => ['SET', 'string', 'x']],
      [1, () => ['CONFIG', 'SET', 'list-max-listpack-size', r.pick([-5, -2, -1, 0, 1, 2, 5, 32, 128])]],
      [1, () => ['CONFIG', 'SET', 'list-compress-depth', r.pick([0, 0, 1, 2, 3])]],
      [1, () => ['DEBUG', 'QUICKLIST-PACKED-THRESHOLD', r.pick(['0', '0', '100b', '10b', '1b', '300b'])]],
    ]; // prettier-ignore
    let at = r.int(
      1,
      makers.reduce((sum, [weight]) => sum + weight, 0),
    );
    const maker = makers.find(([weight]) => (at -= weight) <= 0)!;
    const command = maker[1]();
    // A blocking command might get a time without end.
    if (String(command[0]).startsWith('B')) return command;
    if (r.chance(0.01)) command.pop();
    if (r.chance(0.01)) command.push(this.value());
    return command;
  }
}

/** What every list holds, and how it is built: DEBUG OBJECT tells nodes, settings and bytes. */
async function keyspace(client: RespClient): Promise<string[]> {
  const rows: string[] = [];
  for (const key of keys) {
    const [value, object] = await client.pipeline([
      ['LRANGE', key, 0, -1],
      ['DEBUG', 'OBJECT', key],
    ]);
    rows.push(`${key} ${value?.raw} ${/ ql_.*/.exec(object?.raw ?? '')?.[0]}`);
  }
  return rows;
}

(haveRealServer ? describe : describe.skip)('Lists beside a real redis-server', function () {
  this.timeout(process.env['TEST_ROUNDS'] === undefined ? 120000 : 0);
  const args = ['--enable-debug-command', 'yes'];
  const ours = serverForSuite({ args });
  const real = serverForSuite({ binary: 'real', args });
  const rounds = Number(process.env['TEST_ROUNDS'] ?? 8);
  const batch = 250;

  it('answer random commands with the same bytes, and are built the same', async () => {
    const random = Random.fromEnvironment();
    const generator = new ListGenerator(random);
    const [a, b] = [await ours().connect(), await real().connect()];
    for (let round = 0; round < rounds; round++) {
      const commands = Array.from({ length: batch }, () => generator.next());
      const differences = await differential(a, b, commands);
      const report = differences
        .slice(0, 5)
        .map(
          (d) =>
            `${JSON.stringify(d.command).slice(0, 300)}\n  ours ${JSON.stringify(d.ours).slice(0, 300)}\n  real ${JSON.stringify(d.real).slice(0, 300)}`,
        );
      expect(
        differences,
        `TEST_SEED=${random.seed} round ${round}\n${report.join('\n')}`,
      ).to.have.length(0);
      expect(await keyspace(a), `TEST_SEED=${random.seed} round ${round}`).to.deep.equal(
        await keyspace(b),
      );
    }
    a.close();
    b.close();
  });

  it('serve clients that wait in the same order, with the same elements', async () => {
    const random = Random.fromEnvironment();
    const waiting: ((key: string) => Command)[] = [
      (key) => ['BLPOP', 'other', key, '5'],
      (key) => ['BRPOP', key, '5'],
      (key) => ['BLMOVE', key, 'target', 'LEFT', 'RIGHT', '5'],
      (key) => ['BRPOPLPUSH', key, key, '5'],
      (key) => ['BLMPOP', '5', 1, key, 'RIGHT', 'COUNT', 2],
      (key) => ['BLMPOP', '5', 2, 'other', key, 'LEFT'],
    ];
    for (let round = 0; round < rounds; round++) {
      const commands = Array.from({ length: random.int(1, 4) }, () => random.pick(waiting)('key'));
      const pushes: Command[] = [
        ['MULTI'],
        ['RPUSH', 'key', ...Array.from({ length: random.int(1, 4) }, (_, i) => `e${i}`)],
        ['LPUSH', random.pick(['key', 'other', 'target']), 'x', 'y'],
        ...(random.chance(0.3) ? [['DEL', 'key']] : []),
        ['EXEC'],
        ['RPUSH', 'key', ...Array.from({ length: 8 }, (_, i) => `f${i}`)],
      ];
      const outcomes: string[][] = [];
      for (const server of [ours(), real()]) {
        const pusher = await server.connect();
        await pusher.command('FLUSHALL');
        const clients: RespClient[] = [];
        const replies: Promise<{ raw: string }>[] = [];
        for (const command of commands) {
          const client = await server.connect();
          clients.push(client);
          replies.push(client.command(...command));
          // The next one comes after this one.
          await waitFor('the client to wait', async () => {
            const info = await pusher.command('INFO', 'clients');
            return info.raw.includes(`blocked_clients:${clients.length}\r`);
          });
        }
        const outcome = (await pusher.pipeline(pushes)).map((reply) => reply.raw);
        for (const reply of replies) outcome.push((await reply).raw);
        for (const key of ['key', 'other', 'target']) {
          outcome.push((await pusher.command('LRANGE', key, 0, -1)).raw);
        }
        outcomes.push(outcome);
        for (const client of [...clients, pusher]) client.close();
      }
      expect(
        outcomes[0],
        `TEST_SEED=${random.seed} ${JSON.stringify([commands, pushes])}`,
      ).to.deep.equal(outcomes[1]);
    }
  });
});
