/** How the program begins and ends: its configuration file, its options, its signals, its exit codes. */
import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { program, startServer, waitFor, withServer } from '../support/server.ts';
import { root } from '../support/sources.ts';

describe('The program redis-server', function () {
  this.timeout(20000);

  it('starts with the redis.conf of the project', () => {
    const config = readFileSync(join(root, 'redis.conf'), 'utf8');
    return withServer({ config }, async (server) => {
      const client = await server.connect();
      expect(await client.value('CONFIG', 'GET', 'protected-mode')).to.deep.equal([
        'protected-mode',
        'yes',
      ]);
      expect(await client.value('CONFIG', 'GET', 'databases')).to.deep.equal(['databases', '16']);
    });
  });

  it('takes its options from the file, and those of the command line over them', () =>
    withServer({ config: 'maxclients 77\nhz 20\n', args: ['--hz', '30'] }, async (server) => {
      const client = await server.connect();
      expect(await client.value('CONFIG', 'GET', 'maxclients')).to.deep.equal(['maxclients', '77']);
      expect(await client.value('CONFIG', 'GET', 'hz')).to.deep.equal(['hz', '30']);
    }));

  it('shows itself to ps as redis-server with what its template says', function () {
    if (process.platform !== 'linux') this.skip();
    return withServer({}, async (server) => {
      const client = await server.connect();
      const title = async (template: string): Promise<string | undefined> => {
        await client.command('CONFIG', 'SET', 'proc-title-template', template);
        return readFileSync(`/proc/${server.pid}/cmdline`, 'latin1').split('\0')[0];
      };
      expect(await title('TEST {title} {port}')).to.match(
        new RegExp(`^TEST \\S*/redis-server ${server.port}$`),
      );
      // Longer than the command line was, and short again.
      const args = readFileSync(`/proc/${server.pid}/cmdline`).length;
      const long = 'y'.repeat(args + 20);
      expect(await title(long)).to.equal(long);
      expect(await title('{port}')).to.equal(String(server.port));
      expect(await title('z'.repeat(300))).to.equal('z'.repeat(255));
      expect(await client.value('PING')).to.equal('PONG');
    });
  });

  it('gets the pages of its heap side by side', function () {
    if (process.platform !== 'linux' || process.arch !== 'x64') this.skip();
    return withServer({}, async (server) => {
      // Pages that lie where V8 wishes: below 2^46, far from the libraries.
      const scattered = (): number =>
        readFileSync(`/proc/${server.pid}/maps`, 'latin1')
          .split('\n')
          .filter((line) => / rw-p /.test(line))
          .map((line) => parseInt(line, 16))
          .filter((address) => address > 2 ** 40 && address < 2 ** 46).length;
      // Asked of the kernel: INFO tells what the last cron saw.
      const resident = (): number =>
        Number(
          /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${server.pid}/status`, 'latin1'))?.[1],
        );
      const client = await server.connect();
      const before = scattered();
      const heap = resident();
      await client.command('DEBUG', 'POPULATE', '100000');
      expect(resident()).to.be.above(heap + 8192);
      expect(scattered()).to.be.at.most(before);
    });
  });

  it('says which version it is', () => {
    const out = execFileSync(process.execPath, [program('redis-server'), '--version'], {
      encoding: 'utf8',
    });
    expect(out).to.match(/^Redis server v=7\.0\.5 sha=/);
  });

  it('ends with code 0 on SIGTERM, and says goodbye', async () => {
    const server = await startServer();
    const code = await server.stop();
    expect(code).to.equal(0);
    expect(server.log()).to.contain('User requested shutdown...');
    expect(server.log()).to.contain('Redis is now ready to exit, bye bye...');
  });

  it('ends with code 0 on SHUTDOWN', async () => {
    const server = await startServer();
    const client = await server.connect();
    client.send('SHUTDOWN NOSAVE\r\n');
    await client.untilClosed();
    await waitFor('the process to end', () => server.process.exitCode !== null);
    expect(await server.stop()).to.equal(0);
    expect(client.received).to.equal('');
  });

  it('refuses SHUTDOWN SAVE, since it has no file to save to, and serves on', () =>
    withServer({}, async (server) => {
      const client = await server.connect();
      await client.command('SET', 'k', 'v');
      expect((await client.command('SHUTDOWN', 'SAVE')).raw).to.equal(
        '-ERR Errors trying to SHUTDOWN. Check logs.\r\n',
      );
      // The log comes by another way than the reply, and may be later.
      const line = "Error trying to save the DB, can't exit.";
      await waitFor('the log to tell', () => server.log().includes(line));
      expect(await client.text('GET', 'k')).to.equal('v');
    }));

  it('says at the end that keys are lost when save points promise otherwise', async () => {
    const server = await startServer({ args: ['--save', '100 1'] });
    const client = await server.connect();
    await client.command('SET', 'k', 'v');
    expect(await server.stop()).to.equal(0);
    expect(server.log()).to.contain('The keys are not saved');
  });

  it('runs on with BREAK_AT when no debugger listens, and names functions that do not exist', async () => {
    const server = await startServer({
      nodeArgs: ['-r', join(root, 'tools/break-at.cjs')],
      env: { BREAK_AT: 'processCommand,noSuchFunction' },
    });
    const client = await server.connect();
    expect(await client.value('PING')).to.equal('PONG');
    const line = "BREAK_AT: no function 'noSuchFunction' in the loaded modules";
    await waitFor('the log to tell', () => server.log().includes(line));
    expect(server.log()).not.to.contain("'processCommand'");
    await server.stop();
  });
});
