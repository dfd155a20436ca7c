/**
 * Real clients against the real program: ioredis and node-redis, and the command line tools that
 * Debian packages, where they are installed.
 */
import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { serverForSuite } from '../support/server.ts';

/** Runs a program to its end, and returns what it wrote and its exit code. */
function run(file: string, args: string[], input = ''): Promise<{ out: string; code: number }> {
  return new Promise((resolve) => {
    const child = execFile(file, args, { timeout: 30000 }, (error, stdout, stderr) => {
      resolve({ out: stdout + stderr, code: error ? Number(error.code ?? 1) : 0 });
    });
    child.stdin?.end(input);
  });
}

describe('Real clients', function () {
  this.timeout(40000);
  const server = serverForSuite();

  describe('ioredis', () => {
    let redis: Redis;
    before(() => {
      redis = new Redis({ host: '127.0.0.1', port: server().port, maxRetriesPerRequest: 1 });
    });
    after(() => redis.disconnect());

    it('connects, which includes its ready check by INFO', async () => {
      expect(await redis.ping()).to.equal('PONG');
      expect(redis.status).to.equal('ready');
    });

    it('stores and reads strings and bytes', async () => {
      const bytes = Buffer.from(Array.from({ length: 256 }, (_value, i) => i));
      expect(await redis.set('io:k', bytes)).to.equal('OK');
      expect(await redis.getBuffer('io:k')).to.deep.equal(bytes);
      expect(await redis.incrby('io:n', 41)).to.equal(41);
      expect(await redis.incr('io:n')).to.equal(42);
    });

    it('pipelines a thousand commands', async () => {
      const pipeline = redis.pipeline();
      for (let i = 0; i < 1000; i++) pipeline.set(`io:p${i}`, i).get(`io:p${i}`);
      const results = (await pipeline.exec()) ?? [];
      expect(results).to.have.length(2000);
      expect(results.every(([error]) => error === null)).to.equal(true);
      expect(results[1999]?.[1]).to.equal('999');
    });

    it('gets an error reply as an error', async () => {
      await redis.set('io:text', 'abc');
      const error = await redis.incr('io:text').catch((reason: Error) => reason);
      expect((error as Error).message).to.equal('ERR value is not an integer or out of range');
    });

    it('lets a key expire', async () => {
      await redis.set('io:e', 'v', 'PX', 100000);
      expect(await redis.pttl('io:e')).to.be.within(90000, 100000);
      expect(await redis.persist('io:e')).to.equal(1);
      expect(await redis.ttl('io:e')).to.equal(-1);
    });
  });

  describe('node-redis', () => {
    const connect = () =>
      createClient({
        socket: { host: '127.0.0.1', port: server().port, reconnectStrategy: false },
      });
    let redis: ReturnType<typeof connect>;
    before(async () => {
      redis = connect();
      redis.on('error', () => undefined);
      await redis.connect();
    });
    after(() => redis.destroy());

    it('stores and reads', async () => {
      expect(await redis.set('nr:k', 'żółw')).to.equal('OK');
      expect(await redis.get('nr:k')).to.equal('żółw');
      expect(await redis.exists('nr:k')).to.equal(1);
      expect(await redis.del(['nr:k', 'nr:none'])).to.equal(1);
    });

    it('sends many commands at once and gets each its own reply', async () => {
      const replies = await Promise.all(
        Array.from({ length: 500 }, (_value, i) => redis.incrBy('nr:n', i)),
      );
      expect(replies[499]).to.equal((499 * 500) / 2);
    });

    it('gets nil as null', async () => {
      expect(await redis.get('nr:nothing')).to.equal(null);
    });
  });

  const cli = '/usr/bin/redis-cli';
  (existsSync(cli) ? describe : describe.skip)('redis-cli of Debian', () => {
    const ask = (...args: string[]) => run(cli, ['-p', String(server().port), ...args]);

    it('prints replies', async () => {
      expect(await ask('SET', 'cli:k', 'a b')).to.deep.equal({ out: 'OK\n', code: 0 });
      expect((await ask('GET', 'cli:k')).out).to.equal('a b\n');
      expect((await ask('GET', 'cli:none')).out).to.equal('\n');
      expect((await ask('NOSUCH')).out).to.match(/^ERR unknown command 'NOSUCH'/);
    });

    it('feeds commands from standard input', async () => {
      const input = Array.from({ length: 100 }, (_value, i) => `INCRBY cli:n ${i}\n`).join('');
      const { out } = await run(cli, ['-p', String(server().port)], input);
      expect(out.trim().split('\n').at(-1)).to.equal('4950');
    });

    it('loads by --pipe', async () => {
      const input = Array.from(
        { length: 1000 },
        (_value, i) => `*3\r\n$3\r\nSET\r\n$8\r\npipe${String(i).padStart(4, '0')}\r\n$1\r\nv\r\n`,
      ).join('');
      const { out } = await run(cli, ['-p', String(server().port), '--pipe'], input);
      expect(out).to.contain('errors: 0, replies: 1000');
    });
  });

  const benchmark = '/usr/bin/redis-benchmark';
  (existsSync(benchmark) ? describe : describe.skip)('redis-benchmark of Debian', () => {
    it('runs its string tests without an error', async () => {
      const port = String(server().port);
      const options = ['-p', port, '-n', '2000', '-c', '20', '-P', '4', '-r', '100', '--csv'];
      const { out, code } = await run(benchmark, [...options, '-t', 'ping,set,get,incr']);
      expect(code, out).to.equal(0);
      expect(out).to.match(/"SET","\d/);
      expect(out).to.match(/"INCR","\d/);
      expect(out).not.to.match(/error/i);
    });
  });
});
