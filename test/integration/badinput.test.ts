/**
 * Input that no client should send, and conditions that no operator wants: the server says what C
 * says, drops who must be dropped, and has afterwards as many clients and descriptors as before.
 */
import { expect } from 'chai';
import { createServer } from 'node:net';
import type { RespClient, RespError } from '../support/resp.ts';
import {
  freePort,
  serverForSuite,
  spawnServer,
  temporaryDir,
  waitFor,
  withServer,
  type TestServer,
} from '../support/server.ts';

/** Runs `fn`, then waits until the server has as many clients and descriptors as it had before. */
async function leavesNothing(server: TestServer, fn: () => Promise<void>): Promise<void> {
  // The clients of earlier tests must be gone, or the count before would be too high.
  server.closeClients();
  await waitFor(
    'earlier clients to go',
    async () => (await server.info('connected_clients')) === 1,
  );
  const descriptors = server.openDescriptors();
  await fn();
  await waitFor('the clients to go', async () => (await server.info('connected_clients')) === 1);
  await waitFor('the descriptors to go', () => server.openDescriptors() <= descriptors);
}

/** Sends `bytes` on a new connection; returns all that comes back until the server closes it. */
async function sendUntilClosed(server: TestServer, bytes: string): Promise<string> {
  const client = await server.connect();
  client.send(bytes);
  await waitFor(`${JSON.stringify(bytes.slice(0, 40))} to be refused`, () => client.closed);
  return client.received;
}

/** Starts a server that must not come up; returns its exit code and what it wrote. */
async function failToStart(
  args: string[],
  port: number,
  config?: string,
): Promise<{ code: number | null; out: string }> {
  const child = spawnServer(
    { args, ...(config === undefined ? {} : { config }) },
    port,
    temporaryDir(),
  );
  let out = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data: Buffer) => void (out += data.toString('latin1')));
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), 8000);
  const code = await new Promise<number | null>((done) => child.once('close', done));
  clearTimeout(timer);
  return { code, out };
}

