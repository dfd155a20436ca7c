/**
 * The prompt of redis-cli on a terminal: our program and the C one are given the same keys on a pseudo terminal, and what
 * they write is the same, escape sequences and all.
 *
 * The terminal comes from `script` of util-linux. A step waits for a text and then types; so no key comes before the
 * program reads keys (raw mode drops what was typed before).
 */
import { expect } from 'chai';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort, startServer, waitFor, type TestServer } from '../support/server.ts';
import { haveRealCli, realCliPath, runReal } from './harness.ts';

const root = resolve(__dirname, '../..');
const haveScript = existsSync('/usr/bin/script');

/** A text to wait for, and the keys to type then (or something to do). */
type Step = [string | RegExp, string | ((child: ChildProcess) => void)];

/** What came of a session. */
interface Session {
  output: string;
  status: number | null;
}

/** A text as a regular expression. */
function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** A fresh prompt: not one that is drawn again after its row was cleared. */
function prompt(text: string): RegExp {
  return RegExp(`(?<!\\x1b\\[0K)${quoted(text)}`, 'g');
}

const CTRL_C = '\x03';
const CTRL_D = '\x04';
const UP = '\x1b[A';
const DOWN = '\x1b[B';
const LEFT = '\x1b[D';
const RIGHT = '\x1b[C';
const HOME = '\x1b[H';
const END = '\x1bOF';
const DELETE = '\x1b[3~';

