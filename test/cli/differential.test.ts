/**
 * Our redis-cli and the C one do the same: the same arguments against the same server give the same output, the same
 * errors and the same exit status, byte for byte.
 */
import { expect } from 'chai';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startServer, type TestServer } from '../support/server.ts';
import {
  haveRealCli,
  realCliPath,
  runOurs,
  runReal,
  type Invocation,
  type Outcome,
} from './harness.ts';

/** A script that makes what is in the server before every run. */
const SETUP = String.raw`
redis.call('FLUSHALL')
redis.call('SET', 'string', 'hello')
redis.call('SET', 'binary', '\0\1"\\\n\r\t\a\b\228\255~\127 end')
redis.call('SET', 'utf8', 'h\195\169llo \226\130\172')
redis.call('SET', 'empty', '')
redis.call('SET', 'number', 42)
redis.call('RPUSH', 'list', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l')
redis.call('RPUSH', 'one', 'x')
redis.call('HSET', 'hash', 'f1', 'v1', 'f2', 'v2')
redis.call('SADD', 'set', 'm')
redis.call('ZADD', 'zset', 1, 'one', 2.5, 'two', 1e20, 'three', 'inf', 'four')
redis.call('XADD', 'stream', '1-1', 'a', 1, 'b', 2)
redis.call('XADD', 'stream', '2-1', 'c', 3)
redis.call('SELECT', 3)
redis.call('SET', 'inthree', 'yes')`;

const FORMATS = ['--no-raw', '--raw', '--csv', '--json', '--quoted-json'];
const TYPES = [
  'string',
  'integer',
  'double',
  'null',
  'array',
  'set',
  'map',
  'push',
  'verbatim',
  'true',
  'false',
  'nonsense',
];
const ENDING = ['attrib', 'bignum'];