describe('Bad input', function () {
  this.timeout(30000);
  const server = serverForSuite();

  const protocolErrors: [string, string, string][] = [
    ['a multibulk count that is too large', '*2147483648\r\n', 'invalid multibulk length'],
    ['a multibulk count beyond 64 bits', '*99999999999999999999\r\n', 'invalid multibulk length'],
    ['a multibulk count that is no number', '*abc\r\n', 'invalid multibulk length'],
    ['a bulk of negative length', '*1\r\n$-1\r\n', 'invalid bulk length'],
    ['a bulk length that is no number', '*1\r\n$x\r\n', 'invalid bulk length'],
    [
      'a bulk of one gigabyte',
      '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1073741824\r\n',
      'invalid bulk length',
    ],
    ['another sign where a bulk must begin', '*1\r\n:5\r\n', "expected '$', got ':'"],
    ['quotes that do not close', 'SET k "abc\r\n', 'unbalanced quotes in request'],
    ['a count line without end', `*${'1'.repeat(70000)}`, 'too big mbulk count string'],
    ['a bulk length without end', `*1\r\n$${'1'.repeat(70000)}`, 'too big bulk count string'],
    ['an inline command without end', 'a'.repeat(70000), 'too big inline request'],
  ];
  for (const [what, bytes, error] of protocolErrors) {
    it(`answers ${what} by a protocol error and closes`, () =>
      leavesNothing(server(), async () => {
        expect(await sendUntilClosed(server(), bytes)).to.equal(
          `-ERR Protocol error: ${error}\r\n`,
        );
      }));
  }

  it('answers what came before the protocol error', async () => {
    const reply = await sendUntilClosed(server(), '*1\r\n$4\r\nPING\r\n*1\r\n$-1\r\n');
    expect(reply).to.equal('+PONG\r\n-ERR Protocol error: invalid bulk length\r\n');
  });

  it('says no to a large bulk before anyone has logged in', () =>
    withServer({ args: ['--requirepass', 'secret'] }, async (guarded) => {
      expect(await sendUntilClosed(guarded, '*1\r\n$16385\r\n')).to.equal(
        '-ERR Protocol error: unauthenticated bulk length\r\n',
      );
      expect(await sendUntilClosed(guarded, '*11\r\n')).to.equal(
        '-ERR Protocol error: unauthenticated multibulk length\r\n',
      );
    }));

  it('ignores empty commands', async () => {
    const client = await server().connect();
    client.send('*0\r\n\r\n*-1\r\n\r\nPING\r\n');
    expect((await client.reply()).raw).to.equal('+PONG\r\n');
    client.close();
  });

  it('takes bytes that are no text, as a command name and as values', async () => {
    const client = await server().connect();
    const all = Array.from({ length: 256 }, (_value, i) => String.fromCharCode(i)).join('');
    expect(await client.value('SET', all, all)).to.equal('OK');
    expect(await client.value('GET', all)).to.equal(all);
    const error = (await client.value('\x00\xff\r\n', 'x')) as RespError;
    expect(error.message).to.match(/^ERR unknown command /);
    expect(error.message).not.to.match(/[\r\n]/);
    client.close();
  });

  it('takes a command that arrives byte by byte', async () => {
    const client = await server().connect();
    for (const byte of '*3\r\n$3\r\nSET\r\n$2\r\nbb\r\n$5\r\na\r\nbc\r\n') {
      await new Promise<void>((sent) => client.socket.write(byte, () => sent()));
    }
    expect((await client.reply()).raw).to.equal('+OK\r\n');
    expect(await client.value('GET', 'bb')).to.equal('a\r\nbc');
    client.close();
  });

  it('forgets a client that closes in the middle of a command', () =>
    leavesNothing(server(), async () => {
      const other = await server().connect();
      const half = '*3\r\n$3\r\nSET\r\n$4\r\nhalf\r\n$1000000\r\nabc';
      for (const end of [1, 5, 13, 20, 30, half.length]) {
        const client = await server().connect();
        client.send(half.slice(0, end));
        client.socket.end();
        await client.untilClosed();
        expect(await other.value('PING')).to.equal('PONG');
      }
      expect(await other.value('EXISTS', 'half')).to.equal(0);
      other.close();
    }));

  it('forgets clients that are reset', () =>
    leavesNothing(server(), async () => {
      const clients = await Promise.all(Array.from({ length: 50 }, () => server().connect()));
      for (const client of clients) {
        client.send('*2\r\n$3\r\nGET\r\n$1\r\nk\r\n');
        client.socket.resetAndDestroy();
      }
      await Promise.all(clients.map((client) => client.untilClosed()));
    }));

  it('refuses the client after the last one that it may have', () =>
    withServer({ args: ['--maxclients', '5'] }, async (small) => {
      const clients: RespClient[] = [];
      for (let i = 0; i < 5; i++) {
        const client = await small.connect();
        expect(await client.value('PING')).to.equal('PONG');
        clients.push(client);
      }
      const descriptors = small.openDescriptors();
      const refused = await small.connect();
      await refused.untilClosed();
      expect(refused.received).to.equal('-ERR max number of clients reached\r\n');
      await waitFor('its descriptor to go', () => small.openDescriptors() === descriptors);
      clients[0]?.close();
      await waitFor('a place to be free', async () => {
        const client = await small.connect();
        client.send('PING\r\n');
        const reply = await client.reply().catch(() => null);
        client.close();
        return reply?.raw === '+PONG\r\n';
      });
    }));

  it('drops a reader that is too slow for its replies, by the output buffer limit', () =>
    withServer({ args: ['--client-output-buffer-limit', 'normal 2mb 0 0'] }, async (limited) => {
      await leavesNothing(limited, async () => {
        const client = await limited.connect();
        expect(await client.value('SET', 'big', 'x'.repeat(1 << 20))).to.equal('OK');
        client.socket.pause();
        client.send('GET big\r\n'.repeat(64));
        await waitFor('the client to be dropped', () =>
          limited.log().includes('closed ASAP for overcoming of output buffer limits'),
        );
        client.close();
      });
    }));

  it('keeps a slow reader below the limit, and gives it every byte', () =>
    leavesNothing(server(), async () => {
      const client = await server().connect();
      const big = 'x'.repeat(1 << 20);
      expect(await client.value('SET', 'big', big)).to.equal('OK');
      client.socket.pause();
      client.send('GET big\r\n'.repeat(16));
      // Meanwhile others are served.
      const other = await server().connect();
      expect(await other.value('PING')).to.equal('PONG');
      other.close();
      client.socket.resume();
      for (let i = 0; i < 16; i++) expect((await client.reply()).value).to.equal(big);
      expect(await client.value('DEL', 'big')).to.equal(1);
      client.close();
    }));

  it('drops a client whose query grows beyond its limit', () =>
    withServer({ args: ['--client-query-buffer-limit', '1mb'] }, async (limited) => {
      const client = await limited.connect();
      client.send(`*2\r\n$4\r\nECHO\r\n$${3 << 20}\r\n${'x'.repeat(2 << 20)}`);
      await client.untilClosed();
      const line = 'Closing client that reached max query buffer length';
      await waitFor('the log to tell', () => limited.log().includes(line));
    }));

  it('does not start with a configuration line that it does not know', async () => {
    const { code, out } = await failToStart(
      [],
      await freePort(),
      'maxclients 100\nnosuchoption yes\n',
    );
    expect(code).to.equal(1);
    expect(out).to.contain('*** FATAL CONFIG FILE ERROR (Redis 7.0.5) ***');
    expect(out).to.contain('Reading the configuration file, at line 2');
    expect(out).to.contain(">>> 'nosuchoption yes'");
    expect(out).to.contain('Bad directive or wrong number of arguments');
  });

  it('does not start with a value that an option cannot have', async () => {
    const { code, out } = await failToStart(
      ['--maxmemory-policy', 'nosuchpolicy'],
      await freePort(),
    );
    expect(code).to.equal(1);
    expect(out).to.contain('FATAL CONFIG FILE ERROR');
    expect(out).to.contain('argument(s) must be one of the following');
  });

  it('does not start on a port that another program holds', async () => {
    const holder = createServer();
    const port = await freePort();
    await new Promise<void>((done) => holder.listen(port, '127.0.0.1', done));
    const { code, out } = await failToStart([], port);
    await new Promise((done) => holder.close(done));
    expect(code).to.equal(1);
    expect(out).to.contain(`Could not create server TCP listening socket 127.0.0.1:${port}`);
    expect(out).to.contain('Failed listening on port');
  });

  it('is alive after all of this', async () => {
    const client = await server().connect();
    expect(await client.value('PING')).to.equal('PONG');
    expect(server().log()).not.to.match(/BUG REPORT|Uncaught|at .*\.ts:\d+/);
    client.close();
  });
});
