/**
 * Several clients at once, some of which wait for keys, on this server and on a real redis-server: each client must get the
 * same bytes, and must be served at the same time.
 *
 * A command is sent to both servers, and when each of them has replied or blocked the client, what all clients have received
 * by then is compared. Nobody has a deadline, so that the clock decides nothing. `TEST_SEED=n` plays a run again,
 * `TEST_ROUNDS=n` makes it longer.
 */
import { expect } from 'chai';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Random } from '../support/random.ts';
import { encodeCommand, type RespClient } from '../support/resp.ts';
import { haveRealServer, serverForSuite, type TestServer } from '../support/server.ts';

type Command = (string | number)[];

const CLIENTS = 6;

/** The clients of one server. */
class Side {
  readonly server: TestServer;
  control!: RespClient;
  readonly clients: RespClient[] = [];
  readonly ids: string[] = [];

  constructor(server: TestServer) {
    this.server = server;
  }

  async connect(): Promise<void> {
    this.control = await this.server.connect();
    await this.control.command('FLUSHALL');
    for (let i = 0; i < CLIENTS; i++) await this.reconnect(i);
  }

  async reconnect(i: number): Promise<void> {
    this.clients[i] = await this.server.connect();
    this.ids[i] = (await this.clients[i].command('CLIENT', 'ID')).raw.slice(1, -2);
  }

  /** Drops client `i`, and waits until the server knows. */
  async drop(i: number): Promise<void> {
    this.clients[i].close();
    while ((await this.control.text('CLIENT', 'LIST', 'ID', this.ids[i])) !== '') continue;
  }

  /** Sends a command as client `i`. Waits until it has been replied to, or until it blocks the client. */
  async run(i: number, command: Command): Promise<void> {
    const c = this.clients[i];
    c.send(encodeCommand(command));
    while (c.received === '') {
      const state = await this.control.text('CLIENT', 'LIST', 'ID', this.ids[i]);
      if (/ flags=\w*b/.test(state)) break;
    }
    // Now all replies are on their way, those to clients that were waiting before the next one to this connection.
    await this.control.command('PING');
    await nextTurn();
  }

  /** What each client has received since the last time. */
  taken(): string[] {
    return this.clients.map((c) => {
      const { received } = c;
      c.received = '';
      return received;
    });
  }
}

class Generator {
  readonly random: Random;
  #id = 1;

  constructor(random: Random) {
    this.random = random;
  }

  #key = (): string => `k${this.random.int(0, 3)}`;

  #keys(): string[] {
    return Array.from({ length: this.random.int(1, 3) }, this.#key);
  }

  /** A command that may block. */
  blocking(): Command {
    const r = this.random;
    const key = this.#key;
    const keys = this.#keys();
    const side = (): string => r.pick(['LEFT', 'RIGHT']);
    const count = (): Command => (r.chance(0.5) ? ['COUNT', r.int(1, 4)] : []);
    return r.pick<() => Command>([
      () => ['BLPOP', ...keys, 0],
      () => ['BRPOP', ...keys, 0],
      () => ['BLMOVE', key(), key(), side(), side(), 0],
      () => ['BRPOPLPUSH', key(), key(), 0],
      () => ['BLMPOP', 0, keys.length, ...keys, side(), ...count()],
      () => ['BZPOPMIN', ...keys, 0],
      () => ['BZPOPMAX', ...keys, 0],
      () => ['BZMPOP', 0, keys.length, ...keys, r.pick(['MIN', 'MAX']), ...count()],
      () => ['XREAD', ...count(), 'BLOCK', 0, 'STREAMS', ...keys, ...keys.map(() => '$')],
      () => [
        ...['XREAD', ...count(), 'BLOCK', 0, 'STREAMS', ...keys],
        ...keys.map(() => `${r.int(0, this.#id)}-0`),
      ],
      () => [
        ...['XREADGROUP', 'GROUP', r.pick(['g', 'h']), r.pick(['alice', 'bob']), ...count()],
        ...['BLOCK', 0, ...(r.chance(0.3) ? ['NOACK'] : []), 'STREAMS', ...keys],
        ...keys.map(() => '>'),
      ],
    ])();
  }