describe('The prompt of redis-cli', function () {
  this.timeout(30000);
  let server: TestServer;
  let dir = '';
  const children = new Set<ChildProcess>();

  before(async function () {
    if (!haveRealCli || !haveScript) this.skip();
    server = await startServer({ binary: 'real', args: ['--requirepass', ''] });
    dir = mkdtempSync(join(tmpdir(), 'redis-cli-'));
  });

  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    await server?.stop();
    if (dir !== '') rmSync(dir, { recursive: true, force: true });
  });

  /** Runs a program on a terminal through its steps. */
  function session(program: string, args: string[], steps: Step[], env: object): Promise<Session> {
    return new Promise((done, fail) => {
      const command = `stty cols 100 rows 30; exec ${program} ${args.join(' ')}`;
      const child = spawn('/usr/bin/script', ['-qec', command, '/dev/null'], {
        env: { PATH: process.env['PATH'], TERM: 'xterm', HOME: dir, ...env },
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      children.add(child);
      let output = '';
      let seen = 0;
      let step = 0;
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        fail(new Error(`stuck at step ${step} of ${program}: ${JSON.stringify(output)}`));
      }, 12000);
      child.stdout.on('data', (data: Buffer) => {
        output += data.toString('latin1');
        while (step < steps.length) {
          const [text, action] = steps[step];
          const pattern = typeof text === 'string' ? RegExp(quoted(text), 'g') : text;
          pattern.lastIndex = seen;
          if (!pattern.test(output)) break;
          seen = pattern.lastIndex;
          step++;
          if (typeof action === 'string') child.stdin.write(Buffer.from(action, 'latin1'));
          else action(child);
        }
      });
      child.on('exit', (status) => {
        clearTimeout(timer);
        children.delete(child);
        child.stdin.destroy();
        done({ output, status });
      });
    });
  }

  const register = join(root, 'node_modules/ts-node/register/index.js');
  const ourProgram = `${process.execPath} -r ${register} ${join(root, 'bin/redis-cli.ts')}`;
  const ourEnv = { TS_NODE_PROJECT: join(root, 'tsconfig.json') };

  function ours(args: string[], steps: Step[], env: object = {}): Promise<Session> {
    return session(ourProgram, args, steps, { ...ourEnv, ...env });
  }

  /** The output as the eye sees it: raw mode of ours leaves line ends alone as C's does, so nothing is changed. */
  async function expectSame(args: string[], steps: Step[], env: object = {}): Promise<Session> {
    const fresh = (): void => rmSync(join(dir, '.rediscli_history'), { force: true });
    runReal({ args: ['-p', String(server.port), 'flushall'] });
    fresh();
    const real = await session(realCliPath, args, steps, env);
    runReal({ args: ['-p', String(server.port), 'flushall'] });
    fresh();
    const our = await ours(args, steps, env);
    expect(our).to.deep.equal(real);
    return our;
  }

  it('edits lines, keeps them, completes and hints as C does', async () => {
    const p = `127.0.0.1:${server.port}`;
    const at = prompt(`${p}> `);
    const enter = '\r';
    const result = await expectSame(
      ['-p', String(server.port)],
      [
        [at, 'set key valeu' + LEFT + '\x14' + enter],
        ['OK', ''],
        [at, 'gett' + '\x7f' + ' keyx\x08' + enter],
        ['"value"', ''],
        [at, UP + UP + HOME + RIGHT + END + '\x17' + 'other' + enter],
        ['OK', ''],
        [at, UP + UP + UP + DOWN + DOWN + '\x15' + 'lpush l 1 2' + '\x02\x06' + enter],
        ['(integer) 2', ''],
        [
          at,
          'xxget key' +
            '\x01' +
            DELETE +
            '\x04' +
            '\x05' +
            ' zz' +
            LEFT +
            LEFT +
            LEFT +
            '\x0b' +
            enter,
        ],
        ['"other"', ''],
        [at, 'config se\t' + ' maxmemory 0' + enter],
        ['OK', ''],
        [at, 'HELP @str\t' + enter],
        ['XTRIM', ''],
        [at, 'nosuchthing\t\x15geo\t\t\t\x1b[Z' + '\x15' + enter],
        [at, 'get\t\t\t\t\t\t\t\x1b' + '[D\x15' + ':set nohints' + enter],
        [at, 'get k' + '\x15' + ':set hints' + enter],
        [at, 'set "a b' + enter],
        ['Invalid argument(s)', ''],
        [at, 'zadd k nx ' + '\x15' + 'echo ' + 'w'.repeat(120) + HOME + '\x0c' + enter],
        ['www"', ''],
        [at, '3 incr n' + enter],
        ['(integer) 3', ''],
        [at, 'select 2' + enter],
        ['OK', ''],
        [prompt(`${p}[2]> `), 'multi' + enter],
        [prompt(`${p}[2](TX)> `), 'get x' + enter],
        [prompt(`${p}[2](TX)> `), 'exec' + enter],
        [prompt(`${p}[2]> `), 'auth secret' + enter],
        [prompt(`${p}[2]> `), 'h\xc3\xa9llo' + enter],
        [prompt(`${p}[2]> `), CTRL_D],
      ],
    );
    expect(result.status).to.equal(0);
    const file = join(dir, '.rediscli_history');
    const history = readFileSync(file, 'latin1');
    expect(history).to.include('set key value\nget key\n');
    expect(history).not.to.include('auth');
    expect(statSync(file).mode & 0o777).to.equal(0o600);
  });

  it('leaves MONITOR and SUBSCRIBE at Ctrl-C and goes on', async () => {
    const at = prompt(`127.0.0.1:${server.port}> `);
    const publish =
      (...args: string[]) =>
      (): void => {
        runReal({ args: ['-p', String(server.port), ...args] });
      };
    const steps: Step[] = [
      [at, 'subscribe news\r'],
      ['3) (integer) 1', publish('publish', 'news', 'hello')],
      ['3) "hello"', CTRL_C],
      [at, 'monitor\r'],
      ['OK', publish('echo', 'seen')],
      ['"echo" "seen"', CTRL_C],
      [at, 'monitor x\r'],
      ['(error)', ''],
      [at, 'ping\r'],
      ['PONG', ''],
      [at, 'hello 3\r'],
      ['modules', ''],
      [at, 'psubscribe n*\r'],
      ['3) (integer) 1', publish('publish', 'news', 'again')],
      ['4) "again"', CTRL_C],
      [at, 'ping\r'],
      ['PONG', ''],
      [at, CTRL_C],
    ];
    const masked = ({ output, status }: Session): Session => ({
      status,
      // What is not the same twice: the time and port in MONITOR, the connection's number.
      output: output
        .replace(/[\d.]+ \[0 127.0.0.1:\d+\]/g, 'TIME [CLIENT]')
        .replace(/"id" => \(integer\) \d+/g, 'ID')
        .replace(/\) "id"\r\n.*\d+/g, 'ID'),
    });
    const real = masked(await session(realCliPath, ['-p', String(server.port)], steps, {}));
    const our = masked(await ours(['-p', String(server.port)], steps));
    expect(our).to.deep.equal(real);
    expect(our.status).to.equal(0);
  });

  it('ends at Ctrl-C while a command blocks: by the signal, where C exits with status 1', async () => {
    const steps: Step[] = [
      [prompt(`127.0.0.1:${server.port}> `), 'blpop nokey 0\r'],
      ['\r\n', (child) => void waitBlocked().then(() => child.stdin!.write(CTRL_C))],
    ];
    const waitBlocked = (): Promise<number> =>
      waitFor('the command to block', () =>
        Number(
          /blocked_clients:(\d+)/.exec(
            runReal({ args: ['-p', String(server.port), 'info', 'clients'] }).stdout,
          )![1],
        ),
      );
    const real = await session(realCliPath, ['-p', String(server.port)], steps, {});
    const our = await ours(['-p', String(server.port)], steps);
    expect([real.status, our.status]).to.deep.equal([1, 128 + 2]);
    expect(our.output).to.equal(real.output);
  });

  it('connects again when the connection was lost, and says when there is none', async () => {
    const port = await freePort();
    const at = prompt(`127.0.0.1:${server.port}> `);
    const kill = (): void => {
      runReal({ args: ['-p', String(server.port), 'client', 'kill', 'type', 'normal'] });
    };
    await expectSame(
      ['-p', String(port)],
      [
        [prompt('not connected> '), 'ping\r'],
        ['refused', ''],
        [prompt('not connected> '), `connect 127.0.0.1 ${server.port}\r`],
        [at, 'select 1\r'],
        [prompt(`127.0.0.1:${server.port}[1]> `), 'set k v\r'],
        ['OK', kill],
        [prompt(`127.0.0.1:${server.port}[1]> `), 'get k\r'],
        ['closed', ''],
        [prompt('not connected> '), 'get k\r'],
        // The new connection is in database 0, whatever the prompt says: so it is in C.
        ['(nil)', ''],
        [prompt(`127.0.0.1:${server.port}[1]> `), 'clear\r'],
        [prompt(`127.0.0.1:${server.port}[1]> `), 'quit\r'],
      ],
    );
  });

  it('shows asterisks for a password and takes preferences from a file', async () => {
    writeFileSync(join(dir, 'rc'), ':set nohints\n:set nosuch\n# no comment\n');
    const at = prompt(`127.0.0.1:${server.port}> `);
    const hist = join(dir, 'hist');
    await expectSame(
      ['-p', String(server.port), '--askpass'],
      [
        ['password: ', 'secrex\x7ft\r'],
        [at, 'get k\r'],
        [at, 'exit\r'],
      ],
      { REDISCLI_RCFILE: join(dir, 'rc'), REDISCLI_HISTFILE: hist },
    );
    // Both programs have added to it.
    expect(readFileSync(hist, 'latin1')).to.equal('get k\nexit\n'.repeat(2));
  });

  it('reads plain lines where the terminal knows no escape sequences', async () => {
    const at = prompt(`127.0.0.1:${server.port}> `);
    await expectSame(
      ['-p', String(server.port)],
      [
        [at, 'ping\n'],
        ['PONG', ''],
        [at, CTRL_D],
      ],
      { TERM: 'dumb' },
    );
  });

  it('passes arguments of any bytes, and ends like others when nobody reads its output', () => {
    const shell = (program: string): string =>
      spawnSync(
        '/bin/bash',
        [
          '-c',
          `arg=$(printf 'caf\\351\\377')
          ${program} -p ${server.port} echo "$arg"
          ${program} -p ${server.port} eval 'return string.rep("x", 1000000)' 0 | head -c 10
          echo "\${PIPESTATUS[0]}"`,
        ],
        { encoding: 'latin1', env: { ...process.env, ...ourEnv } },
      ).stdout;
    const real = shell(realCliPath);
    expect(shell(ourProgram)).to.equal(real);
    expect(real).to.equal('caf\xe9\xff\nxxxxxxxxxx141\n');
  });

  it('formats replies for people, and ends a one-shot SUBSCRIBE with the connection', async () => {
    await expectSame(['-p', String(server.port), 'rpush', 'l', 'a', 'b'], []);
    await expectSame(['-p', String(server.port), '-3', 'hgetall', 'nosuch'], []);
    const kill = (): void => {
      runReal({ args: ['-p', String(server.port), 'client', 'kill', 'type', 'pubsub'] });
    };
    const lost = await expectSame(
      ['-p', String(server.port), 'subscribe', 'a', 'b'],
      [['(integer) 2', kill]],
    );
    expect(lost.status).to.equal(1);
    const steady = await waitFor('the connections to end', () =>
      runReal({ args: ['-p', String(server.port), 'pubsub', 'channels'] }).stdout === '\n' ? 1 : 0,
    );
    expect(steady).to.equal(1);
  });
});