/** Numbers from a seed: Mulberry32. */
function generator(seed: number): (below: number) => number {
  let a = seed;
  return (below) => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** A random reply as it goes over the wire. */
function randomReply(random: (below: number) => number, depth: number): string {
  const text = (): string =>
    Array.from({ length: random(8) }, () => String.fromCharCode(random(256))).join('');
  const word = (): string => ['OK', 'a b', 'ERR no', '', 'x"y\\z', 'h\xc3\xa9'][random(6)];
  const many = (): number => [0, 1, 1, 2, 3, 10, 11][random(7)];
  const several = (n: number): string =>
    Array.from({ length: n }, () => randomReply(random, depth - 1)).join('');
  const kind = depth === 0 ? random(10) : random(17);
  const n = many();
  const s = text();
  switch (kind) {
    case 0:
      return `$${s.length}\r\n${s}\r\n`;
    case 1:
      return `+${word()}\r\n`;
    case 2:
      return `-${word()}\r\n`;
    case 3:
      return `:${['0', '-1', '9223372036854775807', '-9223372036854775808', '12'][random(5)]}\r\n`;
    case 4:
      return `,${['0', '-1.5', 'inf', '-inf', '3.1400', '1e100', 'INF'][random(7)]}\r\n`;
    case 5:
      return '_\r\n';
    case 6:
      return `#${'tfTF'[random(4)]}\r\n`;
    case 7:
      return `=${s.length + 4}\r\ntxt:${s}\r\n`;
    case 8:
      return '$-1\r\n';
    case 9:
      return '*-1\r\n';
    case 10:
    case 11:
      return `%${n}\r\n${several(2 * n)}`;
    case 12:
    case 13:
      return `~${n}\r\n${several(n)}`;
    case 14:
      return depth > 2 ? `*${n}\r\n${several(n)}` : `>${n}\r\n${several(n)}`;
    default:
      return `*${n}\r\n${several(n)}`;
  }
}

describe('redis-cli and the C redis-cli', function () {
  this.timeout(30000);
  let server: TestServer;
  let locked: TestServer;
  let fake: ChildProcess;
  let fakePort = '';
  let dir = '';
  let closed = '';
  let runs = 0;
  let replies = 0;

  before(async function () {
    if (!haveRealCli) this.skip();
    dir = mkdtempSync(join(tmpdir(), 'redis-cli-'));
    const socket = join(dir, 'socket');
    server = await startServer({ binary: 'real', args: ['--unixsocket', socket] });
    locked = await startServer({
      binary: 'real',
      args: ['--requirepass', 's3cret', '--user', 'bob', 'on', '>pw', '~*', '+@all'],
    });
    fake = spawn(process.execPath, [join(__dirname, 'fake_server.cjs')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [data] = (await once(fake.stdout!, 'data')) as [Buffer];
    fakePort = data.toString().trim();
    closed = String(await freePort());
    writeFileSync(join(dir, 'script.lua'), 'return {KEYS[1], ARGV[1], ARGV[2], #KEYS, "\\255"}');
    writeFileSync(join(dir, 'bad.lua'), 'return (');
  });

  after(async () => {
    fake?.kill();
    await server?.stop();
    await locked?.stop();
    if (dir !== '') rmSync(dir, { recursive: true, force: true });
  });

  /** What differs from run to run: the number of the connection in HELLO. */
  function withoutIds(outcome: Outcome): Outcome {
    const stdout = outcome.stdout.replace(
      /(\bid\b[^0-9a-z]*(?:8\) )?(?:\(integer\) )?)\d+/g,
      '$1N',
    );
    return { ...outcome, stdout };
  }

  /** Runs both, each from the same state of the server. */
  function expectSame(what: Invocation): void {
    const setup = { args: ['-p', String(server.port), 'eval', SETUP, '0'] };
    runOurs(setup);
    const real = withoutIds(runReal(what));
    runOurs(setup);
    const ours = withoutIds(runOurs(what));
    runs++;
    replies += Math.max((what.stdin ?? '').split('\n').length - 1, 1);
    expect(ours, JSON.stringify(what)).to.deep.equal(real);
  }

  /** Runs of one command against the server with data. */
  function same(args: string[], more: Partial<Invocation> = {}): void {
    expectSame({ args: ['-p', String(server.port), ...args], ...more });
  }

  /** A command as a line of a script. */
  function line(command: string[]): string {
    return command.map((word) => JSON.stringify(word)).join(' ') + '\n';
  }

  const commands: string[][] = [
    ['ping'],
    ['get', 'string'],
    ['get', 'binary'],
    ['get', 'utf8'],
    ['get', 'empty'],
    ['get', 'missing'],
    ['incr', 'number'],
    ['incr', 'string'],
    ['lrange', 'list', '0', '-1'],
    ['lrange', 'one', '0', '-1'],
    ['lrange', 'missing', '0', '-1'],
    ['hgetall', 'hash'],
    ['hgetall', 'missing'],
    ['smembers', 'set'],
    ['smembers', 'missing'],
    ['zrange', 'zset', '0', '-1', 'withscores'],
    ['zscore', 'zset', 'two'],
    ['zscore', 'zset', 'four'],
    ['xrange', 'stream', '-', '+'],
    ['xread', 'streams', 'stream', '0'],
    ['xinfo', 'stream', 'stream', 'full'],
    ['hello', '2'],
    ['hello', '3'],
    ['config', 'get', 'maxmemory*'],
    ['command', 'info', 'get', 'nope'],
    ['nosuchcommand'],
    ['set'],
    ['get', 'list'],
    ['eval', 'return {1,{2,{3,{},{4}},"x"},{err="E x"},{ok="fine"}}', '0'],
    ['eval', 'redis.setresp(3); return {map={a={1,2}}}', '0'],
    ['eval', 'return {double=3.5}', '0'],
    ['eval', 'return redis.status_reply("two words")', '0'],
    ['eval', 'return {1,2,nil,4}', '0'],
    ['eval', 'return false', '0'],
    ['memory', 'doctor'],
    ['latency', 'doctor'],
    ['cluster', 'info'],
    ['cluster', 'nodes'],
    ['LATENCY', 'HISTORY', 'x'],
    ['debug', 'htstats-key', 'hash'],
    ['debug', 'sleep', '0'],
    ['object', 'help'],
    ['multi'],
    ['exec'],
    ['discard'],
    ['auth', 'x'],
    ['select', '3'],
    ['select', '99'],
    ['lolwut', 'version', '5', '1', '1', '1'],
  ];

  it('print the same replies', () => {
    for (const command of commands) {
      same([command.length % 2 ? '-3' : '-2', '--no-raw', ...command]);
    }
    for (const format of FORMATS) {
      for (const resp of ['-2', '-3']) same([resp, format], { stdin: commands.map(line).join('') });
    }
  });

  it('print every type of the protocol the same', () => {
    for (const format of FORMATS) {
      for (const resp of [[], ['-2'], ['-3']]) {
        const script = TYPES.map((type) => line(['debug', 'protocol', type])).join('');
        same([...resp, format], { stdin: script });
        // The reader of replies does not know attributes, and some forms of output do not know big numbers.
        for (const type of ENDING) same([...resp, format, 'debug', 'protocol', type]);
      }
    }
  });

  it('print random replies the same', () => {
    const random = generator(7);
    for (const format of FORMATS) {
      let script = '';
      for (let i = 0; i < 500; i++) {
        // A push at the top would be no reply to the command.
        let reply: string;
        do reply = randomReply(random, 3);
        while (reply[0] === '>');
        script += line(['RAW', Buffer.from(reply, 'latin1').toString('base64')]);
      }
      expectSame({ args: ['-p', fakePort, '-d', '|', '-D', '<>\n', format], stdin: script });
    }
  });

  it('say the same of broken replies', () => {
    const broken = [
      '?\r\n',
      '\xe4\r\n',
      '"x\r\n',
      ':x\r\n',
      ':01\r\n',
      ':9223372036854775808\r\n',
      ':\r\n',
      ':-\r\n',
      ',x\r\n',
      ',\r\n',
      ',nan\r\n',
      `,${'1'.repeat(400)}\r\n`,
      '_x\r\n',
      '#x\r\n',
      '#tt\r\n',
      '(12x\r\n',
      '(12\r\n',
      '(-12\r\n',
      '$x\r\n',
      '$-2\r\n',
      '$99999999999999999999\r\n',
      '*-2\r\n',
      '*x\r\n',
      '*4294967296\r\n',
      '=3\r\nabc\r\n',
      '=5\r\ntxtxx\r\n',
      '|1\r\n+a\r\n+b\r\n+c\r\n',
      '+a\rb\r\n',
      '*2\r\n:1\r\n!x\r\n',
    ];
    for (const reply of broken) {
      const raw = Buffer.from(reply, 'latin1').toString('base64');
      expectSame({ args: ['-p', fakePort, '--no-raw', 'RAW', raw] });
    }
  });

  it('show or hide pushes alike', () => {
    const pushes = [
      '>2\r\n+hello\r\n:1\r\n',
      '>2\r\n$10\r\ninvalidate\r\n*2\r\n$1\r\na\r\n$2\r\nb b\r\n',
    ];
    pushes.push('>2\r\n$10\r\ninvalidate\r\n_\r\n', '>0\r\n');
    for (const push of pushes) {
      const raw = Buffer.from(push + '+done\r\n', 'latin1').toString('base64');
      for (const show of [
        [],
        ['--show-pushes', 'yes'],
        ['--show-pushes', 'No'],
        ['--show-pushes', 'x'],
      ]) {
        for (const format of ['--no-raw', '--raw', '--json']) {
          expectSame({ args: ['-p', fakePort, '-3', ...show, format, 'RAW', raw] });
        }
        expectSame({ args: ['-p', fakePort, ...show, 'RAW', raw], env: { FAKETTY: '1' } });
      }
    }
  });

  it('take the same options', () => {
    same([], { stdin: 'ping\n' });
    same(['-n', '3', 'get', 'inthree']);
    same(['-n', '99', 'get', 'inthree']);
    same(['-n', '3', '--no-raw', 'get', 'inthree']);
    same(['-r', '3', 'incr', 'number']);
    same(['-r', '3', '-i', '0.001', 'incr', 'number']);
    same(['-r', '0', 'incr', 'number']);
    same(['-r', 'x', 'incr', 'number']);
    same(['-r', '2', 'nosuch']);
    same(['-d', ', ', 'lrange', 'list', '0', '-1']);
    same(['-D', '', 'get', 'string']);
    same(['-D', '==', '-d', '--', '-r', '2', 'lrange', 'list', '0', '2']);
    same(['-d', '', 'hgetall', 'hash', '-3']);
    same(['-x', 'set', 'k'], { stdin: 'from stdin\n' });
    same(['-x', 'append', 'string'], { stdin: '\x00\xff\r\n' });
    same(['-x', 'echo'], { stdin: '' });
    same(['-x', 'echo'], { stdin: 'z'.repeat(200000) });
    same(['-X', 'TAG', 'set', 'TAG', 'TAG'], { stdin: 'v' });
    same(['-X', 'TAG', 'echo', 'TAG'], { stdin: 'va\x00lue' });
    same(['-X', 'TAG', 'echo', 'other'], { stdin: 'value' });
    same(['-X', 'TAG', '-x', 'echo', 'TAG'], { stdin: 'value' });
    same(['--quoted-input', 'echo', '"\\x00\\xffa\\nb"', '--no-raw']);
    same(['--quoted-input', '--no-raw', 'echo', '"\\x00\\xffa\\nb"']);
    same(['--quoted-input', '--no-raw', 'echo', "'it\\'s'"]);
    same(['--quoted-input', 'echo', '"open']);
    same(['--quoted-input', 'echo', 'two words']);
    same(['--quoted-input', 'echo', '']);
    same(['--no-raw', 'echo', 'h\xc3\xa9']);
    same(['--raw', '--no-raw', 'get', 'string']);
    same(['--no-raw', '--csv', '--raw', 'get', 'string']);
    same(['-2', '--json', 'hgetall', 'hash']);
    same(['-2', '-3', 'ping']);
    same(['-c', '-s', '/tmp/x', 'ping']);
    same(['-e', 'incr', 'string']);
    same(['-e', 'get', 'string']);
    same(['-e', '--json', 'incr', 'string']);
    same(['-e', 'eval', 'return {{err="x"}}', '0']);
    same(['--verbose', 'ping']);
    same(['-a', 'x', 'ping']);
    same(['--pass', 'x', '--no-auth-warning', 'ping']);
    same(['-s', join(dir, 'socket'), 'ping']);
    same(['-s', join(dir, 'nosocket'), 'ping']);
    same(['-s', join(dir, 'nosocket')], { stdin: 'ping\n' });
    same(['-nosuch']);
    same(['--nosuch', 'ping']);
    for (const option of ['-p', '-s', '-r', '-i', '-n', '-a', '--user', '--pass', '-u', '-X'])
      same([option]);
    for (const option of ['-d', '-D', '--eval', '--pattern', '--quoted-pattern', '--show-pushes'])
      same([option]);
    same(['--ldb']);
    same(['']);
    same(['get', '-n']);
    same(['ping', '-h']);
    same(['FLUSHALL', 'x', 'y']);
    same([], { env: { FAKETTY: '1' }, stdin: 'get string\nlrange list 0 3\n' });
    same(['get', 'string'], { env: { FAKETTY: '' } });
  });

  it('read the same URIs', () => {
    const port = String(server.port);
    const lock = String(locked.port);
    const uris = [
      `redis://127.0.0.1:${port}`,
      `redis://127.0.0.1:${port}/3`,
      `REDIS://localhost:${port}/`,
      `redis://:s3cret@127.0.0.1:${lock}`,
      `redis://s3cret@127.0.0.1:${lock}`,
      `redis://bob:pw@127.0.0.1:${lock}/2`,
      `redis://bob:p%77@127.0.0.1:${lock}`,
      `redis://bob:p%7@127.0.0.1:${lock}`,
      `redis://bob:p%@127.0.0.1:${lock}`,
      `redis://bob:p%zz@127.0.0.1:${lock}`,
      `redis://default:wrong@127.0.0.1:${lock}`,
      'http://127.0.0.1',
      'redis:/127.0.0.1',
      'nonsense',
    ];
    for (const uri of uris) {
      expectSame({ args: ['-u', uri, 'get', 'inthree'] });
      expectSame({ args: ['-p', port, '-u', uri, '--no-auth-warning', 'get', 'inthree'] });
    }
    same(['-u', 'redis://', 'ping']);
    same(['-u', 'redis:///3', 'get', 'inthree']);
  });

  it('authenticate alike', () => {
    const p = ['-p', String(locked.port)];
    expectSame({ args: [...p, 'ping'] });
    expectSame({ args: [...p, '-e', 'ping'] });
    expectSame({ args: [...p, '-a', 's3cret', 'ping'] });
    expectSame({ args: [...p, '--no-auth-warning', '-a', 's3cret', 'ping'] });
    expectSame({ args: [...p, '-a', 'wrong', 'ping'] });
    expectSame({ args: [...p, '-a', '', 'ping'] });
    expectSame({ args: [...p, '--user', 'bob', '--pass', 'pw', 'acl', 'whoami'] });
    expectSame({ args: [...p, '--user', 'bob', '--pass', 'no', 'acl', 'whoami'] });
    expectSame({ args: [...p, '--user', 'bob', 'acl', 'whoami'] });
    expectSame({ args: [...p, 'acl', 'whoami'], env: { REDISCLI_AUTH: 's3cret' } });
    expectSame({ args: [...p, 'acl', 'whoami'], env: { REDISCLI_AUTH: 'wrong' } });
    expectSame({ args: [...p, '-a', 's3cret', 'ping'], env: { REDISCLI_AUTH: 'wrong' } });
    expectSame({ args: [...p, '-3', 'ping'] });
    expectSame({ args: [...p, '--json', 'ping'] });
    expectSame({ args: [...p, '-n', '3', 'ping'] });
    expectSame({
      args: [...p, '-n', '3'],
      stdin: 'ping\nauth s3cret\nping\nauth bob pw\nacl whoami\n',
    });
    expectSame({ args: p, stdin: 'ping\nauth x\nhello 3 auth bob pw\nacl whoami\n' });
    expectSame({ args: [...p, '--askpass', 'ping'], stdin: 's3cret\n' });
    expectSame({ args: [...p, '--askpass', 'ping'], stdin: '' });
    expectSame({ args: [...p, '--scan'] });
  });

  it('fail alike where nobody listens', () => {
    for (const args of [
      ['-p', closed, 'ping'],
      ['-p', closed, '-e', 'ping'],
      ['-p', closed, '--no-raw', 'ping'],
      ['-h', 'localhost', '-p', closed, 'ping'],
      ['-h', '::1', '-p', closed, 'ping'],
      ['-h', '127.0.0.1', '-p', '0', 'ping'],
      ['-h', '127.0.0.1', '-p', '99999999', 'ping'],
      ['-h', '127.0.0.1', '-p', 'x', 'ping'],
      ['-h', '1.2.3', '-p', '-5', 'ping'],
      ['-h', 'no.such.host.invalid', 'ping'],
      ['-h', '', '-p', closed, 'ping'],
      ['-p', closed, '--scan'],
      ['-p', closed, '--eval', join(dir, 'script.lua')],
      ['-p', closed, '-a', 'x', 'ping'],
      ['-p', closed, 'help', 'nosuch'],
    ]) {
      expectSame({ args });
    }
    expectSame({ args: ['-p', closed], stdin: 'ping\n\nget x\n' });
    expectSame({
      args: ['-p', closed],
      stdin: `ping\nconnect 127.0.0.1 ${server.port}\nget string\n`,
    });
    expectSame({ args: ['-p', closed, '-c'], stdin: 'ping\nconnect nohost.invalid 1\nping\n' });
  });

  it('carry out the same scripts from a pipe', () => {
    const scripts = [
      'ping',
      '\n\n  \nping\n',
      'get string\nget binary\n',
      'set a "x y"\nget a\nset a \'q"\'\nget a\nset a "\\x41\\n"\nget a\n',
      'get "open\nping\n',
      "get 'a'b\nping\n",
      '3 incr number\nget number\n',
      '0 incr number\n-1 incr number\n+2 incr number\n',
      '99999999999999999999 incr number\n',
      '3\nping\n',
      '"" ping\n',
      '2x incr number\n',
      'multi\nset a 1\nget a\nexec\n',
      'multi\nselect 3\nget inthree\nexec\nget inthree\n',
      'multi\nnosuch\nexec\n',
      'multi\ndiscard\nexec\ndiscard\n',
      'watch string\nmulti\nget string\nexec\n',
      'select 3\nget inthree\nselect 99\nget inthree\nselect x\n',
      'reset\nselect 3\nreset\nget inthree\n',
      'hello 3\nhgetall hash\nreset\nhgetall hash\n',
      ':set hints\n:set nohints\n:set x\n:foo bar\n:set\n',
      'restart\n',
      'quit\nping\n',
      'EXIT\nping\n',
      'quit now\nping\n',
      'connect\nconnect a\n',
      'help nosuch\nping\n',
      'shutdown nosuchoption\nping\n',
      'client kill type nosuch\nping\n',
      'monitor x\nping\n',
      'subscribe\nping\n',
      'psubscribe\nping\n',
      'script debug no\neval "return 1" 0\n',
      'script debug nosuch\n',
      'get\x00x string\n',
      `echo ${'y'.repeat(10000)}\n`,
      'info nosuchsection\n',
      'client list x\n',
    ];
    for (const [i, stdin] of scripts.entries()) {
      same(i % 2 ? ['--csv'] : [], { stdin });
      same(['--no-raw'], { stdin });
    }
    same(['-e'], { stdin: 'incr string\nget string\n' });
    same(['-r', '2'], { stdin: 'incr number\n' });
    same(['-3'], { stdin: 'client tracking on\nget string\nset string x\nping\n' });
    same(['-3', '--show-pushes', 'y', '--no-raw'], {
      stdin: 'client tracking on\nget string\nset string x\nping\nmset string y number 5\n',
    });
  });

  it('follow redirections alike', () => {
    const moved = `MOVED 42 127.0.0.1:${server.port}`;
    const ask = `ASK 42 127.0.0.1:${server.port}`;
    for (const error of [moved, ask, `MOVED 7 127.0.0.1:${closed}`, `MOVED 7 :${closed}`]) {
      expectSame({ args: ['-p', fakePort, 'REDIRECT', error] });
      expectSame({ args: ['-p', fakePort, '-c', 'REDIRECT', error] });
      expectSame({ args: ['-p', fakePort, '-c', '-r', '3', 'REDIRECT', error] });
      expectSame({ args: ['-p', fakePort, '-c', '-e', 'REDIRECT', error] });
      const stdin = `REDIRECT "${error}"\nget string\n2 REDIRECT x\n`;
      expectSame({ args: ['-p', fakePort, '-c'], stdin });
      expectSame({ args: ['-p', fakePort, '-c', '--no-raw'], stdin });
    }
  });

  it('notice alike that the server hangs up', () => {
    for (const args of [['BYE'], ['-r', '3', 'BYE'], ['-e', 'BYE']]) {
      expectSame({ args: ['-p', fakePort, ...args] });
    }
    expectSame({ args: ['-p', fakePort], stdin: 'x\nBYE\nx\nBYE\n' });
  });

  it('run scripts from files alike', () => {
    const file = join(dir, 'script.lua');
    same(['--eval', file, 'k', ',', 'a', 'b']);
    same(['--no-raw', '--eval', file, 'k1', 'k2', ',', 'a', ',', 'c']);
    same(['--eval', file]);
    same(['--eval', file, ',', 'a']);
    same(['--csv', '--eval', file, 'k', ', a']);
    same(['--eval', join(dir, 'bad.lua')]);
    same(['-e', '--eval', join(dir, 'bad.lua')]);
    same(['--eval', join(dir, 'missing.lua')]);
    same(['--ldb', '--eval', file, 'k'], { stdin: 's\nc\n' });
    same(['--ldb', '--eval', file, 'k', ',', 'x'], { stdin: 'help\nlist\ne 1+1\nprint\nquit\n' });
    same(['--ldb-sync-mode', '--eval', file], { stdin: 'c\nping\n' });
    same(['--ldb', '--eval', join(dir, 'bad.lua')], { stdin: 's\n' });
    same(['--ldb', '--eval', file], { stdin: 'restart\nc\n', env: { TERM: 'xterm' } });
  });

  it('show alike what a replica is sent', () => {
    const port = String(server.port);
    runReal({ args: ['-p', port], stdin: 'config set repl-diskless-sync-delay 0\n' });
    // Once a replica listens, by its last command: writes for it to see, and the end of its connection.
    const helper = (last: string): string => `
      cli() { ${realCliPath} -p ${port} "$@"; }
      until cli info replication | grep -q state=online; do :; done
      until cli client list type replica | grep -q "cmd=${last}"; do :; done
      cli set a "1 2"; cli -n 2 del x; cli lpush l y; cli client kill type replica`;
    const outcomes = [runReal, runOurs].map((run) =>
      [['sync'], ['--replica']].map((args) => {
        const last = args[0] === 'sync' ? 'sync' : 'replconf';
        spawn('/bin/sh', ['-c', helper(last)], { stdio: 'ignore' });
        const outcome = run({ args: ['-p', port, ...args] });
        return {
          ...outcome,
          // The size of the file has a time and an amount of memory in it.
          stderr: outcome.stderr.replace(/\d+ bytes/g, 'N bytes'),
          // What the master sends first is taken for the answer to REPLCONF ACK: by chance that is its PING.
          stdout: outcome.stdout.replace(/^"(SELECT","0|ping)"\n/gim, ''),
        };
      }),
    );
    expect(outcomes[1]).to.deep.equal(outcomes[0]);
    expect(outcomes[1][0].stdout).to.include('"set","a","1 2"\n');
    expect(outcomes[1][1].stdout).to.include('"lpush","l","y"\n');
    runs += 2;
  });

  it('say how long a slow command took', () => {
    const ours = runOurs({
      args: ['-p', String(server.port), '--no-raw'],
      stdin: 'debug sleep 0.5\nping\n',
    });
    expect(ours.stdout).to.match(/^OK\n\(0\.\d\ds\)\nPONG\n$/);
  });

  it('list keys alike', () => {
    // One key after the other in the order of the server, which is the same for both.
    same(['--scan']);
    same(['--scan', '--pattern', 'h*']);
    same(['--scan', '--pattern', 'nothing*']);
    same(['--no-raw', '--scan', '--quoted-pattern', '"\\x73*"']);
    same(['--scan', '--quoted-pattern', '"open']);
    same(['--scan', '-i', '0.001', '-n', '3']);
  });

  it('print the same help when the server describes its commands', () => {
    for (const args of [
      ['help', 'get'],
      ['help', 'SET'],
      ['help', 'config'],
      ['help', 'config', 'set'],
      ['help', 'xadd'],
      ['help', 'nosuch'],
      ['help', '@string'],
      ['help', '@nosuch'],
      ['help', '@Server'],
      ['?', 'zadd'],
    ]) {
      same(args);
    }
    for (const group of ['generic', 'list', 'set', 'sorted-set', 'hash', 'pubsub', 'transactions'])
      same(['help', `@${group}`]);
    for (const group of [
      'connection',
      'scripting',
      'hyperloglog',
      'cluster',
      'geo',
      'stream',
      'bitmap',
    ])
      same(['-3', 'help', `@${group}`]);
  });

  it('name their version in the same places', () => {
    for (const args of [['--version'], ['-v'], ['help'], ['?', '-p']]) {
      const ours = runOurs({ args });
      const real = runReal({ args });
      expect(ours).to.deep.equal({ ...real, stdout: real.stdout.replace('7.0.15', '7.0.5') });
    }
  });

  it('end with the same status after the usage', () => {
    for (const args of [['--help'], ['-h'], ['-p', '1', '--help', 'ping']]) {
      const ours = runOurs({ args });
      const real = runReal({ args });
      expect([ours.status, ours.stderr]).to.deep.equal([real.status, real.stderr]);
      expect(ours.stdout).to.include('Usage: redis-cli [OPTIONS] [cmd [arg [arg ...]]]');
    }
  });

  it('were compared over a large table', () => {
    expect(runs).to.be.greaterThan(400);
    expect(replies).to.be.greaterThan(2500);
  });
});
