/** Tests of debug.ts on the built server: what DEBUG OBJECT shows, and the report that a panic leaves in the log. */
import { expect } from 'chai';
import { startServer, waitFor, withServer } from '../support/server.ts';

describe('debug.ts', function () {
  this.timeout(20000);

  it('shows of an object what it has: refcount, encoding, age; no address and no length of a dump', () =>
    withServer({}, async (server) => {
      const c = await server.connect();
      await c.text('SET', 'k', '7');
      expect(await c.text('DEBUG', 'OBJECT', 'k')).to.match(
        /^Value refcount:2147483647 encoding:int lru:\d+ lru_seconds_idle:\d+$/,
      );
      expect((await c.command('DEBUG', 'OBJECT', 'none')).raw).to.equal('-ERR no such key\r\n');
    }));

  it('ends a panic with a report headed as C heads it, and does not serve on', async () => {
    const server = await startServer();
    const c = await server.connect();
    c.send('*2\r\n$5\r\nDEBUG\r\n$5\r\nPANIC\r\n');
    await waitFor(
      'the server to end',
      () => server.process.exitCode !== null || server.process.signalCode !== null,
    );
    const log = server.log();
    for (const part of [
      '=== REDIS BUG REPORT START: Cut & paste starting from here ===',
      'Guru Meditation: DEBUG PANIC called at Unix time',
      '------ STACK TRACE ------',
      'at debugCommand',
      '------ INFO OUTPUT ------',
      '------ CURRENT CLIENT INFO ------',
      'argv[1]: \'"PANIC"\'',
      '=== REDIS BUG REPORT END. Make sure to include from START to END. ===',
    ]) {
      expect(log).to.contain(part);
    }
    expect(server.process.signalCode).to.equal('SIGABRT');
    await server.stop();
  });
});