  /** A command that makes, changes or removes keys. */
  changing(): Command {
    const r = this.random;
    const key = this.#key;
    const value = (): string => r.pick(['a', 'b', '1', '2', 'x'.repeat(70)]);
    const values = (): string[] => Array.from({ length: r.int(1, 4) }, value);
    const pairs = (): Command =>
      Array.from({ length: r.int(1, 3) }).flatMap(() => [r.int(0, 5), value()]);
    const group = (): string => r.pick(['g', 'g', 'h']);
    return r.pick<() => Command>([
      () => ['RPUSH', key(), ...values()],
      () => ['LPUSH', key(), ...values()],
      () => ['RPUSH', key(), ...values()],
      () => ['LMOVE', key(), key(), 'LEFT', 'RIGHT'],
      () => ['LINSERT', key(), 'BEFORE', 'a', 'b'],
      () => ['ZADD', key(), ...pairs()],
      () => ['ZADD', key(), ...pairs()],
      () => ['ZINCRBY', key(), 1, value()],
      () => ['ZUNIONSTORE', key(), 2, key(), key()],
      () => ['ZREM', key(), value()],
      () => ['XADD', key(), `${this.#id++}-1`, 'f', value()],
      () => ['XADD', key(), `${this.#id++}-1`, 'f', value()],
      () => ['XADD', key(), 'MAXLEN', 2, `${this.#id++}-1`, 'f', value()],
      () => ['XGROUP', 'CREATE', key(), group(), r.pick(['$', '0']), 'MKSTREAM'],
      () => ['XGROUP', 'CREATE', key(), group(), r.pick(['$', '0']), 'MKSTREAM'],
      () => ['XGROUP', 'DESTROY', key(), group()],
      () => ['XGROUP', 'DELCONSUMER', key(), group(), 'alice'],
      () => ['XGROUP', 'SETID', key(), group(), '0'],
      () => ['SADD', key(), ...values()],
      () => ['SET', key(), value()],
      () => ['RENAME', key(), key()],
      () => ['COPY', key(), key(), 'REPLACE'],
      () => ['SORT', key(), 'ALPHA', 'STORE', key()],
      () => ['MOVE', key(), 1],
      () => ['SWAPDB', 0, 1],
      () => ['DEL', key()],
      () => ['UNLINK', key(), key()],
      () => ['DEL', key(), key()],
      () => ['PEXPIREAT', key(), 1],
      () => ['EXPIRE', key(), -1],
      () => [r.pick(['FLUSHDB', 'FLUSHALL']), r.pick(['SYNC', 'ASYNC'])],
    ])();
  }
}

describe('clients that wait for keys', function () {
  this.timeout(120000);
  if (!haveRealServer) return;

  const ours = serverForSuite({ args: ['--enable-debug-command', 'yes'] });
  const real = serverForSuite({ binary: 'real', args: ['--enable-debug-command', 'yes'] });

  it('are served like those of a real server', async () => {
    const random = Random.fromEnvironment();
    const generator = new Generator(random);
    const sides = [new Side(ours()), new Side(real())];
    for (const side of sides) await side.connect();
    const history: string[] = [];

    /** Whether a client waits; and how many commands it still queues before EXEC. */
    const waits = new Array<boolean>(CLIENTS).fill(false);
    const queued = new Array<number>(CLIENTS).fill(-1);
    let served = 0;

    const compare = (i: number): void => {
      const [a, b] = sides.map((side) => side.taken());
      expect(a, `seed ${random.seed}\n${history.slice(-60).join('\n')}`).to.deep.equal(b);
      waits[i] = a[i] === '';
      a.forEach((received, j) => {
        if (j === i || received === '') return;
        expect(waits[j]).to.equal(true);
        waits[j] = false;
        served++;
      });
    };

    const rounds = Number(process.env['TEST_ROUNDS'] ?? 600);
    for (let round = 0; round < rounds; round++) {
      const waiting = waits.flatMap((w, i) => (w ? [i] : []));
      const free = waits.flatMap((w, i) => (w ? [] : [i]));

      if (waiting.length > 0 && (free.length === 0 || random.chance(0.05))) {
        const i = random.pick(waiting);
        if (random.chance(0.3)) {
          history.push(`${i}: (drops)`);
          for (const side of sides) {
            await side.drop(i);
            await side.reconnect(i);
          }
        } else {
          const how = random.pick(['TIMEOUT', 'ERROR']);
          history.push(`${i}: (unblocked by ${how})`);
          for (const side of sides) {
            await side.control.command('CLIENT', 'UNBLOCK', side.ids[i], how);
            await side.control.command('PING');
            await nextTurn();
          }
          const [a, b] = sides.map((side) => side.taken());
          expect(a, `seed ${random.seed}\n${history.slice(-60).join('\n')}`).to.deep.equal(b);
        }
        waits[i] = false;
        continue;
      }

      const i = random.pick(free);
      let command: Command;
      if (queued[i] === 0) command = ['EXEC'];
      else if (queued[i] < 0 && random.chance(0.05)) command = ['MULTI'];
      // At least one client is needed that goes on.
      else if (random.chance(free.length > 1 ? 0.4 : 0)) command = generator.blocking();
      else command = generator.changing();
      // With several who wait, the seed of the server's hash function decides who is woken first.
      if (command[0] === 'SWAPDB' && (waiting.length > 1 || queued[i] > 0)) command = ['PING'];
      if (command[0] === 'MULTI') queued[i] = random.int(1, 4);
      else queued[i]--;
      history.push(`${i}: ${command.join(' ')}`);
      for (const side of sides) await side.run(i, command);
      compare(i);
    }

    expect(served, 'clients that were served after they had waited').to.be.above(rounds / 100);
    const digests: string[] = [];
    for (const side of sides) {
      expect(await side.control.text('INFO', 'clients')).to.contain(
        `blocked_clients:${waits.filter((w) => w).length}\r\n`,
      );
      digests.push(await side.control.text('DEBUG', 'DIGEST'));
      for (const c of side.clients) c.close();
    }
    expect(digests[0], `seed ${random.seed}`).to.equal(digests[1]);
  });
});
